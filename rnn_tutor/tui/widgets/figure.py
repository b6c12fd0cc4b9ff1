"""Figures on a screen: one that fills its place, and those of a lab, as many as there is room for.

Numbers of a lab that stand alone are always there, on the last lines.
"""

from collections.abc import Callable, Iterator, Sequence
from functools import lru_cache
from itertools import zip_longest
from typing import TYPE_CHECKING

from textual.content import Content
from textual.geometry import Size
from textual.reactive import reactive
from textual.strip import Strip
from textual.style import Style
from textual.widget import Widget
from typing_extensions import override

from rnn_tutor.engine.number_text import SHOWN
from rnn_tutor.figures.characters import draw, heatmaps
from rnn_tutor.figures.characters.canvas import PLAIN
from rnn_tutor.figures.chart import MOST_SERIES, bar_chart
from rnn_tutor.figures.heatmap import Legends
from rnn_tutor.figures.numbers import read_out
from rnn_tutor.figures.pages import GAP, is_readout, packed, pages
from rnn_tutor.tui.safe_content import plain, showable
from rnn_tutor.tui.terminal.capabilities import Drawn, Terminal
from rnn_tutor.tui.widgets import picture

if TYPE_CHECKING:
    from rnn_tutor.figures.characters.canvas import Line
    from rnn_tutor.figures.figure import Figure

MOST_TABLE = 2_000  # lines of a table that is scrolled
_COLOURS = ("cyan", "magenta", "green", "red", "yellow", "blue", "bright_cyan", "bright_magenta")
_OWN = {-1: Style(), -2: Style(dim=True), -3: Style(bold=True)}  # the inks that are no series
_HEAD = 1  # lines of a heatmap above the names of its columns


def content(figure: "Figure", width: int, height: int, terminal: Terminal, drawn: Drawn) -> Content:
    """Return a figure as content of at most `height` lines, none wider than `width`.

    drawn: the marks that were chosen; `ascii` draws with ASCII on any terminal. Colours are the terminal's own, and say
    nothing that the marks do not say.
    """
    if figure.kind == "heatmap":
        look = picture.look_of(terminal, drawn)
        return picture.contents(look, heatmaps.heatmaps(figure, look, width, height), width)
    ascii_only = terminal.ascii_only or drawn == "ascii"
    if figure.kind == "table":
        ascii_only = terminal.ascii_only
    return inked(draw(figure, width, height, ascii_only=ascii_only), terminal)


def inked(lines: "list[Line]", terminal: Terminal) -> Content:
    """Return drawn lines with their inks as styles."""
    contents = [Content.assemble(*((text, _ink(ink, terminal.colours)) for text, ink in line)) for line in lines]
    return Content("\n").join(contents)


@lru_cache(64)
def _ink(ink: int, colours: int) -> Style:
    if ink < 0:
        return _OWN[ink]
    return Style.parse(f"ansi_{_COLOURS[ink % len(_COLOURS)]}") if colours >= 16 else Style()


