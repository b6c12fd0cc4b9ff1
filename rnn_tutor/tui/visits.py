"""What one sitting has of what was opened: its numbers, what is typed, what was said to it; no widget in here."""

import re
from abc import ABC, abstractmethod
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Any, Generic, Literal, Self, TypeAlias, TypeVar

from rnn_tutor.exercises.trouble import why_not
from rnn_tutor.exercises.words import ORIGINAL, numbers_of
from rnn_tutor.progress.drafts import PAD
from rnn_tutor.progress.record import Run
from rnn_tutor.tui.trail import Trail

if TYPE_CHECKING:
    from rnn_tutor.exercises.labs.controls import Setting
    from rnn_tutor.exercises.labs.instance import Bench
    from rnn_tutor.exercises.labs.model import Lab
    from rnn_tutor.exercises.labs.predict import Told
    from rnn_tutor.exercises.model import Exercise
    from rnn_tutor.exercises.question import Part, Question
    from rnn_tutor.exercises.sensitivity import Sensitivity
    from rnn_tutor.exercises.solution import Worked
    from rnn_tutor.exercises.trouble import Kind
    from rnn_tutor.exercises.verdict import Reading, Verdict

Change = Literal["text", "values"]  # what a verdict was given on, and stands there no more
Line: TypeAlias = "str | int"  # what is typed on: a part or a control by its name, a prediction by its place
L = TypeVar("L", bound="str | int")
K = TypeVar("K")
W = TypeVar("W")
V = TypeVar("V", bound="Visit[Any]")


class TroubleError(Exception):
    """Something cannot be shown; the text is the one sentence that says why."""


@dataclass(kw_only=True)
class Visit(ABC, Generic[L]):
    """What was opened, as this sitting has it.

    `texts` has what is typed on each of its lines, `trails` what stood there before. A `trail` is kept beyond the
    numbers: it is what brings back a text that new numbers took away.
    """

    texts: dict[L, str] = field(default_factory=dict)
    trails: dict[str, Trail] = field(default_factory=dict)
    run: Run = field(default_factory=Run)

    @property
    @abstractmethod
    def source(self) -> "Exercise | Lab":
        """What its file says."""

    @property
    @abstractmethod
    def seed(self) -> int | None:
        """Which numbers it has; None: the original ones."""

    @property
    @abstractmethod
    def draws(self) -> bool:
        """Whether it can be asked anew: with other numbers or, without any, with its options in another order."""

    @property
    def anew(self) -> str:
        """What it then has."""
        return "new numbers"

    @property
    def as_written(self) -> str:
        """What it has without a seed."""
        return ORIGINAL

    @property
    def is_as_written(self) -> str:
        """That it has no seed now, in a sentence."""
        return f"These are the {ORIGINAL}."

    @property
    def asked_as(self) -> str:
        """Which numbers it has, or its options in which order; "" where there are no others."""
        return numbers_of(self.seed)

    @property
    def id(self) -> str:
        """Its id."""
        return self.source.id

    @abstractmethod
    def lost(self) -> Mapping[Line, str]:
        """Return what is typed and not checked, and would be gone with other numbers."""

    @abstractmethod
    def given_up(self) -> Mapping[Line, str]:
        """Return the texts that other numbers take away."""

    def trail(self, line: Line) -> Trail:
        """Return what stood on a line before."""
        return self.trails.setdefault(str(line), Trail())  # no name is a number

    def hand_on(self, fresh: Self) -> None:
        """Give a visit with other numbers what is not about the numbers; texts can be brought back there."""
        fresh.trails = self.trails
        for line, text in self.given_up().items():
            fresh.trail(line).take(text)

    def copied(self) -> Self:
        """Return it as it is now: what is typed from now on goes into the one on the screen. Trails are for both."""
        copy = replace(self, run=self.run.copied())
        for name, value in vars(self).items():
            if isinstance(value, dict | set) and name != "trails":
                setattr(copy, name, value.copy())
        return copy

    def catch_up(self, current: "Visit[Any] | None", before: "Visit[Any] | None") -> None:
        """Take what was typed into `current`, the visit that this one was made of, since that was as `before`."""
        if isinstance(current, type(self)) and isinstance(before, type(self)):
            self._catch_up(current, before)

    @abstractmethod
    def _catch_up(self, current: Self, before: Self) -> None: ...


def _unchanged(_: object) -> None:
    pass


