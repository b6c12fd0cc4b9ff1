"""What is done to each term of a sum, and what to the sum: the log of a mean for a mean of logs, a ratio of sums.

A loop adds terms to a name, or appends them to a list; a line after the loop reads it. A function, a division or a
product is moved from the one place to the other.
"""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import TypeAlias

from rnn_tutor.engine.expression import Call, Expr, Name, Number, names_in
from rnn_tutor.engine.expression_difference import factors, size, terms
from rnn_tutor.engine.mutate.mutation import op
from rnn_tutor.engine.programs.edits.edit import STRUCTURE, Edit, Edits, Scope, brief, made
from rnn_tutor.engine.programs.edits.order import KEPT
from rnn_tutor.engine.programs.edits.tree import (
    Changed,
    Spot,
    Way,
    every,
    line_of,
    put,
    slots,
    value_parts,
    with_inner,
    with_slot,
    written,
)
from rnn_tutor.engine.programs.statements import Assign, Augment, Block, Do, For, Return, Statement, While, inner_blocks

MOST_READERS = 3
LARGEST = 8  # parts of an expression that a function may be taken of
ELEMENTWISE = frozenset(KEPT) - {"softmax"}


@dataclass(frozen=True)
class _Added:
    """A statement that adds a term to a name, or appends it to a list."""

    statement: Statement
    name: str
    term: Expr

    @property
    def line(self) -> int:
        return line_of(self.statement)

    def with_term(self, term: Expr) -> Statement:
        """Return the statement with another term."""
        match self.statement:
            case Augment():
                return replace(self.statement, value=term)
            case Assign():
                return replace(self.statement, value=op("add", Name(self.name), term))
            case Do(expr=Call(args=(base, _)) as call):
                return replace(self.statement, expr=replace(call, args=(base, term)))
            case _:
                return self.statement


@dataclass(frozen=True)
class _Read:
    """A part of a statement after the loop in which the sum is read."""

    at: int  # in the block
    slot: int
    way: Way
    part: Expr


Exchanges: TypeAlias = dict[int, Statement]  # by the identity of the statement that it stands in place of


def function(spot: Spot, scope: Scope) -> Edits:
    """A function is taken of the sum and belongs to each term, or the other way round."""
    for added in _sums(spot):
        reads = list(_reads(spot, added.name))
        for read in reads:
            inner, name = _applied(read.part)
            if inner is None or added.name not in names_in(inner):
                continue
            reader = _with(spot, read, inner)
            term = added.with_term(_of(read.part, added.term))
            does = f"takes the {name} of {brief(inner)} after the loop"
            says = f"Line {line_of(reader)} {does}; line {added.line} should take it of each term."
            exchanges = {id(added.statement): term, id(spot.place.block[read.at]): reader}
            for start in (*_starts(spot, added.name, read.part), {}):
                yield _moved(spot, exchanges | start, line_of(reader), says)
        inner, name = _applied(added.term)
        for read in reversed(reads):
            if inner is None or not names_in(inner) or size(read.part) > LARGEST:
                continue
            reader = _with(spot, read, _of(added.term, read.part))
            belongs = f"only line {line_of(reader)} should, of {brief(read.part)}"
            says = f"Line {added.line} takes the {name} of each term; {belongs}."
            exchanges = {id(added.statement): added.with_term(inner), id(spot.place.block[read.at]): reader}
            yield _moved(spot, exchanges, added.line, says)


def division(spot: Spot, scope: Scope) -> Edits:
    """Each term is divided where the sum is to be, or the other way round; or ratios are added for a ratio of sums."""
    for added in _sums(spot):
        reads = list(_reads(spot, added.name))
        below = [factor for plain, factor in factors(added.term) if not plain and not isinstance(factor, Number)]
        for divisor in below:
            term = _product([piece for piece in factors(added.term) if piece != (False, divisor)])
            for read in reads:
                if isinstance(read.part, Name):
                    reader = _with(spot, read, op("divide", read.part, divisor))
                    says = f"Line {added.line} divides each term by {brief(divisor)}; divide their sum, after the loop."
                    exchanges = {id(added.statement): added.with_term(term), id(spot.place.block[read.at]): reader}
                    yield _moved(spot, exchanges, added.line, says)
                yield from _ratio_of_sums(spot, added, term, divisor, read)
        for read in reads:
            yield from _divided_after(spot, added, read)


