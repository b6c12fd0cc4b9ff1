"""Figures as drawings: heatmaps, lines, bars, tables and trees. All is readable in black and white."""

from collections.abc import Sequence

import numpy as np

from rnn_tutor.figures import characters, colours, heatmap
from rnn_tutor.figures.characters.canvas import text_of
from rnn_tutor.figures.chart import cell_numbers, numbers_stand, slices, window
from rnn_tutor.figures.figure import Figure, Item
from rnn_tutor.figures.heatmap import Picture, Plane
from rnn_tutor.figures.numbers import brief
from rnn_tutor.figures.words import shape_with_axes
from rnn_tutor.printable import plain

from .charts import bars, lines
from .sketch import QUIET, Sketch, colour, width_of
from .trees import tree

LEVELS = 15
_ROW = 22.0
_CELL, _SMALL_CELL = 34.0, 13.0
_SIZE = 11.0
MOST_ROWS, MOST_COLUMNS, MOST_PLANES = 48, 48, 4
_LEGEND = 11  # cells
_GAP = 14.0
_TABLE = 78, 60  # columns and lines of text


def draw(figure: Figure, width: float) -> Sketch:
    """Return a figure as a drawing, about so wide at the most."""
    if figure.kind == "lines":
        return lines(figure, width)
    if figure.kind == "bars":
        return bars(figure, width)
    if figure.kind == "tree":
        return tree(figure)
    sketch = Sketch()
    if figure.kind == "table":
        for at, line in enumerate(text_of(characters.draw(figure, *_TABLE, ascii_only=False))):
            sketch.text(0, 14 + 17 * at, line, mono=True)
        return sketch
    legends = heatmap.Legends()
    drawings = [_heatmap(item, width, legends) for item in figure.items]
    _beside(sketch, drawings, _titled(sketch, figure.title), width)
    return sketch


def _beside(sketch: Sketch, drawings: Sequence[Sketch], top: float, width: float) -> None:
    """Put drawings from left to right as far as they fit, and then below."""
    x = bottom = 0.0
    for drawing in drawings:
        if x and x + drawing.width > width:
            x, top = 0.0, bottom + _GAP
        sketch.put(drawing, x, top)
        x, bottom = x + drawing.width + 2 * _GAP, max(bottom, top + drawing.height)


def label(figure: Figure) -> str:
    """Return what a figure is, in words."""
    names = ", ".join(item.name for item in figure.items)
    return f"{figure.title or figure.kind}: {names}" if names != figure.title else names


def _titled(sketch: Sketch, title: str) -> float:
    if not title:
        return 0.0
    sketch.text(0, 12, title, size=12.5, bold=True)
    return 20.0


def _heatmap(item: Item, width: float, legends: heatmap.Legends) -> Sketch:
    sketch = Sketch()
    picture = item.picture
    sketch.text(0, 12, picture.title, bold=True, mono=True)
    if item.values.ndim:
        shape = shape_with_axes(item.values.shape, [plain(axis) for axis in item.axes])
        sketch.text(width_of(picture.title, 12, mono=True) + 10, 12, shape, fill=QUIET)
    if 0 in item.values.shape:
        sketch.text(0, 30, "empty", fill=QUIET)
        return sketch
    top = 20.0
    numbered = True
    count = heatmap.plane_count(picture.values)
    shown_planes, left_out = slices(count, MOST_PLANES)
    for index in range(shown_planes):
        cut = heatmap.plane(picture.values, 0, index)
        if cut.at:
            sketch.text(
                0, top + 12, ", ".join(f"{heatmap.axis_name(picture, axis)} {at}" for axis, at in cut.at), size=_SIZE
            )
            top += 18
        drawing, printed = _plane(picture, cut, width)
        numbered = numbered and printed
        sketch.put(drawing, 0, top)
        top += drawing.height + 6
    if left_out:
        sketch.text(0, top + 12, left_out, size=_SIZE, fill=QUIET)
        top += 18
    if not numbered:
        sketch.put(_legend(picture, legends), 0, top)
    return sketch


