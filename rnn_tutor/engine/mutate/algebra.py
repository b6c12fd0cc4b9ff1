"""Wrong versions by algebra: terms, signs, products, powers, indexes, names; nothing of networks."""

from collections.abc import Iterable
from itertools import combinations

from rnn_tutor.engine.expression import Call, Expr, Index, Name, Number, show, walk
from rnn_tutor.engine.mutate.mutation import (
    BRIEF,
    ONE,
    TWO,
    Context,
    Rule,
    Versions,
    brief,
    is_one,
    op,
    renamed,
    substituted,
)

LOGARITHMS = {"log": "natural logarithm", "log2": "logarithm to base 2", "log10": "logarithm to base 10"}
REDUCTIONS = {"sum": "sum", "mean": "mean", "prod": "product", "max": "largest", "min": "smallest"}
ELEMENTWISE = ("log", "exp", "sqrt", "abs", "square", "tanh", "sigmoid")


def term_left_out(part: Expr, context: Context) -> Versions:
    """One of two operands is left out."""
    match part:
        case Call(function="add", args=(left, right)):
            yield left, _left_out(right, context)
            yield right, _left_out(left, context)
        case Call(function="subtract", args=(left, right)):
            yield left, _left_out(right, context)
            if not isinstance(left, Number):
                yield op("negative", right), _left_out(left, context)
        case Call(function="multiply", args=(left, right)):
            yield left, f"the factor {context.named(right)} is left out"
            yield right, f"the factor {context.named(left)} is left out"
        case Call(function="divide", args=(left, right)):
            yield left, f"the division by {context.named(right)} is left out"
            if not isinstance(left, Number):
                yield op("divide", ONE, right), f"1 stands where {context.named(left)} belongs, over {brief(right)}"
        case Call(function="matmul" | "dot", args=(left, right)):
            yield right, f"the product with {context.named(left)} is left out"
            yield left, f"the product with {context.named(right)} is left out"


def _left_out(term: Expr, context: Context) -> str:
    name = term.id if isinstance(term, Name) else ""
    meaning = context.means.get(name, "").lower()
    by_name = name in ("b", "bias") or name.startswith(("b_", "bias"))
    if "bias" in meaning or (by_name and not meaning):
        return f"the bias {name} is left out"
    return f"the term {context.named(term)} is left out"


def sign(part: Expr, context: Context) -> Versions:
    """Plus for minus, the wrong way round, a minus forgotten."""
    match part:
        case Call(function="add", args=(left, right)):
            yield op("subtract", left, right), f"- stands where + belongs, before {brief(right)}"
            yield op("subtract", right, left), f"the sign of {brief(left)} is turned round"
        case Call(function="subtract", args=(left, right)):
            yield op("add", left, right), f"+ stands where - belongs, before {brief(right)}"
            turned = op("subtract", right, left)
            yield turned, f"the difference is taken the wrong way round{_written(turned)}"
        case Call(function="negative", args=(inner,)) if not isinstance(inner, Number):
            yield inner, f"the minus sign before {brief(inner)} is left out"
        case Call(function="divide", args=(left, right)):
            turned = op("divide", right, left)
            yield turned, f"the division is done the wrong way round{_written(turned)}"


def _written(expr: Expr) -> str:
    """Return what was computed, to end a clause with; nothing where it is so long that its sign might be cut off."""
    text = show(expr)
    return f", {text}" if len(text) <= BRIEF else ""


def operation(part: Expr, context: Context) -> Versions:
    """A sum for a product, a product for a quotient, and back."""
    match part:
        case Call(function="add", args=(left, right)):
            yield op("multiply", left, right), f"{brief(left)} and {brief(right)} are multiplied, not added"
        case Call(function="multiply", args=(left, right)):
            if not isinstance(left, Number) and not isinstance(right, Number):
                both = f"{brief(left)} and {brief(right)} are added" if left != right else f"{brief(left)} is doubled"
                yield op("add", left, right), f"{both}, not multiplied"
            yield op("divide", left, right), f"{brief(left)} is divided by {brief(right)}, not multiplied"
        case Call(function="divide", args=(left, right)):
            yield op("multiply", left, right), f"{brief(left)} is multiplied by {brief(right)}, not divided"


