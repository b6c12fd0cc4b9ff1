"""Wrong versions by what fits: whatever of the exercise has the right shape, in whatever place.

The other modules have what people are known to mix up. These rules know nothing of that: they put one value in the
place of another, leave a function out or put one in, join what stands apart. There are many of them, so they cost more,
and the furthest are tried only where an answer has several numbers: all of these cannot fit by chance.
"""

from collections.abc import Iterator
from copy import deepcopy
from math import prod

from rnn_tutor.engine.expression import Array, Call, Expr, Index, Name, NewAxis, Number, Slice, walk
from rnn_tutor.engine.mutate.arrays import chain
from rnn_tutor.engine.mutate.mutation import ONE, TWO, Clause, Context, Rule, Versions, op, substituted, whole_number
from rnn_tutor.engine.shapes import Shape

ZERO = Number(0.0, "0")
MINUS_ONE = op("negative", ONE)
VECTOR, MATRIX = 1, 2  # axes
PAIR = 2  # entries
NOTHING_AND_ONE = {0.0, 1.0}  # which stand in a formula for no quantity that anybody would take for the other
MOST_POOLED = 24  # expressions that are tried in one place
OF_ONE = ("exp", "log", "log2", "log10", "sqrt", "abs", "negative", "square", "tanh", "sigmoid", "relu")
REDUCED = ("sum", "mean", "max", "min", "var", "std", "prod")
SIGNS = {"add": "added", "subtract": "subtracted", "multiply": "multiplied", "divide": "divided"}


def _instead(changed: Expr, part: Expr, context: Context) -> tuple[Expr, Clause]:
    """Return a version with its clause, which is written when it is told: of thousands hardly one is."""
    return changed, lambda: context.instead(changed, part)


def _inside(one: Expr, other: Expr) -> bool:
    """Tell whether an expression is a part of another one."""
    return any(part == one for part in walk(other))


def other_value(part: Expr, context: Context) -> Versions:
    """A step or a given for anything of its shape that is worked out, and a hidden step for a name."""
    shape = context.size_of(part)
    if shape is None or not isinstance(part, Call | Name) or context.is_mask(part):
        return
    inside = {context.variable, *context.recurrent} if context.variable is not None else set[str | None]()
    if isinstance(part, Name) and part.id in inside:
        return
    for name, own in context.shapes.items():
        told = isinstance(part, Name) and name not in context.hidden  # `other_name` has these
        if own != shape or told or name in context.masks or name in inside:
            continue
        if Name(name) != part and context.resolved(Name(name)) != part and not _inside(Name(name), part):
            yield _instead(Name(name), part, context)


def other_reduction(part: Expr, context: Context) -> Versions:
    """The mean of all for the mean of each row, and the like: what is summed up otherwise, where it fits as well."""
    bare, lifted = _unlifted(part)
    made = context.resolved(bare)
    if not isinstance(made, Call) or made.function not in REDUCED or (made is bare and not lifted):
        return
    x = made.args[0]
    for axis in (None, ZERO, ONE):
        along: tuple[tuple[str, Expr], ...] = () if axis is None else (("axis", axis),)
        changed: Expr = Call(made.function, (deepcopy(x),), along)
        if axis == ONE:
            changed = Index(changed, (Slice(), NewAxis()))
        if along != made.keywords:
            yield _instead(changed, part, context)


def _unlifted(part: Expr) -> tuple[Expr, bool]:
    """Return `x` for `x[:, None]`, and whether it was that."""
    if isinstance(part, Index) and len(part.items) == MATRIX and isinstance(part.items[1], NewAxis):
        return part.base, True
    return part, False


def any_expression(part: Expr, context: Context) -> Versions:
    """Anything that stands in the steps and has the shape."""
    shape = context.size_of(part)
    if not context.several or not shape or isinstance(part, Number) or context.is_mask(part):
        return
    count, own_steps = 0, context.resolved(part)
    for other, own in context.pool:
        around = any(inside is part for inside in walk(other))  # `b` may be read where `g * b` is, but not within it
        if own == shape and other not in (part, own_steps) and not around and count < MOST_POOLED:
            count += 1
            yield _instead(deepcopy(other), part, context)


