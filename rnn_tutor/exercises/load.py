"""Content folders -> the course and its exercises; every error names file, line and key.

A folder of content holds `course.yaml` and, for each unit, a folder named by the unit's id with one file per exercise,
`<id>.yaml`. The course opens from course.yaml alone, however many files there are: an exercise's file is read when the
exercise is asked for. Where course.yaml lists nothing (there is none, it cannot be read, or a unit leaves `exercises`
out), the names of the files are taken instead; only a few such files are read for their titles, see `_LOOK_INTO`.
"""

import hashlib
import os
from collections.abc import Iterable, Iterator, Mapping, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass, field
from pathlib import Path

import msgspec

from rnn_tutor.exercises.files.convert import convert, related
from rnn_tutor.exercises.files.finding import ContentError, Finding, Severity, join, line_of, shown
from rnn_tutor.exercises.files.rules import problems
from rnn_tutor.exercises.files.yaml_text import Limits, Tree, decode, parse, read_bytes
from rnn_tutor.exercises.model import Course, Entry, Exercise, Id, Unit

__all__ = ["ContentError", "Finding", "Library", "Severity", "load_course", "load_exercise", "read_exercise"]

COURSE_FILE = "course.yaml"
PAGE_FILE = "page.yaml"
GLOSSARY_FILE = "glossary.yaml"
RESERVED = frozenset({COURSE_FILE, PAGE_FILE, GLOSSARY_FILE})  # never exercises, in whichever folder they are
SUFFIX = ".yaml"

# One line for each exercise: 10,000 of them are 0.8 MB and 80,000 events, which libyaml reads in 0.2 s (the
# pure-Python parser, where there is no libyaml, in 2 s). Beyond that, a unit leaves `exercises` out.
COURSE_LIMITS = Limits(size=1024 * 1024, events=100_000)
_LOOK_INTO = 100  # unlisted files that are read for their titles: some 0.1 s; more than that are shown by their ids


@dataclass(frozen=True, slots=True)
class Loaded:
    """An exercise with what else its file tells: the line of every key path, and the hash of its bytes."""

    exercise: Exercise
    lines: Mapping[str, int]
    hash: str


def load_exercise(path: Path) -> Exercise:
    """Return the exercise of a file. Raises ContentError with all that is wrong with it."""
    return read_exercise(path).exercise


def read_exercise(path: Path, inside: Path | None = None) -> Loaded:
    """Return the exercise of a file whose real place is within `inside` (default: its own folder).

    Raises ContentError with all that is wrong with it.
    """
    tree, digest = read_tree(path, inside)
    converted = convert(tree, Exercise)
    findings = [*tree.findings, *_news(converted.findings, tree.refused)]
    blamed = {*tree.refused, *(found.key for found in converted.findings)}
    said = problems(converted.value) if converted.value is not None else []
    if isinstance(tree.data, dict) and isinstance(own := tree.data.get("id", path.stem), str) and own != path.stem:
        said.append(("id", f"found '{shown(own)}' in a file named {shown(path.name)}; expected the file's name"))
    findings += _news([Finding(path, tree.line(key), shown(key, 120), says) for key, says in said], blamed)
    if findings or converted.value is None:
        raise ContentError(findings)
    return Loaded(converted.value, tree.lines, digest)


def read_tree(path: Path, inside: Path | None = None) -> tuple[Tree, str]:
    """Return what stands in a file, whatever it means, and the hash of its bytes. Raises ContentError."""
    content = read_bytes(path, inside)
    return parse(decode(content, path), path), hashlib.sha256(content).hexdigest()[:16]


def load_course(folder: Path) -> Course:
    """Return the course of a folder: of its course.yaml or, without one, of its folders and files.

    Raises ContentError if course.yaml is there and something is wrong with it.
    """
    pack = _Pack(folder)
    course = pack.course()
    if pack.findings:
        raise ContentError(pack.findings)
    return course


def _news(findings: Iterable[Finding], blamed: AbstractSet[str]) -> list[Finding]:
    """Return the findings that do not merely follow from something that was blamed already."""
    return [found for found in findings if not related(found.key, blamed)]


@dataclass(frozen=True, slots=True)
class Place:
    """Where a course file lists an exercise: the file, the line of every key path in it, the entry's key path."""

    file: Path
    lines: Mapping[str, int]
    key: str

    def finding(self, field: str, says: str) -> Finding:
        """Return an error at a field of the entry ("": at the entry itself)."""
        key = join(self.key, field) if field else self.key
        return Finding(self.file, line_of(self.lines, key), key, says)


