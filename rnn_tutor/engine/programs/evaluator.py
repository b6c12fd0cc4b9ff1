"""The evaluator of a program's expressions: the graph's own, grown by lists, by what `dialect` adds, and by a budget.

Values are float64 arrays (masks bool) and lists of values. As in NumPy, a name stands for an array and not for a copy
of it: what is written into one is seen under every name of it and in every list that holds it; a slice is a view.
Nothing is kept of how a value came about, so a long program holds no more than its variables.
"""

from collections.abc import Callable, Iterator, Mapping
from typing import Any

import numpy as np

from rnn_tutor.engine.clocks import Allowance
from rnn_tutor.engine.errors import EngineError, did_you_mean
from rnn_tutor.engine.expression import Array as ArrayExpr
from rnn_tutor.engine.expression import Call, Expr, Index, Name, NewAxis, Slice, show
from rnn_tutor.engine.functions import Array, canonical, size
from rnn_tutor.engine.functions.structure import MAX_PARTS
from rnn_tutor.engine.graph.graph import CONSTANTS, Graph, length_of
from rnn_tutor.engine.graph.indexing import key_of, picked
from rnn_tutor.engine.graph.node import Node, frozen, whole_number
from rnn_tutor.engine.programs.values import CELL_BYTES, Frame, List, Table, Value, held_bytes, owner_of
from rnn_tutor.engine.shapes import Shape, in_words

MAX_STEPS = 200_000
MAX_SECONDS = 2.0  # of CPU time
MAX_WALL = 60.0  # seconds of the wall clock: thirty programs at once on one processor
MAX_ALL_WORK = 100_000_000  # element operations of all expressions together
MAX_LIST = 10_000
MAX_BYTES = 32_000_000  # held by variables; an expression on its way holds as much again at most
MEASURE_EVERY = 8_000_000  # bytes made between two looks at what is held
CLOCK_EVERY = 128
LIST_STEP = 16  # items of a list that count as one step
LARGE = 10_000  # work of one operation before which the clocks are looked at too


