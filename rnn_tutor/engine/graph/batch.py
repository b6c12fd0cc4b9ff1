"""Values of many versions of a program: an axis for the versions stands before all others."""

from typing import Any, TypeAlias

import numpy as np

from rnn_tutor.engine.functions import Array
from rnn_tutor.engine.shapes import Shape

REDUCED = ("sum", "mean", "max", "min", "prod", "var", "std")
ALONG_AN_AXIS = ("softmax", "log_softmax", "sort", "argsort")
"""Functions over an axis, which have to be told of the axis of the versions."""
IN_ONE_LINE = ("cumsum", "cumprod", "argmax", "argmin")
"""Functions over an axis that take all elements in one line where they are told of none."""


class NotBatchedError(Exception):
    """These versions cannot be computed together."""


class Batch:
    """A value for each version: `values[k]` is that of version k, and `shape` the shape of each.

    No dataclass: of those that are frozen, one takes three times as long to make, and a walk makes thousands.
    """

    __slots__ = ("shape", "values")

    def __init__(self, values: Array) -> None:
        self.values = values
        self.shape: Shape = values.shape[1:]

    @property
    def dtype(self) -> np.dtype[Any]:
        """What each number is kept as."""
        return self.values.dtype


Value: TypeAlias = Array | Batch


def behind(axis: int, axes: int) -> int:
    """Return an axis of a value, counted with the one for the versions before it."""
    return axis % axes + 1


def axes_behind(axis: int | tuple[int, ...], axes: int) -> tuple[int, ...]:
    """Return one axis or several, counted with the one for the versions."""
    return tuple(behind(one, axes) for one in (axis if isinstance(axis, tuple) else (axis,)))


def aligned(value: Value, axes: int) -> Array:
    """Return an array that broadcasts against others of so many axes behind the one for the versions."""
    if not isinstance(value, Batch):
        return value
    own = value.values
    missing = axes - (own.ndim - 1)
    return own.reshape(own.shape[0], *(1,) * missing, *own.shape[1:]) if missing else own
