"""How screens follow one another: what is opened on top of the one in front, or in its place.

Screens are imported when the first of their kind is opened: the first frame needs one of them.
"""

import math
import threading
from collections.abc import Callable, Hashable, Sequence
from functools import cached_property, partial
from typing import TYPE_CHECKING

from textual.screen import Screen
from textual.timer import Timer
from typing_extensions import override

from rnn_tutor.tui.choosing import Choosing
from rnn_tutor.tui.late_imports import Warm, short_turns
from rnn_tutor.tui.pauses import REST, Pauses
from rnn_tutor.tui.screens.course import CourseScreen
from rnn_tutor.tui.screens.frame import FrameScreen
from rnn_tutor.tui.terminal.capabilities import Options, Terminal
from rnn_tutor.tui.terminal.key_order import drained

if TYPE_CHECKING:
    from rnn_tutor.engine.graph.graph import Node
    from rnn_tutor.exercises.labs.model import Lab
    from rnn_tutor.exercises.model import Exercise
    from rnn_tutor.exercises.trace import Trace
    from rnn_tutor.figures.figure import Figure
    from rnn_tutor.progress.notes import Sort
    from rnn_tutor.tui.actions import Action
    from rnn_tutor.tui.beforehand import Beforehand
    from rnn_tutor.tui.screens.look import LookScreen
    from rnn_tutor.tui.session import Following, Session
    from rnn_tutor.tui.sets import Asked, AskedFor, QuestionSet
    from rnn_tutor.tui.visits import ExerciseVisit, LabVisit

_FORESEE = 0.03  # seconds without a key: before who types fast has typed an answer; it is done in a thread
_ONLY_GIVENS = "You see only what the question shows; solve it to see the steps too."


