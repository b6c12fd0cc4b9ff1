"""Which answers the class server has, by their uids: remembered beside the progress, so that none is sent again.

The progress files are the truth, and this is only a memory. An answer is noted here after the server has confirmed that
it keeps it, and the server keeps each uid once. So whatever is lost here, by a kill between the two or with the whole
file, is only sent again. A server that was brought back from a backup has lost what came after it. It no longer has the
answer that it confirmed last, which is looked at each time; what else it has lost is sent again then.

Each machine has a file of its own, as it has one of progress (see `hosts`). It sends what is in all files of the
learner: a machine that nobody sits at any more would never send its own. What the memory of another machine says was
sent is not sent from here.
"""

import os
import sqlite3
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import closing, contextmanager, suppress
from datetime import datetime
from functools import partial
from heapq import merge
from itertools import groupby, islice
from operator import attrgetter
from pathlib import Path
from typing import Any, NamedTuple, TypeVar

from rnn_tutor.paths import PROGRESS_STEM, flags, shown
from rnn_tutor.progress.attempt import from_row
from rnn_tutor.progress.clock import now
from rnn_tutor.progress.database import (
    STEPS,
    StoreError,
    address,
    connect,
    give_name,
    said_plainly,
    transaction,
    version_of,
)
from rnn_tutor.progress.events import VERDICTS, Event, as_event, written
from rnn_tutor.progress.hosts import Stamp, others, read_other, read_others, stamp_of
from rnn_tutor.progress.rows import NAMES

T = TypeVar("T")

KEPT, REFUSED, GONE = 0, 1, 2
"""What came of a uid: the server has it, will never take it, or has erased it and takes it no more."""
MOST_EVENTS = 200
MOST_BYTES = 1 << 20  # of one batch; an event that is longer goes alone
_APPLICATION = int.from_bytes(b"RNNS", "big")
_FORMAT = 1
_TABLES = (
    f"PRAGMA application_id = {_APPLICATION}",
    f"PRAGMA user_version = {_FORMAT}",
    "CREATE TABLE sent (uid TEXT PRIMARY KEY, how INTEGER NOT NULL) WITHOUT ROWID",
    "CREATE TABLE state (name TEXT PRIMARY KEY, value TEXT NOT NULL) WITHOUT ROWID",
    "CREATE TABLE wish (exercise TEXT PRIMARY KEY, until TEXT NOT NULL) WITHOUT ROWID",
)
_FIRST = -(2**63)
_SLICE = 2_000  # uids that are looked at under one lock: 2 ms
_ASKED = 500  # values in one query
_ANSWERS = f"verdict IN ({', '.join(repr(verdict) for verdict in VERDICTS)})"
_AFTER = f"SELECT id, uid FROM attempt WHERE id > ? AND {_ANSWERS} ORDER BY id LIMIT {_SLICE}"  # noqa: S608
_ROW = f"SELECT {NAMES} FROM attempt WHERE uid = ?"  # noqa: S608


class Waiting(NamedTuple):
    """An answer that the server does not have yet: its place in the order, its uid, and a file that holds it."""

    place: int
    uid: str
    file: Path


class Wish(NamedTuple):
    """What the server is still to erase: all that it had of an exercise ("": of all) when that was asked for."""

    exercise: str
    asked: datetime


