"""Mistakes in several steps that are alike: functions and numbers exchanged, signs and sizes of numbers."""

import numpy as np
import pytest

from rnn_tutor.engine.expression import show
from rnn_tutor.engine.mutate import further_changes, parallel
from rnn_tutor.engine.mutate.mutation import Context
from rnn_tutor.engine.reading.language import parse
from rnn_tutor.exercises.drawing import ask
from rnn_tutor.exercises.mark import mark
from rnn_tutor.exercises.read import read_exercise

CONTEXT = Context(shapes={"a": (6,), "b": (4,), "q": (4,), "g": (2,)}, means={"a": "", "b": "", "q": "", "g": ""})


# rule, the place, what stands there instead, what is said after "You would get this if"
PARALLEL_CASES = [
    ("signed_number", "-2 * g", "2 * g", "the minus sign before `2 * g` were left out"),
    ("signed_number", "-2 * g", "-g", "the factor `2` were left out"),
    ("signed_number", "g ** -1.5", "g**1.5", "the minus sign of the exponent were left out: `g**1.5`"),
    ("size_off", "5", "6", "`6` stood in place of `5`"),
    ("size_off", "7", "6", "`6` stood in place of `7`"),
]


@pytest.mark.parametrize(("rule", "place", "instead", "clause"), PARALLEL_CASES)
def test_a_rule_changes_its_place(rule, place, instead, clause):
    found = {show(changed): said for changed, said in parallel.LOCAL[rule](parse(place), CONTEXT)}
    assert found[instead] == clause


def test_a_number_that_counts_nothing_is_no_size():
    assert not list(parallel.size_off(parse("9"), CONTEXT))
    assert not list(parallel.size_off(parse("1"), Context(shapes={"a": (2,)}, means={"a": ""})))


def changed(rule, **lets):
    found = further_changes({name: parse(text) for name, text in lets.items()}, CONTEXT)
    return [{name: show(expr) for name, expr in one.lets.items()} for one in found if one.rule == rule]


def test_two_functions_change_places_in_all_steps():
    exchanged = changed("functions_exchanged", x="q * cos(g) - sin(g)", y="sin(cos(q))", z="q + 1")
    assert exchanged == [{"x": "q * sin(g) - cos(g)", "y": "cos(sin(q))"}]
    assert not changed("functions_exchanged", x="q * cos(g)")


def test_numbers_that_are_read_alike_change_places():
    exchanged = changed("numbers_exchanged", x="sum(a) / 6", y="sum(b) / 4", z="a * 6")
    assert exchanged == [{"x": "sum(a) / 4", "y": "sum(b) / 6"}]
    assert not changed("numbers_exchanged", x="sum(a) / 6", y="4 * sum(b)")


WELCH = """
format: 1
id: case
title: Two samples
prompt: Work it out.
given:
  a: {value: "[5.1, 4.7, 6.2, 5.8, 5.5, 4.9]", means: group a, axes: [patient], draw: "normal(5.5, 0.8)", decimals: 1}
  b: {value: "[4.2, 3.1, 4.9, 3.6]", means: group b, axes: [patient], draw: "normal(4, 1.2)", decimals: 1}
steps:
  - let: "ua = var(a, ddof=1) / 6"
    say: The variance of a mean.
  - let: "ub = var(b, ddof=1) / 4"
    say: The other one.
  - let: "gap = mean(a) - mean(b)"
    say: The difference.
  - let: "t = gap / sqrt(ua + ub)"
    say: In standard errors.
  - let: "df = (ua + ub) ** 2 / (ua ** 2 / 5 + ub ** 2 / 3)"
    say: Welch and Satterthwaite.
ask:
  - {answer: t, as: scalar, prompt: t}
  - {answer: df, as: scalar, prompt: df}
hints: [Variances., Then the ratio.]
"""
A, B = np.array([5.1, 4.7, 6.2, 5.8, 5.5, 4.9]), np.array([4.2, 3.1, 4.9, 3.6])
VA, VB, GAP = A.var(ddof=1), B.var(ddof=1), A.mean() - B.mean()
UA, UB = VA / 6, VB / 4


@pytest.mark.parametrize(
    ("part", "value", "rule", "says"),
    [
        ("t", GAP / np.sqrt(VA + VB), "term_left_out", "the division by `6` were left out, and the division by `4`"),
        ("t", GAP / np.sqrt(VA / 4 + VB / 6), "numbers_exchanged", "`6` and `4` were exchanged"),
        (
            "df",
            (UA + UB) ** 2 / (UA / 5 + UB / 3),
            "power",
            "`var(a, ddof=1) / 6` and `var(b, ddof=1) / 4` were not squared",
        ),
        ("df", (UA + UB) ** 2 / (UA**2 / 6 + UB**2 / 4), "size_off", "`6` stood in place of `5`"),
    ],
)
def test_a_mistake_at_parallel_places_is_one_mistake(tmp_path, part, value, rule, says):
    (tmp_path / "case.yaml").write_text(WELCH)
    question = ask(read_exercise(tmp_path / "case.yaml").exercise)
    found = mark(question, part, f"{value:.4g}").diagnosis
    assert found.rule == rule, found
    assert says in found.says, found.says
