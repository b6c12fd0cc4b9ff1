"""Which candidates give the value of an answer: with the numbers in hand, and with others.

What a fit is worth is not decided here, but in `chance`; what is said of it, in `diagnose`.
"""

from collections.abc import Callable, Mapping, Sequence
from decimal import Decimal
from functools import partial

import numpy as np

from rnn_tutor.engine.compare import EXACTLY, PROBE, compare, same, significant, typed_numbers
from rnn_tutor.engine.errors import EngineError
from rnn_tutor.engine.expression import Number, names_in, walk
from rnn_tutor.engine.functions import Array
from rnn_tutor.engine.graph.graph import as_numbers
from rnn_tutor.engine.graph.steps import lets
from rnn_tutor.engine.remember import remembered
from rnn_tutor.exercises.compiled import ExerciseError
from rnn_tutor.exercises.diagnosis.chance import (
    CALCULATED,
    HALF,
    MANY_DIGITS,
    are_whole,
    nearness,
    rounded_to,
    to_the_digit,
    without_places,
)
from rnn_tutor.exercises.diagnosis.distinguishable import looks_right
from rnn_tutor.exercises.diagnosis.mistakes import authored
from rnn_tutor.exercises.diagnosis.search import Version, computed, verified
from rnn_tutor.exercises.diagnosis.withheld import gives_away
from rnn_tutor.exercises.drawing import probes
from rnn_tutor.exercises.question import Part, Question, with_givens
from rnn_tutor.exercises.reading import scope_of
from rnn_tutor.exercises.verdict import Reading

FEW_DIGITS = 2
ROUNDING = 1e-12  # of what is computed as 0
NEAR_TYPED = (1e-3, 1e-6)  # relative and absolute: how near a value on the way is to be, whatever the answer may be off
NEAR_COMPUTED = (1e-6, 1e-9)  # ... and one that is computed from names alone
Elsewhere = list[tuple[Question, Array]]
Fits = Callable[[Part, Reading, Array], bool]


def fits_as_right(part: Part, reading: Reading, candidate: Array) -> bool:
    """Tell whether the learner's value is an authored mistake's, as near as the right answer would have to be."""
    return _matches(part, reading, candidate, (part.ask.rtol, part.ask.atol))


def fits_closely(part: Part, reading: Reading, candidate: Array) -> bool:
    """Tell whether the learner's value is one that the engine knows of: the more it knows, the nearer it has to be."""
    (rtol, atol), expr = NEAR_TYPED, reading.expr
    if expr is not None and reading.uses and not any(isinstance(piece, Number) for piece in walk(expr)):
        rtol, atol = NEAR_COMPUTED
    return _matches(part, reading, candidate, (min(rtol, part.ask.rtol), min(atol, part.ask.atol)))


def fits_exactly(part: Part, reading: Reading, candidate: Array) -> bool:
    """Tell whether the learner's value is a candidate's, and not one that only looks like it."""
    value = reading.value
    assert isinstance(value, np.ndarray)  # noqa: S101 - a value part
    return same(value, candidate, EXACTLY) and not looks_right(part, candidate)


def _matches(part: Part, reading: Reading, candidate: Array, within: tuple[float, float]) -> bool:
    """Tell whether a value is a candidate's, which is not the expected one; typed numbers to two digits at least."""
    value = reading.value
    assert isinstance(value, np.ndarray)  # noqa: S101 - a value part
    if value.shape != candidate.shape or value.size == 0:
        return False
    typed, all_count = _typed(reading)
    digits = min(FEW_DIGITS, part.ask.digits)
    atol = min(within[1], max(ROUNDING, within[0] * float(np.abs(value).max())))  # no other number is near to 1e-26
    rtol, near = within[0], nearness(part, reading)
    if near is not None:
        rtol, atol = min(rtol, near), min(atol, near * float(np.abs(value).max()))
    count = all_count and np.array_equal(candidate, np.round(candidate))
    if count:
        fits = np.array_equal(value, candidate)
    else:
        fits = compare(value, candidate, digits=digits, rtol=rtol, atol=atol, typed=typed).verdict == "right"
    if not fits:
        return False  # of hundreds nearly all
    if not count and _other_digits(part, reading, candidate):
        return False
    if _too_near(part, candidate) and (count or not _far_in_digits(part, reading, candidate)):
        return False
    # 3150000 for 3145728 is no 3145729.
    return not rounds_the_right_one(part, reading) or same(value, candidate, EXACTLY)


