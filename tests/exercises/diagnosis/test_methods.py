"""A wrong answer that comes from another method of the field is told as that, in one step and over several."""

import math

import numpy as np
import pytest

from rnn_tutor.exercises.drawing import ask
from rnn_tutor.exercises.mark import mark
from rnn_tutor.exercises.read import read_exercise

HEAD = "format: 1\nid: one\ntitle: One\nprompt: What is it?\ngiven:\n"


def said(tmp_path, given, steps, value):
    """Return the rule that is named for a value of the last step, typed with four digits, and what is said."""
    lines = "".join(f'  {name}: {{value: "{one}", means: {means}}}\n' for name, (one, means) in given.items())
    shown = "".join(f'  - let: "{step}"\n    say: This.\n' for step in steps)
    kind, answer = ("vector" if np.ndim(value) else "scalar"), steps[-1].split(" = ")[0]
    file = tmp_path / "one.yaml"
    file.write_text(
        f"{HEAD}{lines}steps:\n{shown}ask:\n  - {{answer: {answer}, as: {kind}, digits: 3}}\nhints: [a, b]\n"
    )
    text = ", ".join(f"{one:.4g}" for one in np.ravel(value))
    diagnosis = mark(ask(read_exercise(file, tmp_path).exercise), answer, text).diagnosis
    return (diagnosis.rule, diagnosis.says) if diagnosis is not None else ("", "")


N = np.arange(8)
X = np.array([0.4, 1.2, -0.7, 2.1, 0.9, -1.3, 0.6, 1.8])
WINDOW = {"N": ("8", "length"), "x": ("[0.4, 1.2, -0.7, 2.1, 0.9, -1.3, 0.6, 1.8]", "samples")}


@pytest.mark.parametrize(
    "steps",
    [
        ["w = 0.5 * (1 - cos(2 * pi * arange(N) / (N - 1)))", "y = sum(w * x)"],
        ["a = 2 * pi * arange(N) / (N - 1)", "w = 0.5 - cos(a) / 2", "y = w @ x"],
        ["y = sum(x * (1 - cos(2 * pi * arange(N) / (N - 1))) / 2)"],
    ],
)
def test_a_window_is_found_however_it_is_written(tmp_path, steps):
    rule, says = said(tmp_path, WINDOW, steps, sum((0.54 - 0.46 * np.cos(2 * np.pi * N / 7)) * X))
    assert rule == "other_window"
    assert "if a Hamming window were used instead of a Hann window: `" in says and "0.54 - 0.46 * cos(" in says


def test_one_discretisation_in_two_steps(tmp_path):
    a, b, delta = -1.37, 0.93, 0.41
    given = {"a": ("-1.37", "state weight"), "b": ("0.93", "input weight"), "delta": ("0.41", "step size")}
    steps = [
        "keep = (1 + delta * a / 2) / (1 - delta * a / 2)",
        "put = delta * b / (1 - delta * a / 2)",
        "y = stack(3.1 * keep + 2.3 * put, keep)",
    ]
    for name, kept, new in (
        ("forward Euler", 1 + delta * a, delta * b),
        ("backward Euler", 1 / (1 - delta * a), delta * b / (1 - delta * a)),
        ("the exact step", math.exp(delta * a), (math.exp(delta * a) - 1) / a * b),
    ):
        rule, says = said(tmp_path, given, steps, [3.1 * kept + 2.3 * new, kept])
        assert rule == "other_discretisation", says
        assert f"{name} were used instead of the bilinear rule" in says and "everywhere" in says


def test_a_method_that_is_spread_over_steps(tmp_path):
    x, y = np.array([2.1, 3.4, 1.9, 5.0, 4.2]), np.array([1.0, 2.2, 1.7, 2.9, 3.8])
    given = {"x": ("[2.1, 3.4, 1.9, 5.0, 4.2]", "hours"), "y": ("[1.0, 2.2, 1.7, 2.9, 3.8]", "marks")}
    steps = ["dx = x - mean(x)", "dy = y - mean(y)", "r = sum(dx * dy) / sqrt(sum(dx ** 2) * sum(dy ** 2))"]
    rule, says = said(tmp_path, given, steps, x @ y / np.sqrt((x @ x) * (y @ y)))
    assert "mean(x)" in says and rule
    rule, says = said(tmp_path, given, steps, np.cov(x, y)[0, 1] / 4 * 3)
    assert not rule  # nobody divides by that
    rule, says = said(tmp_path, given, steps, np.corrcoef(x, y)[0, 1] * x.std() / y.std())
    assert rule == "other_correlation" and "the coefficient of the other regression" in says


