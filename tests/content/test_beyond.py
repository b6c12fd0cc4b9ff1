"""The unit beyond LSTM and GRU: its answers against plain NumPy, its gradients against differences, its claims too."""

from collections.abc import Callable
from math import exp, log, sqrt, tanh

import numpy as np
import pytest

from rnn_tutor.exercises.mark import mark
from rnn_tutor.exercises.question import Question
from tests.content.course import SEEDS, Values, agrees, drawn, given


def agrees_but_for_choices(found: Question, wanted: Values) -> None:
    """Every part has the value wanted, but for choices, whose options are tried elsewhere."""
    assert {part.name for part in found.parts if part.kind != "choice"} == set(wanted)
    for name, value in wanted.items():
        assert np.allclose(np.asarray(found.part(name).expected), value, rtol=1e-8, atol=1e-10), name


def normed(a: list[float]) -> list[float]:
    mean = sum(a) / len(a)
    spread = sqrt(sum((v - mean) ** 2 for v in a) / len(a))
    return [(v - mean) / spread for v in a]


@pytest.mark.parametrize("seed", SEEDS)
def test_residual_depth(seed: int | None) -> None:
    """Layers F(x) = slope * x, run at two points."""
    found = drawn("residual-depth", seed)
    slopes = given(found)["derivatives"]

    def run(x: float, bypass: float) -> float:
        for slope in slopes:
            x = bypass * x + slope * x
        return x

    agrees_but_for_choices(found, {"plain": run(2.0, 0) - run(1.0, 0), "residual": run(2.0, 1) - run(1.0, 1)})
    plain, residual = run(1.0, 0), run(1.0, 1)
    gone, slopes = slopes[2], np.where(np.arange(6) == 2, 0, slopes)  # one layer becomes flat
    assert run(1.0, 0) == 0 != plain
    np.testing.assert_allclose(run(1.0, 1), residual / (1 + gone), rtol=1e-12)
    assert found.part("flat").expected == {2}


@pytest.mark.parametrize("seed", SEEDS)
def test_layer_norm_state(seed: int | None) -> None:
    found = drawn("layer-norm-state", seed)
    g = given(found)
    h = [tanh(gain * n + b) for gain, n, b in zip(g["gain"], normed(g["a"].tolist()), g["shift"], strict=True)]
    agrees_but_for_choices(found, {"h": np.array(h)})
    with_eps = [
        tanh(gain * (a - g["a"].mean()) / sqrt(g["a"].var() + 1e-5) + b)
        for gain, a, b in zip(g["gain"], g["a"], g["shift"], strict=True)
    ]
    assert mark(found, "h", str(with_eps)).verdict == "right"  # who keeps the eps is right as well


def test_no_unit_of_three_is_saturated_behind_layer_norm() -> None:
    generator = np.random.default_rng(0)
    values = [[1e6, 0.0, 0.0], *generator.normal(0, 100, (2_000, 3)).tolist()]
    largest = max(max(np.abs(normed(a))) for a in values)
    assert largest == pytest.approx(sqrt(2), rel=1e-6)
    assert tanh(largest) < 0.89
    assert drawn("layer-norm-state", None).part("saturated").expected == {3}


def test_layer_norm_blind() -> None:
    a = [1.0, -3.0, 0.5, 2.0]
    changes = [
        [v + 3 for v in a],
        [2 * v for v in a],
        [-v for v in a],
        [v**2 for v in a],
        [a[0] + 3, *a[1:]],
        [10 * v - 7 for v in a],
    ]
    unseen = [k for k, changed in enumerate(changes, 1) if np.allclose(normed(changed), normed(a))]
    found = drawn("layer-norm-blind", None)
    assert mark(found, "blind", " ".join(map(str, unseen))).verdict == "right"
    assert mark(found, "blind", "1 2 5").verdict == "wrong"


