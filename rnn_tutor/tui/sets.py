"""Sets of questions that are marked at the end: a placement, a check of a unit, an exam; no widget in here.

What is typed is kept as drafts, under the part `#MARK NAME`: a set has numbers of its own, and what is typed in it is
nothing that an exercise goes on with. With the note that the set was begun, which has its seed, it is there again after
whatever has ended the program.
"""

import os
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import TYPE_CHECKING, Literal, NamedTuple, Protocol

from rnn_tutor.exercises import seeds
from rnn_tutor.progress import clock
from rnn_tutor.progress.attempt import IN_A_SET
from rnn_tutor.progress.notes import BEGUN, KNOWN, OVER, UNKNOWN, Begun, Notes, Over, Sort, deadline, encoded
from rnn_tutor.tui.visits import ExerciseVisit, TroubleError

if TYPE_CHECKING:
    from rnn_tutor.exercises.choosing import Chosen
    from rnn_tutor.exercises.load import Library
    from rnn_tutor.exercises.model import Exercise, Unit
    from rnn_tutor.exercises.verdict import Verdict
    from rnn_tutor.progress.store import Attempt

Mark = Literal["right", "partly", "wrong", "open"]
"""What came of a question: open is one that was not answered."""
MARKS: dict[Mark, str] = {"right": "right", "partly": "partly right", "wrong": "not right", "open": "not answered"}
TITLES: dict[Sort, str] = {"placement": "Placement", "check": "Check", "exam": "Exam"}


class Record(Protocol):
    """What a sitting knows, as far as sets ask."""

    @property
    def notes(self) -> Notes:
        """What is noted beside the answers."""

    def note(self, kind: str, about: str = "", text: str = "") -> None:
        """Note something that is no answer."""

    def drafts_of(self, exercise: str) -> "Mapping[str, Attempt]":
        """Return what was typed and not checked, by part."""

    def save(self, attempt: "Attempt") -> None: ...

    def save_draft(self, draft: "Attempt") -> None:
        """Keep what is typed and not checked; it is no attempt."""


class Marks(Protocol):
    """Marks answers."""

    def check(self, visit: ExerciseVisit, part: str, text: str) -> "Verdict":
        """Mark an answer, and store the attempt before the verdict can be seen."""

    def judge(self, visit: ExerciseVisit, part: str, text: str) -> "Verdict":
        """Mark an answer without storing it."""


@dataclass
class Asked:
    """One question of a set. skipped: the learner has said that they do not know. again: as in `choosing.Chosen`."""

    unit: str
    exercise: str
    again: int = 0
    visit: ExerciseVisit | None = None
    skipped: bool = False
    seconds: float = 0.0
    since: float | None = None  # when it came into view
    resumed: bool = False  # whether what was typed is from before the program ended

    @property
    def answered(self) -> bool:
        """Whether something is typed for each of its parts."""
        visit = self.visit
        return visit is not None and all(self.text(part.name) for part in visit.question.parts)

    @property
    def dealt_with(self) -> bool:
        """Whether nothing more is expected."""
        return self.skipped or self.answered

    def text(self, part: str) -> str:
        """Return what is typed for a part, "" for nothing but spaces; an untouched program is nothing."""
        from rnn_tutor.exercises.programs import starter

        if self.visit is None:
            return ""
        asked, text = self.visit.question.part(part), self.visit.texts.get(part, "")
        untouched = asked.kind == "program" and text.rstrip() == starter(asked).rstrip()
        return "" if untouched else text.strip() and text

    @property
    def mark(self) -> Mark:
        """What came of it."""
        if self.visit is None or not self.visit.verdicts:
            return "open"
        if self.visit.solved:
            return "right"
        return "partly" if any(self.visit.right(part.name) for part in self.visit.question.parts) else "wrong"

    def enter(self) -> None:
        """Count the time from now on."""
        self.since = time.monotonic()

    def leave(self) -> None:
        """Count no more time."""
        if self.since is not None:
            self.seconds += time.monotonic() - self.since
            self.since = None


