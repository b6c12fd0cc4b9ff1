"""Wrong versions by what is meant: another constant of the field, another step, a share for a difference.

Beside these what is taken of a matrix or a sum in another order of operations, and derivatives that go another way
than the values: `stop` has an expression keep its value and lose its derivative.
"""

from rnn_tutor.engine.expression import Array, Call, Expr, Index, Name, NewAxis, Number, Slice
from rnn_tutor.engine.mutate.mutation import ONE, TWO, Context, Rule, Versions, op, whole_number

ZERO = Number(0.0, "0")
LAST = op("negative", ONE)

# What is taken for each other: quantiles of the normal distribution (two-sided and one-sided), degrees, units of time,
# days of a year (of a bank's, of trading), of a month, of information, gravity, the gas constant (J and cal), freezing,
# mains. The first of each is exchanged for any other; of ALIKE each is, as none of them means anything else.
CONSTANTS = (
    (1.96, 1.645, 2.576, 2.58, 2.0, 1.282, 1.0),
    (180.0, 360.0, 90.0, 200.0),
    (12.0, 365.0, 52.0, 4.0, 2.0, 1.0),
    (60.0, 3600.0, 24.0, 100.0),
    (24.0, 12.0, 7.0),
    (365.0, 360.0, 252.0, 12.0),
    (1000.0, 1024.0, 100.0),
    (9.81, 9.8, 10.0),
)
ALIKE = (
    (1.96, 1.645, 2.576, 2.326, 1.282),
    (365.0, 252.0, 360.0, 250.0, 366.0),
    (3600.0, 60.0, 86400.0),
    (1000.0, 1024.0),
    (1048576.0, 1000000.0),
    (255.0, 256.0),
    (9.81, 9.8, 9.80665),
    (8.314, 1.987, 0.08206),
    (273.15, 273.0),
    (230.0, 220.0, 110.0, 120.0),
)


def other_constant(part: Expr, context: Context) -> Versions:
    """Another constant of the same kind, and 10**6 for 2**20."""
    match part:
        case Number(value=own):
            rows = [row for row in CONSTANTS if row[0] == own] + [row for row in ALIKE if own in row]
            for value in dict.fromkeys(value for row in rows for value in row if value != own):
                yield Number(value, f"{value:g}"), f"`{value:g}` stood in place of `{part.text}`"
            for value in _other_prefixes(own):
                yield Number(value, f"{value:g}"), f"`{value:g}` stood in place of `{part.text}` (another prefix)"
        case Call(function="power", args=(Number(value=2.0), Number(value=bits))) if bits in (10.0, 20.0, 30.0, 40.0):
            thousands = op("power", Number(10.0, "10"), Number(bits * 0.3, f"{bits * 0.3:g}"))
            yield thousands, context.instead(thousands, part)
        case Call(function="power", args=(Number(value=10.0), Number(value=zeros))) if zeros in (3.0, 6.0, 9.0, 12.0):
            bits_of_it = op("power", TWO, Number(zeros / 0.3, f"{zeros / 0.3:g}"))
            yield bits_of_it, context.instead(bits_of_it, part)


def _other_prefixes(own: float) -> list[float]:
    """Return the powers of ten beside one that stands for a prefix: milli for micro, mega for kilo."""
    if own not in PREFIXES:
        return []
    at = PREFIXES.index(own)
    return [value for value in PREFIXES[max(0, at - 1) : at + 2] if value != own]


PREFIXES = (1e-12, 1e-9, 1e-6, 1e-3, 1e3, 1e6, 1e9)


def other_step(part: Expr, context: Context) -> Versions:
    """Something given for a step of a recurrence that has its shape, another recurrence one step off, and back."""
    if isinstance(part, Name):
        for name, start in context.starts.items():
            if start == part and context.variable is None and name in context.shapes:  # made before
                first = Index(Name(name), (ZERO,))
                yield first, f"{context.code(first)} were used instead of {context.named(part)}"
        return
    match part:
        case Index(base=Name(id=name), items=(at,)) if name in context.recurrent and not isinstance(
            at, Slice | NewAxis
        ):
            for changed in _of_the_shape(name, at, context):
                yield changed, f"{context.named(changed)} were used instead of {context.code(part)}"


def _of_the_shape(name: str, at: Expr, context: Context) -> list[Expr]:
    """Return what has the shape of one step of a recurrence."""
    own = context.shapes.get(name, (0,))
    found: list[Expr] = []
    now = Name(context.variable or "")
    before = op("add" if context.reverse else "subtract", now, ONE)
    for other, shape in context.shapes.items():
        if other in (name, context.variable) or (other in context.hidden and other not in context.recurrent):
            continue
        if other in context.recurrent:
            if shape == own and at in (now, before) and other in context.starts:
                found.append(Index(Name(other), (before if at == now else now,)))
        elif shape == own[1:] and other not in context.whole and other in context.means:
            found.append(Name(other))
        elif shape == own and (at == now or not _names(at)):
            found.append(Index(Name(other), (at,)))
        elif other in context.means and shape[1:] == own[1:] and shape[:1] > own[:1] and shape != own[1:]:
            found.append(Index(Name(other), (at,)))  # of values at one step more than there are
    return found


