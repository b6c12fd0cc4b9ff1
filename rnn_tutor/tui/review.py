"""The review of a sitting: what is due, which exercises train it, how each went; no widget in here."""

from collections.abc import Container, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from itertools import groupby
from typing import TYPE_CHECKING, NamedTuple, Protocol

if TYPE_CHECKING:
    from rnn_tutor.exercises.load import Library
    from rnn_tutor.exercises.model import Course, Unit, Way
    from rnn_tutor.progress.abilities import Ability
    from rnn_tutor.progress.notes import Notes
    from rnn_tutor.progress.queue import Planned
    from rnn_tutor.progress.review import Review, Rounds, Shown
    from rnn_tutor.progress.store import Attempt
    from rnn_tutor.progress.summary import Mistakes, Standing


_MOST_DAYS = 3
SOLVED, SOLVED_AFTER = "Solved.", "Solved after you read the solution."
_RATED = {
    "good": "Solved, and recalled.",
    "hard": "Solved, with a second try or a hint: it comes back sooner.",
    "again": "Solved, with the solution: it comes back soon.",
    "": SOLVED,
}
_CHOSEN = {
    "easy": "You rated it easy: it comes back later.",
    "good": "You rated it good.",
    "hard": "You rated it hard: it comes back sooner.",
    "again": "You rated it again: it comes back soon.",
}
_WENT = {"easy": "recalled", "good": "recalled", "hard": "with help", "again": "not yet", "": "not rated"}
_LEFT_OUT = "left out"


class Plan(NamedTuple):
    """What is due by so many attempts and notes, on a day: every skill, and what trains those that are due."""

    attempts: int
    day: date | None
    trained: "tuple[Review, ...]" = ()
    planned: "tuple[Planned, ...]" = ()


class Recalled(NamedTuple):
    """How one exercise of a review went, and when the first of its skills is due again (None: that is not known)."""

    exercise: str
    went: str
    due: datetime | None


@dataclass
class Round:
    """A review that was begun: its exercises in order, and how each that is solved was rated ("": not at all)."""

    exercises: list[str]
    rated: dict[str, str] = field(default_factory=dict)
    opened: set[str] = field(default_factory=set)
    """Those that have their new numbers."""
    chosen: set[str] = field(default_factory=set)
    """Those that the learner has rated."""
    over: bool = False
    """Whether it was summed up."""

    @property
    def good(self) -> int:
        """How many were recalled at once."""
        return sum(rated in ("good", "easy") for rated in self.rated.values())

    def after(self, exercise: str | None) -> str | None:
        """Return the next exercise that is not solved, from this one on and round; None when there is no other."""
        start = self.exercises.index(exercise) + 1 if exercise in self.exercises else 0
        order = [*self.exercises[start:], *self.exercises[:start]]
        return next((name for name in order if name not in self.rated and name != exercise), None)


class Answered(Protocol):
    """What a sitting knows, as far as a review asks."""

    @property
    def rounds(self) -> "Rounds":
        """The rounds of all attempts."""

    @property
    def mistakes(self) -> "Mistakes":
        """The mistakes that were named in them."""

    def answers_to(self, exercise: str) -> "list[Attempt]":
        """Return all attempts at an exercise."""

    @property
    def notes(self) -> "Notes":
        """What is noted beside them."""

    @property
    def standings(self) -> "Mapping[str, Standing]":
        """How the learner stands with each exercise, by all attempts."""

    def unit_of(self, name: str) -> "Unit | None":
        """Return the unit that an exercise belongs to."""


def way_of(course: "Course", notes: "Notes") -> "Way | None":
    """Return the way through the course that was chosen, if there still is one of that id."""
    return next((way for way in course.ways if way.id == notes.way), None)


def next_open(course: "Course", past: Answered, due: Iterable[str] = ()) -> str | None:
    """Return the exercise to go on with: the way, the course's order, then what is due; None when all is done."""
    from rnn_tutor.progress.summary import next_open as following

    units = [(unit.id, unit.needs, unit.exercise_ids) for unit in course.units]
    way = way_of(course, past.notes)
    return following(units, past.standings, due, way=way.through if way is not None else (), known=past.notes.known)


