"""Wrong versions by convention: what is usual elsewhere, and another reading of what is asked for.

A choice for a sum, a value kept for a difference, a root for a square, another best order, another discount, another
measure of two variables, the angular frequency.
"""

import math

from rnn_tutor.engine.expression import Call, Expr, Index, Name, NewAxis, Number, Slice, names_in, walk
from rnn_tutor.engine.mutate.mutation import (
    COMPARISONS,
    ONE,
    TWO,
    Context,
    Rule,
    Versions,
    op,
    substituted,
    whole_number,
)
from rnn_tutor.engine.reading.language import parse

ZERO = Number(0.0, "0")
VECTOR, MATRIX = 1, 2  # axes
CHOOSING = (*COMPARISONS, "one_hot")
MINUS_ONE = op("negative", ONE)
TURN = Number(2 * math.pi, "2 * pi")
HALVES = ("log", "log2", "log10")


def either_or(part: Expr, context: Context) -> Versions:
    """where(m, a, b) for a * m + b: what is added everywhere taken only where the mask is not (label smoothing)."""
    match part:
        case Call(function="add", args=(one, other)):
            for term, rest in ((one, other), (other, one)):
                for mask, value in _masked(term, context):
                    changed = Call("where", (op("equal", mask, ONE), value, rest))
                    yield changed, f"{context.code(rest)} were left out where {context.code(mask)} is 1"


def _masked(term: Expr, context: Context) -> list[tuple[Expr, Expr]]:
    match term:
        case Call(function="multiply", args=(a, b)):
            return [(mask, value) for mask, value in ((a, b), (b, a)) if _chooses(mask, context)]
    return [(term, ONE)] if _chooses(term, context) and isinstance(term, Call) else []


def _chooses(expr: Expr, context: Context) -> bool:
    made = context.resolved(expr)
    return context.is_mask(expr) or (isinstance(made, Call) and made.function in CHOOSING)


def value_kept(part: Expr, context: Context) -> Versions:
    """a where a > b, and only whether it is, for the positive part of a - b."""
    match part:
        case (
            Call(function="maximum", args=(Call(function="subtract", args=(a, b)), Number(value=0.0)))
            | Call(function="maximum", args=(Number(value=0.0), Call(function="subtract", args=(a, b))))
        ):
            pass
        case Call(function="relu", args=(Call(function="subtract", args=(a, b)),)):
            pass
        case _:
            return
    if isinstance(a, Number):
        return
    larger = op("greater", a, b)
    both = f"{context.code(a)} is larger than {context.code(b)}"
    yield op("multiply", a, larger), f"{context.code(a)} itself were kept where {both}"
    yield op("multiply", ONE, larger), f"only whether {both} counted"
    yield Call("abs", (op("subtract", a, b),)), f"the absolute value of {context.code(op('subtract', a, b))} were taken"
    yield Call("maximum", (a, b)), f"the larger of {context.code(a)} and {context.code(b)} were taken"


def number_for_its_power(part: Expr, context: Context) -> Versions:
    """3 for 9, and the root of 3: a root where its square is needed, and the other way round."""
    if not isinstance(part, Number) or part.value != int(part.value) or not 4 <= part.value <= 144:
        return
    root = math.isqrt(int(part.value))
    if root**2 == part.value:
        once = whole_number(root)
        yield once, f"`{root}` stood in place of its square"
        if root > 2:
            yield Call("sqrt", (once,)), f"the square root of `{root}` stood in place of its square"
            yield op("divide", ONE, once), f"`1 / {root}` stood in place of the square of `{root}`"


def best_order(part: Expr, context: Context) -> Versions:
    """The largest everywhere, for a list from the largest down."""
    match part:
        case Call(function="flip", args=(Call(function="sort", args=(x,)),)):
            pass
        case Index(base=Call(function="sort", args=(x,)), items=(Slice(start=None, stop=None, step=step),)) if (
            step == MINUS_ONE
        ):
            pass
        case _:
            return
    largest = op("multiply", Call("ones_like", (x,)), Call("max", (x,)))
    yield largest, f"the largest of {context.code(x)} stood in every place, not {context.code(part)}"
    yield x, f"{context.code(x)} were not put in order"


RANKED = ("rank", "relev", "gain", "position")