def _divided_after(spot: Spot, added: _Added, read: _Read) -> Edits:
    """Yield the program in which each term is divided by what the sum is divided by after the loop."""
    match read.part:
        case Call(function="divide", args=(Name() as total, by)) if total.id == added.name:
            pass
        case _:
            return
    if names_in(by) & written([spot.statement]):
        reader = _with(spot, read, total)
        term = added.with_term(op("divide", added.term, by))
        does = f"divides the sum by {brief(by)}, after the loop"
        says = f"Line {line_of(reader)} {does}; line {added.line} should divide each term."
        exchanges = {id(added.statement): term, id(spot.place.block[read.at]): reader}
        yield _moved(spot, exchanges, line_of(reader), says)


def product(spot: Spot, scope: Scope) -> Edits:
    """Two sums are multiplied where the products of their terms are to be added."""
    sums = list(_sums(spot))
    for first in sums:
        for second in sums:
            if first.name == second.name or isinstance(first.statement, Do) or isinstance(second.statement, Do):
                continue
            for read in _reads(spot, first.name):
                pieces = factors(read.part)
                if (True, Name(first.name)) not in pieces or (True, Name(second.name)) not in pieces:
                    continue
                left = [piece for piece in pieces if piece != (True, Name(second.name))]
                both = op("multiply", first.term, second.term)
                lines = sorted((first.line, second.line))
                reader_line = line_of(spot.place.block[read.at])
                does = f"multiplies the sums of lines {lines[0]} and {lines[1]}"
                says = f"Line {reader_line} {does}; the products of their terms should be added."
                below = [piece for piece in left if not piece[0]]
                for fewer in (left, *([one for one in left if one != piece] for piece in dict.fromkeys(below))):
                    reader = _with(spot, read, _product(_one_off(left, fewer)))
                    exchanges = {id(first.statement): first.with_term(both), id(spot.place.block[read.at]): reader}
                    yield _moved(spot, exchanges, reader_line, says)


Pieces: TypeAlias = list[tuple[bool, Expr]]


def _one_off(left: Pieces, fewer: Pieces) -> Pieces:
    """Return the pieces of a product without one divisor, of which there may be two that are the same."""
    if left == fewer:
        return left
    gone = next(piece for piece in left if piece not in fewer)
    at = left.index(gone)
    return left[:at] + left[at + 1 :]


def _ratio_of_sums(spot: Spot, added: _Added, above: Expr, below: Expr, read: _Read) -> Edits:
    """Yield the program in which the terms and what they are divided by are added, each by itself."""
    other = Name(f"{added.name}__below")
    match read.part:
        case Call(function="divide", args=(Name() as total, _)):
            whole: Expr = total
        case Call(function="mean", args=(Name() as total,)):
            whole = Call("sum", (total,))
        case _:
            return
    more = Augment(added.statement.line, other, "add", below)
    start = Assign(added.statement.line, (other,), Number(0.0, "0"))
    reader = _with(spot, read, op("divide", whole, other))
    says = f"Line {added.line} adds up ratios; divide the sum of {brief(above)} by the sum of {brief(below)}."
    exchanges = {id(added.statement): added.with_term(above), id(spot.place.block[read.at]): reader}
    yield _moved(spot, exchanges, added.line, says, {id(added.statement): more}, start)


# ---- the sums of a loop, and who reads them


def _sums(spot: Spot) -> Iterator[_Added]:
    loop = spot.statement
    if not isinstance(loop, For | While):
        return
    found = [added for added in map(_added, every(loop.body)) if added is not None]
    for added in found:
        if sum(one.name == added.name for one in found) == 1:
            yield added


