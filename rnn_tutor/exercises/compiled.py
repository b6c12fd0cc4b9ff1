"""An exercise file's text -> checked expressions: what a question is made from, again and again.

Compiling reads every expression once; `ExerciseError` says which key of the file does not read.
"""

from collections.abc import Callable, Collection, Iterator
from dataclasses import dataclass, field, replace
from functools import cached_property

from rnn_tutor.engine.draw import Draw, parse_draw
from rnn_tutor.engine.errors import EngineError
from rnn_tutor.engine.expression import Expr, Unknown, names_in
from rnn_tutor.engine.graph.axes import Axes
from rnn_tutor.engine.graph.dependencies import Dependencies
from rnn_tutor.engine.graph.graph import ANY
from rnn_tutor.engine.graph.steps import (
    Let,
    Loop,
    Program,
    ProgramError,
    Start,
    Statement,
    check_name,
    read_let,
    read_loop,
)
from rnn_tutor.engine.reading.language import parse
from rnn_tutor.engine.remember import remembered
from rnn_tutor.exercises.files.convert import related
from rnn_tutor.exercises.files.rules import figure_kinds
from rnn_tutor.exercises.model import Exercise, Given, Mistake, Show, Step
from rnn_tutor.figures import FigureKind


class ExerciseError(Exception):
    """Something in an exercise file that the engine cannot read or evaluate: its key, and what is wrong with it."""

    def __init__(self, key: str, error: EngineError) -> None:
        super().__init__(f"{key}: {error.says}")
        self.key = key
        self.error = error
        self.says = error.says


@dataclass(frozen=True)
class CompiledGiven:
    """A given with its texts read: its value or its shape, and how it is drawn."""

    name: str
    given: Given
    value: Expr | None
    shape: Expr | None
    draw: Draw | None

    @property
    def reads(self) -> set[str]:
        """The names that its value, shape and draw read."""
        parts = [part for part in (self.value, self.shape) if part is not None]
        return set[str]().union(*(names_in(part) for part in (*parts, *(self.draw.args if self.draw else ()))))


@dataclass(frozen=True)
class CompiledMistake:
    """An authored mistake with its expression read."""

    mistake: Mistake
    expr: Expr
    key: str


@dataclass(frozen=True)
class CompiledShow:
    """Something to look at with its expressions read; `key` is where it stands in the file."""

    show: Show
    key: str
    kind: FigureKind
    items: tuple[tuple[str, Expr], ...]
    x: Expr | None
    y: Expr | None
    level: Expr | None

    @property
    def reads(self) -> set[str]:
        """The names that its expressions read."""
        parts = [
            *(expr for _, expr in self.items),
            *(part for part in (self.x, self.y, self.level) if part is not None),
        ]
        return set[str]().union(*map(names_in, parts))


@dataclass(frozen=True)
class Compiled:
    """An exercise whose every expression has been read."""

    exercise: Exercise
    givens: tuple[CompiledGiven, ...]
    program: Program
    answers: tuple[Expr | None, ...]
    mistakes: tuple[CompiledMistake, ...]
    conditions: tuple[Expr, ...]
    shows: tuple[CompiledShow, ...]
    picture: CompiledShow | None
    axes: dict[str, Axes] = field(default_factory=dict)

    @property
    def draws(self) -> bool:
        """Whether new numbers can be drawn."""
        return any(given.draw is not None for given in self.givens)

    @cached_property
    def dependencies(self) -> Dependencies:
        """What the steps read."""
        return Dependencies(self.program)

    @cached_property
    def pictured(self) -> set[str]:
        """The steps that the picture of the question is made of: a learner takes what they give as given."""
        if self.picture is None:
            return set()
        return self.dependencies.steps_behind(self.picture.reads)


@remembered(32)
def compiled(exercise: Exercise) -> Compiled:
    """Return an exercise with every expression read. Raises ExerciseError at the first that does not read."""
    return _Reader(_raised).exercise(exercise)


def compiled_partly(exercise: Exercise, told: Callable[[ExerciseError], None], blamed: Collection[str]) -> Compiled:
    """Return an exercise with every expression read that reads; the others are told of, and unknown.

    blamed: keys of which something was told already; what stands there is unknown without a word.
    """
    return _Reader(told, tuple(blamed)).exercise(exercise)


def _raised(error: ExerciseError) -> None:
    raise error


