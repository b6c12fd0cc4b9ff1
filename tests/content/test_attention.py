"""The unit attention, held against loops over queries and keys; gradients against differences."""

from math import exp, log, sqrt, tanh

import numpy as np
import pytest

from rnn_tutor.exercises.mark import mark
from rnn_tutor.exercises.question import Question
from tests.content.course import SEEDS
from tests.content.course import asked as drawn

ATTEND = """\
def attend(Q, K, V, mask):
    out = []
    for q in Q:
        e = exp(K @ q / sqrt(len(q))) * mask
        out.append(e / sum(e) @ V)
    return out
"""


def agrees(found: Question, **wanted: object) -> None:
    for name, value in wanted.items():
        np.testing.assert_allclose(np.asarray(found.part(name).expected), value, rtol=1e-9, atol=1e-12, err_msg=name)


def softmax(scores) -> list[float]:
    raised = [exp(s - max(scores)) for s in scores]
    return [r / sum(raised) for r in raised]


def mixed(weights, values: np.ndarray) -> np.ndarray:
    total = np.zeros(values.shape[1])
    for weight, value in zip(weights, values, strict=True):
        total += weight * value
    return total


def difference(function, x: np.ndarray, k: int) -> float:
    step = np.eye(len(x))[k] * 1e-5
    return (function(x + step) - function(x - step)) / 2e-5


@pytest.mark.parametrize("seed", SEEDS)
def test_attention_by_hand(seed: int | None) -> None:
    found, g = drawn("attention-by-hand", seed)
    scores = [sum(a * b for a, b in zip(row, g["q"], strict=True)) for row in g["hs"]]
    agrees(found, scores=scores, weights=softmax(scores), context=mixed(softmax(scores), g["hs"]))
    sharp = mixed(softmax([1000 * score for score in scores]), g["hs"])  # a query 1000 times as long
    np.testing.assert_allclose(sharp, g["hs"][scores.index(max(scores))], atol=1e-6)
    assert [mark(found, "limit", str(k)).verdict for k in (1, 2, 3, 4)] == ["right", "wrong", "wrong", "wrong"]


@pytest.mark.parametrize("seed", SEEDS)
def test_a_vector_added_to_every_state_is_added_to_the_context(seed: int | None) -> None:
    found, g = drawn("attention-context", seed)
    u = np.array([3.0, -2.0])
    agrees(found, context=mixed(g["weights"], g["encoder"]))
    np.testing.assert_allclose(mixed(g["weights"], g["encoder"] + u), mixed(g["weights"], g["encoder"]) + u)
    assert [mark(found, "moved", str(k)).verdict for k in (1, 2, 3, 4)] == ["right", "wrong", "wrong", "wrong"]


@pytest.mark.parametrize("seed", SEEDS)
def test_additive_scores(seed: int | None) -> None:
    found, g = drawn("additive-scores", seed)

    def scores(q: np.ndarray, squash) -> list[float]:
        each = []
        for state in g["hs"]:
            units = [squash(g["W_q"][k] @ q + g["W_k"][k] @ state) for k in range(2)]
            each.append(sum(v * unit for v, unit in zip(g["v"], units, strict=True)))
        return each

    agrees(found, scores=scores(g["q"], tanh))
    # What is said of the tanh: without it no query moves the weights.
    plain, other = (softmax(scores(q, float)) for q in (g["q"], g["q"] + [1.0, -2.0]))
    np.testing.assert_allclose(plain, other)
    assert not np.allclose(softmax(scores(g["q"], tanh)), softmax(scores(g["q"] + [1.0, -2.0], tanh)))
    assert not np.allclose(scores(g["q"], float), scores(g["q"] + [1.0, -2.0], float))
    assert [mark(found, "without_tanh", str(k)).verdict for k in (1, 2, 3)] == ["wrong", "right", "wrong"]


@pytest.mark.parametrize("seed", SEEDS)
def test_scaled_scores(seed: int | None) -> None:
    found, g = drawn("scaled-scores", seed)
    d = int(g["d"])
    spread = sqrt(sum(1.0 for _ in range(d)))
    weights = softmax([dot / spread for dot in g["dots"]])
    top = int(np.argmax(weights))
    agrees(found, spread=spread, weights=weights)
    slope = difference(lambda s: softmax(list(s))[top], g["dots"] / spread, top)
    assert np.isclose(found.part("slope").expected, slope, rtol=1e-6)
    plain = softmax(list(g["dots"]))  # without the scale nearly one-hot, and hardly any slope
    assert max(plain) > 0.97 and max(plain) * (1 - max(plain)) < slope / 5


