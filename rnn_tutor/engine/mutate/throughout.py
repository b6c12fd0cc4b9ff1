"""One idea that changes several steps at once, or what several terms are made of.

Who takes no logarithm takes no exponential back; who scales by a minimum scales by a range; who leaves a bias out of a
function adds it behind. Weighted means of two are taken with other weights, and pooled numbers each by itself.
"""

from collections.abc import Iterator, Mapping, Sequence
from functools import partial

from rnn_tutor.engine.expression import (
    Call,
    Expr,
    Index,
    Item,
    Name,
    Number,
    Slice,
    children,
    names_in,
    show,
    walk,
    with_children,
)
from rnn_tutor.engine.mutate.arrays import chain
from rnn_tutor.engine.mutate.mutation import ONE, TWO, Context, Rule, Versions, op, substituted, whole_number

Changed = tuple[str, Mapping[str, Expr], str]
INVERSES = ("log", "exp")
SQUASHING = ("tanh", "sigmoid", "relu", "softplus", "sin", "exp")
MOST_LISTS = 3  # that a scale may be made of
MOST_MOVED = 4  # terms that are moved behind a function
MOST_TERMS = 4
VECTOR = 1  # axis


def in_several_steps(lets: Mapping[str, Expr], context: Context) -> Iterator[Changed]:
    """Yield the steps with one idea changed in all of them."""
    yield from _without_inverses(lets)
    yield from _other_scales(lets, context)
    yield from _terms_moved(lets, context)
    yield from _every_second(lets)


def _with(lets: Mapping[str, Expr], changed: Mapping[str, Expr]) -> dict[str, Expr]:
    return {name: expr for name, expr in changed.items() if expr is not lets[name]}


def _without_inverses(lets: Mapping[str, Expr]) -> Iterator[Changed]:
    """No logarithm, and no exponential that takes it back."""
    functions: set[str] = set()

    def plain(part: Expr) -> Expr | None:
        match part:
            case Call(function=f, args=(x,), keywords=()) if f in INVERSES and names_in(x):
                functions.add(f)
                return substituted(x, plain)
        return None

    changed = _with(lets, {name: substituted(expr, plain) for name, expr in lets.items()})
    if functions == set(INVERSES):
        yield "no_logarithms", changed, "no logarithm were taken anywhere, and no exponential"


def _other_scales(lets: Mapping[str, Expr], context: Context) -> Iterator[Changed]:
    """A minimum and a range for a mean and a deviation; both of more data than they are to be made of."""
    lists = {children(part)[0]: None for expr in lets.values() for part in walk(expr) if _is_mean(part)}
    for x in list(lists)[:MOST_LISTS]:
        if not any(_is_deviation_of(part, x) for expr in lets.values() for part in walk(expr)):
            continue

        def by_range(part: Expr, x: Expr = x) -> Expr | None:
            if _is_deviation_of(part, x):
                return op("subtract", Call("max", (x,)), Call("min", (x,)))
            return Call("min", (x,)) if _is_mean(part) and children(part)[0] == x else None

        changed = _with(lets, {name: substituted(expr, by_range) for name, expr in lets.items()})
        said = f"the minimum and the range of {context.code(x)} were used instead of its mean and its deviation"
        yield "scaled_by_range", changed, said
        for other in _scaled_by(lets, x, context):
            for both in (Call("concat", (x, other)), other):

                def of_more(part: Expr, x: Expr = x, both: Expr = both) -> Expr | None:
                    if _is_deviation_of(part, x) or (_is_mean(part) and children(part)[0] == x):
                        return substituted(part, lambda one: both if one == x else None)
                    return None

                changed = _with(lets, {name: substituted(expr, of_more) for name, expr in lets.items()})
                whose = (
                    f"{context.code(x)} and {context.code(other)} together"
                    if both is not other
                    else context.code(other)
                )
                said = f"the mean and the deviation of {whose} were used, not those of {context.code(x)}"
                yield "scaled_by_others", changed, said


def _scaled_by(lets: Mapping[str, Expr], x: Expr, context: Context) -> list[Expr]:
    """Return the other lists of which the mean of a list is subtracted."""
    found: dict[Expr, None] = {}
    for expr in lets.values():
        for part in walk(expr):
            match part:
                case Call(function="subtract", args=(y, mean)) if y != x:
                    made = context.resolved(mean)
                    if (
                        _is_mean(made)
                        and children(made)[0] == x
                        and len(context.size_of(y) or _first(y, context)) == VECTOR
                    ):
                        found[y] = None
    return list(found)[:MOST_LISTS]


