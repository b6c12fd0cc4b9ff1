"""`rnn-tutor class`: a class on a PostgreSQL server is set up, joined and left.

Secrets are made here and written into files of mode 600. None is ever on a command line, in a log or in what is
printed. The lecturer's own password, where there is one, is read by libpq (~/.pgpass).
"""

import argparse
import os
import secrets
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

from rnn_tutor.commands.output import complain, say, say_code
from rnn_tutor.commands.source import UseError, agreed
from rnn_tutor.exercises.words import times
from rnn_tutor.paths import PathError, learner_id, progress_file, shown
from rnn_tutor.progress.server import membership as memberships
from rnn_tutor.progress.server import roles, schema
from rnn_tutor.progress.server.connection import ClassError, MissingError, imported
from rnn_tutor.progress.server.joined import Joined, join_anew, joined
from rnn_tutor.progress.server.joined import leave as leave_sending
from rnn_tutor.progress.server.membership import SYSTEM, Kind, Membership, MembershipError
from rnn_tutor.progress.server.schema import connected

if TYPE_CHECKING:
    from rnn_tutor.progress.server.connection import Connection

ENDING = ".class"
_SOCKETS = ("/var/run/postgresql", "/tmp")  # noqa: S108 - where PostgreSQL puts its socket, in packages and by itself
_PORT = 5432
_SECRET = 32  # bytes from the system's source of randomness
_TROUBLES = (ClassError, MembershipError, UseError, PathError)


class _Address(NamedTuple):
    """Where members reach the server; peer: the account that runs it, where that is by a socket."""

    host: str
    port: int
    root: str
    peer: str


_RULES = (
    "# pg_hba.conf: members reach only the class's database, and only over TLS. Put these lines first.",
    "hostssl  {0}  +{0}_learner,+{0}_host,{1}  samenet  scram-sha-256",
    "local    {0}  +{0}_learner,+{0}_host      scram-sha-256",
    "host     all  +{0}_learner,+{0}_host      all      reject",
    "local    all  +{0}_learner,+{0}_host      reject",
    "# postgresql.conf: a certificate with the name that members connect to.",
    "ssl = on",
    "ssl_cert_file = 'server.crt'",
    "ssl_key_file = 'server.key'",
    "# /etc/cron.d/class: sessions of members that have lifted their limits are ended.",
    f'* * * * * postgres psql -qAtc "{roles.END_OVERLONG}" >/dev/null'
    " || pkill -u postgres -f '^postgres: .*{0}[.@]'",
)


def init(options: argparse.Namespace) -> int:
    """Make a database a class's, or bring it up to date."""
    try:
        me = _administrator(options)
        lecturer = options.lecturer or me.user
        with _opened(me, lecturer) as con:
            before, after, closed = roles.set_up(con, me.class_name, lecturer)
            _keep_address(con, me, options)
            if options.output is not None:
                _write_lecturers(con, me, lecturer, options)
        if lecturer == me.user:
            memberships.keep(progress_file(options.data), me)
    except _TROUBLES as error:
        return complain(str(error))
    done = "is a class's now" if not before else "is up to date" if before == after else "was brought up to date"
    say(f"The database {me.class_name} {done}; its lecturer is {lecturer}.")
    if not closed:
        say(
            "Large objects, advisory locks and the list of who is connected stay open to its members: only the "
            "server's administrator can close them."
        )
    say("The server needs these settings (docs/class.md):\n")
    for line in _RULES:
        say_code(line.format(me.class_name, lecturer))
    return 0


