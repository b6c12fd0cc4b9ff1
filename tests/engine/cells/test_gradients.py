"""Forwards against the formulas written out step by step, backwards against complex-step derivatives of those.

f(x + i*1e-200) has f'(x) * 1e-200 as its imaginary part, without any difference being taken: exact to rounding.
"""

import numpy as np
import pytest

from rnn_tutor.engine import cells

T, B, H = 5, 3, 3
I = 2  # noqa: E741 (the size of an input)


def sigmoid(a):
    return 1 / (1 + np.exp(-a))


def rnn_by_hand(activation, x, W_xh, W_hh, b, h0):
    h, rows = h0, []
    for t in range(len(x)):
        a = W_xh @ x[t] + W_hh @ h + b
        h = np.tanh(a) if activation == "tanh" else a * (a.real > 0)
        rows.append(h)
    return [np.array(rows)]


def lstm_by_hand(x, W_xh, W_hh, b, p, h0, c0):
    h, c, hs, cs = h0, c0, [], []
    W_i, W_f, W_g, W_o = np.split(W_xh, 4)
    U_i, U_f, U_g, U_o = np.split(W_hh, 4)
    b_i, b_f, b_g, b_o = np.split(b, 4)
    for t in range(len(x)):
        i = sigmoid(W_i @ x[t] + U_i @ h + p[0] * c + b_i)
        f = sigmoid(W_f @ x[t] + U_f @ h + p[1] * c + b_f)
        g = np.tanh(W_g @ x[t] + U_g @ h + b_g)
        c = f * c + i * g
        o = sigmoid(W_o @ x[t] + U_o @ h + p[2] * c + b_o)
        h = o * np.tanh(c)
        hs.append(h)
        cs.append(c)
    return [np.array(hs), np.array(cs)]


def gru_by_hand(blend, reset, x, W_xh, W_hh, b_xh, b_hh, h0):
    h, rows = h0, []
    W_r, W_z, W_n = np.split(W_xh, 3)
    U_r, U_z, U_n = np.split(W_hh, 3)
    b_r, b_z, b_xn = np.split(b_xh, 3)
    c_r, c_z, b_hn = np.split(b_hh, 3)
    for t in range(len(x)):
        r = sigmoid(W_r @ x[t] + b_r + U_r @ h + c_r)
        z = sigmoid(W_z @ x[t] + b_z + U_z @ h + c_z)
        if reset == "after":
            n = np.tanh(W_n @ x[t] + b_xn + r * (U_n @ h + b_hn))
        else:
            n = np.tanh(W_n @ x[t] + b_xn + U_n @ (r * h) + b_hn)
        h = z * h + (1 - z) * n if blend == "cho" else (1 - z) * h + z * n
        rows.append(h)
    return [np.array(rows)]


def complex_step(f, arguments):
    """Return the gradients of a scalar function by all its arguments."""
    found = []
    for at, argument in enumerate(arguments):
        grad = np.empty(np.shape(argument))
        for place in np.ndindex(grad.shape):
            moved = [np.asarray(one, dtype=complex) for one in arguments]
            moved[at] = moved[at].copy()
            moved[at][place] += 1e-200j
            grad[place] = f(*moved).imag / 1e-200
        found.append(grad)
    return found


def agree(found, expected):
    assert len(found) == len(expected)
    for mine, truth in zip(found, expected, strict=True):
        assert np.shape(mine) == np.shape(truth)
        np.testing.assert_allclose(mine, truth, rtol=1e-11, atol=1e-11)


def batched(by_hand, states):
    """Make a formula for one sequence one for a batch: the first argument and the last `states` differ by sequence."""

    def all_of(x, *rest):
        shared, starts = rest[: len(rest) - states], rest[len(rest) - states :]
        rows = [by_hand(x[b], *shared, *(start[b] for start in starts)) for b in range(len(x))]
        return [np.stack(one) for one in zip(*rows, strict=True)]

    return all_of


def loss_of(by_hand, cotangents, lasts):
    def loss(*arguments):
        rows = by_hand(*arguments)
        each = sum((row * given).sum() for row, given in zip(rows, cotangents, strict=True))
        return each + sum((row[:, -1] * given).sum() for row, given in zip(rows, lasts, strict=True))

    return loss


def numbers(*shapes, seed=0):
    rng = np.random.default_rng(seed)
    return [rng.normal(size=shape) for shape in shapes]