def _names(expr: object) -> bool:
    return not isinstance(expr, Number) and not (isinstance(expr, Call) and isinstance(expr.args[0], Number))


def transposed_operand(part: Expr, context: Context) -> Versions:
    """Rows for columns of a square matrix, wherever it stands."""
    if isinstance(part, Name):
        shape = context.shapes.get(part.id, ())
        if len(shape) == 2 and shape[0] == shape[1] > 1 and part.id not in context.recurrent:
            yield Call("transpose", (part,), style="attribute"), f"{context.named(part)} were transposed"


def middle(part: Expr, context: Context) -> Versions:
    """The median for a mean, the smallest for a mean or a sum."""
    match part:
        case Call(function="mean", args=(x,), keywords=keywords) if keywords in ((), (("axis", ZERO),)):
            rows: Expr = Call("sort", (x,), keywords) if keywords else Call("sort", (Call("ravel", (x,)),))
            last = op("subtract", Call("len", (x,)), ONE) if keywords else op("subtract", Call("size", (x,)), ONE)
            low = Index(rows, (Call("floor", (op("divide", last, TWO),)),))
            high = Index(rows, (Call("ceil", (op("divide", last, TWO),)),))
            median = op("divide", op("add", low, high), TWO)
            yield median, f"the median of {context.code(x)} were taken, not the mean"
    match part:
        case Call(function="mean" | "sum" as f, args=(x,), keywords=keywords):
            yield Call("min", (x,), keywords), f"the smallest of {context.code(x)} were taken, not the {f}"


def spread(part: Expr, context: Context) -> Versions:
    """With the mean taken off, or without: a standard deviation for a root mean square, and for its square."""
    match part:
        case Call(function="mean", args=(Call(function="power", args=(x, Number(value=2.0))),), keywords=over):
            yield Call("var", (x,), over), f"the variance of {context.code(x)} were taken: its mean were subtracted"
        case Call(function="sum", args=(Call(function="power", args=(x, Number(value=2.0))),), keywords=over):
            yield Call("sqrt", (part,)), f"the root of the sum of squares of {context.code(x)} were taken"
            yield Call("sum", (Call("abs", (x,)),), over), f"the absolute values of {context.code(x)} were added"


def not_divided(part: Expr, context: Context) -> Versions:
    """A sum for what is divided by a count, and the root of it before the division."""
    match part:
        case Call(function="var", args=(x,), keywords=keywords):
            over = tuple(pair for pair in keywords if pair[0] != "ddof")
            mean = Call("mean", (x,), (*over, ("keepdims", Name("True"))) if over else ())
            squares = Call("sum", (op("power", op("subtract", x, mean), TWO),), over)
            yield squares, f"the squares of the deviations of {context.code(x)} were added, and not divided"
        case Call(function="sqrt", args=(Call(function="mean", args=(x,), keywords=()),)):
            root = op("divide", Call("sqrt", (Call("sum", (x,)),)), Call("size", (x,)))
            yield root, f"the root were taken before the division by the number of entries of {context.code(x)}"


def kept_axis(part: Expr, context: Context) -> Versions:
    """Sums of rows that are not kept as a column."""
    if isinstance(part, Call) and ("keepdims", Name("True")) in part.keywords:
        left = tuple(pair for pair in part.keywords if pair[0] != "keepdims")
        yield Call(part.function, part.args, left), f"the axis of the {part.function} were not kept (`keepdims`)"


def entry_sign(part: Expr, context: Context) -> Versions:
    """One entry of a list with the opposite sign."""
    if isinstance(part, Array) and len(part.items) <= MOST_ENTRIES:
        for at, item in enumerate(part.items):
            if not isinstance(item, Number | Array):
                changed = Array((*part.items[:at], op("negative", item), *part.items[at + 1 :]))
                yield changed, f"{context.code(item)} had the opposite sign"


MOST_ENTRIES = 6


def parameters_counted(part: Expr, context: Context) -> Versions:
    """Divided by n minus the number of columns of a table, in a mean over its rows."""
    match part:
        case Call(function="mean", args=(x,), keywords=()):
            for name, shape in context.shapes.items():
                if len(shape) == 2 and shape[0] > shape[1] and name in context.means:
                    less = op("subtract", Call("size", (x,)), whole_number(shape[1]))
                    clause = (
                        f"the sum were divided by {shape[1]} less, the number of columns of {context.code(Name(name))}"
                    )
                    yield op("divide", Call("sum", (x,)), less), clause


