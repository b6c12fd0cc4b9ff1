"""The app: what it begins with, the sitting, and what it says."""

import sys
from collections.abc import Callable, Iterable
from contextlib import suppress
from functools import cached_property, partial
from importlib import import_module
from pathlib import Path
from typing import TYPE_CHECKING, cast

from textual import events
from textual.reactive import Reactive
from textual.screen import Screen
from textual.widget import Widget
from typing_extensions import override

from rnn_tutor.paths import MEMBERSHIP
from rnn_tutor.tui.garbage import Garbage
from rnn_tutor.tui.late_imports import PLOTS, READERS
from rnn_tutor.tui.late_reading import LateReader
from rnn_tutor.tui.navigation import Navigation
from rnn_tutor.tui.screens.course import CourseScreen
from rnn_tutor.tui.screens.frame import FrameScreen
from rnn_tutor.tui.terminal.capabilities import Options, Terminal
from rnn_tutor.tui.terminal.late_patterns import late_patterns

if TYPE_CHECKING:
    from rnn_tutor.crash_log import CrashLog
    from rnn_tutor.exercises.load import Library
    from rnn_tutor.tui.host import Host
    from rnn_tutor.tui.sending import Sending
    from rnn_tutor.tui.session import Past, Session


_SOON = 0.05  # seconds: the least after which one looks again whether an assignment is due


