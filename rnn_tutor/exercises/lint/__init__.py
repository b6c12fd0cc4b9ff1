"""What authors want to know about their files before a learner meets them: `rnn-tutor check [PATH]`.

All findings of all files are told. An error is something that a learner would stumble over; a warning is something
that an author may have meant.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path

from rnn_tutor.exercises.files.finding import ContentError, Finding, line_of, shown, told_once
from rnn_tutor.exercises.labs.load import is_lab
from rnn_tutor.exercises.lint.book import book, course_file, glossary, page
from rnn_tutor.exercises.lint.coverage import Coverage, coverage
from rnn_tutor.exercises.lint.exercise import examine, examine_file
from rnn_tutor.exercises.lint.labs import lab_as_listed, lab_file, labs_beside, listed_lab
from rnn_tutor.exercises.lint.processes import shared_out
from rnn_tutor.exercises.load import COURSE_FILE, SUFFIX, Library, Place, exercise_files, folder_names
from rnn_tutor.exercises.model import DraftExercise, Entry, Exercise, LabEntry
from rnn_tutor.exercises.pack import GLOSSARY_FILE, PAGE_FILE
from rnn_tutor.exercises.read import is_draft
from rnn_tutor.exercises.stands_on import unknown_words
from rnn_tutor.exercises.unfinished import DraftError

DRAWS = 100


@dataclass(frozen=True, slots=True)
class Report:
    """What was found in how many exercises; of a folder, also what its course covers."""

    findings: tuple[Finding, ...]
    exercises: int
    coverage: Coverage | None = None
    labs: int = 0
    drafts: int = 0
    alone: bool = False  # a course file was looked at, and what it lists was not

    @property
    def errors(self) -> int:
        """How many findings are errors: with none, the content is fit to be learned from."""
        return sum(finding.severity == "error" for finding in self.findings)

    @property
    def total(self) -> str:
        """The line that sums up."""
        warnings = sum(finding.severity == "warning" for finding in self.findings)
        counts = {
            "exercise": self.exercises,
            "draft": self.drafts,
            "lab": self.labs,
            "error": self.errors,
            "warning": warnings,
        }
        counted = ", ".join(
            _counted(count, word) for word, count in counts.items() if count or word not in ("draft", "lab")
        )
        return f"The course file alone, not what is in its files: {counted}" if self.alone else counted

    def __str__(self) -> str:
        """Return one line for each finding, and one that sums up."""
        return "\n".join([*map(str, self.findings), self.total])


def check(path: Path, draws: int = DRAWS, workers: int = 1) -> Report:
    """Return the report on a folder of content, or on one file of it; of a folder by several processes, if allowed.

    Of a course file: on that file alone. What it lists has to be there, and to be called as it says.
    """
    if path.is_dir():
        library = Library([path])
        covered = coverage(library) if library.ids else None
        drafts = len(library.draft_ids)
        return _report(lint(library, draws, workers), len(library.ids), covered, len(library.labs), drafts)
    if path.name == COURSE_FILE:
        library = Library([path.parent])
        counted = _report(
            course_alone(library), len(library.ids), labs=len(library.labs), drafts=len(library.draft_ids)
        )
        return replace(counted, alone=True)
    if path.name in (PAGE_FILE, GLOSSARY_FILE):
        return _report(page(path, path.parent) if path.name == PAGE_FILE else glossary(path), 0)
    if is_lab(path):
        return _report(lab_file(path, path.parent, draws), 0, labs=1)
    drafts = int(is_draft(path))
    return _report(examine_file(path, path.parent, draws), 1 - drafts, drafts=drafts)


def _report(
    findings: Iterable[Finding], exercises: int, covered: Coverage | None = None, labs: int = 0, drafts: int = 0
) -> Report:
    return Report(tuple(told_once(findings)), exercises, covered, labs, drafts)


def lint(library: Library, draws: int = DRAWS, workers: int = 1) -> list[Finding]:
    """Return everything that is to be said about a library's files, by file and line."""
    findings = [*library.findings]
    units = library.course.units
    entries: list[Entry | LabEntry] = []
    for unit in units:
        entries += [*unit.exercises, *library.drafts(unit.id), *unit.labs]
    for found in shared_out(Library, library.folders, partial(_of_entry, draws=draws), entries, workers):
        findings += found
    if not library.ids and not library.labs and not library.draft_ids:
        findings += [Finding(folder, 1, "", "no exercises here") for folder in library.folders[:1]]
    for folder in library.folders:
        findings += _beside(library, folder, draws)
    findings += book(library)
    findings += labs_beside(library, draws)
    findings += _retired(library)
    findings += _empty_units(library)
    once = dict.fromkeys(findings)
    return sorted(once, key=lambda finding: (str(finding.file), finding.line, finding.key))


