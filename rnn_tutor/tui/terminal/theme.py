"""Themes: the terminal's sixteen colours, its ground and its ink, exchanged for others on the way out.

Screens and widgets name only those sixteen, so a theme is nothing that they know of: what they draw goes through a
`ThemeFilter`. The colours of Textual's themes are moved towards the ink until they can be read on their ground.
"""

from collections.abc import Callable, Sequence
from functools import lru_cache
from typing import NamedTuple

from rich.color import Color as RichColor
from rich.color import ColorType
from rich.segment import Segment
from rich.style import Style
from textual.color import Color
from textual.filter import LineFilter, NoColor
from textual.theme import BUILTIN_THEMES
from typing_extensions import override

from rnn_tutor.figures.colours import Colour, contrast
from rnn_tutor.settings import HIGH_CONTRAST, HIGH_CONTRAST_LIGHT, MONOCHROME, TEXTUAL_THEMES

READABLE = 4.5  # to 1 (WCAG 2)
_STEPS = 20  # in which a colour is moved towards the ink
_DIMMED = 0.35  # how far dimmed ink is moved towards the ground
_NO_DIM = Style(dim=False)
_DARK: tuple[Colour, Colour] = (18, 18, 18), (224, 224, 224)  # ground and ink of a theme that names none
_LIGHT: tuple[Colour, Colour] = (239, 239, 239), (30, 30, 30)


class Palette(NamedTuple):
    """What the terminal's own colours become; `inks` are red, green, yellow, blue, magenta, cyan."""

    ground: Colour
    ink: Colour
    inks: tuple[Colour, ...]
    dims: bool = True  # whether dimmed text is less bright


# Colours of the 256-colour cube, each at least 6.5 : 1 on its ground.
_OWN = {
    HIGH_CONTRAST: Palette(
        (0, 0, 0),
        (255, 255, 255),
        ((255, 135, 135), (95, 255, 95), (255, 255, 95), (135, 175, 255), (255, 135, 255), (95, 255, 255)),
        dims=False,
    ),
    HIGH_CONTRAST_LIGHT: Palette(
        (255, 255, 255),
        (0, 0, 0),
        ((135, 0, 0), (0, 95, 0), (95, 95, 0), (0, 0, 175), (135, 0, 135), (0, 95, 95)),
        dims=False,
    ),
}


def palette(theme: str) -> Palette | None:
    """Return the colours of a theme, None for one that leaves the terminal its own, or has none."""
    if theme in _OWN:
        return _OWN[theme]
    if theme not in TEXTUAL_THEMES or theme not in BUILTIN_THEMES:
        return None
    its = BUILTIN_THEMES[theme]
    ground, ink = _DARK if its.dark else _LIGHT
    ground, ink = _parsed(its.background, ground), _parsed(its.foreground, ink)
    ink = _readable(ink, ground, (255, 255, 255) if its.dark else (0, 0, 0))
    first = its.primary
    named = (its.error, its.success, its.warning, first, its.secondary, its.accent)
    return Palette(ground, ink, tuple(_readable(_parsed(one or first, ink), ground, ink) for one in named))


def filters(theme: str, colours: int) -> Sequence[LineFilter]:
    """Return what the screen goes through so that it has a theme, on a terminal of so many colours."""
    if theme == MONOCHROME:
        return [NoColor()]
    if not can_show(theme, colours):
        return []
    its = palette(theme)
    return [ThemeFilter(its)] if its is not None else []


def can_show(theme: str, colours: int) -> bool:
    """Tell whether a terminal has colours enough for a theme: two for high contrast, else those of the cube."""
    return colours >= (256 if theme in TEXTUAL_THEMES else 16 if theme in _OWN else 0)


class ThemeFilter(LineFilter):
    """Puts a theme's colours in the place of the terminal's own."""

    def __init__(self, its: Palette) -> None:
        super().__init__()
        self._ground, self._ink = RichColor.from_rgb(*its.ground), RichColor.from_rgb(*its.ink)
        dimmed = _readable(_mixed(its.ink, its.ground, _DIMMED), its.ground, its.ink) if its.dims else its.ink
        self._dimmed = RichColor.from_rgb(*dimmed)
        # black and white are the ground's and the ink's; bright colours are the same
        self._sixteen = [self._ground, *(RichColor.from_rgb(*one) for one in its.inks), self._ink] * 2
        self._themed: Callable[[Style], Style] = lru_cache(2048)(self._of)

    @override
    def apply(self, segments: list[Segment], background: Color) -> list[Segment]:
        """Return the segments in the theme's colours."""
        return [
            segment if segment.control else Segment(segment.text, self._themed(segment.style or Style.null()))
            for segment in segments
        ]

    def _of(self, style: Style) -> Style:
        """Return a style in the theme's colours; on a coloured ground (of a cell) colours stay as they are."""
        ground, ink = style.bgcolor, style.color
        if ground is not None and ground.type is not ColorType.DEFAULT:
            return style
        ink = self._dimmed if style.dim and _is_own(ink) else self._mapped(ink)
        return style + _NO_DIM + Style.from_color(ink, self._ground)

    def _mapped(self, ink: RichColor | None) -> RichColor:
        if ink is None or ink.type is ColorType.DEFAULT:
            return self._ink
        if ink.type is ColorType.STANDARD and ink.number is not None:
            return self._sixteen[ink.number]
        return ink


def _is_own(ink: RichColor | None) -> bool:
    return ink is None or ink.type is ColorType.DEFAULT


def _parsed(text: str | None, otherwise: Colour) -> Colour:
    return otherwise if text is None else Color.parse(text).rgb


def _mixed(one: Colour, other: Colour, share: float) -> Colour:
    red, green, blue = (round(here + (there - here) * share) for here, there in zip(one, other, strict=True))
    return red, green, blue


def _readable(colour: Colour, ground: Colour, ink: Colour) -> Colour:
    """Return a colour moved towards the ink as far as it takes to read it on a ground."""
    moved = (_mixed(colour, ink, step / _STEPS) for step in range(_STEPS + 1))
    return next((one for one in moved if contrast(one, ground) >= READABLE), ink)
