"""Mistakes of convention, and of formulas with matrices: which place becomes what, and how it is said."""

import numpy as np
import pytest

from rnn_tutor.engine.expression import show
from rnn_tutor.engine.graph.graph import Graph, as_numbers
from rnn_tutor.engine.mutate import (
    FURTHER_RULES,
    LOCAL_RULES,
    RESULT_RULES,
    conventions,
    edits,
    edits_across,
    matrices,
)
from rnn_tutor.engine.mutate.defaults import defaults
from rnn_tutor.engine.mutate.further_methods import FORMS
from rnn_tutor.engine.mutate.mutation import Context
from rnn_tutor.engine.mutate.recognised import LENGTH, SCALARS
from rnn_tutor.engine.reading.language import parse

CONTEXT = Context(
    shapes={
        **{"p": (4,), "q": (4,), "eps": (), "k": (), "m": (4,), "rel": (5,), "beta": (), "rec": (), "kl": ()},
        **{"A": (2, 2), "B": (2,), "dt": (), "M": (2, 2), "N": (2, 2), "K": (2,), "H": (2,), "P": (2, 2), "X": (5, 2)},
        **{"e": (5,), "u": (2,), "T": (2, 3), "J": (2, 3), "tp": (), "fp": (), "fn": (), "tn": (), "S": (3, 3)},
    },
    means={
        "rel": "relevance by rank",
        "beta": "weight",
        "T": "days",
        "J": "joint fractions",
        "dt": "sampling interval",
    },
    masks=frozenset({"m"}),
)

