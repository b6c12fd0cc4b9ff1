"""LSTM gradients, derivatives carried forward, recurrences as dynamical systems: by central differences and runs."""

from collections.abc import Callable

import numpy as np
import pytest

from rnn_tutor.exercises.mark import mark
from tests.content.course import SEEDS, asked, expected, has_values


def sigmoid(x: np.ndarray) -> np.ndarray:
    return 1 / (1 + np.exp(-x))


def slopes(loss: Callable[[np.ndarray], float], at: np.ndarray, eps: float = 1e-6) -> np.ndarray:
    """Central differences of a loss, one for each element."""
    at = np.asarray(at, dtype=float)
    found = np.zeros_like(at)
    for place in np.ndindex(*at.shape):
        moved = np.zeros_like(at)
        moved[place] = eps
        found[place] = (loss(at + moved) - loss(at - moved)) / (2 * eps)
    return found


def lstm_step(a: np.ndarray, c_prev: float) -> tuple[float, float]:
    """The cell and the output of one unit, from its pre-activations in the order i, f, g, o."""
    c = sigmoid(a[1]) * c_prev + sigmoid(a[0]) * np.tanh(a[2])
    return c, sigmoid(a[3]) * np.tanh(c)


@pytest.mark.parametrize("seed", SEEDS)
def test_lstm_backward_by_hand(seed: int | None) -> None:
    question, g = asked("lstm-backward-by-hand", seed)

    def loss(a: np.ndarray, c_prev: float, dh: float) -> float:
        c, h = lstm_step(a, c_prev)
        return dh * h + g["dc_next"] * c

    c, o = lstm_step(g["a"], g["c_prev"])[0], sigmoid(g["a"][3])
    wanted = {
        "dc": slopes(lambda c: g["dh"] * o * np.tanh(c) + g["dc_next"] * c, c),
        "da": slopes(lambda a: loss(a, g["c_prev"], g["dh"]), g["a"]),
        "dc_prev": slopes(lambda c_prev: loss(g["a"], c_prev, g["dh"]), g["c_prev"]),
    }
    for name, value in wanted.items():
        np.testing.assert_allclose(expected(question, name), value, rtol=1e-6, atol=1e-9)
    later_only = slopes(lambda a: loss(a, g["c_prev"], 0), g["a"])
    assert (np.abs(later_only) > 1e-6).tolist() == [True, True, True, False]  # the output gate is silent
    assert question.part("silent").expected == {4}


BACKWARD = """\
def backward(A, w, dh_out):
    T = len(A)
    h, c = 0, 0
    i, f, g, o, cs = zeros(T), zeros(T), zeros(T), zeros(T), zeros(T)
    for t in range(T):
        a = A[t] + w * h
        i[t], f[t] = sigmoid(a[0]), sigmoid(a[1])
        g[t], o[t] = tanh(a[2]), sigmoid(a[3])
        c = f[t] * c + i[t] * g[t]
        h = o[t] * tanh(c)
        cs[t] = c
    da = zeros((T, 4))
    dh_next, dc_next = 0, 0
    for t in reversed(range(T)):
        dh = dh_out[t] + dh_next
        dc = dc_next + dh * o[t] * (1 - tanh(cs[t]) ** 2)
        before = cs[t - 1] if t > 0 else 0
        da[t, 0] = dc * g[t] * i[t] * (1 - i[t])
        da[t, 1] = dc * before * f[t] * (1 - f[t])
        da[t, 2] = dc * i[t] * (1 - g[t] ** 2)
        da[t, 3] = dh * tanh(cs[t]) * o[t] * (1 - o[t])
        dc_next = dc * f[t]
        dh_next = w @ da[t]
    return da
"""


@pytest.mark.parametrize("seed", SEEDS)
def test_lstm_backward_program(seed: int | None) -> None:
    question, g = asked("lstm-backward-program", seed)

    def loss(inputs: np.ndarray) -> float:
        c = h = total = 0.0
        for row, out in zip(inputs, g["dh_out"], strict=True):
            c, h = lstm_step(row + g["w"] * h, c)
            total += out * h
        return total

    np.testing.assert_allclose(expected(question, "da"), slopes(loss, g["A"]), rtol=1e-5, atol=1e-8)


def test_a_backward_pass_of_an_lstm_is_marked() -> None:
    question, _ = asked("lstm-backward-program", None)
    assert mark(question, "da", BACKWARD).verdict == "right"
    for right, wrong in (
        ("dc_next = dc * f[t]", "dc_next = dc"),
        ("dh_next = w @ da[t]", "dh_next = 0"),
        ("dc = dc_next + dh", "dc = dh"),
        ("before = cs[t - 1] if t > 0 else 0", "before = cs[t - 1]"),
    ):
        assert right in BACKWARD
        assert mark(question, "da", BACKWARD.replace(right, wrong)).verdict != "right", wrong


