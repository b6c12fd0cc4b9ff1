"""What is drawn where: decided once, and the same in characters as on paper."""

import re
from html import unescape

import numpy as np
import pytest

from rnn_tutor.figures.characters import draw
from rnn_tutor.figures.characters.canvas import text_of
from rnn_tutor.figures.chart import MOST_SERIES, bar_chart, line_chart, slices, window
from rnn_tutor.figures.figure import Figure, Item
from rnn_tutor.figures.plotted import plotted
from rnn_tutor.figures.svg import charts


def vectors(*arrays, kind="bars", log=False, labels=()):
    items = (Item(f"v{at}", np.asarray(one, dtype=float), ("time",), labels=labels) for at, one in enumerate(arrays))
    return Figure(kind, tuple(items), "a title", log=log)


def alone(*values):
    return Figure("bars", tuple(Item(f"name {at}", np.array(float(value))) for at, value in enumerate(values)))


def test_vectors_of_one_length_stand_side_by_side_and_others_one_after_the_other():
    chart = bar_chart(vectors([1, 2], [3, 4]))
    assert [(place.name, [bar.value for bar in place.bars]) for place in chart.places] == [("0", [1, 3]), ("1", [2, 4])]
    chart = bar_chart(vectors([1, 2], [3]))
    assert [(place.name, place.bars[0].group) for place in chart.places] == [("0", 0), ("1", 0), ("0", 1)]
    chart = bar_chart(Figure("bars", (*alone(1).items, *vectors([2]).items)))
    assert [(place.name, place.bars[0].group) for place in chart.places] == [("0", 0), ("name 0", 1)]


def test_shared_places_have_the_largest_of_each_group_and_never_mix_groups():
    chart = bar_chart(vectors([1, -5, 2, 3], [0, 1, 9, 1])).at_most(4)
    assert [[bar.value for bar in place.bars] for place in chart.places] == [[-5, 1], [3, 9]]
    assert [place.name for place in chart.places] == ["0", "2"]
    assert chart.notes == ("each bar is the largest of 2",)
    chart = bar_chart(vectors([1, 2, 3], [4, 5])).at_most(3)
    assert [(place.bars[0].group, place.bars[0].value) for place in chart.places] == [(0, 2), (0, 3), (1, 5)]
    chart = bar_chart(vectors([0.001, 100, -7, 1], log=True)).at_most(2)
    assert [place.bars[0].number for place in chart.places] == [100, 1]  # the largest that can be drawn
    same = bar_chart(vectors([1, 2]))
    assert same.at_most(2) is same


def test_a_shared_place_has_its_largest_bar():
    chart = bar_chart(vectors([1, -3, 2, np.nan, np.nan, np.nan, 0.5])).at_most(3)
    assert np.array_equal([place.bars[0].value for place in chart.places], [-3, np.nan, 0.5], equal_nan=True)


def test_bars_lie_where_there_are_rows_and_on_paper_only_for_names():
    assert bar_chart(vectors([1, 2, 3])).lie(3)
    assert not bar_chart(vectors([1, 2, 3])).lie(2)
    assert not bar_chart(vectors([1, 2, 3])).lie(60, for_names=True)
    assert bar_chart(alone(1, 2)).lie(60, for_names=True)
    assert not bar_chart(vectors([1, 2], labels=(("a", "b"),))).lie(60, for_names=True)


def test_as_many_places_are_named_as_have_room():
    chart = bar_chart(alone(*range(30)))
    assert [chart.every(slot, len) for slot in (10, 7, 4, 1, 0.5)] == [1, 1, 2, 10, 20]
    assert chart.unnamed(5) == "named: one place in 5"
    assert chart.unnamed(1) == ""
    assert bar_chart(vectors(range(30))).unnamed(5) == ""  # of indices one knows those between


def test_bars_begin_at_0_or_at_a_power_of_ten():
    for figure, low, high, base in (
        (vectors([1, 4]), 0, 4, 0),
        (vectors([-1, 4]), -1, 4, 0),
        (vectors([-3, -1]), -3, 0, 0),
        (vectors([0.02, 500], log=True), -2, np.log10(500), -2),
        (vectors([100], log=True), 0, 3, 0),
    ):
        axis, begins = bar_chart(figure).values(0)
        assert axis.span == pytest.approx((low, high))
        assert begins == pytest.approx(base)


def test_the_axes_of_lines_have_all_of_them_and_the_level():
    figure = vectors([0, 3], [1, 2], kind="lines")
    chart = line_chart(Figure("lines", figure.items, level=Item("limit", np.array(7.0))))
    assert chart.up(5).span == (0, 8)
    assert chart.along(5).span == (0, 1)
    assert [tick.label for tick in chart.along(9).ticks] == ["0", "1"]
    assert chart.level_says == "limit = 7"
    assert not chart.zero(chart.up(5))
    assert line_chart(vectors([-1, 1], kind="lines")).zero(line_chart(vectors([-1, 1], kind="lines")).up(5))


ODD = [
    vectors(*np.ones((11, 3)), kind="lines"),
    vectors(*np.ones((11, 3))),
    vectors([1, np.nan, np.inf, 2], kind="lines"),
    vectors([1, np.nan, np.inf, 2]),
    vectors([1, 0, -2, 3], kind="lines", log=True),
    vectors([1, 0, -2, 3], log=True),
    vectors([]),
    Figure("lines", vectors([1, 2], kind="lines").items, level=Item("limit", np.array(np.nan))),
]


@pytest.mark.parametrize("figure", ODD)
def test_whatever_is_left_out_is_said_in_every_medium(figure):
    chart = bar_chart(figure) if figure.kind == "bars" else line_chart(figure)
    printed = " ".join(text_of(draw(figure, 200, 40, ascii_only=True)))
    drawing = charts.bars(figure, 700) if figure.kind == "bars" else charts.lines(figure, 700)
    written = unescape(" ".join(re.findall(r"<text[^>]*>([^<]*)", "".join(drawing.parts))))
    notes = chart.notes or ("empty",)
    assert all(note in printed and note in written for note in notes)


def test_both_media_can_tell_as_many_apart_as_are_drawn():
    figures = [vectors(*np.arange(24.0).reshape(MOST_SERIES, 3), kind=kind) for kind in ("lines", "bars")]
    for figure, drawing in zip(figures, (charts.lines(figures[0], 700), charts.bars(figures[1], 700)), strict=True):
        text = "".join(drawing.parts)
        assert all(f">v{at}<" in text for at in range(MOST_SERIES))
        printed = " ".join(text_of(draw(figure, 200, 60, ascii_only=True)))
        assert all(f"v{at}" in printed for at in range(MOST_SERIES))


def test_what_of_a_heatmap_has_no_room_is_said():
    assert window((3, 4), 3, 9).note == ""
    assert window((3, 4), 2, 9).note == "the first 2 of 3 rows, 4 of 4 columns"
    assert window((3, 4), 9, 1).note == "the first 3 of 3 rows, 1 of 4 columns"
    assert slices(4, 4) == (4, "")
    assert slices(5, 4) == (4, "the first 4 of 5 slices")


def test_an_axis_of_steps_has_ticks_at_whole_numbers_on_paper_and_in_matplotlib():
    steps = vectors([1, 4, 2], kind="lines")
    assert all(float(tick.at).is_integer() for tick in line_chart(steps).along(8).ticks)
    whole = 'plt.locator_params(axis="x", integer=True)'
    assert whole in plotted(steps)
    between = Figure("lines", steps.items, "a title", x=Item("t", np.array([0.0, 0.5, 1.0])))
    assert whole not in plotted(between)
