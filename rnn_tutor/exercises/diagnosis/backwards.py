"""What a place of the steps would have had to be, for a wrong answer to come out of it.

From the answer back along the steps: of `y = tanh(a + b)` a place `a` would have had to be `arctanh(y) - b`. Each
number typed stands for all that are rounded to it, so what is asked of a place is an interval for each element. Only
operations that can be taken back are passed: sums, products and functions, element by element, and what is joined or
turned.
"""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import TypeAlias

import numpy as np

from rnn_tutor.engine.expression import Array as ArrayExpr
from rnn_tutor.engine.expression import Call, Expr, Index, Name, NewAxis, Number, Slice, walk
from rnn_tutor.engine.functions import Array
from rnn_tutor.engine.graph.graph import as_numbers
from rnn_tutor.engine.graph.node import Sequence
from rnn_tutor.engine.graph.rerun import Tape
from rnn_tutor.engine.graph.steps import Let
from rnn_tutor.exercises.diagnosis.mistakes import ANSWER, needed_steps, tape
from rnn_tutor.exercises.question import Part, Question

Interval: TypeAlias = tuple[Array, Array]  # the lowest and the highest that each element may be


@dataclass(frozen=True, eq=False)
class Wanted:
    """A place of a step (of ANSWER, for what is asked) with what it would have had to be, and what it is."""

    step: str
    root: Expr
    place: Expr
    low: Array
    high: Array
    value: Array

    @property
    def telling(self) -> Array:
        """Tell which elements would have had to be others than they are."""
        return np.asarray((self.value < self.low) | (self.value > self.high))


class _Back:
    """The way back from what is asked in a part."""

    def __init__(self, question: Question, part: Part) -> None:
        self.question = question
        self.tape: Tape = tape(question, part)
        program = question.compiled.program
        needed = needed_steps(question, part) - question.compiled.pictured
        self.lets = {one.name: one.expr for one in program if isinstance(one, Let) and one.name in needed}
        wanted = self.tape.wanted
        assert wanted is not None  # noqa: S101 - only what was written can be changed
        self.wanted = wanted
        self.read: dict[str, int] = {}  # how often
        for expr in (*self.lets.values(), wanted):
            for part_of_it in walk(expr):
                if isinstance(part_of_it, Name):
                    self.read[part_of_it.id] = self.read.get(part_of_it.id, 0) + 1

    def value(self, expr: Expr) -> Array | None:
        """Return what a part of a step is; None where that is not known."""
        if isinstance(expr, Number):
            return np.asarray(expr.value)
        if isinstance(expr, Name):
            entry = self.question.graph.names.get(expr.id)
            node = entry.whole if isinstance(entry, Sequence) else entry
        else:
            node = self.tape.inner.get((id(expr), None))
        return None if node is None or node.value is None else as_numbers(node.number)

    def along(self, step: str, root: Expr, place: Expr, interval: Interval) -> Iterator[Wanted]:
        """Yield a place and those that it is made of, as far as the operations can be taken back."""
        own = self.value(Name(step) if place is root and step != ANSWER else place)
        low, high = interval
        if own is not None and not own.shape:
            own = np.broadcast_to(own, low.shape)
        if own is None or own.shape != low.shape or np.isnan(low).any() or np.isnan(high).any():
            return
        wanted = Wanted(step, root, place, low, high, own)
        if not wanted.telling.any():
            return
        if not isinstance(place, Name) or step != ANSWER or place.id not in self.lets:
            yield wanted  # of the answer itself its step is the place
        if isinstance(place, Name):
            if place.id in self.lets and self.read[place.id] == 1:
                expr = self.lets[place.id]
                yield from self.along(place.id, expr, expr, interval)
            return
        for part, asked in self._parts(place, interval):
            yield from self.along(step, root, part, asked)

    def _parts(self, place: Expr, interval: Interval) -> Iterator[tuple[Expr, Interval]]:
        """Yield the parts of a place with what would be asked of them."""
        parts = _operands(place)
        values = [self.value(part) for part in parts]
        known = [value for value in values if value is not None]
        if not parts or len(known) < len(parts):
            return
        with np.errstate(all="ignore"):
            for at, part in enumerate(parts):
                asked = _taken_back(place, at, known, interval)
                fitted = None if asked is None else _fitted(asked, known[at].shape)
                if fitted is None and asked is not None and not known[at].shape:
                    fitted = asked  # a list where one number is read for all
                if fitted is not None:
                    yield part, fitted


def _operands(place: Expr) -> tuple[Expr, ...]:
    match place:
        case Call(function=function, args=args, keywords=()) if function in TAKEN_BACK or function in JOINED:
            return args
        case Call(function="transpose", args=(x,), keywords=()):
            return (x,)
        case ArrayExpr(items=items):
            return items
        case Index(base=base, items=items) if all(isinstance(item, NewAxis) or item == Slice() for item in items):
            return (base,)
    return ()


