"""Right, rounded, wrong: the edges of the tolerance, what a typed number claims, and 0."""

import re
import subprocess
import sys
from decimal import Decimal
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

import rnn_tutor
from rnn_tutor.engine.compare import PROBE, close, compare, is_rounding, same, significant, typed_numbers
from rnn_tutor.engine.reading.language import parse


def verdict(text: str, truth, digits=3, rtol=1e-3, atol=1e-6):
    expr = parse(text, loose=True)
    typed = typed_numbers(expr)
    truth = np.asarray(truth, dtype=float)
    value = np.asarray([float(one) for one in typed]).reshape(truth.shape)
    return compare(value, truth, digits=digits, rtol=rtol, atol=atol, typed=typed).verdict


@pytest.mark.parametrize(
    ("text", "truth", "said"),
    [
        ("0.848", 0.8482836, "right"),
        ("0.85", 0.8482836, "rounded"),
        ("0.8", 0.8482836, "rounded"),
        ("0.84", 0.8482836, "wrong"),  # cut off, not rounded
        ("0.8483", 0.8482836, "right"),
        ("0.8482", 0.8482836, "right"),  # within the tolerance
        ("0.847", 0.8482836, "wrong"),
        ("1e2", 100.4, "rounded"),
        ("100", 100.4, "right"),
        ("0.00123", 0.0012345, "right"),
        ("0.0012", 0.0012345, "rounded"),
        ("1.23e-3", 0.0012345, "right"),
        ("-0.136", -0.135965, "right"),
        ("0.136", -0.135965, "wrong"),
        ("1", 0.9996, "right"),  # within the tolerance, whatever it claims
        ("13%", 0.1349, "rounded"),
        ("13.5%", 0.1349, "right"),
    ],
)
def test_a_number_is_right_by_tolerance_or_as_a_correct_rounding(text, truth, said):
    assert verdict(text, truth) == said


@pytest.mark.parametrize("text", ["0.12", "0.13"])
def test_half_up_and_half_even_are_both_right(text):
    assert verdict(text, 0.125, digits=2) == "right"


@pytest.mark.parametrize(("text", "said"), [("-0.12", "right"), ("-0.13", "right"), ("-0.11", "wrong")])
def test_halves_below_zero_round_both_ways_too(text, said):
    assert verdict(text, -0.125, digits=2) == said


def test_the_last_bit_of_a_half_does_not_decide():
    assert verdict("2.68", 2.675, digits=3, rtol=0, atol=0) == "right"  # 2.675 is stored as 2.67499999...
    assert verdict("2.67", 2.675, digits=3, rtol=0, atol=0) == "right"


def test_the_edge_of_the_tolerance_counts_as_right():
    for truth in (1.0, 0.3, -7.7, 1e-9, 1e12):
        edge = truth + (1e-6 + 1e-3 * abs(truth))
        assert close(np.array(edge), np.array(truth), 1e-3, 1e-6)
        assert not close(np.array(truth + 1.0001 * (edge - truth)), np.array(truth), 1e-3, 1e-6)


def test_zero_is_right_for_zero_in_every_spelling():
    for text in ("0", "0.0", "0.000", "-0", "1e-7"):
        assert verdict(text, 0.0) == "right"
    assert verdict("0.001", 0.0) == "wrong"


def test_a_bare_zero_claims_nothing_but_beside_decimals_it_does():
    assert verdict("0", 0.3) == "wrong"
    assert verdict("0.0", 0.03) == "rounded"
    assert verdict("0.0", 0.3) == "wrong"
    assert verdict("[0.95, 0]", [0.95, 0.0004]) == "rounded"
    assert verdict("[0.95, 0]", [0.95, 0.3]) == "wrong"


def test_what_is_not_finite_is_never_right():
    for value in (np.nan, np.inf, -np.inf):
        assert not close(np.array(value), np.array(1.0), 0.5, 1e9)
        assert not close(np.array(1.0), np.array(value), 0.5, 1e9)


def test_one_wrong_element_does_not_hide_the_right_ones():
    found = compare(np.array([1.0, 2.0, 3.0]), np.array([1.0, 2.5, 3.0]), digits=3, rtol=1e-3, atol=1e-6)
    assert found.right.tolist() == [True, False, True]
    assert found.verdict == "wrong"


def test_shapes_that_differ_are_refused_and_not_broadcast():
    with pytest.raises(ValueError, match="shapes differ"):
        compare(np.array(0.5), np.array([0.5, 0.5]), digits=3, rtol=1e-3, atol=0)


