"""What of lines and bars is drawn, and where: the one place that decides. Who draws a chart decides nothing.

A chart has what is drawn (series, groups, places, names) and, as notes, what is left out. What depends on the room is
asked for with the room, in whatever unit the drawing has: how many numbers fit along an axis, how many bars beside each
other, how wide a text is.
"""

import math
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from itertools import groupby

import numpy as np

from rnn_tutor.engine.array_types import NDArray
from rnn_tutor.figures import numbers
from rnn_tutor.figures.axes import Tick, drawable, limits, thinned, ticks
from rnn_tutor.figures.figure import Figure, Item, Series
from rnn_tutor.figures.numbers import brief

MOST_SERIES = 8  # lines, or groups of bars: more cannot be told apart without colour
MOST_NUMBERS = 48  # in the cells of a heatmap: with more, nobody sees the picture
MOST_NUMBER_ROWS = 12
LOGARITHMIC = "logarithmic"
_DECIMALS = 4
_SMALL = 1e-3
_STEPS: list[int] = [
    step * 10**power for power in range(6) for step in (1, 2, 5)
]  # every so many places have their name

Values = NDArray[np.float64]


@dataclass(frozen=True)
class Axis:
    """Where an axis begins and ends, in the unit that is drawn, and the numbers along it."""

    low: float
    high: float
    ticks: tuple[Tick, ...] = ()

    @property
    def span(self) -> tuple[float, float]:
        """Both ends."""
        return self.low, self.high

    def crosses(self, value: float) -> bool:
        """Tell whether a value lies within, and at neither end."""
        return self.low < value < self.high


@dataclass(frozen=True, eq=False)
class Line:
    """A line: its name and its points as they are drawn, nan where there is none."""

    name: str
    x: Values
    y: Values


@dataclass(frozen=True, eq=False)
class LineChart:
    """Lines. `level` is where one is drawn across (nan: nowhere), and `level_says` what it is."""

    title: str
    lines: tuple[Line, ...]
    level: float
    level_says: str
    notes: tuple[str, ...]
    across: str
    log: bool

    def up(self, most: int) -> Axis:
        """Return the vertical axis, with at most about so many numbers."""
        low, high = limits([*(line.y for line in self.lines), np.array([self.level])], most, self.log)
        return Axis(low, high, tuple(ticks(low, high, most, log=self.log)))

    def along(self, most: int) -> Axis:
        """Return the horizontal axis, with at most about so many numbers."""
        low, high = limits([line.x for line in self.lines], 0)
        return Axis(low, high, tuple(ticks(low, high, most, whole=self.in_steps)))

    @property
    def in_steps(self) -> bool:
        """Whether all that lies along the horizontal axis are whole numbers, as steps are: so are its ticks."""
        return all(bool((line.x[~np.isnan(line.x)] % 1 == 0).all()) for line in self.lines)

    def zero(self, up: Axis) -> bool:
        """Tell whether a line is drawn where 0 is."""
        return up.crosses(0.0) and not self.log

    def every_point(self, most: int) -> bool:
        """Tell whether each point can have a mark of its own, where there is room for `most` in a line."""
        return max((len(line.x) for line in self.lines), default=0) <= most

    def path(self, at: int, columns: int) -> tuple[Values, Values]:
        """Return the points of a line as far as they can be told apart in so many columns."""
        return thinned(self.lines[at].x, self.lines[at].y, columns)


def line_chart(figure: Figure) -> LineChart:
    """Return how lines are drawn."""
    lines = tuple(
        Line(drawn_series.name, drawable(drawn_series.x), drawable(drawn_series.values, figure.log))
        for drawn_series in figure.series[:MOST_SERIES]
    )
    level = np.nan if figure.level is None else float(drawable(figure.level.values, figure.log))
    level_says = "" if figure.level is None else _level_says(figure.level)
    gone = sum(int((np.isnan(line.x) | np.isnan(line.y)).sum()) for line in lines)
    notes = [f"not drawn: {level_says}"] if level_says and np.isnan(level) else []
    notes += [f"{gone} point{'s' * (gone > 1)} {_not(figure)}: left out"] if gone else []
    return LineChart(
        figure.title, lines, level, level_says, (*notes, *_common_notes(figure)), figure.across, figure.log
    )


