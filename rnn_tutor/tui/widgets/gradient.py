"""How the answer reacts to a step, as text: dL/d(step), its heatmap, and its norm at each time step."""

from dataclasses import replace
from typing import TYPE_CHECKING

from textual.content import Content

from rnn_tutor.engine.number_text import SHOWN
from rnn_tutor.figures.characters.heatmaps import View
from rnn_tutor.figures.numbers import brief, values
from rnn_tutor.tui.safe_content import plain
from rnn_tutor.tui.widgets import picture

if TYPE_CHECKING:
    from rnn_tutor.exercises.sensitivity import Sensitivity

_BAR = 30
_GAP = 4
_MOST_ROWS = 12


def gradient(sensitivity: "Sensitivity", view: View, width: int) -> Content:
    """Return dL/d(name), seen in `view`: a number by itself, more with a heatmap, then the norms over time."""
    name = plain(sensitivity.picture.title, ascii_only=view.look.ascii_only)
    numbers = plain(values(sensitivity.picture.values, SHOWN.of(4)))
    answer = plain(sensitivity.of, ascii_only=view.look.ascii_only)
    parts = [Content(f"{name} = {numbers}").stylize("bold")]
    parts.append(Content(f"how fast {answer} grows when this value grows").stylize("dim"))
    if sensitivity.picture.values.size > 1:
        titled = replace(view, picture=replace(sensitivity.picture, title="gradient"))
        parts.append(picture.small(titled, width, _MOST_ROWS))
    if sensitivity.norms:
        parts += [Content(), *norms(sensitivity, width, view.look.ascii_only)]
    return Content("\n").join(parts)


def norms(sensitivity: "Sensitivity", width: int, ascii_only: bool) -> list[Content]:
    """Return the norm at each time step, as a number and a bar; the longest bar is the largest."""
    name = plain(sensitivity.name, ascii_only=ascii_only)
    top = max(sensitivity.norms)
    numbers = [brief(norm) for norm in sensitivity.norms]
    number_width = max(map(len, numbers))
    labels = [f"{name}[{step}]" for step in range(len(numbers))]
    label_width = max(map(len, labels))
    room = max(4, min(_BAR, width - label_width - number_width - 6))
    mark = "#" if ascii_only else "▇"
    lines = [Content(f"how large it is at each time step (the norm of d {plain(sensitivity.of)} / d {name}[t])")]
    for step, norm in enumerate(sensitivity.norms):
        bar = mark * (max(1, round(room * norm / top)) if norm > 0 else 0)
        lines.append(
            Content(f"  {labels[step].ljust(label_width)}  {numbers[step].ljust(number_width)}  {bar}".rstrip())
        )
    return lines


def beside(left: Content, right: Content, width: int) -> Content:
    """Return two texts beside each other where both fit, else the right one below."""
    left_rows, right_rows = left.split("\n"), right.split("\n")
    span = max(left_row.cell_length for left_row in left_rows) + _GAP
    if span + max(right_row.cell_length for right_row in right_rows) > width:
        return Content("\n\n").join([left, right])
    lines: list[Content] = []
    for number in range(max(len(left_rows), len(right_rows))):
        left_row = left_rows[number] if number < len(left_rows) else Content()
        right_row = right_rows[number] if number < len(right_rows) else Content()
        lines.append(Content.assemble(left_row, " " * (span - left_row.cell_length), right_row))
    return Content("\n").join(lines)
