"""New numbers from a seed: the same on every machine and with every version of NumPy.

NumPy promises the raw bits of PCG64, not its distributions; so the bits are taken raw and the transforms are ours.
Numbers are then rounded to be readable; rounded simplexes still sum to exactly 1; orthogonal matrices are not rounded.
"""

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from itertools import permutations

import numpy as np

from rnn_tutor.engine.errors import EngineError, did_you_mean, exact
from rnn_tutor.engine.expression import Call, Expr
from rnn_tutor.engine.functions import Array, size
from rnn_tutor.engine.graph.graph import Graph
from rnn_tutor.engine.reading.language import parse
from rnn_tutor.engine.shapes import Shape, in_words

MAX_SEED = 2**63 - 1
_MOST_MOVED = 9  # units that make a simplex sum to 1: three are enough for all that was tried
_CALL = re.compile(r"\s*([A-Za-z_]+)\s*\((.*)\)\s*", re.DOTALL)


class Bits:
    """A stream of random numbers made from raw PCG64 bits."""

    def __init__(self, seed: int) -> None:
        if not 0 <= seed <= MAX_SEED:
            raise EngineError("value", f"A seed is a whole number from 0 to {MAX_SEED}.")
        self._bits = np.random.PCG64(np.random.SeedSequence(seed))

    def uniform(self, shape: Shape) -> Array:
        """Return numbers in [0, 1): the upper 53 bits of each 64."""
        raw = np.asarray(self._bits.random_raw(size(shape)), dtype=np.uint64)
        return ((raw >> np.uint64(11)) * 2.0**-53).reshape(shape)

    def normal(self, shape: Shape) -> Array:
        """Return standard normal numbers (Box and Muller 1958)."""
        first, second = self.uniform(shape), self.uniform(shape)
        return np.asarray(np.sqrt(-2 * np.log1p(-first)) * np.cos(2 * np.pi * second))

    def below(self, count: Array | int, shape: Shape) -> Array:
        """Return whole numbers from 0 to count - 1."""
        return np.floor(self.uniform(shape) * count)


@dataclass(frozen=True)
class Draw:
    """How a given is drawn: the name of the distribution and its arguments, expressions of earlier givens."""

    name: str
    args: tuple[Expr, ...]


def parse_draw(text: str) -> Draw:
    """Return the draw of a text such as `normal(0, 1)`. Raises EngineError."""
    match = _CALL.fullmatch(text)
    if match is None:
        raise EngineError("notation", "Write a draw as a call, such as normal(0, 1) or uniform(0.05, 0.95).")
    name = match[1]
    if name not in DISTRIBUTIONS:
        raise EngineError("name", f"There is no draw {name}.{did_you_mean(name, DISTRIBUTIONS)}", match.span(1))
    inside = match[2].strip()
    if not inside:
        return Draw(name, ())
    called = parse(f"stack({inside})")  # as arguments of a call, where 0,1 is two numbers
    assert isinstance(called, Call)  # noqa: S101 - it was written as a call one line above
    return Draw(name, called.args)


def drawn(draw: Draw, shape: Shape, decimals: int, bits: Bits, graph: Graph) -> Array:
    """Return new numbers of a shape; the arguments are evaluated in `graph`. Raises EngineError."""
    args = [graph.evaluate(arg).number for arg in draw.args]
    return DISTRIBUTIONS[draw.name](bits, shape, decimals, args)


def _scalars(name: str, args: list[Array], defaults: tuple[float, ...]) -> list[float]:
    if len(args) > len(defaults) or any(arg.shape for arg in args):
        raise EngineError("value", f"{name} takes at most {len(defaults)} numbers.")
    return [float(arg) for arg in args] + list(defaults[len(args) :])


def _uniform(bits: Bits, shape: Shape, decimals: int, args: list[Array]) -> Array:
    low, high = _scalars("uniform", args, (0.0, 1.0))
    if not low < high:
        raise EngineError("value", f"uniform needs low < high, not {exact(low)} and {exact(high)}.")
    return np.clip(_rounded(low + (high - low) * bits.uniform(shape), decimals), low, high)


