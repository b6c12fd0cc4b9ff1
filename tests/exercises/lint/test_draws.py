"""Draws side by side are the draws of their seeds, and end where one cannot be had."""

import gc
from pathlib import Path

import msgspec
import numpy as np
import pytest

from rnn_tutor.exercises.drawing import ask, drawing
from rnn_tutor.exercises.lint.draws import draws
from rnn_tutor.exercises.load import Library

COURSE = Library([Path(__file__).parents[3] / "content"])


@pytest.mark.parametrize("name", ["lstm-cell", "task-shapes", "gru-reset-place"])  # the last has names of earlier days
def test_each_is_the_draw_of_its_seed(name: str) -> None:
    exercise = COURSE.exercise(name)
    found = list(draws(exercise, range(8), 60.0))
    assert [one.seed for one in found] == list(range(8))
    for one in found:
        alone = ask(exercise, one.seed)
        assert one.question is not None and one.question.tries == alone.tries and one.seconds > 0
        assert all(np.array_equal(one.question.givens[given], value) for given, value in alone.givens.items())


def test_none_comes_after_one_that_cannot_be_had() -> None:
    exercise = msgspec.structs.replace(COURSE.exercise("lstm-cell"), conditions=["f[0] > 2"])
    found = list(draws(exercise, range(50), 60.0))
    assert [one.seed for one in found] == [0]
    assert found[0].question is None and "500 times because the condition f[0] > 2" in found[0].error.says


def test_one_that_takes_too_long_is_the_last() -> None:
    assert len(list(draws(COURSE.exercise("lstm-cell"), range(8), 0.0))) == 1


def test_a_look_for_garbage_is_not_time_of_a_draw(monkeypatch: pytest.MonkeyPatch) -> None:
    # a process of some hours has so many objects that a look at all of them takes longer than a draw may
    looked_for: list[bool] = []

    def recorded(source, seed):
        steps, value = drawing(source, seed), None
        while True:
            looked_for.append(gc.isenabled())
            try:
                fit = steps.send(value)
            except StopIteration as done:
                return done.value
            value = yield fit

    monkeypatch.setattr("rnn_tutor.exercises.lint.draws.drawing", recorded)
    assert len(list(draws(COURSE.exercise("lstm-cell"), range(8), 60.0))) == 8
    assert looked_for and not any(looked_for) and gc.isenabled()


def test_without_draws_each_seed_has_the_original_numbers() -> None:
    exercise = COURSE.exercise("lstm-cell")
    fixed = {name: msgspec.structs.replace(given, draw=None) for name, given in exercise.given.items()}
    found = list(draws(msgspec.structs.replace(exercise, given=fixed), range(3), 60.0))
    assert [one.question.givens["f"].tolist() for one in found] == [[0.9, 0.2]] * 3
