"""reset, forget, backup, merge and progress --transcript, run as a script would run them."""

import io
import json
import re
import sqlite3
import sys
from contextlib import closing

import pytest

from rnn_tutor.cli import main
from rnn_tutor.engine.mutate.phrases import PHRASES
from rnn_tutor.progress.attempt import Attempt
from rnn_tutor.progress.store import Store

from .progress.conftest import MONDAY
from .test_cli import EXERCISE


@pytest.fixture
def data(tmp_path):
    return tmp_path / "data"


@pytest.fixture
def pack(tmp_path):
    (tmp_path / "pack" / "gru").mkdir(parents=True)
    (tmp_path / "pack" / "gru" / "blend.yaml").write_text(EXERCISE.format(extra=""), "utf-8")
    return str(tmp_path / "pack")


@pytest.fixture
def run(capsys, data, pack):
    def call(*words):
        course = () if {"reset", "forget", "backup", "merge"} & set(words) else ("--only", "--content", pack)
        status = main([*map(str, words), *course, *([] if "--data" in words else ["--data", str(data)])])
        out = capsys.readouterr()
        return status, out.out, out.err

    return call


@pytest.fixture
def answered(run):
    assert run("answer", "blend", "[0.75, 0.125]", "--part", "h")[0] == 0
    assert run("answer", "blend", "1", "--part", "length")[0] == 1


def tries(run):
    found = json.loads(run("progress", "--json")[1])["exercises"]
    return found[0]["tries"] if found else 0


def kept(data):
    with closing(sqlite3.connect(data / "progress.sqlite3")) as con:
        return con.execute("SELECT count(*) FROM attempt").fetchone()[0]


@pytest.mark.usefixtures("answered")
def test_reset_and_undo(run, data):
    status, out, err = run("reset", "blend", "--yes")
    assert (status, err) == (0, "")
    assert out == "blend counts as not begun. `rnn-tutor reset --undo` undoes this.\n"
    assert (tries(run), kept(data)) == (0, 3)
    assert run("reset", "--undo")[:2] == (
        0, "The reset of blend is undone: what was answered before it counts again.\n",
    )  # fmt: skip
    assert tries(run) == 2
    assert run("reset", "--all", "--yes")[0] == 0
    assert tries(run) == 0
    assert run("reset", "--all", "--yes") == (2, "", "rnn-tutor: Nothing has been answered yet.\n")


@pytest.mark.usefixtures("answered")
def test_forget(run, data):
    status, out, _ = run("forget", "blend", "--yes")
    assert (status, out.splitlines()[0]) == (0, "2 answers of blend are erased.")
    assert (tries(run), kept(data)) == (0, 0)
    assert run("forget", "--all", "--yes") == (2, "", "rnn-tutor: Nothing has been answered yet.\n")


@pytest.mark.usefixtures("answered")
@pytest.mark.parametrize(
    ("words", "says"),
    [
        (("reset",), "Name one exercise or lab by its id, or --all for everything."),
        (("forget",), "Name one exercise or lab by its id, or --all for everything."),
        (("forget", "blend", "--all"), "Name one exercise or lab by its id, or --all for everything."),
        (("forget", ""), "An id cannot be empty; use --all for everything."),
        (("forget", "blent"), "Nothing has been answered of blent. Did you mean blend?"),
        (("reset", "--undo"), "There is no reset to undo."),
        (
            ("reset", "blend", "--undo"),
            "--undo undoes the last reset: do not name an exercise.",
        ),
        (("reset", "blend"), "There is no terminal to ask you here: add --yes."),
        (("forget", "--all"), "There is no terminal to ask you here: add --yes."),
    ],
)
def test_what_is_not_done(run, data, monkeypatch, words, says):
    monkeypatch.setattr(sys, "stdin", io.StringIO("yes\n"))
    assert run(*words) == (2, "", f"rnn-tutor: {says}\n")
    assert (tries(run), kept(data)) == (2, 2)


class Terminal:
    def __init__(self, line):
        self.line = line

    def isatty(self):
        return True

    def readline(self):
        return self.line


