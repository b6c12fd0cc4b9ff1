"""Wrong versions of what is made of several numbers: added plainly or as squares, without the functions around a mean.

Errors, speeds and norms are added in both ways; levels, values of pH and logarithms are averaged as they stand, where
what they are the logarithms of should be. What is joined may be joined in another order.
"""

from copy import deepcopy

from rnn_tutor.engine.expression import Call, Expr, Index, Name, Number, Slice, names_in
from rnn_tutor.engine.mutate.arrays import chain
from rnn_tutor.engine.mutate.mutation import ONE, TWO, Context, Rule, Versions, op, whole_number

MINUS_ONE = op("negative", ONE)
ROOTED = 3  # terms below a root: of two, `term_by_term` has it
MOST_TERMS = 6
AROUND = ("log", "log2", "log10", "exp", "sqrt", "negative")  # what may stand around a mean, and be undone inside of it
SCALED = ("multiply", "divide", "power", "subtract", "add")
JOINED = ("concat", "hstack", "vstack", "stack")
VECTOR, MATRIX = 1, 2  # axes


def _sum_of(terms: list[Expr]) -> Expr:
    whole = terms[0]
    for one in terms[1:]:
        whole = op("add", whole, one)
    return whole


def added_as_squares(part: Expr, context: Context) -> Versions:
    """The root of the sum of the squares for a plain sum: two speeds, two errors that add up."""
    terms = chain(part, "add")
    if len(terms) == 1:
        terms = _differences(part)
    if not 1 < len(terms) <= MOST_TERMS or any(isinstance(one, Number) for one in terms) or context.networks:
        return
    counted = all(name in context.whole for one in terms for name in names_in(one))
    if (
        counted
        or any(context.size_of(one) not in ((), None) for one in terms)
        or context.size_of(part) not in ((), None)
    ):
        return
    squares = _sum_of([op("power", one, TWO) for one in terms])
    yield Call("sqrt", (squares,)), f"the root of the sum of the squares were taken, not the sum {context.code(part)}"


def _differences(part: Expr) -> list[Expr]:
    """Return the differences that are added up: a - b and c - d of a - b + c - d; nothing for one alone."""
    signed = _signed(part, 1)
    pairs = list(zip(signed[::2], signed[1::2], strict=False))
    if len(signed) % 2 or len(pairs) == 1 or any(one[0] == other[0] for one, other in pairs):
        return []
    return [op("subtract", a[1], b[1]) if a[0] > 0 else op("subtract", b[1], a[1]) for a, b in pairs]


def _signed(expr: Expr, sign: int) -> list[tuple[int, Expr]]:
    match expr:
        case Call(function="add", args=(left, right), style="operator"):
            return [*_signed(left, sign), *_signed(right, sign)]
        case Call(function="subtract", args=(left, right), style="operator") if sign > 0:
            return [*_signed(left, sign), *_signed(right, -sign)]
    return [(sign, expr)]


def plainly_added(part: Expr, context: Context) -> Versions:
    """a + b + c for sqrt(a**2 + b**2 + c**2): errors and norms added plainly, or without a root."""
    if not isinstance(part, Call) or part.function != "sqrt" or len(part.args) != 1:
        return
    terms = chain(part.args[0], "add")
    if not 1 < len(terms) <= MOST_TERMS:
        return
    bare = [_root_of(one) for one in terms]
    if None in bare:
        return
    if len(terms) >= ROOTED:
        each = _sum_of([one for one in bare if one is not None])
        yield each, f"the roots were added, without squares: {context.code(each)}"
    inner = [(one, _squared_inside(one)) for one in terms]
    if all(x is not None for _, x in inner):
        sums = _sum_of([Call("sum", (Call("abs", (x,)),)) for _, x in inner if x is not None])
        yield sums, f"the absolute values were added: {context.code(sums)}"
        count = _sum_of([Call("size", (x,)) for _, x in inner if x is not None])
        mean = Call("sqrt", (op("divide", part.args[0], count),))
        yield mean, f"the root of the mean of the squares were taken, not of their sum: {context.code(mean)}"


def _root_of(term: Expr) -> Expr | None:
    """Return the root of a term that is a square, or a sum of squares; None for any other."""
    match term:
        case Call(function="power", args=(x, Number(value=2.0))) | Call(function="square", args=(x,)):
            return Call("abs", (x,))
    return Call("sqrt", (term,)) if _squared_inside(term) is not None else None


def _squared_inside(term: Expr) -> Expr | None:
    match term:
        case Call(function="sum", args=(Call(function="power", args=(x, Number(value=2.0))),), keywords=()):
            return x
    return None


