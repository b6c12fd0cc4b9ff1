"""Which end of a list: the newest entry for the oldest, the first ones for the last ones, in front for behind."""

from collections.abc import Iterator
from dataclasses import replace
from typing import TypeAlias

from rnn_tutor.engine.expression import Call, Expr, Index, Name, Number, Slice, children
from rnn_tutor.engine.mutate.mutation import op
from rnn_tutor.engine.programs.edits.edit import STRUCTURE, Edits, Scope, brief, made
from rnn_tutor.engine.programs.edits.loops import ZERO, may_be_below_0
from rnn_tutor.engine.programs.edits.tree import (
    Changed,
    Spot,
    body_of,
    carried,
    every,
    line_of,
    parts,
    put,
    slots,
    with_slot,
)
from rnn_tutor.engine.programs.statements import For, Statement, While

_Others: TypeAlias = Iterator[tuple[str, Statement, str]]  # the kind, the statement from the other end, what is wrong


def other_end(spot: Spot, scope: Scope) -> Edits:
    """A list is shortened, or read, at its other end: by this line, or by all of its block that do the same."""
    return _of_kinds(spot, ("shortened", "taken", "dropped"))


def other_side(spot: Spot, scope: Scope) -> Edits:
    """A list grows at its other end."""
    return _of_kinds(spot, ("put",))


def _of_kinds(spot: Spot, kinds: tuple[str, ...]) -> Edits:
    block, growing = spot.place.block, _growing(spot)
    for kind, changed, clause in _others(spot.statement, growing):
        if kind not in kinds:
            continue
        yield made("other_end", spot, clause, spot.instead(changed), STRUCTURE)
        there = [(at, *one) for at, other in enumerate(block) for one in _others(other, growing)]
        before = any(kind == one and at < spot.at for at, one, _, _ in there)
        alike = {at: other for at, one, other, _ in there if one == kind and at > spot.at}
        if alike and not before:
            alike[spot.at] = changed
            new = tuple(alike.get(at, statement) for at, statement in enumerate(block))
            lines = [line_of(block[at]) for at in sorted(alike)]
            edit = made("other_end", spot, clause, Changed(spot.place, new), STRUCTURE, frozenset(lines))
            further = " and ".join(str(line) for line in lines[1:])
            holds = f"The same holds for {'line' if len(lines) == 2 else 'lines'} {further}."
            yield replace(edit, says=f"{edit.says} {holds}")


def _growing(spot: Spot) -> frozenset[str]:
    """Return the names that loops carry on: the lists that grow and shrink are among them."""
    loops = [one for one in every(body_of(spot)) if isinstance(one, For | While)]
    return frozenset(name for loop in loops for name in carried(loop))


def _others(statement: Statement, growing: frozenset[str]) -> _Others:
    for slot in slots(statement):
        for way, part in () if slot.target else parts(slot.expr):
            base = children(part)[0] if isinstance(part, Index | Call) and children(part) else None
            if not isinstance(base, Name) or base.id not in growing:
                continue
            for kind, right, clause in _of_part(part):
                yield kind, with_slot(statement, slot.number, put(slot.expr, way, right)), clause


def _of_part(part: Expr) -> Iterator[tuple[str, Expr, str]]:
    match part:
        case Index(base=base, items=(Slice(start=None, stop=Call(function="negative", args=(count,)), step=None),)):
            yield "shortened", Index(base, (Slice(count),)), _leaves_out(base, count, "last", "first")
        case Index(base=base, items=(Slice(start=None, stop=stop, step=None),)) if stop is not None:
            clause = f": {brief(part)} takes the first entries of {brief(base)}; the last ones are needed"
            yield "taken", Index(base, (Slice(op("negative", stop)),)), clause
        case Index(base=base, items=(Slice(start=Call(function="negative", args=(count,)), stop=None, step=None),)):
            clause = f": {brief(part)} takes the last entries of {brief(base)}; the first ones are needed"
            yield "taken", Index(base, (Slice(None, count),)), clause
        case Index(base=base, items=(Slice(start=count, stop=None, step=None),)) if count is not None:
            yield (
                "shortened",
                Index(base, (Slice(None, op("negative", count)),)),
                _leaves_out(base, count, "first", "last"),
            )
        case Call(function=".pop", args=(base,)):
            yield "dropped", replace(part, args=(base, ZERO)), _takes_off(base, "last", "first")
        case Call(function=".pop", args=(base, at)) if at == ZERO:
            yield "dropped", replace(part, args=(base,)), _takes_off(base, "first", "last")
        case Call(function=".append", args=(base, item)):
            clause = f" puts {brief(item)} at the end of {brief(base)}; it belongs at the beginning"
            yield "put", Call(".insert", (base, ZERO, item)), clause
        case Call(function=".insert", args=(base, at, item)) if at == ZERO:
            clause = f" puts {brief(item)} at the beginning of {brief(base)}; it belongs at the end"
            yield "put", Call(".append", (base, item)), clause


def _leaves_out(base: Expr, count: Expr, word: str, other: str) -> str:
    one = count == Number(1.0, "1")
    entries = "entry" if one else f"{brief(count)} entries"
    which = f"the {word} {entries} of {brief(base)}"
    return f" leaves out {which}; it should leave out the {other} {'one' if one else 'ones'}"


def _takes_off(base: Expr, word: str, other: str) -> str:
    return f" takes off the {word} entry of {brief(base)}; it should take off the {other} one"


def from_the_end(spot: Spot, scope: Scope) -> Edits:
    """A slice begins below 0 in the first turns, where Python counts from the end."""
    for slot in slots(spot.statement):
        for way, part in () if slot.target else parts(slot.expr):
            if not isinstance(part, Index):
                continue
            for at, item in enumerate(part.items):
                if not isinstance(item, Slice) or item.start is None or not may_be_below_0(item.start):
                    continue
                right = replace(item, start=Call("maximum", (ZERO, item.start)))
                whole = replace(part, items=(*part.items[:at], right, *part.items[at + 1 :]))
                changed = with_slot(spot.statement, slot.number, put(slot.expr, way, whole))
                clause = f": {brief(part)} starts below 0 at first, and such places count from the end"
                yield made("reach", spot, clause, spot.instead(changed), STRUCTURE)
