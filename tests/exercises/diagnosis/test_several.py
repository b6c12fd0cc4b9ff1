"""Mistakes in formulas that give several numbers, and how little is computed anew for a wrong version."""

import re

import numpy as np
import pytest

from rnn_tutor.exercises.diagnosis.search import search
from rnn_tutor.exercises.drawing import ask
from rnn_tutor.exercises.load import Library
from rnn_tutor.exercises.mark import mark
from rnn_tutor.exercises.read import read_exercise
from rnn_tutor.paths import content_folder

HEAD = "format: 1\nid: one\ntitle: One\nprompt: What is it?\ngiven:\n"
TAIL = "hints: [a, b]\n"


def asked(tmp_path, given, steps, answer, kind="vector"):
    """Return the question of an exercise with these givens and steps."""
    file = tmp_path / "one.yaml"
    lines = "".join(f'  {name}: {{value: "{value}", means: {means}}}\n' for name, (value, means) in given.items())
    file.write_text(f"{HEAD}{lines}steps:\n{steps}ask:\n  - {{answer: {answer}, as: {kind}}}\n{TAIL}")
    return ask(read_exercise(file, tmp_path).exercise)


def said(question, value):
    """Return the rule that is named for a value, typed with five digits, and what is said."""
    text = re.sub(r"\s+", " ", np.array2string(np.asarray(value, float), precision=5, separator=", "))
    diagnosis = mark(question, question.parts[0].name, text).diagnosis
    return (diagnosis.rule, diagnosis.says) if diagnosis is not None else ("", "")


N, WON = np.array([12.0, 7, 5]), np.array([7.0, 5, 2])
LEVERS = {"n": ("[12, 7, 5]", "pulls"), "won": ("[7, 5, 2]", "total reward"), "c": ("0.83", "weight")}
BONUS = """  - let: "total = sum(n)"
    say: All.
  - let: "bound = won / n + c * sqrt(log(total) / n)"
    say: More.
"""


@pytest.mark.parametrize(
    ("value", "rule", "words"),
    [
        (WON / N + 0.83 * np.sqrt(np.log(N) / N), "each_for_total", "each of `n` were used, not `sum(n)`"),
        (WON / 24 + 0.83 * np.sqrt(np.log(24) / N), "total_for_each", "`sum(n)` were used for each, not `n`"),
        ((WON + 1) / (N + 2) + 0.83 * np.sqrt(np.log(24) / N), "smoothed", "(won + 1) / (n + 2)"),
    ],
)
def test_totals_and_entries_are_taken_for_each_other(tmp_path, value, rule, words):
    found, says = said(asked(tmp_path, LEVERS, BONUS, "bound"), value)
    assert (found, words in says) == (rule, True), says


def test_a_step_that_is_not_done_and_a_list_in_order(tmp_path):
    rel = np.array([2.0, 0, 3, 1, 5])
    given = {"rel": ("[2, 0, 3, 1, 5]", "relevance")}
    steps = '  - let: "each = (3 ** rel - 1) / log2(arange(5) + 2)"\n    say: Less.\n'
    question = asked(tmp_path, given, steps, "each")
    below = np.log2(np.arange(5) + 2)
    assert said(question, rel / below)[0] == "inner_alone"
    rule, says = said(question, (3 ** np.sort(rel)[::-1] - 1) / below)
    assert (rule, "sorted from the largest down" in says) == ("put_in_order", True)


def test_differences_to_one_neighbour_and_of_second_order(tmp_path):
    y, h = np.array([1.13, 1.78, 2.61, 3.24, 4.97]), 0.4
    given = {"y": ("[1.13, 1.78, 2.61, 3.24, 4.97]", "values"), "h": ("0.4", "distance")}
    steps = '  - let: "slope = (y[2:] - y[:-2]) / (2 * h)"\n    say: Both.\n'
    question = asked(tmp_path, given, steps, "slope")
    forward, second = (y[2:] - y[1:-1]) / h, (y[2:] - 2 * y[1:-1] + y[:-2]) / h**2
    assert [said(question, one)[0] for one in (forward, second)] == ["other_difference"] * 2