class Reviews:
    """What is due for a learner, and the review that is going on."""

    def __init__(self, library: "Library", answered: Answered) -> None:
        self._library = library
        self._answered = answered
        self._skills: dict[str, tuple[str, ...]] = {}
        self._plan = Plan(0, None)
        self.round: Round | None = None

    @property
    def planned(self) -> "tuple[Planned, ...]":
        """The exercises that train what is due today, in the order of a review; known after `take` or `find`."""
        return self._plan.planned

    @property
    def due(self) -> tuple[str, ...]:
        """The ids of the planned exercises."""
        return tuple(planned.exercise for planned in self.planned)

    def take(self, plan: Plan) -> None:
        """Know what was worked out elsewhere (in a thread)."""
        self._plan = plan

    def find(self) -> None:
        """Work out what is due; on the same day, without new attempts, nothing is done."""
        rounds, notes = self._answered.rounds, self._answered.notes
        if (rounds.count + notes.count, _today()) != self._plan[:2]:
            self.take(self.plan(rounds, self._answered.standings, notes))

    def plan(self, rounds: "Rounds", standings: "Mapping[str, Standing]", notes: "Notes") -> Plan:
        """Return what is due by the rounds of all attempts, by what they amount to, and by what is noted."""
        if not rounds.count and not notes.known:
            return Plan(0, None)
        from rnn_tutor.progress import clock
        from rnn_tutor.progress.queue import queue
        from rnn_tutor.progress.review import reviews, waiting  # late: the scheduler takes long to import

        now = clock.now().astimezone()
        known = [entry.id for unit in self._library.course.units if unit.id in notes.known for entry in unit.exercises]
        trained = reviews(rounds, now, self.skills_of, self._shown(notes))
        trains = {exercise: skills for exercise in (*standings, *known) if (skills := self.skills_of(exercise))}
        units = {exercise: unit.id for exercise in trains if (unit := self._answered.unit_of(exercise)) is not None}
        planned = queue(waiting(trained, now), trains, standings, units)
        return Plan(rounds.count + notes.count, now.date(), tuple(trained), tuple(planned))

    def _shown(self, notes: "Notes") -> "Iterator[Shown]":
        """Give the skills of the units that are known: of the exercises that train one, the first."""
        from rnn_tutor.progress.review import Shown

        for unit in self._library.course.units:
            if unit.id in notes.known:
                trained = {skill: entry.id for entry in reversed(unit.exercises) for skill in self.skills_of(entry.id)}
                for skill, exercise in trained.items():
                    yield Shown(skill, exercise, notes.known[unit.id])

    def skills_of(self, exercise: str) -> tuple[str, ...]:
        """Return the skills that an exercise of the course trains; none of a lab, or of a file that cannot be read."""
        from rnn_tutor.exercises.files.finding import ContentError
        from rnn_tutor.exercises.skills import skills

        if exercise not in self._skills:
            unit = self._answered.unit_of(exercise) if self._library.lists(exercise) else None
            try:
                self._skills[exercise] = skills(self._library.exercise(exercise), unit.id) if unit is not None else ()
            except ContentError:  # told where it is opened
                self._skills[exercise] = ()
        return self._skills[exercise]

    def begin(self, most: int) -> str | None:
        """Begin a review, or go on with the one that was begun; return its next exercise, None where nothing is due."""
        following = self.round.after(None) if self.round is not None else None
        if following is None:
            self.find()
            self.round = Round(list(self.due[:most])) if self.planned else None
            following = self.round.after(None) if self.round is not None else None
        return following

    def open(self, exercise: str) -> bool:
        """Tell whether an exercise is one of the review and gets its new numbers now."""
        if self.round is None or exercise not in self.round.exercises or exercise in self.round.opened:
            return False
        self.round.opened.add(exercise)
        return True

    def under_way(self, exercise: str) -> bool:
        """Tell whether an exercise is being answered in the review; in one that was summed up none is."""
        return self.round is not None and not self.round.over and exercise in self.round.opened

    def solved(self, exercise: str) -> str:
        """Note that an exercise of the review is solved, and return how it is rated ("": not at all)."""
        if self.round is None or exercise not in self.round.opened:
            return ""
        if exercise not in self.round.rated:
            from rnn_tutor.progress.review import rating

            given = rating(self._answered.answers_to(exercise), exercise)
            self.round.rated[exercise] = given.name.lower() if given is not None else ""
        return self.round.rated[exercise]

    def other_rating(self, exercise: str) -> str:
        """Return the rating after the one that an exercise of the review has, "" where it has none to change."""
        from rnn_tutor.progress.review import RATINGS

        rated = self.solved(exercise) if self.under_way(exercise) else ""
        return RATINGS[(RATINGS.index(rated) + 1) % len(RATINGS)] if rated else ""

    def rated(self, exercise: str, rating: str) -> None:
        """Note how the learner rates an exercise of the review."""
        if self.round is not None and self.solved(exercise):
            self.round.rated[exercise] = rating
            self.round.chosen.add(exercise)

    def says(self, exercise: str, change: str) -> str:
        """Return what is said of a solved exercise, and how its rating is changed: by the key or command `change`."""
        rating = self.solved(exercise)
        if not rating or self.round is None:
            return _RATED[rating]
        if exercise in self.round.chosen:
            return f"Solved. {_CHOSEN[rating]} {change} changes it."
        return f"{_RATED[rating]} Rated {rating} ({change} changes it)."

    def sum_up(self) -> "list[Recalled]":
        """End the review, and return how each of its exercises went."""
        if self.round is None:
            return []
        self.round.over = True
        comes: dict[str, datetime] = {}
        for review in self.coming():
            for exercise in review.exercises:
                comes.setdefault(exercise, review.due)
        rated = self.round.rated
        return [
            Recalled(exercise, _WENT[rated[exercise]] if exercise in rated else _LEFT_OUT, comes.get(exercise))
            for exercise in self.round.exercises
        ]

    @property
    def left(self) -> int:
        """How many exercises are due that are not solved in the review."""
        rated = self.round.rated if self.round is not None else {}
        return sum(exercise not in rated for exercise in self.due)

    def skills(self) -> "list[Ability]":
        """Return every skill that was trained, the one that is recalled least first."""
        from rnn_tutor.progress.abilities import abilities

        return abilities(self.coming(), self._answered.standings)

    def name_of(self, skill: str) -> str:
        """Return a skill in words."""
        from rnn_tutor.exercises.skills import name_of

        return name_of(skill, {unit.id: unit.title for unit in self._library.course.units})

    def coming(self) -> "Sequence[Review]":
        """Return when each skill comes back, the earliest first."""
        self.find()
        return self._plan.trained


