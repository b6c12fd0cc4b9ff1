"""Where a number comes from: a cell of anything shown, its arithmetic, and the cells that it was made of.

One step deep at a time: each source can be traced again, down to what was given.
"""

from dataclasses import dataclass

from rnn_tutor.engine.graph.graph import Node, as_numbers
from rnn_tutor.engine.graph.provenance import Cell, arithmetic, written
from rnn_tutor.engine.graph.steps import START
from rnn_tutor.engine.number_text import shown
from rnn_tutor.exercises import words
from rnn_tutor.exercises.question import Question


@dataclass(frozen=True)
class Trace:
    """One cell, opened. `lines` are what to show: symbols, then numbers put in, then the value."""

    name: str
    node: Node
    cell: Cell
    value: float
    lines: tuple[str, ...]
    sources: "tuple[TraceSource, ...]"


@dataclass(frozen=True)
class TraceSource:
    """A cell that another was made of: its name, its value, and what it is."""

    name: str
    node: Node
    cell: Cell
    value: float
    means: str


def trace(question: Question, node: Node, cell: Cell) -> Trace:
    """Return where a cell comes from. What is given comes from nowhere: it has no sources, and says what it means."""
    value = float(as_numbers(node.number)[cell])
    own, symbols, numbers = arithmetic(node, cell)
    _, sources = written(node, cell)
    if symbols == own and len(sources) == 1:  # a time step of a recurrence: it is that step's own node
        (source,) = sources.values()
        if source.node is not node:
            return trace(question, source.node, source.cell)
    text = shown(value, 6)
    if node.op in ("given", "replaced"):
        means = question.meaning(node.name)
        return Trace(own, node, cell, value, (f"{own} = {text}", f"given{f': {means}' if means else ''}"), ())
    origins = tuple(
        TraceSource(
            name,
            source.node,
            source.cell,
            float(as_numbers(source.node.number)[source.cell]),
            _means(question, source.node),
        )
        for name, source in sources.items()
        if (source.node, source.cell) != (node, cell)
    )
    if not origins:
        return Trace(own, node, cell, value, (_opaque(own, node, text),), ())
    lines = [f"{own} = {symbols}"]
    lines += [f"= {numbers}"] if numbers not in (symbols, text) else []
    return Trace(own, node, cell, value, (*lines, f"= {text}"), origins)


def _means(question: Question, node: Node) -> str:
    means = question.meaning(node.name)
    if means:
        return means
    return "start" if node.name.endswith(START) else "given" if node.op == "given" else "step"


def _opaque(own: str, node: Node, text: str) -> str:
    """Say the value of a cell that is made of more cells than can be written out, or is just a number."""
    whole = words.enumerated([parent.name for parent in node.parents if parent.named or parent.op == "given"])
    return f"{own} = {text}" + (f", made of all of {whole}" if whole else "")
