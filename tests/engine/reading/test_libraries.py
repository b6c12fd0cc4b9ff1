"""What NumPy and PyTorch mean differently by one name: settled by what says which, by what is possible, or asked.

PyTorch's meaning is written here in NumPy, from its documentation.
"""

import numpy as np
import pytest

from rnn_tutor.engine.errors import EngineError
from rnn_tutor.engine.graph.evaluate import Graph
from rnn_tutor.engine.programs.interpreter import run_program
from rnn_tutor.engine.reading.language import parse

RNG = np.random.default_rng(3)
M, C, v, w = (RNG.normal(size=shape) for shape in ((2, 3), (2, 3, 4), (3,), (3,)))
GIVENS = {"M": M, "C": C, "v": v, "w": w, "s": np.array(0.5)}

MEANT = {
    "M.transpose(0, 1)": M.T,
    "M.transpose(1, 0)": M.T,
    "M.transpose(-2, -1)": M.T,
    "transpose(M, 0, 1)": M.T,
    "torch.transpose(M, 0, 1)": M.T,
    "torch.transpose(input=M, dim0=0, dim1=1)": M.T,
    "np.transpose(M)": M.T,
    "np.transpose(M, (0, 1))": M,
    "np.transpose(M, 1, 0)": M.T,
    "M.transpose((0, 1))": M,
    "np.transpose(M, 0, 1)": None,
    "C.transpose(0, 1)": C.swapaxes(0, 1),
    "C.transpose(1, 2)": C.swapaxes(1, 2),
    "torch.transpose(C, 0, 2)": C.swapaxes(0, 2),
    "C.transpose(2, 0, 1)": C.transpose(2, 0, 1),
    "np.transpose(C, (2, 0, 1))": C.transpose(2, 0, 1),
    "v.transpose(0, 1)": None,
    "std(v)": np.std(v),
    "np.std(M, axis=0)": np.std(M, axis=0),
    "np.std(v, ddof=1)": np.std(v, ddof=1),
    "np.var(M, axis=1, ddof=1, keepdims=True)": np.var(M, axis=1, ddof=1, keepdims=True),
    "torch.std(v)": np.std(v, ddof=1),
    "torch.std(M, 0)": np.std(M, axis=0, ddof=1),
    "torch.var(M, dim=1, keepdim=True)": np.var(M, axis=1, ddof=1, keepdims=True),
    "torch.var(v, unbiased=False)": np.var(v),
    "torch.var(v, False)": np.var(v),
    "torch.std(v, correction=0)": np.std(v),
    "v.std(dim=0)": np.std(v, ddof=1),
    "v.std(axis=0)": np.std(v),
    "v.std(unbiased=True)": np.std(v, ddof=1),
    "v.std(ddof=0)": np.std(v),
    "v.std()": None,
    "M.var()": None,
    "(0 * v).std()": np.array(0.0),
    "std(s, ddof=1)": None,
    "repeat(v, 2)": np.repeat(v, 2),
    "np.repeat(M, 2)": np.repeat(M, 2),
    "M.repeat(2, axis=0)": np.repeat(M, 2, axis=0),
    "v.repeat(2, 1)": np.tile(v, (2, 1)),
    "M.repeat(1, 2, 2)": np.tile(M, (1, 2, 2)),
    "C.repeat(2, 0)": np.repeat(C, 2, 0),
    "s.repeat(3)": np.repeat(0.5, 3),
    "v.repeat(2)": None,
    "M.repeat(2, 1)": None,
    "v.repeat(1)": v,
    "torch.norm(M)": np.linalg.norm(M),
    "torch.norm(M, 1)": np.abs(M).sum(),
    "torch.norm(M, inf)": np.abs(M).max(),
    "torch.norm(M, 1, dim=0)": np.abs(M).sum(axis=0),
    "torch.linalg.norm(M, 1)": np.linalg.norm(M, 1),
    "np.linalg.norm(M, 1)": np.linalg.norm(M, 1),
    "norm(M, 2)": np.linalg.norm(M, 2),
    "M.norm(2)": np.linalg.norm(M),
    "M.norm()": np.linalg.norm(M),
    "np.max(M, 1)": M.max(1),
    "np.min(M, -1)": M.min(-1),
    "torch.max(M, 1)[0]": M.max(1),
    "torch.max(M, 1)[1]": M.argmax(1),
    "torch.min(M, dim=0).indices": M.argmin(0),
    "torch.max(M, 1).values": M.max(1),
    "M.min(1).values": M.min(1),
    "torch.max(v, w)": np.maximum(v, w),
    "np.max(M, axis=1)[0]": M.max(1)[0],
    "max(M, axis=1)[1]": M.max(1)[1],
    "M.max(1)": M.max(1),
    "M.max(1)[0]": None,
    "M.min(0)[1]": None,
    "max(M, 1)": None,
    "M.size": np.array(6.0),
    "M.size()": np.array([2.0, 3.0]),
    "M.size(-1)": np.array(3.0),
    "M.dim()": np.array(2.0),
    "M.numel()": np.array(6.0),
    "np.size(M)": np.array(6.0),
    "torch.softmax(M, dim=0)": np.exp(M) / np.exp(M).sum(axis=0),
    "torch.flip(M, [0])": M[::-1],
    "np.flip(M)": M[::-1, ::-1],
    "torch.tile(v, (2,))": np.tile(v, 2),
    "torch.cat([v, w], dim=0)": np.concatenate([v, w]),
    "torch.stack([v, w], dim=1)": np.stack([v, w], axis=1),
    "torch.cumsum(M, dim=1)": np.cumsum(M, axis=1),
    "round(2.5)": np.array(2.0),
    "M.t()": M.T,
    "torch.t(M)": M.T,
    "M.permute(1, 0)": M.T,
    "C.permute(2, 0, 1)": np.transpose(C, (2, 0, 1)),
    "C.permute((2, 0, 1)).sum(dim=2)": np.transpose(C, (2, 0, 1)).sum(axis=2),
    "torch.permute(C, (1, 0, 2))": np.transpose(C, (1, 0, 2)),
    "torch.permute(C, dims=(1, 0, 2))": np.transpose(C, (1, 0, 2)),
    "C.transpose(dim0=0, dim1=2)": np.swapaxes(C, 0, 2),
    "torch.transpose(C, 0, dim1=2)": np.swapaxes(C, 0, 2),
    "torch.flip(M, dims=(0,))": M[::-1],
    "M.permute()": None,
    "M.t(1)": None,
    "M.transpose(dim0=0)": None,
    "torch.round(v, decimals=1)": np.round(v, 1),
}


