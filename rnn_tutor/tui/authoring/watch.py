"""Whether a file was saved: asked of it, again and again, without reading it.

Editors save in three ways: they write into the file, they put another file in its place, or they take it away and
write it anew. So it is the name that is watched; and what is found is told only when it has stayed the same from one
look to the next, a file that is gone or empty only after a second: something is still being written there.
"""

from pathlib import Path
from typing import TypeAlias

POLL = 0.2  # seconds between two looks
_PATIENCE = 5  # looks, for what is probably on its way

Signature: TypeAlias = "tuple[int, ...] | None"


def signature(path: Path) -> Signature:
    """Return what differs when a file was saved: times, size, which file it is. None: there is none."""
    try:
        status = path.stat()
    except (FileNotFoundError, NotADirectoryError):
        return None
    except OSError as error:
        return (error.errno or 0,)  # reading it says why it cannot be read
    return status.st_size, status.st_mtime_ns, status.st_ctime_ns, status.st_ino, status.st_dev


class Watch:
    """One file. What it is like at first counts as told."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self._signature = signature(path)
        self._looks = 0
        self._settled = True

    def changed(self) -> bool:
        """Look; True once for each state of the file that is there to stay."""
        current = signature(self.path)
        if current != self._signature:
            self._signature, self._looks, self._settled = current, 0, False
            return False
        if self._settled:
            return False
        self._looks += 1
        missing = current is None or current[0] == 0
        self._settled = self._looks >= (_PATIENCE if missing else 1)
        return self._settled

    @property
    def moving(self) -> bool:
        """Whether the file is another one now than when it was told of last: that is told soon."""
        return not self._settled or signature(self.path) != self._signature

    @property
    def gone(self) -> bool:
        """Whether there is no file, and that is to stay."""
        return self._settled and self._signature is None
