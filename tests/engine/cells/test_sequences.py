"""Lengths, directions, layers, single sequences, and the edges of float64: what holds for every recurrent cell."""

import math
import re

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from rnn_tutor.engine import cells
from rnn_tutor.engine.errors import EngineError

H = 3
FORMS = {
    "rnn": (1, 1, {"activation": "tanh"}),
    "relu": (1, 1, {"activation": "relu"}),
    "lstm": (4, 1, {}),
    "peepholes": (4, 1, {}),
    "cho": (3, 2, {"blend": "cho", "reset": "before"}),
    "chung": (3, 2, {"blend": "chung", "reset": "before"}),
    "pytorch": (3, 2, {"blend": "cho", "reset": "after"}),
}


def pair(form):
    name = {"relu": "rnn", "peepholes": "lstm", "cho": "gru", "chung": "gru", "pytorch": "gru"}.get(form, form)
    return getattr(cells, name), getattr(cells, name + "_backward")


def parameters(form, inputs=2, seed=0, scale=1.0):
    gates, biases, _ = FORMS[form]
    rng = np.random.default_rng(seed)
    shapes = [(gates * H, inputs), (gates * H, H), *[(gates * H,)] * biases]
    if form == "peepholes":
        shapes.append((3, H))
    return [rng.normal(size=shape) * scale for shape in shapes]


def close(a, b):
    np.testing.assert_allclose(a, b, rtol=0, atol=1e-12)


@pytest.mark.parametrize("form", FORMS)
@given(data=st.data())
def test_a_padded_batch_is_its_sequences_one_by_one(form, data):
    """Values and gradients; padding may hold anything, NaN too. Length 0 gives back the start."""
    T = data.draw(st.integers(0, 6))
    lengths = data.draw(st.lists(st.integers(0, T), min_size=1, max_size=3))
    B, seed = len(lengths), data.draw(st.integers(0, 1000))
    rng = np.random.default_rng(seed)
    x, h0 = rng.normal(size=(B, T, 2)), rng.normal(size=(B, H))
    dh, dh_last = rng.normal(size=(B, T, H)), rng.normal(size=(B, H))
    for b, length in enumerate(lengths):
        x[b, length:] = np.nan
    forwards, backwards = pair(form)
    weights, options = parameters(form, seed=seed), FORMS[form][2]
    run = forwards(x, *weights, h0=h0, lengths=lengths, **options)
    grads = backwards(run, dh, dh_last)
    totals = [np.zeros_like(one) for one in weights]
    for b, n in enumerate(lengths):
        alone = forwards(x[b, :n], *weights, h0=h0[b], **options)
        close(run.h[b, :n], alone.h)
        close(run.h[b, n:], 0)
        close(run.h_last[b], alone.h[n - 1] if n else h0[b])
        close(alone.h_last, run.h_last[b])
        back = backwards(alone, dh[b, :n], dh_last[b])
        close(grads.x[b, :n], back.x)
        close(grads.x[b, n:], 0)
        close(grads.h0[b], back.h0)
        totals = [total + part for total, part in zip(totals, back.parameters, strict=True)]
    for mine, total in zip(grads.parameters, totals, strict=True):
        close(mine, total)


def test_lstm_states_of_a_padded_batch():
    rng = np.random.default_rng(1)
    x, c0, dc, dc_last = (rng.normal(size=s) for s in ((2, 4, 2), (2, H), (2, 4, H), (2, H)))
    weights = parameters("lstm")
    run = cells.lstm(x, *weights, c0=c0, lengths=[3, 0])
    close(run.c_last, [run.c[0, 2], c0[1]])
    close(run.c[0, 3], 0)
    close(run.c[1], 0)
    grads = cells.lstm_backward(run, dc=dc, dc_last=dc_last)
    alone = cells.lstm(x[0, :3], *weights, c0=c0[0])
    close(grads.c0[0], cells.lstm_backward(alone, dc=dc[0, :3], dc_last=dc_last[0]).c0)
    close(grads.c0[1], dc_last[1])


def test_gates_are_those_of_the_formulas():
    x = np.random.default_rng(2).normal(size=(4, 2))
    W_xh, W_hh, b = parameters("lstm")
    run = cells.lstm(x, W_xh, W_hh, b)
    before = np.concatenate((np.zeros((1, H)), run.h[:-1]))
    a = x @ W_xh.T + before @ W_hh.T + b
    for k, name in enumerate("ifgo"):
        part = a[:, k * H : (k + 1) * H]
        close(run.gate(name), np.tanh(part) if name == "g" else 1 / (1 + np.exp(-part)))
    gru = cells.gru(x, *parameters("chung"), **FORMS["chung"][2])
    before = np.concatenate((np.zeros((1, H)), gru.h[:-1]))
    z = gru.gate("z")
    close(gru.h, (1 - z) * before + z * gru.gate("n"))
    assert gru.gate("r").shape == (4, H)


