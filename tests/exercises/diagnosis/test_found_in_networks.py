"""Mistakes with loops, gates and shapes that a file says nothing of, found by the engine alone, from numbers typed."""

import numpy as np
import pytest

from rnn_tutor.exercises.drawing import ask
from rnn_tutor.exercises.mark import mark
from rnn_tutor.exercises.read import load_exercise

BACKWARDS = """
format: 1
id: backwards
title: A state and its gradient
prompt: Work it out.
given:
  T: {value: "3", means: time steps}
  h: {value: "[0.5, -0.6, 0.8]", means: states, axes: [time], draw: "uniform(-0.9, 0.9)", shape: "(T,)", decimals: 2}
  e: {value: "[0.2, 0.8, 1.0]", means: errors, axes: [time], draw: "uniform(0.1, 1)", shape: "(T,)", decimals: 2}
  w: {value: "1.5", means: recurrent weight, draw: "uniform(0.5, 1.5)", decimals: 2}
steps:
  - start: {da: "0"}
  - for: t in reversed(range(T))
    do:
      - let: "dh[t] = e[t] + w * da[t+1]"
      - let: "da[t] = (1 - h[t]**2) * dh[t]"
ask:
  - {answer: da, as: vector}
"""
LAYER = """
format: 1
id: layer
title: An LSTM layer
prompt: Which shape?
given:
  B: {value: "3", means: sequences, draw: "integers(2, 9)"}
  T: {value: "7", means: time steps, draw: "integers(10, 19)"}
  D: {value: "16", means: units, draw: "choice(20, 32, 64)"}
  I: {value: "50", means: features, draw: "choice(50, 100, 200)"}
  x: {shape: "(B, T, I)", means: inputs, axes: [batch, time, feature]}
  W: {shape: "(I, D)", means: weights, axes: [feature, unit]}
steps:
  - let: "out = x @ W"
  - let: "W_ih = (4 * D, I)"
ask:
  - {answer: out, as: shape, axes: [batch, time, unit]}
  - {answer: W_ih, as: shape, axes: [gate, feature]}
"""
CELL = """
format: 1
id: cell
title: Stacked gates
prompt: Work it out.
given:
  a: {value: "[0.4, -1.2, 1.6, -0.8, 1.0, -0.5]", means: sums, draw: "uniform(-2, 2)", shape: "(6,)", decimals: 1}
  c_prev: {value: "[1.0, -1.5]", means: old cell, draw: "uniform(-2, 2)", shape: "(2,)", decimals: 1}
steps:
  - let: "i = sigmoid(a[:2])"
  - let: "f = sigmoid(a[2:4])"
  - let: "g = tanh(a[4:])"
  - let: "c = f * c_prev + i * g"
ask:
  - {answer: c, as: vector}
"""


@pytest.fixture
def said(tmp_path):
    def mistake(text, part, answer):
        name = text.partition("id: ")[2].partition("\n")[0]
        file = tmp_path / f"{name}.yaml"
        file.write_text(text, encoding="utf-8")
        return diagnosed(ask(load_exercise(file)), part, answer)

    return mistake


def diagnosed(question, part, answer):
    verdict = mark(question, part, answer)
    assert verdict.verdict == "wrong"
    assert verdict.diagnosis is not None
    return verdict.diagnosis


def typed(value):
    return " ".join(f"{one:.4g}" for one in np.ravel(value))


def test_a_loop_that_runs_the_other_way(said):
    h, e, w, da, forwards = [0.5, -0.6, 0.8], [0.2, 0.8, 1.0], 1.5, 0.0, []
    for t in range(3):
        da = (1 - h[t] ** 2) * (e[t] + w * da)
        forwards.append(da)
    found = said(BACKWARDS, "da", typed(forwards))
    assert (found.rule, found.says) == ("turned_loop", "You would get this if the loop over `t` ran the other way.")


def test_another_value_carried_on_than_the_state(said):
    h, e, w, dh, without_slope = [0.5, -0.6, 0.8], [0.2, 0.8, 1.0], 1.5, 0.0, [0.0] * 3
    for t in reversed(range(3)):
        dh = e[t] + w * dh
        without_slope[t] = (1 - h[t] ** 2) * dh
    found = said(BACKWARDS, "da", typed(without_slope))
    assert found.rule == "carried"
    assert found.says == "You would get this if `dh` of the step before were carried on, not `da`."


