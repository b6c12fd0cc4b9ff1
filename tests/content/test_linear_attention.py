"""The unit linear-attention: its answers against loops over the steps, and what its sentences say of them."""

from itertools import product
from math import exp, floor, log, log2, sqrt

import numpy as np
import pytest

from rnn_tutor.exercises.mark import mark
from tests.content.course import SEEDS, asked, drawn, expected, has_values


def softmax(scores) -> np.ndarray:
    raised = np.array([exp(s - max(scores)) for s in scores])
    return raised / raised.sum()


def chosen(name: str, part: str) -> list[int]:
    """The options of a choice that are marked right, one at a time."""
    found = drawn(name)
    count = len(found.part(part).ask.options)
    return [k for k in range(1, count + 1) if mark(found, part, str(k)).verdict == "right"]


@pytest.mark.parametrize("seed", SEEDS)
def test_linear_attention_state_is_attention_with_other_brackets(seed: int | None) -> None:
    found, g = asked("linear-attention-state", seed)
    state, first = np.zeros((2, 2)), np.zeros(2)
    for k, v in zip(g["K"], g["V"], strict=True):
        for i, j in product(range(2), range(2)):
            state[i, j] += v[i] * k[j]
        first += sum(k * g["q"]) * v  # the other way: a weight, then its value
    second = np.array([sum(row * g["q"]) for row in state])
    np.testing.assert_allclose(first, second, rtol=1e-12)
    has_values(found, {"w": np.array([sum(k * g["q"]) for k in g["K"]]), "M": state, "y": first})


def test_no_sum_over_keys_stands_for_a_softmax() -> None:
    """exp(q k) over some q and k has full rank, so it is no product of a few features; a running sum is no obstacle."""
    points = np.linspace(-2, 2, 6)
    assert np.linalg.matrix_rank(np.exp(np.outer(points, points))) == 6
    assert np.linalg.matrix_rank(np.outer(points, points)) == 1
    assert chosen("linear-attention-state", "softmax") == [2]


def elu_plus_one(x: float) -> float:
    return x + 1 if x > 0 else exp(x)


PROGRAM = """\
def linear_attention(Q, K, V):
    M = zeros(V.shape[1], K.shape[1])
    n = zeros(K.shape[1])
    ys = []
    for t in range(len(Q)):
        fk = where(K[t] > 0, K[t] + 1, exp(K[t]))
        fq = where(Q[t] > 0, Q[t] + 1, exp(Q[t]))
        M = M + outer(V[t], fk)
        n = n + fk
        ys.append(M @ fq / dot(n, fq))
    return ys
"""


@pytest.mark.parametrize("seed", SEEDS)
def test_linear_attention_program(seed: int | None) -> None:
    """Weights for each pair of query and key, without a state."""
    found, g = asked("linear-attention-program", seed)
    ys = []
    for t, q in enumerate(g["Q"]):
        weights = [sum(elu_plus_one(a) * elu_plus_one(b) for a, b in zip(q, k, strict=True)) for k in g["K"][: t + 1]]
        assert min(weights) > 0
        ys.append(sum(w * v for w, v in zip(weights, g["V"], strict=False)) / sum(weights))
    np.testing.assert_allclose(expected(found, "y"), ys, rtol=1e-9)
    np.testing.assert_allclose(ys[0], g["V"][0], rtol=1e-12)
    assert mark(found, "y", PROGRAM).verdict == "right"


@pytest.mark.parametrize("line", ["ys.append(M @ fq)", "ys.append(fq @ M.T / sum(fq))"])
def test_linear_attention_without_its_denominator_is_wrong(line: str) -> None:
    found = drawn("linear-attention-program")
    wrong = PROGRAM.replace("ys.append(M @ fq / dot(n, fq))", line)
    assert mark(found, "y", wrong).verdict == "wrong"


def written(rule, pairs, gamma: float) -> np.ndarray:
    state = np.zeros((2, 2))
    for k, v in pairs:
        state = rule(state, k, v, gamma)
    return state


def fade(state, k, v, gamma):
    return gamma * state + np.outer(v, k)


def delta(state, k, v, gamma):
    return state + np.outer(v - state @ k, k)


@pytest.mark.parametrize("seed", SEEDS)
def test_retention_or_delta(seed: int | None) -> None:
    found, g = asked("retention-or-delta", seed)
    pairs = [(g["k_a"], g["v_old"]), (g["k_b"], g["v_b"]), (g["k_a"], g["v_new"])]
    gamma = float(g["gamma"])
    retained, replaced = (written(rule, pairs, gamma) @ g["k_a"] for rule in (fade, delta))
    np.testing.assert_allclose(retained, gamma**2 * g["v_old"] + g["v_new"], rtol=1e-9)
    np.testing.assert_allclose(replaced, g["v_new"], rtol=1e-9)
    np.testing.assert_allclose(written(delta, pairs, gamma) @ g["k_b"], g["v_b"], rtol=1e-9, atol=1e-12)
    has_values(found, {"retained": retained, "replaced": replaced, "beta_max": 2 / float(g["size2"])})


