"""Many versions of a program at once: an axis for the versions stands before all others.

For one wrong answer thousands of versions of the steps are tried, most of which differ in one or two places; one after
the other would take a hundred times as long. A place with alternatives is a `Choice`: version k takes there what its
`members` say. Whatever reads it is computed for all versions in one go; what reads nothing that differs is looked up in
the graph that is there. An alternative is computed for the versions alone that take it, so that all mistakes of all
steps can be had in one walk along the program. Where what differs between versions is needed beforehand (a size, an
index), those that agree with the last version, best the program as it is, are computed. What cannot be had in this way
at all (a derivative that holds other steps fixed) is refused with NotBatchedError: `rerun` computes such versions one
by one.
"""

from collections.abc import Callable, Iterator, Mapping
from collections.abc import Sequence as Several
from collections.abc import Set as AbstractSet
from dataclasses import dataclass, field
from functools import partial, reduce
from operator import or_
from typing import Any

import numpy as np

from rnn_tutor.engine.errors import EngineError
from rnn_tutor.engine.expression import Array as ArrayExpr
from rnn_tutor.engine.expression import Call, Expr, Index, Item, Name, NewAxis, Number, Slice, children, names_in, walk
from rnn_tutor.engine.functions import TABLE, Array, Function, size
from rnn_tutor.engine.functions.base import MAX_DIMENSIONS
from rnn_tutor.engine.graph.batch import (
    ALONG_AN_AXIS,
    IN_ONE_LINE,
    REDUCED,
    Batch,
    NotBatchedError,
    Value,
    aligned,
    axes_behind,
    behind,
)
from rnn_tutor.engine.graph.batched_gradient import Adjoints, Made, Trace, pulled
from rnn_tutor.engine.graph.calls import bound_arguments, static_argument
from rnn_tutor.engine.graph.dependencies import Dependencies
from rnn_tutor.engine.graph.gradient import MAX_ROWS
from rnn_tutor.engine.graph.graph import CONSTANTS, MAX_ELEMENTS, MAX_EXPONENT, Graph, check_exponent, computed
from rnn_tutor.engine.graph.indexing import INDEX, result_shape
from rnn_tutor.engine.graph.node import Node, Sequence, as_numbers
from rnn_tutor.engine.graph.steps import START, Let, Loop, Start
from rnn_tutor.engine.reading.libraries import typed_whole
from rnn_tutor.engine.shapes import Shape
from rnn_tutor.engine.turns import give_way

NONE: frozenset[int] = frozenset()
NONE_NAMED: frozenset[str] = frozenset()
MAX_BATCHED = 1_000_000  # elements of one result, all versions together


@dataclass(frozen=True, eq=False)
class Choice:
    """A place with alternatives for what stands there: the versions `members[k]` take the k-th of them.

    All others have there what stands there. `members` are in ascending order, none in two of them.
    """

    place: Expr
    alternatives: tuple[Expr, ...]
    members: tuple[Array, ...]


@dataclass
class _Run:
    """A recurrent name that differs between versions: its steps, and what it starts from."""

    steps: list["Value | None"]
    start: "Value | None"


class Versions:
    """The versions of a graph's program, seen from what is asked of it.

    inner: the nodes of the unnamed parts of expressions, by the identity of their expression and their time step.
    """

    def __init__(
        self, graph: Graph, dependencies: Dependencies, wanted: Expr, inner: Mapping[tuple[int, int | None], Node]
    ) -> None:
        self.graph = graph
        self.dependencies = dependencies
        self.wanted = wanted
        self.inner = inner
        self.needed = dependencies.steps_behind(names_in(wanted))
        self.places = {let.name: at for at, lets in enumerate(_lines(dependencies)) for let in lets}
        self.operations = 0  # element operations so far
        self.differentiates = any(node.op == "grad" for node in graph.nodes)
        self._names: dict[int, tuple[Expr, frozenset[str]]] = {}
        self._bound: dict[int, tuple[Call, _Bound]] = {}
        self.known = {key for key, _ in inner}
        self.once: dict[int, tuple[Expr, Array]] = {}  # what differs nowhere is computed once
        self.misfits: dict[tuple[int, int], Shape] = {}  # alternatives of the last walk that have another shape
        self.open = np.zeros(0, dtype=bool)  # versions of the last walk that have to be computed in another way

    def values(
        self,
        choices: Several[Choice],
        roots: Mapping[str, Expr],
        count: int,
        givens: Mapping[str, Array] | None = None,
    ) -> Array:
        """Return the value of each of `count` versions; not a number where a version cannot be computed.

        Of a place all values have one shape, that of what stands there if one version has this; alternatives of other
        shapes are left to `misfits`: (identity of the place, number of the alternative) -> shape.

        roots: the steps (or starts, `h_start`; "" for what is wanted) in which the choices stand, with their
        expressions. givens: the values of givens that are others in each version, a row for each. Raises
        NotBatchedError.
        """
        run = _Walk(self, choices, roots, count)
        run.begin_with(givens or {})
        try:
            with np.errstate(all="ignore"):
                found = run.walked()
        except EngineError as error:
            raise NotBatchedError from error
        finally:
            self.operations += run.operations
            self.misfits = run.misfits
            self.open = run.failed & ~run.impossible
        values = as_numbers(found.values if isinstance(found, Batch) else np.broadcast_to(found, (count, *found.shape)))
        if run.failed.any():
            values = np.array(values)
            values[run.failed] = np.nan
        return values

    def names(self, expr: Expr) -> frozenset[str]:
        """Return the names that an expression reads."""
        known = self._names.get(id(expr))
        if known is None or known[0] is not expr:
            own = NONE_NAMED if not isinstance(expr, Name) else frozenset((expr.id,))
            parts = children(expr)
            known = self._names[id(expr)] = (expr, own.union(*map(self.names, parts)) if parts else own)
        return known[1]

    def bound(self, expr: Call) -> "_Bound":
        """Return a call's arrays, and what of it is known beforehand."""
        known = self._bound.get(id(expr))
        if known is None or known[0] is not expr:
            known = self._bound[id(expr)] = (expr, self._made_bound(expr))
        return known[1]

    def unchanged(self, expr: Expr) -> Array:
        """Return what an expression of names is in the program as it is."""
        with np.errstate(all="ignore"):
            value = _Walk(self, (), {}, 1).value(expr)
        assert not isinstance(value, Batch)  # noqa: S101 - where nothing is changed nothing differs
        return value

    def _made_bound(self, expr: Call) -> "_Bound":
        function = TABLE[expr.function]
        if len(expr.args) == function.arrays_only and not expr.keywords:
            return _Bound(function, expr.args, {}, frozenset(), ())
        arrays: list[Expr] = []
        beforehand: list[Expr] = []
        static: dict[str, Any] = {}
        for param, given in bound_arguments(function, expr):
            if param.kind == "array":
                arrays += given
                continue
            read = set[str]().union(*map(names_in, given))
            if not read <= self.graph.names.keys() | CONSTANTS.keys() | {"None"}:
                raise NotBatchedError  # a size that a loop gives
            beforehand += given
            static[param.name] = static_argument(self.graph, param, given, function)
        return _Bound(function, tuple(arrays), static, frozenset().union(*map(names_in, beforehand)), tuple(beforehand))


