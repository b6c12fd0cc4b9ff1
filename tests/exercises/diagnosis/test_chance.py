"""When a match is not worth a word: at which number of wrong versions, for how many digits."""

from dataclasses import replace

import numpy as np
import pytest

from rnn_tutor.engine.reading.language import parse
from rnn_tutor.exercises.diagnosis.chance import are_both_likely, by_chance, is_likely, is_measured
from rnn_tutor.exercises.drawing import ask
from rnn_tutor.exercises.mark import mark
from rnn_tutor.exercises.read import read_exercise
from rnn_tutor.exercises.verdict import Reading

FILE = """
format: 1
id: twice
title: Twice
prompt: Double them.
given:
  x: {value: "[3.1234, 0.7]", means: values, axes: [item], draw: "uniform(1, 3)"}
steps:
  - let: "y = x * 2"
    say: Each is doubled.
  - let: "total = sum(y)"
    say: All of them.
ask: [{answer: y, as: vector}, {answer: total, as: scalar}]
hints: [Double., Add.]
"""


@pytest.fixture
def parts(tmp_path):
    (tmp_path / "twice.yaml").write_text(FILE)
    question = ask(read_exercise(tmp_path / "twice.yaml").exercise)
    return question.part("y"), question.part("total")


def versions(count, size=()):
    """Wrong versions far from anything that is typed here, all different."""
    return [np.full(size, 1000.0 + k) for k in range(count)]


def test_a_half_fits_one_of_three_by_chance_and_one_of_two_does_not(parts):
    _, total = parts
    value = np.array(0.5)
    assert not by_chance(total, parse("0.5"), value, versions(2))
    assert by_chance(total, parse("0.5"), value, versions(3))
    assert not by_chance(total, parse("0.4"), value - 0.1, versions(13))  # no number that everybody types
    assert by_chance(total, parse("0.4"), value - 0.1, versions(14))
    assert not by_chance(total, parse("0.41"), value - 0.09, versions(134))
    assert by_chance(total, parse("0.41"), value - 0.09, versions(136))


def test_an_element_that_is_right_tells_nothing(parts):
    y, _ = parts
    value = np.array([y.expected[0], 0.5])
    others = [np.array([y.expected[0], version]) for version in versions(3)]  # wrong in the other element alone
    assert by_chance(y, None, value, others)
    assert not by_chance(y, None, value + np.array([1, 0]), versions(3, (2,)))


def test_a_version_that_is_wrong_where_the_answer_is_right_is_no_rival(parts):
    y, _ = parts
    value = np.array([y.expected[0], 3.2])
    crowd = [np.array([y.expected[0] * (1 + k / 50), 3 + k / 50]) for k in range(1, 30)]
    fits = np.array([y.expected[0], 3.2])
    assert not by_chance(y, parse("[6.2468, 3.2]"), value, [fits, *crowd], 0.05)
    near = [np.array([y.expected[0], 3 + k / 50]) for k in range(1, 30)]
    assert by_chance(y, parse("[6.2468, 3.2]"), value, [fits, *near], 0.05)


def test_versions_that_crowd_around_a_value_make_a_match_worth_little(parts):
    _, total = parts
    value = np.array(3.3)
    near = [value * (1 + k / 100) for k in range(3)]  # 3.3 is one of 21 such numbers, each way
    assert not by_chance(total, parse("3.3"), value, near[:2], 0.05)
    assert by_chance(total, parse("3.3"), value, near, 0.05)
    assert not by_chance(total, parse("3.3"), value, [*near[:2], value * 2.1], 0.05)
    assert not by_chance(total, parse("3.30001"), value + 1e-5, near, 0.05)


def test_elements_of_another_shape_are_compared_with_nothing(parts):
    y, _ = parts
    value = np.array([[6.25], [1.4]])  # as a column: none of it counts as right
    near = [np.array([[5.0 + k / 10], [1.2 + k / 50]]) for k in range(20)]
    assert not by_chance(y, parse("[[6.25], [1.4]]"), value, near)


def test_one_number_of_many_digits_is_a_mistake_to_the_last_of_them_or_one_unit_of_it(tmp_path):
    (tmp_path / "twice.yaml").write_text(FILE)
    question = ask(read_exercise(tmp_path / "twice.yaml").exercise)
    for text, named in (("3.823", True), ("3.824", True), ("3.826", False), ("3.8234", True), ("3.8229", False)):
        verdict = mark(question, "total", text)
        assert bool(verdict.diagnosis.rule) == named, (text, verdict.says)


SHARED = """
format: 1
id: shares
title: Shares
prompt: Divide by the sum.
given:
  x: {value: "[1.3, 2.2]", means: weights, axes: [item], draw: "uniform(1, 3)"}
steps:
  - let: "share = x / sum(x)"
    say: Shares of all.
ask: [{answer: share, as: vector}]
hints: [Add., Divide.]
"""


def test_of_shares_that_sum_to_1_the_last_says_nothing_new(tmp_path):
    (tmp_path / "shares.yaml").write_text(SHARED)
    part = ask(read_exercise(tmp_path / "shares.yaml").exercise).part("share")
    near = [np.array([0.45 + k / 1000, 0.55 - k / 1000]) for k in range(40)]
    shares, others = np.array([0.461, 0.539]), np.array([0.461, 0.739])
    assert by_chance(part, parse("[0.461, 0.539]"), shares, near)
    assert not by_chance(part, parse("[0.461, 0.739]"), others, [one + np.array([0, 0.2]) for one in near])


