"""Each plausible mistake: which expression it makes of which, and how it is said."""

import numpy as np
import pytest

from rnn_tutor.engine.expression import show
from rnn_tutor.engine.mutate import LAST_RULES, LOCAL_RULES, WHOLE_RULES, changes, mutations
from rnn_tutor.engine.mutate.mutation import Context
from rnn_tutor.engine.reading.language import parse

SHAPES = {
    "x": (3,), "h": (2,), "h_prev": (2,), "W": (2, 3), "U": (2, 2), "b": (2,), "z": (2,), "f": (2,), "i": (2,),
    "c_prev": (2,), "cand": (2,), "g": (3,), "c": (), "n": (), "p": (4,), "losses": (5,), "mask": (5,), "m2": (5,),
    "Q": (2, 4), "K": (3, 4), "S": (2, 3), "L": (), "s": (4,), "y": (), "T": (), "scale": (), "length": (),
    "xs": (4, 3),
}  # fmt: skip
MEANS = {
    "f": "forget gate",
    "i": "input gate",
    "mask": "1 where real",
    "b": "bias",
    "z": "the update gate (0 forgets)",
    "n": "n",
}
CONTEXT = Context(
    SHAPES,
    MEANS,
    frozenset({"mask", "m2"}),
    recurrent=frozenset({"s"}),
    definitions={"scale": parse("min(1, c / length)"), "length": parse("norm(g)"), "m2": parse("p > 0")},
)
LOOP = Context(SHAPES, MEANS, frozenset(), "t", frozenset({"s"}), {}, parse("T"))
BACK = Context(SHAPES, MEANS, frozenset(), "t", frozenset({"s"}), {}, parse("T"), reverse=True)


