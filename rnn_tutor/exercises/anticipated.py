"""The mistakes of a part that can be told before anybody has answered, each with its value and what is said of it.

For forms that ask without the tutor (quizzes): they hold wrong answers with their feedback. What is listed is what
marking names. Which wrong versions of the steps these are is found once an exercise, with its original numbers; for
other numbers only their values are computed.
"""

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np

from rnn_tutor.engine.functions import Array
from rnn_tutor.engine.remember import remembered
from rnn_tutor.engine.shapes import Shape
from rnn_tutor.exercises.diagnosis.diagnose import LIKELY_ENOUGH
from rnn_tutor.exercises.diagnosis.fits import NEAR_TYPED, ROUNDING
from rnn_tutor.exercises.diagnosis.mistakes import authored, steps_on_the_way
from rnn_tutor.exercises.diagnosis.search import Version, computed, search
from rnn_tutor.exercises.diagnosis.sentences import worded
from rnn_tutor.exercises.diagnosis.shapes import shape_of, sizes_of_givens, what_is_right
from rnn_tutor.exercises.mark import mark
from rnn_tutor.exercises.question import Part, Question, by_the_book

MOST = 10  # mistakes of a part that are told
MOST_TRIED = 24  # versions of the steps that are marked to find them
MOST_ON_THE_WAY = 4
_DIGITS = 9  # of a value that is marked as if it had been typed


@dataclass(frozen=True, eq=False)
class Anticipated:
    """A mistake with the value that it gives, and how near a value has to be to it: relative, and absolute."""

    kind: str
    value: Array
    says: str
    rtol: float
    atol: float


@dataclass(frozen=True)
class AnticipatedSizes:
    """A mistake in a shape that is asked for: as many sizes as it has, and what is said of them."""

    sizes: Shape
    says: str


def anticipated(question: Question, part: Part) -> list[Anticipated]:
    """Return the mistakes that are known of a part with a value, as marking names them, the likeliest first.

    Only finite values of the shape that is asked for; two may be of the same value, and one that of the right answer.
    """
    expected = part.expected
    if not isinstance(expected, np.ndarray) or part.kind == "program":
        return []
    found = [*_authored(question, part), *_on_the_way(question, part), *_versions(question, part)]
    fit = [one for one in found if one.value.shape == expected.shape and np.isfinite(one.value).all()]
    return fit[:MOST]


def _authored(question: Question, part: Part) -> Iterator[Anticipated]:
    for known in authored(question, part):
        yield Anticipated("authored", known.value, known.wording, part.ask.rtol, part.ask.atol)


def _on_the_way(question: Question, part: Part) -> Iterator[Anticipated]:
    """The named steps on the way to an answer, where marking says that an answer is one of them."""
    expected = np.asarray(part.expected)
    steps = [step for step in steps_on_the_way(question, part) if step.value.shape == expected.shape]
    for step in steps[:MOST_ON_THE_WAY]:
        diagnosis = mark(question, part.name, typed(step.value)).diagnosis if np.isfinite(step.value).all() else None
        if diagnosis is not None and diagnosis.kind == "intermediate":
            yield _near("intermediate", step.value, diagnosis.says, part)


def _versions(question: Question, part: Part) -> Iterator[Anticipated]:
    for version in told_versions(question, part):
        value = computed(question, part, version)
        if value is not None:
            yield _near("mutation", value, f"You would get this if {worded(question, part, version)}.", part)


def _near(kind: str, value: Array, says: str, part: Part) -> Anticipated:
    """Return a mistake that an answer has to be near to, however much the right answer may be off."""
    rtol = min(NEAR_TYPED[0], part.ask.rtol)
    largest = float(np.abs(value).max(initial=0.0))
    atol = min(NEAR_TYPED[1], part.ask.atol, max(ROUNDING, NEAR_TYPED[0] * largest))
    return Anticipated(kind, value, says, rtol, atol)


@remembered(256, by=lambda question, part: (question.exercise, part.name))
def told_versions(question: Question, part: Part) -> tuple[Version, ...]:
    """Return the likeliest wrong versions of the steps that marking names of the original numbers."""
    book = question if question.seed is None else by_the_book(question.exercise)
    asked = book.part(part.name)
    expected = np.asarray(asked.expected)
    if asked.node is None:
        return ()
    likely = [
        version
        for version in search(book, asked).singles
        if version.cost <= LIKELY_ENOUGH and version.value.shape == expected.shape and not version.in_full
    ]
    found: list[Version] = []
    for version in likely[:MOST_TRIED]:
        if len(found) == MOST:
            break
        diagnosis = mark(book, asked.name, typed(version.value)).diagnosis
        named = diagnosis.rule.split(" or ") if diagnosis is not None and diagnosis.kind == "mutation" else []
        if "+".join(version.rules) in named:
            found.append(version)
    return tuple(found)


def anticipated_sizes(question: Question, part: Part) -> list[AnticipatedSizes]:
    """Return the mistakes that are known of a shape that is asked for, of as many sizes as it has."""
    want = part.expected
    assert isinstance(want, tuple)  # noqa: S101 - only shapes are asked for so
    found: list[AnticipatedSizes] = []
    for sizes in dict.fromkeys(_likely_sizes(question, part, want)):
        diagnosis = mark(question, part.name, f"({', '.join(map(str, sizes))},)").diagnosis
        if diagnosis is not None and diagnosis.kind in ("authored", "intermediate", "mutation"):
            says = (
                diagnosis.says.partition(f" {right}")[0]
                if (right := what_is_right(sizes, want, part))
                else diagnosis.says
            )
            found.append(AnticipatedSizes(sizes, says))
    return found[:MOST]


def _likely_sizes(question: Question, part: Part, want: Shape) -> Iterator[Shape]:
    for compiled in question.compiled.mistakes:
        sizes = shape_of(question, compiled.expr)
        if (
            compiled.mistake.answer in (None, part.name)
            and sizes is not None
            and len(sizes) == len(want)
            and sizes != want
        ):
            yield sizes
    for at in range(len(want) - 1):
        yield (*want[:at], want[at + 1], want[at], *want[at + 2 :])
    for at, size in enumerate(want):
        others = [*sizes_of_givens(question).values(), size + 1, *(size * n for n in (2, 3, 4))]
        for other in others:
            yield (*want[:at], other, *want[at + 1 :])


def typed(value: Array) -> str:
    """Return a value as somebody would type it who rounds little."""
    if value.ndim:
        return f"[{', '.join(map(typed, value))}]"
    return f"{float(value):.{_DIGITS}g}"
