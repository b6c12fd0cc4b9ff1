"""Every function of the language: its value beside NumPy's, its gradient beside central differences, its shape."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import mutually_broadcastable_shapes

from rnn_tutor.engine.errors import EngineError
from rnn_tutor.engine.functions import TABLE, sequences
from rnn_tutor.engine.graph.evaluate import Graph
from rnn_tutor.engine.reading.language import parse

# For every function of the table, expressions that use it. a, b: (3, 4); v, w: (4); P: positive (3, 4); S: (3, 3)
# and symmetric positive definite; M: (3, 3); C: (2, 3, 4); s: one number. All lie away from kinks and ties.
DIFFERENTIABLE = {
    "negative": ["-a"],
    "positive": ["+a"],
    "exp": ["exp(a)"],
    "expm1": ["expm1(a)"],
    "log": ["log(P)"],
    "log2": ["log2(P)"],
    "log10": ["log10(P)"],
    "log1p": ["log1p(P)"],
    "sqrt": ["sqrt(P)"],
    "square": ["square(a)"],
    "reciprocal": ["reciprocal(a)"],
    "abs": ["abs(a)"],
    "sin": ["sin(a)"],
    "cos": ["cos(a)"],
    "tanh": ["tanh(a)"],
    "sigmoid": ["sigmoid(a)"],
    "relu": ["relu(a)"],
    "softplus": ["softplus(a)"],
    "silu": ["silu(a)"],
    "leaky_relu": ["leaky_relu(a)", "leaky_relu(a, 0.3)"],
    "add": ["a + v", "s + a"],
    "subtract": ["a - v", "s - a"],
    "multiply": ["a * v", "a * a", "s * a"],
    "divide": ["a / P", "v / P", "s / P"],
    "power": ["P ** v", "a ** 2", "a ** 3", "2 ** a", "P ** -0.5", "a ** 1", "a ** 0"],
    "maximum": ["maximum(a, v)", "max(a, b)"],
    "minimum": ["minimum(a, v)", "min(v, a, b)"],
    "where": ["where(a > 0, a, v)", "where(v > 0, s, a)"],
    "clip": ["clip(a, -0.5, 0.5)", "clip(a, v, v + 1)"],
    "sum": ["sum(a)", "sum(a, axis=0)", "sum(C, axis=(0, 2))", "a.sum(axis=1, keepdims=True)"],
    "mean": ["mean(a)", "mean(a, axis=1)", "mean(C, axis=(-1, 0))"],
    "prod": ["prod(v)", "prod(a, axis=0)", "prod(C, axis=(0, 2))", "prod(a, axis=1, keepdims=True)"],
    "max": ["max(a)", "max(a, axis=0)", "max(C, axis=(0, 1))"],
    "min": ["min(a)", "min(a, axis=1, keepdims=True)"],
    "var": ["var(a)", "var(a, axis=0)", "var(a, ddof=1)", "var(a, axis=1, ddof=2)"],
    "std": ["std(a)", "std(a, axis=1)", "std(a, axis=0, ddof=1, keepdims=True)"],
    "logsumexp": ["logsumexp(a)", "logsumexp(a, axis=0)", "logsumexp(a, axis=1, keepdims=True)"],
    "norm": ["norm(v)", "norm(a)", "norm(a, axis=0)", "norm(v, 1)", "norm(v, inf)", "norm(a, 1)", "norm(a, inf)",
             "norm(a, 2)", "norm(C, 1, axis=(0, 2))", "norm(C, 2, axis=(2, 1))",
             "norm(C, inf, axis=(0, 1), keepdims=True)",
             "norm(a, 1, axis=1)", "norm(a, inf, axis=0)", "norm(C, axis=(0, 1), keepdims=True)"],
    "cumsum": ["cumsum(v)", "cumsum(a)", "cumsum(a, axis=0)", "cumsum(a, axis=-1)"],
    "cumprod": ["cumprod(v)", "cumprod(a)", "cumprod(a, axis=0)", "cumprod(a, axis=-1)"],
    "matmul": ["a @ v", "M @ a", "v @ w", "C @ v", "C @ a.T", "v @ a.T", "M @ C"],
    "dot": ["dot(v, w)", "dot(a, v)", "dot(s, a)"],
    "inner": ["inner(v, w)"],
    "outer": ["outer(v, w)"],
    "trace": ["trace(M)"],
    "det": ["det(M)"],
    "inv": ["inv(M)"],
    "matrix_power": [f"matrix_power(M, {n})" for n in (0, 1, 2, 3, 6, 7)],
    "spectral_radius": ["spectral_radius(S)", "spectral_radius(R)"],
    "softmax": ["softmax(a)", "softmax(a, axis=0)"],
    "log_softmax": ["log_softmax(a)", "log_softmax(a, axis=0)"],
    "layer_norm": ["layer_norm(a)", "layer_norm(a, axis=0)"],
    "array": ["array(a)"],
    "stack": ["[v, w]", "stack((v, w), axis=1)", "stack(v, w)"],
    "concat": ["concat(v, w)", "concat(a, b, axis=1)", "concatenate((a, b), 0)", "hstack(a, b)", "vstack(a, v[None])"],
    "reshape": ["reshape(a, 4, 3)", "a.reshape(2, -1)"],
    "ravel": ["ravel(a)", "a.flatten()"],
    "transpose": ["a.T", "transpose(C, 1, 2, 0)", "C.transpose(2, 0, 1)", "C.T"],
    "swapaxes": ["swapaxes(C, 0, 2)"],
    "squeeze": ["squeeze(v[None])", "squeeze(a[:, None], axis=1)"],
    "expand_dims": ["expand_dims(a, 1)"],
    "repeat": ["repeat(v, 2)", "repeat(a, 3, axis=0)"],
    "tile": ["tile(v, 2)", "tile(a, 2, 1)"],
    "broadcast_to": ["broadcast_to(v, 3, 4)", "broadcast_to(v, (2, 3, 4))"],
    "full": ["full((2, 3), s)", "full((3, 4), v)"],
    "flip": ["flip(a)", "flip(a, axis=0)", "flip(C, axis=(0, 2))"],
    "roll": ["roll(v, 1)", "roll(a, -2, axis=1)"],
    "diag": ["diag(v)", "diag(a)", "diag(a.T)"],
    "tril": ["tril(a)"],
    "triu": ["triu(M)"],
    "sort": ["sort(a)", "sort(C, axis=1)"],
    "svdvals": ["svdvals(a)"],
    "tan": ["tan(a)"],
    "arctan": ["arctan(a)"],
    "arctanh": ["arctanh(a / 10)"],
    "sinh": ["sinh(a)"],
    "cosh": ["cosh(a)"],
    "erf": ["erf(a)"],
    "gelu": ["gelu(a)"],
    "weighted_mean": ["weighted_mean(a, P, axis=1) + sum(weighted_mean(C, exp(u), axis=1), axis=0)[:3]"],
    "moveaxis": ["moveaxis(C, 0, 2)"],
    "split": ["split(C, 2, axis=2)"],
    "take_along_axis": ["take_along_axis(a, [[1, 1], [0, 3], [2, 2]], 1)"],
}  # fmt: skip
INDEXED = [
    "a[0]", "a[-1, 2]", "a[:, 1]", "a[1:, ::-1]", "v[None]", "a[:, None, 1]", "a[:, v > 0][0]", "v[v > 0]", "a[a > 0]",
    "v[[0, 0, 3]]", "a[[0, 2], [1, 1]]", "C[:, [0, 2]]", "C[0, :, [1, 2]]", "a[[[0, 1], [2, 0]]]", "a[::2]",
]  # fmt: skip
WITHOUT = {"eigvals", "abs_eigvals"}  # of which no gradient is asked for
FLAT = {  # through which nothing flows: expressions whose gradient is 0
    "sign": "sign(a)",
    "floor": "floor(a)",
    "trunc": "trunc(a)",
    "floor_divide": "a // P",
    "ceil": "ceil(a)",
    "round": "round(a, 1)",
    "logical_not": "logical_not(a)",
    "equal": "a == b",
    "not_equal": "a != v",
    "less": "a < v",
    "less_equal": "a <= b",
    "greater": "a > b",
    "greater_equal": "a >= b",
    "logical_and": "logical_and(a, b)",
    "logical_or": "logical_or(a > 0, b > 0)",
    "any": "any(a > 0, axis=1)",
    "all": "all(a > 0)",
    "argmax": "argmax(a, axis=1)",
    "argmin": "argmin(a)",
    "argsort": "argsort(a)",
    "count_nonzero": "count_nonzero(a)",
    "stop": "stop(a)",
    "zeros_like": "zeros_like(a)",
    "ones_like": "ones_like(a)",
    "zeros": "zeros(3, 4) + 0 * stop(a)",
    "ones": "ones(3) + stop(a)[:, 0]",
    "eye": "eye(3) @ stop(a)",
    "arange": "arange(4) + stop(a)",
    "linspace": "linspace(0, 1, 4) + stop(a)",
    "one_hot": "one_hot(argmax(a, axis=1), 4)",
    "length_mask": "length_mask(argmax(a, axis=1), 4)",
}


def givens() -> dict[str, np.ndarray]:
    rng = np.random.default_rng(7)
    values = {"a": (3, 4), "b": (3, 4), "v": (4,), "w": (4,), "u": (3,), "M": (3, 3), "C": (2, 3, 4), "s": ()}
    made = {name: np.asarray(rng.normal(size=shape)) for name, shape in values.items()}
    made["P"] = rng.uniform(0.5, 2.0, size=(3, 4))
    made["S"] = made["M"] @ made["M"].T + np.eye(3)
    made["R"] = np.array([[0.5, -0.9, 0.1], [0.8, 0.4, 0.0], [0.1, 0.2, 0.3]])  # a complex pair is the largest
    return made


def evaluate(text: str, values: dict[str, np.ndarray]) -> np.ndarray:
    graph = Graph()
    for name, value in values.items():
        graph.leaf(name, value)
    return graph.evaluate(parse(text)).number


def central(text: str, name: str, values: dict[str, np.ndarray], step: float = 1e-6) -> np.ndarray:
    """dL/d(name) of a scalar expression by central differences: the independent truth."""
    found = np.zeros(values[name].shape)
    for place in np.ndindex(*found.shape):
        sides = []
        for sign in (1, -1):
            moved = values[name].copy()
            moved[place] += sign * step
            sides.append(float(evaluate(text, {**values, name: moved})))
        found[place] = (sides[0] - sides[1]) / (2 * step)
    return found


def gradients_agree(text: str, values: dict[str, np.ndarray]) -> None:
    """Weigh the result with other random numbers each, sum it up, and compare every given's gradient."""
    shape = evaluate(text, values).shape
    values = {**values, "weights": np.random.default_rng(3).normal(size=shape)}
    used = {name for name in values if any(part.isidentifier() and part == name for part in _words(text))}
    assert used
    for name in used:
        scalar = f"sum(weights * ({text}))"
        graph = Graph()
        for key, value in values.items():
            graph.leaf(key, value)
        graph.names["L"] = graph.evaluate(parse(scalar), "L")
        exact = graph.evaluate(parse(f"grad(L, {name})")).number
        assert exact.shape == values[name].shape
        np.testing.assert_allclose(
            exact, central(scalar, name, values), rtol=1e-5, atol=1e-7, err_msg=f"{text}: {name}"
        )


