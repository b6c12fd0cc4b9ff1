"""Weights between this engine, PyTorch, Keras and ONNX.

The gates of a cell stand stacked in one matrix, and each library has its own order of the blocks:

| | LSTM | GRU |
|---|---|---|
| here, PyTorch | i f g o | r z n |
| Keras | i f c o (c is g) | z r h (h is n) |
| ONNX | i o f c (c is g) | z r h (h is n) |

Layouts, for one layer and direction, G gates (1, 4 or 3):
here: W_xh (G H, I), W_hh (G H, H), biases (G H,): b; of a GRU b_xh and b_hh; peepholes (3, H) in the order i, f, o.
PyTorch: weight_ih_l0 and weight_hh_l0 as here; bias_ih_l0 and bias_hh_l0 (G H,), always both.
Keras: kernel (I, G H), recurrent_kernel (H, G H), bias (G H,), of a GRU with reset_after (2, 3 H): input, recurrent.
ONNX: W (1, G H, I), R (1, G H, H), B (1, 2 G H): input, then recurrent; P (1, 3 H) in the order i, o, f. Its first
axis is the direction.

All three libraries blend a GRU as Cho et al. do ("cho"). Weights made for Chung's blend need `flip_update_gate`.
"""

from dataclasses import dataclass
from typing import Literal

import numpy as np

from rnn_tutor.engine.array_types import ArrayLike
from rnn_tutor.engine.cells.arrays import Array, expect, floats
from rnn_tutor.engine.cells.stacked import Cell
from rnn_tutor.engine.errors import EngineError
from rnn_tutor.engine.shapes import in_words

Library = Literal["pytorch", "keras", "onnx"]

# The same letter for the same gate, whatever the library calls it.
ORDERS: dict[str, dict[str, str]] = {
    "rnn": {"pytorch": "h", "keras": "h", "onnx": "h"},
    "lstm": {"pytorch": "ifgo", "keras": "ifgo", "onnx": "iofg"},
    "gru": {"pytorch": "rzn", "keras": "zrn", "onnx": "zrn"},
}


@dataclass(frozen=True, slots=True)
class Weights:
    """The parameters of one layer and direction, as this engine takes them."""

    W_xh: Array
    W_hh: Array
    b_xh: Array  # the only bias of an RNN or an LSTM
    b_hh: Array | None = None  # of a GRU
    peepholes: Array | None = None  # of an LSTM

    @property
    def parameters(self) -> tuple[Array, ...]:
        """In the order in which `rnn`, `lstm` and `gru` take them."""
        last = (self.b_hh, self.peepholes)
        return (self.W_xh, self.W_hh, self.b_xh, *(parameter for parameter in last if parameter is not None))


def reorder(stacked: ArrayLike, cell: Cell, source: Library, target: Library, axis: int = 0) -> Array:
    """Return stacked gates of a cell in another library's order; a copy. `axis` is where they are stacked."""
    try:
        old, new = ORDERS[cell][source], ORDERS[cell][target]
    except KeyError:
        known = "rnn, lstm, gru; pytorch, keras, onnx"
        raise EngineError("value", f"No such cell or library: {cell}, {source}, {target}. Known: {known}.") from None
    return _blocks(floats(stacked), old, new, axis)


def flip_update_gate(stacked: ArrayLike) -> Array:
    """Return a GRU's rows r, z, n (a matrix or a bias) with z's negated: from one blend to the other, either way.

    sigmoid(-a) = 1 - sigmoid(a): what was the share of the new is now the share of the old. Negate all of W_xh, W_hh
    and the biases.
    """
    values = floats(stacked).copy()
    H = _size(values, 3)
    values[H : 2 * H] *= -1.0
    return values


def from_pytorch(
    cell: Cell, weight_ih: ArrayLike, weight_hh: ArrayLike, bias_ih: ArrayLike, bias_hh: ArrayLike
) -> Weights:
    """Return PyTorch's weights as this engine takes them: an RNN's and an LSTM's two biases are added."""
    first, second = floats(bias_ih), floats(bias_hh)
    if cell == "gru":
        return Weights(floats(weight_ih), floats(weight_hh), first, second)
    return Weights(floats(weight_ih), floats(weight_hh), first + second)


def to_pytorch(cell: Cell, weights: Weights) -> tuple[Array, Array, Array, Array]:
    """Return weight_ih, weight_hh, bias_ih, bias_hh: the one bias of an RNN or an LSTM first, and zeros.

    PyTorch's LSTM has no peepholes: EngineError("value") where there are some. Its GRU has reset "after" only.
    """
    _no_peepholes(weights, "PyTorch")
    second = np.zeros_like(weights.b_xh) if weights.b_hh is None else weights.b_hh
    return weights.W_xh, weights.W_hh, weights.b_xh, second


