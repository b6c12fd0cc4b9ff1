"""What a learner has done of one exercise of an assignment. Pure: attempts in, what counts of them out.

Only answers to the learner's own numbers count for it, which are known by their seed; answers to others are practice.
"""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime

from rnn_tutor.progress.attempt import Attempt


@dataclass
class Work:
    """What was done of one exercise, by the answers to the learner's own numbers.

    until: when it is due (None: never). tries: wrong answers that a part may have (None: any number).
    """

    until: datetime | None = None
    tries: int | None = None
    parts: int = 1
    """How many parts it had when it was last answered."""
    right: dict[str, datetime] = field(default_factory=dict)
    """The parts that were right, and when they were for the first time."""
    wrong: Counter[str] = field(default_factory=Counter)
    """Wrong answers to each part before it was right, or had no try left."""
    looked_up: set[str] = field(default_factory=set)
    """The parts that were right only after the solution was open."""
    repeated: int = 0
    """Answers to parts that were right already."""
    practice: int = 0
    """Answers with other numbers."""
    after: int = 0
    """Answers that were given when it was due already."""
    no_try: int = 0
    """Right answers to parts that had no try left, which earn nothing: two machines may not know of each other."""
    wrong_no_try: int = 0
    """Wrong answers to such parts, which are no tries."""

    def add(self, attempt: Attempt, seed: int | None) -> None:
        """Take one more answer to the exercise; seed: of the learner's own numbers, None for the original ones."""
        if not attempt.counts:
            return
        if attempt.seed != seed:
            self.practice += 1
            return
        self.parts = attempt.parts
        self.after += self.until is not None and attempt.at > self.until
        if attempt.part in self.right:
            self.repeated += 1
        elif self.left(attempt.part) == 0:
            self.no_try += attempt.verdict == "right"
            self.wrong_no_try += attempt.verdict != "right"
        elif attempt.verdict != "right":
            self.wrong[attempt.part] += 1
        else:
            self.right[attempt.part] = attempt.at
            if attempt.solution:
                self.looked_up.add(attempt.part)

    def left(self, part: str) -> int | None:
        """Return how many more answers a part may have, None for any number."""
        return None if self.tries is None else max(0, self.tries - self.wrong[part])

    @property
    def given_up(self) -> int:
        """How many parts are not right and have no try left."""
        return sum(part not in self.right and self.left(part) == 0 for part in self.wrong)

    @property
    def begun(self) -> bool:
        """Whether any answer to the learner's own numbers was marked."""
        return bool(self.right) or bool(self.wrong)

    @property
    def done(self) -> bool:
        """Whether every part is right."""
        return len(self.right) >= self.parts

    @property
    def ended(self) -> bool:
        """Whether nothing more can be done: each part is right, or has no try left."""
        return len(self.right) + self.given_up >= self.parts

    @property
    def in_time(self) -> int:
        """How many parts were right in time."""
        return sum(self.until is None or at <= self.until for at in self.right.values())

    @property
    def late(self) -> bool:
        """Whether some part was right only when it was due already."""
        return self.in_time < len(self.right)

    def points(self, of: float, *, late: bool = False) -> float:
        """Return what is earned of so many points: the share of the parts that are right in time, or `late` too."""
        return of * min(1.0, (len(self.right) if late else self.in_time) / max(1, self.parts))

    def over(self, parts: Iterable[str]) -> bool:
        """Tell whether nothing more can be done: each of these parts is right, or has no try left."""
        return all(part in self.right or self.left(part) == 0 for part in parts)


def work_of(attempts: Iterable[Attempt], seed: int, *, until: datetime | None = None, tries: int | None = None) -> Work:
    """Return what the attempts at one exercise amount to, in the order in which they were added."""
    work = Work(until, tries)
    for attempt in attempts:
        work.add(attempt, seed)
    return work
