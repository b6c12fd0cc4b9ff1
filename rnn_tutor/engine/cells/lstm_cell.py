"""The long short-term memory, with a forget gate, with or without peepholes.

    i_t = sigmoid(W_i x_t + U_i h_{t-1} + p_i * c_{t-1} + b_i)      f_t likewise, with p_f * c_{t-1}
    g_t = tanh(W_g x_t + U_g h_{t-1} + b_g)
    c_t = f_t * c_{t-1} + i_t * g_t
    o_t = sigmoid(W_o x_t + U_o h_{t-1} + p_o * c_t + b_o)          the new c, not the old one
    h_t = o_t * tanh(c_t)

Hochreiter and Schmidhuber (1997) had no forget gate; Gers, Schmidhuber and Cummins (2000) added it. Without the
peepholes p this is PyTorch's nn.LSTM with b = b_ih + b_hh. Peepholes: Gers and Schmidhuber (2000), in the form of
Graves (2013, arXiv 1308.0850), equations 7 to 11, where they are diagonal: one weight per unit and gate.

Stacked rows are in PyTorch's order i, f, g, o; `cells.weights` converts from and to the other orders.
"""

from dataclasses import dataclass
from itertools import repeat

import numpy as np

from rnn_tutor.engine.array_types import ArrayLike
from rnn_tutor.engine.cells.arrays import (
    Array,
    bias,
    expect,
    floats,
    must_fit,
    norm_bound,
    shift_of,
    to_grid,
    with_bias,
)
from rnn_tutor.engine.cells.batch import Batch


@dataclass(frozen=True, slots=True)
class LSTMRun:
    """What `lstm` computed, and what `lstm_backward` needs of it."""

    h: Array  # (B, T, H) or (T, H); 0 past the ends
    c: Array  # likewise
    h_last: Array  # (B, H) or (H,); after each sequence's last real step
    c_last: Array
    batch: Batch
    W_xh: Array  # rows in the order o, i, f, g
    W_hh: Array
    peepholes: Array | None  # (3, H, 1), in the order i, f, o
    states: Array  # h as (T + 1, H, B), row 0 the start
    memory: Array  # (T + 1, 5H, B): o_t, i_t, f_t, g_t, then c_{t-1}
    squashed: Array  # tanh(c_t) as (T, H, B)

    def gate(self, name: str) -> Array:
        """Return the gate "i", "f" or "o", or the candidate "g", of all steps, in the shape of `h`."""
        H = self.W_hh.shape[1]
        at = "oifg".index(name) * H
        return self.batch.outputs(self.memory[:-1, at : at + H])


@dataclass(frozen=True, slots=True)
class LSTMGradients:
    """dL/d(each argument of `lstm`), each with the shape of that argument."""

    x: Array
    W_xh: Array
    W_hh: Array
    b: Array
    peepholes: Array | None
    h0: Array
    c0: Array
    h: Array  # dL/d(each state h), with all paths through later ones; 0 past the ends

    @property
    def parameters(self) -> tuple[Array, ...]:
        """The gradients in the order in which `lstm` takes its parameters."""
        some = (self.W_xh, self.W_hh, self.b)
        return some if self.peepholes is None else (*some, self.peepholes)


def _output_gate_first(rows: Array) -> Array:
    """Return a copy of stacked rows i, f, g, o as o, i, f, g.

    So the three sigmoids stand together, and i, f, g, and (i, f) beside (g, c): each is one operation per step.
    """
    H = rows.shape[0] // 4
    return np.concatenate((rows[3 * H :], rows[: 3 * H]))


def _output_gate_last(rows: Array) -> Array:
    H = rows.shape[0] // 4
    return np.concatenate((rows[H:], rows[:H]))


