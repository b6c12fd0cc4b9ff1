"""One content file -> its typed form, or a ContentError that names file, line and key of all that is wrong with it."""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import TypeVar

import msgspec

from rnn_tutor.digest import sha256
from rnn_tutor.exercises.files.convert import convert, news
from rnn_tutor.exercises.files.finding import ContentError, Finding, shown
from rnn_tutor.exercises.files.rules import problems
from rnn_tutor.exercises.files.source import EXERCISE_LIMITS, Limits, decode, read_bytes
from rnn_tutor.exercises.files.yaml_text import Data, Tree, parse
from rnn_tutor.exercises.model import DraftExercise, Exercise
from rnn_tutor.exercises.unfinished import DraftError

Model = TypeVar("Model", bound=msgspec.Struct)


@dataclass(frozen=True, slots=True)
class Loaded:
    """An exercise with what else its file tells: the line of every key path, and the hash of its bytes."""

    exercise: Exercise
    lines: Mapping[str, int]
    hash: str


def load_exercise(path: Path) -> Exercise:
    """Return the exercise of a file. Raises ContentError with all that is wrong with it, DraftError for a draft."""
    return read_exercise(path).exercise


def read_exercise(path: Path, inside: Path | None = None) -> Loaded:
    """Return the exercise of a file whose real place is within `inside` (default: its own folder).

    Raises ContentError with all that is wrong with it; DraftError (one of them) for a draft of which everything that
    is there fits.
    """
    tree, digest = read_tree(path, inside)
    model = DraftExercise if _has_status(tree.data) else Exercise
    converted = convert(tree, model)
    findings = [*tree.findings, *news(converted.findings, tree.refused)]
    blamed = {*tree.refused, *(finding.key for finding in converted.findings)}
    finished = converted.value is not None and not isinstance(converted.value, DraftExercise)
    exercise_problems = problems(converted.value) if converted.value is not None and finished else []
    if isinstance(tree.data, dict) and isinstance(own := tree.data.get("id", path.stem), str) and own != path.stem:
        exercise_problems.append(
            ("id", f"found '{shown(own)}' in a file named {shown(path.name)}; expected the file's name")
        )
    findings += news(
        [Finding(path, tree.line(key), shown(key, 120), sentence) for key, sentence in exercise_problems], blamed
    )
    if findings or converted.value is None:
        raise ContentError(findings)
    if isinstance(converted.value, DraftExercise):
        raise DraftError(path, converted.value, tree.lines, digest)
    return Loaded(converted.value, tree.lines, digest)


def _has_status(data: Data) -> bool:
    """Tell whether a file says that it is a draft, or tries to."""
    return isinstance(data, dict) and ("status" in data or "needs" in data)


def is_draft(path: Path, inside: Path | None = None) -> bool:
    """Tell whether a file says that it is a draft, whatever else is in it; a file that cannot be read is none."""
    try:
        return _has_status(read_tree(path, inside)[0].data)
    except ContentError:
        return False


def read_as(
    path: Path, model: type[Model], inside: Path | None = None, limits: Limits = EXERCISE_LIMITS
) -> tuple[Model, Tree]:
    """Return a file of any kind as `model`, as far as types go, and its tree for the lines. Raises ContentError.

    inside: the folder that the file's real place must be in; its own where left out.
    """
    tree = parse(decode(read_bytes(path, inside, limits.size), path), path, limits)
    converted = convert(tree, model)
    findings = [*tree.findings, *news(converted.findings, tree.refused)]
    if findings or converted.value is None:
        raise ContentError(findings)
    return converted.value, tree


def read_tree(path: Path, inside: Path | None = None) -> tuple[Tree, str]:
    """Return what stands in a file, whatever it means, and the hash of its bytes. Raises ContentError."""
    content = read_bytes(path, inside)
    return parse(decode(content, path), path), sha256(content).hexdigest()[:16]
