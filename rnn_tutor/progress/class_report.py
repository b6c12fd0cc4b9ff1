"""What a class has done: answers of many learners in, one by one; what a lecturer asks of them out. Pure.

The answers of one learner have to come in the order in which they were given, each once. Those of different learners
may come in any order, and by several reports that are merged. What is kept grows with the learners, the exercises that
each of them has begun, and the kinds of mistakes; not with the number of answers.
"""

from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime
from statistics import median
from typing import Literal, NamedTuple, TypeVar, cast

from rnn_tutor.progress.attempt import Attempt
from rnn_tutor.progress.summary import BOTH, EITHER
from rnn_tutor.progress.work import Work

STUCK_WRONG = 4
"""Wrong answers in a row after which a learner is stuck."""
STUCK_MINUTES = 20
"""Minutes of work after which a learner is stuck who gave at least STUCK_LEAST wrong answers in them."""
STUCK_LEAST = 2
MOST_MINUTES = 10
"""What one answer may take: after a longer break it counts as that."""
MISLED_LEAST = 5
"""Learners that have to have answered a part before anything is said of how it misleads."""
MISLED_SAME = 0.4
"""The share of first answers with one and the same mistake from which on a part misleads."""
MISLED_RIGHT = 0.2
"""The share of right first answers up to which a part misleads."""
MOST_PARTS = 64
"""Parts of an exercise that are counted of one learner, where nobody knows which it has."""

State = Literal["", "begun", "stuck", "solved"]
"""How far a learner is with an exercise; "": not begun. Practice, and what is not understood, begin nothing."""


class Asked(NamedTuple):
    """An exercise that a report tells of. parts: the names of its parts, () where they are not known."""

    id: str
    title: str
    unit: str = ""
    points: float = 1
    parts: tuple[str, ...] = ()


@dataclass(frozen=True)
class Terms:
    """What a report is about, and what it counts by.

    assignment: its id, "" where there is none; then every answer counts, whatever its numbers. seed_of: the seed of a
    learner's own numbers, of the ids of learner, assignment and exercise. tries: wrong answers that a part may have.
    names: what is said of mistakes, by the ids of rules and kinds of diagnoses; others are not told.
    """

    title: str
    exercises: tuple[Asked, ...]
    assignment: str = ""
    seed_of: Callable[[str, str, str], int] | None = None
    until: datetime | None = None
    extended: Mapping[str, datetime] = field(default_factory=dict)
    tries: int | None = None
    names: Mapping[str, str] = field(default_factory=dict)

    def due(self, learner: str) -> datetime | None:
        """Return until when a learner has time, None for always."""
        return self.extended.get(learner, self.until)


class Mistake(NamedTuple):
    """A mistake by name: the id of its rule, or the kind of its diagnosis, and what is said of it.

    Of a kind that an exercise's file describes, `says` may be the sentence of the file.
    """

    rule: str
    says: str


class Made(NamedTuple):
    """How many learners made a mistake, how often, and in which exercises."""

    mistake: Mistake
    learners: int
    times: int
    exercises: tuple[str, ...]


class Stuck(NamedTuple):
    """Who is stuck where: the part, wrong answers and minutes since the last part that was right, the last mistake.

    no_try: no try is left at that part, after so many wrong answers to it.
    """

    learner: str
    exercise: str
    part: str
    wrong: int
    minutes: float
    no_try: bool
    mistake: Mistake | None


class Misleads(NamedTuple):
    """Why an exercise misleads: at a part, `learners` of those who `answered` it began with the same mistake.

    Where `mistake` is None, `learners` is how many were right at first, and that is few.
    """

    part: str
    answered: int
    learners: int
    mistake: Mistake | None


class First(NamedTuple):
    """What the first answer to a part was: right, or with which mistakes."""

    part: str
    right: bool
    mistakes: tuple[Mistake, ...]


M = TypeVar("M", Mistake, First)


@dataclass(frozen=True, slots=True)
class Cell:
    """What one learner did of one exercise."""

    state: State
    right: int
    parts: int
    tries: int
    """Answers to the learner's own numbers until each part was right."""
    minutes: float
    points: float
    """What is earned in time; `late_points` is what came later."""
    late_points: float
    late: bool
    """Whether some part was right only when it was due already."""
    looked_up: int
    """Parts that were right only after the solution was open."""
    repeated: int
    practice: int
    after: int
    no_try: int
    """Right answers to parts that had no try left. They count for nothing."""
    wrong_no_try: int
    """Wrong answers to such parts. They count for nothing either."""
    last: datetime | None
    stuck: Stuck | None
    now: Mistake | None
    """The mistake of the last wrong answer, as long as that part is open; None where it has no name."""
    first: tuple[First, ...]
    mistakes: tuple[tuple[Mistake, int], ...]


