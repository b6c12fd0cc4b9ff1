"""Mistakes in where something stands: a function around more or less, the other end of a list, another part of it."""

from collections.abc import Iterator, Mapping
from copy import deepcopy
from functools import partial

from rnn_tutor.engine.expression import Array, Call, Expr, Index, Name, Number, Slice, walk, with_children
from rnn_tutor.engine.mutate.mutation import ONE, TWO, Context, Rule, Versions, op, substituted, whole_number

MINUS_ONE = op("negative", ONE)
MOVED = ("tanh", "sigmoid", "relu", "exp", "log", "sqrt", "abs", "softmax", "square", "log1p", "log2", "log10")
ARITHMETIC = ("add", "subtract", "multiply", "divide")


def function_moved(part: Expr, context: Context) -> Versions:
    """tanh(a * h + b * x) for a * h + b * tanh(x), and back: a function around more, or less, than it should be."""
    if isinstance(part, Call) and part.function in ARITHMETIC:
        for inside, bare in _functions_in(part):
            around = Call(inside.function, (bare,), inside.keywords)
            yield around, f"the {inside.function} were taken of more than it should: {context.code(around)}"
    match part:
        case Call(function=f, args=(Call(function=g, args=(a, b)) as inner,), keywords=keywords) if (
            f in MOVED and g in ARITHMETIC
        ):
            for changed in _of_one_part(f, inner, a, b, keywords):
                yield changed, f"the {f} were taken of one part only: {context.code(changed)}"


def _of_one_part(
    function: str, inner: Call, a: Expr, b: Expr, keywords: tuple[tuple[str, Expr], ...]
) -> Iterator[Expr]:
    yield with_children(inner, (a, Call(function, (b,), keywords)))
    if not isinstance(a, Number):
        yield with_children(inner, (Call(function, (a,), keywords), b))
    if isinstance(a, Call) and a.function in ("multiply", "matmul") and not isinstance(a.args[-1], Number):
        inside = Call(function, (a.args[-1],), keywords)  # w * tanh(h) + x: of the old state alone
        yield with_children(inner, (with_children(a, (*a.args[:-1], inside)), b))


def _functions_in(part: Call) -> Iterator[tuple[Call, Expr]]:
    """Yield each function that is taken of an operand, or of a factor of one, and the whole without it."""
    for at, arg in enumerate(part.args):
        if not isinstance(arg, Call):
            continue
        if arg.function in MOVED and len(arg.args) == 1:
            yield arg, with_children(part, (*part.args[:at], arg.args[0], *part.args[at + 1 :]))
        elif arg.function in ("multiply", "divide") and part.function in ("add", "subtract"):
            for place, factor in enumerate(arg.args):
                if isinstance(factor, Call) and factor.function in MOVED and len(factor.args) == 1:
                    bare = with_children(arg, (*arg.args[:place], factor.args[0], *arg.args[place + 1 :]))
                    yield factor, with_children(part, (*part.args[:at], bare, *part.args[at + 1 :]))


def slice_otherwise(part: Expr, context: Context) -> Versions:
    """All of a list for a part of it that begins or ends somewhere, and the other part; not what a loop carries on."""
    if context.variable is not None or not isinstance(part, Index):
        return
    for at, item in enumerate(part.items):
        if not isinstance(item, Slice) or item.step is not None or (item.start is None) == (item.stop is None):
            continue
        before, after = part.items[:at], part.items[at + 1 :]
        whole = Index(part.base, (*before, Slice(), *after)) if before or after else part.base
        yield whole, f"all of {context.code(part.base)} were taken, not only {context.code(part)}"
        other = Index(part.base, (*before, Slice(item.stop, item.start), *after))
        yield other, f"{context.code(other)} were taken, not {context.code(part)}"


def other_end_of_list(part: Expr, context: Context) -> Versions:
    """x[-2:] for x[:2] and x[:-1] for x[1:]: as many entries, from the other end."""
    if context.variable is not None or not isinstance(part, Index):
        return
    for at, item in enumerate(part.items):
        if not isinstance(item, Slice) or item.step is not None or (item.start is None) == (item.stop is None):
            continue
        bound = item.stop if item.start is None else item.start
        turned = _turned(bound) if bound is not None else None
        if turned is not None:
            mirrored = Slice(turned, None) if item.start is None else Slice(None, turned)
            other = Index(part.base, (*part.items[:at], mirrored, *part.items[at + 1 :]))
            yield other, f"{context.code(other)} were taken, not {context.code(part)}"


def _turned(bound: Expr) -> Expr | None:
    """Return -n for n and n for -n; None for what is no number."""
    match bound:
        case Number(value=value) if value > 0:
            return op("negative", bound)
        case Call(function="negative", args=(Number() as n,)):
            return n
    return None


def counted_otherwise(part: Expr, context: Context) -> Versions:
    """The mean of a part of a list divided by the number of all of it."""
    match part:
        case Call(function="mean", args=(Index(base=base, items=(Slice(), *_)) as some,), keywords=keywords):
            total = Call("sum", (some,), keywords)
            yield (
                op("divide", total, Call("len", (base,))),
                f"the sum of {context.code(some)} were divided by the number of all of {context.code(base)}",
            )


