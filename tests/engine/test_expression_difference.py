"""What is wrong with a formula, said by one thing that stands there or that is missing."""

import pytest

from rnn_tutor.engine.expression import brief, names_in
from rnn_tutor.engine.expression_difference import clauses, first_missing, pieces_apart, same_expression
from rnn_tutor.engine.reading.language import parse

TOLD = [
    ("tanh(P @ (o * c))", "P @ (o * tanh(c))", [": tanh is applied to P @ (o * c); it belongs to c"]),
    ("k * x**2 / dt", "k * dt / x**2", [" multiplies by x**2 and divides by dt; it should do the reverse"]),
    ("q * sqrt(d)", "q / sqrt(d)", [" multiplies by sqrt(d); it should divide by it"]),
    ("a + b - c", "a + b + c", [" subtracts c; it should add it"]),
    ("c + i * g", "i * g + f * c", [": the factor f is missing"]),
    ("f * c", "f * c + i * g", [": the term i * g is missing"]),
    ("W @ x + U @ h", "U @ h + W @ x + b", [": the term b is missing"]),
    ("W @ x + 1", "W @ x", [" adds 1; leave it out"]),
    ("s / n", "s", [" divides by n; leave it out"]),
    ("d * p + (1 - d)", "d * p + (1 - d) / V", [": the division by V is missing"]),
    ("1 - d + d * p", "(1 - d) / V + d * p", [": the division by V is missing"]),
    ("(1 - d) * V - d * p", "1 - d - d * p", [" multiplies by V; leave it out"]),
    ("(1 - d) * p + d / V", "d * p + (1 - d) / V", [" exchanges 1 - d and d"]),
    ("a * (y - old) + k * b", "a * (l - old) + k * b", [" uses y; it should use l"]),
    ("(1 - k) * l + b", "(1 - k) * (l + b)", [": the brackets are in the wrong place: it needs l + b"]),
    ("W @ ((1 - h**2) * d)", "(1 - h**2) * (W @ d)", [" needs W @ d, which it does not compute"]),
    ("o * c", "o * tanh(c)", [": the tanh of c is missing"]),
    ("o * tanh(tanh(c))", "o * tanh(c)", [" takes the tanh of c; leave the tanh out"]),
]


@pytest.mark.parametrize(("stands", "right", "said"), TOLD)
def test_one_thing_is_told(stands, right, said):
    assert clauses(parse(stands), parse(right), brief) == said


@pytest.mark.parametrize(("stands", "right", "said"), TOLD)
def test_the_right_formula_is_not_told_as_a_whole(stands, right, said):
    assert not any(brief(parse(right)) in clause for clause in said if len(names_in(parse(right))) > 2)


def test_of_a_long_formula_one_part_is_told():
    assert clauses(parse("x"), parse("log(a + b) * sum(c @ d) / mean(e)"), brief) == [
        " needs mean(e), which it does not compute"
    ]
    assert clauses(parse("pi"), parse("pi * B[:, o[0]]"), brief) == [": a factor with B is missing"]


@pytest.mark.parametrize(
    ("first", "second", "same"),
    [
        ("a * b + c", "c + b * a", True),
        ("a - (b - c)", "a + c - b", True),
        ("a / (b * c)", "a / c / b", True),
        ("1 / a * b", "b / a", True),
        ("a @ b", "b @ a", False),
        ("a - b", "b - a", False),
        ("x[0:2] * y", "y * x[0:2]", True),
        ("x[0] + x[1]", "x[0] + x[2]", False),
    ],
)
def test_sums_and_products_are_the_same_in_any_order(first, second, same):
    assert same_expression(parse(first), parse(second)) == same


def test_pieces_and_what_is_missing():
    assert pieces_apart(parse("a + b"), parse("a + c")) == 2
    missing = first_missing(parse("tanh(a) + b"), parse("tanh(a + b)"))
    assert missing is not None and brief(missing) == "a + b"
