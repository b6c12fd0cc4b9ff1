"""The mistakes that an exercise's file describes, by what the file says of them, where a row has only the kind."""

from dataclasses import replace
from uuid import uuid4

import pytest

from rnn_tutor.commands.classes import naming
from rnn_tutor.commands.classes.telling import terms_of
from rnn_tutor.exercises.drawing import ask
from rnn_tutor.exercises.load import Library
from rnn_tutor.exercises.mark import mark
from rnn_tutor.paths import content_folder
from rnn_tutor.progress.class_report import ClassReport
from rnn_tutor.progress.record import attempt_of

LIBRARY = Library([content_folder()])
TERMS = terms_of(LIBRARY, None)


@pytest.fixture
def says():
    return naming.Naming((content_folder(),), TERMS)


def answered(exercise, part, text):
    question = ask(LIBRARY.exercise(exercise), None)
    attempt = attempt_of(question, LIBRARY.hash(exercise), mark(question, part, text), text)
    return replace(attempt, uid=uuid4().hex)


def transposed():
    return answered("weight-shapes", "W_xh", "(20, 64)")


def test_different_mistakes_that_files_describe_are_different_mistakes(says):
    report = ClassReport(TERMS)
    for learner in ("ada", "bob"):
        for attempt in (answered("rnn-update", "bound", "1"), answered("rnn-update", "bound", "2"), transposed()):
            assert attempt.diagnosis == "authored"
            report.add(learner, attempt, says(learner, attempt))
    made = {one.mistake.says.split(":")[0].split(".")[0]: one.learners for one in report.result().mistakes}
    assert made == {
        'Option 1 ("an input 100 times as large") is wrong': 2,
        'Option 2 ("larger weights in W_hh") is wrong': 2,
        "This is the transpose": 2,
    }


@pytest.mark.parametrize(
    "changed",
    [
        {"content_hash": "another"},
        {"givens": "{}"},
        {"exercise": "gone"},
        {"part": "gone"},
        {"text": "(9, 9)"},
        {"verdict": "right"},
        {"diagnosis": "none"},
    ],
)
def test_nothing_is_said_of_what_a_row_only_claims(says, changed):
    assert says("ada", replace(transposed(), **changed)) == ""


def test_each_answer_is_marked_once_and_nobody_takes_all_the_time(says, monkeypatch):
    first = transposed()
    assert says("ada", first) != ""
    monkeypatch.setattr(naming, "MOST_OF_ONE", 0.0)
    assert says("ada", first) != ""  # known from before
    assert says("ada", transposed()) == ""
    monkeypatch.setattr(naming, "MOST_OF_ONE", 9.0)
    assert says("ada", transposed()) != ""
    monkeypatch.setattr(naming, "MOST_SECONDS", 0.0)
    assert says("bob", transposed()) == ""
