"""The terminal's driver: Textual's own for Linux and macOS, with another way of waiting for keys.

Textual's looks ten times a second whether it should stop: that is its idle CPU, and up to 0.2 s of every quit. It spins
at end of file, ends on the first byte that is not UTF-8, and asks terminals about modes that they may print. This one
sleeps until there is a key or a reason to stop; end of file and a lost line are a hang-up.
"""

import codecs
import os
import selectors
import signal
import threading
from collections.abc import Iterable
from typing import cast

from textual._xterm_parser import XTermParser
from textual.message import Message

from rnn_tutor.tui.guarded import GuardedDriver
from rnn_tutor.tui.pastes import Pastes
from rnn_tutor.tui.terminal import ASCII_TERMS

_TICK = 0.1  # seconds after which an Escape is the key and not the beginning of a sequence
_TICKS = 3  # so often a look is taken after the last key
_LOST = 20  # ticks of silence within a paste after which its end is taken for lost


class _Bell(threading.Event):
    """An event that also wakes who waits for a file."""

    def __init__(self) -> None:
        super().__init__()
        self.ear, self._mouth = os.pipe()

    def set(self) -> None:
        """Set it and ring."""
        super().set()
        os.write(self._mouth, b"!")

    def clear(self) -> None:
        """Clear it, and take the ringing away."""
        if self.is_set():
            os.read(self.ear, 64)
        super().clear()

    def close(self) -> None:
        """Give the pipe back."""
        os.close(self.ear)
        os.close(self._mouth)


class TutorDriver(GuardedDriver):
    """Keys from stdin, the screen to stderr, both terminals."""

    def start_application_mode(self) -> None:
        """Take the terminal; nothing is known of what stands on it."""
        if not isinstance(self.exit_event, _Bell):
            self.exit_event = _Bell()
        self._tutor.painted.forget()
        super().start_application_mode()

    def close(self) -> None:
        """Clean up."""
        super().close()
        if isinstance(self.exit_event, _Bell):
            self.exit_event.close()

    def run_input_thread(self) -> None:
        """Hand on keys until the driver stops or the line is gone."""
        bell = cast(_Bell, self.exit_event)
        parser, pastes = XTermParser(self._debug), Pastes()
        decode = codecs.getincrementaldecoder("utf-8")("replace").decode
        looks = 0
        with selectors.SelectSelector() as selector:
            selector.register(self.fileno, selectors.EVENT_READ)
            selector.register(bell.ear, selectors.EVENT_READ)
            while not bell.is_set():
                ready = [key.fd for key, _ in selector.select(_TICK if looks else None)]
                if self.fileno in ready:
                    data = self._read()
                    if not data:
                        os.kill(os.getpid(), signal.SIGHUP)  # see terminal.Endings
                        return
                    self._hand_on(parser.feed(pastes.feed(decode(data))))
                    looks = _LOST if pastes.pasting else _TICKS
                elif looks:
                    looks -= 1
                    if not looks and pastes.pasting:
                        self._hand_on(parser.feed(pastes.give_up()))
                self._hand_on(parser.tick())

    def _read(self) -> bytes:
        try:
            return os.read(self.fileno, 4096)
        except OSError:  # the terminal is gone
            return b""

    def _hand_on(self, messages: Iterable[Message]) -> None:
        for message in messages:
            self.process_message(message)

    # Terminals of a kind that only speaks ASCII here may print such questions.

    def _request_terminal_sync_mode_support(self) -> None:
        if os.environ.get("TERM") not in ASCII_TERMS:
            super()._request_terminal_sync_mode_support()

    def _query_in_band_window_resize(self) -> None:
        if os.environ.get("TERM") not in ASCII_TERMS:
            super()._query_in_band_window_resize()
