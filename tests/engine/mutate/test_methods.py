"""Methods that are taken for each other: whoever writes one, it is recognised, and each exchange changes the value."""

import re
from dataclasses import replace

import numpy as np
import pytest

from rnn_tutor.engine.expression import Index, Name, show, walk
from rnn_tutor.engine.graph.evaluate import Graph
from rnn_tutor.engine.graph.graph import as_numbers
from rnn_tutor.engine.mutate import edits, edits_across, exchanges, exchanges_across
from rnn_tutor.engine.mutate.further_methods import FAMILIES
from rnn_tutor.engine.mutate.mutation import Context, op
from rnn_tutor.engine.mutate.phrases import PHRASES
from rnn_tutor.engine.mutate.recognised import SCALARS, exchanged, recognised
from rnn_tutor.engine.reading.language import parse

LENGTHS = {"x": 5, "y": 5, "z": 5}
ROWS = [(family, method) for family in FAMILIES for method in family.methods]
NAMED = [f"{family.rule}: {method.name}" for family, method in ROWS]


def shapes(family):
    if family.rule == "other_rotation":
        return {"x": (4,), "y": (2,), "z": (2,)}
    apart = {"x": (6,), "y": (5,)} if "unequal variances" in [one.name for one in family.methods] else {}
    return {name: () if name in SCALARS else (LENGTHS[name],) for name in family.variables} | apart


def numbers(family, seed):
    """Return numbers that every method can be computed for: between 0 and 1, and single ones above it."""
    draw = np.random.default_rng(seed)
    own = {name: draw.uniform(0.15, 0.85, size) for name, size in shapes(family).items()}
    return {name: np.array(2.3 + 0.7 * draw.random()) if name in "bc" else value for name, value in own.items()}


def value(expr, given):
    graph = Graph()
    for name, one in given.items():
        graph.leaf(name, one)
    return as_numbers(graph.scope(dict(graph.names)).evaluate(expr).number)


def context(family):
    about = family.words[0] if family.words else ""
    return Context(shapes(family), means=dict.fromkeys(family.variables, about))


@pytest.mark.parametrize(("family", "method"), ROWS, ids=NAMED)
def test_a_method_is_recognised_as_it_is_written(family, method):
    if not method.recognised:
        return
    text = method.text.replace("[:len(y)]", "[:2]").replace("[len(y):]", "[2:]")
    found = [one for one in recognised(parse(text), context(family)) if one.family is family]
    assert method.name in [one.method.name for one in found if one.factor == 1]
    whole = next(one for one in found if one.method.name == method.name)
    assert all(show(expr) == name for name, expr in whole.given.items())


@pytest.mark.parametrize("family", FAMILIES, ids=[family.rule for family in FAMILIES])
def test_every_exchange_changes_the_value_and_can_be_computed(family):
    for method in family.methods:
        found = recognised(
            parse(method.text.replace("[:len(y)]", "[:2]").replace("[len(y):]", "[2:]")), context(family)
        )
        here = [one for one in found if one.family is family and one.method is method]
        for one in here:
            others = [other for other in family.methods if other.name != method.name]
            for other in others:
                changed = exchanged(one, other)
                values = [(value(one.expr, given), value(changed, given)) for given in _draws(family)]
                assert any(a.shape != b.shape or not np.allclose(a, b) for a, b in values), other.name


def _draws(family):
    """Return draws of each family, signed numbers and numbers above 1 among them: of a ReLU only these differ."""
    for seed in range(3):
        given = numbers(family, seed)
        yield given
        if family.rule in (
            "other_rectifier",
            "other_squashing",
            "other_loss",
            "other_norm",
            "other_clipping",
            "other_objective",
        ):
            yield {name: one if name in SCALARS else (one - 0.5) * 6 for name, one in given.items()}
            yield {name: np.array(9.0) if name in SCALARS else one for name, one in given.items()}


def test_every_family_has_a_phrase_and_a_source():
    for family in FAMILIES:
        assert PHRASES[family.rule] == family.phrase
        assert len(family.source) > 20
        assert sum(method.recognised for method in family.methods) > 0
        names = [method.text for method in family.methods]
        assert len(set(names)) == len(names)


KNOWN = Context(
    {
        **{"x": (5,), "y": (5,), "n": (8,), "N": (), "W": (2, 2), "b": (2,), "X": (4, 2), "eps": (), "q": (4,)},
        **{"c": (2,), "s": (2,), "dt": (), "tau": (), "h": (), "u": (), "p": (5,), "r": ()},
    },
    means={"dt": "time step"},
)


