"""A prediction: what is asked, what can be predicted, the line for it, and what came of it."""

from collections.abc import Callable
from typing import TYPE_CHECKING

from textual.containers import Horizontal, Vertical
from textual.content import Content
from textual.widgets import Static

from rnn_tutor.tui.safe_content import plain, prose
from rnn_tutor.tui.widgets.line import AnswerLine
from rnn_tutor.tui.widgets.said import lead

if TYPE_CHECKING:
    from rnn_tutor.exercises.labs.model import Prediction
    from rnn_tutor.exercises.labs.predict import Told
    from rnn_tutor.exercises.verdict import Reading
    from rnn_tutor.tui.visits import LabVisit

_GAP = "   "
_ROOM = 34  # columns that the line needs beside the options: its name, what is typed, how it is read


class Guess(Vertical):
    """The prediction that a visit is at."""

    def __init__(
        self,
        visit: "LabVisit",
        ascii_only: bool,
        typed: Callable[[str], None],
        submit: Callable[[], None],
        next_key: Callable[[], str],
    ) -> None:
        """Ask for it; `next_key` gives the key that goes on to the next one."""
        self.visit = visit
        self._ascii = ascii_only
        self._on_typed = typed
        self._next_key = next_key
        self._question = Static(id="asked", markup=False)
        self._options_above = Static(id="outcomes", markup=False)
        self._options_beside = Static(classes="name", markup=False)
        self._reading = Static(classes="name", markup=False)
        self._outcome = Static(id="came", markup=False)
        self.line = AnswerLine("guess")
        self.line.typed = lambda line: self._typed(line.value)
        self.line.submitted = lambda _: submit()
        self._row = Horizontal(
            self._options_beside,
            Static("I say: ", classes="name", markup=False),
            self.line,
            self._reading,
            classes="typing",
        )
        super().__init__(self._question, self._options_above, self._row, self._outcome, id="guess")

    def fill(self) -> None:
        """Show the prediction, or, if it was made, what came of it."""
        visit = self.visit
        outcome = visit.outcomes.get(visit.place)
        for part in (self._question, self._row):
            part.display = outcome is None
        if outcome is None:
            self._question.update(Content.assemble(self._head(), self._prose(self._prediction.ask)))
            self._lay_out()
            self.line.put(visit.texts.get(visit.place, ""), visit.trail(visit.place))
            self._reading.update("")
            self._say(Content())
        else:
            self._options_above.display = False
            self._say(Content.assemble(self._head(), self._outcome_text(outcome)))

    def show_reading(self, reading: "Reading | None") -> None:
        """Say how the line is understood: beside it, and below it what to type instead."""
        sentence = "" if reading is None else plain(reading.says, ascii_only=self._ascii)
        understood = reading is not None and reading.error is None
        self._reading.update(f"  {sentence}" if understood else "")
        self._say(Content("" if understood else sentence))

    def on_resize(self) -> None:
        """Lay the options out anew."""
        self._lay_out()

    @property
    def _prediction(self) -> "Prediction":
        return self.visit.bench.lab.predict[self.visit.place]

    def _head(self) -> Content:
        looked_up = " (seen first)" if self.visit.place in self.visit.looked_up else ""
        return Content.styled(
            f"Predict {self.visit.place + 1} of {len(self.visit.bench.lab.predict)}{looked_up}  ", "bold"
        )

    def _typed(self, text: str) -> None:
        if self._row.display:
            self._on_typed(text)

    def _say(self, content: Content) -> None:
        self._outcome.update(content)
        self._outcome.display = bool(content)

    def _lay_out(self) -> None:
        """Put the options beside the line where they fit, else above it, on one line or one below the other."""
        texts = [plain(option.text, ascii_only=self._ascii) for option in self._prediction.options]
        parts = [Content.assemble((f"{k} ", "bold"), text) for k, text in enumerate(texts, start=1)]
        in_one_line = Content(_GAP).join(parts)
        width = self.size.width
        beside = bool(parts) and in_one_line.cell_length + _ROOM <= width
        self._options_beside.update(Content.assemble(in_one_line, _GAP) if beside else "")
        self._options_above.update(in_one_line if in_one_line.cell_length <= width else Content("\n").join(parts))
        self._options_above.display = bool(parts) and not beside and self._row.display

    def _outcome_text(self, outcome: "Told") -> Content:
        right = outcome.verdict == "right"
        said = lead("right", "Right. ") if right else lead("wrong", "Not this time. ")
        before, truth, after = (plain(text, ascii_only=self._ascii) for text in outcome.answer)
        answer = Content.assemble(before, (truth, "bold"), f"{after} ")
        return Content.assemble(said, answer, self._prose(outcome.says), self._after())

    def _after(self) -> str:
        if self.visit.next_open is not None:
            return f" {self._next_key()}: the next one."
        return f" Done: you predicted {self.visit.score} of {len(self.visit.outcomes)} correctly."

    def _prose(self, text: str) -> Content:
        return prose(text, ascii_only=self._ascii)