@pytest.mark.parametrize("activation", ["tanh", "relu"])
def test_rnn(activation):
    arguments = x, W_xh, W_hh, b, h0 = numbers((B, T, I), (H, I), (H, H), (H,), (B, H))
    dh, dh_last = numbers((B, T, H), (B, H), seed=1)
    by_hand = batched(lambda *a: rnn_by_hand(activation, *a), 1)
    run = cells.rnn(x, W_xh, W_hh, b, h0=h0, activation=activation)
    agree([run.h, run.h_last], [by_hand(*arguments)[0], by_hand(*arguments)[0][:, -1]])
    grads = cells.rnn_backward(run, dh, dh_last)
    expected = complex_step(loss_of(by_hand, [dh], [dh_last]), arguments)
    agree([grads.x, *grads.parameters, grads.h0], expected)


@pytest.mark.parametrize("peepholes", [True, False])
def test_lstm(peepholes):
    arguments = x, W_xh, W_hh, b, p, h0, c0 = numbers(
        (B, T, I), (4 * H, I), (4 * H, H), (4 * H,), (3, H), (B, H), (B, H)
    )
    if not peepholes:
        p *= 0
    dh, dc, dh_last, dc_last = numbers((B, T, H), (B, T, H), (B, H), (B, H), seed=1)
    by_hand = batched(lstm_by_hand, 2)
    run = cells.lstm(x, W_xh, W_hh, b, p if peepholes else None, h0=h0, c0=c0)
    h, c = by_hand(*arguments)
    agree([run.h, run.c, run.h_last, run.c_last], [h, c, h[:, -1], c[:, -1]])
    grads = cells.lstm_backward(run, dh, dh_last, dc_last, dc)
    expected = complex_step(loss_of(by_hand, [dh, dc], [dh_last, dc_last]), arguments)
    if not peepholes:
        assert grads.peepholes is None
        del expected[4]
    agree([grads.x, *grads.parameters, grads.h0, grads.c0], expected)


@pytest.mark.parametrize("blend", ["cho", "chung"])
@pytest.mark.parametrize("reset", ["before", "after"])
def test_gru(blend, reset):
    shapes = (B, T, I), (3 * H, I), (3 * H, H), (3 * H,), (3 * H,), (B, H)
    arguments = x, W_xh, W_hh, b_xh, b_hh, h0 = numbers(*shapes)
    dh, dh_last = numbers((B, T, H), (B, H), seed=1)
    by_hand = batched(lambda *a: gru_by_hand(blend, reset, *a), 1)
    run = cells.gru(x, W_xh, W_hh, b_xh, b_hh, blend=blend, reset=reset, h0=h0)
    agree([run.h, run.h_last], [by_hand(*arguments)[0], by_hand(*arguments)[0][:, -1]])
    grads = cells.gru_backward(run, dh, dh_last)
    expected = complex_step(loss_of(by_hand, [dh], [dh_last]), arguments)
    agree([grads.x, *grads.parameters, grads.h0], expected)


def softmax_by_hand(x, mask):
    powers = np.exp(x) * mask
    total = powers.sum(-1, keepdims=True)
    return powers / np.where(total == 0, 1, total)


MASK = np.array([[1, 0, 1, 1], [1, 1, 0, 0], [0, 0, 0, 0]])  # the last query may look at nothing


def test_masked_softmax():
    x, dy = numbers((3, 4), (3, 4))
    p = cells.softmax(x, mask=MASK)
    agree([p], [softmax_by_hand(x, MASK)])
    expected = complex_step(lambda x: (softmax_by_hand(x, MASK) * dy).sum(), [x])
    agree([cells.softmax_backward(p, dy)], expected)


@pytest.mark.parametrize("scaled", [True, False])
def test_dot_attention_with_a_query_that_sees_nothing_and_batches_that_broadcast(scaled):
    """Queries of shape (2, 1, Tq, d), keys (3, Tk, d), values without a batch: gradients add up over the copies."""
    arguments = Q, K, V = numbers((2, 1, 3, 2), (3, 4, 2), (4, 5))
    (dcontext,) = numbers((2, 3, 3, 5), seed=1)

    def by_hand(Q, K, V):
        scores = Q @ np.swapaxes(K, -1, -2)
        return softmax_by_hand(scores / np.sqrt(2) if scaled else scores, MASK) @ V

    run = cells.dot_attention(Q, K, V, MASK, scaled=scaled)
    agree([run.context], [by_hand(*arguments)])
    grads = cells.dot_attention_backward(run, dcontext)
    expected = complex_step(lambda *a: (by_hand(*a) * dcontext).sum(), arguments)
    agree([grads.queries, grads.keys, grads.values], expected)


