"""What there is to look at, one at a time: heatmaps to walk about in, lines, bars, tables."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING, ClassVar

from textual.binding import BindingType
from textual.containers import Horizontal
from textual.content import Content
from textual.widget import Widget
from textual.widgets import Static

from rnn_tutor.figures.chart import bar_chart
from rnn_tutor.figures.heatmap import STYLES
from rnn_tutor.tui import keys
from rnn_tutor.tui.screens.frame import WIDE, FrameScreen, Items, Scroll
from rnn_tutor.tui.widgets import trace as traces
from rnn_tutor.tui.widgets.figure import FigureView, reading
from rnn_tutor.tui.widgets.heatmap import Heatmap
from rnn_tutor.tui.widgets.material import stacked
from rnn_tutor.tui.widgets.picture import look_of, view_of

if TYPE_CHECKING:
    from rnn_tutor.exercises.trace import Trace
    from rnn_tutor.figures.figure import Figure

_FRAME = 4  # lines of the bar, the keys, and the rules at them
_DRAWN = {"ascii": "with ASCII marks", "blocks": "with blocks", "colour": "in colour"}
_FEWEST = 8  # points of a line that are left when one goes near


class LookScreen(FrameScreen):
    """A figure; of all but a table, with a cursor. Keys for other figures, slices, marks, and for going nearer."""

    BINDINGS: ClassVar[list[BindingType]] = [
        *keys.told(
            keys.LOOK,
            "the previous, the next picture",
            ("previous-picture", "left_square_bracket,f7", "turn(-1)", "previous picture"),
            ("next-picture", "right_square_bracket,f8,tab", "turn(1)", "next picture"),
        ),
        *keys.told(
            keys.LOOK,
            "the previous, the next slice of three-dimensional numbers",
            ("previous-slice", "comma", "slice(-1)", "previous slice"),
            ("next-slice", "full_stop", "slice(1)", "next slice"),
        ),
        *keys.told(keys.LOOK, "slice them along another axis", ("axis", "x", "axis", "another axis")),
        *keys.told(keys.LOOK, "draw with other marks: ASCII, blocks, colour", ("marks", "m", "marks", "other marks")),
        *keys.told(
            keys.LOOK,
            "where the number under the cursor comes from",
            ("trace", "enter", "trace", "where it comes from"),
        ),
        *keys.told(
            keys.LOOK, "copy the number under the cursor, or the numbers of the picture", ("copy", "y", "copy", "copy")
        ),
        # of lines and bars; a heatmap has its own
        *keys.told(
            keys.LOOK,
            "move the cursor; the line below says what is there",
            ("left", "left", "along(-1)", "left"),
            ("right", "right", "along(1)", "right"),
        ),
        *keys.told(
            keys.LOOK,
            "move it to the first, to the last column",
            ("first-column", "home", "to_end(0)", "first column"),
            ("last-column", "end", "to_end(1)", "last column"),
        ),
        *keys.told(
            keys.LOOK,
            "move it by a screen, left and right",
            ("screen-left", "less_than_sign,shift+left", "along(-1, True)", "a page left"),
            ("screen-right", "greater_than_sign,shift+right", "along(1, True)", "a page right"),
        ),
        *keys.told(
            keys.LOOK,
            "zoom in or out: when zoomed out, each mark is the largest of a block; long lines show more points",
            ("nearer", "plus", "near(0)", "from nearer"),
            ("further", "minus", "near(2)", "from further away"),
        ),
        *keys.untold(("nearer-unshifted", "equals_sign", "near(0)", "from nearer")),
    ]

    def __init__(
        self,
        title: str,
        figures: "Sequence[Figure]",
        note: str = "",
        *,
        first_page: int = 0,
        trace: Callable[[int, tuple[int, ...]], None] | None = None,
        peek: "Callable[[int, tuple[int, ...]], Trace | None] | None" = None,
    ) -> None:
        """Begin with the figure `first_page`; `trace` opens a cell of a heatmap, by the figure's number.

        Each heatmap is a figure of its own. `peek` returns where a cell comes from, for what stands beside it; None
        where that is not to be shown yet.
        """
        super().__init__()
        self.exercise_title = title
        self.figures = list(figures)
        self.note = note
        self.place = first_page
        self._trace = trace
        self._peek = peek
        self._points: tuple[int, int] | None = None  # of long lines, the points that are in view
        self._at = 0  # the point of lines, or the place of bars, that the cursor is on

    def body(self) -> Iterable[Widget]:
        """Return a widget for each kind, of which one is shown."""
        self.heatmap = Heatmap()
        self.heatmap.moved = self._moved
        self.beside = Static(id="look-beside", markup=False)
        self.beside.display = False
        self.reading = Static(id="reading", markup=False)
        self.plot = FigureView(self.terminal, lambda: self.tutor.drawn)
        self.plot.styles.padding = (0, 1)
        self.table = FigureView(self.terminal, lambda: self.tutor.drawn)
        self.table.styles.height = "auto"
        self.scroll = Scroll(self.table)
        return (Horizontal(self.heatmap, self.beside, id="look-columns"), self.plot, self.reading, self.scroll)

    def on_mount(self) -> None:
        """Show the first figure."""
        self._show()
        if self.note:
            self.call_after_refresh(self.say, self.note)

    @property
    def figure(self) -> "Figure | None":
        """What is shown."""
        return self.figures[self.place] if self.figures else None

    def key_items(self) -> Items:
        """Return the keys that do something to this figure."""
        figure = self.figure
        heatmap = figure is not None and figure.kind == "heatmap"
        items = [("left right up down", "move")] if heatmap else [("left right", "move")] if self._places else []
        if len(self.figures) > 1:
            items.append(("previous-picture next-picture", "picture"))
        if figure is not None and heatmap and figure.items[0].values.ndim > 2:
            items += [("previous-slice next-slice", "slice"), ("axis", "axis")]
        if self._trace is not None and heatmap:
            items.append(("trace", "where from"))
        if (heatmap and not self.heatmap.whole) or (figure is not None and figure.points > 2 * _FEWEST):
            items.append(("nearer further", "zoom"))
        marks = [] if figure is not None and figure.kind == "table" else [("marks", "marks")]
        return [*items, *marks, ("help", "help"), ("back", "back")]

    @property
    def _places(self) -> int:
        """How many places the cursor of lines or bars can be at; 0 for a figure that has another cursor, or none."""
        figure = self.figure
        if figure is None or figure.kind not in ("lines", "bars"):
            return 0
        return figure.points if figure.kind == "lines" else len(bar_chart(figure).places)

    def on_resize(self) -> None:
        """Say which keys work in this size, and what has room beside a heatmap."""
        self.call_after_refresh(self.refresh_keys)
        self._lay_out()

    def _show(self) -> None:
        figure = self.figure
        if figure is None:
            return
        self._points, self._at = None, 0
        heatmap, table = figure.kind == "heatmap", figure.kind == "table"
        self.plot.display, self.scroll.display = not heatmap and not table, table
        self.query_one("#look-columns").display = heatmap
        self.reading.display = bool(self._places)
        if heatmap:
            self.heatmap.view = view_of(figure.items[0].picture, self.terminal, self.tutor.drawn)
            self.set_focus(self.heatmap)
        else:
            self.set_focus(None)
            (self.table if table else self.plot).figure = figure
            self.scroll.scroll_to(y=0, animate=False, immediate=True)
        if self._places:
            self._put(0)
        self._lay_out()
        self._say_where()
        self.call_after_refresh(self.refresh_keys)
        self.tell_more_soon()

    def _say_where(self) -> None:
        figure = self.figure
        figure_title = self.show(figure.title) if figure is not None and figure.kind == "heatmap" else Content()
        title = self.show(self.exercise_title, style="bold")
        self.bar.left = Content.assemble("rnn-tutor   ", title, "   ", figure_title or "look")
        self.bar.brief = figure_title or title
        points = ""
        if figure is not None and self._points is not None:
            points = f"points {self._points[0]}-{self._points[1] - 1} of {figure.points}   "
        self.bar.right = Content(f"{points}picture {self.place + 1} of {len(self.figures)}")

    def action_turn(self, by: int) -> None:
        """Show another figure."""
        if self.figures:
            self.place = (self.place + by) % len(self.figures)
            self.say(self.tutor.saving_problem or self.note)
            self._show()

    def action_slice(self, by: int) -> None:
        """Show another slice."""
        self.heatmap.turn(by)

    def action_axis(self) -> None:
        """Slice along another axis."""
        self.heatmap.cut()

    def action_trace(self) -> None:
        """Show where the number under the cursor comes from."""
        if self._trace is not None and self.heatmap.display and self.heatmap.cell is not None:
            self._trace(self.place, self.heatmap.cell)

    def action_copy(self) -> None:
        """Copy the number under the cursor; of lines, bars and tables, all numbers."""
        figure = self.figure
        if figure is None:
            return
        from rnn_tutor.exercises.question import as_list

        if figure.kind == "heatmap" and self.heatmap.cell is not None:
            item, cell = figure.items[0], self.heatmap.cell
            place = f"[{', '.join(map(str, cell))}]" if cell else ""
            self.say(self.tutor.copy(as_list(item.values[cell]), f"{item.name}{place}"))
        else:
            lines = [f"{item.name} = {as_list(item.values)}" for item in figure.items]
            self.say(self.tutor.copy("\n".join(lines), "the numbers of this picture"))

    def action_near(self, times: int) -> None:
        """Show twice as many points of the lines, about the same middle (2), or half as many (0)."""
        figure = self.figure
        if figure is None or figure.points <= 2 * _FEWEST:
            return
        first, last = self._points or (0, figure.points)
        count = min(figure.points, (last - first) * 2 if times else max(_FEWEST, (last - first) // 2))
        first = max(0, min(self._at - count // 2, figure.points - count))
        self._points = None if count == figure.points else (first, first + count)
        self._put(self._at)
        self.refresh_keys()

    def action_along(self, by: int, far: bool = False) -> None:
        """Move the cursor along lines or bars by a place, or far: by a quarter of what is in view."""
        if self._places:
            first, last = self._points or (0, self._places)
            self._put(self._at + by * (max(1, (last - first) // 4) if far else 1))

    def action_to_end(self, last: int) -> None:
        """Move the cursor to the first place, or to the last."""
        if self._places:
            self._put((self._places - 1) * last)

    def _put(self, at: int) -> None:
        """Put the cursor on a place of lines or bars, with the points around it in view, and say what is there."""
        figure, places = self.figure, self._places
        if figure is None or not places:
            return
        self._at = at = max(0, min(at, places - 1))
        shown = replace(figure, at=at)
        if self._points is not None:
            first, last = self._points
            first += min(0, at - first) + max(0, at - last + 1)
            self._points = first, first + last - self._points[0]
            shown = shown.part(*self._points)
        self.plot.figure = shown
        self.reading.update(reading(shown, self.terminal.ascii_only), layout=False)
        self._say_where()

    # beside a heatmap

    def _lay_out(self) -> None:
        """Leave room beside a heatmap that needs only half of a wide screen."""
        figure = self.figure
        half = self.width // 2 - 2
        beside = figure is not None and figure.kind == "heatmap" and self.width >= WIDE
        beside = beside and self.heatmap.needs(max(1, self.size.height - _FRAME)) <= half
        self.beside.display = beside
        if beside:
            self._moved()

    def _moved(self) -> None:
        if self.beside.display:
            self.tutor.later("look beside", self._fill_beside)

    def _fill_beside(self) -> None:
        """Say beside a heatmap where the number under the cursor comes from; below it are the other pictures."""
        if not self.is_attached or not self.beside.display:
            return
        width, height = self.beside.content_size
        cell = self.heatmap.cell
        parts: list[Content] = []
        if self._peek is not None and cell is not None and (trace := self._peek(self.place, cell)) is not None:
            lines = traces.opened(trace, [trace.name], width, self.terminal.ascii_only)
            lines += traces.sources(trace, -1, width, self.terminal.ascii_only)
            parts.append(Content("\n").join(lines))
        others = [figure for number, figure in enumerate(self.figures) if number != self.place]
        used = sum(len(part.split("\n")) + 1 for part in parts)
        if others and height - used >= _FEWEST:
            parts.append(stacked(others, width, height - used, self.terminal, self.tutor.drawn))
        self.beside.update(Content("\n\n").join(parts), layout=False)

    def action_marks(self) -> None:
        """Draw with the next kind of marks that this terminal can show."""
        kinds = [kind for kind in STYLES if self._possible(kind)]
        self.tutor.drawn = kinds[(kinds.index(self.tutor.drawn) + 1) % len(kinds)]
        view = self.heatmap.view
        if view is not None:
            self.heatmap.view = replace(view, look=look_of(self.terminal, self.tutor.drawn))
        self.plot.refresh()
        if len(kinds) == 1:
            self.say("This terminal can show only these marks.")
        else:
            drawn, key = _DRAWN[self.tutor.drawn], self.key("marks")
            self.say(f"All pictures are now drawn {drawn}. Press {key} for other marks.")

    def _possible(self, kind: str) -> bool:
        if kind == "colour":
            return self.terminal.colours >= 16
        return kind == "ascii" or not self.terminal.ascii_only
