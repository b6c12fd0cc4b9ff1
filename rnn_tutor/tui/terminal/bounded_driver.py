"""A driver that keeps to the terminal, and gives it back however a session stops.

It is stopped (Ctrl+Z) and goes on as any program does; when the session has to end while nobody reads at the other end,
the terminal is given back all the same; no size of a terminal can use up the machine's memory; nothing but the
terminal is ever opened.
"""

import os
import signal
import sys
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from contextvars import copy_context
from typing import TYPE_CHECKING, Any, Literal, Protocol, TextIO, cast

from textual import events
from textual.drivers.linux_driver import LinuxDriver
from textual.geometry import Size
from textual.message import Message
from typing_extensions import override

from rnn_tutor.tui.terminal.nonblocking_writer import Outlet

if TYPE_CHECKING:
    from rnn_tutor.crash_log import CrashLog
    from rnn_tutor.tui.terminal.capabilities import Options
    from rnn_tutor.tui.terminal.frame_diff import Painted

MOST_COLUMNS, MOST_ROWS = 640, 240  # a large screen with tiny letters; over ssh a client can claim 65,535 x 65,535

_TRIES = 50  # to take the terminal again

# What `stop_application_mode` writes, for when it cannot be waited for.
_GIVE_BACK = (
    "\x1b[?2026l\x1b[?2004l\x1b[?7h\x1b[?2048l\x1b[?1000l\x1b[?1003l\x1b[?1015l\x1b[?1006l\x1b[<u"
    "\x1b[m\x1b[?1049l\x1b[?25h\x1b[?1004l"
)


class Owner(Protocol):
    """What a driver asks of its app."""

    options: "Options"
    painted: "Painted"

    @property
    def mistakes(self) -> "CrashLog":
        """Where mistakes are written down."""

    def failed(self, error: BaseException, doing: str, *, on_screen: bool = True) -> None:
        """Write a mistake down and go on."""