@pytest.mark.usefixtures("answered")
@pytest.mark.parametrize("command", ["reset", "forget"])
def test_it_is_asked_first(run, data, monkeypatch, command):
    for no in ("no\n", "\n", ""):
        monkeypatch.setattr(sys, "stdin", Terminal(no))
        status, out, err = run(command, "blend")
        assert (status, out) == (1, "")
        assert "blend" in err and "2 answers" in err and err.endswith("Type yes: rnn-tutor: Nothing was changed.\n")
    assert (tries(run), kept(data)) == (2, 2)
    monkeypatch.setattr(sys, "stdin", Terminal("Yes\n"))
    assert run(command, "blend")[0] == 0
    assert tries(run) == 0


@pytest.mark.parametrize("words", [("reset", "--all"), ("forget", "--all"), ("backup", "file"), ("reset", "--undo")])
def test_where_nothing_was_answered_no_file_is_made(run, data, tmp_path, monkeypatch, words):
    monkeypatch.chdir(tmp_path)
    assert run(*words) == (2, "", "rnn-tutor: Nothing has been answered yet.\n")
    assert not data.exists() and not (tmp_path / "file").exists()


@pytest.mark.usefixtures("answered")
def test_backup_and_merge(run, data, tmp_path):
    file, other = tmp_path / "all.jsonl", tmp_path / "other"
    assert run("backup", file)[:2] == (0, f"2 lines written to {file}.\n")
    assert file.stat().st_mode & 0o777 == 0o600
    status, _, err = run("backup", file)
    assert status == 2 and "--force writes over it" in err
    assert run("backup", file, "--force")[0] == 0
    assert run("merge", file, data / "progress.sqlite3", "--data", other)[:2] == (0, "2 lines added, 0 already here.\n")
    assert run("merge", file, "--data", other)[1] == "0 lines added, 2 already here.\n"
    assert run("forget", "--all", "--yes", "--data", other)[0] == 0
    assert "Left out, because you erased them: 2." in run("merge", file, "--data", other)[1]
    _, out, _ = run("backup", "-")
    assert out.splitlines()[0] == '{"rnn-tutor": "backup", "version": 1}'


@pytest.mark.usefixtures("answered")
def test_one_file_that_cannot_be_taken_and_nothing_is_merged(run, data, tmp_path):
    other, bad = tmp_path / "other", tmp_path / "bad.jsonl"
    bad.write_text("no\n")
    status, out, err = run("merge", data / "progress.sqlite3", bad, "--data", other)
    assert (status, out) == (2, "")
    assert re.fullmatch(r"rnn-tutor: \S+bad.jsonl is damaged \(.*\)\. Nothing was merged\.\n", err)
    assert not other.exists()


@pytest.mark.usefixtures("answered")
def test_a_transcript(run, tmp_path):
    file = tmp_path / "all.md"
    assert run("progress", "--transcript", file)[:2] == (0, f"2 answers written to {file}.\n")
    text = file.read_text("utf-8")
    assert "Blend the old state with the candidate" in text
    assert "How long is h?" in text
    assert "h_prev  =" in text and "h_prev" in text
    assert "### h: Right (" in text and "```text\n[0.75, 0.125]\n```" in text
    assert text.count("## A blend") == 1
    assert "--force writes over it" in run("progress", "--transcript", file)[2]
    assert run("progress", "--transcript", file, "--force")[0] == 0
    assert run("progress", "--transcript", "-")[1] == text
    assert run("progress", "--transcript", "-", "--json")[0] == 2


HOSTILE = "```\n# now\n<script>alert(1)</script>\n\x1b]52;c;aGk=\x07\u202e[link](http://x)"


