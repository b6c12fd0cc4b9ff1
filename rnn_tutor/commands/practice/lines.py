"""What is typed, line by line. Its end, of a pipe or with Ctrl+D, ends the practice."""

import io
import signal
import sys
from types import FrameType
from typing import TextIO

from rnn_tutor.commands.output import printable, say

MOST = 8_000
"""Characters of a line: the longest answer of all, a program, has no more."""


class EndedError(Exception):
    """Nothing more will be typed."""


class TimeIsUpError(Exception):
    """The time of an exam is over."""


class Lines:
    """The lines of an input, each asked for with a prompt."""

    def __init__(self, source: TextIO | None) -> None:
        """Read from this input; None is one that was closed by whoever started us."""
        if isinstance(source, io.TextIOWrapper):
            source.reconfigure(errors="replace")  # bytes that are no text are no reason to stop
        self._source = source
        self._waiting = self._rung = False
        self._typed = source is not None and source.isatty()

    def ask(self, prompt: str) -> str:
        """Return the next line without its end. Raises EndedError where there is none.

        A line that is too long is left out, which is said, and the one after it is taken.
        """
        while True:
            sys.stdout.write(f"{printable(prompt)} " if self._typed else f"{printable(prompt)}\n")
            sys.stdout.flush()
            line = self._read()
            if not line:
                if self._typed:
                    say()
                raise EndedError
            if len(line.rstrip("\r\n")) <= MOST:
                return line.rstrip("\r\n")
            self._skip(line)
            say(f"A line has at most {MOST:,} characters. That one was not read.")

    def _read(self) -> str:
        """Wait for a line. Raises TimeIsUpError where an alarm has rung, now or since the last line."""
        self._waiting = True
        try:
            if self._rung:
                self._rung = False
                raise TimeIsUpError
            return self._source.readline(MOST + 1) if self._source is not None else ""
        finally:
            self._waiting = False

    def alarm(self, seconds: float | None) -> None:
        """Ring once, after so many seconds: whoever waits for a line then gets a TimeIsUpError. None: do not ring."""
        signal.signal(signal.SIGALRM, self._ring)
        signal.setitimer(signal.ITIMER_REAL, max(seconds, 0.001) if seconds is not None else 0)
        self._rung = False

    def _ring(self, _number: int, _frame: FrameType | None) -> None:
        if self._waiting:
            raise TimeIsUpError
        self._rung = True  # what goes on, such as an answer that is being saved, comes to its end first

    def _skip(self, line: str) -> None:
        """Read what is left of a line, bit by bit, and drop it."""
        while line and not line.endswith("\n") and self._source is not None:
            line = self._source.readline(MOST)
