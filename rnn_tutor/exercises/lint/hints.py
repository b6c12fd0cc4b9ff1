"""Does a hint give the answer away: is there anything in it that, typed as the answer, is marked right.

Tried is every piece of a hint that can be read as an answer, from one number to a whole formula, and the hint's numbers
in a row, as the elements of a vector or matrix.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import reduce
from typing import Any

import numpy as np

from rnn_tutor.engine import functions
from rnn_tutor.engine.graph.graph import CONSTANTS
from rnn_tutor.engine.reading.language import ATTRIBUTES
from rnn_tutor.exercises.diagnosis.distinguishable import compared
from rnn_tutor.exercises.mark import mark
from rnn_tutor.exercises.question import Part, Question
from rnn_tutor.exercises.reading import read

_TOKEN = re.compile(r"(?:\d+\.?\d*|\.\d+)(?:[eE][+-]?\d+)?|[^\W\d]\w*|\*\*|[^\w\s]")
_NUMBER = re.compile(r"(?<![\w.)\]])[-−]?(?:\d+\.\d+|\d+|\.\d+)(?:[eE][+-]?\d+)?(?!\w)")
_SIGNS = frozenset("+-*/@()[],:.;%<>=×·⋅⊙−–²³√") | {"**"}
_NEVER_FIRST = frozenset("*/@)],:.;%<>=×·⋅⊙²³") | {"**"}
_NEVER_LAST = frozenset("+-*/@([,:.;<>=×·⋅⊙−–√") | {"**"}
_LONGEST = 60  # tokens of a piece; a hint's formula is shorter
_MOST_NUMBERS = 64  # elements of an answer that is put together from the numbers of a hint


@dataclass(frozen=True, slots=True)
class GivenAway:
    """A piece of a hint that is marked right for a part."""

    part: str
    piece: str


def given_away(question: Question, hint: str) -> list[GivenAway]:
    """Return what in a hint is marked right, at most one piece for each part."""
    giveaways = []
    for part in question.parts:
        pieces = _pieces_of_choice(part, hint) if part.ask.options else _pieces(question, part, hint)
        piece = next((piece for piece in pieces if _marks_right(question, part, piece)), None)
        if piece is not None:
            giveaways.append(GivenAway(part.name, piece))
    return giveaways


def _marks_right(question: Question, part: Part, piece: str) -> bool:
    """Say whether a piece is right. Reading it and comparing comes first: marking also looks for what went wrong."""
    reading = read(question, part.name, piece)
    if reading.value is None:
        return False
    if isinstance(part.expected, np.ndarray):
        if not isinstance(reading.value, np.ndarray) or reading.value.shape != part.expected.shape:
            return False
        if compared(part, reading, part.expected).verdict != "right":
            return False
    elif reading.value != part.expected:
        return False
    return mark(question, part.name, piece).verdict == "right"


def _pieces(question: Question, part: Part, hint: str) -> Iterator[str]:
    """Give what in a hint may be an answer, each once, the longest first where several begin at one place."""
    tried: set[str] = set()
    for run in _runs(hint, question.givens):
        for first in range(len(run)):
            for piece in _pieces_from(run[first : first + _LONGEST], hint):
                if piece not in tried:
                    tried.add(piece)
                    yield piece
    if isinstance(part.expected, np.ndarray):
        yield from _numbers_in_a_row(part.expected.shape, hint)


def _runs(hint: str, names: Any) -> Iterator[list[re.Match[str]]]:  # noqa: ANN401  (any container of names)
    """Give the stretches of a hint that consist of numbers, signs and names that an answer can have."""
    run: list[re.Match[str]] = []
    for token in _TOKEN.finditer(hint):
        text = token.group()
        readable = text in names or text in CONSTANTS or text in ATTRIBUTES or text in functions.METHODS
        spelled = readable or functions.canonical(text) is not None or text in ("np", "numpy") or not text.isascii()
        if text in _SIGNS or text[0].isdigit() or text[0] == "." or (text[0].isalpha() and spelled):
            run.append(token)
        elif run:
            yield run
            run = []
    if run:
        yield run


def _pieces_from(run: list[re.Match[str]], hint: str) -> list[str]:
    """Return the pieces that begin where a run begins, with all brackets closed, the longest first."""
    if run[0].group() in _NEVER_FIRST:
        return []
    pieces = []
    depth = 0
    for token in run:
        text = token.group()
        depth += (text in "([") - (text in ")]")
        if depth < 0:
            break
        if depth == 0 and text not in _NEVER_LAST:
            pieces.append(hint[run[0].start() : token.end()])
    return pieces[::-1]


def _numbers_in_a_row(shape: tuple[int, ...], hint: str) -> Iterator[str]:
    """Give as many numbers of a hint as an answer has elements, written as the answer's list."""
    size = int(np.prod(shape, dtype=int))
    numbers = _NUMBER.findall(hint)
    if not shape or not 1 < size <= _MOST_NUMBERS:
        return
    for first in range(len(numbers) - size + 1):
        rows: list[str] = numbers[first : first + size]
        yield reduce(_rows_of, reversed(shape), rows)[0]


def _rows_of(items: list[str], length: int) -> list[str]:
    return ["[" + ", ".join(items[start : start + length]) + "]" for start in range(0, len(items), length)]


def _pieces_of_choice(part: Part, hint: str) -> Iterator[str]:
    """Give the options that a hint names by number, or whose text it repeats."""
    repeated = [k for k, option in enumerate(part.ask.options, 1) if _within(option.text, hint)]
    if repeated:
        yield " ".join(map(str, repeated))
    named = re.findall(r"\boptions?\s+((?:\d+[\s,]*(?:and\s+)?)+)", hint, re.IGNORECASE)
    for numbers in named:
        yield " ".join(re.findall(r"\d+", numbers))


def _within(option: str, hint: str) -> bool:
    """Say whether a hint has the words of an option in a row."""
    wanted, written = (" ".join(re.findall(r"\w+", text.casefold())) for text in (option, hint))
    return bool(wanted) and f" {wanted} " in f" {written} "
