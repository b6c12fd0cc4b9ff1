"""The steps on which learners can check themselves before they try again: values on the way, in names that they see.

A hidden step is written out in givens and earlier parts, so that its name is never told. Each expression is evaluated
as a learner's would be, and offered only where it gives the step's value. Nothing here is an attempt.
"""

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import islice
from typing import Literal

import numpy as np

from rnn_tutor.engine.compare import EXACTLY, same
from rnn_tutor.engine.errors import EngineError
from rnn_tutor.engine.expression import Call, Expr, Index, Name, Number, children, names_in, show, walk
from rnn_tutor.engine.functions import Array
from rnn_tutor.engine.graph.graph import Sequence as Recurrence
from rnn_tutor.engine.graph.graph import as_numbers
from rnn_tutor.engine.graph.steps import Let, Loop, Start
from rnn_tutor.engine.mutate.mutation import substituted
from rnn_tutor.engine.remember import remembered
from rnn_tutor.exercises import words
from rnn_tutor.exercises.diagnosis.distinguishable import compared, looks_right
from rnn_tutor.exercises.diagnosis.intermediate import SILENT
from rnn_tutor.exercises.diagnosis.mistakes import needed_steps
from rnn_tutor.exercises.diagnosis.withheld import is_unsolved
from rnn_tutor.exercises.question import Part, Question
from rnn_tutor.exercises.reading import read_value, scope_of
from rnn_tutor.exercises.verdict import Reading

MOST_TEXT = 100  # characters of an expression: longer ones are no small check
MOST_TYPED = 16  # numbers that anybody types for a check
MOST_TIMES = 8  # time steps of a recurrence
MOST = 12  # steps of one answer
MOST_PIECES = 200  # of an expression that is written out
MADE = ("zeros", "ones", "zeros_like", "ones_like", "arange", "eye", "one_hot", "length_mask")
FINISHED = (*SILENT, *MADE, "transpose", "index", "negative", "concat", "flip", "sign")  # little is worked out there


@dataclass(frozen=True)
class Checkpoint:
    """A value on the way to an answer: what to compute, as text in names that the learner sees, and what it gives."""

    text: str
    value: Array


@dataclass(frozen=True)
class Checked:
    """What is said of a learner's value of a step."""

    reading: Reading
    verdict: Literal["right", "rounded", "wrong", "not_understood"]
    says: str


def checkpoints(question: Question, part: Part, unsolved: Collection[str]) -> list[Checkpoint]:
    """Return the steps towards a part's answer, in the order of the solution, each value once.

    unsolved: the parts still to be found; what has the value of one, or reads one, is not offered.
    """
    return [
        point
        for point, reads in _every(question, part)
        if not reads & set(unsolved) and not is_unsolved(question, unsolved, point.value)
    ]


def read_as(  # noqa: PLR0917 - where it stands, what it is for, what was typed
    question: Question,
    part: Part,
    checkpoint: Checkpoint,
    text: str,
    earlier: Mapping[str, str] | None = None,
    scratch: Sequence[str] = (),
) -> Reading:
    """Return how a text is understood that is typed as the value of a step."""
    return read_value(question, replace(part, expected=checkpoint.value), text, earlier, scratch)


def check(
    question: Question,
    part: Part,
    checkpoint: Checkpoint,
    text: str,
    *,
    earlier: Mapping[str, str] | None = None,
    scratch: Sequence[str] = (),
) -> Checked:
    """Tell whether a text is the value of a step, by the rules of the part. Never raises, and keeps nothing."""
    step = replace(part, expected=checkpoint.value)
    reading = read_as(question, part, checkpoint, text, earlier, scratch)
    if reading.error is not None or not isinstance(reading.value, np.ndarray):
        return Checked(reading, "not_understood", reading.says)
    if reading.value.shape != checkpoint.value.shape:
        sentence = words.wrong_shape(reading.value.shape, checkpoint.value.shape, (), f"`{checkpoint.text}`")
        return Checked(reading, "wrong", f"Not this one. {sentence}")
    word = compared(step, reading, checkpoint.value).verdict
    if word == "right":
        return Checked(reading, "right", f"That is `{checkpoint.text}`.")
    if word == "rounded":
        digits = part.ask.digits
        return Checked(reading, "rounded", f"That may be right, but give at least {digits} significant digits.")
    return Checked(reading, "wrong", "Not this one. The mistake is in this step or in a value it uses.")


