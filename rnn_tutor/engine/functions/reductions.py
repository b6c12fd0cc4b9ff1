"""Functions that sum up an array, over all of it or along an axis; and running sums.

Ties of max and min share the gradient equally. std and var divide by n, as NumPy does, or by n - ddof.
"""

from collections.abc import Callable
from typing import Any, TypeAlias

import numpy as np

from rnn_tutor.engine.errors import EngineError
from rnn_tutor.engine.functions.base import (
    Array,
    Axes,
    Function,
    Param,
    expanded,
    normal_axis,
    reduced_axes,
    reduced_shape,
    size,
    unbroadcast,
)
from rnn_tutor.engine.shapes import Shape, in_words

# Of a norm: 1, 2, inf; None is the root of the sum of squares (of a matrix: Frobenius).
Order: TypeAlias = float | None
_OVER = (Param("x"), Param("axis", "axes", None), Param("keepdims", "flag", False))


def _reduce(
    name: str, value: Callable[..., Any], derivative: Callable[..., Any], says: str, empty: bool = True
) -> Function:
    """derivative(x, y, axis) is dy/dx, broadcast against x; y has its axes put back."""

    def gradient(g: Array, y: Array, x: Array, axis: Axes, keepdims: bool) -> tuple[Array]:
        wide = expanded(np.asarray(g), x.shape, axis, keepdims)
        full = expanded(np.asarray(y), x.shape, axis, keepdims)
        return (np.broadcast_to(wide * derivative(x, full, axis), x.shape),)

    def shape(x: Shape, axis: Axes, keepdims: bool) -> Shape:
        if not empty and 0 in x:
            raise EngineError("shape", f"The {name} of an empty array does not exist.")
        return reduced_shape(x, axis, keepdims)

    return Function(name, _OVER, value, shape, gradient, "reduction", says, work=lambda x, *_, **__: size(x))


def _count(x: Array, axis: Axes) -> int:
    return max(1, size(tuple(x.shape[at] for at in reduced_axes(x.shape, axis))))


