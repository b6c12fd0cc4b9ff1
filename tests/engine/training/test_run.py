"""A run: the same however it is cut and wherever it is computed; its gradients by differences; its bounds."""

import os
import subprocess
import sys
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from rnn_tutor.engine.draw import Bits
from rnn_tutor.engine.errors import EngineError
from rnn_tutor.engine.training import limits, model
from rnn_tutor.engine.training.names import AXES, RESULTS
from rnn_tutor.engine.training.recipe import Recipe
from rnn_tutor.engine.training.results import kept, results
from rnn_tutor.engine.training.run import advanced, begin
from rnn_tutor.engine.training.sample import sample
from rnn_tutor.engine.training.tasks import task_of

ROOT = Path(__file__).parents[3]
TEXT = "the cat sat on the mat, and the dog sat on the cat. " * 2
RECIPES = [
    Recipe(task="adding", cell="rnn", units=3, length=10),
    Recipe(task="copy", cell="lstm", units=4, length=10, forget=1.0),
    Recipe(task="flip-flop", cell="gru", units=3, length=12, optimiser="momentum"),
    Recipe(task="text", cell="rnn", units=4, length=11, text=TEXT, start="identity"),
]


@pytest.mark.parametrize("recipe", RECIPES, ids=lambda recipe: f"{recipe.task}-{recipe.cell}")
def test_gradients_are_those_of_the_loss(recipe, monkeypatch):
    monkeypatch.setattr(model, "STATE_GRID", 0.0)  # a loss on a grid has no small differences
    task = task_of(recipe.task, recipe.length, recipe.text)
    weights, examples = model.start(recipe, task, Bits(5)), task.batch(Bits(6), 4)
    found = model.passed(recipe, task, weights, examples)
    for place, (W, gradient) in enumerate(zip(weights, found.gradients, strict=True)):
        at = np.unravel_index(np.abs(gradient).argmax(), W.shape)
        losses = []
        for step in (1e-5, -1e-5):
            moved = W.copy()
            moved[at] += step
            losses.append(model.passed(recipe, task, (*weights[:place], moved, *weights[place + 1 :]), examples).loss)
        assert gradient[at] == pytest.approx((losses[0] - losses[1]) / 2e-5, rel=1e-5)


@pytest.mark.parametrize("recipe", RECIPES, ids=lambda recipe: f"{recipe.task}-{recipe.cell}")
def test_a_run_is_the_same_however_it_is_cut(recipe):
    whole = advanced(begin(recipe, 4), 12)
    parts = begin(recipe, 4)
    for updates in (1, 0, 4, 7):
        parts = advanced(parts, updates)
    assert parts.updates == whole.updates == 12
    assert parts.losses.tolist() == whole.losses.tolist()
    assert parts.norms.tolist() == whole.norms.tolist()
    assert all(np.array_equal(a, b) for a, b in zip(parts.weights, whole.weights, strict=True))
    assert advanced(begin(recipe, 5), 12).losses.tolist() != whole.losses.tolist()


@pytest.mark.parametrize("recipe", RECIPES, ids=lambda recipe: f"{recipe.task}-{recipe.cell}")
def test_there_is_a_result_for_each_name_with_its_axes(recipe):
    run = advanced(begin(recipe, 0), 5)
    found = results(run)
    assert list(found) == list(RESULTS) == list(AXES)
    assert {name: value.ndim for name, value in found.items()} == {name: len(axes) for name, axes in AXES.items()}
    assert found["updates"] == 5 and len(found["loss"]) == len(found["norm"]) == 6
    T = recipe.length if recipe.task != "text" else limits.PASSAGE
    assert found["h"].shape == found["keep"].shape == (recipe.units, T)
    assert found["x"].shape[1] == found["output"].shape[1] == found["target"].shape[1] == T
    assert len(found["gradient"]) == recipe.length
    assert all(np.isfinite(value).all() for value in found.values())


