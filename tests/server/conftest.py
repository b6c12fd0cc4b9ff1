"""A PostgreSQL of our own, with TLS by an authority of our own, and a class on it: one for all tests here.

initdb refuses root: then the server runs as the user `postgres`, in a folder of that user's. Without PostgreSQL the
tests are skipped and say so, unless RNN_TUTOR_NEEDS_POSTGRES is set (as in CI): then they fail.
Each file of tests is marked with xdist_group("postgres"), so that one process has the one server.
"""

import os
import pwd
import shutil
import socket
import subprocess
import tempfile
import zlib
from contextlib import closing, contextmanager
from pathlib import Path

import pytest

from rnn_tutor.progress.server.membership import Membership

NEEDED = "RNN_TUTOR_NEEDS_POSTGRES"
CLASS = "lstm"
HOST = "localhost"
A_SECRET = "a secret"
_SYSTEM_USER = "postgres"


def _missing(what):
    if os.environ.get(NEEDED):
        pytest.fail(f"there is no {what} here, and {NEEDED} says that these tests must run")
    pytest.skip(f"there is no {what} here: install it to run this test")


def found(name):
    """Return where a program of PostgreSQL's is: on the path, or where Debian puts those of the newest version."""
    beside = sorted(
        Path("/usr/lib/postgresql").glob(f"*/bin/{name}"), key=lambda path: int(path.parts[4].split(".")[0])
    )
    where = shutil.which(name) or (str(beside[-1]) if beside else None)
    return where or _missing(f"PostgreSQL ({name})")


class Server:
    """A PostgreSQL that listens on a Unix socket and, with TLS, on a port of the loopback."""

    def __init__(self):
        self.as_user = []
        if os.geteuid() == 0:
            try:
                user = pwd.getpwnam(_SYSTEM_USER)
            except KeyError:
                _missing(f"user {_SYSTEM_USER}, without which root can start no PostgreSQL")
            self.as_user = ["runuser", "-u", _SYSTEM_USER, "--"]
        self.superuser = _SYSTEM_USER
        self.account = _SYSTEM_USER if self.as_user else pwd.getpwuid(os.geteuid()).pw_name
        # Short: the path of a Unix socket has at most 107 bytes.
        self.folder = Path(tempfile.mkdtemp(prefix="rnn-pg-", dir="/tmp"))
        self.folder.chmod(0o755)  # tests connect as whoever they run as
        self.data, self.socket, self.keys = (self.folder / name for name in ("data", "socket", "keys"))
        for path in (self.socket, self.keys):
            path.mkdir()
            path.chmod(0o755)
        self._make_certificates()
        if self.as_user:
            for path in (self.folder, self.socket, self.keys, *self.keys.iterdir()):
                os.chown(path, user.pw_uid, user.pw_gid)
        self._run(found("initdb"), "-D", self.data, "-U", self.superuser, "-A", "trust", "--no-sync", "-E", "UTF8",
                  "--locale=C")  # fmt: skip
        with closing(socket.socket()) as probe:
            probe.bind(("127.0.0.1", 0))
            self.port = probe.getsockname()[1]
        self._configure()
        self.start()

    def _run(self, *words):
        done = subprocess.run([*self.as_user, *map(str, words)], capture_output=True, text=True, check=False, cwd="/")
        assert done.returncode == 0, done.stdout + done.stderr

    def _make_certificates(self):
        self.authority = self._authority("authority")
        self.other_authority = self._authority("other")
        self.certificate("server", HOST, alternative=f"DNS:{HOST}")
        self.root = self.authority.with_suffix(".crt").read_text()

    def _authority(self, name):
        key = self.keys / f"{name}.key"
        _openssl("req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes", "-days", "2",
                 "-subj", f"/CN=tests {name}", "-keyout", key, "-out", key.with_suffix(".crt"))  # fmt: skip
        return key

    def certificate(self, name, common_name, alternative="", folder=None):
        """Make a key and a certificate that the authority of the tests vouches for; return their paths."""
        key = (folder or self.keys) / f"{name}.key"
        request, certificate = key.with_suffix(".csr"), key.with_suffix(".crt")
        _openssl("req", "-new", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes",
                 "-subj", f"/CN={common_name}", "-keyout", key, "-out", request,
                 *(["-addext", f"subjectAltName={alternative}"] if alternative else []))  # fmt: skip
        _openssl("x509", "-req", "-in", request, "-CA", self.authority.with_suffix(".crt"), "-CAkey", self.authority,
                 "-CAcreateserial", "-days", "2", "-copy_extensions", "copy", "-out", certificate)  # fmt: skip
        key.chmod(0o600)
        return certificate, key

    def _configure(self):
        settings = {
            "listen_addresses": "127.0.0.1", "port": self.port, "unix_socket_directories": self.socket,
            "max_connections": 240, "shared_buffers": "32MB",
            "fsync": "off", "synchronous_commit": "off", "full_page_writes": "off",  # for speed: the data is for tests
            "ssl": "on", "ssl_cert_file": self.keys / "server.crt", "ssl_key_file": self.keys / "server.key",
            "ssl_ca_file": self.authority.with_suffix(".crt"), "log_statement": "all", "log_connections": "on",
        }  # fmt: skip
        text = "".join(f"{name} = '{value}'\n" for name, value in settings.items())
        rules = (
            f"local all {self.superuser} trust\n"
            f'hostssl {CLASS} "{CLASS}.certified" 127.0.0.1/32 cert\n'
            f'local {CLASS} "{CLASS}.near" peer map=tests\n'
            f"hostssl {CLASS} +{CLASS}_learner,+{CLASS}_host,prof 127.0.0.1/32 scram-sha-256\n"
            f"local {CLASS} +{CLASS}_learner,+{CLASS}_host,prof scram-sha-256\n"
        )
        self.write("postgresql.auto.conf", text)
        self.write("pg_hba.conf", rules)
        self.write("pg_ident.conf", f"tests {pwd.getpwuid(os.geteuid()).pw_name} {CLASS}.near\n")

    def write(self, name, text):
        path = self.data / name
        path.write_text(text)
        if self.as_user:
            user = pwd.getpwnam(_SYSTEM_USER)
            os.chown(path, user.pw_uid, user.pw_gid)

    def start(self):
        self._run(found("pg_ctl"), "-D", self.data, "-l", self.folder / "log", "-w", "-t", "60", "start")

    def stop(self, mode="fast"):
        self._run(found("pg_ctl"), "-D", self.data, "-m", mode, "-w", "-t", "60", "stop")

    def pid(self):
        """Return the process of the server: the first line of its file."""
        return int((self.data / "postmaster.pid").read_text().split()[0])

    def log(self):
        return (self.folder / "log").read_text("utf-8", "replace")

    def administrator(self, database=_SYSTEM_USER):
        """Return a membership with which the server's own administrator connects."""
        return Membership("lecturer", database, self.superuser, self.superuser, str(self.socket), self.port)

    def close(self):
        self.stop("immediate")
        shutil.rmtree(self.folder, ignore_errors=True)


