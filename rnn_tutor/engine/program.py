"""Steps -> graph: assignments and recurrences over time, in the order in which they stand.

A program is what an author writes under `steps`: `let`, `start`, `for ... do`. Running it with other givens, or with
some of its values replaced (a learner's own earlier answer), gives another graph of the same names.
"""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

import numpy as np

from . import functions
from .errors import EngineError
from .expression import Expr, Index, Name
from .functions import Array, Shape
from .graph import CONSTANTS, Clock, Graph, Node, Sequence, frozen, whole_number
from .language import parse, parse_let

MAX_STEPS = 2_000
MAX_GRAPH = 200_000

_FOR = re.compile(
    r"\s*(?P<variable>[A-Za-z][A-Za-z0-9_]*)\s+in\s+"
    r"(?:range\s*\((?P<count>.*)\)|reversed\s*\(\s*range\s*\((?P<backwards>.*)\)\s*\))\s*"
)


@dataclass(frozen=True)
class Let:
    """name = expression; inside a loop name[t] = expression. `text` is as written, `key` says where."""

    name: str
    expr: Expr
    text: str
    variable: str | None = None
    key: str = ""


@dataclass(frozen=True)
class Start:
    """What recurrent names are before the first step (after the last, in a reversed loop)."""

    values: Mapping[str, Expr]
    key: str = ""


@dataclass(frozen=True)
class Loop:
    """for t in range(count), or in reversed(range(count)): the body is run at each step, in order."""

    variable: str
    count: Expr
    reverse: bool
    body: tuple[Let, ...]
    key: str = ""


Statement = Let | Start | Loop
Program = tuple[Statement, ...]


class ProgramError(EngineError):
    """An EngineError together with the key of the step that it comes from."""

    def __init__(self, error: EngineError, key: str) -> None:
        super().__init__(error.kind, error.says, error.at)
        self.key = key


def read_let(text: str, variable: str | None = None, key: str = "") -> Let:
    """Return the assignment of a text; in a loop over `variable` its target is name[variable]."""
    target, expr = parse_let(text)
    match target:
        case Name(id=name) if variable is None:
            pass
        case Index(base=Name(id=name), items=(Name(id=index),)) if variable is not None and index == variable:
            pass
        case Name(id=name) if variable is not None:
            raise EngineError(
                "notation",
                f"Inside a loop every step has its own value: write {name}[{variable}] = ...",
                target.span,
            )
        case _:
            wanted = f"name[{variable}]" if variable else "a name"
            raise EngineError("notation", f"Left of = stands {wanted}, nothing else.", target.span)
    check_name(name, target.span)
    return Let(name, expr, text, variable, key)


def check_name(name: str, at: tuple[int, int] | None = None) -> None:
    """Raise EngineError (`name`) for a name that a value cannot have."""
    if functions.canonical(name):
        raise EngineError("name", f"{name} is a function of the language; choose another name.", at)
    if name in ("True", "False", "None", "inf", "nan"):
        raise EngineError("name", f"{name} is a constant; choose another name.", at)


def read_loop(text: str, body: tuple[tuple[str, str], ...], key: str = "") -> Loop:
    """Return the loop of a `for` text and the (text, key) of each `let` under it."""
    match = _FOR.fullmatch(text)
    if match is None:
        raise EngineError("notation", "Write: t in range(T), or: t in reversed(range(T)).")
    variable = match["variable"]
    check_name(variable)
    count = match["count"] if match["count"] is not None else match["backwards"]
    lets: list[Let] = []
    for let, let_key in body:
        try:
            lets.append(read_let(let, variable, let_key))
        except EngineError as error:
            raise ProgramError(error, let_key) from None
    return Loop(variable, parse(count), match["count"] is None, tuple(lets), key)


def lets(program: Program) -> Iterator[Let]:
    """Yield the assignments of a program in order, those inside loops too."""
    for statement in program:
        if isinstance(statement, Let):
            yield statement
        elif isinstance(statement, Loop):
            yield from statement.body


def run(
    program: Program,
    givens: Mapping[str, Array | Shape],
    overrides: Mapping[str, Array] | None = None,
) -> Graph:
    """Evaluate a program into a graph.

    A given is an array, or a tuple where only its shape is known. `overrides` replaces the values of steps by others
    (of the same shape), so that what comes after follows from them. Raises ProgramError.
    """
    graph = Graph()
    for name, given in givens.items():
        if isinstance(given, tuple):
            graph.leaf(name, None, given)
        else:
            graph.leaf(name, given)
    resume(graph, program, overrides)
    return graph