def _plane(picture: Picture, cut: Plane, width: float) -> tuple[Sketch, bool]:
    """Draw a slice: a cell for each number, with the number in it where there is room, else with its sign.

    Tell whether it is the number.
    """
    sketch = Sketch()
    part = window((len(cut.values), cut.values.shape[1]), MOST_ROWS, MOST_COLUMNS)
    values = cut.values[: part.rows, : part.columns]
    rows, columns = part.rows, part.columns
    names = heatmap.names(picture, cut, False, range(rows))
    left = max((width_of(name, _SIZE) for name in names), default=0.0) + 8 if any(names) else 0.0
    texts = cell_numbers(cut.values)
    cell, high = max([_CELL, *(width_of(text.strip(), _SIZE) + 8 for row in texts or [] for text in row)]), _ROW
    numbered = numbers_stand(texts, MOST_ROWS, int((width - left) / cell))
    across = heatmap.column_names(picture, cut, range(columns))
    if not numbered:
        named = max(width_of(name, _SIZE) for name in across) + 4
        cell = high = max(_SMALL_CELL, named if left + columns * named <= width else 0.0)
    _columns(sketch, across, left, cell)
    levels = heatmap.levels(values, LEVELS, picture.span.top).tolist()
    for at, row in enumerate(levels):
        y = 16 + at * high
        sketch.text(left - 8, y + high / 2 + 4, names[at], size=_SIZE, anchor="end")
        for place, level in enumerate(row):
            ground = _ground(level)
            x = left + place * cell
            sketch.rect(x, y, cell, high, fill=colour(ground), stroke="#999")
            signs = {1: "+", -1: "-"} if picture.span.signed else {}
            cell_text = texts[at][place].strip() if numbered and texts else signs.get(int(np.sign(level)), "")
            sketch.text(
                x + cell / 2, y + high / 2 + 4, cell_text, size=_SIZE, anchor="middle", fill=colour(colours.ink(ground))
            )
    sketch.text(0, sketch.height + 14, part.note, size=_SIZE, fill=QUIET)
    return sketch, numbered


def _columns(sketch: Sketch, names: Sequence[str], left: float, cell: float) -> None:
    """Write names above columns, as many as have room."""
    free = 0.0
    for at, name in enumerate(names):
        middle, half = left + (at + 0.5) * cell, width_of(name, _SIZE) / 2
        if middle - half >= free:
            sketch.text(middle, 12, name, size=_SIZE, anchor="middle", fill=QUIET)
            free = middle + half + 4


def _ground(level: int) -> colours.Colour:
    return (255, 255, 255) if abs(level) > LEVELS else colours.ground(level, LEVELS)


def _legend(picture: Picture, legends: heatmap.Legends) -> Sketch:
    """Draw the scale from one end to the other, or name the picture that has it already."""
    sketch = Sketch()
    scale, first = picture.span, legends.earlier(picture)
    if first or not scale.top:
        sketch.text(0, 12, f"on the scale of {first}" if first else "everything is 0", size=_SIZE, fill=QUIET)
        return sketch
    low = brief(scale.low)
    sketch.text(0, 12, low, size=_SIZE, fill=QUIET)
    left = width_of(low, _SIZE) + 6
    for at in range(_LEGEND):
        level = round((scale.low + at / (_LEGEND - 1) * (scale.high - scale.low)) / scale.top * LEVELS)
        sketch.rect(left + at * 12, 3, 12, 11, fill=colour(_ground(level)), stroke="#999")
        sign = ("-" if level < 0 else "+" if level > 0 else "") if scale.signed and at in (0, _LEGEND - 1) else ""
        ink = colour(colours.ink(_ground(level)))
        sketch.text(left + at * 12 + 6, 12, sign, size=_SIZE, anchor="middle", fill=ink)
    sketch.text(left + _LEGEND * 12 + 6, 12, brief(scale.high), size=_SIZE, fill=QUIET)
    return sketch
