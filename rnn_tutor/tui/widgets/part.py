"""One part of an exercise: what is asked, the options, the answer line, how it is read, what is said to it."""

from typing import TYPE_CHECKING

from textual.app import ComposeResult
from textual.containers import Horizontal, Vertical
from textual.content import Content
from textual.widgets import Static

from rnn_tutor.tui.showable import plain, prose, showable
from rnn_tutor.tui.widgets import verdict as verdicts
from rnn_tutor.tui.widgets.line import AnswerLine
from rnn_tutor.tui.widgets.options import Options

if TYPE_CHECKING:
    from rnn_tutor.exercises.mark import Verdict
    from rnn_tutor.exercises.question import Part
    from rnn_tutor.exercises.reading import Reading

_EXAMPLES = {
    "scalar": "a number, such as 0.25 or 1/4",
    "vector": "a vector, such as [0.5, -1]",
    "matrix": "a matrix, such as [1 2; 3 4]",
    "shape": "a shape, such as (2, 3)",
    "choice": "the number of one option",
    "checklist": "numbers, such as 1 3, or Space to tick",
}


class PartBox(Vertical):
    """Everything that belongs to one part."""

    def __init__(self, part: "Part", text: str, alone: bool, ascii_only: bool) -> None:
        super().__init__(classes="part")
        self.part = part
        self.alone = alone
        self.ascii_only = ascii_only
        self.line = AnswerLine(part.name, text, _EXAMPLES.get(part.kind, ""))
        self.options: Options | None = None
        if part.ask.options:
            texts = [prose(option.text, ascii_only=ascii_only) for option in part.ask.options]
            self.options = Options(part.name, texts, part.kind == "checklist", self._digit)
        self._echo = Static(classes="echo", markup=False)
        self._verdict = Static(classes="verdict", markup=False)

    def compose(self) -> ComposeResult:
        """Lay them out from top to bottom."""
        if self.part.ask.prompt and not self.alone:
            yield Static(prose(self.part.ask.prompt, ascii_only=self.ascii_only), classes="asked")
        if self.options is not None:
            yield self.options
        with Horizontal(classes="typing"):
            name = "answer" if self.options is not None else plain(self.part.name, ascii_only=self.ascii_only)
            yield Static(Content.assemble((name, "bold"), " = " if self.options is None else ": "), classes="name")
            yield self.line
        yield self._echo
        yield self._verdict

    def show_reading(self, reading: "Reading | None") -> None:
        """Show how the text on the line is understood (None: nothing is typed)."""
        if reading is None:
            self._set(self._echo, Content())
            self._tick(None)
            return
        self._set(self._echo, showable(reading.says, ascii_only=self.ascii_only, style="dim"))
        self._tick(reading.value)

    def show_verdict(self, verdict: "Verdict | None") -> None:
        """Show a verdict (None: take it away)."""
        self._set(self._verdict, Content() if verdict is None else verdicts.said(self.part, verdict, self.ascii_only))

    def _digit(self, digit: str) -> None:
        """Go on with a number on the line."""
        text = self.line.value.strip()
        self.screen.set_focus(self.line)
        self.line.value = f"{text} {digit}" if text else digit
        self.line.cursor_position = len(self.line.value)

    def _tick(self, picked: object) -> None:
        if self.options is not None:
            self.options.ticked = picked if isinstance(picked, frozenset) else frozenset()

    def _set(self, row: Static, content: Content) -> None:
        # The screen is measured again only when the height changes: a key then costs two rows, not a screen.
        old = row.content
        width = max(1, row.size.width)
        same = isinstance(old, Content) and row.display == bool(content)
        same = same and len(old.wrap(width)) == len(content.wrap(width))  # type: ignore[union-attr]
        row.display = bool(content)
        row.update(content, layout=not same)
