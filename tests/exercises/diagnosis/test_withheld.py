"""A diagnosis gives nothing away: that an answer is the value of another part is told once that part is solved.

Before, it is told only of an answer that marking would call right there, that nobody guesses, and where answers cost
nothing.
"""

import re
from pathlib import Path

import numpy as np
import pytest

from rnn_tutor.exercises.drawing import ask
from rnn_tutor.exercises.load import Library
from rnn_tutor.exercises.mark import mark
from rnn_tutor.exercises.read import read_exercise
from rnn_tutor.figures.numbers import listed

COURSE = Library([Path(__file__).parents[3] / "content"])

SPREAD = """
format: 1
id: spread
title: Spread
prompt: Find the variance, the spread and the range.
given:
  x: {value: "[1, 4, 2, 8]", means: values, axes: [item], draw: "integers(1, 60)"}
steps:
  - let: "top = max(x)"
    say: The largest.
  - let: "spread = top - min(x)"
    say: Its distance from the smallest.
  - let: "share = spread / sum(x)"
    say: As a share of the sum.
  - let: "root = sqrt(share)"
    say: Its root.
ask:
  - {answer: top, as: scalar, prompt: The largest}
  - {answer: spread, as: scalar, prompt: The spread}
  - {answer: share, as: scalar, prompt: The share}
  - {answer: root, as: scalar, prompt: The root}
mistakes:
  - {answer: top, value: "top - min(x)", say: That is how far the largest is from the smallest.}
  - {answer: top, value: "sum(x)", say: That is the sum.}
hints: [Look for the largest., Subtract., Divide.]
"""

SHAPES = """
format: 1
id: shapes
title: Shapes
prompt: Which shapes have the weights?
given:
  H: {value: 5, means: hidden units, draw: "integers(3, 9)"}
  D: {value: 2, means: inputs, draw: "integers(10, 20)"}
  x: {value: "ones(2)", means: input}
steps:
  - let: "W = ones(H, D)"
    say: A row for each unit.
  - let: "U = ones(H, H)"
    say: Square.
ask:
  - {answer: W, as: shape, axes: [unit, input]}
  - {answer: U, as: shape, axes: [unit, old unit]}
mistakes:
  - {answer: W, value: "[H, H]", say: That is what takes the old state.}
hints: [Rows are units., Square.]
"""


def question_of(tmp_path, name, text):
    (tmp_path / f"{name}.yaml").write_text(text)
    return ask(read_exercise(tmp_path / f"{name}.yaml").exercise)


@pytest.mark.parametrize(
    ("part", "typed", "told_once"),
    [
        ("spread", "8", "top"),  # a step on the way
        ("spread", "0.466667", "share"),  # another part
        ("share", "7", "spread"),
        ("root", "0.466667", "share"),  # a wrong version: without the root
        ("root", "7", "spread"),
        ("root", "max(x) - min(x)", "spread"),
    ],
)
def test_the_value_of_another_part_is_told_once_that_part_is_solved(tmp_path, part, typed, told_once):
    question = question_of(tmp_path, "spread", SPREAD)
    nothing = {"none", "elements"}
    assert mark(question, part, typed, bounded=True).diagnosis.kind in nothing
    assert mark(question, part, typed, {"root": "3"}, bounded=True).diagnosis.kind in nothing
    solved = mark(question, part, typed, solved=[told_once])
    assert solved.diagnosis.kind in ("authored", "intermediate", "mutation"), solved.says


@pytest.mark.parametrize(
    ("part", "typed"),
    [("spread", "8"), ("share", "7"), ("root", "7"), ("root", "max(x) - min(x)")],
)
def test_a_count_is_soon_guessed_so_nothing_is_told_of_it_before_its_part_is_solved(tmp_path, part, typed):
    assert mark(question_of(tmp_path, "spread", SPREAD), part, typed).diagnosis.kind in {"none", "elements"}


@pytest.mark.parametrize(("part", "typed"), [("spread", "0.467"), ("spread", "0.4667"), ("root", "0.4667")])
def test_what_marking_would_call_right_in_another_part_is_told(tmp_path, part, typed):
    question = question_of(tmp_path, "spread", SPREAD)
    assert mark(question, "share", typed).verdict == "right"
    assert "`share`" in mark(question, part, typed).says
    assert "`share`" not in mark(question, part, typed, bounded=True).says


