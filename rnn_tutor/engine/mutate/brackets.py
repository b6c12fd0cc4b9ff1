"""Wrong versions by brackets: what stands inside of one and should not, or outside and should stand inside."""

from rnn_tutor.engine.expression import Call, Expr, Number
from rnn_tutor.engine.mutate.mutation import Context, Rule, Versions, op

MOVED_INTO = ("tanh", "sigmoid", "relu", "exp", "log", "log2", "log10", "sqrt", "abs", "square", "sin", "cos")


def moved(part: Expr, context: Context) -> Versions:
    """g * x + b -> g * (x + b), a * (x + b) -> a * x + b, and the like with - and /."""
    for changed in _moved(part):
        yield changed, _in_a_row(part, changed, context) or f"the brackets were moved: {context.code(changed)}"


def _in_a_row(part: Expr, changed: Expr, context: Context) -> str:
    """Return what was done where a / b / c has no brackets that could be moved: c was multiplied by; "" elsewhere."""
    match part, changed:
        case Call(function=f, args=(Call(function="divide") as left, c)), Call(
            function="divide", args=(_, Call(function=g))
        ) if f in PRODUCTS and f == g:
            if changed.args[0] is left.args[0]:
                done = ("multiplied by", "divided") if f == "divide" else ("divided by", "multiplied")
                return f"{context.code(left)} were {done[0]} {context.code(c)}, not {done[1]}"
    return ""


SUMS, PRODUCTS = ("add", "subtract"), ("multiply", "divide")


def _moved(part: Expr) -> list[Expr]:
    if not isinstance(part, Call) or part.function not in (*SUMS, *PRODUCTS) or len(part.args) != 2:
        return []
    left, right = part.args
    if isinstance(left, Call) and left.function == "negative" and part.function in PRODUCTS:
        return [op("negative", changed) for changed in _left_moved(part.function, left.args[0], right)]
    return [*_left_moved(part.function, left, right), *_right_moved(part.function, left, right)]


def _left_moved(outer: str, left: Expr, c: Expr) -> list[Expr]:
    """(a . b) . c, with other brackets."""
    if not isinstance(left, Call) or left.function not in (*SUMS, *PRODUCTS) or len(left.args) != 2:
        return []
    inner, (a, b) = left.function, left.args
    if inner == outer and inner in ("add", "multiply"):
        return []  # the brackets do not matter
    if inner in SUMS and outer in SUMS:
        return [op(inner, a, op(outer, b, c))]
    if inner in PRODUCTS and outer in PRODUCTS:
        return [op(inner, a, op(outer, b, c))] if inner == "divide" else []
    found: list[Expr] = [op(inner, a, op(outer, b, c))]
    if inner != "divide" or outer in SUMS:
        found.append(op(inner, op(outer, a, c), b))
    return found


def _right_moved(outer: str, a: Expr, right: Expr) -> list[Expr]:
    """a . (b . c), with other brackets."""
    if not isinstance(right, Call) or right.function not in (*SUMS, *PRODUCTS) or len(right.args) != 2:
        return []
    inner, (b, c) = right.function, right.args
    if inner == outer and inner in ("add", "multiply"):
        return []
    found: list[Expr] = [op(inner, op(outer, a, b), c)]
    if inner in ("add", "multiply"):
        found.append(op(inner, op(outer, a, c), b))
    if outer in PRODUCTS and inner in SUMS:
        found.append(op(inner, b, op(outer, a, c)))
    return found


def constant_outside(part: Expr, context: Context) -> Versions:
    """sqrt(v + eps) -> sqrt(v) + eps, tanh(W x + b) -> tanh(W x) + b, and the other way round; a factor likewise."""
    match part:
        case Call(function=f, args=(Call(function="add" | "subtract" as inner, args=(a, b)),), keywords=()) if (
            f in MOVED_INTO
        ):
            changed: Expr = op(inner, Call(f, (a,)), b)
            yield changed, f"{context.code(b)} stood outside of the {f}: {context.code(changed)}"
            if not isinstance(a, Number):
                changed = op(inner, a, Call(f, (b,)))
                yield changed, f"{context.code(a)} stood outside of the {f}: {context.code(changed)}"
        case Call(function=f, args=(Call(function="multiply" | "divide" as inner, args=(a, b)),), keywords=()) if (
            f in MOVED_INTO
        ):
            changed = op(inner, Call(f, (a,)), b)
            yield changed, f"{context.code(b)} stood outside of the {f}: {context.code(changed)}"
            if inner == "multiply":
                changed = op(inner, a, Call(f, (b,)))
                yield changed, f"{context.code(a)} stood outside of the {f}: {context.code(changed)}"
    match part:
        case Call(
            function="add" | "subtract" | "multiply" | "divide" as outer,
            args=(Call(function=f, args=(a,), keywords=()), b),
        ) if f in MOVED_INTO:
            changed = Call(f, (op(outer, a, b),))
            yield changed, f"{context.code(b)} stood inside the {f}: {context.code(changed)}"
    match part:
        case Call(function="add" | "multiply" as outer, args=(b, Call(function=f, args=(a,), keywords=()))) if (
            f in MOVED_INTO
        ):
            changed = Call(f, (op(outer, b, a),))
            yield changed, f"{context.code(b)} stood inside the {f}: {context.code(changed)}"


def power_of_all(part: Expr, context: Context) -> Versions:
    """(a * b)**n -> a * b**n, a * b**n -> (a * b)**n; the same with + and -, and a minus sign."""
    match part:
        case Call(
            function="power", args=(Call(function="multiply" | "divide" | "add" | "subtract" as inner, args=(a, b)), n)
        ):
            changed: Expr = op(inner, a, op("power", b, n))
            yield changed, f"the power were only of {context.code(b)}: {context.code(changed)}"
            changed = op(inner, op("power", a, n), b)
            yield changed, f"the power were only of {context.code(a)}: {context.code(changed)}"
            if inner in ("add", "subtract"):
                changed = op(inner, op("power", a, n), op("power", b, n))
                yield changed, f"each term were raised to the power by itself: {context.code(changed)}"
        case Call(function="power", args=(Call(function="negative", args=(a,)), n)):
            changed = op("negative", op("power", a, n))
            yield changed, f"the minus sign stood outside of the power: {context.code(changed)}"
        case Call(function="multiply" | "divide" as outer, args=(a, Call(function="power", args=(b, n)))):
            changed = op("power", op(outer, a, b), n)
            yield changed, f"the power were taken of everything: {context.code(changed)}"
        case Call(function="negative", args=(Call(function="power", args=(a, n)),)):
            changed = op("power", op("negative", a), n)
            yield changed, f"the minus sign stood inside the power: {context.code(changed)}"


LOCAL: dict[str, Rule] = {
    "brackets_moved": moved,
    "constant_outside": constant_outside,
    "power_of_all": power_of_all,
}
