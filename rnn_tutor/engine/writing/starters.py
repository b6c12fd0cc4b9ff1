"""The text that a program begins with -> Python that runs: foreign text, so only what our own dialect has becomes code.

Comments stay; what follows a colon and is still to be written is `...`; functions of the language are called by the
names that NumPy has for them.
"""

import ast
from collections.abc import Collection
from dataclasses import dataclass

from rnn_tutor.engine.functions import TABLE, canonical
from rnn_tutor.engine.programs.dialect import BUILTINS
from rnn_tutor.engine.programs.lines import LineError
from rnn_tutor.engine.programs.parser import read_program
from rnn_tutor.engine.writing.helpers import HELPERS
from rnn_tutor.engine.writing.library import NUMPY
from rnn_tutor.engine.writing.literals import comment
from rnn_tutor.engine.writing.pieces import UnwrittenError
from rnn_tutor.engine.writing.rows import written

_PYTHON = BUILTINS | {"len", "abs", "min", "max", "sum", "float", "int", "bool", "round", "pow"}
_METHODS = frozenset(("append", "extend", "insert", "reverse", "pop", "copy", "T", "shape", "size", "ndim", "sum",
                      "mean", "max", "min", "reshape", "dot", "argmax", "argmin", "transpose"))  # fmt: skip
_LISTED = ("concat", "stack", "hstack", "vstack", "zeros", "ones")  # they take what is joined, or sizes, one by one too
_NODES = (
    ast.Module, ast.FunctionDef, ast.arguments, ast.arg, ast.Assign, ast.AugAssign, ast.Return, ast.For, ast.While,
    ast.If, ast.Expr, ast.Pass, ast.Break, ast.Continue, ast.Name, ast.Constant, ast.Load, ast.Store, ast.BinOp,
    ast.UnaryOp, ast.BoolOp, ast.Compare, ast.Call, ast.keyword, ast.Attribute, ast.Subscript, ast.Slice, ast.List,
    ast.Tuple, ast.ListComp, ast.comprehension, ast.IfExp, ast.operator, ast.unaryop, ast.boolop, ast.cmpop,
)  # fmt: skip


@dataclass(frozen=True)
class Started:
    """The text of a start, and the helpers that it calls. `runs`: it is code; else it is all comments."""

    text: str
    helpers: tuple[str, ...] = ()
    runs: bool = True


def started(text: str) -> Started:
    """Return a start as Python with NumPy; what is not of the dialect becomes comments."""
    whole = _with_bodies(text.replace("\t", "    ").rstrip().split("\n"))
    try:
        read_program(whole.replace("...", "pass"))
        tree = ast.parse(whole)
    except (LineError, SyntaxError, ValueError, MemoryError, RecursionError):
        return Started("\n".join(comment(line) or "#" for line in text.split("\n")), runs=False)
    own = {node.name for node in ast.walk(tree) if isinstance(node, ast.FunctionDef)}
    if not all(_is_ours(node, own) for node in ast.walk(tree)):
        return Started("\n".join(comment(line) or "#" for line in text.split("\n")), runs=False)
    edits: list[tuple[int, int, int, str]] = []
    helpers: list[str] = []
    for node in ast.walk(tree):
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name):
            edits += _edits(node, own, helpers)
    lines = whole.split("\n")
    for line, start, end, put in sorted(edits, reverse=True):
        lines[line - 1] = lines[line - 1][:start] + put + lines[line - 1][end:]
    return Started("\n".join(_printable(lines)), tuple(dict.fromkeys(helpers)))


def _printable(lines: list[str]) -> list[str]:
    """Return lines whose comments are printable; the code before them has nothing that is not."""
    return [before + comment(line[len(before) + 1 :]) if (before := line.partition("#")[0]) != line else line
            for line in lines]  # fmt: skip


def _is_ours(node: ast.AST, own: Collection[str]) -> bool:
    if not isinstance(node, _NODES):
        return False
    if isinstance(node, ast.Constant):
        return node.value is None or node.value is ... or isinstance(node.value, int | float)
    if isinstance(node, ast.Attribute):
        return node.attr in _METHODS
    if isinstance(node, ast.FunctionDef):
        return not node.decorator_list
    if isinstance(node, ast.Call) and isinstance(node.func, ast.Name):
        name = node.func.id
        return name in own or name in _PYTHON or (canonical(name) in TABLE and _way(name) is not None)
    return not isinstance(node, ast.Call) or isinstance(node.func, ast.Attribute)


def _way(name: str) -> str | None:
    """Return how NumPy calls a function of the language, or the name of the helper that stands for it."""
    function = canonical(name) or name
    if function in HELPERS:
        return function
    for given in ({"x"}, {"parts"}, {"a", "b"}, {"sizes"}, {"shape"}, {"n"}, set[str]()):
        try:
            template = written(function, given, NUMPY)
        except UnwrittenError:
            continue
        called = template.partition("(")[0].replace("M.", "np.")
        if called.replace(".", "").isidentifier():
            return called
    return None


def _edits(call: ast.Call, own: Collection[str], helpers: list[str]) -> list[tuple[int, int, int, str]]:
    """Return what to put where: NumPy's name, and brackets around what NumPy takes as a list."""
    assert isinstance(call.func, ast.Name)  # noqa: S101 - chosen so
    name = call.func.id
    if name in own or name in _PYTHON:
        return []
    way = _way(name) or name
    if way in HELPERS:
        helpers.append(way)
    edits = [(call.lineno, call.func.col_offset, call.func.end_col_offset or 0, way)]
    if (canonical(name) or name) in _LISTED and len(call.args) > 1:
        first, last = call.args[0], call.args[-1]
        edits.append((first.lineno, first.col_offset, first.col_offset, "["))
        edits.append((last.end_lineno or 0, last.end_col_offset or 0, last.end_col_offset or 0, "]"))
    return edits


def _with_bodies(lines: list[str]) -> str:
    """Return lines in which something stands behind each colon."""
    out: list[str] = []
    waiting = ""
    for at, line in enumerate(lines):
        if waiting and not line.lstrip().startswith("#"):
            out.append(waiting)
            waiting = ""
        out.append(line)
        before = line.partition("#")[0].rstrip()
        if not before.endswith(":"):
            continue
        indent = len(line) - len(line.lstrip())
        after = next((later for later in lines[at + 1 :] if later.strip() and not later.lstrip().startswith("#")), "")
        if not after or len(after) - len(after.lstrip()) <= indent:
            waiting = " " * (indent + 4) + "..."
    return "\n".join([*out, waiting] if waiting else out)
