import numpy as np
import pytest

from rnn_tutor.figures import heatmap
from rnn_tutor.figures.chart import cell_numbers
from rnn_tutor.figures.heatmap import MINUS_INFINITY, NAN, PLUS_INFINITY, Picture


def test_levels_by_hand():
    values = np.array([-1.0, -0.5, -0.2, 0.0, 0.2, 0.25, 0.26, 1.0])
    assert heatmap.levels(values, 4).tolist() == [-4, -2, -1, 0, 1, 1, 2, 4]


def test_only_an_exact_zero_is_level_zero():
    values = np.array([1e-300, -1e-300, 0.0, -0.0, 1e300])
    assert heatmap.levels(values, 5).tolist() == [1, -1, 0, 0, 5]


@pytest.mark.parametrize("value", [5e-324, 1e-310, 3.0, 1.7976931348623157e308])
def test_constant_array_is_at_full_level_whatever_its_size(value):
    assert heatmap.levels(np.full((2, 2), value), 7).tolist() == [[7, 7], [7, 7]]
    assert heatmap.levels(np.full((2, 2), -value), 7).tolist() == [[-7, -7], [-7, -7]]


def test_all_zero_and_empty_arrays():
    assert heatmap.levels(np.zeros((2, 2)), 5).tolist() == [[0, 0], [0, 0]]
    assert heatmap.levels(np.zeros((0, 3)), 5).shape == (0, 3)
    assert heatmap.scale(np.zeros(0)) == 0.0


def test_what_has_no_size_is_marked_and_does_not_set_the_scale():
    values = np.array([np.nan, np.inf, -np.inf, 2.0, -1.0])
    assert heatmap.scale(values) == 2.0
    assert heatmap.levels(values, 4).tolist() == [NAN, PLUS_INFINITY, MINUS_INFINITY, 4, -2]
    assert heatmap.marks(values, "ascii") == [["??", "+!", "-!", "+@", "-*"]]


def test_an_array_of_nothing_finite():
    assert heatmap.levels(np.array([np.nan, np.inf]), 4).tolist() == [NAN, PLUS_INFINITY]


def test_a_window_has_the_scale_of_the_whole():
    values = np.arange(1, 101, dtype=float).reshape(10, 10)
    whole = heatmap.levels(values, 5)
    window = heatmap.levels(values[2:4, 3:9], 5, heatmap.scale(values))
    assert (whole[2:4, 3:9] == window).all()


def test_levels_of_a_scalar():
    assert heatmap.levels(np.array(-3.0), 5).tolist() == -5


@pytest.mark.parametrize("count", [0, 101])
def test_too_few_or_too_many_levels(count):
    with pytest.raises(ValueError, match="1 to 100"):
        heatmap.levels(np.array([1.0]), count)


@pytest.mark.parametrize("style", heatmap.STYLES)
def test_every_level_has_its_own_mark_or_colour(style):
    count = heatmap.level_count(style)
    texts = [heatmap.text(level, style) for level in range(-count, count + 1)]
    signs = [text.strip()[0] for text in texts]
    assert signs[:count] == ["-"] * count
    assert signs[count] not in "+-"
    assert signs[count + 1 :] == ["+"] * count
    if style != "colour":  # there the screen paints the size
        assert len(set(texts)) == 2 * count + 1


def test_ascii_is_ascii_and_marks_are_as_wide_as_asked():
    values = np.array([[np.nan, np.inf, -np.inf], [0.0, 1.0, -0.1]])
    for row in heatmap.marks(values, "ascii", width=3):
        assert all(mark.isascii() and mark.isprintable() and len(mark) == 3 for mark in row)


def test_legend_runs_from_minus_to_plus_scale():
    entries = heatmap.legend(np.array([0.5, -2.0]), "ascii")
    assert [entry.text for entry in entries] == [
        "-@", "-#", "-*", "-:", "-.", " 0", "+.", "+:", "+*", "+#", "+@",
    ]  # fmt: skip
    assert (entries[0].says, entries[5].says, entries[-1].says) == ("-2", "0", "2")


def test_legend_names_special_marks_only_where_they_occur():
    says = [entry.says for entry in heatmap.legend(np.array([np.nan, -np.inf, 1.0]), "blocks")]
    assert says[-2:] == ["not a number", "minus infinite"]
    assert "infinite" not in says
    assert [entry.text for entry in heatmap.legend(np.zeros(3), "blocks")] == [" ·"]


def test_planes_of_few_dimensions():
    assert heatmap.plane(np.array(2.0)).values.tolist() == [[2.0]]
    assert heatmap.plane(np.array([1.0, 2.0])).values.tolist() == [[1.0, 2.0]]
    assert heatmap.plane_count(np.zeros((3, 4))) == 1


@pytest.mark.parametrize("axis", [0, 1, 2])
def test_planes_of_three_dimensions_along_each_axis(axis):
    values = np.arange(24, dtype=float).reshape(2, 3, 4)
    assert heatmap.plane_count(values, axis) == values.shape[axis]
    for index in range(values.shape[axis]):
        found = heatmap.plane(values, axis, index)
        assert (found.values == np.take(values, index, axis=axis)).all()
        assert found.at == ((axis, index),)


