"""Mistakes in which part of a list is read, how often something is multiplied, how much is counted, and by field."""

import pytest

from rnn_tutor.engine.expression import show, walk
from rnn_tutor.engine.mutate import cells, conventions, general, moved, throughout
from rnn_tutor.engine.mutate.mutation import Context
from rnn_tutor.engine.reading.language import parse
from rnn_tutor.exercises.drawing import ask
from rnn_tutor.exercises.mark import mark
from rnn_tutor.exercises.read import read_exercise

COUNTS = ("E", "H")
LISTS = ("x", "y", "p", "g")
SHAPES = dict.fromkeys(COUNTS, ()) | dict.fromkeys(LISTS, (4,)) | {"A": (4, 4), "O": (3, 2), "rate": ()}
MEANS = dict.fromkeys(SHAPES, "given") | {"rate": "learning rate"}
CONTEXT = Context(shapes=SHAPES, means=MEANS, whole=frozenset(COUNTS), several=True)
RULES = moved.LOCAL | general.LOCAL | cells.LOCAL | conventions.LOCAL


def sized(expr):
    """Return the context with the shapes of what an expression is made of, where a rule asks for these."""
    sizes = {id(part): (4, 4) for part in walk(expr) if show(part) == "A"}
    return Context(shapes=SHAPES, means=MEANS, whole=frozenset(COUNTS), several=True, sizes=sizes)


def alternatives(rule, place):
    whole = parse(place)
    return [show(one) for part in walk(whole) for one, _ in RULES[rule](part, sized(whole))]


PART_CASES = [
    ("other_end_of_list", "x[1:]", "x[:-1]"),
    ("other_end_of_list", "x[:2]", "x[-2:]"),
    ("other_end_of_list", "A[:, -1:]", "A[:, :1]"),
    ("one_more_product", "p * y", "p @ A"),
    ("one_more_product", "p * y", "A @ p"),
    ("number_of_parts", "H * (E + H + 2)", "E + H + 1"),
    ("number_of_parts", "2 * 4 * H", "2 * 3"),
    ("laplacian", "eye(4) - A / sqrt(outer(p, p))", "eye(4) * sum(A, axis=1)[:, None] - A"),
]
RESULT_CASES = [("of_contingency",), ("updated",), ("product_with_result",)]  # in the exercises below


@pytest.mark.parametrize(("rule", "place", "instead"), PART_CASES)
def test_what_stands_there_instead(rule, place, instead):
    assert instead in alternatives(rule, place)


@pytest.mark.parametrize(
    ("rule", "place"),
    [
        ("other_end_of_list", "x[1:3]"),
        ("other_end_of_list", "x[1]"),
        ("one_more_product", "rate * 2"),
        ("number_of_parts", "x + 2"),
        ("number_of_parts", "E + 7"),
        ("laplacian", "1 - A / 2"),
    ],
)
def test_what_is_left_as_it_is(rule, place):
    assert alternatives(rule, place) == []


def test_a_list_that_is_cut_in_two_halves_may_be_cut_into_even_and_odd_entries():
    lets = {"a": parse("x[:2] @ y[:2]"), "b": parse("A[:, 2:] @ y[2:]")}
    (changed,) = [one for rule, one, _ in throughout.in_several_steps(lets, CONTEXT) if rule == "every_second"]
    assert {name: show(one) for name, one in changed.items()} == {
        "a": "x[::2] @ y[::2]",
        "b": "A[:, 1::2] @ y[1::2]",
    }
    halves_of_two = {"a": parse("x[:2]"), "b": parse("x[1:]")}
    assert not [rule for rule, _, _ in throughout.in_several_steps(halves_of_two, CONTEXT) if rule == "every_second"]


CHAIN = """
format: 1
id: chain
title: A chain
prompt: A chain with the transitions `A` is in the states `p`. Look at it after two steps, and at the best ways.
given:
  p: {value: "[0.5, 0.2, 0.3]", means: probabilities, draw: "simplex()"}
  A: {value: "[[0.7, 0.2, 0.1], [0.3, 0.4, 0.3], [0.1, 0.25, 0.65]]", means: transitions, draw: "simplex()"}
  w: {value: "[0.6, 0.1, 0.8]", means: weights, draw: "uniform(0.1, 1)", decimals: 1}
steps:
  - let: "first = (p @ A) * w"
    say: One step.
  - let: "second = (first @ A) * w"
    say: And one more.
ask:
  - {answer: second, as: vector, prompt: "After two steps?"}
"""