def without_functions(part: Expr, context: Context) -> Versions:
    """mean(x) and sum(x) for 10 * log10(mean(10**(x / 10))): levels averaged as they stand.

    The same with weights, and with whatever functions stand around and inside.
    """
    inside = _within(part)
    if inside is None or inside is part:
        return
    summed = context.resolved(inside)
    if not isinstance(summed, Call):
        return
    match summed:
        case Call(function="sum" | "mean", args=(terms,), keywords=()):
            pass
        case _:
            return
    of_what = context.resolved(terms)
    weights, made = _weights_of(of_what, context)
    x = _made_of(context.resolved(made), context)
    if x is None:
        return
    plain: list[Expr] = [Call("mean", (x,))]
    if weights is None:
        plain.append(Call("sum", (x,)))
    else:
        weighed = Call("sum", (op("multiply", weights, x),))
        plain += [weighed, op("divide", weighed, Call("sum", (weights,)))]
    for changed in plain:
        yield changed, f"{context.code(x)} were averaged or added as it stands: {context.code(changed)}"


def _within(part: Expr) -> Expr | None:
    """Return the sum or mean that functions of one number stand around; None where there is none."""
    match part:
        case Call(function="sum" | "mean"):
            return part
        case Call(function=f, args=(x,)) if f in AROUND:
            return _within(x)
        case (
            Call(function="multiply" | "divide", args=(Number(), x))
            | Call(function="multiply" | "divide", args=(x, Number()))
        ):
            return _within(x)
        case Call(function="divide", args=(x, Call(function="sum"))):
            return _within(x)
        case Name():
            return part
    return None


def _weights_of(terms: Expr, context: Context) -> tuple[Expr | None, Expr]:
    """Return what the terms of a sum are weighed by, a list that is given, and the terms themselves."""
    match terms:
        case Call(function="multiply", args=(Name(id=w) as weights, x)) if w in context.means:
            return weights, x
        case Call(function="multiply", args=(x, Name(id=w) as weights)) if w in context.means:
            return weights, x
    return None, terms


def _made_of(expr: Expr, context: Context) -> Expr | None:
    """Return the list x of which functions of each entry and numbers make an expression, such as 10**(x / 10)."""
    functions, here = 0, expr
    while isinstance(here, Call):
        match here:
            case Call(function=f, args=(x,)) if f in AROUND:
                functions, here = functions + (f != "negative"), x
            case Call(function="power", args=(Number(), x)):
                functions, here = functions + 1, x
            case Call(function=f, args=(x, Number())) if f in SCALED:
                functions, here = functions + (f == "power"), x
            case Call(function=f, args=(Number(), x)) if f in SCALED:
                functions, here = functions + (f == "divide"), x
            case _:
                return None
    shape = context.size_of(here)
    return here if functions and isinstance(here, Name) and shape is not None and len(shape) == VECTOR else None


def joined_otherwise(part: Expr, context: Context) -> Versions:
    """What is joined, in another order; of rows that are weighed, those that were joined last left out."""
    match part:
        case Call(function=f, args=args, keywords=keywords) if f in JOINED and 1 < len(args) <= MOST_TERMS:
            if f in ("concat", "hstack") and len(args) == MATRIX and not keywords:
                return  # `matrix_product` has these
            for at in range(len(args) - 1):
                order = (*args[:at], args[at + 1], args[at], *args[at + 2 :])
                both = f"{context.code(args[at])} and {context.code(args[at + 1])}"
                yield Call(f, order, keywords, part.style), f"{both} were joined in the other order"
        case Call(function="matmul" | "dot", args=(p, rows)):
            made = context.resolved(rows)
            if isinstance(made, Call) and made.function in ("vstack", "concat") and not made.keywords:
                yield from _fewer_rows(p, made, context)


def _fewer_rows(p: Expr, made: Call, context: Context) -> Versions:
    first, last = made.args[0], made.args[-1]
    rows = context.size_of(first)
    if len(made.args) != MATRIX or rows is None or len(rows) != MATRIX:
        return
    count = whole_number(rows[0])
    fewer = op("matmul", Index(p, (Slice(None, count),)), first)
    yield fewer, f"{context.code(last)} were left out: {context.code(fewer)}"


def divided_by_weights(part: Expr, context: Context) -> Versions:
    """sum(w * x) / sum(w) for sum(w * x): a mean for a sum of parts."""
    match part:
        case Call(function="sum", args=(terms,), keywords=()):
            weights, x = _weights_of(context.resolved(terms), context)
            shape = context.size_of(weights) if weights is not None else None
            if weights is not None and shape and not isinstance(x, Number):
                changed = op("divide", part, Call("sum", (weights,)))
                yield changed, f"the sum were divided by {context.code(Call('sum', (weights,)))}"


