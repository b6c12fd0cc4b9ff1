"""Mistakes of form: what is left out, what comes first, and what is done to each or to all."""

import pytest

from rnn_tutor.engine.expression import show, walk
from rnn_tutor.engine.mutate import edits, edits_across, result_edits
from rnn_tutor.engine.mutate.mutation import Context
from rnn_tutor.engine.reading.language import parse

FORMS = Context(
    {"x": (4,), "y": (4,), "v": (4,), "w": (), "n": (), "W": (4, 4), "V": (4, 4), "p": (4,), "q": (4,), "k": (4,)},
    means=dict.fromkeys(("x", "y", "w", "n", "W"), ""),
    definitions={"p": parse("softmax(x / n)"), "q": parse("softmax(y / n)"), "k": parse("sigmoid(x)")},
    hidden={"q": (None, parse("softmax(y / n)"))},
    whole=frozenset({"n"}),
)


# rule, expression, the place in it, what stands there instead, what is said after "You would get this if"
FORM_CASES = [
    ("function_left_out", "w * sin(x)", "sin(x)", "x", "the sin of `x` were left out"),
    (
        "scaled_after",
        "softmax(x / w)",
        "softmax(x / w)",
        "softmax(x) / w",
        "the division by `w` came after the softmax, not before it",
    ),
    ("scaled_after", "softmax(x / w)", "softmax(x / w)", "softmax(x * w)", "`x` were multiplied by `w`"),
    (
        "scaled_after",
        "softmax(w * x)",
        "softmax(w * x)",
        "w * softmax(x)",
        "the factor `w` came after the softmax, not before it",
    ),
    ("centred", "x / w", "x", "x - mean(x)", "the mean of `x` were subtracted from it"),
    ("own_total", "x / y", "x / y", "x / sum(x)", "`x` were divided by its own sum"),
    ("ratio_of_sums", "mean(x / y)", "mean(x / y)", "sum(x) / sum(y)", "the sum of `x` were divided by the sum of `y`"),
    (
        "ratio_of_sums",
        "sum(x) / sum(y)",
        "sum(x) / sum(y)",
        "mean(x / y)",
        "the mean of `x / y` were taken, not the ratio of the sums",
    ),
    (
        "geometric",
        "exp(mean(log(x)))",
        "exp(mean(log(x)))",
        "1 / mean(1 / x)",
        "the harmonic mean of `x` were taken, not the geometric mean",
    ),
    (
        "derivative_too_many",
        "W @ (k - y)",
        "k - y",
        "(k - y) * (k * (1 - k))",
        "the derivative `k * (1 - k)` were multiplied in too",
    ),
    (
        "one_of_those",
        "w * (x + 2 * y + v) / 4",
        "w * (x + 2 * y + v) / 4",
        "w * y",
        "`y` were taken alone, not the mean of all 3",
    ),
    ("one_of_those", "(x + 2 * y + v) / 4", "(x + 2 * y + v) / 4", "(x + v) / 2", "the mean were of `x` and `v` alone"),
    ("of_product", "log(W) @ x", "log(W) @ x", "log(W @ x)", "the log were taken of `W @ x`, after the product"),
    (
        "of_product",
        "tanh(W @ x)",
        "tanh(W @ x)",
        "W @ tanh(x)",
        "the tanh were taken before the product: `W @ tanh(x)`",
    ),
    ("added_once", "sum(x + w)", "sum(x + w)", "sum(x) + w", "`w` were added once, and not for each entry of `x`"),
    ("reciprocals", "1 / (1 / w - 1 / n)", "1 / w - 1 / n", "w - n", "`w - n` were used instead of `1 / w - 1 / n`"),
    ("other_call", "softmax(y) - x", "softmax(y)", "p", "`softmax(x / n)` were used instead of `softmax(y)`"),
    ("other_alike", "sum(p * x)", "p", "q", "`softmax(y / n)` were used instead of `p`"),
    ("part_of_factors", "w * x * y", "w * x * y", "w * (x + y)", "`x` and `y` were added, not multiplied"),
    ("halved", "w * x", "w", "w / 2", "`w` were halved"),
    ("halved", "w * x", "w", "2 * w", "`w` were doubled"),
    ("halved", "w * x", "x", "1 + x", "1 were added to `x`"),
    ("factor_squared", "n * x", "n * x", "n**2 * x", "`n` were squared"),
    ("factor_squared", "x / n", "x / n", "x / sqrt(n)", "the square root of `n` were taken"),
    (
        "squared_error",
        "y * log(k) + (1 - y) * log(1 - k)",
        "y * log(k) + (1 - y) * log(1 - k)",
        "-(k - y)**2",
        "`(k - y)**2` were used instead of the logarithms",
    ),
    (
        "impurity",
        "-sum(p * log(p))",
        "-sum(p * log(p))",
        "1 - sum(p**2)",
        "1 less the sum of the squares of `p` were taken",
    ),
    ("after_product", "W @ (x + y)", "W @ (x + y)", "W @ x + y", "`y` came after the product: `W @ x + y`"),
    (
        "means_first",
        "mean(x * y / (x + y))",
        "mean(x * y / (x + y))",
        "mean(x) * mean(y) / (mean(x) + mean(y))",
        "each list in `x * y / (x + y)` were averaged first: `mean(x) * mean(y) / (mean(x) + mean(y))`",
    ),
    ("number_left_out", "exp(1 - x / w)", "1 - x / w", "-(x / w)", "`1` were missing before `x / w`"),
    ("weighed", "mean(v)", "mean(v)", "sum(x * v) / sum(x)", "the mean of `v` were weighed by `x`"),
    ("exponent_turned", "w**(1 / n)", "w**(1 / n)", "w**n", "`w` were raised to the power `n`, without a root"),
    ("exponent_turned", "w**n", "w**n", "w**(1 / n)", "the root of `w` were taken, not its power"),
    ("part_powered", "w / sum(x)", "sum(x)", "sum(x)**2", "`sum(x)` were squared"),
    ("of_turned", "W", "W", "W.T", "the result were transposed"),
    ("of_matrices", "V", "V", "V + W", "`W` were added to the result"),
    ("of_entries", "w", "w", "w / len(x)", "the result were divided by `len(x)`"),
]