def lstm(
    x: ArrayLike,
    W_xh: ArrayLike,
    W_hh: ArrayLike,
    b: ArrayLike | None = None,
    peepholes: ArrayLike | None = None,
    *,
    h0: ArrayLike | None = None,
    c0: ArrayLike | None = None,
    lengths: ArrayLike | None = None,
    grid: float = 0.0,
) -> LSTMRun:
    """Run an LSTM over whole sequences.

    Args:
        x: (B, T, I), or (T, I) for a single sequence.
        W_xh: (4H, I), rows in the order i, f, g, o.
        W_hh: (4H, H), likewise.
        b: (4H,), likewise; zeros where left out.
        peepholes: (3, H), rows in the order i, f, o; none where left out.
        h0, c0: (B, H), or (H,) for a single sequence: the states before the first step; zeros where left out.
        lengths: (B,): real steps of each sequence; outputs past them are 0, the final states are the last real ones.
        grid: a power of 2 to whose multiples the states of each step are rounded, so that long runs are the same on all
            processors; 0 for none. The backward function takes the rounding for no change.

    Raises:
        EngineError: "shape" where sizes do not fit together; "value" where a value is not finite or too large.
    """
    batch = Batch.read(x, lengths)
    W_xh, W_hh = batch.weights(W_xh, W_hh, 4)
    H = W_hh.shape[1]
    b = bias("b", b, 4 * H, "4H")
    p = None if peepholes is None else expect("peepholes", floats(peepholes), (3, H), "3, H")[..., None]
    states = batch.states("h0", h0, H)
    memory = np.empty((batch.T + 1, 5 * H, batch.B))
    memory[0, 4 * H :] = batch.state("c0", c0, H)
    batch.must_fit(W_xh, W_hh, states[0, :H], b)
    largest_c = norm_bound("c0", memory[0, 4 * H :]) + batch.T
    if p is not None:
        must_fit("peepholes * c", norm_bound("peepholes", p) * largest_c)

    # sigmoid(a) = (1 + tanh(a / 2)) / 2 never overflows, and one tanh serves all gates. Halving is exact.
    W_xh, W_hh = _output_gate_first(W_xh), _output_gate_first(W_hh)
    halves = np.full((4 * H, 1), 0.5)
    halves[3 * H :] = 1.0
    batch.project(W_xh * halves, memory[:-1, : 4 * H])
    U = with_bias(W_hh, _output_gate_first(b)) * halves
    squashed = np.empty((batch.T, H, batch.B))
    if p is None:
        _run(U, states, memory, squashed, shift_of(grid))
    else:
        _run_with_peepholes(U, p * 0.5, states, memory, squashed, shift_of(grid))
    c = memory[:, 4 * H :]
    h = states[:, :H]
    outputs = batch.outputs(h[1:]), batch.outputs(c[1:]), batch.last(h), batch.last(c)
    return LSTMRun(*outputs, batch, W_xh, W_hh, p, h, memory, squashed)


def _run(U: Array, states: Array, memory: Array, squashed: Array, shift: Array | None) -> None:
    """Fill states, memory and squashed; memory comes with W @ x of all steps, sigmoid rows halved."""
    _, H, B = squashed.shape
    product, kept_and_new = np.empty((4 * H, B)), np.empty((2 * H, B))
    new, kept = kept_and_new[:H], kept_and_new[H:]
    half = np.array(0.5)
    dot, add, multiply, tanh = np.dot, np.add, np.multiply, np.tanh
    steps = zip(
        memory[:-1, : 4 * H],
        memory[:-1, : 3 * H],
        memory[:-1, :H],
        memory[:-1, H : 3 * H],
        memory[:-1, 3 * H :],
        memory[1:, 4 * H :],
        states[:-1],
        states[1:, :H],
        squashed,
        strict=True,
    )
    for gates, sigmoids, o, i_f, g_c, c, before_and_one, h, tanh_c in steps:
        dot(U, before_and_one, product)
        add(gates, product, gates)
        tanh(gates, gates)
        multiply(sigmoids, half, sigmoids)
        add(sigmoids, half, sigmoids)
        multiply(i_f, g_c, kept_and_new)  # i * g and f * c_before
        add(new, kept, c)
        to_grid(c, shift)
        tanh(c, tanh_c)
        multiply(o, tanh_c, h)
        to_grid(h, shift)


def _run_with_peepholes(  # noqa: PLR0917 (as `_run`, with p)
    U: Array, p: Array, states: Array, memory: Array, squashed: Array, shift: Array | None
) -> None:
    """Fill the same arrays where gates also see c: i and f the old one, o the new one."""
    _, H, B = squashed.shape
    product, kept_and_new = np.empty((4 * H, B)), np.empty((2 * H, B))
    for t in range(len(squashed)):
        row = memory[t]
        gates, o, i_f, g = row[: 4 * H], row[:H], row[H : 3 * H], row[3 * H : 4 * H]
        before, c = row[4 * H :], memory[t + 1, 4 * H :]
        np.dot(U, states[t], product)
        np.add(gates, product, gates)
        i_f += (p[:2] * before).reshape(2 * H, B)
        np.tanh(i_f, i_f)
        i_f += 1.0
        i_f *= 0.5
        np.tanh(g, g)
        np.multiply(i_f, row[3 * H :], kept_and_new)
        np.add(kept_and_new[:H], kept_and_new[H:], c)
        to_grid(c, shift)
        o += p[2] * c
        np.tanh(o, o)
        o += 1.0
        o *= 0.5
        np.tanh(c, squashed[t])
        np.multiply(o, squashed[t], states[t + 1, :H])
        to_grid(states[t + 1, :H], shift)


