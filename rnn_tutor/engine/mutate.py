"""The plausible wrong versions of an expression: what people do when they go wrong in this subject.

Each rule looks at one place of an expression and gives what might stand there instead, with a clause that completes
"This is what you get when ...". Rules know the names' shapes and meanings, nothing of any exercise.
"""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from functools import partial
from itertools import combinations

from .expression import Call, Expr, Index, Name, Number, children, names_in, show, walk, with_children
from .functions import Shape

MAX_MUTATIONS = 400


@dataclass(frozen=True)
class Mutation:
    """A wrong version: the rule that made it, the whole expression, and what was done, as a clause after "when"."""

    rule: str
    expr: Expr
    says: str


@dataclass(frozen=True)
class Context:
    """What rules may know: shapes and meanings of names, which are masks, which recurrent, and the loop variable."""

    shapes: Mapping[str, Shape] = field(default_factory=dict)
    means: Mapping[str, str] = field(default_factory=dict)
    masks: frozenset[str] = frozenset()
    variable: str | None = None
    recurrent: frozenset[str] = frozenset()

    def named(self, expr: Expr) -> str:
        """Return an expression as the learner knows it: a name with its meaning, else its text."""
        if isinstance(expr, Name) and self.means.get(expr.id):
            return f"{expr.id} ({self.means[expr.id]})"
        return show(expr)


Found = Iterator[tuple[Expr, str]]
Rule = Callable[[Expr, Context], Found]
RULES: dict[str, Rule] = {}


def _rule(rule: Rule) -> Rule:
    RULES[rule.__name__.strip("_")] = rule
    return rule


def mutations(expr: Expr, context: Context) -> list[Mutation]:
    """Return the wrong versions of an expression, each once, the first rule that makes it speaking for it."""
    found: dict[Expr, Mutation] = {}
    for name, rule in WHOLE_RULES.items():
        for changed, says in rule(expr, context):
            found.setdefault(changed, Mutation(name, changed, says))
    for path, part in _places(expr):
        for name, rule in RULES.items():
            for replacement, says in rule(part, context):
                changed = _replaced(expr, path, replacement)
                if changed != expr:
                    found.setdefault(changed, Mutation(name, changed, says))
    return list(found.values())[:MAX_MUTATIONS]


def _places(expr: Expr, path: tuple[int, ...] = ()) -> Iterator[tuple[tuple[int, ...], Expr]]:
    yield path, expr
    for position, part in enumerate(children(expr)):
        yield from _places(part, (*path, position))


def _replaced(expr: Expr, path: tuple[int, ...], by: Expr) -> Expr:
    if not path:
        return by
    parts = list(children(expr))
    parts[path[0]] = _replaced(parts[path[0]], path[1:], by)
    return with_children(expr, tuple(parts))


def _op(function: str, *args: Expr) -> Call:
    return Call(function, args, style="operator")


def _substituted(expr: Expr, by: Callable[[Expr], Expr | None]) -> Expr:
    """Return an expression with every part replaced for which `by` has another; outermost first."""
    other = by(expr)
    if other is not None:
        return other
    return with_children(expr, tuple(_substituted(part, by) for part in children(expr)))


ACTIVATIONS = ("tanh", "sigmoid", "relu")
WRAPPERS = {
    "sqrt": "square root",
    "exp": "exponential",
    "log": "logarithm",
    "abs": "absolute value",
    "softmax": "softmax",
}
LOGARITHMS = {"log": "natural logarithm", "log2": "logarithm to base 2", "log10": "logarithm to base 10"}


@_rule
def _activation_left_out(part: Expr, context: Context) -> Found:
    if isinstance(part, Call) and part.function in ACTIVATIONS and part.args:
        yield part.args[0], f"the {part.function} is left out"
    elif isinstance(part, Call) and part.function in WRAPPERS and part.args:
        yield part.args[0], f"the {WRAPPERS[part.function]} is left out"


@_rule
def _activation_replaced(part: Expr, context: Context) -> Found:
    if isinstance(part, Call) and part.function in ACTIVATIONS:
        for other in ACTIVATIONS:
            if other != part.function:
                yield Call(other, part.args), f"{other} stands where {part.function} belongs"


@_rule
def _term_left_out(part: Expr, context: Context) -> Found:
    if not isinstance(part, Call) or len(part.args) != 2:
        return
    left, right = part.args
    match part.function:
        case "add":
            yield left, _left_out(right, context)
            yield right, _left_out(left, context)
        case "subtract":
            yield left, _left_out(right, context)
            if not isinstance(left, Number):
                yield _op("negative", right), _left_out(left, context)
        case "multiply":
            yield left, f"the factor {context.named(right)} is left out"
            yield right, f"the factor {context.named(left)} is left out"
        case "divide":
            yield left, f"the division by {context.named(right)} is left out"
        case "matmul":
            yield right, f"the product with {context.named(left)} is left out"
            yield left, f"the product with {context.named(right)} is left out"