@dataclass(frozen=True)
class _Bound:
    """A call's function and arguments: arrays, and axes, sizes and the like with the names that they read."""

    function: Function
    arrays: tuple[Expr, ...]
    static: Mapping[str, Any]
    reads: frozenset[str]
    beforehand: tuple[Expr, ...]


def _lines(dependencies: Dependencies) -> list[tuple[Let, ...]]:
    return [
        (statement,) if isinstance(statement, Let) else statement.body if isinstance(statement, Loop) else ()
        for statement in dependencies.program
    ]


@dataclass(eq=False, slots=True)
class _Group:
    """The versions that are computed at a time: all of them, or those that take the same at a place.

    rows: which these are; None for all. bits: the same, a bit for each. alive: the choices that one of them makes;
    None for all. A loop comes to the same groups at each step, so `parts` keeps by place which groups a group falls
    into: the number of the alternative (-1 for what stands there), the places in this group, the group.

    moved: the names that differ in one of these versions, None for all that differ anywhere, as of a `stamp` of the
    walk. It is that of `source`: who takes what stands there goes on as before.
    """

    rows: Array | None
    count: int
    bits: int = -1
    alive: frozenset[int] | None = None
    source: "_Group | None" = None
    moved: AbstractSet[str] | None = None
    stamp: int = 0
    parts: dict[int, list[tuple[int, Array, "_Group"]]] = field(default_factory=dict)


