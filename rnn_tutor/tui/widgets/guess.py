"""A prediction: what is asked, what can be predicted, the line for it, and what came of it."""

from collections.abc import Callable
from typing import TYPE_CHECKING

from textual.containers import Horizontal, Vertical
from textual.content import Content
from textual.widgets import Static

from rnn_tutor.tui.showable import plain, prose
from rnn_tutor.tui.widgets.line import AnswerLine

if TYPE_CHECKING:
    from rnn_tutor.exercises.labs.predict import Told
    from rnn_tutor.exercises.verdict import Reading
    from rnn_tutor.tui.labs import LabVisit

_SIDE_BY_SIDE = 3  # columns between options on one line


class Guess(Vertical):
    """The prediction that a visit is at."""

    def __init__(self, visit: "LabVisit", ascii_only: bool, typed: Callable[[str], None], submit: Callable[[], None]):  # noqa: ANN204
        self.visit = visit
        self._ascii = ascii_only
        self._asked = Static(id="asked", markup=False)
        self._options = Static(id="outcomes", markup=False)
        self.line = AnswerLine("guess")
        self._handed = typed
        self.line.typed = lambda line: self._typed(line.value)
        self.line.submitted = lambda _: submit()
        self._row = Horizontal(Static("I say: ", classes="name", markup=False), self.line, classes="typing")
        self._said = Static(id="came", markup=False)
        super().__init__(self._asked, self._options, self._row, self._said, id="guess")

    def fill(self) -> None:
        """Show the prediction, and what came of it if it was made."""
        visit = self.visit
        asked = visit.bench.lab.predict[visit.place]
        count = len(visit.bench.lab.predict)
        told = visit.told.get(visit.place)
        seen = " (You have been there already: it counts as seen first.)" if visit.place in visit.seen else ""
        head = Content.assemble((f"Predict {visit.place + 1} of {count}  ", "bold"), self._prose(asked.ask))
        self._asked.update(Content.assemble(head, seen if told is None else ""))
        self._options.display = bool(asked.options) and told is None
        self._options.update(self._outcomes())
        self._row.display = told is None
        if self.line.value != visit.texts.get(visit.place, ""):
            self.line.value = visit.texts.get(visit.place, "")
        self._said.update(self._came(told) if told is not None else "")
        self._said.display = told is not None

    def show_reading(self, reading: "Reading | None") -> None:
        """Say how the line is understood."""
        says = "" if reading is None else reading.says
        self._said.update(plain(says, ascii_only=self._ascii))
        self._said.display = bool(says)

    def _typed(self, text: str) -> None:
        if self._row.display:
            self._handed(text)

    def _outcomes(self) -> Content:
        """The options: side by side where they fit on a line, else one below the other."""
        texts = [
            plain(one.text, ascii_only=self._ascii) for one in self.visit.bench.lab.predict[self.visit.place].options
        ]
        parts = [Content.assemble((f"{k} ", "bold"), text) for k, text in enumerate(texts, start=1)]
        whole = Content(" " * _SIDE_BY_SIDE).join(parts)
        return whole if whole.cell_length <= self.size.width else Content("\n").join(parts)

    def on_resize(self) -> None:
        """Lay the options out anew."""
        self._options.update(self._outcomes())

    def _came(self, told: "Told") -> Content:
        right = told.verdict == "right"
        lead = ("Right. ", "bold ansi_green") if right else ("Not so. ", "bold")
        guess, truth = (plain(text, ascii_only=self._ascii) for text in (told.guess, told.truth))
        numbers = self.visit.bench.lab.predict[self.visit.place].answer is not None
        if right and not numbers:
            said = Content(f"{_sentence(truth)} ")
        else:
            said = Content.assemble(f"You said {guess}; it is ", (truth, "bold"), ". ")
        return Content.assemble(lead, said, self._prose(told.says), self._after())

    def _after(self) -> str:
        visit = self.visit
        if visit.next_open is not None:
            return " Tab: the next one."
        count = len(visit.told)
        return f" That was the last: {visit.score} of {count} came as you said."

    def _prose(self, text: str) -> Content:
        return prose(text, ascii_only=self._ascii)


def _sentence(text: str) -> str:
    """Return a few words as a sentence."""
    return f"{text[:1].upper()}{text[1:].rstrip('.')}."
