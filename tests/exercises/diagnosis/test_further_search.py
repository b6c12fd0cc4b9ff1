"""What the search tries beside single places: bounds that do nothing, right earlier parts, all over and one more."""

import numpy as np
import pytest

from rnn_tutor.exercises.diagnosis.mistakes import ANSWER
from rnn_tutor.exercises.diagnosis.search import search
from rnn_tutor.exercises.drawing import ask
from rnn_tutor.exercises.mark import mark
from rnn_tutor.exercises.read import read_exercise

HEAD = """
format: 1
id: case
title: A case
prompt: Work it out.
"""
BOUND = """
given:
  r: {value: "20.3", means: length of the reference, draw: "uniform(18, 25)", decimals: 1}
  c: {value: "17.6", means: length of the candidate, draw: "uniform(12, 17)", decimals: 1}
steps:
  - let: "penalty = minimum(1, exp(1 - r / c))"
    say: A short one pays.
ask: [{answer: penalty, as: scalar}]
hints: [Divide., Then the exponential.]
"""
LAYERS = """
given:
  x: {value: "[0.6, -1.2]", means: input, axes: [input], draw: "uniform(-1.5, 1.5)", decimals: 1}
  W: {value: "[[0.4, -0.7], [-0.9, 0.3]]", means: weights, axes: [unit, input], draw: "uniform(-1, 1)", decimals: 1}
  b: {value: "[0.2, -0.5]", means: bias, axes: [unit], draw: "uniform(-0.8, 0.8)", decimals: 1}
  v: {value: "[1.3, -0.6]", means: output weights, axes: [unit], draw: "uniform(-1.5, 1.5)", decimals: 1}
steps:
  - let: "h = sigmoid(W @ x + b)"
    say: The hidden units.
  - let: "out = v @ h"
    say: The output.
  - let: "dv = out * h"
    say: The gradient of half the square of the output.
ask:
  - {answer: out, as: scalar, prompt: "`out`"}
  - {answer: dv, as: vector, prompt: "`dv`"}
hints: [Forward first., Then back.]
"""
SMOOTHED = """
given:
  n: {value: "[[12, 3, 7], [2, 9, 4]]", means: counts, axes: [class, word], draw: "integers(1, 15)"}
  k: {value: "1", means: added to each count, draw: "choice(1, 2)"}
  d: {value: "[1, 2, 1]", means: words, axes: [word], draw: "integers(1, 4)"}
  p: {value: "[0.3, 0.7]", means: prior, axes: [class], draw: "simplex()"}
steps:
  - let: "likely = (n + k) / sum(n + k, axis=1, keepdims=True)"
    say: A distribution for each class.
  - let: "score = log(p) + log(likely) @ d"
    say: Logarithms add.
ask: [{answer: score, as: vector}]
hints: [Smooth., Then the logarithms.]
"""
PICKED = """
given:
  a: {value: "[0.25, -0.9, 0.5, 0.7]", means: values, axes: [place], draw: "uniform(-1, 1)"}
  w: {value: "3", means: factor, draw: "choice(2, 3)"}
steps:
  - let: "b = w * a"
    say: Each three times as large.
  - let: "top = b / w"
    say: And back.
ask: [{answer: top, as: vector}]
hints: [Multiply., Divide.]
"""
COUNTED = """
given:
  k: {value: "5", means: steps, draw: "integers(3, 8)"}
  f: {value: "0.9", means: factor, draw: "uniform(0.7, 0.95)"}
steps:
  - let: "norms = f ** arange(9) * (arange(9) < k)"
    say: Powers, and then nothing.
  - let: "last = min(norms[norms > 0])"
    say: The smallest that is there.
  - let: "gone = sum(norms > 0)"
    say: So many.
  - let: "rate = last ** (1 / gone)"
    say: A root of it.
ask: [{answer: rate, as: scalar}]
hints: [Count., Then the root.]
"""


def case(tmp_path, text):
    (tmp_path / "case.yaml").write_text(HEAD + text)
    return ask(read_exercise(tmp_path / "case.yaml").exercise)


def told(question, part, value, digits=4):
    flat = np.atleast_1d(value)
    return mark(question, part, ", ".join(f"{one:.{digits}g}" for one in flat)).diagnosis


def test_a_mistake_shows_where_nobody_thinks_of_a_bound_that_does_nothing(tmp_path):
    question = case(tmp_path, BOUND)
    found = told(question, "penalty", np.exp(1 - 17.6 / 20.3))
    assert found.rule == "sign", found
    assert found.says == "You would get this if the division were reversed: `c / r`, and the bound were left out.", (
        found.says
    )


