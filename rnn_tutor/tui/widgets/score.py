"""How far one is with a question of several parts: a mark for each part, or for each of its elements; no colour."""

from collections.abc import Container, Iterator, Mapping, Sequence
from typing import TYPE_CHECKING

from textual.content import Content

from rnn_tutor.tui.safe_content import plain
from rnn_tutor.tui.widgets.said import SIGNS

if TYPE_CHECKING:
    from rnn_tutor.exercises.question import Part
    from rnn_tutor.exercises.verdict import Verdict

RIGHT, ROUNDED, WRONG, OPEN = SIGNS["right"], SIGNS["rounded"], SIGNS["wrong"], "."
_WORDS = ((RIGHT, "right"), (ROUNDED, "rounded too far"), (WRONG, "not yet"), (OPEN, "open"))
_VALUES = ("scalar", "vector", "matrix", "shape", "program")
_MOST = 24  # marks of one part; more are counted


def score(
    parts: Sequence["Part"],
    verdicts: Mapping[str, "Verdict"],
    ascii_only: bool,
    changed: Container[str] = (),
    for_good: Container[str] = (),
) -> Content:
    """Return the sum in words, then a row of marks for each part, then what the marks mean; nothing before a try.

    changed: the parts of which the verdict is about something else than what stands there now. for_good: those that
    are right whatever stands there.
    """
    if len(parts) < 2 or not any(verdict.verdict != "not_understood" for verdict in verdicts.values()):
        return Content()
    rows = [(part, marks(part, verdicts.get(part.name))) for part in parts]
    names = [plain(part.name, ascii_only=ascii_only) for part in parts]
    width = max(map(len, names))
    lines = [Content(_sum(rows, verdicts, for_good)).stylize("bold")]
    for name, (part, row) in zip(names, rows, strict=True):
        verdict = verdicts.get(part.name)
        note = "   (with your own earlier values)" if verdict is not None and verdict.follows else ""
        note = "   (before you changed it)" if verdict is not None and part.name in changed else note
        lines.append(Content.assemble((f"  {name.ljust(width)}  ", ""), (_row(row), "bold"), (note, "dim")))
    used = {mark for _, row in rows for line in row for mark in line}
    lines.append(
        Content("  " + "   ".join(f"{mark} {meaning}" for mark, meaning in _WORDS if mark in used)).stylize("dim")
    )
    return Content("\n").join(lines)


def marks(part: "Part", verdict: "Verdict | None") -> list[str]:
    """Return the marks of a part, row by row; one for the whole where elements would give something away."""
    if verdict is None or verdict.verdict == "not_understood":
        return [OPEN]
    if verdict.verdict == "rounded":
        return [ROUNDED]
    mark = RIGHT if verdict.verdict == "right" else WRONG
    if part.kind not in _VALUES:
        return [mark]
    if mark == RIGHT:
        return ["".join(RIGHT for _ in _flat(row)) for row in _rows(verdict.expected)]
    if verdict.elements is None:
        return [WRONG]
    return ["".join(RIGHT if is_right else WRONG for is_right in _flat(row)) for row in _rows(verdict.elements)]


def _row(row: list[str]) -> str:
    flat = "".join(row)
    if len(flat) > _MOST:
        return f"{flat.count(RIGHT)} of {len(flat)}"
    return " / ".join(" ".join(line) for line in row)


def _sum(rows: "Sequence[tuple[Part, list[str]]]", verdicts: "Mapping[str, Verdict]", for_good: Container[str]) -> str:
    """Return "2 of 3 parts, 5 of 6 elements": elements of what was answered, where there are more than parts."""
    right = sum(
        part.name in for_good or (part.name in verdicts and verdicts[part.name].verdict == "right") for part, _ in rows
    )
    flat = "".join("".join(row) for part, row in rows if part.name in verdicts and part.kind in _VALUES)
    marked = [mark for mark in flat if mark in (RIGHT, WRONG)]
    parts_right = f"{right} of {len(rows)} parts"
    return (
        f"{parts_right}, {marked.count(RIGHT)} of {len(marked)} elements"
        if len(marked) > len(verdicts)
        else parts_right
    )


def _rows(nested: object) -> list[object]:
    """Return the rows of a matrix (of more axes, of each slice); a vector is one row."""
    if isinstance(nested, list) and nested and isinstance(nested[0], list):
        return [row for slice_ in nested for row in _rows(slice_)]
    return [nested]


def _flat(row: object) -> Iterator[object]:
    yield from row if isinstance(row, list) else [row]
