"""What a notebook computes, as one long program of the language: every value has a name of its own.

Names are assigned once. An exercise is the part of this program that leads to what it asks for.
"""

import ast
import re
import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Literal

import numpy as np

from rnn_tutor.engine.errors import EngineError
from rnn_tutor.engine.functions import Array
from rnn_tutor.engine.graph.evaluate import Graph
from rnn_tutor.engine.reading.language import parse
from rnn_tutor.exercises.importing.values import Num, UnsupportedError, names_by_value, names_of

MAX_DEFINITIONS = 6_000
MAX_EVALUATIONS = 40_000
MAX_NAME = 30
RESERVED = frozenset(("pi", "e", "inf", "nan", "True", "False", "None", "np", "valid", "same", "full", "fro"))
_NO_NAME = re.compile(r"[^A-Za-z0-9_]+")


@dataclass(frozen=True)
class Definition:
    """A name of the program: a given, or a step."""

    name: str
    base: str  # as the notebook has it
    kind: Literal["given", "let"]
    tree: ast.expr
    cell: int


@dataclass
class Program:
    """The definitions in order, and their values."""

    definitions: dict[str, Definition] = field(default_factory=dict)
    frozen: set[str] = field(default_factory=set)  # givens whose numbers decided what is computed
    graph: Graph = field(default_factory=Graph)
    evaluations: int = 0
    _used: dict[str, int] = field(default_factory=dict)

    def evaluate(self, tree: ast.expr) -> Array:
        """Return the value of an expression of names that are defined. Raises UnsupportedError."""
        self.evaluations += 1
        if self.evaluations > MAX_EVALUATIONS:
            raise UnsupportedError("the notebook computes more than is translated at once")
        if isinstance(tree, ast.Name) and tree.id in self.graph.names:
            return _settled(self.graph.whole(tree.id).value)
        try:
            return _settled(self.graph.evaluate(parse(text_of(tree))).value)
        except EngineError as error:
            raise UnsupportedError(_reason(tree, error)) from None

    def num(self, tree: ast.expr, *, whole: bool = False) -> Num:
        """Return an expression of the program's names."""
        return Num(tree, self.evaluate, whole)

    def define(self, base: str, num: Num, kind: Literal["given", "let"], cell: int) -> Num:
        """Give a value a name of its own, and return it by that name. Raises UnsupportedError."""
        if len(self.definitions) >= MAX_DEFINITIONS:
            raise UnsupportedError("the notebook computes more than is translated at once")
        name = self._fresh(base)
        text = text_of(num.tree)
        try:
            if kind == "given":
                self.graph.leaf(name, _numbers(self.graph.evaluate(parse(text)).value))
            else:
                self.graph.names[name] = self.graph.evaluate(parse(text), name)
        except EngineError as error:
            raise UnsupportedError(_reason(num.tree, error)) from None
        self.definitions[name] = Definition(name, base, kind, num.tree, cell)
        return Num(ast.Name(name), self.evaluate, num.whole)

    def _fresh(self, base: str) -> str:
        plain = plain_name(base)
        self._used[plain] = self._used.get(plain, 0) + 1
        number = self._used[plain]
        return plain if number == 1 and plain not in RESERVED else f"{plain}__{number}"

    def freeze(self, num: Num) -> None:
        """Note that what is computed hangs on the value of an expression."""
        self.frozen |= {name for name in self.behind(names_by_value(num.tree), by_value=True)
                        if self.definitions[name].kind == "given"}  # fmt: skip

    def behind(self, names: Iterable[str], *, by_value: bool = False) -> set[str]:
        """Return the names that lead to some names, and these."""
        read = names_by_value if by_value else names_of
        found: set[str] = set()
        stack = [name for name in names if name in self.definitions]
        while stack:
            name = stack.pop()
            if name not in found:
                found.add(name)
                stack += [one for one in read(self.definitions[name].tree) if one in self.definitions]
        return found


def text_of(tree: ast.expr) -> str:
    """Return an expression as text of the language."""
    return ast.unparse(tree)


def plain_name(base: str) -> str:
    """Return a name of the language for a name of a notebook: ASCII letters, digits and _, at most 30."""
    spelled = "".join(_letter(char) for char in base)
    plain = _NO_NAME.sub("_", spelled).strip("_")[:MAX_NAME].rstrip("_")
    return plain if plain[:1].isalpha() else f"v{plain}" if plain else "value"


def _letter(char: str) -> str:
    if char.isascii():
        return char
    name = unicodedata.name(char, "")
    if name.startswith(("GREEK SMALL LETTER ", "GREEK CAPITAL LETTER ")):
        word = name.split()[-1]
        return word.lower() if "SMALL" in name else word.capitalize()
    plain = unicodedata.normalize("NFKD", char).encode("ascii", "ignore").decode()
    return plain or "_"


def _settled(value: Array | None) -> Array:
    if value is None:  # pragma: no cover - every given has numbers
        raise UnsupportedError("an array without numbers")
    return np.asarray(value)


def _numbers(value: Array | None) -> Array:
    array = _settled(value)
    return array.astype(float) if array.dtype == bool else array


def _reason(tree: ast.expr, error: EngineError) -> str:
    text = text_of(tree)
    shown = text if len(text) <= 60 else f"{text[:57]}..."
    says = error.says.partition(" For a product write")[0].rstrip(".")
    return f"`{shown}` is not in the language: {says}"
