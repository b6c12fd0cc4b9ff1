"""Wrong versions of whole arrays: absolute values, the other way round, equal weights, element by element, ends.

Beside them what is made of several terms or factors at once, and what an activation had before it.
"""

from rnn_tutor.engine.expression import Call, Expr, Index, Name, NewAxis, Number, Slice, renamed, walk
from rnn_tutor.engine.mutate.mutation import ONE, TWO, Context, Rule, Versions, op, whole_number
from rnn_tutor.engine.mutate.networks import MORE_ACTIVATIONS

ZERO = Number(0.0, "0")
MATRIX = 2  # axes
SEVERAL = 3  # terms or factors: of two, `operation` has it


def _array(part: Expr, context: Context) -> tuple[int, ...]:
    """Return the shape of a name that holds an array of measured numbers, () for anything else."""
    if not isinstance(part, Name) or part.id in context.masks or part.id in context.recurrent:
        return ()
    return context.shapes.get(part.id, ())


def absolute(part: Expr, context: Context) -> Versions:
    """|x| for x."""
    if _array(part, context):
        yield Call("abs", (part,)), f"the absolute values of {context.named(part)} were taken"


def turned_over(part: Expr, context: Context) -> Versions:
    """A list from its end, a matrix upside down, or along both axes, as a kernel in mathematics."""
    shape = _array(part, context)
    if len(shape) == 1 and shape[0] > 1:
        yield Call("flip", (part,)), f"{context.named(part)} stood in reverse order"
    if len(shape) == MATRIX and min(shape) > 1:
        over = Call("flip", (part, ZERO))
        yield Call("flip", (over, ONE)), f"{context.named(part)} were flipped along both axes"
        yield over, f"the rows of {context.named(part)} were read from the bottom up"


def all_equal(part: Expr, context: Context) -> Versions:
    """Each entry of a list that is given taken as the mean of all, or as 1: counted once, whatever its count."""
    shape = _array(part, context)
    if isinstance(part, Name) and len(shape) == 1 and part.id in context.whole & context.means.keys():
        yield Call("ones_like", (part,)), f"each of {context.named(part)} were taken as 1"
    if isinstance(part, Name) and len(shape) == 1 and part.id in context.means.keys() - context.whole:
        ones = Call("ones_like", (part,))
        yield op("multiply", ones, Call("mean", (part,))), f"the entries of {context.named(part)} were all equal"
        yield ones, f"each of {context.named(part)} were taken as 1"


def by_element(part: Expr, context: Context) -> Versions:
    """A product element by element for an outer product."""
    match part:
        case Call(function="outer", args=(a, b)):
            both = f"{context.code(a)} and {context.code(b)}"
            yield op("multiply", a, b), f"{both} were multiplied element by element, without an outer product"
            yield b, f"{context.code(b)} stood alone in place of {context.code(part)}"
            yield Index(a, (Slice(), NewAxis())), f"{context.code(a)} stood alone in place of {context.code(part)}"


def chain(expr: Expr, function: str) -> list[Expr]:
    """Return the terms of a sum, or the factors of a product, of whatever number."""
    if isinstance(expr, Call) and expr.function == function and len(expr.args) == 2:
        return [*chain(expr.args[0], function), *chain(expr.args[1], function)]
    return [expr]


def _joined(exprs: list[Expr], function: str) -> Expr:
    whole = exprs[0]
    for one in exprs[1:]:
        whole = op(function, whole, one)
    return whole


def factors_added(part: Expr, context: Context) -> Versions:
    """Three factors or more, all of them added."""
    factors = chain(part, "multiply")
    if len(factors) >= SEVERAL and not any(isinstance(one, Number) for one in factors):
        yield _joined(factors, "add"), f"the factors of {context.code(part)} were added, not multiplied"


