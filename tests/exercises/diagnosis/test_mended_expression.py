"""The wrong place of an expression that goes another way than the worked solution."""

import pytest

from rnn_tutor.exercises.drawing import ask
from rnn_tutor.exercises.mark import mark
from rnn_tutor.exercises.read import load_exercise

FILE = """
format: 1
id: drafts
title: Drafts
prompt: Compare the two.
given:
  p: {value: "[0.5, 0.2, 0.9, 0.1]", means: target, axes: [token], draw: "uniform(0.1, 1)"}
  q: {value: "[0.3, 0.4, 0.1, 0.2]", means: draft, axes: [token], draw: "uniform(0.1, 1)"}
steps:
  - let: "both = minimum(p, q)"
  - let: "alpha = sum(both)"
  - let: "twice = 2 * alpha"
ask:
  - {answer: alpha, as: scalar}
  - {answer: twice, as: scalar}
"""


@pytest.fixture(scope="module")
def question(tmp_path_factory):
    file = tmp_path_factory.mktemp("drafts") / "drafts.yaml"
    file.write_text(FILE, encoding="utf-8")
    return ask(load_exercise(file))


@pytest.mark.parametrize(
    ("part", "text", "says"),
    [
        ("alpha", "sum(p*minimum(1,p/q))", "You used `p` instead of `q`, in `p * minimum(1, p / q)`."),
        ("alpha", "sum(minimum(1,p/q))", "`minimum(1, p / q)` lacks the factor `q`."),
        ("alpha", "sum(p) - sum(minimum(0, q - p))", "`sum(p) - sum(minimum(0, q - p))` needs a + instead of the -."),
        ("alpha", "sum(p) - sum(maximum(0, q - p))", "You used `p` instead of `q`, in `sum(p)`."),
        ("alpha", "sum(p + q - abs(p - q)) / 2 / sum(p)", "`sum(p)` does not belong in `"),
        ("alpha", "sum(q*minimum(1,log(p/q)))", "The log in `log(p / q)` is too much."),
        ("alpha", "sum(p) - sum(abs(p - q) + p - q)", "`sum(abs(p - q) + p - q)` is not divided by `2`."),
        ("twice", "sum(p + q - abs(p + q))", "`p + q` needs a - instead of the +."),
    ],
)
def test_the_one_wrong_place_is_named(question, part, text, says):
    verdict = mark(question, part, text)
    assert verdict.verdict == "wrong"
    assert says in verdict.says


def test_a_right_value_that_the_worked_solution_does_not_have_is_not_called_wrong(question):
    for text in ("sum(p*log(p/q))", "mean(p*minimum(1,p/q)**2)", "sum(q*minimum(1,(p/q)**2))"):
        assert "match" not in mark(question, "alpha", text).says, text


@pytest.mark.parametrize("text", ["sum(q*minimum(1,p/q))", "sum(p*minimum(1,q/p))", "sum(p + q - abs(p - q)) / 2"])
def test_other_ways_are_right(question, text):
    assert mark(question, "alpha", text).verdict == "right"


ENDS = """
format: 1
id: ends
title: Two numbers
prompt: Compute them.
given:
  p: {value: "[0.5, 0.2, 0.9, 0.1]", means: target, axes: [token], draw: "uniform(0.1, 1)"}
  q: {value: "[0.3, 0.4, 0.1, 0.2]", means: draft, axes: [token], draw: "uniform(0.1, 1)"}
steps:
  - let: "away = p - mean(p)"
  - let: "ends = stack(sum(away ** 2) / 3, sum(p * q ** 2))"
  - let: "cost = sum(p * exp(q - p)) + 2 * sum(q ** 2)"
ask:
  - {answer: ends, as: vector}
  - {answer: cost, as: scalar}
"""


@pytest.mark.parametrize(
    ("part", "text", "says"),
    [
        (
            "ends",
            "[sum((q - mean(q)) ** 2) / 3, 0.7]",
            "In ends[0]: you used `q` instead of `p`, in `sum((q - mean(q))**2)`. ends[1] is not right either.",
        ),
        (
            "cost",
            "exp(sum(p * (q - p))) + 2 * sum(q ** 2)",
            "In `exp(sum(p * (q - p))) + 2 * sum(q**2)`: exp is applied to `sum(p * (q - p))`; it belongs to `q - p`.",
        ),
    ],
)
def test_the_items_of_a_list_and_the_steps_written_out_are_compared(tmp_path, part, text, says):
    (tmp_path / "ends.yaml").write_text(ENDS, encoding="utf-8")
    verdict = mark(ask(load_exercise(tmp_path / "ends.yaml")), part, text)
    assert verdict.verdict == "wrong"
    assert verdict.says == says


CELL = """
format: 1
id: a-cell
title: A cell
prompt: Compute the new cell.
given:
  f: {value: "[0.9, 0.2]", means: forget gate, axes: [unit], draw: "uniform(0.1, 0.9)"}
  i: {value: "[0.1, 0.8]", means: input gate, axes: [unit], draw: "uniform(0.1, 0.9)"}
  c_prev: {value: "[1.0, -1.0]", means: old cell, axes: [unit], draw: "normal(0, 1)"}
  cand: {value: "[0.5, 0.25]", means: candidate, axes: [unit], draw: "uniform(-0.9, 0.9)"}
steps:
  - let: "kept = f * c_prev"
  - let: "c = kept + i * cand"
ask: [{answer: c, as: vector, axes: [unit]}]
"""


@pytest.mark.parametrize(
    ("text", "rule", "says"),
    [
        (
            "f * c_prev - i * tanh(cand)",
            "operation_otherwise+wrapped",
            "`f * c_prev - i * tanh(cand)` needs a + instead of the -. The tanh in `tanh(cand)` is too much.",
        ),
        (
            "tanh(f * c_prev) - i * cand",
            "operation_otherwise+wrapped",
            "`tanh(f * c_prev) - i * cand` needs a + instead of the -. The tanh in `tanh(f * c_prev)` is too much.",
        ),
        (
            "tanh(f) * c_prev + i * tanh(cand)",
            "wrapped+wrapped",
            "The tanh in `tanh(f)` is too much. The tanh in `tanh(cand)` is too much.",
        ),
    ],
)
def test_two_small_changes_are_told_where_no_one_change_is_enough(tmp_path, text, rule, says):
    (tmp_path / "a-cell.yaml").write_text(CELL, encoding="utf-8")
    said = mark(ask(load_exercise(tmp_path / "a-cell.yaml")), "c", text).diagnosis
    assert (said.rule, said.says) == (rule, says)
