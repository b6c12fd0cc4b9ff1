"""How the answer reacts to a step, as text: dL/d(step), its heatmap, and its norm at each time step."""

from dataclasses import replace
from typing import TYPE_CHECKING

from textual.content import Content

from rnn_tutor.figures.characters.heatmaps import View
from rnn_tutor.figures.numbers import brief, values
from rnn_tutor.tui.safe_content import plain
from rnn_tutor.tui.widgets import picture

if TYPE_CHECKING:
    from rnn_tutor.exercises.sensitivity import Sensitivity

_BAR = 30
_GAP = 4
_MOST_ROWS = 12


def gradient(found: "Sensitivity", view: View, width: int) -> Content:
    """Return dL/d(name), seen in `view`: a number by itself, more with a heatmap, then the norms over time."""
    name = plain(found.picture.title, ascii_only=view.look.ascii_only)
    numbers = plain(values(found.picture.values))
    of = plain(found.of, ascii_only=view.look.ascii_only)
    parts = [Content(f"{name} = {numbers}").stylize("bold")]
    parts.append(Content(f"how much {of} grows for a little more of it").stylize("dim"))
    if found.picture.values.size > 1:
        titled = replace(view, picture=replace(found.picture, title="gradient"))
        parts.append(picture.small(titled, width, _MOST_ROWS))
    if found.norms:
        parts += [Content(), *norms(found, width, view.look.ascii_only)]
    return Content("\n").join(parts)


def norms(found: "Sensitivity", width: int, ascii_only: bool) -> list[Content]:
    """Return the norm at each time step, as a number and a bar; the longest bar is the largest."""
    name = plain(found.name, ascii_only=ascii_only)
    top = max(found.norms)
    numbers = [brief(norm) for norm in found.norms]
    wide = max(map(len, numbers))
    labels = [f"{name}[{step}]" for step in range(len(numbers))]
    label = max(map(len, labels))
    room = max(4, min(_BAR, width - label - wide - 6))
    mark = "#" if ascii_only else "▇"
    lines = [Content(f"how large it is at each time step (the norm of d {plain(found.of)} / d {name}[t])")]
    for step, norm in enumerate(found.norms):
        bar = mark * (max(1, round(room * norm / top)) if norm > 0 else 0)
        lines.append(Content(f"  {labels[step].ljust(label)}  {numbers[step].ljust(wide)}  {bar}".rstrip()))
    return lines


def beside(left: Content, right: Content, width: int) -> Content:
    """Return two texts beside each other where both fit, else the right one below."""
    rows, others = left.split("\n"), right.split("\n")
    span = max(row.cell_length for row in rows) + _GAP
    if span + max(row.cell_length for row in others) > width:
        return Content("\n\n").join([left, right])
    lines: list[Content] = []
    for at in range(max(len(rows), len(others))):
        row = rows[at] if at < len(rows) else Content()
        other = others[at] if at < len(others) else Content()
        lines.append(Content.assemble(row, " " * (span - row.cell_length), other))
    return Content("\n").join(lines)
