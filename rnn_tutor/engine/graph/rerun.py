"""A graph with something changed: other givens, other steps, or a place to go on from.

All three take the nodes that are there. `with_givens` has the same nodes with other values, nothing read, sized or
checked anew: a picture that follows a key has little time. `Tape` has some steps done otherwise: only what depends on
the change is computed again, each node by its own function; where the change reaches further than single nodes (a
size, a count, another shape in mid-graph) the program is run from the first statement that differs. `branch` is a
graph that goes on from another one.
"""

from collections.abc import Callable, Iterable, Mapping
from collections.abc import Sequence as Several
from dataclasses import dataclass, field, replace

import numpy as np

from rnn_tutor.engine.expression import Call, Expr, Index, functions_in, names_in
from rnn_tutor.engine.functions import Array
from rnn_tutor.engine.graph.dependencies import dependencies_of
from rnn_tutor.engine.graph.evaluate import Graph
from rnn_tutor.engine.graph.gradient import LEAVES, differentiated, reachable, rule
from rnn_tutor.engine.graph.graph import computed
from rnn_tutor.engine.graph.indexing import indexed
from rnn_tutor.engine.graph.node import Clock, Node, Sequence, as_numbers, frozen
from rnn_tutor.engine.graph.steps import START, Let, Loop, Program, Start, Statement, lets, resume


@dataclass(frozen=True)
class Changes:
    """What of a program is done otherwise: steps and starts by their names, counts of loops by their positions.

    `answer` is what is asked for, where that is another expression of the steps.
    """

    lets: Mapping[str, Expr] = field(default_factory=dict)
    starts: Mapping[str, Expr] = field(default_factory=dict)
    counts: Mapping[int, Expr] = field(default_factory=dict)
    answer: Expr | None = None

    @property
    def names(self) -> set[str]:
        """The names of the steps that are computed otherwise."""
        return set(self.lets) | set(self.starts)


class Nameless(Graph):
    """A graph of which only the numbers are wanted: what is inside an expression gets no name."""

    def inner_name(self) -> str:
        return ""


def branch(graph: Graph, names: Mapping[str, Node | Sequence] | None = None, kind: type[Graph] = Graph) -> Graph:
    """Return a graph that goes on from another one, which stays as it is; with some of its names, or all."""
    further = kind()
    further.names = dict(graph.names if names is None else names)
    further.unknown = set(graph.unknown)
    further.first = graph.size
    return further


# Other givens


def with_givens(graph: Graph, values: Mapping[str, Array], count: int | None = None) -> Graph:
    """Return a graph of the same nodes, with other values (of the same shapes) for some givens.

    What does not depend on them is shared. Of the graph's own nodes the first `count` are taken (all by default), and
    the names that are complete with these. No name of `values` may be among the program's `structural` ones, or lead
    to one. Raises EngineError where a value cannot be computed.
    """
    renewed = Graph()
    renewed.first = graph.first
    new: dict[Node, Node] = {}
    mine = graph.nodes[:count]
    complete = _complete(graph, set(mine), renewed)
    with np.errstate(all="ignore"):
        for node in mine:
            made = _made(node, renewed, new, values)
            renewed.nodes.append(made)
            if made is not node:
                new[node] = made
            for name in complete.get(node, ()):
                renewed.names[name] = _renewed(graph.names[name], new)
    return renewed


def _complete(graph: Graph, mine: set[Node], renewed: Graph) -> dict[Node, list[str]]:
    """Return the names that are complete with each node; those of nodes before the graph's own are there at once."""
    complete: dict[Node, list[str]] = {}
    for name, entry in graph.names.items():
        last = entry.whole if isinstance(entry, Sequence) else entry
        if last in mine:
            complete.setdefault(last, []).append(name)
        elif last is not None and last.order < graph.first:
            renewed.names[name] = entry
    return complete


def _made(node: Node, renewed: Graph, new: Mapping[Node, Node], values: Mapping[str, Array]) -> Node:
    """Return a node with its new value, or itself where nothing that it was made of has changed."""
    if not node.parents:
        given = values.get(node.name) if node.op == "given" else None
        return node if given is None else _copy(node, (), frozen(np.array(given)))
    if not _reached(node, new):
        return node
    if node.op == "grad":
        return _differentiated(node, new, renewed.names)
    return _recomputed(node, new)


# What both ways share


