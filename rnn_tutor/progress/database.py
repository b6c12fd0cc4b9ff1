"""The file that holds the attempts: made, checked, brought up to date, and opened.

Why a rollback journal and not WAL: in labs the home folder is often on NFS, where WAL's shared memory does
not work: a second session on another machine would damage the file. A rollback journal needs only locks. With
it, `synchronous=EXTRA` also syncs the folder once the journal is gone; without that, a power cut just after a
commit could bring the journal back, and the journal would undo the commit.

Every use opens the file anew, a small part of what a commit costs. So no lock is held while a learner thinks,
and a file server that went away and came back, a file that was moved, or one that a newer rnn-tutor has
brought up to date meanwhile is noticed, and never written to blindly.
"""

import os
import sqlite3
import stat
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager, suppress
from datetime import datetime
from itertools import count
from pathlib import Path, PurePath, PureWindowsPath
from typing import TypeAlias

from rnn_tutor.paths import VARIABLE, shown
from rnn_tutor.progress.attempt import COLUMNS, microseconds

APPLICATION = int.from_bytes(b"RNNT", "big")
"""Says in the file's header whose it is: another program's database is never taken for progress."""

_FIRST = (  # the columns of format 1, which an attempt of before format 3 is known by
    *("exercise", "content_hash", "seed", "part", "verdict", "score", "diagnosis", "hints", "solution"),
    *("seconds", "parts", "at", "text", "scratch", "givens"),
)


def _place_by_time(con: sqlite3.Connection) -> None:
    """Give each attempt of before format 3 its uid, and the time as its id, but after the one that it came after.

    Two copies of a file give an attempt the same uid, and the same id, whenever they are brought up to date.
    """
    import json  # late, both: start-up time

    from rnn_tutor.digest import sha256

    con.execute("UPDATE attempt SET id = -id")  # out of the way of the new ones
    same: dict[str, int] = {}
    place = 0
    query = f"SELECT id, at, {', '.join(_FIRST)} FROM attempt WHERE id < 0 ORDER BY id DESC LIMIT 1000"  # noqa: S608
    while rows := con.execute(query).fetchall():
        placed = []
        for old, at, *values in rows:
            place = max(place + 1, _microseconds(at))
            text = json.dumps(values)
            copies = same[text] = same.get(text, -1) + 1
            placed.append((place, sha256(f"{copies} {text}".encode()).hexdigest()[:32], old))
        con.executemany("UPDATE attempt SET id = ?, uid = ? WHERE id = ?", placed)


def _microseconds(at: str) -> int:
    """Return a stored time in microseconds; 0 for one that is none, which is told when it is read."""
    try:
        return microseconds(datetime.fromisoformat(at))
    except (ValueError, TypeError, OverflowError):
        return 0


_AS_IT_IS = frozenset(b"/_.-~" + bytes(one for one in range(128) if chr(one).isalnum()))
"""Bytes that stand for themselves in an address."""
_SMALL = 256 << 10  # bytes of a file that is brought up to date in a moment: 1,000 answers take 40 ms

Step: TypeAlias = str | Callable[[sqlite3.Connection], None]

_STAYS = """CREATE TRIGGER attempt_stays BEFORE UPDATE ON attempt
           BEGIN SELECT RAISE(ABORT, 'attempts are only ever added'); END"""
IS_KEPT = """CREATE TRIGGER attempt_is_kept BEFORE DELETE ON attempt
           BEGIN SELECT RAISE(ABORT, 'attempts are only ever added'); END"""

