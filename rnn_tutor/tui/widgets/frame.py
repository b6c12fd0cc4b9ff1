"""The rows around every screen: the bar on top, the rule that tells of more, the keys at the bottom."""

from collections.abc import Sequence
from typing import Literal

from textual.content import Content
from textual.reactive import reactive
from textual.widget import Widget
from typing_extensions import override

ACCENT = "ansi_cyan"
_LEAST = 16  # columns that the left end of the bar has at least


def spread(left: Content, right: Content, width: int) -> Content:
    """Return one line with something at either end; what does not fit is cut from the left one."""
    room = width - right.cell_length - 1
    if room < left.cell_length:
        left = left.truncate(max(0, room), ellipsis=True)
    gap = max(1, width - left.cell_length - right.cell_length)
    return Content.assemble(left, " " * gap, right)


class Bar(Widget):
    """The top row: where one is, and (at the right) with which numbers."""

    left: reactive[Content] = reactive(Content())
    brief: reactive[Content] = reactive(Content())
    right: reactive[Content] = reactive(Content())

    @override
    def render(self) -> Content:
        """Return the row; where `left` has no room, `brief` (if any) stands there."""
        width = self.size.width
        tight = self.brief and self.left.cell_length + 2 + self.right.cell_length > width
        left = self.brief if tight else self.left
        # Where one is comes first: on a narrow screen, what stands at the right makes room for it.
        crowded = width - self.right.cell_length - 1 < min(left.cell_length, _LEAST)
        return spread(left, Content() if crowded else self.right, width)


Tone = Literal["", "right", "wrong"]
_STROKES: dict[Tone, str] = {"": "─", "right": "━", "wrong": "─  "}


class Rule(Widget):
    """A line across, with a few words in it where there is something to say.

    tone: how the last answer came out. The line is whole and thick then, or broken: that can be seen from afar.
    """

    words: reactive[str] = reactive("")
    tone: reactive[Tone] = reactive("")

    def watch_tone(self, old: Tone, new: Tone) -> None:
        """Have the colour of the tone."""
        for tone in ("right", "wrong"):
            self.set_class(new == tone, f"-{tone}")

    @override
    def render(self) -> Content:
        """Return the line."""
        width, stroke = self.size.width, _STROKES[self.tone]
        tail = f" {self.words} ──" if self.words else ""
        room = max(0, width - len(tail))
        return Content((stroke * (room // len(stroke) + 1))[:room] + tail)


class Keys(Widget):
    """The bottom row: what each key does now; with too little room, the last ones are left out first."""

    items: reactive[tuple[tuple[str, str], ...]] = reactive(())

    def show(self, items: Sequence[tuple[str, str]]) -> None:
        """Show these keys, as (key, word)."""
        self.items = tuple(items)

    @override
    def render(self) -> Content:
        """Return the row."""
        return fitted(self.items, self.size.width)


def fits(items: Sequence[tuple[str, str]], width: int) -> bool:
    """Tell whether all of the keys fit into a width."""
    return sum(len(f"{key} {word}".rstrip()) for key, word in items) + 2 * (len(items) - 1) <= width


def fitted(items: Sequence[tuple[str, str]], width: int) -> Content:
    """Return as many of the keys as fit into a width."""
    parts: list[Content] = []
    used = 0
    for key, word in items:
        entry = Content.assemble((key, f"bold {ACCENT}"), f" {word}" if word else "")
        gap = 2 if parts else 0
        if used + gap + entry.cell_length > width:
            break
        used += gap + entry.cell_length
        parts.append(entry)
    return Content("  ").join(parts)
