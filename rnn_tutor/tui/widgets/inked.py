"""Programs in colour: keywords, numbers, texts, calls, comments. The colours are the terminal's own."""

import re
from collections.abc import Iterator
from functools import lru_cache
from keyword import kwlist

from textual.content import Content

_TOKENS = re.compile(
    r"(?P<comment>#.*)"
    r"|(?P<text>\"[^\"]*\"?|'[^']*'?)"
    rf"|(?P<keyword>\b(?:{'|'.join(kwlist)})\b)"
    r"|(?P<number>(?<![\w.])(?:\d+\.?\d*|\.\d+)(?:[eE][+-]?\d+)?\b)"
    r"|(?P<call>\b[A-Za-z_]\w*(?=\())"
)
INKS = {"comment": "dim", "text": "green", "keyword": "bold magenta", "number": "cyan", "call": "blue"}
"""The style of each kind of token, as rich names it; Textual's names of the same colours begin with ansi_."""


@lru_cache(1_000)
def spans(line: str) -> tuple[tuple[int, int, str], ...]:
    """Return where the tokens of a line of Python begin and end, and of which kind they are."""
    return tuple(_found(line))


def _found(line: str) -> Iterator[tuple[int, int, str]]:
    for token in _TOKENS.finditer(line):
        if token.lastgroup is not None:
            yield token.start(), token.end(), token.lastgroup


def inked(code: Content) -> Content:
    """Return lines of Python with their colours."""
    lines: list[Content] = []
    for line in code.split("\n", allow_blank=True):
        coloured = line
        for start, end, kind in spans(line.plain):
            coloured = coloured.stylize(_ansi(INKS[kind]), start, end)
        lines.append(coloured)
    return Content("\n").join(lines)


def _ansi(ink: str) -> str:
    return " ".join(word if word in ("bold", "dim") else f"ansi_{word}" for word in ink.split())
