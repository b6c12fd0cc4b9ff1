"""What a class has sent, read by its lecturer: all of it in bounded memory, or what is new of it.

A row is what its learner says it is: nobody has marked it again. What is no event is left out, and its learner named.
"""

import json
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any, NamedTuple, TypeAlias
from uuid import UUID

from rnn_tutor.progress.attempt import Attempt
from rnn_tutor.progress.class_report import ClassReport, Report, Terms
from rnn_tutor.progress.events import from_event
from rnn_tutor.progress.server.schema import CHANNEL, SETTLED

if TYPE_CHECKING:
    from rnn_tutor.progress.server.connection import Connection

Says: TypeAlias = Callable[[str, Attempt], str]
"""Tells what the file of an exercise says of an answer, "" for nothing. It gets those of a learner in their order."""

_AT_ONCE = 100  # rows: of the longest there are, 100 MB
_ALL = "SELECT learner, uid, at, body FROM rnn_tutor.told ORDER BY learner, at, uid"
_OF_ONE = "SELECT learner, uid, at, body FROM rnn_tutor.told WHERE learner = %s ORDER BY at, uid"
_LEARNERS = "SELECT id FROM rnn_tutor.member WHERE kind = 'learner' ORDER BY id"
_HOSTS = _LEARNERS.replace("'learner'", "'host'")
_SENT = """
    SELECT learner, count(*), count(*) FILTER (WHERE vouched_by <> ''), max(received)
    FROM rnn_tutor.told GROUP BY learner
"""
_ERASURES = "SELECT count(*) FROM rnn_tutor.erasure"
_NEW = "SELECT seq, received < now() - %s FROM rnn_tutor.event WHERE seq > %s ORDER BY seq"
_ROWS = """
    SELECT learner, uid, at, body, EXISTS (
        SELECT FROM rnn_tutor.event AS other
        WHERE other.learner = one.learner AND other.uid = one.uid AND other.vouched_by <> one.vouched_by
    ) FROM rnn_tutor.event AS one WHERE seq = ANY(%s) ORDER BY learner, at, uid
"""


class Row(NamedTuple):
    """An answer as it was sent. attempt: None where the body is no event, or one of another time or uid."""

    learner: str
    uid: UUID
    at: datetime
    attempt: Attempt | None


class Sent(NamedTuple):
    """How many answers came of a learner, how many of them from kiosk hosts, and when the last one came.

    is_here: in the class now. Who worked at a kiosk alone never was; others were removed.
    """

    learner: str
    answers: int
    vouched: int
    last: datetime | None
    is_here: bool = True


def sent(con: "Connection") -> list[Sent]:
    """Return what came of each learner, by id; of those in the class also nothing."""
    here = {learner: Sent(learner, 0, 0, None) for learner in learners(con)}
    here |= {
        learner: Sent(learner, answers, vouched, last, learner in here)
        for learner, answers, vouched, last in con.execute(_SENT)
    }
    return [here[learner] for learner in sorted(here)]


def hosts(con: "Connection") -> list[str]:
    """Return the names of the kiosk hosts of the class."""
    return [name for (name,) in con.execute(_HOSTS)]


def learners(con: "Connection") -> list[str]:
    """Return the ids of the learners of the class."""
    return [name for (name,) in con.execute(_LEARNERS)]


def answers(con: "Connection", learner: str | None = None) -> Iterator[Row]:
    """Give all answers, or those of a learner: learner by learner, in the order in which they were given."""
    query, values = (_ALL, ()) if learner is None else (_OF_ONE, (learner,))
    with _cursor(con) as cursor:
        cursor.execute(query, values)
        for row in cursor:
            yield _row(*row)


@contextmanager
def _cursor(con: "Connection") -> "Iterator[Any]":
    """Yield a cursor whose rows stay on the server until they are asked for."""
    with con.transaction(), con.cursor(name="rnn_tutor") as cursor:
        cursor.itersize = _AT_ONCE
        yield cursor


