"""An exercise as a script of NumPy, PyTorch or JAX: givens, steps, and what is expected of them."""

from collections.abc import Collection, Iterator

import numpy as np

from rnn_tutor.engine.expression import Name, names_in
from rnn_tutor.engine.graph.dependencies import Dependencies
from rnn_tutor.engine.graph.graph import Graph, as_numbers
from rnn_tutor.engine.graph.steps import Program, lets
from rnn_tutor.engine.writing.library import LIBRARIES, Key
from rnn_tutor.engine.writing.script import Expected, GivenText, Pieces, Source, givens, pieces, written
from rnn_tutor.exercises.model import Step
from rnn_tutor.exercises.question import Part, Question

MOST_SHOWN = 60  # numbers of a step that is compared although nothing is asked of it


def script(question: Question, key: Key, part: str = "") -> str:
    """Return the script of a question, or of the steps that lead to one part of it. Raises UnwrittenError."""
    return written(_source(question, key, part), LIBRARIES[key])


def givens_code(question: Question, key: Key) -> str:
    """Return what the script begins with, which tells nothing of the answer: imports and the given numbers."""
    return givens(_source(question, key, ""), LIBRARIES[key])


def has_steps(question: Question) -> bool:
    """Tell whether there is anything to compute in a question: one of choices alone may have none."""
    return bool(question.compiled.program) or any(part.node is not None for part in question.parts)


def in_pieces(question: Question, key: Key, part: str = "", also: Collection[str] = ()) -> Pieces:
    """Return the script in pieces, for a notebook. also: names that it must not use. Raises UnwrittenError."""
    return pieces(_source(question, key, part), LIBRARIES[key], also)


def _source(question: Question, key: Key, part: str) -> Source:
    parts = [one for one in question.parts if part in ("", one.name)]
    program, expected = _asked(question, parts)
    seed = question.seed if question.compiled.draws else None
    numbers = "the original numbers" if seed is None else f"the numbers of seed {seed}"
    about = f"{question.exercise.id} in {LIBRARIES[key].name}, with {numbers}; written by rnn-tutor"
    needs = set(question.givens) if not part else _needed(program, expected)
    given = [GivenText(name, value, question.meaning(name)) for name, value in question.givens.items() if name in needs]
    says = dict(sentences(question.exercise.steps))
    told = frozenset(question.told)
    return Source(program, question.graph, given, says, expected, (question.exercise.title,), about, told)


def _asked(question: Question, parts: list[Part]) -> tuple[Program, list[Expected]]:
    """Return the steps to write and what is expected: of the parts, or if none has a value, of the last steps."""
    expected = [one for part in parts if (one := _expected(question, part)) is not None]
    program = question.compiled.program
    if not expected:
        return program, list(_last_steps(question))
    if len(parts) < len(question.parts):
        wanted = set[str]().union(*map(_all_names, expected))
        program = Dependencies(program).leading_to(wanted).program
    return program, expected


def _all_names(one: Expected) -> set[str]:
    return names_in(one.expr)


def _needed(program: Program, expected: list[Expected]) -> set[str]:
    return Dependencies(program).needs.union(*(_all_names(one) for one in expected))


def _expected(question: Question, part: Part) -> Expected | None:
    if part.node is None:
        return None
    place = next(k for k, one in enumerate(question.parts) if one is part)
    expr = question.compiled.answers[place]
    if expr is None:
        return None
    if isinstance(part.expected, tuple):
        listed = part.node.value is not None and part.expected != part.node.shape
        return Expected(part.name, expr, part.node.value if listed else None, part.expected)
    assert isinstance(part.expected, np.ndarray)  # noqa: S101 - a choice has no expression
    return Expected(part.name, expr, part.expected)


def _last_steps(question: Question) -> Iterator[Expected]:
    """Yield the steps that no other reads: where a choice is asked for, they are what decides it."""
    yield from last_steps(question.compiled.program, question.graph)


def last_steps(program: Program, graph: Graph) -> Iterator[Expected]:
    """Yield the steps that no other reads, those of many numbers left out unless there are no others."""
    read = set[str]().union(*Dependencies(program).reads.values())
    last = [let.name for let in lets(program) if let.name not in read]
    values = {name: as_numbers(node.value) for name in last if (node := graph.whole(name)).value is not None}
    short = {name: value for name, value in values.items() if value.size <= MOST_SHOWN}
    for name, value in (short or dict(list(values.items())[:1])).items():
        yield Expected(name, Name(name), value)


def sentences(steps: list[Step]) -> Iterator[tuple[str, str]]:
    """Yield the sentence of each step, by the key of the step."""
    for k, step in enumerate(steps):
        if step.let is not None:
            yield f"steps[{k}].let", step.say
        elif step.start is not None:
            yield f"steps[{k}].start", step.say
        for j, inner in enumerate(step.do or []):
            yield f"steps[{k}].do[{j}].let", " ".join(text for text in (step.say if not j else "", inner.say) if text)
