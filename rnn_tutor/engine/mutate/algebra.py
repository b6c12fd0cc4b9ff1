"""Wrong versions by algebra: terms, signs, products, powers, indexes, names; nothing of networks."""

from collections.abc import Iterable
from itertools import combinations

from rnn_tutor.engine.expression import Call, Expr, Index, Name, Number, names_in, renamed, show, walk
from rnn_tutor.engine.mutate.masks import is_condition
from rnn_tutor.engine.mutate.mutation import (
    BRIEF,
    ONE,
    TWO,
    UNSAID,
    Context,
    Rule,
    Versions,
    brief,
    is_one,
    op,
    substituted,
    whole_number,
)

LOGARITHMS = {"log": "natural logarithm", "log2": "logarithm to base 2", "log10": "logarithm to base 10"}
REDUCTIONS = {"sum": "sum", "mean": "mean", "prod": "product", "max": "largest", "min": "smallest"}
ELEMENTWISE = ("log", "exp", "sqrt", "abs", "square", "tanh", "sigmoid")


def term_left_out(part: Expr, context: Context) -> Versions:
    """One of two operands is left out."""
    match part:
        case Call(function="add", args=(left, right)):
            yield left, _left_out(right, left, context)
            yield right, _left_out(left, right, context)
        case Call(function="subtract", args=(left, right)):
            yield left, f"{context.named(right)} were not subtracted"
            if not isinstance(left, Number):
                yield op("negative", right), _left_out(left, right, context)
        case Call(function="multiply", args=(left, right)):
            yield left, f"the {_factor(right, context)} {context.named(right)} were left out"
            yield right, f"the {_factor(left, context)} {context.named(left)} were left out"
        case Call(function="divide", args=(left, right)):
            yield left, f"the division by {context.named(right)} were left out"
            if not isinstance(left, Number):
                yield (
                    op("divide", ONE, right),
                    f"1 were divided by {context.code(right)}, and not {context.named(left)}",
                )
        case Call(function="matmul" | "dot", args=(left, right)):
            yield right, f"the product with {context.named(left)} were left out"
            yield left, f"the product with {context.named(right)} were left out"


def _factor(expr: Expr, context: Context) -> str:
    return "condition" if is_condition(expr, context) else "factor"


def _left_out(term: Expr, rest: Expr, context: Context) -> str:
    if not names_in(term):  # a number alone tells nothing
        code = context.code(rest)
        if "..." not in code and code != UNSAID:
            return f"{context.code(term)} were not added to {code}"
    name = term.id if isinstance(term, Name) else ""
    meaning = context.means.get(name, "").lower()
    by_name = name in ("b", "bias") or name.startswith(("b_", "bias"))
    if "bias" in meaning or (by_name and not meaning):
        return f"the bias `{name}` were left out"
    return f"{context.named(term)} were missing from the sum"


def sign(part: Expr, context: Context) -> Versions:
    """Plus for minus, the wrong way round, a minus forgotten."""
    match part:
        case Call(function="add", args=(left, right)):
            yield op("subtract", left, right), f"{context.code(right)} were subtracted, not added"
            yield op("subtract", right, left), f"{context.code(left)} had the opposite sign"
        case Call(function="subtract", args=(left, right)):
            yield op("add", left, right), f"{context.code(right)} were added, not subtracted"
            turned = op("subtract", right, left)
            yield turned, _reversed("the subtraction", "of", turned, context)
        case Call(function="negative", args=(inner,)) if not isinstance(inner, Number):
            yield inner, f"the minus sign before {context.code(inner)} were left out"
        case Call(function="divide", args=(left, right)):
            turned = op("divide", right, left)
            reciprocal = is_one(left)  # nobody sees that `n / 1` is `1 / n` turned round
            said = context.instead(right, part) if reciprocal else _reversed("the division", "by", turned, context)
            yield turned, said


def _reversed(what: str, of: str, turned: Call, context: Context) -> str:
    """Say what was reversed: with what was computed, or with its operand where its sign might be cut off."""
    text = show(context.visible(turned))
    written = f"{what} were reversed: `{text}`"
    return written if len(text) <= BRIEF else f"{what} {of} {context.code(turned.args[0])} were reversed"


