"""An assignment in one sitting: what is done of it, what is still open, what is told of it; no widget in here."""

import shlex
from collections.abc import Collection, Iterable
from datetime import timedelta
from typing import TYPE_CHECKING, Protocol

from rnn_tutor.exercises.words import points
from rnn_tutor.progress import clock
from rnn_tutor.progress.work import Work, work_of

if TYPE_CHECKING:
    from rnn_tutor.exercises.assignment import Assigned
    from rnn_tutor.progress.attempt import Attempt
    from rnn_tutor.tui.visits import ExerciseVisit

OWN = "your own numbers"
_LATE_NOW = "What you do now counts as late."
ARE_OWN = "These are your own numbers."
_WAITS = {
    "solved": "The solution opens once each part is right with your own numbers, or has no try left.",
    "never": "Solutions stay closed in this assignment.",
}


class _Record(Protocol):
    """What a sitting knows of answers, as far as an assignment asks."""

    saves: int

    def saved_answers_to(self, exercise: str) -> "Iterable[Attempt]":
        """Return all attempts at an exercise, in the order in which they were added."""


class Assignment:
    """What one sitting knows of an assignment."""

    def __init__(self, assigned: "Assigned", record: _Record) -> None:
        self._assigned = assigned
        self._record = record
        self._known: dict[str, tuple[int, Work]] = {}  # what was worked out, and after how many savings
        self._until = assigned.until

    @property
    def title(self) -> str:
        """Its title."""
        return self._assigned.assignment.title

    @property
    def about(self) -> str:
        """What it says it is for."""
        return self._assigned.assignment.about

    def seed_of(self, exercise: str) -> int | None:
        """Return the seed of the learner's own numbers; None for what is not assigned."""
        return self._assigned.seed_of(exercise)

    def work(self, exercise: str) -> Work:
        """Return what was done of an exercise that is assigned."""
        saves, work = self._known.get(exercise, (-1, Work()))
        if saves != self._record.saves:
            seed = self._assigned.seed_of(exercise)
            answers = self._record.saved_answers_to(exercise) if seed is not None else ()
            work = work_of(answers, seed or 0, until=self._until, tries=self._assigned.assignment.tries)
            self._known[exercise] = self._record.saves, work
        return work

    def given(self, visit: "ExerciseVisit", content_hash: str) -> "list[Attempt]":
        """Return the answers that count, of those that were given with the numbers of a visit: the learner's own."""
        if not self.is_own(visit):
            return []
        every = self._record.saved_answers_to(visit.id)
        return [one for one in every if one.counts and (one.seed, one.content_hash) == (visit.seed, content_hash)]

    def right_for_good(self, visit: "ExerciseVisit") -> "Collection[str]":
        """Return the parts that are right whatever is typed into them now."""
        return self.work(visit.id).right if self.is_own(visit) else ()

    def is_own(self, visit: "ExerciseVisit") -> bool:
        """Tell whether an exercise has the learner's own numbers, on which it counts."""
        return visit.seed is not None and visit.seed == self.seed_of(visit.id)

    def state(self, exercise: str) -> str:
        """Return how far an exercise is: done, begun, or ""."""
        work = self.work(exercise)
        return "done" if work.done else "begun" if work.begun else ""

    # what is closed

    def solution_waits(self, visit: "ExerciseVisit") -> str:
        """Return why the solution does not open yet, "" where it does."""
        when = self._assigned.assignment.solutions
        parts = [part.name for part in visit.question.parts]
        if when == "always" or (when == "solved" and self.work(visit.id).over(parts)):
            return ""
        return _WAITS[when]

    def bounded(self, visit: "ExerciseVisit") -> bool:
        """Tell whether each part takes only so many answers."""
        return self.is_own(visit) and self._assigned.assignment.tries is not None

    def no_try_left(self, visit: "ExerciseVisit", part: str) -> str:
        """Return that a part takes no more answers, "" where it does."""
        work = self.work(visit.id)
        if not self.is_own(visit) or part in work.right or work.left(part) != 0:
            return ""
        times = "your only try" if work.tries == 1 else f"all {work.tries} tries"
        return f"You have used {times}{_at(visit, part)}. With new numbers you can practise on."

    # what is told

    def told_after(self, visit: "ExerciseVisit", part: str) -> str:
        """Return what is said beside a verdict: how many tries are left, and that it is late."""
        work = self.work(visit.id)
        if not self.is_own(visit):
            return f"This is practice: only {OWN} count."
        left = None if part in work.right else work.left(part)
        again = part in visit.repeated
        said = f"You gave this answer before, so it {'is not counted again' if left is None else 'costs no try'}."
        tries = "" if left is None else f"{_tries(left).capitalize()} left{_at(visit, part)}."
        late = "This is late." if self.is_over() else ""
        opened = self._assigned.assignment.solutions == "solved" and left == 0 and not self.solution_waits(visit)
        return " ".join(filter(None, (said if again else "", tries, late, "The solution opens now." if opened else "")))

    def told_before(self, visit: "ExerciseVisit", part: str) -> str:
        """Return how many tries a part has left, if that is bounded, and that it is late; "" where neither matters."""
        work = self.work(visit.id)
        if not self.is_own(visit) or part in work.right:
            return ""
        left = work.left(part)
        tries = "" if left is None else f"{_tries(left).capitalize()} left."
        return " ".join(filter(None, (tries, _LATE_NOW if left != 0 and self.is_over() else "")))

    def briefly(self, visit: "ExerciseVisit", part: str) -> str:
        """Return, for a bar, how many tries the part in use has left and that it is late, or else when it is due."""
        if not self.is_own(visit):
            return "practice"
        tries = self._tries_of(visit, part)
        if self.work(visit.id).ended:
            return tries
        return ", ".join(filter(None, (tries, self.due_briefly() if self.is_over() or not tries else "")))

    def _tries_of(self, visit: "ExerciseVisit", part: str) -> str:
        """Return how many tries the part in use has left; "" where that is not bounded.

        Of a part that is right that matters no more: then it is the next open one.
        """
        work = self.work(visit.id)
        unsolved = [one.name for one in visit.question.parts if one.name not in work.right]
        if part not in unsolved:
            part = next((name for name in unsolved if work.left(name) != 0), unsolved[0] if unsolved else "")
        left = work.left(part) if part else None
        return "" if left is None else f"{_tries(left)} left"

    def word_of(self, exercise: str) -> str:
        """Return what stands in the row of an exercise: how far it is, and whether that was late."""
        work = self.work(exercise)
        if not work.begun:
            return ""
        words = ["done" if work.done else f"{len(work.right)} of {_counted(work.parts, 'part', 'parts')}"]
        if work.ended and not work.done:  # in as many columns as there are on a narrow screen
            words = [f"{len(work.right)}/{work.parts}, no try left"]
        if work.late:
            words.append("late")
        if work.looked_up:
            words.append("solution read")
        return ", ".join(words)

    def summary(self) -> str:
        """Return how much is done, and how many points that is."""
        works = {exercise: self.work(exercise) for exercise in self._assigned.exercises}
        done = sum(work.done for work in works.values())
        earned = sum(work.points(self._assigned.points(exercise)) for exercise, work in works.items())
        late = sum(work.points(self._assigned.points(exercise), late=True) for exercise, work in works.items()) - earned
        most = sum(map(self._assigned.points, works))
        more = f", {points(late)} late" if late > 0 else ""
        return f"{done} of {len(works)} done, {points(earned)} of {_counted(most, 'point', 'points')}{more}"

    def to_hand_in(self) -> str:
        """Return how the work is handed in, once nothing of it is left to be done, or it is due; "" before."""
        ended = all(self.work(exercise).ended for exercise in self._assigned.exercises)
        if self._assigned.file is None or not (ended or self.is_over()):
            return ""
        command = f"rnn-tutor hand-in --assignment {shlex.quote(str(self._assigned.file))}"
        return f"{'Nothing is left to do. ' if ended else ''}To hand in, leave the tutor and type: {command}"

    def is_over(self) -> bool:
        """Tell whether it was due already."""
        return self._until is not None and clock.now() > self._until

    def seconds_left(self) -> float | None:
        """Return how long it is until it is due; None: it never is, or was already."""
        return None if self._until is None or self.is_over() else (self._until - clock.now()).total_seconds()

    def due(self) -> str:
        """Return when it is due, in the time of this machine and with its zone, and how long that is; "": never."""
        if self._until is None:
            return ""
        when = f"{self._until.astimezone():%a %d %b %Y, %H:%M %Z}".rstrip()
        longer = ", extended for you" if self._assigned.extended else ""
        if self.is_over():
            return f"It was due on {when}{longer}. {_LATE_NOW}"
        return f"Due on {when}, {_in(self._until - clock.now())}{longer}."

    def due_briefly(self) -> str:
        """Return when it is due, for a bar."""
        if self._until is None:
            return ""
        return "late" if self.is_over() else f"due {_in(self._until - clock.now())}"


def _in(left: timedelta) -> str:
    if left >= timedelta(days=2):
        return f"in {left.days} days"
    if left >= timedelta(hours=2):
        return f"in {int(left.total_seconds() // 3600)} hours"
    return f"in {_counted(int(left.total_seconds() // 60), 'minute', 'minutes')}"


def _at(visit: "ExerciseVisit", part: str) -> str:
    """Return which part is meant, as it is called on the screen: options and programs do not show its name there."""
    parts = visit.question.parts
    place = next(place for place, one in enumerate(parts, 1) if one.name == part)
    shown = not parts[place - 1].ask.options and parts[place - 1].kind != "program"
    return "" if len(parts) == 1 else f" at {part if shown else f'part {place}'}"


def _counted(count: int, one: str, several: str) -> str:
    return f"{count} {one if count == 1 else several}"


def _tries(left: int) -> str:
    return _counted(left, "try", "tries") if left else "no try"
