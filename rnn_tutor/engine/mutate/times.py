"""Wrong versions along time: shifted, pooled otherwise, counted one off, weights in reverse or left out."""

from rnn_tutor.engine.expression import Array, Call, Expr, Index, Name, NewAxis, Number, Slice
from rnn_tutor.engine.mutate.mutation import ONE, TWO, Context, Rule, Versions, op, whole_number

ZERO = Number(0.0, "0")
MINUS_ONE = op("negative", ONE)


def shifted_sequence(part: Expr, context: Context) -> Versions:
    """The states before each step: not shifted, shifted the other way, from their first and not from the start."""
    match part:
        case Call(function="concat", args=(start, Index(base=h, items=(Slice(start=None, stop=Call() as stop),)))) if (
            stop == MINUS_ONE
        ):
            all_of, name = context.code(h), context.code(h)
            yield h, f"each step had its own {all_of}, and not that of the step before"
            later = Index(h, (Slice(ONE),))
            yield Call("concat", (later, start)), f"each step had {name} of the step after it"
            first = Index(h, (Slice(None, ONE),))
            earlier = Index(h, (Slice(None, MINUS_ONE),))
            yield Call("concat", (first, earlier)), f"the first of {name} stood for the start"


def pooled(part: Expr, context: Context) -> Versions:
    """The mean, the largest or the sum over time for the last state, and the last for what is at the end of each."""
    match part:
        case Index(base=Name(id=name) as states, items=(at,)) if (axes := len(context.shapes.get(name, ()))) in (1, 2):
            if at == MINUS_ONE or (axes > 1 and isinstance(at, Number)):
                for f, word in (("mean", "mean"), ("max", "largest"), ("sum", "sum")):
                    over = Call(f, (states,), (("axis", ZERO),))
                    yield over, f"the {word} of {context.named(states)} over time were taken, not {context.code(part)}"
        case Index(base=states, items=(Call(function="arange") as rows, Call(function="subtract", args=(n, one)))):
            if one == ONE:
                # the last column may be padding: bentrevett/pytorch-pos-tagging#8, tensorflow/tensorflow#1830
                last = Index(states, (Slice(), MINUS_ONE))
                yield last, f"the last column of {context.code(states)} were taken, padding or not"
                before = op("subtract", n, TWO)
                yield (
                    Index(states, (rows, before)),
                    f"{context.code(before)} were used instead of {context.code(n)} - 1",
                )


def series(part: Expr, context: Context) -> Versions:
    """A geometric series for a power, a division for one."""
    match part:
        case Call(function="power", args=(a, Name(id=name) as n)) if context.shapes.get(name) == ():
            powers = op("power", a, Call("arange", (n,)))
            yield Call("sum", (powers,)), f"the powers of {context.code(a)} were added up"
        case Call(function="power", args=(a, Call(function="divide", args=(one, n)))) if one == ONE:
            yield op("divide", a, n), f"{context.code(a)} were divided by {context.code(n)}, without a root"


def count_off(part: Expr, context: Context) -> Versions:
    """A number of steps, tokens, positions that is one off."""
    if not isinstance(part, Name) or part.id == context.variable:
        return
    if context.shapes.get(part.id) == () and part.id in context.whole & context.means.keys():
        for other in (op("subtract", part, ONE), op("add", part, ONE)):
            yield other, f"{context.code(other)} were used instead of {context.named(part)}"


def half_life(part: Expr, context: Context) -> Versions:
    """The steps until half is left, or a tenth, or 1/e (a time constant), for those until another share is.

    And the factor of a step that leaves so much: 0.5**(1 / n).
    """
    match part:
        case Call(function="divide", args=(Call(function="log" as f, args=(share,)), Call(function=g) as below)):
            if f == g and not isinstance(share, Call):
                for left, text in LEFT:
                    changed = op("divide", Call(f, (left,)), below)
                    yield changed, f"{text} stood in place of {context.named(share)}"
        case Call(function="power", args=(Name(id=name) as share, Call(function="divide", args=(one, n)))) if (
            one == ONE
        ):
            meaning = context.means.get(name, "").lower()
            for left, text in LEFT if any(word in meaning for word in OF_WHAT_IS_LEFT) else ():
                changed = op("power", left, op("divide", ONE, n))
                yield changed, f"{text} stood in place of {context.named(share)}"


LEFT: tuple[tuple[Expr, str], ...] = (
    (Number(0.5, "0.5"), "one half"),
    (Number(0.1, "0.1"), "a tenth"),
    (Call("exp", (MINUS_ONE,)), "1 / e"),
)
OF_WHAT_IS_LEFT = ("fraction", "share", "left", "kept", "remain", "forgotten")


