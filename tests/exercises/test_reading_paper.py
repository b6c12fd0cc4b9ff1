"""Answers as they are written on paper and pasted: what is read, and what is asked about instead of marked wrong."""

from pathlib import Path

import numpy as np
import pytest

from rnn_tutor.exercises.drawing import ask
from rnn_tutor.exercises.mark import mark
from rnn_tutor.exercises.question import Question
from rnn_tutor.exercises.read import load_exercise
from rnn_tutor.exercises.reading import read
from rnn_tutor.exercises.scratch import notes

VALUES = """
format: 1
id: paper
title: Paper
level: 1
prompt: |
  Compute all.
given:
  x: {value: "[1.0, -0.5, 2.0]", means: input, axes: [feature]}
  h_prev: {value: "[0.3, -0.6]", means: old state, axes: [unit]}
  W_xh: {value: "[[0.4, -0.2, 0.1], [0.3, 0.5, -0.7]]", means: weights, axes: [unit, feature]}
  W_hh: {value: "[[0.5, 0.2], [-0.3, 0.8]]", means: weights, axes: [unit, old unit]}
  f: {value: "[0.9, 0.2]", means: gate, axes: [unit]}
  k: {value: "1.0", means: a number}
steps:
  - {let: "money = 1157.21 * k", say: Money.}
  - {let: "one = 1 * k", say: One.}
  - {let: "half = 0.5 * k", say: Half.}
  - {let: "positive = x > 0", say: Which are positive.}
  - {let: "h = tanh(W_xh @ x + W_hh @ h_prev)", say: The state.}
  - {let: "gated = f * (W_hh @ h_prev)", say: Gated.}
  - {let: "only = x[0:1] * -0.5", say: One entry.}
ask:
  - {answer: money, as: scalar}
  - {answer: one, as: scalar}
  - {answer: half, as: scalar}
  - {answer: positive, as: vector, axes: [feature]}
  - {answer: h, as: vector, axes: [unit]}
  - {answer: gated, as: vector, axes: [unit]}
  - {answer: only, as: vector, axes: [feature]}
hints: [One., Two.]
"""

SIZES = """
format: 1
id: sizes
title: Sizes
level: 1
prompt: |
  What shape has `y`?
given:
  X: {value: "[[1.0, -0.5, 2.0], [1, 2, 3]]", means: input, axes: [batch, feature]}
  B: {value: "2", means: batch}
  D: {value: "3", means: features}
steps:
  - {let: "y = X * 2", say: The same.}
ask:
  - {answer: y, as: shape, axes: [batch, feature]}
hints: [One., Two.]
"""


def _question(folder: Path, text: str) -> Question:
    name = text.split("id: ")[1].split(maxsplit=1)[0]
    path = folder / f"{name}.yaml"
    path.write_text(text, encoding="utf-8")
    return ask(load_exercise(path))


@pytest.fixture(scope="module")
def values(tmp_path_factory: pytest.TempPathFactory) -> Question:
    return _question(tmp_path_factory.mktemp("paper"), VALUES)


@pytest.fixture(scope="module")
def sizes(tmp_path_factory: pytest.TempPathFactory) -> Question:
    return _question(tmp_path_factory.mktemp("sizes"), SIZES)


@pytest.mark.parametrize(
    ("part", "text"),
    [
        ("money", "$1157.21"),
        ("money", "1,157.21"),
        ("money", "1.157x10^3"),
        ("money", "1160"),
        ("money", ">>> 1000 + 157.21\n1157.21"),
        ("half", "0.5,"),
        ("half", "0.\u200b5"),
        ("half", "\u200bhalf\u200b = 0.5"),
        ("half", "`0.5`"),
        ("half", "0.5 k"),
        ("one", "int(3/2)"),
        ("one", "np.int64(1)"),
        ("positive", "[True, False, True]"),
        ("positive", "[ True False  True]"),
        ("positive", "True False True"),
        ("positive", "tensor([ True, False,  True])"),
        ("positive", "[np.True_, np.False_, np.True_]"),
        ("positive", "x > 0"),
        ("h", "tanh(W_xh x + W_hh h_prev)"),
        ("h", "```\ntanh(W_xh x + W_hh h_prev)\n```"),
        ("h", "(x[None, :] @ W_xh.T + h_prev[np.newaxis] @ W_hh.T)[0] * 0 + tanh(W_xh x + W_hh h_prev)"),
        ("gated", "f * W_hh h_prev"),
        ("only", "-0.5"),
        ("only", "-0.5,"),
        ("only", "[-0.5]"),
    ],
)
def test_what_is_right_on_paper_is_right(values: Question, part: str, text: str) -> None:
    verdict = mark(values, part, text)
    assert verdict.verdict == "right", verdict


@pytest.mark.parametrize(
    ("part", "text", "asks"),
    [
        ("one", "True", "Do you mean the number 1 by True? Then write 1."),
        ("half", "False", "Do you mean the number 0 by False? Then write 0."),
        ("one", "np.True_", "the number 1"),
        ("one", "tensor(True)", "the number 1"),
        ("one", "k > 0", "true or false"),
        ("h", "[True, -0.5]", "the number 1"),
        ("h", "h_prev > 0", "true or false"),
        ("half", "(0,4+0,6)/2", "0.4"),
        ("half", "0·5", "0.5"),
        ("gated", "f h_prev", "f * h_prev"),
        ("h", "k k", "Write k * k, or [k, k]."),
        ("h", "k k k", "Write k * k * k, or [k, k, k]."),
        ("h", "7,260.05", "7260.05"),
        ("one", "1.995 10^-4", "1.995e-4"),
        ("money", "1 157.21", "1157.21"),
        ("money", "1\u202f157.21", "1157.21"),
        ("h", "[-0,5; 2,625]", "Write [-0.5; 2.625]."),
        ("h", "h = [-1,5; 2,625]", "Write [-1.5; 2.625]."),
        ("only", "[1,5]", "1.5 for one"),
    ],
)
def test_what_reads_two_ways_is_asked_and_not_marked(values: Question, part: str, text: str, asks: str) -> None:
    verdict = mark(values, part, text)
    assert verdict.verdict == "not_understood"
    assert verdict.diagnosis is not None
    assert asks in verdict.diagnosis.says
    assert "?" in verdict.diagnosis.says


