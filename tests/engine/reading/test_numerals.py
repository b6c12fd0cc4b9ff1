"""Numbers as people write and paste them: powers of ten, money, thousands, what cannot be seen, every minus."""

import unicodedata

import numpy as np
import pytest

from rnn_tutor.engine.compare import is_literal
from rnn_tutor.engine.errors import EngineError
from rnn_tutor.engine.graph.evaluate import Graph
from rnn_tutor.engine.programs.interpreter import run_program
from rnn_tutor.engine.reading.characters import UNSEEN
from rnn_tutor.engine.reading.language import parse, parse_let, parse_shape, show, without_target


def read(text: str, *, several: bool = False) -> str:
    return show(parse(text, loose=True, several=several))


def value(text: str) -> float:
    return float(Graph().evaluate(parse(text, loose=True)).number)


def asked(text: str, *, several: bool = False) -> str:
    with pytest.raises(EngineError) as caught:
        parse(text, loose=True, several=several)
    assert caught.value.kind == "notation"
    return caught.value.says


@pytest.mark.parametrize(
    "text",
    [
        "8.48x10^-1",
        "8.48 x 10^-1",
        "8.48 X 10^(-1)",
        "8.48·10^-1",
        "8.48 * 10^-1",
        "8.48 × 10⁻¹",
        "8.48×10^{-1}",
        "8.48 e-1",
        "8.48e -1",
        "8.48 E−1",
    ],
)
def test_a_power_of_ten_is_one_number_with_the_digits_that_were_typed(text: str) -> None:
    assert read(text) == "8.48e-1"
    assert read(f"[{text}, -{text}]") == "[8.48e-1, -8.48e-1]"


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        ("10^-3", 0.001),
        ("3 + 10^2", 103),
        ("1/2*10^3", 500),
        ("2**-1*10^1", 5),
        ("2·3·10^2", 600),
        ("1/10^2", 0.01),
        ("-2x10^2 + 1", -199),
        ("(2x10^2)**2", 40_000),
        ("e - 1", np.e - 1),
    ],
)
def test_powers_of_ten_within_a_calculation(text: str, wanted: float) -> None:
    assert value(text) == pytest.approx(wanted, rel=1e-15)


def test_a_power_of_ten_without_a_sign_of_times() -> None:
    assert read("1.51 e24") == "1.51e24"
    assert read("[1.5 E3, 2]") == "[1.5e3, 2]"
    assert show(parse("2 e1", loose=True, names=("e1",))) == "2 e1"
    for text in ("1.995 10^-4", "1.995 10**-4", "1.995 10⁻⁴", "1.995  10^(-4)"):
        assert "1.995e-4 for one number" in asked(text), text
        assert "1.995, 10**-4 for two" in asked(text), text
    assert read("2, 10^3") == "[2, 10**3]"
    assert read("x_1 10") == "x_1 10"


def test_underscores_group_the_digits_of_a_number_as_in_python() -> None:
    assert read("12_764.34") == "12764.34"
    assert read("1_000.000_5") == "1000.0005"
    assert read("[1_0, x_1]") == "[10, x_1]"
    assert run_program("y = 1_000 + 1", {}, answer="y").value == 1001
    assert "no subscript" in asked("5₀₀")
    assert "no subscript" in asked("1__0")


def test_what_is_no_power_of_ten_is_asked_about() -> None:
    for text in ("2^3", "k^2", "8.48 x 10^2^3", "x10^3"):
        assert "?" in asked(text), text
    assert "8.48e3" in asked("1/8.48 x 10^3")
    assert "2 * 4" in asked("2 x 4")
    with pytest.raises(EngineError, match="or the name e"):
        parse("2 e-1", loose=True, names={"e"})


def test_programs_and_authors_have_no_powers_of_paper() -> None:
    with pytest.raises(EngineError):
        run_program("y = 8.48x10^-1\nreturn y", {}, answer="y")
    with pytest.raises(EngineError):
        parse("8.48x10^-1")
    assert show(parse("2 * 10**-3")) == "2 * 10**(-3)"


