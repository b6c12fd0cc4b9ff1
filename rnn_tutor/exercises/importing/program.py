"""What a notebook computes, as one long program of the language: every value has a name of its own.

Names are assigned once. An exercise is the part of this program that leads to what it asks for.
"""

import ast
import re
import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from typing import Literal

import numpy as np

from rnn_tutor.engine.errors import EngineError
from rnn_tutor.engine.functions import Array
from rnn_tutor.engine.graph.evaluate import Graph
from rnn_tutor.engine.graph.steps import Start, Statement, read_loop, resume
from rnn_tutor.engine.reading.language import parse
from rnn_tutor.exercises.importing.values import Num, UnsupportedError, call, names_by_value, names_of

MAX_DEFINITIONS = 6_000
MAX_EVALUATIONS = 40_000
MAX_WORK = 1_000_000_000  # element operations of a notebook: a few seconds
MAX_PARTS = 3_000  # of an expression
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
    loop: int = 0  # the loop that it is in, from 1


@dataclass
class Walk:
    """A loop that is walked once: its variable, what is carried into it, and its steps in order.

    `starts` are the values before the loop, by the notebook's names; `shown` the first turn's values, by the steps'.
    In a loop that runs backwards the first turn has the last index, and the turn before is one further.
    """

    variable: str
    reverse: bool = False
    first: int = 0  # the index of the first turn
    starts: dict[str, ast.expr] = field(default_factory=dict)
    shown: dict[str, ast.expr] = field(default_factory=dict)
    steps: list["Definition"] = field(default_factory=list)

    def before(self, name: str) -> ast.expr:
        """Return what a name of the notebook was in the turn before."""
        back = ast.Add() if self.reverse else ast.Sub()
        return ast.Subscript(ast.Name(_carried(name)), ast.BinOp(ast.Name(self.variable), back, ast.Constant(1)))

    def last(self) -> ast.expr:
        """Return the index of the last turn."""
        return ast.Constant(0) if self.reverse else ast.UnaryOp(ast.USub(), ast.Constant(1))

    def offset(self, tree: ast.expr) -> int | None:
        """Return how far an index is from what the loop counts; None for one that is something else."""
        match tree:
            case ast.Name(id=name) if name == self.variable:
                return 0
            case ast.BinOp(left=left, op=ast.Add() | ast.Sub() as op, right=ast.Constant(value=int(more))):
                before = self.offset(left)
                return None if before is None else before + (more if isinstance(op, ast.Add) else -more)
        return None

    def name_of(self, tree: ast.expr) -> str | None:
        """Return the step that an expression is in this turn, None for any other expression."""
        match tree:
            case ast.Subscript(value=ast.Name(id=name), slice=ast.Name(id=at)) if at == self.variable:
                return name if name in self.shown else None
        return None

    def reads(self, tree: ast.expr) -> bool:
        """Tell whether an expression is another one in each turn."""
        names = {node.id for node in ast.walk(tree) if isinstance(node, ast.Name)}
        return bool(names & {self.variable, *self.shown, *map(_carried, self.starts)})


@dataclass(frozen=True)
class LoopOf:
    """A loop of the program: its variable, how often it runs, what its steps start from, and whether backwards."""

    variable: str
    count: ast.expr
    starts: dict[str, ast.expr]
    reverse: bool = False

    def head(self, variable: str, count: str) -> str:
        """Return what it counts, as the language has it."""
        over = f"reversed(range({count}))" if self.reverse else f"range({count})"
        return f"{variable} in {over}"


class _FirstTurn(ast.NodeTransformer):
    """Puts the values of the first turn into an expression of a loop."""

    def __init__(self, walk: Walk) -> None:
        self.walk = walk
        self.carried = {  # of a list that is written out the array: something may follow in brackets
            _carried(name): call("array", tree) if isinstance(tree, ast.List | ast.Tuple) else tree
            for name, tree in walk.starts.items()
        }

    def visit_Subscript(self, node: ast.Subscript) -> ast.AST:
        if isinstance(node.value, ast.Name) and node.value.id in self.carried:
            return self.carried[node.value.id]
        if isinstance(node.value, ast.Name) and node.value.id in self.walk.shown:
            return self.walk.shown[node.value.id]
        return self.generic_visit(node)

    def visit_Name(self, node: ast.Name) -> ast.AST:
        return ast.Constant(self.walk.first) if node.id == self.walk.variable else node


class _Carried(ast.NodeTransformer):
    """Puts the names of steps in the place of what is carried."""

    def __init__(self, own: dict[str, str]) -> None:
        self.own = {_carried(name): made for name, made in own.items()}

    def visit_Name(self, node: ast.Name) -> ast.AST:
        return ast.Name(self.own.get(node.id, node.id))


def _carried(name: str) -> str:
    return f"carried__{name}"


def _copy(tree: ast.expr) -> ast.expr:
    return ast.parse(ast.unparse(tree), mode="eval").body


