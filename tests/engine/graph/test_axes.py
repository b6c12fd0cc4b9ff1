"""The names of axes, carried through the graph from the givens."""

import numpy as np
import pytest

from rnn_tutor.engine.graph.axes import axes_of
from rnn_tutor.engine.graph.evaluate import Graph
from rnn_tutor.engine.graph.steps import Start, read_let, read_loop, run
from rnn_tutor.engine.reading.language import parse

GIVEN = {"x": ("time", "feature"), "W": ("unit", "feature"), "h": ("unit",), "b": ("unit",), "m": ("time",)}


@pytest.fixture
def graph():
    graph = Graph()
    shapes = {"x": (4, 3), "W": (2, 3), "h": (2,), "b": (2,), "m": (4,), "T": ()}
    for name, shape in shapes.items():
        graph.leaf(name, np.full(shape, 0.5))
    return graph


@pytest.mark.parametrize(
    ("text", "axes"),
    [
        ("x", ("time", "feature")),
        ("x.T", ("feature", "time")),
        ("tanh(x)", ("time", "feature")),
        ("W @ x[0]", ("unit",)),
        ("x @ W.T", ("time", "unit")),
        ("x @ W.T + b", ("time", "unit")),
        ("x.sum(axis=0)", ("feature",)),
        ("x.mean(axis=1)", ("time",)),
        ("x.sum(axis=1, keepdims=True)", ("time", "")),
        ("x.sum()", ()),
        ("x * m[:, None]", ("time", "feature")),
        ("softmax(x, axis=0)", ("time", "feature")),
        ("x[1:, 0]", ("time",)),
        ("x[m > 0]", ("", "")),  # which rows are left is not followed
        ("[h, b]", ("", "unit")),
        ("reshape(x, 12)", ("",)),
        ("h + x[:2, 0]", ("",)),  # two names for one axis: none is guessed
    ],
)
def test_names_follow_the_axes_or_are_lost_where_unclear(graph, text, axes):
    assert axes_of(graph.evaluate(parse(text)), GIVEN) == axes


def test_a_recurrence_has_time_first_and_derivatives_have_the_axes_of_what_they_are_by():
    program = (
        Start({"s": parse("zeros(2)")}),
        read_loop("t in range(4)", (("s[t] = tanh(W @ x[t] + 0.5 * s[t-1])", "k"),)),
        read_let("L = sum(s)"),
        read_let("ds = grad(L, s)"),
        read_let("dW = grad(L, W)"),
        read_let("shares = parts(L, W)"),
        read_let("J = jacobian(s, x)"),
    )
    graph = run(program, {"x": np.ones((4, 3)), "W": np.ones((2, 3))})
    found = {name: axes_of(graph.whole(name), GIVEN) for name in ("s", "ds", "dW", "shares", "J")}
    assert found == {
        "s": ("time", "unit"),
        "ds": ("time", "unit"),
        "dW": ("unit", "feature"),
        "shares": ("time", "unit", "feature"),
        "J": ("time", "unit", "time", "feature"),
    }
