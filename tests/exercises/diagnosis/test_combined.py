"""What a place would have had to be, and the short expressions that it may have been; mistakes in some elements."""

import numpy as np
import pytest

from rnn_tutor.engine.expression import show
from rnn_tutor.exercises.diagnosis.backwards import wanted_of_places
from rnn_tutor.exercises.drawing import ask
from rnn_tutor.exercises.mark import mark
from rnn_tutor.exercises.read import read_exercise

HEAD = """
format: 1
id: case
title: A case
prompt: Work it out.
"""
ROD = """
given:
  u: {value: "[100.0, 62.5, 40.0, 31.5, 20.0]", means: temperatures, axes: [place], draw: "uniform(10, 100)"}
  r: {value: "0.245", means: mesh ratio, draw: "choice(0.2, 0.25, 0.3)"}
steps:
  - let: "bend = u[2:] - 2 * u[1:-1] + u[:-2]"
    say: The second difference.
  - let: "inside = u[1:-1] + r * bend"
    say: Towards the neighbours.
  - let: "after = concat(u[:1], inside, u[-1:])"
    say: The ends stay.
ask: [{answer: after, as: vector}]
hints: [Differences., Then the ends.]
"""
TERMS = """
given:
  tf: {value: "[3, 1, 5]", means: counts, axes: [term], draw: "integers(1, 9)"}
  k: {value: "1.2", means: saturation, draw: "choice(1.2, 1.5, 1.6)"}
  length: {value: "1.375", means: length, draw: "choice(0.7, 1.3, 1.5)"}
steps:
  - let: "top = tf * (k + 1)"
    say: Counts.
  - let: "saturated = top / (tf + k * length)"
    say: Each further count adds less.
ask: [{answer: saturated, as: vector}]
hints: [Counts., Then the ratio.]
"""
NGRAMS = """
given:
  hits: {value: "[10, 7, 4, 2]", means: matches, axes: [order], draw: "integers(3, 12)"}
  c: {value: "14", means: tokens, draw: "integers(13, 17)"}
steps:
  - let: "precision = hits / (c - arange(4))"
    say: For each order.
ask: [{answer: precision, as: vector}]
hints: [Count., Then divide.]
"""
SMOOTHED_LABELS = """
given:
  z: {value: "[1.6, 0.4, -1.1, 2.3]", means: logits, axes: [token], draw: "normal(0, 1.5)", decimals: 1}
  q: {value: "[0.025, 0.9, 0.05, 0.025]", means: target, axes: [token], draw: "simplex()"}
steps:
  - let: "logp = log_softmax(z)"
    say: Logarithms.
  - let: "loss = -sum(q * logp)"
    say: The cross-entropy.
ask: [{answer: loss, as: scalar}]
hints: [Logarithms first., Then the sum.]
"""
KALMAN = """
given:
  x: {value: "[2.0, -0.5, 1.7]", means: state, axes: [state], draw: "uniform(-3, 3)", decimals: 1}
  g: {value: "[0.7, 0.2, 0.4]", means: gain, axes: [state], draw: "uniform(0.1, 0.9)"}
  z: {value: "2.8", means: measurement, draw: "uniform(4, 6)", decimals: 1}
steps:
  - let: "after = x + g * (z - x[0])"
    say: Corrected.
ask: [{answer: after, as: vector}]
hints: [The difference., Then the gain.]
"""
FAR = """
given:
  w: {value: "[0.9, -1.3, 0.4]", means: weights, axes: [unit], draw: "uniform(-2, 2)", decimals: 1}
  x: {value: "[1.2, 0.7, -0.8]", means: input, axes: [unit], draw: "uniform(-2, 2)", decimals: 1}
  b: {value: "0.35", means: bias, draw: "uniform(0.2, 0.9)"}
  r: {value: "0.81", means: rate, draw: "uniform(0.2, 0.9)"}
steps:
  - let: "a = sum(w * x) + b"
    say: The sum.
  - let: "y = exp(-r * a) / (1 + b)"
    say: The decay.
ask: [{answer: y, as: scalar}]
hints: [The sum., Then the decay.]
"""
BREVITY = """
given:
  c: {value: "14", means: tokens of the translation, draw: "integers(13, 17)"}
  r: {value: "17", means: tokens of the reference, draw: "integers(17, 22)"}
steps:
  - let: "bp = where(c < r, exp(1 - r / c), 1)"
    say: A short one pays.
ask: [{answer: bp, as: scalar}]
hints: [Divide., Then the exponential.]
"""
U = np.array([100.0, 62.5, 40.0, 31.5, 20.0])
TF, K, LENGTH = np.array([3.0, 1.0, 5.0]), 1.2, 1.375


def case(tmp_path, text):
    (tmp_path / "case.yaml").write_text(HEAD + text)
    return ask(read_exercise(tmp_path / "case.yaml").exercise)


def told(question, value, digits=4):
    part = question.parts[0].name
    return mark(question, part, ", ".join(f"{one:.{digits}g}" for one in np.atleast_1d(value))).diagnosis


