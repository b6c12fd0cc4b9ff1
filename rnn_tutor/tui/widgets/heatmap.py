"""The heatmap that one walks about in: cursor, read-out, and only the visible window worked out."""

from collections.abc import Callable
from dataclasses import replace
from itertools import zip_longest
from typing import ClassVar

from textual.binding import BindingType
from textual.content import Content
from textual.geometry import Region, Size
from textual.reactive import reactive
from textual.strip import Strip
from textual.style import Style
from textual.widget import Widget
from typing_extensions import override

from rnn_tutor.figures.characters import heatmaps
from rnn_tutor.figures.characters.canvas import PLAIN
from rnn_tutor.figures.characters.heatmaps import View
from rnn_tutor.figures.heatmap import cell, plane_count
from rnn_tutor.tui import keys
from rnn_tutor.tui.widgets import picture

_AROUND = 5  # lines of a heatmap that are not its rows
_READING = 40  # columns that what is said of the cell under the cursor needs
_ENDLESS = 100_000


class Heatmap(Widget, can_focus=True):
    """A view of a picture, with a cursor; the window follows the cursor."""

    BINDINGS: ClassVar[list[BindingType]] = [
        *keys.told(
            keys.LOOK,
            "move the cursor; the line below says what is there",
            ("left", "left", "move(0, -1)", "left"),
            ("right", "right", "move(0, 1)", "right"),
            ("up", "up", "move(-1, 0)", "up"),
            ("down", "down", "move(1, 0)", "down"),
        ),
        *keys.told(
            keys.LOOK,
            "move it to the first, to the last column",
            ("first-column", "home", "edge(0)", "first column"),
            ("last-column", "end", "edge(1)", "last column"),
        ),
        *keys.told(
            keys.LOOK,
            "move it by a screen, up and down",
            ("screen-up", "pageup", "page(-1, 0)", "a page up"),
            ("screen-down", "pagedown", "page(1, 0)", "a page down"),
        ),
        *keys.told(
            keys.LOOK,
            "move it by a screen, left and right",
            ("screen-left", "less_than_sign,shift+left", "page(0, -1)", "a page left"),
            ("screen-right", "greater_than_sign,shift+right", "page(0, 1)", "a page right"),
        ),
        *keys.told(
            keys.LOOK,
            "zoom in or out: when zoomed out, each mark is the largest of a block; long lines show more points",
            ("nearer", "plus", "zoom(0)", "from nearer"),
            ("further", "minus", "zoom(2)", "from further away"),
        ),
        *keys.untold(("nearer-unshifted", "equals_sign", "zoom(0)", "from nearer")),
    ]

    view: reactive[View | None] = reactive(None)
    cursor: reactive[tuple[int, int]] = reactive((0, 0), repaint=False)

    def __init__(self) -> None:
        super().__init__()
        self._corner = (0, 0)
        self._drawn_for: tuple[object, ...] = ()
        self._strips: list[Strip] = []
        self._legible_view: tuple[View, Size, View] | None = None
        self.moved: Callable[[], None] | None = None  # called when another cell is under the cursor

    def watch_view(self, old: View | None, new: View | None) -> None:
        """Begin another picture at its first cell; another slice or style of the same one where one was."""
        if old is None or new is None or old.picture is not new.picture:
            self.cursor = (0, 0)
        else:
            self._go(*self.cursor)

    def watch_cursor(self) -> None:
        """Show that another cell is under the cursor, and tell it."""
        self._refresh_what_differs()
        if self.moved is not None:
            self.moved()

    def _refresh_what_differs(self) -> None:
        """Paint the lines that are others now: mostly those of two rows, of the columns' marks and of the number."""
        before, before_for = self._strips, self._drawn_for
        now = self._shown() if before_for else ()  # else nothing was drawn yet
        if not now or before_for[:1] + before_for[2:] != now[:1] + now[2:]:
            self.refresh()
            return
        self._drawn_for, self._strips = now, self._drawn()
        for y, (old, new) in enumerate(zip_longest(before, self._strips)):
            if old != new:
                self.refresh(Region(0, y, self.size.width, 1))

    def _shown(self) -> tuple[object, ...]:
        """Return all that its lines depend on: the cursor second."""
        return self.view, self.cursor, self.size, self.visual_style

    def needs(self, height: int) -> int:
        """Return how many columns show all of the slice in so many lines; a very large number where none do."""
        view = self.view
        if view is None or 0 in view.size:
            return 0
        rows, columns = view.size
        if rows > height - _AROUND or view.block > 1:
            return _ENDLESS
        legible = heatmaps.legible(view, _ENDLESS, height - _AROUND)
        return max(legible.row_width + 1 + columns * legible.cell, _READING)

    @override
    def render_line(self, y: int) -> Strip:
        """Return a line of the window that holds the cursor, with title, read-out and legend.

        Lines are made of their pieces here: by way of `render` a frame of a thousand cells would take three times as
        long.
        """
        drawn_for = self._shown()
        if drawn_for != self._drawn_for:
            self._drawn_for, self._strips = drawn_for, self._drawn()
        return self._strips[y] if y < len(self._strips) else Strip.blank(self.size.width, self.visual_style.rich_style)

    def _drawn(self) -> list[Strip]:
        view, base = self.view, self.visual_style
        if view is None:
            return []
        view = self._legible(view)
        rows, columns = view.size
        if rows == 0 or columns == 0:
            return [picture.strip(view.look, line, base) for line in (heatmaps.title(view), [], [("empty", PLAIN)])]
        window_rows, window_columns = self._room(view)
        top = _scrolled(self._corner[0], self.cursor[0], window_rows, rows)
        left = _scrolled(self._corner[1], self.cursor[1], window_columns, columns)
        self._corner = (top, left)
        visible = range(top, min(rows, top + window_rows)), range(left, min(columns, left + window_columns))
        lines = [
            heatmaps.title(view),
            [],
            *heatmaps.body(view, *visible, self.cursor),
            [],
            heatmaps.reading(view, *self.cursor),
        ]
        position = _strip(_position(view, *visible, self.size.width), base)
        return [*(picture.strip(view.look, line, base) for line in lines), position]

    def _go(self, row: int, column: int) -> None:
        if self.view is not None:
            rows, columns = self.view.size
            self.cursor = (max(0, min(row, rows - 1)), max(0, min(column, columns - 1)))

    def action_move(self, down: int, across: int) -> None:
        """Move the cursor by cells."""
        self._go(self.cursor[0] + down, self.cursor[1] + across)

    def action_page(self, down: int, across: int) -> None:
        """Move the cursor by windows."""
        if self.view is not None:
            high, wide = self._room(self.view)
            self._go(self.cursor[0] + down * high, self.cursor[1] + across * wide)

    def action_zoom(self, times: int) -> None:
        """Look from twice as far, as long as not all is in view (2), or from half as far (0).

        The cursor stays with its number: going near a mark leads to the entry that it stands for.
        """
        view = self.view
        if view is None or 0 in view.size:
            return
        high, wide = self._room(view)
        rows, columns = view.plane.values.shape
        largest_block = max(-(-rows // high), -(-columns // wide), 1)  # then all is in view
        block = min(view.block * 2, max(largest_block, view.block)) if times else max(1, view.block // 2)
        if block == view.block:
            return
        row, column = view.entry(*self.cursor)
        self.view = replace(view, block=block)
        self._go(row // min(block, rows), column // min(block, columns))

    @property
    def whole(self) -> bool:
        """Whether all of the slice is in view, each number with a mark of its own."""
        view = self.view
        if view is None:
            return True
        high, wide = self._room(view)
        return view.block == 1 and view.size[0] <= high and view.size[1] <= wide

    def _room(self, view: View) -> tuple[int, int]:
        return heatmaps.room(self._legible(view), self.size.width, self.size.height - 5)

    def _legible(self, view: View) -> View:
        """Return what is shown of a view: its numbers, where all of them can be printed in this size."""
        if self._legible_view is None or self._legible_view[0] is not view or self._legible_view[1] != self.size:
            self._legible_view = view, self.size, heatmaps.legible(view, self.size.width, self.size.height - 5)
        return self._legible_view[2]

    def action_edge(self, last: int) -> None:
        """Move the cursor to the first or last column."""
        if self.view is not None:
            self._go(self.cursor[0], (self.view.size[1] - 1) * last)

    @property
    def cell(self) -> tuple[int, ...] | None:
        """The index, in the whole array, of the cell under the cursor; None where there is nothing."""
        view = self.view
        return None if view is None or 0 in view.size else cell(view.plane, *view.entry(*self.cursor))

    def turn(self, by: int) -> None:
        """Show another slice."""
        view = self.view
        if view is not None:
            count = plane_count(view.picture.values, view.axis)
            self.view = replace(view, index=(view.index + by) % count)

    def cut(self) -> None:
        """Slice along the next axis."""
        view = self.view
        if view is not None and view.picture.values.ndim > 2:
            axis = (view.axis + 1) % view.picture.values.ndim
            self.view = View(view.picture, view.look, axis)


def _strip(line: Content, base: Style) -> Strip:
    return Strip(line.render_segments(base), line.cell_length)


def _scrolled(start: int, cursor: int, room: int, size: int) -> int:
    """Return where a window of `room` begins so that the cursor is in it, moved as little as can be."""
    start = min(start, cursor, max(0, size - room))
    return max(start, cursor - room + 1, 0)


def _position(view: View, rows: range, columns: range, width: int) -> Content:
    """Return the legend, and what part is in view when that is not all."""
    line = Content() if view.numbered else picture.content(view.look, heatmaps.legend(view, width))
    if (len(rows), len(columns)) == view.size:
        return line
    high, wide = view.plane.values.shape
    last_row, last_column = min(rows.stop * view.block, high), min(columns.stop * view.block, wide)
    down = f"rows {rows.start * view.block}-{last_row - 1} of {high}"
    across = f"columns {columns.start * view.block}-{last_column - 1} of {wide}"
    return Content.assemble(line, f"   {down}, {across}").truncate(width)