class Visits(dict[str, V]):
    """The visits of a sitting to things of one kind, by id."""

    def __init__(
        self, kind: "Kind", find: Callable[[str], K], begin: Callable[[K, int | None], V], failed: set[str]
    ) -> None:
        """Know how to find what has an id (KeyError: nothing has), and how to visit it with the numbers of a seed.

        failed: takes the ids of what cannot be evaluated with the original numbers.
        """
        super().__init__()
        self.renewed: Callable[[V], None] = _unchanged  # what is done with each visit that has other numbers
        self._kind = kind
        self._failed = failed
        self._visit: Callable[[str, int | None], V] = lambda name, seed: begin(self._find(find, name), seed)

    def open(self, name: str, seed: int | None) -> V:
        """Return a visit as it was left, or with its first numbers. Raises TroubleError."""
        if name not in self:
            self[name] = self._begin(name, seed)
        return self[name]

    def ahead(self, name: str, seed: int | None) -> V | None:
        """Return a visit as `open` would begin it; it is none of these before it is entered. None: it cannot be had."""
        from rnn_tutor.exercises.compiled import ExerciseError
        from rnn_tutor.exercises.files.finding import ContentError

        try:
            return self._visit(name, seed)
        except (ContentError, ExerciseError, TroubleError):  # told when it is opened
            return None

    def renew(self, visit: V, seed: int | None) -> V:
        """Return a visit with other numbers (None: the original ones), which takes the place of this one.

        What was typed can be brought back (see `Visit.trails`). Raises TroubleError.
        """
        fresh = self._begin(visit.id, seed)
        visit.hand_on(fresh)
        self.renewed(fresh)
        self[visit.id] = fresh
        return fresh

    def _begin(self, name: str, seed: int | None) -> V:
        from rnn_tutor.exercises.compiled import ExerciseError
        from rnn_tutor.exercises.files.finding import ContentError

        try:
            return self._visit(name, seed)
        except ContentError as error:
            raise TroubleError(why_not(self._kind, name, error)) from error
        except ExerciseError as error:
            if seed is None:
                self._failed.add(name)
            raise TroubleError(why_not(self._kind, name, error)) from error

    def _find(self, find: Callable[[str], K], name: str) -> K:
        try:
            return find(name)
        except KeyError as error:
            raise TroubleError(why_not(self._kind, name, error)) from error


