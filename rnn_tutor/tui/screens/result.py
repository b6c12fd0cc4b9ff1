"""What came of a placement, a check or an exam: each question with what was said to it."""

from collections.abc import Iterable
from typing import TYPE_CHECKING, ClassVar

from textual import on
from textual.binding import BindingType
from textual.content import Content
from textual.widget import Widget
from textual.widgets import Static

from rnn_tutor.tui import keys
from rnn_tutor.tui.messages import Chosen
from rnn_tutor.tui.rows import Row
from rnn_tutor.tui.screens.frame import FrameScreen, Items, Scroll
from rnn_tutor.tui.sets import MARKS, TITLES
from rnn_tutor.tui.widgets.course import CourseList
from rnn_tutor.tui.widgets.verdict import verdict_text

if TYPE_CHECKING:
    from rnn_tutor.exercises.question import Part
    from rnn_tutor.tui.sets import Asked, QuestionSet

_SIGNS = {"right": "x", "partly": "~", "wrong": " ", "open": " "}
_TITLE = 44


class ResultScreen(FrameScreen):
    """The questions of a set that is over; each can be opened, with its hints and its solution."""

    BINDINGS: ClassVar[list[BindingType]] = [
        *keys.told(
            keys.SET,
            "after a placement: no longer count these units as known",
            ("take-back", "z", "take_back", "undo"),
        ),
        *keys.told(
            keys.SET,
            "after a check: go on in the course",
            ("next", "f8", "on", "on in the course"),
            ("next-letter", "right_square_bracket", "on", "on in the course"),
        ),
    ]
    letters = True

    def __init__(self, current: "QuestionSet") -> None:
        """Show what came of a set."""
        super().__init__()
        self.current = current

    def body(self) -> Iterable[Widget]:
        """Return how many were right, the questions, and what is said to the one under the cursor."""
        self.summary = Static(self._summary(), id="summary", markup=False)
        self.list = CourseList(self._row, self._say_more)
        self.feedback = Static(markup=False)
        self.column = Scroll(self.feedback, id="feedback")
        return (self.summary, self.list, self.column)

    def on_mount(self) -> None:
        """List the questions; the cursor is on the first that is not right."""
        self.bar.left = Content.assemble("rnn-tutor   ", (TITLES[self.current.sort], "bold"))
        rows = []
        for number, asked in enumerate(self.current.asked):
            position = self.session.position(asked.exercise)
            if position is not None:  # an exercise may be asked several times, so a row goes by its number
                rows.append(Row("exercise", str(number), position[0], position[1]))
        first = next((number for number, one in enumerate(self.current.asked) if one.mark != "right"), 0)
        self.list.show(rows, ("exercise", str(first)))
        self.set_focus(self.list)

    def key_items(self) -> Items:
        """Return the keys of the list, and what one can do besides."""
        more = {"placement": [("take-back", "undo")], "check": [("next-letter", "go on")], "exam": []}
        return [("row-up row-down", "choose"), ("open", "open it"), *more[self.current.sort],
                ("page-up page-down", "scroll"), ("back", "to the course")]  # fmt: skip

    def _summary(self) -> Content:
        current = self.current
        count = f"{current.right} of {len(current.asked)} right. "
        if current.sort != "placement":
            return Content(f"{count}Your answers are saved. Each question opens with its hints and its solution.")
        titles = [self.session.library.unit(one.unit).title for one in current.asked if one.mark == "right"]
        known = self.show(", ".join(titles))
        if not titles:
            return Content(f"{count}No unit is marked as known. Begin wherever you like.")
        return Content.assemble(
            f"{count}Known now: ",
            known,
            ". Their exercises are suggested last, and what they train comes back for review.",
        )

    def _asked(self, row: Row) -> "Asked":
        return self.current.asked[int(row.id)]

    def _row(self, row: Row) -> Content:
        asked = self._asked(row)
        room = max(12, min(_TITLE, self.list.size.width - 24))
        title = self.show(row.entry.title if row.entry else asked.exercise).truncate(room, ellipsis=True, pad=True)
        word = "I do not know" if asked.skipped and asked.mark == "open" else MARKS[asked.mark]
        return Content.assemble(f"  [{_SIGNS[asked.mark]}] ", title, f"  {word}")

    def _say_more(self) -> None:
        row = self.list.current
        if row is None:
            return
        asked = self._asked(row)
        visit = asked.visit
        lines = [self.show(row.entry.title if row.entry else asked.exercise, style="bold")]
        if visit is None or not visit.verdicts:
            lines.append(Content("Not answered."))
        else:
            lines += [self._said(asked, part) for part in visit.question.parts]
        self.feedback.update(Content("\n").join(lines))
        self.column.scroll_home(animate=False)
        self.tell_more_soon()

    def _said(self, asked: "Asked", part: "Part") -> Content:
        visit = asked.visit
        name = "answer" if part.ask.options else part.name
        if visit is None or part.name not in visit.verdicts:
            return Content.assemble(self.show(name, style="bold"), ": not answered.")
        verdict = visit.verdicts[part.name]
        text = self.show(visit.texts.get(part.name, "").strip(), lines=part.kind == "program")
        between = "\n" if part.kind == "program" else " = " if not part.ask.options else ": "
        said = verdict_text(part, verdict, self.terminal.ascii_only)
        return Content.assemble(self.show(name, style="bold"), between, text, "\n", said)

    @on(Chosen)
    def _chosen(self, message: Chosen) -> None:
        self.tutor.open_answered(self.current, self._asked(message.row))

    def action_take_back(self) -> None:
        """Have the units of a placement count as not known."""
        if self.current.sort == "placement":
            self.session.sets.take_back(self.current)
            self.say("These units do not count as known any more.")

    def action_on(self) -> None:
        """Go on in the course, after the unit that was checked."""
        if self.current.sort != "check":
            self.action_back()
            return
        unit = self.session.library.unit(self.current.begun.units[0])
        self.tutor.go_on(self.session.following(unit.exercises[-1].id))
