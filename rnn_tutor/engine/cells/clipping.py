"""Clipping of gradients: by the norm of all of them together, of one, or element by element.

By norm, the textbook form (Pascanu, Mikolov and Bengio, 2013, algorithm 1) scales by limit / norm where the norm
is above the limit: [6, 8] clipped to 5 is [3, 4]. PyTorch's clip_grad_norm_ scales by limit / (norm + 1e-6) where
that is below 1: [2.9999997, 3.9999996]. `eps` is that 1e-6; 0 is the textbook's.
"""

from collections.abc import Sequence
from math import inf

import numpy as np

from rnn_tutor.engine.array_types import ArrayLike
from rnn_tutor.engine.cells.arrays import Array, expect, expect_finite, floats, must_fit
from rnn_tutor.engine.errors import EngineError

TEXTBOOK_EPS = 0.0
PYTORCH_EPS = 1e-6


def norm(g: ArrayLike, order: float = 2.0) -> float:
    """Return the norm of all elements of g: sum |g| (order 1), the root of sum g**2 (2), max |g| (inf).

    Divides by the largest first, so that squares neither overflow nor vanish; 0 for no elements. Raises
    EngineError("value") where an element is NaN or infinite, and where the norm itself is beyond float64.
    """
    if order not in {1.0, 2.0, inf}:
        raise EngineError("value", "The order of a norm is 1, 2 or inf here.")
    sizes = np.abs(floats(g))
    expect_finite("The gradient", sizes)
    largest = float(sizes.max(initial=0.0))
    if largest == 0.0 or order == inf:
        return largest
    shares = sizes / largest
    total = float(shares.sum()) if order == 1.0 else float(np.sqrt((shares * shares).sum()))
    must_fit("The norm", largest * total)
    return largest * total


def clip_by_norm(g: ArrayLike, limit: float, order: float = 2.0, eps: float = TEXTBOOK_EPS) -> Array:
    """Return g, scaled down to norm `limit` where its norm is above; the direction stays.

    g: any shape, one norm over all elements. eps: 0 is the textbook's form, 1e-6 PyTorch's.
    """
    values = floats(g)
    return _shrink(values, norm(values, order), limit, eps)


def clip_by_norm_backward(
    g: ArrayLike, limit: float, dy: ArrayLike, order: float = 2.0, eps: float = TEXTBOOK_EPS
) -> Array:
    """Return dL/dg from dL/d(clip_by_norm(g)).

    Where the norm is at or below the limit, dy itself. Above it the scale depends on g too, so that of order 2 what
    points along g is lost. At kinks as everywhere in the engine: |g|' (0) = 0, tied maxima share equally.
    """
    values = floats(g)
    given = expect("dy", floats(dy), values.shape, "")
    size = norm(values, order)
    if not _is_above(size, limit, eps):
        return given.copy()
    if order == 2.0:
        derivative = values / (size or 1.0)
    elif order == 1.0:
        derivative = np.sign(values)
    else:
        top = np.abs(values) == size
        derivative = np.sign(values) * top / top.sum()
    along = float((given * (values / (size + eps))).sum())
    return (given - along * derivative) * (limit / (size + eps))


def clip_by_global_norm(
    gs: Sequence[ArrayLike], limit: float, order: float = 2.0, eps: float = TEXTBOOK_EPS
) -> tuple[list[Array], float]:
    """Return all gradients scaled by one factor so that their norm together is at most `limit`, and that norm before.

    What clip_grad_norm_ does to the gradients of a model: a norm over all of them, as if they were one long vector.
    """
    arrays = [floats(g) for g in gs]
    total = norm(np.array([norm(g, order) for g in arrays]), order)
    return [_shrink(g, total, limit, eps) for g in arrays], total


def clip_by_value(g: ArrayLike, limit: float) -> Array:
    """Return g with every element moved into -limit..limit; the direction may change. PyTorch's clip_grad_value_."""
    _check_limit(limit)
    return np.clip(floats(g), -limit, limit)


def clip_by_value_backward(g: ArrayLike, limit: float, dy: ArrayLike) -> Array:
    """Return dL/dg from dL/d(clip_by_value(g)): dy where |g| <= limit, at the limit too, as PyTorch's clamp; else 0."""
    values = floats(g)
    return expect("dy", floats(dy), values.shape, "") * (np.abs(values) <= limit)


def _check_limit(limit: float) -> None:
    if not limit >= 0:
        raise EngineError("value", "A limit to clip to must be 0 or more.")


def _is_above(size: float, limit: float, eps: float) -> bool:
    _check_limit(limit)
    return size + eps > limit


def _shrink(values: Array, size: float, limit: float, eps: float) -> Array:
    """Return values * limit / (size + eps) where that factor is below 1, else a copy of them.

    Divided first: the factor alone would lose digits where it is tiny, and values / size is never above 1.
    """
    return values / (size + eps) * limit if _is_above(size, limit, eps) else values.copy()
