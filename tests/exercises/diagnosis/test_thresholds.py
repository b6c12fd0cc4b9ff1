"""The numbers that marking hangs on, each at its edge: one more, or one less, and another verdict is given."""

import numpy as np
import pytest

from rnn_tutor.exercises.drawing import ask
from rnn_tutor.exercises.mark import mark
from rnn_tutor.exercises.read import read_exercise

SUM = """
format: 1
id: total
title: A total
prompt: Add them.
given:
  a: {{value: "{a}", means: first, draw: "uniform(1, 3)"}}
  b: {{value: "{b}", means: second, draw: "uniform(4, 6)"}}
  c: {{value: "{c}", means: third, draw: "uniform(7, 9)"}}
steps:
  - let: "total = a + b + c"
    say: All of them.
ask: [{{answer: total, as: scalar}}]
{more}
hints: [Add., Add all.]
"""
AUTHORED = '  - {{value: "{value}", say: {say}.}}\n'


def total(tmp_path, a, b, c, more=""):
    (tmp_path / "total.yaml").write_text(SUM.format(a=a, b=b, c=c, more=more))
    return ask(read_exercise(tmp_path / "total.yaml").exercise)


def product(tmp_path, a, b, c):
    text = SUM.format(a=a, b=b, c=c, more="").replace("a + b + c", "(a + 3) * (b + 3) * (c + 3)")
    (tmp_path / "total.yaml").write_text(text)
    return ask(read_exercise(tmp_path / "total.yaml").exercise)


def test_two_or_three_wrong_versions_that_fit_are_all_named_and_of_four_none_is(tmp_path):
    two = mark(product(tmp_path, "2.137", "2.137", "1.5"), "total", "69.3495")  # 3 * 5.137 * 4.5
    assert two.diagnosis.kind == "mutation", two.says
    assert two.says.count("were missing from the sum") == 2 and ", or if " in two.says
    three = mark(product(tmp_path, "2.137", "2.137", "2.137"), "total", "79.16631")  # 3 * 5.137 * 5.137
    assert three.says.count("were missing from the sum") == 3, three.says
    assert len(three.diagnosis.suspects) == 3  # with other numbers it can be told which
    four = SUM.format(a="2.137", b="2.137", c="2.137", more="").replace("a + b + c", FOUR).replace("steps:", FOURTH)
    (tmp_path / "total.yaml").write_text(four)
    assert kind_and_says(ask(read_exercise(tmp_path / "total.yaml").exercise), "406.6451")[0] == "none"


FOUR = "(a + 3) * (b + 3) * (c + 3) * (d + 3)"
FOURTH = '  d: {value: "2.137", means: fourth, draw: "uniform(10, 12)"}\nsteps:'


@pytest.mark.parametrize(("count", "kind"), [(1, "authored"), (2, "authored"), (3, "none")])
def test_of_three_mistakes_of_the_file_that_fit_none_is_named(tmp_path, count, kind):
    values = ["a * 3.7 + b", "a * 2.7 + b + 2.137", "b * 3.7 + 2.137"][:count]
    more = "mistakes:\n" + "".join(AUTHORED.format(value=one, say=f"Mistake {k}") for k, one in enumerate(values))
    verdict = mark(total(tmp_path, "2.137", "2.137", "2.137", more), "total", "10.0439")
    assert verdict.diagnosis.kind == kind, verdict.says
    assert sum(f"Mistake {k}" in verdict.says for k in range(3)) == (count if kind == "authored" else 0)


def kind_and_says(question, text, part="total"):
    verdict = mark(question, part, text)
    return verdict.diagnosis.kind, verdict.says


def test_of_three_values_on_the_way_that_fit_none_is_named(tmp_path):
    def asked(a, b, c):
        (tmp_path / "total.yaml").write_text(SUM.format(a=a, b=b, c=c, more="").replace("a + b + c", TANHS))
        return ask(read_exercise(tmp_path / "total.yaml").exercise)

    two = kind_and_says(asked("0.7", "0.7", "0.3"), "0.604368")
    assert two[0] == "intermediate" and "tanh(a)" in two[1] and "Or: " in two[1] and "tanh(b)" in two[1]
    three = kind_and_says(asked("0.7", "0.7", "0.7"), "0.604368")
    assert "tanh(a)" not in three[1], three


TANHS = "tanh(a) + tanh(b) + tanh(c)"


@pytest.mark.parametrize(("typed", "told"), [("6", False), ("6.3", True), ("6.33", True)])
def test_a_number_of_one_digit_shows_no_mistake(tmp_path, typed, told):
    more = "mistakes:\n" + AUTHORED.format(value="a * 2.96", say="Mistake")  # 6.32552
    kind, says = kind_and_says(total(tmp_path, "2.137", "4.5", "7.5", more), typed)
    assert (kind == "authored") is told, says


