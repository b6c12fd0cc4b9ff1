"""Many versions of a program at once: an axis for the versions stands before all others.

For one wrong answer thousands of versions of the steps are tried, most of which differ in one or two places; one after
the other would take a hundred times as long. A place with alternatives is a `Choice`: version k takes there what its
`members` say. Whatever reads it is computed for all versions in one go; what reads nothing that differs is looked up in
the graph that is there. What cannot be had in this way (a derivative worked out anew, sizes that differ between
versions) is refused with NotBatchedError: `rerun` computes such versions one by one.
"""

from collections.abc import Mapping
from collections.abc import Sequence as Several
from dataclasses import dataclass
from typing import Any, TypeAlias

import numpy as np

from rnn_tutor.engine.errors import EngineError
from rnn_tutor.engine.expression import Array as ArrayExpr
from rnn_tutor.engine.expression import Call, Expr, Index, Item, Name, NewAxis, Number, Slice, children, names_in
from rnn_tutor.engine.functions import TABLE, Array, Function, Shape, size
from rnn_tutor.engine.functions.base import MAX_DIMENSIONS
from rnn_tutor.engine.graph.calls import bound_arguments, static_argument
from rnn_tutor.engine.graph.dependencies import Dependencies
from rnn_tutor.engine.graph.graph import CONSTANTS, MAX_ELEMENTS, Graph, check_exponent, computed
from rnn_tutor.engine.graph.node import Node, Sequence, as_numbers
from rnn_tutor.engine.graph.steps import Let, Loop, Start
from rnn_tutor.engine.reading.libraries import typed_whole

MAX_BATCHED = 1_000_000  # elements of one result, all versions together


class NotBatchedError(Exception):
    """These versions cannot be computed together."""


@dataclass(frozen=True)
class Batch:
    """A value for each version: `values[k]` is that of version k."""

    values: Array

    @property
    def shape(self) -> Shape:
        """The shape of each value."""
        return self.values.shape[1:]


Value: TypeAlias = Array | Batch


@dataclass(frozen=True, eq=False)
class Choice:
    """A place with alternatives for what stands there: the versions `members[k]` take the k-th of them."""

    place: Expr
    alternatives: tuple[Expr, ...]
    members: tuple[Array, ...]


@dataclass
class _Run:
    """A recurrent name that differs between versions: its steps, and what it starts from."""

    steps: list["Value | None"]
    start: "Value | None"


class Versions:
    """The versions of a graph's program, seen from what is asked of it.

    inner: the nodes of the unnamed parts of expressions, by the identity of their expression and their time step.
    """

    def __init__(
        self, graph: Graph, dependencies: Dependencies, wanted: Expr, inner: Mapping[tuple[int, int | None], Node]
    ) -> None:
        self.graph = graph
        self.dependencies = dependencies
        self.wanted = wanted
        self.inner = inner
        self.needed = dependencies.steps_behind(names_in(wanted))
        self.places = {let.name: at for at, lets in enumerate(_lines(dependencies)) for let in lets}
        self.operations = 0  # element operations so far
        self._names: dict[int, tuple[Expr, frozenset[str]]] = {}
        self._bound: dict[int, tuple[Call, _Bound]] = {}
        self.known = {key for key, _ in inner}
        self.once: dict[int, tuple[Expr, Value]] = {}  # what differs nowhere is computed once

    def values(self, choices: Several[Choice], roots: Mapping[str, Expr], count: int) -> Array:
        """Return the value of each of `count` versions; not a number where a version cannot be computed.

        roots: the steps (or starts, `h_start`; "" for what is wanted) in which the choices stand, with their
        expressions. Raises NotBatchedError.
        """
        run = _Walk(self, choices, roots, count)
        try:
            with np.errstate(all="ignore"):
                found = run.walked()
        except EngineError as error:
            raise NotBatchedError from error
        self.operations += run.operations
        return as_numbers(found.values if isinstance(found, Batch) else np.broadcast_to(found, (count, *found.shape)))

    def names(self, expr: Expr) -> frozenset[str]:
        """Return the names that an expression reads."""
        known = self._names.get(id(expr))
        if known is None or known[0] is not expr:
            known = self._names[id(expr)] = (expr, frozenset(names_in(expr)))
        return known[1]

    def bound(self, expr: Call) -> "_Bound":
        """Return a call's arrays, and what of it is known beforehand."""
        known = self._bound.get(id(expr))
        if known is None or known[0] is not expr:
            known = self._bound[id(expr)] = (expr, self._made_bound(expr))
        return known[1]

    def _made_bound(self, expr: Call) -> "_Bound":
        function = TABLE[expr.function]
        if len(expr.args) == function.arrays_only and not expr.keywords:
            return _Bound(expr.args, {}, frozenset(), ())
        arrays: list[Expr] = []
        beforehand: list[Expr] = []
        static: dict[str, Any] = {}
        for param, given in bound_arguments(function, expr):
            if param.kind == "array":
                arrays += given
                continue
            read = set[str]().union(*map(names_in, given))
            if not read <= self.graph.names.keys() | CONSTANTS.keys() | {"None"}:
                raise NotBatchedError  # a size that a loop gives
            beforehand += given
            static[param.name] = static_argument(self.graph, param, given, function)
        return _Bound(tuple(arrays), static, frozenset().union(*map(names_in, beforehand)), tuple(beforehand))