def test_stacked_gates_in_the_order_of_another_library(said):
    a, c_prev = np.array([0.4, -1.2, 1.6, -0.8, 1.0, -0.5]), np.array([1.0, -1.5])

    def sigmoid(x):
        return 1 / (1 + np.exp(-x))

    found = said(CELL, "c", typed(sigmoid(a[4:]) * c_prev + sigmoid(a[:2]) * np.tanh(a[2:4])))
    assert (found.rule, found.says) == (
        "gate_order",
        "You would get this if the blocks of `a` for `f` and `g` were exchanged.",
    )
    found = said(CELL, "c", typed(sigmoid(a[2:4] + 1) * c_prev + sigmoid(a[:2]) * np.tanh(a[4:])))
    assert found.rule == "forget_bias"


def test_one_number_for_all_that_is_written_out_in_full(said):
    text = BACKWARDS.replace("ask:\n", '  - let: "scaled = e * (w - 0.277)"\nask:\n').replace(
        "answer: da", "answer: scaled"
    )
    found = said(text, "scaled", "1.223 1.223 1.223")
    assert found.says == "You would get this if the factor `e` (errors) were left out."


@pytest.mark.parametrize(
    ("part", "answer", "rule", "clause"),
    [
        ("out", "(T, D)", "shape_missing", "the axis `batch` were left out"),
        ("out", "(7, 16)", "shape_missing", "the axis `batch` were left out"),
        ("out", "(B, T, I, D)", "shape_kept", "the axis of `I` (features) were still there"),
        ("out", "(3, 112)", "shape_merged", "the axes `time` and `unit` were made into one"),
        ("out", "(T, B, D)", "shape_order", "the axes stood in another order"),
        ("out", "(3, 7, 3)", "shape_size", "`unit` had the size of `B` (sequences)"),
        ("W_ih", "(48, 50)", "shape_blocks", "`gate` had 3 blocks (gates, directions, layers)"),
        ("W_ih", "(4 * D, I + 1)", "shape_size", "`feature` were one larger (a bias counted as a column, say)"),
        ("W_ih", "(4 * D, D)", "shape_size", "`feature` had the size of `D` (units)"),
        ("W_ih", "(64, 66)", "shape_size", "`feature` had the sizes of `D` (units) and `I` (features) together"),
    ],
)
def test_a_wrong_shape_is_told_by_what_was_done(said, part, answer, rule, clause):
    found = said(LAYER, part, answer)
    assert (found.kind, found.rule) == ("mutation", rule)
    assert found.says.startswith(f"You would get this if {clause}.")


@pytest.mark.parametrize(
    ("part", "answer"), [("out", "(5, 6, 9)"), ("out", "(9,)"), ("W_ih", "(13, 17)"), ("W_ih", "(2, 3, 4)")]
)
def test_a_shape_of_nothing_is_named_nothing(said, part, answer):
    assert said(LAYER, part, answer).kind == "shape"


def test_symbols_have_to_hold_for_other_sizes(said):
    """(B + 4, T, D) has T rows here, and not elsewhere."""
    assert said(LAYER, "out", "(B + 4, T, D)").kind == "shape"
    assert said(LAYER, "out", "(7, 7, 16)").rule == "shape_size"


COUNTS = """
format: 1
id: counts
title: Numbers of operations
prompt: How many?
given:
  B: {value: "3", means: sequences, draw: "integers(2, 9)"}
  T: {value: "50", means: time steps, draw: "integers(20, 60)"}
  d: {value: "2", means: units, draw: "choice(2, 4, 8)"}
  k: {value: "4", means: words, draw: "choice(2, 4, 8)"}
  m: {value: "7", means: layers, draw: "integers(2, 9)"}
steps:
  - let: "all = T * T * d * d"
ask:
  - {answer: all, as: scalar, digits: 9, rtol: 1e-9}
"""


def test_a_count_that_is_one_off_is_no_rounding_of_another_count(said):
    """4,999 is typed to the last digit, so it is not the 5,000 that half of all is, but one less than that."""
    assert said(COUNTS, "all", "9999").rule == "of_count"
    assert said(COUNTS, "all", "5000").kind == "intermediate"
    assert "`d` (units) were left out, and the result were one smaller" in said(COUNTS, "all", "4999").says


@pytest.mark.parametrize("digit", ["3", "7"])
def test_one_digit_is_some_given_by_chance(said, digit):
    assert said(COUNTS, "all", digit).kind == "none"


def test_two_digits_are_a_given(said):
    assert said(COUNTS, "all", "50").kind == "intermediate"


@pytest.mark.parametrize("large", ["1e40", "1" + "0" * 40, "123456789" * 5, "1e308", "7" * 60])
def test_a_number_however_large_is_marked(said, large):
    assert said(COUNTS, "all", large).kind == "none"