def add(options: argparse.Namespace) -> int:
    """Add learners, or a kiosk host, and write the files that they join with."""
    try:
        wanted = _named(options)
        folder = Path(options.output)
        if not folder.is_dir():
            raise UseError(f"There is no folder {shown(folder)} to write into.")
        files = {name: folder / f"{name}{ENDING}" for _kind, name in wanted}
        for path in files.values():
            if path.exists() and not options.force:
                raise UseError(f"{shown(path)} is there already; --force writes a new one, and the old one ends.")
        with as_lecturer(options) as (con, me):
            at = _address(con, me)
            for kind, name in wanted:
                secret = "" if options.no_secret else secrets.token_urlsafe(_SECRET)
                role = roles.add(con, me.class_name, kind, name, secret)
                one = Membership(kind, me.class_name, name, role, at.host, at.port, at.root, secret, peer=at.peer)
                memberships.write(files[name], one, force=options.force)
                say(f"{name}: {shown(files[name])}")
    except _TROUBLES as error:
        return complain(str(error))
    say("Hand each file to its owner alone: `rnn-tutor class join FILE` joins with it.")
    if at.host.startswith("/"):
        say("The files work on this machine only: `rnn-tutor class init --address HOST` names the server for others.")
    return 0


def remove(options: argparse.Namespace) -> int:
    """Take learners, or a kiosk host, out of the class."""
    try:
        wanted = _named(options)
        names = ", ".join(name for _kind, name in wanted)
        what = "What they sent is erased for good." if options.erase else "What they sent is kept."
        if not agreed(f"Remove {names} from the class? {what}", options):
            return 1
        with as_lecturer(options) as (con, me):
            for kind, name in wanted:
                erased = roles.remove(con, me.class_name, kind, name, erase=options.erase)
                answers = f", with {times(erased, 'answer')}" if options.erase else ""
                say(f"{name} is removed{answers}.")
    except _TROUBLES as error:
        return complain(str(error))
    return 0


def join(options: argparse.Namespace) -> int:
    """Join a class with the file that the lecturer handed out, after saying what is sent."""
    try:
        path = Path(options.file)
        one = memberships.read(path)
        if options.cert is not None or options.key is not None:
            if options.cert is None or options.key is None:
                raise UseError("--cert and --key go together.")
            one = memberships.with_certificate(replace(one, secret=""), Path(options.cert), Path(options.key))
        progress = progress_file(options.data)
        before = memberships.kept(progress, lecturer=one.kind == "lecturer")
        if before is not None and (before.class_name, before.user) != (one.class_name, one.user):
            raise UseError(f"You are in the class {before.class_name} already: `rnn-tutor class leave` leaves it.")
        here = Joined(progress, one) if one.kind == "learner" else None
        paragraphs = here.question(anew=True) if here is not None else []
        for line in [f"{heading}. {text}" for heading, text in paragraphs] or _told(one):
            say(line)
        if not agreed(f"Join the class {one.class_name} as {one.name}?", options, otherwise="Nothing is sent."):
            return 1
        with connected(one):
            pass
        kept = memberships.keep(progress, one)
        if one.kind != "lecturer":
            join_anew(progress)
        trouble = here.answer(send=True) if here is not None else ""  # it was told what is sent, and asked
    except _TROUBLES as error:
        return complain(str(error))
    say(f"You are in the class {one.class_name}. This is kept in {shown(kept)}; you may delete {shown(path)}.")
    if trouble:
        say(trouble)
    return 0


def leave(options: argparse.Namespace) -> int:
    """Leave the class that was joined: nothing is sent from now on."""
    try:
        progress = progress_file(options.data)
        kept = [memberships.kept_file(progress, lecturer=lecturer) for lecturer in (False, True)]
        found = [path for path in kept if path.exists()]
        if not found:
            raise UseError("You are in no class.")
        if not agreed(_leaves(progress), options):
            return 1
        for path in found:
            path.unlink()
        leave_sending(progress)
    except _TROUBLES as error:
        return complain(str(error))
    except OSError as error:
        return complain(f"The membership cannot be removed: {error.strerror}.")
    say("You have left the class. Nothing is sent any more; your lecturer can erase what was sent.")
    return 0


