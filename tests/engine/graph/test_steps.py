"""Recurrences written out are the loops of plain NumPy; nothing wraps inside; errors name the step."""

import numpy as np
import pytest

from rnn_tutor.engine.errors import EngineError
from rnn_tutor.engine.graph import steps
from rnn_tutor.engine.graph.graph import Sequence
from rnn_tutor.engine.graph.steps import Program, ProgramError, Start, lets, read_let, read_loop, resume, run
from rnn_tutor.engine.reading.language import parse

T, H, D = 6, 4, 3


def start(**values: str) -> Start:
    return Start({name: parse(text) for name, text in values.items()}, "steps[0].start")


def loop(*body: str, over: str = "t in range(T)"):
    keyed = tuple((text, f"steps[1].do[{position}].let") for position, text in enumerate(body))
    return read_loop(over, keyed, "steps[1].for")


def givens() -> dict[str, np.ndarray]:
    rng = np.random.default_rng(5)
    shapes = {"x": (T, D)} | {f"W_{gate}": (H, H + D) for gate in "fiogzrn"} | {f"b_{gate}": (H,) for gate in "fiogzrn"}
    return {name: rng.normal(size=shape) for name, shape in shapes.items()} | {"T": np.asarray(float(T))}


def sigmoid(z: np.ndarray) -> np.ndarray:
    return 1 / (1 + np.exp(-z))


RNN: Program = (start(h="zeros(4)"), loop("h[t] = tanh(W_f @ concat(h[t-1], x[t]) + b_f)"))
LSTM: Program = (
    start(h="zeros(4)", c="zeros(4)"),
    loop(
        "v[t] = concat(h[t-1], x[t])",
        "f[t] = sigmoid(W_f @ v[t] + b_f)",
        "i[t] = sigmoid(W_i @ v[t] + b_i)",
        "o[t] = sigmoid(W_o @ v[t] + b_o)",
        "u[t] = tanh(W_g @ v[t] + b_g)",
        "c[t] = f[t] * c[t-1] + i[t] * u[t]",
        "h[t] = o[t] * tanh(c[t])",
    ),
)
GRU: Program = (
    start(h="zeros(4)"),
    loop(
        "z[t] = sigmoid(W_z @ concat(h[t-1], x[t]) + b_z)",
        "r[t] = sigmoid(W_r @ concat(h[t-1], x[t]) + b_r)",
        "n[t] = tanh(W_n @ concat(r[t] * h[t-1], x[t]) + b_n)",
        "h[t] = (1 - z[t]) * h[t-1] + z[t] * n[t]",
    ),
)


def test_an_rnn_is_the_loop_of_numpy() -> None:
    g = givens()
    h = np.zeros(H)
    wanted = []
    for t in range(T):
        h = np.tanh(g["W_f"] @ np.concatenate([h, g["x"][t]]) + g["b_f"])
        wanted.append(h)
    graph = run(RNN, g)
    np.testing.assert_allclose(graph.whole("h").number, wanted, rtol=1e-14)
    np.testing.assert_allclose(graph.evaluate(parse("h[-1]")).number, wanted[-1], rtol=1e-14)
    np.testing.assert_allclose(graph.evaluate(parse("h[-2:, 1]")).number, np.array(wanted)[-2:, 1], rtol=1e-14)
    assert graph.evaluate(parse("h[h[:, 0] > 0]")).shape == (int((np.array(wanted)[:, 0] > 0).sum()), H)


def test_an_lstm_is_the_loop_of_numpy() -> None:
    g = givens()
    h, c = np.zeros(H), np.zeros(H)
    hs, cs = [], []
    for t in range(T):
        v = np.concatenate([h, g["x"][t]])
        f, i, o = (sigmoid(g[f"W_{gate}"] @ v + g[f"b_{gate}"]) for gate in "fio")
        c = f * c + i * np.tanh(g["W_g"] @ v + g["b_g"])
        h = o * np.tanh(c)
        hs.append(h)
        cs.append(c)
    graph = run(LSTM, g)
    np.testing.assert_allclose(graph.whole("h").number, hs, rtol=1e-13)
    np.testing.assert_allclose(graph.whole("c").number, cs, rtol=1e-13)
    assert [let.name for let in lets(LSTM)] == ["v", "f", "i", "o", "u", "c", "h"]


def test_a_gru_is_the_loop_of_numpy() -> None:
    g = givens()
    h = np.zeros(H)
    wanted = []
    for t in range(T):
        v = np.concatenate([h, g["x"][t]])
        z, r = (sigmoid(g[f"W_{gate}"] @ v + g[f"b_{gate}"]) for gate in "zr")
        n = np.tanh(g["W_n"] @ np.concatenate([r * h, g["x"][t]]) + g["b_n"])
        h = (1 - z) * h + z * n
        wanted.append(h)
    np.testing.assert_allclose(run(GRU, g).whole("h").number, wanted, rtol=1e-13)


