"""An answer that follows from earlier ones, though the graph computes it another way."""

from pathlib import Path

import pytest

from rnn_tutor.exercises.drawing import ask
from rnn_tutor.exercises.mark import mark
from rnn_tutor.exercises.read import load_exercise

CONTENT = Path(__file__).parents[2] / "content"
HIGHWAY = load_exercise(next(CONTENT.glob("*/lstm-highway.yaml")))

ROUNDABOUT = """
format: 1
id: roundabout
title: Roundabout
prompt: Four parts.
given:
  W: {means: weights, value: "[[1.2, 0.3], [-0.4, 0.8]]", draw: "normal(0, 1)"}
  x: {means: input, value: "[0.7, -1.1]", draw: "normal(0, 1)"}
  b: {means: bias, value: "[0.2, 0.5]", draw: "normal(0, 1)"}
steps:
  - let: "a = W @ x"
  - let: "c = b * b"
  - let: "d = tanh(x)"
  - let: "z = stack([sum(W[0] * x), sum(W[1] * x)]) + b"
  - let: "y = z - b + b**2 - tanh(x)"
ask:
  - {answer: a, as: vector}
  - {answer: c, as: vector}
  - {answer: d, as: vector}
  - {answer: z, as: vector}
  - {answer: y, as: vector}
"""


@pytest.mark.parametrize("seed", [None, 3, 11])
def test_a_sum_of_ones_own_parts_follows_where_the_graph_has_a_gradient(seed):
    question = ask(HIGHWAY, seed)
    path, side = float(question.part("path").expected) + 0.21, float(question.part("side").expected)
    verdict = mark(question, "total", f"{path + side:.6f}", {"path": f"{path:.6f}", "side": f"{side:.6f}"})
    assert (verdict.verdict, verdict.score) == ("right", 1.0)
    assert verdict.follows == "It follows from your `path` and `side`. (Your `path` is still wrong.)"
    assert (
        mark(question, "total", f"{path * side + 1:.6f}", {"path": f"{path:.6f}", "side": f"{side:.6f}"}).verdict
        == "wrong"
    )
    assert mark(question, "total", f"{path:.6f}", {"path": f"{path:.6f}"}).verdict == "wrong"


def test_what_does_not_hold_with_other_numbers_is_not_followed():
    question = ask(HIGHWAY)
    path, side = (float(question.part(name).expected) for name in ("path", "side"))
    own = {"path": f"{path + 0.3:.6f}", "side": f"{side - 0.1:.6f}"}
    for wrong in (path + 0.3 - (side - 0.1), (path + 0.3) * (side - 0.1), 2 * (path + 0.3)):
        assert mark(question, "total", f"{wrong:.6f}", own).verdict == "wrong"


def test_a_trivial_earlier_answer_is_not_followed():
    question = ask(HIGHWAY)
    side = float(question.part("side").expected)
    assert mark(question, "total", f"{side:.6f}", {"path": "0", "side": f"{side:.6f}"}).verdict == "wrong"


def test_parts_are_put_together_with_a_given_and_with_each_other(tmp_path):
    path = tmp_path / "roundabout.yaml"
    path.write_text(ROUNDABOUT, encoding="utf-8")
    question = ask(load_exercise(path))
    own = {"a": "[0.9, -1.3]", "c": "[0.07, 0.36]", "d": "[0.35, -0.65]"}
    verdict = mark(question, "z", "[1.1, -0.8]", own)  # a + b
    assert (verdict.verdict, verdict.follows) == ("right", "It follows from your `a`. (Your `a` is still wrong.)")
    assert mark(question, "z", "[0.97, -0.94]", own).verdict == "wrong"  # a + c
    verdict = mark(question, "y", "[0.62, -0.29]", own)  # a + c - d
    assert (verdict.verdict, verdict.follows) == (
        "right",
        "It follows from your `a`, `c` and `d`. (Your `a`, `c` and `d` are still wrong.)",
    )
    assert mark(question, "y", "[1.32, -1.59]", own).verdict == "wrong"  # a + c + d
