"""The labs on gradients and states over time, worked out again in plain NumPy; see test_labs."""

import numpy as np
import pytest

from tests.content.labs import SEEDS, by_difference, number, opened, option, seen

# a gradient on its way back


def journey(bench, scale, T, noise, tanh):
    """Sizes of the gradient of the last state's sum / sqrt(6), by running on from each pushed state."""
    W, x = scale * bench.givens["Q"], noise * bench.givens["x"]

    def last(at, push):
        h = np.full(6, 0.1)
        for t in range(T):
            h = W @ h + x[t]
            h = np.tanh(h) if tanh else h
            h = h + push if t == at else h
        return h.sum() / np.sqrt(6)

    return np.array([np.linalg.norm(by_difference(last, t, 6)) for t in (0, T // 2, T - 1)])


@pytest.mark.parametrize("seed", SEEDS)
@pytest.mark.parametrize(("scale", "T", "noise"), [(1.0, 30, 0.3), (0.8, 20, 0.6), (1.2, 15, 0.0)])
def test_gradient_journey(seed, scale, T, noise):
    bench = opened("gradient-journey", seed)
    value = seen(bench, scale=scale, T=T, noise=noise)
    for name, tanh in (("linear", False), ("tanh", True)):
        assert value(name)[[0, T // 2, T - 1]] == pytest.approx(journey(bench, scale, T, noise, tanh), rel=1e-4)
    assert value("linear")[0] == pytest.approx(scale ** (T - 1), rel=1e-6)


@pytest.mark.parametrize("seed", SEEDS)
def test_gradient_journey_predictions(seed):
    bench = opened("gradient-journey", seed)
    assert option(bench, 0) == ("above 1" if journey(bench, 1.1, 30, 0.3, True)[0] > 1 else "below 1")
    assert number(bench, 1) == pytest.approx(0.9**29)
    shorter, longer = (journey(bench, 1.1, T, 0.0, True)[0] for T in (30, 60))
    assert option(bench, 2) == ("above 1" if shorter > 1 else "below 1")
    assert longer / shorter < shorter  # what is said of T = 60: the growth of the first 30 steps does not go on


# truncated beside full


def shares(bench, scale, kind):
    """Each step's share of d(sum of the last state)/dW: what the gradient is worth where W is used at that step."""
    W, x = scale * bench.givens["Q"], 0.3 * bench.givens["x"]
    states, slopes = [np.zeros(6)], []
    for t in range(40):
        a = W @ states[-1] + x[t]
        states.append(np.tanh(a) if kind == "tanh" else a)
        slopes.append(1 - np.tanh(a) ** 2 if kind == "tanh" else np.ones(6))
    found, back = np.zeros((40, 6, 6)), np.ones(6)
    for t in reversed(range(40)):
        found[t] = np.outer(back * slopes[t], states[t])
        back = W.T @ (back * slopes[t])
    return found


@pytest.mark.parametrize("seed", SEEDS)
@pytest.mark.parametrize(("window", "scale", "kind"), [(3, 0.9, "tanh"), (10, 1.0, "linear"), (40, 1.2, "tanh")])
def test_truncation_window(seed, window, scale, kind):
    bench = opened("truncation-window", seed)
    value = seen(bench, window=window, scale=scale, kind=kind)
    every = shares(bench, scale, kind)
    full, cut = every.sum(axis=0), every[40 - window :].sum(axis=0)
    assert value("full") == pytest.approx(full)
    assert value("truncated") == pytest.approx(cut)
    assert value("length") == pytest.approx(np.linalg.norm(cut) / np.linalg.norm(full))
    assert value("cosine") == pytest.approx((cut * full).sum() / np.linalg.norm(cut) / np.linalg.norm(full))
    assert value("share") == pytest.approx([np.linalg.norm(one) for one in every])
    if window == 40:
        assert (value("length"), value("cosine")) == (pytest.approx(1), pytest.approx(1))


@pytest.mark.parametrize("seed", SEEDS)
def test_truncation_window_predictions(seed):
    bench = opened("truncation-window", seed)

    def beside(window, scale, kind):
        every = shares(bench, scale, kind)
        full, cut = every.sum(axis=0), every[40 - window :].sum(axis=0)
        length = np.linalg.norm(cut) / np.linalg.norm(full)
        return length, (cut * full).sum() / np.linalg.norm(cut) / np.linalg.norm(full)

    assert option(bench, 0) == ("above 0.95" if beside(10, 0.9, "tanh")[1] > 0.95 else "below 0.95")
    length = beside(10, 1.0, "linear")[0]
    assert option(bench, 1) == ("below 0.7" if length < 0.7 else "0.7 to 1" if length <= 1 else "longer")
    assert option(bench, 2) == ("above 0.9" if beside(1, 0.9, "tanh")[1] > 0.9 else "below 0.9")


# one matrix, linear beside tanh


def radius_states(bench, radius, pushes, tanh):
    A = bench.givens["A"]
    W = radius / max(abs(np.linalg.eigvals(A))) * A
    h, found = np.zeros(6), []
    for t in range(30):
        h = W @ h + (bench.givens["x"][t] if pushes or t == 0 else 0)
        h = np.tanh(h) if tanh else h
        found.append(h)
    return np.array(found)


@pytest.mark.parametrize("seed", SEEDS)
@pytest.mark.parametrize(("radius", "pushes"), [(0.8, "once"), (1.3, "at every step"), (0.1, "at every step")])
def test_spectral_radius(seed, radius, pushes):
    bench = opened("spectral-radius", seed)
    value = seen(bench, radius=radius, pushes=pushes)
    for name, tanh in (("without_tanh", False), ("with_tanh", True)):
        assert value(name) == pytest.approx(radius_states(bench, radius, pushes != "once", tanh).T)


@pytest.mark.parametrize("seed", SEEDS)
def test_spectral_radius_predictions(seed):
    bench = opened("spectral-radius", seed)
    left = np.linalg.norm(radius_states(bench, 1.3, False, True)[-1])
    assert option(bench, 0) == ("it has died out" if left < 0.01 else "it is still moving")
    lengths = np.linalg.norm(radius_states(bench, 0.95, False, False), axis=1)
    assert option(bench, 1) == ("yes, by more than 2 %" if lengths.max() > 1.02 * lengths[0] else "no")
    lengths = np.linalg.norm(radius_states(bench, 1.2, False, False), axis=1)
    assert number(bench, 2) == pytest.approx(lengths[29] / lengths[19])


# saturation


def saturated(bench, weight, size, bias):
    h, found = np.zeros(6), []
    for t in range(30):
        h = np.tanh(weight * h + size * bench.givens["x"][t] + bias)
        found.append(h)
    return np.array(found)


@pytest.mark.parametrize("seed", SEEDS)
@pytest.mark.parametrize(("weight", "size", "bias"), [(0.8, 0.5, 0), (2, 4, -1), (1, 0.25, 0.5)])
def test_saturation(seed, weight, size, bias):
    bench = opened("saturation", seed)
    value = seen(bench, weight=weight, input=size, bias=bias)
    h = saturated(bench, weight, size, bias)
    assert value("state") == pytest.approx(h.T)
    clipped = np.clip(h, -1 + 1e-16, 1 - 1e-16)
    assert value("derivative") == pytest.approx(1 / np.cosh(np.arctanh(clipped)).T ** 2, abs=1e-9)
    factors = weight * (1 - h**2)
    assert value("factor") == pytest.approx(factors.mean())
    assert value("back") == pytest.approx([factors[t + 1 :].prod(axis=0).mean() for t in range(30)])


@pytest.mark.parametrize("seed", SEEDS)
def test_saturation_predictions(seed):
    bench = opened("saturation", seed)
    factor = (2 * (1 - saturated(bench, 2, 0.5, 0) ** 2)).mean()
    assert option(bench, 0) == ("above 1" if factor > 1 else "below 1")
    assert number(bench, 1) == pytest.approx((abs(saturated(bench, 0.8, 4, 0)) > 0.9).mean())
    assert number(bench, 2) == pytest.approx(1 - np.tanh(2) ** 2)


# how far back it remembers


def fading(bench, radius, kind, noise):
    """Sizes of the gradient by steps back, for the random matrix, the rotation and the identity."""
    A, x = bench.givens["A"], noise * bench.givens["x"][:, :, 0]
    found = []
    for unscaled in (A / max(abs(np.linalg.eigvals(A))), bench.givens["Q"], np.eye(8)):
        W, h, slopes = radius * unscaled, np.zeros(8), []
        for t in range(80):
            a = W @ h + x[t]
            h = np.tanh(a) if kind == "tanh" else a
            slopes.append(1 - np.tanh(a) ** 2 if kind == "tanh" else np.ones(8))
        back, sizes = np.full(8, 1 / np.sqrt(8)), []
        for slope in reversed(slopes):
            sizes.append(np.linalg.norm(back))
            back = W.T @ (slope * back)
        found.append(sizes)
    return np.array(found)


@pytest.mark.parametrize("seed", SEEDS)
@pytest.mark.parametrize(("radius", "kind", "noise"), [(0.8, "linear", 0.2), (1.1, "tanh", 0.2), (1.0, "tanh", 1.0)])
def test_how_far_back(seed, radius, kind, noise):
    bench = opened("how-far-back", seed)
    value = seen(bench, radius=radius, kind=kind, noise=noise)
    expected = fading(bench, radius, kind, noise)
    for name, sizes in zip(("random", "rotation", "identity"), expected, strict=True):
        assert value(name) == pytest.approx(sizes, rel=1e-6, abs=1e-14)
        if (np.diff(sizes) < 0).all():
            assert value(f"reach_{name}") == np.flatnonzero(sizes >= 0.01).max()


@pytest.mark.parametrize("seed", SEEDS)
def test_how_far_back_predictions(seed):
    bench = opened("how-far-back", seed)
    assert number(bench, 0) == int(np.log(0.01) / np.log(0.9)) == 43
    random, rotation, _ = ((one >= 0.01).sum() for one in fading(bench, 0.85, "linear", 0.2))
    words = {-1: "less far", 0: "just as far", 1: "further"}
    assert option(bench, 1) == words[int(np.sign(random - rotation))]
    assert number(bench, 2) == (fading(bench, 1.0, "tanh", 0.2)[1] >= 0.01).sum() - 1
