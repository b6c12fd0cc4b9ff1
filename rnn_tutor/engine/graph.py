"""Expressions -> computation graph, evaluated as it is built.

A `Node` is one operation: the expression it came from, its value, its shape, its parents. A `Graph` holds names and
evaluates expressions into nodes. The size of every result is known, and checked against the limits, before it is
computed. A node whose parents have a shape but no numbers has a shape but no numbers itself: that is how a vocabulary
of 50,000 costs nothing.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

import numpy as np

from . import functions
from .errors import EngineError, did_you_mean
from .expression import Array as ArrayExpr
from .expression import Call, Expr, Index, Name, Number, Slice, show
from .functions import Array, Function, Shape, in_words, size

MAX_ELEMENTS = 100_000
MAX_WORK = 20_000_000
MAX_EXPONENT = 1_000
MAX_DECIMALS = 15
MAX_DIMENSIONS = 6

CONSTANTS: dict[str, Any] = {
    "pi": np.pi,
    "e": np.e,
    "inf": np.inf,
    "nan": np.nan,
    "True": np.True_,
    "False": np.False_,
}


@dataclass(eq=False, slots=True)
class Node:
    """One operation of the graph.

    `name` is stable: the name of the step (`c`, `h[2]`), or for what is computed on the way to it `c:0`, `c:1`, ...
    `value` is float64 (bool for masks), read-only; None where only the shape is known. `static` holds the arguments
    that are no arrays (axis, ...). `step` is the time step of the loop it was made in.
    """

    name: str
    op: str
    parents: tuple["Node", ...]
    shape: Shape
    value: Array | None
    expr: Expr | None = None
    static: Mapping[str, Any] = field(default_factory=dict)
    step: int | None = None
    order: int = 0
    named: bool = False

    @property
    def number(self) -> Array:
        """The value. Raises EngineError where only the shape is known."""
        if self.value is None:
            raise EngineError("value", f"Only the shape of {self.name} is known here, not its numbers.")
        return self.value


@dataclass(eq=False)
class Sequence:
    """A recurrent name: one node a time step, and what it is before the first (after the last, when reversed)."""

    name: str
    steps: list[Node | None]
    start: Node | None = None
    whole: Node | None = None  # all steps stacked on axis 0, once the loop is done


@dataclass
class Clock:
    """Where a loop is: its variable, the time step, the direction, and the names that it is making."""

    variable: str
    step: int
    count: int
    reverse: bool
    making: dict[str, Sequence]


class Graph:
    """Names with their nodes, and the evaluation of expressions over them."""

    def __init__(self, parent: "Graph | None" = None, visible: Mapping[str, "Node | Sequence"] | None = None) -> None:
        self.names: dict[str, Node | Sequence] = dict(visible or {})
        self.hidden: frozenset[str] = frozenset()
        self.gradients = parent is None
        self.clock: Clock | None = None
        self.work = 0
        self.nodes: list[Node] = []
        self._first = parent.size if parent else 0
        self._label = ""
        self._inner = 0

    @property
    def size(self) -> int:
        """The number of nodes made so far, those of the parent included."""
        return self._first + len(self.nodes)

    def scope(self, visible: Mapping[str, "Node | Sequence"]) -> "Graph":
        """Return a graph for a learner's expression: it sees the names given, and differentiates nothing."""
        inner = Graph(self, visible)
        inner.hidden = frozenset(self.names) - frozenset(visible)
        return inner

    def leaf(self, name: str, value: Array | None, shape: Shape | None = None, op: str = "given") -> Node:
        """Add a node without parents under its name."""
        if value is not None:
            value = frozen(value)
            shape = value.shape
        node = self._add(name, op, (), shape or (), value, None, named=True)
        self.names[name] = node
        return node

    def evaluate(self, expr: Expr, label: str = "") -> Node:
        """Return the node of an expression; `label` names it (and `label:0`, ... what leads to it).

        Raises EngineError with the place in the text.
        """
        self.work = 0
        self._label, self._inner = label, 0
        node = self._node(expr)
        if label:
            if node.named or node.op in ("given", "number"):
                node = self._apply("array", (node,), {}, expr)
            node.name, node.named = label, True
            node.expr = expr
        return node

    def whole(self, name: str) -> Node:
        """Return the node of a name; of a recurrent name, all its steps stacked."""
        entry = self.names[name]
        if isinstance(entry, Node):
            return entry
        if entry.whole is None:
            raise EngineError("name", f"Inside the loop write {name}[t] or {name}[t-1]; {name} has no whole yet.")
        return entry.whole

    def _add(
        self,
        name: str,
        op: str,
        parents: tuple[Node, ...],
        shape: Shape,
        value: Array | None,
        expr: Expr | None,
        static: Mapping[str, Any] | None = None,
        named: bool = False,
    ) -> Node:
        step = self.clock.step if self.clock else None
        node = Node(name, op, parents, shape, value, expr, static or {}, step, self.size, named)
        self.nodes.append(node)
        return node

    def _node(self, expr: Expr) -> Node:
        match expr:
            case Number(value=number):
                return self._add(self._inner_name(), "number", (), (), frozen(np.asarray(number)), expr)
            case Name():
                return self._name(expr)
            case ArrayExpr(items=items):
                if not items:
                    return self._add(self._inner_name(), "number", (), (0,), frozen(np.zeros(0)), expr)
                return self._apply("stack", tuple(self._node(item) for item in items), {"axis": 0}, expr)
            case Index():
                from .indexing import indexed

                return indexed(self, expr)
            case Call():
                from .calls import called

                return called(self, expr)

    def _name(self, expr: Name) -> Node:
        entry = self.names.get(expr.id)
        if entry is not None:
            try:
                return self.whole(expr.id)
            except EngineError as error:
                raise error.placed(expr.span) from None
        if expr.id in CONSTANTS:
            value = frozen(np.asarray(CONSTANTS[expr.id]))
            return self._add(self._inner_name(), "number", (), (), value, expr)
        raise EngineError("name", self._unknown(expr.id), expr.span)

    def _unknown(self, name: str) -> str:
        if name == "None":
            return "None stands only in an index, as in x[None]."
        if name in self.hidden:
            seen = ", ".join(sorted(self.names))
            return f"{name} is a step on the way, and yours to work out; use {seen or 'numbers'}."
        if functions.canonical(name):
            return f"{name} is a function: write {name}(...)."
        near = did_you_mean(name, self.names)
        known = f" Known here: {', '.join(sorted(self.names))}." if self.names and not near else ""
        return f"There is no name {name} here.{near}{known}"

    def _inner_name(self) -> str:
        self._inner += 1
        return f"{self._label}:{self._inner - 1}"

    def _apply(self, op: str, arrays: tuple[Node, ...], static: Mapping[str, Any], expr: Expr) -> Node:
        """Add the node of a function of the table, its size and work checked before it is computed."""
        function = functions.TABLE[op]
        try:
            shape = function.shape(*(node.shape for node in arrays), **static)
            self._charge(function, arrays, static, shape)
            value = self._value(function, arrays, static)
        except EngineError as error:
            raise error.placed(expr.span) from None
        return self._add(self._inner_name(), op, arrays, shape, value, expr, static)

    def _charge(self, function: Function, arrays: tuple[Node, ...], static: Mapping[str, Any], shape: Shape) -> None:
        if len(shape) > MAX_DIMENSIONS:
            raise EngineError("limit", f"Arrays have at most {MAX_DIMENSIONS} axes here.")
        if any(node.value is None for node in arrays):
            return
        self.charge(shape, 0)
        inputs = tuple(node.shape for node in arrays)
        self.charge((), function.work(*inputs, **static) if function.work else max(size(shape), *map(size, inputs), 1))
        if function.name == "power" and arrays[1].value is not None:
            exponent = arrays[1].value
            if exponent.size and np.abs(exponent).max() > MAX_EXPONENT:
                raise EngineError("limit", f"Exponents go up to {MAX_EXPONENT:,} here.")
        if abs(static.get("decimals", 0)) > MAX_DECIMALS:
            raise EngineError("limit", f"At most {MAX_DECIMALS} decimals.")

    def charge(self, shape: Shape, work: int) -> None:
        """Count the cost of a result before it is computed. Raises EngineError (`limit`) when it is too much."""
        if size(shape) > MAX_ELEMENTS:
            raise EngineError(
                "limit",
                f"A result of shape {in_words(shape)} is too large; {MAX_ELEMENTS:,} elements is the most.",
            )
        self.work += work
        if self.work > MAX_WORK:
            raise EngineError("limit", "That takes too much arithmetic for one expression; make it smaller.")

    def _value(self, function: Function, arrays: tuple[Node, ...], static: Mapping[str, Any]) -> Array | None:
        values: list[Array] = []
        for node in arrays:
            if node.value is None:
                return None
            values.append(node.value if function.keeps_masks else as_numbers(node.value))
        return compute(function, values, static)


