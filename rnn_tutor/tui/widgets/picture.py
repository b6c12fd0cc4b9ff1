"""A picture as lines of text: names, marks and legend, for the part of it that is in view."""

from dataclasses import dataclass, replace
from functools import cached_property
from typing import TYPE_CHECKING

from textual.content import Content
from textual.style import Style

from rnn_tutor.figures import heatmap
from rnn_tutor.figures.characters.canvas import shortened
from rnn_tutor.figures.heatmap import Picture
from rnn_tutor.figures.numbers import brief, full
from rnn_tutor.figures.words import shape_with_axes
from rnn_tutor.tui import palette
from rnn_tutor.tui.showable import plain
from rnn_tutor.tui.terminal import Terminal

if TYPE_CHECKING:
    import numpy as np

CELL = 4  # columns of a mark and the space after it
_NARROW = (3, 2)  # without the space at 2; where grounds are painted a sign alone will do
_NAME_WIDTH = 14
_CURSOR = Style(bold=True, reverse=True)
_PLAIN = Style()


@dataclass(frozen=True)
class View:
    """A picture and how it is looked at: style, slice (`axis` and `index`), from how far. Its scale is worked out once.

    block: each mark stands for so many rows and columns, of which it is the entry of largest magnitude. cell: how many
    columns of text a mark takes, see `fitted`. numbered: numbers stand in the cells in place of marks, see `legible`.
    """

    picture: Picture
    terminal: Terminal
    style: heatmap.Style
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
    def _blocks(self) -> tuple[heatmap.Values, "np.ndarray", "np.ndarray"]:
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
        return heatmap.legend(self.picture.values, self.letters, self.count, self.scale)

    @cached_property
    def scale(self) -> heatmap.Scale:
        """The scale of the whole picture, all slices."""
        return self.picture.span

    @cached_property
    def printed(self) -> list[list[str]] | None:
        """The numbers of the slice, all of one width; None where there are too many to print."""
        return heatmap.printed(self.plane.values)

    @property
    def size(self) -> tuple[int, int]:
        """Rows and columns of marks."""
        rows, columns = self.marked.shape
        return rows, columns

    @property
    def painted(self) -> bool:
        """Whether cells have coloured grounds."""
        return self.style == "colour" and self.terminal.colours >= 256

    @property
    def letters(self) -> heatmap.Style:
        """The style of the marks: what cannot be painted needs a size in its characters."""
        if self.painted:
            return "colour"
        if self.style == "blocks" and not self.terminal.ascii_only:
            return "blocks"
        return "ascii" if self.terminal.ascii_only or self.style == "ascii" else "blocks"

    @property
    def count(self) -> int:
        """How many sizes are told apart."""
        if self.painted:
            return palette.level_count(self.terminal.colours)
        return heatmap.level_count(self.letters, self.scale.signed)

    @property
    def coloured(self) -> bool:
        """Whether marks have colours at all."""
        return self.style == "colour"

    def ink(self, level: int) -> Style:
        """The style of a mark."""
        return palette.style(level, self.count, self.terminal.colours if self.coloured else 0, self.painted)

    def names(self, across: bool, which: range) -> list[str]:
        """Showable names of rows or columns."""
        first = range(which.start * self.block, which.stop * self.block, self.block)  # of each block
        found = heatmap.names(self.picture, self.plane, across, first)
        return [plain(name, ascii_only=self.terminal.ascii_only) for name in found]

    @cached_property
    def row_width(self) -> int:
        """The width of the column of row names (only so many are measured)."""
        rows, _ = self.size
        seen = self.names(False, range(min(rows, 200))) + self.names(False, range(max(0, rows - 1), rows))
        return min(_NAME_WIDTH, max((len(name) for name in seen), default=0))


def legible(view: View, width: int, height: int) -> View:
    """Return a view that shows its numbers, if all of the slice can be printed in that size, with its names."""
    said = None if view.block > 1 else view.printed
    if said is None or len(said) > height - 1 or not width:
        return view if not view.numbered else replace(view, numbered=False, cell=CELL)
    shown = replace(view, numbered=True, cell=len(said[0][0]) + 2)
    return shown if room(shown, width, height)[1] >= len(said[0]) else replace(view, numbered=False, cell=CELL)


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