def test_a_version_without_its_bound_is_not_told_beside_the_same_with_it(tmp_path):
    question = case(tmp_path, BOUND)
    found = told(question, "penalty", np.exp(-20.3 / 17.6))  # the bound does not reach it
    assert found.kind == "mutation" and "bound" not in found.says, found


def test_what_is_forgotten_behind_an_earlier_part_that_is_right_is_found(tmp_path):
    question = case(tmp_path, LAYERS)
    x, W, v = (np.array(question.givens[name]) for name in "xWv")
    h, forgot = 1 / (1 + np.exp(-(W @ x + [0.2, -0.5]))), 1 / (1 + np.exp(-W @ x))
    found = told(question, "dv", (v @ h) * forgot, 5)
    assert (found.kind, found.rule) == ("mutation", "term_left_out"), found
    assert found.says == "You would get this if the bias `b` were left out, with the right `out`."


def test_a_mistake_behind_an_earlier_part_costs_more_than_one_in_the_step_itself(tmp_path):
    question = case(tmp_path, LAYERS)
    singles = search(question, question.part("dv")).singles[::-1]  # of each rule the cheapest stays
    behind = {v.rules: v.cost for v in singles if v.slips and v.slips[0].step == "h" and not v.everywhere and not v.own}
    itself = {v.rules: v.cost for v in singles if v.slips and v.slips[0].step == "dv" and not v.everywhere}
    for rules in behind.keys() & itself.keys() & {("term_left_out",), ("powers",)}:
        assert behind[rules] > itself[rules]


def test_a_mistake_made_all_over_is_found_with_another_one(tmp_path):
    question = case(tmp_path, SMOOTHED)
    n, d = np.array(question.givens["n"]), np.array(question.givens["d"])
    value = np.log(n / n.sum(axis=1, keepdims=True)) @ d  # no smoothing at both places, and no prior
    found = told(question, "score", value, 5)
    assert found.kind == "mutation" and "everywhere in the formula" in found.says, found
    assert "`log(p)` were missing from the sum" in found.says


def test_a_short_answer_is_told_where_it_is_exact_and_few_would_be_as_short(tmp_path):
    question = case(tmp_path, PICKED)
    found = mark(question, "top", "[0.25, 0.9, 0.5, 0.7]").diagnosis
    assert found.kind != "none", found
    assert mark(question, "top", "[0.25, 0.8, 0.5, 0.7]").diagnosis.kind in ("none", "elements")


@pytest.mark.parametrize("digit", ["0.35", "0.45"])
def test_a_short_answer_of_no_version_stays_unnamed(tmp_path, digit):
    question = case(tmp_path, BOUND)
    assert mark(question, "penalty", digit).diagnosis.kind == "none"


def test_versions_with_masks_and_with_numbers_at_one_place_do_not_mix(tmp_path):
    question = case(tmp_path, COUNTED)
    part = question.part("rate")
    singles = [one for one in search(question, part).singles if one.rules == ("negated",) and not one.everywhere]
    (of_result,) = [float(one.value) for one in singles if one.slips[0].step in (part.step, ANSWER)]
    assert of_result == pytest.approx(-float(part.expected))


def test_one_number_for_all_elements_is_no_short_answer_that_says_something(tmp_path):
    question = case(tmp_path, PICKED.replace("0.7]", "0.9]"))
    assert mark(question, "top", "[0.9, 0.9, 0.9, 0.9]").diagnosis.kind in ("none", "elements")


BATCH = """
given:
  x: {value: "[[[0.1, 0.2], [0.3, 0.4], [0.8, 0.1]], [[0.5, 0.6], [0.7, 0.9], [0.2, 0.3]]]", means: batch}
  W: {value: "[[0.5, -0.3], [0.2, 0.8]]", means: weights, axes: [out, unit], draw: "uniform(-1, 1)"}
steps:
  - let: "y = x[:, 0] @ W.T"
    say: The first step of each row.
ask: [{answer: y, as: matrix}]
hints: [Take the first step., Multiply.]
"""


def test_a_given_with_three_axes_is_no_factor_of_a_matrix_and_stops_nothing(tmp_path):
    question = case(tmp_path, BATCH)
    assert mark(question, "y", "[[0.31, 0.77], [0.52, 0.13]]").diagnosis.kind == "none"


