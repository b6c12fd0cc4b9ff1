"""A program that is typed line by line: a single full stop ends it, and single lines can be changed."""

from collections.abc import Callable, Sequence

from rnn_tutor.commands.output import say
from rnn_tutor.commands.practice.place import Command

HOW = (
    "Type the program, then a line with a single full stop. A first line that is indented goes on from the lines"
    " above. Any other first line begins the program anew. :line, :insert and :delete change single lines."
    " :program shows it."
)
_MOST_LINES = 400  # twice what is read, so that what is too long is told and not cut


class Program:
    """The lines of a program, as they stand now."""

    def __init__(self, text: str, changed: Callable[[str], None]) -> None:
        """Begin with a text; `changed` is called with each that it becomes."""
        self.lines = text.rstrip().split("\n") if text.strip() else []
        self._changed = changed
        self.begun = False  # whether a line was typed since it was last run

    @property
    def text(self) -> str:
        """The whole program."""
        return "\n".join(self.lines)

    def typed(self, line: str) -> None:
        """Take a line to the end; the first one may begin the program anew."""
        if not self.begun and line[:1] not in (" ", "\t"):
            self.lines.clear()
        self.begun = True
        if len(self.lines) < _MOST_LINES:
            self._put([*self.lines, line])
        else:
            say("The program is too long: this line is left out.")

    def commands(self) -> Sequence[Command]:
        """Return the commands that change it."""
        return [
            Command("program", lambda _: self.show(), "show the program with the numbers of its lines"),
            Command("line", self._replace, "put TEXT in the place of line N", "N TEXT"),
            Command("insert", self._insert, "put TEXT before line N", "N TEXT"),
            Command("delete", self._delete, "delete line N", "N"),
            Command("clear", lambda _: self._clear(), "delete the whole program"),
        ]

    def show(self) -> None:
        """Print it with the numbers of its lines."""
        if not self.lines:
            say("The program has no lines yet.")
        for number, line in enumerate(self.lines, 1):
            say(f"{number}: {line}")

    def _replace(self, argument: str) -> None:
        place, text = self._place(argument)
        if place is not None:
            self._put([*self.lines[:place], text, *self.lines[place + 1 :]])

    def _insert(self, argument: str) -> None:
        place, text = self._place(argument)
        if place is not None:
            self._put([*self.lines[:place], text, *self.lines[place:]])

    def _delete(self, argument: str) -> None:
        place, _ = self._place(argument)
        if place is not None:
            self._put([*self.lines[:place], *self.lines[place + 1 :]])

    def _clear(self) -> None:
        self.begun = True
        self._put([])
        say("The program has no lines now.")

    def _place(self, argument: str) -> tuple[int | None, str]:
        """Return the place of a line, and the text behind its number with its indentation; None where it is none."""
        number, _, text = argument.partition(" ")
        if number.isdecimal() and 1 <= int(number[:6]) <= len(self.lines):
            self.begun = True
            return int(number[:6]) - 1, text
        say(f"Type the number of a line, from 1 to {len(self.lines)}." if self.lines else "There are no lines yet.")
        return None, ""

    def _put(self, lines: list[str]) -> None:
        self.lines = lines
        self._changed(self.text)
