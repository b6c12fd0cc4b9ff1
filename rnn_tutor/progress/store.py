"""A learner's attempts, kept: added and read, never changed. (`erasing` erases, which is asked for by name.)

Store.open(path) raises StoreError where the file cannot be used; a session then goes on with Store(path),
which keeps its attempts in memory and tries the file again at each one.
"""

import os
import sqlite3
import threading
from collections.abc import Callable, Iterator, Sequence
from contextlib import suppress
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

from rnn_tutor.progress.attempt import COLUMNS, DRAFT, IN_A_SET, NOTE, Attempt, bounded, from_row
from rnn_tutor.progress.database import (
    HeldError,
    OldError,
    StoreError,
    connection,
    damaged,
    not_writable,
    quick_check,
    transaction,
)
from rnn_tutor.progress.hosts import Stamp, bring_up_to_date, others, read_others, stamp_of
from rnn_tutor.progress.resets import Counted, Marks, sums
from rnn_tutor.progress.rows import NAMES, add_row

if TYPE_CHECKING:
    from rnn_tutor.progress.history import History
    from rnn_tutor.progress.remembered import Source

__all__ = ["Attempt", "HeldError", "OldError", "Store", "StoreError"]

# By `parts` too: an exercise that was done when it had fewer is done.
_TALLIES = 'SELECT exercise, part, parts, "right", tries FROM tally ORDER BY last'
_FIRST_PLACE, _LAST_PLACE = -(2**63), 2**63 - 1
_LAST = 3  # where the place of the last of them stands, as `sums` gives it
_SELECT = f"""
    SELECT id, {NAMES} FROM attempt WHERE verdict NOT IN ('reset', 'undo') ORDER BY id
"""  # noqa: S608  # our own names
_LEFT = f"""
    SELECT id, exercise FROM attempt WHERE verdict NOT IN ('note', 'reset', 'undo') AND part NOT LIKE '{IN_A_SET}%'
    ORDER BY id DESC LIMIT 1
"""  # noqa: S608
_NOTES = f"SELECT id, {NAMES} FROM attempt WHERE verdict = 'note' AND id <= ? ORDER BY id"  # noqa: S608
_AFTER = _SELECT.replace("WHERE", "WHERE id > ? AND")
_SLICE = _AFTER.replace("ORDER BY id", "ORDER BY id LIMIT ?")
_OF_A_SLICE = 5_000  # rows: some 5 MB
_EXERCISE = COLUMNS.index("exercise")
_UID = COLUMNS.index("uid")
_OF_UIDS = _SELECT.replace("WHERE", "WHERE uid IN ({}) AND")
_MOST_ASKED = 500  # values in one query
_OF_ONE = _SELECT.replace("WHERE", "WHERE exercise = ? AND")  # by its index
_MOST_SHARED = 20_000  # texts: with more of them, nobody keeps all rows


class Tally(NamedTuple):
    """What came of the answers to one part of an exercise."""

    exercise: str
    part: str
    parts: int
    """How many parts the exercise had then; where it got more, there is a tally for before and one for after."""
    right: int
    tries: int
    """Answers that were marked right or wrong."""


class Beginning(NamedTuple):
    """What a sitting begins with: the tallies, the notes (a few, see `notes`), and whether there is nothing at all."""

    tallies: list[Tally]
    notes: list[Attempt]
    empty: bool
    left: str | None
    """The exercise or lab that something was kept of last, if that counts; None where there is none."""


