"""Wrong versions by form: what is done to each and what to all, in which order, and what was left as it is.

A function that is left out, a factor that comes after it and not before, ratios of sums for means of ratios, one of
several that are averaged, a mean taken off, a derivative too many.
"""

from rnn_tutor.engine.expression import Call, Expr, Index, Name, Number, names_in, walk
from rnn_tutor.engine.mutate.arrays import chain
from rnn_tutor.engine.mutate.mutation import ONE, TWO, Context, Rule, Versions, op, substituted

TURNED = ("sin", "cos", "tan", "arctan", "sinh", "cosh", "erf")
SCALED = ("softmax", "log_softmax", "sigmoid", "tanh", "exp")
OF_EACH = ("log", "log2", "log10", "exp", "sqrt", "tanh", "sigmoid", "relu", "abs", "square")
SMALLEST = 2  # entries of a list that has a mean


def function_left_out(part: Expr, context: Context) -> Versions:
    """X for sin(x): a small angle, or a function forgotten."""
    match part:
        case Call(function=f, args=(x,), keywords=()) if f in TURNED:
            yield x, f"the {f} of {context.code(x)} were left out"


def scaled_after(part: Expr, context: Context) -> Versions:
    """softmax(x) / T for softmax(x / T), and the like with a factor."""
    match part:
        case Call(function=f, args=(Call(function="divide", args=(x, c)),), keywords=keywords) if f in SCALED:
            changed: Expr = op("divide", Call(f, (x,), keywords), c)
            yield changed, f"the division by {context.code(c)} came after the {f}, not before it"
            yield Call(f, (op("multiply", x, c),), keywords), f"{context.code(x)} were multiplied by {context.code(c)}"
        case Call(function="softmax" | "log_softmax" as f, args=(Call(function="multiply", args=(c, x)),)):
            changed = op("multiply", c, Call(f, (x,), part.keywords))
            yield changed, f"the factor {context.code(c)} came after the {f}, not before it"


def centred(part: Expr, context: Context) -> Versions:
    """A list less its mean, where it is meant as it is."""
    shape = context.shapes.get(part.id, ()) if isinstance(part, Name) else ()
    measured = context.means.keys() - context.masks - context.recurrent
    if isinstance(part, Name) and len(shape) == 1 and shape[0] > SMALLEST and part.id in measured:
        changed = op("subtract", part, Call("mean", (part,)))
        yield changed, f"the mean of {context.named(part)} were subtracted from it"


def own_total(part: Expr, context: Context) -> Versions:
    """Entries divided by their own sum, where each is divided by something else."""
    match part:
        case Call(function="divide", args=(x, y)) if not isinstance(y, Number):
            shape = context.shapes.get(x.id, ()) if isinstance(x, Name) else ()
            if shape and not (isinstance(y, Call) and y.function == "sum"):
                yield op("divide", x, Call("sum", (x,))), f"{context.named(x)} were divided by its own sum"


def ratio_of_sums(part: Expr, context: Context) -> Versions:
    """sum(a) / sum(b) for mean(a / b), and back."""
    match part:
        case Call(function="mean", args=(Call(function="divide", args=(a, b)),), keywords=over):
            changed: Expr = op("divide", Call("sum", (a,), over), Call("sum", (b,), over))
            yield changed, f"the sum of {context.code(a)} were divided by the sum of {context.code(b)}"
        case Call(
            function="divide",
            args=(Call(function="sum", args=(a,), keywords=over), Call(function="sum", args=(b,), keywords=others)),
        ) if over == others:
            changed = Call("mean", (op("divide", a, b),), over)
            yield changed, f"the mean of {context.code(op('divide', a, b))} were taken, not the ratio of the sums"


def geometric(part: Expr, context: Context) -> Versions:
    """The arithmetic or harmonic mean, the product, or no mean, for a geometric mean that is written out."""
    match part:
        case Call(function="exp", args=(Call(function="mean", args=(Call(function="log", args=(x,)),)),)):
            yield Call("mean", (x,)), f"the plain mean of {context.code(x)} were taken, not the geometric mean"
            harmonic = op("divide", ONE, Call("mean", (op("divide", ONE, x),)))
            yield harmonic, f"the harmonic mean of {context.code(x)} were taken, not the geometric mean"
            yield Call("prod", (x,)), f"the product of {context.code(x)} were taken, without a root"
            yield Call("sqrt", (Call("prod", (x,)),)), f"the square root of the product of {context.code(x)} were taken"


