"""Mistakes by what fits: any value in any place, any operation for another, a function more or less."""

from dataclasses import replace

import pytest

from rnn_tutor.engine.expression import Index, Name, show, walk
from rnn_tutor.engine.mutate import edits, result_edits, several
from rnn_tutor.engine.mutate.general import LOCAL, RESULT
from rnn_tutor.engine.mutate.mutation import Context
from rnn_tutor.engine.reading.language import parse

SHAPES = {
    **{"x": (4,), "y": (4,), "v": (4,), "s": (4,), "d": (4,)},
    **{"w": (), "u": (), "n": (), "k": (), "v1": (), "v2": (), "W": (4, 4), "Y": (3, 4), "means": (3,)},
}
GENERAL = Context(
    SHAPES,
    means=dict.fromkeys(("x", "y", "v", "w", "u", "n", "v1", "v2", "W", "Y"), ""),
    definitions={
        "s": parse("x + y"),
        "d": parse("sum(W, axis=1)"),
        "k": parse("w / u"),
        "means": parse("mean(Y, axis=1)"),
    },
    hidden={"s": (None, parse("x + y")), "means": (None, parse("mean(Y, axis=1)"))},
    whole=frozenset({"n"}),
    several=True,
)


def known(text):
    """Return an expression, and what rules know of it: the shapes of its parts, as the search has them."""
    expr = parse(text)
    sizes = {}
    for part in walk(expr):
        if isinstance(part, Name):
            continue
        names = [one.id for one in walk(part) if isinstance(one, Name) and one.id in SHAPES]
        sums = text.startswith(("sum", "mean")) and part is expr
        if not isinstance(part, Index) and not sums:
            sizes[id(part)] = max((SHAPES[name] for name in names), key=len, default=())
    pool = ((parse("x * y"), (4,)), (parse("3"), ()), (parse("w * u"), ()))
    return expr, replace(GENERAL, sizes=sizes, pool=pool)


def instead(place, changed):
    return f"`{changed}` were used instead of `{place}`"


# rule, expression, the place in it, what stands there instead, what is said after "You would get this if"
GENERAL_CASES = [
    ("other_value", "exp(x * y)", "x * y", "v", instead("x * y", "v")),
    ("other_value", "w * v", "v", "s", instead("v", "x + y")),
    (
        "other_reduction",
        "(Y - means[:, None])**2",
        "means[:, None]",
        "mean(Y)",
        instead("mean(Y, axis=1)[:, None]", "mean(Y)"),
    ),
    ("any_expression", "w * exp(v)", "exp(v)", "x * y", instead("exp(v)", "x * y")),
    ("wrapped", "w * exp(v)", "exp(v)", "1 - exp(v)", instead("exp(v)", "1 - exp(v)")),
    ("wrapped", "w * exp(v)", "exp(v)", "cumsum(exp(v))", instead("exp(v)", "cumsum(exp(v))")),
    ("inner_alone", "w * (2 ** v - 1)", "2**v - 1", "v", instead("2**v - 1", "v")),
    ("total_for_each", "w / v", "v", "ones_like(v) * sum(v)", "`sum(v)` were used for each, not `v`"),
    ("each_for_total", "v / sum(v)", "sum(v)", "v", "each of `v` were used, not `sum(v)`"),
    ("put_in_order", "w * v", "v", "flip(sort(v))", "`v` were sorted from the largest down"),
    ("smoothed", "x / y", "x / y", "(x + 1) / (y + 2)", instead("x / y", "(x + 1) / (y + 2)")),
    (
        "smoothed",
        "x / sum(x)",
        "x / sum(x)",
        "(x + 1) / (sum(x) + len(x))",
        instead("x / sum(x)", "(x + 1) / (sum(x) + len(x))"),
    ),
    (
        "other_difference",
        "(v[2:] - v[:-2]) / (2 * w)",
        "(v[2:] - v[:-2]) / (2 * w)",
        "(v[2:] - v[1:-1]) / w",
        "differences to the next entry were taken, not `(v[2:] - v[:-2]) / (2 * w)`",
    ),
    ("two_left_out", "-log(w) / u", "-log(w)", "w", instead("-log(w)", "w")),
    ("operand_alone", "x @ (s - y)", "s - y", "y", "`y` were taken alone, not `x + y - y`"),
    ("operand_alone", "exp(w + u + n)", "w + u + n", "u", "`u` were taken alone, not `w + u + n`"),
    ("operand_alone", "exp(w + u + n)", "w + u + n", "w", "`w` were taken alone, not `w + u + n`"),
    (
        "operation_otherwise",
        "w * exp(u)",
        "w * exp(u)",
        "w - exp(u)",
        "`w` and `exp(u)` were subtracted, not multiplied",
    ),
    ("numbers_exchanged", "(w / 2) / (u / 9)", "w / 2 / (u / 9)", "w / 9 / (u / 2)", "`2` and `9` were exchanged"),
    ("number_elsewhere", "x / 7", "7", "3", "`3` stood in place of `7`"),
    ("joined_with_alike", "w * v1 / v2", "v2", "v2 + v1", instead("v2", "v2 + v1")),
    ("given_combined", "x * w", "w", "w * u", instead("w", "w * u")),
    ("linear", "w * exp(-u)", "exp(-u)", "1 - u", instead("exp(-u)", "1 - u")),
    ("linear", "w * exp(-u * k)", "exp(-u * k)", "1 / (1 + u * k)", instead("exp(-u * k)", "1 / (1 + u * k)")),
    ("softmax_for_shares", "x / sum(x)", "x / sum(x)", "softmax(x)", "a softmax of `x` were taken, not `x / sum(x)`"),
    (
        "softmax_for_shares",
        "W / d[:, None]",
        "W / d[:, None]",
        "softmax(W, axis=1)",
        "a softmax of `W` were taken, not `W / d[:, None]`",
    ),
    ("share_of_both", "log(w / u)", "w / u", "w / (w + u)", "`w` were divided by the sum of both: `w / (w + u)`"),
    (
        "rows_taken",
        "(W @ W)[0]",
        "(W @ W)[0]",
        "mean(W @ W, axis=0)",
        "the mean of `W @ W` were taken, not `(W @ W)[0]`",
    ),
    (
        "bracket_widened",
        "x + w * y - v",
        "x + w * y - v",
        "x + w * (y - v)",
        instead("x + w * y - v", "x + w * (y - v)"),
    ),
    ("identity_added", "W @ x", "W", "W + eye(4)", "the identity were added to `W`"),
    (
        "largest_product",
        "x @ W",
        "x @ W",
        "max(x[:, None] * W, axis=0)",
        "the largest of the products in `x @ W` were taken, not their sum",
    ),
    ("step_taken_as", "w - k", "k", "1", "`1` stood in place of `k`"),
    ("factor_normalised", "x * y / w", "x * y / w", "x / sum(x)", instead("x * y / w", "x / sum(x)")),
    (
        "both_sides",
        "W / d[:, None]",
        "W / d[:, None]",
        "W / sqrt(outer(d, d))",
        instead("W / d[:, None]", "W / sqrt(outer(d, d))"),
    ),
    ("other_base_of_power", "10**w", "10**w", "2**w", "2 were the base, not `10`"),
    ("continuous", "w * (1 + u)**n", "(1 + u)**n", "exp(u * n)", instead("(1 + u)**n", "exp(u * n)")),
    ("continuous", "w / (1 + u)**n", "w / (1 + u)**n", "w * (1 - u)**n", instead("w / (1 + u)**n", "w * (1 - u)**n")),
    ("entries_of_given", "w * x", "x", "[x[0], x[2], x[1], x[3]]", "entries 1 and 2 of `x` were exchanged"),
    ("of_value", "w", "w", "w / k", "the result were divided by `k`"),
    ("of_complement", "x", "x", "x * (1 - w)", "the result were multiplied by `1 - w`"),
    ("of_alike", "x", "x", "y - x", "the result were subtracted from `y`"),
    ("of_entries_each", "x", "x", "relu(x)", "negative numbers of the result were set to 0"),
    ("of_entries_each", "W", "W", "inv(W)", "the inverse of the result were given"),
    (
        "of_spread",
        "x",
        "x",
        "(x - mean(x)) / std(x)",
        "the result were standardised: less its mean, by its standard deviation",
    ),
]


