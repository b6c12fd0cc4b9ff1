"""Derivatives of many versions of a program at once, backwards over what the walk along it has computed.

A `Trace` notes what each value was made of. A value is a `Batch`, with a row for each version that it was computed for,
or an array that is the same in all of them; of what the walk looked up in the graph, the graph's own nodes are gone on
with. Adjoints have a row for each version: for a batch its own rows, for an array a row for every version.
"""

from collections.abc import Callable, Mapping
from collections.abc import Sequence as Several
from dataclasses import dataclass
from typing import Any

import numpy as np

from rnn_tutor.engine.functions import Array, Function
from rnn_tutor.engine.graph.batch import (
    ALONG_AN_AXIS,
    REDUCED,
    Batch,
    Value,
    aligned,
    axes_behind,
    behind,
)
from rnn_tutor.engine.graph.gradient import LEAVES, rule
from rnn_tutor.engine.graph.node import Node, as_numbers

Pull = Callable[[Array], list[Array | None]]


@dataclass
class Made:
    """How a value was made: `pull` gives of its adjoint those of its parents; `rows` are its versions, None for all."""

    value: Value
    parents: tuple[Value, ...]
    pull: Pull
    rows: Array | None
    step: int | None
    places: tuple[Array | None, ...] | None = None  # which of its rows a parent is for; None for all


class Trace:
    """What the values of one walk were made of, in the order in which they were made."""

    def __init__(self, count: int) -> None:
        self.count = count
        self.made: dict[int, tuple[int, Made]] = {}
        self.nodes: dict[int, Node] = {}
        self.values: dict[Node, Array] = {}

    def note(self, made: Made) -> None:
        """Note how a value was made."""
        self.made[id(made.value)] = (len(self.made), made)

    def value_of(self, node: Node) -> Array:
        """Return a node's value as an array of its own, that leads back to it: two nodes may share an array."""
        known = self.values.get(node)
        if known is None:
            known = self.values[node] = node.number.view()
            self.nodes[id(known)] = node
        return known

    def backward(self, target: Value, seed: Array, rows: Array | None) -> "Adjoints":
        """Return the derivatives of a target, whose own is `seed` with a row for each of some versions."""
        adjoints = Adjoints(self.count)
        adjoints.add(target, seed, rows)
        order = {id(target): target}
        left = [target]
        while left:
            found = self.made.get(id(left.pop()))
            for parent in found[1].parents if found is not None else ():
                if id(parent) not in order:
                    order[id(parent)] = parent
                    left.append(parent)
        made = sorted((self.made[key] for key in order if key in self.made), key=lambda one: -one[0])
        for _, one in made:
            self._pass_on(one, adjoints)
        self._through_nodes([value for key, value in order.items() if key not in self.made], adjoints)
        return adjoints

    def by(self, adjoints: "Adjoints", value: Value, rows: Array | None) -> Array:
        """Return the derivatives by a value, for some versions."""
        found = adjoints.of(value)
        if not isinstance(value, Batch) and id(value) in self.nodes:
            found = adjoints.nodes.get(self.nodes[id(value)])
        count = self.count if rows is None else len(rows)
        if found is None:
            return np.zeros((count, *value.shape))
        return found if rows is None or len(found) == count else found[rows]

    @staticmethod
    def _pass_on(made: Made, adjoints: "Adjoints") -> None:
        own = adjoints.of(made.value)
        if own is None:
            return
        if isinstance(made.value, Batch):
            rows = made.rows
        else:  # an array has a row for every version: nothing of those that have nothing to do with it
            rows = np.flatnonzero(own.reshape(len(own), -1).any(axis=1))
            own = own[rows]
            if not len(rows):
                return
        places = made.places or (None,) * len(made.parents)
        for parent, share, place in zip(made.parents, made.pull(own), places, strict=True):
            if share is None:
                continue
            if place is None:
                adjoints.add(parent, share, rows)
            else:
                adjoints.add(parent, share, place if rows is None else rows[place])

    def _through_nodes(self, values: Several[Value], adjoints: "Adjoints") -> None:
        own: dict[Node, Array] = {}
        for value in values:
            found = adjoints.of(value)
            if found is None or isinstance(value, Batch) or id(value) not in self.nodes:
                continue
            own[self.nodes[id(value)]] = found
        waiting = set(own)
        while waiting:
            node = max(waiting, key=lambda one: one.order)
            waiting.remove(node)
            if node.op in LEAVES:
                continue
            parents = [parent.number for parent in node.parents]
            shares = pulled(rule(node.op), own[node], node.number, parents, node.static)
            for parent, share in zip(node.parents, shares, strict=True):
                if share is None:
                    continue
                own[parent] = own[parent] + share if parent in own else share
                waiting.add(parent)
        adjoints.nodes = own