@pytest.mark.parametrize("part", ["pure", "needed"])
def test_what_is_nearly_a_part_that_is_open_is_not_told_by_the_name_of_that_part(part):
    question = ask(COURSE.exercise("scheduled-sampling"), 0)
    half = f"{float(question.part('half').expected):.4g}"
    assert "`half`" not in mark(question, part, half, bounded=True).says  # nor as what `pure` is subtracted from


def test_a_number_that_is_short_is_soon_guessed(tmp_path):
    text = SPREAD.replace("[1, 4, 2, 8]", "[1, 6, 3, 8]")  # a share of 7 / 18
    half = SPREAD.replace("[1, 4, 2, 8]", "[1, 3, 3, 8]").replace("sum(x)", "(sum(x) - 1)")  # of 7 / 14
    assert "`share`" in mark(question_of(tmp_path, "spread", text), "spread", "0.3889").says
    assert "`share`" not in mark(question_of(tmp_path, "spread", half), "spread", "0.5000").says


def test_a_mistake_of_the_file_is_told_as_its_author_wrote_it(tmp_path):
    question = question_of(tmp_path, "spread", SPREAD)
    assert mark(question, "top", "7").says == "That is how far the largest is from the smallest."


def test_the_right_answers_typed_before_count_as_solved(tmp_path):
    question = question_of(tmp_path, "spread", SPREAD)
    assert mark(question, "share", "7", {"spread": "7"}).says == "That is `spread`: one step is still missing."
    assert "spread" not in mark(question, "share", "7", {"spread": "6"}).says


def test_what_is_the_same_for_these_numbers_only_is_told(tmp_path):
    question = question_of(tmp_path, "spread", SPREAD)
    assert mark(question, "top", "15").says == "That is the sum."
    assert mark(question, "share", "8 / 15").verdict == "wrong"


def test_a_formula_of_another_part_is_not_called_a_value_of_the_worked_way(tmp_path):
    question = question_of(tmp_path, "spread", SPREAD)
    typed = "(max(x) - min(x)) * 3 + x[0]"
    assert "the worked solution;" not in mark(question, "root", typed).says
    assert mark(question, "root", typed, solved=["spread"]).says.startswith("max(x) - min(x) matches")


def test_the_shape_of_another_part_is_told_once_that_part_is_solved(tmp_path):
    question = question_of(tmp_path, "shapes", SHAPES)
    for typed in ("(5, 5)", "(H, H)"):
        assert mark(question, "W", typed).says == "That is what takes the old state."  # as its author wrote it
    turned = mark(question, "U", "(5, 2)")
    assert turned.diagnosis.rule == "shape_size"  # what the typed size is, and of which part nothing
    assert "`W`" not in turned.says and "of W" not in turned.says
    assert mark(question, "U", "(5, 2)", solved=["W"]).says.startswith("That is the shape of `W`")


@pytest.mark.parametrize("name", COURSE.ids)
def test_no_exercise_of_the_course_names_a_part_that_is_not_solved(name):
    question = ask(COURSE.exercise(name))
    parts = [part for part in question.parts if part.kind in ("scalar", "vector", "matrix", "shape")]
    for asked in parts:
        for other in parts:
            if other is asked or isinstance(asked.expected, tuple) != isinstance(other.expected, tuple):
                continue
            value = other.expected
            typed = listed(value, 12) if isinstance(value, np.ndarray) else str(value)
            says = mark(question, asked.name, typed, bounded=True).says
            named = re.search(rf"That is (the shape of )?{re.escape(other.name)}\b(?! of)", says)
            given = any(np.array_equal(value, given) for given in question.givens.values())
            assert "another part" not in says
            assert named is None or given or other.name in question.givens, says


def test_a_part_that_is_used_by_its_name_may_be_named(tmp_path):
    question = question_of(tmp_path, "spread", SPREAD)
    assert (
        mark(question, "share", "spread", {"spread": "7"}, solved=[]).says
        == "That is `spread`: one step is still missing."
    )


@pytest.mark.parametrize("typed", ["0.47", "0.467", "0.4667"])
def test_two_digits_are_enough_to_be_taken_for_another_part(tmp_path, typed):
    question = question_of(tmp_path, "spread", SPREAD)
    assert "share" in mark(question, "spread", typed, solved=["share"]).says
    assert "share" not in mark(question, "spread", typed, bounded=True).says
    if typed == "0.47":  # marking asks for a third digit
        assert "share" not in mark(question, "spread", typed).says
