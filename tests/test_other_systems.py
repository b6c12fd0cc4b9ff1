"""What a system such as Windows has not got: every command works without it, or says in a sentence what works there."""

import json
import subprocess
import sys
from pathlib import Path

import pytest

from tests.files_for_tests import write
from tests.test_cli import EXERCISE

_COURSE = """\
format: 1
title: One unit
units: [{id: gru, title: Gates, aim: Blend., exercises: [{id: blend, title: A blend}]}]
"""
# Takes away what only POSIX has, before anything of ours is imported.
_WITHOUT = """
import io, json, os, signal, sys
import asyncio, multiprocessing, numpy, platformdirs.unix, shutil, subprocess, tempfile, uniplot  # have their own ways
for name in ("fcntl", "termios", "tty", "pty", "resource", "pwd", "grp", "syslog", "readline"):
    sys.modules[name] = None
for place, names in (
    (signal, "SIGHUP SIGQUIT SIGALRM SIGTSTP SIGWINCH SIGCONT SIGUSR1 setitimer getitimer alarm pthread_sigmask "
             "pthread_kill sigwait siginterrupt pause"),
    (os, "fork getuid geteuid getgid getppid uname fchmod ttyname killpg getpgrp setsid mkfifo sched_getaffinity "
         "O_NONBLOCK O_CLOEXEC O_NOFOLLOW O_NOCTTY nice pread"),
):
    for name in names.split():
        if hasattr(place, name):
            delattr(place, name)
"""
# Runs commands: [[words, input], ...].
_RUN = """
from rnn_tutor.cli import main
results = []
for words, typed in json.loads(sys.argv[1]):
    sys.stdin, out, err = io.StringIO(typed), sys.stdout, sys.stderr
    sys.stdout, sys.stderr = io.StringIO(), io.StringIO()
    try:
        status = main(words)
    finally:
        told, sys.stdout, sys.stderr = sys.stdout.getvalue() + sys.stderr.getvalue(), out, err
    results.append([status, told])
print(json.dumps(results))
"""


# Imports everything of ours, and tells what cannot be.
_IMPORT = """
import importlib, pkgutil, rnn_tutor
failed = []
for module in pkgutil.walk_packages(rnn_tutor.__path__, "rnn_tutor."):
    try:
        if not module.name.endswith("__main__"):
            importlib.import_module(module.name)
    except (ImportError, AttributeError):
        failed.append(module.name)
print(json.dumps(failed))
"""
# The terminal's driver, which Textual has for Windows in another way, and the apps, which are made for it.
_ON_A_TERMINAL = {
    *(f"tui.terminal.{name}" for name in ("app", "bounded_driver", "driver", "endings", "nonblocking_writer")),
    *(
        f"tui.{name}"
        for name in (
            "app",
            "assigned",
            "authoring.app",
            "beforehand",
            "choosing",
            "kiosk",
            "navigation",
            "reception",
            "watching.app",
        )
    ),
    *(f"commands.serving.{name}" for name in ("server", "terminal", "visitors")),  # kiosks on pseudo-terminals
}


def test_everything_but_the_driver_and_the_apps_can_be_imported_there():
    process = subprocess.run(
        [sys.executable, "-c", _WITHOUT + _IMPORT], capture_output=True, text=True, timeout=120, check=False
    )
    assert process.returncode == 0, process.stderr
    assert {name.removeprefix("rnn_tutor.") for name in json.loads(process.stdout)} == _ON_A_TERMINAL


@pytest.fixture
def there(tmp_path, monkeypatch):
    """Run commands there: a list of words, or of words and what is typed; their statuses and what they say."""
    course = write(tmp_path / "course", {"course.yaml": _COURSE, "gru/blend.yaml": EXERCISE.format(extra="")})
    (tmp_path / "home").mkdir()
    monkeypatch.setenv("HOME", str(tmp_path / "home"))
    data = ["--data", str(tmp_path / "data")]

    def run(*commands, where=("--content", str(course), "--only")):
        jobs = [(one[0].split(), one[1]) if isinstance(one, tuple) else (one.split(), "") for one in commands]
        kept = {"backup", "merge", "reset", "forget"}
        own = {"completion", "settings"}
        words = [
            [[*words, *(data if words[0] in kept else [] if words[0] in own else [*where, *data])], typed]
            for words, typed in jobs
        ]
        process = subprocess.run(
            [sys.executable, "-c", _WITHOUT + _RUN, json.dumps(words)],
            capture_output=True,
            text=True,
            timeout=120,
            check=False,
        )
        assert process.returncode == 0, process.stderr
        return json.loads(process.stdout)

    return run


def test_every_command_works_without_what_only_posix_has(there, tmp_path):
    good = [
        "list", "list --json", "next", "show blend", "answer blend 1 2", "solve blend", "solve blend --md -",
        "progress", "progress --json", "progress --transcript -", "review --list", "check --draws 2",
        "doctor",
        f"backup {tmp_path}/all.jsonl", f"merge {tmp_path}/all.jsonl", "reset blend --yes", "reset --undo",
        "forget blend --yes", "sheet blend --md -", "completion bash", "settings", "schema",
    ]  # fmt: skip
    for command, (status, told) in zip(good, there(*good), strict=True):
        assert status in (0, 1), (command, told)  # 1: not right, or something to tell of the terminal
        assert "Error" not in told, (command, told)
        assert "has a bug" not in told, (command, told)
        assert told.strip() or command.startswith("review"), command
    assert not list(Path(tmp_path / "data").rglob("crash.log"))


def test_plain_mode_works_there_with_the_time_of_an_exam(there):
    practised, exam = there(
        ("practice --plain", "[1, 2]\n:quit\n"),
        ("exam gru --plain --minutes 1", "[1, 2]\n:time\n:finish\n:finish\n:quit\n"),
    )
    assert practised[0] == exam[0] == 0
    assert "Time left: " in exam[1]
    assert "Exam: 0 of 1 right." in exam[1]


def test_what_needs_a_screen_says_what_works_instead(there, tmp_path):
    file = tmp_path / "new.yaml"
    file.write_text("format: 1\n")
    for status, told in there("practice", "review", "placement", f"author {file}"):
        assert status == 2
        assert " ".join(told.split()) == (
            "rnn-tutor's screens work on Linux and macOS. Here, `rnn-tutor practice --plain` works without a screen."
        )
