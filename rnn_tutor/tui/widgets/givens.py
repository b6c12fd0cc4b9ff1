"""The givens of a question as text: name, meaning, shape, and the numbers."""

from collections.abc import Callable, Collection
from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING

from textual.content import Content

from rnn_tutor.figures import numbers
from rnn_tutor.figures.words import shape_with_axes
from rnn_tutor.tui.safe_content import plain

if TYPE_CHECKING:
    import numpy as np

    from rnn_tutor.exercises.question import Question

_GAP = 3
_INDENT = 4
_ROWS = 12
_DECIMALS = 3


@dataclass(frozen=True)
class _Entry:
    """A given: `numbers` lays its values out in the room that is left for them."""

    name: str
    means: str
    shape: str
    numbers: Callable[[int], list[str]]


def givens(question: "Question", width: int, ascii_only: bool, pictured: Collection[str] = (), *, look: str) -> Content:
    """Return all givens: side by side where that fits, else in one table, else with the numbers below the names.

    pictured: those whose numbers are in a picture, and are left out here. look: the key that shows what has more than
    two axes.
    """
    entries = _entries(question, ascii_only, pictured, look)
    if not entries:
        return Content()
    room = 10_000  # room enough for each in one line: does that fit?
    half = (len(entries) + 1) // 2
    if len(entries) > 2:
        left, right = _table(entries[:half], room), _table(entries[half:], room)
        span = max(line.cell_length for line in left) + _GAP
        if span + max(line.cell_length for line in right) <= width:
            return _beside(left, right, span)
    lines = _table(entries, room)
    if any(line.cell_length > width for line in lines):
        lines = _stacked(entries, width)
    return Content("\n").join(lines)


def _entries(question: "Question", ascii_only: bool, pictured: Collection[str], look: str) -> list[_Entry]:
    entries: list[_Entry] = []
    places, width = _common(question, pictured)
    for name in question.told:
        given = question.exercise.given[name]
        values = question.givens.get(name)
        axes = [plain(axis, ascii_only=ascii_only) for axis in given.axes]
        if values is None or isinstance(values, tuple):
            shape, lines = plain(given.shape or "", ascii_only=ascii_only), partial(_words, "")
        elif values.ndim > 2:
            shape, lines = _shape(values.shape, axes), partial(_words, f"{look} shows them")
        else:
            shape = _shape(values.shape, axes if values.ndim > 1 else [])
            columns = (places, width) if values.ndim == 1 else (None, 0)
            lines = partial(_words, "") if name in pictured else partial(_grid, values, columns)
        means = plain(given.means, ascii_only=ascii_only)
        entries.append(_Entry(plain(name, ascii_only=ascii_only), means, shape, lines))
    return entries


def _shape(sizes: tuple[int, ...], axes: list[str]) -> str:
    return shape_with_axes(sizes, axes) if sizes else ""


def _words(words: str, _room: int) -> list[str]:
    return [words]


def _grid(values: "np.ndarray", columns: tuple[int | None, int], room: int) -> list[str]:
    return numbers.grid(values, room, _ROWS, *columns) or [""]


def _common(question: "Question", pictured: Collection[str]) -> tuple[int | None, int]:
    """Return decimals and width for all vectors, so that they stand in columns (None, 0: too different for that)."""
    visible = [question.givens[name] for name in question.told if name not in pictured]
    arrays = [value for value in visible if not isinstance(value, tuple)]
    values = [float(element) for array in arrays if array.ndim == 1 for element in array[:_ROWS]]
    places = numbers.decimals(values) if values else None
    if places is None or places > _DECIMALS:
        return None, 0
    return places, max(len(numbers.fixed(value, places)) for value in values)


def _table(entries: list[_Entry], room: int) -> list[Content]:
    """Return entries with names, meanings, shapes and numbers each in a column."""
    name = max(len(entry.name) for entry in entries)
    means = max(len(entry.means) for entry in entries)
    shape = max(len(entry.shape) for entry in entries)
    lines: list[Content] = []
    for entry in entries:
        head = Content.assemble(
            (entry.name.ljust(name), "bold"),
            ("  " + entry.means.ljust(means) + "  " + entry.shape.ljust(shape), "dim"),
            "  " if shape else "",
        )
        lines += _headed(head, entry.numbers(room))
    return lines


def _headed(head: Content, lines: list[str]) -> list[Content]:
    return [
        Content.assemble(head if number == 0 else " " * head.cell_length, line) for number, line in enumerate(lines)
    ]


def _stacked(entries: list[_Entry], width: int) -> list[Content]:
    """Return entries each by itself: the numbers behind its name if they fit there, else below."""
    lines: list[Content] = []
    for entry in entries:
        head = Content.assemble((entry.name, "bold"), (f"  {entry.means}  {entry.shape}", "dim"))
        inline = entry.numbers(10_000)
        if len(inline) == 1 and head.cell_length + 3 + len(inline[0]) <= width:
            lines.append(Content.assemble(head, "   ", inline[0]))
        else:
            lines += [*head.wrap(width), *(Content(" " * _INDENT + line) for line in entry.numbers(width - _INDENT))]
    return lines


def _beside(left: list[Content], right: list[Content], span: int) -> Content:
    rows: list[Content] = []
    for number in range(max(len(left), len(right))):
        left_line = left[number] if number < len(left) else Content()
        right_line = right[number] if number < len(right) else Content()
        rows.append(Content.assemble(left_line, " " * (span - left_line.cell_length), right_line))
    return Content("\n").join(rows)
