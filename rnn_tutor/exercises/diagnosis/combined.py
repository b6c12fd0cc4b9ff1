"""Short expressions of what an exercise has, in any place of its steps: for mistakes that no rule knows.

`backwards` has what a place would have had to be; here is what it may have been: givens, steps and parts of these, and
what is made of two or three of them. All of a size are computed at once, and one is written only if it fits. Whether a
fit means anything is counted and not guessed: how many of the expressions that were tried are nearly as large, and how
many of so many would fit by chance.
"""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from functools import partial
from typing import TypeAlias

import numpy as np

from rnn_tutor.engine.compare import distinct
from rnn_tutor.engine.expression import Call, Expr, Index, Name, NewAxis, Number, Slice, names_in, walk
from rnn_tutor.engine.functions import Array
from rnn_tutor.engine.graph.graph import as_numbers
from rnn_tutor.engine.graph.node import Sequence as Recurrent
from rnn_tutor.engine.graph.steps import Loop, lets
from rnn_tutor.engine.mutate.mutation import ONE, TWO, op
from rnn_tutor.engine.remember import remembered
from rnn_tutor.engine.shapes import Shape
from rnn_tutor.exercises.diagnosis.backwards import Wanted
from rnn_tutor.exercises.diagnosis.mistakes import tape
from rnn_tutor.exercises.question import Part, Question

VECTOR, MATRIX = 1, 2  # axes
MOST_ELEMENTS = 4  # of an array, by which it is looked up
MOST_LEAVES = 32
MOST_THIRD = 16  # of these as the third operand
MOST_PAIRS = 600  # expressions of two that a third one is joined to
NEAR = 0.3  # what is so near is counted, relative
OWN, COMMON, NAMED, WORKED_OUT = 0.5, 1.0, 1.5, 2.0  # what a leaf costs: of the step itself, 1 and 2, a name, a part
MADE, TOTAL = 0.5, 1.0  # ... what is made of an array, beside; of a total for several numbers
OPERATION = 1.0


@dataclass(frozen=True, eq=False)
class Leaf:
    """A value of the exercise, as an array of some shape."""

    expr: Expr
    value: Array
    cost: float
    alike: tuple[Expr, ...] = ()  # what else has this value, and costs hardly more

    @property
    def single(self) -> bool:
        """Tell whether it is one number, the same at all places."""
        return self.value.size == 0 or bool((self.value == self.value.flat[0]).all())


MANY = 99


Two: TypeAlias = tuple[Callable[[Array, Array], Array], Callable[[Expr, Expr], Expr]]


def _inverse(x: Expr) -> Expr:
    match x:
        case Call(function="divide", args=(above, below), style="operator"):
            return op("divide", below, above)
    return op("divide", ONE, x)


# What is done to one value, and to two. Numbers of them are kept, not their names: there are thousands.
OF_ONE: tuple[tuple[Callable[[Array], Array], Callable[[Expr], Expr]], ...] = (
    (lambda x: x, lambda x: x),
    (lambda x: 1 - x, lambda x: op("subtract", ONE, x)),
    (lambda x: 1 / x, _inverse),
    (np.negative, lambda x: op("negative", x)),
    (np.square, lambda x: op("power", x, TWO)),
    (np.sqrt, lambda x: Call("sqrt", (x,))),
    (np.exp, lambda x: Call("exp", (x,))),
    (np.log, lambda x: Call("log", (x,))),
    (np.tanh, lambda x: Call("tanh", (x,))),
    (lambda x: 1 / (1 + np.exp(-x)), lambda x: Call("sigmoid", (x,))),
)
OF_TWO: tuple[Two, ...] = (
    (np.add, partial(op, "add")),
    (np.multiply, partial(op, "multiply")),
    (np.subtract, partial(op, "subtract")),
    (np.divide, partial(op, "divide")),
    (lambda x, y: y - x, lambda x, y: op("subtract", y, x)),
    (lambda x, y: y / x, lambda x, y: op("divide", y, x)),
)
POWER: Two = (np.power, partial(op, "power"))


