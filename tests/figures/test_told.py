"""A figure in words says its numbers, where they are extreme, and what is left out."""

import numpy as np

from rnn_tutor.figures.figure import Figure, Item
from rnn_tutor.figures.told import in_words


def test_a_heatmap_is_told_row_by_row_with_the_names_of_its_axes():
    weights = Item("a", np.array([[0.25, 0.75], [1.0, 0.0]]), ("target", "source"), labels=(("le", "chat"), ()))
    assert in_words(Figure("heatmap", (weights,), "weights")) == [
        "Heatmap: weights.",
        "a, (target 2, source 2)",
        "  row 0 (le): 0.25, 0.75",
        "  row 1 (chat): 1, 0",
    ]


def test_of_a_large_array_the_extremes_are_told_and_what_is_left_out():
    values = np.zeros((30, 40))
    values[7, 31] = 5.0
    lines = in_words(Figure("heatmap", (Item("g", values),)))
    assert lines[1] == "g, (30, 40): least 0 at [0, 0], greatest 5 at [7, 31]"
    assert lines[2].endswith(", and 16 more")
    assert lines[-1] == "  6 more rows are not told."
    assert in_words(Figure("heatmap", (Item("g", values),)), 6, whole=False) == lines[:2]


def test_slices_are_told_by_their_place():
    lines = in_words(Figure("table", (Item("h", np.arange(12.0).reshape(6, 1, 2)),)))
    assert lines[2:4] == ["  at [0]", "  row 0: 0, 1"]
    assert lines[-1] == "  2 more of 6 slices are not told."


def test_lines_say_where_they_are_extreme_and_both_ends():
    loss = Item("loss", np.array([4.0, 2.0, np.nan, 1.0]), ("epoch",))
    lines = in_words(Figure("lines", (loss,), "loss", level=Item("best", np.array(0.5)), log=True))
    assert lines == [
        "Line plot: loss.",
        "The values are on a logarithmic axis.",
        "A line is drawn across at best = 0.5.",
        "loss: 4 points along epoch; least 1 at 3, greatest 4 at 0.",
        "  at 0: 4; at 1: 2; at 2: nan; at 3: 1",
    ]
    long = in_words(Figure("lines", (Item("y", np.arange(1000.0)),)), 3)
    assert long[-1] == "  at 0: 0; at 500: 500; at 999: 999 (3 of 1000 points)"


def test_bars_that_stand_alone_have_their_names():
    figure = Figure("bars", (Item("before", np.array(2.0)), Item("after", np.array(1.0))))
    assert in_words(figure) == [
        "Bars.",
        "2 points; least 1 at after, greatest 2 at before.",
        "  at before: 2; at after: 1",
    ]


def test_what_is_empty_or_is_no_number_is_told_too():
    assert in_words(Figure("heatmap", (Item("e", np.zeros((0, 3))),)))[1:] == ["e, (0, 3)", "  empty"]
    assert "no points" in in_words(Figure("lines", (Item("e", np.zeros(0)),)))[-1]
    assert in_words(Figure("heatmap", (Item("n", np.full(30, np.nan)),)))[1] == "n, (30)"
