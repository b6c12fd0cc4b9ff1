"""What a name of a notebook's code can stand for, as far as it is translated."""

import ast
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any, TypeAlias

import numpy as np

from rnn_tutor.engine.functions import Array


class UnsupportedError(Exception):
    """Something in a notebook's code that has no translation: the text says what, as part of a sentence."""


@dataclass(eq=False)
class Num:
    """Numbers: the expression that gives them (its names are those of `program`), and their value once it is asked for.

    whole: Python's or NumPy's whole numbers, which an assignment into them cuts off. view_of: the array whose memory
    it shares.
    """

    tree: ast.expr
    evaluate: Callable[[ast.expr], Array]
    whole: bool = False
    view_of: "Box | None" = None
    _value: Array | None = None

    @property
    def value(self) -> Array:
        """Return its value. Raises UnsupportedError where the language has none."""
        if self._value is None:
            self._value = self.evaluate(self.tree)
        return self._value

    @property
    def names(self) -> set[str]:
        """Return the names that it reads."""
        return names_of(self.tree)

    @property
    def constant(self) -> bool:
        """Tell whether it reads no names."""
        return not self.names


@dataclass(eq=False)
class Box:
    """An array that can be changed in its place; names that are assigned from each other share it."""

    num: Num
    viewed: bool = False


@dataclass(frozen=True, eq=False)
class Complex:
    """Complex numbers: their real and imaginary parts. Only these and their size can be asked for."""

    re: Num
    im: Num


@dataclass(eq=False)
class List:
    """A list of Python."""

    items: list["Value"]


@dataclass(frozen=True, eq=False)
class Tup:
    """A tuple of Python."""

    items: tuple["Value", ...]


@dataclass(eq=False)
class Dict:
    """A dict of Python whose keys are known."""

    items: dict[Any, "Value"]


@dataclass(eq=False)
class Filling:
    """A dict of Python while the loop is walked that fills it by step: what it has at the places that a turn reads.

    offset: how far the place that is filled in a turn stands from what the loop counts.
    """

    offset: int
    now: Num | None = None
    before: Num | None = None


@dataclass(frozen=True, eq=False)
class Func:
    """A function of the notebook's own, with the names that it sees."""

    name: str
    args: ast.arguments
    body: list[ast.stmt]
    scope: "Scope"
    source: str = ""  # as it is written, without its docstring


@dataclass(frozen=True)
class Lib:
    """A module, or something in it that is called: np, np.linalg.norm, math.sqrt."""

    path: str


@dataclass(eq=False)
class Random:
    """A seeded source of random numbers."""

    source: "np.random.Generator | np.random.RandomState"


@dataclass(frozen=True)
class Text:
    """A text: pieces of its own, and values with the format that they are shown in."""

    pieces: tuple["str | Shown", ...]

    @property
    def plain(self) -> str | None:
        """Return the text, None where values stand in it."""
        return "".join(str(piece) for piece in self.pieces) if all(isinstance(p, str) for p in self.pieces) else None


@dataclass(frozen=True, eq=False)
class Shown:
    """A value in a text, with its format, and the name that the code calls it by, if that is all it says."""

    value: "Value"
    spec: str = ""
    name: str = ""


@dataclass(frozen=True)
class Nothing:
    """Python's None."""


@dataclass(frozen=True)
class Strange:
    """What could not be had: why, and in which cell."""

    why: str
    cell: int


@dataclass(frozen=True, eq=False)
class Eigenvalues(Strange):
    """Complex eigenvalues, which the language has not: only their sizes can be had."""

    sizes: Num | None = None


@dataclass(eq=False)
class Scope:
    """Names with what they stand for; `outer` is seen through."""

    names: "dict[str, Value]" = field(default_factory=dict)
    outer: "Scope | None" = None
    changing: frozenset[str] = frozenset()  # names that are assigned more than once
    function: str = ""

    def look(self, name: str) -> "Value | None":
        """Return what a name stands for here, None for nothing."""
        scope: Scope | None = self
        while scope is not None:
            if name in scope.names:
                return scope.names[name]
            scope = scope.outer
        return None


Value: TypeAlias = (
    Num | Box | Complex | List | Tup | Dict | Filling | Func | Lib | Random | Text | Nothing | Strange | range
)


def names_of(tree: ast.AST) -> set[str]:
    """Return the names that a translated expression reads."""
    called = {id(node.func) for node in ast.walk(tree) if isinstance(node, ast.Call)}
    keywords = {id(kw.value) for node in ast.walk(tree) if isinstance(node, ast.Call) for kw in node.keywords}
    return {
        node.id
        for node in ast.walk(tree)
        if isinstance(node, ast.Name)
        and id(node) not in called
        and node.id not in ("np", "pi", "e", "inf", "nan", "True", "False", "None")
        and not (id(node) in keywords and node.id in WORDS)
    }


WORDS = frozenset(("valid", "same", "full", "fro", "constant"))  # what keywords are given as text
SIZES = frozenset(("shape", "size", "ndim", "len"))


def names_by_value(tree: ast.AST) -> set[str]:
    """Return the names whose numbers an expression reads, and not only their shape."""
    found: set[str] = set()
    stack: list[ast.AST] = [tree]
    while stack:
        node = stack.pop()
        if isinstance(node, ast.Call) and _called(node) in SIZES:
            continue
        if isinstance(node, ast.Name):
            found |= names_of(node)
            continue
        if isinstance(node, ast.Call):
            stack += [*node.args, *(keyword.value for keyword in node.keywords)]
            if isinstance(node.func, ast.Attribute):
                stack.append(node.func.value)
            continue
        stack += list(ast.iter_child_nodes(node))
    return found - WORDS


def _called(node: ast.Call) -> str:
    return node.func.id if isinstance(node.func, ast.Name) else getattr(node.func, "attr", "")


def call(name: str, *args: ast.expr, **keywords: ast.expr) -> ast.Call:
    """Return a call of a function of the language."""
    return ast.Call(ast.Name(name), list(args), [ast.keyword(key, value) for key, value in keywords.items()])