# ruff: noqa: E501 - a table reads best with a mistake on each line
# rule, expression, a wrong version of it, what is said after "You would get this if"
CASES = [
    ("activation", "tanh(W @ x)", "W @ x", "the tanh of `W @ x` were left out"),
    ("activation", "tanh(W @ x)", "sigmoid(W @ x)", "sigmoid were used instead of tanh"),
    ("activation", "sigmoid(b)", "tanh(b)", "tanh were used instead of sigmoid"),
    ("activation", "relu(b)", "b", "the relu of `b` were left out"),
    ("activation", "relu(b)", "tanh(b)", "tanh were used instead of relu"),
    ("activation_added", "f * c_prev", "tanh(f * c_prev)", "there were an extra tanh around the result"),
    ("term_left_out", "W @ x + b", "W @ x", "the bias `b` were left out"),
    ("term_left_out", "f * c_prev + i * cand", "i * cand", "`f * c_prev` were missing from the sum"),
    ("term_left_out", "f * c_prev", "c_prev", "the factor `f` (forget gate) were left out"),
    ("term_left_out", "0.5 * y**2", "y**2", "the factor `0.5` were left out"),
    ("term_left_out", "L / n", "L", "the division by `n` were left out"),
    ("term_left_out", "c / n", "1 / n", "1 were divided by `n`, and not `c`"),
    ("term_left_out", "U @ h", "h", "the product with `U` were left out"),
    ("sign", "f * c_prev + i * cand", "f * c_prev - i * cand", "`i * cand` were subtracted, not added"),
    ("sign", "p - y", "p + y", "`y` were added, not subtracted"),
    ("sign", "p - y", "y - p", "the subtraction were reversed: `y - p`"),
    ("sign", "-log(p)", "log(p)", "the minus sign before `log(p)` were left out"),
    ("sign", "c / n", "n / c", "the division were reversed: `n / c`"),
    ("operation", "f + i", "f * i", "`f` and `i` were multiplied, not added"),
    ("operation", "f * i", "f + i", "`f` and `i` were added, not multiplied"),
    ("matrix_product", "U @ h", "h @ U", "the order of `U @ h` were reversed"),
    ("matrix_product", "U @ h", "U.T @ h", "`U` were transposed"),
    ("matrix_product", "Q @ K.T", "Q @ K", "`K` were not transposed"),
    ("matrix_product", "U @ h", "U * h", "`U` and `h` were multiplied element by element"),
    ("matrix_product", "f * h", "f @ h", "`f * h` were a matrix product"),
    ("matrix_product", "concat(h, x)", "concat(x, h)", "`h` and `x` were joined in the other order"),
    ("matrix_product", "outer(h, x)", "outer(x, h)", "the order of `outer(h, x)` were reversed"),
    ("swapped_names", "f * c_prev + i * cand", "i * c_prev + f * cand", "`f` (forget gate) and `i` (input gate) were exchanged"),
    ("swapped_complements", "(1 - z) * h_prev + z * h", "z * h_prev + (1 - z) * h", "`z` (the update gate) and `1 - z` were exchanged"),
    ("complement", "(1 - z) * h_prev", "z * h_prev", "`z` (the update gate) were used instead of `1 - z`"),
    ("previous_name", "z * h", "z * h_prev", "`h_prev` were used instead of `h`"),
    ("previous_name", "z * h_prev", "z * h", "`h` were used instead of `h_prev`"),
    ("reduction", "sum(p)", "mean(p)", "the mean of `p` were taken, not the sum"),
    ("reduction", "p.prod()", "sum(p)", "the sum of `p` were taken, not the product"),
    ("reduction", "mean(p)", "max(p)", "the largest of `p` were taken, not the mean"),
    ("reduction", "sum(log(p))", "log(sum(p))", "the sum were taken before the log, not after it"),
    ("reduction", "exp(mean(p))", "mean(exp(p))", "the exp were taken before the mean, not after it"),
    ("reduction", "var(p)", "var(p) * (size(p) / (size(p) - 1))", "the sum of squares were divided by n - 1, not by n"),
    ("axis", "softmax(S, axis=1)", "softmax(S, axis=0)", "the softmax went over axis 0, not over axis 1"),
    ("axis", "softmax(S)", "softmax(S, axis=0)", "the softmax went over axis 0, not over the last"),
    ("axis", "sum(S, axis=0)", "sum(S, axis=1)", "the sum went over axis 1, not over axis 0"),
    ("logarithm", "log(p)", "log2(p)", "the logarithm to base 2 were taken, not the natural logarithm"),
    ("logarithm", "log2(p)", "log(p)", "the natural logarithm were taken, not the logarithm to base 2"),
    ("logarithm", "log(p)", "p", "the logarithm of `p` were left out"),
    ("logarithm", "exp(y)", "2**y", "2 were raised to the power, not e"),
    ("logarithm", "exp(y)", "exp(-y)", "the exponent had the opposite sign"),
    ("power", "c**n", "c**(n + 1)", "the power of `c` were one too high"),
    ("power", "c**n", "c**(n - 1)", "the power of `c` were one too low"),
    ("power", "c**n", "n**c", "base and exponent were exchanged"),
    ("power", "c**n", "c * n", "`c` were multiplied by `n`, not raised to that power"),
    ("power", "matrix_power(U, n)", "U**n", "each element of `U` were raised to the power separately"),
    ("power", "y**2", "y", "`y` were not squared"),
    ("power", "sqrt(y)", "y", "the square root of `y` were left out"),
    ("bounds", "min(1, c / n)", "c / n", "the minimum with `1` were left out"),
    ("bounds", "min(1, c / n)", "max(1, c / n)", "the larger of `1` and `c / n` were taken, not the smaller"),
    ("counted_from_one", "p[n]", "p[n - 1]", "`p[n]` were counted from 1; indexes count from 0"),
    ("norm", "norm(g)", "sum(abs(g))", "the sum of absolute values were taken, not the norm of `g`"),
    ("norm", "norm(g)", "sum(g**2)", "the square root of the norm were left out"),
    ("norm", "norm(g)", "max(abs(g))", "the largest absolute value were taken, not the norm of `g`"),
    ("norm", "sqrt(sum(g**2))", "sum(abs(g))", "the sum of absolute values were taken, not the norm"),
    ("norm", "spectral_radius(U)", "norm(U, 2)", "the largest singular value were taken, not the largest absolute eigenvalue"),
    ("norm", "spectral_radius(U)", "max(abs(U))", "the largest entry were taken, not the largest absolute eigenvalue"),
    ("clipped_by_element", "g * min(1, c / norm(g))", "clip(g, -c, c)", "each element were clipped at `c` separately, whatever the norm"),
    ("clipped_by_element", "g * scale", "clip(g, -c, c)", "each element were clipped at `c` separately, whatever the norm"),
    ("clipped_by_element", "clip(g, -c, c)", "g * min(1, c / norm(g))", "`g` were scaled as a whole, by its norm, and not clipped element by element"),
    ("softmax", "softmax(p)", "p / sum(p, axis=-1, keepdims=True)", "the exponential were left out of the softmax (only a division by the sum)"),
    ("softmax", "softmax(p)", "exp(p)", "the division by the sum were left out of the softmax"),
    ("softmax", "softmax(p)", "sigmoid(p)", "sigmoid were used instead of softmax"),
    ("softmax", "softmax(where(m2, p, -1e9))", "softmax(p) * m2", "the mask came after the softmax, so that the weights no longer sum to 1"),
    ("exponential_left_out", "exp(p) / sum(exp(p))", "p / sum(p)", "the exponential were left out (only a division by the sum)"),
    ("layer_norm", "layer_norm(p)", "p - mean(p, axis=-1, keepdims=True)", "the division by the standard deviation were left out"),
    ("padding", "sum(losses * mask) / sum(mask)", "sum(losses * mask) / size(mask)", "padding were counted, and not only the real positions"),
    ("padding", "sum(losses * mask) / sum(mask)", "sum(losses) / sum(mask)", "the mask were left out, so that padding counts"),
    ("padding", "losses[mask]", "losses", "the mask were left out, so that padding counts"),
    ("padding", "where(p > 0, s, 0)", "s", "the condition `p > 0` were left out"),
    ("padding", "where(m2, s, 0)", "where(m2, 0, s)", "the condition `m2` were inverted"),
    ("time_step", "0.5 * (s[-1] - y)**2", "0.5 * (s[0] - y)**2", "the first of `s` were taken, not the last"),
    ("derivative", "1 - h**2", "h * (1 - h)", "the derivative of the sigmoid were used instead of that of the tanh, for `h`"),
    ("derivative", "h * (1 - h)", "1 - h**2", "the derivative of the tanh were used instead of that of the sigmoid, for `h`"),
    ("gradient", "grad(L, U)", "parts(L, U)[-1]", "only the last time step counted, not every use of `U`"),
    ("gradient", "grad(L, U)", "local(L, U)", "only the direct path counted, not those through later steps"),
    ("gradient", "jacobian(h, x)", "jacobian(h, x).T", "the Jacobian were transposed"),
    ("gradient", "local(h, x)", "jacobian(h, x)", "every path counted, and not only the direct one"),
    ("factor", "p @ p", "2 * (p @ p)", "the result were twice as large"),
    ("factor", "p @ p", "p @ p / 2", "the result were half as large"),
    ("negated", "p @ p", "-(p @ p)", "the result had the opposite sign"),
    ("averaged", "sum(p)", "sum(p) / 4", "the result were divided by 4 once more"),
]  # fmt: skip
LOOP_CASES = [
    (LOOP, "U @ s[t-1]", "U @ s[t]", "`s` of the current time step were used instead of `s[t - 1]`"),
    (LOOP, "f * s[t]", "f * s[t-1]", "`s` of the previous time step were used instead of the current one"),
    (LOOP, "W @ xs[t]", "W @ xs[T - 1 - t]", "`xs` were read from its end"),
    (BACK, "U @ s[t+1]", "U @ s[t]", "`s` of the current time step were used instead of `s[t + 1]`"),
    (BACK, "f * s[t]", "f * s[t+1]", "`s` of the next time step were used instead of the current one"),
]


