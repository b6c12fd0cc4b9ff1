"""What is made of several numbers: sums and roots of squares, means of what is converted first, what is joined."""

import numpy as np
import pytest

from rnn_tutor.engine.expression import show, walk
from rnn_tutor.engine.graph.graph import as_numbers
from rnn_tutor.engine.mutate import COSTS, together
from rnn_tutor.engine.mutate.mutation import Context, told
from rnn_tutor.engine.reading.language import parse
from rnn_tutor.exercises.drawing import ask
from rnn_tutor.exercises.mark import mark
from rnn_tutor.exercises.question import scratch
from rnn_tutor.exercises.read import read_exercise

SCALARS = dict.fromkeys(("a", "b", "c", "d"), ())
LISTS = dict.fromkeys(("w", "x", "u", "v"), (3,))
MATRICES = {"M": (2, 3), "V": (2, 3)}
STEPS = {
    "energy": parse("10**(x / 10)"),
    "total": parse("sum(energy)"),
    "weighted": parse("w * energy"),
    "rows": parse("vstack(V, v)"),
}
CONTEXT = Context(
    shapes=SCALARS | LISTS | MATRICES | {"energy": (3,), "total": (), "weighted": (3,), "rows": (3, 3)},
    means=dict.fromkeys(SCALARS | LISTS | MATRICES, "given"),
    definitions=STEPS,
    networks=False,
)

# rule, the place, what stands there instead
TOGETHER_CASES = [
    ("added_as_squares", "a + b", "sqrt(a**2 + b**2)"),
    ("added_as_squares", "a + b + c", "sqrt(a**2 + b**2 + c**2)"),
    ("added_as_squares", "a - b + c - d", "sqrt((a - b)**2 + (c - d)**2)"),
    ("plainly_added", "sqrt(a**2 + b**2 + c**2)", "abs(a) + abs(b) + abs(c)"),
    ("plainly_added", "sqrt(sum(w**2) + sum(x**2) + sum(u**2))", "sqrt(sum(w**2)) + sqrt(sum(x**2)) + sqrt(sum(u**2))"),
    ("plainly_added", "sqrt(sum(w**2) + sum(x**2))", "sum(abs(w)) + sum(abs(x))"),
    ("plainly_added", "sqrt(sum(w**2) + sum(x**2))", "sqrt((sum(w**2) + sum(x**2)) / (size(w) + size(x)))"),
    ("without_functions", "10 * log10(sum(10**(x / 10)))", "mean(x)"),
    ("without_functions", "10 * log10(total)", "sum(x)"),
    ("without_functions", "10 * log10(sum(weighted))", "sum(w * x) / sum(w)"),
    ("without_functions", "exp(mean(log(x)))", "mean(x)"),
    ("without_functions", "-log10(sum(w * 10**-x) / sum(w))", "sum(w * x) / sum(w)"),
    ("without_functions", "sqrt(mean(x**2))", "mean(x)"),
    ("joined_otherwise", "vstack(V, v)", "vstack(v, V)"),
    ("joined_otherwise", "concat(u, v, w)", "concat(u, w, v)"),
    ("joined_otherwise", "x @ rows", "x[:2] @ V"),
    ("divided_by_weights", "sum(w * x)", "sum(w * x) / sum(w)"),
    ("of_arc", "arccos(a) * 180 / pi", "a"),
    (
        "of_arc",
        "sum(u * v) / (norm(u) * norm(v))",
        "pi / 2 - arctan(sum(u * v) / (norm(u) * norm(v)) / sqrt(1 - (...)**2))",
    ),
    ("ratio_turned", "a * b / c", "a * c / b"),
    ("ratio_turned", "a * b / c", "b * c / a"),
    ("other_prefix", "1e-6", "0.001"),
    ("other_prefix", "1000", "1e+06"),
    ("number_from_one", "0.01", "0.99"),
    ("root_of_two", "a / b", "a / b * sqrt(2)"),
    ("root_of_two", "a / b", "a / b / sqrt(2)"),
]


def alternatives(rule, place):
    rules = together.LOCAL | together.RESULT
    parts = list(walk(parse(place)))
    return [one for part in parts for one in rules[rule](part, CONTEXT)]


def brief(text):
    """Write the place again as it stands in a case: long ones with `(...)`."""
    return text.replace("(sum(u * v) / (norm(u) * norm(v)))**2", "(...)**2")


@pytest.mark.parametrize(("rule", "place", "instead"), TOGETHER_CASES)
def test_what_is_made_of_several_numbers(rule, place, instead):
    found = {brief(show(changed)): told(clause) for changed, clause in alternatives(rule, place)}
    assert instead in found, found
    assert found[instead] and rule in COSTS


