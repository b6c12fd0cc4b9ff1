"""Of a screen of which a few lines have changed, only these lines are rendered.

Textual 8.2 renders, for one line that has changed, all lines of all widgets in the same column: 17 widgets for each
key that is typed into an exercise. A widget can render single lines, and does when it is scrolled half out of view.

Gain: an eighth of the function calls of a key that is typed into an exercise.
"""

from collections.abc import Iterable, Iterator
from typing import TypeAlias

from textual._compositor import Compositor
from textual.geometry import Region
from textual.strip import Strip
from typing_extensions import override

_Render: TypeAlias = tuple[Region, Region, list[Strip]]


class DirtyLines(Compositor):
    """A compositor that asks a widget for the lines that are wanted, not for all that it has."""

    @override
    def _get_renders(self, crop: Region | None = None) -> Iterable[_Render]:
        if crop is None or crop.height >= self.size.height:
            return super()._get_renders(crop)
        return self._lines_of(crop)

    def _lines_of(self, crop: Region) -> Iterator[_Render]:
        """Yield region, clip and lines of widgets as Textual does, of the lines of a crop: columns are cut later."""
        for widget, (region, clip) in self.visible_widgets.items():
            if not crop.overlaps(clip):
                continue
            lines = clip.intersection(Region(clip.x, crop.y, clip.width, crop.height))
            seen = region.intersection(lines)
            if seen:
                yield region, lines, widget.render_lines(seen.translate((-region.x, -region.y)))