def discount_otherwise(part: Expr, context: Context) -> Versions:
    """The discount of the first papers on DCG (Järvelin and Kekäläinen 2002): none up to rank 2, then log2(rank)."""
    if not _is_about(RANKED, context):
        return
    match part:
        case Call(function="log2", args=(Call(function="add", args=(r, Number() as one)),)):
            ranks = r if one == ONE else op("add", r, Number(one.value - 1, f"{one.value - 1:g}"))
            below = Call("maximum", (ONE, Call("log2", (ranks,))))
            yield below, f"the discount were {context.code(Call('log2', (ranks,)))}, and none at rank 1"
            yield ranks, f"the discount were the rank itself: {context.code(ranks)}"
            yield Call("sqrt", (ranks,)), f"the discount were the root of the rank: {context.code(ranks)}"


def _is_about(words: tuple[str, ...], context: Context) -> bool:
    about = " ".join([*context.shapes, *context.means.values()]).lower()
    return any(word in about for word in words)


INTERVALS = ("quantile", "interval", "confidence", "standard error")


def on_log_scale(part: Expr, context: Context) -> Versions:
    """S * exp(-z * se / S) for S - z * se: an interval around the logarithm (Kalbfleisch and Prentice 2002, ch. 1)."""
    match part:
        case Call(function="add" | "subtract" as f, args=(a, b)) if _is_about(INTERVALS, context):
            if isinstance(a, Number) or isinstance(b, Number) or a == b or context.size_of(part) not in ((), None):
                return
            share = op("divide", b, a)
            changed = op("multiply", a, Call("exp", (op("negative", share) if f == "subtract" else share,)))
            yield changed, f"the interval were that of the logarithm: {context.code(changed)}"


def laplacian(part: Expr, context: Context) -> Versions:
    """D - A and I - A / d for I - D**(-1/2) A D**(-1/2): another Laplacian of a graph (Chung 1997, ch. 1)."""
    match part:
        case Call(function="subtract", args=(Call(function="eye") as eye, Call(function="divide", args=(a, by)))):
            pass
        case _:
            return
    shape = context.size_of(a)
    if shape is None or len(shape) != MATRIX or shape[0] != shape[1] or isinstance(by, Number):
        return
    degrees = Call("sum", (a,), (("axis", ONE),))
    column, row = Index(degrees, (Slice(), NewAxis())), degrees
    for other, words in (
        (op("subtract", op("multiply", eye, column), a), "the Laplacian that is not normalised"),
        (op("subtract", a, op("multiply", eye, column)), "minus the Laplacian that is not normalised"),
        (op("subtract", eye, op("divide", a, column)), "the Laplacian of the random walk"),
        (op("subtract", eye, op("divide", a, op("multiply", column, row))), "the Laplacian without the roots"),
        (op("add", eye, op("divide", a, by)), "the signless Laplacian"),
    ):
        yield other, f"{words} were taken"


LOCAL: dict[str, Rule] = {
    "either_or": either_or,
    "value_kept": value_kept,
    "number_for_its_power": number_for_its_power,
    "best_order": best_order,
    "discount_otherwise": discount_otherwise,
    "on_log_scale": on_log_scale,
    "laplacian": laplacian,
}


ACIDS = ("acid", "buffer", "hydroxide", "titrat")


def hydroxide(expr: Expr, context: Context) -> Versions:
    """14 - pH for pH: a pOH, and back (any text on acids and bases)."""
    logs = (part for part in _seen(expr, context) if isinstance(part, Call) and part.function == "log10")
    if _is_about(ACIDS, context) and next(logs, None) is not None:
        yield op("subtract", Number(14.0, "14"), expr), "the result were subtracted from 14 (pOH and pH)"


TURNING = ("frequenc", "hz", "angular", "radian", "period", "oscillat", "sampling")


def angular(expr: Expr, context: Context) -> Versions:
    """2 * pi times the result, for an angular frequency, and back."""
    if _is_about(TURNING, context):
        yield op("multiply", TURN, expr), "the result were multiplied by `2 * pi` (the angular frequency)"
        yield op("divide", expr, TURN), "the result were divided by `2 * pi`"


