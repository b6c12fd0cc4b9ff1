"""Content folders -> the course and its exercises; every error names file, line and key.

A folder of content holds `course.yaml`, `glossary.yaml` and, for each unit, a folder named by its id with one file
per exercise, `<id>.yaml`, a page, `page.yaml`, and labs, `labs/<id>.yaml`; in the folder `retired` are exercises that
no unit has any more, which whoever has their ids can still open. The course opens from course.yaml alone,
however many files there are: any other file is read when it is asked for. Where course.yaml lists nothing (there is
none, it cannot be read, or a unit leaves `exercises` out), the names of the files are taken instead; only a few such
files are read for their titles.

Several folders make one course: the units of each follow those of the one before.
"""

import threading
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import chain
from pathlib import Path
from typing import TYPE_CHECKING, Generic, TypeAlias, TypeVar

import msgspec

from rnn_tutor.exercises.files.finding import ContentError, Finding, Severity, told_once
from rnn_tutor.exercises.kept import Kept
from rnn_tutor.exercises.model import Course, Entry, Unit, Way
from rnn_tutor.exercises.pack import (
    COURSE_FILE,
    COURSE_LIMITS,
    GLOSSARY_FILE,
    PAGE_FILE,
    SUFFIX,
    Pack,
    Place,
    UnitFolder,
    exercise_files,
    file_of,
    folder_names,
)

# What reads YAML is imported when a file is to be read: a course that was kept is listed without.
if TYPE_CHECKING:
    from rnn_tutor.exercises.book import Glossary, Page, Sign, Term
    from rnn_tutor.exercises.labs.load import LoadedLab
    from rnn_tutor.exercises.model import Exercise
    from rnn_tutor.exercises.read import Loaded

__all__ = [
    "COURSE_FILE",
    "COURSE_LIMITS",
    "SUFFIX",
    "ContentError",
    "Finding",
    "Library",
    "Place",
    "Section",
    "Severity",
    "Shelf",
    "exercise_files",
    "folder_names",
    "load_course",
]


def load_course(folder: Path) -> Course:
    """Return the course of a folder: of its course.yaml or, without one, of its folders and files.

    Raises ContentError if course.yaml is there and something is wrong with it.
    """
    pack = Pack(folder)
    course = pack.course()
    if pack.findings:
        raise ContentError(pack.findings)
    return course


T = TypeVar("T")
_Stamp: TypeAlias = tuple[int, int, int, int, int]

LOOK = 1_000  # files that are read to know whether they can be: about a second