def _reached(node: Node, new: Mapping[Node, Node]) -> bool:
    return not new.keys().isdisjoint(node.parents)


def _renewed(entry: Node | Sequence, new: Mapping[Node, Node]) -> Node | Sequence:
    """Return what a name stands for after a change."""
    if isinstance(entry, Node):
        return new.get(entry, entry)
    steps = [None if step is None else new.get(step, step) for step in entry.steps]
    start = None if entry.start is None else new.get(entry.start, entry.start)
    whole = None if entry.whole is None else new.get(entry.whole, entry.whole)
    return Sequence(entry.name, steps, start, whole)


def _recomputed(node: Node, new: Mapping[Node, Node], order: int | None = None) -> Node:
    """Return a node computed by its own function from what its parents are after a change; `order` if it is another."""
    parents = tuple([new.get(parent, parent) for parent in node.parents])
    function = rule(node.op)
    numbers = [parent.number for parent in parents]
    if not function.keeps_masks:
        numbers = [as_numbers(number) for number in numbers]
    return _copy(node, parents, computed(function, numbers, node.static), order)


def _differentiated(node: Node, new: Mapping[Node, Node], names: Mapping[str, Node | Sequence]) -> Node:
    """Return a derivative worked out backwards over the new nodes; `names` are those that its expression sees."""
    beside = Graph()
    beside.names = dict(names)
    beside.counts_work = False  # it is as much as it was
    beside.first = node.order  # after all that it is made of
    assert node.expr is not None  # noqa: S101 - a derivative was written
    parents = tuple([new.get(parent, parent) for parent in node.parents])
    return _copy(node, parents, beside.evaluate(node.expr).number)


def _copy(node: Node, parents: tuple[Node, ...], value: Array, order: int | None = None) -> Node:
    place = node.order if order is None else order
    return Node(node.name, node.op, parents, node.shape, value, node.expr, node.static, node.step, place, node.named)


# Other steps

DERIVATIVES = frozenset(("grad", "jacobian", "local", "parts"))


class NotReplayableError(Exception):
    """The change reaches further than single nodes: the program has to be run."""


def _names_of(statement: Statement) -> Iterable[str]:
    """Return the names that a statement gives a value to."""
    return statement.values if isinstance(statement, Start) else [let.name for let in lets((statement,))]


