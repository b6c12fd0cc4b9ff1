"""Numbers as text: in a few characters, on one line, in columns. Whatever shows a number writes it here."""

import math
from collections.abc import Sequence

import numpy as np

from rnn_tutor.engine.functions import Array
from rnn_tutor.engine.graph.provenance import number

MAX_ECHO = 200  # characters of an array on one line
MOST_DECIMALS = 6
_LARGE = 1e6
_SMALL = 1e-4
_BETWEEN = "  "
_DOTS = "..."


def brief(value: float) -> str:
    """Return a number in a few characters: four significant digits."""
    return number(value)


def short(value: float) -> str:
    """Return a number in a cell: three significant digits."""
    return number(value, 3)


def full(value: float) -> str:
    """Return a number with as many digits as one can read off: ten."""
    return number(value, 10)


def values(value: Array, digits: int = 4, limit: int = MAX_ECHO) -> str:
    """Return the numbers of an array on one line, rows of a matrix in brackets, cut with ... where it is too long."""
    text = _values(np.asarray(value), digits, limit)
    return text if len(text) <= limit else text[: limit - 4].rstrip() + " ..."


def _values(value: Array, digits: int, limit: int) -> str:
    if value.ndim == 0:
        return number(float(value), digits)
    if value.ndim == 1:
        return " ".join(number(float(one), digits) for one in value[: limit // 2])
    return " ".join(f"[{_values(row, digits, limit)}]" for row in value[: limit // 4])


def listed(value: Array, digits: int = 4) -> str:
    """Return an array as the language writes it: 0.95, [0.95, 0], [[1, 2], [3, 4]]."""
    if value.ndim == 0:
        return number(float(value), digits)
    return "[" + ", ".join(listed(np.asarray(one), digits) for one in value) + "]"


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


def grid(values: Array, room: int, most_rows: int = 12, places: int | None = None, wide: int = 0) -> list[str]:
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


def _wrapped(row: Array, fit: int, most_rows: int, width: int, places: int | None) -> list[str]:
    lines = [
        _BETWEEN.join(one(float(value), places).rjust(width) for value in row[start : start + fit])
        for start in range(0, min(len(row), fit * most_rows), fit)
    ]
    return [*lines, _DOTS] if len(row) > fit * most_rows else lines