@pytest.mark.parametrize(
    ("rule", "text", "place", "instead", "said"), FORM_CASES, ids=[f"{c[0]}: {c[3]}" for c in FORM_CASES]
)
def test_each_form_changes_its_place_and_says_so(rule, text, place, instead, said):
    expr = parse(text)
    made = [*edits(expr, FORMS), *result_edits(expr, FORMS)]
    found = {(show(one.place), show(one.replacement)): one.clause for one in made if one.rule == rule}
    assert found.get((place, instead)) == said, found


def test_a_number_below_a_root_is_not_halved():
    assert "sqrt(2)" not in {
        show(one.place) for one in edits(parse("x / sqrt(2)"), FORMS) if one.rule == "squared_sums"
    }


ACROSS_CASES = [
    ("exp(logs)", {"logs": "mean(log(x))"}, "mean(x)"),
    ("z + x", {"z": "W @ y"}, "W @ (y + x)"),
    ("sqrt(total)", {"total": "v + w"}, "sqrt(v) + sqrt(w)"),
    ("softmax(scores)", {"scores": "x / w"}, "softmax(x) / w"),
]


@pytest.mark.parametrize(("text", "steps", "instead"), ACROSS_CASES, ids=[case[0] for case in ACROSS_CASES])
def test_a_mistake_shows_once_the_step_before_is_written_out(text, steps, instead):
    expr = parse(text)
    parts = {id(part): parse(steps[show(part)]) for part in walk(expr) if show(part) in steps}
    found = {show(one.replacement): one for one in edits_across(expr, parts, FORMS)}
    assert instead in found, list(found)
    assert found[instead].place is expr
    assert instead not in {show(one.replacement) for one in edits(expr, FORMS)}
