"""Mistakes in functions of the learner's own: told at their line, not at the line that calls them."""

import pytest

from rnn_tutor.exercises.drawing import ask
from rnn_tutor.exercises.mark import mark
from rnn_tutor.exercises.read import load_exercise

MEMORY = """\
format: 1
id: memory
title: A memory with a feature map
prompt: Write it.
given:
  T: {value: "4", means: steps, draw: "integers(3, 6)"}
  K:
    value: "[[1.0, -0.2], [-0.5, 1.5], [0.8, -1.0], [-0.3, 0.4]]"
    means: keys
    axes: [time, element]
    shape: "(T, 2)"
    draw: "uniform(-2, 2)"
    decimals: 1
  d: {value: "[0.5, 0.1, 1.2, 0.7]", means: steps, axes: [time], shape: "(T,)", draw: "uniform(0.1, 1.5)", decimals: 1}
  a: {value: "[-1.0, -2.0]", means: rates, axes: [element], draw: "uniform(-3, -0.3)", decimals: 1}
steps:
  - let: "f = where(K > 0, K + 1, exp(minimum(K, 0)))"
  - start: {h: "zeros(2)"}
  - for: t in range(T)
    do:
      - let: "keep[t] = exp(d[t] * a)"
      - let: "write[t] = d[t] * f[t]"
      - let: "h[t] = keep[t] * h[t-1] + write[t]"
      - let: "s[t] = sigmoid(h[t-1] * a)"
      - let: "y[t] = dot(s[t], h[t])"
ask:
  - {answer: y, as: program, function: "memory(K, d, a)"}
"""
RIGHT = """\
def f(x):
    return where(x > 0, x + 1, exp(x))

def gate(z):
    return 1 / (1 + exp(-z))

def step(h, dt, rate, u):
    kept = exp(dt * rate) * h
    return kept + dt * u

def memory(K, d, a):
    h = zeros(2)
    ys = []
    for t in range(len(K)):
        s = gate(h * a)
        h = step(h, d[t], a, f(K[t]))
        ys.append(dot(s, h))
    return ys
"""
WRONG = [
    (
        "where(x > 0, x + 1, exp(x))",
        "exp(x)",
        "Line 2: f gives exp(x), which is right for x = -0.2 and wrong for x = 1.",
    ),
    ("exp(-z)", "exp(z)", "Line 5: the exponent in exp(z) has the wrong sign."),
    ("kept + dt * u", "kept + u", "Line 9: the factor dt is missing."),
    ("exp(dt * rate) * h", "exp(dt + rate) * h", "Line 8 uses +; it should use *."),
]


@pytest.fixture
def marked(tmp_path):
    def mark_program(text):
        path = tmp_path / "memory.yaml"
        path.write_text(MEMORY, encoding="utf-8")
        return mark(ask(load_exercise(path)), "y", text)

    return mark_program


def test_what_is_changed_below_is_right_as_it_stands(marked):
    assert marked(RIGHT).verdict == "right"


@pytest.mark.parametrize(("old", "new", "said"), WRONG)
def test_the_line_of_the_function_is_told(marked, old, new, said):
    assert old in RIGHT
    verdict = marked(RIGHT.replace(old, new, 1))
    assert (verdict.verdict, verdict.says) == ("wrong", said)
    assert f"Line {verdict.line}" in said


def test_where_the_mistake_is_not_found_the_line_that_calls_says_what_it_calls(marked):
    """The line that calls may be right: what it was given by the function is not."""
    text = RIGHT.replace("where(x > 0, x + 1, exp(x))", "x * x - tanh(3 * x)")
    verdict = marked(text.replace("kept + dt * u", "cos(kept) * 2 - dt * u * u + 3"))
    assert verdict.diagnosis.kind == "elements"
    assert verdict.says.startswith("The first value that differs is h at t = 0, on line 16.")
    assert "That line calls f and step: check first what they give." in verdict.says
