"""Sequence to sequence and decoding: the answers that the engine works out, against NumPy written without it."""

import itertools
from math import exp, log

import numpy as np
import pytest

from rnn_tutor.exercises.mark import mark
from tests.content.course import SEEDS, asked, drawn, expected, has_values

Sequence = tuple[int, ...]


def likelihood(start: np.ndarray, P: np.ndarray, tokens: Sequence) -> float:
    """The probability of a sequence, by the chain rule."""
    steps = (float(P[one, other]) for one, other in itertools.pairwise(tokens))
    return float(start[tokens[0]]) * float(np.prod(list(steps)))


def search(start: np.ndarray, P: np.ndarray, T: int, width: int) -> Sequence:
    """Beam search over tuples."""
    kept: list[Sequence] = [()]
    for _ in range(T):
        longer = [(*one, token) for one in kept for token in range(len(start))]
        kept = sorted(longer, key=lambda one: -likelihood(start, P, one))[:width]
    return kept[0]


@pytest.mark.parametrize("seed", SEEDS)
def test_hand_over(seed: int | None) -> None:
    found, g = asked("seq2seq-hand-over", seed)
    B, H, units = int(g["B"]), int(g["H"]), int(g["units"])
    h_n = np.zeros((2, B, H))
    joined = np.concatenate([h_n[0], h_n[1]], axis=1)
    W, b = np.zeros((units, 2 * H)), np.zeros(units)
    assert found.part("joined").expected == joined.shape
    assert found.part("start").expected == np.tanh(joined @ W.T + b).shape
    has_values(found, {"numbers": 2 * units, "bridge": 2 * (W.size + b.size)})


def test_a_reshape_would_mix_the_sequences() -> None:
    h_n = np.arange(12).reshape(2, 3, 2)
    right = np.concatenate([h_n[0], h_n[1]], axis=1)
    assert right[0].tolist() == [0, 1, 6, 7]
    assert h_n.reshape(3, 4)[0].tolist() == [0, 1, 2, 3]


@pytest.mark.parametrize("seed", SEEDS)
def test_loss_of_a_translation(seed: int | None) -> None:
    """Word by word: what the decoder reads, and what it must say."""
    found, g = asked("seq2seq-loss", seed)
    T, losses = int(g["T"]), g["losses"]
    real, counted, words = np.zeros((2, T)), [], []
    for b, n in enumerate(int(one) for one in g["n"]):
        targets = [f"word {t}" for t in range(n)] + ["EOS"]
        for t, target in enumerate(targets):
            real[b, t] = 1
            counted.append(losses[b, t])
            if target != "EOS":
                words.append(losses[b, t])
    last = [int(n) - 1 for n in g["n_src"]]
    has_values(found, {"last": np.array(last), "real": real, "loss": np.mean(counted), "short": np.mean(words)})


@pytest.mark.parametrize("seed", SEEDS)
def test_reversed_source(seed: int | None) -> None:
    """A clock that counts the updates of encoder and decoder."""
    found, g = asked("reverse-source", seed)
    n, rho = int(g["n"]), float(g["rho"])

    def lags(order: list[int], words: int) -> np.ndarray:
        read = {word: clock for clock, word in enumerate(order)}
        return np.array([words + word - read[word] for word in range(words)])

    plain, turned = lags(list(range(n)), n), lags(list(range(n))[::-1], n)
    assert plain.tolist() == [n] * n
    assert np.sum(turned < n) == n // 2
    wanted = {"lags": turned, "average": turned.mean(), "gain": np.sum(rho**turned) / np.sum(rho**plain)}
    has_values(found, {**wanted, "limit": np.sum(rho ** lags(list(range(400))[::-1], 400))})
    assert np.sum(rho ** lags(list(range(400)), 400)) < 1e-9