def test_the_limit_of_beta_is_where_repeated_writes_no_longer_settle() -> None:
    k, v, limit = np.array([1.0, 1.0]), np.array([2.0]), 2 / 2.0
    for beta, settles in ((0.95 * limit, True), (1.05 * limit, False)):
        state = np.zeros((1, 2))
        for _ in range(200):
            state = state + beta * np.outer(v - state @ k, k)
        assert bool(abs(state @ k - v).max() < 1e-3) is settles


def test_with_overlapping_keys_only_the_last_read_is_exact() -> None:
    a, b = np.array([1.0, 0.0]), np.array([0.6, 0.8])
    old, other, new = np.array([2.0, -1.0]), np.array([1.0, 3.0]), np.array([-3.0, 2.0])
    state = written(delta, [(a, old), (b, other), (a, new)], 1.0)
    assert np.allclose(state @ a, new)
    assert not np.allclose(state @ b, other)
    assert chosen("retention-or-delta", "overlap") == [2]


@pytest.mark.parametrize("seed", SEEDS)
def test_rwkv_decay(seed: int | None) -> None:
    """The two running sums of the recurrent form."""
    found, g = asked("rwkv-decay", seed)
    w, u, k, v = float(g["w"]), float(g["u"]), g["k"], g["v"]
    top = bottom = 0.0
    for t in range(len(k)):
        y = (top + exp(u + k[t]) * v[t]) / (bottom + exp(u + k[t]))
        top, bottom = exp(-w) * top + exp(k[t]) * v[t], exp(-w) * bottom + exp(k[t])
    last = len(k) - 1
    weights = np.array([exp(k[s] - (last - 1 - s) * w) for s in range(last)] + [exp(k[last] + u)])
    has_values(found, {"weights": weights / weights.sum(), "y": y, "lift": w * (float(g["gap"]) - 1)})


def test_a_large_key_wipes_and_then_outweighs() -> None:
    k, w = np.array([1.0, 1.0, 1.0, 20.0, 1.0, 1.0]), 0.4
    for last in (3, 4, 5):
        weights = softmax([k[s] - (last - 1 - s) * w if s < last else k[s] for s in range(last + 1)])
        assert weights[3] > 0.99
    assert chosen("rwkv-decay", "wipe") == [3]


@pytest.mark.parametrize("seed", SEEDS)
def test_xlstm_exp_gate(seed: int | None) -> None:
    """With the plain numbers, without a stabiliser: double precision holds them."""
    found, g = asked("xlstm-exp-gate", seed)
    f, i, back = float(g["f"]), exp(g["a_i"]), exp(g["m_prev"])
    c, n = f * float(g["c_prev"]) * back + i * float(g["g"]), f * float(g["n_prev"]) * back + i
    m = max(log(f) + float(g["m_prev"]), float(g["a_i"]))
    share = float(g["fraction"])
    needed = log(share / (1 - share) * f * float(g["n_prev"]) * back)
    has_values(
        found, {"m": m, "i_stored": i / exp(m), "f_stored": f * back / exp(m), "shown": c / n, "a_needed": needed}
    )
    assert max(i / exp(m), f * back / exp(m)) == pytest.approx(1)
    with np.errstate(over="ignore"):
        assert np.isinf(np.exp(np.float32(g["a_i"])))  # which is why it has a stabiliser
    assert np.isfinite(np.exp(np.float32(88.7)))


@pytest.mark.parametrize("seed", SEEDS)
def test_state_vs_cache(seed: int | None) -> None:
    """Every array is named, and its elements are counted."""
    found, g = asked("state-vs-cache", seed)
    L, D, N, T, size = (int(g[name]) for name in ("L", "D", "N", "T", "size"))
    cache = sum(T * D * size for _layer in range(L) for _which in ("keys", "values"))
    ssm = sum(D * N * size for _layer in range(L))
    has_values(found, {"ssm": ssm, "cache": cache, "even": N / 2})
    per_token = cache / T
    assert per_token * N / 2 == ssm
    assert per_token == sum(D * size for _layer in range(L) for _which in ("h", "c"))


@pytest.mark.parametrize("seed", SEEDS)
def test_recall_capacity(seed: int | None) -> None:
    found, g = asked("recall-capacity", seed)
    keys = [np.array([1.0, 0.0]), np.array([0.0, 1.0]), g["third"]]
    state = sum(v * k for k, v in zip(keys, g["values"], strict=True))
    n, d = int(g["n"]), int(g["d"])
    most = floor(float(g["bits"]) / log2(float(g["V"])))
    has_values(found, {"read": float(state[0]), "exact": d, "noise": sqrt((n - 1) / d), "most": most})
    assert float(g["V"]) ** most <= 2 ** float(g["bits"]) if g["bits"] < 1000 else most * log2(g["V"]) <= g["bits"]