def test_only_both_directions_see_what_comes() -> None:
    """One input is changed; which layers change an output before it?"""
    x = np.array([0.5, -0.8, 0.3, 0.9])

    def run(xs: np.ndarray) -> np.ndarray:
        h, states = np.zeros(3), []
        for v in xs:
            h = np.tanh(v * np.array([0.7, -0.5, 0.2]) + 0.3 * h + 0.2 * h[::-1])
            states.append(h)
        return np.array(states)

    layers: dict[int, Callable[[np.ndarray], np.ndarray]] = {
        1: lambda xs: run(run(xs)[:, 0]),
        2: lambda xs: run(xs) + run(xs[::-1])[::-1],
        3: lambda xs: np.array([normed(h.tolist()) for h in run(xs)]),
        4: lambda xs: run(xs) + xs[:, None],
    }
    changed = x + np.array([0, 0, 0.5, 0])
    seeing = [k for k, layer in layers.items() if not np.allclose(layer(x)[:2], layer(changed)[:2])]
    found = drawn("not-for-writing", None)
    assert [k for k in range(1, 6) if mark(found, "layer", str(k)).verdict == "right"] == seeing == [2]


@pytest.mark.parametrize("seed", SEEDS)
def test_both_directions(seed: int | None) -> None:
    """Each state as a sum over the inputs that it has read."""
    found = drawn("both-directions", seed)
    g = given(found)
    x, w, T = g["x"], float(g["w"]), len(g["x"])
    f = [sum(w ** (t - k) * x[k] for k in range(t + 1)) for t in range(T)]
    b = [sum(w ** (k - t) * x[k] for k in range(t, T)) for t in range(T)]
    agrees(found, {"f": np.array(f), "b": np.array(b), "summary": np.array([f[T - 1], b[0]])})


@pytest.mark.parametrize("seed", SEEDS)
def test_deep_bidirectional_weights(seed: int | None) -> None:
    """Every array of both layers is named, and its elements are counted."""
    found = drawn("deep-bidirectional-weights", seed)
    D, H = (int(v) for v in given(found).values())
    shapes = [
        shape
        for reads in (D, H + H)
        for _direction in ("forward", "backward")
        for shape in ((4 * H, reads), (4 * H, H), (4 * H,))
    ]
    agrees(found, {"W_in": np.array(shapes[-3]), "total": sum(int(np.prod(shape)) for shape in shapes)})


@pytest.mark.parametrize("seed", SEEDS)
def test_residual_jacobian_by_differences(seed: int | None) -> None:
    found = drawn("residual-jacobian", seed)
    g = given(found)
    e = 1e-5
    columns = []
    for k in range(2):
        up, down = g["x"] + e * np.eye(2)[k], g["x"] - e * np.eye(2)[k]
        columns.append((up + np.tanh(g["W"] @ up) - down - np.tanh(g["W"] @ down)) / (2 * e))
    assert np.allclose(np.asarray(found.part("J").expected), np.stack(columns, axis=1), rtol=1e-6, atol=1e-8)
    saturated = np.eye(2) + (1 - np.tanh([9.0, -9.0]) ** 2)[:, None] * g["W"]
    assert np.allclose(saturated, np.eye(2), atol=1e-6)
    assert found.part("saturated").expected == {2}


@pytest.mark.parametrize("seed", SEEDS)
def test_combine_steps(seed: int | None) -> None:
    """Both steps are run from 0 and from 1; rounds are counted by halving."""
    found = drawn("combine-steps", seed)
    g = {name: float(value) for name, value in given(found).items()}

    def run(h: float) -> float:
        return g["a2"] * (g["a1"] * h + g["b1"]) + g["b2"]

    left, rounds = int(g["T"]), 0
    while left > 1:
        left, rounds = (left + 1) // 2, rounds + 1
    agrees(found, {"a12": run(1) - run(0), "b12": run(0), "rounds": rounds})


