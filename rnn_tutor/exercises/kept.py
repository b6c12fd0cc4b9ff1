"""What course files say, kept as data: a course opens from it without a word of YAML being read.

Gain: the course is painted at 1.11 of a bare app for 1.32, together with being read before the app starts.

A kept course is believed only where the course file is, byte for byte, the one it was made from (it holds a copy),
where its checksum is right, and where all in it is what the model allows. Whatever else it is (old, cut off, of another
version, no file at all), the course file is read as if there were none. It is data, read by msgspec: nothing in it can
run.
"""

import os
import re
import zlib
from collections.abc import Callable, Iterator, Sequence
from contextlib import suppress
from functools import cached_property
from itertools import chain
from pathlib import Path

import msgspec

from rnn_tutor.exercises.files.finding import ContentError
from rnn_tutor.exercises.files.source import read_bytes
from rnn_tutor.exercises.model import Course, KeptEntries, LabEntry, Unit, Way

_HEAD = b"rnn-tutor course 5\n"  # another number, where the model of a course or what is kept of it is another
_MOST = 4 * 1024 * 1024  # bytes: the largest course file and what it says
# Possessive: of 10,000 ids this takes 0.3 ms, and 1.2 ms where it could go back.
_IDS = re.compile(r"(?:[a-z0-9][a-z0-9-]{0,63}+\n)*+")
_TITLES = re.compile(r"(?:.{1,200}+\n)*+")
_MOST_TITLE, _MOST_AIM, _MOST_WAYS = 200, 1000, 9


class _Unit(msgspec.Struct, array_like=True, forbid_unknown_fields=True):
    """A unit: of its exercises the ids, a line each, their titles, a line each, and their levels, a digit each."""

    id: str
    title: str
    aim: str
    needs: list[str]
    labs: list[str]
    lab_titles: list[str]
    exercises: str
    titles: str
    levels: str
    longest_title: int
    drafts: list[str]


class _Way(msgspec.Struct, array_like=True, forbid_unknown_fields=True):
    id: str
    title: str
    about: str
    through: list[str]


class _Course(msgspec.Struct, array_like=True, forbid_unknown_fields=True):
    source: bytes  # the course file
    title: str
    closing: str
    welcome: str
    units: list[_Unit]
    ways: list[_Way]


def encoded(source: bytes, course: Course) -> bytes:
    """Return what is kept of a course file and of what it says."""
    units = [
        _Unit(
            unit.id,
            unit.title,
            unit.aim,
            unit.needs,
            [lab.id for lab in unit.labs],
            [lab.title for lab in unit.labs],
            "\n".join(entry.id for entry in unit.exercises),
            "\n".join(entry.title for entry in unit.exercises),
            "".join(str(entry.level) for entry in unit.exercises),
            unit.longest_title,
            [entry.id for entry in unit.exercises if entry.status == "draft"],
        )
        for unit in course.units
    ]
    ways = [_Way(way.id, way.title, way.about, way.through) for way in course.ways]
    kept = msgspec.msgpack.encode(_Course(source, course.title, course.closing, course.welcome, units, ways))
    return _HEAD + zlib.crc32(kept).to_bytes(4, "big") + kept


def decoded(kept: bytes, source: bytes) -> Course | None:
    """Return the course that a course file says, None where what was kept is not about it, or is damaged."""
    start = len(_HEAD) + 4
    if not kept.startswith(_HEAD) or kept[len(_HEAD) : start] != zlib.crc32(kept[start:]).to_bytes(4, "big"):
        return None
    try:
        found = msgspec.msgpack.decode(kept[start:], type=_Course)
    except (msgspec.DecodeError, RecursionError, MemoryError):
        return None
    if found.source != source or not _allowed(found):
        return None
    exercises = _exercises(found.units)
    if exercises is None:
        return None
    units = [
        Unit(
            id=unit.id,
            title=unit.title,
            aim=unit.aim,
            needs=unit.needs,
            labs=[LabEntry(id=id, title=title) for id, title in zip(unit.labs, unit.lab_titles, strict=True)],
            exercises=listed,
        )
        for unit, listed in zip(found.units, exercises, strict=True)
    ]
    ways = [Way(id=way.id, title=way.title, about=way.about, through=way.through) for way in found.ways]
    return Course(format=1, title=found.title, units=units, welcome=found.welcome, ways=ways, closing=found.closing)


