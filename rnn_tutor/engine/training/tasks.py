"""The tasks: sequences drawn anew for each update, what is wanted of them, and how well one does without a memory.

| task | input | wanted | loss |
|---|---|---|---|
| adding | a number from 0 to 1, and a marker that is 1 twice | at the end: the sum of the two marked | squares |
| copy | three symbols, a long pause, a signal | after the signal: the symbols | cross-entropy |
| flip-flop | two channels with a rare pulse, 1 or -1 | at each step: the last pulse of each channel | squares |
| text | the characters of a text | at each step: the next character | cross-entropy |

Adding: Hochreiter and Schmidhuber (1997), section 5.4; here one marker is in each half, none at the last step. Copy:
Arjovsky, Shah and Bengio (2016), section 5.1, with the loss taken where the symbols are wanted. Flip-flop: Sussillo and
Barak (2013), section 4.

The baseline of a task is the expected loss of the best model that sees the input of the present step alone.
"""

from collections.abc import Callable
from dataclasses import dataclass
from math import log
from typing import Literal

import numpy as np

from rnn_tutor.engine.array_types import ArrayLike
from rnn_tutor.engine.cells.arrays import Array, Mask
from rnn_tutor.engine.draw import Bits
from rnn_tutor.engine.errors import EngineError, did_you_mean
from rnn_tutor.engine.remember import remembered
from rnn_tutor.engine.training.corpus import Corpus, corpus

SYMBOLS, COPIED = 4, 3
CHANNELS, PULSE = 2, 0.1


@dataclass(frozen=True, slots=True)
class Examples:
    """A batch: x (B, T, I); targets (B, T, O), or classes (B, T); counted (B, T): where the loss is taken."""

    x: Array
    targets: Array
    counted: Mask


@dataclass(frozen=True, slots=True)
class Task:
    """A task for sequences of one length: sizes of input and output, what the loss is, the baseline, its batches."""

    inputs: int
    outputs: int
    loss: Literal["squares", "classes"]
    baseline: float
    batch: Callable[[Bits, int], Examples]
    corpus: Corpus | None = None


def task_of(name: str, length: int, text: str = "") -> Task:
    """Return a task by its name. Raises EngineError("name") where there is none, "value" for a text that is too short.

    It is made once for a length and a text.
    """
    if name not in TASKS:
        raise EngineError("name", f"There is no task {name}.{did_you_mean(name, TASKS)} Known: {', '.join(TASKS)}.")
    return _made(name, length, text)


@remembered(8, by=lambda name, length, text: (text, (name, length)))
def _made(name: str, length: int, text: str) -> Task:
    return TASKS[name](length, text)


def _adding(length: int, _: str) -> Task:
    half = length // 2

    def batch(bits: Bits, size: int) -> Examples:
        values, rows = bits.uniform((size, length)), np.arange(size)
        first = bits.below(half, (size,)).astype(int)
        second = half + bits.below(length - half - 1, (size,)).astype(int)
        marked = np.zeros((size, length))
        marked[rows, first] = marked[rows, second] = 1.0
        targets = np.zeros((size, length, 1))
        targets[:, -1, 0] = values[rows, first] + values[rows, second]
        return Examples(np.stack((values, marked), axis=-1), targets, _last(size, length, 1))

    # Nothing of the last input tells the sum, so the best guess is its mean: what is left is its variance.
    variance_of_one = 1.0 / 12.0
    return Task(2, 1, "squares", 2.0 * variance_of_one, batch)


def _copy(length: int, _: str) -> Task:
    blank, signal = SYMBOLS, SYMBOLS + 1

    def batch(bits: Bits, size: int) -> Examples:
        symbols = bits.below(SYMBOLS, (size, COPIED))
        places = np.full((size, length), float(blank))
        places[:, :COPIED] = symbols
        places[:, -COPIED - 1] = signal
        targets = np.zeros((size, length))
        targets[:, -COPIED:] = symbols
        return Examples(one_hot(places, SYMBOLS + 2), targets, _last(size, length, COPIED))

    return Task(SYMBOLS + 2, SYMBOLS, "classes", log(SYMBOLS), batch)


def _flip_flop(length: int, _: str) -> Task:
    def batch(bits: Bits, size: int) -> Examples:
        pulses = (bits.uniform((size, length, CHANNELS)) < PULSE) * 1.0
        pulses[:, 0] = 1.0  # so that there is always a last one
        pulses *= 2.0 * bits.below(2, pulses.shape) - 1.0
        targets = pulses.copy()
        for t in range(1, length):
            targets[:, t] = np.where(pulses[:, t] == 0.0, targets[:, t - 1], pulses[:, t])
        return Examples(np.asarray(pulses), np.asarray(targets), np.ones((size, length), dtype=np.bool_))

    # Where there is a pulse it is the target. Elsewhere 1 and -1 are equally likely: the best guess is 0, off by 1.
    return Task(CHANNELS, CHANNELS, "squares", (length - 1) / length * (1.0 - PULSE), batch)


def _text(length: int, text: str) -> Task:
    found = corpus(text, length)
    V = len(found.alphabet)

    def batch(bits: Bits, size: int) -> Examples:
        begins = bits.below(len(found.places) - length, (size,)).astype(int)
        window = found.places[begins[:, None] + np.arange(length + 1)]
        counted = np.ones((size, length), dtype=np.bool_)
        return Examples(one_hot(window[:, :-1], V), window[:, 1:].astype(float), counted)

    return Task(V, V, "classes", found.entropy_after_one, batch, found)


def one_hot(places: ArrayLike, size: int) -> Array:
    """Return (..., size): 1 at each place, 0 elsewhere."""
    return np.asarray(np.eye(size)[np.asarray(places).astype(int)])


def _last(size: int, length: int, steps: int) -> Mask:
    return np.broadcast_to(np.arange(length) >= length - steps, (size, length))


TASKS: dict[str, Callable[[int, str], Task]] = {
    "adding": _adding,
    "copy": _copy,
    "flip-flop": _flip_flop,
    "text": _text,
}
