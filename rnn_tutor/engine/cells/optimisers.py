"""What turns gradients into new weights: SGD, with or without momentum, and Adam, as PyTorch computes them.

Both are values that lead to values: weights, gradients and what was remembered go in, new weights and what is
remembered from now on come out. Nothing that was given is changed.

SGD (Polyak, 1964, for the momentum; PyTorch's form, without dampening):
    u <- momentum * u + g          W <- W - rate * u
Adam (Kingma and Ba, 2015, arXiv 1412.6980, algorithm 1):
    m <- beta1 * m + (1 - beta1) * g          v <- beta2 * v + (1 - beta2) * g * g
    W <- W - rate * (m / (1 - beta1**t)) / (sqrt(v / (1 - beta2**t)) + eps)
"""

from collections.abc import Sequence
from dataclasses import dataclass
from math import sqrt
from typing import TypeAlias

import numpy as np

from rnn_tutor.engine.cells.arrays import Array, expect, expect_finite
from rnn_tutor.engine.errors import EngineError

Arrays: TypeAlias = tuple[Array, ...]

BETAS = (0.9, 0.999)
EPS = 1e-8


@dataclass(frozen=True, slots=True)
class Velocity:
    """What SGD remembers: u, the running sum of gradients, one array for each weight."""

    sums: Arrays


@dataclass(frozen=True, slots=True)
class Moments:
    """What Adam remembers: m and v for each weight, and beta1**t and beta2**t after t updates.

    The powers are kept as products, because powers of a library may differ in their last digit between machines.
    """

    first: Arrays
    second: Arrays
    powers: tuple[float, float] = (1.0, 1.0)


def no_velocity(weights: Sequence[Array]) -> Velocity:
    """Return what SGD remembers before the first update."""
    return Velocity(tuple(map(np.zeros_like, weights)))


def no_moments(weights: Sequence[Array]) -> Moments:
    """Return what Adam remembers before the first update."""
    zeros = tuple(map(np.zeros_like, weights))
    return Moments(zeros, zeros)


def sgd(
    weights: Sequence[Array], gradients: Sequence[Array], before: Velocity, rate: float, momentum: float = 0.0
) -> tuple[Arrays, Velocity]:
    """Return the weights after one update of SGD, and what is remembered.

    Raises EngineError: "shape" where a gradient has not the shape of its weight, "value" where one is not finite or
    the rate is negative.
    """
    _check(weights, gradients, rate)
    sums = tuple(momentum * u + g for u, g in zip(before.sums, gradients, strict=True))
    return tuple(W - rate * u for W, u in zip(weights, sums, strict=True)), Velocity(sums)


def adam(
    weights: Sequence[Array],
    gradients: Sequence[Array],
    before: Moments,
    rate: float,
    *,
    betas: tuple[float, float] = BETAS,
    eps: float = EPS,
) -> tuple[Arrays, Moments]:
    """Return the weights after one update of Adam, and what is remembered. Raises EngineError as `sgd` does."""
    _check(weights, gradients, rate)
    powers = before.powers[0] * betas[0], before.powers[1] * betas[1]
    first = tuple(m + (1.0 - betas[0]) * (g - m) for m, g in zip(before.first, gradients, strict=True))
    second = tuple(betas[1] * v + (1.0 - betas[1]) * (g * g) for v, g in zip(before.second, gradients, strict=True))
    step, root = rate / (1.0 - powers[0]), sqrt(1.0 - powers[1])
    after = tuple(W - step * (m / (np.sqrt(v) / root + eps)) for W, m, v in zip(weights, first, second, strict=True))
    return after, Moments(first, second, powers)


def _check(weights: Sequence[Array], gradients: Sequence[Array], rate: float) -> None:
    if not rate >= 0:
        raise EngineError("value", "A learning rate must be 0 or more.")
    if len(weights) != len(gradients):
        raise EngineError("shape", f"There are {len(weights)} weights and {len(gradients)} gradients.")
    for W, g in zip(weights, gradients, strict=True):
        expect("A gradient", g, W.shape, "")
        expect_finite("A gradient", g)
