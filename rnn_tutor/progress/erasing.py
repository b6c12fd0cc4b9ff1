"""Attempts erased for good: out of the file, and out of the copies that bringing it up to date has left beside it.

What was on the pages is overwritten with zeros, and the file is made anew without free pages. All that is left of an
attempt is its uid, a number without content: with it, a file of earlier does not bring the attempt back when it is
merged. What the machine keeps besides (a backup of the disk, a snapshot, the blocks that a file system has let go) is
out of reach from here.

Where several machines have a file each, it is erased in all. The uids are marked here first, so that nothing of it
counts anywhere. A file that was at rest for a while is changed from here; in one that a tutor may be using, `honour`
erases what is marked, on its own machine.
"""

import sqlite3
from collections.abc import Iterable, Iterator
from contextlib import closing
from pathlib import Path

from rnn_tutor.paths import PROGRESS, shown
from rnn_tutor.progress import remembered
from rnn_tutor.progress.database import IS_KEPT, STEPS, StoreError, connect, connection, quick_check, transaction
from rnn_tutor.progress.hosts import at_rest, host_of, others, read_other, read_others
from rnn_tutor.progress.resets import OF_THE_COURSE, Marks, count_again

REST = 600.0
"""Seconds for which another machine's file was written by nobody, before it is changed from here."""
_WHICH = "? IN ('', exercise)"


def present(path: Path, *, wait: float = 2.0) -> dict[str, int]:
    """Return how many answers there are to erase of each exercise, those that count no more too. Raises StoreError."""

    def rows_of(con: sqlite3.Connection) -> "list[tuple[str, str, bool]]":
        query = f"""SELECT uid, exercise, verdict NOT IN ('draft', 'reset', 'undo', 'rated') FROM attempt
                    WHERE NOT ({OF_THE_COURSE})"""  # noqa: S608  # our own words
        return con.execute(query).fetchall()

    with connection(path, wait) as con:
        quick_check(con, path)
        rows = {row[0]: row for row in rows_of(con)}
        gone = Marks.of(con).forgotten
    for more in read_others(path, wait, rows_of):
        rows |= {row[0]: row for row in more}
    answers: dict[str, int] = {}
    for uid, exercise, is_answer in rows.values():
        if uid not in gone:
            answers[exercise] = answers.get(exercise, 0) + is_answer
    return answers


def erase(path: Path, exercise: str, *, wait: float = 2.0) -> int:
    """Erase all rows of an exercise ("": all rows), what was typed and not checked too; return how many there were.

    The copies come first: what is cut short can be done again. Raises StoreError, also where a copy alone was left.
    """
    elsewhere = {other: read_other(other, wait, lambda con: _uids(con, exercise)) for other in others(path)}
    with connection(path, wait) as con:  # this may have made one more copy
        files = [path, *elsewhere]
        left = [copy for file in files for copy in copies(file) if not _erased(copy, exercise, wait)]
        _overwrite(con)
        with transaction(con):
            uids = _uids(con, exercise)
            marks = uids.union(*elsewhere.values())
            con.executemany("INSERT OR IGNORE INTO forgotten VALUES (?)", [(uid,) for uid in marks])
            _delete(con, uids)
        con.execute("VACUUM")
    for other, there in elsewhere.items():
        of_this_machine = other.name == path.name  # of an assignment: its locks hold here
        if there and (of_this_machine or at_rest(other, REST)) and _is_ours(other, wait):
            _erase_there(other, there, wait)
    if left:
        names = ", ".join(shown(copy) for copy in left)
        raise StoreError(f"All is erased but for {names}, which could not be opened or changed: remove it yourself.")
    return len(marks)


def honour(path: Path, *, wait: float = 2.0) -> int:
    """Erase in this machine's file what another machine has marked as erased; return how much. Raises StoreError."""
    missing: set[str] = set()  # told by whoever reads answers
    gone = set().union(*(marks.forgotten for marks in read_others(path, wait, Marks.of, missing)))
    return _erase_there(path, gone, wait) if gone else 0


