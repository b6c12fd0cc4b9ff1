"""The controls of a lab: one line each, its name, where it stands, and what it is.

Where there are many of them and few lines, they stand in two columns, and one line says what the chosen one is.
"""

from collections.abc import Sequence
from typing import TYPE_CHECKING

from textual.content import Content
from textual.widget import Widget
from typing_extensions import override

from rnn_tutor.tui.safe_content import plain
from rnn_tutor.tui.widgets.frame import ACCENT

if TYPE_CHECKING:
    from rnn_tutor.exercises.labs.controls import Dial, Setting

_NAME = 12
_BAR = 25  # places of a bar, an odd number
_LEAST_MEANS = 12
_ROOMY = 44  # columns beside which a whole bar is drawn
_MANY = 7  # controls that take too much of a low screen, a line each
_TALL = 32  # lines of a screen that has room for all
_LEAST_TWO = 72  # columns for two beside each other
_GAP = 2  # columns between them


class Dials(Widget):
    """Numbers and choices; `show` says where they stand and which one the arrow keys move."""

    def __init__(self, dials: "Sequence[Dial]", ascii_only: bool) -> None:
        super().__init__(id="dials")
        self._dials = list(dials)
        self._ascii = ascii_only
        self._settings: Sequence[Setting] = [dial.start for dial in self._dials]
        self._chosen: int | None = 0
        numbers = [dial for dial in self._dials if dial.kind == "number"]
        width = max((len(dial.shown(place)) for dial in numbers for place in (0, dial.last, dial.start)), default=0)
        self._values = min(_NAME, width)
        self._names = min(_NAME, max((len(dial.name) for dial in self._dials), default=0))

    def show(self, settings: "Sequence[Setting]", chosen: int | None) -> None:
        """Show where the controls stand; `chosen` is None where the keys go elsewhere."""
        if (settings, chosen) != (self._settings, self._chosen):
            self._settings, self._chosen = settings, chosen
            self.refresh()

    @override
    def get_content_height(self, container: object, viewport: object, width: int) -> int:
        """Return a row for each; beside the pictures two, as there is little room across and much down."""
        if self._in_two(width):
            return self._half + 1
        return len(self._dials) * self._rows_of_each

    @property
    def _half(self) -> int:
        return (len(self._dials) + 1) // 2

    def _in_two(self, width: int) -> bool:
        low = self._rows_of_each == 1 and self.app.size.height < _TALL
        return low and len(self._dials) >= _MANY and width >= _LEAST_TWO

    @property
    def _rows_of_each(self) -> int:
        return 2 if self.screen.has_class("-wide") else 1

    @override
    def render(self) -> Content:
        """Return the rows."""
        width, count = self.size.width, len(self._dials)
        if not self._in_two(width):
            return Content("\n").join(self._row(place, dial) for place, dial in enumerate(self._dials))
        each = (width - _GAP) // 2
        rows = []
        for row in range(self._half):
            columns = [self._brief(place, each) for place in (row, row + self._half) if place < count]
            rows.append(Content(" " * _GAP).join(columns))
        return Content("\n").join([*rows, self._chosen_line(width, each)])

    def _brief(self, place: int, width: int) -> Content:
        parts = self._head_and_scale(place, width)[1]
        return parts.pad_right(max(0, width - parts.cell_length))

    def _chosen_line(self, width: int, each: int) -> Content:
        """Return what the chosen control is, and what it can be where its own line leaves that out."""
        if self._chosen is None or self._chosen >= len(self._dials):
            return Content()
        dial, setting = self._dials[self._chosen], self._settings[self._chosen]
        means = f"  {self._printable(dial.control.means)}"
        if dial.kind != "choice":
            return Content(means).truncate(max(1, width), ellipsis=True)
        every = self._choices(dial, setting, width - len(means) - _GAP)
        in_row = self._head_and_scale(self._chosen, each)[1].plain
        left_out = "" if every.plain in in_row else Content.assemble(" " * _GAP, every)
        return Content.assemble(means, left_out).truncate(max(1, width), ellipsis=True)

    def _head_and_scale(self, place: int, width: int) -> tuple[str, Content]:
        """Return the name before a control, and both, in so many columns."""
        dial, setting, chosen = self._dials[place], self._settings[place], place == self._chosen
        head = f"{'>' if chosen else ' '} {self._printable(dial.name)[: self._names]:<{self._names}}  "
        room = width - len(head) - 2
        scale = self._choices(dial, setting, room) if dial.kind == "choice" else self._bar(dial, setting, width)
        return head, Content.assemble((head, "bold" if chosen else ""), scale).truncate(max(1, width))

    def _row(self, place: int, dial: "Dial") -> Content:
        head, parts = self._head_and_scale(place, self.size.width)
        room = self.size.width - len(head) - 2
        means = Content(self._printable(dial.control.means))
        if self._rows_of_each > 1:
            return Content.assemble(parts, "\n", " " * len(head), means.truncate(max(1, room), ellipsis=True))
        room_left = self.size.width - parts.cell_length - 2
        if room_left >= min(_LEAST_MEANS, means.cell_length):
            parts = Content.assemble(parts, "  ", means.truncate(room_left, ellipsis=True))
        return parts

    def _bar(self, dial: "Dial", setting: "Setting", width: int) -> Content:
        """A number: where it stands between its ends; `|` is where it started."""
        assert isinstance(setting, int) and isinstance(dial.start, int)  # noqa: S101 - the places of a number
        size = _BAR if width >= _ROOMY else _BAR // 2
        line = ["-"] * size
        line[round(dial.start / dial.last * (size - 1))] = "|"
        mark = round(setting / dial.last * (size - 1))
        value = dial.shown(setting).rjust(self._values)
        return Content.assemble(
            (value, "bold"), "  ", "".join(line[:mark]), ("o", f"bold {ACCENT}"), "".join(line[mark + 1 :])
        )

    def _choices(self, dial: "Dial", setting: "Setting", room: int) -> Content:
        """A choice: all there is where it fits, the one chosen in brackets."""
        assert isinstance(setting, int)  # noqa: S101 - the place of a choice
        words = [self._printable(choice) for choice in dial.control.choices]
        parts: list[Content | tuple[str, str]] = []
        for place, word in enumerate(words):
            parts.append((f"[{word}]", f"bold {ACCENT}") if place == setting else Content(f" {word} "))
        choices = Content.assemble(*parts)
        if choices.cell_length <= room:
            return choices
        return Content.assemble((f"[{words[setting]}]", f"bold {ACCENT}"), f" {setting + 1} of {len(words)}")

    def _printable(self, text: str) -> str:
        return plain(text, ascii_only=self._ascii)
