"""The axes of plots: what can be drawn, round limits and ticks, and long lines made short without a change."""

import numpy as np
import pytest

from rnn_tutor.figures.axes import drawable, limits, thinned, ticks


def test_what_cannot_be_drawn_is_a_gap():
    values = np.array([1.0, np.nan, np.inf, -np.inf, -2.0, 0.0])
    assert np.array_equal(drawable(values), [1, np.nan, np.nan, np.nan, -2, 0], equal_nan=True)
    assert np.array_equal(drawable(values * 100, log=True), [2, *[np.nan] * 5], equal_nan=True)


@pytest.mark.parametrize(
    ("values", "most", "ends"),
    [
        ([0.03, 1.0], 5, (0, 1)),
        ([0.5, 0.51], 5, (0.5, 0.51)),
        ([0, 29], 0, (0, 29)),
        ([-1.3, 2.2], 5, (-1.3, 2.2)),
        ([5, 5], 5, (0, 10)),
        ([0], 5, (-1, 1)),
        ([-3, -3], 5, (-6, 0)),
        ([np.nan], 5, (0, 1)),
        ([], 5, (0, 1)),
    ],
)
def test_limits_are_round_where_that_is_near(values, most, ends):
    assert limits([np.array(values, dtype=float)], most) == pytest.approx(ends)


@pytest.mark.parametrize(
    ("low", "high", "most", "labels"),
    [
        (0, 1, 5, ["0", "0.5", "1.0"]),
        (0, 1, 6, ["0", "0.2", "0.4", "0.6", "0.8", "1.0"]),
        (-1.3, 2.2, 5, ["-1", "0", "1", "2"]),
        (0.5, 0.51, 5, ["0.500", "0.505", "0.510"]),
        (1e-9, 3e-9, 3, ["1e-9", "2e-9", "3e-9"]),
        (123455, 123470, 5, ["123455", "123460", "123465", "123470"]),
        (1e7, 1e7 + 3, 4, ["1.0000000e7", "1.0000001e7", "1.0000002e7", "1.0000003e7"]),
        (-1e300, 1e300, 3, ["-1e300", "0", "1e300"]),
    ],
)
def test_ticks_are_round_numbers_that_differ(low, high, most, labels):
    assert [tick.label for tick in ticks(low, high, most)] == labels


def test_an_index_has_no_fractions():
    assert [tick.at for tick in ticks(0, 3, 10, whole=True)] == [0, 1, 2, 3]


@pytest.mark.parametrize(
    ("values", "labels"),
    [
        ([1, 1000], ["1", "10", "100", "1000"]),
        ([1e-5, 3], ["0.0001", "0.01", "1"]),
        ([0.2, 0.9], ["0.2", "0.5", "1"]),
        ([0.30, 0.31], ["0.3", "0.31"]),
        ([1e-300, 1e300], ["1e-200", "1", "1e200"]),
    ],
)
def test_a_logarithmic_axis_has_powers_of_ten(values, labels):
    low, high = limits([drawable(np.array(values, dtype=float), log=True)], 5, log=True)
    assert [tick.label for tick in ticks(low, high, 5, log=True)] == labels


@pytest.mark.parametrize("seed", range(20))
def test_ticks_lie_on_the_axis_and_say_where(seed):
    rng = np.random.default_rng(seed)
    low = float(rng.normal() * 10.0 ** rng.integers(-8, 9))
    high = low + float(rng.random() * 10.0 ** rng.integers(-4, 9)) + 1e-6 * abs(low)
    found = ticks(low, high, 6)
    assert 2 <= len(found) <= 7
    assert len({tick.label for tick in found}) == len(found)
    step = found[1].at - found[0].at
    for tick in found:
        assert low - 1e-6 * step <= tick.at <= high + 1e-6 * step
        assert abs(float(tick.label) - tick.at) <= 0.01 * step


def test_a_long_line_keeps_what_is_drawn_of_it():
    x = np.arange(5000.0)
    y = np.sin(x / 300)
    y[2345], y[3456] = 9, -9
    short_x, short_y = thinned(x, y, 100)
    assert len(short_x) <= 400
    assert (np.diff(short_x) > 0).all()
    assert np.array_equal(y[short_x.astype(int)], short_y)
    assert {9, -9} <= set(short_y)
    assert (short_x[0], short_x[-1]) == (0, 4999)


@pytest.mark.parametrize("change", ["gap", "back"])
def test_a_line_with_gaps_or_that_turns_back_is_left_alone(change):
    x, y = np.arange(5000.0), np.ones(5000)
    if change == "gap":
        y[7] = np.nan
    else:
        x[7] = 0
    assert thinned(x, y, 100)[1] is y