def of_arc(part: Expr, context: Context) -> Versions:
    """The cosine for its angle, the supplement, the arc sine: 180 - angle, 90 - angle. And the angle for its cosine."""
    match part:
        case Call(
            function="subtract",
            args=(
                Call(function="divide", args=(Name(id="pi") as pi, Number(value=2.0))),
                Call(function="arctan", args=(Call(function="divide", args=(x, Call(function="sqrt"))),)) as sine,
            ),
        ):
            yield x, f"{context.code(x)} were used as it is, without the arc cosine"
            yield op("subtract", pi, part), "the supplement of the angle were taken"
            yield sine, "the arc sine were taken, not the arc cosine"
    if _is_cosine(part, context):
        root = Call("sqrt", (op("subtract", ONE, op("power", part, TWO)),))
        half = op("divide", Name("pi"), TWO)
        angle = op("subtract", half, Call("arctan", (op("divide", deepcopy(part), root),)))
        yield angle, "the angle were given, not its cosine"
        degrees = op("divide", op("multiply", angle, Number(180.0, "180")), Name("pi"))
        yield degrees, "the angle were given in degrees, not its cosine"


def _is_cosine(part: Expr, context: Context) -> bool:
    """Tell whether an expression is a scalar product over two lengths."""
    match part:
        case Call(function="divide", args=(above, below)):
            pass
        case _:
            return False
    if isinstance(below, Call) and below.function == "norm" and isinstance(above, Call) and above.function == "divide":
        return _is_cosine(op("divide", above.args[0], op("multiply", above.args[1], below)), context)
    made = context.resolved(above)
    product = isinstance(made, Call) and (
        made.function in ("matmul", "dot")
        or (made.function == "sum" and isinstance(made.args[0], Call) and made.args[0].function == "multiply")
    )
    lengths = [_is_length(context.resolved(one)) for one in chain(below, "multiply")]
    return product and context.size_of(part) in ((), None) and len(lengths) == MATRIX and all(lengths)


def _is_length(expr: Expr) -> bool:
    return isinstance(expr, Call) and expr.function in ("norm", "sqrt")


def ratio_turned(part: Expr, context: Context) -> Versions:
    """a * z / y for a * y / z: the ratio that scales something, the other way round."""
    match part:
        case Call(function="divide", args=(Call(function="multiply", args=(a, y)), z)):
            for kept, turned in ((a, y), (y, a)):
                if not isinstance(turned, Number) and turned != z:
                    changed = op("divide", op("multiply", kept, z), turned)
                    ratio = f"{context.code(op('divide', z, turned))} were used instead of"
                    yield changed, f"{ratio} {context.code(op('divide', turned, z))}: {context.code(changed)}"


def one_for_both(part: Expr, context: Context) -> Versions:
    """1 / (1 + x) for a / (a + x): a plain logistic function, with 1 for what stands above and below."""
    match part:
        case Call(function="divide", args=(a, Call(function="add", args=(b, c)))) if not isinstance(a, Number):
            for same, x in ((b, c), (c, b)):
                if a == same and not isinstance(x, Number) and context.size_of(a) == ():
                    changed = op("divide", ONE, op("add", ONE, x))
                    yield changed, f"1 stood in place of {context.code(a)}, above and below: {context.code(changed)}"


def other_prefix(part: Expr, context: Context) -> Versions:
    """Thousandths for millionths, kilo for mega: a power of ten that is a thousand times too large or too small."""
    if isinstance(part, Number) and part.value in PREFIXES:
        for factor in (1e3, 1e-3):
            value = part.value * factor
            text = f"{value:g}"
            yield Number(float(text), text), f"`{text}` stood in place of `{part.text}`"


PREFIXES = (1e-9, 1e-6, 1e-3, 1e3, 1e6, 1e9)


def number_from_one(part: Expr, context: Context) -> Versions:
    """0.99 for 0.01: the share that is gone for the one that is left, where a number says it."""
    if isinstance(part, Number) and 0 < part.value < 1 and part.value != HALF:
        text = f"{1 - part.value:.10g}"
        yield Number(float(text), text), f"`{text}` stood in place of `{part.text}`"


HALF = 0.5


LOCAL: dict[str, Rule] = {
    "added_as_squares": added_as_squares,
    "plainly_added": plainly_added,
    "without_functions": without_functions,
    "joined_otherwise": joined_otherwise,
    "divided_by_weights": divided_by_weights,
    "of_arc": of_arc,
    "ratio_turned": ratio_turned,
    "one_for_both": one_for_both,
    "other_prefix": other_prefix,
    "number_from_one": number_from_one,
}


def root_of_two(expr: Expr, context: Context) -> Versions:
    """A peak for an effective value, and back; a root of 2 too many or too few."""
    made = context.resolved(expr)
    if context.networks or (isinstance(made, Call) and made.function == "norm"):
        return  # lengths have roots of their own
    root = Call("sqrt", (TWO,))
    yield op("multiply", expr, root), "the result were multiplied by `sqrt(2)`"
    yield op("divide", expr, root), "the result were divided by `sqrt(2)`"


RESULT: dict[str, Rule] = {"root_of_two": root_of_two}
