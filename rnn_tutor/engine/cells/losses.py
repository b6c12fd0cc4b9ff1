"""Softmax, log-softmax, cross-entropy over the real tokens, perplexity: forwards and backwards.

Logits are (..., V): V classes on the last axis, any axes before it, such as (B, T, V). Logarithms are natural, so
losses are in nats. The largest logit is taken off before exp, which changes nothing in exact arithmetic and keeps
exp from overflowing; finite logits never give NaN.
"""

from dataclasses import dataclass
from math import exp, inf, log
from sys import float_info

import numpy as np

from rnn_tutor.engine.array_types import ArrayLike, NDArray
from rnn_tutor.engine.cells.arrays import Array, Mask, expect, floats, whole_numbers, zero_or_one
from rnn_tutor.engine.errors import EngineError
from rnn_tutor.engine.shapes import in_words


@np.errstate(over="ignore")  # 1e308 - (-1e308): exp(-inf) is the 0 that is meant
def softmax(x: ArrayLike, axis: int = -1, mask: ArrayLike | None = None) -> Array:
    """Return exp(x) / sum(exp(x)) along an axis.

    mask: 1 where an element takes part, 0 where not; broadcast to x. Elements left out get 0, whatever they hold.
    Where none takes part there is nothing to share: all zeros, where plain softmax with -inf would give NaN.
    """
    values = floats(x)
    if mask is None:
        powers = np.exp(values - _largest(values, axis))
        return np.asarray(powers / powers.sum(axis=axis, keepdims=True))
    real = np.broadcast_to(zero_or_one("mask", mask), values.shape)
    largest = _largest(np.where(real, values, -float_info.max), axis)
    powers = np.exp(np.where(real, values, largest) - largest) * real
    total = powers.sum(axis=axis, keepdims=True)
    return np.asarray(powers / np.where(total > 0, total, 1.0))


def softmax_backward(p: ArrayLike, dp: ArrayLike, axis: int = -1) -> Array:
    """Return dL/dx from p = softmax(x), masked or not, and dL/dp: p * (dp - sum(p * dp))."""
    shares, given = floats(p), floats(dp)
    return np.asarray(shares * (given - (shares * given).sum(axis=axis, keepdims=True)))


@np.errstate(over="ignore", divide="ignore")  # as above; and no class at all has the sum 0
def log_softmax(x: ArrayLike, axis: int = -1) -> Array:
    """Return log(softmax(x)) along an axis, as x - max - log(sum(exp(x - max))).

    Far below the largest logit this still has its digits, where log(softmax(x)) has become log(0).
    """
    values = floats(x)
    shifted = values - _largest(values, axis)
    return np.asarray(shifted - np.log(np.exp(shifted).sum(axis=axis, keepdims=True)))


def log_softmax_backward(y: ArrayLike, dy: ArrayLike, axis: int = -1) -> Array:
    """Return dL/dx from y = log_softmax(x) and dL/dy: dy - softmax(x) * sum(dy)."""
    given = floats(dy)
    return np.asarray(given - np.exp(floats(y)) * given.sum(axis=axis, keepdims=True))


@dataclass(frozen=True, slots=True)
class CrossEntropy:
    """What `cross_entropy` computed, and what `cross_entropy_backward` needs of it."""

    loss: float  # the mean over the real tokens, in nats; 0 where there is none
    each: Array  # (...): -log p(target) of each token, 0 where masked
    log_p: Array  # (..., V)
    targets: NDArray[np.intp]
    mask: Mask
    count: int  # real tokens


def cross_entropy(logits: ArrayLike, targets: ArrayLike, mask: ArrayLike | None = None) -> CrossEntropy:
    """Return -log softmax(logits)[target], token by token and as their mean over the real tokens.

    Args:
        logits: (..., V); what stands at masked tokens is never looked at.
        targets: (...): whole numbers 0..V-1; at masked tokens anything.
        mask: (...): 1 for a real token, 0 for padding. The mean divides by the real tokens only. With none at all
            the loss is 0 and so are its gradients (PyTorch's mean would be 0 / 0 = NaN).

    Raises:
        EngineError: "shape", or "value" where a target is no class.
    """
    scores = floats(logits)
    if scores.ndim == 0 or scores.shape[-1] == 0:
        raise EngineError("shape", f"logits is {in_words(scores.shape)}; its last axis must hold the classes.")
    tokens = scores.shape[:-1]
    real = np.ones(tokens, dtype=np.bool_)
    if mask is not None:
        real = zero_or_one("mask", mask)
        expect("mask", floats(real), tokens, "")
        scores = np.where(real[..., None], scores, 0.0)
    chosen = expect("targets", floats(targets), tokens, "")
    classes = whole_numbers("targets", np.where(real, chosen, 0.0), 0, scores.shape[-1] - 1)
    log_p = log_softmax(scores)
    each = -np.take_along_axis(log_p, classes[..., None], axis=-1)[..., 0] * real
    count = int(real.sum())
    return CrossEntropy(float(each.sum()) / max(count, 1), each, log_p, classes, real, count)


def cross_entropy_backward(run: CrossEntropy, dloss: float = 1.0, deach: ArrayLike | None = None) -> Array:
    """Return dL/d(logits) from dL/d(run.loss), and dL/d(run.each) where given: (softmax - one hot) per token."""
    each = np.full(run.mask.shape, dloss / max(run.count, 1))
    if deach is not None:
        each += expect("deach", floats(deach), run.mask.shape, "")
    each *= run.mask
    grads = np.exp(run.log_p)
    hit = run.targets[..., None]
    np.put_along_axis(grads, hit, np.take_along_axis(grads, hit, axis=-1) - 1.0, axis=-1)
    grads *= each[..., None]
    return grads


def perplexity(loss: float) -> float:
    """Return exp of a mean loss in nats: among how many equally likely tokens the model hesitates, on average.

    inf above a loss of about 709.78, where exp leaves float64; the loss itself still tells such models apart.
    """
    return inf if loss > log(float_info.max) else exp(loss)


def perplexity_backward(value: float, dvalue: float = 1.0) -> float:
    """Return dL/d(loss) from value = perplexity(loss): dvalue * value, and 0 where dvalue is 0."""
    return dvalue * value if dvalue else 0.0


def _largest(values: Array, axis: int) -> Array:
    return np.asarray(values.max(axis=axis, keepdims=True, initial=-float_info.max))
