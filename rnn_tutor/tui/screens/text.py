"""What the screens share that are only read: help, progress, the closing page, the givens as code."""

from collections.abc import Iterable

from textual.content import Content
from textual.widget import Widget
from textual.widgets import Static

from rnn_tutor.tui.screens.frame import FrameScreen, Items, Scroll


class TextScreen(FrameScreen):
    """A title and a text that scrolls."""

    name_shown = ""

    def body(self) -> Iterable[Widget]:
        """Return the column with the text."""
        self.page = Static(self.text(), classes="page", markup=False)
        return (Scroll(self.page),)

    def text(self) -> Content:
        """Return the text."""
        return Content()

    def on_mount(self) -> None:
        """Say which screen it is."""
        self.bar.left = self.heading()

    def heading(self) -> Content:
        """Return what the top row says."""
        return Content.assemble("rnn-tutor   ", (self.name_shown, "bold"))

    def key_items(self) -> Items:
        """Return the keys of a page."""
        return [("page-up page-down", "scroll"), ("search", "search"), ("back", "back")]