def found(expr, context=CONTEXT):
    return {one.expr: one for one in mutations(parse(expr), context)}


@pytest.mark.parametrize(("rule", "right", "wrong", "said"), CASES, ids=[f"{c[0]}: {c[1]} -> {c[2]}" for c in CASES])
def test_each_rule_makes_its_wrong_version_and_says_so(rule, right, wrong, said):
    made = found(right)
    assert parse(wrong) in made, [show(one) for one in made]
    assert (made[parse(wrong)].rule, made[parse(wrong)].clause) == (rule, said)


@pytest.mark.parametrize(("context", "right", "wrong", "said"), LOOP_CASES, ids=[c[2] for c in LOOP_CASES])
def test_time_steps_are_confused_inside_loops(context, right, wrong, said):
    assert found(right, context)[parse(wrong)].clause == said


def test_every_rule_has_a_case():
    rules = {*LOCAL_RULES, *WHOLE_RULES, *LAST_RULES}
    assert rules == {case[0] for case in CASES}


def test_every_wrong_version_comes_once_and_none_is_the_right_one():
    for text in ("tanh(W @ x + U @ h_prev + b)", "(1 - z) * h_prev + z * h", "sum(losses * mask) / sum(mask)"):
        versions = mutations(parse(text), CONTEXT)
        assert len({one.expr for one in versions}) == len(versions)
        assert parse(text) not in {one.expr for one in versions}