class Tape:
    """A graph whose steps can be changed, seen from what is asked of it.

    graph: what running the program gave. wanted: the expression that is asked for, and target its node in the graph.
    """

    def __init__(self, graph: Graph, program: Program, target: Node, wanted: Expr | None = None) -> None:
        self.graph = graph
        self.target = target
        self.wanted = target.expr if wanted is None else wanted
        self.dependencies = dependencies_of(program)
        self._fixed = self.dependencies.behind(self.dependencies.fixed)  # sizes and counts were read off these
        own = reachable(target)
        self.length = len(own)
        self.nodes = _with_whole_loops(graph, own)
        self.differentiates = any(node.op == "grad" for node in self.nodes)
        self._among = set(self.nodes)
        self.loops: dict[str, Loop] = {}
        self.steps: dict[Node, tuple[str, int | None]] = {}
        for statement in program:
            self._note(statement)
        self.inner: dict[tuple[int, int | None], Node] = {}
        self.begins: dict[str, int] = {}  # where the nodes of a step begin
        for at, node in enumerate(self.nodes):
            if node in self.steps:
                self.begins.setdefault(self.steps[node][0], at)
            elif node.expr is not None:
                self.inner[id(node.expr), node.step] = node

    def _note(self, statement: Statement) -> None:
        names = self.graph.names
        if isinstance(statement, Let):
            node = names[statement.name]
            if isinstance(node, Node):
                self.steps[node] = (statement.name, None)
        elif isinstance(statement, Loop):
            for let in statement.body:
                self.loops[let.name] = statement
                sequence = names[let.name]
                assert isinstance(sequence, Sequence)  # noqa: S101 - what a loop makes
                for step, made in enumerate(sequence.steps):
                    if made is not None:
                        self.steps[made] = (let.name, step)
                if sequence.start is not None:
                    self.steps[sequence.start] = (f"{let.name}{START}", None)

    def value(self, changes: Changes) -> Array:
        """Return the target's value with changes. Raises EngineError where what is changed cannot be evaluated."""
        try:
            return self.replayed(changes)
        except NotReplayableError:
            return self.run(changes)

    def replayed(self, changes: Changes) -> Array:
        """Return the target's value, computed along the nodes that are there. Raises as `value`, NotReplayableError."""
        wanted = dict(changes.lets) | {f"{name}{START}": expr for name, expr in changes.starts.items()}
        if changes.counts or changes.answer is not None or not changes.names.isdisjoint(self._fixed):
            raise NotReplayableError
        with np.errstate(all="ignore"):
            new = _Changed(self, wanted).walked()
        return as_numbers(new.get(self.target, self.target).number)

    def run(self, changes: Changes) -> Array:
        """Return the target's value, the program run from the first statement that is changed. Raises EngineError."""
        program = self.dependencies.program
        changed = tuple(_statement(position, statement, changes) for position, statement in enumerate(program))
        first = next((at for at, statement in enumerate(changed) if statement is not program[at]), len(program))
        if (
            first
            and first < len(program)
            and isinstance(program[first], Loop)
            and isinstance(program[first - 1], Start)
        ):
            first -= 1
        remade = {let.name for let in lets(program[first:])}
        unchanged = {name: entry for name, entry in self.graph.names.items() if name not in remade}
        graph = branch(self.graph, unchanged, Nameless)
        wanted = self.wanted if changes.answer is None else changes.answer
        assert wanted is not None  # noqa: S101 - only what was written can be changed
        needed = self.dependencies.steps_behind(names_in(wanted))
        needed |= self.dependencies.steps_behind(set[str]().union(*map(names_in, changes.lets.values())))
        for statement in program[first:]:
            if isinstance(statement, Loop) and not needed.isdisjoint(_names_of(statement)):
                needed |= self.dependencies.steps_behind(set(_names_of(statement)))  # a loop runs with all its lines
        resume(graph, tuple(statement for statement in changed[first:] if not needed.isdisjoint(_names_of(statement))))
        return as_numbers(graph.evaluate(wanted).number)

    def knows(self, names: set[str]) -> bool:
        """Tell whether each name is a given, or on the way to the target."""
        for name in names:
            entry = self.graph.names.get(name)
            nodes = entry.steps if isinstance(entry, Sequence) else [entry]
            if any(node is not None and node.parents and node not in self._among for node in nodes):
                return False
        return True


def _with_whole_loops(graph: Graph, nodes: list[Node]) -> list[Node]:
    """Return nodes and all steps of the recurrences among them, with all that those are made from, the first first.

    A changed expression may read any step of a recurrence, also one that the target is not made from, or all of them.
    """
    reached = set(nodes)
    sequences = [entry for entry in graph.names.values() if isinstance(entry, Sequence)]
    more = True
    while more:
        more = False
        for sequence in sequences:
            steps = [node for node in sequence.steps if node is not None]
            if not reached.isdisjoint(steps) and not reached.issuperset(steps):
                reached.update(*(reachable(step) for step in steps if step not in reached))
                more = True
    reached.update(s.whole for s in sequences if s.whole is not None and not reached.isdisjoint(s.steps))
    return sorted(reached, key=lambda node: node.order)


def _statement(position: int, statement: Statement, changes: Changes) -> Statement:
    """Return a statement with the changes in it: the same object where it is not changed."""
    match statement:
        case Let(name=name) if name in changes.lets:
            return replace(statement, expr=changes.lets[name])
        case Start(values=values) if set(values) & set(changes.starts):
            own = {name: expr for name, expr in changes.starts.items() if name in values}
            return replace(statement, values={**values, **own})
        case Loop(body=body) if position in changes.counts or any(let.name in changes.lets for let in body):
            lines = tuple(replace(let, expr=changes.lets.get(let.name, let.expr)) for let in body)
            return replace(statement, count=changes.counts.get(position, statement.count), body=lines)
    return statement


