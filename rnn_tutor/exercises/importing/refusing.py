"""Which tasks of a notebook are refused: no file is written of them, since there is nothing in a file to be mended.

A draft is finished by its author. What is refused has to change in the notebook first: its solution is not Python, is
beyond the bounds, or does what no exercise of numbers needs, such as starting programs.
"""

import ast
from collections.abc import Mapping

from rnn_tutor.exercises.importing.machine import Done, parsed
from rnn_tutor.exercises.importing.sections import Task

_BUILTINS = frozenset(("exec", "eval", "compile", "__import__", "breakpoint"))
_MODULES = frozenset(("subprocess", "shutil", "ctypes", "socket", "marshal", "pty", "multiprocessing"))
_MEMBERS = frozenset((
    "os.system", "os.popen", "os.remove", "os.unlink", "os.rmdir", "os.removedirs", "os.kill", "os.fork", "os.execv",
    "os.execl", "os.execvp", "os.spawnl", "os.spawnv", "os.putenv", "pickle.load", "pickle.loads", "sys.settrace",
))  # fmt: skip
_INNER = frozenset((
    "__subclasses__", "__globals__", "__builtins__", "__bases__", "__mro__", "__code__", "__getattribute__", "__dict__",
))  # fmt: skip


def refusal(task: Task, done: Mapping[int, Done]) -> tuple[str, int]:
    """Return why a task is refused, as a sentence, and the cell that is why; ("", 0) where it is not."""
    for piece in task.of("solution"):
        unread = done[id(piece)].unread
        if unread:
            return f"Its solution {unread}.", piece.number
        acts = what_acts(piece.text)
        if acts:
            return f"Its solution uses `{acts}`: code that could act on a computer is not read.", piece.number
    return "", 0


def what_acts(text: str) -> str:
    """Return what in a cell could act on a computer if it ran, "" where nothing could."""
    body = parsed(text)
    if isinstance(body, str):
        return ""
    for node in (one for statement in body for one in ast.walk(statement)):
        match node:
            case ast.Call(func=ast.Name(id=name)) if name in _BUILTINS:
                return name
            case ast.Attribute(attr=name) if name in _INNER:
                return name
            case ast.Attribute(value=ast.Name(id=root), attr=name) if root in _MODULES or f"{root}.{name}" in _MEMBERS:
                return f"{root}.{name}"
            case ast.ImportFrom(module=str(root), names=names):
                found = next((one.name for one in names if root in _MODULES or f"{root}.{one.name}" in _MEMBERS), "")
                if found:
                    return f"{root}.{found}"
    return ""