@dataclass
class QuestionSet:
    """A set that was begun: its questions, and the one that is in front."""

    begun: Begun
    at: datetime
    asked: list[Asked]
    place: int = 0
    over: bool = False
    told: bool = False  # whether it was said how many questions it has

    @property
    def sort(self) -> Sort:
        """What it is: a placement, a check, an exam."""
        return self.begun.sort

    @property
    def fewer(self) -> str:
        """That it has fewer questions than it should have, in a sentence; "" where it has not."""
        if self.sort == "placement" or len(self.asked) >= self.begun.questions:
            return ""
        count = "1 question" if len(self.asked) == 1 else f"{len(self.asked)} questions"
        return f"This {self.sort} has only {count}: there is nothing else to ask here."

    @property
    def right(self) -> int:
        """How many questions are right, once it is over."""
        return sum(one.mark == "right" for one in self.asked)

    @property
    def left(self) -> int:
        """How many questions still wait for an answer."""
        return sum(not one.dealt_with for one in self.asked)

    def following(self) -> int | None:
        """Return the next question that waits for an answer, from the one in front on and round; None for none."""
        order = [*range(self.place + 1, len(self.asked)), *range(self.place + 1)]
        return next((place for place in order if not self.asked[place].dealt_with), None)

    def seconds_left(self, now: datetime | None = None) -> float | None:
        """Return how much time is left, at least 0; None where there is no limit."""
        end = deadline(self.begun, self.at)
        return None if end is None else max(0.0, (end - (now or clock.now())).total_seconds())

    @property
    def time_left(self) -> str:
        """How much time is left, as a sentence."""
        seconds = self.seconds_left()
        return "There is no time limit." if seconds is None else f"Time left: {in_minutes(seconds)}."


class AskedFor(NamedTuple):
    """What is asked for of an exam: 0 and None are for the usual number, no limit, and a seed that is drawn."""

    seed: int | None = None
    questions: int = 0
    minutes: int = 0


USUAL = AskedFor()


class Sets:
    """The sets of a sitting: one at a time."""

    def __init__(self, library: "Library", record: Record, marks: Marks) -> None:
        self._library = library
        self._record = record
        self._marks = marks
        self.current: QuestionSet | None = None

    # beginning

    def begin(self, sort: Sort, units: Sequence[str] = (), asked_for: AskedFor = USUAL) -> QuestionSet:
        """Begin a set on these units (without any: the whole course), or go on with one that is not over.

        Raises TroubleError where there is nothing to ask, where a unit is unknown, or where another exam waits to be
        handed in.
        """
        names = [unit.id for unit in _units(self._library, units)] if units else []
        going_on = self._going_on(sort, names, asked_for.seed)
        if going_on is not None:
            return going_on
        if sort == "exam" and not names:
            raise TroubleError("Name the units of the exam; `rnn-tutor list` shows their ids.")
        begun, _ = self.drawn(self._library, sort, names, asked_for)
        current = self._set(begun, clock.now())
        self._record.note(BEGUN, _about(begun), encoded(begun))
        return current

    @staticmethod
    def drawn(
        library: "Library", sort: Sort, units: Sequence[str], asked_for: AskedFor
    ) -> "tuple[Begun, list[Chosen]]":
        """Return what a set on these units is, and what it asks. Raises TroubleError as `begin` does."""
        from rnn_tutor.exercises import choosing

        chosen = _units(library, units)
        seed = seeds.any_seed() if asked_for.seed is None else asked_for.seed
        usual = choosing.MOST_OF_A_PLACEMENT if sort == "placement" else choosing.usual(chosen)
        names = [unit.id for unit in chosen] if units else []
        begun = Begun(sort, names, seed, asked_for.questions or usual, asked_for.minutes, os.urandom(8).hex())
        return begun, questions_of(library, begun)

    def _going_on(self, sort: Sort, units: list[str], seed: int | None) -> QuestionSet | None:
        """Return the set that is not over, where it is the one that is asked for. Raises TroubleError."""
        waiting = self._record.notes.under_way(sort)
        if waiting is None:
            return None
        begun, at = waiting
        same = not units or begun.units == units
        if same and seed in (None, begun.seed):
            if self.current is None or self.current.begun.mark != begun.mark:
                self._set(begun, at)
            return self.current
        if sort == "exam":
            raise TroubleError("Another exam is not handed in yet. Hand it in first: `rnn-tutor exam` opens it.")
        return None

    def _set(self, begun: Begun, at: datetime) -> QuestionSet:
        """Return a set with its questions, as they were left; it is the current one. Raises TroubleError."""
        chosen = questions_of(self._library, begun)
        if not chosen:
            raise TroubleError("There is nothing to ask here.")
        current = QuestionSet(begun, at, [Asked(*one) for one in chosen])
        for asked in current.asked:
            drafts = self._record.drafts_of(asked.exercise)
            if any(part.startswith(_part(begun, asked, "")) and drafts[part].text.strip() for part in drafts):
                self.open(current, asked)
        first = next((place for place, asked in enumerate(current.asked) if not asked.dealt_with), 0)
        self.current = replace(current, place=first)
        return self.current

    def open(self, current: QuestionSet, asked: Asked) -> ExerciseVisit:
        """Return a question with its numbers, and what was typed there before. Raises TroubleError."""
        if asked.visit is None:
            asked.visit = self._visit(asked.exercise, seeds.seed_of(current.begun.seed, asked.again))
            drafts = self._record.drafts_of(asked.exercise)
            for part in asked.visit.question.parts:
                draft = drafts.get(_part(current.begun, asked, part.name))
                if draft is not None:
                    asked.visit.texts[part.name] = draft.text
                    asked.resumed = True
        return asked.visit

    def _visit(self, exercise: str, seed: int) -> ExerciseVisit:
        from rnn_tutor.exercises.compiled import ExerciseError
        from rnn_tutor.exercises.files.finding import ContentError
        from rnn_tutor.exercises.trouble import why_not

        try:
            return ExerciseVisit.begin(self._library.exercise(exercise), seed)
        except (ContentError, ExerciseError, KeyError) as error:
            raise TroubleError(why_not("exercise", exercise, error)) from error

    # while it is answered

    def keep(self, current: QuestionSet, asked: Asked) -> None:
        """Keep what is typed for a question; only what has changed is written."""
        from rnn_tutor.progress.record import draft_of

        if asked.visit is None or current.over:
            return
        drafts = self._record.drafts_of(asked.exercise)
        for part in asked.visit.question.parts:
            name, text = _part(current.begun, asked, part.name), asked.text(part.name)
            if text != (drafts[name].text if name in drafts else ""):
                digest = self._library.hash(asked.exercise)
                self._record.save_draft(draft_of(asked.visit.question, digest, name, text, asked.visit.run))

    def skip(self, current: QuestionSet, asked: Asked) -> None:
        """Say that the learner does not know."""
        asked.skipped = True
        if asked.visit is not None:
            asked.visit.texts.clear()
            self.keep(current, asked)

    # the end

    def finish(self, current: QuestionSet) -> None:
        """Mark all that was typed, and note what came of it; each attempt is on disk before a verdict is shown.

        What a placement asked counts as no attempt: it says which units are known.
        """
        if current.over:
            return
        for asked in current.asked:
            asked.leave()
            self.keep(current, asked)
        current.over = True
        for asked in current.asked:
            self._mark(current, asked)
        if current.sort == "placement":
            for asked in current.asked:
                self._record.note(KNOWN if asked.mark == "right" else UNKNOWN, asked.unit)
        begun = current.begun
        over = Over(begun.sort, begun.units, current.right, len(current.asked), begun.mark)
        self._record.note(OVER, _about(begun), encoded(over))

    def _mark(self, current: QuestionSet, asked: Asked) -> None:
        visit = asked.visit
        if visit is None or not any(asked.text(part.name) for part in visit.question.parts):
            return
        check = self._marks.judge if current.sort == "placement" else self._marks.check
        texts = {part.name: text for part in visit.question.parts if (text := asked.text(part.name))}
        for part, text in texts.items():
            visit.run.begin(asked.seconds / len(texts))  # all are marked now: each has an equal share of the time
            visit.verdicts[part] = check(visit, part, text)

    def take_back(self, current: QuestionSet) -> None:
        """Have no unit count as known that a placement has found to be."""
        for asked in current.asked:
            if asked.unit in self._record.notes.known:
                self._record.note(UNKNOWN, asked.unit)