def operation(part: Expr, context: Context) -> Versions:
    """A sum for a product, a product for a quotient, and back."""
    match part:
        case Call(function="add", args=(left, right)):
            yield (
                op("multiply", left, right),
                f"{context.code(left)} and {context.code(right)} were multiplied, not added",
            )
        case Call(function="multiply", args=(left, right)):
            if not isinstance(left, Number) and not isinstance(right, Number):
                both = (
                    f"{context.code(left)} and {context.code(right)} were added"
                    if left != right
                    else f"{context.code(left)} were doubled"
                )
                yield op("add", left, right), f"{both}, not multiplied"
            yield (
                op("divide", left, right),
                f"{context.code(left)} were divided by {context.code(right)}, not multiplied",
            )
        case Call(function="divide", args=(left, right)):
            yield (
                op("multiply", left, right),
                f"{context.code(left)} were multiplied by {context.code(right)}, not divided",
            )


def matrix_product(part: Expr, context: Context) -> Versions:
    """The order of a product, a transpose, an element by element product; the order of what is joined."""
    match part:
        case Call(function="matmul" | "dot", args=(left, right)):
            yield op("matmul", right, left), f"the order of {context.code(op('matmul', left, right))} were reversed"
            if _may_turn(left, context):
                yield op("matmul", _transposed(left), right), _turned(left, context)
            if _may_turn(right, context):
                yield op("matmul", left, _transposed(right)), _turned(right, context)
            yield (
                op("multiply", left, right),
                f"{context.code(left)} and {context.code(right)} were multiplied element by element",
            )
        case Call(function="transpose", args=(inner,)):
            yield inner, _turned(part, context)
        case Call(function="multiply", args=(left, right)) if _is_array(left, context) and _is_array(right, context):
            yield op("matmul", left, right), f"{context.code(part)} were a matrix product"
        case Call(function="outer", args=(left, right)):
            yield Call("outer", (right, left)), f"the order of {context.code(part)} were reversed"
        case Call(function="concat" | "hstack", args=(left, right), keywords=()):
            turned = f"{context.code(left)} and {context.code(right)}"
            yield Call("concat", (right, left)), f"{turned} were joined in the other order"


def _turned(expr: Expr, context: Context) -> str:
    inner = _transposed(expr)
    if isinstance(expr, Call) and expr.function == "transpose":
        return f"{context.named(inner)} were not transposed"
    return f"{context.named(expr)} were transposed"


def _may_turn(expr: Expr, context: Context) -> bool:
    return not (isinstance(expr, Name) and len(context.shapes.get(expr.id, (0, 0))) < 2)


def _is_array(expr: Expr, context: Context) -> bool:
    return isinstance(expr, Name) and len(context.shapes.get(expr.id, ())) > 0


def _transposed(expr: Expr) -> Expr:
    if isinstance(expr, Call) and expr.function == "transpose" and len(expr.args) == 1:
        return expr.args[0]
    return Call("transpose", (expr,), style="attribute")


def complement(part: Expr, context: Context) -> Versions:
    """z for 1 - z."""
    match part:
        case Call(function="subtract", args=(one, other)) if is_one(one):
            yield other, f"{context.named(other)} were used instead of {context.code(op('subtract', ONE, other))}"


def reduction(part: Expr, context: Context) -> Versions:
    """Sum, mean, product, largest confused; before and after a function of each element."""
    match part:
        case Call(function=function, args=(x,)) if function in REDUCTIONS:
            for other, word in REDUCTIONS.items():
                if other != function and (other != "min" or function == "max"):
                    yield (
                        Call(other, part.args, part.keywords),
                        f"the {word} of {context.code(x)} were taken, not the {REDUCTIONS[function]}",
                    )
            match x:
                case Call(function=inner, args=(below,)) if inner in ELEMENTWISE:
                    changed = Call(inner, (Call(function, (below,), part.keywords),))
                    yield changed, f"the {REDUCTIONS[function]} were taken before the {inner}, not after it"
        case Call(function=outer, args=(Call(function=function, args=(x,)) as inside,)) if (
            outer in ELEMENTWISE and function in REDUCTIONS
        ):
            changed = Call(function, (Call(outer, (x,)),), inside.keywords)
            yield changed, f"the {outer} were taken before the {REDUCTIONS[function]}, not after it"
        case Call(function="var" | "std" as function, args=(x,), keywords=()):
            n = Call("size", (x,))
            factor: Expr = op("divide", n, op("subtract", n, ONE))
            if function == "std":
                factor = Call("sqrt", (factor,))
            yield op("multiply", part, factor), "the sum of squares were divided by n - 1, not by n"


