"""A program's statements as a tree that can be changed: where each stands, what it reads and writes."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from functools import cached_property
from typing import TypeAlias

from rnn_tutor.engine.expression import Array, Call, Expr, Index, Name, children, names_in, walk, with_children
from rnn_tutor.engine.programs.dialect import CHANGES
from rnn_tutor.engine.programs.statements import (
    Assign,
    Augment,
    Block,
    Code,
    Do,
    For,
    If,
    Return,
    Statement,
    While,
    assigned,
    inner_blocks,
)
from rnn_tutor.engine.remember import remembered

Path: TypeAlias = tuple[tuple[int, int], ...]  # from the outside in: which statement, which of its blocks
Way: TypeAlias = tuple[int, ...]  # to a part of an expression: which child, from the outside in


@dataclass(frozen=True)
class Place:
    """A block: the function that it is part of ("" for none), the way to it, and the statements around it."""

    function: str
    path: Path
    block: Block
    around: tuple[Statement, ...]


@dataclass(frozen=True)
class Spot:
    """A statement of a program, at a position of a block."""

    code: Code
    place: Place
    at: int

    @property
    def statement(self) -> Statement:
        return self.place.block[self.at]

    @property
    def line(self) -> int:
        return line_of(self.statement)

    @property
    def loops(self) -> tuple[For | While, ...]:
        """The loops around it, the outermost first."""
        return tuple(statement for statement in self.place.around if isinstance(statement, For | While))

    @cached_property
    def changing(self) -> frozenset[str]:
        """The names that change while the innermost loop around it runs."""
        return written([self.loops[-1]]) if self.loops else frozenset()

    @property
    def counters(self) -> tuple[str, ...]:
        """The names that count the turns of the loops around it, the innermost first."""
        targets = [loop.target for loop in reversed(self.loops) if isinstance(loop, For)]
        return tuple(part.id for target in targets for part in walk(target) if isinstance(part, Name))

    def instead(self, statement: Statement) -> "Changed":
        """Return the change that puts another statement here."""
        block = self.place.block
        return Changed(self.place, (*block[: self.at], statement, *block[self.at + 1 :]))


@dataclass(frozen=True)
class Changed:
    """Another block at a place."""

    place: Place
    block: Block


def line_of(statement: Statement) -> int:
    """Return the number of the line on which a statement begins."""
    text = statement.line.text
    return statement.line.number_at(len(text) - len(text.lstrip()))


def spots(code: Code) -> Iterator[Spot]:
    """Yield the statements of a program, those of functions after the others, each before what is inside it."""
    for place in _places(code):
        for at in range(len(place.block)):
            yield Spot(code, place, at)


def _places(code: Code) -> Iterator[Place]:
    bodies = [("", code.body), *((name, function.body) for name, function in code.functions.items())]
    waiting = [Place(name, (), body, ()) for name, body in bodies]
    while waiting:
        place = waiting.pop(0)
        yield place
        for at, statement in enumerate(place.block):
            for which, block in enumerate(inner_blocks(statement)):
                waiting.append(Place(place.function, (*place.path, (at, which)), block, (*place.around, statement)))


def with_inner(statement: Statement, which: int, block: Block) -> Statement:
    """Return a statement with one of its blocks (as `inner_blocks` gives them) replaced."""
    match statement:
        case For() | While():
            return replace(statement, body=block)
        case If(branches=branches) if which < len(branches):
            line, condition, _ = branches[which]
            return replace(statement, branches=(*branches[:which], (line, condition, block), *branches[which + 1 :]))
        case If():
            return replace(statement, otherwise=block)
        case _:
            return statement


def with_block(code: Code, changed: Changed) -> Code:
    """Return a program with another block at a place."""
    place, block = changed.place, changed.block
    if not place.function:
        return replace(code, body=_within(code.body, place.path, block))
    function = code.functions[place.function]
    body = _within(function.body, place.path, block)
    local = frozenset(function.params) | frozenset(assigned(body))
    return replace(code, functions={**code.functions, place.function: replace(function, body=body, local=local)})


def _within(body: Block, path: Path, block: Block) -> Block:
    if not path:
        return block
    (at, which), *further = path
    inner = _within(inner_blocks(body[at])[which], tuple(further), block)
    return (*body[:at], with_inner(body[at], which, inner), *body[at + 1 :])


# ---- the expressions of a statement


@dataclass(frozen=True)
class Slot:
    """One of the expressions of a statement; `target` tells that it is what is given a value."""

    number: int
    expr: Expr
    target: bool = False


def slots(statement: Statement) -> list[Slot]:
    """Return the expressions that a statement itself has, those of its blocks not among them."""
    match statement:
        case Assign(targets=targets, value=value):
            return [*(Slot(k, target, True) for k, target in enumerate(targets)), Slot(len(targets), value)]
        case Augment(target=target, value=value):
            return [Slot(0, target, True), Slot(1, value)]
        case For(target=target, values=values):
            return [Slot(0, target, True), Slot(1, values)]
        case While(condition=condition):
            return [Slot(0, condition)]
        case If(branches=branches):
            return [Slot(k, condition) for k, (_, condition, _) in enumerate(branches)]
        case Do(expr=expr):
            return [Slot(0, expr)]
        case Return(value=value) if value is not None:
            return [Slot(0, value)]
        case _:
            return []


def with_slot(statement: Statement, number: int, expr: Expr) -> Statement:
    """Return a statement with one of its expressions replaced."""
    match statement:
        case Assign(targets=targets) if number < len(targets):
            return replace(statement, targets=(*targets[:number], expr, *targets[number + 1 :]))
        case Augment() if number == 0:
            return replace(statement, target=expr)
        case Assign() | Augment() | Return():
            return replace(statement, value=expr)
        case For():
            return replace(statement, target=expr) if number == 0 else replace(statement, values=expr)
        case While():
            return replace(statement, condition=expr)
        case If(branches=branches):
            line, _, body = branches[number]
            return replace(statement, branches=(*branches[:number], (line, expr, body), *branches[number + 1 :]))
        case Do():
            return replace(statement, expr=expr)
        case _:
            return statement


def line_of_slot(statement: Statement, number: int) -> int:
    """Return the line of one expression of a statement: that of its elif, or of where it begins in brackets."""
    if isinstance(statement, If):
        line = statement.branches[number][0]
        return line.number_at(len(line.text) - len(line.text.lstrip()))
    return line_of(statement)


def parts(expr: Expr, way: Way = ()) -> Iterator[tuple[Way, Expr]]:
    """Yield an expression and all inside it with the way there, the outermost first."""
    yield way, expr
    for position, part in enumerate(children(expr)):
        yield from parts(part, (*way, position))


SIZES = ("zeros", "ones", "full", "eye", "arange", "range()", "len", "size", "shape", "enumerate()", "zip()")


def value_parts(expr: Expr, way: Way = ()) -> Iterator[tuple[Way, Expr]]:
    """Yield the parts of an expression that are calculated with: nothing that only says where, or how many."""
    match expr:
        case Call(function=function) if function in CHANGES:
            first = 2 if function == ".insert" else 1
        case Call(function=function) if function in SIZES:
            yield way, expr
            return
        case Index(base=base):
            yield way, expr
            if not isinstance(base, Name):
                yield from value_parts(base, (*way, 0))
            return
        case _:
            first = 0
            yield way, expr
    for position, part in enumerate(children(expr)):
        if position >= first:
            yield from value_parts(part, (*way, position))


def put(expr: Expr, way: Way, by: Expr) -> Expr:
    """Return an expression with the part at the end of a way replaced."""
    if not way:
        return by
    inside = list(children(expr))
    inside[way[0]] = put(inside[way[0]], way[1:], by)
    return with_children(expr, tuple(inside))


def exchanged(expr: Expr, pairs: dict[Expr, Expr]) -> Expr:
    """Return an expression in which every part that is a key stands as its value."""
    if expr in pairs:
        return pairs[expr]
    inside = children(expr)
    changed = tuple(exchanged(part, pairs) for part in inside)
    return expr if changed == inside else with_children(expr, changed)


def exchanged_in(statement: Statement, pairs: dict[Expr, Expr], *, targets: bool = True) -> Statement:
    """Return a statement in whose own expressions every part that is a key stands as its value."""
    for slot in slots(statement):
        if targets or not slot.target:
            statement = with_slot(statement, slot.number, exchanged(slot.expr, pairs))
    return statement


def exchanged_within(block: Block, pairs: dict[Expr, Expr]) -> Block:
    """Return a block in which every part that is read stands as its value, with all that is inside its statements."""
    statements: list[Statement] = []
    for statement in block:
        changed = exchanged_in(statement, pairs, targets=False)
        for which, inner in enumerate(inner_blocks(statement)):
            changed = with_inner(changed, which, exchanged_within(inner, pairs))
        statements.append(changed)
    return tuple(statements)


def with_names(code: Code, names: Mapping[str, str]) -> Code:
    """Return a program in which names that it only reads are other ones; those that it gives a value to stay."""
    bodies = [code.body, *(function.body for function in code.functions.values())]
    own = {param for function in code.functions.values() for param in function.params}
    own |= {name for body in bodies for name in written(body)}
    pairs: dict[Expr, Expr] = {Name(old): Name(new) for old, new in names.items() if old not in own}
    if not any(name.id in read(body) for name in pairs if isinstance(name, Name) for body in bodies):
        return code

    def renamed(block: Block) -> Block:
        return tuple(renamed_in(exchanged_in(statement, pairs)) for statement in block)

    def renamed_in(statement: Statement) -> Statement:
        for which, block in enumerate(inner_blocks(statement)):
            statement = with_inner(statement, which, renamed(block))
        return statement

    functions = {name: replace(one, body=renamed(one.body)) for name, one in code.functions.items()}
    return replace(code, body=renamed(code.body), functions=functions)


# ---- what is read and written


@remembered(1_000)
def own_reads(statement: Statement) -> frozenset[str]:
    """Return the names that a statement itself reads: of a loop, only those in what it goes over."""
    names: set[str] = set()
    for slot in slots(statement):
        names |= _in_target(slot.expr) if slot.target else names_in(slot.expr)
    if isinstance(statement, Augment) and isinstance(statement.target, Name):
        names.add(statement.target.id)
    return frozenset(names)


def _in_target(target: Expr) -> set[str]:
    match target:
        case Array(items=items):
            return {name for item in items for name in _in_target(item)}
        case Index():
            return names_in(target)
        case _:
            return set()


@remembered(1_000)
def own_writes(statement: Statement) -> frozenset[str]:
    """Return the names that a statement itself gives a value to, or changes a part of."""
    names: set[str] = set()
    for slot in slots(statement):
        if slot.target:
            names |= set(_roots(slot.expr))
    if isinstance(statement, Do) and isinstance(statement.expr, Call) and statement.expr.function in CHANGES:
        names |= set(_roots(statement.expr.args[0]))
    return frozenset(names)


def _roots(target: Expr) -> Iterator[str]:
    if isinstance(target, Array):
        for item in target.items:
            yield from _roots(item)
        return
    while isinstance(target, Index):
        target = target.base
    if isinstance(target, Name):
        yield target.id


def every(block: Block | list[Statement]) -> Iterator[Statement]:
    """Yield statements, each before what is inside it."""
    for statement in block:
        yield statement
        for inner in inner_blocks(statement):
            yield from every(inner)


def read(block: Block | list[Statement]) -> frozenset[str]:
    """Return the names that statements read, with all that is inside them."""
    return frozenset(name for statement in every(block) for name in own_reads(statement))


def values_read(block: Block | list[Statement]) -> frozenset[str]:
    """Return the names that statements calculate with: none of which only the size is read."""
    names: set[str] = set()
    for statement in every(block):
        for slot in slots(statement):
            for _, part in () if slot.target else value_parts(slot.expr):
                if isinstance(part, Name):
                    names.add(part.id)
                elif isinstance(part, Index):
                    inside = children(part)  # what is before the brackets comes by itself, if it is no name
                    names |= {name for piece in inside[not isinstance(part.base, Name) :] for name in names_in(piece)}
    return frozenset(names)


def written(block: Block | list[Statement]) -> frozenset[str]:
    """Return the names that statements write, with all that is inside them."""
    return frozenset(name for statement in every(block) for name in own_writes(statement))


def written_in_part(block: Block) -> frozenset[str]:
    """Return the names of which statements write single places, with all that is inside them."""
    targets = (slot.expr for statement in every(block) for slot in slots(statement) if slot.target)
    return frozenset(name for target in targets if isinstance(target, Index) for name in _roots(target))


def written_outside(block: Block, loop: Statement) -> frozenset[str]:
    """Return the names that a block writes outside one of its loops."""
    inside = {id(statement) for statement in every([loop])}
    return frozenset(
        name for statement in every(block) if id(statement) not in inside for name in own_writes(statement)
    )


def lines_in(statement: Statement) -> frozenset[int]:
    """Return the lines of a statement and of all that is inside it."""
    return frozenset(line_of(inner) for inner in every([statement]))


def stale(spot: Spot, loop: For | While) -> frozenset[str]:
    """Return the names from before a loop that it reads and never changes."""
    return (read(loop.body) & written(spot.place.block[: spot.at])) - written([loop])


def carried(loop: For | While) -> frozenset[str]:
    """Return the names whose value of one turn is read in the next: read before they are written there."""
    before: set[str] = set()
    found: set[str] = set()
    for statement in every(loop.body):
        found |= own_reads(statement) - before
        before |= own_writes(statement)
    return frozenset(found) & written(loop.body)


def body_of(spot: Spot) -> Block:
    """Return the body of the function that a statement is part of, or of the program."""
    return spot.code.functions[spot.place.function].body if spot.place.function else spot.code.body


def params_of(spot: Spot) -> tuple[str, ...]:
    """Return the arguments of the function that a statement is part of."""
    return spot.code.functions[spot.place.function].params if spot.place.function else ()
