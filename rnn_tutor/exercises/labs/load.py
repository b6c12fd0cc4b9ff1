"""A lab's file -> the lab; every error names file, line and key, as those of an exercise do."""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from rnn_tutor.exercises.files.convert import convert, news
from rnn_tutor.exercises.files.finding import ContentError, Finding, shown
from rnn_tutor.exercises.labs.model import Lab
from rnn_tutor.exercises.labs.rules import problems
from rnn_tutor.exercises.pack import LABS
from rnn_tutor.exercises.read import read_tree

_OWN_KEYS = ("controls", "predict")


@dataclass(frozen=True, slots=True)
class LoadedLab:
    """A lab with what else its file tells: the line of every key path, and the hash of its bytes."""

    lab: Lab
    lines: Mapping[str, int]
    hash: str


def is_lab(path: Path) -> bool:
    """Tell whether a file is meant to be a lab: it lies in a folder of labs, or has keys that only labs have."""
    if path.resolve().parent.name == LABS:
        return True
    try:
        data = read_tree(path)[0].data
    except ContentError:
        return False
    return isinstance(data, dict) and any(key in data for key in _OWN_KEYS)


def read_lab(path: Path, inside: Path | None = None) -> LoadedLab:
    """Return the lab of a file whose real place is within `inside` (default: its own folder).

    Raises ContentError with all that is wrong with it.
    """
    tree, digest = read_tree(path, inside)
    converted = convert(tree, Lab)
    findings = [*tree.findings, *news(converted.findings, tree.refused)]
    blamed = {*tree.refused, *(found.key for found in converted.findings)}
    said = problems(converted.value) if converted.value is not None else []
    if isinstance(tree.data, dict) and isinstance(own := tree.data.get("id", path.stem), str) and own != path.stem:
        said.append(("id", f"found '{shown(own)}' in a file named {shown(path.name)}; expected the file's name"))
    findings += news([Finding(path, tree.line(key), shown(key, 120), says) for key, says in said], blamed)
    if findings or converted.value is None:
        raise ContentError(findings)
    return LoadedLab(converted.value, tree.lines, digest)
