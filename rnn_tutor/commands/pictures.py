"""Figures as text and as JSON."""

from typing import Any

from rnn_tutor.engine.functions import in_words
from rnn_tutor.exercises.mark import plain
from rnn_tutor.figures.characters import draw
from rnn_tutor.figures.characters.canvas import text_of
from rnn_tutor.figures.chart import bar_chart
from rnn_tutor.figures.figure import Figure, Item
from rnn_tutor.figures.heatmap import (
    Legends,
    Picture,
    Plane,
    Style,
    axis_name,
    legend,
    marks,
    names,
    plane,
    plane_count,
    printed,
)

from .output import ascii_only

MAX_MARKS = 20
MAX_PLANES = 2
_LINES = 14
_ROWS = 60


def figure_lines(figure: Figure, width: int, *, plainly: bool | None = None) -> list[str]:
    """Return a figure as lines of text, without colours. plainly: in ASCII; None: where stdout cannot carry more."""
    in_ascii = ascii_only() if plainly is None else plainly
    if figure.kind != "heatmap":
        named = figure.kind == "bars" and bar_chart(figure).named  # then each has a line, and none loses its name
        height = _ROWS if named or figure.kind == "table" else _LINES
        return text_of(draw(figure, width, height, ascii_only=in_ascii))
    lines = [figure.title] if figure.title else []
    legends = Legends()
    for item in figure.items:
        shape = f"  {in_words(item.values.shape)}" if item.values.ndim else ""
        drawn = heatmap_lines(item.picture, plainly=in_ascii, legends=legends)
        lines += [f"{item.name}{shape}", *(f"  {line}" for line in drawn)]
    return lines


def heatmap_lines(picture: Picture, *, plainly: bool | None = None, legends: Legends | None = None) -> list[str]:
    """Return an array as lines with the names of its rows and columns: its numbers, or signed marks and their legend.

    Of large ones only the beginning, which is said. legends: those of the pictures above it.
    """
    in_ascii = ascii_only() if plainly is None else plainly
    style: Style = "ascii" if in_ascii else "blocks"
    if not picture.values.size:
        return ["nothing in it"]
    count = plane_count(picture.values)
    lines: list[str] = []
    numbered = True
    for index in range(min(count, MAX_PLANES)):
        shown = plane(picture.values, 0, index)
        cells = printed(shown.values)
        numbered = numbered and cells is not None
        if cells is None:
            window = shown.values[:MAX_MARKS, :MAX_MARKS]
            cells = marks(window, style, picture.span.top, signed=picture.span.signed)
        if shown.at:
            lines.append(", ".join(f"{axis_name(picture, axis)} {at}" for axis, at in shown.at))
        lines += _named(picture, shown, cells)
    if not numbered:
        lines.append(_legend(picture, style, legends or Legends()))
    rows, columns = plane(picture.values).values.shape
    if not numbered and max(rows, columns) > MAX_MARKS:
        seen = min(rows, MAX_MARKS), min(columns, MAX_MARKS)
        lines.append(f"the first {seen[0]} of {rows} rows, {seen[1]} of {columns} columns")
    if count > MAX_PLANES:
        lines.append(f"the first {MAX_PLANES} of {count} slices")
    return lines


def _named(picture: Picture, shown: Plane, cells: list[list[str]]) -> list[str]:
    """Return cells with the names of their rows before them and, where they have any, those of their columns above."""
    rows = names(picture, shown, False, range(len(cells)))
    columns = names(picture, shown, True, range(len(cells[0])))
    wide = max(len(row) for row in rows)
    cell = max(map(len, [*columns, *cells[0]])) if picture.columns else len(cells[0][0])
    head = [f"{'':<{wide}}  {' '.join(column.rjust(cell) for column in columns)}"] if picture.columns else []
    return head + [
        f"{row:<{wide}}  {' '.join(one.rjust(cell) for one in line)}" for row, line in zip(rows, cells, strict=True)
    ]


def _legend(picture: Picture, style: Style, legends: Legends) -> str:
    first = legends.earlier(picture)
    if first:
        return f"on the scale of {first}"
    entries = legend(picture.values, style, on=picture.span)
    odd = [entry for entry in entries if entry.says.endswith(("number", "infinite"))]
    steps = [entry for entry in entries if entry not in odd]
    if len(steps) < 2:
        said = [f"{steps[0].text.strip()} everything is 0"]
    else:
        said = [f"{steps[0].says} {' '.join(entry.text.strip() for entry in steps)} {steps[-1].says}"]
    return "   ".join([*said, *(f"{entry.text} {entry.says}" for entry in odd)])


def figure_json(figure: Figure) -> dict[str, Any]:
    """Return a figure as data: its kind and its numbers."""
    return {
        "kind": figure.kind,
        "title": figure.title,
        "items": [_item(item) for item in figure.items],
        "x": None if figure.x is None else _item(figure.x),
        "y": None if figure.y is None else _item(figure.y),
        "level": None if figure.level is None else _item(figure.level),
        "log": figure.log,
    }


def _item(item: Item) -> dict[str, Any]:
    return {"name": item.name, "axes": list(item.axes), "value": plain(item.values)}