@pytest.mark.parametrize("seed", SEEDS)
def test_coupled_gates(seed: int | None) -> None:
    question, g = asked("coupled-gates", seed)

    def cell(f: float) -> float:
        return float(f * g["c_prev"] + (1 - f) * g["g"])

    np.testing.assert_allclose(expected(question, "c"), cell(float(g["f"])))
    np.testing.assert_allclose(cell(float(expected(question, "needed"))), g["goal"])
    assert 0 < expected(question, "needed") < 1
    opened = 0.0
    for _ in range(int(g["n"])):
        opened = 1 * opened + 1 * float(g["g"])
    np.testing.assert_allclose(expected(question, "open"), opened)
    assert abs(opened) > 1  # it has left (-1, 1), and a coupled cell cannot
    assert max(abs(cell(f)) for f in np.linspace(0, 1, 21)) < 1
    assert question.part("both").expected == {1, 2, 3}


@pytest.mark.parametrize("seed", SEEDS)
def test_rtrl_one_unit(seed: int | None) -> None:
    question, g = asked("rtrl-one-unit", seed)

    def states(w: float) -> np.ndarray:
        h, found = 0.0, []
        for x in g["x"]:
            h = np.tanh(w * h + x)
            found.append(h)
        return np.array(found)

    eps, w = 1e-6, float(g["w"])
    carried = (states(w + eps) - states(w - eps)) / (2 * eps)
    np.testing.assert_allclose(expected(question, "p"), carried, rtol=1e-6, atol=1e-9)
    loss = [(states(at)[-1] - g["target"]) ** 2 / 2 for at in (w + eps, w - eps)]
    np.testing.assert_allclose(expected(question, "dw"), (loss[0] - loss[1]) / (2 * eps), rtol=1e-6)
    assert question.part("online").expected == {2}


def test_derivatives_carried_on_while_the_weight_moves() -> None:
    """Not exact any more, and the error is small for small updates."""
    xs, errors = [0.8, -0.4, 0.6, 0.3, -0.7], []
    for rate in (0.1, 0.01):
        h = p = 0.0
        w = 0.9
        for x in xs:
            h_new = np.tanh(w * h + x)
            p, h = (1 - h_new**2) * (h + w * p), h_new
            w -= rate * (h - 0.5) * p
        exact = slopes(lambda at: _last(float(at), xs), np.array(w))
        errors.append(abs(p - float(exact)))
    assert errors[0] > 1e-3
    assert errors[1] < errors[0] / 3


def _last(w: float, xs: list[float]) -> float:
    h = 0.0
    for x in xs:
        h = np.tanh(w * h + x)
    return float(h)


@pytest.mark.parametrize("seed", SEEDS)
def test_rtrl_cost(seed: int | None) -> None:
    question, g = asked("rtrl-cost", seed)
    units, steps = int(g["H"]), int(g["T"])
    pairs = units * (units * units)  # each unit with each weight
    has_values(question, {"carried": pairs, "work": pairs * units, "stored": steps * units, "even": units**2})
    assert expected(question, "even") * units == pairs
    assert question.part("cheap").expected == {2}


@pytest.mark.parametrize("seed", SEEDS)
def test_irnn(seed: int | None) -> None:
    question, g = asked("irnn", seed)
    inputs = np.stack([g["x0"], g["x1"]], axis=1)

    def last(start: np.ndarray) -> np.ndarray:
        """The last state, from the one after step 0."""
        h = start
        for row in inputs[1:]:
            h = np.maximum(h + row, 0)
        return h

    first = np.maximum(inputs[0], 0)
    np.testing.assert_allclose(expected(question, "last"), last(first), atol=1e-12)
    np.testing.assert_allclose(expected(question, "back"), slopes(lambda h: g["g"] @ last(h), first), atol=1e-6)
    assert expected(question, "back")[0] == g["g"][0] and expected(question, "back")[1] == 0
    np.testing.assert_allclose(expected(question, "growth"), np.prod([float(g["w"])] * int(g["n"])))