def reversed_operand(part: Expr, context: Context) -> Versions:
    """Weights from the other end: a sum of products in which one list is read in reverse order."""
    match part:
        case Call(function="matmul" | "dot" as f, args=(a, b)):
            for at, one in enumerate((a, b)):
                if _is_list(one, context):
                    both = (Call("flip", (one,)), b) if at == 0 else (a, Call("flip", (one,)))
                    yield op(f, *both) if f == "matmul" else Call(f, both), _reversed(one, context)
        case Call(function="sum", args=(Call(function="multiply", args=(a, b)),), keywords=keywords):
            for one, other in ((a, b), (b, a)):
                if _is_list(one, context):
                    yield Call("sum", (op("multiply", Call("flip", (one,)), other),), keywords), _reversed(one, context)
        case Index(base=base, items=(Slice(start=None, stop=None, step=None), NewAxis())) if _is_list(base, context):
            yield Index(Call("flip", (base,)), part.items), _reversed(base, context)


def _is_list(expr: Expr, context: Context) -> bool:
    shape = context.shapes.get(expr.id, ()) if isinstance(expr, Name) else ()
    return len(shape) == 1 and shape[0] > 1


def _reversed(expr: Expr, context: Context) -> str:
    return f"{context.named(expr)} stood in reverse order"


def product_with_one(part: Expr, context: Context) -> Versions:
    """A matrix times a vector, with the vector left out: rows added up, averaged, or only the first product."""
    match part:
        case Call(function="matmul" | "dot", args=(a, Name(id=v) as vector)) if len(context.shapes.get(v, ())) == 1:
            along: tuple[tuple[str, Expr], ...] = (("axis", MINUS_ONE),)
            yield Call("sum", (a,), along), f"{context.named(vector)} were left out, and the sums taken"
            yield Call("mean", (a,), along), f"{context.named(vector)} were left out, and the means taken"
            first = op("multiply", Index(a, (Slice(), ZERO)), Index(vector, (ZERO,)))
            yield first, f"only the first of {context.named(vector)} counted"
        case Call(function="matmul" | "dot", args=(Name(id=v) as vector, a)) if len(context.shapes.get(v, ())) == 1:
            yield Call("sum", (a,), (("axis", ZERO),)), f"{context.named(vector)} were left out, and the sums taken"
            first = op("multiply", Index(vector, (ZERO,)), Index(a, (ZERO,)))
            yield first, f"only the first of {context.named(vector)} counted"


def scaled(part: Expr, context: Context) -> Versions:
    """A dot product divided by the root of its size, where it is not scaled; the root of another size."""
    match part:
        case Call(function="matmul" | "dot", args=(_, Name(id=name))):
            shape = context.shapes.get(name, ())
            if shape:
                size = whole_number(shape[0])
                clause = f"{context.code(part)} were divided by the square root of {size.text}"
                yield op("divide", part, Call("sqrt", (size,))), clause
        case Call(function="sqrt", args=(Name(id=name),)) if name in context.whole and context.shapes.get(name) == ():
            firsts: dict[int, str] = {}
            for other, shape in context.shapes.items():
                if shape and other not in context.hidden and other not in context.recurrent:
                    firsts.setdefault(shape[0], other)
            for other in firsts.values():
                count = Call("len", (Name(other),))
                yield Call("sqrt", (count,)), f"the root were of {context.code(count)}"


def ratio_or_difference(part: Expr, context: Context) -> Versions:
    """A difference for a ratio, and back; a limit subtracted, where it cuts off."""
    match part:
        case Call(function="divide", args=(a, b)) if not isinstance(a, Number) and not isinstance(b, Number):
            yield op("subtract", a, b), f"{context.code(b)} were subtracted, not divided by"
        case Call(function="subtract", args=(a, b)) if not isinstance(a, Number) and not isinstance(b, Number):
            yield op("divide", a, b), f"{context.code(a)} were divided by {context.code(b)}, not reduced by it"
            yield op("divide", b, a), f"{context.code(b)} were divided by {context.code(a)}, not subtracted from it"
        case Call(function="clip", args=(x, _, limit)):
            yield op("subtract", x, limit), f"{context.code(limit)} were subtracted from {context.code(x)}"
        case Call(function="maximum" | "max", args=(a, b)):
            yield op("divide", op("add", a, b), TWO), f"the mean of {context.code(a)} and {context.code(b)} were taken"


def joined(part: Expr, context: Context) -> Versions:
    """Two halves added, averaged, interleaved, or only one of them, where they are joined."""
    match part:
        case Call(function="concat" | "hstack", args=(a, b), keywords=()):
            both = f"{context.code(a)} and {context.code(b)}"
            yield op("add", a, b), f"{both} were added, not joined"
            yield op("divide", op("add", a, b), TWO), f"the mean of {both} were taken; they are joined"
            pairs = Call("transpose", (Array((a, b)),), style="attribute")
            yield Call("ravel", (pairs,)), f"{both} were taken in turns, not one after the other"
            yield a, f"only {context.code(a)} were taken, without {context.code(b)}"
            yield b, f"only {context.code(b)} were taken, without {context.code(a)}"


