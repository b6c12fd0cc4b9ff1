"""Two mistakes at once: one within the place of the other, and one in several steps beside one in a single place."""

import numpy as np
import pytest

from rnn_tutor.engine.mutate import Edit
from rnn_tutor.engine.mutate.mutation import op
from rnn_tutor.engine.reading.language import parse
from rnn_tutor.exercises.diagnosis.pairs import apart, lowest, made_together, pairs
from rnn_tutor.exercises.diagnosis.search import Slip, Version, search, verified
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
    within = [pair for pair in pairs(engine) if pair.nested]
    assert len(within) > 20
    assert all(len(pair.clauses) == 2 for pair in within)
    assert all(verified(question, part, pair) for pair in within[::17])


def test_a_typed_expression_with_two_mistakes_is_told_by_both(question):
    said = mark(question, "g", "sigmoid(W.T @ x + v * u)").diagnosis  # one lies within the place of the other
    assert said.kind == "mutation" and "bias `b`" in said.says and "`W" in said.says
    said = mark(question, "g", "tanh(W @ x + v * u)").diagnosis
    assert said.kind == "mutation" and "bias `b`" in said.says and "tanh" in said.says
    said = mark(question, "g", "tanh(W @ x + v * u + b)").diagnosis
    assert "+" not in said.rule
    said = mark(question, "g", "sigmoid(W.T @ x + v * u + 2)").diagnosis
    assert "bias" not in said.says


def slip(root, place, replacement):
    return Version(np.zeros(0), 1.0, (Slip(Edit("sign", place, replacement, "", 1.0), "y", root),))


def both(first, second):
    """Return two mistakes made together; None where one of them is not seen then."""
    if not made_together([first, second])[0, 1]:
        return None
    return Version(np.zeros(0), 2.0, (*first.slips, *second.slips))


def test_one_is_made_within_what_stands_in_the_place_of_the_other():
    root = parse("sqrt(a + b * c)")
    total = root.args[0]
    product = total.args[1]
    no_root, no_factor = slip(root, root, total), slip(root, product, product.args[0])
    for pair in ((no_root, no_factor), (no_factor, no_root)):
        assert both(*pair).changes().lets == {"y": parse("a + b")}


def test_of_three_each_within_another_one_all_are_made():
    root = parse("sqrt(a + b * c)")
    total = root.args[0]
    product = total.args[1]
    negative = slip(root, total, op("negative", total))
    inner = both(slip(root, root, total), slip(root, product, product.args[0]))
    made = both(inner, negative)
    assert made.nested and made.changes().lets == {"y": parse("-(a + b)")}


def test_what_is_gone_cannot_be_changed_any_more():
    root = parse("sqrt(a + b * c)")
    total = root.args[0]
    only_a, no_factor = slip(root, total, total.args[0]), slip(root, total.args[1], total.args[1].args[0])
    assert both(only_a, no_factor) is None
    assert both(only_a, slip(root, total, parse("a - b * c"))) is None


def test_of_pairs_that_are_as_likely_the_first_are_tried_on_every_machine():
    """`argpartition` takes others of them on another processor."""
    likely = np.random.default_rng(3).integers(0, 9, 20_000) / 4
    for count in (0, 1, 4_321, 19_999):
        assert lowest(likely, count).tolist() == sorted(np.argsort(likely, kind="stable")[:count].tolist())


UNITS = """
format: 1
id: two-rates
title: Two rates
prompt: The difference of two decays, in milligrams.
given:
  D: {value: "400", means: dose in milligrams, draw: "uniform(200, 500)"}
  V: {value: "35", means: volume, draw: "uniform(20, 60)"}
  k: {value: "0.12", means: slow rate, draw: "uniform(0.1, 0.3)"}
  q: {value: "1.3", means: fast rate, draw: "uniform(0.9, 2)"}
  f: {value: "0.85", means: fraction that arrives, draw: "uniform(0.5, 0.95)"}
  t: {value: "[0.5, 1.5, 4, 7]", means: hours, axes: [time]}
steps:
  - let: "c = f * D * q / (V * (q - k)) * (exp(-k * t) - exp(-q * t))"
    say: The amount.
ask: [{answer: c, as: vector, axes: [time]}]
hints: [Subtract., Scale.]
"""
t = np.array([0.5, 1.5, 4, 7])