def test_the_gradient_at_a_step_is_what_a_push_of_the_state_there_changes():
    """A push of h at one step, made by a bias at that step alone, for a linear reading of it: by differences."""
    recipe = Recipe(task="flip-flop", cell="rnn", units=3, length=10)
    task = task_of(recipe.task, recipe.length)
    weights, examples = model.start(recipe, task, Bits(5)), task.batch(Bits(6), 2)
    W_xh, W_hh, b, W_hy, b_y = weights

    def loss(t, push):
        h, total = np.zeros((2, 3)), 0.0
        for step in range(10):
            h = np.tanh(examples.x[:, step] @ W_xh.T + h @ W_hh.T + b) + (push if step == t else 0.0)
            total += ((h @ W_hy.T + b_y - examples.targets[:, step]) ** 2).sum()
        return total / (2 * 10 * task.outputs)

    found = model.passed(recipe, task, weights, examples).of_cell.h
    for t in (0, 4, 9):
        for sequence in range(2):
            for unit in range(3):
                push = np.zeros((2, 3))
                push[sequence, unit] = 1e-6
                by_difference = (loss(t, push) - loss(t, -push)) / 2e-6
                assert found[sequence, t, unit] == pytest.approx(by_difference, rel=1e-4, abs=1e-8)


def test_what_is_kept_is_the_gate_or_the_derivative():
    x = task_of("flip-flop", 10).batch(Bits(1), 3).x
    for cell in ("rnn", "lstm", "gru"):
        recipe = Recipe(task="flip-flop", cell=cell, units=3, length=10, forget=20.0 if cell != "rnn" else 0.0)
        weights = model.start(recipe, task_of("flip-flop", 10), Bits(2))
        run = model.run_cell(recipe, weights, x)
        if cell == "rnn":
            assert kept(run) == pytest.approx(1 - run.h**2)
        else:  # a bias of 20 keeps all
            assert kept(run).min() > 0.999999
            if cell == "gru":
                assert np.abs(run.h).max() < 1e-5


def test_a_sample_is_what_the_network_gives_step_by_step():
    """Drawn with plain loops from the same uniform numbers: the states, the softmax, the first that the sum passes."""
    run = advanced(begin(RECIPES[3], 3), 30)
    W_xh, W_hh, b, W_hy, b_y = run.weights
    corpus = run.task.corpus
    for temperature in (0.3, 1.0):
        h, place, written = np.zeros(4), corpus.places[0], ""
        for draw in Bits(3 + 7_919).uniform((40,)):
            h = np.round(np.tanh(W_xh[:, place] + W_hh @ h + b) * 2**20) / 2**20
            powers = np.exp((W_hy @ h + b_y) / temperature)
            place = int((np.cumsum(powers / powers.sum()) <= draw).sum())
            written += corpus.alphabet[place]
        assert sample(run, temperature, 40) == written


def test_a_low_temperature_writes_what_is_most_likely():
    run = advanced(begin(replace(RECIPES[3], cell="lstm", units=16, rate=0.03), 3), 200)
    assert sample(run, 0.05, 60) == sample(replace(run, seed=99), 0.05, 60)
    assert len({sample(replace(run, seed=seed), 1.5, 60) for seed in range(4)}) == 4
    assert "the" in sample(run, 0.05, 60)
    assert not sample(begin(RECIPES[0], 0), 1.0)


@pytest.mark.parametrize("start", ["uniform", "orthogonal", "identity", "small", "large"])
def test_recurrent_weights_begin_as_they_are_called(start):
    recipe = Recipe(task="adding", cell="lstm", units=16, length=10, start=start)
    weights = model.start(recipe, task_of("adding", 10), Bits(0))
    for block in np.split(weights[1], 4):
        if start == "identity":
            assert np.array_equal(block, np.eye(16))
        elif start == "orthogonal":
            assert block @ block.T == pytest.approx(np.eye(16), abs=1e-5)
        elif start == "large":
            assert 1.1 < np.abs(np.linalg.eigvals(block)).max() < 2.1
        else:
            largest = np.abs(block).max()
            assert largest == pytest.approx(0.25 if start == "uniform" else 0.025, rel=0.1)


def test_weights_and_states_stay_on_their_grids():
    run = advanced(begin(Recipe(task="adding", cell="lstm", units=5, length=12, forget=1), 0), 7)
    for W in run.weights:
        assert np.array_equal(W, np.rint(W / limits.WEIGHT_GRID) * limits.WEIGHT_GRID)
    for states in (run.latest.cell.h, run.latest.cell.c):
        assert np.array_equal(states, np.rint(states / limits.STATE_GRID) * limits.STATE_GRID)


