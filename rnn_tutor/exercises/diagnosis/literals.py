"""Numbers in a learner's expression: what they may stand for.

A learner may put numbers in: `0.8**steps` is right where the scale is 0.8. Such a number stands for the given, the cell
or the size that it is here. One that is none of these may have been read off a picture.
"""

from collections.abc import Container, Iterator, Mapping
from dataclasses import dataclass
from itertools import product
from typing import Literal, TypeAlias

import numpy as np

from rnn_tutor.engine.compare import is_literal
from rnn_tutor.engine.errors import EngineError
from rnn_tutor.engine.expression import Array as ArrayExpr
from rnn_tutor.engine.expression import Call, Expr, Index, Name, Number, children, walk, with_children
from rnn_tutor.engine.functions import SPECIAL, TABLE
from rnn_tutor.engine.graph.calls import bound_arguments
from rnn_tutor.engine.graph.evaluate import Graph
from rnn_tutor.engine.graph.steps import lets
from rnn_tutor.engine.mutate.mutation import ONE, op
from rnn_tutor.exercises.question import Question

MOST_CELLS = 200
STRUCTURAL = (0.0, 1.0, 2.0)  # what formulas themselves are made of
PutIn: TypeAlias = Literal["", "places", "numbers"]


def meanings(question: Question, expr: Expr) -> Iterator[tuple[Expr, set[str]]]:
    """Yield the expressions in which some numbers stand for givens, each with the givens whose cells those are."""
    places = [(place, sources) for place in _literals(question, expr) if (sources := _sources(question, place))]
    for chosen in product(*[[*sources, None] for _, sources in places]):
        taken = [(place, source) for (place, _), source in zip(places, chosen, strict=True) if source is not None]
        if taken:
            meant = _with(expr, {id(place): source.expr for place, source in taken})
            yield meant, {source.name for _, source in taken if source.at}


def one_off(question: Question, expr: Expr) -> Iterator[Expr]:
    """Yield the expressions in which a number stands for one more or less than a whole given: `p**4` for 5 steps."""
    within = {id(part) for part in _in_indexes(expr)}
    drawn = [given.name for given in question.compiled.givens if given.draw is not None]
    for place in walk(expr):
        if not isinstance(place, Number) or id(place) in within or place.value < 1 or not place.value.is_integer():
            continue
        for name in drawn:
            given = question.givens[name]
            if isinstance(given, np.ndarray) and not given.shape and abs(float(given) - place.value) == 1:
                other = op("subtract" if given > place.value else "add", Name(name), ONE)
                yield _with(expr, {id(place): other})


def reads_off(expr: Expr) -> bool:
    """Tell whether an expression has a number in it that formulas are not made of."""
    return bool(_numbers(expr))


def puts_in(question: Question, expr: Expr) -> bool:
    """Tell whether an expression has a number in it, or an index, that the steps do not have: put in for something."""
    worked = {part for let in lets(question.compiled.program) for part in walk(let.expr) if isinstance(part, Index)}
    indexes = (part for part in walk(expr) if isinstance(part, Index) and part not in worked)
    return bool(_numbers(expr)) or any(isinstance(item, Number) for index in indexes for item in index.items)


def numbers_put_in(question: Question, expr: Expr) -> PutIn:
    """Tell whether numbers stand in an expression that are none of its formula.

    `numbers`: one that the steps do not have, a list written out, the size of an array that is made. `places`: only
    indexes 0, 1, 2 or -1, or a 2, of which it cannot be said whether they were put in. A number that the steps have
    too, 0, 1 and a square belong to the formula; so does an axis. Where whole numbers are drawn (tags, lengths), a
    place that is one of them may have been looked up there.
    """
    worked = [part for let in lets(question.compiled.program) for part in walk(let.expr)]
    worked += [part for answer in question.compiled.answers if answer is not None for part in walk(answer)]
    known = {part.value for part in worked if isinstance(part, Number)}
    own = {part for part in worked if isinstance(part, Index | ArrayExpr | Call)}
    placed = {place for part in worked if isinstance(part, Index) for place in _places(part)}
    found: set[PutIn] = set()
    _look_for_numbers(expr, _Formula(known, placed, own, _drawn_places(question)), found)
    return "numbers" if "numbers" in found else "places" if found else ""


def _drawn_places(question: Question) -> set[float]:
    """Return the whole numbers in givens that are drawn as such."""
    draws = [(given.name, given.draw) for given in question.compiled.givens]
    names = [name for name, draw in draws if draw is not None and draw.name == "integers"]
    values = [given for name in names if isinstance(given := question.givens[name], np.ndarray)]
    return {float(cell) for value in values if value.size <= MOST_CELLS for cell in value.flat}


@dataclass(frozen=True)
class _Formula:
    """What the steps have: numbers, indexes, and expressions that are theirs as they stand; and `drawn` places."""

    numbers: Container[float]
    places: set[float]
    parts: Container[Expr]
    drawn: set[float]


