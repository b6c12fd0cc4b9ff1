"""Numbers as text, aligned: pure functions, used wherever a screen shows an array."""

import math
from collections.abc import Sequence
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import numpy as np

MOST_DECIMALS = 6
_LARGE = 1e6
_SMALL = 1e-4
_BETWEEN = "  "
_DOTS = "..."


def decimals(values: Sequence[float]) -> int | None:
    """Return how many decimals show these values exactly (at most 6), or None where digits suit better."""
    finite = [value for value in values if math.isfinite(value)]
    sizes = [abs(value) for value in finite if value != 0]
    if sizes and (max(sizes) >= _LARGE or min(sizes) < _SMALL):
        return None
    for count in range(MOST_DECIMALS + 1):
        if all(math.isclose(round(value, count), value, rel_tol=0, abs_tol=1e-12) for value in finite):
            return count
    return MOST_DECIMALS


def one(value: float, places: int | None) -> str:
    """Return one number: with so many decimals, or (None) with six digits."""
    if math.isnan(value):
        return "nan"
    if math.isinf(value):
        return "inf" if value > 0 else "-inf"
    text = f"{value:.6g}" if places is None else f"{value:.{places}f}"
    return text[1:] if text.startswith("-") and float(text) == 0 else text


def grid(values: "np.ndarray", room: int, most_rows: int = 12, places: int | None = None, wide: int = 0) -> list[str]:
    """Return an array of up to two dimensions as aligned lines that fit `room` characters.

    A long vector goes on in further lines; what is cut from a matrix leaves dots behind, and no number is ever cut.
    places, wide: decimals and width of a number, where they should be those of other arrays too.
    """
    array = values.reshape(1, -1) if values.ndim < 2 else values
    sample = [float(value) for value in array[:most_rows, : max(1, room)].ravel()]
    if places is None:
        places = decimals(sample)
    width = max([wide, *(len(one(value, places)) for value in sample)])
    fit = max(1, (room + len(_BETWEEN)) // (width + len(_BETWEEN)))
    if len(array) == 1 and array.shape[1] > fit:
        return _wrapped(array[0], fit, most_rows, width, places)
    cut = array.shape[1] > fit
    if cut:
        fit = max(1, fit - 1 if width >= len(_DOTS) else fit - 2)
    lines = [
        _BETWEEN.join(one(float(value), places).rjust(width) for value in row[:fit]) + (_BETWEEN + _DOTS) * cut
        for row in array[:most_rows]
    ]
    return [*lines, _DOTS] if len(array) > most_rows else lines


def _wrapped(row: "np.ndarray", fit: int, most_rows: int, width: int, places: int | None) -> list[str]:
    lines = [
        _BETWEEN.join(one(float(value), places).rjust(width) for value in row[start : start + fit])
        for start in range(0, min(len(row), fit * most_rows), fit)
    ]
    return [*lines, _DOTS] if len(row) > fit * most_rows else lines