@pytest.mark.parametrize("seed", SEEDS)
def test_temperature(seed: int | None) -> None:
    found, g = asked("sampling-temperature", seed)
    z, tau, times = [float(one) for one in g["logits"]], float(g["tau"]), float(g["times"])

    def drawn_with(at: float) -> list[float]:
        e = [exp(one / at) for one in z]
        return [one / sum(e) for one in e]

    needed = float(expected(found, "needed"))
    p, there = drawn_with(tau), drawn_with(needed)
    assert there[0] / there[1] == pytest.approx(times)
    has_values(found, {"p": np.array(p), "odds": p[0] / p[1], "needed": needed})
    cold, hot = drawn_with(0.01), drawn_with(1e6)
    assert cold[0] == pytest.approx(1)
    np.testing.assert_allclose(hot, 1 / 3, rtol=1e-5)


@pytest.mark.parametrize("seed", SEEDS)
def test_top_p(seed: int | None) -> None:
    """The smallest set is looked for among all sets of tokens."""
    found, g = asked("top-p", seed)
    least, k, j = float(g["p_min"]), int(g["k"]), int(g["j"])

    def nucleus(p: np.ndarray, reach: float) -> Sequence:
        sets = [
            one
            for size in range(1, 6)
            for one in itertools.combinations(range(5), size)
            if p[list(one)].sum() >= reach - 1e-12
        ]
        smallest = min(len(one) for one in sets)
        return max((one for one in sets if len(one) == smallest), key=lambda one: p[list(one)].sum())

    sure, unsure = nucleus(g["sure"], least), nucleus(g["unsure"], least)
    lost = [1 - sum(sorted(g[name])[::-1][:k]) for name in ("sure", "unsure")]
    threshold = float(expected(found, "threshold"))
    assert j not in nucleus(g["unsure"], threshold - 1e-6)
    assert j in nucleus(g["unsure"], threshold + 1e-6)
    top = g["unsure"].max() / g["unsure"][list(unsure)].sum()
    has_values(
        found, {"kept": np.array([len(sure), len(unsure)]), "top": top, "lost": np.array(lost), "threshold": threshold}
    )


def test_how_often_one_of_many_bad_tokens_comes() -> None:
    assert abs(49_900 * 0.000002 - 0.1) < 0.001


@pytest.mark.parametrize("seed", SEEDS)
def test_beam_of_two(seed: int | None) -> None:
    found, g = asked("beam-two", seed)
    start, P = g["start"], g["P"]
    first = sorted(range(3), key=lambda token: -start[token])[:2]
    extended = [[likelihood(start, P, (one, other)) for other in range(3)] for one in first]
    tokens, greedy = search(start, P, 3, 2), search(start, P, 3, 1)
    wanted = {"extended": np.array(extended), "found": np.array(tokens), "best": likelihood(start, P, tokens)}
    has_values(found, {**wanted, "greedy": likelihood(start, P, greedy)})
    assert likelihood(start, P, tokens) > likelihood(start, P, greedy)


def test_a_beam_as_wide_as_all_beginnings_finds_the_best() -> None:
    rng = np.random.default_rng(0)
    for _ in range(20):
        start, P = rng.dirichlet(np.ones(3)), rng.dirichlet(np.ones(3), 3)
        best = max(likelihood(start, P, one) for one in itertools.product(range(3), repeat=4))
        assert likelihood(start, P, search(start, P, 4, 27)) == pytest.approx(best)


def test_a_wider_beam_can_end_with_something_less_likely() -> None:
    """Two extensions of the second beginning push out the one that is certain of its last token."""
    after = {"": [0.4, 0.35, 0.25], "0": [0.34, 0.33, 0.33], "1": [0.5, 0.5, 0.0], "00": [1.0, 0.0, 0.0]}

    def beam(width: int) -> float:
        kept = [("", 1.0)]
        for _ in range(3):
            longer = [
                (one + str(k), p * q) for one, p in kept for k, q in enumerate(after.get(one, [0.34, 0.33, 0.33]))
            ]
            kept = sorted(longer, key=lambda one: -one[1])[:width]
        return kept[0][1]

    assert beam(2) < beam(1)
    exercise = drawn("beam-two")
    assert mark(exercise, "claims", "1 3 4").verdict == "right"
    assert mark(exercise, "claims", "1 2 3 4").verdict == "wrong"


