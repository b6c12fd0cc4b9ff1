"""Numbers as text: in a few characters, on one line, in columns. Whatever shows a number writes it here."""

import math
from collections.abc import Sequence
from decimal import Decimal

import numpy as np

from rnn_tutor.engine.functions import Array
from rnn_tutor.engine.number_text import short_power, shown, significant

MAX_ECHO = 200  # characters of an array on one line
MOST_DECIMALS = 6
_LARGE = 1e6
_SMALL = 1e-4
_LONGEST = 1e-5, 1e7  # what is rounded for an answer has powers of ten beyond
_TICK_DECIMALS = 4
_TICK_DIGITS = 15
MOST_POWER = 300  # powers of ten beyond it are no numbers any more, or lose digits
_BETWEEN = "  "
_DOTS = "..."


def brief(value: float) -> str:
    """Return a number in a few characters: four significant digits, unless the learner wants to see others."""
    return shown(value)


def short(value: float) -> str:
    """Return a number in a cell: three significant digits."""
    return significant(value, 3)


def full(value: float) -> str:
    """Return a number with as many digits as one can read off: ten, unless the learner wants to see others."""
    return shown(value, 10)


def values(value: Array, digits: int = 4, limit: int = MAX_ECHO) -> str:
    """Return the numbers of an array on one line, rows of a matrix in brackets, cut with ... where it is too long."""
    text = _values(np.asarray(value), digits, limit)
    return text if len(text) <= limit else text[: limit - 4].rstrip() + " ..."


def _values(value: Array, digits: int, limit: int) -> str:
    if value.ndim == 0:
        return significant(float(value), digits)
    if value.ndim == 1:
        return " ".join(significant(float(element), digits) for element in value[: limit // 2])
    return " ".join(f"[{_values(row, digits, limit)}]" for row in value[: limit // 4])


def listed(value: Array, digits: int = 4) -> str:
    """Return an array as the language writes it: 0.95, [0.95, 0], [[1, 2], [3, 4]]."""
    if value.ndim == 0:
        return significant(float(value), digits)
    return "[" + ", ".join(listed(np.asarray(part), digits) for part in value) + "]"


def alone(value: float) -> str:
    """Return a number that stands alone in a table: with all its decimals (at most 6)."""
    return fixed(value, decimals([value]))


def read_out(value: float) -> str:
    """Return a number that changes while one watches: four significant digits, a whole number with all of its own."""
    return significant(value, 15) if value.is_integer() and abs(value) < _LARGE else shown(value)


def rounded(value: float, digits: int) -> str:
    """Return a number as one writes it who rounds to so many significant digits; a whole number stays whole."""
    if not math.isfinite(value) or (value.is_integer() and abs(value) < _LONGEST[1]):
        return significant(value, 15)
    text = f"{value:#.{digits}g}"
    return format(Decimal(text), "f") if _LONGEST[0] <= abs(value) < _LONGEST[1] else short_power(text)


def rounded_list(value: Array, digits: int) -> str:
    """Return an array as the language writes it, each number `rounded`."""
    if value.ndim:
        return "[" + ", ".join(rounded_list(np.asarray(part), digits) for part in value) + "]"
    return rounded(float(value), digits)


def tick(value: float, step: float) -> str:
    """Return a number as it stands on an axis whose numbers are `step` apart."""
    if abs(value) < step * 1e-6:
        return "0"
    unit = math.floor(math.log10(step) + 1e-9)  # the place of the last digit that matters
    if abs(value) < _LARGE and unit >= -_TICK_DECIMALS:
        return f"{value:.{max(0, -unit)}f}"
    digits = max(0, math.floor(math.log10(abs(value)) + 1e-9) - unit)
    return short_power(f"{value:.{min(digits, _TICK_DIGITS)}e}")


def log_tick(power: float) -> str:
    """Return 10**power as it stands on a logarithmic axis; beyond what floats hold, as a power of ten."""
    if abs(power) > MOST_POWER:
        return f"1e{power:.1f}"
    if float(power).is_integer():
        return f"{10.0**power:g}" if -4 <= power <= 5 else f"1e{int(power)}"
    return significant(10.0**power)


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


def fixed(value: float, places: int | None) -> str:
    """Return one number: with so many decimals, or (None) with six digits."""
    if math.isnan(value):
        return "nan"
    if math.isinf(value):
        return "inf" if value > 0 else "-inf"
    if places is None:
        return significant(value, 6)
    text = f"{value:.{places}f}"
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
    width = max([wide, *(len(fixed(value, places)) for value in sample)])
    fit = max(1, (room + len(_BETWEEN)) // (width + len(_BETWEEN)))
    if len(array) == 1 and array.shape[1] > fit:
        return _wrapped(array[0], fit, most_rows, width, places)
    cut = array.shape[1] > fit
    if cut:
        fit = max(1, fit - 1 if width >= len(_DOTS) else fit - 2)
    lines = [
        _BETWEEN.join(fixed(float(value), places).rjust(width) for value in row[:fit]) + (_BETWEEN + _DOTS) * cut
        for row in array[:most_rows]
    ]
    return [*lines, _DOTS] if len(array) > most_rows else lines


def _wrapped(row: Array, fit: int, most_rows: int, width: int, places: int | None) -> list[str]:
    lines = [
        _BETWEEN.join(fixed(float(value), places).rjust(width) for value in row[start : start + fit])
        for start in range(0, min(len(row), fit * most_rows), fit)
    ]
    return [*lines, _DOTS] if len(row) > fit * most_rows else lines