@dataclass(frozen=True, eq=False)
class Terms:
    """Expressions of one or two leaves: what they are at the elements looked at, what they cost, how each is made.

    `made` has a row for each: what is done (of OF_ONE, then of OF_TWO), and to which leaves (-1 for no second one).
    """

    values: Array
    costs: Array
    made: Array
    leaves: Sequence[Leaf]

    def written(self, at: int) -> Expr:
        """Return one of them as an expression."""
        how, left, right = (int(one) for one in self.made[at])
        x = self.leaves[left].expr
        if right < 0:
            return OF_ONE[how][1](x)
        return (*OF_TWO, POWER)[how][1](x, self.leaves[right].expr)

    def alike(self, at: int) -> tuple[Expr, ...]:
        """Return what else has the value of one of them, if that is a leaf alone."""
        how, leaf, right = self.made[at]
        return self.leaves[leaf].alike if not how and right < 0 else ()

    def of(self, at: int) -> set[int]:
        """Return the leaves that one of them is made of."""
        return {int(leaf) for leaf in self.made[at, 1:] if leaf >= 0}

    def free(self, leaves: set[int]) -> int:
        """Return how many numbers of what is made of some leaves may be any.

        Of one array with numbers no more than there are numbers; of several arrays, or of one alone, all.
        """
        single = sum(self.leaves[leaf].single for leaf in leaves)
        return single if 0 < single >= len(leaves) - 1 else MANY


# What there is


def _leaves(question: Question, part: Part, root: Expr, shape: Shape) -> list[Leaf]:
    """Return the values of an exercise that have a shape, or are repeated to it; each once, the likeliest first.

    The likeliest are those that the step itself (its expression is `root`) is made of.
    """
    read, around = _names_of(question, root)
    found: list[Leaf] = [Leaf(one, np.asarray(one.value), COMMON) for one in (ONE, TWO)]
    inner = tape(question, part).inner
    later = _later(question, root)
    fixed = set[str]()  # names that are the same at every time step
    for name, entry in question.graph.names.items():
        node = entry.whole if isinstance(entry, Recurrent) else entry
        told = name in question.told or name not in question.givens
        if node is None or node.value is None or name in question.compiled.pictured or not told or name in later:
            continue
        fixed |= set() if isinstance(entry, Recurrent) else {name}
        expr, value = Name(name), as_numbers(node.number)
        cost = OWN if name in read else COMMON if name in around else NAMED
        found.append(Leaf(expr, value, cost))
        found += [Leaf(made, one, cost + _of_making(one, shape)) for made, one in _made_of(expr, value, shape)]
    for let in lets(question.compiled.program):
        for one in walk(let.expr):
            if isinstance(one, Number):
                found.append(Leaf(one, np.asarray(one.value), OWN if let.expr is root else WORKED_OUT))
                continue
            step = 0 if names_in(one) <= fixed and (id(one), 0) in inner else None
            node = inner.get((id(one), step))
            readable = isinstance(one, Call | Index) and names_in(one).isdisjoint(later)
            if readable and node is not None and node.value is not None:
                cost = OWN if names_in(one) <= read else COMMON if names_in(one) <= around else WORKED_OUT
                found.append(Leaf(one, as_numbers(node.number), cost))
    return _each_once(found, shape)


def _of_making(value: Array, shape: Shape) -> float:
    """Return what it costs that something is made of an array: a total where one number is needed, or an array."""
    return MADE if value.ndim == len(shape) else TOTAL


def _each_once(found: Sequence[Leaf], shape: Shape) -> list[Leaf]:
    known: dict[bytes, list[Leaf]] = {}
    for leaf in sorted(found, key=lambda leaf: leaf.cost):
        if _fits(leaf.value.shape, shape) and np.isfinite(leaf.value).all():
            value = np.broadcast_to(leaf.value, shape)
            known.setdefault((value.round(9) + 0.0).tobytes(), []).append(replace(leaf, value=value))
    return [
        replace(one, alike=tuple(other.expr for other in others if other.cost <= one.cost + OPERATION))
        for one, *others in list(known.values())[:MOST_LEAVES]
    ]


