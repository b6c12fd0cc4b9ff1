"""A blend before what is made of each, or after: the same mistake in the subjects that have it."""

import numpy as np
import pytest

from rnn_tutor.exercises.drawing import ask
from rnn_tutor.exercises.mark import mark
from rnn_tutor.exercises.read import read_exercise
from rnn_tutor.figures.numbers import listed

TEXT = """
format: 1
id: one
title: Two things are blended
prompt: Compute y.
given:
  w: {{value: "0.3", means: weight}}
  a: {{value: "{a}", means: the first}}
  b: {{value: "{b}", means: the second}}
steps:
  - let: "y = {formula}"
    say: So.
ask:
  - {{answer: y, as: {kind}}}
"""


# the givens, what is right, what was computed
@pytest.mark.parametrize(
    ("a", "b", "formula", "typed", "of"),
    [
        pytest.param(
            [0.8, 0.2, 0.55], [0.1, 0.9, 0.35], "w * a**2.2 + (1 - w) * b**2.2",
            lambda w, a, b: (w * a + (1 - w) * b) ** 2.2, "`a` and `b` were averaged first",
            id="colours, blended as they are stored and not as light",
        ),
        pytest.param(
            290.0, 351.0, "(a**4 + b**4) / 2",
            lambda _, a, b: ((a + b) / 2) ** 4, "`a` and `b` were averaged first",
            id="what two surfaces radiate, from their mean temperature",
        ),
        pytest.param(
            [-1.2, -0.7, -2.4], [-0.4, -2.1, -1.7], "exp(w * a + (1 - w) * b)",
            lambda w, a, b: w * np.exp(a) + (1 - w) * np.exp(b), "exp were taken of each before the blend",
            id="two language models, interpolated linearly and not in their logarithms",
        ),
        pytest.param(
            0.23, 0.71, "-log(w * a + (1 - w) * b)",
            lambda w, a, b: -(w * np.log(a) + (1 - w) * np.log(b)), "log were taken of each before the blend",
            id="the loss of a mixture, as the mean of losses",
        ),
    ],
)  # fmt: skip
def test_a_blend_at_the_other_place(tmp_path, a, b, formula, typed, of):
    file = tmp_path / "one.yaml"
    file.write_text(TEXT.format(a=a, b=b, formula=formula, kind="vector" if np.ndim(a) else "scalar"), encoding="utf-8")
    question = ask(read_exercise(file).exercise)
    wrong = typed(0.3, np.array(a), np.array(b))

    diagnosis = mark(question, "y", listed(wrong, 4) if wrong.ndim else f"{wrong:.4g}").diagnosis

    assert diagnosis.rule == "blended_first"
    assert of in diagnosis.says