def _normal(bits: Bits, shape: Shape, decimals: int, args: list[Array]) -> Array:
    mean, spread = _scalars("normal", args, (0.0, 1.0))
    return _rounded(mean + spread * bits.normal(shape), decimals)


def _integers(bits: Bits, shape: Shape, decimals: int, args: list[Array]) -> Array:
    """As in NumPy, the upper end is not drawn."""
    low, high = (0.0, float(args[0])) if len(args) == 1 and not args[0].shape else _scalars("integers", args, (0, 10))
    low, high = np.ceil(low), np.ceil(high)
    if not low < high:
        raise EngineError("value", f"integers needs low < high, not {exact(low)} and {exact(high)}.")
    return np.asarray(low + bits.below(int(high - low), shape))


def _choice(bits: Bits, shape: Shape, decimals: int, args: list[Array]) -> Array:
    options = np.concatenate([arg.reshape(-1) for arg in args]) if args else np.zeros(0)
    if not options.size:
        raise EngineError("value", "choice needs the values to choose from.")
    return np.asarray(options[bits.below(options.size, shape).astype(int)])


def _simplex(bits: Bits, shape: Shape, decimals: int, args: list[Array]) -> Array:
    """Positive numbers that sum to exactly 1 along the last axis, uniform on the simplex before rounding.

    They are rounded in units of 10**-decimals; what rounding down leaves over goes to those that lost most.
    """
    _scalars("simplex", args, ())
    if not shape or shape[-1] == 0:
        raise EngineError("shape", "simplex needs an axis to sum over.")
    units = 10**decimals
    if shape[-1] > units:
        raise EngineError("value", f"{shape[-1]} numbers with {decimals} decimals cannot be positive and sum to 1.")
    parts = -np.log1p(-bits.uniform(shape)) + 1e-12
    exact = parts / parts.sum(axis=-1, keepdims=True) * (units - shape[-1])
    whole = np.floor(exact)
    left = (units - shape[-1] - whole.sum(axis=-1)).astype(int)
    order = np.argsort(-(exact - whole), axis=-1, kind="stable")
    ranks = np.argsort(order, axis=-1, kind="stable")
    counts = (1 + whole + (ranks < left[..., None])).reshape(-1, shape[-1])
    return np.stack([_summing_to_one(row, units) for row in counts]).reshape(shape)


def _summing_to_one(counts: Array, units: int) -> Array:
    """Return counts / units with a sum that is 1.0 in floating point too.

    Where it is not, the parts change their order (two of them, or all by turns), else a unit goes from one to another;
    for some twenty of a million rows that is not enough, and several go. Summed from left to right it is 1.0 too
    wherever that can be had as well.
    """
    fair: Array | None = None
    for moved in _rearranged(counts):
        parts = np.asarray(moved / units)
        if parts.sum() == 1.0:
            if sum(parts.tolist()) == 1.0:
                return parts
            fair = parts if fair is None else fair
    if fair is not None:
        return fair
    further = (np.asarray(moved / units) for moved in _moved_further(counts))
    return next((parts for parts in further if parts.sum() == 1.0), np.asarray(counts / units))


def _rearranged(counts: Array) -> Iterator[Array]:
    for turn in range(len(counts)):
        yield np.roll(counts, turn)
    for first, second in permutations(range(len(counts)), 2):
        moved = counts.copy()
        moved[[first, second]] = moved[[second, first]]
        yield moved
        if counts[first] > 1:
            moved = counts.copy()
            moved[first] -= 1
            moved[second] += 1
            yield moved


def _moved_further(counts: Array) -> Iterator[Array]:
    """Give the counts with more than one unit moved from one part to another that keeps one at least."""
    for units in range(2, _MOST_MOVED + 1):
        for first, second in permutations(range(len(counts)), 2):
            if counts[first] > units:
                moved = counts.copy()
                moved[first] -= units
                moved[second] += units
                yield moved