def _other_digits(part: Part, reading: Reading, candidate: Array) -> bool:
    """Tell whether numbers of four digits or more are others than a candidate's, however small the difference is.

    Rounding on the way is worth two units of the last digit. What is short needs no rounding: 0.1001 is no 0.1.
    More digits than CALCULATED are those of a program, whose last ones depend on how it computes.
    """
    value, (typed, _) = reading.value, _typed(reading)
    assert isinstance(value, np.ndarray)  # noqa: S101 - a value part
    if typed is None or len(typed) != value.size:
        return False
    whole = are_whole(part)
    for own, number, meant in zip(typed, value.reshape(-1), candidate.reshape(-1), strict=True):
        if own is None or not number:
            continue
        digits = significant(own if whole else without_places(own))
        if digits < MANY_DIGITS:
            continue
        unit = 10.0 ** (np.floor(np.log10(abs(number))) - min(digits, CALCULATED) + 1)
        off, rest = abs(number - meant) / unit, abs(meant / unit - np.round(meant / unit))
        if off > ON_THE_WAY + HALF or (off > HALF and rest < EXACT):
            return True
    return False


ON_THE_WAY = 2.0  # units of the last digit typed, by rounding on the way
EXACT = 1e-6


@remembered(8)
def _typed(reading: Reading) -> tuple[list[Decimal | None] | None, bool]:
    """Return the numbers of an answer as typed, and whether all their digits count: once for all candidates."""
    typed = typed_numbers(reading.expr) if reading.expr is not None else None
    return typed, typed is not None and _counts(typed)


def rounds_the_right_one(part: Part, reading: Reading) -> bool:
    """Tell whether an answer is what is expected, rounded further than may be: a count of which all digits count."""
    value, expected = reading.value, part.expected
    assert isinstance(value, np.ndarray) and isinstance(expected, np.ndarray)  # noqa: S101 - a value part
    if reading.expr is None or value.shape != expected.shape:
        return False
    typed = typed_numbers(reading.expr)
    if not all(one is not None and significant(one.normalize()) >= FEW_DIGITS for one in typed):
        return False
    return compare(value, expected, digits=FEW_DIGITS, rtol=0.0, atol=0.0, typed=typed).verdict == "right"


def _counts(typed: Sequence[Decimal | None]) -> bool:
    """Tell whether whole numbers were typed to the last digit: 9999 is no 10000, nor 190 a 189.

    A large one that ends in 0 may be rounded.
    """
    return all(
        one is not None and (one == 0 or one.normalize().as_tuple().exponent == 0 or _is_small(one)) for one in typed
    )


def _is_small(number: Decimal) -> bool:
    return abs(number) < NEVER_ROUNDED and number == number.to_integral_value()


NEVER_ROUNDED = 1000  # whole numbers below


def _too_near(part: Part, candidate: Array) -> bool:
    """Tell whether a candidate is so near to what is expected that rounding on the way may have led there."""
    expected = part.expected
    assert isinstance(expected, np.ndarray)  # noqa: S101 - a value part
    if candidate.shape != expected.shape:
        return False
    share = max(APART * 10.0**-part.ask.digits, min(APART * part.ask.rtol, BEYOND + part.ask.rtol))
    with np.errstate(all="ignore"):
        return bool((np.abs(candidate - expected) <= part.ask.atol + share * np.abs(expected)).all())


def _far_in_digits(part: Part, reading: Reading, candidate: Array) -> bool:
    """Tell whether a candidate near the expected number is known by its digits: rounding made one of many others."""
    low, high = rounded_to(part, reading)
    off = np.abs(candidate - np.asarray(part.expected))
    return (
        candidate.size == 1
        and bool((off >= MANY_UNITS * (high - low)).all())
        and to_the_digit(part, reading, candidate)
    )


MANY_UNITS = 20  # of the last digit typed
APART = 3.0  # by so many units of the last digit that is asked for a candidate has to differ
BEYOND = 0.1  # ... and, where 20% may be off because it is read off a picture, by so much more than that


def values_elsewhere(question: Question, reading: Reading, own: Mapping[str, Array]) -> Elsewhere:
    """Return what an expression gives with other numbers, so that what it seems to be can be tried there.

    Earlier parts that it uses have their right values there; lines of the learner's own cannot be had.
    """
    if not reading.uses or reading.expr is None:
        return []
    used = names_in(reading.expr) & set(own)
    elsewhere: Elsewhere = []
    for probe in probes(question.exercise):
        if not used <= set(probe.truths):
            return []
        try:
            scope = scope_of(probe, {name: probe.truths[name] for name in used})
            elsewhere.append((probe, as_numbers(scope.evaluate(reading.expr).number)))
        except EngineError:
            continue  # it cannot be computed there; the numbers in hand have to do
    return elsewhere


def fits_elsewhere(elsewhere: Elsewhere, part: Part, text: str) -> bool:
    """Tell whether an authored mistake is what an expression gives with other numbers too."""
    return all(
        any(
            mistake.text == text and same(mistake.value, value, PROBE)
            for mistake in authored(probe, probe.part(part.name))
        )
        for probe, value in elsewhere
    )


