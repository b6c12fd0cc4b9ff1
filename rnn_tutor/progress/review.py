"""What is due: when to train a skill again so that it sticks, by FSRS. Pure: attempts in, dates out.

FSRS's card is a skill, so that five exercises of one kind do not come back as five. Its review is a round of any
exercise that trains it: what a learner does with one exercise and one set of numbers.
A round begins with an answer and ends when every part is right, or after a day without an answer (where FSRS
itself stops taking two reviews for one sitting). It is rated

    Again  the worked solution was opened, or an answer was wrong and not every part is right
    Hard   every part is right, after a wrong answer or with a hint
    Good   every part is right, without either

and one with nothing wrong and not every part right says nothing yet. The same numbers again within a day of
being right say nothing either: they test the memory for four digits. Easy is given by the learner alone: nothing
that is recorded tells it from Good. A learner may rate a complete round otherwise: by a row of its own, of which the
last one counts. Intervals are whole days, so what was answered today is not due again today; going on with what is
unfinished is the course's business.
"""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, NamedTuple, TypeAlias

from rnn_tutor.progress.attempt import RATED, Attempt

if TYPE_CHECKING:
    from fsrs import Rating

_DAY = timedelta(days=1)
_MOST_OPEN = 10_000  # rounds that are kept by their numbers


RATINGS = ("again", "hard", "good", "easy")
"""How a learner may rate a round."""
SHAKY = 0.9
"""A skill is shaky where the probability that it is recalled is below this: FSRS calls for it then."""
MOST_A_DAY = 20
"""Skills that are due on one day: what waits longer than a learner was away does not come back all at once."""
Skills: TypeAlias = Callable[[str], Sequence[str]]
"""The skills that an exercise trains, by its id."""


def itself(exercise: str) -> tuple[str, ...]:
    """Return the exercise as its own and only skill."""
    return (exercise,)


@dataclass(frozen=True, slots=True)
class Review:
    """What the rounds that trained one skill say about the next one."""

    skill: str
    due: datetime
    """UTC."""
    last: datetime
    """The end of the last round, UTC; never later than the clock that was passed in."""
    rounds: int
    """How many rounds were rated."""
    recall: float
    """How probable it is that it would be right now, 0 to 1."""
    again: bool = False
    """Whether the last round was rated so."""
    exercises: tuple[str, ...] = ()
    """The exercises that trained it, the one that was trained last at the end."""


class Shown(NamedTuple):
    """A skill that was shown to be recalled, without a round: by a placement. exercise: one that trains it."""

    skill: str
    exercise: str
    at: datetime


def reviews(
    attempts: "Iterable[Attempt] | Rounds", now: datetime, skills: Skills = itself, shown: Iterable[Shown] = ()
) -> list[Review]:
    """Return when each skill that has a rated round is due, the earliest first.

    attempts: in the order in which they were added, or their rounds. now: with a time zone. A clock that was wrong does
    no lasting harm: no round counts as later than `now`, or as earlier than the one before it. What was `shown` is as
    good as a round without a mistake.
    """
    rounds_of: dict[str, list[Round]] = {}
    for round_ in _rounds(attempts):
        for skill in skills(round_.exercise):
            rounds_of.setdefault(skill, []).append(round_)
    for skill, exercise, at in shown:
        rounds = rounds_of.setdefault(skill, [])
        before = sum(round_.end <= at for round_ in rounds)
        rounds.insert(before, Round(exercise, at, right=frozenset({""})))
    planned = [_review(skill, rounds, now) for skill, rounds in rounds_of.items()]
    return sorted((review for review in planned if review is not None), key=lambda review: (review.due, review.skill))


def due(
    attempts: Iterable[Attempt], now: datetime, skills: Skills = itself, most: int | None = MOST_A_DAY
) -> list[Review]:
    """Return what to train again today, the longest due first, at most so many; days are those where `now` is."""
    return waiting(reviews(attempts, now, skills), now, most)


def waiting(trained: Iterable[Review], now: datetime, most: int | None = MOST_A_DAY) -> list[Review]:
    """Return those of the reviews, the earliest first, that are due today."""
    return [review for review in trained if review.due.astimezone(now.tzinfo).date() <= now.date()][:most]


