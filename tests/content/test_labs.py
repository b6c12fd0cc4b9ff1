"""What the labs show and predict, worked out again in plain NumPy: own loops, other formulas, gradients by differences.

Each lab is looked at with the original numbers and with drawn ones, at several places of its controls.
"""

from itertools import pairwise

import numpy as np
import pytest

from rnn_tutor.exercises.labs import lint
from rnn_tutor.exercises.labs.lint import examine
from rnn_tutor.exercises.labs.load import read_lab
from tests.content.labs import FILES, SEEDS, by_difference, number, opened, option, seen, sigmoid


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.stem)
def test_check_has_nothing_to_say(path, monkeypatch):
    monkeypatch.setattr(lint, "SLOW", 10.0)  # speed is for `rnn-tutor check` and benchmarks/, not for a busy machine
    assert examine(read_lab(path), path, draws=3) == []


def test_each_has_its_questions():
    assert len(FILES) > 12
    assert {path.stem: len(read_lab(path).lab.predict) for path in FILES} == {path.stem: 3 for path in FILES}


# gates over time


def lstm(bench, bias, T, size, at=-1, push=0.0):
    """Cells and forget gates; the cell at step `at` is pushed before anything reads it."""
    W, U = (size * bench.givens[name] for name in ("W", "U"))
    c, h, cells, gates = np.zeros(6), np.zeros(6), [], []
    for t in range(T):
        a = (bench.givens["x"][t] @ W).reshape(4, 6) + np.array([U[k] @ h for k in range(4)])
        i, f, g, o = sigmoid(a[0]), sigmoid(a[1] + bias), np.tanh(a[2]), sigmoid(a[3])
        c = f * c + i * g + (push if t == at else 0.0)
        h = o * np.tanh(c)
        cells.append(c)
        gates.append(f)
    return np.array(cells), np.array(gates)


@pytest.mark.parametrize("seed", SEEDS)
@pytest.mark.parametrize(("bias", "T", "size"), [(0, 30, 0.3), (3, 10, 0.6), (5, 20, 0.1)])
def test_gates_over_time(seed, bias, T, size):
    bench = opened("gates-over-time", seed)
    value = seen(bench, bias=bias, T=T, size=size)
    cells, gates = lstm(bench, bias, T, size)
    assert value("cell") == pytest.approx(cells.T)
    assert value("forget") == pytest.approx(gates.T)
    for t in (0, T - 2, T - 1):
        back = by_difference(lambda at, push: lstm(bench, bias, T, size, at, push)[0][-1].sum() / np.sqrt(6), t, 6)
        assert value("total")[t] == pytest.approx(np.linalg.norm(back), rel=1e-3, abs=1e-9)
        alone = np.linalg.norm(gates[t + 1 :].prod(axis=0)) / np.sqrt(6)
        assert value("gates_alone")[t] == pytest.approx(alone)


@pytest.mark.parametrize("seed", SEEDS)
def test_gates_over_time_predictions(seed):
    bench = opened("gates-over-time", seed)

    def total(bias):
        end = lambda at, push: lstm(bench, bias, 30, 0.3, at, push)[0][-1].sum() / np.sqrt(6)  # noqa: E731
        return np.linalg.norm(by_difference(end, 0, 6))

    size = total(1)
    assert option(bench, 0) == ("above 0.1" if size > 0.1 else "0.0001 to 0.1" if size > 1e-4 else "below 0.0001")
    gates = lstm(bench, 2, 30, 0.3)[1]
    share = total(2) / (np.linalg.norm(gates[1:].prod(axis=0)) / np.sqrt(6))
    assert option(bench, 1) == ("more" if share > 1.1 else "less" if share < 0.9 else "equal, within 10%")
    assert option(bench, 2) == ("yes" if abs(lstm(bench, 5, 30, 0.3)[0]).max() > 1 else "no")


# the update gate as a blend


def blended(bench, bias, pull, pytorch):
    z = sigmoid(bias + pull * bench.givens["event"])
    h, found = 0.0, []
    for t in range(40):
        n = np.tanh(bench.givens["x"][t])
        h = z[t] * h + (1 - z[t]) * n if pytorch else (1 - z[t]) * h + z[t] * n
        found.append(h)
    return np.array(found), z


@pytest.mark.parametrize("seed", SEEDS)
@pytest.mark.parametrize(("bias", "pull", "way"), [(0, 0, 0), (-6, 12, 0), (-2, 3, 1)])
def test_blend(seed, bias, pull, way):
    bench = opened("blend", seed)
    value = seen(bench, bias=bias, pull=pull, blend=way)
    states, z = blended(bench, bias, pull, pytorch=way == 1)
    assert value("state") == pytest.approx(states)
    assert value("z") == pytest.approx(z)


