"""Wrong versions by quantity: the neighbouring one of the field, in place of the one that is asked for."""

import math

from rnn_tutor.engine.expression import Call, Expr, Index, Name, NewAxis, Number, Slice
from rnn_tutor.engine.mutate.mutation import ONE, TWO, Context, Rule, Versions, op, whole_number

HUNDRED = Number(100.0, "100")
ANGLES = ("sin", "cos", "tan")
ROUNDED = {"floor": "rounded down", "ceil": "rounded up", "round": "rounded", "trunc": "cut off"}


LESS = 4  # n, n - 1, n - 2, n - 3: degrees of freedom


def one_less(part: Expr, context: Context) -> Versions:
    """n - 1 for n, and back, where something is divided by a count."""
    match part:
        case Call(function="divide", args=(x, n)) if _is_count(n, context):
            for other in (op("subtract", n, ONE), op("add", n, ONE)):
                yield op("divide", x, other), f"the division were by {context.code(other)}"
        case Call(function="divide", args=(x, Call(function="subtract" | "add", args=(n, Number(value=1.0))))):
            yield op("divide", x, n), f"the division were by {context.code(n)}"
        case Call(
            function="divide",
            args=(Call(function="sum", args=(x,), keywords=()) as total, Number(text=text, value=less)),
        ):
            size = context.size_of(x) or ()
            count = size[0] if len(size) == 1 else 0
            for by in range(count, count - LESS, -1) if 0 < count - less < LESS else ():
                if by != less:
                    clause = f"the sum were divided by {by}, not by {text}"
                    yield op("divide", total, whole_number(by)), clause
        case Call(function="mean", args=(x,), keywords=()):
            n = Call("size", (x,))
            yield op("divide", Call("sum", (x,)), op("subtract", n, ONE)), "the sum were divided by n - 1, not by n"


def _is_count(expr: Expr, context: Context) -> bool:
    if isinstance(expr, Call):
        return expr.function in ("len", "size", "sum", "count_nonzero")
    return isinstance(expr, Name) and context.shapes.get(expr.id) == () and expr.id != context.variable


def degrees_of_freedom(part: Expr, context: Context) -> Versions:
    """n - 1 for n in a variance, and back, over an axis too; in a mean over an axis."""
    match part:
        case Call(function="var" | "std" as f, args=(x,), keywords=keywords):
            further = tuple(pair for pair in keywords if pair[0] != "ddof")
            if dict(keywords).get("ddof", Number(0.0, "0")) == ONE:
                yield Call(f, (x,), further), f"the {f} of {context.code(x)} were divided by n, not by n - 1"
            else:
                yield (
                    Call(f, (x,), (*further, ("ddof", ONE))),
                    f"the {f} of {context.code(x)} were divided by n - 1, not by n",
                )
        case Call(function="mean", args=(x,), keywords=keywords) if keywords:
            whole = Call("sum", (x,), keywords)
            axis = dict(keywords).get("axis", ONE)
            count = Index(Call("shape", (x,)), (axis,))
            yield (
                op("divide", whole, op("subtract", count, ONE)),
                f"the sum of {context.code(x)} were divided by n - 1, not by n",
            )


def averages(part: Expr, context: Context) -> Versions:
    """The geometric or harmonic mean, the median, for the mean."""
    match part:
        case Call(function="mean", args=(x,), keywords=()):
            yield (
                Call("exp", (Call("mean", (Call("log", (x,)),)),)),
                f"the geometric mean of {context.code(x)} were taken",
            )
            harmonic = op("divide", ONE, Call("mean", (op("divide", ONE, x),)))
            yield harmonic, f"the harmonic mean of {context.code(x)} were taken"
            yield (
                Call("sqrt", (Call("mean", (op("power", x, TWO),)),)),
                f"the root mean square of {context.code(x)} were taken",
            )
        case Call(function="var", args=(x,), keywords=keywords):
            yield Call("std", (x,), keywords), "the standard deviation were taken, not the variance"
            yield Call("mean", (op("power", x, TWO),), keywords), "the mean were not subtracted"
        case Call(function="std", args=(x,), keywords=keywords):
            yield Call("var", (x,), keywords), "the variance were taken, not the standard deviation"
            centred = op("subtract", x, Call("mean", (x,)))
            yield Call("mean", (Call("abs", (centred,)),)), "the mean absolute deviation were taken"
        case Call(function="argmax", args=(x, *_), keywords=keywords):
            yield Call("max", (x,), keywords), "the largest value were given, not its index"
            yield Call("argmin", (x,), keywords), "the index of the smallest were given, not of the largest"
        case Call(function="max", args=(x,), keywords=keywords):
            yield Call("argmax", (x,), keywords), "the index of the largest were given, not its value"
        case Call(function="min", args=(x,), keywords=keywords):
            yield Call("argmin", (x,), keywords), "the index of the smallest were given, not its value"
        case Call(function="maximum" | "minimum" as f, args=(a, b)) if not any(isinstance(x, Number) for x in (a, b)):
            both, which = f"{context.code(a)} and {context.code(b)}", "larger" if f == "maximum" else "smaller"
            other = Call("greater" if f == "maximum" else "less", (b, a))
            yield op("multiply", other, ONE), f"it were given which of {both} is the {which}, not its value"
        case Call(function="det", args=(w,)):
            yield Call("trace", (w,)), "the trace were taken, not the determinant"
        case Call(function="trace", args=(w,)):
            yield Call("det", (w,)), "the determinant were taken, not the trace"
            yield Call("sum", (w,)), "all entries were added, not only the diagonal"