@remembered(64, by=lambda question, part: (question, part.name), once=True)
def _every(question: Question, part: Part) -> list[tuple[Checkpoint, frozenset[str]]]:
    """Return the checkpoints of a part, each with the earlier parts that it reads."""
    if not isinstance(part.expected, np.ndarray):
        return []
    earlier = [other.name for other in question.parts[: question.parts.index(part)]]
    scope = scope_of(question, {name: value for name, value in question.truths.items() if name in earlier})
    values: list[Array] = []
    passed: set[Expr] = set()  # who has the value of a sum is done with its terms
    points: list[tuple[Checkpoint, frozenset[str]]] = []
    for expr, wanted in _Written(question, part, earlier).steps():
        text = show(expr)
        if len(points) == MOST or expr in passed or not _is_work(expr) or len(text) > MOST_TEXT:
            continue
        try:
            value = wanted if wanted is not None and names_in(expr) <= {part.step} else scope.evaluate(expr).number
        except EngineError:
            continue  # it reads what a learner is not told of
        fits = wanted is None or same(value, wanted, EXACTLY)
        if not fits or not _worth_it(part, value) or any(same(value, other, EXACTLY) for other in values):
            continue
        values.append(value)
        passed.update(walk(expr))
        points.append((Checkpoint(text, value), frozenset(names_in(expr) & set(earlier))))
    return points


def _is_work(expr: Expr) -> bool:
    """Tell whether something is worked out by an expression, and not only put in another place."""
    alone = isinstance(expr, Call) and expr.function in FINISHED
    return not alone and bool(names_in(expr))


def _worth_it(part: Part, value: Array) -> bool:
    """Tell whether a value can be typed and says something, and is not the answer itself."""
    small = 0 < value.size <= MOST_TYPED and value.dtype.char != "?"
    return small and bool(np.isfinite(value).all()) and bool(value.any()) and not looks_right(part, value)