def axis(part: Expr, context: Context) -> Versions:
    """The wrong axis."""
    if not isinstance(part, Call):
        return
    for position, (key, value) in enumerate(part.keywords):
        if key == "axis" and isinstance(value, Number | Call):
            for other in (0, 1, 2):
                if not (isinstance(value, Number) and value.value == other):
                    keywords = list(part.keywords)
                    keywords[position] = ("axis", whole_number(other))
                    clause = f"the {part.function} went over axis {other}, not over axis {brief(value)}"
                    yield Call(part.function, part.args, tuple(keywords)), clause
    if part.function in ("softmax", "log_softmax", "layer_norm") and not part.keywords and len(part.args) == 1:
        changed = Call(part.function, part.args, (("axis", Number(0.0, "0")),))
        yield changed, f"the {part.function} went over axis 0, not over the last"


def logarithm(part: Expr, context: Context) -> Versions:
    """The base of a logarithm or of a power; the logarithm or exponential left out."""
    if not isinstance(part, Call) or len(part.args) != 1:
        return
    if part.function in LOGARITHMS:
        yield part.args[0], f"the logarithm of {context.code(part.args[0])} were left out"
        for other, word in LOGARITHMS.items():
            if other != part.function:
                yield Call(other, part.args), f"the {word} were taken, not the {LOGARITHMS[part.function]}"
    if part.function == "exp":
        yield part.args[0], f"the exponential of {context.code(part.args[0])} were left out"
        yield op("power", TWO, part.args[0]), "2 were raised to the power, not e"
        yield Call("exp", (op("negative", part.args[0]),)), "the exponent had the opposite sign"


def power(part: Expr, context: Context) -> Versions:
    """One too high, one too low, a product for a power, base and exponent."""
    match part:
        case Call(function="power" | "matrix_power" as function, args=(base, exponent)):
            style, name = part.style, context.code(base)
            squared = isinstance(exponent, Number) and exponent.value == TWO.value
            higher = f"{name} were cubed, not squared" if squared else f"the power of {name} were one too high"
            yield Call(function, (base, op("add", exponent, ONE)), style=style), higher
            lower = f"{name} were not squared" if squared else f"the power of {name} were one too low"
            yield Call(function, (base, op("subtract", exponent, ONE)), style=style), lower
            words = f"{name} were multiplied by {context.code(exponent)}, not raised to that power"
            yield op("multiply", base, exponent), f"{name} were doubled, not squared" if squared else words
            yield base, lower if squared else f"the power {context.code(exponent)} were left out"
            if function == "power":
                yield op("power", exponent, base), "base and exponent were exchanged"
            else:
                yield (
                    op("power", base, exponent),
                    f"each element of {context.code(base)} were raised to the power separately",
                )
        case Call(function="sqrt", args=(inner,)):
            yield inner, f"the square root of {context.code(inner)} were left out"
        case Call(function="abs", args=(inner,)):
            yield inner, f"the absolute value of {context.code(inner)} were left out"
        case Call(function="square", args=(inner,)):
            yield inner, f"{context.code(inner)} were not squared"


def bounds(part: Expr, context: Context) -> Versions:
    """The larger for the smaller; one of two not looked at."""
    match part:
        case Call(function="min" | "max" | "minimum" | "maximum" as function, args=(left, right)):
            other = {"min": "max", "max": "min", "minimum": "maximum", "maximum": "minimum"}[function]
            word = {"min": "smaller", "max": "larger"}
            both = f"{context.code(left)} and {context.code(right)}"
            clause = f"the {word[other[:3]]} of {both} were taken, not the {word[function[:3]]}"
            yield Call(other, part.args), clause
            yield left, _without_bound(function, right, context)
            yield right, _without_bound(function, left, context)


def _without_bound(function: str, operand: Expr, context: Context) -> str:
    if isinstance(operand, Number):
        return f"the {function[:3]}imum with {context.code(operand)} were left out"
    return f"{context.code(operand)} were ignored"


def counted_from_one(part: Expr, context: Context) -> Versions:
    """An index given as a number, counted from 1."""
    match part:
        case Index(base=base, items=(Name(id=name) as item, *further)) if (
            name != context.variable and context.shapes.get(name) == () and name not in context.masks
        ):
            changed = Index(base, (op("subtract", item, ONE), *further))
            yield changed, f"{context.code(part)} were counted from 1; indexes count from 0"


