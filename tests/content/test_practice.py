"""Chunks, streams and weights of other libraries: the answers of the engine, against NumPy written without it."""

import itertools
from math import exp, tanh

import numpy as np
import pytest

from rnn_tutor.exercises.mark import mark
from tests.content.course import SEEDS, Values, agrees, asked, drawn, expected, given, has_values


def sigmoid(a: np.ndarray | float) -> np.ndarray | float:
    return 1 / (1 + np.exp(-np.asarray(a, dtype=float)))


@pytest.mark.parametrize("seed", SEEDS)
def test_chunks(seed: int | None) -> None:
    """Every loss asks every earlier state of its chunk, one pair at a time."""
    found, g = asked("tbptt-chunks", seed)
    N, k, lag, want = (int(g["N"]), int(g["k"]), int(g["lag"]), float(g["want"]))
    pairs = {(s, t) for chunk in range(N) for t in range(chunk * k, chunk * k + k) for s in range(chunk * k, t + 1)}
    reach = [sum(t == loss for _, t in pairs) for loss in range(N * k)]
    kept = sum((t - lag, t) in pairs for t in range(N * k))
    has_values(found, {"reach": np.array(reach), "average": np.mean(reach), "kept": kept, "needed": lag / (1 - want)})
    needed = round(lag / (1 - want))
    within = [t % needed >= lag for t in range(1000 * needed)]  # the state lag steps before lies in the same chunk
    assert np.mean(within) == pytest.approx(want)


def test_what_is_said_of_chunks() -> None:
    assert np.mean(np.arange(1, 36)) == 18  # chunks of 35 steps look back 18 on average
    for k, fraction in ((7, 0.0), (14, 0.5)):
        assert np.mean([t % k >= 7 for t in range(140)]) == fraction


def test_zeros_at_a_border_change_the_losses_and_detaching_does_not() -> None:
    x, w = np.array([1.0, -0.5, 0.8, 0.3]), 0.9
    h, zeroed = 0.0, 0.0
    for t in range(4):
        h = tanh(w * h + x[t])
        zeroed = tanh(w * (0.0 if t == 2 else zeroed) + x[t])
    assert abs(h - zeroed) > 0.03
    found = drawn("tbptt-chunks")
    assert mark(found, "zeroed", "1").verdict == "right"
    assert mark(found, "zeroed", "2").verdict == "wrong"


