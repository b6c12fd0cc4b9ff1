"""A list of rows of any length with a cursor: only the rows in view are drawn, a step redraws two of them."""

from collections.abc import Callable, Sequence
from typing import ClassVar

from textual.binding import BindingType
from textual.content import Content
from textual.geometry import Region, Size
from textual.reactive import Reactive, reactive
from textual.scroll_view import ScrollView
from textual.strip import Strip
from textual.style import Style
from typing_extensions import override

from rnn_tutor.tui import keys
from rnn_tutor.tui.messages import Chosen
from rnn_tutor.tui.rows import Kind, Row

_CHOSEN = Style(bold=True, reverse=True)
_ABOVE: frozenset[Kind] = frozenset({"heading", "unit"})  # kept in view with the row below


class CourseList(ScrollView, can_focus=True, inherit_bindings=False):
    """Rows with a cursor; posts Chosen, and calls `moved` when the cursor has moved."""

    BINDINGS: ClassVar[list[BindingType]] = [
        *keys.told(
            keys.LIST,
            "choose a line",
            ("row-up", "up", "move(-1)", "up"),
            ("row-down", "down", "move(1)", "down"),
            ("rows-up", "pageup", "page(-1)", "a page up"),
            ("rows-down", "pagedown", "page(1)", "a page down"),
        ),
        *keys.told(
            keys.LIST,
            "go to the first, to the last line",
            ("first-row", "home", "edge(1)", "first"),
            ("last-row", "end", "edge(-1)", "last"),
        ),
        *keys.told(
            keys.LIST,
            "open an exercise, a lab or a page; fold or unfold a unit; on a word, the page that teaches it",
            ("open", "enter,space", "choose", "open"),
        ),
    ]

    cursor: reactive[int | None] = reactive(None, repaint=False)

    def __init__(self, draw: Callable[[Row], Content], moved: Callable[[], None]) -> None:
        """Show rows as `draw` writes them, one line each."""
        super().__init__(classes="rows")
        self._draw = draw
        self._moved = moved  # called, not told by a message, which would come a frame later
        self.rows: Sequence[Row] = ()
        self._looks: tuple[int, Style] | None = None  # columns, and what a line is drawn on, while lines are drawn

    # Textual's own has layout=True, which measures the whole screen again; a list is as high as there is room.
    virtual_size = Reactive(Size(0, 0), layout=False)

    def show(self, rows: Sequence[Row], key: tuple[Kind, str] | None, *, anew: bool = True) -> None:
        """Show these rows, the cursor on the row whose key is `key`, or on the first one.

        anew: all are drawn anew; else those in view are not, where they are the same objects, at the same place.
        """
        before, place = self._in_view(), self.scroll_offset
        self.rows = rows
        self.virtual_size = Size(0, len(rows))
        first_choosable = next((number for number, row in enumerate(rows) if row.choosable), None)
        cursor = first_choosable
        if key is not None and key[0] != "heading":
            kind, name = key
            cursor = next((at for at, row in enumerate(rows) if row.id == name and row.kind == kind), first_choosable)
        if cursor == self.cursor:
            self._bring()
            self._moved()
        self.cursor = cursor
        if anew or place != self.scroll_offset or [*map(id, before)] != [*map(id, self._in_view())]:
            self.refresh()

    def _in_view(self) -> Sequence[Row]:
        top = self.scroll_offset.y
        return self.rows[top : top + self.size.height]

    def begin_at_cursor(self, height: int) -> int:
        """Have the cursor in view from the first frame on, where `height` rows will be; the rows above are returned."""
        above = max(0, self.cursor + 1 - height) if self.cursor is not None else 0
        self.set_reactive(ScrollView.scroll_y, float(above))
        self.set_reactive(ScrollView.scroll_target_y, float(above))
        # Where there are more, the bar beside them is there from the first frame on: a bar that comes has all laid out
        # and painted once more.
        self.set_reactive(ScrollView.show_vertical_scrollbar, len(self.rows) > height)
        return above

    @property
    def current(self) -> Row | None:
        """The row under the cursor."""
        return self.rows[self.cursor] if self.cursor is not None else None

    def watch_cursor(self, old: int | None, new: int | None) -> None:
        """Redraw the two rows, and go where the cursor is."""
        for number in (old, new):
            if number is not None:
                self.refresh_line(number)
        self._bring()
        self._moved()

    def on_resize(self) -> None:
        """Keep the cursor in view."""
        self._bring()

    def _bring(self) -> None:
        """Scroll to the cursor, and to the line of its unit or group where that is right above."""
        if self.cursor is not None and self.size.height:
            above = 1 if self.cursor and self.rows[self.cursor - 1].kind in _ABOVE and self.size.height > 1 else 0
            self.scroll_to_region(Region(0, self.cursor - above, 1, 1 + above), animate=False, force=True)

    def bring_all(self, rows: int) -> None:
        """Scroll so that this many rows below the cursor are in view too, as far as there is room."""
        if self.cursor is not None and self.size.height:
            height = min(1 + rows, self.size.height)
            self.scroll_to_region(Region(0, self.cursor, 1, height), animate=False, force=True)

    @override
    def render_lines(self, crop: Region) -> list[Strip]:
        """Return lines of the window: how wide they are and how they look is asked once, not for each."""
        self._looks = self.scrollable_content_region.width, self.visual_style
        try:
            return super().render_lines(crop)
        finally:
            self._looks = None

    @override
    def render_line(self, y: int) -> Strip:
        """Return a line of the window."""
        number = y + self.scroll_offset.y
        width, style = self._looks or (self.scrollable_content_region.width, self.visual_style)
        if number >= len(self.rows) or width < 1:
            return Strip.blank(width, style.rich_style)
        if number == self.cursor:
            style += _CHOSEN
        content = self._draw(self.rows[number]).truncate(width, ellipsis=True)
        # A visual's strips would be wrapped, and each piece have a style of its own that says where it is.
        return Strip(content.render_segments(style), content.cell_length)

    def _step(self, start: int, by: int) -> None:
        """Go from a row to the next one that can be chosen."""
        number = start
        while 0 <= number < len(self.rows) and not self.rows[number].choosable:
            number += by
        if 0 <= number < len(self.rows):
            self.cursor = number

    def action_move(self, by: int) -> None:
        """Move by rows."""
        if self.cursor is not None:
            self._step(self.cursor + by, by)

    def go(self, motion: str, by: int) -> None:
        """Move by rows ("move") or by windows ("page"), as the keys do that work while a line has the focus."""
        if motion == "page":
            self.action_page(by)
        elif by:
            self.action_move(by)

    def action_edge(self, by: int) -> None:
        """Go to the first or the last."""
        self._step(0 if by > 0 else len(self.rows) - 1, by)

    def action_page(self, by: int) -> None:
        """Move by a window."""
        if self.cursor is not None:
            number = max(0, min(self.cursor + by * max(1, self.size.height - 1), len(self.rows) - 1))
            cursor_before = self.cursor
            self._step(number, by)
            if self.cursor == cursor_before:
                self._step(number, -by)

    def action_choose(self) -> None:
        """Open what is under the cursor."""
        row = self.current
        if row is not None:
            self.post_message(Chosen(row))