def due_now(count: int) -> str:
    """Return how many exercises are due, as a sentence begins; "" for none."""
    subject = "One exercise is" if count == 1 else f"{count} exercises are"
    return f"{subject} due for review." if count else ""


def this_week(standings: "Iterable[Standing]", labs: Container[str], reviews: Reviews) -> str:
    """Return what was done in the last seven days, and when skills come back; "" where nothing was done."""
    from rnn_tutor.progress import clock
    from rnn_tutor.progress.summary import week

    every, now = [*standings], clock.now().astimezone()
    done = week((one for one in every if one.exercise not in labs), now)
    played = week((one for one in every if one.exercise in labs), now).exercises
    exercises = f"{done.exercises} exercise{'s' * (done.exercises != 1)}" if done.exercises else ""
    mastered = f", {done.mastered} mastered" if done.mastered else ""
    count = f"{played} lab{'s' * (played != 1)}" if played else ""
    told = " and ".join(filter(None, (f"{exercises}{mastered}", count)))
    return f"This week: {told}. {coming_back(reviews)}".rstrip() if told else ""


def how_far(ability: "Ability") -> str:
    """Return how far a skill is; of one that is shaky, why it is."""
    if ability.state == "begun":
        return "begun, not right yet"
    if ability.again:
        return f"{ability.state}, but not recalled the last time"
    return f"{ability.state}, recalled at {ability.recall:.0%}"


def coming_back(reviews: Reviews) -> str:
    """Return when the next skills come back, such as "Skills due next: 3 tomorrow, 2 on 2026-12-04."; "" for none."""
    today = _today()
    later = [day for review in reviews.coming() if (day := day_of(review.due)) > today]
    days = [(day, len(list(group))) for day, group in groupby(sorted(later))][:_MOST_DAYS]
    if not days:
        return ""
    told = ", ".join(
        f"{count} tomorrow" if (day - today).days == 1 else f"{count} on {day:%Y-%m-%d}" for day, count in days
    )
    return f"Skills due next: {told}."


def day_of(moment: datetime) -> date:
    """Return the day of a moment, where the learner is."""
    return moment.astimezone().date()


def _today() -> date:
    from rnn_tutor.progress import clock  # late, as all that a first frame does without

    return clock.now().astimezone().date()
