"""Functions that take arrays apart and put them together.

They (family `structure`) only move elements (their `value` works on any array, an array of cell numbers too,
which is how a cell is traced back); their gradients move them back.
"""

from collections.abc import Callable

import numpy as np

from rnn_tutor.engine.array_types import NDArray
from rnn_tutor.engine.errors import EngineError
from rnn_tutor.engine.functions.base import (
    Array,
    Axes,
    Function,
    Param,
    array_params,
    broadcast,
    check_sizes,
    normal_axis,
    reduced_axes,
    same_shape,
    size,
    unbroadcast,
)
from rnn_tutor.engine.shapes import Shape, in_words

MAX_PARTS = 64


def _not_filled(x: Shape, sizes: Shape) -> str:
    count = f"{size(x)} element{'' if size(x) == 1 else 's'}"
    return f"The array has {count} in the shape {in_words(x)}; they do not fill the shape {in_words(sizes)}."


def _reshape_shape(x: Shape, sizes: Shape) -> Shape:
    known = size(tuple(length for length in sizes if length != -1))
    if sizes.count(-1) > 1:
        raise EngineError("shape", "Only one size can be -1.")
    if -1 in sizes and (known == 0 or size(x) % known):
        raise EngineError("shape", _not_filled(x, sizes))
    full = tuple(size(x) // known if length == -1 else length for length in sizes)
    if size(check_sizes(full)) != size(x):
        raise EngineError("shape", _not_filled(x, full))
    return full


def _transpose_shape(x: Shape, axes: Shape) -> Shape:
    if not axes:
        return x[::-1]
    if sorted(normal_axis(axis, len(x)) for axis in axes) != list(range(len(x))):
        raise EngineError("shape", f"transpose needs each of the {len(x)} axes once.")
    return tuple(x[axis] for axis in axes)


def _transpose_gradient(g: Array, y: Array, x: Array, axes: Shape) -> tuple[Array]:
    return (np.transpose(g, np.argsort([axis % x.ndim for axis in axes])) if axes else np.transpose(g),)


def _swap_shape(x: Shape, axis1: int, axis2: int) -> Shape:
    order = list(x)
    a, b = normal_axis(axis1, len(x)), normal_axis(axis2, len(x))
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
        raise EngineError("shape", "concat joins vectors and larger: concat(a, b). For scalars write a list [a, b].")
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
            f"All parts of a list need the same shape; here they are {in_words(parts[0])} and {in_words(other)}.",
        )
    at = normal_axis(axis, len(parts[0]) + 1)
    return check_sizes((*parts[0][:at], len(parts), *parts[0][at:]))


def _stack_gradient(g: Array, y: Array, *parts: Array, axis: int) -> tuple[Array, ...]:
    return tuple(g if axis == 0 else np.moveaxis(g, axis, 0))


def _moves(value: Callable[..., Array]) -> Callable[..., tuple[Array]]:
    """Return the gradient of a function that moves or repeats elements: each gets the sum of where it went."""

    def gradient(g: Array, y: Array, x: Array, **static: object) -> tuple[Array]:
        cells = value(np.arange(x.size).reshape(x.shape), **static)
        return (np.bincount(cells.reshape(-1), weights=g.reshape(-1), minlength=x.size).reshape(x.shape),)

    return gradient


def _repeat_shape(x: Shape, repeats: int, axis: int | None) -> Shape:
    if repeats < 0:
        raise EngineError("shape", "The number of repeats cannot be negative.")
    if axis is None:
        return (size(x) * repeats,)
    at = normal_axis(axis, len(x))
    return (*x[:at], x[at] * repeats, *x[at + 1 :])


def _tile_shape(x: Shape, repeats: Shape) -> Shape:
    check_sizes(repeats)
    wide = max(len(x), len(repeats))
    a, b = (1,) * (wide - len(x)) + x, (1,) * (wide - len(repeats)) + repeats
    return tuple(i * j for i, j in zip(a, b, strict=True))


def _spread(x: Array, sizes: Shape) -> Array:
    return np.broadcast_to(x, sizes).copy()


def _tile(x: Array, repeats: Shape) -> Array:
    return np.tile(x, repeats)


def _axes_kept(x: Shape, axis: Axes = None) -> Shape:
    reduced_axes(x, axis)
    return x


def _roll_shape(x: Shape, shift: int, axis: int | None) -> Shape:
    return _axes_kept(x, axis)


def _squeeze_shape(x: Shape, axis: int | None) -> Shape:
    if axis is None:
        return tuple(length for length in x if length != 1)
    at = normal_axis(axis, len(x))
    if x[at] != 1:
        raise EngineError("shape", f"Axis {axis} has length {x[at]}, not 1.")
    return x[:at] + x[at + 1 :]