def derivative_too_many(part: Expr, context: Context) -> Versions:
    """p - y times the derivative of a sigmoid or a tanh, where it is the whole gradient already."""
    match part:
        case Call(function="subtract", args=(Name(id=p) as made, Name(id=y))) if (
            p in context.definitions and context.shapes.get(p) == context.shapes.get(y)
        ):
            slope = op("multiply", made, op("subtract", ONE, made))
            yield op("multiply", part, slope), f"the derivative {context.code(slope)} were multiplied in too"
            slope = op("subtract", ONE, op("power", made, TWO))
            yield op("multiply", part, slope), f"the derivative {context.code(slope)} were multiplied in too"


def one_of_those(part: Expr, context: Context) -> Versions:
    """One of several terms that are weighed and averaged, or the mean of the first and the last."""
    match part:
        case (
            Call(function="multiply", args=(Call(function="divide", args=(a, Number() as n)), terms))
            | Call(function="divide", args=(Call(function="multiply", args=(a, terms)), Number() as n))
        ):
            for one, clause in _one_of(terms, n, context):
                yield op("multiply", a, one), clause
        case Call(function="divide", args=(terms, Number() as n)):
            yield from _one_of(terms, n, context)


def _one_of(terms: Expr, n: Number, context: Context) -> Versions:
    several = [_weighed(one) for one in chain(terms, "add")]
    if len(several) <= SMALLEST or sum(weight for weight, _ in several) != n.value:
        return
    for _, one in several:
        yield one, f"{context.code(one)} were taken alone, not the mean of all {len(several)}"
    first, last = several[0][1], several[-1][1]
    both = f"{context.code(first)} and {context.code(last)}"
    yield op("divide", op("add", first, last), TWO), f"the mean were of {both} alone"


def _weighed(term: Expr) -> tuple[float, Expr]:
    match term:
        case Call(function="multiply", args=(Number(value=weight), x)):
            return weight, x
    return 1.0, term


def of_product(part: Expr, context: Context) -> Versions:
    """log(A @ x) for log(A) @ x, and back."""
    match part:
        case Call(function="matmul" | "dot", args=(left, right)):
            for inside, other, first in ((left, right, True), (right, left, False)):
                if isinstance(inside, Call) and inside.function in OF_EACH and len(inside.args) == 1:
                    x, f = inside.args[0], inside.function
                    product = op("matmul", x, other) if first else op("matmul", other, x)
                    yield Call(f, (product,)), f"the {f} were taken of {context.code(product)}, after the product"
        case Call(function=f, args=(Call(function="matmul" | "dot", args=(left, right)),), keywords=()) if f in OF_EACH:
            for changed in (
                op("matmul", Call(f, (left,)), right),
                op("matmul", left, Call(f, (right,))),
            ):
                yield changed, f"the {f} were taken before the product: {context.code(changed)}"


def added_once(part: Expr, context: Context) -> Versions:
    """sum(x) + c for sum(x + c): a number that is added to each."""
    match part:
        case Call(function="sum", args=(Call(function="add" | "subtract" as inner, args=(x, c)),), keywords=over):
            if context.is_single(c):
                changed = op(inner, Call("sum", (x,), over), c)
                word = "added" if inner == "add" else "subtracted"
                yield changed, f"{context.named(c)} were {word} once, and not for each entry of {context.code(x)}"


def reciprocals(part: Expr, context: Context) -> Versions:
    """a + b for 1 / (1 / a + 1 / b), and a - b for the difference of reciprocals."""
    match part:
        case Call(
            function="add" | "subtract" as f,
            args=(Call(function="divide", args=(one, a)), Call(function="divide", args=(other, b))),
        ) if one == ONE == other:
            for changed in (op(f, a, b), op("divide", ONE, op(f, a, b))):
                yield changed, context.instead(changed, part)


def other_call(part: Expr, context: Context) -> Versions:
    """Another step that is made in the same way: the softmax at a temperature for the plain one."""
    if not isinstance(part, Call) or part.style == "operator" or context.variable is not None:
        return
    for name, made in context.definitions.items():
        if name in context.shapes and isinstance(made, Call) and made.function == part.function and made != part:
            yield Name(name), context.instead(made, part)
    size = context.size_of(part)
    for other, shape in context.pool if part.args and names_in(part) else ():
        own = isinstance(other, Call) and other.function == part.function and names_in(other)
        if own and shape == size and other != part and not _one_in_the_other(other, part):
            yield other, context.instead(other, part)


def _one_in_the_other(first: Expr, second: Expr) -> bool:
    return any(one == second for one in walk(first)) or any(one == first for one in walk(second))


