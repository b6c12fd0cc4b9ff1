"""Places of an array: another index, one below 0, a slice one too short, the blocks of an array in another order."""

from collections.abc import Iterator
from dataclasses import replace
from itertools import combinations

from rnn_tutor.engine.expression import Call, Expr, Index, Item, Name, NewAxis, Number, Slice
from rnn_tutor.engine.mutate.mutation import op
from rnn_tutor.engine.programs.edits.edit import FORMULA, PLACE, STRUCTURE, Edits, Scope, belongs, brief, made
from rnn_tutor.engine.programs.edits.loops import BACKWARDS, MINUS_ONE, shifted
from rnn_tutor.engine.programs.edits.tree import (
    Changed,
    Spot,
    body_of,
    exchanged,
    exchanged_in,
    line_of,
    parts,
    put,
    slots,
    with_slot,
    written,
)
from rnn_tutor.engine.programs.statements import Block, For, Return, Statement


def index(spot: Spot, scope: Scope) -> Edits:
    """Another element or time step is read or written."""
    for slot in slots(spot.statement):
        for way, part in parts(slot.expr):
            if not isinstance(part, Index):
                continue
            for position, item in enumerate(part.items):
                if isinstance(item, Slice | NewAxis):
                    continue
                for other, cost in _elsewhere(item, spot.counters):
                    right = replace(part, items=(*part.items[:position], other, *part.items[position + 1 :]))
                    one = with_slot(spot.statement, slot.number, put(slot.expr, way, right))
                    clause = belongs(part, right)
                    if _is_fixed(item) and _counts(other, spot.counters):
                        clause = f" always reads {brief(part)}, not {brief(right)}"
                    if slot.target and not way:
                        clause = f" writes into {brief(part)}, not into {brief(right)}"
                    yield made("index", spot, clause, spot.instead(one), cost)
                    every = exchanged_in(spot.statement, {part: right})
                    if every != one:
                        yield made("index", spot, clause, spot.instead(every), cost)


def wrapped(spot: Spot, scope: Scope) -> Edits:
    """The place before the first is read, which Python counts from the end; at first there should be 0."""
    firsts = set(_counted_from_0(spot))
    for slot in slots(spot.statement):
        for way, part in () if slot.target else parts(slot.expr):
            if not isinstance(part, Index):
                continue
            for item in part.items:
                match item:
                    case Call(function="subtract", args=(Name(id=counter), Number(value=back))) if counter in firsts:
                        there = op("greater_equal", Name(counter), Number(back, f"{back:g}"))
                        items = tuple(_not_below_0(one) if one is item else one for one in part.items)
                        end = "the last one" if back == 1 else "counted from the end"
                        for right, says in (
                            (Call("if", (there, part, Number(0.0, "0"))), "; there should be 0"),
                            (replace(part, items=items), "; nothing is before the first"),
                        ):
                            one = with_slot(spot.statement, slot.number, put(slot.expr, way, right))
                            clause = f": at {counter} = 0, {brief(part)} is {end}{says}"
                            yield made("wrapped", spot, clause, spot.instead(one), STRUCTURE)
                    case _:
                        continue


def _not_below_0(item: Expr) -> Expr:
    return Call("maximum", (Number(0.0, "0"), item))


def _counted_from_0(spot: Spot) -> Iterator[str]:
    """Yield the names that count from 0 in the loops around a statement, or down to it."""
    for loop in spot.loops:
        if not isinstance(loop, For) or not isinstance(loop.target, Name):
            continue
        values = loop.values
        while isinstance(values, Call) and values.function == "reversed()" and values.args:
            values = values.args[0]
        match values:
            case Call(function="range()", args=(_,) | (Number(value=0.0), _) | (_, Call(function="negative"), _)):
                yield loop.target.id
            case _:
                continue


