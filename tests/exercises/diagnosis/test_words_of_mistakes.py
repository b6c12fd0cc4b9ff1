"""What is said of a mistake has no name, no formula and no subject that its learner does not know."""

import numpy as np
import pytest

from rnn_tutor.engine.mutate.mutation import Context
from rnn_tutor.engine.reading.language import parse
from rnn_tutor.exercises.diagnosis.sentences import alternatives
from rnn_tutor.exercises.drawing import ask
from rnn_tutor.exercises.mark import mark
from rnn_tutor.exercises.read import read_exercise

HEAD = "format: 1\nid: one\ntitle: One\nprompt: What is it?\ngiven:\n"
S = np.array([[0.5, 2.0, 1.0], [1.0, -0.5, 0.8], [0.3, 1.2, -0.4]])


def said(tmp_path, given, steps, value, picture="", part="", hidden=()):
    """Return what is said of a value of the last step, or of a part."""
    lines = "".join(
        f'  {name}: {{value: "{one}", means: {means}{", hidden: true" if name in hidden else ""}}}\n'
        for name, (one, means) in given.items()
    )
    shown = "".join(f'  - let: "{step}"\n    say: This.\n' for step in steps)
    kind, answer = ("scalar", "vector", "matrix")[np.ndim(value)], part or steps[-1].split(" = ")[0]
    file = tmp_path / "one.yaml"
    asked = f"ask:\n  - {{answer: {answer}, as: {kind}, prompt: The value.}}\nhints: [a, b]\n"
    file.write_text(f"{HEAD}{lines}{picture}steps:\n{shown}{asked}")
    rows = [", ".join(f"{one:.6g}" for one in row) for row in np.atleast_2d(value)]
    text = f"[{', '.join(f'[{row}]' for row in rows)}]" if np.ndim(value) == 2 else rows[0]
    return mark(ask(read_exercise(file, tmp_path).exercise), answer, text).diagnosis.says


def softmax(x):
    e = np.exp(x - x.max(-1, keepdims=True))
    return e / e.sum(-1, keepdims=True)


LENGTHS = np.array([3, 1, 2])
REAL = np.arange(3) < LENGTHS[:, None]


@pytest.mark.parametrize(
    ("mask", "given", "ends"),
    [
        ("tril(ones(3, 3)) == 1", {}, "were left out, so that each position sees the later ones."),
        ("length_mask(n, 3) == 1", {"n": ("[3, 1, 2]", "lengths")}, "were left out, so that padding counts."),
        ("scores > -0.45", {}, "if the condition `scores > -0.45` were left out."),
    ],
)
def test_padding_is_spoken_of_only_where_something_is_padded(tmp_path, mask, given, ends):
    given = {"scores": (S.tolist(), "scores"), **given}
    steps = [f"keep = {mask}", "weights = softmax(where(keep, scores, -inf))"]
    assert said(tmp_path, given, steps, softmax(S)).endswith(ends)


def test_everything_counted_is_told_by_the_condition(tmp_path):
    given = {"norms": ("[1, 6, 2, 8, 1]", "gradient norms"), "limit": ("3", "longest norm allowed")}
    says = said(tmp_path, given, ["over = norms > limit", "count = sum(over)"], 5)
    assert says == "You would get this if the condition `norms > limit` were left out."


def test_a_mask_left_out_is_told_once():
    here, everywhere = "the mask `k` were left out, so that padding counts", "the mask `k` were left out everywhere"
    assert alternatives([here, f"{everywhere}, so that padding counts"]) == [here]


CURVE = {
    **{"rho": ("0.8", "factor"), "wiggle": ("[0, 0.1, -0.1, 0.05, 0.1, 0]", "irregular part"), "n": ("4", "steps")},
    "names": ("[3, 1, 2]", "hidden numbers"),
}
PICTURE = "picture:\n  lines: [norms]\n  title: norms\n"


@pytest.mark.parametrize(
    ("step", "value", "says"),
    [
        ("left = min(norms) ** n", lambda norms: norms.min() * 4, "`min(norms)` were multiplied by `n`, not raised"),
        ("left = mean(norms) / n", lambda norms: norms.mean(), "That is `mean(norms)`"),
        ("left = norms[1] / norms[3]", lambda norms: norms[3] / norms[1], "were reversed: `norms[3] / norms[1]`"),
    ],
)
def test_what_a_picture_shows_is_told_by_its_name_there(tmp_path, step, value, says):
    norms = 0.8 ** np.arange(6) * np.exp([0, 0.1, -0.1, 0.05, 0.1, 0])
    steps = ["norms = rho ** arange(6) * exp(wiggle)", step]
    assert says in said(tmp_path, CURVE, steps, value(norms), PICTURE, hidden=("rho", "wiggle", "names"))


@pytest.mark.parametrize(
    ("steps", "value", "says"),
    [
        (["order = argsort(names)", "left = order * n"], np.array([1, 2, 0]), "That is `left` before its last step."),
        (["left = n * names - 0.25"], np.array([12, 4, 8]), "That is `left` without its last step: a difference."),
    ],
)
def test_a_given_that_is_not_told_is_in_no_sentence(tmp_path, steps, value, says):
    told = said(tmp_path, CURVE, steps, value, hidden=("names",))
    assert "names" not in told and "`?`" not in told and told == says