def other_alike(part: Expr, context: Context) -> Versions:
    """A step that is made in the same way as the one that is meant: the student's shares for the teacher's."""
    own = context.definitions.get(part.id) if isinstance(part, Name) else None
    if not isinstance(part, Name) or not isinstance(own, Call) or context.variable is not None:
        return
    for name, made in context.definitions.items():
        alike = isinstance(made, Call) and made.function == own.function and name in context.hidden
        if alike and name != part.id and context.shapes.get(name) == context.shapes.get(part.id):
            yield Name(name), f"{context.code(Name(name))} were used instead of {context.named(part)}"


def part_of_factors(part: Expr, context: Context) -> Versions:
    """a * (b + c) for a * b * c: two of three factors added."""
    match part:
        case Call(function="multiply", args=(Call(function="multiply", args=(a, b)), c)):
            if not isinstance(b, Number) and not isinstance(c, Number):
                both = f"{context.code(b)} and {context.code(c)}"
                yield op("multiply", a, op("add", b, c)), f"{both} were added, not multiplied"


def halved(part: Expr, context: Context) -> Versions:
    """Half of a number, or twice as much, and one more."""
    if not isinstance(part, Name) or part.id not in context.means or part.id == context.variable:
        return
    if part.id not in context.whole | context.masks:
        if context.shapes.get(part.id) == ():
            yield op("divide", part, TWO), f"{context.named(part)} were halved"
            yield op("multiply", TWO, part), f"{context.named(part)} were doubled"
        yield op("add", ONE, part), f"1 were added to {context.named(part)}"


def factor_squared(part: Expr, context: Context) -> Versions:
    """The square of a whole number that scales something, and its root."""
    match part:
        case Call(function="multiply" | "divide" as f, args=(left, right)):
            for at, one in enumerate((left, right)):
                if isinstance(one, Name) and one.id in context.whole and context.shapes.get(one.id) == ():
                    if one.id == context.variable or one.id not in context.means:
                        continue
                    for other, clause in (
                        (op("power", one, TWO), f"{context.named(one)} were squared"),
                        (Call("sqrt", (one,)), f"the square root of {context.named(one)} were taken"),
                    ):
                        yield op(f, left, other) if at else op(f, other, right), clause


def squared_error(part: Expr, context: Context) -> Versions:
    """Squared errors for a cross-entropy that is written out."""
    match part:
        case Call(
            function="add",
            args=(
                Call(function="multiply", args=(y, Call(function="log", args=(p,)))),
                Call(function="multiply", args=(Call(function="subtract", args=(one, same)), Call(function="log"))),
            ),
        ) if one == ONE and same == y:
            squares = op("power", op("subtract", p, y), TWO)
            yield op("negative", squares), f"{context.code(squares)} were used instead of the logarithms"
            yield (
                op("multiply", y, Call("log", (p,))),
                f"the term with {context.code(op('subtract', ONE, y))} were left out",
            )


def impurity(part: Expr, context: Context) -> Versions:
    """The Gini impurity for an entropy, and an entropy as a fraction of the largest."""
    match part:
        case Call(
            function="negative",
            args=(Call(function="sum", args=(Call(function="multiply", args=(p, Call(args=(same,)) as log)),)),),
        ) if same == p and log.function in ("log", "log2", "log10"):
            gini = op("subtract", ONE, Call("sum", (op("power", p, TWO),)))
            yield gini, f"1 less the sum of the squares of {context.code(p)} were taken"
            most = Call(log.function, (Call("size", (p,)),))
            yield op("divide", part, most), f"the entropy were divided by that of {context.code(p)} all equal"


def after_product(part: Expr, context: Context) -> Versions:
    """W @ y + x for W @ (y + x)."""
    match part:
        case Call(function="matmul", args=(w, Call(function="add" | "subtract" as f, args=(y, x)))):
            changed = op(f, op("matmul", w, y), x)
            yield changed, f"{context.code(x)} came after the product: {context.code(changed)}"


def number_left_out(part: Expr, context: Context) -> Versions:
    """-x for 1 - x."""
    match part:
        case Call(function="subtract", args=(Number() as number, x)):
            yield op("negative", x), f"{context.code(number)} were missing before {context.code(x)}"


