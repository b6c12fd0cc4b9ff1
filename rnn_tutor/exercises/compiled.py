"""An exercise file's text -> checked expressions: what a question is made from, again and again.

Compiling reads every expression once; `ExerciseError` says which key of the file does not read.
"""

from dataclasses import dataclass, field
from functools import cached_property

from rnn_tutor.engine.draw import Draw, parse_draw
from rnn_tutor.engine.errors import EngineError
from rnn_tutor.engine.expression import Expr, names_in
from rnn_tutor.engine.graph.axes import Axes
from rnn_tutor.engine.graph.dependencies import Dependencies
from rnn_tutor.engine.graph.steps import (
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
    def seen(self) -> set[str]:
        """The steps that the picture of the question is made of: a learner takes what they give as given."""
        if self.picture is None:
            return set()
        return self.dependencies.steps_behind(self.picture.reads)


@remembered(32)
def compiled(exercise: Exercise) -> Compiled:
    """Return an exercise with every expression read. Raises ExerciseError at the first that does not read."""
    return Compiled(
        exercise,
        tuple(_given(name, given) for name, given in exercise.given.items()),
        tuple(_statement(step, f"steps[{k}]") for k, step in enumerate(exercise.steps)),
        tuple(
            None if ask.as_ in ("choice", "checklist") else _expr(ask.answer, f"ask[{k}].answer")
            for k, ask in enumerate(exercise.ask)
        ),
        tuple(
            CompiledMistake(mistake, _expr(mistake.value, f"mistakes[{k}].value"), f"mistakes[{k}].value")
            for k, mistake in enumerate(exercise.mistakes)
        ),
        tuple(_expr(text, f"conditions[{k}]") for k, text in enumerate(exercise.conditions)),
        tuple(compiled_show(show, f"show[{k}]") for k, show in enumerate(exercise.show)),
        None if exercise.picture is None else compiled_show(exercise.picture, "picture"),
        {name: tuple(given.axes) for name, given in exercise.given.items()},
    )


def compiled_show(show: Show, key: str) -> CompiledShow:
    """Return something to look at with its expressions read. Raises ExerciseError at the first that does not read."""
    kind: FigureKind = next(iter(figure_kinds(show)), "heatmap")
    return CompiledShow(
        show,
        key,
        kind,
        tuple((text, _expr(text, f"{key}.{kind}[{place}]")) for place, text in enumerate(getattr(show, kind))),
        None if show.x is None else _expr(show.x, f"{key}.x"),
        None if show.y is None else _expr(show.y, f"{key}.y"),
        None if show.level is None else _expr(show.level, f"{key}.level"),
    )


def _expr(text: str, key: str) -> Expr:
    try:
        return parse(text)
    except EngineError as error:
        raise ExerciseError(key, error) from None


def _given(name: str, given: Given) -> CompiledGiven:
    key = f"given.{name}"
    try:
        check_name(name)
    except EngineError as error:
        raise ExerciseError(key, error) from None
    draw = None
    if given.draw is not None:
        try:
            draw = parse_draw(given.draw)
        except EngineError as error:
            raise ExerciseError(f"{key}.draw", error) from None
    value = None if given.value is None else _expr(given.value, f"{key}.value")
    shape = None if given.shape is None else _expr(given.shape, f"{key}.shape")
    return CompiledGiven(name, given, value, shape, draw)


def _statement(step: Step, key: str) -> Statement:
    try:
        if step.let is not None:
            return read_let(step.let, key=f"{key}.let")
        if step.start is not None:
            return Start(
                {name: _expr(text, f"{key}.start.{name}") for name, text in step.start.items()}, f"{key}.start"
            )
        if step.for_ is not None:
            body = tuple((inner.let or "", f"{key}.do[{k}].let") for k, inner in enumerate(step.do or []))
            return read_loop(step.for_, body, f"{key}.for")
    except ProgramError as error:
        raise ExerciseError(error.key, error) from None
    except EngineError as error:
        raise ExerciseError(f"{key}.{'let' if step.let is not None else 'for'}", error) from None
    raise ExerciseError(key, EngineError("notation", "A step has one of let, start, for."))


def loop_of(compiled_exercise: Compiled, name: str) -> Loop | None:
    """Return the loop that computes a name, None for a name made outside loops."""
    for statement in compiled_exercise.program:
        if isinstance(statement, Loop) and any(let.name == name for let in statement.body):
            return statement
    return None