def _names_of(question: Question, root: Expr) -> tuple[set[str], set[str]]:
    """Return the names that a step reads, and those that the loops read which made some of these."""
    names, around = names_in(root), set[str]()
    for statement in question.compiled.program:
        if isinstance(statement, Loop) and any(let.name in names for let in statement.body):
            around |= set[str]().union(*[names_in(let.expr) for let in statement.body])
    return names, names | around


def _later(question: Question, root: Expr) -> set[str]:
    """Return the names of the step with an expression and of those that are made of it: it cannot read them."""
    own = {let.name for let in lets(question.compiled.program) if let.expr is root}
    own |= {root.id} if isinstance(root, Name) else set()  # of what is asked
    behind = question.compiled.dependencies.steps_behind
    return own | {let.name for let in lets(question.compiled.program) if own & behind({let.name})}


def _fits(own: Shape, shape: Shape) -> bool:
    return len(own) <= len(shape) and all(a in (1, b) for a, b in zip(own[::-1], shape[::-1], strict=False))


def _made_of(x: Expr, value: Array, shape: Shape) -> Iterator[tuple[Expr, Array]]:
    """Yield what is made of one array that an expression of a shape may read: parts, totals, the array otherwise."""
    if not value.size:
        return
    if value.ndim == VECTOR:
        for function in REDUCED:
            yield Call(function, (x,)), np.asarray(getattr(value, function)())
        yield Call("len", (x,)), np.asarray(float(len(value)))
        for at in (0, -1):
            yield Index(x, (_number(at),)), np.asarray(value[at])
        if len(shape) == VECTOR:
            yield from _slices(x, value, shape[0])
    if value.ndim == MATRIX:
        for axis in (0, 1):
            for function in REDUCED:
                yield Call(function, (x,), (("axis", _number(axis)),)), getattr(value, function)(axis=axis)
        for at in (0, -1):
            yield Index(x, (_number(at),)), value[at]
            yield Index(x, (Slice(), _number(at))), value[:, at]
        if value.shape == shape and shape[0] == shape[1]:
            yield Call("transpose", (x,), style="attribute"), value.T
    if len(shape) == MATRIX and value.ndim == VECTOR and len(value) == shape[0]:
        yield Index(x, (Slice(), NewAxis())), value[:, None]
    if value.shape == shape and value.ndim:
        grown = np.exp(value - value.max(axis=-1, keepdims=True))
        yield Call("softmax", (x,)), grown / grown.sum(axis=-1, keepdims=True)


REDUCED = ("sum", "mean", "max", "min")


def _number(value: int) -> Expr:
    return op("negative", Number(float(-value), str(-value))) if value < 0 else Number(float(value), str(value))


def _slices(x: Expr, value: Array, length: int) -> Iterator[tuple[Expr, Array]]:
    """Yield the parts of a list that are so long, and the list backwards, moved by one place, added up."""
    less = len(value) - length
    if 0 < less <= MATRIX:
        for start in range(less + 1):
            ends = _number(start) if start else None, _number(start - less) if start < less else None
            yield Index(x, (Slice(*ends),)), value[start : start + length]
    if not less and length > 1:
        zero = Call("zeros", (ONE,))
        yield Index(x, (Slice(None, None, _number(-1)),)), value[::-1]
        yield Call("concat", (zero, Index(x, (Slice(None, _number(-1)),)))), np.append(0, value[:-1])
        yield Call("concat", (Index(x, (Slice(ONE),)), zero)), np.append(value[1:], 0)
        yield Call("cumsum", (x,)), np.cumsum(value)
        if value.sum():
            yield op("divide", x, Call("sum", (x,))), value / value.sum()


# What is made of them


