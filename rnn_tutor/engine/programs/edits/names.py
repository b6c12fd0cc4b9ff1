"""Names: another one in its place, one that is never read, a start that is read instead of the value carried on."""

from collections.abc import Iterator
from itertools import combinations, permutations

from rnn_tutor.engine.expression import Array, Call, Expr, Index, Name, Number, names_in
from rnn_tutor.engine.mutate.mutation import op
from rnn_tutor.engine.programs.edits.edit import PLACE, STRUCTURE, Edits, Scope, belongs, brief, made
from rnn_tutor.engine.programs.edits.tree import (
    Changed,
    Spot,
    body_of,
    carried,
    exchanged_in,
    line_of,
    own_reads,
    params_of,
    parts,
    put,
    read,
    slots,
    value_parts,
    values_read,
    with_slot,
    written,
    written_outside,
)
from rnn_tutor.engine.programs.statements import Assign, For

MOST_UNPACKED = 4
MOST_UNREAD = 3


def in_scope(spot: Spot) -> list[str]:
    """Return the names that may be read at a place: arguments, and what the function or the program writes."""
    body = body_of(spot)
    names = {*params_of(spot), *written(body)} | (set() if spot.place.function else read(body))
    return sorted(names)


def not_carried(spot: Spot, scope: Scope) -> Edits:
    """Something that is the same in each turn of the loop is read instead of the value of the turn before."""
    if not spot.loops:
        return
    loop = spot.loops[-1]
    before = carried(loop)
    for slot in slots(spot.statement):
        for way, part in () if slot.target else value_parts(slot.expr):
            if isinstance(part, Number) or names_in(part) & spot.changing:
                continue
            for name in sorted(spot.changing - set(spot.counters)):
                if isinstance(part, Name) and (part.id in scope.unknown or not scope.alike(part.id, name)):
                    continue
                changed = with_slot(spot.statement, slot.number, put(slot.expr, way, Name(name)))
                if name in before or name in own_reads(spot.statement) or name in written(spot.place.block[: spot.at]):
                    clause, cost = belongs(part, Name(name)), PLACE
                else:
                    clause, cost = f" always starts from {brief(part)}: {name} is not carried on", STRUCTURE
                yield made("not_carried", spot, clause, spot.instead(changed), cost)


def other_name(spot: Spot, scope: Scope) -> Edits:
    """One name is used instead of another of the same shape."""
    names = in_scope(spot)
    for slot in slots(spot.statement):
        for way, part in () if slot.target else parts(slot.expr):
            if not isinstance(part, Name):
                continue
            for name in names:
                if name != part.id and scope.alike(name, part.id):
                    changed = with_slot(spot.statement, slot.number, put(slot.expr, way, Name(name)))
                    yield made("other_name", spot, belongs(part, Name(name)), spot.instead(changed), PLACE)


def element(spot: Spot, scope: Scope) -> Edits:
    """A name is used instead of this turn's element of an array."""
    names = [name for name in in_scope(spot) if scope.shapes.get(name)]
    for slot in slots(spot.statement):
        for way, part in () if slot.target else _alone(slot.expr):
            for name in names if part.id in scope.shapes else ():
                own = name == part.id and name in scope.unknown  # x, where shapes do not fit and x[t] does
                if own or scope.shapes[name][1:] == scope.shapes[part.id]:
                    for counter in spot.counters:
                        right = Index(Name(name), (Name(counter),))
                        changed = with_slot(spot.statement, slot.number, put(slot.expr, way, right))
                        yield made("element", spot, belongs(part, right), spot.instead(changed), PLACE)


def _alone(expr: Expr) -> Iterator[tuple[tuple[int, ...], Name]]:
    """Yield the names that are calculated with, or that a range counts to; none of those in an index."""
    inside = parts(expr) if isinstance(expr, Call) and expr.function == "range()" else value_parts(expr)
    for way, part in inside:
        if isinstance(part, Name):
            yield way, part


def exchanged_names(spot: Spot, scope: Scope) -> Edits:
    """Two names of one shape change places in a line."""
    names = sorted(own_reads(spot.statement))
    for first, second in combinations(names, 2):
        if scope.alike(first, second):
            pairs: dict[Expr, Expr] = {Name(first): Name(second), Name(second): Name(first)}
            changed = exchanged_in(spot.statement, pairs, targets=False)
            clause = f" exchanges {first} and {second}"
            yield made("exchanged_names", spot, clause, spot.instead(changed), PLACE)


def unpacked(spot: Spot, scope: Scope) -> Edits:
    """Several names are given the parts of a value in another order."""
    statement = spot.statement
    if not isinstance(statement, Assign | For):
        return
    for slot in slots(statement):
        if not slot.target or not isinstance(slot.expr, Array) or not 2 <= len(slot.expr.items) <= MOST_UNPACKED:
            continue
        items = slot.expr.items
        for order in permutations(items):
            if order != items:
                shown = ", ".join(brief(item) for item in items)
                clause = f" unpacks the parts in the wrong order: {shown}"
                changed = with_slot(statement, slot.number, Array(order))
                yield made("unpacked", spot, clause, spot.instead(changed), STRUCTURE)


