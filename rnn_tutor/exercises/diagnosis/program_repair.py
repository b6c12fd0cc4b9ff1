"""Which line of a wrong program is at fault: the one that a small change of makes it right, with other numbers too.

Nothing is named that was not run: an edit counts if the program that it gives is right on every draw. How many are
tried depends on the steps that they take and never on a clock, so that the same program is told the same everywhere.
Where a value is known to go wrong first, its line comes first, and a run ends where that value is still wrong.
"""

from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from typing import Protocol

import numpy as np

from rnn_tutor.engine.expression import Call, Name
from rnn_tutor.engine.functions import Array
from rnn_tutor.engine.programs.edits import FORMULA, Edit, EditsOf, Scope
from rnn_tutor.engine.programs.edits.tree import line_of, own_writes, spots
from rnn_tutor.engine.programs.interpreter import Meter, Outcome
from rnn_tutor.engine.programs.standing import Standing, Standings
from rnn_tutor.engine.programs.statements import Code, For
from rnn_tutor.engine.programs.watch import Event
from rnn_tutor.engine.shapes import Shape
from rnn_tutor.exercises.diagnosis.program_difference import Compared, Departure, alike, at_of
from rnn_tutor.exercises.question import Part, Question

MOST_STEPS = 3_000  # of all the programs that are tried with the numbers at hand, from where they are other ones
MOST_STEPS_RUNNING = 2_000  # ... of those in how it runs, which come first
MOST_STEPS_UNENDED = 5_500  # ... where no value is known that ends a run
MOST_WORK = 3_000_000  # element operations of these
LONGEST = 5_500  # steps of a program of which others are tried
MOST_TRIED = 400
MORE = 3  # times as much as the learner's program may one take that is tried

Accepts = Callable[[Event], bool]


class Bench(Protocol):
    """What is needed to try a program with the numbers of a question."""

    def run(  # noqa: PLR0917 - a program, and how it is run
        self,
        draw: Question,
        code: Code,
        accepts: Accepts | None,
        most: Meter,
        meter: Meter,
        begin: Standing | None = None,
    ) -> Array | None:
        """Return what a program gives; None where it stops with an error, or where `accepts` ends it.

        `begin` tells where it goes on, None for from the beginning.
        """

    def is_right(self, draw: Question, value: Array) -> bool: ...


class Candidates:
    """The edits of a program, made once, and what those gave that have been run to their end.

    A program is looked at more than once: with what is known of its lines, and without. What it does before its first
    statement that is changed is not done again: `standings` are of a run of it, and `events` what was seen of that.
    """

    def __init__(
        self, code: Code, scope: Scope, standings: Standings | None = None, events: Sequence[Event] = ()
    ) -> None:
        self.code = code
        self.edits = EditsOf(code, scope)
        self._standings = standings
        self._events = events
        self._gave: dict[int, tuple[Edit, Array | None, Meter]] = {}  # by identity; each holds its edit

    def seen_by(self, first: Departure | None, events: Sequence[Event]) -> int | None:
        """Return how many values had been seen in the noted run before the first that is wrong; None for none.

        events: of a run in which fewer names were watched, that one among them.
        """
        names = {event.name for event in events}
        watched = [at for at, event in enumerate(self._events) if event.name in names]
        return watched[first.order] if first is not None and first.order < len(watched) else None

    def run(  # noqa: PLR0917 - the edit, and how it is run
        self,
        edit: Edit,
        bench: Bench,
        draw: Question,
        accepts: Accepts | None,
        most: Meter,
        meter: Meter,
        seen: int | None = None,
    ) -> Array | None:
        """Return what a program gives after an edit; None where it stops, by itself or by `accepts`.

        What was run to its end is counted as if it were run again: how many are tried does not depend on it. `seen`
        tells how many values come before the one that `accepts` refuses as long as it is what it was.
        """
        known = self._gave.get(id(edit)) if accepts is None else None
        if known is None:
            begin = None if self._standings is None else edit.begins(self._standings)
            if accepts is not None and begin is not None and seen is not None and begin.spent.seen > seen:
                return None
            refused: list[Event] = []
            used = Meter()
            noting = None if accepts is None else _noting(accepts, refused)
            value = bench.run(draw, edit.code, noting, most, used, begin)
            known = edit, value, used
            if not refused:
                self._gave[id(edit)] = known
        _, value, used = known
        meter.steps += used.steps
        meter.work += used.work
        return value