class Shelf(Generic[T]):
    """The files of one kind: where each is, by its id, and what stands in it, read once, when it is asked for.

    It goes through the ids in the order of the course. What needs a file raises KeyError for an unknown id. May be used
    by several threads.
    """

    def __init__(
        self, read: Callable[[Path, Path], T], findings: list[Finding], file: Callable[[Path, str], Path] = file_of
    ) -> None:
        """Know how a file is read (its path, and the folder that its real place must be in), and where it lies.

        findings: takes what is wrong with the files that were opened.
        """
        self.homes: dict[str, Path] = {}  # the folder of each file: 10,000 paths take 0.1 s to make
        self._read = read
        self._findings = findings
        self._file = file
        self._taken: list[tuple[Mapping[str, Path], Path]] = []  # what each folder brought, and the folder
        self._listed: list[tuple[Pack, Callable[[], Mapping[str, str]]]] = []
        self._loaded: dict[str, T | ContentError] = {}
        self._unreadable: set[str] = set()  # known from elsewhere to be unreadable
        self._ahead: dict[str, _Stamp | None] = {}  # read before they were opened: what each file was then
        self._lock = threading.Lock()

    def take(
        self,
        homes: Mapping[str, Path],
        pack: Pack,
        listed: Callable[[], Mapping[str, str]] = dict,
        unreadable: Iterable[str] = (),
    ) -> None:
        """Take in the files of a folder of content: those whose ids are new.

        listed: the key path of each in the course file. unreadable: those that are known to be unreadable.
        """
        fresh = {name: home for name, home in homes.items() if name not in self.homes} if self.homes else homes
        self.homes |= fresh
        self._taken.append((homes, pack.folder))
        self._listed.append((pack, listed))
        self._unreadable |= set(unreadable)

    def __iter__(self) -> Iterator[str]:
        return iter(self.homes)

    def __len__(self) -> int:
        return len(self.homes)

    def __contains__(self, name: object) -> bool:
        return name in self.homes

    def path(self, name: str) -> Path:
        """Return a file; it need not exist."""
        return self._file(self.homes[name], name)

    def inside(self, name: str) -> Path:
        """Return the folder that a file's real place must be in: the first one that brought it. Raises KeyError."""
        for homes, folder in self._taken:
            if name in homes:
                return folder
        raise KeyError(name)

    def place(self, name: str) -> Place | None:
        """Return where a course file lists it; None if the course is made of its files."""
        for pack, listed in self._listed:
            places = listed()
            if name in places:
                return Place(pack.folder / COURSE_FILE, pack.lines, places[name])
        return None

    def unreadable(self, name: str) -> bool:
        """Tell whether a file is known to be unreadable; nothing is read to find out."""
        loaded = self._loaded.get(name)
        return isinstance(loaded, ContentError) or (loaded is None and name in self._unreadable)

    def load(self, name: str) -> T:
        """Return what stands in a file, read once. Raises ContentError."""
        with self._lock:
            if not self._is_as_read_ahead(name):
                del self._loaded[name], self._ahead[name]
            if name not in self._loaded:
                path = self.path(name)
                try:
                    self._loaded[name] = self._read(path, self.inside(name))
                except ContentError as error:
                    from rnn_tutor.exercises.unfinished import DraftError  # late: start-up time

                    self._loaded[name] = error
                    self._findings += () if isinstance(error, DraftError) else error.findings
            loaded = self._loaded[name]
        if isinstance(loaded, ContentError):
            raise loaded
        return loaded

    def read_ahead(self, name: str) -> bool:
        """Read a file that may be opened soon; False where it cannot be read, which is told when it is opened.

        Until it is `opened` it is only what stood there then: who loads it has what stands there now.
        """
        with self._lock:
            if name in self._loaded:
                return not isinstance(self._loaded[name], ContentError)
            path = self.path(name)
            stamp = _stamp(path)
            try:
                self._loaded[name] = self._read(path, self.inside(name))
            except ContentError:
                return False
            self._ahead[name] = stamp
            return True

    def opened(self, name: str) -> bool:
        """Have what was read stay, from now on; False where it was read ahead, and the file is another one now."""
        with self._lock:
            same = self._is_as_read_ahead(name)
            if not same:
                del self._loaded[name]
            self._ahead.pop(name, None)
            return same

    def _is_as_read_ahead(self, name: str) -> bool:
        return name not in self._ahead or self._ahead[name] == _stamp(self.path(name))

    def look(self, name: str, *, read: bool) -> list[Finding]:
        """Return what is wrong with a file, or only whether it is there; `unreadable` knows it. Nothing is kept."""
        path = self.path(name)
        try:
            if read:
                self._read(path, self.inside(name))
            elif not path.exists():
                raise ContentError([Finding(path, 1, "", "there is no such file")])
        except ContentError as error:
            self._unreadable.add(name)
            return error.findings
        return []


@dataclass(frozen=True, slots=True)
class Section:
    """What one folder brought: its title and closing page, its units' ids, and what was wrong at first sight."""

    title: str
    units: tuple[str, ...]
    findings: tuple[Finding, ...]
    closing: str = ""


