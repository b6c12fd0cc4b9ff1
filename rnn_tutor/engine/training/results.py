"""What there is to see of a run, by the names that a lab's steps use."""

import numpy as np

from rnn_tutor.engine.cells.arrays import Array
from rnn_tutor.engine.cells.gru_cell import GRURun
from rnn_tutor.engine.cells.lstm_cell import LSTMRun
from rnn_tutor.engine.training.model import CellRun, run_cell
from rnn_tutor.engine.training.run import Run
from rnn_tutor.engine.training.tasks import one_hot


def results(run: Run) -> dict[str, Array]:
    """Return an array for each name of `names.RESULTS`, with the axes of `names.AXES`.

    The sequence is the first one of the latest batch. Of a text it is its first characters, the same after each update.
    """
    latest = run.latest
    cell: CellRun = latest.cell
    x, outputs, targets = latest.examples.x[0], latest.outputs[0], latest.examples.targets[0]
    corpus = run.task.corpus
    if corpus is not None:
        x, targets = one_hot(corpus.passage[:-1], run.task.inputs), corpus.passage[1:]
        cell = run_cell(run.recipe, run.weights, x[None])
        outputs = cell.h[0] @ run.weights[-2].T + run.weights[-1]
    wanted = one_hot(targets, run.task.outputs) if run.task.loss == "classes" else targets
    return {
        "updates": np.array(float(run.updates)),
        "loss": run.losses,
        "norm": run.norms,
        "baseline": np.array(run.task.baseline),
        "gradient": _norms(latest.of_cell.h),
        "h": cell.h[0].T,
        "keep": kept(cell)[0].T,
        "x": x.T,
        "output": outputs.T,
        "target": wanted.T,
    }


def _norms(values: Array) -> Array:
    """Return the norm over sequences and units at each step (T,), without a square that could overflow."""
    largest = np.abs(values).max(axis=(0, 2))
    scale = np.where(largest > 0, largest, 1.0)
    return np.asarray(scale * np.sqrt(((values / scale[:, None]) ** 2).sum(axis=(0, 2))))


def kept(run: CellRun) -> Array:
    """Return by what each unit's old content is multiplied on its direct path (B, T, H)."""
    if isinstance(run, LSTMRun):
        return run.gate("f")
    return run.gate("z") if isinstance(run, GRURun) else 1.0 - run.h**2
