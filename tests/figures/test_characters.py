"""Plots in characters: what is drawn is where the numbers are, and it fits and is ASCII where it has to be."""

import os
import subprocess
import sys
from dataclasses import replace

import numpy as np
import pytest

from rnn_tutor.figures.characters import draw
from rnn_tutor.figures.characters.canvas import text_of
from rnn_tutor.figures.characters.lines import MARKS, marks_of
from rnn_tutor.figures.chart import line_chart
from rnn_tutor.figures.figure import Figure, Item

X = np.arange(30)


def figure(kind="lines", *, title="a title", log=False, level=None, x=None, **arrays):
    items = tuple(Item(name, np.asarray(values, dtype=float), ("time",)) for name, values in arrays.items())
    return Figure(
        kind,
        items,
        title,
        x=None if x is None else Item("x", np.asarray(x, dtype=float)),
        level=None if level is None else Item("limit", np.array(float(level))),
        log=log,
    )


def drawn(one, width=70, height=12, *, ascii_only=True):
    return text_of(draw(one, width, height, ascii_only=ascii_only))


def test_a_line_in_ascii():
    assert drawn(figure(h=[0, 1, 2, 3]), 30, 8) == [
        "a title   o h",
        "3+.        .        .     oooo",
        "2+.        .       ooooooo   .",
        " |           oooooo",
        "1+.   ooooooo       .        .",
        "0+oooo     .        .        .",
        " ++--------+--------+--------+",
        "  0        1        2  time  3",
    ]


def test_points_stand_where_their_numbers_say():
    lines = drawn(figure(v=[0, 1, 4, 2]), 60, 16)
    rows = {row.split("+")[0].strip(): row for row in lines[1:-2] if "+" in row}
    columns = {place: lines[-1].index(place) for place in "0123"}
    for place, value in (("0", "0"), ("1", "1"), ("2", "4"), ("3", "2")):
        assert rows[value][columns[place]] == "o"


@pytest.mark.parametrize("ascii_only", [True, False])
def test_lines_are_told_apart_by_their_marks(ascii_only):
    arrays = {f"v{at}": np.sin(X / 5 + at) for at in range(len(MARKS))}
    lines = drawn(figure(**arrays), ascii_only=ascii_only)
    for at, mark in enumerate(MARKS):
        assert any(f"{mark} v{at}" in line for line in lines[:2])
        assert any(mark in line for line in lines[2:-2])


def test_no_line_is_marked_by_the_name_of_another():
    lines = drawn(figure(X=X, h=np.sin(X), o=np.cos(X)))
    assert "+ X   * h   # o" in lines[0]
    assert "o h   + X" in drawn(figure(h=X, X=np.sin(X)))[0]
    assert not any("x" in line for line in drawn(figure(h=X, X=np.sin(X)))[1:-2])
    many = {name: X + at for at, name in enumerate("Xoabcdef")}
    assert len(set(marks_of(line_chart(figure(**many)).lines))) == len(many)


def test_lines_that_are_the_same_are_both_seen():
    lines = drawn(figure(a=X, b=X))
    assert all(any(mark in line for line in lines[1:]) for mark in "ox")


def test_what_is_not_finite_is_a_gap_and_is_said():
    lines = drawn(figure(v=[1, np.nan, 1, 1, np.inf, 1, -np.inf]), 80)
    (row,) = [line for line in lines[1:-2] if "o" in line]
    assert "3 points not finite: left out" in lines[0]
    assert row.rstrip().count(" ") > 20


def test_what_has_no_logarithm_is_left_out_and_said():
    lines = drawn(figure(v=[1, 0.1, 0, -1, 0.001], log=True), 80)
    assert "2 points not positive: left out" in lines[0]
    ticks = [line[:5].strip() for line in lines[1:-2] if line[5] == "+"]
    assert ticks == ["1", "0.1", "0.01", "0.001"]


def test_a_power_is_straight_on_a_logarithmic_axis():
    lines = drawn(figure(v=0.5**X, log=True), 66, 15)
    first = [line.index("o") for line in lines[1:-2] if "o" in line]
    assert len(first) == 11
    assert np.ptp(np.diff(first)[1:-1]) <= 1


