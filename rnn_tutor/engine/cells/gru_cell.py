"""The gated recurrent unit, in all forms that are in use. They differ in two places, and a caller must say both.

    r_t = sigmoid(W_r x_t + U_r h_{t-1} + b_r)          z_t likewise

`reset`: where the reset gate works.
    "before"    n_t = tanh(W_n x_t + U_n (r_t * h_{t-1}) + b_n)            before the recurrent product
    "after"     n_t = tanh(W_n x_t + b_xn + r_t * (U_n h_{t-1} + b_hn))    after it, so b_hn is inside
`blend`: what the update gate z_t is the share of.
    "chung"     h_t = (1 - z_t) * h_{t-1} + z_t * n_t        of the new
    "cho"       h_t = z_t * h_{t-1} + (1 - z_t) * n_t        of the old

| who | blend | reset |
|---|---|---|
| Cho et al. (2014, arXiv 1406.1078v3), equations 5 to 8 | cho | before |
| Chung et al. (2014, arXiv 1412.3555), section 3.2; this course | chung | before |
| PyTorch's nn.GRU, cuDNN; Keras with reset_after=True; ONNX with linear_before_reset=1 | cho | after |
| Keras with reset_after=False; ONNX with linear_before_reset=0 | cho | before |

Keras' documentation traces "after" to the first version, v1, of Cho et al. on arXiv. The blends turn into each other
by the sign of z's rows (`cells.weights.flip_update_gate`); the resets do not turn into each other.

Stacked rows are in PyTorch's order r, z, n; `cells.weights` converts from and to the other orders.
"""

from dataclasses import dataclass
from typing import Literal

import numpy as np

from rnn_tutor.engine.array_types import ArrayLike
from rnn_tutor.engine.cells.arrays import Array, bias, shift_of, to_grid, with_bias
from rnn_tutor.engine.cells.batch import Batch
from rnn_tutor.engine.errors import EngineError

Blend = Literal["cho", "chung"]
Reset = Literal["before", "after"]


@dataclass(frozen=True, slots=True)
class GRURun:
    """What `gru` computed, and what `gru_backward` needs of it."""

    h: Array  # (B, T, H) or (T, H); 0 past the ends
    h_last: Array  # (B, H) or (H,); after each sequence's last real step
    batch: Batch
    W_xh: Array
    W_hh: Array
    blend: Blend
    reset: Reset
    states: Array  # (T + 1, H, B), row 0 the start
    gates: Array  # (T, 3H, B): r_t, z_t, n_t
    recurrent: Array  # (T, H, B): U_n h_{t-1} + b_hn where reset is "after", r_t * h_{t-1} where "before"

    def gate(self, name: str) -> Array:
        """Return the gate "r" or "z", or the candidate "n", of all steps, in the shape of `h`."""
        H = self.W_hh.shape[1]
        at = "rzn".index(name) * H
        return self.batch.outputs(self.gates[:, at : at + H])


@dataclass(frozen=True, slots=True)
class GRUGradients:
    """dL/d(each argument of `gru`), each with the shape of that argument."""

    x: Array
    W_xh: Array
    W_hh: Array
    b_xh: Array
    b_hh: Array
    h0: Array
    h: Array  # dL/d(each state), with all paths through later ones; 0 past the ends

    @property
    def parameters(self) -> tuple[Array, ...]:
        """The gradients in the order in which `gru` takes its parameters."""
        return self.W_xh, self.W_hh, self.b_xh, self.b_hh


def gru(
    x: ArrayLike,
    W_xh: ArrayLike,
    W_hh: ArrayLike,
    b_xh: ArrayLike | None = None,
    b_hh: ArrayLike | None = None,
    *,
    blend: Blend,
    reset: Reset,
    h0: ArrayLike | None = None,
    lengths: ArrayLike | None = None,
    grid: float = 0.0,
) -> GRURun:
    """Run a GRU over whole sequences; the module says what `blend` and `reset` mean and who uses which.

    Args:
        x: (B, T, I), or (T, I) for a single sequence.
        W_xh: (3H, I), rows in the order r, z, n.
        W_hh: (3H, H), likewise.
        b_xh, b_hh: (3H,), likewise; zeros where left out. Only with reset "after" do the two n parts differ in what
            they do: r scales b_hh's.
        blend: "cho" or "chung"; no default, because both are in use.
        reset: "before" or "after"; no default, because both are in use.
        h0: (B, H), or (H,) for a single sequence: the state before the first step; zeros where left out.
        lengths: (B,): real steps of each sequence; outputs past them are 0, the final state is the last real one.
        grid: a power of 2 to whose multiples the state of each step is rounded, so that long runs are the same on all
            processors; 0 for none. The backward function takes the rounding for no change.

    Raises:
        EngineError: "shape" where sizes do not fit together; "value" where a value is not finite or too large, or
            the form is unknown.
    """
    if blend not in {"cho", "chung"} or reset not in {"before", "after"}:
        raise EngineError("value", "A GRU needs the blend cho or chung, and the reset before or after.")
    batch = Batch.read(x, lengths)
    W_xh, W_hh = batch.weights(W_xh, W_hh, 3)
    H = W_hh.shape[1]
    b_xh, b_hh = bias("b_xh", b_xh, 3 * H, "3H"), bias("b_hh", b_hh, 3 * H, "3H")
    states = batch.states("h0", h0, H)
    batch.must_fit(W_xh, W_hh, states[0, :H], b_xh, b_hh)

    # sigmoid(a) = (1 + tanh(a / 2)) / 2 never overflows. Halving is exact.
    halves = np.ones((3 * H, 1))
    halves[: 2 * H] = 0.5
    gates = np.empty((batch.T, 3 * H, batch.B))
    batch.project(W_xh * halves, gates)
    # One bias goes with the recurrent product: the sum of the two, but with reset "after" b_hh's part of n alone.
    together = b_xh + b_hh
    if reset == "after":
        together[2 * H :] = b_hh[2 * H :]
        gates[:, 2 * H :] += b_xh[2 * H :, None]
    U = with_bias(W_hh, together) * halves
    run_steps = _run_reset_after if reset == "after" else _run_reset_before
    recurrent = run_steps(U, blend, states, gates, shift_of(grid))
    h = states[:, :H]
    outputs = batch.outputs(h[1:]), batch.last(h)
    return GRURun(*outputs, batch, W_xh, W_hh, blend, reset, h, gates, recurrent)


