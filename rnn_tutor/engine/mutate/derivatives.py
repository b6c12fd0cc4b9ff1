"""Wrong versions of derivatives: with respect to another variable, or one that is written out left out as a whole."""

from functools import reduce

from rnn_tutor.engine.expression import Call, Expr, Name, names_in
from rnn_tutor.engine.mutate.arrays import chain
from rnn_tutor.engine.mutate.mutation import ONE, Context, Rule, Versions, op

PAIR = 2  # factors, which are left out together
DERIVATIVES = ("grad", "jacobian", "local", "parts")


def variables(expr: Expr) -> list[Expr]:
    """Return what a derivative is taken with respect to: nothing is done to it but taking another one."""
    return [expr.args[1]] if isinstance(expr, Call) and expr.function in DERIVATIVES and len(expr.args) > 1 else []


def other_variable(part: Expr, context: Context) -> Versions:
    """dL/dp for dL/dlogits: a derivative with respect to another value of the same shape on the way."""
    for x in variables(part):
        if not isinstance(x, Name) or not isinstance(part, Call):
            continue
        behind = _behind(part.args[0], context)
        for name in behind:
            if name != x.id and name not in context.hidden and context.shapes.get(name) == context.shapes.get(x.id):
                changed = Call(part.function, (part.args[0], Name(name), *part.args[2:]), part.keywords)
                told = context.named(Name(name))
                yield changed, f"the derivative were taken with respect to {told}, not {context.code(x)}"


def _behind(expr: Expr, context: Context) -> list[str]:
    """Return the names in scope that an expression is made of, and what these are made of."""
    found: dict[str, None] = {}
    left = [expr]
    while left:
        for name in sorted(names_in(left.pop()) - found.keys()):
            found[name] = None
            if name in context.definitions:
                left.append(context.definitions[name])
    return [name for name in context.shapes if name in found]


def slope_left_out(part: Expr, context: Context) -> Versions:
    """x for x * z * (1 - z): the derivative of a sigmoid left out as a whole."""
    factors = chain(part, "multiply")
    if len(factors) <= PAIR:
        return
    for z in factors:
        rest = op("subtract", ONE, z)
        if rest in factors and z != ONE:
            left = [one for one in factors if one not in (z, rest)]
            if left:
                made = context.resolved(z)
                code = context.code(op("multiply", z, rest))
                sigmoid = isinstance(made, Call) and made.function == "sigmoid"
                said = f"the derivative of the sigmoid, {code}," if sigmoid else f"the factor {code}"
                yield reduce(lambda a, b: op("multiply", a, b), left), f"{said} were left out"


LOCAL: dict[str, Rule] = {"other_variable": other_variable, "slope_left_out": slope_left_out}
