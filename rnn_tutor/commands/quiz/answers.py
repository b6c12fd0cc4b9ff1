"""Which numbers a quiz accepts for one number that is asked for, and what it says to others.

A quiz compares a number with a number and a tolerance; it does not know how many digits were typed. So what the tutor
accepts is listed: all that is within the tolerance, and the roundings to the digits that are enough. Listed are also
the values of known mistakes. Where a value is near to two of them, the first speaks, as in the tutor: the right answer,
then the likelier mistake.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from decimal import ROUND_CEILING, ROUND_HALF_EVEN, ROUND_HALF_UP, Context, Decimal

import numpy as np

from rnn_tutor.engine.compare import SLACK, may_be_rounded, tells
from rnn_tutor.exercises import words
from rnn_tutor.exercises.anticipated import Anticipated, AnticipatedSizes
from rnn_tutor.exercises.diagnosis.fits import APART
from rnn_tutor.exercises.question import Part

_EXACT = Context(prec=60)
_FINEST = 17  # significant digits of a number
_SHORTEST = 6
_HARMLESS = 1e-4  # of a tolerance: by so much a number may be off that is written with few digits


@dataclass(frozen=True)
class Accepted:
    """Numbers near `value`: within the tolerance, which is written so that nothing is lost. `right`: full marks."""

    value: str
    tolerance: str
    right: bool
    says: str = ""

    @property
    def least(self) -> float:
        """The smallest number that is meant."""
        return float(self.value) - float(self.tolerance)

    @property
    def most(self) -> float:
        """The largest one."""
        return float(self.value) + float(self.tolerance)


def number(part: Part, at: tuple[int, ...], mistakes: Sequence[Anticipated]) -> list[Accepted]:
    """Return what is accepted for one element of a part's answer (`at` is () for a number), in the order to compare.

    A mistake is left out where its element is the right one, within what is accepted or what rounding on the way may
    do, or another mistake's.
    """
    expected, ask = np.asarray(part.expected), part.ask
    truth = float(expected[at])
    accepted = list(_near(truth, ask.digits, (ask.rtol, ask.atol), right=True))
    for mistake in mistakes:
        value = float(mistake.value[at])
        near = list(_near(value, ask.digits, (mistake.rtol, mistake.atol), right=False, says=mistake.says))
        if not _like_rounded(value, truth, part) and not _overlap(near, accepted):
            accepted += near
    if not _counted(expected):
        more = f"That may be right, but give at least {ask.digits} significant digits."
        short = [
            Accepted(_text(one), "0", False, more)
            for one in _roundings(truth, range(1, ask.digits))
            if tells(one, truth) and may_be_rounded(one, one, truth, ask.digits)
        ]
        accepted += [one for one in short if not _overlap([one], accepted)]
    return accepted


def size(part: Part, at: int, mistakes: Sequence[AnticipatedSizes]) -> list[Accepted]:
    """Return what is accepted for one size of a shape."""
    assert isinstance(part.expected, tuple)  # noqa: S101 - a shape is asked for
    accepted = [Accepted(str(part.expected[at]), "0", True)]
    for mistake in mistakes:
        own = Accepted(str(mistake.sizes[at]), "0", False, mistake.says)
        if own.value not in {one.value for one in accepted}:
            accepted.append(own)
    return accepted


def _near(value: float, digits: int, within: tuple[float, float], *, right: bool, says: str = "") -> Iterator[Accepted]:
    """Yield what is within a tolerance of a value, and its roundings that are not: the same that the tutor takes."""
    rtol, atol = within
    allowed = (atol + rtol * abs(value)) * (1 + SLACK) + 4 * float(np.spacing(abs(value)))
    text = _short(value, allowed)
    whole = Accepted(text, _up(allowed + abs(float(text) - value)), right, says)
    yield whole
    for rounded in _roundings(value, range(digits, _FINEST)):
        if not whole.least <= float(rounded) <= whole.most:
            yield Accepted(_text(rounded), "0", right, says)


def _roundings(value: float, digits: range) -> list[Decimal]:
    """Return a value rounded to numbers of significant digits, half-up and half-even where that differs."""
    found: dict[Decimal, None] = {}
    exact = Decimal(repr(value))
    if not exact:
        return []
    for count in digits:
        place = Decimal((0, (1,), exact.adjusted() - count + 1))
        for way in (ROUND_HALF_UP, ROUND_HALF_EVEN):
            for number_meant in (exact, Decimal(value)):
                found.setdefault(_plain(number_meant.quantize(place, rounding=way, context=_EXACT)))
    return list(found)


def _plain(exact: Decimal) -> Decimal:
    """Return a number as quizzes read it: no exponent where it is short without one."""
    return Decimal(f"{float(exact):.15g}")


def _text(exact: Decimal) -> str:
    return str(exact).lower().replace("e+", "e")


def _short(value: float, allowed: float) -> str:
    """Return a number with as few digits as do not matter for what is accepted."""
    for digits in range(_SHORTEST, _FINEST):
        text = f"{value:.{digits}g}"
        if abs(float(text) - value) <= _HARMLESS * allowed:
            return text
    return repr(value)


def _up(tolerance: float) -> str:
    """Return a tolerance with few digits, rounded up."""
    if not tolerance:
        return "0"
    exact = Decimal(repr(tolerance))
    rounded = exact.quantize(Decimal((0, (1,), exact.adjusted() - 5)), rounding=ROUND_CEILING, context=_EXACT)
    return _text(_plain(rounded))


def _overlap(these: Sequence[Accepted], those: Sequence[Accepted]) -> bool:
    return any(one.least <= other.most and other.least <= one.most for one in these for other in those)


def _like_rounded(value: float, truth: float, part: Part) -> bool:
    """Tell whether rounding on the way may have led from the right number to this one."""
    share = APART * max(part.ask.rtol, 10.0**-part.ask.digits)
    return abs(value - truth) <= part.ask.atol + share * abs(truth)


def _counted(expected: np.ndarray) -> bool:
    return bool(np.array_equal(expected, np.round(expected)))


def rounding(part: Part) -> str:
    """Return how numbers are to be rounded, "" where they are counted."""
    expected = part.expected
    if not isinstance(expected, np.ndarray) or _counted(expected):
        return ""
    return f"Give {words.times(part.ask.digits, 'significant digit')} or more, as a decimal number."