# STEPS[n] takes a file of version n to version n + 1; a new file takes them all. A released step never
# changes. CHECKs and not STRICT: Python 3.11 also runs with an SQLite that does not know it (before 3.37).
STEPS: tuple[tuple[Step, ...], ...] = (
    (
        f"PRAGMA application_id = {APPLICATION}",
        """CREATE TABLE attempt (
            id INTEGER PRIMARY KEY,  -- their order: clocks are set back, and differ between machines
            exercise TEXT NOT NULL CHECK (typeof(exercise) = 'text'),
            content_hash TEXT NOT NULL CHECK (typeof(content_hash) = 'text'),
            seed INTEGER CHECK (typeof(seed) IN ('integer', 'null')),
            part TEXT NOT NULL CHECK (typeof(part) = 'text'),
            verdict TEXT NOT NULL CHECK (typeof(verdict) = 'text'),
            score REAL NOT NULL CHECK (typeof(score) = 'real'),
            diagnosis TEXT NOT NULL CHECK (typeof(diagnosis) = 'text'),
            hints INTEGER NOT NULL CHECK (typeof(hints) = 'integer'),
            solution INTEGER NOT NULL CHECK (solution IN (0, 1)),
            seconds REAL NOT NULL CHECK (typeof(seconds) = 'real'),
            parts INTEGER NOT NULL CHECK (typeof(parts) = 'integer'),
            at TEXT NOT NULL CHECK (typeof(at) = 'text'),
            text TEXT NOT NULL CHECK (typeof(text) = 'text'),
            scratch TEXT NOT NULL CHECK (typeof(scratch) = 'text'),
            givens TEXT NOT NULL CHECK (typeof(givens) = 'text')
        )""",
        _STAYS,
        IS_KEPT,
        # INSERT OR REPLACE deletes without the trigger above.
        """CREATE TRIGGER attempt_is_not_replaced BEFORE INSERT ON attempt
           WHEN NEW.id IN (SELECT id FROM attempt)
           BEGIN SELECT RAISE(ABORT, 'attempts are only ever added'); END""",
    ),
    ("ALTER TABLE attempt ADD COLUMN rule TEXT NOT NULL DEFAULT '' CHECK (typeof(rule) = 'text')",),
    # Attempts can be told from each other in whatever file they are. From here on an id is a time in microseconds, or
    # one more than the last: it still tells their order, and what comes from another file finds its place in it.
    (
        "ALTER TABLE attempt ADD COLUMN uid TEXT NOT NULL DEFAULT '' CHECK (typeof(uid) = 'text')",
        "DROP TRIGGER attempt_stays",
        _place_by_time,
        _STAYS,
        "CREATE UNIQUE INDEX attempt_uid ON attempt (uid)",
        # What is added twice, as by a commit that failed only as far as one could tell, is there once.
        """CREATE TRIGGER attempt_is_there BEFORE INSERT ON attempt
           WHEN NEW.uid IN (SELECT uid FROM attempt) AND NEW.id NOT IN (SELECT id FROM attempt)
           BEGIN SELECT RAISE(IGNORE); END""",
        "CREATE INDEX attempt_exercise ON attempt (exercise)",
        "CREATE INDEX attempt_mark ON attempt (verdict) WHERE verdict IN ('reset', 'undo')",
        "CREATE TABLE forgotten (uid TEXT PRIMARY KEY CHECK (typeof(uid) = 'text')) WITHOUT ROWID",
        # What is done is told by a few hundred rows, of however many attempts.
        """CREATE TABLE tally (
            exercise TEXT NOT NULL,
            part TEXT NOT NULL,
            parts INTEGER NOT NULL,
            last INTEGER NOT NULL,  -- the id of the last of them
            "right" INTEGER NOT NULL,
            tries INTEGER NOT NULL,
            PRIMARY KEY (exercise, part, parts)
        ) WITHOUT ROWID""",
        """INSERT INTO tally
           SELECT exercise, part, parts, max(id), sum(verdict = 'right'), sum(verdict IN ('right', 'wrong'))
           FROM attempt WHERE verdict <> 'draft' GROUP BY exercise, part, parts""",
        """CREATE TRIGGER attempt_is_tallied AFTER INSERT ON attempt
           WHEN NEW.verdict NOT IN ('draft', 'reset', 'undo')
           BEGIN INSERT INTO tally VALUES (
               NEW.exercise, NEW.part, NEW.parts, NEW.id,
               NEW.verdict = 'right', NEW.verdict IN ('right', 'wrong')
           ) ON CONFLICT (exercise, part, parts) DO UPDATE SET
               last = max(last, excluded.last),
               "right" = "right" + excluded."right",
               tries = tries + excluded.tries;
           END""",
        """CREATE TRIGGER attempt_is_reset AFTER INSERT ON attempt WHEN NEW.verdict = 'reset'
           BEGIN DELETE FROM tally WHERE NEW.exercise IN ('', exercise); END""",
    ),
    # Notes stand among the attempts, are found without looking through these, and are no answers.
    (
        "CREATE INDEX attempt_note ON attempt (id) WHERE verdict = 'note'",
        "DROP TRIGGER attempt_is_tallied",
        """CREATE TRIGGER attempt_is_tallied AFTER INSERT ON attempt
           WHEN NEW.verdict NOT IN ('draft', 'reset', 'undo', 'note')
           BEGIN INSERT INTO tally VALUES (
               NEW.exercise, NEW.part, NEW.parts, NEW.id,
               NEW.verdict = 'right', NEW.verdict IN ('right', 'wrong')
           ) ON CONFLICT (exercise, part, parts) DO UPDATE SET
               last = max(last, excluded.last),
               "right" = "right" + excluded."right",
               tries = tries + excluded.tries;
           END""",
    ),
)


class StoreError(Exception):
    """Progress cannot be read or saved; the message is one sentence: what is wrong and what to do."""


class HeldError(StoreError):
    """Another program holds the file's lock, and did not let it go while it was waited for."""


