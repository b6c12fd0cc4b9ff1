"""A step on the way to an answer, to check oneself on: what to compute, a line for it, what is said. Never counted."""

from collections.abc import Callable
from typing import TYPE_CHECKING

from textual.app import ComposeResult
from textual.containers import Horizontal, Vertical
from textual.content import Content
from textual.widgets import Static
from typing_extensions import override

from rnn_tutor.tui.safe_content import plain, prose, showable
from rnn_tutor.tui.widgets.line import AnswerLine
from rnn_tutor.tui.widgets.said import lead

if TYPE_CHECKING:
    from collections.abc import Sequence

    from rnn_tutor.exercises.diagnosis.checkpoints import Checked, Checkpoint
    from rnn_tutor.exercises.verdict import Reading

_LEADS = {"right": "Right.", "rounded": "Nearly."}


class StepBox(Vertical):
    """The steps towards one part, one at a time.

    `read` tells how a text is understood, `check` whether it is a step's value; `right` is called with each that is.
    """

    def __init__(
        self,
        part: str,
        points: "Sequence[Checkpoint]",
        place: int,
        ascii_only: bool,
        *,
        read: "Callable[[Checkpoint, str], Reading]",
        check: "Callable[[Checkpoint, str], Checked]",
        right: "Callable[[StepBox], None]",
    ) -> None:
        super().__init__(classes="part later step")
        self.part = part
        self.points = points
        self.place = min(place, len(points) - 1)
        self.line = AnswerLine(part)
        self.line.typed = lambda _: self._typed()
        self.line.submitted = lambda _: self.check()
        self._ascii = ascii_only
        self._read = read
        self._check = check
        self._right = right
        self._asked = Static(classes="asked", markup=False)
        self._echo = Static(classes="echo", markup=False)
        self._said = Static(classes="verdict", markup=False)

    @override
    def compose(self) -> ComposeResult:
        """Lay them out from top to bottom."""
        yield self._asked
        with Horizontal(classes="typing"):
            yield Static("your value = ", classes="name", markup=False)
            yield self.line
        yield self._echo
        yield self._said

    def on_mount(self) -> None:
        """Say what to compute."""
        self._ask()
        self._set(self._echo, Content())
        self._set(self._said, Content())

    def check(self) -> None:
        """Say whether what is typed is the value; of one that is right, go on to the next step."""
        if not self.line.value.strip():
            return
        checked = self._check(self.points[self.place], self.line.value)
        if checked.verdict == "not_understood":  # the line above says why
            return
        sentence = prose(checked.says, ascii_only=self._ascii)
        words = _LEADS.get(checked.verdict)
        said = Content.assemble(lead(checked.verdict, words), " ", sentence) if words is not None else sentence
        if checked.verdict == "right" and self.place + 1 < len(self.points):
            self.place += 1
            self._ask()
            self.line.value = ""
            said = Content.assemble(said, " Here is the next step.")
        elif checked.verdict == "right":
            said = Content.assemble(said, " That was the last step: now the answer itself.")
        self._set(self._said, said)
        if checked.verdict == "right":
            self._right(self)

    def _ask(self) -> None:
        text = plain(self.points[self.place].text, ascii_only=self._ascii)
        lead = f"Step {self.place + 1} of {len(self.points)}, not counted. Your value of "
        self._set(self._asked, Content.assemble(lead, (text, "bold"), ":"))

    def _typed(self) -> None:
        text = self.line.value
        reading = self._read(self.points[self.place], text) if text.strip() else None
        said = "" if reading is None else reading.says
        self._set(self._echo, showable(said, ascii_only=self._ascii, style="dim"))
        if text.strip():
            self._set(self._said, Content())

    def _set(self, row: Static, content: Content) -> None:
        row.update(content)
        row.display = bool(content)