def _noting(accepts: Accepts, refused: list[Event]) -> Accepts:
    """Return what accepts the same, and notes what it refuses."""

    def is_accepted(event: Event) -> bool:
        if accepts(event):
            return True
        refused.append(event)
        return False

    return is_accepted


def repair(  # noqa: PLR0917 - the program, and what is known of where it goes wrong
    tries: Candidates,
    own: Outcome,
    draws: Sequence[Question],
    part: Part,
    bench: Bench,
    compared: Compared,
    further: list[Edit] | None = None,
    only: str = "",
    within: frozenset[int] | None = None,
    again: bool = False,
) -> Edit | None:
    """Return the edit after which a program is right on all draws; None where none is found, or several that differ.

    The program is wrong on the first draw, where `own` is what it did. An edit of how a program runs, or of one name or
    place, is told as it is found; one of a formula only where no other line can be changed as little. `further` is
    given the edits after which the value that went wrong first is right, and a later one is not: one of two, it may be.
    `only` names the one rule whose edits are tried; "" for all of them. `within` has the lines whose formulas may be
    changed: then how it runs stays as it is, unless there are none. None for all. `again` tells that all was tried
    with what is known of its values.
    """
    meter, most = Meter(), _most(own, MORE)
    end = _ends(part, compared, own.events)
    most_steps = MOST_STEPS if within is None or within else MOST_STEPS_RUNNING
    most_steps = most_steps if compared.first is not None or again else MOST_STEPS_UNENDED
    found: Edit | None = None
    candidates = _candidates(tries, own.events, compared, within)
    seen = tries.seen_by(compared.first, own.events)
    for tried, edit in enumerate(edit for edit in candidates if only in ("", edit.rule)):
        if found is not None and edit.cost > found.cost:
            return found
        if tried >= MOST_TRIED or meter.steps > most_steps or meter.work > MOST_WORK:
            return None
        if found is not None and edit.line == found.line:
            continue
        value = tries.run(
            edit, bench, draws[0], end(edit, all_right=further is None or bool(further)), most, meter, seen
        )
        if further is not None and value is not None and _only_at_the_first(edit, compared):
            further += [] if bench.is_right(draws[0], value) else [edit]
        if value is None or not bench.is_right(draws[0], value) or not _right_elsewhere(edit, own, draws, bench):
            continue
        if found is not None:
            return None
        if edit.cost < FORMULA:
            return edit
        found = edit
    return found


def _only_at_the_first(edit: Edit, compared: Compared) -> bool:
    """Tell whether an edit is of the line alone whose value went wrong first: a run that goes on has it right then."""
    return compared.first is not None and edit.touched == {compared.first.line} and not edit.reorders


def is_worth_it(own: Outcome) -> bool:
    """Tell whether a program takes so little that others can be tried, and this one with other numbers."""
    return own.steps <= LONGEST and own.work <= MOST_WORK


def _most(own: Outcome, times: int) -> Meter:
    return Meter(times * own.steps + 50, times * own.work + 10_000)


def _right_elsewhere(edit: Edit, own: Outcome, draws: Sequence[Question], bench: Bench) -> bool:
    for draw in (*draws[1:], draws[0]):
        value = bench.run(draw, edit.code, None, _most(own, MORE**2), Meter())
        if value is None or not bench.is_right(draw, value):
            return False
    return True