def _looked_at(shape: Shape) -> Array:
    """Return the elements by which an array is looked up."""
    size = int(np.prod(shape))
    return distinct(np.linspace(0, size - 1, min(size, MOST_ELEMENTS)).round().astype(int))


@remembered(32, by=lambda question, part, root, shape: (question, (part.name, id(root), shape)), once=True)
def terms(question: Question, part: Part, root: Expr, shape: Shape) -> Terms:
    """Return the expressions of one and two values that an exercise has for a place of a shape in a step."""
    leaves = _leaves(question, part, root, shape)
    count, at = len(leaves), _looked_at(shape)
    ones = np.array([leaf.value.reshape(-1)[at] for leaf in leaves]).reshape(count, len(at))
    prices = np.array([leaf.cost for leaf in leaves])
    values, costs, made = [], [], []
    with np.errstate(all="ignore"):
        for how, (function, _) in enumerate(OF_ONE):
            values.append(function(ones))
            costs.append(prices + (OPERATION if how else 0.0))
            made.append(np.stack([np.full(count, how), np.arange(count), np.full(count, -1)], axis=1))
        first, second = np.nonzero(~np.eye(count, dtype=bool))
        for how, (both, _) in enumerate((*OF_TWO, POWER)):
            some = first < second if how < len(OF_TWO) else np.ones(len(first), dtype=bool)
            left, right = first[some], second[some]
            values.append(both(ones[left], ones[right]))
            costs.append(prices[left] + prices[right] + OPERATION)
            made.append(np.stack([np.full(len(left), how), left, right], axis=1))
    return _distinct(Terms(np.concatenate(values), np.concatenate(costs), np.concatenate(made), leaves))


def _distinct(found: Terms) -> Terms:
    """Return expressions with each value once, the cheapest first; without those that are no numbers."""
    with np.errstate(all="ignore"):
        sizes = np.abs(found.values).max(axis=1, initial=0)
        order = np.argsort(found.costs, kind="stable")
        order = order[(np.isfinite(found.values).all(axis=1) & (sizes < LARGEST) & (sizes > 0))[order]]
        keys = found.values[order] @ np.sqrt(np.arange(2.0, 2.0 + found.values.shape[1]))
        scale = 10.0 ** (10 - np.ceil(np.log10(sizes[order])))
        _, first = np.unique(np.round(keys * scale) / scale, return_index=True)
    kept = order[np.sort(first)]
    return Terms(found.values[kept], found.costs[kept], found.made[kept], found.leaves)


LARGEST = 1e12


# What fits


@dataclass(frozen=True, eq=False)
class Match:
    """An expression that is, in a place, what this would have had to be.

    `chance` is how many such may be expected by chance; `numbers`, in how many numbers it fits that may be any.
    """

    wanted: Wanted
    expr: Expr
    cost: float
    chance: float
    numbers: int


class _Asked:
    """A place with what it would have had to be, at the elements by which it is looked up."""

    def __init__(self, wanted: Wanted, low: Array, high: Array, value: Array, telling: Array) -> None:
        self.wanted, self.low, self.high = wanted, low, high
        self.centre = (low + high) / 2
        self.bounded = np.flatnonzero(np.isfinite(low) & np.isfinite(high))
        with np.errstate(all="ignore"):
            width = ((high - low) / 2 / np.abs(self.centre))[telling].max()
        self.share = min(1.0, float(width) / NEAR)  # how much of what is near fits in one number
        self.numbers = _freedom(self.centre[telling], value[telling])
        self.near: list[Array] = []  # what the expressions cost that are near
        self._as_cheap: dict[float, int] = {}  # how many of these cost so much at most

    def look(self, values: Array, costs: Array) -> Array:
        """Note what is near; return the places of what fits."""
        left = np.arange(len(values))
        for at in self.bounded:
            left = left[np.abs(values[left, at] - self.centre[at]) <= NEAR * abs(self.centre[at])]
        self.near.append(costs[left])
        self._as_cheap.clear()
        return left[((values[left] >= self.low) & (values[left] <= self.high)).all(axis=1)]

    def chance(self, cost: float, free: int) -> float:
        """Return how many expressions that cost as much at most may be expected to fit by chance.

        free: how many numbers of them may be any.
        """
        if cost not in self._as_cheap:
            self._as_cheap[cost] = sum(int((costs <= cost).sum()) for costs in self.near)
        return self._as_cheap[cost] * self.share ** max(1, min(free, self.numbers))


