"""What a lab shows: as many of its figures as there is room for, beginning with the one that is chosen.

A figure is a page: of several heatmaps each is one. Numbers that stand alone are always there, on the last lines.
"""

from collections.abc import Callable, Iterator, Sequence
from typing import TYPE_CHECKING

from textual.content import Content
from textual.strip import Strip
from textual.widget import Widget
from typing_extensions import override

from rnn_tutor.figures.characters import heatmaps
from rnn_tutor.figures.characters.canvas import PLAIN
from rnn_tutor.figures.heatmap import Legends
from rnn_tutor.figures.numbers import decimals, one
from rnn_tutor.tui.safe_content import plain
from rnn_tutor.tui.widgets import picture
from rnn_tutor.tui.widgets.figure import content

if TYPE_CHECKING:
    from rnn_tutor.figures.figure import Figure
    from rnn_tutor.tui.terminal.capabilities import Drawn, Terminal

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
        self._known: tuple[object, ...] = ()
        self._strips: list[Strip] = []

    def show(self, figures: "Sequence[Figure]", first: int) -> None:
        """Show figures, as far as they fit, from the page `first` on, round."""
        self._figures, self._first = figures, first
        self._known = ()
        self.refresh()

    @override
    def render_line(self, y: int) -> Strip:
        """Return a line of what fits.

        Lines are made of their pieces here: by way of `render` a key would take twice as long.
        """
        known = (self.size, self.visual_style, self._drawn())
        if known != self._known:
            self._known, self._strips = known, self._all()
        return self._strips[y] if y < len(self._strips) else Strip.blank(self.size.width, self.visual_style.rich_style)

    def _all(self) -> list[Strip]:
        width, height = self.size.width, self.size.height
        if width < 1 or height < 1 or not self._figures:
            return []
        below = readout([one for one in self._figures if is_readout(one)], width, self._terminal.ascii_only)
        left = max(1, height - len(below))
        every = pages(self._figures)
        turned = [every[(self._first + at) % len(every)] for at in range(len(every))]
        strips: list[Strip] = []
        legends = Legends()
        for figure, rows in shares(turned, left):
            strips += [self._strip(Content())] if strips else []
            strips += (
                self._heat(figure, width, rows, legends)
                if figure.kind == "heatmap"
                else self._other(figure, width, rows)
            )
        strips = strips[:left]
        strips += [self._strip(Content())] if below and len(strips) < left else []
        return [*strips, *map(self._strip, below)][:height]

    def _strip(self, line: Content) -> Strip:
        return Strip(line.render_segments(self.visual_style), line.cell_length)

    def _other(self, figure: "Figure", width: int, height: int) -> list[Strip]:
        return [self._strip(line) for line in content(figure, width, height, self._terminal, self._drawn()).split("\n")]

    def _heat(self, figure: "Figure", width: int, height: int, legends: "Legends") -> list[Strip]:
        view = picture.view_of(figure.items[0].picture, self._terminal, self._drawn())
        numbered = heatmaps.legible(view, width, height - _AROUND + 1)
        view = numbered if numbered.numbered else heatmaps.fitted(view, width)
        head = heatmaps.title(view)
        if 0 in view.size:
            return [self._strip(picture.content(view.look, head)), self._strip(Content("nothing in it"))]
        there = heatmaps.seen(view, width, height - _AROUND + 1)
        head += [(f"   {there.note}" if there.note else "", PLAIN)]
        if not view.numbered:
            scale = heatmaps.scale_of(view, width, legends)
            fits = heatmaps.length(head) + 3 + heatmaps.length(scale) <= width
            head += [("   ", PLAIN), *(scale if fits else heatmaps.ends(view))]
        names = heatmaps.column_names(view, range(there.columns), None)
        above = [self._strip(picture.content(view.look, line).truncate(width)) for line in (head, names)]
        marks = heatmaps.marks(view, range(there.rows), range(there.columns))
        return [*above, *(picture.strip(view.look, line, self.visual_style) for line in marks)]


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
