"""What very many rows amount to, kept beside them in their file: the next sitting reads only the rows that are new.

The rows are the truth, and this can be made from them at any time. It stands with what it was made from: how many rows
of each file up to which place, the resets that held, what was erased, and the program that worked it out. Where one of
these is not what it was, or the bytes are not, it is not believed: all rows are read again. No text that was typed is
in it; of what is still to be gone on with, it has the uids.

The table is made with the first that is kept, and is no part of the format: a file may have it or not.
"""

import json
import sqlite3
import sys
from array import array
from collections.abc import Callable, Iterable
from contextlib import suppress
from datetime import UTC, datetime, timedelta
from functools import cache
from pathlib import Path
from typing import NamedTuple

import msgspec

from rnn_tutor.progress import attempt, drafts, history, review, summary
from rnn_tutor.progress.attempt import Attempt, microseconds
from rnn_tutor.progress.database import transaction
from rnn_tutor.progress.history import History
from rnn_tutor.progress.resets import Reset

_TABLE = "CREATE TABLE summary (made_of TEXT, until INTEGER, digest TEXT, state BLOB)"
SCHEMA = ("table", "summary", "summary", _TABLE)
"""As `database.schema_of` tells it."""
FIRST = -(2**63)
"""The place before all others."""
LAST = 2**63 - 1
"""The place behind all others."""
# `+id`: along an index, not through all pages.
_EXTENT = "SELECT count(*), coalesce(sum(id % 1000003), 0), coalesce(max(id), 0) FROM attempt WHERE +id <= ?"
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_WRONG, _HINT, _SOLUTION, _CHOSEN = 1, 2, 4, 8


class Extent(NamedTuple):
    """The rows of a file up to a place: how many, what tells them from as many others, and the last of them."""

    rows: int
    places: int
    last: int

    @classmethod
    def of(cls, con: sqlite3.Connection, until: int = LAST) -> "Extent":
        """Read it off a file."""
        return cls(*con.execute(_EXTENT, (until,)).fetchone())


class Source(NamedTuple):
    """What is made use of: of the file of this machine, then of the others; the resets that hold, and what is gone."""

    extents: tuple[Extent, ...]
    resets: tuple[Reset, ...]
    gone: frozenset[str]

    @property
    def until(self) -> int:
        """The last place of all."""
        return max(extent.last for extent in self.extents)

    @property
    def text(self) -> str:
        """All that it is, and by which program."""
        resets = [[reset.exercise, reset.uid, reset.place] for reset in self.resets]
        extents = [list(extent) for extent in self.extents]
        return json.dumps([_program(), extents, resets, _digest("".join(sorted(self.gone)).encode())])


class _State(msgspec.Struct, frozen=True, array_like=True, forbid_unknown_fields=True):
    count: int
    standings: list[summary.Standing]
    names: list[str]
    """The exercises of the rounds, once each."""
    right: list[list[str]]
    """The sets of parts that were right in them, once each."""
    rounds: list[bytes]
    """A column each: exercise, end in microseconds, parts, right, what else there was."""
    latest: list[tuple[int, int, int | None, int]]
    mistakes: list[tuple[str, list[str], int]]
    left: dict[str, dict[str, str]]


def recall(
    con: sqlite3.Connection, source: Callable[[int], Source], rows_of: Callable[[list[str]], Iterable[Attempt]]
) -> tuple[History, int]:
    """Return what is known of the rows up to a place, and that place; an empty history where nothing is to be believed.

    source: what there is up to a place, in all files. rows_of: the rows of these uids. Notes are left out.
    """
    if _program() and _is_there(con):
        row = con.execute("SELECT made_of, until, digest, state FROM summary").fetchone()
        if row is not None and [type(one) for one in row] == [str, int, str, bytes]:
            made_of, until, digest, state = row
            there = source(until)
            if digest == _digest(state) and made_of == there.text and until == there.until:
                with suppress(msgspec.MsgspecError, LookupError, ValueError, TypeError, OverflowError):  # damaged
                    return _restored(msgspec.msgpack.decode(state, type=_State), rows_of), until
    return History(), FIRST


def keep(con: sqlite3.Connection, found: History, source: Callable[[int], Source], before: Source) -> None:
    """Keep what the rows amount to, where nothing is kept; only if nothing was written since `before`."""
    state = msgspec.msgpack.encode(_packed(found))
    with transaction(con):
        if _program() and source(LAST) == before:
            con.execute(_TABLE)
            row = before.text, before.until, _digest(state), state
            con.execute("INSERT INTO summary VALUES (?, ?, ?, ?)", row)


