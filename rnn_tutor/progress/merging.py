"""What other files hold, put among what is here: each attempt once, each at its place, and none that was erased."""

import sqlite3
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from rnn_tutor.progress.attempt import Attempt, microseconds
from rnn_tutor.progress.backup import Kept
from rnn_tutor.progress.database import connection, quick_check, transaction
from rnn_tutor.progress.hosts import read_others
from rnn_tutor.progress.resets import count_again
from rnn_tutor.progress.rows import add_row_at

# A place beyond all times is put here, or behind it: there are always places left for what comes after.
_LAST_PLACE = microseconds(datetime(9999, 12, 31, tzinfo=UTC))


@dataclass(frozen=True, slots=True)
class Merged:
    """How many rows were new, were there already, and were erased here before (and so were left out)."""

    new: int
    known: int
    forgotten: int


def merge(path: Path, others: Iterable[Kept], *, wait: float = 2.0) -> Merged:
    """Add what others hold to the file at `path`, in one transaction. Raises StoreError; nothing is added then.

    Nothing is taken away: what was erased in another file is not added from here on, and stays where it is here.
    """
    with connection(path, wait) as con:
        quick_check(con, path)
        with transaction(con):
            here = _uids(con).union(*read_others(path, wait, _uids))
            rows: dict[str, tuple[int, Attempt]] = {}
            for other in others:
                marks = [(uid,) for uid in other.forgotten - here]
                con.executemany("INSERT OR IGNORE INTO forgotten VALUES (?)", marks)
                for place, attempt in other.rows:
                    rows.setdefault(attempt.uid, (place, attempt))
            erased = _gone(con).union(*read_others(path, wait, _gone))
            here -= erased  # marked, and left to another machine to erase
            gone = erased & rows.keys()
            new = [row for uid, row in rows.items() if uid not in here and uid not in gone]
            _add(con, new)
            count_again(con)
    return Merged(len(new), len(here & rows.keys()), len(gone - here))


def _uids(con: sqlite3.Connection) -> set[str]:
    return {uid for (uid,) in con.execute("SELECT uid FROM attempt")}


def _gone(con: sqlite3.Connection) -> set[str]:
    return {uid for (uid,) in con.execute("SELECT uid FROM forgotten")}


def _add(con: sqlite3.Connection, rows: list[tuple[int, Attempt]]) -> None:
    last = 0
    for place, attempt in sorted(rows, key=lambda row: (row[0], row[1].uid)):
        last = max(min(place, _LAST_PLACE), last + 1)
        while con.execute("SELECT 1 FROM attempt WHERE id = ?", (last,)).fetchone():
            last += 1
        add_row_at(con, last, attempt)
