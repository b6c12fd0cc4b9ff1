"""One folder of content: its course, where each of its files is, and what is wrong at first sight.

`course.yaml` alone is read, if there is one, and folders are listed; see `rnn_tutor.exercises.load`.
"""

import os
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING

import msgspec

from rnn_tutor.exercises.files.finding import ContentError, Finding, join, line_of, shown
from rnn_tutor.exercises.files.source import Limits, decode, read_bytes
from rnn_tutor.exercises.kept import Kept
from rnn_tutor.exercises.model import Course, Entry, Id, LabEntry, Title, Unit

if TYPE_CHECKING:
    from rnn_tutor.exercises.files.yaml_text import Tree

COURSE_FILE = "course.yaml"
PAGE_FILE = "page.yaml"
GLOSSARY_FILE = "glossary.yaml"
LABS = "labs"  # the folder of a unit's labs
RETIRED = "retired"  # the folder of exercises that no unit has any more: they keep their ids
RESERVED = frozenset({COURSE_FILE, PAGE_FILE, GLOSSARY_FILE})  # never exercises, in whichever folder they are
SUFFIX = ".yaml"
_FOLDERS = {LABS: "a unit's labs", RETIRED: "exercises that are no longer in a unit"}
_RESERVED_IDS = frozenset(name.removesuffix(SUFFIX) for name in RESERVED)

# One line for each exercise: 10,000 of them are 0.8 MB and 80,000 events, which libyaml reads in 0.2 s (the
# pure-Python parser, where there is no libyaml, in 2 s). Beyond that, a unit leaves `exercises` out.
COURSE_LIMITS = Limits(size=1024 * 1024, events=100_000)
_LOOK_INTO = 100  # unlisted files that are read for their titles: some 0.1 s; more than that are shown by their ids


@dataclass(frozen=True, slots=True)
class Place:
    """Where a course file lists an exercise: the file, the line of every key path in it, the entry's key path."""

    file: Path
    lines: Mapping[str, int]
    key: str

    def finding(self, field: str, sentence: str) -> Finding:
        """Return an error at a field of the entry ("": at the entry itself)."""
        key = join(self.key, field) if field else self.key
        return Finding(self.file, line_of(self.lines, key), key, sentence)


@dataclass(frozen=True, slots=True)
class UnitFolder:
    """A unit with the folder that its files are in, and whether there is a page among them."""

    unit: Unit
    folder: Path
    page: bool
    drafts: tuple[Entry, ...] = ()  # which `unit` does not have among its exercises


