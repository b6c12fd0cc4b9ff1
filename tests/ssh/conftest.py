"""An OpenSSH server of our own on a loopback port, and the tutor driven through `ssh -tt`."""

import os
import pwd
import shutil
import signal
import socket
import sqlite3
import subprocess
import sys
import time
from contextlib import closing, suppress
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
sys.path.insert(0, str(ROOT))  # benchmarks/ is no package of the program's

from benchmarks.pty_session import Session, environ  # noqa: E402

LAB = ROOT / "docs" / "lab.md"
USER = pwd.getpwuid(os.getuid()).pw_name
_PATH = f"{os.environ.get('PATH', '')}:/usr/local/sbin:/usr/sbin:/sbin"

COURSE = """\
format: 1
title: A course over a line
units:
  - {id: sums, title: Sums, aim: Numbers are added., exercises: [{id: pair, title: A pair}, {id: big, title: A lot}]}
"""

PAIR = """\
format: 1
id: pair
title: A pair
prompt: What is twice the vector, and how large is its sum?
given:
  a: {value: "[2, 3]", means: a vector, axes: [unit], draw: "integers(1, 9)"}
steps:
  - let: "y = a * 2"
    say: Each is doubled.
  - let: "s = sum(y)"
    say: All of them.
ask:
  - {answer: y, as: vector, axes: [unit]}
  - {answer: s, as: scalar}
hints: [Double.]
"""

BIG = """\
format: 1
id: big
title: A lot
prompt: What is the sum of all?
given:
  W: {shape: "(60, 80)", value: "outer(arange(60) - 30, arange(80)) / 100", means: a large matrix}
steps:
  - let: "s = sum(W)"
    say: All of them.
ask:
  - {answer: s, as: scalar}
hints: [Add.]
show:
  - heatmap: [W]
"""


def found(name):
    """Return where a program is; the test is skipped, and says so, where there is none."""
    where = shutil.which(name, path=_PATH)
    if where is None:
        pytest.skip(f"there is no {name} here: install OpenSSH's server and client to run this test")
    return where


class Server:
    """An sshd that listens, with its own keys; `ssh` are the words that reach it."""

    def __init__(self, folder, config=""):
        folder.mkdir(parents=True, exist_ok=True)
        sshd, ssh, keygen = found("sshd"), found("ssh"), found("ssh-keygen")
        for key in ("host", "user"):
            subprocess.run([keygen, "-q", "-t", "ed25519", "-N", "", "-f", folder / key], check=True)
        shutil.copy(folder / "user.pub", folder / "authorized")
        if os.getuid() == 0:
            Path("/run/sshd").mkdir(mode=0o755, exist_ok=True)  # sshd wants it; Debian's service makes it
        with closing(socket.socket()) as probe:
            probe.bind(("127.0.0.1", 0))
            self.port = probe.getsockname()[1]
        self.folder = folder
        (folder / "sshd_config").write_text(
            f"Port {self.port}\nListenAddress 127.0.0.1\nHostKey {folder}/host\nPidFile none\nUsePAM no\n"
            f"AuthorizedKeysFile {folder}/authorized\nStrictModes no\nPasswordAuthentication no\n"
            f"KbdInteractiveAuthentication no\nPermitRootLogin prohibit-password\nSubsystem sftp internal-sftp\n"
            + config
        )
        self._log = (folder / "log").open("wb")
        self.process = subprocess.Popen(
            [sshd, "-D", "-e", "-f", folder / "sshd_config"], stderr=self._log, stdin=subprocess.DEVNULL
        )
        self.options = [
            *("-F", "none", "-i", str(folder / "user"), "-p", str(self.port), "-o", "StrictHostKeyChecking=no"),
            *("-o", f"UserKnownHostsFile={folder}/known", "-o", "IdentitiesOnly=yes", "-o", "LogLevel=ERROR"),
        ]
        self.ssh = [ssh, *self.options, f"{USER}@127.0.0.1"]
        awaited(self._listens, "sshd does not listen")

    def _listens(self):
        assert self.process.poll() is None, (self.folder / "log").read_text()
        with closing(socket.socket()) as probe:
            return probe.connect_ex(("127.0.0.1", self.port)) == 0

    def run(self, *words, **options):
        """Run a command (or what is forced instead) without a terminal."""
        return subprocess.run([*self.ssh, *words], capture_output=True, timeout=60, check=False, **options)

    def close(self):
        self.process.terminate()
        self.process.wait(10)
        self._log.close()