def squared_sums(part: Expr, context: Context) -> Versions:
    """Absolute values for squares, the largest for the sum, and back."""
    match part:
        case Call(function="power", args=(x, Number(value=2.0))) | Call(function="square", args=(x,)):
            yield Call("abs", (x,)), f"the absolute value of {context.code(x)} were taken, not its square"
            yield op("multiply", TWO, x), f"{context.code(x)} were doubled, not squared"
        case Call(function="abs", args=(x,)):
            yield op("power", x, TWO), f"{context.code(x)} were squared, without an absolute value"
        case Call(function="sqrt", args=(x,)) if not isinstance(x, Number):
            yield op("divide", x, TWO), f"{context.code(x)} were halved, without a root"
            yield op("power", x, TWO), f"{context.code(x)} were squared, without a root"


def angles(part: Expr, context: Context) -> Versions:
    """Degrees for radians."""
    if isinstance(part, Call) and part.function in ANGLES and len(part.args) == 1:
        factor = Number(math.pi / 180, "pi/180")
        yield Call(part.function, (op("multiply", part.args[0], factor),)), "the angle were in degrees"


def rounding(part: Expr, context: Context) -> Versions:
    """Rounded up, down, or not at all."""
    if isinstance(part, Call) and part.function in ROUNDED and part.args:
        yield part.args[0], f"{context.code(part.args[0])} were not rounded"
        for other, word in ROUNDED.items():
            if other != part.function:
                yield Call(other, part.args[:1]), f"{context.code(part.args[0])} were {word}"


def entropy(part: Expr, context: Context) -> Versions:
    """The entropy of equal shares for that of the shares."""
    match part:
        case Call(function="negative", args=(Call(function="sum", args=(Call(function="multiply", args=(p, logs)),)),)):
            for shares, other in ((p, logs), (logs, p)):
                if isinstance(other, Call) and other.function in ("log", "log2", "log10") and other.args == (shares,):
                    yield Call(other.function, (Call("size", (shares,)),)), "all shares were equal"
                    yield op("negative", Call("mean", (other,))), "the logarithms were averaged, not weighted"


def axis_left_out(part: Expr, context: Context) -> Versions:
    """Over all elements, where one axis is meant."""
    if isinstance(part, Index) and all(isinstance(item, NewAxis) or item == Slice() for item in part.items):
        yield from axis_left_out(part.base, context)  # one number needs no column
    if isinstance(part, Call) and dict(part.keywords).get("axis") is not None:
        further = tuple(pair for pair in part.keywords if pair[0] not in ("axis", "keepdims"))
        if part.function in ("sum", "mean", "var", "std", "max", "min", "prod", "norm"):
            of_all = Call(part.function, part.args, further)
            clause = f"the {part.function} went over all of {context.code(part.args[0])}"
            yield of_all, clause
            yield op("multiply", Call("ones_like", (part,)), of_all), clause  # where it is read row by row


