"""Several layers, each in one direction or both, of any of the cells.

A layer's input is the output of the layer below; where it runs in both directions, the two outputs stand side by
side on the last axis, forwards first (Schuster and Paliwal, 1997, "Bidirectional recurrent neural networks"). The
backward direction begins at each sequence's last real step. Layout as in PyTorch's nn.RNN, nn.LSTM, nn.GRU.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any, Literal

import numpy as np

from rnn_tutor.engine.array_types import ArrayLike
from rnn_tutor.engine.cells.arrays import Array, expect, floats
from rnn_tutor.engine.cells.batch import reverse
from rnn_tutor.engine.cells.gru_cell import gru, gru_backward
from rnn_tutor.engine.cells.lstm_cell import lstm, lstm_backward
from rnn_tutor.engine.cells.rnn_cell import rnn, rnn_backward
from rnn_tutor.engine.errors import EngineError

Cell = Literal["rnn", "lstm", "gru"]
Parameters = Sequence[ArrayLike | None]  # of one cell, in the order in which its function takes them

_CELLS: dict[str, tuple[Callable[..., Any], Callable[..., Any]]] = {
    "rnn": (rnn, rnn_backward),
    "lstm": (lstm, lstm_backward),
    "gru": (gru, gru_backward),
}


@dataclass(frozen=True, slots=True)
class StackRun:
    """What `stack` computed, and what `stack_backward` needs of it. L layers, D directions."""

    h: Array  # (B, T, D * H) or (T, D * H): the top layer's outputs; 0 past the ends
    h_last: Array  # (L * D, B, H) or (L * D, H): layer by layer, forwards before backwards
    c_last: Array | None  # likewise, of LSTMs
    cell: Cell
    runs: tuple[tuple[Any, ...], ...]  # by layer and direction, as the cell's own function returned them
    lengths: ArrayLike | None


@dataclass(frozen=True, slots=True)
class StackGradients:
    """dL/d(each argument of `stack`), each with the shape of that argument."""

    x: Array
    layers: tuple[tuple[tuple[Array, ...], ...], ...]  # by layer, direction and parameter
    h0: Array
    c0: Array | None


def stack(
    cell: Cell,
    x: ArrayLike,
    layers: Sequence[Sequence[Parameters]],
    *,
    h0: ArrayLike | None = None,
    c0: ArrayLike | None = None,
    lengths: ArrayLike | None = None,
    **form: str,
) -> StackRun:
    """Run L layers of a cell over whole sequences.

    Args:
        cell: "rnn", "lstm" or "gru".
        x: (B, T, I), or (T, I) for a single sequence.
        layers: for each layer its one or two directions, forwards first; for each direction the parameters of
            the cell in order, e.g. (W_xh, W_hh, b). W_xh of layer 1 and above takes D * H features.
        h0, c0: (L * D, B, H), or (L * D, H) for a single sequence; zeros where left out; c0 for LSTMs only.
        lengths: (B,): real steps of each sequence.
        form: what the cell's function must know beside numbers: `activation` of an RNN, `blend` and `reset` of a
            GRU.

    Raises:
        EngineError: "shape" where sizes do not fit together; "value" as the cells do.
    """
    if cell not in _CELLS:
        raise EngineError("value", f"{cell!r} is not a cell; use rnn, lstm or gru.")
    directions = len(layers[0]) if layers else 0
    if directions not in {1, 2} or any(len(layer) != directions for layer in layers):
        raise EngineError("shape", "All layers must have the same number of directions.")
    states = {"h0": h0} if c0 is None else {"h0": h0, "c0": c0}
    for name, state in states.items():
        count = len(layers) * directions
        if state is not None and np.shape(state)[:1] != (count,):
            raise EngineError("shape", f"{name} needs one state for each layer and direction: {count} in all.")
    run = _CELLS[cell][0]
    below: Array = floats(x)
    runs: list[tuple[Any, ...]] = []
    for number, layer in enumerate(layers):
        done = []
        for direction, parameters in enumerate(layer):
            at = number * directions + direction
            start = {name: None if state is None else np.asarray(state)[at] for name, state in states.items()}
            given = reverse(below, lengths) if direction else below
            done.append(run(given, *parameters, **start, lengths=lengths, **form))
        outputs = [done[0].h, *(reverse(other.h, lengths) for other in done[1:])]
        below = np.concatenate(outputs, axis=-1)
        runs.append(tuple(done))
    every = [direction_run for layer in runs for direction_run in layer]
    return StackRun(
        h=below,
        h_last=np.stack([direction_run.h_last for direction_run in every]),
        c_last=np.stack([direction_run.c_last for direction_run in every]) if cell == "lstm" else None,
        cell=cell,
        runs=tuple(runs),
        lengths=lengths,
    )


def stack_backward(
    run: StackRun,
    dh: ArrayLike | None = None,
    dh_last: ArrayLike | None = None,
    dc_last: ArrayLike | None = None,
) -> StackGradients:
    """Backpropagate through time and layers.

    Args:
        run: what `stack` returned.
        dh: dL/d(run.h), of its shape; not counted past the ends.
        dh_last, dc_last: dL/d(run.h_last) and dL/d(run.c_last), of their shapes.

    Raises:
        EngineError: "shape", or "value" where a gradient explodes beyond float64.
    """
    directions = len(run.runs[0])
    last = {"dh_last": dh_last} if dc_last is None else {"dh_last": dh_last, "dc_last": dc_last}
    checked = {
        name: None if value is None else expect(name, floats(value), run.h_last.shape, "")
        for name, value in last.items()
    }
    above = np.zeros_like(run.h) if dh is None else expect("dh", floats(dh), run.h.shape, "")
    layers: list[tuple[tuple[Array, ...], ...]] = []
    starts: list[Any] = []
    for number in reversed(range(len(run.runs))):
        parts = np.split(above, directions, axis=-1)
        done = []
        for direction, part in enumerate(parts):
            at = number * directions + direction
            final = {name: None if value is None else value[at] for name, value in checked.items()}
            given = reverse(part, run.lengths) if direction else part
            done.append(_CELLS[run.cell][1](run.runs[number][direction], given, **final))
        above = done[0].x + sum(reverse(other.x, run.lengths) for other in done[1:])
        layers.insert(0, tuple(gradients.parameters for gradients in done))
        starts = [*done, *starts]
    return StackGradients(
        x=above,
        layers=tuple(layers),
        h0=np.stack([gradients.h0 for gradients in starts]),
        c0=np.stack([gradients.c0 for gradients in starts]) if run.cell == "lstm" else None,
    )
