"""The queue of a review: every due skill is trained, by as few exercises as can be, units mixed."""

from datetime import UTC, datetime, timedelta

import pytest

from rnn_tutor.progress.queue import minutes, queue
from rnn_tutor.progress.review import Review
from rnn_tutor.progress.summary import Standing

NOW = datetime(2025, 3, 3, tzinfo=UTC)


def due(*skills):
    return [Review(skill, NOW, NOW, 1, 0.8) for skill in skills]


def standing(name, *, days=0, seconds=0.0, tries=1, parts=1):
    return Standing(name, parts, last=NOW - timedelta(days=days), seconds=seconds, tries=tries)


def ids(planned):
    return [one.exercise for one in planned]


def test_nothing_due_nothing_to_do():
    assert queue([], {"a": ("x",)}, {}, {}) == []


def test_an_exercise_that_trains_several_counts_for_all():
    planned = queue(due("x", "y", "z"), {"a": ("x",), "b": ("x", "y"), "c": ("z",)}, {}, {})
    assert ids(planned) == ["b", "c"]
    assert planned[0].skills == ("x", "y")


def test_among_equals_the_one_answered_longest_ago():
    standings = {"a": standing("a", days=1), "b": standing("b", days=9), "c": standing("c", days=3)}
    assert ids(queue(due("x"), {"a": ("x",), "b": ("x",), "c": ("x",)}, standings, {})) == ["b"]


def test_a_skill_that_nothing_trains_any_more_is_left_out():
    assert ids(queue(due("gone", "x"), {"a": ("x",)}, {}, {})) == ["a"]


def test_units_are_mixed():
    trains = {"a1": ("1",), "a2": ("2",), "a3": ("3",), "b1": ("4",), "c1": ("5",)}
    units = {name: name[0] for name in trains}
    order = ids(queue(due(*"12345"), trains, {}, units))
    assert order == ["a1", "b1", "a2", "c1", "a3"]


def test_the_unit_with_most_is_spread_over_all_of_them():
    """Else the last ones would all be of one unit."""
    trains = {"b1": ("1",), "c1": ("2",), "a1": ("3",), "a2": ("4",), "a3": ("5",)}
    units = {name: name[0] for name in trains}
    order = ids(queue(due(*"12345"), trains, {}, units))
    assert order == ["a1", "b1", "a2", "c1", "a3"]


@pytest.mark.parametrize(("seconds", "tries", "parts", "whole"), [(0.0, 0, 1, 2), (600.0, 2, 1, 5), (600.0, 4, 2, 5)])
def test_how_long_it_takes_is_what_it_took(seconds, tries, parts, whole):
    standings = {"a": standing("a", seconds=seconds, tries=tries, parts=parts)}
    assert minutes(queue(due("x"), {"a": ("x",)}, standings, {})) == whole
