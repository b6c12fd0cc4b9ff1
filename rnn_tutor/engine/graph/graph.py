"""Expressions -> computation graph, evaluated as it is built.

A `Node` is one operation: the expression it came from, its value, its shape, its parents. A `Graph` holds names and
evaluates expressions into nodes. The size of every result is known, and checked against the limits, before it is
computed. A node whose parents have a shape but no numbers has a shape but no numbers itself: that is how a vocabulary
of 50,000 costs nothing.
"""

from collections.abc import Callable, Collection, Iterable, Mapping
from dataclasses import replace
from typing import Any

import numpy as np

from rnn_tutor.engine import functions
from rnn_tutor.engine.errors import EngineError, did_you_mean
from rnn_tutor.engine.expression import Array as ArrayExpr
from rnn_tutor.engine.expression import Call, Expr, Number, Unknown, children, names_in, walk, with_children
from rnn_tutor.engine.expression import Index as IndexExpr
from rnn_tutor.engine.functions import TABLE, Array, Function, size
from rnn_tutor.engine.functions.base import MAX_DIMENSIONS
from rnn_tutor.engine.functions.structure import MAX_PARTS
from rnn_tutor.engine.graph.node import UNKNOWN, Clock, Node, Sequence, as_numbers, frozen, whole_number
from rnn_tutor.engine.shapes import Shape, in_words

MAX_ELEMENTS = 100_000
MAX_WORK = 20_000_000
MAX_HELD = 4_000_000  # elements of all results of one expression: 32 MB
MAX_HELD_BY_ALL = 16_000_000  # elements of all results of a graph: 128 MB
MAX_SHAPE_ONLY = 10**15  # elements of an array of which only the shape is known
MAX_EXPONENT = 1_000
MAX_DECIMALS = 15
MAX_RESULT = 10_000
MAX_RESULT_DIMENSIONS = 4
MAX_NAMES_SHOWN = 12
ANY = ""  # among unknown names: there may be any name
NOTHING = ("None",)
MAX_REMARKS = 3

CONSTANTS: dict[str, Any] = {
    "pi": np.pi,
    "e": np.e,
    "inf": np.inf,
    "nan": np.nan,
    "True": np.True_,
    "False": np.False_,
}


