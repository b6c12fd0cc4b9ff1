"""How a loop runs: its direction, and where it starts and stops."""

from collections.abc import Callable, Iterator
from typing import TypeAlias

from rnn_tutor.engine.expression import Call, Expr, Index, Name, Number, Slice
from rnn_tutor.engine.mutate.mutation import op
from rnn_tutor.engine.programs.edits.edit import PLACE, STRUCTURE, Edits, Scope, brief, made
from rnn_tutor.engine.programs.edits.tree import Spot, every, lines_in, parts, put, read, slots, with_slot, written
from rnn_tutor.engine.programs.statements import For, While

ZERO = Number(0.0, "0")
ONE = Number(1.0, "1")
MINUS_ONE = op("negative", ONE)
BACKWARDS = Slice(None, None, MINUS_ONE)


def direction(spot: Spot, scope: Scope) -> Edits:
    """The loop runs the other way."""
    statement = spot.statement
    if not isinstance(statement, For):
        return
    for changed, runs in _turned(statement.values):
        clause = f": the loop runs {runs}"
        code = spot.instead(with_slot(statement, 1, changed))
        yield made("loop_direction", spot, clause, code, STRUCTURE, lines_in(statement))


_FORWARDS, _BACK = "from the first step to the last", "from the last step to the first"


def _turned(values: Expr) -> Iterator[tuple[Expr, str]]:
    match values:
        case Call(function="reversed()" | "flip", args=(inner, *_)):
            yield inner, _BACK
        case Index(base=base, items=(Slice() as first,)) if first == BACKWARDS:
            yield base, _BACK
        case Call(function="range()", args=(_, _, Call(function="negative"))):
            yield Call("reversed()", (values,)), _BACK
        case Call(function="enumerate()" | "zip()"):
            yield Call("reversed()", (Call("list()", (values,)),)), _FORWARDS
        case _:
            yield Call("reversed()", (values,)), _FORWARDS


def bounds(spot: Spot, scope: Scope) -> Edits:
    """A range is one too short or too long."""
    yield from _ranges(spot, _moved, STRUCTURE)


def both_bounds(spot: Spot, scope: Scope) -> Edits:
    """A range is moved by one."""
    yield from _ranges(spot, _moved_whole, PLACE)


def reach(spot: Spot, scope: Scope) -> Edits:
    """A loop begins where what it looks back to is not there yet: Python counts such a place from the end."""
    loop = spot.statement
    if not isinstance(loop, For) or not isinstance(loop.values, Call) or loop.values.function != "range()":
        return
    start, stop, *further = loop.values.args if len(loop.values.args) > 1 else (ZERO, *loop.values.args)
    if may_be_below_0(start) and not further:
        clause = f": the loop starts at {brief(start)}, which is below 0 at first, and such places count from the end"
        clipped = Call("range()", (Call("maximum", (ZERO, start)), stop))
        changed = spot.instead(with_slot(loop, 1, clipped))
        yield made("reach", spot, clause, changed, STRUCTURE, lines_in(loop))
    if not isinstance(start, Number) or further:
        return
    back: dict[Expr, Expr] = {}
    for inner in every(loop.body):
        for slot in slots(inner):
            for _, part in parts(slot.expr):
                match part:
                    case Index(items=(Call(function="subtract", args=(base, Name() as distance)) as item, *_)):
                        if base == loop.target and distance.id not in written(loop.body):
                            back[distance] = item
    for first, place in back.items():
        values = Call("range()", (first, stop))
        clause = f": the loop starts too early. {brief(place)} is below 0 there, and such places count from the end"
        yield made(
            "reach",
            spot,
            clause,
            spot.instead(with_slot(spot.statement, 1, values)),
            STRUCTURE,
            lines_in(spot.statement),
        )


def condition(spot: Spot, scope: Scope) -> Edits:
    """A while loop stops one step too early or too late."""
    match spot.statement:
        case While(condition=Call(function=function, args=(left, right))) if function in _UP + _DOWN:
            for change in (1, -1):
                changed = op(function, left, shifted(right, change))
                early = (change > 0) == (function in _UP)
                clause = ": the loop stops one step too early" if early else ": the loop goes one step too far"
                code = spot.instead(with_slot(spot.statement, 0, changed))
                yield made("loop_range", spot, clause, code, STRUCTURE, lines_in(spot.statement))