@pytest.mark.parametrize(
    "givens", ["[", '{"z": [1e999]}', '{"z": {"shape": [1e999]}}', f'{{"z": {10**400}}}', "[" * 9000]
)
def test_nothing_in_a_transcript_is_anything_but_text(run, data, givens):
    def add(**given):
        usual = {
            "exercise": "blend", "content_hash": "", "seed": None, "givens": givens, "part": "h", "text": "1",
            "verdict": "wrong", "score": 0.0, "diagnosis": "", "hints": 1, "seconds": 0.0, "at": MONDAY, "parts": 2,
        }  # fmt: skip
        Store.open(data / "progress.sqlite3").add(Attempt(**(usual | given)))

    add(rule="sign+axis")
    add(text=HOSTILE, part=HOSTILE, verdict=HOSTILE, rule=HOSTILE, exercise=HOSTILE)
    status, text, err = run("progress", "--transcript", "-")
    assert (status, err) == (0, "")
    assert all(char.isprintable() or char == "\n" for char in text)
    fence = ""
    for line in text.split("\n"):
        if fence:
            fence = "" if line == fence else fence
        elif line.startswith("```"):
            fence = line.removesuffix("text")
        else:
            assert not re.search(r"(?<!\\)[<\[]", line), line
            assert not line.startswith("# ") or line == "# Transcript"
    assert not fence
    assert f"Named: {PHRASES['sign']} and {PHRASES['axis']}." in text.replace("\\", "")


@pytest.mark.usefixtures("answered")
@pytest.mark.parametrize(
    "words",
    [
        ("reset", "--all", "--yes"),
        ("reset", "--undo"),
        ("forget", "--all", "--yes"),
        ("backup", "out"),
        ("merge", "in"),
        ("progress", "--transcript", "out"),
    ],
)
@pytest.mark.parametrize("kiosk", [("--kiosk",), ("--kiosk", "--learner", "ada")])
def test_none_of_it_exists_in_a_kiosk(run, data, tmp_path, monkeypatch, words, kiosk):
    monkeypatch.chdir(tmp_path)
    (tmp_path / "in").write_text("{}")
    before = sorted(tmp_path.rglob("*"))
    for order in ((*kiosk, *words), (*words, *kiosk)):
        status, out, err = run(*order)
        assert (status, out, err) == (2, "", "rnn-tutor: --kiosk opens the tutor; it cannot be used with a command.\n")
    assert (kept(data), sorted(tmp_path.rglob("*"))) == (2, before)


def test_two_machines_on_one_folder(run, data, monkeypatch):
    """The variable that names a machine stands for a network folder."""
    monkeypatch.setenv("RNN_TUTOR_HOST", "Lab 17")
    assert run("answer", "blend", "[0.75, 0.125]", "--part", "h")[0] == 0
    monkeypatch.setenv("RNN_TUTOR_HOST", "lab18")
    assert tries(run) == 1
    assert run("answer", "blend", "1", "--part", "length")[0] == 1
    names = ["progress-at-lab-17.sqlite3", "progress-at-lab18.sqlite3"]
    assert sorted(file.name for file in data.iterdir()) == names
    assert tries(run) == 2
    assert run("doctor")[1].count("lab-17") == 1
    assert run("forget", "blend", "--yes")[1].splitlines() == [
        "2 answers of blend no longer count.",
        "To erase them on lab-17 too, start rnn-tutor there: it was in use a moment ago.",
        "Your backups, and your other machines, still have their copies.",
    ]
    assert run("forget", "--all", "--yes")[2] == "rnn-tutor: Nothing has been answered yet.\n"
    monkeypatch.setenv("RNN_TUTOR_HOST", "Lab 17")
    assert tries(run) == 0
    with closing(sqlite3.connect(data / names[0])) as con:
        assert con.execute("SELECT count(*) FROM attempt").fetchone() == (0,)


@pytest.mark.usefixtures("answered")
def test_a_file_of_another_machine_that_cannot_be_read_is_told(run, data):
    (data / "progress-at-lab17.sqlite3").write_bytes(b"no database\n" * 400)
    status, out, err = run("progress")
    assert status == 0 and "blend" in out
    assert "progress-at-lab17.sqlite3 is damaged" in err and err.endswith("What is in it is left out here.\n")
    status, _, err = run("backup", "-")
    assert status == 2 and "progress-at-lab17.sqlite3 is damaged" in err
