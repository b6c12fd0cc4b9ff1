"""The unit bptt: its gradients are held against central differences of plain NumPy loops."""

from collections.abc import Callable

import numpy as np
import pytest

from rnn_tutor.exercises.mark import mark
from tests.content.course import CONTENT, SEEDS, asked, expected

EPS = 1e-6
BACK = """\
def back(hs, dh_out, W_hh):
    T = len(hs)
    dh = zeros((T, 2))
    da = zeros(2)
    for t in reversed(range(T)):
        dh[t] = dh_out[t] + W_hh.T @ da
        da = (1 - hs[t]**2) * dh[t]
    return dh
"""
SLOPE = """\
def loss(w, x, y):
    h = 0
    for v in x:
        h = tanh(w * h + v)
    return (h - y)**2 / 2

def slope(w, x, y, eps):
    return (loss(w + eps, x, y) - loss(w - eps, x, y)) / (2 * eps)
"""


def by(loss: Callable[[np.ndarray], float], at: np.ndarray) -> np.ndarray:
    """Return the gradient of a loss by central differences, of the shape of what it is by."""
    found = np.zeros(np.shape(at))
    for place in np.ndindex(*np.shape(at)):
        moved = np.zeros(np.shape(at))
        moved[place] = EPS
        found[place] = (loss(at + moved) - loss(at - moved)) / (2 * EPS)
    return found


@pytest.mark.parametrize("seed", SEEDS)
def test_state_jacobian(seed: int | None) -> None:
    question, g = asked("state-jacobian", seed)
    # Drives that lead from 0 to exactly these states, so that the two steps can be run.
    first = np.arctanh(g["h1"])
    second = np.arctanh(g["h2"]) - g["W_hh"] @ g["h1"]

    def after(start: np.ndarray, steps: int) -> np.ndarray:
        state = np.tanh(g["W_hh"] @ start + first)
        return state if steps == 1 else np.tanh(g["W_hh"] @ state + second)

    for name, steps in (("J1", 1), ("both", 2)):
        rows = [by(lambda start, k=k, n=steps: after(start, n)[k], np.zeros(2)) for k in range(2)]
        np.testing.assert_allclose(expected(question, name), rows, rtol=1e-6, atol=1e-8)


@pytest.mark.parametrize("seed", SEEDS)
def test_weight_gradient(seed: int | None) -> None:
    question, g = asked("weight-gradient", seed)
    da, states = g["da"], g["hs"]

    def first_order(matrix: np.ndarray) -> float:  # a loss whose gradient by the sums a[t] is da
        before = np.zeros(2)
        total = 0.0
        for t in range(len(da)):
            total += da[t] @ (matrix @ before)
            before = states[t]
        return total

    found = by(first_order, np.zeros((2, 2)))
    np.testing.assert_allclose(expected(question, "dW"), found, rtol=1e-7, atol=1e-9)

    def changed(at: str) -> bool:
        moved, begin, (kind, step) = {"da": da.copy(), "h": states.copy()}, np.zeros(2), at.split()
        if kind == "start":
            begin = np.ones(2)
        else:
            moved[kind][int(step)] += 1
        before = np.vstack([begin, moved["h"][:-1]])
        return not np.allclose(moved["da"].T @ before, found, atol=1e-6)

    free = {k for k, at in enumerate(["da 0", "da -1", "h 0", "h -1", "start 0"], start=1) if not changed(at)}
    assert free == question.part("free").expected


@pytest.mark.parametrize("seed", SEEDS)
def test_bptt_by_hand(seed: int | None) -> None:
    question, g = asked("bptt-by-hand", seed)
    states, weight = g["hs"], float(g["w"])
    steps = len(states)
    drive = np.arctanh(states) - weight * np.concatenate([[0.0], states[:-1]])

    def loss(w: float, b: float, pushes: np.ndarray) -> float:
        state, total = 0.0, 0.0
        for t in range(steps):
            state = np.tanh(w * state + b + drive[t] + pushes[t])
            total += g["dh_out"][t] * state
        return total

    none = np.zeros(steps)
    np.testing.assert_allclose(expected(question, "da"), by(lambda p: loss(weight, 0, p), none), rtol=1e-6, atol=1e-8)
    dw = by(lambda w: loss(float(w), 0, none), np.array(weight))
    db = by(lambda b: loss(weight, float(b), none), np.array(0.0))
    np.testing.assert_allclose(expected(question, "dw"), dw, rtol=1e-6, atol=1e-8)
    np.testing.assert_allclose(expected(question, "db"), db, rtol=1e-6, atol=1e-8)


