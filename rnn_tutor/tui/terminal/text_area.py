"""Textual's several lines, with room for what stands behind one of them."""

from textual.geometry import Size
from textual.widgets import TextArea
from typing_extensions import override


class RoomyTextArea(TextArea, inherit_bindings=False):
    """Lines that may be drawn wider than what is typed: a subclass says how wide, and what is drawn (`get_line`)."""

    def columns_drawn(self) -> int:
        """Return how many columns are needed for what is drawn, beside what is typed."""
        return 0

    def draw_anew(self) -> None:
        """Draw all lines again: something else stands behind them now."""
        self._line_cache.clear()
        self._refresh_size()
        self.refresh()

    @override
    def _refresh_size(self) -> None:
        """Leave room for what is drawn; Textual cuts lines to the longest one typed."""
        super()._refresh_size()
        columns = self.columns_drawn()
        if columns > self.virtual_size.width:
            self.virtual_size = Size(columns, self.virtual_size.height)
