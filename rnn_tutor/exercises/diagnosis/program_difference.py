"""Where a program's values leave the worked solution: the first line, and the time step, at which a name differs.

A name of the program is compared with the step of the exercise that has the same name: as it is at the end of each turn
of a loop, as the rows that are written into an array, or as the items that are appended to a list. Only what can be
matched without doubt is compared; where a program keeps its time steps in another order, nothing is said.
"""

from collections.abc import Iterable, Mapping
from collections.abc import Sequence as Several
from dataclasses import dataclass, field, replace
from typing import TypeAlias

import numpy as np

from rnn_tutor.engine.array_types import NDArray
from rnn_tutor.engine.compare import CLOSELY, PROBE, close, same
from rnn_tutor.engine.functions import Array
from rnn_tutor.engine.graph.gradient import reachable
from rnn_tutor.engine.graph.graph import Node, Sequence, as_numbers
from rnn_tutor.engine.programs.watch import Event
from rnn_tutor.engine.remember import remembered
from rnn_tutor.engine.shapes import Shape
from rnn_tutor.exercises import words
from rnn_tutor.exercises.compiled import loop_of
from rnn_tutor.exercises.question import Part, Question

MOST_NAMED = 3
TURNS = 2  # of a loop, in which a name is seen to be used for two things


@dataclass(frozen=True)
class Departure:
    """The first value that differs: its line, what is said, the time step (None outside loops).

    `order` is the number of the event in which it was given, `truth` what the exercise has there. `written` tells which
    of its elements are the wrong ones where others were given later only; None where it was given as a whole.
    """

    line: int
    sentence: str
    step: int | None = None
    order: int = 0
    truth: Array | None = None
    written: NDArray[np.bool_] | None = None


@dataclass(frozen=True, eq=False)
class _Place:
    """A value of the program, and what the exercise has there; `order` tells when it was computed.

    `alone` tells that nothing else was computed for that place, as is on the way to a sum.
    """

    order: int
    line: int
    at: int | None
    value: Array
    truth: Array
    alone: bool = False


@remembered(64, by=lambda _question, part: (part, ()))
def watched(question: Question, part: Part) -> frozenset[str]:
    """Return the names of the steps that the answer is made from."""
    if part.node is None:
        return frozenset()
    behind = set(reachable(part.node))
    return frozenset(
        name
        for name, entry in question.graph.names.items()
        if name not in question.givens and any(node in behind for node in _nodes(entry))
    )


@dataclass(frozen=True)
class Compared:
    """What comes of comparing a program's values with the exercise's, by name.

    `proven` are the lines that gave right values only, as far as they were run before the first that differs;
    `settled` those, and all others that write only names whose values are right. `truths` has what the exercise has at
    places that are written once: those that are right, and the first that is not; `later` those that differ after it.
    """

    first: Departure | None = None
    proven: frozenset[int] = frozenset()
    settled: frozenset[int] = frozenset()
    truths: Mapping["At", Array] = field(default_factory=dict)
    later: Mapping["At", Array] = field(default_factory=dict)


At: TypeAlias = tuple[str, int | None, tuple[int, ...]]
"""Where a value is given: the name, the place in it, the positions of the loops."""


def at_of(event: Event) -> At:
    """Return where an event is; the same place may have another line in a program that was changed."""
    return event.name, event.index, tuple([position for _, position in event.loops])


def compared_by_step(question: Question, part: Part, events: Several[Event]) -> Compared:
    """Return where a program's values first differ from the exercise's, and which lines are known to be right."""
    settled: set[int] = set()
    right: list[_Place] = []
    all_wrong: list[_Place] = []
    first: tuple[_Place, str] | None = None
    by_name: dict[str, list[tuple[int, Event]]] = {}
    for order, event in enumerate(events):
        by_name.setdefault(event.name, []).append((order, event))
    for name, mine in by_name.items():
        entry = question.graph.names[name]
        of_other = [own for other, own in question.graph.names.items() if other != name and isinstance(own, Sequence)]
        others = [as_numbers(node.value) for own in of_other for node in _nodes(own) if node.value is not None]
        places = _of_loop(part, mine, entry, others) if isinstance(entry, Sequence) else _of_step(mine, entry)
        wrong = [place for place in places if not alike(part, place.value, place.truth)]
        if any(_elsewhere(part, place, places) for place in wrong):
            continue
        right += [place for place in places if place not in wrong]
        all_wrong += wrong
        if places and not wrong:
            settled |= {event.line for _, event in mine}
        worst = min(wrong, key=lambda place: place.order, default=None)
        if worst is not None and (first is None or worst.order < first[0].order):
            first = (worst, name)
    if first is None:
        proven = frozenset(place.line for place in right)
        return Compared(None, proven, proven | settled, _truths(events, right))
    place, name = first
    proven = frozenset(before.line for before in right if before.order < place.order) - {place.line}
    sentence, written = _sentence(question, part, place, name), _written(events[place.order], place)
    departure = Departure(place.line, sentence, place.at, place.order, place.truth, written)
    truths = _truths(events, [*right, place])
    return Compared(departure, proven, (proven | settled) - {place.line}, truths, _truths(events, all_wrong))