def of_two_variables(expr: Expr, context: Context) -> Versions:
    """Another measure of two variables, given their table (Cover and Thomas 2006, ch. 2), for one of them."""
    used = next((f for f in HALVES if any(isinstance(p, Call) and p.function == f for p in _seen(expr, context))), "")
    for name, shape in context.shapes.items() if used else ():
        made = context.definitions.get(name)
        joint = "joint" in context.means.get(name, "") or _is_table(made, context)
        if len(shape) == MATRIX and joint and names_in(expr) & set(context.shapes):
            yield from _measures(Name(name), used, context)


def _seen(expr: Expr, context: Context) -> list[Expr]:
    """Return the parts of what an expression is made of, with all its steps."""
    seen, left = set[str](), [expr]
    parts: list[Expr] = []
    while left:
        own = list(walk(left.pop()))
        parts += own
        for part in own:
            if isinstance(part, Name) and part.id in context.definitions and part.id not in seen:
                seen.add(part.id)
                left.append(context.definitions[part.id])
    return parts


def _is_table(made: Expr | None, context: Context) -> bool:
    match made:
        case Call(function="divide", args=(x, Call(function="sum", args=(same,), keywords=()))):
            return x == same
    return False


def _measures(p: Expr, log: str, context: Context) -> Versions:
    rows, columns = (Call("sum", (p,), (("axis", axis),)) for axis in (ONE, ZERO))
    apart = op("multiply", Index(rows, (Slice(), NewAxis())), columns)
    ratio = Call(log, (op("divide", p, apart),))

    def entropy(x: Expr) -> Expr:
        return op("negative", Call("sum", (op("multiply", x, Call(log, (x,))),)))

    information = Call("sum", (op("multiply", p, ratio),))
    all_of, first, second = entropy(p), entropy(rows), entropy(columns)
    told = context.code(p)
    yield information, f"the mutual information of {told} were given"
    yield all_of, f"the entropy of {told} as a whole were given"
    yield first, f"the entropy of the row sums of {told} were given"
    yield second, f"the entropy of the column sums of {told} were given"
    yield op("subtract", all_of, first), f"the entropy of the columns of {told}, given the row, were given"
    yield op("subtract", all_of, second), f"the entropy of the rows of {told}, given the column, were given"
    reverse = op("negative", Call("sum", (op("multiply", apart, ratio),)))
    yield reverse, f"the divergence of the product of both sums from {told} were given, reversed"
    yield Call("sum", (ratio,)), f"the logarithms of {told} by the product of both sums were not weighted"
    yield Call("mean", (ratio,)), f"the logarithms of {told} by the product of both sums were averaged"
    for by, which in ((first, "of the row sums"), (second, "of the column sums"), (all_of, "of all of it")):
        yield op("divide", information, by), f"the mutual information were divided by the entropy {which}"
    yield op("subtract", all_of, information), "the mutual information were subtracted from the entropy of both"
    yield op("add", first, second), "the entropies of both variables were added"


COUNTS = ("tp", "fn", "fp", "tn")


def of_detection(expr: Expr, context: Context) -> Versions:
    """Another measure of a detector, given the four counts (sklearn.metrics; any text on diagnostic tests)."""
    own = {name.lower().replace("_", ""): name for name, shape in context.shapes.items() if shape == ()}
    if not all(name in own for name in COUNTS):
        return
    tp, fn, fp, tn = (Name(own[name]) for name in COUNTS)
    given = {"tp": tp, "fn": fn, "fp": fp, "tn": tn}
    outer = context.resolved(expr)
    log = outer.function if isinstance(outer, Call) and outer.function in HALVES else ""
    for name, text in MEASURES:
        changed = substituted(parse(text), lambda part: given.get(part.id) if isinstance(part, Name) else None)
        yield changed, f"{name} were given"
        if log:
            yield Call(log, (changed,)), f"the logarithm of {name} were given"


