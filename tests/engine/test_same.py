"""When two computed values count as the same."""

import numpy as np
import pytest

from rnn_tutor.engine.compare import CLOSELY, EXACTLY, IDENTICAL, PROBE, TYPED, same, same_as_any


@pytest.mark.parametrize(
    ("how", "near", "far"),
    [(TYPED, 0.848 * 1.009, 0.848 * 1.011), (CLOSELY, 1 + 9e-6, 1 + 2e-5), (EXACTLY, 1 + 9e-10, 1 + 2e-9)],
)
def test_how_near_is_near(how, near, far):
    truth = np.array(0.848 if how is TYPED else 1.0)
    assert same(np.array(near), truth, how)
    assert not same(np.array(far), truth, how)


def test_on_other_numbers_what_cancels_is_0_beside_large_ones():
    truth = np.array([1e6, 0.0])
    assert same(np.array([1e6, 5e-4]), truth, PROBE)
    assert not same(np.array([5e-4]), np.array([0.0]), PROBE)


def test_identical_is_to_the_last_bit():
    truth = np.array([0.1, np.inf, -0.0])
    assert same(truth.copy(), truth, IDENTICAL)
    assert not same(np.nextafter(truth, 1), truth, IDENTICAL)
    assert same(np.array([True, False]), np.array([1.0, 0.0]), IDENTICAL)


@pytest.mark.parametrize("how", [TYPED, CLOSELY, EXACTLY, IDENTICAL, PROBE])
def test_what_is_not_there_or_of_another_shape_or_no_number_is_never_the_same(how):
    one = np.array([1.0, 2.0])
    assert not same(None, one, how)
    assert not same(one, None, how)
    assert not same(one, one[:1], how)
    assert not same(np.array(1.0), np.array([1.0]), how)
    assert not same(np.array([np.nan, 2.0]), np.array([np.nan, 2.0]), how)


@pytest.mark.parametrize("how", [TYPED, CLOSELY, EXACTLY, IDENTICAL, PROBE])
def test_of_several_at_once_as_of_each(how):
    odd = [0.0, -0.0, 1.0, 1 + 5e-5, 1 + 5e-6, 1e6, 5e-4, 1e-13, np.inf, -np.inf, np.nan]
    rows = np.array([[a, b] for a in odd for b in odd])
    for value in rows:
        expected = [same(value, row, how) for row in rows]
        assert [same_as_any(value, row[None], how) for row in rows] == expected
        assert same_as_any(value, rows, how) == any(expected)
    assert same_as_any(np.array(1.0), np.array([2.0, 1.0]), how)
    assert not same_as_any(np.array(1.0), np.zeros(0), how)
