"""Where one number comes from: what is written out, calculated, is that number."""

import numpy as np
import pytest

from rnn_tutor.engine.graph.evaluate import Graph
from rnn_tutor.engine.graph.graph import as_numbers
from rnn_tutor.engine.graph.provenance import arithmetic, written
from rnn_tutor.engine.number_text import significant
from rnn_tutor.engine.reading.language import parse


@pytest.fixture
def graph():
    graph = Graph()
    values = {
        "f": [0.9, 0.2],
        "c": [1.0, -1.0],
        "W": [[1.0, 2.0], [3.0, -4.0]],
        "x": [[1.0, 2.0], [3.0, 4.0], [5.0, 6.0]],
        "s": 2.0,
        "m": [1.0, 0.0, 1.0],
    }
    for name, value in values.items():
        graph.leaf(name, np.array(value))
    return graph


@pytest.mark.parametrize(
    ("text", "cell", "symbols", "numbers"),
    [
        ("f * c", (1,), "f[1] * c[1]", "0.2 * (-1)"),
        ("W @ c", (1,), "W[1, 0] * c[0] + W[1, 1] * c[1]", "3 * 1 + (-4) * (-1)"),
        ("W.T @ c", (0,), "W[0, 0] * c[0] + W[1, 0] * c[1]", "1 * 1 + 3 * (-1)"),
        ("x.sum(axis=0)", (0,), "x[0, 0] + x[1, 0] + x[2, 0]", "1 + 3 + 5"),
        ("x[:, 1].mean()", (), "(x[0, 1] + x[1, 1] + x[2, 1]) / 3", "(2 + 4 + 6) / 3"),
        ("norm(c)", (), "sqrt(c[0]**2 + c[1]**2)", "sqrt(1**2 + (-1)**2)"),
        ("softmax(c)", (1,), "exp(c[1]) / (exp(c[0]) + exp(c[1]))", "exp(-1) / (exp(1) + exp(-1))"),
        ("min(1, s / norm(W))", (), None, "min(1, 2 / sqrt(30))"),
        ("where(m, x[:, 0], -9)", (1,), None, None),
        ("exp(where(m, x[:, 0], -9))", (0,), "exp(x[0, 0])", "exp(1)"),
        ("concat(f, c)", (2,), "c[0]", "1"),
        ("1 - f", (0,), "1 - f[0]", "1 - 0.9"),
    ],
)
def test_a_cell_is_written_in_the_cells_that_it_was_made_of(graph, text, cell, symbols, numbers):
    node = graph.evaluate(parse(text), "y")
    _, found_symbols, found_numbers = arithmetic(node, cell)
    if symbols is not None:
        assert found_symbols == symbols
    if numbers is not None and "sqrt(30)" not in numbers:
        assert found_numbers == numbers


@pytest.mark.parametrize(
    "text",
    [
        "W @ W.T",
        "tanh(W @ c + f)",
        "x.T @ x",
        "softmax(W, axis=0) * f",
        "(x - x.mean(axis=0)) / x.max()",
        "where(x > 2, x, -x)[:, ::-1]",
        "concat(x, x[:1]).prod(axis=0)",
        "maximum(W, 0) - minimum(W, s)",
    ],
)
def test_what_is_written_out_gives_the_number_when_it_is_calculated_again(graph, text):
    node = graph.evaluate(parse(text), "y")
    for cell in np.ndindex(*node.shape):
        _, _, numbers = arithmetic(node, cell)
        again = Graph().evaluate(parse(numbers)).number
        assert float(again) == pytest.approx(float(as_numbers(node.number)[cell]), rel=2e-3, abs=1e-3)


def test_the_sources_are_the_cells_that_the_names_stand_for(graph):
    node = graph.evaluate(parse("f * c"), "y")
    _, sources = written(node, (1,))
    assert {name: (source.node.name, source.cell) for name, source in sources.items()} == {
        "f[1]": ("f", (1,)),
        "c[1]": ("c", (1,)),
    }


@pytest.mark.parametrize(
    ("value", "text"), [(-0.0, "0"), (1.0, "1"), (0.123456, "0.1235"), (1e-9, "1e-9"), (123456.0, "1.235e5")]
)
def test_numbers_are_written_short_and_without_minus_zero(value, text):
    assert significant(value) == text