class GuardedDriver(LinuxDriver):
    """Textual's driver for Linux and macOS, within bounds."""

    def __init__(self, *args: Any, **options: Any) -> None:  # noqa: ANN401 - as textual calls it
        super().__init__(*args, **options)
        self._outlet = Outlet(cast(TextIO, self._file))
        self._file = cast(Any, self._outlet)
        self._size = self._size or self._get_terminal_size()  # else rich's idea of it comes first, which may differ
        self._terminal_taken = self._stopping = False
        self._state: Literal["before", "taking", "ours", "leaving", "away", "over"] = "before"
        self._frame: list[str] | None = None  # what is written in one go
        self._noted: set[Callable[[], None]] = set()
        self._context = copy_context()  # that of the app: a signal finds whichever is in the way
        if self._owner.options.kiosk:
            signal.signal(signal.SIGTSTP, signal.SIG_IGN)

    @property
    def _owner(self) -> Owner:
        return cast("Owner", self._app)

    def give_up(self) -> None:
        """Give the terminal back at once, whoever is waiting for it; nothing can be shown any more."""
        if self._terminal_taken:
            self._outlet.give_up(_GIVE_BACK.encode())

    # stopped, and going on

    @override
    def start_application_mode(self) -> None:
        """Take the terminal, unless it belongs to another job of the shell's (after `bg`)."""
        state, writer = self._state, self._writer_thread
        self._state = "taking"
        super().start_application_mode()  # type: ignore[no-untyped-call]
        if self._writer_thread is writer:
            self._state = state
        else:
            self._state = "ours"
            self._terminal_taken = True
            signal.signal(signal.SIGWINCH, self._sigwinch)

    @override
    def stop_application_mode(self) -> None:
        """Give the terminal back: for good, unless that is done to stop."""
        if self._state == "ours":
            self._state = "over"
        super().stop_application_mode()

    @override
    def close(self) -> None:
        """Wait until all is written, what gives the terminal back as well: only then is it given back."""
        super().close()
        self._terminal_taken = False

    @override
    def write(self, data: str) -> None:
        """Write, as long as there is somebody to write it: all is painted anew when the terminal is taken again."""
        if self._frame is not None:
            self._frame.append(data)
        elif self._state != "away":
            self._outlet.hand_over()
            super().write(data)

    @contextmanager
    def one_write(self) -> Iterator[None]:
        """Write what is written meanwhile in one go and at once, as far as the terminal takes it."""
        self._frame = []
        try:
            yield
        finally:
            text, self._frame = "".join(self._frame), None
            rest = self._outlet.write_at_once(text) if text and self._state == "ours" else text or None
            if rest is not None:
                self.write(rest)

    # A signal's handler runs between any two steps of the program, in the middle of painting too. So it only notes
    # what is to be done, and the loop does it, however many signals came.

    @override
    def _sigtstp_application(self, *_: object) -> None:
        self._note(self._stop)

    @override
    def _sigcont_application(self, *_: object) -> None:
        if not self._stopping:
            self._note(self._go_on)

    def _sigwinch(self, *_: object) -> None:
        self._note(self._measure)

    def _note(self, action: Callable[[], None]) -> None:
        if action not in self._noted and not self._loop.is_closed():
            self._noted.add(action)
            self._loop.call_soon_threadsafe(self._do, action, context=self._context)

    def _do(self, action: Callable[[], None]) -> None:
        self._noted.discard(action)
        action()

    def _stop(self) -> None:
        """Stop, the terminal given back, with all that was started together (as `make run` is), until SIGCONT.

        With the signal's own action, not SIGSTOP: where no shell could wake the tutor again (ssh host rnn-tutor) the
        kernel then lets it go on.
        """
        if self._state != "ours":
            return
        self._stopping = True
        self._leave()
        signal.signal(signal.SIGTSTP, signal.SIG_IGN)
        os.killpg(0, signal.SIGTSTP)
        signal.signal(signal.SIGTSTP, signal.SIG_DFL)
        # To this thread: one that goes to the process may be a moment late, and find the terminal taken again.
        signal.pthread_kill(threading.get_ident(), signal.SIGTSTP)
        signal.signal(signal.SIGTSTP, self._sigtstp_application)
        self._return()
        self._stopping = False

    def _go_on(self) -> None:
        """Take the terminal anew after a stop that could not be noticed (SIGSTOP)."""
        if self._state == "ours":
            self._leave()
        if self._state == "away":
            self._return()

    def _measure(self) -> None:
        """Tell of the size that the terminal has now, where it does not tell of it itself."""
        if self._state == "ours" and not self._in_band_window_resize:
            size = Size(*self._get_terminal_size())
            self._app.post_message(events.Resize(size, size))

    def newest(self, told: events.Resize) -> events.Resize:
        """Return the size that the terminal has by now, where it does not tell of it itself.

        What is told goes through queues, and two ways at once: taken anew by a signal while it changes its size, a
        terminal was told of as it is now, and then as it was.
        """
        if self._in_band_window_resize:
            return told
        size = Size(*self._get_terminal_size())
        return told if size == told.size else events.Resize(size, size)

    def _leave(self) -> None:
        self._state = "leaving"
        self.suspend_application_mode()
        self._state = "away"
        self.exit_event = threading.Event()  # the old one may be closed

    def _return(self) -> None:
        # In the background each try stops the process, until the shell brings it to the front; the number is for a
        # terminal that is gone, of which another thread hears.
        for _ in range(_TRIES):
            self.resume_application_mode()
            if self._state == "ours":
                self._app.refresh(layout=True)
                return

    @override
    def _run_input_thread(self) -> None:
        """Read keys; whatever that fails at, go on reading."""
        while not self.exit_event.is_set():
            try:
                self.run_input_thread()
                return
            except Exception as error:  # noqa: BLE001 - it is written down and told
                self._owner.failed(error, "reading keys")

    # within bounds

    @override
    def _get_terminal_size(self) -> tuple[int, int]:
        width, height = _asked_size() or super()._get_terminal_size()
        return min(width, MOST_COLUMNS), min(height, MOST_ROWS)

    @override
    def process_message(self, message: Message) -> None:
        """Hand on what came from the terminal, but for Ctrl+Z, the shell's; sizes are cut here as well."""
        if isinstance(message, events.Key) and message.key == "ctrl+z":
            os.kill(os.getpid(), signal.SIGTSTP)
            return
        if isinstance(message, events.Resize):
            if message.size.width < 1 or message.size.height < 1:
                return  # a size that is not known
            size = Size(min(message.size.width, MOST_COLUMNS), min(message.size.height, MOST_ROWS))
            message = events.Resize(size, size)
        super().process_message(message)

    @override
    def open_url(self, url: str, new_tab: bool = True) -> None:
        """Open nothing: not a browser, on whatever host this is."""

    @override
    def deliver_binary(self, *_: object, **__: object) -> None:
        """Write no file."""


def _asked_size() -> tuple[int, int] | None:
    """Return the size that the terminal gives, where nothing else says it; None: Textual finds one, by shutil.

    Gain: 2 ms of a start, 0.7 MB (shutil brings the libraries of three compressions).
    """
    if sys.__stdout__ is None or not {"COLUMNS", "LINES"}.isdisjoint(os.environ):
        return None
    try:
        width, height = os.get_terminal_size(sys.__stdout__.fileno())
    except (ValueError, OSError):
        return None
    return (width, height) if width and height else None
