"""Who is there: the first screen where many learners share an account, and once in an assignment."""

from collections.abc import Iterable
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING, ClassVar, cast

from textual.binding import BindingType
from textual.containers import Horizontal
from textual.content import Content
from textual.widget import Widget
from textual.widgets import Static

from rnn_tutor.paths import MOST_ID, PathError
from rnn_tutor.tui import keys
from rnn_tutor.tui.screens.frame import FrameScreen, Items, Scroll
from rnn_tutor.tui.widgets.line import AnswerLine

if TYPE_CHECKING:
    from rnn_tutor.tui.host import Reception


class IdLine(AnswerLine):
    """The line for an id; what is no id is told when it is handed in."""

    def __init__(self) -> None:
        super().__init__("id")
        self.max_length = MOST_ID

    def restricted(self) -> None:
        """Take no more than an id may have."""


class LearnerScreen(FrameScreen):
    """Asks for the learner's id, and once more where nobody has worked under it yet."""

    BINDINGS: ClassVar[list[BindingType]] = [
        *keys.told(keys.ELSEWHERE, "where you type your id: leave", ("leave-kiosk", "escape", "app.quit", "leave")),
        *keys.untold(("nothing", "q", "nothing", "nothing")),
    ]

    @property
    def reception(self) -> "Reception":
        """The app, as far as it knows learners."""
        return cast("Reception", self.app)

    def body(self) -> Iterable[Widget]:
        """Return the question and the line."""
        self.line = IdLine()
        self.line.typed = self._typed
        self.line.submitted = self._begin
        question = Static(Content(self.reception.asked), classes="page", markup=False)
        name = Static(Content.assemble(("id", "bold"), " = "), classes="name", markup=False)
        return (Scroll(question, Horizontal(name, self.line, classes="typing")),)

    def on_mount(self) -> None:
        """Put the cursor on the line."""
        self.bar.left = Content.assemble(("rnn-tutor", "bold"))
        self.line.focus()

    def key_items(self) -> Items:
        """Return the two keys that there are."""
        return [("enter", "begin"), ("leave-kiosk", "leave")]

    def _typed(self, _line: AnswerLine) -> None:
        self.hush()

    def _begin(self, _part: str) -> None:
        learner = self.line.value.strip()
        if not learner:
            self.say("Type your id first.")
            return
        try:
            path = self.reception.file_of(learner)
            if path is not None and not _has_worked(path) and not self.confirmed(_nobody(learner)):
                return
            self.reception.welcome(learner)
        except PathError as error:
            self.say(error)

    def action_nothing(self) -> None:
        """A letter is no key here."""


def _nobody(learner: str) -> str:
    return f"Nobody has worked here as {learner} yet. Press Enter to start as {learner}, or correct the id."


def _has_worked(path: Path) -> bool:
    with suppress(OSError):  # a folder that cannot be read: the store says so
        return path.exists()
    return True