def in_an_answer(text):
    graph = Graph()
    for name, value in GIVENS.items():
        graph.leaf(name, value)
    scope = graph.scope(graph.names)
    return scope.evaluate(parse(text, loose=True)).number, scope.remarks


@pytest.mark.parametrize("text", MEANT)
def test_a_name_means_what_its_library_means(text):
    wanted = MEANT[text]
    if wanted is None:
        for run in (in_an_answer, lambda one: run_program(f"y = {one}", GIVENS, answer="y")):
            with pytest.raises(EngineError):
                run(text)
        return
    value, _ = in_an_answer(text)
    assert value.shape == np.shape(wanted)
    np.testing.assert_allclose(value, wanted, rtol=1e-12)
    np.testing.assert_allclose(run_program(f"y = {text}", GIVENS, answer="y").value, wanted, rtol=1e-12)


@pytest.mark.parametrize(
    ("text", "both"),
    [
        ("v.std()", ("n in NumPy", "n - 1 in PyTorch", "ddof=1")),
        ("v.repeat(2)", ("repeat(x, 2)", "tile(x, 2)")),
        ("M.repeat(2, 1)", ("repeat(x, 2, axis=1)", "tile(x, 2, 1)")),
        ("M.max(1)[0]", ("max(x, axis=1)[0]", "max(x, axis=1) for the second")),
        ("M.max(1)[1]", ("max(x, axis=1)[1]", "argmax(x, axis=1)")),
        ("np.transpose(M, 0, 1)", ("(1, 0)", "swapaxes(x, 0, 1)")),
    ],
)
def test_what_nothing_settles_is_asked_with_both_ways_to_write_it(text, both):
    with pytest.raises(EngineError) as caught:
        in_an_answer(text)
    assert caught.value.kind == "notation"
    assert all(one in caught.value.says for one in both), caught.value.says


def test_how_it_was_read_is_kept_for_the_echo():
    assert in_an_answer("M.transpose(0, 1)")[1] == ["transpose(0, 1) as PyTorch means it: two axes swapped"]
    assert in_an_answer("C.transpose(1, 2)")[1] == ["transpose(1, 2) as PyTorch means it: two axes swapped"]
    assert in_an_answer("v.repeat(2, 1)")[1] == ["repeat(2, 1) as PyTorch means it: the whole array again"]
    for text in ("M.transpose(1, 0)", "np.transpose(M)", "M.T", "C.transpose(2, 0, 1)", "M.transpose((0, 1))"):
        assert in_an_answer(text)[1] == []


def test_an_author_s_file_is_not_asked():
    """What an author wrote stays what it was: NumPy's meaning, which the documentation states."""
    graph = Graph()
    graph.leaf("v", v)
    assert graph.evaluate(parse("v.std()")).number == np.std(v)
    np.testing.assert_array_equal(graph.evaluate(parse("v.repeat(2)")).number, np.repeat(v, 2))


@pytest.mark.parametrize("order", [1, 2, "inf"])
@pytest.mark.parametrize("axis", [(0, 1), (1, 0), (0, 2), (-1, -2)])
def test_a_norm_over_two_axes_is_that_of_matrices(order, axis):
    value, _ = in_an_answer(f"norm(C, {order}, axis={axis})")
    np.testing.assert_allclose(value, np.linalg.norm(C, np.inf if order == "inf" else order, axis=axis))


def test_f_is_pytorch_s_functional_and_may_be_a_matrix_too():
    graph = Graph()
    F = RNG.normal(size=(3, 3))
    for name, value in {"F": F, "v": v}.items():
        graph.leaf(name, value)
    scope = graph.scope(graph.names)
    for text, wanted in {
        "F @ v": F @ v,
        "F.T @ v": F.T @ v,
        "F.sum(axis=0)": F.sum(axis=0),
        "F.relu()": np.maximum(F, 0),
        "F.softmax(dim=0)": np.exp(F) / np.exp(F).sum(axis=0),
        "F.softmax(v, dim=0)": np.exp(v) / np.exp(v).sum(),
        "F.relu(F)": np.maximum(F, 0),
        "F.linear(v, F)": v @ F.T,
    }.items():
        np.testing.assert_allclose(scope.evaluate(parse(text, loose=True, names=scope.names)).number, wanted)


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("x.permute()", "Write x.permute(dims...)."),
        ("torch.gather(M, 1)", "Write gather(input, dim, index)."),
        ("M.softmax(axes=1)", "axes= is not part of the language"),
        ("F.linear(v)", "Write linear(input, weight)."),
        ("M.astype(v)", ".astype(float)"),
        ("np.einsum('ijkl->i', M)", "no function einsum"),
    ],
)
def test_a_call_that_fits_no_row_says_how_it_is_written(text, says):
    with pytest.raises(EngineError) as caught:
        in_an_answer(text)
    assert says in caught.value.says, caught.value.says
