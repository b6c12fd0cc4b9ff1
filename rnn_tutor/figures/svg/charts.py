"""Lines and bars as drawings: axes with round numbers, lines told apart by dashes and marks, bars by lightness."""

from collections.abc import Sequence

import numpy as np

from rnn_tutor.engine.array_types import NDArray
from rnn_tutor.figures.axes import Tick
from rnn_tutor.figures.chart import BarChart, bar_chart, line_chart
from rnn_tutor.figures.figure import Figure

from .sketch import INK, QUIET, Sketch, width_of

_INKS = ("#005fd7", "#d75f00", "#111111", "#008060", "#8a3ffc", "#777777", "#a00000", "#4f6d00")
_DASHES = ("", "7 3", "2 3", "9 3 2 3", "12 4", "4 4", "1 4", "9 3 2 3 2 3")
_FILLS = ("#2b4a80", "#c6d4ec", "#d9822b", "#ffffff", "#777777", "#f6dcbf", "#333333", "#dddddd")
_SIZE = 11.0
_SAID = 10.0  # the numbers at bars
_GRID = "#d4d4d4"
_HEIGHT = 210.0
_MOST_WIDTH = 560.0
_MOST_MARKED = 40  # points of a line that are all marked
_MOST_BARS = 400
_MOST_LYING = 60
_LYING = 18.0  # the height of a bar that lies, with the gap below it
_TICKS = 6, 8  # numbers along the vertical and the horizontal axis
_SLOT = 46.0
_BAR = 30.0  # the width of a bar, where its number is no wider
_FILLED = 0.78  # of a place by its bars
_BELOW = 12.0  # for the numbers of bars that go down


class _Axes:
    """The area that is drawn in: what its edges stand for, and where on the sheet it is."""

    def __init__(self, x: tuple[float, float], y: tuple[float, float], left: float, top: float, width: float) -> None:
        self.x, self.y = x, y
        self.left, self.top = left, top
        self.right, self.bottom = left + width, top + _HEIGHT

    def across(self, value: float) -> float:
        return self.left + (value - self.x[0]) / (self.x[1] - self.x[0]) * (self.right - self.left)

    def up(self, value: float) -> float:
        return self.bottom - (value - self.y[0]) / (self.y[1] - self.y[0]) * (self.bottom - self.top)


def lines(figure: Figure, width: float) -> Sketch:
    """Return lines as a drawing, with their legend."""
    chart = line_chart(figure)
    sketch = Sketch()
    if figure.instead:
        _head(sketch, chart.title, (), (figure.instead,), width, dashed=True)
        return sketch
    notes = chart.notes if np.isnan(chart.level) else (f"dashed across: {chart.level_says}", *chart.notes)
    top = _head(sketch, chart.title, [line.name for line in chart.lines], notes, width, dashed=True)
    up, along = chart.up(_TICKS[0]), chart.along(_TICKS[1])
    gutter = max((width_of(tick.label, _SIZE) for tick in up.ticks), default=0.0) + 8
    axes = _Axes(along.span, up.span, gutter, top, min(_MOST_WIDTH, width) - gutter - 12)
    _frame(sketch, axes, up.ticks, along.ticks, chart.across)
    if chart.zero(up):
        sketch.line((axes.left, axes.up(0)), (axes.right, axes.up(0)), QUIET)
    if not np.isnan(chart.level):
        sketch.line((axes.left, axes.up(chart.level)), (axes.right, axes.up(chart.level)), INK, "5 3")
    marked = chart.every_point(_MOST_MARKED)
    for at in range(len(chart.lines)):
        _line(sketch, axes, at, *chart.path(at, int(axes.right - axes.left)), marked=marked)
    return sketch


def _line(
    sketch: Sketch, axes: _Axes, at: int, x: NDArray[np.float64], y: NDArray[np.float64], *, marked: bool
) -> None:
    """Draw one line; where something is missing, it has a gap, and a point between two gaps is marked."""
    present = ~(np.isnan(x) | np.isnan(y))
    run: list[tuple[float, float]] = []
    for is_present, across, value in zip(present, x, y, strict=True):
        if is_present:
            run.append((axes.across(float(across)), axes.up(float(value))))
            continue
        _run(sketch, run, at)
        run = []
    _run(sketch, run, at)
    if marked:
        for across, value in zip(x[present], y[present], strict=True):
            _mark(sketch, axes.across(float(across)), axes.up(float(value)), at)


def _run(sketch: Sketch, run: list[tuple[float, float]], at: int) -> None:
    if len(run) > 1:
        sketch.path(run, _INKS[at], _DASHES[at])
    elif run:
        _mark(sketch, *run[0], at)


def _mark(sketch: Sketch, x: float, y: float, at: int) -> None:
    """Mark a point: filled or open, round or square, so that no two lines have the same."""
    fill = _INKS[at] if at % 2 == 0 else "#fff"
    if at % 4 < 2:
        sketch.parts.append(f'<circle cx="{x:.2f}" cy="{y:.2f}" r="3" fill="{fill}" stroke="{_INKS[at]}"/>')
    else:
        sketch.rect(x - 2.6, y - 2.6, 5.2, 5.2, fill=fill, stroke=_INKS[at])


