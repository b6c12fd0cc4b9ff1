"""Wrong answers that come from another convention are told as that: in exercises, over several steps."""

import numpy as np
import pytest

from rnn_tutor.exercises.drawing import ask
from rnn_tutor.exercises.mark import mark
from rnn_tutor.exercises.read import read_exercise

HEAD = "format: 1\nid: one\ntitle: One\nprompt: What is it?\ngiven:\n"


def said(tmp_path, given, steps, value, digits=4):
    """Return the rule that is named for a value of the last step, and what is said."""
    lines = "".join(f'  {name}: {{value: "{one}", means: {means}}}\n' for name, (one, means) in given.items())
    shown = "".join(f'  - let: "{step}"\n    say: This.\n' for step in steps)
    kind, answer = ("scalar", "vector", "matrix")[np.ndim(value)], steps[-1].split(" = ")[0]
    file = tmp_path / "one.yaml"
    file.write_text(f"{HEAD}{lines}steps:\n{shown}ask:\n  - {{answer: {answer}, as: {kind}}}\nhints: [a, b]\n")
    rows = [", ".join(f"{one:.{digits}g}" for one in row) for row in np.atleast_2d(value)]
    text = f"[{', '.join(f'[{row}]' for row in rows)}]" if np.ndim(value) == 2 else rows[0]
    diagnosis = mark(ask(read_exercise(file, tmp_path).exercise), answer, text).diagnosis
    return (diagnosis.rule, diagnosis.says) if diagnosis is not None else ("", "")


MU, S, MU0, S0 = (np.array(one) for one in ([0.6, -0.3, 1.1], [0.5, 0.8, 0.4], [0.1, 0.2, 0.5], [1.2, 0.9, 1.5]))


def test_a_standard_normal_for_the_prior(tmp_path):
    given = {
        **{"mu": ("[0.6, -0.3, 1.1]", "posterior means"), "s": ("[0.5, 0.8, 0.4]", "posterior deviations")},
        **{"mu0": ("[0.1, 0.2, 0.5]", "prior means"), "s0": ("[1.2, 0.9, 1.5]", "prior deviations")},
    }
    steps = ["apart = (s ** 2 + (mu - mu0) ** 2) / (2 * s0 ** 2)", "kl = log(s0 / s) + apart - 0.5"]
    rule, says = said(tmp_path, given, steps, -np.log(S) + (S**2 + MU**2) / 2 - 0.5)
    assert rule == "default" and "as 1" in says and "(a standard normal)" in says


REL = np.array([2.0, 0, 3, 1, 2])


def test_one_convention_in_two_steps_is_one_mistake_and_is_told_without_a_formula(tmp_path):
    below = np.log2(np.arange(5) + 2)
    steps = ["dcg = sum((2 ** rel - 1) / log2(arange(5) + 2))", "best = flip(sort(rel))"]
    steps += ["idcg = sum((2 ** best - 1) / log2(arange(5) + 2))", "ndcg = dcg / idcg"]
    value = sum(REL / below) / sum(np.sort(REL)[::-1] / below)
    rule, says = said(tmp_path, {"rel": ("[2, 0, 3, 1, 2]", "relevance by rank")}, steps, value)
    assert rule == "other_gain"
    assert says.endswith("the relevance itself were used instead of the exponential gain, everywhere in the formula.")


def test_what_stands_in_several_places_is_taken_as_nothing(tmp_path):
    given = {"x": ("[20, 24, 31, 29]", "sales"), "alpha": ("0.4", "weight"), "beta": ("0.7", "weight of the trend")}
    steps = ["level = alpha * x[1] + (1 - alpha) * (x[0] + (x[1] - x[0]))"]
    steps += ["trend = beta * (level - x[0]) + (1 - beta) * (x[1] - x[0])"]
    steps += ["both = stack(level, trend, 2 * level + trend)"]
    level = 0.4 * 24 + 0.6 * 20
    trend = 0.7 * (level - 20)
    rule, says = said(tmp_path, given, steps, np.array([level, trend, 2 * level + trend]))
    assert rule == "taken_as" and "`x[1] - x[0]` were taken as 0, everywhere in the formula" in says


