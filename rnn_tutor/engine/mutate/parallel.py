"""What is alike at several places of the steps: two functions or two numbers that are exchanged throughout.

`var(a) / 6` and `var(b) / 4` are parallel: the same but for names and numbers. Who makes a mistake in one of them makes
it in the other one, too. `pattern` tells what is alike, `parents` how a number is read.
"""

from collections.abc import Iterator, Mapping
from itertools import combinations

from rnn_tutor.engine.expression import Array, Call, Expr, Index, Name, Number, children, with_children
from rnn_tutor.engine.mutate.mutation import ONE, Context, Rule, Versions, op, substituted

EXCHANGED = (
    ("sin", "cos"),
    ("tanh", "sigmoid"),
    ("max", "min"),
    ("maximum", "minimum"),
    ("floor", "ceil"),
    ("argmax", "argmin"),
    ("exp", "log"),
    ("mean", "sum"),
    ("triu", "tril"),
)
MOST_NUMBERS = 12  # pairs of them
LEAST_SIZE = 3


def pattern(expr: Expr) -> object:
    """Return what an expression is but for names, what is read of one, and numbers."""
    match expr:
        case Name() | Number() | Index(base=Name()):
            return None
        case Call(function=function, args=args, keywords=keywords):
            return (function, *(key for key, _ in keywords), *map(pattern, args))
        case Index(base=base):
            return "index", pattern(base)
        case Array(items=items):
            return ("array", *map(pattern, items))
    return type(expr)


def is_telling(place: Expr) -> bool:
    """Tell whether a place is more than an operation on two names, which is alike everywhere."""
    return isinstance(place, Call) and any(isinstance(arg, Call | Number) for arg in place.args)


def parents(expr: Expr) -> dict[int, tuple[str, int]]:
    """Return of each part of an expression, by identity, which argument of which function it is."""
    found: dict[int, tuple[str, int]] = {}
    stack = [expr]
    while stack:
        here = stack.pop()
        inside = children(here)
        if isinstance(here, Call):
            found |= {id(part): (here.function, at) for at, part in enumerate(here.args)}
        stack += inside
    return found


def in_several_steps(lets: Mapping[str, Expr], context: Context) -> Iterator[tuple[str, Mapping[str, Expr], str]]:
    """Yield the steps with two functions, or two numbers that are read alike, in each other's place."""
    functions = {part.function for expr in lets.values() for part in _parts(expr) if isinstance(part, Call)}
    for one, other in EXCHANGED:
        if {one, other} <= functions:
            swap = {one: other, other: one}
            changed = {name: _with_functions(expr, swap) for name, expr in lets.items()}
            changed = {name: expr for name, expr in changed.items() if expr != lets[name]}
            yield "functions_exchanged", changed, f"the {one} and the {other} were exchanged"
    yield from _numbers_exchanged(lets, context)


def _numbers_exchanged(lets: Mapping[str, Expr], context: Context) -> Iterator[tuple[str, Mapping[str, Expr], str]]:
    """Two sizes, 6 below one variance and 4 below the other, in each other's place."""
    read: dict[tuple[str, int], dict[int, Number]] = {}
    for expr in lets.values():
        how = parents(expr)
        for part in _parts(expr):
            if isinstance(part, Number) and id(part) in how:
                read.setdefault(how[id(part)], {})[id(part)] = part
    for places in read.values():
        values = list(dict.fromkeys(part.value for part in places.values()))
        for one, other in list(combinations(values, 2))[:MOST_NUMBERS]:
            if {one, other} == {0.0, 1.0}:
                continue  # of a matrix, say: nobody takes the one for the other
            swap = {one: other, other: one}
            instead = {
                key: Number(swap[part.value], f"{swap[part.value]:g}")
                for key, part in places.items()
                if part.value in swap
            }
            changed = {
                name: substituted(expr, lambda part, instead=instead: instead.get(id(part)))  # type: ignore[misc]
                for name, expr in lets.items()
            }
            changed = {name: expr for name, expr in changed.items() if expr is not lets[name]}
            if len(changed) > 1:
                yield "numbers_exchanged", changed, f"`{one:g}` and `{other:g}` were exchanged"


def _parts(expr: Expr) -> Iterator[Expr]:
    """Yield the parts of an expression that are computed with, not those that say where something is read."""
    yield expr
    if isinstance(expr, Call):
        for arg in expr.args:
            yield from _parts(arg)
    elif isinstance(expr, Array):
        for item in expr.items:
            yield from _parts(item)
    elif isinstance(expr, Index):
        yield from _parts(expr.base)


def _with_functions(expr: Expr, swap: Mapping[str, str]) -> Expr:
    before = children(expr)
    after = tuple(_with_functions(part, swap) for part in before)
    changed = expr if all(new is old for new, old in zip(after, before, strict=True)) else with_children(expr, after)
    if isinstance(changed, Call) and changed.function in swap:
        return Call(swap[changed.function], changed.args, changed.keywords, changed.style)
    return changed


def signed_number(part: Expr, context: Context) -> Versions:
    """The minus, or the number, of a factor such as -2 left out; the minus of an exponent."""
    match part:
        case Call(function="multiply" | "divide" as f, args=(Call(function="negative", args=(Number() as n,)), x)):
            yield op(f, n, x), f"the minus sign before {context.code(op(f, n, x))} were left out"
            if f == "multiply" and n != ONE:
                yield op("negative", x), f"the factor {context.code(n)} were left out"
        case Call(function="power", args=(x, Call(function="negative", args=(exponent,)))):
            changed = op("power", x, exponent)
            yield changed, f"the minus sign of the exponent were left out: {context.code(changed)}"


def size_off(part: Expr, context: Context) -> Versions:
    """A number that counts the entries of something given, or one less than these, one too large or too small."""
    if not isinstance(part, Number) or part.value < LEAST_SIZE:
        return
    sizes = {length for name in context.means for length in context.shapes.get(name, ())}
    for value in (part.value + 1, part.value - 1):
        if {part.value, value} & sizes and value > 0:
            yield Number(value, f"{value:g}"), f"`{value:g}` stood in place of `{part.text}`"


LOCAL: dict[str, Rule] = {"signed_number": signed_number, "size_off": size_off}
