"""What the database of a class has in it, and how it comes to have that: numbered steps in SQL (`migrations/`).

All of it stands in the schema `rnn_tutor` and belongs to a role that nobody logs in as. Columns are written out where
they are read: a learner may not read all of them.

`event`: one row for each attempt that was sent. The key is (learner, uid, vouched_by).
    learner     its id; a learner's own where it is left out
    uid         the attempt's (type uuid: 32 hexadecimal digits go in, a UUID comes out, `.hex` are the digits)
    vouched_by  the kiosk host that sent it, "" for the learner; set by the server
    at          when it was answered, by the learner's clock
    received    when it came, by the server's clock; set by the server
    seq         counts what comes; only the lecturer may read it. Of two that are sent at the same time the lower one
                can become visible later: whoever reads on from a seq reads what came in the last SETTLED seconds again
    body        the event, a line of JSON of at most MOST_EVENT bytes; nothing has looked into it
A learner sends with `INSERT INTO rnn_tutor.event (uid, at, body) VALUES (%s, %s, %s) ON CONFLICT DO NOTHING`, a kiosk
host with (learner, uid, at, body). No conflict target: naming one needs the right to read. What was forgotten, or is
there already, is left out without a word, so everything can be sent twice. A member who has sent all that one may send
(`setting`: 'most events', 'most bytes') gets the SQLSTATE connection.FULL. So does one who has had ten times as many
bytes written, with what was rolled back: a sequence with the name of the role counts them.

`forgotten`: (learner, uid), of what a learner took back: `INSERT INTO rnn_tutor.forgotten (uid) VALUES (%s) ON CONFLICT
DO NOTHING`. This also deletes the events with these uids, those that a kiosk host has sent too. There is no other way
for a learner to delete or change a row. What the lecturer has erased is there too (by_lecturer); no learner reads it. A
learner reads uid, at, received and body of the own rows, and the own uids that are forgotten. These columns have no
statistics, and those that have any may not be read: EXPLAIN tells of others' rows.

`lost(learner, uids)`: of these uids, those that are neither in `event` nor in `forgotten`. For a learner, who is always
the own one, and for a host, of what it has vouched for.

`told` (the lecturer's): the events, each attempt once, whoever sent it. Ordered by learner and uid.
`erasure` (the lecturer's): a row for each command that erased events. If there are more than before, count anew.
`member` (the lecturer's): role, kind ("learner" or "host"), id, added, and how much was sent.
`setting` (the lecturer's): name and value, both text.
CHANNEL is notified, without data, by each command that added or erased something.

Isolation: READ COMMITTED. The roles of members have time limits; see `roles`.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

from rnn_tutor.progress.server.connection import WAIT, ClassError, RefusedError, connect, said_plainly
from rnn_tutor.progress.server.membership import Membership

if TYPE_CHECKING:
    from rnn_tutor.progress.server.connection import Connection

CHANNEL = "rnn_tutor"
MOST_EVENT = 1 << 20
"""Bytes of an event, as UTF-8."""
SETTLED = 120.0
"""Seconds after which a row has become visible, or never does: longer than a command or a transaction may last."""
FOLDER = Path(__file__).with_name("migrations")
STEPS = ("001-events.sql",)
"""STEPS[n] takes a database of version n to version n + 1; a new one takes them all. A released step never changes."""
VERSION = len(STEPS)


@contextmanager
def connected(membership: Membership, *, wait: float = WAIT, check: bool = True) -> "Iterator[Connection]":
    """Connect as a member; each command is a transaction of its own. Raises ClassError, also for what the body does.

    wait: seconds for the connection. check: refuse a schema that is not the one this program knows.
    """
    with said_plainly(membership):
        con = connect(membership, wait=wait)
        try:
            if check:
                check_version(con)
            yield con
        finally:
            con.close()


def version_of(con: "Connection") -> int:
    """Return the version of a database, 0 where it is none of a class."""
    row = con.execute("SELECT pg_catalog.to_regprocedure('rnn_tutor.version()') IS NOT NULL").fetchone()
    if row != (True,):
        return 0
    row = con.execute("SELECT rnn_tutor.version()").fetchone()
    return int(row[0]) if row is not None and row[0] is not None else 0


def check_version(con: "Connection") -> None:
    """Raise RefusedError where a database is not of the version that this program knows."""
    version = version_of(con)
    if version == 0:
        raise RefusedError("This database is not a class's yet: whoever runs it begins with `rnn-tutor class init`.")
    if version < VERSION:
        raise RefusedError(
            f"The class's database is older (format {version}) than this rnn-tutor ({VERSION}): its lecturer brings it "
            "up to date with `rnn-tutor class init`."
        )
    if version > VERSION:
        raise RefusedError(
            f"The class's database is newer (format {version}) than this rnn-tutor ({VERSION}): update rnn-tutor."
        )


def migrate(con: "Connection", roles: "dict[str, str]", until: int | None = None) -> tuple[int, int]:
    """Bring a database up to date, as the role that owns it; return the version before and after.

    roles: the roles of this class, for the words in braces. Each step is done as a whole or not at all, and one at a
    time. Raises ClassError for a database that is newer.
    """
    from psycopg import sql

    before = version_of(con)
    if before > VERSION:
        check_version(con)
    names = {word: sql.Identifier(role) for word, role in roles.items()}
    for number in range(before, VERSION if until is None else until):
        text = (FOLDER / STEPS[number]).read_text("utf-8")
        with con.transaction():
            if number:
                con.execute("SELECT FROM rnn_tutor.setting WHERE name = 'version' FOR UPDATE")
                if version_of(con) != number:
                    raise ClassError("Somebody else brings this database up to date now: try again.")
            con.execute(sql.SQL(text).format(**names))  # type: ignore[arg-type,unused-ignore]  # our own files
            keep_setting(con, "version", str(number + 1))
    return before, version_of(con)


def keep_setting(con: "Connection", name: str, value: str) -> None:
    """Keep a setting of the class, as its owner or lecturer."""
    con.execute(
        "INSERT INTO rnn_tutor.setting VALUES (%s, %s) ON CONFLICT (name) DO UPDATE SET value = excluded.value",
        (name, value),
    )


def settings(con: "Connection") -> dict[str, str]:
    """Return the settings of the class, as its lecturer."""
    return dict(con.execute("SELECT name, value FROM rnn_tutor.setting").fetchall())