def _places(index: Index) -> Iterator[float]:
    """Yield the numbers that stand in an index, with their signs."""
    for item in children(index)[1:]:
        if isinstance(item, Call) and item.function == "negative" and isinstance(item.args[0], Number):
            yield -item.args[0].value
        else:
            yield from (part.value for part in walk(item) if isinstance(part, Number))


def _look_for_numbers(expr: Expr, formula: _Formula, found: set[PutIn]) -> None:
    if expr in formula.parts:
        return
    if isinstance(expr, Number):
        if expr.value not in formula.numbers and expr.value not in (0.0, 1.0):
            found.add("places" if expr.value in STRUCTURAL else "numbers")
        return
    if isinstance(expr, ArrayExpr) and len(expr.items) > 1 and is_literal(expr):
        found.add("numbers")
        return
    inner = list(children(expr))
    if isinstance(expr, Index):
        places = set(_places(expr))
        if places - formula.places:
            found.add("places" if places - formula.places <= {*STRUCTURAL, -1.0} else "numbers")
        elif places & formula.drawn:
            found.add("places")
        inner = inner[:1]
    elif isinstance(expr, Call):
        inner = _of_a_formula(expr, found)
    for part in inner:
        _look_for_numbers(part, formula, found)


def _of_a_formula(call: Call, found: set[PutIn]) -> list[Expr]:
    """Return the arguments of a call that can have a number put in: no axis, and no square."""
    if call.function == "power" and isinstance(call.args[-1], Number) and call.args[-1].value in STRUCTURAL:
        return [call.args[0]]
    function = TABLE.get(call.function)
    if function is None:
        return [arg for arg in call.args if not isinstance(arg, Number)] if call.function in SPECIAL else [*call.args]
    try:
        bound = bound_arguments(function, call)
    except EngineError:
        return [*call.args]
    inner: list[Expr] = []
    for param, given in bound:
        if param.kind == "array":
            inner += given
        elif (param.kind in ("number", "sizes") or function.family == "constructor") and any(
            isinstance(part, Number) for arg in given for part in walk(arg)
        ):
            found.add("numbers")
    return inner


def _numbers(expr: Expr) -> list[Number]:
    fixed = {id(part) for part in _in_indexes(expr)}
    numbers = [part for part in walk(expr) if isinstance(part, Number) and id(part) not in fixed]
    return [number for number in numbers if float(number.text) not in STRUCTURAL]


def _in_indexes(expr: Expr) -> Iterator[Expr]:
    """Yield what stands within the brackets of indexes."""
    for part in walk(expr):
        if isinstance(part, Index):
            for item in children(part)[1:]:
                yield from walk(item)


@dataclass(frozen=True)
class _Source:
    """What a number is here: a given, a cell or row of it, its opposite, or (`axis`) one of its sizes."""

    name: str
    at: tuple[int, ...] = ()
    axis: int | None = None
    opposite: bool = False

    @property
    def expr(self) -> Expr:
        """The expression that stands for the number."""
        expr: Expr = Name(self.name)
        if self.axis is not None:
            return Index(Call("shape", (expr,)), (_whole(self.axis),))
        if self.at:
            expr = Index(expr, tuple(_whole(position) for position in self.at))
        return Call("negative", (expr,), style="operator") if self.opposite else expr


def _whole(number: int) -> Number:
    return Number(float(number), str(number))


def _literals(question: Question, expr: Expr) -> Iterator[Expr]:
    """Yield the numbers of an expression, and its lists of numbers that are a given or a row of one."""
    if isinstance(expr, Number) or (isinstance(expr, ArrayExpr) and is_literal(expr) and _sources(question, expr)):
        yield expr
        return
    for part in children(expr):
        yield from _literals(question, part)


def _sources(question: Question, literal: Expr) -> list[_Source]:
    """Return what a number, or a list of numbers, may stand for; only what other draws change."""
    try:
        value = Graph().evaluate(literal).number
    except EngineError:
        return []
    sources: list[_Source] = []
    for name, given in question.givens.items():
        shape = np.shape(given) if isinstance(given, np.ndarray) else given
        if isinstance(given, np.ndarray) and given.size <= MOST_CELLS:
            cells = np.ndindex(given.shape[: given.ndim - value.ndim]) if given.ndim >= value.ndim else iter(())
            for at in cells:
                cell = np.asarray(given[at])
                if cell.shape == value.shape and np.array_equal(cell, value):
                    sources.append(_Source(name, at))
                elif cell.shape == value.shape and np.array_equal(-cell, value):
                    sources.append(_Source(name, at, opposite=True))
        if not value.shape:
            sources += [_Source(name, axis=axis) for axis, length in enumerate(shape) if length == value]
    drawn = {given.name for given in question.compiled.givens if given.draw is not None or given.shape is not None}
    return [source for source in sources if source.name in drawn]


def _with(expr: Expr, chosen: Mapping[int, Expr]) -> Expr:
    """Return an expression with some of its parts (by identity) replaced."""
    if id(expr) in chosen:
        return chosen[id(expr)]
    parts = children(expr)
    return with_children(expr, tuple(_with(part, chosen) for part in parts)) if parts else expr
