"""Whole numbers that are counted with."""

import numpy as np
import pytest

from rnn_tutor.engine.errors import EngineError
from rnn_tutor.engine.graph.graph import Graph
from rnn_tutor.engine.graph.node import MAX_WHOLE, whole_number


def number(value):
    return whole_number(Graph().leaf("n", np.array(value)), "A count")


def test_a_whole_number_is_read_up_to_a_limit():
    assert number(-3.0) == -3
    assert number(1e9) == MAX_WHOLE == 10**9
    with pytest.raises(EngineError, match="too large to count with") as caught:
        number(1e9 + 1)
    assert caught.value.kind == "limit"


@pytest.mark.parametrize(("value", "kind"), [(2.5, "value"), (np.nan, "value"), (np.inf, "value"), ([3.0], "shape")])
def test_what_is_no_whole_number_is_refused(value, kind):
    with pytest.raises(EngineError) as caught:
        number(value)
    assert caught.value.kind == kind
