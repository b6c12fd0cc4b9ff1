"""The worked solution, as data: made from the graph, step by step, for whatever numbers the question has.

A step shows its symbols as the author wrote them, the same with the numbers put in (small results cell by cell, a
matrix product written out), the result with its shape, and the author's sentence.
"""

from collections.abc import Iterator
from dataclasses import dataclass, replace

import numpy as np

from rnn_tutor.engine.expression import Array as ArrayExpr
from rnn_tutor.engine.expression import Expr, Name, names_in, show
from rnn_tutor.engine.functions import Array, size
from rnn_tutor.engine.graph.graph import Node, Sequence, as_numbers
from rnn_tutor.engine.graph.provenance import arithmetic
from rnn_tutor.engine.graph.steps import Let, Loop, Start, lets
from rnn_tutor.engine.number_text import SHOWN, shown
from rnn_tutor.engine.shapes import in_words
from rnn_tutor.exercises import words
from rnn_tutor.exercises.diagnosis.mistakes import steps_on_the_way
from rnn_tutor.exercises.model import Step
from rnn_tutor.exercises.question import Question
from rnn_tutor.exercises.worked_words import derivative, eigenvalues, folded, sizes_in_words
from rnn_tutor.figures.heatmap import Picture
from rnn_tutor.figures.numbers import listed, values
from rnn_tutor.figures.words import shape_with_axes

MAX_CELLS = 6
MAX_LINE = 240
MAX_PUT_IN = 24
WIDTH = 74  # of a screen of 80: lines that are longer are folded where a term begins


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
    return [*_steps(question), *_asked(question), *_options(question)]


def _steps(question: Question) -> Iterator[Worked]:
    sized = _of_shapes(question)
    program = question.compiled.program
    for position, (step, statement) in enumerate(zip(question.exercise.steps, program, strict=True)):
        match statement:
            case Let(name=name):
                worked = _let(question, statement, step.say)
                yield _without_numbers(question, worked, statement.expr) if name in sized else worked
            case Start(values=values):
                after = program[position + 1] if position + 1 < len(program) else None
                yield _start(values, step.say, isinstance(after, Loop) and after.reverse)
            case Loop(body=body):
                for worked, let in zip(_loop(question, statement, step), body, strict=True):
                    yield _without_numbers(question, worked, let.expr) if let.name in sized else worked


def _of_shapes(question: Question) -> set[str]:
    """Return the steps whose numbers say nothing: only shapes are asked for, and they lead to no other answer."""
    parts = [part for part in question.parts if part.node is not None]
    numbers, shapes = set[str](), set[str]()
    for part in parts:
        made_from = {part.step, *(step.text for step in steps_on_the_way(question, part))}
        (shapes if part.kind == "shape" else numbers).update(made_from)
    listed = {let.name for let in lets(question.compiled.program) if isinstance(let.expr, ArrayExpr)}  # of sizes
    graph = question.graph
    names = shapes - numbers - listed - {""}
    return {name for name in names if name in graph.names and len(graph.whole(name).shape) > 0}


def _without_numbers(question: Question, step: Worked, expr: Expr) -> Worked:
    """Return a step of which only the shape is told."""
    node = question.graph.whole(step.name)
    if node.expr != expr and node.parents:
        node = node.parents[0]  # of a loop: its first step
    sentence = sizes_in_words(node, question.axes) if node.expr == expr else ""
    lines = [*([_sizes(expr, question)] if names_in(expr) else []), *([sentence] if sentence else [])]
    result = f"{step.name} has the shape {in_words(question.graph.whole(step.name).shape)}"
    numbers = tuple(line for text in lines for line in folded(text, WIDTH))
    return replace(step, numbers=numbers, result=result, picture=None)


def _let(question: Question, let: Let, say: str) -> Worked:
    node = question.graph.whole(let.name)
    return Worked(
        let.name,
        let.text.strip(),
        tuple(line for text in _numbers(node, let.expr, question) for line in folded(text, WIDTH)),
        _result(let.name, node),
        _shape(question, node),
        say,
        _picture(question, let.name, node),
    )


def _start(values: object, say: str, reverse: bool) -> Worked:
    assert isinstance(values, dict)  # noqa: S101 - as compiled
    symbols = ", ".join(f"{name} = {show(expr)}" for name, expr in values.items())
    where = "after the last step" if reverse else "before the first step"
    return Worked("start", f"{where}: {symbols}", (), "", "", say or "This is where the recurrence starts.")


def _loop(question: Question, loop: Loop, step: Step) -> list[Worked]:
    """Each name of a loop: its symbols, a few time steps with numbers put in, and all of them as the result."""
    worked: list[Worked] = []
    order = "reversed(range({}))" if loop.reverse else "range({})"
    heading = f"for {loop.variable} in {order.format(show(loop.count))}"
    for inner, let in zip(step.do or [], loop.body, strict=True):
        sequence = question.graph.names[let.name]
        assert isinstance(sequence, Sequence)  # noqa: S101 - what a loop makes
        nodes = [node for node in sequence.steps if node is not None]
        whole = question.graph.whole(let.name)
        lines = _time_steps(question, let, nodes[::-1] if loop.reverse else nodes)
        say = " ".join(part for part in (step.say if not worked else "", inner.say) if part)
        worked.append(
            Worked(
                let.name,
                f"{heading}: {let.text.strip()}",
                tuple(line for text in lines for line in folded(text, WIDTH)),
                _result(let.name, whole),
                _shape(question, whole),
                say,
                _picture(question, let.name, whole),
            )
        )
    return worked


