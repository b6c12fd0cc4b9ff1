"""The answer line: one row, no border, no blinking, and no layout of the screen with each key."""

from collections.abc import Callable

from textual import events
from textual.geometry import Size
from textual.reactive import Reactive
from textual.widgets import Input

from rnn_tutor.tui.messages import TooLong
from rnn_tutor.tui.showable import plain

MOST = 2_000  # the engine reads no more


class AnswerLine(Input):
    """One line for one part of the answer; `part` says which."""

    # Textual's own has layout=True, which measures the whole screen again with each character typed.
    virtual_size = Reactive(Size(0, 0), layout=False)

    # Called with each change, not told by a message: the echo would come a frame after the character.
    typed: "Callable[[AnswerLine], None] | None" = None
    # Called on Enter, so that the focus has moved on before the next key comes.
    submitted: "Callable[[str], None] | None" = None

    def __init__(self, part: str, value: str = "", placeholder: str = "") -> None:
        super().__init__(
            plain(value), placeholder, max_length=MOST, select_on_focus=False, compact=True, classes="answer"
        )
        self.part = part
        self.cursor_blink = False

    def watch_value(self, _value: str) -> None:
        """Hand on what is typed."""
        if self.typed is not None:
            self.typed(self)

    async def action_submit(self) -> None:
        """Hand on that the answer is to be checked."""
        if self.submitted is not None:
            self.submitted(self.part)

    def _on_paste(self, event: events.Paste) -> None:
        """Take in all lines of a paste, as one."""
        from rnn_tutor.engine.language import one_line

        event.stop()
        event.prevent_default()
        self.replace(plain(one_line(event.text[: MOST * 10])), *self.selection)

    def restricted(self) -> None:
        """Say that it is too long, rather than ring."""
        self.post_message(TooLong(MOST))