def test_reverse_keeps_padding_where_it_is():
    x = np.arange(8.0).reshape(2, 4, 1)
    assert cells.reverse(x, [3, 1])[..., 0].tolist() == [[2, 1, 0, 3], [4, 5, 6, 7]]
    assert cells.reverse(x)[..., 0].tolist() == [[3, 2, 1, 0], [7, 6, 5, 4]]
    assert cells.reverse(x[0], 2)[:, 0].tolist() == cells.reverse(x[0], [2])[:, 0].tolist() == [1, 0, 2, 3]
    assert cells.length_mask([3, 1], 4).tolist() == [[True, True, True, False], [True, False, False, False]]


def test_a_stack_is_its_layers_one_after_the_other():
    x = np.random.default_rng(3).normal(size=(2, 4, 2))
    below, above = parameters("lstm"), parameters("lstm", inputs=H, seed=1)
    run = cells.stack("lstm", x, [[below], [above]], lengths=[4, 2])
    first = cells.lstm(x, *below, lengths=[4, 2])
    second = cells.lstm(first.h, *above, lengths=[4, 2])
    close(run.h, second.h)
    close(run.h_last, [first.h_last, second.h_last])
    close(run.c_last, [first.c_last, second.c_last])


@pytest.mark.parametrize("form", FORMS)
@pytest.mark.parametrize("size", [800.0, 1e5, 1e140])
def test_saturated_gates_give_no_warning_and_no_nan(form, size):
    """Warnings are errors here. Pre-activations of both signs, `size` and more."""
    forwards, backwards = pair(form)
    gates, biases, options = FORMS[form]
    signs = np.where(np.arange(gates * H) % 2, -1.0, 1.0)
    W_xh, W_hh = signs[:, None] * np.ones((gates * H, 2)), np.zeros((gates * H, H))
    extra = [np.ones((3, H))] if form == "peepholes" else []
    x = np.where(np.arange(12).reshape(6, 2) % 4, size, -size)
    run = forwards(x, W_xh, W_hh, *[signs * size] * biases, *extra, **options)
    grads = backwards(run, np.ones((6, H)))
    for value in (run.h, grads.x, grads.h0, *grads.parameters):
        assert np.isfinite(value).all()
    if form != "relu":
        assert np.abs(run.h).max() <= 1


def test_a_closed_forget_gate_forgets_and_an_open_one_keeps():
    """i shut, g anything, o open: c is f * c0 with f exactly 0 or exactly 1."""
    for f, kept in ((-800.0, 0.0), (800.0, 1.0)):
        b = np.array([-800.0, f, 3.0, 800.0])
        run = cells.lstm(np.zeros((2, 1)), np.zeros((4, 1)), np.zeros((4, 1)), b, c0=[0.7])
        assert run.c[:, 0].tolist() == [0.7 * kept] * 2
        assert cells.lstm_backward(run, dc_last=[1.0]).c0.tolist() == [kept]


@pytest.mark.parametrize("form", FORMS)
def test_what_cannot_fit_float64_is_refused_in_words(form):
    forwards, backwards = pair(form)
    weights, options = parameters(form), FORMS[form][2]
    with pytest.raises(EngineError, match="W_xh @ x \\+ b grows beyond") as caught:
        forwards(np.full((2, 2), 1e200), weights[0] * 1e200, *weights[1:], **options)
    assert caught.value.kind == "value"
    for bad in (np.nan, np.inf):
        with pytest.raises(EngineError, match="x holds a value that is not finite"):
            forwards([[1.0, bad]], *weights, **options)
        with pytest.raises(EngineError, match="h0 holds a value that is not finite"):
            forwards([[1.0, 2.0]], *weights, h0=[0, 0, bad], **options)
    with pytest.raises(EngineError, match="h0 grows beyond"):
        forwards([[1.0, 2.0]], weights[0], 0 * weights[1], *weights[2:], h0=[0, 0, 1e308], **options)
    with pytest.raises(EngineError, match="A gradient grows beyond"):
        backwards(forwards([[1.0, 2.0]], *weights, h0=[1.0, 1.0, 1.0], **options), dh_last=[1.7e308] * 3)


def test_peepholes_that_cannot_fit_float64_are_refused_in_words():
    for weight, c0 in ((1e200, 1e200), (1e305, 0.0)):
        with pytest.raises(EngineError, match=r"peepholes \* c grows beyond"):
            cells.lstm([[1.0]], *map(np.zeros, ((4, 1), (4, 1), 4)), np.full((3, 1), weight), c0=[c0])
    with pytest.raises(EngineError, match="c0 holds a value that is not finite"):
        cells.lstm([[1.0]], *map(np.zeros, ((4, 1), (4, 1), 4)), c0=[np.nan])