class Tutor(Navigation, inherit_bindings=False):
    """The tutor on a terminal. Its colours are the terminal's own, so that it is readable on any ground."""

    CSS_PATH = "app.tcss"
    TITLE = "rnn-tutor"
    ENABLE_COMMAND_PALETTE = False
    ALLOW_SELECT = False
    AUTO_FOCUS = ""
    theme = Reactive("ansi-dark")  # only terminal colours; light terminals are served as well
    learner: str | None = None  # who is there, where many share an account
    shared_path: Path | None = None  # the account's own progress file, where many share it
    unreadable: str = ""  # why there is no course, in one sentence
    sending: "Sending | None" = None  # to the class that was joined; None where none was

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
        self._late = LateReader(self, self._past_read, self._learned)
        self._outdated = False  # whether what is being read of the past may be older than what was erased since
        self._asks = False  # whether it is still to be asked what may be sent to a class
        self._ahead: list[events.Event] | None = None  # what was typed before that is open which one came for

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
        return self._session.saving_problem if self._session is not None else ""

    @property
    def known_saving_problem(self) -> str:
        """The same, as far as it is known without waiting for what is being saved; else it is said a frame later."""
        return self._session.known_saving_problem if self._session is not None else ""

    @override
    def will_paint(self) -> None:
        """Wait until what is told is on the disk."""
        if self._session is not None:
            self._session.will_tell()
            if self._session.untold:
                self._session.untold = False
                self.call_later(self.say, self.saving_problem)

    @override
    def get_default_screen(self) -> Screen[object]:
        """Begin with the course or, where somebody is new, with what that is."""
        self._read_course()
        if self.welcomes:
            from rnn_tutor.tui.screens.welcome import WelcomeScreen

            return cast("Screen[object]", WelcomeScreen(id="_default"))
        return cast("Screen[object]", CourseScreen(id="_default"))

    @property
    def welcomes(self) -> bool:
        """Whether the first screen comes by itself: to a learner who is new, and came for nothing in particular."""
        new = self._session is not None and self._session.new and bool(self._session.course.welcome)
        return new and not self._came_for_something

    @property
    def _came_for_something(self) -> bool:
        return self.options.exercise is not None or self.options.review or self.options.questions is not None

    def on_mount(self) -> None:
        """Do what is left for later once the first frame is out."""
        self.pauses.begin()
        self.call_after_refresh(self._begin)

    def _read_course(self) -> None:
        """Make the sitting, before the first frame: what the course lists was kept, or is read now."""
        with late_patterns():  # of what is imported to read it
            from rnn_tutor.exercises.files.finding import ContentError
            from rnn_tutor.paths import PathError, whose

            try:
                self._session = self._sitting()
            except (ContentError, PathError) as error:
                self.unreadable = str(error)
            except Exception as error:  # noqa: BLE001 - it is written down and told
                self.unreadable = f"The course cannot be read: {whose(type(error).__name__)}."
                self.call_later(self.failed, error, "reading the course")
        if self._session is not None and self._came_for_something:
            self._ahead = []

    def _sitting(self) -> "Session":
        from rnn_tutor.tui.session import Session

        library, assigned, path = self._library(), None, self._store_path
        if self.options.assignment is not None and self.learner is not None:
            from rnn_tutor.exercises.assignment import take
            from rnn_tutor.paths import assignment_file

            assigned = take(self.options.assignment, library, self.learner)
            path = assignment_file(path, assigned.assignment.id, assigned.learner) if path is not None else None
        session = Session(library, self.options.seed, assigned)
        session.hands_in = not self.options.kiosk
        session.goes_on_while_saving = True
        if self.options.own_text:  # labs are imported for it: the first frame needs none
            session.labs.own_text = self.options.own_text
        session.open_store(path)
        return session

    def _begin(self) -> None:
        """Plan what comes after the first frame: nothing of it is waited for."""
        self._at_rest()
        if self._session is None:
            return
        try:
            self.begin_with_settings()
            self._open_what_one_came_for()
        finally:
            self.call_later(self._hand_on)
        for module in READERS:
            self.pauses.plan(module, partial(_imported, module))
        if self._session.library.kept.unwritten:
            self.pauses.plan("kept", self._session.library.kept.write)
        self.read_past()
        self._look_for_class()
        self._wait_until_due()

    def _wait_until_due(self) -> None:
        """Have an assignment told as late from then on, whatever is in front: a timer that rings once."""
        assignment = self.session.assignment
        left = assignment.seconds_left() if assignment is not None else None
        if left is not None:
            self.set_timer(max(left, _SOON), self._time_has_passed)

    def _time_has_passed(self) -> None:
        assignment = self.session.assignment
        if assignment is not None and assignment.is_over():
            for screen in self.screen_stack:
                if isinstance(screen, FrameScreen) and screen.is_mounted:
                    screen.is_due()
        else:  # the machine's clock was set back
            self._wait_until_due()

    def _open_what_one_came_for(self) -> None:
        if self.options.exercise is not None:
            self.open_named(self.options.exercise)
        elif self.options.review:
            self.action_review()
        elif self.options.questions is not None:
            from rnn_tutor.tui.sets import AskedFor

            wanted = self.options.questions
            asked = AskedFor(wanted.seed, wanted.questions, wanted.minutes)
            self.open_set(wanted.sort, wanted.units, asked=asked)

    @override
    async def on_event(self, event: events.Event) -> None:
        """Keep what is typed while the course is in front only until that is open which one came for."""
        if self._ahead is not None and isinstance(event, events.Key | events.Paste) and not event.is_forwarded:
            self._ahead.append(event)
        else:
            await super().on_event(event)

    async def _hand_on(self) -> None:
        """Let what was typed ahead do what it means there; ask of a class after it, or it would be the answer."""
        ahead, self._ahead = self._ahead or (), None
        for event in ahead:
            await self.on_event(event)
        if self.welcomes or isinstance(self.screen, CourseScreen):
            self.ask_of_class()

    def _look_for_class(self) -> None:
        """Send to the class that was joined, or ask first what may be sent; where none was joined, that is one look."""
        path = self.shared_path or self._store_path
        if path is None or self._store_path is None or not path.with_name(MEMBERSHIP).exists():
            return
        from rnn_tutor.tui.sending import Sending

        failed = partial(self.failed, doing="sending answers", on_screen=False)
        self.sending = Sending(
            self._store_path,
            self.shared_path,
            self.learner,
            rest=self.pauses.wait_for_one,
            failed=failed,
            erased=self._erased,
        )
        self.session.kept = self.sending.saved
        self._asks = self.sending.asks and self.options.questions is None
        if not self._asks:
            self.pauses.plan("class", self.sending.begin)

    @override
    def ask_of_class(self) -> None:
        """Ask what may be sent, once in a sitting, where no line is typed on: a `y` of an answer would be a yes."""
        if self._asks:
            self._asks = False
            self.open_class()

    def _erased(self) -> None:
        """Show, told in another thread, that something was erased here which was forgotten on another machine."""
        with suppress(RuntimeError):  # the learner has left meanwhile
            self.call_later(self._look_again)

    def _look_again(self) -> None:
        """Read anew what is kept, if the course is what one looks at; else that is done when one comes back to it."""
        if not self.session.past_is_read:
            self._outdated = self.session.changed = True
        elif isinstance(self.screen, CourseScreen) and self.session.look_again():
            self.read_past()

    def read_past(self) -> None:
        """Read in the next pause, in a thread, what other sittings have left."""
        self.pauses.plan("late", self._read_late)

    def _read_late(self) -> None:
        self._late.begin(self.session)

    def _past_read(self, past: "Past") -> None:
        news = self.session.changed or self.session.held
        outdated, self._outdated = self._outdated, False
        if outdated or not self.session.take(past):
            self.read_past()
        elif self.session.due or self.session.problem or news:
            self._learned()

    def _learned(self) -> None:
        """Show what is due and what cannot be read, if the course is still what one looks at."""
        if isinstance(self.screen, CourseScreen):
            self.screen.refresh_course()
            if self.saving_problem:
                self.screen.say(self.saving_problem)
            elif self.session.meanwhile:  # it is done
                self.session.meanwhile = ""
                self.screen.say("")

    def _at_rest(self) -> None:
        """What came into being so far stays (see start.run)."""
        self._garbage.begin()

    @override
    def keeps(self, key: events.Key) -> bool:
        """Keep none; make ready for exercises as soon as one is for more than leaving."""
        super().keeps(key)
        self.pauses.asked()
        self._garbage.look()
        if key.key != "q" and self.ready and not self._warm.begun:
            self._warm.begin()
            if self.session.draws_at_first:  # numbers are drawn then, which knows the mistakes
                self.pauses.plan("marking", self._warm.finish)
        return False

    @override
    def open_exercise(self, exercise: str, *, instead: bool = False, typing: bool = True) -> None:
        """Open an exercise; in the pause after it is imported what marking needs, and what draws plots: 22 ms of one.

        Not before: 4 MB that who only looks at the course does without.
        """
        super().open_exercise(exercise, instead=instead, typing=typing)
        self.pauses.plan("marking", self._make_ready_to_mark)
        if self.settings.keys:
            self.pauses.plan("keys", self._look_at_all_keys)
        if PLOTS not in sys.modules:
            self.pauses.plan("plots", partial(_imported, PLOTS))

    def _make_ready_to_mark(self) -> None:
        """Import what marking needs, once garbage is collected: its memory is used for that."""
        if not self._warm.done:
            self._garbage.collect()
        self._warm.finish()

    def _look_at_all_keys(self) -> None:
        """Do so when all is imported that most screens need."""
        if self._warm.done:
            self.look_at_all_keys()
        else:
            self.pauses.plan("keys", self._look_at_all_keys)

    def on_unmount(self) -> None:
        """Save what could not be saved before."""
        self._warm.stop()
        if self.sending is not None:
            self.sending.stop()
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


def _imported(module: str) -> None:
    with late_patterns():
        import_module(module)


if TYPE_CHECKING:  # screens take their app for a Host by a cast; here mypy tells whether it is one

    def _as_host(app: Tutor) -> Host:
        return app
