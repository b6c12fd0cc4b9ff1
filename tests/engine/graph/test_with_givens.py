"""The graph again for other givens is the graph that running the program would make: same nodes, same values."""

import numpy as np
import pytest

from rnn_tutor.engine.graph.dependencies import Dependencies
from rnn_tutor.engine.graph.node import Node, Sequence
from rnn_tutor.engine.graph.rerun import branch, with_givens
from rnn_tutor.engine.graph.steps import Start, read_let, read_loop, run
from rnn_tutor.engine.reading.language import parse


def lets(*texts):
    return tuple(read_let(text) for text in texts)


def loop(head, *texts, **start):
    body = tuple((text, "key") for text in texts)
    return (Start({name: parse(text) for name, text in start.items()}), read_loop(head, body))


RECURRENT = (
    *lets("W = scale * A", "drive = x * size"),
    *loop("t in range(T)", "a[t] = W @ h[t-1] + drive[t]", "h[t] = tanh(a[t])", h="ones(2) * size"),
    *lets(
        "loss = sum(h[-1] ** 2)",
        "back = grad(loss, h)",
        "shares = parts(loss, W)",
        "slopes = jacobian(h[-1], scale)",
        "near = local(h[2], h[1])",
        "big = norm(back, axis=1) > size",
        "mixed = where(big, back[:, 0], mean(shares))",
        "both = stack(scale, size, sum(mixed))",
        "alone = A @ A",
    ),
)
GIVENS = {
    "A": np.array([[0.5, -0.3], [0.2, 0.8]]),
    "x": np.arange(10.0).reshape(5, 2) / 10,
    "T": np.array(5.0),
    "scale": np.array(0.9),
    "size": np.array(0.4),
}


def assert_same(found, fresh):
    assert [node.name for node in found.nodes] == [node.name for node in fresh.nodes]
    for one, other in zip(found.nodes, fresh.nodes, strict=True):
        assert (one.op, one.shape, one.static, one.step) == (other.op, other.shape, other.static, other.step)
        assert np.array_equal(one.value, other.value, equal_nan=True), one.name
    assert set(found.names) == set(fresh.names)
    for name, entry in fresh.names.items():
        assert np.array_equal(found.whole(name).value, fresh.whole(name).value)
        if isinstance(entry, Sequence):
            mine = found.names[name]
            for one, other in zip(mine.steps, entry.steps, strict=True):
                assert np.array_equal(one.value, other.value)
            assert (mine.start is None) == (entry.start is None)


@pytest.mark.parametrize("other", [{"scale": 1.3}, {"size": 0.1}, {"scale": -0.2, "size": 2.0}, {}])
def test_it_is_what_running_would_make(other):
    values = {name: np.array(value) for name, value in other.items()}
    graph = run(RECURRENT, GIVENS)
    before = graph.whole("back").value.copy()
    found = with_givens(graph, values)
    assert_same(found, run(RECURRENT, GIVENS | values))
    assert np.array_equal(graph.whole("back").value, before)  # what was there stays
    assert_same(with_givens(found, {name: GIVENS[name] for name in values}), graph)  # and back again


def test_what_does_not_depend_on_the_change_is_shared():
    graph = run(RECURRENT, GIVENS)
    found = with_givens(graph, {"size": np.array(0.1)})
    assert found.whole("alone") is graph.whole("alone")
    assert found.whole("W") is graph.whole("W")
    assert found.whole("h") is not graph.whole("h")


def test_values_are_read_only_and_apart_from_those_handed_in():
    given = np.array(0.1)
    found = with_givens(run(RECURRENT, GIVENS), {"size": given})
    given[...] = 9.0
    assert float(found.whole("size").value) == 0.1
    with pytest.raises(ValueError, match="read-only"):
        found.whole("h").value[0] = 1


def test_later_nodes_are_left_out_when_asked_to():
    graph = run(RECURRENT, GIVENS)
    count = len(graph.nodes)
    graph.evaluate(parse("sum(h) + size"))
    found = with_givens(graph, {"size": np.array(0.1)}, count)
    assert len(found.nodes) == count
    assert isinstance(found.evaluate(parse("sum(h) + size")), Node)


def test_a_program_that_goes_on_from_another_graph():
    from rnn_tutor.engine.graph.steps import resume

    base = run(lets("B = A @ A"), {"A": GIVENS["A"]})
    graph = branch(base)
    graph.leaf("scale", np.array(2.0))
    resume(graph, lets("y = scale * B"))
    found = with_givens(graph, {"scale": np.array(3.0)})
    assert np.allclose(found.whole("y").value, 3 * GIVENS["A"] @ GIVENS["A"])
    assert found.whole("B") is base.whole("B")
    assert np.allclose(found.evaluate(parse("y - B")).value, 2 * GIVENS["A"] @ GIVENS["A"])


def test_masks_stay_masks_and_numbers_that_overflow_give_no_warning():
    program = lets("m = x > w", "y = where(m, exp(w * 100), x)", "n = count_nonzero(m)")
    givens = {"x": np.array([1.0, 2.0, 3.0]), "w": np.array(1.5)}
    assert_same(with_givens(run(program, givens), {"w": np.array(9.0)}), run(program, givens | {"w": np.array(9.0)}))


@pytest.mark.parametrize(
    ("text", "names"),
    [
        ("y = x[k]", {"k"}),
        ("y = x[a:b:2]", {"a", "b"}),
        ("y = x[x > w]", {"x", "w"}),
        ("y = sum(x, axis=k)", {"k"}),
        ("y = sum(x, k)", {"k"}),
        ("y = x.sum(axis=k)", {"k"}),
        ("y = zeros(n)", {"n"}),
        ("y = reshape(x, n, m)", {"n", "m"}),
        ("y = one_hot(ids, n)", {"n"}),
        ("y = length_mask(lengths, n)", {"n"}),
        ("y = max(x, k)", {"k"}),
        ("y = arange(n)", {"n"}),
        ("y = round(x, k)", {"k"}),
        ("y = eye(n) * w", {"n"}),
        ("y = w * x + tanh(v)", set()),
        ("y = where(k == 1, x, w)", set()),
        ("y = stack(a, b) @ concat(c, d)", set()),
        ("y = clip(x, low, high)", set()),
        ("y = softmax(x / w)", set()),
        ("y = grad(loss, h)", set()),
        ("y = lstm(x, W, U, b)", set()),
        ("y = clip_by_norm(g, limit)", set()),
    ],
)
def test_what_is_read_off_while_the_graph_is_made(text, names):
    assert Dependencies(lets(text)).structural == names


def test_counts_of_loops_are_read_off_and_what_stands_in_them():
    assert Dependencies(loop("t in range(n)", "h[t] = w * h[t-1] + x[t]", h="zeros(m)")).structural == {"n", "m", "t"}


def test_masks_calculate_as_0_and_1_here_too():
    program = lets("over = x > size", "twice = over + over")
    found = with_givens(run(program, GIVENS), {"size": np.array(0.1)})
    assert_same(found, run(program, GIVENS | {"size": np.array(0.1)}))
    assert found.whole("twice").value.max() == 2