def test_what_a_place_would_have_had_to_be_gives_the_answer(tmp_path):
    question = case(tmp_path, TERMS)
    part = question.parts[0]
    answer = TF * (K + 1) / (TF + K) * LENGTH
    found = wanted_of_places(question, part, (answer - 1e-9, answer + 1e-9))
    asked = {show(one.place): (one.low + one.high) / 2 for one in found}
    lists = {"top / (tf + k * length)", "top", "tf * (k + 1)", "tf", "tf + k * length"}
    numbers = {"k + 1", "k * length", "length"}  # for which a list may have been read
    assert lists <= asked.keys() and numbers <= asked.keys(), asked.keys()
    np.testing.assert_allclose(asked["top"] / (TF + K * LENGTH), answer, rtol=1e-7)
    np.testing.assert_allclose(asked["tf + k * length"], (TF + K) / LENGTH, rtol=1e-7)


def test_a_place_is_not_told_where_another_part_of_what_is_joined_is_wrong_too(tmp_path):
    question = case(tmp_path, ROD)
    answer = np.array([99.0, 60.0, 41.0, 30.0, 20.0])
    found = wanted_of_places(question, question.parts[0], (answer - 0.005, answer + 0.005))
    assert [show(one.place) for one in found] == ["concat(u[:1], inside, u[-1:])"]


def test_a_short_expression_in_a_place_is_told(tmp_path):
    wrong = np.concatenate([U[:1], U[1:-1] + 0.245 * (U[2:] - U[:-2]) / 2, U[-1:]])
    found = told(case(tmp_path, ROD), wrong)
    assert (found.kind, found.rule) == ("expression", "expression"), found
    assert found.says == (
        "You would get this if `(u[2:] - u[:-2]) / 2` were used instead of `u[2:] - 2 * u[1:-1] + u[:-2]`."
    )


def test_three_values_typed_with_four_digits_tell_what_two_numbers_and_an_array_gave(tmp_path):
    found = told(case(tmp_path, TERMS), TF * (K + 1) / (TF + K) * LENGTH)
    assert "`(tf + k) / length` were used instead of `tf + k * length`" in found.says, found


def test_random_numbers_are_no_short_expression(tmp_path):
    question = case(tmp_path, TERMS)
    random = np.random.default_rng(3)
    for _ in range(60):
        found = told(question, np.asarray(question.parts[0].expected) * random.uniform(0.5, 1.6, 3))
        assert found.rule != "expression", found


@pytest.mark.parametrize(("digits", "named"), [(3, True), (1, False)])
def test_a_mistake_in_some_of_the_elements_is_told_with_those_that_are_right(tmp_path, digits, named):
    hits, total = np.array([10.0, 7, 4, 2]), 14 - np.arange(4)
    smoothed = np.append(hits[0] / total[0], ((hits + 1) / (total + 1))[1:])
    question = case(tmp_path, NGRAMS)
    found = mark(question, "precision", ", ".join([f"{smoothed[0]:.4g}", *(f"{x:.{digits}g}" for x in smoothed[1:])]))
    assert (found.diagnosis.rule == "smoothed") is named, found.diagnosis
    if named:
        assert found.diagnosis.says.startswith("precision[0] is right. You would get the others if ")


def test_what_is_made_of_two_distributions_is_told_where_they_are_confused(tmp_path):
    z, q = np.array([1.6, 0.4, -1.1, 2.3]), np.array([0.025, 0.9, 0.05, 0.025])
    p = np.exp(z) / np.exp(z).sum()
    question = case(tmp_path, SMOOTHED_LABELS)
    found = told(question, (q * np.log(q / p)).sum())
    assert (found.rule, found.says) == (
        "divergence",
        "You would get this if the KL divergence were taken, not the cross-entropy.",
    )
    found = told(question, -(p * np.log(q)).sum())
    assert found.says == "You would get this if `q` and `softmax(z)` were exchanged in the cross-entropy."


def test_elements_that_were_left_as_they_were_given_are_told(tmp_path):
    question = case(tmp_path, KALMAN)
    found = mark(question, "after", "2.56, -0.5, 2.02").diagnosis
    assert (found.kind, found.says) == (
        "intermediate",
        "after[0] and after[2] are right. The other one is `x[1]`, unchanged.",
    )
    found = mark(question, "after", "2.56, -0.5, 1.7").diagnosis
    assert found.says == "after[0] is right. The others are `x[1]` and `x[2]`, unchanged."
    assert mark(question, "after", "2.56, -0.6, 2.02").diagnosis.kind == "elements"


def test_where_only_two_mistakes_together_fit_other_numbers_are_offered(tmp_path):
    question = case(tmp_path, FAR)
    w, x, b, r = np.array([0.9, -1.3, 0.4]), np.array([1.2, 0.7, -0.8]), 0.35, 0.81
    wrong = np.exp(r * ((w * x).mean() + b)) / (1 + b)  # the minus left out, and the mean for the sum
    named = told(question, wrong)
    assert named.rule == "sign+reduction", named
    found = mark(question, question.parts[-1].name, f"{wrong:.3g}").diagnosis  # too few digits to be sure of two
    assert found is not None and found.kind == "none" and found.suspects, found
    assert {"+".join(one.rules) for one in found.suspects} & {
        "reduction+sign",
        "sign+reduction",
        "negated+reduction",
        "logarithm+reduction",  # the exponent with the opposite sign: the same with all numbers
    }, found


def test_an_expression_of_two_names_is_likelier_than_two_mistakes(tmp_path):
    found = told(case(tmp_path, BREVITY), 14 / 17)
    assert (found.kind, found.says) == ("expression", "That is `c / r`.")
