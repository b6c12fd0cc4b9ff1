"""What tests of the labs share: a lab with its numbers, what it shows, and gradients by differences."""

from collections.abc import Callable
from pathlib import Path

import numpy as np

from rnn_tutor.exercises.labs import instance as benches
from rnn_tutor.exercises.labs.instance import Bench
from rnn_tutor.exercises.labs.load import read_lab

CONTENT = Path(__file__).parents[2] / "content"
FILES = sorted(CONTENT.glob("*/labs/*.yaml"))
SEEDS = [None, 0, 7]


def opened(lab: str, seed: int | None = None) -> Bench:
    (path,) = CONTENT.glob(f"*/labs/{lab}.yaml")
    stated = benches.original(read_lab(path).lab)
    return stated if seed is None or not stated.draws else benches.drawn(stated, seed)


def seen(bench: Bench, **controls: str) -> Callable[[str], np.ndarray]:
    """Return what gives a step's value by its name, with controls set as an author writes them."""
    settings = bench.start | {name: bench.dials[name].at(str(text)) for name, text in controls.items()}
    scene = bench.scene(settings)
    shown = {}
    for place in range(len(bench.source.shows)):
        for item in scene.figure(place).items:
            shown[item.name] = item.values
    return lambda name: shown[name] if name in shown else scene.graph.whole(name).number


def option(bench: Bench, place: int) -> str:
    return bench.lab.predict[place].options[int(benches.answer(bench, place))].text


def number(bench: Bench, place: int) -> float:
    return float(benches.answer(bench, place))


def sigmoid(a):
    return 1 / (1 + np.exp(-a))


def by_difference(last: Callable[[int, np.ndarray], float], at: int, size: int, step: float = 1e-6) -> np.ndarray:
    """Central differences of a number by a state that is changed at step `at`."""
    found = np.zeros(size)
    for k in range(size):
        push = np.zeros(size)
        push[k] = step
        found[k] = (last(at, push) - last(at, -push)) / (2 * step)
    return found
