"""Which lines of the scratchpad are values on the way to an answer, and which is the first that is not."""

from collections.abc import Collection, Sequence
from decimal import Decimal

import numpy as np

from rnn_tutor.engine.compare import PROBE, compare, same, significant, typed_numbers
from rnn_tutor.engine.errors import EngineError
from rnn_tutor.engine.expression import Name, names_in
from rnn_tutor.engine.functions import Array
from rnn_tutor.engine.graph.gradient import reachable
from rnn_tutor.engine.graph.graph import as_numbers
from rnn_tutor.exercises import words
from rnn_tutor.exercises.diagnosis.first_difference import LEAVES, over_time
from rnn_tutor.exercises.diagnosis.withheld import is_unsolved
from rnn_tutor.exercises.drawing import probes
from rnn_tutor.exercises.question import Part, Question
from rnn_tutor.exercises.reading import scope_of
from rnn_tutor.exercises.scratch import Note, inlined

MOST_NAMED = 4
FEW_DIGITS = 2  # typed: fewer say nothing
NEAR = 1e-3


def so_far(question: Question, part: Part, unsolved: Collection[str], pad: Sequence[Note]) -> str:
    """Return a sentence on the named lines that match the worked solution, and the first that does not; "" for none.

    Of a line that has the value of a part which is still open nothing is said, nor of one that repeats a given.
    """
    if part.node is None:
        return ""
    right: list[str] = []
    for note in pad:
        if not _tells(question, note) or is_unsolved(question, unsolved, np.asarray(note.value)):
            continue
        if not _on_the_way(question, part, note, pad):
            return _sentence(right, note.name) if right else ""
        right.append(note.name)
    return _sentence(right, "") if right else ""


def _sentence(right: Sequence[str], off: str) -> str:
    names = words.enumerated([f"`{name}`" for name in right[-MOST_NAMED:]])
    matches = f"On your pad {names} {'matches' if len(right) == 1 else 'match'} the worked solution"
    return f"{matches}; `{off}` is the first that does not." if off else f"{matches}. Check what comes after."


def _tells(question: Question, note: Note) -> bool:
    """Tell whether a line has a value and a name, and is more than a given or a number that is anywhere."""
    if not note.name or note.value is None or note.expr is None or isinstance(note.expr, Name):
        return False
    givens = [given for given in question.givens.values() if isinstance(given, np.ndarray)]
    if any(same(note.value, given, PROBE) for given in givens):
        return False
    typed = [number for number in typed_numbers(note.expr) if number is not None]
    return bool(note.uses) or any(significant(number.normalize()) >= FEW_DIGITS for number in typed)


def _on_the_way(question: Question, part: Part, note: Note, pad: Sequence[Note]) -> bool:
    """Tell whether a line's value is one of the steps', with other numbers too where it is an expression."""
    value = np.asarray(note.value)
    assert note.expr is not None  # noqa: S101 - `_tells` has seen to that
    typed = None if note.uses else typed_numbers(note.expr)
    if not any(_same(value, step, typed) for step in _steps(question, part)):
        return False
    expr = inlined(note.expr, pad) if note.uses else None
    if expr is None:
        return True
    for probe in probes(question.exercise):
        truths = {name: probe.truths[name] for name in names_in(expr) & probe.truths.keys()}
        try:
            there = as_numbers(scope_of(probe, truths).evaluate(expr).number)
        except EngineError:
            continue  # it cannot be computed there; the numbers in hand have to do
        if not any(same(there, step, PROBE) for step in _steps(probe, probe.part(part.name))):
            return False
    return True


def _same(value: Array, step: Array, typed: Sequence[Decimal | None] | None) -> bool:
    if value.shape != step.shape:
        return False
    if typed is None:
        return same(value, step, PROBE)
    return compare(value, step, digits=FEW_DIGITS, rtol=NEAR, atol=0.0, typed=list(typed)).verdict == "right"


def _steps(question: Question, part: Part) -> list[Array]:
    """Return the values on the way to a part, those of a loop also over all its time steps."""
    assert part.node is not None  # noqa: S101 - asked for parts with a value
    nodes = [node for node in reachable(part.node) if node.op not in LEAVES and node.value is not None]
    return [as_numbers(node.number) for node in nodes] + [value for _, _, value in over_time(question)]