def wrapped(part: Expr, context: Context) -> Versions:
    """A function of anything, where none is meant."""
    shape = context.size_of(part)
    if not context.several or shape is None or context.is_mask(part) or isinstance(part, Number | Array):
        return
    if isinstance(part, Name) and part.id in (context.variable, *context.whole):
        return
    for changed in _of_each(part) if not shape else (*_of_each(part), *_of_all(part, shape)):
        yield _instead(changed, part, context)


def _of_each(x: Expr) -> Iterator[Expr]:
    yield op("subtract", ONE, x)
    yield op("divide", ONE, x)
    yield op("power", x, TWO)
    yield op("negative", x)
    for function in ("sqrt", "exp", "log", "abs"):
        yield Call(function, (x,))


def _of_all(x: Expr, shape: Shape) -> Iterator[Expr]:
    for function in ("cumsum", "flip", "sort", "softmax"):
        yield Call(function, (x,))
    yield op("divide", x, Call("sum", (x,)))
    yield op("divide", x, Call("max", (x,)))
    yield op("divide", x, Call("norm", (x,)))
    yield op("subtract", x, Call("mean", (x,)))
    if prod(shape) > PAIR:  # of two numbers 1 and -1, whatever they are
        yield op("divide", op("subtract", x, Call("mean", (x,))), Call("std", (x,)))
    yield op("multiply", Call("ones_like", (x,)), Call("mean", (x,)))
    if len(shape) == MATRIX and shape[0] == shape[1]:
        yield Call("transpose", (x,), style="attribute")
        yield op("multiply", x, Call("eye", (whole_number(shape[0]),)))


def two_left_out(part: Expr, context: Context) -> Versions:
    """X for -log(x): two functions at once."""
    match part:
        case Call(function=f, args=(Call(function=g, args=(x,), keywords=()),), keywords=()) if (
            f in OF_ONE and g in OF_ONE
        ):
            yield _instead(x, part, context)


def operand_alone(part: Expr, context: Context) -> Versions:
    """What is subtracted alone, and one of several terms or factors alone."""
    match part:
        case Call(function="subtract", args=(left, right)) if not isinstance(left, Number):
            yield right, f"{context.code(right)} were taken alone, not {context.code(part)}"
    for function in ("add", "multiply"):
        several = chain(part, function)
        if len(several) > MATRIX:
            for one in several[:-1]:  # the last is what is left without all that it is added to
                if not isinstance(one, Number):
                    yield one, f"{context.code(one)} were taken alone, not {context.code(part)}"


def operation_otherwise(part: Expr, context: Context) -> Versions:
    """Any of the four operations for any other."""
    match part:
        case Call(function="add" | "subtract" | "multiply" | "divide" as f, args=(left, right)):
            for other, done in SIGNS.items():
                if other != f:
                    both = f"{context.code(left)} and {context.code(right)}"
                    yield op(other, left, right), f"{both} were {done}, not {SIGNS[f]}"
    match part:
        case Call(function="multiply", args=(left, right)) if not isinstance(left, Number):
            by = f"{context.code(right)} were divided by {context.code(left)}"
            yield op("divide", right, left), f"{by}, not multiplied"


def numbers_exchanged(part: Expr, context: Context) -> Versions:
    """Two numbers of a formula in each other's place."""
    if not isinstance(part, Call) or len(part.args) != MATRIX:
        return
    left, right = ([one for one in walk(arg) if isinstance(one, Number)] for arg in part.args)
    if len(left) == len(right) == 1 and left[0] != right[0] and {left[0].value, right[0].value} != NOTHING_AND_ONE:
        one, other = left[0], right[0]
        changed = substituted(part, lambda inside: other if inside is one else one if inside is other else None)
        yield changed, f"{' and '.join(context.codes(one, other))} were exchanged"


