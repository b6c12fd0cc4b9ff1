"""Two mistakes of which one is no rule's alone: the file describes it, or it stops before the last operations.

Also the same mistake in steps that are alike, as those of two directions are, and two mistakes in a count.
"""

import numpy as np
import pytest

from rnn_tutor.exercises.drawing import ask
from rnn_tutor.exercises.mark import mark
from rnn_tutor.exercises.read import read_exercise
from rnn_tutor.figures.numbers import listed

BOTH_WAYS = """
format: 1
id: one
title: A gated unit in both directions
prompt: A unit reads x from the left, another one from the right; gates blend the old state and the candidate.
given:
  x: {value: "[1.1, -0.4, 0.7]", means: inputs, axes: [time], draw: "uniform(-1.5, 1.5)", decimals: 1}
  w: {value: "[0.6, 0.4, 1.3]", means: "input weights, left to right", draw: "uniform(-1.5, 1.5)", decimals: 1}
  u: {value: "[-0.5, 0.8, 0.9]", means: "recurrent weights, left to right", draw: "uniform(-1.5, 1.5)", decimals: 1}
  k: {value: "[0.7, -0.6, 1.2]", means: "input weights, right to left", draw: "uniform(-1.5, 1.5)", decimals: 1}
  q: {value: "[0.4, 0.5, 0.7]", means: "recurrent weights, right to left", draw: "uniform(-1.5, 1.5)", decimals: 1}
steps:
  - start: {f: "0"}
    say: Nothing is known before.
  - for: t in range(3)
    do:
      - let: "zf[t] = sigmoid(w[0] * x[t] + u[0] * f[t-1])"
        say: The update gate.
      - let: "rf[t] = sigmoid(w[1] * x[t] + u[1] * f[t-1])"
        say: The reset gate.
      - let: "cf[t] = tanh(w[2] * x[t] + u[2] * rf[t] * f[t-1])"
        say: The candidate.
      - let: "f[t] = (1 - zf[t]) * f[t-1] + zf[t] * cf[t]"
        say: The blend.
  - start: {b: "0"}
    say: Nor behind.
  - for: t in reversed(range(3))
    do:
      - let: "zb[t] = sigmoid(k[0] * x[t] + q[0] * b[t+1])"
        say: The update gate.
      - let: "rb[t] = sigmoid(k[1] * x[t] + q[1] * b[t+1])"
        say: The reset gate.
      - let: "cb[t] = tanh(k[2] * x[t] + q[2] * rb[t] * b[t+1])"
        say: The candidate.
      - let: "b[t] = (1 - zb[t]) * b[t+1] + zb[t] * cb[t]"
        say: The blend.
  - let: "both = concat(f[2:], b[:1])"
    say: Each direction at its end.
ask:
  - {answer: both, as: vector}
hints: [One., Two.]
"""

BLEND = """
format: 1
id: one
title: A blend of rows
prompt: The rows of E are blended with the shares s.
given:
  s: {value: "[0.25, 0.35, 0.4]", means: shares, axes: [row], draw: "simplex()", decimals: 2}
  E: {value: "[[1.3, 0.2], [0.4, 1.7], [1.1, 0.9]]", means: rows, axes: [row, column], draw: "uniform(-2, 2)"}
  R: {value: "35", means: resistance, draw: "integers(20, 60)"}
  X: {value: "-61.5", means: reactance, draw: "uniform(-90, -20)", decimals: 1}
steps:
  - let: "scaled = s[:, None] * E"
    say: Each row with its share.
  - let: "mixed = sum(scaled, axis=0)"
    say: The sum over the rows.
  - let: "phase = arctan(X / R) * 180 / pi"
    say: The angle, in degrees.
ask:
  - {answer: mixed, as: vector}
  - {answer: phase, as: scalar}
mistakes:
  - {answer: mixed, value: "softmax(s) @ E", say: You took a softmax of the shares.}
hints: [One., Two.]
"""

