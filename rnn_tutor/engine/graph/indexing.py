"""Indexes: whole numbers, slices, masks, new axes; and the time steps of a recurrence.

Outside loops an index means what NumPy means. Inside a loop nothing wraps: an index below 0 or past the end is an
error, but for `name[t-1]` at t = 0 (in a reversed loop `name[t+1]` at the last step), which reads the start.
"""

from typing import Any, TypeAlias

import numpy as np

from rnn_tutor.engine.errors import EngineError, exact
from rnn_tutor.engine.expression import Call, Expr, Index, Item, Name, NewAxis, Number, Rest, Slice, brief
from rnn_tutor.engine.functions import Array, Function
from rnn_tutor.engine.functions.base import Param, broadcast
from rnn_tutor.engine.graph.graph import Graph
from rnn_tutor.engine.graph.node import Node, Sequence, frozen, whole_number
from rnn_tutor.engine.reading.libraries import typed_whole
from rnn_tutor.engine.shapes import Shape, in_words

Key: TypeAlias = tuple[Any, ...]  # a NumPy index: int, slice, None, arrays of whole numbers, bool arrays

# From this length on, an index of nothing but 0 and 1, as long as its axis, is surely a mask that somebody gave.
MASK_LIKE = 3


def indexed(graph: Graph, expr: Index) -> Node:
    """Return the node of base[items]."""
    try:
        return _indexed(graph, expr)
    except EngineError as error:
        raise error.placed(expr.span) from None


def _indexed(graph: Graph, expr: Index) -> Node:
    items = expr.items
    node: Node | None = None
    if isinstance(expr.base, Name):
        entry = graph.names.get(expr.base.id)
        if isinstance(entry, Sequence):
            node, items = _of_sequence(graph, entry, expr)
            if not items:
                return node
    if node is None:
        node = graph.node(expr.base)
    return picked(graph, node, items, expr)


def picked(graph: Graph, node: Node, items: tuple[Item, ...], expr: Index) -> Node:
    """Return node[items]; `expr` is where that is written."""
    key, index_nodes = key_of(graph, node, items, expr)
    shape = node.shape[1:] if len(key) == 1 and type(key[0]) is int else result_shape(node.shape, key)
    graph.charge(shape, 0, has_numbers=node.value is not None)
    value = None if node.value is None else frozen(node.value[key])
    return graph.add(graph.inner_name(), "index", (node, *index_nodes), shape, value, expr, {"key": key})


def _of_sequence(graph: Graph, sequence: Sequence, expr: Index) -> tuple[Node, tuple[Item, ...]]:
    """Return the node that the first item picks of a recurrent name, and the items that are left."""
    first, further = expr.items[0], expr.items[1:]
    if isinstance(first, Slice | NewAxis):
        return _several_steps(graph, sequence, expr)
    at = graph.node(first)
    if at.shape != () or (at.value is not None and at.value.dtype == bool):
        return graph.whole(sequence.name), expr.items
    step = whole_number(at, f"The index of {sequence.name}")
    return _one_step(graph, sequence, step, first), further


def _several_steps(graph: Graph, sequence: Sequence, expr: Index) -> tuple[Node, tuple[Item, ...]]:
    first = expr.items[0]
    if sequence.whole is not None or not isinstance(first, Slice):
        return graph.whole(sequence.name), expr.items
    count = len(sequence.steps)
    picked = [sequence.steps[k] for k in range(count)[_slice(graph, first, count)]]
    nodes = [node for node in picked if node is not None]
    if not nodes or len(nodes) < len(picked):
        raise EngineError("value", f"{sequence.name} is not known at all of these time steps yet.")
    return graph.apply("stack", tuple(nodes), {"axis": 0}, expr), expr.items[1:]


def _one_step(graph: Graph, sequence: Sequence, step: int, written: Expr) -> Node:
    name, count, clock = sequence.name, len(sequence.steps), graph.clock
    if clock is not None and name in clock.making:
        edge = (clock.count, clock.count - 1) if clock.reverse else (-1, 0)
        if (step, clock.step) == edge:
            if sequence.start is None:
                where = "after the last" if clock.reverse else "before the first"
                raise EngineError(
                    "value",
                    f"{name}[{brief(written)}] is {where} time step: say what it is there with start: {{{name}: ...}}.",
                )
            return sequence.start
    if clock is None and -count <= step < 0:
        step += count
    if not 0 <= step < count:
        place = f"{name}[{brief(written)}]"
        raise EngineError("value", f"{place} is step {step}, but {name} has the time steps 0 to {count - 1}.")
    node = sequence.steps[step]
    if node is None:
        now = f"{clock.variable} = {clock.step}" if clock else "this step"
        raise EngineError("value", f"{name}[{brief(written)}] is not known yet at {now}: it is computed later.")
    return node