def test_dot_products_spread_by_the_root_of_their_length() -> None:
    random = np.random.default_rng(7)
    for d in (16, 64, 100):
        dots = (random.standard_normal((20_000, d)) * random.standard_normal((20_000, d))).sum(axis=1)
        assert np.isclose(dots.std(), sqrt(d), rtol=0.03)


@pytest.mark.parametrize("seed", SEEDS)
def test_causal_weights(seed: int | None) -> None:
    found, g = drawn("causal-weights", seed)
    T = len(g["scores"])
    wanted = [softmax(list(g["scores"][t][: t + 1])) + [0.0] * (T - t - 1) for t in range(T)]
    agrees(found, weights=wanted)


@pytest.mark.parametrize("seed", SEEDS)
def test_score_gradient(seed: int | None) -> None:
    found, g = drawn("score-gradient", seed)

    def by_weights(a: np.ndarray) -> float:
        return float(g["g"] @ mixed(a, g["V"]))

    places = range(len(g["a"]))
    da = [difference(by_weights, g["a"], k) for k in places]
    scores = np.array([log(a) for a in g["a"]])
    ds = [difference(lambda s: by_weights(np.array(softmax(list(s)))), scores, k) for k in places]
    np.testing.assert_allclose(np.asarray(found.part("da").expected), da, rtol=1e-6, atol=1e-8)
    np.testing.assert_allclose(np.asarray(found.part("ds").expected), ds, rtol=1e-6, atol=1e-8)
    assert abs(np.sum(found.part("ds").expected)) < 1e-12


def test_attention_claims() -> None:
    found, _ = drawn("attention-claims", None)
    random = np.random.default_rng(3)
    for _ in range(200):
        e, V = random.normal(0, 2, 4), random.normal(0, 1, (4, 3))
        a, order = softmax(list(e)), random.permutation(4)
        context = mixed(a, V)
        np.testing.assert_allclose(softmax(list(e + 5)), a)
        np.testing.assert_allclose(mixed(softmax(list(e[order])), V[order]), context)
        assert (V.min(axis=0) <= context).all() and (context <= V.max(axis=0)).all()
        assert not np.allclose(softmax(list(2 * e)), a)  # the wrong options
        assert np.linalg.norm(context) < np.linalg.norm(V, axis=1).max()
        assert min(a) > 0
    assert softmax([-1000.0]) == [1.0]
    assert mark(found, "holds", "1 3 4 7").verdict == "right"
    assert mark(found, "holds", "1 3 5 7").verdict == "wrong"
    # "as long as a value" would be true of the number of elements, which a good student may think of
    assert "norm" in found.part("holds").ask.options[4].text


@pytest.mark.parametrize("seed", SEEDS)
def test_attention_cost(seed: int | None) -> None:
    found, g = drawn("attention-cost", seed)
    T, d = int(g["T"]), int(g["d"])
    looking = sum(T * d + T * d for _query in range(T))  # its T scores of d terms, and T values of d numbers mixed
    walking = sum(d for _step in range(T) for _unit in range(d))
    projections, inputs = 4 * T * d * d, T * d * d
    whole = (looking + projections) / (walking + inputs)
    agrees(found, looking=looking, walking=walking, ratio=looking / walking, layer_ratio=whole)
    assert whole > 2  # attention does more work at every length, whatever the mixing alone says
    assert mark(found, "looking", str(looking + T)).verdict == "wrong"


@pytest.mark.parametrize("seed", SEEDS)
def test_bottleneck(seed: int | None) -> None:
    found, g = drawn("bottleneck", seed)
    rho, T = float(g["rho"]), int(g["S"])
    chain = 1.0
    for _ in range(T):
        chain *= rho
    crossing = next(n for n in range(2, 1000) if rho**n < 1 / n)
    assert all(rho**n < 1 / n for n in range(crossing, 1000))
    agrees(found, gain=(1 / T) / chain, crossing=crossing)
    # Along the sum alone, the derivative of the context by a state is its weight.
    states = np.linspace(-1, 1, T)
    assert np.isclose(difference(lambda h: float(np.full(T, 1 / T) @ h), states, 0), 1 / T)


@pytest.mark.parametrize("seed", SEEDS)
def test_read_alignment(seed: int | None) -> None:
    found, g = drawn("read-alignment", seed)
    rows = found.graph.whole("weights").value
    np.testing.assert_allclose(rows.sum(axis=1), 1)
    spread = [-sum(w * log(w) for w in row) for row in rows]
    agrees(found, looks_at=[list(row).index(max(row)) for row in rows], unsure=spread.index(max(spread)))
    assert (found.part("looks_at").expected == g["aligned"]).all() and found.part("unsure").expected == g["vague"]