def relative(part: Expr, context: Context) -> Versions:
    """A difference for its share, a share of the other, the quotient the other way round."""
    match part:
        case Call(function="subtract", args=(Number(value=1.0), Call(function="divide", args=(a, b)))):
            yield op("subtract", b, a), f"the difference were not divided by {context.code(b)}"
            yield op("divide", op("subtract", b, a), a), f"the difference were divided by {context.code(a)}"
            yield op("divide", b, a), f"{context.code(b)} were divided by {context.code(a)}, and not subtracted from 1"
            yield op("divide", a, op("subtract", b, a)), f"{context.code(a)} were divided by the difference"
        case Call(function="subtract", args=(Call(function="divide", args=(a, b)), Number(value=1.0))):
            yield op("subtract", a, b), f"the difference were not divided by {context.code(b)}"
            yield op("divide", op("subtract", a, b), a), f"the difference were divided by {context.code(a)}"
        case Call(function="divide", args=(Call(function="subtract", args=(a, b)), c)) if c in (a, b):
            other = b if c == a else a
            yield op("divide", op("subtract", a, b), other), f"the division were by {context.code(other)}"
            yield op("divide", a, b), f"{context.code(a)} were divided by {context.code(b)}, without a difference"
        case Call(function="mean" | "sum" as f, args=(Call(function="abs", args=(Call(function="subtract") as gap,)),)):
            by = gap.args[0]
            share = Call("abs", (op("divide", gap, by),))
            yield Call(f, (share,)), f"each difference were divided by {context.code(by)}"


def factor_moved(part: Expr, context: Context) -> Versions:
    """a + c * b for c * a + b, and the like with -."""
    match part:
        case Call(function="add" | "subtract" as f, args=(a, Call(function="multiply", args=(c, b)))):
            changed = op(f, op("multiply", c, a), b)
            yield changed, f"{context.code(c)} stood at the other term: {context.code(changed)}"
        case Call(function="add" | "subtract" as f, args=(Call(function="multiply", args=(c, a)), b)):
            changed = op(f, a, op("multiply", c, b))
            yield changed, f"{context.code(c)} stood at the other term: {context.code(changed)}"


SPREAD = ("sqrt", "exp", "log", "tanh", "sigmoid", "relu", "abs")


def term_by_term(part: Expr, context: Context) -> Versions:
    """sqrt(a) + sqrt(b) for sqrt(a + b), and back; numerators and denominators added by themselves."""
    match part:
        case Call(function=f, args=(Call(function="add" | "subtract" as inner, args=(a, b)),), keywords=()) if (
            f in SPREAD
        ):
            changed: Expr = op(inner, Call(f, (a,)), Call(f, (b,)))
            yield changed, f"the {f} were taken of each term: {context.code(changed)}"
        case Call(
            function=f,
            args=(Call(function="multiply", args=(c, Call(function="add" | "subtract" as inner, args=(a, b)))),),
            keywords=(),
        ) if f in SPREAD[:1]:
            changed = op("multiply", Call(f, (c,)), op(inner, Call(f, (a,)), Call(f, (b,))))
            yield changed, f"the {f} were taken of each term: {context.code(changed)}"
        case Call(
            function=f,
            args=(Call(function="divide", args=(Call(function="add" | "subtract" as inner, args=(a, b)), c)),),
            keywords=(),
        ) if f in SPREAD:
            changed = op("divide", op(inner, Call(f, (a,)), Call(f, (b,))), c)
            yield changed, f"the {f} were taken of each term: {context.code(changed)}"
        case Call(
            function="add" | "subtract" as outer,
            args=(Call(function=f, args=(a,), keywords=()), Call(function=g, args=(b,), keywords=())),
        ) if f == g and f in SPREAD:
            changed = Call(f, (op(outer, a, b),))
            yield changed, f"the {f} were taken after the two terms were joined: {context.code(changed)}"
    match part:
        case Call(
            function="add" | "subtract" as outer,
            args=(Call(function="divide", args=(a, c)), Call(function="divide", args=(b, d))),
        ):
            changed = op("divide", op(outer, a, b), op("add", c, d))
            yield changed, f"numerators and denominators were added by themselves: {context.code(changed)}"
        case Call(
            function="divide",
            args=(
                Call(
                    function="add",
                    args=(Call(function="divide", args=(a, c)), Call(function="divide", args=(b, d))),
                ),
                Number(value=2.0),
            ),
        ):
            changed = op("divide", op("add", a, b), op("add", c, d))
            yield changed, f"numerators and denominators were added by themselves: {context.code(changed)}"
        case Call(function="divide", args=(Call(function="add", args=(a, b)), Call(function="add", args=(c, d)))) if (
            not any(isinstance(one, Number) for one in (a, b, c, d))
        ):
            both = op("add", op("divide", a, c), op("divide", b, d))
            mean = op("divide", both, TWO)
            yield mean, f"each was divided by itself, and the mean taken: {context.code(mean)}"
            yield both, f"each was divided by itself, and both added: {context.code(both)}"
        case Call(function="divide", args=(Call(function="add", args=(a, b)), Number(value=2.0))):
            for one in (a, b):
                yield one, f"only {context.code(one)} were taken, not the mean of both"


