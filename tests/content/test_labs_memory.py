"""The labs on what is learnt, dropped and remembered over time, worked out again in plain NumPy; see test_labs."""

import numpy as np
import pytest

from tests.content.labs import SEEDS, number, opened, option, seen, sigmoid

# chunks


def reached(chunk, window):
    """For 40 losses, which of the ten lags get a gradient: a unit's own backward pass, cut as training cuts it."""
    found = np.zeros((10, 40))
    for t in range(40):
        first = max(0, t - chunk + 1) if window else t - t % chunk
        back = 1.0  # the gradient of the loss at t, on its way back through h[s] = 0.9 * h[s-1] + x[s]
        for s in range(t, first - 1, -1):
            if t - s < 10:
                found[t - s, t] = back != 0
            back *= 0.9
    return found


@pytest.mark.parametrize("chunk", [1, 3, 8, 20])
@pytest.mark.parametrize("window", [False, True])
def test_chunks(chunk, window):
    value = seen(opened("chunks"), chunk=chunk, way="a window at each step" if window else "chunks")
    marks = reached(chunk, window)
    assert value("seen") == pytest.approx(marks[[0, 1, 2, 4, 6, 9]])
    assert value("fraction") == pytest.approx([marks[lag, lag:].mean() for lag in range(10)])
    passes = [min(t + 1, chunk) for t in range(40)] if window else [min(chunk, 40 - s) for s in range(0, 40, chunk)]
    assert value("backward_steps") == sum(passes)
    assert value("updates") == len(passes)


@pytest.mark.parametrize("carried", [True, False])
def test_chunks_echo(carried):
    """What is detached stays in the state: the values of the forward pass are those without chunks."""
    bench = opened("chunks")
    state = 1.0
    for t in range(1, 40):
        state = state * 0.9 if carried or t % 8 else 0.0
    assert seen(bench, way="chunks" if carried else "chunks from state 0")("echo") == pytest.approx(state)


def test_chunks_predictions():
    bench = opened("chunks")
    assert reached(10, False)[9, 9:].mean() < 0.4
    assert option(bench, 0) == "less than 0.4"
    assert option(bench, 1) == "0.9 ** 39, as without chunks"
    assert number(bench, 2) == sum(min(t + 1, 10) for t in range(40)) == 355  # "almost ten times" 40


def test_of_long_chunks_about_so_many_losses_reach_back():
    """What is said of chunks of k steps: about (k - d) / k of the losses reach back d steps."""
    for k, d in [(8, 3), (10, 5), (20, 9)]:
        assert reached(k, False)[d].sum() / 40 == pytest.approx((k - d) / k)


# dropout over time


def dropped(bench, keep, masks, scaled):
    u, h, states = bench.givens["u"], np.zeros(64), []
    for t in range(30):
        numbers = u[0] if masks == 1 else u[t]
        mask = (numbers < keep) * (1 / keep if scaled else 1.0)
        pulse = (1.0 if t == 0 else 0.0) * (((u[0] < keep) / (keep if scaled else 1.0)) if masks == 2 else 1.0)
        h = h * (1.0 if masks == 2 else mask) + pulse
        states.append(h)
    return np.array(states)


@pytest.mark.parametrize("seed", SEEDS)
@pytest.mark.parametrize(("keep", "masks", "scaled"), [(0.9, 0, "no"), (0.5, 1, "yes"), (0.7, 2, "yes"), (1, 0, "yes")])
def test_dropout_over_time(seed, keep, masks, scaled):
    bench = opened("dropout-over-time", seed)
    value = seen(bench, keep=keep, masks=masks, scaled=scaled)
    states = dropped(bench, keep, masks, scaled == "yes")
    assert value("state") == pytest.approx(states[:, :8].T)
    assert value("alive") == pytest.approx((states > 0).mean(axis=1))
    assert value("mean_state") == pytest.approx(states[-1].mean())