@dataclass(frozen=True, slots=True)
class LearnerReport:
    """What one learner did. cells: by exercise, those that were answered."""

    id: str
    due: datetime | None
    extended: bool
    cells: Mapping[str, Cell]

    @property
    def begun(self) -> bool:
        """Whether any answer counted."""
        return any(cell.state for cell in self.cells.values())

    @property
    def solved(self) -> int:
        """How many exercises are solved."""
        return sum(cell.state == "solved" for cell in self.cells.values())

    @property
    def points(self) -> float:
        """What is earned in time."""
        return sum(cell.points for cell in self.cells.values())

    @property
    def late_points(self) -> float:
        """What would be earned beside that if late work counted."""
        return sum(cell.late_points for cell in self.cells.values())

    @property
    def late(self) -> tuple[str, ...]:
        """The exercises of which a part was right too late."""
        return tuple(exercise for exercise, cell in self.cells.items() if cell.late)

    @property
    def stuck(self) -> tuple[Stuck, ...]:
        """Where the learner is stuck."""
        return tuple(cell.stuck for cell in self.cells.values() if cell.stuck is not None)

    @property
    def last(self) -> datetime | None:
        """When the learner answered last."""
        return max((cell.last for cell in self.cells.values() if cell.last is not None), default=None)


@dataclass(frozen=True, slots=True)
class ExerciseReport:
    """What a class did of one exercise. Medians are over those who solved it, None where nobody did."""

    asked: Asked
    begun: int
    """How many learners answered it, those who solved it too."""
    solved: int
    late: int
    looked_up: int
    """How many learners had a part right only after the solution was open."""
    tries: int
    median_tries: float | None
    median_minutes: float | None
    stuck: tuple[Stuck, ...]
    mistakes: tuple[Made, ...]
    """The mistakes that have a name, the one of most learners first."""
    now: tuple[Made, ...]
    """Those of the last wrong answers, of all who have not solved that part."""
    misleads: tuple[Misleads, ...]


@dataclass(frozen=True, slots=True)
class Report:
    """What a class did. Learners are in the order of their ids, exercises in that of the terms."""

    terms: Terms
    learners: tuple[LearnerReport, ...]
    exercises: tuple[ExerciseReport, ...]
    mistakes: tuple[Made, ...]
    """Over all exercises, the one of most learners first."""
    elsewhere: int
    """Answers to what the report does not tell of: other exercises, or parts that there are not."""

    @property
    def not_begun(self) -> tuple[str, ...]:
        """Who has not begun."""
        return tuple(learner.id for learner in self.learners if not learner.begun)

    @property
    def stuck(self) -> tuple[Stuck, ...]:
        """Who is stuck where, by exercises."""
        return tuple(one for exercise in self.exercises for one in exercise.stuck)

    @property
    def most(self) -> float:
        """How many points there are."""
        return sum(exercise.points for exercise in self.terms.exercises)