def roughly(value: Array, versions: Sequence[Version]) -> list[Version]:
    """Return the versions that may fit a value, without a look at the digits typed: of thousands a few."""
    alike = [version for version in versions if version.value.shape == value.shape]
    if not alike:
        return []
    return [alike[at] for at in rough(value, np.array([version.value for version in alike]))]


def rough(value: Array, values: Array) -> list[int]:
    """Return which of many values may be one that was typed."""
    with np.errstate(all="ignore"):
        near = np.abs(values - value) <= ROUGHLY * np.abs(value) + NEAR_TYPED[1]
    return [int(at) for at in np.flatnonzero(near.reshape(len(values), -1).all(axis=1))]


ROUGHLY = 0.06  # relative: two digits


def holds_everywhere(question: Question, part: Part, version: Version, elsewhere: Elsewhere) -> bool:
    """Tell whether a version gives its value on the graph, and what an expression gives with other numbers.

    Most that fit by chance do not with the first other numbers: these come first.
    """
    return all(
        same(version_elsewhere(probe, part, version), probe_value, PROBE) for probe, probe_value in elsewhere
    ) and verified(question, part, version)


def needs_what_is_typed(question: Question, part: Part, reading: Reading, version: Version) -> bool:
    """Tell whether a version changes with each given with which an expression changes.

    For an expression with a number in it that stands for something here only, so that other draws tell nothing:
    `sum(abs(pred - y)) / 3` is no sum in which `pred` is missing.
    """
    expr, value = reading.expr, reading.value
    if expr is None or not isinstance(value, np.ndarray) or not reading.uses <= set(question.givens):
        return True
    for probe in probes(question.exercise)[:1]:
        for name in reading.uses:
            other = probe.givens[name]
            if np.shape(other) != np.shape(question.givens[name]):
                continue
            try:
                changed = with_givens(question.exercise, {**question.givens, name: other}, None)
                typed = as_numbers(scope_of(changed, {}).evaluate(expr).number)
            except (EngineError, ExerciseError):
                continue  # a number of rows, say, that fits no given but its own
            if not same(typed, value, PROBE) and same(version_elsewhere(changed, part, version), version.value, PROBE):
                return False
    return True


def version_elsewhere(probe: Question, part: Part, version: Version) -> Array | None:
    """Return what a version gives for a part with other numbers."""
    return computed(probe, probe.part(part.name), version)


def distinct(question: Question, part: Part, fits: list[Version], most: int) -> list[Version]:
    """Return one of each group of versions that give the same for other numbers too.

    Of more than `most` groups nobody asks how many there are: those that are found by then are returned.
    """
    return [group[0] for group in alike_elsewhere(question, part, fits, most)]


def alike_elsewhere(question: Question, part: Part, fits: list[Version], most: int) -> list[list[Version]]:
    """Return groups of versions that give the same for other numbers too; once there are too many, the first ones."""
    if len(fits) <= 1:
        return [fits] if fits else []
    groups: list[tuple[list[Version], list[Array | None]]] = []
    for version in fits:
        if len(groups) > most:
            break
        probe_values = [version_elsewhere(probe, part, version) for probe in probes(question.exercise)]
        members = next((group for group, other in groups if probe_values and _are_alike(probe_values, other)), None)
        if members is None:
            groups.append(([version], probe_values))
        else:
            members.append(version)
    return [group for group, _ in groups]


def _are_alike(values: Sequence[Array | None], others: Sequence[Array | None]) -> bool:
    return all(same(a, b, PROBE) or (a is None and b is None) for a, b in zip(values, others, strict=True))


def order_of_steps(question: Question) -> dict[str, int]:
    """Return the steps in their order."""
    return {let.name: at for at, let in enumerate(lets(question.compiled.program))}


def likeliest(order: Mapping[str, int], version: Version) -> tuple[float, int]:
    """Return what versions are sorted by: the cheaper, and of these the one that is made nearer to the answer."""
    steps = [slip.step for slip in version.slips] or [version.mutant.let if version.mutant is not None else ""]
    return version.cost, -min(order.get(step, len(order)) for step in steps)


def tells_a_part(question: Question, part: Part, reading: Reading, version: Version) -> bool:
    """Tell whether naming a version would tell the value of a part that is still open."""
    told = frozenset().union(*(names_in(slip.edit.replacement) for slip in version.slips))
    return gives_away(question, reading, partial(version_elsewhere, part=part, version=version), told)


def may_be(question: Question, part: Part, reading: Reading, version: Version) -> bool:
    """Tell whether a version gives its value on the graph too, and is not the value of a part that is still open."""
    value = computed(question, part, version)
    return value is not None and not tells_a_part(question, part, reading, version)
