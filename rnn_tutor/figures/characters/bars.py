"""Bars in characters: lying ones with their names and numbers where there is a row for each, else upright ones."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from rnn_tutor.figures import numbers
from rnn_tutor.figures.axes import Tick, drawable, largest, limits, ticks
from rnn_tutor.figures.characters.lines import (
    BLOCKS,
    DIM,
    PLAIN,
    Area,
    Canvas,
    Cells,
    Line,
    framed,
    heading,
    shortened,
    under,
)
from rnn_tutor.figures.figure import Figure
from rnn_tutor.figures.heatmap import brief
from rnn_tutor.printable import plain

_FILLS = ("#=o%*+@x", "█▒░▓▚▞╳═")  # in ASCII, and not
_MOST_GROUPS = len(_FILLS[0])
_NAME = 16
_DECIMALS = 4
_SMALL = 1e-3
_STEPS = [step * 10**power for power in range(6) for step in (1, 2, 5)]  # every so many places are numbered


@dataclass(frozen=True)
class _Bar:
    """A bar: the name of its place ("" but for the first bar there), its value, and the group it belongs to."""

    place: str
    value: float
    group: int


def bars(figure: Figure, width: int, height: int, ascii_only: bool) -> list[Line]:
    """Return bars as lines of text; lines beyond `height` and text beyond `width` are for the caller to cut."""
    places = _places(figure)
    fills = _FILLS[0] if ascii_only else _FILLS[1]
    groups = figure.series[:_MOST_GROUPS]
    marks = list(fills[: len(groups)]) if len(groups) > 1 else [""]
    gone = sum(int(np.isnan(drawable(one.values, figure.log)).sum()) for one in groups)
    notes = [f"{gone} not {'positive' if figure.log else 'finite'}: no bar"] if gone else []
    if len(figure.series) > _MOST_GROUPS:
        notes.append(f"the first {_MOST_GROUPS} of {len(figure.series)} groups")
    head = heading(figure, width, ascii_only, marks, notes)
    every = [bar for place in places for bar in place]
    if not every:
        return [*head, [("nothing in it", DIM)]]
    if len(every) <= height - len(head):
        return [*head, *_lying(figure, every, width, ascii_only)]
    size = max(1, -(-len(places) * len(places[0]) // max(1, width - 8)))  # so many places share a column
    if size > 1:
        places = _shared(places, size)
        head.append([(f"each bar is the largest of {size}", DIM)])
    lines, step = _upright(figure, places, width, height - len(head), ascii_only)
    if step > 1 and any(one.places for one in groups):  # of indices one knows those that are left out
        head.append([(f"named: one place in {step}", DIM)])
        lines, _ = _upright(figure, places, width, height - len(head), ascii_only)
    return [*head, *lines]


def _places(figure: Figure) -> list[list[_Bar]]:
    """Return the bars of each place: of vectors of one length side by side, else one after the other."""
    series = figure.series[:_MOST_GROUPS]
    names = [one.places or [str(place) for place in range(len(one.values))] for one in series]
    if len({len(one.values) for one in series}) == 1 and len(series) > 1 and all(one.name for one in series):
        return [
            [_Bar("" if at else name, float(one.values[place]), at) for at, one in enumerate(series)]
            for place, name in enumerate(names[0])
        ]
    return [
        [_Bar(name, float(value), at)]
        for at, one in enumerate(series)
        for name, value in zip(names[at], one.values, strict=True)
    ]


def _ends(figure: Figure, values: NDArray[np.float64], most: int) -> tuple[tuple[float, float], float]:
    """Return where the axis of the values begins and ends, and where bars begin."""
    if figure.log:
        low, high = limits([values], most, log=True)
        return (np.floor(low - 1e-9) if low == high or low > np.floor(low) else low - 1, high), -np.inf
    return limits([np.append(values, 0.0)], most), 0.0


def _lying(figure: Figure, every: Sequence[_Bar], width: int, ascii_only: bool) -> list[Line]:
    values = drawable(np.array([bar.value for bar in every]), figure.log)
    said = _said([bar.value for bar in every])
    names = [plain(bar.place, ascii_only=ascii_only) for bar in every]
    left = min(max((len(name) for name in names), default=0), max(_NAME, width // 3), max(0, width // 3))
    right = max((len(one) for one in said), default=0)
    columns = max(1, width - left - right - 3)
    span, base = _ends(figure, values, 0)
    area = Area(columns, max(1, len(every)), span, (0.0, max(1.0, len(every) - 1.0)))
    canvas = Canvas(len(every), columns)
    base = max(base, span[0])
    for row, (bar, value) in enumerate(zip(every, values, strict=True)):
        if not np.isnan(value) and value != base:
            fill = _FILLS[0 if ascii_only else 1][bar.group]
            one = Area(columns, 1, span, (-1.0, 1.0)).drawn(np.array([base, value]), np.zeros(2), fill)
            canvas.cells[row], canvas.inks[row] = one[0], bar.group
    start = int(area.column(np.array([base]))[0])
    canvas.cells[:, start], canvas.inks[:, start] = ("|" if ascii_only else "│"), DIM
    return [
        [(shortened(names[row], left).rjust(left) + " ", PLAIN), *line, (" " + said[row].rjust(right), PLAIN)]
        for row, line in enumerate(canvas.lines())
    ]


def _said(values: Sequence[float]) -> list[str]:
    """Return the numbers of bars, with the same decimals where their sizes are alike."""
    places = numbers.decimals(values)
    if places is None or any(0 < abs(value) < _SMALL for value in values):
        return [brief(value) for value in values]
    return [numbers.one(value, min(places, _DECIMALS)) for value in values]


def _upright(
    figure: Figure, places: list[list[_Bar]], width: int, height: int, ascii_only: bool
) -> tuple[list[Line], int]:
    """Return upright bars, and of how many places one has its name."""
    groups = len(places[0])
    values = drawable(np.array([bar.value for place in places for bar in place]), figure.log)
    rows = max(1, height - 2)
    most = rows // 2 + 2
    span, base = _ends(figure, values, most)
    base = max(base, span[0])
    left = ticks(*span, most, log=figure.log)
    gutter = max((len(tick.label) for tick in left), default=0)
    columns = max(1, width - gutter - 1)
    slot = max(1, columns // len(places))
    wide = max(1, (slot - 1) // groups) if slot > groups else 1
    fine = groups == 1 and not ascii_only
    area = Area(columns, rows, (0.0, max(1.0, columns * (1 + fine) - 1.0)), span, BLOCKS if fine else (1, 1))
    canvas = Canvas(rows, columns)
    if span[0] < base:
        canvas.cells[area.row(np.array([base]))[0]] = "." if ascii_only else "┄"
        canvas.inks[area.row(np.array([base]))[0]] = DIM
    starts = np.arange(len(places)) * slot
    for k in range(groups):
        heights = drawable(np.array([place[k].value for place in places]), figure.log)
        first = starts + k * wide
        fill = "" if fine else _FILLS[0 if ascii_only else 1][places[0][k].group]
        canvas.put(_group(area, first, wide, heights=heights, base=base, fill=fill), places[0][k].group)
    names = [plain(place[0].place, ascii_only=ascii_only) for place in places]
    at_middle = starts + (wide * groups - 1) // 2
    longest = max(len(name) for name in names)
    longest += longest > 1  # single letters stand as in a text
    every = next(step for step in _STEPS if step * slot >= longest or step >= len(names))
    middles = [Tick(float(at) * (1 + fine), name) for at, name in zip(at_middle[::every], names[::every], strict=True)]
    across = plain(figure.across, ascii_only=ascii_only)
    indices = not any(one.places for one in figure.series)
    return [
        *framed(canvas, area, left, gutter, ascii_only),
        *under(area, middles, gutter, ascii_only, across, indices=indices),
    ], every


def _group(
    area: Area, first: NDArray[np.intp], wide: int, *, heights: NDArray[np.float64], base: float, fill: str
) -> Cells:
    """Return the bars of one group as lines from the base, side by side; `first` is each one's first column."""
    across = area.dots[0]
    lines = (first[:, None] * across + np.arange(wide * across)).ravel().astype(float)
    ends = np.repeat(np.where(heights == base, np.nan, heights), wide * across)
    gap = np.full(len(lines), np.nan)
    x = np.stack([lines, lines, gap], axis=1).ravel()
    y = np.stack([np.full(len(lines), base), ends, gap], axis=1).ravel()
    return area.drawn(x, y, fill)


def _shared(places: list[list[_Bar]], size: int) -> list[list[_Bar]]:
    """Return so many places as one, with the largest of each group."""
    found = []
    by_group = [largest(np.array([bar.value for bar in group]), size) for group in zip(*places, strict=True)]
    for at in range(len(by_group[0])):
        first = places[at * size]
        found.append([_Bar(first[0].place, float(by_group[k][at]), bar.group) for k, bar in enumerate(first)])
    return found