def normalisers(part: Expr, context: Context) -> Versions:
    """Divided by the number of entries, by the sum of all, by the largest, where one sum is meant."""
    match part:
        case Call(function="divide", args=(x, Call(function="sum", args=(y,), keywords=keywords))):
            yield (
                op("divide", x, Call("size", (y,))),
                f"the division were by the number of entries of {context.code(y)}",
            )
            yield op("divide", x, Call("len", (y,))), f"the division were by the number of rows of {context.code(y)}"
            yield op("divide", x, Call("max", (y,), keywords)), f"the division were by the largest of {context.code(y)}"
            squares = Call("sqrt", (Call("sum", (op("power", y, TWO),), keywords),))
            yield op("divide", x, squares), f"the division were by the norm of {context.code(y)}, not by its sum"
            if dict(keywords).get("axis") is not None:
                axis = dict(keywords)["axis"]
                other = Number(0.0, "0") if axis != Number(0.0, "0") else ONE
                changed = tuple((key, other if key == "axis" else value) for key, value in keywords)
                yield (
                    op("divide", x, Call("sum", (y,), changed)),
                    f"the sums of {context.code(y)} went over the other axis",
                )
            if x == y and len(context.size_of(x) or ()) == 1:
                alike = op("divide", Call("ones_like", (x,)), Call("len", (x,)))
                yield alike, f"each of {context.named(x)} counted alike"
        case Call(function="divide", args=(x, Call(function="norm", args=(y, *_)))):
            yield (
                op("divide", x, Call("sum", (y,))),
                f"the division were by the sum of {context.code(y)}, not by its norm",
            )


def norms_written_out(part: Expr, context: Context) -> Versions:
    """The root of the sum of squares for the sum of absolute values, and the largest of these."""
    match part:
        case Call(function="sum", args=(Call(function="abs", args=(x,)),), keywords=keywords):
            squares = Call("sum", (op("power", x, TWO),), keywords)
            yield Call("sqrt", (squares,)), f"the root of the sum of squares of {context.code(x)} were taken"
            yield squares, f"the sum of squares of {context.code(x)} were taken"
            yield Call("sum", (x,), keywords), f"the absolute values of {context.code(x)} were left out"
        case Call(function="mean", args=(Call(function="abs", args=(x,)),), keywords=keywords):
            squares = Call("mean", (op("power", x, TWO),), keywords)
            yield squares, f"the mean of the squares of {context.code(x)} were taken"
            yield Call("sqrt", (squares,)), f"the root of the mean of the squares of {context.code(x)} were taken"
        case Call(function="mean", args=(Call(function="power", args=(x, Number(value=2.0))),), keywords=keywords):
            yield op("power", Call("mean", (x,), keywords), TWO), f"the mean of {context.code(x)} were squared"
            sizes = op("power", Call("mean", (Call("abs", (x,)),), keywords), TWO)
            yield sizes, f"the mean of the absolute values of {context.code(x)} were squared"
        case Call(function="sum", args=(Call(function="power", args=(x, Number(value=2.0))),), keywords=keywords):
            yield op("power", Call("sum", (x,), keywords), TWO), f"the sum of {context.code(x)} were squared"
        case Call(
            function="sum" | "mean" as f,
            args=(Call(function="multiply", args=(w, Call(function="power", args=(x, Number(value=2.0))))),),
            keywords=keywords,
        ):
            inside = op("multiply", w, x)
            changed = op("power", Call(f, (inside,), keywords), TWO)
            yield changed, f"the square were taken after the {f}: {context.code(changed)}"


def inverses(part: Expr, context: Context) -> Versions:
    """A matrix for its inverse, reciprocals for the inverse."""
    match part:
        case Call(function="inv", args=(w,)):
            yield w, f"{context.code(w)} were not inverted"
            yield op("divide", ONE, w), f"each element of {context.code(w)} were inverted separately"
            yield Call("transpose", (w,), style="attribute"), f"{context.code(w)} were transposed, not inverted"
        case Call(function="solve", args=(w, b)):
            yield op("matmul", w, b), f"{context.code(w)} were not inverted"
            yield b, f"{context.code(w)} were left out"
            yield op("matmul", op("divide", ONE, w), b), f"each element of {context.code(w)} were inverted separately"


def one_added(part: Expr, context: Context) -> Versions:
    """1 more inside of a logarithm, or below a fraction; 1 less."""
    match part:
        case Call(function="log" | "log2" | "log10" as f, args=(x,)):
            yield Call(f, (op("add", ONE, x),)), f"1 were added inside the {f}"
            yield op("add", part, ONE), f"1 were added to the {f}"
        case Call(function="divide", args=(x, y)) if not isinstance(y, Number):
            yield op("divide", x, op("add", y, ONE)), f"1 were added to {context.code(y)}"
            yield op("divide", op("add", x, ONE), y), f"1 were added to {context.code(x)}"


def compound(part: Expr, context: Context) -> Versions:
    """Simple interest for compound, and the like: 1 + r * n for (1 + r)**n."""
    match part:
        case Call(function="power", args=(Call(function="add" | "subtract" as f, args=(Number(value=1.0), r)), n)):
            yield (
                op(f, ONE, op("multiply", r, n)),
                context.instead(op(f, ONE, op("multiply", r, n)), part),
            )