def _exercises(units: Sequence[_Unit]) -> list[KeptEntries] | None:
    """Return the exercises of units, None where they are not what `model` allows.

    Looked at all together: the model's patterns one by one would take 15 ms for 10,000 exercises, unit by unit 1 ms.
    """
    listed = [unit for unit in units if unit.exercises or unit.titles or unit.levels]
    ids = "".join(f"{unit.exercises}\n" for unit in listed)
    titles = "".join(f"{unit.titles}\n" for unit in listed)
    fit = (
        _IDS.fullmatch(ids) is not None
        and _TITLES.fullmatch(titles) is not None
        and all(unit.exercises.count("\n") == unit.titles.count("\n") == len(unit.levels) - 1 for unit in listed)
        and not "".join(unit.levels for unit in listed).strip("123")
        and all(0 <= unit.longest_title <= _MOST_TITLE for unit in units)
    )
    if not fit:
        return None
    every = ids.split("\n")
    entries, at = [], 0
    for unit in units:
        own = every[at : at + len(unit.levels)]
        entries.append(KeptEntries(own, unit.titles, unit.levels, frozenset(unit.drafts), unit.longest_title))
        at += len(own)
    return entries


def _allowed(course: _Course) -> bool:
    """Tell whether all of it but the exercises is what `model` allows."""
    units, ways = course.units, course.ways
    ids = [*(unit.id for unit in units), *(way.id for way in ways)]
    ids += chain.from_iterable(way.through for way in ways)
    ids += chain.from_iterable(chain(unit.needs, unit.labs) for unit in units)
    titles = [course.title, *(unit.title for unit in units), *(way.title for way in ways)]
    titles += chain.from_iterable(unit.lab_titles for unit in units)
    lengths = set(map(len, titles))
    return (
        all(len(unit.labs) == len(unit.lab_titles) for unit in units)
        and "\n".join(ids).count("\n") == max(0, len(ids) - 1)
        and _IDS.fullmatch("".join(f"{id}\n" for id in ids)) is not None
        and "\n" not in "".join(titles)
        and min(lengths) >= 1
        and max(lengths) <= _MOST_TITLE
        and all(len(unit.aim) <= _MOST_AIM for unit in units)
        and len(course.welcome) <= _MOST_AIM
        and all(way.through and len(way.about) <= _MOST_AIM for way in ways)
        and len(ways) <= _MOST_WAYS
    )


class Kept:
    """The files in which courses are kept: some that are only read, a folder for what is read for the first time."""

    def __init__(
        self, files: Sequence[tuple[Path, Path]] = (), folder: Callable[[], Path | None] = lambda: None
    ) -> None:
        """Know where the course of a folder may be kept.

        files: (the course's folder, the file). folder: gives the one for the files of other courses, which need not
        exist; None: nothing else is kept. It is asked when it is needed.
        """
        self._files = files
        self._ask_folder = folder
        self._unwritten: list[tuple[Path, bytes]] = []

    @cached_property
    def _folder(self) -> Path | None:
        return self._ask_folder()

    def course(self, folder: Path, source: bytes) -> Course | None:
        """Return what the course file of a folder says, where that was kept."""
        for file in self._files_of(folder):
            with suppress(ContentError):  # none there, or none that is a plain file
                found = decoded(read_bytes(file, most=_MOST), source)
                if found is not None:
                    return found
        return None

    def note(self, folder: Path, source: bytes, course: Course) -> None:
        """Keep what a course file says, the next time that `write` is called; nothing was wrong with it."""
        if self._folder is not None:
            self._unwritten.append((self._file_of(folder, self._folder), encoded(source, course)))

    @property
    def unwritten(self) -> bool:
        """Whether there is something to write."""
        return bool(self._unwritten)

    def write(self) -> None:
        """Write what was read for the first time; where that cannot be, it is read once more the next time."""
        unwritten, self._unwritten = self._unwritten, []
        for file, kept in unwritten:
            with suppress(OSError):  # a full disk, a folder that is not ours
                _write(file, kept)

    def _files_of(self, folder: Path) -> Iterator[Path]:
        yield from (file for course, file in self._files if course == folder)
        if self._folder is not None:
            yield self._file_of(folder, self._folder)

    def _file_of(self, course: Path, folder: Path) -> Path:
        """Return the file for a course: its folder's name, and which of that name."""
        where = str(course.absolute())
        number = zlib.crc32(where.encode("utf-8", "surrogateescape"))
        name = re.sub(r"[^a-z0-9-]", "-", course.name.lower())[:40]
        return folder / f"{name}-{number:08x}.index"


def _write(file: Path, kept: bytes) -> None:
    """Write a file as a whole or not at all, for its owner alone."""
    file.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    new = file.with_name(f"{file.name}.{os.urandom(4).hex()}.new")
    try:
        with open(os.open(new, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600), "wb") as opened:  # noqa: PTH123
            opened.write(kept)
        new.replace(file)
    finally:
        new.unlink(missing_ok=True)
