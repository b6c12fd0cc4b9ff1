"""What the numbers of an expression may stand for."""

import pytest

from rnn_tutor.engine.expression import show
from rnn_tutor.engine.reading.language import parse
from rnn_tutor.exercises.diagnosis.literals import meanings, puts_in, reads_off
from rnn_tutor.exercises.drawing import ask
from rnn_tutor.exercises.read import read_exercise

FILE = """
format: 1
id: decay
title: A decay
prompt: What is left?
given:
  x: {value: "[1.5, -2.5, 4]", means: states, axes: [time], draw: "uniform(1, 3)"}
  rate: {value: "0.8", means: kept at each step, draw: "uniform(0.1, 0.9)"}
  scale: {value: "0.3", means: always the same}
steps:
  - let: "last = x[2]"
    say: The last.
  - let: "left = rate * last * scale"
    say: So much is left.
ask: [{answer: left, as: scalar}]
hints: [Look., Multiply.]
"""


@pytest.fixture
def question(tmp_path):
    (tmp_path / "decay.yaml").write_text(FILE)
    return ask(read_exercise(tmp_path / "decay.yaml").exercise)


def meant(question, text):
    return [(show(expr), names) for expr, names in meanings(question, parse(text))]


def test_a_number_stands_for_a_given_a_cell_its_opposite_or_a_size(question):
    assert meant(question, "0.8 * last") == [("rate * last", set())]
    assert meant(question, "1.5") == [("x[0]", {"x"})]
    assert meant(question, "2.5") == [("-x[1]", {"x"})]
    assert meant(question, "3") == [("shape(x)[0]", set())]


def test_only_what_other_draws_change_is_meant(question):
    assert meant(question, "0.3") == []


def test_each_way_to_take_the_numbers_is_one_meaning(question):
    assert [text for text, _ in meant(question, "0.8 + 1.5")] == ["rate + x[0]", "rate + 1.5", "0.8 + x[0]"]


def test_formulas_are_made_of_noughts_ones_and_twos(question):
    assert not reads_off(parse("(1 - x) * 2 + 0"))
    assert reads_off(parse("x * 0.37"))
    assert not reads_off(parse("x[7]"))


def test_an_index_that_the_steps_do_not_have_is_put_in(question):
    assert not puts_in(question, parse("x[2] * rate"))
    assert puts_in(question, parse("x[1] * rate"))
