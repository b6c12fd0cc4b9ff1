"""Functions of neural networks over one axis: softmax, its logarithm, layer normalisation.

Each is computed so that no finite input overflows.
"""

import numpy as np

from rnn_tutor.engine.errors import EngineError
from rnn_tutor.engine.functions.base import Array, Function, Param, normal_axis
from rnn_tutor.engine.shapes import Shape, in_words

_OVER = (Param("x"), Param("axis", "axis", -1))


def _keeps(x: Shape, axis: int) -> Shape:
    if x[normal_axis(axis, len(x))] == 0:
        raise EngineError("shape", f"Axis {axis} of this array {in_words(x)} is empty.")
    return x


def softmax(x: Array, axis: int) -> Array:
    """exp(x) / sum(exp(x)); a slice of nothing but -inf (a row fully masked) gives zeros."""
    top = np.max(x, axis=axis, keepdims=True, initial=-np.inf)
    raised = np.exp(x - np.where(np.isneginf(top), 0.0, top))
    total = raised.sum(axis=axis, keepdims=True)
    return np.asarray(raised / np.where(total == 0, 1.0, total))


def log_softmax(x: Array, axis: int) -> Array:
    """x - logsumexp(x)."""
    shifted = x - np.max(x, axis=axis, keepdims=True)
    return np.asarray(shifted - np.log(np.exp(shifted).sum(axis=axis, keepdims=True)))


def _softmax_gradient(g: Array, y: Array, x: Array, axis: int) -> tuple[Array]:
    return (y * (g - (g * y).sum(axis=axis, keepdims=True)),)


def _log_softmax_gradient(g: Array, y: Array, x: Array, axis: int) -> tuple[Array]:
    return (g - np.exp(y) * g.sum(axis=axis, keepdims=True),)


EPSILON = 1e-5


def layer_norm(x: Array, axis: int) -> Array:
    """(x - mean) / sqrt(var + 1e-5), var over n (Ba et al. 2016; epsilon as in PyTorch), without gain and bias."""
    centred = x - x.mean(axis=axis, keepdims=True)
    return np.asarray(centred / np.sqrt((centred**2).mean(axis=axis, keepdims=True) + EPSILON))


def _layer_norm_gradient(g: Array, y: Array, x: Array, axis: int) -> tuple[Array]:
    spread = np.sqrt(x.var(axis=axis, keepdims=True) + EPSILON)
    return ((g - g.mean(axis=axis, keepdims=True) - y * (g * y).mean(axis=axis, keepdims=True)) / spread,)


FUNCTIONS = [
    Function("softmax", _OVER, softmax, _keeps, _softmax_gradient, "whole", "the softmax of {0}"),
    Function("log_softmax", _OVER, log_softmax, _keeps, _log_softmax_gradient, "whole", "the log-softmax of {0}"),
    Function("layer_norm", _OVER, layer_norm, _keeps, _layer_norm_gradient, "whole", "the layer norm of {0}"),
]
