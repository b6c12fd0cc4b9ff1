"""An assignment: a lecturer's file that names exercises, and the numbers that each learner has of them.

A learner's numbers follow from three names: the learner's id, the assignment's id, the exercise's id. So nobody hands
out numbers, and whoever has the three can ask the same question again.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from difflib import get_close_matches
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Literal

import msgspec
from msgspec import Meta

from rnn_tutor.digest import sha256
from rnn_tutor.exercises.files.convert import related, usable
from rnn_tutor.exercises.files.finding import ContentError, Finding, shown
from rnn_tutor.exercises.model import Id, Title
from rnn_tutor.exercises.read import read_as, read_tree
from rnn_tutor.exercises.seeds import is_drawn
from rnn_tutor.paths import PathError, learner_id

if TYPE_CHECKING:
    from rnn_tutor.exercises.files.yaml_text import Tree
    from rnn_tutor.exercises.load import Library

SEEDS = 10_000_000
"""Seeds are below this: the numbers of a class differ, and a seed can still be read out."""
_ONE = Annotated[int, Meta(ge=0, le=1_000)]
_When = Annotated[str, Meta(min_length=1, max_length=40, description="a time with its zone: 2027-01-31T23:59+01:00")]
_Learner = Annotated[str, Meta(min_length=1, max_length=32, description="a learner's id")]


class Assignment(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """The file of an assignment."""

    format: Annotated[Literal[1], Meta(description="the version of this file format")]
    id: Annotated[Id, Meta(description="never changes: each learner's numbers follow from it")]
    title: Title
    about: Annotated[str, Meta(max_length=1000, description="what it is for, in a few sentences")] = ""
    exercises: Annotated[list[Id], Meta(min_length=1, max_length=200, description="exercises and units, in order")]
    tries: Annotated[
        Annotated[int, Meta(ge=1, le=100)] | None, Meta(description="wrong answers to a part; without it: any number")
    ] = None
    solutions: Annotated[
        Literal["always", "solved", "never"],
        Meta(description="when a worked solution opens: always, once it is solved or no try is left, never"),
    ] = "solved"
    until: Annotated[_When | None, Meta(description="when it is due; work after that is told as late")] = None
    extended: Annotated[
        dict[_Learner, _When], Meta(max_length=10_000, description="who has longer, and until when")
    ] = {}
    points: Annotated[dict[Id, _ONE], Meta(description="what exercises count, where that is not 1")] = {}


@dataclass(frozen=True)
class Assigned:
    """An assignment as one learner has it. learner: an id, as `paths.learner_id` gives it; file: where it is from."""

    assignment: Assignment
    learner: str
    exercises: tuple[str, ...]
    """Those that it names, and those of the units that it names, each once, in order."""
    file: Path | None = None

    def seed_of(self, exercise: str) -> int | None:
        """Return the seed of this learner's numbers; None for an exercise that is not assigned."""
        if exercise not in self.exercises:
            return None
        return seed_of(self.learner, self.assignment.id, exercise)

    @property
    def until(self) -> datetime | None:
        """When it is due for this learner, None where it always is open."""
        text = extensions(self.assignment).get(self.learner, self.assignment.until)
        return time_of(text) if text is not None else None

    @property
    def extended(self) -> bool:
        """Whether this learner has longer than the others."""
        return self.learner in extensions(self.assignment)

    def points(self, exercise: str) -> int:
        """Return what an exercise counts."""
        return self.assignment.points.get(exercise, 1)


def seed_of(learner: str, assignment: str, exercise: str) -> int:
    """Return the seed of a learner's numbers for an exercise of an assignment: 0 to SEEDS - 1, none for practice.

    It is the beginning of SHA-256 of the three ids with a line end after each, so that other programs can have it too.
    As long as that is a seed that the tutor draws for practice, it is the beginning of the SHA-256 of that hash.
    """
    digest = f"{learner}\n{assignment}\n{exercise}\n".encode()
    while True:
        digest = sha256(digest).digest()
        seed = int.from_bytes(digest[:8], "big") % SEEDS
        if not is_drawn(seed):
            return seed


def may_have(learner: str, assignment: str, exercise: str, seed: int | None) -> bool:
    """Tell whether the tutor asks a learner with these numbers in an assignment: their own, or some for practice."""
    return seed is None or is_drawn(seed) or seed == seed_of(learner, assignment, exercise)