class Store:
    """The attempts of one learner: in one file that several sessions of a machine may use at once, which is written.

    On a folder that several machines share, each has its own, and all are read (see `hosts`).

    An attempt that cannot be saved stays in memory, is among `attempts()`, and goes to the disk, in its
    order, with the next one that can. Safe to call from any thread.
    """

    trouble: str
    """The sentence why nothing is being saved, or "" as long as all is well."""
    missing: set[str]
    """A sentence for each file of another machine that cannot be read: what is in it counts for nothing here."""

    def __init__(self, path: Path, *, wait: float = 2.0) -> None:
        """Make a store that has not looked at its file; use `open`, and this only where that failed.

        It knows of this session's attempts only, until one could be saved.
        wait: seconds to wait while another session writes.
        """
        self.trouble = ""
        self.missing = set()
        self._path = path
        self._wait = wait
        self._opened = False
        self._looked = False  # whether the whole file was found to be sound
        self._stamps: list[Stamp] = []  # of all files, as this store has left them; empty: it has not read all
        self._is_touched = False
        self._behind: int | None = None  # the last place in files of other machines; None: not looked at yet
        self._unsaved: list[Attempt] = []
        self._lock = threading.Lock()

    @classmethod
    def open(cls, path: Path, *, wait: float = 2.0, look: bool = True, patience: float | None = None) -> "Store":
        """Open the file at `path`, made (with its folder, both private) if it is not there.

        Raises StoreError when it cannot be made, read or brought up to date. A file that can only be read
        opens; `trouble` then says so. look: whether the whole file is read, to find what is damaged; if not, that is
        for `look`, and is done before the first attempt is saved. patience: seconds to wait here, if not as long as
        ever after; what is held for longer is a HeldError, and so is a large file of an older format.
        """
        store = cls(path, wait=wait)
        with connection(path, wait if patience is None else patience, at_once=patience is not None) as con:
            if look:
                quick_check(con, path)
        if look:
            store._join()
        store._looked = look
        store._opened = True
        if not (os.access(path, os.W_OK) and os.access(path.parent, os.W_OK | os.X_OK)):
            store.trouble = not_writable(path)
        return store

    def open_late(self) -> None:
        """Open the file where it was held when it was first to be opened. Raises StoreError as `open` does."""
        with self._lock:
            if not self._opened:
                with connection(self._path, self._wait):
                    self._opened = True

    def look(self) -> None:
        """Read the whole file; raises StoreError when it is damaged anywhere: it is not read or written any more."""
        with self._lock:
            if self._looked or not self._opened:
                return
            try:
                with connection(self._path, self._wait) as con:
                    quick_check(con, self._path)
                self._join()
            except StoreError:
                self._opened = False
                raise
            self._looked = True

    def _join(self) -> None:
        """Do what the files of other machines want done in that of this one."""
        if others(self._path):
            from rnn_tutor.progress.erasing import honour  # late: start-up time

            bring_up_to_date(self._path, self._wait)
            honour(self._path, wait=self._wait)

    @property
    def unsaved(self) -> int:
        """How many of this session's attempts are in memory only."""
        return len(self._unsaved)

    def add(self, *attempts: Attempt) -> None:
        """Add one attempt, or several that belong together: all, and any before, are on the disk when this returns.

        Raises StoreError when it is not; it is then kept for the next time. (One whose seed or givens are
        beyond all limits can never be saved: it is refused and not kept.)
        """
        rows = _bounded(attempts)
        with self._lock:
            self._unsaved += rows
            self._save()

    def begin(self, *attempts: Attempt) -> Callable[[], None]:
        """Begin what `add` does: all is written when this returns, and put on the disk in a thread.

        Call what is returned to wait until it is there; only then, it raises StoreError if it could not be committed.
        What could not be written is a StoreError here. Whoever uses the store meanwhile waits.
        """
        rows = _bounded(attempts)
        self._lock.acquire()
        try:
            self._unsaved += rows
            steps = self._steps_of_saving()
            next(steps)
        except BaseException:
            self._lock.release()
            raise
        return _Commit(steps, self._lock).wait

    def not_saved(self) -> list[Attempt]:
        """What was added and could not be saved yet."""
        with self._lock:
            return list(self._unsaved)

    def attempts(self, exercise: str | None = None) -> Iterator[Attempt]:
        """All attempts, or those at one exercise, in the order in which they were added.

        Raises StoreError when the file cannot be read.
        """
        return (attempt for attempt in self.kept(exercise) if attempt.verdict not in (DRAFT, NOTE))

    def kept(self, exercise: str | None = None) -> Iterator[Attempt]:
        """All that was added and counts (see `resets`), what was typed and not checked and what is noted too.

        Raises StoreError when the file cannot be read.
        """
        with self._lock:
            saved = self._read(exercise) if self._opened else []
            unsaved = [attempt for attempt in self._unsaved if exercise in (None, attempt.exercise)]
        return iter(saved + unsaved)

    def kept_in_slices(self) -> Iterator[Attempt]:
        """Give what `kept` gives of all exercises, reading some thousand rows at a time: none need stay in memory.

        What another session writes meanwhile may be among it or not; `touched` then says so. On a folder that several
        machines share, all is read at once. Raises StoreError when the file cannot be read.
        """
        stamps = self._stamps_now()
        yield from self._saved(_FIRST_PLACE)
        with self._lock:
            self._stamps, self._is_touched = stamps, False
            unsaved = list(self._unsaved)
        yield from unsaved

    def _saved(self, after: int) -> Iterator[Attempt]:
        """Give the rows after a place in slices; those of several machines at once."""
        if others(self._path):
            with self._lock, connection(self._path, self._wait) as con:
                saved = self._rows(con, _AFTER, (after,), self._wait)
            yield from saved
            return
        counted, full = None, True
        same: dict[str, str] = {}
        while full and self._opened:
            with self._lock, connection(self._path, self._wait) as con:
                counted = counted or Counted.of(con)
                rows = con.execute(_SLICE, (after, _OF_A_SLICE)).fetchall()
            full = len(rows) == _OF_A_SLICE
            after = rows[-1][0] if rows else after
            for row in rows:
                if counted.counts(row[1 + _EXERCISE], row[0], row[1 + _UID]):
                    yield self._attempt(_sharing(row, same)[1:] if len(same) < _MOST_SHARED else row[1:])

    def history(self) -> "History":
        """Return what all that is kept amounts to: of very many rows, what is `remembered`, and then what is new.

        Raises StoreError when the file cannot be read.
        """
        from rnn_tutor.progress import history, remembered  # late: after the first frame

        if not self._opened:
            return history.History(self.kept())
        with self._lock, connection(self._path, self._wait) as con:
            stamps, before = self._stamps_now(), self._source(con, _LAST_PLACE)
            found, after = remembered.recall(con, partial(self._source, con), partial(self._rows_of, con))
            if self._stands_twice(con, after):
                found, after = history.History(), _FIRST_PLACE
            for note in self._rows(con, _NOTES, (after,), self._wait):
                found.notes.add(note)
        known = found.count
        for attempt in self._saved(after):
            found.add(attempt)
        is_worth_it = found.count - known > history.MOST_KEPT
        if (is_worth_it or after == _FIRST_PLACE) and not self.trouble:
            with suppress(StoreError), self._lock, connection(self._path, self._wait) as con:
                remembered.erase(con)  # what is old, or is not to be believed
                if is_worth_it:
                    remembered.keep(con, found, partial(self._source, con), before)
        with self._lock:
            self._stamps, self._is_touched = stamps, False
            unsaved = list(self._unsaved)
        for attempt in unsaved:
            found.add(attempt)
        return found

    def _stands_twice(self, con: sqlite3.Connection, after: int) -> bool:
        """Tell whether a row after a place stands before it in the file of another machine, as after a merge."""
        if after == _FIRST_PLACE or not others(self._path):
            return False
        from rnn_tutor.progress.remembered import any_older

        older = partial(any_older, uids=[row.uid for row in self._rows(con, _AFTER, (after,), self._wait)], until=after)
        return older(con) or any(read_others(self._path, self._wait, older, self.missing))

    def _source(self, con: sqlite3.Connection, until: int) -> "Source":
        """Return what there is up to a place in all files, and what counts of it."""
        from rnn_tutor.progress.remembered import Extent, Source

        elsewhere = read_others(self._path, self._wait, partial(Extent.of, until=until), self.missing)
        counted = self._counted(con, self._wait) if elsewhere else Counted.of(con)
        return Source((Extent.of(con, until), *elsewhere), counted.resets, counted.gone)

    def _rows_of(self, con: sqlite3.Connection, uids: Sequence[str]) -> list[Attempt]:
        found: list[Attempt] = []
        for begin in range(0, len(uids), _MOST_ASKED):
            some = tuple(uids[begin : begin + _MOST_ASKED])
            found += self._rows(con, _OF_UIDS.format(", ".join("?" * len(some))), some, self._wait)
        return found

    def tallies(self, *, patience: float | None = None) -> list[Tally]:
        """What came of the attempts on disk, by exercise, part and parts; the one answered last is the last.

        Raises StoreError when the file cannot be read. patience: as of `open`.
        """
        wait = self._wait if patience is None else patience
        with self._lock, connection(self._path, wait) as con:
            return self._tallies(con, wait, self._counted(con, wait) if others(self._path) else None)

    def beginning(self, *, patience: float | None = None) -> Beginning:
        """What a sitting begins with. Raises StoreError when the file cannot be read. patience: as of `open`."""
        wait = self._wait if patience is None else patience
        with self._lock, connection(self._path, wait) as con:
            counted = self._counted(con, wait) if others(self._path) else None
            tallies = self._tallies(con, wait, counted)
            notes = self._rows(con, _NOTES, (_LAST_PLACE,), wait, counted)
            (empty,) = con.execute("SELECT NOT EXISTS (SELECT 1 FROM attempt)").fetchone()
            left = self._left(con, wait, counted)
            return Beginning(tallies, notes, bool(empty) and not tallies and not notes, left)

    def _left(self, con: sqlite3.Connection, wait: float, counted: Counted | None) -> str | None:
        def left_in(con: sqlite3.Connection) -> tuple[int, str] | None:
            row = con.execute(_LEFT).fetchone()
            return (row[0], row[1]) if row is not None else None

        rows = [left_in(con), *read_others(self._path, wait, left_in, self.missing)]
        place, exercise = max((row for row in rows if row is not None), default=(0, ""))
        if not place:
            return None
        return exercise if (counted or Counted.of(con)).counts(exercise, place) else None

    def solved(self) -> dict[str, set[str]]:
        """The parts that were right at least once, by exercise. Raises StoreError as `attempts` does."""
        parts_of: dict[str, set[str]] = {}
        for attempt in self.attempts():
            if attempt.verdict == "right":
                parts_of.setdefault(attempt.exercise, set()).add(attempt.part)
        return parts_of

    def touched(self) -> bool:
        """Tell whether somebody else has written since all was read here for the last time."""
        with self._lock:
            self._compare()
            return self._is_touched

    def _compare(self) -> None:
        self._is_touched |= bool(self._stamps) and self._stamps != self._stamps_now()

    def _stamps_now(self) -> list[Stamp]:
        return [stamp_of(path) for path in (self._path, *others(self._path))]

    def close(self) -> None:
        """Try a last time to save what could not be saved; raises StoreError when it cannot be.

        Nothing is held open: a session that ends without this loses nothing that `add` has returned from.
        """
        with self._lock:
            if self._unsaved:
                self._save()

    def _save(self) -> None:
        for _ in self._steps_of_saving():
            pass

    def _steps_of_saving(self) -> Iterator[None]:
        """Write all that is unsaved in one transaction, so that their order never changes; then commit it.

        The second step may be taken in another thread than the first.
        """
        behind = self._place_elsewhere()
        self._compare()
        try:
            with connection(self._path, self._wait) as con:
                if not self._looked:
                    quick_check(con, self._path)
                with transaction(con):
                    for attempt in self._unsaved:
                        add_row(con, attempt, behind)
                    yield
        except StoreError as error:
            self.trouble = str(error)
            raise
        if self._stamps:
            self._stamps = self._stamps_now()
        self._unsaved.clear()
        self._opened = self._looked = True
        self.trouble = ""

    def _place_elsewhere(self) -> int:
        """Return a place that what is answered now comes after, whatever the clocks of other machines say."""
        if self._behind is None:
            # What cannot be read there keeps nothing from being saved here.
            marks = read_others(self._path, self._wait, Marks.of, self.missing)
            self._behind = max((one.last for one in marks), default=0)
        return self._behind

    def _counted(self, con: sqlite3.Connection, wait: float) -> Counted:
        """Return what counts by the marks of all files."""
        return Counted.of(con, read_others(self._path, wait, Marks.of, self.missing))

    def _tallies(self, con: sqlite3.Connection, wait: float, counted: Counted | None) -> list[Tally]:
        """Return the tallies; counted: None where there is no file of another machine."""
        if counted is None:
            return [Tally(*row) for row in con.execute(_TALLIES).fetchall()]
        rows = sums(con, counted)
        for more in read_others(self._path, wait, partial(sums, counted=counted), self.missing):
            rows += more
        rows.sort(key=lambda row: row[_LAST])
        return [Tally(name, part, parts, right, tries) for name, part, parts, _last, right, tries in rows]

    def _read(self, exercise: str | None) -> list[Attempt]:
        stamps = self._stamps_now()
        with connection(self._path, self._wait) as con:
            if exercise is None:
                rows = self._rows(con, _SELECT, (), self._wait)
            else:
                rows = self._rows(con, _OF_ONE, (exercise,), self._wait)
        if exercise is None:
            self._stamps, self._is_touched = stamps, False
        return rows

    def _rows(
        self,
        con: sqlite3.Connection,
        query: str,
        parameters: tuple[object, ...],
        wait: float,
        counted: Counted | None = None,
    ) -> list[Attempt]:
        """Return the rows of all files that count, in their order; counted: what does, where that is known already."""
        same: dict[str, str] = {}

        def rows_of(con: sqlite3.Connection) -> list[tuple[Any, ...]]:
            cursor = con.cursor()
            cursor.row_factory = lambda _, row: _sharing(row, same)
            # All at once: a cursor that is half read locks every session out of writing.
            return cursor.execute(query, parameters).fetchall()

        rows = rows_of(con)
        if others(self._path):
            counted = counted or self._counted(con, wait)
            self._behind = counted.last
            by_uid = {row[1 + _UID]: row for row in rows}
            for more in read_others(self._path, wait, rows_of, self.missing):
                by_uid |= {row[1 + _UID]: row for row in more}
            rows = sorted(by_uid.values(), key=lambda row: row[: 2 + _UID])
        else:
            counted = Counted.of(con) if rows else Counted()
        same.clear()
        rows.reverse()
        attempts = []
        while rows:
            row = rows.pop()  # which is let go when its attempt is made
            if counted.counts(row[1 + _EXERCISE], row[0], row[1 + _UID]):
                attempts.append(self._attempt(row[1:]))
        return attempts

    def _attempt(self, row: Sequence[Any]) -> Attempt:
        try:
            return from_row(row)
        except (ValueError, OverflowError) as error:
            raise StoreError(damaged(self._path, "an attempt has no date")) from error