def test_the_noise_of_random_keys() -> None:
    generator = np.random.default_rng(0)
    n, d, errors = 33, 64, []
    for _ in range(400):
        keys = generator.normal(size=(n, d))
        keys /= np.linalg.norm(keys, axis=1)[:, None]
        values = generator.normal(size=n)
        errors.append(values @ keys @ keys[0] - values[0])
    assert np.sqrt(np.mean(np.square(errors))) == pytest.approx(sqrt((n - 1) / d), rel=0.1)


YEARS = {0: 1997, 1: 2000, 2: 2014.4, 3: 2014.7, 4: 2017, 5: 2021, 6: 2023, 7: 2024, 8: 1990}  # arXiv, or the journal


@pytest.mark.parametrize("seed", SEEDS)
def test_which_came_first(seed: int | None) -> None:
    found, g = asked("which-came-first", seed)
    has_values(found, {"order": np.array(sorted(g["pick"], key=lambda one: YEARS[int(one)]))})


CACHE = """\
def decode(Q, K, V, size):
    keys = []
    values = []
    contexts = []
    for t in range(len(Q)):
        keys.append(K[t])
        values.append(V[t])
        if len(keys) > size:
            keys = keys[1:]
            values = values[1:]
        weights = softmax(array(keys) @ Q[t] / sqrt(len(Q[t])))
        contexts.append(weights @ array(values))
    return contexts
"""


@pytest.mark.parametrize("seed", SEEDS)
def test_kv_cache_program(seed: int | None) -> None:
    found, g = asked("kv-cache-program", seed)
    size, contexts = int(g["size"]), []
    for t, q in enumerate(g["Q"]):
        first = max(0, t + 1 - size)
        weights = softmax([sum(k * q) / sqrt(len(q)) for k in g["K"][first : t + 1]])
        contexts.append(sum(w * v for w, v in zip(weights, g["V"][first : t + 1], strict=True)))
    np.testing.assert_allclose(expected(found, "context"), contexts, rtol=1e-9)
    assert mark(found, "context", CACHE).verdict == "right"
    too_many = CACHE.replace("> size", "> size + 1")
    assert mark(found, "context", too_many).verdict == "wrong"


def test_which_model() -> None:
    """The numbers behind the reasons, and two tanh units that hold a parity for 10,000 bits with rounding errors."""
    right = {"tag": [2], "live": [1], "quote": [3], "signal": [3], "parity": [3]}
    assert {part: chosen("which-model", part) for part in right} == right
    assert 2 * 4 * 256 * 2 * 100 * 3600 / 1e6 > 1_000  # a cache after an hour, in MB
    assert 40_000 * log2(1_000) > 16 * 1024 * 16
    generator = np.random.default_rng(0)
    W, U, bias = np.array([[4.5, -4.5], [4.5, -4.5]]), np.array([9.0, 9.0]), np.array([-4.5, -13.5])
    h, ones = np.array([-1.0, -1.0]), 0
    for bit in generator.integers(0, 2, 10_000):
        ones += bit
        h = np.tanh(W @ h + U * bit + bias) + generator.normal(0, 0.01, 2)
        assert (h[0] - h[1] > 1) == (ones % 2 == 1)


@pytest.mark.parametrize("seed", SEEDS)
def test_attention_layer_cost(seed: int | None) -> None:
    """Token by token."""
    found, g = asked("attention-layer-cost", seed)
    D, T = int(g["D"]), int(g["T"])
    fixed = sum(rows * columns for rows, columns in [(D, D)] * 4 + [(4 * D, D), (D, 4 * D)])
    looking = [t * D + t * D for t in range(1, T + 1)]  # scores, values
    (even,) = (t for t in range(1, 20 * D) if 2 * t * D == fixed)
    again = sum(t * fixed for t in range(1, T + 1)) / (T * fixed)
    whole = sum(looking) + T * fixed
    has_values(found, {"fixed": fixed, "even": even, "fraction": sum(looking) / whole, "again": again})


def test_looking_has_a_fraction_that_depends_on_length_by_width() -> None:
    def fraction(D: int, T: int) -> float:
        looking = D * T * (T + 1)
        return looking / (looking + 12 * T * D**2)

    assert fraction(1024, 4000) == pytest.approx(fraction(512, 2000), rel=1e-3)
    assert fraction(1024, 2000) < fraction(512, 2000) < fraction(512, 4000)
    assert chosen("attention-layer-cost", "wider") == [2]
