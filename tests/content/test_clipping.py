"""Clipping: the answers that the engine works out, against NumPy written without it."""

import math
from typing import Any

import numpy as np
import pytest

from rnn_tutor.exercises.mark import mark
from tests.content.course import SEEDS, Givens, agrees_in_order
from tests.content.course import drawn as question


def length(*arrays: Any) -> float:
    return math.sqrt(math.fsum(float(one) ** 2 for array in arrays for one in np.asarray(array).reshape(-1)))


def shortened(g: Any, limit: float, eps: float = 0.0) -> np.ndarray:
    size = length(g) + eps
    return np.asarray(g) * (limit / size if size > limit else 1.0)


def cosine(a: Any, b: Any) -> float:
    return math.fsum(float(x) * float(y) for x, y in zip(a, b, strict=True)) / length(a) / length(b)


def clip_by_value(g: Givens) -> list[Any]:
    limit = float(g["limit"])
    cut = [max(-limit, min(limit, float(one))) for one in g["g"]]
    return [cut, cosine(g["g"], cut), None]


def global_norm(g: Givens) -> list[Any]:
    total = length(g["dW_xh"], g["dW_hh"], g["db"])
    factor = float(g["max_norm"]) / total
    return [total, factor, [factor * float(one) for one in g["db"]], None]


def clip_epsilon(g: Givens) -> list[Any]:
    """In plain numbers, not in millionths."""
    small = np.asarray(g["u"]) * 1e-6
    limit = float(g["limit"]) * 1e-6
    return [shortened(small, limit) * 1e6, small * (limit / (length(small) + 1e-6)) * 1e6, None]


def accumulate_then_clip(g: Givens) -> list[Any]:
    rows, limit = np.asarray(g["G"]), float(g["max_norm"])
    early = sum(shortened(row, limit) for row in rows) / len(rows)
    return [shortened(sum(rows) / len(rows), limit), early, None]


def direction_kept(g: Givens) -> list[Any]:
    limit = float(g["limit"])
    return [cosine([*g["a"], *g["b"]], [*shortened(g["a"], limit), *shortened(g["b"], limit)]), None]


def clipping_log(g: Givens) -> list[Any]:
    norms = [float(one) for one in g["norms"]]
    return [len([one for one in norms if one > float(g["limit"])]), float(g["limit"]) / max(norms), None]


def cliff_step(g: Givens) -> list[Any]:
    def loss(w: float) -> float:
        h = float(g["h0"])
        for _ in range(int(g["T"])):
            h = w * h
        return (h - float(g["y"])) ** 2 / 2

    w, lr, limit = float(g["w"]), float(g["lr"]), float(g["limit"])
    slope = (loss(w + 1e-6) - loss(w - 1e-6)) / 2e-6
    return [slope, w - lr * slope, w - lr * math.copysign(min(abs(slope), limit), slope)]


VALUES = {
    "clip-by-value": clip_by_value,
    "global-norm": global_norm,
    "clip-epsilon": clip_epsilon,
    "accumulate-then-clip": accumulate_then_clip,
    "direction-kept": direction_kept,
    "clipping-log": clipping_log,
    "cliff-step": cliff_step,
}


@pytest.mark.parametrize("seed", SEEDS)
@pytest.mark.parametrize("name", VALUES)
def test_answers(name: str, seed: int | None) -> None:
    agrees_in_order(question(name, seed), VALUES[name])


@pytest.mark.parametrize("seed", range(1, 6))
def test_which_ways_keep_the_direction(seed: int) -> None:
    """Each option of the checklist, in the order of the file, done by hand."""
    found = question("direction-kept", seed)
    a, b, limit = (np.asarray(found.givens[name]) for name in ("a", "b", "limit"))
    g = np.concatenate([a, b])
    steps = [
        np.array([max(-limit, min(limit, one)) for one in g]),
        shortened(g, float(limit)),
        np.concatenate([shortened(a, float(limit)), shortened(b, float(limit))]),
        g * limit / max(abs(g)),
        np.sign(g) * limit / 2,
        g / 10,
    ]
    kept = [math.isclose(cosine(g, step), 1, abs_tol=1e-9) for step in steps]
    assert kept == [option.right for option in found.part("kept").ask.options]
    assert all(cosine(g, step) > 0 for step in steps)


PROGRAM = """\
def clipped(A, B, limit):
    flat = []
    for s in range(len(A)):
        row = concat(A[s], B[s])
        size = norm(row) + 1e-6
        if size > limit:
            row = row * limit / size
        flat.append(row)
    return flat
"""


@pytest.mark.parametrize("seed", SEEDS)
def test_the_program(seed: int | None) -> None:
    found = question("clip-program", seed)
    assert mark(found, "flat", PROGRAM).verdict == "right"  # with the names that its arguments once had
    assert mark(found, "flat", PROGRAM.replace("A", "dW").replace("B", "db")).verdict == "right"
    rows = np.concatenate([found.givens["dW"], found.givens["db"]], axis=1)
    by_hand = [shortened(row, float(np.asarray(found.givens["limit"])), 1e-6) for row in rows]
    np.testing.assert_allclose(np.asarray(found.parts[0].expected), by_hand, rtol=1e-9)


