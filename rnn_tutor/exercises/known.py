"""What of an exercise is known, where not all of it can be evaluated: an exercise of its own, of which all can.

A text that does not read, a name that is not there and a step that does not evaluate are told of and unknown, and
whatever reads them is unknown too. A given whose numbers cannot be had keeps its shape, if that is known. What is left
is an exercise like any other; `places` leads from its keys back to those of the file.
"""

from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import TypeVar

import msgspec
import numpy as np

from rnn_tutor.engine.draw import holds
from rnn_tutor.engine.errors import EngineError
from rnn_tutor.engine.expression import Expr, names_in
from rnn_tutor.engine.functions import Array
from rnn_tutor.engine.graph.axes import Axes
from rnn_tutor.engine.graph.evaluate import Graph
from rnn_tutor.engine.graph.graph import Node
from rnn_tutor.engine.graph.partly import NotThereError, resume_partly, tell_strangers
from rnn_tutor.engine.graph.rerun import branch
from rnn_tutor.engine.graph.steps import Let, Program, ProgramError, Start, Statement
from rnn_tutor.engine.shapes import Shape
from rnn_tutor.exercises.compiled import (
    CompiledGiven,
    CompiledMistake,
    CompiledShow,
    ExerciseError,
    compiled_partly,
)
from rnn_tutor.exercises.files.convert import related
from rnn_tutor.exercises.files.rules import figure_kinds
from rnn_tutor.exercises.model import Exercise, Given, Show, Step
from rnn_tutor.exercises.question import in_order, part_of, sizes_of, stated

_OF_A_PART = ("", ".answer", ".as", ".options", ".axes", ".function")  # keys without which a part is not asked

changed = msgspec.structs.replace


@dataclass(frozen=True)
class Known:
    """The part of an exercise that can be evaluated; `reads`: every text does, and every name in one is there.

    `places` has the keys of its items where they have others in the file. It asks for nothing if nothing is known of
    what is asked.
    """

    exercise: Exercise
    reads: bool
    places: Mapping[str, str] = field(default_factory=dict)

    def place(self, key: str) -> str:
        """Return the file's key of something that stands at a key here."""
        return file_key(key, self.places)


def file_key(key: str, places: Mapping[str, str]) -> str:
    """Return the file's key of something that stands at a key of what is left, by where its items stood."""
    end = len(key)
    while end > 0:
        if key[:end] in places:
            return places[key[:end]] + key[end:]
        end = max(key.rfind(".", 0, end), key.rfind("[", 0, end))
    return key


def known_part(
    exercise: Exercise,
    told: Callable[[ExerciseError], None],
    blamed: Collection[str] = (),
    unknown: Iterable[str] = (),
) -> Known:
    """Return what is known of an exercise; all that is in the way is told.

    blamed: keys of which something was told already: what stands there is unknown without a word. unknown: names that
    are known to be there, and of which nothing else is.
    """
    return _Search(exercise, told, blamed, unknown).result()