def _first(expr: Expr, context: Context) -> tuple[int, ...]:
    """Return the shape of the list that an expression is made of, entry by entry."""
    shapes = [context.shapes.get(name, ()) for name in names_in(expr)]
    return max(shapes, key=len, default=())


def _terms_moved(lets: Mapping[str, Expr], context: Context) -> Iterator[Changed]:
    """V @ tanh(x) + b for V @ tanh(x + b): a bias that is added behind the step that it belongs into."""
    moved = 0
    for name, expr in lets.items():
        match expr:
            case Call(function=f, args=(inside,), keywords=()) if f in SQUASHING:
                terms = chain(inside, "add")
            case _:
                continue
        for term in terms if len(terms) > 1 else ():
            if not isinstance(term, Name) or term.id not in context.means:
                continue
            left = Call(f, (_sum_of([one for one in terms if one is not term]),))
            for reader, other in lets.items():
                same = context.shapes.get(reader) == context.shapes.get(name)
                if reader != name and name in names_in(other) and same and moved < MOST_MOVED:
                    moved += 1
                    changed = {name: left, reader: op("add", other, term)}
                    said = f"{context.named(term)} were added to {context.code(other)}, not inside the {f}"
                    yield "term_moved", changed, said


def _every_second(lets: Mapping[str, Expr]) -> Iterator[Changed]:
    """The even and the odd entries for the first and the last ones, wherever a list is cut in two."""
    cut: dict[Number, set[bool]] = {}

    def taken(item: Item) -> Item:
        match item:
            case Slice(start=None, stop=Number() as at, step=None):
                cut.setdefault(at, set()).add(True)
                return Slice(None, None, TWO)
            case Slice(start=Number() as at, stop=None, step=None):
                cut.setdefault(at, set()).add(False)
                return Slice(ONE, None, TWO)
        return item

    def every_second(part: Expr) -> Expr | None:
        if isinstance(part, Index) and any(isinstance(item, Slice) for item in part.items):
            return Index(substituted(part.base, every_second), tuple(map(taken, part.items)))
        return None

    changed = _with(lets, {name: substituted(expr, every_second) for name, expr in lets.items()})
    if len(cut) == 1 and all(len(both) == 2 for both in cut.values()):
        yield "every_second", changed, "the even and the odd entries were taken, not the first and the last ones"


def _sum_of(terms: Sequence[Expr]) -> Expr:
    whole = terms[0]
    for one in terms[1:]:
        whole = op("add", whole, one)
    return whole


def _is_mean(part: Expr) -> bool:
    return isinstance(part, Call) and part.function == "mean" and len(part.args) == 1 and not part.keywords


def _is_deviation_of(part: Expr, x: Expr) -> bool:
    """Tell whether an expression is a standard deviation of a list, in one of the ways to write it."""
    match part:
        case Call(function="std", args=(y,)):
            return y == x
        case Call(function="sqrt", args=(Call(function="var", args=(y,)),)):
            return y == x
        case Call(function="sqrt", args=(inside,)):
            return any(_is_squared_off(one, x) for one in walk(inside))
    return False


def _is_squared_off(part: Expr, x: Expr) -> bool:
    match part:
        case Call(function="power", args=(Call(function="subtract", args=(y, _)), Number(value=2.0))):
            return y == x
        case Call(function="square", args=(Call(function="subtract", args=(y, _)),)):
            return y == x
    return False


