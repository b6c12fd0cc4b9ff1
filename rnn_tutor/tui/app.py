"""The app: which screens there are and how one gets from one to the other."""

import gc
import threading
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, cast

from textual.app import App
from textual.filter import LineFilter
from textual.reactive import Reactive
from textual.screen import Screen

from rnn_tutor.tui.ascii_filter import AsciiFilter
from rnn_tutor.tui.messages import Ready, Unreadable
from rnn_tutor.tui.screens.course import CourseScreen
from rnn_tutor.tui.screens.frame import FrameScreen
from rnn_tutor.tui.session import Session, TroubleError
from rnn_tutor.tui.terminal import Drawn, Options, Terminal

if TYPE_CHECKING:
    from rnn_tutor.engine.heatmap import Picture
    from rnn_tutor.exercises.load import Library
    from rnn_tutor.tui.session import Visit

_ONLY_GIVENS = "Only what is given; the steps are here too once it is solved."


class Tutor(App[int], inherit_bindings=False):
    """The tutor on a terminal. Its colours are the terminal's own, so that it is readable on any ground."""

    CSS_PATH = "app.tcss"
    TITLE = "rnn-tutor"
    ENABLE_COMMAND_PALETTE = False
    ALLOW_SELECT = False
    AUTO_FOCUS = ""
    theme = Reactive("ansi-dark")  # only terminal colours; light terminals are served as well

    def __init__(
        self,
        library: "Callable[[], Library]",
        store_path: Path,
        terminal: Terminal,
        options: Options | None = None,
    ) -> None:
        super().__init__(ansi_color=True)
        self.animation_level = "none"
        self.terminal = terminal
        self.drawn: Drawn = terminal.drawn
        self.options = options or Options()
        self.last_opened: str | None = None
        self._library = library
        self._store_path = store_path
        self._session: Session | None = None
        self._ascii = AsciiFilter()
        self._warm = threading.Event()

    # the sitting

    @property
    def session(self) -> Session:
        """The sitting; there is one as soon as the course has been read."""
        assert self._session is not None  # noqa: S101 - no screen asks before `ready`
        return self._session

    @property
    def ready(self) -> bool:
        """Whether the course has been read."""
        return self._session is not None

    @property
    def saving_problem(self) -> str:
        """That nothing is being saved, and why, or nothing."""
        problem = self._session.problem if self._session is not None else ""
        return problem if not problem or "not being saved" in problem else f"Nothing is being saved: {problem}"

    def get_default_screen(self) -> Screen[object]:
        """Begin with the course."""
        return cast("Screen[object]", CourseScreen(id="_default"))

    def get_line_filters(self) -> Sequence[LineFilter]:
        """Return what the screen goes through on its way out; on an ASCII terminal nothing else gets past."""
        filters = super().get_line_filters()
        return [*filters, self._ascii] if self.terminal.ascii_only else filters

    def on_mount(self) -> None:
        """Read the course once the first frame is out."""
        self.call_after_refresh(self._begin)

    def _begin(self) -> None:
        if not gc.isenabled():  # see start.run
            gc.freeze()
            gc.enable()
        self.run_worker(self._read_course, thread=True)

    def _read_course(self) -> None:
        """Read the course and import what computes, in a thread, while the learner looks at the first frame."""
        from rnn_tutor.exercises.load import ContentError
        from rnn_tutor.paths import PathError

        try:
            session = Session(self._library(), self.options.seed)
            session.open_store(self._store_path)
            self._post(Ready(session))
            from rnn_tutor.exercises import mark, solution  # noqa: F401
        except (ContentError, PathError) as error:
            self._post(Unreadable(str(error)))
        finally:
            self._warm.set()

    def _post(self, message: Ready | Unreadable) -> None:
        self.call_from_thread(self._arrived, message)

    def _arrived(self, message: Ready | Unreadable) -> None:
        if isinstance(message, Ready):
            self._session = message.session
        self.screen.post_message(message)
        if isinstance(message, Ready) and self.options.exercise is not None:
            self.call_after_refresh(self.open_exercise, self.options.exercise)

    def on_unmount(self) -> None:
        """Save what could not be saved before."""
        if self._session is not None:
            self._session.close()

    # from screen to screen

    def say(self, text: object) -> None:
        """Show one sentence on the screen in front."""
        if isinstance(self.screen, FrameScreen):
            self.screen.say(text)

    def open_exercise(self, exercise: str, *, instead: bool = False) -> None:
        """Open an exercise as it was left, on top or `instead` of the screen in front."""
        # Two threads that import the same modules in another order would meet half of one.
        self._warm.wait()
        from rnn_tutor.tui.screens.exercise import ExerciseScreen

        try:
            visit = self.session.visit(exercise)
        except TroubleError as error:
            self.say(error)
            return
        self.last_opened = exercise
        screen = ExerciseScreen(visit)
        if instead:
            self.switch_screen(screen)
        else:
            self.push_screen(screen)

    def open_solution(self, visit: "Visit") -> None:
        """Open the worked solution; it counts as seen."""
        from rnn_tutor.exercises.solution import solve
        from rnn_tutor.tui.screens.solution import SolutionScreen

        visit.told = True
        self.push_screen(SolutionScreen(visit, solve(visit.question)))

    def open_look(self, visit: "Visit", pictures: "Sequence[Picture]") -> None:
        """Open the heatmaps."""
        from rnn_tutor.tui.screens.look import LookScreen

        if pictures:
            note = "" if visit.open else _ONLY_GIVENS
            self.push_screen(LookScreen(visit.question.exercise.title, pictures, note))
        else:
            self.say("There are no numbers to look at here yet." if not visit.open else "There is nothing to look at.")

    def open_closing(self) -> None:
        """Open the page after the last exercise."""
        from rnn_tutor.tui.screens.closing import ClosingScreen

        self.push_screen(ClosingScreen())

    def action_help(self) -> None:
        """Open the help, once."""
        from rnn_tutor.tui.screens.help import HelpScreen

        if not isinstance(self.screen, HelpScreen):
            self.push_screen(HelpScreen())

    def action_progress(self) -> None:
        """Open what has been done."""
        from rnn_tutor.tui.screens.progress import ProgressScreen

        if self.ready:
            self.push_screen(ProgressScreen())

    def end(self, signum: int) -> None:
        """End because of a signal; called from another thread."""
        if self._loop is not None:
            self._loop.call_soon_threadsafe(self.exit, 128 + signum)

    async def action_quit(self) -> None:
        """Leave."""
        self.exit(0)

    def action_how_to_leave(self) -> None:
        """Say how to leave, to those who press Ctrl+C."""
        self.say("q leaves rnn-tutor from the course, goes back elsewhere; Esc leaves a line.")

    def _fatal_error(self) -> None:
        """End on a mistake of the program's own with a sentence; Textual would print its variables."""
        error = self._exception
        self._exit_renderables.clear()
        self.failure = f"rnn-tutor stopped on a mistake of its own ({type(error).__name__}). Your answers are saved."
        self._close_messages_no_wait()

    failure: str = ""