def test_two_names_of_one_stage_are_taken_together(tmp_path):
    given = {"q0": ("0.63", "position"), "v0": ("-1.47", "velocity"), "h": ("0.2", "step"), "k": ("3.1", "stiffness")}
    given |= {"q_mid": ("0.48", "position halfway"), "v_mid": ("-1.66", "velocity halfway")}
    value = np.array([0.48 + 0.2 * -1.66, -1.66 - 0.2 * 3.1 * 0.48])
    rule, says = said(tmp_path, given, ["state = [q0 + h * v_mid, v0 - h * k * q_mid]"], value)
    assert rule == "other_name" and "if `q_mid` and `v_mid` were used instead of `q0` and `v0`." in says


@pytest.mark.parametrize("digits", [2, 3])
def test_a_mistake_in_the_one_element_that_is_wrong_is_named_of_few_digits(tmp_path, digits):
    given = {"x": ("[1, 2, 3, 5, 8]", "concentrations"), "y": ("[0.9, 2.2, 2.5, 4.6, 5.87]", "absorbances")}
    steps = ["b = sum((x - mean(x)) * (y - mean(y))) / sum((x - mean(x)) ** 2)"]
    steps += ["a = mean(y) - b * mean(x)", "fit = stack(b, a)"]
    x, y = np.array([1, 2, 3, 5, 8.0]), np.array([0.9, 2.2, 2.5, 4.6, 5.87])
    slope = sum((x - x.mean()) * (y - y.mean())) / sum((x - x.mean()) ** 2)
    value = np.array([round(slope, 3), float(f"{y.mean():.{digits}g}")])
    rule, says = said(tmp_path, given, steps, value, 3)
    assert "term_left_out" in rule and "* mean(x)` were not subtracted" in says


def test_a_list_for_a_number_that_is_read_for_all_entries(tmp_path):
    given = {"spam": ("[12, 3, 7]", "mails"), "ham": ("[4, 9, 2]", "other mails"), "n": ("20", "number of mails")}
    spam, ham = np.array([12.0, 3, 7]), np.array([4.0, 9, 2])
    rule, says = said(tmp_path, given, ["like = (spam + 1) / (n + 2)"], (spam + 1) / (spam + ham + 2))
    assert (rule, "`spam + ham` were used instead of `n`" in says) == ("expression", True)


def test_another_measure_of_two_variables_and_of_a_detector(tmp_path):
    table = np.array([[20.0, 35, 5], [5, 10, 25]]) / 100
    steps = ["P = N / sum(N)", "h = -sum(sum(P, axis=0) * log2(sum(P, axis=0)))"]
    steps += ["info = h + sum(P * log2(P / sum(P, axis=1)[:, None]))"]
    apart = np.outer(table.sum(1), table.sum(0))
    given = {"N": ("[[20, 35, 5], [5, 10, 25]]", "days")}
    rule, says = said(tmp_path, given, steps, np.sum(np.log2(table / apart)))
    assert rule == "of_two_variables" and "were not weighted" in says
    counts = {"tp": ("30", "found"), "fn": ("12", "missed"), "fp": ("9", "false alarms"), "tn": ("85", "silent")}
    steps = ["mcc = (tp * tn - fp * fn) / sqrt((tp + fp) * (tp + fn) * (tn + fp) * (tn + fn))"]
    rule, says = said(tmp_path, counts, steps, 2 * 30 / (60 + 12 + 9))
    assert (rule, says) == ("of_detection", "You would get this if F1 were given.")


def test_matrices_are_discretised_and_divided_otherwise(tmp_path):
    a = np.array([[-1.0, 0.3], [-1.5, -2.0]])
    given = {"A": ("[[-1, 0.3], [-1.5, -2]]", "state matrix"), "dt": ("0.23", "step size")}
    steps = ["back = inv(eye(2) - dt / 2 * A)", "Abar = back @ (eye(2) + dt / 2 * A)"]
    rule, says = said(tmp_path, given, steps, np.eye(2) + 0.23 * a)
    assert rule == "discretised" and "forward Euler" in says
    wrong = (np.eye(2) + 0.115 * a) / (np.eye(2) - 0.115 * a)
    rule, says = said(tmp_path, given, steps, wrong)
    assert rule == "divided_by_elements" and "element by element" in says