BEAM = """\
def beam(start, P, T, width):
    kept = [[k] for k in argsort(-start)[:width]]
    totals = [log(start[k]) for k in argsort(-start)[:width]]
    for t in range(1, T):
        sums = []
        longer = []
        for b in range(len(kept)):
            for token in range(len(start)):
                sums.append(totals[b] + log(P[kept[b][-1], token]))
                longer.append(kept[b] + [token])
        order = argsort(-array(sums))[:width]
        kept = [longer[k] for k in order]
        totals = [sums[k] for k in order]
    return kept[0]
"""


@pytest.mark.parametrize("seed", SEEDS)
def test_beam_program(seed: int | None) -> None:
    found, g = asked("beam-program", seed)
    tokens = search(g["start"], g["P"], int(g["T"]), int(g["width"]))
    has_values(found, {"ids": np.array(tokens)})
    assert mark(found, "ids", BEAM).verdict == "right"


def test_a_greedy_program_is_told_so() -> None:
    greedy = BEAM.replace("[:width]", "[:1]")
    verdict = mark(drawn("beam-program"), "ids", greedy)
    assert verdict.verdict == "wrong"
    assert "greedy" in verdict.says


@pytest.mark.parametrize("seed", SEEDS)
def test_length_penalty(seed: int | None) -> None:
    found, g = asked("length-penalty", seed)
    logp, n, alpha = g["logp"], g["n"], float(g["alpha"])
    tie = float(expected(found, "tie"))
    assert logp[0] / n[0] ** tie == pytest.approx(logp[1] / n[1] ** tie)
    for power, winner in ((tie - 0.05, 0), (tie + 0.05, 1)):  # below it the short one wins, above it the long one
        assert int(np.argmax(logp / n**power)) == winner
    tokens, p = 0, 1.0
    while p * float(g["q"]) > float(g["p_empty"]):
        p *= float(g["q"])
        tokens += 1
    has_values(found, {"scores": np.array([logp[i] / n[i] ** alpha for i in range(2)]), "tie": tie, "longest": tokens})


def collapse(path: Sequence) -> Sequence:
    """Merge what repeats, then remove the blanks."""
    return tuple(symbol for symbol, _ in itertools.groupby(path) if symbol != 0)


def over_paths(p: np.ndarray, label: Sequence) -> float:
    """The probability of a label, path by path."""
    paths = itertools.product(range(p.shape[1]), repeat=len(p))
    return sum(float(np.prod([p[t, s] for t, s in enumerate(path)])) for path in paths if collapse(path) == label)


@pytest.mark.parametrize("seed", SEEDS)
def test_collapse(seed: int | None) -> None:
    found, g = asked("ctc-collapse", seed)
    label = collapse(tuple(int(one) for one in g["path"]))
    word, N = tuple(int(one) for one in g["word"]), int(g["N"])
    fits = [T for T in (5, 6, 7, 8, 9) if any(collapse(path) == word for path in itertools.product(range(3), repeat=T))]
    paths = sum(collapse(path) == (1,) for path in itertools.product(range(2), repeat=N))
    has_values(found, {"label": np.array(label), "steps": fits[0], "paths": paths})


@pytest.mark.parametrize("seed", SEEDS)
def test_ctc_by_hand(seed: int | None) -> None:
    found, g = asked("ctc-forward", seed)
    p = g["p"]
    ends = {  # the beginnings at each of the five places after three steps
        0: [(0, 0, 0)],
        1: [(1, 1, 1), (0, 1, 1), (0, 0, 1)],
        2: [(1, 0, 0), (1, 1, 0), (0, 1, 0)],
        3: [(1, 2, 2), (1, 1, 2), (0, 1, 2), (1, 0, 2)],
        4: [(1, 2, 0)],
    }
    last = [sum(float(np.prod([p[t, s] for t, s in enumerate(path)])) for path in ends[place]) for place in range(5)]
    has_values(found, {"last": np.array(last), "total": over_paths(p, (1, 2)), "twice": over_paths(p, (1, 1))})


