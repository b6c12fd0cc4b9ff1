"""A slip in one element, where what is left of it has no value."""

import warnings

import msgspec

from rnn_tutor.exercises.drawing import ask
from rnn_tutor.exercises.mark import mark
from rnn_tutor.exercises.model import Exercise


def test_a_product_without_which_there_is_no_root_is_passed_over_in_silence():
    exercise = msgspec.convert(
        {
            "format": 1,
            "id": "a-root",
            "title": "A root",
            "prompt": "The root of a sum of products.",
            "given": {
                "W": {"value": "[[3.0, -2.0], [1.0, 4.0]]", "means": "weights"},
                "x": {"value": "[1.5, 0.7]", "means": "input"},
            },
            "steps": [{"let": "y = sqrt(W @ x)"}],
            "ask": [{"answer": "y", "as": "vector"}],
        },
        Exercise,
    )
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        assert mark(ask(exercise), "y", "[1.2345, 2.0736]").verdict == "wrong"