@pytest.mark.parametrize("seed", SEEDS)
def test_streams(seed: int | None) -> None:
    """Both scripts are run over the numbers of the tokens."""
    found, g = asked("stateful-batches", seed)
    N, B, k, j, token = (int(g[name]) for name in ("N", "B", "k", "j", "token"))
    text = list(range(N))
    length = N // B
    stretches = [text[b * length : (b + 1) * length] for b in range(B)]
    batches = [[row[at : at + k] for row in stretches] for at in range(0, length - k + 1, k)]
    place = next(
        (batch, row)
        for batch in range(-(-length // k))
        for row in range(B)
        if token in stretches[row][batch * k : batch * k + k]
    )
    pieces = [text[at : at + k] for at in range(0, N - k + 1, k)]
    skipped = {pieces[B + b][0] - pieces[b][-1] - 1 for b in range(B) if B + b < len(pieces)}
    assert len(skipped) == 1
    has_values(found, {"rows": np.array(batches[j]), "where": np.array(place), "skipped": skipped.pop()})
    for before, after in itertools.pairwise(batches):  # in script P each state meets the token that follows
        assert all(one[-1] + 1 == other[0] for one, other in zip(before, after, strict=True))


@pytest.mark.parametrize("seed", SEEDS)
def test_state_dict(seed: int | None) -> None:
    found, g = asked("read-state-dict", seed)
    wanted: Values = {"sizes": np.array([g["D"], g["H"]]), "kind": g["blocks"], "directions": g["ways"]}
    has_values(found, {**wanted, "depth": g["layers"]})


def test_the_picture_of_a_state_dict_is_that_of_pytorch() -> None:
    """nn.LSTM(40, 24, 3, bidirectional=True) of PyTorch 2.13 has these shapes, and 24 tensors."""
    whole = drawn("read-state-dict").graph.whole
    shapes = {name: whole(name).number.tolist() for name in ("weight_ih_l0", "weight_hh_l0", "weight_ih_l1")}
    assert shapes == {"weight_ih_l0": [96, 40], "weight_hh_l0": [96, 24], "weight_ih_l1": [96, 48]}
    assert whole("tensors").number == 24


def test_one_bias_does_for_an_lstm_and_not_for_a_gru() -> None:
    rng = np.random.default_rng(0)
    a, u, b, c, r = rng.normal(size=5)
    assert np.tanh(a + b + u + c) == pytest.approx(np.tanh(a + u + (b + c)))  # any block of an LSTM
    assert abs(np.tanh(a + b + r * (u + c)) - np.tanh(a + (b + c) + r * u)) > 0.01  # the candidate of a GRU


def one_step(bias: np.ndarray, h: float, holds: list[int], new: bool) -> float:
    """A GRU of one unit without weights: only its biases, in blocks that hold the gates told."""
    a = {gate: bias[block] for block, gate in enumerate(holds)}
    z, candidate = float(sigmoid(a[1])), tanh(a[2])
    return (1 - z) * h + z * candidate if new else z * h + (1 - z) * candidate


@pytest.mark.parametrize("seed", SEEDS)
def test_block_order(seed: int | None) -> None:
    found, g = asked("gru-block-order", seed)
    holds, new, h0 = [int(one) for one in g["gate"]], bool(g["new"]), float(g["h0"])
    seen = [one_step(40 * np.eye(3)[block], h0, holds, new) for block in range(3)]
    np.testing.assert_allclose(found.graph.whole("seen").number, seen)
    order = [holds.index(gate) for gate in range(3)]
    opposite = one_step(-40 * (np.eye(3)[order[1]] + np.eye(3)[order[2]]), h0, holds, new)
    blocks = g["b"].reshape(3, 2)
    port = np.concatenate([blocks[order[0]], -blocks[order[1]] if new else blocks[order[1]], blocks[order[2]]])
    has_values(found, {"order": np.array(order), "opposite": opposite, "port": port})
    for unit in range(2):  # PyTorch, with the bias that is asked for, does what the library does
        there = one_step(blocks[:, unit], 0.7, holds, new)
        assert one_step(port.reshape(3, 2)[:, unit], 0.7, [0, 1, 2], new=False) == pytest.approx(there)


def test_an_old_state_of_0_hides_two_of_the_blocks() -> None:
    for holds, new in itertools.product(itertools.permutations(range(3)), (False, True)):
        seen = [one_step(40 * np.eye(3)[block], 0.0, list(holds), new) for block in range(3)]
        assert [abs(seen[holds.index(gate)]) < 1e-12 for gate in range(3)] == [True, True, False]


PORT = """\
def gru(x, weight_ih, weight_hh, bias_ih, bias_hh):
    H = weight_hh.shape[1]
    h = zeros(H)
    hs = []
    for t in range(len(x)):
        a_x = weight_ih * x[t] + bias_ih
        a_h = weight_hh @ h + bias_hh
        r = sigmoid(a_x[:H] + a_h[:H])
        z = sigmoid(a_x[H:2*H] + a_h[H:2*H])
        n = tanh(a_x[2*H:] + r * a_h[2*H:])
        h = (1 - z) * n + z * h
        hs.append(h)
    return hs
"""


@pytest.mark.parametrize("seed", SEEDS)
def test_port(seed: int | None) -> None:
    found, g = asked("torch-port-program", seed)
    H = int(g["H"])
    W, U, b, c = g["weight_ih"], g["weight_hh"], g["bias_ih"], g["bias_hh"]
    h, states = [0.0] * H, []
    for x in g["x"]:
        into = [W[row] * x + b[row] for row in range(3 * H)]
        old = [sum(U[row, i] * h[i] for i in range(H)) + c[row] for row in range(3 * H)]
        gates = [1 / (1 + exp(-(into[row] + old[row]))) for row in range(2 * H)]
        new = [tanh(into[2 * H + i] + gates[i] * old[2 * H + i]) for i in range(H)]
        h = [new[i] + gates[H + i] * (h[i] - new[i]) for i in range(H)]
        states.append(h)
    agrees(found, {"h": np.array(states)})
    assert mark(found, "h", PORT).verdict == "right"


def test_port_is_what_pytorch_gives() -> None:
    """Of nn.GRU in PyTorch 2.13, with float64."""
    torch = [[0.25498023602201747, -0.03414544639074893], [-0.6850957250775968, 0.618725189135457]]
    np.testing.assert_allclose(expected(drawn("torch-port-program"), "h")[:2], torch, rtol=1e-12)


@pytest.mark.long
@pytest.mark.parametrize(
    ("old", "new", "says"),
    [
        ("r * a_h[2*H:]", "r * (a_h[2*H:] - bias_hh[2*H:]) + bias_hh[2*H:]", "outside the reset gate"),
        ("(1 - z) * n + z * h", "z * n + (1 - z) * h", "exchanges z and 1 - z"),
    ],
)
def test_a_wrong_port_is_told_what_is_wrong(old: str, new: str, says: str) -> None:
    verdict = mark(drawn("torch-port-program"), "h", PORT.replace(old, new))
    assert verdict.verdict == "wrong"
    assert verdict.diagnosis is not None
    assert says in verdict.diagnosis.says


@pytest.mark.parametrize("seed", SEEDS)
def test_luong(seed: int | None) -> None:
    found, g = asked("luong-general", seed)
    q, W, hs = g["q"], g["W"], g["hs"]

    def score(s: int, weights: np.ndarray) -> float:
        return sum(q[i] * weights[i, j] * hs[s, j] for i in range(2) for j in range(3))

    moved = [[(score(1, W + e) - score(1, W - e)) / 2e-4 for e in row] for row in 1e-4 * np.eye(6).reshape(2, 3, 2, 3)]
    carried = [sum(q[i] * W[i, j] for i in range(2)) for j in range(3)]
    has_values(
        found,
        {"asked_for": np.array(carried), "scores": np.array([score(s, W) for s in range(3)]), "back": np.array(moved)},
    )


def test_what_is_said_of_the_general_score() -> None:
    rng = np.random.default_rng(1)
    q, v, W, hs = rng.normal(size=3), rng.normal(size=3), rng.normal(size=(3, 3)), rng.normal(size=(4, 3))

    def weights(scores: np.ndarray) -> np.ndarray:
        return np.exp(scores) / np.exp(scores).sum()

    assert np.allclose(hs @ (q @ np.eye(3)), hs @ q)
    assert -np.eye(3) @ q @ -q > 0  # with -1 on the diagonal the opposite of the query scores high
    assert not np.allclose(weights(hs @ ((q + v) @ W)), weights(hs @ (q @ W)))
    assert np.allclose(weights(hs @ (q @ W) + q @ v), weights(hs @ (q @ W)))


@pytest.mark.parametrize("seed", SEEDS)
def test_query_timing(seed: int | None) -> None:
    found, g = asked("query-timing", seed)
    k, v = g["k"], g["v"]

    def context(query: float) -> float:
        e = [exp(query * one) for one in k]
        return sum(one * value for one, value in zip(e, v, strict=True)) / sum(e)

    plain = float(g["w"] * g["s_prev"] + g["w_y"] * g["y"])
    early = context(float(g["s_prev"]))
    wanted: Values = {"early": early, "s_first": tanh(plain + float(g["w_c"]) * early), "late": context(tanh(plain))}
    has_values(found, wanted)
    by_y = found.graph.whole("by_y").number
    assert by_y[0] == 0
    slope = (context(tanh(plain + 1e-5 * float(g["w_y"]))) - context(tanh(plain - 1e-5 * float(g["w_y"])))) / 2e-5
    assert by_y[1] == pytest.approx(slope, rel=1e-4, abs=1e-8)


@pytest.mark.parametrize("seed", SEEDS)
def test_left_padding(seed: int | None) -> None:
    """The unit is run, over tokens that lead to the true state."""
    found, g = asked("left-padding", seed)
    w, b, m, n, h_true = (float(g[name]) for name in ("w", "b", "m", "n", "h_true"))

    def run(h: float, tokens: list[float]) -> float:
        for x in tokens:
            h = w * h + x + b
        return h

    tokens = [0.3 * t - 0.5 for t in range(int(n))]
    tokens[-1] += h_true - run(0.0, tokens)
    padding = [0.0] * int(m)
    assert run(0.0, tokens) == pytest.approx(h_true)
    wanted: Values = {"first": run(0.0, padding), "settled": run(0.0, [0.0] * 2000)}
    at_end, right = run(0.0, padding + tokens) - h_true, run(0.0, tokens + padding)
    has_values(found, {**wanted, "at_end": at_end, "right": right})


def test_what_cures_left_padding() -> None:
    found = drawn("left-padding")
    assert mark(found, "cure", "1 2").verdict == "right"
    g = given(found)
    assert float(g["b"]) / (1 - float(g["w"])) != 0  # more padding settles elsewhere


@pytest.mark.parametrize("seed", SEEDS)
def test_dropout_masks(seed: int | None) -> None:
    """Every mask of the first few steps, with its probability; the variances of more steps follow from them."""
    found, g = asked("input-dropout-mask", seed)
    x, T, p = float(g["x"]), int(g["T"]), float(g["p"])
    masks = list(itertools.product((0, 1), repeat=T))
    chance = np.array([np.prod([1 - p if one else p for one in mask]) for mask in masks])
    sums = np.array([sum(x * one / (1 - p) for one in mask) for mask in masks])
    mean = float(chance @ sums)
    fresh = float(chance @ sums**2) - mean**2
    whole = T * x / (1 - p)  # one mask for all steps: all of it, or nothing
    fixed = (1 - p) * whole**2 - ((1 - p) * whole) ** 2
    survives = sum(one for one, mask in zip(chance, masks, strict=True) if all(mask))
    assert (1 - p) * whole == pytest.approx(mean)
    wanted: Values = {"expected": mean, "fresh": fresh, "fixed": fixed, "ratio": np.sqrt(fresh) / mean}
    has_values(found, {**wanted, "survives": survives})
