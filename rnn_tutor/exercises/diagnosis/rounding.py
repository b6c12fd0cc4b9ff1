"""Whether rounding on the way may have made the difference of an answer that is nearly right.

Each value on the way moves the answer by its derivative times half a unit of the last digit that it is rounded to.
These add up as errors that know nothing of each other do. What is further off was computed another way.
"""

import numpy as np

from rnn_tutor.engine.errors import EngineError
from rnn_tutor.engine.functions import Array
from rnn_tutor.engine.graph.gradient import LEAVES, backward
from rnn_tutor.engine.graph.graph import Node, as_numbers
from rnn_tutor.exercises.question import Part

DIGITS = 3  # that values on the way are rounded to
SHORT = 1e-6
MOST_ELEMENTS = 16  # of an answer: each needs a way back of its own
MOST_NODES = 2_000
COPIES = ("index", "array", "stack", "concat", "transpose", "reshape", "ravel", "expand_dims", "squeeze", "flip")


def rounding_explains(part: Part, low: Array, high: Array) -> bool:
    """Tell whether rounding the values on the way to three digits may lead from the right answer to one within bounds.

    The bounds are those of what was typed before that was rounded. True too where that cannot be told, as a function on
    the way has no derivative.
    """
    node, expected = part.node, np.asarray(part.expected)
    if node is None or node.value is None or node.shape != low.shape or low.size > MOST_ELEMENTS:
        return True
    for at, off in np.ndenumerate(np.abs(np.clip(expected, low, high) - expected)):
        seed = np.zeros(node.shape)
        seed[at] = 1.0
        try:
            adjoints = backward(node, seed)
        except EngineError:
            return True
        if len(adjoints) > MOST_NODES:
            return True
        moved = sum(_moves(own, adjoint) for own, adjoint in adjoints.items() if own is not node)
        if off**2 > moved:
            return False
    return True


def _moves(node: Node, adjoint: Array) -> float:
    """Return by how much the answer moves if a value on the way is rounded, squared and added up."""
    if node.op in LEAVES or node.op in COPIES:
        return 0.0
    size = np.abs(as_numbers(node.number))
    return float(np.sum((adjoint * np.where(_is_short(size), 0.0, _half_unit(size))) ** 2))


def _is_short(size: Array) -> Array:
    """Tell which numbers nobody rounds: those of few digits, as 1 + rate is."""
    with np.errstate(all="ignore"):
        unit = 10.0 ** (np.floor(np.log10(size)) - DIGITS)
        return np.asarray((size == 0) | (np.abs(size / unit - np.round(size / unit)) < SHORT))


def _half_unit(size: Array) -> Array:
    with np.errstate(divide="ignore"):
        places = np.floor(np.log10(size)) - DIGITS + 1
    return np.where(size == 0, 0.0, 0.5 * 10.0**places)