def number_elsewhere(part: Expr, context: Context) -> Versions:
    """A number that stands at another place of the steps."""
    if isinstance(part, Number) and context.several:
        for other, _ in context.pool:
            if isinstance(other, Number) and other != part:
                yield other, f"{context.code(other)} stood in place of {context.code(part)}"


def joined_with_alike(part: Expr, context: Context) -> Versions:
    """v1 + v2, or v2 - v1, for v2: two of a kind taken together."""
    if not isinstance(part, Name) or context.shapes.get(part.id) != () or part.id == context.variable:
        return
    for name, shape in context.shapes.items():
        alike = name.rstrip("0123456789") == part.id.rstrip("0123456789") and name != part.id
        if alike and shape == () and name not in (context.variable, *context.hidden, *context.masks):
            for changed in (op("add", part, Name(name)), op("subtract", part, Name(name))):
                yield _instead(changed, part, context)


def given_combined(part: Expr, context: Context) -> Versions:
    """A number that is given combined with another one."""
    if not context.several or not isinstance(part, Name) or part.id not in context.means.keys() - context.whole:
        return
    if context.shapes.get(part.id) != ():
        return
    for name, shape in context.shapes.items():
        if shape == () and name != part.id and name in context.means.keys() - context.whole:
            for f in SIGNS:
                yield _instead(op(f, part, Name(name)), part, context)
            yield _instead(op("multiply", part, op("subtract", ONE, Name(name))), part, context)


def linear(part: Expr, context: Context) -> Versions:
    """1 + x for exp(x), 1 / (1 + x) for exp(-x): growth that is not compounded."""
    match part:
        case Call(function="exp", args=(x,)):
            yield _instead(op("add", ONE, x), part, context)
            falling = _negated(x)
            if falling is not None:
                yield _instead(op("subtract", ONE, falling), part, context)
                yield _instead(op("divide", ONE, op("add", ONE, falling)), part, context)


def _negated(expr: Expr) -> Expr | None:
    """Return x for -x, a * b for -a * b; None for what has no minus in front."""
    match expr:
        case Call(function="negative", args=(x,)):
            return x
        case Call(function="multiply" | "divide" as f, args=(a, b)):
            inside = _negated(a)
            return None if inside is None else op(f, inside, b)
    return None


def softmax_for_shares(part: Expr, context: Context) -> Versions:
    """softmax(x) for x / sum(x)."""
    match part:
        case Call(function="divide", args=(x, below)):
            total = context.resolved(_unlifted(below)[0])
            if isinstance(total, Call) and total.function == "sum" and total.args[0] == x:
                clause = f"a softmax of {context.code(x)} were taken, not {context.code(part)}"
                axis = dict(total.keywords).get("axis")
                yield Call("softmax", (x,), (("axis", axis),) if axis is not None else ()), clause


def share_of_both(part: Expr, context: Context) -> Versions:
    """A / (a + b) for a / b: a share for a ratio."""
    match part:
        case Call(function="divide", args=(a, b)) if not isinstance(a, Number) and not isinstance(b, Number):
            if context.size_of(a) == context.size_of(b) and a != b and not _inside(a, b):
                changed = op("divide", a, op("add", a, b))
                yield changed, f"{context.code(a)} were divided by the sum of both: {context.code(changed)}"


def rows_taken(part: Expr, context: Context) -> Versions:
    """The mean, the sum, or another one of the rows of which one is taken."""
    match part:
        case Index(base=base, items=(Number() as row,)):
            shape = context.size_of(base)
            if shape is None or not shape or isinstance(base, Name):
                return
            for f, word in (("mean", "mean"), ("sum", "sum"), ("max", "largest")):
                over = Call(f, (base,), (("axis", ZERO),))
                yield over, f"the {word} of {context.code(base)} were taken, not {context.code(part)}"
            for other in range(min(shape[0], MOST_ROWS)):
                if other != row.value:
                    yield _instead(Index(base, (whole_number(other),)), part, context)
            if len(shape) == MATRIX:
                yield _instead(Index(base, (Slice(), row)), part, context)


MOST_ROWS = 4


