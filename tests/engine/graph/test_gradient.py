"""grad, jacobian, local, parts and stop through recurrences, against hand-written BPTT and central differences."""

import numpy as np
import pytest

from rnn_tutor.engine.errors import EngineError
from rnn_tutor.engine.graph import gradient
from rnn_tutor.engine.graph.evaluate import Graph
from rnn_tutor.engine.graph.gradient import backward
from rnn_tutor.engine.graph.steps import Program, Start, read_let, read_loop, run
from rnn_tutor.engine.reading.language import parse

T, H, D = 5, 3, 2
LSTM: Program = (
    Start({"h": parse("h0"), "c": parse("zeros(3)")}),
    read_loop(
        "t in range(T)",
        tuple(
            (text, "")
            for text in (
                "v[t] = concat(h[t-1], x[t])",
                "f[t] = sigmoid(W_f @ v[t])",
                "i[t] = sigmoid(W_i @ v[t])",
                "o[t] = sigmoid(W_o @ v[t])",
                "u[t] = tanh(W_u @ v[t])",
                "c[t] = f[t] * c[t-1] + i[t] * u[t]",
                "h[t] = o[t] * tanh(c[t])",
            )
        ),
    ),
    read_let("L = sum((h - y)**2) / T"),
)
RNN: Program = (
    Start({"h": parse("h0")}),
    read_loop("t in range(T)", (("a[t] = W_h @ h[t-1] + W_x @ x[t] + b", ""), ("h[t] = tanh(a[t])", ""))),
    read_let("L = sum((h - y)**2) / 2"),
)


def givens() -> dict[str, np.ndarray]:
    rng = np.random.default_rng(11)
    shapes = {"x": (T, D), "y": (T, H), "h0": (H,), "b": (H,), "W_h": (H, H), "W_x": (H, D)}
    shapes |= {f"W_{gate}": (H, H + D) for gate in "fiou"}
    return {name: rng.normal(size=shape) for name, shape in shapes.items()} | {"T": np.asarray(float(T))}


def value(graph: Graph, text: str) -> np.ndarray:
    return graph.evaluate(parse(text)).number


def central(program: Program, name: str, g: dict[str, np.ndarray], of: str = "L") -> np.ndarray:
    found = np.zeros(g[name].shape)
    for place in np.ndindex(*found.shape):
        sides = []
        for sign in (1, -1):
            moved = g[name].copy()
            moved[place] += sign * 1e-6
            sides.append(float(run(program, {**g, name: moved}).whole(of).number))
        found[place] = (sides[0] - sides[1]) / 2e-6
    return found


@pytest.mark.parametrize("name", ["x", "y", "h0", "W_f", "W_i", "W_o", "W_u"])
def test_grad_through_an_lstm(name: str) -> None:
    g = givens()
    np.testing.assert_allclose(value(run(LSTM, g), f"grad(L, {name})"), central(LSTM, name, g), rtol=1e-6, atol=1e-8)


@pytest.mark.parametrize("name", ["x", "h0", "W_h", "W_x", "b"])
def test_grad_through_an_rnn(name: str) -> None:
    g = givens()
    np.testing.assert_allclose(value(run(RNN, g), f"grad(L, {name})"), central(RNN, name, g), rtol=1e-6, atol=1e-8)


def by_hand(g: dict[str, np.ndarray]) -> tuple[np.ndarray, np.ndarray, np.ndarray, np.ndarray]:
    """BPTT of the RNN as it stands in textbooks: dL/dh[t] total, dL/da[t], and each step's share of dL/dW_h."""
    h = np.zeros((T + 1, H))
    h[0] = g["h0"]
    for t in range(T):
        h[t + 1] = np.tanh(g["W_h"] @ h[t] + g["W_x"] @ g["x"][t] + g["b"])
    dh, da = np.zeros((T, H)), np.zeros((T, H))
    carried = np.zeros(H)
    for t in reversed(range(T)):
        dh[t] = (h[t + 1] - g["y"][t]) + carried
        da[t] = dh[t] * (1 - h[t + 1] ** 2)
        carried = g["W_h"].T @ da[t]
    return h, dh, da, np.einsum("ti,tj->tij", da, h[:-1])


