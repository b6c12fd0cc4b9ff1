"""A learner's own rows on the class server, over a connection: what `sending` sends and erases."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from datetime import timedelta
from typing import TYPE_CHECKING

from rnn_tutor.progress.events import Event, written
from rnn_tutor.progress.server.connection import ClassError, connect, imported, said_plainly
from rnn_tutor.progress.server.membership import Membership
from rnn_tutor.progress.server.schema import check_version
from rnn_tutor.progress.server.sending import NotAnEventError

if TYPE_CHECKING:
    from rnn_tutor.progress.server.connection import Connection

_AS_LEARNER = """
    INSERT INTO rnn_tutor.event (uid, at, body)
    SELECT uid, at, body
    FROM unnest(%(uids)s::uuid[], %(ats)s::timestamptz[], %(bodies)s::text[]) AS new (uid, at, body)
    ON CONFLICT DO NOTHING
"""
_AS_HOST = """
    INSERT INTO rnn_tutor.event (learner, uid, at, body)
    SELECT %(learner)s, uid, at, body
    FROM unnest(%(uids)s::uuid[], %(ats)s::timestamptz[], %(bodies)s::text[]) AS new (uid, at, body)
    ON CONFLICT DO NOTHING
"""
_ERASE = "INSERT INTO rnn_tutor.forgotten (uid) SELECT unnest(%s::uuid[]) ON CONFLICT DO NOTHING"
_ERASE_EXERCISE = """
    INSERT INTO rnn_tutor.forgotten (uid)
    SELECT DISTINCT uid FROM rnn_tutor.event
    WHERE received <= now() - %s::interval AND (%s::text = '' OR starts_with(body, %s::text))
    ON CONFLICT DO NOTHING
"""
_ERASED = "SELECT replace(uid::text, '-', '') FROM rnn_tutor.forgotten"
# Whatever the server usually does: what it says that it keeps is to be there after a crash.
_KEPT_FOR_GOOD = """
    SELECT set_config('synchronous_commit', 'on', false)
    WHERE current_setting('synchronous_commit') IN ('off', 'local')
"""
_LOST = "SELECT replace(uid::text, '-', '') FROM rnn_tutor.lost(%s, %s::uuid[]) AS uid"
_MOST_ERASED = _MOST_ASKED = 5_000  # uids in one command


class ServerSink:
    """The server as a `sending.Sink`."""

    def __init__(self, con: "Connection", membership: Membership, learner: str) -> None:
        """Send over a connection as a learner, or for a learner as the host that one sits at."""
        self._con = con
        self._membership = membership
        self._learner = learner
        self._vouches = membership.kind == "host"  # then it may add, and nothing else

    def send(self, events: Sequence[Event]) -> set[str]:
        """Keep events; see `Sink`. All of a batch is one command: it is kept as a whole or not at all."""
        uids = [str(event["uid"]) for event in events]
        values = {
            "learner": self._learner,
            "uids": uids,
            "ats": [event["at"] for event in events],
            "bodies": [written(event).decode("utf-8") for event in events],
        }
        with self._told():
            self._con.execute(_AS_HOST if self._vouches else _AS_LEARNER, values)
        return set(uids)

    def erase(self, uids: Sequence[str]) -> None:
        """Erase by uids; a host may not."""
        with self._told():
            for begin in range(0, 0 if self._vouches else len(uids), _MOST_ERASED):
                self._con.execute(_ERASE, (list(uids[begin : begin + _MOST_ERASED]),))

    def erase_exercise(self, exercise: str, ago: timedelta) -> None:
        """Erase an exercise; a host may not. `exercise` is the first field of each event."""
        begins = "{" + f'"exercise":{written_name(exercise)},'
        with self._told():
            if not self._vouches:
                self._con.execute(_ERASE_EXERCISE, (ago, exercise, begins))

    def erased(self) -> set[str]:
        """Return the uids that were erased; a host is not told."""
        if self._vouches:
            return set()
        with self._told():
            return {str(uid) for (uid,) in self._con.execute(_ERASED).fetchall()}

    def lost(self, uids: Sequence[str]) -> set[str]:
        """Return what the server has no more; a host asks for its learner."""
        lost: set[str] = set()
        with self._told():
            for begin in range(0, len(uids), _MOST_ASKED):
                some = list(uids[begin : begin + _MOST_ASKED])
                lost.update(uid for (uid,) in self._con.execute(_LOST, (self._learner, some)).fetchall())
        return lost

    def close(self) -> None:
        """Let the connection go."""
        with suppress(Exception):
            self._con.close()

    @contextmanager
    def _told(self) -> Iterator[None]:
        """Have what goes wrong said; a row that no rule of the table lets in is a NotAnEventError."""
        psycopg = imported()
        with said_plainly(self._membership):
            try:
                yield
            except (psycopg.errors.IntegrityError, psycopg.errors.DataError) as error:
                raise NotAnEventError(error.sqlstate) from error


def written_name(text: str) -> str:
    """Return a text as it stands in an event."""
    return written({"": text}).decode("utf-8")[4:-1]


def connected(membership: Membership, learner: str) -> ServerSink:
    """Return the server. Raises ClassError."""
    con = connect(membership)
    try:
        with said_plainly(membership):
            check_version(con)
            con.execute(_KEPT_FOR_GOOD)
    except ClassError:
        con.close()
        raise
    return ServerSink(con, membership, learner)
