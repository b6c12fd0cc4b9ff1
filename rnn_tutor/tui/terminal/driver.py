"""The terminal's driver: Textual's own for Linux and macOS, with another way of waiting for keys.

Textual's looks ten times a second whether it should stop: that is its idle CPU, and up to 0.2 s of every quit. It spins
at end of file, ends on the first byte that is not UTF-8, and asks terminals about modes that they may print. This one
sleeps until there is a key or a reason to stop; end of file and a lost line are a hang-up. What `arrivals` has put
together is read piece by piece, and a piece that cannot be read is left out.
"""

import fcntl
import os
import selectors
import signal
import sys
import termios
import threading
import time
from collections.abc import Callable, Iterable
from contextlib import suppress
from typing import Any, cast

from textual import events
from textual._xterm_parser import XTermParser
from textual.app import ScreenStackError
from textual.message import Message
from typing_extensions import override

from rnn_tutor.tui.messages import KeysCut, PasteCut
from rnn_tutor.tui.terminal.arrivals import Arrivals, Piece
from rnn_tutor.tui.terminal.bounded_driver import GuardedDriver
from rnn_tutor.tui.terminal.bracketed_paste import MOST
from rnn_tutor.tui.terminal.capabilities import ASCII_TERMS

MOST_WAITING = 500  # keys: of more than that nobody knows where they will land


class _Bell(threading.Event):
    """An event that also wakes who waits for a file."""

    def __init__(self) -> None:
        super().__init__()
        self.ear, self._mouth = os.pipe()

    @override
    def set(self) -> None:
        """Set it and ring."""
        super().set()
        os.write(self._mouth, b"!")

    @override
    def clear(self) -> None:
        """Clear it, and take the ringing away."""
        if self.is_set():
            os.read(self.ear, 64)
        super().clear()

    def close(self) -> None:
        """Give the pipe back."""
        os.close(self.ear)
        os.close(self._mouth)


class Reader:
    """Says what arrives in messages of Textual's; nothing that arrives ends it.

    Textual's parser is given only what is whole. What cannot be read all the same is left out, and told to `left_out`;
    a mistake of our own in putting the line together is told to `failed`.
    """

    def __init__(
        self, left_out: Callable[[Exception], None], failed: Callable[[Exception], None] | None = None
    ) -> None:
        self.arrivals = Arrivals()
        self._left_out = left_out
        self._failed = failed or left_out
        self._parser = XTermParser()

    def feed(self, data: bytes, now: float) -> list[Message]:
        """Return what the bytes of one read say."""
        return self._read_all(lambda: self.arrivals.feed(data, now))

    def tick(self, now: float) -> list[Message]:
        """Return what it says that nothing more has come."""
        return self._read_all(lambda: self.arrivals.tick(now))

    def _read_all(self, pieces: Callable[[], list[Piece]]) -> list[Message]:
        try:
            return [message for piece in pieces() for message in self.read(piece)]
        except Exception as error:  # noqa: BLE001 - whatever is sent, the keyboard goes on working
            self._failed(error)
            self.arrivals = Arrivals()
            return []

    def read(self, piece: Piece) -> list[Message]:
        """Return what a piece says; one that cannot be read is left out."""
        if piece.kind == "escape":
            return [events.Key("escape", "\x1b")]
        if piece.kind == "paste":
            return [events.Paste(piece.text), *([PasteCut(MOST, piece.dropped)] if piece.dropped else [])]
        try:
            messages = list(self._parser.feed(piece.text))
        except Exception as error:  # noqa: BLE001 - the other pieces are read
            self._left_out(error)
            messages = []
        if not messages:  # the parser may be at its end, or wait for more of what it does not know
            self._parser = XTermParser()
        self._parser.mouse_pixels = False  # it takes each report of a size for one that the mouse is to be read by
        return messages


def _waiting_bytes(file: int) -> int:
    """Return how many bytes wait to be read; asked for when the terminal was just taken, those typed before."""
    try:
        return int.from_bytes(fcntl.ioctl(file, termios.FIONREAD, bytes(4)), sys.byteorder)
    except OSError:  # no such question here, or the terminal is gone
        return 0


