"""concat, stack, hstack, vstack: what they join, and along which axis; the same in an answer and in a program.

NumPy takes one sequence: a list, or an array, whose rows are joined then. Arrays written one by one are taken too, as
in concat(a, b): NumPy gives these no other meaning.
"""

from rnn_tutor.engine.errors import EngineError
from rnn_tutor.engine.expression import Call, Expr
from rnn_tutor.engine.graph.graph import Graph
from rnn_tutor.engine.graph.node import Node, whole_number
from rnn_tutor.engine.reading.libraries import typed_whole


def join(graph: Graph, expr: Call) -> Node:
    """Return the node of a call of concat, stack, hstack or vstack."""
    name = expr.function
    keywords = dict(expr.keywords)
    takes_axis = name in ("concat", "stack")
    if not expr.args or len(keywords) < len(expr.keywords) or set(keywords) - ({"axis"} if takes_axis else set()):
        raise EngineError("notation", _usage(name))
    parts, last = _parts(graph, expr)
    if last is not None and keywords:
        raise EngineError("notation", _usage(name))
    given = graph.node(keywords["axis"]) if keywords else last
    axis = 0 if given is None else whole_number(given, f"axis of {name}")
    if not parts:
        raise EngineError("shape", f"{name} needs at least one array; the list is empty.")
    if name == "hstack":
        return _side_by_side(graph, parts, expr)
    if name == "vstack":
        return _on_top(graph, parts, expr)
    return graph.joined(name, parts, axis, expr)


def _usage(name: str) -> str:
    if name in ("hstack", "vstack"):
        return f"Write {name}([a, b]); for an axis use concat or stack."
    return f"Write {name}([a, b]), or with axis=1."


def _parts(graph: Graph, expr: Call) -> tuple[list[Node], Node | None]:
    """Return what is joined, and the axis where it stands among the arguments."""
    first, *further = expr.args
    takes_axis = expr.function in ("concat", "stack")
    here = graph.items_or_array(first)
    if not further:
        return (_rows(graph, here, first) if isinstance(here, Node) else here), None
    if (
        takes_axis
        and len(further) == 1
        and isinstance(here, Node)
        and here.shape
        and typed_whole(further[0]) is not None
    ):
        return _rows(graph, here, first), graph.node(further[0])
    others = [graph.node(argument) for argument in further]
    if isinstance(here, Node):
        return [here, *others], None
    if takes_axis and len(others) == 1 and not others[0].shape:
        return here, others[0]
    return [graph.stacked(here, first), *others], None


def _rows(graph: Graph, node: Node, expr: Expr) -> list[Node]:
    if not node.shape:
        raise EngineError("shape", "A single number cannot be joined: give a list [a, b], or an array with rows.")
    if node.shape[0] > graph.most_parts:
        raise EngineError("limit", f"At most {graph.most_parts:,} rows are joined here.")
    return [graph.row(node, position, expr) for position in range(node.shape[0])]


def _side_by_side(graph: Graph, parts: list[Node], expr: Call) -> Node:
    if all(not part.shape for part in parts):
        return graph.joined("stack", parts, 0, expr)
    wide = [_deeper(graph, part, 1, expr) for part in parts]
    return graph.joined("concat", wide, 0 if len(wide[0].shape) == 1 else 1, expr)


def _on_top(graph: Graph, parts: list[Node], expr: Call) -> Node:
    if all(len(part.shape) == 1 for part in parts):
        return graph.joined("stack", parts, 0, expr)
    return graph.joined("concat", [_deeper(graph, part, 2, expr) for part in parts], 0, expr)


def _deeper(graph: Graph, node: Node, dimensions: int, expr: Call) -> Node:
    """Return an array with at least so many axes: new ones of length 1 come first."""
    while len(node.shape) < dimensions:
        node = graph.apply("expand_dims", (node,), {"axis": 0}, expr)
    return node
