"""Mistakes in where something stands: which place becomes what, and how it is said."""

from dataclasses import replace

import pytest

from rnn_tutor.engine.expression import show
from rnn_tutor.engine.mutate import losses, moved
from rnn_tutor.engine.mutate.mutation import Context
from rnn_tutor.engine.reading.language import parse

CONTEXT = Context(
    shapes={"h": (5, 3), "x": (6,), "a": (), "n": (), "s": (4, 3)},
    recurrent=frozenset({"s"}),
    starts={"s": parse("zeros(3)")},
)

# rule, the place, what stands there instead, what is said after "You would get this if"
MOVED_CASES = [
    (
        "function_moved",
        "a * h + tanh(x)",
        "tanh(a * h + x)",
        "the tanh were taken of more than it should: `tanh(a * h + x)`",
    ),
    (
        "function_moved",
        "h + a * tanh(x)",
        "tanh(h + a * x)",
        "the tanh were taken of more than it should: `tanh(h + a * x)`",
    ),
    ("function_moved", "tanh(h + x)", "h + tanh(x)", "the tanh were taken of one part only: `h + tanh(x)`"),
    ("function_moved", "tanh(h + x)", "tanh(h) + x", "the tanh were taken of one part only: `tanh(h) + x`"),
    ("slice_otherwise", "h[n:]", "h", "all of `h` were taken, not only `h[n:]`"),
    ("slice_otherwise", "h[n:]", "h[:n]", "`h[:n]` were taken, not `h[n:]`"),
    ("slice_otherwise", "h[:, 1:]", "h[:, :1]", "`h[:, :1]` were taken, not `h[:, 1:]`"),
    (
        "counted_otherwise",
        "mean(h[n:], axis=0)",
        "sum(h[n:], axis=0) / len(h)",
        "the sum of `h[n:]` were divided by the number of all of `h`",
    ),
    (
        "other_end",
        "(x[1] - x[0]) / a",
        "(x[-1] - x[-2]) / a",
        "`x` were read from its other end: `(x[-1] - x[-2]) / a`",
    ),
    ("other_end", "x[0] + a * x[1]", "x[-1] + a * x[-2]", "`x` were read from its other end: `x[-1] + a * x[-2]`"),
    (
        "over_two_steps",
        "-n * (x[1] - x[0]) / a",
        "-n * (x[2] - x[0]) / (2 * a)",
        "the difference were taken over two steps: `-n * (x[2] - x[0]) / (2 * a)`",
    ),
    ("through_product", "r * (U @ s)", "U @ (r * s)", "`r` were multiplied before the product: `U @ (r * s)`"),
    ("through_product", "U @ s * r", "U @ (r * s)", "`r` were multiplied before the product: `U @ (r * s)`"),
    (
        "through_product",
        "r * (U @ s + c)",
        "U @ (r * s) + c",
        "`r` were multiplied before the product: `U @ (r * s) + c`",
    ),
    (
        "through_product",
        "U @ (r * s) + c",
        "r * (U @ s + c)",
        "`r` were multiplied after the product and the sum: `r * (U @ s + c)`",
    ),
    ("through_product", "U @ (r * s)", "r * (U @ s)", "`r` were multiplied after the product: `r * (U @ s)`"),
    (
        "states_before",
        "s",
        "concat([zeros(3)], s[:-1])",
        "`s` of the previous time step were used instead of the current one",
    ),
    (
        "divergence",
        "-sum(x * log(v))",
        "sum(x * (log(x) - log(v)))",
        "the KL divergence were taken, not the cross-entropy",
    ),
    (
        "divergence",
        "-sum(x * log_softmax(v))",
        "-sum(softmax(v) * log(x))",
        "`x` and `softmax(v)` were exchanged in the cross-entropy",
    ),
    ("end_taken_as_zero", "x[1:]", "concat(x[1:-1], zeros(1))", "the last of `x` were taken as 0"),
    ("end_taken_as_zero", "x[:-1]", "concat(zeros(1), x[1:-1])", "the first of `x` were taken as 0"),
]


@pytest.mark.parametrize(("rule", "place", "instead", "clause"), MOVED_CASES)
def test_a_rule_changes_its_place(rule, place, instead, clause):
    found = {show(changed): said for changed, said in (moved.LOCAL | losses.LOCAL)[rule](parse(place), CONTEXT)}
    assert found.get(instead) == clause, found


@pytest.mark.parametrize(
    ("rule", "place"),
    [
        ("slice_otherwise", "h[1:3]"),  # neither end is open
        ("slice_otherwise", "h[:]"),
        ("other_end", "x[0] + 1"),  # one place says nothing of the order
        ("other_end", "x[0] + h[1]"),
        ("over_two_steps", "(x[2] - x[0]) / a"),
        ("end_taken_as_zero", "x[2:]"),
    ],
)
def test_a_rule_leaves_other_places_alone(rule, place):
    assert not list(moved.LOCAL[rule](parse(place), CONTEXT))


def test_what_a_loop_carries_on_is_not_cut_otherwise():
    assert not list(moved.slice_otherwise(parse("x[n:]"), replace(CONTEXT, variable="t")))
