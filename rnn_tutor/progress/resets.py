"""What counts of all that is kept: the one place that decides it, for every reader of attempts.

A reset is a row of its own among the attempts, whose verdict is RESET: the rows before it, of its exercise or of all,
stay where they are and count no more. A row whose verdict is UNDO takes a reset back. Both have their place in the
order, as attempts have, so that what comes from another file is before or after them.
"""

import sqlite3
from collections.abc import Iterable
from dataclasses import dataclass, field
from pathlib import Path
from typing import NamedTuple

from rnn_tutor.progress.attempt import DRAFT, NOTE, RATED, RESET, UNDO, bounded
from rnn_tutor.progress.database import connection, quick_check, transaction
from rnn_tutor.progress.hosts import read_others
from rnn_tutor.progress.rows import add_row

_MARKS = "SELECT id, exercise, verdict, text, uid, at FROM attempt WHERE verdict IN ('reset', 'undo') ORDER BY id"
OF_THE_COURSE = f"verdict = '{NOTE}' AND exercise = ''"
"""Which rows are notes on the whole course: they are no answers, and are counted as none."""
_SUMS = """exercise, part, parts, max(id) AS last, sum(verdict = 'right') AS "right",
    sum(verdict IN ('right', 'wrong')) AS tries"""
_COUNTED = f"verdict NOT IN ('{DRAFT}', '{RESET}', '{UNDO}', '{NOTE}', '{RATED}') AND counts(exercise, id, uid)"
_REBUILD = f"INSERT INTO tally SELECT {_SUMS} FROM attempt WHERE {_COUNTED} GROUP BY exercise, part, parts"  # noqa: S608
_TALLIES = 'SELECT exercise, part, parts, last, "right", tries FROM tally'
_SUMMED = f"SELECT {_SUMS} FROM attempt WHERE id > ? AND {_COUNTED} GROUP BY exercise, part, parts"  # noqa: S608


@dataclass(frozen=True, slots=True)
class Reset:
    """A reset that holds: which exercise ("": all), when it was made, and which row it is."""

    exercise: str
    at: str
    uid: str
    place: int


class Marks(NamedTuple):
    """What one file says of the rows of all: resets and undos, the uids of what was erased, and its last place."""

    rows: "list[tuple[int, str, str, str, str, str]]"
    forgotten: set[str]
    last: int

    @classmethod
    def of(cls, con: sqlite3.Connection) -> "Marks":
        """Read them off a file."""
        forgotten = {uid for (uid,) in con.execute("SELECT uid FROM forgotten").fetchall()}
        (last,) = con.execute("SELECT coalesce(max(id), 0) FROM attempt").fetchone()
        return cls(con.execute(_MARKS).fetchall(), forgotten, last)


@dataclass(frozen=True)
class Counted:
    """Tells which rows count, by the resets that hold, and by what was erased elsewhere."""

    resets: tuple[Reset, ...] = ()
    gone: frozenset[str] = frozenset()
    last: int = 0
    """The last place of all in any file of this learner."""
    _until: dict[str, int] = field(default_factory=dict)

    @classmethod
    def of(cls, con: sqlite3.Connection, elsewhere: Iterable[Marks] = ()) -> "Counted":
        """Read it off a file, and off what the files of other machines say."""
        files = list(elsewhere)
        if files:
            files.append(Marks.of(con))
            marks = sorted({row for one in files for row in one.rows}, key=lambda row: (row[0], row[4]))
        else:
            marks = con.execute(_MARKS).fetchall()
        undone = {text for _, _, verdict, text, _, _ in marks if verdict == UNDO}
        resets = tuple(
            Reset(exercise, at, uid, place)
            for place, exercise, verdict, _, uid, at in marks
            if verdict == RESET and uid not in undone
        )
        gone = frozenset(uid for one in files for uid in one.forgotten)
        last = max((one.last for one in files), default=0)
        return cls(resets, gone, last, {reset.exercise: reset.place for reset in resets})  # of several the last

    def counts(self, exercise: str, place: int, uid: str = "") -> bool:
        """Tell whether a row counts, by its exercise, its id and its uid."""
        if uid in self.gone:
            return False
        return not self._until or place > max(self._until.get(exercise, 0), self._until.get("", 0))

    @property
    def begins(self) -> int:
        """The place after which rows can count."""
        return self._until.get("", 0)

    def told_by(self, con: sqlite3.Connection) -> bool:
        """Tell whether the tallies of a file are made of the rows that count, and of no others."""
        if self._until != Counted.of(con)._until:  # noqa: SLF001 - of another of us
            return False
        return not self.gone or not any(
            con.execute("SELECT 1 FROM attempt WHERE uid = ?", (uid,)).fetchone() for uid in self.gone
        )


def sums(con: sqlite3.Connection, counted: Counted) -> "list[tuple[str, str, int, int, int, int]]":
    """Return the tallies of what counts in a file: exercise, part, parts, last, right, tries."""
    if counted.told_by(con):
        return con.execute(_TALLIES).fetchall()
    con.create_function("counts", 3, counted.counts)
    return con.execute(_SUMMED, (counted.begins,)).fetchall()


def count_again(con: sqlite3.Connection) -> None:
    """Make the tallies of a file anew, in a transaction: what counts is not what it was."""
    counted = Counted.of(con)
    con.create_function("counts", 3, counted.counts)
    con.execute("DELETE FROM tally")
    con.execute(_REBUILD)


def counting(path: Path, exercise: str = "", *, wait: float = 2.0) -> dict[str, int]:
    """Return how many answers count of each exercise, or of one. Raises StoreError."""
    query = f"""SELECT exercise, id, verdict, uid FROM attempt
                WHERE verdict NOT IN ('reset', 'undo') AND NOT ({OF_THE_COURSE})"""  # noqa: S608  # our own words

    def rows_of(con: sqlite3.Connection) -> "list[tuple[str, int, str, str]]":
        return con.execute(query).fetchall()

    with connection(path, wait) as con:
        quick_check(con, path)
        counted = Counted.of(con, read_others(path, wait, Marks.of))
        rows = {row[3]: row for row in rows_of(con)}
    for more in read_others(path, wait, rows_of):
        rows |= {row[3]: row for row in more}
    answers: dict[str, int] = {}
    for name, place, verdict, uid in rows.values():
        if counted.counts(name, place, uid) and exercise in ("", name):
            answers[name] = answers.get(name, 0) + (
                verdict not in (DRAFT, RATED)
            )  # what was only typed can be reset too
    return answers


def reset(path: Path, exercise: str, *, wait: float = 2.0) -> None:
    """Have what was done of an exercise ("": of all) count no more. Raises StoreError; nothing is changed then."""
    from rnn_tutor.progress.record import mark_of  # late: start-up time

    behind = max((marks.last for marks in read_others(path, wait, Marks.of)), default=0)
    with connection(path, wait) as con, transaction(con):
        add_row(con, bounded(mark_of(exercise, RESET)), behind)


def undo_reset(path: Path, *, wait: float = 2.0) -> Reset | None:
    """Take back the last reset that holds, and return it; None where there is none. Raises StoreError."""
    from rnn_tutor.progress.record import mark_of

    elsewhere = read_others(path, wait, Marks.of)
    with connection(path, wait) as con, transaction(con):
        counted = Counted.of(con, elsewhere)
        if not counted.resets:
            return None
        last = counted.resets[-1]
        add_row(con, bounded(mark_of(last.exercise, UNDO, last.uid)), counted.last)
        count_again(con)
        return last
