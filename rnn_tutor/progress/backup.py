"""All attempts of a learner as JSON Lines, and what such a file, or another progress file, holds: checked, as rows.

A backup begins with {"rnn-tutor": "backup", "version": 1}. Each further line is an object: a row with its `place` in
the order and its fields (`Attempt`), or {"forgotten": uid} for one that was erased.

A file that is read is foreign, whoever it comes from. It is opened to be read only, its size is known before, and it is
a whole: with one line, page or table in it that no rnn-tutor has written, none of it is taken.
"""

import json
import sqlite3
import stat
from collections.abc import Iterator
from contextlib import closing
from dataclasses import dataclass, fields
from pathlib import Path
from typing import BinaryIO, TypeAlias

import msgspec

from rnn_tutor.paths import shown
from rnn_tutor.progress import remembered
from rnn_tutor.progress.attempt import COLUMNS, Attempt, bounded, from_row, is_uid
from rnn_tutor.progress.database import (
    STEPS,
    StoreError,
    address,
    advance,
    connection,
    damaged,
    fresh_schema,
    quick_check,
    schema_of,
    version_of,
)
from rnn_tutor.progress.hosts import read_others
from rnn_tutor.progress.rows import NAMES

VERSION = 1
MOST_FILE = 50 << 20
MOST_LINE = 10 << 20  # the longest there is: givens of 4 MB with each quote escaped, and two long texts
_HEAD = "rnn-tutor"
_SQLITE = b"SQLite format 3\0"
_WAL = 2  # in the file's header, where a rollback journal is 1
_FIELDS = {field.name for field in fields(Attempt)}
_OPTIONAL = {"solution", "scratch", "rule"}  # those with a value for where there is none
_Line: TypeAlias = dict[str, str | int | float | bool | None]


@dataclass(frozen=True)
class Kept:
    """What a file holds: its rows, in their order, each with its place; and the uids of what was erased."""

    rows: list[tuple[int, Attempt]]
    forgotten: set[str]

    def with_all_of(self, other: "Kept") -> "Kept":
        """Return what two files of one learner hold together: what was erased in one of them is in neither."""
        forgotten = self.forgotten | other.forgotten
        rows = {row[1].uid: row for row in (*self.rows, *other.rows) if row[1].uid not in forgotten}
        return Kept(sorted(rows.values(), key=lambda row: (row[0], row[1].uid)), forgotten)


class ForeignError(StoreError):
    """A file that cannot be taken; the message is one sentence that names it."""


def written(path: Path, *, wait: float = 2.0, ascii_only: bool = False) -> str:
    """Return the progress file at `path` as a backup. Raises StoreError."""
    with connection(path, wait) as con:
        quick_check(con, path)
        try:
            kept = _kept(con)
            for more in read_others(path, wait, _kept):
                kept = kept.with_all_of(more)
        except (ValueError, OverflowError) as error:
            raise StoreError(damaged(path, "an attempt has no date")) from error
    lines: list[dict[str, object]] = [{_HEAD: "backup", "version": VERSION}]
    lines += [{"place": place} | _as_json(attempt) for place, attempt in kept.rows]
    lines += [{"forgotten": uid} for uid in sorted(kept.forgotten)]
    return "".join(json.dumps(line, ensure_ascii=ascii_only).replace("\x7f", r"\u007f") + "\n" for line in lines)


def _as_json(attempt: Attempt) -> dict[str, object]:
    values = {name: getattr(attempt, name) for name in COLUMNS}
    return values | {"at": attempt.at.isoformat(timespec="microseconds")}


def _kept(con: sqlite3.Connection) -> Kept:
    """Return what is in a database. Raises ValueError and OverflowError for a time that is none."""
    rows = con.execute(f"SELECT id, {NAMES} FROM attempt ORDER BY id").fetchall()  # noqa: S608  # our own names
    return Kept(
        [(int(row[0]), from_row(row[1:])) for row in rows], {uid for (uid,) in con.execute("SELECT uid FROM forgotten")}
    )


def read(path: Path) -> Kept:
    """Return what a backup, or another progress file, holds. Raises ForeignError for anything that is wrong with it."""
    try:
        status = path.stat()
        if not stat.S_ISREG(status.st_mode):
            raise ForeignError(f"{shown(path)} is not a file.")
        if status.st_size > MOST_FILE:
            raise ForeignError(
                f"{shown(path)} has {status.st_size >> 20} MB, and at most {MOST_FILE >> 20} can be merged: a progress "
                "file can be copied into place instead."
            )
        with path.open("rb") as file:
            if file.read(len(_SQLITE)) != _SQLITE:
                file.seek(0)
                return _of_lines(file, path)
        return _of_progress(path)
    except OSError as error:
        raise ForeignError(f"{shown(path)} cannot be read: {error.strerror or type(error).__name__}.") from error
    except ValueError:  # a null character in the name
        raise ForeignError(f"{shown(path)} is not the name of a file.") from None


# a backup


def _of_lines(file: BinaryIO, path: Path) -> Kept:
    rows: list[tuple[int, Attempt]] = []
    forgotten: set[str] = set()
    for number, line in _lines(file, path):
        if number == 1:
            _check_head(line, path)
        elif "forgotten" in line:
            uid = line["forgotten"]
            if len(line) > 1 or not isinstance(uid, str) or not is_uid(uid):
                raise _wrong(path, number, "it is not a mark of a forgotten answer")
            forgotten.add(uid)
        else:
            rows.append(_row(line, number, path))
    return Kept(rows, forgotten)