# ruff: noqa: E501 - a table reads best with a mistake on each line
@pytest.mark.parametrize(
    ("given", "steps", "value", "says"),
    [
        ({"a": ("[2.3, 0.4]", "ratios")}, ["y = 5 * minimum(1, a)"], np.array([11.5, 2]), "if the minimum with `1` were left out."),
        ({"a": ("[2.3, 0.4]", "ratios")}, ["y = 5 * maximum(1, a)"], np.array([11.5, 2]), "if the maximum with `1` were left out."),
        ({"n": ("4", "steps")}, ["y = 0.3 ** (1 / n)"], 0.0081, "if `n` were used instead of `1 / n`."),
        ({"h": ("0.83", "one"), "n": ("3", "steps")}, ["y = (1 - h ** 2) ** n"], 0.17**3, "if `h` were not squared."),
        ({"h": ("0.83", "one"), "n": ("3", "steps")}, ["y = 5 * h ** n"], 5 * 0.83**2, "if the power of `h` were one too low."),
        ({"w": ("1.7", "one"), "y0": ("0.4", "two")}, ["y = (w - y0) ** 2"], 2.6, "`w - y0` were doubled, not squared."),
    ],
)  # fmt: skip
def test_numbers_and_powers_are_told_with_what_they_are_of(tmp_path, given, steps, value, says):
    assert said(tmp_path, given, steps, value).endswith(says)


def test_another_element_of_what_has_no_name_is_told_by_its_place():
    hidden = {"c": (None, parse("methods @ g / (sqrt(sum(methods ** 2, axis=1)) * norm(g))"))}
    first, second = parse("c[0]"), parse("c[1]")
    assert Context(hidden=hidden).instead(first, second).startswith("the first of `methods @ g / ")
    assert Context(hidden=hidden).instead(parse("c[-1]"), second).endswith("were taken, not the second")
    assert Context().instead(first, second) == "`c[0]` were used instead of `c[1]`"


def test_a_long_formula_without_some_of_its_names_is_told_by_these(tmp_path):
    whole = "gain * ((a - mean(a)) / sqrt(mean((a - mean(a)) ** 2))) + shift"
    inside = "(a - mean(a)) / sqrt(mean((a - mean(a)) ** 2))"
    assert Context().instead(parse(inside), parse(whole)) == "`gain` and `shift` were left out"
    assert Context().instead(parse("x"), parse("c * x")) == "`x` were used instead of `c * x`"


ODD = {"a": ("0.4", "pre-activation of a gate"), "m": ("1.3", "stabiliser")}


@pytest.mark.parametrize(
    ("given", "step", "value", "says"),
    [
        (ODD, "i = exp(a - m)", 1 / (1 + np.exp(0.9)), "if the sigmoid of `a - m` were taken, not its exponential."),
        (
            {"b": ("[4, 1, 0, 6]", "surprise")},
            "p = 0.5 ** max(b)",
            64,
            "if `2**max(b)` were used instead of `0.5**max(b)`.",
        ),
        ({"r": ("0.8", "factor")}, "y = r / (1 - r ** 2)", 5, "if `r * (1 - r)` were used instead of `1 - r**2`."),
    ],
)
def test_of_a_subject_is_spoken_only_where_it_is_the_exercises(tmp_path, given, step, value, says):
    assert said(tmp_path, given, [step], value).endswith(says)


@pytest.mark.parametrize(
    ("given", "steps", "value", "says"),
    [
        ({"D": ("12", "inputs"), "H": ("57", "units")}, ["y = H * D + H * H + H"], 4047, "`H` (units) were added twice."),
        ({"p": ("[0.8, 0.6, 0.5]", "each")}, ["y = prod(p)"], 0.96, "1 minus the product of `1 - p` were taken, as for at least one of them."),
        ({"a": ("37", "nats"), "c": ("11", "tokens")}, ["y = a / c / log(2)"], 37 / 11 * np.log(2), "`a / c` were multiplied by `log(2)`, not divided."),
        ({"z": ("0.3", "gate"), "u": ("1.7", "weight"), "d": ("0.9", "gap")}, ["y = d * z * (1 - z) * u"], 1.53, "the factor `z * (1 - z)` were left out."),
        ({"Q": ("[[0.8, -0.6], [0.5, 0.7]]", "map"), "g": ("[3, 4]", "gradient")}, ["y = Q.T @ g"], np.array([0, 4.3]), "`Q` (map) were not transposed."),
        ({"W": ("[[0.6, -0.4], [0.8, -0.5]]", "weights")}, ["y = eye(2) + W"], np.array([[1.6, 0.6], [1.8, 0.5]]), "1 were added to each element, not the identity matrix."),
        ({"d": ("[3, 1, 2.5, 2]", "years")}, ["y = argsort(d)"], np.array([0, 2, 3, 1]), "the order were reversed, the largest first."),
    ],
)  # fmt: skip
def test_the_plainest_of_what_gives_the_same_is_told(tmp_path, given, steps, value, says):
    assert said(tmp_path, given, steps, value).endswith(says)


def test_another_step_of_the_same_form_is_told_by_what_differs(tmp_path):
    given = {"d": ("[2.1, 1, -0.6]", "dots"), "n": ("64", "size")}
    steps = ["plain = softmax(d)", "other = max(plain) * (1 - max(plain))", "w = softmax(d / sqrt(n))"]
    value = softmax(np.array([2.1, 1, -0.6])).max()
    says = said(tmp_path, given, [*steps, "slope = max(w) * (1 - max(w))"], value * (1 - value))
    assert says == "You would get this if `d` were used instead of `d / sqrt(n)`."


def test_what_is_missing_is_told_in_english(tmp_path):
    given = {"x": ("[0.3, 0.8, 0.5]", "numbers"), "n": ("7", "steps")}
    says = said(tmp_path, given, ["y = (max(x) / min(x)) ** (1 / n)"], 0.8 / 0.3)
    assert says == "That is `max(x) / min(x)`, an intermediate value for `y`. Still missing: a root."
