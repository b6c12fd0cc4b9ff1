"""The app: what it begins with, the sitting, and what it says."""

from collections.abc import Callable, Iterable, Sequence
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, ClassVar, cast

from textual import events
from textual.dom import DOMNode
from textual.reactive import Reactive
from textual.screen import Screen
from textual.widget import Widget
from typing_extensions import override

from rnn_tutor.tui.course_reader import CourseReader
from rnn_tutor.tui.garbage import Garbage
from rnn_tutor.tui.messages import KeysCut, Ready, Unreadable
from rnn_tutor.tui.navigation import Navigation
from rnn_tutor.tui.screens.course import CourseScreen
from rnn_tutor.tui.terminal.capabilities import Options, Terminal
from rnn_tutor.tui.terminal.driver import MOST_WAITING

if TYPE_CHECKING:
    from rnn_tutor.crash_log import CrashLog
    from rnn_tutor.exercises.load import Library
    from rnn_tutor.tui.host import Host
    from rnn_tutor.tui.session import Session

_NOT_WAITING = ("q", "ctrl+c", "f9")


class Tutor(Navigation, inherit_bindings=False):
    """The tutor on a terminal. Its colours are the terminal's own, so that it is readable on any ground."""

    CSS_PATH = "app.tcss"
    TITLE = "rnn-tutor"
    ENABLE_COMMAND_PALETTE = False
    ALLOW_SELECT = False
    AUTO_FOCUS = ""
    OWN_SCREENS: ClassVar[Sequence[type[DOMNode]]] = ()  # whose keys are in the help of this kind of app alone
    theme = Reactive("ansi-dark")  # only terminal colours; light terminals are served as well
    learner: str | None = None  # who is there, where many share an account

    def __init__(
        self,
        library: "Callable[[], Library]",
        store_path: Path | None,
        terminal: Terminal,
        options: Options | None = None,
    ) -> None:
        super().__init__(terminal, options or Options())
        self._library = library
        self._store_path = store_path
        self._session: Session | None = None
        self._garbage = Garbage(self.pauses)
        self._early: list[events.Key] | None = []  # pressed before the course was there; None once it is
        self._reader = CourseReader(self, self._arrived, self._learned)

    # the sitting

    @property
    @override
    def session(self) -> "Session":
        """The sitting; there is one as soon as the course has been read."""
        assert self._session is not None  # noqa: S101 - no screen asks before `ready`
        return self._session

    @property
    @override
    def ready(self) -> bool:
        """Whether the course has been read."""
        return self._session is not None

    @cached_property
    @override
    def mistakes(self) -> "CrashLog":
        """Where mistakes of the program's own are written down; made when there is one."""
        from rnn_tutor.crash_log import CrashLog
        from rnn_tutor.paths import LOG

        return CrashLog(self.options.log or (self._store_path and self._store_path.with_name(LOG)))

    @property
    @override
    def log_is_shown(self) -> bool:
        """Whether the name of the log may be shown: who shares an account with others learns no paths."""
        return not self.options.kiosk

    @property
    @override
    def saved(self) -> str:
        """What is safe when the program has to stop."""
        return self.saving_problem or "The answers that were checked are saved."

    @property
    def saving_problem(self) -> str:
        """That nothing is being saved, and why, or nothing."""
        problem = self._session.problem if self._session is not None else ""
        return problem if not problem or "not being saved" in problem else f"Nothing is being saved: {problem}"

    @override
    def get_default_screen(self) -> Screen[object]:
        """Begin with the course."""
        return cast("Screen[object]", CourseScreen(id="_default"))

    def on_mount(self) -> None:
        """Read the course once the first frame is out."""
        self.pauses.begin()
        self.call_after_refresh(self._begin)

    def _begin(self) -> None:
        self._reader.begin(self._sitting)

    def _sitting(self) -> "Session":
        from rnn_tutor.tui.session import Session

        session = Session(self._library(), self.options.seed)
        session.open_store(self._store_path)
        return session

    def _learned(self) -> None:
        """Show what is due and what cannot be read, if the course is still what one looks at."""
        if isinstance(self.screen, CourseScreen):
            self.screen.refresh_course()

    def _arrived(self, message: Ready | Unreadable) -> None:
        if isinstance(message, Ready):
            self._session = message.session
        self.screen.post_message(message)
        self.call_after_refresh(self._at_rest)
        self.call_after_refresh(self._type_ahead)
        if isinstance(message, Ready) and self.options.exercise is not None:
            self.call_after_refresh(self.open_exercise, self.options.exercise)

    def _at_rest(self) -> None:
        """What came into being so far stays (see start.run)."""
        self._garbage.begin()

    def _type_ahead(self) -> None:
        """Hand on the keys that were pressed before the course was there."""
        early, self._early = self._early or [], None
        for key in early:
            self.post_message(events.Key(key.key, key.character))

    @override
    def keeps(self, key: events.Key) -> bool:
        """Keep keys until the course is there; make ready for exercises as soon as one is for more than leaving."""
        if self._early is not None and isinstance(self.screen, CourseScreen) and key.key not in _NOT_WAITING:
            if len(self._early) < MOST_WAITING:
                self._early.append(key)
            else:
                self.keys_cut(KeysCut(MOST_WAITING))
            return True
        self.pauses.touched()
        self._garbage.look()
        if key.key != "q" and self.ready:
            self._warm.begin()
        return False

    def on_unmount(self) -> None:
        """Save what could not be saved before."""
        self._warm.stop()
        self.pauses.stop()
        if self._session is not None:
            self._session.close()

    def beneath(self) -> Iterable[Widget]:
        """Return what stands beneath every screen."""
        return ()

    @override
    async def action_quit(self) -> None:
        """Leave."""
        self.exit(0)

    def action_how_to_leave(self) -> None:
        """Say how to leave, to those who press Ctrl+C: with keys that nobody can give to something else."""
        self.say("q leaves rnn-tutor from the course, goes back elsewhere; Esc leaves a line.")


if TYPE_CHECKING:  # screens take their app for a Host by a cast; here mypy tells whether it is one

    def _as_host(app: Tutor) -> Host:
        return app