def bracket_widened(part: Expr, context: Context) -> Versions:
    """A + g * (b - c) for a + g * b - c: a factor that reaches one term too far."""
    match part:
        case Call(
            function="add" | "subtract" as outer, args=(Call(function="add" | "subtract" as inner, args=(a, x)), c)
        ):
            for g, b in _factors(x):
                far = op("multiply", g, op(outer if inner == "add" else _other_sign(outer), b, c))
                yield _instead(op(inner, a, far), part, context)
        case Call(function="add" | "subtract" as outer, args=(c, Call(function="multiply" as inner, args=(g, b)))):
            yield _instead(op("multiply", g, op(outer, c, b)), part, context)
            yield _instead(op("multiply", op(outer, c, g), b), part, context)


def _factors(expr: Expr) -> list[tuple[Expr, Expr]]:
    return [(expr.args[0], expr.args[1])] if isinstance(expr, Call) and expr.function == "multiply" else []


def _other_sign(function: str) -> str:
    return "subtract" if function == "add" else "add"


def factor_normalised(part: Expr, context: Context) -> Versions:
    """x / sum(x) for x * y / z, and x * y / sum(x * y): divided by its own sum."""
    match part:
        case Call(function="divide", args=(Call(function="multiply", args=(x, y)) as both, below)):
            for one in (x, y, both):
                total = Call("sum", (one,))
                if context.size_of(one) and below != total:
                    yield _instead(op("divide", one, total), part, context)


def both_sides(part: Expr, context: Context) -> Versions:
    """Rows and columns divided by the roots of the totals, where rows are divided by the totals; columns alone."""
    match part:
        case Call(function="divide", args=(x, Index(base=d, items=(Slice(), NewAxis())))):
            shape = context.size_of(x)
            if shape is not None and len(shape) == MATRIX and shape[0] == shape[1]:
                yield _instead(op("divide", x, Call("sqrt", (Call("outer", (d, d)),))), part, context)
                yield _instead(op("divide", x, d), part, context)


def other_base_of_power(part: Expr, context: Context) -> Versions:
    """2 or e for 10 below an exponent, and back."""
    match part:
        case Call(function="power", args=(Number(value=base) as below, exponent)) if not isinstance(exponent, Number):
            for other in (Number(2.0, "2"), Number(10.0, "10")):
                if other.value != base:
                    yield op("power", other, exponent), f"{other.text} were the base, not {context.code(below)}"
            yield Call("exp", (exponent,)), f"e were the base, not {context.code(below)}"


def continuous(part: Expr, context: Context) -> Versions:
    """exp(r * n) for (1 + r)**n, and back; (1 - r)**n for 1 / (1 + r)**n."""
    match part:
        case Call(function="power", args=(Call(function="add" | "subtract" as f, args=(Number(value=1.0), r)), n)):
            grown = op("multiply", r, n)
            yield _instead(Call("exp", (grown if f == "add" else op("negative", grown),)), part, context)
        case Call(function="exp", args=(Call(function="multiply", args=(r, n)),)):
            yield _instead(op("power", op("add", ONE, r), n), part, context)
    match part:
        case Call(
            function="divide",
            args=(x, Call(function="power", args=(Call(function="add", args=(Number(value=1.0), r)), n))),
        ):
            yield _instead(op("multiply", x, op("power", op("subtract", ONE, r), n)), part, context)
            grown = op("multiply", r, n)
            yield _instead(op("multiply", x, op("subtract", ONE, grown)), part, context)
            yield _instead(op("multiply", x, Call("exp", (op("negative", grown),))), part, context)


def entries_of_given(part: Expr, context: Context) -> Versions:
    """Two neighbours of a list that is given exchanged."""
    if not context.several or not isinstance(part, Name) or part.id not in context.means:
        return
    shape = context.shapes.get(part.id, ())
    if len(shape) == VECTOR and MATRIX < shape[0] <= MOST_ROWS + 1:
        for at in range(shape[0] - 1):
            order = [*range(at), at + 1, at, *range(at + 2, shape[0])]
            items = tuple(Index(part, (whole_number(place),)) for place in order)
            yield Array(items), f"entries {at} and {at + 1} of {context.named(part)} were exchanged"