def _added(statement: Statement) -> _Added | None:
    match statement:
        case Augment(target=Name(id=name), function="add", value=term):
            return _Added(statement, name, term)
        case Assign(targets=(Name(id=name),), value=Call(function="add" | "subtract") as value):
            pieces = terms(value)
            if pieces.count((True, Name(name))) != 1 or sum(name in names_in(piece) for _, piece in pieces) != 1:
                return None
            return _Added(statement, name, _total([piece for piece in pieces if piece != (True, Name(name))]))
        case Do(expr=Call(function=".append", args=(Name(id=name), term))):
            return _Added(statement, name, term)
        case _:
            return None


def _reads(spot: Spot, name: str) -> Iterator[_Read]:
    """Yield where statements after the loop compute with its sum, the largest parts first."""
    readers = 0
    for at in range(spot.at + 1, len(spot.place.block)):
        statement = spot.place.block[at]
        if not isinstance(statement, Assign | Augment | Do | Return):
            continue
        found = [
            _Read(at, slot.number, way, part)
            for slot in slots(statement)
            if not slot.target
            for way, part in value_parts(slot.expr)
            if name in names_in(part)
        ]
        readers += bool(found)
        if readers > MOST_READERS:
            return
        yield from found


def _starts(spot: Spot, name: str, applied: Expr) -> Iterator[Exchanges]:
    """Yield the starts of a sum with the function taken of them, too, where they are no numbers."""
    for statement in spot.place.block[: spot.at]:
        match statement:
            case Assign(targets=(Name(id=target),), value=value) if target == name and names_in(value):
                yield {id(statement): replace(statement, value=_of(applied, value))}


def _applied(part: Expr) -> tuple[Expr | None, str]:
    """Return what a function of one argument is applied to, and its name; None for anything else."""
    match part:
        case Call(function=name, args=(inner,), keywords=()) if name in ELEMENTWISE:
            return inner, name
        case Call(function="power", args=(inner, Number(value=exponent) as number)):
            return inner, "square" if exponent == 2 else f"power {number.text}"
        case _:
            return None, ""


def _of(applied: Expr, inner: Expr) -> Expr:
    assert isinstance(applied, Call)  # noqa: S101 - as `_applied` has it
    return replace(applied, args=(inner, *applied.args[1:]))


def _with(spot: Spot, read: _Read, part: Expr) -> Statement:
    statement = spot.place.block[read.at]
    slot = next(slot for slot in slots(statement) if slot.number == read.slot)
    return with_slot(statement, read.slot, put(slot.expr, read.way, part))


def _product(pieces: Pieces) -> Expr:
    above = [piece for plain, piece in pieces if plain]
    result: Expr = above[0] if above else Number(1.0, "1")
    for piece in above[1:]:
        result = op("multiply", result, piece)
    for plain, piece in pieces:
        result = result if plain else op("divide", result, piece)
    return result


def _total(pieces: Pieces) -> Expr:
    result: Expr | None = None
    for plain, piece in pieces:
        if result is None:
            result = piece if plain else op("negative", piece)
        else:
            result = op("add" if plain else "subtract", result, piece)
    assert result is not None  # noqa: S101 - a sum has more than one piece
    return result


def _moved(  # noqa: PLR0917 - what an edit is
    spot: Spot,
    exchanges: Exchanges,
    line: int,
    says: str,
    after: Exchanges | None = None,
    start: Statement | None = None,
) -> Edit:
    block = _exchanged(spot.place.block, exchanges, after or {})
    if start is not None:
        block = (*block[: spot.at], start, *block[spot.at :])
    lines = {line_of(one) for one in every(spot.place.block) if id(one) in exchanges}
    edit = made("order_of_operations", spot, "", Changed(spot.place, block), STRUCTURE, frozenset(lines))
    return replace(edit, line=line, says=says, reorders=True)


def _exchanged(block: Block, exchanges: Exchanges, after: Exchanges) -> Block:
    found: list[Statement] = []
    for statement in block:
        changed = exchanges.get(id(statement), statement)
        for which, inner in enumerate(inner_blocks(changed)):
            changed = with_inner(changed, which, _exchanged(inner, exchanges, after))
        found.append(changed)
        if id(statement) in after:
            found.append(after[id(statement)])
    return tuple(found)