LOCAL: dict[str, Rule] = {
    "term_left_out": term_left_out,
    "sign": sign,
    "matrix_product": matrix_product,
    "complement": complement,
    "reduction": reduction,
    "axis": axis,
    "logarithm": logarithm,
    "power": power,
    "bounds": bounds,
    "counted_from_one": counted_from_one,
    "operation": operation,
}


def swapped_names(expr: Expr, context: Context) -> Versions:
    """Two names of one shape change places, everywhere in the expression."""
    present = [name for name in in_order([expr]) if context.shapes.get(name) is not None]
    for first, second in combinations(present, 2):
        if context.shapes[first] != context.shapes[second] or context.variable in (first, second):
            continue
        if not _one_operation(expr, first, second):
            yield renamed(expr, {first: second, second: first}), places_changed(first, second, context)


def _one_operation(expr: Expr, first: str, second: str) -> bool:
    """Tell whether two names stand in one operation and nowhere else: "the wrong way round" then says more."""
    pairs = [
        part
        for part in walk(expr)
        if isinstance(part, Call)
        and part.function in ("divide", "power", "matmul", "subtract")
        and part.args in ((Name(first), Name(second)), (Name(second), Name(first)))
    ]
    return len(pairs) == 1 and sum(isinstance(part, Name) and part.id in (first, second) for part in walk(expr)) == 2


def in_order(exprs: Iterable[Expr]) -> list[str]:
    """Return the names that expressions read, in the order in which they stand: gates before what they scale."""
    return list(dict.fromkeys(part.id for expr in exprs for part in walk(expr) if isinstance(part, Name)))


def places_changed(first: str, second: str, context: Context) -> str:
    """Return the clause of two names that change places, with what they mean."""
    return f"{context.named(Name(first))} and {context.named(Name(second))} were exchanged"


PREVIOUS = ("{}_prev", "prev_{}", "{}_old", "old_{}", "{}prev", "{}_last", "{}0", "{}_0")


def previous_name(part: Expr, context: Context) -> Versions:
    """c_prev for c, h for h_prev: the old value for the new one, outside loops."""
    if not isinstance(part, Name):
        return
    for pattern in PREVIOUS:
        old = pattern.format(part.id)
        if old in context.shapes:
            yield Name(old), f"{context.named(Name(old))} were used instead of {context.code(part)}"
        before, after = pattern.split("{}")
        inner = part.id[len(before) : len(part.id) - len(after)]
        if inner and pattern.format(inner) == part.id and inner in context.shapes:
            yield Name(inner), f"{context.code(Name(inner))} were used instead of {context.named(part)}"


LOCAL["previous_name"] = previous_name


def swapped_complements(expr: Expr, context: Context) -> Versions:
    """z and 1 - z change places: the other convention of a blend."""
    for gate in complements(expr):
        alone = sum(part == gate for part in walk(expr))
        if alone > sum(part == op("subtract", ONE, gate) for part in walk(expr)):
            yield exchanged_complement(expr, gate), complement_clause(gate, context)


def complements(expr: Expr) -> list[Expr]:
    """Return what is subtracted from 1 in an expression."""
    gates = [
        part.args[1]
        for part in walk(expr)
        if isinstance(part, Call) and part.function == "subtract" and len(part.args) == 2 and is_one(part.args[0])
    ]
    return [gate for gate in dict.fromkeys(gates) if not isinstance(gate, Number)]


def exchanged_complement(expr: Expr, gate: Expr) -> Expr:
    """Return an expression with 1 - gate for gate, and gate for 1 - gate."""

    def other(part: Expr) -> Expr | None:
        match part:
            case Call(function="subtract", args=(one, inner)) if is_one(one) and inner == gate:
                return gate
        return op("subtract", ONE, gate) if part == gate else None

    return substituted(expr, other)


def complement_clause(gate: Expr, context: Context) -> str:
    """Return the clause of a gate and its complement that change places."""
    return f"{context.named(gate)} and {context.code(op('subtract', ONE, gate))} were exchanged"


def factor(expr: Expr, context: Context) -> Versions:
    """A factor too much."""
    yield op("multiply", TWO, expr), "the result were twice as large"
    yield op("divide", expr, TWO), "the result were half as large"


WHOLE: dict[str, Rule] = {
    "swapped_complements": swapped_complements,
    "swapped_names": swapped_names,
}


def negated(expr: Expr, context: Context) -> Versions:
    """The sign of the whole."""
    yield op("negative", expr), "the result had the opposite sign"


LAST: dict[str, Rule] = {"negated": negated, "factor": factor}