@pytest.mark.parametrize("seed", SEEDS)
def test_blend_predictions(seed):
    bench = opened("blend", seed)
    kept, steps = 1.0, 0.0
    while kept * (1 - sigmoid(-2)) > 0.5:
        kept, steps = kept * (1 - sigmoid(-2)), steps + 1
    assert steps < number(bench, 0) < steps + 1
    states, _ = blended(bench, -6, 12, pytorch=False)
    near = abs(states[21] - np.tanh(bench.givens["x"][6])) < 0.1
    assert option(bench, 1) == ("within 0.1 of the candidate at step 6" if near else "somewhere else")
    late, _ = blended(bench, -2, 0, pytorch=False)
    early, _ = blended(bench, -2, 0, pytorch=True)
    candidate = np.tanh(bench.givens["x"])
    assert (option(bench, 2) == "faster") == (abs(early - candidate).sum() < abs(late - candidate).sum())


# clipping


@pytest.mark.parametrize(
    ("across", "up", "limit", "way", "kept"),
    [
        (6, 2, 3, "norm", (6 * 3 / np.hypot(6, 2), 2 * 3 / np.hypot(6, 2))),
        (6, 2, 3, "values", (3, 2)),
        (-8, 4, 0.5, "values", (-0.5, 0.5)),
        (1, -1, 6, "norm", (1, -1)),
        (0, 0, 3, "norm", (0, 0)),
    ],
)
def test_clipping_plane(across, up, limit, way, kept):
    value = seen(opened("clipping-plane"), across=across, up=up, limit=limit, way=way)
    assert value("clipped") == pytest.approx(kept)
    assert value("norm_after") == pytest.approx(np.hypot(*kept))
    plane = value("plane")
    assert plane[4, 8] == 1  # the middle is always on the arrow
    assert plane[4 - round(kept[1]), 8 + round(kept[0])] == 1
    if np.hypot(across, up) > limit + 1:
        assert plane[4 - up, 8 + across] == -1


def test_clipping_plane_predictions():
    bench = opened("clipping-plane")
    assert number(bench, 0) == pytest.approx(3 * np.sqrt(2))
    assert [option(bench, 1), option(bench, 2)] == ["another direction", "2.24, as before"]


# temperature


def weights(bench, d, divisor):
    scores = np.array(
        [sum(q * k for q, k in zip(bench.givens["q"][:d], key[:d], strict=True)) for key in bench.givens["K"]]
    )
    powers = np.exp((scores - scores.max()) / divisor)
    return powers / powers.sum()


def spread(w):
    return np.prod([p**-p for p in w if p > 0])


@pytest.mark.parametrize("seed", SEEDS)
@pytest.mark.parametrize(("size", "temperature", "scaled"), [(16, 1, "no"), (64, 0.25, "yes"), (256, 16, "no")])
def test_temperature(seed, size, temperature, scaled):
    bench = opened("temperature", seed)
    value = seen(bench, size=str(size), temperature=temperature, scaled=scaled)
    expected = weights(bench, size, temperature * (np.sqrt(size) if scaled == "yes" else 1))
    assert value("weights") == pytest.approx(expected)
    assert value("keys_read") == pytest.approx(spread(expected))


@pytest.mark.parametrize("seed", SEEDS)
def test_temperature_predictions(seed):
    bench = opened("temperature", seed)
    read = spread(weights(bench, 256, 1))
    assert option(bench, 0) == ("fewer than 1.5" if read < 1.5 else "1.5 to 4" if read <= 4 else "more than 4")
    assert number(bench, 1) == pytest.approx(spread(weights(bench, 256, 16)))
    assert option(bench, 2) == "the same"
    assert weights(bench, 64, 8) == pytest.approx(weights(bench, 64, np.sqrt(64)))


# an alignment


def aligned(bench, order, sharp, along):
    meant = {"the same": range(8), "reversed": range(7, -1, -1), "verb last": [0, 7, 1, 2, 3, 4, 5, 6]}[order]
    powers = np.zeros((8, 8))
    for t, place in enumerate(meant):
        for s in range(8):
            powers[t, s] = np.exp(sharp * (bench.givens["wobble"][t, s] - abs(s - place)))
    return powers / powers.sum(axis=0 if along == "target" else 1, keepdims=True)


@pytest.mark.parametrize("seed", SEEDS)
@pytest.mark.parametrize(
    ("t", "order", "sharp", "along"),
    [(3, "the same", 1.5, "source"), (7, "verb last", 4, "target"), (0, "reversed", 0.25, "source")],
)
def test_reading_alignment(seed, t, order, sharp, along):
    bench = opened("reading-alignment", seed)
    value = seen(bench, t=t, order=order, sharp=sharp, along=along)
    expected = aligned(bench, order, sharp, along)
    assert value("row") == pytest.approx(expected[t])
    assert value("alignment")[: t + 1] == pytest.approx(expected[: t + 1])
    assert not value("alignment")[t + 1 :].any()
    assert value("place") == pytest.approx(expected[t] @ np.arange(8) / expected[t].sum())