def _words(text: str) -> list[str]:
    return "".join(char if char.isalnum() or char == "_" else " " for char in text).split()


def test_every_function_of_the_table_has_a_gradient_test() -> None:
    """A new function without one fails here: put it into DIFFERENTIABLE or FLAT."""
    assert set(DIFFERENTIABLE) | set(FLAT) == set(TABLE) - CELLS - WITHOUT
    assert not set(DIFFERENTIABLE) & set(FLAT)


# Whole cells are held against their written-out graphs (test_functions_sequences) and PyTorch (test_cells_*).
CELLS = {function.name for function in sequences.FUNCTIONS}


@pytest.mark.parametrize(("name", "text"), [(name, text) for name, texts in DIFFERENTIABLE.items() for text in texts])
def test_gradients_are_those_of_central_differences(name: str, text: str) -> None:
    values = givens()
    gradients_agree(text, values)
    graph = Graph()
    for key, value in values.items():
        graph.leaf(key, value)
    graph.evaluate(parse(text))
    assert name in {node.op for node in graph.nodes}, "the expression does not use the function that it stands for"


@pytest.mark.parametrize("text", INDEXED)
def test_indexing_sends_gradients_back_to_where_the_numbers_came_from(text: str) -> None:
    gradients_agree(text, givens())