class FigureView(Widget):
    """Shows `figure`, which can be set as often as wanted: nothing but this widget is drawn anew.

    It fills the size that its styles give it; with `height: auto` it takes as many lines as the figure has, `most` at
    the most (None: as many as its container has; a table then all of its rows). `drawn` gives the marks that are chosen
    now; call `refresh(layout=True)` when they were changed.
    """

    DEFAULT_CSS = "FigureView { width: 1fr; height: 1fr; }"

    figure: "reactive[Figure | None]" = reactive(None)

    def __init__(
        self,
        terminal: Terminal,
        drawn: Callable[[], Drawn],
        *,
        most: int | None = None,
        id: str | None = None,
        classes: str | None = None,
    ) -> None:
        super().__init__(id=id, classes=classes)
        self.most = most
        self._terminal = terminal
        self._drawn = drawn
        self._drawn_for: tuple[object, ...] = ()
        self._content = Content()

    def content_for(self, width: int, height: int) -> Content:
        """Return what is shown in a size; worked out once for each figure, size and kind of marks."""
        figure = self.figure
        if figure is None or width < 1 or height < 1:
            return Content()
        key = (figure, width, height, self._drawn(), SHOWN.digits)
        if key != self._drawn_for:
            self._drawn_for, self._content = key, content(figure, width, height, self._terminal, self._drawn())
        return self._content

    def watch_figure(self, old: "Figure | None", new: "Figure | None") -> None:
        """Lay the screen out anew only where the number of lines may have changed."""
        if self.styles.is_auto_height and self.is_mounted:
            self.refresh(layout=True)

    @override
    def get_content_height(self, container: Size, viewport: Size, width: int) -> int:
        """Return the number of lines that the figure takes."""
        drawing = self.content_for(width, self._height(container.height))
        return len(drawing.split("\n")) if drawing else 0

    def _height(self, room: int) -> int:
        if self.most is not None:
            return self.most
        return MOST_TABLE if self.figure is not None and self.figure.kind == "table" else room

    @override
    def render(self) -> Content:
        """Return the figure in this size."""
        auto = self.styles.is_auto_height and self.figure is not None and self.figure.kind == "table"
        return self.content_for(self.size.width, self._height(0) if auto else self.size.height)


class Figures(Widget):
    """Figures one below the other."""

    def __init__(self, terminal: "Terminal", drawn: "Callable[[], Drawn]", id: str) -> None:
        super().__init__(id=id)
        self._terminal = terminal
        self._drawn = drawn
        self._figures: Sequence[Figure] = ()
        self._first = 0
        self._turn = ""  # the key that shows what has no room
        self._drawn_for: tuple[object, ...] = ()
        self._strips: list[Strip] = []

    def show(self, figures: "Sequence[Figure]", first: int, turn: str) -> None:
        """Show figures, as far as they fit, from the page `first` on, round; the key `turn` goes on to the others."""
        self._figures, self._first, self._turn = figures, first, turn
        self._drawn_for = ()
        self.refresh()

    @override
    def render_line(self, y: int) -> Strip:
        """Return a line of what fits.

        Lines are made of their pieces here: by way of `render` a key would take twice as long.
        """
        drawn_for = (self.size, self.visual_style, self._drawn())
        if drawn_for != self._drawn_for:
            self._drawn_for, self._strips = drawn_for, self._all()
        return self._strips[y] if y < len(self._strips) else Strip.blank(self.size.width, self.visual_style.rich_style)

    def _all(self) -> list[Strip]:
        width, height = self.size.width, self.size.height
        if width < 1 or height < 1 or not self._figures:
            return []
        numbers = [figure for figure in self._figures if is_readout(figure)]
        figure_pages = pages(self._figures)
        turned = [figure_pages[(self._first + turn) % len(figure_pages)] for turn in range(len(figure_pages))]
        below = readout(numbers, width, self._terminal.ascii_only)
        packing = packed(turned, max(1, height - len(below)), width)
        if packing.left_out:
            below = readout(numbers, width, self._terminal.ascii_only, f"{packing.left_out} ({self._turn}: the next)")
            packing = packed(turned, max(1, height - len(below)), width)
        room = max(1, height - len(below))
        strips: list[Strip] = []
        legends = Legends()
        for figures, rows in packing.rows:
            strips += [self._strip(Content())] if len(strips) > 1 else []  # what is said instead of a plot is one line
            if len(figures) > 1:
                strips += self._beside(figures, width, rows)
            elif figures[0].kind == "heatmap":
                strips += self._heat(figures[0], width, rows, legends)
            else:
                strips += self._other(figures[0], width, rows)
        strips = strips[:room]
        strips += [self._strip(Content())] if below and len(strips) < room else []
        return [*strips, *map(self._strip, below)][:height]

    def _strip(self, line: Content) -> Strip:
        return Strip(line.render_segments(self.visual_style), line.cell_length)

    def _other(self, figure: "Figure", width: int, height: int) -> list[Strip]:
        return [self._strip(line) for line in content(figure, width, height, self._terminal, self._drawn()).split("\n")]

    def _beside(self, figures: "Sequence[Figure]", width: int, height: int) -> list[Strip]:
        """Return plots side by side, their horizontal axes on one line."""
        each = (width - GAP * (len(figures) - 1)) // len(figures)
        columns = [self._other(figure, each, height) for figure in figures]
        blank = Strip.blank(each, self.visual_style.rich_style)
        gap = Strip.blank(GAP, self.visual_style.rich_style)
        rows: list[Strip] = []
        for row in zip_longest(*columns, fillvalue=blank):
            pieces = [piece for one in row for piece in (one.adjust_cell_length(each), gap)]
            rows.append(Strip.join(pieces[:-1]))
        return rows

    def _heat(self, figure: "Figure", width: int, height: int, legends: "Legends") -> list[Strip]:
        view = picture.view_of(figure.items[0].picture, self._terminal, self._drawn())
        numbered = heatmaps.legible(view, width, height - _HEAD)
        view = numbered if numbered.numbered else heatmaps.fitted(view, width)
        head = heatmaps.title(view)
        if 0 in view.size:
            return [self._strip(picture.content(view.look, head)), self._strip(Content("empty"))]
        visible = heatmaps.visible_window(view, width, height - _HEAD)
        head += [(f"   {visible.note}" if visible.note else "", PLAIN)]
        if not view.numbered:
            scale = heatmaps.scale_of(view, width, legends)
            left = width - heatmaps.length(head) - 3  # of half a scale nobody knows the other end
            fitting = next((one for one in (scale, heatmaps.ends(view)) if heatmaps.length(one) <= left), [])
            head += [("   ", PLAIN), *fitting]
        names = heatmaps.column_names(view, range(visible.columns), None)
        above = [self._strip(picture.content(view.look, line).truncate(width)) for line in (head, names)]
        marks = heatmaps.marks(view, range(visible.rows), range(visible.columns))
        return [*above, *(picture.strip(view.look, line, self.visual_style) for line in marks)]


