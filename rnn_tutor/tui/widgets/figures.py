"""What a lab shows: as many of its figures as there is room for, beginning with the one that is chosen."""

from collections.abc import Callable
from typing import TYPE_CHECKING

from textual.content import Content
from textual.widget import Widget

from rnn_tutor.tui.widgets import picture
from rnn_tutor.tui.widgets.picture import View

if TYPE_CHECKING:
    from rnn_tutor.exercises.figure import Figure
    from rnn_tutor.tui.terminal import Drawn, Terminal


class Figures(Widget):
    """Figures one below the other; `figure` gives one by its place."""

    def __init__(self, terminal: "Terminal", drawn: "Callable[[], Drawn]", id: str) -> None:
        super().__init__(id=id)
        self._terminal = terminal
        self._drawn = drawn
        self._figure: Callable[[int], Figure] | None = None
        self._count = 0
        self._first = 0
        self.shown = 0
        self.trouble = ""

    def show(self, figure: "Callable[[int], Figure]", count: int, first: int) -> None:
        """Show `count` figures, as far as they fit, from `first` on, round."""
        self._figure, self._count, self._first = figure, count, first
        self.refresh()

    def render(self) -> Content:
        """Return what fits."""
        if self._figure is None or not self._count:
            return Content()
        width, left = self.size.width, self.size.height
        lines: list[Content] = []
        self.shown = 0
        for at in range(self._count):
            figure = self._figure((self._first + at) % self._count)
            found = self._lines(figure, width, left)
            if at and len(found) + 1 > left:
                break
            lines += [Content(), *found] if at else found
            left = self.size.height - len(lines)
            self.shown += 1
        return Content("\n").join(lines[: self.size.height])

    def _lines(self, figure: "Figure", width: int, height: int) -> list[Content]:
        view = View(figure.items[0].picture, self._terminal, self._drawn())
        text = picture.small(view, width, max(1, height - 3))
        return text.split("\n")
