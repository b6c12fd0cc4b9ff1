"""What happens on a mistake of the program's own: one sentence, a line in the log, and the session goes on.

Textual ends the program on an exception in any handler, timer or widget, and paints its variables. Here each widget
is guarded: what a message brings about, and how it is painted and measured, may fail alone. What cannot go on (no
first screen; one failure that brings about the next without end) ends with a sentence and status 1.
"""

import asyncio
import threading
import time
from collections import deque
from collections.abc import Awaitable, Callable
from contextlib import suppress
from functools import cached_property
from typing import TYPE_CHECKING, Any, Protocol, TypeAlias, runtime_checkable

from rich.console import RenderableType
from rich.segment import Segment
from textual import events
from textual._context import active_message_pump
from textual.app import App
from textual.content import Content
from textual.dom import DOMNode
from textual.geometry import Region, Size
from textual.message import Message
from textual.screen import Screen
from textual.strip import Strip
from textual.visual import Visual, visualize
from textual.widget import Widget
from textual.worker import WorkerFailed
from typing_extensions import override

from rnn_tutor.paths import replaced, shown, whose

if TYPE_CHECKING:
    from rnn_tutor.crash_log import CrashLog

_Failure: TypeAlias = tuple[str, bool]  # the type of an exception, and whether it was written down
_BLANK = "(cannot be shown)"
_MOST, _WITHIN = 500, 2.0  # failures, within seconds: one brings about the next
_BEGINNING = (events.Load, events.Compose, events.Mount)


@runtime_checkable
class Saying(Protocol):
    """A screen with a place for one sentence."""

    def say(self, text: object) -> None:
        """Show a sentence (empty: take it away)."""

    def saying(self) -> bool:
        """Tell whether a sentence is shown."""


class FailingApp(App[int], inherit_bindings=False):
    """An app that goes on after its own mistakes. Beside what is here it needs `mistakes` and `say`."""

    failure: str = ""  # why it could not go on

    def __init__(self, *args: Any, **options: Any) -> None:  # noqa: ANN401 - as textual's
        super().__init__(*args, **options)
        self._begun = False  # whether there is a screen on which something can be said
        self._untold: _Failure | None = None
        self._unmade: Screen[Any] | None = None
        self._told_last: tuple[Screen[Any], str] | None = None
        self._broken: set[tuple[int, str]] = set()
        self._times: deque[float] = deque(maxlen=_MOST)

    # what a subclass says

    @cached_property
    def mistakes(self) -> "CrashLog":
        """Where mistakes are written down."""
        raise NotImplementedError

    @property
    def log_is_shown(self) -> bool:
        """Whether the name of the log may be shown."""
        return True

    @property
    def saved(self) -> str:
        """What is safe when the program has to stop, in a sentence."""
        return ""

    def say(self, text: object) -> None:
        """Show one sentence on the screen in front, if it has a place for it (empty: take it away)."""
        if isinstance(self.screen, Saying):
            self.screen.say(text)

    def saying(self) -> bool:
        """Tell whether a sentence is on the screen in front."""
        return isinstance(self.screen, Saying) and self.screen.saying()

    # what fails

    def failed(self, error: BaseException, doing: str, *, on_screen: bool = True) -> None:
        """Write a mistake down and go on, and say so `on_screen` or not; from any thread."""
        if isinstance(error, WorkerFailed):
            error = error.error
        failure = type(error).__name__, self._noted(error, doing)
        if threading.get_ident() == self._thread_id:
            self._take(failure, on_screen)
        else:
            with suppress(RuntimeError):  # it has ended meanwhile
                self.call_later(self._take, failure, on_screen)

    def _noted(self, error: BaseException, doing: str) -> bool:
        """Write a mistake down, and tell whether that was done; what it needs may be what could not be imported."""
        try:
            return self.mistakes.note(error, doing)
        except ImportError:
            return False

    def details(self, written: bool) -> str:
        """Say where more about a mistake is to be found."""
        if not written or self.mistakes.path is None:
            return "the details could not be saved"
        return f"the details are in {shown(self.mistakes.path)}" if self.log_is_shown else "the details are in its log"

    def _take(self, failure: _Failure, on_screen: bool) -> None:
        """Go on, or end where one failure brings about the next without end, or where there is no screen to go on."""
        now = time.monotonic()
        self._times.append(now)
        endless = len(self._times) == _MOST and now - self._times[0] < _WITHIN
        if endless or not self._begun or self._exit or self._closing:
            self._stop_for(failure)
        elif on_screen and self._untold is None:  # of several at once the first is the cause
            self._untold = failure
            self.call_later(self._tell_failure)

    def _stop_for(self, failure: _Failure) -> None:
        name, written = failure
        saved = f" {self.saved}" if self.saved else ""
        details = self.details(written)
        what = whose(name) if replaced() else f"rnn-tutor has crashed ({name}). That is our bug"
        self.failure = self.failure or f"{what}.{saved} {details[0].upper()}{details[1:]}."
        self._return_code = 1
        self._exit_renderables.clear()
        self._close_messages_no_wait()

    def _tell_failure(self) -> None:
        """Say it on a screen that is whole; not again where it stands already, or saying it could be what fails."""
        failure, self._untold = self._untold, None
        unmade, self._unmade = self._unmade, None
        if failure is None:
            return
        if unmade is self.screen:
            if len(self.screen_stack) == 1:
                self._stop_for(failure)
                return
            App.pop_screen(self)
        name, written = failure
        sentence = f"That did not work: {whose(name)}. What you typed is kept; {self.details(written)}."
        if not (self._told_last == (self.screen, sentence) and self.saying()):
            self._told_last = (self.screen, sentence)
            self.say(sentence)

    # Textual's ends

    @override
    def _handle_exception(self, error: Exception) -> None:
        """Take what Textual caught, wherever that was."""
        if self._exception is None:  # tests are told
            self._exception = error
            self._exception_event.set()
        pump = active_message_pump.get(None)
        if isinstance(pump, Screen) and not pump._is_mounted:
            self._unmade = self._unmade or pump
        self.failed(error, f"in {type(pump).__name__}")

    @override
    def _fatal_error(self) -> None:
        """End, and show nothing of what Textual would show: variables."""
        self._stop_for((type(self._exception).__name__, False))

    @override
    def panic(self, *renderables: RenderableType) -> None:
        """End, and show nothing of it."""
        self._fatal_error()

    @override
    async def _dispatch_message(self, message: Message) -> None:
        """Let a handler of the app fail alone, once there is a screen."""
        try:
            await super()._dispatch_message(message)
            self._begun = self._begun or isinstance(message, events.Mount)
        except Exception as error:
            if not self._begun and isinstance(message, _BEGINNING):
                raise
            self._handle_exception(error)

    # Each widget is guarded before it gets its first message; Textual begins scrollbars in another way than the others.

    @override
    def _register_child(self, parent: DOMNode, child: Widget, before: int | None, after: int | None) -> None:
        if child not in self._registry:
            _guard(self, child)
        super()._register_child(parent, child, before, after)

    @override
    def _start_widget(self, parent: Widget, widget: Widget) -> None:
        _guard(self, widget)
        super()._start_widget(parent, widget)

    # threads, and what runs beside the messages

    def loop_failed(self, loop: asyncio.AbstractEventLoop, context: dict[str, Any]) -> None:
        """Take what failed in a task or a callback of the loop's that nobody waits for."""
        error = context.get("exception")
        if isinstance(error, Exception):
            self.failed(error, "in the loop")
        elif error is None:
            loop.default_exception_handler(context)

    def thread_failed(self, args: "threading.ExceptHookArgs") -> None:
        """Take what ended a thread."""
        if args.exc_value is not None and not isinstance(args.exc_value, SystemExit):
            self.failed(args.exc_value, f"in the thread {args.thread.name if args.thread else ''}")

    def painting_failed(self, widget: Widget, error: Exception) -> None:
        """Take what a widget failed at while it was painted or measured; it is told once for each widget."""
        if self._exception is None:
            self._exception = error
            self._exception_event.set()
        key = (id(widget), type(error).__name__)
        fresh = key not in self._broken
        self._broken.add(key)
        self.failed(error, f"painting {type(widget).__name__}", on_screen=fresh)


