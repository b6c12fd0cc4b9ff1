"""Figures as a command prints them and as they stand on paper: nothing is left out of them without a word."""

import xml.etree.ElementTree as ET
from pathlib import Path

import numpy as np
import pytest

from rnn_tutor.commands.paper.page import picture
from rnn_tutor.commands.pictures import figure_lines
from rnn_tutor.exercises.labs.instance import original
from rnn_tutor.exercises.labs.load import read_lab
from rnn_tutor.figures.figure import Figure, Item

CONTENT = Path(__file__).parents[1] / "content"
NAMES = ["H * D", "the recurrent weights", "head", "norm(grad(sum(logits), x))"]


def texts(figure: Figure) -> list[str]:
    """What can be read in the drawing."""
    return ["".join(one.itertext()) for one in ET.fromstring(picture(figure)).iter() if one.tag.endswith("}text")]  # noqa: S314


def alone(names=NAMES):
    return Figure("bars", tuple(Item(name, np.array(1.5 + at)) for at, name in enumerate(names)), "how many")


def vectors(kind, count, size=3, title="a title"):
    return Figure(kind, tuple(Item(f"v{at}", np.arange(size) + 1.0 + at) for at in range(count)), title)


@pytest.mark.parametrize("count", [4, 25, 50])
def test_bars_that_stand_alone_keep_their_names_on_paper(count):
    names = [f"{NAMES[at % 4]} {at}" for at in range(count)]
    drawn = texts(alone(names))
    assert all(name in drawn for name in names)
    printed = [line.split("|")[0].strip() for line in figure_lines(alone(names), 78, plainly=True)[1:]]
    assert printed == [name if len(name) <= 26 else name[:24] + ".." for name in names]


def test_one_line_or_group_has_its_name_below_a_title_too():
    assert "v0" in texts(vectors("lines", 1))
    assert "v0" in texts(vectors("bars", 1))


@pytest.mark.parametrize(("kind", "what"), [("lines", "lines"), ("bars", "groups")])
def test_more_than_can_be_told_apart_are_said(kind, what):
    for lines in (texts(vectors(kind, 11)), figure_lines(vectors(kind, 11), 110, plainly=True)):
        assert any(f"the first 8 of 11 {what}" in line for line in lines)


def test_a_point_between_two_gaps_is_drawn():
    values = np.where(np.arange(60) % 3, np.arange(60.0), np.nan)
    lonely = np.where(np.arange(60) % 2, 1.0, np.nan)
    drawing = picture(Figure("lines", (Item("a", values), Item("b", lonely))))
    assert drawing.count("<circle") >= 30


def test_points_without_a_place_and_levels_without_one_are_said():
    one = Figure("lines", (Item("a", np.array([1.0, 2.0, 3.0])),), x=Item("x", np.array([0, np.inf, 1])))
    assert "1 point not finite: left out" in texts(one)
    log = Figure("lines", (Item("a", np.array([1.0, 2.0])),), level=Item("limit", np.array(0.0)), log=True)
    assert "not drawn: limit = 0" in texts(log)


def test_what_is_printed_has_no_legend_and_what_is_marked_has_one_for_all_of_a_scale():
    small = Figure("heatmap", (Item("gate", np.array([[0.25, 0.5]])),))
    assert figure_lines(small, 78, plainly=True) == ["gate  (1, 2)", "        0     1", "  0  0.25   0.5"]
    assert texts(small) == ["gate", "(1, 2)", "0", "1", "0", "0.25", "0.5"]
    gates = tuple(Item(name, np.linspace(0.1, 1, 80).reshape(4, 20)) for name in ("i", "f"))
    lines = figure_lines(Figure("heatmap", gates), 78, plainly=True)
    assert lines[6] == "  0  0  . .. .: :: :* ** *# ## #@ @@  1"
    assert lines[-1] == "  on the scale of i"
    marked = Figure("heatmap", tuple(Item(one.name, one.values) for one in gates))
    drawn = texts(marked)
    assert "on the scale of i" in drawn
    assert "+" not in drawn


def test_odd_values_are_in_the_legend():
    values = np.ones((4, 20))
    values[0, 0], values[1, 0] = np.nan, -np.inf
    lines = figure_lines(Figure("heatmap", (Item("h", values),)), 78, plainly=True)
    assert "?? not a number" in lines[-1]
    assert "-! minus infinite" in lines[-1]


def test_marks_without_a_space_between_them_have_a_sign_that_parts_them():
    lines = figure_lines(Figure("heatmap", (Item("h", np.linspace(0.01, 1, 120).reshape(4, 30)),)), 78, plainly=True)
    assert lines[2] == "  0 " + "+." * 23 + "+:" * 7
    assert lines[-1] == "  0  0+.+:+*+#+@ 1"


def test_rows_and_columns_that_are_left_out_are_said():
    lines = figure_lines(Figure("heatmap", (Item("h", np.ones((30, 50))),)), 78, plainly=True)
    assert lines[-2] == "  the first 20 of 30 rows, 35 of 50 columns"


def test_slices_that_are_left_out_are_said():
    lines = figure_lines(Figure("heatmap", (Item("h", np.ones((5, 2, 2)), ("batch", "", "")),)), 78, plainly=True)
    assert lines[1] == "  h (batch 5, 2, 2)   batch 0, slice 1 of 5"
    assert lines[-1] == "  the first 2 of 5 slices"


def test_the_plane_lab_has_the_values_of_its_axes():
    bench = original(read_lab(CONTENT / "clipping/labs/clipping-plane.yaml").lab)
    figure = bench.scene(bench.start).figure(0)
    assert figure.items[0].picture.rows == tuple(str(4 - at) for at in range(9))
    assert figure.items[0].picture.columns == tuple(str(at - 8) for at in range(17))
    assert figure_lines(figure, 78, plainly=True)[1].split() == [str(at - 8) for at in range(17)]
    drawn = texts(figure)
    assert all(str(at) in drawn for at in range(-8, 9))


def test_bars_of_what_a_learner_types_have_its_letters():
    bench = original(read_lab(CONTENT / "sequence-models/labs/your-perplexity.yaml").lab)
    settings = bench.start | {"reads": "an apple", "learns": "an apple"}
    bars = bench.scene(settings).figure(0)
    assert bars.series[0].places == tuple("an␣apple")
    assert [line.split("|")[0].strip() for line in figure_lines(bars, 78, plainly=True)[1:]] == list("an_apple")
    assert "".join(one for one in texts(bars) if len(one) == 1 and not one.isdigit()) == "an␣apple"
    other = bench.scene(settings | {"reads": "a pear"}).figure(0)
    assert other.series[0].places == tuple("a␣pear")