def _slice(graph: Graph, item: Slice, length: int) -> slice:
    parts = [
        None if part is None else whole_number(graph.node(part), "A slice bound")
        for part in (item.start, item.stop, item.step)
    ]
    if parts[2] == 0:
        raise EngineError("value", "The step of a slice cannot be 0.")
    if graph.clock is not None and any(part is not None and not 0 <= part <= length for part in parts[:2]):
        raise EngineError("value", f"Inside a loop a slice stays within 0 and {length}; nothing wraps.")
    return slice(*parts)


def key_of(graph: Graph, base: Node, items: tuple[Item, ...], expr: Index) -> tuple[Key, tuple[Node, ...]]:
    """Return the NumPy index of some items and the nodes that it was read from."""
    if not graph.gradients and isinstance(expr.base, Call):
        _ask_about_pair(items, expr)
    if len(items) == 1 and type(items[0]) is Name and base.shape:
        only = graph.node(items[0])  # a counter, mostly: one number, which is no mask
        if only.value is not None and only.value.ndim == 0 and only.value.dtype.char != "?":
            return (_one_key(graph, only, base.shape, 0)[0],), (only,)
    key: list[Any] = []
    nodes: list[Node] = []
    axis = 0
    for item in _without_rest(graph, base, items):
        if isinstance(item, NewAxis):
            key.append(None)
            continue
        left = base.shape[axis:]
        if not left:
            raise EngineError("shape", _too_many(base.shape))
        used = 1
        if isinstance(item, Slice):
            key.append(_slice(graph, item, left[0]))
        else:
            node = graph.node(item)
            if not graph.gradients and isinstance(item, Name) and len(items) == 1:
                _ask_about_mask(node, left[0], item, expr)
                if _is_mask(node, left):
                    graph.remark(f"{item.id} is a mask: it picks where it is 1")
                    node = graph.apply("not_equal", (node, graph.constant(np.array(0.0))), {}, item)
            nodes.append(node)
            part, used = _one_key(graph, node, left, axis)
            key.append(part)
        axis += used
    return tuple(key), tuple(nodes)


def _without_rest(graph: Graph, base: Node, items: tuple[Item, ...]) -> tuple[Item, ...]:
    """Return the items of an index with ... as the slices that it stands for."""
    places = [place for place, item in enumerate(items) if isinstance(item, Rest)]
    if not places:
        return items
    if len(places) > 1:
        raise EngineError("notation", "An index can have only one ... in it.")
    used = 0
    for item in items:
        if isinstance(item, Slice):
            used += 1
        elif not isinstance(item, NewAxis):
            node = graph.node(item)
            used += len(node.shape) if node.value is not None and node.value.dtype.char == "?" else 1
    (place,) = places
    return (*items[:place], *(Slice(),) * max(0, len(base.shape) - used), *items[place + 1 :])


def _is_mask(node: Node, left: Shape) -> bool:
    """Tell whether numbers of several axes, as large as what they pick from, are a mask: all of them are 0 or 1."""
    value = node.number
    if value.dtype == bool or value.ndim < 2 or value.shape != left[: value.ndim]:
        return False
    return bool(((value == 0) | (value == 1)).all())


def _too_many(shape: Shape) -> str:
    if not shape:
        return "This is a single number without axes, so it has no [ ]."
    count = "1 axis" if len(shape) == 1 else f"{len(shape)} axes"
    return f"Too many indexes: the array {in_words(shape)} has {count}."


def _ask_about_pair(items: tuple[Item, ...], expr: Index) -> None:
    """x.max(1)[0] is the first of the largest values in NumPy, all of them in PyTorch: ask the learner."""
    base = expr.base
    if not (isinstance(base, Call) and base.style == "method" and base.function in ("max", "min")):
        return
    which = typed_whole(items[0]) if len(items) == 1 and isinstance(items[0], Number) else None
    if len(base.args) != 2 or base.keywords or which not in ("0", "1"):
        return
    name, axis = base.function, brief(base.args[1])
    of = f"of {name}(x, axis={axis})"
    other = "the values themselves" if which == "0" else f"arg{name}(x, axis={axis})"
    sentence = f"NumPy's [{which}] is an element {of}; PyTorch's is {other}. Write {name}(x, axis={axis})"
    sentence += (
        f"[{which}] for the first, " + (f"{name}(x, axis={axis})" if which == "0" else other) + " for the second."
    )
    raise EngineError("notation", sentence, expr.span)