Pieces = list[tuple[str, Style]]


def body(view: View, rows: range, columns: range, cursor: tuple[int, int] | None = None) -> list[Content]:
    """Return the lines of a window: column names, then each row with its name and marks."""
    names = column_names(view, columns, cursor[1] if cursor else None)
    return [names, *(Content.assemble(*row) for row in marks(view, rows, columns, cursor))]


def marks(view: View, rows: range, columns: range, cursor: tuple[int, int] | None = None) -> list[Pieces]:
    """Return the rows of a window, their names and marks in pieces of one style each."""
    values = view.marked[rows.start : rows.stop, columns.start : columns.stop]
    count = view.count
    size = view.cell - (view.cell > 2)
    known = _known(view, size)
    found: list[Pieces] = []
    levels = heatmap.levels(values, count, view.scale.top).tolist()
    for at, (name, row) in enumerate(zip(view.names(False, rows), levels, strict=True)):
        here = cursor is not None and cursor[0] == rows.start + at
        pieces: Pieces = [(shortened(name, view.row_width).rjust(view.row_width), Style(bold=here)), (" ", _PLAIN)]
        for place, level in enumerate(row):
            mark, ink = known[level]
            if view.numbered and view.printed is not None:
                said = view.printed[rows.start + at][columns.start + place]
                chosen = here and cursor is not None and cursor[1] == columns.start + place
                pieces.append((f"[{said}]", ink + _CURSOR) if chosen else (f" {said} ", ink))
            elif here and cursor is not None and cursor[1] == columns.start + place:
                inside = mark.strip() if view.painted else mark[:2]
                pieces.append((f"[{inside}]".ljust(view.cell), ink + _CURSOR))
            else:
                pieces += [(mark, ink), (" ", _PLAIN)] if view.cell > size else [(mark, ink)]
        found.append(pieces)
    return found


def _known(view: View, size: int) -> dict[int, tuple[str, Style]]:
    """Return the mark of each level, of so many characters, with its style."""
    count, letters, signed = view.count, view.letters, view.scale.signed
    levels = [*range(-count, count + 1), heatmap.NAN, heatmap.PLUS_INFINITY, heatmap.MINUS_INFINITY]
    return {level: (heatmap.text(level, letters, count, size, signed)[:size], view.ink(level)) for level in levels}


def column_names(view: View, columns: range, current: int | None) -> Content:
    """Return the names above the columns, each where there is room for it, the current one first.

    Without names of their own they are indices alone: the title names the axis.
    """
    width = len(columns) * view.cell
    line = [" "] * width
    taken = [False] * width
    names = view.names(True, columns)
    if not view.picture.columns:
        names = [name.rsplit(" ", 1)[-1] for name in names]
    for at in sorted(range(len(names)), key=lambda at: (columns.start + at != current, at)):
        start = at * view.cell + (len(names[at]) == 1 and view.cell > 2)
        if view.numbered:  # as the numbers, at the right
            start = (at + 1) * view.cell - 1 - len(names[at])
        start = max(0, min(start, width - len(names[at])))
        end = start + len(names[at])
        if end <= width and not any(taken[max(0, start - 1) : end + 1]):
            line[start:end] = names[at]
            taken[start:end] = [True] * len(names[at])
    return Content(" " * (view.row_width + 1) + "".join(line).rstrip())


