"""Mistakes of many fields: results averaged, an exponential for a product, gates unit by unit, no cut."""

from pathlib import Path

import numpy as np
import pytest

from rnn_tutor.exercises.drawing import ask
from rnn_tutor.exercises.mark import mark
from rnn_tutor.exercises.read import read_exercise
from rnn_tutor.figures.numbers import listed

FIELDS = """
format: 1
id: fields
title: Of many fields
prompt: Numbers of many fields.
given:
  hits: {value: "[30, 12, 5]", means: hits of each class, draw: "integers(5, 40)"}
  said: {value: "[41, 23, 19]", means: how often each class was said, draw: "integers(42, 60)"}
  fail: {value: "[0.12, 0.23, 0.07, 0.31]", means: probability that a part fails, draw: "uniform(0.05, 0.4)"}
  s: {value: "[0.7, -1.2, 0.4]", means: sensitivities, draw: "uniform(-1.5, 1.5)"}
  C: {value: "[[0.9, 0.2, -0.1], [0.2, 0.5, 0.3], [-0.1, 0.3, 0.8]]", means: covariances of the errors}
  w: {value: "0.6", means: weight, draw: "uniform(0.3, 1)"}
  x: {value: "[1.3, 0.7]", means: features of this state and the next, draw: "uniform(0.4, 1.6)"}
  r: {value: "0.35", means: reward, draw: "uniform(0.1, 1)"}
  a: {value: "[0.4, -1.2, 1.6, -0.8, 1.0, -0.5, -0.6, 1.4]", means: inputs of the gates, draw: "uniform(-2, 2)"}
  h: {value: "[0.6, -0.4]", means: old state, draw: "uniform(-1, 1)"}
  cell: {value: "[0.9, -1.3]", means: old cell, draw: "uniform(-1.5, 1.5)"}
steps:
  - let: "total = sum(hits)"
    say: All hits.
  - let: "surprise = -log(total / sum(said))"
    say: Of all together.
  - let: "works = 1 - fail"
    say: What does not fail.
  - let: "chain = cumprod(works)"
    say: All parts so far work.
  - let: "variance = s @ C @ s"
    say: Errors add up with their covariances.
  - let: "target = stop(r + 0.9 * w * x[1])"
    say: The target is a constant.
  - let: "miss = (target - w * x[0]) ** 2"
    say: The squared error.
  - let: "slope = grad(miss, w)"
    say: Its gradient.
  - let: "z = a + 0.5 * concat(h, h, h, h)"
    say: What the gates see.
  - let: "i = sigmoid(z[0:2])"
    say: The input gate.
  - let: "f = sigmoid(z[2:4])"
    say: The forget gate.
  - let: "g = tanh(z[4:6])"
    say: The candidate.
  - let: "o = sigmoid(z[6:8])"
    say: The output gate.
  - let: "out = o * tanh(f * cell + i * g)"
    say: The state.
ask:
  - {answer: surprise, as: scalar}
  - {answer: chain, as: vector}
  - {answer: variance, as: scalar}
  - {answer: slope, as: scalar}
  - {answer: out, as: vector}
hints: [One., Two.]
"""
HITS, SAID = np.array([30, 12, 5]), np.array([41, 23, 19])
FAIL = np.array([0.12, 0.23, 0.07, 0.31])
S = np.array([0.7, -1.2, 0.4])
C = np.array([[0.9, 0.2, -0.1], [0.2, 0.5, 0.3], [-0.1, 0.3, 0.8]])
A = np.array([0.4, -1.2, 1.6, -0.8, 1.0, -0.5, -0.6, 1.4])
Z = A + 0.5 * np.tile([0.6, -0.4], 4)
CELL = np.array([0.9, -1.3])


def lstm(i, f, g, o):
    i, f, o = (1 / (1 + np.exp(-one)) for one in (i, f, o))
    return o * np.tanh(f * CELL + i * np.tanh(g))


@pytest.fixture(scope="module")
def question(tmp_path_factory):
    path = tmp_path_factory.mktemp("fields") / "fields.yaml"
    path.write_text(FIELDS, encoding="utf-8")
    return ask(read_exercise(path).exercise)


