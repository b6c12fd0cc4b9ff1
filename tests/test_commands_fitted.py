"""What commands say has room on a narrow terminal: a line goes on at a word, in every command, and not in a pipe."""

import fcntl
import os
import struct
import sys
import termios
import threading
from contextlib import suppress
from itertools import pairwise

import pytest

from rnn_tutor.cli import main
from rnn_tutor.commands.output import fitted

COLUMNS = 50
ASSIGNMENT = """\
format: 1
id: week-3
title: Gates by hand, and a title that takes more than the columns there are
exercises: [lstm-cell]
until: 2027-01-31T23:59+01:00
"""


@pytest.fixture
def folder(tmp_path, monkeypatch):
    monkeypatch.setenv("NO_COLOR", "1")
    monkeypatch.chdir(tmp_path)
    (tmp_path / "week.yaml").write_text(ASSIGNMENT, "utf-8")
    (tmp_path / "broken.yaml").write_text(ASSIGNMENT.replace("2027-01-31T23:59+01:00", "soon"), "utf-8")
    (tmp_path / "ada.jsonl").write_text("this is no hand-in\n")
    assert main(["answer", "lstm-cell", "0.5", "--data", str(tmp_path / "data")]) == 1
    return tmp_path


def on_a_terminal(monkeypatch, words):
    """What a command writes to a terminal of COLUMNS columns, on standard output and standard error together."""
    master, slave = os.openpty()
    fcntl.ioctl(slave, termios.TIOCSWINSZ, struct.pack("HHHH", 24, COLUMNS, 0, 0))
    read = bytearray()

    def drain():
        with suppress(OSError):
            while more := os.read(master, 4096):
                read.extend(more)

    thread = threading.Thread(target=drain)
    thread.start()
    with os.fdopen(slave, "w", encoding="utf-8") as terminal, monkeypatch.context() as patch:
        patch.setattr(sys, "stdout", terminal)
        patch.setattr(sys, "stderr", terminal)
        main(words)
    thread.join()
    os.close(master)
    return read.decode("utf-8").replace("\r\n", "\n").rpartition("\r")[2]  # behind a bar


@pytest.mark.parametrize(
    "command",
    [
        "hand-in --learner ada --data data",
        "hand-in --data data",
        "collect ada.jsonl --assignment week.yaml",
        "collect ada.jsonl --assignment broken.yaml",
        "progress --assignment week.yaml --learner ada --data data",
        "progress --data data",
        "reset lstm-cell --data data",
        "forget --all --data data",
        "class status --data data",
        "class standing --data data",
        "settings",
        "doctor --data data",
        "solve nothing-of-the-kind",
    ],
)
def test_a_line_goes_on_at_a_word_and_stays_whole_in_a_pipe(folder, monkeypatch, capsys, command):
    words = command.split()
    main(words)
    piped = "".join(capsys.readouterr()).partition("\nHeatmaps from -1")[0]
    shown = on_a_terminal(monkeypatch, words).partition("\nHeatmaps from -1")[0]
    assert max(map(len, piped.split("\n"))) > COLUMNS
    assert [line for line in shown.split("\n") if len(line) > COLUMNS and " " in line.strip()] == []
    assert sorted(shown.split()) == sorted(piped.split())


@pytest.mark.parametrize("command", ["show lstm-cell", "solve lstm-cell", "page lstm", "show memory-horizon", "list"])
def test_prose_fills_a_narrow_terminal(folder, monkeypatch, command):
    """It is not folded for a page first, and then once more: no short line stands between long ones."""
    lines = on_a_terminal(monkeypatch, command.split()).split("\n")
    assert max(map(len, lines)) <= COLUMNS
    prose = [line for line in lines if line[:1].isalpha()]
    for line, following in pairwise(lines):
        if line in prose and following in prose and not line.endswith((".", "?", ":", ")")) and line[:1].islower():
            assert len(line) + 1 + len(following.split()[0]) > COLUMNS, line


def test_code_is_not_broken(folder, monkeypatch):
    shown = on_a_terminal(monkeypatch, ["code", "lstm-cell"])
    assert any(len(line) > COLUMNS and " " in line for line in shown.split("\n"))


def test_what_goes_on_is_indented(monkeypatch):
    class Narrow:
        def isatty(self):
            return True

        def fileno(self):
            return 0

    monkeypatch.setattr(os, "get_terminal_size", lambda _fd: os.terminal_size((20, 24)))
    text = "short\n\n  a row that has far more words\nand-one-word-that-is-longer-than-it"
    assert fitted(text, Narrow()).split("\n") == [
        "short", "", "  a row that has far", "    more words", "and-one-word-that-is-longer-than-it",
    ]  # fmt: skip
    assert fitted("name  what it is, in words", Narrow(), " " * 6).split("\n") == [
        "name  what it is, in",
        "      words",
    ]
