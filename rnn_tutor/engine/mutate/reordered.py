"""Wrong versions by order: a function of each for one of the total, a blend before for one after, means of means.

Beside these what has to hold for something to be counted.

Who has `exp(mean(x))` to compute and takes the exponentials first makes one of the commonest mistakes there are. These
rules look through the names of steps: the total may be one, and what it is divided by another.
"""

from collections.abc import Callable, Iterator
from copy import deepcopy

from rnn_tutor.engine.expression import Call, Expr, Index, Name, Number, children, names_in, with_children
from rnn_tutor.engine.mutate.mutation import ONE, TWO, Context, Rule, Versions, op, substituted
from rnn_tutor.engine.shapes import Shape

ZERO = Number(0.0, "0")
MATRIX = 2  # axes
DEEPEST = 3  # steps within each other that are looked through
OF_EACH = ("log", "log2", "log10", "exp", "sqrt", "abs", "square", "tanh", "sigmoid", "relu")
BY_AXIS = ("softmax", "log_softmax")
REDUCED = {"sum": "sum", "mean": "mean", "max": "largest"}


def _looked_through(expr: Expr, context: Context) -> Expr:
    """Return what a step's name stands for; anything else as it is."""
    made = expr
    for _ in range(DEEPEST):
        if made == (made := context.resolved(made)):
            break
    return made


def function_of_each(part: Expr, context: Context) -> Versions:
    """sum(w * log(x)) for log(sum(w * x)): a function of each, and then the weighted sum."""
    match part:
        case Call(function=f, args=(inner,), keywords=()) if f in OF_EACH:
            made = _looked_through(inner, context)
            for changed, x in _totals_of(made, lambda x: Call(f, (x,)), context):
                word = f"the {f} were taken of each of {context.code(x)}"
                yield changed, f"{word} before the sum, not after it: {context.code(changed)}"
        case Call(function="power", args=(inner, Number(value=2.0))):
            made = _looked_through(inner, context)
            for changed, x in _totals_of(made, lambda x: op("power", x, TWO), context):
                yield changed, f"each of {context.code(x)} were squared before the sum: {context.code(changed)}"


def _totals_of(made: Expr, each: Callable[[Expr], Expr], context: Context) -> Iterator[tuple[Expr, Expr]]:
    """Yield a weighted sum, or a mean, with a function of each number, and of which it is taken."""
    match made:
        case Call(function="divide", args=(above, n)) if context.size_of(n) == () or isinstance(n, Number):
            total = _looked_through(above, context)
            for changed, x in _totals_of(total, each, context):
                yield op("divide", changed, deepcopy(n)), x
            match total:
                case Call(function="sum", args=(x,), keywords=over) if not _is_product(x):
                    yield op("divide", Call("sum", (each(deepcopy(x)),), over), deepcopy(n)), x
        case Call(function="sum" | "mean" as f, args=(inner,), keywords=over):
            product = _looked_through(inner, context)
            if _is_product(product) and isinstance(product, Call):
                for w, x in (product.args, product.args[::-1]):
                    if not isinstance(x, Number) and not context.is_mask(_looked_through(x, context)):
                        yield Call(f, (op("multiply", deepcopy(w), each(deepcopy(x))),), over), x
        case Call(function="matmul" | "dot" as f, args=(w, x)):
            yield op("matmul", deepcopy(w), each(deepcopy(x))), x
            yield op("matmul", each(deepcopy(w)), deepcopy(x)), w


def _is_product(expr: Expr) -> bool:
    return isinstance(expr, Call) and expr.function == "multiply"


def reduced_first(part: Expr, context: Context) -> Versions:
    """softmax(mean(x, axis=0)) for mean(softmax(x, axis=1), axis=0): rows summed up before what is taken of each."""
    match part:
        case Call(function=f, args=(x,), keywords=(("axis", axis),)) if f in REDUCED:
            match _looked_through(x, context):
                case Call(function=g, args=(inner,), keywords=along) as each if g in BY_AXIS:
                    if context.size_of(inner) is not None and dict(along).get("axis") == axis:
                        return
                    changed = Call(g, (Call(f, (deepcopy(inner),), part.keywords),))
                    word = f"the {REDUCED[f]} of {context.code(inner)} were taken"
                    yield changed, f"{word} before the {each.function}, not after it: {context.code(changed)}"


def rows_averaged(part: Expr, context: Context) -> Versions:
    """The mean of what each row gives for the ratio of the sums over all: windows or users that count alike."""
    match part:
        case Call(function="divide", args=(above, below)):
            match _looked_through(above, context), _looked_through(below, context):
                case (
                    Call(function="sum", args=(x,), keywords=()),
                    Call(function="sum", args=(n,), keywords=()),
                ) if _is_matrix(x, context) and _is_matrix(n, context):
                    for axis, word in ((ONE, "rows"), (ZERO, "columns")):
                        sums = [Call("sum", (deepcopy(one),), (("axis", axis),)) for one in (x, n)]
                        mean = Call("mean", (op("divide", *sums),))
                        yield mean, f"the mean of the ratios of the {word} were taken, not the ratio of the sums"


