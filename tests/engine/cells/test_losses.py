import math
import re

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import array_shapes, arrays

from rnn_tutor.engine import cells
from rnn_tutor.engine.errors import EngineError

FINITE = st.floats(allow_nan=False, allow_infinity=False)
ROWS = array_shapes(min_dims=1, max_dims=3, max_side=4)


@given(x=arrays(np.float64, ROWS, elements=FINITE), data=st.data())
def test_softmax_of_any_finite_numbers_under_any_mask(x, data):
    mask = data.draw(arrays(np.bool_, x.shape))
    for shares, some in ((cells.softmax(x), np.ones(x.shape[:-1])), (cells.softmax(x, mask=mask), mask.any(-1))):
        assert np.isfinite(shares).all()
        np.testing.assert_allclose(shares.sum(-1), some, atol=1e-12)
    assert (cells.softmax(x, mask=mask)[~mask] == 0).all()
    log_p = cells.log_softmax(x)
    assert not np.isnan(log_p).any()
    np.testing.assert_allclose(np.exp(log_p), cells.softmax(x), atol=1e-12)
    assert not np.isnan(cells.log_softmax_backward(log_p, np.ones(x.shape))).any()


def test_softmax_by_hand_and_far_apart():
    np.testing.assert_allclose(cells.softmax(np.log([1.0, 3.0])), [0.25, 0.75], rtol=1e-15)
    np.testing.assert_allclose(cells.softmax(np.log([[1.0, 2.0], [3.0, 2.0]]), axis=0), [[0.25, 0.5], [0.75, 0.5]])
    assert cells.softmax([1e3, -1e3]).tolist() == [1.0, 0.0]
    assert cells.log_softmax([1e3, -1e3]).tolist() == [0.0, -2e3]
    assert cells.softmax([5.0, np.nan, 5.0], mask=[1, 0, 1]).tolist() == [0.5, 0.0, 0.5]
    assert cells.softmax(np.zeros((2, 0))).shape == cells.log_softmax(np.zeros((2, 0))).shape == (2, 0)


def test_cross_entropy_counts_real_tokens_only():
    logits = np.log([[0.5, 0.25, 0.25], [0.2, 0.2, 0.6], [0.1, 0.8, 0.1]])
    run = cells.cross_entropy(logits, [0, 2, 1], [1, 1, 0])
    np.testing.assert_allclose(run.each, [-math.log(0.5), -math.log(0.6), 0.0], rtol=1e-14)
    assert run.loss == pytest.approx(-(math.log(0.5) + math.log(0.6)) / 2, rel=1e-14)
    assert cells.perplexity(run.loss) == pytest.approx((0.5 * 0.6) ** -0.5, rel=1e-14)
    expected = [[-0.25, 0.125, 0.125], [0.1, 0.1, -0.2], [0, 0, 0]]
    np.testing.assert_allclose(cells.cross_entropy_backward(run), expected, atol=1e-15)


def test_what_is_masked_is_never_looked_at():
    run = cells.cross_entropy([[0.0, 0.0], [np.nan, np.inf]], [1.0, -100.0], [1.0, 0.0])
    assert run.loss == math.log(2)
    assert cells.cross_entropy_backward(run, deach=[0.0, 7.0])[1].tolist() == [0.0, 0.0]


def test_no_real_token_at_all_is_a_loss_of_zero():
    run = cells.cross_entropy(np.ones((2, 3, 4)), np.zeros((2, 3)), np.zeros((2, 3)))
    assert (run.loss, run.count) == (0.0, 0)
    assert not cells.cross_entropy_backward(run).any()


def test_the_surest_wrong_answer_is_finite():
    run = cells.cross_entropy([[1e3, -1e3]], [1])
    assert run.loss == 2000.0
    assert cells.cross_entropy_backward(run).tolist() == [[1.0, -1.0]]
    assert cells.perplexity(run.loss) == math.inf
    assert cells.perplexity_backward(math.inf, 0.0) == 0.0
    assert cells.perplexity(math.log(8)) == pytest.approx(8)
    assert cells.perplexity_backward(8.0, 0.5) == 4.0


@pytest.mark.parametrize(
    ("call", "words"),
    [
        (lambda: cells.cross_entropy(np.ones((2, 3)), [0, 3]), "targets must hold numbers from 0 to 2."),
        (lambda: cells.cross_entropy(np.ones((2, 3)), [0, 0.5]), "targets must hold whole numbers."),
        (lambda: cells.cross_entropy(np.ones((2, 3)), [0, np.nan]), "targets must hold whole numbers."),
        (lambda: cells.cross_entropy(np.ones((2, 3)), [0]), "targets is (1); it must be (2)."),
        (lambda: cells.cross_entropy(np.ones((2, 3)), [0, 1], [1]), "mask is (1); it must be (2)."),
        (lambda: cells.cross_entropy(np.ones((2, 3)), [0, 1], [1, 0.5]), "every element of it must be 0 or 1"),
        (lambda: cells.cross_entropy(1.0, 0), "logits is scalar; its last axis must hold the classes."),
        (lambda: cells.layer_norm(1.0), "x is scalar; its last axis must be the one to normalise."),
        (lambda: cells.layer_norm([1.0, 2.0], [1.0]), "gain is (1); it must be (H) = (2)."),
        (lambda: cells.layer_norm([1.0, 2.0], eps=-1.0), "eps must be 0 or more."),
        (lambda: cells.layer_norm([1.0, 2.0], eps=math.nan), "eps must be 0 or more."),
    ],
)
def test_what_does_not_fit_is_told_in_words(call, words):
    with pytest.raises(EngineError, match=re.escape(words)):
        call()


@given(x=arrays(np.float64, ROWS, elements=FINITE), eps=st.sampled_from([0.0, 1e-5, 1.0]))
def test_layer_norm_of_any_finite_numbers(x, eps):
    run = cells.layer_norm(x, eps=eps)
    H = x.shape[-1]
    assert np.abs(run.y).max() <= math.sqrt(H) * (1 + 1e-9)  # reached where one stands against all others
    np.testing.assert_allclose(run.y.mean(-1), 0, atol=1e-6)


def test_layer_norm_of_huge_numbers_has_the_gradient_of_its_scale():
    """Without eps, layer_norm(k x) = layer_norm(x): the gradient by k x is that by x over k."""
    x, dy, k = np.array([1.0, -2.0, 4.0]), np.array([1.0, 0.5, -3.0]), 2.0**600
    small = cells.layer_norm_backward(cells.layer_norm(x, eps=0.0), dy)[0]
    huge = cells.layer_norm_backward(cells.layer_norm(k * x, eps=0.0), dy)[0]
    np.testing.assert_allclose(huge * k, small, rtol=1e-12)


def test_layer_norm_by_hand():
    np.testing.assert_allclose(cells.layer_norm([1.0, 3.0], eps=0.0).y, [-1.0, 1.0], rtol=1e-15)
    np.testing.assert_allclose(cells.layer_norm([-1e308, 1e308]).y, [-1.0, 1.0], rtol=1e-15)
    constant = cells.layer_norm([4.0, 4.0], [2.0, 2.0], [0.5, 1.5], eps=0.0)
    assert constant.y.tolist() == [0.5, 1.5]
    assert np.isfinite(cells.layer_norm_backward(constant, [1.0, 2.0])[0]).all()