@dataclass(frozen=True)
class _Reader:
    """Reads texts; `told` takes what is wrong with one that does not read, which is unknown if that returns."""

    told: Callable[[ExerciseError], None]
    blamed: tuple[str, ...] = ()

    def exercise(self, exercise: Exercise) -> Compiled:
        return Compiled(
            exercise,
            tuple(self._given(name, given) for name, given in exercise.given.items()),
            tuple(
                statement
                for k, step in enumerate(exercise.steps)
                for statement in self._statements(step, f"steps[{k}]")
            ),
            tuple(
                None if ask.as_ in ("choice", "checklist") else self._expr(ask.answer, f"ask[{k}].answer")
                for k, ask in enumerate(exercise.ask)
            ),
            tuple(
                CompiledMistake(mistake, self._expr(mistake.value, f"mistakes[{k}].value"), f"mistakes[{k}].value")
                for k, mistake in enumerate(exercise.mistakes)
            ),
            tuple(self._expr(text, f"conditions[{k}]") for k, text in enumerate(exercise.conditions)),
            tuple(self.show(show, f"show[{k}]") for k, show in enumerate(exercise.show)),
            None if exercise.picture is None else self.show(exercise.picture, "picture"),
            {name: tuple(given.axes) for name, given in exercise.given.items()},
        )

    def show(self, show: Show, key: str) -> CompiledShow:
        kind: FigureKind = next(iter(figure_kinds(show)), "heatmap")
        return CompiledShow(
            show,
            key,
            kind,
            tuple((text, self._expr(text, f"{key}.{kind}[{place}]")) for place, text in enumerate(getattr(show, kind))),
            None if show.x is None else self._expr(show.x, f"{key}.x"),
            None if show.y is None else self._expr(show.y, f"{key}.y"),
            None if show.level is None else self._expr(show.level, f"{key}.level"),
        )

    def _expr(self, text: str, key: str) -> Expr:
        if not related(key, self.blamed):
            try:
                return parse(text)
            except EngineError as error:
                self.told(ExerciseError(key, error))
        return Unknown()

    def _given(self, name: str, given: Given) -> CompiledGiven:
        key = f"given.{name}"
        value, shape, draw = given.value, given.shape, None
        try:
            check_name(name)
        except EngineError as error:
            self.told(ExerciseError(key, error))
            value = shape = None
        if given.draw is not None and not related(f"{key}.draw", self.blamed):
            try:
                draw = parse_draw(given.draw)
            except EngineError as error:
                self.told(ExerciseError(f"{key}.draw", error))
        return CompiledGiven(
            name,
            given,
            None if value is None else self._expr(value, f"{key}.value"),
            None if shape is None else self._expr(shape, f"{key}.shape"),
            draw,
        )

    def _statements(self, step: Step, key: str) -> Iterator[Statement]:
        """Give what a step says: one statement, or, of one that was blamed, whatever there is."""
        if step.let is not None:
            yield self._let(step.let, f"{key}.let")
        if step.start is not None:
            started = {name: self._expr(text, f"{key}.start.{name}") for name, text in step.start.items()}
            yield Start(started, f"{key}.start")
        if step.for_ is not None or step.do is not None:
            if related(f"{key}.do", self.blamed) and not step.do:
                yield _of_any_name(key)
            else:
                yield self._loop(step.for_, step.do or [], key)
        elif step.let is None and step.start is None:
            self._tell(ProgramError(EngineError("notation", "A step has one of let, start, for."), key))
            yield _of_any_name(key)

    def _let(self, text: str, key: str) -> Let:
        return self._unless_blamed(read_let(text, key=key, told=self._tell))

    def _loop(self, text: str | None, do: list[Step], key: str) -> Loop:
        body = tuple((inner.let or "", f"{key}.do[{k}].let") for k, inner in enumerate(do))
        loop = read_loop("t in range(1)" if text is None else text, body, f"{key}.for", self._tell)
        count = Unknown((loop.count,)) if text is None or related(loop.key, self.blamed) else loop.count
        return replace(loop, count=count, body=tuple(self._unless_blamed(let) for let in loop.body))

    def _unless_blamed(self, let: Let) -> Let:
        return replace(let, expr=Unknown((let.expr,))) if related(let.key, self.blamed) else let

    def _tell(self, error: ProgramError) -> None:
        if not related(error.key, self.blamed):
            self.told(ExerciseError(error.key, error))


def _of_any_name(key: str) -> Let:
    """Return a step of which nothing is known: any name may be its own."""
    return Let(ANY, Unknown(), "", key=key)


def loop_of(compiled_exercise: Compiled, name: str) -> Loop | None:
    """Return the loop that computes a name, None for a name made outside loops."""
    for statement in compiled_exercise.program:
        if isinstance(statement, Loop) and any(let.name == name for let in statement.body):
            return statement
    return None
