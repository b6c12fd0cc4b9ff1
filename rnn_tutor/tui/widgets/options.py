"""The options of a choice or a checklist: ticked with Space, or by their numbers on the answer line."""

from collections.abc import Callable, Sequence
from typing import ClassVar

from textual.binding import BindingType
from textual.content import Content
from textual.reactive import reactive
from textual.widget import Widget
from typing_extensions import override

from rnn_tutor.tui import keys
from rnn_tutor.tui.messages import Ticked


class Options(Widget, can_focus=True):
    """Numbered options; with `several` any number can be ticked, else one."""

    BINDINGS: ClassVar[list[BindingType]] = [
        *keys.told(
            keys.TYPING,
            "on the options: go to the one above or below",
            ("option-above", "up", "move(-1)", "up"),
            ("option-below", "down", "move(1)", "down"),
        ),
        *keys.told(keys.TYPING, "on the options: tick an option", ("tick", "space", "tick", "tick")),
        *keys.told(
            keys.TYPING,
            "on the options: type the number of an option",
            *((f"digit-{digit}", digit, f"digit('{digit}')", f"digit {digit}") for digit in "0123456789"),
        ),
    ]

    cursor = reactive(0)
    ticked: reactive[frozenset[int]] = reactive(frozenset())

    tight = reactive(False, layout=True)  # whether each has one line, but for the one under the cursor

    def __init__(
        self,
        part: str,
        texts: Sequence[Content],
        several: bool,
        typed: Callable[[str], None],
        moved: Callable[[], None] = lambda: None,
    ) -> None:
        """Show options; `typed` gets a digit that is typed here, for the answer line; `moved`: the cursor has moved."""
        super().__init__(classes="options")
        self.part = part
        self.texts = list(texts)
        self.several = several
        self.typed = typed
        self._moved = moved

    @override
    def render(self) -> Content:
        """Return the options, one after the other."""
        lines: list[Content] = []
        digits = len(str(len(self.texts)))
        for number, text in enumerate(self.texts, 1):
            mark = "x" if number in self.ticked else " "
            box = f"[{mark}]" if self.several else f"({mark})"
            under_cursor = self.has_focus and number - 1 == self.cursor
            head = Content.assemble(">" if under_cursor else " ", f"{box} {number:>{digits}}  ")
            if under_cursor:
                head = head.stylize("bold")
            rows = _hung(head, text.stylize("bold") if under_cursor else text, max(20, self.size.width))
            if self.tight and number - 1 != self.cursor and len(rows) > 1:
                rows = [Content.assemble(head, text).truncate(max(20, self.size.width), ellipsis=True)]
            lines += rows
        return Content("\n").join(lines)

    @override
    def get_content_height(self, container: object, viewport: object, width: int) -> int:
        """Return how many rows they take."""
        digits = len(str(len(self.texts)))
        head = Content(" " * (6 + digits + 1))
        rows = [len(_hung(head, text, max(20, width))) for text in self.texts]
        return len(rows) - 1 + rows[self.cursor] if self.tight else sum(rows)

    def watch_cursor(self) -> None:
        """Have as many rows as that takes, and tell of it."""
        self.refresh(layout=self.tight)
        self._moved()

    @override
    def watch_has_focus(self, _focused: bool) -> None:
        """Show or hide the cursor."""
        self.refresh()

    def action_digit(self, digit: str) -> None:
        """Hand a digit on to the answer line, where numbers are typed."""
        self.typed(digit)

    def action_move(self, by: int) -> None:
        """Move the cursor; beyond either end, to what is there."""
        if 0 <= self.cursor + by < len(self.texts):
            self.cursor += by
        elif by > 0:
            self.screen.focus_next()
        else:
            self.screen.focus_previous()

    def action_tick(self) -> None:
        """Tick the option under the cursor, or take its tick away."""
        number = self.cursor + 1
        if self.several:
            self.ticked = self.ticked ^ {number}
        else:
            self.ticked = frozenset({number})
        self.post_message(Ticked(self.part, tuple(sorted(self.ticked))))


def _hung(head: Content, text: Content, width: int) -> list[Content]:
    """Return a text behind its number, its further lines under its first."""
    indent = head.cell_length
    rows = text.wrap(max(10, width - indent))
    return [Content.assemble(head if number == 0 else " " * indent, row) for number, row in enumerate(rows)]
