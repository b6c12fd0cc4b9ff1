"""Names side by side, as on paper: the product that the shapes allow, or a question."""

import numpy as np
import pytest

from rnn_tutor.engine.errors import EngineError
from rnn_tutor.engine.graph.evaluate import Graph
from rnn_tutor.engine.programs.interpreter import run_program
from rnn_tutor.engine.reading.language import one_line, parse, parse_let, show

SHAPES = {"W": (3, 2), "S": (3, 3), "V": (3, 3), "x": (2,), "h": (3,), "f": (3,), "k": (), "n": (), "X": (4, 2),
          "M": (4, 2), "B": (5, 4, 2)}  # fmt: skip


def graph() -> Graph:
    found = Graph()
    rng = np.random.default_rng(0)
    for name, shape in SHAPES.items():
        found.leaf(name, rng.uniform(0.5, 1.5, size=shape))
    return found


def settled(text: str) -> str:
    at = graph()
    expr = parse(text, loose=True, names=SHAPES)
    node = at.evaluate(expr)
    meant = at.settled(expr)
    np.testing.assert_array_equal(at.evaluate(parse(show(meant))).number, node.number)
    return show(meant)


def refused(text: str) -> str:
    at = graph()
    with pytest.raises(EngineError) as caught:
        at.evaluate(parse(text, loose=True, names=SHAPES))
    where = caught.value.at
    assert where is not None and 0 <= where[0] <= where[1] <= len(text)
    return caught.value.says


@pytest.mark.parametrize(
    ("text", "means"),
    [
        ("tanh(W x + S h)", "tanh(W @ x + S @ h)"),
        ("tanh( W x+S h )", "tanh(W @ x + S @ h)"),
        ("W x", "W @ x"),
        ("h W", "h @ W"),
        ("S W x", "S @ W @ x"),
        ("2 h", "2 * h"),
        ("-2 h", "-(2 * h)"),
        ("0.5 k h", "0.5 * k * h"),
        ("2 pi k", "2 * pi * k"),
        ("f * S h", "f * (S @ h)"),
        ("f ⊙ S h + (1 - f) ⊙ h", "f * (S @ h) + (1 - f) * h"),
        ("S h * f", "S @ h * f"),
        ("S (f * h)", "S @ (f * h)"),
        ("2 (f + h)", "2 * (f + h)"),
        ("(1 - k) h", "(1 - k) * h"),
        ("X W.T", "X @ W.T"),
        ("W.T h", "W.T @ h"),
        ("h.T f", "h.T @ f"),
        ("B x", "B @ x"),
        ("X M", "X * M"),
        ("k**2 h", "k**2 * h"),
        ("k² h", "k**2 * h"),
        ("2 h**2", "2 * h**2"),
        ("2 k**-n", "2 * k**(-n)"),
        ("tanh(x) k", "tanh(x) * k"),
        ("x[0] x[1]", "x[0] * x[1]"),
        ("k h / n", "k * h / n"),
        ("2(k)", "2 * k"),
        ("50(10 + 50 + 1)", "50 * (10 + 50 + 1)"),
        ("3 + 0.5(k + n)**2", "3 + 0.5 * (k + n)**2"),
        ("-1/2 ln(k)", "-(1 / 2 * log(k))"),
        ("k - 3/4 tanh(n)", "k - 3 / 4 * tanh(n)"),
        ("1/2 k n", "1 / 2 * k * n"),
        ("[S h, f]", None),
        ("W x; f", "[W @ x, f]"),
    ],
)
def test_side_by_side_is_the_product_that_fits(text: str, means: str | None) -> None:
    if means is None:  # in a list a gap is a comma
        assert "W" not in refused(text)
    else:
        assert settled(text) == means


@pytest.mark.parametrize(
    ("text", "asks"),
    [
        ("S V", "Write S @ V, or else S * V."),
        ("S V h", "S @ V, or else S * V"),
        ("2 S V", "Write 2 * S @ V, or else 2 * S * V."),
        ("f h", "Write f * h, or else f @ h."),
        ("1 / 2 k", "Write 1 / 2 * k or 1 / (2 * k)."),
        ("k/2 n", "k / 2 * n or k / (2 * n)"),
        ("n / 1/2 k", "Write 1 / 2 * k or 1 / (2 * k)."),
        ("1/2(k + 1)", "Which part is the divisor?"),
        ("1/2 pi k", "Which part is the divisor?"),
        ("k / n h", "k / n * h or k / (n * h)"),
        ("2**k n", "(a**b) * c or a**(b * c)"),
        ("e**-k n", "(a**b) * c or a**(b * c)"),
        ("3 x 4", "Write 3 * 4 for the first, 3 * x * 4"),
        ("0.85 -0.76", "one value or two"),
        ("W x -h", "one value or two"),
    ],
)
def test_where_two_are_possible_the_likelier_is_offered_first(text: str, asks: str) -> None:
    says = refused(text)
    assert asks in says
    assert "?" in says
    assert len(says) <= 300


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("x W", "must be equal"),
        ("W h", "must be equal"),
        ("exp k", "exp(...)"),
        ("2x", "2 * x"),
        ("0.0532(11)", "missing"),
        ("0.0532(1 1)", "missing"),
        ("2(k)(n)", "missing"),
        ("W(x)", "W * (...)"),
        ("W [1, 2]", "without a space"),
        ("0.24 nats * k", "A unit is left out"),
        ("W x_t", "There is no name x_t"),
        ("x[2 k]", "missing"),
        ("W x, 1 2", "missing"),
    ],
)
def test_what_is_no_product_is_told_as_before(text: str, says: str) -> None:
    assert says in refused(text)


def test_programs_and_authors_write_the_sign() -> None:
    for text in ("return W x", "return 2 h"):
        with pytest.raises(EngineError, match="missing"):
            run_program(text, {name: np.ones(shape) for name, shape in SHAPES.items()}, answer="y")
    for text in ("W x", "tanh(2 h)"):
        with pytest.raises(EngineError, match="missing"):
            parse(text)
    with pytest.raises(EngineError, match="missing"):
        parse_let("a = W x")


def test_a_line_with_a_name_is_read_alike() -> None:
    at = graph()
    _, expr = parse_let("a = tanh(W x)", paper=True)
    at.evaluate(expr)
    assert show(at.settled(expr)) == "tanh(W @ x)"


def test_lines_become_one_that_reads_the_same() -> None:
    assert one_line("f * S h +\n 2 k h") == "f * (S h) + 2 k h"
    for text in ("f * S h\n + 2 (f + h)", "tanh(W x\n + S h)"):
        assert settled(one_line(text)) == settled(text.replace("\n", " "))


def test_each_part_is_worked_out_once() -> None:
    at = graph()
    before = len(at.nodes)
    at.evaluate(parse(" ".join(["k"] * 40), loose=True))
    assert len(at.nodes) - before == 39


def test_a_number_of_times_is_no_product_with_a_given_of_that_letter() -> None:
    assert np.isclose(parse("1.5x", loose=True, names=("k",)).value, 1.5)
    assert show(parse("2X", loose=True, names=("X",))) == show(parse("2 X", loose=True, names=("X",)))
