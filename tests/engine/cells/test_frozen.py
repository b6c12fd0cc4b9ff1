"""The cells against PyTorch in float64, values and gradients: frozen ones always, live ones where it is installed."""

import importlib.util
from math import inf
from pathlib import Path

import numpy as np
import pytest

from rnn_tutor.engine import cells
from rnn_tutor.engine.cells.weights import from_pytorch

spec = importlib.util.spec_from_file_location("make_cells", Path(__file__).with_name("frozen") / "make_cells.py")
make_cells = importlib.util.module_from_spec(spec)
spec.loader.exec_module(make_cells)
FROZEN, _ = make_cells.load()


def recurrent(about, a):
    forms = {"rnn": {"activation": about["form"]}, "gru": {"blend": "cho", "reset": "after"}, "lstm": {}}
    cell, suffixes = about["cell"], ("", "_reverse")[: about["directions"]]
    names = [[f"_l{layer}{suffix}" for suffix in suffixes] for layer in range(about["layers"])]
    kinds = ("weight_ih", "weight_hh", "bias_ih", "bias_hh")
    layers = [[from_pytorch(cell, *(a[k + at] for k in kinds)).parameters for at in layer] for layer in names]
    starts = {name: a[name] for name in ("h0", "c0") if name in a}
    run = cells.stack(cell, a["x"], layers, lengths=about["lengths"], **starts, **forms[cell])
    last = {name: a[name] for name in ("dh_last", "dc_last") if name in a}
    grads = cells.stack_backward(run, a["dh"], **last)
    found = {"=h": run.h, "=h_last": run.h_last, "=grad x": grads.x}
    if cell == "lstm":
        found["=c_last"] = run.c_last
    found |= {f"=grad {name}": getattr(grads, name) for name in starts}
    for at_layer, layer in zip(names, grads.layers, strict=True):
        for at, (dW_xh, dW_hh, *db) in zip(at_layer, layer, strict=True):
            # One bias of ours is the sum of PyTorch's two, each of which then has its gradient.
            for kind, value in zip(kinds, (dW_xh, dW_hh, db[0], db[-1]), strict=True):
                found[f"=grad {kind}{at}"] = value
    return found


def softmax(about, a):
    axis = about.get("axis", -1)
    y = getattr(cells, about["kind"])(a["x"], axis)
    return {"=y": y, "=grad x": getattr(cells, about["kind"] + "_backward")(y, a["dy"], axis)}


def cross_entropy(about, a):
    targets = np.array(about["targets"])
    run = cells.cross_entropy(a["x"], targets, targets >= 0)
    dx = cells.cross_entropy_backward(run, 1.0, a["deach"])
    return {"=loss": run.loss, "=each": run.each, "=perplexity": cells.perplexity(run.loss), "=grad x": dx}


def layer_norm(about, a):
    run = cells.layer_norm(a["x"], a["gain"], a["bias"])
    dx, dgain, dbias = cells.layer_norm_backward(run, a["dy"])
    return {"=y": run.y, "=grad x": dx, "=grad gain": dgain, "=grad bias": dbias}


def dot(about, a):
    run = cells.dot_attention(a["q"], a["k"], a["v"], about["mask"])
    grads = cells.dot_attention_backward(run, a["dcontext"])
    return {"=context": run.context, "=grad q": grads.queries, "=grad k": grads.keys, "=grad v": grads.values}


def additive(about, a):
    run = cells.additive_attention(a["q"], a["k"], a["v"], a["W_q"], a["W_k"], a["w"], about["mask"])
    grads = cells.additive_attention_backward(run, a["dcontext"])
    found = {"=context": run.context, "=grad q": grads.queries, "=grad k": grads.keys, "=grad v": grads.values}
    return found | {"=grad W_q": grads.W_q, "=grad W_k": grads.W_k, "=grad w": grads.v}


def clip_norm(about, a):
    order = inf if about["order"] == "inf" else about["order"]
    (first, second), total = cells.clip_by_global_norm((a["a"], a["b"]), about["limit"], order, cells.PYTORCH_EPS)
    return {"=total": total, "=grad a": first, "=grad b": second}


def clip_value(about, a):
    return {"=grad a": cells.clip_by_value(a["a"], about["limit"])}


OURS = {"recurrent": recurrent, "softmax": softmax, "log_softmax": softmax, "cross_entropy": cross_entropy} | {
    function.__name__: function for function in (layer_norm, dot, additive, clip_norm, clip_value)
}


def compare(about, arrays):
    given = {name: value for name, value in arrays.items() if not name.startswith("=")}
    expected = {name: value for name, value in arrays.items() if name.startswith("=")}
    found = OURS[about["kind"]](about, given)
    assert set(found) == set(expected)
    for name, value in expected.items():
        assert np.shape(found[name]) == value.shape, name
        np.testing.assert_allclose(found[name], value, rtol=0, atol=1e-10, err_msg=name)


@pytest.mark.parametrize("name", FROZEN)
def test_equals_the_frozen_values(name):
    compare(*FROZEN[name])


def test_the_frozen_cases_are_those_that_the_script_makes_and_cover_what_they_should():
    made = dict(make_cells.cases())
    assert {name: about for name, (about, _) in FROZEN.items()} == made
    recurrent = [about for about in made.values() if about["kind"] == "recurrent"]
    assert {about["T"] for about in recurrent} == set(range(1, 13))
    assert {about["B"] for about in recurrent} == {None, 1, 2, 3}
    assert make_cells.FILE.stat().st_size < 500_000


@pytest.mark.slow
@pytest.mark.filterwarnings("ignore")  # what torch says while it is imported is not ours to mend
def test_equals_torch_itself_where_it_is_installed():
    pytest.importorskip("torch", reason="PyTorch is no dependency; where it is installed it is asked directly")
    for number, (_, about) in enumerate(make_cells.cases()):
        arrays = make_cells.given(10_000 + number, about)  # other numbers than the frozen ones
        compare(about, arrays | make_cells.answers(about, arrays))