def _run_reset_after(U: Array, blend: Blend, states: Array, gates: Array, shift: Array | None) -> Array:
    """Fill states and gates, return U_n h + b_hn; gates comes with W @ x of all steps, sigmoid rows halved."""
    T, _, B = gates.shape
    H = states.shape[1] - 1
    products, scratch, half = np.empty((T, 3 * H, B)), np.empty((H, B)), np.array(0.5)
    dot, add, subtract, multiply, tanh = np.dot, np.add, np.subtract, np.multiply, np.tanh
    steps = zip(
        gates[:, : 2 * H],
        gates[:, :H],
        gates[:, H : 2 * H],
        gates[:, 2 * H :],
        products,
        products[:, : 2 * H],
        products[:, 2 * H :],
        states[:-1],
        states[:-1, :H],
        states[1:, :H],
        strict=True,
    )
    for sigmoids, r, z, n, product, product_rz, product_n, before_and_one, before, h in steps:
        dot(U, before_and_one, product)
        add(sigmoids, product_rz, sigmoids)
        tanh(sigmoids, sigmoids)
        multiply(sigmoids, half, sigmoids)
        add(sigmoids, half, sigmoids)
        multiply(r, product_n, scratch)
        add(n, scratch, n)
        tanh(n, n)
        whole, other = (n, before) if blend == "cho" else (before, n)
        subtract(other, whole, scratch)
        multiply(z, scratch, scratch)
        add(whole, scratch, h)
        to_grid(h, shift)
    return products[:, 2 * H :]


def _run_reset_before(U: Array, blend: Blend, states: Array, gates: Array, shift: Array | None) -> Array:
    """Fill states and gates, return r * h_before; the same but for where r works."""
    T, _, B = gates.shape
    H = states.shape[1] - 1
    U_rz, U_n = U[: 2 * H], U[2 * H :]
    reset = np.ones((T, H + 1, B))
    product_rz, product_n, half = np.empty((2 * H, B)), np.empty((H, B)), np.array(0.5)
    dot, add, subtract, multiply, tanh = np.dot, np.add, np.subtract, np.multiply, np.tanh
    steps = zip(
        gates[:, : 2 * H],
        gates[:, :H],
        gates[:, H : 2 * H],
        gates[:, 2 * H :],
        reset,
        reset[:, :H],
        states[:-1],
        states[:-1, :H],
        states[1:, :H],
        strict=True,
    )
    for sigmoids, r, z, n, reset_and_one, reset_h, before_and_one, before, h in steps:
        dot(U_rz, before_and_one, product_rz)
        add(sigmoids, product_rz, sigmoids)
        tanh(sigmoids, sigmoids)
        multiply(sigmoids, half, sigmoids)
        add(sigmoids, half, sigmoids)
        multiply(r, before, reset_h)
        dot(U_n, reset_and_one, product_n)
        add(n, product_n, n)
        tanh(n, n)
        whole, other = (n, before) if blend == "cho" else (before, n)
        subtract(other, whole, product_n)
        multiply(z, product_n, product_n)
        add(whole, product_n, h)
        to_grid(h, shift)
    return reset[:, :H]