def erase(con: sqlite3.Connection) -> None:
    """Keep it no more, whatever its table was, on no free page either; within the transaction that is open, if any."""
    if con.execute("SELECT 1 FROM sqlite_master WHERE type = 'table' AND name = 'summary'").fetchone():
        (before,) = con.execute("PRAGMA secure_delete").fetchone()
        con.execute("PRAGMA secure_delete = ON")
        con.execute("DROP TABLE summary")
        con.execute(f"PRAGMA secure_delete = {before}")


def any_older(con: sqlite3.Connection, uids: Iterable[str], until: int) -> bool:
    """Tell whether one of these rows stands in a file up to a place."""
    query = "SELECT 1 FROM attempt WHERE uid = ? AND id <= ?"
    return any(con.execute(query, (uid, until)).fetchone() for uid in uids)


def _is_there(con: sqlite3.Connection) -> bool:
    found = con.execute("SELECT type, name, tbl_name, sql FROM sqlite_master WHERE name = 'summary'").fetchone()
    return bool(found == SCHEMA)


def _packed(found: History) -> _State:
    names: dict[str, int] = {}
    rights: dict[frozenset[str], int] = {}
    number: dict[int, int] = {}
    columns = array("I"), array("q"), array("q"), array("I"), array("B")
    for at, one in enumerate(found.rounds.every):
        number[id(one)] = at
        flags = _WRONG * one.wrong | _HINT * one.hint | _SOLUTION * one.solution
        if one.chosen:
            flags |= _CHOSEN * (1 + review.RATINGS.index(one.chosen))
        row = (
            names.setdefault(one.exercise, len(names)),
            microseconds(one.end),
            one.parts,
            rights.setdefault(one.right, len(rights)),
            flags,
        )
        for column, value in zip(columns, row, strict=True):
            column.append(value)
    return _State(
        found.count,
        list(found.standings.values()),
        list(names),
        [sorted(right) for right in rights],
        [column.tobytes() for column in columns],
        [(names[key[0]], *key[1:], number[id(one)]) for key, one in found.rounds.latest.items()],
        [(rule, list(made), found.mistakes.times[rule]) for rule, made in found.mistakes.exercises.items()],
        {exercise: {part: row.uid for part, row in parts.items()} for exercise, parts in found.drafts.items()},
    )


def _restored(state: _State, rows_of: Callable[[list[str]], Iterable[Attempt]]) -> History:
    columns = array("I"), array("q"), array("q"), array("I"), array("B")
    for column, kept in zip(columns, state.rounds, strict=True):
        column.frombytes(kept)
    found = History()
    found.count, found.log = state.count, None
    found.standings = {standing.exercise: standing for standing in state.standings}
    rights = [frozenset(right) for right in state.right]
    chosen = ("", *review.RATINGS)
    names, every, second = state.names, found.rounds.every, timedelta(microseconds=1)
    for name, end, parts, right, flags in zip(*columns, strict=True):
        every.append(
            review.Round(
                names[name], _EPOCH + end * second, parts, rights[right],
                bool(flags & _WRONG), bool(flags & _HINT), bool(flags & _SOLUTION), chosen[flags // _CHOSEN],
            )
        )  # fmt: skip
    found.rounds.take(state.count, {(names[name], givens, seed): every[at] for name, givens, seed, at in state.latest})
    for rule, made, often in state.mistakes:
        found.mistakes.exercises[rule], found.mistakes.times[rule] = dict.fromkeys(made), often
    rows = {row.uid: row for row in rows_of([uid for uids in state.left.values() for uid in uids.values()])}
    for exercise, uids in state.left.items():
        found.left[exercise] = {part: drafts.draft_in(rows[uid]) for part, uid in uids.items()}
    return found


def _digest(data: bytes) -> str:
    from rnn_tutor.digest import sha256  # late: start-up time

    return sha256(data).hexdigest()[:32]


@cache
def _program() -> str:
    """Tell which program works it out, by its text: what another one says is worked out anew. "": it has no text."""
    try:
        texts = [Path(module.__file__ or "").read_bytes() for module in (attempt, drafts, history, review, summary)]
    except OSError:
        return ""
    return f"{_digest(b''.join(texts))} {sys.byteorder}"