class _Lines(Mapping[str, int]):
    """The lines of a course file that was not read, because what it says was kept: read when one is asked for."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    @cached_property
    def _found(self) -> Mapping[str, int]:
        try:
            return _tree(self._folder / COURSE_FILE, source(self._folder)).lines
        except ContentError:  # it is another one meanwhile
            return {}

    def __getitem__(self, key: str) -> int:
        return self._found[key]

    def __iter__(self) -> Iterator[str]:
        return iter(self._found)

    def __len__(self) -> int:
        return len(self._found)


@dataclass
class Pack:
    """One folder of content. `homes` and `lab_homes` may hold what other folders have: those ids are taken.

    kept: where what its course file says may be kept.
    """

    folder: Path
    homes: dict[str, Path] = field(default_factory=dict)  # the folder of each exercise: 10,000 paths take 0.1 s to make
    lab_homes: dict[str, Path] = field(default_factory=dict)
    kept: Kept = field(default_factory=Kept)
    listed: Course | None = None  # what course.yaml says
    units: list[UnitFolder] = field(default_factory=list)
    findings: list[Finding] = field(default_factory=list)
    lines: Mapping[str, int] = field(default_factory=dict)
    unreadable: set[str] = field(default_factory=set)  # ids of unlisted files that could not be read for their titles

    def retired(self) -> list[str]:
        """Return the ids of the exercises that are no longer in a unit, and note where they are; none is read.

        For `homes` of a whole course: an id that is taken by then stays with whoever has it.
        """
        folder = self.folder / RETIRED
        if not folder.is_dir():
            return []
        stems = [name.removesuffix(SUFFIX) for name in self.names(folder)]
        return [stem for stem in stems if _is_id(stem) and self.add(stem, folder)]

    def course(self) -> Course:
        """Return the course; what is wrong with course.yaml goes to `findings`, and the files speak for themselves."""
        if not self.folder.is_dir():
            self.findings.append(Finding(self.folder, 1, "", "there is no such folder"))
            return Course(format=1, title=_title(self.folder.name), units=[])
        self.listed = listed = self.read_listed() if os.path.lexists(self.folder / COURSE_FILE) else None
        if listed is None:
            title = _title(self.folder.resolve().name)
            self.find_units()
            return Course(format=1, title=title, units=[unit_folder.unit for unit_folder in self.units])
        folders = [self.folder / unit.id for unit in listed.units]
        added = self.add_all(listed.units, folders)
        for place, (unit, folder) in enumerate(zip(listed.units, folders, strict=True)):
            self.shelve(unit, folder, f"units[{place}]", added=added)
        return msgspec.structs.replace(listed, units=[unit_folder.unit for unit_folder in self.units])

    def shelve(self, unit: Unit, folder: Path, key: str = "", *, added: bool = False) -> None:
        """Take a unit in, listed at `key` or not at all; what it leaves out is found in its folder.

        added: the exercises that it lists are noted already.
        """
        where = str(folder)
        exists = os.path.isdir(where)  # noqa: PTH112 - of 100 units each path made takes 1 ms
        entries: Sequence[Entry] = unit.exercises
        if not added:
            entries = [
                entry
                for index, entry in enumerate(unit.exercises)
                if self.add(entry.id, folder, f"{key}.exercises[{index}]")
            ]
        labs = [lab for index, lab in enumerate(unit.labs) if self.add_lab(lab.id, folder, f"{key}.labs[{index}]")]
        if not unit.exercises and exists:
            entries = self.found_entries(folder)
        if not unit.labs and exists and os.path.isdir(f"{where}/{LABS}"):  # noqa: PTH112
            labs = self.found_labs(folder)
        page = exists and os.path.lexists(f"{where}/{PAGE_FILE}")
        if key or entries or labs or page:
            drafts: tuple[Entry, ...] = ()
            if entries is not unit.exercises or unit.has_drafts:
                drafts = tuple(entry for entry in entries if entry.status == "draft")
                entries = [entry for entry in entries if entry.status is None]
            unit = msgspec.structs.replace(unit, exercises=entries, labs=labs)
            self.units.append(UnitFolder(unit, folder, page, drafts))

    def read_listed(self) -> Course | None:
        """Return what course.yaml says, None if it cannot be used."""
        try:
            content = source(self.folder)
            course = self.kept.course(self.folder, content)
            if course is not None:
                self.lines = _Lines(self.folder)
                return course
            tree = _tree(self.folder / COURSE_FILE, content)
        except ContentError as error:
            self.findings += error.findings
            return None
        from rnn_tutor.exercises.files.convert import convert, news

        converted = convert(tree, Course)
        self.lines = tree.lines
        findings = [*tree.findings, *news(converted.findings, tree.refused)]
        if converted.value is not None:
            findings += _twice(converted.value, tree)
            if not findings:
                self.kept.note(self.folder, content, converted.value)
        self.findings += findings
        return converted.value

    @cached_property
    def places(self) -> Mapping[str, str]:
        """The key path of each exercise of the course file."""
        units = self.listed.units if self.listed is not None else []
        found: dict[str, str] = {}
        for place, unit in enumerate(units):
            for index, entry in enumerate(unit.exercises):
                found.setdefault(entry.id, f"units[{place}].exercises[{index}]")
        return found

    @cached_property
    def lab_places(self) -> Mapping[str, str]:
        """The key path of each lab of the course file."""
        units = self.listed.units if self.listed is not None else []
        found: dict[str, str] = {}
        for place, unit in enumerate(units):
            for index, lab in enumerate(unit.labs):
                found.setdefault(lab.id, f"units[{place}].labs[{index}]")
        return found

    def add_all(self, units: Sequence[Unit], folders: Sequence[Path]) -> bool:
        """Note in which folder the listed exercises are; False, and nothing noted, if anything is to be said of one.

        All at once: one by one they are a fiftieth of the start with 10,000 of them.
        """
        listed = [unit.exercise_ids for unit in units]
        homes: dict[str, Path] = {}
        for ids, folder in zip(listed, folders, strict=True):
            homes |= dict.fromkeys(ids, folder)
        labs = {lab.id for unit in units for lab in unit.labs}
        fit = len(homes) == sum(map(len, listed)) and all(
            homes.keys().isdisjoint(taken) for taken in (self.homes.keys(), self.lab_homes.keys(), labs, _RESERVED_IDS)
        )
        if fit:
            self.homes = {**self.homes, **homes} if self.homes else homes
        return fit

    def add(self, exercise: str, folder: Path, key: str = "") -> bool:
        """Note in which folder an exercise is; False, and a finding, if its id is taken."""
        if f"{exercise}{SUFFIX}" in RESERVED:
            self.blame(key, f"the name '{exercise}{SUFFIX}' is that of another kind of file; expected another id")
        elif owner := self.owner(exercise):
            self.blame(key or file_of(folder, exercise), _taken(exercise, owner))
        else:
            self.homes[exercise] = folder
            return True
        return False

    def add_lab(self, lab: str, folder: Path, key: str = "") -> bool:
        """Note in which folder a lab is; False, and a finding, if its id is taken."""
        if owner := self.owner(lab):
            self.blame(key or file_of(folder / LABS, lab), _taken(lab, owner))
            return False
        self.lab_homes[lab] = folder / LABS
        return True

    def owner(self, name: str) -> Path | None:
        """Return the file that has an id, of an exercise or a lab: what was done of either is kept by its id alone."""
        home = self.homes.get(name) or self.lab_homes.get(name)
        return file_of(home, name) if home is not None else None

    def blame(self, where: str | Path, sentence: str) -> None:
        """Note an error: at a key path of the course file, or of a file as a whole."""
        file, key = (where, "") if isinstance(where, Path) else (self.folder / COURSE_FILE, where)
        self.findings.append(Finding(file, line_of(self.lines, key) if key else 1, key, sentence))

    def find_units(self) -> None:
        """Make units of the folders that hold files, and one of the files that lie in the folder itself."""
        name = self.folder.resolve().name
        self.shelve(Unit(id=_as_id(name), title=_title(name), aim=""), self.folder)
        for folder in self.names(self.folder, folders=True):
            if _is_id(folder):
                self.shelve(Unit(id=folder, title=_title(folder), aim=""), self.folder / folder)

    def found_entries(self, folder: Path) -> list[Entry]:
        """Make entries of the exercise files of a folder, by name."""
        names = []
        for name in self.names(folder):
            stem = name.removesuffix(SUFFIX)
            if not _is_id(stem):
                sentence = f"the name '{shown(stem)}' is not an id; expected small letters, digits and hyphens"
                self.findings.append(Finding(folder / name, 1, "", sentence))
            elif self.add(stem, folder):
                names.append(stem)
        return [self.entry(file_of(folder, name), look=len(names) <= _LOOK_INTO) for name in names]

    def found_labs(self, folder: Path) -> list[LabEntry]:
        """Make entries of the labs in a unit's folder, by name."""
        stems = [name.removesuffix(SUFFIX) for name in self.names(folder / LABS)]
        taken = [stem for stem in stems if _is_id(stem) and self.add_lab(stem, folder)]
        look = len(taken) <= _LOOK_INTO
        return [LabEntry(id=stem, title=self.lab_title(file_of(folder / LABS, stem), look=look)) for stem in taken]

    def lab_title(self, path: Path, *, look: bool) -> str:
        """Return an unlisted lab's own title if the file is read, and has a fit one, else one made of its name."""
        try:
            if not look:
                return _title(path.stem)
            from rnn_tutor.exercises.read import read_tree

            tree, _ = read_tree(path, self.folder)
            data = tree.data
            return msgspec.convert(data["title"], Title) if isinstance(data, dict) else _title(path.stem)
        except (ContentError, KeyError, msgspec.ValidationError):
            return _title(path.stem)  # told when the lab is opened or checked

    def entry(self, path: Path, *, look: bool) -> Entry:
        """Make the entry of an unlisted file: with its own title if it is read, and can be, else with one of its id.

        Whether it is a draft is told in any case.
        """
        if look or _may_be_draft(path, self.folder):
            from rnn_tutor.exercises.read import is_draft, read_exercise  # late, both: start-up time
            from rnn_tutor.exercises.unfinished import DraftError

            try:
                exercise = read_exercise(path, self.folder).exercise
                return Entry(id=path.stem, title=exercise.title, level=exercise.level)
            except DraftError as error:
                return Entry(id=path.stem, title=error.draft.title, level=error.draft.level, status="draft")
            except ContentError:
                if is_draft(path, self.folder):
                    return Entry(id=path.stem, title=_title(path.stem), status="draft")
                self.unreadable.add(path.stem)  # told when the exercise is opened or checked
        return Entry(id=path.stem, title=_title(path.stem))

    def names(self, folder: Path, *, folders: bool = False) -> list[str]:
        """Return the names of the exercise files (or folders) in a folder, sorted; a finding if it cannot be read."""
        try:
            return folder_names(folder) if folders else exercise_files(folder)
        except OSError as error:
            self.findings.append(Finding(folder, 1, "", f"the folder cannot be read: {error.strerror}"))
            return []