class OldError(HeldError):
    """The file is of an older format and so large that bringing it up to date would be waited for."""


@contextmanager
def connection(path: Path, wait: float, *, at_once: bool = False) -> Iterator[sqlite3.Connection]:
    """Open the file at `path`, made if it is not there and brought up to date if it is older.

    wait: seconds to wait for another session's lock. at_once: a large file that is older is left as it is, and is an
    OldError. What goes wrong, here or in the body, is a StoreError.
    """
    with said_plainly(path):
        if not _is_there(path):
            _make(path, wait)
        with closing(connect(path, wait)) as con:
            if at_once and 0 < (version_of(con) or 0) < len(STEPS) and path.stat().st_size > _SMALL:
                raise OldError("Your earlier answers are brought up to date now. This happens only once.")
            _check(con, path, wait)
            yield con


@contextmanager
def said_plainly(path: Path) -> Iterator[None]:
    """Have what goes wrong with a file in the body said in a sentence: as a StoreError."""
    try:
        yield
    except sqlite3.Error as error:
        held = _code(error) in (sqlite3.SQLITE_BUSY, sqlite3.SQLITE_LOCKED)
        raise (HeldError if held else StoreError)(_sentence(path, error)) from error
    except OSError as error:
        reason = error.strerror or type(error).__name__
        raise StoreError(f"Your progress cannot be saved in {shown(path)} ({reason}): {_ELSEWHERE}.") from error


@contextmanager
def transaction(con: sqlite3.Connection) -> Iterator[None]:
    """Do the body as a whole or not at all; it is on the disk when this returns."""
    con.execute("BEGIN IMMEDIATE")
    try:
        yield
        con.execute("COMMIT")
    except BaseException:
        # After some errors SQLite has rolled back by itself; a failing rollback must not hide the reason.
        with suppress(sqlite3.Error):
            con.execute("ROLLBACK")
        raise


def quick_check(con: sqlite3.Connection, path: Path) -> None:
    """Read the whole file (5 ms for 10,000 attempts); raises StoreError when it is damaged anywhere."""
    (result,) = con.execute("PRAGMA quick_check(1)").fetchone()
    if result != "ok":
        raise StoreError(damaged(path, "its pages do not fit together"))


def damaged(path: Path, how: str) -> str:
    """The sentence for a file that cannot be trusted."""
    return f"{shown(path)} is damaged ({how}): move it aside to keep it, and rnn-tutor starts a new one."


def not_writable(path: Path) -> str:
    """The sentence for a file, or a folder, that can only be read."""
    return f"{shown(path)} cannot be opened for writing, so nothing is being saved: make it and its folder writable."


def _is_there(path: Path) -> bool:
    """Whether there is a file to open; raises StoreError for what SQLite would hang on or silently fill."""
    try:
        status = path.stat()
    except FileNotFoundError:
        return False
    if not stat.S_ISREG(status.st_mode):
        raise StoreError(f"{shown(path)} is not a file: move it away, and rnn-tutor creates a new one.")
    if status.st_size == 0:  # never ours: `_make` puts a finished file in place
        raise StoreError(damaged(path, "it is empty"))
    return True


def address(path: Path, parameters: str) -> str:
    """Return a file's address for SQLite."""
    return f"{_uri(path.absolute())}?{parameters}"


def _uri(path: PurePath) -> str:
    """Return what `as_uri` does; for that a start would wait, as it imports much. Drives are left to it."""
    if isinstance(path, PureWindowsPath):
        return path.as_uri()
    return "file://" + "".join(chr(byte) if byte in _AS_IT_IS else f"%{byte:02X}" for byte in os.fsencode(path))


def connect(path: Path, wait: float) -> sqlite3.Connection:
    """Open a file that is there, whosever and of whatever format it is; see `connection`, which looks at that."""
    uri = address(path, "mode=rw")  # rw: a file that SQLite makes would be everyone's to read
    # Not only in this thread: another one may commit what was written in this one.
    con = sqlite3.connect(uri, uri=True, timeout=wait, isolation_level=None, check_same_thread=False)
    con.execute("PRAGMA synchronous = EXTRA")
    con.execute("PRAGMA trusted_schema = OFF")
    return con


def _make(path: Path, wait: float) -> None:
    """Make an empty progress file, readable by its owner only; another session may be doing the same."""
    with suppress(FileExistsError):  # if that is no folder, making the file in it says so
        path.parent.mkdir(mode=0o700, parents=True)
    new = path.with_name(f"{path.name}.{os.urandom(4).hex()}.new")
    _make_private(new)
    try:
        with closing(connect(new, wait)) as con, transaction(con):
            advance(con, 0)
        give_name(new, path)
    finally:
        new.unlink(missing_ok=True)


def _make_private(path: Path) -> None:
    os.close(os.open(path, os.O_CREAT | os.O_EXCL | os.O_RDWR, 0o600))