@pytest.mark.parametrize(
    ("text", "typed"),
    [
        ("0.50", ["0.50"]),
        ("[1, -2.5]", ["1", "-2.5"]),
        ("24%", ["0.24"]),
        ("[[1, 2], [3, 4]]", ["1", "2", "3", "4"]),
        ("array([0.85, -0.76])", ["0.85", "-0.76"]),
        ("1/3", [None]),
        ("[x, 2]", [None, "2"]),
    ],
)
def test_typed_numbers_keep_what_was_typed(text, typed):
    found = typed_numbers(parse(text, loose=True))
    assert [None if one is None else str(one) for one in found] == typed


@pytest.mark.parametrize(("text", "count"), [("0.085", 2), ("0.50", 2), ("100", 3), ("0.00", 0), ("1.0", 2)])
def test_significant_digits_are_those_typed(text, count):
    assert significant(Decimal(text)) == count


@given(st.floats(-1e6, 1e6).filter(lambda x: abs(x) > 1e-3), st.integers(3, 12))
def test_a_value_printed_with_enough_digits_is_right(truth, digits):
    assert verdict(f"{truth:.{digits - 1}e}", truth) == "right"


@given(st.floats(-1e4, 1e4).filter(lambda x: abs(x) > 1e-2), st.integers(3, 8), st.integers(1, 8))
def test_more_digits_of_the_truth_never_turn_right_into_wrong(truth, digits, more):
    assert verdict(f"{truth:#.{digits}g}", truth, rtol=0, atol=0) == "right"
    assert verdict(f"{truth:#.{digits + more}g}", truth, rtol=0, atol=0) == "right"


@given(st.decimals(-1000, 1000, places=2), st.floats(-1000, 1000))
def test_a_correct_rounding_is_never_further_than_half_a_unit(number, truth):
    if is_rounding(number, truth):
        assert abs(Decimal(truth) - number) <= Decimal("0.0050000001")


def test_a_rounding_needs_a_digit_of_its_own():
    assert verdict("0.8", 0.848) == "rounded"
    assert verdict("1", 0.848) == "wrong"
    assert verdict("1.0", 0.962) == "rounded"
    assert verdict("-5", -4.605) == "rounded"
    assert verdict("10", 9.62) == "rounded"


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("1160", "right"),
        ("1.16e3", "right"),
        ("1200", "rounded"),
        ("1160.0", "wrong"),
        ("1150", "wrong"),
        ("0", "wrong"),
    ],
)
def test_noughts_at_the_end_of_a_whole_number_are_digits_or_not(text, said):
    assert verdict(text, 1157.21) == said


@pytest.mark.parametrize(
    ("text", "truth", "said"),
    [
        ("0.9", 0.92, "wrong"),  # who has 0.92 has no reason to round it
        ("0.9", 0.9200000000000002, "wrong"),
        ("0.92", 0.9200000000000002, "right"),
        ("0.9", 0.9203, "rounded"),
        ("30000", 27_000, "wrong"),
        ("3e4", 27_000, "rounded"),  # it says itself that one digit counts
        ("30000", 27_182, "wrong"),  # a count with all its digits
        ("3e4", 27_182, "rounded"),
        ("27000", 27_182, "rounded"),
        ("27200", 27_182, "right"),
        ("30000", 27_182.8, "rounded"),
        ("2.8", 2.772588722, "rounded"),
        ("3", 2.5, "wrong"),
        ("30", 25, "wrong"),
        ("[0.02, 0.9]", [0.02, 0.92], "wrong"),
        ("0.13", 0.125, "rounded"),
        ("50%", 0.46, "wrong"),
    ],
)
def test_what_is_short_itself_is_not_rounded(text, truth, said):
    assert verdict(text, truth) == said


def test_infinity_at_one_place_makes_nothing_else_alike():
    value, other = np.array([np.inf, 1.0]), np.array([np.inf, 2.0])
    assert not same(value, other, PROBE)
    assert same(other, other, PROBE)
    assert not same(np.array([1.0]), np.array([np.inf]), PROBE)


def test_distinct_values_are_sorted_and_no_masked_arrays_are_imported_for_them():
    code = """
import sys
import numpy as np
from rnn_tutor.engine.compare import distinct
given = [np.array(one) for one in ([], [2.0, 1.0, 2.0, np.nan, np.nan], [[3, 1], [1, 2]])]
found = [distinct(values) for values in given]
assert "numpy.ma" not in sys.modules
for values, own in zip(given, found):
    expected = np.unique(values)
    assert own.dtype == expected.dtype and np.array_equal(own, expected, equal_nan=True), own
"""
    subprocess.run([sys.executable, "-c", code], check=True)


def test_nothing_that_is_marked_or_drawn_imports_masked_arrays():
    sources = Path(rnn_tutor.__file__).parent.rglob("*.py")
    alone = re.compile(r"np\.(unique\((?!.*return_)|median\()")
    assert [file for file in sources if "importing" not in file.parts and alone.search(file.read_text("utf-8"))] == []
