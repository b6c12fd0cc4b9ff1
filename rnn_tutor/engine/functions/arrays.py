"""Functions that make arrays, take them apart and put them together.

Those of the family `structure` only move elements (their `value` works on any array, an array of cell numbers too,
which is how a cell is traced back); their gradients move them back.
"""

from collections.abc import Callable
from typing import Any

import numpy as np

from ..errors import EngineError
from .base import (
    Array,
    Function,
    Param,
    Shape,
    array_params,
    broadcast,
    check_sizes,
    in_words,
    normal_axis,
    same_shape,
    size,
    unbroadcast,
)

MAX_EYE = 300
MAX_PARTS = 64


def _reshape_shape(x: Shape, sizes: Shape) -> Shape:
    known = size(tuple(length for length in sizes if length != -1))
    if sizes.count(-1) > 1:
        raise EngineError("shape", "Only one size can be -1.")
    if -1 in sizes and (known == 0 or size(x) % known):
        raise EngineError("shape", f"{size(x)} elements do not fill the shape {in_words(sizes)}.")
    full = tuple(size(x) // known if length == -1 else length for length in sizes)
    if size(check_sizes(full)) != size(x):
        raise EngineError("shape", f"{size(x)} elements ({in_words(x)}) do not fill the shape {in_words(full)}.")
    return full


def _transpose_shape(x: Shape, axes: Shape) -> Shape:
    if not axes:
        return x[::-1]
    if sorted(normal_axis(axis, len(x)) for axis in axes) != list(range(len(x))):
        raise EngineError("shape", f"transpose needs each of the {len(x)} axes once.")
    return tuple(x[axis] for axis in axes)


def _transpose_gradient(g: Array, y: Array, x: Array, axes: Shape) -> tuple[Array]:
    return (np.transpose(g, np.argsort([axis % x.ndim for axis in axes])) if axes else np.transpose(g),)


def _swap_shape(x: Shape, first: int, second: int) -> Shape:
    order = list(x)
    a, b = normal_axis(first, len(x)), normal_axis(second, len(x))
    order[a], order[b] = order[b], order[a]
    return tuple(order)


def _check_parts(name: str, parts: tuple[Shape, ...]) -> None:
    if not parts:
        raise EngineError("shape", f"{name} needs at least one array.")
    if len(parts) > MAX_PARTS:
        raise EngineError("limit", f"{name} takes at most {MAX_PARTS} arrays here.")


def concat_shape(*parts: Shape, axis: int = 0) -> Shape:
    """Return the shape of arrays joined along an axis that they have."""
    _check_parts("concat", parts)
    first = parts[0]
    if not first:
        raise EngineError("shape", "concat joins vectors and larger; for scalars write a list [a, b].")
    along = normal_axis(axis, len(first))
    for part in parts[1:]:
        if len(part) != len(first) or any(
            a != b for k, (a, b) in enumerate(zip(part, first, strict=True)) if k != along
        ):
            raise EngineError(
                "shape",
                f"concat needs equal sizes apart from axis {axis}; these are {in_words(first)} and {in_words(part)}.",
            )
    return (*first[:along], sum(part[along] for part in parts), *first[along + 1 :])


def _concat_gradient(g: Array, y: Array, *parts: Array, axis: int) -> tuple[Array, ...]:
    ends = np.cumsum([part.shape[axis] for part in parts])[:-1]
    return tuple(np.split(g, ends, axis=axis))


def stack_shape(*parts: Shape, axis: int = 0) -> Shape:
    """Return the shape of equal arrays stacked on a new axis."""
    _check_parts("stack", parts)
    if any(part != parts[0] for part in parts):
        other = next(part for part in parts if part != parts[0])
        raise EngineError(
            "shape",
            f"Every part of a list has one shape; these are {in_words(parts[0])} and {in_words(other)}.",
        )
    at = normal_axis(axis, len(parts[0]) + 1)
    return check_sizes((*parts[0][:at], len(parts), *parts[0][at:]))


def _stack_gradient(g: Array, y: Array, *parts: Array, axis: int) -> tuple[Array, ...]:
    return tuple(np.moveaxis(g, axis, 0))


def _moves(value: Callable[..., Array]) -> Callable[..., tuple[Array]]:
    """Return the gradient of a function that moves or repeats elements: each gets the sum of where it went."""

    def gradient(g: Array, y: Array, x: Array, **static: Any) -> tuple[Array]:
        cells = value(np.arange(x.size).reshape(x.shape), **static)
        return (np.bincount(cells.reshape(-1), weights=g.reshape(-1), minlength=x.size).reshape(x.shape),)

    return gradient


def _repeat_shape(x: Shape, repeats: int, axis: Any) -> Shape:
    if repeats < 0:
        raise EngineError("shape", "How often to repeat cannot be negative.")
    if axis is None:
        return (size(x) * repeats,)
    at = normal_axis(axis, len(x))
    return (*x[:at], x[at] * repeats, *x[at + 1 :])


def _tile_shape(x: Shape, repeats: Shape) -> Shape:
    check_sizes(repeats)
    wide = max(len(x), len(repeats))
    a, b = (1,) * (wide - len(x)) + x, (1,) * (wide - len(repeats)) + repeats
    return tuple(i * j for i, j in zip(a, b, strict=True))


def _axis_kept(x: Shape, axis: Any = None, **_: Any) -> Shape:
    if axis is not None:
        normal_axis(axis, len(x))
    return x


def _squeeze_shape(x: Shape, axis: Any) -> Shape:
    if axis is None:
        return tuple(length for length in x if length != 1)
    at = normal_axis(axis, len(x))
    if x[at] != 1:
        raise EngineError("shape", f"Axis {axis} has length {x[at]}, not 1.")
    return x[:at] + x[at + 1 :]


def _expand_shape(x: Shape, axis: int) -> Shape:
    at = normal_axis(axis, len(x) + 1)
    return check_sizes((*x[:at], 1, *x[at:]))


def _diag_shape(x: Shape) -> Shape:
    if len(x) == 1:
        return (x[0], x[0])
    if len(x) == 2:
        return (min(x),)
    raise EngineError("shape", f"diag takes a vector or a matrix; this is {in_words(x)}.")


def _diag_gradient(g: Array, y: Array, x: Array) -> tuple[Array]:
    if x.ndim == 1:
        return (np.diag(g).copy(),)
    whole = np.zeros_like(x)
    np.fill_diagonal(whole, 0.0)
    whole[np.arange(len(g)), np.arange(len(g))] = g
    return (whole,)


def _matrix_only(name: str) -> Callable[[Shape], Shape]:
    def shape(x: Shape) -> Shape:
        if len(x) != 2:
            raise EngineError("shape", f"{name} takes a matrix; this is {in_words(x)}.")
        return x

    return shape


def _broadcast_to_shape(x: Shape, sizes: Shape) -> Shape:
    if broadcast(x, check_sizes(sizes)) != sizes:
        raise EngineError("shape", f"{in_words(x)} does not broadcast to {in_words(sizes)}.")
    return sizes


STRUCTURE = [
    Function("array", array_params("x"), lambda x: x, same_shape, lambda g, y, x: (g,), "structure", "{0}"),
    Function(
        "stack",
        (Param("parts", variadic=True), Param("axis", "axis", 0)),
        lambda *parts, axis: np.stack(parts, axis=axis),
        stack_shape,
        _stack_gradient,
        "structure",
        "a list",
        keeps_masks=True,
    ),
    Function(
        "concat",
        (Param("parts", variadic=True), Param("axis", "axis", 0)),
        lambda *parts, axis: np.concatenate(parts, axis=axis),
        concat_shape,
        _concat_gradient,
        "structure",
        "{0} and {1} joined",
    ),
    Function(
        "reshape",
        (Param("x"), Param("sizes", "sizes", variadic=True)),
        lambda x, sizes: x.reshape(sizes),
        _reshape_shape,
        lambda g, y, x, sizes: (g.reshape(x.shape),),
        "structure",
    ),
    Function(
        "ravel",
        array_params("x"),
        lambda x: x.reshape(-1),
        lambda x: (size(x),),
        lambda g, y, x: (g.reshape(x.shape),),
        "structure",
    ),
    Function(
        "transpose",
        (Param("x"), Param("axes", "sizes", (), variadic=True)),
        lambda x, axes: np.transpose(x, axes or None),
        _transpose_shape,
        _transpose_gradient,
        "structure",
        "{0} transposed",
    ),
    Function(
        "swapaxes",
        (Param("x"), Param("first", "whole"), Param("second", "whole")),
        lambda x, first, second: np.swapaxes(x, first, second),
        _swap_shape,
        lambda g, y, x, first, second: (np.swapaxes(g, first, second),),
        "structure",
    ),
    Function(
        "squeeze",
        (Param("x"), Param("axis", "axis", None)),
        lambda x, axis: np.squeeze(x, axis),
        _squeeze_shape,
        lambda g, y, x, axis: (g.reshape(x.shape),),
        "structure",
    ),
    Function(
        "expand_dims",
        (Param("x"), Param("axis", "axis")),
        lambda x, axis: np.expand_dims(x, axis),
        _expand_shape,
        lambda g, y, x, axis: (g.reshape(x.shape),),
        "structure",
    ),
    Function(
        "repeat",
        (Param("x"), Param("repeats", "whole"), Param("axis", "axis", None)),
        lambda x, repeats, axis: np.repeat(x, repeats, axis),
        _repeat_shape,
        _moves(lambda x, repeats, axis: np.repeat(x, repeats, axis)),
        "structure",
    ),
    Function(
        "tile",
        (Param("x"), Param("repeats", "sizes", variadic=True)),
        lambda x, repeats: np.tile(x, repeats),
        _tile_shape,
        _moves(lambda x, repeats: np.tile(x, repeats)),
        "structure",
    ),
    Function(
        "broadcast_to",
        (Param("x"), Param("sizes", "sizes", variadic=True)),
        lambda x, sizes: np.broadcast_to(x, sizes).copy(),
        _broadcast_to_shape,
        lambda g, y, x, sizes: (unbroadcast(g, x.shape),),
        "structure",
    ),
    Function(
        "flip",
        (Param("x"), Param("axis", "axis", None)),
        lambda x, axis: np.flip(x, axis),
        _axis_kept,
        lambda g, y, x, axis: (np.flip(g, axis),),
        "structure",
        "{0} backwards",
    ),
    Function(
        "roll",
        (Param("x"), Param("shift", "whole"), Param("axis", "axis", None)),
        lambda x, shift, axis: np.roll(x, shift, axis),
        lambda x, shift, axis: _axis_kept(x, axis),
        lambda g, y, x, shift, axis: (np.roll(g, -shift, axis),),
        "structure",
    ),
    Function("diag", array_params("x"), lambda x: np.diag(x).copy(), _diag_shape, _diag_gradient, "whole"),
    Function(
        "tril",
        array_params("x"),
        np.tril,
        _matrix_only("tril"),
        lambda g, y, x: (np.tril(g),),
        "elementwise",
        "the lower triangle of {0}",
    ),
    Function(
        "triu",
        array_params("x"),
        np.triu,
        _matrix_only("triu"),
        lambda g, y, x: (np.triu(g),),
        "elementwise",
        "the upper triangle of {0}",
    ),
]

_SIZES = (Param("sizes", "sizes", variadic=True),)


def _no_gradient(g: Array, y: Array, *_arrays: Array, **_static: Any) -> tuple[None, ...]:
    return (None,) * len(_arrays)


def _eye_shape(n: int) -> Shape:
    if not 0 <= n <= MAX_EYE:
        raise EngineError("limit", f"eye takes sizes from 0 to {MAX_EYE}.")
    return (n, n)


def _arange_shape(start: float, stop: Any, step: float) -> Shape:
    first, last = (0.0, start) if stop is None else (start, stop)
    if step == 0 or not np.isfinite([first, last, step]).all():
        raise EngineError("value", "arange needs finite numbers and a step that is not 0.")
    return (max(0, int(np.ceil(min((last - first) / step, 1e9)))),)


def _arange(start: float, stop: Any, step: float) -> Array:
    (count,) = _arange_shape(start, stop, step)
    return (0.0 if stop is None else start) + step * np.arange(count, dtype=float)


def _one_hot_shape(ids: Shape, n: int) -> Shape:
    return check_sizes((*ids, n))


def _one_hot(ids: Array, n: int) -> Array:
    if not np.all((ids == np.floor(ids)) & (ids >= 0) & (ids < n)):
        raise EngineError("value", f"one_hot needs whole numbers from 0 to {n - 1}.")
    return np.asarray(ids[..., None] == np.arange(n), dtype=float)


def _mask_shape(lengths: Shape, steps: int) -> Shape:
    return check_sizes((*lengths, steps))


def _constructor(
    name: str, value: Callable[..., Array], shape: Callable[..., Shape], *params: Param, says: str = ""
) -> Function:
    return Function(name, params, value, shape, _no_gradient, "constructor", says)


CONSTRUCTORS = [
    _constructor("zeros", lambda sizes: np.zeros(sizes), check_sizes, *_SIZES, says="zeros"),
    _constructor("ones", lambda sizes: np.ones(sizes), check_sizes, *_SIZES, says="ones"),
    _constructor("eye", lambda n: np.eye(n), _eye_shape, Param("n", "whole"), says="the identity matrix"),
    _constructor("zeros_like", np.zeros_like, same_shape, Param("x")),
    _constructor("ones_like", np.ones_like, same_shape, Param("x")),
    Function(
        "full",
        (Param("sizes", "sizes"), Param("x")),
        lambda x, sizes: np.full(sizes, x),
        lambda x, sizes: check_sizes(sizes),
        lambda g, y, x, sizes: (np.asarray(g.sum()).reshape(x.shape),),
        "structure",
    ),
    _constructor(
        "arange",
        _arange,
        _arange_shape,
        Param("start", "number"),
        Param("stop", "number", None),
        Param("step", "number", 1.0),
    ),
    _constructor(
        "linspace",
        lambda start, stop, n: np.linspace(start, stop, n),
        lambda start, stop, n: check_sizes((n,)),
        Param("start", "number"),
        Param("stop", "number"),
        Param("n", "whole", 50),
    ),
    _constructor("one_hot", _one_hot, _one_hot_shape, Param("ids"), Param("n", "whole")),
    _constructor(
        "length_mask",
        lambda lengths, steps: (np.arange(steps) < lengths[..., None]) * 1.0,
        _mask_shape,
        Param("lengths"),
        Param("steps", "whole"),
        says="1 where a token is real, 0 where it is padding",
    ),
]

FUNCTIONS = [*STRUCTURE, *CONSTRUCTORS]
