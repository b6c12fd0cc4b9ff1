"""Mistakes in order: a function of each and not of the total, a blend before and not after, means of means."""

import pytest

from rnn_tutor.engine.expression import show
from rnn_tutor.engine.mutate import COSTS, reordered, values
from rnn_tutor.engine.mutate.mutation import Context, told
from rnn_tutor.engine.reading.language import parse

STEPS = {
    "total": parse("sum(nll * mask)"),
    "mean_nll": parse("total / sum(mask)"),
    "P": parse("softmax(z, axis=1)"),
    "one": parse("mean((a * x - y)**2)"),
    "other": parse("mean((free - y)**2)"),
    "mixed": parse("w * p + (1 - w) * q"),
}
SHAPES = {"nll": (3, 5), "mask": (3, 5), "z": (4, 3), "total": (), "mean_nll": (), "P": (4, 3)} | dict.fromkeys(
    "wpq", ()
)


def context():
    sizes = {id(one): _size(one) for step in ("total", "mean_nll") for one in _parts(STEPS[step])}
    return Context(shapes=SHAPES, definitions=STEPS, masks=frozenset({"mask"}), sizes=sizes)


def _size(expr):
    return () if getattr(expr, "function", "") in {"sum", "divide"} else (3, 5)


def _parts(expr):
    yield expr
    for arg in getattr(expr, "args", ()):
        yield from _parts(arg)


# rule, the place, what stands there instead
REORDERED_CASES = [
    ("function_of_each", "log(sum(w * x))", "sum(w * log(x))"),
    ("function_of_each", "log(sum(w * x))", "sum(x * log(w))"),
    ("function_of_each", "sqrt(w @ x)", "w @ sqrt(x)"),
    ("function_of_each", "sum(w * x)**2", "sum(w * x**2)"),
    ("function_of_each", "exp(sum(x) / n)", "sum(exp(x)) / n"),
    ("function_of_each", "exp(mean_nll)", "sum(mask * exp(nll)) / sum(mask)"),
    ("reduced_first", "mean(softmax(z, axis=1), axis=0)", "softmax(mean(z, axis=0))"),
    ("reduced_first", "sum(P, axis=0)", "softmax(sum(z, axis=0))"),
    ("rows_averaged", "total / sum(mask)", "mean(sum(nll * mask, axis=1) / sum(mask, axis=1))"),
    ("blended_first", "w * one + (1 - w) * other", "mean((w * (a * x) + (1 - w) * free - y)**2)"),
    ("blended_first", "(one + other) / 2", "mean(((a * x + free) / 2 - y)**2)"),
    ("condition_left_out", "logical_and(p, q)", "logical_and(p, q == q)"),
    ("condition_left_out", "logical_or(p, q)", "logical_or(q, p != p)"),
    ("blended_first", "exp(mixed)", "w * exp(p) + (1 - w) * exp(q)"),
]


@pytest.mark.parametrize(("rule", "place", "instead"), REORDERED_CASES)
def test_what_stands_in_another_order(rule, place, instead):
    part = parse(place)
    known = context()
    if rule == "rows_averaged":
        known.sizes.update({id(one): _size(one) for one in _parts(part)})
    if "/ n" in place:
        known.shapes["n"] = ()
    found = {show(changed): told(clause) for changed, clause in reordered.LOCAL[rule](part, known)}
    assert instead in found, found
    assert found[instead] and rule in COSTS


@pytest.mark.parametrize(
    ("rule", "place"),
    [
        ("function_of_each", "log(x)"),
        ("function_of_each", "exp(sum(x))"),  # `reduction` has this one
        ("reduced_first", "mean(softmax(z, axis=0), axis=0)"),  # the same axis: nothing is left of it
        ("reduced_first", "mean(z, axis=0)"),
        ("rows_averaged", "sum(p) / sum(q)"),  # of lists there are no rows
        ("blended_first", "w * one + (1 - v) * other"),
        ("blended_first", "(one + total) / 2"),
    ],
)
def test_what_has_no_other_order_is_left_as_it_is(rule, place):
    assert not list(reordered.LOCAL[rule](parse(place), context()))


@pytest.mark.parametrize(
    ("place", "instead"),
    [("1.645", "1.96"), ("252", "365"), ("365", "252"), ("230", "220"), ("2**20", "10**6"), ("10**9", "2**30")],
)
def test_a_constant_is_taken_for_another_one_of_its_kind(place, instead):
    found = {show(changed) for changed, _ in values.LOCAL["other_constant"](parse(place), Context())}
    assert instead in found


@pytest.mark.parametrize("place", ["3", "2**3", "10**2", "x**20"])
def test_what_may_mean_anything_is_no_constant_of_a_kind(place):
    assert not list(values.LOCAL["other_constant"](parse(place), Context()))