@pytest.mark.parametrize("seed", SEEDS)
def test_fixed_points(seed: int | None) -> None:
    question, g = asked("fixed-points", seed)
    w, rest = float(expected(question, "w")), float(g["rest"])
    np.testing.assert_allclose(np.tanh(w * rest), rest, rtol=1e-12)
    eps = 1e-6
    slope = (np.tanh(w * (rest + eps)) - np.tanh(w * (rest - eps))) / (2 * eps)
    np.testing.assert_allclose(expected(question, "slope"), slope, rtol=1e-6)
    assert 0 < slope < 1 < w  # stable there, not at 0
    left, steps = 1.0, 0
    while left >= g["eps"]:
        left, steps = left * slope, steps + 1
    assert expected(question, "steps") == steps
    at = np.linspace(-1.5, 1.5, 3000)  # without 0 itself: the sign changes where a fixed point lies
    crossings = [int((np.diff(np.sign(np.tanh(weight * at) - at)) != 0).sum()) for weight in (0.3, 0.8, w)]
    assert crossings == [1, 1, 3]
    assert question.part("points").expected == {2}


LYAPUNOV = """\
def exponent(W, x, u, n):
    h = zeros(2)
    d = u / norm(u)
    logs = []
    for t in range(n):
        h = tanh(W @ h + x[t])
        d = (1 - h ** 2) * (W @ d)
        logs.append(log(norm(d)))
        d = d / norm(d)
    return mean(logs)
"""


@pytest.mark.parametrize("seed", SEEDS)
def test_lyapunov_program(seed: int | None) -> None:
    """By two runs that start almost together; the product of the factors is the growth of their distance."""
    question, g = asked("lyapunov-program", seed)
    tiny = 1e-7 * g["u"] / np.linalg.norm(g["u"])
    one, other = -tiny, tiny
    for x in g["x"]:
        one, other = np.tanh(g["W"] @ one + x), np.tanh(g["W"] @ other + x)
    growth = np.linalg.norm(other - one) / 2e-7
    np.testing.assert_allclose(expected(question, "lam"), np.log(growth) / int(g["n"]), rtol=1e-4, atol=1e-6)
    assert mark(question, "lam", LYAPUNOV).verdict == "right"
    for right, wrong in (
        ("(1 - h ** 2) * (W @ d)", "W @ ((1 - h ** 2) * d)"),
        ("mean(logs)", "sum(logs)"),
        ("        d = d / norm(d)\n", ""),
    ):
        assert right in LYAPUNOV
        assert mark(question, "lam", LYAPUNOV.replace(right, wrong)).verdict != "right", wrong


@pytest.mark.parametrize("seed", SEEDS)
def test_drift_apart(seed: int | None) -> None:
    question, _ = asked("drift-apart", seed)
    lines = [question.graph.whole(f"net{n}").value for n in range(3)]
    ends = [line[-1] for line in lines]
    ordered, chaotic = int(np.argmin(ends)), int(np.argmax(ends))
    assert expected(question, "kinds").tolist() == [ordered, 3 - ordered - chaotic, chaotic]
    rising = lines[chaotic]
    read = np.log(rising[20] / rising[0]) / 20  # as a learner reads it
    np.testing.assert_allclose(expected(question, "exponent"), read, rtol=0.1)
    np.testing.assert_allclose(expected(question, "later"), np.log(1000) / read, rtol=0.1)
    assert rising[-1] < 1 and rising[-1] / rising[-10] < 1.05  # level at the top
    assert 1 / 3 < ends[3 - ordered - chaotic] / 1e-6 < 3  # at the edge a difference lasts


@pytest.mark.parametrize("seed", SEEDS)
def test_unitary_vs_tanh(seed: int | None) -> None:
    question, g = asked("unitary-vs-tanh", seed)
    s, q, steps = float(g["s"]), float(g["q"]), int(g["n"])
    turned = np.array([[1 - s * s, -2 * s], [2 * s, 1 - s * s]]) / (1 + s * s)
    np.testing.assert_allclose(expected(question, "Q"), turned, atol=1e-12)
    np.testing.assert_allclose(turned.T @ turned, np.eye(2), atol=1e-12)
    np.testing.assert_allclose(np.abs(np.linalg.eigvals(turned)), 1)

    def left(size: float) -> float:
        gradient = np.array([0.6, -0.8])
        for _ in range(steps):
            gradient = turned.T @ ((1 - np.array([size, -size]) ** 2) * gradient)
        return float(np.linalg.norm(gradient))

    np.testing.assert_allclose(left(0), 1)
    np.testing.assert_allclose(expected(question, "damped"), left(q), rtol=1e-9)
    np.testing.assert_allclose(left(float(expected(question, "small"))), g["eps"], rtol=1e-9)
    assert question.part("price").expected == {1, 3}