SIZE = """
format: 1
id: one
title: How large is it?
prompt: Count the numbers of two layers in both directions, each gate with two biases.
given:
  E: {value: "23", means: numbers of an input, draw: "choice(13, 23, 31, 53)"}
  H: {value: "17", means: units of a direction, draw: "choice(12, 17, 24, 32)"}
steps:
  - let: "deeper = 2 * 4 * H * (2 * H + H + 2)"
    say: It reads both directions.
ask:
  - {answer: deeper, as: scalar, digits: 7, rtol: "1e-7"}
hints: [One., Two.]
"""


@pytest.fixture
def told(tmp_path):
    def said(text, part, answer):
        (tmp_path / "one.yaml").write_text(text, encoding="utf-8")
        verdict = mark(ask(read_exercise(tmp_path / "one.yaml").exercise), part, answer)
        assert verdict.verdict == "wrong"
        return verdict.diagnosis.says, verdict.diagnosis.rule

    return said


def sigmoid(z):
    return 1 / (1 + np.exp(-z))


def ends(*, reset=True, kept=False):
    x = np.array([1.1, -0.4, 0.7])
    found = []
    for w, u, order in (
        ([0.6, 0.4, 1.3], [-0.5, 0.8, 0.9], x),
        ([0.7, -0.6, 1.2], [0.4, 0.5, 0.7], x[::-1]),
    ):
        h = 0.0
        for one in order:
            z, r = sigmoid(w[0] * one + u[0] * h), sigmoid(w[1] * one + u[1] * h)
            c = np.tanh(w[2] * one + u[2] * (r if reset else 1) * h)
            h = z * h + (1 - z) * c if kept else (1 - z) * h + z * c
        found.append(h)
    return np.array(found)


def test_a_factor_left_out_in_both_directions_is_one_mistake(told):
    says, rule = told(BOTH_WAYS, "both", listed(ends(reset=False), 4))
    assert rule == "term_left_out" and says.endswith("everywhere in the formula.")


def test_another_mistake_in_both_directions_is_told_with_it(told):
    says, rule = told(BOTH_WAYS, "both", listed(ends(reset=False, kept=True), 4))
    assert sorted(rule.split("+")) == ["swapped_complements", "term_left_out"]
    assert "left out" in says and "exchanged" in says


s, E = np.array([0.25, 0.35, 0.4]), np.array([[1.3, 0.2], [0.4, 1.7], [1.1, 0.9]])
SHARES = np.exp(s) / np.exp(s).sum()


@pytest.mark.parametrize(
    ("numbers", "said"),
    [((SHARES @ E) ** 2, "the result were squared"), (-(SHARES @ E), "opposite sign"), (np.exp(s) @ E, "")],
)
def test_what_the_file_describes_is_told_with_another_mistake(told, numbers, said):
    says, rule = told(BLEND, "mixed", listed(numbers, 4))
    if said:
        assert "softmax(s) @ E" in says and said in says and "described" in rule
    else:
        assert "described" not in rule


def test_the_calculation_stopped_early_and_the_sign_is_wrong(told):
    says, _ = told(BLEND, "phase", f"{np.arctan(61.5 / 35):.4g}")
    assert "the calculation stopped after `arctan(X / R)`" in says or "sign" in says


def test_two_likely_mistakes_in_a_count_are_told(told):
    H = 117
    large = SIZE.replace(
        '"17", means: units of a direction, draw: "choice(12, 17', '"117", means: units, draw: "choice(112, 117'
    )
    says, rule = told(large, "deeper", str(4 * H * (2 * H + H + 1)))
    assert "+" in rule and "`2 * 2` were used instead of `2 * 4`, and `1` were added to `2 * H + H`, not `2`" in says


def test_counts_made_up_are_hardly_ever_told_as_two_mistakes(told):
    made_up = np.random.default_rng(5)
    right = 2 * 4 * 17 * (3 * 17 + 2)
    found = [told(SIZE, "deeper", str(round(right * float(np.exp(made_up.laplace(scale=0.5))))))[1] for _ in range(60)]
    assert sum("+" in rule for rule in found) <= 1