def _leaves(progress: Path) -> str:
    """Return what a learner is asked before leaving; what the server is still to erase, it is asked for once more."""
    with suppress(MembershipError):  # who has a damaged file may leave all the same
        here = joined(progress)
        if here is not None and here.owes and (trouble := here.forget_now()):
            say(f"The class server still has answers that you erased here. {trouble}")
            return (
                "Leave the class all the same? It is not asked again then; your lecturer can erase your answers there."
            )
    return "Leave the class? What was sent stays on its server, unless you `forget` it first."


@contextmanager
def as_lecturer(options: argparse.Namespace) -> "Iterator[tuple[Connection, Membership]]":
    """Connect as the lecturer of the class (see `lecturers_membership`). Raises ClassError and others."""
    me = lecturers_membership(options)
    with connected(me) as con:
        yield con, me


def lecturers_membership(options: argparse.Namespace) -> Membership:
    """Return how the lecturer connects: with what was kept, or with --database. Raises UseError and others."""
    if options.database is not None:
        return _administrator(options)
    kept = memberships.kept(progress_file(options.data), lecturer=True)
    if kept is None:
        raise UseError("This account is not a lecturer's: join with the lecturer's file, or name --database.")
    return kept


@contextmanager
def _opened(me: Membership, lecturer: str) -> "Iterator[Connection]":
    """Connect to the database of a class to be; it is made if it is not there."""
    try:
        with connected(me, check=False):
            pass
    except MissingError:
        with connected(replace(me, class_name="postgres"), check=False) as con:
            _check_lecturer(con, me, lecturer)
            con.execute(roles.said("CREATE DATABASE {} ENCODING UTF8 TEMPLATE template0", me.class_name))
    with connected(me, check=False) as con:
        _check_lecturer(con, me, lecturer)
        yield con


def _check_lecturer(con: "Connection", me: Membership, lecturer: str) -> None:
    if lecturer == me.user and roles.is_superuser(con):
        raise UseError("You connect as the server's administrator: name the lecturer's role with --lecturer.")


def _administrator(options: argparse.Namespace) -> Membership:
    """Return how to connect with --database, or with what was kept of an earlier `init`."""
    if options.database is None:
        kept = memberships.kept(progress_file(options.data), lecturer=True)
        if kept is None:
            raise UseError("Name the database with --database, as in --database 'host=db.example.org dbname=lstm'.")
        return kept
    psycopg = imported()
    text = options.database
    try:
        words: dict[str, Any] = (
            psycopg.conninfo.conninfo_to_dict(text) if "=" in text or ":" in text else {"dbname": text}
        )
    except psycopg.Error:
        raise UseError("--database needs a name, or words as in 'host=db.example.org dbname=lstm user=prof'.") from None
    if words.pop("password", None):
        raise UseError("A password on a command line can be seen by others: put it into ~/.pgpass.")
    name = str(words.pop("dbname", ""))
    if not memberships.is_class_name(name):
        raise UseError("A class is named after its database: small letters, digits and _, at most 25, a letter first.")
    host = str(words.pop("host", None) or os.environ.get("PGHOST") or _socket())
    if str(words.pop("sslmode", "verify-full")) != "verify-full":
        raise UseError("sslmode is always verify-full here: leave it out.")
    user = str(words.pop("user", None) or os.environ.get("PGUSER") or _account())
    port = _port(str(words.pop("port", None) or os.environ.get("PGPORT") or _PORT))
    root = "" if host.startswith("/") else _root(words.pop("sslrootcert", None))
    certificate, key, peer = (str(words.pop(word, "")) for word in ("sslcert", "sslkey", "requirepeer"))
    if words:
        raise UseError(f"--database cannot have {', '.join(sorted(words))}.")
    if host.startswith("/"):
        peer = peer or memberships.account_behind(host, port)
    me = Membership("lecturer", name, user, user, host, port, root, peer=peer)
    return memberships.with_certificate(me, Path(certificate), Path(key)) if certificate or key else me


