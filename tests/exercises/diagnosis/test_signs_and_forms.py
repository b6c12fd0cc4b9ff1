"""The right number with another sign, the place for the value, an interval of which one number is wrong."""

import numpy as np
import pytest

from rnn_tutor.engine.reading.language import parse
from rnn_tutor.exercises.diagnosis.chance import is_likely, is_measured
from rnn_tutor.exercises.drawing import ask
from rnn_tutor.exercises.mark import mark
from rnn_tutor.exercises.read import read_exercise
from rnn_tutor.exercises.verdict import Reading

FERTILISER = """
format: 1
id: fertiliser
title: Two fertilisers
prompt: Yields `a` and `b` of two fertilisers, on plots side by side.
given:
  a: {value: "[21.5, 24.0, 22.3, 25.1]", means: yield with the first, axes: [plot]}
  b: {value: "[19.8, 24.9, 20.4, 22.7]", means: yield with the second, axes: [plot]}
  crit: {value: "2.353", means: critical value of t}
steps:
  - let: "se = sqrt(var(a) / 4 + var(b) / 4)"
    say: Of the difference.
  - let: "stat = (mean(a) - mean(b)) / se"
    say: In standard errors.
  - let: "interval = (mean(a) - mean(b)) + crit * se * array([-1, 1])"
    say: Around the difference.
  - let: "best = maximum(a, b)"
    say: The better one of each pair.
ask:
  - {answer: stat, as: scalar}
  - {answer: interval, as: vector, axes: [end]}
  - {answer: best, as: vector, axes: [plot]}
hints: [Means first., Then the errors., Compare.]
"""


@pytest.fixture
def question(tmp_path):
    (tmp_path / "fertiliser.yaml").write_text(FERTILISER)
    return ask(read_exercise(tmp_path / "fertiliser.yaml").exercise)


def reading(text):
    expr = parse(text)
    return Reading(text, "", np.array([float(one) for one in text.strip("[]").split(",")]).squeeze(), (), expr=expr)


def test_the_sign_is_told_with_three_digits(question):
    right = float(question.part("stat").expected)
    found = mark(question, "stat", f"{-right:.3g}").diagnosis
    assert (found.rule, found.says) == ("negated", "You would get this if the result had the opposite sign.")


def test_the_right_number_with_another_sign_is_likelier_than_its_rule(question):
    part = question.part("stat")
    right = float(part.expected)
    rare, all_of = [9.0], [0.0] * 20
    assert is_likely(part, reading(f"{-right:.3g}"), rare, all_of, 0.0)
    assert not is_likely(part, reading(f"{-1.3 * right:.3g}"), rare, all_of, 0.0)
    assert not is_likely(part, reading(f"{1.3 * right:.3g}"), rare, all_of, 0.0)


def test_nonsense_has_seldom_another_sign_than_the_right_number(question):
    part = question.part("stat")
    right = float(part.expected)
    common, all_of = [2.5], [0.0] * 20
    assert is_likely(part, reading(f"{-1.3 * right:.3g}"), common, all_of, 0.0)
    assert not is_likely(part, reading(f"{1.3 * right:.3g}"), common, all_of, 0.0)


def test_an_interval_with_the_right_middle_is_one_number(question):
    part = question.part("interval")
    low, high = map(float, part.expected)
    half, middle = (high - low) / 2, (high + low) / 2
    assert is_measured(part, reading(f"[{middle - half / 2:.4f}, {middle + half / 2:.4f}]"))
    assert not is_measured(part, reading(f"[{middle - half / 2:.4f}, {middle + half:.4f}]"))
    assert not is_measured(part, reading(f"[{middle - half / 2:.4f}, {middle + half / 2:.0f}]"))  # rough


def test_which_of_two_is_told_for_its_value(question):
    a, b = question.givens["a"], question.givens["b"]
    found = mark(question, "best", str([int(one) for one in b > a]).replace("'", "")).diagnosis
    assert found.says == "You would get this if it were given which of `a` and `b` is the larger, not its value."