@dataclass
class Program:
    """The definitions in order, and their values."""

    definitions: dict[str, Definition] = field(default_factory=dict)
    frozen: set[str] = field(default_factory=set)  # givens whose numbers decided what is computed
    graph: Graph = field(default_factory=Graph)
    evaluations: int = 0
    work: int = 0
    walk: Walk | None = None
    loops: list[LoopOf] = field(default_factory=list)
    _used: dict[str, int] = field(default_factory=dict)

    def evaluate(self, tree: ast.expr) -> Array:
        """Return the value of an expression of names that are defined. Raises UnsupportedError."""
        self.evaluations += 1
        if self.walk is not None and self.walk.reads(tree):
            tree = _FirstTurn(self.walk).visit(_copy(tree))
        if self.evaluations > MAX_EVALUATIONS:
            raise UnsupportedError("the notebook computes more than is translated at once")
        if isinstance(tree, ast.Name) and tree.id in self.graph.names:
            return _settled(self.graph.whole(tree.id).value)
        try:
            return _settled(self.graph.evaluate(parse(text_of(tree))).value)
        except EngineError as error:
            raise UnsupportedError(_reason(tree, error)) from None
        finally:
            self.work += self.graph.work
            if self.work > MAX_WORK:
                self.evaluations = MAX_EVALUATIONS

    def num(self, tree: ast.expr, *, whole: bool = False) -> Num:
        """Return an expression of the program's names. Raises UnsupportedError for a very long one."""
        if measured(tree) > MAX_PARTS:
            raise UnsupportedError("an expression that is too long")
        return Num(tree, self.evaluate, whole)

    def define(self, base: str, num: Num, kind: Literal["given", "let"], cell: int) -> Num:
        """Give a value a name of its own, and return it by that name. Raises UnsupportedError."""
        if len(self.definitions) >= MAX_DEFINITIONS:
            raise UnsupportedError("the notebook computes more than is translated at once")
        name = self.fresh(base)
        if self.walk is not None and kind == "let":
            return self._step(name, base, num, cell)
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

    def _step(self, name: str, base: str, num: Num, cell: int) -> Num:
        """Make a step of the loop that is walked."""
        walk = self.walk
        assert walk is not None  # noqa: S101 - only then
        self.walk = None
        try:
            first = self.define(
                f"{base}_first", Num(_FirstTurn(walk).visit(_copy(num.tree)), self.evaluate), "let", cell
            )
        finally:
            self.walk = walk
        walk.shown[name] = first.tree
        walk.steps.append(Definition(name, base, "let", num.tree, cell, len(self.loops) + 1))
        return Num(ast.Subscript(ast.Name(name), ast.Name(walk.variable)), self.evaluate, num.whole)

    def walked(self, count: Num, own: dict[str, str], cell: int) -> None:
        """End the loop that is walked: `own` says which step each carried name is. Raises UnsupportedError."""
        walk = self.walk
        assert walk is not None  # noqa: S101 - only then
        self.walk = None
        if not walk.steps:
            raise UnsupportedError("a loop that computes nothing")
        steps = [replace(one, tree=_Carried(own).visit(_copy(one.tree))) for one in walk.steps]
        read = {node.id for one in walk.steps for node in ast.walk(one.tree) if isinstance(node, ast.Name)}
        starts = {own[name]: tree for name, tree in walk.starts.items() if _carried(name) in read}
        body = tuple((f"{one.name}[{walk.variable}] = {text_of(one.tree)}", "") for one in steps)
        try:
            statements: list[Statement] = []
            if starts:
                statements.append(Start({name: parse(text_of(tree)) for name, tree in starts.items()}))
            loop = LoopOf(walk.variable, count.tree, starts, walk.reverse)
            statements.append(read_loop(loop.head(walk.variable, text_of(count.tree)), body))
            resume(self.graph, tuple(statements))
        except EngineError as error:
            raise UnsupportedError(error.says) from None
        self.loops.append(loop)
        for one in steps:
            self.definitions[one.name] = one

    def fresh(self, base: str) -> str:
        plain = plain_name(base)
        self._used[plain] = self._used.get(plain, 0) + 1
        number = self._used[plain]
        return plain if number == 1 and plain not in RESERVED else f"{plain}__{number}"

    def freeze(self, num: Num) -> None:
        """Note that what is computed hangs on the value of an expression. In a loop it may be another in each turn."""
        if self.walk is not None and self.walk.reads(num.tree):
            raise UnsupportedError("a loop whose turns differ")
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
                stack += [one for tree in self.trees(name) for one in read(tree) if one in self.definitions]
        return found

    def trees(self, name: str) -> list[ast.expr]:
        """Return the expressions that a name is made of: its own, and those of its loop."""
        one = self.definitions[name]
        if not one.loop:
            return [one.tree]
        loop = self.loops[one.loop - 1]
        return [one.tree, loop.count, *([loop.starts[name]] if name in loop.starts else [])]


def measured(tree: ast.AST) -> int:
    """Return the number of parts of an expression; those that several share count each time, and are counted once."""
    known: int | None = getattr(tree, "parts", None)
    if known is None:
        known = 1 + sum(measured(child) for child in ast.iter_child_nodes(tree))
        tree.parts = known  # type: ignore[attr-defined]
    return known


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