def test_an_exploding_relu_network_is_refused_in_words():
    x, W = np.ones((400, 1)), np.full((1, 1), 10.0)
    with pytest.raises(EngineError, match="The hidden state grows beyond"):
        cells.rnn(x, W, W, activation="relu")
    with pytest.raises(EngineError, match="A gradient grows beyond"):
        cells.rnn_backward(cells.rnn(x[:200], W, W, activation="relu"), np.full((200, 1), 1e150))


ones = np.ones


@pytest.mark.parametrize(
    ("call", "words"),
    [
        (
            lambda: cells.lstm(ones((3, 2)), ones((8, 5)), ones((8, 2))),
            "W_xh is (8, 5); it must be (4H, I) = (8, 2).",
        ),
        (
            lambda: cells.lstm(ones((3, 2)), ones((8, 2)), ones((6, 2))),
            "W_hh is (6, 2); it must be (4H, H) = (8, 2).",
        ),
        (lambda: cells.rnn(ones(3), ones((2, 3)), np.eye(2)), "x is (3); it must be (T, I), or (B, T, I) for a batch."),
        (lambda: cells.rnn(ones((1, 3)), ones((2, 3)), np.eye(2), [1.0]), "b is (1); it must be (H) = (2)."),
        (lambda: cells.rnn(ones((1, 3)), ones((2, 3)), 2.0), "W_hh is scalar; it must be (H, H) = (0, 0)."),
        (
            lambda: cells.rnn(ones((2, 4, 3)), ones((2, 3)), np.eye(2), lengths=[1]),
            "lengths has 1 entries for 2 sequences.",
        ),
        (
            lambda: cells.rnn(ones((1, 4, 3)), ones((2, 3)), np.eye(2), lengths=[5]),
            "lengths must hold numbers from 0 to 4.",
        ),
        (
            lambda: cells.rnn(ones((1, 4, 3)), ones((2, 3)), np.eye(2), lengths=[1.5]),
            "lengths must hold whole numbers.",
        ),
        (
            lambda: cells.gru(ones((1, 3)), ones((6, 3)), ones((6, 2)), blend="new", reset="after"),
            "A GRU needs the blend cho or chung",
        ),
        (lambda: cells.stack("lstn", ones((1, 3)), []), "'lstn' is not a cell; use rnn, lstm or gru."),
        (lambda: cells.stack("rnn", ones((1, 3)), []), "All layers must have the same number of directions."),
        (
            lambda: cells.stack("rnn", ones((1, 3)), [[(ones((2, 3)), np.eye(2))]], h0=ones(2)),
            "h0 needs one state for each layer and direction: 1 in all.",
        ),
        (
            lambda: cells.rnn_backward(cells.rnn(ones((1, 3)), ones((2, 3)), np.eye(2)), ones(2)),
            "dh is (2); it must be (T, H) = (1, 2).",
        ),
    ],
)
def test_sizes_that_do_not_fit_are_told_in_words(call, words):
    with pytest.raises(EngineError, match=re.escape(words)):
        call()


def test_arguments_stay_as_they_were_and_results_are_read_only():
    x, h0, dh = np.ones((2, 3, 2)), np.ones((2, H)), np.ones((2, 3, H))
    weights = parameters("lstm")
    copies = [one.copy() for one in (x, h0, dh, *weights)]
    run = cells.lstm(x, *weights, h0=h0)
    first = cells.lstm_backward(run, dh)
    second = cells.lstm_backward(run, dh)
    for now, then in zip((x, h0, dh, *weights), copies, strict=True):
        assert np.array_equal(now, then)
    for a, b in zip(first.parameters, second.parameters, strict=True):
        assert np.array_equal(a, b)  # going backwards does not use the run up
    with pytest.raises(ValueError, match="read-only"):
        run.h[0, 0, 0] = 1.0


@pytest.mark.parametrize("cell", ["rnn", "lstm", "gru"])
@pytest.mark.parametrize(("value", "named"), [(math.nan, "NaN"), (math.inf, "inf")])
def test_a_gradient_from_outside_that_is_not_finite_has_not_grown(cell, value, named):
    gates = {"rnn": 1, "lstm": 4, "gru": 3}[cell]
    form = {"blend": "cho", "reset": "after"} if cell == "gru" else {}
    run = getattr(cells, cell)(np.ones((2, 1)), np.ones((gates, 1)), np.ones((gates, 1)), **form)
    back = getattr(cells, f"{cell}_backward")
    with pytest.raises(EngineError, match=f"dh holds a value that is not finite: {named}"):
        back(run, [[1.0], [value]])
    with pytest.raises(EngineError, match=f"dh holds a value that is not finite: {named}"):
        back(run, dh_last=[value])
