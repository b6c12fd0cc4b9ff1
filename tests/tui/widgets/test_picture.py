import time

import numpy as np
import pytest

from rnn_tutor.engine.heatmap import Picture
from rnn_tutor.tui import palette
from rnn_tutor.tui.terminal import TRUECOLOUR, Terminal
from rnn_tutor.tui.widgets import picture
from rnn_tutor.tui.widgets.picture import View

ASCII = Terminal("ascii", 0)
FULL = Terminal("utf8", TRUECOLOUR)


def _view(values, terminal=ASCII, style="ascii", **names):
    return View(Picture("W", np.asarray(values, dtype=float), **names), terminal, style)


def test_a_small_matrix_in_ascii():
    shown = picture.small(_view([[1, -0.5], [0, 0.1]], axes=("time", "unit")), 70).plain.splitlines()
    assert shown == [
        "W (time 2, unit 2)   -1 -@-#-*-:-. 0+.+:+*+#+@ 1",
        "        0   1",
        "time 0 +@@ -** ",
        "time 1  0  +.. ",
    ]


@pytest.mark.parametrize("style", ["ascii", "blocks", "colour"])
@pytest.mark.parametrize("terminal", [ASCII, Terminal("ascii", 16), Terminal("ascii", 256)])
def test_an_ascii_terminal_gets_ascii_in_every_style(style, terminal):
    view = _view([[1, -0.5, np.nan], [0, np.inf, 0.1]], terminal, style, rows=("α", "β"))
    assert picture.small(view, 78).plain.isascii()


def test_columns_with_names():
    view = _view([[1, 2, 3]], columns=("a", "long name", "c"))
    assert picture.body(view, range(1), range(3), (0, 1))[0].plain.split() == ["a", "long", "name"]
    assert picture.body(view, range(1), range(3), (0, 2))[0].plain.split() == ["a", "c"]


def test_the_cursor_shows_without_colour():
    lines = picture.body(_view([[1, -0.5], [0, 0.1]]), range(2), range(2), (0, 1))
    assert "[-*]" in lines[1].plain


def test_a_huge_array_costs_its_window_only():
    view = _view(np.ones((2000, 2000)))
    view.top, view.row_width  # noqa: B018 - worked out once
    start = time.perf_counter()
    picture.body(view, range(1000, 1015), range(1000, 1018), (1003, 1002))
    assert time.perf_counter() - start < 0.05


def test_what_is_left_out_is_said():
    shown = picture.small(_view(np.ones((30, 50))), 40, 4).plain
    assert "the first 4 of 30 rows, 9 of 50 columns" in shown


def test_empty_and_constant():
    assert "nothing in it" in picture.small(_view(np.zeros((0, 3))), 40).plain
    assert "everything is 0" in picture.small(_view(np.zeros(3)), 40).plain


def test_reading_is_in_full():
    view = _view([[1 / 3, np.nan]], axes=("time", "unit"))
    assert picture.reading(view, 0, 0).plain == "W[0, 0] = 0.3333333333   time 0, unit 0"
    assert picture.reading(view, 0, 1).plain.startswith("W[0, 1] = nan")
    assert picture.reading(_view([[-0.0]]), 0, 0).plain == "W[0, 0] = 0"


def test_slices_say_where_they_are():
    view = View(Picture("X", np.zeros((2, 3, 4)), axes=("batch", "time", "unit")), ASCII, "ascii", 1, 2)
    assert picture.title(view).plain == "X (batch 2, time 3, unit 4)   time 2, slice 3 of 3"


@pytest.mark.parametrize("colours", [256, TRUECOLOUR])
def test_painted_levels_differ_and_negative_is_bluer(colours):
    count = palette.level_count(colours)
    grounds = [palette.style(level, count, colours, True).background for level in range(-count, count + 1)]
    assert len({ground.rgb for ground in grounds}) == 2 * count + 1
    for level in range(1, count + 1):
        negative, positive = grounds[count - level], grounds[count + level]
        assert negative.b > negative.r
        assert positive.r > positive.b


@pytest.mark.parametrize("colours", [256, TRUECOLOUR])
def test_marks_on_painted_grounds_can_be_read(colours):
    count = palette.level_count(colours)
    for level in range(-count, count + 1):
        style = palette.style(level, count, colours, True)
        lights = sorted(_luminance(colour) for colour in (style.foreground, style.background))
        assert (lights[1] + 0.05) / (lights[0] + 0.05) >= 4.5


def _luminance(colour):
    """Relative luminance as WCAG 2 defines it."""
    parts = [one / 255 for one in (colour.r, colour.g, colour.b)]
    red, green, blue = (one / 12.92 if one <= 0.04045 else ((one + 0.055) / 1.055) ** 2.4 for one in parts)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def test_sixteen_colours_and_none():
    assert palette.style(3, 5, 16, False).background.ansi != palette.style(-3, 5, 16, False).background.ansi
    assert palette.style(3, 5, 0, False).foreground is None
    assert palette.style(127, 5, TRUECOLOUR, True).reverse