def _left_out(term: Expr, context: Context) -> str:
    name = term.id if isinstance(term, Name) else ""
    bias = name in ("b", "bias") or name.startswith(("b_", "bias")) or "bias" in context.means.get(name, "")
    what = "the bias" if bias else "the term"
    return f"{what} {context.named(term)} is left out"


@_rule
def _sign(part: Expr, context: Context) -> Found:
    match part:
        case Call(function="add", args=(left, right)):
            yield _op("subtract", left, right), f"- stands where + belongs, before {show(right)}"
            yield _op("subtract", right, left), f"the sign of {show(left)} is turned round"
        case Call(function="subtract", args=(left, right)):
            yield _op("add", left, right), f"+ stands where - belongs, before {show(right)}"
            yield (
                _op("subtract", right, left),
                f"the difference is taken the wrong way round: {show(right)} - {show(left)}",
            )
        case Call(function="negative", args=(inner,)) if not isinstance(inner, Number):
            yield inner, f"the minus sign before {show(inner)} is left out"
        case Call(function="divide", args=(left, right)):
            yield _op("divide", right, left), f"{show(left)} and {show(right)} are divided the wrong way round"


@_rule
def _matrix_product(part: Expr, context: Context) -> Found:
    match part:
        case Call(function="matmul", args=(left, right)):
            yield _op("matmul", right, left), f"the order of {show(left)} @ {show(right)} is turned round"
            yield _op("matmul", _transposed(left), right), f"{context.named(left)} is transposed"
            yield _op("matmul", left, _transposed(right)), f"{context.named(right)} is transposed"
            yield _op("multiply", left, right), f"{show(left)} and {show(right)} are multiplied element by element"
        case Call(function="transpose", args=(inner,)):
            yield inner, f"{context.named(inner)} is not transposed"


def _transposed(expr: Expr) -> Expr:
    if isinstance(expr, Call) and expr.function == "transpose" and len(expr.args) == 1:
        return expr.args[0]
    return Call("transpose", (expr,), style="attribute")


@_rule
def _complement(part: Expr, context: Context) -> Found:
    match part:
        case Call(function="subtract", args=(Number(value=1), other)):
            yield other, f"{context.named(other)} stands where 1 - {show(other)} belongs"


@_rule
def _reduction(part: Expr, context: Context) -> Found:
    words = {"sum": "sum", "mean": "mean", "prod": "product", "max": "largest"}
    if isinstance(part, Call) and part.function in words and len(part.args) == 1:
        for other, word in words.items():
            if other != part.function:
                yield Call(other, part.args, part.keywords), f"the {word} is taken, not the {words[part.function]}"


@_rule
def _axis(part: Expr, context: Context) -> Found:
    if not isinstance(part, Call):
        return
    for position, (key, value) in enumerate(part.keywords):
        if key == "axis":
            for other in (0, 1, 2):
                if not (isinstance(value, Number) and value.value == other):
                    keywords = list(part.keywords)
                    keywords[position] = ("axis", Number(float(other), str(other)))
                    yield Call(part.function, part.args, tuple(keywords)), f"the {part.function} goes over axis {other}"
    if part.function in ("softmax", "log_softmax") and not part.keywords and len(part.args) == 1:
        keywords = [("axis", Number(0.0, "0"))]
        yield Call(part.function, part.args, tuple(keywords)), f"the {part.function} goes over axis 0"


@_rule
def _padding(part: Expr, context: Context) -> Found:
    match part:
        case Call(function="sum", args=(Name(id=name),), keywords=()) if name in context.masks:
            yield Call("size", part.args), "padding is counted: the division is by all positions, not by the real ones"
        case Call(function="multiply", args=(left, Name(id=name))) if name in context.masks:
            yield left, f"the mask {name} is left out, so that padding counts"
        case Call(function="multiply", args=(Name(id=name), right)) if name in context.masks:
            yield right, f"the mask {name} is left out, so that padding counts"


@_rule
def _logarithm(part: Expr, context: Context) -> Found:
    if isinstance(part, Call) and part.function in LOGARITHMS:
        for other, words in LOGARITHMS.items():
            if other != part.function:
                yield Call(other, part.args), f"the {words} is taken, not the {LOGARITHMS[part.function]}"


@_rule
def _power(part: Expr, context: Context) -> Found:
    match part:
        case Call(function="power" | "matrix_power" as function, args=(base, exponent)):
            one = Number(1.0, "1")
            style = part.style
            yield Call(function, (base, _op("add", exponent, one)), style=style), "the power is one too high"
            yield Call(function, (base, _op("subtract", exponent, one)), style=style), "the power is one too low"
            yield (
                _op("multiply", base, exponent),
                f"{show(base)} is multiplied by {show(exponent)}, not raised to that power",
            )
            yield base, f"the power {show(exponent)} is left out"
            if function == "power":
                yield _op("power", exponent, base), "base and exponent change places"