def _may_be_draft(path: Path, inside: Path) -> bool:
    """Tell whether a file has the words that a draft has: 20 microseconds, where reading it as YAML takes 1 ms."""
    try:
        content = read_bytes(path, inside)
    except ContentError:
        return False
    return b"status" in content and b"draft" in content


def source(folder: Path) -> bytes:
    """Return the bytes of a folder's course file. Raises ContentError."""
    return read_bytes(folder / COURSE_FILE, folder, COURSE_LIMITS.size)


def _tree(file: Path, content: bytes) -> "Tree":
    from rnn_tutor.exercises.files.yaml_text import parse  # late: what is kept is read without YAML

    return parse(decode(content, file), file, COURSE_LIMITS)


def file_of(folder: Path, name: str) -> Path:
    """Return the file of an exercise or a lab in its folder."""
    return folder / f"{name}{SUFFIX}"


def _taken(name: str, owner: Path) -> str:
    return f"the id '{name}' belongs to {shown(str(owner), 120)} already; expected a new one"


def exercise_files(folder: Path) -> list[str]:
    """Return the names of the exercise files of a folder, sorted; without reading any. OSError if it is no folder."""
    with os.scandir(folder) as entries:
        names = [entry.name for entry in entries]
    return sorted(name for name in names if name.endswith(SUFFIX) and name not in RESERVED and name[0] not in "._")