_UP, _DOWN = ("less", "less_equal"), ("greater", "greater_equal")
_Bounds: TypeAlias = Iterator[tuple[tuple[Expr, ...], str, str]]  # the right arguments, what is wrong, that in turns


def _ranges(spot: Spot, moves: Callable[[Call], _Bounds], cost: int) -> Edits:
    statement = spot.statement
    counted = _counter(statement)
    for slot in slots(statement):
        for way, part in parts(slot.expr):
            if not isinstance(part, Call) or part.function != "range()" or not part.args:
                continue
            for args, does, turns in moves(part):
                says = turns if counted and turns else does
                code = spot.instead(with_slot(statement, slot.number, put(slot.expr, way, Call("range()", args))))
                yield made("loop_range", spot, f": the loop {says}", code, cost, lines_in(statement))


def _counter(statement: object) -> bool:
    """Tell whether a loop only counts its turns: its body never reads which one it is."""
    if not isinstance(statement, For) or not isinstance(statement.target, Name):
        return False
    return statement.target.id not in read(list(statement.body))


def _moved(part: Call) -> _Bounds:
    """Yield the arguments of the range that may be right, with what the one that stands there does otherwise.

    The last is what it does where only the number of turns counts. The end that is written out comes first.
    """
    start, stop, further, back = _taken_apart(part)
    ends: list[tuple[tuple[Expr, ...], str, str]] = []
    starts: list[tuple[tuple[Expr, ...], str, str]] = []
    few, many = "runs once too rarely", "runs once too often"
    for change in (-1, 1):
        before = (change < 0) != back  # what is right comes before what stands there
        starting = (f"starts one step too {'late' if before else 'early'}", few if before else many)
        starts.append(((shifted(start, change), stop, *further), *starting))
        ending = ("goes one step too far", many) if before else ("stops one step too early", few)
        ends.append(((start, shifted(stop, change), *further), *ending))
    yield from (*ends, *starts) if start == ZERO else (*starts, *ends)


def _moved_whole(part: Call) -> _Bounds:
    start, stop, further, back = _taken_apart(part)
    for change in (-1, 1):
        word = "late" if (change < 0) != back else "early"
        moved = (shifted(start, change), shifted(stop, change), *further)
        yield moved, f"starts and stops one step too {word}", f"starts and stops one step too {word}"


def _taken_apart(part: Call) -> tuple[Expr, Expr, tuple[Expr, ...], bool]:
    """Return where a range starts and stops, its step if it has one, and whether it goes back."""
    start, stop = part.args[:2] if len(part.args) > 1 else (ZERO, part.args[0])
    further = part.args[2:]
    return start, stop, further, bool(further) and isinstance(further[0], Call) and further[0].function == "negative"


def shifted(expr: Expr, change: int) -> Expr:
    """Return an expression plus 1 or minus 1, in the shortest way to write it."""
    match expr:
        case Number(value=value) if value + change >= 0:
            return _whole(value + change)
        case Number():
            return MINUS_ONE
        case Call(function="negative", args=(Number(value=value),)):
            left = change - value
            return _whole(left) if left >= 0 else op("negative", _whole(-left))
        case Call(function="add" | "subtract" as function, args=(base, Number(value=value))) if value.is_integer():
            total = (value if function == "add" else -value) + change
            if total == 0:
                return base
            return op("add" if total > 0 else "subtract", base, _whole(abs(total)))
        case _:
            return op("add" if change > 0 else "subtract", expr, ONE)


def _whole(value: float) -> Number:
    return Number(value, f"{int(value)}")


def may_be_below_0(start: Expr) -> bool:
    """Tell whether a place is a difference of two names, or such a difference and some more."""
    match start:
        case Call(function="subtract", args=(_, Name())):
            return True
        case Call(function="add" | "subtract", args=(inner, Number())):
            return may_be_below_0(inner)
        case _:
            return False
