"""What one sitting knows of labs: where the controls stand, what was predicted; no widget in here.

The way of a guess is that of an answer: it is judged, put on disk, and only then told.
"""

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from rnn_tutor.progress.record import Run
from rnn_tutor.tui.trail import Trail

if TYPE_CHECKING:
    from rnn_tutor.exercises.labs.controls import Setting, Typed
    from rnn_tutor.exercises.labs.instance import Bench
    from rnn_tutor.exercises.labs.predict import Told
    from rnn_tutor.exercises.load import Library
    from rnn_tutor.exercises.verdict import Reading
    from rnn_tutor.figures.figure import Figure
    from rnn_tutor.progress.store import Attempt


class LabError(Exception):
    """A lab cannot be opened; the text is the one sentence that says why."""


@dataclass
class LabVisit:
    """A lab as this sitting has it: its numbers, its controls, which prediction it is at, what was said to others."""

    bench: "Bench"
    settings: "dict[str, Setting]"
    place: int = 0
    texts: dict[int, str] = field(default_factory=dict)
    told: "dict[int, Told]" = field(default_factory=dict)
    seen: set[int] = field(default_factory=set)
    control: int = 0
    figure: int = 0
    trails: dict[str, Trail] = field(default_factory=dict)
    run: Run = field(default_factory=Run)

    @property
    def next_open(self) -> int | None:
        """The first prediction that was not made yet, None when all were."""
        return next((k for k in range(len(self.bench.lab.predict)) if k not in self.told), None)

    @property
    def score(self) -> int:
        """How many came as they were predicted."""
        return sum(told.verdict == "right" for told in self.told.values())

    def trail(self, line: int | str) -> Trail:
        """Return what stood before on the line of a prediction, by its place, or of a control, by its name."""
        return self.trails.setdefault(str(line), Trail())  # no name is a number

    def unchecked(self) -> dict[int | str, str]:
        """Return what is typed and would be gone with other numbers: open guesses by place, texts by control."""
        found: dict[int | str, str] = {}
        for place, text in self.texts.items():
            if text.strip() and place not in self.told:
                found[place] = text
        for name, dial in self.bench.dials.items():
            if dial.kind == "text" and self.settings[name] != dial.start:
                found[name] = str(self.settings[name])
        return found


class Labs:
    """The labs of one sitting."""

    def __init__(self, library: "Library", save: "Callable[[Attempt], None]") -> None:
        self._library = library
        self._save = save
        self._visits: dict[str, LabVisit] = {}
        self._failed: set[str] = set()

    def unreadable(self, lab: str) -> bool:
        """Tell whether a lab is known not to open."""
        return lab in self._failed or self._library.lab_unreadable(lab)

    def visit(self, lab: str, seed: int | None = None) -> LabVisit:
        """Return a lab as it was left, or with its first numbers. Raises LabError."""
        if lab not in self._visits:
            self._visits[lab] = self._begun(lab, seed)
        return self._visits[lab]

    def renew(self, visit: LabVisit, seed: int | None) -> LabVisit:
        """Return the lab with other numbers (None: the book's), its predictions open again. Raises LabError.

        What was typed can be brought back (see `LabVisit.trails`).
        """
        fresh = self._begun(visit.bench.lab.id, seed)
        fresh.control, fresh.figure, fresh.trails = visit.control, visit.figure, visit.trails
        for line, text in visit.unchecked().items():
            fresh.trail(line).take(text)
        self._visits[visit.bench.lab.id] = fresh
        return fresh

    def _begun(self, lab: str, seed: int | None) -> LabVisit:
        from rnn_tutor.exercises.compiled import ExerciseError
        from rnn_tutor.exercises.files.finding import ContentError
        from rnn_tutor.exercises.labs import instance as bench

        try:
            stated = bench.book(self._library.lab(lab).lab)
            found = stated if seed is None else bench.drawn(stated, seed)
            found.scene(found.start)  # what cannot be evaluated at all is not opened
        except ContentError as error:
            first = error.findings[0]
            raise LabError(f"{first.file.name}, line {first.line}: {first.key}: {first.says}") from error
        except ExerciseError as error:
            if seed is None:
                self._failed.add(lab)
            raise LabError(f"{lab}: {error}") from error
        except KeyError as error:
            raise LabError(f"There is no lab {lab}.") from error
        return LabVisit(found, found.start)

    @staticmethod
    def figures(visit: LabVisit) -> "list[Figure]":
        """Return what there is to see where the controls stand. Raises LabError."""
        from rnn_tutor.exercises.compiled import ExerciseError

        try:
            scene = visit.bench.scene(visit.settings)
            return [scene.figure(place) for place in range(len(visit.bench.lab.show))]
        except ExerciseError as error:
            raise LabError(f"Not here: {error.says}") from error

    @staticmethod
    def move(visit: LabVisit, control: str, setting: "Setting") -> bool:
        """Put a control somewhere; tell whether it was elsewhere. A prediction that is looked up so was seen first."""
        if visit.settings[control] == setting:
            return False
        visit.settings[control] = setting
        for place in range(len(visit.bench.lab.predict)):
            if place not in visit.told and visit.bench.looked_up(place, visit.settings):
                visit.seen.add(place)
        return True

    @staticmethod
    def typed(visit: LabVisit, control: str, text: str) -> "Typed":
        """Return what is kept of a text that is typed into a control."""
        return visit.bench.dials[control].typed(text)

    @staticmethod
    def read(visit: LabVisit, text: str) -> "Reading | None":
        """Return how a guess is understood; it is kept as typed. None where the lab itself has a fault."""
        from rnn_tutor.exercises.compiled import ExerciseError
        from rnn_tutor.exercises.labs import predict

        visit.texts[visit.place] = text
        try:
            return predict.read(visit.bench, visit.place, text)
        except ExerciseError:
            return None

    def guess(self, visit: LabVisit, text: str) -> "Told":
        """Judge a guess, store the attempt, put the controls where it asks about, and only then return what is said.

        Only the first guess at a prediction counts; it is not stored where it was not understood. Raises LabError.
        """
        from rnn_tutor.exercises.compiled import ExerciseError
        from rnn_tutor.exercises.labs import predict
        from rnn_tutor.progress.record import attempt_of_prediction

        visit.texts[visit.place] = text
        try:
            told = predict.tell(visit.bench, visit.place, text)
        except ExerciseError as error:
            raise LabError(f"This cannot be told: {error}") from error
        if told.verdict == "not_understood":
            return told
        digest = self._library.lab(visit.bench.lab.id).hash
        self._save(attempt_of_prediction(visit.bench, digest, told, visit.run, seen=visit.place in visit.seen))
        visit.told[visit.place] = told
        for name, setting in visit.bench.asked_at(visit.bench.lab.predict[visit.place]).items():
            self.move(visit, name, setting)
        return told