class _Commit:
    """The last step of saving, in a thread: what it costs is mostly waiting for the disk, and Python goes on meanwhile.

    One step and not all of them: the thread gets its turn back late, after each.
    """

    def __init__(self, steps: Iterator[None], lock: threading.Lock) -> None:
        """Take the last step; the lock is held by whoever took the first, and let go after the last."""
        self._steps = steps
        self._lock = lock
        self._failure: BaseException | None = None
        self._thread = threading.Thread(target=self._run, name="rnn-tutor-saving")
        try:
            self._thread.start()
        except RuntimeError:  # there can be no more threads
            self._run()

    def wait(self) -> None:
        """Wait until all is on the disk; what it failed with is raised here."""
        if self._thread.ident is not None:
            self._thread.join()
        if self._failure is not None:
            raise self._failure

    def _run(self) -> None:
        try:
            next(self._steps, None)
        except BaseException as error:  # noqa: BLE001 - raised where it is waited for
            self._failure = error
        finally:
            self._lock.release()


def _bounded(attempts: Sequence[Attempt]) -> list[Attempt]:
    try:
        return [bounded(attempt) for attempt in attempts]
    except ValueError as error:
        raise StoreError(f"This answer cannot be saved: {error}.") from error


def _sharing(row: tuple[Any, ...], same: dict[str, str]) -> tuple[Any, ...]:
    """Return a row whose texts are those of other rows: most stand in many rows, and are kept once."""
    begins = row[: 2 + _UID]
    return (*begins, *(same.setdefault(one, one) if type(one) is str else one for one in row[2 + _UID :]))
