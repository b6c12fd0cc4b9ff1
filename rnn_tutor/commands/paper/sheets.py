"""Questions -> a problem sheet, and the key to it as a document of its own."""

from collections.abc import Iterator, Sequence
from string import ascii_lowercase

import numpy as np

from rnn_tutor.exercises import words
from rnn_tutor.exercises.programs import starter
from rnn_tutor.exercises.question import Part, Question

from .document import Block, Choices, Code, Document, Heading, Prose, Room, Section
from .solved import answers, choices, computed, stated

DIGITS = 3
_PROGRAM = 14  # lines to write a program on
_WORKING = {1: 3, 2: 5, 3: 6}  # lines to work on, by level
_OF_SEVERAL = 4  # ... of one part of several, at the most
_MOST_ROWS = 6

FIELDS = ("Name", "Date")
_ROUNDING = "Give numbers to three significant digits, unless the question says otherwise."

_AS_ASKED = "Answers are given to the digits that each question asks for."


def sheet(title: str, questions: Sequence[Question], *, minutes: int = 0, seed: int | None = None) -> Document:
    """Return the problem sheet; nothing in it gives an answer away.

    minutes: how long there is (0: that is not said). seed: what has drawn the questions themselves, if anything has.
    """
    problems = [section for at, question in enumerate(questions, start=1) for section in _problem(at, question)]
    rounded = any(_rounded(part) for question in questions for part in question.parts)
    limit = f"You have {words.times(minutes, 'minute')}." if minutes else ""
    subtitle = " ".join(filter(None, (limit, _ROUNDING if rounded else "")))
    return Document(title, subtitle, tuple(problems), _foot(questions, seed), FIELDS)


def key(title: str, questions: Sequence[Question], *, seed: int | None = None) -> Document:
    """Return the expected answers of a sheet, each with its steps in brief."""
    problems = [Section(tuple(_key(at, question))) for at, question in enumerate(questions, start=1)]
    return Document(
        f"{title}: key",
        _AS_ASKED,
        tuple(problems),
        _foot(questions, seed),
    )


def _foot(questions: Sequence[Question], seed: int | None) -> str:
    """Return what the sheet was made of, so that it can be made again."""
    if seed is not None:
        return f"{', '.join(question.exercise.id for question in questions)}; {words.numbers_of(seed)}"
    seeds = dict.fromkeys(words.numbers_of(question.seed) for question in questions if question.seed is not None)
    ids = ", ".join(question.exercise.id for question in questions)
    return f"{ids}; {next(iter(seeds), words.ORIGINAL)}"


def _problem(number: int, question: Question) -> Iterator[Section]:
    """Give a problem with its first part, and each further part by itself: on paper a page may end between them."""
    exercise = question.exercise
    several = len(question.parts) > 1
    labels = [f"({ascii_lowercase[at % 26]}) " if several else "" for at in range(len(question.parts))]
    first_part, *later_parts = [
        tuple(_part(part, label, exercise.level)) for part, label in zip(question.parts, labels, strict=True)
    ]
    yield Section((*_stated(number, question), *first_part))
    yield from map(Section, later_parts)


def _stated(number: int, question: Question) -> Iterator[Block]:
    yield Heading(f"{number}. {question.exercise.title}", aside=f"level {question.exercise.level}")
    yield from stated(question)


def _part(part: Part, label: str, level: int) -> Iterator[Block]:
    digits = f" ({part.ask.digits} digits)" if _rounded(part) and part.ask.digits != DIGITS else ""
    if label or digits:
        yield Prose(f"{label}{part.ask.prompt.strip() or f'Compute `{part.name}`.'}{digits}")
    if part.ask.options:
        yield choices(part, solved=False)
    elif part.kind == "program":
        yield Code(tuple(starter(part).rstrip().split("\n")))
        yield Room(_PROGRAM)
    else:
        rows = (
            min(_MOST_ROWS, len(part.expected))
            if part.kind == "matrix" and isinstance(part.expected, np.ndarray)
            else 0
        )
        lines = min(_WORKING[level], _OF_SEVERAL) if label else _WORKING[level]
        yield Room(lines + rows, part.name, f"a {part.kind}" if part.kind != "scalar" else "")


def _rounded(part: Part) -> bool:
    """Tell whether an answer is one that is rounded: numbers that are not all whole."""
    return isinstance(part.expected, np.ndarray) and bool((part.expected != np.round(part.expected)).any())


def _key(number: int, question: Question) -> Iterator[Block]:
    yield Heading(f"{number}. {question.exercise.title}")
    yield from answers(question)
    for part in question.parts:
        if part.ask.options:
            solved_choices = choices(part, solved=True)
            yield Choices(
                tuple(option for option in solved_choices.options if option.right), solved_choices.several, told=True
            )
    steps = [line for step in computed(question) for line in (step.symbols, f"    {step.result}") if line.strip()]
    if steps:
        yield Code(tuple(steps))