def test_the_same_made_of_each_list(tmp_path):
    given = {"a": ("[12.1, 9.8, 11.4, 13.0]", "group"), "b": ("[8.9, 10.1, 7.6, 9.4, 8.2]", "other group")}
    steps = (
        '  - let: "both = stack(sum((a - mean(a)) ** 2) / (len(a) - 1), sum((b - mean(b)) ** 2) / (len(b) - 1))"\n'
        "    say: Both.\n"
    )
    question = asked(tmp_path, given, steps, "both")
    means = [np.mean([12.1, 9.8, 11.4, 13.0]), np.mean([8.9, 10.1, 7.6, 9.4, 8.2])]
    assert said(question, means)[1] == "That is `[mean(a), mean(b)]`."


PREY = {"r0": ("31", "rabbits"), "f0": ("6.3", "foxes"), "T": ("3", "steps")}
LOOP = """  - start: {r: "r0", f: "f0"}
  - for: t in range(T)
    do:
      - let: "eaten[t] = 0.12 * r[t-1] * f[t-1]"
        say: Meetings.
      - let: "r[t] = r[t-1] + 0.25 * (0.9 * r[t-1] - eaten[t])"
        say: Born.
      - let: "f[t] = f[t-1] + 0.25 * (0.2 * eaten[t] - 0.5 * f[t-1])"
        say: Fed.
  - let: "both = stack(r, f, axis=1)"
    say: Both.
"""


def prey(eaten_by_foxes, eaten_of_rabbits=lambda r, f: 0.12 * r * f):
    """Return rabbits and foxes after each step; what the foxes eat is of the rabbits before and after the update."""
    r, f, rows = 31.0, 6.3, []
    for _ in range(3):
        new = r + 0.25 * (0.9 * r - eaten_of_rabbits(r, f))
        f += 0.25 * (0.2 * eaten_by_foxes(r, new, f) - 0.5 * f)
        r = new
        rows.append([r, f])
    return rows


def test_a_step_that_is_read_twice_is_wrong_at_one_place_alone(tmp_path):
    question = asked(tmp_path, PREY, LOOP, "both", "matrix")
    rule, says = said(question, prey(lambda old, new, f: 0.12 * new * f))
    assert (rule, "the new `r` were used" in says) == ("new_value", True)
    rule, says = said(question, prey(lambda old, new, f: 0.12 * old * f, lambda r, f: 0.12 * f))
    assert (rule, says.endswith("in one place only.")) == ("term_left_out", True)


def test_what_no_version_changes_is_not_differentiated_again():
    question = ask(Library([content_folder()]).exercise("irnn"))
    part = question.part("back")
    assert search(question, part).versions.operations < 2_000_000  # each version by itself: 27 millions


ROWS = {"parent": ("[[0, 0, 2], [1, 0, 1]]", "old beginning"), "b": ("[[0], [3]]", "first row")}
FLAT = """  - let: "rows = ravel(parent + b)"
    say: Each row.
"""


def test_a_table_that_is_read_by_columns_is_told_with_its_shape(tmp_path):
    rule, says = said(asked(tmp_path, ROWS, FLAT, "rows"), [0, 4, 0, 3, 2, 4])
    assert rule == "by_columns"
    assert says == "You would get this if the table of 2 rows and 3 columns were read column by column, not row by row."
    assert said(asked(tmp_path, ROWS, FLAT, "rows"), [0, 3, 4, 2, 4, 0])[0] == ""


def test_rows_that_stand_one_place_off_are_told(tmp_path):
    given = {"ids": ("[[5, 9, 4, 7], [8, 3, 6, 2]]", "tokens")}
    steps = '  - let: "next = concat(ids[:, 1:], zeros(2, 1), axis=1) + 1"\n    say: Next.\n'
    question = asked(tmp_path, given, steps, "next", "matrix")
    assert said(question, [[5, 8, 1, 0], [7, 3, 1, 0]])[0] == "one_place_off"
    assert said(question, [[5, 8, 1, 9], [7, 3, 1, 4]])[0] == ""


def test_what_is_counted_once_whatever_its_count_is_told(tmp_path):
    given = {"count": ("[9, 4, 2, 5]", "how often each word occurs")}
    pairs = "[count[0] + count[1], count[0] + count[1] + count[2], count[1] + count[2] + count[3], count[3]]"
    question = asked(tmp_path, given, f'  - let: "pairs = {pairs}"\n    say: All.\n', "pairs")
    rule, says = said(question, [2, 3, 3, 1])
    assert (rule, "each of `count` (how often each word occurs) were taken as 1" in says) == ("all_equal", True)
    assert said(question, [2, 4, 3, 1])[0] == ""
