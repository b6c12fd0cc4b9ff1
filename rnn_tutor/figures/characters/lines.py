"""Lines in characters, within axes and below their legend. Marks tell them apart; colours say the same."""

from collections.abc import Sequence

import numpy as np

from rnn_tutor.engine.array_types import NDArray
from rnn_tutor.figures.axes import Tick
from rnn_tutor.figures.characters.canvas import (
    BOLD,
    COARSE,
    DIM,
    FINE,
    PLAIN,
    Area,
    Canvas,
    Cells,
    entry,
    framed,
    heading,
    under,
)
from rnn_tutor.figures.characters.canvas import Line as Heading
from rnn_tutor.figures.chart import LOGARITHMIC, MOST_SERIES, LineChart, line_chart
from rnn_tutor.figures.chart import Line as Series
from rnn_tutor.figures.figure import Figure
from rnn_tutor.printable import plain

MARKS = "ox+*#@%&"[:MOST_SERIES]
_SPARE = "=$"  # in the place of those that are the name of a line: an x beside h, where another line is called x
_APART = 3  # columns between two points that are both marked, at the least
_LEAST_COLUMNS = 12  # with less beside them, the numbers of an axis are left out


def lines(figure: Figure, width: int, height: int, ascii_only: bool) -> list[Heading]:
    """Return lines as lines of text; those beyond `height` and text beyond `width` are for the caller to cut."""
    chart = line_chart(figure)
    if figure.instead:
        return heading(chart.title, [], [figure.instead], width, ascii_only)
    every = chart.every_point(width // _APART)
    marked = ascii_only or len(chart.lines) > 1 or every
    marks = marks_of(chart.lines) if marked else [""] * len(chart.lines)
    legend = [entry(mark, at, chart.lines[at].name, ascii_only) for at, mark in enumerate(marks)]
    if not np.isnan(chart.level):
        legend.append([("-- ", DIM), (plain(chart.level_says, ascii_only=ascii_only), PLAIN)])
    head = _head(chart, legend, width, ascii_only)
    rows = max(1, height - len(head) - 2)
    up = chart.up(rows // 2 + 2)
    left: Sequence[Tick] = up.ticks
    gutter = max((len(tick.label) for tick in left), default=0)
    if width - gutter - 1 < _LEAST_COLUMNS:
        left, gutter = (), 0
    columns = max(1, width - gutter - 1)
    along = chart.along(max(2, columns // 6))
    area = Area(columns, rows, along.span, up.span, COARSE if ascii_only else FINE)
    canvas = Canvas(rows, columns)
    _grid(canvas, area, left, along.ticks, "." if ascii_only else "·")
    if chart.zero(up):
        _across(canvas, area, 0.0, "." if ascii_only else "┄", DIM)
    if not np.isnan(chart.level):
        _across(canvas, area, chart.level, "-", DIM)
    for at in range(len(chart.lines)):
        canvas.put(area.drawn(*chart.path(at, columns * area.dots[0]), marks[at] if ascii_only else ""), at)
    if marked:
        for at, line in enumerate(chart.lines):
            canvas.put(_marks(area, line.x, line.y, marks[at], at / len(chart.lines)), at)
    if figure.at is not None:
        _cursor(canvas, area, chart.lines, figure.at, "|" if ascii_only else "│")
    name = plain(chart.across, ascii_only=ascii_only)
    return [*head, *framed(canvas, area, left, gutter, ascii_only), *under(area, along.ticks, gutter, ascii_only, name)]


def marks_of(series: Sequence[Series]) -> list[str]:
    """Return a mark for each line: no letter that is the name of one."""
    names = {line.name.casefold() for line in series}
    return [mark for mark in MARKS + _SPARE if mark not in names][: len(series)]


def _head(chart: LineChart, legend: Sequence[Heading], width: int, ascii_only: bool) -> list[Heading]:
    """Return title, legend and notes; in fewer words where that spares a line of the plot.

    The title of a single line says what it is, and the numbers of a logarithmic axis that it is one.
    """
    head = heading(chart.title, legend, chart.notes, width, ascii_only)
    briefly = legend[1:] if chart.title and len(chart.lines) == 1 else legend
    notes = ["log" if note == LOGARITHMIC else note for note in chart.notes]
    brief = heading(chart.title, briefly, notes, width, ascii_only)
    return brief if len(brief) < len(head) else head


def _grid(canvas: Canvas, area: Area, left: Sequence[Tick], below: Sequence[Tick], dot: str) -> None:
    """Put a dot wherever a number of one axis meets one of the other: the eye finds its way to both."""
    rows = area.row(np.array([tick.at for tick in left]))
    columns = area.column(np.array([tick.at for tick in below]))
    canvas.cells[np.ix_(rows, columns)], canvas.inks[np.ix_(rows, columns)] = dot, DIM


def _across(canvas: Canvas, area: Area, value: float, char: str, ink: int) -> None:
    row = area.row(np.array([value]))[0]
    canvas.cells[row], canvas.inks[row] = char, ink


def _cursor(canvas: Canvas, area: Area, every: Sequence[Series], at: int, stroke: str) -> None:
    """Put a stroke through the point that the cursor is on, behind the lines, and a mark on each of them there."""
    marks = marks_of(every)
    there = [(number, line) for number, line in enumerate(every) if at < len(line.x) and not np.isnan(line.x[at])]
    if not there:
        return
    columns = [int(area.column(line.x[at : at + 1])[0]) for _, line in there]
    if len(set(columns)) == 1:  # lines with an x of their own have no point in common
        behind = (canvas.inks[:, columns[0]] < 0) | (canvas.cells[:, columns[0]] == " ")
        canvas.cells[behind, columns[0]], canvas.inks[behind, columns[0]] = stroke, BOLD
    for (number, line), column in zip(there, columns, strict=True):
        if not np.isnan(line.y[at]):
            row = area.row(line.y[at : at + 1])[0]
            canvas.cells[row, column], canvas.inks[row, column] = marks[number], BOLD


def _marks(area: Area, x: NDArray[np.float64], y: NDArray[np.float64], mark: str, shift: float) -> Cells:
    """Return a series' mark at some of its points: at all, where there is room; else staggered against the others."""
    cells = np.full((area.rows, area.columns), " ")
    stride = 1 if len(x) * _APART <= area.columns else max(1, -(-len(x) * 8 // area.columns))
    marked = np.arange(int(stride * shift), len(x), stride)
    marked = marked[~(np.isnan(x[marked]) | np.isnan(y[marked]))]
    cells[area.row(y[marked]), area.column(x[marked])] = mark
    return cells
