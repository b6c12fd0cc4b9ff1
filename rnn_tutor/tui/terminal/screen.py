"""A screen whose layout follows the terminal's size, and whose callbacks fail alone."""

from collections.abc import Callable
from itertools import pairwise
from typing import TYPE_CHECKING, Any, Self, cast

from textual._callback import invoke
from textual._compositor import Compositor, ReflowResult
from textual._styles_cache import StylesCache
from textual._types import CallbackType
from textual.events import ScreenResume
from textual.geometry import Region, Size
from textual.keys import key_to_character
from textual.message import Message
from textual.message_pump import MessagePump
from textual.reactive import Reactive
from textual.screen import Screen
from textual.strip import Strip
from textual.widget import Widget
from typing_extensions import override

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence

    from textual.binding import Binding
    from textual.dom import DOMNode

    from rnn_tutor.tui.terminal.app import TerminalApp


_SCROLLING = frozenset({"scroll_up", "scroll_down", "page_up", "page_down"})


def _passed_on(node: "DOMNode", binding: "Binding") -> bool:
    """Tell whether a key goes on to what is above: a line has Textual's keys for scrolling, and does not scroll."""
    return binding.action in _SCROLLING and isinstance(node, Widget) and not node.allow_vertical_scroll


class DirtyLines(Compositor):
    """A compositor that asks widgets only for lines of which something is seen, and is to be painted.

    Textual 8.2 renders, for one line that has changed, all lines of all widgets in the same column: 17 widgets for each
    key that is typed into an exercise. Of a screen that is painted in full it renders what stands behind other widgets:
    the screen itself and each column, line by line. A widget can render single lines, and does when it is scrolled half
    out of view.
    Gain: a quarter of the function calls of a key, a tenth of those of an opening until it is painted.
    """

    @override
    def reflow(self, parent: Widget, size: Size) -> ReflowResult:
        """Lay all of it out; that is then known, and not laid out once more for the first who asks where something is.

        Textual 8.2 does that after what was scrolled. Gain: 0.05 of the function calls of a verdict (48,100 to 45,500).
        """
        before = getattr(self, "_full_map", None)
        found = super().reflow(parent, size)
        if self._full_map is not before:
            self._full_map_invalidated = False
        return found

    @override
    def _render_chops(self, crop: Region, is_rendered_line: Callable[[int], bool]) -> "Sequence[Mapping[int, Strip]]":
        """Return each line in pieces, by the column that a piece begins at; those beside a crop may be None."""
        cuts = self.cuts
        pieces: list[dict[int, Strip | None]] = [dict.fromkeys(columns[:-1]) for columns in cuts]
        missing = {  # by line, what is to be painted and has nothing in front of it yet
            y: {cut for cut, after in pairwise(cuts[y]) if cut < crop.right and after > crop.x}
            for y in crop.line_range
            if y < len(cuts) and is_rendered_line(y)
        }
        visible = self.visible_widgets
        app = next(iter(visible)).app if visible else None
        filtered = app is None or bool(app.get_line_filters())
        for widget, (region, clip) in visible.items():  # what is in front comes first
            seen = region.intersection(clip)
            if not crop.overlaps(seen):
                continue
            first, last = seen.column_span
            lines = [y for y in seen.line_range if y in missing and any(first <= cut < last for cut in missing[y])]
            for y, count in _in_runs(lines):
                of_widget = Region(seen.x - region.x, y - region.y, seen.width, count)
                strips = None if filtered else _drawn_before(widget, of_widget)
                for row, strip in enumerate(widget.render_lines(of_widget) if strips is None else strips, y):
                    at = [cut for cut in cuts[row] if first <= cut <= last]
                    for cut, piece in zip(at, strip.divide([cut - first for cut in at[1:]]), strict=False):
                        if cut in missing[row]:
                            missing[row].remove(cut)
                            pieces[row][cut] = piece
                    if not missing[row]:
                        del missing[row]
            if not missing:
                break
        return cast("Sequence[Mapping[int, Strip]]", pieces)


def _drawn_before(widget: Widget, crop: Region) -> "list[Strip] | None":
    """Return lines of a widget as they were drawn, if nothing about them has changed since; None else.

    Textual 8.2 keeps them as well, but works out first what stands behind the widget, and how much of that is seen
    through it: 230 function calls for each of the 20 widgets that the first verdict of an exercise moves.
    Gain: an eighth of the function calls of the slowest verdicts, 0.08 of those of an opening after a rest.
    """
    drawn = getattr(widget, "_styles_cache", None)
    if type(widget).render_lines is not Widget.render_lines or widget.BLANK or type(drawn) is not StylesCache:
        return None
    lines, dirty, width = drawn._cache, drawn._dirty_lines, drawn._width
    rows = crop.line_range
    if width != widget.region.width or not dirty.isdisjoint(rows) or not all(y in lines for y in rows):
        return None
    if widget.hover_style._link_id:  # only the pointer gives it one
        return None
    strips = [lines[y] for y in rows]
    return strips if crop.column_span == (0, width) else [strip.crop(*crop.column_span) for strip in strips]


