"""What becomes of a rounding: an earlier answer that is right, but rounded, is right everywhere after it.

Used by its name it stands for its full value, so that whatever is made of it is judged as if nothing had been rounded.
In a number it can no longer be told apart: such an answer is right where it is what follows from the earlier answers
correctly rounded, to as many digits as are asked for, or more.
"""

from collections.abc import Collection, Mapping, Sequence

import numpy as np

from rnn_tutor.engine.compare import TYPED, same
from rnn_tutor.engine.errors import EngineError
from rnn_tutor.engine.functions import Array
from rnn_tutor.engine.graph.graph import as_numbers
from rnn_tutor.engine.graph.steps import ProgramError, run
from rnn_tutor.engine.reading.notation import MAX_CHARACTERS
from rnn_tutor.exercises.diagnosis.distinguishable import compared
from rnn_tutor.exercises.question import Part, Question
from rnn_tutor.exercises.verdict import Reading
from rnn_tutor.figures.numbers import listed

MOST_DIGITS = 8  # to which anybody rounds on the way
EXACT = 17
SPARE = 1e-3  # of a bound, for the arithmetic in it and for the edges that `compare` widens: far more than these are


def in_full(question: Question, right: Collection[str], earlier: Mapping[str, str]) -> dict[str, str]:
    """Return the earlier answers with those that are right written in full."""
    full = dict(earlier)
    for name, value in question.truths.items():
        text = listed(value, EXACT) if name in right else ""
        if text and len(text) <= MAX_CHARACTERS:
            full[name] = text
    return full


def follows_rounded(question: Question, asked: Part, reading: Reading, right: Collection[str]) -> bool:
    """Tell whether an answer follows from earlier ones that are right, rounded to the digits asked for or to more.

    Where a rounding is so much magnified on its way that what follows is another number, it does not.
    """
    before = [part for part in _before(question, asked) if part.name in right and part.name in question.truths]
    expected = asked.expected
    if not before or not isinstance(expected, np.ndarray) or reading.shape != expected.shape:
        return False
    if not _within_reach(asked, np.asarray(reading.value), expected):
        return False
    for digits in range(min(part.ask.digits for part in before), MOST_DIGITS + 1):
        own = {part.name: _rounded(question.truths[part.name], max(digits, part.ask.digits)) for part in before}
        followed = what_follows(question, asked, own)
        near = followed is not None and same(followed, expected, TYPED)
        if near and followed is not None and compared(asked, reading, followed).verdict == "right":
            return True
    return False


def _within_reach(asked: Part, value: Array, expected: Array) -> bool:
    """Tell whether an answer may follow from what is rounded at all; the shapes are equal.

    No step has to be computed for that. What follows counts only where it is near what is expected (`same`, TYPED), and
    the answer only where it is right beside that: within the tolerance, or rounded to `digits` digits or more. Such a
    rounding is off by half a unit of its last digit, and that unit is at most 10**(1 - digits) of it. So an answer
    farther off than both together follows from no rounding, whatever the steps make of one. What is not finite is right
    nowhere.
    """
    asks = asked.ask
    with np.errstate(all="ignore"):
        followed = TYPED.atol + TYPED.rtol * np.abs(expected)
        tolerated = asks.atol + asks.rtol * (np.abs(expected) + followed)
        rounded = 0.5 * 10.0 ** (1 - asks.digits) * np.abs(value)
        allowed = followed + np.maximum(tolerated, rounded)
        return bool(np.all(np.abs(value - expected) <= allowed * (1 + SPARE)))


def what_follows(question: Question, asked: Part, own: Mapping[str, Array]) -> Array | None:
    """Return the value of a part with some earlier values in the place of theirs; None where it has none."""
    answer = question.compiled.answers[question.parts.index(asked)]
    try:
        graph = run(question.compiled.program, question.givens, dict(own))
        if asked.name in graph.names:
            return as_numbers(graph.whole(asked.name).number)
        return None if answer is None else as_numbers(graph.evaluate(answer).number)
    except (ProgramError, EngineError):
        return None


def _before(question: Question, asked: Part) -> Sequence[Part]:
    return question.parts[: question.parts.index(asked)]


def _rounded(value: Array, digits: int) -> Array:
    return np.array([float(f"{float(number):.{digits - 1}e}") for number in value.reshape(-1)]).reshape(value.shape)