@pytest.mark.parametrize(
    ("text", "part", "name"),
    [
        ("0.5 * (1 - cos(2 * pi * n / (N - 1)))", None, "a Hann window"),
        ("sin(pi * n / N)**2", None, None),  # half of the angle is no part of it
        ("25 * exp(-dt / tau)", "exp(-dt / tau)", "the exact step"),
        ("(W @ b + b) / (1 + exp(-(W @ b + b)))", None, "a SiLU"),
        ("(W @ b + b) * sigmoid(W @ b + b)", None, "a SiLU"),
        ("1 - 1 / (1 + exp(u))", None, "a sigmoid"),
        ("0.5 + 0.5 * tanh(u / 2)", None, "a sigmoid"),
        ("x @ y / (norm(x) * norm(y))", None, "the cosine"),
        ("sqrt((x - y) @ (x - y))", None, "the Euclidean distance"),
        ("norm(X - b, axis=1)", None, "the Euclidean norm"),
        ("exp(sum(log(x)) / 5)", None, "the geometric mean"),
        ("(x[0] / 2 + x[1] + x[2] + x[3] + x[4] / 2) * h", "x[0] / 2 + x[1] + x[2] + x[3] + x[4] / 2", "trapezoids"),
        ("h / 3 * (x[0] + 4 * x[1] + 2 * x[2] + 4 * x[3] + x[4])", None, "Simpson's rule"),
        ("-sum(p * log(p)) / log(2)", None, "the entropy in bits"),
        ("(x - mean(x)) / std(x, ddof=1)", None, "standardisation over n - 1"),
        ("std(x, ddof=1) / sqrt(len(x))", None, "the standard error"),
        ("sum(p * log(p)) - sum(p * log(y))", None, "the divergence"),
        ("where(abs(u) < r, u * u / 2, r * abs(u) - r * r / 2)", None, "the Huber loss"),
        ("1 + u", None, None),  # too plain for Euler
        ("W @ b + b", None, None),
    ],
)
def test_another_spelling_is_the_same_method(text, part, name):
    found = [one for one in recognised(parse(text), KNOWN) if show(one.expr) == (part or text) or part is None]
    whole = [one.method.name for one in found if part is not None or _is_most_of(one.expr, text)]
    assert (name in whole) if name else not whole


def _is_most_of(expr, text):
    return sum(1 for _ in walk(expr)) >= 0.6 * sum(1 for _ in walk(parse(text)))


@pytest.mark.parametrize(
    ("text", "name", "instead"),
    [
        ("norm(X - b, axis=1)", "the sum of absolute values", "sum(abs(X - b), axis=1)"),
        ("sqrt(mean(X**2, axis=0))", "the mean of squares", "mean(X**2, axis=0)"),
        (
            "(X - mean(X, axis=0)) / sqrt(mean((X - mean(X, axis=0))**2, axis=0) + eps)",
            "the same along the other axis",
            "(X - mean(X, axis=1, keepdims=True)) / sqrt(mean((X - mean(X, axis=1, keepdims=True))**2, axis=1, "
            "keepdims=True) + eps)",
        ),
        (
            "std(X, axis=1, ddof=1)",
            "the variance over n - 1",
            "sum((X - mean(X, axis=1, keepdims=True))**2, axis=1) / (shape(X)[1] - 1)",
        ),
    ],
)
def test_the_axis_is_kept(text, name, instead):
    found = [edit for edit in exchanges(parse(text), KNOWN) if edit.method == name]
    assert instead in [show(edit.replacement) for edit in found]
    draw = np.random.default_rng(0)
    given = {"X": draw.normal(size=(4, 2)), "b": draw.normal(size=2), "eps": np.array(0.01)}
    assert all(value(edit.replacement, given).shape == value(parse(text), given).shape for edit in found)


def test_a_method_that_is_exchanged_in_two_places_has_one_name():
    one, other = parse("(1 + dt * r / 2) / (1 - dt * r / 2)"), parse("dt * u / (1 - dt * r / 2)")
    methods = [{edit.method for edit in exchanges(expr, KNOWN)} for expr in (one, other)]
    assert {"forward Euler", "backward Euler", "the exact step"} <= methods[0] & methods[1]


def test_words_tell_what_a_formula_is_about():
    gated = [edit.rule for edit in exchanges(parse("h * u + (1 - h) * r"), KNOWN)]
    assert "other_interpolation" not in gated  # a gate mixes two values as well
    about = [edit.rule for edit in exchanges(parse("exp(-dt / tau)"), KNOWN)]
    other = [edit.rule for edit in exchanges(parse("exp(-u / r)"), KNOWN)]
    assert "other_discretisation" in about and "other_discretisation" not in other


def test_steps_that_are_written_out_make_a_method_together():
    expr = parse("sum(dx * dy) / sqrt(sum(dx**2) * sum(dy**2))")
    made = {"dx": "x - mean(x)", "dy": "y - mean(y)"}
    known = replace(KNOWN, shapes={**KNOWN.shapes, "dx": (5,), "dy": (5,)})
    assert "the coefficient of regression" not in [edit.method for edit in exchanges(expr, known)]
    parts = {id(part): parse(made[part.id]) for part in walk(expr) if isinstance(part, Name) and part.id in made}
    found = [edit for edit in exchanges_across(expr, parts, known) if edit.method == "the coefficient of regression"]
    assert found and all(edit.place is expr for edit in found)
    assert show(found[0].replacement) == "sum((x - mean(x)) * (y - mean(y))) / sum((x - mean(x))**2)"


