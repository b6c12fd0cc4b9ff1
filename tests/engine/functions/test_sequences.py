"""The cells as functions of the language: each equal to its graph written out, values and gradients."""

from importlib import import_module

import numpy as np
import pytest

from rnn_tutor.engine import cells
from rnn_tutor.engine.errors import EngineError
from rnn_tutor.engine.functions import sequences
from rnn_tutor.engine.graph.evaluate import Graph
from rnn_tutor.engine.graph.steps import Start, read_let, read_loop, run
from rnn_tutor.engine.reading.language import parse

T, D, H = 4, 3, 2
GATES = {"rnn": 1, "rnn_relu": 1, "lstm": 4, "lstm_c": 4, "lstm_peephole": 4, "gru": 3, "gru_cho": 3, "gru_pytorch": 3}

LSTM = [
    "a[t] = W_xh @ x[t] + W_hh @ h[t-1] + b",
    "i[t] = sigmoid(a[t][0:2])",
    "f[t] = sigmoid(a[t][2:4])",
    "g[t] = tanh(a[t][4:6])",
    "o[t] = sigmoid(a[t][6:8])",
    "c[t] = f[t] * c[t-1] + i[t] * g[t]",
    "h[t] = o[t] * tanh(c[t])",
]
PEEPHOLE = [
    "a[t] = W_xh @ x[t] + W_hh @ h[t-1] + b",
    "i[t] = sigmoid(a[t][0:2] + p[0] * c[t-1])",
    "f[t] = sigmoid(a[t][2:4] + p[1] * c[t-1])",
    "g[t] = tanh(a[t][4:6])",
    "c[t] = f[t] * c[t-1] + i[t] * g[t]",
    "o[t] = sigmoid(a[t][6:8] + p[2] * c[t])",
    "h[t] = o[t] * tanh(c[t])",
]
GATES_GRU = [
    "r[t] = sigmoid(W_xh[0:2] @ x[t] + W_hh[0:2] @ h[t-1] + b_xh[0:2] + b_hh[0:2])",
    "z[t] = sigmoid(W_xh[2:4] @ x[t] + W_hh[2:4] @ h[t-1] + b_xh[2:4] + b_hh[2:4])",
]
BEFORE = "n[t] = tanh(W_xh[4:6] @ x[t] + W_hh[4:6] @ (r[t] * h[t-1]) + b_xh[4:6] + b_hh[4:6])"
AFTER = "n[t] = tanh(W_xh[4:6] @ x[t] + b_xh[4:6] + r[t] * (W_hh[4:6] @ h[t-1] + b_hh[4:6]))"
CHO = "h[t] = z[t] * h[t-1] + (1 - z[t]) * n[t]"
CHUNG = "h[t] = (1 - z[t]) * h[t-1] + z[t] * n[t]"

WRITTEN_OUT = {
    "rnn(x, W_xh, W_hh, b, h0)": ["h[t] = tanh(W_xh @ x[t] + W_hh @ h[t-1] + b)"],
    "rnn_relu(x, W_xh, W_hh, b, h0)": ["h[t] = relu(W_xh @ x[t] + W_hh @ h[t-1] + b)"],
    "lstm(x, W_xh, W_hh, b, h0, c0)": LSTM,
    "lstm_c(x, W_xh, W_hh, b, h0, c0)": LSTM,
    "lstm_peephole(x, W_xh, W_hh, b, p, h0, c0)": PEEPHOLE,
    "gru(x, W_xh, W_hh, b_xh, b_hh, h0)": [*GATES_GRU, BEFORE, CHUNG],
    "gru_cho(x, W_xh, W_hh, b_xh, b_hh, h0)": [*GATES_GRU, BEFORE, CHO],
    "gru_pytorch(x, W_xh, W_hh, b_xh, b_hh, h0)": [*GATES_GRU, AFTER, CHO],
}


def numbers(gates):
    rng = np.random.default_rng(gates)
    shapes = {
        "x": (T, D),
        "W_xh": (gates * H, D),
        "W_hh": (gates * H, H),
        "b": (gates * H,),
        "b_xh": (gates * H,),
        "b_hh": (gates * H,),
        "p": (3, H),
        "h0": (H,),
        "c0": (H,),
        "weights": (T, H),
    }
    return {name: rng.normal(size=shape) for name, shape in shapes.items()}


def names_in(call):
    name, _, inside = call.rstrip(")").partition("(")
    return name, inside.split(", ")