def exchanged_places(spot: Spot, scope: Scope) -> Edits:
    """Two places are read, each where the other one belongs."""
    for slot in slots(spot.statement):
        read = [part for _, part in parts(slot.expr) if isinstance(part, Index) and len(part.items) == 1]
        places = dict.fromkeys(part.items[0] for part in read if not isinstance(part.items[0], Slice | NewAxis))
        for first, second in () if slot.target or len(read) == len(places) == 1 else combinations(places, 2):
            other = {first: second, second: first}
            pairs: dict[Expr, Expr] = {
                part: replace(part, items=(other[part.items[0]],)) for part in read if part.items[0] in other
            }
            one = with_slot(spot.statement, slot.number, exchanged(slot.expr, pairs))
            clause = f" exchanges the places {brief(first)} and {brief(second)}"
            yield made("exchanged_places", spot, clause, spot.instead(one), STRUCTURE)


def _elsewhere(item: Expr, counters: tuple[str, ...]) -> Iterator[tuple[Expr, int]]:
    if _is_fixed(item):
        yield from ((Name(counter), STRUCTURE) for counter in counters)
    elif isinstance(item, Name):
        yield from ((Name(counter), PLACE) for counter in counters if counter != item.id)
    yield from ((shifted(item, change), PLACE) for change in (1, -1))


def _is_fixed(item: object) -> bool:
    if isinstance(item, Call) and item.function == "negative":
        item = item.args[0]
    return isinstance(item, Number)


def _counts(item: Expr, counters: tuple[str, ...]) -> bool:
    return isinstance(item, Name) and item.id in counters


def whole(spot: Spot, scope: Scope) -> Edits:
    """One element is taken of what is needed as a whole, or the whole where its last or first element is."""
    for slot in slots(spot.statement):
        for way, part in () if slot.target else parts(slot.expr):
            if isinstance(part, Index):
                clause = f" uses {brief(part)}; it should use all of {brief(part.base)}"
                if any(isinstance(item, NewAxis) for item in part.items):
                    clause = f" adds an axis to {brief(part.base)}; leave it out"
                changed = with_slot(spot.statement, slot.number, put(slot.expr, way, part.base))
                cost = PLACE if isinstance(spot.statement, Return) else FORMULA
                yield made("whole", spot, clause, spot.instead(changed), cost)
        if isinstance(spot.statement, Return):
            for at, word in (
                (op("negative", Number(1.0, "1")), "last"),
                (Number(0.0, "0"), "first"),
            ):
                clause = f" gives back all of {brief(slot.expr)}, not its {word} element alone"
                one = with_slot(spot.statement, slot.number, Index(slot.expr, (at,)))
                yield made("whole", spot, clause, spot.instead(one), FORMULA)


def column(spot: Spot, scope: Scope) -> Edits:
    """A list is taken as a row of a matrix where it is a column: `alpha + A` for `alpha[:, None] + A`."""
    for slot in slots(spot.statement):
        for way, part in () if slot.target else parts(slot.expr):
            if not isinstance(part, Call) or part.function not in ("add", "subtract", "multiply", "divide"):
                continue
            for at, (one, other) in enumerate((part.args, part.args[::-1])):
                sizes = [len(scope.shapes.get(side.id, ())) if isinstance(side, Name) else 0 for side in (one, other)]
                if sizes == [1, 2]:
                    upright = Index(one, (Slice(), NewAxis()))
                    both = (upright, other) if at == 0 else (other, upright)
                    changed = with_slot(spot.statement, slot.number, put(slot.expr, way, replace(part, args=both)))
                    clause = f" uses {brief(one)} as a row; it should be a column, {brief(upright)}"
                    yield made("column", spot, clause, spot.instead(changed), PLACE)


def returned(spot: Spot, scope: Scope) -> Edits:
    """Another name is given back: the last value in place of the list of them all."""
    statement = spot.statement
    if isinstance(statement, Return) and isinstance(statement.value, Name):
        for name in sorted(written(body_of(spot)) - {statement.value.id}):
            clause = f" gives back {statement.value.id}, not {name}"
            yield made("returned", spot, clause, spot.instead(replace(statement, value=Name(name))), PLACE)