@dataclass(frozen=True)
class Bar:
    """A bar: the group it belongs to, its value as it is drawn (nan: no bar), and its number."""

    group: int
    value: float
    number: float


@dataclass(frozen=True)
class Place:
    """Where bars stand, or lie: its name, and a bar, or one of each group."""

    name: str
    bars: tuple[Bar, ...]


@dataclass(frozen=True, eq=False)
class BarChart:
    """Bars: `groups` has the name of each group, "" for numbers that stand alone; `named`: places have names.

    Vectors of one length stand side by side, all else one after the other.
    """

    title: str
    groups: tuple[str, ...]
    places: tuple[Place, ...]
    named: bool
    notes: tuple[str, ...]
    across: str
    log: bool
    at: int | None = None
    """The place that a cursor is on."""

    @property
    def count(self) -> int:
        """How many bars there are."""
        return sum(len(place.bars) for place in self.places)

    @property
    def beside(self) -> int:
        """How many bars stand side by side at a place."""
        return max((len(place.bars) for place in self.places), default=1)

    def lie(self, rows: int, *, for_names: bool = False) -> bool:
        """Tell whether bars lie, each on a row of its own with its name and its number, where there are so many rows.

        for_names: there only to keep names of more than a letter, which have no room below bars that stand.
        """
        if for_names and not (self.named and any(len(place.name) > 1 for place in self.places)):
            return False
        return self.count <= rows

    def lying(self) -> Iterator[tuple[str, Bar, bool]]:
        """Give the bars from top to bottom, each with the name before it, and whether the cursor is there.

        The name of a place stands at its first bar.
        """
        for number, place in enumerate(self.places):
            for at, bar in enumerate(place.bars):
                yield "" if at else place.name, bar, number == self.at

    def says(self, bar: Bar) -> str:
        """Return the number of a bar, with as many decimals as the others where their sizes are alike."""
        return brief(bar.number) if self._decimals is None else numbers.fixed(bar.number, self._decimals)

    def numbered(self, room: float, measure: Callable[[str], float]) -> bool:
        """Tell whether the numbers stand at the bars: all of them, where the longest fits `room`, or none."""
        return all(measure(self.says(bar)) <= room for place in self.places for bar in place.bars)

    @cached_property
    def _decimals(self) -> int | None:
        values = [bar.number for place in self.places for bar in place.bars]
        places = numbers.decimals(values)
        if places is None or any(0 < abs(value) < _SMALL for value in values):
            return None
        return min(places, _DECIMALS)

    def values(self, most: int) -> tuple[Axis, float]:
        """Return the axis of the values, with at most about so many numbers, and where on it bars begin."""
        lengths = np.array([bar.value for place in self.places for bar in place.bars])
        if not self.log:
            low, high = limits([np.append(lengths, 0.0)], most)
            return Axis(low, high, tuple(ticks(low, high, most))), max(0.0, low)
        low, high = limits([lengths], most, log=True)
        low = float(np.floor(low - 1e-9)) if low == high or low > np.floor(low) else low - 1
        return Axis(low, high, tuple(ticks(low, high, most, log=True))), low

    def at_most(self, most: int) -> "BarChart":
        """Return as many bars as have room beside each other: more of them share a place, which has the largest."""
        size = max(1, -(-len(self.places) * self.beside // max(1, most)))
        if size == 1:
            return self
        shared = tuple(_shared(self.places, size))
        before = self.places[: self.at + 1] if self.at is not None else ()
        at = len(list(_shared(before, size))) - 1 if before else None
        return replace(self, places=shared, notes=(*self.notes, f"each bar is the largest of {size}"), at=at)

    def every(self, slot: float, measure: Callable[[str], float]) -> int:
        """Return of how many places one has its name below it, for places `slot` apart."""
        widest = max((measure(place.name) for place in self.places), default=0.0)
        return next((step for step in _STEPS if step * slot >= widest), _STEPS[-1])

    def unnamed(self, every: int) -> str:
        """Return what is said of names that are left out; of indices one knows those between."""
        return f"named: one place in {every}" if every > 1 and self.named else ""


def bar_chart(figure: Figure) -> BarChart:
    """Return how bars are drawn."""
    series = figure.series[:MOST_SERIES]
    gone = sum(int(np.isnan(drawable(group.values, figure.log)).sum()) for group in series)
    notes = [f"{gone} {_not(figure)}: no bar"] if gone else []
    groups = tuple(group.name for group in series)
    named = any(group.places for group in series)
    places = tuple(_places(figure, series))
    notes += _common_notes(figure)
    return BarChart(figure.title, groups, places, named, tuple(notes), figure.across, figure.log, figure.at)


def _places(figure: Figure, series: Sequence[Series]) -> Iterator[Place]:
    bars = [
        [Bar(at, value, number) for value, number in zip(drawn, own_series.values.tolist(), strict=True)]
        for at, own_series in enumerate(series)
        for drawn in [drawable(own_series.values, figure.log).tolist()]
    ]
    names = [own_series.places or tuple(str(place) for place in range(len(own_series.values))) for own_series in series]
    if (
        len(series) > 1
        and len({len(own_series) for own_series in bars}) == 1
        and all(own_series.name for own_series in series)
    ):
        yield from (Place(name, beside) for name, beside in zip(names[0], zip(*bars, strict=True), strict=True))
        return
    for place_names, group in zip(names, bars, strict=True):
        yield from (Place(name, (bar,)) for name, bar in zip(place_names, group, strict=True))


def _shared(places: Iterable[Place], size: int) -> Iterator[Place]:
    """Give so many places as one, with the largest bar of each group."""
    for _, places_of_group in groupby(places, lambda place: [bar.group for bar in place.bars]):
        run = list(places_of_group)
        for first in range(0, len(run), size):
            together = run[first : first + size]
            groups = zip(*(place.bars for place in together), strict=True)
            yield Place(together[0].name, tuple(max(bars, key=_size) for bars in groups))


def _size(bar: Bar) -> float:
    return -1.0 if math.isnan(bar.value) else abs(bar.number)


@dataclass(frozen=True)
class Window:
    """The part of a heatmap that has room, from its first row and column, of so many in all."""

    rows: int
    columns: int
    of: tuple[int, int]

    @property
    def note(self) -> str:
        """What is said of the rest, "" where there is none."""
        rows, columns = self.of
        if (self.rows, self.columns) == self.of:
            return ""
        return f"the first {self.rows} of {rows} rows, {self.columns} of {columns} columns"


def window(size: tuple[int, int], rows: int, columns: int) -> Window:
    """Return what of a heatmap with so many rows and columns is drawn where there is room for some."""
    return Window(min(size[0], rows), min(size[1], columns), size)


def cell_numbers(values: Values) -> list[list[str]] | None:
    """Return the numbers of a heatmap as they stand in its cells, all of one width; None where there are too many."""
    if not values.size or values.size > MOST_NUMBERS or len(values) > MOST_NUMBER_ROWS:
        return None
    texts = [[numbers.short(float(value)) for value in row] for row in values]
    width = max(len(text) for row in texts for text in row)
    return [[text.rjust(width) for text in row] for row in texts]


def numbers_stand(texts: list[list[str]] | None, rows: int, columns: int) -> bool:
    """Tell whether numbers stand in the cells of a heatmap: there are few, and so many rows and columns have room."""
    return texts is not None and len(texts) <= rows and len(texts[0]) <= columns


def slices(count: int, most: int) -> tuple[int, str]:
    """Return how many of an array's slices are drawn, and what is said of the rest."""
    return min(count, most), f"the first {most} of {count} slices" if count > most else ""


def _not(figure: Figure) -> str:
    return "not positive" if figure.log else "not finite"


def _common_notes(figure: Figure) -> list[str]:
    series_word = "lines" if figure.kind == "lines" else "groups"
    count = len(figure.series)
    notes = [LOGARITHMIC] if figure.log else []
    return [*notes, f"the first {MOST_SERIES} of {count} {series_word}"] if count > MOST_SERIES else notes


def _level_says(level: Item) -> str:
    value = brief(float(level.values))
    try:
        float(level.name)
    except ValueError:
        return f"{level.name} = {value}"
    return value