class Outbox:
    """What there is to send of one learner. For one thread at a time; any number of processes may have one each."""

    def __init__(self, progress: Path, *, wait: float = 2.0) -> None:
        """Look at the progress file at `progress`, and at those of other machines and of assignments beside it.

        wait: seconds to wait while another session writes. Nothing is opened or made before it is needed.
        """
        self.progress = progress
        self._wait = wait
        self._path = sent_file(progress)
        self._looked = False  # whether the memory was found to be sound, or was removed
        # The place in each file up to which nothing is left to send, and how many rows there are up to it: what is
        # merged comes among them.
        self._after: dict[Path, tuple[int, int]] = {}
        self._here: dict[str, int] = {}  # what could not be written down
        self._lost: set[str] = set()  # by the server, whatever the memory of another machine says
        self._theirs: dict[Path, tuple[Stamp, str, set[str]]] = {}  # what was sent last, and all

    # what is left

    def batch(self) -> list[Event]:
        """Return the oldest answers that the server does not have, in their order; [] where it has all.

        What is in a file but cannot be an event is marked as refused: it would hold up all that comes after it.
        Raises StoreError where a file of this machine cannot be read.
        """
        before: list[Waiting] = []
        while True:
            some = list(islice(self.waiting(), MOST_EVENTS))
            events = self._events(some)
            if events or not some or some == before:  # the same again: they are in no file any more
                return events
            before = some

    def _events(self, some: Sequence[Waiting]) -> list[Event]:
        """Return the events of the first of these: as many as a batch may have."""
        events: list[Event] = []
        size = 0
        for file, group in groupby(some, attrgetter("file")):
            uids = [one.uid for one in group]
            rows = self._read(file, partial(_rows_of, uids=uids))
            for uid, row in rows:
                try:
                    event = as_event(from_row(row))
                except (ValueError, OverflowError):
                    self.mark([uid], REFUSED)
                    continue
                size += len(written(event))
                if events and size > MOST_BYTES:
                    return events
                events.append(event)
            if len(rows) < len(uids):  # what comes after them waits for them
                break
        return events

    def waiting(self) -> Iterator[Waiting]:
        """Give what the server does not have, in its order; each once, in however many files it stands."""
        without = self.erased() | self._sent_by_others()
        seen: set[str] = set()
        for one in merge(*(self._waiting_in(file, without) for file in (self.progress, *others(self.progress)))):
            if one.uid not in seen:
                seen.add(one.uid)
                yield one

    def count(self) -> int:
        """Return how many answers the server does not have. Raises StoreError as `batch` does."""
        return sum(1 for _ in self.waiting())

    def count_all(self) -> int:
        """Return how many answers there are for a server that has none of them. Raises StoreError."""
        gone = self.erased()
        files = (self.progress, *others(self.progress))
        return len({uid for file in files for uid in self._read(file, _answered)} - gone)

    def oldest(self) -> datetime | None:
        """Return when the first was answered that the server does not have, None where it has all."""
        first = next(self.waiting(), None)
        rows = self._read(first.file, partial(_rows_of, uids=[first.uid])) if first is not None else []
        return next((from_row(row).at for _, row in rows), None)

    def _waiting_in(self, file: Path, without: set[str]) -> Iterator[Waiting]:
        (after, known), through = self._after.get(file, (_FIRST, 0)), True
        while found := self._read(file, partial(_slice_after, after=after)):
            ((rows, count, count_with_them),) = found
            if through and count != known:  # something was merged, or erased, among what has been looked at
                after, known = _FIRST, 0
                continue
            uids = [uid for _, uid in rows]
            done = self._marked(uids) | without.intersection(uids)
            for place, uid in rows:
                if uid not in done:
                    through = False
                    yield Waiting(place, uid, file)
            if rows:
                after, known = rows[-1][0], count_with_them
            if through:
                self._after[file] = after, known
            if len(rows) < _SLICE:
                return

    def _sent_by_others(self) -> set[str]:
        """Return the uids that other machines have sent to this server; of a memory that cannot be read, none."""
        self._read_theirs()
        return {uid for _, _, sent in self._theirs.values() for uid in sent} - self._lost

    def _read_theirs(self) -> None:
        """Read the memories of other machines, where they were written since."""
        server = self.server
        for memory in memories(self.progress):
            if memory == self._path:
                continue
            with suppress(sqlite3.Error, OSError):
                stamp = stamp_of(memory)
                if memory not in self._theirs or self._theirs[memory][0] != stamp:
                    with closing(_connect(memory, self._wait, "ro")) as con:
                        self._theirs[memory] = stamp, _last_of(con, server), _sent_to(con, server)

    def _read(self, file: Path, read: Callable[[sqlite3.Connection], list[T]]) -> list[T]:
        """Return what is found in a file; [] where there is none, or one that is not brought up to date yet."""
        if file.name != self.progress.name:
            try:
                return read_other(file, self._wait, read)
            except StoreError:  # told by whoever reads answers
                return []
        if not file.exists():
            return []
        with said_plainly(file), closing(connect(file, self._wait)) as con:
            return read(con) if version_of(con) == len(STEPS) else []

    # what was erased

    def erased(self) -> set[str]:
        """Return the uids of all that was erased on this machine or another, or is marked as erased."""
        missing: set[str] = set()  # told by whoever reads answers
        return set(self._read(self.progress, _forgotten)).union(
            *read_others(self.progress, self._wait, _forgotten, missing)
        )

    def still_there(self, gone: set[str] | None = None) -> list[str]:
        """Return the uids of what was erased and is, as far as is known here, still taken by the server."""
        gone = self.erased() if gone is None else gone
        return sorted(gone - self._marked(gone, GONE))

    def wish(self, exercise: str) -> None:
        """Note that the server is to erase an exercise ("": all). Raises StoreError."""
        with self._writing() as con:
            con.execute("INSERT OR REPLACE INTO wish VALUES (?, ?)", (exercise, now().isoformat()))

    def wishes(self) -> list[Wish]:
        """Return what the server is still to erase."""
        with self._reading() as con:
            rows = con.execute("SELECT exercise, until FROM wish ORDER BY until").fetchall() if con is not None else []
        return [Wish(exercise, datetime.fromisoformat(asked)) for exercise, asked in rows]

    def granted(self, wish: Wish) -> None:
        """Note that the server has erased it."""
        with self._writing() as con:
            con.execute("DELETE FROM wish WHERE exercise = ? AND until = ?", (wish.exercise, wish.asked.isoformat()))

    # what is remembered

    def mark(self, uids: Iterable[str], how: int = KEPT) -> None:
        """Remember what came of these, in their order. Raises StoreError; then only this sitting remembers."""
        marked = dict.fromkeys(uids, how)
        self._here |= marked
        with self._writing() as con:
            con.executemany("INSERT OR REPLACE INTO sent VALUES (?, ?)", marked.items())
            if how == KEPT and marked:
                con.execute("INSERT OR REPLACE INTO state VALUES ('last', ?)", (next(reversed(marked)),))
        for uid in marked:
            del self._here[uid]

    def last_sent(self) -> list[str]:
        """Return what each machine has sent last: a server that has not even lost these has lost nothing."""
        self._read_theirs()
        return sorted({self._state("last"), *(last for _, last, _ in self._theirs.values())} - {""})

    def all_sent(self) -> list[str]:
        """Return all that the server has confirmed, as far as any machine remembers."""
        with self._reading() as con:
            query = "SELECT uid FROM sent WHERE how = ?"
            mine = {uid for (uid,) in con.execute(query, (KEPT,)).fetchall()} if con is not None else set()
        return sorted(mine | self._sent_by_others())

    def lost(self, uids: Iterable[str]) -> None:
        """Have these be sent again: the server does not have them any more. Raises StoreError."""
        lost = set(uids)
        with self._writing() as con:
            con.executemany("DELETE FROM sent WHERE uid = ? AND how = ?", [(uid, KEPT) for uid in lost])
            con.execute("DELETE FROM state WHERE name = 'last'")
        self._lost |= lost
        self._here = {uid: how for uid, how in self._here.items() if uid not in lost}
        self._after.clear()

    def refused(self) -> int:
        """Return how many answers the server will never take."""
        with self._reading() as con:
            query = "SELECT count(*) FROM sent WHERE how = ?"
            (count,) = con.execute(query, (REFUSED,)).fetchone() if con is not None else (0,)
        return int(count)

    def begin(self, server: str) -> None:
        """Work for this server; what is remembered of another one says nothing about it."""
        if self._state("server") != server:
            with self._writing() as con:
                con.execute("DELETE FROM sent")
                con.execute("DELETE FROM wish")
                con.execute("DELETE FROM state WHERE name = 'last'")
                con.execute("INSERT OR REPLACE INTO state VALUES ('server', ?)", (server,))
            self._after.clear()
            self._here.clear()
            self._theirs.clear()
            self._lost.clear()

    @property
    def trouble(self) -> str:
        """Why nothing could be sent the last time, in a few words; "" where it could."""
        return self._state("trouble")

    @property
    def server(self) -> str:
        """The server that this was worked for last, "" before the first time."""
        return self._state("server")

    def note(self, trouble: str) -> None:
        """Remember why nothing could be sent just now ("": it could, which is written only where it is news)."""
        if trouble or self.trouble:
            rows = [("trouble", trouble), ("tried", now().isoformat())]
            with self._writing() as con:
                con.executemany("INSERT OR REPLACE INTO state VALUES (?, ?)", rows)

    @property
    def tried(self) -> datetime | None:
        """When `trouble` was found out."""
        tried = self._state("tried")
        return datetime.fromisoformat(tried) if tried else None

    def failed_within(self, seconds: float) -> bool:
        """Tell whether nothing could be sent, and that was found out so short a time ago."""
        tried = self.tried
        ago = (now() - tried).total_seconds() if tried is not None else seconds
        return bool(self.trouble) and 0 <= ago < seconds

    def _state(self, name: str) -> str:
        with self._reading() as con:
            row = con.execute("SELECT value FROM state WHERE name = ?", (name,)).fetchone() if con is not None else None
        return str(row[0]) if row is not None else ""

    def _marked(self, uids: Iterable[str], how: int | None = None) -> set[str]:
        every = list(uids)
        found = {uid for uid in every if uid in self._here and how in (None, self._here[uid])}
        with self._reading() as con:
            for begin in range(0, len(every), _ASKED):
                if con is None:
                    break
                some = every[begin : begin + _ASKED]
                places = ", ".join("?" * len(some))
                query = f"SELECT uid FROM sent WHERE how = coalesce(?, how) AND uid IN ({places})"  # noqa: S608
                found.update(uid for (uid,) in con.execute(query, (how, *some)).fetchall())
        return found

    @contextmanager
    def _reading(self) -> Iterator[sqlite3.Connection | None]:
        """Open the memory; None where there is none yet."""
        with said_plainly(self._path):
            self._look()
            if not self._path.exists():
                yield None
                return
            with closing(_connect(self._path, self._wait, "rw")) as con:
                yield con

    @contextmanager
    def _writing(self) -> Iterator[sqlite3.Connection]:
        """Open the memory, made if it is not there, and write to it as a whole or not at all."""
        with said_plainly(self._path):
            self._look()
            if not self._path.exists():
                _make(self._path)
            with closing(_connect(self._path, self._wait, "rw")) as con, transaction(con):
                yield con

    def _look(self) -> None:
        """Remove a memory that cannot be trusted, once a sitting: all is sent again then."""
        if self._looked:
            return
        self._looked = True
        if self._path.is_file() and not _is_sound(self._path, self._wait):
            self._path.unlink(missing_ok=True)


