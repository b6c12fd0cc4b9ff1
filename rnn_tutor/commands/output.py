"""What commands write: foreign text made printable, colour only on a terminal that wants it, JSON that is valid."""

import json
import math
import os
import sys
from collections.abc import Mapping
from typing import Any

from rnn_tutor.printable import is_utf8, plain

STYLES = {"bold": "1", "dim": "2", "good": "32", "bad": "31", "name": "36"}


def printable(text: str, *, lines: bool = False) -> str:
    """Return foreign text as it may reach a terminal or a file: no control characters, ASCII where stdout is."""
    return plain(text, lines=lines, ascii_only=ascii_only())


def ascii_only() -> bool:
    """Tell whether standard output cannot carry UTF-8."""
    return not is_utf8(getattr(sys.stdout, "encoding", None) or "ascii", os.environ)


def say(text: str = "", style: str = "") -> None:
    """Write a line (or several) of foreign or own text."""
    line = printable(text, lines=True)
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
    (sys.stderr if target == "-" else sys.stdout).write(f"{printable(sentence[:1].upper() + sentence[1:])}\n")


def tell_left_out(left_out: Mapping[str, str]) -> None:
    """Say what is left out, and why: on standard error, as a part of what was asked for is missing."""
    if not left_out:
        return
    wide = max(map(len, left_out))
    sys.stderr.write("Left out:\n")
    for name, reason in left_out.items():
        sys.stderr.write(f"  {printable(name):{wide}}  {printable(reason)}\n")


def complain(sentence: str) -> int:
    """Say on stderr why a command cannot be done; the status for bad use is returned."""
    sys.stderr.write(f"rnn-tutor: {printable(sentence)}\n")
    return 2