def _written(event: Event, place: _Place) -> NDArray[np.bool_] | None:
    """Return which elements of a value are wrong where others were given after them; None for given as a whole."""
    if event.value.size != place.truth.size or np.array_equal(event.value, place.value, equal_nan=True):
        return None
    return ~close(place.value.reshape(-1), place.truth.reshape(-1), CLOSELY.rtol, CLOSELY.atol)


def _truths(events: Several[Event], places: list[_Place]) -> dict[At, Array]:
    return {at_of(events[place.order]): place.truth for place in places if place.alone}


def _nodes(entry: Node | Sequence) -> list[Node]:
    if isinstance(entry, Node):
        return [entry]
    return [node for node in (*entry.steps, entry.whole) if node is not None]


def alike(part: Part, value: Array, truth: Array) -> bool:
    """Tell whether two values of equally many elements are the same by the part's tolerance."""
    return bool(close(value.reshape(-1), truth.reshape(-1), part.ask.rtol, part.ask.atol).all())


def _elsewhere(part: Part, worst: _Place, places: list[_Place]) -> bool:
    """Tell whether a value is that of another time step: then the program counts in another way."""
    return any(place.at != worst.at and alike(part, worst.value, place.truth) for place in places)


def _of_step(mine: list[tuple[int, Event]], node: Node) -> list[_Place]:
    """What a name outside loops has in the end."""
    if node.value is None:
        return []
    truth = as_numbers(node.value)
    order, last = mine[-1]
    if last.index is None:
        if not _fits(last.value, truth.shape):
            return []
        return [_Place(order, last.line, None, last.value, truth, len(mine) == 1)]
    written = {event.index: (order, event) for order, event in mine if event.index is not None}
    once = len(written) == len(mine)
    if not truth.shape or len(written) != truth.shape[0]:
        return []
    return [
        _Place(order, event.line, index, event.value, np.asarray(truth[index]), once)
        for index, (order, event) in written.items()
        if index is not None and index < truth.shape[0] and _fits(event.value, truth.shape[1:])
    ]


def _of_loop(part: Part, mine: list[tuple[int, Event]], sequence: Sequence, others: list[Array]) -> list[_Place]:
    """What a recurrent name has at each time step."""
    truths = [as_numbers(node.value) for node in sequence.steps if node is not None and node.value is not None]
    if len(truths) < len(sequence.steps):
        return []
    shape, count = truths[0].shape, len(truths)
    rows = [(order, event) for order, event in mine if event.index is not None and _fits(event.value, shape)]
    lengths = {event.length for _, event in rows}
    if rows and lengths == {count}:
        return _placed(((event.index, order, event) for order, event in rows), truths)
    if rows and lengths == {count + 1}:
        shift = 0 if _goes_back(rows) else 1
        return _placed(((_less(event.index, shift), order, event) for order, event in rows), truths)
    inside: list[tuple[int, Event]] = []
    for order, event in mine:
        if event.loops and event.whole is not None and _fits(event.whole, shape):
            inside.append((order, replace(event, value=event.whole)))
        elif event.loops and _fits(event.value, shape):
            inside.append((order, event))
        elif event.index is not None:
            return []  # something smaller was written: what the name has by then is not known
    if inside:
        return _before_it_is_carried(part, inside, truths, others) or _by_turns(inside, truths)
    order, last = mine[-1]
    if last.index is None and _fits(last.value, (count, *shape)):
        return [_Place(order, last.line, None, last.value, np.stack(truths), len(mine) == 1)]
    return []


def _less(index: int | None, shift: int) -> int | None:
    return None if index is None else index - shift


def _goes_back(rows: list[tuple[int, Event]]) -> bool:
    indexes = [event.index or 0 for _, event in rows]
    return indexes[0] > indexes[-1]


