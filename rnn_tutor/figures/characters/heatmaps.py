"""Heatmaps in characters: names, marks or numbers, and legend, for the part that is in view.

The ink of a cell is `cell_ink(level)`, and another one under the cursor: what paints knows them by `level_of`.
"""

from dataclasses import dataclass, replace
from functools import cached_property
from typing import TypeAlias

import numpy as np

from rnn_tutor.engine.array_types import NDArray
from rnn_tutor.figures import heatmap
from rnn_tutor.figures.characters.canvas import BOLD, DIM, PLAIN, Line, shortened
from rnn_tutor.figures.chart import Window, cell_numbers, numbers_stand, window
from rnn_tutor.figures.figure import Figure
from rnn_tutor.figures.heatmap import Picture
from rnn_tutor.figures.numbers import brief, full
from rnn_tutor.figures.words import shape_with_axes
from rnn_tutor.printable import plain

CELL = 4  # columns of a mark and the space after it
_NARROW = (3, 2)  # without the space at 2; where grounds are painted a sign alone will do
_NAME_WIDTH = 14
_LEAST_LINES = 3  # of a heatmap: its name, the names of its columns, a row
_LEVELS = 1_000  # the ink of level 0; those of the series of a plot are far below
_CURSOR = 1_000  # added to the ink of the cell that is chosen

Ink: TypeAlias = int


def cell_ink(level: int, *, chosen: bool = False) -> Ink:
    """Return the ink of a cell of some level."""
    return _LEVELS + level + chosen * _CURSOR


def level_of(ink: Ink) -> tuple[int, bool] | None:
    """Return the level that an ink stands for and whether its cell is chosen; None for the ink of anything else."""
    if ink < _LEVELS - heatmap.NAN:
        return None
    chosen = ink > _LEVELS + _CURSOR // 2
    return ink - _LEVELS - chosen * _CURSOR, chosen


@dataclass(frozen=True)
class Look:
    """How marks look. `letters`: what they are made of, "colour" where grounds are painted; `sizes`: how many painted
    grounds can be told apart; `colours`: how many colours marks have at all.
    """

    letters: heatmap.Style
    ascii_only: bool
    sizes: int = heatmap.COLOUR_LEVELS
    colours: int = 0


@dataclass(frozen=True)
class View:
    """A picture and how it is looked at: look, slice (`axis` and `index`), from how far. Its scale is worked out once.

    block: each mark stands for so many rows and columns, of which it is the entry of largest magnitude. cell: how many
    columns of text a mark takes, see `fitted`. numbered: numbers stand in the cells in place of marks, see `legible`.
    """

    picture: Picture
    look: Look
    axis: int = 0
    index: int = 0
    block: int = 1
    cell: int = CELL
    numbered: bool = False

    @cached_property
    def plane(self) -> heatmap.Plane:
        """The slice that is shown, all of its cells."""
        return heatmap.plane(self.picture.values, self.axis, self.index)

    @cached_property
    def _blocks(self) -> tuple[heatmap.Values, NDArray[np.intp], NDArray[np.intp]]:
        return heatmap.blocks(self.plane.values, self.block)

    @property
    def marked(self) -> heatmap.Values:
        """The values that have a mark each."""
        return self._blocks[0] if self.block > 1 else self.plane.values

    def entry(self, row: int, column: int) -> tuple[int, int]:
        """Return which entry of the slice a mark stands for."""
        if self.block == 1:
            return row, column
        return int(self._blocks[1][row, column]), int(self._blocks[2][row, column])

    @cached_property
    def marks(self) -> list[heatmap.Mark]:
        """The legend of the whole picture."""
        return heatmap.legend(self.picture.values, self.look.letters, self.count, self.scale, self.signed)

    @cached_property
    def scale(self) -> heatmap.Scale:
        """The scale of the whole picture, all slices."""
        return self.picture.span

    @cached_property
    def printed(self) -> list[list[str]] | None:
        """The numbers of the slice, all of one width; None where there are too many to print."""
        return cell_numbers(self.plane.values)

    @property
    def size(self) -> tuple[int, int]:
        """Rows and columns of marks."""
        rows, columns = self.marked.shape
        return rows, columns

    @property
    def painted(self) -> bool:
        """Whether cells have coloured grounds."""
        return self.look.letters == "colour"

    @property
    def signed(self) -> bool:
        """Whether marks have a sign: where there is no space between them, it tells them apart."""
        return self.scale.signed or (self.cell <= min(_NARROW) and not self.painted)

    @property
    def count(self) -> int:
        """How many sizes are told apart."""
        return self.look.sizes if self.painted else heatmap.level_count(self.look.letters, self.signed)

    def names(self, across: bool, positions: range) -> list[str]:
        """Names of rows or columns that can be shown."""
        first = range(positions.start * self.block, positions.stop * self.block, self.block)  # of each block
        names = heatmap.names(self.picture, self.plane, across, first)
        return [plain(name, ascii_only=self.look.ascii_only) for name in names]

    def column_names(self, positions: range) -> list[str]:
        """Names as they stand above columns."""
        first = range(positions.start * self.block, positions.stop * self.block, self.block)
        names = heatmap.column_names(self.picture, self.plane, first)
        return [plain(name, ascii_only=self.look.ascii_only) for name in names]

    @cached_property
    def row_width(self) -> int:
        """The width of the column of row names (only so many are measured)."""
        rows, _ = self.size
        measured = self.names(False, range(min(rows, 200))) + self.names(False, range(max(0, rows - 1), rows))
        return min(_NAME_WIDTH, max((len(name) for name in measured), default=0))


