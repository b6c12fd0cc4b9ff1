"""What learners read agrees with the exercise: no name that it does not know, and a picture that says it was drawn."""

import keyword
import re
from collections.abc import Iterable, Iterator
from pathlib import Path

import pytest

from rnn_tutor.engine import functions
from rnn_tutor.exercises.book import read_glossary
from rnn_tutor.exercises.labs.load import read_lab
from rnn_tutor.exercises.labs.model import Lab
from rnn_tutor.exercises.lint.language import texts, texts_of_lab
from rnn_tutor.exercises.model import Exercise, Step
from rnn_tutor.exercises.read import load_exercise
from tests.content.course import CONTENT

FILES = {
    path.stem: path
    for path in sorted(CONTENT.glob("*/*.yaml"))
    if path.stem != "page" and path.parent.name != "retired"  # what is retired keeps its words
}

NAME = r"[A-Za-z][A-Za-z_0-9]*"
CODE = re.compile(r"`([^`]*)`")
IN_PROSE = (  # where a name stands without backticks
    re.compile(rf"(?<![\w/])d({NAME})/d{NAME}"),
    re.compile(rf"(?<![\w/])d{NAME}/d({NAME})"),
    re.compile(rf"\b({NAME})(?=[\[(])"),
    re.compile(r"\b([A-Za-z]+(?:_[A-Za-z0-9]+|\d)+)\b"),
    re.compile(rf"\b({NAME})(?= (?:\*\*?|@|/|=|<=?|>=?) )|(?<= [*@/=<>] )({NAME})\b|\b({NAME})(?=\*\*)"),
    re.compile(r"(?<![\w.'-])((?!A\b|I\b)[B-Z])\b(?!['.-]\w)"),
)
LIBRARIES = {"float16", "b_iz", "b_hz"}  # NumPy's and PyTorch's own names, said of them


def names(text: str) -> set[str]:
    return set(re.findall(rf"\b{NAME}\b", text))


def steps(of: list[Step]) -> Iterator[Step]:
    for step in of:
        yield step
        yield from steps(step.do or [])


NOTATION = {name for sign in read_glossary(CONTENT / "glossary.yaml")[0].notation for name in names(sign.sign)}


def known(exercise: Exercise) -> set[str]:
    """What may be named: givens, steps and parts, the notation, functions, and what the question itself names."""
    found = {*exercise.given, *functions.NAMES, *NOTATION, *LIBRARIES, *keyword.kwlist}
    for step in steps(exercise.steps):
        found |= names(f"{step.let or ''} {step.for_ or ''} {' '.join(step.start or {})}")
    found |= written(exercise.prompt)
    for part in exercise.ask:
        found |= names(f"{part.answer} {part.function or ''} {part.starter}") | written(part.prompt)
    return found


def written(text: str) -> set[str]:
    """The names in a text, of code and of formulas; the letters of an einsum are none."""
    found = {name for code in CODE.findall(text) if "->" not in code for name in names(code)}
    prose = CODE.sub(" ", text)
    return found.union(
        *({name for name in match.groups() if name} for pattern in IN_PROSE for match in pattern.finditer(prose))
    )


def known_in_lab(lab: Lab) -> set[str]:
    """The same of a lab, with its controls and the texts that a prediction lets it read."""
    found = {*lab.given, *functions.NAMES, *NOTATION, *(control.name for control in lab.controls)}
    for step in steps(lab.steps):
        found |= names(f"{step.let or ''} {step.for_ or ''} {' '.join(step.start or {})}")
    read = [control.name for control in lab.controls if control.text]
    typed = [guess.at.get(name) for guess in lab.predict for name in read] + [control.text for control in lab.controls]
    return found.union(*(names(str(text)) for text in typed))


def strangers(exercise: Exercise) -> list[str]:
    """What is named and not known, with its key; `dh` is known where `h` is."""
    return among(texts(exercise), known(exercise))


def among(said: Iterable[tuple[str, str]], may: set[str]) -> list[str]:
    return [
        f"{key}: {name}"
        for key, text in said
        for name in sorted(written(text))
        if name not in may and not (name.startswith("d") and name[1:] in may)
    ]


@pytest.mark.parametrize("name", FILES)
def test_every_name_in_what_is_said_is_one_of_the_exercise(name: str) -> None:
    assert strangers(load_exercise(FILES[name])) == []


@pytest.mark.parametrize("path", sorted(CONTENT.glob("*/labs/*.yaml")), ids=lambda path: path.stem)
def test_every_name_in_what_a_lab_says_is_one_of_the_lab(path: Path) -> None:
    lab = read_lab(path).lab
    assert among(texts_of_lab(lab), known_in_lab(lab)) == []


@pytest.mark.parametrize("name", [name for name, path in FILES.items() if "\nwas:" in path.read_text("utf-8")])
def test_no_name_is_one_that_was_given_up(name: str) -> None:
    exercise = load_exercise(FILES[name])
    for key, text in texts(exercise):
        for old in written(text) & exercise.was.keys():
            assert old in NOTATION, f"{key}: {old} is {exercise.was[old]} now"


def test_a_stranger_is_found() -> None:
    exercise = load_exercise(FILES["unroll-unit"])
    assert strangers(exercise) == []
    for said in ("dL/dv is 0.", "That is W times it.", "Take `w_h` here.", "It has h_last in it.", "Use v * x[0]."):
        step = exercise.steps[0].__class__(let="y = x", say=said)
        changed = exercise.__class__(
            **{field: getattr(exercise, field) for field in exercise.__struct_fields__ if field != "steps"},
            steps=[*exercise.steps, step],
        )
        assert len(strangers(changed)) == 1, said


def drawn_from_what_is_hidden(exercise: Exercise) -> bool:
    """Whether the picture shows a step, and there are givens that the learner does not see."""
    picture = exercise.picture
    shown = {name for part in (picture.heatmap, picture.lines, picture.bars) for code in part for name in names(code)}
    return bool(shown - exercise.given.keys()) and any(given.hidden for given in exercise.given.values())


PICTURES = [name for name, path in FILES.items() if "\npicture:" in path.read_text("utf-8")]  # not read to collect


@pytest.mark.parametrize("name", [n for n in PICTURES if drawn_from_what_is_hidden(load_exercise(FILES[n]))])
def test_a_solution_says_what_only_draws_the_picture(name: str) -> None:
    """Its steps begin with numbers that are to be found: the learner is told that these are no part of the finding."""
    said = [step.say for step in steps(load_exercise(FILES[name]).steps)]
    assert any(one.startswith("This is how the picture was drawn:") for one in said[:2]), said[:2]