@dataclass(slots=True)
class _Pack:
    """One folder of content: its course, where each of its exercises is, and what is wrong at first sight."""

    folder: Path
    homes: dict[str, Path] = field(default_factory=dict)  # the folder of each exercise: 10,000 paths take 0.1 s to make
    findings: list[Finding] = field(default_factory=list)
    lines: Mapping[str, int] = field(default_factory=dict)
    places: dict[str, str] = field(default_factory=dict)  # the key path of each entry of the course file
    bad: set[str] = field(
        default_factory=set
    )  # ids of unlisted files that were read for their titles, and could not be

    def course(self) -> Course:
        """Return the course; what is wrong with course.yaml goes to `findings`, and the files speak for themselves."""
        if not self.folder.is_dir():
            self.findings.append(Finding(self.folder, 1, "", "there is no such folder"))
            return Course(format=1, title=_title(self.folder.name), units=[])
        listed = self.read_listed() if os.path.lexists(self.folder / COURSE_FILE) else None
        if listed is None:
            title = _title(self.folder.resolve().name)
            return Course(format=1, title=title, units=self.found_units())
        units = []
        for place, unit in enumerate(listed.units):
            folder = self.folder / unit.id
            key = f"units[{place}].exercises"
            entries = [
                entry for index, entry in enumerate(unit.exercises) if self.add(entry.id, folder, f"{key}[{index}]")
            ]
            if not unit.exercises and folder.is_dir():
                entries = self.found_entries(folder)
            units.append(msgspec.structs.replace(unit, exercises=entries))
        return msgspec.structs.replace(listed, units=units)

    def read_listed(self) -> Course | None:
        """Return what course.yaml says, None if it cannot be used."""
        file = self.folder / COURSE_FILE
        try:
            tree = parse(decode(read_bytes(file, self.folder, COURSE_LIMITS.size), file), file, COURSE_LIMITS)
        except ContentError as error:
            self.findings += error.findings
            return None
        converted = convert(tree, Course)
        self.lines = tree.lines
        self.findings += [*tree.findings, *_news(converted.findings, tree.refused)]
        if converted.value is not None:
            self.findings += _twice(converted.value, tree)
        return converted.value

    def add(self, exercise: str, folder: Path, key: str = "") -> bool:
        """Note in which folder an exercise is; False, and a finding, if its id is taken."""
        if exercise not in self.homes:
            self.homes[exercise] = folder
            if key:
                self.places[exercise] = key
            return True
        file = self.folder / COURSE_FILE if key else _file(folder, exercise)
        owner = _file(self.homes[exercise], exercise)
        says = f"the id '{exercise}' belongs to {shown(str(owner), 120)} already; expected a new one"
        self.findings.append(Finding(file, self.lines.get(key, 1), key, says))
        return False

    def found_units(self) -> list[Unit]:
        """Make units of the folders that hold files, and one of the files that lie in the folder itself."""
        units = []
        own = self.found_entries(self.folder)
        if own:
            name = self.folder.resolve().name
            units.append(Unit(id=_as_id(name), title=_title(name), aim="", exercises=own))
        for folder in self.names(self.folder, folders=True):
            if _is_id(folder) and (entries := self.found_entries(self.folder / folder)):
                units.append(Unit(id=folder, title=_title(folder), aim="", exercises=entries))
        return units

    def found_entries(self, folder: Path) -> list[Entry]:
        """Make entries of the exercise files of a folder, by name."""
        names = []
        for name in self.names(folder):
            stem = name.removesuffix(SUFFIX)
            if not _is_id(stem):
                says = f"the name '{shown(stem)}' is no id; expected small letters, digits and hyphens"
                self.findings.append(Finding(folder / name, 1, "", says))
            elif self.add(stem, folder):
                names.append(stem)
        return [self.entry(_file(folder, name), look=len(names) <= _LOOK_INTO) for name in names]

    def entry(self, path: Path, *, look: bool) -> Entry:
        """Make the entry of an unlisted file: with its own title if it is read, and can be, else with one of its id."""
        if look:
            try:
                exercise = read_exercise(path, self.folder).exercise
                return Entry(id=path.stem, title=exercise.title, level=exercise.level)
            except ContentError:
                self.bad.add(path.stem)  # told when the exercise is opened or checked
        return Entry(id=path.stem, title=_title(path.stem))

    def names(self, folder: Path, *, folders: bool = False) -> list[str]:
        """Return the names of the exercise files (or folders) in a folder, sorted; a finding if it cannot be read."""
        try:
            return folder_names(folder) if folders else exercise_files(folder)
        except OSError as error:
            self.findings.append(Finding(folder, 1, "", f"the folder cannot be read: {error.strerror}"))
            return []


