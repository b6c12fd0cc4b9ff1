"""Short expressions of what a learner sees: for an answer that comes from no mistake in the right formula.

Givens and earlier parts, two or three of them (four, where the answer has several numbers) with + - * /, by size, one
for each distinct value. "That is `rate * amount`." All of a size are computed at once; an expression is written only
for what fits.
"""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from rnn_tutor.engine.errors import EngineError
from rnn_tutor.engine.expression import Array as ArrayExpr
from rnn_tutor.engine.expression import Call, Expr, Index, Name, Number
from rnn_tutor.engine.functions import Array
from rnn_tutor.engine.graph.graph import as_numbers
from rnn_tutor.engine.mutate.mutation import op
from rnn_tutor.engine.remember import remembered
from rnn_tutor.engine.turns import give_way
from rnn_tutor.exercises.question import Part, Question, scratch

MOST_LEAVES = 14
MOST_OF_TWO = 400  # distinct ones that are gone on with
MOST_ELEMENTS = 600_000
OPERATIONS: dict[str, Callable[..., Array]] = {
    "add": np.add,
    "subtract": np.subtract,
    "multiply": np.multiply,
    "divide": np.divide,
}
OF_ARRAYS = ("sum", "mean", "max", "min", "len")
OF_PRODUCTS = ("sum", "mean")


@dataclass(frozen=True)
class Level:
    """All expressions of one size: their values, the distinct ones alone, and how each is written."""

    size: int
    values: Array
    written: Callable[[int], Expr]
    each_once: bool = True  # whether each name has to stand there once: x / x says nothing, x / sum(x) does


