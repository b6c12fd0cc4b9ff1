"""What one place of a formula computes: its function, sign, operands, numbers, axis, condition."""

from collections.abc import Iterator
from dataclasses import replace
from typing import TypeAlias

from rnn_tutor.engine.expression import Call, Expr, Name, Number, show
from rnn_tutor.engine.mutate.mutation import op
from rnn_tutor.engine.programs.edits.edit import FAR, FORMULA, PLACE, STRUCTURE, Edit, Edits, Scope, brief, made
from rnn_tutor.engine.programs.edits.tree import (
    Spot,
    Way,
    line_of_slot,
    lines_in,
    parts,
    put,
    slots,
    value_parts,
    with_slot,
)
from rnn_tutor.engine.programs.statements import For, If, While

Changes: TypeAlias = Iterator[tuple[Expr, str, int]]  # what may be right, what is wrong then, what it costs

SQUASHES = ("tanh", "sigmoid", "relu", "exp", "softmax")
REDUCTIONS = ("sum", "mean", "max", "min", "prod", "norm", "logsumexp", "argmax", "argmin")
MISSING = ("tanh", "sigmoid", "exp", "log", "sqrt", "softmax", "relu")
ELEMENTWISE = (*SQUASHES, "log", "sqrt", "abs", "square", "log_softmax", "norm", "mean", "sum", "logsumexp")
_ONE = Number(1.0, "1")
_TWO = Number(2.0, "2")
SIGNS = {"add": "+", "subtract": "-", "multiply": "*", "divide": "/", "matmul": "@", "power": "**"}
COMPARED = {
    "less": ("<", ("less_equal", "greater", "greater_equal")),
    "less_equal": ("<=", ("less", "greater_equal", "greater")),
    "greater": (">", ("greater_equal", "less", "less_equal")),
    "greater_equal": (">=", ("greater", "less_equal", "less")),
    "equal": ("==", ("not_equal",)),
    "not_equal": ("!=", ("equal",)),
}


def formula(spot: Spot, scope: Scope) -> Edits:
    """One place of a formula computes something else."""
    for slot in slots(spot.statement):
        if slot.target:
            continue
        line = line_of_slot(spot.statement, slot.number)
        for way, part in () if isinstance(spot.statement, For) else value_parts(slot.expr):
            for name, rule in (OF_CONDITIONS if isinstance(spot.statement, If | While) else RULES).items():
                for changed, clause, cost in rule(part, scope):
                    code = spot.instead(with_slot(spot.statement, slot.number, put(slot.expr, way, changed)))
                    edit = made(name, spot, clause, code, cost)
                    yield edit if line == spot.line else _on_line(edit, line, clause)
    yield from _every_number(spot)


def condition(spot: Spot, scope: Scope) -> Edits:
    """A condition is reversed, or compares with another sign: there are few, and what they decide is easily seen."""
    for slot in slots(spot.statement) if isinstance(spot.statement, If | While) else ():
        line = line_of_slot(spot.statement, slot.number)
        changes: list[tuple[Way, tuple[Expr, str, int]]] = [
            (way, change) for way, part in parts(slot.expr) for change in _condition(part, scope)
        ]
        turned = Call("not", (slot.expr,)), f": the condition {brief(slot.expr)} is reversed", PLACE
        at = 0 if isinstance(slot.expr, Call) and slot.expr.function in ("equal", "not_equal") else len(changes)
        changes.insert(at, ((), turned))
        for way, (changed, clause, _) in changes:
            code = spot.instead(with_slot(spot.statement, slot.number, put(slot.expr, way, changed)))
            edit = made("condition", spot, clause, code, STRUCTURE, lines_in(spot.statement))
            yield edit if line == spot.line else _on_line(edit, line, clause)


def choice(spot: Spot, scope: Scope) -> Edits:
    """A value is chosen by a condition that is reversed or compares with another sign, or should be taken always."""
    for slot in slots(spot.statement):
        for way, part in parts(slot.expr):
            match part:
                case Call(function="if", args=(test, yes, no)):
                    pass
                case _:
                    continue
            offered: list[tuple[Expr, str]] = [
                (taken, f" takes {brief(taken)} {word} {brief(test)}; it should always")
                for taken, word in ((yes, "only if"), (no, "only if not"))
                if not isinstance(taken, Number)
            ]
            offered.append((replace(part, args=(test, no, yes)), f": the condition {brief(test)} is reversed"))
            offered += [
                (replace(part, args=(changed, yes, no)), clause) for changed, clause, _ in _condition(test, scope)
            ]
            for right, clause in offered:
                code = spot.instead(with_slot(spot.statement, slot.number, put(slot.expr, way, right)))
                yield made("choice", spot, clause, code, STRUCTURE)