class Library:
    """The exercises of one folder or several, as one course; files are read when they are asked for.

    `course` is made of what the folders list, in order; the first folder gives its title and closing page. A unit whose
    id another folder has used is given one of its own (`lstm-2`), so that every course stays as its author made it;
    exercises keep their ids, on which progress hangs: of two with the same one the first is taken. `ids` has those of
    the course, in its order; `retired` those that are in no unit any more, and there for whoever has their ids. Drafts
    are in neither, nor in `course`: `drafts` has them. A way of `course` names nothing but exercises.
    `findings` is what is wrong with the course files and with those files that were opened so far: one never hides
    another.
    """

    def __init__(self, folders: Sequence[Path], kept: Kept | None = None) -> None:
        """Read the course files of folders; `kept`: where what they say may be kept, so that they need not be read."""
        self.folders = tuple(folders)
        self.kept = kept or Kept()
        self.findings: list[Finding] = []
        self.sections: tuple[Section, ...] = ()
        self.retired: list[str] = []
        self.exercises = Shelf(_read_exercise, self.findings)
        self.labs = Shelf(_read_lab, self.findings)
        self.pages = Shelf(_read_page, self.findings, lambda folder, _: folder / PAGE_FILE)
        self._units: dict[str, UnitFolder] = {}
        self._glossary: Glossary | None = None
        self.way_labs: dict[str, dict[str, str]] = {}  # of each way: which lab comes after which exercise
        self._own: list[dict[str, str]] = []  # of each folder: what its units are called here
        courses = [self._add(folder) for folder in self.folders]
        first = courses[0] if courses else Course(format=1, title="nothing", units=[])
        units = [unit_folder.unit for unit_folder in self._units.values()]
        ways = [way for number, course in enumerate(courses) for way in self._ways_of(course, self._own[number])]
        first_ways = {way.id: way for way in reversed(ways)}
        self.course = msgspec.structs.replace(first, units=units, ways=list(reversed(first_ways.values())))
        self.ids: Sequence[str] = list(chain.from_iterable(unit.exercise_ids for unit in units))

    def keep_only(self, title: str, exercises: Iterable[str]) -> None:
        """Make a course of these exercises alone, in their order; units stay, with their pages, and without labs.

        KeyError for an exercise that no unit has.
        """
        entries = {entry.id: (unit, entry) for unit in self.course.units for entry in unit.exercises}
        chosen: dict[str, list[Entry]] = {}
        for exercise in exercises:
            unit, entry = entries[exercise]
            chosen.setdefault(unit.id, []).append(entry)
        folders = {name: self._units[name] for name in chosen}
        self._units = {
            name: UnitFolder(
                msgspec.structs.replace(folder.unit, exercises=chosen[name], labs=[], needs=[]),
                folder.folder,
                folder.page,
            )
            for name, folder in folders.items()
        }
        units = [folder.unit for folder in self._units.values()]
        self.course = msgspec.structs.replace(self.course, title=title, units=units, ways=[], welcome="", closing="")
        findings = tuple(finding for section in self.sections for finding in section.findings)
        self.sections = (Section(title, tuple(self._units), findings),)
        self.way_labs = {}
        self.ids = [entry.id for unit in units for entry in unit.exercises]
        vars(self).pop("_at", None)

    @cached_property
    def _at(self) -> Mapping[str, int]:
        return {exercise: at for at, exercise in enumerate(self.ids)}

    def _add(self, folder: Path) -> Course:
        """Take in what a folder has, its units after those that are there."""
        pack = Pack(folder, dict(self.exercises.homes), dict(self.labs.homes), self.kept)
        course = pack.course()
        self.retired += pack.retired()
        self.findings += pack.findings
        self.exercises.take(pack.homes, pack, lambda: pack.places, pack.unreadable)
        self.labs.take(pack.lab_homes, pack, lambda: pack.lab_places)
        ids = _own_ids([unit_folder.unit.id for unit_folder in pack.units], self._units)
        first = {unit_folder.unit.id: own for unit_folder, own in zip(reversed(pack.units), reversed(ids), strict=True)}
        for unit_folder, own in zip(pack.units, ids, strict=True):
            needs = [first[need] for need in unit_folder.unit.needs if need in first and first[need] != own]
            unit = msgspec.structs.replace(unit_folder.unit, id=own, needs=needs)
            self._units[own] = UnitFolder(unit, unit_folder.folder, unit_folder.page, unit_folder.drafts)
        self.pages.take({own: unit_folder.folder for unit_folder, own in zip(pack.units, ids, strict=True)}, pack)
        self._own.append(first)
        self.sections += (
            Section(course.title, tuple(ids), tuple(told_once(pack.findings, of_all_files=True)), course.closing),
        )
        return course

    def _ways_of(self, course: Course, own: Mapping[str, str]) -> Iterator[Way]:
        """Give the ways through what a folder has, each as the exercises that it leads through; what is not is told by
        `check`. A lab on a way comes after the exercise before it."""
        for way in course.ways:
            through: dict[str, None] = {}
            for name in way.through:
                if name in self.labs and through:
                    self.way_labs.setdefault(way.id, {}).setdefault(next(reversed(through)), name)
                if name in self.exercises and name not in self.retired and name not in self.draft_ids:
                    through[name] = None
                elif name in own:
                    through |= dict.fromkeys(self.unit(own[name]).exercise_ids)
            if through:
                yield msgspec.structs.replace(way, through=list(through))

    def look(self, *, but: Path | None = None, labs: bool = True, most: int = LOOK) -> list[Finding]:
        """Return what is wrong with the files of exercises and labs; their shelves know from now on what is unreadable.

        Of more than `most` files it is only found out whether they are there. `but` is a folder that is known to be
        good. Labs take NumPy to read. May be called in a thread.
        """
        shelves = ((self.exercises, self.ids), (self.labs, self.labs))[: 1 + labs]
        every = [(shelf, name) for shelf, names in shelves for name in names]
        wanted = [(shelf, name) for shelf, name in every if shelf.inside(name) != but]
        return [finding for at, (shelf, name) in enumerate(wanted) for finding in shelf.look(name, read=at < most)]

    def exercise(self, exercise: str) -> "Exercise":
        """Return an exercise, read once. Raises ContentError, KeyError for an unknown id."""
        return self.exercises.load(exercise).exercise

    def hash(self, exercise: str) -> str:
        """Return the first 16 hex digits of the SHA-256 of the file, as it was read. Raises as `exercise` does."""
        return self.exercises.load(exercise).hash

    def lists(self, exercise: str) -> bool:
        """Tell whether an exercise is in a unit of the course: labs are not, nor is what is retired."""
        return exercise in self._at

    def neighbours(self, exercise: str) -> tuple[str | None, str | None]:
        """Return the ids before and after an exercise, across units; None at the ends, of a retired one, of a draft.

        KeyError for an unknown id.
        """
        if exercise in self.retired or exercise in self.draft_ids:
            return None, None
        at = self._at[exercise]
        before = self.ids[at - 1] if at else None
        after = self.ids[at + 1] if at + 1 < len(self.ids) else None
        return before, after

    def unit(self, unit: str) -> Unit:
        """Return a unit. KeyError for an unknown id."""
        return self._units[unit].unit

    def drafts(self, unit: str) -> tuple[Entry, ...]:
        """Return the drafts of a unit, which are not among its exercises. KeyError for an unknown id."""
        return self._units[unit].drafts

    @property
    def draft_ids(self) -> list[str]:
        """The ids of all drafts, in the order of the course."""
        return [entry.id for unit_folder in self._units.values() for entry in unit_folder.drafts]

    def has_page(self, unit: str) -> bool:
        """Tell whether there is a page for a unit; it is not read to find out. KeyError for an unknown id."""
        return self._units[unit].page

    def page(self, unit: str) -> "Page":
        """Return the page of a unit, read once. Raises ContentError, KeyError for an unknown id."""
        return self.pages.load(unit)

    def lab(self, lab: str) -> "LoadedLab":
        """Return a lab with the lines and the hash of its file, read once. ContentError, KeyError for an unknown id."""
        return self.labs.load(lab)

    @property
    def has_glossary(self) -> bool:
        """Tell whether any folder has a glossary; none is read to find out."""
        return any((folder / GLOSSARY_FILE).exists() for folder in self.folders)

    def glossary(self) -> "Glossary":
        """Return the terms of all folders, sorted, read once; of a term in two of them the first is taken.

        The notation is that of the first folder that has one: another course may mean other things by its letters.

        Never raises: a glossary that cannot be read has no terms, and `findings` says what is wrong with it. The units
        that terms name are those of this library; "" stands for one that is unknown.
        """
        if self._glossary is None:
            from rnn_tutor.exercises.book import Glossary, sort_key

            terms: dict[str, Term] = {}
            notation: list[Sign] = []
            for folder, own in zip(self.folders, self._own, strict=True):
                glossary = self._glossary_of(folder)
                for term in glossary.terms if glossary is not None else ():
                    terms.setdefault(term.term.casefold().strip(), _of_unit(term, own))
                notation = notation or (glossary.notation if glossary is not None else [])
            self._glossary = Glossary(format=1, terms=sorted(terms.values(), key=sort_key), notation=notation)
        return self._glossary

    def _glossary_of(self, folder: Path) -> "Glossary | None":
        file = folder / GLOSSARY_FILE
        if not file.exists():
            return None
        from rnn_tutor.exercises.book import read_glossary

        try:
            return read_glossary(file, folder)[0]
        except ContentError as error:
            self.findings += error.findings
            return None