def other_weights(part: Expr, context: Context) -> Versions:
    """Two terms of a weighted mean weighed alike, or by sizes for degrees of freedom; a mean of roots."""
    root = isinstance(part, Call) and part.function == "sqrt"
    mean = _weighted(context.resolved(children(part)[0]) if root else part)
    if mean is None:
        return
    weights, terms = mean
    count = whole_number(len(terms))
    each = [Call("sqrt", (x,)) for x in terms] if root else terms
    whole = op("divide", _sum_of([op("multiply", w, x) for w, x in zip(weights, each, strict=True)]), _sum_of(weights))
    plain = op("divide", _sum_of(each), count)
    if root:
        yield whole, f"the roots were averaged, not what is below them: {context.code(whole)}"
        yield plain, f"the plain mean of the roots were taken: {context.code(plain)}"
        return
    yield plain, f"the plain mean were taken: {context.code(plain)}"
    if all(_counts_one_less(w) for w in weights):
        sizes = [_one_more(w) for w in weights]
        above = _sum_of([op("multiply", w, x) for w, x in zip(sizes, terms, strict=True)])
        by_size = op("divide", above, _sum_of(sizes))
        yield by_size, f"the weights were the sizes, not the degrees of freedom: {context.code(by_size)}"


def _weighted(part: Expr) -> tuple[list[Expr], list[Expr]] | None:
    """Return the weights and the terms of a mean of a few terms that is divided by the sum of the weights."""
    match part:
        case Call(function="divide", args=(above, below)):
            pass
        case _:
            return None
    products = chain(above, "add")
    if not 1 < len(products) <= MOST_TERMS:
        return None
    total = _linear(below)
    for which in (0, 1):
        weights, terms = list[Expr](), list[Expr]()
        for one in products:
            if not isinstance(one, Call) or one.function != "multiply" or len(one.args) != 2:
                return None
            weights.append(one.args[which])
            terms.append(one.args[1 - which])
        if total is not None and _linear(_sum_of(weights)) == total:
            return weights, terms
    return None


def _linear(expr: Expr) -> dict[str, float] | None:
    """Return a sum of names, lengths and numbers as how often each is in it; None for anything else."""
    match expr:
        case Number(value=value):
            return {"": value} if value else {}
        case Name() | Index() | Call(function="len" | "size"):
            return {show(expr): 1.0}
        case Call(function="add" | "subtract" as f, args=(a, b)):
            one, other = _linear(a), _linear(b)
            if one is None or other is None:
                return None
            sign = 1.0 if f == "add" else -1.0
            both = {key: one.get(key, 0.0) + sign * other.get(key, 0.0) for key in {**one, **other}}
            return {key: times for key, times in both.items() if times}
    return None


def _counts_one_less(weight: Expr) -> bool:
    match weight:
        case Number(value=value):
            return value.is_integer() and value > 0
        case Call(function="subtract", args=(_, Number(value=1.0))):
            return True
    return False


def _one_more(weight: Expr) -> Expr:
    if isinstance(weight, Number):
        return Number(weight.value + 1, f"{weight.value + 1:g}")
    return children(weight)[0]


def each_by_itself(part: Expr, context: Context) -> Versions:
    """sqrt(x / n + y / m) for a pooled deviation times sqrt(1 / n + 1 / m); sqrt(x + y), without any sizes."""
    match part:
        case Call(function="multiply", args=(one, other)):
            pass
        case _:
            return
    for pooled, sizes in ((one, other), (other, one)):
        made, below = context.resolved(pooled), context.resolved(sizes)
        match made, below:
            case Call(function="sqrt", args=(mean,)), Call(function="sqrt", args=(Call(function="add", args=(u, v)),)):
                found = _weighted(context.resolved(mean))
            case _:
                continue
        if found is None or len(found[1]) != 2:
            continue
        x, y = found[1]
        for first, second in ((x, y), (y, x)):
            changed = Call("sqrt", (op("add", _scaled(first, u), _scaled(second, v)),))
            yield changed, f"each had its own variance: {context.code(changed)}"
        plain = Call("sqrt", (op("add", x, y),))
        yield plain, f"the variances were added as they are: {context.code(plain)}"


def _scaled(x: Expr, by: Expr) -> Expr:
    match by:
        case Call(function="divide", args=(Number(value=1.0), n)):
            return op("divide", x, n)
    return op("multiply", x, by)


