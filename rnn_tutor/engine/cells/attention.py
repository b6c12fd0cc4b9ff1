"""Attention: scores of queries against keys, softmax over the keys, a weighted sum of the values.

Arrays are (..., positions, features), the axes before them any batch, the same for all or broadcast: with batches
as the recurrent cells have them, queries (B, Tq, d), keys (B, Tk, d), values (B, Tk, dv). A single query (d,) with
keys (Tk, d), a decoder's one step, gives weights (Tk,) and a context (dv,).

mask: broadcast to the scores (..., Tq, Tk), 1 where a query may look at a key. For padded keys of a batch,
`length_mask(lengths, Tk)[:, None, :]`. A query that may look at nothing has weights 0 and context 0, and no
gradient goes through it; a plain softmax over -inf would make it NaN.
"""

from dataclasses import dataclass, replace
from math import sqrt

import numpy as np

from rnn_tutor.engine.array_types import ArrayLike
from rnn_tutor.engine.cells.arrays import Array, Mask, floats, must_fit, norm_bound, unbroadcast
from rnn_tutor.engine.cells.losses import softmax, softmax_backward
from rnn_tutor.engine.errors import EngineError
from rnn_tutor.engine.shapes import in_words


@dataclass(frozen=True, slots=True)
class Attention:
    """What an attention computed, and what its backward function needs of it."""

    context: Array  # (..., Tq, dv), or (dv,) for a single query
    weights: Array  # (..., Tq, Tk), or (Tk,): each row sums to 1, or is 0 where all keys are masked
    scores: Array  # likewise: before the softmax, masked ones too
    inputs: tuple[Array, ...]
    single: bool
    scale: float = 1.0  # of the dot product
    hidden: Array | None = None  # additive only, (..., Tq, Tk, A): tanh(W_q q + W_k k)


@dataclass(frozen=True, slots=True)
class AttentionGradients:
    """dL/d(each argument), each with the shape of that argument; the last three of additive attention only."""

    queries: Array
    keys: Array
    values: Array
    W_q: Array | None = None
    W_k: Array | None = None
    v: Array | None = None


def causal_mask(Tq: int, Tk: int) -> Mask:
    """Return (Tq, Tk): True where key j is not later than query i, j <= i."""
    return np.tri(Tq, Tk, dtype=np.bool_)


def dot_attention(
    queries: ArrayLike, keys: ArrayLike, values: ArrayLike, mask: ArrayLike | None = None, *, scaled: bool = True
) -> Attention:
    """Return softmax(Q K^T / sqrt(d)) V: scaled dot-product attention.

    Vaswani et al. (2017, "Attention is all you need"), equation 1; PyTorch's scaled_dot_product_attention, with a
    boolean mask. Without the scale, the dot score of Luong, Pham and Manning (2015).

    Args:
        queries: (..., Tq, d), or (d,) for one.
        keys: (..., Tk, d).
        values: (..., Tk, dv).
        mask: broadcast to (..., Tq, Tk).
        scaled: divide the scores by sqrt(d).

    Raises:
        EngineError: "shape", or "value" where numbers are not finite or too large.
    """
    Q, K, V, single = _read(queries, keys, values)
    if Q.shape[-1] != K.shape[-1]:
        raise EngineError("shape", f"queries have {Q.shape[-1]} features and keys {K.shape[-1]}; they must be equal.")
    must_fit("Q @ K.T", norm_bound("queries", Q) * norm_bound("keys", K))
    scale = 1.0 / sqrt(Q.shape[-1]) if scaled else 1.0
    scores = Q @ np.swapaxes(K, -1, -2) * scale
    return replace(_attend(scores, (Q, K, V), mask, single), scale=scale)


def dot_attention_backward(run: Attention, dcontext: ArrayLike) -> AttentionGradients:
    """Return the gradients from dL/d(run.context)."""
    Q, K, _ = run.inputs
    dscores, dV = _attend_backward(run, dcontext)
    dscores *= run.scale
    dQ = unbroadcast(dscores @ K, Q.shape)
    dK = unbroadcast(np.swapaxes(dscores, -1, -2) @ Q, K.shape)
    return AttentionGradients(dQ[0] if run.single else dQ, dK, dV)