def exchanged_targets(spot: Spot, scope: Scope) -> Edits:
    """Two lines give their values to each other's name."""
    block, at = spot.place.block, spot.at
    mine = _target(block[at])
    for other in range(at + 1, len(block)):
        theirs = _target(block[other])
        if mine is None or theirs is None or not scope.alike(mine.id, theirs.id):
            continue
        first, second = with_slot(block[at], 0, theirs), with_slot(block[other], 0, mine)
        new = (*block[:at], first, *block[at + 1 : other], second, *block[other + 1 :])
        clause = f" gives {mine.id} what {theirs.id} should have; line {line_of(block[other])} does the reverse"
        touched = frozenset((spot.line, line_of(block[other])))
        yield made("exchanged_targets", spot, clause, Changed(spot.place, new), STRUCTURE, touched)


def _target(statement: object) -> Name | None:
    match statement:
        case Assign(targets=(Name() as target,)):
            return target
        case _:
            return None


def start(spot: Spot, scope: Scope) -> Edits:
    """What a loop carries on starts from another value than it should."""
    statement, target = spot.statement, _target(spot.statement)
    if target is None or not isinstance(statement, Assign):
        return
    later = spot.place.block[spot.at + 1 :]
    if not any(isinstance(loop, For) and target.id in carried(loop) for loop in later):
        return
    unread = [name for name in params_of(spot) if name not in values_read(body_of(spot))]
    for name in [*unread, *(name for name in params_of(spot) if scope.alike(name, target.id) and name not in unread)]:
        never = f", and {name} is never read" if name in unread else f", not from {name}"
        clause = f": {target.id} starts from {brief(statement.value)}{never}"
        code = spot.instead(Assign(statement.line, statement.targets, Name(name)))
        yield made("start", spot, clause, code, STRUCTURE, frozenset((spot.line, *_lines(later))))
    for value in (0.0, 1.0):
        right = Number(value, f"{int(value)}")
        if statement.value != right:
            clause = f": {target.id} starts from {brief(statement.value)}, not from {right.text}"
            filled: Expr = Call("zeros_like" if value == 0 else "ones_like", (statement.value,))
            code = spot.instead(Assign(statement.line, statement.targets, filled))
            yield made("start", spot, clause, code, PLACE, frozenset((spot.line, *_lines(later))))


def _lines(block: "tuple[object, ...]") -> Iterator[int]:
    for statement in block:
        if isinstance(statement, For):
            yield from (line_of(inner) for inner in statement.body)


def never_read(spot: Spot, scope: Scope) -> Edits:
    """A name that no line reads is missing here: as a term, a factor, a divisor."""
    names = _unread(spot)
    for name in names:
        for slot in slots(spot.statement):
            for way, part in () if slot.target else value_parts(slot.expr):
                if isinstance(part, Array):
                    continue
                for function, word, args in _joined(part, Name(name)):
                    changed = put(slot.expr, way, op(function, *args))
                    code = spot.instead(with_slot(spot.statement, slot.number, changed))
                    clause = f": the {word} {name} is missing"
                    if name in _dropped(spot):
                        clause = f" does not read {name}, so {name} is not carried on"
                    yield made("never_read", spot, clause, code, PLACE)


def products_missing(spot: Spot, scope: Scope) -> Edits:
    """A term is missing: the product of two names that no line reads."""
    for first, second in combinations(_unread(spot)[:MOST_UNREAD], 2):
        a, b = Name(first), Name(second)
        products = [Call("multiply", (a, b)), *(Call("matmul", pair) for pair in ((a, b), (b, a), *_turned(a, b)))]
        for slot in slots(spot.statement):
            for way, part in () if slot.target else value_parts(slot.expr):
                if isinstance(part, Array):
                    continue
                for product in products:
                    changed = put(slot.expr, way, op("add", part, product))
                    code = spot.instead(with_slot(spot.statement, slot.number, changed))
                    clause = f": the term with {first} and {second} is missing"
                    if kept := sorted({first, second} & _dropped(spot)):
                        clause += f", so {kept[0]} is not carried on"
                    yield made("never_read", spot, clause, code, PLACE)


def _turned(a: Name, b: Name) -> Iterator[tuple[Expr, Expr]]:
    for first, second in ((a, b), (b, a)):
        yield first, Call("transpose", (second,), style="attribute")
        yield Call("transpose", (first,), style="attribute"), second


def _unread(spot: Spot) -> list[str]:
    """Return the arguments that the function never calculates with, and what should be carried on and is not."""
    return sorted((set(params_of(spot)) - values_read(body_of(spot))) | _dropped(spot))


def _dropped(spot: Spot) -> frozenset[str]:
    """Return the names that start before the loop and are given new values in it, of which none reads the last one."""
    if not spot.loops:
        return frozenset()
    loop = spot.loops[-1]
    return (written(list(loop.body)) & written_outside(body_of(spot), loop)) - carried(loop)


def _joined(part: Expr, name: Name) -> Iterator[tuple[str, str, tuple[Expr, Expr]]]:
    yield "add", "term", (part, name)
    yield "multiply", "factor", (name, part)
    yield "matmul", "product with", (name, part)
    yield "matmul", "product with", (part, name)
    yield "divide", "division by", (part, name)
    yield "subtract", "term", (part, name)
