"""Lines and bars as drawings: axes with round numbers, lines told apart by dashes and marks, bars by lightness."""

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from rnn_tutor.engine.provenance import number
from rnn_tutor.figures.axes import Tick, drawable, largest, limits, thinned, ticks
from rnn_tutor.figures.figure import Figure, Series
from rnn_tutor.figures.heatmap import brief

from .sketch import INK, QUIET, Sketch, width_of

MOST_SERIES = 8
_INKS = ("#005fd7", "#d75f00", "#111111", "#008060", "#8a3ffc", "#777777", "#a00000", "#4f6d00")
_DASHES = ("", "7 3", "2 3", "9 3 2 3", "12 4", "4 4", "1 4", "9 3 2 3 2 3")
_FILLS = ("#2b4a80", "#c6d4ec", "#d9822b", "#ffffff", "#777777", "#f6dcbf", "#333333", "#dddddd")
_SIZE = 11.0
_GRID = "#d4d4d4"
_HEIGHT = 210.0
_MOST_WIDTH = 560.0
_MOST_MARKED = 40  # points of a line that are all marked
_MOST_BARS = 400
_MOST_LYING = 60
_LYING = 18.0  # the height of a bar that lies, with the gap below it
_BAR_NUMBERS = 32  # bars with their numbers above them


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
    """Return lines as a drawing, with a legend where there are several."""
    sketch = Sketch()
    series = figure.series[:MOST_SERIES]
    xs = [drawable(one.x) for one in series]
    ys = [drawable(one.values, figure.log) for one in series]
    level = drawable(figure.level.values, figure.log) if figure.level is not None else np.array(np.nan)
    names = [(one.name, at) for at, one in enumerate(series)]
    top = _head(sketch, figure, width, names, dashed=True)
    y = limits([*ys, level.reshape(1)], 6, figure.log)
    x = limits(xs, 0)
    left = ticks(*y, 6, log=figure.log)
    gutter = max((width_of(tick.label, _SIZE) for tick in left), default=0.0) + 8
    axes = _Axes(x, y, gutter, top, min(_MOST_WIDTH, width) - gutter - 12)
    whole = all(bool((one[~np.isnan(one)] % 1 == 0).all()) for one in xs)
    _frame(sketch, axes, left, ticks(*x, 8, whole=whole), figure.across)
    if y[0] < 0 < y[1] and not figure.log:
        sketch.line((axes.left, axes.up(0)), (axes.right, axes.up(0)), QUIET)
    if not np.isnan(level):
        sketch.line((axes.left, axes.up(float(level))), (axes.right, axes.up(float(level))), INK, "5 3")
    for at, (across, values) in enumerate(zip(xs, ys, strict=True)):
        _line(
            sketch, axes, at, *thinned(across, values, int(axes.right - axes.left)), marked=len(across) <= _MOST_MARKED
        )
    return sketch


def _line(
    sketch: Sketch, axes: _Axes, at: int, x: NDArray[np.float64], y: NDArray[np.float64], *, marked: bool
) -> None:
    """Draw one line; where something is missing, it has a gap, and a point between two gaps is marked."""
    there = ~(np.isnan(x) | np.isnan(y))
    run: list[tuple[float, float]] = []
    for known, across, value in zip(there, x, y, strict=True):
        if known:
            run.append((axes.across(float(across)), axes.up(float(value))))
            continue
        _run(sketch, run, at)
        run = []
    _run(sketch, run, at)
    if marked:
        for across, value in zip(x[there], y[there], strict=True):
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


def _head(sketch: Sketch, figure: Figure, width: float, names: Sequence[tuple[str, int]], *, dashed: bool) -> float:
    """Write title, legend and notes; return where the plot begins."""
    top = 0.0
    if figure.title:
        sketch.text(0, 12, figure.title, size=12.5, bold=True)
        top = 20.0
    x = 0.0
    for name, at in names:
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
    top += 20 if names else 0
    for note in _notes(figure):
        sketch.text(0, top + 11, note, size=_SIZE, fill=QUIET)
        top += 17
    return top + 8


def _notes(figure: Figure) -> list[str]:
    found = []
    if figure.level is not None and figure.kind == "lines":
        value = brief(float(figure.level.values))
        drawn = "not drawn" if np.isnan(drawable(figure.level.values, figure.log)) else "dashed across"
        found.append(f"{drawn}: {value if figure.level.name == value else f'{figure.level.name} = {value}'}")
    gone = (
        np.isnan(drawable(one.values, figure.log)) | np.isnan(drawable(one.x)) for one in figure.series[:MOST_SERIES]
    )
    missing = sum(int(one.sum()) for one in gone)
    if missing:
        found.append(f"{missing} of the points are not {'positive' if figure.log else 'finite'} and left out")
    if figure.log:
        found.append("logarithmic")
    if len(figure.series) > MOST_SERIES:
        what = "lines" if figure.kind == "lines" else "groups"
        found.append(f"the first {MOST_SERIES} of {len(figure.series)} {what}")
    return found


def _frame(sketch: Sketch, axes: _Axes, left: Sequence[Tick], below: Sequence[Tick], name: str) -> None:
    """Draw the axes with their numbers, and fine lines across from each."""
    for tick in left:
        y = axes.up(tick.at)
        sketch.line((axes.left, y), (axes.right, y), _GRID)
        sketch.text(axes.left - 5, y + 4, tick.label, size=_SIZE, anchor="end")
    for tick in below:
        x = axes.across(tick.at)
        sketch.line((x, axes.top), (x, axes.bottom), _GRID)
        sketch.text(x, axes.bottom + 15, tick.label, size=_SIZE, anchor="middle")
    sketch.line((axes.left, axes.top), (axes.left, axes.bottom), INK)
    sketch.line((axes.left, axes.bottom), (axes.right, axes.bottom), INK)
    sketch.text((axes.left + axes.right) / 2, axes.bottom + 31, name, size=_SIZE, anchor="middle", fill=QUIET)
    sketch.grow(axes.right + 12, axes.bottom + 20)


