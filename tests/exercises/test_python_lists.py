"""Python's lists in an answer: read as the array or the list, whichever was asked for; asked where both were."""

import numpy as np
import pytest

from rnn_tutor.exercises.drawing import ask
from rnn_tutor.exercises.mark import mark
from rnn_tutor.exercises.read import load_exercise
from rnn_tutor.exercises.scratch import notes

FILE = """\
format: 1
id: lists
title: Lists
level: 1
prompt: Give y.
given:
  want: {{value: "{want}", means: what is wanted}}
  n: {{value: "3", means: a count}}
  m: {{value: "0.5", means: a share}}
steps:
  - let: "y = want + 0 * n"
    say: It is there already.
ask:
  - answer: y
    as: {kind}
hints: [Look at it.]
"""


def question(tmp_path, want, kind=""):
    kind = kind or ("matrix" if "[[" in want else "vector" if "[" in want else "scalar")
    file = tmp_path / "lists.yaml"
    file.write_text(FILE.format(want=want, kind=kind))
    return ask(load_exercise(file))


@pytest.mark.parametrize(
    ("text", "want"),
    [
        ("[0]*3", "[0, 0, 0]"),
        ("3*[0]", "[0, 0, 0]"),
        ("[0]*n", "[0, 0, 0]"),
        ("(0,)*3", "[0, 0, 0]"),
        ("[0.25]*2 + [0.5]", "[0.25, 0.25, 0.5]"),
        ("[1]+[2]", "[1, 2]"),
        ("[]+[1, 2]", "[1, 2]"),
        ("[1, 2]*2", "[1, 2, 1, 2]"),
        ("[[1, 2]]*2", "[[1, 2], [1, 2]]"),
        ("[[1, 2]]+[[3, 4]]", "[[1, 2], [3, 4]]"),
        ("np.array([0]*3)", "[0, 0, 0]"),
        ("tanh([1]*3)", "[0.761594, 0.761594, 0.761594]"),
        ("[0]*(n - 1)", "[0, 0]"),
        ("[1, 2]*0 + [3]", "[3]"),
    ],
)
def test_a_list_is_taken_as_python_s_where_only_that_is_asked_for(text, want, tmp_path):
    verdict = mark(question(tmp_path, want), "y", text)
    assert verdict.verdict == "right", verdict
    assert "as Python means a list: " in verdict.reading.says


@pytest.mark.parametrize(
    ("text", "want"),
    [
        ("[1]+[2]", "[3]"),
        ("2*[1, 2]", "[2, 4]"),
        ("[1, 2]*2", "[2, 4]"),
        ("[1, 2]+[3, 4]", "[4, 6]"),
        ("[1, 2]*m", "[0.5, 1]"),
        ("[1, 2]*[3, 4]", "[3, 8]"),
        ("array([1, 2])*2", "[2, 4]"),
        ("[0.5]*1", "[0.5]"),
        ("[1, 2]*[2]", "[2, 4]"),
    ],
)
def test_it_is_an_array_where_that_is_asked_for(text, want, tmp_path):
    verdict = mark(question(tmp_path, want), "y", text)
    assert verdict.verdict == "right", verdict
    assert "Python" not in verdict.reading.says


@pytest.mark.parametrize(
    ("text", "ways"),
    [
        ("mean([1, 2] + [3, 6])", ("[1, 2, 3, 6]", "array([1, 2]) + [3, 6]")),
        ("len([0] * 3)", ("[0, 0, 0]", "array([0]) * 3")),
        ("len(3 * [1, 2])", ("[1, 2, 1, 2, 1, 2]", "3 * array([1, 2])")),
        ("mean([1] + [2])", ("[1, 2]", "array([1]) + [2]")),
    ],
)
def test_where_both_are_possible_it_is_asked(text, ways, tmp_path):
    asked = question(tmp_path, "3.5")
    verdict = mark(asked, "y", text)
    assert verdict.verdict == "not_understood"
    assert all(way in verdict.says for way in ways), verdict.says
    for way in ways:  # what the question offers is not asked about again
        inner = text.replace("[1, 2] + [3, 6]", way).replace("[0] * 3", way).replace("3 * [1, 2]", way)
        assert mark(asked, "y", inner.replace("[1] + [2]", way)).verdict != "not_understood"


def test_where_neither_fits_it_is_an_array(tmp_path):
    verdict = mark(question(tmp_path, "[1, 2, 3, 4, 5]"), "y", "[1, 2]*2")
    assert (verdict.verdict, verdict.reading.value.tolist()) == ("wrong", [2.0, 4.0])


def test_sizes_too_are_joined_as_python_does(tmp_path):
    asked = question(tmp_path, "[[1, 2, 3], [4, 5, 6], [7, 8, 9]]", "shape")
    for text in ("(3,) + (3,)", "[3]*2", "(n,)*2", "(3, 3)"):
        assert mark(asked, "y", text).verdict == "right", text
    assert mark(asked, "y", "(3,)*4").verdict == "wrong"


def test_a_list_stays_within_its_bounds(tmp_path):
    asked = question(tmp_path, "[1, 2]")
    for text in ("[0]*100000", "[0]*n**9*9999", "[[0]*9999]*9999", "[0]*1e9", "[0]*-5", "[0]*nan", "([0]*9999)*9999"):
        assert mark(asked, "y", text).verdict in ("not_understood", "wrong"), text


def test_the_scratchpad_asks_for_nothing_and_so_it_asks(tmp_path):
    asked = question(tmp_path, "[1, 2]")
    first, second, third = notes(asked, ["a = [0] * 3", "b = [1, 2] * 1", "c = array([1, 2]) * 2"])
    assert "again and again, or a product?" in first.says
    assert second.value.tolist() == [1, 2]
    np.testing.assert_array_equal(third.value, [2, 4])


def test_how_an_answer_was_read_stands_in_the_echo(tmp_path):
    asked = question(tmp_path, "[[1, 4], [2, 5], [3, 6]]")
    says = mark(asked, "y", "[[1, 2, 3], [4, 5, 6]].transpose(0, 1)").reading.says
    assert "transpose(0, 1) as PyTorch means it" in says
