"""What `y` copies arrives in the clipboard of a real terminal, exactly: tmux takes OSC 52 into its paste buffer."""

import shutil
import subprocess
import time

import pytest

from rnn_tutor.exercises.load import Library
from rnn_tutor.paths import content_folder
from rnn_tutor.printable import copyable
from rnn_tutor.tui.copying import copies
from rnn_tutor.tui.visits import ExerciseVisit

from .conftest import PROGRAM, environ

pytestmark = pytest.mark.skipif(shutil.which("tmux") is None, reason="there is no tmux here")
PATIENCE = 30.0
EXERCISE = "output-layer"


@pytest.fixture
def tmux(tmp_path):
    """Start the tutor in a terminal of tmux; a function that runs a command of tmux and returns what it prints."""
    where = {**environ(tmp_path, "xterm-256color"), "TMUX_TMPDIR": str(tmp_path)}
    words = ("tmux", "-f", "/dev/null")

    def run(*command):
        done = subprocess.run([*words, *command], env=where, capture_output=True, check=False)
        return done.stdout.decode()

    def start(*arguments):
        run("start-server", ";", "set", "-g", "exit-empty", "off", ";", "set", "-s", "set-clipboard", "on")
        program = (PROGRAM, *arguments, "--data", str(tmp_path / "data"))
        run("new-session", "-d", "-x", "80", "-y", "24", *program)
        return run

    yield start
    run("kill-server")


def shown(run, text):
    """Wait until a text is on the screen."""
    end = time.monotonic() + PATIENCE
    while text not in " ".join(run("capture-pane", "-p").split()):
        assert time.monotonic() < end, run("capture-pane", "-p")
        time.sleep(0.05)


def buffer_of(run, before):
    """Wait for another paste buffer than before, and return what is in it."""
    end = time.monotonic() + PATIENCE
    while (there := run("save-buffer", "-")) == before:
        assert time.monotonic() < end, run("capture-pane", "-p")
        time.sleep(0.05)
    return there


def test_each_given_and_all_givens_as_code_arrive_as_they_are(tmux):
    run = tmux("practice", EXERCISE)
    shown(run, "From input to prediction")
    expected = copies(ExerciseVisit.begin(Library([content_folder()]).exercise(EXERCISE), None))
    assert [one.name for one in expected] == ["a", "W_hy", "b_y", "all givens"]
    run("send-keys", "Escape")
    time.sleep(0.3)
    run("send-keys", "y")
    shown(run, "Enter copy")
    before = ""
    for one in expected:
        run("send-keys", "Enter")
        before = buffer_of(run, before)
        assert before == copyable(one.text)
        assert "\n" in before or one.name != "all givens"
        run("send-keys", "Down")


def test_the_number_under_the_cursor_of_a_heatmap_arrives(tmux):
    run = tmux("practice", EXERCISE)
    shown(run, "From input to prediction")
    run("send-keys", "F5")
    shown(run, "a[0] = 1")
    run("send-keys", "Right")
    shown(run, "a[1] = -1.3")
    run("send-keys", "y")
    assert buffer_of(run, "") == "-1.3"
