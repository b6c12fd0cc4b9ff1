"""What the axes of a plot say: which values can be drawn, from where to where, and round numbers along the way.

A logarithmic axis is drawn in powers of ten: `drawable` gives log10 of the values, and limits and ticks are in that
unit. What cannot be drawn (not finite, or not positive on a logarithmic axis) is nan: a gap.
"""

import math
from collections.abc import Iterable
from dataclasses import dataclass

import numpy as np

from rnn_tutor.engine.array_types import NDArray
from rnn_tutor.engine.compare import distinct
from rnn_tutor.figures.numbers import MOST_POWER, log_tick, tick

Values = NDArray[np.float64]

LARGEST = 1e300  # beyond it a difference of two values is no number any more
_CLOSE = 0.15  # of the span: so much may be added to begin or end at a round number
_STEPS = (1.0, 2.0, 5.0, 10.0)


@dataclass(frozen=True)
class Tick:
    """A place on an axis, in the unit that is drawn, and the number that stands there."""

    at: float
    label: str


def drawable(values: Values, log: bool = False) -> Values:
    """Return the values as they are drawn, nan where they cannot be."""
    array = np.asarray(values, dtype=np.float64)
    with np.errstate(all="ignore"):
        if log:
            return np.where(np.isfinite(array) & (array > 0), np.log10(array), np.nan)
        return np.where(np.isfinite(array), np.clip(array, -LARGEST, LARGEST), np.nan)


def limits(arrays: Iterable[Values], most: int, log: bool = False) -> tuple[float, float]:
    """Return where an axis begins and ends, for values as `drawable` gives them: at round numbers where such are near.

    most: how many ticks there is room for; 0: the axis begins and ends where the values do. Where nothing can be drawn
    it is 0 and 1; where all is one value, the axis has it in its middle.
    """
    ends = [
        (float(np.fmin.reduce(array, axis=None)), float(np.fmax.reduce(array, axis=None)))
        for array in arrays
        if array.size and not np.isnan(array).all()
    ]
    if not ends:
        return (0.0, 1.0)
    low, high = min(end[0] for end in ends), max(end[1] for end in ends)
    if high - low <= 1e-12 * max(abs(low), abs(high)):
        around = 1.0 if log else abs(low) or 1.0
        return (low - around, high + around)
    if not most:
        return (low, high)
    step = _step(high - low, most, whole=log)
    below, above = math.floor(low / step) * step, math.ceil(high / step) * step
    span = high - low
    return (below if low - below <= _CLOSE * span else low, above if above - high <= _CLOSE * span else high)


def ticks(low: float, high: float, most: int, *, log: bool = False, whole: bool = False) -> list[Tick]:
    """Return at most about `most` round numbers from low to high; whole: no fractions (an index).

    Of a logarithmic axis: powers of ten, and 1, 2, 5 times such where there is room.
    """
    if log:
        return _log_ticks(low, high, most)
    step = _step(high - low, most, whole=whole)
    first, last = math.ceil(low / step - 1e-9), math.floor(high / step + 1e-9)
    values = [place * step for place in range(first, last + 1)]
    return [Tick(value, tick(value, step)) for value in values]


def thinned(x: Values, y: Values, columns: int) -> tuple[Values, Values]:
    """Return a long line by its first, lowest, highest and last point in each column: drawn so wide it looks the same.

    A line that does not run from left to right, or has gaps, is returned as it is.
    """
    if len(x) <= 4 * columns or np.isnan(y).any() or not (np.diff(x) > 0).all():
        return x, y
    column_of = np.minimum((x - x[0]) * (columns / (x[-1] - x[0])), columns - 1).astype(np.intp)
    starts = np.flatnonzero(np.diff(column_of, prepend=-1))
    ends = np.append(starts[1:], len(x)) - 1
    order = np.lexsort((y, column_of))  # within each column from the lowest to the highest
    shown_points = distinct(np.concatenate([starts, order[starts], order[ends], ends]))
    return x[shown_points], y[shown_points]


def _step(span: float, most: int, *, whole: bool) -> float:
    """Return the smallest of 1, 2, 5, 10, 20, ... that divides a span into at most `most` - 1 parts."""
    least = span / max(1, most - 1)
    power = 10.0 ** math.floor(math.log10(least))
    step = next(power * digit for digit in _STEPS if power * digit >= least * (1 - 1e-9))
    return max(1.0, step) if whole else step


def _log_ticks(low: float, high: float, most: int) -> list[Tick]:
    near = range(max(-MOST_POWER, math.floor(low)), min(MOST_POWER, math.ceil(high)) + 1)
    places = [math.log10(digit) + power for power in near for digit in (1, 2, 5)]
    inside = [Tick(at, log_tick(at)) for at in places if low - 1e-9 <= at <= high + 1e-9]
    if 1 < len(inside) <= most:
        return inside
    step = int(_step(high - low, most, whole=True))
    powers = [power for power in range(math.ceil(low - 1e-9), math.floor(high + 1e-9) + 1) if power % step == 0]
    if len(powers) > 1:
        return [Tick(float(power), log_tick(power)) for power in powers]
    if len(inside) > 1:
        return inside[:: -(-len(inside) // max(2, most))]
    return [Tick(at, log_tick(at)) for at in (low, high)]