@dataclass
class ExerciseVisit(Visit[str]):
    """An exercise as this sitting has it: its numbers, what is typed, what was said to it.

    A verdict belongs to the text that it judged. `changed` has the parts whose verdict is about something else than
    what stands there now: another text, or the same with other values of the learner's own in it. `marked_with` has the
    other parts' texts that a verdict was given with. The line of the scratchpad is PAD.
    """

    question: "Question"
    verdicts: dict[str, "Verdict"] = field(default_factory=dict)
    changed: "dict[str, Change]" = field(default_factory=dict)
    marked_with: dict[str, dict[str, str]] = field(default_factory=dict)
    resumed: Literal["", "here", "left", "elsewhere"] = ""
    """What an earlier sitting left: texts not checked, or only hints, numbers, answers; or texts to be brought back."""
    to_mark: dict[str, str] = field(default_factory=dict)  # what was answered then, and is to be marked again here
    gradients: "dict[str, Sensitivity] | None" = None
    worked: "list[Worked] | None" = None  # the solution, once it was asked for
    steps: dict[str, int] = field(default_factory=dict)  # towards each part, how many values of steps were right
    looked_up: set[str] = field(default_factory=set)  # the parts that were right only after the solution was open
    suspects: dict[str, tuple[object, ...]] = field(default_factory=dict)  # what earlier answers may have been
    repeated: set[str] = field(default_factory=set)  # the parts whose answer was given before, and counts no more

    @classmethod
    def begin(cls, exercise: "Exercise", seed: int | None) -> Self:
        """Return an exercise with the numbers of a seed (None: the original ones). Raises ExerciseError."""
        from rnn_tutor.exercises.question import by_the_book

        if seed is None:
            return cls(by_the_book(exercise))
        from rnn_tutor.exercises import drawing  # which knows the mistakes: imported after the first exercise is there

        return cls(drawing.ask(exercise, seed))

    @property
    def source(self) -> "Exercise":
        """The exercise."""
        return self.question.exercise

    @property
    def seed(self) -> int | None:
        """Which numbers it has; None: the original ones."""
        return self.question.seed

    @property
    def draws(self) -> bool:
        """Whether it can be asked anew: with other numbers or, without any, with its options in another order."""
        return bool(self.question.anew)

    @property
    def anew(self) -> str:
        """What it then has."""
        return "the options in another order" if self.question.anew == "options" else super().anew

    @property
    def as_written(self) -> str:
        """What it has without a seed."""
        return "original order" if self.question.anew == "options" else super().as_written

    @property
    def is_as_written(self) -> str:
        """That it has no seed now, in a sentence."""
        ordered = self.question.anew == "options"
        return "The options are in the original order." if ordered else super().is_as_written

    @property
    def asked_as(self) -> str:
        """Which numbers it has, or its options in which order; "" where there are no others."""
        return self.question.asked_as

    @property
    def solved(self) -> bool:
        """Whether every part is right with these numbers."""
        return all(self.right(part.name) for part in self.question.parts)

    @property
    def open(self) -> bool:
        """Whether nothing is given away by showing the steps: it is solved, or the solution was seen."""
        return self.solved or self.run.solution

    @property
    def known_parts(self) -> list[str]:
        """The parts whose right values the learner knows: right by themselves, or told."""
        names = [part.name for part in self.question.parts]
        return [name for name in names if self.run.solution or (self.right(name) and not self.verdicts[name].follows)]

    @property
    def telling(self) -> "tuple[str, Question] | None":
        """A part, and the numbers that tell apart what the last answer to it may have been; None for none to tell."""
        for part, verdict in self.verdicts.items():
            if part not in self.changed and verdict.diagnosis is not None and verdict.diagnosis.differs is not None:
                return part, verdict.diagnosis.differs
        return None

    def right(self, part: str) -> bool:
        """Tell whether a part was marked right with these numbers."""
        return part in self.verdicts and self.verdicts[part].verdict == "right"

    def earlier(self, part: str) -> dict[str, str]:
        """Return what was typed for the parts before this one."""
        texts: dict[str, str] = {}
        for preceding in self.question.parts:
            if preceding.name == part:
                break
            if self.texts.get(preceding.name, "").strip():
                texts[preceding.name] = self.texts[preceding.name]
        return texts

    def judged(self, verdict: "Verdict") -> None:
        """Know the verdict on what stands in a part."""
        part = verdict.part
        if verdict.verdict != "right" or not self.run.solution:
            self.looked_up.discard(part)
        elif not self.right(part):
            self.looked_up.add(part)
        self.verdicts[part] = verdict
        self.marked_with[part] = self.earlier(part)
        self.changed.pop(part, None)

    def uses_of(self, part: str) -> set[str]:
        """Return what reads a part: later parts that name it or follow from it, the scratchpad if it names it."""
        mention = re.compile(rf"\b{re.escape(part)}\b")
        names = [question_part.name for question_part in self.question.parts]
        uses = {PAD} if mention.search(self.run.scratch) else set()
        for later in self.question.parts[names.index(part) + 1 :]:
            text, verdict = self.texts.get(later.name, ""), self.verdicts.get(later.name)
            follows = verdict is not None and bool(verdict.follows) and bool(text.strip())
            if later.kind != "program" and (mention.search(text) or follows):
                uses.add(later.name)
        return uses

    def note(self, part: str, reading: "Reading | None") -> None:
        """Note whether the verdict on a part is about what stands there now, which is understood so."""
        verdict = self.verdicts.get(part)
        change = _change(self, verdict, part, reading) if verdict is not None else None
        if change is None:
            self.changed.pop(part, None)
        else:
            self.changed[part] = change

    def unchecked(self) -> list[str]:
        """Return the parts in which a text stands that was not checked."""
        from rnn_tutor.exercises.programs import starter

        return [
            part.name
            for part in self.question.parts
            if (text := self.texts.get(part.name, "").rstrip())
            and (part.name not in self.verdicts or part.name in self.changed)
            and self.to_mark.get(part.name, "").rstrip() != text
            and not (part.kind == "program" and text == starter(part).rstrip())
        ]

    def answered(self) -> dict[str, str]:
        """Return the texts that were checked and stand where they stood, by part."""
        checked = {part for part in self.verdicts if part not in self.changed} | self.to_mark.keys()
        unchecked = self.unchecked()
        return {part: text for part, text in self.texts.items() if part in checked and part not in unchecked}

    def lost(self) -> Mapping[Line, str]:
        """Return the unchecked texts of parts; a program that is not finished is about any numbers, and stays."""
        return {part: self.texts[part] for part in self.unchecked() if self.question.part(part).kind != "program"}

    def given_up(self) -> Mapping[Line, str]:
        """Return the texts of all parts but programs that are not right yet."""
        return {part.name: self.texts.get(part.name, "") for part in self.question.parts if not self._stays(part)}

    def hand_on(self, fresh: Self) -> None:
        """Give it the scratchpad, too, and the programs that stay; hints are closed again."""
        super().hand_on(fresh)
        fresh.run.scratch = self.run.scratch
        for name, verdict in self.verdicts.items():
            if verdict.diagnosis is not None and verdict.diagnosis.differs is not None:
                fresh.suspects[name] = verdict.diagnosis.suspects
        for part in self.question.parts:
            if self._stays(part):
                fresh.texts[part.name] = self.texts.get(part.name, "")

    def _stays(self, part: "Part") -> bool:
        return part.kind == "program" and (part.name in self.changed or not self.right(part.name))

    def _catch_up(self, current: Self, before: Self) -> None:
        for part in _newer(current.texts, before.texts):
            if part in {question_part.name for question_part in self.question.parts}:
                self.texts[part] = current.texts[part]
        for part, verdict in current.verdicts.items():
            if before.verdicts.get(part) is not verdict:  # checked meanwhile: to be checked again
                self.verdicts.pop(part, None)
        hints = min(self.run.hints + current.run.hints - before.run.hints, len(self.question.exercise.hints))
        self.run = Run(hints, current.run.solution, current.run.scratch)