class _Walk:
    """One walk along the program, for all versions."""

    def __init__(self, versions: Versions, choices: Several[Choice], roots: Mapping[str, Expr], count: int) -> None:
        self.versions = versions
        self.count = count
        self.choices = {id(choice.place): choice for choice in choices}
        self.changed = frozenset(roots)
        self.operations = 0
        self.trace = Trace(count) if versions.differentiates else None
        self.once = {} if versions.differentiates else versions.once  # what is traced is traced in one walk
        self.everyone = _Group(None, count)
        self.group = self.everyone  # the versions that are computed just now
        self.only: Array | None = None  # the rows of the group
        self.failed = np.zeros(count, dtype=bool)
        self.impossible = np.zeros(count, dtype=bool)  # of those that failed the ones that cannot be computed at all
        self.misfits: dict[tuple[int, int], Shape] = {}
        self.taken = {id(choice.place): _taken(choice, count) for choice in choices}
        self.making = {id(choice.place): [_bits(some) for some in choice.members] for choice in choices}
        self.made_at = {place: reduce(or_, making, 0) for place, making in self.making.items()}
        self.otherwise: dict[str, int] = {}  # of a name that differs the versions in which it does, a bit for each
        self.stamp = 0  # counts what becomes known of `otherwise`
        self.moved: AbstractSet[str] | None = None  # that of the group
        self.inside: dict[int, frozenset[int]] = {}  # the choices that are inside of an expression, itself left out
        self.alive: frozenset[int] | None = None  # that of the group
        touched: dict[int, frozenset[int]] = {}
        for root in (*roots.values(), *(other for choice in choices for other in choice.alternatives)):
            self._touch(root, touched)
        self.differing: dict[str, Value | _Run] = {}
        self.loop: Loop | None = None
        self.step: int | None = None
        self.line = 0
        self.lines: Mapping[str, int] = {}

    def _touch(self, expr: Expr, touched: dict[int, frozenset[int]]) -> frozenset[int]:
        """Note the choices inside of an expression; return them with its own. What alternatives share is seen once."""
        key = id(expr)
        known = touched.get(key)
        if known is not None:
            return known
        parts = children(expr)
        inside = NONE.union(*[self._touch(part, touched) for part in parts]) if parts else NONE
        if inside:
            self.inside[key] = inside
        found = touched[key] = inside | {key} if key in self.choices else inside
        return found

    def _holds(self, expr: Expr) -> bool:
        """Tell whether there is a choice inside of an expression that some version makes."""
        inside = self.inside.get(id(expr))
        return inside is not None and (self.alive is None or not inside.isdisjoint(self.alive))

    def begin_with(self, givens: Mapping[str, Array]) -> None:
        """Take other values for givens, a row for each version."""
        for name, values in givens.items():
            self.differing[name] = self._named(Batch(values))
            self._note_otherwise(name, -1)

    def walked(self) -> Value:
        versions = self.versions
        others = (versions.names(other) for choice in self.choices.values() for other in choice.alternatives)
        needed = versions.needed | versions.dependencies.steps_behind(NONE_NAMED.union(*others))
        starts: dict[str, Expr] = {}
        for statement in versions.dependencies.program:
            if isinstance(statement, Let):
                name = statement.name
                if name in needed and (name in self.changed or self._differs(name)):
                    self.differing[name] = self._named(self.value(statement.expr))
                    self._note_otherwise(name, self._where(name, statement.expr))
            elif isinstance(statement, Start):
                starts |= statement.values
            else:
                self._loop(statement, starts, needed)
                starts = {}
        return self.value(versions.wanted)

    def _differs(self, name: str) -> bool:
        return not self.versions.dependencies.reads[name].isdisjoint(self.differing)

    def _where(self, name: str, *exprs: Expr) -> int:
        """Return the versions in which a step is made in another way, or of something that is, a bit for each."""
        found = 0
        for expr in exprs:
            for place in self._touched(expr):
                for bits in self.making[place]:
                    found |= bits
        for other in self.versions.dependencies.reads[name]:
            found |= self.otherwise.get(other, 0)
        return found

    def _touched(self, expr: Expr) -> frozenset[int]:
        """Return the choices in an expression, itself among them."""
        inside = self.inside.get(id(expr), NONE)
        return inside | {id(expr)} if id(expr) in self.choices else inside

    def _note_otherwise(self, name: str, where: int) -> None:
        self.otherwise[name] = where
        self.stamp += 1

    def _is_moved(self, name: str) -> bool:
        """Tell whether a name differs in one of the versions that are computed just now."""
        return name in self.differing and (self.moved is None or name in self.moved)

    def _stands_still(self, names: frozenset[str]) -> bool:
        """Tell whether of some names none differs in any of the versions that are computed just now."""
        if self.moved is None:
            return self.differing.keys().isdisjoint(names)
        return self.moved.isdisjoint(names) or not any(self._is_moved(name) for name in names)

    def _loop(self, loop: Loop, starts: Mapping[str, Expr], needed: set[str]) -> None:
        reads = self.versions.dependencies.reads
        body = [let for let in loop.body if let.name in needed]
        differing = {
            let.name
            for let in body
            if let.name in self.changed or f"{let.name}{START}" in self.changed or self._differs(let.name)
        }
        if not differing:
            return
        while more := {let.name for let in body if let.name not in differing and reads[let.name] & differing}:
            differing |= more
        if not names_in(loop.count).isdisjoint(self.differing):
            raise NotBatchedError  # they run for different times
        sequences = {let.name: self.versions.graph.names[let.name] for let in body}
        count = max(len(entry.steps) for entry in sequences.values() if isinstance(entry, Sequence))
        for name in differing:
            start = self._named(self.value(starts[name])) if name in starts else None
            self.differing[name] = _Run([None] * count, start)
        self._spread(loop, differing, starts)
        self.loop, self.lines = loop, {let.name: line for line, let in enumerate(loop.body)}
        for step in range(count)[:: -1 if loop.reverse else 1]:
            self.step = step
            for line, let in enumerate(loop.body):
                run = self.differing.get(let.name) if let.name in differing else None
                if isinstance(run, _Run):
                    self.line = line
                    run.steps[step] = self._named(self.value(let.expr))
        self.loop, self.step, self.lines = None, None, {}

    def _spread(self, loop: Loop, differing: set[str], starts: Mapping[str, Expr]) -> None:
        """Note in which versions the names of a loop differ: what one time step changes, the later ones read."""
        exprs = {let.name: let.expr for let in loop.body}
        more = True
        while more:
            more = False
            for name in differing:
                found = self._where(name, exprs[name], *([starts[name]] if name in starts else []))
                if found != self.otherwise.get(name):
                    self._note_otherwise(name, found)
                    more = True

    # Expressions

    def value(self, expr: Expr) -> Value:
        """Return the value of an expression, for each version where they differ in it."""
        key = id(expr)
        choice = self.choices.get(key)
        if choice is not None and choice.place is expr and (self.alive is None or key in self.alive):
            return self._chosen(choice)
        still = not self._holds(expr) and self._stands_still(self.versions.names(expr))
        if still and key in self.versions.known:
            node = self.versions.inner.get((key, self.step))
            if node is not None and node.value is not None:
                return self._of_node(node)
        if not still or self.loop is not None:
            return self._evaluated(expr)
        once = self.once.get(key)
        if once is not None and once[0] is expr:
            return once[1]
        value = self._evaluated(expr)
        if not isinstance(value, Batch):  # a derivative has a row for each version that is computed just now
            self.once[key] = (expr, value)
        return value

    def _chosen(self, choice: Choice) -> Value:
        """Return what stands at a place: in each version what it has there, computed for these versions alone."""
        place, around = id(choice.place), self.group
        if place not in around.parts:
            around.parts[place] = list(self._parts(choice, around))
        del self.choices[place]  # an alternative may hold what stood there
        found = _Found(around.count)
        try:
            for which, here, group in around.parts[place]:
                self._enter(group)
                value = self._of_some(choice.place if which < 0 else choice.alternatives[which], needed=which < 0)
                if value is not None and found.takes(value):
                    found.put(here, value)
                else:
                    self.failed[self.only] = True
                    if value is not None:
                        self.misfits[place, which] = value.shape
        finally:
            self.choices[place] = choice
            self._enter(around)
        if found.values is None:
            raise NotBatchedError
        merged = Batch(found.values)
        if self.trace is not None:
            places = tuple(here for here, _ in found.parts)
            parents = tuple(value for _, value in found.parts)
            self.trace.note(
                Made(merged, parents, lambda own: [own[here] for here in places], self.only, self.step, places)
            )
        return merged

    def _enter(self, group: _Group) -> None:
        """Go on with some versions alone."""
        self.group, self.only, self.count, self.alive = group, group.rows, group.count, group.alive
        source = group.source or group
        if source.stamp != self.stamp and source.rows is not None:
            source.moved = {name for name, some in self.otherwise.items() if some & source.bits}
            source.stamp = self.stamp
        self.moved = source.moved

    def _parts(self, choice: Choice, around: _Group) -> Iterator[tuple[int, Array, _Group]]:
        """Yield the groups that a group falls into by what they take at a place, what stands there first."""
        place = id(choice.place)
        now = np.arange(len(self.failed)) if around.rows is None else around.rows
        taken = self.taken[place][now]
        order = np.argsort(taken, kind="stable")
        ordered = taken[order]
        for here in np.split(order, np.flatnonzero(ordered[1:] != ordered[:-1]) + 1):
            which = int(taken[here[0]])
            if which < 0:
                bits, alive, source = around.bits & ~self.made_at[place], around.alive, around.source or around
            else:
                bits, source = around.bits & self.making[place][which], None
                inside = self._touched(choice.alternatives[which])  # which may be a place itself
                alive = frozenset([other for other in inside if bits & self.made_at[other]])
            yield which, here, _Group(now[here], len(here), bits, alive, source, stamp=-1)

    def _of_some(self, expr: Expr, *, needed: bool) -> Value | None:
        """Return the value of what some versions have at a place; None where it cannot be computed together."""
        try:
            return self.value(expr)
        except NotBatchedError:
            if needed:
                raise
        except EngineError:
            if needed:
                raise
            self.impossible[self.only] = True
        return None

    def _seen(self, value: Value) -> Value:
        """Return of a value that differs those of the versions that are computed just now."""
        if not isinstance(value, Batch) or self.only is None:
            return value
        some = Batch(value.values[self.only])
        if self.trace is not None:
            self.trace.note(Made(some, (value,), lambda own: [own], self.only, self.step))
        return some

    def _named(self, value: Value) -> Value:
        """Return a value as that of a name: a value of its own, that a derivative can be taken by."""
        if self.trace is None:
            return value
        own = Batch(value.values) if isinstance(value, Batch) else value.view()
        self.trace.note(Made(own, (value,), lambda adjoint: [adjoint], self.only, self.step))
        return own

    def _noted(self, value: Value, function: Function, parents: Several[Value], static: Mapping[str, Any]) -> Value:
        """Return a value, how it was made being noted where derivatives are worked out."""
        if self.trace is not None:
            if any(value is parent for parent in parents):  # what is handed on as it is
                value = Batch(value.values) if isinstance(value, Batch) else value.view()
            pull = partial(_pulled, function, value, tuple(parents), dict(static))
            self.trace.note(Made(value, tuple(parents), pull, self.only, self.step))
        return value

    def _alike(self, value: Value) -> Array:
        """Return what an index or a bound is, as in the last version; versions that have another have failed."""
        if not isinstance(value, Batch):
            return value
        return self._only_those_with(value, value.values[-1])

    def _only_those_with(self, value: Value, needed: Array) -> Array:
        """Return what is needed; versions that have another value have failed."""
        if not isinstance(value, Batch):
            if value.shape != needed.shape or (value != needed).any():
                raise NotBatchedError
        elif value.shape != needed.shape:
            raise NotBatchedError
        else:
            differ = (value.values != needed).reshape(len(value.values), -1).any(axis=1)
            self.failed[np.flatnonzero(differ) if self.only is None else self.only[differ]] = True
        return np.asarray(needed)

    def _evaluated(self, expr: Expr) -> Value:
        if isinstance(expr, Call):  # without patterns: of thousands most are calls and names
            return self._call(expr)
        if isinstance(expr, Name):
            return self._name(expr.id)
        if isinstance(expr, Index):
            return self._index(expr)
        if isinstance(expr, Number):
            return np.array(expr.value)
        if isinstance(expr, ArrayExpr):
            return self._stacked([self.value(item) for item in expr.items])
        raise NotBatchedError

    def _name(self, name: str) -> Value:
        if self.loop is not None:
            if name == self.loop.variable:
                return np.array(float(self.step or 0))
            if name in self.lines:
                raise EngineError("name", f"{name} is complete only after the loop.")
        found = self.differing[name] if self._is_moved(name) else None
        if isinstance(found, _Run):
            return self._stacked([self._seen(step) for step in found.steps if step is not None])
        if found is not None:
            return self._seen(found)
        entry = self.versions.graph.names.get(name)
        node = entry.whole if isinstance(entry, Sequence) else entry
        if node is not None and node.value is not None:
            return self._of_node(node)
        if node is None and name in CONSTANTS:
            return np.array(CONSTANTS[name])
        raise EngineError("name", f"There is no value of {name} here.")

    def _stacked(self, values: list[Value]) -> Value:
        return self._applied(TABLE["stack"], values, {"axis": 0}) if values else np.zeros(0)

    def _index(self, expr: Index) -> Value:
        items = expr.items
        sequence = self.versions.graph.names.get(expr.base.id) if isinstance(expr.base, Name) else None
        if isinstance(sequence, Sequence) and not isinstance(items[0], Slice | NewAxis):
            if id(expr.base) in self.choices:
                raise NotBatchedError  # of a recurrence a step is read, whatever its name stands for
            step = self._counted(items[0])
            if step is None:
                at = self._alike(self.value(items[0]))
                step = _whole(at) if not at.ndim and at.dtype != bool else None
            if step is not None:
                found = self._one_step(sequence, step)
                return found if len(items) == 1 else self._picked(found, items[1:])
        return self._picked(self.value(expr.base), items)

    def _counted(self, item: Expr) -> int | None:
        """Return the time step that `t` or `t - 1` is, without a walk along it: it stands in most lines of a loop."""
        if self.loop is None or self.trace is not None or id(item) in self.versions.known:
            return None
        match item:
            case Call(function="add" | "subtract", args=(Name(id=name) as counter, Number(value=by) as number)):
                parts: tuple[Expr, ...] = item, counter, number
                by = by if item.function == "add" else -by
            case Name(id=name):
                parts, by = (item,), 0.0
            case _:
                return None
        if name != self.loop.variable or not by.is_integer() or any(id(part) in self.choices for part in parts):
            return None
        self.operations += len(parts) > 1
        return (self.step or 0) + int(by)

    def _one_step(self, sequence: Sequence, step: int) -> Value:
        run = self.differing[sequence.name] if self._is_moved(sequence.name) else None
        steps: Several[Value | Node | None] = run.steps if isinstance(run, _Run) else sequence.steps
        if sequence.name in self.lines and self.loop is not None:
            edge = (len(steps), len(steps) - 1) if self.loop.reverse else (-1, 0)
            if (step, self.step) == edge:
                return self._seen(self._there(run.start if isinstance(run, _Run) else sequence.start))
            if not isinstance(run, _Run) and self._comes_later(sequence.name, step):
                raise EngineError("value", f"{sequence.name} is not known yet.")
        elif self.loop is None and -len(steps) <= step < 0:
            step += len(steps)
        if not 0 <= step < len(steps):
            raise EngineError("value", f"{sequence.name} has no step {step}.")
        return self._seen(self._there(steps[step]))

    def _there(self, value: "Node | Value | None") -> Value:
        if isinstance(value, Node):
            value = None if value.value is None else self._of_node(value)
        if value is None:
            raise EngineError("value", "This is not known yet.")
        return value

    def _of_node(self, node: Node) -> Array:
        """Return the value of a node of the graph; where derivatives are worked out, as one that leads back to it."""
        return node.number if self.trace is None else self.trace.value_of(node)

    def _comes_later(self, name: str, step: int) -> bool:
        assert self.loop is not None and self.step is not None  # noqa: S101 - asked inside a loop
        if step == self.step:
            return self.lines[name] >= self.line
        return (step < self.step) == self.loop.reverse

    def _picked(self, base: Value, items: tuple[Item, ...]) -> Value:
        """Return base[items] by the rules of the language: inside a loop nothing wraps."""
        key: list[Any] = []
        axis = 0
        for item in items:
            if isinstance(item, NewAxis):
                key.append(None)
                continue
            left = base.shape[axis:]
            if not left:
                raise EngineError("shape", "There are too many indexes.")
            part, used = self._key(item, left)
            key.append(part)
            axis += used
        result_shape(base.shape, tuple(key))  # raises where indexes do not fit together
        return self._noted(self._at(base, tuple(key)), INDEX, [base], {"key": tuple(key)})

    def _at(self, base: Value, key: tuple[Any, ...]) -> Value:
        if not isinstance(base, Batch):
            return np.asarray(base[key])
        if any(isinstance(part, np.ndarray) for part in key):
            return self._one_by_one(lambda value: value[key], [base])
        return Batch(base.values[(slice(None), *key)])

    def _key(self, item: Item, left: Shape) -> tuple[Any, int]:
        """Return one item as NumPy takes it, and how many axes it is for."""
        length, inside = left[0], self.loop is not None
        if isinstance(item, Slice):
            parts = [None if part is None else self._number(part) for part in (item.start, item.stop, item.step)]
            bounds = [part for part in parts[:2] if part is not None]
            if parts[2] == 0 or (inside and any(not 0 <= bound <= length for bound in bounds)):
                raise EngineError("value", "Inside a loop a slice stays within the array.")
            return slice(*parts), 1
        assert not isinstance(item, NewAxis)  # noqa: S101 - which takes no axis
        at = self._alike(self.value(item))
        if at.dtype == bool:
            if at.ndim == 0 or at.shape != left[: at.ndim]:
                raise EngineError("shape", "The mask does not fit.")
            return at, at.ndim
        lowest = 0 if inside else -length
        if (np.floor(at) != at).any() or not ((at >= lowest) & (at < length)).all():
            raise EngineError("value", "There is no such index.")
        return (at.astype(int), 1) if at.ndim else (int(at), 1)

    def _number(self, expr: Expr) -> int:
        return _whole(self._alike(self.value(expr)))

    # Calls

    def _call(self, expr: Call) -> Value:
        if expr.function not in _SPECIAL and expr.function in TABLE:
            return self._of_table(expr)
        return self._special(expr)

    def _special(self, expr: Call) -> Value:
        """Return the value of a call that is read in a way of its own."""
        name = expr.function
        if name in _MEASURES and len(expr.args) == 1 and not expr.keywords:
            return self._measured(expr)
        if name in ("max", "min") and expr.style == "call" and len(expr.args) > 1 and not expr.keywords:
            return self._of_several(expr)
        if name in ("concat", "stack", "hstack"):
            return self._joined(expr)
        if name in ("grad", "jacobian") and len(expr.args) == 2 and not expr.keywords:
            return self._differentiated(expr)
        special = name not in TABLE or name in ("vstack", "beside", "dotted")
        if special or (name in ("transpose", "repeat", "norm") and (expr.style == "method" or len(expr.args) > 2)):
            raise NotBatchedError
        return self._of_table(expr)

    def _differentiated(self, expr: Call) -> Value:
        """Return grad(y, x) or jacobian(y, x)."""
        if self.trace is None:
            raise NotBatchedError
        for part in walk(expr.args[1]):
            if id(part) in self.taken:  # what is differentiated by has to be a name
                self.failed[self.taken[id(part)] >= 0] = True
        target, wrt = self.value(expr.args[0]), self._by(expr.args[1])
        elements = size(target.shape)
        # without wrt: a loop that a version leaves no step
        if (expr.function == "grad" and elements != 1) or elements > MAX_ROWS or not wrt:
            raise NotBatchedError
        rows = []
        for position in range(elements):
            seed = np.zeros((self.count, elements))
            seed[:, position] = 1.0
            adjoints = self.trace.backward(target, seed.reshape(self.count, *target.shape), self.only)
            by = [self._summed(adjoints, ways) for ways in wrt]
            rows.append(np.stack(by, axis=1) if self._recurs(expr.args[1]) else by[0])
            self.operations += sum(one.size for _, one in adjoints.values.values())
        if expr.function == "grad":
            return Batch(rows[0])
        if not rows:
            raise NotBatchedError
        found = np.stack(rows, axis=1)
        return Batch(found.reshape(self.count, *target.shape, *rows[0].shape[1:]))

    def _recurs(self, expr: Expr) -> bool:
        return isinstance(expr, Name) and isinstance(self.versions.graph.names.get(expr.id), Sequence)

    def _summed(self, adjoints: Adjoints, ways: Several[Value]) -> Array:
        assert self.trace is not None  # noqa: S101 - asked where derivatives are worked out
        found = self.trace.by(adjoints, ways[0], self.only)
        for way in ways[1:]:
            found = found + self.trace.by(adjoints, way, self.only)
        return found

    def _by(self, expr: Expr) -> list[list[Value]]:
        """Return what is differentiated by: the value of a name, one step of a recurrence, or all of them.

        Each with the ways in which it is read: by versions in which it differs, and by those in which it does not.
        """
        names = self.versions.graph.names
        match expr:
            case Name(id=name) if name in names:
                entry, run = names[name], self.differing[name] if self._is_moved(name) else None
                if isinstance(entry, Sequence):
                    steps: list[list[Value]] = [[self._there(step)] for step in entry.steps if step is not None]
                    if not isinstance(run, _Run):
                        return steps
                    own = [step for step in run.steps if step is not None]
                    return [[step, *(steps[at] if at < len(steps) else [])] for at, step in enumerate(own)]
                assert not isinstance(run, _Run)  # noqa: S101 - which only a recurrence has
                return [[*([] if run is None else [run]), self._of_node(entry)]]
            case Index(base=Name(id=name), items=(at,)) if isinstance(names.get(name), Sequence):
                if isinstance(at, Slice | NewAxis):
                    raise NotBatchedError
                place = _whole(self._alike(self.value(at)))
                found = self._by(Name(name))
                if -len(found) <= place < len(found) and (place >= 0 or self.loop is None):
                    return [found[place]]
        raise NotBatchedError

    def _measured(self, expr: Call) -> Value:
        if isinstance(expr.args[0], ArrayExpr):
            if expr.function != "len":
                raise NotBatchedError
            return np.array(float(len(expr.args[0].items)))
        shape = self.value(expr.args[0]).shape
        if expr.function == "shape":
            return np.array(shape, dtype=float)
        if expr.function == "len":
            if not shape:
                raise EngineError("shape", "A scalar has no length.")
            return np.array(float(shape[0]))
        return np.array(float(size(shape) if expr.function == "size" else len(shape)))

    def _of_several(self, expr: Call) -> Value:
        function = TABLE["maximum" if expr.function == "max" else "minimum"]
        parts = [self.value(arg) for arg in expr.args]
        if len(parts) == 2 and parts[0].shape and typed_whole(expr.args[1]) is not None:
            raise EngineError("notation", "This reads two ways.")
        result = parts[0]
        for part in parts[1:]:
            result = self._applied(function, [result, part], {})
        return result

    def _joined(self, expr: Call) -> Value:
        items: tuple[Expr, ...] = expr.args
        if len(items) == 1 and isinstance(items[0], ArrayExpr):
            items = items[0].items
        elif len(items) == 1 or typed_whole(items[-1]) is not None:
            raise NotBatchedError
        axis = 0
        for key, given in expr.keywords:
            number = typed_whole(given)
            if key != "axis" or number is None or expr.function == "hstack":
                raise NotBatchedError
            axis = int(number)
        values = [self.value(item) for item in items]
        if len(expr.args) == 2 and isinstance(items[0], ArrayExpr) and not values[1].shape:
            raise NotBatchedError  # a list and its axis
        if expr.function != "hstack":
            return self._applied(TABLE[expr.function], values, {"axis": axis})
        axes = [len(value.shape) for value in values]
        if not any(axes):
            return self._stacked(values)
        if not all(axes):
            raise NotBatchedError
        return self._applied(TABLE["concat"], values, {"axis": 0 if axes[0] == 1 else 1})

    def _of_table(self, expr: Call) -> Value:
        bound = self.versions.bound(expr)
        if bound.beforehand and (
            not self._stands_still(bound.reads)
            or any(id(part) in self.choices or self._holds(part) for part in bound.beforehand)
        ):
            for part in bound.beforehand:
                self._only_those_with(self.value(part), self.versions.unchanged(part))
        return self._applied(bound.function, [self.value(array) for array in bound.arrays], bound.static)

    def _applied(self, function: Function, values: list[Value], static: Mapping[str, Any]) -> Value:
        return self._noted(self._made(function, values, static), function, values, static)

    def _made(self, function: Function, values: list[Value], static: Mapping[str, Any]) -> Value:
        shapes = [value.shape for value in values]
        shape = function.shape(*shapes, **static)
        together = any(isinstance(value, Batch) for value in values)
        elements = size(shape)
        count = elements * (self.count if together else 1)
        if len(shape) > MAX_DIMENSIONS or elements > MAX_ELEMENTS or count > MAX_BATCHED:
            raise EngineError("limit", "The result is too large.")
        self.operations += max(count, 1)
        give_way()
        if not function.keeps_masks:
            values = [value if value.dtype.char != "?" else _as_numbers(value) for value in values]
        if function.name == "power":
            self._check_exponents(values[1])
        if not together:
            return computed(function, [value for value in values if not isinstance(value, Batch)], static)
        if function.family == "elementwise" and not static:
            axes = max(map(len, shapes))
            return Batch(np.asarray(function.value(*[aligned(value, axes) for value in values])))
        if function.name == "matmul" and len(values) == 2:
            return _product(values[0], values[1])
        if function.name in ("stack", "concat"):
            join = np.stack if function.name == "stack" else np.concatenate
            return Batch(join([self._for_each(value) for value in values], axis=behind(static["axis"], len(shape))))
        if function.name == "one_hot" and isinstance(values[0], Batch):
            return self._one_hot(function, values[0].values, static)
        if len(values) == 1 and isinstance(values[0], Batch):
            found = _reduced(function, values[0].values, static)
            if found is not None:
                return Batch(found)
        return self._one_by_one(lambda *own: function.value(*own, **static), values)

    def _check_exponents(self, exponents: Value) -> None:
        if not isinstance(exponents, Batch):
            check_exponent(exponents)
            return
        sizes = np.abs(exponents.values).reshape(len(exponents.values), -1)
        if (sizes > MAX_EXPONENT).any():
            too_high = (sizes > MAX_EXPONENT).any(axis=1)
            self.failed[np.flatnonzero(too_high) if self.only is None else self.only[too_high]] = True
            if too_high.all():
                raise EngineError("limit", "The exponent is too high.")

    def _for_each(self, value: Value) -> Array:
        return value.values if isinstance(value, Batch) else np.broadcast_to(value, (self.count, *value.shape))

    def _one_hot(self, function: Function, labels: Array, static: Mapping[str, Any]) -> Value:
        """Return the rows of all versions; those with a label that there is not cannot be computed at all."""
        there = (labels == np.floor(labels)) & (labels >= 0) & (labels < static["n"])
        fit = np.asarray(there.reshape(len(labels), -1).all(axis=1))
        if not fit.any():
            raise NotBatchedError
        if not fit.all():
            never = np.flatnonzero(~fit) if self.only is None else self.only[~fit]
            self.failed[never] = self.impossible[never] = True
            labels = np.array(labels)
            labels[~fit] = labels[fit][0]
        return Batch(function.value(labels, **static))

    def _one_by_one(self, function: Callable[..., Array], values: list[Value]) -> Value:
        each = [value.values if isinstance(value, Batch) else [value] * self.count for value in values]
        made: list[Array | None] = []
        for at, own in enumerate(zip(*each, strict=True)):
            try:
                made.append(np.asarray(function(*own)))
            except (EngineError, ValueError, IndexError, np.linalg.LinAlgError) as error:
                made.append(None)
                own_at = at if self.only is None else self.only[at]
                self.failed[own_at] = True
                self.impossible[own_at] |= isinstance(error, EngineError)  # a label that there is not, in one of them
        there = next((value for value in made if value is not None), None)
        if there is None:
            raise NotBatchedError
        return Batch(np.stack([there if value is None else value for value in made]))