def of_difference(part: Expr, context: Context) -> Versions:
    """f(a - b) for f(a) - f(b), with any formula f; the same with ratios, and with two entries of one list."""
    match part:
        case Call(function="subtract" | "divide" as f, args=(a, b)):
            pass
        case _:
            return
    match a, b:
        case Index(base=Name() as base, items=(i,)), Index(base=same, items=(j,)) if base == same and i != j:
            made = context.resolved(base)
            inside = [one for one in _entrywise(made) if len(context.shapes.get(one.id, ())) == VECTOR]
            if made is base or len({one.id for one in inside}) != 1:
                return
            name = inside[0]
            joined = op(f, Index(name, (i,)), Index(name, (j,)))
            changed = substituted(made, lambda one: joined if one == name else None)
        case _:
            pair = _apart(context.resolved(a), context.resolved(b))
            if pair is None:
                return
            joined = op(f, *pair)
            first = context.resolved(a)
            changed = substituted(first, lambda one: joined if one is pair[0] else None)
            if changed is joined:
                return
    word = "difference" if f == "subtract" else "ratio"
    yield changed, partial(_of_joined, word, changed, context)


def _of_joined(word: str, changed: Expr, context: Context) -> str:
    return f"the formula of the {word} were taken, not the {word} of the formulas: {context.code(changed)}"


def _entrywise(expr: Expr) -> Iterator[Name]:
    """Yield the names in an expression that is made entry by entry: none where it joins or sums up."""
    match expr:
        case Name():
            yield expr
        case Call(function=f, args=args, keywords=()) if f in ENTRYWISE:
            for one in args:
                yield from _entrywise(one)
        case Number():
            return
        case _:
            yield from (Name(""), Name("?"))  # more than one: nothing can be said


ENTRYWISE = (
    *("add", "subtract", "multiply", "divide", "power", "negative", "log", "log10", "log2", "exp", "sqrt", "square"),
    *("sin", "cos", "tan", "arctan", "tanh", "sigmoid"),
)


def _apart(one: Expr, other: Expr) -> tuple[Expr, Expr] | None:
    """Return the two names in which formulas differ that are alike but for these; None for any others."""
    if isinstance(one, Name | Index) and isinstance(other, Name | Index):
        return (one, other) if one != other else None
    inside, instead = children(one), children(other)
    if type(one) is not type(other) or len(inside) != len(instead) or not inside:
        return None
    differ = [(a, b) for a, b in zip(inside, instead, strict=True) if a != b]
    if len(differ) != 1 or with_children(one, instead) != other:
        return None
    return _apart(*differ[0])


def halves_in_line(part: Expr, context: Context) -> Versions:
    """1 - t / (2 * T) for exp(-log(2) / T * t): half is gone after one half-life, and as much after the next."""
    match part:
        case Call(function="exp", args=(x,)) if _has_log_of_two(x, context):
            half = op("divide", x, op("multiply", TWO, Call("log", (TWO,))))
            changed = op("add", ONE, half)
            yield changed, "half were gone in each half-life, of what there was at first"


def _has_log_of_two(expr: Expr, context: Context) -> bool:
    inside = [one for part in walk(expr) for one in walk(context.resolved(part))]
    return any(isinstance(one, Call) and one.function == "log" and one.args == (TWO,) for one in inside)


def which_of_two(part: Expr, context: Context) -> Versions:
    """1 and 0 for which of two is the larger, where its value is asked for."""
    match part:
        case Call(function="maximum" | "minimum" as f, args=(a, b)) if context.several and names_in(a) and names_in(b):
            for one, other in ((b, a), (a, b)):
                changed = op("greater" if f == "maximum" else "less", one, other)
                yield changed, f"it were told which one is larger or smaller, {context.code(changed)}, not its value"


def mean_for_weighted(part: Expr, context: Context) -> Versions:
    """mean(x) * sum(w) for sum(w * x): each entry counted alike, as if all had the same weight."""
    match part:
        case Call(function="sum", args=(Call(function="multiply", args=(a, b)),), keywords=()):
            pass
        case _:
            return
    if len(context.size_of(a) or ()) != VECTOR or len(context.size_of(b) or ()) != VECTOR:
        return
    for x, w in ((a, b), (b, a)):
        if isinstance(w, Name) and w.id in context.whole:
            changed = op("multiply", Call("mean", (x,)), Call("sum", (w,)))
            yield changed, f"{context.code(x)} were averaged without {context.code(w)}: {context.code(changed)}"


LOCAL: dict[str, Rule] = {
    "mean_for_weighted": mean_for_weighted,
    "other_weights": other_weights,
    "each_by_itself": each_by_itself,
    "of_difference": of_difference,
    "halves_in_line": halves_in_line,
    "which_of_two": which_of_two,
}
