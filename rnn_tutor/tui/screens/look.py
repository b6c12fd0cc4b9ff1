"""The numbers as heatmaps, one at a time."""

from collections.abc import Callable, Iterable, Sequence
from typing import ClassVar

from textual.binding import Binding, BindingType
from textual.content import Content
from textual.widget import Widget

from rnn_tutor.engine.heatmap import STYLES, Picture
from rnn_tutor.tui.screens.frame import FrameScreen, Items
from rnn_tutor.tui.widgets.heatmap import Heatmap
from rnn_tutor.tui.widgets.picture import View


class LookScreen(FrameScreen):
    """A heatmap with a cursor; keys for other pictures, slices and marks."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("left_square_bracket,f7", "turn(-1)", "previous picture", id="previous-picture"),
        Binding("right_square_bracket,f8,tab", "turn(1)", "next picture", id="next-picture"),
        Binding("comma", "slice(-1)", "previous slice", id="previous-slice"),
        Binding("full_stop", "slice(1)", "next slice", id="next-slice"),
        Binding("x", "axis", "another axis", id="axis"),
        Binding("m", "marks", "other marks", id="marks"),
        Binding("enter", "trace", "where it comes from", id="trace"),
    ]

    def __init__(
        self,
        title: str,
        pictures: Sequence[Picture],
        note: str = "",
        *,
        at: int = 0,
        trace: Callable[[int, tuple[int, ...]], None] | None = None,
    ) -> None:
        """Begin with the picture `at`; `trace` opens a cell of a picture, by the picture's number."""
        super().__init__()
        self.exercise_title = title
        self.pictures = list(pictures)
        self.note = note
        self.at = at
        self._trace = trace

    def body(self) -> Iterable[Widget]:
        """Return the heatmap."""
        self.heatmap = Heatmap()
        return (self.heatmap,)

    def on_mount(self) -> None:
        """Show the first picture."""
        self.bar.left = Content.assemble("rnn-tutor   ", self.show(self.exercise_title, style="bold"), "   look")
        self.set_focus(self.heatmap)
        self._show()
        if self.note:
            self.call_after_refresh(self.say, self.note)

    def key_items(self) -> Items:
        """Return the keys that do something to this picture."""
        items = [("Arrows", "move")]
        if len(self.pictures) > 1:
            items.append(("[ ]", "picture"))
        if self.pictures and self.pictures[self.at].values.ndim > 2:
            items += [(", .", "slice"), ("x", "axis")]
        if self._trace is not None:
            items.append(("Enter", "where it comes from"))
        return [*items, ("m", "marks"), ("F9", "help"), ("q", "back")]

    def _show(self) -> None:
        if not self.pictures:
            return
        self.heatmap.view = View(self.pictures[self.at], self.terminal, self.tutor.drawn)
        self.bar.right = Content(f"picture {self.at + 1} of {len(self.pictures)}")
        self.refresh_keys()

    def action_turn(self, by: int) -> None:
        """Show another picture."""
        if self.pictures:
            self.at = (self.at + by) % len(self.pictures)
            self._show()

    def action_slice(self, by: int) -> None:
        """Show another slice."""
        self.heatmap.turn(by)

    def action_axis(self) -> None:
        """Slice along another axis."""
        self.heatmap.cut()

    def action_trace(self) -> None:
        """Show where the number under the cursor comes from."""
        if self._trace is not None and self.heatmap.cell is not None:
            self._trace(self.at, self.heatmap.cell)

    def action_marks(self) -> None:
        """Draw with the next kind of marks that this terminal can show."""
        kinds = [kind for kind in STYLES if self._possible(kind)]
        self.tutor.drawn = kinds[(kinds.index(self.tutor.drawn) + 1) % len(kinds)]
        view = self.heatmap.view
        if view is not None:
            self.heatmap.view = View(view.picture, view.terminal, self.tutor.drawn, view.axis, view.index)

    def _possible(self, kind: str) -> bool:
        if kind == "colour":
            return self.terminal.colours >= 16
        return kind == "ascii" or not self.terminal.ascii_only