def test_the_gradient_of_a_recurrent_name_is_total() -> None:
    g = givens()
    graph = run(RNN, g)
    _, dh, da, _ = by_hand(g)
    np.testing.assert_allclose(value(graph, "grad(L, h)"), dh, rtol=1e-12)
    np.testing.assert_allclose(value(graph, "grad(L, h)[2]"), dh[2], rtol=1e-12)
    np.testing.assert_allclose(value(graph, "grad(L, a)"), da, rtol=1e-12)
    np.testing.assert_allclose(value(graph, "grad(L, h[1])"), dh[1], rtol=1e-12)
    np.testing.assert_allclose(value(graph, "grad(L, h[-1])"), dh[-1], rtol=1e-12)
    np.testing.assert_allclose(value(graph, "grad(L, h[1:3])"), dh[1:3], rtol=1e-12)
    np.testing.assert_allclose(value(graph, "grad(L, h[1:3, 0])"), dh[1:3, 0], rtol=1e-12)


def test_a_loss_of_the_last_step_alone_reaches_all_earlier_ones() -> None:
    g = givens()
    graph = run((*RNN[:2], read_let("L = sum(h[-1])")), g)
    h, *_ = by_hand(g)
    wanted = np.zeros((T, H))
    wanted[-1] = 1
    for t in reversed(range(1, T)):
        wanted[t - 1] = g["W_h"].T @ (wanted[t] * (1 - h[t + 1] ** 2))
    np.testing.assert_allclose(value(graph, "grad(L, h)"), wanted, rtol=1e-12)
    np.testing.assert_allclose(value(graph, "grad(L, h[1:3])"), wanted[1:3], rtol=1e-12)


def test_parts_are_the_shares_of_each_time_step() -> None:
    g = givens()
    graph = run(RNN, g)
    *_, shares = by_hand(g)
    np.testing.assert_allclose(value(graph, "parts(L, W_h)"), shares, rtol=1e-11)
    np.testing.assert_allclose(value(graph, "sum(parts(L, W_h), axis=0)"), value(graph, "grad(L, W_h)"), rtol=1e-11)
    np.testing.assert_allclose(value(graph, "parts(L, b)"), by_hand(g)[2], rtol=1e-12)
    np.testing.assert_allclose(value(graph, "parts(L, W_h[0])"), shares[:, 0], rtol=1e-11)
    lstm = run(LSTM, g)
    for name in ("W_f", "W_u"):
        np.testing.assert_allclose(
            value(lstm, f"sum(parts(L, {name}), axis=0)"), value(lstm, f"grad(L, {name})"), rtol=1e-11
        )


def test_parts_has_a_row_for_every_step_also_where_nothing_flows() -> None:
    g = givens()
    graph = run((*RNN[:2], read_let("L = sum(h[1])")), g)
    shares = value(graph, "parts(L, W_h)")
    assert shares.shape == (T, H, H)
    assert shares[0].any()
    assert shares[1].any()
    assert not shares[2:].any()


def test_jacobians_and_their_chain() -> None:
    g = givens()
    graph = run(RNN, g)
    h, *_ = by_hand(g)
    steps = [np.diag(1 - h[t + 1] ** 2) @ g["W_h"] for t in range(T)]
    np.testing.assert_allclose(value(graph, "jacobian(h[3], h[2])"), steps[3], rtol=1e-12)
    np.testing.assert_allclose(value(graph, "jacobian(h[4], h[1])"), steps[4] @ steps[3] @ steps[2], rtol=1e-11)
    np.testing.assert_allclose(value(graph, "jacobian(h[0], h0)"), steps[0], rtol=1e-12)
    assert value(graph, "jacobian(h[1], h[3])").tolist() == np.zeros((H, H)).tolist()
    np.testing.assert_array_equal(value(graph, "jacobian(h[1], h[1])"), np.eye(H))
    whole = value(graph, "jacobian(h, h0)")
    assert whole.shape == (T, H, H)
    np.testing.assert_allclose(whole[2], steps[2] @ steps[1] @ steps[0], rtol=1e-11)
    by_x = steps[3] @ steps[2] @ np.diag(1 - h[2] ** 2) @ g["W_x"]
    np.testing.assert_allclose(value(graph, "jacobian(h[3], x)")[:, 1], by_x, rtol=1e-11)


