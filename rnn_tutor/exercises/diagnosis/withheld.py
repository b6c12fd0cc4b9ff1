"""What a diagnosis may not tell: that something is the value of another part which is still to be found.

"That is spread" would give spread away to whoever typed its value by chance. So of an answer that has the value of such
a part the engine says nothing from which that could be read: neither the part by its name, nor a step or a wrong
version that is the same with every draw. A mistake that the file describes is told: its author chose to.

What marking would tell as well, if the same text were typed into that part, gives nothing away: who has the value to
all digits that are asked for has it from somewhere. But not where each part takes only so many answers, nor where
the value is one that is soon guessed: a count, or a number of two digits.
"""

from collections.abc import Callable, Collection, Mapping, Sequence

import numpy as np

from rnn_tutor.engine.compare import PROBE, compare, same, typed_numbers
from rnn_tutor.engine.functions import Array
from rnn_tutor.engine.shapes import Shape
from rnn_tutor.exercises.diagnosis.chance import is_short
from rnn_tutor.exercises.diagnosis.distinguishable import compared
from rnn_tutor.exercises.drawing import probes
from rnn_tutor.exercises.question import Part, Question
from rnn_tutor.exercises.reading import read
from rnn_tutor.exercises.verdict import Reading

FEW_DIGITS = 2  # from so many on a number is taken for a value of the exercise
ROUGHLY = 1e-3


def answered(question: Question, earlier: Mapping[str, str], scratch: Sequence[str]) -> frozenset[str]:
    """Return the parts to which the right answer was typed."""
    return frozenset(
        part.name
        for part in question.parts
        if earlier.get(part.name, "").strip()
        and _is_right(part, read(question, part.name, earlier[part.name], earlier, scratch))
    )


def gives_away(
    question: Question,
    reading: Reading,
    value_for: Callable[[Question], Array | Shape | None],
    told: Collection[str] = (),
) -> bool:
    """Tell whether what an answer seems to be is the value of an unsolved part, with other numbers too.

    `value_for` gives what it seems to be for another question of the same exercise, None where that cannot be told.
    told: the names in what would be said. An answer that has the value of one of these is told nothing with its name,
    though it were something else with other numbers: `half - pure` is `half` where `pure` is small.
    """
    unsolved = reading.unsolved - reading.uses  # of what is used by its name, its name tells nothing
    names = [name for name in unsolved if _has_value_of(question.part(name), reading)]
    names = [name for name in names if reading.bounded or not _is_known(question.part(name), reading)]
    if not names:
        return False
    if not {question.part(name).step for name in names}.isdisjoint(told):
        return True
    elsewhere = [(probe, value) for probe in probes(question.exercise) if (value := value_for(probe)) is not None]
    return any(all(_alike(value, probe.part(name).expected) for probe, value in elsewhere) for name in names)


def is_unsolved(question: Question, unsolved: Collection[str], value: Array) -> bool:
    """Tell whether a value is that of an unsolved part."""
    return any(_alike(value, question.part(name).expected) for name in unsolved)


def _has_value_of(part: Part, reading: Reading) -> bool:
    value, expected = reading.value, part.expected
    if isinstance(expected, tuple):
        return isinstance(value, tuple) and value == expected
    if not isinstance(value, np.ndarray) or not isinstance(expected, np.ndarray) or value.shape != expected.shape:
        return False
    typed = typed_numbers(reading.expr) if reading.expr is not None else None
    rtol = max(ROUGHLY, part.ask.rtol)
    return compare(value, expected, digits=FEW_DIGITS, rtol=rtol, atol=part.ask.atol, typed=typed).verdict == "right"


def _is_known(part: Part, reading: Reading) -> bool:
    """Tell whether an answer is right for an unsolved part, and more than a guess."""
    if not isinstance(part.expected, np.ndarray) or not _is_right(part, reading):
        return False
    return any(not is_short(float(one)) and not _is_count(float(one)) for one in part.expected.reshape(-1))


def _is_count(number: float) -> bool:
    return number.is_integer() and abs(number) < COUNTED


COUNTED = 1000  # whole numbers below are soon guessed


def _is_right(part: Part, reading: Reading) -> bool:
    if not isinstance(reading.value, np.ndarray) or not isinstance(part.expected, np.ndarray):
        return type(reading.value) is type(part.expected) and bool(reading.value == part.expected)
    return reading.value.shape == part.expected.shape and compared(part, reading, part.expected).verdict == "right"


def _alike(first: object, second: object) -> bool:
    if not isinstance(first, np.ndarray) or not isinstance(second, np.ndarray):
        return isinstance(first, tuple) and first == second
    return same(first, second, PROBE)
