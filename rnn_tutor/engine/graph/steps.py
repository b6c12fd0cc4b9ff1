"""Steps -> graph: assignments and recurrences over time, in the order in which they stand.

A program is what an author writes under `steps`: `let`, `start`, `for ... do`. Running it with other givens, or with
some of its values replaced (a learner's own earlier answer), gives another graph of the same names.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass

import numpy as np

from rnn_tutor.engine.errors import EngineError
from rnn_tutor.engine.expression import Expr, Index, Name, Unknown
from rnn_tutor.engine.functions import Array
from rnn_tutor.engine.graph.evaluate import Graph
from rnn_tutor.engine.graph.graph import ANY
from rnn_tutor.engine.graph.node import Clock, Node, Sequence, frozen, whole_number
from rnn_tutor.engine.reading.language import parse, parse_let
from rnn_tutor.engine.reading.notation import check_length
from rnn_tutor.engine.reading.step_text import counted, target, variable_of
from rnn_tutor.engine.shapes import Shape, in_words

START = "_start"
"""Behind the name of what a recurrence makes: the name of what it starts from."""
MAX_STEPS = 2_000
MAX_GRAPH = 200_000


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


Told = Callable[[ProgramError], None]  # takes what is wrong where the rest goes on


def read_let(text: str, variable: str | None = None, key: str = "", told: Told | None = None) -> Let:
    """Return the assignment of a text; in a loop over `variable` its target is name[variable].

    Raises EngineError. With `told` it raises nothing: a text that does not read is told of and unknown. Its name is the
    one that stands there, ANY where none can be made out.
    """
    read: tuple[Expr, ...] = ()
    try:
        left, expr = parse_let(text)
        read = (expr,)
        return Let(_name_of(left, variable), expr, text, variable, key)
    except EngineError as error:
        if told is None:
            raise
        told(ProgramError(error, key))
        assigned = target(text)
        return Let(ANY if assigned is None else assigned.name, Unknown(read), text, variable, key)


def _name_of(left: Expr, variable: str | None) -> str:
    match left:
        case Name(id=name) if variable is None:
            pass
        case Index(base=Name(id=name), items=(Name(id=index),)) if variable is not None and index == variable:
            pass
        case Name(id=name) if variable is not None:
            raise EngineError(
                "notation",
                f"Inside a loop every step has its own value: write {name}[{variable}] = ...",
                left.span,
            )
        case _:
            wanted = f"name[{variable}]" if variable else "a name"
            raise EngineError("notation", f"Write only {wanted} left of =.", left.span)
    check_name(name, left.span)
    return name


def check_name(name: str, at: tuple[int, int] | None = None) -> None:
    """Raise EngineError (`name`) for a name that a value cannot have.

    The name of a function can be one: `norm = norm(g)`. A call is always the function, a name alone the value.
    """
    if name in ("True", "False", "None", "inf", "nan"):
        raise EngineError("name", f"{name} is a constant; choose another name.", at)


def read_loop(text: str, body: tuple[tuple[str, str], ...], key: str = "", told: Told | None = None) -> Loop:
    """Return the loop of a `for` text and the (text, key) of each `let` under it.

    Raises EngineError; ProgramError, with its key, for a `let` of the body. With `told` it raises nothing: a text that
    does not read is told of and unknown, and the body is read as if the `for` were fine.
    """
    try:
        variable, count, reverse = _counted(text)
        if not body:
            raise EngineError("value", "A loop needs at least one step.")
    except EngineError as error:
        if told is None:
            raise
        told(ProgramError(error, key))
        variable, count, reverse = variable_of(text), Unknown(), False
    lets: list[Let] = []
    for let, let_key in body:
        try:
            lets.append(read_let(let, variable, let_key, told))
        except EngineError as error:
            raise ProgramError(error, let_key) from None
    return Loop(variable, count, reverse, tuple(lets), key)


def _counted(text: str) -> tuple[str, Expr, bool]:
    check_length(text)
    head = counted(text)
    if head is None:
        raise EngineError("notation", "Write: t in range(T), or: t in reversed(range(T)).")
    check_name(head.variable, head.at)
    return head.variable, parse(" " * head.count_at + head.count), head.reverse  # blanks keep the places


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
    graph = with_leaves(givens)
    resume(graph, program, overrides)
    return graph


def with_leaves(givens: Mapping[str, Array | Shape]) -> Graph:
    """Return a graph of givens alone; one of which only the shape is known is given by its shape."""
    graph = Graph()
    for name, given in givens.items():
        if isinstance(given, tuple):
            graph.leaf(name, None, given)
        else:
            graph.leaf(name, given)
    return graph


def resume(graph: Graph, program: Program, overrides: Mapping[str, Array] | None = None) -> None:
    """Evaluate more statements into a graph. Raises ProgramError; the names made before it stay."""
    with np.errstate(all="ignore"):  # once, and not for each line at each time step
        _resume(graph, program, overrides or {})


def _resume(graph: Graph, program: Program, overrides: Mapping[str, Array]) -> None:
    starts: dict[str, Node] = {}
    started = ""
    for statement in program:
        try:
            match statement:
                case Let():
                    _let(graph, statement, overrides)
                case Start(values=values):
                    starts |= {name: graph.evaluated(expr, f"{name}{START}") for name, expr in values.items()}
                    started = statement.key
                case Loop():
                    _loop(graph, statement, starts, overrides)
                    starts = {}
        except ProgramError:
            raise
        except EngineError as error:
            raise ProgramError(error, statement.key) from None
        if graph.size > MAX_GRAPH:
            raise ProgramError(EngineError("limit", "These steps make too large a graph."), statement.key)
    if starts:
        unused = ", ".join(starts)
        raise ProgramError(EngineError("value", f"start gives {unused}, but no loop comes after it."), started)


def _let(graph: Graph, let: Let, overrides: Mapping[str, Array]) -> None:
    _check_new(graph, let)
    if let.name in overrides:
        value = overrides[let.name]
        _check_override(let.name, value.shape, graph.evaluated(let.expr, "").shape)
        graph.leaf(let.name, value, op="replaced")
    else:
        graph.names[let.name] = graph.evaluated(let.expr, let.name)


def _check_new(graph: Graph, let: Let) -> None:
    if let.name in graph.names:
        raise ProgramError(EngineError("name", f"{let.name} is already used; every step needs its own name."), let.key)


def _check_override(name: str, has: Shape, wanted: Shape) -> None:
    if has != wanted:
        raise EngineError(
            "shape", f"{name} has the shape {in_words(wanted)}; a value {in_words(has)} cannot stand in for it."
        )


def _loop(graph: Graph, loop: Loop, starts: dict[str, Node], overrides: Mapping[str, Array]) -> None:
    check_variable(graph, loop)
    count = whole_number(graph.evaluated(loop.count, ""), "How often a loop runs")
    if not 1 <= count <= MAX_STEPS:
        raise EngineError("limit", f"A loop runs 1 to {MAX_STEPS:,} times, not {count}.")
    making: dict[str, Sequence] = {}
    for let in loop.body:
        _check_new(graph, let)
        if let.name in making or let.name == loop.variable:
            twice = EngineError("name", f"{let.name} is already used; every step needs its own name.")
            raise ProgramError(twice, let.key)
        making[let.name] = Sequence(let.name, [None] * count, starts.get(let.name))
    check_starts(starts, loop)
    graph.names |= making
    try:
        for step in range(count)[:: -1 if loop.reverse else 1]:
            graph.clock = Clock(loop.variable, step, count, loop.reverse, making)
            now = frozen(np.asarray(float(step)))
            graph.names[loop.variable] = graph.add(loop.variable, "number", (), (), now, Name(loop.variable))
            _body(graph, loop, step, making, overrides)
            if graph.size > MAX_GRAPH:
                raise EngineError("limit", "These steps make too large a graph.")
        graph.clock = None
        for let in loop.body:
            _stack(graph, making[let.name], let.key)
    except EngineError:
        for name in making:
            del graph.names[name]
        raise
    finally:
        graph.clock = None
        graph.names.pop(loop.variable, None)


def check_variable(graph: Graph, loop: Loop) -> None:
    """Raise EngineError (`name`) for a loop that counts with a name that is there."""
    if loop.variable in graph.names:
        raise EngineError("name", f"The loop counts with {loop.variable}, but this name is already in use.")


def check_starts(names: Iterable[str], loop: Loop) -> None:
    """Raise EngineError (`name`) for names that are started and that the loop does not compute."""
    strange = set(names) - {let.name for let in loop.body}
    if strange:
        raise EngineError("name", f"start gives {', '.join(sorted(strange))}, which the loop does not compute.")


def _body(graph: Graph, loop: Loop, step: int, making: dict[str, Sequence], overrides: Mapping[str, Array]) -> None:
    for let in loop.body:
        label = f"{let.name}[{step}]"
        try:
            node = graph.evaluated(let.expr, "" if let.name in overrides else label)
            if let.name in overrides:
                value = overrides[let.name]
                _check_override(let.name, value.shape, (len(making[let.name].steps), *node.shape))
                value = frozen(np.array(value[step]))
                node = graph.add(label, "replaced", (), value.shape, value, let.expr, named=True)
        except EngineError as error:
            raise ProgramError(error, let.key) from None
        making[let.name].steps[step] = node


def _stack(graph: Graph, sequence: Sequence, key: str) -> None:
    nodes = tuple(node for node in sequence.steps if node is not None)
    name = sequence.name
    for step, node in enumerate(nodes):
        if node.shape != nodes[0].shape:
            first, now = in_words(nodes[0].shape), in_words(node.shape)
            sentence = f"{name} changes its shape: {first} at step 0, {now} at step {step}."
            raise ProgramError(EngineError("shape", sentence), key)
    shape = (len(nodes), *nodes[0].shape)
    try:
        graph.charge(shape, 0, has_numbers=nodes[0].value is not None)
    except EngineError as error:
        raise ProgramError(error, key) from None
    value = frozen(np.stack([node.number for node in nodes])) if all(node.value is not None for node in nodes) else None
    sequence.whole = graph.add(name, "stack", nodes, shape, value, Name(name), {"axis": 0}, named=True)
