"""How a session on a terminal ends from outside."""

import contextlib
import fcntl
import os
import signal
import sys
import termios
import threading
import time
from collections.abc import Callable
from typing import Any

_GRACE = 1.3  # seconds that a session gets to end by itself after a hang-up
_GIVING_BACK = 0.2  # seconds that giving the terminal back may take after that
_ENDINGS = (signal.SIGHUP, signal.SIGTERM, signal.SIGINT, signal.SIGQUIT)  # Ctrl+C, in the tutor, is a key


class Endings:
    """Hang-up, termination and interruption, waited for in a thread.

    A Python signal handler is not enough: with a stalled terminal or a busy loop it never runs, and the process
    stays at 100% CPU. The signals are blocked before any thread starts, so that only the waiting thread gets them;
    it asks the session to end (`ask`, given the signal), and ends the process itself when that takes too long, once
    `leave` has given the terminal back.
    Use as a context manager.
    """

    def __init__(self, grace: float = _GRACE) -> None:
        self.ask: Callable[[int], None] | None = None
        self.leave: Callable[[], None] | None = None
        self._grace = grace
        self._over = False
        self._attributes: list[Any] | None = None
        self._thread = threading.Thread(target=self._wait, name="rnn-tutor-endings", daemon=True)

    def __enter__(self) -> "Endings":
        """Block the signals and start waiting for them."""
        signal.pthread_sigmask(signal.SIG_BLOCK, _ENDINGS)
        with contextlib.suppress(termios.error, OSError, ValueError, AttributeError):
            self._attributes = termios.tcgetattr(sys.__stdin__.fileno())  # type: ignore[union-attr]
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        """Stop waiting and let the signals act again."""
        self._over = True
        if self._thread.ident is not None and self._thread.is_alive():
            signal.pthread_kill(self._thread.ident, signal.SIGTERM)
            self._thread.join(self._grace)
        signal.pthread_sigmask(signal.SIG_UNBLOCK, _ENDINGS)

    def _finished(self) -> bool:
        return self._over

    def _wait(self) -> None:
        signal_number = signal.sigwait(_ENDINGS)
        if self._finished():
            return
        with contextlib.suppress(Exception):
            if self.ask is not None:
                self.ask(signal_number)
        for _ in range(int(self._grace / 0.05)):
            time.sleep(0.05)
            if self._finished():
                return
        # In a thread of its own: a terminal can be in such a state that nothing can be written to it.
        giving_back = threading.Thread(target=self._give_back, daemon=True)
        giving_back.start()
        giving_back.join(_GIVING_BACK)
        os._exit(128 + signal_number)

    def _give_back(self) -> None:
        with contextlib.suppress(Exception):
            if self.leave is not None:
                self.leave()
        if self._attributes is not None:
            with contextlib.suppress(termios.error, OSError):
                termios.tcsetattr(0, termios.TCSANOW, self._attributes)
        with contextlib.suppress(OSError):
            # Let go of it first: at the end of a session's leader (ssh host rnn-tutor) Linux throws away what the
            # terminal has not read yet.
            fcntl.ioctl(0, termios.TIOCNOTTY)