def _guard(app: FailingApp, widget: Widget) -> None:
    """Let a widget's handlers, its painting and its measuring fail alone."""
    dispatch: Callable[[Message], Awaitable[None]] = widget._dispatch_message
    render, lines = widget._render, widget.render_lines
    width, height = widget.get_content_width, widget.get_content_height

    async def dispatched(message: Message) -> None:
        try:
            await dispatch(message)
        except Exception as error:  # noqa: BLE001 - it is written down and told
            app._handle_exception(error)

    def rendered() -> Visual:
        try:
            return render()
        except Exception as error:  # noqa: BLE001 - as above
            app.painting_failed(widget, error)
            return visualize(widget, Content(_BLANK))

    def painted(crop: Region) -> list[Strip]:
        try:
            return lines(crop)
        except Exception as error:  # noqa: BLE001 - as above
            app.painting_failed(widget, error)
            first = Strip([Segment(_BLANK)]).crop(crop.x, crop.right).adjust_cell_length(crop.width)
            blank = Strip.blank(crop.width)
            return [first if y == 0 else blank for y in range(crop.y, crop.bottom)]

    def wide(container: Size, viewport: Size) -> int:
        try:
            return width(container, viewport)
        except Exception as error:  # noqa: BLE001 - as above
            app.painting_failed(widget, error)
            return min(len(_BLANK), container.width)

    def high(container: Size, viewport: Size, width: int) -> int:
        try:
            return height(container, viewport, width)
        except Exception as error:  # noqa: BLE001 - as above
            app.painting_failed(widget, error)
            return 1

    # By name: one that Textual has no more is an error above, and one that it calls no more is found by the tests.
    for name, guarded in (
        ("_dispatch_message", dispatched),
        ("_render", rendered),
        ("render_lines", painted),
        ("get_content_width", wide),
        ("get_content_height", high),
    ):
        setattr(widget, name, guarded)