def _expand_shape(x: Shape, axis: int) -> Shape:
    at = normal_axis(axis, len(x) + 1)
    return check_sizes((*x[:at], 1, *x[at:]))


def _split_shape(x: Shape, parts: int, axis: int) -> Shape:
    at = normal_axis(axis, len(x))
    if parts < 1 or x[at] % parts:
        raise EngineError("shape", f"An axis of length {x[at]} is not cut into {parts} equal parts.")
    return check_sizes((parts, *x[:at], x[at] // parts, *x[at + 1 :]))


def _split(x: Array, parts: int, axis: int) -> Array:
    return np.stack(np.split(x, parts, axis))


def _move_shape(x: Shape, source: int, destination: int) -> Shape:
    order = list(x)
    length = order.pop(normal_axis(source, len(x)))
    order.insert(normal_axis(destination, len(x)), length)
    return tuple(order)


def _along_shape(x: Shape, ids: Shape, axis: int) -> Shape:
    if len(x) != len(ids):
        raise EngineError("shape", f"The places need as many axes as the array: {len(x)}, not {len(ids)}.")
    at = normal_axis(axis, len(x))
    around = broadcast(x[:at] + x[at + 1 :], ids[:at] + ids[at + 1 :])
    return (*around[:at], ids[at], *around[at:])


def _places(x: Array, ids: Array, axis: int) -> NDArray[np.int_]:
    count = x.shape[axis]
    if not np.all((ids == np.floor(ids)) & (ids >= -count) & (ids < count)):
        raise EngineError("value", f"Places along this axis are whole numbers from 0 to {count - 1}.")
    return ids.astype(int)


def _along(x: Array, ids: Array, axis: int) -> Array:
    return np.take_along_axis(x, _places(x, ids, axis), axis)


def _along_gradient(g: Array, y: Array, x: Array, ids: Array, axis: int) -> tuple[Array, None]:
    places = _places(x, ids, axis) % x.shape[axis]
    grid: list[NDArray[np.int_]] = list(np.indices(g.shape))
    grid[axis] = np.broadcast_to(places, g.shape)
    whole = np.zeros([length if at == axis % x.ndim else g.shape[at] for at, length in enumerate(x.shape)])
    np.add.at(whole, tuple(grid), g)
    return unbroadcast(whole, x.shape), None


def _sort_gradient(g: Array, y: Array, x: Array, axis: int) -> tuple[Array]:
    whole = np.zeros(x.shape)
    np.put_along_axis(whole, np.argsort(x, axis, kind="stable"), g, axis)
    return (whole,)


def _diag_shape(x: Shape) -> Shape:
    if len(x) == 1:
        return (x[0], x[0])
    if len(x) == 2:
        return (min(x),)
    raise EngineError("shape", f"diag takes a vector or a matrix; this is {in_words(x)}.")


def _diag_gradient(g: Array, y: Array, x: Array) -> tuple[Array]:
    if x.ndim == 1:
        return (np.diag(g).copy(),)
    whole = np.zeros(x.shape)
    whole[np.arange(len(g)), np.arange(len(g))] = g
    return (whole,)


def _matrix_only(name: str) -> Callable[..., Shape]:
    def shape(x: Shape, **_static: int) -> Shape:
        if len(x) != 2:
            raise EngineError("shape", f"{name} takes a matrix; this is {in_words(x)}.")
        return x

    return shape


def _broadcast_to_shape(x: Shape, sizes: Shape) -> Shape:
    if len(x) > len(check_sizes(sizes)) or any(
        old not in (1, new) for old, new in zip(x[::-1], sizes[::-1], strict=False)
    ):
        raise EngineError("shape", f"{in_words(x)} does not fill {in_words(sizes)}: equal sizes or 1 are needed.")
    return sizes


def _kept_sizes(x: Shape, sizes: Shape) -> Shape:
    """PyTorch's expand has -1 for the size that is there already."""
    extra = len(sizes) - len(x)
    return tuple(x[at - extra] if size == -1 and at >= extra >= 0 else size for at, size in enumerate(sizes))


def _expanded_shape(x: Shape, sizes: Shape) -> Shape:
    return _broadcast_to_shape(x, _kept_sizes(x, sizes))


def _move(
    name: str,
    value: Callable[..., Array],
    shape: Callable[..., Shape],
    gradient: Callable[..., tuple[Array, ...]],
    *params: Param,
    says: str = "",
) -> Function:
    """Return a function that only moves elements: a mask stays a mask."""
    return Function(name, params or array_params("x"), value, shape, gradient, "structure", says, keeps_masks=True)


def _back(g: Array, y: Array, x: Array, **_static: object) -> tuple[Array]:
    return (g.reshape(x.shape),)


_X = Param("x")
_PARTS = (Param("parts", variadic=True), Param("axis", "axis", 0))
_AXIS = Param("axis", "axis", None)
_SIZES = Param("sizes", "sizes", variadic=True)

_ALONG_LAST = (_X, Param("axis", "axis", -1))

FUNCTIONS = [
    _move("array", lambda x: x, same_shape, lambda g, y, x: (g,), says="{0}"),
    _move("stack", lambda *parts, axis: np.stack(parts, axis), stack_shape, _stack_gradient, *_PARTS, says="a list"),
    _move(
        "concat",
        lambda *parts, axis: np.concatenate(parts, axis),
        concat_shape,
        _concat_gradient,
        *_PARTS,
        says="{0} and {1} joined",
    ),
    _move("reshape", lambda x, sizes: x.reshape(sizes), _reshape_shape, _back, _X, _SIZES),
    _move("ravel", lambda x: x.reshape(-1), lambda x: (size(x),), _back),
    _move(
        "transpose",
        lambda x, axes: np.transpose(x, axes or None),
        _transpose_shape,
        _transpose_gradient,
        _X,
        Param("axes", "sizes", (), variadic=True),
        says="{0} transposed",
    ),
    _move(
        "swapaxes",
        np.swapaxes,
        _swap_shape,
        lambda g, y, x, axis1, axis2: (np.swapaxes(g, axis1, axis2),),
        _X,
        Param("axis1", "whole"),
        Param("axis2", "whole"),
    ),
    _move(
        "moveaxis",
        np.moveaxis,
        _move_shape,
        lambda g, y, x, source, destination: (np.moveaxis(g, destination, source),),
        _X,
        Param("source", "whole"),
        Param("destination", "whole"),
    ),
    _move(
        "split",
        _split,
        _split_shape,
        lambda g, y, x, parts, axis: (np.concatenate(list(g), axis),),
        _X,
        Param("parts", "whole"),
        Param("axis", "axis", 0),
        says="{0} cut into equal parts",
    ),
    Function(
        "take_along_axis",
        (_X, Param("ids"), Param("axis", "axis")),
        _along,
        _along_shape,
        _along_gradient,
        "whole",
        "the elements of {0} at {1}",
    ),
    Function("sort", _ALONG_LAST, np.sort, _axes_kept, _sort_gradient, "whole", "{0} in order"),
    Function(
        "argsort",
        _ALONG_LAST,
        lambda x, axis: np.argsort(x, axis, kind="stable").astype(float),
        _axes_kept,
        lambda g, y, x, axis: (None,),
        "whole",
        "the places of {0} in order",
    ),
    _move("squeeze", np.squeeze, _squeeze_shape, _back, _X, _AXIS),
    _move("expand_dims", np.expand_dims, _expand_shape, _back, _X, Param("axis", "axis")),
    _move("repeat", np.repeat, _repeat_shape, _moves(np.repeat), _X, Param("repeats", "whole"), _AXIS),
    _move("tile", _tile, _tile_shape, _moves(_tile), _X, Param("repeats", "sizes", variadic=True)),
    _move(
        "broadcast_to",
        lambda x, sizes: _spread(x, _kept_sizes(x.shape, sizes)),
        _expanded_shape,
        lambda g, y, x, sizes: (unbroadcast(g, x.shape),),
        _X,
        _SIZES,
    ),
    _move(
        "flip",
        np.flip,
        _axes_kept,
        lambda g, y, x, axis: (np.flip(g, axis),),
        _X,
        Param("axis", "axes", None),
        says="{0} backwards",
    ),
    _move(
        "roll",
        np.roll,
        _roll_shape,
        lambda g, y, x, shift, axis: (np.roll(g, -shift, axis),),
        _X,
        Param("shift", "whole"),
        _AXIS,
        says="{0} rolled on",
    ),
    Function(
        "full",
        (Param("sizes", "sizes"), _X),
        _spread,
        _broadcast_to_shape,
        lambda g, y, x, sizes: (unbroadcast(g, x.shape),),
        "structure",
        "an array full of {0}",
    ),
    Function(
        "diag",
        array_params("x"),
        lambda x: np.diag(x).copy(),
        _diag_shape,
        _diag_gradient,
        "whole",
        "the diagonal of {0}",
    ),
    Function(
        "tril",
        (_X, Param("k", "whole", 0)),
        np.tril,
        _matrix_only("tril"),
        lambda g, y, x, k: (np.tril(g, k),),
        "elementwise",
        "the lower triangle of {0}",
    ),
    Function(
        "triu",
        (_X, Param("k", "whole", 0)),
        np.triu,
        _matrix_only("triu"),
        lambda g, y, x, k: (np.triu(g, k),),
        "elementwise",
        "the upper triangle of {0}",
    ),
]
