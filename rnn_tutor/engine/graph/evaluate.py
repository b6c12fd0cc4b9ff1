"""How each kind of expression becomes a node: the one file that knows them all.

Calls and indexes evaluate what stands in them, and so need the graph that evaluates them. The graph has a table for
that, which is filled here: whoever makes a graph has its Graph from here.
"""

import numpy as np

from rnn_tutor.engine.errors import EngineError
from rnn_tutor.engine.expression import Array as ArrayExpr
from rnn_tutor.engine.expression import Call, Index, Name, Number, Unknown
from rnn_tutor.engine.graph.calls import called
from rnn_tutor.engine.graph.graph import ANY, CONSTANTS, EVALUATORS, Graph
from rnn_tutor.engine.graph.indexing import indexed
from rnn_tutor.engine.graph.node import Node


def number(graph: Graph, expr: Number) -> Node:
    """Return the node of a number that is written out."""
    return graph.constant(np.array(expr.value), expr)


def name(graph: Graph, expr: Name) -> Node:
    """Return the node of a name, or of a constant. Raises EngineError (`name`) where there is none."""
    entry = graph.names.get(expr.id)
    if isinstance(entry, Node):
        return entry
    if entry is not None:
        try:
            return graph.whole(expr.id)
        except EngineError as error:
            raise error.placed(expr.span) from None
    if expr.id in CONSTANTS:
        return graph.constant(np.array(CONSTANTS[expr.id]), expr)
    if graph.unknown and (expr.id in graph.unknown or ANY in graph.unknown):
        raise EngineError("unknown", f"{expr.id} has no value here.", expr.span)
    raise EngineError("name", graph.no_name(expr.id), expr.span)


def nothing(_: Graph, expr: Unknown) -> Node:
    """Raise EngineError (`unknown`): nothing is known of what could not be read."""
    raise EngineError("unknown", "This cannot be understood.", expr.span)


def written_list(graph: Graph, expr: ArrayExpr) -> Node:
    """Return the node of a list that is written out: the array of its items."""
    return graph.stacked([graph.node(item) for item in expr.items], expr)


EVALUATORS |= {Number: number, Name: name, ArrayExpr: written_list, Index: indexed, Call: called, Unknown: nothing}

__all__ = ["Graph", "number"]
