"""What a program did: the values that watched names were given, with the line and where the loops were.

Bounded: a long program is watched at its beginning, where the first wrong line is.
"""

from collections.abc import Callable
from dataclasses import dataclass, field

import numpy as np

from rnn_tutor.engine.errors import EngineError
from rnn_tutor.engine.expression import Array as ArrayExpr
from rnn_tutor.engine.expression import Call, Expr, Index, Name, NewAxis, Slice, walk
from rnn_tutor.engine.functions import Array
from rnn_tutor.engine.graph.node import Node, as_numbers
from rnn_tutor.engine.programs.evaluator import Machine
from rnn_tutor.engine.programs.lines import Line
from rnn_tutor.engine.programs.values import List, Table, Value

MAX_EVENTS = 20_000
MAX_ELEMENTS = 500_000
MAX_WHOLE = 100  # elements of an array that is recorded as a whole when one place of it is written
EVENT_BYTES = 300


@dataclass(frozen=True, slots=True)
class Event:
    """A watched name that was given a value.

    `loops` has, from the outermost on, for each loop that was running a number that is its own and its position: the
    number of a range, the index in a list or array. `index` is where in the name was written (its first index), None
    for all of it; `length` is then how many places it has, and `whole` all of it, where that is small.
    """

    line: int
    name: str
    loops: tuple[tuple[int, int], ...]
    value: Array
    index: int | None = None
    length: int = 0
    whole: Array | None = None


@dataclass
class Watch:
    """The names to watch, and what has been seen of them."""

    names: frozenset[str]
    events: list[Event] = field(default_factory=list)
    loops: list[tuple[int, int]] = field(default_factory=list)
    elements: int = 0
    accepts: Callable[[Event], bool] | None = None  # False ends the program

    def record(self, machine: Machine, target: Expr, line: Line) -> None:
        if isinstance(target, ArrayExpr):
            for item in target.items:
                self.record(machine, item, line)
            return
        root, index = _root(target)
        if root is None or root not in self.names:
            return
        value = machine.frame.names.get(root)
        if value is None or index is None:
            if isinstance(value, Node):
                self._keep(machine, root, line, value.number)
            return
        first = index.items[0]
        if isinstance(first, Slice | NewAxis) or _calls(first):
            return  # what a function did, it must not do twice
        at = machine.node(first)
        if at.shape == () and at.number.dtype.char != "?":
            self._keep_place(machine, root, line, value, int(at.number))

    def record_item(self, machine: Machine, call: Call, line: Line) -> None:
        """Record what a list was given by append or insert."""
        base = call.args[0]
        if not isinstance(base, Name) or base.id not in self.names or call.function not in (".append", ".insert"):
            return
        value = machine.lookup(base)
        self._keep_place(machine, base.id, line, value, 0 if call.function == ".insert" else -1)

    def _keep_place(self, machine: Machine, name: str, line: Line, value: Value, at: int) -> None:
        if isinstance(value, Table):
            item = value.items[value.places[at]] if at in value.places else None
            if isinstance(item, Node) and at >= 0:
                self._keep(machine, name, line, item.number, at, len(value.items))
            return
        count = len(value.items) if isinstance(value, List) else (*value.shape, 0)[0]
        if not -count <= at < count:
            return  # in `h[k], k = 5, 9` the index is another one by now
        if isinstance(value, List):
            item = value.items[at]
            if isinstance(item, Node):
                self._keep(machine, name, line, item.number, at % count, count)
        else:
            whole = value.number
            small = whole.copy() if whole.size <= MAX_WHOLE else None
            self._keep(machine, name, line, np.asarray(whole[at]), at % count, count, small)

    def _keep(  # noqa: PLR0917 - what an event has
        self,
        machine: Machine,
        name: str,
        line: Line,
        value: Array,
        index: int | None = None,
        length: int = 0,
        whole: Array | None = None,
    ) -> None:
        """Keep a copy: what is written into an array later must not change what it was."""
        count = value.size + (0 if whole is None else whole.size)
        if len(self.events) >= MAX_EVENTS or self.elements + count > MAX_ELEMENTS:
            return
        number = line.number_at(len(line.text) - len(line.text.lstrip()))
        event = Event(number, name, tuple(self.loops), np.array(as_numbers(value)), index, length, whole)
        if self.accepts is not None and not self.accepts(event):
            raise EngineError("value", "The watcher has seen enough.")
        self.elements += count
        machine.kept_bytes += 8 * count + EVENT_BYTES
        self.events.append(event)


def _root(target: Expr) -> tuple[str | None, Index | None]:
    """Return the name that is written into, and its own index: of h[t][j], h and h[t]."""
    index: Index | None = None
    while isinstance(target, Index):
        index, target = target, target.base
    return (target.id, index) if isinstance(target, Name) else (None, index)


def _calls(expr: Expr) -> bool:
    return any(
        isinstance(part, Call) and (part.function.endswith("()") or part.function == ".pop") for part in walk(expr)
    )