def results_averaged(part: Expr, context: Context) -> Versions:
    """mean(exp(x * w / n)) for exp(sum(x * w) / sum(n)): the mean of what each entry gives for what all give together.

    A macro for a micro average (sklearn.metrics.f1_score, `average`).
    """
    if not isinstance(part, Call) or part.function in REDUCED or context.size_of(part) not in ((), None):
        return
    summed: list[Shape | None] = []
    each = _of_each_entry(part, context, summed)
    if len(summed) > 1 and len(set(summed)) == 1 and summed[0] is not None and len(summed[0]) == 1:
        changed = deepcopy(each)
        yield Call("mean", (changed,)), f"the mean of {context.code(changed)} were taken, where all count together"


def _of_each_entry(expr: Expr, context: Context, summed: list[Shape | None], depth: int = DEEPEST) -> Expr:
    """Return an expression with what is summed up in the place of each sum; `summed` gets the shapes."""
    match expr:
        case Call(function="sum", args=(x,), keywords=()):
            summed.append(context.size_of(x))
            return x
        case Name() if expr.id in context.definitions and context.size_of(expr) == () and depth:
            return _of_each_entry(context.definitions[expr.id], context, summed, depth - 1)
        case Call(args=args, keywords=()):
            made = with_children(expr, tuple(_of_each_entry(arg, context, summed, depth) for arg in args))
            match made:
                case Call(function="divide", args=(Call(function="multiply", args=(a, b)), c)) if c in (a, b):
                    return a if c == b else b
            return made
    return expr


def _is_matrix(expr: Expr, context: Context) -> bool:
    shape = context.size_of(expr)
    return shape is not None and len(shape) == MATRIX


def blended_first(part: Expr, context: Context) -> Versions:
    """f(w * a + (1 - w) * b) for w * f(a) + (1 - w) * f(b), and back: mixed before what is made of each, or after."""
    blend = _blend(part)
    if blend is not None:
        weights, (one, other) = blend
        first, second = _written_out(one, context), _written_out(other, context)
        found = _only_difference(first, second)
        if found is not None:
            mixed = _mixed(weights, *found)
            changed = substituted(first, lambda inside: mixed if inside is found[0] else None)
            if changed is not mixed:
                both = f"{context.code(found[0])} and {context.code(found[1])}"
                yield changed, f"{both} were averaged first, and the rest computed from that average"
    match part:
        case Call(function=f, args=(inner,), keywords=()) if f in OF_EACH:
            blend = _blend(_looked_through(inner, context))
            if blend is not None:
                weights, (one, other) = blend
                changed = _mixed(weights, Call(f, (deepcopy(one),)), Call(f, (deepcopy(other),)))
                yield changed, f"the {f} were taken of each before the blend, not after it: {context.code(changed)}"


Weights = tuple[Expr, Expr] | None
"""By what two things are multiplied before they are added; None where half of their sum is taken."""


def _blend(part: Expr) -> tuple[Weights, tuple[Expr, Expr]] | None:
    """Return the weights of a blend and what is blended: w * a + (1 - w) * b, (a + b) / 2; None for anything else."""
    match part:
        case Call(function="divide", args=(Call(function="add", args=(a, b)), Number(value=2.0))):
            return None, (a, b)
        case Call(
            function="add",
            args=(Call(function="multiply", args=first), Call(function="multiply", args=second)),
        ):
            for w, a in (first, first[::-1]):
                for v, b in (second, second[::-1]):
                    if op("subtract", ONE, w) == v or op("subtract", ONE, v) == w:
                        return (w, v), (a, b)
    return None


def _mixed(weights: Weights, one: Expr, other: Expr) -> Expr:
    if weights is None:
        return op("divide", op("add", one, other), TWO)
    w, v = (deepcopy(weight) for weight in weights)
    return op("add", op("multiply", w, one), op("multiply", v, other))


def _written_out(expr: Expr, context: Context) -> Expr:
    """Return what a step is made of, anew: no part of it is a place of that step."""
    return deepcopy(_looked_through(expr, context))


def _only_difference(one: Expr, other: Expr) -> tuple[Expr, Expr] | None:
    """Return the innermost parts in which two expressions differ, where it is one place that lies within a call."""
    found: tuple[Expr, Expr] | None = None
    while isinstance(one, Call | Index) and type(one) is type(other):
        inside, instead = children(one), children(other)
        if len(inside) != len(instead) or with_children(one, instead) != other:
            break
        differ = [pair for pair in zip(inside, instead, strict=True) if pair[0] != pair[1]]
        if len(differ) != 1 or not all(names_in(part) for part in differ[0]):
            break
        one, other = found = differ[0]
    return found


def condition_left_out(part: Expr, context: Context) -> Versions:
    """One of two conditions left out."""
    match part:
        case Call(function="logical_and" | "logical_or" as f, args=(a, b)):
            never = "equal" if f == "logical_and" else "not_equal"
            for left, gone in ((a, b), (b, a)):
                changed = Call(f, (left, op(never, gone, gone)))  # of the shape that both have
                yield changed, f"the condition {context.code(gone)} were left out"


LOCAL: dict[str, Rule] = {
    "condition_left_out": condition_left_out,
    "function_of_each": function_of_each,
    "reduced_first": reduced_first,
    "rows_averaged": rows_averaged,
    "results_averaged": results_averaged,
    "blended_first": blended_first,
}