class Graph:
    """Names with their nodes, and the evaluation of expressions over them."""

    most_parts = MAX_PARTS  # that are joined at once

    def __init__(self, parent: "Graph | None" = None, visible: Mapping[str, "Node | Sequence"] | None = None) -> None:
        self.names: dict[str, Node | Sequence] = dict(visible or {})
        self.hidden: frozenset[str] = frozenset()
        self.unknown: set[str] = set()  # names whose value could not be had
        self.gradients = parent is None
        self.clock: Clock | None = None
        self.work = 0
        self.counts_work = True  # whether what a derivative costs is found out, or was before, with the same shapes
        self.nodes: list[Node] = []
        self.products: dict[int, tuple[Call, str]] = {}  # what names side by side were found to mean, by their id
        self.remarks: list[str] = []
        self.first = parent.size if parent else 0  # the order of the first node made here
        self._held = 0
        self._held_by_all = 0
        self._label = ""
        self._inner = 0

    @property
    def size(self) -> int:
        """The number of nodes made so far, those of the parent included."""
        return self.first + len(self.nodes)

    def scope(self, visible: Mapping[str, "Node | Sequence"]) -> "Graph":
        """Return a graph for a learner's expression: it sees the names given, and differentiates nothing.

        Its results are bounded further: 10,000 elements on 4 axes.
        """
        inner = Graph(self, visible)
        inner.hidden = (self.hidden | frozenset(self.names)) - frozenset(visible)
        return inner

    def leaf(self, name: str, value: Array | None, shape: Shape | None = None, op: str = "given") -> Node:
        """Add a node without parents under its name; `value` is copied."""
        if value is not None:
            value = frozen(np.array(value))
            shape = value.shape
        node = self.add(name, op, (), shape or (), value, None, named=True)
        self.names[name] = node
        return node

    def unknown_leaf(self, name: str, shape: Shape) -> Node:
        """Add a node of which the shape is known, and of which the numbers should be: what needs them is unknown."""
        return self.leaf(name, None, shape, UNKNOWN)

    def lose(self, names: Iterable[str]) -> None:
        """Make names unknown; so is, from here on, what reads them."""
        for name in names:
            self.names.pop(name, None)
            self.unknown.add(name)

    def missing(self, expr: Expr, also: Collection[str] = ()) -> tuple[list[str], bool]:
        """Return the names in an expression that are not there, unknown ones apart, and whether its value is unknown.

        `also` has names that will be there when it is evaluated. Nothing is.
        """
        absent = sorted(names_in(expr).difference(self.names, also, CONSTANTS, NOTHING))
        strange = [] if ANY in self.unknown else [name for name in absent if name not in self.unknown]
        return strange, bool(absent) or any(isinstance(part, Unknown) for part in walk(expr))

    def evaluate(self, expr: Expr, label: str = "") -> Node:
        """Return the node of an expression; `label` names it (and `label:0`, ... what leads to it).

        Overflow, 1/0 and log(0) give inf and nan without a warning. Raises EngineError with the place in the text.
        """
        with np.errstate(all="ignore"):
            return self.evaluated(expr, label)

    def evaluated(self, expr: Expr, label: str) -> Node:
        """Return what `evaluate` does; NumPy's warnings are off already."""
        self.work = self._held = 0
        self._label, self._inner = label, 0
        node = self.node(expr)
        if not self.gradients:
            check_result(node, expr.span)
        if label:
            if node.named or node.op in ("given", "number"):
                node = self.apply("array", (node,), {}, expr)
            node.name, node.named = label, True
            node.expr = expr
        return node

    def settled(self, expr: Expr) -> Expr:
        """Return an expression that was evaluated here with the products that its names side by side stand for."""
        parts = children(expr)
        if not parts:
            return expr
        product = self.products.get(id(expr))
        done = with_children(expr, tuple([self.settled(part) for part in parts]))
        if product is None or not isinstance(done, Call):
            return done
        return replace(done, function=product[1])

    def remark(self, sentence: str) -> None:
        """Note how something was read that can be read in two ways, to be shown with what was understood."""
        if sentence not in self.remarks and len(self.remarks) < MAX_REMARKS:
            self.remarks.append(sentence)

    def whole(self, name: str) -> Node:
        """Return the node of a name; of a recurrent name, all its steps stacked."""
        entry = self.names[name]
        if isinstance(entry, Node):
            return entry
        if entry.whole is None:
            t = self.clock.variable if self.clock else "t"
            raise EngineError(
                "name", f"Inside the loop write {name}[{t}] or {name}[{t}-1]: {name} is complete only after the loop."
            )
        return entry.whole

    def add(  # noqa: PLR0917 - a node's own fields, called from every kind of expression
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
        """Add a node that is computed and charged already, made at the time step where the loop is."""
        step = self.clock.step if self.clock is not None else None
        order = self.first + len(self.nodes)
        node = Node(name, op, parents, shape, value, expr, {} if static is None else static, step, order, named)
        self.nodes.append(node)
        return node

    def node(self, expr: Expr) -> Node:
        """Return the node of an expression, or of a part of one. Raises EngineError with the place in the text."""
        return EVALUATORS[type(expr)](self, expr)

    def items_or_array(self, expr: Expr) -> list[Node] | Node:
        """Return the items of a list that is written out, or the array that anything else is."""
        return [self.node(item) for item in expr.items] if isinstance(expr, ArrayExpr) else self.node(expr)

    def length(self, expr: Expr) -> int:
        """Return how many items or rows an expression has."""
        items = self.items_or_array(expr)
        return length_of(items) if isinstance(items, Node) else len(items)

    def stacked(self, items: list[Node], expr: Expr) -> Node:
        """Return the array that a list is: its items on a new first axis."""
        return self.joined("stack", items, 0, expr) if items else self.constant(np.zeros(0), expr)

    def joined(self, op: str, parts: list[Node], axis: int, expr: Expr) -> Node:
        return self.apply(op, tuple(parts), {"axis": axis}, expr)

    def row(self, node: Node, position: int, expr: Expr) -> Node:
        """Return one row of an array that `expr` gives."""
        self.charge(node.shape[1:], 0, has_numbers=node.value is not None)
        value = None if node.value is None else frozen(node.value[position])
        at = IndexExpr(expr, (Number(float(position), str(position)),), expr.span)
        return self.add(self.inner_name(), "index", (node,), node.shape[1:], value, at, {"key": (position,)})

    def constant(self, value: Array, expr: Expr | None = None) -> Node:
        """Add a node that nothing led to; `value` is the graph's own from here on."""
        value.flags.writeable = False
        return self.add(self.inner_name(), "number", (), value.shape, value, expr)

    def no_name(self, name: str, also: Collection[str] = ()) -> str:
        """Return what to say of a name that is not there; `also` has names that are, beside those of the graph."""
        there = [
            candidate for candidate in dict.fromkeys([*self.names, *sorted(self.unknown), *also]) if candidate != ANY
        ]
        if name == "None":
            return "You can use None only in an index, as in x[None]."
        if name in self.hidden:
            return f"You have to compute {name} yourself; you can use {_listed(there) or 'numbers'}."
        if functions.canonical(name):
            return f"{name} is a function: write {name}(...)."
        near = did_you_mean(name, there)
        listing = f" Known here: {_listed(there)}." if there and not near else ""
        return f"There is no name {name} here.{near}{listing}"

    def inner_name(self) -> str:
        """Return the next name for what is computed on the way to a label: c:0, c:1, ..."""
        self._inner += 1
        return f"{self._label}:{self._inner - 1}"

    def apply(self, op: str, arrays: tuple[Node, ...], static: Mapping[str, Any], expr: Expr) -> Node:
        """Add the node of a function of the table, its size and work checked before it is computed."""
        function = TABLE[op]
        try:
            shape = function.shape(*[node.shape for node in arrays], **static)
            values = self._affordable(function, arrays, static, shape)
            value = None if values is None else computed(function, values, static)
        except EngineError as error:
            raise error.placed(expr.span) from None
        return self.add(self.inner_name(), op, arrays, shape, value, expr, static)

    def _affordable(
        self, function: Function, arrays: tuple[Node, ...], static: Mapping[str, Any], shape: Shape
    ) -> list[Array] | None:
        """Return the values to calculate with, None where only shapes are known.

        Raises EngineError (`limit`) when the result would be too large or take too much work.
        """
        if len(shape) > MAX_DIMENSIONS:
            raise EngineError("limit", f"Arrays have at most {MAX_DIMENSIONS} axes here.")
        values: list[Array] = []
        work = 1
        for node in arrays:
            value = node.value
            if value is None:
                self.charge(shape, 0, has_numbers=False)
                return None
            work = max(work, value.size)
            values.append(value if function.keeps_masks else as_numbers(value))
        if function.work is not None:
            work = function.work(*[node.shape for node in arrays], **static)
        self.charge(shape, work)
        if function.name == "power":
            check_exponent(values[1])
        if static and abs(static.get("decimals", 0)) > MAX_DECIMALS:
            raise EngineError("limit", f"{function.name} takes at most {MAX_DECIMALS} decimals.")
        return values

    def charge(self, shape: Shape, work: int, *, has_numbers: bool = True) -> None:
        """Count the cost of a result before it is computed. Raises EngineError (`limit`) when it is too much.

        `has_numbers` is False where only the shape of the result will be known.
        """
        count = size(shape)
        if count > (MAX_ELEMENTS if has_numbers else MAX_SHAPE_ONLY):
            most = f"{MAX_ELEMENTS:,} elements is the most." if has_numbers else "that is more than I count with."
            raise EngineError("limit", f"A result of shape {in_words(shape)} is too large; {most}")
        if not has_numbers:
            return
        self.work += max(work, count)
        self._held += count
        self._held_by_all += count
        if self.work > MAX_WORK or self._held > MAX_HELD:
            raise EngineError("limit", "This expression needs too much arithmetic; make it smaller.")
        if self._held_by_all > MAX_HELD_BY_ALL:
            raise EngineError("limit", "These steps together have too many numbers; make them smaller.")


# How each kind of expression becomes a node: `evaluate` fills it, and whoever makes a graph has its Graph from there.
EVALUATORS: dict[type[Any], Callable[[Graph, Any], Node]] = {}


def _listed(names: Iterable[str]) -> str:
    ordered = sorted(names)
    return ", ".join(ordered[:MAX_NAMES_SHOWN]) + (", ..." if len(ordered) > MAX_NAMES_SHOWN else "")


def counted(graph: Graph, expr: Expr) -> int | None:
    """Return the whole number that an expression is, None for anything else."""
    if isinstance(expr, ArrayExpr):
        return None
    try:
        return whole_number(graph.evaluate(expr), "A count")
    except EngineError:
        return None


def length_of(node: Node) -> int:
    """Return the length of an array's first axis. Raises EngineError (`shape`) for a scalar."""
    if not node.shape:
        raise EngineError("shape", "A scalar has no length; len takes a list, a vector or larger.")
    return node.shape[0]


def check_exponent(exponent: Array) -> None:
    """Raise EngineError (`limit`) for a power that is too high."""
    if exponent.size and (abs(exponent.item()) if exponent.size == 1 else np.abs(exponent).max()) > MAX_EXPONENT:
        raise EngineError("limit", f"Exponents go up to {MAX_EXPONENT:,} here.")


def check_result(node: Node, at: tuple[int, int] | None = None) -> None:
    """Raise EngineError (`limit`) for a value that is too large to be an answer."""
    if node.value is not None and (size(node.shape) > MAX_RESULT or len(node.shape) > MAX_RESULT_DIMENSIONS):
        raise EngineError(
            "limit",
            f"That gives {in_words(node.shape)}; at most {MAX_RESULT:,} numbers on {MAX_RESULT_DIMENSIONS} axes "
            "can be an answer.",
            at,
        )


def computed(function: Function, values: list[Array], static: Mapping[str, Any]) -> Array:
    """Return what `compute` does; NumPy's warnings are off already."""
    value: Array
    try:
        value = function.value(*values, **static)
    except np.linalg.LinAlgError:
        raise EngineError("value", f"{function.name} has no result for these numbers.") from None
    if type(value) is not np.ndarray:
        value = np.asarray(value)
    if value.dtype.char not in "d?":
        value = value.astype(float)
    value.flags.writeable = False
    return value


def compute(function: Function, values: list[Array], static: Mapping[str, Any]) -> Array:
    """Return the value of a function, read-only; overflow and 0/0 give inf and nan, without a warning."""
    with np.errstate(all="ignore"):
        return computed(function, values, static)


__all__ = [
    "CONSTANTS",
    "Clock",
    "Graph",
    "Node",
    "Sequence",
    "as_numbers",
    "compute",
    "frozen",
    "whole_number",
]