def matrix_product(part: Expr, context: Context) -> Versions:
    """The order of a product, a transpose, an element by element product; the order of what is joined."""
    match part:
        case Call(function="matmul" | "dot", args=(left, right)):
            yield op("matmul", right, left), f"the order of {brief(op('matmul', left, right))} is turned round"
            if _may_turn(left, context):
                yield op("matmul", _transposed(left), right), _turned(left, context)
            if _may_turn(right, context):
                yield op("matmul", left, _transposed(right)), _turned(right, context)
            yield op("multiply", left, right), f"{brief(left)} and {brief(right)} are multiplied element by element"
        case Call(function="transpose", args=(inner,)):
            yield inner, _turned(part, context)
        case Call(function="multiply", args=(left, right)) if _is_array(left, context) and _is_array(right, context):
            yield op("matmul", left, right), f"the matrix product stands where * belongs, in {brief(part)}"
        case Call(function="outer", args=(left, right)):
            yield Call("outer", (right, left)), f"the order of {brief(part)} is turned round"
        case Call(function="concat" | "hstack", args=(left, right), keywords=()):
            turned = f"{brief(left)} and {brief(right)}"
            yield Call("concat", (right, left)), f"{turned} are joined in the other order"


def _turned(expr: Expr, context: Context) -> str:
    inner = _transposed(expr)
    if isinstance(expr, Call) and expr.function == "transpose":
        return f"{context.named(inner)} is not transposed"
    return f"{context.named(expr)} is transposed"


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
            yield other, f"{context.named(other)} stands where {brief(op('subtract', ONE, other))} belongs"


def reduction(part: Expr, context: Context) -> Versions:
    """Sum, mean, product, largest confused; before and after a function of each element."""
    match part:
        case Call(function=function, args=(x,)) if function in REDUCTIONS:
            for other, word in REDUCTIONS.items():
                if other != function and (other != "min" or function == "max"):
                    yield Call(other, part.args, part.keywords), f"the {word} is taken, not the {REDUCTIONS[function]}"
            match x:
                case Call(function=inner, args=(below,)) if inner in ELEMENTWISE:
                    changed = Call(inner, (Call(function, (below,), part.keywords),))
                    yield changed, f"the {REDUCTIONS[function]} is taken before the {inner}, not after it"
        case Call(function=outer, args=(Call(function=function, args=(x,)) as inside,)) if (
            outer in ELEMENTWISE and function in REDUCTIONS
        ):
            changed = Call(function, (Call(outer, (x,)),), inside.keywords)
            yield changed, f"the {outer} is taken before the {REDUCTIONS[function]}, not after it"
        case Call(function="var" | "std" as function, args=(x,), keywords=()):
            n = Call("size", (x,))
            factor: Expr = op("divide", n, op("subtract", n, ONE))
            if function == "std":
                factor = Call("sqrt", (factor,))
            yield op("multiply", part, factor), "the sum of squares is divided by n - 1, not by n"


def axis(part: Expr, context: Context) -> Versions:
    """The wrong axis."""
    if not isinstance(part, Call):
        return
    for position, (key, value) in enumerate(part.keywords):
        if key == "axis" and isinstance(value, Number | Call):
            for other in (0, 1, 2):
                if not (isinstance(value, Number) and value.value == other):
                    keywords = list(part.keywords)
                    keywords[position] = ("axis", Number(float(other), str(other)))
                    clause = f"the {part.function} goes over axis {other}, not over axis {brief(value)}"
                    yield Call(part.function, part.args, tuple(keywords)), clause
    if part.function in ("softmax", "log_softmax", "layer_norm") and not part.keywords and len(part.args) == 1:
        changed = Call(part.function, part.args, (("axis", Number(0.0, "0")),))
        yield changed, f"the {part.function} goes over axis 0, not over the last"