def _root(path: str | None) -> str:
    """Return the authorities' certificates from a file that was named. Raises UseError."""
    if path is None:
        raise UseError("Name the authority that vouches for the server: --root FILE, or --root system.")
    if path == SYSTEM:
        return SYSTEM
    try:
        return Path(path).read_text("ascii")
    except (OSError, ValueError) as error:
        raise UseError(f"{shown(Path(path))} cannot be read: {getattr(error, 'strerror', 'it is not text')}.") from None


def _keep_address(con: "Connection", me: Membership, options: argparse.Namespace) -> None:
    """Keep where members reach the server: at --address, or else where the lecturer has."""
    if options.address is not None:
        host, port = _host_and_port(options.address)
        if host.startswith("/"):
            at = _Address(host, port, "", memberships.account_behind(host, port))
            if not at.peer:
                raise UseError(f"No server has a socket in {shown(Path(host))} for the port {port}.")
        else:
            at = _Address(host, port, _root(options.root), "")
        replace(me, **at._asdict(), certificate="", key="")  # raises for what is none
    elif schema.settings(con).get("host") is not None:
        return
    else:
        at = _Address(me.host, me.port, me.root, me.peer)
    for name, value in at._asdict().items():
        schema.keep_setting(con, name, str(value))
    if at.peer:
        say(f"Members connect here only to a server that the account {at.peer} runs.")


def _address(con: "Connection", me: Membership) -> _Address:
    kept = schema.settings(con)
    if "host" not in kept:
        return _Address(me.host, me.port, me.root, me.peer)
    return _Address(kept["host"], int(kept["port"]), kept["root"], kept.get("peer", ""))


def _host_and_port(text: str) -> tuple[str, int]:
    host, colon, port = text.rpartition(":")
    if not colon or (":" in host and not host.endswith("]")):
        return text, _PORT
    return host.strip("[]"), _port(port)


def _port(text: str) -> int:
    if not text.isdecimal() or not 1 <= int(text[:6]) <= 65_535:
        raise UseError("A port is a whole number from 1 to 65535.")
    return int(text)


def _write_lecturers(con: "Connection", me: Membership, lecturer: str, options: argparse.Namespace) -> None:
    """Give the lecturer's role a secret, and write the file that the lecturer joins with."""
    path = Path(options.output) / f"{lecturer}{ENDING}"
    if path.exists() and not options.force:
        raise UseError(f"{shown(path)} is there already; --force writes a new one, and the old one ends.")
    secret = secrets.token_urlsafe(_SECRET)
    at = _address(con, me)
    one = Membership("lecturer", me.class_name, lecturer, lecturer, at.host, at.port, at.root, secret, peer=at.peer)
    roles.keep_secret(con, lecturer, secret)
    memberships.write(path, one, force=options.force)
    say(f"{lecturer}: {shown(path)}")


def _named(options: argparse.Namespace) -> list[tuple[Kind, str]]:
    """Return who was named on the command line, each once. Raises UseError and PathError."""
    learners: list[tuple[Kind, str]] = [("learner", learner_id(name)) for name in options.learners]
    hosts: list[tuple[Kind, str]] = [("host", learner_id(options.host))] if options.host is not None else []
    wanted = list(dict.fromkeys(learners + hosts))
    if not wanted:
        raise UseError("Name at least one learner, or a kiosk host with --host NAME.")
    if len({name for _kind, name in wanted}) < len(wanted):
        raise UseError("A learner and a kiosk host of the same name need two commands.")
    return wanted


def _told(one: Membership) -> list[str]:
    """Return what is sent, and who sees it, before anything is."""
    where = "this machine" if one.is_local else one.host
    if one.kind == "lecturer":
        return [f"You are the lecturer {one.name} of the class {one.class_name} on {where}. Nothing of yours is sent."]
    return [
        f"From now on this account adds answers of its learners to the class {one.class_name} on {where}, and vouches "
        "for them. Each learner is told what is sent, and is asked before anything is."
    ]


def _socket() -> str:
    return next((folder for folder in _SOCKETS if Path(folder, f".s.PGSQL.{_PORT}").exists()), _SOCKETS[0])


def _account() -> str:
    import getpass

    return getpass.getuser()
