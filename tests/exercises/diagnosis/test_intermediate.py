"""What is said of an answer that is another value of the exercise: how many steps are missing, and nothing twice."""

from rnn_tutor.exercises.drawing import ask
from rnn_tutor.exercises.mark import mark
from rnn_tutor.exercises.read import load_exercise

LAST = """
format: 1
id: last
title: Last
prompt: The last state.
given:
  x: {means: inputs, value: "[0.5, -1, 2]", draw: "normal(0, 1)"}
steps:
  - start: {h: "0", c: "1"}
  - for: t in range(3)
    do:
      - let: "f[t] = sigmoid(h[t-1] + x[t])"
      - let: "c[t] = f[t] * c[t-1] + x[t]"
      - let: "h[t] = tanh(c[t])"
  - let: "c_last = c[-1]"
  - let: "twice = 2 * c_last"
ask: [{answer: c_last, as: scalar}, {answer: twice, as: scalar}]
"""
TWO = """
format: 1
id: two
title: Two
prompt: Two gradients.
given:
  a: {means: number, value: "1.7", draw: "uniform(1, 2)"}
  b: {means: number, value: "0.6", draw: "uniform(0, 1)"}
steps:
  - let: "gw = a * b"
  - let: "same = b * a"
  - let: "pw = a + b ** 2"
ask: [{answer: gw, as: scalar}, {answer: pw, as: scalar}]
"""


def question_of(tmp_path, name, text):
    path = tmp_path / f"{name}.yaml"
    path.write_text(text, encoding="utf-8")
    return ask(load_exercise(path))


def test_steps_of_a_recurrence_are_not_counted_again_behind_it(tmp_path):
    question = question_of(tmp_path, "last", LAST)
    all_of_c = question.graph.whole("c").number.tolist()
    assert mark(question, "c_last", str(all_of_c)).says == "That is `c_last` before its last step."
    assert mark(question, "twice", str(all_of_c)).says == "That is `twice` before its last 2 steps."


def test_what_is_always_the_same_is_told_once(tmp_path):
    verdict = mark(question_of(tmp_path, "two", TWO), "pw", "1.02", solved=["gw"])
    assert verdict.says == "That is `gw`, another part of the question."


BLEND = """
format: 1
id: blend
title: Blend
prompt: A blend.
given:
  z: {means: gate, value: "0.4", draw: "choice(0, 0.25, 1)"}
  old: {means: old state, value: "0.8", draw: "uniform(1, 2)"}
  new: {means: candidate, value: "-0.5", draw: "uniform(-2, -1)"}
steps:
  - let: "other = 1 - z"
  - let: "h = other * old + z * new"
ask: [{answer: h, as: scalar}]
"""


def test_a_given_handed_back_as_a_name_is_told_as_one_where_others_are_0_or_1_in_some_draws(tmp_path):
    question = question_of(tmp_path, "blend", BLEND)
    assert mark(question, "h", "old").says.startswith("That is `old` (old state) itself")
    assert mark(question, "h", "0.8").says.startswith("That is `old` (old state) itself")
    assert "itself, unchanged" not in mark(question, "h", "1").says


OTHER_WAY = """
format: 1
id: other
title: Other
prompt: Another way.
given:
  a: {means: number, value: "0.6", draw: "uniform(0.5, 1)"}
  n: {means: steps, value: "700", draw: "integers(600, 900)"}
steps:
  - let: "W = [[a, -a], [a, a]]"
  - let: "length = (a * sqrt(2)) ** 3"
  - let: "count = n * 3"
ask: [{answer: length, as: scalar}, {answer: count, as: scalar, rtol: 0, digits: 6}]
"""


def test_every_step_is_on_the_worked_way_those_too_that_the_answer_is_not_made_from(tmp_path):
    verdict = mark(question_of(tmp_path, "other", OTHER_WAY), "length", "sum(exp(matrix_power([[a, -a], [a, a]], 3)))")
    assert verdict.says.startswith("[[a, -a], [a, a]] matches the worked solution; matrix_power")


def test_a_whole_number_that_is_off_by_one_was_not_rounded_on_the_way(tmp_path):
    assert "Carry more digits" not in mark(question_of(tmp_path, "other", OTHER_WAY), "count", "2101").next
    close = mark(
        question_of(tmp_path, "other", OTHER_WAY), "count", "2100.5"
    )  # made of whole numbers, which nobody rounds
    assert "close, but further off" in close.says and "Carry more digits" not in close.next
