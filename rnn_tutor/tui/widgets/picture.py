"""Heatmaps on a screen: the lines of `figures/characters`, with the styles of their cells."""

from functools import lru_cache
from itertools import groupby
from operator import itemgetter

from rich.segment import Segment
from rich.style import Style as RichStyle
from textual.content import Content
from textual.strip import Strip
from textual.style import Style

from rnn_tutor.figures import heatmap
from rnn_tutor.figures.characters import heatmaps
from rnn_tutor.figures.characters.canvas import BOLD, DIM, Line
from rnn_tutor.figures.characters.heatmaps import Look, View, level_of
from rnn_tutor.figures.heatmap import Picture
from rnn_tutor.tui import palette
from rnn_tutor.tui.terminal.capabilities import Drawn, Terminal

_CURSOR = Style(bold=True, reverse=True)
_PLAIN = Style()
_BOLD = Style(bold=True)
_DIM = Style(dim=True)


def view_of(picture: Picture, terminal: Terminal, style: Drawn, axis: int = 0, index: int = 0) -> View:
    """Return a picture as it is looked at on a terminal, with the marks that are chosen."""
    return View(picture, look_of(terminal, style), axis, index)


@lru_cache(64)
def look_of(terminal: Terminal, style: Drawn) -> Look:
    """Return how marks look on a terminal: what cannot be painted needs a size in its characters."""
    letters: heatmap.Style = "ascii" if terminal.ascii_only or style == "ascii" else "blocks"
    if style == "colour" and terminal.colours >= 256:
        letters = "colour"
    colours = terminal.colours if style == "colour" else 0
    return Look(letters, terminal.ascii_only, palette.level_count(terminal.colours), colours)


def ink(look: Look, ink_number: int) -> Style:
    """Return the style of an ink."""
    level_and_chosen = level_of(ink_number)
    if level_and_chosen is None:
        return _BOLD if ink_number == BOLD else _DIM if ink_number == DIM else _PLAIN
    level, chosen = level_and_chosen
    painted = look.letters == "colour"
    style = palette.style(level, look.sizes if painted else heatmap.MOST_LEVELS, look.colours, painted)
    return style + _CURSOR if chosen else style


def content(look: Look, line: Line) -> Content:
    """Return a line with its styles."""
    return Content.assemble(*((text, ink(look, ink_number)) for text, ink_number in line))


def small(view: View, width: int, most_rows: int = 8) -> Content:
    """Return a picture as it stands among text, with its styles."""
    return contents(view.look, heatmaps.small(view, width, most_rows), width)


def contents(look: Look, lines: list[Line], width: int) -> Content:
    """Return lines with their styles, cut to a width."""
    return Content("\n").join(content(look, line).truncate(width) for line in lines)


def strip(look: Look, line: Line, base: Style) -> Strip:
    """Return a line as a strip, pieces of one ink together: by way of a `Content` it would take three times as long."""
    styles = _styles(look, base)
    for _, ink_number in line:
        if ink_number not in styles:
            styles[ink_number] = (base + ink(look, ink_number)).rich_style
    return Strip(
        [
            Segment("".join(text for text, _ in pieces), styles[ink_number])
            for ink_number, pieces in groupby(line, _ink_of)
        ]
    )


_ink_of = itemgetter(1)


@lru_cache(64)
def _styles(look: Look, base: Style) -> dict[int, RichStyle]:
    """Return the styles that are known for a look on a ground; to look there for each cell costs least."""
    return {}
