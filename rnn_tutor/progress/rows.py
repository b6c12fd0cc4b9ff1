"""How attempts get into a file and out of it: the SQL of the table `attempt`."""

import sqlite3

from rnn_tutor.progress.attempt import COLUMNS, Attempt, microseconds, to_row

NAMES = ", ".join(COLUMNS)
_VALUES = ", ".join("?" for _ in COLUMNS)
# Behind all that are there, whatever the clock says.
_PLACE = "max(coalesce((SELECT max(id) FROM attempt), 0) + 1, ?, ?)"
_ADD = f"INSERT INTO attempt (id, {NAMES}) VALUES ({_PLACE}, {_VALUES})"  # noqa: S608  # our own names
_ADD_AT = f"INSERT INTO attempt (id, {NAMES}) VALUES (?, {_VALUES})"  # noqa: S608


def add_row(con: sqlite3.Connection, attempt: Attempt, behind: int = 0) -> None:
    """Add a bounded attempt behind all others; one that is there already, by its uid, is not added again.

    behind: a place in the order that it comes after too.
    """
    con.execute(_ADD, (microseconds(attempt.at), behind + 1, *to_row(attempt)))


def add_row_at(con: sqlite3.Connection, place: int, attempt: Attempt) -> None:
    """Add a bounded attempt at a place in the order that nothing has yet."""
    con.execute(_ADD_AT, (place, *to_row(attempt)))
