"""Indexes: whole numbers, slices, masks, new axes; and the time steps of a recurrence.

Outside loops an index means what NumPy means. Inside a loop nothing wraps: an index below 0 or past the end is an
error, but for `name[t-1]` at t = 0 (in a reversed loop `name[t+1]` at the last step), which reads the start.
"""

from typing import TYPE_CHECKING, Any

import numpy as np

from .errors import EngineError
from .expression import Expr, Index, Item, Name, NewAxis, Slice, show
from .functions import Array, Function, Shape, in_words, size
from .functions.base import Param, broadcast

if TYPE_CHECKING:
    from .graph import Graph, Node, Sequence


def indexed(graph: "Graph", expr: Index) -> "Node":
    """Return the node of base[items]."""
    try:
        return _indexed(graph, expr)
    except EngineError as error:
        raise error.placed(expr.span) from None


def _indexed(graph: "Graph", expr: Index) -> "Node":
    items = expr.items
    base: Node | None = None
    if isinstance(expr.base, Name):
        from .graph import Sequence

        entry = graph.names.get(expr.base.id)
        if isinstance(entry, Sequence):
            base, items = _of_sequence(graph, entry, expr)
            if not items:
                return base
    node = base or graph._node(expr.base)
    key, index_nodes = _key(graph, node, items)
    shape = _result_shape(node.shape, key)
    graph.charge(shape if node.value is not None else (), 0)
    value = None if node.value is None else _frozen(node.value[key])
    return graph._add(graph._inner_name(), "index", (node, *index_nodes), shape, value, expr, {"key": key})


def _frozen(value: Any) -> Array:
    from .graph import frozen

    return frozen(np.asarray(value))


def _of_sequence(graph: "Graph", sequence: "Sequence", expr: Index) -> "tuple[Node, tuple[Item, ...]]":
    """Return the node that the first item picks of a recurrent name, and the items that are left."""
    from .graph import whole_number

    first, rest = expr.items[0], expr.items[1:]
    if isinstance(first, Slice | NewAxis):
        return _several_steps(graph, sequence, expr)
    at = graph._node(first)
    if at.shape != () or (at.value is not None and at.value.dtype == bool):
        return graph.whole(sequence.name), expr.items
    step = whole_number(at, f"The index of {sequence.name}")
    return _one_step(graph, sequence, step, first), rest


def _several_steps(graph: "Graph", sequence: "Sequence", expr: Index) -> "tuple[Node, tuple[Item, ...]]":
    first = expr.items[0]
    if sequence.whole is not None or not isinstance(first, Slice):
        return graph.whole(sequence.name), expr.items
    count = len(sequence.steps)
    picked = [sequence.steps[k] for k in range(count)[_slice(graph, first, count)]]
    known = [node for node in picked if node is not None]
    if not known or len(known) < len(picked):
        raise EngineError("value", f"{sequence.name} is not known at all of these time steps yet.")
    return graph._apply("stack", tuple(known), {"axis": 0}, expr), expr.items[1:]


def _one_step(graph: "Graph", sequence: "Sequence", step: int, written: Expr) -> "Node":
    name, count, clock = sequence.name, len(sequence.steps), graph.clock
    shown = f"{name}[{show(written)}]"
    making = clock is not None and name in clock.making
    if clock is not None and making:
        edge = (clock.count, clock.count - 1) if clock.reverse else (-1, 0)
        if (step, clock.step) == edge:
            if sequence.start is None:
                where = "after the last" if clock.reverse else "before the first"
                raise EngineError(
                    "value",
                    f"{shown} is {where} time step: say what it is there with start: {{{name}: ...}}.",
                )
            return sequence.start
    if clock is None and -count <= step < 0:
        step += count
    if not 0 <= step < count:
        raise EngineError("value", f"{shown} is step {step}, but {name} has the time steps 0 to {count - 1}.")
    node = sequence.steps[step]
    if node is None:
        raise EngineError("value", f"{shown} is not known yet at t = {clock.step if clock else 0}.")
    return node