def _as_typed(data: bytes, ahead: int) -> bytes:
    """Return what was read, of which so much was typed before the terminal was taken: Enter is Enter again.

    Until then the line made a line feed of it (ICRNL), which is another key (Ctrl+J).
    """
    return data[:ahead].replace(b"\n", b"\r") + data[ahead:]


class TutorDriver(GuardedDriver):
    """Keys from stdin, the screen to stderr, both terminals."""

    def __init__(self, *args: Any, **options: Any) -> None:  # noqa: ANN401 - as textual calls it
        super().__init__(*args, **options)
        self._sent = self._posted = 0  # messages: counted by the thread of the keys, and by the loop
        self._refusing = False

    @override
    def start_application_mode(self) -> None:
        """Take the terminal; nothing is known of what stands on it."""
        if not isinstance(self.exit_event, _Bell):
            self.exit_event = _Bell()
        self._owner.painted.forget()
        super().start_application_mode()

    @override
    def close(self) -> None:
        """Clean up."""
        super().close()
        if isinstance(self.exit_event, _Bell):
            self.exit_event.close()

    @override
    def run_input_thread(self) -> None:
        """Hand on what arrives until the driver stops or the line is gone."""
        bell = cast(_Bell, self.exit_event)
        reader = Reader(self._left_out, self._failed)
        ahead = _waiting_bytes(self.fileno)
        with selectors.SelectSelector() as selector:
            selector.register(self.fileno, selectors.EVENT_READ)
            selector.register(bell.ear, selectors.EVENT_READ)
            while not bell.is_set():
                due = reader.arrivals.deadline
                wait = None if due is None else max(0.0, due - time.monotonic())
                ready = [key.fd for key, _ in selector.select(wait)]
                if self.fileno in ready:  # first of all, also where this thread had to wait for its turn: it is in time
                    data = self._read()
                    if not data:
                        os.kill(os.getpid(), signal.SIGHUP)  # see terminal.Endings
                        return
                    if ahead:
                        data, ahead = _as_typed(data, ahead), max(0, ahead - len(data))
                    self._hand_on(reader.feed(data, time.monotonic()))
                else:
                    self._hand_on(reader.tick(time.monotonic()))

    def _read(self) -> bytes:
        try:
            return os.read(self.fileno, 4096)
        except OSError:  # the terminal is gone
            return b""

    def _hand_on(self, messages: Iterable[Message]) -> None:
        for message in messages:
            try:
                self.process_message(message)
            except Exception as error:  # noqa: BLE001 - whatever is sent, the keyboard goes on working
                self._left_out(error)

    def _left_out(self, error: Exception) -> None:
        self._owner.mistakes.note(error, "reading what arrived on the line")

    def _failed(self, error: Exception) -> None:
        self._owner.failed(error, "putting together what arrived on the line")

    @override
    def send_message(self, message: Message) -> None:
        """Hand on a message, and of what is typed only as much as anybody types ahead."""
        if isinstance(message, events.InputEvent | events.Paste) and self._waiting() >= MOST_WAITING:
            if not self._refusing:
                self._refusing = True
                self._post_soon(KeysCut(MOST_WAITING))
            return
        self._refusing = False
        self._post_soon(message)

    def _post_soon(self, message: Message) -> None:
        self._sent += 1

        def post() -> None:
            self._posted += 1
            self._app.post_message(message)

        self._loop.call_soon_threadsafe(post)

    def _waiting(self) -> int:
        """Return about how many messages were sent and not handled: by the app, and by what has the focus."""
        waiting = self._sent - self._posted + self._app.message_queue_size
        with suppress(ScreenStackError):  # no screen yet
            focused = self._app.focused
            waiting += focused.message_queue_size if focused is not None else 0
        return waiting

    # Terminals of a kind that only speaks ASCII here may print such questions.

    @override
    def _request_terminal_sync_mode_support(self) -> None:
        if os.environ.get("TERM") not in ASCII_TERMS:
            super()._request_terminal_sync_mode_support()

    @override
    def _query_in_band_window_resize(self) -> None:
        if os.environ.get("TERM") not in ASCII_TERMS:
            super()._query_in_band_window_resize()