def _freedom(asked: Array, value: Array) -> int:
    """Return how many numbers there are in what is asked: one, where all are in proportion, or as much apart."""
    with np.errstate(all="ignore"):
        ratios, gaps = asked / value, asked - value
    alike = [np.ptp(own) <= ALIKE * np.abs(own).max() for own in (ratios, gaps) if np.isfinite(own).all()]
    return 1 if any(alike) else len(distinct(np.abs(asked).round(9)))


ALIKE = 0.02


def _asked(wanted: Wanted) -> _Asked | None:
    at = _looked_at(wanted.low.shape)
    low, high, value = (one.reshape(-1)[at] for one in (wanted.low, wanted.high, wanted.value))
    telling = ((value < low) | (value > high)) & np.isfinite(low) & np.isfinite(high)
    return _Asked(wanted, low, high, value, telling) if telling.any() and (low + high)[telling].all() else None


def matches(question: Question, part: Part, wanted: Sequence[Wanted]) -> list[Match]:
    """Return the expressions that fit in some place, the cheapest first."""
    found: list[tuple[_Asked, Expr, float, int]] = []
    groups: dict[tuple[int, Shape], list[_Asked]] = {}
    for one in wanted:
        asked = _asked(one)
        if asked is not None:
            groups.setdefault((id(one.root), one.low.shape), []).append(asked)
    for own in groups.values():
        stock = terms(question, part, own[0].wanted.root, own[0].wanted.low.shape)
        for asked in own:
            for at in map(int, asked.look(stock.values, stock.costs)):
                cost, free = float(stock.costs[at]), stock.free(stock.of(at))
                found += [(asked, expr, cost, free) for expr in (stock.written(at), *stock.alike(at))]
        found += _of_three(stock, [asked for asked in own if asked.numbers > 1])
    everywhere = [asked for own in groups.values() for asked in own]
    told = [
        Match(asked.wanted, expr, cost, _chance(asked, everywhere, cost, free), min(free, asked.numbers))
        for asked, expr, cost, free in found
    ]
    return sorted(told, key=lambda one: one.cost)


def _chance(asked: _Asked, everywhere: Sequence[_Asked], cost: float, free: int) -> float:
    """Return how many expressions may be expected to fit by chance: a single number fits in any of the places."""
    if min(free, asked.numbers) > 1:
        return asked.chance(cost, free)
    return sum(other.chance(cost, free) for other in everywhere)


def _of_three(stock: Terms, asked: Sequence[_Asked]) -> Iterator[tuple[_Asked, Expr, float, int]]:
    """Yield the expressions of two values, joined to one more, that fit."""
    alone = (stock.made[:, 2] < 0) & (stock.made[:, 0] == 0)
    ones, pairs = np.flatnonzero(alone)[:MOST_THIRD], np.flatnonzero(~alone)[:MOST_PAIRS]
    if not len(pairs) or not len(ones) or not asked:
        return
    left, right = stock.values[pairs][:, None], stock.values[ones][None]
    costs = (stock.costs[pairs][:, None] + stock.costs[ones][None] + OPERATION).reshape(-1)
    for function, written in OF_TWO:
        with np.errstate(all="ignore"):
            values = function(left, right).reshape(len(costs), -1)
        for one in asked:
            for at in one.look(values, costs):
                pair, single = (int(which) for which in divmod(at, len(ones)))
                expr = written(stock.written(int(pairs[pair])), stock.written(int(ones[single])))
                free = stock.free(stock.of(int(pairs[pair])) | stock.of(int(ones[single])))
                yield one, expr, float(costs[at]), free
