"""What an exercise trains: its skills, by which it comes back for review.

A file may name them (`trains:`). Else they are read off it, so that every exercise has some: what kind of work its
parts ask for (a derivative, a shape, a count, a program, ...), in which unit. Read from the text of the file: no
expression is evaluated, so that a review can be planned before NumPy is imported.
"""

import re
from collections.abc import Iterator

from rnn_tutor.exercises.model import Ask, Exercise, Step

KINDS = {
    "forward": "forward step",
    "derivative": "derivative",
    "shape": "shape",
    "count": "count",
    "mask": "mask",
    "picture": "reading a picture",
    "program": "program",
    "judgement": "what is true, and why",
}
"""The kinds of skill that are read off a file, and their names."""

_DERIVATIVE = re.compile(r"\b(?:grad|jacobian|local|parts)\s*\(")
_MASK = re.compile(r"\bmask|mask\b")
_WHOLE = re.compile(r"\d+")
_VALUES = ("scalar", "vector", "matrix")


def skills(exercise: Exercise, unit: str) -> tuple[str, ...]:
    """Return the ids of an exercise's skills: those that its file names, or `kind/unit` for each kind of work in it."""
    return tuple(exercise.trains) or tuple(f"{kind}/{unit}" for kind in KINDS if kind in set(_kinds(exercise)))


def name_of(skill: str, units: "dict[str, str]") -> str:
    """Return a skill in words; units: the titles of units by id."""
    kind, _, unit = skill.partition("/")
    if kind in KINDS and unit:
        return f"{units.get(unit, unit)}: {KINDS[kind]}"
    return skill.replace("-", " ")


def _kinds(exercise: Exercise) -> Iterator[str]:
    if exercise.picture is not None:
        yield "picture"
    computed = [ask for ask in exercise.ask if ask.as_ not in ("choice", "checklist")]
    if not computed:
        yield "judgement"
    texts = [*_texts(exercise.steps), *(ask.answer for ask in computed)]
    for ask in computed:
        yield _kind(exercise, ask, texts)


def _kind(exercise: Exercise, ask: Ask, texts: list[str]) -> str:
    if ask.as_ == "program":
        return "program"
    if ask.as_ not in _VALUES:
        return "shape"
    if any(_DERIVATIVE.search(text) for text in texts):
        return "derivative"
    if exercise.given and all(_WHOLE.fullmatch((given.value or "").strip()) for given in exercise.given.values()):
        return "count"
    if any(_MASK.search(text) for text in (*texts, *exercise.given)):
        return "mask"
    return "forward"


def _texts(steps: list[Step]) -> Iterator[str]:
    for step in steps:
        if step.let is not None:
            yield step.let
        yield from _texts(step.do or [])
