"""What there is to say about an assignment, by the library that its exercises are from."""

from collections.abc import Iterator
from datetime import datetime
from pathlib import Path

from rnn_tutor.exercises.assignment import read_assignment, time_of
from rnn_tutor.exercises.compiled import ExerciseError
from rnn_tutor.exercises.drawing import ask
from rnn_tutor.exercises.files.finding import ContentError, Finding, Severity, told_once
from rnn_tutor.exercises.load import Library
from rnn_tutor.exercises.read import read_tree

_OWN_KEYS = {"tries", "solutions", "until", "extended", "points"}
_OTHERS = {"ask", "prompt", "units", "terms", "text"}


def is_assignment(path: Path) -> bool:
    """Tell whether a file is meant to be an assignment: it lists exercises, or has keys that nothing else has."""
    if not path.is_file():
        return False
    try:
        data = read_tree(path)[0].data
    except ContentError:
        return False
    return isinstance(data, dict) and not _OTHERS & data.keys() and bool(({"exercises"} | _OWN_KEYS) & data.keys())


def assignment(path: Path, library: Library, now: datetime) -> tuple[list[Finding], int]:
    """Return what is to be said about an assignment, and how many exercises it has."""
    try:
        found, exercises, tree = read_assignment(path, library)
    except ContentError as error:
        return told_once(error.findings), 0
    findings = []
    if found.until is not None and time_of(found.until) < now:
        findings.append(Finding(path, tree.line("until"), "until", "it was due before today", "warning"))
    line = tree.line("exercises")
    findings += [Finding(path, line, "exercises", says, severity) for says, severity in _asked(library, exercises)]
    return findings, len(exercises)


def _asked(library: Library, exercises: tuple[str, ...]) -> "Iterator[tuple[str, Severity]]":
    """Give what is to be said about its exercises: those that cannot be opened, those that everybody has alike."""
    for exercise in exercises:
        try:
            if not ask(library.exercise(exercise), 1).anew:
                yield f"'{exercise}' draws no numbers: every learner has the same ones", "warning"
        except (ContentError, ExerciseError) as error:
            yield f"'{exercise}' cannot be asked: {error}", "error"
