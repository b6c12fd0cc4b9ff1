"""A connection to the class's server, and what goes wrong with one, in a sentence.

psycopg is imported when a class is used, and by nobody else. Over a network there is TLS with `verify-full` or no
connection at all: a membership has no way to say anything else. By a Unix socket there is a server that the class's own
account runs, or none: whoever may write into the folder can put a socket there.

What a server refuses while somebody logs in comes as text alone, without a code (libpq keeps none). So it is told by
what is known of the connection then, and by PostgreSQL's own words.
"""

import os
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeAlias

from rnn_tutor.progress.server.membership import SYSTEM, Membership

if TYPE_CHECKING:
    import psycopg

    Connection: TypeAlias = psycopg.Connection[tuple[Any, ...]]

NEEDED = "A class needs one more package: pip install 'rnn-tutor[class]'."
WAIT = 10.0
"""Seconds to wait for a server that does not answer."""
FULL, TOO_LONG = "RT001", "RT002"
"""What the schema itself raises: a member has sent all that one may send; one command took too long."""
# A line that is silent is given up, rather than waited for: by the sender, and by nobody else, as it is in a thread.
_SILENT = {"keepalives_idle": 10, "keepalives_interval": 5, "keepalives_count": 3, "tcp_user_timeout": 20_000}
_REQUIRE_AUTH = 160_000  # the libpq that can refuse to send a password as it is
_CERTIFICATES = ("certificate verify failed", "does not match host name", "could not read root certificate")
_SECRETS = ("authentication failed", "authentication method requirement", "no password supplied")
_NO_MEMBER = ("pg_hba.conf", 'role "', "not permitted to log in")  # a role that is gone, or its rights
_FULL = ("too many connections", "remaining connection slots", "too many clients", "out of shared memory")
_FOR_NOW = ("starting up", "shutting down", "recovery", "terminating")


class ClassError(Exception):
    """Something cannot be done with a class; the message is one sentence: what is wrong and what to do."""


class AwayError(ClassError):
    """The server cannot be reached, or has no room, for now: the same may work later."""


class RefusedError(ClassError):
    """The server refuses, and will until somebody does something about it."""


class MissingError(RefusedError):
    """The server has no database of that name."""


def connect(membership: Membership, *, wait: float = WAIT) -> "Connection":
    """Return a connection, which whoever asked for it closes. Raises ClassError."""
    psycopg = imported()
    with said_plainly(membership), _root(membership) as root:
        words: dict[str, Any] = {
            "host": membership.host,
            "port": membership.port,
            "dbname": membership.class_name,
            "user": membership.user,
            "connect_timeout": max(2, round(wait)),  # libpq's least
            "application_name": "rnn-tutor",
            "gssencmode": "disable",
            **_SILENT,
            "client_encoding": "UTF8",
            **secured(membership, root, psycopg.pq.version()),
        }
        con: Connection = psycopg.connect(**words, autocommit=True, prepare_threshold=None)
        if not membership.is_local and not con.pgconn.ssl_in_use:  # libpq has seen to it
            con.close()
            raise RefusedError("The connection is not encrypted, so nothing was sent.")
        return con


def secured(membership: Membership, root: str, libpq: int) -> dict[str, str]:
    """Return libpq's words for how a server and a member are known to each other.

    root: the path of the authorities' certificates. libpq: its version, as PQlibVersion gives it.
    """
    if membership.is_local:
        words = {"sslmode": "disable"} | ({"requirepeer": membership.peer} if membership.peer else {})
    else:
        words = {"sslmode": "verify-full", "sslrootcert": root}
    if membership.certificate:
        words |= {"sslcert": membership.certificate, "sslkey": membership.key}
    if membership.secret:
        words["password"] = membership.secret
    if libpq >= _REQUIRE_AUTH and not membership.certificate:  # so no server, whoever's, is sent the secret itself
        by_peer = membership.is_local and not membership.secret
        words["require_auth"] = "scram-sha-256,none" if by_peer else "scram-sha-256"
    return words


def imported() -> Any:  # noqa: ANN401 - a module
    """Return psycopg. Raises ClassError where it is not installed."""
    try:
        import psycopg
    except ImportError:
        raise ClassError(NEEDED) from None
    return psycopg


