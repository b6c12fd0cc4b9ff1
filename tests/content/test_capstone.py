"""The capstone: its values by differences of a loss written out plainly; programs that are right, and nearly so."""

from itertools import pairwise

import numpy as np
import pytest

from rnn_tutor.exercises.mark import mark
from tests.content.course import asked, expected

PROGRAM = """\
def learn(ids, E, W_hh, W_hy, limit, rate, u):
    T = len(ids) - 1
    n = len(u)
    h = zeros((T, 2))
    dy = zeros((T, 3))
    before = zeros((T, 2))
    state = zeros(2)
    for t in range(T):
        before[t] = state
        state = tanh(E[ids[t]] + W_hh @ state)
        h[t] = state
        p = softmax(W_hy @ state)
        p[ids[t + 1]] -= 1
        dy[t] = p / T
    dE = zeros((3, 2))
    dW_hh = zeros((2, 2))
    da = zeros(2)
    for t in reversed(range(T)):
        dh = W_hy.T @ dy[t] + W_hh.T @ da
        da = (1 - h[t] ** 2) * dh
        dE[ids[t]] += da
        dW_hh += outer(da, before[t])
    dW_hy = dy.T @ h
    norm = sqrt(sum(dE ** 2) + sum(dW_hh ** 2) + sum(dW_hy ** 2))
    factor = min(1, limit / norm)
    E = E - rate * factor * dE
    W_hh = W_hh - rate * factor * dW_hh
    W_hy = W_hy - rate * factor * dW_hy
    q = zeros((n, 3))
    state = zeros(2)
    k = ids[0]
    for j in range(n):
        state = tanh(E[k] + W_hh @ state)
        q[j] = softmax(W_hy @ state)
        k = sum(cumsum(q[j]) <= u[j])
    return q
"""


def softmax(a):
    powers = np.exp(a - a.max())
    return powers / powers.sum()


def loss(ids, E, W_hh, W_hy):
    h, total = np.zeros(2), 0.0
    for this, following in pairwise(ids):
        h = np.tanh(E[this] + W_hh @ h)
        total -= np.log(softmax(W_hy @ h)[following])
    return total / (len(ids) - 1)


@pytest.mark.parametrize("seed", [None, 0, 1, 2, 5])
def test_capstone(seed):
    question, g = asked("capstone-charnn", seed)
    ids = g["ids"].astype(int)
    matrices = [g[name].astype(float) for name in ("E", "W_hh", "W_hy")]
    gradients = []
    for place, W in enumerate(matrices):
        slopes = np.zeros_like(W)
        for at in np.ndindex(W.shape):
            both = []
            for step in (1e-6, -1e-6):
                moved = [one.copy() for one in matrices]
                moved[place][at] += step
                both.append(loss(ids, *moved))
            slopes[at] = (both[0] - both[1]) / 2e-6
        gradients.append(slopes)
    norm = np.sqrt(sum((one**2).sum() for one in gradients))
    factor = min(1.0, float(g["limit"]) / norm)
    E, W_hh, W_hy = (W - g["rate"] * factor * one for W, one in zip(matrices, gradients, strict=True))
    h, k, rows = np.zeros(2), ids[0], []
    for draw in g["u"]:
        h = np.tanh(E[k] + W_hh @ h)
        rows.append(softmax(W_hy @ h))
        k = next(place for place in range(3) if rows[-1][: place + 1].sum() > draw)
    np.testing.assert_allclose(expected(question, "q"), rows, rtol=1e-5, atol=1e-7)
    assert mark(question, "q", PROGRAM).verdict == "right"


@pytest.mark.parametrize(
    ("right", "wrong", "line"),
    [
        ("(1 - h[t] ** 2) * dh", "dh", 20),
        ("dE[ids[t]] += da", "dE[ids[t]] = da", 21),
        ("outer(da, before[t])", "outer(da, h[t])", 22),
        ("W_hh.T @ da", "W_hh @ da", 19),
        ("min(1, limit / norm)", "limit / norm", 25),
        ("tanh(E[k] + W_hh @ state)", "tanh(E[ids[0]] + W_hh @ state)", 34),
        ("dy[t] = p / T", "dy[t] = p", 14),
    ],
)
def test_a_program_with_one_mistake_is_wrong_and_its_line_is_told(right, wrong, line):
    question, _ = asked("capstone-charnn", None)
    assert PROGRAM.count(right) == 1
    verdict = mark(question, "q", PROGRAM.replace(right, wrong))
    assert verdict.verdict == "wrong"
    assert verdict.line == line, verdict.says
