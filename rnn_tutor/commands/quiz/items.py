"""Questions as a quiz has them, whichever system it is for: what is asked, what is accepted, what is said to it.

Nothing here knows a format. What a quiz cannot hold is refused with its reason, before anything is written.
"""

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np

from rnn_tutor.exercises.anticipated import anticipated, anticipated_sizes
from rnn_tutor.exercises.model import Option
from rnn_tutor.exercises.question import Part, Question
from rnn_tutor.figures import arrays
from rnn_tutor.figures.figure import Figure
from rnn_tutor.figures.svg.heatmaps import MOST_COLUMNS, MOST_PLANES, MOST_ROWS

from ..paper.document import Block
from ..paper.solved import answers, choices, givens, worked
from . import answers as accepting
from .answers import Accepted

MOST_GAPS = 64  # numbers of an answer
MOST_RIGHT = 10  # options of a checklist: of more, a share is none that Moodle knows
_ROWS_OF_A_PLANE = 2


@dataclass(frozen=True, eq=False)
class Asked:
    """A part: its gaps by their places (() is a number alone), or its options. `shape` is that of its table."""

    part: Part
    prompt: str
    shape: tuple[int, ...] = ()
    gaps: tuple[tuple[tuple[int, ...], tuple[Accepted, ...]], ...] = ()
    options: tuple[Option, ...] = ()

    @property
    def several(self) -> bool:
        """Tell whether several of the options may be right."""
        return self.part.kind == "checklist"


@dataclass(frozen=True, eq=False)
class Item:
    """A question of a quiz."""

    question: Question
    parts: tuple[Asked, ...]

    @property
    def id(self) -> str:
        """A name that no other question of the file has."""
        seed = self.question.seed
        return self.question.exercise.id + ("" if seed is None else f"-seed-{seed}")

    @property
    def title(self) -> str:
        """The title, with the numbers that it has."""
        told = self.question.asked_as if self.question.seed is not None else ""
        title = " ".join(self.question.exercise.title.split())
        return f"{title} ({told})" if told else title


class CannotHoldError(Exception):
    """A quiz cannot hold an exercise; the text says why."""


def item(question: Question) -> Item:
    """Return a question as a quiz has it. Raises CannotHoldError."""
    _check(question)
    return Item(question, tuple(_asked(question, part) for part in question.parts))


def solution(question: Question) -> Iterator[Block]:
    """Give the worked solution: its steps, the answers, the options with their reasons."""
    yield from worked(question)
    for part, answer in zip(question.parts, answers(question), strict=True):
        if part.ask.options:
            yield choices(part, solved=True)
        else:
            yield answer


def _asked(question: Question, part: Part) -> Asked:
    prompt = part.ask.prompt.strip()
    if part.ask.options:
        return Asked(part, prompt, options=tuple(part.ask.options))
    if isinstance(part.expected, tuple):
        sizes = anticipated_sizes(question, part)
        gaps = tuple(((at,), tuple(accepting.size(part, at, sizes))) for at in range(len(part.expected)))
        return Asked(part, prompt, (len(part.expected),), gaps)
    expected = np.asarray(part.expected)
    mistakes = anticipated(question, part)
    places = tuple(np.ndindex(expected.shape))
    return Asked(
        part, prompt, expected.shape, tuple((at, tuple(accepting.number(part, at, mistakes))) for at in places)
    )


def _check(question: Question) -> None:
    for part in question.parts:
        if part.kind == "program":
            raise CannotHoldError("it asks for a program, which a quiz cannot run")
        if isinstance(part.expected, frozenset) and len(part.expected) > MOST_RIGHT:
            raise CannotHoldError(f"it has a list with more than {MOST_RIGHT} right options")
        count = part.expected.size if isinstance(part.expected, np.ndarray) else len(part.expected)
        if not part.ask.options and not count:
            raise CannotHoldError("an answer has no numbers")
        if not part.ask.options and count > MOST_GAPS:
            raise CannotHoldError(f"an answer has {count} numbers; a question of a quiz has at most {MOST_GAPS}")
        if isinstance(part.expected, np.ndarray) and not np.isfinite(part.expected).all():
            raise CannotHoldError("an answer is not a finite number")
    given = givens(question, hidden=False)
    for entry in given.entries if given is not None else ():
        if entry.value is not None and not entry.pictured and _is_cut(entry.value):
            raise CannotHoldError(f"{entry.name} has more numbers than a page shows")
    if question.asked_with is not None and not _readable(question.asked_with):
        raise CannotHoldError("its picture is too large to be read without a cursor")


def _is_cut(value: np.ndarray) -> bool:
    return any(arrays.DOTS in row for block in arrays.blocks(value) for row in block.rows)


def _readable(figure: Figure) -> bool:
    """Tell whether a picture shows all that is in it."""
    for shown in figure.items if figure.kind == "heatmap" else ():
        *outer, rows, columns = (1,) * _ROWS_OF_A_PLANE + shown.values.shape
        if rows > MOST_ROWS or columns > MOST_COLUMNS or int(np.prod(outer)) > MOST_PLANES:
            return False
    return True
