"""What of several figures has room, and that the rest is said."""

from dataclasses import replace

import numpy as np
import pytest

from rnn_tutor.figures.figure import Figure, Item
from rnn_tutor.figures.pages import is_readout, lines_for, packed, pages, without_numbers


def plot(title):
    return Figure("lines", (Item("h", np.arange(4.0)),), title)


def test_what_has_no_room_is_named():
    turned = [plot("states"), Figure("heatmap", (Item("W", np.ones((3, 2))),)), plot("norms"), plot("loss")]
    together = packed(turned, 14)
    assert [(figure.kind, lines) for figure, lines in together.figures] == [("lines", 8), ("heatmap", 5)]
    assert together.left_out == "no room for norms, loss"
    assert packed(turned, 60).left_out == ""


def test_the_first_is_there_however_little_room_there_is():
    together = packed([plot("states"), plot("norms")], 3)
    assert [(figure.title, lines) for figure, lines in together.figures] == [("states", 3)]
    assert together.left_out == "no room for norms"


def test_lines_that_have_no_room_below_others_stand_beside_them():
    turned = [plot("states"), plot("norms"), Figure("heatmap", (Item("W", np.ones((3, 2))),))]
    together = packed(turned, 9, 78)
    assert [([figure.title for figure in figures], lines) for figures, lines in together.rows] == [
        (["states", "norms"], 9)
    ]
    assert together.left_out == "no room for W"
    assert [len(figures) for figures, _ in packed(turned, 9, 60).rows] == [1]
    assert [len(figures) for figures, _ in packed(turned[:2], 30, 78).rows] == [1, 1]


def test_what_is_said_instead_of_a_plot_leaves_the_room_to_the_next():
    empty = replace(plot("loss"), instead="nothing yet")
    together = packed([empty, plot("norms"), plot("states")], 6, 0)
    assert [(figure.title, lines) for figure, lines in together.figures] == [("loss", 1), ("norms", 5)]
    assert together.left_out == "no room for states"


def test_numbers_that_stand_alone_are_read_out_and_are_no_page():
    table = Figure("table", (Item("loss", np.array(0.5)),))
    maps = Figure("heatmap", (Item("a", np.ones(2)), Item("b", np.ones(3))))
    assert is_readout(table)
    assert [page.items[0].name for page in pages([table, maps])] == ["a", "b"]


def test_numbers_alone_in_a_list_of_heatmaps_are_written_out():
    figure = Figure(
        "heatmap", (Item("loss", np.array(0.123456)), Item("W", np.ones((2, 2))), Item("T", np.array(50.0)))
    )
    drawn, note = without_numbers(figure)
    assert [item.name for item in drawn.items] == ["W"]
    assert note == "numbers that stand alone: loss = 0.1235, T = 50"
    assert without_numbers(plot("states"))[1] == ""
    assert without_numbers(Figure("heatmap", figure.items[:1])) == (None, "numbers that stand alone: loss = 0.1235")


@pytest.mark.parametrize(
    ("count", "labels", "lines"), [(10, (), 14), (30, (), 9), (30, (tuple(map(str, range(30))),), 60)]
)
def test_bars_with_names_get_a_row_each_where_there_is_room(count, labels, lines):
    figure = Figure("bars", (Item("p", np.ones(count), labels=labels),))
    assert lines_for(figure, 60, 9, lying=14) == lines
