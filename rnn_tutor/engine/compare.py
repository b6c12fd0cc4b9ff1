"""Is this value that value: tolerance, digits typed, element by element.

An element is right when it is finite and |answer - expected| <= atol + rtol * |expected|, or when it was typed with at
least `digits` significant digits and is a correct rounding of the expected value (half-up or half-even: both are
taught). It is `rounded` when it is a correct rounding with fewer digits, one at least, of a value that is not as short
itself: nobody makes 0.9 of 0.92, or 30000 of 27000. The edge is widened by a few
rounding errors, the same everywhere, so that an answer typed exactly on it is right on every machine.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from decimal import ROUND_HALF_EVEN, ROUND_HALF_UP, Context, Decimal, InvalidOperation
from typing import Literal

import numpy as np

from rnn_tutor.engine.array_types import NDArray
from rnn_tutor.engine.expression import Array as ArrayExpr
from rnn_tutor.engine.expression import Call, Expr, Number
from rnn_tutor.engine.functions import Array

Verdict = Literal["right", "rounded", "wrong"]

SLACK = 1e-12
_EXACT = Context(prec=80)


def distinct(values: Array) -> Array:
    """Return the values that are in an array, sorted.

    `np.unique` of values alone imports numpy.ma, to ask whether they are masked: 10 ms and 0.5 MB at the first time.
    """
    return np.unique(values, return_index=True)[0]


@dataclass(frozen=True)
class Comparison:
    """Element by element: right, rounded (a correct rounding with too few digits), finite; shaped as the value."""

    right: NDArray[np.bool_]
    rounded: NDArray[np.bool_]
    finite: NDArray[np.bool_]

    @property
    def verdict(self) -> Verdict:
        if self.right.all():
            return "right"
        return "rounded" if (self.right | self.rounded).all() else "wrong"


def close(value: Array, expected: Array, rtol: float, atol: float) -> NDArray[np.bool_]:
    """Tell which elements are finite and within the tolerance; the shapes are equal."""
    with np.errstate(all="ignore"):
        allowed = (atol + rtol * np.abs(expected)) * (1 + SLACK) + 4 * np.spacing(np.abs(expected))
        return np.asarray(np.isfinite(value) & np.isfinite(expected) & (np.abs(value - expected) <= allowed))


@dataclass(frozen=True)
class Closeness:
    """How near two computed values have to be to count as the same; `scaled`: atol grows with the values."""

    rtol: float
    atol: float
    scaled: bool = False


TYPED = Closeness(1e-2, 1e-6)  # one of them was typed, with two digits or more
CLOSELY = Closeness(1e-5, 1e-8)  # apart from noise
EXACTLY = Closeness(1e-9, 1e-12)  # apart from the order of the arithmetic
IDENTICAL = Closeness(0.0, 0.0)  # where a text reads two ways
PROBE = Closeness(1e-4, 1e-9, scaled=True)  # on other numbers, where nobody rounds, and values may cancel


def same(value: Array | None, other: Array | None, how: Closeness) -> bool:
    """Tell whether two values are there, of one shape, and the same number for number; NaN is never the same."""
    if value is None or other is None or value.shape != other.shape:
        return False
    largest = np.abs(other).max(initial=0.0, where=np.isfinite(other)) if how.scaled else 0.0
    atol = how.atol * max(1.0, largest) if how.scaled else how.atol
    return bool(np.allclose(value, other, rtol=how.rtol, atol=atol))


def same_as_any(value: Array, others: Array, how: Closeness) -> bool:
    """Tell whether a value is the same as one of others of its shape, as `same` tells. These stand on a first axis."""
    own, rows = value.reshape(1, value.size), others.reshape(len(others), value.size)
    finite = np.isfinite(rows)
    with np.errstate(all="ignore"):
        sizes = np.abs(rows)
        atol = np.full((len(rows), 1), how.atol)
        if how.scaled:
            atol *= np.maximum(1.0, sizes.max(axis=1, keepdims=True, initial=0.0, where=finite))
        near = (np.abs(own - rows) <= atol + how.rtol * sizes) & finite
    return bool((near | (own == rows)).all(axis=1).any())


def compare(
    value: Array, expected: Array, *, digits: int, rtol: float, atol: float, typed: list[Decimal | None] | None = None
) -> Comparison:
    """Compare a value with the expected one of the same shape.

    `typed` holds, for each element in order, the number as it was typed (see `typed_numbers`), None for what was
    calculated. Raises ValueError when the shapes differ: shape is judged before this is called.
    """
    if value.shape != expected.shape:
        raise ValueError(f"shapes differ: {value.shape} and {expected.shape}")
    right = close(value, expected, rtol, atol)
    rounded = np.zeros(value.shape, dtype=bool)
    if typed is not None and len(typed) == value.size:
        flat_right, flat_rounded = right.reshape(-1).copy(), rounded.reshape(-1).copy()
        decimals = max((-_exponent(number) for number in typed if number is not None), default=0)
        for position, (number, truth) in enumerate(zip(typed, expected.reshape(-1), strict=True)):
            if number is None or flat_right[position]:
                continue
            for claim in _claims(number, decimals):
                if is_rounding(claim, float(truth)) and (not claim or tells(claim, float(truth))):
                    enough = significant(claim) >= digits
                    flat_right[position] = enough
                    flat_rounded[position] = not enough and may_be_rounded(number, claim, float(truth), digits)
                    break
        right, rounded = flat_right.reshape(value.shape), flat_rounded.reshape(value.shape)
    return Comparison(right, rounded, np.isfinite(value))


def _claims(number: Decimal, decimals: int) -> Iterator[Decimal]:
    """Yield what a typed number may claim, the most digits first; `decimals` is how many the numbers beside it have.

    Noughts at the end of a whole number may be digits or only hold the place: 1160 is 1160 or 1.16e3.
    """
    if not number:
        zero = _zero(decimals)
        if zero is not None:
            yield zero
        return
    yield number
    sign, digits, exponent = number.as_tuple()
    if exponent != 0:
        return
    for noughts in range(1, len(digits)):
        if digits[-noughts]:
            return
        yield Decimal((sign, digits[:-noughts], noughts))


def may_be_rounded(typed: Decimal, claim: Decimal, truth: float, digits: int) -> bool:
    """Tell whether somebody who has the truth may have rounded it to fewer digits than are asked for.

    Not where the truth has no more digits than that, nor where a count is typed whole: of 30000 for 27182 all digits
    may count, and one alone is too little to tell. Who types 2.7e4 says how many digits count.
    """
    if not claim or _exponent(typed) > 0:
        return True
    short = Decimal(f"{truth:.{SHORT}g}").normalize()
    if significant(short) < digits:
        return False
    noughts = _exponent(typed) == 0 and _exponent(claim) > 0
    return not (noughts and _exponent(short) >= 0 and significant(claim) == 1)


SHORT = 12  # digits without the noise of the arithmetic


def tells(claim: Decimal, truth: float) -> bool:
    """Tell whether a rounding has a digit at the truth's own leading place: 0.8 has for 0.848, 1 has not."""
    return _exponent(claim) <= Decimal(repr(truth)).adjusted() if truth else True


