"""What is typed, line by line. Its end, of a pipe or with Ctrl+D, ends the practice."""

import io
import os
import queue
import sys
import threading
import time
from typing import TextIO

from rnn_tutor.commands.output import printable, say

MOST = 8_000
"""Characters of a line: the longest answer of all, a program, has no more."""
_UNBROKEN = 0.5 if os.name == "nt" else threading.TIMEOUT_MAX  # seconds: on Windows, Ctrl+C waits for the end of a wait


class EndedError(Exception):
    """Nothing more will be typed."""


class TimeIsUpError(Exception):
    """The time of an exam is over."""


class Lines:
    """The lines of an input, each asked for with a prompt."""

    def __init__(self, source: TextIO | None) -> None:
        """Read from this input; None is one that was closed by whoever started us."""
        self._typed = source is not None and source.isatty()
        self._source = _of_our_own(source) if isinstance(source, io.TextIOWrapper) else source
        self._ends: float | None = None  # when the alarm rings
        self._thread: _Thread | None = None

    def ask(self, prompt: str) -> str:
        """Return the next line without its end. Raises EndedError where there is none, TimeIsUpError with an alarm.

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

    def alarm(self, seconds: float | None) -> None:
        """Ring once, after so many seconds: whoever waits for a line then gets a TimeIsUpError. None: do not ring.

        What goes on then, such as an answer that is being saved, comes to its end first.
        """
        self._ends = None if seconds is None else time.monotonic() + seconds
        if self._ends is not None and self._thread is None and self._source is not None:
            self._thread = _Thread(self._source)

    def _read(self) -> str:
        """Wait for a line, or for a piece of one that is too long. Raises TimeIsUpError where an alarm has rung."""
        if self._ends is not None and time.monotonic() >= self._ends:
            self._ends = None
            raise TimeIsUpError
        if self._thread is None:
            return self._source.readline(MOST + 1) if self._source is not None else ""
        try:
            return self._thread.read(self._ends)
        except TimeIsUpError:
            self._ends = None
            raise

    def _skip(self, line: str) -> None:
        """Read what is left of a line, bit by bit, and drop it."""
        while line and not line.endswith("\n"):
            line = self._thread.read(None) if self._thread is not None else self._rest()

    def _rest(self) -> str:
        return self._source.readline(MOST) if self._source is not None else ""


class _Thread:
    """Reads from an input in a thread, so that one can wait for a line and for a time at once.

    A signal that does the same is not on every system. The thread reads only what was asked for: what is not asked
    for is left to whoever reads the input next.
    """

    def __init__(self, source: TextIO) -> None:
        self._source = source
        self._wanted: queue.SimpleQueue[None] = queue.SimpleQueue()
        self._lines: queue.SimpleQueue[str | OSError] = queue.SimpleQueue()
        self._asked = False  # whether a line was asked for that has not come yet
        threading.Thread(target=self._run, name="rnn-tutor-lines", daemon=True).start()

    def _run(self) -> None:
        while True:
            self._wanted.get()
            try:
                self._lines.put(self._source.readline(MOST + 1))
            except OSError as error:  # raised where the line is waited for
                self._lines.put(error)

    def read(self, until: float | None) -> str:
        """Return the next line; raises TimeIsUpError at that time, and the line is then the next one's."""
        if not self._asked:
            self._asked = True
            self._wanted.put(None)
        while True:
            left = _UNBROKEN if until is None else min(_UNBROKEN, until - time.monotonic())
            try:
                line = self._lines.get(timeout=max(0.0, left))
            except queue.Empty:
                if until is not None and time.monotonic() >= until:
                    raise TimeIsUpError from None
                continue
            self._asked = False
            if isinstance(line, OSError):
                raise line
            return line


def _of_our_own(source: io.TextIOWrapper) -> TextIO:
    """Return another reader of an input, whose bytes that are no text are replaced: they are no reason to stop.

    Python closes its own reader when it ends. It could not, and would end with an error, while a thread reads there.
    """
    try:
        return open(source.fileno(), encoding=source.encoding, errors="replace", closefd=False)
    except (OSError, ValueError):  # one that is no file: of a test, or of a program around this one
        source.reconfigure(errors="replace")
        return source
