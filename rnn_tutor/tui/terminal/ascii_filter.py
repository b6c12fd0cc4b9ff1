"""The last gate to an ASCII terminal: whatever a widget draws, only ASCII leaves."""

from functools import lru_cache

from rich.cells import cell_len
from rich.segment import Segment
from textual.color import Color
from textual.filter import LineFilter
from typing_extensions import override

_DRAWN = str.maketrans(
    {
        **dict.fromkeys("─▔▁▂▃", "-"),
        **dict.fromkeys("━═", "="),
        **dict.fromkeys("│┃║▏▎▍▌▕", "|"),
        **dict.fromkeys("█▇▆▅▄▊▋▉▀", "#"),
        **dict.fromkeys("┌┐└┘├┤┬┴┼╭╮╰╯", "+"),
        "·": ".",
        "•": "*",
        "…": ".",
        "░": ".",
        "▒": ":",
        "▓": "#",
        "−": "-",
    }
)


class AsciiFilter(LineFilter):
    """Replaces what is not ASCII by something of the same width."""

    @override
    def apply(self, segments: list[Segment], background: Color) -> list[Segment]:
        """Return the segments in ASCII."""
        return [
            segment if segment.control or segment.text.isascii() else Segment(_ascii(segment.text), segment.style)
            for segment in segments
        ]


@lru_cache(1024)
def _ascii(text: str) -> str:
    drawn = text.translate(_DRAWN)
    return "".join(char if char.isascii() else "?" * cell_len(char) for char in drawn)
