"""The pictures of a report: SVG elements that take their colours from the page, so that they suit light and dark.

Each cell of the grid has a sign as well, so that no colour is needed.
"""

from collections.abc import Sequence
from xml.etree import ElementTree as Tree  # it writes here; nothing is read with it

from rnn_tutor.figures.svg.sketch import number, width_of
from rnn_tutor.printable import plain
from rnn_tutor.progress.class_report import Cell
from rnn_tutor.tui.watching import words

KEY = (
    "* solved, (*) solved with the solution read, L solved late, ! stuck, a number: parts that are right so far, "
    "empty: not begun."
)
_CELL = 24.0
_ROW = 17.0
_SIZE = 11.0
_MOST_NAME = 150.0


def bar(share: float, label: str) -> Tree.Element:
    """Return a bar that is so much of the width long."""
    svg = _svg(100, 10, label, "bar")
    svg.set("preserveAspectRatio", "none")
    _rect(svg, (0, 0), (100, 10), "")
    _rect(svg, (0, 0), (100 * min(1.0, max(0.0, share)), 10), "solved")
    return svg


def grid(rows: Sequence[tuple[str, Sequence[Cell | None]]], columns: Sequence[str], label: str) -> Tree.Element:
    """Return learners against exercises. rows: the learner, and a cell for each column."""
    left = min(_MOST_NAME, max((width_of(name, _SIZE) for name, _ in rows), default=0.0)) + 8
    cell = max(_CELL, *(width_of(name, _SIZE) + 6 for name in columns))
    width, height = left + cell * len(columns) + 1, _ROW * (len(rows) + 1) + 1
    svg = _svg(width, height, label, "grid")
    svg.set("width", number(width))
    svg.set("height", number(height))
    for at, name in enumerate(columns):
        _text(svg, (left + (at + 0.5) * cell, _ROW - 5), name, "quiet")
    for at, (name, cells) in enumerate(rows):
        y = _ROW * (at + 1)
        _text(svg, (left - 6, y + 12.5), _cut(name), "", "end")
        for place, one in enumerate(cells):
            state = words.state_of(one)
            kind = "" if state == words.NOT_BEGUN else state
            _rect(svg, (left + place * cell, y), (cell, _ROW), kind)
            _text(svg, (left + (place + 0.5) * cell, y + 12.5), sign(one), kind)
    return svg


def sign(cell: Cell | None) -> str:
    """Return what stands in a cell."""
    if cell is None or not cell.state:
        return ""
    if cell.state == "solved":
        return "L" if cell.late else "(*)" if cell.looked_up else "*"
    return "!" if cell.state == "stuck" else str(cell.right)


def _cut(name: str) -> str:
    shown = plain(name)
    while width_of(shown, _SIZE) > _MOST_NAME:
        shown = shown.removesuffix("..")[:-1] + ".."
    return shown


def _svg(width: float, height: float, label: str, kind: str) -> Tree.Element:
    box = f"0 0 {number(width)} {number(height)}"
    svg = Tree.Element("svg", {"class": kind, "viewBox": box, "role": "img", "aria-label": plain(label)})
    Tree.SubElement(svg, "title").text = plain(label)
    return svg


def _rect(svg: Tree.Element, at: tuple[float, float], size: tuple[float, float], kind: str) -> None:
    place = {"x": number(at[0]), "y": number(at[1]), "width": number(size[0]), "height": number(size[1])}
    Tree.SubElement(svg, "rect", place | ({"class": kind} if kind else {}))


def _text(svg: Tree.Element, at: tuple[float, float], text: str, kind: str, anchor: str = "middle") -> None:
    if text:
        place = {"x": number(at[0]), "y": number(at[1]), "text-anchor": anchor}
        Tree.SubElement(svg, "text", place | ({"class": kind} if kind else {})).text = plain(text)