def _of_unit(term: "Term", own: Mapping[str, str]) -> "Term":
    """Return a term with the unit that it names by what that is called here; "" for one that is unknown."""
    return msgspec.structs.replace(term, unit=own.get(term.unit, ""))


def _stamp(path: Path) -> _Stamp | None:
    """Return what tells one state of a file from another, without reading it; None where there is none."""
    try:
        found = path.stat()
    except OSError:
        return None
    return found.st_dev, found.st_ino, found.st_size, found.st_mtime_ns, found.st_ctime_ns


def _read_exercise(path: Path, inside: Path) -> "Loaded":
    from rnn_tutor.exercises.read import read_exercise

    return read_exercise(path, inside)


def _read_page(path: Path, inside: Path) -> "Page":
    from rnn_tutor.exercises.book import read_page

    return read_page(path, inside)[0]


def _read_lab(path: Path, inside: Path) -> "LoadedLab":
    from rnn_tutor.exercises.labs.load import read_lab  # late: a course is opened without numpy

    return read_lab(path, inside)


def _own_ids(wanted: Sequence[str], taken: Mapping[str, object]) -> list[str]:
    """Return an id for each of a folder's units: its own, or one like it where that is taken."""
    ids: list[str] = []
    for name in wanted:
        own, number = name, 2
        while own in taken or own in ids:
            own, number = f"{name[:60]}-{number}", number + 1
        ids.append(own)
    return ids
