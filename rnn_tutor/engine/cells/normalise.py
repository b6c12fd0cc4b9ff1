"""Layer normalisation: each example by its own mean and variance, over the last axis."""

from dataclasses import dataclass

import numpy as np

from rnn_tutor.engine.array_types import ArrayLike
from rnn_tutor.engine.cells.arrays import Array, expect, floats, unbroadcast
from rnn_tutor.engine.errors import EngineError
from rnn_tutor.engine.shapes import in_words


@dataclass(frozen=True, slots=True)
class LayerNorm:
    """What `layer_norm` computed, and what `layer_norm_backward` needs of it."""

    y: Array  # as x
    normal: Array  # as x: before gain and bias
    scale: Array  # (..., 1): 1 / sqrt(variance + eps)
    gain: Array  # (H,)


def layer_norm(
    x: ArrayLike, gain: ArrayLike | None = None, bias: ArrayLike | None = None, eps: float = 1e-5
) -> LayerNorm:
    """Return gain * (x - mean) / sqrt(variance + eps) + bias over the last axis.

    Ba, Kiros and Hinton (2016, arXiv 1607.06450), without eps; with it, PyTorch's F.layer_norm. The variance
    divides by H, not H - 1.

    Args:
        x: (..., H).
        gain, bias: (H,); ones and zeros where left out.
        eps: keeps a constant row from 0 / 0; with eps = 0 such a row gives 0, before the bias.

    Raises:
        EngineError: "shape", or "value" where eps is negative.
    """
    values = floats(x)
    if values.ndim == 0 or values.shape[-1] == 0:
        raise EngineError("shape", f"x is {in_words(values.shape)}; its last axis must be the one to normalise.")
    if not eps >= 0:
        raise EngineError("value", "eps must be 0 or more.")
    H = values.shape[-1:]
    gains = np.ones(H) if gain is None else expect("gain", floats(gain), H, "H")
    biases = np.zeros(H) if bias is None else expect("bias", floats(bias), H, "H")
    # Squares of numbers above 1e154 overflow: such rows are first divided by a power of two, which is exact.
    largest = np.abs(values).max(axis=-1, keepdims=True)
    unit = np.where(largest > 1e150, np.exp2(np.frexp(largest)[1] - 1.0), 1.0)
    smaller = values / unit
    away = smaller - smaller[..., :1]  # so that a constant row is exactly 0 away from its mean
    away -= away.mean(axis=-1, keepdims=True)
    spread = np.sqrt((away * away).mean(axis=-1, keepdims=True) + eps / unit / unit)
    scale = 1.0 / np.where(spread > 0, spread, 1.0)
    normal = away * scale
    return LayerNorm(gains * normal + biases, normal, scale / unit, gains)


def layer_norm_backward(run: LayerNorm, dy: ArrayLike) -> tuple[Array, Array, Array]:
    """Return dL/dx, dL/d(gain), dL/d(bias) from dL/d(run.y)."""
    given = expect("dy", floats(dy), run.y.shape, "")
    H = run.gain.shape
    inner = given * run.gain
    along = (inner * run.normal).mean(axis=-1, keepdims=True)
    dx = run.scale * (inner - inner.mean(axis=-1, keepdims=True) - run.normal * along)
    return dx, unbroadcast(given * run.normal, H), unbroadcast(given, H)