class _Changed:
    """One walk along a tape: the nodes that a change reaches, as they are after it.

    They are ordered as they are made, after all nodes of the tape's graph, so that a derivative finds each behind what
    it is made of.
    """

    def __init__(self, tape: Tape, wanted: Mapping[str, Expr]) -> None:
        self.tape = tape
        self.wanted = wanted
        self.new: dict[Node, Node] = {}
        self._order = tape.graph.size
        for expr in wanted.values():
            if not tape.knows(names_in(expr)):
                raise NotReplayableError

    def walked(self) -> dict[Node, Node]:
        steps, new, wanted = self.tape.steps, self.new, self.wanted
        nodes = self.tape.nodes
        first = min((self.tape.begins.get(name, len(nodes)) for name in wanted), default=len(nodes))
        for node in nodes[first:]:
            step = steps.get(node)
            if step is not None and step[0] in wanted:
                new[node] = self._changed(node, wanted[step[0]], *step)
            elif _reached(node, new):
                new[node] = self._again(node)
        return new

    def _changed(self, node: Node, expr: Expr, name: str, step: int | None) -> Node:
        """Return the node of a step that is computed otherwise; the target alone may have another shape then."""
        graph = self._graph(node, expr, name, step)
        made = graph.evaluated(expr, "")  # `replayed` has seen to overflow
        if made.shape != node.shape and node is not self.tape.target:
            raise NotReplayableError
        return self._placed(node, made, graph, expr)

    def _again(self, node: Node) -> Node:
        if node.op == "grad" or (node.op == "index" and any(parent in self.new for parent in node.parents[1:])):
            return self._written_again(node)
        self._order += 1
        return _recomputed(node, self.new, self._order)

    def _written_again(self, node: Node) -> Node:
        """Return a derivative worked out anew, or what an index picks whose own numbers have changed."""
        step = self.tape.steps.get(node)
        name = step[0] if step is not None else node.name.partition(":")[0].partition("[")[0]
        if not isinstance(node.expr, Index | Call) or (node.step is not None and name not in self.tape.loops):
            raise NotReplayableError
        graph = self._graph(node, node.expr, name, node.step)
        made = indexed(graph, node.expr) if isinstance(node.expr, Index) else differentiated(graph, node.expr)
        if made.shape != node.shape:
            raise NotReplayableError
        return self._placed(node, made, graph, node.expr)

    def _placed(self, node: Node, made: Node, graph: Graph, expr: Expr) -> Node:
        """Return what was made for a node under its name: a node of its own, that a derivative can be taken by."""
        if self.tape.differentiates and (not graph.nodes or made is not graph.nodes[-1] or made.op in LEAVES):
            made = graph.apply("array", (made,), {}, expr)
        self._order += len(graph.nodes) + 1
        value = made.number
        return Node(
            node.name, made.op, made.parents, made.shape, value, expr, made.static, node.step, self._order, node.named
        )

    def _graph(self, node: Node, expr: Expr, name: str, step: int | None) -> "_Again":
        """Return a graph in which an expression sees the names as they are, after the change, where a node stands."""
        tape = self.tape
        again = _Again()
        again.first = self._order + 1
        for used in tape.graph.names if functions_in(expr) & DERIVATIVES else names_in(expr):
            entry = tape.graph.names.get(used)
            if isinstance(entry, Sequence):
                again.names[used] = self._sequence(entry, node.order)
            elif entry is not None and entry.order < node.order:
                again.names[used] = self.new.get(entry, entry)
        if step is not None:
            loop = tape.loops[name]
            making = {
                let.name: sequence for let in loop.body if isinstance(sequence := again.names.get(let.name), Sequence)
            }
            count = len(_steps(tape.graph.names[name]))
            again.names[loop.variable] = Node(loop.variable, "number", (), (), frozen(np.asarray(float(step))))
            again.clock = Clock(loop.variable, step, count, loop.reverse, making)
        again.unchanged = lambda key: self._unchanged(key, step)
        return again

    def _unchanged(self, key: int, step: int | None) -> Node | None:
        """Return the node of an unchanged part of a changed expression, as it is after the change."""
        node = self.tape.inner.get((key, step))
        return None if node is None else self.new.get(node, node)

    def _sequence(self, sequence: Sequence, before: int) -> Sequence:
        steps = [self._now(step, before) for step in sequence.steps]
        start, whole = self._now(sequence.start, before), self._now(sequence.whole, before)
        return Sequence(sequence.name, steps, start, whole)

    def _now(self, node: Node | None, before: int) -> Node | None:
        return None if node is None or node.order >= before else self.new.get(node, node)


class _Again(Nameless):
    """Evaluates a changed expression; parts that did not change are nodes that are known already."""

    unchanged: Callable[[int], Node | None]

    def node(self, expr: Expr) -> Node:
        node = self.unchanged(id(expr))
        return node if node is not None else super().node(expr)


def _steps(entry: Node | Sequence) -> Several[Node | None]:
    return entry.steps if isinstance(entry, Sequence) else [entry]
