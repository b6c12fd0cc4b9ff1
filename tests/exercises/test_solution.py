"""Worked solutions: every step with symbols, numbers and result, in lines that fit, and nothing silly."""

import re
from pathlib import Path

import msgspec
import numpy as np
import pytest

from rnn_tutor.exercises.drawing import ask
from rnn_tutor.exercises.model import Exercise
from rnn_tutor.exercises.read import load_exercise
from rnn_tutor.exercises.solution import solve
from rnn_tutor.exercises.worked_words import folded

HELD_BACK = Path(__file__).parent / "held_back"
NAMES = sorted(path.stem for path in HELD_BACK.glob("*.yaml"))


def worked(name, seed=None):
    return solve(ask(load_exercise(HELD_BACK / f"{name}.yaml"), seed))


@pytest.mark.parametrize("seed", [None, 1, 2])
@pytest.mark.parametrize("name", NAMES)
def test_every_step_can_be_read_at_eighty_columns(name, seed):
    steps = worked(name, seed)
    assert steps
    for step in steps:
        assert len(step.result) <= 260
        for line in step.numbers:
            sentence = " = " not in line
            assert sentence or len(line) <= 78, line
            left, _, right = line.partition(" = ")
            assert left.strip() != right.strip(), line
            assert "nan" not in line
            assert "-0 " not in f"{line} "


@pytest.mark.parametrize("name", NAMES)
def test_what_is_asked_for_stands_in_the_solution(name):
    exercise = load_exercise(HELD_BACK / f"{name}.yaml")
    question = ask(exercise)
    names = {step.name for step in solve(question)}
    for part in question.parts:
        if isinstance(part.expected, np.ndarray):
            assert part.name in names


def test_a_small_product_is_written_out_element_by_element():
    steps = {step.name: step for step in worked("integer-matrices")}
    assert steps["h1"].numbers == (
        "h1 = [[1, 2], [0, 1]] @ [2, 1] + [1, -1]",
        "h1[0] = 1 * 2 + 2 * 1 + 1 = 5",
        "h1[1] = 0 * 2 + 1 * 1 + (-1) = 0",
    )
    assert steps["h1"].result == "h1 = 5 0"
    assert steps["h1"].shape == "vector (2)"


def test_the_function_reads_as_it_was_written():
    steps = {step.name: step for step in worked("clip-norm")}
    assert steps["scale"].numbers == ("scale = min(1, 3.5 / 7) = 0.5",)
    assert steps["n"].numbers == ("n = sqrt(2**2 + (-3)**2 + 6**2) = 7",)


def test_a_mask_chooses_and_comparisons_are_bracketed():
    steps = {step.name: step for step in worked("masked-attention")}
    assert steps["real"].numbers[-1] == "real[3] = (0 != 0) = 0"
    assert steps["a"].numbers[1] == "a[0] = exp(2) / (exp(2) + exp(1) + exp(0.5) + exp(-1e9)) = 0.6285"


def test_a_loop_shows_its_first_steps_and_the_last():
    steps = {step.name: step for step in worked("lstm-sequence")}
    assert "f[t] = sigmoid(W_f @ concat(h[t-1], x[t]) + b_f)" in steps["f"].symbols
    lines = steps["c"].numbers
    assert lines[0].startswith("c[0, 0] = ")
    assert "..." in lines
    assert lines[-1].startswith("c[4, 1] = ")
    assert steps["h[-1]"].result == "h[-1] = -0.135965 0.239874"


def test_a_reversed_loop_starts_after_the_last_step():
    steps = worked("reversed-loop")
    assert steps[0].symbols == "after the last step: d = 0"
    assert [line[:4] for line in steps[1].numbers] == ["d[3]", "d[2]", "d[1]", "d[0]"]


def test_shapes_are_told_in_words():
    steps = {step.name: step for step in worked("shapes-vocab")}
    assert steps["logits"].numbers[0] == "(4, 7, 16) @ (16, 50000)"
    assert "(unit 16) and is summed over" in steps["logits"].numbers[1]
    assert steps["logits"].shape == "array of 3 axes (batch 4, time 7, word 50000)"
    assert steps["logits"].picture is None


def test_the_shares_of_a_gradient_sum_to_it():
    steps = {step.name: step for step in worked("bptt")}
    line = " ".join(steps["dw"].numbers[1:])
    numbers = [float(one.strip("()")) for one in re.findall(r"\(?-?\d[\d.e-]*\)?", line.split("=", 1)[1])]
    assert sum(numbers[:-1]) == pytest.approx(numbers[-1], abs=1e-4)


