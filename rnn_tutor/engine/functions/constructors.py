"""Functions that make arrays from numbers: zeros, ones, arange, one-hot rows, masks of lengths."""

from collections.abc import Callable

import numpy as np

from rnn_tutor.engine.errors import EngineError
from rnn_tutor.engine.functions.base import Array, Function, Param, check_sizes, same_shape
from rnn_tutor.engine.shapes import Shape

MAX_EYE = 300

_SIZES = (Param("sizes", "sizes", variadic=True),)


def _no_gradient(g: Array, y: Array, *_arrays: Array, **_static: object) -> tuple[None, ...]:
    return (None,) * len(_arrays)


def _zeros(sizes: Shape) -> Array:
    return np.zeros(sizes)


def _ones(sizes: Shape) -> Array:
    return np.ones(sizes)


def _eye(n: int) -> Array:
    return np.eye(n)


def _linspace(start: float, stop: float, n: int) -> Array:
    return np.linspace(start, stop, n)


def _eye_shape(n: int) -> Shape:
    if not 0 <= n <= MAX_EYE:
        raise EngineError("limit", f"eye takes sizes from 0 to {MAX_EYE}.")
    return (n, n)


def _arange_shape(start: float, stop: float | None, step: float) -> Shape:
    first, last = (0.0, start) if stop is None else (start, stop)
    if step == 0 or not np.isfinite([first, last, step]).all():
        raise EngineError("value", "arange needs finite numbers and a step that is not 0.")
    return (int(np.ceil(min(max((last - first) / step, 0.0), 1e9))),)


def _arange(start: float, stop: float | None, step: float) -> Array:
    (count,) = _arange_shape(start, stop, step)
    return np.asarray((0.0 if stop is None else start) + step * np.arange(count, dtype=float))


def _one_hot_shape(ids: Shape, n: int) -> Shape:
    return check_sizes((*ids, n))


def _one_hot(ids: Array, n: int) -> Array:
    if not np.all((ids == np.floor(ids)) & (ids >= 0) & (ids < n)):
        has = f"whole numbers from 0 to {n - 1}" if n > 0 else "a length of at least 1"
        raise EngineError("value", f"one_hot needs {has}.")
    return np.asarray(ids[..., None] == np.arange(n), dtype=float)


def _mask_shape(lengths: Shape, steps: int) -> Shape:
    return check_sizes((*lengths, steps))


def _constructor(
    name: str, value: Callable[..., Array], shape: Callable[..., Shape], *params: Param, says: str = ""
) -> Function:
    return Function(name, params, value, shape, _no_gradient, "constructor", says)


FUNCTIONS = [
    _constructor("zeros", _zeros, check_sizes, *_SIZES, says="zeros"),
    _constructor("ones", _ones, check_sizes, *_SIZES, says="ones"),
    _constructor("eye", _eye, _eye_shape, Param("n", "whole"), says="the identity matrix"),
    _constructor("zeros_like", np.zeros_like, same_shape, Param("x")),
    _constructor("ones_like", np.ones_like, same_shape, Param("x")),
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
        _linspace,
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
