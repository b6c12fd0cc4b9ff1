"""The names of a node's axes, carried through the graph from the givens: [time, unit] stays known in h = tanh(a).

A name is lost ("") where an operation makes it unclear; nothing is guessed.
"""

from collections.abc import Mapping

from rnn_tutor.engine.expression import Call
from rnn_tutor.engine.functions.base import reduced_axes
from rnn_tutor.engine.graph.gradient import rule
from rnn_tutor.engine.graph.node import Node

Axes = tuple[str, ...]


def axes_of(node: Node, given: Mapping[str, Axes], axes: dict[Node, Axes] | None = None) -> Axes:
    """Return a name for each axis of a node, "" where none is known. `given` names those of the givens."""
    axes = {} if axes is None else axes
    todo = [node]
    while todo:
        here = todo[-1]
        if here in axes:
            todo.pop()
            continue
        missing = [parent for parent in here.parents if parent not in axes]
        if missing:
            todo += missing
            continue
        axes[here] = _axes(here, given, [axes[parent] for parent in here.parents])
        todo.pop()
    return axes[node]


def _axes(node: Node, given: Mapping[str, Axes], parents: list[Axes]) -> Axes:
    if node.name in given and len(given[node.name]) == len(node.shape):
        return given[node.name]
    unknown = ("",) * len(node.shape)
    if not parents:
        return unknown
    carried = _carried(node, parents)
    return carried if carried is not None and len(carried) == len(node.shape) else unknown


def _carried(node: Node, parents: list[Axes]) -> Axes | None:
    family = "leaf" if node.op in ("number", "grad", "replaced") else rule(node.op).family
    first = parents[0] if parents else ()
    if node.op == "grad":
        return _of_derivative(node, parents)
    if node.op == "stack":
        at = node.static["axis"] % len(node.shape)
        new = "time" if node.parents[0].step is not None and node.named else ""
        merged = _merged(parents, len(node.shape) - 1)
        return (*merged[:at], new, *merged[at:])
    if node.op == "index":
        return _indexed(node, first)
    if node.op == "transpose":
        order = node.static["axes"] or range(len(first))[::-1]
        return tuple(first[axis] for axis in order)
    if node.op == "swapaxes":
        order = list(range(len(first)))
        a, b = node.static["axis1"], node.static["axis2"]
        order[a], order[b] = order[b], order[a]
        return tuple(first[axis] for axis in order)
    if node.op == "one_hot":
        return (*first, "")
    if family == "elementwise" or node.op in (
        "softmax",
        "log_softmax",
        "layer_norm",
        "array",
        "flip",
        "cumsum",
        "cumprod",
    ):
        return _merged(parents, len(node.shape))
    if family == "matmul":
        left, right = parents
        rows = left[:-1] if len(left) > 1 else ()
        columns = right[-1:] if len(right) > 1 else ()
        return (*rows, *columns)
    if family == "reduction":
        gone = set(reduced_axes(node.parents[0].shape, node.static.get("axis")))
        if node.static.get("keepdims"):
            return tuple("" if axis in gone else name for axis, name in enumerate(first))
        return tuple(name for axis, name in enumerate(first) if axis not in gone)
    return None


def _of_derivative(node: Node, parents: list[Axes]) -> Axes | None:
    """grad(L, x) has the axes of x, parts(L, W) time before those of W, jacobian(y, x) those of y and then of x."""
    function = node.expr.function if isinstance(node.expr, Call) else ""
    y, wrt = parents[0], parents[1]
    steps = node.parents[1:]
    if len(steps) > 1 or (steps[0].step is not None and len(node.shape) > len(y) + len(wrt)):
        wrt = ("time", *wrt)
    if function == "grad":
        return wrt
    return ("time", *wrt) if function == "parts" else (*y, *wrt)


def _merged(parents: list[Axes], dimensions: int) -> Axes:
    """Return the names that broadcast arrays have together: the one that is known, or none when they differ."""
    names = []
    for back in range(dimensions, 0, -1):
        candidates = {parent[-back] for parent in parents if len(parent) >= back and parent[-back]}
        names.append(candidates.pop() if len(candidates) == 1 else "")
    return tuple(names)


def _indexed(node: Node, names: Axes) -> Axes | None:
    left = list(names)
    axes: list[str] = []
    for item in node.static["key"]:
        if item is None:
            axes.append("")
        elif isinstance(item, int):
            left.pop(0)
        elif isinstance(item, slice):
            axes.append(left.pop(0))
        else:
            return None
    return (*axes, *left)
