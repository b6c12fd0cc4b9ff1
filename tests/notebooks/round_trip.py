"""Exercises -> notebooks with solutions -> exercises: how many come back the same, and why not the others.

`python tests/notebooks/round_trip.py` prints a table of the course.
"""

import sys
from collections import Counter
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from rnn_tutor.commands.notebook.file import notebook
from rnn_tutor.engine.expression import Name, names_in
from rnn_tutor.engine.graph.graph import CONSTANTS
from rnn_tutor.engine.graph.steps import Let, Loop
from rnn_tutor.exercises.drawing import ask
from rnn_tutor.exercises.files.convert import convert
from rnn_tutor.exercises.files.yaml_text import parse
from rnn_tutor.exercises.importing.notebook import imported
from rnn_tutor.exercises.importing.source import cells_of
from rnn_tutor.exercises.model import Exercise
from rnn_tutor.exercises.programs import signature
from rnn_tutor.exercises.question import Part, Question
from rnn_tutor.exercises.read import load_exercise

SAME = "the same"
OF_OPTIONS = "asks for options alone: a notebook's code has no wrong ones"


@dataclass(frozen=True)
class Trip:
    """What became of an exercise: `outcome` is SAME, or why it is not; `options` of its parts cannot come back."""

    outcome: str
    options: int = 0


def numbers(question: Question) -> dict[str, np.ndarray]:
    """Return the givens and steps that have numbers, by name."""
    values = {name: question.graph.whole(name).value for name in question.graph.names}
    return {name: np.asarray(value, float) for name, value in values.items() if value is not None}


def same(one: np.ndarray, other: np.ndarray) -> bool:
    return one.shape == other.shape and np.allclose(one, other, 1e-9, 1e-12, equal_nan=True)


def trip(exercise: Exercise) -> Trip:
    """Return what becomes of an exercise that goes out as a notebook and comes in again."""
    before = ask(exercise, None)
    text = notebook("A trip", [before], solutions=True)
    result = imported(cells_of(text.encode(), ".ipynb"), "trip")
    options = sum(bool(part.ask.options) for part in before.parts)
    wanted = [part for part in before.parts if not part.ask.options]
    if not wanted:
        return Trip(OF_OPTIONS, options)
    entries = [entry for entry in result.entries if entry.status == "imported"]
    if not entries:
        return Trip(" / ".join(reason for entry in result.entries for reason in entry.reasons) or "nothing", options)
    after = [ask(convert(parse(result.files[entry.file], Path(entry.file)), Exercise).value, None) for entry in entries]
    return Trip(difference(before, after) or SAME, options)


def difference(before: Question, after: list[Question]) -> str:
    """Return the first difference that counts, "" where there is none."""
    found = [part for question in after for part in question.parts]
    for part in before.parts:
        if part.ask.options:
            continue
        expected = np.asarray(part.expected, float)
        alike = [one for one in found if same(np.asarray(one.expected, float), expected)]
        if not alike:
            return _not_asked(before, part) or f"expected: {part.kind}"
        if part.kind == "program" and not any(
            one.kind == "program" and signature(one.ask)[0] == signature(part.ask)[0] for one in alike
        ):
            return "a program comes back as values"
        if part.kind == "shape" and not any(one.kind == "shape" for one in alike):
            return "a shape comes back as a vector"
    own: dict[str, list[np.ndarray]] = {}
    for question in after:
        for name, value in numbers(question).items():
            own.setdefault(name, []).append(value)
    needed = before.compiled.dependencies.needs
    values = numbers(before)
    for name, given in before.givens.items():
        if isinstance(given, np.ndarray) and name in own and not any(same(one, given) for one in own[name]):
            return f"given: {name} has other numbers"
        used_outside = name in needed
        if isinstance(given, np.ndarray) and used_outside and name not in own and not _counts(before, name):
            return f"given: {name} is missing"
    for statement in before.compiled.program:
        names = [statement.name] if isinstance(statement, Let) else []
        names = [let.name for let in statement.body] if isinstance(statement, Loop) else names
        for name in names:
            if name in own and name in values and not any(same(one, values[name]) for one in own[name]):
                return f"step: {name} has other numbers"
    return ""


def _not_asked(question: Question, part: Part) -> str:
    """Tell why an import would not ask for this: it asks for what is calculated from givens."""
    lets = {let.name: let.expr for let in question.compiled.program if isinstance(let, Let)}
    expr = part.node.expr if part.node is not None and hasattr(part.node, "expr") else lets.get(part.name)
    if isinstance(expr, Name):
        return "an answer that is a given itself, or a copy"
    if expr is not None and not names_in(expr) - CONSTANTS.keys():
        return "an answer that is calculated from no given"
    return ""


def _counts(question: Question, name: str) -> bool:
    """Tell whether a given only says how often something is done, which is written out in what comes back."""
    value = question.givens[name]
    return isinstance(value, np.ndarray) and value.ndim == 0 and float(value).is_integer()


def main() -> None:
    from tests.scripts.collection import COURSE

    trips: dict[str, Trip] = {}
    for path in COURSE:
        try:
            trips[path.stem] = trip(load_exercise(path))
        except Exception as error:  # noqa: BLE001 - told in the table, and the others go on
            trips[path.stem] = Trip(f"stops with {type(error).__name__}: {error}")
        print(f"{path.stem}: {trips[path.stem].outcome}", file=sys.stderr, flush=True)
    counts = Counter(one.outcome for one in trips.values())
    print(f"{counts[SAME]} of {len(trips)} exercises come back with the same givens, steps and expected values.")
    lost = sum(one.options for one in trips.values() if one.outcome == SAME)
    print(f"{lost} parts with options of these stay in the prompt: a notebook has no wrong options.")
    for outcome, count in counts.most_common():
        if outcome != SAME:
            names = ", ".join(name for name, one in trips.items() if one.outcome == outcome)
            print(f"{count:>4}  {outcome}\n      {names}")


if __name__ == "__main__":
    sys.path.insert(0, str(Path(__file__).parents[2]))
    main()
