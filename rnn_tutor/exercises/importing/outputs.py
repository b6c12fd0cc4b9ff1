"""What a notebook has stored of a cell's output, compared with what the engine makes of it."""

import re
from collections.abc import Sequence

import numpy as np

from rnn_tutor.engine.functions import Array
from rnn_tutor.exercises.importing.expressions import Expressions
from rnn_tutor.exercises.importing.machine import Printed
from rnn_tutor.exercises.importing.values import (
    Box,
    Dict,
    List,
    Nothing,
    Num,
    Shown,
    Text,
    Tup,
    UnsupportedError,
    Value,
)

ANYTHING = "\0"
NEAR_ZERO = 1e-11  # of the largest number in an output: what rounding leaves of a 0
MAX_COMPARED = 4_000

_TOKEN = re.compile(r"(?<![A-Za-z_0-9.])[-+]?(?:\d+(?:_\d+)*\.?\d*|\.\d+)(?:[eE][-+]?\d+)?(?![A-Za-z_0-9])"
                    r"|(?<![A-Za-z_])[-+]?\b(?:inf|nan|True|False)\b|" + ANYTHING)  # fmt: skip
_DTYPE = re.compile(r",?\s*dtype=[\w'<>|]+|\b(?:np\.)?(?:float|u?int|complex|bool)\d*_?(?=\()")
_SPEC = re.compile(r"[<>^=+\- ,#0]*\d*,?(?:\.\d+)?([a-zA-Z%])?")


def agrees(run: Expressions, printed: Sequence[Printed], output: str) -> str:
    """Return "" where all numbers of a stored output are those that are expected, else the first that is not."""
    expected = _tokens("".join(_text(run, one) for one in printed))
    decimals = min((one.decimals for one in printed), default=8)
    stored = _tokens(_DTYPE.sub("", output.replace(ANYTHING, " ")))
    if "..." in output or len(stored) > MAX_COMPARED or len(expected) > MAX_COMPARED:
        return ""
    return _difference(expected, stored, decimals)


def compared(output: str) -> bool:
    """Tell whether there is a number in an output to compare with."""
    return bool(_tokens(_DTYPE.sub("", output.replace(ANYTHING, " "))))


def _tokens(text: str) -> list[str]:
    return [match.group().replace("_", "") for match in _TOKEN.finditer(text)]


def _text(run: Expressions, printed: Printed) -> str:
    return "".join(_plain(piece) if isinstance(piece, str) else shown(run, piece) for piece in printed.pieces) + _plain(
        printed.end
    )


def _plain(text: str) -> str:
    """Return a text of the notebook's, in which nothing stands for anything."""
    return text.replace(ANYTHING, " ")


def shown(run: Expressions, piece: Shown) -> str:
    """Return a value as it is printed, with all its digits; what is not known stands for anything."""
    spec = _SPEC.fullmatch(piece.spec)
    if spec is None or (spec[1] or "f") not in "fFeEgGd%s":
        return ANYTHING
    if isinstance(piece.value, Num | Box) and (spec[1] or "." in piece.spec) and spec[1] != "s":
        return _formatted(run, piece.value, piece.spec)
    return _value(run, piece.value)


def _formatted(run: Expressions, value: Value, spec: str) -> str:
    """Return a number in the format that the notebook shows it in."""
    try:
        array = np.asarray(run.num(value).value)
        if array.size != 1:
            return ANYTHING
        number = float(array.reshape(()))
        return format(int(number) if spec.endswith("d") else number, spec.replace("i", "d"))
    except (UnsupportedError, ValueError, OverflowError):
        return ANYTHING


def _value(run: Expressions, value: Value) -> str:
    try:
        match value:
            case Num() | Box():
                return _array(np.asarray(run.num(value).value))
            case List(items=items) | Tup(items=items):
                return f"[{', '.join(_value(run, item) for item in items)}]"
            case Dict(items=pairs):
                return ", ".join(f"{key!r}: {_value(run, item)}" for key, item in pairs.items())
            case Text(pieces=pieces):
                return "".join(_plain(piece) if isinstance(piece, str) else shown(run, piece) for piece in pieces)
            case Nothing():
                return "None"
            case range():
                return f"range({value.start}, {value.stop})"
    except UnsupportedError:
        return ANYTHING
    return ANYTHING


def _array(value: Array) -> str:
    if value.dtype == bool:
        return " ".join(str(bool(one)) for one in value.reshape(-1))
    return " ".join(repr(float(one)).removesuffix(".0") for one in value.reshape(-1))


def _difference(expected: list[str], stored: list[str], decimals: int) -> str:
    """Return "" where one list is the other, where what stands for anything may be any number of items."""
    sizes = [abs(_number(one)) for one in stored]
    scale = max([1.0, *(size for size in sizes if np.isfinite(size))])
    place = 0
    groups = _groups(expected)
    for k, group in enumerate(groups):
        at = place if k == 0 else _found(group, stored, place, (scale, decimals), last=k == len(groups) - 1)
        if at is None:
            return f"`{group[0]}` is not in the notebook's output"
        for one in group:
            if at >= len(stored):
                return f"`{_brief(one)}` is not in the notebook's output"
            if not _same(one, stored[at], (scale, decimals)):
                return f"it is {_brief(one)} here and {stored[at]} in the notebook"
            at += 1
        place = at
    if len(groups) == 1 and place < len(stored):
        return f"the notebook's output has {stored[place]} too"
    return ""


def _groups(expected: list[str]) -> list[list[str]]:
    groups: list[list[str]] = [[]]
    for one in expected:
        if one == ANYTHING:
            groups.append([])
        else:
            groups[-1].append(one)
    return groups


def _found(group: list[str], stored: list[str], place: int, how: tuple[float, int], *, last: bool) -> int | None:
    if not group:
        return len(stored) if last else place
    starts = range(place, len(stored) - len(group) + 1)
    for at in reversed(starts) if last else starts:
        if all(_same(one, stored[at + k], how) for k, one in enumerate(group)):
            return at
    return None


def _brief(token: str) -> str:
    try:
        return f"{float(token):.6g}"
    except ValueError:
        return token


def _number(token: str) -> float:
    return {"True": 1.0, "False": 0.0}.get(token, 0.0) if token in ("True", "False") else float(token)


def _same(expected: str, stored: str, how: tuple[float, int]) -> bool:
    """Tell whether a number is the one that is stored: to all its digits, or to those that NumPy prints.

    NumPy leaves out the zeros at the end of what it prints, so 0.5 in an array is 0.50000000.
    """
    scale, decimals = how
    want, have = _number(expected), _number(stored)
    if np.isnan(want) or np.isnan(have):
        return bool(np.isnan(want) and np.isnan(have))
    if np.isinf(want) or np.isinf(have):
        return want == have
    shown = min(_unit(stored), max(10.0**-decimals, 10.0**-decimals * abs(have)))
    return abs(want - have) <= 0.5001 * shown + 1e-9 * abs(have) + NEAR_ZERO * scale


def _unit(token: str) -> float:
    """Return what the last digit of a printed number is worth; 0 for a whole number that is printed as such."""
    mantissa, _, exponent = token.lower().partition("e")
    whole, point, digits = mantissa.partition(".")
    del whole
    if not point and not exponent:
        return 0.0
    return float(10.0 ** (int(exponent or 0) - len(digits)))
