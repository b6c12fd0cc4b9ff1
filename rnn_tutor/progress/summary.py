"""What the attempts amount to: for each exercise, and for what to do next. Pure: attempts in, figures out."""

from collections.abc import Container, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from itertools import chain, islice
from typing import Literal, Protocol, TypeAlias

from rnn_tutor.progress.attempt import RATED, Attempt

LOOKED_UP = "looked up"
"""What is said of an exercise that was done with the solution read first."""
Numbers: TypeAlias = tuple[int, int | None]
"""What an exercise is asked with: a number for its givens, and its seed (see `Attempt.asked`)."""


@dataclass(slots=True)
class Round:
    """One exercise with one set of numbers on one day."""

    began: tuple[Numbers, date]
    """The numbers and the day (UTC)."""
    tried: set[str] = field(default_factory=set)
    clean: set[str] = field(default_factory=set)
    """The parts that were right at the first try, before any hint or the solution."""


@dataclass(slots=True)
class Standing:
    """How a learner stands with one exercise, over all numbers it was asked with."""

    exercise: str
    parts: int
    """How many parts it had when it was last asked."""
    right: set[str] = field(default_factory=set)
    """The parts that were right at least once, with any numbers."""
    among: dict[str, int] = field(default_factory=dict)
    """Of each of these: the fewest parts that the exercise had when it was right."""
    tried: set[str] = field(default_factory=set)
    """The parts that were tried."""
    at_once: set[str] = field(default_factory=set)
    """The parts whose first try was right, before any hint or the solution."""
    alone: set[str] = field(default_factory=set)
    """The parts that were right at least once before the worked solution was opened."""
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
    mastered: bool = False
    """Whether once, on a later day and with other numbers, every part was right at the first try and without help.

    Where there are none to draw: with the options in another order."""
    first: tuple[Numbers, date] | None = None
    """The numbers and the day (UTC) of the first answer."""
    counted_at: datetime | None = None
    """When it was answered for the last time, right or wrong."""
    mastered_at: datetime | None = None
    """When it came to be mastered."""
    round: "Round | None" = None
    """What is going on."""

    @property
    def done(self) -> bool:
        """Whether every part was right at least once, of those that there were then: a part that came later is open,
        and takes nothing away.
        """
        return len(self.right) >= self.parts or any(
            sum(parts <= there for parts in self.among.values()) >= there for there in set(self.among.values())
        )

    @property
    def state(self) -> Literal["mastered", "done", "begun", "seen"]:
        """How far it is; seen: what was typed was never marked right or wrong."""
        if self.done:
            return "mastered" if self.mastered else "done"
        return "begun" if self.tries else "seen"

    @property
    def looked_up(self) -> bool:
        """Whether it is done, and a part was right only after the worked solution had been read."""
        return self.done and not self.right <= self.alone

    def solve(self, part: str, parts: int, *, looked_up: bool = False) -> None:
        """Note that a part was right, when the exercise had so many; `looked_up`: after the solution was opened."""
        if not looked_up:
            self.alone.add(part)
        self.right.add(part)
        self.among[part] = min(parts, self.among.get(part, parts))


class _Tally(Protocol):
    @property
    def exercise(self) -> str: ...
    @property
    def part(self) -> str: ...
    @property
    def parts(self) -> int: ...
    @property
    def right(self) -> int: ...
    @property
    def tries(self) -> int: ...


def standings(attempts: Iterable[Attempt]) -> dict[str, Standing]:
    """Return the standing of each exercise that was answered; the one answered last is the last.

    attempts: in the order in which they were added, as `Store.attempts` gives them.
    """
    by_exercise: dict[str, Standing] = {}
    for attempt in attempts:
        count(by_exercise, attempt)
    return by_exercise


def count(standings: dict[str, Standing], attempt: Attempt) -> None:
    """Count one more attempt; its exercise is the one answered last now."""
    standing = standings.pop(attempt.exercise, None) or Standing(attempt.exercise, attempt.parts)
    standings[attempt.exercise] = standing
    _count(standing, attempt)


