"""However a session ends, the process is gone within 2 s, the terminal is as it was, and what was answered is kept."""

import os
import pty
import signal
import sqlite3
import time

import pytest

pytestmark = pytest.mark.slow

ENTER, ESC, DOWN = b"\r", b"\x1b", b"\x1b[B"
MOST = 2.0


def idle(session):
    assert session.until_shown("level 1")
    session.settle(0.2)


def answered(session):
    """One answer was given, and the next is being typed."""
    idle(session)
    session.send(b"/lstm-cell")
    assert session.until_shown("1 exercise"), session.text
    session.send(ENTER)
    assert session.until_shown("Enter check")
    session.settle(0.2)
    session.send(b"[0.95, 1]")
    assert session.until_shown("read as")
    session.send(ENTER)
    assert session.until_shown("Not yet."), session.text
    session.send(b"\x7f\x7f")
    assert session.until_shown("Your earlier answer"), session.text
    session.settle(0.2)  # the first of the two is painted before the second is read


def starting(session):
    """The first frame is painted, and nothing else is there yet."""
    assert session.until(lambda one: one.first_words() is not None)


def stalled(session):
    """The terminal has stopped reading, in the middle of things."""
    answered(session)
    session.stall()
    session.send(b"\x1b[19~" * 20)  # F8: exercise after exercise, each a screen
    time.sleep(0.3)


STATES = {"starting": starting, "idle": idle, "answered": answered, "stalled": stalled}


def gone(process, most=MOST):
    """Wait for the end without reading from the terminal; seconds, or None."""
    began = time.monotonic()
    while time.monotonic() - began < most:
        if process.poll() is not None:
            return time.monotonic() - began
        time.sleep(0.01)
    return None


def kept(tmp_path):
    """The answers that are on the disk."""
    with sqlite3.connect(tmp_path / "data" / "progress.sqlite3") as store:
        query = "SELECT text FROM attempt WHERE verdict NOT IN ('draft', 'note')"
        return [text for (text,) in store.execute(query)]


def typed(tmp_path, part="c"):
    """What was typed for a part and not checked, as it was kept last."""
    with sqlite3.connect(tmp_path / "data" / "progress.sqlite3") as store:
        query = "SELECT text FROM attempt WHERE verdict = 'draft' AND part = ? ORDER BY rowid"
        return [text for (text,) in store.execute(query, (part,))][-1]


QUICK = [  # each signal and each state once; the others are for `make test-long`
    (signal.SIGTERM, "starting"),
    (signal.SIGINT, "idle"),
    (signal.SIGTERM, "answered"),
    (signal.SIGHUP, "stalled"),
]
SIGNALS = [
    pytest.param(number, state, marks=() if (number, state) in QUICK else pytest.mark.long, id=f"{number.name}-{state}")
    for number in (signal.SIGTERM, signal.SIGHUP, signal.SIGINT)
    for state in STATES
]


@pytest.mark.parametrize(("number", "state"), SIGNALS)
def test_a_signal(terminal, tmp_path, number, state):
    session = terminal()
    STATES[state](session)
    session.signal(number)
    if state == "stalled":
        assert gone(session.process) is not None, "still there after 2 s"
        session.settle(0.2)
    else:
        assert session.ended(MOST) is not None, "still there after 2 s"
    assert session.process.returncode in (128 + number, -number)
    assert session.restored() == []
    assert b"Traceback" not in session.raw
    if state in ("answered", "stalled"):
        assert kept(tmp_path) == ["[0.95, 1]"]
    if state == "answered":
        assert typed(tmp_path) == "[0.95, "


@pytest.mark.parametrize(
    "state", [pytest.param(state, marks=() if state == "answered" else pytest.mark.long) for state in STATES]
)
def test_the_line_is_cut(terminal, tmp_path, state):
    session = terminal()
    STATES[state](session)
    session.hang_up()
    assert gone(session.process) is not None, "still there after 2 s"
    if state in ("answered", "stalled"):
        assert kept(tmp_path) == ["[0.95, 1]"]
    if state == "answered":
        assert typed(tmp_path) == "[0.95, "


def test_end_of_file_from_the_keyboard(terminal, tmp_path):
    """The keyboard is another terminal than the screen, and goes away: no SIGHUP, only an end of file."""
    other, keyboard = pty.openpty()
    session = terminal(stdin=keyboard)
    os.close(keyboard)
    idle(session)
    os.close(other)
    assert session.ended(MOST) is not None, "still there after 2 s"
    assert session.status == 128 + signal.SIGHUP
    assert session.restored() == []


@pytest.mark.parametrize("key", [b"q", b"\x04", b"\x03"], ids=["q", "Ctrl+D", "Ctrl+C"])
def test_keys_of_the_shell_are_keys_here(terminal, key):
    session = terminal()
    idle(session)
    if key != b"q":
        session.send(key)
        session.settle(0.3)
        assert session.process.poll() is None
    session.send(b"q")
    assert session.ended(MOST) is not None
    assert (session.status, session.restored()) == (0, [])


def test_leaving_while_things_are_imported(terminal):
    session = terminal()
    assert session.until_shown("level 1")
    session.send(DOWN + b"q")
    assert session.ended(MOST) is not None
    assert (session.status, session.restored()) == (0, [])


def test_stopped_and_going_on(terminal):
    """Where no shell can wake it, a stop is followed by going on: the terminal given back, taken, painted anew."""
    session = terminal()
    answered(session)
    session.settle(0.3)
    before = session.lines
    session.screen.reset()
    session.signal(signal.SIGTSTP)
    assert session.until_shown("Not yet."), session.text
    session.settle(0.3)
    assert session.lines == before
    session.press(ESC, quiet=0.3)
    session.press(b"q", quiet=0.3)
    session.send(b"q")
    assert session.ended(MOST) is not None
    assert (session.status, session.restored()) == (0, [])


def test_bytes_that_are_no_text_do_no_harm(terminal):
    """A Latin-1 keyboard, half a character, an escape that never ends."""
    session = terminal()
    answered(session)
    session.send(b"\xe9\xff\xc3")
    session.settle(0.3)
    session.send(b"\x1b[")
    session.settle(0.4)
    assert session.process.poll() is None
    session.signal(signal.SIGTERM)
    assert session.ended(MOST) is not None
    assert b"Traceback" not in session.raw
    assert session.restored() == []


def test_nothing_is_burnt_after_the_line_was_cut_while_stopped(terminal):
    session = terminal()
    idle(session)
    session.signal(signal.SIGSTOP)
    session.hang_up()
    session.signal(signal.SIGCONT)
    assert gone(session.process) is not None