def rating(attempts: Iterable[Attempt], exercise: str) -> "Rating | None":
    """Return how the last round of an exercise is rated; None where it says nothing yet."""
    rounds = _rounds(attempt for attempt in attempts if attempt.exercise == exercise)
    return rounds[-1].rating if rounds else None


@dataclass(slots=True)
class Round:
    """One exercise with one set of numbers, while it is being answered."""

    exercise: str
    end: datetime
    parts: int = 1
    right: frozenset[str] = frozenset()
    wrong: bool = False
    hint: bool = False
    solution: bool = False
    chosen: str = ""
    """How the learner rates it, "" for as it was."""

    @property
    def complete(self) -> bool:
        return len(self.right) >= self.parts

    @property
    def rating(self) -> "Rating | None":
        from fsrs import Rating

        if self.complete and self.chosen:
            return Rating[self.chosen.capitalize()]
        if self.solution or (self.wrong and not self.complete):
            return Rating.Again
        if not self.complete:
            return None
        return Rating.Hard if self.wrong or self.hint else Rating.Good

    def add(self, attempt: Attempt) -> None:
        self.end = attempt.at
        self.parts = attempt.parts
        self.hint |= attempt.hints > 0
        self.solution |= attempt.solution
        self.wrong |= attempt.verdict == "wrong"
        if attempt.verdict == "right":
            self.right |= {attempt.part}


class Rounds:
    """The rounds of attempts, taken in one by one, in the order in which they began."""

    def __init__(self, attempts: Iterable[Attempt] = ()) -> None:
        self.count = 0
        self.every: list[Round] = []
        self.latest: dict[tuple[str, int, int | None], Round] = {}  # of each exercise with each set of numbers
        self._right: dict[frozenset[str], frozenset[str]] = {}  # each that was there, once
        for attempt in attempts:
            self.add(attempt)

    def add(self, attempt: Attempt) -> None:
        """Take one more attempt in."""
        self.count += 1
        key = attempt.exercise, *attempt.asked
        current = self.latest.get(key)
        if attempt.verdict == RATED:
            if current is not None and attempt.text in RATINGS:
                current.chosen = attempt.text
            return
        if current is None or abs(attempt.at - current.end) >= _DAY:
            current = self.latest[key] = Round(attempt.exercise, attempt.at)
            self.every.append(current)
            if len(self.latest) > _MOST_OPEN:
                self._close(attempt.at)
        if not current.complete:
            current.add(attempt)
            current.right = self._right.setdefault(current.right, current.right)

    def take(self, count: int, latest: dict[tuple[str, int, int | None], Round]) -> None:
        """Know how many attempts there were, and which rounds can go on."""
        self.count, self.latest = count, latest
        self._right = {one.right: one.right for one in self.every}

    def _close(self, now: datetime) -> None:
        """Forget which rounds those were that nothing can be added to any more."""
        self.latest = {key: one for key, one in self.latest.items() if abs(now - one.end) < 2 * _DAY}


def _rounds(attempts: "Iterable[Attempt] | Rounds") -> list[Round]:
    """Return the rounds, in the order in which they began."""
    return (attempts if isinstance(attempts, Rounds) else Rounds(attempts)).every


def _review(skill: str, rounds: Iterable[Round], now: datetime) -> Review | None:
    from fsrs import Card, Rating, Scheduler  # late: start-up time

    # No fuzz: the same attempts are due at the same time whenever that is worked out. No steps: whole days.
    scheduler = Scheduler(learning_steps=(), relearning_steps=(), enable_fuzzing=False)
    now = now.astimezone(UTC)
    card = Card(card_id=1, due=now)  # an id, because it sleeps to make one up
    count = 0
    last: Rating | None = None
    trained: dict[str, None] = {}
    for round_ in rounds:
        rating = round_.rating
        if rating is not None:
            end = min(round_.end, now)
            card, _ = scheduler.review_card(card, rating, max(end, card.last_review or end))
            count += 1
            last = rating
            trained.pop(round_.exercise, None)
            trained[round_.exercise] = None
    if card.last_review is None:
        return None
    recall = scheduler.get_card_retrievability(card, now)
    return Review(skill, card.due, card.last_review, count, recall, last is Rating.Again, tuple(trained))
