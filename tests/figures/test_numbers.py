import numpy as np
import pytest

from rnn_tutor.figures import numbers


@pytest.mark.parametrize(
    ("values", "places"),
    [
        ([1.0, 2.0], 0),
        ([0.5, 0.25], 2),
        ([0.1 + 0.2], 1),
        ([1 / 3], 6),
        ([0.0], 0),
        ([1e-9], None),
        ([1e9], None),
        ([], 0),
        ([float("nan"), 0.5], 1),
    ],
)
def test_decimals_that_show_values_exactly(values, places):
    assert numbers.decimals(values) == places


@pytest.mark.parametrize(
    ("value", "places", "text"),
    [(0.5, 2, "0.50"), (-0.0, 1, "0.0"), (-0.001, 1, "0.0"), (float("nan"), 1, "nan"), (float("-inf"), 1, "-inf"),
     (1e-9, None, "1e-9")],
)  # fmt: skip
def test_one_number(value, places, text):
    assert numbers.fixed(value, places) == text


def test_a_matrix_is_aligned():
    assert numbers.grid(np.array([[1.0, -0.5], [10.0, 0.0]]), 40) == [" 1.0  -0.5", "10.0   0.0"]


@pytest.mark.parametrize("room", [3, 7, 8, 20, 39])
def test_no_number_is_ever_cut(room):
    values = np.arange(400.0).reshape(20, 20) - 200.25
    for line in numbers.grid(values, room, 5):
        for word in line.split():
            assert word == "..." or float(word) in values


def test_lines_fit_where_one_number_does():
    values = np.arange(400.0).reshape(20, 20) - 200.25
    for room in range(14, 200):
        assert all(len(line) <= room for line in numbers.grid(values, room, 5))


def test_what_is_cut_leaves_dots():
    lines = numbers.grid(np.zeros((5, 50)), 20, 3)
    assert lines[-1] == "..."
    assert all(line.endswith("...") for line in lines)


def test_a_long_vector_goes_on_below_and_is_whole():
    lines = numbers.grid(np.arange(30.0), 30)
    assert [float(word) for line in lines for word in line.split()] == list(range(30))
    assert numbers.grid(np.arange(5000.0), 30, 4)[-1] == "..."


def test_scalars_and_empty_arrays():
    assert numbers.grid(np.array(0.25), 10) == ["0.25"]
    assert numbers.grid(np.zeros(0), 10) == [""]
    assert numbers.grid(np.zeros((0, 3)), 10) == []


@pytest.mark.parametrize(
    ("value", "text"),
    [(0.123456, "0.1235"), (16384.0, "16384"), (12345.6, "1.235e4"), (2e7, "2e7"), (-0.0, "0"), (float("nan"), "nan")],
)
def test_what_is_read_out_rounds_no_whole_number(value, text):
    assert numbers.read_out(value) == text


@pytest.mark.parametrize(
    ("value", "digits", "text"),
    [(0.5, 3, "0.500"), (4.0, 3, "4"), (123456.7, 3, "123000"), (1e-6, 2, "1.0e-6"), (float("inf"), 3, "inf")],
)
def test_what_is_rounded_for_an_answer_keeps_its_digits(value, digits, text):
    assert numbers.rounded(value, digits) == text


@pytest.mark.parametrize(("power", "text"), [(-2, "0.01"), (-5, "1e-5"), (6, "1e6"), (0.5, "3.162"), (400, "1e400.0")])
def test_a_logarithmic_axis_writes_powers_as_all_numbers(power, text):
    assert numbers.log_tick(power) == text
