"""What the graph knows of the expressions that a script is written from: shapes, and values at all time steps."""

from collections.abc import Iterable

import numpy as np

from rnn_tutor.engine.expression import Expr, Index, Name
from rnn_tutor.engine.graph.graph import Graph
from rnn_tutor.engine.graph.node import Node, Sequence
from rnn_tutor.engine.shapes import Shape

EXACT = 2.0**53


class Facts:
    """The nodes of a graph by the expression that they came from, this very object and not one like it."""

    def __init__(self, graph: Graph, nodes: Iterable[Node] | None = None) -> None:
        self.graph = graph
        self._nodes: dict[int, list[Node]] = {}
        for node in graph.nodes if nodes is None else nodes:
            if node.expr is not None:
                self._nodes.setdefault(id(node.expr), []).append(node)

    def nodes(self, expr: Expr) -> list[Node]:
        """Return the nodes of an expression, one for each time step that it was evaluated at."""
        found = self._nodes.get(id(expr), [])
        if found:
            return found
        entry = None
        if isinstance(expr, Name):
            entry = self.graph.names.get(expr.id)
            if isinstance(entry, Sequence):
                return [entry.whole] if entry.whole is not None else []
        elif isinstance(expr, Index) and isinstance(expr.base, Name) and len(expr.items) == 1:
            entry = self.graph.names.get(expr.base.id)
            if isinstance(entry, Sequence):
                return [node for node in (*entry.steps, entry.start) if node is not None]
            return []
        return [entry] if isinstance(entry, Node) else []

    def shape(self, expr: Expr) -> Shape | None:
        """Return the shape of an expression, None where it is not known, or not the same at all steps."""
        shapes = {node.shape for node in self.nodes(expr)}
        return shapes.pop() if len(shapes) == 1 else None

    def axes(self, expr: Expr) -> int | None:
        """Return how many axes an expression has, None where that is not known."""
        counts = {len(node.shape) for node in self.nodes(expr)}
        return counts.pop() if len(counts) == 1 else None

    def is_ordinary(self, expr: Expr) -> bool:
        """Tell whether Python's own numbers can hold what an expression gives: finite, and exact where whole."""
        nodes = self.nodes(expr)
        return bool(nodes) and all(
            node.value is not None and bool((np.isfinite(node.value) & (np.abs(node.value) < EXACT)).all())
            for node in nodes
        )

    def has_empty_rows(self, expr: Expr, axis: int) -> bool:
        """Tell whether some slice along an axis is nothing but -inf: a row of scores that is masked as a whole."""
        return any(
            node.value is not None and node.value.ndim > 0 and bool(np.isneginf(node.value).all(axis=axis).any())
            for node in self.nodes(expr)
        )