# ruff: noqa: E501 - a table reads best with a mistake on each line
# rule, expression, what stands there instead, what is said after "You would get this if"
CONVENTION_CASES = [
    ("either_or", "(1 - eps) * one_hot(k, 4) + eps / 4", "where(one_hot(k, 4) == 1, 1 - eps, eps / 4)", "`eps / 4` were left out where `one_hot(k, 4)` is 1"),
    ("either_or", "q + p * m", "where(m == 1, p, q)", "`q` were left out where `m` is 1"),
    ("value_kept", "maximum(p - q, 0)", "p * (p > q)", "`p` itself were kept where `p` is larger than `q`"),
    ("value_kept", "relu(p - q)", "1 * (p > q)", "only whether `p` is larger than `q` counted"),
    ("value_kept", "maximum(0, p - q)", "abs(p - q)", "the absolute value of `p - q` were taken"),
    ("number_for_its_power", "9", "3", "`3` stood in place of its square"),
    ("number_for_its_power", "9", "sqrt(3)", "the square root of `3` stood in place of its square"),
    ("best_order", "flip(sort(rel))", "ones_like(rel) * max(rel)", "the largest of `rel` stood in every place, not `flip(sort(rel))`"),
    ("best_order", "sort(rel)[::-1]", "rel", "`rel` were not put in order"),
    ("discount_otherwise", "log2(arange(5) + 2)", "maximum(1, log2(arange(5) + 1))", "the discount were `log2(arange(5) + 1)`, and none at rank 1"),
    ("discount_otherwise", "log2(k + 1)", "k", "the discount were the rank itself: `k`"),
    ("average_or_sum", "rec + beta * kl", "beta * kl + (1 - beta) * rec", "`rec` were weighed by `1 - beta`"),
    ("brackets_moved", "-(k * rec + kl) / eps", "-(k * rec + kl / eps)", "the brackets were moved: `-(k * rec + kl / eps)`"),
    ("term_by_term", "(k + rec) / (eps + kl)", "(k / eps + rec / kl) / 2", "each was divided by itself, and the mean taken: `(k / eps + rec / kl) / 2`"),
    ("term_by_term", "(k / eps + rec / kl) / 2", "(k + rec) / (eps + kl)", "numerators and denominators were added by themselves: `(k + rec) / (eps + kl)`"),
    ("term_by_term", "sqrt(k * (1 / eps + 1 / kl))", "sqrt(k) * (sqrt(1 / eps) + sqrt(1 / kl))", "the sqrt were taken of each term: `sqrt(k) * (sqrt(1 / eps) + sqrt(1 / kl))`"),
    ("one_less", "sum(e) / 3", "sum(e) / 4", "the sum were divided by 4, not by 3"),
    ("axis_left_out", "norm(X, axis=1)[:, None]", "norm(X)", "the norm went over all of `X`"),
    ("angular", "k / dt", "2 * pi * (k / dt)", "the result were multiplied by `2 * pi` (the angular frequency)"),
    ("of_two_variables", "-sum(J * log(J))", "-sum(sum(J, axis=1) * log(sum(J, axis=1)))", "the entropy of the row sums of `J` were given"),
    ("of_detection", "2 * tp / (2 * tp + fp + fn)", "(tp + tn) / (tp + fn + fp + tn)", "the accuracy were given"),
    ("of_detection", "log(tp / fp)", "log(tp / (tp + fp))", "the logarithm of the precision were given"),
    ("discretised", "inv(eye(2) - dt / 2 * A) @ (eye(2) + dt / 2 * A)", "eye(2) + dt * A", "forward Euler were used: `eye(2) + dt * A`"),
    ("discretised", "(eye(2) + A / 2) @ inv(eye(2) - A / 2)", "inv(eye(2) - A)", "backward Euler were used: `inv(eye(2) - A)`"),
    ("discretised", "dt * (inv(eye(2) - dt / 2 * A) @ B)", "dt * B", "forward Euler were used: `B` without the inverse"),
    ("divided_by_elements", "inv(M) @ N", "where(M == 0, 0, N / where(M == 0, 1, M))", "`N` were divided by `M` element by element"),
    ("divided_by_elements", "inv(M) @ B", "B / diag(M)", "`B` were divided by the diagonal of `M`"),
    ("divided_by_elements", "solve(M, B)", "B / sum(B)", "`B` were divided by its sum, and `M` were not used"),
    ("updated_covariance", "(eye(2) - outer(K, H)) @ P", "(1 - K[0]) * P", "all of it were scaled by 1 minus the first gain: `(1 - K[0]) * P`"),
    ("updated_covariance", "P - outer(K, H @ P)", "P - outer(K, K)", "the squares of the gain were subtracted: `P - outer(K, K)`"),
    ("averaged_over_rows", "X.T @ e", "X.T @ e / len(X)", "`X.T @ e` were divided by the number of rows"),
    ("step_too_far", "A @ B", "A @ (A @ B)", "one step were made too many: `A` were applied once more"),
    ("step_too_far", "u @ A", "u @ A @ A", "one step were made too many: `A` were applied once more"),
    ("power_by_elements", "u @ A @ A", "u @ A**2", "each element of `A` were raised to the power, not the matrix"),
    ("power_by_elements", "matrix_power(A, k)", "A**k", "each element of `A` were raised to the power, not the matrix"),
    ("norms_written_out", "sum(p * q ** 2)", "sum(p * q)**2", "the square were taken after the sum: `sum(p * q)**2`"),
    ("other_size_of_matrix", "max(abs_eigvals(A))", "max(svdvals(A))", "the largest singular value were taken, not the largest eigenvalue"),
    ("other_size_of_matrix", "spectral_radius(A)", "min(abs_eigvals(A))", "the smallest eigenvalue were taken, not the largest"),
    ("quadratic_form", "u @ A @ u", "spectral_radius(A)", "the largest eigenvalue of `A` were taken, not `u @ A @ u`"),
    ("quadratic_form", "u @ (A @ u)", "norm(A @ u)", "the length of `A @ u` were taken, not `u @ (A @ u)`"),
    ("contrasted", "diag(log_softmax(S, axis=1))", "diag(S) - logsumexp(S)", "the softmax went over all of `S`"),
    ("contrasted", "diag(log_softmax(S, axis=1))", "diag(S) - log(sum(exp(S), axis=1) - exp(diag(S)))", "the diagonal of `S` were missing from the sum below"),
]  # fmt: skip


@pytest.mark.parametrize(("rule", "text", "instead", "said"), CONVENTION_CASES)
def test_a_rule_changes_its_place_and_says_so(rule, text, instead, said):
    rules = LOCAL_RULES | FURTHER_RULES | RESULT_RULES
    found = {show(changed): clause for changed, clause in rules[rule](parse(text), CONTEXT)}
    assert instead in found, list(found)
    clause = found[instead]
    assert (clause if isinstance(clause, str) else clause()) == said


@pytest.mark.parametrize(
    ("rule", "text"),
    [
        ("either_or", "p * q + eps"),  # neither of them chooses
        ("value_kept", "maximum(1 - p, 0)"),  # a hinge
        ("number_for_its_power", "7"),
        ("number_for_its_power", "1"),
        ("best_order", "sort(rel)"),
        ("of_two_variables", "sum(J)"),  # there are no logarithms
        ("divided_by_elements", "M @ N"),
        ("updated_covariance", "(eye(2) - M) @ P"),
        ("step_too_far", "X @ u"),
        ("quadratic_form", "u @ A @ B"),
    ],
)
def test_a_rule_leaves_other_places_alone(rule, text):
    assert not list((conventions.LOCAL | conventions.RESULT | matrices.LOCAL)[rule](parse(text), CONTEXT))


