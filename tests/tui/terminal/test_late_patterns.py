"""Patterns that are compiled when they are first used."""

import re
import subprocess
import sys

import pytest

from rnn_tutor.tui.terminal.late_patterns import LatePattern, with_late_patterns


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
from rnn_tutor.tui.terminal.late_patterns import LatePattern, with_late_patterns
from rnn_tutor.tui.terminal.lean_app import import_app
compiled = re.compile
with_late_patterns(import_app)
assert re.compile is compiled
from textual.css.parse import parse
late = [one for one in gc.get_objects() if isinstance(one, LatePattern)]
used = sum("_pattern" in vars(one) for one in late)
assert used <= 1 < len(late), (used, len(late))  # one that a constant of Textual's is read with
assert [rule.css for rule in parse("", "Static { width: 3; color: red 50%; &:hover { width: 4; } }", ("", ""))]
assert sum("_pattern" in vars(one) for one in late) > used
"""


def test_what_textual_parses_is_parsed_with_them():
    subprocess.run([sys.executable, "-c", SCRIPT], check=True)


def test_what_cannot_be_imported_leaves_all_as_it_was():
    compiled = re.compile

    def imports():
        raise ImportError

    with pytest.raises(ImportError):
        with_late_patterns(imports)
    assert re.compile is compiled