def test_a_level_is_drawn_across_and_named():
    lines = drawn(figure(v=[0, 10], level=5), 40, 9)
    assert "-- limit = 5" in lines[0]
    assert any(line.count("-") > 15 for line in lines[1:-2])


def test_x_is_what_the_figure_says():
    lines = drawn(figure(v=[1, 2, 3], x=[10, 20, 40]), 60)
    assert lines[-1].split() == ["10", "15", "20", "25", "30", "35", "x", "40"]


def test_a_matrix_is_a_line_for_each_column_and_no_more_than_can_be_told_apart():
    lines = drawn(figure(h=np.outer(X, np.arange(20))), 120)
    assert "o h[:, 0]   x h[:, 1]" in lines[0]
    assert f"the first {len(MARKS)} of 20 lines" in " ".join(lines[:3])


def test_a_point_whose_place_is_not_finite_is_left_out_and_that_is_said():
    lines = drawn(figure(v=[1, 2, 3], x=[1, np.nan, 3]), 80)
    assert "1 point not finite: left out" in lines[0]


def test_a_level_that_cannot_be_drawn_is_named_as_such():
    lines = drawn(figure(v=[1, 10], level=0, log=True), 80)
    assert "not drawn: limit = 0" in lines[0]
    assert not any(line.count("-") > 15 for line in lines[1:-2])


def test_more_groups_of_bars_than_can_be_told_apart_are_said():
    lines = drawn(figure("bars", **{f"v{at}": [1, 2] for at in range(10)}), 120, 30)
    assert "the first 8 of 10 groups" in " ".join(lines[:3])
    assert all(f"v{at}" in " ".join(lines[:3]) for at in range(8))


@pytest.mark.parametrize("height", [8, 40])
def test_bars_of_a_text_have_its_letters(height):
    text = "hello hello"
    item = Item("surprise", np.arange(1.0, 12.0), ("character",), labels=(tuple(text.replace(" ", "␣")),))
    one = Figure("bars", (item,))
    for ascii_only, space in ((True, "_"), (False, "␣")):
        lines = drawn(one, 60, height, ascii_only=ascii_only)
        if height == 40:
            assert [line.split()[0] for line in lines[1:]] == list(text.replace(" ", space))
        else:
            assert lines[-1].replace("character", "").split() == list(text.replace(" ", space))


def test_letters_stand_without_a_gap_where_the_bars_do():
    text = "thenextletterisasurprise" * 2
    one = Figure("bars", (Item("s", np.arange(48.0), labels=(tuple(text),)),))
    assert drawn(one, 60, 12)[-1].strip() == text


def test_names_that_have_no_room_below_upright_bars_are_said_to_be_left_out():
    one = figure("bars", **{f"a_long_name_{at}": 1.0 + at for at in range(20)})
    assert "named: one place in" in " ".join(drawn(one, 60, 12)[:2])
    assert "named" not in " ".join(drawn(one, 60, 30)[:2])


def test_the_same_name_twice_is_written_twice():
    one = Figure("bars", (Item("a", np.array(1.0)), Item("a", np.array(2.0))))
    assert [line.split()[0] for line in drawn(one, 40)] == ["a", "a"]


def test_what_is_cut_at_the_width_says_so():
    assert drawn(figure("bars", **{"norm(grad(sum(logits), x))": 1.0}), 40)[1].strip().startswith("norm(grad(s..")
    lines = text_of(draw(figure("table", **{"a": [0.123456, 1.5]}), 7, 10, ascii_only=True))
    assert all(len(line) <= 7 for line in lines)
    assert lines[2].endswith("..")


def test_a_table_names_the_places_of_a_text():
    one = Figure("table", (Item("s", np.array([1.0, 2.0]), ("character",), labels=(("a", "b"),)),))
    assert text_of(draw(one, 40, 10, ascii_only=True)) == ["character  s", "        a  1", "        b  2"]


def test_slices_that_a_table_leaves_out_are_said():
    lines = text_of(draw(figure("table", m=np.ones((20, 1, 1))), 40, 60, ascii_only=True))
    assert lines[-1] == "the first 16 of 20 slices"