def test_a_run_that_leaves_float64_ends_and_says_so():
    recipe = Recipe(task="adding", units=4, length=10, optimiser="sgd", rate=10.0)
    run = advanced(begin(recipe, 0), 1000)
    assert run.updates < 1000
    assert "float64" in run.ended
    assert np.isfinite(run.losses).all()
    assert advanced(run, 10).losses.tolist() == run.losses.tolist()


def test_a_run_has_a_most_of_updates(monkeypatch):
    monkeypatch.setattr("rnn_tutor.engine.training.run.MOST_UPDATES", 5)
    run = advanced(begin(RECIPES[0], 0), 50)
    assert (run.updates, run.ended) == (5, "A run has at most 5 updates.")


@pytest.mark.parametrize(
    "wrong",
    [{"cell": "cnn"}, {"start": "zero"}, {"optimiser": "lion"}, {"units": 65}, {"units": 1}, {"length": 101},
     {"length": 9}, {"rate": -1.0}, {"rate": float("nan")}, {"clip": -1.0}, {"forget": 1e9}, {"text": "x" * 200_001}],
)  # fmt: skip
def test_what_is_out_of_bounds_is_refused(wrong):
    (name,) = wrong
    with pytest.raises(EngineError, match=name if name != "text" else "at most 200,000"):
        replace(RECIPES[0], **wrong)


def test_a_press_makes_fewer_updates_the_larger_the_network_is():
    assert [limits.press(units, length) for units, length in ((8, 10), (8, 20), (16, 20), (32, 50), (32, 100))] == [
        100, 100, 50, 20, 10,
    ]  # fmt: skip


FROZEN = {  # losses after 50, 100 and 200 updates, as they were on the first machine
    "adding-rnn": (Recipe(task="adding", cell="rnn", units=8, length=10), (0.203716, 0.17661441, 0.10610971)),
    "copy-gru": (Recipe(task="copy", cell="gru", units=6, length=10, clip=1.0), (1.098062, 1.0512088, 0.95458888)),
    "flip-flop-lstm": (
        Recipe(task="flip-flop", cell="lstm", units=6, length=10, forget=1.0, rate=0.03),
        (0.06851587, 0.011544715, 0.0031971232),
    ),
    "adding-large": (
        Recipe(task="adding", cell="rnn", units=8, length=30, start="large"),
        (0.11100776, 0.16560408, 0.16044414),
    ),
}


@pytest.mark.parametrize("name", FROZEN)
def test_the_losses_of_a_seed_are_those_of_every_machine(name):
    recipe, losses = FROZEN[name]
    found = advanced(begin(recipe, 1), 200).losses[[50, 100, 200]]
    assert found == pytest.approx(losses, rel=1e-6)


SCRIPT = """
from tests.engine.training.test_run import FROZEN
from rnn_tutor.engine.training.run import advanced, begin
for recipe, _ in FROZEN.values():
    print(" ".join(map(repr, advanced(begin(recipe, 1), 2000).losses[::100].tolist())))
"""


@pytest.mark.long
def test_two_thousand_updates_are_the_same_with_other_instructions():
    """Other kernels of BLAS, and NumPy without its wider instructions: what another processor would compute with."""
    plain = {name: value for name, value in os.environ.items() if not name.startswith(("OPENBLAS", "NPY_"))}
    found = []
    for other in ({}, {"OPENBLAS_CORETYPE": "Nehalem", "NPY_DISABLE_CPU_FEATURES": "X86_V3 X86_V4 AVX2 AVX512F"}):
        environ = plain | {"OPENBLAS_NUM_THREADS": "1", "PYTHONWARNINGS": "ignore"} | other
        run = subprocess.run(
            [sys.executable, "-c", SCRIPT], env=environ, cwd=ROOT, capture_output=True, text=True, check=True
        )
        found.append([[float(loss) for loss in line.split()] for line in run.stdout.splitlines()])
    assert len(found[0]) == len(FROZEN)
    for mine, theirs in zip(*found, strict=True):
        assert mine == pytest.approx(theirs, rel=1e-6)
