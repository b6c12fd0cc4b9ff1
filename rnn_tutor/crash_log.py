"""Where a mistake of the program's own is written down, for whoever mends it: what was raised, and by which lines.

Nothing that a learner typed may stand there. So the text of an exception stays out (that of a KeyError is the key),
and the values of variables too: a type, the lines of our own code, versions. Nothing here raises: what cannot be
written is lost, and `note` tells so.
"""

import linecache
import os
import platform
import stat
import threading
from collections.abc import Iterator
from contextlib import suppress
from datetime import UTC, datetime
from importlib.metadata import PackageNotFoundError, version
from itertools import islice
from pathlib import Path
from types import FrameType, TracebackType

from rnn_tutor.paths import flags

MOST = 1 << 20  # bytes of the file; what would not fit begins it anew
MOST_ENTRY = 16_000  # characters
_FRAMES = 20  # at either end of a long traceback
_CHAIN = 5  # exceptions that were raised while another was handled, and members of a group
_LINE = 200


class CrashLog:
    """A file of mistakes; one at the same line as before is counted and not written again."""

    def __init__(self, path: Path | None) -> None:
        """Write to `path`, made with its folder (both private) when there is something to write; None: nowhere."""
        self.path = path
        self._times: dict[tuple[str, str, int], int] = {}
        self._lock = threading.Lock()

    def note(self, error: BaseException, where: str) -> bool:
        """Write an exception down, and tell whether it stands in the file now.

        where: what the program was doing, in words of the program. Safe to call from any thread.
        """
        if self.path is None:
            return False
        with self._lock:
            key = _place(error)
            times = self._times[key] = self._times.get(key, 0) + 1
            if times == 1:
                text = "\n".join(_entry(error, where))[:MOST_ENTRY]
            elif str(times).strip("0") == "1":  # 10, 100, 1000, ...
                text = f"{_head(where)}\n{key[0]} at {key[1]}:{key[2]}, {times} times by now"
            else:
                return True
            return _append(self.path, f"{text}\n\n".encode("utf-8", "replace"))


def _append(path: Path, data: bytes) -> bool:
    """Add to the file: one that is ours alone, no link to somewhere else, and never longer than MOST."""
    try:
        path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        # Not to wait: under this name there may stand a pipe that nobody reads.
        how = os.O_WRONLY | os.O_APPEND | os.O_CREAT | flags("O_NOFOLLOW", "O_CLOEXEC", "O_NONBLOCK")
        file = os.open(path, how, 0o600)
        try:
            found = os.fstat(file)
            if not stat.S_ISREG(found.st_mode):
                return False
            if hasattr(os, "fchmod"):  # where there are no modes, the folder of the account is private
                os.fchmod(file, 0o600)
            if found.st_size + len(data) > MOST:
                os.ftruncate(file, 0)
            return os.write(file, data) == len(data)
        finally:
            os.close(file)
    except OSError:
        return False


def _place(error: BaseException) -> tuple[str, str, int]:
    """Return what tells one mistake from another: its type, and the line that raised it."""
    *_, last = [("", 0), *((_module(frame), line) for frame, line in _walk(error.__traceback__))]
    return type(error).__name__, *last


def _head(where: str) -> str:
    versions = ", ".join(f"{name} {version_of(name)}" for name in ("rnn-tutor", "textual", "numpy"))
    now = datetime.now(UTC).isoformat(timespec="seconds")
    return f"{now} {where}\n{versions}, Python {platform.python_version()} on {platform.system()}"


def version_of(name: str) -> str:
    """Return the version of what is installed under a name, in words where nothing is."""
    try:
        return version(name)
    except PackageNotFoundError:
        return "(not installed)"


def _entry(error: BaseException, where: str) -> Iterator[str]:
    yield _head(where)
    known: set[int] = set()
    waiting = [("", error)]
    while waiting and len(known) < _CHAIN:
        how, one = waiting.pop(0)
        if id(one) in known:
            continue
        known.add(id(one))
        number = f" {one.errno}" if isinstance(one, OSError) and isinstance(one.errno, int) else ""
        yield f"{how}{type(one).__name__}{number}"
        yield from _frames(one.__traceback__)
        if isinstance(one, BaseExceptionGroup):
            waiting += [("of the group: ", member) for member in one.exceptions]
        if one.__cause__ is not None:
            waiting.append(("caused by ", one.__cause__))
        elif one.__context__ is not None and not one.__suppress_context__:
            waiting.append(("while handling ", one.__context__))


def _frames(traceback: TracebackType | None) -> Iterator[str]:
    """Give the lines of a traceback, the outermost first; of a long one both ends."""
    count = sum(1 for _ in _walk(traceback))
    for at, (frame, line) in enumerate(_walk(traceback)):
        if at == _FRAMES and count > 2 * _FRAMES:
            yield f"  ... {count - 2 * _FRAMES} more"
        if at < _FRAMES or at >= count - _FRAMES:
            code = frame.f_code
            source = ""
            with suppress(Exception):
                source = linecache.getline(code.co_filename, line, frame.f_globals).strip()
            yield f"  {_module(frame)}:{line} {code.co_name}: {source}"[:_LINE]


def _walk(traceback: TracebackType | None) -> Iterator[tuple[FrameType, int]]:
    def links() -> Iterator[tuple[FrameType, int]]:
        link = traceback
        while link is not None:
            yield link.tb_frame, link.tb_lineno
            link = link.tb_next

    return islice(links(), 100_000)


def _module(frame: FrameType) -> str:
    return str(frame.f_globals.get("__name__", "?"))