@contextmanager
def said_plainly(membership: Membership | None = None) -> "Iterator[None]":
    """Have what goes wrong with the server in the body said in a sentence, as a ClassError."""
    psycopg = imported()
    try:
        yield
    except psycopg.Error as error:
        raise _told(error, membership) from error
    except UnicodeError as error:  # before the server: what cannot be sent as UTF-8
        raise ClassError("Something cannot be sent to the class's server as text.") from error


@contextmanager
def _root(membership: Membership) -> "Iterator[str]":
    """Yield the path of a file with the authorities' certificates, which libpq wants; it is there as long as needed."""
    if membership.is_local or membership.root == SYSTEM:
        yield membership.root
        return
    try:
        number, name = tempfile.mkstemp(prefix="rnn-tutor-", suffix=".crt")
        try:
            with os.fdopen(number, "w", encoding="utf-8") as file:
                file.write(membership.root)
            yield name
        finally:
            with suppress(OSError):
                Path(name).unlink()
    except OSError as error:
        raise AwayError(f"A temporary file cannot be written: {error.strerror}.") from error


def _told(error: Any, membership: Membership | None) -> ClassError:  # noqa: ANN401 - psycopg's
    """Return an error of psycopg as a sentence."""
    words = _words(error)
    if error.sqlstate is not None:
        return _by_code(error.sqlstate, words)
    where = _where(membership)
    if any(one in words for one in _CERTIFICATES):
        return RefusedError(f"{where} shows a certificate that is not the class's: ask who runs it ({words}).")
    if "requirepeer" in words:
        return RefusedError(
            f"{where} is run by another account than the class's, so nothing was sent: ask who runs it."
        )
    if "server does not support SSL" in words or "no encryption" in words:
        return RefusedError(f"{where} does not use TLS, so nothing was sent: ask who runs it.")
    if any(one in words for one in _SECRETS):
        return RefusedError(f"{where} does not accept your membership: ask your lecturer for a new file.")
    if membership is not None and f'database "{membership.class_name}" does not exist' in words:
        return MissingError(f"{where} has no database {membership.class_name}.")
    if any(one in words for one in _FULL):
        return AwayError(f"{where} has no room for another connection: try again later.")
    if membership is not None and membership.kind != "lecturer" and any(one in words for one in _NO_MEMBER):
        return RefusedError(
            f"{where} does not let you in; perhaps you were removed from the class ({words}): ask your lecturer."
        )
    if "FATAL" in str(error) and not any(one in words for one in _FOR_NOW):  # it is there, and will say so again
        return RefusedError(f"{where} does not let you in ({words}): ask who runs it.")
    return AwayError(f"{where} cannot be reached ({words}): try again later.")


def _by_code(code: str, words: str) -> ClassError:
    """Return what is told of an error with PostgreSQL's code for it."""
    if code == FULL:
        return RefusedError("The class's server takes no more answers from you: ask your lecturer.")
    if code in ("28000", "28P01", "3D000"):
        return RefusedError(f"The class's server does not let you in ({words}): ask who runs it.")
    if code in ("42501", "42P01", "3F000", "42883"):
        return RefusedError(f"The class's server refuses that ({words}): ask who runs it.")
    if code[:2] in ("08", "53", "55", "57", "40", "25") or code == TOO_LONG:
        return AwayError(f"The class's server cannot do that now ({words}): try again later.")
    return ClassError(f"The class's server does not take that ({words}).")


def _where(membership: Membership | None) -> str:
    if membership is None:
        return "The server"
    if membership.is_local:
        return f"The class's server at {membership.host}"
    return f"The class's server {membership.host}:{membership.port}"


def _words(error: BaseException) -> str:
    """Return PostgreSQL's own words, as the end of one printable line: they may quote what a stranger sent."""
    lines = [line.strip() for line in str(error).splitlines() if line.strip()] or [type(error).__name__]
    line = lines[len(lines) > 1 and lines[0].startswith("Multiple")]  # then one for each address of a name follows
    for mark in ("FATAL: ", "failed: "):
        line = line.rpartition(mark)[2]
    return "".join(char if char.isprintable() else "?" for char in line.strip(" ."))[:120]