def test_the_arithmetic_of_every_line_is_true():
    """Each line of a number put in, evaluated again, gives the result that it states."""
    from rnn_tutor.engine.errors import EngineError
    from rnn_tutor.engine.graph.evaluate import Graph
    from rnn_tutor.engine.reading.language import parse

    checked = 0
    for name in NAMES:
        for step in worked(name, 3):
            for line in step.numbers:
                match = re.fullmatch(r"[\w\[\], ]+ = (.*) = (-?[\d.e-]+)", line)
                if not match:
                    continue
                try:
                    value = float(Graph().evaluate(parse(match[1])).number)
                except (EngineError, TypeError):
                    continue
                assert value == pytest.approx(float(match[2]), rel=5e-3, abs=2e-3), line
                checked += 1
    assert checked > 100


@pytest.mark.parametrize("width", [30, 50, 74])
def test_folding_keeps_every_term(width):
    line = "a[0] = " + " + ".join(f"0.{k} * (-{k})" for k in range(1, 20)) + " = 3.14159"
    lines = folded(line, width)
    assert " ".join(one.strip() for one in lines) == line
    assert all(len(one) <= width for one in lines)


def test_right_options_are_worked_with_their_reasons():
    steps = worked("checks")
    assert [(step.symbols, step.say) for step in steps] == [("Gradient norms", "They show explosion."), ("Masks", "")]


SHAPES = """\
format: 1
id: joins
title: Joins
prompt: Which shapes?
given:
  A: {shape: "(4, 8)", means: a}
  B: {shape: "(4, 5)", means: b}
  T: {value: "3", means: steps}
steps:
  - {let: "c = concat((A, B), axis=1)", say: s}
  - {let: "d = stack(A, A)", say: s}
  - {let: "k = A + B[0, 0]", say: s}
  - {let: "Z = zeros(64, 26)", say: s}
  - {let: "sizes = (T, 2*T)", say: s}
ask:
  - {answer: c, as: shape, prompt: c}
  - {answer: d, as: shape, prompt: d}
  - {answer: k, as: shape, prompt: k}
  - {answer: Z, as: shape, prompt: Z}
  - {answer: "Z[0]", as: shape, prompt: one}
  - {answer: sizes, as: shape, prompt: sizes}
hints: [a, b]
"""


@pytest.fixture
def shapes(tmp_path):
    file = tmp_path / "joins.yaml"
    file.write_text(SHAPES)
    question = ask(load_exercise(file))
    return question, {step.name: step for step in solve(question)}


def test_joining_is_told_as_joining(shapes):
    _, steps = shapes
    assert steps["c"].numbers[-1] == "Joined along axis 1: 8 + 5 = 13."
    assert steps["d"].numbers[-1] == "Stacked: axis 0 is new, with one entry for each of the 2."
    assert steps["k"].numbers[-1] == "Element by element: the number is spread over (4, 8)."


def test_where_a_shape_is_asked_for_the_shape_is_shown_and_no_numbers(shapes):
    question, steps = shapes
    assert steps["Z"].result == "Z has the shape (64, 26)"
    assert steps["Z"].picture is None
    assert steps["Z[0]"].result == "Z[0] has the shape (26)"
    assert steps["sizes"].result == "sizes = 3 6"
    assert [item.name for one in question.shown() for item in one.items] == ["T"]


def test_the_part_of_each_time_step_is_told_in_words():
    exercise = msgspec.convert(
        {
            "format": 1,
            "id": "by-step",
            "title": "By step",
            "prompt": "How much does each step add?",
            "given": {"w": {"value": "0.5", "means": "a weight"}, "x": {"value": "[1.0, 2.0]", "means": "inputs"}},
            "steps": [
                {"start": {"h": "0"}},
                {"for": "t in range(2)", "do": [{"let": "h[t] = w * (h[t-1] + x[t])"}]},
                {"let": "L = h[1]"},
                {"let": "added = parts(L, w)"},
            ],
            "ask": [{"answer": "added", "as": "vector"}],
        },
        Exercise,
    )
    told = "\n".join(line for step in solve(ask(exercise)) for line in step.numbers)
    assert "what each time step adds to dL/dw through its own use of w" in told