def test_pairs_and_halves_of_a_rotation(tmp_path):
    q, angle = np.array([0.83, -0.52, 1.14, 0.37]), 2.3 * np.array([1.0, 0.1])
    given = {"q": ("[0.83, -0.52, 1.14, 0.37]", "query"), "m": ("2.3", "position")}
    steps = [
        "angle = m * 10 ** -arange(2)",
        "first = q[0::2] * cos(angle) - q[1::2] * sin(angle)",
        "second = q[0::2] * sin(angle) + q[1::2] * cos(angle)",
        "turned = ravel(stack(first, second, axis=1))",
    ]
    c, s = np.cos(angle), np.sin(angle)
    rule, says = said(tmp_path, given, steps, np.concatenate([q[:2] * c - q[2:] * s, q[:2] * s + q[2:] * c]))
    assert rule == "other_rotation" and says.endswith("halves were used instead of pairs side by side.")


def test_momentum_in_two_steps(tmp_path):
    given = {
        **{"v": ("0.53", "velocity"), "g": ("1.31", "gradient"), "w": ("0.97", "weight"), "lr": ("0.21", "rate")},
        "mu": ("0.87", "momentum"),
    }
    steps = ["v1 = mu * v + g", "w1 = w - lr * v1"]
    v1 = 0.87 * 0.53 + 1.31
    rule, says = said(tmp_path, given, steps, 0.97 - 0.21 * (1.31 + 0.87 * v1))
    assert rule == "other_update" and "Nesterov" in says
    rule, says = said(tmp_path, given, steps, 0.97 - (0.87 * 0.53 + 0.21 * 1.31))
    assert rule == "other_update" and "the rate scaled the gradient alone" in says


def test_a_method_that_fits_all_digits_is_told_however_near_the_right_answer_it_is(tmp_path):
    """0.3 % off is no rounding where five digits are those of discounting continuously."""
    given = {"F": ("1000", "face value"), "c": ("0.05", "coupon rate"), "y": ("0.04", "annual yield")}
    steps = [
        "year = arange(1, 5)",
        "cash = c * F + F * (year == 4)",
        "pv = cash / (1 + y) ** year",
        "duration = sum(year * pv) / sum(pv)",
        "price = sum(pv) + 0 * duration",
    ]
    years = np.arange(1, 5)
    price = float(((50 + 1000 * (years == 4)) * np.exp(-0.04 * years)).sum())
    assert said(tmp_path, given, steps, price)[0] == ""  # 1033: rounding may make that
    file = tmp_path / "one.yaml"
    diagnosis = mark(ask(read_exercise(file, tmp_path).exercise), "price", f"{price:.5g}").diagnosis
    assert diagnosis.rule == "continuous" and "exp(-(y * arange(1, 5)))" in diagnosis.says


def test_numbers_that_are_one_off_in_several_places_are_all_told(tmp_path):
    a, b = [5.1, 4.7, 6.2, 5.8, 5.5, 4.9], [4.2, 3.1, 4.9, 3.6]
    given = {"a": (str(a), "group a"), "b": (str(b), "group b")}
    steps = ["u = var(a, ddof=1) / 6", "v = var(b, ddof=1) / 4", "df = (u + v) ** 2 / (u ** 2 / 5 + v ** 2 / 3)"]
    u, v = np.var(a, ddof=1) / 6, np.var(b, ddof=1) / 4
    rule, says = said(tmp_path, given, steps, (u + v) ** 2 / (u**2 / 6 + v**2 / 4))
    assert rule == "size_off"
    assert "`6` stood in place of `5`, and `4` stood in place of `3`." in says


def test_of_two_steps_of_which_one_is_read_by_the_other_alone_none_is_exchanged(tmp_path):
    given = {"z": ("[0.3, 1.2, -0.7, 0.4]", "scores"), "eps": ("0.1", "smoothing")}
    steps = ["hot = one_hot(1, 4)", "q = hot * (1 - eps) + eps / 4", "loss = -sum(q * log_softmax(z))"]
    z = np.array([0.3, 1.2, -0.7, 0.4])
    _, says = said(tmp_path, given, steps, math.log(np.exp(z).sum()) - z[1])
    assert "exchanged" not in says and "`one_hot(1, 4)` were used instead of" in says