def test_lying_bars_have_names_and_numbers():
    assert drawn(figure("bars", short=0.3, long=-0.6, nothing=0.0), 40) == [
        "a title",
        "  short                  |########  0.3",
        "   long #################|         -0.6",
        "nothing                  |          0.0",
    ]


def test_bars_reach_as_far_as_their_numbers():
    head, *lines = drawn(figure("bars", v=[1, 2, -4, 0, np.nan]), 60)
    assert "1 not finite: no bar" in head
    count = [line.count("#") for line in lines]
    assert count[1] == pytest.approx(2 * count[0], abs=2)
    assert count[2] == pytest.approx(4 * count[0], abs=4)
    assert count[3:] == [0, 0]
    base = lines[0].index("|")
    assert all(line[base] == "|" for line in lines)
    assert lines[2].index("#") < base < lines[0].index("#")
    assert [line.split()[-1] for line in lines] == ["1", "2", "-4", "0", "nan"]


def test_many_bars_stand_upright():
    lines = drawn(figure("bars", v=np.where(X % 2, -1, 1)), 80)
    up, down = (sum(line.count("#") for line in lines[a:b]) for a, b in ((1, 5), (6, 10)))
    assert up > 20
    assert down > 20
    assert lines[-1].split() == [*map(str, range(0, 30, 2)), "time"]


@pytest.mark.parametrize("ascii_only", [True, False])
def test_groups_of_bars_are_told_apart(ascii_only):
    first, second = "#=" if ascii_only else "█▒"
    for arrays in ({"f": [1, 2], "i": [2, 1]}, {"f": X + 1, "i": X + 1}):
        lines = drawn(figure("bars", **arrays), ascii_only=ascii_only)
        assert f"{first} f" in lines[0]
        assert f"{second} i" in lines[0]
        assert all(any(fill in line for line in lines[1:]) for fill in (first, second))


def test_more_bars_than_columns_share_them_and_that_is_said():
    values = np.zeros(1000)
    values[777] = -5
    lines = drawn(figure("bars", v=values), 60)
    assert "each bar is the largest of 20" in " ".join(lines[:2])
    assert any("#" in line for line in lines)


RNG = np.random.default_rng(0)
ODD = {
    "one": [3.0],
    "two": [1, 2],
    "none": [],
    "nan": [np.nan, np.nan],
    "inf": [np.inf, -np.inf, 0, np.nan],
    "zero": [0, 0, 0],
    "same": [7.25] * 9,
    "negative": -RNG.random(17),
    "huge": [1e308, -1e308, 1],
    "tiny": [1e-320, 3e-310, 2e-300],
    "close": [1e16, 1e16 + 2, 1e16 + 4],
    "wide": 10.0 ** RNG.uniform(-300, 300, 50),
    "long": np.cumsum(RNG.normal(size=2000)),
    "matrix": RNG.normal(size=(12, 3)),
    "number": 4.0,
}
NOT = {"lines": {"number"}, "bars": {"matrix"}, "table": set()}


WIDTHS = [1, 9, 78, *(pytest.param(width, marks=pytest.mark.long) for width in (2, 5, 20, 33, 60, 120, 160))]


@pytest.mark.parametrize("width", WIDTHS)
@pytest.mark.parametrize("kind", ["lines", "bars", "table"])
def test_nothing_fails_and_nothing_is_too_wide(kind, width):
    for name in ODD.keys() - NOT[kind]:
        for log in (False, True):
            for height in (1, 3, 10, 40):
                one = figure(kind, log=log, level=0.1 if kind == "lines" else None, **{name: ODD[name]})
                for ascii_only in (True, False):
                    lines = text_of(draw(one, width, height, ascii_only=ascii_only))
                    assert len(lines) <= height, (name, log)
                    assert max(map(len, lines), default=0) <= width, (name, log)
                    assert not ascii_only or "".join(lines).isascii(), (name, log)


@pytest.mark.parametrize("kind", ["lines", "bars", "table"])
def test_foreign_names_come_as_text_that_can_be_shown(kind):
    items = (Item("\x1b[31mσ·w", np.array([1.0, 2.0])), Item("b\x07", np.array([2.0, 1.0])))
    one = Figure(kind, items, title="\x1b]0;x\x07 ∂L/∂h")
    for ascii_only in (True, False):
        text = "".join(text_of(draw(one, 60, 12, ascii_only=ascii_only)))
        assert text.isprintable()
        assert not ascii_only or text.isascii()


