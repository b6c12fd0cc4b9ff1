"""Why something cannot be opened: one sentence, the same for screens and commands."""

from pathlib import Path

import pytest

from rnn_tutor.cli import main
from rnn_tutor.engine.errors import EngineError
from rnn_tutor.exercises.compiled import ExerciseError
from rnn_tutor.exercises.files.finding import ContentError, Finding
from rnn_tutor.exercises.load import Library
from rnn_tutor.exercises.trouble import why_not
from rnn_tutor.tui.session import Session
from rnn_tutor.tui.visits import TroubleError

from .labs_for_tests import TEXT as LAB

FILE = Path("course/unit/one.yaml")
EXERCISE = """\
format: 1
id: one
title: One
prompt: P
given: {x: {value: "[1.0, 2.0]", means: m}}
steps: [{let: "y = x @ nowhere"}]
ask: [{answer: y, as: scalar}]
"""


def test_of_a_file_a_screen_has_the_first_finding_and_no_folder():
    error = ContentError([Finding(FILE, 9, "steps[0].let", "later"), Finding(FILE, 2, "", "first")])
    assert why_not("exercise", "one", error) == "one.yaml, line 2: first"
    assert why_not("lab", "one", ContentError([Finding(FILE, 3, "ask", "no")])) == "one.yaml, line 3: ask: no"
    told = why_not("exercise", "one", error, paths=True)
    assert told == "course/unit/one.yaml:2: first course/unit/one.yaml:9: steps[0].let: later"


def test_a_command_tells_the_first_five_findings():
    error = ContentError([Finding(FILE, line, "", f"{'abcdefg'[line - 1]} is wrong") for line in range(1, 8)])
    assert why_not("page", "one", error, paths=True).count("is wrong") == 5


@pytest.mark.parametrize(("kind", "cannot"), [("exercise", "asked"), ("lab", "evaluated")])
def test_what_cannot_be_evaluated_and_what_is_not_there(kind, cannot):
    error = ExerciseError("steps[0].let", EngineError("name", "There is no nowhere."))
    assert why_not(kind, "one", error) == f"The {kind} one cannot be {cannot}: steps[0].let: There is no nowhere."
    assert why_not(kind, "one", KeyError("one")) == f"There is no {kind} one."


@pytest.fixture
def course(tmp_path):
    (tmp_path / "unit" / "labs").mkdir(parents=True)
    (tmp_path / "unit" / "one.yaml").write_text(EXERCISE, encoding="utf-8")
    lab = LAB.replace("id: decay", "id: low")
    (tmp_path / "unit" / "labs" / "low.yaml").write_text(lab, encoding="utf-8")
    (tmp_path / "unit" / "labs" / "bad.yaml").write_text("format: 1\n", encoding="utf-8")
    return tmp_path


def test_a_screen_and_a_command_say_the_same_of_what_cannot_be_evaluated(course, capsys):
    with pytest.raises(TroubleError) as told:
        Session(Library([course])).exercises.visit("one")
    assert main(["show", "one", "--content", str(course), "--only"]) == 2
    assert str(told.value) in capsys.readouterr().err
    assert str(told.value).startswith("The exercise one cannot be asked: steps[0].let: ")


def test_labs_and_exercises_that_do_not_open_are_told_alike(course):
    session = Session(Library([course]))
    for opened, kind in ((session.exercises.visit, "exercise"), (session.labs.visits.open, "lab")):
        with pytest.raises(TroubleError, match=f"There is no {kind} none"):
            opened(*(["none"] if kind == "exercise" else ["none", None]))
    (course / "unit" / "labs" / "low.yaml").unlink()
    with pytest.raises(TroubleError, match=r"^low\.yaml, line 1: there is no such file"):
        session.labs.visits.open("low", None)
