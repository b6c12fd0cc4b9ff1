"""What a program's names stand for: arrays, and lists of values; and what these take of the memory."""

from dataclasses import dataclass, field
from typing import TypeAlias

import numpy as np

from rnn_tutor.engine.functions import Array
from rnn_tutor.engine.graph.node import Node

CELL_BYTES = 400  # what a value takes beside its numbers


@dataclass(eq=False, slots=True)
class List:
    """A list of the program's: its items are shared, as Python's are."""

    items: "list[Value]"


@dataclass(eq=False, slots=True)
class Table(List):
    """A dict of the program's by whole numbers: `places` has where the value of each key stands among the items."""

    places: dict[int, int] = field(default_factory=dict)


Value: TypeAlias = Node | List


@dataclass(eq=False, slots=True)
class Frame:
    """The names of the program, or of one call of a function of it; `local` are those that are only its own."""

    names: dict[str, Value] = field(default_factory=dict)
    local: frozenset[str] = frozenset()
    function: str = ""
    around: "Frame | None" = None  # the call of the function that this one is defined in


def owner_of(array: Array) -> Array:
    """Return the array whose memory an array shows: itself, or what it is a view of."""
    while isinstance(array.base, np.ndarray):
        array = array.base
    return array


def held_bytes(frames: list[Frame]) -> int:
    """Return what the variables hold, each array and list counted once."""
    seen: set[int] = set()
    total = 0
    stack: list[Value] = [value for frame in frames for value in frame.names.values()]
    while stack:
        value = stack.pop()
        if id(value) in seen:
            continue
        seen.add(id(value))
        total += CELL_BYTES
        if isinstance(value, List):
            total += 8 * len(value.items)
            stack += value.items
        elif value.value is not None:
            owner = owner_of(value.value)
            if id(owner) not in seen:
                seen.add(id(owner))
                total += owner.nbytes
    return total