@np.errstate(over="ignore", invalid="ignore")
def lstm_backward(
    run: LSTMRun,
    dh: ArrayLike | None = None,
    dh_last: ArrayLike | None = None,
    dc_last: ArrayLike | None = None,
    dc: ArrayLike | None = None,
) -> LSTMGradients:
    """Backpropagate through time.

    Args:
        run: what `lstm` returned.
        dh, dc: dL/d(run.h) and dL/d(run.c), of their shapes; not counted past the ends.
        dh_last, dc_last: dL/d(run.h_last) and dL/d(run.c_last); counted beside the others, not instead.

    Raises:
        EngineError: "shape", or "value" where a gradient explodes beyond float64.
    """
    batch, states = run.batch, run.states
    T, H, B = run.squashed.shape
    dh_rows = batch.cotangents("dh", dh, dh_last, H)
    dc_rows = None if dc is None and dc_last is None else batch.cotangents("dc", dc, dc_last, H)
    da, through_tanh, through_f = _derivatives(run)
    dh_before, dc_before = _run_backwards(run, dh_rows, dc_rows, da, (through_tanh, through_f))
    batch.gradients_must_fit(da, run.W_xh)
    if dc_rows is not None:
        dc_before += dc_rows[0]

    dx, dW_xh, dW_hh, db = batch.gradients(da, run.W_xh, states[:-1])
    dp = None
    if run.peepholes is not None:
        c = run.memory[:, 4 * H :]
        i_f_c = da[:, H : 3 * H].reshape(T, 2, H, B) * c[:-1, None]
        dp = np.concatenate((i_f_c.sum(axis=(0, 3)), (da[:, :H] * c[1:]).sum(axis=(0, 2))[None]))
    return LSTMGradients(
        x=dx,
        W_xh=_output_gate_last(dW_xh),
        W_hh=_output_gate_last(dW_hh),
        b=_output_gate_last(db),
        peepholes=dp,
        h0=batch.first(dh_rows[0] + dh_before),
        c0=batch.first(dc_before),
        h=batch.outputs(dh_rows[1:]),
    )


def _derivatives(run: LSTMRun) -> tuple[Array, Array, Array]:
    """Return what each step multiplies gradients by; computed together, because no step needs another.

    First (T, 4H, B): from h_t to the pre-activation of o, then from c_t to those of i, f, g. Then (T, H, B):
    from h_t to c_t, and from c_t to c_{t-1}. Peepholes are only further terms: o's pre-activation leads on to
    c_t, those of i and f to c_{t-1}.
    """
    memory, squashed = run.memory[:-1], run.squashed
    T, H, B = squashed.shape
    sigmoids, o, f, g = memory[:, : 3 * H], memory[:, :H], memory[:, 2 * H : 3 * H], memory[:, 3 * H : 4 * H]
    derivatives = np.empty((T, 4 * H, B))
    np.subtract(1.0, sigmoids, out=derivatives[:, : 3 * H])
    derivatives[:, : 3 * H] *= sigmoids
    derivatives[:, :H] *= squashed
    derivatives[:, H : 3 * H] *= memory[:, 3 * H :]  # i's derivative by g, f's by c_{t-1}
    np.multiply(g, g, out=derivatives[:, 3 * H :])
    np.subtract(1.0, derivatives[:, 3 * H :], out=derivatives[:, 3 * H :])
    derivatives[:, 3 * H :] *= memory[:, H : 2 * H]
    through_tanh = squashed * squashed
    np.subtract(1.0, through_tanh, out=through_tanh)
    through_tanh *= o
    if run.peepholes is None:
        return derivatives, through_tanh, f
    p_i, p_f, p_o = run.peepholes
    by_gate = derivatives.reshape(T, 4, H, B)
    through_tanh += p_o * by_gate[:, 0]
    return derivatives, through_tanh, f + p_i * by_gate[:, 1] + p_f * by_gate[:, 2]


def _run_backwards(
    run: LSTMRun, dh_rows: Array, dc_rows: Array | None, da: Array, through: tuple[Array, Array]
) -> tuple[Array, Array]:
    """Turn da from derivatives into dL/d(pre-activations), return what reaches h and c before the first step.

    Overwrites dh_rows.
    """
    T, H, B = run.squashed.shape
    through_tanh, through_f = through
    dh_before, dc_before, share = np.zeros((H, B)), np.zeros((1, H, B)), np.empty((H, B))
    dc = dc_before[0]
    transposed = run.W_hh.T
    by_gate = da.reshape(T, 4, H, B)
    dot, add, multiply = np.dot, np.add, np.multiply
    steps = zip(
        dh_rows[:0:-1],
        repeat(None, T) if dc_rows is None else dc_rows[:0:-1],
        through_tanh[::-1],
        through_f[::-1],
        by_gate[::-1, 0],
        by_gate[::-1, 1:],
        da[::-1],
        strict=True,
    )
    for dh, dc_given, to_c, to_before, da_o, da_ifg, da_all in steps:
        add(dh, dh_before, dh)
        if dc_given is not None:
            add(dc, dc_given, dc)
        multiply(dh, to_c, share)
        add(dc, share, dc)
        multiply(da_o, dh, da_o)
        multiply(da_ifg, dc_before, da_ifg)
        multiply(dc, to_before, dc)
        dot(transposed, da_all, dh_before)
    return dh_before, dc
