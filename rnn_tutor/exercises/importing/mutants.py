"""Wrong versions of a notebook's own solution: a program exercise has to tell them from the right one.

Each has one thing changed, as people get it wrong: two names of a line exchanged, a sign, an index.
"""

import ast
import itertools
from collections.abc import Iterator

MOST = 40

_OTHER: dict[type[ast.operator], type[ast.operator]] = {
    ast.Add: ast.Sub, ast.Sub: ast.Add, ast.Mult: ast.Add, ast.Div: ast.Mult, ast.Pow: ast.Mult,
}  # fmt: skip


def mutants(program: str) -> list[str]:
    """Return the wrong versions of a program, at most `MOST`; some may be right by algebra."""
    text = ast.unparse(ast.parse(program))
    found = dict.fromkeys(one for one in (*_exchanged(text), *_operated(text)) if one != text)
    return list(found)[:MOST]


def _exchanged(text: str) -> Iterator[str]:
    """Give the program with two names exchanged in one statement, for each two that are read there."""
    places = [k for k, node in enumerate(ast.walk(ast.parse(text))) if isinstance(node, ast.Assign | ast.Return)]
    for place in places:
        for one, other in itertools.combinations(sorted(set(_read(_node(text, place)[1]))), 2):
            tree, node = _node(text, place)
            for name in ast.walk(_value(node)):
                if isinstance(name, ast.Name) and name.id in (one, other):
                    name.id = other if name.id == one else one
            yield ast.unparse(tree)


def _operated(text: str) -> Iterator[str]:
    """Give the program with one operator changed, for each."""
    for place, found in enumerate(ast.walk(ast.parse(text))):
        if isinstance(found, ast.BinOp | ast.AugAssign) and type(found.op) in _OTHER:
            tree, node = _node(text, place)
            assert isinstance(node, ast.BinOp | ast.AugAssign)  # noqa: S101 - the same node
            node.op = _OTHER[type(node.op)]()
            yield ast.unparse(tree)


def _node(text: str, place: int) -> tuple[ast.Module, ast.AST]:
    tree = ast.parse(text)
    return tree, next(itertools.islice(ast.walk(tree), place, None))


def _value(node: ast.AST) -> ast.AST:
    value = node.value if isinstance(node, ast.Assign | ast.Return) else node
    return value or node


def _read(node: ast.AST) -> Iterator[str]:
    """Give the names that a statement reads as numbers: no functions, no modules."""
    tree = _value(node)
    called = {id(one.func) for one in ast.walk(tree) if isinstance(one, ast.Call)}
    called |= {id(one.value) for one in ast.walk(tree) if isinstance(one, ast.Attribute)
               and isinstance(one.value, ast.Name) and one.value.id in ("np", "numpy", "math")}  # fmt: skip
    yield from (one.id for one in ast.walk(tree) if isinstance(one, ast.Name) and id(one) not in called)