def _others(x: Array, y: Array, axis: Axes) -> Array:
    """The product of all the other elements, also where some are 0."""
    axes = reduced_axes(x.shape, axis)
    kept = [length for position, length in enumerate(x.shape) if position not in axes]
    moved = np.moveaxis(x, axes, range(len(axes))).reshape(size(x.shape) // max(1, size(tuple(kept))), *kept)
    ones = np.ones((1, *kept))
    before = np.concatenate([ones, np.cumprod(moved, axis=0)[:-1]])
    after = np.concatenate([np.cumprod(moved[::-1], axis=0)[::-1][1:], ones])
    shaped = (before * after)[: len(moved)].reshape([x.shape[at] for at in axes] + kept)
    return np.asarray(np.moveaxis(shaped, range(len(axes)), axes))


def _ties(x: Array, y: Array, axis: Axes) -> Array:
    equal = (x == y) * 1.0
    return np.asarray(equal / equal.sum(axis=reduced_axes(x.shape, axis), keepdims=True))


def _logsumexp(x: Array, axis: Axes, keepdims: bool) -> Array:
    top = np.max(x, axis=axis, keepdims=True)
    top = np.where(np.isfinite(top), top, 0.0)
    total = np.log(np.sum(np.exp(x - top), axis=axis, keepdims=True)) + top
    return np.asarray(total if keepdims else np.squeeze(total, axis=reduced_axes(x.shape, axis)))


def _spread(name: str, value: Callable[..., Any], says: str) -> Function:
    """std and var; they divide by n - ddof."""

    def derivative(x: Array, full: Array, axis: Axes, ddof: int) -> Array:
        share = (x - x.mean(axis=axis, keepdims=True)) / (_count(x, axis) - ddof)
        return np.asarray(2 * share if name == "var" else share / np.where(full == 0, 1.0, full))

    def gradient(g: Array, y: Array, x: Array, *, axis: Axes, keepdims: bool, ddof: int) -> tuple[Array]:
        wide, full = (expanded(np.asarray(array), x.shape, axis, keepdims) for array in (g, y))
        return (np.broadcast_to(wide * derivative(x, full, axis, ddof), x.shape),)

    def shape(x: Shape, axis: Axes, keepdims: bool, ddof: int) -> Shape:
        if 0 in x:
            raise EngineError("shape", f"The {name} of an empty array does not exist.")
        count = size(tuple(x[at] for at in reduced_axes(x, axis)))
        if ddof >= count:
            raise EngineError("shape", f"With ddof={ddof}, {name} needs more than {ddof} numbers; here it has {count}.")
        return reduced_shape(x, axis, keepdims)

    params = (*_OVER, Param("ddof", "whole", 0))
    return Function(name, params, value, shape, gradient, "reduction", says, work=lambda x, *_, **__: size(x))


REDUCTIONS = [
    _reduce("sum", np.sum, lambda x, y, axis: 1.0, "the sum of {0}"),
    _reduce("mean", np.mean, lambda x, y, axis: 1 / _count(x, axis), "the mean of {0}", empty=False),
    _reduce("prod", np.prod, _others, "the product of {0}"),
    _reduce("max", np.max, _ties, "the largest of {0}", empty=False),
    _reduce("min", np.min, _ties, "the smallest of {0}", empty=False),
    _spread("var", np.var, "the variance of {0}"),
    _spread("std", np.std, "the standard deviation of {0}"),
    _reduce(
        "any",
        lambda x, axis, keepdims: np.any(x != 0, axis=axis, keepdims=keepdims),
        lambda x, y, axis: 0.0,
        "whether any of {0}",
    ),
    _reduce(
        "all",
        lambda x, axis, keepdims: np.all(x != 0, axis=axis, keepdims=keepdims),
        lambda x, y, axis: 0.0,
        "whether all of {0}",
    ),
    _reduce(
        "logsumexp",
        _logsumexp,
        lambda x, y, axis: np.exp(x - y),
        "the logarithm of the sum of the exponentials of {0}",
        empty=False,
    ),
]


def _is_spectral(x: Shape, ord: Order, axis: Axes) -> bool:
    """Tell whether it is the norm of a matrix as an operator, not of its elements."""
    return ord is not None and (len(x) == 2 if axis is None else isinstance(axis, tuple) and len(axis) == 2)


def _norm(x: Array, ord: Order, axis: Axes, keepdims: bool) -> Array:
    if _is_spectral(x.shape, ord, axis):
        return np.asarray(np.linalg.norm(x, ord=ord, axis=reduced_axes(x.shape, axis), keepdims=keepdims))
    over = reduced_axes(x.shape, axis)
    if ord == np.inf:
        return np.asarray(np.max(np.abs(x), axis=over, keepdims=keepdims, initial=0.0))
    if ord == 1:
        return np.asarray(np.sum(np.abs(x), axis=over, keepdims=keepdims))
    # Scaled, so that no square overflows.
    top = np.max(np.abs(x), axis=over, keepdims=True, initial=0.0)
    scale = np.where((top == 0) | ~np.isfinite(top), 1.0, top)
    total = np.sqrt(np.sum((x / scale) ** 2, axis=over, keepdims=True)) * scale
    return np.asarray(total if keepdims else np.squeeze(total, axis=over))


def _norm_work(x: Shape, ord: Order, axis: Axes, keepdims: bool) -> int:
    return size(x) * (max(x) if _is_spectral(x, ord, axis) and ord == 2 else 4)


def _norm_shape(x: Shape, ord: Order, axis: Axes, keepdims: bool) -> Shape:
    if ord is not None and ord not in (1, 2, np.inf):
        raise EngineError("value", "norm has the orders 1, 2 and inf here.")
    if ord is not None and len(reduced_axes(x, axis)) > 2:
        raise EngineError("shape", "norm with an order needs a vector, a matrix, or one or two axes.")
    if _is_spectral(x, ord, axis) and 0 in x:
        raise EngineError("shape", "The norm of an empty matrix does not exist.")
    return reduced_shape(x, axis, keepdims)


def _norm_gradient(g: Array, y: Array, x: Array, *, ord: Order, axis: Axes, keepdims: bool) -> tuple[Array]:
    if ord is not None and _is_spectral(x.shape, ord, axis):
        wide = expanded(np.asarray(g), x.shape, axis, keepdims)
        return (wide * _matrix_norm_derivatives(x, ord, reduced_axes(x.shape, axis)),)
    wide, full = (
        expanded(np.asarray(g), x.shape, axis, keepdims),
        expanded(np.asarray(y), x.shape, axis, keepdims),
    )
    if ord == np.inf:
        return (wide * np.sign(x) * _ties(np.abs(x), full, axis),)
    if ord == 1:
        return (wide * np.sign(x),)
    return (wide * x / np.where(full == 0, 1.0, full),)


def _matrix_norm_derivatives(x: Array, order: float, axes: tuple[int, ...]) -> Array:
    """Of each matrix that the two axes of an array make."""
    rows = np.moveaxis(x, axes, (-2, -1))
    derivatives = [_matrix_norm_derivative(array, order) for array in rows.reshape(-1, *rows.shape[-2:])]
    return np.moveaxis(np.reshape(derivatives, rows.shape), (-2, -1), axes)


def _matrix_norm_derivative(x: Array, order: float) -> Array:
    if order == 2:  # the largest singular value: u v^T
        u, _, v = np.linalg.svd(x)
        return np.outer(u[:, 0], v[0])
    axis = 0 if order == 1 else 1
    sums = np.abs(x).sum(axis=axis, keepdims=True)
    return np.sign(x) * _ties(sums, sums.max(), None)


def _arg(name: str, value: Callable[..., Any], says: str) -> Function:
    def shape(x: Shape, axis: Axes, keepdims: bool) -> Shape:
        if 0 in x:
            raise EngineError("shape", f"The {name} of an empty array does not exist.")
        return reduced_shape(x, axis, keepdims)

    return Function(
        name,
        (Param("x"), Param("axis", "axis", None), Param("keepdims", "flag", False)),
        lambda x, axis, keepdims: value(x, axis=axis, keepdims=keepdims).astype(float),
        shape,
        lambda g, y, x, axis, keepdims: (None,),
        "whole",
        says,
    )


def _average_shape(x: Shape, weights: Shape, axis: int | None) -> Shape:
    reduced = reduced_shape(x, axis)
    if 0 in x:
        raise EngineError("shape", "The mean of an empty array does not exist.")
    along = x if axis is None else (x[normal_axis(axis, len(x))],)
    if weights not in (x, along):
        wanted = f"{in_words(x)}" + (f" or {in_words(along)}" if along != x else "")
        raise EngineError("shape", f"The weights of this mean have the shape {wanted}, not {in_words(weights)}.")
    return reduced


def _weights_like(x: Array, weights: Array, axis: int | None) -> Array:
    """The weights of an axis, lying along it."""
    if weights.shape == x.shape or axis is None:
        return weights
    return weights.reshape(tuple(len(weights) if at == axis % x.ndim else 1 for at in range(x.ndim)))


def _average(x: Array, weights: Array, axis: int | None) -> Array:
    wide = np.broadcast_to(_weights_like(x, weights, axis), x.shape)
    return np.asarray((x * wide).sum(axis=axis) / wide.sum(axis=axis))


def _average_gradient(g: Array, y: Array, x: Array, weights: Array, axis: int | None) -> tuple[Array, Array]:
    own = _weights_like(x, weights, axis)
    wide = np.broadcast_to(own, x.shape)
    per = expanded(np.asarray(g), x.shape, axis, keepdims=False) / wide.sum(axis=axis, keepdims=True)
    to_weights = per * (x - expanded(np.asarray(y), x.shape, axis, keepdims=False))
    return per * wide, unbroadcast(to_weights, own.shape).reshape(weights.shape)


def _running_shape(x: Shape, axis: int | None) -> Shape:
    if axis is None:
        return (size(x),)
    normal_axis(axis, len(x))
    return x


def _cumsum_gradient(g: Array, y: Array, x: Array, axis: int | None) -> tuple[Array]:
    back = np.flip(np.cumsum(np.flip(g, axis or 0), axis=axis or 0), axis or 0)
    return (back.reshape(x.shape),)


def _cumprod_gradient(g: Array, y: Array, x: Array, axis: int | None) -> tuple[Array]:
    """y_j is the product of x_0 ... x_j, so dL/dx_k = y_(k-1) * (g_k + x_(k+1) g_(k+1) + ...): no division by x."""
    line = x.reshape(-1) if axis is None else np.moveaxis(x, axis, 0)
    down = g if axis is None else np.moveaxis(g, axis, 0)
    made = y if axis is None else np.moveaxis(y, axis, 0)
    total = np.zeros(line.shape)
    later = np.zeros(line.shape[1:])
    for k in range(len(line) - 1, -1, -1):
        later = down[k] + (line[k + 1] * later if k + 1 < len(line) else 0.0)
        total[k] = later * (made[k - 1] if k else 1.0)
    return (total.reshape(x.shape) if axis is None else np.moveaxis(total, 0, axis),)


OTHERS = [
    Function(
        "norm",
        (
            Param("x"),
            Param("ord", "number", None),
            Param("axis", "axes", None),
            Param("keepdims", "flag", False),
        ),
        _norm,
        _norm_shape,
        _norm_gradient,
        "reduction",
        "the norm of {0}",
        work=_norm_work,
    ),
    _arg("argmax", np.argmax, "where {0} is largest"),
    _arg("argmin", np.argmin, "where {0} is smallest"),
    Function(
        "weighted_mean",
        (Param("x"), Param("weights"), Param("axis", "axis", None)),
        _average,
        _average_shape,
        _average_gradient,
        "reduction",
        "the mean of {0} with the weights {1}",
        work=lambda x, *_, **__: 3 * size(x),
    ),
    Function(
        "cumsum",
        (Param("x"), Param("axis", "axis", None)),
        np.cumsum,
        _running_shape,
        _cumsum_gradient,
        "whole",
        "the running sum of {0}",
    ),
    Function(
        "cumprod",
        (Param("x"), Param("axis", "axis", None)),
        np.cumprod,
        _running_shape,
        _cumprod_gradient,
        "whole",
        "the running product of {0}",
    ),
    Function(
        "count_nonzero",
        _OVER,
        lambda x, axis, keepdims: np.asarray(np.count_nonzero(x, axis=axis, keepdims=keepdims), float),
        reduced_shape,
        lambda g, y, x, axis, keepdims: (None,),
        "reduction",
        "how many of {0} are not 0",
        work=lambda x, *_, **__: size(x),
    ),
]

FUNCTIONS = [*REDUCTIONS, *OTHERS]