HIDDEN = replace(
    KNOWN,
    shapes={**KNOWN.shapes, "z": (2,), "k": ()},
    hidden={"z": (None, parse("W @ b + b")), "k": (None, parse("dt / tau"))},
)


@pytest.mark.parametrize("text", ["tanh(z)", "z / (1 + exp(-z))", "exp(-k)", "sqrt(sum(z**2))", "(1 + r)**k"])
def test_a_sentence_has_no_name_of_a_hidden_step(text):
    found = [*exchanges(parse(text), HIDDEN)]
    assert found
    for edit in found:
        names = {one for quote in re.findall(r"`([^`]*)`", edit.clause) for one in re.findall(r"[^\W\d]\w*", quote)}
        assert not names & {"z", "k"}, edit.clause
        assert len(edit.clause) <= 160


def test_long_expressions_and_many_cuts_end():
    one = parse("x[1] * y[2] / (1 + exp(u))")
    assert recognised(one, KNOWN)
    long = one
    for _ in range(5):
        long = op("add", long, long)
    assert recognised(long, KNOWN) == []
    wide = " * ".join(f"(1 + x**{k} * y / (r + {k}))" for k in range(3, 12))
    assert len(recognised(parse(wide), KNOWN)) < 50


SCHEMES = Context(
    {"f": (5,), "h": (), "w": (), "lr": (), "mu": (), "v": (), "g": (), "wd": (), "y": ()},
    means=dict.fromkeys(("f", "h", "w", "lr", "mu", "v", "g", "wd", "y"), ""),
)
SCHEME_CASES = [
    (
        "other_quotient",
        "(f[3] - f[1]) / (2 * h)",
        "(f[3] - f[1]) / (2 * h)",
        "(f[3] - f[2]) / h",
        "the forward difference were taken, not the central one: `(f[3] - f[2]) / h`",
    ),
    (
        "other_quotient",
        "(tanh(w + h) - tanh(w - h)) / (2 * h)",
        "(tanh(w + h) - tanh(w - h)) / (2 * h)",
        "(tanh(w) - tanh(w - h)) / h",
        "the backward difference were taken, not the central one: `(tanh(w) - tanh(w - h)) / h`",
    ),
    (
        "other_update",
        "w - lr * (mu * v + g)",
        "w - lr * (mu * v + g)",
        "w - lr * (mu * v + (1 - mu) * g)",
        "the gradient were dampened by the rest: `mu * v + (1 - mu) * g`",
    ),
    (
        "other_update",
        "w - lr * (mu * v + g)",
        "w - lr * (mu * v + g)",
        "w - (mu * v + lr * g)",
        "the rate scaled the gradient alone: `mu * v + lr * g`",
    ),
    (
        "other_decay_of_weights",
        "w - lr * (g + wd * w)",
        "w - lr * (g + wd * w)",
        "w - lr * g - wd * w",
        "the decay were not scaled by the rate: `w - lr * g - wd * w`",
    ),
    (
        "other_step_of_solver",
        "y + h / 2 * (-y**2 + -(y + h * -y**2)**2)",
        "-y**2 + (-(y + h * (-y**2))**2)",
        "2 * -(y + h * -y**2 / 2)**2",
        None,
    ),
    ("average_or_sum", "mu * v + g", "mu * v + g", "mu * v + (1 - mu) * g", "`g` were weighed by `1 - mu`"),
]


@pytest.mark.parametrize(("rule", "text", "place", "instead", "said"), SCHEME_CASES, ids=[c[3] for c in SCHEME_CASES])
def test_schemes(rule, text, place, instead, said):
    found = [one for one in edits(parse(text), SCHEMES) if one.rule == rule and show(one.place) == place]
    one = next((one for one in found if value_of(one.replacement) == pytest.approx(value_of(parse(instead)))), None)
    assert one is not None, [show(one.replacement) for one in found]
    assert said is None or one.clause == said


def value_of(expr):
    draw = np.random.default_rng(3)
    return float(value(expr, {name: draw.uniform(0.2, 0.9, shape) for name, shape in SCHEMES.shapes.items()}))


def test_an_update_is_seen_where_its_velocity_is_written_out():
    expr, made = parse("w - lr * v1"), parse("mu * v + g")
    known = replace(SCHEMES, shapes={**SCHEMES.shapes, "v1": ()})
    parts = {id(part): made for part in walk(expr) if part == Name("v1")}
    found = [edit.clause for edit in edits_across(expr, parts, known) if edit.rule == "other_update"]
    assert any("Nesterov" in clause for clause in found)


def test_a_place_of_two_neighbours_has_what_is_between():
    found = [
        one.replacement for one in edits(parse("(f[4] - f[2]) / (h + h)"), SCHEMES) if one.rule == "other_quotient"
    ]
    assert any(part == Index(Name("f"), parse("f[3]").items) for one in found for part in walk(one))


def test_base_and_exponent_exchanged_cost_more_where_one_of_them_is_computed():
    def cost(text):
        expr = parse(text)
        return min(one.cost for one in edits(expr, KNOWN) if one.clause == "base and exponent were exchanged")

    assert cost("h ** (-2 * u)") > cost("h ** u") + 2
