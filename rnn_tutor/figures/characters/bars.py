"""Bars in characters: lying ones with their names and numbers where there is a row for each, else upright ones."""

import numpy as np

from rnn_tutor.engine.array_types import NDArray
from rnn_tutor.figures.axes import Tick
from rnn_tutor.figures.characters.canvas import (
    BLOCKS,
    BOLD,
    DIM,
    PLAIN,
    Area,
    Canvas,
    Cells,
    Line,
    entry,
    framed,
    heading,
    shortened,
    under,
)
from rnn_tutor.figures.chart import BarChart, bar_chart
from rnn_tutor.figures.figure import Figure
from rnn_tutor.printable import plain

_FILLS = ("#=o%*+@x", "█▒░▓▚▞╳═")  # in ASCII, and not
_NAME = 16


def bars(figure: Figure, width: int, height: int, ascii_only: bool) -> list[Line]:
    """Return bars as lines of text; lines beyond `height` and text beyond `width` are for the caller to cut."""
    chart = bar_chart(figure)
    head = _head(chart, width, ascii_only)
    if not chart.count:
        return [*head, [("empty", DIM)]]
    if chart.lie(height - len(head)):
        return [*head, *_lying(chart, width, ascii_only)]
    chart = chart.at_most(width - 8)
    head = _head(chart, width, ascii_only)
    lines, unnamed = _upright(chart, width, height - len(head), ascii_only)
    if unnamed:
        head = _head(chart, width, ascii_only, unnamed)
        lines, _ = _upright(chart, width, height - len(head), ascii_only)
    return [*head, *lines]


def _head(chart: BarChart, width: int, ascii_only: bool, *notes: str) -> list[Line]:
    fills = _FILLS[0 if ascii_only else 1] if len(chart.groups) > 1 else " "
    legend = [entry(fills[at].strip(), at, name, ascii_only) for at, name in enumerate(chart.groups) if name]
    return heading(chart.title, legend, (*chart.notes, *notes), width, ascii_only)


def _lying(chart: BarChart, width: int, ascii_only: bool) -> list[Line]:
    bars = list(chart.lying())
    names = [plain(name, ascii_only=ascii_only) for name, _, _ in bars]
    name_width = min(max((len(name) for name in names), default=0), max(_NAME, width // 3), max(0, width // 3))
    numbers = [chart.says(bar) for _, bar, _ in bars]
    number_width = max(map(len, numbers), default=0)
    columns = max(1, width - name_width - number_width - 3)
    axis, base = chart.values(0)
    area = Area(columns, max(1, len(bars)), axis.span, (0.0, max(1.0, len(bars) - 1.0)))
    canvas = Canvas(len(bars), columns)
    for row, (_, bar, _) in enumerate(bars):
        if not np.isnan(bar.value) and bar.value != base:
            fill = _FILLS[0 if ascii_only else 1][bar.group]
            row_of_cells = Area(columns, 1, axis.span, (-1.0, 1.0)).drawn(
                np.array([base, bar.value]), np.zeros(2), fill
            )
            canvas.cells[row], canvas.inks[row] = row_of_cells[0], bar.group
    start = int(area.column(np.array([base]))[0])
    canvas.cells[:, start], canvas.inks[:, start] = ("|" if ascii_only else "│"), DIM
    return [
        [
            (shortened(names[row], name_width).rjust(name_width) + (">" if here else " "), BOLD if here else PLAIN),
            *line,
            (" " + numbers[row].rjust(number_width), BOLD if here else PLAIN),
        ]
        for row, (line, (_, _, here)) in enumerate(zip(canvas.lines(), bars, strict=True))
    ]


def _upright(chart: BarChart, width: int, height: int, ascii_only: bool) -> tuple[list[Line], str]:
    """Return upright bars, and what is said of names that have no room below them."""
    rows = max(1, height - 2)
    up, base = chart.values(rows // 2 + 2)
    gutter = max((len(tick.label) for tick in up.ticks), default=0)
    columns = max(1, width - gutter - 1)
    slot = max(1, columns // len(chart.places))
    wide = max(1, (slot - 1) // chart.beside) if slot > chart.beside else 1
    fine = chart.beside == 1 and len(chart.groups) == 1 and not ascii_only
    area = Area(columns, rows, (0.0, max(1.0, columns * (1 + fine) - 1.0)), up.span, BLOCKS if fine else (1, 1))
    canvas = Canvas(rows, columns)
    if up.low < base:
        canvas.cells[area.row(np.array([base]))[0]] = "." if ascii_only else "┄"
        canvas.inks[area.row(np.array([base]))[0]] = DIM
    starts = np.arange(len(chart.places)) * slot
    for group in range(len(chart.groups)):
        columns_of_bars = [
            (start + at * wide, bar.value)
            for start, place in zip(starts, chart.places, strict=True)
            for at, bar in enumerate(place.bars)
            if bar.group == group
        ]
        first = np.array([column for column, _ in columns_of_bars], dtype=np.intp)
        heights = np.array([value for _, value in columns_of_bars])
        fill = "" if fine else _FILLS[0 if ascii_only else 1][group]
        canvas.put(_group(area, first, wide, heights=heights, base=base, fill=fill), group)
    if chart.at is not None:
        _cursor(canvas, int(starts[chart.at]) + (wide * len(chart.places[chart.at].bars) - 1) // 2, ascii_only)
    names = [plain(place.name, ascii_only=ascii_only) for place in chart.places]
    every = chart.every(slot, lambda name: _measured(name, ascii_only))
    middles = starts + (wide * chart.beside - 1) // 2
    below = [Tick(float(at) * (1 + fine), name) for at, name in zip(middles[::every], names[::every], strict=True)]
    across = plain(chart.across, ascii_only=ascii_only)
    return [
        *framed(canvas, area, up.ticks, gutter, ascii_only),
        *under(area, below, gutter, ascii_only, across, indices=not chart.named),
    ], chart.unnamed(every)


def _cursor(canvas: Canvas, column: int, ascii_only: bool) -> None:
    """Put a point above the bars at a place, and a stroke from there as far as nothing stands."""
    if column < canvas.cells.shape[1]:
        behind = canvas.cells[:, column] == " "
        canvas.cells[behind, column], canvas.inks[:, column] = "|" if ascii_only else "│", BOLD
        canvas.cells[0, column] = "v" if ascii_only else "▼"


def _measured(name: str, ascii_only: bool) -> int:
    """Return how many columns a name takes, with a space behind it; single letters stand as in a text."""
    size = len(plain(name, ascii_only=ascii_only))
    return size + (size > 1)


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