def legible(view: View, width: int, height: int) -> View:
    """Return a view that shows its numbers, if all of the slice can be printed in that size, with its names."""
    texts = None if view.block > 1 or not width else view.printed
    if texts is not None:
        numbered = replace(view, numbered=True, cell=len(texts[0][0]) + 2)
        if numbers_stand(texts, height - 1, room(numbered, width, height)[1]):
            return numbered
    return replace(view, numbered=False, cell=CELL) if view.numbered else view


def fitted(view: View, width: int) -> View:
    """Return a view whose marks are as narrow as they must be for all columns to fit, as far as that goes."""
    for cell in (CELL, *_NARROW, *([1] if view.painted else [])):
        view = replace(view, cell=cell)
        if room(view, width, 1)[1] >= view.size[1]:
            break
    return view


def room(view: View, width: int, height: int) -> tuple[int, int]:
    """Return how many rows and columns of cells fit beside the names and below the column names."""
    return max(1, height - 1), max(1, (width - view.row_width - 1) // view.cell)


def visible_window(view: View, width: int, height: int) -> Window:
    """Return what of a view has room, from its first cell."""
    return window(view.size, *room(view, width, height))


def body(view: View, rows: range, columns: range, cursor: tuple[int, int] | None = None) -> list[Line]:
    """Return the lines of a window: column names, then each row with its name and marks."""
    return [column_names(view, columns, cursor[1] if cursor else None), *marks(view, rows, columns, cursor)]


def marks(view: View, rows: range, columns: range, cursor: tuple[int, int] | None = None) -> list[Line]:
    """Return the rows of a window, their names and marks in pieces of one ink each."""
    values = view.marked[rows.start : rows.stop, columns.start : columns.stop]
    size = view.cell - (view.cell > 2)
    marks_of_levels = _marks_of_levels(view, size)
    lines: list[Line] = []
    levels = heatmap.levels(values, view.count, view.scale.top).tolist()
    for at, (name, row) in enumerate(zip(view.names(False, rows), levels, strict=True)):
        in_cursor_row = cursor is not None and cursor[0] == rows.start + at
        pieces: Line = [
            (shortened(name, view.row_width).rjust(view.row_width), BOLD if in_cursor_row else PLAIN),
            (" ", PLAIN),
        ]
        for place, level in enumerate(row):
            mark, ink = marks_of_levels[level]
            chosen = in_cursor_row and cursor is not None and cursor[1] == columns.start + place
            if view.numbered and view.printed is not None:
                number = view.printed[rows.start + at][columns.start + place]
                pieces.append((f"[{number}]", cell_ink(level, chosen=True)) if chosen else (f" {number} ", ink))
            elif chosen:
                inside = mark.strip() if view.painted else mark[:2]
                pieces.append((f"[{inside}]".ljust(view.cell), cell_ink(level, chosen=True)))
            else:
                pieces += [(mark, ink), (" ", PLAIN)] if view.cell > size else [(mark, ink)]
        lines.append(pieces)
    return lines


def _marks_of_levels(view: View, size: int) -> dict[int, tuple[str, Ink]]:
    """Return the mark of each level, of so many characters, and its ink."""
    count, letters, signed = view.count, view.look.letters, view.signed
    levels = [*range(-count, count + 1), heatmap.NAN, heatmap.PLUS_INFINITY, heatmap.MINUS_INFINITY]
    return {level: (heatmap.text(level, letters, count, size, signed)[:size], cell_ink(level)) for level in levels}


def column_names(view: View, columns: range, current: int | None) -> Line:
    """Return the names above the columns, each where there is room for it, the current one first.

    Without names of their own they are indices alone: the title names the axis.
    """
    width = len(columns) * view.cell
    line = [" "] * width
    occupied = [False] * width
    names = view.column_names(columns)
    for at in sorted(range(len(names)), key=lambda at: (columns.start + at != current, at)):
        start = at * view.cell + (len(names[at]) == 1 and view.cell > 2)
        if view.numbered:  # as the numbers, at the right
            start = (at + 1) * view.cell - 1 - len(names[at])
        start = max(0, min(start, width - len(names[at])))
        end = start + len(names[at])
        if end <= width and not any(occupied[max(0, start - 1) : end + 1]):
            line[start:end] = names[at]
            occupied[start:end] = [True] * len(names[at])
    return [(" " * (view.row_width + 1) + "".join(line).rstrip(), PLAIN)]


def ends(view: View) -> Line:
    """Return the scale in the least room: its two ends."""
    return [(f"{brief(view.scale.low)} to {brief(view.scale.high)}", PLAIN)]


def scale_of(view: View, width: int, legends: heatmap.Legends) -> Line:
    """Return the legend of a picture, or the name of the one above that has it for both."""
    first = legends.earlier(view.picture)
    if not first:
        return legend(view, width)
    return [(plain(f"on the scale of {first}", ascii_only=view.look.ascii_only), PLAIN)]


def legend(view: View, width: int) -> Line:
    """Return one line: the scale from one end to the other, and the special marks that occur."""
    steps = [entry for entry in view.marks if abs(entry.level) <= view.count]
    special = [entry for entry in view.marks if abs(entry.level) > view.count]
    parts: Line = []
    if len(steps) > 1:
        sample = steps if len(steps) <= 11 else steps[:: max(1, (len(steps) - 1) // 10)]
        parts.append((f"{steps[0].says} ", PLAIN))
        apart = "" if view.signed or view.painted else " "  # both characters tell the size: which belong together
        parts += [(entry.text + apart, cell_ink(entry.level)) for entry in sample]
        parts.append((f" {steps[-1].says}", PLAIN))
    else:
        parts += [(steps[0].text, cell_ink(0)), (" everything is 0", PLAIN)]
    special_parts: Line = []
    for entry in special:
        special_parts += [("   ", PLAIN), (entry.text, cell_ink(entry.level)), (f" {entry.says}", PLAIN)]
    full_legend = [*parts, *special_parts]
    return full_legend if length(full_legend) <= width else [*ends(view), *special_parts]


def length(line: Line) -> int:
    """Return how many columns a line takes."""
    return sum(len(text) for text, _ in line)


def title(view: View) -> Line:
    """Return the picture's name, its shape and, of several slices, which."""
    picture = view.picture
    name = plain(picture.title, ascii_only=view.look.ascii_only)
    axes = [plain(axis, ascii_only=view.look.ascii_only) for axis in picture.axes]
    shape = f" {shape_with_axes(picture.values.shape, axes)}" if picture.values.ndim else ""
    parts: Line = [(name, BOLD), (shape, PLAIN)]
    if view.plane.at:
        spots = ", ".join(f"{heatmap.axis_name(picture, axis)} {index}" for axis, index in view.plane.at)
        count = heatmap.plane_count(picture.values, view.axis)
        parts.append((f"   {plain(spots)}, slice {view.index + 1} of {count}", PLAIN))
    if view.block > 1:
        parts.append((f"   each mark is the largest of {view.block} x {view.block}", PLAIN))
    return parts


def reading(view: View, row: int, column: int) -> Line:
    """Return what the cell under the cursor holds, in full, and where it is."""
    row, column = view.entry(row, column)
    value = float(view.plane.values[row, column])
    place = heatmap.place(view.picture, view.plane, row, column)
    unzoomed = replace(view, block=1)
    names = [
        name
        for across, at, named in ((False, row, view.picture.rows), (True, column, view.picture.columns))
        for name in unzoomed.names(across, range(at, at + 1))
        if name and (named or not name.isdigit())  # a bare index is in `place` already
    ]
    place_text = plain(f"{place} = ", ascii_only=view.look.ascii_only)
    return [(place_text, PLAIN), (full(value), BOLD), (f"   {', '.join(names)}" if names else "", PLAIN)]


def small(view: View, width: int, most_rows: int = 8, legends: heatmap.Legends | None = None) -> list[Line]:
    """Return a picture as it stands among text: title and legend, then the rows and columns that fit.

    What is small enough has its numbers and no legend. legends: those of the pictures above it.
    """
    if 0 in view.size:
        return [title(view), [("empty", PLAIN)]]
    view = legible(view, width, most_rows + 1)
    head = title(view)
    key: Line = [] if view.numbered else scale_of(view, width, legends or heatmap.Legends())
    beside = length(head) + 3 + length(key) <= width
    lines = [[*head, ("   ", PLAIN), *key]] if key and beside else [head, key] if key else [head]
    return [*lines, *below(view, width, most_rows)]


def below(view: View, width: int, most_rows: int) -> list[Line]:
    """Return what stands below a picture's name: the rows and columns that fit, and what is said of the others."""
    visible = visible_window(view, width, most_rows + 1)
    lines = body(view, range(visible.rows), range(visible.columns))
    return [*lines, [(visible.note, PLAIN)]] if visible.note else lines


def heatmaps(figure: Figure, look: Look, width: int, height: int) -> list[Line]:
    """Return heatmaps one below the other, each as large as its share of the lines lets it be; at most `height` lines.

    Those that have no room are named.
    """
    legends = heatmap.Legends()
    title = plain(figure.title, ascii_only=look.ascii_only)
    lines: list[Line] = [[(title, BOLD)]] if title else []
    for at, item in enumerate(figure.items):
        lines_left, heatmaps_left = height - len(lines), len(figure.items) - at
        view = View(item.picture, look)
        drawn = small(view, width, lines_left, legends)
        if len(drawn) > lines_left - _LEAST_LINES * (heatmaps_left - 1):
            drawn = _at_most(view, width, max(lines_left // heatmaps_left, _LEAST_LINES), legends)
        if at and len(drawn) + (heatmaps_left > 1) > lines_left:
            names = ", ".join(plain(later_item.name, ascii_only=look.ascii_only) for later_item in figure.items[at:])
            lines.append([(f"no room for {names}", DIM)])
            break
        lines += drawn
    return lines[:height]


def _at_most(view: View, width: int, lines: int, legends: heatmap.Legends) -> list[Line]:
    """Return a heatmap of at most so many lines, if it has a row then: names, legend, what is left out are of them."""
    drawn: list[Line] = []
    for rows in range(max(1, lines - 2), max(0, lines - 5), -1):
        drawn = small(view, width, rows, legends)
        if len(drawn) <= lines:
            break
    return drawn