class Navigation(Choosing, inherit_bindings=False):
    """An app whose screens open one another; what it is asked for is in `host.Host`."""

    def __init__(self, terminal: Terminal, options: Options) -> None:
        super().__init__(terminal, options)
        self._alarm: Timer | None = None  # for the end of an exam: the only timer, and it rings once
        self.last_opened: str | None = None
        self._warm = Warm()
        self.pauses = Pauses(lambda error: self.failed(error, "in a pause"))

    @cached_property
    def _beforehand(self) -> "Beforehand":
        from rnn_tutor.tui.beforehand import Beforehand  # late: before the first key it makes nothing

        return Beforehand(self, self.pauses, self._engine, self._circumstances)

    @property
    def session(self) -> "Session":
        """The sitting."""
        raise NotImplementedError

    @override
    def has_painted(self) -> None:
        """Begin nothing before one has looked at it."""
        self.pauses.painted()

    def open_exercise(self, exercise: str, *, instead: bool = False, typing: bool = True) -> None:
        """Open an exercise as it was left, on top or `instead` of the screen in front; `typing`: with a line active."""
        self.pauses.hold()  # the first exercise takes longer than a rest, and what is imported then would be in its way
        if self.session.exercises.seed_of(exercise) is None:
            self._warm.wait_to_open()
        else:
            self._warm.wait()
        from rnn_tutor.tui.screens.exercise import ExerciseScreen
        from rnn_tutor.tui.visits import TroubleError

        screen: Screen[None] | None = self._beforehand.take(exercise, typing=typing)
        if screen is None:
            try:
                screen = ExerciseScreen(self.session.exercises.visit(exercise), typing=typing)
            except TroubleError as error:
                self._did_not_open(error)
                return
        self.last_opened = exercise
        if instead:
            self.switch_screen(screen)
        else:
            self.push_screen(screen)

    def open_review(self, exercise: str, *, instead: bool = False, typing: bool = True) -> None:
        """Open an exercise of the review, the first time with new numbers where it has any."""
        from rnn_tutor.tui.visits import TroubleError

        self._warm.wait()
        try:
            self.session.begin_in_review(exercise)
        except TroubleError as error:
            self._did_not_open(error)
            return
        self.open_exercise(exercise, instead=instead, typing=typing)

    def wait_to_mark(self) -> None:
        """Wait until all is imported that marking, solving and drawing need."""
        self._warm.wait()

    def later(self, name: str, step: Callable[[], None], *, rest: float = REST, within: float = math.inf) -> None:
        """Do something in the next pause of `rest` seconds, in the place of what has this name.

        within: seconds after which a short pause will do.
        """
        self.pauses.plan(name, step, rest=rest, within=within)

    def foresee(self, visit: "ExerciseVisit") -> None:
        """Have an exercise's mistakes computed in the next pause: its first wrong answer is marked as fast as any."""
        self.pauses.plan("mistakes", partial(self._begin_to_foresee, visit), rest=_FORESEE)

    def _begin_to_foresee(self, visit: "ExerciseVisit") -> None:
        """Begin in a thread, for which nobody who leaves has to wait."""
        threading.Thread(target=self._foresee, args=(visit,), name="rnn-tutor-mistakes", daemon=True).start()

    def _foresee(self, visit: "ExerciseVisit") -> None:
        try:
            self._warm.wait()
            with short_turns():
                self.session.exercises.prepare(visit, self.pauses.answering)
        except Exception as error:  # noqa: BLE001 - it is written down and told
            self.failed(error, "computing mistakes")

    def expect(self, name: str | None, *, rest: float = REST) -> None:
        """Make an exercise or a lab ready, in a pause, that will probably be opened next; None: nobody knows."""
        if self._warm.begun:
            self._beforehand.expect(name, rest=rest)

    def _engine(self, name: str) -> "tuple[Session, bool] | None":
        """Return the sitting, and whether all is imported that an exercise needs; None before that has begun.

        A lab needs more, which nothing imports for a cursor that rests: None before that is there.
        """
        if not self._warm.begun or (name in self.session.library.labs and not self._warm.done):
            return None
        return self.session, self._warm.done if self.session.draws_at_first else self._warm.can_open

    def _circumstances(self) -> Hashable:
        """Return what an exercise's screen is made for, beside the exercise."""
        settings = self.terminal, self.settings.changes, tuple(self.keymap.items())
        return self.size, self.drawn, self.session.problem, self.session.saves, settings

    def _did_not_open(self, error: Exception) -> None:
        """Say why something cannot be opened."""
        self.say(error)
        if isinstance(self.screen, CourseScreen):
            self.screen.list.refresh()  # it is marked now

    def open_lab(self, lab: str, *, instead: bool = False) -> None:
        """Open a lab as it was left, on top or `instead` of the screen in front."""
        self.pauses.hold()
        self._warm.wait()
        from rnn_tutor.tui.lab_screens import lab_screen
        from rnn_tutor.tui.visits import TroubleError

        screen: Screen[None] | None = self._beforehand.take(lab)
        if screen is None:
            try:
                screen = lab_screen(self.session.labs.visit(lab))
            except TroubleError as error:
                self._did_not_open(error)
                return
        if instead:
            self.switch_screen(screen)
        else:
            self.push_screen(screen)

    def open_named(self, name: str) -> None:
        """Open the exercise, the lab or the unit of an id; "" is the exercise to go on with."""
        found = self.session.named(name)
        if found is None:
            self.say(f"There is no exercise, lab or unit {name}." if name else "There is no exercise here.")
        elif found.kind == "lab":
            self.open_lab(found.id)
        elif found.kind == "page":
            self.open_page(found.id)
        else:
            self.open_exercise(found.id)

    def closed(self) -> bool:
        """Tell whether what helps is closed, for a question in front or an exam to be handed in; that is said then."""
        from rnn_tutor.tui import keys
        from rnn_tutor.tui.session import CLOSED

        no_help = getattr(self.screen, "no_help", "")  # of a question of a placement, a check or an exam
        if not no_help and not self.session.closed:
            return False
        self.say(no_help or f"{CLOSED} On the course, {keys.key_of(keys.EXAM, self.keymap)} goes on with it.")
        return True

    def open_words(self, source: "Exercise | Lab") -> None:
        """Open the words that an exercise or a lab stands on."""
        from rnn_tutor.tui.screens.words import WordsScreen

        if not self.closed():
            self.push_screen(WordsScreen(source, self.session.ground_of(source)))

    def open_page(self, unit: str, *, instead: bool = False, beside: bool = False, paragraph: int = 0) -> None:
        """Open a unit's page, on top or `instead` of the screen in front; `beside` an exercise of it: one goes back.

        paragraph: which one of its text is in view first.
        """
        from rnn_tutor.tui.screens.page import PageScreen
        from rnn_tutor.tui.visits import TroubleError

        if self.closed():
            return
        if not self.session.library.has_page(unit):
            self.say("This unit has no page.")
            return
        try:
            screen = PageScreen(
                self.session.library.unit(unit), self.session.page(unit), beside=beside, paragraph=paragraph
            )
        except TroubleError as error:
            self._did_not_open(error)
            return
        if instead:
            self.switch_screen(screen)
        else:
            self.push_screen(screen)

    def open_glossary(self, term: str | None = None) -> None:
        """Open the glossary, at a word of it."""
        from rnn_tutor.tui.screens.glossary import GlossaryScreen

        if self.closed():
            return
        glossary, trouble = self.session.glossary()
        if glossary.terms or glossary.notation:
            self.push_screen(GlossaryScreen(glossary, term, trouble))
        else:
            self.say(trouble or "There is no glossary here.")

    def open_solution(self, visit: "ExerciseVisit") -> None:
        """Open the worked solution; it counts as seen."""
        if waits := self.session.solution_waits(visit):
            self.say(waits)
            return
        if self.closed():
            return
        self.wait_to_mark()
        from rnn_tutor.tui.screens.solution import SolutionScreen

        visit.run.solution = True
        self.push_screen(SolutionScreen(visit, self.session.exercises.solution(visit)))

    def open_code(self, visit: "ExerciseVisit") -> None:
        """Open the givens as code."""
        from rnn_tutor.tui.screens.code import CodeScreen

        self.push_screen(CodeScreen(visit))

    def open_copies(self, visit: "ExerciseVisit") -> None:
        """Open what can be copied of an exercise."""
        self.wait_to_mark()
        from rnn_tutor.tui.screens.copies import CopiesScreen

        self.push_screen(CopiesScreen(visit))

    def open_look(self, visit: "ExerciseVisit", figures: "Sequence[Figure]", first_page: int = 0) -> None:
        """Open what there is to look at, a page each; begins with `first_page`."""
        if not figures:
            self.say("There are no numbers to look at yet." if not visit.open else "There is nothing to look at.")
            return
        self.push_screen(self.look_screen(visit, figures, first_page))

    def open_lab_steps(self, visit: "LabVisit") -> None:
        """Open how a lab computes what it shows."""
        from rnn_tutor.tui.screens.lab_steps import LabStepsScreen

        if self.closed():
            return
        self.push_screen(LabStepsScreen(visit))

    def open_lab_look(self, visit: "LabVisit", figures: "Sequence[Figure]", first_page: int) -> None:
        """Open what a lab shows, a page each."""
        from rnn_tutor.tui.screens.look import LookScreen

        self.push_screen(LookScreen(visit.bench.lab.title, figures, first_page=first_page))

    def look_screen(self, visit: "ExerciseVisit", figures: "Sequence[Figure]", first_page: int) -> "LookScreen":
        """Return the screen that `open_look` opens."""
        from rnn_tutor.tui.screens.look import LookScreen

        def trace(page: int, cell: tuple[int, ...]) -> None:
            node = figures[page].items[0].node
            if node is not None and not visit.open and node.op != "given":
                self.say("You can see where this comes from once the exercise is solved.")
            elif node is not None:
                self.open_trace(visit, node, cell)

        def peek(page: int, cell: tuple[int, ...]) -> "Trace | None":
            node = figures[page].items[0].node
            if node is None or (not visit.open and node.op != "given"):
                return None
            return self.session.exercises.trace(visit, node, cell)

        note = "" if visit.open else _ONLY_GIVENS
        title = visit.question.exercise.title
        return LookScreen(title, figures, note, first_page=first_page, trace=trace, peek=peek)

    def open_trace(self, visit: "ExerciseVisit", node: "Node", cell: tuple[int, ...]) -> None:
        """Open where one number comes from."""
        from rnn_tutor.tui.screens.trace import TraceScreen

        self.push_screen(TraceScreen(visit, self.session.exercises.trace(visit, node, cell)))

    # sets of questions

    def open_set(
        self, sort: "Sort", units: Sequence[str] = (), *, asked: "AskedFor | None" = None, instead: bool = False
    ) -> None:
        """Begin a placement, a check or an exam, or go on with it; its time goes on, whatever is in front."""
        from rnn_tutor.tui.sets import USUAL
        from rnn_tutor.tui.visits import TroubleError

        self.pauses.hold()
        self._warm.wait()
        try:
            current = self.session.sets.begin(sort, units, asked or USUAL)
        except TroubleError as error:
            self._did_not_open(error)
            return
        seconds = current.seconds_left()
        if seconds == 0:
            self.finish_set(current)
            return
        if self._alarm is not None:
            self._alarm.stop()
        self._alarm = None if seconds is None else self.set_timer(seconds, partial(self._time_is_up, current))
        self.open_question(current, current.place, instead=instead)

    def open_exam(self, unit: str) -> None:
        """Ask what an exam is to be about; `unit` is one that it may be."""
        from rnn_tutor.tui.screens.exam import ExamScreen

        self.push_screen(ExamScreen(unit))

    def open_question(self, current: "QuestionSet", place: int, *, instead: bool = True, typing: bool = True) -> None:
        """Open a question of a set, in the place of the one in front."""
        from rnn_tutor.tui.screens.question import QuestionScreen
        from rnn_tutor.tui.visits import TroubleError

        try:
            visit = self.session.sets.open(current, current.asked[place])
        except TroubleError as error:
            current.asked[place].skipped = True
            self._did_not_open(error)
            return
        current.place = place
        screen = QuestionScreen(current, visit, typing=typing)
        if instead:
            self.switch_screen(screen)
        else:
            self.push_screen(screen)

    def open_answered(self, current: "QuestionSet", asked: "Asked") -> None:
        """Open a question of a set that is over, with what was said to it."""
        from rnn_tutor.tui.screens.exercise import ExerciseScreen
        from rnn_tutor.tui.visits import TroubleError

        try:
            self.push_screen(ExerciseScreen(self.session.sets.open(current, asked), typing=False))
        except TroubleError as error:
            self._did_not_open(error)

    def _time_is_up(self, current: "QuestionSet") -> None:
        self.finish_set(current, "The time is over. What you had typed is marked.")

    def finish_set(self, current: "QuestionSet", sentence: str = "") -> None:
        """Mark all that was typed in a set, and show what came of it."""
        from rnn_tutor.tui.screens.result import ResultScreen

        if current.over:
            return
        if self._alarm is not None:
            self._alarm.stop()
            self._alarm = None
        self.wait_to_mark()
        self.session.sets.finish(current)
        self._to_course()
        self.push_screen(ResultScreen(current))
        if sentence or self.session.saving_problem:
            self.call_later(self.say, self.session.saving_problem or sentence)

    def tell_waiting(self, current: "QuestionSet") -> None:
        """Say how one comes back to a set that was left."""
        from rnn_tutor.tui import keys
        from rnn_tutor.tui.sets import in_minutes

        if isinstance(self.screen, CourseScreen) and not current.over:
            ways = {"placement": (keys.WELCOME, keys.PLACEMENT), "check": (keys.CHECK,), "exam": (keys.EXAM,)}
            shown = ", then ".join(keys.key_of(way, self.keymap) for way in ways[current.sort])
            seconds = current.seconds_left()
            time = f" Its time goes on: {in_minutes(seconds)} left." if seconds is not None else ""
            self.say(f"Your {current.sort} is not handed in. {shown} goes on with it.{time}")

    def go_on(self, following: "Following", *, typing: bool = True) -> None:
        """Go on from the exercise in front, in its place; the closing page of a course comes on top of it."""
        from rnn_tutor.tui.screens.closing import ClosingScreen

        if following.kind == "exercise":
            self.open_exercise(following.id, instead=True, typing=typing)
        elif following.kind == "review":
            self.open_review(following.id, instead=True, typing=typing)
        elif following.kind == "review-end":
            from rnn_tutor.tui.screens.recalled import RecalledScreen

            self.switch_screen(RecalledScreen())
        elif following.kind == "page":
            self.open_page(following.id, instead=True)
        elif following.kind == "lab":
            self.session.offered.add(following.id)
            self.open_lab(following.id, instead=True)
        elif following.kind == "check":
            self.session.offered.add(following.id)
            self._to_course()
            self.open_set("check", [following.id])
        else:
            self.push_screen(ClosingScreen(int(following.id)))

    def action_help(self) -> None:
        """Open the help, once."""
        from rnn_tutor.tui.screens.help import HelpScreen

        if not isinstance(self.screen, HelpScreen):
            self.push_screen(HelpScreen())

    def action_settings(self, name: str = "") -> None:
        """Open the settings, once, at one of them or at the keys of a binding."""
        from rnn_tutor.tui.screens.settings import SettingsScreen

        if not isinstance(self.screen, SettingsScreen):
            self.push_screen(SettingsScreen(name))

    def action_palette(self) -> None:
        """Show all actions by name: those that work on the screen in front, and the others."""
        from rnn_tutor.tui.actions import actions
        from rnn_tutor.tui.keymap import places
        from rnn_tutor.tui.screens.palette import PaletteScreen

        front = self.screen
        if isinstance(front, FrameScreen) and not isinstance(front, PaletteScreen):
            every = (type(self), *self.OWN_SCREENS, *places())
            self.push_screen(PaletteScreen(actions(front.bound(), every, self.settings.there, self.keymap), self._do))

    async def _do(self, action: "Action") -> None:
        await drained(self.screen)  # it is in front again
        if action.setting:
            self.action_settings(action.setting)
        else:
            await self.run_action(action.does, action.node or self)

    async def action_search(self) -> None:
        """Search in the course, from wherever one is."""
        course = self._to_course() if self.ready else None
        if course is not None:
            await course.begin_search()

    def action_course(self) -> None:
        """Go back to the course, however deep one is, and end a search there."""
        course = self._to_course()
        if course is not None:
            course.action_end_search()

    def _to_course(self) -> CourseScreen | None:
        """Bring the course to the front; None where there is none."""
        if not any(isinstance(screen, CourseScreen) for screen in self.screen_stack):
            return None
        while not isinstance(self.screen, CourseScreen):
            self.pop_screen()
        return self.screen

    def action_glossary(self) -> None:
        """Open the glossary, once."""
        from rnn_tutor.tui.screens.glossary import GlossaryScreen

        if self.ready and not isinstance(self.screen, GlossaryScreen):
            self.open_glossary()

    def action_review(self) -> None:
        """Begin a review of what is due, or go on with it."""
        from rnn_tutor.progress.queue import MOST
        from rnn_tutor.tui.review import coming_back

        if not self.ready:
            return
        if following := self.session.reviews.begin(MOST):
            self.open_review(following)
        else:
            self.say(f"Nothing is due today. {coming_back(self.session.reviews)}".strip())

    def leave_welcome(self) -> None:
        """Go on from the first screen to the course, which is beneath it, unless there was nothing before."""
        if len(self.screen_stack) > 1:
            self.pop_screen()
        else:
            self.push_screen(CourseScreen())

    def action_welcome(self) -> None:
        """Open the first screen again."""
        from rnn_tutor.tui.screens.welcome import WelcomeScreen

        if self.ready and not isinstance(self.screen, WelcomeScreen):
            self.push_screen(WelcomeScreen())

    def ask_of_class(self) -> None:
        """Ask what may be sent to the class that was joined, if that is still to be asked."""

    def open_class(self) -> None:
        """Open what is sent to the class that was joined, and to whom, once."""
        from rnn_tutor.tui.screens.class_server import ClassServerScreen

        if not isinstance(self.screen, ClassServerScreen):
            self.push_screen(ClassServerScreen())

    def action_progress(self) -> None:
        """Open what has been done."""
        from rnn_tutor.tui.screens.progress import ProgressScreen

        if self.ready:
            self.push_screen(ProgressScreen())
