"""One mistake in every step of what is written out, and what other steps of an exercise have."""

import numpy as np
import pytest

from rnn_tutor.engine.mutate.operands import is_numbered
from rnn_tutor.exercises.drawing import ask
from rnn_tutor.exercises.mark import mark
from rnn_tutor.exercises.read import read_exercise
from rnn_tutor.figures.numbers import listed

BACK = """
format: 1
id: one
title: Back through time
prompt: Rows of G come in at each step; go back from step 3.
given:
  H: {value: "[[0.3, -0.2], [0.1, 0.4], [-0.5, 0.2], [0.2, -0.6]]", means: states}
  W: {value: "[[1.3, -0.6], [0.8, 1.5]]", means: weights}
  G: {value: "[[0.4, -0.7], [-0.8, 0.3], [0.7, -0.6], [0.6, -0.9]]", means: gradients}
steps:
  - let: "b2 = G[2] + W.T @ ((1 - H[3]**2) * G[3])"
    say: One back.
  - let: "b1 = G[1] + W.T @ ((1 - H[2]**2) * b2)"
    say: Two.
  - let: "b0 = G[0] + W.T @ ((1 - H[1]**2) * b1)"
    say: Three.
  - let: "back = [b0, b1, b2]"
    say: All.
ask:
  - {answer: back, as: matrix}
"""
HEADS = """
format: 1
id: one
title: Heads that share keys
prompt: Head 2 reads group 1.
given:
  q: {value: "[1.4, 0.6]", means: query}
  K: {value: "[[[0.5, 0.9], [-1.0, 0.4]], [[1.2, -0.3], [0.1, 0.8]]]", means: keys}
  V: {value: "[[[2.0, -1.0], [0.5, 1.5]], [[1.0, 2.0], [-2.0, 0.5]]]", means: values}
steps:
  - let: "w = softmax(K[1] @ q)"
    say: Weights.
  - let: "o = w @ V[1]"
    say: A mean.
ask:
  - {answer: o, as: vector}
"""
TRACE = """
format: 1
id: one
title: A trace
prompt: d is carried back with the factor k.
given:
  d: {value: "[0.56, 0.09, -0.26, 2.21]", means: errors}
  k: {value: "0.72", means: factor}
  x: {value: "[1.2, 0.5, -0.4, -0.9]", means: true values}
steps:
  - let: "A3 = d[3]"
    say: Last.
  - let: "A2 = d[2] + k * A3"
    say: Before.
  - let: "A1 = d[1] + k * A2"
    say: Before.
  - let: "A0 = d[0] + k * A1"
    say: First.
  - let: "A = [A0, A1, A2, A3]"
    say: All.
  - let: "loss = mean((k * x + 0.3 - A)**2)"
    say: A loss.
ask:
  - {answer: A, as: vector}
  - {answer: loss, as: scalar}
"""


@pytest.fixture
def asked(tmp_path):
    def question(text):
        file = tmp_path / "one.yaml"
        file.write_text(text, encoding="utf-8")
        return ask(read_exercise(file).exercise)

    return question


def test_the_derivative_of_another_step_all_along(asked):
    question = asked(BACK)
    H, W, G = (np.asarray(question.givens[name]) for name in "HWG")
    rows = [G[3]]
    for t in (2, 1, 0):
        rows.insert(0, G[t] + W.T @ ((1 - H[t] ** 2) * rows[0]))
    said = mark(question, "back", listed(np.array(rows[:3]), 4)).diagnosis
    assert said.rule == "another_element"
    assert "`H[0]`" in said.says and "`H[3]`" in said.says


def test_the_other_group_for_keys_and_values(asked):
    question = asked(HEADS)
    q, K, V = (np.asarray(question.givens[name]) for name in "qKV")
    weights = np.exp(K[0] @ q)
    said = mark(question, "o", listed(weights / weights.sum() @ V[0], 4)).diagnosis
    assert said.rule == "another_element"
    assert said.says in {
        "You would get this if `K[0]` and `V[0]` were used instead of `K[1]` and `V[1]`.",
        "You would get this if `V[0]` and `K[0]` were used instead of `V[1]` and `K[1]`.",
    }


def test_only_one_step_is_carried(asked):
    question = asked(TRACE)
    d = np.asarray(question.givens["d"])
    said = mark(question, "A", listed(d + 0.72 * np.append(d[1:], 0), 4)).diagnosis
    assert said.rule == "term_left_out"
    assert said.says.endswith("were missing from the sum, in what each step reads of another one.")


def test_what_a_later_step_has_is_told(asked):
    question = asked(TRACE)
    x = np.asarray(question.givens["x"])
    says = mark(question, "A", listed(0.72 * x + 0.3, 4)).says
    assert "That is `k * x + 0.3`; the question asks for `A`." in says
    assert "That is" not in mark(question, "A", "[1, 0.6, 0, -0.3]").says  # in a digit each it may be anything


COUNT = """
format: 1
id: one
title: A reach
prompt: n layers with two gaps each see how much?
given:
  n: {value: "6", means: layers}
steps:
  - let: "reach = 1 + 2 * (2**n - 1)"
    say: Gaps double.
ask:
  - {answer: reach, as: scalar}
"""


def test_a_small_whole_number_is_rounded_by_nobody(asked):
    question = asked(COUNT)
    assert mark(question, "reach", "189").diagnosis.rule == "brackets_moved"  # (1 + 2) * 63
    assert "brackets" not in mark(question, "reach", "190").says  # 1 + 3 * 63


