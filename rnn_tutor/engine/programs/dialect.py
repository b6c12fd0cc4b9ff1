"""What expressions of a program have beyond those of an answer.

`and`, `or`, `not`, `a if c else b`, `[f(x) for x in xs]`, calls of the program's own functions, `range` and its like,
and the methods of lists. Each becomes a `Call` under a name that no function of the language can have, so that
`machine` knows it and nothing else ever meets it.
"""

import ast
from collections.abc import Callable

from rnn_tutor.engine.errors import EngineError
from rnn_tutor.engine.expression import Call, Expr, Span
from rnn_tutor.engine.reading.language import Dialect

WORDS = frozenset(("and", "or", "not", "if", "else", "for", "in"))
BUILTINS = frozenset(("range", "reversed", "enumerate", "zip", "list", "tuple"))
CHANGES = frozenset((".append", ".extend", ".insert", ".reverse"))  # methods that change a list and give nothing back
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
                raise EngineError("notation", "Put [ ] around it, so that it is a list: [... for ... in ...].", span)
            case ast.Call(func=ast.Name(id=name)) if name in called:
                return Call(f"{name}()", _arguments(node, inside, name, span), span=span)
            case ast.Call(func=ast.Name(id="print")):
                raise EngineError("name", "There is no print here; leave it out.", span)
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


def _comprehension(node: ast.ListComp, inside: Callable[[ast.expr], Expr], span: Span) -> Expr:
    if len(node.generators) != 1:
        raise EngineError("notation", "One for stands in a list; write two loops for more.", span)
    loop = node.generators[0]
    return Call("for", tuple(map(inside, (node.elt, loop.target, loop.iter, *loop.ifs))), span=span)
