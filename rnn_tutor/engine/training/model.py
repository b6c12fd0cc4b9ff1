"""A network of one recurrent layer and an output at each step: its weights at the start, its loss, its gradients."""

from dataclasses import dataclass
from math import isfinite, sqrt
from typing import TypeAlias

import numpy as np

from rnn_tutor.engine.cells import (
    cross_entropy,
    cross_entropy_backward,
    gru,
    gru_backward,
    lstm,
    lstm_backward,
    rnn,
    rnn_backward,
)
from rnn_tutor.engine.cells.arrays import GROWN, Array
from rnn_tutor.engine.cells.gru_cell import GRUGradients, GRURun
from rnn_tutor.engine.cells.lstm_cell import LSTMGradients, LSTMRun
from rnn_tutor.engine.cells.optimisers import Arrays
from rnn_tutor.engine.cells.rnn_cell import RNNGradients, RNNRun
from rnn_tutor.engine.draw import DISTRIBUTIONS, Bits
from rnn_tutor.engine.errors import EngineError
from rnn_tutor.engine.training.limits import STATE_GRID, WEIGHT_GRID
from rnn_tutor.engine.training.recipe import Recipe
from rnn_tutor.engine.training.tasks import Examples, Task

CellRun: TypeAlias = RNNRun | LSTMRun | GRURun
CellGradients: TypeAlias = RNNGradients | LSTMGradients | GRUGradients

_GATES = {"rnn": 1, "lstm": 4, "gru": 3}
_KEEPING = 1  # the block of rows of the gate that keeps: f of i, f, g, o; z of r, z, n in the form where z keeps
_SMALL, _LARGE = 0.1, 1.5


@dataclass(frozen=True, slots=True)
class Pass:
    """One batch, forwards and backwards, with the weights of one moment."""

    examples: Examples
    loss: float
    outputs: Array  # (B, T, O)
    cell: CellRun
    of_cell: CellGradients
    gradients: Arrays  # in the order of the weights


def start(recipe: Recipe, task: Task, bits: Bits) -> Arrays:
    """Return the weights at the start: those of the cell, in the order in which it takes them, then W_hy and b_y."""
    H, gates = recipe.units, _GATES[recipe.cell]
    bound = 1.0 / sqrt(H)
    W_xh = _uniform(bits, (gates * H, task.inputs), bound)
    W_hh = np.concatenate([_recurrent(recipe.start, bits, H) for _ in range(gates)])
    b = np.zeros(gates * H)
    if recipe.cell != "rnn":
        b[_KEEPING * H : (_KEEPING + 1) * H] = recipe.forget
    biases = (b, np.zeros_like(b)) if recipe.cell == "gru" else (b,)
    return on_grid((W_xh, W_hh, *biases, _uniform(bits, (task.outputs, H), bound), np.zeros(task.outputs)))


def on_grid(weights: Arrays) -> Arrays:
    """Return weights as multiples of WEIGHT_GRID, a power of 2: so dividing and multiplying is exact."""
    return tuple(np.rint(W / WEIGHT_GRID) * WEIGHT_GRID for W in weights)


def _uniform(bits: Bits, shape: tuple[int, int], bound: float) -> Array:
    return (2.0 * bits.uniform(shape) - 1.0) * bound


def _recurrent(kind: str, bits: Bits, H: int) -> Array:
    """Return the recurrent weights of one gate. uniform: up to 1 / sqrt(H), as PyTorch begins; small: a tenth of it."""
    if kind == "orthogonal":
        return DISTRIBUTIONS["orthogonal"](bits, (H, H), 0, [])
    if kind == "identity":
        return np.eye(H)
    if kind == "large":
        return bits.normal((H, H)) * (_LARGE / sqrt(H))
    return _uniform(bits, (H, H), (_SMALL if kind == "small" else 1.0) / sqrt(H))


def run_cell(recipe: Recipe, weights: Arrays, x: Array, h0: Array | None = None, c0: Array | None = None) -> CellRun:
    """Run the cell over a batch x (B, T, I); `c0` is for an LSTM only."""
    of_cell = weights[:-2]
    if recipe.cell == "lstm":
        return lstm(x, *of_cell, h0=h0, c0=c0, grid=STATE_GRID)
    if recipe.cell == "gru":
        W_xh, W_hh, b_xh, b_hh = of_cell
        return gru(x, W_xh, W_hh, b_xh, b_hh, blend="cho", reset="after", h0=h0, grid=STATE_GRID)
    W_xh, W_hh, b = of_cell
    return rnn(x, W_xh, W_hh, b, h0=h0, grid=STATE_GRID)


@np.errstate(over="ignore", invalid="ignore")
def passed(recipe: Recipe, task: Task, weights: Arrays, examples: Examples) -> Pass:
    """Return a batch forwards and backwards. Raises EngineError("value") where a number leaves float64."""
    W_hy, b_y = weights[-2:]
    run = run_cell(recipe, weights, examples.x)
    outputs = run.h @ W_hy.T + b_y
    loss, doutputs = _loss(task, outputs, examples)
    if not isfinite(loss):
        raise EngineError("value", f"The loss {GROWN}.")
    flat = doutputs.reshape(-1, len(b_y))
    dW_hy = flat.T @ run.h.reshape(len(flat), -1)
    of_cell = _backward(run, doutputs @ W_hy)
    return Pass(examples, loss, outputs, run, of_cell, (*of_cell.parameters, dW_hy, flat.sum(axis=0)))


def _backward(run: CellRun, dh: Array) -> CellGradients:
    if isinstance(run, LSTMRun):
        return lstm_backward(run, dh)
    return gru_backward(run, dh) if isinstance(run, GRURun) else rnn_backward(run, dh)


def _loss(task: Task, outputs: Array, examples: Examples) -> tuple[float, Array]:
    """Return the mean over what is counted, and dL/d(outputs)."""
    if task.loss == "classes":
        found = cross_entropy(outputs, examples.targets, examples.counted)
        return found.loss, cross_entropy_backward(found)
    off = (outputs - examples.targets) * examples.counted[..., None]
    count = int(examples.counted.sum()) * outputs.shape[-1]
    return float((off * off).sum()) / count, off * (2.0 / count)
