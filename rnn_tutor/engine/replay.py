"""The graph again with some steps done otherwise: only what depends on the change is computed anew.

A wrong version of one step differs from the right graph in few nodes. `Tape` walks the nodes of the right graph in
their order; where a step is changed its new expression is evaluated, its unchanged parts read off the graph; every node
behind it is computed by its own function again. What cannot be had this way (another shape in mid-graph, a derivative
of what changed) is left to the caller, who evaluates the whole program: `NotReplayableError`.
"""

from collections.abc import Mapping

import numpy as np

from rnn_tutor.engine.errors import EngineError
from rnn_tutor.engine.expression import Expr, Index, functions_in, names_in
from rnn_tutor.engine.functions import Array
from rnn_tutor.engine.gradient import reachable, rule
from rnn_tutor.engine.graph import Graph
from rnn_tutor.engine.indexing import indexed
from rnn_tutor.engine.node import Clock, Node, Sequence, as_numbers, frozen
from rnn_tutor.engine.program import Let, Loop, Program, Start

DERIVATIVES = frozenset(("grad", "jacobian", "local", "parts"))


class NotReplayableError(Exception):
    """The change reaches further than single nodes: the program has to be evaluated as a whole."""


class Nameless(Graph):
    """A graph of which only the numbers are wanted: what is inside an expression gets no name."""

    def _inner_name(self) -> str:
        return ""


class _Again(Nameless):
    """Evaluates a changed expression; parts that did not change are nodes that are known already."""

    known: Mapping[int, Node]

    def _node(self, expr: Expr) -> Node:
        found = self.known.get(id(expr))
        return found if found is not None else super()._node(expr)