def other_end(part: Expr, context: Context) -> Versions:
    """What is read at one end of a list read at the other end, as far from there: x[-1] - x[-2] for x[1] - x[0]."""
    if not isinstance(part, Call):
        return
    read = {one: place for one in walk(part) if (place := _place(one)) is not None}
    bases = {one.base for one in read if isinstance(one, Index)}
    if len(read) > 1 and len(bases) == 1:
        last = max(read.values())
        for moved in ({one: -1 - at for one, at in read.items()}, {one: at - last - 1 for one, at in read.items()}):
            changed = substituted(part, partial(_read_at, moved))
            if all(at < 0 for at in moved.values()) or last < 0:
                yield (
                    changed,
                    f"{context.code(bases.copy().pop())} were read from its other end: {context.code(changed)}",
                )


def _read_at(moved: Mapping[Expr, int], one: Expr) -> Expr | None:
    """Return an element read at another place; None for what is read at none of these."""
    at = moved.get(one)
    if at is None or not isinstance(one, Index):
        return None
    item = whole_number(at) if at >= 0 else op("negative", whole_number(-at))
    return Index(one.base, (item, *one.items[1:]))


def over_two_steps(part: Expr, context: Context) -> Versions:
    """(x[2] - x[0]) / (2 * h) for (x[1] - x[0]) / h: a difference on both sides."""
    match part:
        case Call(function="divide", args=(above, h)):
            for one in walk(above):
                match one:
                    case Call(function="subtract", args=(Index(base=x) as after, Index(base=y) as before)) if x == y:
                        places = _place(after), _place(before)
                        if None in places or places[0] != (places[1] or 0) + 1:
                            continue
                        further = _read_at({after: (places[0] or 0) + 1}, after)
                        wider = op("subtract", further or after, before)
                        both = substituted(above, lambda inside, one=one, wider=wider: wider if inside is one else None)  # type: ignore[misc]
                        changed = op("divide", both, op("multiply", TWO, h))
                        yield changed, f"the difference were taken over two steps: {context.code(changed)}"


def _place(expr: Expr) -> int | None:
    match expr:
        case Index(base=Name(), items=(Number(value=value), *_)):
            return int(value)
        case Index(base=Name(), items=(Call(function="negative", args=(Number(value=value),)), *_)):
            return -int(value)
    return None


def through_product(part: Expr, context: Context) -> Versions:
    """U @ (r * h) for r * (U @ h), with a bias or without, and back: a gate before a product and after it."""
    match part:
        case (
            Call(function="multiply", args=(r, Call(function="matmul", args=(w, h))))
            | Call(function="multiply", args=(Call(function="matmul", args=(w, h)), r))
        ):
            changed = op("matmul", w, op("multiply", r, h))
            yield changed, f"{context.code(r)} were multiplied before the product: {context.code(changed)}"
        case Call(function="multiply", args=(r, Call(function="add", args=(Call(function="matmul", args=(w, h)), c)))):
            changed = op("add", op("matmul", w, op("multiply", r, h)), c)
            yield changed, f"{context.code(r)} were multiplied before the product: {context.code(changed)}"
        case Call(function="add", args=(Call(function="matmul", args=(w, Call(function="multiply", args=(r, h)))), c)):
            changed = op("multiply", r, op("add", op("matmul", w, h), c))
            yield changed, f"{context.code(r)} were multiplied after the product and the sum: {context.code(changed)}"
        case Call(function="matmul", args=(w, Call(function="multiply", args=(r, h)))):
            changed = op("multiply", r, op("matmul", w, h))
            yield changed, f"{context.code(r)} were multiplied after the product: {context.code(changed)}"


def states_before(part: Expr, context: Context) -> Versions:
    """The states before each step for those after it, where a whole sequence is read."""
    if isinstance(part, Name) and part.id in context.recurrent and context.variable is None:
        start = context.starts.get(part.id)
        if start is not None:
            before = Call("concat", (Array((deepcopy(start),)), Index(part, (Slice(None, MINUS_ONE),))))
            yield before, f"{context.code(part)} of the previous time step were used instead of the current one"


def end_taken_as_zero(part: Expr, context: Context) -> Versions:
    """0 for what is read beyond one end of a list: the value after the last step."""
    match part:
        case Index(base=Name() as x, items=(Slice(start=Number(value=1.0), stop=None, step=None),)):
            inner = Index(x, (Slice(ONE, MINUS_ONE),))
            changed = Call("concat", (inner, Call("zeros", (ONE,))))
            yield changed, f"the last of {context.code(x)} were taken as 0"
        case Index(base=Name() as x, items=(Slice(start=None, stop=stop, step=None),)) if stop == MINUS_ONE:
            inner = Index(x, (Slice(ONE, MINUS_ONE),))
            changed = Call("concat", (Call("zeros", (ONE,)), inner))
            yield changed, f"the first of {context.code(x)} were taken as 0"


LOCAL: dict[str, Rule] = {
    "function_moved": function_moved,
    "slice_otherwise": slice_otherwise,
    "other_end_of_list": other_end_of_list,
    "counted_otherwise": counted_otherwise,
    "other_end": other_end,
    "over_two_steps": over_two_steps,
    "through_product": through_product,
    "states_before": states_before,
    "end_taken_as_zero": end_taken_as_zero,
}