RETURNS = """
given:
  T: {value: "4", means: steps, draw: "integers(3, 6)"}
  r: {value: "[1.0, -0.5, 2.0, 0.8]", means: rewards, axes: [time], shape: "(T,)", draw: "uniform(-1, 2)", decimals: 1}
  v: {value: "[1.9, 1.2, 2.3, 0.9, 0.6]", means: values, axes: [time], shape: "(T + 1,)", draw: "uniform(0.3, 2.5)"}
  g: {value: "0.9", means: discount, draw: "choice(0.8, 0.85, 0.9)"}
steps:
  - start: {G: "v[-1]"}
  - for: t in reversed(range(T))
    do:
      - let: "G[t] = r[t] + g * G[t+1]"
        say: The reward and what comes after it.
  - let: "delta = r + g * v[1:] - v[:-1]"
    say: The surprise.
  - start: {adv: "0"}
  - for: t in reversed(range(T))
    do:
      - let: "adv[t] = delta[t] + 0.7 * g * adv[t+1]"
        say: All later surprises.
ask:
  - {answer: G, as: vector, prompt: "`G`"}
  - {answer: delta, as: vector, prompt: "`delta`"}
  - {answer: adv, as: vector, prompt: "`adv`"}
hints: [Backwards., Then again.]
"""
R, V, G = np.array([1.0, -0.5, 2.0, 0.8]), np.array([1.9, 1.2, 2.3, 0.9, 0.6]), 0.9


def backwards(x, last, factor=G):
    made = [last]
    for one in x[::-1]:
        made.append(one + factor * made[-1])
    return np.array(made[:0:-1])


RECURRENT = [
    ("G", backwards(R[::-1], V[-1])[::-1], "the loop over `t` ran the other way"),  # beside another loop
    ("G", R * G ** np.arange(4), "each step of `G` were weighed by a power of its factor, and nothing carried on"),
    (
        "G",
        np.cumsum(R * G ** np.arange(4)),
        "the steps of `G`, weighed by powers of its factor, were added up in order",
    ),
    ("G", R + G * V[1:], "`v[t + 1]` were used instead of `G[t + 1]`"),
    ("adv", backwards(R + G * V[1:] - V[:-1], V[-1], 0.7 * G), "`adv` started from `v[-1]`"),
    ("delta", backwards(R, V[-1]) - V[:-1], "`G` were used instead of `r + g * v[1:]`"),
    ("delta", R + G * (V[1:] - V[:-1]), "`r + g * (v[1:] - v[:-1])` were used instead of `r + g * v[1:] - v[:-1]`"),
]


@pytest.mark.parametrize(("part", "value", "said"), RECURRENT, ids=[case[2] for case in RECURRENT])
def test_a_recurrence_that_is_run_otherwise_is_told(tmp_path, part, value, said):
    question = case(tmp_path, RETURNS)
    flat = ", ".join(f"{one:.4g}" for one in value)
    names = [one.name for one in question.parts]
    found = mark(question, part, flat, solved=names[: names.index(part)]).diagnosis
    assert found.says.startswith(f"You would get this if {said}"), found


GROUPS = """
given:
  y:
    value: "[[5.1, 4.3, 6.2, 5.5], [7.4, 6.8, 8.1, 6.3], [4.9, 6.1, 5.7, 7.2]]"
    means: measurements
    axes: [group, person]
    draw: "uniform(3, 9)"
    decimals: 1
steps:
  - let: "means = mean(y, axis=1)"
    say: A mean for each group.
  - let: "within = sum((y - means[:, None]) ** 2, axis=1)"
    say: What is left around it.
ask: [{answer: within, as: vector}]
hints: [Means., Squares.]
"""


def test_what_is_summed_up_otherwise_is_told_wherever_it_fits(tmp_path):
    question = case(tmp_path, GROUPS)
    y = np.array(question.givens["y"])
    found = told(question, "within", ((y - y.mean()) ** 2).sum(axis=1))
    assert found.says == "You would get this if the mean went over all of `y`.", found


def test_what_is_made_of_one_axis_of_a_matrix_is_told(tmp_path):
    question = case(tmp_path, GROUPS)
    rows = np.array(question.givens["y"]).sum(axis=1)
    found = told(question, "within", rows / rows.sum())
    assert (found.kind, found.says) == ("expression", "That is `sum(y, axis=1) / sum(sum(y, axis=1))`."), found