@pytest.mark.parametrize("name", FLAT)
def test_nothing_flows_through_the_flat_functions(name: str) -> None:
    graph = Graph()
    for key, value in givens().items():
        graph.leaf(key, value)
    graph.names["L"] = graph.evaluate(parse(f"sum({FLAT[name]})"), "L")
    assert name in {node.op for node in graph.nodes}
    assert not graph.evaluate(parse("grad(L, a)")).number.any()


@given(
    mutually_broadcastable_shapes(num_shapes=2, max_dims=3, max_side=3, min_side=1),
    st.sampled_from(["a + b", "a - b", "a * b", "a / (b**2 + 1)", "maximum(a, b)", "where(a > b, a, b * 2)"]),
    st.integers(0, 2**32 - 1),
)
def test_broadcasting_gradients(shapes, text: str, seed: int) -> None:
    rng = np.random.default_rng(seed)
    a, b = (np.asarray(rng.normal(size=shape)) for shape in shapes.input_shapes)
    gradients_agree(text, {"a": a, "b": b})


@given(st.integers(1, 4), st.integers(1, 4), st.integers(1, 4), st.integers(0, 3), st.integers(0, 2**32 - 1))
def test_matrix_products_of_any_shapes(rows: int, inner: int, columns: int, kind: int, seed: int) -> None:
    rng = np.random.default_rng(seed)
    left = [(rows, inner), (inner,), (2, rows, inner), (1, rows, inner)][kind]
    right = [(inner, columns), (inner,), (inner, columns), (3, inner, columns)][kind]
    gradients_agree("a @ b", {"a": rng.normal(size=left), "b": rng.normal(size=right)})