def test_a_reversed_loop_reads_the_next_step_and_starts_after_the_last() -> None:
    g = givens()
    program = (start(b="ones(4)"), loop("b[t] = tanh(W_f @ concat(b[t+1], x[t]))", over="t in reversed(range(T))"))
    b = np.ones(H)
    wanted = np.zeros((T, H))
    for t in reversed(range(T)):
        b = np.tanh(g["W_f"] @ np.concatenate([b, g["x"][t]]))
        wanted[t] = b
    np.testing.assert_allclose(run(program, g).whole("b").number, wanted, rtol=1e-14)


def test_two_loops_one_after_another_and_steps_by_the_count() -> None:
    program = (
        read_let("n = T - 1"),
        start(s="0"),
        loop("s[t] = s[t-1] + x[t, 0]"),
        start(p="1"),
        loop("p[t] = p[t-1] * (t + 1)", over="t in range(n)"),
        loop("d[k] = s[k+1] - s[k]", over="k in range(n)"),
        read_let("last = s[-1] + p[-1]"),
    )
    g = givens()
    graph = run(program, g)
    np.testing.assert_allclose(graph.whole("s").number, np.cumsum(g["x"][:, 0]))
    np.testing.assert_allclose(graph.whole("p").number, [1, 2, 6, 24, 120])
    np.testing.assert_allclose(graph.whole("d").number, g["x"][1:, 0])
    np.testing.assert_allclose(graph.whole("last").number, g["x"][:, 0].sum() + 120)
    assert "t" not in graph.names


def failing(
    *body: str, over: str = "t in range(T)", begin: dict[str, str] | None = None, **more: object
) -> ProgramError:
    g = givens() | {name: np.asarray(value, dtype=float) for name, value in more.items()}
    statements = ((start(**begin),) if begin else ()) + (loop(*body, over=over),)
    with pytest.raises(ProgramError) as caught:
        run(statements, g)
    return caught.value


def test_nothing_wraps_inside_a_loop() -> None:
    error = failing("h[t] = tanh(x[t-1])")
    assert "-1" in error.says
    assert error.key == "steps[1].do[0].let"
    assert error.at == (12, 18)
    assert "6" in failing("h[t] = x[t+1]").says
    assert "start" in failing("h[t] = h[t-1] + x[t]").says
    assert "step -2" in failing("h[t] = h[t-2] + x[t]", begin={"h": "zeros(3)"}).says
    assert "later" in failing("h[t] = h[t+1] + x[t]", begin={"h": "zeros(3)"}).says
    assert "later" in failing("a[t] = b[t]", "b[t] = x[t]").says
    assert "wraps" in failing("h[t] = sum(x[t-1:t])").says
    assert "later" in failing("h[t] = h[t]").says
    earlier = run((loop("a[t] = x[t]"),), givens())
    with pytest.raises(ProgramError, match="time steps 0 to 5"):
        resume(earlier, (loop("b[t] = a[t-1]"),))


def test_slices_of_what_is_known_so_far() -> None:
    g = givens()
    graph = run((loop("a[t] = x[t] * 2", "m[t] = mean(a[0:t+1], axis=0)"),), g)
    wanted = [2 * g["x"][: t + 1].mean(0) for t in range(T)]
    np.testing.assert_allclose(graph.whole("m").number, wanted)
    assert "yet" in failing("a[t] = x[t]", "m[t] = mean(a[0:t+2], axis=0)").says


def test_errors_in_programs_say_which_step() -> None:
    error = failing("h[t] = x[t]", "y[t] = W_f @ h[t]")
    assert (error.kind, error.key) == ("shape", "steps[1].do[1].let")
    assert error.at == (7, 17)
    shapes = failing("a[t] = zeros(t + 1)")
    assert "(1) at step 0, (2) at step 1" in shapes.says
    assert shapes.key == "steps[1].do[0].let"
    assert "already" in failing("x[t] = 1").says
    assert "already" in failing("a[t] = 1", "a[t] = 2").says
    assert "h[t] or h[t-1]" in failing("h[t] = sum(h)").says
    assert "2,000" in failing("h[t] = t", over="t in range(1e6)").says
    assert "whole" in failing("h[t] = t", over="t in range(2.5)").says
    assert "already in use" in failing("h[T] = 1", over="T in range(3)").says
    with pytest.raises(ProgramError) as unused:
        run((start(h="0"),), {})
    assert unused.value.key == "steps[0].start"
    assert "does not compute" in failing("h[t] = t", begin={"q": "0"}).says
    with pytest.raises(ProgramError) as caught:
        run((read_let("a = 1 + qq", key="steps[0].let"),), {})
    assert (caught.value.key, caught.value.at) == ("steps[0].let", (8, 10))


