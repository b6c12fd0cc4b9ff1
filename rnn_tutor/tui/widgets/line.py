"""The answer line: one row, no border, no blinking, and no layout of the screen with each key."""

from collections.abc import Awaitable, Callable
from typing import ClassVar

from textual import events
from textual.binding import BindingType
from textual.geometry import Size
from textual.message import Message
from textual.reactive import Reactive
from typing_extensions import override

from rnn_tutor.tui import keys
from rnn_tutor.tui.messages import NothingBefore, TooLong
from rnn_tutor.tui.safe_content import plain
from rnn_tutor.tui.terminal.text_input import Input
from rnn_tutor.tui.trail import UNDO, Trail, place

MOST = 2_000  # the engine reads no more


class AnswerLine(Input):
    """One line for one part of the answer; `part` says which."""

    BINDINGS: ClassVar[list[BindingType]] = [
        *keys.told(keys.TYPING, "check the answer", ("enter", "enter", "submit", "check")),
        *keys.told(
            keys.TYPING,
            "undo: typing, deleting, pasting",
            ("undo", UNDO, "bring_back(-1)", "undo"),
            display="Ctrl+_",
        ),
        *keys.told(keys.TYPING, "redo", ("redo", "ctrl+y", "bring_back(1)", "redo")),
    ]

    # Textual's own has layout=True, which measures the whole screen again with each character typed.
    virtual_size = Reactive(Size(0, 0), layout=False)

    # Called with each change, not told by a message: the echo would come a frame after the character.
    typed: "Callable[[AnswerLine], None] | None" = None
    # Called on Enter, and waited for, so that the focus has moved on before the next key comes.
    submitted: "Callable[[str], Awaitable[None] | None] | None" = None

    def __init__(self, part: str, value: str = "", placeholder: str = "") -> None:
        super().__init__(
            plain(value), placeholder, max_length=MOST, select_on_focus=False, compact=True, classes="answer"
        )
        self.part = part
        self.cursor_blink = False
        self.trail = Trail()

    def watch_value(self, old: str, new: str) -> None:
        """Hand on what is typed, and keep what stood there."""
        if self.is_mounted:
            self.trail.changed(old, new)
        if self.typed is not None:
            self.typed(self)

    def put(self, text: str, trail: Trail) -> None:
        """Put a text there with its own trail: it is another text, and no change of the one that stood there."""
        self.trail = Trail()
        self.value = text
        self.trail = trail

    def action_bring_back(self, by: int) -> None:
        """Bring back what stood there before the last change (-1), or what was gone back from (1)."""
        earlier_text = self.trail.back(self.value) if by < 0 else self.trail.forth(self.value)
        if earlier_text is None:
            self.post_message(NothingBefore())
            return
        cursor = place(self.value, earlier_text)
        self.put(earlier_text, self.trail)
        self.cursor_position = cursor

    @override
    def validate(self, value: str) -> None:
        """Judge nothing: Textual would style the line anew for the first character, as valid."""

    @override
    def post_message(self, message: Message) -> bool:
        """Take a message. Of changes `typed` is told; the message of them would go through all that the line is in."""
        return isinstance(message, Input.Changed) or super().post_message(message)

    @override
    async def action_submit(self) -> None:
        """Hand on that the answer is to be checked."""
        if self.submitted is not None and (done := self.submitted(self.part)) is not None:
            await done

    def on_paste(self, event: events.Paste) -> None:
        """Take in all lines of a paste, as one."""
        from rnn_tutor.engine.reading.language import one_line

        event.stop()
        event.prevent_default()
        self.replace(plain(one_line(event.text[: MOST * 10])), *self.selection)

    @override
    def action_paste(self) -> None:
        """Paste what was copied here, as the terminal would."""
        self.on_paste(events.Paste(self.app.clipboard))

    @override
    def restricted(self) -> None:
        """Say that it is too long, rather than ring."""
        self.post_message(TooLong(MOST))