TOLD = [
    ("surprise", np.mean(-np.log(HITS / SAID)), "results_averaged", "where all count together"),
    ("chain", np.exp(-np.cumsum(FAIL)), "other_survival", "the exponential of minus the sum"),
    ("variance", (S @ C @ S + S**2 @ np.diag(C)) / 2, "quadratic_form", "counted once, not twice"),
    ("slope", 2 * (0.35 + 0.9 * 0.6 * 0.7 - 0.6 * 1.3) * (0.9 * 0.7 - 1.3), "not_cut", "the gradient were not cut"),
    ("out", lstm(Z[0:2], Z[2:4], Z[6:8], Z[4:6]), "gate_order", "were exchanged"),
    ("out", lstm(Z[0:2], Z[4:6], Z[6:8], Z[2:4]), "gate_order", "in this order"),
    ("out", lstm(Z[0::4], Z[1::4], Z[2::4], Z[3::4]), "gate_order", "unit by unit"),
]


@pytest.mark.parametrize(("part", "value", "rule", "said"), TOLD)
def test_a_mistake_of_the_kind_is_told(question, part, value, rule, said):
    text = f"{value:.4g}" if np.ndim(value) == 0 else listed(value, 4)
    found = mark(question, part, text).diagnosis
    assert rule in found.rule.split(" or ") and said in found.says, found


COUNTED = """
format: 1
id: counted
title: Counted
prompt: Which word is meant?
given:
  p: {value: "[[0.1, 0.6, 0.3], [0.5, 0.2, 0.3], [0.2, 0.1, 0.7]]", means: weights, draw: "simplex()"}
steps:
  - let: "first = argmax(p, axis=1)"
    say: The largest of each row.
  - let: "unsure = -sum(p * log(p), axis=1)"
    say: The entropy of each row.
ask:
  - {answer: first, as: vector}
  - {answer: unsure, as: vector}
hints: [One., Two.]
"""


def test_counts_in_some_elements_are_no_numbers_that_round_to_them(tmp_path):
    path = tmp_path / "counted.yaml"
    path.write_text(COUNTED, encoding="utf-8")
    asked = ask(read_exercise(path).exercise)
    assert np.round(asked.truths["first"] + asked.truths["unsure"]).tolist() == [2, 1, 3]
    found = mark(asked, "first", "[2, 0, 3]").diagnosis
    assert "added to the result" not in found.says, found


POWERS = """
format: 1
id: powers
title: Powers
prompt: What is left?
given:
  p: {value: "0.9", means: fraction that is kept in each step, draw: "uniform(0.5, 0.95)"}
  n: {value: "5", means: steps, draw: "integers(4, 9)"}
  y: {value: "[[0.3, 0.5], [0.2, 0.6], [0.7, 0.4]]", means: probabilities, draw: "uniform(0.1, 0.9)"}
steps:
  - let: "rest = p ** n"
    say: n times the same factor.
  - let: "stay = [y[0, 0], 0]"
    say: What stays.
  - let: "jump = [0, y[0, 1] * y[1, 1]]"
    say: What jumps.
  - let: "alpha = (stay + jump) * y[2]"
    say: What arrives.
ask:
  - {answer: rest, as: scalar}
  - {answer: alpha, as: vector}
hints: [One., Two.]
"""


@pytest.fixture
def powers(tmp_path):
    path = tmp_path / "powers.yaml"
    path.write_text(POWERS, encoding="utf-8")
    return ask(read_exercise(path).exercise)


def test_a_typed_number_may_be_one_off_a_given(powers):
    found = mark(powers, "rest", "p ** 4").diagnosis
    assert found.rule == "power" and "one too low" in found.says, found
    assert mark(powers, "rest", "p ** 3").diagnosis.kind == "none"  # two off is nobody's count
    assert mark(powers, "rest", "p ** 5").verdict == "right"


@pytest.mark.parametrize("text", ["p + p", "1 / p"])
def test_an_expression_that_has_little_of_the_right_one_is_no_two_mistakes(powers, text):
    found = mark(powers, "rest", text).diagnosis
    assert "+" not in found.rule, found


def test_an_element_of_0_is_a_number_that_was_worked_out(powers):
    assert powers.truths["alpha"].round(9).tolist() == [0.21, 0.12]
    found = mark(powers, "alpha", "[0.21, 0]").diagnosis
    assert found.rule == "term_left_out" and "`[0, y[0, 1] * y[1, 1]]` were missing" in found.says, found
    assert "`[y[0, 0], 0]` were missing" in mark(powers, "alpha", "[0, 0.12]").diagnosis.says
    assert mark(powers, "alpha", "[0.17, 0]").diagnosis.kind in {"none", "elements"}


def test_an_expression_with_all_names_of_the_right_one_may_be_two_mistakes():
    content = Path(__file__).parents[3] / "content"
    asked = ask(read_exercise(next(content.glob("*/fully-masked-row.yaml"))).exercise)
    found = mark(asked, "context", "exp(scores) @ V").diagnosis
    assert found.rule == "padding+softmax", found
