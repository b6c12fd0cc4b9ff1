"""The colours of a heatmap as styles, for terminals of any number of colours; `colours` has the colours themselves."""

from functools import lru_cache

from textual.color import Color
from textual.style import Style

from rnn_tutor.figures import colours as figure_colours
from rnn_tutor.tui.terminal.capabilities import TRUECOLOUR

# With sixteen colours the ground is coloured too: blue or yellow ink is hard to read on black or on white.
_SIXTEEN = {
    False: Style(foreground=Color.parse("ansi_bright_white"), background=Color.parse("ansi_blue")),
    True: Style(foreground=Color.parse("ansi_black"), background=Color.parse("ansi_yellow")),
}
_SPECIAL = Style(bold=True, reverse=True)


def level_count(colours: int) -> int:
    """Return how many sizes are told apart by colour."""
    return 15 if colours >= TRUECOLOUR else len(figure_colours.NEGATIVE)


@lru_cache(1024)
def style(level: int, count: int, colours: int, painted: bool) -> Style:
    """Return the style of a cell: `painted` gives each level its ground; else there is one for each sign.

    Without colours it is the terminal's own, and levels beyond `count` (not a number, infinite) are reversed.
    """
    if abs(level) > count:
        return _SPECIAL
    if colours < 16:
        return Style()
    if not painted or colours < 256:
        return _SIXTEEN[level > 0] if level else Style()
    ground = figure_colours.ground(level, count)
    return Style(foreground=Color(*figure_colours.ink(ground)), background=Color(*ground))
