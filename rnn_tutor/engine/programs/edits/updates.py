"""What is missing in a loop: a change from turn to turn, a count that starts anew, the sum of what comes up twice."""

from collections.abc import Iterator
from dataclasses import replace

from rnn_tutor.engine.expression import Array, Call, Expr, Index, Name, Number
from rnn_tutor.engine.mutate.mutation import op
from rnn_tutor.engine.programs.edits.edit import STRUCTURE, Edits, Scope, brief, made
from rnn_tutor.engine.programs.edits.tree import (
    Spot,
    body_of,
    carried,
    every,
    line_of,
    lines_in,
    own_reads,
    params_of,
    read,
    stale,
    values_read,
    with_inner,
    written,
)
from rnn_tutor.engine.programs.statements import Assign, Augment, For, If, Statement, While, inner_blocks
from rnn_tutor.engine.shapes import Shape

ONE, TWO = Number(1.0, "1"), Number(2.0, "2")
MOST_NAMES = 3


def never_changed(spot: Spot, scope: Scope) -> Edits:
    """A number is the same in each turn of a loop, and should be counted on, doubled, or multiplied by something."""
    loop = spot.statement
    if isinstance(loop, For | While):
        yield from _no_line_changes(spot, loop, scope)
    yield from _set_again(spot, scope)


def _no_line_changes(spot: Spot, loop: For | While, scope: Scope) -> Edits:
    block = spot.place.block
    inside = written([loop])
    outside = written(list(block[: spot.at])) - inside
    unread = _unread(spot, scope)
    readers = read(list(loop.body)) | read(list(block[spot.at + 1 :]))
    bounds = read_by_range(loop)
    numbers = [name for name in (*sorted(outside), *params_of(spot)) if name in readers - inside - bounds]
    numbers = [name for name in dict.fromkeys(numbers) if scope.shapes.get(name) == ()]
    for name in numbers[:MOST_NAMES]:
        for value in _next_values(name, unread, plain=name in outside):
            update = Assign(loop.line, (Name(name),), value)
            changed = spot.instead(with_inner(loop, 0, (*loop.body, update)))
            clause = f": {name} stays the same in each turn of this loop; it should change from turn to turn"
            if unread and value not in _counted(name):
                clause += f", and {unread[0]} is never read"
            edit = made("never_changed", spot, clause, changed, STRUCTURE, lines_in(loop))
            yield replace(edit, reorders=True)


def read_by_range(loop: For | While) -> frozenset[str]:
    """Return what a for loop counts up to: that is a size, and no turn changes it."""
    return own_reads(loop) if isinstance(loop, For) else frozenset()


def not_set_back(spot: Spot, scope: Scope) -> Edits:
    """What one branch counts starts anew in another one, and is not set back there."""
    choice = spot.statement
    if not isinstance(choice, If) or not spot.loops:
        return
    blocks = inner_blocks(choice)
    counted = [name for block in blocks for one in block if (name := _counts(one))]
    starts = {name: value for one in body_of(spot) for name, value in _starts(one)}
    for name in [name for name in dict.fromkeys(counted) if name in starts][:MOST_NAMES]:
        for which, block in enumerate(blocks):
            if name in written(list(block)):
                continue
            back = Assign(choice.line, (Name(name),), starts[name])
            line = choice.branches[which][0] if which < len(choice.branches) else choice.line
            number = line.number_at(len(line.text) - len(line.text.lstrip()))
            where = "here" if which < len(choice.branches) else "where none of its conditions holds"
            says = f"Line {number}: {where}, {name} should be set back to {starts[name].text}."
            code = spot.instead(with_inner(choice, which, (*block, back)))
            edit = made("not_set_back", spot, "", code, STRUCTURE, lines_in(spot.loops[-1]))
            yield replace(edit, line=number, says=says, reorders=True)


def _counts(statement: Statement) -> str:
    """Return the name to which a statement adds a number, "" for none."""
    match statement:
        case Augment(target=Name(id=name), function="add", value=Number()):
            return name
        case Assign(targets=(Name(id=name),), value=Call(function="add", args=(Name(id=of), Number()))) if name == of:
            return name
        case _:
            return ""


def _starts(statement: Statement) -> Iterator[tuple[str, Number]]:
    """Yield what a statement gives a number: the names, and the numbers."""
    match statement:
        case Assign(targets=(Name(id=name),), value=Number() as value):
            yield name, value
        case Assign(targets=(Array(items=names),), value=Array(items=values)):
            for one, number in zip(names, values, strict=False):
                if isinstance(one, Name) and isinstance(number, Number):
                    yield one.id, number
        case _:
            return


def overwritten(spot: Spot, scope: Scope) -> Edits:
    """A place of an array that comes up in several turns is given the last value, not the sum of all."""
    match spot.statement:
        case Assign(targets=(Index(base=Name(id=name), items=items) as place,), value=value) if spot.loops:
            pass
        case _:
            return
    counter = Name(spot.counters[0]) if spot.counters else None
    if (len(items) == 1 and items[0] == counter) or name in values_read(spot.loops[-1].body):
        return
    clause = f" overwrites {brief(place)}; it should add to it"
    added = replace(spot.statement, value=op("add", place, value))
    yield made("overwritten", spot, clause, spot.instead(added), STRUCTURE)