def roots_of_squares(part: Expr, context: Context) -> Versions:
    """Sums, means and the largest for the root of a sum of squares."""
    match part:
        case Call(
            function="sqrt",
            args=(Call(function="sum", args=(Call(function="power", args=(x, Number(value=2.0))),), keywords=over),),
        ):
            for function, word in (("sum", "sum"), ("mean", "mean"), ("max", "largest")):
                yield (
                    Call(function, (x,), over),
                    f"the {word} of {context.code(x)} were taken, not the root of the sum of squares",
                )
            yield (
                Call("sqrt", (Call("sum", (x,), over),)),
                f"the root of the sum of {context.code(x)} were taken, without squares",
            )
        case Call(function="norm", args=(x, *_), keywords=over):
            yield Call("mean", (x,), over), f"the mean of {context.code(x)} were taken, not its norm"
            yield (
                op("divide", part, Call("size", (x,))),
                f"the norm of {context.code(x)} were divided by its number of entries",
            )


def some_left_out(part: Expr, context: Context) -> Versions:
    """The first or the last left out of a sum, a mean, a product."""
    match part:
        case Call(function="sum" | "mean" | "prod" | "max" as f, args=(x,), keywords=keywords):
            axis = dict(keywords).get("axis")
            if axis is None or axis == Number(0.0, "0"):
                for at, word in ((Slice(ONE), "first"), (Slice(None, op("negative", ONE)), "last")):
                    yield (
                        Call(f, (Index(x, (at,)),), keywords),
                        f"the {word} of {context.code(x)} were left out of the {f}",
                    )


def at_least_one(part: Expr, context: Context) -> Versions:
    """1 - prod(1 - p) for prod(p), and back: any of them for all of them."""
    match part:
        case Call(function="prod", args=(p,), keywords=keywords):
            others = Call("prod", (op("subtract", ONE, p),), keywords)
            clause = f"1 minus the product of {context.code(others.args[0])} were taken, as for at least one of them"
            yield op("subtract", ONE, others), clause
        case Call(
            function="subtract",
            args=(Number(value=1.0), Call(function="prod", args=(Call(function="subtract", args=(one, p)),))),
        ) if one == ONE:
            yield Call("prod", (p,)), f"the product of {context.code(p)} were taken, as for all of them"


def order_reversed(part: Expr, context: Context) -> Versions:
    """The largest first, where the smallest is."""
    match part:
        case Call(function="argsort", args=(x,), keywords=keywords):
            yield Call("argsort", (op("negative", x),), keywords), "the order were reversed, the largest first"


def presence(part: Expr, context: Context) -> Versions:
    """How often for whether, and back."""
    match part:
        case Call(function="greater" | "not_equal", args=(x, Number(value=0.0))):
            yield x, f"{context.code(x)} were counted, and not only whether it is there"
        case Name(id=name) if name in context.whole and context.shapes.get(name):
            there = op("multiply", ONE, op("greater", part, Number(0.0, "0")))
            yield there, f"only whether {context.named(part)} is there were counted, and not how often"


LOCAL: dict[str, Rule] = {
    "presence": presence,
    "order_reversed": order_reversed,
    "at_least_one": at_least_one,
    "roots_of_squares": roots_of_squares,
    "some_left_out": some_left_out,
    "axis_left_out": axis_left_out,
    "normalisers": normalisers,
    "norms_written_out": norms_written_out,
    "inverses": inverses,
    "one_added": one_added,
    "compound": compound,
    "one_less": one_less,
    "degrees_of_freedom": degrees_of_freedom,
    "averages": averages,
    "squared_sums": squared_sums,
    "angles": angles,
    "rounding": rounding,
    "entropy": entropy,
}


INFORMATION = ("bits", "nats", "entropy", "loss", "prob", "surpris", "perplex", "likelihood", "information")


def of_result(expr: Expr, context: Context) -> Versions:
    """A function of the result, or of its inverse: a square, a root, a logarithm, odds, per cent, another unit."""
    bits, nats = "the result were divided by log(2)", "the result were multiplied by log(2)"
    if context.speaks_of(*INFORMATION):
        bits, nats = "the result were in bits, not in nats", "the result were in nats, not in bits"
    yield op("power", expr, TWO), "the result were squared"
    yield Call("sqrt", (expr,)), "the square root of the result were taken"
    yield op("divide", ONE, expr), "1 were divided by the result"
    yield op("multiply", HUNDRED, expr), "the result were in per cent"
    yield op("divide", expr, HUNDRED), "the result were divided by 100"
    yield Call("exp", (expr,)), "the exponential of the result were taken"
    yield Call("log", (expr,)), "the logarithm of the result were taken"
    yield Call("log2", (expr,)), "the logarithm of the result to base 2 were taken"
    odds = (
        "a probability were given, not odds"
        if context.speaks_of("odds")
        else "the result were divided by 1 plus itself"
    )
    yield op("divide", expr, op("add", ONE, expr)), odds
    yield op("divide", expr, Call("log", (TWO,))), bits
    yield op("multiply", expr, Call("log", (TWO,))), nats
    yield op("power", TWO, expr), "2 were raised to the result"
    yield Call("abs", (expr,)), "the absolute value of the result were taken"