class ClassReport:
    """A report that is being made: what was counted of learners of whom more may come, and of those who are closed."""

    def __init__(self, terms: Terms) -> None:
        self.terms = terms
        self._asked = {asked.id: asked for asked in terms.exercises}
        self.begun: dict[str, dict[str, _Counted]] = {}
        self.closed: dict[str, LearnerReport] = {}
        self.elsewhere: Counter[str] = Counter()
        self._said: dict[Mistake | First, Mistake | First] = {}

    def meet(self, learner: str) -> None:
        """Take a learner in, who may have done nothing."""
        if learner not in self.closed:
            self.begun.setdefault(learner, {})

    def add(self, learner: str, attempt: Attempt, says: str = "") -> None:
        """Take one more answer in, which comes after all others of this learner.

        says: what the file of the exercise says of the mistake, where no rule names it and the caller knows.
        ValueError for a learner who was closed.
        """
        if learner in self.closed:
            raise ValueError(f"{learner} was closed")
        begun = self.begun.setdefault(learner, {})
        asked = self._asked.get(attempt.exercise)
        if asked is None or (asked.parts and attempt.part not in asked.parts):
            self.elsewhere[learner] += attempt.counts
            return
        counted = begun.get(asked.id)
        if counted is None:
            due = self.terms.due(learner)
            counted = begun[asked.id] = _Counted(asked, self._seed(learner, asked.id), due, self.terms.tries)
        if not counted.add(attempt, self._named(attempt, says)):
            self.elsewhere[learner] += 1

    def close(self, learner: str) -> None:
        """Note that nothing more of a learner comes: what was kept for counting on goes."""
        begun = self.begun.pop(learner, None)
        if begun is not None:
            self.closed[learner] = self._told(learner, begun)

    def drop(self, learner: str) -> None:
        """Leave out all that came of a learner, who may be told anew, or not at all."""
        self.begun.pop(learner, None)
        self.closed.pop(learner, None)
        self.elsewhere.pop(learner, None)

    def merge(self, other: "ClassReport") -> None:
        """Take all learners of another report on the same terms. ValueError where both have one."""
        mine, others = self.begun.keys() | self.closed.keys(), other.begun.keys() | other.closed.keys()
        if both := mine & others:
            raise ValueError(f"{min(both)} is in both reports")
        self.begun |= other.begun
        self.closed |= {learner: self._sharing(told) for learner, told in other.closed.items()}
        self.elsewhere += other.elsewhere

    def result(self) -> Report:
        """Return the report as of now; answers may come after it."""
        learners = [*self.closed.values(), *(self._told(learner, begun) for learner, begun in self.begun.items())]
        learners.sort(key=lambda learner: learner.id)
        by_exercise: dict[str, list[tuple[str, Cell]]] = {asked.id: [] for asked in self.terms.exercises}
        for learner in learners:
            for exercise, cell in learner.cells.items():
                by_exercise[exercise].append((learner.id, cell))
        return Report(
            self.terms,
            tuple(learners),
            tuple(_exercise(self._asked[exercise], cells) for exercise, cells in by_exercise.items()),
            _made(
                (learner.id, exercise, cell.mistakes)
                for learner in learners
                for exercise, cell in learner.cells.items()
            ),
            self.elsewhere.total(),
        )

    def _sharing(self, told: LearnerReport) -> LearnerReport:
        """Return what a learner did with the names of all mistakes kept once, however many learners made them.

        From another process each comes as a copy: of 40 exercises two thirds of what a learner takes.
        """

        def one(said: M) -> M:
            return cast("M", self._said.setdefault(said, said))

        def shared(cell: Cell) -> Cell:
            return replace(
                cell,
                now=cell.now and one(cell.now),
                first=tuple(map(one, cell.first)),
                mistakes=tuple((one(mistake), times) for mistake, times in cell.mistakes),
            )

        cells = {self._asked[exercise].id: shared(cell) for exercise, cell in told.cells.items()}
        return replace(told, cells=cells)

    def _seed(self, learner: str, exercise: str) -> int | None:
        return self.terms.seed_of(learner, self.terms.assignment, exercise) if self.terms.seed_of is not None else None

    def _named(self, attempt: Attempt, says: str) -> tuple[Mistake, ...]:
        """Return the mistakes that were named in an answer; of two that could not be told apart none was."""
        if attempt.verdict != "wrong" or EITHER in attempt.rule:
            return ()
        names = self.terms.names
        rules = sorted({rule for rule in attempt.rule.split(BOTH) if rule in names}) if attempt.rule else []
        if rules:
            return tuple(Mistake(rule, names[rule]) for rule in rules)
        kind = attempt.diagnosis
        return (Mistake(kind, says or names[kind]),) if kind in names else ()

    def _told(self, learner: str, begun: "Mapping[str, _Counted]") -> LearnerReport:
        cells = {asked.id: begun[asked.id].told(learner) for asked in self.terms.exercises if asked.id in begun}
        return LearnerReport(learner, self.terms.due(learner), learner in self.terms.extended, cells)