def _lines(file: BinaryIO, path: Path) -> Iterator[tuple[int, _Line]]:
    """Yield each line with its number. The file may have grown since it was looked at, so its size is counted too."""
    left = MOST_FILE
    number = 0
    while text := file.readline(min(MOST_LINE, left) + 1):
        number += 1
        left -= len(text)
        if len(text) > MOST_LINE or left < 0:
            raise _wrong(path, number, f"it is longer than {MOST_LINE >> 20} MB")
        try:
            yield number, msgspec.json.decode(text, type=_Line)  # no lists and no objects are made of it
        except (msgspec.DecodeError, UnicodeDecodeError, RecursionError):
            raise _wrong(path, number, "it is not a JSON object of texts and numbers") from None
    if not number:
        raise ForeignError(f"{shown(path)} is empty, not a backup.")


def _check_head(line: _Line, path: Path) -> None:
    version = line.get("version")
    if line.get(_HEAD) != "backup" or not isinstance(version, int) or isinstance(version, bool):
        raise ForeignError(f"{shown(path)} is neither a backup of rnn-tutor nor a progress file.")
    if version > VERSION:
        raise ForeignError(
            f"{shown(path)} was written by a newer rnn-tutor (version {version}, known: {VERSION}): update rnn-tutor."
        )


def _row(line: _Line, number: int, path: Path) -> tuple[int, Attempt]:
    place = line.pop("place", None)
    if not isinstance(place, int) or isinstance(place, bool) or not 0 < place < 2**63:
        raise _wrong(path, number, "its place in the order is missing")
    missing = _FIELDS - line.keys() - _OPTIONAL
    unknown = line.keys() - _FIELDS
    if missing or unknown:
        raise _wrong(path, number, f"it has no {min(missing)}" if missing else "it has a field that no attempt has")
    try:
        attempt = msgspec.convert(line, Attempt)
    except msgspec.ValidationError:
        raise _wrong(path, number, "a field is of another type than it should be") from None
    return place, _checked(attempt, path, f"line {number}")


def _checked(attempt: Attempt, path: Path, where: str) -> Attempt:
    """Return an attempt that is within all bounds, as only such a one is ever written."""
    try:
        if attempt.at.tzinfo is None or not is_uid(attempt.uid) or bounded(attempt) != attempt:
            raise ValueError
    except (ValueError, OverflowError, TypeError, AttributeError):  # in a damaged file a text may be a number
        raise ForeignError(f"{shown(path)} is damaged ({where}: a field is beyond its bounds).") from None
    return bounded(attempt)


def _wrong(path: Path, number: int, why: str) -> ForeignError:
    return ForeignError(f"{shown(path)} is damaged (line {number}: {why}).")


# a progress file


def _of_progress(path: Path) -> Kept:
    """Read a progress file of this format or an older one: a copy of it in memory, so that it stays as it is."""
    try:
        with closing(sqlite3.connect(":memory:", isolation_level=None)) as con:
            _copy(path, con)
            con.setlimit(sqlite3.SQLITE_LIMIT_LENGTH, MOST_LINE)
            con.execute("PRAGMA trusted_schema = OFF")
            con.execute("PRAGMA cell_size_check = ON")
            advance(con, _known_version(con, path))
            kept = _kept(con)
    except sqlite3.Error as error:
        words = "".join(char if char.isprintable() else "?" for char in str(error))[:80]
        raise ForeignError(f"{shown(path)} cannot be read as a progress file ({words}).") from error
    except (ValueError, OverflowError, TypeError) as error:
        raise ForeignError(f"{shown(path)} is damaged (an attempt has no date).") from error
    for place, attempt in kept.rows:
        if place <= 0:
            raise ForeignError(f"{shown(path)} is damaged (an attempt has no place in the order).")
        _checked(attempt, path, "an attempt")
    if not all(isinstance(uid, str) and is_uid(uid) for uid in kept.forgotten):
        raise ForeignError(f"{shown(path)} is damaged (a mark of a forgotten answer is not a number).")
    return kept


def _copy(path: Path, memory: sqlite3.Connection) -> None:
    """Copy a file as it is between two commits; it is opened to be read only, and nothing is made beside it."""
    with path.open("rb") as file:
        wal = file.read(20)[18:19] == bytes([_WAL])
    if wal and any(path.with_name(path.name + end).exists() for end in ("-wal", "-shm")):
        raise ForeignError(f"Another program is using {shown(path)}: close it first.")
    uri = address(path, f"mode=ro{'&immutable=1' if wal else ''}")
    with closing(sqlite3.connect(uri, uri=True, timeout=2.0, isolation_level=None)) as source:
        # The lock is taken first: `backup` itself would wait for it without end.
        source.execute("BEGIN")
        source.execute("PRAGMA schema_version").fetchone()
        source.execute("SELECT count(*) FROM sqlite_master").fetchone()
        source.backup(memory)


def _known_version(con: sqlite3.Connection, path: Path) -> int:
    """Return a format that we know and of which all tables, indexes and triggers are: no others are ever run."""
    version = version_of(con)
    if version is None:
        raise ForeignError(f"{shown(path)} belongs to another program, and is not a progress file.")
    if version > len(STEPS):
        raise ForeignError(
            f"{shown(path)} was written by a newer rnn-tutor (format {version}, known: {len(STEPS)}): update rnn-tutor."
        )
    if version < 1 or schema_of(con) - {remembered.SCHEMA} != fresh_schema(version):
        raise ForeignError(f"{shown(path)} is damaged (its tables are not those of a progress file).")
    try:
        quick_check(con, path)
    except StoreError as error:
        raise ForeignError(f"{shown(path)} is damaged (its pages do not fit together).") from error
    return version