@remembered(4, by=lambda question, part: (question, part.name), once=True)
def levels(question: Question, part: Part) -> list[Level]:
    """Return the expressions of two names, of three, and for several numbers of four."""
    shape = np.asarray(part.expected).shape
    leaves = _leaves(question, part, shape)
    of_matrices = _of_matrices(question, shape)
    of_arrays = [*_of_each_array(question, shape), *_of_arrays(question, part, shape)]
    if len(leaves) < 2:
        return [*of_matrices, *of_arrays]
    one = Level(1, np.array([np.broadcast_to(value, shape) for _, value in leaves]), lambda at: leaves[at][0])
    two = _distinct(_combined(one, one), one.values)  # x * 1 says nothing of x
    first = Level(2, two.values[:MOST_OF_TWO], two.written)
    found = [*of_matrices, two, _distinct(_combined(first, one)), _distinct(_combined(one, first))]
    if shape:
        few = Level(2, two.values[: MOST_OF_TWO // 4], two.written)
        found.append(_distinct(_combined(few, few)))
    return [*found, *of_arrays]


def _of_matrices(question: Question, shape: tuple[int, ...]) -> list[Level]:
    """Return what is made of one or two givens alone that is no sum or product of numbers: A @ b, a trace."""
    nodes = {name: question.graph.whole(name) for name in question.givens}
    values = {name: as_numbers(node.number) for name, node in nodes.items() if node.value is not None}
    found: list[tuple[Expr, Array]] = []
    for name, a in values.items():
        if a.ndim != MATRIX:
            continue
        if not shape and a.shape[0] == a.shape[1]:
            found += [(Call("trace", (Name(name),)), np.trace(a)), (Call("det", (Name(name),)), np.linalg.det(a))]
        for other, b in values.items():
            if shape and 0 < b.ndim <= MATRIX and a.shape[1] == len(b):
                found.append((op("matmul", Name(name), Name(other)), a @ b))
    found = [(expr, np.asarray(value)) for expr, value in found if np.shape(value) == shape]
    return [_distinct(Level(2, np.array([value for _, value in found]), lambda at: found[at][0]))] if found else []


MATRIX = 2  # axes
MOST_ROWS = 12  # arrays, and what is made of one axis of a matrix
SUMMED = ("sum", "mean", "max", "min", "std")


def _of_arrays(question: Question, part: Part, shape: tuple[int, ...]) -> list[Level]:
    """Return what is made of one array (shares, differences from the mean, sums of rows), and that with a name more."""
    if not shape or not all(shape):
        return []
    bases = _bases(question, part, shape)[:MOST_ROWS]
    made = [one for base in bases for one in _made_of(*base)]
    if not made:
        return []
    rows = Level(1, np.array([value for _, value in made]), lambda at: made[at][0], each_once=False)
    names = [(expr, value) for expr, value in bases if isinstance(expr, Name)] + _leaves(question, part, ())
    several = [(expr, np.broadcast_to(value, shape)) for expr, value in names if value.shape in (shape, ())]
    if not several:
        return [_distinct(rows)]
    others = Level(1, np.array([value for _, value in several]), lambda at: several[at][0])
    both = [_distinct(_combined(rows, others)), _distinct(_combined(others, rows))]
    return [_distinct(rows), *(Level(one.size, one.values, one.written, each_once=False) for one in both)]


def _of_each_array(question: Question, shape: tuple[int, ...]) -> list[Level]:
    """Return the same made of each of several lists that are given, one number of each: `[std(a), std(b)]`."""
    nodes = {name: question.graph.whole(name) for name in question.told}
    lists = {
        name: as_numbers(node.number) for name, node in nodes.items() if node.value is not None and len(node.shape) == 1
    }
    if len(shape) != 1 or len(lists) != shape[0] or shape[0] < MATRIX or not all(len(x) for x in lists.values()):
        return []
    made: list[tuple[str, tuple[tuple[str, Expr], ...]]] = [(f, ()) for f in (*SUMMED, "var", "norm")]
    if min(map(len, lists.values())) > 1:
        made += [(f, (("ddof", Number(1.0, "1")),)) for f in ("std", "var")]
    found: list[tuple[Expr, Array]] = []
    for f, further in made:
        each = ArrayExpr(tuple(Call(f, (Name(name),), further) for name in lists))
        found.append((each, np.array([_whole(f, x, 1 if further else 0) for x in lists.values()])))
    return [_distinct(Level(2, np.array([value for _, value in found]), lambda at: found[at][0]))]


def _whole(function: str, x: Array, less: int) -> float:
    if function == "norm":
        return float(np.linalg.norm(x))
    return float(getattr(np, function)(x, ddof=less) if less else getattr(np, function)(x))


def _bases(question: Question, part: Part, shape: tuple[int, ...]) -> list[tuple[Expr, Array]]:
    """Return the arrays of an answer's shape that a learner sees, with what is made of an axis of a matrix."""
    earlier = [other.name for other in question.parts[: question.parts.index(part)] if other.node is not None]
    found: list[tuple[Expr, Array]] = []
    for name in [*question.told, *(name for name in earlier if name in question.graph.names)]:
        node = question.graph.whole(name)
        value = None if node.value is None else as_numbers(node.number)
        if value is None:
            continue
        if value.shape == shape:
            found.append((Name(name), value))
        if value.ndim == MATRIX:
            for f in SUMMED:
                for axis in (0, 1):
                    along = (("axis", Number(float(axis), str(axis))),)
                    found.append((Call(f, (Name(name),), along), getattr(np, f)(value, axis=axis)))
            found.append((Call("diag", (Name(name),)), np.diag(value)))
    return [(expr, value) for expr, value in found if value.shape == shape]


def _made_of(x: Expr, value: Array) -> list[tuple[Expr, Array]]:
    """Return what is made of one array by itself."""
    one = Number(1.0, "1")
    with np.errstate(all="ignore"):
        total, mean, below = value.sum(), value.mean(), 1 / value
        grown = np.exp(value - value.max(axis=-1, keepdims=True))
        made = [
            (x, value),
            (op("divide", x, Call("sum", (x,))), value / total),
            (op("divide", x, Call("max", (x,))), value / value.max()),
            (op("divide", x, Call("norm", (x,))), value / np.sqrt((value**2).sum())),
            (op("subtract", x, Call("mean", (x,))), value - mean),
            (Call("softmax", (x,)), grown / grown.sum(axis=-1, keepdims=True)),
            (op("divide", one, x), below),
            (op("divide", op("divide", one, x), Call("sum", (op("divide", one, x),))), below / below.sum()),
            (op("power", x, Number(2.0, "2")), value**2),
            (Call("sqrt", (x,)), np.sqrt(value)),
            (op("subtract", one, x), 1 - value),
            (Call("log", (x,)), np.log(value)),
            (Call("exp", (x,)), np.exp(value)),
        ]
        if value.ndim == 1:
            made += [(Call("cumsum", (x,)), np.cumsum(value)), (Call("flip", (x,)), value[::-1])]
    return [(expr, np.asarray(found)) for expr, found in made if not (isinstance(expr, Name))]


def _leaves(question: Question, part: Part, shape: tuple[int, ...]) -> list[tuple[Expr, Array]]:
    """Return names (and what is read off an array) that have one number, or an answer's shape."""
    earlier = [other.name for other in question.parts[: question.parts.index(part)] if other.node is not None]
    found: list[tuple[Expr, Array]] = []
    arrays: list[tuple[str, Array]] = []
    for name in [*question.told, *(name for name in earlier if name in question.graph.names)]:
        node = question.graph.whole(name)
        if node.value is None:
            continue
        value = as_numbers(node.number)
        if value.shape in (shape, ()):
            found.append((Name(name), value))
        elif not shape and value.ndim == 1:
            arrays.append((name, value))
    for name, value in arrays:
        for function in OF_ARRAYS:
            made = float(len(value)) if function == "len" else getattr(np, function)(value)
            found.append((Call(function, (Name(name),)), np.asarray(made)))
        for place in (0, len(value) - 1):
            found.append((Index(Name(name), (Number(float(place), str(place)),)), np.asarray(value[place])))
    for at, (name, value) in enumerate(arrays):
        for other, others in arrays[at:]:
            if others.shape == value.shape:
                product = op("multiply", Name(name), Name(other))
                found += [(Call(f, (product,)), np.asarray(getattr(np, f)(value * others))) for f in OF_PRODUCTS]
    return found[:MOST_LEAVES]


def _combined(lefts: Level, rights: Level) -> Level:
    give_way()
    most = max(1, MOST_ELEMENTS // max(1, 4 * len(lefts.values) * int(np.prod(lefts.values.shape[1:]))))
    others = rights.values[:most]
    with np.errstate(all="ignore"):
        made = [function(lefts.values[:, None], others[None]) for function in OPERATIONS.values()]
    values = np.array(made).reshape(-1, *lefts.values.shape[1:])
    names, count = list(OPERATIONS), len(others)

    def written(at: int) -> Expr:
        which, place = divmod(at, len(lefts.values) * count)
        left, right = divmod(place, count)
        return op(names[which], lefts.written(left), rights.written(right))

    return Level(lefts.size + rights.size, values, written)


def _distinct(level: Level, but: Array | None = None) -> Level:
    """Return a level with each value once, but for some; those that are no numbers are left out."""
    give_way()
    flat = level.values.reshape(len(level.values), -1)
    finite = np.flatnonzero(np.isfinite(flat).all(axis=1))
    _, first = np.unique(flat[finite].round(10), axis=0, return_index=True)
    kept = finite[np.sort(first)]
    if but is not None:
        simpler = {(one.reshape(-1).round(10) + 0.0).tobytes() for one in but}
        kept = kept[[(one.round(10) + 0.0).tobytes() not in simpler for one in flat[kept]]]
    written = level.written  # and not the level: its values take fifty times the room
    return Level(level.size, level.values[kept], lambda at: written(int(kept[at])), level.each_once)


def value_elsewhere(probe: Question, expr: Expr) -> Array | None:
    """Return what an expression gives with other numbers; None where it cannot be computed."""
    try:
        return as_numbers(scratch(probe).evaluate(expr).number)
    except EngineError:
        return None
