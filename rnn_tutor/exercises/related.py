"""What a part could have been computed from: earlier parts, where the graph computes it another way.

`total` may be a gradient in the steps, and yet be `path + side`. Such a relation is looked for among short expressions
of earlier parts and givens; it counts only where it holds here and with other numbers too.
"""

from collections.abc import Collection, Iterator, Mapping
from itertools import combinations

import numpy as np

from rnn_tutor.engine.compare import TYPED, same
from rnn_tutor.engine.errors import EngineError
from rnn_tutor.engine.expression import Call, Expr, Name, names_in
from rnn_tutor.engine.functions import Array
from rnn_tutor.engine.graph.graph import Graph, as_numbers
from rnn_tutor.engine.shapes import Shape
from rnn_tutor.exercises.diagnosis.distinguishable import compared
from rnn_tutor.exercises.diagnosis.other_numbers import fresh_questions
from rnn_tutor.exercises.drawing import probes
from rnn_tutor.exercises.question import Part, Question
from rnn_tutor.exercises.reading import scope_of
from rnn_tutor.exercises.verdict import Reading

MOST_TERMS = 10  # earlier parts, and givens, each
MOST_ELEMENTS = 1_000
_TURNED = ("add", "multiply")  # the same the other way round
_SIGNS = ("add", "subtract", "multiply", "divide", "matmul")


def follows_otherwise(question: Question, asked: Part, reading: Reading, own: Mapping[str, Array]) -> list[str]:
    """Return the earlier parts from whose values, as the learner has them, an answer follows; none where it does not.

    `own` has these values. One of them at least is another than the right one.
    """
    wrong = {name for name, value in own.items() if not same(value, np.asarray(question.truths[name]), TYPED)}
    expected = np.asarray(asked.expected)
    if not wrong or not isinstance(reading.value, np.ndarray) or reading.shape != expected.shape:
        return []
    scope = scope_of(question, own)
    for expr in _candidates(question, own):
        if not wrong & names_in(expr):
            continue
        value = _value(scope, expr, expected.shape)
        if value is None or same(value, expected, TYPED) or compared(asked, reading, value).verdict != "right":
            continue
        if all(_holds(one, asked.name, expr) for one in _others(question)):
            return sorted(names_in(expr) & own.keys())
    return []


def _others(question: Question) -> list[Question]:
    return [question, *fresh_questions(question.exercise), *probes(question.exercise)]


def _holds(question: Question, name: str, expr: Expr) -> bool:
    expected = np.asarray(question.part(name).expected)
    scope = scope_of(question, {one: value for one, value in question.truths.items() if one != name})
    value = _value(scope, expr, expected.shape)
    return value is not None and same(value, expected, TYPED)


def _value(scope: Graph, expr: Expr, shape: Shape) -> Array | None:
    try:
        value = as_numbers(scope.evaluate(expr).number)
    except EngineError:
        return None
    return value if value.shape == shape and bool(np.isfinite(value).all()) else None


def _candidates(question: Question, own: Collection[str]) -> Iterator[Expr]:
    """Yield expressions of the earlier parts: alone, two of them, one with a given, three, and the sum of all."""
    parts = [Name(name) for name in own][-MOST_TERMS:]
    givens = [
        Name(name)
        for name in question.told
        if isinstance(value := question.givens[name], np.ndarray) and value.size <= MOST_ELEMENTS
    ][:MOST_TERMS]
    for part in parts:
        yield part
        yield Call("negative", (part,), style="operator")
    pairs = [pair for two in combinations(parts, 2) for pair in _joined(*two)]
    yield from pairs
    for part in parts:
        for given in givens:
            yield from _joined(part, given)
    for pair in pairs:
        for part in parts:
            if part.id not in names_in(pair):
                yield from _joined(pair, part)
    if len(parts) > 3:
        whole: Expr = parts[0]
        for part in parts[1:]:
            whole = Call("add", (whole, part), style="operator")
        yield whole


def _joined(left: Expr, right: Expr) -> Iterator[Expr]:
    for sign in _SIGNS:
        yield Call(sign, (left, right), style="operator")
        if sign not in _TURNED:
            yield Call(sign, (right, left), style="operator")