def folder_names(folder: Path) -> list[str]:
    """Return the names of the folders that may be units, sorted. OSError if it is no folder."""
    with os.scandir(folder) as entries:
        return sorted(
            entry.name
            for entry in entries
            if entry.is_dir() and entry.name not in (LABS, RETIRED) and entry.name[0] not in "._"
        )


def _twice(course: Course, tree: "Tree") -> Iterator[Finding]:
    """Give the units that are listed twice, or have the name of a folder for something else."""
    ids: set[str] = set()
    for index, unit in enumerate(course.units):
        if unit.id in _FOLDERS:
            key = f"units[{index}].id"
            sentence = f"'{unit.id}' is the folder of {_FOLDERS[unit.id]}; expected another id"
            yield Finding(tree.file, tree.line(key), key, sentence)
        if unit.id in ids:
            key = f"units[{index}].id"
            yield Finding(tree.file, tree.line(key), key, f"the unit '{unit.id}' appears twice; expected once")
        ids.add(unit.id)


def _is_id(text: str) -> bool:
    try:
        return bool(msgspec.convert(text, Id))
    except msgspec.ValidationError:
        return False


def _as_id(name: str) -> str:
    letters = "".join(letter if letter in "abcdefghijklmnopqrstuvwxyz0123456789" else "-" for letter in name.lower())
    return letters.strip("-")[:64] or "unit"


def _title(name: str) -> str:
    """Return a title for something that has only a name: `lstm-cell` reads Lstm cell."""
    words = shown(name.replace("-", " ").replace("_", " ").strip(), 200)
    return words[:1].upper() + words[1:] or "Course"
