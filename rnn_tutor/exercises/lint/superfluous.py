"""Mistakes of a file that the engine names by itself: their author need not describe them.

Each is typed as a learner would type it, for the same exercise without its own mistakes, with the original numbers
and with two draws: with no more digits than are asked for, and where an answer may be further off (it is read from a
picture), off as well. What is said has to be the same each time.
"""

from collections.abc import Iterator
from dataclasses import dataclass

import msgspec
import numpy as np

from rnn_tutor.engine.errors import EngineError
from rnn_tutor.engine.expression import Expr
from rnn_tutor.engine.functions import Array
from rnn_tutor.engine.graph.graph import as_numbers
from rnn_tutor.exercises.compiled import ExerciseError
from rnn_tutor.exercises.diagnosis.distinguishable import near
from rnn_tutor.exercises.drawing import ask
from rnn_tutor.exercises.mark import mark
from rnn_tutor.exercises.question import Part, Question, scratch, with_givens
from rnn_tutor.exercises.verdict import Diagnosis
from rnn_tutor.figures.numbers import rounded_list

SEEDS = (0, 1)
DIGITS = 3  # that a learner types; as many as are asked for, where these are more
READ = 0.01  # an answer that may be off by more is read from a picture
OFF = 0.5  # of what it may be off: how far off it is typed
MOST = 30  # mistakes of a file: each is marked three times


@dataclass(frozen=True, slots=True)
class Superfluous:
    """A mistake of a file, by its place there, and what is said where it is not described."""

    index: int
    says: str


def superfluous(question: Question) -> Iterator[Superfluous]:
    """Yield the mistakes of a file that are named without it; `question` has the original numbers.

    Only those of parts that ask for values, and the first `MOST` of them. A mistake without an `answer` has to be
    named for each part of its shape.
    """
    if not question.exercise.mistakes:
        return
    alone = msgspec.structs.replace(question.exercise, mistakes=[])
    asked = [question, *_drawn(question)]
    bare = [with_givens(alone, one.givens, one.seed) for one in asked]
    for index in range(min(MOST, len(question.exercise.mistakes))):
        said = _said(asked, bare, index)
        if said:
            yield Superfluous(index, said)


def _drawn(question: Question) -> Iterator[Question]:
    """Give the draws that can be had: lint tells of those that cannot."""
    for seed in SEEDS if question.compiled.draws else ():
        try:
            yield ask(question.exercise, seed)
        except ExerciseError:
            return


def _said(asked: list[Question], bare: list[Question], index: int) -> str:
    """Return what is said of a mistake, "" where it is not named, or by other words with other numbers."""
    said = ""
    for described, alone in zip(asked, bare, strict=True):
        sentences = list(_sentences(described, alone, index))
        if not sentences or not all(sentences) or (said and sentences[0] != said):
            return ""
        said = sentences[0]
    return said


def _sentences(described: Question, alone: Question, index: int) -> Iterator[str]:
    """Yield what is said of a mistake for each part that it belongs to, "" where it is not named."""
    mistake = described.compiled.mistakes[index]
    value = _value(described, mistake.expr)
    parts = [part for part in described.parts if mistake.mistake.answer in (None, part.name)]
    if value is None or not all(isinstance(part.expected, np.ndarray) for part in parts):
        yield ""
        return
    alike = [part for part in parts if isinstance(part.expected, np.ndarray) and part.expected.shape == value.shape]
    for part in alike or parts:
        yield "" if _described_twice(described, part, value, index) else _named(alone, part, value)


def _value(question: Question, expr: Expr) -> Array | None:
    try:
        return as_numbers(scratch(question).evaluate(expr).number)
    except EngineError:
        return None  # lint tells of it


def _described_twice(question: Question, part: Part, value: Array, index: int) -> bool:
    """Tell whether another mistake of the file looks the same: without this one, that one would speak."""
    for place, other in enumerate(question.compiled.mistakes):
        if place != index and other.mistake.answer in (None, part.name):
            wrong = _value(question, other.expr)
            if wrong is not None and wrong.shape == value.shape and near(part, wrong, value).all():
                return True
    return False


def _named(question: Question, part: Part, value: Array) -> str:
    """Return what is said of a value where it names one mistake, however it is typed; "" where it does not."""
    names = [other.name for other in question.parts]
    said = ""
    for typed in _as_typed(part, value):
        diagnosis = mark(question, part.name, typed, solved=names[: names.index(part.name)]).diagnosis
        if diagnosis is None or not _one(diagnosis) or (said and diagnosis.says != said):
            return ""
        said = diagnosis.says
    return said


def _as_typed(part: Part, value: Array) -> Iterator[str]:
    """Yield a value as learners type it: rounded, and as somebody reads it who is not exact and need not be."""
    digits = max(DIGITS, part.ask.digits)
    yield rounded_list(value, digits)
    if part.ask.rtol > READ:
        for off in (-OFF, OFF):
            yield rounded_list(value * (1 + off * part.ask.rtol), digits)


def _one(diagnosis: Diagnosis) -> bool:
    if diagnosis.kind == "mutation":
        return " or " not in diagnosis.rule
    return diagnosis.kind == "intermediate" and " Or: " not in diagnosis.says