@pytest.mark.parametrize("call", WRITTEN_OUT)
def test_a_cell_is_its_graph_written_out(call):
    name, arguments = names_in(call)
    givens = numbers(GATES[name])
    out = "c" if name == "lstm_c" else "h"
    starts = {"h": parse("h0")} | ({"c": parse("c0")} if "lstm" in name else {})
    body = tuple((line, "") for line in WRITTEN_OUT[call])
    finish = [f"L = sum(weights * {out})", *(f"d_{a} = grad(L, {a})" for a in arguments)]
    written = run((Start(starts), read_loop(f"t in range({T})", body), *map(read_let, finish)), givens)
    short = [f"h_all = {call}", "L = sum(weights * h_all)", *(f"d_{a} = grad(L, {a})" for a in arguments)]
    fast = run(tuple(map(read_let, short)), givens)
    np.testing.assert_allclose(fast.whole("h_all").value, written.whole(out).value, rtol=1e-12, atol=1e-14)
    for argument in arguments:
        expected = written.whole(f"d_{argument}").value
        assert np.abs(expected).max() > 1e-6
        np.testing.assert_allclose(fast.whole(f"d_{argument}").value, expected, rtol=1e-10, atol=1e-13)


WHOLE = {
    "attention(Q, K, V)": "softmax(Q @ K.T / sqrt(3), axis=1) @ V",
    "dot_attention(Q, K, V)": "softmax(Q @ K.T, axis=1) @ V",
    "attention(Q, K, V, M)": (
        "(exp(Q @ K.T / sqrt(3)) * M / sum(exp(Q @ K.T / sqrt(3)) * M, axis=1, keepdims=True)) @ V"
    ),
    "masked_softmax(S, m)": "exp(S) * m / sum(exp(S) * m, axis=1, keepdims=True)",
    "cross_entropy(S, k)": "0 - mean(log_softmax(S)[arange(4), k])",
    "cross_entropy(S, k, w)": "0 - sum(w * log_softmax(S)[arange(4), k]) / sum(w)",
    "perplexity(mean(S**2))": "exp(mean(S**2))",
    "clip_by_norm(S, c)": "S * min(1, c / norm(S))",
    "clip_by_value(S, c)": "clip(S, -c, c)",
    "clip_by_norm(S, c, 1)": "S * min(1, c / sum(abs(S)))",
    "lstm_to_onnx(K)": "concat(K[0:1], K[3:4], K[1:2], K[2:3])",
    "lstm_from_onnx(K)": "concat(K[0:1], K[2:3], K[3:4], K[1:2])",
    "gru_to_keras(Z)": "concat(Z[1:2], Z[0:1], Z[2:3])",
    "gru_from_keras(Z)": "concat(Z[1:2], Z[0:1], Z[2:3])",
    "flip_update_gate(Z)": "concat(Z[0:1], -Z[1:2], Z[2:3])",
    "reverse(K)": "flip(K, axis=0)",
    "reverse(K, 3)": "concat(flip(K[0:3], axis=0), K[3:])",
    "additive_attention(Q, K, V, A, A, u)": (
        "softmax(tanh((Q @ A.T)[:, None, :] + (K @ A.T)[None, :, :]) @ u, axis=1) @ V"
    ),
}


@pytest.mark.parametrize("call", WHOLE)
def test_attention_losses_and_clipping_are_their_formulas(call):
    rng = np.random.default_rng(3)
    givens = {
        "Q": rng.normal(size=(2, 3)),
        "K": rng.normal(size=(4, 3)),
        "V": rng.normal(size=(4, 2)),
        "A": rng.normal(size=(5, 3)),
        "u": rng.normal(size=5),
        "S": rng.normal(size=(4, 3)),
        "Z": rng.normal(size=(3, 2)),
        "M": np.array([[1.0, 0, 1, 1], [0, 1, 1, 0]]),
        "m": np.array([1.0, 0, 1]),
        "k": np.array([0.0, 2, 1, 1]),
        "w": np.array([1.0, 1, 0, 1]),
        "c": np.asarray(0.7),
    }
    wanted = [name for name in "QKVAuScZ" if name in call.partition("(")[2]]
    lines = ["y = {}", "L = sum(sin(y))", *(f"d_{name} = grad(L, {name})" for name in wanted)]
    short, written = (run(tuple(read_let(line.format(text)) for line in lines), givens) for text in (call, WHOLE[call]))
    for name in ("y", *(f"d_{name}" for name in wanted)):
        np.testing.assert_allclose(short.whole(name).value, written.whole(name).value, rtol=1e-10, atol=1e-13)


def test_what_may_be_left_out_is_zero():
    givens = numbers(4)
    zero = {**givens, "b": np.zeros(4 * H), "h0": np.zeros(H), "c0": np.zeros(H)}
    short = run((read_let("y = lstm(x, W_xh, W_hh)"),), givens)
    full = run((read_let("y = lstm(x, W_xh, W_hh, b, h0, c0)"),), zero)
    assert np.array_equal(short.whole("y").value, full.whole("y").value)