def _head(
    sketch: Sketch, title: str, names: Sequence[str], notes: Sequence[str], width: float, *, dashed: bool
) -> float:
    """Write title, legend and notes; return where the plot begins."""
    top = 0.0
    if title:
        sketch.text(0, 12, title, size=12.5, bold=True)
        top = 20.0
    x = 0.0
    for at, name in enumerate(names):
        if not name:
            continue
        wide = width_of(name, _SIZE, mono=True) + 44
        if x and x + wide > width:
            x, top = 0.0, top + 17
        if dashed:
            sketch.path([(x, top + 8), (x + 26, top + 8)], _INKS[at], _DASHES[at])
            _mark(sketch, x + 13, top + 8, at)
        else:
            sketch.rect(x + 8, top + 2, 12, 11, fill=_FILLS[at], stroke=INK)
        sketch.text(x + 32, top + 12, name, size=_SIZE, mono=True)
        x += wide
    top += 20 if any(names) else 0
    for note in notes:
        sketch.text(0, top + 11, note, size=_SIZE, fill=QUIET)
        top += 17
    return top + 8


def _frame(
    sketch: Sketch, axes: _Axes, left: Sequence[Tick], below: Sequence[Tick], across: str, *, names: float | None = None
) -> None:
    """Draw the axes with their numbers, and fine lines across from each. names: what stands below begins there."""
    under = axes.bottom if names is None else names
    for tick in left:
        y = axes.up(tick.at)
        sketch.line((axes.left, y), (axes.right, y), _GRID)
        sketch.text(axes.left - 5, y + 4, tick.label, size=_SIZE, anchor="end")
    for tick in below:
        x = axes.across(tick.at)
        sketch.line((x, axes.top), (x, axes.bottom), _GRID)
        sketch.text(x, under + 15, tick.label, size=_SIZE, anchor="middle")
    sketch.line((axes.left, axes.top), (axes.left, axes.bottom), INK)
    sketch.line((axes.left, axes.bottom), (axes.right, axes.bottom), INK)
    sketch.text((axes.left + axes.right) / 2, under + 31, across, size=_SIZE, anchor="middle", fill=QUIET)
    sketch.grow(axes.right + 12, under + 20)


def bars(figure: Figure, width: float) -> Sketch:
    """Return bars as a drawing, with their numbers where there is room; those that need it lie beside their names."""
    chart = bar_chart(figure)
    sketch = Sketch()
    if not chart.count:
        _head(sketch, chart.title, chart.groups, ("empty", *chart.notes), width, dashed=False)
    elif chart.lie(_MOST_LYING, for_names=True):
        top = _head(sketch, chart.title, chart.groups, chart.notes, width, dashed=False)
        _lying(sketch, chart, width, top)
    else:
        _upright(sketch, chart.at_most(_MOST_BARS), width)
    return sketch


def _upright(sketch: Sketch, chart: BarChart, width: float) -> None:
    up, base = chart.values(_TICKS[0])
    gutter = max((width_of(tick.label, _SIZE) for tick in up.ticks), default=0.0) + 8
    number_width = max(width_of(chart.says(bar), _SAID) for place in chart.places for bar in place.bars) + 2
    needed = len(chart.places) * max(_SLOT, number_width * chart.beside / (1.0 if chart.beside == 1 else _FILLED))
    wide = max(120.0, min(needed, min(_MOST_WIDTH, width) - gutter - 12))
    slot = wide / len(chart.places)
    every = chart.every(slot, lambda name: width_of(name, _SIZE) + 3 * (len(name) > 1))
    unnamed = chart.unnamed(every)
    notes = (*chart.notes, unnamed) if unnamed else chart.notes
    top = _head(sketch, chart.title, chart.groups, notes, width, dashed=False)
    axes = _Axes((0.0, float(len(chart.places))), up.span, gutter, top + 12, wide)
    zero = axes.up(base)
    bar_width = min(_BAR if chart.beside == 1 else max(_BAR, number_width), _FILLED * slot / chart.beside)
    numbered = chart.numbered(slot if chart.beside == 1 else bar_width, lambda number: width_of(number, _SAID))
    below = axes.bottom + _BELOW * (numbered and up.low < base)
    _frame(sketch, axes, up.ticks, [], chart.across, names=below)
    for at, place in enumerate(chart.places):
        middle = axes.across(at + 0.5)
        for k, bar in enumerate(place.bars):
            if np.isnan(bar.value):
                continue
            x, y = middle + (k - len(place.bars) / 2) * bar_width, axes.up(bar.value)
            sketch.rect(x, min(y, zero), bar_width, abs(zero - y), fill=_FILLS[bar.group], stroke=INK)
            if numbered:
                above = y - 4 if y <= zero else y + 12
                sketch.text(x + bar_width / 2, above, chart.says(bar), size=_SAID, anchor="middle")
        if at % every == 0:
            sketch.text(middle, below + 15, place.name, size=_SIZE, anchor="middle")
    if not chart.log:
        sketch.line((axes.left, zero), (axes.right, zero), INK)


def _lying(sketch: Sketch, chart: BarChart, width: float, top: float) -> None:
    """Draw each bar on a row of its own, its name before it and its number behind it."""
    every = list(chart.lying())
    axis, base = chart.values(0)
    left = max(width_of(name, _SIZE) for name, _, _ in every) + 8
    right = max(width_of(chart.says(bar), _SIZE) for _, bar, _ in every) + 8
    room = max(120.0, min(_MOST_WIDTH, width) - left - right)
    zero = left + (base - axis.low) / (axis.high - axis.low) * room
    for row, (name, bar, _) in enumerate(every):
        y = top + row * _LYING
        end = zero if np.isnan(bar.value) else left + (bar.value - axis.low) / (axis.high - axis.low) * room
        sketch.text(left - 8, y + 12, name, size=_SIZE, anchor="end")
        if end != zero:
            sketch.rect(min(zero, end), y + 2, abs(end - zero), _LYING - 5, fill=_FILLS[bar.group], stroke=INK)
        sketch.text(left + room + 8, y + 12, chart.says(bar), size=_SIZE)
    sketch.line((zero, top), (zero, top + len(every) * _LYING), INK)
    sketch.grow(left + room + right, top + len(every) * _LYING + 6)
