"""Small changes of a program, one at a time: what people do when they go wrong in a program, taken back.

Each rule looks at one statement and gives the programs of which it may be a wrong version, each with a sentence on what
the statement does. Whether one of them is right, and so whether its sentence is true, only running it tells.
"""

from collections.abc import Iterable

from rnn_tutor.engine.expression import functions_in
from rnn_tutor.engine.programs.edits import accumulated, ends, formulas, loops, names, order, places, updates
from rnn_tutor.engine.programs.edits.edit import FORMULA, Edit, Edits, Rule, Scope
from rnn_tutor.engine.programs.edits.tree import line_of, slots, spots, with_names, written
from rnn_tutor.engine.programs.statements import Code

# In this order, so that of two that are as near and as right the one that says more speaks.
RUNNING: tuple[Rule, ...] = (
    order.not_updated,
    formulas.choice,
    places.wrapped,
    updates.overwritten,
    updates.not_set_back,
    loops.direction,
    order.outside,
    order.starts_inside,
    order.several_dropped,
    updates.never_changed,
    updates.scaled_back,
    updates.never_given,
    loops.reach,
    ends.from_the_end,
    ends.other_end,
    accumulated.function,
    accumulated.division,
    accumulated.product,
    loops.condition,
    formulas.condition,
    order.moved,
    loops.bounds,
    ends.other_side,
    names.start,
    order.inside,
    names.exchanged_targets,
    places.blocks,
    order.overwritten,
    order.in_place,
    order.function_kept,
)
COMPUTING: tuple[Rule, ...] = (
    names.not_carried,
    names.unpacked,
    order.dropped,
    places.index,
    places.exchanged_places,
    names.never_read,
    names.products_missing,
    formulas.never_called,
    loops.both_bounds,
    names.other_name,
    names.element,
    formulas.blend,
    names.exchanged_names,
    places.column,
    places.slices,
    formulas.formula,
    places.whole,
    places.returned,
)


class EditsOf:
    """The edits of a program: those of a statement by a rule are made when they are asked for, and once."""

    def __init__(self, code: Code, scope: Scope) -> None:
        self._spots = list(spots(code))
        self._scope = scope
        self._made: dict[tuple[Rule, int], list[Edit]] = {}

    def of_running(self) -> Edits:
        """Yield the edits of how a program runs: loops, order of its lines, starts, which line has which block."""
        return self._by(RUNNING, range(len(self._spots)))

    def of_lines(self, lines: frozenset[int], suspected: frozenset[int]) -> list[Edit]:
        """Return the edits of what single lines carry on and compute: the likelier first, then the suspected lines'."""
        there = [at for at, spot in enumerate(self._spots) if line_of(spot.statement) in lines]
        return sorted(self._by(COMPUTING, there), key=lambda edit: (edit.cost, edit.line not in suspected))

    def _by(self, rules: tuple[Rule, ...], there: Iterable[int]) -> Edits:
        for rule in rules:
            for at in there:
                if (rule, at) not in self._made:
                    self._made[rule, at] = list(rule(self._spots[at], self._scope))
                yield from self._made[rule, at]


def all_names(code: Code) -> frozenset[str]:
    """Return all names that a program gives values to."""
    return written(list(code.body)).union(*(written(list(function.body)) for function in code.functions.values()))


def all_functions(code: Code) -> frozenset[str]:
    """Return all functions that a program calls, operators among them."""
    return frozenset(name for spot in spots(code) for slot in slots(spot.statement) for name in functions_in(slot.expr))


__all__ = ["FORMULA", "Edit", "EditsOf", "Scope", "all_functions", "all_names", "with_names"]