def test_truth_that_is_an_argument_is_none_of_the_numbers(values: Question) -> None:
    assert read(values, "half", "sum(x, keepdims=True)[0] / 5").error is None
    assert read(values, "half", "where(True, 0.5, 1)").error is None
    assert read(values, "half", "sum(x > 0) / 4").error is None


def test_the_echo_shows_which_product_was_read(values: Question) -> None:
    says = read(values, "h", "tanh(W_xh x + W_hh h_prev)").says
    assert says.startswith("read as tanh(W_xh @ x + W_hh @ h_prev): a vector (2): ")
    assert read(values, "half", "0.5 k").says == "read as 0.5 * k: 0.5"
    assert read(values, "half", "0.5 * k").says == "read as 0.5"


def test_the_scratchpad_reads_alike(values: Question) -> None:
    pad = ["a = W_xh x", "b = W_hh h_prev", "c = $7,260.05", "2 a", ">>> 8.48x10^-1", "a b"]
    found = notes(values, pad)
    assert [note.says for note in found[:5]] == [
        "W_xh @ x: a vector (2): 0.7 -1.35",
        "W_hh @ h_prev: a vector (2): 0.03 -0.57",
        "7260.05",
        "2 * a: a vector (2): 1.4 -2.7",
        "0.848",
    ]
    assert found[5].error is not None and "a * b" in found[5].says
    assert mark(values, "h", "tanh(a + b)", scratch=pad[:2]).verdict == "right"
    fenced = notes(values, ["```python", "a = W_xh x", "```"])
    assert [(note.says, note.error) for note in fenced][::2] == [("left out", None)] * 2
    assert fenced[1].name == "a"


@pytest.mark.parametrize(
    "text",
    [
        "X.shape",
        "shape(X)",
        "np.shape(X)",
        "(X.shape[0], 3)",
        "shape(B, D)",
        "shape = (2, 3)",
        "X.T.shape[::-1]",
        "shape(X * 2)",
        "shape(X)[0], 3",
        "X.shape,",
        "X.size()",
        "tuple(X.shape)",
        "list(X.T.shape)[::-1]",
        "X.T.permute(1, 0).size()",
        "shape(zeros(B, D))",
        "shape(transpose(X.T, (1, 0)))",
        "X.shape[:1] + (D,)",
        "(B,) + X.shape[1:]",
        "X.T.shape[1:] + X.shape[1:]",
    ],
)
def test_shapes_of_what_is_given_are_read(sizes: Question, text: str) -> None:
    verdict = mark(sizes, "y", text)
    assert verdict.verdict == "right", verdict


def test_the_shape_that_is_asked_for_is_told_in_no_message(sizes: Question) -> None:
    for text in ("X * 2", "X", "(X, 3)", "zeros(B, D)", "X.T @ X"):
        says = mark(sizes, "y", text).diagnosis.says
        assert "is an array" in says and "(2, 3)" not in says and "(3, 3)" not in says, says


def test_a_size_beside_a_shape_is_asked_about(sizes: Question) -> None:
    verdict = mark(sizes, "y", "X.shape[:1] + (D)")
    assert verdict.verdict == "not_understood"
    assert "write (D,)" in verdict.diagnosis.says


def test_a_shape_of_one_axis_and_of_another_array(sizes: Question) -> None:
    assert read(sizes, "y", "shape(B)").value == (2,)
    assert read(sizes, "y", "shape(2 * B)").value == (4,)
    assert read(sizes, "y", "2 x 3*10^2").value == (2, 300)
    assert "whole" in read(sizes, "y", "X.shape / 2").says
    assert read(sizes, "y", "X.T.shape").value == (3, 2)
    assert read(sizes, "y", "X.shape").says == "read as the shape X.shape = (2, 3)"
    assert "true or false" in read(sizes, "y", "(True, 3)").says


@pytest.mark.parametrize("number", ["125004.5", "1234567.25", "0.1234567891"])
def test_a_number_is_quoted_as_it_is(sizes: Question, number: str) -> None:
    assert read(sizes, "y", f"(2, {number})").says == f"The size {number} must be whole."
    assert read(sizes, "y", f"(2, 0 + {number})").says == f"The size 0 + {number} must be whole."
    assert f"{number} is not" in read(sizes, "y", f"(2, 2 * {number} / 2)").says
    assert f"{number} is not" in read(sizes, "y", f"(2, X[{number}])").says
    assert "12345678901" in read(sizes, "y", "(2, X[12345678901])").says
    assert "The size 12345678901 is too large" in read(sizes, "y", "(2, 12345678901)").says


@pytest.mark.parametrize(
    ("text", "verdict"),
    [
        ("1160", "right"),
        ("1157", "right"),
        ("1200", "rounded"),
        ("1000", "rounded"),
        ("1150", "wrong"),
        ("1170", "wrong"),
        ("1100", "wrong"),
        ("11600", "wrong"),
        ("1.16e3", "right"),
    ],
)
def test_noughts_at_the_end_may_be_digits_or_not(values: Question, text: str, verdict: str) -> None:
    assert mark(values, "money", text).verdict == verdict
    assert np.isfinite(float(text))
