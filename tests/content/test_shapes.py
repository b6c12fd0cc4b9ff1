"""The unit shapes: sizes and indexes, held against arrays that are really made, and NumPy's own einsum."""

import numpy as np
import pytest

from rnn_tutor.exercises.mark import mark
from rnn_tutor.exercises.question import Question
from tests.content.course import SEEDS
from tests.content.course import asked as drawn

CLASSIFY = """\
def classify(x, W_xh, W_hh, W_hy):
    h = zeros(x.shape[0], W_hh.shape[0])
    for t in range(x.shape[1]):
        h = tanh(x[:, t] @ W_xh.T + h @ W_hh.T)
    return h @ W_hy.T
"""


def sizes(g: dict[str, np.ndarray], names: str) -> list[int]:
    return [int(g[name]) for name in names]


def agrees(found: Question, **wanted: object) -> None:
    for name, value in wanted.items():
        expected = found.part(name).expected
        if isinstance(value, tuple):
            assert tuple(expected.ravel() if isinstance(expected, np.ndarray) else expected) == value, name
        else:
            np.testing.assert_allclose(np.asarray(expected), value, rtol=1e-9, atol=1e-12, err_msg=name)


@pytest.mark.parametrize("seed", (*SEEDS, 4, 5, 6))
def test_embedding_shape(seed: int | None) -> None:
    found, g = drawn("embedding-shape", seed)
    B, T, V, D = sizes(g, "BTVD")
    E = np.ones((V, D))
    ids = np.arange(B * T).reshape(B, T) % V  # as many different words as can be
    gradient = np.zeros((V, D))
    np.add.at(gradient, ids, 1.0)
    agrees(found, x=E[ids].shape, table=E.size, touched=np.count_nonzero(gradient))


def test_embedding_table_can_be_smaller_than_the_batch() -> None:
    drawings = [drawn("embedding-shape", seed)[1] for seed in range(1, 25)]
    binds = [int(g["B"] * g["T"] > g["V"]) for g in drawings]
    assert 0 < sum(binds) < len(binds)


@pytest.mark.parametrize("seed", SEEDS)
def test_swap_not_reshape(seed: int | None) -> None:
    found, g = drawn("swap-not-reshape", seed)
    rows = [list(row) for row in g["ids"]]
    line = rows[0] + rows[1]
    agrees(
        found,
        swapped=[list(pair) for pair in zip(*rows, strict=True)],
        reshaped=[line[k : k + 2] for k in range(0, len(line), 2)],
    )


@pytest.mark.parametrize("seed", SEEDS)
def test_flat_row(seed: int | None) -> None:
    found, g = drawn("flat-row", seed)
    B, T, V, b, t, v = sizes(g, "BTVbtv")
    tokens = [(i, j) for i in range(B) for j in range(T)]
    time_first = [(i, j) for j in range(T) for i in range(B)]
    logits = np.zeros((B, T, V))
    logits[b, t, v] = 1
    agrees(
        found,
        row=tokens.index((b, t)),
        place=np.flatnonzero(logits.ravel())[0],
        row_time_first=time_first.index((b, t)),
        met=time_first[tokens.index((b - 1, t))],
    )
    place = int(found.part("place").expected)
    assert mark(found, "place", str(place + 2)).verdict == "wrong"  # an index is no measurement


@pytest.mark.parametrize("seed", SEEDS)
def test_the_last_state_alone(seed: int | None) -> None:
    found, g = drawn("task-shapes", seed)
    B, T, D, V = sizes(g, "BTDV")
    last = np.ones((B, T, D))[:, -1] @ np.ones((D, V))
    assert tuple(found.part("last_only").expected) == last.shape


@pytest.mark.parametrize("seed", SEEDS)
def test_bidirectional_ends(seed: int | None) -> None:
    found, g = drawn("bidirectional-ends", seed)
    T, t = len(g["F"]), int(g["t"])
    agrees(found, summary=[*g["F"][T - 1], *g["G"][0]], seen=[len(range(0, t + 1)), len(range(t, T))])
    usual = mark(found, "summary", str([*g["F"][-1].tolist(), *g["G"][-1].tolist()]))
    assert usual.verdict == "wrong" and "This is out[-1]" in usual.diagnosis.says


@pytest.mark.parametrize("seed", SEEDS)
def test_einsum_reading(seed: int | None) -> None:
    found, g = drawn("einsum-reading", seed)
    B, S, T, H, V = sizes(g, "BSTHV")
    Q, K, A, E = np.ones((B, T, H)), np.ones((B, S, H)), np.ones((B, T, S)), np.ones((B, T, V))
    agrees(
        found,
        scores=np.einsum("bth,bsh->bts", Q, K).shape,
        context=np.einsum("bts,bsh->bth", A, K).shape,
        dW=np.einsum("bth,btv->hv", Q, E).shape,
    )
    for k, option in enumerate(found.part("inverse").ask.options, 1):
        made = np.einsum(option.text.strip("`"), Q, E)
        own = made.shape == (B, H, V) and np.array_equal(made.sum(axis=0), np.einsum("bth,btv->hv", Q, E))
        assert (mark(found, "inverse", str(k)).verdict == "right") == own, option.text


