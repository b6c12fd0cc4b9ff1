"""What people write on paper and what libraries print is read as it was meant, asked about, or refused with a place."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import array_shapes, arrays

from rnn_tutor.engine.errors import EngineError
from rnn_tutor.engine.graph.evaluate import Graph
from rnn_tutor.engine.reading.language import one_line, parse, parse_let, parse_shape, show, without_target


def value(text: str, **names: object) -> np.ndarray:
    graph = Graph()
    for name, given_value in names.items():
        graph.leaf(name, np.asarray(given_value, dtype=float))
    return graph.evaluate(parse(text, loose=True)).number


def refused(text: str, **names: object) -> EngineError:
    with pytest.raises(EngineError) as caught:
        value(text, **names)
    return caught.value


def place(text: str, **names: object) -> str:
    """Return the characters that an error points at."""
    at = refused(text, **names).at
    assert at is not None
    return text[at[0] : at[1]]


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        ("−0.5", -0.5),
        (".5", 0.5),
        ("5.", 5),
        ("1/3", 1 / 3),
        ("1e-3", 0.001),
        ("-1E+2", -100),
        ("e**-1", np.exp(-1)),
        ("ln(0.24)", np.log(0.24)),
        ("24%", 0.24),
        ("24 %", 0.24),
        ("50% + 1", 1.5),
        ("[24% 30%]", [0.24, 0.3]),
        ("2²", 4),
        ("2¹⁰", 1024),
        ("10⁻³", 0.001),
        ("√(16)", 4),
        ("½", 0.5),
        ("3 × 4", 12),
        ("3 · 4", 12),
        ("3⋅4", 12),
        ("2.5·4", 10),
        ("2·3·4", 24),
        ("６．５", 6.5),
        ("np.pi", np.pi),
        ("[0.85 -0.76]", [0.85, -0.76]),
        ("[0.85, -0.76]", [0.85, -0.76]),
        ("[ 0.85 - 0.76 ]", [0.85 - 0.76]),
        ("[1 -2 3]", [1, -2, 3]),
        ("[1 - 2, 3]", [-1, 3]),
        ("0.85, -0.76", [0.85, -0.76]),
        ("0.85,-0.76", [0.85, -0.76]),
        ("1/3,2/3", [1 / 3, 2 / 3]),
        ("24%,30%,46%", [0.24, 0.3, 0.46]),
        ("2.4×10⁻³", 0.0024),
        ("1.5E−3", 0.0015),
        ("0.1 0.2 0.3", [0.1, 0.2, 0.3]),
        ("(0.85, -0.76)", [0.85, -0.76]),
        ("[0,1,1]", [0, 1, 1]),
        ("[0,1]", [0, 1]),
        ("array([0.85, -0.76])", [0.85, -0.76]),
        ("np.array([0.85, -0.76], dtype=np.float32)", [0.85, -0.76]),
        ("array([1, 2], dtype=int64)", [1, 2]),
        ("np.float64(0.24)", 0.24),
        ("[np.float64(0.1), np.float64(-0.2)]", [0.1, -0.2]),
        ("tensor(0.24, dtype=torch.float64)", 0.24),
        ("tensor([0.1, 0.2], grad_fn=<AddBackward0>)", [0.1, 0.2]),
        ("tensor([[ 0.1000], [-0.2000]], device='cuda:0', grad_fn=<MulBackward0>)", [[0.1], [-0.2]]),
        ("Array([0.1, 0.2], dtype=float32)", [0.1, 0.2]),
        ("tf.Tensor([0.1 0.2], shape=(2,), dtype=float32)", [0.1, 0.2]),
        ("[1 2; 3 4]", [[1, 2], [3, 4]]),
        ("[1, 2; 3, 4]", [[1, 2], [3, 4]]),
        ("[1 2;\n 3 4;]", [[1, 2], [3, 4]]),
        ("1 2; 3 4", [[1, 2], [3, 4]]),
        ("1 2\n3 -4", [[1, 2], [3, -4]]),
        ("1, 2\n3, 4", [[1, 2], [3, 4]]),
        ("[[1 2]\n [3 4]]", [[1, 2], [3, 4]]),
        ("[[1, 2],\n [3, 4]]", [[1, 2], [3, 4]]),
        ("[1, 2,\n 3, 4]", [1, 2, 3, 4]),
        ("[ True False]", [1, 0]),
        ("[]", []),
        ("[[ 1.  0.]\n [ 0.  1.]]", [[1, 0], [0, 1]]),
    ],
)
def test_what_people_write_and_libraries_print(text: str, wanted: object) -> None:
    read = value(text)
    assert read.shape == np.shape(wanted)
    np.testing.assert_allclose(read, wanted, rtol=1e-15)


@pytest.mark.parametrize(
    ("text", "plain"),
    [
        ("σ(z)", "sigmoid(z)"),
        ("σ (z)", "sigmoid(z)"),
        ("σ * z", "sigma * z"),
        ("λ", "lam"),
        ("Δ·θ", "Delta · theta"),
        ("h̃", "h_tilde"),
        ("ĥ + ŷ", "h_hat + y_hat"),
        ("x²", "x**2"),
        ("x₁ + x₁₂", "x_1 + x_12"),
        ("hₜ₋₁", "h[t - 1]"),
        ("Wᵀ @ x", "W.T @ x"),
        ("f ⊙ c + i ∘ u", "f * c + i * u"),
        ("np.linalg.norm(x)", "norm(x)"),
        ("torch.nn.functional.softmax(x, -1)", "softmax(x, -1)"),
        ("x ≤ 3", "x <= 3"),
        ("-x**2", "-x**2"),
        ("-1/3", "-1 / 3"),
        ("a * -b", "a * (-b)"),
        ("a + -b / c", "a + (-b) / c"),
        ("(-a / b) * c", "-a / b * c"),
        ("-(a + b)", "-(a + b)"),
        ("(-a).T", "(-a).T"),
        ("--a", "-(-a)"),
        ("(a == b) == c", "(a == b) == c"),
        ("(-x)**2", "(-x)**2"),
        ("2**-x", "2**(-x)"),
        ("(a + b) * c - (d - e)", "(a + b) * c - (d - e)"),
        ("a / (b * c) / d", "a / (b * c) / d"),
        ("(a @ b).T[0, 1:]", "(a @ b).T[0, 1:]"),
        ("x[:, None, ::2]", "x[:, None, ::2]"),
        ("0 < x < 1", "logical_and(0 < x, x < 1)"),
        ("(a ** b) ** c", "(a**b)**c"),
        ("a ** b ** c", "a**b**c"),
        ("x.sum(axis=0, keepdims=True)", "x.sum(axis=0, keepdims=True)"),
    ],
)
def test_paper_becomes_plain_text_that_reads_the_same(text: str, plain: str) -> None:
    assert show(parse(text)) == plain
    assert parse(plain) == parse(text)


@pytest.mark.parametrize(
    ("text", "asks"),
    [
        ("x^2", "**"),
        ("2^10", "**"),
        ("0,5", "0.5"),
        ("(0,5)", "0.5"),
        ("0,848 -0,762", "decimal commas? Write 0.848 -0.762."),
        ("[0,848 -0,762]", "decimal commas? Write 0.848 -0.762."),
        ("array([1,5 -2,5])", "decimal commas? Write 1.5 -2.5."),
        ("-0,8 ; 0,7 ; 1,5", "decimal commas? Write -0.8; 0.7; 1.5."),
        ("0,55,-0,75", "decimal commas? Write 0.55, -0.75."),
        ("0,4+0,6", "decimal commas? Write 0.4+0.6."),
        ("1,234 -0,5", "decimal commas? Write 1.234 -0.5."),
        ("[0.5, 0.7 -1]", "Is 0.7 -1 one value or two?"),
        ("3,14", "3.14"),
        ("-0,5", "0.5"),
        ("[0,5 0,7]", "0.5"),
        ("[0,5, 0,7]", "0.5"),
        ("[1,5, 2,5]", "1.5"),
        ("0,5; 0,7", "0.5"),
        ("[0,25]", "0.25"),
        ("2,4e-3", "2.4e-3"),
        ("24,5%", "24.5"),
        ("2*0,5", "0.5"),
        ("0,55,-0,75", "0.55"),
        ("16,000", "16000"),
        ("[16,000, 2]", "16000"),
        ("0·5", "0.5"),
        ("3·14", "3.14"),
        ("7 260.05", "7260.05"),
        ("1.000,5", "1000.5"),
        ("16 000", "16000"),
        ("1 -2", "1 - 2"),
        ("[a -b]", "a - b"),
        ("[1 -2, 3]", "1 - 2"),
        ("W⁻¹", "inv(W)"),
        ("5 % 3", "5/100"),
        ("5%3", "5/100"),
        ("max([1, 2], 0)", "maximum"),
        ("max([1, 2], -1)", "axis=-1"),
        ("[1 2\n 3 4]", ";"),
        ("1.0e+03 *\n 0.1 0.2\n 0.3 0.4", "brackets"),
    ],
)
def test_what_reads_two_ways_is_a_question(text: str, asks: str) -> None:
    error = refused(text, a=1, b=2, x=3)
    assert error.kind == "notation"
    assert asks in error.says
    assert "?" in error.says
    assert error.at is not None


@pytest.mark.parametrize(
    ("text", "instead"),
    [
        ("2x", "2 * x"),
        ("2(3)", "*"),
        ("x(3)", "x * (...)"),
        ("W [1]", "without a space"),
        ("exp x", "exp(...)"),
        ("√2", "sqrt(2)"),
        ("W'", "W.T"),
        ("|x|", "Write abs(x) for |x|, or norm(x) for the length"),
        ("x / |x - y|", "abs(x - y)"),
        ("2|x|", "abs(x)"),
        ("(|x y| + 1)", "abs(x y)"),
        ("||x| - |y||", "norm"),
        ("max(|x|, 0)", "abs(x)"),
        ("x and y", "logical_and"),
        ("x if y else 2", "where"),
        ("lambda", "lam"),
        ("1__000", "subscript"),
        ("1e", "1e-3"),
        ("'a'", "without them"),
        ("{1, 2}", "[ ]"),
        ("x$", "plain"),
        ("x = 3", "=="),
        ("tanhh(x)", "tanh"),
        ("np.tanhh(x)", "tanh"),
        ("h_prv", "h_prev"),
        ("W_XH", "W_xh"),
        ("tanh", "tanh(...)"),
        ("x.mean", ".mean()"),
        ("x.means()", "mean"),
        ("[1, 2, ..., 9]", "all"),
        ("[0.1 0.2 ... 0.8 0.9]", "all"),
        ("a:b", "x[0:2]"),
        ("x[]", "x[0]"),
        ("sum(x, out=x)", "axis"),
        ("zeros((2, 3)", "not closed"),
        ("3j", "Complex"),
        ("x⁻¹", "1 / x"),
        ("grad(x, x)", "y, x"),
    ],
)
def test_what_is_not_understood_says_what_to_write_instead(text: str, instead: str) -> None:
    if text == "grad(x, x)":
        text = "grad(x)"
    error = refused(text, x=[1.0, 2.0, 3.0], y=1.0, h_prev=1.0, W_xh=1.0, W=np.eye(3))
    assert instead in error.says
    assert len(error.says) <= 300


@pytest.mark.parametrize(
    ("text", "where"),
    [
        ("x² + yy", "yy"),
        ("x·σ(qq)", "qq"),
        ("np.tanhh(x)", "np.tanhh"),
        ("x¹² + np.linalg.normm(x)", "np.linalg.normm"),
        ("24% + qq", "qq"),
        ("ĥ + qq", "ĥ"),
        ("𝑥 + 1", "𝑥"),
        ("[0.85 −0.76 qq]", "qq"),
        ("tensor([1, qq], grad_fn=<AddBackward0>)", "qq"),
        ("x + [1, 2]", "x + [1, 2]"),
        ("2 * (x @ [1, 2])", "(x @ [1, 2]"),
        ("1 + x[7]", "x[7]"),
        ("x.T.foo()", "foo"),
        ("x.T.bar", "bar"),
        ("1 + * 2", "+ *"),
        ("(1, 2", "("),
        ("1, 2)", ")"),
        ("[1, 2)", ")"),
        ("1 + ", "+"),
        ("x^2", "^"),
        ("x²³ ^ 2", "^"),
        ("１６,000", "１６,000"),
        ("xₜ₋₁", "ₜ₋₁"),
        ("sum(x, axis=3)", "sum(x, axis=3)"),
        ("lambda x: 1", "lambda"),
        ("1 2; 3 qq", "3 qq"),
        ("1e999 + 1", "1e999"),
        ("a.b.c", "c"),
    ],
)
def test_errors_point_at_the_characters_that_were_typed(text: str, where: str) -> None:
    found = place(text, x=[1.0, 2.0, 3.0])
    assert found == where or (where.startswith("(") and found == where[1:]), found


def test_shapes_are_typed_in_many_ways() -> None:
    for text in ("(3, 5, 100)", "3 x 5 x 100", "3x5x100", "3 × 5 × 100", "3×5×100", "3 5 100", "[3, 5, 100]", "3,5,100",
                 "torch.Size([3, 5, 100])", "shape = (3, 5, 100)", "logits.shape = (3, 5, 100)", "(3; 5; 100)",
                 "3, 5, 100,", "(3,5,100,)"):  # fmt: skip
        assert show(parse_shape(text)) == "[3, 5, 100]", text
    for text in ("(B, T, V)", "B x T x V", "BxTxV", "B×T×V", "B T V", "[B,T,V]"):
        assert show(parse_shape(text)) == "[B, T, V]", text
    assert show(parse_shape("(B, 2*H)")) == "[B, 2 * H]"
    assert show(parse_shape("(2*H, (1+1)*B)")) == "[2 * H, (1 + 1) * B]"
    assert show(parse_shape("B, H + D")) == "[B, H + D]"
    assert show(parse_shape("()")) == "[]"
    assert show(parse_shape("(5,)")) == "[5]"
    assert show(parse_shape("5")) == "[5]"


def test_places_in_shapes_are_those_of_the_text() -> None:
    for text in ("torch.Size([3, 5, q q2 +])", "3 x 5 x (+", "shape = (B, ^)"):
        with pytest.raises(EngineError) as caught:
            parse_shape(text)
        at = caught.value.at
        assert at is not None
        assert text[at[0] : at[1]] in ("+", "(", "^", "+]"), text[at[0] : at[1]]


def test_a_target_before_the_answer_is_left_out_and_places_stay() -> None:
    assert show(parse(without_target("c = [1, 2]", "c"), loose=True)) == "[1, 2]"
    assert show(parse(without_target(" c: 3", "c"), loose=True)) == "3"
    assert without_target("c == 3", "c") == "c == 3"
    assert without_target("c_prev = 3", "c") == "c_prev = 3"
    text = "c = 1 + qq"
    with pytest.raises(EngineError) as caught:
        Graph().evaluate(parse(without_target(text, "c"), loose=True))
    assert caught.value.at == (8, 10)


def test_assignments() -> None:
    target, expr = parse_let("h[t] = tanh(W @ x[t], axis=0)")
    assert (show(target), show(expr)) == ("h[t]", "tanh(W @ x[t], axis=0)")
    for text in ("h", "= 3", "h =", "a = b = c", ""):
        with pytest.raises(EngineError):
            parse_let(text)


def test_one_line_reads_as_the_lines_did() -> None:
    assert one_line("[[1 2]\n [3 -4]]") == "[[1, 2], [3, -4]]"
    assert one_line("1 2\n3 4\n") == "[[1, 2], [3, 4]]"
    assert one_line("  0.5 ") == "0.5"
    assert one_line("what is\nthis") == "what is this"


def test_digits_that_were_typed_are_kept() -> None:
    assert show(parse("[0.40, .5, 1E-3, 24.0%]")) == "[0.40, .5, 1E-3, 24.0 / 100]"


FLOATS = st.floats(allow_nan=False, allow_infinity=False, width=64)
# Prints are made with floatmode "unique": without it NumPy itself cuts 0.000148... off after 17 decimals.
ARRAYS = arrays(np.float64, array_shapes(min_dims=0, max_dims=3, min_side=1, max_side=4), elements=FLOATS)
NEAR = arrays(
    np.float64,
    array_shapes(min_dims=0, max_dims=3, min_side=1, max_side=6),
    elements=st.floats(-1000, 1000).map(lambda number: round(number, 3)),
)


def same(text: str, wanted: np.ndarray) -> None:
    if len(text) > 2000 or wanted.size > 64 or max(map(len, text.split())) > 60:
        return  # beyond the limits of an expression
    read = value(text)
    assert read.shape == wanted.shape, text
    np.testing.assert_array_equal(read, wanted, err_msg=text)


@given(st.one_of(ARRAYS, NEAR), st.booleans())
def test_numpys_prints_read_back_as_themselves(array: np.ndarray, suppress: bool) -> None:
    if suppress and np.abs(array).max(initial=0) < 1e16:
        with np.printoptions(precision=17, suppress=True, floatmode="unique"):
            texts = [str(array), repr(array)]
    else:
        with np.printoptions(precision=17, floatmode="unique"):
            texts = [str(array), repr(array), np.array2string(array, separator=", ")]
    shown = np.array(eval(texts[-1], {"array": np.array})) if suppress else array  # noqa: S307 - NumPy's own print
    for text in texts:
        same(text, shown)


@given(st.integers(5, 60), st.integers(1, 17), st.integers(0, 2**32 - 1))
def test_long_vectors_that_numpy_wraps_are_still_one_vector(count: int, digits: int, seed: int) -> None:
    rng = np.random.default_rng(seed)
    array = np.round(rng.normal(size=count) * 10.0 ** rng.integers(-3, 4), digits)
    with np.printoptions(precision=17, floatmode="unique"):
        for text in (str(array), repr(array), f"np.{array!r}"):
            same(text, array)


@given(st.one_of(ARRAYS, NEAR))
def test_torchs_prints_read_back_as_themselves(array: np.ndarray) -> None:
    with np.printoptions(precision=17, floatmode="unique"):
        inner = np.array2string(array, separator=", ", prefix="tensor(")
    for tail in (")", ", dtype=torch.float64)", ", device='cuda:0', dtype=torch.float64, grad_fn=<TanhBackward0>)"):
        same(f"tensor({inner}{tail}", array)


@given(arrays(np.float64, st.tuples(st.integers(1, 5), st.integers(2, 5)), elements=FLOATS))
def test_matlabs_matrices_read_back_as_themselves(array: np.ndarray) -> None:
    rows = [" ".join(repr(float(number)) for number in row) for row in array]
    if len(rows) > 1:
        for text in ("; ".join(rows), ";\n ".join(row.replace(" ", ", ") for row in rows)):
            same(f"[{text}]", array)
        same("\n".join(rows), array)
    same(str(array.tolist()), array)


def test_a_summary_with_dots_is_refused() -> None:
    assert "all" in refused(str(np.arange(2000.0))).says


@given(ARRAYS)
def test_show_reads_back_as_the_same_expression(array: np.ndarray) -> None:
    expr = parse(f"x * {array.tolist()} - y[0]")
    assert parse(show(expr)) == expr
