"""Where a number comes from: one cell of one node, written out in the cells that it was made of.

`cell` returns an expression whose names are single cells (`f[1] * c_prev[1] + i[1] * cand[1]`); with their numbers
put in it is the arithmetic of that one number. It stops at what has a name: one step deep, and the next step is
`cell` again, of one of `sources`.
"""

import re
from dataclasses import dataclass
from functools import reduce
from typing import TypeAlias

import numpy as np

from rnn_tutor.engine.expression import Call, Expr, Name, Number, show, walk
from rnn_tutor.engine.functions import Array
from rnn_tutor.engine.functions.base import expanded, reduced_axes
from rnn_tutor.engine.graph.gradient import rule
from rnn_tutor.engine.graph.graph import Node
from rnn_tutor.engine.number_text import shown

Cell: TypeAlias = tuple[int, ...]
MAX_TERMS = 8

_STEP = re.compile(r"(?P<name>\w+)\[(?P<step>\d+)\]")


@dataclass(frozen=True)
class Source:
    """One cell of one node."""

    node: Node
    cell: Cell


class Writer:
    """Writes cells of nodes as expressions, and remembers which cells they name."""

    def __init__(self) -> None:
        self.named: dict[str, Source] = {}

    def cell(self, node: Node, at: Cell, top: bool = True) -> Expr:
        """Return one cell as an expression of the cells of named nodes; `top` opens a name once."""
        if not top and (node.named or node.op in ("given", "replaced")):
            return self.leaf(node, at)
        if node.op == "number" or not node.parents:
            if node.named or node.op in ("given", "replaced"):
                return self.leaf(node, at)
            plain = isinstance(node.expr, Number | Name) and not node.shape
            return node.expr if plain and node.expr is not None else _number(float(node.number[at]))
        opened = self._opened(node, at)
        return self.leaf(node, at) if opened is None else opened

    def leaf(self, node: Node, at: Cell) -> Expr:
        """Return a cell under its own name, whatever it was made of."""
        if not node.named and node.expr is not None and node.op != "given":
            name, text = show(node.expr), f"({show(node.expr)})"
        else:
            name = text = node.name
        match = _STEP.fullmatch(name)
        index = ", ".join(map(str, at))
        if match:
            text = f"{match['name']}[{', '.join([match['step'], *map(str, at)])}]"
        elif at:
            text = f"{text}[{index}]"
        self.named[text] = Source(node, at)
        return Name(text)

    def _opened(self, node: Node, at: Cell) -> Expr | None:
        if node.op == "index":
            return self._moved(node, at)
        if node.op == "grad":
            return None
        family = rule(node.op).family
        if family == "elementwise":
            if node.op == "where" and node.parents[0].value is not None:
                return self._chosen(node, at)
            parts = tuple(self.cell(parent, _broadcast(at, parent.shape), top=False) for parent in node.parents)
            if node.op == "stop" or node.op in ("tril", "triu"):
                return parts[0] if node.op == "stop" else None
            style = node.expr.style if isinstance(node.expr, Call) and node.expr.style == "operator" else "call"
            if node.op in ("add", "multiply"):
                return _chain(node.op, [parts[0], *_terms(node.op, parts[1])])
            return Call(_as_written(node), parts, style=style)
        if family == "structure":
            return self._moved(node, at)
        if family == "matmul":
            return self._product(node, at)
        if family == "reduction":
            return self._reduced(node, at)
        if node.op == "softmax":
            return self._softmax(node, at)
        return None

    def _chosen(self, node: Node, at: Cell) -> Expr:
        """Return the side of a where that this cell was taken from."""
        condition, yes, no = node.parents
        side = yes if condition.number[_broadcast(at, condition.shape)] else no
        return self.cell(side, _broadcast(at, side.shape), top=False)

    def _moved(self, node: Node, at: Cell) -> Expr | None:
        """Follow a cell through a function that only moves cells, by moving their numbers."""
        source = moved_from(node, at)
        return None if source is None else self.cell(source.node, source.cell, top=False)

    def _product(self, node: Node, at: Cell) -> Expr | None:
        left, right = node.parents
        if not left.shape or not right.shape:
            return Call("multiply", (self.cell(left, (), False), self.cell(right, at, False)), style="operator")
        length = left.shape[-1]
        if length > MAX_TERMS or max(len(left.shape), len(right.shape)) > 2:
            return None
        row = at[:1] if len(left.shape) == 2 else ()
        column = at[-1:] if len(right.shape) == 2 else ()
        terms: list[Expr] = [
            Call(
                "multiply",
                (self.cell(left, (*row, k), top=False), self.cell(right, (k, *column), top=False)),
                style="operator",
            )
            for k in range(length)
        ]
        return _chain("add", terms)

    def _reduced(self, node: Node, at: Cell) -> Expr | None:
        (parent,) = node.parents
        cells = _reduced_cells(node, at)
        if len(cells) > MAX_TERMS or not cells:
            return None
        parts: list[Expr] = [self.cell(parent, cell, top=False) for cell in cells]
        match node.op:
            case "sum":
                return _chain("add", parts)
            case "prod":
                return _chain("multiply", parts)
            case "mean":
                return Call("divide", (_chain("add", parts), _number(len(parts))), style="operator")
            case "max" | "min" | "any" | "all":
                return Call(node.op, tuple(parts))
            case "norm" if node.static.get("ord") in (None, 2) and len(parent.shape) == 1:
                squares: list[Expr] = [Call("power", (part, _number(2)), style="operator") for part in parts]
                return Call("sqrt", (_chain("add", squares),))
            case _:
                return None

    def _softmax(self, node: Node, at: Cell) -> Expr | None:
        (parent,) = node.parents
        axis = node.static["axis"] % len(parent.shape)
        if parent.shape[axis] > MAX_TERMS:
            return None
        raised: list[Expr] = [
            Call("exp", (self.cell(parent, (*at[:axis], k, *at[axis + 1 :]), top=False),))
            for k in range(parent.shape[axis])
        ]
        return Call("divide", (raised[at[axis]], _chain("add", raised)), style="operator")