def plain_mean(part: Expr, context: Context) -> Versions:
    """The plain mean of several terms, or their plain sum, for one that weighs some of them more."""
    match part:
        case (
            Call(function="multiply", args=(Call(function="divide", args=(a, Number() as n)), terms))
            | Call(function="divide", args=(Call(function="multiply", args=(a, terms)), Number() as n))
        ):
            for plain, clause in _plain(terms, n, context):
                yield op("multiply", a, plain), clause
        case Call(function="divide", args=(terms, Number() as n)):
            yield from _plain(terms, n, context)


def _plain(terms: Expr, n: Number, context: Context) -> Versions:
    parts = [_weighed(one) for one in chain(terms, "add")]
    if len(parts) < MATRIX or sum(weight for weight, _ in parts) != n.value or all(w == 1 for w, _ in parts):
        return
    whole = _joined([one for _, one in parts], "add")
    count = whole_number(len(parts))
    yield op("divide", whole, count), f"the plain mean of the {count.text} terms in {context.code(terms)} were taken"
    clause = f"the weights in {context.code(terms)} were left out, and the division by {n.text} kept"
    yield op("divide", whole, n), clause


def _weighed(term: Expr) -> tuple[float, Expr]:
    match term:
        case Call(function="multiply", args=(Number(value=weight), x)):
            return weight, x
    return 1.0, term


def places_from_one(part: Expr, context: Context) -> Versions:
    """Places counted from 1."""
    match part:
        case Call(function="arange", args=(n,)):
            yield op("add", part, ONE), f"{context.code(part)} were counted from 1, up to {context.code(n)}"


def before_activation(part: Expr, context: Context) -> Versions:
    """What an activation is taken of, and its derivative, for its value."""
    if not isinstance(part, Name):
        return
    match context.resolved(part):
        case Call(function=f, args=(z,), keywords=()) if f in MORE_ACTIVATIONS:
            yield z, f"{context.code(z)} were used as it is, without the {f}"
            slopes = {
                "sigmoid": op("multiply", part, op("subtract", ONE, part)),
                "tanh": op("subtract", ONE, op("power", part, TWO)),
            }
            if f in slopes:
                yield slopes[f], f"the derivative of the {f} were used instead of {context.named(part)}"


def terms_outside(part: Expr, context: Context) -> Versions:
    """sigmoid(W @ x) + b for sigmoid(W @ x + b), where the sum is a step of its own."""
    match part:
        case Call(function=f, args=(Name() as name,), keywords=()) if f in MORE_ACTIVATIONS:
            match context.resolved(name):
                case Call(function="add", args=(a, b)):
                    yield op("add", Call(f, (a,)), b), f"{context.code(b)} were added after the {f}, not before it"


def other_column(part: Expr, context: Context) -> Versions:
    """Another column of a matrix, or the next element of its diagonal."""
    match part:
        case Index(base=Name(id=name) as base, items=(row, Number() as column)):
            shape = context.shapes.get(name, ())
            if len(shape) == MATRIX:
                for other in range(min(shape[1], MOST_COLUMNS)):
                    changed = Index(base, (row, whole_number(other)))
                    yield changed, context.instead(changed, part)
                if row == column and column.value + 1 < min(shape):
                    after = Number(column.value + 1, f"{column.value + 1:g}")
                    changed = Index(base, (after, after))
                    yield changed, context.instead(changed, part)


MOST_COLUMNS = 4


def other_table(part: Expr, context: Context) -> Versions:
    """A sum over another array, of whatever shape: over all pairs for over one variable."""
    if not isinstance(part, Call) or part.function not in ("sum", "mean") or part.keywords:
        return
    names = {one.id for one in walk(part) if isinstance(one, Name) and context.shapes.get(one.id)}
    if len(names) == 1:
        name = names.pop()
        for other, shape in context.shapes.items():
            apart = shape and shape != context.shapes[name] and other not in context.recurrent
            if apart and other not in context.masks:
                both = f"all of {context.named(Name(other))}, not of {context.named(Name(name))}"
                clause = f"the {part.function} were taken of {both}"
                yield renamed(part, {name: other}), clause