def of_each(part: Expr, context: Context) -> Versions:
    """Each element by itself, where one number is made of all."""
    match part:
        case Call(function="norm", args=(x,), keywords=()):
            yield Call("abs", (x,)), f"the absolute value of each element of {context.code(x)} were taken, not the norm"
        case Call(function="trace", args=(w,)):
            yield Index(w, (ZERO, ZERO)), f"only the first entry of {context.code(w)} were taken"
            other = Call("trace", (Call("flip", (w, ONE)),))
            yield other, f"the other diagonal of {context.code(w)} were added"


def derivative_of_activation(part: Expr, context: Context) -> Versions:
    """An activation whose value is right and whose derivative is left out, or is another one."""
    if not context.differentiated:
        return
    match part:
        case Call(function="tanh" | "sigmoid" | "relu" as f, args=(z,), keywords=()):
            yield _with_derivative(part, z, ONE), f"the derivative of the {f} of {context.code(z)} were left out"
            if f == "tanh":
                sigmoids = op("multiply", part, op("subtract", ONE, part))
                yield _with_derivative(part, z, sigmoids), "the derivative of the sigmoid were used for the tanh"
                yield _with_derivative(part, z, op("subtract", ONE, part)), "`1 - h` were the derivative of the tanh"
                yield _with_derivative(part, z, op("power", part, TWO)), "`h**2` were the derivative of the tanh"
                yield _with_derivative(part, z, part), "the derivative of the tanh were its value"
            if f == "sigmoid":
                tanhs = op("subtract", ONE, op("power", part, TWO))
                yield _with_derivative(part, z, tanhs), "the derivative of the tanh were used for the sigmoid"
                yield _with_derivative(part, z, part), "the derivative of the sigmoid were its value"
                yield _with_derivative(part, z, op("subtract", ONE, part)), "`1 - s` were the derivative of the sigmoid"


def _with_derivative(value: Expr, by: Expr, derivative: Expr) -> Expr:
    """Return an expression with the value of one and another derivative by something in it."""
    moved = op("subtract", by, Call("stop", (by,)))
    return op("add", Call("stop", (value,)), op("multiply", Call("stop", (derivative,)), moved))


def path_left_out(part: Expr, context: Context) -> Versions:
    """Something that is taken as constant where a derivative is worked out."""
    if context.differentiated and isinstance(part, Name | Index):
        name = part.base if isinstance(part, Index) else part
        if isinstance(name, Name) and (name.id in context.recurrent or name.id in context.definitions):
            yield Call("stop", (part,)), f"the derivative did not go back through {context.code(part)}"


def not_cut(part: Expr, context: Context) -> Versions:
    """X for stop(x): a gradient that is not cut where it should be (Williams and Peng 1990; a target that moves)."""
    match part:
        case Call(function="stop", args=(x,)) if context.differentiated:
            yield x, f"the gradient were not cut at {context.code(x)}"


LOCAL: dict[str, Rule] = {
    "other_constant": other_constant,
    "other_step": other_step,
    "transposed_operand": transposed_operand,
    "middle": middle,
    "spread": spread,
    "not_divided": not_divided,
    "kept_axis": kept_axis,
    "entry_sign": entry_sign,
    "parameters_counted": parameters_counted,
    "relative": relative,
    "factor_moved": factor_moved,
    "term_by_term": term_by_term,
    "of_each": of_each,
    "derivative_of_activation": derivative_of_activation,
    "path_left_out": path_left_out,
    "not_cut": not_cut,
}


def of_rows(expr: Expr, context: Context) -> Versions:
    """Each row of a table normalised."""
    over = (("axis", LAST), ("keepdims", Name("True")))
    yield op("divide", expr, Call("sum", (expr,), over)), "each row of the result were divided by its sum"
    yield op("divide", expr, Call("norm", (expr,), over)), "each row of the result were divided by its norm"


def of_probability(expr: Expr, context: Context) -> Versions:
    """The surprise of a result."""
    yield op("negative", Call("log", (expr,))), "minus the logarithm of the result were taken"


RESULT: dict[str, Rule] = {"of_rows": of_rows, "of_probability": of_probability}