def complement_of_result(expr: Expr, context: Context) -> Versions:
    """1 - p for p."""
    yield op("subtract", ONE, expr), "1 minus the result were taken"


def odds_of_result(expr: Expr, context: Context) -> Versions:
    """Odds for a probability."""
    known = context.speaks_of("odds", "prob")
    said = "odds were given, not a probability" if known else "the result were divided by 1 minus itself"
    yield op("divide", expr, op("subtract", ONE, expr)), said


def of_unit(expr: Expr, context: Context) -> Versions:
    """Another unit: thousandths, km/h, minutes, a year in months, degrees."""
    for factor in (10, 1000, 3.6, 60, 12):
        number = Number(float(factor), f"{factor:g}")
        yield op("multiply", expr, number), f"the result were {factor:g} times as large (another unit)"
        yield op("divide", expr, number), f"the result were {factor:g} times as small (another unit)"
    degrees = op("divide", op("multiply", expr, Number(180.0, "180")), Name("pi"))
    yield degrees, "the result were in degrees"


def of_several(expr: Expr, context: Context) -> Versions:
    """One number made of a result that has several."""
    for function, word in (("sum", "sum"), ("mean", "mean"), ("max", "largest"), ("min", "smallest"), ("norm", "norm")):
        yield Call(function, (expr,)), f"the {word} of the result were taken, where the result itself is asked for"
    yield Call("argmax", (expr,)), "the place of the largest were given, where the result itself is asked for"
    for place, word in ((Number(0.0, "0"), "first"), (op("negative", ONE), "last")):
        yield Index(expr, (place,)), f"only the {word} of the result were given"


def of_given(expr: Expr, context: Context) -> Versions:
    """What is left of a given, or the share of one: another quantity made of the result."""
    for name, shape in context.shapes.items():
        if shape or name in context.hidden or name in context.recurrent or name not in context.means:
            continue
        given = Name(name)
        if name in context.whole:
            root = op("divide", expr, Call("sqrt", (given,)))
            yield root, f"the result were divided by the root of {context.named(given)}"
        yield op("subtract", given, expr), f"the result were subtracted from {context.named(given)}"
        yield op("divide", expr, given), f"the result were divided by {context.named(given)}"
        yield op("multiply", expr, given), f"the result were multiplied by {context.named(given)}"
        yield op("add", expr, given), f"{context.named(given)} were added to the result"
        yield op("subtract", expr, given), f"{context.named(given)} were subtracted from the result"
        yield (
            op("multiply", HUNDRED, op("divide", expr, given)),
            f"the result were in per cent of {context.named(given)}",
        )


def of_count(expr: Expr, context: Context) -> Versions:
    """A place or a count that is one off."""
    yield op("add", expr, ONE), "the result were one larger (counted from 1, or both ends counted)"
    yield op("subtract", expr, ONE), "the result were one smaller"


def of_array(expr: Expr, context: Context) -> Versions:
    """The result normalised, in per cent of its sum, or in the other order."""
    yield op("divide", expr, Call("sum", (expr,))), "the result were divided by its sum"
    yield op("divide", expr, Call("norm", (expr,))), "the result were divided by its norm"
    yield op("divide", expr, Call("max", (expr,))), "the result were divided by its largest entry"
    yield Call("softmax", (expr,)), "a softmax of the result were taken"
    yield Call("flip", (expr,)), "the result stood in reverse order"
    yield Call("cumsum", (expr,)), "the result were summed up from entry to entry"
    yield op("subtract", expr, Call("mean", (expr,))), "the mean of the result were subtracted"
    first = Index(expr, (Number(0.0, "0"),))
    yield op("subtract", expr, first), "the first were subtracted from all of the result"
    yield op("subtract", first, expr), "the result were subtracted from its first entry"


RESULT: dict[str, Rule] = {
    "complement_of_result": complement_of_result,
    "odds_of_result": odds_of_result,
    "of_result": of_result,
    "of_count": of_count,
    "of_array": of_array,
    "of_unit": of_unit,
    "of_given": of_given,
    "of_several": of_several,
}
