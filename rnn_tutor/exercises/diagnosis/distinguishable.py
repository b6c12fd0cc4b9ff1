"""Whether two answers can be told apart by a learner: at the digits that a part asks for."""

import numpy as np

from rnn_tutor.engine.compare import Comparison, compare, typed_numbers
from rnn_tutor.engine.functions import Array
from rnn_tutor.exercises.question import Part
from rnn_tutor.exercises.verdict import Reading


def compared(part: Part, reading: Reading, expected: Array) -> Comparison:
    """Compare what was understood with a value of the same shape, by the rules of the part."""
    assert isinstance(reading.value, np.ndarray)  # noqa: S101 - called for values only
    typed = typed_numbers(reading.expr) if reading.expr is not None else None
    rules = part.ask
    return compare(reading.value, expected, digits=rules.digits, rtol=rules.rtol, atol=rules.atol, typed=typed)


def looks_right(part: Part, candidate: Array) -> bool:
    """Tell whether a mistake gives, at the digits asked for, what is expected: then it cannot be seen."""
    expected = part.expected
    if not isinstance(expected, np.ndarray) or candidate.shape != expected.shape:
        return False
    if not expected.shape:  # the same in plain floats: most answers are one number, and this is asked very often
        truth = float(expected)
        return abs(float(candidate) - truth) <= part.ask.atol + _share(part) * abs(truth)
    return bool(near(part, candidate, expected).all())


def near(part: Part, value: Array, truth: Array) -> Array:
    """Tell which elements are the same at the digits asked for (or within the tolerance); the shapes are equal."""
    with np.errstate(all="ignore"):
        gap = np.abs(value - truth)
        return np.asarray(gap <= part.ask.atol + _share(part) * np.abs(truth))


def _share(part: Part) -> float:
    """Return by which share of the truth an element may be off and still look the same."""
    return max(part.ask.rtol, 10.0 ** -(part.ask.digits - 1))