def standings_so_far(tallies: Iterable[_Tally]) -> dict[str, Standing]:
    """Return as much of the standings as the list of a course needs: what is done, begun, and was answered last.

    tallies: as `Store.tallies` gives them.
    """
    by_exercise: dict[str, Standing] = {}
    for tally in tallies:
        standing = by_exercise.pop(tally.exercise, None) or Standing(tally.exercise, tally.parts)
        by_exercise[tally.exercise] = standing
        standing.parts = tally.parts
        standing.tries += tally.tries
        if tally.tries:
            standing.tried.add(tally.part)
        if tally.right:
            standing.solve(tally.part, tally.parts)
    return by_exercise


def next_exercise(
    order: Sequence[str], standings: Mapping[str, Standing], early: Container[str] = frozenset()
) -> str | None:
    """Return the exercise to go on with: from the last one answered on, round the course, the first not done.

    order: the ids of the course, in its order. early: those that come only when there are no others (see `too_early`).
    None when all are done (or there are none).
    """
    known = frozenset(order) if standings else frozenset()
    last = next((exercise for exercise in reversed(list(standings)) if exercise in known), None)
    start = order.index(last) if last is not None else 0
    first_early: str | None = None
    for exercise_id in chain(islice(order, start, None), islice(order, start)):
        if exercise_id in standings and standings[exercise_id].done:
            continue
        if exercise_id not in early:
            return exercise_id
        first_early = first_early or exercise_id
    return first_early


def next_open(
    units: Iterable[tuple[str, Sequence[str], Sequence[str]]],
    standings: Mapping[str, Standing],
    due: Iterable[str] = (),
    *,
    way: Sequence[str] = (),
    known: Container[str] = frozenset(),
) -> str | None:
    """Return the exercise to go on with: the way first, the course's order, what is due; None when all is done.

    units: as for `too_early`. way: the exercises of the way that was chosen. known: the units that are known; their
    exercises come last.
    """
    all_units = list(units)
    skipped = frozenset(exercise for unit, _, exercises in all_units if unit in known for exercise in exercises)
    order = list(chain.from_iterable(exercises for _, _, exercises in all_units))
    early = too_early(all_units, standings, known)
    for some in (way, order):
        following = next_exercise(
            [one for one in some if one not in skipped] if skipped else some, standings, early if some is order else ()
        )
        if following is not None:
            return following
    following = next(iter(due), None)
    return following if following is not None else next_exercise(order, standings)


def begun(exercises: Sequence[str], standings: Mapping[str, Standing]) -> bool:
    """Tell whether any of these exercises was tried."""
    return not standings.keys().isdisjoint(exercises) and any(
        exercise_id in standings and (standings[exercise_id].tries > 0 or standings[exercise_id].done)
        for exercise_id in exercises
    )


def too_early(
    units: Iterable[tuple[str, Sequence[str], Sequence[str]]],
    standings: Mapping[str, Standing],
    known: Container[str] = frozenset(),
) -> frozenset[str]:
    """Return the exercises of units that are not begun and need a unit that is not begun either.

    units: of each its id, the ids of the units that it needs, and its exercises. A unit without exercises is as good as
    begun, and so is one that is known. Nothing is locked by this: it says what to suggest first.
    """
    all_units = list(units)
    begun_units = {
        unit for unit, _, exercises in all_units if not exercises or unit in known or begun(exercises, standings)
    }
    unit_ids = {unit for unit, _, _ in all_units}
    waiting = (
        ids
        for unit, needs, ids in all_units
        if unit not in begun_units and any(n in unit_ids - begun_units for n in needs)
    )
    return frozenset(exercise_id for ids in waiting for exercise_id in ids)