@pytest.mark.parametrize("seed", SEEDS)
def test_stacked_bidirectional(seed: int | None) -> None:
    """As PyTorch documents nn.LSTM(I, H, L, batch_first=True, bidirectional=True): its arrays, counted."""
    found, g = drawn("stacked-bidirectional", seed)
    B, T, H, L = sizes(g, "BTHL")
    second = [shape for _ in "fb" for shape in ((4 * H, H + H), (4 * H, H), (4 * H,), (4 * H,))]
    last = [(B, H) for _ in range(L) for _ in "fb"]
    count = sum(int(np.prod(shape)) for shape in second)
    agrees(found, out=(B, T, H + H), h_n=(len(last), *last[0]), W_ih=second[0], count=count)
    assert mark(found, "count", str(count - 4 * H)).verdict == "wrong"


@pytest.mark.parametrize("seed", SEEDS)
def test_silent_broadcast(seed: int | None) -> None:
    found, g = drawn("silent-broadcast", seed)
    pred, y = g["pred"].ravel(), g["y"]
    table = [[p - target for target in y] for p in pred]
    agrees(
        found,
        difference=(len(pred), len(y)),
        meant=sum((p - target) ** 2 for p, target in zip(pred, y, strict=True)) / len(y),
        got=sum(entry**2 for row in table for entry in row) / len(y) ** 2,
    )
    # What is said of training: every prediction goes to the mean of y, and the loss falls to the variance of y.
    for _ in range(300):
        pred = pred - 0.3 * np.array([np.mean(2 * (p - y)) for p in pred]) / len(pred)
    np.testing.assert_allclose(pred, y.mean(), atol=1e-6)
    np.testing.assert_allclose(np.mean((pred[:, None] - y) ** 2), y.var(), rtol=1e-6)


@pytest.mark.parametrize("seed", SEEDS)
def test_read_directions(seed: int | None) -> None:
    found, g = drawn("read-directions", seed)
    T, at = sizes(g, ["T", "at"])

    def run(inputs: list[float], W: np.ndarray) -> list[np.ndarray]:
        h, states = np.zeros(3), []
        for value in inputs:
            h = np.tanh(W * value + g["W_hh"] @ h)
            states.append(h)
        return states

    inputs = [float(t == at) for t in range(T)]
    ahead = run(inputs, g["W_f"])
    back = run(inputs[::-1], g["W_b"])[::-1]
    halves = [back, ahead] if g["swapped"] else [ahead, back]
    picture = np.array([[*a, *b] for a, b in zip(*halves, strict=True)])
    np.testing.assert_allclose(found.graph.whole("out").value, picture, rtol=1e-9, atol=1e-12)
    full = [t for t in range(T) if (picture[t] != 0).all()]
    assert full == [at]
    left = [float((picture[:at, k] == 0).all()) for k in range(6)]
    agrees(found, step=at, left=left)


def test_read_directions_has_either_order() -> None:
    assert {float(drawn("read-directions", seed)[1]["swapped"]) for seed in range(1, 13)} == {0, 1}


@pytest.mark.parametrize("seed", SEEDS)
def test_many_to_one_program(seed: int | None) -> None:
    found, g = drawn("many-to-one-program", seed)
    wanted = []
    for sequence in g["x"]:
        h = np.zeros(2)
        for inputs in sequence:
            h = np.tanh(g["W_xh"] @ inputs + g["W_hh"] @ h)
        wanted.append(g["W_hy"] @ h)
    agrees(found, logits=wanted)
    assert mark(found, "logits", CLASSIFY).verdict == "right"
    linear = mark(found, "logits", CLASSIFY.replace("tanh", ""))
    assert linear.verdict == "wrong" and "Line 4: the tanh of " in linear.diagnosis.says


def test_task_kinds() -> None:
    found, _ = drawn("task-kinds", None)
    assert mark(found, "tasks", "1 4 7").verdict == "right"
    assert mark(found, "tasks", "1 4 6").verdict == "wrong"


@pytest.mark.parametrize("seed", SEEDS)
def test_tied_embedding(seed: int | None) -> None:
    """Every matrix is named, and its elements are counted."""
    found, g = drawn("tied-embedding", seed)
    V, D, H = sizes(g, "VDH")
    separate = {"table": (V, D), "W_hy": (V, H), "b_y": (V,)}
    tied = {"table": (V, D), "W_s": (D, H), "b_y": (V,)}
    count = [sum(int(np.prod(shape)) for shape in model.values()) for model in (separate, tied)]
    agrees(found, separate=count[0], saved=count[0] - count[1])
    assert count[0] - count[1] == H * (V - D)


def test_a_tied_table_learns_all_rows_and_repeats_what_it_reads() -> None:
    generator = np.random.default_rng(0)
    E, W = generator.normal(size=(9, 4)), generator.normal(size=(4, 4))

    def loss(E: np.ndarray) -> float:
        logits = E @ np.tanh(W @ E[7])
        return float(np.log(np.exp(logits).sum()) - logits[3])

    slopes = np.zeros(E.shape)
    for place in np.ndindex(*E.shape):
        moved = np.zeros(E.shape)
        moved[place] = 1e-6
        slopes[place] = (loss(E + moved) - loss(E - moved)) / 2e-6
    assert (abs(slopes).max(axis=1) > 1e-6).all()
    unit = E / np.linalg.norm(E, axis=1)[:, None]
    assert np.array_equal((unit @ unit.T).argmax(axis=0), np.arange(9))
    found, _ = drawn("tied-embedding", None)
    assert (found.part("rows").expected, found.part("likely").expected) == ({4}, {1})
