"""The worked solution, as data: made from the graph, step by step, for whatever numbers the question has.

A step shows its symbols as the author wrote them, the same with the numbers put in (small results cell by cell, a
matrix product written out), the result with its shape, and the author's sentence.
"""

from dataclasses import dataclass

import numpy as np

from rnn_tutor.engine.expression import Expr, Name, names_in, show
from rnn_tutor.engine.functions import in_words, size
from rnn_tutor.engine.graph import Node, Sequence, as_numbers
from rnn_tutor.engine.heatmap import Picture
from rnn_tutor.engine.program import Let, Loop, Start
from rnn_tutor.engine.provenance import arithmetic, number

from . import words
from .model import Step
from .question import Question

MAX_CELLS = 6
MAX_LINE = 240
MAX_PUT_IN = 24


@dataclass(frozen=True)
class Worked:
    """One step of a worked solution. `numbers` are lines of arithmetic; `shape` says the result's shape in words."""

    name: str
    symbols: str
    numbers: tuple[str, ...]
    result: str
    shape: str
    say: str
    picture: Picture | None = None


def solve(question: Question) -> list[Worked]:
    """Return the worked steps of a question, in order; a choice or checklist has one for each right option."""
    worked: list[Worked] = []
    for step, statement in zip(question.exercise.steps, question.compiled.program, strict=True):
        match statement:
            case Let():
                worked.append(_let(question, statement, step.say))
            case Start(values=values):
                worked.append(_start(values, step.say))
            case Loop():
                worked += _loop(question, statement, step)
    return worked + _options(question)


def _let(question: Question, let: Let, say: str) -> Worked:
    node = question.graph.whole(let.name)
    return Worked(
        let.name,
        let.text.strip(),
        tuple(_numbers(node, let.expr, question)),
        _result(let.name, node),
        _shape(question, node),
        say,
        _picture(question, let.name, node),
    )


def _start(values: object, say: str) -> Worked:
    assert isinstance(values, dict)  # noqa: S101 - as compiled
    symbols = ", ".join(f"{name} = {show(expr)}" for name, expr in values.items())
    return Worked("start", f"before the first step: {symbols}", (), "", "", say or "Where the recurrence starts.")


def _loop(question: Question, loop: Loop, step: Step) -> list[Worked]:
    """Each name of a loop: its symbols, the first time step with numbers put in, and all its time steps."""
    worked: list[Worked] = []
    order = "reversed(range({}))" if loop.reverse else "range({})"
    heading = f"for {loop.variable} in {order.format(show(loop.count))}"
    for inner, let in zip(step.do or [], loop.body, strict=True):
        sequence = question.graph.names[let.name]
        assert isinstance(sequence, Sequence)  # noqa: S101 - what a loop makes
        nodes = [node for node in sequence.steps if node is not None]
        whole = question.graph.whole(let.name)
        shown = nodes[::-1] if loop.reverse else nodes
        lines: list[str] = []
        for node in shown[: 2 if size(node_shape(nodes)) > 2 else 3]:
            lines += _numbers(node, let.expr, question)
        say = " ".join(part for part in (step.say if not worked else "", inner.say) if part)
        worked.append(
            Worked(
                let.name,
                f"{heading}: {let.text.strip()}",
                tuple(lines),
                _result(let.name, whole),
                _shape(question, whole),
                say,
                _picture(question, let.name, whole),
            )
        )
    return worked


def node_shape(nodes: list[Node]) -> tuple[int, ...]:
    """Return the shape of the steps of a sequence."""
    return nodes[0].shape if nodes else ()


def _numbers(node: Node, expr: Expr, question: Question) -> list[str]:
    """Return the lines with numbers put in: the whole expression where it is short, and each cell of a small result."""
    if node.value is None:
        return [_sizes(node, expr, question)] if names_in(expr) else []
    lines: list[str] = []
    whole = _put_in(node, expr, question)
    cells = list(np.ndindex(*node.shape)) if size(node.shape) <= MAX_CELLS else [next(np.ndindex(*node.shape))]
    if whole and node.shape:
        lines.append(f"{node.name} = {whole}")
    for at in cells if 0 not in node.shape else []:
        own, symbols, numbers = arithmetic(node, at)
        value = number(float(as_numbers(node.number)[at]))
        if symbols == own:
            continue
        if numbers == value:
            numbers = symbols
        line = f"{own} = {numbers} = {value}"
        if len(line) <= MAX_LINE:
            lines.append(line)
    if len(cells) < size(node.shape) and len(lines) > 1:
        lines[-1] += "   (and so for each element)"
    if whole and not lines:
        lines.append(f"{node.name} = {whole}")
    return lines


def _put_in(node: Node, expr: Expr, question: Question) -> str:
    """Return the expression with small values put in for its names, "" where that would be too long or say nothing."""
    if node.step is not None:
        return ""  # the names of a loop change from step to step; its cells say it

    def leaf(part: Expr) -> str | None:
        if isinstance(part, Name) and part.id in question.graph.names:
            below = question.graph.whole(part.id)
            if below.value is not None and size(below.shape) <= MAX_PUT_IN:
                return words.listed(as_numbers(below.value))
        return None

    text = show(expr, leaf)
    return text if text != show(expr) and len(text) <= MAX_LINE // 2 else ""


def _sizes(node: Node, expr: Expr, question: Question) -> str:
    """Return how the shapes of an expression without numbers fit: (3, 5, 8) @ (8, 100) -> (3, 5, 100)."""

    def leaf(part: Expr) -> str | None:
        if isinstance(part, Name) and part.id in question.graph.names:
            return in_words(question.graph.whole(part.id).shape)
        return None

    return f"{show(expr, leaf)} has the shape {in_words(node.shape)}"


def _result(name: str, node: Node) -> str:
    if node.value is None:
        return f"{name} has the shape {in_words(node.shape)}"
    return f"{name} = {words.values(as_numbers(node.number), 6)}"


def _shape(question: Question, node: Node) -> str:
    if not node.shape:
        return "a number"
    return f"{words.kind_of(node.shape)} {words.shape_with_axes(node.shape, question.axes(node))}"


def _picture(question: Question, name: str, node: Node) -> Picture | None:
    if node.value is None or not node.shape or 0 in node.shape:
        return None
    return question.picture(name, node)


def _options(question: Question) -> list[Worked]:
    """A choice or checklist is worked by its right options, each with why."""
    worked: list[Worked] = []
    for part in question.parts:
        if not isinstance(part.expected, frozenset):
            continue
        for k in sorted(part.expected):
            option = part.ask.options[k - 1]
            worked.append(Worked(f"{part.name} {k}", option.text, (), f"option {k} is right", "", option.why))
    return worked
