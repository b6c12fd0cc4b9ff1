"""Figures as text and as JSON."""

from typing import Any

from rnn_tutor.engine.shapes import in_words
from rnn_tutor.exercises.mark import plain
from rnn_tutor.figures.characters import draw, heatmaps
from rnn_tutor.figures.characters.canvas import Line, text_of
from rnn_tutor.figures.chart import slices
from rnn_tutor.figures.figure import Figure, Item
from rnn_tutor.figures.heatmap import Legends, Picture, plane_count
from rnn_tutor.figures.pages import lines_for

from .output import ascii_only

_MOST_ROWS = 20
_MOST_SLICES = 2
_WIDTH = 74  # of a heatmap, which stands indented
_LINES = 14
_ROWS = 60


def figure_lines(figure: Figure, width: int, *, plainly: bool | None = None) -> list[str]:
    """Return a figure as lines of text, without colours. plainly: in ASCII; None: where stdout cannot carry more."""
    in_ascii = ascii_only() if plainly is None else plainly
    if figure.kind != "heatmap":
        return text_of(draw(figure, width, lines_for(figure, _ROWS, _LINES, lying=_LINES), ascii_only=in_ascii))
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
    look = heatmaps.Look("ascii" if in_ascii else "blocks", in_ascii)
    lines: list[Line] = []
    drawn_slices, left_out = slices(plane_count(picture.values) if picture.values.size else 0, _MOST_SLICES)
    if not drawn_slices:
        return ["empty"]
    for index in range(drawn_slices):
        view = heatmaps.View(picture, look, 0, index)
        numbered = heatmaps.legible(view, _WIDTH, _MOST_ROWS + 1)
        view = numbered if numbered.numbered else heatmaps.fitted(view, _WIDTH)
        lines += [heatmaps.title(view)] if view.plane.at else []
        lines += heatmaps.below(view, _WIDTH, _MOST_ROWS)
    if not view.numbered:
        lines.append(heatmaps.scale_of(view, _WIDTH, legends or Legends()))
    return [*text_of(lines), *([left_out] if left_out else [])]


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