@pytest.mark.parametrize(("typed", "told"), [("4.6371", True), ("4.66", False), ("5.0", False)])
def test_a_value_on_the_way_is_near_whatever_the_answer_may_be_off(tmp_path, typed, told):
    """That it be within a tenth is enough for the answer; a value on the way is known by a thousandth."""
    text = SUM.format(a="2.1371", b="2.5", c="7.5", more="").replace("as: scalar", "as: scalar, rtol: 0.1")
    (tmp_path / "total.yaml").write_text(text)
    kind, says = kind_and_says(ask(read_exercise(tmp_path / "total.yaml").exercise), typed)
    assert (kind == "intermediate") is told, says


def test_what_is_computed_from_names_alone_is_nothing_that_it_is_only_near(tmp_path):
    question = total(tmp_path, "2.137", "2.137", "2.137")
    assert kind_and_says(question, "a + b")[0] == "intermediate"
    near = kind_and_says(question, "a + b + exp(-c - c - b)")  # 0.04% off with these numbers, less with others
    assert near[0] not in ("intermediate", "mutation"), near


@pytest.mark.parametrize(
    ("typed", "said"),
    [
        ("92.55", "very close"),  # 0.9725 rounded to three digits makes 0.2 of it
        ("92.65", "close, but further off"),
        ("92.90", "close, but further off"),
        ("92.98", "recognise"),  # off by more than 0.6 %
    ],
)
def test_very_close_is_what_rounding_on_the_way_makes(tmp_path, typed, said):
    """A bond with its coupons discounted another way is as near: who is told to carry more digits looks in vain."""
    text = SUM.format(a="2.137", b="2.137", c="2.137", more="").replace("a + b + c", "100 ** tanh(a) + b + c")
    (tmp_path / "total.yaml").write_text(text)
    question = ask(read_exercise(tmp_path / "total.yaml").exercise)  # 92.3718
    assert said in kind_and_says(question, typed)[1]


def test_an_expression_is_a_mistake_of_the_file_only_where_it_is_one_with_other_numbers_too(tmp_path):
    more = "mistakes:\n" + AUTHORED.format(value="a * c + b", say="Mistake")
    question = total(tmp_path, "2.137", "2.137", "1.5", more)
    assert kind_and_says(question, "c * a + b")[0] == "authored"
    assert kind_and_says(question, "c * b + a")[0] != "authored"


def test_a_mistake_of_the_file_speaks_before_a_value_on_the_way(tmp_path):
    more = "mistakes:\n" + AUTHORED.format(value="a + b", say="Mistake")
    assert kind_and_says(total(tmp_path, "2.137", "3.5", "1.5", more), "5.637") == ("authored", "Mistake.")


def test_a_nought_is_no_value_on_the_way(tmp_path):
    assert kind_and_says(total(tmp_path, "0", "3.5", "1.5"), "0")[0] == "none"


def test_a_rounding_that_is_exactly_a_known_mistake_is_that_mistake(tmp_path):
    """13 is 12.6 rounded too far; where a mistake gives exactly 13, it was made."""
    assert mark(total(tmp_path, "1.1", "4.2", "7.3"), "total", "13").verdict == "rounded"
    more = "mistakes:\n" + AUTHORED.format(value="a + b + c + 0.4", say="Mistake")
    assert kind_and_says(total(tmp_path, "1.1", "4.2", "7.3", more), "13") == ("authored", "Mistake.")
    more = "mistakes:\n" + AUTHORED.format(value="a + b + c + 0.41", say="Mistake")
    assert mark(total(tmp_path, "1.1", "4.2", "7.3", more), "total", "13").verdict == "rounded"


def test_a_count_that_is_rounded_is_no_count_that_is_one_larger(tmp_path):
    text = SUM.format(a="2137", b="4.5", c="7", more="").replace("a + b + c", "a * 1472 + c * 0")
    text = text.replace("as: scalar", "as: scalar, digits: 10, rtol: 0, atol: 0")
    (tmp_path / "total.yaml").write_text(text)
    question = ask(read_exercise(tmp_path / "total.yaml").exercise)  # 3145664
    kind, says = kind_and_says(question, "3150000")
    assert (kind, says) == ("none", "That is the right number, but rounded."), says
    assert mark(question, "total", "3150000").next == "Give all its digits."
    assert "one larger" in kind_and_says(question, "3145665")[1]


def test_a_value_on_the_way_is_none_that_two_digits_only_round_where_there_are_many(tmp_path):
    text = SUM.format(a="2.137", b="4.531", c="7.5", more="").replace("a + b + c", MANY)
    (tmp_path / "total.yaml").write_text(text)
    question = ask(read_exercise(tmp_path / "total.yaml").exercise)
    assert kind_and_says(question, "6.668")[0] == "intermediate"
    assert kind_and_says(question, "6.7")[0] != "intermediate"
    assert kind_and_says(question, "7.5")[0] == "intermediate"  # exactly a given


MANY = "(a + b) * (c - a) * sqrt(b + c) / (a + c) + (c + b) / (c - b)"


