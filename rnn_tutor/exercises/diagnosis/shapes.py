"""Which mistake a wrong shape shows, where a shape is what is asked for."""

import re
from functools import partial

from rnn_tutor.engine.errors import EngineError
from rnn_tutor.engine.expression import Array as ArrayExpr
from rnn_tutor.engine.expression import Expr
from rnn_tutor.engine.functions import Shape
from rnn_tutor.engine.graph.graph import Node, Sequence
from rnn_tutor.exercises import words
from rnn_tutor.exercises.diagnosis.withheld import gives_away
from rnn_tutor.exercises.drawing import probes
from rnn_tutor.exercises.question import Part, Question, scratch
from rnn_tutor.exercises.reading import sizes_of_text
from rnn_tutor.exercises.verdict import Diagnosis, Reading

_NUMBER = re.compile(r"(?<![\w.])\d")


def diagnose_shape(question: Question, part: Part, reading: Reading) -> Diagnosis:
    """Return the diagnosis of a shape that is not the one asked for.

    An authored mistake speaks first, then a given or step that has this shape; else which sizes are not right. A text
    with symbols has to be the mistake's with other sizes too.
    """
    got, want = reading.value, part.expected
    assert isinstance(got, tuple) and isinstance(want, tuple)  # noqa: S101 - what a shape part holds
    sized_draws = [(question, got)]
    if reading.uses:
        for probe in probes(question.exercise):
            sizes = sizes_of_text(probe, part, reading.text)
            sized_draws += [(probe, sizes)] if sizes is not None else []
    sentences = _authored(question, part, sized_draws)
    if not sentences and _NUMBER.search(reading.text):
        sentences = _authored(question, part, sized_draws[:1])  # numbers put in for symbols hold here only
    if 1 <= len(sentences) <= 2:
        return Diagnosis("authored", " Or: ".join(sentences))
    named = [name for name in question.graph.names if all(_has_shape(draw, name, sizes) for draw, sizes in sized_draws)]
    named = [name for name in named if not gives_away(question, reading, partial(_shape_of_name, name))]
    if named and len(got) > 1 and len(named) <= 2:
        means = [f"{name} ({question.meaning(name)})" if question.meaning(name) else name for name in named]
        return Diagnosis("intermediate", f"That is the shape of {words.enumerated(means)}; {part.name} has another.")
    return Diagnosis("shape", words.wrong_sizes(got, want, part.axes, part.name))


def _authored(question: Question, part: Part, sized_draws: list[tuple[Question, Shape]]) -> list[str]:
    """Return what is said of the authored mistakes that have these sizes, each for its question."""
    sentences = [
        compiled.mistake.say
        for compiled in question.compiled.mistakes
        if compiled.mistake.answer in (None, part.name)
        and all(_shape_of(draw, compiled.expr) == sizes != draw.part(part.name).expected for draw, sizes in sized_draws)
    ]
    return list(dict.fromkeys(sentences))


def _shape_of(question: Question, expr: Expr) -> Shape | None:
    """Return the shape that an authored mistake stands for: the sizes that it lists, or the shape of its value."""
    try:
        node = scratch(question).evaluate(expr)
    except EngineError:
        return None
    if isinstance(expr, ArrayExpr) and node.value is not None and node.value.ndim == 1:
        return tuple(int(size) for size in node.value)
    return node.shape


def _has_shape(question: Question, name: str, sizes: Shape) -> bool:
    return _shape_of_name(name, question) == sizes


def _shape_of_name(name: str, question: Question) -> Shape | None:
    entry = question.graph.names[name]
    node: Node | None = entry.whole if isinstance(entry, Sequence) else entry
    return node.shape if node is not None else None