def _time_steps(question: Question, let: Let, nodes: list[Node]) -> list[str]:
    """Return the arithmetic of all time steps where it is short, else of the first two and the last."""
    cells = size(nodes[0].shape) if nodes else 0
    if len(nodes) * min(cells, MAX_CELLS) <= MAX_CELLS or len(nodes) <= 3:
        return [line for node in nodes for line in _numbers(node, let.expr, question)]
    first = [line for node in nodes[:2] for line in _numbers(node, let.expr, question)]
    last = _numbers(nodes[-1], let.expr, question)
    return [*first, "...", *last] if first and last else first


def _numbers(node: Node, expr: Expr, question: Question) -> list[str]:
    """Return the lines with numbers put in: the whole expression where it is short, and each cell of a small result."""
    if node.value is None:
        sentence = sizes_in_words(node, question.axes)
        return [*([_sizes(expr, question)] if names_in(expr) else []), *([sentence] if sentence else [])]
    if _is_derivative(node):
        return derivative(node)
    cells = _cells(node)
    whole = _put_in(node, expr, question)
    if whole and (not node.shape or not cells):
        if node.op == "spectral_radius":
            return [f"{node.name} = {whole}", eigenvalues(node)]
        return cells or [f"{node.name} = {whole}"]
    if whole and len(node.name) + len(whole) + 3 <= WIDTH:
        return [f"{node.name} = {whole}", *cells]
    return cells


def _is_derivative(node: Node) -> bool:
    return node.op == "grad" or (node.op == "array" and len(node.parents) == 1 and node.parents[0].op == "grad")


def _cells(node: Node) -> list[str]:
    """Return the arithmetic of each cell of a small result, of the first cell of a large one."""
    if 0 in node.shape:
        return []
    cells = list(np.ndindex(*node.shape)) if size(node.shape) <= MAX_CELLS else [next(np.ndindex(*node.shape))]
    lines: list[str] = []
    for at in cells:
        own, symbols, numbers = arithmetic(node, at)
        value = shown(float(as_numbers(node.number)[at]))
        if symbols in (own, value):
            continue  # nothing was calculated here
        if numbers == value:
            line = f"{own} = {symbols} = {value}"
        else:
            compared = any(sign in numbers for sign in ("==", "!=", "<", ">"))
            line = f"{own} = {f'({numbers})' if compared else numbers} = {value}"
        if len(line) <= MAX_LINE:
            lines.append(line)
    if lines and len(cells) < size(node.shape):
        lines.append("... and so for each element")
    return lines


def _put_in(node: Node, expr: Expr, question: Question) -> str:
    """Return the expression with small values put in for its names, "" where that would be too long or say nothing."""
    if node.step is not None:
        return ""  # the names of a loop change from step to step; its cells say it

    def leaf(part: Expr) -> str | None:
        if isinstance(part, Name) and part.id in question.graph.names:
            below = question.graph.whole(part.id)
            if below.value is not None and size(below.shape) <= MAX_PUT_IN:
                return listed(as_numbers(below.value), SHOWN.of(4))
        return None

    text = show(expr, leaf)
    return text if text != show(expr) and len(text) <= MAX_LINE // 2 else ""


def _sizes(expr: Expr, question: Question) -> str:
    """Return an expression with the shapes put in for its names: (3, 5, 8) @ (8, 100)."""

    def leaf(part: Expr) -> str | None:
        if isinstance(part, Name) and part.id in question.graph.names:
            node = question.graph.whole(part.id)
            return in_words(node.shape) if node.shape else listed(node.number)
        return None

    return show(expr, leaf)


def _result(name: str, node: Node) -> str:
    if node.value is None:
        return f"{name} has the shape {in_words(node.shape)}"
    return f"{name} = {values(as_numbers(node.number), SHOWN.of(6))}"


def _shape(question: Question, node: Node) -> str:
    if not node.shape:
        return "a number"
    return f"{words.kind_of(node.shape)} {shape_with_axes(node.shape, question.axes(node))}"


def _picture(question: Question, name: str, node: Node) -> Picture | None:
    if node.value is None or not node.shape or 0 in node.shape:
        return None
    return question.picture(name, node)


def _asked(question: Question) -> list[Worked]:
    """What is asked for and is no step of its own, such as h[-1]."""
    worked: list[Worked] = []
    for part, expr in zip(question.parts, question.compiled.answers, strict=True):
        if part.node is None or expr is None or part.name in question.graph.names:
            continue
        value: Array | None = part.node.value
        sized = part.kind == "shape"
        if value is None and not sized:
            continue
        result = f"{part.name} = {values(as_numbers(value), SHOWN.of(6))}" if value is not None else ""
        worked.append(
            Worked(
                part.name,
                part.name,
                () if sized else _of_expression(part.node),
                f"{part.name} has the shape {in_words(part.node.shape)}" if sized else result,
                _shape(question, part.node),
                "This is the answer.",
            )
        )
    return worked


def _of_expression(node: Node) -> tuple[str, ...]:
    """Return the arithmetic of what is asked for where it is calculated and not only picked."""
    if node.named or node.op == "index":
        return ()
    return tuple(line for text in _cells(node) for line in folded(text, WIDTH))


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
