"""The unit stability: radii by long products, gradients by central differences, claims by running them."""

import numpy as np
import pytest

from rnn_tutor.exercises.mark import mark
from tests.content.course import SEEDS, asked, drawn, expected

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
    b = expected(question, "steady")
    np.testing.assert_allclose(radius(np.array([[g["a"], -b], [b, g["a"]]])), 1, rtol=1e-12)


@pytest.mark.parametrize("seed", SEEDS)
def test_saturation_slope(seed: int | None) -> None:
    question, g = asked("saturation-slope", seed)
    w, eps = float(g["w"]), 1e-6
    slopes = [(np.tanh(a + w * eps) - np.tanh(a - w * eps)) / (2 * eps) for a in g["a"]]
    np.testing.assert_allclose(expected(question, "factor"), slopes, rtol=1e-6)
    for a, w in zip(g["a"], expected(question, "balance"), strict=True):
        np.testing.assert_allclose((np.tanh(a + w * eps) - np.tanh(a - w * eps)) / (2 * eps), 1, rtol=1e-5)


@pytest.mark.parametrize("seed", SEEDS)
def test_memory_horizon(seed: int | None) -> None:
    question, g = asked("memory-horizon", seed)
    left, steps = 1.0, 0
    while left >= g["eps"]:
        left, steps = left * float(g["rho"]), steps + 1
    assert expected(question, "steps") == steps
    np.testing.assert_allclose(expected(question, "needed") ** g["N"], g["eps"], rtol=1e-9)
    np.testing.assert_allclose((1 - expected(question, "gap")) ** g["N"], g["eps"], rtol=1e-9)
    needed = float(expected(question, "needed"))
    if seed is None:  # a radius that is drawn may have three digits that are exact enough
        assert mark(question, "needed", f"{needed:.3g}").verdict == "rounded"  # so near 1, three digits tell little
    assert mark(question, "needed", f"{needed:.5g}").verdict == "right"
    assert mark(question, "needed", f"{g['eps'] ** (1 / (g['N'] - 1)):.6f}").verdict == "wrong"
    assert mark(question, "needed", str(1 - 1 / g["N"])).verdict == "wrong"


def test_numbers_of_the_horizon() -> None:
    """What the page and the steps say of rho = 0.9, of a percent and of halving the gap."""
    assert np.ceil(np.log(0.01) / np.log(0.9)) == 44
    assert abs(0.9**10 - 1 / np.e) < 0.02
    assert abs(np.log(0.01) / np.log(1 / np.e) - 4.6) < 0.01
    assert abs(np.log(0.01) / np.log(0.5) - 6.64) < 0.01
    horizons = [np.log(0.01) / np.log(1 - gap) for gap in (0.02, 0.01)]
    assert abs(horizons[1] / horizons[0] - 2) < 0.02


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
    a = np.arctanh(expected(question, "largest"))
    slope = (np.tanh(a + eps) - np.tanh(a - eps)) / (2 * eps)
    np.testing.assert_allclose(slope ** g["n"], 0.5, rtol=1e-6)


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


def test_the_growth_factors_settle_only_behind_a_dominant_eigenvalue() -> None:
    """Hence the condition in the prompt of growth-program: of Gaussian matrices not even most meet it."""

    def factors(matrix: np.ndarray) -> np.ndarray:
        vector, found = np.array([0.0, 1.0]), []
        for _ in range(400):
            vector = matrix @ vector
            found.append(np.linalg.norm(vector))
            vector = vector / found[-1]
        return np.array(found)

    pair = np.array([[0.5, -1.2], [0.4, 0.6]])  # a pair of complex eigenvalues
    assert np.ptp(factors(pair)[-50:]) > 0.2
    np.testing.assert_allclose(np.exp(np.mean(np.log(factors(pair)))), radius(pair), rtol=0.01)
    assert np.ptp(factors(np.array([[0.9, 0.4], [0.2, 0.5]]))[-50:]) < 1e-9
    generator = np.random.default_rng(0)
    largest = [max(np.linalg.eigvals(generator.normal(size=(30, 30))), key=abs) for _ in range(300)]
    assert np.mean([value.imag == 0 for value in largest]) < 0.5


def test_an_irnn_passes_its_first_gradients_unchanged_through_active_units() -> None:
    drive = np.abs(np.sin(np.arange(1, 41))).reshape(10, 4)  # all units stay active
    step, eps = np.maximum, 1e-6

    def last(start: np.ndarray) -> np.ndarray:
        state = start
        for value in drive:
            state = step(np.eye(4) @ state + value, 0)
        return state

    jacobian = np.array([(last(eps * row) - last(-eps * row)) / (2 * eps) for row in np.eye(4)])
    np.testing.assert_allclose(jacobian, np.eye(4), atol=1e-8)


def test_almost_every_small_state_moves_away_from_0_without_input_and_bias() -> None:
    """With a radius above 1 and one eigenvalue below 1, so that not every direction grows."""
    matrix = np.array([[1.1, 0.4], [0.3, 0.5]])
    assert radius(matrix) > 1 > min(np.abs(np.linalg.eigvals(matrix)))
    generator = np.random.default_rng(0)

    for start in generator.normal(0, 1e-6, (200, 2)):
        state = start
        for _ in range(120):
            state = np.tanh(matrix @ state)
        assert np.linalg.norm(state) > 0.1
    option = next(one for one in drawn("linear-or-tanh").part("hold").ask.options if "small state" in one.text)
    assert option.right
    assert "without input or bias" in option.text
