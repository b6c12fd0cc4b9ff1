"""The tutor in a real pseudo-terminal: what it sends, and how it ends."""

import fcntl
import os
import pty
import re
import select
import signal
import struct
import subprocess
import sys
import termios
import time
from contextlib import contextmanager

import pytest

pytestmark = pytest.mark.slow


_CODE = """
import fcntl, sys, termios
from pathlib import Path
fcntl.ioctl(0, termios.TIOCSCTTY, 0)  # a hang-up comes from one's own terminal only
from rnn_tutor.tui.start import run

def library():
    from rnn_tutor.exercises.load import Library
    return Library([Path(sys.argv[1])])

sys.exit(run(library, Path(sys.argv[2])))
"""


class _Terminal:
    """The other end: everything that was sent to it, and the process behind it."""

    def __init__(self, process, fd):
        self.process, self.fd, self.sent = process, fd, b""

    def until(self, word, seconds=20):
        end = time.monotonic() + seconds
        while word not in self.sent:
            assert time.monotonic() < end, (word, self.sent[-500:])
            self.listen(0.1)

    def listen(self, seconds):
        """Take what comes until nothing has come for so long; return how much it was."""
        before = len(self.sent)
        while select.select([self.fd], [], [], seconds)[0]:
            try:
                data = os.read(self.fd, 65536)
            except OSError:
                break
            if not data:
                break
            self.sent += data
        return len(self.sent) - before

    def type(self, keys):
        os.write(self.fd, keys)

    def status(self, seconds=5):
        end = time.monotonic() + seconds
        while self.process.poll() is None:
            assert time.monotonic() < end, "it did not end"
            self.listen(0.05)
        return self.process.returncode


@contextmanager
def _tutor(content, tmp_path, size=(24, 80), **environ):
    master, slave = pty.openpty()
    fcntl.ioctl(master, termios.TIOCSWINSZ, struct.pack("HHHH", *size, 0, 0))
    clean = {name: value for name, value in os.environ.items() if name not in ("COLORTERM", "NO_COLOR", "LANG")}
    process = subprocess.Popen(
        [sys.executable, "-c", _CODE, str(content), str(tmp_path / "progress.sqlite3")],
        stdin=slave, stdout=slave, stderr=slave, start_new_session=True,
        env={**clean, "TERM": "xterm-256color", "LC_ALL": "C.UTF-8", **environ},
    )  # fmt: skip
    os.close(slave)
    terminal = _Terminal(process, master)
    try:
        yield terminal
    finally:
        process.kill()
        process.wait()
        os.close(terminal.fd)


def test_idle_sends_nothing_a_key_sends_little_and_q_ends(content, tmp_path):
    with _tutor(content, tmp_path) as terminal:
        terminal.until(b"5 done")
        terminal.type(b"\r")
        terminal.until(b"probability of each token")
        terminal.listen(0.7)
        assert terminal.listen(2.0) == 0
        terminal.type(b"0")
        terminal.until(b"read as")
        terminal.listen(0.3)
        terminal.type(b".")
        terminal.listen(0.3)
        terminal.type(b"2")
        assert 0 < terminal.listen(0.5) < 400
        terminal.type(b"\x1b")
        terminal.until(b"q\x1b[m back")
        terminal.type(b"q")
        terminal.listen(0.5)
        terminal.type(b"q")
        assert terminal.status() == 0
        assert terminal.sent.rstrip().endswith(b"\x1b[?1049l\x1b[?25h\x1b[?1004l")


@pytest.mark.parametrize("signum", [signal.SIGHUP, signal.SIGTERM])
def test_a_signal_ends_it_and_gives_the_terminal_back(content, tmp_path, signum):
    with _tutor(content, tmp_path) as terminal:
        terminal.until(b"5 done")
        terminal.process.send_signal(signum)
        assert terminal.status() == 128 + signum
        assert b"\x1b[?1049l" in terminal.sent
        assert b"Traceback" not in terminal.sent


def test_a_terminal_that_goes_away_leaves_no_process(content, tmp_path):
    with _tutor(content, tmp_path) as terminal:
        terminal.until(b"5 done")
        os.close(terminal.fd)
        terminal.fd = os.open(os.devnull, os.O_RDONLY)
        assert terminal.process.wait(5) != 0


def test_a_stalled_terminal_does_not_keep_it(content, tmp_path):
    with _tutor(content, tmp_path, size=(100, 300)) as terminal:
        terminal.until(b"5 done")
        for _ in range(200):  # nobody reads what this paints
            terminal.type(b"\x1b[B\x1b[A")
            time.sleep(0.01)
        terminal.process.send_signal(signal.SIGTERM)
        assert terminal.process.wait(5) == 128 + signal.SIGTERM


def test_an_ascii_terminal_is_sent_ascii_and_no_colour(content, tmp_path):
    with _tutor(content, tmp_path, TERM="vt100", LC_ALL="C") as terminal:
        terminal.until(b"5 done")
        terminal.type(b"\r")
        terminal.until(b"probability of each token")
        terminal.listen(0.5)
        assert terminal.sent.isascii()
        assert not re.search(rb"\x1b\[[\d;]*(3[0-7]|4[0-7]|38|48)[;m]", terminal.sent)


def test_no_color_sends_no_colour(content, tmp_path):
    with _tutor(content, tmp_path, NO_COLOR="1") as terminal:
        terminal.until(b"5 done")
        terminal.type(b"\r")
        terminal.until(b"probability of each token")
        terminal.listen(0.5)
        assert not re.search(rb"\x1b\[[\d;]*(?<![\d])(3[0-7]|4[0-7]|38|48)[;m]", terminal.sent)


def test_textual_variables_are_not_honoured(content, tmp_path):
    log = tmp_path / "log"
    with _tutor(
        content, tmp_path, TEXTUAL_LOG=str(log), TEXTUAL_DRIVER="no.such:Driver", TEXTUAL_PRESS="q"
    ) as terminal:
        terminal.until(b"5 done")
        terminal.type(b"q")
        assert terminal.status() == 0
    assert not log.exists()