@dataclass(frozen=True)
class _Bound:
    """A call's arguments: arrays, and axes, sizes and the like with the names that they read."""

    arrays: tuple[Expr, ...]
    static: Mapping[str, Any]
    reads: frozenset[str]
    beforehand: tuple[Expr, ...]


def _lines(dependencies: Dependencies) -> list[tuple[Let, ...]]:
    return [
        (statement,) if isinstance(statement, Let) else statement.body if isinstance(statement, Loop) else ()
        for statement in dependencies.program
    ]


class _Walk:
    """One walk along the program, for all versions."""

    def __init__(self, versions: Versions, choices: Several[Choice], roots: Mapping[str, Expr], count: int) -> None:
        self.versions = versions
        self.count = count
        self.choices = {id(choice.place): choice for choice in choices}
        self.changed = frozenset(roots)
        self.operations = 0
        self.touched: set[int] = set()  # whatever has a choice in it
        for root in roots.values():
            self._touch(root)
        self.differing: dict[str, Value | _Run] = {}
        self.loop: Loop | None = None
        self.step: int | None = None
        self.line = 0
        self.lines: Mapping[str, int] = {}

    def _touch(self, expr: Expr) -> bool:
        inside = [self._touch(part) for part in children(expr)]
        here = id(expr) in self.choices or any(inside)
        if here:
            self.touched.add(id(expr))
        return here

    def walked(self) -> Value:
        versions = self.versions
        needed = set(versions.needed)
        for choice in self.choices.values():
            for alternative in choice.alternatives:
                needed |= versions.dependencies.steps_behind(names_in(alternative))
        starts: dict[str, Expr] = {}
        for statement in versions.dependencies.program:
            if isinstance(statement, Let):
                if statement.name in needed and (statement.name in self.changed or self._differs(statement.name)):
                    self.differing[statement.name] = self.value(statement.expr)
            elif isinstance(statement, Start):
                starts |= statement.values
            else:
                self._loop(statement, starts, needed)
                starts = {}
        return self.value(versions.wanted)

    def _differs(self, name: str) -> bool:
        return not self.versions.dependencies.reads[name].isdisjoint(self.differing)

    def _loop(self, loop: Loop, starts: Mapping[str, Expr], needed: set[str]) -> None:
        reads = self.versions.dependencies.reads
        body = [let for let in loop.body if let.name in needed]
        differing = {
            let.name
            for let in body
            if let.name in self.changed or f"{let.name}_start" in self.changed or self._differs(let.name)
        }
        if not differing:
            return
        while more := {let.name for let in body if let.name not in differing and reads[let.name] & differing}:
            differing |= more
        if not names_in(loop.count).isdisjoint(self.differing):
            raise NotBatchedError  # they run for different times
        sequences = {let.name: self.versions.graph.names[let.name] for let in body}
        count = max(len(entry.steps) for entry in sequences.values() if isinstance(entry, Sequence))
        for name in differing:
            start = self.value(starts[name]) if name in starts else None
            self.differing[name] = _Run([None] * count, start)
        self.loop, self.lines = loop, {let.name: line for line, let in enumerate(loop.body)}
        for step in range(count)[:: -1 if loop.reverse else 1]:
            self.step = step
            for line, let in enumerate(loop.body):
                run = self.differing.get(let.name) if let.name in differing else None
                if isinstance(run, _Run):
                    self.line = line
                    run.steps[step] = self.value(let.expr)
        self.loop, self.step, self.lines = None, None, {}

    # Expressions

    def value(self, expr: Expr) -> Value:
        """Return the value of an expression, for each version where they differ in it."""
        key = id(expr)
        choice = self.choices.get(key)
        if choice is not None and choice.place is expr:
            return self._chosen(choice)
        still = key not in self.touched and self.versions.names(expr).isdisjoint(self.differing)
        if still and key in self.versions.known:
            node = self.versions.inner.get((key, self.step))
            if node is not None and node.value is not None:
                return node.value
        if not still or self.loop is not None:
            return self._evaluated(expr)
        once = self.versions.once.get(key)
        if once is None or once[0] is not expr:
            once = self.versions.once[key] = (expr, self._evaluated(expr))
        return once[1]

    def _chosen(self, choice: Choice) -> Value:
        found: Array | None = None
        del self.choices[id(choice.place)]  # an alternative may hold what stood there
        for alternative, members in zip(choice.alternatives, choice.members, strict=True):
            try:
                value = self.value(alternative)
            except EngineError:
                continue
            if found is None:
                found = np.full((self.count, *value.shape), np.nan)
            if value.shape == found.shape[1:]:
                found[members] = value.values[members] if isinstance(value, Batch) else value
        self.choices[id(choice.place)] = choice
        if found is None:
            raise NotBatchedError
        return Batch(found)

    def _evaluated(self, expr: Expr) -> Value:
        match expr:
            case Number(value=value):
                return np.array(value)
            case Name(id=name):
                return self._name(name)
            case ArrayExpr(items=items):
                return self._stacked([self.value(item) for item in items])
            case Index():
                return self._index(expr)
            case Call():
                return self._call(expr)
        raise NotBatchedError

    def _name(self, name: str) -> Value:
        if self.loop is not None:
            if name == self.loop.variable:
                return np.array(float(self.step or 0))
            if name in self.lines:
                raise EngineError("name", f"{name} is complete only after the loop.")
        found = self.differing.get(name)
        if isinstance(found, _Run):
            whole = self._stacked([step for step in found.steps if step is not None])
            self.differing[name] = _Run(found.steps, found.start)
            return whole
        if found is not None:
            return found
        entry = self.versions.graph.names.get(name)
        node = entry.whole if isinstance(entry, Sequence) else entry
        if node is not None and node.value is not None:
            return node.value
        if node is None and name in CONSTANTS:
            return np.array(CONSTANTS[name])
        raise EngineError("name", f"There is no value of {name} here.")

    def _stacked(self, values: list[Value]) -> Value:
        return self._applied(TABLE["stack"], values, {"axis": 0}) if values else np.zeros(0)

    def _index(self, expr: Index) -> Value:
        items = expr.items
        if id(expr.base) in self.choices:
            raise NotBatchedError  # of a recurrence a step is read, whatever its name stands for
        sequence = self.versions.graph.names.get(expr.base.id) if isinstance(expr.base, Name) else None
        if isinstance(sequence, Sequence) and not isinstance(items[0], Slice | NewAxis):
            at = self.value(items[0])
            if isinstance(at, Batch):
                raise NotBatchedError
            if not at.ndim and at.dtype != bool:
                found = self._one_step(sequence, _whole(at))
                return found if len(items) == 1 else self._picked(found, items[1:])
        return self._picked(self.value(expr.base), items)

    def _one_step(self, sequence: Sequence, step: int) -> Value:
        run = self.differing.get(sequence.name)
        steps: Several[Value | Node | None] = run.steps if isinstance(run, _Run) else sequence.steps
        if sequence.name in self.lines and self.loop is not None:
            edge = (len(steps), len(steps) - 1) if self.loop.reverse else (-1, 0)
            if (step, self.step) == edge:
                return _there(run.start if isinstance(run, _Run) else sequence.start)
            if not isinstance(run, _Run) and self._comes_later(sequence.name, step):
                raise EngineError("value", f"{sequence.name} is not known yet.")
        elif self.loop is None and -len(steps) <= step < 0:
            step += len(steps)
        if not 0 <= step < len(steps):
            raise EngineError("value", f"{sequence.name} has no step {step}.")
        return _there(steps[step])

    def _comes_later(self, name: str, step: int) -> bool:
        assert self.loop is not None and self.step is not None  # noqa: S101 - asked inside a loop
        if step == self.step:
            return self.lines[name] >= self.line
        return (step < self.step) == self.loop.reverse

    def _picked(self, base: Value, items: tuple[Item, ...]) -> Value:
        """Return base[items] by the rules of the language: inside a loop nothing wraps."""
        key: list[Any] = []
        axis = 0
        for item in items:
            if isinstance(item, NewAxis):
                key.append(None)
                continue
            left = base.shape[axis:]
            if not left:
                raise EngineError("shape", "There are too many indexes.")
            part, used = self._key(item, left)
            key.append(part)
            axis += used
        if isinstance(base, Batch):
            if any(isinstance(part, np.ndarray) for part in key):
                return self._one_by_one(lambda value: value[tuple(key)], [base])
            return Batch(base.values[(slice(None), *key)])
        return np.asarray(base[tuple(key)])

    def _key(self, item: Item, left: Shape) -> tuple[Any, int]:
        """Return one item as NumPy takes it, and how many axes it is for."""
        length, inside = left[0], self.loop is not None
        if isinstance(item, Slice):
            parts = [None if part is None else self._number(part) for part in (item.start, item.stop, item.step)]
            bounds = [part for part in parts[:2] if part is not None]
            if parts[2] == 0 or (inside and any(not 0 <= bound <= length for bound in bounds)):
                raise EngineError("value", "Inside a loop a slice stays within the array.")
            return slice(*parts), 1
        assert not isinstance(item, NewAxis)  # noqa: S101 - which takes no axis
        at = self.value(item)
        if isinstance(at, Batch):
            raise NotBatchedError
        if at.dtype == bool:
            if at.ndim == 0 or at.shape != left[: at.ndim]:
                raise EngineError("shape", "The mask does not fit.")
            return at, at.ndim
        lowest = 0 if inside else -length
        if (np.floor(at) != at).any() or not ((at >= lowest) & (at < length)).all():
            raise EngineError("value", "There is no such index.")
        return (at.astype(int), 1) if at.ndim else (int(at), 1)

    def _number(self, expr: Expr) -> int:
        value = self.value(expr)
        if isinstance(value, Batch):
            raise NotBatchedError
        return _whole(value)

    # Calls

    def _call(self, expr: Call) -> Value:
        name = expr.function
        if name in ("shape", "size", "ndim", "len") and len(expr.args) == 1 and not expr.keywords:
            return self._measured(expr)
        if name in ("max", "min") and expr.style == "call" and len(expr.args) > 1 and not expr.keywords:
            return self._of_several(expr)
        if name in ("concat", "stack", "hstack"):
            return self._joined(expr)
        special = name not in TABLE or name in ("vstack", "beside", "dotted")
        if special or (name in ("transpose", "repeat", "norm") and (expr.style == "method" or len(expr.args) > 2)):
            raise NotBatchedError
        return self._of_table(expr)

    def _measured(self, expr: Call) -> Value:
        if isinstance(expr.args[0], ArrayExpr):
            if expr.function != "len":
                raise NotBatchedError
            return np.array(float(len(expr.args[0].items)))
        shape = self.value(expr.args[0]).shape
        if expr.function == "shape":
            return np.array(shape, dtype=float)
        if expr.function == "len":
            if not shape:
                raise EngineError("shape", "A scalar has no length.")
            return np.array(float(shape[0]))
        return np.array(float(size(shape) if expr.function == "size" else len(shape)))

    def _of_several(self, expr: Call) -> Value:
        function = TABLE["maximum" if expr.function == "max" else "minimum"]
        parts = [self.value(arg) for arg in expr.args]
        if len(parts) == 2 and parts[0].shape and typed_whole(expr.args[1]) is not None:
            raise EngineError("notation", "This reads two ways.")
        result = parts[0]
        for part in parts[1:]:
            result = self._applied(function, [result, part], {})
        return result

    def _joined(self, expr: Call) -> Value:
        items: tuple[Expr, ...] = expr.args
        if len(items) == 1 and isinstance(items[0], ArrayExpr):
            items = items[0].items
        elif len(items) == 1 or isinstance(items[0], ArrayExpr) or typed_whole(items[-1]) is not None:
            raise NotBatchedError
        axis = 0
        for key, given in expr.keywords:
            number = typed_whole(given)
            if key != "axis" or number is None or expr.function == "hstack":
                raise NotBatchedError
            axis = int(number)
        values = [self.value(item) for item in items]
        if expr.function != "hstack":
            return self._applied(TABLE[expr.function], values, {"axis": axis})
        axes = [len(value.shape) for value in values]
        if not any(axes):
            return self._stacked(values)
        if not all(axes):
            raise NotBatchedError
        return self._applied(TABLE["concat"], values, {"axis": 0 if axes[0] == 1 else 1})

    def _of_table(self, expr: Call) -> Value:
        bound = self.versions.bound(expr)
        if not bound.reads.isdisjoint(self.differing) or any(id(part) in self.touched for part in bound.beforehand):
            raise NotBatchedError
        return self._applied(TABLE[expr.function], [self.value(array) for array in bound.arrays], bound.static)

    def _applied(self, function: Function, values: list[Value], static: Mapping[str, Any]) -> Value:
        shapes = [value.shape for value in values]
        shape = function.shape(*shapes, **static)
        together = any(isinstance(value, Batch) for value in values)
        count = size(shape) * (self.count if together else 1)
        if len(shape) > MAX_DIMENSIONS or size(shape) > MAX_ELEMENTS or count > MAX_BATCHED:
            raise EngineError("limit", "The result is too large.")
        self.operations += max(count, 1)
        if not function.keeps_masks:
            values = [_as_numbers(value) for value in values]
        if function.name == "power":
            check_exponent(values[1].values if isinstance(values[1], Batch) else values[1])
        if not together:
            return computed(function, [value for value in values if not isinstance(value, Batch)], static)
        if function.family == "elementwise" and not static:
            axes = max(len(one) for one in shapes)
            return Batch(np.asarray(function.value(*[_aligned(value, axes) for value in values])))
        if function.name == "matmul" and len(values) == 2:
            return _product(values[0], values[1])
        if function.name == "stack":
            return Batch(
                np.stack([self._for_each(value) for value in values], axis=_behind(static["axis"], len(shape)))
            )
        if len(values) == 1 and isinstance(values[0], Batch):
            found = _reduced(function, values[0].values, static)
            if found is not None:
                return Batch(found)
        return self._one_by_one(lambda *own: function.value(*own, **static), values)

    def _for_each(self, value: Value) -> Array:
        return value.values if isinstance(value, Batch) else np.broadcast_to(value, (self.count, *value.shape))

    def _one_by_one(self, function: Any, values: list[Value]) -> Value:  # noqa: ANN401 - any function of arrays
        each = [value.values if isinstance(value, Batch) else [value] * self.count for value in values]
        try:
            made = [np.asarray(function(*own)) for own in zip(*each, strict=True)]
            return Batch(np.stack(made))
        except (ValueError, IndexError, np.linalg.LinAlgError) as error:
            raise NotBatchedError from error


