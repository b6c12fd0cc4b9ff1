"""The way out to the terminal, which can be given up while nobody reads at the other end.

A write that waits for a terminal that has stopped reading holds the terminal's lock: nothing else can then be written,
not even what gives the terminal back. So nothing waits within a write here, only before it.
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

    def fileno(self) -> int:
        """Return the descriptor of the terminal."""
        return self._file.fileno()

    def isatty(self) -> bool:
        """Tell that it is a terminal."""
        return True

    def write(self, text: str) -> None:
        """Take a text for the terminal."""
        self._waiting.append(text)
        self._length += len(text)
        if self._length > _MOST:
            self.flush()

    def flush(self) -> None:
        """Write what was taken; returns when it is written, or at once where the line is gone or given up."""
        text = "".join(self._waiting)
        self._waiting.clear()
        self._length = 0
        data = memoryview(text.encode(self._file.encoding, self._file.errors or "replace"))
        try:
            while data and not self._given_up:
                select.select([], [self._fd], [])
                data = data[self._write_some(data) :]
        except OSError:  # nobody is there any more; the end of the session comes by another way
            return

    def give_up(self, last: bytes) -> None:
        """Write nothing more but `last`; what the terminal has not read yet is taken back to make room for it."""
        self._given_up = True
        with self._lock:
            termios.tcflush(self._fd, termios.TCOFLUSH)
            os.write(self._fd, _CANCEL + last)

    def _write_some(self, data: memoryview) -> int:
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
