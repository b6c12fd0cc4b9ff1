"""What a function of the language is: its arguments, its value, its gradient, its size and how it reads.

A function works on float64 arrays (masks are bool arrays, and become 0 and 1 wherever they are calculated with).
`shape` tells the size of the result from the sizes of the arguments alone, before anything is computed; `gradient`
stands beside `value` and is the reverse-mode rule: given dL/d(result) it returns dL/d(argument) for every array
argument, None where nothing flows.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any, Literal, TypeAlias

import numpy as np
from numpy.typing import NDArray

from ..errors import EngineError

Array: TypeAlias = NDArray[Any]
Shape: TypeAlias = tuple[int, ...]
Family = Literal["elementwise", "reduction", "matmul", "structure", "constructor", "whole"]
ParamKind = Literal["array", "whole", "axis", "flag", "number", "sizes"]

REQUIRED: Any = object()
MAX_DIMENSIONS = 6


@dataclass(frozen=True)
class Param:
    """One argument: arrays flow through the graph; the others are whole numbers, axes or flags known beforehand.

    `variadic` gathers every further positional argument.
    """

    name: str
    kind: ParamKind = "array"
    default: Any = REQUIRED
    variadic: bool = False


@dataclass(frozen=True)
class Function:
    """A function of the language."""

    name: str
    params: tuple[Param, ...]
    value: Callable[..., Any]
    shape: Callable[..., Shape]
    gradient: Callable[..., tuple[Array | None, ...]] | None
    family: Family
    says: str = ""  # how it reads in a sentence: "the tanh of {0}"
    work: Callable[..., int] | None = None  # element operations, where the size of the result is not the measure
    keeps_masks: bool = False  # bool arguments are handed on as they are


def array_params(names: str) -> tuple[Param, ...]:
    """Return array parameters from their names, separated by spaces."""
    return tuple(Param(name) for name in names.split())


def size(shape: Shape) -> int:
    """Return the number of elements of a shape (a Python integer: it cannot overflow)."""
    count = 1
    for length in shape:
        count *= length
    return count


def in_words(shape: Shape) -> str:
    """Return a shape as this program writes it: (2), (3, 4), or scalar."""
    return "(" + ", ".join(map(str, shape)) + ")" if shape else "scalar"


def broadcast(*shapes: Shape) -> Shape:
    """Return the shape that arrays of these shapes have together. Raises EngineError (`shape`) where they have none."""
    try:
        return tuple(int(length) for length in np.broadcast_shapes(*shapes))
    except ValueError:
        said = " and ".join(in_words(shape) for shape in shapes if shape)
        raise EngineError(
            "shape", f"Element by element needs equal shapes (or 1 where they differ); here they are {said}."
        ) from None


def unbroadcast(gradient: Array, shape: Shape) -> Array:
    """Sum a gradient over the axes along which an argument of this shape was repeated."""
    extra = gradient.ndim - len(shape)
    if extra:
        gradient = gradient.sum(axis=tuple(range(extra)))
    repeated = tuple(axis for axis, length in enumerate(shape) if length == 1 and gradient.shape[axis] != 1)
    return gradient.sum(axis=repeated, keepdims=True) if repeated else gradient


def normal_axis(axis: int, dimensions: int) -> int:
    """Return an axis counted from 0. Raises EngineError (`shape`) where there is no such axis."""
    if not -dimensions <= axis < dimensions:
        have = f"axes 0 to {dimensions - 1}" if dimensions else "no axes (it is a scalar)"
        raise EngineError("shape", f"There is no axis {axis}: the array has {have}.")
    return axis % dimensions


def reduced_axes(shape: Shape, axis: Any) -> tuple[int, ...]:
    """Return the axes that a reduction goes over, counted from 0."""
    if axis is None:
        return tuple(range(len(shape)))
    axes = axis if isinstance(axis, tuple) else (axis,)
    normal = tuple(normal_axis(one, len(shape)) for one in axes)
    if len(set(normal)) < len(normal):
        raise EngineError("shape", "An axis is named twice.")
    return normal


def reduced_shape(shape: Shape, axis: Any = None, keepdims: bool = False) -> Shape:
    """Return the shape after a reduction over `axis`."""
    gone = set(reduced_axes(shape, axis))
    if keepdims:
        return tuple(1 if position in gone else length for position, length in enumerate(shape))
    return tuple(length for position, length in enumerate(shape) if position not in gone)


def expanded(reduced: Array, shape: Shape, axis: Any, keepdims: bool) -> Array:
    """Return a reduced array with its axes put back (length 1), so that it broadcasts against the argument."""
    if keepdims:
        return reduced
    gone = set(reduced_axes(shape, axis))
    return reduced.reshape(tuple(1 if position in gone else length for position, length in enumerate(shape)))


def same_shape(shape: Shape, *_others: Shape, **_static: Any) -> Shape:
    """Return the first shape: functions that keep it."""
    return shape


def check_sizes(sizes: Sequence[int]) -> Shape:
    """Return sizes as a shape. Raises EngineError for negative sizes or too many dimensions."""
    if any(length < 0 for length in sizes):
        raise EngineError("shape", "A size cannot be negative.")
    if len(sizes) > MAX_DIMENSIONS:
        raise EngineError("limit", f"Arrays have at most {MAX_DIMENSIONS} axes here.")
    return tuple(sizes)
