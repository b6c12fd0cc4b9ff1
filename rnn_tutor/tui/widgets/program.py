"""A program to type in: lines with numbers, indentation by Tab, and what is wrong with a line at that line."""

import re
from collections.abc import Awaitable, Callable
from typing import ClassVar

from rich.text import Text
from textual.binding import BindingType
from typing_extensions import override

from rnn_tutor.tui import keys
from rnn_tutor.tui.safe_content import prose
from rnn_tutor.tui.widgets.inked import INKS, spans
from rnn_tutor.tui.widgets.lines import INDENT, Lines

_ARROW = "   <- "
_PLACE = re.compile(r"Line \d+: ")


class ProgramLines(Lines):
    """The lines of one part's program; `part` says which."""

    BINDINGS: ClassVar[list[BindingType]] = [
        *keys.told(
            keys.LINES,
            "run the program on the numbers shown and on others, and check it",
            ("run", "ctrl+r,f12", "submit", "check"),
        ),
        *keys.untold(("run-enter", "ctrl+enter", "submit", "check")),
        *keys.told(
            keys.LINES,
            "in a program: indent, unindent",
            ("indent", "tab", "indent", "indent"),
            ("outdent", "shift+tab", "outdent", "outdent"),
        ),
    ]

    def __init__(self, part: str, text: str, ascii_only: bool) -> None:
        self._flagged: tuple[int, str] | None = None
        super().__init__(text, program=True)
        self.part = part
        self.submitted: Callable[[str], Awaitable[None]] | None = None
        self._ascii_only = ascii_only
        rows = self.text.split("\n")
        comments = [row for row, line in enumerate(rows) if line.lstrip().startswith("#")]
        row = comments[-1] if comments else len(rows) - 1  # where a starter says what is to be written
        self.move_cursor((row, len(rows[row])))

    def flag(self, row: int | None, sentence: str, *, at_once: bool = False) -> None:
        """Say what is wrong with a row at its end (None: nothing is); at the row being typed only if `at_once`."""
        flagged = None
        if row is not None and (at_once or row != self.cursor_location[0]):
            flagged = (row, prose(_PLACE.sub("", sentence, count=1), ascii_only=self._ascii_only).plain)
        if flagged != self._flagged:
            self._flagged = flagged
            self.draw_anew()

    @override
    def columns_drawn(self) -> int:
        """Return how many columns are needed with what is wrong behind its row."""
        if self._flagged is None or self._flagged[0] >= self.document.line_count:
            return 0
        row, sentence = self._flagged
        return self.gutter_width + len(self.document[row]) + len(_ARROW) + len(sentence) + 1

    @override
    def get_line(self, line_index: int) -> Text:
        """Return a row as it is shown: in colour, with what is wrong behind it."""
        line = super().get_line(line_index)
        for start, end, kind in spans(line.plain):
            line.stylize(INKS[kind], start, end)
        if self._flagged is not None and self._flagged[0] == line_index:
            line.append(_ARROW + self._flagged[1], "bold")
        return line

    async def action_submit(self) -> None:
        """Hand on that the program is to be checked; what is typed meanwhile waits."""
        if self.submitted is not None:
            await self.submitted(self.part)

    def action_indent(self) -> None:
        """Go on to where the next indentation begins."""
        self.replace(" " * (len(INDENT) - self.cursor_location[1] % len(INDENT)), *self.selection)

    def action_outdent(self) -> None:
        """Take one indentation away from the row of the cursor."""
        self.outdent()