def _openssl(*words):
    if shutil.which("openssl") is None:
        _missing("openssl")
    done = subprocess.run(["openssl", *map(str, words)], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr


class Class:
    """A class on a server: its lecturer, and members who are made when a test asks for them."""

    def __init__(self, server):
        from rnn_tutor.progress.server import roles
        from rnn_tutor.progress.server.schema import connected

        self.server, self._roles, self._connected = server, roles, connected
        with connected(server.administrator(), check=False) as con:
            con.execute(f"CREATE DATABASE {CLASS}")
        with connected(server.administrator(CLASS), check=False) as con:
            self.made = roles.set_up(con, CLASS, "prof")
            roles.keep_secret(con, "prof", "the lecturer's")
        self.lecturer = Membership("lecturer", CLASS, "prof", "prof", HOST, server.port, server.root, "the lecturer's")

    def member(self, name, kind="learner", secret=A_SECRET, **others):
        """Make a member; return the membership."""
        with self._connected(self.lecturer) as con:
            role = self._roles.add(con, CLASS, kind, name, secret)
        return Membership(kind, CLASS, name, role, HOST, self.server.port, self.server.root, secret, **others)

    @contextmanager
    def by(self, membership):
        """Connect as somebody."""
        with self._connected(membership) as con:
            yield con

    def rows(self, query, *values):
        """Return what the lecturer reads."""
        with self._connected(self.lecturer) as con:
            return con.execute(query, values).fetchall()


@pytest.fixture(scope="session")
def server():
    pytest.importorskip("psycopg")
    one = Server()
    yield one
    one.close()


@pytest.fixture(scope="session")
def of_class(server):
    return Class(server)


@pytest.fixture
def unique(request):
    """Return an id that no other test has."""
    return f"l{zlib.crc32(request.node.nodeid.encode()):08x}"
