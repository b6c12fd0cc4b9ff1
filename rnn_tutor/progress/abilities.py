"""What a learner can do, what is shaky, which mistakes come back: each with the exercise that trains it. Pure."""

from collections.abc import Container, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Literal

from rnn_tutor.progress.review import SHAKY, Review
from rnn_tutor.progress.summary import Recurring, Standing


@dataclass(frozen=True, slots=True)
class Ability:
    """A skill that was trained, and how far it is."""

    skill: str
    state: Literal["mastered", "done", "begun"]
    """Mastered: each exercise is that trained it. Done: some are done; begun: none."""
    recall: float
    due: datetime
    again: bool
    """Whether it was not recalled the last time, or only with the solution."""
    exercises: tuple[str, ...]
    train: str
    """The exercise to train it with."""

    @property
    def shaky(self) -> bool:
        """Whether it is probably forgotten, was not recalled the last time, or was never right yet."""
        return self.recall < SHAKY or self.again or self.state == "begun"


def abilities(trained: Iterable[Review], standings: Mapping[str, Standing]) -> list[Ability]:
    """Return what was trained, the skill that is recalled least first."""
    found = [
        Ability(
            review.skill,
            _state(review.exercises, standings),
            review.recall,
            review.due,
            review.again,
            review.exercises,
            _next(review.exercises, standings, "done"),
        )
        for review in trained
    ]
    return sorted(found, key=lambda ability: (ability.recall, ability.skill))


def trained_by(mistake: Recurring, standings: Mapping[str, Standing], known: Container[str]) -> str:
    """Return the exercise to get rid of a mistake with, "" where all that it was made in are gone from the course."""
    return _next([exercise for exercise in mistake.exercises if exercise in known], standings, "mastered")


def _state(exercises: Sequence[str], standings: Mapping[str, Standing]) -> Literal["mastered", "done", "begun"]:
    states = {standings[exercise].state for exercise in exercises if exercise in standings}
    if states == {"mastered"}:
        return "mastered"
    return "done" if states & {"mastered", "done"} else "begun"


def _next(exercises: Sequence[str], standings: Mapping[str, Standing], until: Literal["done", "mastered"]) -> str:
    """Return the first that is not so far yet, else the first: the one that was trained longest ago."""
    far = ("mastered",) if until == "mastered" else ("mastered", "done")
    left = (one for one in exercises if one not in standings or standings[one].state not in far)
    return next(left, exercises[0] if exercises else "")