def course_alone(library: Library) -> list[Finding]:
    """Return what is to be said about a course file, without what is in the exercises and labs that it lists.

    What it lists is there, and has the title and the level that the course says.
    """
    own = _course_file(library)
    findings = [finding for finding in library.findings if finding.file == own]
    for unit in library.course.units:
        for entry in unit.exercises:
            findings += _as_listed(library, entry)
        for lab in unit.labs:
            findings += lab_as_listed(library, lab)
    findings += [*_empty_units(library), *course_file(own.parent)]
    return sorted(dict.fromkeys(findings), key=lambda finding: (finding.line, finding.key))


def _empty_units(library: Library) -> Iterator[Finding]:
    for unit in library.course.units:
        if not unit.exercises and not unit.labs and not library.drafts(unit.id):
            yield Finding(_course_file(library), 1, "units", f"the unit '{unit.id}' has no exercises", "warning")


def _course_file(library: Library) -> Path:
    return library.folders[0] / COURSE_FILE


def _of_entry(library: Library, entry: Entry | LabEntry, *, draws: int) -> list[Finding]:
    """Return what is to be said about an exercise or a lab that the course lists."""
    return list(_listed(library, entry, draws) if isinstance(entry, Entry) else listed_lab(library, entry, draws))


def _as_listed(library: Library, entry: Entry) -> Iterator[Finding]:
    """Tell whether an exercise of the course is there, and whether the course says the same of it as its file does."""
    path, place = library.exercises.path(entry.id), library.exercises.place(entry.id)
    if place is None:
        return
    if not path.exists():
        yield place.finding("", f"there is no file {shown(str(path), 120)}; expected one exercise file for each entry")
        return
    try:
        loaded = library.exercises.load(entry.id)
    except DraftError as error:
        yield from _listed_as(place, entry, error.draft)
    except ContentError:
        return  # told of with the file
    else:
        yield from _listed_as(place, entry, loaded.exercise)


def _listed(library: Library, entry: Entry, draws: int) -> Iterator[Finding]:
    """An exercise of the course: its file, and what the course says of it."""
    path = library.exercises.path(entry.id)
    yield from _as_listed(library, entry)
    if library.exercises.place(entry.id) is not None and not path.exists():
        return
    try:
        loaded = library.exercises.load(entry.id)
    except ContentError:
        yield from examine_file(path, path.parent, draws)
        return
    if loaded.exercise.words:
        for at in unknown_words(loaded.exercise, library.glossary().terms):
            key = f"words[{at}]"
            sentence = f"the glossary has no word '{shown(loaded.exercise.words[at])}'"
            yield Finding(path, line_of(loaded.lines, key), key, sentence)
    yield from examine(loaded, path, draws)


def _listed_as(place: Place, entry: Entry, own: Exercise) -> Iterator[Finding]:
    """Whether the course lists an exercise as its file is."""
    for field, here, there in (("title", entry.title, own.title), ("level", entry.level, own.level)):
        if here != there:
            yield place.finding(field, f"found '{shown(str(here))}'; the file itself has '{shown(str(there))}'")
    if isinstance(own, DraftExercise) and entry.status is None:
        yield place.finding("status", "the file itself is a draft; expected status: draft here too")
    if entry.status is not None and not isinstance(own, DraftExercise):
        yield place.finding("status", "the file itself is not a draft; expected no status here")


def _retired(library: Library) -> Iterator[Finding]:
    """Exercises that are in no unit any more: nobody edits them, but who has done one has to be able to open it."""
    for name in library.retired:
        path = library.exercises.path(name)
        found = examine_file(path, library.exercises.inside(name), 1)
        yield from (finding for finding in found if finding.severity == "error")


def _beside(library: Library, folder: Path, draws: int) -> Iterator[Finding]:
    """Files beside those that the course lists: nobody meets them, but their author wants to know of them."""
    listed_paths = {library.exercises.path(exercise) for exercise in (*library.ids, *library.draft_ids)}
    told_files = {finding.file for finding in library.findings}
    try:
        places = [folder, *(folder / name for name in folder_names(folder))]
    except OSError:
        return  # told when the library was opened
    for place in places:
        try:
            names, other = exercise_files(place), [path for path in place.iterdir() if path.suffix == ".yml"]
        except OSError as error:
            yield Finding(place, 1, "", f"the folder cannot be read: {error.strerror}")
            continue
        for path in sorted(other):
            yield Finding(path, 1, "", f"the name ends in .yml; expected {SUFFIX}", "warning")
        for path in (place / name for name in names):
            if path in listed_paths:
                continue
            if path not in told_files:
                yield Finding(path, 1, "", f"not listed in {COURSE_FILE}, so no learner sees it", "warning")
            yield from examine_file(path, folder, draws)


def _counted(count: int, word: str) -> str:
    return f"{count or 'no'} {word}{'' if count == 1 else 's'}"