def test_a_jacobian_by_all_steps_counts_every_path_as_a_gradient_does() -> None:
    graph = run(LSTM, givens())
    total = value(graph, "jacobian(c[2], c)")
    for k in range(3):
        np.testing.assert_allclose(total[:, k], value(graph, f"jacobian(c[2], c[{k}])"), rtol=1e-12)
    assert total[:, 0].any()
    np.testing.assert_allclose(total.sum(axis=0), value(graph, "grad(sum(c[2]), c)"), rtol=1e-12)


def test_local_of_a_recurrence_holds_the_steps_before() -> None:

    program = (
        Start({"h": parse("0")}),
        read_loop("t in range(3)", (("h[t] = 0.5 * h[t-1] + x[t]", ""),)),
    )
    graph = run(program, {"x": np.arange(3.0)})
    np.testing.assert_allclose(value(graph, "local(h, x)"), np.eye(3))
    assert value(graph, "jacobian(h, x)")[2, 0] == 0.25


def test_local_holds_every_other_named_node_fixed() -> None:
    g = givens()
    graph = run(LSTM, g)
    f = graph.whole("f").number
    np.testing.assert_allclose(value(graph, "local(c[2], c[1])"), np.diag(f[2]), rtol=1e-13)
    assert not np.allclose(value(graph, "jacobian(c[2], c[1])"), np.diag(f[2]))
    np.testing.assert_allclose(
        value(graph, "local(h[2], o[2])"), np.diag(np.tanh(graph.whole("c").number[2])), rtol=1e-13
    )
    assert not value(graph, "local(h[2], h[1])").any()  # h[1] reaches h[2] only through named steps
    assert not value(graph, "local(h[2], W_o)").any()
    by_whole = value(graph, "local(h, o)")
    assert by_whole.shape == (T, H, T, H)
    np.testing.assert_allclose(by_whole[2, :, 2], np.diag(np.tanh(graph.whole("c").number[2])), rtol=1e-13)
    across = value(graph, "local(c, c)")  # of a whole recurrence: each step by its own line
    assert not across[2, :, 0].any()
    rnn = run(RNN, g)
    np.testing.assert_allclose(value(rnn, "local(a[1], h[0])"), g["W_h"], rtol=1e-13)
    np.testing.assert_allclose(value(rnn, "local(a[1], b)"), np.eye(H), rtol=1e-13)


def test_stop_lets_nothing_through() -> None:
    g = {"x": np.array([1.0, 2.0])}
    graph = run((read_let("L = sum(x * stop(x**2))"),), g)
    np.testing.assert_array_equal(value(graph, "grad(L, x)"), [1, 4])
    program = (
        Start({"h": parse("1")}),
        read_loop("t in range(3)", (("h[t] = w * stop(h[t-1]) + w", ""),)),
        read_let("L = h[2]"),
    )
    graph = run(program, {"w": np.asarray(2.0)})
    assert float(value(graph, "grad(L, w)")) == float(graph.whole("h").number[1]) + 1


def test_a_name_used_twice_gets_the_sum() -> None:
    graph = run((read_let("y = x * x + 3 * x"), read_let("L = sum(y) + y[0]")), {"x": np.array([2.0, 5.0])})
    np.testing.assert_array_equal(value(graph, "grad(L, x)"), [14, 13])
    np.testing.assert_array_equal(value(graph, "grad(L, y)"), [2, 1])
    np.testing.assert_array_equal(value(graph, "grad(L, L)"), 1)
    np.testing.assert_array_equal(value(graph, "grad(L, x[1])"), 13)
    np.testing.assert_array_equal(value(graph, "jacobian(y, x)"), np.diag([7, 13]))


def test_backward_gives_every_node_its_gradient() -> None:
    graph = Graph()
    x = graph.leaf("x", np.array([1.0, 2.0]))
    target = graph.evaluate(parse("sum(x**2)"), "L")
    found = backward(target)
    np.testing.assert_array_equal(found[x], [2, 4])
    np.testing.assert_array_equal(found[target], 1)
    np.testing.assert_array_equal(backward(target, np.asarray(3.0))[x], [6, 12])