def resume(graph: Graph, program: Program, overrides: Mapping[str, Array] | None = None) -> None:
    """Evaluate more statements into a graph. Raises ProgramError."""
    starts: dict[str, Node] = {}
    for statement in program:
        try:
            match statement:
                case Let():
                    _let(graph, statement, overrides or {})
                case Start(values=values):
                    starts |= {name: graph.evaluate(expr, f"{name}_start") for name, expr in values.items()}
                case Loop():
                    _loop(graph, statement, starts, overrides or {})
                    starts = {}
        except ProgramError:
            raise
        except EngineError as error:
            raise ProgramError(error, statement.key) from None
        if graph.size > MAX_GRAPH:
            raise ProgramError(EngineError("limit", "These steps make too large a graph."), statement.key)
    if starts:
        unused = ", ".join(starts)
        raise ProgramError(EngineError("value", f"start gives {unused}, but no loop comes after it."), "")


def _let(graph: Graph, let: Let, overrides: Mapping[str, Array]) -> None:
    if let.name in graph.names:
        raise EngineError("name", f"There is a {let.name} already; every step has its own name.")
    if let.name in overrides:
        graph.leaf(let.name, overrides[let.name], op="replaced")
    else:
        graph.names[let.name] = graph.evaluate(let.expr, let.name)


def _loop(graph: Graph, loop: Loop, starts: dict[str, Node], overrides: Mapping[str, Array]) -> None:
    if loop.variable in graph.names:
        raise EngineError("name", f"The loop counts with {loop.variable}, which is a name already.")
    count = whole_number(graph.evaluate(loop.count, ""), "How often a loop runs")
    if not 1 <= count <= MAX_STEPS:
        raise EngineError("limit", f"A loop runs 1 to {MAX_STEPS:,} times, not {count}.")
    making: dict[str, Sequence] = {}
    for let in loop.body:
        if let.name in graph.names or let.name in making:
            raise ProgramError(
                EngineError("name", f"There is a {let.name} already; every step has its own name."), let.key
            )
        making[let.name] = Sequence(let.name, [None] * count, starts.get(let.name))
    strange = set(starts) - set(making)
    if strange:
        raise EngineError("name", f"start gives {', '.join(sorted(strange))}, which the loop does not compute.")
    graph.names |= making
    for step in range(count)[:: -1 if loop.reverse else 1]:
        graph.clock = Clock(loop.variable, step, count, loop.reverse, making)
        graph.names[loop.variable] = graph._add(loop.variable, "number", (), (), frozen(np.asarray(float(step))), None)
        _body(graph, loop, step, making, overrides)
    graph.clock = None
    del graph.names[loop.variable]
    for name, sequence in making.items():
        _stack(graph, name, sequence)


def _body(graph: Graph, loop: Loop, step: int, making: dict[str, Sequence], overrides: Mapping[str, Array]) -> None:
    for let in loop.body:
        label = f"{let.name}[{step}]"
        try:
            if let.name in overrides:
                value = frozen(overrides[let.name][step])
                node = graph._add(label, "replaced", (), value.shape, value, let.expr, named=True)
            else:
                node = graph.evaluate(let.expr, label)
        except EngineError as error:
            raise ProgramError(error, let.key) from None
        making[let.name].steps[step] = node


def _stack(graph: Graph, name: str, sequence: Sequence) -> None:
    nodes = tuple(node for node in sequence.steps if node is not None)
    shapes = {node.shape for node in nodes}
    if len(shapes) > 1:
        raise EngineError("shape", f"{name} has different shapes at different time steps.")
    numbers = all(node.value is not None for node in nodes)
    value = frozen(np.stack([node.number for node in nodes])) if numbers else None
    shape = (len(nodes), *nodes[0].shape)
    graph.work = 0
    if value is not None:
        graph.charge(shape, 0)
    sequence.whole = graph._add(name, "stack", nodes, shape, value, Name(name), {"axis": 0}, named=True)


CONSTANT_NAMES = tuple(CONSTANTS)
