"""What the attempts amount to: for each exercise, and for what to do next. Pure: attempts in, figures out."""

from collections.abc import Container, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime

from rnn_tutor.progress.attempt import Attempt


@dataclass(slots=True)
class Standing:
    """How a learner stands with one exercise, over all numbers it was asked with."""

    exercise: str
    parts: int
    """How many parts it had when it was last asked."""
    right: set[str] = field(default_factory=set)
    """The parts that were right at least once, with any numbers."""
    tried: set[str] = field(default_factory=set)
    """The parts that were tried."""
    at_once: set[str] = field(default_factory=set)
    """The parts whose first try was right, before any hint or the solution."""
    tries: int = 0
    """Answers that were marked right or wrong; the others cost nothing."""
    hints: int = 0
    """The most hints that were open at an answer."""
    solution: bool = False
    """Whether an answer was given after the worked solution for its numbers was opened."""
    seconds: float = 0.0
    """All the time taken, of every answer."""
    last: datetime | None = None
    """When it was last answered, by the clock of that day."""

    @property
    def done(self) -> bool:
        """Whether every part was right at least once."""
        return len(self.right) >= self.parts


def standings(attempts: Iterable[Attempt]) -> dict[str, Standing]:
    """Return the standing of each exercise that was answered; the one answered last is the last.

    attempts: in the order in which they were added, as `Store.attempts` gives them.
    """
    by_exercise: dict[str, Standing] = {}
    for attempt in attempts:
        standing = by_exercise.pop(attempt.exercise, None) or Standing(attempt.exercise, attempt.parts)
        by_exercise[attempt.exercise] = standing
        _count(standing, attempt)
    return by_exercise


def next_exercise(
    order: Sequence[str], standings: Mapping[str, Standing], early: Container[str] = frozenset()
) -> str | None:
    """Return the exercise to go on with: from the last one answered on, round the course, the first not done.

    order: the ids of the course, in its order. early: those that come only when there are no others (see `too_early`).
    None when all are done (or there are none).
    """
    tried = [exercise for exercise in standings if exercise in order]
    start = order.index(tried[-1]) if tried else 0
    open_exercises = [
        exercise_id
        for exercise_id in (*order[start:], *order[:start])
        if exercise_id not in standings or not standings[exercise_id].done
    ]
    return next(
        (exercise_id for exercise_id in open_exercises if exercise_id not in early),
        open_exercises[0] if open_exercises else None,
    )


def begun(exercises: Iterable[str], standings: Mapping[str, Standing]) -> bool:
    """Tell whether any of these exercises was tried."""
    return any(
        exercise_id in standings and (standings[exercise_id].tries > 0 or standings[exercise_id].done)
        for exercise_id in exercises
    )


def too_early(
    units: Iterable[tuple[str, Sequence[str], Sequence[str]]], standings: Mapping[str, Standing]
) -> frozenset[str]:
    """Return the exercises of units that are not begun and need a unit that is not begun either.

    units: of each its id, the ids of the units that it needs, and its exercises. A unit without exercises is as good as
    begun. Nothing is locked by this: it says what to suggest first.
    """
    all_units = list(units)
    begun_units = {unit for unit, _, exercises in all_units if not exercises or begun(exercises, standings)}
    unit_ids = {unit for unit, _, _ in all_units}
    waiting = (
        ids
        for unit, needs, ids in all_units
        if unit not in begun_units and any(n in unit_ids - begun_units for n in needs)
    )
    return frozenset(exercise_id for ids in waiting for exercise_id in ids)


def predicted(standing: Standing) -> str:
    """Return in a few words how a lab went: of its predictions some were made, and some came so."""
    return f"predicted {len(standing.tried)} of {standing.parts}, right {len(standing.right)}"


def _count(standing: Standing, attempt: Attempt) -> None:
    standing.parts = attempt.parts
    standing.hints = max(standing.hints, attempt.hints)
    standing.solution |= attempt.solution
    standing.seconds += attempt.seconds
    standing.last = attempt.at
    if not attempt.counts:
        return
    standing.tries += 1
    if attempt.verdict == "right":
        standing.right.add(attempt.part)
        if attempt.part not in standing.tried and not attempt.hints and not attempt.solution:
            standing.at_once.add(attempt.part)
    standing.tried.add(attempt.part)