TABLE = """
format: 1
id: table
title: A table
prompt: A table of counts.
given:
  O: {value: "[[25, 37, 37], [36, 18, 8], [33, 31, 33]]", means: counts, draw: "integers(8, 41)"}
steps:
  - let: "expected = outer(sum(O, axis=1), sum(O, axis=0)) / sum(O)"
    say: What independence gives.
  - let: "chi2 = sum((O - expected) ** 2 / expected)"
    say: The differences, squared.
ask:
  - {answer: chi2, as: scalar, prompt: "Chi-squared?"}
"""

SIZE = """
format: 1
id: size
title: A size
prompt: Both directions of an LSTM with `H` units read `E` numbers, with two vectors of biases.
given:
  E: {value: "20", means: numbers of an embedding, draw: "choice(10, 20, 30, 50)"}
  H: {value: "16", means: units, draw: "choice(12, 16, 24, 32)"}
steps:
  - let: "first = 2 * 4 * H * (E + H + 2)"
    say: Count.
ask:
  - {answer: first, as: scalar, digits: 7, rtol: "1e-7", prompt: "How many?"}
"""

STEP = """
format: 1
id: step
title: A step
prompt: The loss is half of the square of `v @ x`. SGD makes one step with the rate `rate`.
given:
  v: {value: "[0.5, -0.3]", means: weights, draw: "uniform(-1, 1)", decimals: 1}
  x: {value: "[0.7, 0.9]", means: input, draw: "uniform(-1, 1)", decimals: 1}
  rate: {value: "0.1", means: learning rate, draw: "choice(0.1, 0.2, 0.5)"}
steps:
  - let: "dv = (v @ x) * x"
    say: The gradient.
ask:
  - {answer: dv, as: vector, prompt: "The gradient?"}
"""


def asked(tmp_path, text):
    path = tmp_path / f"{text.split()[3]}.yaml"
    path.write_text(text)
    return ask(read_exercise(path).exercise)


@pytest.mark.parametrize(
    ("text", "part", "typed", "rule", "says"),
    [
        (TABLE, "chi2", "5.172", "of_contingency", "if chi-squared were divided by its 4 degrees of freedom"),
        (SIZE, "first", "4736", "number_of_parts", "if `1` were added to `E + H`, not `2`"),
        (SIZE, "first", "3648", "number_of_parts", "if `2 * 3` were used instead of `2 * 4`"),
        (STEP, "dv", "v - rate * (v @ x) * x", "updated", "if `v` after the step were given, not the gradient"),
    ],
    ids=["degrees of freedom", "one bias", "three gates", "after the step"],
)
def test_what_is_told_is_what_was_done(tmp_path, text, part, typed, rule, says):
    marked = mark(asked(tmp_path, text), part, typed)
    assert marked.diagnosis.rule == rule
    assert says in marked.says


def test_one_transition_too_many_is_told(tmp_path):
    question = asked(tmp_path, CHAIN)
    once_more = question.part("second").expected @ question.givens["A"]
    typed = "[" + ", ".join(f"{one:.4g}" for one in once_more) + "]"
    assert mark(question, "second", typed).diagnosis.rule == "product_with_result"


def test_the_best_ways_may_be_taken_in_all_steps(tmp_path):
    p, w = [0.5, 0.2, 0.3], [0.6, 0.1, 0.8]
    rows = [[0.7, 0.2, 0.1], [0.3, 0.4, 0.3], [0.1, 0.25, 0.65]]
    for _ in range(2):
        p = [max(p[i] * rows[i][k] for i in range(3)) * w[k] for k in range(3)]
    typed = "[" + ", ".join(f"{one:.4g}" for one in p) + "]"
    assert mark(asked(tmp_path, CHAIN), "second", typed).diagnosis.rule == "largest_product"