_MEASURES = ("shape", "size", "ndim", "len")
_ON_AN_AXIS = ("max", "min", "transpose", "repeat", "norm")  # read otherwise where they are given more than an axis
_JOINING = ("concat", "stack", "hstack", "vstack")
_SPECIAL = frozenset((*_MEASURES, *_ON_AN_AXIS, *_JOINING, "grad", "jacobian", "beside", "dotted"))


@dataclass
class _Found:
    """What stands at a place, version by version; all of one shape, that of the first, and all masks or none."""

    count: int
    values: Array | None = None
    parts: list[tuple[Array, Value]] = field(default_factory=list)

    def takes(self, value: Value) -> bool:
        """Tell whether a value has the shape of the others, and is a mask as they are: numbers are other indexes."""
        if self.values is None:
            return True
        new = value.values if isinstance(value, Batch) else value
        return value.shape == self.values.shape[1:] and (new.dtype == bool) == (self.values.dtype == bool)

    def put(self, here: Array, value: Value) -> None:
        """Note the value of some versions."""
        self.parts.append((here, value))
        new = value.values if isinstance(value, Batch) else value
        if self.values is None:
            self.values = np.empty((self.count, *value.shape), dtype=new.dtype)
            self.values[:] = new[:1] if isinstance(value, Batch) else new  # for those that fail
        elif new.dtype != self.values.dtype:
            self.values, new = as_numbers(self.values), as_numbers(new)
        self.values[here] = new


