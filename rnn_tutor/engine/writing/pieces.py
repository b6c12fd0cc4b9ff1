"""Parts of a script: Python's own trees, each with what its value will be; `ast.unparse` sets the brackets."""

import ast
from dataclasses import dataclass
from functools import lru_cache
from typing import Literal, TypeAlias

from rnn_tutor.engine.errors import EngineError

# Numbers of Python: whole ones, others, True and False; a tuple of sizes; arrays: of numbers, of whole ones, masks.
Kind: TypeAlias = Literal["int", "float", "truth", "sizes", "array", "whole", "mask"]
PYTHON = ("int", "float", "truth")


class UnwrittenError(EngineError):
    """Something that the language can say and a script of this library cannot."""

    def __init__(self, says: str) -> None:
        super().__init__("value", says)


@dataclass(frozen=True)
class Piece:
    """A part of an expression: its tree, its kind, and how many axes it has (None: not known)."""

    tree: ast.expr
    kind: Kind = "array"
    axes: int | None = None

    @property
    def is_python(self) -> bool:
        """Whether it is a number of Python and not of the library."""
        return self.kind in PYTHON


def name(text: str) -> ast.expr:
    """Return a name, or names with dots between."""
    first, *others = text.split(".")
    tree: ast.expr = ast.Name(first, ast.Load())
    for other in others:
        tree = ast.Attribute(tree, other, ast.Load())
    return tree


def call(function: str | ast.expr, *args: ast.expr, **keywords: ast.expr) -> ast.expr:
    """Return a call."""
    tree = name(function) if isinstance(function, str) else function
    return ast.Call(tree, list(args), [ast.keyword(key, value) for key, value in keywords.items()])


def method(tree: ast.expr, text: str) -> ast.expr:
    """Return a call of a method without arguments, or with those that its text has: `astype(float)`."""
    called, _, rest = text.partition("(")
    inside = rest.rstrip(")")
    return ast.Call(ast.Attribute(tree, called, ast.Load()), [name(inside)] if inside else [], [])


def constant(value: float | bool | None) -> ast.expr:
    """Return a finite number, True, False or None; a minus sign stands before it as a sign, so brackets come right."""
    if isinstance(value, int | float) and not isinstance(value, bool) and value < 0:
        return ast.UnaryOp(ast.USub(), ast.Constant(-value))
    return ast.Constant(value)


def listed(items: list[ast.expr]) -> ast.expr:
    """Return a list."""
    return ast.List(items, ast.Load())


def tuple_of(items: list[ast.expr]) -> ast.expr:
    """Return a tuple."""
    return ast.Tuple(items, ast.Load())


@lru_cache(512)
def parsed(text: str) -> ast.expr:
    """Return the tree of a template of ours. It is never changed: `filled` makes another."""
    return ast.parse(text, mode="eval").body


class _Filler(ast.NodeTransformer):
    def __init__(self, module: str, given: dict[str, ast.expr], absent: set[str]) -> None:
        self.module, self.given, self.absent = module, given, absent

    def visit_Name(self, node: ast.Name) -> ast.expr:
        if node.id == "M":
            return ast.Name(self.module, ast.Load())
        return self.given.get(node.id, node)

    def visit_Call(self, node: ast.Call) -> ast.expr:
        args: list[ast.expr] = []
        keywords: list[ast.keyword] = []
        skipped = False
        for arg in node.args:
            if isinstance(arg, ast.Name) and arg.id in self.absent:
                skipped = True
            elif skipped and isinstance(arg, ast.Name):
                keywords.append(ast.keyword(arg.id, self.visit(arg)))
            else:
                args.append(self.visit(arg))
        for keyword in node.keywords:
            if not (isinstance(keyword.value, ast.Name) and keyword.value.id in self.absent):
                keywords.append(ast.keyword(keyword.arg, self.visit(keyword.value)))
        function = node.func if isinstance(node.func, ast.Name) else self.visit(node.func)
        return ast.Call(function, args, keywords)


def filled(template: str, module: str, given: dict[str, ast.expr], absent: set[str]) -> ast.expr:
    """Return a template of ours with its arguments put in; those that are absent are left out of its calls."""
    tree = ast.parse(template, mode="eval").body
    result = _Filler(module, given, absent).visit(tree)
    assert isinstance(result, ast.expr)  # noqa: S101 - a call, an operation or a name
    return result


def text_of(tree: ast.expr) -> str:
    """Return the text of a tree, on one line."""
    return ast.unparse(ast.fix_missing_locations(ast.Expression(tree)))