class Tape:
    """A graph whose steps can be changed, seen from one node."""

    def __init__(self, graph: Graph, program: Program, target: Node) -> None:
        self.graph = graph
        self.target = target
        own = reachable(target)
        self.length = len(own)
        self.nodes = _with_whole_loops(graph, own)
        self._among = set(self.nodes)
        self.differentiates = any(node.op == "grad" for node in self.nodes)
        self._loops: dict[str, Loop] = {}
        self._steps: dict[Node, tuple[str, int | None]] = {}
        self._fixed: set[str] = set()  # names that sizes and counts were read from
        for statement in program:
            self._note(statement)
        self._inner: dict[tuple[int, int | None], Node] = {}
        self._first: dict[str, int] = {}  # where the nodes of a step begin
        for at, node in enumerate(self.nodes):
            if node in self._steps:
                self._first.setdefault(self._steps[node][0], at)
            elif node.expr is not None:
                self._inner[id(node.expr), node.step] = node

    def _note(self, statement: Let | Start | Loop) -> None:
        names = self.graph.names
        if isinstance(statement, Let):
            node = names[statement.name]
            if isinstance(node, Node):
                self._steps[node] = (statement.name, None)
        elif isinstance(statement, Loop):
            self._fixed |= names_in(statement.count)
            for let in statement.body:
                self._loops[let.name] = statement
                sequence = names[let.name]
                assert isinstance(sequence, Sequence)  # noqa: S101 - what a loop makes
                for step, made in enumerate(sequence.steps):
                    if made is not None:
                        self._steps[made] = (let.name, step)
                if sequence.start is not None:
                    self._steps[sequence.start] = (f"{let.name}_start", None)

    def value(self, changes: Mapping[str, Expr], starts: Mapping[str, Expr] | None = None) -> Array:
        """Return the target's value with some steps (and starts) given by other expressions.

        Raises EngineError where a changed step cannot be evaluated, NotReplayableError where the program must be run.
        """
        wanted = dict(changes) | {f"{name}_start": expr for name, expr in (starts or {}).items()}
        if self._fixed & set(wanted):
            raise NotReplayableError
        with np.errstate(all="ignore"):
            changed = _Changed(self, wanted).walked()
        return as_numbers(changed.get(self.target, self.target.number))

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

    A changed expression may read any step of a recurrence, also one that the target is not made from.
    """
    found = set(nodes)
    sequences = [entry for entry in graph.names.values() if isinstance(entry, Sequence)]
    more = True
    while more:
        more = False
        for sequence in sequences:
            steps = [node for node in sequence.steps if node is not None]
            if not found.isdisjoint(steps) and not found.issuperset(steps):
                found.update(*(reachable(step) for step in steps if step not in found))
                more = True
    return sorted(found, key=lambda node: node.order)


class _Changed:
    """One walk along a tape: the nodes whose values differ, with their new values."""

    def __init__(self, tape: Tape, wanted: Mapping[str, Expr]) -> None:
        self.tape = tape
        self.wanted = wanted
        self.values: dict[Node, Array] = {}
        self._leaves: dict[Node, Node] = {}
        for expr in wanted.values():
            if functions_in(expr) & DERIVATIVES or not tape.knows(names_in(expr)):
                raise NotReplayableError

    def walked(self) -> dict[Node, Array]:
        steps, values, wanted = self.tape._steps, self.values, self.wanted
        nodes = self.tape.nodes
        first = min((self.tape._first.get(name, len(nodes)) for name in wanted), default=len(nodes))
        for node in nodes[first:]:
            step = steps.get(node)
            if step is not None and step[0] in wanted:
                value = self._evaluated(node, wanted[step[0]], *step)
                if value.shape != node.shape:
                    if node is self.tape.target:
                        values[node] = value
                        continue
                    raise NotReplayableError
                values[node] = value
                continue
            for parent in node.parents:
                if parent in values:
                    values[node] = self._computed(node)
                    break
        return values

    def _computed(self, node: Node) -> Array:
        if node.op == "grad":
            raise NotReplayableError
        if node.op == "index" and any(parent in self.values for parent in node.parents[1:]):
            return self._indexed(node)
        function = rule(node.op)
        values = [self._value(parent) for parent in node.parents]
        if not function.keeps_masks:
            values = [as_numbers(value) for value in values]
        try:
            return np.asarray(function.value(*values, **node.static))
        except np.linalg.LinAlgError:
            raise EngineError("value", f"{node.op} has no result for these numbers.") from None

    def _indexed(self, node: Node) -> Array:
        """Return what an index picks whose own numbers have changed; its place in the array is worked out anew."""
        step = self.tape._steps.get(node)
        name = step[0] if step is not None else node.name.partition(":")[0].partition("[")[0]
        in_a_loop = node.step is not None
        if not isinstance(node.expr, Index) or (in_a_loop and name not in self.tape._loops):
            raise NotReplayableError
        again = self._graph(node, node.expr, name, node.step)
        with_changes = indexed(again, node.expr)
        if with_changes.shape != node.shape:
            raise NotReplayableError
        return with_changes.number

    def _value(self, node: Node) -> Array:
        found = self.values.get(node)
        return node.number if found is None else found

    def _now(self, node: Node) -> Node:
        """Return a node as it is after the change: itself, or a leaf with its new value."""
        value = self.values.get(node)
        if value is None:
            return node
        leaf = self._leaves.get(node)
        if leaf is None:
            leaf = Node(node.name, "replaced", (), value.shape, frozen(value), None, named=True)
            self._leaves[node] = leaf
        return leaf

    def _evaluated(self, node: Node, expr: Expr, name: str, step: int | None) -> Array:
        return self._graph(node, expr, name, step)._evaluated(expr, "").number  # `value` has seen to overflow

    def _graph(self, node: Node, expr: Expr, name: str, step: int | None) -> _Again:
        """Return a graph in which an expression sees the names as they are, after the change, where a node stands."""
        tape = self.tape
        again = _Again()
        again._first = tape.graph.size
        for used in names_in(expr):
            entry = tape.graph.names.get(used)
            if isinstance(entry, Sequence):
                again.names[used] = self._sequence(entry, node.order)
            elif entry is not None and entry.order < node.order:
                again.names[used] = self._now(entry)
        if step is not None:
            loop = tape._loops[name]
            making = {
                let.name: sequence for let in loop.body if isinstance(sequence := again.names.get(let.name), Sequence)
            }
            count = len(_steps(tape.graph.names[name]))
            again.names[loop.variable] = Node(loop.variable, "number", (), (), frozen(np.asarray(float(step))))
            again.clock = Clock(loop.variable, step, count, loop.reverse, making)
        again.known = _Parts(self, step)
        return again

    def _sequence(self, sequence: Sequence, before: int) -> Sequence:
        steps = [self._now(one) if one is not None and one.order < before else None for one in sequence.steps]
        whole = sequence.whole
        known = whole is not None and whole.order < before
        if known and whole is not None and whole not in self.values and whole not in self.tape._among:
            known = False
        start = None if sequence.start is None else self._now(sequence.start)
        return Sequence(sequence.name, steps, start, self._now(whole) if known and whole is not None else None)


class _Parts(dict[int, Node]):
    """The unchanged parts of a changed expression: their nodes in the graph, as they are after the change."""

    def __init__(self, changed: _Changed, step: int | None) -> None:
        super().__init__()
        self._changed = changed
        self._step = step

    def get(self, key: int, default: Node | None = None) -> Node | None:  # type: ignore[override]
        node = self._changed.tape._inner.get((key, self._step))
        return default if node is None else self._changed._now(node)


def _steps(entry: Node | Sequence) -> list[Node | None]:
    return entry.steps if isinstance(entry, Sequence) else [entry]
