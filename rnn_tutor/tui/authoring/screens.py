"""The screens that only an author sees: all findings, and the wait for a file that can be shown."""

from collections.abc import Callable, Iterable
from typing import ClassVar

from textual.app import ComposeResult
from textual.binding import BindingType
from textual.content import Content
from textual.widget import Widget
from textual.widgets import Static

from rnn_tutor.tui import keys
from rnn_tutor.tui.authoring.panel import Panel, State, hung, lines_of
from rnn_tutor.tui.screens.frame import FrameScreen, Items, Scroll


class FindingsScreen(FrameScreen):
    """All that was found, however much it is."""

    BINDINGS: ClassVar[list[BindingType]] = [
        *keys.told(
            keys.WRITE,
            "from the file's own screen: leave",
            ("back", "q", "back", "back"),
            ("back-escape", "escape", "back", "back"),
        ),
    ]

    def __init__(self, state: Callable[[], State], *, id: str | None = None) -> None:
        super().__init__(id=id)
        self.file_state = state

    def compose(self) -> ComposeResult:
        """Lay the frame around them, without the panel that has a few of them."""
        yield from (widget for widget in super().compose() if not isinstance(widget, Panel))

    def body(self) -> Iterable[Widget]:
        """Return the column with the findings."""
        self.text = Static(markup=False)
        return (Scroll(self.text),)

    def on_mount(self) -> None:
        """Say what is known so far."""
        self.fill()

    def on_resize(self) -> None:
        """Fold anew."""
        self.fill()

    def key_items(self) -> Items:
        """Return the keys of a text."""
        back = "back" if len(self.app.screen_stack) > 1 else "leave"
        return [("line-up line-down page-up page-down", "scroll"), ("help", "help"), ("back", back)]

    def fill(self) -> None:
        """Say it all anew."""
        state, width, ascii_only = self.file_state(), self.width - 2, self.terminal.ascii_only
        self.bar.left = Content.assemble("rnn-tutor   ", self.show(state.name, style="bold"), "   findings")
        self.bar.right = Content(state.counts)
        rows = hung(Content(), self.show(state.trouble, style="bold"), width) if state.trouble else []
        for lines in lines_of(state.findings, width, ascii_only):
            rows += lines
        nothing = "Reading it ..." if state.checking else "There is nothing to fix."
        self.text.update(Content("\n").join(rows) if rows else Content(nothing))
        self.tell_more_soon()
