"""The way out to the terminal, which can be given up while nobody reads at the other end.

A write that waits for a terminal that has stopped reading holds the terminal's lock: nothing else can then be written,
not even what gives the terminal back. So nothing waits within a write here, only before it.

What the terminal takes at once is written by who has painted it: Textual's writing thread would get its turn only once
nothing is left to be done, long after the paint. Gain: 1 to 6 ms of a key, whatever follows its paint.
"""

import os
import select
import termios
import threading
from typing import TextIO

_MOST = 1 << 16  # so many characters are handed on without waiting for more
_CANCEL = b"\x18"  # ends an escape sequence of which only the beginning went out


class Outlet:
    """A text file, as textual's writing thread wants one, on the terminal that `file` is."""

    def __init__(self, file: TextIO) -> None:
        self._file = file
        self._waiting: list[str] = []
        self._length = 0
        self._given_up = False
        self._lock = threading.Lock()
        self._fd = _opened_anew(file.fileno())
        self._never_waits = self._fd != file.fileno()
        self._handed_over = self._taken = self._written = 0  # texts so far: to, by, and in full by the thread
        self._left = b""  # what the terminal did not take at once

    def fileno(self) -> int:
        """Return the descriptor of the terminal."""
        return self._file.fileno()

    def isatty(self) -> bool:
        """Tell that it is a terminal."""
        return True

    def write_at_once(self, text: str) -> str | None:
        """Write a text now, if all before it is written; return what the thread is to be given, None: nothing.

        Where the text was begun here that is an empty one: its end goes before whatever the thread is given next.
        """
        if self._given_up or not self._never_waits or self._written != self._handed_over or self._left:
            return text
        data = self._encoded(text)
        try:
            self._left = data[self._write_some(data) :]
        except OSError:  # nobody is there any more
            return None
        return "" if self._left else None

    def hand_over(self) -> None:
        """Know that the thread is given a text."""
        self._handed_over += 1

    def write(self, text: str) -> None:
        """Take a text for the terminal."""
        self._taken += 1
        self._waiting.append(text)
        self._length += len(text)
        if self._length > _MOST:
            self.flush()

    def flush(self) -> None:
        """Write what was taken; returns when it is written, or at once where the line is gone or given up."""
        text = "".join(self._waiting)
        self._waiting.clear()
        self._length = 0
        taken, left = self._taken, self._left
        if not text and not left:  # a text may be begun meanwhile by who has painted it: nothing of it is touched here
            self._written = taken
            return
        data = memoryview(left + self._encoded(text))
        try:
            while data and not self._given_up:
                select.select([], [self._fd], [])
                data = data[self._write_some(data) :]
        except OSError:  # nobody is there any more; the end of the session comes by another way
            pass
        finally:
            self._left = b""
            self._written = taken

    def _encoded(self, text: str) -> bytes:
        return text.encode(self._file.encoding, self._file.errors or "replace")

    def give_up(self, last: bytes) -> None:
        """Write nothing more but `last`; what the terminal has not read yet is taken back to make room for it."""
        self._given_up = True
        with self._lock:
            termios.tcflush(self._fd, termios.TCOFLUSH)
            os.write(self._fd, _CANCEL + last)

    def _write_some(self, data: bytes | memoryview) -> int:
        with self._lock:
            try:
                return 0 if self._given_up else os.write(self._fd, data)
            except BlockingIOError:
                return 0


def _opened_anew(fd: int) -> int:
    """Open the terminal anew: what is set for it here (not to wait) is not set for the shell that shares `fd`."""
    try:
        return os.open(os.ttyname(fd), os.O_WRONLY | os.O_NONBLOCK | os.O_NOCTTY | os.O_CLOEXEC)
    except OSError:  # a terminal without a name here: inside some containers
        return fd
