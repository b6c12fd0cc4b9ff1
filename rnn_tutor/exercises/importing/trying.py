"""Proposed draws are tried before they are written: whatever does not hold for every seed is left out.

A draw holds where each of `SEEDS` gives numbers within a few tries, every answer is finite and has its shape and about
its size, and the answers are not all the same.
"""

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

import msgspec
import numpy as np

from rnn_tutor.engine.draw import Bits, holds
from rnn_tutor.exercises.compiled import Compiled, ExerciseError, compiled
from rnn_tutor.exercises.drawing import one_draw, unfit
from rnn_tutor.exercises.importing.guesses import Guess
from rnn_tutor.exercises.model import Exercise
from rnn_tutor.exercises.question import Givens, Question, by_the_book, original_givens, with_givens

SEEDS = range(20)
FEW = range(4)  # seeds for one given after the other
TRIES = 30  # of a seed: in the end there are 500
MOST_TRIES = 8  # of a seed on the average
LARGER = 1e3  # so much larger than the original answers no drawn ones may be
DIFFERENT = 0.5  # of the draws have an answer of their own
OFTEN = 0.85  # of the draws may have the same, where answers are whole numbers
BUDGET = 15_000  # nodes that are computed for one exercise


@dataclass(slots=True)
class _Trial:
    """What an exercise allows: its original answers, and what may still be spent on it."""

    original: Question
    left: int = BUDGET

    def holds(self, exercise: Exercise, seeds: Sequence[int]) -> bool:
        """Tell whether an exercise can be drawn with each of some seeds."""
        try:
            source = compiled(exercise)
            original = original_givens(source)
            drawn = [self._draw(source, original, seed) for seed in seeds]
        except ExerciseError:
            return False
        questions = [question for question in drawn if question is not None]
        if len(questions) < len(seeds) or sum(one.tries for one in questions) > MOST_TRIES * len(seeds):
            return False
        return all(self._fit(place, [one.parts[place].expected for one in questions])
                   for place in range(len(self.original.parts)))  # fmt: skip

    def _draw(self, source: Compiled, original: Givens, seed: int) -> Question | None:
        bits = Bits(seed)
        for tries in range(1, TRIES + 1):
            if self.left <= 0:
                return None
            givens = one_draw(source, bits, original)
            try:
                question = with_givens(source.exercise, givens, seed, tries)
            except ExerciseError as error:
                self.left -= 1
                if error.error.kind != "value":
                    raise
                continue
            self.left -= 1 + len(question.graph.names)
            if unfit(question) is None:
                return question
        return None

    def _fit(self, place: int, answers: list[object]) -> bool:
        """Tell whether the answers to a part are fit to be asked: of the same kind as the original, and different."""
        part = self.original.parts[place]
        if part.kind in ("choice", "checklist"):
            return True
        if not isinstance(part.expected, np.ndarray):  # a shape
            return len(set(map(str, answers))) > 1
        values = [np.asarray(answer, dtype=float) for answer in answers]
        if any(value.shape != part.expected.shape or not np.all(np.isfinite(value)) for value in values):
            return False
        if np.any(part.expected) and sum(not np.any(value) for value in values) > len(values) * (1 - DIFFERENT):
            return False
        largest = max(float(np.abs(value).max(initial=0)) for value in values)
        if largest > LARGER * max(1.0, float(np.abs(part.expected).max(initial=0))):
            return False
        whole = bool(np.all(part.expected == np.floor(part.expected)))
        different = Counter(tuple(np.round(value.reshape(-1), 9).tolist()) for value in values)
        if whole:
            return max(different.values()) <= OFTEN * len(values)
        return len(different) >= max(2, DIFFERENT * len(values))


def with_draws(exercise: Exercise, guesses: Mapping[str, Guess]) -> Exercise:
    """Return an exercise with the proposed draws that hold, and their conditions; the original numbers meet these.

    An exercise whose original numbers cannot be asked stays as it is.
    """
    try:
        trial = _Trial(by_the_book(exercise))
    except ExerciseError:
        return exercise
    if not all(
        np.isfinite(part.expected).all() for part in trial.original.parts if isinstance(part.expected, np.ndarray)
    ):
        return exercise
    names = [name for name in exercise.given if name in guesses and guesses[name].draw is not None]
    every = _drawing(exercise, guesses, names)
    if not names or trial.holds(every, SEEDS):
        return every
    kept: dict[str, Guess] = {}
    for name in names:
        for one in _ways(guesses[name]):
            if trial.holds(_drawing(exercise, {**kept, name: one}, [*kept, name]), FEW):
                kept[name] = one
                break
    some = _drawing(exercise, kept, list(kept))
    return some if kept and trial.holds(some, SEEDS) else exercise


def _ways(one: Guess) -> Iterator[Guess]:
    """Give a guess with its draw, and with the other one that it has."""
    yield one
    if one.second is not None:
        yield replace(one, draw=one.second.draw, decimals=one.second.decimals, conditions=())


def _drawing(exercise: Exercise, guesses: Mapping[str, Guess], names: Sequence[str]) -> Exercise:
    """Return an exercise that draws some of its givens, with those conditions that its own numbers meet."""
    given = {
        name: msgspec.structs.replace(one, draw=guesses[name].draw, decimals=guesses[name].decimals)
        if name in names
        else one
        for name, one in exercise.given.items()
    }
    conditions = [text for name in names for text in guesses[name].conditions]
    drawn = msgspec.structs.replace(exercise, given=given, conditions=[*exercise.conditions, *conditions])
    if not conditions:
        return drawn
    try:
        question = by_the_book(drawn)
        met = [holds(question.graph, condition) for condition in question.compiled.conditions]
    except ExerciseError:
        return msgspec.structs.replace(drawn, conditions=exercise.conditions)
    fit = [text for text, fits in zip(drawn.conditions, met, strict=True) if fits or text in exercise.conditions]
    return msgspec.structs.replace(drawn, conditions=fit)
