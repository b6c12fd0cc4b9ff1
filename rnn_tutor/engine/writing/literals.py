"""Numbers and foreign texts in a script: a literal, or one printable line of a comment; nothing else."""

import builtins
import keyword
from collections.abc import Collection, Iterable
from math import isnan

from rnn_tutor.engine.functions import Array
from rnn_tutor.printable import plain

WIDTH = 100
SHORT = 96  # characters of a comment; what is longer is left out
_DIGITS = 12  # significant ones of an expected value
_RESERVED = frozenset((*keyword.kwlist, *dir(builtins), "np", "torch", "jnp", "jax", "math", "F"))


def number(value: float, module: str, *, whole: bool = False, digits: int | None = None) -> str:
    """Return a number as Python writes it; `whole` without a point, `digits` rounds it to so many significant ones."""
    value = float(value)
    if isnan(value):
        return f"{module}.nan"
    if value in (float("inf"), float("-inf")):
        return f"{'-' if value < 0 else ''}{module}.inf"
    if whole and value.is_integer():
        return str(int(value))
    return repr(float(f"{value:.{digits}g}") if digits else value)


def numbers(value: Array, module: str, *, whole: bool = False, rounded: bool = False, indent: int = 0) -> str:
    """Return an array as nested lists, folded where a line would be longer than the script is wide."""
    digits = _DIGITS if rounded else None

    def flat(part: Array) -> str:
        if part.ndim == 0:
            return number(float(part), module, whole=whole, digits=digits)
        return "[" + ", ".join(flat(row) for row in part) + "]"

    def lines(part: Array, depth: int) -> list[str]:
        pad = "    " * depth
        if part.ndim == 0 or len(pad) + len(text := flat(part)) < WIDTH:
            return [pad + (flat(part) if part.ndim == 0 else text)]
        if part.ndim > 1:
            inner = [line for row in part for line in _with_comma(lines(row, depth + 1))]
        else:
            inner = _filled([flat(item) for item in part], pad + "    ")
        return [pad + "[", *inner, pad + "]"]

    whole_text = flat(value)
    if indent + len(whole_text) <= WIDTH:
        return whole_text
    return "\n".join(lines(value, 0))


def _with_comma(lines: list[str]) -> list[str]:
    return [*lines[:-1], lines[-1] + ","]


def _filled(items: Iterable[str], pad: str) -> list[str]:
    lines, now = [], pad
    for item in items:
        if len(now) + len(item) + 1 > WIDTH and now.strip():
            lines.append(now.rstrip())
            now = pad
        now += f"{item}, "
    return [*lines, now.rstrip()]


def comment(text: str) -> str:
    """Return foreign text as one printable line of a comment, "" where there is none, or it is long."""
    line = " ".join(plain(text).split())
    return f"# {line}" if line and len(line) <= SHORT else ""


def literal(text: str) -> str:
    """Return foreign text as a literal."""
    return ascii(" ".join(plain(text).split()))


def safe_names(names: Iterable[str], also: Collection[str]) -> dict[str, str]:
    """Return how names are called in a script: as they are, with _ behind what Python, a library or `also` has."""
    names = list(names)
    taken = {*names, *_RESERVED, *also}
    called: dict[str, str] = {}
    for one in names:
        text = one
        while text in _RESERVED or text in also or (text != one and text in taken):
            text += "_"
        taken.add(text)
        called[one] = text
    return called