def from_keras(cell: Cell, kernel: ArrayLike, recurrent_kernel: ArrayLike, bias: ArrayLike) -> Weights:
    """Return Keras' weights as this engine takes them.

    A GRU's bias (2, 3 H) is reset_after=True, the default of its layer: run it with reset "after"; (3 H,) is
    reset_after=False: run it with reset "before".
    """
    W_xh = reorder(floats(kernel).T, cell, "keras", "pytorch")
    W_hh = reorder(floats(recurrent_kernel).T, cell, "keras", "pytorch")
    b = reorder(bias, cell, "keras", "pytorch", axis=-1)
    if cell != "gru":
        return Weights(W_xh, W_hh, b)
    return Weights(W_xh, W_hh, b[0], b[1]) if b.ndim == 2 else Weights(W_xh, W_hh, b, np.zeros_like(b))


def to_keras(cell: Cell, weights: Weights, *, reset_after: bool = True) -> tuple[Array, Array, Array]:
    """Return kernel, recurrent_kernel, bias; `reset_after` matters to a GRU only. Keras has no peepholes."""
    _no_peepholes(weights, "Keras")
    kernel = reorder(weights.W_xh, cell, "pytorch", "keras").T
    recurrent_kernel = reorder(weights.W_hh, cell, "pytorch", "keras").T
    b_xh = reorder(weights.b_xh, cell, "pytorch", "keras")
    if cell != "gru":
        return kernel, recurrent_kernel, b_xh
    b_hh = np.zeros_like(b_xh) if weights.b_hh is None else reorder(weights.b_hh, cell, "pytorch", "keras")
    return kernel, recurrent_kernel, np.stack((b_xh, b_hh)) if reset_after else b_xh + b_hh


def from_onnx(cell: Cell, W: ArrayLike, R: ArrayLike, B: ArrayLike, P: ArrayLike | None = None) -> Weights:
    """Return the first direction of ONNX' weights as this engine takes them; index the others, W[1:], yourself."""
    W_xh = reorder(floats(W)[0], cell, "onnx", "pytorch")
    W_hh = reorder(floats(R)[0], cell, "onnx", "pytorch")
    both = expect("B", floats(B)[0], (2 * len(W_hh),), "2 G H").reshape(2, -1)
    b_xh, b_hh = reorder(both, cell, "onnx", "pytorch", axis=-1)
    if cell == "gru":
        return Weights(W_xh, W_hh, b_xh, b_hh)
    peepholes = None if P is None else _blocks(floats(P)[0], "iof", "ifo", 0).reshape(3, -1)
    return Weights(W_xh, W_hh, b_xh + b_hh, None, peepholes)


def to_onnx(cell: Cell, weights: Weights) -> tuple[Array, Array, Array, Array | None]:
    """Return W, R, B, P of one direction; P is None without peepholes."""
    W_xh = reorder(weights.W_xh, cell, "pytorch", "onnx")
    W_hh = reorder(weights.W_hh, cell, "pytorch", "onnx")
    b_xh = reorder(weights.b_xh, cell, "pytorch", "onnx")
    b_hh = np.zeros_like(b_xh) if weights.b_hh is None else reorder(weights.b_hh, cell, "pytorch", "onnx")
    P = None if weights.peepholes is None else _blocks(weights.peepholes.reshape(-1), "ifo", "iof", 0)[None]
    return W_xh[None], W_hh[None], np.concatenate((b_xh, b_hh))[None], P


def _no_peepholes(weights: Weights, library: str) -> None:
    if weights.peepholes is not None:
        raise EngineError("value", f"{library}'s LSTM has no peepholes.")


def _size(stacked: Array, gates: int, axis: int = 0) -> int:
    if stacked.ndim == 0 or stacked.shape[axis] % gates:
        raise EngineError("shape", f"{in_words(stacked.shape)} does not divide into {gates} gates.")
    return int(stacked.shape[axis]) // gates


def _blocks(stacked: Array, old: str, new: str, axis: int) -> Array:
    """Return a copy of stacked blocks, named by the letters of `old`, in the order of `new`."""
    _size(stacked, len(old), axis)
    blocks = np.split(stacked, len(old), axis=axis)
    return np.concatenate([blocks[old.index(gate)] for gate in new], axis=axis)
