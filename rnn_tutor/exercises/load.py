"""Content folders -> the course and its exercises; every error names file, line and key.

A folder of content holds `course.yaml`, `glossary.yaml` and, for each unit, a folder named by its id with one file
per exercise, `<id>.yaml`, a page, `page.yaml`, and labs, `labs/<id>.yaml`. The course opens from course.yaml alone,
however many files there are: any other file is read when it is asked for. Where course.yaml lists nothing (there is
none, it cannot be read, or a unit leaves `exercises` out), the names of the files are taken instead; only a few such
files are read for their titles.

Several folders make one course: the units of each follow those of the one before.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import msgspec

from rnn_tutor.exercises.book import Glossary, Page, Term, read_glossary, read_page, sort_key
from rnn_tutor.exercises.files.finding import ContentError, Finding, Severity, told_once
from rnn_tutor.exercises.model import Course, Exercise, Unit
from rnn_tutor.exercises.pack import (
    COURSE_FILE,
    COURSE_LIMITS,
    GLOSSARY_FILE,
    PAGE_FILE,
    SUFFIX,
    Pack,
    Place,
    Shelf,
    exercise_files,
    file_of,
    folder_names,
)
from rnn_tutor.exercises.read import Loaded, load_exercise, read_exercise, read_tree

if TYPE_CHECKING:
    from rnn_tutor.exercises.labs.load import LoadedLab

__all__ = [
    "COURSE_FILE",
    "COURSE_LIMITS",
    "SUFFIX",
    "ContentError",
    "Finding",
    "Library",
    "Loaded",
    "Place",
    "Section",
    "Severity",
    "exercise_files",
    "folder_names",
    "load_course",
    "load_exercise",
    "read_exercise",
    "read_tree",
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


LOOK = 1_000  # files that are read to know whether they can be: about a second


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
    exercises keep their ids, on which progress hangs: of two with the same one the first is taken. `findings` is what
    is wrong with the course files and with those files that were opened so far: one never hides another.
    """

    def __init__(self, folders: Sequence[Path]) -> None:
        self.folders = tuple(folders)
        self.findings: list[Finding] = []
        self.sections: tuple[Section, ...] = ()
        self._inside: dict[str, Path] = {}
        self._homes: dict[str, Path] = {}
        self._lab_homes: dict[str, tuple[Path, Path]] = {}
        self._shelves: dict[str, tuple[Shelf, Path]] = {}
        self._packs: list[Pack] = []
        self._loaded: dict[str, Loaded | ContentError] = {}
        self._pages: dict[str, Page | ContentError] = {}
        self._glossary: Glossary | None = None
        self._labs: dict[str, LoadedLab | ContentError] = {}
        self._bad: set[str] = set()  # exercises and labs that `look` could not read
        self._own: list[dict[str, str]] = []  # of each folder: what its units are called here
        courses = [self._add(folder) for folder in self.folders]
        title, closing = (courses[0].title, courses[0].closing) if courses else ("nothing", "")
        units = [shelf.unit for shelf, _ in self._shelves.values()]
        self.course = Course(format=1, title=title, units=units, closing=closing)
        self._order = [entry.id for unit in units for entry in unit.exercises]
        self._place = {exercise: place for place, exercise in enumerate(self._order)}

    def _add(self, folder: Path) -> Course:
        """Take in what a folder has, its units after those that are there."""
        pack = Pack(folder, dict(self._homes), {lab: home for lab, (home, _) in self._lab_homes.items()})
        course = pack.course()
        self.findings += pack.findings
        self._inside |= {name: folder for name in pack.homes if name not in self._homes}
        self._homes = pack.homes
        self._lab_homes |= {lab: (home, folder) for lab, home in pack.lab_homes.items() if lab not in self._lab_homes}
        self._packs.append(pack)
        ids = _own_ids([shelf.unit.id for shelf in pack.shelves], self._shelves)
        first = {shelf.unit.id: own for shelf, own in zip(reversed(pack.shelves), reversed(ids), strict=True)}
        for shelf, own in zip(pack.shelves, ids, strict=True):
            needs = [first[one] for one in shelf.unit.needs if one in first and first[one] != own]
            unit = msgspec.structs.replace(shelf.unit, id=own, needs=needs)
            self._shelves[own] = Shelf(unit, shelf.folder, shelf.page), folder
        self._own.append(first)
        self.sections += (
            Section(course.title, tuple(ids), tuple(told_once(pack.findings, of_all_files=True)), course.closing),
        )
        return course

    @property
    def ids(self) -> Sequence[str]:
        """The ids of all exercises, in the order of the course."""
        return self._order

    def path(self, exercise: str) -> Path:
        """Return the file of an exercise; it need not exist. KeyError for an unknown id."""
        return file_of(self._homes[exercise], exercise)

    def place(self, exercise: str) -> Place | None:
        """Return where a course file lists an exercise; None if the course is made of its files."""
        for pack in self._packs:
            if exercise in pack.places:
                return Place(pack.folder / COURSE_FILE, pack.lines, pack.places[exercise])
        return None

    def unreadable(self, exercise: str) -> bool:
        """Tell whether the file of an exercise is known to be unreadable; nothing is read to find out."""
        known = self._loaded.get(exercise)
        bad = exercise in self._bad or any(exercise in pack.bad for pack in self._packs)
        return isinstance(known, ContentError) or (known is None and bad)

    def look(self, *, but: Path | None = None, labs: bool = True, most: int = LOOK) -> list[Finding]:
        """Return what is wrong with the files of exercises and labs; `unreadable` knows from now on. Nothing is kept.

        Of more than `most` files it is only found out whether they are there. `but` is a folder that is known to be
        good. Labs take NumPy to read. May be called in a thread.
        """

        files: list[tuple[str, Path, Path, Callable[[Path, Path], object]]]
        files = [(name, self.path(name), self._inside[name], read_exercise) for name in self._order]
        if labs and self._lab_homes:
            from rnn_tutor.exercises.labs.load import read_lab  # late, as below

            files += [(name, *self.lab_path(name), read_lab) for name in self.labs]
        found: list[Finding] = []
        for at, (name, path, inside, read) in enumerate(one for one in files if one[2] != but):
            try:
                if at < most:
                    read(path, inside)
                elif not path.exists():
                    raise ContentError([Finding(path, 1, "", "there is no such file")])
            except ContentError as error:
                self._bad.add(name)
                found += error.findings
        return found

    def loaded(self, exercise: str) -> Loaded:
        """Return an exercise with the lines and the hash of its file. Raises as `exercise` does."""
        return self._load(exercise)

    def exercise(self, exercise: str) -> Exercise:
        """Return an exercise, read once. Raises ContentError, KeyError for an unknown id."""
        return self._load(exercise).exercise

    def hash(self, exercise: str) -> str:
        """Return the first 16 hex digits of the SHA-256 of the file, as it was read. Raises as `exercise` does."""
        return self._load(exercise).hash

    def lines(self, path: Path) -> Mapping[str, int]:
        """Return the line of every key path of an exercise's file. ContentError, KeyError for another file."""
        if path.stem not in self._homes or self.path(path.stem) != path:
            raise KeyError(path)
        return self._load(path.stem).lines

    def neighbours(self, exercise: str) -> tuple[str | None, str | None]:
        """Return the ids before and after an exercise, across units; None at the ends. KeyError for an unknown id."""
        place = self._place[exercise]
        before = self._order[place - 1] if place else None
        after = self._order[place + 1] if place + 1 < len(self._order) else None
        return before, after

    def unit(self, unit: str) -> Unit:
        """Return a unit. KeyError for an unknown id."""
        return self._shelves[unit][0].unit

    def has_page(self, unit: str) -> bool:
        """Tell whether there is a page for a unit; it is not read to find out. KeyError for an unknown id."""
        return self._shelves[unit][0].page

    def page_path(self, unit: str) -> Path:
        """Return the file of a unit's page; it need not exist. KeyError for an unknown id."""
        return self._shelves[unit][0].folder / PAGE_FILE

    def page_unreadable(self, unit: str) -> bool:
        """Tell whether a unit's page is known to be unreadable; nothing is read to find out."""
        return isinstance(self._pages.get(unit), ContentError)

    def page(self, unit: str) -> Page:
        """Return the page of a unit, read once. Raises ContentError, KeyError for an unknown id."""
        if unit not in self._pages:
            try:
                self._pages[unit] = read_page(self.page_path(unit), self._shelves[unit][1])[0]
            except ContentError as error:
                self._pages[unit] = error
                self.findings += error.findings
        page = self._pages[unit]
        if isinstance(page, ContentError):
            raise page
        return page

    @property
    def has_glossary(self) -> bool:
        """Tell whether any folder has a glossary; none is read to find out."""
        return any((folder / GLOSSARY_FILE).exists() for folder in self.folders)

    def glossary(self) -> Glossary:
        """Return the terms of all folders, sorted, read once; of a term in two of them the first is taken.

        Never raises: a glossary that cannot be read has no terms, and `findings` says what is wrong with it. The units
        that terms name are those of this library; "" stands for one that is unknown.
        """
        if self._glossary is None:
            terms: dict[str, Term] = {}
            for folder, own in zip(self.folders, self._own, strict=True):
                for term in self._terms(folder, own):
                    terms.setdefault(term.term.casefold().strip(), term)
            self._glossary = Glossary(format=1, terms=sorted(terms.values(), key=sort_key))
        return self._glossary

    def _terms(self, folder: Path, own: Mapping[str, str]) -> Iterable[Term]:
        file = folder / GLOSSARY_FILE
        if not file.exists():
            return
        try:
            glossary, _ = read_glossary(file, folder)
        except ContentError as error:
            self.findings += error.findings
            return
        for term in glossary.terms:
            yield msgspec.structs.replace(term, unit=own.get(term.unit, ""))

    def lab_path(self, lab: str) -> tuple[Path, Path]:
        """Return the file of a lab and the folder that it must be in. KeyError for an unknown id."""
        home, inside = self._lab_homes[lab]
        return file_of(home, lab), inside

    @property
    def labs(self) -> Sequence[str]:
        """The ids of all labs, in the order of the course."""
        return [lab.id for unit in self.course.units for lab in unit.labs]

    def lab_place(self, lab: str) -> Place | None:
        """Return where a course file lists a lab; None if the course is made of its files."""
        for pack in self._packs:
            if lab in pack.lab_places:
                return Place(pack.folder / COURSE_FILE, pack.lines, pack.lab_places[lab])
        return None

    def lab_unreadable(self, lab: str) -> bool:
        """Tell whether the file of a lab is known to be unreadable; nothing is read to find out."""
        known = self._labs.get(lab)
        return isinstance(known, ContentError) or (known is None and lab in self._bad)

    def lab(self, lab: str) -> "LoadedLab":
        """Return a lab with the lines and the hash of its file, read once. ContentError, KeyError for an unknown id."""
        if lab not in self._labs:
            from rnn_tutor.exercises.labs.load import read_lab  # late: a course is opened without numpy

            path, inside = self.lab_path(lab)
            try:
                self._labs[lab] = read_lab(path, inside)
            except ContentError as error:
                self._labs[lab] = error
                self.findings += error.findings
        found = self._labs[lab]
        if isinstance(found, ContentError):
            raise found
        return found

    def _load(self, exercise: str) -> Loaded:
        loaded = self._loaded.get(exercise)
        if loaded is None:
            path = self.path(exercise)
            try:
                loaded = read_exercise(path, self._inside[exercise])
            except ContentError as error:
                loaded = error
                self.findings += error.findings
            self._loaded[exercise] = loaded
        if isinstance(loaded, ContentError):
            raise loaded
        return loaded


def _own_ids(wanted: Sequence[str], taken: Mapping[str, object]) -> list[str]:
    """Return an id for each of a folder's units: its own, or one like it where that is taken."""
    ids: list[str] = []
    for name in wanted:
        own, number = name, 2
        while own in taken or own in ids:
            own, number = f"{name[:60]}-{number}", number + 1
        ids.append(own)
    return ids
