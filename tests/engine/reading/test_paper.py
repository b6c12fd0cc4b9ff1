"""More of what people type: numbers without brackets, thousands, units, and the dot of paper."""

import re

import numpy as np
import pytest

from rnn_tutor.engine.errors import EngineError
from rnn_tutor.engine.graph.evaluate import Graph
from rnn_tutor.engine.programs.interpreter import run_program
from rnn_tutor.engine.reading.language import parse, parse_shape, show


@pytest.mark.parametrize(
    ("text", "means"),
    [
        ("0.85 -0.76", "[0.85, -0.76]"),
        ("-0.5 -0.5", "[-0.5, -0.5]"),
        ("0.5 - 0.2", "0.5 - 0.2"),
        ("1 -2\n3 -4", "[[1, -2], [3, -4]]"),
    ],
)
def test_where_several_numbers_are_asked_for_a_tight_sign_belongs_to_its_number(text: str, means: str) -> None:
    assert show(parse(text, loose=True, several=True)) == means


def test_a_question_about_two_numbers_quotes_them_with_their_signs() -> None:
    with pytest.raises(EngineError, match=r"Is -0\.5 -0\.5 one value or two\? Write -0\.5 - 0\.5 for one"):
        parse("-0.5 -0.5", loose=True)


@pytest.mark.parametrize("text", ["(32, 20, 50,000)", "(32,20,50,000)", "(32, 20, 50,257)", "16,000"])
def test_a_comma_between_thousands_is_asked_about_in_a_shape_too(text: str) -> None:
    with pytest.raises(EngineError, match="one number or two"):
        parse_shape(text)


def test_small_things_that_people_type() -> None:
    assert show(parse("nan nan nan", loose=True)) == "[nan, nan, nan]"
    assert show(parse("[1 2; 3 4];", loose=True)) == "[[1, 2], [3, 4]]"
    for text, says in (("x.", "after the dot"), ("1.386 nats", "There is no name nats here. A unit is left out.")):
        with pytest.raises(EngineError, match=re.escape(says)):
            Graph().evaluate(parse(text, loose=True))


def dotted(text: str, **shapes: tuple[int, ...]) -> tuple[int, ...]:
    graph = Graph()
    for name, shape in shapes.items():
        graph.leaf(name, np.ones(shape))
    return graph.evaluate(parse(text)).shape


def test_a_dot_is_the_matrix_product_where_only_that_makes_sense() -> None:
    assert dotted("W·x + b", W=(3, 2), x=(2,), b=(3,)) == (3,)
    assert dotted("W⋅x", W=(2, 2), x=(2,)) == (2,)
    assert dotted("W·V", W=(3, 2), V=(2, 4)) == (3, 4)
    assert dotted("f·c", f=(3,), c=(3,)) == (3,)  # as gates are written
    assert dotted("2·c·f", f=(3,), c=(3,)) == (3,)
    assert dotted("x·m", x=(4, 3), m=(4, 1)) == (4, 3)
    with pytest.raises(EngineError, match="matrix product here, or element by element"):
        dotted("W·V", W=(2, 2), V=(2, 2))


def test_a_row_of_nothing_but_a_comma_is_refused() -> None:
    with pytest.raises(EngineError, match="missing"):
        parse("0;,", loose=True)


def test_a_dot_in_a_program_means_the_same() -> None:
    givens = {"W": np.ones((3, 2)), "x": np.ones(2)}
    assert run_program("a = W·x\ny = a·a\nreturn y", givens, answer="y").value.tolist() == [4, 4, 4]


def test_bare_commas_before_signs_make_no_decimals() -> None:
    assert show(parse("[-2,2,-1,0.5]", loose=True)) == "[-2, 2, -1, 0.5]"
    with pytest.raises(EngineError, match=re.escape("0.5")):
        parse("[0,5, -0,7, 0,1]", loose=True)
