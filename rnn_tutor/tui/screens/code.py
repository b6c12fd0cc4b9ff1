"""The givens as NumPy code."""

from typing import TYPE_CHECKING, ClassVar

from textual.binding import BindingType
from textual.content import Content

from rnn_tutor.tui import keys
from rnn_tutor.tui.screens.frame import Items
from rnn_tutor.tui.screens.text import TextScreen
from rnn_tutor.tui.widgets.inked import inked

if TYPE_CHECKING:
    from rnn_tutor.tui.visits import ExerciseVisit


class CodeScreen(TextScreen):
    """The given numbers as code, to select with the mouse or to copy with a key."""

    name_shown = "The givens as NumPy code"
    BINDINGS: ClassVar[list[BindingType]] = [
        *keys.told(keys.ELSEWHERE, "on the page with the givens as code: copy it", ("copy", "y", "copy", "copy")),
    ]

    def __init__(self, visit: "ExerciseVisit") -> None:
        super().__init__()
        self._visit = visit

    @property
    def code(self) -> str:
        """The code."""
        from rnn_tutor.exercises.question import numpy_code

        return numpy_code(self._visit.question)

    def text(self) -> Content:
        """Return the code as it can be shown."""
        return inked(self.show(self.code, lines=True))

    def key_items(self) -> Items:
        """Return the keys of this page."""
        return [("copy", "copy"), ("page-up page-down", "scroll"), ("back", "back")]

    def action_copy(self) -> None:
        """Copy the code."""
        self.say(self.tutor.copy(self.code, "the givens"))