@dataclass
class LabVisit(Visit[int]):
    """A lab as this sitting has it: its numbers, its controls, which prediction it is at, what was said to others."""

    bench: "Bench"
    settings: "dict[str, Setting]"
    place: int = 0
    outcomes: "dict[int, Told]" = field(default_factory=dict)
    looked_up: set[int] = field(default_factory=set)
    control: int = 0
    figure: int = 0
    judging: int | None = None  # the prediction that was made, and for which a network is being trained
    resumed: bool = False  # whether an earlier sitting has left it so

    @classmethod
    def begin(cls, lab: "Lab", seed: int | None, own_text: str = "") -> Self:
        """Return a lab with the numbers of a seed (None: the original ones), its controls where they start.

        own_text: what a network learns to write, if the lab has one that can learn the learner's own.

        Raises ExerciseError, where nothing can be shown there too.
        """
        from rnn_tutor.exercises.labs import instance

        bench = instance.numbered(lab, seed)
        begin = bench.start | bench.read(own_text)
        bench.scene(begin)
        return cls(bench, begin)

    @property
    def source(self) -> "Lab":
        """The lab."""
        return self.bench.lab

    @property
    def seed(self) -> int | None:
        """Which numbers it has; None: the original ones."""
        return self.bench.seed

    @property
    def draws(self) -> bool:
        """Whether there are other numbers."""
        return self.bench.draws

    @property
    def next_open(self) -> int | None:
        """The first prediction that was not made yet, None when all were."""
        return next((k for k in range(len(self.bench.lab.predict)) if k not in self.outcomes), None)

    @property
    def score(self) -> int:
        """How many came as they were predicted."""
        return sum(outcome.verdict == "right" for outcome in self.outcomes.values())

    def lost(self) -> Mapping[Line, str]:
        """Return open guesses by place, texts by control."""
        texts: dict[Line, str] = {}
        for place, text in self.texts.items():
            if text.strip() and place not in self.outcomes:
                texts[place] = text
        for name, dial in self.bench.dials.items():
            if dial.kind == "text" and self.settings[name] != dial.start:
                texts[name] = str(self.settings[name])
        return texts

    def given_up(self) -> Mapping[Line, str]:
        """Return what is not checked: what was predicted needs no bringing back."""
        return self.lost()

    def hand_on(self, fresh: Self) -> None:
        """Give it the control and the picture that are in front, too; its predictions are open again."""
        super().hand_on(fresh)
        fresh.control, fresh.figure = self.control, self.figure

    def _catch_up(self, current: Self, before: Self) -> None:
        for name in _newer(current.settings, before.settings):
            if name in self.settings and self.bench.dials[name].control == current.bench.dials[name].control:
                self.settings[name] = current.settings[name]
        for place in _newer(current.texts, before.texts):
            self.texts[place] = current.texts[place]
        self.control = current.control if current.control < len(self.settings) else self.control
        self.figure = current.figure


AnyVisit: TypeAlias = ExerciseVisit | LabVisit


def _newer(current: dict[K, W], before: dict[K, W]) -> list[K]:
    return [key for key, value in current.items() if before.get(key) != value]


def _change(visit: ExerciseVisit, verdict: "Verdict", part: str, reading: "Reading | None") -> "Change | None":
    """Return what makes a verdict one about something else than what stands there now, None where nothing does."""
    judged = verdict.reading
    if reading is not None and isinstance(judged.value, frozenset):
        return None if reading.value == judged.value else "text"  # the order of ticks is none
    if visit.texts.get(part, "").rstrip() != judged.text.rstrip():
        return "text"
    if visit.question.part(part).kind == "program":
        return None
    if verdict.follows and visit.marked_with.get(part) != visit.earlier(part):
        return "values"
    return None if reading is None or same_value(reading.value, judged.value) else "values"


def same_value(value: object, other: object) -> bool:
    """Tell whether two texts were understood alike: NaN too is what it was, which `compare.same` never says."""
    import numpy as np

    if isinstance(value, np.ndarray) and isinstance(other, np.ndarray):
        return np.array_equal(value, other, equal_nan=True)
    return type(value) is type(other) and value == other