def memories(progress: Path) -> list[Path]:
    """Return the memories of all machines that share a folder."""
    return sorted(progress.parent.glob("sent*.sqlite3"))


def send_again(progress: Path) -> None:
    """Have everything be sent again, from all machines that share a folder; what is still to be erased stays so."""
    for memory in memories(progress):
        try:
            with said_plainly(memory), closing(_connect(memory, 2.0, "rw")) as con, transaction(con):
                con.execute("DELETE FROM sent")
        except StoreError:  # a memory that nobody can read is none
            memory.unlink(missing_ok=True)


def sent_file(progress: Path) -> Path:
    """Return the memory that belongs to a progress file."""
    return progress.with_name(progress.name.replace(PROGRESS_STEM, "sent", 1))


def _connect(path: Path, wait: float, mode: str) -> sqlite3.Connection:
    uri = address(path, f"mode={mode}")
    con = sqlite3.connect(uri, uri=True, timeout=wait, isolation_level=None)
    con.execute("PRAGMA trusted_schema = OFF")
    con.execute("PRAGMA synchronous = NORMAL")  # what a power cut takes is sent again
    return con


def _is_sound(path: Path, wait: float) -> bool:
    """Tell whether a memory is whole. Raises StoreError for the file of another program."""
    try:
        with closing(_connect(path, wait, "rw")) as con:
            (application,) = con.execute("PRAGMA application_id").fetchone()
            (version,) = con.execute("PRAGMA user_version").fetchone()
            (result,) = con.execute("PRAGMA quick_check(1)").fetchone()
    except sqlite3.OperationalError:  # held by somebody: told by who goes on with it
        return True
    except sqlite3.DatabaseError:
        return False
    if application not in (0, _APPLICATION):
        raise StoreError(f"{shown(path)} belongs to another program: move it away.")
    return bool(application == _APPLICATION and version == _FORMAT and result == "ok")