def _taken_back(place: Expr, at: int, values: list[Array], interval: Interval) -> Interval | None:
    match place:
        case Call(function=function) if function in TAKEN_BACK:
            found = TAKEN_BACK[function](at, values, interval)
            return None if found is None else (np.minimum(*found), np.maximum(*found))
        case Call(function="transpose"):
            return interval[0].T, interval[1].T
        case Index():
            return interval[0].reshape(values[0].shape), interval[1].reshape(values[0].shape)
        case _:
            return _of_joined(isinstance(place, ArrayExpr), at, values, interval)


def _of_joined(stacked: bool, at: int, values: list[Array], interval: Interval) -> Interval | None:
    """Return what is asked of one of several arrays in a row; None where another one would have to be another, too."""
    blocks = [value[None] if stacked else value for value in values]
    if not all(block.ndim for block in blocks) or sum(len(block) for block in blocks) != len(interval[0]):
        return None
    ends = np.cumsum([len(block) for block in blocks])
    asked = None
    for place, (block, end) in enumerate(zip(blocks, ends, strict=True)):
        low, high = (bound[end - len(block) : end] for bound in interval)
        if place == at:
            asked = (low[0], high[0]) if stacked else (low, high)
        elif block.shape != low.shape or not ((block >= low) & (block <= high)).all():
            return None
    return asked


def _fitted(asked: Interval, shape: tuple[int, ...]) -> Interval | None:
    """Return what is asked of an operand that was repeated along some axes: what suits all its places."""
    low, high = asked
    if low.shape == shape:
        return asked
    extra = tuple(range(low.ndim - len(shape)))
    low, high = low.max(axis=extra), high.min(axis=extra)
    repeated = tuple(axis for axis, length in enumerate(shape) if length == 1 and low.shape[axis] != 1)
    low, high = low.max(axis=repeated, keepdims=True), high.min(axis=repeated, keepdims=True)
    return (low, high) if low.shape == shape and bool((low <= high).all()) else None


Inverse: TypeAlias = Callable[[int, list[Array], Interval], Interval | None]


def _added(at: int, values: list[Array], interval: Interval) -> Interval:
    return interval[0] - values[1 - at], interval[1] - values[1 - at]


def _subtracted(at: int, values: list[Array], interval: Interval) -> Interval:
    other = values[1 - at]
    return (interval[0] + other, interval[1] + other) if at == 0 else (other - interval[0], other - interval[1])


def _multiplied(at: int, values: list[Array], interval: Interval) -> Interval | None:
    other = values[1 - at]
    free = (other == 0) & (interval[0] <= 0) & (interval[1] >= 0)
    low, high = interval[0] / other, interval[1] / other
    return np.where(free, -np.inf, low), np.where(free, np.inf, high)


def _divided(at: int, values: list[Array], interval: Interval) -> Interval | None:
    other = values[1 - at]
    if at == 0:
        return interval[0] * other, interval[1] * other
    return None if (interval[0] * interval[1] <= 0).any() else (other / interval[0], other / interval[1])


def _raised(at: int, values: list[Array], interval: Interval) -> Interval | None:
    base, exponent = values
    if (interval[0] <= 0).any() or (at == 1 and (base <= 0).any()):
        return None
    if at == 1:
        return np.log(interval[0]) / np.log(base), np.log(interval[1]) / np.log(base)
    sign = np.where(base < 0, -1.0, 1.0)
    return sign * interval[0] ** (1 / exponent), sign * interval[1] ** (1 / exponent)


def _by(inverse: Callable[[Array], Array], least: float = -np.inf, most: float = np.inf) -> Inverse:
    """Return what takes a rising function back, whose values lie between two bounds."""

    def taken_back(_at: int, _values: list[Array], interval: Interval) -> Interval | None:
        if (interval[0] <= least).any() or (interval[1] >= most).any():
            return None
        return inverse(interval[0]), inverse(interval[1])

    return taken_back


def _rectified(_at: int, values: list[Array], interval: Interval) -> Interval | None:
    if (interval[1] < 0).any():
        return None
    return np.where(interval[0] <= 0, -np.inf, interval[0]), interval[1]


TAKEN_BACK: Mapping[str, Inverse] = {
    "add": _added,
    "subtract": _subtracted,
    "multiply": _multiplied,
    "divide": _divided,
    "power": _raised,
    "negative": _by(np.negative),
    "exp": _by(np.log, least=0.0),
    "log": _by(np.exp),
    "log2": _by(np.exp2),
    "log10": _by(lambda y: np.asarray(10.0**y)),
    "log1p": _by(np.expm1),
    "expm1": _by(np.log1p, least=-1.0),
    "sqrt": _by(np.square, least=0.0),
    "tanh": _by(np.arctanh, least=-1.0, most=1.0),
    "sigmoid": _by(lambda y: np.log(y / (1 - y)), least=0.0, most=1.0),
    "relu": _rectified,
}
JOINED = ("concat", "hstack")


def wanted_of_places(question: Question, part: Part, interval: Interval) -> list[Wanted]:
    """Return the places of the steps with what each would have had to be for an answer within an interval."""
    back = _Back(question, part)
    return list(back.along(ANSWER, back.wanted, back.wanted, interval))