def _units(library: "Library", names: Sequence[str]) -> "list[Unit]":
    """Return the units that are named (without names: all), in the order of the course. Raises TroubleError."""
    from rnn_tutor.engine.errors import did_you_mean

    every = {unit.id: unit for unit in library.course.units}
    for name in names:
        if name not in every:
            raise TroubleError(f"There is no unit {name}.{did_you_mean(name, every)}")
        if not every[name].exercises:
            raise TroubleError(f"The unit {name} has no exercises.")
    return [unit for unit in every.values() if unit.exercises and (not names or unit.id in names)]


def questions_of(library: "Library", begun: Begun) -> "list[Chosen]":
    """Return the exercises that a set asks, by its seed: the same ones on every machine with the same course."""
    from rnn_tutor.exercises import choosing

    units = [unit for unit in library.course.units if unit.exercises and (not begun.units or unit.id in begun.units)]

    def read(name: str) -> "Exercise | None":
        from rnn_tutor.exercises.files.finding import ContentError

        try:
            return library.exercise(name)
        except ContentError:  # told where it is opened
            return None

    if begun.sort == "placement":
        return choosing.placement(units, begun.seed, read, begun.questions)
    chosen = choosing.mixed(units, begun.seed, begun.questions, read)
    return choosing.filled(chosen, begun.seed, begun.questions, read) if begun.sort == "check" else chosen


def in_minutes(seconds: float) -> str:
    """Return a time that is left in words: "17 minutes", below two minutes in seconds."""
    if seconds < 2 * 60:
        return "1 second" if round(seconds) == 1 else f"{round(seconds)} seconds"
    return f"{round(seconds / 60)} minutes"


def _about(begun: Begun) -> str:
    """Return the unit that a note on a set is about: of a check its unit."""
    return begun.units[0] if begun.sort == "check" else ""


def _part(begun: Begun, asked: Asked, part: str) -> str:
    return f"{IN_A_SET}{begun.mark}{f'/{asked.again}' if asked.again else ''} {part}"
