"""What is expected with these numbers, written so that it could be typed."""

from typing import TYPE_CHECKING

import numpy as np

from rnn_tutor.exercises.compiled import ExerciseError
from rnn_tutor.exercises.labs.instance import Bench, answer
from rnn_tutor.figures.numbers import listed
from rnn_tutor.tui.visits import LabVisit

if TYPE_CHECKING:
    from rnn_tutor.exercises.question import Part
    from rnn_tutor.tui.visits import AnyVisit

DIGITS = 6  # so that it is marked right when it is typed
_MOST = 400  # characters


def expected(visit: "AnyVisit | None") -> list[str]:
    """Return a line for each part of an exercise, or each prediction of a lab."""
    if isinstance(visit, LabVisit):
        count = len(visit.bench.lab.predict)
        return [f"prediction {place + 1}: {_prediction(visit.bench, place)}" for place in range(count)]
    return [_part(part) for part in visit.question.parts] if visit is not None else []


def _part(part: "Part") -> str:
    if isinstance(part.expected, frozenset):
        return f"{part.name}: {' '.join(map(str, sorted(part.expected)))}"
    if isinstance(part.expected, tuple):
        sizes = f"({', '.join(map(str, part.expected))}{',' * (len(part.expected) == 1)})"
        return f"{part.name} = {sizes}"
    gives = " (what the function returns)" if part.kind == "program" else ""
    return _cut(f"{part.name} = {listed(np.asarray(part.expected), DIGITS)}") + gives


def _prediction(bench: Bench, place: int) -> str:
    try:
        value = answer(bench, place)
    except ExerciseError as error:
        return error.says
    options = bench.lab.predict[place].options
    if options:
        return f"{int(value) + 1} ({options[int(value)].text})"
    return listed(np.asarray(value), DIGITS)


def _cut(text: str) -> str:
    return text if len(text) <= _MOST else text[: _MOST - 4] + " ..."
