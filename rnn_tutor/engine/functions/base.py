"""What a function of the language is: its arguments, its value, its gradient, its size and how it reads.

A function works on float64 arrays (masks are bool arrays, and become 0 and 1 wherever they are calculated with).
`shape` tells the size of the result from the sizes of the arguments alone, before anything is computed; `gradient`
stands beside `value` and is the reverse-mode rule: given dL/d(result) it returns dL/d(argument) for every array
argument, None where nothing flows.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any, Literal, TypeAlias

from rnn_tutor.engine.array_types import NDArray
from rnn_tutor.engine.errors import EngineError
from rnn_tutor.engine.shapes import Shape, in_words

Array: TypeAlias = NDArray[Any]
Axes: TypeAlias = int | tuple[int, ...] | None  # as NumPy takes them: one, several, or all
Family = Literal["elementwise", "reduction", "matmul", "structure", "constructor", "whole"]
ParamKind = Literal["array", "whole", "axis", "axes", "flag", "number", "sizes"]

REQUIRED: Any = object()
MAX_DIMENSIONS = 6


@dataclass(frozen=True)
class Param:
    """One argument: arrays flow through the graph; the others are whole numbers, axes or flags known beforehand.

    `variadic` gathers every further positional argument. None may be given where it is the default.
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

    @cached_property
    def arrays_only(self) -> int:
        """How many arguments it takes, where all are arrays that must be given; -1 for any other function."""
        plain = all(p.kind == "array" and p.default is REQUIRED and not p.variadic for p in self.params)
        return len(self.params) if plain else -1


def array_params(names: str) -> tuple[Param, ...]:
    """Return array parameters from their names, separated by spaces."""
    return tuple(Param(name) for name in names.split())


def size(shape: Shape) -> int:
    """Return the number of elements of a shape (a Python integer: it cannot overflow)."""
    count = 1
    for length in shape:
        count *= length
    return count


def broadcast(*shapes: Shape) -> Shape:
    """Return the shape that arrays of these shapes have together. Raises EngineError (`shape`) where they have none."""
    result: Shape = ()
    for shape in shapes:
        if shape in (result, ()):
            continue
        if not result:
            result = shape
            continue
        wide = max(len(result), len(shape))
        pairs = zip((1,) * (wide - len(result)) + result, (1,) * (wide - len(shape)) + shape, strict=True)
        joined = tuple([b if a == 1 else a if b in (1, a) else -1 for a, b in pairs])
        if -1 in joined:
            said = " and ".join(in_words(shape) for shape in shapes if shape)
            raise EngineError(
                "shape", f"Element by element needs equal shapes (or 1 where they differ); these are {said}."
            )
        result = joined
    return result


def unbroadcast(gradient: Array, shape: Shape) -> Array:
    """Sum a gradient over the axes along which an argument of this shape was repeated."""
    if gradient.shape == shape:
        return gradient
    extra = gradient.ndim - len(shape)
    if extra:
        gradient = gradient.sum(axis=tuple(range(extra)))
    repeated = tuple(axis for axis, length in enumerate(shape) if length == 1 and gradient.shape[axis] != 1)
    return gradient.sum(axis=repeated, keepdims=True) if repeated else gradient


def normal_axis(axis: int, dimensions: int) -> int:
    """Return an axis counted from 0. Raises EngineError (`shape`) where there is no such axis."""
    if not -dimensions <= axis < dimensions:
        have = f"axes 0 to {dimensions - 1}" if dimensions > 1 else "axis 0 only" if dimensions else "none (a scalar)"
        raise EngineError("shape", f"There is no axis {axis}: the array has {have}.")
    return axis % dimensions


def reduced_axes(shape: Shape, axis: Axes) -> tuple[int, ...]:
    """Return the axes that a reduction goes over, counted from 0."""
    if axis is None:
        return tuple(range(len(shape)))
    axes = axis if isinstance(axis, tuple) else (axis,)
    normal = tuple(normal_axis(one, len(shape)) for one in axes)
    if len(set(normal)) < len(normal):
        raise EngineError("shape", "An axis appears twice; name each axis once.")
    return normal


def reduced_shape(shape: Shape, axis: Axes = None, keepdims: bool = False) -> Shape:
    """Return the shape after a reduction over `axis`."""
    gone = set(reduced_axes(shape, axis))
    if keepdims:
        return tuple(1 if position in gone else length for position, length in enumerate(shape))
    return tuple(length for position, length in enumerate(shape) if position not in gone)


def expanded(reduced: Array, shape: Shape, axis: Axes, keepdims: bool) -> Array:
    """Return a reduced array with its axes put back (length 1), so that it broadcasts against the argument."""
    if keepdims:
        return reduced
    gone = set(reduced_axes(shape, axis))
    return reduced.reshape(tuple(1 if position in gone else length for position, length in enumerate(shape)))


def same_shape(shape: Shape, *_others: Shape, **_static: object) -> Shape:
    """Return the first shape: functions that keep it."""
    return shape


def check_sizes(sizes: Sequence[int]) -> Shape:
    """Return sizes as a shape. Raises EngineError for negative sizes or too many dimensions."""
    if len(sizes) > MAX_DIMENSIONS:
        raise EngineError("limit", f"Arrays have at most {MAX_DIMENSIONS} axes here.")
    if any(length < 0 for length in sizes):
        raise EngineError("shape", f"A size cannot be negative; this is {in_words(tuple(sizes))}.")
    return tuple(sizes)
