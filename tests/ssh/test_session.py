"""The tutor over SSH, for real: it is worked with, and the line ends in every way there is."""

import os
import signal
import subprocess
import time
from pathlib import Path

import pytest

from .conftest import awaited, stored

pytestmark = [pytest.mark.slow, pytest.mark.xdist_group("ssh")]

GONE = 2.0  # seconds after which nothing may be left of a session whose line was cut
LARGE = (250, 80)


def gone(line):
    """Assert that the tutor at the far end is gone in time, with all that belonged to it."""
    awaited(lambda: not line.pids(), "the tutor goes on without its line", GONE)


def cpu(pid):
    """Return the CPU seconds of a process."""
    fields = Path(f"/proc/{pid}/stat").read_text().rsplit(")", 1)[1].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


def rests(pid):
    """Tell whether a process uses (nearly) no CPU for half a second."""
    used = cpu(pid)
    time.sleep(0.5)  # that nothing happens can only be seen by waiting
    return cpu(pid) - used <= 0.02


def written(pid):
    """Return how many bytes a process has written."""
    for line in Path(f"/proc/{pid}/io").read_text().splitlines():
        if line.startswith("wchar"):
            return int(line.split()[1])
    return 0


def stall(line, pid):
    """Let the near end stop reading, and the far end paint (a heatmap) until nothing more goes down the line."""
    line.type(b"\x1b[19~")
    line.shows("What is the sum of all?")
    line.type(b"\x1b[15~")
    line.shows("picture 1 of")
    line.near.settle(0.2)
    since = turn = 0
    before = -1
    end = time.monotonic() + 40
    while since == 0 or time.monotonic() - since < 0.6:
        assert time.monotonic() < end, "it never stalls"
        turn += 1
        line.near.resize(LARGE[0] - turn % 2, LARGE[1])
        time.sleep(0.03)
        now = written(pid)
        since = since or time.monotonic() if now == before else 0
        before = now


def test_an_exercise_is_worked_through(far):
    line = far()
    line.open_pair()
    line.answers("[2, 3]", "Not yet.")
    line.type(b"\x15")  # empties the line
    line.answers("[4, 6]", "Right.")
    line.answers("10", "Solved.")
    line.type(b"\x1b[19~")  # F8
    line.shows("A lot")
    line.type(b"\x1b[15~")  # F5
    line.shows("picture 1 of")
    line.type(b"q")
    line.shows("What is the sum of all?")
    line.type(b"\x1b")
    line.shows("q back")
    line.type(b"q")
    line.shows("1 of 2 done")
    line.type(b"q")
    assert line.ended() == 0
    assert line.near.restored() == []
    assert line.pids() == []
    assert stored(line.data / "progress.sqlite3") == [("[2, 3]", "wrong"), ("[4, 6]", "right"), ("10", "right")]


@pytest.mark.parametrize(
    "moment",
    [
        pytest.param("while typing", marks=pytest.mark.long),
        "at the verdict",
        pytest.param("after the verdict", marks=pytest.mark.long),
    ],
)
def test_the_connection_is_cut(far, moment):
    line = far()
    line.open_pair()
    line.answers("[2, 3]", "Not yet.")
    line.type(b"\x15[4, 6")
    if moment == "while typing":
        line.shows("[4, 6")
    else:
        line.type(b"]\r")
    if moment == "after the verdict":
        line.shows("Right.")
    line.cut()
    gone(line)
    answers = stored(line.data / "progress.sqlite3")
    if moment == "after the verdict":  # whatever was told is kept
        assert answers == [("[2, 3]", "wrong"), ("[4, 6]", "right")]
    else:  # and what was not told is kept as a whole or not at all
        assert answers in ([("[2, 3]", "wrong")], [("[2, 3]", "wrong"), ("[4, 6]", "right")])


@pytest.mark.long
def test_the_connection_is_cut_at_every_moment_of_a_verdict(far):
    """A sweep from the key to the answer's arrival: none is half in the store."""
    for wait in (0.0, 0.004, 0.012, 0.03):
        line = far()
        line.open_pair()
        line.type(b"\x15[4, 6]")  # what was not checked before the last cut is there again: it is emptied first
        line.shows("[4, 6]")
        before = len(stored(line.data / "progress.sqlite3"))
        line.type(b"\r")
        end = time.monotonic() + wait
        while time.monotonic() < end:
            line.near.pump(0.001)
        told = b"Right." in line.near.words()
        line.cut()
        gone(line)
        answers = stored(line.data / "progress.sqlite3")[before:]
        assert answers == [("[4, 6]", "right")] if told else answers in ([], [("[4, 6]", "right")])