def test_a_reversed_recurrence_and_two_loops() -> None:
    program = (
        Start({"b": parse("0")}),
        read_loop("t in reversed(range(4))", (("b[t] = w * b[t+1] + x[t]", ""),)),
        Start({"s": parse("0")}),
        read_loop("t in range(4)", (("s[t] = w * s[t-1] + b[t]", ""),)),
        read_let("L = s[-1]"),
    )
    g = {"w": np.asarray(0.7), "x": np.array([1.0, -2.0, 3.0, 0.5])}
    graph = run(program, g)
    np.testing.assert_allclose(value(graph, "grad(L, w)"), central(program, "w", g), rtol=1e-7)
    np.testing.assert_allclose(value(graph, "grad(L, x)"), central(program, "x", g), rtol=1e-7)
    np.testing.assert_allclose(value(graph, "sum(parts(L, w))"), value(graph, "grad(L, w)"), rtol=1e-12)


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("grad(h, W_h)", "one number"),
        ("grad(L)", "grad(y, x)"),
        ("grad(L, W_h, b)", "grad(y, x)"),
        ("grad(L, W_h + 1)", "given or a step"),
        ("grad(L, 3)", "given or a step"),
        ("grad(L, qq)", "given or a step"),
        ("parts(L, h)", "each step"),
        ("parts(L, y)", "outside the loop"),
        ("parts(sum(b), b)", "no loop"),
    ],
)
def test_errors_of_gradients(text: str, says: str) -> None:
    graph = run(RNN, givens())
    with pytest.raises(EngineError) as caught:
        value(graph, text)
    assert says in caught.value.says
    assert caught.value.at is not None


def test_too_large_jacobians_and_singular_derivatives_are_errors() -> None:
    graph = Graph()
    graph.leaf("x", np.zeros((30, 30)))
    graph.leaf("J", np.array([[1.0, 1.0], [0.0, 1.0]]))
    graph.leaf("E", None, (50_000, 512))
    with pytest.raises(EngineError, match="400 rows"):
        value(graph, "jacobian(x, x)")
    graph.names["r"] = graph.evaluate(parse("spectral_radius(J)"), "r")
    with pytest.raises(EngineError, match="no derivative"):
        value(graph, "grad(r, J)")
    for text in ("jacobian(x[0], E)", "grad(x[0, 0], E)"):
        with pytest.raises(EngineError, match="Only the shape of E"):
            value(graph, text)


def test_local_goes_through_the_whole_of_a_recurrence_to_its_steps_and_no_further() -> None:
    body = (("h[t] = 0.5 * h[t-1] + x[t]", ""),)
    sums = ["N = sum(h**2)", "L = 0.5 * h[2]**2 + 0.1 * sum(h)"]
    lines = [*sums, "a = local(N, h)", "b = local(L, h)", "c = local(N, x)"]
    steps = (Start({"h": parse("0")}), read_loop("t in range(3)", body), *map(read_let, lines))
    graph = run(steps, {"x": np.array([1.0, 2.0, 3.0])})
    h = graph.whole("h").value
    assert h is not None
    np.testing.assert_allclose(graph.whole("a").value, 2 * h)
    np.testing.assert_allclose(graph.whole("b").value, [0.1, 0.1, 0.1 + h[2]])
    assert not np.any(graph.whole("c").value)


@pytest.fixture
def gone_through(monkeypatch):
    """The operations that a derivative goes back through, and how often the way back was looked for."""
    ops: list[str] = []
    pulled_back, reachable = gradient._pulled_back, gradient.reachable
    monkeypatch.setattr(gradient, "_pulled_back", lambda node, g: ops.append(node.op) or pulled_back(node, g))
    monkeypatch.setattr(gradient, "reachable", lambda *args: ops.append("reachable") or reachable(*args))
    return ops


@pytest.mark.parametrize("text", ["grad(sum(x * exp(y)), x)", "jacobian(x * exp(y), x)"])
def test_a_derivative_goes_back_only_where_it_leads_to_what_it_is_by(text, gone_through):
    graph = Graph()
    for name in "xy":
        graph.leaf(name, np.array([0.5, -1.0, 2.0]))
    graph.evaluate(parse(text))
    assert "exp" not in gone_through
    assert gone_through.count("multiply") == (3 if text.startswith("jacobian") else 1)
    assert gone_through.count("reachable") <= 2  # not for each row
