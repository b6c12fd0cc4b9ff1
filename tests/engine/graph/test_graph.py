"""The computation graph: names, nodes, values that nobody can change, indexes, and errors with their place."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from rnn_tutor.engine.errors import EngineError
from rnn_tutor.engine.graph.evaluate import Graph
from rnn_tutor.engine.graph.graph import Node
from rnn_tutor.engine.reading.language import parse


def graph_of(**values: object) -> Graph:
    graph = Graph()
    for name, value in values.items():
        graph.leaf(name, np.asarray(value, dtype=float))
    return graph


def value(graph: Graph, text: str) -> np.ndarray:
    return graph.evaluate(parse(text)).number


def refused(graph: Graph, text: str) -> EngineError:
    with pytest.raises(EngineError) as caught:
        graph.evaluate(parse(text))
    return caught.value


def test_a_node_knows_its_expression_parents_shape_and_name() -> None:
    graph = graph_of(W=[[1, 2], [3, 4]], x=[1, -1])
    node = graph.evaluate(parse("tanh(W @ x)"), "h")
    assert (node.name, node.op, node.shape, node.named) == ("h", "tanh", (2,), True)
    (product,) = node.parents
    assert (product.name, product.op, product.named) == ("h:0", "matmul", False)
    assert [parent.name for parent in product.parents] == ["W", "x"]
    np.testing.assert_allclose(node.number, np.tanh([-1, -1]))
    again = graph_of(W=[[1, 2], [3, 4]], x=[1, -1]).evaluate(parse("tanh(W @ x)"), "h")
    assert [parent.name for parent in again.parents] == ["h:0"]


def test_another_name_for_a_given_is_a_node_of_its_own() -> None:
    graph = graph_of(x=[1, 2])
    node = graph.evaluate(parse("x"), "y")
    assert node.name == "y"
    assert node.parents[0].name == "x"
    mask = graph.evaluate(parse("x > 1"), "m")
    graph.names["m"] = mask
    graph.names["k"] = graph.evaluate(parse("m"), "k")
    np.testing.assert_array_equal(value(graph, "x[k]"), [2])


@pytest.mark.parametrize(
    "text", ["x", "x.T", "x + 1", "[1, 2]", "x.shape", "x[0]", "x[:]", "e", "3", "x > 1", "len(x)"]
)
def test_values_are_read_only(text: str) -> None:
    own = np.array([1.0, 2.0])
    graph = Graph()
    graph.leaf("x", own)
    number = value(graph, text)
    assert not number.flags.writeable
    own[0] = 99.0  # the caller's array is the caller's; the graph keeps what it was given
    np.testing.assert_array_equal(value(graph, "x"), [1, 2])


def test_masks_select_and_calculate_as_0_and_1() -> None:
    graph = graph_of(x=[3, -1, 5], X=[[1, 2, 3], [4, 5, 6]])
    np.testing.assert_array_equal(value(graph, "x[x > 0]"), [3, 5])
    np.testing.assert_array_equal(value(graph, "X[:, x > 0]"), [[1, 3], [4, 6]])
    np.testing.assert_array_equal(value(graph, "X[X > 2]"), [3, 4, 5, 6])
    np.testing.assert_array_equal(value(graph, "x * (x > 0)"), [3, 0, 5])
    np.testing.assert_array_equal(value(graph, "x[[True, False, True]]"), [3, 5])
    np.testing.assert_array_equal(value(graph, "X[(x > 0)[:2]]"), [[1, 2, 3]])
    np.testing.assert_array_equal(value(graph, "x[array([True, False, True])]"), [3, 5])
    assert value(graph, "mean(x > 0)") == pytest.approx(2 / 3)
    assert value(graph, "sum(x > 0)") == 2
    assert value(graph, "-(x > 0)").tolist() == [-1, 0, -1]
    assert "mask" in refused(graph, "X[x > 0]").says


def test_other_indexes_must_be_whole_and_there() -> None:
    graph = graph_of(x=[1, 2, 3], s=1)
    assert "whole" in refused(graph, "x[0.5]").says
    assert "whole" in refused(graph, "x[[0, 0.5]]").says
    assert "whole" in refused(graph, "x[inf]").says
    assert "whole" in refused(graph, "x[nan]").says
    assert "0 to 2" in refused(graph, "x[3]").says
    assert "0 to 2" in refused(graph, "x[[0, -4]]").says
    assert "axis" in refused(graph, "x[0, 0]").says
    assert "no [ ]" in refused(graph, "s[0]").says
    assert refused(graph, "1 + x[3]").at == (4, 8)


def test_a_learner_who_indexes_with_a_given_mask_is_asked() -> None:
    graph = graph_of(losses=[0.4, 0.6, 0.0], mask=[1, 1, 0], ids=[0, 2, 1], two=[0, 1], pair=[5, 6])
    learner = graph.scope(dict(graph.names))
    error = refused(learner, "losses[mask].mean()")
    assert error.kind == "notation"
    assert "losses[mask == 1]" in error.says
    assert error.at == (7, 11)
    np.testing.assert_allclose(value(learner, "losses[mask == 1].mean()"), 0.5)
    np.testing.assert_allclose(value(learner, "losses[ids]"), [0.4, 0, 0.6])
    np.testing.assert_allclose(value(learner, "losses[[1, 1, 0]]"), [0.6, 0.6, 0.4])
    np.testing.assert_allclose(value(learner, "pair[two]"), [5, 6])
    np.testing.assert_allclose(value(graph, "losses[mask]"), [0.6, 0.6, 0.4])  # an author means NumPy


def test_names_shadow_constants_but_never_functions() -> None:
    graph = graph_of(e=[1, 2], pi=3)
    np.testing.assert_array_equal(value(graph, "e * pi"), [3, 6])
    assert float(value(graph_of(), "e")) == np.e
    graph = graph_of(norm=[3, 4])
    assert float(value(graph, "norm(norm)")) == 5  # a call is always the function, a name alone the value
    np.testing.assert_array_equal(value(graph, "norm / norm.norm()"), [0.6, 0.8])


def test_a_learner_sees_only_what_was_given() -> None:
    graph = graph_of(x=[1.0, 2.0])
    graph.names["kept"] = graph.evaluate(parse("x * 2"), "kept")
    learner = graph.scope({"x": graph.names["x"]})
    hidden = refused(learner, "kept + 1")
    assert hidden.kind == "name"
    assert "compute" in hidden.says
    assert hidden.at == (0, 4)
    assert "Known here: x" in refused(learner, "qq").says
    assert "Did you mean x_t?" in refused(graph.scope({"x_t": graph.names["x"]}), "xt").says
    for name in ("grad", "jacobian", "local", "parts"):
        error = refused(learner, f"{name}(sum(x), x)")
        assert error.kind == "name"
        assert "cannot be used in answers" in error.says
    inner = learner.scope({"x": graph.names["x"]})
    assert "compute" in refused(inner, "kept").says
    learner.evaluate(parse("x + 1"), "own")
    assert "own" not in graph.names
    assert all(node.name != "own" for node in graph.nodes)


def test_what_a_scope_makes_comes_after_what_it_was_made_from() -> None:
    graph = graph_of(x=[1.0, 2.0])
    node = graph.scope(dict(graph.names)).evaluate(parse("x + 1"))
    assert isinstance(graph.names["x"], Node)
    assert node.order > graph.names["x"].order


def test_errors_name_shapes_and_point_at_the_part() -> None:
    graph = graph_of(W=np.zeros((3, 4)), x=np.zeros(3))
    error = refused(graph, "1 + (W @ x) * 2")
    assert error.kind == "shape"
    assert "4 in (3, 4)" in error.says
    assert "3 in (3)" in error.says
    assert error.at == (5, 10)
    assert refused(graph, "x + W").at == (0, 5)
    assert "(3, 4)" in refused(graph, "W + x").says


def test_shapes_without_numbers() -> None:
    graph = Graph()
    graph.leaf("E", None, (50_000, 256))
    graph.leaf("W", None, (50_000, 512))
    graph.leaf("ids", np.array([[1.0, 4.0, 49_999.0], [0.0, 0.0, 2.0]]))
    graph.leaf("h", None, (8, 20, 512))
    for text, shape in {
        "h @ W.T": (8, 20, 50_000),
        "softmax(h @ W.T)": (8, 20, 50_000),
        "E[ids]": (2, 3, 256),
        "E[ids, 0]": (2, 3),
        "E[7]": (256,),
        "E[-1, :10]": (10,),
        "h[:, -1]": (8, 512),
        "concat(h, h, axis=2)": (8, 20, 1024),
        "[E, E]": (2, 50_000, 256),
        "h.shape": (3,),
        "h.reshape(160, -1)": (160, 512),
        "mean(h, axis=(0, 1))": (512,),
        "E * 2 > 0": (50_000, 256),
    }.items():
        assert graph.evaluate(parse(text)).shape == shape, text
    np.testing.assert_array_equal(value(graph, "h.shape"), [8, 20, 512])
    assert float(value(graph, "size(E)")) == 50_000 * 256
    assert "Only the shape" in refused(graph, "ids[E[0, 0]]").says
    assert "Only the shape" in refused(graph, "zeros(E[0, 0])").says
    assert "50000" in refused(graph, "E @ W").says


@st.composite
def indexes(draw: st.DrawFn) -> tuple[tuple[int, ...], str]:
    shape = tuple(draw(st.lists(st.integers(1, 4), min_size=1, max_size=4)))
    items = []
    used = 0
    while used < len(shape) and len(items) < 6:
        kind = draw(st.integers(0, 6))
        length = shape[used]
        if kind == 0:
            items.append("None")
            continue
        if kind == 1:
            items.append(str(draw(st.integers(-length, length - 1))))
        elif kind == 2:
            bounds = [draw(st.one_of(st.just(""), st.integers(-5, 5).map(str))) for _ in range(2)]
            step = draw(st.sampled_from(["", ":1", ":2", ":-1", ":-2"]))
            items.append(f"{bounds[0]}:{bounds[1]}{step}")
        elif kind == 3:
            items.append(str(draw(st.lists(st.integers(-length, length - 1), min_size=1, max_size=3))))
        elif kind == 4:
            items.append(str([[draw(st.integers(0, length - 1))], [0]]))
        elif kind == 5:
            items.append(str([draw(st.booleans()) for _ in range(length)]))
        else:
            break
        used += 1
    return shape, ", ".join(items) or ":"


@given(indexes())
def test_every_index_means_what_numpy_means(case: tuple[tuple[int, ...], str]) -> None:
    shape, text = case
    array = np.arange(float(np.prod(shape))).reshape(shape)
    try:
        wanted = eval(f"array[{_as_numpy(text)}]", {"array": array, "np": np})  # noqa: S307 - text made here
    except IndexError:
        error = refused(graph_of(array=array), f"array[{text}]")
        assert error.kind in ("shape", "value", "limit")
        return
    if wanted.ndim > 6:
        return
    np.testing.assert_array_equal(value(graph_of(array=array), f"array[{text}]"), wanted)
    known = Graph()
    known.leaf("array", None, shape)
    assert known.evaluate(parse(f"array[{text}]")).shape == wanted.shape


def _as_numpy(text: str) -> str:
    """NumPy takes a list in a key as an array; say so, so that nested lists mean what they say."""
    made, depth = "", 0
    for char in text:
        if char == "[" and depth == 0:
            made += "np.array("
        depth += (char == "[") - (char == "]")
        made += char
        if char == "]" and depth == 0:
            made += ")"
    return made


def test_max_of_several_reads_as_python_does() -> None:
    graph = graph_of(x=[1.0, -2.0], s=3)
    assert value(graph, "max(1, s, 2)") == 3
    assert value(graph, "min(1.0, 5.0 / norm(x))") == 1
    np.testing.assert_array_equal(value(graph, "maximum(x, 0)"), [1, 0])
    np.testing.assert_array_equal(value(graph, "max(x, 0.5)"), [1, 0.5])
    assert value(graph, "x.max(0)") == 1
    assert value(graph, "max(x, axis=0)") == 1
    assert value(graph, "np.max(x, 0)") == value(graph, "torch.max(x, 0)") == 1
    for text in ("max(x, 0)", "min(x, 1)", "max(x, -1)"):
        assert "?" in refused(graph, text).says


def test_arguments_are_matched_as_python_does_and_errors_show_the_call() -> None:
    graph = graph_of(x=[1.0, 2.0], W=np.ones((2, 3)))
    assert value(graph, "sum(W, 0)").tolist() == [2, 2, 2]
    assert value(graph, "W.sum(axis=-1, keepdims=True)").shape == (2, 1)
    assert value(graph, "W.reshape(x.shape[0], 3)").shape == (2, 3)
    assert value(graph, "zeros(W.shape)").shape == (2, 3)
    assert value(graph, "W.transpose((1, 0))").shape == (3, 2)
    for text, says in {
        "tanh()": "tanh(x)",
        "tanh(x, x)": "tanh(x)",
        "sum(x, axis=0, axis=0)": "twice",
        "tanh(x, axis=0)": "no keyword axis",
        "softmax(x, axis=None)": "None",
        "sum(x, axis=0.5)": "whole",
        "sum(x, axis=1)": "axis 0 only",
        "concat(x)": "concat(a, b)",
        "matrix_power(W, x)": "whole",
        "arange(x)": "one number",
        "where(x > 0)": "where(condition, a, b)",
    }.items():
        assert says in refused(graph, text).says, text
    np.testing.assert_array_equal(value(graph, "zeros(x)"), np.zeros((1, 2)))


def test_a_graph_that_holds_too_much_is_stopped() -> None:
    graph = graph_of(x=np.zeros((300, 300)))
    with pytest.raises(EngineError, match="together"):
        for k in range(300):
            graph.evaluate(parse("x + 1 + 1"), f"y{k}")
