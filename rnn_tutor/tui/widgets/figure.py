"""A figure on a screen: heatmaps, lines, bars or a table, drawn anew whenever the figure is set."""

from collections.abc import Callable
from functools import lru_cache
from typing import TYPE_CHECKING

from textual.content import Content
from textual.geometry import Size
from textual.reactive import reactive
from textual.style import Style
from textual.widget import Widget
from typing_extensions import override

from rnn_tutor.tui.terminal.capabilities import Drawn, Terminal

if TYPE_CHECKING:
    from rnn_tutor.figures.characters.canvas import Line
    from rnn_tutor.figures.figure import Figure

MOST_TABLE = 2_000  # lines of a table that is scrolled
_COLOURS = ("cyan", "magenta", "green", "red", "yellow", "blue", "bright_cyan", "bright_magenta")
_OWN = {-1: Style(), -2: Style(dim=True), -3: Style(bold=True)}  # the inks that are no series


def content(figure: "Figure", width: int, height: int, terminal: Terminal, drawn: Drawn) -> Content:
    """Return a figure as content of at most `height` lines, none wider than `width`.

    drawn: the marks that were chosen; `ascii` draws with ASCII on any terminal. Colours are the terminal's own, and say
    nothing that the marks do not say.
    """
    if figure.kind == "heatmap":
        from rnn_tutor.figures.characters.heatmaps import heatmaps
        from rnn_tutor.tui.widgets import picture

        look = picture.look_of(terminal, drawn)
        return picture.contents(look, heatmaps(figure, look, width, height), width)
    ascii_only = terminal.ascii_only or drawn == "ascii"
    if figure.kind == "table":
        ascii_only = terminal.ascii_only
    from rnn_tutor.figures.characters import draw

    return inked(draw(figure, width, height, ascii_only=ascii_only), terminal)


def inked(lines: "list[Line]", terminal: Terminal) -> Content:
    """Return drawn lines with their inks as styles."""
    shown = [Content.assemble(*((text, _ink(ink, terminal.colours)) for text, ink in line)) for line in lines]
    return Content("\n").join(shown)


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
        self._known: tuple[object, ...] = ()
        self._content = Content()

    def content_for(self, width: int, height: int) -> Content:
        """Return what is shown in a size; worked out once for each figure, size and kind of marks."""
        figure = self.figure
        if figure is None or width < 1 or height < 1:
            return Content()
        key = (figure, width, height, self._drawn())
        if key != self._known:
            self._known, self._content = key, content(figure, width, height, self._terminal, self._drawn())
        return self._content

    def watch_figure(self, old: "Figure | None", new: "Figure | None") -> None:
        """Lay the screen out anew only where the number of lines may have changed."""
        if self.styles.is_auto_height and self.is_mounted:
            self.refresh(layout=True)

    @override
    def get_content_height(self, container: Size, viewport: Size, width: int) -> int:
        """Return the number of lines that the figure takes."""
        shown = self.content_for(width, self._height(container.height))
        return len(shown.split("\n")) if shown else 0

    def _height(self, room: int) -> int:
        if self.most is not None:
            return self.most
        return MOST_TABLE if self.figure is not None and self.figure.kind == "table" else room

    @override
    def render(self) -> Content:
        """Return the figure in this size."""
        auto = self.styles.is_auto_height and self.figure is not None and self.figure.kind == "table"
        return self.content_for(self.size.width, self._height(0) if auto else self.size.height)