def test_the_connection_is_cut_while_the_screen_is_stalled(far):
    line = far(size=LARGE)
    line.open_pair()
    line.answers("[2, 3]", "Not yet.")
    pid = line.pid()
    stall(line, pid)
    awaited(lambda: rests(pid), "it works although nobody looks")
    line.cut()
    gone(line)
    assert stored(line.data / "progress.sqlite3") == [("[2, 3]", "wrong")]


@pytest.mark.long
def test_a_screen_that_was_stalled_goes_on(far):
    line = far(size=LARGE)
    line.open_pair()
    stall(line, line.pid())
    line.near.settle(0.5, 60)
    line.near.resize(80, 24)
    line.near.settle(0.5, 60)
    line.type(b"q0\r")
    line.shows("Not yet.", 60)
    assert line.pids()


@pytest.mark.parametrize(
    ("signum", "stalled"),
    [
        (signal.SIGTERM, False),
        *(pytest.param(one, False, marks=pytest.mark.long) for one in (signal.SIGHUP, signal.SIGINT, signal.SIGQUIT)),
        (signal.SIGTERM, True),
    ],
)
def test_a_signal_ends_it_and_gives_the_terminal_back(far, signum, stalled):
    line = far(size=LARGE if stalled else (80, 24))
    line.open_pair()
    line.answers("[2, 3]", "Not yet.")
    pid = line.pid()
    if stalled:
        stall(line, pid)
    os.kill(pid, signum)
    gone(line)
    assert line.ended() == 128 + signum
    assert line.near.restored() == [], bytes(line.near.raw[-3000:])
    assert b"Traceback" not in line.near.words()
    assert stored(line.data / "progress.sqlite3") == [("[2, 3]", "wrong")]


def test_ctrl_c_is_a_key_that_loses_nothing(far):
    line = far()
    line.open_pair()
    line.type(b"[4, 6")
    line.shows("[4, 6")
    line.type(b"\x03")
    line.shows("q leaves")
    line.answers("]", "Right.")
    assert line.pids()


def test_end_of_file_on_stdin(far):
    """No keys will ever come: it waits without looking until the client, too, is gone."""
    line = far(stdin=subprocess.DEVNULL)
    line.shows("A pair")
    pid = line.pid()
    line.near.settle(0.5)
    awaited(lambda: not line.pids() or rests(pid), "it looks for keys that never come")
    line.cut()
    gone(line)


def test_without_a_terminal_it_says_so(far, server):
    done = server.run(far.tutor)
    assert done.returncode == 2
    assert done.stderr == (b"rnn-tutor needs a keyboard: its standard input is not a terminal. Over ssh, use ssh -t.\n")
    assert done.stdout == b""


def until(line, holds):
    for _ in range(50):
        if holds():
            return
        line.near.settle(0.2)
    assert holds(), line.near.restored()


def test_stopped_in_a_shell_and_back(far):
    line = far("exec bash --norc --noprofile --noediting -i")
    line.shows("bash")
    line.type(f"({far.tutor})\r".replace("exec ", "").encode())
    line.open_pair()
    line.type(b"[4, 6")
    line.shows("[4, 6")
    for _ in range(2):
        line.type(b"\x1a")
        line.shows("Stopped")
        until(
            line, lambda: line.near.restored() == ["raw mode is still on"]
        )  # the client's own, which readline asks for
        line.type(b"echo at $((6 * 7))\r")
        line.shows("at 42")
        line.type(b"fg\r")
        line.shows("[4, 6")
        # What is read was there before, too: the tutor is back when it has taken the screen again.
        until(line, lambda: "alternate screen is still on" in line.near.restored())
        line.shows("What is twice the vector")
        line.near.settle(0.5)
    line.answers("]", "Right.")
    line.type(b"\x1a")
    line.shows("Stopped")
    line.cut()  # with the tutor asleep
    gone(line)
    assert stored(line.data / "progress.sqlite3") == [("[4, 6]", "right")]


def test_ctrl_z_where_no_shell_could_wake_it(far):
    line = far()
    line.open_pair()
    line.type(b"[4, 6\x1a]")
    line.shows("[4, 6]")
    line.type(b"\r")
    line.shows("Right.")
    status = Path(f"/proc/{line.pid()}/stat").read_text().rsplit(")", 1)[1].split()[0]
    assert status in "SR"


def test_stopped_from_outside_and_woken(far):
    line = far()
    line.open_pair()
    pid = line.pid()
    os.kill(pid, signal.SIGSTOP)
    os.kill(pid, signal.SIGCONT)
    line.near.settle(1.0)  # taking the terminal anew throws away what was typed before, as a line discipline does
    line.answers("[4, 6]", "Right.")
    os.kill(pid, signal.SIGTERM)
    assert line.ended() == 128 + signal.SIGTERM
    assert line.near.restored() == []
