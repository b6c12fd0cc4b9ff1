"""`rnn-tutor author FILE`: what it refuses, and what it leaves alone."""

import io
import subprocess
import sys

import pytest

from rnn_tutor.cli import main
from rnn_tutor.commands.author import why_not
from rnn_tutor.tui.authoring.panel import Panel


@pytest.mark.parametrize(
    ("name", "says"),
    [
        ("nothing.yaml", "There is no file "),
        ("unit", "is a folder: author takes one file. Use rnn-tutor check for folders."),
        ("course.yaml", "lists a course: author takes an exercise, a lab, page.yaml or glossary.yaml."),
    ],
)
def test_what_cannot_be_shown_is_told_in_one_sentence(tmp_path, capsys, name, says):
    (tmp_path / "unit").mkdir()
    (tmp_path / "course.yaml").write_text("format: 1\n", encoding="utf-8")
    assert main(["author", str(tmp_path / name)]) == 2
    said = capsys.readouterr()
    assert says in said.err and said.err.count("\n") == 1 and said.out == ""


def test_a_name_that_is_none_is_told_too(tmp_path):
    assert why_not(tmp_path / ("x" * 300)) is not None
    assert why_not(tmp_path / "a\0b") is not None


def test_it_needs_a_terminal(file, capsys, monkeypatch):
    monkeypatch.setattr(sys, "__stdin__", io.StringIO())
    assert main(["author", str(file)]) == 2
    assert "not a terminal" in capsys.readouterr().err


@pytest.mark.parametrize("words", [["--content", "/nowhere"], ["--only"], ["--seed", "x"], []])
def test_options_are_those_of_other_commands(file, capsys, words):
    if words:
        assert main(["author", str(file), *words]) == 2
    else:
        assert main(["author"]) == 2
    assert capsys.readouterr().err.startswith("rnn-tutor: ")


def test_a_learners_start_knows_nothing_of_it():
    code = "import sys, rnn_tutor.tui.start, rnn_tutor.tui.app; print([m for m in sys.modules if 'author' in m])"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"


async def test_only_an_author_has_a_timer_and_a_panel(open_app, open_author):
    async with open_app(exercise="lstm-cell") as (app, _):
        assert not list(app.screen.query(Panel)) and not list(app._timers)
    async with open_author() as (app, _):
        assert len(list(app.screen.query(Panel))) == 1 and len(list(app._timers)) == 1
