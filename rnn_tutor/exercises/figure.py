"""What there is to look at, as data: heatmaps, lines, bars and tables, their numbers read off the graph.

A `Figure` is one item of `show`, or the `picture` of an exercise, with numbers in it. Screens, commands and labs draw
it and work nothing out; the node of each item is there to trace where a number comes from.
"""

from collections.abc import Callable
from dataclasses import dataclass, replace
from functools import cached_property
from typing import TypeAlias

import numpy as np

from rnn_tutor.engine.axes import Axes
from rnn_tutor.engine.errors import EngineError
from rnn_tutor.engine.expression import Expr, Name
from rnn_tutor.engine.functions import Array, in_words
from rnn_tutor.engine.graph import Graph, Node, as_numbers
from rnn_tutor.engine.heatmap import Picture, Scale, compared, span
from rnn_tutor.engine.provenance import number
from rnn_tutor.engine.within_one import within_one
from rnn_tutor.exercises.compiled import CompiledShow, ExerciseError
from rnn_tutor.exercises.model import FigureKind

Labels: TypeAlias = tuple[str, ...]


@dataclass(frozen=True, eq=False)
class Item:
    """One array of a figure: the name (or expression) that the file has for it, its values, a name for each axis.

    `node` is where the values come from (None: from no graph). `labels` has, for each axis, what stands at its places
    (the characters of a text, the values of an axis), () where that is their index. `scale`: of a heatmap, where it is
    not that of its values alone.
    """

    name: str
    values: Array
    axes: Axes = ()
    node: Node | None = None
    labels: tuple[Labels, ...] = ()
    scale: Scale | None = None

    def labelled(self, axis: int) -> Labels:
        """Return what stands at the places of an axis (-1 is the last), () where that is their index."""
        return self.labels[axis] if -len(self.labels) <= axis < len(self.labels) else ()

    @property
    def picture(self) -> Picture:
        """The item as something that can be drawn as a heatmap."""
        scale = span([self.values], self.within_one) if self.scale is None else self.scale
        return Picture(self.name, self.values, self.labelled(-2), self.labelled(-1), self.axes, scale)

    @property
    def within_one(self) -> bool:
        """Whether it can hold nothing but numbers from 0 to 1."""
        return self.node is not None and within_one(self.node)


@dataclass(frozen=True, eq=False)
class Series:
    """One line or one group of bars: a name, and as many values as there are places; `x` is where they lie.

    `places`: what stands at each place, () where that is its index.
    """

    name: str
    x: Array
    values: Array
    places: Labels = ()


@dataclass(frozen=True, eq=False)
class Figure:
    """Something to look at, with its numbers.

    `items` are what is shown, in the order of the file. Of lines, bars and heatmaps, `x` (a vector) is what runs along
    them instead of 0, 1, 2, ..., and of heatmaps `y` what runs down; of lines, `level` (a number) is drawn across.
    `log`: the vertical axis of lines, or the length of bars, is logarithmic, so what is not positive cannot be shown.
    """

    kind: FigureKind
    items: tuple[Item, ...]
    title: str = ""
    x: Item | None = None
    y: Item | None = None
    level: Item | None = None
    log: bool = False

    @cached_property
    def series(self) -> tuple[Series, ...]:
        """The lines (of a matrix its columns), or the groups of bars (numbers that stand alone make one)."""
        if self.kind == "lines":
            return tuple(series for item in self.items for series in _lines(item, self.x))
        vectors = [item for item in self.items if item.values.ndim]
        alone = [item for item in self.items if not item.values.ndim]
        found = [
            Series(item.name, np.arange(len(item.values), dtype=float), item.values, item.labelled(0))
            for item in vectors
        ]
        if alone:
            values = np.array([float(item.values) for item in alone])
            names = tuple(item.name for item in alone)
            found.append(Series("", np.arange(len(alone), dtype=float), values, names))
        return tuple(found)

    @property
    def across(self) -> str:
        """What runs along the horizontal axis, in the words of the file; "" where it has none."""
        if self.x is not None:
            return self.x.name
        names = {item.axes[0] for item in self.items if item.axes and item.axes[0]}
        return names.pop() if len(names) == 1 else ""

    @property
    def pages(self) -> "tuple[Figure, ...]":
        """The figure as one looks at it: a heatmap for each item, anything else whole."""
        if self.kind != "heatmap":
            return (self,)
        return tuple(replace(self, items=(item,)) for item in self.items)

    @property
    def points(self) -> int:
        """How many points the longest line has."""
        return max((len(item.values) for item in self.items), default=0) if self.kind == "lines" else 0

    def part(self, first: int, last: int) -> "Figure":
        """Return lines from one of their points to before another, where they stand in the whole."""
        x = np.arange(self.points, dtype=float) if self.x is None else self.x.values
        items = tuple(replace(item, values=item.values[first:last]) for item in self.items)
        return replace(self, items=items, x=Item(self.across, x[first:last]))


