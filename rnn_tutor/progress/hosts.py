"""The files of one learner on a folder that several machines write in: each is written on its own machine alone.

Locks are not to be trusted over a network: some file servers have none, some keep them to one machine. So each machine
adds to a file of its own (`paths.progress_file` names it), where the locks of that machine are enough, and reads those
of the others. A file of before, or of a local disk, is one of them.

What is read while another machine writes can be half of the old and half of the new. It is read again then; nothing is
ever repaired in another machine's file. `erasing` alone writes there, where the file has been at rest.
"""

import os
import re
import sqlite3
import stat
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack, closing, contextmanager, suppress
from pathlib import Path
from typing import TypeAlias, TypeVar

from rnn_tutor.paths import ASSIGNMENTS, PROGRESS, shown
from rnn_tutor.progress.database import (
    STEPS,
    StoreError,
    address,
    advance,
    connection,
    damaged,
    said_plainly,
    version_of,
)

T = TypeVar("T")

_COPY = re.compile(r"-format-\d+-copy-\d+\.sqlite3")
_VERSION_ENDS = 64  # bytes of the header up to the format and with it
_PAUSE = 0.02  # seconds from one look to the next

Stamp: TypeAlias = tuple[int, int, int, int] | None
"""What tells that a file was written: its size and time, and those of its journal, which is there while it is."""


def others(path: Path) -> list[Path]:
    """Return the files of other machines beside the one at `path`; none where it is not named as one of them is.

    What was done in assignments is in files of its own, and counts here too; an assignment has nothing of the rest.
    """
    if not _is_one(path.name):
        return []
    beside = [file for file in _files_in(path.parent) if file.name != path.name]
    return beside + [file for folder in _folders(path.parent / ASSIGNMENTS) for file in _files_in(folder)]


def _files_in(folder: Path) -> list[Path]:
    try:
        with os.scandir(folder) as entries:
            return [folder / name for name in sorted(entry.name for entry in entries if _is_one(entry.name))]
    except OSError:  # no folder yet, or none to be read: opening the own file says so
        return []


def _folders(assignments: Path) -> list[Path]:
    """Return the folder of each learner in each assignment; mostly there are none."""
    try:
        return sorted(
            Path(learner.path)
            for assignment in os.scandir(assignments)
            if assignment.is_dir(follow_symlinks=False)
            for learner in os.scandir(assignment)
            if learner.is_dir(follow_symlinks=False)
        )
    except OSError:
        return []


def anything_kept(path: Path) -> bool:
    """Tell whether there is a file to read, of this machine or of another."""
    return path.exists() or bool(others(path))


def host_of(path: Path) -> str:
    """The machine that writes a file, by its name; "" for the one file of a local disk."""
    return path.stem.partition("-at-")[2]


def read_other(path: Path, wait: float, read: Callable[[sqlite3.Connection], T]) -> T:
    """Return what `read` finds in another machine's file, which stays as it is. Raises StoreError.

    read: may be called again, where the file was written meanwhile; it returns plain data.
    """
    end = time.monotonic() + wait
    with said_plainly(path):
        while True:
            before = stamp_of(path)
            try:
                with _opened(path, wait, journal=before is not None and before[2] >= 0) as con:
                    found = read(con)
            except (sqlite3.Error, FileNotFoundError):
                if time.monotonic() > end and before == stamp_of(path):
                    raise
            else:
                # At the end of the patience what was read is taken as it is: no row in it was ever changed.
                if before == stamp_of(path) or time.monotonic() > end:
                    return found
            time.sleep(_PAUSE)


def read_others(
    path: Path, wait: float, read: Callable[[sqlite3.Connection], T], missing: set[str] | None = None
) -> list[T]:
    """Return what `read` finds in each file of another machine.

    missing: where the sentence goes about a file that cannot be read, which is left out then; None: StoreError.
    """
    found = []
    for other in others(path):
        try:
            found.append(read_other(other, wait, read))
        except StoreError as error:
            if missing is None:
                raise
            missing.add(str(error))
    return found


def bring_up_to_date(path: Path, wait: float) -> None:
    """Bring the one file of a time before machines had their own up to date, as whoever opened it always did."""
    before = path.with_name(PROGRESS)
    if before not in others(path):
        return
    with said_plainly(before), before.open("rb") as file:
        version = int.from_bytes(file.read(_VERSION_ENDS)[-4:], "big")
    if 0 < version < len(STEPS):
        with connection(before, wait):
            pass


def at_rest(path: Path, seconds: float) -> bool:
    """Tell whether a file was written by nobody for so long, by the clock of whoever keeps it."""
    stamp = stamp_of(path)
    if stamp is None or stamp[2] >= 0:
        return False
    probe = path.with_name(f"{path.name}.{os.urandom(4).hex()}.new")
    try:
        probe.touch(mode=0o600)
        now = probe.stat().st_mtime_ns
    except OSError:
        return False
    finally:
        with suppress(OSError):
            probe.unlink()
    return now - stamp[1] > seconds * 1e9


def stamp_of(path: Path) -> Stamp:
    """Return what tells that a file was written; None where there is none."""
    try:
        file = path.stat()
    except FileNotFoundError:
        return None
    try:
        journal = path.with_name(f"{path.name}-journal").stat()
    except FileNotFoundError:
        return file.st_size, file.st_mtime_ns, -1, -1
    return file.st_size, file.st_mtime_ns, journal.st_size, journal.st_mtime_ns


def _is_one(name: str) -> bool:
    return name == PROGRESS or (
        name.startswith("progress-at-") and name.endswith(".sqlite3") and _COPY.search(name) is None
    )


@contextmanager
def _opened(path: Path, wait: float, *, journal: bool) -> Iterator[sqlite3.Connection]:
    """Open another machine's file to be read: as it is, or, with a journal beside it, a copy of both.

    A journal is there while a commit goes on, and after one that was cut off. Which of the two, only locks could tell;
    in a copy SQLite takes back what is half written, and the file stays as it is.
    """
    if not stat.S_ISREG(path.stat().st_mode):
        raise StoreError(f"{shown(path)} is not a file: move it away.")
    with ExitStack() as stack:
        copy = path
        if journal:
            import shutil  # late, both: hardly ever
            import tempfile

            copy = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="rnn-tutor-"))) / path.name
            with suppress(FileNotFoundError):  # the commit has ended meanwhile
                shutil.copyfile(f"{path}-journal", f"{copy}-journal")
            shutil.copyfile(path, copy)
        con = stack.enter_context(closing(_connect(copy, wait, "mode=rw" if journal else "mode=ro")))
        con.execute("BEGIN")
        if _known(con, path) < len(STEPS):
            memory = stack.enter_context(closing(sqlite3.connect(":memory:", isolation_level=None)))
            con.backup(memory)
            advance(memory, _known(con, path))
            con = memory
        yield con


def _connect(path: Path, wait: float, mode: str) -> sqlite3.Connection:
    con = sqlite3.connect(address(path, mode), uri=True, timeout=wait, isolation_level=None)
    con.execute("PRAGMA trusted_schema = OFF")
    con.execute("PRAGMA temp_store = MEMORY")
    return con


def _known(con: sqlite3.Connection, path: Path) -> int:
    """Return the format of a file, which is one of those that we know. Raises StoreError."""
    version = version_of(con)
    if version is None:
        raise StoreError(f"{shown(path)} belongs to another program: move it away.")
    if version > len(STEPS):
        raise StoreError(f"{shown(path)} was written by a newer rnn-tutor: update rnn-tutor on this machine too.")
    if version < 1:
        raise StoreError(damaged(path, "it has no format"))
    return version