@pytest.mark.parametrize(
    "call",
    [
        "lstm(x, W_hh, W_hh)",
        "rnn(x, W_xh, x)",
        "gru(W_hh, W_xh, W_hh)",
        "attention(x, W_xh, x)",
        "cross_entropy(x, W_xh)",
        "cross_entropy(x, [0, 1, 2, 9])",
        "perplexity(x)",
        "clip_by_norm(x, x)",
        "clip_by_norm(x, 0 - 1)",
        "masked_softmax(x, [1, 1])",
    ],
)
def test_what_does_not_fit_is_said_in_a_sentence(call):
    with pytest.raises(EngineError) as error:
        run((read_let(f"y = {call}"),), numbers(4))
    assert error.value.says.endswith((".", "?"))
    assert error.value.at is not None


@pytest.mark.parametrize("name", ["rnn", "lstm", "gru"])
def test_a_padded_batch_both_ways_and_in_two_layers_is_written_with_these(name):
    """Bidirectional and stacked cells need no function of their own: they are cells, `reverse` and `concat`."""
    rng = np.random.default_rng(5)
    gates, lengths = GATES[name], np.array([4.0, 2.0])
    extra = ", zeros(6), zeros(6)" if name == "gru" else f", zeros({gates * H})"
    states = ", zeros(2, 2), zeros(2, 2)" if name == "lstm" else ", zeros(2, 2)"
    tail = f"{extra}{states}, n"
    lines = [
        f"forwards = {name}(x, A, U{tail})",
        f"backwards = reverse({name}(reverse(x, n), B, V{tail}), n)",
        "y = concat(forwards, backwards, axis=2)",
        f"second = {name}(y, C, U{tail})",
    ]
    givens = {
        "x": rng.normal(size=(2, T, D)),
        "n": lengths,
        "A": rng.normal(size=(gates * H, D)),
        "B": rng.normal(size=(gates * H, D)),
        "C": rng.normal(size=(gates * H, 2 * H)),
        "U": rng.normal(size=(gates * H, H)),
        "V": rng.normal(size=(gates * H, H)),
    }
    graph = run(tuple(map(read_let, lines)), givens)
    form = {"blend": "chung", "reset": "before"} if name == "gru" else {}
    both = [[(givens["A"], givens["U"]), (givens["B"], givens["V"])]]
    made = cells.stack(name, givens["x"], both, lengths=lengths, **form)
    np.testing.assert_allclose(graph.whole("y").value, made.h, rtol=1e-12, atol=1e-14)
    deep = cells.stack(name, made.h, [[(givens["C"], givens["U"])]], lengths=lengths, **form)
    np.testing.assert_allclose(graph.whole("second").value, deep.h, rtol=1e-12, atol=1e-14)
    assert np.all(graph.whole("second").value[1, 2:] == 0)


def test_shapes_alone_are_enough():
    shapes = {"x": (7, 5, 3), "W_xh": (80_000, 3), "W_hh": (80_000, 20_000)}
    assert run((read_let("y = lstm(x, W_xh, W_hh)"),), shapes).whole("y").shape == (7, 5, 20_000)


def test_reverse_of_a_vector_is_refused_in_words():
    graph = Graph()
    graph.leaf("x", np.ones(3))
    with pytest.raises(EngineError, match=r"flip\(x\)"):
        graph.evaluate(parse("reverse(x)"))


def test_the_cells_are_looked_up_once(monkeypatch):
    asked = []
    monkeypatch.setattr(sequences, "import_module", lambda name: asked.append(name) or import_module(name))
    cells = type(sequences.cells)()
    assert cells.lstm is cells.lstm
    assert asked == ["rnn_tutor.engine.cells"]


@pytest.mark.parametrize(("name", "gates"), [("rnn", 1), ("lstm", 4), ("gru", 3)])
def test_all_rows_of_a_jacobian_are_of_one_run(monkeypatch, name, gates):
    rng, runs, run_it = np.random.default_rng(0), [], getattr(cells, name)
    monkeypatch.setattr(
        sequences.cells, name, lambda *arrays, **more: runs.append(1) or run_it(*arrays, **more), raising=False
    )
    graph = Graph()
    for given, shape in {"x": (3, 2), "W": (gates * 2, 2), "U": (gates * 2, 2), "b": (gates * 2,)}.items():
        graph.leaf(given, rng.normal(size=shape))
    extra = ", b" if name == "gru" else ""
    graph.names["y"] = graph.evaluate(parse(f"{name}(x, W, U, b{extra})"))
    runs.clear()
    found = graph.evaluate(parse("jacobian(y, x)")).number
    assert found.shape == (3, 2, 3, 2) and np.isfinite(found).all()
    assert len(runs) == 1
