"""Which exercises a placement, a check or an exam asks: chosen by a seed, the same ones on every machine.

The bits are the engine's own (see `engine.draw`), so that an exam that was printed can be made again from its seed.
"""

from collections.abc import Callable, Iterable, Sequence
from typing import NamedTuple

import numpy as np

from rnn_tutor.engine.draw import Bits
from rnn_tutor.exercises.model import Entry, Exercise, Unit
from rnn_tutor.exercises.seeds import MOST_AGAIN, seed_of
from rnn_tutor.exercises.skills import skills

MIDDLE = 2
"""The level of a question that tells whether a unit is known."""
MOST_OF_A_PLACEMENT = 12
OF_A_CHECK = 5
_EACH = 2  # questions of a unit in an exam, unless a number is asked for
_MOST_OF_AN_EXAM = 20
_FEW_PARTS = 2

Read = Callable[[str], Exercise | None]
"""Returns an exercise by its id, None for a file that cannot be read."""


class Chosen(NamedTuple):
    """An exercise that is asked, and its unit. again: asked once more, with other numbers (see `seeds.seed_of`)."""

    unit: str
    exercise: str
    again: int = 0


def usual(units: Sequence[Unit]) -> int:
    """Return how many questions an exam on these units has."""
    return OF_A_CHECK if len(units) == 1 else min(_MOST_OF_AN_EXAM, max(OF_A_CHECK, _EACH * len(units)))


def placement(units: Iterable[Unit], seed: int, read: Read, most: int = MOST_OF_A_PLACEMENT) -> list[Chosen]:
    """Return one exercise a unit, of more than `most` units spread evenly: of middle level, short, with new numbers."""
    bits = Bits(seed)
    asked = [unit for unit in units if unit.exercises]
    if len(asked) > most:
        asked = [asked[place * (len(asked) - 1) // max(1, most - 1)] for place in range(most)]
    found = (_of_middle_level(unit, bits, read) for unit in asked)
    return [chosen for chosen in found if chosen is not None]


def _of_middle_level(unit: Unit, bits: Bits, read: Read) -> Chosen | None:
    """Return the exercise of a unit that tells soonest whether it is known; None where none can be read."""
    order = sorted(_shuffled(unit.exercises, bits), key=lambda entry: abs(entry.level - MIDDLE))
    best: tuple[int, str] | None = None
    for entry in order:
        exercise = read(entry.id)
        if exercise is None:
            continue
        cost = _long(exercise) + (2 if not _draws(exercise) else 0)
        if best is None or cost < best[0]:
            best = cost, entry.id
        if not best[0]:
            break
    return Chosen(unit.id, best[1]) if best is not None else None


def mixed(units: Sequence[Unit], seed: int, questions: int, read: Read) -> list[Chosen]:
    """Return so many exercises of these units, or all that there are, in the order of the course.

    Those with new numbers come first; units are asked alike, and of a unit what trains different skills.
    """
    bits = Bits(seed)
    left = [
        (unit.id, exercise)
        for unit in units
        for entry in _shuffled(unit.exercises, bits)
        if (exercise := read(entry.id)) is not None
    ]
    taken: set[Chosen] = set()
    trained: dict[str, int] = {}
    of_unit: dict[str, int] = {}
    programs = 0
    while left and len(taken) < questions:
        cost = [
            (
                not _draws(exercise),
                of_unit.get(name, 0),
                _is_program(exercise) and programs,  # one takes as long as several others
                max((trained.get(skill, 0) for skill in skills(exercise, name)), default=0),
                place,
            )
            for place, (name, exercise) in enumerate(left)
        ]
        name, exercise = left.pop(min(cost)[-1])
        taken.add(Chosen(name, exercise.id))
        of_unit[name] = of_unit.get(name, 0) + 1
        programs += _is_program(exercise)
        for skill in skills(exercise, name):
            trained[skill] = trained.get(skill, 0) + 1
    order = (Chosen(unit.id, entry.id) for unit in units for entry in unit.exercises)
    return [chosen for chosen in order if chosen in taken]


def _is_program(exercise: Exercise) -> bool:
    return any(ask.as_ == "program" for ask in exercise.ask)


def filled(chosen: Sequence[Chosen], seed: int, questions: int, read: Read) -> list[Chosen]:
    """Return what is chosen and, up to so many questions, again those that have other numbers to be asked with.

    Each is asked again as often as the others, and never with numbers that it was asked with already.
    """
    left = [(one, exercise) for one in chosen if (exercise := read(one.exercise)) is not None and _draws(exercise)]
    had = {one.exercise: [_numbers(exercise, seed)] for one, exercise in left} if len(chosen) < questions else {}
    found = list(chosen)
    again = 0
    while left and len(found) < questions and again < MOST_AGAIN:
        again += 1
        for one, exercise in left[: questions - len(found)]:
            numbers = _numbers(exercise, seed_of(seed, again))
            if numbers is not None and numbers not in had[one.exercise]:
                had[one.exercise].append(numbers)
                found.append(one._replace(again=again))
    order = {(one.unit, one.exercise): place for place, one in enumerate(chosen)}
    return sorted(found, key=lambda one: (one.again, order[one.unit, one.exercise]))


def _numbers(exercise: Exercise, seed: int) -> object:
    """Return what an exercise is asked with, None where it cannot be asked with this seed."""
    from rnn_tutor.exercises import drawing  # late, both: most units need none of it
    from rnn_tutor.exercises.compiled import ExerciseError

    try:
        givens = drawing.ask(exercise, seed).givens
    except ExerciseError:
        return None
    return [(name, np.asarray(value).tolist()) for name, value in givens.items()]


def _draws(exercise: Exercise) -> bool:
    return any(given.draw is not None for given in exercise.given.values())


def _long(exercise: Exercise) -> int:
    """Tell how long an exercise takes: a program longest."""
    if _is_program(exercise):
        return 4
    return int(len(exercise.ask) > _FEW_PARTS)


def _shuffled(entries: Sequence[Entry], bits: Bits) -> list[Entry]:
    """Return entries in an order that the bits give (Fisher and Yates)."""
    order = list(entries)
    for last in range(len(order) - 1, 0, -1):
        other = int(bits.below(last + 1, ()))
        order[last], order[other] = order[other], order[last]
    return order
