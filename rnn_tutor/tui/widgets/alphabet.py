"""A control of a lab that is a text: one line that takes the characters of its alphabet, and says what it left out."""

from collections.abc import Callable
from typing import TYPE_CHECKING

from textual.containers import Horizontal, Vertical
from textual.widgets import Static
from typing_extensions import override

from rnn_tutor.tui.messages import TooLong
from rnn_tutor.tui.safe_content import plain
from rnn_tutor.tui.widgets.line import AnswerLine

if TYPE_CHECKING:
    from rnn_tutor.exercises.labs.controls import Dial, Typed


class AlphabetLine(AnswerLine):
    """A line that takes the characters of an alphabet only; `left_out` is called with the others."""

    def __init__(self, dial: "Dial", value: str, most: int, left_out: Callable[[str], None]) -> None:
        self._dial = dial
        self._left_out = left_out
        super().__init__(dial.name, value)
        self.max_length = most

    @override
    def replace(self, text: str, start: int, end: int) -> None:
        """Put in what is kept of a text."""
        typed: Typed = self._dial.typed(text)
        self._left_out(typed.dropped)
        room = (self.max_length or 0) - len(self.value) + (end - start)
        if len(typed.text) > max(0, room) and text:
            self.restricted()
        super().replace(typed.text[: max(0, room)], start, end)

    def restricted(self) -> None:
        """Say that it is too long."""
        self.post_message(TooLong(self.max_length or 0))


class AlphabetRow(Vertical):
    """A text control: its name and line, and below what was left out."""

    def __init__(self, dial: "Dial", value: str, ascii_only: bool, typed: Callable[[str, str], None]) -> None:
        self.dial = dial
        self._ascii = ascii_only
        self._mark = Static(self._head(False), classes="name", markup=False)
        self._note = Static("", classes="note", markup=False)
        self.line = AlphabetLine(dial, value, dial.most, self._left_out)
        self.line.typed = lambda line: typed(dial.name, line.value)
        super().__init__(Horizontal(self._mark, self.line, classes="typing"), self._note, classes="alphabet")

    def choose(self, chosen: bool) -> None:
        """Show whether the keys go here."""
        self._mark.update(self._head(chosen))

    def _head(self, chosen: bool) -> str:
        return f"{'>' if chosen else ' '} {plain(self.dial.name, ascii_only=self._ascii)}: "

    def _left_out(self, dropped: str) -> None:
        if dropped:
            characters = " ".join(
                plain(char, ascii_only=self._ascii) if char != " " else "space" for char in dropped[:12]
            )
            self._note.update(f"Left out: {characters}. It takes {self._accepted()}.")
        else:
            self._note.update("")
        self._note.display = bool(dropped)

    def _accepted(self) -> str:
        alphabet = self.dial.control.alphabet or ""
        ranges = alphabet.replace("abcdefghijklmnopqrstuvwxyz", "a-z").replace("0123456789", "0-9")
        return plain(ranges.replace(" ", " and space" if ranges.endswith(" ") else " space "), ascii_only=self._ascii)