def reading(figure: "Figure", ascii_only: bool) -> Content:
    """Return what is under the cursor of lines or bars: where it is, and the value of each of them there."""
    if figure.kind == "bars":
        return _reading_of_bars(figure, ascii_only)
    there = figure.under_cursor()
    if there is None:
        return Content()
    x, values = there
    across = "point" if figure.in_plane else plain(figure.across or "point", ascii_only=ascii_only)
    parts = [Content(f"{across} {read_out(x)}")]
    for name, value in values[:MOST_SERIES]:
        parts.append(Content.assemble(plain(name, ascii_only=ascii_only), " ", (read_out(value), "bold")))
    return Content("   ").join(parts)


def _reading_of_bars(figure: "Figure", ascii_only: bool) -> Content:
    chart = bar_chart(figure)
    if chart.at is None:
        return Content()
    place = chart.places[chart.at]
    across = f"{figure.across} " if figure.across else ""
    parts = [Content(plain(f"{across}{place.name}", ascii_only=ascii_only))]
    for bar in place.bars:
        name = plain(chart.groups[bar.group], ascii_only=ascii_only)
        parts.append(Content.assemble(f"{name} " if name else "", (read_out(bar.number), "bold")))
    return Content("   ").join(parts)


def readout(figures: "Sequence[Figure]", width: int, ascii_only: bool, note: str = "") -> list[Content]:
    """Return numbers that stand alone, with their names, side by side as far as they fit, and a note behind them."""
    lines: list[Content] = []
    notes = [showable(note, ascii_only=ascii_only, style="dim")] if note else []
    for part in (*_numbers(figures, ascii_only), *notes):
        if lines and lines[-1].cell_length + 3 + part.cell_length <= width:
            lines[-1] = Content.assemble(lines[-1], "   ", part)
        else:
            lines.append(part)
    return [line.truncate(width) for line in lines]


def _numbers(figures: "Sequence[Figure]", ascii_only: bool) -> Iterator[Content]:
    for figure in figures:
        for item in figure.items:
            name = plain(item.name, ascii_only=ascii_only)
            yield Content.assemble(name, " ", (read_out(float(item.values)), "bold"))
