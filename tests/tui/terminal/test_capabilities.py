import io
import os
import signal
import subprocess
import sys
import threading
import time
from pathlib import Path

import pytest

from rnn_tutor.tui.terminal import capabilities as t
from rnn_tutor.tui.terminal.capabilities import TRUECOLOUR, Options, Terminal
from rnn_tutor.tui.terminal.endings import Endings


@pytest.mark.parametrize(
    ("environ", "encoding", "characters", "colours", "drawn"),
    [
        ({"TERM": "xterm-256color"}, "UTF-8", "utf8", 256, "colour"),
        ({"TERM": "xterm-256color", "COLORTERM": "truecolor"}, "utf8", "utf8", TRUECOLOUR, "colour"),
        ({"TERM": "xterm"}, "utf-8", "utf8", 16, "blocks"),
        ({"TERM": "screen"}, "ANSI_X3.4-1968", "ascii", 16, "ascii"),
        ({"TERM": "linux"}, "utf-8", "ascii", 16, "ascii"),
        ({"TERM": "vt100"}, "utf-8", "ascii", 0, "ascii"),
        ({"TERM": "xterm-256color", "NO_COLOR": "1"}, "utf-8", "utf8", 0, "blocks"),
        ({"TERM": "xterm-256color", "NO_COLOR": ""}, "utf-8", "utf8", 256, "colour"),
        ({"TERM": "xterm-256color"}, "latin-1", "ascii", 256, "colour"),
        ({"TERM": "xterm-256color"}, "no-such-encoding", "ascii", 256, "colour"),
    ],
)
def test_what_a_terminal_can_do(environ, encoding, characters, colours, drawn):
    found = t.terminal(environ, encoding)
    assert (found.characters, found.colours, found.drawn) == (characters, colours, drawn)


def test_options_override_the_locale():
    linux = {"TERM": "linux"}
    assert t.terminal(linux, "utf-8", Options("utf8")) == Terminal("utf8", 16)
    assert t.terminal({"TERM": "xterm"}, "utf-8", Options("ascii")).ascii_only


class _Stream(io.StringIO):
    def __init__(self, tty):
        super().__init__()
        self.tty = tty

    def isatty(self):
        return self.tty


@pytest.mark.parametrize(
    ("stdin", "stderr", "term", "word"),
    [
        (False, True, "xterm", "standard input"),
        (True, False, "xterm", "standard error"),
        (True, True, "dumb", "dumb"),
        (True, True, "unknown", "unknown"),
        (True, True, None, "TERM"),
    ],
)
def test_refuses_with_one_sentence(stdin, stderr, term, word):
    environ = {} if term is None else {"TERM": term}
    reason = t.why_not(_Stream(stdin), _Stream(stderr), environ)
    assert reason is not None
    assert word in reason
    assert "\n" not in reason


def test_refuses_without_streams_and_accepts_a_terminal():
    assert t.why_not(None, _Stream(True), {"TERM": "xterm"}) is not None
    assert t.why_not(_Stream(True), None, {"TERM": "xterm"}) is not None
    assert t.why_not(_Stream(True), _Stream(True), {"TERM": "xterm"}) is None


def test_variables_that_steer_textual_are_gone():
    environ = {"TEXTUAL_DRIVER": "os:system", "TEXTUAL": "devtools", "BROWSER": "x", "TERM": "xterm", "HOME": "/h"}
    t.prepare(environ)
    ours = {"OPENBLAS_NUM_THREADS": "1", "TEXTUAL_FPS": str(t.FRAMES)}
    assert environ == {"TERM": "xterm", "HOME": "/h", **ours}


def test_textual_paints_as_often_as_is_said_to_it():
    code = (
        "import os; from rnn_tutor.tui.terminal import capabilities as t; t.prepare(os.environ); "
        "from textual.screen import UPDATE_PERIOD; assert UPDATE_PERIOD == 1 / t.FRAMES, UPDATE_PERIOD"
    )
    subprocess.run([sys.executable, "-c", code], check=True, env={**os.environ, "TEXTUAL_FPS": "7"})


_ENDS = """
import signal, sys, time
sys.path.insert(0, {path!r})
from rnn_tutor.tui.terminal.endings import Endings
with Endings(grace=0.3) as endings:
    {ask}
    print("up", flush=True)
    while True:
        {work}
"""


@pytest.mark.parametrize("signum", [signal.SIGHUP, signal.SIGTERM])
@pytest.mark.parametrize("work", ["time.sleep(0.05)", "sum(range(10**5))"], ids=["idle", "busy"])
def test_a_session_that_does_not_end_is_ended(signum, work):
    code = _ENDS.format(path=str(Path.cwd()), ask="pass", work=work)
    process = subprocess.Popen([sys.executable, "-c", code], stdout=subprocess.PIPE, text=True)
    assert process.stdout.readline() == "up\n"
    start = time.monotonic()
    process.send_signal(signum)
    assert process.wait(5) == 128 + signum
    assert time.monotonic() - start < 3
    process.stdout.close()


def test_endings_ask_first():
    code = _ENDS.format(
        path=str(Path.cwd()), ask="endings.ask = lambda got: print('asked', got, flush=True)", work="time.sleep(0.05)"
    )
    process = subprocess.Popen([sys.executable, "-c", code], stdout=subprocess.PIPE, text=True)
    assert process.stdout.readline() == "up\n"
    process.send_signal(signal.SIGTERM)
    assert process.stdout.readline() == "asked 15\n"
    process.wait(5)
    process.stdout.close()


def test_endings_leave_nothing_behind():
    threads = threading.active_count()
    with Endings() as endings:
        assert endings.ask is None
    assert threading.active_count() == threads
    assert signal.SIGTERM not in signal.pthread_sigmask(signal.SIG_BLOCK, [])