def awaited(there, otherwise, most=30.0):
    """Wait until `there()` is true, and return it."""
    end = time.monotonic() + most
    while not (got := there()):
        assert time.monotonic() < end, otherwise
        time.sleep(0.01)
    return got


class Line:
    """A tutor at the far end of an SSH line; `data` is the folder that its progress is in, and marks its processes."""

    def __init__(self, server, data, command, size=(80, 24), words=("-tt",), **ends):
        self.data = data
        where = environ(data.parent, LC_ALL="C.UTF-8")
        ssh, *rest = server.ssh
        self.near = Session((ssh, *words, *rest, *([command] if command else [])), where, size, data.parent, **ends)

    def pids(self):
        """Return the tutors at the far end: those that were started with this data folder."""
        found = []
        for folder in Path("/proc").iterdir():
            if folder.name.isdecimal() and int(folder.name) != self.near.pid:
                with suppress(OSError):
                    words = (folder / "cmdline").read_bytes().split(b"\0")
                    if str(self.data).encode() in words and b"rnn_tutor" in words:
                        found.append(int(folder.name))
        return found

    def pid(self):
        """Return the one tutor at the far end."""
        (one,) = awaited(self.pids, "there is no tutor at the far end")
        return one

    def shows(self, text, most=30.0):
        """Wait until a text is on the screen."""
        there = self.near.until_shown(text, most)
        assert there, f"{text!r} is not shown, but:\n{self.near.text}"

    def type(self, keys):
        self.near.send(keys)

    def open_pair(self):
        self.shows("A pair")
        self.type(b"\r")
        self.shows("What is twice the vector")

    def answers(self, text, word):
        """Answer what is asked and wait for the verdict."""
        self.type(text.encode() + b"\r")
        self.shows(word)

    def cut(self):
        """Cut the connection as a laptop's lid does: the client is no more, and says nothing."""
        self.near.process.send_signal(signal.SIGKILL)
        self.near.process.wait(10)

    def ended(self):
        """Wait for the end of the client; its status, which is the tutor's."""
        assert self.near.ended(20) is not None, "the line does not end"
        return self.near.status

    def close(self):
        for pid in self.pids():
            with suppress(ProcessLookupError):
                os.kill(pid, signal.SIGKILL)
        self.near.close()


def stored(file):
    """Return the answers in a progress file, from a file that is whole."""
    if not file.exists():
        return []
    with closing(sqlite3.connect(f"file:{file}?mode=ro", uri=True)) as con:
        assert con.execute("PRAGMA integrity_check").fetchone() == ("ok",)
        return con.execute("SELECT text, verdict FROM attempt WHERE verdict <> 'draft' ORDER BY id").fetchall()


@pytest.fixture(scope="session")
def server(tmp_path_factory):
    one = Server(tmp_path_factory.mktemp("sshd"))
    yield one
    one.close()


@pytest.fixture(scope="session")
def lab_content(tmp_path_factory):
    folder = tmp_path_factory.mktemp("content")
    (folder / "course.yaml").write_text(COURSE)
    (folder / "sums").mkdir()
    (folder / "sums" / "pair.yaml").write_text(PAIR)
    (folder / "sums" / "big.yaml").write_text(BIG)
    return folder


@pytest.fixture
def far(server, tmp_path, lab_content):
    """Start the tutor through ssh."""
    made = []
    data = tmp_path / "data"
    tutor = f"cd {ROOT} && exec env COLORTERM=truecolor {sys.executable} -m rnn_tutor"
    tutor += f" --data {data} --only --content {lab_content}"

    def start(command=tutor, **options):
        line = Line(server, data, command, **options)
        made.append(line)
        return line

    start.tutor = tutor
    yield start
    for line in made:
        line.close()