def _candidates(
    tries: Candidates, events: Sequence[Event], compared: Compared, within: frozenset[int] | None
) -> Iterator[Edit]:
    """Yield the edits in the order in which they are tried: how it runs first, then the suspected line, then others.

    An edit that touches only lines whose values are all right changes nothing for the better, nor does one that touches
    only lines that have not been run by the time when the first value is wrong.
    """
    first = compared.first
    everywhere = list(spots(tries.code))
    lines = frozenset(line_of(spot.statement) for spot in everywhere)
    early = lines - compared.proven
    if first is not None and _first_turn(first, events):
        function = next(spot.place.function for spot in everywhere if spot.line == first.line)
        early -= {spot.line for spot in everywhere if spot.place.function == function and spot.line > first.line}
    suspected = frozenset((first.line,)) if first is not None else early - compared.settled
    for edit in () if within else tries.edits.of_running():
        if edit.touched & (early - compared.settled if edit.reorders else early):
            yield edit
    there = early | suspected
    yield from tries.edits.of_lines(there if within is None else there & within, suspected)


def _first_turn(first: Departure, events: Sequence[Event]) -> bool:
    """Tell whether the first wrong value is the first that its line gives."""
    return all(event.line != first.line for event in events[: first.order])


class _End(Protocol):
    def __call__(self, edit: Edit, *, all_right: bool) -> Accepts | None:
        """Return what ends the run of an edit; with `all_right` also where a later value stays wrong."""


def _ends(part: Part, compared: Compared, events: Sequence[Event]) -> _End:
    """Return what ends the run of an edit: a value that is wrong where the exercise has one under that name.

    At the value that went wrong first that is what it was; and where one line was changed, what the exercise does not
    have. Elsewhere it is a place that is written once, and that stays so: of what is added up, or stands in another
    order, a value may come up on the way. Nothing ends a run where nothing is known.
    """
    first = compared.first
    if first is None:
        return lambda _edit, *, all_right: None
    wrong, truth = events[first.order], first.truth
    turns = [position for _, position in wrong.loops]
    either = {**compared.later, **compared.truths}

    def is_there(event: Event) -> bool:
        same_place = (event.line, event.name, event.index) == (wrong.line, wrong.name, wrong.index)
        return same_place and [position for _, position in event.loops] == turns

    def changed(event: Event) -> bool:
        return not (is_there(event) and np.array_equal(event.value, wrong.value, equal_nan=True))

    def right(event: Event) -> bool:
        if truth is None or not is_there(event):
            return True
        if event.value.size != truth.size:
            return False
        mine, theirs = event.value.reshape(-1), truth.reshape(-1)
        there = slice(None) if first.written is None else first.written
        return alike(part, mine[there], theirs[there])

    def end(edit: Edit, *, all_right: bool) -> Accepts | None:
        truths = either if all_right else compared.truths
        names = {name for name, _, _ in truths}
        if edit.reorders:
            names &= _written_once(edit.code)
        of_first: Accepts = (lambda _event: True) if edit.reorders else right if len(edit.touched) == 1 else changed

        def accepts(event: Event) -> bool:
            if event.name in names:
                there = truths.get(at_of(event))
                if there is not None and there.size == event.value.size and not alike(part, event.value, there):
                    return False
            return of_first(event)

        return accepts

    return end


def _written_once(code: Code) -> frozenset[str]:
    """Return the names of a program that one statement of it gives values to, and no other."""
    count = Counter(name for spot in spots(code) for name in own_writes(spot.statement))
    return frozenset(name for name, times in count.items() if times == 1)


def shapes_of(code: Code, events: Iterable[Event], given: dict[str, Shape]) -> dict[str, Shape]:
    """Return the shape of each name of a program that has an array, as it was when it was first given a value."""
    shapes = dict(given)
    for event in events:
        if event.index is None:
            shapes.setdefault(event.name, event.value.shape)
    for spot in spots(code):
        statement = spot.statement
        if isinstance(statement, For) and isinstance(statement.target, Name):
            values = statement.values
            while isinstance(values, Call) and values.function == "reversed()" and values.args:
                values = values.args[0]
            if isinstance(values, Call) and values.function == "range()":
                shapes.setdefault(statement.target.id, ())
    return shapes
