"""What a screen or a widget may ask of the app that it is on; the app itself imports the screens, they import this."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, ClassVar, Protocol

if TYPE_CHECKING:
    from textual.dom import DOMNode
    from textual.widget import Widget

    from rnn_tutor.engine.graph.graph import Node
    from rnn_tutor.exercises.labs.model import Lab
    from rnn_tutor.exercises.model import Exercise
    from rnn_tutor.figures.figure import Figure
    from rnn_tutor.progress.notes import Sort
    from rnn_tutor.settings import Settings, Value
    from rnn_tutor.tui.sending import Sending
    from rnn_tutor.tui.session import Following, Session
    from rnn_tutor.tui.sets import Asked, AskedFor, QuestionSet
    from rnn_tutor.tui.terminal.capabilities import Drawn, Terminal
    from rnn_tutor.tui.visits import ExerciseVisit, LabVisit


class Host(Protocol):
    """The app, for its screens.

    OWN_SCREENS: those that only this kind of app has. drawn: how every figure is drawn, for a screen to change.
    last_opened: the exercise that the course is to go back to. learner: who is there, where many share an account.
    sending: what goes to the class that was joined, None where none was.
    inputs: how many keys, pastes and clicks have come so far.
    settings: what was chosen; to choose, there are methods.
    """

    OWN_SCREENS: "ClassVar[Sequence[type[DOMNode]]]"
    terminal: "Terminal"
    drawn: "Drawn"
    last_opened: str | None
    learner: str | None
    settings: "Settings"
    sending: "Sending | None"
    inputs: int

    @property
    def keymap(self) -> Mapping[str, str]:
        """The keys that are others than the bindings have: {id: keys with commas between}."""

    def own_places(self) -> "tuple[type[DOMNode], ...]":
        """Return the classes that have keys in this kind of app alone."""

    @property
    def ready(self) -> bool:
        """Whether the course has been read."""

    @property
    def session(self) -> "Session":
        """The sitting, once the course has been read."""

    @property
    def unreadable(self) -> str:
        """Why there is no course, or nothing."""

    @property
    def saving_problem(self) -> str:
        """That nothing is being saved, and why, or nothing."""

    @property
    def known_saving_problem(self) -> str:
        """The same, as far as it is known without waiting for what is being saved; else it is said a frame later."""

    def beneath(self) -> "Iterable[Widget]":
        """Return what stands beneath every screen."""

    def open_exercise(self, exercise: str, *, instead: bool = False, typing: bool = True) -> None:
        """Open an exercise as it was left, on top or `instead` of the screen in front; `typing`: with a line active."""

    def wait_to_mark(self) -> None:
        """Wait until all is imported that marking, solving and drawing need."""

    def later(self, name: str, step: "Callable[[], None]", *, rest: float = ..., within: float = ...) -> None:
        """Do something in the next pause of `rest` seconds, in the place of what has this name.

        within: seconds after which a short pause will do.
        """

    def read_past(self) -> None:
        """Read in the next pause, in a thread, what other sittings have left."""

    def foresee(self, visit: "ExerciseVisit") -> None:
        """Have an exercise's mistakes computed in the next pause: its first wrong answer is marked as fast as any."""

    def expect(self, name: str | None, *, rest: float = ...) -> None:
        """Make an exercise or a lab ready in a pause that will probably be opened next; None: nobody knows."""

    def action_review(self) -> None:
        """Begin a review of what is due, or go on with it."""

    def open_lab(self, lab: str, *, instead: bool = False) -> None:
        """Open a lab as it was left, on top or `instead` of the screen in front."""

    def open_page(self, unit: str, *, instead: bool = False, beside: bool = False, paragraph: int = 0) -> None:
        """Open a unit's page, on top or `instead` of the screen in front; `beside` an exercise of it: one goes back.

        paragraph: which one of its text is in view first.
        """

    def closed(self) -> bool:
        """Tell whether what helps is closed, for a question in front or an exam to be handed in; that is said then."""

    def open_words(self, source: "Exercise | Lab") -> None:
        """Open the words that an exercise or a lab stands on."""

    def open_glossary(self, term: str | None = None) -> None:
        """Open the glossary, at a word of it."""

    def open_solution(self, visit: "ExerciseVisit") -> None:
        """Open the worked solution; it counts as seen."""

    def open_code(self, visit: "ExerciseVisit") -> None:
        """Open the givens as code."""

    def open_look(self, visit: "ExerciseVisit", figures: "Sequence[Figure]", first_page: int = 0) -> None:
        """Open what there is to look at, a page each; begins with `first_page`."""

    def open_lab_steps(self, visit: "LabVisit") -> None:
        """Open how a lab computes what it shows."""

    def open_lab_look(self, visit: "LabVisit", figures: "Sequence[Figure]", first_page: int) -> None:
        """Open what a lab shows, a page each."""

    def open_trace(self, visit: "ExerciseVisit", node: "Node", cell: tuple[int, ...]) -> None:
        """Open where one number comes from."""

    def open_set(
        self, sort: "Sort", units: Sequence[str] = (), *, asked: "AskedFor | None" = None, instead: bool = False
    ) -> None:
        """Begin a placement, a check or an exam, or go on with it."""

    def open_exam(self, unit: str) -> None:
        """Ask what an exam is to be about; `unit` is one that it may be."""

    def leave_welcome(self) -> None:
        """Go on from the first screen to the course."""

    def open_question(self, current: "QuestionSet", place: int, *, instead: bool = True, typing: bool = True) -> None:
        """Open a question of a set, in the place of the one in front."""

    def open_answered(self, current: "QuestionSet", asked: "Asked") -> None:
        """Open a question of a set that is over, with what was said to it."""

    def finish_set(self, current: "QuestionSet") -> None:
        """Mark all that was typed in a set, and show what came of it."""

    def tell_waiting(self, current: "QuestionSet") -> None:
        """Say how one comes back to a set that was left."""

    def go_on(self, following: "Following", *, typing: bool = True) -> None:
        """Go on from the exercise in front, in its place; the closing page of a course comes on top of it."""

    def choose(self, name: str, value: "Value") -> str:
        """Choose a setting; it holds at once. A sentence is returned where it cannot be kept, or not be seen here."""

    def choose_keys(self, name: str, asked: str | None) -> str:
        """Give a binding other keys, None: its own; returns a sentence as `choose` does. Raises KeymapError."""

    def copy(self, text: str, name: str) -> str:
        """Copy a text to where the user wants copies, and return a sentence on it; `name`: what it is."""

    def ask_of_class(self) -> None:
        """Ask what may be sent to the class that was joined, if that is still to be asked."""

    def open_class(self) -> None:
        """Open what is sent to the class that was joined, and to whom."""

    def open_copies(self, visit: "ExerciseVisit") -> None:
        """Open what can be copied of an exercise."""

    def look_at_all_keys(self) -> None:
        """Look at the keys of all screens: each is imported for it."""

    def tell_problems(self) -> None:
        """Say what cannot be used of the settings, once: the first of it, and how much more there is."""


class Reception(Protocol):
    """The app of an account that many share, or of an assignment, for the screen that asks who is there.

    asked: the question.
    """

    asked: str

    def file_of(self, learner: str) -> Path | None:
        """Return where the progress of a learner is kept, among others. Raises PathError for what is no learner's id.

        None: there are no others.
        """

    def welcome(self, learner: str) -> None:
        """Go on to the course as this learner. Raises PathError for what is no learner's id."""
