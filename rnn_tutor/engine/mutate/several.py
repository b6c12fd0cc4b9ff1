"""Wrong versions of formulas that give several numbers: a step not done, a total for each, another difference.

They know only shapes and forms. Each fits many formulas, so they are tried only where an answer has several numbers.
"""

from collections.abc import Iterator

from rnn_tutor.engine.expression import Call, Expr, Index, Name, Number, Slice, children
from rnn_tutor.engine.mutate.mutation import ONE, TWO, Context, Rule, Versions, op

VECTOR = 1  # axes
MOST_INSIDE = 6  # parts that are tried for a whole
TOTALS = ("sum", "mean", "max")
REDUCED = (*TOTALS, "min", "prod", "norm")
MINUS_ONE, MINUS_TWO = op("negative", ONE), op("negative", TWO)
HALF = Number(0.5, "0.5")


def _instead(changed: Expr, part: Expr, context: Context) -> tuple[Expr, str]:
    return changed, context.instead(changed, part)


def inner_alone(part: Expr, context: Context) -> Versions:
    """What stands two or more operations deep, for all of it: x for 2**x - 1."""
    shape = context.size_of(part)
    if not context.several or not shape or not isinstance(part, Call):
        return
    seen: list[Expr] = []
    for one in _deeper(part):
        if len(seen) == MOST_INSIDE:
            return
        if not isinstance(one, Number) and context.size_of(one) == shape and one not in seen:
            seen.append(one)
            yield _instead(one, part, context)


def _deeper(part: Expr) -> Iterator[Expr]:
    """Yield the parts that are no direct parts, those of calls alone: what is in an index is a place."""
    for child in children(part):
        if isinstance(child, Call):
            for inside in child.args:
                yield inside
                yield from _deeper_or_direct(inside)


def _deeper_or_direct(part: Expr) -> Iterator[Expr]:
    if isinstance(part, Call):
        for inside in part.args:
            yield inside
            yield from _deeper_or_direct(inside)


def total_for_each(part: Expr, context: Context) -> Versions:
    """The sum, the mean or the largest of a list where each entry has its own number."""
    shape = context.size_of(part)
    if not context.several or shape is None or len(shape) != VECTOR or shape[0] < 2 or not isinstance(part, Name):
        return
    if context.is_mask(part):
        return
    for function in TOTALS:
        of_all = Call(function, (part,))
        clause = f"{context.code(of_all)} were used for each, not {context.code(part)}"
        yield op("multiply", Call("ones_like", (part,)), of_all), clause


def each_for_total(part: Expr, context: Context) -> Versions:
    """Each entry's own number where the sum, the mean or the largest of all is needed."""
    made = context.resolved(part)
    if not context.several or not isinstance(made, Call) or made.function not in REDUCED or made.keywords:
        return
    if len(made.args) == 1 and isinstance(made.args[0], Name):
        shape = context.size_of(made.args[0])
        if shape is not None and len(shape) == VECTOR:
            x = made.args[0]
            yield x, f"each of {context.code(x)} were used, not {context.code(part)}"


def put_in_order(part: Expr, context: Context) -> Versions:
    """A list that is given from the largest down, or from the smallest up."""
    if not context.several or not isinstance(part, Name) or part.id not in context.means:
        return
    if len(context.shapes.get(part.id, ())) == VECTOR and not context.is_mask(part):
        up = Call("sort", (part,))
        yield Call("flip", (up,)), f"{context.named(part)} were sorted from the largest down"
        yield up, f"{context.named(part)} were sorted from the smallest up"


def smoothed(part: Expr, context: Context) -> Versions:
    """Fractions of counts to which something is added before they are divided."""
    match part:
        case Call(function="divide", args=(a, b)) if context.several and context.size_of(part):
            if isinstance(a, Number) or isinstance(b, Number):
                return
            for above, below in ((ONE, TWO), (ONE, ONE), (HALF, ONE)):
                yield _instead(op("divide", op("add", a, above), op("add", b, below)), part, context)
            whole = context.resolved(b)
            if isinstance(whole, Call) and whole.function == "sum" and whole.args[0] == a and not whole.keywords:
                places = Call("len", (a,))
                yield _instead(op("divide", op("add", a, ONE), op("add", b, places)), part, context)


def other_difference(part: Expr, context: Context) -> Versions:
    """Differences forward, backward or of second order, where both neighbours are taken."""
    match part:
        case Call(
            function="divide",
            args=(
                Call(
                    function="subtract",
                    args=(
                        Index(base=x, items=(Slice(start=Number(value=2.0), stop=None, step=None),)) as after,
                        Index(base=other, items=(Slice(start=None, stop=stop, step=None),)) as before,
                    ),
                ),
                below,
            ),
        ) if x == other and stop == MINUS_TWO:
            here = Index(x, (Slice(ONE, MINUS_ONE),))
            step = halved(below)
            if step is None:
                return
            shown = context.code(part)
            clauses = (
                f"differences to the next entry were taken, not {shown}",
                f"differences to the previous entry were taken, not {shown}",
                f"the difference in {shown} were only to the next entry",
                f"the difference in {shown} were only to the previous entry",
                f"second differences were taken, not {shown}",
            )
            yield from zip(for_central(after, here, before, below, step), clauses, strict=True)


def for_central(after: Expr, here: Expr, before: Expr, below: Expr, step: Expr) -> tuple[Expr, ...]:
    """Return what is taken for (after - before) / below, where below is twice the step.

    Forward and backward differences, both over the wrong distance too, and the second difference.
    """
    forward, backward = op("subtract", after, here), op("subtract", here, before)
    second = op("add", op("subtract", after, op("multiply", TWO, here)), before)
    return (
        op("divide", forward, step),
        op("divide", backward, step),
        op("divide", forward, below),
        op("divide", backward, below),
        op("divide", second, op("power", step, TWO)),
    )


def halved(expr: Expr) -> Expr | None:
    """Return h for 2 * h and 1 for 2; None for what is not twice something."""
    match expr:
        case (
            Call(function="multiply", args=(Number(value=2.0), h))
            | Call(function="multiply", args=(h, Number(value=2.0)))
        ):
            return h
        case Number(value=2.0):
            return ONE
    return None


LOCAL: dict[str, Rule] = {
    "other_difference": other_difference,
    "put_in_order": put_in_order,
    "smoothed": smoothed,
    "each_for_total": each_for_total,
    "total_for_each": total_for_each,
    "inner_alone": inner_alone,
}