def _in_runs(numbers: "Iterable[int]") -> "Iterator[tuple[int, int]]":
    """Yield numbers in ascending order as (the first, how many follow one another)."""
    first = count = 0
    for number in numbers:
        if count and number == first + count:
            count += 1
            continue
        if count:
            yield first, count
        first, count = number, 1
    if count:
        yield first, count


class TerminalScreen(Screen[None]):
    """What every screen of a `TerminalApp` is made of."""

    # Textual's own paints the whole screen anew when the focus moves: both widgets paint themselves.
    focused: Reactive[Widget | None] = Reactive(None, repaint=False)

    def __init__(self, name: str | None = None, id: str | None = None, classes: str | None = None) -> None:
        super().__init__(name, id, classes)
        self._compositor = DirtyLines()

    @override
    def post_message(self, message: Message) -> bool:
        """Take a message; shown for the first time, a screen has the styles that it was mounted with a moment ago."""
        # Styling it all once more is 3 ms of 50 of an opening. Without the attribute Textual styles it, or does not.
        if isinstance(message, ScreenResume) and not self.stack_updates:
            message.refresh_styles = False
        return super().post_message(message)

    _being_laid_out = False
    layouts = 0  # how often it was laid out

    @property
    def _layouts_paint(self) -> bool:
        """Whether a layout paints: while several things are changed together, nothing does."""
        return not getattr(self.app, "_batch_count", True)

    @override
    def _on_screen_resume(self, event: ScreenResume) -> None:
        # A screen that is laid out when it is shown is painted by that; Textual has it painted once more a frame later,
        # which sends nothing and takes 6 ms.
        event.prevent_default()
        self._being_laid_out = self._size != self.app.size and self._layouts_paint
        try:
            super()._on_screen_resume(event)
        finally:
            self._being_laid_out = False

    @override
    def refresh(self, *regions: Region, repaint: bool = True, layout: bool = False, recompose: bool = False) -> Self:
        """Have it painted anew, unless that is being done; a layout has painted what it moved."""
        if self._being_laid_out and not (regions or layout or recompose):
            return self
        repaint = repaint and not (layout and self._layouts_paint)
        return super().refresh(*regions, repaint=repaint, layout=layout, recompose=recompose)

    @override
    def _refresh_layout(self, size: Size | None = None, scroll: bool = False) -> None:
        self.layouts += 1
        if not scroll and (size or self.outer_size):
            self._layout_required = False  # all that was asked for so far comes now, for a new size too
        if not scroll and self.is_current and self._layouts_paint and getattr(self, "_repaint_required", False):
            self._repaint_required = False  # with the layout, and not once more after it
            self._dirty_widgets.add(self)
        # What a layout has found out needs no layout: Textual lays the screen out once more, and paints it, because the
        # sizes of what is scrolled have changed. (That a scrollbar comes or goes is told apart from it.)
        sizes = cast("Any", Widget.virtual_size)
        layout, repaint = getattr(sizes, "_layout", None), getattr(sizes, "_repaint", None)
        if layout is not True or repaint is not True:
            super()._refresh_layout(size, scroll)
            return
        sizes._layout = sizes._repaint = False
        try:
            super()._refresh_layout(size, scroll)
        finally:
            sizes._layout = sizes._repaint = True

    @property
    def _terminal_app(self) -> "TerminalApp":
        return cast("TerminalApp", self.app)

    def bound(self) -> "Iterator[tuple[DOMNode, Binding]]":
        """Give the bindings that keys reach now: one for each key, with the widget or screen that has it."""
        consumers: list[DOMNode] = []
        seen: set[str] = set()
        for node, bindings in self._modal_binding_chain:
            for key, binding in bindings:
                # Textual looks what is text on a line before it gives bindings other keys, not after it.
                text = any(consumer.check_consume_key(key, key_to_character(key)) for consumer in consumers)
                if key not in seen and not text and not _passed_on(node, binding):
                    seen.add(key)
                    yield node, binding
            consumers.append(node)

    @override
    def _screen_resized(self, size: Size) -> None:
        # Textual lays a screen out for each size in its queue and puts that size into the queue again; of two that are
        # in it at once (on a busy machine, while a window is drawn larger) each would bring the other back for ever.
        if size == self.app.size:
            super()._screen_resized(size)
            self._terminal_app.paint_missed()

    @override
    def _invoke_later(self, callback: CallbackType, sender: MessagePump) -> None:
        # Textual calls what waits for a frame in one go: what fails would take what comes after it along.
        async def alone() -> None:
            try:
                await invoke(callback)
            except Exception as error:  # noqa: BLE001 - it is written down and told
                self._terminal_app._handle_exception(error)

        super()._invoke_later(alone, sender)