def give_name(new: Path, path: Path) -> None:
    """Give a finished file its name, unless another session's file has it already: then that one is used."""
    try:
        path.hardlink_to(new)
    except FileExistsError:
        return
    except OSError:  # a file system without hard links
        if not path.exists():
            new.rename(path)


def _check(con: sqlite3.Connection, path: Path, wait: float) -> None:
    """Leave alone what is not ours or too new; bring an older file up to date."""
    version = version_of(con)
    if version is None:
        raise StoreError(f"{shown(path)} belongs to another program: {_ELSEWHERE}.")
    if version > len(STEPS):
        raise StoreError(
            f"{shown(path)} was written by a newer rnn-tutor (format {version}, known: {len(STEPS)}): "
            "update rnn-tutor, or start it again if that was done; the file was left as it is."
        )
    if version < len(STEPS):
        _bring_up_to_date(con, path, wait)
    con.execute(f"SELECT {', '.join(COLUMNS)} FROM attempt LIMIT 0")  # noqa: S608  # our own names
    # The mode is kept in the file: a copy that some other program turned to WAL is turned back.
    con.execute("PRAGMA journal_mode = DELETE")


def _bring_up_to_date(con: sqlite3.Connection, path: Path, wait: float) -> None:
    with transaction(con):
        version = _pragma(con, "user_version")  # another session may have been first
        if version < len(STEPS):
            _back_up(path, version, wait)
            advance(con, version)


def advance(con: sqlite3.Connection, version: int, until: int | None = None) -> None:
    """Take a database from a version to the newest, or to another one, within the transaction that is open."""
    for step in STEPS[version:until]:
        for part in step:
            if callable(part):
                part(con)
            else:
                con.execute(part)
    con.execute(f"PRAGMA user_version = {len(STEPS) if until is None else until}")


def version_of(con: sqlite3.Connection) -> int | None:
    """Return the format of a progress file, None for the file of another program."""
    return _pragma(con, "user_version") if _pragma(con, "application_id") == APPLICATION else None


def schema_of(con: sqlite3.Connection) -> set[tuple[str, str, str, str]]:
    """Return all that a database defines: kind, name, table, and the words that define it."""
    return set(con.execute("SELECT type, name, tbl_name, coalesce(sql, '') FROM sqlite_master").fetchall())


def fresh_schema(version: int) -> set[tuple[str, str, str, str]]:
    """Return all that a progress file of a version defines."""
    with closing(sqlite3.connect(":memory:", isolation_level=None)) as con:
        advance(con, 0, version)
        return schema_of(con)


def _back_up(path: Path, version: int, wait: float) -> None:
    """Copy the file as it is beside itself, under a name that nothing has yet."""
    for number in count(1):
        copy = path.with_name(f"{path.stem}-format-{version}-copy-{number}{path.suffix}")
        with suppress(FileExistsError):
            _make_private(copy)
            break
    try:
        # Through a second connection: SQLite copies from none that is writing, and the first holds the lock.
        with closing(connect(path, wait)) as source, closing(connect(copy, wait)) as target:
            source.backup(target)
    except BaseException:
        copy.unlink(missing_ok=True)
        raise


def _pragma(con: sqlite3.Connection, name: str) -> int:
    (value,) = con.execute(f"PRAGMA {name}").fetchone()
    return int(value)


def _code(error: sqlite3.Error) -> int:
    """Return what went wrong. Text that is no UTF-8 comes without a code: damage."""
    return int(getattr(error, "sqlite_errorcode", sqlite3.SQLITE_CORRUPT)) & 0xFF  # above it: the extended code


def _sentence(path: Path, error: sqlite3.Error) -> str:
    """Say an SQLite error in one sentence."""
    code = _code(error)
    # SQLite's own words, as one printable line: they may quote what a damaged file holds.
    words = "".join(char if char.isprintable() else "?" for char in str(error))[:80]
    name = shown(path)
    if code == sqlite3.SQLITE_FULL:
        return f"The disk is full, so nothing is being saved in {name}: free some space."
    if code in (sqlite3.SQLITE_BUSY, sqlite3.SQLITE_LOCKED):
        return f"Another program is holding {name}, so nothing is being saved: close it."
    if code in (sqlite3.SQLITE_READONLY, sqlite3.SQLITE_CANTOPEN):
        return not_writable(path)
    if code in (sqlite3.SQLITE_CORRUPT, sqlite3.SQLITE_NOTADB, sqlite3.SQLITE_ERROR):
        return damaged(path, words)
    return f"Nothing can be read or saved in {name} ({words}): is your quota full? If not, {_ELSEWHERE}."


_ELSEWHERE = f"name another folder with --data DIR or {VARIABLE}"