def _taken(choice: Choice, count: int) -> Array:
    """Return which alternative each version takes at a place, -1 for what stands there."""
    taken = np.full(count, -1)
    for which, members in enumerate(choice.members):
        taken[members] = which
    return taken


def _bits(members: Array) -> int:
    """Return versions as the bits of a number."""
    flags = np.zeros(int(members.max(initial=-1)) + 1, dtype=np.uint8)
    flags[members] = 1
    return int.from_bytes(np.packbits(flags, bitorder="little").tobytes(), "little")


def _pulled(
    function: Function, value: Value, parents: tuple[Value, ...], static: Mapping[str, Any], own: Array
) -> list[Array | None]:
    return pulled(function, own, value, parents, static)


def _reduced(function: Function, values: Array, static: Mapping[str, Any]) -> Array | None:
    """Return what a function that goes over axes gives for each version; None for one that has to be asked each."""
    axes, axis = values.ndim - 1, static.get("axis")
    if function.name in ALONG_AN_AXIS and isinstance(axis, int):
        return np.asarray(function.value(values, **{**static, "axis": behind(axis, axes)}))
    if function.name in IN_ONE_LINE and not static.get("keepdims"):
        whole = values.reshape(len(values), -1) if axis is None else values
        return np.asarray(function.value(whole, **{**static, "axis": 1 if axis is None else behind(axis, axes)}))
    if function.name == "transpose":
        order = static["axes"] or range(axes)[::-1]
        return values.transpose(0, *(behind(one, axes) for one in order))
    over = tuple(range(1, axes + 1)) if axis is None else axes_behind(axis, axes)
    if function.name in REDUCED:
        return np.asarray(function.value(values, **{**static, "axis": over}))
    if function.name == "norm" and static.get("ord") is None:
        return np.asarray(np.sqrt(np.sum(values**2, axis=over, keepdims=static["keepdims"])))
    return None


