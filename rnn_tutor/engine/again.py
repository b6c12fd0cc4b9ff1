"""The graph again for other givens: the same nodes with other values, nothing read, sized or checked anew.

That is right as long as a given changes numbers only. What it may not reach is anything that was read off a value when
the graph was made: how often a loop runs, a size, an axis, an index. `structural` tells which names do; for those the
program is run. It takes a fraction of the time, and a picture that follows a key has little.
"""

from collections.abc import Iterator, Mapping

import numpy as np

from rnn_tutor.engine.calls import _bound
from rnn_tutor.engine.expression import Call, Expr, Index, Slice, names_in, walk
from rnn_tutor.engine.functions import TABLE, Array
from rnn_tutor.engine.gradient import rule
from rnn_tutor.engine.graph import Graph, _computed
from rnn_tutor.engine.node import Node, Sequence, as_numbers, frozen
from rnn_tutor.engine.program import Let, Loop, Program, Start

_ALL_ARRAYS = ("dotted", "concat", "stack", "hstack", "vstack", "grad", "jacobian", "local", "parts")


def structural(program: Program) -> set[str]:
    """Return the names that a program reads where more than numbers comes of it: in counts, sizes, axes and indexes."""
    found = set[str]()
    for statement in program:
        if isinstance(statement, Loop):
            found |= names_in(statement.count)
        for expr in _expressions(statement):
            for part in walk(expr):
                found |= set[str]().union(*map(names_in, _read_off(part)))
    return found


def _expressions(statement: Let | Start | Loop) -> Iterator[Expr]:
    if isinstance(statement, Let):
        yield statement.expr
    elif isinstance(statement, Start):
        yield from statement.values.values()
    else:
        yield statement.count
        yield from (let.expr for let in statement.body)


def _read_off(part: Expr) -> Iterator[Expr]:
    """Give what of an expression is read off a value while the graph is made."""
    if isinstance(part, Index):
        for item in part.items:
            inside = (item.start, item.stop, item.step) if isinstance(item, Slice) else (item,)
            yield from (one for one in inside if isinstance(one, Expr))
    elif isinstance(part, Call):
        yield from (value for _, value in part.keywords)
        if part.function in ("max", "min"):
            yield from part.args[1:]  # an axis, where it is no second array
        elif part.function in TABLE and part.function not in _ALL_ARRAYS:
            for param, given in _bound(TABLE[part.function], part):
                yield from given if param.kind != "array" else ()


def again(graph: Graph, values: Mapping[str, Array], count: int | None = None) -> Graph:
    """Return a graph of the same nodes, with other values (of the same shapes) for some givens.

    What does not depend on them is shared. Of the graph's own nodes the first `count` are taken (all by default), and
    the names that are complete with these. No name of `values` may be among the `structural` ones, or lead to one.
    Raises EngineError where a value cannot be computed.
    """
    found = Graph()
    found._first = graph._first
    new: dict[Node, Node] = {}
    mine = graph.nodes[:count]
    complete = _complete(graph, set(mine), found)
    with np.errstate(all="ignore"):
        for node in mine:
            made = _made(node, found, new, values)
            found.nodes.append(made)
            if made is not node:
                new[node] = made
            for name in complete.get(node, ()):
                found.names[name] = _renewed(graph.names[name], new)
    return found


def _complete(graph: Graph, mine: set[Node], found: Graph) -> dict[Node, list[str]]:
    """Return the names that are complete with each node; those of nodes before the graph's own are there at once."""
    complete: dict[Node, list[str]] = {}
    for name, entry in graph.names.items():
        last = entry.whole if isinstance(entry, Sequence) else entry
        if last in mine:
            complete.setdefault(last, []).append(name)
        elif last is not None and last.order < graph._first:
            found.names[name] = entry
    return complete


def _renewed(entry: Node | Sequence, new: Mapping[Node, Node]) -> Node | Sequence:
    if isinstance(entry, Node):
        return new.get(entry, entry)
    steps = [None if step is None else new.get(step, step) for step in entry.steps]
    start = None if entry.start is None else new.get(entry.start, entry.start)
    whole = None if entry.whole is None else new.get(entry.whole, entry.whole)
    return Sequence(entry.name, steps, start, whole)


def _made(node: Node, found: Graph, new: Mapping[Node, Node], values: Mapping[str, Array]) -> Node:
    """Return a node with its new value, or itself where nothing that it was made of has changed."""
    if not node.parents:
        given = values.get(node.name) if node.op == "given" else None
        return node if given is None else _copy(node, (), frozen(np.array(given)))
    for parent in node.parents:
        if parent in new:
            break
    else:
        return node
    parents = tuple([new.get(parent, parent) for parent in node.parents])
    if node.op == "grad":
        return _copy(node, parents, _differentiated(node, found))
    function = rule(node.op)
    numbers = [parent.number for parent in parents]
    if not function.keeps_masks:
        numbers = [as_numbers(number) for number in numbers]
    return _copy(node, parents, _computed(function, numbers, node.static))


def _differentiated(node: Node, found: Graph) -> Array:
    """Return the value of a derivative, worked out backwards over the new nodes; they are kept by nobody."""
    beside = Graph()
    beside.names = found.names
    beside._first = node.order  # after all that it is made of
    assert node.expr is not None  # noqa: S101 - a derivative was written
    return beside.evaluate(node.expr).number


def _copy(node: Node, parents: tuple[Node, ...], value: Array) -> Node:
    return Node(
        node.name, node.op, parents, node.shape, value, node.expr, node.static, node.step, node.order, node.named
    )
