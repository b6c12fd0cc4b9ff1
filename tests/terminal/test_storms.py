"""Signals and sizes that come while something is painted: the session goes on, and shows what it should."""

import random
import signal
import sys
import time

import pytest

pytestmark = pytest.mark.slow

ENTER, ESC, DOWN, UP, F5, F6, CTRL_Z = b"\r", b"\x1b", b"\x1b[B", b"\x1b[A", b"\x1b[15~", b"\x1b[17~", b"\x1a"
KEYS = [DOWN, UP, DOWN, b"\x1b[6~", ENTER, b"0", b"1", F5, F6, b"\x1b[20~", ESC, b"\t"]  # "q" might leave
SEEDS = [0, *(pytest.param(seed, marks=pytest.mark.long) for seed in range(1, 5))]


def idle(session):
    assert session.until_shown("level 1")
    session.settle(0.2)


def at_rest(session):
    """Wait until it has done all that it has to do: on a busy machine it is not the terminal that tells."""
    end = time.monotonic() + 30
    before = -1.0
    while not (before == session.cpu() and session.asleep()) and time.monotonic() < end:
        before = session.cpu()
        session.settle(0.3)


def still_there(session):
    """It goes on, and what it shows now is what it shows when all is painted anew."""
    session.resize(80, 24)
    at_rest(session)
    assert session.process.poll() is None, session.words()[-2000:]
    assert b"Traceback" not in session.raw
    shown = session.text
    assert shown.strip()
    session.signal(signal.SIGCONT)
    at_rest(session)
    assert session.text == shown


def leave(session):
    for _ in range(8):
        if "q quit" not in session.text:
            session.send(ESC)
            at_rest(session)
    session.send(b"q")
    assert session.ended(3) is not None, session.text
    assert (session.status, session.restored()) == (0, [])


@pytest.mark.parametrize("seed", SEEDS)
def test_a_storm_of_sigcont_while_it_paints(terminal, seed):
    chance = random.Random(seed)  # noqa: S311
    session = terminal(size=(100, 30))
    idle(session)
    for _ in range(60):
        session.send(b"".join(chance.choices(KEYS, k=3)))
        for _ in range(chance.randrange(6)):
            session.signal(signal.SIGCONT)
            session.pump(chance.random() * 0.01)
        session.pump(chance.random() * 0.03)
    still_there(session)
    leave(session)


@pytest.mark.parametrize("seed", SEEDS)
def test_a_storm_of_sizes_while_it_paints(terminal, seed):
    chance = random.Random(seed)  # noqa: S311
    session = terminal(size=(100, 30))
    idle(session)
    sizes = [(1, 1), (1, 24), (2, 5), (3, 40), (5, 2), (6, 24), (80, 1), (80, 24), (200, 60)]
    for _ in range(80):
        session.resize(*chance.choice(sizes))
        session.send(b"".join(chance.choices(KEYS, k=2)))
        session.pump(chance.random() * 0.03)
        if chance.random() < 0.2:
            session.signal(signal.SIGCONT)
            session.resize(*chance.choice(sizes))
    still_there(session)
    leave(session)


def test_a_size_that_comes_and_goes_at_once_leaves_nothing_of_it(terminal):
    session = terminal()
    idle(session)
    for wait in (0.0, 0.001, 0.004, 0.008, 0.012, 0.02):
        session.resize(3, 24)
        time.sleep(wait)
        session.resize(80, 24)
        still_there(session)


def test_stops_and_wakes_in_quick_succession(terminal):
    """Without a shell that could wake it, a stop is over at once; the terminal is given back and taken each time."""
    session = terminal()
    idle(session)
    for _ in range(5):
        session.send(DOWN + CTRL_Z + DOWN)
        session.pump(0.02)
        session.signal(signal.SIGCONT)
        session.signal(signal.SIGTSTP)
        session.signal(signal.SIGCONT)
        session.settle(0.2)
    still_there(session)
    leave(session)


def test_a_signal_while_it_leaves_does_not_take_the_terminal_again(terminal):
    session = terminal()
    idle(session)
    session.send(b"q")
    end = time.monotonic() + 3
    while session.process.poll() is None and time.monotonic() < end:
        session.signal(signal.SIGCONT)
        session.signal(signal.SIGWINCH)
        session.pump(0.001)
    assert session.ended(3) is not None
    assert (session.status, session.restored()) == (0, [])


SHELL = """
import os, signal, sys, time
signal.signal(signal.SIGTTOU, signal.SIG_IGN)
child = os.fork()
if not child:
    os.setpgid(0, 0)
    os.tcsetpgrp(0, os.getpgrp())
    signal.signal(signal.SIGTTOU, signal.SIG_DFL)
    os.execv(sys.argv[1], sys.argv[1:])
def stopped():
    while True:
        _, status = os.waitpid(child, os.WUNTRACED)
        if os.WIFSTOPPED(status):
            os.tcsetpgrp(0, os.getpgrp())
            return
        sys.exit(os.waitstatus_to_exitcode(status))
stopped()
print("SHELL after the stop", flush=True)
time.sleep(0.3)
os.kill(-child, signal.SIGCONT)  # bg
stopped()
print("SHELL after bg", flush=True)
time.sleep(0.3)
os.tcsetpgrp(0, child)
os.kill(-child, signal.SIGCONT)  # fg
stopped()
"""


def test_stopped_woken_in_the_background_and_brought_to_the_front(terminal):
    from .conftest import PROGRAM

    session = terminal(command=(sys.executable, "-c", SHELL, PROGRAM))
    idle(session)
    session.send(CTRL_Z)
    assert session.until_text("SHELL after bg"), session.words()[-500:]
    assert session.until(lambda one: one.raw.count(b"\x1b[?1049h") == 2)
    session.settle(0.3)
    assert "level 1" in session.text
    session.send(b"p")
    assert session.until_shown("Progress"), session.text
    session.send(b"qq")
    assert session.ended(3) is not None
    assert (session.status, session.restored()) == (0, [])
