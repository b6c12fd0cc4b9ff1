"""Attempts erased for good: out of the file, and out of the copies that bringing it up to date has left beside it.

What was on the pages is overwritten with zeros, and the file is made anew without free pages. All that is left of an
attempt is its uid, a number without content: with it, a file of earlier does not bring the attempt back when it is
merged. What the machine keeps besides (a backup of the disk, a snapshot, the blocks that a file system has let go) is
out of reach from here.
"""

import sqlite3
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

from rnn_tutor.paths import shown
from rnn_tutor.progress.database import IS_KEPT, StoreError, connect, connection, quick_check, transaction
from rnn_tutor.progress.resets import OF_THE_COURSE, count_again

_WHICH = "?1 IN ('', exercise)"


def present(path: Path, *, wait: float = 2.0) -> dict[str, int]:
    """Return how many answers there are to erase of each exercise, those that count no more too. Raises StoreError."""
    with connection(path, wait) as con:
        quick_check(con, path)
        query = f"""SELECT exercise, sum(verdict NOT IN ('draft', 'reset', 'undo')) FROM attempt
                    WHERE NOT ({OF_THE_COURSE}) GROUP BY exercise"""  # noqa: S608  # our own words
        return {name: int(count) for name, count in con.execute(query).fetchall()}


def erase(path: Path, exercise: str, *, wait: float = 2.0) -> int:
    """Erase all rows of an exercise ("": all rows), what was typed and not checked too; return how many there were.

    The copies come first: what is cut short can be done again. Raises StoreError, also where a copy alone was left.
    """
    with connection(path, wait) as con:  # this may have made one more copy
        left = [copy for copy in copies(path) if not _erased(copy, exercise, wait)]
        _overwrite(con)
        with transaction(con):
            con.execute(f"INSERT OR IGNORE INTO forgotten SELECT uid FROM attempt WHERE {_WHICH}", (exercise,))  # noqa: S608
            con.execute("DROP TRIGGER attempt_is_kept")
            count = con.execute(f"DELETE FROM attempt WHERE {_WHICH}", (exercise,)).rowcount  # noqa: S608
            con.execute(IS_KEPT)
            count_again(con)
        con.execute("VACUUM")
    if left:
        names = ", ".join(shown(copy) for copy in left)
        raise StoreError(f"All is erased but for {names}, which could not be opened or changed: remove it yourself.")
    return int(count)


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
            con.execute("VACUUM")
    except (OSError, sqlite3.Error):  # told by whoever asked
        return False
    return True


def _overwrite(con: sqlite3.Connection) -> None:
    """Have what is deleted overwritten, and no page written anywhere but into the file and its journal."""
    con.execute("PRAGMA secure_delete = ON")
    con.execute("PRAGMA temp_store = MEMORY")
