"""What there is to say about the labs of a course: each file, and whether the course lists it as it is."""

from collections.abc import Collection, Iterable, Iterator
from pathlib import Path

from rnn_tutor.exercises.files.convert import related
from rnn_tutor.exercises.files.finding import ContentError, Finding, line_of, shown
from rnn_tutor.exercises.labs.lint import examine
from rnn_tutor.exercises.labs.load import LoadedLab, read_lab
from rnn_tutor.exercises.labs.model import Lab
from rnn_tutor.exercises.labs.rules import problems
from rnn_tutor.exercises.lint.beyond import beyond
from rnn_tutor.exercises.lint.language import texts_of_lab, told
from rnn_tutor.exercises.load import Library
from rnn_tutor.exercises.model import LabEntry
from rnn_tutor.exercises.pack import COURSE_FILE, LABS, exercise_files


def lab_file(path: Path, inside: Path, draws: int) -> list[Finding]:
    """Return what is to be said about one lab file."""
    try:
        return _examined(read_lab(path, inside), path, draws)
    except ContentError as error:
        rest = beyond(error, path, inside, Lab, problems)
        if rest.value is None:
            return rest.findings
        loaded = LoadedLab(rest.value, rest.lines, rest.hash)
        # How many predictions there are says nothing of those that are there.
        blamed = [key for key in rest.blamed if key != "predict" or not rest.value.predict]
        found = _examined(loaded, path, draws, blamed, rest.unknown)
        return sorted([*rest.findings, *found], key=lambda one: (one.line, one.key))


def _examined(
    loaded: LoadedLab, path: Path, draws: int, blamed: Collection[str] = (), unknown: Iterable[str] = ()
) -> list[Finding]:
    """Return what is to be said of a lab, of its English too."""
    language = [
        Finding(path, line_of(loaded.lines, key), shown(key, 120), hit.says, "warning")
        for key, hit in told(texts_of_lab(loaded.lab), path)
        if not related(key, blamed)
    ]
    found = examine(loaded, path, draws, blamed, unknown)
    return sorted([*found, *language], key=lambda one: (one.line, one.key))


def lab_as_listed(library: Library, entry: LabEntry) -> Iterator[Finding]:
    """Tell whether a lab of the course is there, and whether the course says the same of it as its file does."""
    path, place = library.labs.path(entry.id), library.labs.place(entry.id)
    if place is None:
        return
    if not path.exists():
        yield place.finding("", f"there is no file {shown(str(path), 120)}; expected one lab file for each entry")
        return
    try:
        loaded = library.lab(entry.id)
    except ContentError:
        return  # told of with the file
    if entry.title != loaded.lab.title:
        yield place.finding("title", f"found '{shown(entry.title)}'; the file itself has '{shown(loaded.lab.title)}'")


def listed_lab(library: Library, entry: LabEntry, draws: int) -> Iterator[Finding]:
    """Give what is to be said about a lab of the course: its file, and what the course says of it."""
    path = library.labs.path(entry.id)
    yield from lab_as_listed(library, entry)
    if library.labs.place(entry.id) is not None and not path.exists():
        return
    try:
        loaded = library.lab(entry.id)
    except ContentError:
        yield from lab_file(path, library.labs.inside(entry.id), draws)
        return
    yield from _examined(loaded, path, draws)


def labs_beside(library: Library, draws: int) -> Iterator[Finding]:
    """Labs that nobody meets, because the course does not list them."""
    listed_paths = {library.labs.path(lab) for lab in library.labs}
    for folder in library.folders:
        for home in sorted(folder.glob(f"*/{LABS}")):
            try:
                names = exercise_files(home)
            except OSError as error:
                yield Finding(home, 1, "", f"the folder cannot be read: {error.strerror}")
                continue
            for path in (home / name for name in names):
                if path not in listed_paths:
                    sentence = f"not listed in {COURSE_FILE}, so no learner sees it"
                    yield Finding(path, 1, "", sentence, "warning")
                    yield from lab_file(path, folder, draws)
