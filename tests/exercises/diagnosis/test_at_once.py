"""Wrong versions of many draws at once: they are what each draw alone gives, and nearly all are had in this way."""

from pathlib import Path

import numpy as np
import pytest

from rnn_tutor.engine.expression import Name, show
from rnn_tutor.engine.mutate.mutation import substituted
from rnn_tutor.engine.reading.language import parse
from rnn_tutor.exercises.diagnosis.at_once import Together, _Walks, parted
from rnn_tutor.exercises.diagnosis.distinguishable import looks_right
from rnn_tutor.exercises.diagnosis.mistakes import mutants_of, value_of
from rnn_tutor.exercises.drawing import ask
from rnn_tutor.exercises.load import Library
from rnn_tutor.exercises.read import read_exercise

COURSE = Library([Path(__file__).parents[3] / "content"])
# A formula, matrix products, a mask; a loop and derivatives; sizes that are drawn.
LONG = [pytest.param(name, marks=pytest.mark.long) for name in ("gru-gate-trace", "bptt-by-hand", "lstm-highway")]
ALIKE = ["lstm-cell", "rnn-update", "masked-loss", *LONG]


@pytest.mark.parametrize("name", ALIKE)
def test_each_version_is_what_the_draw_alone_gives(name: str) -> None:
    questions = [ask(COURSE.exercise(name), seed) for seed in range(5)]
    together = Together(questions)
    asked = 0
    for at, question in enumerate(questions):
        values = together.of(at)
        for part in question.parts:
            for mutant in mutants_of(question, part) if isinstance(part.expected, np.ndarray) else ():
                asked += 1
                alone, beside = value_of(question, part, mutant), values(part, mutant)
                if alone is None or beside is None or alone.shape != beside.shape:
                    assert not any(looks_right(part, one) for one in (alone, beside) if one is not None)
                elif np.isfinite(alone).all():
                    assert np.allclose(alone, beside, rtol=1e-9, atol=1e-12), mutant.clause
    assert asked > 50


@pytest.mark.parametrize(("name", "part"), [("lstm-cell", "c"), ("rnn-update", "h"), ("attention-context", "context")])
def test_nearly_all_are_had_together(name: str, part: str) -> None:
    questions = [ask(COURSE.exercise(name), seed) for seed in range(4)]
    mutants = mutants_of(questions[0], questions[0].part(part))
    found = _Walks(questions, part).found()
    assert len(mutants) > 20
    assert all(len(own) > 0.9 * len(mutants) for own in found)


def test_the_place_where_two_expressions_part_is_found() -> None:
    before = parse("tanh(W @ x + b) * g")
    after = substituted(before, lambda one: Name("y") if one == Name("x") else None)
    assert [show(one) for one in parted(before, after)] == ["x", "y"]
    two = substituted(after, lambda one: Name("c") if one == Name("b") else None)
    assert [show(one) for one in parted(before, two)] == ["W @ x + b", "W @ y + c"]
    assert parted(before, before) == (before, before)


NEWTON = """format: 1
id: hessian
title: Hessian
prompt: Compute it.
given:
  X: {value: "[[1, 0.5], [1, -1], [1, 2]]", means: examples, draw: "uniform(-2, 2)", decimals: 1}
  w: {value: "[0.2, -0.4]", means: weights, draw: "uniform(-1, 1)", decimals: 1}
steps:
  - let: "p = sigmoid(X @ w)"
    say: Probabilities.
  - let: "s = p * (1 - p)"
    say: Slopes.
  - let: "H = X.T @ (s[:, None] * X)"
    say: The Hessian.
ask: [{answer: H, as: matrix}]
hints: [Weigh., Multiply.]
"""


def test_a_version_that_is_a_stack_of_matrices_is_had_together_with_matrices(tmp_path: Path) -> None:
    (tmp_path / "hessian.yaml").write_text(NEWTON)
    exercise = read_exercise(tmp_path / "hessian.yaml").exercise
    questions = [ask(exercise, seed) for seed in range(5)]
    together = Together(questions)
    for at, question in enumerate(questions):
        part, values = question.parts[0], together.of(at)
        for mutant in mutants_of(question, part):
            alone, beside = value_of(question, part, mutant), values(part, mutant)
            if alone is not None and beside is not None and alone.shape == beside.shape and np.isfinite(alone).all():
                assert np.allclose(alone, beside, rtol=1e-9, atol=1e-12), mutant.clause