class Adjoints:
    """Derivatives by values, each with a row for each of its versions."""

    def __init__(self, count: int) -> None:
        self.count = count
        self.values: dict[int, tuple[Value, Array]] = {}
        self.nodes: dict[Node, Array] = {}

    def of(self, value: Value) -> Array | None:
        """Return the derivative by a value, None where nothing has reached it."""
        found = self.values.get(id(value))
        return None if found is None else found[1]

    def add(self, value: Value, share: Array, rows: Array | None) -> None:
        """Add a share, for some versions (all by default)."""
        if isinstance(value, Batch):
            known = self.of(value)
            if len(share) != len(value.values):  # of a batch of all, for some
                whole = np.zeros((self.count, *value.shape)) if known is None else known
                whole[rows] += share
                self.values[id(value)] = (value, whole)
            else:
                self.values[id(value)] = (value, share.copy() if known is None else known + share)
            return
        known = self.of(value)
        whole = np.zeros((self.count, *value.shape)) if known is None else known
        whole[slice(None) if rows is None else rows] += share
        self.values[id(value)] = (value, whole)


def pulled(
    function: Function, own: Array, value: Value, parents: Several[Value], static: Mapping[str, Any]
) -> list[Array | None]:
    """Return of the derivatives by a value, a row for each version, those by what a function made it of."""
    if function.gradient is None:
        return [None] * len(parents)
    count = len(own)
    if not function.keeps_masks:
        parents = [Batch(as_numbers(p.values)) if isinstance(p, Batch) else as_numbers(p) for p in parents]
    rows = [p.values if isinstance(p, Batch) else np.broadcast_to(p, (count, *p.shape)) for p in parents]
    result = as_numbers(value.values if isinstance(value, Batch) else np.broadcast_to(value, (count, *value.shape)))
    shapes = [p.shape for p in parents]
    shares = _together(function, own, result, rows, static)
    if shares is None:
        each = [function.gradient(own[k], result[k], *[row[k] for row in rows], **static) for k in range(count)]
        shares = [
            None if one[0] is None else np.stack([np.asarray(share) for share in one])
            for one in zip(*each, strict=True)
        ]
    return [
        None if share is None else np.asarray(share, dtype=float).reshape(count, *shape)
        for share, shape in zip(shares, shapes, strict=True)
    ]


def _together(
    function: Function, own: Array, result: Array, rows: list[Array], static: Mapping[str, Any]
) -> Several[Array | None] | None:
    """Return the shares of all versions at once; None for functions that have to be asked version by version."""
    assert function.gradient is not None  # noqa: S101 - asked before
    axes = result.ndim - 1
    if function.family == "elementwise" and not static:
        most = max([axes, *(row.ndim - 1 for row in rows)])
        arguments = [aligned(Batch(row), most) for row in rows]
        return list(function.gradient(aligned(Batch(own), most), aligned(Batch(result), most), *arguments))
    if function.name == "matmul" and all(row.ndim <= 3 for row in rows):
        return _of_product(own, *rows)
    if function.name in ALONG_AN_AXIS and isinstance(static.get("axis"), int):
        return list(function.gradient(own, result, *rows, **{**static, "axis": behind(static["axis"], axes)}))
    if function.name in REDUCED:
        own_axes, axis = rows[0].ndim - 1, static.get("axis")
        over = tuple(range(1, own_axes + 1)) if axis is None else axes_behind(axis, own_axes)
        return list(function.gradient(own, result, *rows, **{**static, "axis": over}))
    if function.name == "stack":
        return list(np.moveaxis(own, behind(static["axis"], axes), 0))
    if function.name == "index" and not any(isinstance(key, np.ndarray) for key in static["key"]):
        share = np.zeros(rows[0].shape)
        share[(slice(None), *static["key"])] = own
        return [share, *([None] * (len(rows) - 1))]
    return None


def _of_product(own: Array, left: Array, right: Array) -> list[Array]:
    row, column = left.ndim == 2, right.ndim == 2
    first = left[:, None, :] if row else left
    second = right[..., None] if column else right
    if row and column:
        own = own[:, None, None]
    elif row:
        own = own[:, None, :]
    elif column:
        own = own[..., None]
    return [own @ np.swapaxes(second, -1, -2), np.swapaxes(first, -1, -2) @ own]