def _zero(decimals: int) -> Decimal | None:
    """Return a 0 as precise as the numbers beside it (0.95, 0); alone and without decimals it claims nothing."""
    return Decimal(0).scaleb(-decimals) if decimals > 0 else None


def _exponent(number: Decimal) -> int:
    exponent = number.as_tuple().exponent
    return exponent if isinstance(exponent, int) else 0


def significant(number: Decimal) -> int:
    """Return how many significant digits a number was typed with (0.085: 2, 0.50: 2, 100: 3, 0.00: 0)."""
    return len(number.as_tuple().digits) if number else 0


def is_rounding(number: Decimal, truth: float) -> bool:
    """Tell whether a typed number is the truth rounded, half-up or half-even, to the places it was typed with."""
    if not np.isfinite(truth) or not number.is_finite():
        return False
    exponent = Decimal((0, (1,), int(number.as_tuple().exponent)))
    if abs(float(number) - truth) > 2 * float(exponent):
        return False  # of hundreds that are tried nearly all: a rounding is off by half of it at most
    for exact in (Decimal(repr(truth)), Decimal(truth)):
        for way in (ROUND_HALF_UP, ROUND_HALF_EVEN):
            try:
                if exact.quantize(exponent, rounding=way, context=_EXACT) == number:
                    return True
            except InvalidOperation:  # more than 80 digits apart: no rounding of it
                return False
    return False


def typed_numbers(expr: Expr) -> list[Decimal | None]:
    """Return the numbers of an answer as typed, in order; None for each element that is calculated."""
    match expr:
        case Number(text=text):
            return [Decimal(text)]
        case Call(function="negative" | "positive" as sign, args=(Number(text=text),)):
            return [-Decimal(text) if sign == "negative" else Decimal(text)]
        case Call(function="divide", args=(inner, Number(text="100"))):
            return [None if number is None else number.scaleb(-2) for number in typed_numbers(inner)]
        case Call(function="array", args=(inner,)):
            return typed_numbers(inner)
        case Call(function="trunc", args=(inner,)):  # np.int64(3), array([1, 2], dtype=int64)
            typed = typed_numbers(inner)
            return [number if number is not None and number == number.to_integral_value() else None for number in typed]
        case ArrayExpr(items=items):
            return [number for item in items for number in typed_numbers(item)]
        case _:
            return [None]


def is_literal(expr: Expr) -> bool:
    """Tell whether an answer is nothing but numbers typed, in lists or alone."""
    return all(number is not None for number in typed_numbers(expr))