@pytest.fixture
def rates(tmp_path):
    path = tmp_path / "two-rates.yaml"
    path.write_text(UNITS, encoding="utf-8")
    return ask(read_exercise(path).exercise)


def test_what_is_done_to_the_result_is_found_with_any_other_mistake(rates):
    wrong = 0.85 * 400 * 1.3 / (35 * (1.3 - 0.12)) * (np.exp(-0.12 * t) + np.exp(-1.3 * t)) / 1000
    said = mark(rates, "c", listed(wrong, 4)).diagnosis
    assert said.kind == "mutation" and "1000 times as small" in said.says and "added" in said.says


def amount(f=0.85, sign=-1):
    return f * 400 * 1.3 / (35 * (1.3 - 0.12)) * (np.exp(-0.12 * t) + sign * np.exp(-1.3 * t))


def test_one_mistake_in_some_elements_and_another_one_in_others_are_told_of_these(rates):
    wrong = np.where([True, False, False, False], amount(f=1), np.where(t < 3, amount(sign=1), amount()))
    said = mark(rates, "c", listed(wrong, 4)).diagnosis
    assert said.rule == "term_left_out+sign", said
    assert said.says.startswith("c[2] and c[3] are right. You would get c[0] if the factor `f`")
    assert ", and c[1] if `exp(-q * t)` were added" in said.says
    wrong[1] *= 1.0423  # that no mistake gives
    assert mark(rates, "c", listed(wrong, 4)).diagnosis.kind == "elements"


def test_elements_at_random_are_not_two_mistakes(rates):
    rng = np.random.default_rng(5)
    answers = [np.where(t < 3, amount() * np.exp(rng.normal(0, 0.4, 4)), amount()) for _ in range(25)]
    named = [mark(rates, "c", listed(one, 3)).diagnosis for one in answers]
    assert not [one.says for one in named if "You would get c[" in one.says]


def test_numbers_in_proportion_to_the_right_ones_are_one_number_to_two_mistakes(rates):
    right = np.asarray(rates.part("c").expected)
    named = [mark(rates, "c", listed(right * factor, 3)).diagnosis.kind for factor in np.linspace(0.31, 0.93, 12)]
    assert named.count("mutation") <= 1


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


SCORES = """
format: 1
id: scores
title: Scores
prompt: The F1 score of three classes, and a quotient.
given:
  p: {value: "[0.72, 0.63, 0.44]", means: precision, draw: "uniform(0.3, 0.9)"}
  r: {value: "[0.9, 0.68, 0.33]", means: recall, draw: "uniform(0.3, 0.9)"}
steps:
  - let: "f1 = 2 * p * r / (p + r)"
    say: The score.
  - let: "enlarged = 1 / (0.4 + p[0] / r[1])"
    say: A quotient.
ask:
  - {answer: f1, as: vector}
  - {answer: enlarged, as: scalar}
"""
P, R = np.array([0.72, 0.63, 0.44]), np.array([0.9, 0.68, 0.33])


@pytest.fixture
def scores(tmp_path):
    path = tmp_path / "scores.yaml"
    path.write_text(SCORES, encoding="utf-8")
    return ask(read_exercise(path).exercise)


def test_a_wrong_result_may_have_another_size_as_well(scores):
    said = mark(scores, "f1", listed(np.sqrt(P * R) / 2, 4)).diagnosis  # nearly the right scores times a half
    assert "geometric mean" in said.says and "the result were half as large" in said.says


def test_what_is_done_to_a_result_may_be_followed_by_another_sign_and_is_computed_so(scores):
    engine = search(scores, scores.part("enlarged"))
    right = float(scores.part("enlarged").expected)
    found = [one for one in pairs(engine) if one.rules == ("of_result", "sign_of_result")]
    assert any(abs(one.value + 1 / right) < 1e-12 for one in found)
    assert all(verified(scores, scores.part("enlarged"), one) for one in found)