def blend(spot: Spot, scope: Scope) -> Edits:
    """The two weights of a sum, or the two values that it weighs, stand in each other's place."""
    for slot in slots(spot.statement):
        for way, part in () if slot.target else value_parts(slot.expr):
            match part:
                case Call(
                    function="add", args=(Call(function="multiply", args=one), Call(function="multiply", args=two))
                ):
                    pairs = (one[0], two[0]), (one[1], two[1]), (one[0], two[1]), (one[1], two[0])
                case _:
                    continue
            for first, second in pairs:
                swap = {first: second, second: first}
                left, right = (op("multiply", *(swap.get(factor, factor) for factor in pair)) for pair in (one, two))
                changed = with_slot(spot.statement, slot.number, put(slot.expr, way, op("add", left, right)))
                clause = f" exchanges {brief(first)} and {brief(second)}"
                yield made("blend", spot, clause, spot.instead(changed), PLACE)


def never_called(spot: Spot, scope: Scope) -> Edits:
    """A function that the exercise needs is nowhere in the program."""
    if isinstance(spot.statement, For | If | While):
        return
    for function in sorted(scope.functions.intersection(MISSING) - scope.called):
        for slot in slots(spot.statement):
            for way, part in () if slot.target else value_parts(slot.expr):
                if not isinstance(part, Number):
                    changed = put(slot.expr, way, Call(function, (part,)))
                    clause = f": the {function} of {brief(part)} is missing"
                    code = spot.instead(with_slot(spot.statement, slot.number, changed))
                    yield made("function", spot, clause, code, PLACE)


def _on_line(edit: Edit, line: int, clause: str) -> Edit:
    """Return an edit as one of the line of an elif."""
    return replace(edit, line=line, says=f"Line {line}{clause}.", touched=edit.touched | {line})


def _every_number(spot: Spot) -> Edits:
    """1 is added or taken off at more than one place of a line."""
    for function, does in (("add", "adds"), ("subtract", "subtracts")):
        statement, count = spot.statement, 0
        for slot in slots(statement):
            expr = slot.expr
            for way, part in reversed(list(parts(expr))):
                if isinstance(part, Call) and part.function == function and part.args[1] == _ONE:
                    expr, count = put(expr, way, part.args[0]), count + 1
            statement = with_slot(statement, slot.number, expr)
        if count > 1:
            yield made("number", spot, f" {does} 1; leave that out", spot.instead(statement), PLACE)


def _function(part: Expr, scope: Scope) -> Changes:
    """Another function, one too many, one too few."""
    if isinstance(part, Call) and part.function in ELEMENTWISE and part.args:
        yield part.args[0], f" applies {part.function}; leave it out", PLACE
    for family in (SQUASHES, REDUCTIONS):
        if isinstance(part, Call) and part.function in family:
            for other in family:
                if other != part.function and _may_be_needed(other, scope):
                    changed = Call(other, part.args, part.keywords)
                    yield changed, f" uses {part.function}; it should use {other}", PLACE
    for missing in MISSING:
        if missing in scope.functions & scope.called and not isinstance(part, Number):
            yield Call(missing, (part,)), f": the {missing} of {brief(part)} is missing", FORMULA


def _may_be_needed(function: str, scope: Scope) -> bool:
    """Tell whether a right program may call a function: the exercise does, or what does the same in other words."""
    others = {"norm": {"sqrt"}, "sum": {"matmul", "dot", "mean"}, "mean": {"sum", "divide"}}.get(function, set())
    return bool(scope.functions & {function, *others})


def _transposed(part: Expr, scope: Scope) -> Changes:
    if isinstance(part, Call) and part.function == "transpose":
        yield part.args[0], f": {brief(part.args[0])} is transposed, and should not be", PLACE
    if isinstance(part, Call) and part.function == "matmul":
        left, right = part.args
        for side, (first, second) in ((left, (_turned(left), right)), (right, (left, _turned(right)))):
            if isinstance(side, Call) and side.function == "transpose":
                plain = side.args[0]
                changed = op("matmul", plain, right) if side is left else op("matmul", left, plain)
                yield changed, f": {brief(plain)} is transposed, and should not be", PLACE
            else:
                yield op("matmul", first, second), f": {brief(side)} is not transposed", PLACE


def _turned(expr: Expr) -> Expr:
    return Call("transpose", (expr,), style="attribute")


def _operands(part: Expr, scope: Scope) -> Changes:
    """The two sides of an operator, or the two arguments of a function, change places; one too many."""
    if not isinstance(part, Call) or len(part.args) != 2:
        return
    left, right = part.args
    if part.function in ("subtract", "divide", "matmul", "power", "concat", "dot", "outer"):
        turned = Call(part.function, (right, left), part.keywords, style=part.style)
        yield turned, f": the two sides of {brief(part)} are in the wrong order", PLACE
    if part.function in ("add", "subtract"):
        word = "adds" if part.function == "add" else "subtracts"
        yield left, f" {word} {brief(right)}; leave it out", FORMULA
        if part.function == "add":
            yield right, f" adds {brief(left)}; leave it out", FORMULA
    if part.function in ("multiply", "divide", "matmul"):
        word = "divides by" if part.function == "divide" else "multiplies by"
        yield left, f" {word} {brief(right)}; leave it out", FORMULA
        if part.function != "divide":
            yield right, f" multiplies by {brief(left)}; leave it out", FORMULA