def test_a_table_has_vectors_beside_each_other():
    one = figure("table", a=[1, 2.5], b=[-10, 3], s=4.0, m=[[1, 2], [3, 4]])
    assert text_of(draw(one, 40, 20, ascii_only=True)) == [
        "a title",
        "time    a    b",
        "   0  1.0  -10",
        "   1  2.5    3",
        "",
        "s  4",
        "",
        "m (2, 2)",
        "time 0  1  2",
        "time 1  3  4",
    ]


def test_a_long_table_says_what_is_left_out():
    lines = text_of(draw(figure("table", a=np.arange(500)), 40, 10, ascii_only=True))
    assert len(lines) == 10
    assert lines[-1] == "the first 7 of 500"


def test_columns_that_do_not_fit_come_below():
    one = figure("table", **{f"name_{at}": [at, at] for at in range(6)})
    lines = text_of(draw(one, 30, 40, ascii_only=True))
    assert "name_0" in lines[1]
    assert sum("name_" in line for line in lines) == 2


def test_the_same_figure_is_drawn_the_same_whatever_was_drawn_before():
    one = figure(h=np.sin(X), level=0.5)
    before = drawn(one)
    drawn(figure(h=X, log=True))
    drawn(figure("bars", h=-X))
    assert drawn(one) == before


def test_uniplot_is_not_loaded_before_it_is_needed():
    modules = "rnn_tutor.figures.characters.lines, rnn_tutor.tui.widgets.figure"
    code = f"import sys, {modules}; sys.exit('uniplot' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", code], env=os.environ, check=False).returncode == 0


def plane(at=None):
    """A square walked round, and a point beside it: neither runs from left to right."""
    x = np.array([[0.0, 2.0], [4.0, 2.0], [4.0, 2.0], [0.0, 2.0], [0.0, 2.0]])
    items = (Item("square", np.array([0.0, 0.0, 4.0, 4.0, 0.0])), Item("point", np.full(5, 1.0)))
    return Figure("lines", items, x=Item("place", x), at=at)


def test_lines_with_an_x_of_their_own_lie_where_both_numbers_say():
    lines = drawn(plane(), 44, 13)
    top, bottom = lines[1], lines[-3]
    assert top.count("o") > 30
    assert bottom.count("o") > 30
    column = lines[-1].index("2")
    assert [row[column] for row in lines if row.startswith("1+")] == ["x"]
    assert sum("x" in row[3:] for row in lines[1:-2]) == 1


def test_a_cursor_on_lines_with_an_x_of_their_own_is_on_each_where_it_is():
    figure = plane(at=2)
    assert figure.under_cursor() == (2, (("square x", 4), ("y", 4), ("point x", 2), ("y", 1)))
    assert not any("|" in row[3:] for row in drawn(figure, 44, 13)), "no stroke: they have no place in common"
    assert any("|" in row[3:] for row in drawn(Figure("lines", figure.items, at=2), 44, 13))


def test_a_part_of_lines_keeps_the_x_of_each():
    part = plane(at=2).part(1, 4)
    assert [one.x.tolist() for one in part.series] == [[4, 4, 0], [2, 2, 2]]
    assert part.under_cursor() == (1, (("square x", 4), ("y", 4), ("point x", 2), ("y", 1)))


def test_of_one_line_the_title_is_enough_where_that_spares_a_line():
    roomy = drawn(figure(h=X + 1.0, log=True, title="the size of h at each step"), 70, 8)
    assert roomy[0] == "the size of h at each step   o h   logarithmic"
    narrow = drawn(figure(h=X + 1.0, log=True, title="the size of h at each step"), 38, 8)
    assert narrow[0] == "the size of h at each step   log"
    assert len(narrow) == 8


def test_what_is_said_instead_stands_where_nothing_is_drawn_yet():
    empty = replace(figure(h=[1.0], level=2, log=True), instead="nothing yet")
    assert drawn(empty) == ["a title   nothing yet"]