def test_what_overflows_is_no_warning(parts):
    """Warnings are errors in these tests; in the plain mode one would stand among the learner's lines."""
    _, total = parts
    assert by_chance(total, parse("0.5"), np.array(0.5), [np.array(1e300 * k) for k in range(1, 4)])


def test_an_answer_is_marked_without_a_warning_where_its_wrong_versions_overflow(tmp_path):
    text = FILE.replace("[3.1234, 0.7]", "[3.1234e200, 0.7e150]").replace(', draw: "uniform(1, 3)"', "")
    text = text.replace("x * 2", "x * 2 + x ** 0.5")
    (tmp_path / "twice.yaml").write_text(text)
    question = ask(read_exercise(tmp_path / "twice.yaml").exercise)
    for answer in ("0.5", "1e300", "[1e300, 2]", "x * x", "sum(x * x)", "[6.2468e200, 1e9]"):
        for part in ("y", "total"):
            assert mark(question, part, answer, solved=["y"]).verdict != "right" or part == "y"


def likely(total, text, fits, others, within=0.0):
    reading = Reading("", "", np.array(float(text)), (), expr=parse(text))
    return is_likely(total, reading, fits, [*fits, *others], within)


@pytest.mark.parametrize(
    ("text", "fits", "within", "others"),
    [
        ("3.14", [0.0], 0.0, 761),  # 7.6468 is right
        ("3.1", [0.0], 0.0, 76),  # of a digit less ten times as much nonsense is taken for it
        ("3.142", [0.0], 0.0, 7614),
        ("3.14", [1.0], 0.0, 381),  # a mistake that is made half as often
        ("3.14", [4.0], 0.0, 48),
        ("3.14", [1.0] * 3, 0.0, 1142),  # any of three is three times as likely
        ("7.14", [1.0], 0.0, 172),  # near the right number there is more nonsense,
        ("71.4", [1.0], 0.0, 4007),  # and far from it less
        ("71.4", [1.0], 0.05, 56),  # what may be off by 5% fits more of it
    ],
)
def test_a_single_number_is_a_mistake_where_nonsense_would_hardly_be_it(parts, text, fits, within, others):
    """So many other mistakes may be made, of no bits each: with one more it is not sure enough."""
    _, total = parts
    assert likely(total, text, fits, [0.0] * (others - 1), within)
    assert not likely(total, text, fits, [0.0] * others, within)


def test_only_a_number_that_may_be_of_any_size_is_measured(parts, tmp_path):
    y, total = parts
    reading = Reading("", "", np.array(3.14), (), expr=parse("3.14"))
    assert is_measured(total, reading)
    assert not is_measured(total, Reading("", "", np.array(0.0), (), expr=parse("0")))
    assert not is_measured(total, Reading("", "", np.array(np.inf), (), expr=parse("inf")))
    assert not is_measured(y, Reading("", "", np.array([3.14, 1.0]), (2,), expr=parse("[3.14, 1.0]")))
    (tmp_path / "twice.yaml").write_text(FILE.replace("3.1234", "3.3"))
    counted = ask(read_exercise(tmp_path / "twice.yaml").exercise).part("total")
    assert not is_measured(counted, reading)  # 8: a count, of which all digits count


def test_a_number_that_is_far_below_the_right_one_is_judged(parts):
    """Their ratio is 0 in floating point, of which there is no logarithm."""
    _, total = parts
    huge = replace(total, expected=np.array(7.5e200))
    assert likely(huge, "1.5e-200", [0.0], [])


TONE = """
format: 1
id: tone
title: Tone
prompt: A coil of `L` henries and a capacitor of `C` farads.
given:
  L: {value: "0.05", means: coil, draw: "uniform(0.02, 0.09)", decimals: 3}
  C: {value: "0.0000107", means: capacitor, draw: "choice(0.0000107, 0.0000213, 0.0000059)"}
  kept: {value: "37", means: kept, draw: "integers(20, 60)"}
steps:
  - let: "f0 = 1 / (2 * pi * sqrt(L * C))"
    say: At resonance.
  - let: "count = 1000 * kept * 12 + kept * 64"
    say: All of them.
ask: [{answer: f0, as: scalar}, {answer: count, as: scalar}]
hints: [Thomson., Count.]
"""


@pytest.mark.parametrize("text", ["297485.9", "297486", "297500", "2.975e5"])
def test_noughts_at_the_end_of_a_measured_number_may_hold_its_place(tmp_path, text):
    (tmp_path / "tone.yaml").write_text(TONE)
    question = ask(read_exercise(tmp_path / "tone.yaml").exercise)
    found = mark(question, "f0", text).diagnosis
    assert found is not None and found.rule == "power", found


@pytest.mark.parametrize(("text", "kind"), [("444000", "intermediate"), ("444100", "none"), ("440000", "none")])
def test_those_of_a_count_are_digits(tmp_path, text, kind):
    (tmp_path / "tone.yaml").write_text(TONE)
    question = ask(read_exercise(tmp_path / "tone.yaml").exercise)
    found = mark(question, "count", text).diagnosis
    assert found is not None and found.kind == kind, found


def test_where_no_two_mistakes_can_be_made_together_none_are_likely(parts):
    _, total = parts
    assert not are_both_likely(total, Reading("3.1415", np.array(3.1415), parse("3.1415")), [1.0], 0.0)