def test_what_is_said_is_one_clause_of_readable_length():
    for _, right, *_ in CASES:
        for one in mutations(parse(right), CONTEXT):
            assert (
                one.clause[0].islower()
                or not one.clause[0].isalpha()
                or one.clause[0] in SHAPES
                or one.clause[0] in "UWQKS"
            ), one.clause
            assert not one.clause.endswith(".")
            assert len(one.clause) < 160


def test_unchanged_parts_stay_the_same_objects():
    expr = parse("f * c_prev + i * cand")
    left = expr.args[0]
    assert any(one.expr.args[0] is left for one in mutations(expr, CONTEXT) if getattr(one.expr, "args", ()))


def test_a_transpose_of_a_vector_is_no_mistake():
    assert parse("U @ h.T") not in found("U @ h")


def test_without_networks_about_nothing_is_squashed():
    plain = Context(SHAPES, {}, networks=False)
    assert parse("tanh(p * 2)") not in found("p * 2", plain)


LETS = {
    "keep": parse("(1 - z) * h_prev"),
    "take": parse("z * h"),
    "a": parse("sum(losses * mask)"),
    "count": parse("sum(mask)"),
}


def test_two_givens_change_places_in_every_step():
    versions = changes(LETS, frozenset({"h_prev", "h", "z", "losses", "mask"}), CONTEXT)
    swapped = [one for one in versions if one.rule == "swapped_names" and "`h_prev` and `h` " in one.clause]
    assert [dict(one.lets) for one in swapped] == [{"keep": parse("(1 - z) * h"), "take": parse("z * h_prev")}]


def test_the_other_convention_of_a_blend_shows_in_every_step():
    versions = changes(LETS, frozenset(), CONTEXT)
    other = [one for one in versions if one.rule == "swapped_complements"]
    assert [dict(one.lets) for one in other] == [{"keep": parse("z * h_prev"), "take": parse("(1 - z) * h")}]


def test_a_mask_is_forgotten_everywhere():
    versions = changes(LETS, frozenset(), CONTEXT)
    masks = [one for one in versions if one.rule == "padding" and "count" in one.lets]
    assert dict(masks[0].lets) == {"a": parse("sum(losses * ones_like(mask))"), "count": parse("sum(ones_like(mask))")}
    assert masks[0].clause == "the mask were left out everywhere, so that padding counts"


def test_shapes_given_as_numpy_sizes_work():
    context = Context({"a": np.zeros((2, 3)).shape, "b": (3, 2)})
    assert parse("b @ a") in found("a @ b", context)


@pytest.mark.parametrize(
    ("means", "said"),
    [
        ("", "the bias `b` were left out"),
        ("bias of the gate", "the bias `b` were left out"),
        ("second tensor", "`b` (second tensor) were missing from the sum"),
        ("batch size", "`b` (batch size) were missing from the sum"),
    ],
)
def test_b_is_a_bias_unless_its_meaning_is_another(means, said):
    context = Context(SHAPES, {"b": means}, frozenset())
    assert said in [one.clause for one in mutations(parse("W @ x + b"), context)]


@pytest.mark.parametrize(
    ("means", "said"),
    [
        ("sensitivity, P(positive)", "sensitivity, P(positive)"),
        ("the update gate (0 forgets)", "the update gate"),
        ("rate (as f(t) says) of decay", "rate of decay"),
        ("f(x), the slope (at 0)", "f(x), the slope"),
        ("(0 or 1) real", "real"),
    ],
)
def test_a_meaning_keeps_its_formulas_and_loses_its_asides(means, said):
    assert Context({}, {"p": means}).meaning("p") == said