def legend(view: View, width: int) -> Content:
    """Return one line: the scale from one end to the other, and the special marks that occur."""
    entries = view.marks
    steps = [entry for entry in entries if abs(entry.level) <= view.count]
    special = [entry for entry in entries if abs(entry.level) > view.count]
    parts: list[Content | tuple[str, Style]] = []
    if len(steps) > 1:
        shown = steps if len(steps) <= 11 else steps[:: max(1, (len(steps) - 1) // 10)]
        parts.append(Content(f"{steps[0].says} "))
        apart = "" if view.scale.signed or view.painted else " "  # both characters tell the size: which belong together
        parts += [(entry.text + apart, view.ink(entry.level)) for entry in shown]
        parts.append(Content(f" {steps[-1].says}"))
    else:
        parts += [(steps[0].text, view.ink(0)), Content(" everything is 0")]
    odd: list[Content | tuple[str, Style]] = []
    for entry in special:
        odd += [Content("   "), (entry.text, view.ink(entry.level)), Content(f" {entry.says}")]
    whole = Content.assemble(*parts, *odd)
    return whole if whole.cell_length <= width else Content.assemble(ends(view), *odd).truncate(width)


def ends(view: View) -> Content:
    """Return the scale in the least room: its two ends."""
    return Content(f"{brief(view.scale.low)} to {brief(view.scale.high)}")


def scale_of(view: View, width: int, legends: heatmap.Legends) -> Content:
    """Return the legend of a picture, or the name of the one above that has it for both."""
    first = legends.earlier(view.picture)
    if not first:
        return legend(view, width)
    return Content(plain(f"on the scale of {first}", ascii_only=view.terminal.ascii_only)).truncate(width)


def title(view: View) -> Content:
    """Return the picture's name, its shape and, of several slices, which."""
    picture = view.picture
    name = plain(picture.title, ascii_only=view.terminal.ascii_only)
    axes = [plain(axis, ascii_only=view.terminal.ascii_only) for axis in picture.axes]
    shape = f" {shape_with_axes(picture.values.shape, axes)}" if picture.values.ndim else ""
    parts: list[Content | str | tuple[str, str]] = [(name, "bold"), shape]
    if view.plane.at:
        spots = ", ".join(f"{heatmap.axis_name(picture, axis)} {index}" for axis, index in view.plane.at)
        count = heatmap.plane_count(picture.values, view.axis)
        parts.append(f"   {plain(spots)}, slice {view.index + 1} of {count}")
    if view.block > 1:
        parts.append(f"   each mark is the largest of {view.block} x {view.block}")
    return Content.assemble(*parts)


def reading(view: View, row: int, column: int) -> Content:
    """Return what the cell under the cursor holds, in full, and where it is."""
    row, column = view.entry(row, column)
    value = float(view.plane.values[row, column])
    where = heatmap.place(view.picture, view.plane, row, column)
    near = View(view.picture, view.terminal, view.style, view.axis, view.index)
    names = [
        name
        for across, at, given in ((False, row, view.picture.rows), (True, column, view.picture.columns))
        for name in near.names(across, range(at, at + 1))
        if name and (given or not name.isdigit())  # a bare index is in `where` already
    ]
    said = plain(f"{where} = ", ascii_only=view.terminal.ascii_only)
    return Content.assemble(said, (full(value), "bold"), f"   {', '.join(names)}" if names else "")


def small(view: View, width: int, most_rows: int = 8, legends: heatmap.Legends | None = None) -> Content:
    """Return a picture as it stands among text: title and legend, then the rows and columns that fit.

    What is small enough has its numbers and no legend. legends: those of the pictures above it.
    """
    rows, columns = view.size
    if rows == 0 or columns == 0:
        return Content.assemble(title(view), "\nnothing in it")
    view = legible(view, width, most_rows + 1)
    _, wide = room(view, width, 1)
    shown_rows, shown_columns = min(rows, most_rows), min(columns, wide)
    head = title(view)
    key = Content() if view.numbered else scale_of(view, width, legends or heatmap.Legends())
    beside = head.cell_length + 3 + key.cell_length <= width
    lines = [Content.assemble(head, "   ", key)] if key and beside else [head, key] if key else [head]
    lines += body(view, range(shown_rows), range(shown_columns))
    if shown_rows < rows or shown_columns < columns:
        lines.append(Content(f"the first {shown_rows} of {rows} rows, {shown_columns} of {columns} columns"))
    return Content("\n").join(lines)
