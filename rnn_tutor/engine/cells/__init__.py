"""Recurrent cells, attention, losses, clipping and optimisers over whole sequences and batches, forwards and backwards.

Sequences are (T, features), one row for each time step; batches of them (B, T, features): batch first, then time,
then features, everywhere, states (H,) and (B, H). Weights stand to the left as on paper: a pre-activation is
W_xh @ x[t] + W_hh @ h[t-1] + b, with W_xh (H, I), gates stacked in rows. Everything is float64.

`lengths` (B,) says how many steps of each sequence are real. As with PyTorch's packed sequences, outputs past an
end are 0, a final state is the one after the last real step (the start itself for length 0), and what stands in the
padding reaches neither values nor gradients.

Each forward function returns its results and what its backward function needs; the backward function takes that and
dL/d(results), and returns dL/d(arguments), each in the shape of its argument. Inputs are not copied: do not change
them between the two. Results are read-only.

Finite numbers never give NaN, nor a warning: gates saturate, fully masked rows are zeros. Where a product or a
gradient would leave float64 (about 1.8e308), EngineError("value") says so instead.
"""

from rnn_tutor.engine.cells.attention import (
    additive_attention,
    additive_attention_backward,
    causal_mask,
    dot_attention,
    dot_attention_backward,
)
from rnn_tutor.engine.cells.batch import length_mask, reverse
from rnn_tutor.engine.cells.clipping import (
    PYTORCH_EPS,
    TEXTBOOK_EPS,
    clip_by_global_norm,
    clip_by_norm,
    clip_by_norm_backward,
    clip_by_value,
    clip_by_value_backward,
    norm,
)
from rnn_tutor.engine.cells.gru_cell import gru, gru_backward
from rnn_tutor.engine.cells.losses import (
    cross_entropy,
    cross_entropy_backward,
    log_softmax,
    log_softmax_backward,
    perplexity,
    perplexity_backward,
    softmax,
    softmax_backward,
)
from rnn_tutor.engine.cells.lstm_cell import lstm, lstm_backward
from rnn_tutor.engine.cells.normalise import layer_norm, layer_norm_backward
from rnn_tutor.engine.cells.optimisers import Moments, Velocity, adam, no_moments, no_velocity, sgd
from rnn_tutor.engine.cells.rnn_cell import rnn, rnn_backward
from rnn_tutor.engine.cells.stacked import stack, stack_backward
from rnn_tutor.engine.cells.weights import flip_update_gate, reorder

__all__ = [
    "PYTORCH_EPS",
    "TEXTBOOK_EPS",
    "Moments",
    "Velocity",
    "adam",
    "additive_attention",
    "additive_attention_backward",
    "causal_mask",
    "clip_by_global_norm",
    "clip_by_norm",
    "clip_by_norm_backward",
    "clip_by_value",
    "clip_by_value_backward",
    "cross_entropy",
    "cross_entropy_backward",
    "dot_attention",
    "dot_attention_backward",
    "flip_update_gate",
    "gru",
    "gru_backward",
    "layer_norm",
    "layer_norm_backward",
    "length_mask",
    "log_softmax",
    "log_softmax_backward",
    "lstm",
    "lstm_backward",
    "no_moments",
    "no_velocity",
    "norm",
    "perplexity",
    "perplexity_backward",
    "reorder",
    "reverse",
    "rnn",
    "rnn_backward",
    "sgd",
    "softmax",
    "softmax_backward",
    "stack",
    "stack_backward",
]