def additive_attention(  # noqa: PLR0917 (the order in which the formula names them)
    queries: ArrayLike,
    keys: ArrayLike,
    values: ArrayLike,
    W_q: ArrayLike,
    W_k: ArrayLike,
    v: ArrayLike,
    mask: ArrayLike | None = None,
) -> Attention:
    """Return softmax(score) V with score = v . tanh(W_q q + W_k k): additive attention.

    Bahdanau, Cho and Bengio (2015, arXiv 1409.0473), equations 5 and 6 and appendix A.1.2, where the query is the
    decoder's state before the step and keys and values are both the encoder's states.

    Args:
        queries: (..., Tq, dq), or (dq,) for one.
        keys: (..., Tk, dk).
        values: (..., Tk, dv).
        W_q: (A, dq).
        W_k: (A, dk).
        v: (A,).
        mask: broadcast to (..., Tq, Tk).

    Raises:
        EngineError: "shape", or "value" where numbers are not finite or too large.
    """
    Q, K, V, single = _read(queries, keys, values)
    to_q, to_k, direction = floats(W_q), floats(W_k), floats(v)
    for name, weights, features in (("W_q", to_q, Q.shape[-1]), ("W_k", to_k, K.shape[-1])):
        if direction.ndim != 1 or weights.shape != (direction.size, features):
            wanted = f"(A, d) = ({direction.size}, {features})"
            raise EngineError("shape", f"{name} is {in_words(weights.shape)}; with v of A numbers it must be {wanted}.")
    must_fit("W_q @ q", norm_bound("queries", Q) * norm_bound("W_q", to_q))
    must_fit("W_k @ k", norm_bound("keys", K) * norm_bound("W_k", to_k))
    must_fit("v . tanh", norm_bound("v", direction))
    hidden = np.tanh((Q @ to_q.T)[..., :, None, :] + (K @ to_k.T)[..., None, :, :])
    run = _attend(hidden @ direction, (Q, K, V, to_q, to_k, direction), mask, single)
    return replace(run, hidden=hidden)


def additive_attention_backward(run: Attention, dcontext: ArrayLike) -> AttentionGradients:
    """Return the gradients from dL/d(run.context)."""
    Q, K, _, W_q, W_k, v = run.inputs
    hidden = run.hidden
    if hidden is None:
        raise EngineError("value", "This attention does not use additive scores.")
    dscores, dV = _attend_backward(run, dcontext)
    A = v.size
    dv = dscores.reshape(-1) @ hidden.reshape(-1, A)
    da = dscores[..., None] * v * (1.0 - hidden * hidden)
    da_q = unbroadcast(da.sum(axis=-2), (*Q.shape[:-1], A))
    da_k = unbroadcast(da.sum(axis=-3), (*K.shape[:-1], A))
    dW_q = da_q.reshape(-1, A).T @ Q.reshape(-1, Q.shape[-1])
    dW_k = da_k.reshape(-1, A).T @ K.reshape(-1, K.shape[-1])
    dQ, dK = da_q @ W_q, da_k @ W_k
    return AttentionGradients(dQ[0] if run.single else dQ, dK, dV, dW_q, dW_k, dv)


def _read(queries: ArrayLike, keys: ArrayLike, values: ArrayLike) -> tuple[Array, Array, Array, bool]:
    Q, K, V = floats(queries), floats(keys), floats(values)
    single = Q.ndim == 1
    if single:
        Q = Q[None]
    if Q.ndim < 2 or K.ndim < 2 or V.ndim < 2 or (single and (K.ndim, V.ndim) != (2, 2)):
        raise EngineError("shape", "Queries, keys and values are (..., positions, features); one query may be (d,).")
    if K.shape[-2] != V.shape[-2] or K.shape[-2] == 0:
        raise EngineError("shape", f"There are {K.shape[-2]} keys and {V.shape[-2]} values: one value for each key.")
    try:
        np.broadcast_shapes(Q.shape[:-2], K.shape[:-2], V.shape[:-2])
    except ValueError:
        shapes = ", ".join(in_words(a.shape) for a in (Q, K, V))
        raise EngineError("shape", f"Queries, keys and values are {shapes}: their batches do not match.") from None
    return Q, K, V, single


def _attend(scores: Array, inputs: tuple[Array, ...], mask: ArrayLike | None, single: bool) -> Attention:
    V = inputs[2]
    if mask is not None:
        try:
            # A mask may have more batch axes than queries and keys: then so do the scores.
            shape = np.broadcast_shapes(scores.shape, np.shape(mask))
        except ValueError:
            shapes = f"{in_words(np.shape(mask))} and the scores {in_words(scores.shape)}"
            raise EngineError("shape", f"The mask is {shapes}: they do not match.") from None
        if shape != scores.shape:
            raise EngineError("shape", f"The mask {in_words(np.shape(mask))} has more than the scores.")
    weights = softmax(scores, -1, mask)
    norm_bound("values", V)  # only that they are finite: a mean of them is no larger than they are
    context = weights @ V
    if single:
        return Attention(context[0], weights[0], scores[0], inputs, single)
    return Attention(context, weights, scores, inputs, single)


def _attend_backward(run: Attention, dcontext: ArrayLike) -> tuple[Array, Array]:
    """Return dL/d(scores) as (..., Tq, Tk) and dL/d(values) with the values' shape."""
    V = run.inputs[2]
    given = floats(dcontext)
    if given.shape != run.context.shape:
        raise EngineError(
            "shape", f"dcontext is {in_words(given.shape)}; the context is {in_words(run.context.shape)}."
        )
    weights = run.weights
    if run.single:
        given, weights = given[None], weights[None]
    must_fit("A gradient", norm_bound("dcontext", given) * (norm_bound("values", V) + 1.0))
    dweights = given @ np.swapaxes(V, -1, -2)
    dV = unbroadcast(np.swapaxes(weights, -1, -2) @ given, V.shape)
    # Values may have batch axes that the scores have not; their shares then add up.
    return unbroadcast(softmax_backward(np.broadcast_to(weights, dweights.shape), dweights), weights.shape), dV
