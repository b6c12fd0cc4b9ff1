"""A file that is being written, as it was when it could be read last, and what a learner makes of it.

No widget in here. All of it is slow enough (a draw may take a second, marking a program two) to be done in a thread.
"""

from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import TYPE_CHECKING, Literal

from rnn_tutor.exercises import mark
from rnn_tutor.exercises.book import Glossary, Page, read_glossary, read_page
from rnn_tutor.exercises.compiled import ExerciseError
from rnn_tutor.exercises.files.finding import Finding, line_of
from rnn_tutor.exercises.files.rules import problems
from rnn_tutor.exercises.known import known_part
from rnn_tutor.exercises.labs import predict
from rnn_tutor.exercises.labs.load import is_lab, read_lab
from rnn_tutor.exercises.labs.model import Lab
from rnn_tutor.exercises.model import Exercise
from rnn_tutor.exercises.pack import GLOSSARY_FILE, PAGE_FILE
from rnn_tutor.exercises.read import read_exercise
from rnn_tutor.exercises.unfinished import DraftError
from rnn_tutor.progress.record import Run
from rnn_tutor.tui.visits import ExerciseVisit, LabVisit

if TYPE_CHECKING:
    from collections.abc import Mapping

    from rnn_tutor.tui.visits import AnyVisit

Kind = Literal["exercise", "lab", "page", "glossary"]


@dataclass(frozen=True)
class Draft:
    """What stood in a file: its content, the line of every key, the hash of what was read ("" where nobody asks)."""

    path: Path
    content: Exercise | Lab | Page | Glossary
    lines: "Mapping[str, int]" = field(repr=False)
    hash: str = ""

    @property
    def kind(self) -> Kind:
        """What it is."""
        kinds: dict[type, Kind] = {Exercise: "exercise", Lab: "lab", Page: "page", Glossary: "glossary"}
        return kinds[type(self.content)]

    def finding(self, error: ExerciseError) -> Finding:
        """Return what is wrong with it where it was evaluated."""
        return Finding(self.path, line_of(self.lines, error.key), error.key, error.says)


def read(path: Path) -> Draft:
    """Return what stands in a file; its name or its keys say what it is. Raises ContentError.

    Of an exercise with `status: draft` it is what a learner would see of it, if there is enough for that.
    """
    if path.name == PAGE_FILE:
        page, tree = read_page(path)
        return Draft(path, page, tree.lines)
    if path.name == GLOSSARY_FILE:
        glossary, tree = read_glossary(path)
        return Draft(path, glossary, tree.lines)
    if is_lab(path):
        lab = read_lab(path)
        return Draft(path, lab.lab, lab.lines, lab.hash)
    try:
        loaded = read_exercise(path)
    except DraftError as error:
        if not error.draft.ask or problems(error.draft):  # there is nothing to ask, or not everything reads
            raise
        return Draft(path, error.draft.finished(), error.lines, error.hash)
    return Draft(path, loaded.exercise, loaded.lines, loaded.hash)


def evaluable_part(draft: Draft) -> Draft | None:
    """Return a draft of what can be evaluated of an exercise in which not all can; None where nothing is left."""
    if not isinstance(draft.content, Exercise):
        return None
    evaluable = known_part(draft.content, lambda _: None).exercise
    return replace(draft, content=evaluable) if evaluable.ask and evaluable is not draft.content else None


def visited(draft: Draft, seed: int | None, old: "AnyVisit | None") -> "AnyVisit | None":
    """Return a visit of it with the numbers of a seed (None: the original ones), as far as an older one fits it.

    What was typed stays and is marked anew. None for what has no numbers. Raises ExerciseError where it cannot be
    evaluated, or not be drawn.
    """
    if isinstance(draft.content, Exercise):
        exercise = ExerciseVisit.begin(draft.content, seed)
        return marked(exercise, old) if isinstance(old, ExerciseVisit) else exercise
    if isinstance(draft.content, Lab):
        lab = LabVisit.begin(draft.content, seed)
        return played(lab, old) if isinstance(old, LabVisit) else lab
    return None


def marked(fresh: ExerciseVisit, old: ExerciseVisit) -> ExerciseVisit:
    """Return a visit with the answers of an older one, each text that was marked there marked anew.

    What was typed since is not: its screen shows the verdict as one on an earlier answer.
    An answer belongs to the part of the same name; that of a part that is gone, to the part in its place.
    """
    fresh.run = Run(min(old.run.hints, len(fresh.question.exercise.hints)), old.run.solution, old.run.scratch)
    homes = _homes([part.name for part in old.question.parts], [part.name for part in fresh.question.parts])
    fresh.texts = {name: old.texts[old_name] for name, old_name in homes.items() if old_name in old.texts}
    fresh.trails = {name: old.trail(old_name) for name, old_name in {**homes, "": ""}.items()}
    lines = fresh.run.scratch.split("\n")
    names = {old_name: name for name, old_name in homes.items()}
    for name, old_name in homes.items():
        if old_name in old.verdicts:
            texts_then = old.marked_with.get(old_name)
            texts = (
                fresh.earlier(name)
                if texts_then is None
                else {names[k]: v for k, v in texts_then.items() if k in names}
            )
            typed = old.verdicts[old_name].reading.text
            fresh.verdicts[name] = mark.mark(fresh.question, name, typed, texts, lines, solved=fresh.known_parts)
            fresh.marked_with[name] = texts
    return fresh


def _homes(old: list[str], new: list[str]) -> dict[str, str]:
    """Return for each part the older one whose answer it takes over: of the same name, or else in its place."""
    remaining = [None if name in new else name for name in old] + [None] * len(new)
    homes = {name: name if name in old else remaining[place] for place, name in enumerate(new)}
    return {name: old_name for name, old_name in homes.items() if old_name is not None}


def played(visit: LabVisit, old: LabVisit) -> LabVisit:
    """Return a fresh visit of a lab, its controls where they stood and its predictions judged anew, as far as they are
    the same. Raises ExerciseError.
    """
    bench = visit.bench
    for name, dial in bench.dials.items():
        if name in old.bench.dials and old.bench.dials[name].control == dial.control:
            visit.settings[name] = old.settings[name]
    visit.control = min(old.control, len(bench.dials) - 1)
    visit.figure, visit.trails = old.figure, old.trails
    count = len(bench.lab.predict)
    visit.place = min(old.place, count - 1)
    visit.texts = {place: text for place, text in old.texts.items() if place < count}
    visit.looked_up = {place for place in old.looked_up if place < count}
    for place, outcome in old.outcomes.items():
        if place < count:
            judged_anew = predict.tell(bench, place, outcome.text)
            if judged_anew.verdict != "not_understood":
                visit.outcomes[place] = judged_anew
    return visit