@pytest.mark.parametrize(
    ("rule", "place"),
    [
        ("added_as_squares", "a + 1"),
        ("added_as_squares", "a - b"),  # one difference is no sum of two things
        ("added_as_squares", "w + x"),
        ("plainly_added", "sqrt(a + b)"),
        ("without_functions", "mean(x)"),
        ("without_functions", "sum(w * x)"),
        ("joined_otherwise", "concat(u, v)"),  # `matrix_product` has it
        ("divided_by_weights", "sum(x)"),
        ("of_arc", "sum(u * v) / (a * b)"),
        ("ratio_turned", "2 * 3 / a"),
        ("other_prefix", "10"),
        ("number_from_one", "0.5"),
        ("number_from_one", "3"),
    ],
)
def test_what_is_made_otherwise_is_left_as_it_is(rule, place):
    found = {show(changed) for changed, _ in alternatives(rule, place)}
    assert not found, found


CODERS = """
format: 1
id: one
title: Encoder and decoder
prompt: Both have one unit.
given:
  x: {value: "[0.6, -0.9, 1.2]", means: inputs, draw: "uniform(-1.5, 1.5)"}
  w_enc: {value: "0.8", means: input weight of the encoder, draw: "uniform(0.4, 1.2)"}
  u_enc: {value: "-0.4", means: recurrent weight of the encoder, draw: "uniform(-0.9, -0.2)"}
  w_dec: {value: "-0.7", means: input weight of the decoder, draw: "uniform(-1.2, -0.3)"}
  u_dec: {value: "0.9", means: recurrent weight of the decoder, draw: "uniform(0.3, 1.1)"}
  P: {value: "[[1.0, 0.2], [-0.4, 0.9], [2.1, 1.7]]", means: corners, draw: "uniform(-2, 2)"}
  phi: {value: "0.7", means: angle, draw: "uniform(0.3, 1.2)"}
steps:
  - start: {h: "0"}
    say: Empty.
  - for: t in range(3)
    do:
      - let: "h[t] = tanh(w_enc * x[t] + u_enc * h[t-1])"
        say: The encoder.
  - let: "gap = (P[1] - P[0]) @ (P[2] - P[0])"
    say: A scalar product.
  - let: "centre = mean(P, axis=0)"
    say: The centre.
  - let: "moved = (P - centre) * cos(phi) + centre"
    say: Smaller, about the centre.
  - let: "other = w_dec * u_dec"
    say: The decoder.
ask:
  - {answer: h, as: vector}
  - {answer: gap, as: scalar}
  - {answer: moved, as: matrix}
hints: [One., Two.]
"""


@pytest.fixture
def coders(tmp_path):
    (tmp_path / "one.yaml").write_text(CODERS)
    return ask(read_exercise(tmp_path / "one.yaml").exercise)


def typed(question, expr):
    value = as_numbers(scratch(question).evaluate(parse(expr)).number)
    return str(np.array([float(f"{one:.4g}") for one in value.reshape(-1)]).reshape(value.shape).tolist())


def test_the_givens_of_another_family_are_used(coders):
    h, answer = 0.0, []
    for one in (0.6, -0.9, 1.2):
        h = np.tanh(-0.7 * one + 0.9 * h)
        answer.append(f"{h:.4g}")
    says = mark(coders, "h", f"[{', '.join(answer)}]").says
    assert "`w_dec` and `u_dec` were used instead of `w_enc` and `u_enc`" in says, says


def test_two_elements_are_exchanged_wherever_they_are_read(coders):
    verdict = mark(coders, "gap", typed(coders, "(P[0] - P[1]) @ (P[2] - P[1])"))
    assert verdict.diagnosis.rule == "elements_exchanged", verdict.says
    assert "`P[0]` and `P[1]` were exchanged" in verdict.says


def test_elements_of_a_step_that_nobody_sees_are_told_by_what_it_is(tmp_path):
    steps = CODERS.replace("(P[1] - P[0]) @ (P[2] - P[0])", "(Q[1] - Q[0]) @ (Q[2] - Q[0])")
    steps = steps.replace('  - let: "gap', '  - let: "Q = P + phi**2 * P"\n    say: Larger.\n  - let: "gap')
    (tmp_path / "one.yaml").write_text(steps)
    question = ask(read_exercise(tmp_path / "one.yaml").exercise)
    verdict = mark(question, "gap", typed(question, "(1 + phi**2)**2 * (P[0] - P[1]) @ (P[2] - P[1])"))
    assert verdict.diagnosis.rule == "elements_exchanged", verdict.says
    assert "`(P + phi**2 * P)[0]` and `(P + phi**2 * P)[1]` were exchanged" in verdict.says


def test_a_mistake_that_is_made_twice_may_lie_within_itself(coders):
    """What is left out of a sum, and of a product within the sum: computed alone, the inner one was lost."""
    verdict = mark(coders, "moved", typed(coders, "P * cos(phi)"))
    assert verdict.diagnosis.kind == "mutation" and "everywhere in the formula" in verdict.says, verdict.says
