"""In which order lines stand, and in which block: a value read before or after it is updated, a start inside a loop."""

from collections.abc import Iterator
from dataclasses import replace

from rnn_tutor.engine.expression import Call, Expr, Name
from rnn_tutor.engine.programs.edits.edit import PLACE, STRUCTURE, Edit, Edits, Scope, made
from rnn_tutor.engine.programs.edits.tree import (
    Changed,
    Place,
    Spot,
    body_of,
    every,
    exchanged_in,
    exchanged_within,
    line_of,
    lines_in,
    own_reads,
    own_writes,
    params_of,
    read,
    stale,
    with_inner,
    written,
    written_in_part,
)
from rnn_tutor.engine.programs.statements import Assign, Augment, Block, For, If, Return, Statement, While, inner_blocks

SEVERAL = 2
KEPT = ("tanh", "sigmoid", "relu", "exp", "log", "sqrt", "softmax", "square")


def moved(spot: Spot, scope: Scope) -> Edits:
    """A line stands before or after another one, and belongs on its other side."""
    block, at = spot.place.block, spot.at
    statement = block[at]
    for other in range(at - 1, -1, -1):
        clause = _after(statement, block[other])
        if clause:
            yield _order(spot, clause, (*block[:other], statement, *block[other:at], *block[at + 1 :]), block[other])
    for other in range(at + 2, len(block)):  # the next one is moved before this one, above
        clause = _before(statement, block[other])
        if clause:
            changed = (*block[:at], *block[at + 1 : other + 1], statement, *block[other + 1 :])
            yield _order(spot, clause, changed, block[other])


def _order(spot: Spot, says: str, block: Block, other: Statement) -> Edit:
    touched = lines_in(spot.statement) | lines_in(other)
    edit = made("line_order", spot, "", Changed(spot.place, block), STRUCTURE, touched)
    return replace(edit, says=says, line=int(says.split()[1]), reorders=True)


def _after(statement: Statement, other: Statement) -> str:
    """Say what is wrong if a statement belongs before another one that it stands after; "" where it changes nothing."""
    here, there = line_of(statement), line_of(other)
    if names := written([statement]) & read([other]) - own_local(other):
        return f"Line {there} reads {_first(names)} before line {here} gives it its new value."
    if names := read([statement]) & written([other]):
        return f"Line {here} reads {_first(names)} after line {there} has changed it."
    if names := written([statement]) & written([other]):
        return f"Line {here} should come before line {there}: both change {_first(names)}."
    return ""


def _before(statement: Statement, other: Statement) -> str:
    here, there = line_of(statement), line_of(other)
    if names := read([statement]) & written([other]):
        return f"Line {here} reads {_first(names)} before line {there} gives it its new value."
    if names := written([statement]) & read([other]):
        return f"Line {there} reads {_first(names)} after line {here} has changed it."
    if names := written([statement]) & written([other]):
        return f"Line {here} should come after line {there}: both change {_first(names)}."
    return ""


def own_local(statement: Statement) -> frozenset[str]:
    """Return the names that a loop gives its own values: they are none of what stands around it."""
    return own_writes(statement) if isinstance(statement, For) else frozenset()


def _first(names: frozenset[str]) -> str:
    return min(names)


def overwritten(spot: Spot, scope: Scope) -> Edits:
    """A line reads a value after it is updated, where the old one is needed."""
    block, at = spot.place.block, spot.at
    for name in sorted(own_writes(spot.statement)):
        old = Name(f"{name}__old")
        keep = Assign(spot.statement.line, (old,), Call(".copy", (Name(name),)))
        for later in range(at + 1, len(block)):
            reader = block[later]
            if name not in own_reads(reader) or inner_blocks(reader):
                continue
            changed = exchanged_in(reader, {Name(name): old}, targets=False)
            if changed == reader:
                continue
            new = (*block[:at], keep, *block[at:later], changed, *block[later + 1 :])
            clause = f" reads {name} after line {spot.line} has changed it: the old value is needed"
            touched = frozenset((spot.line, line_of(reader)))
            code = Changed(spot.place, new)
            yield replace(
                made("old_value", Spot(spot.code, spot.place, later), clause, code, STRUCTURE, touched), reorders=True
            )


