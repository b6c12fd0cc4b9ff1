import time

import numpy as np
import pytest

from rnn_tutor.figures.characters import heatmaps
from rnn_tutor.figures.characters.canvas import text_of
from rnn_tutor.figures.figure import Figure, Item
from rnn_tutor.figures.heatmap import Picture, Scale
from rnn_tutor.tui import palette
from rnn_tutor.tui.terminal.capabilities import TRUECOLOUR, Terminal
from rnn_tutor.tui.widgets import picture
from rnn_tutor.tui.widgets.figure import content
from rnn_tutor.tui.widgets.picture import view_of

ASCII = Terminal("ascii", 0)
FULL = Terminal("utf8", TRUECOLOUR)


def _view(values, terminal=ASCII, style="ascii", **names):
    return view_of(Picture("W", np.asarray(values, dtype=float), **names), terminal, style)


LARGE = np.tile([[1, -0.5], [0, 0.1]], (1, 8))  # not small, but narrow enough for a legend beside its name


def test_a_matrix_in_ascii():
    shown = picture.small(_view(np.vstack([LARGE] * 2), axes=("time", "unit")), 71).plain.splitlines()
    assert shown[0] == "W (time 4, unit 16)   -1 -@-#-*-:-. 0+.+:+*+#+@ 1"
    assert shown[2].startswith("time 0 +@@ -** +@@")
    assert shown[3].startswith("time 1  0  +..  0 ")


@pytest.mark.parametrize("terminal", [ASCII, Terminal("utf8", 16), FULL])
@pytest.mark.parametrize("style", ["ascii", "blocks", "colour"])
def test_what_is_small_enough_to_print_shows_its_numbers_and_no_legend(terminal, style):
    view = _view([[1, -0.5], [0, 0.1234], [np.nan, -np.inf]], terminal, style, axes=("time", "unit"))
    assert picture.small(view, 70).plain.splitlines() == [
        "W (time 3, unit 2)",
        "            0      1",
        "time 0      1   -0.5 ",
        "time 1      0  0.123 ",
        "time 2    nan   -inf ",
    ]


def test_the_numbers_stand_on_their_colours():
    content = picture.small(_view([[1, -0.5]], FULL, "colour"), 70)
    grounds = {
        content.plain[span.start : span.end].strip(): span.style.background.rgb
        for span in content.spans
        if getattr(span.style, "background", None) is not None and span.style.background.a
    }
    assert grounds["1"] == palette.style(15, 15, TRUECOLOUR, True).background.rgb
    assert grounds["-0.5"] == palette.style(-8, 15, TRUECOLOUR, True).background.rgb


def test_numbers_that_do_not_fit_become_marks():
    assert "-@-#" in picture.small(_view([np.arange(10) - 4.123]), 40).plain
    assert "-@-#" not in picture.small(_view([np.arange(10) - 4.123]), 90).plain


def test_what_has_no_sign_has_a_scale_without_one_and_twice_as_many_marks():
    gate = np.linspace(0.1, 1.0, 60).reshape(1, 60)
    line = picture.small(_view(gate), 300).plain.splitlines()
    assert line[0] == "W (1, 60)   0  0  . .. .: :: :* ** *# ## #@ @@  1"
    assert len(set(line[2].split())) == 10 + 1  # the marks, and the name of the row
    minus = picture.small(_view(-gate), 300).plain.splitlines()
    assert minus[0] == "W (1, 60)   -1 -@-#-*-:-. 0 0"


def test_pictures_that_are_compared_have_one_legend():
    items = tuple(
        Item(name, np.full((3, 30), value), scale=Scale(-2.0, 2.0)) for name, value in (("a", 1.0), ("b", -2.0))
    )
    shown = content(Figure("heatmap", items), 130, 20, ASCII, "ascii").plain.splitlines()
    assert [line for line in shown if "(3, 30)" in line] == [
        "a (3, 30)   -2 -@-#-*-:-. 0+.+:+*+#+@ 2",
        "b (3, 30)   on the scale of a",
    ]


def test_heatmaps_that_have_no_room_are_named():
    items = tuple(Item(name, np.ones((3, 30))) for name in "abcdef")
    shown = content(Figure("heatmap", items), 130, 12, ASCII, "ascii").plain.splitlines()
    assert len(shown) <= 12
    assert shown[-1] == "no room for c, d, e, f"


def test_a_legend_that_does_not_fit_tells_both_ends():
    assert text_of([heatmaps.legend(_view(LARGE), 12)])[0] == "-1 to 1"


def test_a_name_that_is_cut_says_so():
    view = _view(LARGE, rows=("a name that is quite long", "short"))
    assert text_of(heatmaps.body(view, range(2), range(2)))[1].startswith("a name that .. ")


@pytest.mark.parametrize("style", ["ascii", "blocks", "colour"])
@pytest.mark.parametrize("terminal", [ASCII, Terminal("ascii", 16), Terminal("ascii", 256)])
def test_an_ascii_terminal_gets_ascii_in_every_style(style, terminal):
    values = [np.tile([1, -0.5, np.nan], 10), np.tile([0, np.inf, 0.1], 10)]
    view = _view(values, terminal, style, rows=("α", "β"))
    assert picture.small(view, 78).plain.isascii()


def test_columns_with_names():
    view = _view([[1, 2, 3]], columns=("a", "long name", "c"))
    assert text_of(heatmaps.body(view, range(1), range(3), (0, 1)))[0].split() == ["a", "long", "name"]
    assert text_of(heatmaps.body(view, range(1), range(3), (0, 2)))[0].split() == ["a", "c"]


def test_the_cursor_shows_without_colour():
    lines = text_of(heatmaps.body(_view([[1, -0.5], [0, 0.1]]), range(2), range(2), (0, 1)))
    assert "[-*]" in lines[1]


def test_a_huge_array_costs_its_window_only():
    view = _view(np.ones((2000, 2000)))
    view.scale, view.row_width  # noqa: B018 - worked out once
    start = time.perf_counter()
    heatmaps.body(view, range(1000, 1015), range(1000, 1018), (1003, 1002))
    assert time.perf_counter() - start < 0.05


def test_what_is_left_out_is_said():
    shown = picture.small(_view(np.ones((30, 50))), 40, 4).plain
    assert "the first 4 of 30 rows, 9 of 50 columns" in shown


def test_empty_and_constant():
    assert "empty" in picture.small(_view(np.zeros((0, 3))), 40).plain
    assert "everything is 0" in picture.small(_view(np.zeros(99)), 40).plain


def test_reading_is_in_full():
    view = _view([[1 / 3, np.nan]], axes=("time", "unit"))
    assert text_of([heatmaps.reading(view, 0, 0)])[0] == "W[0, 0] = 0.3333333333   time 0, unit 0"
    assert text_of([heatmaps.reading(view, 0, 1)])[0].startswith("W[0, 1] = nan")
    assert text_of([heatmaps.reading(_view([[-0.0]]), 0, 0)])[0] == "W[0, 0] = 0"
    assert text_of([heatmaps.reading(_view([[3]], rows=("4",), columns=("-8",)), 0, 0)])[0] == "W[0, 0] = 3   4, -8"


def test_slices_say_where_they_are():
    view = view_of(Picture("X", np.zeros((2, 3, 4)), axes=("batch", "time", "unit")), ASCII, "ascii", 1, 2)
    assert text_of([heatmaps.title(view)])[0] == "X (batch 2, time 3, unit 4)   time 2, slice 3 of 3"


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
