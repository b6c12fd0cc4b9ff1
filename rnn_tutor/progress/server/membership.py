"""What a member of a class needs to reach its server: one private file, made by `class add`, kept by `class join`.

It has a secret in it. So it is read only where nobody else can read it, and nothing of it is ever printed.
"""

import json
import os
import re
import stat
from dataclasses import asdict, dataclass, field, fields, replace
from pathlib import Path
from typing import Literal, get_args

from rnn_tutor.paths import MEMBERSHIP, flags, shown

Kind = Literal["learner", "host", "lecturer"]
FORMAT = 1
KEPT_OF_LECTURER = "class-lecturer.json"
SYSTEM = "system"
"""Stands for the certificate authorities that the machine trusts anyway."""
_MOST = 256 << 10  # bytes of a file: certificates of authorities are a few kB each
_NAME = re.compile(r"[a-z][a-z0-9_]{0,24}")
_HOST = re.compile(r"[A-Za-z0-9]([A-Za-z0-9.:-]{0,250}[A-Za-z0-9])?")
_PEM = "-----BEGIN CERTIFICATE-----"


class MembershipError(Exception):
    """A membership cannot be read or kept; the message is one sentence: what is wrong and what to do."""


@dataclass(frozen=True, slots=True)
class Membership:
    """Who somebody is in a class, and how the class's server is reached."""

    kind: Kind
    class_name: str
    """The class, and the database that it is."""
    name: str
    """The id of a learner, the name of a kiosk host, or a lecturer's role."""
    user: str
    """The role to log in as."""
    host: str
    """A name that the server's certificate has, or the folder of its Unix socket (on its own machine)."""
    port: int
    root: str = ""
    """The certificates of the authorities that vouch for the server, as text (PEM), or SYSTEM; "" with a socket."""
    secret: str = field(default="", repr=False)
    certificate: str = ""
    """Whole path of the client's certificate, where one is used; `key` is that of its key."""
    key: str = ""
    peer: str = ""
    """The account that runs the server, where a socket leads to it: a socket of anybody else's gets nothing."""

    @property
    def is_local(self) -> bool:
        """Whether the server is reached by a Unix socket: without TLS, as nothing leaves the machine."""
        return self.host.startswith("/")

    def __post_init__(self) -> None:
        problem = _problem(self)
        if problem:
            raise MembershipError(problem)


def is_class_name(text: str) -> bool:
    """Tell whether a database of this name can be a class: roles are named after it."""
    return _NAME.fullmatch(text) is not None


def account_behind(folder: str, port: int) -> str:
    """Return the account that has made the socket of a server, "" where there is none, or an account without a name."""
    if os.name != "posix":
        return ""
    import pwd  # late: it is not on every system

    try:
        return pwd.getpwuid(Path(folder, f".s.PGSQL.{port}").stat().st_uid).pw_name
    except (OSError, KeyError):
        return ""


def as_text(membership: Membership) -> str:
    """Return what stands in a file."""
    return json.dumps({"format": FORMAT, **asdict(membership)}, indent=1) + "\n"


def read(path: Path) -> Membership:
    """Return the membership in a private file. Raises MembershipError."""
    try:
        # O_NONBLOCK: a pipe would be waited for
        number = os.open(path, os.O_RDONLY | flags("O_NONBLOCK", "O_CLOEXEC"))
        with os.fdopen(number, "rb") as file:
            _check_private(path, os.fstat(file.fileno()))
            data = file.read(_MOST + 1)
    except FileNotFoundError:
        raise MembershipError(f"There is no file {shown(path)}.") from None
    except (OSError, ValueError) as error:
        reason = getattr(error, "strerror", None) or "this is not a file name"
        raise MembershipError(f"{shown(path)} cannot be read: {reason}.") from None
    return _parsed(path, data)


def kept_file(progress: Path, *, lecturer: bool = False) -> Path:
    """Return where a membership is kept, beside the progress file of an account."""
    return progress.with_name(KEPT_OF_LECTURER if lecturer else MEMBERSHIP)


def kept(progress: Path, *, lecturer: bool = False) -> Membership | None:
    """Return the membership that is kept beside a progress file, None where no class was joined.

    Raises MembershipError for one that cannot be read.
    """
    path = kept_file(progress, lecturer=lecturer)
    return read(path) if path.exists() else None


def keep(progress: Path, membership: Membership) -> Path:
    """Keep a membership beside a progress file, private to the account; return where. Raises MembershipError."""
    path = kept_file(progress, lecturer=membership.kind == "lecturer")
    try:
        path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    except OSError as error:
        raise MembershipError(f"{shown(path)} cannot be written: {error.strerror}.") from None
    write(path, membership, force=True)
    return path