def slices(spot: Spot, scope: Scope) -> Edits:
    """A slice begins or ends at another place, or runs the other way."""
    for slot in slots(spot.statement):
        for way, part in parts(slot.expr):
            if not isinstance(part, Index):
                if not slot.target and not way and isinstance(part, Name):
                    turned: Expr = Index(part, (BACKWARDS,))
                    changed = with_slot(spot.statement, slot.number, put(slot.expr, way, turned))
                    yield made("slice", spot, f" takes {part.id} as it is, not backwards", spot.instead(changed), PLACE)
                continue
            if part.items == (BACKWARDS,):
                changed = with_slot(spot.statement, slot.number, put(slot.expr, way, part.base))
                yield made("slice", spot, f" takes {brief(part.base)} backwards", spot.instead(changed), STRUCTURE)
            for position, item in enumerate(part.items):
                for other, does in _resliced(item):
                    right = replace(part, items=(*part.items[:position], other, *part.items[position + 1 :]))
                    one = with_slot(spot.statement, slot.number, put(slot.expr, way, right))
                    clause = f": {brief(part)} {does}"
                    yield made("slice", spot, clause, spot.instead(one), PLACE)
                    every = _all_slices(spot, item, other)
                    if every != one:
                        yield made("slice", spot, f": the slice {does}", spot.instead(every), PLACE)


def _resliced(item: object) -> Iterator[tuple[Slice, str]]:
    if not isinstance(item, Slice) or item.step is not None:
        return
    start = item.start or Number(0.0, "0")
    yield replace(item, start=shifted(start, 1)), "starts one place too early"
    if item.start is not None:
        yield replace(item, start=shifted(start, -1)), "starts one place too late"
    if item.stop is None:
        yield replace(item, stop=MINUS_ONE), "goes one place too far"
        return
    yield replace(item, stop=shifted(item.stop, 1)), "stops one place too early"
    yield replace(item, stop=shifted(item.stop, -1)), "goes one place too far"
    yield replace(item, stop=None), "stops too early"


def _all_slices(spot: Spot, item: Item, other: Slice) -> Statement:
    """Return a statement in which a slice stands as another one wherever it stands."""
    statement = spot.statement
    for slot in slots(statement):
        expr = slot.expr
        for way, part in list(parts(expr)):
            if isinstance(part, Index) and item in part.items:
                items = tuple(other if one == item else one for one in part.items)
                expr = put(expr, way, replace(part, items=items))
        statement = with_slot(statement, slot.number, expr)
    return statement


def blocks(spot: Spot, scope: Scope) -> Edits:
    """Lines take the blocks of one array in another order than it holds them."""
    block = spot.place.block
    first, base = _block_of(block, spot.at)
    if first is None or any(_block_of(block, at)[1] == base for at in range(spot.at)):
        return
    takers = [(at, part) for at in range(len(block)) for part, of in [_block_of(block, at)] if of == base]
    pieces = [(at, part) for at, part in takers if part is not None]
    for group in (*combinations(pieces, 2), *combinations(pieces, 3)):
        turns = (1,) if len(group) == 2 else (1, 2)
        for turn in turns:
            new = list(block)
            for k, (at, part) in enumerate(group):
                new[at] = exchanged_in(block[at], {part: group[(k + turn) % len(group)][1]}, targets=False)
            lines = [line_of(block[at]) for at, _ in group]
            told = f"{', '.join(map(str, lines[:-1]))} and {lines[-1]}"
            says = f"Lines {told} take the blocks of {brief(base)} in the wrong order." if base else ""
            code = Changed(spot.place, tuple(new))
            here = Spot(spot.code, spot.place, group[0][0])
            yield replace(made("blocks", here, "", code, STRUCTURE, frozenset(lines)), says=says)


def _block_of(block: Block, at: int) -> tuple[Index | None, Expr | None]:
    """Return the one slice that a statement takes of a name, and the name; of those that take none or more, nothing."""
    found = [
        part
        for slot in slots(block[at])
        if not slot.target
        for _, part in parts(slot.expr)
        if isinstance(part, Index)
        and isinstance(part.base, Name | Index)
        and any(isinstance(item, Slice) and (item.start or item.stop) for item in part.items)
    ]
    return (found[0], found[0].base) if len(found) == 1 else (None, None)
