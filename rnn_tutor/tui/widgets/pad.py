"""The scratchpad: lines of one's own, beside each its shape and value, below them the heatmap of the chosen one."""

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING

from textual.app import ComposeResult
from textual.containers import Horizontal, Vertical
from textual.content import Content
from textual.widgets import Static
from typing_extensions import override

from rnn_tutor.exercises.scratch import MAX_LINES
from rnn_tutor.tui.safe_content import showable
from rnn_tutor.tui.widgets import picture
from rnn_tutor.tui.widgets.lines import Lines
from rnn_tutor.tui.widgets.picture import view_of

if TYPE_CHECKING:
    from rnn_tutor.exercises.scratch import Note
    from rnn_tutor.tui.terminal.capabilities import Drawn, Terminal
    from rnn_tutor.tui.trail import Trail

_TITLE = "Scratchpad"
_SAYS = "  not marked; you can use its names in the answer"
_EXAMPLE = "Name a value on each line, such as  a = 2 * 3"
_ROWS = 6


class Pad(Vertical):
    """The lines, and what they come to. `work_out` gives the notes of a text; `drawn` is asked how to draw."""

    def __init__(
        self,
        text: str,
        terminal: "Terminal",
        drawn: "Callable[[], Drawn]",
        work_out: "Callable[[str], Sequence[Note]]",
        trail: "Trail",
    ) -> None:
        super().__init__(classes="pad")
        self.terminal = terminal
        self._drawn = drawn
        self._work_out = work_out
        self.lines = Lines(text)
        self.lines.trail = trail
        self.lines.changed = self.refresh_notes
        self.lines.moved = self._show_chosen
        self._notes = Static(classes="notes", markup=False)
        self._chosen = Static(classes="chosen", markup=False)
        self._by_row: dict[int, Note] = {}

    @override
    def compose(self) -> ComposeResult:
        """Lay them out from top to bottom."""
        yield Static(Content.assemble((_TITLE, "bold"), (_SAYS, "dim")))
        with Horizontal(classes="beside"):
            yield self.lines
            yield self._notes
        yield self._chosen

    def on_mount(self) -> None:
        """Work out what stood there."""
        self.refresh_notes()

    def on_resize(self) -> None:
        """Cut the notes to their new width."""
        self._show_notes()
        self._show_chosen()

    def refresh_notes(self) -> None:
        """Work the lines out anew."""
        text = self.lines.text
        notes = iter(self._work_out(text))
        self._by_row = {}
        for row, line in enumerate(text.split("\n")):
            note = next(notes, None) if line.strip() else None
            if note is not None:
                self._by_row[row] = note
        self._show_notes()
        self._show_chosen()

    def _show_notes(self) -> None:
        width = max(10, self._notes.size.width)
        rows: list[Content] = []
        for row in range(self.lines.document.line_count):
            note = self._by_row.get(row)
            note_text = self._beside(row, note)
            rows.append(
                showable(note_text, ascii_only=self.terminal.ascii_only, style="dim").truncate(width, ellipsis=True)
            )
        old_content = self._notes.content
        same_height = isinstance(old_content, Content) and len(old_content.split("\n")) == len(rows)
        self._notes.update(Content("\n").join(rows), layout=not same_height)

    def _beside(self, row: int, note: "Note | None") -> str:
        """Return what is said beside a row, before it is cut; of the row of the cursor all of it stands below."""
        if note is not None:
            return note.says if note.error is None else f"? {note.says}"
        return f"? not computed: only {MAX_LINES} lines are" if self.lines.document[row].strip() else ""

    def _show_chosen(self) -> None:
        """Show the row of the cursor in full: what is wrong with it, or its value and heatmap."""
        content = self._in_full(self._by_row.get(self.lines.cursor_location[0]))
        old_content = self._chosen.content
        width = max(1, self._chosen.size.width)
        same_height = isinstance(old_content, Content) and len(old_content.wrap(width)) == len(content.wrap(width))
        self._chosen.display = bool(content)
        self._chosen.update(content, layout=not same_height)

    def _in_full(self, note: "Note | None") -> Content:
        if note is None:
            return Content(_EXAMPLE).stylize("dim") if not self.lines.text.strip() else Content()
        ascii_only = self.terminal.ascii_only
        if note.error is not None:
            return showable(note.says, ascii_only=ascii_only)
        sentence = showable(
            f"{note.name} = {note.says}" if note.name else note.says, ascii_only=ascii_only, style="dim"
        )
        if note.picture is None or note.picture.values.ndim > 2:
            return sentence
        view = view_of(note.picture, self.terminal, self._drawn())
        return Content("\n").join([sentence, picture.small(view, max(20, self.size.width), _ROWS)])
