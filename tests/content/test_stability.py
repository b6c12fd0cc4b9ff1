"""The unit stability: radii by long products, gradients by central differences, claims by running them."""

import numpy as np
import pytest

from rnn_tutor.exercises.mark import mark
from tests.content.course import SEEDS, asked, expected

GROWTH = """\
def growth(W, v, n):
    u = v / norm(v)
    found = []
    for t in range(n):
        u = W @ u
        size = norm(u)
        found.append(size)
        u = u / size
    return found
"""


def radius(matrix: np.ndarray) -> float:
    return float(np.max(np.abs(np.linalg.eigvals(matrix))))


@pytest.mark.parametrize("seed", SEEDS)
def test_rotation_radius(seed: int | None) -> None:
    question, g = asked("rotation-radius", seed)
    matrix = np.array([[g["a"], -g["b"]], [g["b"], g["a"]]])
    np.testing.assert_allclose(expected(question, "rho"), radius(matrix), rtol=1e-9)
    for angle in (0.0, 1.0, 2.0):  # any start, as the prompt says
        state = np.array([np.cos(angle), np.sin(angle)])
        for _ in range(int(g["n"])):
            state = matrix @ state
        np.testing.assert_allclose(expected(question, "length"), np.linalg.norm(state), rtol=1e-9)


@pytest.mark.parametrize("seed", SEEDS)
def test_saturation_slope(seed: int | None) -> None:
    question, g = asked("saturation-slope", seed)
    w, eps = float(g["w"]), 1e-6
    slopes = [(np.tanh(a + w * eps) - np.tanh(a - w * eps)) / (2 * eps) for a in g["a"]]
    np.testing.assert_allclose(expected(question, "factor"), slopes, rtol=1e-6)


@pytest.mark.parametrize("seed", SEEDS)
def test_memory_horizon(seed: int | None) -> None:
    question, g = asked("memory-horizon", seed)
    left, steps = 1.0, 0
    while left >= g["eps"]:
        left, steps = left * float(g["rho"]), steps + 1
    assert expected(question, "steps") == steps
    np.testing.assert_allclose(expected(question, "needed") ** g["N"], g["eps"], rtol=1e-9)


@pytest.mark.parametrize("seed", SEEDS)
def test_transient_growth(seed: int | None) -> None:
    question, g = asked("transient-growth", seed)
    matrix = np.array([[g["p"], g["c"]], [0, g["q"]]])
    np.testing.assert_allclose(expected(question, "rho"), radius(matrix), rtol=1e-9)
    norms = [np.linalg.norm(np.linalg.matrix_power(matrix, n)[:, 1]) for n in range(5)]
    np.testing.assert_allclose(expected(question, "norms"), norms, rtol=1e-12)
    assert max(norms) > 1 > np.linalg.norm(np.linalg.matrix_power(matrix, 80)[:, 1])  # up, and in the end down


@pytest.mark.parametrize("seed", SEEDS)
def test_orthogonal_start(seed: int | None) -> None:
    question, g = asked("orthogonal-start", seed)
    sine = np.sin(np.arccos(g["c"]))
    turn = np.array([[g["c"], -sine], [sine, g["c"]]])
    drive, eps = np.arctanh(g["h"]), 1e-6  # from a state of 0 this drive leads to h
    steps = np.eye(2) * eps
    back = [g["g"] @ (np.tanh(turn @ s + drive) - np.tanh(-turn @ s + drive)) / (2 * eps) for s in steps]
    np.testing.assert_allclose(expected(question, "linear"), np.linalg.norm(g["g"]), rtol=1e-9)
    np.testing.assert_allclose(expected(question, "back"), back, rtol=1e-6, atol=1e-8)
    assert np.linalg.norm(back) < np.linalg.norm(g["g"])  # cannot grow
    assert question.part("fate").expected == {3}