class _Written:
    """The steps towards a part, written out in givens and the earlier parts."""

    def __init__(self, question: Question, part: Part, earlier: Sequence[str]) -> None:
        self.question = question
        self.part = part
        self.seen = {*question.told, *earlier}
        self.needed = needed_steps(question, part)
        self.made: dict[str, Expr | None] = {}

    def steps(self) -> Iterator[tuple[Expr, Array | None]]:
        """Yield each step as an expression, with the value that the steps have (None for what is inside of one)."""
        starts: dict[str, Expr] = {}
        for statement in self.question.compiled.program:
            if isinstance(statement, Let) and statement.name in self.needed:
                yield from self._of_let(statement)
            elif isinstance(statement, Start):
                starts |= statement.values
            elif isinstance(statement, Loop):
                yield from self._of_loop(statement, starts)
                starts = {}
        wanted = self.question.compiled.answers[self.question.parts.index(self.part)]
        written = None if wanted is None else self._written_out(wanted)
        if written is not None:
            yield from ((inner, None) for inner in _inside(written))

    def _of_let(self, let: Let) -> Iterator[tuple[Expr, Array | None]]:
        self.made[let.name] = written = self._written_out(let.expr)
        node = self.question.graph.whole(let.name)
        if written is None or node.value is None:
            return
        if let.name == self.part.name:
            yield from ((inner, None) for inner in _inside(written))
        elif let.name not in self.seen:
            yield written, as_numbers(node.value)

    def _of_loop(self, loop: Loop, starts: Mapping[str, Expr]) -> Iterator[tuple[Expr, Array | None]]:
        """Yield the steps of the first time step that is computed; of what is asked for, the other time steps too."""
        entries = self.question.graph.names
        bodies = {let.name: entries[let.name] for let in loop.body}
        count = max((len(entry.steps) for entry in bodies.values() if isinstance(entry, Recurrence)), default=0)
        first = count - 1 if loop.reverse else 0
        within = {loop.variable: Number(float(first), str(first))}
        at_first: dict[str, Expr | None] = {}
        for let in loop.body:
            expr = self._in_time(substituted(let.expr, lambda part: _named(part, within)), at_first, starts, first)
            at_first[let.name] = written = None if expr is None else self._written_out(expr)
            entry = bodies[let.name]
            node = entry.steps[first] if isinstance(entry, Recurrence) else None
            asked = let.name == self.part.step
            if let.name in self.needed and written is not None and node is not None and not asked:
                yield written, as_numbers(node.number)
            elif let.name in self.needed and written is not None and asked:
                yield from ((inner, None) for inner in _inside(written))
        for let in loop.body:
            self.made[let.name] = None  # all its time steps together have no expression
            if let.name == self.part.step:
                yield from self._times(let.name, loop.reverse)

    def _times(self, name: str, reverse: bool) -> Iterator[tuple[Expr, Array | None]]:
        entry = self.question.graph.names[name]
        if isinstance(entry, Recurrence):
            for step in list(range(len(entry.steps)))[:: -1 if reverse else 1][:MOST_TIMES]:
                node = entry.steps[step]
                if node is not None:
                    yield Index(Name(name), (Number(float(step), str(step)),)), as_numbers(node.number)

    def _in_time(
        self, expr: Expr, at_first: Mapping[str, Expr | None], starts: Mapping[str, Expr], first: int
    ) -> Expr | None:
        """Return an expression of the first time step: what it reads of the same one, and what it starts from."""
        lost = False

        def replaced(part: Expr) -> Expr | None:
            nonlocal lost
            if not isinstance(part, Index) or not isinstance(part.base, Name):
                return None
            items = tuple(self._constant(item) for item in part.items)  # type: ignore[arg-type]
            step = items[0] if items else None
            if part.base.id not in at_first and part.base.id not in starts:
                return Index(part.base, items) if items != part.items else None
            inside = None
            if isinstance(step, Number):
                inside = at_first.get(part.base.id) if step.value == first else starts.get(part.base.id)
            lost = lost or inside is None
            return part if inside is None else Index(inside, items[1:]) if items[1:] else inside

        written = substituted(expr, replaced)
        return None if lost else written

    def _constant(self, item: Expr) -> Expr:
        """Return an index that is made of numbers alone as the number that it is."""
        if not isinstance(item, Call) or names_in(item):
            return item
        value = float(self.question.graph.scope({}).evaluate(item).number)
        return Number(value, f"{value:g}")

    def _written_out(self, expr: Expr) -> Expr | None:
        """Return an expression with the steps that a learner does not see written out; None where that cannot be."""
        lost = False

        def replaced(part: Expr) -> Expr | None:
            nonlocal lost
            if not isinstance(part, Name) or part.id in self.seen or part.id not in self.question.graph.names:
                return None
            inside = None if part.id in self.question.compiled.pictured else self.made.get(part.id)
            lost = lost or inside is None
            return inside

        written = substituted(expr, replaced)
        lost = lost or sum(1 for _ in islice(walk(written), MOST_PIECES)) == MOST_PIECES
        return None if lost else written


def _named(part: Expr, within: Mapping[str, Expr]) -> Expr | None:
    return within.get(part.id) if isinstance(part, Name) else None


def _inside(expr: Expr) -> Iterator[Expr]:
    """Yield what is worked out within an expression, the innermost first, itself not."""
    for part in children(expr):
        yield from _inside(part)
        if isinstance(part, Call):
            yield part
