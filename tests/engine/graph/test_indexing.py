"""Indexes: when 0 and 1 may be a mask, and when they cannot be."""

import numpy as np
import pytest

from rnn_tutor.engine.errors import EngineError
from rnn_tutor.engine.graph.evaluate import Graph
from rnn_tutor.engine.reading.language import parse


def learner(text):
    graph = Graph()
    graph.leaf("lp", np.arange(9.0).reshape(3, 3))
    graph.leaf("y", np.array([0.0, 1.0, 1.0]))
    return graph.scope(graph.names).evaluate(parse(text)).number


def test_one_index_of_0_and_1_alone_is_asked_about():
    with pytest.raises(EngineError, match="Is y a mask here"):
        learner("lp[y]")


def test_an_index_among_several_is_never_a_mask():
    assert learner("lp[arange(3), y]").tolist() == [0, 4, 7]
    assert learner("lp[:, y]").shape == (3, 3)
