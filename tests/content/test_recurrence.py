"""The unit recurrence, held against NumPy loops that share nothing with its files."""

import numpy as np
import pytest

from rnn_tutor.exercises.mark import mark
from tests.content.course import SEEDS, asked, expected

NET = """\
def net(x, h_start, w_x, W_hh, b, w_y, b_y):
    h = h_start
    ys = []
    for t in range(len(x)):
        h = tanh(w_x * x[t] + W_hh @ h + b)
        ys.append(w_y @ h + b_y)
    return ys
"""


@pytest.mark.parametrize("seed", SEEDS)
def test_weight_shapes(seed: int | None) -> None:
    question, g = asked("weight-shapes", seed)
    inputs, units, outputs = (int(g[name]) for name in "DHV")
    state = np.zeros((units, inputs)) @ np.ones(inputs) + np.zeros((units, units)) @ np.ones(units)
    assert (np.zeros((outputs, units)) @ state).shape == (outputs,)
    assert question.part("W_xh").expected == (units, inputs)
    assert question.part("W_hh").expected == (units, units)
    assert question.part("W_hy").expected == (outputs, units)
    assert mark(question, "longer", "4").verdict == "right"


@pytest.mark.parametrize("seed", SEEDS)
def test_unroll_unit(seed: int | None) -> None:
    question, g = asked("unroll-unit", seed)
    state, states = 0.0, []
    for value in g["x"]:
        state = np.tanh(g["w_x"] * value + g["w"] * state + g["b"])
        states.append(state)
    np.testing.assert_allclose(expected(question, "h"), states, rtol=1e-12)
    old = g["w"] * states[1] + g["b"]
    last = [np.tanh(g["w_x"] * x + old) for x in (0, old / g["w_x"], -old / g["w_x"], -g["w"] * states[1] / g["w_x"])]
    assert {k for k, value in enumerate(last, start=1) if abs(value) < 1e-12} == question.part("silent").expected


@pytest.mark.parametrize("seed", SEEDS)
def test_rnn_parameters(seed: int | None) -> None:
    question, g = asked("rnn-parameters", seed)
    inputs, units, outputs, steps = (int(g[name]) for name in "DHVT")
    cell = sum(np.zeros(shape).size for shape in [(units, inputs), (units, units), (units,)])
    total = cell + sum(np.zeros(shape).size for shape in [(outputs, units), (outputs,)])
    assert [expected(question, name) for name in ("cell", "total", "unshared")] == [cell, total, total * steps]
    assert mark(question, "cell", str(cell)).verdict == "right"
    (factor,) = (int(question.part("double").ask.options[k - 1].text) for k in question.part("double").expected)
    grown = 2000 * (2000 + 10 + 1) / (1000 * (1000 + 10 + 1))
    assert grown == pytest.approx(factor, rel=0.02)
    assert mark(question, "total", str(total - outputs)).verdict == "wrong"  # the missing bias is not a rounding


@pytest.mark.parametrize("seed", SEEDS)
def test_unrolled_sum(seed: int | None) -> None:
    question, g = asked("unrolled-sum", seed)

    def last(weight: float, inputs: np.ndarray) -> float:
        state = 0.0
        for value in inputs:
            state = weight * state + value
        return state

    weight, inputs = float(g["w"]), g["x"]
    each = [last(weight, np.eye(len(inputs))[t]) for t in range(len(inputs))]
    np.testing.assert_allclose(expected(question, "counts"), each, rtol=1e-12)
    np.testing.assert_allclose(expected(question, "last"), last(weight, inputs), rtol=1e-12)
    after, size = 0, 1.0
    while size >= 0.01:
        after, size = after + 1, size * abs(weight)
    assert expected(question, "gone") == after
    for option, other in enumerate([1, 0, -1, 0.5], start=1):
        same = np.isclose(last(other, inputs), last(other, inputs[::-1]))
        assert same == (option in question.part("blind").expected)


@pytest.mark.parametrize("seed", SEEDS)
def test_output_layer(seed: int | None) -> None:
    question, g = asked("output-layer", seed)
    units = range(2)
    state = [np.tanh(g["a"][k]) for k in units]
    logits = [sum(row[k] * state[k] for k in units) + shift for row, shift in zip(g["W_hy"], g["b_y"], strict=True)]
    np.testing.assert_allclose(expected(question, "h"), state, rtol=1e-12)
    np.testing.assert_allclose(expected(question, "logits"), logits, rtol=1e-12)
    odds = [np.exp(one - logits[0]) for one in logits]
    np.testing.assert_allclose(expected(question, "p"), [one / sum(odds) for one in odds], rtol=1e-12)
    scores = np.array(logits)
    changed = [scores + 5, 2 * scores, scores + 5 * np.eye(3)[0], g["W_hy"] @ g["a"] + g["b_y"]]
    same = {
        k for k, new in enumerate(changed, 1) if np.allclose(np.exp(new) / np.exp(new).sum(), expected(question, "p"))
    }
    assert same == question.part("same").expected


@pytest.mark.parametrize("seed", SEEDS)
def test_activations_compared(seed: int | None) -> None:
    question, g = asked("activations-compared", seed)
    found = []
    for activation in (lambda a: a, lambda a: a if a > 0 else 0.0, np.tanh):
        state = 0.0
        for value in g["x"]:
            state = activation(g["w"] * state + value)
        found.append(state)
    np.testing.assert_allclose(expected(question, "last"), found, rtol=1e-12)
    for _ in range(100):  # no more inputs, and a weight of 1.5: only the tanh stays bounded
        found = [1.5 * found[0], max(1.5 * found[1], 0.0), float(np.tanh(1.5 * found[2]))]
    assert [abs(one) < 1 for one in found] == [False, False, True]
    assert mark(question, "bounded", "3").verdict == "right"


@pytest.mark.parametrize("seed", SEEDS)
def test_impulse_response(seed: int | None) -> None:
    question, g = asked("impulse-response", seed)
    np.testing.assert_allclose(expected(question, "weight_in"), g["w_x"], rtol=1e-12)
    np.testing.assert_allclose(expected(question, "weight_back"), g["w"], rtol=1e-12)
    assert mark(question, "weight_back", "w").verdict != "right"  # hidden: to be read from the picture
    assert mark(question, "weight_back", f"{float(g['w']) * 1.05:.3f}").verdict == "right"  # as near as one can read


@pytest.mark.parametrize("seed", SEEDS)
def test_rnn_with_output(seed: int | None) -> None:
    question, g = asked("rnn-with-output", seed)
    state, outputs = g["h_start"], []
    for value in g["x"]:
        state = np.array([np.tanh(g["w_x"][k] * value + g["W_hh"][k] @ state + g["b"][k]) for k in range(2)])
        outputs.append(g["w_y"] @ state + g["b_y"])
    np.testing.assert_allclose(expected(question, "y"), outputs, rtol=1e-12)
    assert mark(question, "y", NET).verdict == "right"
    forgot = mark(question, "y", NET.replace("h = h_start", "h = zeros(2)"))
    assert forgot.verdict == "wrong"
    assert (forgot.line, "h_start is never read" in forgot.says) == (2, True)
    no_bias = mark(question, "y", NET.replace("w_y @ h + b_y", "w_y @ h"))
    assert no_bias.verdict == "wrong"
    assert "b_y" in no_bias.says