def _ask_about_mask(node: Node, length: int, item: Name, expr: Index) -> None:
    """A given mask of 0 and 1 would pick the elements 0 and 1 over and over: ask the learner who writes x[mask].

    An index among several, as in x[arange(3), y], is never a mask.
    """
    value = node.number
    if value.dtype == bool or value.ndim != 1 or len(value) != length or length < MASK_LIKE:
        return
    if ((value == 0) | (value == 1)).all():
        base, name = brief(expr.base), item.id
        raise EngineError(
            "notation",
            f"Is {name} a mask here, or are its 0 and 1 positions? For a mask write {base}[{name} == 1] (or multiply "
            f"by {name}); positions can be written out, as in {base}[[1, 0]].",
            item.span,
        )


def _one_key(graph: Graph, node: Node, left: Shape, axis: int) -> tuple[Any, int]:
    value = node.number
    if value.dtype.char == "?":
        if value.ndim == 0 or value.shape != left[: value.ndim]:
            raise EngineError(
                "shape",
                f"A mask {in_words(value.shape)} does not fit the axes {in_words(left)} it selects from.",
            )
        return value, value.ndim
    length = left[0]
    lowest = 0 if graph.clock is not None else -length
    if value.ndim == 0:
        number = float(value)
        if not number.is_integer():
            raise EngineError("value", f"An index must be whole (or a mask such as x > 0); {exact(number)} is not.")
        if not lowest <= number < length:
            raise EngineError("value", _out_of_range(number, axis, length))
        return int(number), 1
    if (np.floor(value) != value).any() or not np.isfinite(value).all():
        raise EngineError("value", "An index must be whole (or a mask such as x > 0).")
    if value.size and (value.min() < lowest or value.max() >= length):
        raise EngineError("value", _out_of_range(value.min() if value.min() < lowest else value.max(), axis, length))
    return value.astype(int), 1


def _out_of_range(wrong: float, axis: int, length: int) -> str:
    if length == 0:
        return f"There is no index {exact(wrong)} on axis {axis}: it is empty."
    return f"There is no index {exact(wrong)} on axis {axis}: it has the indexes 0 to {length - 1}."


def result_shape(shape: Shape, key: Key) -> Shape:
    """Return the shape of x[key] for an x of this shape, without x.

    Arrays in a key broadcast; a mask counts as its positions, one array an axis. Where all of them (and the single
    numbers among them) stand side by side, their axes come where they stand, otherwise first: NumPy's rule.
    """
    before: list[int] = []
    axis = 0
    picked: list[Shape] = []
    first: int | None = None  # where, in the result, the axes of the arrays come
    closed = False  # whether a slice or a new axis came after the arrays
    advanced = any(isinstance(part, np.ndarray) for part in key)
    for part in key:
        if part is None or isinstance(part, slice):
            closed = first is not None
            if part is None:
                before.append(1)
            else:
                before.append(len(range(*part.indices(shape[axis]))))
                axis += 1
            continue
        if advanced:
            first = 0 if closed else len(before) if first is None else first
            picked.append(_picked(part))
        axis += part.ndim if isinstance(part, np.ndarray) and part.dtype.char == "?" else 1
    result = (*before, *shape[axis:])
    if not advanced:
        return result
    at = first or 0
    return (*result[:at], *_together(picked), *result[at:])


def _picked(part: int | Array) -> Shape:
    if isinstance(part, int):
        return ()
    return (int(np.count_nonzero(part)),) if part.dtype.char == "?" else tuple(part.shape)


def _together(picked: list[Shape]) -> Shape:
    try:
        return broadcast(*picked)
    except EngineError:
        shapes = " and ".join(in_words(shape) for shape in picked)
        raise EngineError("shape", f"These indexes do not fit together: they pick {shapes} elements.") from None


def _index_gradient(g: Array, y: Array, x: Array, *_indexes: Array, key: Key) -> tuple[Array | None, ...]:
    whole = np.zeros(x.shape)
    if any(isinstance(part, np.ndarray) for part in key):
        np.add.at(whole, key, g)
    else:
        whole[key] = g
    return (whole, *(None for _ in _indexes))


INDEX = Function(
    "index",
    (Param("x"),),
    lambda x, *_indexes, key: x[key],
    lambda x, *_indexes, key: result_shape(x, key),
    _index_gradient,
    "structure",
    keeps_masks=True,
)
