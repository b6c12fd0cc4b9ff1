"""The labs with curves in a plane, poles and steps at a cliff, worked out again in plain NumPy; see test_labs."""

import numpy as np
import pytest

from tests.content.labs import opened, option, seen

# a pole


def turned(radius, angle, kind):
    """A complex number that is multiplied and added to."""
    pole = radius * np.exp(1j * np.deg2rad(angle))
    z, found = 0j, []
    for t in range(40):
        x = {"a single 1": float(t == 0), "a 1 at every step": 1.0}.get(kind, np.cos(np.deg2rad(angle) * t))
        z = pole * z + x
        found.append(z)
    return np.array(found)


@pytest.mark.parametrize(
    ("radius", "angle", "kind"),
    [
        (0.9, 45, "a single 1"),
        (1.05, 180, "a 1 at every step"),
        (0.5, 0, "a wave of the same angle"),
        (0.95, 75, "a single 1"),
    ],
)
def test_poles(radius, angle, kind):
    value = seen(opened("poles"), radius=radius, angle=angle, input=kind)
    z = turned(radius, angle, kind)
    assert value("response") == pytest.approx(z.real)
    assert value("after_20") == pytest.approx(abs(z[20]))
    assert value("largest") == pytest.approx(abs(z).max())
    assert value("last") == pytest.approx(abs(z[-1]))
    pair = np.linalg.eigvals(value("W"))
    ends = {(value("real_part")[k, 1].round(9), value("poles")[k].round(9)) for k in (0, -1)}
    assert ends == {(one.real.round(9), one.imag.round(9) + 0.0) for one in pair} or angle in (0, 180)
    assert np.hypot(value("real_part")[:, 0], value("unit_circle")) == pytest.approx(np.ones(41))
    if kind == "a single 1":
        times = np.arange(40)
        assert value("response") == pytest.approx(radius**times * np.cos(np.deg2rad(angle) * times))


def test_poles_predictions():
    bench = opened("poles")
    single = [abs(turned(0.9, angle, "a single 1")[20]) for angle in (0, 45, 150)]
    assert single == pytest.approx([0.9**20] * 3)
    assert option(bench, 0) == "as much"
    assert abs(turned(0.95, 0, "a 1 at every step")[-1]) == pytest.approx(17, abs=0.6)
    assert abs(turned(0.95, 90, "a 1 at every step")[-1]) < 2
    assert option(bench, 1) == "below 2"
    assert abs(turned(0.95, 90, "a wave of the same angle")).max() > 5
    assert option(bench, 2) == "above 5"


@pytest.mark.parametrize("angle", [0, 30, 90, 180])
def test_the_limit_of_a_constant_input(angle):
    """1 / |1 - eigenvalue|, as is said."""
    pole = 0.8 * np.exp(1j * np.deg2rad(angle))
    assert abs(turned(0.8, angle, "a 1 at every step")[-1]) == pytest.approx(1 / abs(1 - pole), rel=1e-3)


@pytest.mark.parametrize("wave", [15, 60, 105])
def test_of_pairs_with_many_angles_the_one_of_the_wave_answers_most(wave):
    """A layer of such pairs takes a signal apart by frequency."""
    angles = np.arange(0, 181, 15)
    z = np.zeros(len(angles), complex)
    for t in range(40):
        z = 0.95 * np.exp(1j * np.deg2rad(angles)) * z + np.cos(np.deg2rad(wave) * t)
    assert angles[abs(z).argmax()] == wave


# steps at a cliff


def descended(start, rate, limit, T):
    """60 updates, the gradient by central differences."""
    loss = lambda w: (w**T - 0.5) ** 2 / 2  # noqa: E731
    w, weights, gradients = start, [start], []
    for _ in range(60):
        h = 1e-6
        g = (loss(w + h) - loss(w - h)) / (2 * h) if w >= h else 0.0
        gradients.append(g)
        step = rate * (g if limit is None or abs(g) <= limit else np.sign(g) * limit)
        w = min(max(w - step, 0.0), 1.3)
        weights.append(w)
    return np.array(weights), np.array(gradients)


@pytest.mark.parametrize(
    ("start", "rate", "clip", "T"),
    [(1.1, 0.01, "1", 10), (0.5, 0.1, "none", 4), (1.3, 0.001, "10", 20), (1.1, 1, "none", 6)],
)
def test_lr_and_clip(start, rate, clip, T):
    value = seen(opened("lr-and-clip"), start=start, rate=rate, clip=clip, T=T)
    weights, gradients = descended(start, rate, None if clip == "none" else float(clip), T)
    assert value("weights") == pytest.approx(weights, abs=1e-5)
    assert value("first_gradient") == pytest.approx(gradients[0], rel=1e-5)
    assert value("steps") == pytest.approx(np.minimum((weights**T - 0.5) ** 2 / 2, 1), abs=1e-4)
    grid, curve = value("weight")[:, 0], value("loss")
    assert curve == pytest.approx([min((w**T - 0.5) ** 2 / 2, 1) for w in grid])


def test_lr_and_clip_predictions():
    bench = opened("lr-and-clip")
    best = 0.5 ** (1 / 20)
    assert best == pytest.approx(0.966, abs=5e-4)
    weights, gradients = descended(1.1, 0.01, None, 20)
    assert gradients[0] == pytest.approx(760, rel=0.01)
    assert 0.01 * gradients[0] > 1.3  # "far longer than the picture is wide"
    assert not weights[1:].any()  # "no later update leads back"
    assert option(bench, 0) == "below 0.5"
    weights, gradients = descended(0.7, 0.01, 1, 20)
    assert abs(gradients[0]) == pytest.approx(0.01, abs=0.005)
    lost = (weights[[0, -1]] ** 20 - 0.5) ** 2
    assert lost[1] > 0.95 * lost[0]
    assert option(bench, 1) == "less than 5 %"
    weights, _ = descended(1.1, 0.1, 1, 20)
    late = weights[20:]
    assert abs(np.diff(late)) == pytest.approx(np.full(len(late) - 1, 0.1))  # over the minimum again and again
    assert (late.min() < best < late.max()) and option(bench, 2) == "no"


def test_the_valley_is_narrower_than_a_clipped_step():
    """The weights with a loss below 0.01 span less than lr * limit = 0.1."""
    low, high = (0.5 - np.sqrt(0.02)) ** (1 / 20), (0.5 + np.sqrt(0.02)) ** (1 / 20)
    assert high - low < 0.1