class Machine(Graph):
    """Evaluates the expressions of a program within a budget of steps, work, memory and time."""

    most_parts = MAX_LIST

    def __init__(self, givens: Mapping[str, Array], allowance: Allowance) -> None:
        super().__init__()
        self.gradients = False
        self.steps = 0
        self.most_steps = MAX_STEPS
        self.most_work = MAX_ALL_WORK
        self.all_work = 0
        self.made_bytes = 0
        self.kept_bytes = 0  # by whoever watches the program
        self.allowance = allowance
        self.given: dict[int, tuple[str, Array]] = {}  # by the id of the array, which lives as long
        self.outermost = Frame()
        self.frames = [self.outermost]
        for name, value in givens.items():
            own = np.array(value, dtype=bool if value.dtype.char == "?" else float)
            own.flags.writeable = False
            self.given[id(own)] = name, own
            self.outermost.names[name] = Node(name, "given", (), own.shape, own)

    @property
    def frame(self) -> Frame:
        """The names that are in reach first."""
        return self.frames[-1]

    # ---- the budget

    def tick(self, steps: int = 1) -> None:
        """Count steps. Raises EngineError (`limit`) when they, or the time, are used up."""
        before = self.steps
        self.steps = after = before + steps
        if after > self.most_steps:
            sentence = f"The program has done {self.most_steps:,} steps and has not finished: does a loop never end?"
            raise EngineError("limit", sentence)
        if after // CLOCK_EVERY != before // CLOCK_EVERY:
            self.look_at_the_clocks()

    def look_at_the_clocks(self) -> None:
        """Raise EngineError (`limit`) when the time is used up."""
        if self.allowance.is_over:
            raise EngineError("limit", "The program takes too long: make its arrays or its loops smaller.")

    def charge(self, shape: Shape, work: int, *, has_numbers: bool = True) -> None:
        """Count the cost of a result before it is computed. Raises EngineError (`limit`) when it is too much."""
        self._held_by_all = 0  # what is held by all is measured here, as it can be dropped again
        super().charge(shape, work, has_numbers=has_numbers)
        count = size(shape)
        cost = work if work > count else count
        self.all_work += cost
        if self.all_work > self.most_work:
            raise EngineError("limit", "The program needs too much arithmetic; make its arrays smaller.")
        if cost > LARGE:
            self.look_at_the_clocks()
        self.made_bytes += 8 * count
        if self.made_bytes > MEASURE_EVERY:
            self.make_bytes(0)

    def make_bytes(self, count: int) -> None:
        """Count memory that is taken. Raises EngineError (`limit`) when what is held is too much."""
        self.made_bytes += count
        if self.made_bytes > MEASURE_EVERY:
            self.made_bytes = 0
            if held_bytes(self.frames) + self.kept_bytes > MAX_BYTES:
                raise EngineError("limit", f"The variables hold more than {MAX_BYTES // 10**6} MB; keep less of it.")

    # ---- evaluation

    def value(self, expr: Expr) -> Value:
        """Return the value of an expression. Raises EngineError with the place in its line."""
        return EVALUATORS[type(expr)](self, expr)

    def node(self, expr: Expr) -> Node:
        return self.as_array(self.value(expr), expr)

    def as_array(self, value: Value, expr: Expr) -> Node:
        """Return a value as an array: the items of a list stacked on a new first axis."""
        if isinstance(value, Node):
            return value
        if isinstance(value, Table):
            raise EngineError("shape", "A dict is not an array: write [hs[t] for t in range(T)].", expr.span)
        try:
            return self.stacked([self.as_array(item, expr) for item in value.items], expr)
        except EngineError as error:
            raise error.placed(expr.span) from None

    def items_or_array(self, expr: Expr) -> list[Node] | Node:
        """Return the items of a list, each as an array, or the array that an expression gives."""
        value = self.value(expr)
        return value if isinstance(value, Node) else [self.as_array(item, expr) for item in value.items]

    def length(self, expr: Expr) -> int:
        value = self.value(expr)
        return length_of(value) if isinstance(value, Node) else len(value.items)

    def joined(self, op: str, parts: list[Node], axis: int, expr: Expr) -> Node:
        """Return many arrays stacked or joined, so many at a time as the function takes."""
        if len(parts) <= MAX_PARTS:
            return super().joined(op, parts, axis, expr)
        some = [self.joined(op, parts[k : k + MAX_PARTS], axis, expr) for k in range(0, len(parts), MAX_PARTS)]
        return self.joined("concat", some, axis, expr)

    def number(self, value: float) -> Node:
        return self.constant(np.array(float(value)))

    def listed(self, items: list[Value]) -> List:
        """Return a list. Raises EngineError (`limit`) when it is too long."""
        self.check_length(len(items))
        self.tick(1 + len(items) // LIST_STEP)
        self.make_bytes(8 * len(items) + CELL_BYTES)
        return List(items)

    def check_length(self, count: int) -> None:
        """Raise EngineError (`limit`) for a list that is too long."""
        if count > MAX_LIST:
            raise EngineError("limit", f"A list holds at most {MAX_LIST:,} items.")

    def room(self, base: List) -> None:
        """Count one more item of a list."""
        self.check_length(len(base.items) + 1)
        self.tick()
        self.make_bytes(8)

    def display(self, expr: ArrayExpr) -> List:
        """Return the list that [a, b] or (a, b) writes out."""
        return self.listed([self.value(item) for item in expr.items])

    def call_own(self, name: str, args: list[Value], named: Mapping[str, Value] | None = None) -> Value | None:
        raise NotImplementedError

    def truth(self, expr: Expr) -> bool:
        return self.true(self.value(expr), expr)

    def true(self, value: Value, expr: Expr) -> bool:
        """Return whether a value counts as true, as in Python."""
        if isinstance(value, List):
            return bool(value.items)
        if value.shape != ():
            sentence = (
                f"A condition is one True or False; this is an array {in_words(value.shape)}: use any(...) or all(...)."
            )
            raise EngineError("shape", sentence, expr.span)
        return bool(value.number)

    def add(  # noqa: PLR0917 - the graph's own method
        self,
        name: str,
        op: str,
        parents: tuple[Node, ...],
        shape: Shape,
        value: Array | None,
        expr: Expr | None,
        static: Mapping[str, Any] | None = None,
        named: bool = False,
    ) -> Node:
        """Return the node of a result; neither what it was made from nor how is kept."""
        self.tick()
        self.made_bytes += CELL_BYTES
        return Node("", op, (), shape, value)

    def inner_name(self) -> str:
        """Return no name: nothing is kept of what is on the way."""
        return ""

    def apply(self, op: str, arrays: tuple[Node, ...], static: Mapping[str, Any], expr: Expr) -> Node:
        """Return the node of a function of the table; a copy where NumPy makes one."""
        node = super().apply(op, arrays, static, expr)
        if op in _COPIES and node.value is not None:
            node.value = frozen(node.value.copy())
        return node

    def lookup(self, expr: Name) -> Value:
        """Return the value of a name: the function's own, the program's, or a constant."""
        name, frame = expr.id, self.frames[-1]
        value = frame.names.get(name)
        around: Frame | None = frame
        while value is None and around is not None and name not in around.local:
            around = around.around
            value = (self.outermost if around is None else around).names.get(name)
        if value is not None:
            return value
        if name in CONSTANTS:
            return self.constant(np.array(CONSTANTS[name]))
        raise EngineError("name", self._unknown_name(name, frame), expr.span)

    def _unknown_name(self, name: str, frame: Frame) -> str:
        if name == "None":
            return "None stands only in an index, as in x[None]; begin with a number or an array."
        if name in frame.local:
            return f"{name} has no value yet here: give it one before this line."
        known = {**self.outermost.names, **frame.names}
        if canonical(name):
            return f"{name} is a function: write {name}(...)."
        shown = ", ".join(sorted(known)[:12])
        return f"There is no name {name} here.{did_you_mean(name, known) or f' Known here: {shown}.' * bool(shown)}"

    # ---- elements

    def index(self, expr: Index) -> Value:
        base = self.value(expr.base)
        try:
            if isinstance(base, Node):
                return picked(self, base, expr.items, expr)
            item = _one_item(expr)
            if isinstance(item, Slice):
                bounds = [
                    None if part is None else whole_number(self.node(part), "A slice bound")
                    for part in (item.start, item.stop, item.step)
                ]
                if bounds[2] == 0:
                    raise EngineError("value", "The step of a slice cannot be 0.")
                return self.listed(base.items[slice(*bounds)])
            return base.items[self.place(base, item, expr)]
        except EngineError as error:
            raise error.placed(expr.span) from None

    def place(self, base: List, item: Expr, expr: Index) -> int:
        """Return the position in a list that an index means, counted from 0."""
        at = whole_number(self.node(item), "The index of a list")
        if isinstance(base, Table):
            if at not in base.places:
                raise EngineError("value", f"There is no key {at} in {show(expr.base)}: give it a value before.")
            return base.places[at]
        count = len(base.items)
        if not -count <= at < count:
            has = f"it has the indexes 0 to {count - 1}" if count else "it is empty"
            raise EngineError("value", f"There is no index {at} in {show(expr.base)}: {has}.")
        return at % count

    def store(self, target: Index, value: Value) -> None:
        """Write base[items] = value. Raises EngineError for what is given, or does not fit."""
        base = self.value(target.base)
        try:
            if isinstance(base, List):
                item = _one_item(target)
                if isinstance(item, Slice):
                    raise EngineError("notation", "Change a list item by item.")
                if isinstance(base, Table):
                    self.put(base, whole_number(self.node(item), "The key of a dict"), value)
                    return
                base.items[self.place(base, item, target)] = value
                return
            key, _ = key_of(self, base, target.items, target)
            self.write(base, key, self.as_array(value, target).number, show(target.base))
        except EngineError as error:
            raise error.placed(target.span) from None

    def put(self, base: Table, key: int, value: Value) -> None:
        """Give a key of a dict its value."""
        if key in base.places:
            base.items[base.places[key]] = value
            return
        self.room(base)
        base.places[key] = len(base.items)
        base.items.append(value)

    def write(self, node: Node, key: Any, value: Array, name: str) -> None:  # noqa: ANN401 - a NumPy index
        """Write into the array of a node, and so into all that share it."""
        array = node.number
        owner = owner_of(array)
        if id(owner) in self.given:
            given, _ = self.given[id(owner)]
            part = name if name == given else f"{name} is a part of {given}, which"
            raise EngineError("value", f"{part} is given and cannot be changed: take {name}.copy() and change that.")
        region = array
        try:
            owner.flags.writeable = True
            array.flags.writeable = True
            region = array[key]
            self.charge((), max(1, region.size))
            array[key] = value
        except ValueError:
            sentence = (
                f"A value {in_words(value.shape)} does not fit into this place {in_words(region.shape)} of {name}."
            )
            raise EngineError("shape", sentence) from None
        finally:
            array.flags.writeable = False
            owner.flags.writeable = False

    # ---- what a loop goes over

    def iterate(self, expr: Expr) -> Iterator[tuple[int, Value]]:
        """Yield what an expression has, one after another, each with its natural position."""
        if isinstance(expr, Call) and expr.function in ITERATED:
            yield from ITERATED[expr.function](self, expr)
            return
        value = self.value(expr)
        if isinstance(value, Table):
            for position, key in enumerate(list(value.places)):
                yield position, self.number(key)
            return
        if isinstance(value, List):
            position = 0
            while position < len(value.items):  # as in Python, a list may grow while a loop goes over it
                yield position, value.items[position]
                position += 1
            return
        if not value.shape:
            sentence = f"A loop goes over range(...), a list or an array, not over one number: range({show(expr)})?"
            raise EngineError("shape", sentence, expr.span)
        for position in range(value.shape[0]):
            yield position, self.view(value, position)

    def row(self, node: Node, position: int, expr: Expr) -> Node:
        return self.view(node, position)

    def view(self, node: Node, position: int) -> Node:
        """Return one row of an array: a view."""
        self.tick()
        value = frozen(node.number[position])
        return Node("", "index", (), value.shape, value)

    def several(self, value: Value) -> list[Value]:
        """Return the items of a list, or the rows of an array."""
        if isinstance(value, List):
            return value.items
        if not value.shape or value.shape[0] > MAX_LIST:
            raise EngineError("shape", "One number cannot be unpacked." if not value.shape else "That is too long.")
        return [self.view(value, position) for position in range(value.shape[0])]

    def bind(self, target: Expr, value: Value) -> None:
        """Give a target its value: a name, an element, or several names at once."""
        if isinstance(target, Name):
            self.frames[-1].names[target.id] = value
        elif isinstance(target, Index):
            self.store(target, value)
        elif isinstance(target, ArrayExpr):
            try:
                values = list(self.several(value))
                if len(values) != len(target.items):
                    raise EngineError("shape", f"There are {len(target.items)} names for {len(values)} values.")
            except EngineError as error:
                raise error.placed(target.span) from None
            for part, item in zip(target.items, values, strict=True):
                self.bind(part, item)


_COPIES = frozenset(("array", "stop", "ravel"))  # what NumPy's array and flatten copy, the language hands on


def _one_item(expr: Index) -> "Expr | Slice":
    item = expr.items[0]
    if len(expr.items) != 1 or isinstance(item, NewAxis):
        name = show(expr.base)
        sentence = f"{name} is a list, which has one index: write {name}[i][j], or stack({name}) to make it an array."
        raise EngineError("shape", sentence)
    return item


# How each kind of expression becomes a value, and what a loop goes over without making a list; filled in `interpreter`.
EVALUATORS: dict[type[Any], Callable[[Machine, Any], Value]] = {}
ITERATED: dict[str, Callable[[Machine, Call], Iterator[tuple[int, Value]]]] = {}