@pytest.mark.parametrize("seed", SEEDS)
def test_ssm_kernel(seed: int | None) -> None:
    """The recurrence itself, run on an impulse and on the input."""
    found = drawn("ssm-kernel", seed)
    g = given(found)

    def outputs(xs: list[float]) -> list[float]:
        h, ys = [0.0, 0.0], []
        for x in xs:
            h = [g["a"][n] * h[n] + g["B"][n] * x for n in range(2)]
            ys.append(sum(g["C"][n] * h[n] for n in range(2)))
        return ys

    T = int(g["T"])
    agrees(found, {"k": np.array(outputs([1.0] + [0.0] * (T - 1))), "y_last": outputs(g["x"].tolist())[-1]})


@pytest.mark.parametrize("seed", SEEDS)
def test_selective_gate(seed: int | None) -> None:
    """The decay by small steps of dh/dt = x - h, not by its solution."""
    found = drawn("selective-gate", seed)
    g = given(found)
    delta = np.array([log(1 + exp(v)) for v in g["s"]])
    steps = 20_000
    h = g["h_prev"].copy()
    for _ in range(steps):
        middle = h + delta / steps / 2 * (g["x"] - h)
        h = h + delta / steps * (g["x"] - middle)
    assert np.allclose(np.asarray(found.part("h").expected), h, atol=1e-6)
    keep = np.asarray(found.part("keep").expected)
    assert np.allclose(keep, 1 - 1 / (1 + np.exp(-g["s"])))  # what the solution says of it: a sigmoid gate
    assert np.allclose(np.asarray(found.part("delta").expected), delta)
    kept = [exp(-log(1 + exp(s))) for s in (0.0, -20.0, 20.0)]  # the options of the last part, in their order
    assert kept == pytest.approx([0.5, 1, 0], abs=1e-6)
    assert found.part("skip").expected == {2}


@pytest.mark.parametrize("seed", SEEDS)
def test_selective_mixing(seed: int | None) -> None:
    """A state that says where it came from: one number for the old state and one for each input."""
    found = drawn("selective-mixing", seed)
    g = given(found)["z"]
    T = len(g)
    mixture, source = np.eye(T + 1)[0], []
    for t in range(T):
        mixture = (1 - g[t]) * mixture + g[t] * np.eye(T + 1)[t + 1]
        source.append(int(np.argmax(mixture[1:])))
    agrees(found, {"source": np.array(source), "left": mixture[0]})


def test_constant_gates_put_the_newest_input_in_front() -> None:
    gate = 0.1
    weights = [gate * (1 - gate) ** lag for lag in range(10)]
    assert max(weights) == weights[0]


PROGRAM = """def scan(x, delta, A, B, C, N):
    h = zeros(N)
    ys = []
    for t in range(len(x)):
        keep = exp(delta[t] * A)
        write = delta[t] * B[t] * x[t]
        h = keep * h + write
        ys.append(dot(C[t], h))
    return ys
"""


@pytest.mark.parametrize("seed", SEEDS)
def test_selective_scan(seed: int | None) -> None:
    """Each output as a sum over the inputs before, with all the decay between."""
    found = drawn("selective-scan", seed)
    g = given(found)
    T, N = g["B"].shape
    y = [
        sum(
            g["C"][t, n]
            * exp(g["A"][n] * sum(g["delta"][j] for j in range(k + 1, t + 1)))
            * g["delta"][k]
            * g["B"][k, n]
            * g["x"][k]
            for k in range(t + 1)
            for n in range(N)
        )
        for t in range(T)
    ]
    agrees(found, {"y": np.array(y)})
    assert mark(found, "y", PROGRAM).verdict == "right"


def test_a_wrong_scan_is_told_where_it_departs() -> None:
    verdict = mark(drawn("selective-scan", None), "y", PROGRAM.replace("exp(delta[t] * A)", "delta[t] * A"))
    assert verdict.verdict == "wrong" and verdict.diagnosis is not None
    assert "the exp of delta[t] * A is missing" in verdict.diagnosis.says