@pytest.mark.parametrize("seed", SEEDS)
def test_dropout_over_time_predictions(seed):
    bench = opened("dropout-over-time", seed)
    left = (dropped(bench, 0.9, 0, False)[-1] > 0).mean()
    assert option(bench, 0) == ("above 0.6" if left > 0.6 else "below 0.2" if left < 0.2 else "0.2 to 0.6")
    assert dropped(bench, 0.8, 1, True)[-1].max() == pytest.approx(1.25**29) == pytest.approx(646, rel=1e-3)
    assert option(bench, 1) == "above 100"
    mean = dropped(bench, 0.5, 0, True)[-1].mean()
    assert option(bench, 2) == ("0" if mean == 0 else "above 2" if mean >= 2 else "above 0, and below 2")
    written = dropped(bench, 0.5, 2, True)
    assert (written[-1] == written[0]).all()  # "dropping only what is written loses no memory"


def test_what_is_said_of_dropping_often():
    """0.9 ** 29 is 0.047; a unit is 2 ** 29 with probability 2 ** -29, so that 1 is expected."""
    assert pytest.approx(0.047, abs=5e-4) == 0.9**29
    assert (1 / 0.5) ** 29 * 0.5**29 == 1


# who keeps a bit


def remembered(bench, unit, hold, noise):
    signs = bench.givens["kind_of"]
    h, states, targets, last = 0.0, [], [], 0.0
    for t in range(64):
        event = t % 8 == 2
        pulse = signs[t // 8] if event else 0.0
        last = pulse if event else last
        x = pulse + noise * bench.givens["wobble"][t]
        write = sigmoid(12 * event - hold)
        if unit == "tanh":
            h = np.tanh(hold / 2 * h + 3 * x)
        else:
            keep = {"GRU": 1 - write, "LSTM": sigmoid(hold)}.get(unit, sigmoid(hold - 12 * event))
            h = keep * h + write * np.tanh(3 * x)
        states.append(h)
        targets.append(last)
    return np.array(states), np.array(targets)


@pytest.mark.parametrize("seed", SEEDS)
@pytest.mark.parametrize(
    ("unit", "hold", "noise"), [("tanh", 4, 0.5), ("GRU", 2, 1), ("LSTM", 8, 0), ("LSTM that forgets at a pulse", 6, 2)]
)
def test_gru_or_lstm_memory(seed, unit, hold, noise):
    bench = opened("gru-or-lstm-memory", seed)
    value = seen(bench, unit=unit, hold=hold, noise=noise)
    states, targets = remembered(bench, unit, hold, noise)
    assert value("state") == pytest.approx(states)
    assert value("target") == pytest.approx(targets)
    assert value("right") == pytest.approx((states * targets > 0).sum() / 62)
    assert value("weakest") == pytest.approx((states * targets)[2:].min())


@pytest.mark.parametrize("seed", SEEDS)
def test_gru_or_lstm_memory_predictions(seed):
    bench = opened("gru-or-lstm-memory", seed)

    def right(*setting):
        states, targets = remembered(bench, *setting)
        return (states * targets > 0).sum() / 62

    assert right("tanh", 4, 0) == 1  # two stable states, whatever the pulses are
    assert option(bench, 0) == "it keeps every bit until the next pulse"
    assert option(bench, 1) == ("yes, at every step" if right("LSTM", 8, 0) == 1 else "no, not at every step")
    assert option(bench, 2) == ("above 0.95" if right("tanh", 4, 1) > 0.95 else "below 0.95")
    assert right("GRU", 4, 1) >= right("tanh", 4, 1)  # "choose the GRU and compare"


def test_an_open_cell_counts():
    """After 1, 1, -1 a cell that forgets nothing still is about 1. One that forgets at pulses is -1, as a GRU is."""
    bench = opened("gru-or-lstm-memory")
    assert list(bench.givens["kind_of"][:3]) == [1, 1, -1]
    after = {unit: remembered(bench, unit, 8, 0)[0][20] for unit in ("LSTM", "GRU", "LSTM that forgets at a pulse")}
    assert after["LSTM"] == pytest.approx(1, abs=0.1)
    assert after["GRU"] < -0.9
    assert after["LSTM that forgets at a pulse"] < -0.9


@pytest.mark.parametrize(("weight", "ends"), [(0.9, 1), (1.5, 2), (2.0, 2)])
def test_a_weight_above_1_gives_a_tanh_unit_two_stable_states(weight, ends):
    h = np.linspace(-1, 1, 8)
    for _ in range(3000):
        h = np.tanh(weight * h)
    assert len(set(h.round(6) + 0.0)) == ends


def test_a_large_enough_number_flips_a_tanh_unit():
    def after(x):
        h = np.tanh(2 * 0.9575 + x)
        for _ in range(100):
            h = np.tanh(2 * h)
        return np.sign(h)

    assert (after(-1.0), after(-3.0)) == (1, -1)


# the edge of chaos


def apart(bench, gain, noise, kind, gap):
    A = bench.givens["A"]
    W = gain / np.sqrt(32) * ((A + A.T) / np.sqrt(8) if kind == "symmetric" else A)
    one = np.sin(np.arange(32))
    two = one + gap / np.sqrt(32)
    found = []
    for t in range(70):
        one, two = (np.tanh(W @ h + noise * bench.givens["x"][t]) for h in (one, two))
        found.append(np.linalg.norm(one - two))
    return np.array(found), W


@pytest.mark.parametrize("seed", SEEDS)
@pytest.mark.parametrize(("gain", "noise", "kind"), [(0.8, 0, "random"), (3, 0, "symmetric"), (1.6, 0.5, "random")])
def test_edge_of_chaos(seed, gain, noise, kind):
    bench = opened("edge-of-chaos", seed)
    value = seen(bench, gain=gain, noise=noise, kind=kind)
    distances, _ = apart(bench, gain, noise, kind, 1e-6)
    few = slice(0, 30)  # later, rounding is what grows
    assert value("distance")[few] == pytest.approx(distances[few], rel=1e-3, abs=2e-16)


@pytest.mark.parametrize("seed", SEEDS)
def test_edge_of_chaos_predictions(seed):
    """Where rounding decides, the lab's own run is asked; the rest is run again."""
    bench = opened("edge-of-chaos", seed)
    meet = apart(bench, 3, 0, "symmetric", 1e-6)[0][-1] <= 1e-6
    assert option(bench, 0) == ("closer together" if meet else "further apart than at the start")
    far = seen(bench, gain=4, apart="0.000000001")("at_the_end") > 0.1
    assert option(bench, 1) == ("yes" if far else "no")
    driven, alone = (apart(bench, 2.4, noise, "random", 1e-6)[0][-1] for noise in (3, 0))
    assert option(bench, 2) == ("they are closer together" if driven <= 1e-6 else "they are further apart")
    assert driven < 1e-3 * alone  # inputs calm the same weights


@pytest.mark.parametrize("kind", ["random", "symmetric"])
def test_a_gain_of_1_is_about_a_radius_of_1(kind):
    """As is said of the scale: of many matrices the mean spectral radius is near the gain."""
    radii = [abs(np.linalg.eigvals(apart(opened("edge-of-chaos", s), 1, 0, kind, 1e-6)[1])).max() for s in range(8)]
    assert 0.85 < np.mean(radii) < 1.15


def test_a_thousand_times_closer_is_some_steps_later():
    """A distance grows by about the same factor a step: 0.1 is reached later, by about log(1000) / log(factor)."""
    bench = opened("edge-of-chaos")
    first = [np.flatnonzero(apart(bench, 4, 0, "random", gap)[0] > 0.1)[0] for gap in (1e-3, 1e-6, 1e-9)]
    waits = np.diff(first)
    assert (waits > 5).all()
    assert abs(waits[1] - waits[0]) < 0.6 * waits.mean()


@pytest.mark.parametrize("seed", range(6))
def test_a_symmetric_network_settles_or_flips_between_two_states(seed):
    bench = opened("edge-of-chaos", seed)
    _, W = apart(bench, 3, 0, "symmetric", 1e-6)
    h = np.sin(np.arange(32))
    for _ in range(3000):
        h = np.tanh(W @ h)
    assert np.tanh(W @ np.tanh(W @ h)) == pytest.approx(h, abs=1e-6)
