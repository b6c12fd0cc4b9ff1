"""What a course covers: for each unit its exercises by level, kinds of answers, pictures, labs, functions used.

An author sees from it what is missing: a unit without level 3, a kind of answer that nobody meets, a function of the
language that no exercise uses. Nothing is evaluated for it; the expressions have been read by the check already.
"""

import textwrap
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from typing import get_args

from rnn_tutor.engine.expression import OPERATORS, UNARY, Call, Expr, walk
from rnn_tutor.engine.functions import SPECIAL, TABLE
from rnn_tutor.engine.graph.steps import Loop, Program, Start
from rnn_tutor.exercises.compiled import Compiled, ExerciseError, compiled
from rnn_tutor.exercises.files.finding import ContentError, shown
from rnn_tutor.exercises.load import Library
from rnn_tutor.exercises.model import Exercise, Kind, Unit

KINDS: tuple[str, ...] = get_args(Kind)
LEVELS = (1, 2, 3)
WIDTH = 80
ENOUGH = 30  # exercises: fewer use a small part of the language, and what they leave out is no gap
_HEADS = ("num", "vec", "mat", "shape", "choice", "list", "prog")  # one for each of KINDS, in their order
_NAME = 16
_SIGNS = frozenset(OPERATORS) - {"matmul"} | frozenset(UNARY)


@dataclass(frozen=True, slots=True)
class UnitCoverage:
    """What one unit has. Exercises that cannot be read count as exercises and as nothing else.

    `kinds`: how many exercises ask for each kind of answer. `functions`: those of the givens, steps and answers (not
    those of conditions, mistakes and pictures), by the names that the language's table has; operators too.
    """

    unit: str
    exercises: int = 0
    levels: Counter[int] = field(default_factory=Counter)
    kinds: Counter[str] = field(default_factory=Counter)
    parts: int = 0  # exercises with several parts
    pictures: int = 0
    labs: int = 0
    functions: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class Coverage:
    """What a course covers, unit by unit."""

    units: tuple[UnitCoverage, ...]

    @property
    def unused(self) -> tuple[str, ...]:
        """The functions of the language that no exercise uses, by name."""
        used = frozenset[str]().union(*(unit.functions for unit in self.units))
        return tuple(sorted({*TABLE, *SPECIAL} - used))

    def as_json(self) -> dict[str, object]:
        """Return it as data, for `rnn-tutor check --json`."""
        return {"units": [_as_json(unit) for unit in self.units], "unused": list(self.unused)}

    def __str__(self) -> str:
        """Return it as lines of at most 80 characters: a table, then the functions of each unit, then those of none.

        The operators are left out there: every exercise has some. So are the functions of none where there are few
        exercises.
        """
        lines = [*_table(self.units), ""]
        for unit in self.units:
            names = sorted(unit.functions - _SIGNS)
            lines += _listed(shown(unit.unit, _NAME), names or ["(no functions)"])
        if sum(unit.exercises for unit in self.units) >= ENOUGH:
            lines += _listed("used by none", self.unused or ["(all are used)"])
        return "\n".join(lines)


def coverage(library: Library) -> Coverage:
    """Return what a library's course covers. The library's files are read if they were not yet."""
    return Coverage(tuple(_unit(library, unit) for unit in library.course.units))


def _unit(library: Library, unit: Unit) -> UnitCoverage:
    exercises = [exercise for entry in unit.exercises if (exercise := _exercise(library, entry.id)) is not None]
    return UnitCoverage(
        unit.id,
        len(unit.exercises),
        Counter(entry.level for entry in unit.exercises),
        Counter(kind for exercise in exercises for kind in {part.as_ for part in exercise.ask}),
        sum(len(exercise.ask) > 1 for exercise in exercises),
        sum(exercise.picture is not None for exercise in exercises),
        len(unit.labs),
        frozenset(name for exercise in exercises for name in _functions(exercise)),
    )


def _exercise(library: Library, name: str) -> Exercise | None:
    try:
        return library.exercise(name)
    except ContentError:
        return None


def _functions(exercise: Exercise) -> Iterator[str]:
    try:
        source = compiled(exercise)
    except ExerciseError:
        return
    for expr in _expressions(source):
        for part in walk(expr):
            if isinstance(part, Call) and (part.function in TABLE or part.function in SPECIAL):
                yield part.function


def _expressions(source: Compiled) -> Iterator[Expr]:
    for given in source.givens:
        yield from (expr for expr in (given.value, given.shape) if expr is not None)
    yield from _steps(source.program)
    yield from (expr for expr in source.answers if expr is not None)


def _steps(program: Program) -> Iterator[Expr]:
    for statement in program:
        if isinstance(statement, Start):
            yield from statement.values.values()
        elif isinstance(statement, Loop):
            yield statement.count
            yield from (let.expr for let in statement.body)
        else:
            yield statement.expr


def _as_json(unit: UnitCoverage) -> dict[str, object]:
    return {
        "unit": unit.unit,
        "exercises": unit.exercises,
        "levels": {str(level): unit.levels[level] for level in LEVELS},
        "kinds": {kind: unit.kinds[kind] for kind in KINDS},
        "parts": unit.parts,
        "pictures": unit.pictures,
        "labs": unit.labs,
        "functions": sorted(unit.functions),
    }


def _table(units: Iterable[UnitCoverage]) -> Iterator[str]:
    """Give a row for each unit and, for more than one, their sums; a count of 0 is a dot, so that gaps are seen."""
    rows = [(shown(unit.unit, _NAME), _counts(unit)) for unit in units]
    if len(rows) > 1:
        rows.append(("together", [sum(column) for column in zip(*(counts for _, counts in rows), strict=True)]))
    heads = ("all", *(f"L{level}" for level in LEVELS), *_HEADS, "parts", "pict", "labs")
    yield _row("unit", heads, heads)
    for name, counts in rows:
        yield _row(name, ["." if count == 0 else str(count) for count in counts], heads)


def _counts(unit: UnitCoverage) -> list[int]:
    by_level = (unit.levels[level] for level in LEVELS)
    return [unit.exercises, *by_level, *(unit.kinds[kind] for kind in KINDS), unit.parts, unit.pictures, unit.labs]


def _row(name: str, cells: Iterable[str], heads: Iterable[str]) -> str:
    widths = (len(head) for head in heads)
    return f"{name:<{_NAME}}" + "".join(f" {cell:>{width}}" for cell, width in zip(cells, widths, strict=True))


def _listed(head: str, names: Iterable[str]) -> list[str]:
    first = f"{head:<{_NAME}} "
    return textwrap.wrap(" ".join(names), WIDTH, initial_indent=first, subsequent_indent=" " * len(first))