def figure(
    show: CompiledShow,
    evaluate: Callable[[Expr], Node],
    axes: Callable[[Node], Axes],
    labels: Callable[[Node], tuple[Labels, ...]] | None = None,
) -> Figure | None:
    """Return something to look at with its numbers; None where nothing in it has numbers.

    evaluate: gives the node of an expression; axes: a name, or "", for each axis of a node; labels: for each axis what
    stands at its places, () for their index. Raises ExerciseError, with the key of the file, where something does not
    evaluate or cannot be drawn as what it should be.
    """
    items: list[Item] = []
    for place, (text, expr) in enumerate(show.items):
        item = _item(text, expr, f"{show.key}.{show.kind}[{place}]", evaluate, axes)
        if item is not None:
            _check_axes(show.kind, item, f"{show.key}.{show.kind}[{place}]")
            items.append(replace(item, labels=labels(item.node)) if labels and item.node is not None else item)
    if not items:
        return None
    x = show.x and _item(show.show.x or "", show.x, f"{show.key}.x", evaluate, axes)
    if x:
        _check_along(x, items, f"{show.key}.x", 0 if show.kind != "heatmap" else -1)
    y = show.y and _item(show.show.y or "", show.y, f"{show.key}.y", evaluate, axes)
    if y:
        _check_along(y, items, f"{show.key}.y", -2)
    level = show.level and _item(show.show.level or "", show.level, f"{show.key}.level", evaluate, axes)
    if level and level.values.ndim:
        error = EngineError("shape", f"A level is one number; this is {in_words(level.values.shape)}.")
        raise ExerciseError(f"{show.key}.level", error)
    if show.kind == "heatmap":
        scales = compared([(item.values, item.within_one) for item in items])
        items = [
            replace(_labelled(item, x or None, y or None), scale=scale)
            for item, scale in zip(items, scales, strict=True)
        ]
    elif show.kind == "bars" and x:
        items = [replace(item, labels=(_texts(x),)) for item in items]
    return Figure(show.kind, tuple(items), show.show.title, x or None, y or None, level or None, show.show.log)


def evaluator(graph: Graph) -> Callable[[Expr], Node]:
    """Return what evaluates expressions in a graph; of a recurrent name, all its steps."""

    def evaluate(expr: Expr) -> Node:
        return graph.whole(expr.id) if isinstance(expr, Name) and expr.id in graph.names else graph.evaluate(expr)

    return evaluate


def _item(
    text: str, expr: Expr, key: str, evaluate: Callable[[Expr], Node], axes: Callable[[Node], Axes]
) -> Item | None:
    try:
        node = evaluate(expr)
        if node.value is None:
            return None
        return Item(text, np.asarray(as_numbers(node.value)), axes(node), node)
    except EngineError as error:
        raise ExerciseError(key, error) from None


def _check_axes(kind: FigureKind, item: Item, key: str) -> None:
    """Lines are vectors or the columns of a matrix, bars are vectors or numbers."""
    ndim = item.values.ndim
    if kind == "lines" and ndim not in (1, 2):
        says = f"Lines are drawn of vectors, or of a matrix's columns; this is {in_words(item.values.shape)}."
        raise ExerciseError(key, EngineError("shape", says))
    if kind == "bars" and ndim > 1:
        says = f"Bars are drawn of numbers and vectors; this is {in_words(item.values.shape)}."
        raise ExerciseError(key, EngineError("shape", says))


def _check_along(along: Item, items: list[Item], key: str, axis: int) -> None:
    """What runs along an axis is a vector with an element for each place of it."""
    name = key.rpartition(".")[2]
    if along.values.ndim != 1:
        raise ExerciseError(key, EngineError("shape", f"{name} is a vector; this is {in_words(along.values.shape)}."))
    for item in items:
        if not -item.values.ndim <= axis < item.values.ndim:
            says = f"{item.name} has no axis for {name}: it is {in_words(item.values.shape)}."
            raise ExerciseError(key, EngineError("shape", says))
        size = item.values.shape[axis]
        if size != len(along.values):
            what = "points" if axis == 0 else "columns" if axis == -1 else "rows"
            says = f"{name} has {len(along.values)} elements and {item.name} has {size} {what}; expected as many."
            raise ExerciseError(key, EngineError("shape", says))


def _texts(along: Item) -> Labels:
    return tuple(number(float(value)) for value in along.values)


def _labelled(item: Item, x: Item | None, y: Item | None) -> Item:
    """Return a heatmap's item with the values of its axes at its rows and columns."""
    found: list[Labels] = [item.labelled(axis) for axis in range(item.values.ndim)]
    if y is not None:
        found[-2] = _texts(y)
    if x is not None:
        found[-1] = _texts(x)
    return replace(item, labels=tuple(found))


def _lines(item: Item, x: Item | None) -> list[Series]:
    values = item.values
    over = np.arange(len(values), dtype=float) if x is None else x.values[: len(values)]
    if values.ndim == 1:
        return [Series(item.name, over, values)]
    name = item.name if item.name.isidentifier() else f"({item.name})"
    return [Series(f"{name}[:, {column}]", over, values[:, column]) for column in range(values.shape[1])]
