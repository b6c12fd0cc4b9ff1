"""The text of `checks`, and of what it needs of the tutor, as a notebook carries it: without types.

All of it stands in one function, so that a notebook has three names more and no others that its exercises could have.
"""

import ast
import inspect
from collections.abc import Sequence
from functools import cache

from rnn_tutor.engine import compare

from . import checks

_OF_TYPES = ("collections.abc", "typing", "numpy.typing")


NAMES = ("check", "is_expected", "unpacked")


@cache
def checks_text() -> str:
    """Return the text of the cell that a notebook's checks need: it makes the functions of `NAMES`."""
    of_compare = ast.parse(inspect.getsource(compare)).body
    rest = ast.parse(inspect.getsource(checks)).body
    ours = _reached(of_compare, rest)
    imports = [part for part in (*of_compare, *rest) if isinstance(part, ast.Import | ast.ImportFrom) and _runs(part)]
    others = [part for part in rest[1:] if not isinstance(part, ast.Import | ast.ImportFrom)]
    unlike = list({ast.unparse(part): part for part in sorted(imports, key=_in_order)}.values())
    result = ast.Return(ast.Tuple([ast.Name(name, ast.Load()) for name in NAMES], ast.Load()))
    body = [*unlike, *(_Bare().visit(part) for part in (*ours, *others)), result]
    made = ast.parse("def checks(): pass").body[0]
    assert isinstance(made, ast.FunctionDef)  # noqa: S101 - as it was written
    made.body = body
    return f"{ast.unparse(ast.fix_missing_locations(made))}\n\n{', '.join(NAMES)} = checks()"


def _reached(parts: Sequence[ast.stmt], by: Sequence[ast.stmt]) -> list[ast.stmt]:
    """Return the parts of a module that others use by their names, and those that these use; in their order."""
    bare = {_name(part): _Bare().visit(ast.parse(ast.unparse(part))) for part in parts if _name(part)}
    found: set[str] = set()
    waiting: list[ast.AST] = [*by]
    while waiting:
        read = {node.id for node in ast.walk(waiting.pop()) if isinstance(node, ast.Name)}
        waiting += [bare[name] for name in (read & bare.keys()) - found]
        found |= read & bare.keys()
    return [part for part in parts if _name(part) in found]


def _in_order(part: ast.stmt) -> tuple[bool, str]:
    return isinstance(part, ast.ImportFrom), ast.unparse(part)


def _runs(part: ast.stmt) -> bool:
    """Tell whether an import is one of Python or NumPy, and not one for types."""
    module = part.module or "" if isinstance(part, ast.ImportFrom) else ""
    return not module.startswith("rnn_tutor") and module not in _OF_TYPES


def _name(part: ast.stmt) -> str:
    if isinstance(part, ast.FunctionDef | ast.ClassDef):
        return part.name
    if isinstance(part, ast.Assign) and isinstance(part.targets[0], ast.Name):
        return part.targets[0].id
    return ""


class _Bare(ast.NodeTransformer):
    """Takes the types away."""

    def visit_arg(self, node: ast.arg) -> ast.arg:
        node.annotation = None
        return node

    def visit_FunctionDef(self, node: ast.FunctionDef) -> ast.AST:
        node.returns = None
        return self.generic_visit(node)

    def visit_AnnAssign(self, node: ast.AnnAssign) -> ast.AST:
        if node.value is None:  # a field of a dataclass is one by its annotation
            node.annotation = ast.Name("object", ast.Load())
            return node
        return ast.Assign([node.target], self.visit(node.value))
