"""What is rounded before it is used: one step, those that are alike, all of them, givens."""

import numpy as np
import pytest

from rnn_tutor.exercises.diagnosis.rounded_first import rounded_first
from rnn_tutor.exercises.diagnosis.search import verified
from rnn_tutor.exercises.drawing import ask
from rnn_tutor.exercises.mark import mark
from rnn_tutor.exercises.read import read_exercise

FUEL = """
format: 1
id: fuel
title: Fuel
prompt: Trucks of mass `empty` carry `load` over `km` kilometres.
given:
  empty: {value: "[7.85, 9.42, 11.36, 8.47]", means: empty, axes: [truck], draw: "uniform(6, 14)", decimals: 2}
  load: {value: "[5.62, 12.74, 18.31, 3.96]", means: load, axes: [truck], draw: "uniform(3, 20)", decimals: 2}
  km: {value: "[214, 87, 156, 402]", means: distance, axes: [truck], draw: "integers(50, 500)"}
  a: {value: "11.7", means: fuel of an empty frame, draw: "uniform(8, 14)", decimals: 1}
  b: {value: "0.643", means: fuel per tonne, draw: "uniform(0.4, 0.9)", decimals: 3}
steps:
  - let: "fuel = (a + b * (empty + load)) * km / 100"
    say: Litres of each truck.
  - let: "mean_fuel = mean(fuel)"
    say: Of one truck.
  - let: "ratio = mean_fuel / mean(load)"
    say: For each tonne.
  - let: "root = sqrt(ratio) * log(2)"
    say: Its root.
  - let: "trucks = sum(load > 5)"
    say: How many are full.
ask:
  - {answer: fuel, as: vector, axes: [truck]}
  - {answer: ratio, as: scalar}
  - {answer: root, as: scalar}
  - {answer: trucks, as: scalar}
hints: [Masses add., Divide., Take the root.]
"""


def fuel(tmp_path):
    (tmp_path / "fuel.yaml").write_text(FUEL)
    return ask(read_exercise(tmp_path / "fuel.yaml").exercise)


@pytest.mark.parametrize(
    ("part", "typed", "said"),
    [
        ("fuel", "[44.3, 22.49, 47.34, 78.05]", "`empty` and `load` were rounded to whole numbers first"),
        ("ratio", "4.726", "`mean(fuel)` were rounded to whole numbers first"),
        ("root", "1.5186", "`ratio` were rounded to one decimal first"),
        ("root", "1.5051", "`log(2)` were rounded to two decimals first"),
        ("root", "1.5499", "`ratio` were rounded to whole numbers first"),
        ("root", "sqrt(4.8) * log(2)", "`ratio` were rounded to one decimal first"),
    ],
)
def test_what_was_rounded_first_is_told(tmp_path, part, typed, said):
    found = mark(fuel(tmp_path), part, typed).diagnosis
    assert (found.rule, found.says) == ("rounded_first", f"You would get this if {said}.")


def test_a_rounding_of_three_digits_is_one_of_many(tmp_path):
    question = fuel(tmp_path)
    assert mark(question, "root", "1.52").diagnosis.rule != "rounded_first"
    assert mark(question, "ratio", "4.73").diagnosis.rule != "rounded_first"


def test_a_formula_of_names_rounds_nothing_and_a_count_is_rounded_itself(tmp_path):
    question = fuel(tmp_path)
    assert mark(question, "root", "sqrt(sum(fuel) / 4 / 10.1) * log(2)").diagnosis.rule != "rounded_first"
    assert rounded_first(question, question.part("trucks")) == []


def test_no_two_roundings_that_are_tried_give_the_same_and_each_is_computed(tmp_path):
    question = fuel(tmp_path)
    part = question.part("root")
    tried = rounded_first(question, part)
    assert len({round(float(one.value), 9) for one in tried} | {round(float(part.expected), 9)}) == len(tried) + 1
    assert all(verified(question, part, one) for one in tried)
    assert {clause for one in tried for clause, _ in one.clauses} >= {
        "`ratio` were rounded to one decimal first",
        "all given numbers were rounded to whole numbers first",
    }


def test_numbers_near_the_right_one_are_hardly_ever_taken_for_a_rounding(tmp_path):
    """Of numbers at random within a tenth of the right one, so many may be one of dozens of roundings."""
    question = fuel(tmp_path)
    told = 0
    for at in range(100):
        off = np.exp(np.linspace(-0.1, 0.1, 100)[at])
        for part in ("ratio", "root"):
            found = mark(question, part, f"{float(question.part(part).expected) * off:.4g}").diagnosis
            told += found is not None and found.rule == "rounded_first"
    assert told <= 12


def test_both_components_are_rounded_together(tmp_path):
    text = FUEL.replace("fuel = (a + b * (empty + load)) * km / 100", "fuel = km * (b * cos(a) + load * 0)")
    text = text.replace("mean_fuel = mean(fuel)", "mean_fuel = a * cos(b) + 3 * b * sin(a) + a * a * sin(b)")
    (tmp_path / "fuel.yaml").write_text(text)
    question = ask(read_exercise(tmp_path / "fuel.yaml").exercise)
    clauses = {clause for one in rounded_first(question, question.part("ratio")) for clause, _ in one.clauses}
    assert "`cos(b)`, `sin(a)` and `sin(b)` were rounded to two decimals first" in clauses
