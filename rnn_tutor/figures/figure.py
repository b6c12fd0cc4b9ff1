"""What there is to look at, as data: heatmaps, lines, bars and tables, with their numbers.

Screens, commands and labs draw a `Figure` and work nothing out; the node of each item is there to trace where a number
comes from.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from typing import TypeAlias

import numpy as np

from rnn_tutor.engine.functions import Array
from rnn_tutor.engine.graph.axes import Axes
from rnn_tutor.engine.graph.graph import Node
from rnn_tutor.engine.graph.within_one import within_one
from rnn_tutor.figures import FigureKind
from rnn_tutor.figures.heatmap import Picture, Scale, span

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
    Of lines, `x` may be a matrix with a column for each line: curves in a plane, which need not run to the right.
    `log`: the vertical axis of lines, or the length of bars, is logarithmic, so what is not positive cannot be shown.
    `at`: on a screen, the point of lines or the place of bars that a cursor is on (None: there is no cursor).
    `instead`: of lines, what is said in place of a plot where there is nothing to draw yet ("": they are drawn).
    """

    kind: FigureKind
    items: tuple[Item, ...]
    title: str = ""
    x: Item | None = None
    y: Item | None = None
    level: Item | None = None
    log: bool = False
    at: int | None = None
    instead: str = ""

    @cached_property
    def series(self) -> tuple[Series, ...]:
        """The lines (of a matrix its columns), or the groups of bars (numbers that stand alone make one)."""
        if self.kind == "lines":
            return tuple(_lines(self.items, self.x))
        vectors = [item for item in self.items if item.values.ndim]
        alone = [item for item in self.items if not item.values.ndim]
        groups = [
            Series(item.name, np.arange(len(item.values), dtype=float), item.values, item.labelled(0))
            for item in vectors
        ]
        if alone:
            values = np.array([float(item.values) for item in alone])
            names = tuple(item.name for item in alone)
            groups.append(Series("", np.arange(len(alone), dtype=float), values, names))
        return tuple(groups)

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
        at = None if self.at is None or not first <= self.at < last else self.at - first
        return replace(self, items=items, x=Item(self.across, x[first:last]), at=at)

    @property
    def in_plane(self) -> bool:
        """Whether each line has an x of its own."""
        return self.kind == "lines" and self.x is not None and self.x.values.ndim == 2

    def under_cursor(self) -> tuple[float, tuple[tuple[str, float], ...]] | None:
        """Return where the cursor of lines is, and of each line that has a point there its name and its value.

        Where each line has an x of its own, the cursor is at the index of a point, and its x comes before its value.
        """
        there = [line for line in self.series if self.at is not None and self.at < len(line.values)]
        if self.at is None or not there:
            return None
        at = self.at
        if not self.in_plane:
            return float(there[0].x[at]), tuple((line.name, float(line.values[at])) for line in there)
        both = (((f"{line.name} x", float(line.x[at])), ("y", float(line.values[at]))) for line in there)
        return float(at), tuple(pair for pairs in both for pair in pairs)


def _lines(items: Sequence[Item], x: Item | None) -> Iterator[Series]:
    """Yield the lines: vectors, and the columns of matrices."""
    count = 0
    for item in items:
        columns = item.values[:, None] if item.values.ndim == 1 else item.values
        name = item.name if item.name.isidentifier() else f"({item.name})"
        for column in range(columns.shape[1]):
            own = item.name if item.values.ndim == 1 else f"{name}[:, {column}]"
            yield Series(own, _over(x, len(columns), count), columns[:, column])
            count += 1


def _over(x: Item | None, points: int, line: int) -> Array:
    """Return where the points of a line lie: its column of `x`, or what all lines have."""
    if x is None:
        return np.arange(points, dtype=float)
    return x.values[:points] if x.values.ndim == 1 else x.values[:points, line]