@pytest.mark.parametrize("seed", SEEDS)
def test_reading_alignment_predictions(seed):
    bench = opened("reading-alignment", seed)
    assert number(bench, 0) == pytest.approx(aligned(bench, "reversed", 1.5, "source")[2] @ np.arange(8))
    assert number(bench, 1) == pytest.approx(8)
    off = abs(aligned(bench, "the same", 1.5, "target")[3].sum() - 1) > 0.01
    assert option(bench, 2) == ("no" if off else "yes")


# padding


def means(bench, T, pad, shortest):
    lengths = [10, 6, 4, shortest]
    rows = [list(bench.givens["real"][k][:n]) + [pad] * (T - n) for k, n in enumerate(lengths)]
    real = [row[:n] for row, n in zip(rows, lengths, strict=True)]
    tokens = [loss for row in real for loss in row]
    of_each = [sum(row) / len(row) if row else 0.0 for row in real]
    return np.mean(rows), np.mean(tokens), np.mean(of_each), of_each


@pytest.mark.parametrize("seed", SEEDS)
@pytest.mark.parametrize(("T", "pad", "shortest"), [(10, 0.25, 2), (30, 6, 10), (17, 0, 0)])
def test_padded_mean(seed, T, pad, shortest):
    bench = opened("padded-mean", seed)
    value = seen(bench, T=T, pad=pad, shortest=shortest)
    found = [float(value(name)) for name in ("unmasked", "masked", "mean_of_means")]
    assert found == pytest.approx(means(bench, T, pad, shortest)[:3])


@pytest.mark.parametrize("seed", SEEDS)
def test_padded_mean_predictions(seed):
    bench = opened("padded-mean", seed)
    assert number(bench, 0) == pytest.approx(means(bench, 30, 0.25, 2)[0])
    assert means(bench, 10, 6, 2)[1] == pytest.approx(means(bench, 10, 0.25, 2)[1])
    assert option(bench, 1) == "it stays"
    _, _, mean, of_each = means(bench, 10, 0.25, 0)
    assert mean < np.mean(of_each[:3])
    assert option(bench, 2) == "below the mean of the others"


# the perplexity of what one types

ALPHABET = "abcdefghijklmnopqrstuvwxyz "


def perplexity(learns, reads, memory, smooth):
    total = 1.0
    for at, char in enumerate(reads):
        if memory and at:
            before = reads[at - 1]
            follow = [b for a, b in pairwise(learns) if a == before]
            p = (follow.count(char) + smooth) / (len(follow) + 27 * smooth)
        else:
            p = (learns.count(char) + smooth) / (len(learns) + 27 * smooth)
        total *= p ** (-1 / len(reads))
    return total


@pytest.mark.parametrize("memory", [0, 1])
@pytest.mark.parametrize("smooth", [0.05, 0.25, 2])
@pytest.mark.parametrize("reads", ["the next letter is a surprise", "z", "zqxjv zqxjv", "aaaaaaaaaa"])
def test_your_perplexity(memory, smooth, reads):
    bench = opened("your-perplexity")
    learns = bench.lab.controls[2].text
    value = seen(bench, memory=str(memory), smooth=smooth, reads=reads)
    assert float(value("perplexity")) == pytest.approx(perplexity(learns, reads, memory, smooth))
    assert len(value("surprise")) == len(reads)


def test_your_perplexity_predictions():
    bench = opened("your-perplexity")
    learns = bench.lab.controls[2].text
    assert number(bench, 0) == pytest.approx(perplexity(learns, "the next letter is a surprise", 0, 0.25))
    assert perplexity(learns, "zqxjv zqxjv", 0, 0.25) > 50
    assert perplexity(learns, "the the the the", 1, 0.25) > 4
    assert (option(bench, 1), option(bench, 2)) == ("above 50", "above 4")


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.stem)
def test_wherever_one_has_been_before_the_picture_is_the_same(path):
    """Moving computes values again in the graph that is there; opening the lab anew runs its steps."""
    bench = opened(path.stem)
    rng = np.random.default_rng(len(path.stem))
    names = [name for name, one in bench.dials.items() if one.kind != "text"]
    settings = bench.start
    for _ in range(6):
        name = names[rng.integers(len(names))]
        settings = settings | {name: int(rng.integers(bench.dials[name].last + 1))}
        moved, fresh = bench.scene(settings), opened(path.stem).scene(settings)
        for place in range(len(bench.source.shows)):
            for one, other in zip(moved.figure(place).items, fresh.figure(place).items, strict=True):
                assert np.array_equal(one.values, other.values), (name, one.name)
                assert one.axes == other.axes