def erase_by_uid(path: Path, gone: Iterable[str], *, wait: float = 2.0) -> int:
    """Erase rows by their uids, as whoever keeps a copy says that they were erased elsewhere; return how many.

    Another machine does so in its own file, unless that has been at rest for a while. Raises StoreError.
    """
    uids = set(gone)
    count = _erase_there(path, uids, wait) if path.exists() else 0
    for other in others(path):
        there = uids & read_other(other, wait, lambda con: _uids(con, ""))
        of_this_machine = other.name == path.name
        if there and (of_this_machine or at_rest(other, REST)) and _is_ours(other, wait):
            count += _erase_there(other, there, wait)
    return count


def waiting(path: Path, *, wait: float = 2.0) -> list[str]:
    """Return the machines whose files still have what is marked as erased here. Raises StoreError."""
    with connection(path, wait) as con:
        gone = Marks.of(con).forgotten
    return [host_of(other) for other in others(path) if gone & read_other(other, wait, lambda con: _uids(con, ""))]


def _erase_there(path: Path, gone: Iterable[str], wait: float) -> int:
    """Erase rows by their uids, where they are."""
    with connection(path, wait) as con:
        found = {uid for uid in gone if con.execute("SELECT 1 FROM attempt WHERE uid = ?", (uid,)).fetchone()}
        if found:
            _overwrite(con)
            with transaction(con):
                con.executemany("INSERT OR IGNORE INTO forgotten VALUES (?)", [(uid,) for uid in found])
                _delete(con, found)
            con.execute("VACUUM")
    return len(found)


def _is_ours(other: Path, wait: float) -> bool:
    """Tell whether a file may be written as we write them: one that an older rnn-tutor uses is left to it."""
    with closing(connect(other, wait)) as con:
        (version,) = con.execute("PRAGMA user_version").fetchone()
    return other.name == PROGRESS or version == len(STEPS)


def _uids(con: sqlite3.Connection, exercise: str) -> set[str]:
    query = f"SELECT uid FROM attempt WHERE {_WHICH}"  # noqa: S608  # our own words
    return {uid for (uid,) in con.execute(query, (exercise,)).fetchall()}


def _delete(con: sqlite3.Connection, uids: Iterable[str]) -> None:
    """Delete rows in a transaction that is open, and make the tallies anew."""
    con.execute("DROP TRIGGER attempt_is_kept")
    con.executemany("DELETE FROM attempt WHERE uid = ?", [(uid,) for uid in uids])
    con.execute(IS_KEPT)
    remembered.erase(con)
    count_again(con)


def copies(path: Path) -> Iterator[Path]:
    """Yield the copies that bringing a file up to date has left beside it (`database` makes them)."""
    yield from sorted(path.parent.glob(f"{path.stem}-format-*-copy-*{path.suffix}"))


def _erased(copy: Path, exercise: str, wait: float) -> bool:
    """Erase in a copy, and tell whether that could be done. It is of an older format, and stays so: it has no uids."""
    try:
        if not exercise:
            copy.unlink(missing_ok=True)
            return True
        with closing(connect(copy, wait)) as con:
            _overwrite(con)
            trigger = con.execute("SELECT sql FROM sqlite_master WHERE name = 'attempt_is_kept'").fetchone()
            if trigger is None:
                return False  # none of ours
            with transaction(con):
                con.execute("DROP TRIGGER attempt_is_kept")
                con.execute(f"DELETE FROM attempt WHERE {_WHICH}", (exercise,))  # noqa: S608
                con.execute(trigger[0])
                remembered.erase(con)
            con.execute("VACUUM")
    except (OSError, sqlite3.Error):  # told by whoever asked
        return False
    return True


def _overwrite(con: sqlite3.Connection) -> None:
    """Have what is deleted overwritten, and no page written anywhere but into the file and its journal."""
    con.execute("PRAGMA secure_delete = ON")
    con.execute("PRAGMA temp_store = MEMORY")
