"""Long lists of exercises in a course file: lines that are plainly an entry are read at once, not event by event.

`- {id: lstm-cell, title: The cell update, level: 1}`, with nothing in it that YAML could read in another way. A run of
such lines becomes one item that stands for them, so that a course of 10,000 exercises opens like one of ten.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass

_LEAST = 20  # lines; a shorter run is read as anything else is
_WORDS = r"[A-Za-z][A-Za-z0-9.()'-]*(?: [A-Za-z0-9.()'-]+)*"
_ENTRY = rf"- \{{id: ([a-z][a-z0-9-]*), title: ({_WORDS}), level: ([123])\}}"
_LINE = re.compile(_ENTRY)
_RUN = re.compile(rf"^( *){_ENTRY}\n(?:\1{_ENTRY}\n){{{_LEAST - 1},}}", re.MULTILINE)
EVENTS = 8  # that a parser gives for an entry


@dataclass(frozen=True, slots=True)
class Runs:
    """A text with its runs taken out (its lines stay where they were), and what each item in it stands for."""

    text: str
    taken: dict[str, Sequence[dict[str, str]]]


def take(text: str) -> Runs:
    """Return a text without its runs of plain entries."""
    taken: dict[str, Sequence[dict[str, str]]] = {}
    mark = "run"
    while mark in text:
        mark += "-x"

    def stand_in(run: re.Match[str]) -> str:
        plain_entries = [{"id": name, "title": title, "level": level} for name, title, level in _LINE.findall(run[0])]
        item = f"{mark}-{len(taken)}"
        taken[item] = plain_entries
        return f"{run[1]}- {item}" + "\n" * len(plain_entries)

    return Runs(_RUN.sub(stand_in, text), taken)
