"""Patterns that are compiled when they are first used."""

import re
import subprocess
import sys

import pytest

from rnn_tutor.tui.terminal.late_patterns import LatePattern, late_patterns


def test_it_finds_what_the_pattern_finds():
    late, pattern = (
        LatePattern("(?P<word>[a-z]+)|(?P<number>[0-9]+)"),
        re.compile("(?P<word>[a-z]+)|(?P<number>[0-9]+)"),
    )
    assert "_pattern" not in vars(late)
    for text, place in (("ab12", 0), ("ab12", 2), ("..ab", 0), ("..", 1)):
        for ask in ("match", "search"):
            one, other = getattr(late, ask)(text, place), getattr(pattern, ask)(text, place)
            assert (one and (one.span(), one.lastgroup)) == (other and (other.span(), other.lastgroup))
    assert late.groupindex == pattern.groupindex


SCRIPT = """
import gc, re
from rnn_tutor.tui.terminal.late_patterns import LatePattern, late_patterns
from rnn_tutor.tui.terminal.lean_app import import_app
compiled = re.compile
with late_patterns():
    import_app()
assert re.compile is compiled
from textual.css.parse import parse
late = [one for one in gc.get_objects() if isinstance(one, LatePattern)]
used = sum("_pattern" in vars(one) for one in late)
assert used * 4 < len(late), (used, len(late))  # some that constants are read with
assert [rule.css for rule in parse("", "Static { width: 3; color: red 50%; &:hover { width: 4; } }", ("", ""))]
assert sum("_pattern" in vars(one) for one in late) > used
"""


def test_what_textual_parses_is_parsed_with_them():
    subprocess.run([sys.executable, "-c", SCRIPT], check=True)


def test_what_cannot_be_imported_leaves_all_as_it_was():
    compiled = re.compile

    with pytest.raises(ImportError), late_patterns():
        raise ImportError
    assert re.compile is compiled


def test_what_a_function_makes_is_made_at_once_and_what_a_module_or_a_class_has_late(tmp_path, monkeypatch):
    (tmp_path / "some_patterns.py").write_text(
        "import re\n\nONE = re.compile('a+')\n\n\nclass C:\n    two = re.compile('b', re.IGNORECASE)\n\n\n"
        "def made():\n    return re.compile('c')\n\n\nTHREE = made()\n"
    )
    monkeypatch.syspath_prepend(tmp_path)
    with late_patterns():
        import some_patterns
    assert isinstance(some_patterns.ONE, LatePattern) and isinstance(some_patterns.C.two, LatePattern)
    assert isinstance(some_patterns.THREE, re.Pattern)
    assert some_patterns.ONE.sub("x", "aab") == "xb"
    assert some_patterns.C.two.fullmatch("B") and some_patterns.C.two.pattern == "b"
    with pytest.raises(AttributeError):
        some_patterns.ONE.nothing  # noqa: B018


def test_what_is_no_pattern_is_told_when_it_is_used():
    late = LatePattern("(")
    for _ in range(2):
        with pytest.raises(re.error):
            late.match("a")


USED = """
import ast, sys
from pathlib import Path
from importlib import import_module
from rnn_tutor import cli
from rnn_tutor.tui.terminal.late_patterns import LatePattern, late_patterns
from rnn_tutor.tui.terminal.lean_app import import_app
from rnn_tutor.tui.late_imports import _MARKING, _OPENING, PLOTS, READERS
with late_patterns():
    import_app()
    for name in ("rnn_tutor.tui.app", "rnn_tutor.exercises.load", *READERS, *_OPENING, *_MARKING, PLOTS):
        import_module(name)
modules = 0
for name, module in list(sys.modules.items()):
    spaces = [vars(module), *(vars(one) for one in list(vars(module).values()) if isinstance(one, type))]
    late = {key for space in spaces for key, value in space.items() if isinstance(value, LatePattern)}
    file = getattr(module, "__file__", None)
    if not late or file is None:
        continue
    modules += 1
    for node in ast.walk(ast.parse(Path(file).read_text("utf-8"))):
        function = node.func if isinstance(node, ast.Call) and node.args else None
        if isinstance(function, ast.Attribute) and isinstance(function.value, ast.Name) and function.value.id == "re":
            given = node.args[0]
            given = given.attr if isinstance(given, ast.Attribute) else getattr(given, "id", "")
            if given in late:
                print(f"{name}:{node.lineno} gives {given} to re.{function.attr}, which takes no late pattern")
assert modules > 40, modules
"""


def test_no_late_pattern_is_given_to_a_function_of_re():
    done = subprocess.run([sys.executable, "-c", USED], capture_output=True, text=True, check=False)
    assert (done.returncode, done.stdout) == (0, ""), done.stderr


def test_a_late_pattern_is_one_until_the_last_of_several_threads_has_imported():
    compiled = re.compile
    one, other = late_patterns(), late_patterns()
    one.__enter__()
    other.__enter__()
    one.__exit__(None, None, None)
    assert re.compile is not compiled
    other.__exit__(None, None, None)
    assert re.compile is compiled
