"""Where a number comes from, and how an answer reacts to each step: against arithmetic done by hand."""

import msgspec
import numpy as np
import pytest

from rnn_tutor.exercises.drawing import ask
from rnn_tutor.exercises.model import Exercise
from rnn_tutor.exercises.sensitivity import sensitivities
from rnn_tutor.exercises.trace import trace

CELL = {
    "format": 1,
    "id": "cell",
    "title": "A cell",
    "prompt": "Compute c.",
    "given": {
        "f": {"value": "[0.9, 0.2]", "means": "forget gate", "axes": ["unit"]},
        "i": {"value": "[0.1, 0.8]", "means": "input gate", "axes": ["unit"]},
        "c_prev": {"value": "[1, -1]", "means": "old cell", "axes": ["unit"]},
        "cand": {"value": "[0.5, 0.25]", "means": "candidate", "axes": ["unit"]},
    },
    "steps": [{"let": "c = f * c_prev + i * cand", "say": "The new cell."}],
    "ask": [{"answer": "c", "as": "vector"}],
}
RECURRENCE = {
    "format": 1,
    "id": "recurrence",
    "title": "A recurrence",
    "prompt": "Compute L.",
    "given": {
        "w": {"value": "0.5", "means": "recurrent weight"},
        "x": {"value": "[1, 2, 3]", "means": "input", "axes": ["time"]},
        "T": {"value": "3", "means": "steps"},
    },
    "steps": [
        {"start": {"h": "0"}},
        {"for": "t in range(T)", "do": [{"let": "h[t] = w * h[t-1] + x[t]", "say": "One step."}]},
        {"let": "L = h[-1]", "say": "The last state."},
    ],
    "ask": [{"answer": "L", "as": "scalar"}],
}


def question(data):
    return ask(msgspec.convert(data, Exercise))


def test_a_cell_is_opened_into_its_arithmetic():
    asked = question(CELL)
    found = trace(asked, asked.graph.whole("c"), (1,))
    assert found.lines == (
        "c[1] = f[1] * c_prev[1] + i[1] * cand[1]",
        "= 0.2 * (-1) + 0.8 * 0.25",
        "= 0",
    )
    assert [(source.name, source.value, source.means) for source in found.sources] == [
        ("f[1]", 0.2, "forget gate"),
        ("c_prev[1]", -1.0, "old cell"),
        ("i[1]", 0.8, "input gate"),
        ("cand[1]", 0.25, "candidate"),
    ]


def test_what_is_given_comes_from_nowhere():
    asked = question(CELL)
    found = trace(asked, asked.graph.whole("f"), (0,))
    assert found.lines == ("f[0] = 0.9", "given: forget gate")
    assert found.sources == ()


def test_a_recurrence_is_followed_back_step_by_step():
    asked = question(RECURRENCE)
    here = trace(asked, asked.graph.whole("h"), (2,))
    seen = []
    while here.sources:
        seen.append(here.lines[0])
        before = [source for source in here.sources if source.name.startswith("h")]
        if not before:
            break
        here = trace(asked, before[0].node, before[0].cell)
    assert seen == ["h[2] = w * h[1] + x[2]", "h[1] = w * h[0] + x[1]", "h[0] = w * h_start + x[0]"]


def test_how_the_answer_reacts_is_the_total_derivative():
    found = sensitivities(question(RECURRENCE))
    assert found["h"].picture.values.tolist() == [0.25, 0.5, 1.0]
    assert found["h"].norms == (0.25, 0.5, 1.0)
    assert found["x"].picture.values.tolist() == [0.25, 0.5, 1.0]
    assert float(found["w"].picture.values) == pytest.approx(2 * 0.5 * 1 + 2)  # d(w(w x0 + x1) + x2)/dw = 2 w x0 + x1
    assert found["w"].of == "L"


def test_a_vector_is_summed_first():
    found = sensitivities(question(CELL))
    assert found["f"].of == "sum(c)"
    np.testing.assert_allclose(found["f"].picture.values, [1, -1])
    assert found["f"].picture.axes == ("unit",)


def test_a_choice_has_nothing_to_differentiate():
    data = CELL | {"ask": [{"answer": "k", "as": "choice", "options": [{"text": "a", "right": True}, {"text": "b"}]}]}
    assert sensitivities(question(data)) == {}