def _mask(bits: Bits, shape: Shape, decimals: int, args: list[Array]) -> Array:
    """Ones, then zeros along the last axis: mask(least, most) draws the lengths, mask(lengths) is told them.

    One number is the least length; the most is then one less than all, so that something is always padded.
    """
    if not shape or shape[-1] == 0:
        raise EngineError("shape", "mask needs a time axis.")
    rows, steps = shape[:-1], shape[-1]
    if len(args) == 1 and rows and args[0].shape == rows:
        lengths = args[0]
    else:
        most_padded = float(steps - 1 if args else max(1, steps - 1))
        least, most = _scalars("mask", args, (1.0, most_padded))
        if len(args) == 1 and not 0 <= least <= most:
            raise EngineError(
                "value",
                f"mask({exact(least)}) leaves nothing to pad in {steps} steps: one number is the least length, at most "
                f"{steps - 1} here. mask({exact(least)}, {steps}) draws full rows too.",
            )
        if not 0 <= least <= most <= steps:
            says = f"mask draws lengths from 0 to {steps} here, not {exact(least)} to {exact(most)}."
            raise EngineError("value", says)
        lengths = least + bits.below(int(most - least) + 1, rows)
    return np.asarray((np.arange(steps) < np.asarray(lengths)[..., None]) * 1.0)


def _orthogonal(bits: Bits, shape: Shape, decimals: int, args: list[Array]) -> Array:
    """A matrix with orthonormal columns (rows, where it is wide), times a factor; not rounded."""
    (scale,) = _scalars("orthogonal", args, (1.0,))
    if len(shape) != 2 or 0 in shape:
        raise EngineError("shape", f"orthogonal draws a matrix, not {in_words(shape)}.")
    tall = max(shape), min(shape)
    columns = bits.normal(tall)
    for k in range(tall[1]):
        for _ in range(2):  # once more, against what rounding left
            columns[:, k] -= columns[:, :k] @ (columns[:, :k].T @ columns[:, k])
        columns[:, k] /= np.sqrt((columns[:, k] ** 2).sum())
    return scale * (columns if shape[0] >= shape[1] else columns.T)


def _scaled(bits: Bits, shape: Shape, decimals: int, args: list[Array]) -> Array:
    """A square matrix of normal numbers scaled to a spectral radius, then rounded (the radius holds to that)."""
    (radius,) = _scalars("scaled", args, (1.0,))
    if len(shape) != 2 or shape[0] != shape[1] or not shape[0]:
        raise EngineError("shape", f"scaled draws a square matrix, not {in_words(shape)}.")
    matrix = bits.normal(shape)
    return _rounded(matrix * (radius / np.abs(np.linalg.eigvals(matrix)).max()), decimals)


def _rounded(value: Array, decimals: int) -> Array:
    return np.asarray(np.round(value, decimals)) + 0.0  # no -0


DISTRIBUTIONS: dict[str, Callable[[Bits, Shape, int, list[Array]], Array]] = {
    "uniform": _uniform,
    "normal": _normal,
    "integers": _integers,
    "choice": _choice,
    "simplex": _simplex,
    "mask": _mask,
    "orthogonal": _orthogonal,
    "scaled": _scaled,
}

MARGIN = 1e-9


def holds(graph: Graph, condition: Expr) -> bool:
    """Tell whether a condition holds for every element, comparisons with a margin.

    The margin keeps a draw that one machine accepts by a rounding error from being refused by another.
    """
    if isinstance(condition, Call) and condition.function == "logical_and":
        return all(holds(graph, part) for part in condition.args)
    if isinstance(condition, Call) and condition.function in ("less", "less_equal", "greater", "greater_equal"):
        left, right = (graph.evaluate(arg).number for arg in condition.args)
        margin = MARGIN * np.maximum(1, np.maximum(np.abs(left), np.abs(right)))
        gap = right - left if condition.function.startswith("less") else left - right
        if (
            condition.function.endswith("_equal")
            and np.all(left == np.floor(left))
            and np.all(right == np.floor(right))
        ):
            return bool(np.all(gap >= 0))  # whole numbers: no margin is needed
        return bool(np.all(gap > margin))
    return bool(np.all(graph.evaluate(condition).number))
