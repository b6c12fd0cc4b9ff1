"""Who is there: the first screen where many learners share an account."""

from collections.abc import Iterable
from contextlib import suppress
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

_ASKED = """\
Who are you? Type the id that you were given, or choose one the first time, and press Enter.

Your answers are kept under this id. This is not a password: anyone who types your id continues your work.
"""


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

    _new_learner: str | None = None

    @property
    def reception(self) -> "Reception":
        """The app, as far as it knows learners."""
        return cast("Reception", self.app)

    def body(self) -> Iterable[Widget]:
        """Return the question and the line."""
        self.line = IdLine()
        self.line.typed = self._typed
        self.line.submitted = self._begin
        question = Static(Content(_ASKED), classes="page", markup=False)
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
        self._new_learner = None
        self.hush()

    def _begin(self, _part: str) -> None:
        learner = self.line.value.strip()
        if not learner:
            self.say("Type your id first.")
            return
        try:
            has_worked = self._has_worked(learner)
            if has_worked or self._new_learner == learner:
                self.reception.welcome(learner)
                return
        except PathError as error:
            self.say(error)
            return
        self._new_learner = learner
        self.say(f"Nobody has worked here as {learner} yet. Press Enter to start as {learner}, or correct the id.")

    def _has_worked(self, learner: str) -> bool:
        path = self.reception.file_of(learner)
        with suppress(OSError):  # a folder that cannot be read: the store says so
            return path.exists()
        return True

    def action_nothing(self) -> None:
        """A letter is no key here."""
