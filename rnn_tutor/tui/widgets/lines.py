"""Several lines to type in: the scratchpad's and a program's. As high as their text; the column around them scrolls."""

from collections.abc import Callable
from typing import ClassVar

from textual import events
from textual.binding import BindingType
from textual.containers import VerticalScroll
from textual.geometry import Region, Size
from textual.message import Message
from textual.reactive import Reactive
from textual.widgets.text_area import Edit, EditResult
from typing_extensions import override

from rnn_tutor.engine.reading.characters import seen
from rnn_tutor.tui import keys
from rnn_tutor.tui.messages import NothingBefore, TooLong
from rnn_tutor.tui.safe_content import plain
from rnn_tutor.tui.terminal.text_area import RoomyTextArea
from rnn_tutor.tui.trail import UNDO, Trail, place

MOST = 8_000  # the engine reads no more, the store keeps no more
INDENT = "    "


class Lines(RoomyTextArea, inherit_bindings=False):
    """A text of several lines; with `program` it has line numbers, and Tab indents."""

    BINDINGS: ClassVar[list[BindingType]] = [
        *keys.told(
            keys.LINES,
            "the next line; in a program, indented like this one",
            ("new-line", "enter", "new_line", "next line"),
        ),
        *keys.untold(
            ("cursor-up", "up", "up", "up"),
            ("cursor-down", "down", "down", "down"),
            ("cursor-left", "left", "cursor_left", "left"),
            ("cursor-right", "right", "cursor_right", "right"),
            ("word-left", "ctrl+left", "cursor_word_left", "a word left"),
            ("word-right", "ctrl+right", "cursor_word_right", "a word right"),
            ("line-start", "home", "cursor_line_start", "start of the line"),
            ("line-end", "end", "cursor_line_end", "end of the line"),
            ("delete-left", "backspace", "delete_left", "delete to the left"),
            ("delete-right", "delete,ctrl+d", "delete_right", "delete to the right"),
            ("delete-word", "ctrl+w", "delete_word_left", "delete a word"),
            ("delete-to-start", "ctrl+u", "delete_to_start_of_line", "delete to the start"),
            ("delete-to-end", "ctrl+k", "delete_to_end_of_line", "delete to the end"),
        ),
        *keys.told(
            keys.LINES,
            "undo: typing, deleting, pasting",
            ("undo", UNDO, "bring_back(-1)", "undo"),
            display="Ctrl+_",
        ),
        *keys.told(keys.LINES, "redo", ("redo", "ctrl+y", "bring_back(1)", "redo")),
    ]

    # Textual's own has layout=True, which measures the whole screen again with each character typed.
    virtual_size = Reactive(Size(0, 0), layout=False)

    def __init__(self, text: str, *, program: bool = False) -> None:
        super().__init__(
            plain(text, lines=True),
            soft_wrap=False,
            tab_behavior="indent" if program else "focus",
            show_line_numbers=program,
            highlight_cursor_line=False,
            compact=True,
            classes="lines",
        )
        self.program = program
        self.trail = Trail()
        self.cursor_blink = False
        self.match_cursor_bracket = False
        # Called, not told by messages, which would come a frame later.
        self.changed: Callable[[], None] | None = None
        self.moved: Callable[[], None] | None = None
        self.leave: Callable[[int], None] | None = None

    @override
    def check_consume_key(self, key: str, character: str | None = None) -> bool:
        """Tell which keys are text here; Enter begins a line."""
        return key == "enter" or super().check_consume_key(key, character)

    @override
    def post_message(self, message: Message) -> bool:
        """Take a message. `changed` and `moved` are told; messages of that would go through all that this is in."""
        told = isinstance(message, RoomyTextArea.Changed | RoomyTextArea.SelectionChanged)
        return told or super().post_message(message)

    def on_key(self, event: events.Key) -> None:
        """Begin a line under the indentation of the one above; take Escape for the screen's."""
        if event.key == "escape" or (event.key == "tab" and not self.program):
            event.prevent_default()
        elif event.key == "enter" and self.program:
            event.stop()
            event.prevent_default()
            self.action_new_line()

    def action_new_line(self) -> None:
        """Begin a line; in a program, under the indentation of the one above."""
        self._type("\n" + (self._indentation() if self.program else ""))

    def _indentation(self) -> str:
        row, column = self.cursor_location
        text_before = self.document[row][:column]
        deeper = INDENT if text_before.rstrip().endswith(":") else ""
        return text_before[: len(text_before) - len(text_before.lstrip(" "))] + deeper

    def on_paste(self, event: events.Paste) -> None:
        """Take in a paste as printable text."""
        event.stop()
        event.prevent_default()
        self._type(plain(seen(event.text[: MOST * 4]), lines=True))

    def _type(self, text: str) -> None:
        self.replace(text, *self.selection, maintain_selection_offset=False)

    @override
    def edit(self, edit: Edit) -> EditResult:
        """Change the text within what it may hold."""
        length_without = len(self.text) - len(self.get_text_range(edit.from_location, edit.to_location))
        if length_without + len(edit.text) > MOST:
            edit.text = edit.text[: max(0, MOST - length_without)]
            self.post_message(TooLong(MOST))
        rows, old_text = self.document.line_count, self.text
        result = super().edit(edit)
        self.trail.changed(old_text, self.text)
        if self.document.line_count != rows:
            self.refresh(layout=True)
        if self.changed is not None:
            self.changed()
        return result

    def put(self, text: str, trail: Trail) -> None:
        """Put a text there with its own trail: it is another text, and no change of the one that stood there."""
        cursor = place(self.text, text)
        self.trail = Trail()
        self.replace(text, self.document.start, self.document.end, maintain_selection_offset=False)
        self.trail = trail
        row = text.count("\n", 0, cursor)
        self.move_cursor((row, cursor - (text.rfind("\n", 0, cursor) + 1)))

    def action_bring_back(self, by: int) -> None:
        """Bring back what stood there before the last change (-1), or what was gone back from (1)."""
        earlier_text = self.trail.back(self.text) if by < 0 else self.trail.forth(self.text)
        if earlier_text is None:
            self.post_message(NothingBefore())
        else:
            self.put(earlier_text, self.trail)

    @override
    def action_delete_to_start_of_line(self) -> None:
        """Delete to the start of the line; there, nothing: only Backspace joins two lines."""
        if not (self.selection.is_empty and self.cursor_at_start_of_line):
            super().action_delete_to_start_of_line()

    @override
    def action_delete_word_left(self) -> None:
        """Delete a word to the left, within the line."""
        if not (self.selection.is_empty and self.cursor_at_start_of_line):
            super().action_delete_word_left()

    def watch_selection(self) -> None:
        """Keep the row of the cursor in view."""
        if self.is_mounted:
            self.call_after_refresh(self.bring_cursor)
            if self.moved is not None:
                self.moved()

    def bring_cursor(self) -> None:
        """Scroll the column around this so that the cursor's row is in view."""
        column = next((ancestor for ancestor in self.ancestors if isinstance(ancestor, VerticalScroll)), None)
        if column is None or not self.has_focus:
            return
        row = self.region.y - column.region.y + round(column.scroll_y) + self.cursor_location[0]
        column.scroll_to_region(Region(0, row, 1, 1), animate=False, immediate=True)  # as `show_wanted` does

    def action_up(self) -> None:
        """Go a row up; from the first one, to what is above."""
        if self.cursor_at_first_line and self.leave is not None:
            self.leave(-1)
        else:
            self.action_cursor_up()

    def action_down(self) -> None:
        """Go a row down; from the last one, to what is below."""
        if self.cursor_at_last_line and self.leave is not None:
            self.leave(1)
        else:
            self.action_cursor_down()

    def outdent(self) -> None:
        """Take one indentation away from the row of the cursor."""
        row, column = self.cursor_location
        line = self.document[row]
        count = min(len(INDENT), len(line) - len(line.lstrip(" ")))
        if count:
            self.delete((row, 0), (row, count), maintain_selection_offset=False)
            self.move_cursor((row, max(0, column - count)))