def _make(path: Path) -> None:
    """Make an empty memory, private to the account; another session may be doing the same."""
    with suppress(FileExistsError):
        path.parent.mkdir(mode=0o700, parents=True)
    new = path.with_name(f"{path.name}.{os.urandom(4).hex()}.new")
    os.close(os.open(new, os.O_CREAT | os.O_EXCL | os.O_RDWR | flags("O_NOFOLLOW"), 0o600))
    try:
        with closing(_connect(new, 0, "rw")) as con, transaction(con):
            for statement in _TABLES:
                con.execute(statement)
        give_name(new, path)
    finally:
        new.unlink(missing_ok=True)


def _slice_after(con: sqlite3.Connection, after: int) -> list[tuple[list[tuple[int, str]], int, int]]:
    """Return places and uids behind a place, and how many rows there are up to it, and up to the last of them."""
    rows = con.execute(_AFTER, (after,)).fetchall()
    count = _up_to(con, after) if after != _FIRST else 0
    return [(rows, count, _up_to(con, rows[-1][0]) if rows else count)]


def _up_to(con: sqlite3.Connection, place: int) -> int:
    """Return how many rows there are up to a place. Those behind it are few, and an index counts all."""
    query = "SELECT (SELECT count(*) FROM attempt) - (SELECT count(*) FROM attempt WHERE id > ?)"
    (count,) = con.execute(query, (place,)).fetchone()
    return int(count)


