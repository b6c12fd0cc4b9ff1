"""The scratchpad: names of one's own, worked out line by line."""

from pathlib import Path

import msgspec
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from rnn_tutor.exercises.diagnosis.other_numbers import RIGHT_HERE
from rnn_tutor.exercises.drawing import ask
from rnn_tutor.exercises.mark import mark
from rnn_tutor.exercises.model import Exercise
from rnn_tutor.exercises.read import load_exercise
from rnn_tutor.exercises.reading import read
from rnn_tutor.exercises.scratch import MAX_LINES, named, notes

FILE = Path(__file__).parents[2] / "content" / "recurrence" / "rnn-update.yaml"
PARTS = {
    "format": 1,
    "id": "parts",
    "title": "Two parts",
    "prompt": "Compute p and its logarithm.",
    "given": {"q": {"value": "[0.8, 0.6]", "means": "probabilities", "draw": "uniform(0.1, 0.9)"}},
    "steps": [{"let": "p = prod(q)", "say": "Multiplied."}, {"let": "logp = log(p)", "say": "Its logarithm."}],
    "ask": [{"answer": "p", "as": "scalar"}, {"answer": "logp", "as": "scalar"}],
}
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
        ("2 * drive", "compute"),
        ("a[0] = 1", "one name"),
        ("grad(sum(x), x)", "cannot be used in answers"),
        ("pi_2 = (", "not closed"),
    ],
)
def test_a_line_that_is_not_understood_says_so_and_disturbs_no_other(line, said):
    found = notes(QUESTION, [line, "k = 1 + 1"])
    assert said in found[0].says
    assert found[0].value is None
    assert named(found) == {"k": np.asarray(2.0)}


def test_what_reads_a_line_that_is_not_understood_waits_for_it():
    """Nothing is said of a name that is there, only not to be had yet; mended, all lines have their values."""
    found = notes(QUESTION, ["a = W_xh @ (", "b = 2 * a", "c = b + a + zz", "d = 1 + 1"])
    assert found[1].says == "waits for a: correct that line first"
    assert "zz" in found[2].says or found[2].says == "waits for a and b: correct that line first"
    assert named(found) == {"d": np.asarray(2.0)}
    mended = notes(QUESTION, ["a = W_xh @ (", "b = 2 * a", "a = W_xh @ x", "b = 2 * a"])
    assert set(named(mended)) == {"a", "b"}


def test_a_name_that_is_lost_again_has_no_value():
    assert named(notes(QUESTION, ["a = 1", "a = ("])) == {}


def test_an_answer_says_which_line_of_the_pad_it_waits_for():
    answer = read(QUESTION, "h", "tanh(a)", {}, ["a = W_xh @ ("])
    assert answer.error is not None
    assert answer.says == "a is on your scratchpad, in a line that is not understood yet: correct it first."
    assert read(QUESTION, "h", "tanh(a)", {}, ["a = W_xh @ x"]).error is None


def test_equality_names_nothing():
    assert named(notes(QUESTION, ["x == 1", "sum(W_xh, axis=0)", "x >= 0"])) == {}


def test_empty_lines_are_passed_over_and_the_pad_is_bounded():
    assert len(notes(QUESTION, ["", "  ", "1"])) == 1
    assert len(notes(QUESTION, ["1"] * 500)) == MAX_LINES


@given(st.lists(st.text(max_size=40), max_size=4))
def test_no_text_raises(lines):
    for note in notes(QUESTION, lines):
        assert (note.value is None) == (note.error is not None)


def test_its_names_can_be_used_in_the_answer():
    pad = ["a = W_xh @ x", "b2 = W_hh @ h_prev", "half = 1/2"]
    seen = read(QUESTION, "h", "tanh(a + b2)", scratch=pad)
    assert seen.uses == {"W_xh", "x", "W_hh", "h_prev"}
    assert set(seen.own) == {"a", "b2"}
    assert mark(QUESTION, "h", "tanh(a + b2)", scratch=pad).verdict == "right"
    assert "compute" in read(QUESTION, "h", "tanh(a)").says


def test_numbers_on_the_pad_are_numbers_typed():
    # np.tanh([0.9, -0.9]) by hand: not tried with other numbers, for nothing in it comes from a given.
    worked = np.tanh(QUESTION.graph.whole("h").parents[0].number)
    pad = [f"k = [{', '.join(f'{one:.6f}' for one in worked)}]", "k2 = k"]
    assert mark(QUESTION, "h", "k2", scratch=pad).verdict == "right"
    assert mark(QUESTION, "h", "k2 + 0*x[0]", scratch=pad).says == RIGHT_HERE


def test_a_wrong_answer_through_the_pad_is_diagnosed_by_its_value():
    pad = ["z2 = W_xh @ x + W_hh @ h_prev"]
    verdict = mark(QUESTION, "h", "z2", scratch=pad)
    assert verdict.verdict == "wrong"
    assert verdict.diagnosis.kind in ("intermediate", "mutation", "authored")


def test_the_pad_reaches_earlier_parts_and_what_follows_from_them():
    question = ask(msgspec.convert(PARTS, Exercise))
    pad = ["half_p = prod(q) / 2", "l = log(half_p)"]
    verdict = mark(question, "logp", "l", {"p": "half_p"}, scratch=pad)
    assert verdict.follows == "It follows from your `p`. (Your `p` is still wrong.)"
    assert mark(question, "logp", "l2", {"p": "prod(q)"}, scratch=["l2 = log(p)"]).verdict == "right"


def test_shapes_may_use_it():
    question = ask(load_exercise(FILE.parents[1] / "shapes" / "task-shapes.yaml"))
    assert mark(question, "logits", "(n, T, V)", scratch=["n = B"]).verdict == "right"
