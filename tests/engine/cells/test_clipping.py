import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import array_shapes, arrays

from rnn_tutor.engine import cells
from rnn_tutor.engine.errors import EngineError

# Up to where a sum of a few is still float64.
NUMBERS = arrays(np.float64, array_shapes(max_dims=2, max_side=4), elements=st.floats(-1e290, 1e290))
ORDERS = st.sampled_from([1.0, 2.0, math.inf])


def test_the_book_s_vector_in_both_forms():
    assert cells.clip_by_norm([6.0, 8.0], 5.0).tolist() == [3.0, 4.0]
    pytorch = cells.clip_by_norm([6.0, 8.0], 5.0, eps=cells.PYTORCH_EPS)
    assert pytorch.tolist() == pytest.approx([2.9999997, 3.9999996], abs=1e-13)


def test_pytorch_s_form_begins_to_clip_a_little_below_the_limit():
    just_below = np.array([5.0 - 5e-7])
    assert cells.clip_by_norm(just_below, 5.0).tolist() == just_below.tolist()
    assert cells.clip_by_norm(just_below, 5.0, eps=cells.PYTORCH_EPS)[0] < just_below[0]


def test_tied_maxima_share_the_gradient():
    """The norm is 2, of two equals: each is half responsible for it."""
    expected = [0.5 * (1 - 0.5), 0.5 * -0.5 * -1, 0.5 * 0]
    np.testing.assert_allclose(cells.clip_by_norm_backward([2.0, -2.0, 1.0], 1.0, [1.0, 0, 0], math.inf), expected)


def test_by_value_changes_the_direction():
    assert cells.clip_by_value([6.0, -8.0, 0.5], 5.0).tolist() == [5.0, -5.0, 0.5]
    assert cells.clip_by_value_backward([6.0, -5.0, 0.5], 5.0, [1.0, 2.0, 3.0]).tolist() == [0.0, 2.0, 3.0]


def test_norms_by_hand():
    g = [[3.0, -4.0], [0.0, 12.0]]
    assert [cells.norm(g, order) for order in (1, 2, math.inf)] == pytest.approx([19.0, 13.0, 12.0])
    assert cells.norm([3e200, 4e200]) == pytest.approx(5e200)
    assert cells.norm([3e-200, 4e-200]) == pytest.approx(5e-200)
    assert cells.norm([]) == cells.norm([0.0, 0.0]) == 0.0


def test_the_global_norm_is_that_of_one_long_vector():
    gs = [np.array([[3.0]]), np.array([0.0, -4.0])]
    for order in (1, 2, math.inf):
        clipped, total = cells.clip_by_global_norm(gs, 1.0, order)
        whole = np.array([3.0, 0.0, -4.0])
        assert total == pytest.approx(cells.norm(whole, order))
        joined = np.concatenate([one.ravel() for one in clipped])
        np.testing.assert_allclose(joined, cells.clip_by_norm(whole, 1.0, order), rtol=1e-15)
        assert [one.shape for one in clipped] == [(1, 1), (2,)]


@given(g=NUMBERS, limit=st.floats(0, 1e290), order=ORDERS, eps=st.sampled_from([0.0, 1e-6]))
def test_clipped_numbers_stay_within_the_limit_and_keep_their_direction(g, limit, order, eps):
    clipped = cells.clip_by_norm(g, limit, order, eps)
    assert np.isfinite(clipped).all()
    assert cells.norm(clipped, order) <= limit * (1 + 1e-12) + 1e-320
    assert (clipped * np.sign(g) >= 0).all()
    if cells.norm(g, order) + eps <= limit:
        assert np.array_equal(clipped, g)
    assert np.isfinite(cells.clip_by_norm_backward(g, limit, np.ones(g.shape), order, eps)).all()


def test_the_gradient_along_the_vector_is_lost():
    g = np.array([6.0, 8.0])
    np.testing.assert_allclose(cells.clip_by_norm_backward(g, 5.0, g), [0.0, 0.0], atol=1e-14)
    np.testing.assert_allclose(cells.clip_by_norm_backward(g, 5.0, [-8.0, 6.0]), [-4.0, 3.0], rtol=1e-14)


@pytest.mark.parametrize("limit", [-1.0, math.nan])
@pytest.mark.parametrize("clip", [cells.clip_by_norm, cells.clip_by_value])
def test_a_limit_is_not_negative(clip, limit):
    with pytest.raises(EngineError, match="0 or more"):
        clip([1.0], limit)


def test_other_norms_are_refused_in_words():
    with pytest.raises(EngineError, match="1, 2 or inf"):
        cells.norm([1.0], 3)
    with pytest.raises(EngineError, match="The norm grows beyond"):
        cells.clip_by_norm([1e308, 1e308], 1.0, 1)


@pytest.mark.parametrize("order", [1.0, 2.0, math.inf])
@pytest.mark.parametrize(("value", "named"), [(math.nan, "NaN"), (math.inf, "inf"), (-math.inf, "inf")])
def test_what_is_not_finite_is_named_the_same_in_each_norm(order, value, named):
    g = [1.0, value, 2.0]
    for clipped in (
        lambda: cells.norm(g, order),
        lambda: cells.clip_by_norm(g, 1.0, order),
        lambda: cells.clip_by_norm(g, 1.0, order, eps=cells.PYTORCH_EPS),
        lambda: cells.clip_by_norm_backward(g, 1.0, [1.0, 1.0, 1.0], order),
        lambda: cells.clip_by_global_norm([[3.0], g], 1.0, order),
    ):
        with pytest.raises(EngineError, match=f"The gradient holds a value that is not finite: {named}"):
            clipped()


def test_a_perplexity_of_nan_is_nan():
    assert math.isnan(cells.perplexity(math.nan))
    assert cells.perplexity(1e4) == math.inf
