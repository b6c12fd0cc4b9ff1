"""Rules of many fields: results averaged, intervals of logarithms, pairs counted once, no cut, 1/e, what is left."""

import pytest

from rnn_tutor.engine.expression import show, walk
from rnn_tutor.engine.mutate import COSTS, conventions, matrices, moved, reordered, times, together, values
from rnn_tutor.engine.mutate.mutation import Context, told
from rnn_tutor.engine.reading.language import parse

RULES = {
    **reordered.LOCAL,
    **conventions.LOCAL,
    **conventions.RESULT,
    **matrices.LOCAL,
    **values.LOCAL,
    **times.LOCAL,
    **together.LOCAL,
    **moved.LOCAL,
}
STEPS = {"total": parse("sum(x)"), "square": parse("sum(w * x)")}
SHAPES = dict.fromkeys(("x", "n", "w"), (3,)) | dict.fromkeys(("a", "b", "eps", "total", "square"), ()) | {"C": (3, 3)}


def context(about=""):
    sizes = {id(part.args[0]): (3,) for step in STEPS.values() for part in walk(step) if hasattr(part, "args")}
    means = dict.fromkeys(("x", "n", "w", "C", "a", "b"), about) | {"eps": "fraction that is left"}
    return Context(SHAPES, means=means, definitions=STEPS, differentiated=True, sizes=sizes)


# rule, what the names are about, the place, what stands there instead
FIELD_CASES = [
    ("results_averaged", "", "exp(total / sum(n))", "mean(exp(x / n))"),
    ("results_averaged", "", "-log(total / a / sum(n))", "mean(-log(x / a / n))"),
    ("results_averaged", "", "exp(square / sum(w))", "mean(exp(x))"),
    ("on_log_scale", "quantile", "a - b * eps", "a * exp(-(b * eps / a))"),
    ("on_log_scale", "standard error", "a + b", "a * exp(b / a)"),
    ("hydroxide", "acid in mol/L", "-log10(a)", "14 - (-log10(a))"),
    ("quadratic_form", "", "w @ C @ w", "(w @ C @ w + w**2 @ diag(C)) / 2"),
    ("quadratic_form", "", "w @ C @ w", "w @ C @ w - w**2 @ diag(C) + w @ diag(C)"),
    ("not_cut", "", "stop(a * b)", "a * b"),
    ("half_life", "", "eps**(1 / a)", "exp(-1)**(1 / a)"),
    ("half_life", "", "log(eps) / log(a)", "log(exp(-1)) / log(a)"),
    ("one_for_both", "", "a / (a + exp(b / a))", "1 / (1 + exp(b / a))"),
    ("function_moved", "", "tanh(a * b + eps)", "a * tanh(b) + eps"),
    ("function_moved", "", "tanh(C @ x + w)", "C @ tanh(x) + w"),
]


def alternatives(rule, about, place):
    known, whole = context(about), parse(place)
    sums = {id(part.args[0]): (3,) for part in walk(whole) if getattr(part, "function", "") == "sum"}
    known = Context(**{**vars(known), "sizes": known.sizes | sums})
    parts = [whole] if rule in conventions.RESULT else list(walk(whole))
    return {show(changed): told(clause) for part in parts for changed, clause in RULES[rule](part, known)}


@pytest.mark.parametrize(("rule", "about", "place", "instead"), FIELD_CASES)
def test_what_stands_there_instead(rule, about, place, instead):
    found = alternatives(rule, about, place)
    assert instead in found, found
    assert found[instead] and rule in COSTS


@pytest.mark.parametrize(
    ("rule", "about", "place"),
    [
        ("results_averaged", "", "exp(total / a)"),  # one sum is no ratio of two
        ("results_averaged", "", "sum(x / n)"),
        ("results_averaged", "", "mean(C, axis=0) * exp(total / a)"),
        ("on_log_scale", "price", "a - b"),
        ("on_log_scale", "quantile", "a - 1"),
        ("hydroxide", "level in dB", "-log10(a)"),
        ("hydroxide", "acid in mol/L", "a * b"),
        ("half_life", "", "a**(1 / b)"),  # not about what is left
        ("one_for_both", "", "a / (b + eps)"),
    ],
)
def test_what_is_no_such_formula_is_left_as_it_is(rule, about, place):
    assert not alternatives(rule, about, place)