def test_kinks() -> None:
    graph = Graph()
    graph.leaf("x", np.array([0.0, 2.0, 2.0]))
    graph.leaf("y", np.array([0.0, 2.0, 5.0]))
    for text, wanted in {
        "sum(relu(x))": [0, 1, 1],
        "sum(abs(x))": [0, 1, 1],
        "max(x)": [0, 0.5, 0.5],
        "sum(maximum(x, y))": [0.5, 0.5, 0],
        "sum(minimum(x, y))": [0.5, 0.5, 1],
        "norm(0 * x)": [0, 0, 0],
        "sum(leaky_relu(x))": [0, 1, 1],
        "prod(x)": [4, 0, 0],
        "cumprod(x)[-1]": [4, 0, 0],
        "std(0 * x)": [0, 0, 0],
    }.items():
        graph.names["L"] = graph.evaluate(parse(text), "L")
        np.testing.assert_allclose(graph.evaluate(parse("grad(L, x)")).number, wanted, err_msg=text)


def test_clip_with_crossed_bounds_follows_the_upper_one() -> None:
    values = {"a": np.array([0.2, 3.0]), "low": np.array([2.0, 2.0]), "high": np.array([1.0, 1.0])}
    gradients_agree("clip(a, low, high)", values)


VALUES = {
    "tanh(a)": lambda g: np.tanh(g["a"]),
    "sigmoid(a)": lambda g: 1 / (1 + np.exp(-g["a"])),
    "softplus(a)": lambda g: np.log(1 + np.exp(g["a"])),
    "silu(a)": lambda g: g["a"] / (1 + np.exp(-g["a"])),
    "softmax(a)": lambda g: np.exp(g["a"]) / np.exp(g["a"]).sum(1, keepdims=True),
    "log_softmax(a, axis=0)": lambda g: np.log(np.exp(g["a"]) / np.exp(g["a"]).sum(0)),
    "layer_norm(v)": lambda g: (g["v"] - g["v"].mean()) / np.sqrt(g["v"].var() + 1e-5),
    "norm(a)": lambda g: np.linalg.norm(g["a"]),
    "norm(a, 2)": lambda g: np.linalg.norm(g["a"], 2),
    "norm(a, 1)": lambda g: np.linalg.norm(g["a"], 1),
    "norm(a, inf)": lambda g: np.linalg.norm(g["a"], np.inf),
    "norm(a, axis=1)": lambda g: np.linalg.norm(g["a"], axis=1),
    "norm(C, axis=(1, 2))": lambda g: np.linalg.norm(g["C"], axis=(1, 2)),
    "std(a, axis=0)": lambda g: np.std(g["a"], axis=0),
    "logsumexp(a, axis=1)": lambda g: np.log(np.exp(g["a"]).sum(1)),
    "cumsum(a)": lambda g: np.cumsum(g["a"]),
    "matrix_power(M, 5)": lambda g: g["M"] @ g["M"] @ g["M"] @ g["M"] @ g["M"],
    "spectral_radius(R)": lambda g: np.abs(np.linalg.eigvals(g["R"])).max(),
    "outer(v, w)": lambda g: g["v"][:, None] * g["w"],
    "trace(M)": lambda g: g["M"][0, 0] + g["M"][1, 1] + g["M"][2, 2],
    "concat(a, b, axis=1)": lambda g: np.concatenate((g["a"], g["b"]), 1),
    "tile(v, 2, 3)": lambda g: np.tile(g["v"], (2, 3)),
    "repeat(a, 2, axis=1)": lambda g: np.repeat(g["a"], 2, 1),
    "roll(a, 1)": lambda g: np.roll(g["a"], 1),
    "one_hot([1, 0, 3], 4)": lambda g: np.eye(4)[[1, 0, 3]],
    "length_mask([1, 3], 4)": lambda g: np.array([[1, 0, 0, 0], [1, 1, 1, 0]]),
    "arange(1, 2, 0.25)": lambda g: np.arange(1, 2, 0.25),
    "arange(5)": lambda g: np.arange(5),
    "arange(5, 0)": lambda g: np.zeros(0),
    "arange(0, -2, -0.5)": lambda g: np.arange(0, -2, -0.5),
    "linspace(0, 1, 5)": lambda g: np.linspace(0, 1, 5),
    "mean(a > 0)": lambda g: (g["a"] > 0).mean(),
    "sum(a > 0, axis=1)": lambda g: (g["a"] > 0).sum(1),
    "a.round(1)": lambda g: np.round(g["a"], 1),
    "hstack(v, w)": lambda g: np.concatenate((g["v"], g["w"])),
    "vstack([v, w])": lambda g: np.array([g["v"], g["w"]]),
    "stack((v, w), 1)": lambda g: np.array([g["v"], g["w"]]).T,
    "count_nonzero(a > 0)": lambda g: (g["a"] > 0).sum(),
    "count_nonzero(a, 1)": lambda g: np.count_nonzero(g["a"], 1),
    "(C > 0).count_nonzero(axis=0, keepdims=True)": lambda g: np.count_nonzero(g["C"] > 0, 0, keepdims=True),
    "argmax(a, axis=0)": lambda g: g["a"].argmax(0),
    "a.T.shape": lambda g: (4, 3),
    "len(a) + ndim(C) + size(C)": lambda g: 3 + 3 + 24,
    "flip(a, axis=0)": lambda g: g["a"][::-1],
    "diag(a)": lambda g: np.diag(g["a"]),
}