MEASURES = (
    ("the accuracy", "(tp + tn)/(tp + fn + fp + tn)"),
    ("the error rate", "(fp + fn)/(tp + fn + fp + tn)"),
    ("the precision", "tp/(tp + fp)"),
    ("the recall", "tp/(tp + fn)"),
    ("the specificity", "tn/(tn + fp)"),
    ("the negative predictive value", "tn/(tn + fn)"),
    ("the rate of false alarms", "fp/(fp + tn)"),
    ("the rate of misses", "fn/(fn + tp)"),
    ("the fraction of false discoveries", "fp/(fp + tp)"),
    ("the prevalence", "(tp + fn)/(tp + fn + fp + tn)"),
    ("F1", "2*tp/(2*tp + fp + fn)"),
    ("the overlap (Jaccard's index)", "tp/(tp + fp + fn)"),
    ("Youden's J", "tp/(tp + fn) + tn/(tn + fp) - 1"),
    ("the balanced accuracy", "(tp/(tp + fn) + tn/(tn + fp))/2"),
    ("the correlation (MCC)", "(tp*tn - fp*fn)/sqrt((tp + fp)*(tp + fn)*(tn + fp)*(tn + fn))"),
    (
        "Cohen's kappa",
        "2*(tp*tn - fn*fp)/((tp + fp)*(fp + tn) + (tp + fn)*(fn + tn))",
    ),
    ("the likelihood ratio of an alarm", "tp/(tp + fn)/(fp/(fp + tn))"),
    ("the likelihood ratio of no alarm", "fn/(tp + fn)/(tn/(fp + tn))"),
    ("the odds ratio", "tp*tn/(fp*fn)"),
)


def of_contingency(expr: Expr, context: Context) -> Versions:
    """Another measure of a table of counts (Agresti 2013, ch. 2 and 3): per degree of freedom, the coefficients."""
    seen = _seen(expr, context)
    for name, shape in context.shapes.items():
        if name not in context.means or len(shape) != MATRIX or min(shape) < 2 or not _with_margins(Name(name), seen):
            continue
        counts = Name(name)
        total, rows, columns = (
            Call("sum", (counts,)),
            *(Call("sum", (counts,), (("axis", one),)) for one in (ONE, ZERO)),
        )
        expected = op("divide", op("multiply", Index(rows, (Slice(), NewAxis())), columns), total)
        squares = op("power", op("subtract", counts, expected), TWO)
        chi2 = Call("sum", (op("divide", squares, expected),))
        freedom = whole_number((shape[0] - 1) * (shape[1] - 1))
        smaller = whole_number(min(shape) - 1)
        share = op("divide", chi2, total)
        likelihood = op(
            "multiply", TWO, Call("sum", (op("multiply", counts, Call("log", (op("divide", counts, expected),))),))
        )
        yield op("divide", chi2, freedom), f"chi-squared were divided by its {freedom.text} degrees of freedom"
        yield Call("sqrt", (op("divide", chi2, op("add", chi2, total)),)), "the contingency coefficient were given"
        yield Call("sqrt", (share,)), "phi were given, the root of chi-squared over the number of all"
        yield share, "chi-squared over the number of all were given"
        yield Call("sqrt", (op("divide", share, smaller),)), "Cramer's V were given"
        yield chi2, "chi-squared were given"
        yield likelihood, "the likelihood ratio were given, not chi-squared"


def _with_margins(counts: Expr, seen: list[Expr]) -> bool:
    """Tell whether a table is compared with what the sums of its rows and its columns give."""
    over = {
        keyword[1]
        for part in seen
        if isinstance(part, Call) and part.function == "sum" and part.args[0] == counts
        for keyword in part.keywords
        if keyword[0] == "axis"
    }
    return {ONE, ZERO} <= over and any(isinstance(one, Call) and one.function in ("outer", "power") for one in seen)


RATES = ("learning rate", "step size", "size of a step")


def updated(expr: Expr, context: Context) -> Versions:
    """What a step of gradient descent makes of a given, or the step itself, where the gradient is asked for."""
    shape = context.size_of(expr)
    rates = [Name(n) for n in context.means if context.shapes.get(n) == () and context.means[n].lower() in RATES]
    if shape is None or len(rates) != 1 or not context.several or rates[0].id in names_in(expr):
        return
    step = op("multiply", rates[0], expr)
    for name in context.means:
        if context.shapes.get(name) == shape:
            changed = op("subtract", Name(name), step)
            yield changed, f"{context.code(Name(name))} after the step were given, not the gradient"
    yield step, f"the result were multiplied by {context.named(rates[0])}"
    yield op("negative", step), f"the result were multiplied by minus {context.named(rates[0])}"


RESULT: dict[str, Rule] = {
    "angular": angular,
    "of_two_variables": of_two_variables,
    "of_detection": of_detection,
    "hydroxide": hydroxide,
    "of_contingency": of_contingency,
    "updated": updated,
}