def write(path: Path, membership: Membership, *, force: bool = False) -> None:
    """Write a membership into a file with mode 600, whole or not at all. Raises MembershipError.

    force: over what is there. It is put in place complete, so no moment has it readable by others.
    """
    new = path.with_name(f".{path.name[:100]}.{os.urandom(4).hex()}.new")
    try:
        number = os.open(new, os.O_WRONLY | os.O_CREAT | os.O_EXCL | flags("O_NOFOLLOW", "O_CLOEXEC"), 0o600)
        with os.fdopen(number, "w", encoding="utf-8") as file:
            if os.name == "posix":
                os.fchmod(file.fileno(), 0o600)  # whatever the umask is
            file.write(as_text(membership))
            file.flush()
            os.fsync(file.fileno())
        if force:
            new.replace(path)
        else:
            _name(new, path)
    except FileExistsError:
        raise MembershipError(f"{shown(path)} is there already; --force writes over it.") from None
    except (OSError, ValueError) as error:
        reason = getattr(error, "strerror", None) or "this is not a file name"
        raise MembershipError(f"{shown(path)} cannot be written: {reason}.") from None
    finally:
        new.unlink(missing_ok=True)


def with_certificate(membership: Membership, certificate: Path, key: Path) -> Membership:
    """Return the membership of somebody who logs in with a client certificate. Raises MembershipError."""
    for path in (certificate, key):
        if not path.is_file():
            raise MembershipError(f"There is no file {shown(path)}.")
    _check_private(key, key.stat())
    return replace(membership, certificate=str(certificate.absolute()), key=str(key.absolute()))


def _name(new: Path, path: Path) -> None:
    """Give a finished file its name. Raises FileExistsError where something has it."""
    try:
        os.link(new, path)
    except FileExistsError:
        raise
    except OSError:  # a file system without links
        os.close(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600))
        new.replace(path)


def _check_private(path: Path, status: os.stat_result) -> None:
    if not stat.S_ISREG(status.st_mode):
        raise MembershipError(f"{shown(path)} is not an ordinary file.")
    if os.name != "posix":  # elsewhere the modes say nothing
        return
    if status.st_uid != os.geteuid():
        raise MembershipError(f"{shown(path)} belongs to another user: copy it, so that the copy is yours.")
    if stat.S_IMODE(status.st_mode) & 0o077:
        raise MembershipError(f"Others can read or change {shown(path)}, which has a secret: chmod 600 it first.")


def _parsed(path: Path, data: bytes) -> Membership:
    if len(data) > _MOST:
        raise MembershipError(f"{shown(path)} is not a membership: it is too long.")
    try:
        values = json.loads(data)
    except (ValueError, RecursionError):
        values = None
    if not isinstance(values, dict) or "class_name" not in values:
        raise MembershipError(
            f"{shown(path)} is not a membership: name the file that `rnn-tutor class add` has written."
        )
    if values.pop("format", None) != FORMAT:
        raise MembershipError(f"{shown(path)} was written by another version of rnn-tutor: update rnn-tutor.")
    names = {one.name for one in fields(Membership)}
    kinds = {"port": int}
    if not values.keys() <= names or any(type(value) is not kinds.get(key, str) for key, value in values.items()):
        raise MembershipError(f"{shown(path)} is damaged: ask for a new one.")
    try:
        return Membership(**values)
    except (TypeError, MembershipError):
        raise MembershipError(f"{shown(path)} is damaged: ask for a new one.") from None


def _problem(one: Membership) -> str:
    """Return what is wrong with a membership, "" for nothing. What libpq reads as more than it is, is refused."""
    texts = (one.class_name, one.name, one.user, one.host, one.secret, one.certificate, one.key, one.peer)
    if any(not text.isprintable() or len(text) > 4096 for text in texts):
        return "A membership has characters that cannot be printed, or too many."
    if one.kind not in get_args(Kind) or not one.name or not one.user or not is_class_name(one.class_name):
        return "A membership needs a kind, a class, a name and a user."
    if not one.is_local and _HOST.fullmatch(one.host) is None:
        return f"{one.host[:80]} is no name of a host."
    if not 1 <= one.port <= 65_535:
        return "A port is a whole number from 1 to 65535."
    if not one.is_local and one.root != SYSTEM and _PEM not in one.root:
        return "The certificate of the authority that vouches for the server is missing (PEM)."
    if one.is_local and one.kind != "lecturer" and not one.peer:
        return "A membership on the server's own machine needs the account that runs the server."
    if bool(one.certificate) != bool(one.key):
        return "A client certificate and its key go together."
    return ""
