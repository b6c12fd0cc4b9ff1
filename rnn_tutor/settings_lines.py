"""Settings read line by line: most files need no more, and a file with a mistake still says what its other lines say.

`plain` reads what almost every settings file is: comments, `[section]`, `name = value` with a text without escapes, a
whole number, true or false. It gives exactly what Python's own reader gives, or nothing: then that one is imported,
which would hold up the first frame by some milliseconds. `by_line` reads each line for itself.
"""

import re
from typing import Any, NamedTuple

Table = dict[str, Any]

_TAIL = r"[ \t]*(?:#[^\x00-\x08\x0a-\x1f\x7f]*)?"
_BLANK = re.compile(_TAIL)
_HEADER = re.compile(rf"[ \t]*\[[ \t]*([A-Za-z0-9_-]+)[ \t]*\]{_TAIL}")
_ENTRY = re.compile(
    r"[ \t]*([A-Za-z0-9_-]+)[ \t]*=[ \t]*"
    r"""(?:"(?P<text>[^"\\\x00-\x08\x0a-\x1f\x7f]*)"|'(?P<raw>[^'\x00-\x08\x0a-\x1f\x7f]*)'"""
    rf"|(?P<number>0|[1-9][0-9]{{0,8}})|(?P<word>true|false)){_TAIL}"
)
_NAME = re.compile(r"""[ \t]*(?:([A-Za-z0-9_-]+)|"([^"]*)"|'([^']*)')[ \t]*(?:\.[ \t]*["']?([^"'=\s.]+))?""")


class Broken(NamedTuple):
    """A line that cannot be read; lines are counted from 1."""

    line: int
    text: str


def split(text: str) -> list[str]:
    """Return the lines as TOML has them."""
    return text.replace("\r\n", "\n").split("\n")


def plain(text: str) -> Table | None:
    """Return what a file says that is made of plain lines, None for any other."""
    top: Table = {}
    table = top
    for line in split(text):
        if _BLANK.fullmatch(line):
            continue
        if header := _HEADER.fullmatch(line):
            if header[1] in top:
                return None
            table = top[header[1]] = {}
            continue
        entry = _entry(line)
        if entry is None or entry[0] in table:
            return None
        table[entry[0]] = entry[1]
    return top


def _entry(line: str) -> tuple[str, Any] | None:
    found = _ENTRY.fullmatch(line)
    if found is None:
        return None
    text = found["text"] if found["text"] is not None else found["raw"]
    if text is not None:
        return found[1], text
    return found[1], int(found["number"]) if found["number"] else found["word"] == "true"


def by_line(text: str) -> tuple[Table, list[Broken]]:
    """Return what the lines of a file say that can be read alone, and those that cannot; of two the first holds."""
    import tomllib

    top: Table = {}
    table: Table | None = top  # None: below a header that cannot be read
    broken: list[Broken] = []
    for number, line in enumerate(split(text), 1):
        if _BLANK.fullmatch(line):
            continue
        if header := _HEADER.fullmatch(line):
            inner = top.setdefault(header[1], {})
            table = inner if isinstance(inner, dict) else None
            continue
        try:
            entries = tomllib.loads(line)
        except (ValueError, RecursionError):
            entries = {}
        if line.lstrip().startswith("["):
            table, entries = None, {}
        new = {name: value for name, value in entries.items() if table is not None and name not in table}
        if table is not None:
            table |= new
        if not new:
            broken.append(Broken(number, line))
    return top, broken


def place(text: str, section: str, name: str) -> int | None:
    """Return the number of the line on which a name of a section ("": none) is given a value, None where none does."""
    here = ""
    for number, line in enumerate(split(text), 1):
        if header := _HEADER.fullmatch(line):
            here = header[1]
            if not section and here == name:
                return number
        elif found := _NAME.match(line):
            first = next(one for one in found.groups()[:3] if one is not None)
            if (here, first) in {(section, name), ("", section)} and (first == name or found[4] in (name, None)):
                return number
    return None