def test_values_may_have_a_batch_that_queries_and_keys_have_not():
    arguments = Q, K, V = numbers((3, 2), (4, 2), (2, 4, 5))
    (dcontext,) = numbers((2, 3, 5), seed=1)
    run = cells.dot_attention(Q, K, V)
    grads = cells.dot_attention_backward(run, dcontext)
    ones = np.ones((3, 4))
    expected = complex_step(
        lambda Q, K, V: (softmax_by_hand(Q @ K.T / np.sqrt(2), ones) @ V * dcontext).sum(), arguments
    )
    agree([grads.queries, grads.keys, grads.values], expected)


def test_additive_attention_with_a_query_that_sees_nothing_and_batches_that_broadcast():
    arguments = numbers((3, 2), (2, 4, 3), (2, 4, 5), (6, 2), (6, 3), (6,))
    (dcontext,) = numbers((2, 3, 5), seed=1)

    def by_hand(Q, K, V, W_q, W_k, v):
        scores = np.array(
            [[[v @ np.tanh(W_q @ Q[i] + W_k @ K[b, j]) for j in range(4)] for i in range(3)] for b in range(2)]
        )
        return softmax_by_hand(scores, MASK) @ V

    run = cells.additive_attention(*arguments, MASK)
    agree([run.context], [by_hand(*arguments)])
    g = cells.additive_attention_backward(run, dcontext)
    expected = complex_step(lambda *a: (by_hand(*a) * dcontext).sum(), arguments)
    agree([g.queries, g.keys, g.values, g.W_q, g.W_k, g.v], expected)


@pytest.mark.parametrize("attention", ["dot", "additive"])
def test_one_query_is_the_row_of_many(attention):
    q, K, V, W_q, W_k, v, d = numbers((2,), (4, 2), (4, 5), (6, 2), (6, 2), (6,), (5,))
    more = () if attention == "dot" else (W_q, W_k, v)
    forwards, backwards = getattr(cells, f"{attention}_attention"), getattr(cells, f"{attention}_attention_backward")
    one, many = forwards(q, K, V, *more), forwards(q[None], K, V, *more)
    assert one.context.shape == (5,)
    assert one.weights.shape == one.scores.shape == (4,)
    agree([one.context, one.weights, one.scores], [many.context[0], many.weights[0], many.scores[0]])
    mine, theirs = backwards(one, d), backwards(many, d[None])
    agree([mine.queries, mine.keys, mine.values], [theirs.queries[0], theirs.keys, theirs.values])


@pytest.mark.parametrize("eps", [1e-5, 0.1, 0.0])
def test_layer_norm(eps):
    arguments = x, gain, bias = numbers((3, 4), (4,), (4,))
    (dy,) = numbers((3, 4), seed=1)

    def by_hand(x, gain, bias):
        away = x - x.mean(-1, keepdims=True)
        return gain * away / np.sqrt((away**2).mean(-1, keepdims=True) + eps) + bias

    run = cells.layer_norm(x, gain, bias, eps)
    agree([run.y], [by_hand(*arguments)])
    agree(cells.layer_norm_backward(run, dy), complex_step(lambda *a: (by_hand(*a) * dy).sum(), arguments))


@pytest.mark.parametrize("order", [1, 2, np.inf])
@pytest.mark.parametrize("limit", [0.0, 0.7, 100.0])
@pytest.mark.parametrize("eps", [cells.TEXTBOOK_EPS, cells.PYTORCH_EPS])
def test_clip_by_norm(order, limit, eps):
    g, dy = numbers((2, 3), (2, 3))

    def by_hand(g):
        sizes = g * np.sign(g.real)
        norm = {1: sizes.sum(), 2: np.sqrt((g * g).sum()), np.inf: sizes.ravel()[np.argmax(sizes.real)]}[order]
        return g * (limit / (norm + eps) if norm.real + eps > limit else 1.0)

    agree([cells.clip_by_norm(g, limit, order, eps)], [by_hand(g)])
    expected = complex_step(lambda g: (by_hand(g) * dy).sum(), [g])
    agree([cells.clip_by_norm_backward(g, limit, dy, order, eps)], expected)
