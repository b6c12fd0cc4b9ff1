"""Many draws of an exercise, in the order of their seeds, drawn side by side.

Each is what `ask` gives for its seed. Side by side, because the wrong versions of the steps, by which a draw is judged,
are then computed for all of them at once.
"""

from collections.abc import Generator, Hashable, Iterator
from dataclasses import dataclass
from itertools import takewhile

from rnn_tutor.engine.clocks import CLOCKS, garbage_left_for_later
from rnn_tutor.exercises.compiled import ExerciseError, compiled
from rnn_tutor.exercises.diagnosis.at_once import Together, Values
from rnn_tutor.exercises.drawing import ask, drawing
from rnn_tutor.exercises.model import Exercise
from rnn_tutor.exercises.question import Question


@dataclass(slots=True)
class Drawn:
    """What a seed draws, or why it draws nothing, and how many CPU seconds that took."""

    seed: int
    seconds: float = 0.0
    question: Question | None = None
    error: ExerciseError | None = None


@dataclass(slots=True)
class _Running:
    drawn: Drawn
    steps: Generator[Question, Values, Question]
    fit: Question | None = None  # the draw that its wrong versions are wanted for


def draws(exercise: Exercise, seeds: range, most: float) -> Iterator[Drawn]:
    """Yield what seeds draw, up to the first that draws nothing or takes more than `most` seconds, itself included.

    Those after it are given up as soon as that is known: each might take hundreds of tries too.
    """
    source = compiled(exercise)
    if not source.draws:
        yield from (Drawn(seed, question=ask(exercise, seed)) for seed in seeds)
        return
    every = [_Running(Drawn(seed), drawing(source, seed)) for seed in seeds]
    for at, one in enumerate(every):
        _go_on(one, None)
        if _ends(one.drawn, most):
            del every[at + 1 :]
    running = _left(every, most)
    never: set[Hashable] = set()
    while running:
        together = Together([one.fit for one in running if one.fit is not None], never)
        for at, one in enumerate(running):
            _go_on(one, together.of(at), together)
        for one in running:
            one.drawn.seconds += together.seconds / len(running)
        running = _left(running, most)
    for one in every:
        yield one.drawn
        if _ends(one.drawn, most):
            return


def _left(running: list[_Running], most: float) -> list[_Running]:
    """Return those that have to draw on: none of them comes after one that is the last to be told of."""
    before = takewhile(lambda one: not _ends(one.drawn, most), running)
    return [one for one in before if one.fit is not None]


def _ends(drawn: Drawn, most: float) -> bool:
    return drawn.error is not None or drawn.seconds > most


def _go_on(one: _Running, values: Values | None, together: Together | None = None) -> None:
    """Draw on to the next draw that is fit to ask with, or to the end; what is done for all is not counted here."""
    started, of_all = CLOCKS.cpu(), together.seconds if together is not None else 0.0
    with garbage_left_for_later():
        try:
            one.fit = next(one.steps) if values is None else one.steps.send(values)
        except StopIteration as done:
            one.fit, one.drawn.question = None, done.value
        except ExerciseError as error:
            one.fit, one.drawn.error = None, error
    shared = together.seconds - of_all if together is not None else 0.0
    one.drawn.seconds += CLOCKS.cpu() - started - shared