def _file(folder: Path, exercise: str) -> Path:
    return folder / f"{exercise}{SUFFIX}"


def exercise_files(folder: Path) -> list[str]:
    """Return the names of the exercise files of a folder, sorted; without reading any. OSError if it is no folder."""
    with os.scandir(folder) as entries:
        names = [entry.name for entry in entries]
    return sorted(name for name in names if name.endswith(SUFFIX) and name not in RESERVED and name[0] not in "._")


def folder_names(folder: Path) -> list[str]:
    """Return the names of the folders in a folder, sorted. OSError if it is no folder."""
    with os.scandir(folder) as entries:
        return sorted(entry.name for entry in entries if entry.is_dir() and entry.name[0] not in "._")


def _twice(course: Course, tree: Tree) -> Iterator[Finding]:
    """Give the units that are listed twice."""
    seen: set[str] = set()
    for index, unit in enumerate(course.units):
        if unit.id in seen:
            key = f"units[{index}].id"
            yield Finding(tree.file, tree.line(key), key, f"the unit '{unit.id}' stands twice; expected once")
        seen.add(unit.id)


def _is_id(text: str) -> bool:
    try:
        return bool(msgspec.convert(text, Id))
    except msgspec.ValidationError:
        return False


def _as_id(name: str) -> str:
    kept = "".join(letter if letter in "abcdefghijklmnopqrstuvwxyz0123456789" else "-" for letter in name.lower())
    return kept.strip("-")[:64] or "unit"


def _title(name: str) -> str:
    """Return a title for something that has only a name: `lstm-cell` reads Lstm cell."""
    words = shown(name.replace("-", " ").replace("_", " ").strip(), 200)
    return words[:1].upper() + words[1:] or "Course"


class Library:
    """The exercises of one folder or several, as one course; files are read when they are asked for.

    `course` is made of what the folders list, in order; the first folder gives its title and closing page. `findings`
    is what is wrong with the course files and with those exercises that were opened so far: what is wrong with one
    never hides another.
    """

    def __init__(self, folders: Sequence[Path]) -> None:
        self.folders = tuple(folders)
        self.findings: list[Finding] = []
        self._inside: dict[str, Path] = {}
        self._homes: dict[str, Path] = {}
        self._places: list[_Pack] = []
        self._loaded: dict[str, Loaded | ContentError] = {}
        units: dict[str, Unit] = {}
        courses: list[Course] = []
        for folder in self.folders:
            pack = _Pack(folder, dict(self._homes))
            course = pack.course()
            courses.append(course)
            self.findings += pack.findings
            self._inside |= {name: folder for name in pack.homes if name not in self._homes}
            self._homes = pack.homes
            self._places.append(pack)
            for unit in course.units:
                before = units[unit.id].exercises if unit.id in units else []
                units[unit.id] = msgspec.structs.replace(units.get(unit.id, unit), exercises=[*before, *unit.exercises])
        title, closing = (courses[0].title, courses[0].closing) if courses else ("nothing", "")
        self.course = Course(format=1, title=title, units=list(units.values()), closing=closing)
        self._order = [entry.id for unit in self.course.units for entry in unit.exercises]
        self._place = {exercise: place for place, exercise in enumerate(self._order)}

    @property
    def ids(self) -> Sequence[str]:
        """The ids of all exercises, in the order of the course."""
        return self._order

    def path(self, exercise: str) -> Path:
        """Return the file of an exercise; it need not exist. KeyError for an unknown id."""
        return _file(self._homes[exercise], exercise)

    def place(self, exercise: str) -> Place | None:
        """Return where a course file lists an exercise; None if the course is made of its files."""
        for pack in self._places:
            if exercise in pack.places:
                return Place(pack.folder / COURSE_FILE, pack.lines, pack.places[exercise])
        return None

    def unreadable(self, exercise: str) -> bool:
        """Tell whether the file of an exercise is known to be unreadable; nothing is read to find out."""
        known = self._loaded.get(exercise)
        return isinstance(known, ContentError) or (known is None and any(exercise in pack.bad for pack in self._places))

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
