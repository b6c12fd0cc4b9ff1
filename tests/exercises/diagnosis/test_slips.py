"""A slip in one element, where what is left of it has no value."""

import re
import warnings
from decimal import Decimal

import msgspec
import pytest

from rnn_tutor.exercises.diagnosis.slips import _one_digit_off
from rnn_tutor.exercises.drawing import ask
from rnn_tutor.exercises.mark import mark
from rnn_tutor.exercises.model import Exercise
from rnn_tutor.exercises.read import load_exercise


def test_a_product_without_which_there_is_no_root_is_passed_over_in_silence():
    exercise = msgspec.convert(
        {
            "format": 1,
            "id": "a-root",
            "title": "A root",
            "prompt": "The root of a sum of products.",
            "given": {
                "W": {"value": "[[3.0, -2.0], [1.0, 4.0]]", "means": "weights"},
                "x": {"value": "[1.5, 0.7]", "means": "input"},
            },
            "steps": [{"let": "y = sqrt(W @ x)"}],
            "ask": [{"answer": "y", "as": "vector"}],
        },
        Exercise,
    )
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        assert mark(ask(exercise), "y", "[1.2345, 2.0736]").verdict == "wrong"


@pytest.mark.parametrize(
    ("truth", "typed", "slipped"),
    [(4000.0, "2000", False), (0.6218, "0.3109", False), (0.9316, "0.9016", True), (4000.0, "4900", True)],
)
def test_a_simple_factor_is_no_wrong_digit(truth, typed, slipped):
    assert _one_digit_off(truth, Decimal(typed)) == slipped


def test_what_is_only_true_is_no_value_on_the_way(tmp_path):
    file = tmp_path / "brief.yaml"
    file.write_text(
        "format: 1\nid: brief\ntitle: Brief\nprompt: How long?\n"
        "given:\n  c: {value: '14', means: tokens}\n  r: {value: '17', means: tokens of the reference}\n"
        "steps:\n  - let: 'bp = where(c < r, exp(1 - r / c), 1)'\nask: [{answer: bp, as: scalar}]\n",
        encoding="utf-8",
    )
    assert "c < r" not in mark(ask(load_exercise(file)), "bp", "1").says


def two_numbers(values):
    return ask(
        msgspec.convert(
            {
                "format": 1,
                "id": "cut",
                "title": "Cut",
                "prompt": "Some numbers.",
                "given": {"a": {"value": values, "means": "numbers"}},
                "steps": [{"let": "h = a / 10000"}],
                "ask": [{"answer": "h", "as": "vector" if "[" in values else "scalar"}],
            },
            Exercise,
        )
    )


@pytest.mark.parametrize(
    ("values", "typed", "says"),
    [
        ("[8487, -7616]", ".84 -.76", "1 of the 2 elements is right. h[0] is cut off, not rounded. Round to 3 sig"),
        ("[8487, -7677]", "0.84, -0.76", "h[0] and h[1] are cut off"),
        ("8487", "0.84", "This is cut off, not rounded. Round to 3 significant digits or more."),
        ("4689", "0.468", "This is cut off"),
    ],
)
def test_digits_that_were_cut_off_are_told_as_that(values, typed, says):
    verdict = mark(two_numbers(values), "h", typed)
    assert verdict.verdict == "wrong"
    assert says in verdict.diagnosis.says
    assert verdict.diagnosis.rule == "cut_off"


@pytest.mark.parametrize(
    ("values", "typed"),
    [("[8483, -7616]", "0.83 -0.76"), ("8483", "0.8"), ("7483", "0.7"), ("8483", "0.85"), ("8487", "-0.84")],
)
def test_what_is_no_right_number_with_digits_left_out_is_not_cut_off(values, typed):
    found = mark(two_numbers(values), "h", typed).diagnosis
    assert found is None or "cut off" not in found.says


@pytest.mark.parametrize(("typed", "told"), [("7.9512", True), ("7.951", False), ("8.2512", False), ("7.25", False)])
def test_one_wrong_digit_of_a_number_alone_takes_many_digits(typed, told):
    """Of three digits, chance makes one in twelve wrong answers such a slip; one more or less is counted otherwise."""
    exercise = msgspec.convert(
        {
            "format": 1,
            "id": "one-number",
            "title": "One number",
            "prompt": "Compute it.",
            "given": {"a": {"value": "2.417", "means": "first"}, "b": {"value": "3.0", "means": "second"}},
            "steps": [{"let": "y = a * b + 0.0002"}],  # 7.2512
            "ask": [{"answer": "y", "as": "scalar"}],
        },
        Exercise,
    )
    assert ("All digits but one" in mark(ask(exercise), "y", typed).says) is told


@pytest.mark.parametrize(
    ("values", "typed", "told"),
    [
        ("[20000, 0, 10000]", "[0, 2, 1]", True),
        ("[48700, 73100, 21900, 60200, 5500, 9100, 3300]", "[4.87, 2.19, 7.31, 6.02, 0.55, 0.91, 0.33]", True),
        ("[48700, 73100, 21900, 60200]", "[4.87, 2.19, 7.35, 6.02]", False),
        ("[10000, 0, 10000, 0, 0]", "[0, 1, 1, 0, 0]", False),  # any 0 with any 1
        ("[20000, 0, 10000]", "[0, 1, 2]", False),  # three, one place on
    ],
)
def test_two_elements_that_are_exchanged_are_told(values, typed, told):
    diagnosis = mark(two_numbers(values), "h", typed).diagnosis
    assert diagnosis is not None
    assert (diagnosis.rule == "two_exchanged") == told
    if told:
        assert re.search(r"h\[\d\] and h\[\d\] have each other's value\.$", diagnosis.says)
