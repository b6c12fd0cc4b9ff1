"""Functions that a library has not: their text, which a script that calls them has at its head.

`M` is the module; words in capitals are what libraries call differently (`Library.words`).
"""

import re

from rnn_tutor.engine.writing.library import Library

# name -> (what else it needs, its text)
HELPERS: dict[str, tuple[tuple[str, ...], str]] = {
    "sigmoid": ((), '''
def sigmoid(x):
    """1 / (1 + exp(-x)), without overflow."""
    return M.exp(-M.logaddexp(0, -x))
'''),
    "silu": (("sigmoid",), """
def silu(x):
    return x * sigmoid(x)
"""),
    "gelu": (("import math",), """
def gelu(x):
    return 0.5 * x * (1 + M.vectorize(math.erf)(x / math.sqrt(2)))
"""),
    "leaky_relu": ((), """
def leaky_relu(x, leak=0.01):
    return M.where(x > 0, x, leak * x)
"""),
    "logsumexp": ((), """
def logsumexp(x, axis=None, keepdims=False):
    top = MAX(x, axis=axis, keepdims=True)
    total = top + M.log(M.sum(M.exp(x - top), axis=axis, keepdims=True))
    return total if keepdims else M.squeeze(total, axis=axis)
"""),
    "softmax": ((), """
def softmax(x, axis=-1):
    powers = M.exp(x - MAX(x, axis=axis, keepdims=True))
    return powers / M.sum(powers, axis=axis, keepdims=True)
"""),
    "log_softmax": ((), """
def log_softmax(x, axis=-1):
    shifted = x - MAX(x, axis=axis, keepdims=True)
    return shifted - M.log(M.sum(M.exp(shifted), axis=axis, keepdims=True))
"""),
    "softmax_or_0": ((), '''
def softmax_or_0(x, axis=-1):
    """The softmax of rows; a row of nothing but -inf gives zeros, where a plain softmax gives NaN."""
    top = MAX(x, AXIS=axis, KEEP=True)
    powers = M.exp(x - M.where(M.isinf(top), 0.0, top))
    total = M.sum(powers, AXIS=axis, KEEP=True)
    return powers / M.where(total == 0, 1.0, total)
'''),
    "layer_norm": ((), """
def layer_norm(x, axis=-1):
    centred = x - M.mean(x, AXIS=axis, KEEP=True)
    return centred / M.sqrt(M.mean(centred**2, AXIS=axis, KEEP=True) + 1e-5)
"""),
    "weighted_mean": ((), """
def weighted_mean(x, weights, axis=None):
    if axis is not None and weights.ndim < x.ndim:  # one weight for each place along the axis
        weights = weights.reshape([-1 if k == axis % x.ndim else 1 for k in range(x.ndim)])
    weights = weights.expand(x.shape)
    if axis is None:
        return (x * weights).sum() / weights.sum()
    return (x * weights).sum(axis) / weights.sum(axis)
"""),
    "masked_softmax": ((), '''
def masked_softmax(x, mask):
    """The softmax over the last axis where the mask is 1; 0 elsewhere, and where it is 1 nowhere."""
    real = mask != 0
    top = MAX(M.where(real, x, -1e300), AXIS=-1, KEEP=True)
    powers = M.exp(M.where(real, x, top) - top) * real
    total = M.sum(powers, AXIS=-1, KEEP=True)
    return powers / M.where(total > 0, total, 1.0)
'''),
    "cross_entropy": (("LOG_SOFTMAX",), '''
def cross_entropy(logits, targets, mask=None):
    """The mean of -log p(target) over the real tokens, in nats."""
    if mask is not None:
        targets = M.where(mask != 0, targets, 0)
    x = logits
    losses = -TAKE(LOG_SOFTMAX(x), targets[..., None], AXIS=-1)[..., 0]
    if mask is None:
        return M.mean(losses)
    return M.sum(M.where(mask != 0, losses, 0.0)) / max(float(M.sum(mask)), 1.0)
'''),
    "clip_by_norm": ((), '''
def clip_by_norm(g, limit, ord=2):
    """g, scaled down to this norm if its own is larger."""
    size = M.linalg.norm(g.reshape(-1), ord)
    return g * (limit / AT_LEAST(size, limit))
'''),
    "attention": (("SOFTMAX", "masked_softmax"), """
def attention(Q, K, V, mask=None):
    x = Q @ M.swapaxes(K, -1, -2) / K.shape[-1] ** 0.5
    weights = SOFTMAX(x) if mask is None else masked_softmax(x, mask)
    return weights @ V
"""),
    "dot_attention": (("SOFTMAX", "masked_softmax"), """
def dot_attention(Q, K, V, mask=None):
    x = Q @ M.swapaxes(K, -1, -2)
    weights = SOFTMAX(x) if mask is None else masked_softmax(x, mask)
    return weights @ V
"""),
    "additive_attention": (("SOFTMAX", "masked_softmax"), """
def additive_attention(Q, K, V, W_q, W_k, v, mask=None):
    if Q.ndim == 1:
        return additive_attention(Q[None], K, V, W_q, W_k, v, mask)[0]
    x = M.tanh((Q @ W_q.T)[..., :, None, :] + (K @ W_k.T)[..., None, :, :]) @ v
    weights = SOFTMAX(x) if mask is None else masked_softmax(x, mask)
    return weights @ V
"""),
    "lstm_to_onnx": ((), """
def lstm_to_onnx(W):
    i, f, g, o = SPLIT(W, 4)
    return CONCAT([i, o, f, g])
"""),
    "lstm_from_onnx": ((), """
def lstm_from_onnx(W):
    i, o, f, g = SPLIT(W, 4)
    return CONCAT([i, f, g, o])
"""),
    "gru_to_keras": ((), """
def gru_to_keras(W):
    r, z, n = SPLIT(W, 3)
    return CONCAT([z, r, n])
"""),
    "gru_from_keras": ((), """
def gru_from_keras(W):
    z, r, n = SPLIT(W, 3)
    return CONCAT([r, z, n])
"""),
    "flip_update_gate": ((), """
def flip_update_gate(W):
    r, z, n = SPLIT(W, 3)
    return CONCAT([r, -z, n])
"""),
    "reverse": ((), '''
def reverse(x, lengths=None):
    """Sequences from their last real step to their first; the padding stays where it is."""
    if lengths is None:
        return BACKWARDS(x)
    steps, ends = M.arange(x.shape[-2]), lengths[..., None]
    places = M.where(steps < ends, ends - 1 - steps, steps)
    return TAKE(x, places[..., None], AXIS=-2)
'''),
    "until_the_end": ((), '''
def until_the_end(states, lengths):
    """The states at all steps, stacked; 0 behind the end of each sequence."""
    states = M.stack(states, -2)
    if lengths is None:
        return states
    return M.where(M.arange(states.shape[-2])[:, None] < lengths[..., None, None], states, 0.0)
'''),
    **{name: (("until_the_end",), f'''
def {name}(x, W_xh, W_hh, b=0.0, h0=None, lengths=None):
    """The states of an RNN; x is (T, I) or (B, T, I)."""
    h = M.zeros((*x.shape[:-2], W_hh.shape[1])) if h0 is None else h0
    states = []
    for t in range(x.shape[-2]):
        h = {activation}(x[..., t, :] @ W_xh.T + h @ W_hh.T + b)
        states.append(h)
    return until_the_end(states, lengths)
''') for name, activation in (("rnn", "M.tanh"), ("rnn_relu", "RELU"))},
    **{name: (("SIGMOID", "until_the_end"), f'''
def {name}(x, W_xh, W_hh, b=0.0, {p}h0=None, c0=None, lengths=None):
    """The {what} of an LSTM, its gates in the order i, f, g, o; x is (T, I) or (B, T, I)."""
    h = M.zeros((*x.shape[:-2], W_hh.shape[1])) if h0 is None else h0
    c = M.zeros((*x.shape[:-2], W_hh.shape[1])) if c0 is None else c0
    states = []
    for t in range(x.shape[-2]):
        i, f, g, o = SPLIT(x[..., t, :] @ W_xh.T + h @ W_hh.T + b, 4, AXIS=-1)
        c = SIGMOID(f{f}) * c + SIGMOID(i{i}) * M.tanh(g)
        h = SIGMOID(o{o}) * M.tanh(c)
        states.append({kept})
    return until_the_end(states, lengths)
''') for name, p, i, f, o, kept, what in (
        ("lstm", "", "", "", "", "h", "states"),
        ("lstm_c", "", "", "", "", "c", "cells"),
        ("lstm_peephole", "p=(0.0, 0.0, 0.0), ", " + p[0] * c", " + p[1] * c", " + p[2] * c", "h", "states"),
    )},
    **{name: (("SIGMOID", "until_the_end"), f'''
def {name}(x, W_xh, W_hh, b_xh=0.0, b_hh=0.0, h0=None, lengths=None):
    """The states of a GRU, its gates in the order r, z, n; x is (T, I) or (B, T, I)."""
    h = M.zeros((*x.shape[:-2], W_hh.shape[1])) if h0 is None else h0
    U_r, U_z, U_n = SPLIT(W_hh, 3)
    states = []
    for t in range(x.shape[-2]):
        r, z, n = SPLIT(x[..., t, :] @ W_xh.T + b_xh + b_hh, 3, AXIS=-1)
        r, z = SIGMOID(r + h @ U_r.T), SIGMOID(z + h @ U_z.T)
        n = M.tanh(n + (r * h) @ U_n.T)
        h = {blend}
        states.append(h)
    return until_the_end(states, lengths)
''') for name, blend in (("gru", "(1 - z) * h + z * n"), ("gru_cho", "z * h + (1 - z) * n"))},
    "gru_pytorch": (("SIGMOID", "until_the_end"), '''
def gru_pytorch(x, W_xh, W_hh, b_xh=0.0, b_hh=0.0, h0=None, lengths=None):
    """The states of a GRU as nn.GRU has it, its gates in the order r, z, n; x is (T, I) or (B, T, I)."""
    h = M.zeros((*x.shape[:-2], W_hh.shape[1])) if h0 is None else h0
    states = []
    for t in range(x.shape[-2]):
        x_r, x_z, x_n = SPLIT(x[..., t, :] @ W_xh.T + b_xh, 3, AXIS=-1)
        h_r, h_z, h_n = SPLIT(h @ W_hh.T + b_hh, 3, AXIS=-1)
        r, z = SIGMOID(x_r + h_r), SIGMOID(x_z + h_z)
        n = M.tanh(x_n + r * h_n)
        h = z * h + (1 - z) * n
        states.append(h)
    return until_the_end(states, lengths)
'''),
    "derivative": ((), '''
def derivative(f, x, step=1e-5):
    """df/dx, of the shape f(x).shape + x.shape, by central differences: NumPy has no derivatives of its own."""
    x = M.array(x, dtype=float)
    moves = step * M.eye(x.size).reshape(x.size, *x.shape)
    slopes = [(M.array(f(x + move), dtype=float) - f(x - move)) / (2 * step) for move in moves]
    return M.stack(slopes, axis=-1).reshape(slopes[0].shape + x.shape)
'''),
    "jacobian": ((), '''
def jacobian(y, x):
    """dy/dx, of the shape y.shape + x.shape: autograd gives one row for each element of y."""
    rows = [
        torch.autograd.grad(element, x, retain_graph=True, materialize_grads=True)[0] for element in y.reshape(-1)
    ]
    return torch.stack(rows).reshape(y.shape + x.shape)
'''),
    "jacobian_of_steps": ((), '''
def jacobian_of_steps(y, steps):
    """dy/d(steps), of the shape y.shape + (T, ...): autograd gives one row for each element of y."""
    rows = [
        torch.stack(torch.autograd.grad(element, steps, retain_graph=True, materialize_grads=True))
        for element in y.reshape(-1)
    ]
    return torch.stack(rows).reshape(y.shape + rows[0].shape)
'''),
}  # fmt: skip

_OF_NUMPY = {"SIGMOID": "sigmoid", "SOFTMAX": "softmax", "LOG_SOFTMAX": "log_softmax"}


def needed(names: "list[str]", library: Library) -> list[str]:
    """Return helpers and all that they need, each behind what it needs; imports that they need stand among them."""
    ordered: list[str] = []

    def visit(name: str) -> None:
        if name in _OF_NUMPY:
            if library.key != "numpy":
                return
            name = _OF_NUMPY[name]
        if name in ordered:
            return
        for other in HELPERS[name][0] if name in HELPERS else ():
            visit(other)
        ordered.append(name)

    for name in names:
        visit(name)
    return ordered


def text_of(name: str, library: Library) -> str:
    """Return the text of a helper in the words of a library."""
    text = HELPERS[name][1].strip("\n")
    for word, meant in sorted(library.words, key=lambda pair: -len(pair[0])):
        text = text.replace(word, meant)
    return re.sub(r"\bM\.", f"{library.module}.", text)