def compute(function: Function, values: list[Array], static: Mapping[str, Any]) -> Array:
    """Return the value of a function; overflow and 0/0 give inf and nan, without a warning."""
    with np.errstate(all="ignore"):
        return frozen(np.asarray(function.value(*values, **static)))


def as_numbers(value: Array) -> Array:
    """Return a mask as 0 and 1, anything else as it is."""
    return value.astype(float) if value.dtype == bool else value


def frozen(value: Array) -> Array:
    """Return a value as read-only float64 (or bool)."""
    if value.dtype != bool:
        value = np.asarray(value, dtype=float)
    if value.flags.writeable:
        value = value.view()
        value.flags.writeable = False
    return value


def whole_number(node: Node, what: str) -> int:
    """Return a scalar node's whole number. Raises EngineError (`value`, `shape`) otherwise."""
    value = node.number
    if value.shape != ():
        raise EngineError("shape", f"{what} must be one whole number, not an array {in_words(value.shape)}.")
    number = float(value)
    if not np.isfinite(number) or number != int(number) or abs(number) > 1e9:
        raise EngineError("value", f"{what} must be whole; {number:g} is not.")
    return int(number)


__all__ = [
    "Clock",
    "Graph",
    "Node",
    "Sequence",
    "Slice",
    "as_numbers",
    "compute",
    "frozen",
    "show",
    "whole_number",
]
