"""The scratchpad: names of one's own, worked out line by line."""

from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from rnn_tutor.exercises.load import load_exercise
from rnn_tutor.exercises.question import ask
from rnn_tutor.exercises.scratch import MAX_LINES, named, notes

FILE = Path(__file__).parents[2] / "content" / "recurrence" / "rnn-update.yaml"
QUESTION = ask(load_exercise(FILE))


def test_a_line_may_use_the_givens_and_the_names_above_it():
    found = notes(QUESTION, ["a = W_xh @ x", "b = W_hh @ h_prev", "a = a + b", "tanh(a)"])
    assert [note.error for note in found] == [None] * 4
    np.testing.assert_allclose(named(found)["a"], [1.25, -1.0])
    np.testing.assert_allclose(found[3].value, np.tanh([1.25, -1.0]))
    assert found[0].says == "a vector (2): 1 -1"
    assert found[0].picture is not None


@pytest.mark.parametrize(
    ("line", "said"),
    [
        ("x = 2", "x is given"),
        ("k2 = zz + 1", "no name zz"),
        ("2 * drive", "yours to work out"),
        ("a[0] = 1", "one name"),
        ("grad(sum(x), x)", "not for answers"),
        ("pi_2 = (", "not closed"),
    ],
)
def test_a_line_that_is_not_understood_says_so_and_disturbs_no_other(line, said):
    found = notes(QUESTION, [line, "k = 1 + 1"])
    assert said in found[0].says
    assert found[0].value is None
    assert named(found) == {"k": np.asarray(2.0)}


def test_equality_names_nothing():
    assert named(notes(QUESTION, ["x == 1", "sum(W_xh, axis=0)", "x >= 0"])) == {}


def test_empty_lines_are_passed_over_and_the_pad_is_bounded():
    assert len(notes(QUESTION, ["", "  ", "1"])) == 1
    assert len(notes(QUESTION, ["1"] * 500)) == MAX_LINES


@given(st.lists(st.text(max_size=40), max_size=4))
def test_no_text_raises(lines):
    for note in notes(QUESTION, lines):
        assert (note.value is None) == (note.error is not None)