OVERLAP = """
format: 1
id: one
title: Windows
prompt: New places of later windows count, if they are real.
given:
  nll: {value: "[[5.1, 3.4, 2.2, 4.0], [3.7, 4.6, 1.2, 2.8], [2.9, 2.1, 0.8, 6.2]]", means: nats}
steps:
  - let: "fresh = logical_or(arange(3)[:, None] == 0, arange(4) >= 2)"
    say: New.
  - let: "real = logical_or(arange(3)[:, None] < 2, arange(4) < 3)"
    say: Real.
  - let: "counted = logical_and(fresh, real)"
    say: Both.
  - let: "rate = sum(nll * counted) / sum(counted)"
    say: A mean.
  - let: "ppl = exp(rate)"
    say: A perplexity.
ask:
  - {answer: rate, as: scalar}
  - {answer: ppl, as: scalar}
"""


def test_one_of_two_conditions_is_not_looked_at_and_the_function_is_taken_of_each(asked):
    question = asked(OVERLAP)
    nll, rows, places = np.asarray(question.givens["nll"]), np.arange(3)[:, None], np.arange(4)
    fresh, real = (rows == 0) | (places >= 2), (rows < 2) | (places < 3)
    said = mark(question, "rate", f"{nll[real & (places >= 0)].mean():.4f}").diagnosis
    assert said.rule == "condition_left_out" and "`logical_or(arange(3)[:, None] == 0" in said.says, said
    assert mark(question, "rate", f"{nll[fresh].mean():.4f}").diagnosis.rule == "padding"  # that is the other one
    counted = fresh & real
    by_window = np.mean([nll[row][counted[row]].mean() for row in range(3)])
    assert mark(question, "rate", f"{by_window:.5f}").diagnosis.rule == "rows_averaged"
    assert mark(question, "ppl", f"{np.exp(nll[counted]).mean():.5f}").diagnosis.rule == "function_of_each"


QUEUE = """
format: 1
id: one
title: A queue
prompt: The load, and the probability to wait.
given:
  rate: {value: "52", means: requests an hour}
  m: {value: "2.5", means: minutes a request}
steps:
  - let: "A = rate * m / 60"
    say: The load.
  - let: "busy = A**3 / 6 / (A**3 / 6 + (1 - A / 3) * (1 + A + A**2 / 2))"
    say: Erlang C.
ask:
  - {answer: A, as: scalar}
  - {answer: busy, as: scalar}
"""


def test_one_number_of_a_later_step_needs_more_digits(asked):
    question = asked(QUEUE)
    assert "That is `A / 3`; the question asks for `A`." in mark(question, "A", "0.7222").says
    assert "That is" not in mark(question, "A", "0.72").says


RECTIFIED = """
format: 1
id: one
title: Two taps
prompt: "Write `taps(x, v)`."
given:
  x: {value: "[1.0, 0.5, 2.0, -0.4]", means: input, axes: [time], shape: "(4,)", draw: "uniform(-2, 2)", decimals: 1}
  v: {value: "[0.7, 0.3]", means: taps, axes: [tap], draw: "uniform(0.2, 1)", decimals: 1}
steps:
  - let: "past = concat(zeros(1), x[:-1])"
    say: One step back.
  - let: "y = v[0] * x - v[1] * past"
    say: Both taps.
ask:
  - {answer: y, as: program, function: "taps(x, v)"}
hints: [Shift., Add.]
"""


def test_what_a_program_does_with_other_numbers_tells_it_from_chance(asked):
    program = """def taps(x, v):
    y = []
    for t in range(len(x)):
        before = x[t - 1] if t > 0 else 0
        y.append(max(v[0] * x[t] - v[1] * before, 0))
    return y
"""
    question = asked(RECTIFIED)
    said = mark(question, "y", program).diagnosis
    assert said.kind == "mutation" and said.says.endswith("negative numbers of the result were set to 0."), said


STAGES = """
format: 1
id: one
title: Two stages
prompt: A step of Heun's method, twice.
given:
  y0: {value: "[0.9, -0.4]", means: start}
  h: {value: "0.3", means: step}
steps:
  - start: {y: "y0"}
  - for: t in range(2)
    do:
      - let: "s1[t] = tanh(y[t-1]) - 4 * y[t-1]"
        say: Here.
      - let: "q2[t] = y[t-1] + h * s1[t]"
        say: There.
      - let: "s2[t] = tanh(q2[t]) - 4 * q2[t]"
        say: The derivative there.
      - let: "q3[t] = y[t-1] + h * s2[t]"
        say: Again.
      - let: "s3[t] = tanh(q3[t]) - 4 * q3[t]"
        say: The derivative there.
      - let: "y[t] = y[t-1] + h / 6 * (s1[t] + 4 * s2[t] + s3[t])"
        say: The mean.
ask:
  - {answer: y, as: matrix}
"""


def test_a_line_of_a_loop_reads_another_line_of_this_step(asked):
    question = asked(STAGES)

    def slope(y):
        return np.tanh(y) - 4 * y

    y, rows = np.array([0.9, -0.4]), []
    for _ in range(2):
        first = slope(y)
        both = slope(y + 0.3 * first)  # the third stage goes on from the first, as the second does
        y = y + 0.3 / 6 * (first + 4 * both + both)
        rows.append(y)
    said = mark(question, "y", listed(np.array(rows), 5)).diagnosis
    assert said.rule == "other_line", said


@pytest.mark.parametrize(
    ("first", "second", "alike"), [("k2", "k3", True), ("k2", "q3", False), ("k", "k3", False), ("2", "3", False)]
)
def test_names_that_differ_in_their_number(first, second, alike):
    assert is_numbered(first, second) is alike
