"""An opened cell as text: its arithmetic, folded, and the cells that it was made of."""

from typing import TYPE_CHECKING

from textual.content import Content

from rnn_tutor.exercises.worked_words import folded
from rnn_tutor.figures.numbers import fixed
from rnn_tutor.tui.safe_content import plain

if TYPE_CHECKING:
    from rnn_tutor.exercises.trace import Trace

_MOST_NAME = 24
_FOLDED = 4  # by how much folding indents what it breaks off


def opened(trace: "Trace", path: list[str], width: int, ascii_only: bool) -> list[Content]:
    """Return the way to this cell (if it is not the first) and its arithmetic, one line of the screen each."""
    lines: list[Content] = []
    if len(path) > 1:
        way = plain("  <  ".join(reversed(path)), ascii_only=ascii_only)
        lines += [*(row.stylize("dim") for row in Content(way).wrap(width)), Content()]
    for number, line in enumerate(trace.lines):
        rows = _arithmetic(trace.name, plain(line, ascii_only=ascii_only), width, first=number == 0)
        last = number == len(trace.lines) - 1 and number > 0 and line.startswith("=")
        lines += [row.stylize("bold ansi_cyan") if last else row for row in rows]
    return lines


def _arithmetic(name: str, line: str, width: int, first: bool) -> list[Content]:
    """Return a line folded where a term begins; what follows the first stands with its = under the one above."""
    indent = len(name) + 1 if len(name) <= _MOST_NAME else 2
    under = indent + 2  # where the terms begin
    room = width - max(0, under - _FOLDED)
    if line.startswith("= ") and not first:
        rows = folded(f"{'x' * (indent - 1)} {line}", room)
        rows[0] = " " * indent + rows[0][indent:]
    else:
        rows = folded(line, room)
    rows = [rows[0], *(" " * under + row.strip() for row in rows[1:])]
    # What has no place to be folded at is wrapped where it has to be.
    return [piece for row in rows for piece in _wrapped(row, width)]


def _wrapped(row: str, width: int) -> list[Content]:
    return [Content(row)] if len(row) <= width else list(Content(row).wrap(width))


def sources(trace: "Trace", chosen: int, width: int, ascii_only: bool) -> list[Content]:
    """Return the cells that it was made of, the chosen one marked; what they are is cut to one line each."""
    if not trace.sources:
        return []
    names = [plain(source.name, ascii_only=ascii_only) for source in trace.sources]
    values = [fixed(source.value, None) for source in trace.sources]
    name, value = max(map(len, names)), max(map(len, values))
    lines = [Content(), Content("made of")]
    for number, source in enumerate(trace.sources):
        is_chosen = number == chosen
        means = plain(source.means, ascii_only=ascii_only)
        row = Content.assemble(
            "> " if is_chosen else "  ",
            (names[number].ljust(name), "bold" if is_chosen else ""),
            f"   {values[number].rjust(value)}   ",
            (means, "dim"),
        )
        lines.append(row.truncate(width, ellipsis=False))
    return lines