def _as_written(node: Node) -> str:
    """Return the function as the author wrote it: min(a, b) stays min, though it works element by element."""
    written = node.expr.function if isinstance(node.expr, Call) else ""
    return written if written in ("min", "max") and len(node.parents) == 2 else node.op


def _chain(function: str, parts: list[Expr]) -> Expr:
    return reduce(lambda left, right: Call(function, (left, right), style="operator"), parts)


def _terms(function: str, expr: Expr) -> list[Expr]:
    """Return the terms of a chain of one operation: a + (b + c) reads a + b + c."""
    if isinstance(expr, Call) and expr.function == function:
        return [term for arg in expr.args for term in _terms(function, arg)]
    return [expr]


def _number(value: float) -> Expr:
    if value < 0:
        return Call("negative", (Number(-value, shown(-value)),), style="operator")
    return Number(value, shown(value))


def _broadcast(at: Cell, shape: tuple[int, ...]) -> Cell:
    last = at[len(at) - len(shape) :] if shape else ()
    return tuple(0 if length == 1 else position for position, length in zip(last, shape, strict=True))


def _reduced_cells(node: Node, at: Cell) -> list[Cell]:
    parent = node.parents[0]
    axis, keepdims = node.static.get("axis"), bool(node.static.get("keepdims", False))
    cells = np.arange(int(np.prod(node.shape, dtype=int))).reshape(node.shape)
    wide = np.broadcast_to(expanded(cells, parent.shape, axis, keepdims), parent.shape)
    reduced_axes(parent.shape, axis)
    return [tuple(int(position) for position in cell) for cell in np.argwhere(wide == cells[at])]


def moved_from(node: Node, at: Cell) -> Source | None:
    """Return the cell that a moving function (index, stack, transpose, ...) took this one from."""
    function = rule(node.op)
    first = 0
    marked: list[Array] = []
    for parent in node.parents:
        count = int(np.prod(parent.shape, dtype=int))
        marked.append(np.arange(first, first + count, dtype=float).reshape(parent.shape))
        first += count
    try:
        where = int(np.asarray(function.value(*marked, **node.static))[at])
    except (IndexError, ValueError):
        return None
    for parent, marks in zip(node.parents, marked, strict=True):
        if marks.size and marks.flat[0] <= where <= marks.flat[-1]:
            cell = np.unravel_index(where - int(marks.flat[0]), parent.shape)
            return Source(parent, tuple(int(position) for position in cell))
    return None


def written(node: Node, at: Cell) -> tuple[Expr, dict[str, Source]]:
    """Return one cell as an expression of single cells, and the cells that its names stand for."""
    writer = Writer()
    expr = writer.cell(node, at)
    present = {part.id for part in walk(expr) if isinstance(part, Name)}
    return expr, {name: source for name, source in writer.named.items() if name in present}


def with_numbers(expr: Expr, sources: dict[str, Source]) -> str:
    """Return a cell's expression as text with the numbers put in."""

    def leaf(part: Expr) -> str | None:
        if isinstance(part, Name) and part.id in sources:
            source = sources[part.id]
            return shown(float(source.node.number[source.cell]))
        return None

    return show(expr, leaf)


def arithmetic(node: Node, at: Cell) -> tuple[str, str, str]:
    """Return a cell's own name, its arithmetic in symbols and in numbers: c[1], f[1] * c_prev[1], 0.2 * (-1)."""
    expr, sources = written(node, at)
    own = show(Writer().leaf(node, at))
    return own, show(expr), with_numbers(expr, sources)