@pytest.mark.parametrize("text", VALUES)
def test_values_are_numpys(text: str) -> None:
    values = givens()
    np.testing.assert_allclose(evaluate(text, values), VALUES[text](values), rtol=1e-12, atol=1e-15)


@pytest.mark.parametrize(
    "text", [text for texts in DIFFERENTIABLE.values() for text in texts] + INDEXED + list(FLAT.values())
)
def test_the_shape_is_known_without_numbers(text: str) -> None:
    values = givens()
    known = Graph()
    for name, value in values.items():
        known.leaf(name, None, value.shape)
    try:
        node = known.evaluate(parse(text))
    except EngineError as error:
        assert "Only the shape" in error.says  # an index made of a given's numbers
        assert ">" in text or "argmax" in text
        return
    assert node.shape == evaluate(text, values).shape
    assert node.value is None or not node.parents


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        ("sigmoid([-800, 800])", [0, 1]),
        ("softplus([-1000, 1000])", [0, 1000]),
        ("softmax([1000, 0, -1000])", [1, 0, 0]),
        ("softmax([-inf, -inf])", [0, 0]),
        ("log_softmax([1000, 0])", [0, -1000]),
        ("logsumexp([1000, 1000])", [1000 + np.log(2)]),
        ("norm([3e200, 4e200])", [5e200]),
        ("norm([3e-200, 4e-200])", [5e-200]),
        ("1/0", [np.inf]),
        ("-1/0", [-np.inf]),
        ("0/0", [np.nan]),
        ("log(0)", [-np.inf]),
        ("log(-1)", [np.nan]),
        ("0**0", [1]),
        ("(-8)**(1/3)", [np.nan]),
        ("sqrt(-1)", [np.nan]),
        ("exp(1000)", [np.inf]),
        ("True + True", [2]),
        ("e", [np.e]),
        ("pi", [np.pi]),
        ("12345678901234567890", [12345678901234567890.0]),
        ("2**1000", [2.0**1000]),
    ],
)
def test_extremes_give_no_warning_and_no_surprise(text: str, wanted: list[float]) -> None:
    np.testing.assert_allclose(np.ravel(evaluate(text, {})), wanted, rtol=1e-12)