def extensions(assignment: Assignment) -> dict[str, str]:
    """Return until when learners have longer, by ids as `paths.learner_id` gives them."""
    return {learner.lower(): until for learner, until in assignment.extended.items()}


def time_of(text: str) -> datetime:
    """Return the time that a text says. ValueError for one without a zone: it is another time for each reader."""
    when = datetime.fromisoformat(text)
    if when.tzinfo is None:
        raise ValueError("no zone")
    return when


def read_assignment(path: Path, library: "Library") -> "tuple[Assignment, tuple[str, ...], Tree]":
    """Return the assignment of a file, the exercises that it means (each once, in order), and its lines.

    Raises ContentError with all that is wrong with it: what of it fits is looked at, too, where other things do not.
    """
    findings: list[Finding] = []
    try:
        found, tree = read_as(path, Assignment)
    except ContentError as error:
        findings += error.findings
        tree = read_tree(path)[0]
        usable_part, made_up = usable(tree, Assignment)
        blamed = [*(one.key.rstrip(".?") for one in findings), *made_up]
        if usable_part is None or "" in blamed:
            raise
        found = usable_part
    else:
        blamed = []
    exercises, unknown = _meant(found, library)
    for key, sentence in (*_problems(found), *_unfit(found, exercises, unknown)):
        follows = key == "extended" and "until" in blamed  # what is said of it is that `until` is missing
        if not related(key, blamed) and not follows:
            findings.append(Finding(path, tree.line(key), key, sentence))
    if findings:
        raise ContentError(findings)
    return found, exercises, tree


def _problems(assignment: Assignment) -> Iterator[tuple[str, str]]:
    times = {"until": assignment.until} if assignment.until is not None else {}
    times |= {f"extended.{learner}": until for learner, until in assignment.extended.items()}
    for key, text in times.items():
        try:
            time_of(text)
        except ValueError:
            sentence = f"found '{shown(text)}'; expected a time with its zone, such as 2027-01-31T23:59+01:00"
            yield key, sentence
    for learner in assignment.extended:
        try:
            learner_id(learner)
        except PathError as error:
            yield f"extended.{learner}", f"'{shown(learner)}' is not an id: {error}"
    if assignment.extended and assignment.until is None:
        yield "extended", "some have longer, but nothing says until when the others have; expected `until` too"
    twice = {name for name in assignment.exercises if assignment.exercises.count(name) > 1}
    for index, name in enumerate(assignment.exercises):
        if name in twice:
            yield f"exercises[{index}]", f"'{name}' stands there twice; expected once"


def _meant(assignment: Assignment, library: "Library") -> tuple[tuple[str, ...], dict[str, str]]:
    """Return the exercises that an assignment means, each once, in order; and the keys of names that nothing has."""
    units = {unit.id: [entry.id for entry in unit.exercises] for unit in library.course.units}
    found: dict[str, None] = {}
    unknown: dict[str, str] = {}
    for index, name in enumerate(assignment.exercises):
        if library.lists(name):
            found[name] = None
        elif units.get(name):
            found |= dict.fromkeys(units[name])
        else:
            near = "".join(f"; did you mean '{one}'?" for one in get_close_matches(name, [*library.ids, *units], n=1))
            unknown[f"exercises[{index}]"] = f"there is no exercise and no unit '{name}'{near}"
    return tuple(found), unknown


def _unfit(assignment: Assignment, exercises: tuple[str, ...], unknown: dict[str, str]) -> Iterator[tuple[str, str]]:
    """Give the keys of names that do not fit, and why; points for what a name in `unknown` may have meant do fit."""
    yield from unknown.items()
    for name in assignment.points:
        if name not in exercises and not any(says.endswith(f"did you mean '{name}'?") for says in unknown.values()):
            yield f"points.{name}", f"'{name}' is not among the exercises"


def take(path: Path, library: "Library", learner: str) -> Assigned:
    """Return the assignment of a file as a learner has it, and keep the library to it.

    Raises ContentError; PathError for what is no learner's id.
    """
    assignment, exercises, _ = read_assignment(path, library)
    assigned = Assigned(assignment, learner_id(learner), exercises, path)
    library.keep_only(assignment.title, assigned.exercises)
    return assigned