@pytest.mark.parametrize("text", ["0·5", "-0·5", "1 + 0·25", "3·14", "0·5·2"])
def test_a_decimal_point_in_the_middle_is_asked_about(text: str) -> None:
    assert "decimal number or a product" in asked(text)


@pytest.mark.parametrize("text", ["4·512·(80 + 1) + 512·128", "512·128 + 4·x", "(1 + 2)·3 - 5·7", "2·5·7 + 3·4"])
def test_a_dot_in_the_middle_is_a_sign_of_times_beside_another_that_is_one(text: str) -> None:
    assert show(parse(text, loose=True, names={"x"})) == text.replace("·", " · ")


@pytest.mark.parametrize("text", ["0·5 + 2·x", "0·5·x", "2·x - 0·25"])
def test_what_begins_with_a_zero_is_asked_about_even_there(text: str) -> None:
    assert "decimal number or a product" in asked(text)


def test_the_remainder_is_read_where_whole_division_stands_beside_it() -> None:
    assert show(parse("[9 % 4, 9 // 4]", loose=True)) == "[9 - 4 * floor_divide(9, 4), floor_divide(9, 4)]"
    with pytest.raises(EngineError, match="percent or as remainder"):
        parse("[9 % 4, 9 / 4]", loose=True)


@pytest.mark.parametrize(
    ("text", "plain"),
    [
        ("$548.22", "548.22"),
        ("-$548.22", "-548.22"),
        ("$-548.22", "-548.22"),
        ("548.22 €", "548.22"),
        ("£ 548.22", "548.22"),
        ("$0.5$", "0.5"),
        ("[$1 $2 $3]", "[1, 2, 3]"),
        ("$1 + 2 €", "1 + 2"),
        ("7,260.05", "7260.05"),
        ("$7,260.05", "7260.05"),
        ("-7,260.05", "-7260.05"),
        ("1,234,567", "1234567"),
        ("1,234,567.5 / 2", "1234567.5 / 2"),
        ("7,260.05 + 1,000.5", "7260.05 + 1000.5"),
    ],
)
def test_money_and_thousands_with_one_meaning_are_read(text: str, plain: str) -> None:
    assert read(text) == plain
    assert show(parse_let(f"a = {text}", paper=True)[1]) == plain or "," in text


def test_thousands_that_read_two_ways_are_still_asked_about() -> None:
    for text in ("16,000", "1,234", "7,260.05, 1"):
        assert "one number or two" in asked(text), text
    for text in ("7,260.05", "1,234,567"):
        assert "one number or two" in asked(text, several=True)
    assert read("7 260.5", several=True) == "[7, 260.5]"


def test_a_sign_of_currency_beside_anything_else_is_none() -> None:
    for text in ("5$3", "5 $ 3", "$", "x$"):
        assert "dollar" in asked(text), text


@pytest.mark.parametrize(
    "text", ["(0,4+0,6)/2", "0,4+0,6", "2*(0,2+0,05)", "(1,0)/2", "-(0,5)", "[(0,4+0,6)/2, 1]", "sqrt((0,5)*2)"]
)
def test_decimal_commas_that_are_calculated_with_are_asked_about(text: str) -> None:
    assert "decimal" in asked(text)


@pytest.mark.parametrize(
    ("text", "plain"),
    [
        ("max(0,4)", "max(0, 4)"),
        ("sum(ones((2,3)))", "sum(ones([2, 3]))"),
        ("[1,2]+[3,4]", "[1, 2] + [3, 4]"),
        ("sum(x, axis=(0,1))/2", "sum(x, axis=[0, 1]) / 2"),
        ("1/3,2/3,1/3", "[1 / 3, 2 / 3, 1 / 3]"),
        ("x[0,1]*2", "x[0, 1] * 2"),
        ("1,2,3", "[1, 2, 3]"),
        ("(1, 2)*2", "[1, 2] * 2"),
        ("0.85,", "0.85"),
        ("-0.85 ,", "-0.85"),
        ("(0.85,)", "[0.85]"),
        ("[0.85,]", "[0.85]"),
    ],
)
def test_commas_of_calls_indexes_and_lists_are_their_own(text: str, plain: str) -> None:
    assert read(text) == plain


