"""The simple recurrent network: h_t = act(W_xh x_t + W_hh h_{t-1} + b).

Elman (1990), "Finding structure in time"; the same as PyTorch's nn.RNN with b = b_ih + b_hh.
"""

from dataclasses import dataclass
from typing import Literal

import numpy as np

from rnn_tutor.engine.array_types import ArrayLike
from rnn_tutor.engine.cells.arrays import GROWN, Array, bias, norm_bound, shift_of, to_grid, with_bias
from rnn_tutor.engine.cells.batch import Batch
from rnn_tutor.engine.errors import EngineError

Activation = Literal["tanh", "relu"]


@dataclass(frozen=True, slots=True)
class RNNRun:
    """What `rnn` computed, and what `rnn_backward` needs of it."""

    h: Array  # (B, T, H) or (T, H); 0 past the ends
    h_last: Array  # (B, H) or (H,); after each sequence's last real step
    batch: Batch
    W_xh: Array
    W_hh: Array
    states: Array  # (T + 1, H, B), row 0 the start
    activation: Activation


@dataclass(frozen=True, slots=True)
class RNNGradients:
    """dL/d(each argument of `rnn`), each with the shape of that argument."""

    x: Array
    W_xh: Array
    W_hh: Array
    b: Array
    h0: Array
    h: Array  # dL/d(each state), with all paths through later ones; 0 past the ends

    @property
    def parameters(self) -> tuple[Array, ...]:
        """The gradients in the order in which `rnn` takes its parameters."""
        return self.W_xh, self.W_hh, self.b


def rnn(
    x: ArrayLike,
    W_xh: ArrayLike,
    W_hh: ArrayLike,
    b: ArrayLike | None = None,
    *,
    h0: ArrayLike | None = None,
    lengths: ArrayLike | None = None,
    activation: Activation = "tanh",
    grid: float = 0.0,
) -> RNNRun:
    """Run a simple RNN over whole sequences.

    Args:
        x: (B, T, I), or (T, I) for a single sequence.
        W_xh: (H, I).
        W_hh: (H, H).
        b: (H,); zeros where left out.
        h0: (B, H), or (H,) for a single sequence: the state before the first step; zeros where left out.
        lengths: (B,): real steps of each sequence; outputs past them are 0, the final state is the last real one.
        activation: "tanh" or "relu".
        grid: a power of 2 to whose multiples the state of each step is rounded, so that long runs are the same on all
            processors; 0 for none. The backward function takes the rounding for no change.

    Raises:
        EngineError: "shape" where sizes do not fit together; "value" where a value is not finite, or numbers grow
            beyond float64, which with relu and a W_hh of spectral radius above 1 a long enough sequence can do.
    """
    if activation not in {"tanh", "relu"}:
        raise EngineError("value", f"{activation!r} is not an activation of this RNN; use tanh or relu.")
    batch = Batch.read(x, lengths)
    W_xh, W_hh = batch.weights(W_xh, W_hh, 1)
    H = len(W_hh)
    b = bias("b", b, H, "H")
    states = batch.states("h0", h0, H)
    batch.must_fit(W_xh, W_hh, states[0, :H], b)

    h = states[:, :H]
    batch.project(W_xh, h[1:])
    product = np.empty((H, batch.B))
    U, shift = with_bias(W_hh, b), shift_of(grid)
    with np.errstate(over="ignore", invalid="ignore"):
        for before, after in zip(states[:-1], h[1:], strict=True):
            np.dot(U, before, product)
            np.add(after, product, after)
            if activation == "tanh":
                np.tanh(after, after)
            else:
                np.maximum(after, 0.0, out=after)
            to_grid(after, shift)
    norm_bound("The hidden state", states, GROWN)
    return RNNRun(batch.outputs(h[1:]), batch.last(h), batch, W_xh, W_hh, h, activation)


@np.errstate(over="ignore", invalid="ignore")
def rnn_backward(run: RNNRun, dh: ArrayLike | None = None, dh_last: ArrayLike | None = None) -> RNNGradients:
    """Backpropagate through time.

    Args:
        run: what `rnn` returned.
        dh: dL/d(run.h), of its shape; not counted past the ends.
        dh_last: dL/d(run.h_last), of its shape; counted beside `dh`, not instead.

    Raises:
        EngineError: "shape", or "value" where a gradient explodes beyond float64.
    """
    batch, states = run.batch, run.states
    H = run.W_hh.shape[0]
    totals = batch.cotangents("dh", dh, dh_last, H)
    after = states[1:]
    # relu'(0) = 0, as everywhere in the engine.
    derivatives = 1.0 - after * after if run.activation == "tanh" else (after > 0).astype(np.float64)
    da = derivatives  # overwritten step by step with dL/d(pre-activation)
    carried = np.zeros((H, batch.B))
    transposed = run.W_hh.T
    for total, step in zip(totals[:0:-1], da[::-1], strict=True):
        np.add(total, carried, total)
        np.multiply(step, total, step)
        np.dot(transposed, step, carried)
    batch.gradients_must_fit(da, run.W_xh, norm_bound("h", states))
    dx, dW_xh, dW_hh, db = batch.gradients(da, run.W_xh, states[:-1])
    return RNNGradients(dx, dW_xh, dW_hh, db, batch.first(totals[0] + carried), batch.outputs(totals[1:]))
