"""What all cells share about arrays: reading them, checking sizes in words, staying inside float64."""

from math import inf, isfinite, sqrt

import numpy as np

from rnn_tutor.engine.array_types import ArrayLike, NDArray
from rnn_tutor.engine.errors import EngineError
from rnn_tutor.engine.shapes import in_words

Array = NDArray[np.float64]
Mask = NDArray[np.bool_]

# The bounds are Cauchy and Schwarz's, up to the root of a size; 1e8 is left for that below float64's 1.8e308.
LARGEST = 1e300
GROWN = "grows beyond what float64 holds (about 1.8e308)"


def floats(value: ArrayLike) -> Array:
    """Return `value` as a float64 array; no copy where it is one."""
    return np.asarray(value, dtype=np.float64)


def expect(name: str, value: Array, shape: tuple[int, ...], symbols: str) -> Array:
    """Return `value` if it has `shape`, else raise EngineError("shape"); `symbols` names the axes, e.g. "4H, I"."""
    if value.shape != shape:
        wanted = f"({symbols}) = {in_words(shape)}" if symbols else in_words(shape)
        raise EngineError("shape", f"{name} is {in_words(value.shape)}; it must be {wanted}.")
    return value


def bias(name: str, value: ArrayLike | None, rows: int, symbol: str) -> Array:
    """Return a bias (rows,), zeros where none is given; `symbol` names the axis, e.g. "4H"."""
    return np.zeros(rows) if value is None else expect(name, floats(value), (rows,), symbol)


def with_bias(W: Array, b: Array) -> Array:
    """Return (W | b): W @ h + b is one product with the states of `Batch.states`, whose last unit is 1."""
    return np.concatenate((W, b[:, None]), axis=1)


def zero_or_one(name: str, value: ArrayLike) -> Mask:
    """Return a mask as booleans; raises EngineError("value") unless every element is 0 or 1."""
    mask = np.asarray(value)
    if mask.dtype == np.bool_:
        return mask
    truth: Mask = mask == 1
    if not np.all(truth | (mask == 0)):
        raise EngineError("value", f"{name} is a mask: every element of it must be 0 or 1.")
    return truth


def whole_numbers(name: str, value: ArrayLike, low: int, high: int) -> NDArray[np.intp]:
    """Return whole numbers in low..high (both included) as integers, else raise EngineError("value")."""
    numbers = np.asarray(value)
    whole = numbers.astype(np.intp) if np.all(np.abs(numbers) < 2**53) else None
    if whole is None or not np.array_equal(whole, numbers):
        raise EngineError("value", f"{name} must hold whole numbers.")
    if whole.size and not (low <= whole.min() and whole.max() <= high):
        raise EngineError("value", f"{name} must hold numbers from {low} to {high}.")
    return whole


def expect_finite(name: str, value: ArrayLike) -> None:
    """Raise EngineError("value") for NaN and for infinite values, each by its name."""
    if np.isnan(value).any():
        raise EngineError("value", f"{name} holds a value that is not finite: NaN (not a number).")
    if np.isinf(value).any():
        raise EngineError("value", f"{name} holds a value that is not finite: inf.")


def shift_of(grid: float) -> Array | None:
    """Return what `to_grid` adds and takes away again, None for no grid; `grid` is a power of 2.

    It is so large that a float64 beside it has no digits below the grid.
    """
    return np.array(1.5 * 2.0**52 * grid) if grid else None


def to_grid(values: Array, shift: Array | None) -> None:
    """Round to multiples of a grid, in place.

    Sums of products and tanh differ between processors, in their last digit. What is rounded to far fewer digits at
    each time step is the same on all of them, so that a difference is gone before the next steps make it larger.
    """
    if shift is not None:
        np.add(values, shift, values)
        np.subtract(values, shift, values)


def norm_bound(name: str, value: Array, otherwise: str = "") -> float:
    """Return the Frobenius norm of `value`, or an upper bound where the squares would overflow.

    Raises EngineError("value") where an element is not finite; it says so, or "`name` `otherwise`". One pass of BLAS:
    cheap enough to ask before every run.
    """
    with np.errstate(over="ignore"):
        square = float(np.vdot(value, value))
    if square < inf:
        return sqrt(square)
    largest = float(np.abs(value).max())
    if not isfinite(largest):
        if not otherwise:
            expect_finite(name, value)
        raise EngineError("value", f"{name} {otherwise}.")
    return largest * sqrt(value.size)


def must_fit(what: str, bound: float) -> None:
    """Raise EngineError("value") unless numbers of size `bound` are safely inside float64."""
    if not bound < LARGEST:
        raise EngineError("value", f"{what} {GROWN}.")


def unbroadcast(value: Array, shape: tuple[int, ...]) -> Array:
    """Sum `value` over the axes along which `shape` was broadcast to it: the backward rule of broadcasting."""
    extra = value.ndim - len(shape)
    axes = (
        *range(extra),
        *(extra + k for k, n in enumerate(shape) if n == 1 and value.shape[extra + k] != 1),
    )
    if not axes:
        return value
    return np.asarray(value.sum(axis=axes)).reshape(shape)