def _slice(graph: "Graph", item: Slice, length: int) -> slice:
    from .graph import whole_number

    parts = [
        None if part is None else whole_number(graph._node(part), "A slice bound")
        for part in (item.start, item.stop, item.step)
    ]
    if parts[2] == 0:
        raise EngineError("value", "The step of a slice cannot be 0.")
    if graph.clock is not None and any(part is not None and not 0 <= part <= length for part in parts[:2]):
        raise EngineError("value", f"Inside a loop a slice stays within 0 and {length}; nothing wraps.")
    return slice(*parts)


def _key(graph: "Graph", base: "Node", items: tuple[Item, ...]) -> "tuple[tuple[Any, ...], tuple[Node, ...]]":
    """Return the NumPy index of some items and the nodes that it was read from."""
    key: list[Any] = []
    nodes: list[Node] = []
    axis = 0
    for item in items:
        if isinstance(item, NewAxis):
            key.append(None)
            continue
        used = 1
        length = base.shape[axis] if axis < len(base.shape) else None
        if isinstance(item, Slice):
            if length is not None:
                key.append(_slice(graph, item, length))
        else:
            node = graph._node(item)
            nodes.append(node)
            one, used = _one_key(graph, node, base.shape[axis:], axis)
            key.append(one)
        axis += used
        if axis > len(base.shape):
            raise EngineError(
                "shape", f"Too many indexes: the array has {len(base.shape)} axes {in_words(base.shape)}."
            )
    return tuple(key), tuple(nodes)


def _one_key(graph: "Graph", node: "Node", left: Shape, axis: int) -> tuple[Any, int]:
    value = node.number
    if value.dtype == bool:
        if value.ndim == 0 or value.shape != left[: value.ndim]:
            raise EngineError(
                "shape",
                f"A mask {in_words(value.shape)} does not fit the axes {in_words(left)} it selects from.",
            )
        return value, value.ndim
    whole = np.asarray(np.floor(value), dtype=float)
    if not np.isfinite(value).all() or (whole != value).any():
        raise EngineError("value", "An index must be whole (or a mask such as x > 0).")
    if not left:
        return 0, 1
    length = left[0]
    lowest = 0 if graph.clock is not None else -length
    if value.size and (value.min() < lowest or value.max() >= length):
        wrong = int(value.min() if value.min() < lowest else value.max())
        raise EngineError("value", f"There is no index {wrong} on axis {axis}: it has the indexes 0 to {length - 1}.")
    return (int(value) if value.ndim == 0 else value.astype(int)), 1


def _result_shape(shape: Shape, key: tuple[Any, ...]) -> Shape:
    """Return the shape of x[key] for an x of this shape, without x and (but for masks) without cost."""
    arrays = [one for one in key if isinstance(one, np.ndarray)]
    if arrays:
        counts = [np.asarray(np.count_nonzero(one)).reshape(1) if one.dtype == bool else one for one in arrays]
        picked = broadcast(*((int(c[0]),) if a.dtype == bool else a.shape for a, c in zip(arrays, counts, strict=True)))
        used = sum(one.ndim if one.dtype == bool else 1 for one in arrays)
        others = size(shape[used:]) if len(key) == len(arrays) else size(shape)
        if size(picked) * others > 1_000_000:
            raise EngineError("limit", "That index picks too many elements.")
    dummy = np.broadcast_to(np.zeros((), dtype=bool), shape)
    try:
        return tuple(dummy[key].shape)
    except IndexError:
        raise EngineError("shape", f"This index does not fit an array {in_words(shape)}.") from None


def _index_gradient(g: Array, y: Array, x: Array, *_indexes: Array, key: tuple[Any, ...]) -> tuple[Array | None, ...]:
    whole = np.zeros(x.shape)
    np.add.at(whole, key, g)
    return (whole, *(None for _ in _indexes))


INDEX = Function(
    "index",
    (Param("x"),),
    lambda x, *_indexes, key: x[key],
    lambda x, *_indexes, key: _result_shape(x, key),
    _index_gradient,
    "structure",
    keeps_masks=True,
)
