"""A change replayed along the graph gives what the whole program gives with that change."""

import numpy as np
import pytest

from rnn_tutor.engine.errors import EngineError
from rnn_tutor.engine.graph.rerun import Changes, NotReplayableError, Tape
from rnn_tutor.engine.graph.steps import Start, read_let, read_loop, run
from rnn_tutor.engine.reading.language import parse

GIVENS = {
    "W": np.array([[0.5, -0.3], [0.2, 0.8]]),
    "x": np.array([[1.0, 0.5], [-0.4, 0.2], [0.3, -0.9]]),
    "h0": np.array([0.1, -0.2]),
    "k": np.array(2.0),
}


def program(cell="tanh(W @ h[t-1] + x[t])", after="sum(h[-1] * k)", start="h0"):
    return (
        read_let("n = k + 1"),
        Start({"h": parse(start)}),
        read_loop("t in range(3)", ((f"h[t] = {cell}", "a"), ("e[t] = h[t] ** 2 + x[t]", "b"))),
        read_let("m = e[0] + e[-1]"),
        read_let(f"L = {after}"),
        read_let("y = L * n + sum(m)"),
    )


@pytest.fixture
def tape():
    graph = run(program(), GIVENS)
    return Tape(graph, program(), graph.whole("y"))


def value(**changed):
    return run(program(**changed), GIVENS).whole("y").number


@pytest.mark.parametrize(
    "cell",
    [
        "tanh(W @ h[t-1] - x[t])",
        "W @ h[t-1] + x[t]",
        "tanh(W.T @ h[t-1] + x[t])",
        "tanh(W @ h[t-1] + x[2 - t])",
        "tanh(W @ h[t-1] + x[t]) / 2",
        "tanh(h[t-1])",
    ],
)
def test_a_changed_step_of_a_loop(tape, cell):
    assert tape.value(Changes({"h": parse(cell)})) == pytest.approx(value(cell=cell), rel=1e-14)


def test_a_changed_step_after_the_loop(tape):
    assert tape.value(Changes({"L": parse("sum(h[0] * k)")})) == pytest.approx(value(after="sum(h[0] * k)"), rel=1e-14)


def test_a_changed_start(tape):
    assert tape.value(Changes(starts={"h": parse("zeros(2)")})) == pytest.approx(value(start="zeros(2)"), rel=1e-14)


def test_nothing_changed_is_the_value_itself(tape):
    assert tape.value(Changes({})) == value()


def test_the_right_graph_is_left_as_it_was(tape):
    before = tape.target.number.copy(), len(tape.graph.nodes)
    tape.value(Changes({"h": parse("x[t]")}))
    assert (tape.target.number, len(tape.graph.nodes)) == before


@pytest.mark.parametrize("cell", ["h[t] + x[t]", "h[t-2]", "x[t+1]", "no_such"])
def test_what_is_not_known_yet_at_a_step_is_an_error_there_too(tape, cell):
    with pytest.raises(EngineError):
        tape.value(Changes({"h": parse(cell)}))


def test_another_shape_in_mid_graph_needs_the_whole_program(tape):
    with pytest.raises(NotReplayableError):
        tape.replayed(Changes({"m": parse("sum(e[0])")}))


def test_another_shape_of_the_target_itself_is_its_value(tape):
    assert tape.value(Changes({"y": parse("m")})).shape == (2,)


DIFFERENTIATED = ("grad(L, W)", "2 * grad(L, h)[0]", "jacobian(h[-1], W)", "local(h[1], h[0])", "parts(L, W)")


@pytest.mark.parametrize("wanted", DIFFERENTIATED)
@pytest.mark.parametrize("cell", ["W @ h[t-1] + x[t]", "tanh(W @ h[t-1]) * k", "h[t-1]"])
def test_a_derivative_is_worked_out_anew(wanted, cell):
    """`h[t-1]` alone makes a step of a node that is there already: a derivative by that step still finds it."""

    def steps(cell):
        return (
            Start({"h": parse("h0")}),
            read_loop("t in range(3)", ((f"h[t] = {cell}", "a"),)),
            read_let("L = sum(h[-1] * k)"),
            read_let(f"g = {wanted}"),
        )

    right = steps("tanh(W @ h[t-1] + x[t])")
    graph = run(right, GIVENS)
    try:
        fresh = run(steps(cell), GIVENS).whole("g").number
    except EngineError:  # L does not depend on W in the loop any more
        with pytest.raises(EngineError):
            Tape(graph, right, graph.whole("g")).replayed(Changes({"h": parse(cell)}))
        return
    assert Tape(graph, right, graph.whole("g")).replayed(Changes({"h": parse(cell)})) == pytest.approx(fresh, rel=1e-12)