@pytest.mark.parametrize(
    ("old", "new", "says"),
    [
        ("if size > limit:", "if size > 0:", "stretched"),
        ("norm(row)", "sum(row**2)", "root"),
        ("norm(row)", "norm(A)", ""),
    ],
)
def test_wrong_programs(old: str, new: str, says: str) -> None:
    verdict = mark(question("clip-program"), "flat", PROGRAM.replace(old, new))
    assert verdict.verdict == "wrong"
    assert says in verdict.says


def test_what_is_said_of_pytorch() -> None:
    """[6, 8] clipped to 5 by limit / (norm + 1e-6)."""
    found = np.array([6.0, 8.0]) * (5 / (10 + 1e-6))
    assert [f"{one:.7f}" for one in found] == ["2.9999997", "3.9999996"]


def right(name: str, part: str) -> str:
    (option,) = [option.text for option in question(name).part(part).ask.options if option.right]
    return option


@pytest.mark.parametrize("seed", SEEDS)
def test_a_longer_gradient_is_clipped_to_the_same_one(seed: int | None) -> None:
    givens = question("gradient-clipping", seed).givens
    g, limit = np.asarray(givens["g"], dtype=float), float(np.asarray(givens["max_norm"]))
    np.testing.assert_allclose(shortened(2 * g, limit), shortened(g, limit), rtol=1e-12)
    assert right("gradient-clipping", "doubled") == "It would stay the same"


def test_a_tiny_limit_leaves_only_signs_and_a_long_gradient_reaches_the_limit_in_pytorch() -> None:
    givens = question("clip-by-value").givens
    cut = np.clip(givens["g"], -0.01, 0.01)
    np.testing.assert_allclose(cut, 0.01 * np.sign(givens["g"]), rtol=1e-12)
    assert right("clip-by-value", "tiny").startswith("Only the signs")
    norms = np.array([length(np.array([3.0, 4.0]) * 10**k * 2 / (5 * 10**k + 1)) for k in range(6)])
    assert np.all(np.diff(norms) > 0)
    assert np.all(norms < 2)
    assert 2 - norms[-1] < 1e-5
    assert right("clip-epsilon", "tends").endswith("from below")


@pytest.mark.parametrize("seed", SEEDS)
def test_a_log_made_after_clipping_ends_at_the_line(seed: int | None) -> None:
    givens = question("clipping-log", seed).givens
    norms, limit = np.asarray(givens["norms"], dtype=float), float(np.asarray(givens["limit"]))
    after = [length(shortened([one], limit)) for one in norms]
    assert max(after) == pytest.approx(limit)
    assert len(set(after)) > 1
    assert right("clipping-log", "after") == "Peaks that end exactly at the level line"


def test_one_huge_tensor_shortens_the_others() -> None:
    givens = question("global-norm").givens
    matrices = [np.asarray(givens[name]).reshape(-1) for name in ("dW_xh", "dW_hh")]
    db, limit = np.asarray(givens["db"]), float(np.asarray(givens["max_norm"]))
    before, after = (shortened(np.concatenate([*matrices, scale * db]), limit)[4:8] for scale in (1, 100))
    assert length(after) < 0.1 * length(before)
    assert cosine(before, after) == pytest.approx(1)
    assert right("global-norm", "other") == "It would become much shorter"


def test_means_of_micro_batches_are_weighted_by_their_tokens() -> None:
    """Row 0 has 8 real tokens, the two others 4: only with the weights 2, 1, 1 it is the mean over all 16."""
    tokens = np.sin(np.arange(32.0) ** 2).reshape(16, 2)  # the gradient of each token's loss
    rows = np.array([tokens[:8].mean(axis=0), tokens[8:12].mean(axis=0), tokens[12:].mean(axis=0)])
    np.testing.assert_allclose(np.average(rows, axis=0, weights=[2, 1, 1]), tokens.mean(axis=0), rtol=1e-12)
    assert not np.allclose(rows.mean(axis=0), tokens.mean(axis=0), rtol=0.05)
    assert "row 0 has the weight 2" in right("accumulate-then-clip", "weights")


def test_adam_cancels_a_constant_factor_but_not_one_that_changes() -> None:
    """What the last step of clip-program says."""

    def adam(gradients: np.ndarray) -> np.ndarray:
        m, v, steps = 0.0, 0.0, []
        for k, g in enumerate(gradients, 1):
            m, v = 0.9 * m + 0.1 * g, 0.999 * v + 0.001 * g**2
            steps.append(m / (1 - 0.9**k) / np.sqrt(v / (1 - 0.999**k)))
        return np.array(steps)

    gradients = np.array([1.0, 0.8, 6.0, 1.1, 0.9])
    np.testing.assert_allclose(adam(gradients / 10), adam(gradients), rtol=1e-12)
    assert np.max(np.abs(adam(np.minimum(gradients, 2)) - adam(gradients))) > 0.1