@pytest.mark.parametrize(
    ("text", "variable"),
    [("inf = 3", None), ("None = 3", None), ("True = 3", None), ("h[t] = 3", None), ("h = 3", "t"), ("h[k] = 3", "t"),
     ("h[t-1] = 3", "t"), ("3 = h", None), ("h[0] = 1", "t"), ("a + b = 3", None), ("_a = 3", None)],
)  # fmt: skip
def test_targets_are_names(text: str, variable: str | None) -> None:
    with pytest.raises(EngineError):
        read_let(text, variable)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "t",
        "for t in range(3)",
        "t in x",
        "t in range 3",
        "True in range(3)",
        "t in range()",
        "t in range(1, 2)(",
        "t in reversed(range(T)",
    ],
)
def test_what_a_loop_is_not(text: str) -> None:
    with pytest.raises(EngineError) as caught:
        run((read_loop(text, (("h[t] = t", ""),)),), {"T": np.asarray(3.0)})
    assert caught.value.says


def test_places_in_a_for_are_those_of_the_text() -> None:
    with pytest.raises(EngineError) as caught:
        run((read_loop("t in range(qq)", (("h[t] = t", "k"),), "steps[0].for"),), {})
    assert caught.value.at == (11, 13)


def test_what_comes_after_follows_from_a_replaced_value() -> None:
    g = {"x": np.array([1.0, 2.0]), "y": np.array([3.0, 4.0])}
    program = (read_let("a = x + y"), read_let("b = a * 2"), read_let("c = sum(b)"))
    graph = run(program, g, {"a": np.array([1.0, 1.0])})
    np.testing.assert_array_equal(graph.whole("b").number, [2, 2])
    assert float(graph.whole("c").number) == 4
    with pytest.raises(ProgramError, match="cannot stand in"):
        run(program, g, {"a": np.array([1.0, 1.0, 1.0])})


def test_what_comes_after_follows_from_replaced_steps() -> None:
    g = givens()
    true = run(LSTM, g)
    wrong = np.full((T, H), 0.5)
    graph = run(LSTM, g, {"c": wrong})
    np.testing.assert_allclose(graph.whole("c").number, wrong)
    np.testing.assert_allclose(graph.whole("f").number[0], true.whole("f").number[0])
    v = np.concatenate([graph.whole("h").number[1], g["x"][2]])
    np.testing.assert_allclose(graph.whole("f").number[2], sigmoid(g["W_f"] @ v + g["b_f"]))
    np.testing.assert_allclose(graph.whole("h").number, graph.whole("o").number * np.tanh(0.5))
    with pytest.raises(ProgramError, match="cannot stand in"):
        run(LSTM, g, {"c": wrong[:3]})


def test_a_program_over_shapes_alone() -> None:
    shapes = {name: value.shape for name, value in givens().items()} | {"T": np.asarray(6.0)}
    graph = run(LSTM, shapes)
    assert graph.whole("h").shape == (T, H)
    assert graph.whole("h").value is None


def test_a_failing_loop_leaves_the_graph_as_it_was() -> None:
    graph = run((), givens())
    before = set(graph.names)
    with pytest.raises(ProgramError):
        resume(graph, (loop("h[t] = x[t+1]"),))
    assert set(graph.names) == before
    assert graph.clock is None
    resume(graph, (loop("h[t] = x[t]"),))
    assert isinstance(graph.names["h"], Sequence)


def test_names_of_steps_are_stable() -> None:
    graph = run(RNN, givens())
    sequence = graph.names["h"]
    assert isinstance(sequence, Sequence)
    assert [node.name for node in sequence.steps if node] == [f"h[{t}]" for t in range(T)]
    assert [node.step for node in sequence.steps if node] == list(range(T))
    first = sequence.steps[0]
    assert first is not None
    assert first.parents[0].name.startswith("h[0]:")


def test_a_step_may_have_the_name_of_a_function() -> None:
    graph = run((read_let("norm = norm(g)"), read_let("unit = g / norm")), {"g": np.array([3.0, 4.0])})
    np.testing.assert_array_equal(graph.whole("unit").number, [0.6, 0.8])


@pytest.mark.parametrize("count", [5, 50])
def test_a_graph_of_too_many_nodes_is_stopped_in_a_loop_and_between_steps(monkeypatch, count):
    """The bound is set low here: 200,000 nodes take some seconds."""
    assert steps.MAX_GRAPH == 200_000
    monkeypatch.setattr(steps, "MAX_GRAPH", 45)
    recurrence: Program = (start(h="0"), loop("h[t] = h[t-1] + 1", over=f"t in range({count})"))
    sums: Program = tuple(read_let(f"y{k} = 1 + {k}", key=f"steps[{k}].let") for k in range(count))
    for program, where in ((recurrence, "steps[1]"), (sums, "steps[")):
        if count == 5:
            run(program, {})
            continue
        with pytest.raises(ProgramError, match="too large a graph") as caught:
            run(program, {})
        assert caught.value.key.startswith(where)
