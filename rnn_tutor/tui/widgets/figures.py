"""What a lab shows: as many of its figures as there is room for, beginning with the one that is chosen.

A figure is a page: of several heatmaps each is one. Numbers that stand alone are always there, on the last lines.
"""

from collections.abc import Callable, Iterator, Sequence
from typing import TYPE_CHECKING

from textual.content import Content
from textual.widget import Widget

from rnn_tutor.tui.numbers import decimals, one
from rnn_tutor.tui.showable import plain
from rnn_tutor.tui.widgets import picture
from rnn_tutor.tui.widgets.figure import content

if TYPE_CHECKING:
    from rnn_tutor.exercises.figure import Figure
    from rnn_tutor.tui.terminal import Drawn, Terminal

_LINES = 8, 18  # the least and the most lines of a plot
_AROUND = 2  # lines of a heatmap besides its rows: its name with the scale, and the names of the columns
_MOST_BARS = 12  # bars that lie, each on a line
_DIGITS = 4


class Figures(Widget):
    """Figures one below the other."""

    def __init__(self, terminal: "Terminal", drawn: "Callable[[], Drawn]", id: str) -> None:
        super().__init__(id=id)
        self._terminal = terminal
        self._drawn = drawn
        self._figures: Sequence[Figure] = ()
        self._first = 0

    def show(self, figures: "Sequence[Figure]", first: int) -> None:
        """Show figures, as far as they fit, from the page `first` on, round."""
        self._figures, self._first = figures, first
        self.refresh()

    def render(self) -> Content:
        """Return what fits."""
        width, height = self.size.width, self.size.height
        if width < 1 or height < 1:
            return Content()
        below = readout([one for one in self._figures if is_readout(one)], width, self._terminal.ascii_only)
        left = max(1, height - len(below))
        every = pages(self._figures)
        turned = [every[(self._first + at) % len(every)] for at in range(len(every))]
        lines: list[Content] = []
        for figure, rows in shares(turned, left):
            found = self._drawn_in(figure, width, rows)
            lines += [Content(), *found] if lines else found
        lines = lines[:left]
        if below and len(lines) < left:
            lines.append(Content())
        return Content("\n").join([*lines, *below][:height])

    def _drawn_in(self, figure: "Figure", width: int, height: int) -> list[Content]:
        if figure.kind != "heatmap":
            return content(figure, width, height, self._terminal, self._drawn()).split("\n")
        view = picture.fitted(picture.View(figure.items[0].picture, self._terminal, self._drawn()), width)
        rows, columns = view.size
        if not rows or not columns:
            return [picture.title(view), Content("nothing in it")]
        head = picture.title(view)
        scale = picture.legend(view, width)
        if head.cell_length + 3 + scale.cell_length <= width:
            head = Content.assemble(head, "   ", scale)
        seen = range(min(rows, max(1, height - _AROUND))), range(min(columns, picture.room(view, width, 1)[1]))
        lines = [head, *picture.body(view, *seen)]
        if (len(seen[0]), len(seen[1])) != (rows, columns):
            lines[0] = Content.assemble(picture.title(view), f"   the first {len(seen[0])} x {len(seen[1])}")
        return [line.truncate(width) for line in lines]


def is_readout(figure: "Figure") -> bool:
    """Tell whether a figure is a table of numbers that stand alone."""
    return figure.kind == "table" and all(item.values.ndim == 0 for item in figure.items)


def pages(figures: "Sequence[Figure]") -> "list[Figure]":
    """Return what one turns through: figures, of several heatmaps each; what is read out is none of them."""
    return [page for figure in figures if not is_readout(figure) for page in figure.pages]


def shares(turned: "Sequence[Figure]", height: int) -> "list[tuple[Figure, int]]":
    """Return the figures that fit into a height, a line between two, and the lines that each gets; one at least."""
    taken: list[tuple[Figure, int, int]] = []
    used = 0
    for figure in turned:
        least, most = lines_of(figure)
        if taken and used + 1 + least > height:
            break
        taken.append((figure, least, most))
        used += least + (1 if len(taken) > 1 else 0)
    spare = max(0, height - used)
    found: list[tuple[Figure, int]] = []
    for at, (figure, least, most) in enumerate(taken):
        more = min(most - least, spare // sum(other[2] > other[1] for other in taken[at:]) if most > least else 0)
        spare -= more
        found.append((figure, min(least + more, height)))
    return found


def lines_of(figure: "Figure") -> tuple[int, int]:
    """Return how many lines a figure needs, and how many it can make use of."""
    if figure.kind == "heatmap":
        values = figure.items[0].values
        rows = _AROUND + (values.shape[-2] if values.ndim > 1 else 1)
        return rows, rows
    if figure.kind == "bars":
        count = sum(len(series.values) for series in figure.series)
        if count <= _MOST_BARS:
            return count + 1, count + 1
    if figure.kind == "table":
        rows = 2 + max(len(item.values) if item.values.ndim else 1 for item in figure.items)
        return min(rows, _LINES[0]), rows
    return _LINES


def readout(figures: "Sequence[Figure]", width: int, ascii_only: bool) -> list[Content]:
    """Return numbers that stand alone, with their names, side by side as far as they fit."""
    lines: list[Content] = []
    for part in _numbers(figures, ascii_only):
        if lines and lines[-1].cell_length + 3 + part.cell_length <= width:
            lines[-1] = Content.assemble(lines[-1], "   ", part)
        else:
            lines.append(part)
    return [line.truncate(width) for line in lines]


def _numbers(figures: "Sequence[Figure]", ascii_only: bool) -> Iterator[Content]:
    for figure in figures:
        for item in figure.items:
            value = float(f"{float(item.values):.{_DIGITS}g}")
            yield Content.assemble(
                plain(item.name, ascii_only=ascii_only), " ", (one(value, decimals([value])), "bold")
            )
