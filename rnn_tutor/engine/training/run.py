"""A run: weights, what the optimiser remembers, the losses so far. A value that leads to the next one."""

from dataclasses import dataclass, replace
from typing import TypeAlias

import numpy as np

from rnn_tutor.engine.cells import Moments, Velocity, adam, clip_by_global_norm, no_moments, no_velocity, sgd
from rnn_tutor.engine.cells.arrays import Array
from rnn_tutor.engine.cells.optimisers import Arrays
from rnn_tutor.engine.draw import MAX_SEED, Bits
from rnn_tutor.engine.errors import EngineError
from rnn_tutor.engine.training.limits import BATCH, MOST_UPDATES
from rnn_tutor.engine.training.model import Pass, on_grid, passed, start
from rnn_tutor.engine.training.recipe import Recipe
from rnn_tutor.engine.training.tasks import Task, task_of

Remembered: TypeAlias = Velocity | Moments

_MOMENTUM = {"sgd": 0.0, "momentum": 0.9}
_UNLIMITED = 1e300
_APART = 1_000_003  # between the seeds of two runs: more than the batches of one


@dataclass(frozen=True, slots=True)
class Run:
    """Where a run is. losses and norms have one number for each update, and one for now: (updates + 1,).

    A loss is that of a new batch, before the weights learn from it; a norm is the global norm of its gradients, before
    clipping. ended: why no update can follow, "" while one can.
    """

    recipe: Recipe
    seed: int
    task: Task
    weights: Arrays
    remembered: Remembered
    latest: Pass
    losses: Array
    norms: Array
    ended: str = ""

    @property
    def updates(self) -> int:
        """How many updates were made."""
        return len(self.losses) - 1


def begin(recipe: Recipe, seed: int) -> Run:
    """Return a run without any update; it has looked at its first batch. Raises EngineError."""
    task = task_of(recipe.task, recipe.length, recipe.text)
    weights = start(recipe, task, _bits(seed, 0))
    remembered: Remembered = no_moments(weights) if recipe.optimiser == "adam" else no_velocity(weights)
    first = passed(recipe, task, weights, task.batch(_bits(seed, 1), BATCH))
    clipped_norm = clip_by_global_norm(first.gradients, _UNLIMITED)[1]
    return Run(recipe, seed, task, weights, remembered, first, np.array([first.loss]), np.array([clipped_norm]))


def advanced(run: Run, updates: int) -> Run:
    """Return the run after so many more updates, or as far as it goes: see `Run.ended`."""
    losses: list[float] = []
    norms: list[float] = []
    weights, remembered, latest, ended = run.weights, run.remembered, run.latest, run.ended
    for number in range(run.updates + 1, run.updates + 1 + updates):
        if ended:
            break
        if number > MOST_UPDATES:
            ended = f"A run has at most {MOST_UPDATES:,} updates."
            break
        try:
            after, kept = _updated(run.recipe, weights, remembered, latest.gradients)
            following = passed(run.recipe, run.task, after, run.task.batch(_bits(run.seed, number + 1), BATCH))
            norm = clip_by_global_norm(following.gradients, _UNLIMITED)[1]
        except EngineError as error:
            ended = f"It ends before update {number}: {error.says}"
            break
        weights, remembered, latest = after, kept, following
        losses.append(following.loss)
        norms.append(norm)
    return replace(
        run,
        weights=weights,
        remembered=remembered,
        latest=latest,
        losses=np.concatenate((run.losses, losses)),
        norms=np.concatenate((run.norms, norms)),
        ended=ended,
    )


def _updated(recipe: Recipe, weights: Arrays, before: Remembered, gradients: Arrays) -> tuple[Arrays, Remembered]:
    if recipe.clip:
        gradients = tuple(clip_by_global_norm(gradients, recipe.clip)[0])
    after: Arrays
    remembered: Remembered
    if isinstance(before, Moments):
        after, remembered = adam(weights, gradients, before, recipe.rate)
    else:
        after, remembered = sgd(weights, gradients, before, recipe.rate, _MOMENTUM[recipe.optimiser])
    return on_grid(after), remembered


def _bits(seed: int, number: int) -> Bits:
    """Return the numbers of one batch; 0 is for the weights. So a batch is the same however a run was cut."""
    return Bits((seed * _APART + number) % MAX_SEED)
