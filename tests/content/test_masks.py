"""Masks, in their unit and in attention, held against loops over single tokens that share nothing with their files."""

from math import exp

import numpy as np
import pytest

from rnn_tutor.exercises.mark import mark
from rnn_tutor.exercises.question import Question
from tests.content.course import asked as drawn

SEEDS = (None, 1, 2, 3, 4)
FROZEN = """\
def run(x, mask, w, u):
    h = 0
    states = []
    for t in range(len(x)):
        if mask[t] == 1:
            h = tanh(w * h + u * x[t])
        states.append(h)
    return states
"""
TURN = """\
def turn(x, n):
    y = x.copy()
    for b in range(len(n)):
        y[b, :n[b]] = x[b, :n[b]][::-1]
    return y
"""


def agrees(found: Question, **wanted: object) -> None:
    for name, value in wanted.items():
        np.testing.assert_allclose(np.asarray(found.part(name).expected), value, rtol=1e-9, atol=1e-12, err_msg=name)


def difference(loss, x: np.ndarray, where: tuple[int, ...]) -> float:
    up, down = x.copy(), x.copy()
    up[where] += 1e-5
    down[where] -= 1e-5
    return (loss(up) - loss(down)) / 2e-5


@pytest.mark.parametrize("seed", SEEDS)
def test_padding_mask(seed: int | None) -> None:
    found, g = drawn("padding-mask", seed)
    rows = [["token"] * int(n) for n in g["n"]]
    width = max(len(row) for row in rows)
    padded = [row + ["pad"] * (width - len(row)) for row in rows]
    flat = [entry for row in padded for entry in row]
    agrees(found, mask=[[float(e == "token") for e in row] for row in padded], share=flat.count("pad") / len(flat))
    lengths = [len(row) * (2 if len(row) == width else 1) for row in rows]  # one sequence alone is the longest
    agrees(found, longest_twice=sum(2 * width - length for length in lengths) / (len(rows) * 2 * width))


@pytest.mark.parametrize("seed", SEEDS)
def test_more_padding_does_not_move_a_masked_loss(seed: int | None) -> None:
    found, g = drawn("masked-loss", seed)
    losses, mask = [*g["losses"], 5.0, 5.0], [*g["mask"], 0, 0]
    longer = sum(one * m for one, m in zip(losses, mask, strict=True)) / sum(mask)
    agrees(found, loss=longer)
    assert [mark(found, "longer", str(k)).verdict for k in (1, 2, 3)] == ["wrong", "right", "wrong"]


@pytest.mark.parametrize("seed", SEEDS)
def test_masked_softmax(seed: int | None) -> None:
    found, g = drawn("masked-softmax", seed)
    real = [s for s, m in zip(g["scores"], g["mask"], strict=True) if m]
    weights = [exp(s) / sum(exp(r) for r in real) for s in real]
    agrees(found, weights=weights + [0.0] * (len(g["mask"]) - len(real)))  # its padding is always at the end


@pytest.mark.parametrize("seed", SEEDS)
def test_two_means(seed: int | None) -> None:
    found, g = drawn("two-means", seed)

    def by_sequence(losses: np.ndarray) -> float:
        kept = [row[: int(n)] for row, n in zip(losses, g["n"], strict=True)]
        return float(np.mean([np.mean(row) for row in kept]))

    tokens = [loss for row, n in zip(g["losses"], g["n"], strict=True) for loss in row[: int(n)]]
    agrees(found, by_token=np.mean(tokens), by_sequence=by_sequence(g["losses"]))
    assert np.isclose(found.part("pull").expected, difference(by_sequence, g["losses"], (0, 0)), rtol=1e-6)


@pytest.mark.parametrize("seed", SEEDS)
def test_pooled_states(seed: int | None) -> None:
    found, g = drawn("pooled-states", seed)
    kept = [list(row[: int(n)]) for row, n in zip(g["hs"], g["n"], strict=True)]
    agrees(
        found,
        last=[row[-1] for row in kept],
        average=[sum(row) / len(row) for row in kept],
        highest=[max(row) for row in kept],
    )