def means_first(part: Expr, context: Context) -> Versions:
    """2 * mean(p) * mean(r) / (mean(p) + mean(r)) for mean(2 * p * r / (p + r)): each list averaged first."""
    match part:
        case Call(function="mean" | "sum" as f, args=(Call(style="operator") as x,), keywords=()):
            lists = {one.id for one in walk(x) if isinstance(one, Name) and len(context.shapes.get(one.id, ())) == 1}
            if lists and not any(isinstance(one, Index) for one in walk(x)):
                changed = substituted(
                    x, lambda one: Call(f, (one,)) if isinstance(one, Name) and one.id in lists else None
                )
                word = "averaged" if f == "mean" else "added up"
                yield changed, f"each list in {context.code(x)} were {word} first: {context.code(changed)}"


def weighed(part: Expr, context: Context) -> Versions:
    """A mean that is weighed by something given."""
    match part:
        case Call(function="mean", args=(Name(id=name) as x,), keywords=()):
            for other, shape in context.shapes.items():
                alike = len(shape) == 1 and shape == context.shapes.get(name) and other != name
                if alike and other in context.means:
                    given = Name(other)
                    changed = op("divide", Call("sum", (op("multiply", given, x),)), Call("sum", (given,)))
                    yield changed, f"the mean of {context.code(x)} were weighed by {context.named(given)}"


def exponent_turned(part: Expr, context: Context) -> Versions:
    """x**(1/n) for x**n, and back."""
    match part:
        case Call(function="power", args=(x, Call(function="divide", args=(one, n)))) if one == ONE:
            yield op("power", x, n), f"{context.code(x)} were raised to the power {context.code(n)}, without a root"
        case Call(function="power", args=(x, Name() as n)):
            yield op("power", x, op("divide", ONE, n)), f"the root of {context.code(x)} were taken, not its power"


def part_powered(part: Expr, context: Context) -> Versions:
    """The square or the root of a sum, a mean, a difference."""
    if isinstance(part, Call) and part.function in ("sum", "mean", "var", "std", "add", "subtract", "matmul", "norm"):
        yield op("power", part, TWO), f"{context.code(part)} were squared"
        yield Call("sqrt", (part,)), f"the square root of {context.code(part)} were taken"


LOCAL: dict[str, Rule] = {
    "function_left_out": function_left_out,
    "scaled_after": scaled_after,
    "centred": centred,
    "own_total": own_total,
    "ratio_of_sums": ratio_of_sums,
    "geometric": geometric,
    "derivative_too_many": derivative_too_many,
    "one_of_those": one_of_those,
    "of_product": of_product,
    "added_once": added_once,
    "reciprocals": reciprocals,
    "other_call": other_call,
    "other_alike": other_alike,
    "part_of_factors": part_of_factors,
    "halved": halved,
    "factor_squared": factor_squared,
    "squared_error": squared_error,
    "impurity": impurity,
    "after_product": after_product,
    "number_left_out": number_left_out,
    "means_first": means_first,
    "weighed": weighed,
    "exponent_turned": exponent_turned,
    "part_powered": part_powered,
}


def of_turned(expr: Expr, context: Context) -> Versions:
    """A matrix with rows for columns, to be tried with another mistake too."""
    shape = context.shapes.get(expr.id, ()) if isinstance(expr, Name) else ()
    if len(shape) == 2 and isinstance(expr, Name | Index):
        yield Call("transpose", (expr,), style="attribute"), "the result were transposed"


def of_matrices(expr: Expr, context: Context) -> Versions:
    """A given of the same shape added to a result, or taken from it."""
    shape = context.shapes.get(expr.id, ()) if isinstance(expr, Name) else ()
    for name, other in context.shapes.items():
        if shape and other == shape and name in context.means and isinstance(expr, Name) and name != expr.id:
            given = Name(name)
            yield op("add", expr, given), f"{context.named(given)} were added to the result"
            yield op("subtract", expr, given), f"{context.named(given)} were subtracted from the result"


def of_entries(expr: Expr, context: Context) -> Versions:
    """A result divided by a number of entries, or by its root, or multiplied by it."""
    sizes: dict[int, str] = {}
    for name, shape in context.shapes.items():
        if len(shape) == 1 and shape[0] > 1 and name in context.means:
            sizes.setdefault(shape[0], name)
    for name in sizes.values():
        n = Call("len", (Name(name),))
        yield op("divide", expr, n), f"the result were divided by {context.code(n)}"
        yield op("multiply", expr, n), f"the result were multiplied by {context.code(n)}"
        yield op("divide", expr, Call("sqrt", (n,))), f"the result were divided by the root of {context.code(n)}"


RESULT: dict[str, Rule] = {"of_turned": of_turned, "of_matrices": of_matrices, "of_entries": of_entries}