def _minuses() -> list[str]:
    """Return every sign that Unicode calls a minus, those that mean something else left out."""
    found = []
    for code in range(0x20000):  # beyond lie ideographs, tags and selectors: none of them is a sign
        name = unicodedata.name(chr(code), "")
        if name.endswith(("MINUS", "MINUS SIGN", "HYPHEN-MINUS")) and unicodedata.combining(chr(code)) == 0:
            found.append(chr(code))
    other = ("DOT", "SET", "CIRCLED", "SQUARED", "TAG ", "SUPERSCRIPT", "SUBSCRIPT", "OR-MINUS", "COMMERCIAL", "OVER",
             "PLUS-MINUS", "ARROW", "UNION")  # fmt: skip
    return [char for char in found if not any(word in unicodedata.name(char) for word in other)]


@pytest.mark.parametrize("char", [*_minuses(), *"‐‑‒–—―⁃﹘"], ids=lambda char: f"U+{ord(char):04X}")
def test_every_minus_and_dash_is_a_minus(char: str) -> None:
    assert value(f"{char}0.5") == -0.5
    assert value(f"1 {char} 0.5") == 0.5


def test_the_minuses_are_found() -> None:
    assert {"-", "−", "﹣", "－", "➖", "˗"} <= set(_minuses())


@pytest.mark.parametrize("char", sorted(UNSEEN), ids=lambda char: f"U+{ord(char):04X}")
def test_a_character_without_width_splits_nothing(char: str) -> None:
    assert unicodedata.category(char) in ("Cf", "Mn")
    assert read(char.join("0.55")) == "0.55"
    assert read(f"[0.5{char}, {char}tan{char}h(x{char}_1)]") == "[0.5, tanh(x_1)]"
    assert read(f"2²{char}³") == "2**23"
    assert show(parse_shape(f"(3{char}2, 5){char}")) == "[32, 5]"
    assert without_target(f"{char}h{char} = 0.5", "h").strip() == "0.5"
    assert run_program(f"{char}y = 0.{char}5\n{char}return y{char}", {}, answer="y").value.item() == 0.5


def test_places_count_what_cannot_be_seen() -> None:
    text = "0.\u200b5 + q\u200bq + 1"
    with pytest.raises(EngineError) as caught:
        Graph().evaluate(parse(text, loose=True))
    at = caught.value.at
    assert at is not None
    assert text[slice(*at)] == "q\u200bq"
    with pytest.raises(EngineError, match="Line 2") as caught:
        run_program("y = 1\n\u200bz = 0.5 +\nreturn y", {}, answer="y")


def test_what_changes_the_order_of_what_is_seen_is_refused() -> None:
    for char in "\u202e\u202b\u2067\u200f\u061c":
        assert f"U+{ord(char):04X}" in asked(f"{char}0.5 - 1")


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        ("int(7/2)", 3),
        ("int(-7/2)", -3),
        ("np.int64(3)", 3),
        ("np.int32(9/2)", 4),
        ("float(7/2)", 3.5),
        ("int(3.99)*2", 6),
    ],
)
def test_int_cuts_as_in_python(text: str, wanted: float) -> None:
    assert value(text) == wanted
    assert run_program(f"return {text}", {}, answer="y").value.item() == wanted


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        ("array([7/2, 3], dtype=int)", [3, 3]),
        ("np.array([3.5, -3.5], dtype=np.int64)", [3, -3]),
        ("tensor([1, 2], dtype=torch.int32)", [1, 2]),
        ("tf.Tensor([1 2], shape=(2,), dtype=int32)", [1, 2]),
        ("zeros(2, dtype=int)", [0, 0]),
        ("array([3.5, 3], dtype=float)", [3.5, 3]),
        ("array([3.5, 3], dtype=torch.float64)", [3.5, 3]),
    ],
)
def test_a_type_of_whole_numbers_cuts_too(text: str, wanted: list[float]) -> None:
    expr = parse(text, loose=True)
    assert Graph().evaluate(expr).number.tolist() == wanted
    assert run_program(f"return {text.replace('[1 2]', '[1, 2]')}", {}, answer="y").value.tolist() == wanted
    if "zeros" not in text and "/" not in text:
        assert is_literal(expr) == ("3.5" not in text or "int" not in text)
