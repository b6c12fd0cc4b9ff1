"""The queue of a review: which exercises train what is due, in which order. Pure: what is due in, exercises out."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime

from rnn_tutor.progress.review import Review
from rnn_tutor.progress.summary import Standing

MOST = 10
"""Exercises in one review, unless more are asked for."""
_SECONDS = 120.0  # for an exercise of which no time is known
_MOST_SECONDS = 1_800.0  # who is away for longer was not answering
_LONG_AGO = datetime(1970, 1, 1, tzinfo=UTC)


@dataclass(frozen=True, slots=True)
class Planned:
    """An exercise of a review, the due skills that it trains, and how long it will take."""

    exercise: str
    skills: tuple[str, ...]
    seconds: float


def queue(
    due: Sequence[Review],
    trains: Mapping[str, Sequence[str]],
    standings: Mapping[str, Standing],
    units: Mapping[str, str],
) -> list[Planned]:
    """Return exercises that train every due skill which one of them trains: as few as are needed, units mixed.

    due: the longest due first. trains: the skills of each exercise that may be asked. units: the unit of each.
    An exercise that trains several due skills counts for all; among equals, the one that was answered longest ago.
    """
    waiting = [review.skill for review in due]
    chosen: list[Planned] = []
    while waiting:
        useful = [exercise for exercise, skills in trains.items() if waiting[0] in skills]
        if not useful:
            waiting.pop(0)
            continue
        best = min(
            useful, key=lambda exercise: (-len(set(waiting) & set(trains[exercise])), _last(standings, exercise))
        )
        skills = tuple(skill for skill in waiting if skill in trains[best])
        waiting = [skill for skill in waiting if skill not in skills]
        chosen.append(Planned(best, skills, _seconds(standings.get(best))))
    return _mixed(chosen, units)


def minutes(planned: Sequence[Planned]) -> int:
    """Return how long a review will take, in whole minutes, at least one."""
    return max(1, round(sum(one.seconds for one in planned) / 60))


def time_of(planned: Sequence[Planned]) -> str:
    """Return how long a review will take, in words, such as "1 minute"."""
    count = minutes(planned)
    return "1 minute" if count == 1 else f"{count} minutes"


def _last(standings: Mapping[str, Standing], exercise: str) -> datetime:
    standing = standings.get(exercise)
    return standing.last if standing is not None and standing.last is not None else _LONG_AGO


def _seconds(standing: Standing | None) -> float:
    """Return how long an exercise took each time, on average over the tries at all of its parts."""
    if standing is None or not standing.seconds or not standing.tries:
        return _SECONDS
    return min(_MOST_SECONDS, standing.seconds / max(1, standing.tries) * standing.parts)


def _mixed(planned: Sequence[Planned], units: Mapping[str, str]) -> list[Planned]:
    """Return them so that, where it can be, none follows one of its own unit; else in their order."""
    left, mixed = list(planned), list[Planned]()
    counts = Counter(units.get(one.exercise) for one in left)
    before: str | None = None
    while left:
        unit, count = counts.most_common(1)[0]
        now = {unit} if unit != before and 2 * count > len(left) else counts.keys() - {before}
        following = next((one for one in left if units.get(one.exercise) in now), left[0])
        left.remove(following)
        mixed.append(following)
        before = units.get(following.exercise)
        counts[before] -= 1
    return mixed