def identity_added(part: Expr, context: Context) -> Versions:
    """The identity added to a square matrix that is given, or what is on its diagonal taken out."""
    shape = context.shapes.get(part.id, ()) if isinstance(part, Name) and part.id in context.means else ()
    if len(shape) == MATRIX and shape[0] == shape[1] > 1:
        eye = Call("eye", (whole_number(shape[0]),))
        yield op("add", part, eye), f"the identity were added to {context.named(part)}"
        changed = op("multiply", part, op("subtract", ONE, eye))
        yield changed, f"the diagonal of {context.named(part)} were left out"


def one_more_product(part: Expr, context: Context) -> Versions:
    """p @ A for p: a transition, or a layer, that is made once too often."""
    shape = context.size_of(part) if context.several and isinstance(part, Name) else None
    if shape is None or len(shape) != VECTOR or shape[0] < 2 or context.variable is not None or context.is_mask(part):
        return
    yield from _with_products(part, shape[0], context.code(part), context)


def _with_products(x: Expr, size: int, told: str, context: Context) -> Versions:
    """Yield a list times each square matrix that is given, from either side."""
    for name, own in context.shapes.items():
        if own == (size, size) and name in context.means:
            by = Name(name)
            yield op("matmul", x, by), f"{told} were multiplied by {context.named(by)} once more, from the right"
            yield op("matmul", by, x), f"{told} were multiplied by {context.named(by)} once more, from the left"


def product_with_result(expr: Expr, context: Context) -> Versions:
    """A result that is multiplied by a square matrix that is given: one transition too many."""
    shape = context.size_of(expr) if context.several else None
    if shape is None or len(shape) != VECTOR or shape[0] < 2:
        return
    yield from _with_products(expr, shape[0], "the result", context)


def largest_product(part: Expr, context: Context) -> Versions:
    """The largest of the products for their sum, as of paths."""
    match part:
        case Call(function="matmul" | "dot", args=(a, b)):
            left, right = context.size_of(a), context.size_of(b)
            if left is None or right is None:
                return
            clause = f"the largest of the products in {context.code(part)} were taken, not their sum"
            if len(left) == VECTOR and len(right) == MATRIX:
                column = Index(a, (Slice(), NewAxis()))
                yield Call("max", (op("multiply", column, b),), (("axis", ZERO),)), clause
            if len(left) == MATRIX and len(right) == VECTOR:
                yield Call("max", (op("multiply", a, b),), (("axis", ONE),)), clause


def step_taken_as(part: Expr, context: Context) -> Versions:
    """1 for a number that is worked out."""
    worked_out = isinstance(part, Name) and part.id in context.definitions.keys() - context.whole
    if worked_out and context.size_of(part) == ():
        yield ONE, f"`1` stood in place of {context.code(part)}"


LOCAL: dict[str, Rule] = {
    "other_reduction": other_reduction,
    "two_left_out": two_left_out,
    "operand_alone": operand_alone,
    "share_of_both": share_of_both,
    "linear": linear,
    "softmax_for_shares": softmax_for_shares,
    "rows_taken": rows_taken,
    "bracket_widened": bracket_widened,
    "identity_added": identity_added,
    "factor_normalised": factor_normalised,
    "both_sides": both_sides,
    "other_base_of_power": other_base_of_power,
    "continuous": continuous,
    "entries_of_given": entries_of_given,
    "largest_product": largest_product,
    "one_more_product": one_more_product,
    "step_taken_as": step_taken_as,
    "numbers_exchanged": numbers_exchanged,
    "joined_with_alike": joined_with_alike,
    "operation_otherwise": operation_otherwise,
    "other_value": other_value,
    "given_combined": given_combined,
    "number_elsewhere": number_elsewhere,
    "any_expression": any_expression,
    "wrapped": wrapped,
}


