"""Where a number comes from: one cell's arithmetic, and the cells that it was made of, one step deep at a time."""

from collections.abc import Iterable
from typing import TYPE_CHECKING, ClassVar

from textual.binding import BindingType
from textual.containers import Horizontal
from textual.content import Content
from textual.geometry import Region
from textual.widget import Widget
from textual.widgets import Static

from rnn_tutor.tui import keys
from rnn_tutor.tui.screens.frame import WIDE, FrameScreen, Items, Scroll
from rnn_tutor.tui.widgets import trace as traces
from rnn_tutor.tui.widgets.material import stacked

if TYPE_CHECKING:
    from rnn_tutor.exercises.trace import Trace
    from rnn_tutor.tui.visits import ExerciseVisit

_FRAME = 4  # lines of the bar, the keys, and the rules at them


class TraceScreen(FrameScreen):
    """A cell, opened; each of its sources can be opened in its turn."""

    BINDINGS: ClassVar[list[BindingType]] = [
        *keys.told(
            keys.TRACE,
            "choose one of the numbers it was computed from",
            ("source-above", "up", "choose(-1)", "the source above"),
            ("source-below", "down", "choose(1)", "the source below"),
        ),
        *keys.told(keys.TRACE, "open the chosen number", ("deeper", "enter,right", "deeper", "where that comes from")),
        *keys.told(
            keys.TRACE,
            "one step back",
            ("back-escape", "escape", "back", "one step back"),
            ("back", "q,left,backspace", "back", "one step back"),
        ),
    ]

    def __init__(self, visit: "ExerciseVisit", first: "Trace") -> None:
        super().__init__()
        self.visit = visit
        self.path: list[tuple[Trace, int]] = [(first, 0)]
        self._sources_at = 0

    @property
    def trace(self) -> "Trace":
        """The cell that is open."""
        return self.path[-1][0]

    def body(self) -> Iterable[Widget]:
        """Return the column with the arithmetic and the sources."""
        self.text = Static(markup=False)
        self.column = Scroll(self.text)
        self.beside = Static(id="trace-beside", markup=False)
        return (Horizontal(self.column, self.beside, id="trace-columns"),)

    def on_mount(self) -> None:
        """Show the first cell."""
        exercise = self.visit.question.exercise
        subtitle = "   where a number comes from"
        self.bar.left = Content.assemble("rnn-tutor   ", self.show(exercise.title, style="bold"), subtitle)
        self.bar.brief = Content.assemble(self.show(exercise.title, style="bold"), subtitle)
        self._show()

    def on_resize(self) -> None:
        """Fold the arithmetic anew."""
        self._show()

    def key_items(self) -> Items:
        """Return the keys: where nothing is left to open, only the one that goes back."""
        if not self.trace.sources:
            return [("back", "back"), ("page-up page-down", "scroll"), ("help", "help")]
        return [("source-above source-below", "choose"), ("deeper", "where that comes from"), ("back", "back"),
                ("help", "help")]  # fmt: skip

    def _show(self) -> None:
        _, chosen = self.path[-1]
        columns = self.width // 2 if self.width >= WIDE else self.width
        width, ascii_only = max(20, columns - 2), self.terminal.ascii_only
        names = [trace.name for trace, _ in self.path]
        lines = traces.opened(self.trace, names, width, ascii_only)
        self._sources_at = len(lines) + 2  # an empty line and a heading
        lines += traces.sources(self.trace, chosen, width, ascii_only)
        self.text.update(Content("\n").join(lines))
        deep = len(self.path) - 1
        self.bar.right = Content(f"{deep} deep" if deep else "")
        self.refresh_keys()
        self.call_after_refresh(self._bring_chosen)
        if self.width >= WIDE:
            self.tutor.later("trace beside", self._fill_beside)

    def _fill_beside(self) -> None:
        """Draw beside the arithmetic the arrays that it is about: the one that the cell is in, and the sources'."""
        if not self.is_attached or self.width < WIDE:
            return
        figures = self.session.exercises.arrays(self.visit, self.trace)
        width, height = max(20, self.width // 2 - 2), max(1, self.size.height - _FRAME)
        drawing = stacked(figures, width, height, self.terminal, self.tutor.drawn) if figures else Content()
        if drawing != self.beside.content:
            self.beside.update(drawing, layout=False)

    def _bring_chosen(self) -> None:
        _, chosen = self.path[-1]
        if chosen == 0:
            self.column.scroll_home(animate=False)
        else:
            self.column.scroll_to_region(Region(0, self._sources_at + chosen, 1, 1), animate=False)
        self.tell_more()

    def action_choose(self, by: int) -> None:
        """Choose another source; where there is none, scroll."""
        trace, chosen = self.path[-1]
        if 0 <= chosen + by < len(trace.sources):
            self.path[-1] = (trace, chosen + by)
            self._show()
        else:
            self.action_line(by)

    def action_deeper(self) -> None:
        """Open the chosen source."""
        trace, chosen = self.path[-1]
        if not trace.sources:
            self.say("This is a given: the calculation starts here.")
            return
        source = trace.sources[chosen]
        self.hush()
        self.path.append((self.session.exercises.trace(self.visit, source.node, source.cell), 0))
        self._show()

    def action_back(self) -> None:
        """Go one step back; from the first cell, to where one came from."""
        if len(self.path) > 1:
            self.path.pop()
            self.hush()
            self._show()
        else:
            self.app.pop_screen()
