"""What is private of Textual's, which the next version may call something else, is named in tui/terminal only."""

import ast
import importlib
import inspect
import pkgutil
import sys
from functools import cache
from pathlib import Path

import pytest

import rnn_tutor.tui
import rnn_tutor.tui.terminal

pytestmark = pytest.mark.xdist_group("private")  # one worker, so that Textual is read once
FOLDER = Path(rnn_tutor.tui.__file__).parent
ELSEWHERE = [file for file in sorted(FOLDER.rglob("*.py")) if FOLDER / "terminal" not in file.parents]
IDS = [str(file.relative_to(FOLDER)) for file in ELSEWHERE]


def private(name):
    return name.startswith("_") and not name.startswith("__")


def named_on_self(tree):
    """The private names that a class's own methods give to `self`, and those of what stands in it."""
    own = {node.name for node in ast.walk(tree) if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef)}
    for node in ast.walk(tree):
        if isinstance(node, ast.Attribute) and isinstance(node.ctx, ast.Store):
            own.add(node.attr)
        elif isinstance(node, ast.AnnAssign | ast.Assign):
            targets = node.targets if isinstance(node, ast.Assign) else [node.target]
            own |= {target.id for target in targets if isinstance(target, ast.Name)}
    return {name for name in own if private(name)}


@cache
def textuals_names(cls):
    """The private names of a class of Textual's: those of its body, and those that its methods set."""
    module = sys.modules[cls.__module__]
    found = {name for name in vars(cls) if private(name)}
    for node in ast.walk(ast.parse(inspect.getsource(module))):
        if isinstance(node, ast.ClassDef) and node.name == cls.__name__:
            found |= named_on_self(node)
    return found


def of_textual(cls):
    """The private names that a class has from Textual."""
    bases = [base for base in cls.__mro__ if base.__module__.startswith("textual.")]
    return set().union(*map(textuals_names, bases))


@cache
def every_private_name():
    """The private names of all of Textual's classes that are loaded, but for those that a class of ours has too."""
    for found in pkgutil.walk_packages(rnn_tutor.tui.__path__, "rnn_tutor.tui."):
        importlib.import_module(found.name)
    names = set()
    for name, module in list(sys.modules.items()):
        if name.startswith("textual."):
            for cls in vars(module).values():
                if inspect.isclass(cls) and cls.__module__ == name:
                    names |= textuals_names(cls)
    return names


def classes_of(file):
    name = ".".join(("rnn_tutor.tui", *file.relative_to(FOLDER).with_suffix("").parts)).removesuffix(".__init__")
    module = importlib.import_module(name)
    return {cls.__name__: cls for cls in vars(module).values() if inspect.isclass(cls) and cls.__module__ == name}


def private_imports(tree):
    for node in ast.walk(tree):
        if isinstance(node, ast.ImportFrom) and (node.module or "").startswith("textual"):
            names = [*node.module.split("."), *(alias.name for alias in node.names)]
        elif isinstance(node, ast.Import):
            names = [part for alias in node.names if alias.name.startswith("textual") for part in alias.name.split(".")]
        else:
            continue
        yield from (f"{node.lineno}: import {name}" for name in names if name.startswith("_"))


def private_uses(tree, classes):
    """What stands at `self` and is a Textual's class's own; and, at anything else, what no class of ours has."""
    ours = named_on_self(tree)
    for node in ast.walk(tree):
        if not isinstance(node, ast.ClassDef):
            continue
        theirs = of_textual(classes[node.name]) if node.name in classes else set()
        for name in named_on_self(node) & theirs:
            yield f"{node.name} has {name}, which is Textual's"
        for inner in ast.walk(node):
            at_self = (
                isinstance(inner, ast.Attribute) and isinstance(inner.value, ast.Name) and inner.value.id == "self"
            )
            if at_self and inner.attr in theirs:
                yield f"{inner.lineno}: self.{inner.attr}"
    for node in ast.walk(tree):
        if not isinstance(node, ast.Attribute) or not private(node.attr) or node.attr in ours:
            continue
        if isinstance(node.value, ast.Name) and node.value.id in ("self", "cls"):
            continue
        if node.attr in every_private_name():
            yield f"{node.lineno}: {ast.unparse(node)}"


@pytest.mark.parametrize("file", ELSEWHERE, ids=IDS)
def test_outside_of_the_terminal_nothing_private_of_textuals_is_named(file):
    tree = ast.parse(file.read_text("utf-8"))
    assert [*private_imports(tree), *private_uses(tree, classes_of(file))] == []


def test_what_is_looked_for_is_found():
    """The terminal's own folder has such names: else nothing would be found anywhere."""
    file = FOLDER / "terminal" / "failing.py"
    found = [*private_uses(tree := ast.parse(file.read_text("utf-8")), classes_of(file)), *private_imports(tree)]
    assert any("_handle_exception" in one for one in found)
    assert any("pump._is_mounted" in one for one in found)
    assert any("import _context" in one for one in found)
