"""SGD and Adam against what PyTorch made of the same gradients (frozen/make_optimisers.py), update by update."""

import json
from pathlib import Path

import numpy as np
import pytest

from rnn_tutor.engine.cells import adam, no_moments, no_velocity, sgd
from rnn_tutor.engine.errors import EngineError

CASES = json.loads((Path(__file__).parent / "frozen" / "optimisers.json").read_text(encoding="utf-8"))["cases"]


def arrays(lists):
    return tuple(np.array(one) for one in lists)


@pytest.mark.parametrize("case", CASES, ids=lambda case: f"{case['optimiser']}-{case['options']}")
def test_weights_are_those_of_pytorch_after_each_update(case):
    options = dict(case["options"])
    rate = options.pop("rate")
    update, remembered = (sgd, no_velocity) if case["optimiser"] == "sgd" else (adam, no_moments)
    weights = arrays(case["start"])
    state = remembered(weights)
    for gradients, after in zip(case["gradients"], case["after"], strict=True):
        weights, state = update(weights, arrays(gradients), state, rate, **options)
        for mine, theirs in zip(weights, arrays(after), strict=True):
            np.testing.assert_allclose(mine, theirs, rtol=1e-13, atol=1e-15)


def test_what_was_given_stays_as_it_was():
    weights, gradients = (np.ones(3),), (np.array([1.0, -2.0, 0.0]),)
    for update, state in ((sgd, no_velocity(weights)), (adam, no_moments(weights))):
        update(weights, gradients, state, 0.1)
        update(weights, gradients, state, 0.1)
        assert weights[0].tolist() == [1, 1, 1]
        assert gradients[0].tolist() == [1, -2, 0]


def test_the_first_update_of_adam_is_the_rate_whatever_the_size_of_the_gradient():
    weights = (np.zeros(3),)
    after, _ = adam(weights, (np.array([1e-3, -1.0, 1e3]),), no_moments(weights), 0.01)
    np.testing.assert_allclose(after[0], [-0.01, 0.01, -0.01], rtol=1e-4)


@pytest.mark.parametrize(
    ("gradients", "rate", "says"),
    [
        ((np.ones(2),), 0.1, "must be"),
        ((np.array([1.0, np.nan, 0.0]),), 0.1, "not finite"),
        ((np.ones(3), np.ones(3)), 0.1, "1 weights and 2 gradients"),
        ((np.ones(3),), -0.1, "0 or more"),
    ],
)
def test_what_does_not_fit_is_refused_in_words(gradients, rate, says):
    weights = (np.zeros(3),)
    for update, state in ((sgd, no_velocity(weights)), (adam, no_moments(weights))):
        with pytest.raises(EngineError, match=says):
            update(weights, gradients, state, rate)
