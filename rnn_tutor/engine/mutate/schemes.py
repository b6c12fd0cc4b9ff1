"""Wrong versions by scheme: another difference quotient, another step of a solver, another update of an optimiser.

What these are made of is not a function of a few values, as what is in `methods`: an expression at two places, or a
value before and after its update.
"""

from rnn_tutor.engine.expression import Call, Expr, Index, Name, Number, walk
from rnn_tutor.engine.mutate.mutation import ONE, TWO, Context, Rule, Versions, op, substituted
from rnn_tutor.engine.mutate.several import for_central, halved


def other_quotient(part: Expr, context: Context) -> Versions:
    """Differences forward and backward, and of second order, for a central difference (numpy.gradient, any text)."""
    match part:
        case Call(function="divide", args=(Call(function="subtract", args=(after, before)), below)):
            step = _halved(below)
            here = _between(after, before) if step is not None and step != ONE else None
            if step is None or here is None:
                return
            quotients = for_central(after, here, before, below, step)
            clauses = (
                "the forward difference were taken, not the central one",
                "the backward difference were taken, not the central one",
                "the difference were only to what comes after, not the central one",
                "the difference were only to what comes before, not the central one",
                "the second difference were taken, not the first",
            )
            for changed, clause in zip(quotients, clauses, strict=True):
                yield changed, f"{clause}: {context.code(changed)}"


def _halved(expr: Expr) -> Expr | None:
    """Return h for h + h, and what `halved` returns."""
    match expr:
        case Call(function="add", args=(h, other)) if h == other:
            return h
    return halved(expr)


def _between(after: Expr, before: Expr) -> Expr | None:
    """Return what is halfway from one expression to the other: f[2] of f[3] and f[1], f(x) of f(x + h) and f(x - h)."""
    match after, before:
        case (
            Index(base=base, items=(Number(value=last),)),
            Index(base=other, items=(Number(value=first),)),
        ) if base == other and last - first == NEIGHBOURS:
            return Index(base, (Number(first + 1, f"{first + 1:g}"),))
    for one in walk(after):
        match one:
            case Call(function="add", args=(x, h)) if _put(after, one, op("subtract", x, h)) == before:
                return _put(after, one, x)
    return None


NEIGHBOURS = 2  # so far apart are those on both sides


def _put(expr: Expr, old: Expr, new: Expr) -> Expr:
    """Return an expression with one thing put for another wherever it stands."""
    return substituted(expr, lambda part: new if part == old else None)


def other_step_of_solver(part: Expr, context: Context) -> Versions:
    """The midpoint rule for Heun's, which averages two slopes (Hairer, Norsett and Wanner, chapter II.1)."""
    match part:
        case Call(function="add", args=(first, second)) if isinstance(second, Call) and first != second:
            for inside in walk(second):
                match inside:
                    case Call(function="add", args=(y, Call() as way)) if _put(second, inside, y) == first:
                        middle = _put(second, inside, op("add", y, op("divide", way, TWO)))
                        told = context.code(middle)
                        yield (
                            op("multiply", TWO, middle),
                            f"the derivative in the middle of the step alone were used: {told}",
                        )
                        yield (
                            op("add", first, middle),
                            f"the later derivative were that in the middle of the step: {told}",
                        )
                        told = context.code(second)
                        yield (
                            op("multiply", TWO, second),
                            f"the derivative at the end of the step alone were used: {told}",
                        )
                        return


def other_update(part: Expr, context: Context) -> Versions:
    """Another form of momentum: dampened, Nesterov's, with the rate inside (torch.optim.SGD; Sutskever et al. 2013)."""
    match part:
        case Call(
            function="subtract" | "add" as sign,
            args=(
                w,
                Call(
                    function="multiply",
                    args=(
                        lr,
                        Call(function="add" | "subtract" as f, args=(Call(function="multiply", args=(mu, v)), g)),
                    ),
                ),
            ),
        ) if context.is_single(lr) and context.is_single(mu):
            old = op("multiply", mu, v)
            velocity = op(f, old, g)
            plain = _without_rest(g, mu)
            for changed, clause in (
                (op(f, old, op("multiply", op("subtract", ONE, mu), g)), "the gradient were dampened by the rest"),
                (op(f, op("multiply", mu, velocity), g), "the velocity were updated twice (Nesterov)"),
                (op("add" if f == "subtract" else "subtract", old, g), "the gradient had the opposite sign"),
                *([(op(f, old, plain), "the gradient were not dampened")] if plain is not None else []),
            ):
                yield op(sign, w, op("multiply", lr, changed)), f"{clause}: {context.code(changed)}"
            inside = op(f, old, op("multiply", lr, g))
            yield op(sign, w, inside), f"the rate scaled the gradient alone: {context.code(inside)}"
            other = "add" if f == "subtract" else "subtract"
            inside = op(other, old, op("multiply", lr, g))
            yield op("add", w, inside), f"the rate scaled the gradient alone: {context.code(inside)} were added"
            yield (
                op(sign, w, inside),
                f"the rate scaled the gradient alone, and its sign were reversed: {context.code(inside)}",
            )


def other_decay_of_weights(part: Expr, context: Context) -> Versions:
    """Weight decay after the step, or not scaled by the rate (Loshchilov and Hutter 2019; torch.optim.AdamW)."""
    match part:
        case Call(
            function="subtract",
            args=(
                w,
                Call(
                    function="multiply",
                    args=(lr, Call(function="add", args=(g, Call(function="multiply", args=(a, b))))),
                ),
            ),
        ) if context.is_single(lr) and w in (a, b):
            decay = a if w == b else b
            stepped = op("subtract", w, op("multiply", lr, g))
            after = op("multiply", stepped, op("subtract", ONE, op("multiply", lr, decay)))
            yield after, f"the weights decayed after the step: {context.code(after)}"
            unscaled = op("subtract", stepped, op("multiply", decay, w))
            yield unscaled, f"the decay were not scaled by the rate: {context.code(unscaled)}"


def average_or_sum(part: Expr, context: Context) -> Versions:
    """a * x + (1 - a) * y for a * x + y: a running mean for a decaying sum (torch.optim.SGD: dampening), a blend."""
    for term, y in _terms(part):
        for a, x in _terms(term, "multiply"):
            rest = op("subtract", ONE, a)
            held = any(one == rest for one in walk(y))
            if isinstance(a, Name) and context.shapes.get(a.id) == () and a.id in context.means and not held:
                changed = op("add", op("multiply", a, x), op("multiply", rest, y))
                yield changed, f"{context.code(y)} were weighed by {context.code(rest)}"


def _terms(expr: Expr, function: str = "add") -> list[tuple[Expr, Expr]]:
    """Return the two terms (or factors) of a sum, and these the other way round."""
    match expr:
        case Call(function=f, args=(one, other)) if f == function:
            return [(one, other), (other, one)]
    return []


def _without_rest(g: Expr, mu: Expr) -> Expr | None:
    """Return g for (1 - mu) * g."""
    rest = op("subtract", ONE, mu)
    match g:
        case Call(function="multiply", args=(a, b)) if rest in (a, b):
            return b if a == rest else a
    return None


LOCAL: dict[str, Rule] = {
    "other_quotient": other_quotient,
    "other_step_of_solver": other_step_of_solver,
    "other_update": other_update,
    "other_decay_of_weights": other_decay_of_weights,
    "average_or_sum": average_or_sum,
}