@_rule
def _norm(part: Expr, context: Context) -> Found:
    match part:
        case Call(function="norm", args=(x,), keywords=()):
            yield (
                Call("sum", (Call("abs", (x,)),)),
                f"the sum of absolute values stands where the norm of {show(x)} belongs",
            )
            yield Call("sum", (_op("power", x, Number(2.0, "2")),)), "the square root of the norm is left out"
            yield Call("max", (Call("abs", (x,)),)), "the largest absolute value stands where the norm belongs"


@_rule
def _bounds(part: Expr, context: Context) -> Found:
    match part:
        case Call(function="min" | "max" | "minimum" | "maximum" as function, args=(left, right)):
            other = {"min": "max", "max": "min", "minimum": "maximum", "maximum": "minimum"}[function]
            yield Call(other, part.args), f"the {other[:3]} is taken where the {function[:3]} belongs"
            yield left, f"{show(right)} is not looked at in {show(part)}"
            yield right, f"{show(left)} is not looked at in {show(part)}"


@_rule
def _time_step(part: Expr, context: Context) -> Found:
    match part:
        case Index(base=Name(id=name), items=(item, *rest)) if context.variable is not None:
            now = Name(context.variable)
            if item == now:
                before = _op("subtract", now, Number(1.0, "1"))
                yield (
                    Index(part.base, (before, *rest)),
                    f"{name} of the previous time step stands where the current one belongs",
                )
            elif isinstance(item, Call) and item.function in ("subtract", "add") and item.args[0] == now:
                yield (
                    Index(part.base, (now, *rest)),
                    f"{name} of the current time step stands where {show(part)} belongs",
                )
        case Index(base=Name(id=name), items=(Call(function="negative", args=(Number(value=1),)), *rest)):
            if name in context.recurrent or len(context.shapes.get(name, ())) > 0:
                first, last = Number(0.0, "0"), _op("negative", Number(2.0, "2"))
                yield Index(part.base, (first, *rest)), f"the first of {name} is taken, not the last"
                yield Index(part.base, (last, *rest)), f"the last but one of {name} is taken, not the last"


def _swapped_names(expr: Expr, context: Context) -> Found:
    """Two names of one shape change places, everywhere in the expression."""
    present = sorted(name for name in names_in(expr) if context.shapes.get(name) is not None)
    for first, second in combinations(present, 2):
        if context.shapes[first] != context.shapes[second]:
            continue
        exchange = {first: second, second: first}
        says = f"{first} and {second} change places"
        meanings = [f"{name} is the {context.means[name]}" for name in (first, second) if context.means.get(name)]
        yield _renamed(expr, exchange), says + (f": {', '.join(meanings)}" if meanings else "")


def _renamed(expr: Expr, exchange: Mapping[str, str]) -> Expr:
    return _substituted(
        expr, lambda part: Name(exchange[part.id]) if isinstance(part, Name) and part.id in exchange else None
    )


def _swapped_complements(expr: Expr, context: Context) -> Found:
    """z and 1 - z change places: the other convention of a blend."""
    ones = {
        part.args[1]
        for part in walk(expr)
        if isinstance(part, Call) and part.function == "subtract" and part.args[0] == Number(1.0, "1")
    }
    for gate in sorted(ones, key=show):
        if isinstance(gate, Number):
            continue

        def other(part: Expr, gate: Expr = gate) -> Expr | None:
            if part == _op("subtract", Number(1.0, "1"), gate):
                return gate
            return _op("subtract", Number(1.0, "1"), gate) if part == gate else None

        yield _substituted(expr, other), f"{show(gate)} and 1 - {show(gate)} change places"


def _clipped_by_element(expr: Expr, context: Context) -> Found:
    """g * min(1, c / norm(g)) -> every element of g cut off at +-c by itself."""
    for part in walk(expr):
        if not isinstance(part, Call) or part.function != "multiply" or len(part.args) != 2:
            continue
        for g, scale in (part.args, part.args[::-1]):
            limit = _clip_limit(scale, g)
            if limit is not None:
                clipped = Call("clip", (g, _op("negative", limit), limit))
                changed = _substituted(expr, partial(_instead, part, clipped))
                yield (
                    changed,
                    f"each element is cut off at {show(limit)} by itself; the norm of the whole is what counts",
                )


def _instead(wanted: Expr, by: Expr, part: Expr) -> Expr | None:
    return by if part is wanted else None


def _clip_limit(scale: Expr, g: Expr) -> Expr | None:
    match scale:
        case Call(function="min" | "minimum", args=(first, second)):
            for one in (first, second):
                match one:
                    case Call(function="divide", args=(limit, Call(function="norm", args=(x,)))) if x == g:
                        return limit
    return None


def _factor(expr: Expr, context: Context) -> Found:
    yield _op("multiply", Number(2.0, "2"), expr), "a factor of 2 too much stands before it"
    yield _op("divide", expr, Number(2.0, "2")), "a factor of 1/2 stands before it"
    yield _op("negative", expr), "the sign of the whole is turned round"


WHOLE_RULES: dict[str, Rule] = {
    "swapped_complements": _swapped_complements,
    "swapped_names": _swapped_names,
    "clipped_by_element": _clipped_by_element,
    "factor": _factor,
}