def ends(part: Expr, context: Context) -> Versions:
    """The first and the last of what is joined set to 0."""
    match part:
        case Call(function="concat" | "hstack" as f, args=(first, *inside, last), keywords=()) if inside:
            both = f"{context.code(first)} and {context.code(last)}"
            changed = Call(f, (op("multiply", ZERO, first), *inside, op("multiply", ZERO, last)))
            yield changed, f"the ends {both} were set to 0"


LOCAL: dict[str, Rule] = {
    "absolute": absolute,
    "turned_over": turned_over,
    "all_equal": all_equal,
    "by_element": by_element,
    "factors_added": factors_added,
    "plain_mean": plain_mean,
    "places_from_one": places_from_one,
    "before_activation": before_activation,
    "terms_outside": terms_outside,
    "other_column": other_column,
    "other_table": other_table,
    "ends": ends,
}


def of_matrix(expr: Expr, context: Context) -> Versions:
    """A matrix with its diagonal alone, and one divided by the roots of its diagonal: correlations."""
    if not isinstance(expr, Name):
        return
    shape = context.shapes.get(expr.id, ())
    if len(shape) == MATRIX and shape[0] == shape[1] > 1:
        size = whole_number(shape[0])
        yield op("multiply", expr, Call("eye", (size,))), "only the diagonal of the result were kept"
        roots = Call("sqrt", (Call("diag", (expr,)),))
        yield op("divide", expr, Call("outer", (roots, roots))), "the result were divided by the roots of its diagonal"


def diagonal_alone(part: Expr, context: Context) -> Versions:
    """A square matrix of which only the diagonal counts."""
    shape = _array(part, context)
    if len(shape) == MATRIX and shape[0] == shape[1] > 1:
        size = whole_number(shape[0])
        yield op("multiply", part, Call("eye", (size,))), f"only the diagonal of {context.named(part)} counted"


LOCAL["diagonal_alone"] = diagonal_alone


def by_columns(expr: Expr, context: Context) -> Versions:
    """A table written out column by column, not row by row: as a list, or as the rows of a table of the same shape."""
    shape = _shape(expr, context)
    if len(shape) == 1:
        tables = {size for size in (*context.shapes.values(), *context.sizes.values()) if len(size) == MATRIX}
        for rows, columns in sorted(tables):
            if rows * columns == shape[0] and min(rows, columns) > 1:
                table = Call("reshape", (expr, whole_number(rows), whole_number(columns)))
                clause = f"the table of {rows} rows and {columns} columns were read column by column, not row by row"
                yield Call("ravel", (Call("transpose", (table,)),)), clause
    if len(shape) == MATRIX and min(shape) > 1 and shape[0] != shape[1]:
        filled = Call("reshape", (Call("transpose", (expr,)), *map(whole_number, shape)))
        yield filled, "the numbers filled the rows of the result column by column"


def one_place_off(expr: Expr, context: Context) -> Versions:
    """Each entry of a list, or of each row of a table, one place too early or too late; what is missing is 0."""
    shape = _shape(expr, context)
    if not 1 <= len(shape) <= MATRIX or shape[-1] < SEVERAL:
        return
    rows, axis = (Slice(),) * (len(shape) - 1), whole_number(len(shape) - 1)
    none = Call("zeros", (*map(whole_number, shape[:-1]), ONE))
    later, earlier = (Index(expr, (*rows, item)) for item in (Slice(ONE, None), Slice(None, op("negative", ONE))))
    of_each = "each row of the result" if rows else "the result"
    along = (("axis", axis),)
    yield Call("concat", (later, none), along), f"{of_each} stood one place too early, with 0 at its end"
    yield Call("concat", (none, earlier), along), f"{of_each} stood one place too late, with 0 at its beginning"


def _shape(expr: Expr, context: Context) -> tuple[int, ...]:
    return context.shapes.get(expr.id, ()) if isinstance(expr, Name) else context.sizes.get(id(expr), ())


RESULT: dict[str, Rule] = {"of_matrix": of_matrix, "by_columns": by_columns, "one_place_off": one_place_off}
