"""A question of a placement, a check or an exam: an exercise without help, of which nothing is said before the end."""

from collections.abc import Sequence
from typing import TYPE_CHECKING, ClassVar

from textual.binding import BindingType
from textual.content import Content
from typing_extensions import override

from rnn_tutor.tui import keys
from rnn_tutor.tui.screens.exercise import ExerciseScreen
from rnn_tutor.tui.screens.frame import Items
from rnn_tutor.tui.visits import ExerciseVisit
from rnn_tutor.tui.widgets.line import AnswerLine

if TYPE_CHECKING:
    from rnn_tutor.tui.sets import Asked, QuestionSet
    from rnn_tutor.tui.widgets.part import PartBox

_KEPT = "Here is what you typed before."


class QuestionScreen(ExerciseScreen):
    """The question of a set that is in front."""

    BINDINGS: ClassVar[list[BindingType]] = [
        *keys.told(keys.SET, "how much time is left", ("time-left", "f2,t", "time_left", "time left")),
        *keys.told(keys.SET, "hand in: all that you typed is marked", ("hand-in", "f3,s", "hand_in", "hand in")),
        *keys.told(
            keys.SET,
            "I do not know: leave this question out",
            ("skip", "f4", "skip", "leave out"),
            ("skip-letter", "n", "skip", "leave out"),
        ),
        *keys.told(
            keys.SET,
            "the previous, the next question",
            ("previous", "f7", "neighbour(-1)", "previous question"),
            ("next", "f8", "neighbour(1)", "next question"),
            ("previous-letter", "left_square_bracket", "neighbour(-1, False)", "previous question"),
            ("next-letter", "right_square_bracket", "neighbour(1, False)", "next question"),
        ),
        *keys.untold(("not-here", "ctrl+t,b,g,h,u,slash", "not_here", "not before the end")),
    ]

    kind = "question"

    def __init__(self, current: "QuestionSet", visit: "ExerciseVisit", *, typing: bool = True) -> None:
        """Show the question in front, whose visit is there already."""
        super().__init__(visit, typing=typing, ahead=True)  # nothing of it is kept as of an exercise
        self.current = current
        self.asked: Asked = current.asked[current.place]

    def about(self, numbers: str) -> Sequence[str]:
        """Return what it is a question of, and which."""
        return self.current.sort, f"question {self.current.place + 1} of {len(self.current.asked)}"

    def key_items(self) -> Items:
        """Return the keys for typing, or the letters."""
        time = [("time-left", "time")] if self.current.begun.minutes else []
        on = ("previous next", "questions")
        if isinstance(self.focused, AnswerLine):
            return [("enter", "answer"), ("skip", "I don't know"), on, ("hand-in", "hand in"), *time, ("help", "help"),
                    ("leave", "")]  # fmt: skip
        if any(self.focused is box.entry for box in self.boxes):
            return [("run", "answer"), ("skip", "I don't know"), on, ("hand-in", "hand in"), *time, ("leave", "")]
        letters = ("previous-letter next-letter", "questions")
        return [("enter", "answer"), ("skip-letter", "I don't know"), letters, ("hand-in", "hand in"), *time,
                ("pad", "pad"), ("help", ""), ("back", "back")]  # fmt: skip

    def on_mount(self) -> None:
        """Count the time from now on; say what was typed before the program ended."""
        self.asked.enter()
        self.call_after_refresh(self.tutor.foresee, self.visit)
        if self.asked.resumed:
            self.asked.resumed = False
            self.call_after_refresh(self.say, _KEPT)
        elif self.current.fewer and not self.current.told:
            self.call_after_refresh(self.say, self.current.fewer)
        self.current.told = True

    def on_unmount(self) -> None:
        """Keep what is typed."""
        self.asked.leave()
        self.session.sets.keep(self.current, self.asked)

    @override
    def opening_sentence(self) -> str:
        """Return nothing: the words and the page of a unit would be help."""
        return ""

    # answering

    def _typed(self, box: "PartBox") -> None:
        super()._typed(box)
        self.tutor.later("typed", self._keep)

    def _keep(self) -> None:
        """Keep what is typed as soon as the learner rests."""
        if self.is_mounted:
            self.session.sets.keep(self.current, self.asked)

    async def _check(self, part: str) -> None:
        """Take an answer, and go on to what is open."""
        box = self._box(part)
        if self.current.seconds_left() == 0:
            self.tutor.finish_set(self.current)
            return
        if not self.asked.text(part):
            self.say(f"Type an answer. If you do not know it, press {self.key('skip')}.")
            return
        reading = self.exercises.read(self.visit, part, box.text)
        if reading is not None and reading.error is not None:
            self.say(f"This cannot be read as an answer. Correct it, or press {self.key('next')} to go on.")
            return
        self.asked.skipped = False
        self.hush()
        self._keep()
        open_box = next((other for other in self.boxes if not self.asked.text(other.part.name)), None)
        if open_box is not None:
            self.set_focus(open_box.first)
            self.bring(open_box)
        else:
            self._go_on()

    def _go_on(self) -> None:
        """Go to the next open question; without any, a placement and a check are over."""
        self._fill_after()
        following = self.current.following()
        if following is not None:
            self.tutor.open_question(self.current, following)
        elif self.current.sort == "exam":
            self.say(f"You have answered every question. {self.key('hand-in')} hands the exam in.")
        else:
            self.tutor.finish_set(self.current)

    def _fill_after(self) -> None:
        """Say how many questions are answered, and nothing of how."""
        left = self.current.left
        self.after.update(Content(f"{len(self.current.asked) - left} of {len(self.current.asked)} questions answered."))

    def action_skip(self) -> None:
        """Leave the question out."""
        self.session.sets.skip(self.current, self.asked)
        self._go_on()

    def action_hand_in(self) -> None:
        """Have all marked; what is open is told right before."""
        left = self.current.left
        waiting = "1 question is" if left == 1 else f"{left} questions are"
        if not left or self.confirmed(
            f"{waiting} not answered. Press {self.key('hand-in')} again to hand in all the same."
        ):
            self.tutor.finish_set(self.current)

    def action_time_left(self) -> None:
        """Say how much time is left."""
        self.say(self.current.time_left)

    def action_neighbour(self, by: int, typing: bool = True) -> None:
        """Go to another question, after the last to the first."""
        place = (self.current.place + by) % len(self.current.asked)
        if place == self.current.place:
            self.say("This is the only question.")
        else:
            self.tutor.open_question(self.current, place, typing=typing and self.focused is not None)

    # what there is not before the end

    @property
    def no_help(self) -> str:
        """That there is no help here, in a sentence."""
        return f"There is no help in {_ARTICLES[self.current.sort]}. At the end you see what was right."

    def action_not_here(self) -> None:
        """Say that there is no help."""
        self.say(self.no_help)

    action_hint = action_solution = action_step = action_page = action_words = action_rate = action_not_here

    async def action_check_all(self) -> None:
        """Take what is typed: nothing is marked before the end."""
        await self._check(self._box_in_use().part.name)

    def page_beside(self, width: int, height: int) -> Content:
        """Show no page: it would be help."""
        return Content()

    def action_new_numbers(self, typing: bool = True) -> None:
        """Say that there are no other numbers."""
        self.say("The numbers stay the same here.")

    def action_original(self) -> None:
        """Say that there are no other numbers."""
        self.action_new_numbers()

    def action_back(self) -> None:
        """Leave it for now; it is there again as it was left."""
        self.app.pop_screen()
        self.tutor.tell_waiting(self.current)


_ARTICLES = {"placement": "a placement", "check": "a check", "exam": "an exam"}