def in_place(spot: Spot, scope: Scope) -> Edits:
    """A loop changes places of an array that later turns still read, where the old values are needed."""
    loop = spot.statement
    if not isinstance(loop, For | While):
        return
    names = sorted(written_in_part(loop.body) & read(list(loop.body)))
    for some in (names, *([[name] for name in names] if len(names) > 1 else [])):
        old: dict[Expr, Expr] = {Name(name): Name(f"{name}__old") for name in some}
        body = exchanged_within(loop.body, old)
        if not some or body == loop.body:
            continue
        keep = [Assign(loop.line, (to,), Call(".copy", (name,))) for name, to in old.items()]
        block = (*spot.place.block[: spot.at], *keep, with_inner(loop, 0, body), *spot.place.block[spot.at + 1 :])
        told = words_joined(some)
        clause = f": the loop overwrites elements of {told} that its later turns still read; they need the old values"
        code = Changed(spot.place, block)
        yield replace(made("in_place", spot, clause, code, STRUCTURE, lines_in(loop)), reorders=True)


def function_kept(spot: Spot, scope: Scope) -> Edits:
    """A name is given the value after a function that belongs only where the name is read."""
    block, at = spot.place.block, spot.at
    match spot.statement:
        case Assign(targets=(Name() as name,), value=Call(function=function, args=(inner,))) if function in KEPT:
            bare = replace(spot.statement, value=inner)
        case _:
            return
    for later in range(at + 1, len(block)):
        reader = exchanged_in(block[later], {name: Call(function, (name,))}, targets=False)
        if reader != block[later]:
            new = (*block[:at], bare, *block[at + 1 : later], reader, *block[later + 1 :])
            clause = f" keeps {name.id} after the {function}; only line {line_of(reader)} should apply it"
            touched = frozenset((spot.line, line_of(reader)))
            yield replace(
                made("function_kept", spot, clause, Changed(spot.place, new), STRUCTURE, touched), reorders=True
            )


def dropped(spot: Spot, scope: Scope) -> Edits:
    """A line changes what is right already: what an argument or another line has given."""
    block, at = spot.place.block, spot.at
    names = own_writes(spot.statement)
    if isinstance(spot.statement, Assign | Augment) and names and len(block) > 1 and _is_given_before(spot, names):
        new = (*block[:at], *block[at + 1 :])
        clause = f" changes {', '.join(sorted(names))}, and should not"
        yield replace(made("dropped", spot, clause, Changed(spot.place, new), PLACE), reorders=True)


def _is_given_before(spot: Spot, names: frozenset[str]) -> bool:
    """Tell whether a function has names without one of its lines: a given that it happens to see is no argument."""
    if not spot.place.function:
        return True
    others = {name for one in every(body_of(spot)) if one is not spot.statement for name in own_writes(one)}
    return names <= others | set(params_of(spot)) or bool(spot.code.functions[spot.place.function].within)


def several_dropped(spot: Spot, scope: Scope) -> Edits:
    """Lines that follow each other change places of what is right already."""
    block, at = spot.place.block, spot.at
    names = own_writes(spot.statement)
    last = at
    while last < len(block) and isinstance(block[last], Assign | Augment) and own_writes(block[last]) == names:
        last += 1
    if last - at < SEVERAL or last - at == len(block) or (at > 0 and own_writes(block[at - 1]) == names):
        return
    lines = [line_of(statement) for statement in block[at:last]]
    edit = made("dropped", spot, "", Changed(spot.place, (*block[:at], *block[last:])), STRUCTURE, frozenset(lines))
    says = f"Lines {words_joined([str(line) for line in lines])} change {', '.join(sorted(names))}, and should not."
    yield replace(edit, says=says, reorders=True)


def outside(spot: Spot, scope: Scope) -> Edits:
    """A line stands inside a loop or an if, and belongs before or after it."""
    if not spot.place.around:
        return
    around = spot.place.around[-1]
    *outer, (at, which) = spot.place.path
    inner = spot.place.block
    left = with_inner(around, which, (*inner[: spot.at], *inner[spot.at + 1 :]))
    parent = _block_at(spot, tuple(outer))
    place = Place(spot.place.function, tuple(outer), parent, spot.place.around[:-1])
    for new, before in (((spot.statement, left), True), ((left, spot.statement), False)):
        clause = _inside(spot, around, before=before)
        if clause:
            code = Changed(place, (*parent[:at], *new, *parent[at + 1 :]))
            yield replace(made("line_inside", spot, clause, code, STRUCTURE, lines_in(around)), reorders=True)


