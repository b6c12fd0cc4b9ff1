"""The app: which screens there are and how one gets from one to the other."""

import asyncio
import contextlib
import gc
import threading
from collections.abc import Callable, Iterable, Sequence
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any, ClassVar, cast

from rich.console import Console, RenderableType
from textual import events, on
from textual._compositor import CompositorUpdate
from textual.filter import LineFilter
from textual.reactive import Reactive
from textual.screen import Screen
from textual.widget import Widget
from typing_extensions import override

from rnn_tutor.tui.late_imports import Warm
from rnn_tutor.tui.messages import KeysCut, PasteCut, Ready, Unreadable
from rnn_tutor.tui.screens.course import CourseScreen
from rnn_tutor.tui.screens.frame import FrameScreen
from rnn_tutor.tui.session import Session, TroubleError
from rnn_tutor.tui.terminal.ascii_filter import AsciiFilter
from rnn_tutor.tui.terminal.capabilities import Drawn, Options, Terminal
from rnn_tutor.tui.terminal.driver import MOST_WAITING, TutorDriver
from rnn_tutor.tui.terminal.failing import FailingApp
from rnn_tutor.tui.terminal.frame_diff import Painted
from rnn_tutor.tui.terminal.key_order import drained, in_turn

if TYPE_CHECKING:
    from rnn_tutor.crash_log import CrashLog
    from rnn_tutor.engine.graph.graph import Node
    from rnn_tutor.exercises.load import Library
    from rnn_tutor.figures.figure import Figure
    from rnn_tutor.tui.screens.look import LookScreen
    from rnn_tutor.tui.session import Following, Visit

_ONLY_GIVENS = "Only what the question shows; the steps are here too once it is solved."


_NOT_WAITING = ("q", "ctrl+c", "f9")
_COLLECT = (20_000, 20, 20)  # a screen is made of 10,000 objects, none of them garbage before it is left


class _Sent(CompositorUpdate):
    """An update whose escapes are worked out already."""

    def __init__(self, text: str) -> None:
        self._text = text

    @override
    def render_segments(self, console: Console) -> str:
        """Return them."""
        return self._text