class _Search:
    def __init__(
        self,
        exercise: Exercise,
        told: Callable[[ExerciseError], None],
        blamed: Collection[str],
        unknown: Iterable[str],
    ) -> None:
        self.exercise = exercise
        self.blamed = blamed
        self.reads = True
        self._further = told
        self.source = compiled_partly(exercise, self._unread, blamed)
        self.graph = Graph()
        self.graph.lose(unknown)
        self.moving: set[str] = set()  # givens that are drawn, and those that read one
        self.lacking = False  # whether there are givens without numbers that should have some
        self.axes: dict[Node, Axes] = {}

    def _told(self, error: ExerciseError) -> None:
        if not related(error.key, self.blamed):
            self._further(error)

    def _unread(self, error: ExerciseError) -> None:
        self.reads = False
        self._told(error)

    def _of_steps(self, error: ProgramError) -> None:
        self.reads = self.reads and not isinstance(error, NotThereError)
        self._told(ExerciseError(error.key, error))

    def _tell(self, error: ExerciseError) -> None:
        if error.error.kind != "unknown":
            self._told(error)

    def result(self) -> Known:
        givens = {
            given.name: evaluable for given in in_order(self.source) if (evaluable := self._given(given)) is not None
        }
        program = resume_partly(self.graph, self.source.program, self._of_steps)
        asked = [k for k in range(len(self.exercise.ask)) if self._asked(k)]
        conditions = [
            k for k, expr in enumerate(self.source.conditions) if self._evaluates(expr, f"conditions[{k}]", holds)
        ]
        mistakes = [k for k, mistake in enumerate(self.source.mistakes) if self._mistake(mistake, k)]
        shows, picture = [self._show(show) for show in self.source.shows], self.source.picture
        pictured = None if picture is None else self._show(picture)
        places: dict[str, str] = {}
        exercise = changed(
            self.exercise,
            given={name: givens[name] for name in self.exercise.given if name in givens},
            steps=steps_of(self.exercise.steps, program, places),
            ask=items_of("ask", self.exercise.ask, asked, places),
            conditions=items_of("conditions", self.exercise.conditions, conditions, places),
            mistakes=items_of("mistakes", self.exercise.mistakes, mistakes, places),
            show=shows_of(shows, places),
            picture=None if pictured is None else _items("picture", "picture", *pictured, places),
        )
        return Known(self.exercise if exercise == self.exercise else exercise, self.reads, places)

    # givens

    def _given(self, given: CompiledGiven) -> Given | None:
        """Add a given to the graph, as far as it is known; return it as it is then, None if nothing is known of it."""
        key, names = f"given.{given.name}", tuple(self.exercise.given)
        drawn = given.draw is not None and self._drawable(given, names)
        parts = [
            expr is None or tell_strangers(self.graph, expr, f"{key}.{part}", self._of_steps, names)
            for part, expr in (("value", given.value), ("shape", given.shape))
        ]
        fixed = not drawn and (given.given.draw is not None or f"{key}.draw" in self.blamed)
        if drawn or not given.reads.isdisjoint(self.moving):
            self.moving.add(given.name)
        own = changed(given.given, draw=given.given.draw if drawn else None)
        given = replace(given, given=own, draw=given.draw if drawn else None)
        if not parts[1] or (given.value is None and given.shape is None):
            self.lacking = True
            self.graph.lose({given.name})
            return None
        stated_given = self._stated(given) if parts[0] else None
        if stated_given is None or (fixed and not given.reads.isdisjoint(self.moving)):  # of a size that is drawn
            return self._shape_alone(given)
        return stated_given

    def _stated(self, given: CompiledGiven) -> Given | None:
        """Add a given with what the file states; None where that is not to be had."""
        try:
            value = stated(given, self.graph)
        except ExerciseError as error:
            self._tell(error)
            try:  # only the number of axes may be wrong
                given = replace(given, given=changed(given.given, axes=[]))
                value = stated(given, self.graph)
            except ExerciseError:
                return None
        if isinstance(value, tuple) or not _strange(value, given):
            return given.given
        sentence = "some values are not finite; expected numbers"
        self._told(ExerciseError(f"given.{given.name}.value", EngineError("value", sentence)))
        return self._without_numbers(given, value.shape)

    def _shape_alone(self, given: CompiledGiven) -> Given | None:
        try:
            return self._without_numbers(given, sizes_of(given, self.graph))
        except EngineError:  # told of with the value, or of the same fault
            self.lacking = True
            self.graph.lose({given.name})
            return None

    def _without_numbers(self, given: CompiledGiven, shape: Shape) -> Given:
        self.lacking = True
        self.graph.unknown_leaf(given.name, shape)
        axes = given.given.axes if len(given.given.axes) == len(shape) else []
        return changed(given.given, value=None, shape=given.given.shape or str(list(shape)), draw=None, axes=axes)

    def _drawable(self, given: CompiledGiven, names: tuple[str, ...]) -> bool:
        """Tell whether a draw reads what is known; that it can be made is seen when it is."""
        args = given.draw.args if given.draw is not None else ()
        readable = [tell_strangers(self.graph, arg, f"given.{given.name}.draw", self._of_steps, names) for arg in args]
        return all(readable)

    # what reads givens and steps

    def _evaluates(self, expr: Expr, key: str, also: Callable[[Graph, Expr], object] | None = None) -> bool:
        if not tell_strangers(self.graph, expr, key, self._of_steps):
            return False
        try:
            branch(self.graph).evaluate(expr)
            if also is not None:
                also(self.graph, expr)
        except EngineError as error:
            self._tell(ExerciseError(key, error))
            return False
        return True

    def _mistake(self, mistake: CompiledMistake, place: int) -> bool:
        def number(graph: Graph, expr: Expr) -> None:
            _ = graph.evaluate(expr).number

        return self._evaluates(mistake.expr, mistake.key, number) and f"mistakes[{place}].answer" not in self.blamed

    def _asked(self, place: int) -> bool:
        key, asked, expr = f"ask[{place}]", self.exercise.ask[place], self.source.answers[place]
        if expr is not None and not tell_strangers(self.graph, expr, f"{key}.answer", self._of_steps):
            return False
        if any(f"{key}{part}" in self.blamed for part in _OF_A_PART):
            return False
        if any(blamed_key.startswith(f"{key}.options") for blamed_key in self.blamed):
            return False
        if asked.as_ == "program" and self.lacking:  # it is tried on all givens
            return False
        try:
            part_of(self.source, self.graph, place, self.axes)
        except ExerciseError as error:
            self._tell(error)
            return False
        return True

    def _show(self, show: CompiledShow) -> tuple[Show, list[int]]:
        """Return what of something to look at is known, and which of its items."""
        places = [
            place
            for place, (_, expr) in enumerate(show.items)
            if self._evaluates(expr, f"{show.key}.{show.kind}[{place}]")
        ]
        if show.kind == "tree" and len(places) < len(show.items):
            places = []  # without one of them it is no tree
        along = {
            name: text if expr is not None and self._evaluates(expr, f"{show.key}.{name}") else None
            for name, text, expr in (
                ("x", show.show.x, show.x),
                ("y", show.show.y, show.y),
                ("level", show.show.level, show.level),
            )
        }
        return changed(show.show, **{show.kind: [show.items[place][0] for place in places]}, **along), places


