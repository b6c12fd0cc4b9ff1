"""Mistakes of the program's own on a real terminal: it goes on, or it ends with one sentence and status 1."""

import stat
import sys

import pytest

from rnn_tutor.crash_log import MOST

pytestmark = pytest.mark.slow

# The program with one of its parts broken, as a bug in it would be; the text of the exception is what was typed.
BROKEN = """
import sys
from rnn_tutor import cli

def broken(*_, **__):
    typed = "[0.95, 1]"
    raise KeyError(typed)

def later(name, module):
    import importlib
    *path, last = name.split(".")
    target = importlib.import_module(module)
    for one in path:
        target = getattr(target, one)
    setattr(target, last, broken)

later({name!r}, {module!r})
sys.exit(cli.main([]))
"""


def start(terminal, module, name):
    return terminal(command=(sys.executable, "-c", BROKEN.format(name=name, module=module)), size=(120, 24))


def at_rest(session):
    """It does not fail again and again: there is a second in which it does nothing."""
    for _ in range(8):
        before = session.cpu()
        session.settle(1.0)
        if session.cpu() - before < 0.02:
            return True
    return False


def private(tmp_path):
    log = tmp_path / "data" / "crash.log"
    assert stat.S_IMODE(log.stat().st_mode) == 0o600
    assert 0 < log.stat().st_size < MOST
    text = log.read_text()
    assert "KeyError" in text and "0.95" not in text


@pytest.mark.parametrize(
    ("module", "name", "keys"),
    [
        ("rnn_tutor.tui.screens.exercise", "ExerciseScreen.action_hint", b"\r\x1bOQ"),
        pytest.param("rnn_tutor.tui.screens.progress", "ProgressScreen.body", b"p", marks=pytest.mark.long),
        ("rnn_tutor.tui.widgets.frame", "Keys.render", b"p"),
        pytest.param("rnn_tutor.tui.screens.frame", "Scroll.on_resize", b"p", marks=pytest.mark.long),
        ("rnn_tutor.exercises.reading", "read", b"\r1"),
        ("rnn_tutor.tui.terminal.frame_diff", "_put", b"p"),
        pytest.param("rnn_tutor.tui.terminal.arrivals", "Arrivals.feed", b"p", marks=pytest.mark.long),
    ],
)
def test_it_goes_on(terminal, tmp_path, module, name, keys):
    session = start(terminal, module, name)
    assert session.until_shown("rnn-tutor"), session.text
    for key in keys.split(b"\r"):
        session.send(key or b"\r")
        session.settle(0.4)
    assert session.until_shown("rnn-tutor has a bug here (KeyError)"), session.text
    assert session.until_shown("crash.log")
    private(tmp_path)
    assert session.process.poll() is None
    if "Arrivals" in name:  # no key can leave: the line is cut, and it ends all the same
        session.hang_up()
        session.process.wait(5)
        return
    assert at_rest(session)
    for _ in range(4):
        session.send(b"\x1b")
        session.settle(0.3)
    session.send(b"q")
    assert session.ended(5) is not None, session.text
    assert session.status == 0
    assert session.restored() == []
    assert b"Traceback" not in session.raw


@pytest.mark.parametrize(
    ("module", "name"),
    [
        ("rnn_tutor.tui.screens.course", "CourseScreen.body"),
        ("rnn_tutor.tui.app", "Tutor.on_mount"),
        ("rnn_tutor.tui.app", "Tutor.get_default_screen"),
        ("rnn_tutor.tui.terminal.bounded_driver", "GuardedDriver.start_application_mode"),
    ],
)
def test_it_cannot_go_on(terminal, tmp_path, module, name):
    session = start(terminal, module, name)
    assert session.ended(10) is not None
    assert session.status == 1
    assert session.restored() == []
    assert b"Traceback" not in session.raw
    words = " ".join(session.words().decode().split())
    assert "rnn-tutor has crashed (KeyError). That is our bug." in words
    assert "The details are in" in words and "crash.log" in words
    assert words.count("rnn-tutor has crashed") == 1
    private(tmp_path)