def _rows_of(con: sqlite3.Connection, uids: Sequence[str]) -> list[tuple[str, tuple[Any, ...]]]:
    """Return the rows of these uids that are still there, in this order, as long as they are no more than a batch."""
    rows: list[tuple[str, tuple[Any, ...]]] = []
    size = 0
    for uid in uids:
        row = con.execute(_ROW, (uid,)).fetchone()
        if row is not None:
            rows.append((uid, row))
            size += sum(len(one) for one in row if isinstance(one, str))
            if size > MOST_BYTES:
                break
    return rows


def _last_of(con: sqlite3.Connection, server: str) -> str:
    """Return what a memory says was sent last, if it was to this server; "" for nothing."""
    state = dict(con.execute("SELECT name, value FROM state").fetchall())
    return str(state.get("last", "")) if state.get("server") == server else ""


def _sent_to(con: sqlite3.Connection, server: str) -> set[str]:
    """Return what a memory says was sent, if it was to this server."""
    if con.execute("SELECT 1 FROM state WHERE name = 'server' AND value = ?", (server,)).fetchone() is None:
        return set()
    return {uid for (uid,) in con.execute("SELECT uid FROM sent").fetchall()}


def _answered(con: sqlite3.Connection) -> list[str]:
    return [uid for (uid,) in con.execute(f"SELECT uid FROM attempt WHERE {_ANSWERS}").fetchall()]  # noqa: S608


def _forgotten(con: sqlite3.Connection) -> list[str]:
    return [uid for (uid,) in con.execute("SELECT uid FROM forgotten").fetchall()]