def _strange(value: Array, given: CompiledGiven) -> bool:
    """Say whether numbers are not finite, and no infinity was written."""
    written = given.value is not None and "inf" in names_in(given.value)
    return bool(np.isnan(value).any() or (np.isinf(value).any() and not written))


# An exercise of what is known


T = TypeVar("T")


def items_of(name: str, items: list[T], positions: list[int], places: dict[str, str]) -> list[T]:
    """Return the items of a list that are left, by their positions in it."""
    places |= {f"{name}[{new}]": f"{name}[{old}]" for new, old in enumerate(positions)}
    return [items[position] for position in positions]


def shows_of(shows: Sequence[tuple[Show, list[int]]], places: dict[str, str]) -> list[Show]:
    """Return what there is still to look at: of each what is left of it, and which of its items."""
    known_shows: list[Show] = []
    for old, (show, items) in enumerate(shows):
        part = _items(f"show[{len(known_shows)}]", f"show[{old}]", show, items, places)
        if part is not None:
            known_shows.append(part)
    return known_shows


def _items(new_key: str, old_key: str, show: Show, items: list[int], places: dict[str, str]) -> Show | None:
    """Return something to look at, None where no item of it is left."""
    for kind in figure_kinds(show):
        places |= {new_key: old_key}
        places |= {f"{new_key}.{kind}[{new}]": f"{old_key}.{kind}[{old}]" for new, old in enumerate(items)}
        return show
    return None


def steps_of(steps: Sequence[Step], program: Program, places: dict[str, str]) -> list[Step]:
    """Return the steps that a program is of, each with the lines and names that are left of it."""
    left = {statement.key: statement for statement in program}
    known_steps: list[Step] = []
    for old, step in enumerate(steps):
        key = f"steps[{old}]"
        statements = [left[f"{key}.{part}"] for part in ("let", "start", "for") if f"{key}.{part}" in left]
        for statement in statements[:1]:
            new_key = f"steps[{len(known_steps)}]"
            places[new_key] = key
            known_steps.append(_step(step, statement, key, new_key, places))
    return known_steps


def _step(step: Step, statement: Statement, key: str, new_key: str, places: dict[str, str]) -> Step:
    if isinstance(statement, Let):
        return step
    if isinstance(statement, Start):
        started = step.start or {}
        return changed(step, start={name: started[name] for name in statement.values})
    lines = {let.key for let in statement.body}
    do = step.do or []
    positions = [place for place in range(len(do)) if f"{key}.do[{place}].let" in lines]
    places |= {f"{new_key}.do[{new}]": f"{key}.do[{old}]" for new, old in enumerate(positions)}
    return changed(step, do=[do[place] for place in positions])