@pytest.mark.parametrize("seed", SEEDS)
def test_attend_program(seed: int | None) -> None:
    found, g = drawn("attend-program", seed)
    real = [k for k, m in enumerate(g["mask"]) if m]
    wanted = []
    for q in g["Q"]:
        scores = [sum(a * b for a, b in zip(q, g["K"][k], strict=True)) / sqrt(len(q)) for k in real]
        wanted.append(mixed(softmax(scores), g["V"][real]))
    agrees(found, context=wanted)
    assert mark(found, "context", ATTEND).verdict == "right"
    unmasked = mark(found, "context", ATTEND.replace(" * mask", ""))
    assert unmasked.verdict == "wrong" and "Padding has weight here" in unmasked.diagnosis.says
    by_keys = mark(found, "context", ATTEND.replace("len(q)", "len(K)"))
    assert by_keys.verdict == "wrong" and "number of keys" in by_keys.diagnosis.says


@pytest.mark.parametrize("seed", SEEDS)
def test_multi_head_shapes(seed: int | None) -> None:
    """The heads are cut out one by one and joined again."""
    found, g = drawn("multi-head-shapes", seed)
    B, T, N, d = (int(g[name]) for name in ("B", "T", "N", "d"))
    x = np.arange(B * T * N * d, dtype=float).reshape(B, T, N * d)
    heads = [x[:, :, j * d : (j + 1) * d] for j in range(N)]
    scores = np.stack([head @ head.swapaxes(1, 2) for head in heads], axis=1)
    joined = np.concatenate(heads, axis=2)
    assert found.part("scores").expected == scores.shape
    assert found.part("joined").expected == joined.shape
    cut = x.reshape(B, N, T, d)  # what the last but one question warns of
    assert not np.array_equal(cut[:, 0], heads[0])
    if T % N == 0:
        assert np.array_equal(cut[0, 0].ravel(), x[0, : T // N].ravel())
    projections = {n: sum(n * (N * d) * (N * d // n) for _which in "qkvo") for n in (1, 2)}
    assert projections[1] == projections[2]


def test_a_wrong_reshape_gives_the_first_head_the_first_positions() -> None:
    x = np.arange(2 * 6 * 8.0).reshape(2, 6, 8)
    assert np.array_equal(x.reshape(2, 2, 6, 4)[0, 0].ravel(), x[0, :3].ravel())


def looked(x: np.ndarray, causal: bool = False) -> np.ndarray:
    """One layer of self-attention without positions: the outputs of all places."""
    rows = []
    for t, q in enumerate(x):
        seen = x[: t + 1] if causal else x
        rows.append(mixed(softmax([float(k @ q) for k in seen]), seen))
    return np.array(rows)


@pytest.mark.parametrize("seed", SEEDS)
def test_positions(seed: int | None) -> None:
    found, g = drawn("positions", seed)
    x, P = g["x"], g["P"]
    swapped = x[[1, 0, 2]]
    np.testing.assert_allclose(looked(x)[-1], looked(swapped)[-1], rtol=1e-12, atol=1e-12)
    agrees(found, plain=looked(x)[-1], placed=looked(x + P)[-1], swapped=looked(swapped + P)[-1])


def test_what_does_not_see_the_order() -> None:
    """Each model of the checklist is run on a text and on the text with two tokens swapped."""
    generator = np.random.default_rng(0)
    x, W, U = generator.normal(size=(4, 3)), generator.normal(size=(3, 3)), generator.normal(size=(3, 3))

    def rnn(x: np.ndarray) -> np.ndarray:
        h = np.zeros(3)
        for row in x:
            h = np.tanh(W @ h + U @ row)
        return h

    models = {
        "One layer of self-attention, with a causal mask": lambda x: looked(x, causal=True)[-1],
        "Two layers of self-attention, with a causal mask": lambda x: looked(looked(x, causal=True), causal=True)[-1],
        "Two layers of self-attention, without a mask": lambda x: looked(looked(x))[-1],
        "A tanh RNN": rnn,
        "The mean of all token vectors": lambda x: x.mean(axis=0),
        "A recurrence without a tanh that only adds each token to its state": lambda x: sum(row for row in x),
    }
    found, _ = drawn("positions", None)
    options = found.part("blind").ask.options
    blind = {k for k, option in enumerate(options, 1) if np.allclose(*map(models[option.text], (x, x[[1, 0, 2, 3]])))}
    assert found.part("blind").expected == blind
    assert 2 <= len(blind) < len(options)