def test_a_derivative_by_a_step_that_is_done_otherwise():
    steps = (read_let("a = tanh(W @ h0)"), read_let("L = sum(a ** 2)"), read_let("g = grad(L, a)"))
    graph = run(steps, GIVENS)
    fresh = run((read_let("a = h0"), *steps[1:]), GIVENS).whole("g").number
    assert Tape(graph, steps, graph.whole("g")).replayed(Changes({"a": parse("h0")})) == pytest.approx(fresh)


@pytest.mark.parametrize("reads", ["x[:n]", "sum(x, axis=n - 1)", "h[n]", "zeros(n) + 1", "round(x, n - 1)"])
def test_what_was_read_off_a_changed_value_is_read_off_anew(reads):
    """A slice, an axis, a size, which step of a recurrence: the graph keeps no trace of where they came from."""

    def steps(n):
        return (
            read_let(f"n = {n}"),
            Start({"h": parse("h0")}),
            read_loop("t in range(3)", (("h[t] = tanh(W @ h[t-1] + x[t])", "a"),)),
            read_let(f"y = sum({reads})"),
        )

    graph = run(steps("k"), GIVENS)
    fresh = run(steps("k - 1"), GIVENS).whole("y").number
    assert Tape(graph, steps("k"), graph.whole("y")).value(Changes({"n": parse("k - 1")})) == pytest.approx(fresh)


def writer(score="W @ h[t]", reads="x[ids[t-1]]"):
    """Each step picks what the next one reads: an index that is worked out."""
    return (
        Start({"h": parse("h0"), "ids": parse("0")}),
        read_loop(
            "t in range(3)",
            ((f"h[t] = tanh(W @ h[t-1] + {reads})", "a"), (f"s[t] = {score}", "b"), ("ids[t] = argmax(s[t])", "c")),
        ),
        read_let("y = x[ids]"),
        read_let("z = h[ids]"),
    )


@pytest.mark.parametrize("changed", [{"score": "-W @ h[t]"}, {"score": "h[t]"}, {"reads": "2 * x[ids[t-1]]"}])
@pytest.mark.parametrize("target", ["ids", "y", "z", "h"])
def test_an_index_that_changes_picks_anew(changed, target):
    """`z` is picked by changed numbers from what has changed too."""
    graph = run(writer(), GIVENS)
    tape = Tape(graph, writer(), graph.whole(target))
    name, text = ("s", changed["score"]) if "score" in changed else ("h", f"tanh(W @ h[t-1] + {changed['reads']})")
    wanted = run(writer(**changed), GIVENS).whole(target).number
    assert tape.value(Changes({name: parse(text)})) == pytest.approx(wanted, rel=1e-14)


def test_an_index_out_of_range_is_an_error_there_too():
    graph = run(writer(), GIVENS)
    with pytest.raises(EngineError):
        Tape(graph, writer(), graph.whole("y")).value(Changes({"ids": parse("argmax(s[t]) + 5")}))


def test_a_step_that_the_target_is_not_made_from_can_be_read():
    """Of `h` only the last step leads to y; what is changed may read the others."""
    steps = (Start({"h": parse("h0")}), read_loop("t in range(3)", (("h[t] = W @ h[t-1] + x[t]", "a"),)))
    back = (
        Start({"b": parse("0")}),
        read_loop("t in reversed(range(3))", (("b[t] = k * b[t+1] + 1", "c"), ("y[t] = b[t+1] + x[t, 0]", "d"))),
    )
    graph = run((*steps, *back), GIVENS)
    tape = Tape(graph, (*steps, *back), graph.whole("y"))
    assert tape.length < len(tape.nodes)
    other = (
        *steps,
        back[0],
        read_loop("t in reversed(range(3))", (("b[t] = k * b[t+1] + 1", "c"), ("y[t] = b[t]", "d"))),
    )
    assert tape.value(Changes({"y": parse("b[t]")})) == pytest.approx(run(other, GIVENS).whole("y").number, rel=1e-14)
