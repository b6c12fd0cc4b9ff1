"""Figures as text and as JSON."""

from typing import Any

from rnn_tutor.engine.functions import in_words
from rnn_tutor.engine.heatmap import Picture, marks, names, plane, plane_count, scale
from rnn_tutor.exercises.figure import Figure, Item
from rnn_tutor.exercises.mark import plain
from rnn_tutor.tui.plots import draw, text_of
from rnn_tutor.tui.tables import table

from .output import ascii_only

MAX_MARKS = 16
_LINES = 14
_ROWS = 60


def figure_lines(figure: Figure, width: int, *, plainly: bool | None = None) -> list[str]:
    """Return a figure as lines of text, without colours. plainly: in ASCII; None: where stdout cannot carry more."""
    in_ascii = ascii_only() if plainly is None else plainly
    if figure.kind == "table":
        return text_of(table(figure, width, _ROWS, ascii_only=in_ascii))
    if figure.kind != "heatmap":
        return text_of(draw(figure, width, _LINES, ascii_only=in_ascii))
    lines = [figure.title] if figure.title else []
    for item in figure.items:
        shape = f"  {in_words(item.values.shape)}" if item.values.ndim else ""
        lines += [f"{item.name}{shape}", *(f"  {line}" for line in heatmap_lines(item.picture, plainly=in_ascii))]
    return lines


def heatmap_lines(picture: Picture, *, plainly: bool | None = None) -> list[str]:
    """Return an array as lines of signed marks with the names of its rows; large ones only at their beginning."""
    in_ascii = ascii_only() if plainly is None else plainly
    style = "ascii" if in_ascii else "blocks"
    lines: list[str] = []
    for index in range(min(plane_count(picture.values), 2)):
        shown = plane(picture.values, 0, index)
        window = shown.values[:MAX_MARKS, :MAX_MARKS]
        rows = names(picture, shown, False, range(window.shape[0]))
        wide = max((len(row) for row in rows), default=0)
        found = marks(window, style, scale(picture.values))  # type: ignore[arg-type]
        lines += [f"{row:<{wide}}  {' '.join(cells)}" for row, cells in zip(rows, found, strict=True)]
    cut = max(picture.values.shape, default=1) > MAX_MARKS or plane_count(picture.values) > 2
    return [*lines, f"... of {in_words(picture.values.shape)}"] if cut else lines


def figure_json(figure: Figure) -> dict[str, Any]:
    """Return a figure as data: its kind and its numbers."""
    return {
        "kind": figure.kind,
        "title": figure.title,
        "items": [_item(item) for item in figure.items],
        "x": None if figure.x is None else _item(figure.x),
        "level": None if figure.level is None else _item(figure.level),
        "log": figure.log,
    }


def _item(item: Item) -> dict[str, Any]:
    return {"name": item.name, "axes": list(item.axes), "value": plain(item.values)}