def _value(expr, given):
    graph = Graph()
    for name, one in given.items():
        graph.leaf(name, np.asarray(one, dtype=float))
    return as_numbers(graph.scope(dict(graph.names)).evaluate(expr).number)


GIVEN = {"A": [[-1.0, 0.3], [-1.5, -2.0]], "B": [1.0, 1.7], "dt": 0.2}


def test_the_matrix_exponential_is_one_to_more_digits_than_are_typed():
    text = "inv(eye(2) - dt / 2 * A) @ (eye(2) + dt / 2 * A)"
    found = {clause: changed for changed, clause in matrices.discretised(parse(text), CONTEXT)}
    values, vectors = np.linalg.eig(0.2 * np.array(GIVEN["A"]))
    exact = (vectors @ np.diag(np.exp(values)) @ np.linalg.inv(vectors)).real
    exponential = found["the matrix exponential of `dt * A` were used"]
    assert np.allclose(_value(exponential, GIVEN), exact, atol=1e-7)
    held = {clause: changed for changed, clause in matrices.discretised(parse("dt * (inv(eye(2) - dt / 2 * A) @ B)"), CONTEXT)}  # fmt: skip
    value = _value(held["the input were held over the step (zero-order hold)"], GIVEN)
    assert np.allclose(value, np.linalg.inv(GIVEN["A"]) @ (exact - np.eye(2)) @ GIVEN["B"], atol=1e-6)


def test_what_spans_two_steps_is_found_too():
    expr = parse("back @ (eye(2) + dt / 2 * A)")
    parts = {id(expr.args[0]): parse("inv(eye(2) - dt / 2 * A)")}
    rules = {(one.rule, show(one.replacement)) for one in edits_across(expr, parts, CONTEXT)}
    assert ("discretised", "eye(2) + dt * A") in rules


def test_givens_of_one_kind_are_taken_for_what_is_usual_one_by_one_and_together():
    context = Context(
        shapes={"mu0": (3,), "s0": (3,), "mu": (3,), "base": (), "n": ()},
        means={
            **{"mu0": "prior means", "s0": "prior standard deviations", "mu": "posterior means"},
            **{"base": "base of the frequencies", "n": "number of steps"},
        },
        whole=frozenset({"n"}),
    )
    found = {tuple(one.instead): one.clause for one in defaults(dict.fromkeys(context.shapes), context)}
    assert found["mu0",] == "`mu0` (prior means) were taken as 0"
    assert found["base",] == "`base` (base of the frequencies) were taken as 10000"
    assert found["mu0", "s0"] == "`mu0` were taken as 0 and `s0` as 1 (a standard normal)"
    assert ("s0", "mu") not in found and not any("n" in names for names in found)  # of another subject; a count


@pytest.mark.parametrize("family", FORMS, ids=[family.methods[0].text for family in FORMS])
def test_a_form_is_the_same_function_and_what_is_wrong_in_it_is_another(family):
    draw = np.random.default_rng(1)
    given = {name: draw.uniform(0.2, 0.8, () if name in SCALARS else LENGTH) for name in family.variables}
    if any("minimum" in form for form in family.forms):
        given = {name: one / one.sum() for name, one in given.items()}  # shares
    expected = _value(parse(family.methods[0].text), given)
    for form in family.forms:
        assert np.allclose(_value(parse(form), given), expected)
    context = Context({name: np.shape(one) for name, one in given.items()}, means=dict.fromkeys(given, ""))
    found = [one for one in edits(parse(family.methods[0].text), context) if one.rule == "other_form"]
    assert len(found) >= 4
    assert all(one.clause == context.instead(one.replacement, one.place) for one in found)


def test_a_formula_known_in_another_form_is_wrong_in_that_one():
    context = Context({"x": (4,)}, means={"x": "values"})
    found = {show(one.replacement) for one in edits(parse("mean((x - mean(x)) ** 2)"), context)}
    assert {"mean(x**2)", "mean(x**2) - mean(x)", "mean(x**2) + mean(x)**2"} <= found
    blend = Context({"z": (3,), "h": (3,), "n": (3,)})
    found = {show(one.replacement) for one in edits(parse("(1 - z) * h + z * n"), blend)}
    assert {"h + z * n", "h - z * (n - h)"} <= found