@dataclass(frozen=True, slots=True)
class Recurring:
    """A kind of mistake that was made in several exercises: its rule's id, where, and in how many answers."""

    rule: str
    exercises: tuple[str, ...]
    times: int


EITHER = " or "  # between rules of which one was meant, and which cannot be told
BOTH = "+"  # between rules that were named together


class Mistakes:
    """The mistakes that were named in attempts so far; what could not be told from another mistake is left out."""

    def __init__(self, attempts: Iterable[Attempt] = ()) -> None:
        self.exercises: dict[str, dict[str, None]] = {}
        self.times: dict[str, int] = {}
        for attempt in attempts:
            self.add(attempt)

    def add(self, attempt: Attempt) -> None:
        """Take one more attempt in."""
        if attempt.verdict != "wrong" or not attempt.rule or EITHER in attempt.rule:
            return
        for rule in dict.fromkeys(attempt.rule.split(BOTH)):
            self.exercises.setdefault(rule, {})[attempt.exercise] = None
            self.times[rule] = self.times.get(rule, 0) + 1

    @property
    def made(self) -> frozenset[str]:
        """The rules of all of them."""
        return frozenset(self.times)

    @property
    def recurring(self) -> list[Recurring]:
        """The kinds that came back in other exercises, the one in most exercises first; in one exercise alone: none."""
        several = [Recurring(one, tuple(names), self.times[one]) for one, names in self.exercises.items()]
        several = [mistake for mistake in several if len(mistake.exercises) > 1]
        return sorted(several, key=lambda mistake: (-len(mistake.exercises), -mistake.times))


def recurring(attempts: Iterable[Attempt]) -> list[Recurring]:
    """Return the kinds of mistakes that came back in other exercises; see `Mistakes`."""
    return Mistakes(attempts).recurring


@dataclass(frozen=True, slots=True)
class Week:
    """What was done in the last seven days: how many exercises were answered, how many of them mastered then."""

    exercises: int
    mastered: int


def week(standings: Iterable[Standing], now: datetime) -> Week:
    """Return what was done in the seven days before `now`."""
    begin = now - timedelta(days=7)
    fresh = [one for one in standings if one.counted_at is not None and begin <= one.counted_at <= now]
    return Week(len(fresh), sum(one.mastered_at is not None and one.mastered_at >= begin for one in fresh))


def predicted(standing: Standing) -> str:
    """Return in a few words how a lab went: of its predictions some were made, and some came so."""
    return f"predicted {len(standing.tried)} of {standing.parts}, right {len(standing.right)}"


def _count(standing: Standing, attempt: Attempt) -> None:
    if attempt.verdict == RATED:
        return
    standing.parts = attempt.parts
    standing.hints = max(standing.hints, attempt.hints)
    standing.solution |= attempt.solution
    standing.seconds += attempt.seconds
    standing.last = attempt.at
    if not attempt.counts:
        return
    standing.tries += 1
    standing.counted_at = attempt.at
    _count_round(standing, attempt)
    if attempt.verdict == "right":
        standing.solve(attempt.part, attempt.parts, looked_up=attempt.solution)
        if attempt.part not in standing.tried and not attempt.hints and not attempt.solution:
            standing.at_once.add(attempt.part)
    standing.tried.add(attempt.part)


def _count_round(standing: Standing, attempt: Attempt) -> None:
    """Count an answer in its round: the same numbers (or the same order of the options) on the same day."""
    now = attempt.asked, attempt.at.date()
    standing.first = standing.first or now
    if standing.round is None or standing.round.began != now:
        standing.round = Round(now)
    current = standing.round
    if attempt.part in current.tried:
        return
    current.tried.add(attempt.part)
    if attempt.verdict == "right" and not attempt.hints and not attempt.solution:
        current.clean.add(attempt.part)
    numbers, day = standing.first
    if now[0] != numbers and now[1] > day and len(current.clean) >= standing.parts:
        standing.mastered = True
        standing.mastered_at = standing.mastered_at or attempt.at
