"""What the computation graph is made of: nodes, recurrent names, and the clock of a loop."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

import numpy as np

from rnn_tutor.engine.errors import EngineError, exact
from rnn_tutor.engine.expression import Expr, brief
from rnn_tutor.engine.functions import Array
from rnn_tutor.engine.shapes import Shape, in_words

MAX_WHOLE = 1_000_000_000
UNKNOWN = "unknown"  # the operation of a leaf whose numbers could not be had


@dataclass(eq=False, slots=True)
class Node:
    """One operation of the graph.

    `name` is stable: the name of the step (`c`, `h[2]`), or for what is computed on the way to it `c:0`, `c:1`, ...
    `value` is float64 (bool for masks), read-only; None where only the shape is known. `static` holds the arguments
    that are no arrays (axis, ...). `step` is the time step of the loop it was made in.
    """

    name: str
    op: str
    parents: tuple["Node", ...]
    shape: Shape
    value: Array | None
    expr: Expr | None = None
    static: Mapping[str, Any] = field(default_factory=dict)
    step: int | None = None
    order: int = 0
    named: bool = False

    @property
    def number(self) -> Array:
        """The value. Raises EngineError where only the shape is known; of kind `unknown` where a fault is why."""
        if self.value is None:
            if self._of_unknown():
                raise EngineError("unknown", f"The numbers of {self._called()} are not known.")
            raise EngineError("value", f"Only the shape of {self._called()} is known here, not its numbers.")
        return self.value

    def _of_unknown(self) -> bool:
        visited, left = {self}, [self]
        while left:
            node = left.pop()
            if node.op == UNKNOWN:
                return True
            left += [parent for parent in node.parents if parent not in visited]
            visited.update(node.parents)
        return False

    def _called(self) -> str:
        return self.name if self.named or self.expr is None else brief(self.expr)


@dataclass(eq=False)
class Sequence:
    """A recurrent name: one node a time step, and what it is before the first (after the last, when reversed)."""

    name: str
    steps: list[Node | None]
    start: Node | None = None
    whole: Node | None = None  # all steps stacked on axis 0, once the loop is done


@dataclass
class Clock:
    """Where a loop is: its variable, the time step, the direction, and the names that it is making."""

    variable: str
    step: int
    count: int
    reverse: bool
    making: dict[str, Sequence]


def as_numbers(value: Array) -> Array:
    """Return a mask as 0 and 1, anything else as it is."""
    return value.astype(float) if value.dtype.char == "?" else value


def frozen(value: Array) -> Array:
    """Return a value as read-only float64 (or bool); the array that was given stays writeable."""
    value = np.asarray(value)
    if value.dtype.char not in "d?":
        value = value.astype(float)
    if value.flags.writeable:
        value = value.view()
        value.flags.writeable = False
    return value


def whole_number(node: Node, label: str) -> int:
    """Return a scalar node's whole number. Raises EngineError (`value`, `shape`) otherwise."""
    value = node.number
    if value.shape != ():
        raise EngineError("shape", f"{label} must be one whole number, not an array {in_words(value.shape)}.")
    number = float(value)
    text = exact(number)
    quoted = label.endswith(f" {text}")
    if not number.is_integer():
        raise EngineError("value", f"{label} must be whole" + ("." if quoted else f"; {text} is not."))
    if abs(number) > MAX_WHOLE:
        raise EngineError(
            "limit", f"{label} " + ("" if quoted else f"is {text}; that ") + "is too large to count with."
        )
    return int(number)
