"""What counts of all that is kept: the one place that decides it, for every reader of attempts.

A reset is a row of its own among the attempts, whose verdict is RESET: the rows before it, of its exercise or of all,
stay where they are and count no more. A row whose verdict is UNDO takes a reset back. Both have their place in the
order, as attempts have, so that what comes from another file is before or after them.
"""

import sqlite3
from dataclasses import dataclass, field
from pathlib import Path

from rnn_tutor.progress.attempt import DRAFT, NOTE, RESET, UNDO, bounded
from rnn_tutor.progress.database import connection, quick_check, transaction
from rnn_tutor.progress.rows import add_row

_MARKS = "SELECT id, exercise, verdict, text, uid, at FROM attempt WHERE verdict IN ('reset', 'undo') ORDER BY id"
OF_THE_COURSE = f"verdict = '{NOTE}' AND exercise = ''"
"""Which rows are notes on the whole course: they are no answers, and are counted as none."""
_REBUILD = f"""
    INSERT INTO tally
    SELECT exercise, part, parts, max(id), sum(verdict = 'right'), sum(verdict IN ('right', 'wrong'))
    FROM attempt WHERE verdict NOT IN ('{DRAFT}', '{RESET}', '{UNDO}', '{NOTE}') AND counts(exercise, id)
    GROUP BY exercise, part, parts
"""  # noqa: S608  # our own words


@dataclass(frozen=True, slots=True)
class Reset:
    """A reset that holds: which exercise ("": all), when it was made, and which row it is."""

    exercise: str
    at: str
    uid: str
    place: int


@dataclass(frozen=True)
class Counted:
    """Tells which rows count, by the resets that hold."""

    resets: tuple[Reset, ...] = ()
    _until: dict[str, int] = field(default_factory=dict)

    @classmethod
    def of(cls, con: sqlite3.Connection) -> "Counted":
        """Read it off a file."""
        marks = con.execute(_MARKS).fetchall()
        undone = {text for _, _, verdict, text, _, _ in marks if verdict == UNDO}
        resets = tuple(
            Reset(exercise, at, uid, place)
            for place, exercise, verdict, _, uid, at in marks
            if verdict == RESET and uid not in undone
        )
        return cls(resets, {reset.exercise: reset.place for reset in resets})  # of several the last

    def counts(self, exercise: str, place: int) -> bool:
        """Tell whether a row counts, by its exercise and its id."""
        return not self._until or place > max(self._until.get(exercise, 0), self._until.get("", 0))


def count_again(con: sqlite3.Connection) -> None:
    """Make the tallies anew, in a transaction: what counts is not what it was."""
    counted = Counted.of(con)
    con.create_function("counts", 2, counted.counts)
    con.execute("DELETE FROM tally")
    con.execute(_REBUILD)


def counting(path: Path, exercise: str = "", *, wait: float = 2.0) -> dict[str, int]:
    """Return how many answers count of each exercise, or of one. Raises StoreError."""
    with connection(path, wait) as con:
        quick_check(con, path)
        counted = Counted.of(con)
        answers: dict[str, int] = {}
        query = f"""SELECT exercise, id, verdict FROM attempt
                    WHERE verdict NOT IN ('reset', 'undo') AND NOT ({OF_THE_COURSE})"""  # noqa: S608  # our own words
        for name, place, verdict in con.execute(query).fetchall():
            if counted.counts(name, place) and exercise in ("", name):
                answers[name] = answers.get(name, 0) + (verdict != DRAFT)  # what was only typed can be reset too
    return answers


def reset(path: Path, exercise: str, *, wait: float = 2.0) -> None:
    """Have what was done of an exercise ("": of all) count no more. Raises StoreError; nothing is changed then."""
    from rnn_tutor.progress.record import mark_of  # late: start-up time

    with connection(path, wait) as con, transaction(con):
        add_row(con, bounded(mark_of(exercise, RESET)))


def undo_reset(path: Path, *, wait: float = 2.0) -> Reset | None:
    """Take back the last reset that holds, and return it; None where there is none. Raises StoreError."""
    from rnn_tutor.progress.record import mark_of

    with connection(path, wait) as con, transaction(con):
        resets = Counted.of(con).resets
        if not resets:
            return None
        last = resets[-1]
        add_row(con, bounded(mark_of(last.exercise, UNDO, last.uid)))
        count_again(con)
        return last
