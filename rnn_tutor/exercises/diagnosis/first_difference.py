"""Where a learner's expression leaves the worked solution: the first of its parts whose value is not on that way.

Both are graphs. A part of the learner's is on the way when some value of the steps is the same, with these numbers and
(where new ones can be drawn) with others. One that is not may belong to another way that is as good: it is named only
where what it is made from is on the way, or where the steps have nearly the same.
"""

from collections.abc import Iterator, Mapping

import numpy as np

from rnn_tutor.engine.compare import PROBE, same, same_as_any
from rnn_tutor.engine.errors import EngineError
from rnn_tutor.engine.expression import Call, Expr, names_in
from rnn_tutor.engine.functions import Array
from rnn_tutor.engine.graph.graph import Node, as_numbers
from rnn_tutor.engine.mutate.mutation import brief
from rnn_tutor.engine.remember import remembered
from rnn_tutor.engine.shapes import Shape
from rnn_tutor.exercises import words
from rnn_tutor.exercises.diagnosis.withheld import is_unsolved
from rnn_tutor.exercises.drawing import probes
from rnn_tutor.exercises.question import Part, Question
from rnn_tutor.exercises.reading import scope_of
from rnn_tutor.exercises.verdict import Reading

MOST_PROBES = 3  # other numbers on which a value has to be on the way too
LEAVES = ("given", "number", "replaced")


def parted(question: Question, part: Part, reading: Reading, own: Mapping[str, Array]) -> str:
    """Return a sentence on the first part of an expression that is not on the way to the answer, "" for none."""
    expr = reading.expr
    if not isinstance(expr, Call) or part.node is None:
        return ""
    questions = [question, *(probes(question.exercise)[:MOST_PROBES] if not own else [])]
    walks = [_on_the_way(draw, draw.part(part.name), expr, own) for draw in questions]
    if any(walk is None for walk in walks):
        return ""
    for steps in zip(*[walk or [] for walk in walks], strict=False):
        node = steps[0][0]
        if all(on_the_way for _, on_the_way in steps):
            continue
        right = [
            parent
            for parent in node.parents
            if parent.op not in LEAVES
            and parent.expr is not None
            and names_in(parent.expr)
            and not is_unsolved(question, reading.unsolved, as_numbers(parent.number))
        ]
        if node.expr is None:
            return ""
        place = brief(node.expr)
        inside = list(dict.fromkeys(brief(parent.expr) for parent in right if parent.expr is not None))
        if inside:
            predicate = "matches" if len(inside) == 1 else "match"
            return f"{words.enumerated(inside)} {predicate} the worked solution; {place} is the first that does not."
        if node.expr is expr or not _is_akin(question, node):
            return ""
        return f"{place} is the first value that does not match the worked solution."
    return ""


def _is_akin(question: Question, node: Node) -> bool:
    """Tell whether a value stands where the worked solution has another: the same operation with one operand changed.

    Anything else may be the beginning of another way, which the worked solution does not take.
    """
    return any(
        other.op == node.op
        and other.value is not None
        and len(other.parents) == len(node.parents) > 1
        and any(
            mine.value is not None and theirs.value is not None and same(mine.number, theirs.number, PROBE)
            for mine, theirs in zip(node.parents, other.parents, strict=True)
        )
        for other in question.graph.nodes
    )


def _on_the_way(question: Question, part: Part, expr: Expr, own: Mapping[str, Array]) -> list[tuple[Node, bool]] | None:
    """Return the calculated parts of an expression in order, each with whether its value is on the way."""
    if part.node is None:
        return None
    scope = scope_of(question, own)
    try:
        scope.evaluate(expr)
    except EngineError:
        return None
    known = _values_by_shape(question)
    return [
        (node, node.shape in known and same_as_any(as_numbers(node.number), known[node.shape], PROBE))
        for node in scope.nodes
        if node.op not in LEAVES and node.expr is not None and names_in(node.expr)
    ]


@remembered(16, by=lambda question: (question, question.graph.size))
def _values_by_shape(question: Question) -> dict[Shape, Array]:
    """Return the values of the steps and of what leads to them, those of one shape along a first axis."""
    values = [as_numbers(node.value) for node in question.graph.nodes if node.value is not None]
    values += [value for _, _, value in over_time(question)]
    by_shape: dict[Shape, list[Array]] = {}
    for value in values:
        by_shape.setdefault(value.shape, []).append(value)
    return {shape: np.stack(alike) for shape, alike in by_shape.items()}


def over_time(question: Question) -> Iterator[tuple[Expr, str, Array]]:
    """Yield what a loop computes within its steps, all time steps stacked, as a learner may write it at once.

    Each with its expression and the step that it is in.
    """
    inside: dict[int, dict[int, Node]] = {}
    for node in question.graph.nodes:
        if node.step is not None and node.value is not None and node.expr is not None:
            inside.setdefault(id(node.expr), {})[node.step] = node
    for nodes in inside.values():
        values = [as_numbers(nodes[step].number) for step in sorted(nodes)]
        if len({value.shape for value in values}) == 1:
            first = nodes[min(nodes)]
            assert first.expr is not None  # noqa: S101 - chosen for having one
            yield first.expr, first.name.partition("[")[0], np.stack(values)
