"""What can be copied of an exercise; nothing of it gives away what is asked."""

import json
from pathlib import Path

import pytest

from rnn_tutor.engine.writing.library import LIBRARIES
from rnn_tutor.exercises.load import Library
from rnn_tutor.printable import copyable
from rnn_tutor.tui.copying import code_of, copies
from rnn_tutor.tui.session import Session


@pytest.fixture
def visit(content):
    return Session(Library([content])).exercises.visit("lstm-cell")


def names(visit):
    return [one.name for one in copies(visit)]


def test_before_it_is_solved_only_the_givens_can_be_copied(visit):
    assert names(visit) == ["f", "c_prev", "i", "cand", "all givens"]
    assert json.loads(copies(visit)[0].text) == [0.9, 0.2]


def test_after_it_the_answer_and_the_steps_can_be_copied_too(visit):
    visit.run.solution = True
    assert names(visit) == ["f", "c_prev", "i", "cand", "c", "kept", "new", "all givens"]
    assert json.loads(copies(visit)[4].text) == [0.9 + 0.1 * 0.5, -0.2 + 0.8 * 0.25]


def test_what_has_a_shape_only_is_copied_as_its_shape(content):
    visit = Session(Library([content])).exercises.visit("task-shapes")
    assert [(one.name, one.text) for one in copies(visit)[:3]] == [("B", "3"), ("T", "5"), ("V", "100")]


@pytest.mark.parametrize("key", LIBRARIES)
def test_as_code_it_has_the_givens_before_it_is_solved_and_all_of_it_after(visit, key):
    code, note = code_of(visit, key)
    assert "c_prev = " in code
    assert "kept" not in code
    assert "0.95" not in code
    assert note == "The steps and the answers follow once you have solved it, or read the solution."
    visit.run.solution = True
    code, note = code_of(visit, key)
    assert "kept = f * c_prev" in code
    assert "0.95" in code
    assert not note


def test_what_has_no_givens_has_code_once_it_is_solved():
    visit = Session(Library([Path(__file__).parents[2] / "content"])).exercises.visit("debug-checklist")
    assert code_of(visit, "torch")[0] == ""
    visit.run.solution = True
    assert "derivative = gate * (1 - gate)" in code_of(visit, "torch")[0]


@pytest.mark.parametrize(
    ("text", "copied"),
    [
        ("a\nb\n\n", "a\nb"), ("a\r\nb\rc", "a\nb\nc"), ("x\x1b]52;c;aGk=\x07y", "x]52;c;aGk=y"), ("a\tb", "a    b"),
        ("a\x00\x9b\u202eb\u2028c", "ab c"), ("σ = [1]", "σ = [1]"),
    ],
)  # fmt: skip
def test_what_is_copied_has_no_control_characters_and_no_line_end_behind_it(text, copied):
    assert copyable(text) == copied