def _placed(values: "Iterable[tuple[int | None, int, Event]]", truths: list[Array]) -> list[_Place]:
    """Return the last value of each time step, where it first came up; steps beyond 0 ... T-1 are a start or an end."""
    by_step: dict[int, list[tuple[int, Event]]] = {}
    for at, order, event in values:
        if at is not None and 0 <= at < len(truths):
            by_step.setdefault(at, []).append((order, event))
    places: list[_Place] = []
    for at, events in sorted(by_step.items()):
        last = events[-1][1].value
        order, event = next(pair for pair in events if _has_all_that_is_wrong(pair[1].value, last, truths[at]))
        places.append(_Place(order, event.line, at, last, truths[at], len(events) == 1))
    return places


def _has_all_that_is_wrong(value: Array, last: Array, truth: Array) -> bool:
    """Tell whether a value has already what is wrong in the last one of a turn, or all of it where nothing is."""
    mine, theirs = value.reshape(-1), last.reshape(-1)
    if not mine.size == theirs.size == truth.size:
        return np.array_equal(value, last, equal_nan=True)
    wrong = ~close(theirs, truth.reshape(-1), CLOSELY.rtol, CLOSELY.atol)
    if not wrong.any():
        return np.array_equal(value, last, equal_nan=True)
    return np.array_equal(mine[wrong], theirs[wrong], equal_nan=True)


def _by_turns(inside: list[tuple[int, Event]], truths: list[Array]) -> list[_Place]:
    """Return the value at the end of each turn of the outermost loop that goes over the time steps."""
    for level in range(max(len(event.loops) for _, event in inside)):
        at_level = [(order, event) for order, event in inside if len(event.loops) > level]
        positions = {event.loops[level][1] for _, event in at_level}
        if len({event.loops[level][0] for _, event in at_level}) != 1 or len(positions) < len(truths) - 1:
            continue
        shift = 1 if max(positions) == len(truths) and 0 not in positions else 0
        if min(positions) < 0 or max(positions) - shift >= len(truths):
            continue
        return _placed(((event.loops[level][1] - shift, order, event) for order, event in at_level), truths)
    return []


def _before_it_is_carried(
    part: Part, inside: list[tuple[int, Event]], truths: list[Array], others: list[Array]
) -> list[_Place]:
    """Return what a name has before it gets what is handed to the next turn; [] where it is not used for both.

    `dh = dh + dh_out[t]`, and at the end of the turn `dh = w @ da[t]`: two turns in a row have the step's value, and
    each ends with something else. A line too many would spoil the next turn as well. One turn is enough where it
    ends with the value of another step.
    """
    ends = sorted(_by_turns(inside, truths), key=lambda place: place.order)
    if len(ends) < TURNS or any(alike(part, place.value, place.truth) for place in ends[:TURNS]):
        return []
    for line in dict.fromkeys(event.line for _, event in inside):
        given = sorted(
            _by_turns([pair for pair in inside if pair[1].line == line], truths), key=lambda place: place.order
        )
        turns = 1 if others and any(same(ends[0].value, other, PROBE) for other in others) else TURNS
        if len(given) == len(ends) and all(alike(part, place.value, place.truth) for place in given[:turns]):
            return [replace(place, alone=False) for place in given]
    return []


def _fits(value: Array, shape: Shape) -> bool:
    """Tell whether a value is of a shape, but for axes of length 1 (a column for a vector)."""
    return [size for size in value.shape if size != 1] == [size for size in shape if size != 1]


def _sentence(question: Question, part: Part, place: _Place, name: str) -> str:
    """Return a sentence that names line, time step and elements, and gives nothing away of the right values."""
    right = close(place.value.reshape(-1), place.truth.reshape(-1), part.ask.rtol, part.ask.atol)
    wrong = [np.unravel_index(k, place.truth.shape) for k in np.flatnonzero(~right)]
    loop = loop_of(question.compiled, name)
    when = f" at {loop.variable} = {place.at}," if loop is not None and place.at is not None else ""
    own = name if when or place.at is None else f"{name}[{place.at}]"
    if len(wrong) == right.size:
        elements = own
    elif len(wrong) > MOST_NAMED:
        elements = f"{own} ({len(wrong)} of its {right.size} elements)"
    else:
        elements = words.enumerated([words.cell_name(own, [int(k) for k in cell]) for cell in wrong])
        if len(wrong) > 1:
            return f"The first values that differ are {elements}{when or ','} on line {place.line}."
    return f"The first value that differs is {elements}{when or ','} on line {place.line}."