@pytest.mark.parametrize(
    ("rule", "text", "place", "changed", "said"), GENERAL_CASES, ids=[f"{c[0]}: {c[3]}" for c in GENERAL_CASES]
)
def test_what_fits_stands_in_its_place_and_is_told(rule, text, place, changed, said):
    expr, context = known(text)
    made = [*edits(expr, context), *result_edits(expr, context)]
    found = {(show(one.place), show(one.replacement)): one.clause for one in made if one.rule == rule}
    assert found.get((place, changed)) == said, found


def test_each_rule_has_a_case():
    assert {case[0] for case in GENERAL_CASES} == {*LOCAL, *several.LOCAL, *RESULT} - {
        "one_more_product",
        "product_with_result",
    }  # test_parts_and_fields.py has these


FURTHEST = ("any_expression", "wrapped", "given_combined", "number_elsewhere", "entries_of_given")


def test_the_furthest_are_only_tried_where_an_answer_has_several_numbers():
    for rule, text, *_ in GENERAL_CASES:
        if rule in FURTHEST:
            expr, context = known(text)
            assert rule in {one.rule for one in edits(expr, context)}
            assert rule not in {one.rule for one in edits(expr, replace(context, several=False))}


def test_what_is_known_to_be_mixed_up_speaks_before_what_only_fits():
    expr, context = known("exp(v)")
    found = {show(one.replacement): one.rule for one in edits(expr, context) if one.place is expr}
    assert found["-exp(v)"] == "negated"


def test_two_numbers_that_are_standardised_are_one_and_minus_one_and_no_mistake():
    expr, context = known("x")
    shapes = {**context.shapes, "x": (2,)}
    found = {one.rule for one in result_edits(expr, replace(context, shapes=shapes, sizes={id(expr): (2,)}))}
    assert "of_spread" not in found and "of_array" in found


def test_the_largest_used_for_each_is_thought_of_by_hardly_anybody():
    expr, context = known("v * 2")
    costs = {show(one.replacement): one.cost for one in edits(expr, context) if one.rule == "total_for_each"}
    assert costs["ones_like(v) * max(v)"] > costs["ones_like(v) * sum(v)"] + 2