def starts_inside(spot: Spot, scope: Scope) -> Edits:
    """Several lines at the head of a loop give what it carries on its start again."""
    block = spot.place.block
    if spot.at or not spot.place.around or not isinstance(spot.place.around[-1], For | While):
        return
    starts: list[Statement] = []
    for line in block:
        if not isinstance(line, Assign) or own_reads(line) & (spot.changing - written(starts)):
            break
        starts.append(line)
    if not 1 < len(starts) < len(block):
        return
    loop = spot.place.around[-1]
    *outer, (at, which) = spot.place.path
    parent = _block_at(spot, tuple(outer))
    place = Place(spot.place.function, tuple(outer), parent, spot.place.around[:-1])
    left = with_inner(loop, which, block[len(starts) :])
    names = words_joined(sorted(written(starts)))
    lines = words_joined([str(line_of(line)) for line in starts])
    edit = made("line_inside", spot, "", Changed(place, (*parent[:at], *starts, left, *parent[at + 1 :])), STRUCTURE)
    says = f"Lines {lines} give {names} their start again in each turn of the loop, so nothing is carried on."
    yield replace(edit, says=says, touched=lines_in(loop), reorders=True)


def words_joined(words: list[str]) -> str:
    """Return words as a list in a sentence: a, b and c."""
    return f"{', '.join(words[:-1])} and {words[-1]}" if len(words) > 1 else "".join(words)


def _inside(spot: Spot, around: Statement, *, before: bool) -> str:
    statement, line = spot.statement, line_of(around)
    if isinstance(around, If):
        return "" if before else f" stands inside the if of line {line}, so it is not always done"
    if before and isinstance(statement, Assign) and not own_reads(statement) & spot.changing:
        names = ", ".join(sorted(own_writes(statement)))
        return f" gives {names} its start again in each turn of the loop, so nothing is carried on"
    if before:
        return ""
    if isinstance(statement, Return):
        return f" returns inside the loop of line {line}, so the loop ends there"
    return f" stands inside the loop of line {line}, so it runs in each turn, not once after the loop"


def inside(spot: Spot, scope: Scope) -> Edits:
    """A line stands before or after a loop or an if, and belongs inside."""
    block, at = spot.place.block, spot.at
    for other in (at - 1, at + 1):
        if not 0 <= other < len(block) or not isinstance(block[other], For | While | If):
            continue
        around = block[other]
        for which, body in enumerate(inner_blocks(around)):
            if not body:
                continue
            grown = (*body, spot.statement) if other < at else (spot.statement, *body)
            first, last = sorted((at, other))
            new = (*block[:first], with_inner(around, which, grown), *block[last + 1 :])
            where = "after" if other < at else "before"
            if isinstance(around, If):
                clause = f" stands {where} the if of line {line_of(around)}, so it is always done"
            else:
                clause = f" stands {where} the loop of line {line_of(around)}, so it is done once, not in each turn"
            touched = frozenset((spot.line, *lines_in(around)))
            yield replace(
                made("line_outside", spot, clause, Changed(spot.place, new), STRUCTURE, touched), reorders=True
            )


def _block_at(spot: Spot, path: tuple[tuple[int, int], ...]) -> Block:
    code = spot.code
    block = code.functions[spot.place.function].body if spot.place.function else code.body
    for at, which in path:
        block = inner_blocks(block[at])[which]
    return block


def not_updated(spot: Spot, scope: Scope) -> Edits:
    """A name is read in a loop as if it changed, and no line of the loop gives it a new value."""
    statement = spot.statement
    if not isinstance(statement, For | While):
        return
    block = spot.place.block
    inside = written([statement])
    aliases = [name for name in _aliases(block[: spot.at]) if name[0] in read(list(statement.body)) - inside]
    for name in sorted(stale(spot, statement) | {alias for alias, _ in aliases}):
        line = next(line_of(inner) for inner in every(statement.body) if name in own_reads(inner))
        for value in _values(statement.body, name, scope):
            update = Assign(statement.line, (Name(name),), value)
            new = with_inner(statement, 0, (*statement.body, update))
            says = f"Line {line} reads {name}, which no line of the loop changes: nothing is carried on."
            edit = made("not_updated", spot, "", spot.instead(new), STRUCTURE, lines_in(statement))
            yield replace(edit, line=line, says=says)


def _aliases(block: Block) -> list[tuple[str, str]]:
    """Return the names that are given another name's value."""
    return [
        (target.id, statement.value.id)
        for statement in block
        if isinstance(statement, Assign) and isinstance(statement.value, Name)
        for target in statement.targets
        if isinstance(target, Name)
    ]


def _values(body: Block, name: str, scope: Scope) -> Iterator[Expr]:
    """Yield what a loop computes, by name where it has one."""
    for statement in body:
        match statement:
            case Assign(targets=(Name(id=other), *_)):
                if scope.alike(name, other):
                    yield Name(other)
            case _ if isinstance(expr := getattr(statement, "expr", None), Call) and expr.function == ".append":
                if not (isinstance(expr.args[1], Name) and not scope.alike(name, expr.args[1].id)):
                    yield expr.args[1]
