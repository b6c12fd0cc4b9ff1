"""What is said to an answer can be told from afar: by a sign, by a colour, and by what needs neither."""

from textual.content import Content
from textual.geometry import Size
from textual.widgets import Static
from typing_extensions import override

SIGNS = {"right": "+", "rounded": "~", "wrong": "x", "not_understood": "?"}
"""Those of the sum over all parts (`score`), before the words."""
_INK = {"right": "bold ansi_green", "rounded": "bold ansi_yellow", "wrong": "bold ansi_red", "not_understood": "bold"}


def lead(verdict: str, words: str) -> Content:
    """Return the first words that are said, with the sign and the colour of a verdict."""
    return Content.styled(f"{SIGNS[verdict]} {words}", _INK[verdict])


class Said(Static):
    """What is said to an answer; `bar`: its first line is a bar across, which no other line on the screen is."""

    bar = False

    @override
    def render(self) -> Content:
        """Return the text, with the bar as wide as this is now."""
        content = self.content
        if not isinstance(content, Content):
            return Content()
        return barred(content, self.size.width) if self.bar and content and self.size.width else content

    @override
    def get_content_height(self, container: Size, viewport: Size, width: int) -> int:
        """Return how many lines it takes; the bar takes none beside the text."""
        content = self.content
        return len(content.wrap(max(1, width))) if isinstance(content, Content) and content else 0


def barred(content: Content, width: int) -> Content:
    """Return a text whose first line is a bar."""
    first, *further = content.wrap(width)
    bar = Content.assemble(first, " " * max(0, width - first.cell_length)).stylize("reverse").stylize(_INK["right"])
    return Content("\n").join([bar, *further])