class _Counted:
    """What counts of one learner's answers to one exercise. seed: of their own numbers, None where any are."""

    __slots__ = ("asked", "first", "last", "last_mistake", "last_part", "minutes", "mistakes", "seed", "since", "work")

    def __init__(self, asked: Asked, seed: int | None, until: datetime | None, tries: int | None) -> None:
        self.asked = asked
        self.seed = seed
        self.work = Work(until, tries)
        self.minutes = 0.0
        self.since = [0, 0.0]  # wrong answers, and minutes, since the last part that was right
        self.last: datetime | None = None
        self.last_part = ""
        self.last_mistake: Mistake | None = None
        self.first: dict[str, First] = {}
        self.mistakes: Counter[Mistake] = Counter()

    def add(self, attempt: Attempt, mistakes: tuple[Mistake, ...]) -> bool:
        """Count an answer; False where it has more parts than any exercise."""
        own = self.seed is None or attempt.seed == self.seed
        if self.last is None or attempt.at > self.last:
            self.last = attempt.at
        if own and not self.work.done:
            minutes = min(attempt.seconds / 60, MOST_MINUTES)
            self.minutes += minutes
            self.since[1] += minutes
        self.work.parts = parts = len(self.asked.parts) or attempt.parts  # also where nothing counts
        if not attempt.counts:
            return True
        part, known = attempt.part, len(self.work.right)
        if own and part not in self.first:
            if len(self.first) >= MOST_PARTS:
                return False
            self.first[part] = First(part, attempt.verdict == "right", mistakes)
        was_right, was_over = part in self.work.right, self.work.left(part) == 0
        self.work.add(attempt, self.seed if self.seed is not None else attempt.seed)
        self.work.parts = parts
        if not own or (was_over and not was_right):
            return True
        self.mistakes.update(mistakes)
        if len(self.work.right) > known:
            self.since = [0, 0.0]
            self.last_mistake = self.last_mistake if part != self.last_part else None
        elif attempt.verdict != "right" and not was_right:
            self.since[0] += 1
            self.last_part = part
            self.last_mistake = mistakes[0] if mistakes else None
        return True

    def told(self, learner: str) -> Cell:
        """Return what it amounts to."""
        work, stuck = self.work, self._stuck(learner)
        state: State = "solved" if work.done else "stuck" if stuck is not None else "begun" if work.begun else ""
        points = work.points(self.asked.points)
        return Cell(
            state,
            min(len(work.right), work.parts),
            work.parts,
            len(work.right) + work.wrong.total(),
            self.minutes,
            points,
            work.points(self.asked.points, late=True) - points,
            work.late,
            len(work.looked_up),
            work.repeated,
            work.practice,
            work.after,
            work.no_try,
            work.wrong_no_try,
            self.last,
            stuck,
            self.last_mistake if state in ("begun", "stuck") else None,
            tuple(sorted(self.first.values())),
            tuple(sorted(self.mistakes.items())),
        )

    def _stuck(self, learner: str) -> Stuck | None:
        work = self.work
        if work.done:
            return None
        wrong, minutes = int(self.since[0]), float(self.since[1])
        over = sorted(part for part in work.wrong if part not in work.right and work.left(part) == 0)
        if not over and wrong < STUCK_WRONG and (minutes < STUCK_MINUTES or wrong < STUCK_LEAST):
            return None
        part = self.last_part if self.last_part in over or not over else over[0]
        mistake = self.last_mistake if part == self.last_part else None
        wrong = work.wrong[part] if over else wrong
        return Stuck(learner, self.asked.id, part, wrong, minutes, bool(over), mistake)


def _exercise(asked: Asked, cells: Iterable[tuple[str, Cell]]) -> ExerciseReport:
    begun = [(learner, cell) for learner, cell in cells if cell.state]
    solved = [cell for _, cell in begun if cell.state == "solved"]
    return ExerciseReport(
        asked,
        len(begun),
        len(solved),
        sum(cell.late for _, cell in begun),
        sum(cell.looked_up > 0 for _, cell in begun),
        sum(cell.tries for _, cell in begun),
        median(cell.tries for cell in solved) if solved else None,
        median(cell.minutes for cell in solved) if solved else None,
        tuple(cell.stuck for _, cell in begun if cell.stuck is not None),
        _made((learner, asked.id, cell.mistakes) for learner, cell in begun),
        _made((learner, asked.id, ((cell.now, 1),)) for learner, cell in begun if cell.now is not None),
        tuple(_misleading(first for _, cell in begun for first in cell.first)),
    )


def _made(told: Iterable[tuple[str, str, Iterable[tuple[Mistake, int]]]]) -> tuple[Made, ...]:
    """Return how many made each mistake. told: learners, exercises, and how often they made which mistake there."""
    learners: defaultdict[Mistake, set[str]] = defaultdict(set)
    exercises: defaultdict[Mistake, set[str]] = defaultdict(set)
    times: Counter[Mistake] = Counter()
    for learner, exercise, mistakes in told:
        for mistake, count in mistakes:
            learners[mistake].add(learner)
            exercises[mistake].add(exercise)
            times[mistake] += count
    made = [Made(one, len(learners[one]), times[one], tuple(sorted(exercises[one]))) for one in times]
    return tuple(sorted(made, key=lambda one: (-one.learners, -one.times, one.mistake)))


def _misleading(firsts: Iterable[First]) -> Iterator[Misleads]:
    """Give the parts that mislead, by name: many begin with the same mistake, or few with the right answer."""
    by_part: defaultdict[str, list[First]] = defaultdict(list)
    for first in firsts:
        by_part[first.part].append(first)
    for part, all_first in sorted(by_part.items()):
        answered, right = len(all_first), sum(first.right for first in all_first)
        if answered < MISLED_LEAST:
            continue
        same = Counter(mistake for first in all_first for mistake in first.mistakes)
        most, learners = min(same.items(), key=lambda one: (-one[1], one[0]), default=(None, 0))
        if learners >= MISLED_SAME * answered:
            yield Misleads(part, answered, learners, most)
        elif right <= MISLED_RIGHT * answered:
            yield Misleads(part, answered, right, None)
