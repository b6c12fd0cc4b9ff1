"""Two mistakes at once: one within the place of the other, and one in several steps beside one in a single place."""

import numpy as np
import pytest

from rnn_tutor.engine.mutate import Edit
from rnn_tutor.engine.reading.language import parse
from rnn_tutor.exercises.diagnosis.pairs import Parts, apart, joined, pairs
from rnn_tutor.exercises.diagnosis.search import Slip, search
from rnn_tutor.exercises.drawing import ask
from rnn_tutor.exercises.mark import mark
from rnn_tutor.exercises.read import read_exercise
from rnn_tutor.figures.numbers import listed

GATE = """
format: 1
id: a-gate
title: A gate
prompt: The gate g is a sigmoid; h is the blend.
given:
  W: {value: "[[0.4, 0.9], [-1.2, 0.6]]", means: weights}
  U: {value: "[[-0.3, 0.7], [0.5, 0.8]]", means: other weights}
  x: {value: "[0.9, -1.4]", means: input}
  u: {value: "[0.3, 0.8]", means: another input}
  v: {value: "[0.7, -0.9]", means: what the gate sees}
  b: {value: "[0.5, 0.3]", means: bias}
steps:
  - let: "g = sigmoid(W @ x + v * u + b)"
    say: A gate.
  - let: "h = g * (U @ x) + (1 - g) * u"
    say: A blend.
ask:
  - {answer: g, as: vector}
  - {answer: h, as: vector}
"""
W, U = np.array([[0.4, 0.9], [-1.2, 0.6]]), np.array([[-0.3, 0.7], [0.5, 0.8]])
x, u = np.array([0.9, -1.4]), np.array([0.3, 0.8])
v, b = np.array([0.7, -0.9]), np.array([0.5, 0.3])


@pytest.fixture
def question(tmp_path):
    path = tmp_path / "a-gate.yaml"
    path.write_text(GATE, encoding="utf-8")
    return ask(read_exercise(path).exercise)


def sigmoid(z):
    return 1 / (1 + np.exp(-z))


def test_a_mistake_within_the_place_of_another_one_is_found(question):
    said = mark(question, "g", listed(sigmoid(W.T @ x + v * u), 4)).diagnosis
    assert said.kind == "mutation" and said.rule.count("+") == 1
    assert "bias `b`" in said.says and "`W" in said.says


def test_a_mistake_in_several_steps_is_found_with_another_one(question):
    g = sigmoid(W @ u + v * x + b)  # x and u exchanged wherever they stand, and g for 1 - g
    said = mark(question, "h", listed(g * (U @ u) + g * x, 5)).diagnosis
    assert said.kind == "mutation" and "exchanged" in said.says and "1 - g" in said.says


def test_pairs_with_one_within_the_other_give_what_they_give_alone(question):
    part = question.part("g")
    engine = search(question, part)
    within = [pair for pair in pairs(engine) if len(pair.slips) == 1]
    assert len(within) > 20
    assert all(len(pair.clauses) == 2 for pair in within)


def slip(root, place, replacement):
    return Slip(Edit("sign", place, replacement, "", 1.0), "y", root)


def test_one_is_made_within_what_stands_in_the_place_of_the_other():
    root = parse("sqrt(a + b * c)")
    total = root.args[0]
    product = total.args[1]
    no_root, no_factor = slip(root, root, total), slip(root, product, product.args[0])
    for both in ((no_root, no_factor), (no_factor, no_root)):
        (made,) = joined(both[:1], both[1:], Parts())
        assert made.edit.place is root and made.edit.replacement == parse("a + b")


def test_what_is_gone_cannot_be_changed_any_more():
    root = parse("sqrt(a + b * c)")
    total = root.args[0]
    only_a, no_factor = slip(root, total, total.args[0]), slip(root, total.args[1], total.args[1].args[0])
    assert joined((only_a,), (no_factor,), Parts()) is None
    assert joined((only_a,), (slip(root, total, parse("a - b * c")),), Parts()) is None


def test_what_two_expressions_have_apart_is_told_by_its_places():
    old, new = parse("f * c[t-1] + i * tanh(z)"), parse("i * c[t] + f * tanh(z)")
    assert list(apart(old, new)) == [
        (parse("f"), parse("i")),
        (parse("c[t-1]"), parse("c[t]")),
        (parse("i"), parse("f")),
    ]
    assert list(apart(parse("sum(x, axis=0)"), parse("sum(x, axis=1)"))) == [
        (parse("sum(x, axis=0)"), parse("sum(x, axis=1)"))
    ]
