"""The colours of a heatmap: blue for negative, orange for positive, pale for zero.

Blue and orange stay apart for every common kind of colour blindness; the sign in each cell says the same again.
The steps are (but for the last) colours of the 256-colour cube, so that the picture is the same with 256 colours and
with truecolor, which puts further steps between them.
"""

from functools import lru_cache

from textual.color import Color
from textual.style import Style

from rnn_tutor.tui.terminal import TRUECOLOUR

Colour = tuple[int, int, int]

_NEUTRAL: Colour = (238, 238, 238)
_NEGATIVE: tuple[Colour, ...] = ((175, 215, 255), (95, 175, 255), (0, 135, 255), (0, 95, 215), (0, 0, 135))
_POSITIVE: tuple[Colour, ...] = ((255, 215, 175), (255, 175, 95), (255, 135, 0), (215, 95, 0), (135, 50, 0))
# With sixteen colours the ground is coloured too: blue or yellow ink is hard to read on black or on white.
_SIXTEEN = {
    False: Style(foreground=Color.parse("ansi_bright_white"), background=Color.parse("ansi_blue")),
    True: Style(foreground=Color.parse("ansi_black"), background=Color.parse("ansi_yellow")),
}
_SPECIAL = Style(bold=True, reverse=True)


def level_count(colours: int) -> int:
    """Return how many sizes are told apart by colour."""
    return 15 if colours >= TRUECOLOUR else len(_NEGATIVE)


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
    ground = _ground(level, count)
    return Style(foreground=Color(*_ink(ground)), background=Color(*ground))


def _ground(level: int, count: int) -> Colour:
    """Return the colour of a level, between the two steps it lies between."""
    if level == 0:
        return _NEUTRAL
    steps = (_NEUTRAL, *(_NEGATIVE if level < 0 else _POSITIVE))
    where = abs(level) / count * (len(steps) - 1)
    below = min(int(where), len(steps) - 2)
    share = where - below
    low, high = steps[below], steps[below + 1]
    red, green, blue = (round(one + (other - one) * share) for one, other in zip(low, high, strict=True))
    return red, green, blue


def _ink(ground: Colour) -> Colour:
    """Return black or white, whichever is read better: at least 4.5 : 1 on any ground (WCAG 2)."""
    parts = [one / 255 for one in ground]
    red, green, blue = (one / 12.92 if one <= 0.04045 else ((one + 0.055) / 1.055) ** 2.4 for one in parts)
    return (0, 0, 0) if 0.2126 * red + 0.7152 * green + 0.0722 * blue > 0.179 else (255, 255, 255)
