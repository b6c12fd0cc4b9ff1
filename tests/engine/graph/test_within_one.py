"""What is known to stay within [0, 1] by how it is made, and what is not."""

import numpy as np
import pytest

from rnn_tutor.engine.graph.evaluate import Graph
from rnn_tutor.engine.graph.within_one import within_one
from rnn_tutor.engine.reading.language import parse

X = np.array([[-3.0, 0.2, 5.0], [0.5, 0.5, 0.5]])


@pytest.mark.parametrize(
    "text",
    [
        "sigmoid(x)", "1 - sigmoid(x)", "softmax(x, axis=1)", "x > 0", "sigmoid(x) * softmax(x, axis=1)",
        "stack(sigmoid(x), 1 - sigmoid(x))", "sigmoid(x)[0]", "sigmoid(x).T", "mean(sigmoid(x))",
        "cumprod(1 - sigmoid(x), axis=1)", "sigmoid(x) ** 3", "where(x > 0, sigmoid(x), 0.5)", "one_hot([0, 1], 3)",
        "length_mask([1, 2], 3)", "max(softmax(x, axis=1))", "sigmoid(x) * 0.9",
    ],
)  # fmt: skip
def test_it_is_known_and_it_is_so(text):
    graph = Graph()
    graph.leaf("x", X)
    node = graph.evaluate(parse(text))
    assert within_one(node)
    assert (node.number >= 0).all()
    assert (node.number <= 1).all()


@pytest.mark.parametrize(
    "text",
    ["x", "tanh(x)", "2 * sigmoid(x)", "sum(softmax(x))", "sigmoid(x) + 0", "2 - sigmoid(x)", "sigmoid(x) - x",
     "sigmoid(x) ** -1", "cumsum(sigmoid(x), axis=1)", "where(x > 0, sigmoid(x), x)"],
)  # fmt: skip
def test_it_is_not_known(text):
    graph = Graph()
    graph.leaf("x", X)
    assert not within_one(graph.evaluate(parse(text)))