def _set_again(spot: Spot, scope: Scope) -> Edits:
    """A name is given the same number in each turn that it has before the loop."""
    statement = spot.statement
    match statement:
        case Assign(targets=(Name(id=name),), value=Number() as value) if spot.loops and name in carried(
            spot.loops[-1]
        ):
            pass
        case _:
            return
    around = [one for one in body_of(spot) if isinstance(one, Assign) and one.targets == statement.targets]
    if not any(one.value == value for one in around):
        return
    for changed in _next_values(name, _unread(spot, scope), plain=True):
        clause = f" gives {name} the same value in each turn, {value.text}; it should change from turn to turn"
        code = spot.instead(replace(statement, value=changed))
        edit = made("never_changed", spot, clause, code, STRUCTURE, lines_in(spot.loops[-1]))
        yield replace(edit, reorders=True)


def _counted(name: str) -> list[Expr]:
    number = Name(name)
    return [
        op("multiply", number, TWO),
        op("add", number, ONE),
        op("subtract", number, ONE),
        op("divide", number, TWO),
    ]


def _next_values(name: str, unread: list[str], *, plain: bool) -> Iterator[Expr]:
    for other in unread:
        for function in ("multiply", "add", "subtract", "divide"):
            yield op(function, Name(name), Name(other))
    if plain:
        yield from _counted(name)


def _unread(spot: Spot, scope: Scope) -> list[str]:
    """Return the numbers among the arguments that the function never reads, not even for a range."""
    unread = set(params_of(spot)) - read(list(body_of(spot))) - _read_at_all(spot)
    return sorted(name for name in unread if scope.shapes.get(name) == ())[:MOST_NAMES]


def _read_at_all(spot: Spot) -> frozenset[str]:
    """Return what the functions inside this one read: they see its names."""
    inside = [one for one in spot.code.functions.values() if one.within == spot.place.function]
    return frozenset(name for one in inside for name in read(one.body))


def never_given(spot: Spot, scope: Scope) -> Edits:
    """What a loop reads is never given what it computes together with an argument that no line reads."""
    loop = spot.statement
    if not isinstance(loop, For | While):
        return
    elements = list(_unread_elements(spot, loop, scope))
    own = [_target(one) for one in loop.body if isinstance(one, Assign)]
    for name in sorted(stale(spot, loop))[:MOST_NAMES]:
        line = next(line_of(one) for one in every(loop.body) if name in own_reads(one))
        others = [name, *(other for other in own if other and scope.alike(name, other))]
        for argument, element, shape in elements:
            for other in others if shape in ((), scope.shapes.get(name)) else ():
                for function in ("add", "multiply", "subtract"):
                    value = op(function, Name(other), element)
                    update = Assign(loop.line, (Name(name),), value)
                    code = spot.instead(with_inner(loop, 0, (*loop.body, update)))
                    says = f"Line {line} reads {name}, which no line of the loop changes, and {argument} is never read."
                    edit = made("not_updated", spot, "", code, STRUCTURE, lines_in(loop))
                    yield replace(edit, line=line, says=says, reorders=True)


def _unread_elements(spot: Spot, loop: For | While, scope: Scope) -> Iterator[tuple[str, Expr, Shape]]:
    """Yield this turn's elements of the arguments that the function never calculates with."""
    unread = set(params_of(spot)) - values_read(body_of(spot)) - _read_at_all(spot)
    counter = loop.target if isinstance(loop, For) and isinstance(loop.target, Name) else None
    for name in sorted(unread)[:MOST_NAMES]:
        shape = scope.shapes.get(name)
        if shape and counter is not None and scope.shapes.get(counter.id) == ():
            yield name, Index(Name(name), (counter,)), shape[1:]


def scaled_back(spot: Spot, scope: Scope) -> Edits:
    """What a loop carries on should be divided by a number of this turn before the next one, such as its norm."""
    loop = spot.statement
    if not isinstance(loop, For | While):
        return
    own = [one for one in loop.body if isinstance(one, Assign) and isinstance(one.targets[0], Name)]
    numbers = [name for one in own if scope.shapes.get(name := _target(one)) == ()]
    arrays = [name for name in sorted(carried(loop) | stale(spot, loop)) if scope.shapes.get(name)]
    for name in arrays[:MOST_NAMES]:
        changes = [one for one in own if _target(one) == name]
        others = [name] if changes else [_target(one) for one in own if scope.alike(name, _target(one))]
        for number in dict.fromkeys(numbers):
            for other in others:
                value = op("divide", Name(other), Name(number))
                update = Assign(loop.line, (Name(name),), value)
                code = spot.instead(with_inner(loop, 0, (*loop.body, update)))
                at = changes[-1] if changes else next(one for one in loop.body if name in read([one]))
                clause = f": {name} should be divided by {number} before the next turn of the loop"
                if not changes:
                    clause = f" reads {name}, which no line of the loop changes: nothing is carried on"
                edit = made("scaled_back", spot, clause, code, STRUCTURE, lines_in(loop))
                line = line_of(at)
                yield replace(edit, line=line, says=f"Line {line}{clause}.", reorders=True)


def _target(statement: Assign) -> str:
    target = statement.targets[0]
    return target.id if isinstance(target, Name) else ""