@pytest.mark.parametrize("seed", SEEDS)
def test_truncated_gradient(seed: int | None) -> None:
    question, g = asked("truncated-gradient", seed)
    states, weight, cut = g["hs"], float(g["w"]), int(g["k"])
    steps = len(states)
    drive = states - weight * np.concatenate([[0.0], states[:-1]])

    def last(weights: np.ndarray) -> float:  # a weight for each step, as if it were not shared
        state = 0.0
        for t in range(steps):
            state = weights[t] * state + drive[t]
        return state

    shares = by(last, np.full(steps, weight))
    np.testing.assert_allclose(expected(question, "shares"), shares, rtol=1e-6, atol=1e-8)
    np.testing.assert_allclose(expected(question, "cut"), shares[-cut:].sum(), rtol=1e-6)
    np.testing.assert_allclose(expected(question, "missed"), shares[:-cut].sum() / shares.sum(), rtol=1e-6)


@pytest.mark.parametrize("seed", SEEDS)
def test_bptt_memory(seed: int | None) -> None:
    question, g = asked("bptt-memory", seed)
    batch, steps, units, segment = (int(g[name]) for name in ("B", "T", "H", "k"))
    held = peak = len(range(0, steps, segment))
    for _ in range(0, steps, segment):  # one segment after the other is computed again and thrown away
        peak = max(peak, held + segment)
    assert expected(question, "full") == batch * units * steps
    assert expected(question, "truncated") == batch * units * segment
    assert expected(question, "both") == batch * units * peak
    sums = {k: steps / k + k for k in np.arange(1, 100, 0.25)}
    assert expected(question, "best") == pytest.approx(min(sums, key=lambda k: sums[k]), abs=0.125)
    for name, count in (("both", steps // segment + segment - 1), ("truncated", segment + 1)):
        verdict = mark(question, name, str(batch * units * count))  # other ways to count: told as what they are
        assert verdict.verdict == "wrong" and verdict.diagnosis is not None and verdict.diagnosis.kind == "authored"


@pytest.mark.parametrize("seed", SEEDS)
def test_gradient_product(seed: int | None) -> None:
    question, g = asked("gradient-product", seed)
    left = 1.0
    for _ in range(int(g["steps"])):
        left *= float(expected(question, "half"))
    assert left == pytest.approx(0.5)


@pytest.mark.parametrize("k", [1, 4, 7])
def test_in_chunks_a_loss_goes_back_half_a_window_on_average(k: int) -> None:
    """As the page says: with the state detached between chunks, from one step for the first loss to k for the last."""
    back = []
    for last in range(k):
        found = by(lambda pushes, at=last: float(np.sum(np.cumsum(pushes)[at])), np.zeros(k))
        back.append(int(np.count_nonzero(found)))
    assert (back[0], back[-1]) == (1, k)
    assert np.mean(back) == (k + 1) / 2
    assert "(k + 1) / 2 on average" in " ".join((CONTENT / "bptt" / "page.yaml").read_text(encoding="utf-8").split())


def test_what_truncation_keeps() -> None:
    question, g = asked("what-truncation-keeps", None)

    def run(w: np.ndarray, u: np.ndarray, v: float, x: np.ndarray, cut: bool) -> tuple[np.ndarray, float]:
        states = [0.0]
        for t in range(6):  # a cut: the first three steps do not hear that a parameter was moved
            a, b, c = (g["w"], g["w_x"], g["x"]) if cut and t < 3 else (w, u, x)
            states.append(float(np.tanh(a * states[-1] + b * c[t])))
        return np.array(states[1:]), float((v * states[-1] - g["target"]) ** 2 / 2)

    def grads(cut: bool) -> list[np.ndarray | float]:
        w, u, v, x = g["w"], g["w_x"], float(g["w_y"]), g["x"]
        states, loss = run(w, u, v, x, cut)
        return [
            by(lambda a: run(a, u, v, x, cut)[1], w),
            states,
            loss,
            by(lambda a: run(w, a, v, x, cut)[1], u),
            by(lambda a: run(w, u, v, a, cut)[1], x)[0],
            by(lambda a: run(w, u, float(a), x, cut)[1], np.array(v)),
            v * (v * states[-1] - g["target"]),
        ]

    same = {k for k, pair in enumerate(zip(grads(False), grads(True), strict=True), start=1) if np.allclose(*pair)}
    assert same == set(question.part("same").expected)


@pytest.mark.parametrize("seed", SEEDS)
def test_where_it_ends(seed: int | None) -> None:
    question, g = asked("where-it-ends", seed)
    assert expected(question, "reach") == g["k"]
    np.testing.assert_allclose(expected(question, "factor"), g["f"], rtol=1e-12)
    gone, height = 0, 1.0
    while gone + 1 < g["k"]:  # from step to step, down to the cliff
        gone, height = gone + 1, height * float(g["f"])
    np.testing.assert_allclose(question.graph.whole("last").number, height, rtol=1e-9)


@pytest.mark.parametrize("seed", SEEDS)
def test_backward_program(seed: int | None) -> None:
    question, g = asked("backward-program", seed)
    states, matrix = g["hs"], g["W_hh"]
    before = np.vstack([np.zeros(2), states[:-1]])
    drive = np.arctanh(states) - before @ matrix.T

    def loss(pushes: np.ndarray) -> float:  # pushes are added to the states themselves
        state, total = np.zeros(2), 0.0
        for t in range(len(states)):
            state = np.tanh(matrix @ state + drive[t]) + pushes[t]
            total += g["dh_out"][t] @ state
        return total

    np.testing.assert_allclose(expected(question, "dh"), by(loss, np.zeros(states.shape)), rtol=1e-6, atol=1e-8)
    assert mark(question, "dh", BACK).verdict == "right"
    no_slope = mark(question, "dh", BACK.replace("(1 - hs[t]**2) * dh[t]", "dh[t]"))
    assert no_slope.verdict == "wrong"
    assert no_slope.line == 7
    assert no_slope.says == "Line 7: a factor with hs is missing."


@pytest.mark.parametrize("seed", SEEDS)
def test_gradient_check(seed: int | None) -> None:
    question, g = asked("gradient-check", seed)

    def loss(w: float) -> float:
        state = 0.0
        for value in g["x"]:
            state = np.tanh(w * state + value)
        return float((state - g["target"]) ** 2 / 2)

    w, eps = float(g["w"]), float(g["eps"])
    np.testing.assert_allclose(expected(question, "slope"), (loss(w + eps) - loss(w - eps)) / (2 * eps), rtol=1e-9)
    assert mark(question, "slope", SLOPE).verdict == "right"
    one_sided = SLOPE.replace("loss(w - eps, x, y)) / (2 * eps)", "loss(w, x, y)) / eps")
    verdict = mark(question, "slope", one_sided)
    assert verdict.verdict == "wrong"
    assert "to one side" in verdict.says
    exact = (loss(w + 1e-6) - loss(w - 1e-6)) / 2e-6
    central = [abs((loss(w + e) - loss(w - e)) / (2 * e) - exact) for e in (0.02, 0.01)]
    to_one_side = [abs((loss(w + e) - loss(w)) / e - exact) for e in (0.02, 0.01)]
    assert central[0] / central[1] == pytest.approx(4, rel=0.1)  # off by about eps**2
    assert to_one_side[0] / to_one_side[1] == pytest.approx(2, rel=0.1)  # off by about eps