@pytest.mark.parametrize("seed", SEEDS)
def test_packed_order(seed: int | None) -> None:
    found, g = drawn("packed-order", seed)
    lengths = {b: int(n) for b, n in enumerate(g["n"])}
    order = sorted(lengths, key=lambda b: -lengths[b])
    packed = [(b, t) for t in range(max(lengths.values())) for b in order if t < lengths[b]]
    sizes = [sum(time == t for _, time in packed) for t in range(max(lengths.values()))]
    agrees(found, sizes=sizes, place=packed.index((int(g["b"]), int(g["t"]))))


@pytest.mark.parametrize("seed", SEEDS)
def test_fully_masked_row(seed: int | None) -> None:
    found, g = drawn("fully-masked-row", seed)
    raised = np.exp(np.full(len(g["scores"]), -1e9) - -1e9)
    weights = raised / raised.sum()
    agrees(found, weights=weights, context=sum(w * v for w, v in zip(weights, g["V"], strict=True)))
    # What is said of the four remedies.
    mask = np.zeros(len(g["scores"]))
    with np.errstate(invalid="ignore"):
        assert np.isnan(np.exp(np.full(len(mask), -np.inf) - -np.inf)).all()
        assert np.isnan(weights * mask / (weights * mask).sum()).all()
    with np.errstate(over="ignore"):
        assert np.isneginf(np.float16(-1e9)) and np.finfo(np.float16).max == 65504  # half precision
    lower = np.exp(np.full(len(mask), -1e30) - -1e30)
    np.testing.assert_allclose(lower / lower.sum(), weights)
    assert (weights * mask == 0).all()
    assert [mark(found, "remedy", str(k)).verdict for k in (1, 2, 3, 4)] == ["wrong", "wrong", "right", "wrong"]


@pytest.mark.parametrize("seed", SEEDS)
def test_mask_off_by_one(seed: int | None) -> None:
    found, g = drawn("mask-off-by-one", seed)
    losses = np.linspace(0.1, 3.0, 32).reshape(4, 8)

    def loss(values: np.ndarray) -> float:  # the script, with <= where < is meant
        seen = [values[b, t] for b in range(4) for t in range(8) if t <= g["n"][b]]
        return float(np.mean(seen))

    G = np.array([[difference(loss, losses, (b, t)) for t in range(8)] for b in range(4)])
    agrees(found, divisor=(np.abs(G) > 1e-9).sum())
    np.testing.assert_allclose(found.graph.whole("G").value, G, rtol=1e-6, atol=1e-9)
    assert ((np.abs(G) > 1e-9).sum(axis=1) == g["n"] + 1).all()  # one too many in each row
    assert mark(found, "fault", "1").verdict == "right"


@pytest.mark.parametrize("seed", SEEDS)
def test_frozen_state(seed: int | None) -> None:
    found, g = drawn("frozen-state", seed)
    h, states = 0.0, []
    for t in range(len(g["x"])):
        h = np.tanh(g["w"] * h + g["u"] * g["x"][t]) if g["mask"][t] else h
        states.append(h)
    agrees(found, h=states)
    assert mark(found, "h", FROZEN).verdict == "right"
    ignored = mark(found, "h", FROZEN.replace("mask[t] == 1", "t >= 0"))
    assert ignored.verdict == "wrong" and "You did not use the mask" in ignored.diagnosis.says
    zeroed = mark(found, "h", FROZEN.replace("append(h)", "append(h * mask[t])"))
    assert zeroed.verdict == "wrong" and "Keep the old state there" in zeroed.diagnosis.says


@pytest.mark.parametrize("seed", SEEDS)
def test_reverse_in_length(seed: int | None) -> None:
    found, g = drawn("reverse-in-length", seed)
    rows = [list(row) for row in g["x"]]
    agrees(found, y=[row[: int(n)][::-1] + row[int(n) :] for row, n in zip(rows, g["n"], strict=True)])
    assert mark(found, "y", TURN).verdict == "right"
    whole = mark(found, "y", "def turn(x, n):\n    return x[:, ::-1]\n")
    assert whole.verdict == "wrong" and "begin with their padding" in whole.diagnosis.says