def _product(left: Value, right: Value) -> Value:
    """Return the matrix product; NumPy takes what has an axis for the versions as matrices, so vectors get one more."""
    first, second = (value.values if isinstance(value, Batch) else value for value in (left, right))
    row, column = len(left.shape) == 1, len(right.shape) == 1
    first = first[..., None, :] if row else first
    second = second[..., None] if column else second
    axes = max(len(left.shape) + row, len(right.shape) + column)
    first = _with_axes(first, axes) if isinstance(left, Batch) else first
    second = _with_axes(second, axes) if isinstance(right, Batch) else second
    found = np.matmul(first, second)
    if column:
        found = found[..., 0]
    if row:
        found = found[..., 0] if column else found[..., 0, :]
    return Batch(found)


def _with_axes(values: Array, axes: int) -> Array:
    """Return values with so many axes behind that of the versions: stacks of matrices are matched from the right."""
    missing = axes + 1 - values.ndim
    return values.reshape(len(values), *(1,) * missing, *values.shape[1:]) if missing else values


def _as_numbers(value: Value) -> Value:
    return Batch(as_numbers(value.values)) if isinstance(value, Batch) else as_numbers(value)


def _whole(value: Array) -> int:
    if value.shape != () or not float(value).is_integer():
        raise EngineError("value", "An index must be whole.")
    return int(value)


__all__ = ["Batch", "Choice", "NotBatchedError", "Versions"]
