"""How a program stood when its statements were first run, so that one with a change goes on from there.

What a program does before the first statement that is changed is the same with the change. Noted are the statements
of what is run itself (the function that is asked for, or the program); of the functions that it calls, at which of its
statements each was first called.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import TypeAlias

import numpy as np

from rnn_tutor.engine.expression import names_in
from rnn_tutor.engine.functions import Array
from rnn_tutor.engine.graph.node import Node
from rnn_tutor.engine.programs.statements import Block, Code, Do, For, Statement, assigned, inner_blocks
from rnn_tutor.engine.programs.values import List, Table, Value, owner_of

Given: TypeAlias = Mapping[int, tuple[str, Array]]  # by the id of an array: what cannot be changed
Way: TypeAlias = tuple[tuple[int, int], ...]  # from the outside in: which statement, which of its blocks
MOST_HELD = 16_000_000  # bytes of all the names that are noted of a run: each standing has its own


@dataclass(frozen=True, slots=True)
class Turn:
    """Where a loop is: a number of its own, its position, and how many turns there were before this one."""

    loop: int
    position: int
    before: int


@dataclass(frozen=True, slots=True)
class Spent:
    """What a program had taken by then: steps, element operations, memory of the watcher, loops, watched values."""

    steps: int
    work: int
    kept_bytes: int
    loops: int
    seen: int


@dataclass(frozen=True, slots=True)
class Standing:
    """How a program stood before a statement: the way there, the turns of the loops around it, the names."""

    way: Way
    at: int
    turns: tuple[Turn, ...]
    names: tuple[Mapping[str, Value], ...]  # of the program, and of the function that is asked for
    given: Given
    spent: Spent

    def copied(self) -> list[dict[str, Value]] | None:
        """Return the names once more, to be changed; None where they cannot be copied."""
        return copied(self.names, self.given)


@dataclass
class Standings:
    """How one run of a program stood before each of the statements of a function ("" for the program itself)."""

    code: Code
    function: str
    first: dict[int, Standing] = field(default_factory=dict)  # by the id() of the statement
    called_at: dict[str, int] = field(default_factory=dict)  # by the function: the id() of the statement
    places: dict[int, tuple[Way, int]] = field(init=False)
    latest: int = 0  # the id() of the statement that is being run
    room: int = MOST_HELD  # bytes that further standings may take

    def __post_init__(self) -> None:
        self.function = self.function if self.function in self.code.functions else ""
        body = self.code.functions[self.function].body if self.function else self.code.body
        self.places = dict(_places(body, ()))

    def is_called(self) -> None:
        """Note nothing of a function that the program has called before it is asked for: that was another call."""
        if self.function in self.called_at:
            self.first.clear()
            self.places.clear()

    def first_of(self, function: str) -> Standing | None:
        """Return how the program stood when a function of its own was about to be called for the first time."""
        return self.first.get(self.called_at.get(function, 0))


def _places(body: Block, way: Way) -> Iterator[tuple[int, tuple[Way, int]]]:
    """Yield the statements that can be begun with; in a loop, where what it goes over stays as it is."""
    for at, statement in enumerate(body):
        yield id(statement), (way, at)
        if not _goes_over_what_changes(statement):
            for which, inner in enumerate(inner_blocks(statement)):
                yield from _places(inner, (*way, (at, which)))


def _goes_over_what_changes(statement: Statement) -> bool:
    return isinstance(statement, For) and not names_in(statement.values).isdisjoint(_changed(statement))


def _changed(statement: Statement) -> Iterator[str]:
    """Yield the names that a statement may change: those that get a value, and those in calls such as hs.append(h)."""
    yield from assigned((statement,))
    if isinstance(statement, Do):
        yield from names_in(statement.expr)
    for inner in inner_blocks(statement):
        for one in inner:
            yield from _changed(one)


def copied(frames: tuple[Mapping[str, Value], ...], given: Given) -> list[dict[str, Value]] | None:
    """Return the names of frames with values of their own, which share what they shared; None where that fails.

    What is given cannot be changed, so it is no copy.
    """
    copies = _Copies(given)
    try:
        return [{name: copies.value(value) for name, value in names.items()} for names in frames]
    except _NoCopyError:
        return None


class _NoCopyError(Exception):
    """An array lies in memory as none does that is made here."""


class _Copies:
    def __init__(self, given: Given) -> None:
        self._given = given
        self._values: dict[int, Value] = {}
        self._owners: dict[int, Array] = {}

    def value(self, value: Value) -> Value:
        known = self._values.get(id(value))
        if known is not None:
            return known
        if isinstance(value, Node):
            copy: Value = Node("", value.op, (), value.shape, None if value.value is None else self._array(value.value))
            self._values[id(value)] = copy
            return copy
        items = Table([], dict(value.places)) if isinstance(value, Table) else List([])
        self._values[id(value)] = items
        items.items = [self.value(item) for item in value.items]
        return items

    def _array(self, array: Array) -> Array:
        owner = owner_of(array)
        if id(owner) in self._given:
            return array
        own = self._owners.get(id(owner))
        if own is None:
            own = self._owners[id(owner)] = owner.copy(order="K")
            own.flags.writeable = False
        if array is owner:
            return own
        if own.strides != owner.strides:
            raise _NoCopyError
        offset = _address(array) - _address(owner)
        return np.ndarray(array.shape, array.dtype, own, offset, array.strides)


def _address(array: Array) -> int:
    address: int = array.__array_interface__["data"][0]
    return address
