"""What expressions of a program have beyond those of an answer.

`and`, `or`, `not`, `a if c else b`, `[f(x) for x in xs]`, calls of the program's own functions, `range` and its like,
and the methods of lists. Each becomes a `Call` under a name that no function of the language can have, so that
`machine` knows it and nothing else ever meets it.
"""

import ast
from collections.abc import Callable
from dataclasses import replace

from rnn_tutor.engine.errors import EngineError
from rnn_tutor.engine.expression import Call, Expr, Name, Span
from rnn_tutor.engine.functions import canonical
from rnn_tutor.engine.reading.language import Dialect

WORDS = frozenset(("and", "or", "not", "if", "else", "for", "in", "is"))
BUILTINS = frozenset(("range", "reversed", "enumerate", "zip", "list", "tuple", "map", "dict"))
GROWS = frozenset((".append", ".extend", ".insert", ".reverse"))  # methods that change a list and give nothing back
CHANGES = GROWS | {".pop"}
METHODS = CHANGES | {".copy"}
MAX_ARGUMENTS = 20


def dialect_of(own: frozenset[str]) -> Dialect:
    """Return the dialect of a program that defines these functions."""
    called = own | BUILTINS

    def convert(node: ast.expr, inside: Callable[[ast.expr], Expr], span: Span) -> Expr | None:
        match node:
            case ast.BoolOp(op=op, values=values):
                return Call("and" if isinstance(op, ast.And) else "or", tuple(map(inside, values)), span=span)
            case ast.UnaryOp(op=ast.Not(), operand=operand):
                return Call("not", (inside(operand),), span=span)
            case ast.IfExp(test=test, body=body, orelse=orelse):
                return Call("if", (inside(test), inside(body), inside(orelse)), span=span)
            case ast.ListComp():
                return _comprehension(node, inside, span)
            case ast.GeneratorExp():
                return replace(_comprehension(node, inside, span), function=GENERATED)
            case ast.Compare(left=left, ops=[ast.Is() | ast.IsNot() as how], comparators=[ast.Constant(value=None)]):
                return Call("given" if isinstance(how, ast.IsNot) else "missing", (inside(left),), span=span)
            case ast.Call(func=ast.Name(id="empty" | "empty_like" as name)):  # what stands there is written over
                zeros = ast.Name(f"zeros{name.removeprefix('empty')}", lineno=1, col_offset=0, end_col_offset=0)
                return inside(ast.copy_location(ast.Call(ast.copy_location(zeros, node.func), node.args, []), node))
            case ast.Name(id="D_") | ast.Call(func=ast.Name(id="dict"), args=[], keywords=[]):
                return Call("dict()", (), span=span)
            case ast.Call(func=ast.Name(id="map"), args=[ast.Name(id=function), values]):
                return _mapped(function, inside(values), own, span)
            case ast.Call(func=ast.Name(id=name)) if name in called:
                keywords = _keywords(node, inside, span) if name in own else ()
                plain = ast.Call(node.func, node.args, [] if name in own else node.keywords)
                return Call(f"{name}()", _arguments(plain, inside, name, span), keywords, span=span)
            case ast.Call(func=ast.Attribute(value=base, attr=method)) if f".{method}" in METHODS:
                return Call(f".{method}", (inside(base), *_arguments(node, inside, method, span)), span=span)
        return None

    return Dialect(WORDS, convert)


def _arguments(node: ast.Call, inside: Callable[[ast.expr], Expr], name: str, span: Span) -> tuple[Expr, ...]:
    first = [keyword.value for keyword in node.keywords if name == "enumerate" and keyword.arg == "start"]
    if len(first) < len(node.keywords):
        raise EngineError("notation", f"Give the arguments of {name} in order, without =.", span)
    if len(node.args) > MAX_ARGUMENTS:
        raise EngineError("limit", f"A function takes at most {MAX_ARGUMENTS} arguments here.", span)
    return tuple(map(inside, [*node.args, *first]))


def _keywords(node: ast.Call, inside: Callable[[ast.expr], Expr], span: Span) -> tuple[tuple[str, Expr], ...]:
    """Return what a function of the program's own is given by name."""
    if len(node.args) + len(node.keywords) > MAX_ARGUMENTS:
        raise EngineError("limit", f"A function takes at most {MAX_ARGUMENTS} arguments here.", span)
    if any(keyword.arg is None for keyword in node.keywords):
        raise EngineError("notation", "** hands nothing over here: name each argument.", span)
    return tuple((keyword.arg or "", inside(keyword.value)) for keyword in node.keywords)


def _mapped(function: str, values: Expr, own: frozenset[str], span: Span) -> Expr:
    """Return map(f, values) as [f(item) for item in values]."""
    item = Name(ITEM, span)
    known = canonical(function)
    if function not in own and known is None:
        raise EngineError("name", f"There is no function {function} here.", span)
    call = Call(f"{function}()" if function in own else known or "", (item,), span=span)
    return Call("for", (call, item, values), span=span)


ITEM = "item_"  # what map hands to its function
GENERATED = "generated"  # a list that is made where it is used: Python's sum adds its items


def _comprehension(node: ast.ListComp | ast.GeneratorExp, inside: Callable[[ast.expr], Expr], span: Span) -> Call:
    if len(node.generators) != 1:
        raise EngineError("notation", "A list can have only one for; write two loops instead.", span)
    loop = node.generators[0]
    return Call("for", tuple(map(inside, (node.elt, loop.target, loop.iter, *loop.ifs))), span=span)