def bars(figure: Figure, width: float) -> Sketch:
    """Return bars as a drawing, with their numbers where there is room; those with names lie beside them."""
    sketch = Sketch()
    groups = figure.series[:MOST_SERIES]
    names = [(one.name, at) for at, one in enumerate(groups) if one.name]
    top = _head(sketch, figure, width, names, dashed=False)
    count = sum(len(one.values) for one in groups)
    if any(max(map(len, one.places), default=0) > 1 for one in groups) and count <= _MOST_LYING:
        _lying(sketch, figure, width, top)
        return sketch
    size = max(1, -(-count // _MOST_BARS))
    values = [largest(drawable(one.values, figure.log), size) for one in groups]
    same = len({len(one) for one in values}) == 1 and len(values) > 1
    places = _places(groups, same=same, size=size)
    left, span = _values_axis(figure, np.concatenate(values))
    gutter = max((width_of(tick.label, _SIZE) for tick in left), default=0.0) + 8
    wide = min(46.0 * max(1, len(places)), min(_MOST_WIDTH, width) - gutter - 12)
    axes = _Axes((0.0, float(max(1, len(places)))), span, gutter, top + 12, max(120.0, wide))
    _frame(sketch, axes, left, [], figure.across)
    _columns(sketch, axes, places, figure, values, same=same)
    if size > 1:
        sketch.text(axes.left, axes.bottom + 46, f"each bar is the largest of {size}", size=_SIZE, fill=QUIET)
    return sketch


def _values_axis(figure: Figure, values: NDArray[np.float64]) -> tuple[list[Tick], tuple[float, float]]:
    """Return the numbers along bars, and where they begin and end."""
    low, high = limits([np.append(values, [] if figure.log else 0.0)], 6, figure.log)
    low = low - 0.05 * (high - low) if figure.log else low
    return ticks(low, high, 6, log=figure.log), (low, high)


def _places(groups: Sequence[Series], *, same: bool, size: int) -> list[str]:
    """Return the names of the places, from left to right."""
    every = [one.places or tuple(map(str, range(len(one.values)))) for one in groups]
    return [name for names in (every[:1] if same else every) for name in names[::size]]


def _lying(sketch: Sketch, figure: Figure, width: float, top: float) -> None:
    """Draw each bar on a line of its own, its name before it and its number behind it."""
    groups = figure.series[:MOST_SERIES]
    same = len({len(one.values) for one in groups}) == 1 and len(groups) > 1
    order = [(at, place) for at, one in enumerate(groups) for place in range(len(one.values))]
    order = sorted(order, key=lambda one: one[1]) if same else order
    drawn = [drawable(one.values, figure.log) for one in groups]
    _, (low, high) = _values_axis(figure, np.concatenate(drawn))
    names = [_places([groups[at]], same=True, size=1)[place] for at, place in order]
    said = [number(float(groups[at].values[place]), 3) for at, place in order]
    left = max(width_of(name, _SIZE) for name in names) + 8
    right = max(width_of(one, _SIZE) for one in said) + 8
    room = max(120.0, min(_MOST_WIDTH, width) - left - right)
    zero = left + (0.0 if figure.log else -low / (high - low) * room)
    for row, (at, place) in enumerate(order):
        y = top + row * _LYING
        value = float(drawn[at][place])
        end = zero if np.isnan(value) else left + (value - low) / (high - low) * room
        sketch.text(left - 8, y + 12, names[row], size=_SIZE, anchor="end")
        if end != zero:
            sketch.rect(min(zero, end), y + 2, abs(end - zero), _LYING - 5, fill=_FILLS[at], stroke=INK)
        sketch.text(left + room + 8, y + 12, said[row], size=_SIZE)
    sketch.line((zero, top), (zero, top + len(order) * _LYING), INK)
    sketch.grow(left + room + right, top + len(order) * _LYING + 6)


def _columns(
    sketch: Sketch,
    axes: _Axes,
    places: Sequence[str],
    figure: Figure,
    values: Sequence[NDArray[np.float64]],
    *,
    same: bool,
) -> None:
    shared = len(values) if same else 1
    room = (axes.right - axes.left) / max(1, len(places))
    wide = min(30.0, 0.78 * room / shared)
    zero = axes.bottom if figure.log else axes.up(0.0)
    first = 0
    count = sum(map(len, values))
    for group, several in enumerate(values):
        for at, value in enumerate(several):
            place = at if same else first + at
            x = axes.left + (place + 0.5) * room + ((group + 0.5) * wide - shared * wide / 2 if same else -wide / 2)
            if np.isnan(value):
                continue
            y = axes.up(float(value))
            sketch.rect(x, min(y, zero), wide, abs(zero - y), fill=_FILLS[group], stroke=INK)
            said = number(10 ** float(value) if figure.log else float(value), 3)
            if count <= _BAR_NUMBERS and width_of(said, 10) <= room / shared * 1.25:
                sketch.text(x + wide / 2, y - 4 if y <= zero else y + 12, said, size=10, anchor="middle")
        first += len(several)
    free = 0.0
    for at, name in enumerate(places):
        middle, half = axes.left + (at + 0.5) * room, width_of(name, _SIZE) / 2
        if middle - half >= free:
            sketch.text(middle, axes.bottom + 15, name, size=_SIZE, anchor="middle")
            free = middle + half + 3
    if not figure.log:
        sketch.line((axes.left, zero), (axes.right, zero), INK)