class Tutor(FailingApp, inherit_bindings=False):
    """The tutor on a terminal. Its colours are the terminal's own, so that it is readable on any ground."""

    CSS_PATH = "app.tcss"
    TITLE = "rnn-tutor"
    ENABLE_COMMAND_PALETTE = False
    ALLOW_SELECT = False
    AUTO_FOCUS = ""
    OWN_KEYS: ClassVar[Sequence[tuple[str, Sequence[tuple[str, str]]]]] = ()  # what the help has before all else
    theme = Reactive("ansi-dark")  # only terminal colours; light terminals are served as well

    def __init__(
        self,
        library: "Callable[[], Library]",
        store_path: Path | None,
        terminal: Terminal,
        options: Options | None = None,
    ) -> None:
        super().__init__(ansi_color=True, driver_class=TutorDriver)
        self.animation_level = "none"
        self.terminal = terminal
        self.drawn: Drawn = terminal.drawn
        self.options = options or Options()
        self.last_opened: str | None = None
        self._library = library
        self._store_path = store_path
        self._session: Session | None = None
        self._early: list[events.Key] | None = []  # pressed before the course was there; None once it is
        self._ascii = AsciiFilter()
        self.painted = Painted()
        self._missed = False  # whether a frame was dropped, so that nothing less than a whole one may follow
        self._warm = Warm()

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

    @override
    def get_line_filters(self) -> Sequence[LineFilter]:
        """Return what the screen goes through on its way out; on an ASCII terminal nothing else gets past."""
        filters = super().get_line_filters()
        return [*filters, self._ascii] if self.terminal.ascii_only else filters

    def on_mount(self) -> None:
        """Read the course once the first frame is out."""
        if not self.is_headless:  # else the loop is that of a test
            asyncio.get_running_loop().set_exception_handler(self.loop_failed)
        self.call_after_refresh(self._begin)

    def _begin(self) -> None:
        threading.Thread(target=self._read_course, name="rnn-tutor-course").start()

    def _read_course(self) -> None:
        """Read the course in a thread, while the learner looks at the first frame."""
        from rnn_tutor.exercises.load import ContentError
        from rnn_tutor.paths import PathError

        try:
            session = Session(self._library(), self.options.seed)
            session.open_store(self._store_path)
            message: Ready | Unreadable = Ready(session)
        except (ContentError, PathError) as error:
            message = Unreadable(str(error))
        except Exception as error:  # noqa: BLE001 - it is written down and told
            message = Unreadable(f"The course cannot be read: rnn-tutor has a bug here ({type(error).__name__}).")
            self.failed(error, "reading the course")
        with contextlib.suppress(RuntimeError):  # the learner has left meanwhile
            self.call_later(self._arrived, message)
            if isinstance(message, Ready) and message.session.find_due():
                self.call_later(self._known_of_the_course)
            if isinstance(message, Ready) and message.session.find_unreadable():
                self.call_later(self._known_of_the_course)

    def _known_of_the_course(self) -> None:
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
        """What came into being so far stays: nothing of it is garbage (see start.run)."""
        if not gc.isenabled():
            gc.freeze()
            gc.set_threshold(*_COLLECT)
            gc.enable()

    def _type_ahead(self) -> None:
        """Hand on the keys that were pressed before the course was there."""
        early, self._early = self._early or [], None
        for key in early:
            self.post_message(events.Key(key.key, key.character))

    @override
    async def on_event(self, event: events.Event) -> None:
        """Take keys in turn; make ready for exercises as soon as the learner does something else than leave."""
        if isinstance(event, events.Key) and not event.is_forwarded:
            if self._exit:
                return  # pressed before the learner left, and waiting behind that: there is no screen for it
            if self._early is not None and isinstance(self.screen, CourseScreen) and event.key not in _NOT_WAITING:
                if len(self._early) < MOST_WAITING:
                    self._early.append(event)
                else:
                    self._keys_cut(KeysCut(MOST_WAITING))
                return
            if event.key != "q" and self.ready:
                self._warm.begin()
            if await in_turn(self, event):
                return
        await super().on_event(event)

    def on_unmount(self) -> None:
        """Save what could not be saved before."""
        self._warm.stop()
        if self._session is not None:
            self._session.close()

    # the terminal

    @override
    def _display(self, screen: Screen[Any], renderable: RenderableType | None) -> None:
        """Send of a frame only what differs from what stands on the terminal, and nothing if nothing does."""
        listening = self._running and not self._closed and not self._batch_count and not self.is_headless
        update: object = renderable
        if listening and isinstance(update, CompositorUpdate):
            if screen._compositor.size != self.size:  # meant for a size that was: what the new one needs is on its way
                self.painted.forget()
                self._missed = True
                return
            if self._missed:
                self._missed = False
                update = screen._compositor.render_full_update()
            try:
                text = self.painted.changes(update, (self.size.width, self.size.height), self.console)
            except Exception as error:  # noqa: BLE001 - it is written down, and Textual paints it all
                self.failed(error, "comparing with what is painted")
                self.painted.forget()
                text = None
            if text == "":
                return
            if text is not None:
                renderable = cast("RenderableType", _Sent(text))
        super()._display(screen, renderable)

    def paint_missed(self) -> None:
        """Paint a screen that has its size now, where a frame was dropped because it did not have it."""
        if self._missed:
            self.screen.refresh()

    @override
    def _set_pointer_shape(self, shape: str) -> None:
        """Leave the mouse pointer alone: there is none to shape here, and some terminals would print the wish."""

    def on_resize(self) -> None:
        """Paint everything anew: what a terminal makes of its lines when it changes its size is its own affair."""
        self.painted.forget()
        if self.ready:
            self.screen.refresh()

    def beneath(self) -> Iterable[Widget]:
        """Return what stands beneath every screen."""
        return ()

    # from screen to screen

    @on(PasteCut)
    async def _paste_cut(self, message: PasteCut) -> None:
        for one in (self.focused or self.screen).ancestors_with_self:  # what the line says of it comes first
            if isinstance(one, Widget):
                await drained(one)
        count = message.most + message.dropped
        self.say(f"Of {count:,} characters pasted, all after the first {message.most:,} were thrown away.")

    @on(KeysCut)
    def _keys_cut(self, message: KeysCut) -> None:
        self.say(f"More than {message.most:,} keys came at once: the last of them were thrown away.")

    @override
    def say(self, text: object) -> None:
        """Show one sentence on the screen in front."""
        if isinstance(self.screen, FrameScreen):
            self.screen.say(text)

    @override
    def saying(self) -> bool:
        """Tell whether a sentence is on the screen in front."""
        return isinstance(self.screen, FrameScreen) and bool(self.screen.notice.display)

    def open_exercise(self, exercise: str, *, instead: bool = False, typing: bool = True) -> None:
        """Open an exercise as it was left, on top or `instead` of the screen in front; `typing`: with a line active."""
        self._warm.wait()
        from rnn_tutor.tui.screens.exercise import ExerciseScreen

        try:
            visit = self.session.visit(exercise)
        except TroubleError as error:
            self._did_not_open(error)
            return
        self.last_opened = exercise
        screen = ExerciseScreen(visit, typing=typing)
        if instead:
            self.switch_screen(screen)
        else:
            self.push_screen(screen)

    def _did_not_open(self, error: Exception) -> None:
        """Say why something cannot be opened."""
        self.say(error)
        if isinstance(self.screen, CourseScreen):
            self.screen.list.refresh()  # it is marked now

    def open_lab(self, lab: str) -> None:
        """Open a lab as it was left."""
        self._warm.wait()
        from rnn_tutor.tui.labs import LabError
        from rnn_tutor.tui.screens.lab import LabScreen

        try:
            visit = self.session.labs.visit(lab, self.session.seed)
        except LabError as error:
            self._did_not_open(error)
            return
        self.push_screen(LabScreen(visit))

    def open_page(self, unit: str, *, instead: bool = False, beside: bool = False) -> None:
        """Open a unit's page, on top or `instead` of the screen in front; `beside` an exercise of it: one goes back."""
        from rnn_tutor.tui.screens.page import PageScreen

        if not self.session.library.has_page(unit):
            self.say("This unit has no page.")
            return
        try:
            screen = PageScreen(self.session.library.unit(unit), self.session.page(unit), beside=beside)
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

        terms, trouble = self.session.glossary()
        if terms:
            self.push_screen(GlossaryScreen(terms, term, trouble))
        else:
            self.say(trouble or "There is no glossary here.")

    def open_solution(self, visit: "Visit") -> None:
        """Open the worked solution; it counts as seen."""
        from rnn_tutor.exercises.solution import solve
        from rnn_tutor.tui.screens.solution import SolutionScreen

        visit.run.solution = True
        self.push_screen(SolutionScreen(visit, solve(visit.question)))

    def open_look(self, visit: "Visit", shown: "Sequence[Figure]", at: int = 0) -> None:
        """Open what there is to look at, a page each; `at` is the one to begin with."""
        if not shown:
            self.say("There are no numbers to look at here yet." if not visit.open else "There is nothing to look at.")
            return
        self.push_screen(self.look_screen(visit, shown, at))

    def look_screen(self, visit: "Visit", shown: "Sequence[Figure]", at: int) -> "LookScreen":
        """Return the screen that `open_look` opens."""
        from rnn_tutor.tui.screens.look import LookScreen

        def trace(which: int, cell: tuple[int, ...]) -> None:
            node = shown[which].items[0].node
            if node is not None and not visit.open and node.op != "given":
                self.say("Where this comes from is told once it is solved.")
            elif node is not None:
                self.open_trace(visit, node, cell)

        note = "" if visit.open else _ONLY_GIVENS
        title = visit.question.exercise.title
        return LookScreen(title, shown, note, at=at, trace=trace)

    def open_trace(self, visit: "Visit", node: "Node", cell: tuple[int, ...]) -> None:
        """Open where one number comes from."""
        from rnn_tutor.tui.screens.trace import TraceScreen

        self.push_screen(TraceScreen(visit, self.session.trace(visit, node, cell)))

    def go_on(self, following: "Following", *, typing: bool = True) -> None:
        """Go on from the exercise in front, in its place; the closing page of a course comes on top of it."""
        from rnn_tutor.tui.screens.closing import ClosingScreen

        if following.kind == "exercise":
            self.open_exercise(following.id, instead=True, typing=typing)
        elif following.kind == "page":
            self.open_page(following.id, instead=True)
        else:
            self.push_screen(ClosingScreen(int(following.id)))

    def action_help(self) -> None:
        """Open the help, once."""
        from rnn_tutor.tui.screens.help import HelpScreen

        if not isinstance(self.screen, HelpScreen):
            self.push_screen(HelpScreen())

    def action_search(self) -> None:
        """Search in the course, from wherever one is."""
        if not self.ready:
            return
        while len(self.screen_stack) > 1:
            self.pop_screen()
        if isinstance(self.screen, CourseScreen):
            self.screen.begin_search()

    def action_glossary(self) -> None:
        """Open the glossary, once."""
        from rnn_tutor.tui.screens.glossary import GlossaryScreen

        if self.ready and not isinstance(self.screen, GlossaryScreen):
            self.open_glossary()

    def action_progress(self) -> None:
        """Open what has been done."""
        from rnn_tutor.tui.screens.progress import ProgressScreen

        if self.ready:
            self.push_screen(ProgressScreen())

    def end(self, signum: int) -> None:
        """End because of a signal; called from another thread."""
        if self._loop is not None:
            self._loop.call_soon_threadsafe(self.exit, 128 + signum)

    @override
    async def action_quit(self) -> None:
        """Leave."""
        self.exit(0)

    def action_how_to_leave(self) -> None:
        """Say how to leave, to those who press Ctrl+C."""
        self.say("q leaves rnn-tutor from the course, goes back elsewhere; Esc leaves a line.")

    learner: str | None = None  # who is there, where many share an account