def test_ctc_is_that_of_pytorch() -> None:
    """torch.nn.functional.ctc_loss of PyTorch 2.13, with float64."""
    by_hand, program = drawn("ctc-forward"), drawn("ctc-program")
    assert -log(expected(by_hand, "total")) == pytest.approx(0.6971552019574841, rel=1e-12)
    assert -log(expected(by_hand, "twice")) == pytest.approx(3.5065578973199814, rel=1e-12)
    assert float(expected(program, "loss")) == pytest.approx(1.81793918701144, rel=1e-12)


def test_the_best_path_need_not_give_the_best_label() -> None:
    p = np.array([[0.6, 0.4], [0.6, 0.4]])
    best = tuple(int(one) for one in p.argmax(axis=1))
    assert collapse(best) == ()
    assert over_paths(p, (1,)) > over_paths(p, ())


CTC = """\
def ctc(p, label):
    places = [0]
    for letter in label:
        places.append(letter)
        places.append(0)
    alpha = [1] + [0] * (len(places) - 1)
    for t in range(len(p)):
        new = []
        for s in range(len(places)):
            a = alpha[s]
            if s > 0:
                a = a + alpha[s-1]
            if s > 1 and places[s] > 0 and places[s] != places[s-2]:
                a = a + alpha[s-2]
            new.append(a * p[t, places[s]])
        alpha = new
    return -log(alpha[-1] + alpha[-2])
"""


@pytest.mark.parametrize("seed", SEEDS)
def test_ctc_program(seed: int | None) -> None:
    found, g = asked("ctc-program", seed)
    label = tuple(int(one) for one in g["label"])
    has_values(found, {"loss": -log(over_paths(g["p"], label))})
    assert mark(found, "loss", CTC).verdict == "right"


@pytest.mark.long
@pytest.mark.parametrize(
    ("old", "new", "says"),
    [
        (" and places[s] != places[s-2]", "", "skips every blank"),
        ("return -log(alpha[-1] + alpha[-2])", "return -log(alpha[-1])", "must end with a blank"),
        ("return -log(alpha[-1] + alpha[-2])", "return alpha[-1] + alpha[-2]", "This is the probability"),
    ],
)
def test_a_wrong_ctc_program_is_told_what_is_wrong(old: str, new: str, says: str) -> None:
    verdict = mark(drawn("ctc-program"), "loss", CTC.replace(old, new))
    assert verdict.verdict == "wrong"
    assert says in verdict.says


@pytest.mark.parametrize("seed", SEEDS)
def test_states_of_a_beam(seed: int | None) -> None:
    """Each state is the name of its sentence and beginning."""
    found, g = asked("beam-states", seed)
    B, width, parent = int(g["B"]), int(g["width"]), g["parent"].astype(int)
    h = [(b, i) for b in range(B) for i in range(width)]
    needed = [(b, int(parent[b, i])) for b in range(B) for i in range(width)]
    rows = [h.index(one) for one in needed]
    foreign = sum(h[int(row)][0] != b for (b, _), row in zip(h, parent.ravel(), strict=True))
    has_values(found, {"rows": np.array(rows), "lost": len(set(h) - set(needed)), "foreign": foreign})
    assert foreign == (B - 1) * width


def test_equal_beginnings_stay_equal() -> None:
    scores = np.log([[0.6, 0.3, 0.1]] * 3)
    assert (np.argsort(-scores.ravel(), kind="stable")[:3] % 3).tolist() == [0, 0, 0]