def inside_product(part: Expr, context: Context) -> Versions:
    """W @ (x + b) for W @ x + b: what is added to a product, added before it."""
    match part:
        case Call(function="add", args=(Call(function="matmul" | "dot", args=(w, x)), b)):
            changed = op("matmul", w, op("add", x, b))
            yield changed, f"{context.named(b)} were added before the product: {context.code(changed)}"
        case Call(function="add", args=(Call(function="add", args=(a, Call(function="matmul", args=(w, x)))), b)):
            changed = op("add", a, op("matmul", w, op("add", x, b)))
            yield changed, f"{context.named(b)} were added before the product: {context.code(changed)}"


def shifted_slice(part: Expr, context: Context) -> Versions:
    """A block that begins and ends one too early or too late."""
    match part:
        case Index(base=base, items=(Slice(start=start, stop=stop, step=None), *further)):
            if start is None or stop is None:
                return
            for shift, word in (("subtract", "early"), ("add", "late")):
                moved = Slice(op(shift, start, ONE), op(shift, stop, ONE))
                yield Index(base, (moved, *further)), f"{context.code(part)} began and ended one too {word}"


def roots_added(part: Expr, context: Context) -> Versions:
    """The roots averaged, or the largest, for the root of a sum: norms of tensors for their norm."""
    match part:
        case Call(function="sqrt", args=(Call(function="sum", args=(x,), keywords=keywords),)):
            for f, word in (("mean", "mean"), ("max", "largest")):
                clause = f"the {word} of the roots of {context.code(x)} were taken"
                yield Call(f, (Call("sqrt", (x,)),), keywords), clause


def other_activation(part: Expr, context: Context) -> Versions:
    """A relative of the relu, written out too; shares for what is squashed one by one."""
    match part:
        case Call(function="maximum", args=(x, Number(value=0.0))):
            for other in ("leaky_relu", "softplus", "silu", "sigmoid", "abs"):
                yield Call(other, (x,)), f"{other} were used instead of the larger of {context.code(x)} and 0"
        case Call(function="sigmoid", args=(x,)):
            yield Call("softmax", (x,)), f"the softmax of {context.code(x)} were taken, not the sigmoid"
    if isinstance(part, Call) and part.function == "relu":
        for other in ("leaky_relu", "softplus", "silu"):
            yield Call(other, part.args[:1]), f"{other} were used instead of relu"


def as_identity(part: Expr, context: Context) -> Versions:
    """A square matrix taken as the identity."""
    match part:
        case Name(id=name):
            shape = context.shapes.get(name, ())
            if len(shape) == TWO.value and shape[0] == shape[1] and shape[0] > 1 and name in context.means:
                size = whole_number(shape[0])
                yield Call("eye", (size,)), f"{context.named(part)} were the identity"


def taken_of_each(part: Expr, context: Context) -> Versions:
    """A list of places: all of them the step before or the step after."""
    if isinstance(part, Array) and len(part.items) > 1:
        for shift, word in (("subtract", "before"), ("add", "after")):
            moved = [_moved(item, shift) for item in part.items]
            if all(one is not None for one in moved):
                yield Array(tuple(one for one in moved if one is not None)), f"all were of the step {word}"
    match part:
        case Index(base=Name(), items=(Name(id=at) as place,)) if at != context.variable:
            two = op("add", place, TWO)
            yield Index(part.base, (two,)), f"the second element after {context.code(part)} were taken"


def _moved(item: Expr, shift: str) -> Expr | None:
    match item:
        case Index(base=base, items=(at, *further)) if not isinstance(at, Slice | NewAxis) and at not in (
            MINUS_ONE,
            ZERO,
        ):
            return Index(base, (op(shift, at, ONE), *further))
    return None


LOCAL: dict[str, Rule] = {
    "shifted_sequence": shifted_sequence,
    "pooled": pooled,
    "series": series,
    "count_off": count_off,
    "half_life": half_life,
    "reversed_operand": reversed_operand,
    "product_with_one": product_with_one,
    "scaled": scaled,
    "ratio_or_difference": ratio_or_difference,
    "joined": joined,
    "inside_product": inside_product,
    "shifted_slice": shifted_slice,
    "roots_added": roots_added,
    "other_activation": other_activation,
    "as_identity": as_identity,
    "taken_of_each": taken_of_each,
}


def squashed_result(expr: Expr, context: Context) -> Versions:
    """A tanh or a sigmoid of a result that has none."""
    if not context.networks:
        for name in ("tanh", "sigmoid"):
            yield Call(name, (expr,)), f"there were a {name} around the result"


def times_given(expr: Expr, context: Context) -> Versions:
    """Weights multiplied by what they weigh, where they alone are asked for."""
    for name, shape in context.shapes.items():
        if len(shape) == 1 and name in context.means and name not in context.whole and name not in context.hidden:
            given = Name(name)
            yield op("multiply", given, expr), f"the result were multiplied by {context.named(given)}"


RESULT: dict[str, Rule] = {
    "squashed_result": squashed_result,
    "times_given": times_given,
}