def _sign(part: Expr, scope: Scope) -> Changes:
    match part:
        case Call(function="add" | "subtract" | "multiply" | "divide" | "matmul" as function, args=(left, right)):
            others = {
                "add": ("subtract", "multiply"),
                "subtract": ("add",),
                "multiply": ("divide", "add", "matmul"),
                "divide": ("multiply",),
                "matmul": ("multiply",),
            }
            for other in others[function]:
                likely = (function, other) == ("multiply", "matmul") and _matrix_and_vector(left, right, scope)
                clause = f" uses {SIGNS[function]}; it should use {SIGNS[other]}"
                yield op(other, left, right), clause, PLACE if likely else FORMULA
            if function == "divide":
                exponent = op("divide", _ONE, right)
                clause = f" divides by {brief(right)}; it should take the power {brief(exponent)}"
                yield op("power", left, exponent), clause, FORMULA
        case Call(function="negative", args=(inner,)):
            yield inner, f": leave out the minus before {brief(inner)}", FORMULA
        case Call(function="exp", args=(inner,)) if not show(inner).startswith("-"):
            turned = Call("exp", (op("negative", inner),))
            yield turned, f": the exponent in {brief(part)} has the wrong sign", PLACE
    if isinstance(part, Call) and part.function not in ("add", "negative"):
        yield op("negative", part), f": the sign of {brief(part)} is wrong", FAR


def _matrix_and_vector(left: Expr, right: Expr, scope: Scope) -> bool:
    """Tell whether a matrix is multiplied element by element by a vector, which makes a matrix of what was one."""
    shapes = [scope.shapes.get(side.id) if isinstance(side, Name) else None for side in (left, right)]
    return sorted(len(shape) for shape in shapes if shape is not None) == [1, 2]


def _complement(part: Expr, scope: Scope) -> Changes:
    match part:
        case Call(function="subtract", args=(one, other)) if one == _ONE:
            yield other, f" uses {brief(part)}; it should use {brief(other)}", PLACE
        case Number():
            return
        case _:
            changed = op("subtract", _ONE, part)
            yield changed, f" uses {brief(part)}; it should use {brief(changed)}", FORMULA


def _number(part: Expr, scope: Scope) -> Changes:
    """A number one too large or too small, a square or a factor of 2 too many or too few."""
    if isinstance(part, Number):
        for value in (part.value + 1, part.value - 1):
            if value >= 0:
                right = Number(value, f"{value:g}")
                yield right, f" uses {part.text}; it should use {right.text}", FORMULA
        return
    match part:
        case Call(function="power", args=(base, exponent)):
            yield base, f" raises {brief(base)} to the power {brief(exponent)}; leave the power out", PLACE
        case _:
            if scope.functions & {"power", "square"}:
                yield op("power", part, _TWO), f": the square of {brief(part)} is missing", FORMULA
            yield op("divide", part, _TWO), f": the division of {brief(part)} by 2 is missing", FAR
            yield op("multiply", _TWO, part), f": the factor 2 before {brief(part)} is missing", FAR


def _axis(part: Expr, scope: Scope) -> Changes:
    if not isinstance(part, Call):
        return
    for position, (key, value) in enumerate(part.keywords):
        if key == "axis":
            for axis in (0.0, 1.0):
                right = Number(axis, f"{int(axis)}")
                if value != right:
                    keywords = (*part.keywords[:position], ("axis", right), *part.keywords[position + 1 :])
                    changed = Call(part.function, part.args, keywords, part.style)
                    yield (
                        changed,
                        f": the {part.function} goes over axis {brief(value)}, not over axis {right.text}",
                        PLACE,
                    )
    if part.keywords and len(part.args) == 1:
        yield Call(part.function, part.args, (), part.style), f": the {part.function} goes over the wrong axis", PLACE


def _condition(part: Expr, scope: Scope) -> Changes:
    if isinstance(part, Call) and part.function in COMPARED:
        sign, others = COMPARED[part.function]
        for other in others:
            changed = op(other, *part.args)
            yield changed, f" uses {sign}; it should use {COMPARED[other][0]}", PLACE


RULES = {
    "function": _function,
    "transposed": _transposed,
    "operands": _operands,
    "sign": _sign,
    "complement": _complement,
    "number": _number,
    "axis": _axis,
    "condition": _condition,
}
OF_CONDITIONS = {name: RULES[name] for name in ("operands", "number")}