@pytest.mark.parametrize("seed", SEEDS)
def test_greedy_loop(seed: int | None) -> None:
    found, g = asked("greedy-loop", seed)
    P, token = g["P"], int(g["first"])
    written = []
    for _ in range(40):
        token = int(np.argmax(P[token]))
        written.append(token)
    period = next(n for n in range(1, 5) if written[10 : 10 + n] == written[10 + n : 10 + 2 * n])
    once = float(np.prod([P[written[t], written[t + 1]] for t in range(10, 10 + period)]))
    rounds = next(n for n in range(1, 1000) if once**n < 0.01)
    has_values(found, {"tokens": np.array(written[:6]), "period": period, "stay": once, "rounds": rounds})


@pytest.mark.parametrize("seed", SEEDS)
def test_scheduled_sampling(seed: int | None) -> None:
    found, g = asked("scheduled-sampling", seed)
    c, i, n = float(g["c"]), float(g["i"]), int(g["n"])

    def true_input(update: float) -> float:
        return c / (c + exp(update / c))

    half, needed = float(expected(found, "half")), float(expected(found, "needed"))
    assert true_input(half) == pytest.approx(0.5)
    assert 1 - needed**n == pytest.approx(0.5)
    assert true_input(i) == pytest.approx(1 / (1 + exp(-(log(c) - i / c))))  # a sigmoid, as is said
    has_values(found, {"eps": true_input(i), "half": half, "pure": true_input(i) ** n, "needed": needed})


@pytest.mark.parametrize("seed", SEEDS)
def test_coverage(seed: int | None) -> None:
    found, g = asked("coverage-or-local", seed)
    weights, logp, other = g["weights"], float(g["logp"]), float(g["logp_b"])
    total = [sum(float(row[s]) for row in weights) for s in range(4)]
    coverage = sum(log(one) for one in total if one < 1)
    beta = float(expected(found, "beta"))
    assert logp + beta * coverage == pytest.approx(other)
    window = [[float(weights[t, s]) for s in range(4) if abs(s - t) <= int(g["D"])] for t in range(4)]
    wanted = {"total": np.array(total), "forgotten": int(np.argmin(total)), "coverage": coverage, "beta": beta}
    has_values(found, {**wanted, "inside": np.mean([sum(row) for row in window])})


@pytest.mark.parametrize("seed", SEEDS)
def test_stopping(seed: int | None) -> None:
    """Limits are tried one after the other: does anything that extends the open beginning score higher?"""
    found, g = asked("beam-stop", seed)
    n, m, longest = int(g["n"]), int(g["m"]), int(g["longest"])
    done, still, alpha = float(g["logp_done"]), float(g["logp_open"]), float(g["alpha"])

    def highest(limit: int) -> float:
        return max(still / length**alpha for length in range(m, limit + 1))

    score = done / n**alpha
    safe = max(limit for limit in range(m, 500) if highest(limit) <= score)
    has_values(found, {"score": score, "bound": highest(longest), "safe": safe})


@pytest.mark.parametrize("seed", SEEDS)
def test_peaks(seed: int | None) -> None:
    found, _ = asked("ctc-peaks", seed)
    p = found.graph.whole("p").number
    np.testing.assert_allclose(p.sum(axis=0), 1)
    path = [int(one) for one in p.argmax(axis=0)]
    orders = [sorted(range(3), key=lambda symbol, t=t: -p[symbol, t]) for t in range(p.shape[1])]
    margins = [p[first, t] - p[second, t] for t, (first, second, _) in enumerate(orders)]
    weak = int(np.argmin(margins))
    turned = [orders[t][1] if t == weak else symbol for t, symbol in enumerate(path)]
    wanted = {"label": np.array(collapse(tuple(path))), "other": np.array(collapse(tuple(turned)))}
    has_values(found, {**wanted, "weak": weak})


def test_what_two_mistakes_have_in_common_is_said_once() -> None:
    """Twice the same words: the smallest for the largest in one place of the formula, or in another."""
    says = mark(asked("beam-two", None)[0], "greedy", "0.28").says
    clauses = says.removeprefix("You would get this if ").rstrip(".").split(", or if ")
    assert len(clauses) == len(set(clauses))
