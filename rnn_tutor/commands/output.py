"""What commands write: foreign text made printable, colour only on a terminal that wants it, JSON that is valid.

On a terminal a line that is longer than a row goes on below at a word, in whatever command: `say`, `complain` and the
others see to it. Into a file or a pipe every line goes as it is, and so does code to a terminal, as it is copied.
"""

import json
import math
import os
import sys
from collections.abc import Mapping
from typing import Any, TextIO

from rnn_tutor.printable import is_utf8, plain

PAGE = 78  # columns that prose has at most
_LEAST = 20  # columns: with fewer there is nothing to be gained
STYLES = {"bold": "1", "dim": "2", "good": "32", "bad": "31", "name": "36"}


def printable(text: str, *, lines: bool = False) -> str:
    """Return foreign text as it may reach a terminal or a file: no control characters, ASCII where stdout is."""
    return plain(text, lines=lines, ascii_only=ascii_only())


def ascii_only() -> bool:
    """Tell whether standard output cannot carry UTF-8."""
    return not is_utf8(getattr(sys.stdout, "encoding", None) or "ascii", os.environ)


def fitted(text: str, stream: TextIO, indent: str | None = None) -> str:
    """Return lines as they have room on the terminal that a stream is: a longer one goes on below, at a word.

    indent: what those below begin with; None: as far in as their line, and two more where that is indented. What is no
    terminal gets the lines as they are.
    """
    columns = _columns(stream)
    lines = text.split("\n")
    if columns < _LEAST or all(len(line) <= columns for line in lines):
        return text
    import textwrap  # late: most lines are short

    found: list[str] = []
    for line in lines:
        inside = " " * (len(line) - len(line.lstrip(" ")))
        below = indent if indent is not None else inside + "  " * bool(inside)
        found += textwrap.wrap(
            line, columns, subsequent_indent=below, break_long_words=False, break_on_hyphens=False
        ) or [line]
    return "\n".join(found)


def page_width() -> int:
    """Return how many columns prose has on standard output: those of a page, or of a terminal that has fewer."""
    columns = _columns(sys.stdout)
    return min(columns, PAGE) if columns >= _LEAST else PAGE


def _columns(stream: TextIO) -> int:
    """Return how many columns the terminal has that a stream is, 0 where it is none."""
    try:
        return os.get_terminal_size(stream.fileno()).columns if stream.isatty() else 0
    except (OSError, ValueError):  # closed, or no file of the system
        return 0


def say(text: str = "", style: str = "") -> None:
    """Write a line (or several) of foreign or own text."""
    _write(fitted(printable(text, lines=True), sys.stdout), style)


def say_code(text: str) -> None:
    """Write lines that are for another program, or to be copied: none is broken."""
    _write(printable(text, lines=True))


def say_error(text: str) -> None:
    """Write a line about what is wrong, or missing, on standard error."""
    sys.stderr.write(f"{fitted(printable(text), sys.stderr)}\n")


def _write(line: str, style: str = "") -> None:
    if style and coloured() and line:
        line = f"\x1b[{STYLES[style]}m{line}\x1b[0m"
    sys.stdout.write(line + "\n")


def coloured() -> bool:
    """Tell whether standard output is a terminal that wants colour."""
    return sys.stdout.isatty() and not os.environ.get("NO_COLOR") and os.environ.get("TERM", "") not in ("", "dumb")


def say_json(data: Any) -> None:  # noqa: ANN401 - whatever JSON can hold
    """Write data as JSON; numbers that JSON lacks are written as the strings "nan", "inf", "-inf".

    What could act on a terminal is escaped, which JSON allows for any character: the data stay the same.
    """
    text = json.dumps(_finite(data), ensure_ascii=ascii_only(), indent=2, allow_nan=False)
    sys.stdout.write("".join(char if char.isprintable() or char == "\n" else _escaped(char) for char in text) + "\n")


def _escaped(char: str) -> str:
    return json.dumps(char, ensure_ascii=True)[1:-1] if char != "\x7f" else "\\u007f"


def _finite(data: Any) -> Any:  # noqa: ANN401
    if isinstance(data, float) and not math.isfinite(data):
        return str(data)
    if isinstance(data, dict):
        return {key: _finite(value) for key, value in data.items()}
    if isinstance(data, list | tuple):
        return [_finite(value) for value in data]
    return data


def say_beside(sentence: str, target: str) -> None:
    """Say what was written: on standard error where the file itself (`-`) is on standard output."""
    stream = sys.stderr if target == "-" else sys.stdout
    stream.write(f"{fitted(printable(sentence[:1].upper() + sentence[1:]), stream)}\n")


def tell_left_out(left_out: Mapping[str, str]) -> None:
    """Say what is left out, and why: on standard error, as a part of what was asked for is missing."""
    if not left_out:
        return
    wide = max(map(len, left_out))
    say_error("Left out:")
    for name, reason in left_out.items():
        row = f"  {printable(name):{wide}}  {printable(reason)}"
        sys.stderr.write(f"{fitted(row, sys.stderr, ' ' * (wide + 4))}\n")


def complain(sentence: str) -> int:
    """Say on stderr why a command cannot be done; the status for bad use is returned."""
    say_error(f"rnn-tutor: {sentence}")
    return 2