def test_linear_or_tanh() -> None:
    """The picture, and for each option a run that agrees with it or refutes it."""
    question, _ = asked("linear-or-tanh", None)
    turn = np.array([[0.8, -0.6], [0.6, 0.8]])
    inputs = 1.5 * np.sin(1.7 * np.arange(30))

    def norms(matrix: np.ndarray, nonlinear: bool) -> list[float]:
        state, states = np.zeros(2), []
        for value in inputs:
            state = matrix @ state + value
            state = np.tanh(state) if nonlinear else state
            states.append(state)
        back, found = np.ones(2), [np.sqrt(2)]
        for state in states[:0:-1]:
            back = matrix.T @ (back * (1 - state**2 if nonlinear else 1))
            found.append(float(np.linalg.norm(back)))
        return found[::-1]

    named = question.graph.whole
    np.testing.assert_allclose(named("linear").value, norms(1.2 * turn, False), rtol=1e-9)
    np.testing.assert_allclose(named("nonlinear").value, norms(1.2 * turn, True), rtol=1e-9)
    kept = norms(turn, True)
    coupled = np.array([[1.5, -1.4], [1.4, -1.2]])
    held = np.diag([1, 1 - 0.99**2]) @ coupled
    small = np.array([1e-6, 0.0])
    moved = small
    for _ in range(10):
        moved = np.tanh(1.2 * turn @ moved)
    true = {
        1: norms(1.2 * turn, True)[0] > 1,
        2: norms(0.9 * turn, True)[0] < 0.9**29 * 2,
        3: np.isclose(kept[0], kept[-1]),
        4: bool(np.all(np.diff(kept) >= 0)),  # from a step to the one before it, never longer
        5: not (radius(coupled) < 1 < radius(held)),
        6: bool(np.linalg.norm(np.tanh(1e3 * np.ones(2))) > np.sqrt(2) + 1e-9),
        7: np.linalg.norm(moved) > 5 * np.linalg.norm(small),
    }
    assert {option for option, holds in true.items() if holds} == question.part("hold").expected
    np.testing.assert_allclose(named("radii").value, [radius(coupled), radius(held)], rtol=1e-6)


@pytest.mark.parametrize("seed", SEEDS)
def test_read_a_decay(seed: int | None) -> None:
    question, g = asked("read-a-decay", seed)
    left, steps = 1.0, 0
    while left > 0.5:
        left, steps = left * float(g["rho"]), steps + 1
    assert steps - 1 <= expected(question, "half") <= steps
    np.testing.assert_allclose(expected(question, "radius"), g["rho"], rtol=1e-12)
    assert mark(question, "half", str(steps)).verdict == "right"  # as near as one can read
    assert mark(question, "half", str(steps + 2)).verdict == "wrong"


@pytest.mark.parametrize("seed", SEEDS)
def test_saturated_units(seed: int | None) -> None:
    question, g = asked("saturated-units", seed)
    sizes = np.tanh(g["gain"] * g["noise"])
    assert expected(question, "stuck") == sum(column.min() > 0.9 for column in sizes.T)
    assert np.all((sizes > 0.95) | (sizes < 0.5))  # so that the picture leaves no doubt
    eps, a = 1e-6, np.arctanh(g["h_far"])
    slope = (np.tanh(a + eps) - np.tanh(a - eps)) / (2 * eps)
    np.testing.assert_allclose(expected(question, "slopes"), slope ** g["n"], rtol=1e-4)


@pytest.mark.parametrize("seed", SEEDS)
def test_growth_program(seed: int | None) -> None:
    question, g = asked("growth-program", seed)
    vectors = [g["v"]]
    for _ in range(int(g["n"])):
        vectors.append(g["W"] @ vectors[-1])
    lengths = np.linalg.norm(vectors, axis=1)
    np.testing.assert_allclose(expected(question, "r"), lengths[1:] / lengths[:-1], rtol=1e-9)
    assert abs(expected(question, "r")[-1] - radius(g["W"])) < 0.03
    assert mark(question, "r", GROWTH).verdict == "right"
    unscaled = mark(question, "r", GROWTH.replace("        u = u / size\n", ""))
    assert unscaled.verdict == "wrong"
    assert "since the beginning" in unscaled.says