def test_planes_of_four_dimensions_are_all_reached():
    values = np.arange(120, dtype=float).reshape(2, 3, 4, 5)
    picture = Picture("x", values)
    seen = set()
    for index in range(heatmap.plane_count(values, 1)):
        found = heatmap.plane(values, 1, index)
        where = heatmap.place(picture, found, 1, 2)
        assert found.values[1, 2] == eval(where, {"x": values})  # noqa: S307 - our own text
        seen |= set(found.values.ravel().tolist())
    assert len(seen) == 120
    with pytest.raises(IndexError):
        heatmap.plane(values, 1, 6)


def test_a_plane_is_a_view():
    values = np.zeros((50, 60, 70))
    assert np.shares_memory(heatmap.plane(values, 2, 69).values, values)


def test_names_of_rows_and_columns():
    picture = Picture("W", np.zeros((2, 3)), ("r", "z"), (), ("gate", "unit"))
    shown = heatmap.plane(picture.values)
    assert heatmap.names(picture, shown, False, range(2)) == ["r", "z"]
    assert heatmap.names(picture, shown, True, range(1, 3)) == ["unit 1", "unit 2"]
    vector = Picture("v", np.zeros(2), columns=("a", "b"))
    assert heatmap.names(vector, heatmap.plane(vector.values), True, range(2)) == ["a", "b"]
    assert heatmap.names(vector, heatmap.plane(vector.values), False, range(1)) == [""]


def test_names_follow_the_axis_when_cut_another_way():
    picture = Picture("x", np.zeros((2, 3, 4)), ("p", "q", "r"), ("a", "b", "c", "d"), ("batch", "time", "unit"))
    shown = heatmap.plane(picture.values, 1, 0)
    assert heatmap.names(picture, shown, False, range(2)) == ["batch 0", "batch 1"]
    assert heatmap.names(picture, shown, True, range(2)) == ["a", "b"]


def test_place_reads_as_an_index():
    scalar = Picture("p", np.array(1.0))
    assert heatmap.place(scalar, heatmap.plane(scalar.values), 0, 0) == "p"
    vector = Picture("h", np.array([1.0, 2.0]))
    assert heatmap.place(vector, heatmap.plane(vector.values), 0, 1) == "h[1]"
    drive = Picture("W @ x", np.array([1.0, 2.0]))
    assert heatmap.place(drive, heatmap.plane(drive.values), 0, 1) == "(W @ x)[1]"
    matrix = Picture("W", np.zeros((2, 3)))
    assert heatmap.place(matrix, heatmap.plane(matrix.values), 1, 2) == "W[1, 2]"


def test_the_scale_has_a_sign_where_the_values_have():
    for values, low, high in (([-0.5, 2], -2, 2), ([0.1, 2], 0, 2), ([-0.1, -3], -3, 0), ([0, 0], 0, 0), ([], 0, 0)):
        scale = heatmap.span([np.array(values, dtype=float)])
        assert (scale.low, scale.high, scale.signed) == (low, high, low < 0)
    assert heatmap.span([np.array([np.nan, np.inf, 0.5])]).high == 0.5


def test_what_cannot_leave_0_to_1_is_shown_on_all_of_that_unless_it_is_small():
    assert heatmap.span([np.array([0.2, 0.6])], within_one=True).high == 1
    assert heatmap.span([np.array([0.02, 0.06])], within_one=True).high == 0.06


def test_without_a_sign_marks_tell_twice_as_many_sizes_and_each_looks_its_own():
    for style in ("ascii", "blocks"):
        count = heatmap.level_count(style, signed=False)
        assert count == 2 * heatmap.level_count(style)
        for width in (2, 3):
            texts = [heatmap.text(level, style, count, width, signed=False) for level in range(count + 1)]
            assert len(set(texts)) == count + 1
            assert {len(text) for text in texts} == {width}
    values = np.array([[0.0, 0.1, 0.55, 1.0]])
    assert heatmap.marks(values, "ascii", 1.0, signed=False) == [[" 0", " .", "**", "@@"]]


def test_the_legend_goes_from_one_end_of_the_scale_to_the_other():
    assert [entry.says for entry in heatmap.legend(np.array([0.5, 2.0]), "blocks")][::4] == ["0", "1", "2"]
    assert [entry.says for entry in heatmap.legend(np.array([-2.0]), "blocks")] == ["-2", "-1.5", "-1", "-0.5", "0"]
    assert heatmap.legend(np.array([0.5]), "blocks", on=heatmap.Scale(-4, 4))[0].says == "-4"


def test_numbers_are_printed_where_there_are_few():
    assert cell_numbers(np.array([[1, -0.12345], [np.nan, 1e-7]])) == [["     1", "-0.123"], ["   nan", "  1e-7"]]
    assert cell_numbers(np.ones((7, 7))) is None
    assert cell_numbers(np.ones((0, 3))) is None


def test_one_scale_for_what_is_compared():
    def scales(*arrays):
        return [
            (one.low, one.high) for one in heatmap.compared([(np.array(array, dtype=float), False) for array in arrays])
        ]

    assert scales([1, 2], [3, 4]) == [(0, 4), (0, 4)]
    assert scales([1, 2], [30, 40]) == [(0, 2), (0, 40)]
    assert scales([1, -2], [3, 4]) == [(-2, 2), (0, 4)]
    assert scales([1, 2], [3, 4, 5]) == [(0, 2), (0, 5)]
    assert scales(1, 3) == [(0, 1), (0, 3)]
    assert scales([0, 0], [0, 5]) == [(0, 0), (0, 5)]
