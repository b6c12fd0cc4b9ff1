"""What is new of a class, read in a thread of its own: no key waits for a server."""

import threading
import time
from collections.abc import Callable
from typing import Protocol

from rnn_tutor.progress.class_report import Report

EVERY = 1.0  # seconds between two readings, at the least
WAIT = 1.0  # seconds to wait for news before it is seen whether the screen is still there
AGAIN = (1.0, 2.0, 4.0, 8.0, 15.0)  # seconds after which a lost connection is tried again; the last one for good


class LostError(Exception):
    """The rows cannot be read just now; the text is a sentence that says why."""


class Source(Protocol):
    """Where answers come from."""

    def report(self) -> Report | None:
        """Read what is new, and return the report with it; None where nothing is new. Raises LostError."""

    def wait(self, seconds: float) -> bool:
        """Wait until something may be new, and tell whether it may be. Raises LostError."""

    def close(self) -> None:
        """Let go of the connection."""


class Follower(threading.Thread):
    """Reads until it is told to stop. tell: takes a report (None: the last one still holds) and what is wrong, if any.

    opens: makes the source, again after each LostError; it may raise one itself.
    """

    def __init__(self, opens: Callable[[], Source], tell: Callable[[Report | None, str], None]) -> None:
        super().__init__(name="rnn-tutor-watch", daemon=True)
        self._opens = opens
        self._tell = tell
        self._stop_asked = threading.Event()
        self._lost = 0  # how often in a row
        self._trouble = ""

    def stop(self) -> None:
        """Have it end; nobody waits for that."""
        self._stop_asked.set()

    def run(self) -> None:
        """Read what is new, again and again."""
        while not self._stop_asked.is_set():
            try:
                source = self._opens()
                try:
                    self._follow(source)
                finally:
                    source.close()
            except LostError as error:
                self._say(None, f"{error} It is tried again.")
                self._stop_asked.wait(AGAIN[min(self._lost, len(AGAIN) - 1)])
                self._lost += 1

    def _follow(self, source: Source) -> None:
        is_new = True
        while not self._stop_asked.is_set():
            if is_new:
                began = time.monotonic()
                self._say(source.report(), "")
                self._lost = 0
                self._stop_asked.wait(max(0.0, began + EVERY - time.monotonic()))
            is_new = source.wait(WAIT)

    def _say(self, report: Report | None, trouble: str) -> None:
        """Tell what has changed, and nothing where nothing has."""
        if report is not None or trouble != self._trouble:
            self._trouble = trouble
            self._tell(report, trouble)
