"""Two mistakes in a single number of four digits: told where two likely ones give it, and few others could."""

from math import exp, log, log10

import numpy as np
import pytest

from rnn_tutor.exercises.diagnosis.chance import are_both_likely
from rnn_tutor.exercises.diagnosis.likely_pairs import is_judged_alone
from rnn_tutor.exercises.diagnosis.pairs import pairs
from rnn_tutor.exercises.diagnosis.search import search
from rnn_tutor.exercises.drawing import ask
from rnn_tutor.exercises.mark import mark
from rnn_tutor.exercises.read import read_exercise
from rnn_tutor.exercises.reading import read

STAR = """
format: 1
id: star
title: How bright a star is
prompt: A star is seen at a distance.
given:
  m: {value: "4.83", means: apparent magnitude, draw: "uniform(2, 9)", decimals: 2}
  d: {value: "26.4", means: distance in parsec, draw: "uniform(12, 80)", decimals: 1}
  dust: {value: "0.31", means: magnitudes that dust takes away, draw: "uniform(0.1, 0.8)", decimals: 2}
  v: {value: "[1.05, 2.2, 3.6, 5.6]", means: measured speeds, draw: "uniform(0.8, 7)", decimals: 2}
  said: {value: "[1.18, 2.05, 3.9, 5.31]", means: speeds of a model, draw: "uniform(0.8, 7)", decimals: 2}
steps:
  - let: "M = m - dust - 5 * log10(d / 10)"
    say: The distance modulus.
  - let: "L = 10 ** ((4.74 - M) / 2.5)"
    say: Five magnitudes are a factor of 100.
  - let: "sse = sum((v - said) ** 2)"
    say: The squared residuals.
  - let: "fit = 4 * log(sse / 4) + 2 * 3"
    say: Three parameters were fitted to four speeds.
ask:
  - {answer: L, as: scalar}
  - {answer: fit, as: scalar}
hints: [One., Two.]
"""
M = 4.83 - 0.31 - 5 * log10(26.4 / 10)
SSE = 0.13**2 + 0.15**2 + 0.3**2 + 0.29**2
RIGHT = {"L": 10 ** ((4.74 - M) / 2.5), "fit": 4 * log(SSE / 4) + 6}


@pytest.fixture
def star(tmp_path):
    (tmp_path / "star.yaml").write_text(STAR)
    return ask(read_exercise(tmp_path / "star.yaml").exercise)


def told(question, part, answer):
    verdict = mark(question, part, answer)
    assert verdict.verdict == "wrong"
    return verdict.diagnosis.says, verdict.diagnosis.rule


@pytest.mark.parametrize(
    ("part", "number", "said"),
    [
        ("fit", 4 * log10(SSE / 4) + 3, ["logarithm to base 10", "the factor `2` were left out"]),
        ("fit", 4 * log10(SSE) + 6, ["logarithm to base 10", "the division by `4` were left out"]),
        ("L", exp((M - 4.74) / 2.5), ["e were raised to the power, not 10", "the subtraction were reversed"]),
    ],
)
def test_two_likely_mistakes_in_one_number_are_told(star, part, number, said):
    says, rule = told(star, part, f"{number:.4g}")
    assert "+" in rule and all(one in says for one in said)


def test_the_same_two_are_not_told_of_three_digits(star):
    assert told(star, "fit", f"{4 * log10(SSE / 4) + 3:.3g}")[1] == ""


def test_numbers_that_nobody_computed_are_hardly_ever_told_as_two_mistakes(star):
    made_up = np.random.default_rng(7)
    found = []
    for part, right in RIGHT.items():
        for _ in range(100):
            number = right * np.exp(made_up.laplace(scale=0.7))
            verdict = mark(star, part, f"{number:.4g}")
            found.append(verdict.diagnosis is not None and "+" in verdict.diagnosis.rule)
    assert sum(found) <= 2


def test_what_is_far_from_the_right_number_needs_less_than_what_is_near(star):
    part = star.part("fit")
    near, far = (read(star, "fit", f"{RIGHT['fit'] * factor:.4g}", {}) for factor in (1.2, 40.0))
    likelihood = pairs(search(star, part)).likelihood
    assert likelihood > 1
    bits = [bits for bits in range(20) if are_both_likely(part, far, [float(bits)], likelihood)]
    assert 0 in bits and 19 not in bits
    assert not are_both_likely(part, near, [float(max(bits))], likelihood)


@pytest.mark.parametrize(("answer", "alone"), [("3.142", True), ("3.14", False), ("sse + 3.142", False)])
def test_bayes_judges_numbers_of_four_digits_and_no_expressions(star, answer, alone):
    assert is_judged_alone(star.part("fit"), read(star, "fit", answer, {"L": "1"})) is alone