@np.errstate(over="ignore", invalid="ignore")
def gru_backward(run: GRURun, dh: ArrayLike | None = None, dh_last: ArrayLike | None = None) -> GRUGradients:
    """Backpropagate through time.

    Args:
        run: what `gru` returned.
        dh: dL/d(run.h), of its shape; not counted past the ends.
        dh_last: dL/d(run.h_last), of its shape; counted beside `dh`, not instead.

    Raises:
        EngineError: "shape", or "value" where a gradient explodes beyond float64.
    """
    batch, W_xh = run.batch, run.W_xh
    H = run.W_hh.shape[1]
    h = run.states[:-1]
    rows = batch.cotangents("dh", dh, dh_last, H)
    da, keep = _derivatives(run)
    if run.reset == "after":
        back, da_n = _run_back_reset_after(run, rows, da, keep)
        columns = batch.columns(da)  # of the recurrent products, where r scales n's
        dW_hh, db_hh = columns @ batch.columns(h).T, columns.sum(axis=1)
        da[:, 2 * H :] = da_n
        columns[2 * H :] = batch.columns(da_n)
        dx, dW_xh, db_xh = batch.input_gradients(da, columns, W_xh)
    else:
        back = _run_back_reset_before(run, rows, da, keep)
        columns = batch.columns(da)
        dx, dW_xh, db_xh = batch.input_gradients(da, columns, W_xh)
        of_h, of_reset_h = columns[: 2 * H], columns[2 * H :]
        dW_hh = np.concatenate((of_h @ batch.columns(h).T, of_reset_h @ batch.columns(run.recurrent).T))
        db_hh = db_xh.copy()
    batch.gradients_must_fit(da, W_xh)
    return GRUGradients(dx, dW_xh, dW_hh, db_xh, db_hh, batch.first(rows[0] + back), batch.outputs(rows[1:]))


def _derivatives(run: GRURun) -> tuple[Array, Array]:
    """Return what each step multiplies gradients by; computed together, because no step needs another.

    First (T, 3H, B): r (1 - r), then from h_t to the pre-activations of z and n. Then (T, H, B), from h_t to
    h_{t-1} through the blend alone.
    """
    H = run.W_hh.shape[1]
    gates, before = run.gates, run.states[:-1]
    r_z, z, n = gates[:, : 2 * H], gates[:, H : 2 * H], gates[:, 2 * H :]
    rest = 1.0 - z
    keep, take, difference = (z, rest, before - n) if run.blend == "cho" else (rest, z, n - before)
    derivatives = np.empty_like(gates)
    np.subtract(1.0, r_z, out=derivatives[:, : 2 * H])
    derivatives[:, : 2 * H] *= r_z
    derivatives[:, H : 2 * H] *= difference
    np.multiply(n, n, out=derivatives[:, 2 * H :])
    np.subtract(1.0, derivatives[:, 2 * H :], out=derivatives[:, 2 * H :])
    derivatives[:, 2 * H :] *= take
    return derivatives, keep


def _run_back_reset_after(run: GRURun, rows: Array, da: Array, keep: Array) -> tuple[Array, Array]:
    """Turn derivatives in da into dL/d(U h + b_hh); return what reaches the first h, and dL/d(n's W x + b).

    h_t reaches r only by way of n, whose recurrent part r scales: all are multiples of dL/dh_t. Overwrites rows.
    """
    T, H, B = run.recurrent.shape
    da_n = da[:, 2 * H :].copy()
    da[:, :H] *= da_n * run.recurrent
    da[:, 2 * H :] *= run.gates[:, :H]
    back, product = np.zeros((H, B)), np.empty((H, B))
    transposed = run.W_hh.T
    dot, add, multiply = np.dot, np.add, np.multiply
    by_gate = da.reshape(T, 3, H, B)
    for total, gates, flat, kept in zip(rows[:0:-1], by_gate[::-1], da[::-1], keep[::-1], strict=True):
        add(total, back, total)
        multiply(gates, total, gates)
        dot(transposed, flat, product)
        multiply(total, kept, back)
        add(back, product, back)
    da_n *= rows[1:]
    return back, da_n


def _run_back_reset_before(run: GRURun, rows: Array, da: Array, keep: Array) -> Array:
    """Turn derivatives in da into dL/d(pre-activations); return what reaches the first h. Overwrites rows."""
    T, H, B = run.recurrent.shape
    da[:, :H] *= run.states[:-1]
    back, product = np.zeros((H, B)), np.empty((H, B))
    U_rz, U_n = run.W_hh[: 2 * H].T, run.W_hh[2 * H :].T
    dot, add, multiply = np.dot, np.add, np.multiply
    by_gate = da.reshape(T, 3, H, B)
    steps = zip(
        rows[:0:-1],
        keep[::-1],
        run.gates[::-1, :H],
        by_gate[::-1, 0],
        by_gate[::-1, 1:],
        by_gate[::-1, 2],
        da[::-1, : 2 * H],
        strict=True,
    )
    for total, kept, r, da_r, da_zn, da_n, da_rz in steps:
        add(total, back, total)
        multiply(da_zn, total, da_zn)
        dot(U_n, da_n, product)  # of r * h_before
        multiply(da_r, product, da_r)
        multiply(product, r, product)
        multiply(total, kept, back)
        add(back, product, back)
        dot(U_rz, da_rz, product)
        add(back, product, back)
    return back
