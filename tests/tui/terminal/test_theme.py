"""Themes: what stands on the screen in other colours, always to be read."""

import pytest
from rich.color import Color as RichColor
from rich.color import ColorSystem
from rich.segment import Segment
from rich.style import Style
from textual.color import Color

from rnn_tutor.figures.colours import contrast
from rnn_tutor.settings import HIGH_CONTRAST, HIGH_CONTRAST_LIGHT, MONOCHROME, TERMINAL, TEXTUAL_THEMES, Settings
from rnn_tutor.tui.terminal.capabilities import TRUECOLOUR, Options, Terminal, drawn, has_clipboard, suited
from rnn_tutor.tui.terminal.theme import READABLE, ThemeFilter, can_show, filters, palette

OWN = (HIGH_CONTRAST, HIGH_CONTRAST_LIGHT)


def chosen(**values):
    settings = Settings(None)
    for name, value in values.items():
        settings.choose(name, value)
    return settings


@pytest.mark.parametrize("theme", [*OWN, *TEXTUAL_THEMES])
def test_every_colour_of_every_theme_can_be_read_on_its_ground(theme):
    its = palette(theme)
    least = 6.5 if theme in OWN else READABLE
    assert min(contrast(one, its.ground) for one in (its.ink, *its.inks)) >= least


def painted(theme, *styles):
    (its,) = filters(theme, TRUECOLOUR)
    segments = its.apply([Segment("x", None if one is None else Style.parse(one)) for one in styles], Color(0, 0, 0))
    return [segment.style for segment in segments]


def test_what_a_screen_draws_in_the_terminals_colours_gets_those_of_the_theme():
    its = palette("nord")
    plain, dim, green, bright, none = painted("nord", "", "dim", "bold green", "bright_green", None)
    ground = RichColor.from_rgb(*its.ground)
    assert {one.bgcolor for one in (plain, dim, green, bright, none)} == {ground}
    assert plain.color == none.color == RichColor.from_rgb(*its.ink)
    assert green.color == bright.color == RichColor.from_rgb(*its.inks[1])
    assert green.bold
    assert not dim.dim
    assert READABLE <= contrast(tuple(dim.color.triplet), its.ground) < contrast(its.ink, its.ground)


def test_the_cells_of_a_heatmap_keep_their_colours():
    on_colour, on_blue = painted("nord", "#102030 on #a0b0c0", "bright_white on blue")
    assert (on_colour, on_blue) == (Style.parse("#102030 on #a0b0c0"), Style.parse("bright_white on blue"))


def test_high_contrast_dims_nothing_and_works_with_sixteen_colours():
    (dim,) = painted(HIGH_CONTRAST, "dim")
    assert dim.color == RichColor.from_rgb(255, 255, 255)
    for theme, ends in ((HIGH_CONTRAST, (0, 15)), (HIGH_CONTRAST_LIGHT, (15, 0))):
        its = palette(theme)
        numbers = [
            RichColor.from_rgb(*one).downgrade(ColorSystem.STANDARD).number for one in (its.ground, its.ink, *its.inks)
        ]
        assert tuple(numbers[:2]) == ends
        assert numbers[0] not in numbers[1:]


def test_a_theme_that_a_terminal_cannot_show_leaves_it_its_own_colours():
    assert filters(TERMINAL, TRUECOLOUR) == []
    assert filters("nord", 16) == filters(HIGH_CONTRAST, 0) == []
    assert isinstance(filters("nord", 256)[0], ThemeFilter)
    assert isinstance(filters(HIGH_CONTRAST, 16)[0], ThemeFilter)
    assert can_show(TERMINAL, 0)
    assert can_show(MONOCHROME, 0)
    assert not can_show("nord", 16)


@pytest.mark.parametrize(
    ("values", "colours", "characters"),
    [
        ({}, 256, "utf8"),
        ({"theme": MONOCHROME}, 0, "utf8"),
        ({"colours": "16"}, 16, "utf8"),
        ({"colours": "24-bit", "characters": "ascii"}, TRUECOLOUR, "ascii"),
    ],
)
def test_a_terminal_is_taken_for_what_somebody_has_chosen(values, colours, characters):
    assert suited(Terminal(colours=256), Options(), chosen(**values)) == Terminal(characters, colours)


@pytest.mark.parametrize(
    ("term", "has"), [("xterm-256color", True), ("tmux", True), ("linux", False), ("vt220", False)]
)
def test_a_console_has_no_clipboard(term, has):
    assert has_clipboard({"TERM": term}) is has


def test_no_colour_wins_over_every_choice():
    found = Terminal(colours=0)  # NO_COLOR, or a terminal that has none
    assert suited(found, Options(), chosen(colours="24-bit", theme="nord")).colours == 0


def test_the_command_line_wins_over_the_settings():
    assert suited(Terminal("utf8"), Options("utf8"), chosen(characters="ascii")).characters == "utf8"


@pytest.mark.parametrize(
    ("wanted", "terminal", "kind"),
    [
        ("auto", Terminal(), "colour"), ("auto", Terminal(colours=16), "blocks"), ("ascii", Terminal(), "ascii"),
        ("blocks", Terminal(), "blocks"), ("blocks", Terminal("ascii"), "ascii"),
        ("colour", Terminal(colours=16), "colour"),
        ("colour", Terminal(colours=0), "blocks"),
    ],
)  # fmt: skip
def test_pictures_begin_as_somebody_has_chosen_if_that_can_be_shown(wanted, terminal, kind):
    assert drawn(terminal, chosen(pictures=wanted)) == kind
