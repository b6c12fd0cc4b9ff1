"""A text that is drawn from a network, character by character: each is what it reads next."""

import numpy as np

from rnn_tutor.engine.cells import softmax
from rnn_tutor.engine.cells.arrays import Array
from rnn_tutor.engine.cells.lstm_cell import LSTMRun
from rnn_tutor.engine.draw import MAX_SEED, Bits
from rnn_tutor.engine.training.limits import SAMPLE
from rnn_tutor.engine.training.model import run_cell
from rnn_tutor.engine.training.run import Run
from rnn_tutor.engine.training.tasks import one_hot

_APART = 7_919  # a seed of its own


def sample(run: Run, temperature: float, characters: int = SAMPLE) -> str:
    """Return so many characters drawn from softmax(logits / temperature), "" of a network that learns no text.

    It first reads the first character of its text. The same run gives the same draws, so that a temperature can be
    compared with another.
    """
    corpus = run.task.corpus
    if corpus is None:
        return ""
    W_hy, b_y = run.weights[-2:]
    draws = Bits((run.seed + _APART) % MAX_SEED).uniform((characters,))
    h: Array | None = None
    c: Array | None = None
    place = int(corpus.places[0])
    drawn = []
    for draw in draws:
        step = run_cell(run.recipe, run.weights, one_hot(np.array([[place]]), run.task.inputs), h, c)
        h, c = step.h_last, step.c_last if isinstance(step, LSTMRun) else None
        p = softmax((h[0] @ W_hy.T + b_y) / temperature)
        place = min(int(np.searchsorted(np.cumsum(p), draw, side="right")), len(p) - 1)
        drawn.append(place)
    return corpus.decoded(np.array(drawn, dtype=np.intp))