def _row(learner: str, uid: UUID, at: datetime, body: str) -> Row:
    try:
        attempt = from_event(json.loads(body))
    except (ValueError, TypeError, AttributeError, RecursionError):  # JSON, but no object of the kind; or no JSON
        return Row(learner, uid, at, None)
    return Row(learner, uid, at, attempt if (attempt.uid, attempt.at) == (uid.hex, at) else None)


def nothing(_learner: str, _attempt: Attempt) -> str:
    """Say nothing of any answer."""
    return ""


def report_of(con: "Connection", terms: Terms, says: Says = nothing) -> tuple[Report, Counter[str]]:
    """Return the report of the class, and how many rows of which learner are no events."""
    report, odd = ClassReport(terms), Counter[str]()
    for learner in learners(con):
        report.meet(learner)
    last = ""
    for row in answers(con):
        if last and row.learner != last:
            report.close(last)
        last = row.learner
        if row.attempt is None:
            odd[row.learner] += 1
        else:
            report.add(row.learner, row.attempt, says(row.learner, row.attempt))
    return report.result(), odd


class Following:
    """The report of a class that goes on. Reads what is new, and anew only what has to be."""

    def __init__(self, con: "Connection", terms: Terms, says: Says = nothing) -> None:
        self._con = con
        self._says = says
        self._terms = terms
        self._report = ClassReport(terms)
        self._learners: frozenset[str] = frozenset()
        self._erasures = -1  # none yet: all is read
        self._last: dict[str, tuple[datetime, UUID]] = {}  # of each learner the last answer that was counted
        self._settled = 0  # every row up to this seq is visible, or never will be
        self._seen: set[int] = set()  # those behind it that were counted
        con.execute(f"LISTEN {CHANNEL}")

    def report(self) -> Report | None:
        """Return the report with what is new in it, None where nothing is."""
        with self._con.transaction():
            self._con.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ, READ ONLY")
            changed = self._take()
        return self._report.result() if changed else None

    def wait(self, seconds: float) -> bool:
        """Wait for a notification, and tell whether there was one. Several are one."""
        return bool(list(self._con.notifies(timeout=seconds, stop_after=1)))

    def _take(self) -> bool:
        (erasures,) = self._con.execute(_ERASURES).fetchone() or (0,)
        here = frozenset(learners(self._con))
        fresh = self._fresh()
        if self._erasures != erasures or self._learners - here:
            self._begin_anew(here)
        elif not fresh and here == self._learners:
            return False
        else:
            for learner in here - self._learners:
                self._report.meet(learner)
            self._add(fresh)
        self._erasures, self._learners = erasures, here
        return True

    def _fresh(self) -> list[int]:
        """Return the seqs of rows that were not counted yet. A lower one may become visible after a higher one."""
        rows = self._con.execute(_NEW, (timedelta(seconds=SETTLED), self._settled)).fetchall()
        fresh = [seq for seq, _ in rows if seq not in self._seen]
        self._settled = max((seq for seq, is_settled in rows if is_settled), default=self._settled)
        self._seen = {seq for seq, _ in rows if seq > self._settled}
        return fresh

    def _begin_anew(self, here: frozenset[str]) -> None:
        self._report = ClassReport(self._terms)
        self._last = {}
        for learner in here:
            self._report.meet(learner)
        for row in answers(self._con):
            self._count(row)

    def _add(self, fresh: list[int]) -> None:
        """Count rows. Of a learner whose rows come late, or were sent twice, all are counted anew."""
        again: set[str] = set()
        for begin in range(0, len(fresh), _AT_ONCE):
            for learner, uid, at, body, twice in self._con.execute(
                _ROWS, (fresh[begin : begin + _AT_ONCE],)
            ).fetchall():
                if twice or (learner in self._last and (at, uid) < self._last[learner]):
                    again.add(learner)
                elif learner not in again:
                    self._count(_row(learner, uid, at, body))
        for learner in sorted(again):
            self._report.drop(learner)
            self._report.meet(learner)
            for row in answers(self._con, learner):
                self._count(row)

    def _count(self, row: Row) -> None:
        self._last[row.learner] = row.at, row.uid
        if row.attempt is not None:
            self._report.add(row.learner, row.attempt, self._says(row.learner, row.attempt))