def of_value(expr: Expr, context: Context) -> Versions:
    """The result combined with another step that is one number, or with the squares of something given."""
    for name, shape in context.shapes.items():
        if shape == () and name in context.definitions and Name(name) != expr:
            step = Name(name)
            yield op("subtract", expr, step), f"{context.code(step)} were subtracted from the result"
            yield op("subtract", step, expr), f"the result were subtracted from {context.code(step)}"
            yield op("add", expr, step), f"{context.code(step)} were added to the result"
            yield op("divide", expr, step), f"the result were divided by {context.code(step)}"
            yield op("multiply", expr, step), f"the result were multiplied by {context.code(step)}"
        if len(shape) == VECTOR and name in context.means and name not in context.whole:
            squares = Call("sum", (op("power", Name(name), TWO),))
            yield op("divide", expr, squares), f"the result were divided by {context.code(squares)}"
        if len(shape) == VECTOR and name in context.recurrent and name not in context.hidden:
            last = Index(Name(name), (MINUS_ONE,))
            yield op("add", expr, last), f"{context.code(last)} were added to the result"


def of_complement(expr: Expr, context: Context) -> Versions:
    """The result times the complement of a fraction that is given."""
    for name, shape in context.shapes.items():
        if shape == () and name in context.means.keys() - context.whole:
            rest = op("subtract", ONE, Name(name))
            yield op("multiply", expr, rest), f"the result were multiplied by {context.code(rest)}"
            yield op("divide", expr, rest), f"the result were divided by {context.code(rest)}"


def of_spread(expr: Expr, context: Context) -> Versions:
    """A result less its mean, in standard deviations, or as the places of its entries."""
    if prod(context.size_of(expr) or ()) <= PAIR:
        return
    changed = op("divide", op("subtract", expr, Call("mean", (expr,))), Call("std", (expr,)))
    yield changed, "the result were standardised: less its mean, by its standard deviation"


def of_alike(expr: Expr, context: Context) -> Versions:
    """The result of several numbers combined with anything of its shape: the weights after a step, not the gradient."""
    if not context.several or not isinstance(expr, Name):
        return
    shape = context.shapes.get(expr.id)
    for name, own in context.shapes.items():
        if own == shape and name != expr.id and name not in context.masks:
            other, told = Name(name), context.named(Name(name))
            yield op("subtract", other, expr), f"the result were subtracted from {told}"
            yield op("subtract", expr, other), f"{told} were subtracted from the result"
            yield op("add", expr, other), f"{told} were added to the result"
            yield op("multiply", expr, other), f"the result were multiplied by {told}"
            yield op("divide", expr, other), f"the result were divided by {told}"
            yield op("divide", other, expr), f"{told} were divided by the result"


def of_entries_each(expr: Expr, context: Context) -> Versions:
    """What is made of each number of a result: without the negative ones, rounded, its place in order; an inverse."""
    if not context.several:
        return
    yield Call("relu", (expr,)), "negative numbers of the result were set to 0"
    yield Call("round", (expr,)), "the result were rounded to whole numbers"
    half = op("multiply", ONE, op("greater", expr, Number(0.5, "0.5")))
    yield half, "only whether each of the result is more than 0.5 were given"
    roots = op("multiply", Call("sign", (expr,)), Call("sqrt", (Call("abs", (expr,)),)))
    yield roots, "the square root of each of the result were taken, its sign kept"
    shape = context.size_of(expr) or ()
    if len(shape) == MATRIX and shape[0] == shape[1]:
        yield Call("inv", (expr,)), "the inverse of the result were given"
    if len(shape) == VECTOR:
        before = Call("concat", (Array((Index(expr, (ZERO,)),)), Index(expr, (Slice(None, MINUS_ONE),))))
        yield op("subtract", expr, before), "the differences from entry to entry were given"
        places = Call("argsort", (Call("argsort", (op("negative", expr),)),))
        yield op("add", places, ONE), "the places in order were given, and not the numbers"


RESULT: dict[str, Rule] = {
    "of_value": of_value,
    "of_complement": of_complement,
    "of_spread": of_spread,
    "of_alike": of_alike,
    "of_entries_each": of_entries_each,
    "product_with_result": product_with_result,
}