REDUCED = ("sum", "mean", "max", "min", "prod", "var", "std")
ALONG_AN_AXIS = ("softmax", "log_softmax")


def _reduced(function: Function, values: Array, static: Mapping[str, Any]) -> Array | None:
    """Return what a function that goes over axes gives for each version; None for one that has to be asked each."""
    axes, axis = values.ndim - 1, static.get("axis")
    if function.name in ALONG_AN_AXIS and isinstance(axis, int):
        return np.asarray(function.value(values, **{**static, "axis": _behind(axis, axes)}))
    over = tuple(range(1, axes + 1)) if axis is None else _axes_behind(axis, axes)
    if function.name in REDUCED:
        return np.asarray(function.value(values, **{**static, "axis": over}))
    if function.name == "norm" and static.get("ord") is None:
        return np.asarray(np.sqrt(np.sum(values**2, axis=over, keepdims=static["keepdims"])))
    return None


def _behind(axis: int, axes: int) -> int:
    """Return an axis of a value, counted with the one for the versions before it."""
    return axis % axes + 1


def _axes_behind(axis: int | tuple[int, ...], axes: int) -> tuple[int, ...]:
    return tuple(_behind(one, axes) for one in (axis if isinstance(axis, tuple) else (axis,)))


def _product(left: Value, right: Value) -> Value:
    """Return the matrix product; NumPy takes what has an axis for the versions as matrices, so vectors get one more."""
    first, second = (value.values if isinstance(value, Batch) else value for value in (left, right))
    row, column = len(left.shape) == 1, len(right.shape) == 1
    first = first[..., None, :] if row else first
    second = second[..., None] if column else second
    found = np.matmul(first, second)
    if column:
        found = found[..., 0]
    if row:
        found = found[..., 0] if column else found[..., 0, :]
    return Batch(found)


def _aligned(value: Value, axes: int) -> Array:
    """Return an array that broadcasts against others of so many axes behind the one for the versions."""
    if not isinstance(value, Batch):
        return value
    own = value.values
    missing = axes - (own.ndim - 1)
    return own.reshape(own.shape[0], *(1,) * missing, *own.shape[1:]) if missing else own


def _as_numbers(value: Value) -> Value:
    return Batch(as_numbers(value.values)) if isinstance(value, Batch) else as_numbers(value)


def _there(value: "Node | Value | None") -> Value:
    if isinstance(value, Node):
        value = value.value
    if value is None:
        raise EngineError("value", "This is not known yet.")
    return value


def _whole(value: Array) -> int:
    if value.shape != () or not float(value).is_integer():
        raise EngineError("value", "An index must be whole.")
    return int(value)


__all__ = ["Batch", "Choice", "NotBatchedError", "Versions"]
