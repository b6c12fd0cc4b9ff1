import numpy as np
import pytest

from rnn_tutor.engine import cells
from rnn_tutor.engine.cells import weights
from rnn_tutor.engine.cells.weights import Weights, flip_update_gate, reorder
from rnn_tutor.engine.errors import EngineError

H, INPUTS = 2, 3


def sample(cell, peepholes=False):
    gates = {"rnn": 1, "lstm": 4, "gru": 3}[cell]
    rng = np.random.default_rng(0)
    W_xh, W_hh, b = (rng.normal(size=s) for s in ((gates * H, INPUTS), (gates * H, H), (gates * H,)))
    b_hh = rng.normal(size=gates * H) if cell == "gru" else None
    return Weights(W_xh, W_hh, b, b_hh, rng.normal(size=(3, H)) if peepholes else None)


def same(one, other):
    for field in ("W_xh", "W_hh", "b_xh", "b_hh", "peepholes"):
        a, b = getattr(one, field), getattr(other, field)
        assert (a is None) == (b is None), field
        if a is not None:
            assert np.array_equal(a, b), field


def test_the_orders_letter_by_letter():
    lstm = np.array([["i1", "i2"], ["f1", "f2"], ["g1", "g2"], ["o1", "o2"]])
    numbers = np.arange(8.0)
    names = dict(zip(numbers, lstm.ravel(), strict=True))
    as_keras = [names[n] for n in reorder(numbers, "lstm", "pytorch", "keras")]
    as_onnx = [names[n] for n in reorder(numbers, "lstm", "pytorch", "onnx")]
    assert as_keras == ["i1", "i2", "f1", "f2", "g1", "g2", "o1", "o2"]
    assert as_onnx == ["i1", "i2", "o1", "o2", "f1", "f2", "g1", "g2"]
    assert reorder(np.arange(6.0), "gru", "pytorch", "keras").tolist() == [2, 3, 0, 1, 4, 5]
    assert reorder(np.arange(6.0), "gru", "onnx", "pytorch").tolist() == [2, 3, 0, 1, 4, 5]
    assert reorder([[0.0, 1.0, 2.0]], "gru", "keras", "onnx", axis=-1).tolist() == [[0, 1, 2]]


@pytest.mark.parametrize("cell", ["rnn", "lstm", "gru"])
def test_there_and_back(cell):
    original = sample(cell)
    same(weights.from_pytorch(cell, *weights.to_pytorch(cell, original)), original)
    same(weights.from_keras(cell, *weights.to_keras(cell, original)), original)
    W, R, B, P = weights.to_onnx(cell, original)
    assert P is None
    same(weights.from_onnx(cell, W, R, B), original)


def test_there_and_back_with_peepholes():
    original = sample("lstm", peepholes=True)
    *_, P = weights.to_onnx("lstm", original)
    i, f, o = original.peepholes
    assert np.array_equal(P, [np.concatenate((i, o, f))])
    same(weights.from_onnx("lstm", *weights.to_onnx("lstm", original)), original)


def test_layouts_of_the_libraries():
    lstm, gru = sample("lstm"), sample("gru")
    assert [one.shape for one in weights.to_keras("lstm", lstm)] == [(INPUTS, 4 * H), (H, 4 * H), (4 * H,)]
    assert [one.shape for one in weights.to_keras("gru", gru)] == [(INPUTS, 3 * H), (H, 3 * H), (2, 3 * H)]
    assert weights.to_keras("gru", gru, reset_after=False)[2].shape == (3 * H,)
    shapes = [one.shape for one in weights.to_onnx("gru", gru)[:3]]
    assert shapes == [(1, 3 * H, INPUTS), (1, 3 * H, H), (1, 6 * H)]


def test_a_keras_cell_written_out_equals_ours():
    """The step of Keras' documentation of GRU with reset_after=False: z, r, h in columns, x @ kernel."""
    rng = np.random.default_rng(1)
    kernel, recurrent, bias = (rng.normal(size=s) for s in ((INPUTS, 3 * H), (H, 3 * H), (3 * H,)))
    x, h = rng.normal(size=(4, INPUTS)), np.zeros(H)
    run = cells.gru(x, *weights.from_keras("gru", kernel, recurrent, bias).parameters, blend="cho", reset="before")
    for t in range(4):
        a = x[t] @ kernel + bias
        z = 1 / (1 + np.exp(-(a[:H] + h @ recurrent[:, :H])))
        r = 1 / (1 + np.exp(-(a[H : 2 * H] + h @ recurrent[:, H : 2 * H])))
        new = np.tanh(a[2 * H :] + (r * h) @ recurrent[:, 2 * H :])
        h = z * h + (1 - z) * new
        np.testing.assert_allclose(run.h[t], h, atol=1e-14)


@pytest.mark.parametrize("reset", ["before", "after"])
def test_the_blends_turn_into_each_other_by_the_sign_of_z(reset):
    given = sample("gru").parameters
    x = np.random.default_rng(2).normal(size=(5, INPUTS))
    cho = cells.gru(x, *given, blend="cho", reset=reset)
    chung = cells.gru(x, *map(flip_update_gate, given), blend="chung", reset=reset)
    np.testing.assert_allclose(cho.h, chung.h, atol=1e-14)
    assert np.array_equal(flip_update_gate(flip_update_gate(given[0])), given[0])


def test_what_does_not_convert_is_told_in_words():
    with pytest.raises(EngineError, match="No such cell or library: lstm, pytorch, jax"):
        reorder(np.ones(4), "lstm", "pytorch", "jax")
    with pytest.raises(EngineError, match=r"\(5\) does not divide into 4 gates"):
        reorder(np.ones(5), "lstm", "pytorch", "onnx")
    for to in (weights.to_pytorch, weights.to_keras):
        with pytest.raises(EngineError, match="LSTM has no peepholes"):
            to("lstm", sample("lstm", peepholes=True))