def test_of_two_that_three_digits_do_not_tell_apart_both_are_told_if_one_is_a_little_likelier(tmp_path):
    text = SUM.format(a="7.3", b="0.5", c="2.3026", more="").replace("a + b + c", "log(a) * c + b")
    (tmp_path / "total.yaml").write_text(text)
    verdict = mark(ask(read_exercise(tmp_path / "total.yaml").exercise), "total", "2.488")
    assert "if the factor `c` (third) were left out, or if the logarithm to base 10 were taken" in verdict.says
    assert len(verdict.diagnosis.suspects) == 2


def test_of_a_short_answer_what_gives_it_as_typed_is_told_and_not_what_is_rounded_to_it(tmp_path):
    text = SUM.format(a="2.13", b="3.2", c="3.157", more="").replace("a + b + c", "stack(a * 1.5, max(a, b) + c)")
    (tmp_path / "total.yaml").write_text(text.replace("as: scalar", "as: vector"))
    question = ask(read_exercise(tmp_path / "total.yaml").exercise)  # 3.195, 6.357
    verdict = mark(question, "total", "3.195, 3.2")
    assert "`c` (third) were missing from the sum" in verdict.says and "or if" not in verdict.says
    assert "`max(a, b)` were missing from the sum" in mark(question, "total", "3.195, 3.157").says


def test_mistakes_in_what_is_right_in_another_part_do_not_crowd_around_one_in_this(tmp_path):
    text = SUM.format(a="2.137", b="4.5", c="7.5", more="")
    text = (
        text.replace("steps:", STEP_BEFORE)
        .replace("a + b + c", "p * b - c")
        .replace("ask: [", "ask: [{answer: p, as: scalar}, ")
    )
    (tmp_path / "total.yaml").write_text(text)
    question = ask(read_exercise(tmp_path / "total.yaml").exercise)
    assert mark(question, "total", "23").diagnosis.kind == "none"
    known = mark(question, "total", "23", earlier={"p": "12.6240"})
    assert known.says == "You would get this if the brackets were moved: `(p - c) * b`."


STEP_BEFORE = 'steps:\n  - let: "p = (a + b) * (c + a) / (b + c) + tanh(a) * c"\n    say: First.'


SEVERAL_NUMBERS = """
format: 1
id: total
title: Scaled
prompt: Scale them.
given:
  x: {value: "[1.2, 2.1, 0.7]", means: numbers, draw: "uniform(0.5, 3)", decimals: 1}
  limit: {value: "1.5", means: limit, draw: "choice(1.2, 1.5, 1.8)"}
  y: {value: "[0.4, -1.6, 0.9]", means: other numbers, draw: "uniform(-2, 2)", decimals: 1}
steps:
  - let: "scaled = limit / sqrt(sum(x**2) + sum(y**2)) * x"
    say: By the norm of both.
  - let: "first = x[0] / (1 + x[1])"
    say: The first.
  - let: "kept = 10 * first"
    say: Ten times.
ask:
  - {answer: scaled, as: vector}
  - {answer: first, as: scalar}
  - {answer: kept, as: scalar}
hints: [Scale., All.]
"""


@pytest.fixture
def scaled(tmp_path):
    (tmp_path / "total.yaml").write_text(SEVERAL_NUMBERS)
    return ask(read_exercise(tmp_path / "total.yaml").exercise)


@pytest.mark.parametrize(
    ("answer", "named"),
    [("[0.7149, 1.251, 0.417]", True), ("[0.7151, 1.251, 0.417]", True), ("[0.7153, 1.251, 0.417]", False)],
)
def test_of_numbers_of_four_digits_the_last_is_off_by_two_at_most(scaled, answer, named):
    """1.5 * x / norm(x): by 1 in 1,000 another computation may be off, and rounding is not."""
    assert ("`sum(y**2)` were missing" in kind_and_says(scaled, answer, "scaled")[1]) is named


def as_doubles(value):
    return np.nextafter(value, np.inf)


def as_floats(value):
    return np.float32(value).astype(float)


@pytest.mark.parametrize("computed", [np.asarray, as_doubles, as_floats])
def test_all_digits_of_a_program_are_not_more_than_it_has(scaled, computed):
    """In another order, or with PyTorch's floats, the last of 17 digits are others, and the mistake is the same."""
    x = np.array([1.2, 2.1, 0.7])
    scaled_by_x = computed(1.5 * x / np.sqrt((x**2).sum()))
    assert "`sum(y**2)` were missing" in kind_and_says(scaled, str(scaled_by_x.tolist()), "scaled")[1]
    one = computed(np.array(1.2 / 2.1))
    kind, says = kind_and_says(scaled, repr(one.item()), "first")
    assert kind == "mutation", says


@pytest.mark.parametrize(("answer", "named"), [("1.2", True), ("1.200", True), ("1.201", False), ("1.199", False)])
def test_what_needs_no_rounding_is_exact(scaled, answer, named):
    assert ("`1 + x[1]` were left out" in kind_and_says(scaled, answer, "first")[1]) is named


def test_an_expression_says_as_much_as_is_written_in_it(scaled):
    """log(4) has six digits, and whoever types it one: what it happens to be was not computed."""
    assert kind_and_says(scaled, "log(4)", "kept")[0] == "none"