def logarithm(part: Expr, context: Context) -> Versions:
    """The base of a logarithm or of a power; the logarithm or exponential left out."""
    if not isinstance(part, Call) or len(part.args) != 1:
        return
    if part.function in LOGARITHMS:
        yield part.args[0], "the logarithm is left out"
        for other, word in LOGARITHMS.items():
            if other != part.function:
                yield Call(other, part.args), f"the {word} is taken, not the {LOGARITHMS[part.function]}"
    if part.function == "exp":
        yield part.args[0], "the exponential is left out"
        yield op("power", TWO, part.args[0]), "2 is raised to a power where e belongs"
        yield Call("exp", (op("negative", part.args[0]),)), "the sign of the exponent is turned round"


def power(part: Expr, context: Context) -> Versions:
    """One too high, one too low, a product for a power, base and exponent."""
    match part:
        case Call(function="power" | "matrix_power" as function, args=(base, exponent)):
            style = part.style
            yield Call(function, (base, op("add", exponent, ONE)), style=style), "the power is one too high"
            yield Call(function, (base, op("subtract", exponent, ONE)), style=style), "the power is one too low"
            words = f"{brief(base)} is multiplied by {brief(exponent)}, not raised to that power"
            yield op("multiply", base, exponent), words
            yield base, f"the power {brief(exponent)} is left out"
            if function == "power":
                yield op("power", exponent, base), "base and exponent change places"
            else:
                yield op("power", base, exponent), f"each element of {brief(base)} is raised to the power by itself"
        case Call(function="sqrt", args=(inner,)):
            yield inner, f"the square root of {brief(inner)} is left out"
        case Call(function="abs", args=(inner,)):
            yield inner, f"the absolute value of {brief(inner)} is left out"
        case Call(function="square", args=(inner,)):
            yield inner, f"the square of {brief(inner)} is left out"


def bounds(part: Expr, context: Context) -> Versions:
    """The larger for the smaller; one of two not looked at."""
    match part:
        case Call(function="min" | "max" | "minimum" | "maximum" as function, args=(left, right)):
            other = {"min": "max", "max": "min", "minimum": "maximum", "maximum": "minimum"}[function]
            word = {"min": "smaller", "max": "larger"}
            clause = f"the {word[other[:3]]} of {brief(left)} and {brief(right)} is taken, not the {word[function[:3]]}"
            yield Call(other, part.args), clause
            yield left, f"{brief(left)} is taken without a look at {brief(right)}"
            yield right, f"{brief(right)} is taken without a look at {brief(left)}"


def counted_from_one(part: Expr, context: Context) -> Versions:
    """An index given as a number, counted from 1."""
    match part:
        case Index(base=base, items=(Name(id=name) as item, *further)) if (
            name != context.variable and context.shapes.get(name) == () and name not in context.masks
        ):
            changed = Index(base, (op("subtract", item, ONE), *further))
            yield changed, f"{brief(part)} is counted from 1, though indexes count from 0"


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
    return f"{context.named(Name(first))} and {context.named(Name(second))} change places"


PREVIOUS = ("{}_prev", "prev_{}", "{}_old", "old_{}", "{}prev", "{}_last", "{}0", "{}_0")


def previous_name(part: Expr, context: Context) -> Versions:
    """c_prev for c, h for h_prev: the old value for the new one, outside loops."""
    if not isinstance(part, Name):
        return
    for pattern in PREVIOUS:
        old = pattern.format(part.id)
        if old in context.shapes:
            yield Name(old), f"{context.named(Name(old))} stands where {part.id} belongs"
        before, after = pattern.split("{}")
        inner = part.id[len(before) : len(part.id) - len(after)]
        if inner and pattern.format(inner) == part.id and inner in context.shapes:
            yield Name(inner), f"{inner} stands where {context.named(part)} belongs"


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
    return f"{context.named(gate)} and {brief(op('subtract', ONE, gate))} change places"


def factor(expr: Expr, context: Context) -> Versions:
    """A factor too much; the sign of the whole."""
    yield op("negative", expr), "the sign of the whole is turned round"
    yield op("multiply", TWO, expr), "a factor of 2 too much stands before the whole"
    yield op("divide", expr, TWO), "a factor of 1/2 too much stands before the whole"


WHOLE: dict[str, Rule] = {
    "swapped_complements": swapped_complements,
    "swapped_names": swapped_names,
}
LAST: dict[str, Rule] = {"factor": factor}
