"""Sequence models: the answers that the engine works out, against NumPy written without it."""

import itertools
import math
from collections.abc import Callable
from typing import Any

import numpy as np
import pytest

from rnn_tutor.exercises.mark import mark
from tests.content.course import SEEDS, Givens
from tests.content.course import drawn as question


def whole(number: Any) -> int:
    return int(np.asarray(number))


def text_perplexity(g: Givens) -> list[Any]:
    product = 1.0
    for p in g["probs"]:
        product *= p
    ppl = product ** (-1 / len(g["probs"]))
    # a further token of this probability gives the longer text the same perplexity
    steady = product ** (1 / len(g["probs"]))
    assert (product * steady) ** (-1 / (len(g["probs"]) + 1)) == pytest.approx(ppl)
    return [ppl, steady]


def sequence_probability(g: Givens) -> list[Any]:
    product = math.prod(float(p) for p in g["probs"])
    return [product, math.log(product), product ** (1 / len(g["probs"]))]


def token_loss(g: Givens) -> list[Any]:
    def loss(z: np.ndarray) -> float:
        return math.log(sum(math.exp(one) for one in z)) - float(z[whole(g["target"])])

    z = np.asarray(g["logits"])
    p = np.array([math.exp(one) / sum(math.exp(other) for other in z) for one in z])
    return [p, loss(z), central(loss, z)]


def central(function: Callable[[np.ndarray], float], at: np.ndarray, step: float = 1e-6) -> np.ndarray:
    slopes = []
    for k in range(len(at)):
        move = np.zeros(len(at))
        move[k] = step
        slopes.append((function(at + move) - function(at - move)) / (2 * step))
    return np.array(slopes)


def corpus_perplexity(g: Givens) -> list[Any]:
    every = [loss for loss, n in zip(g["losses"], g["lengths"], strict=True) for _ in range(int(n))]
    return [math.exp(sum(every) / len(every))]


def nats_and_bits(g: Givens) -> list[Any]:
    per_char = float(g["chars"]) / float(g["words"])
    return [math.log2(math.e) * float(g["word_loss"]) / per_char, 2 ** (float(g["char_bits"]) * per_char)]


def shifted_targets(g: Givens) -> list[Any]:
    rows = [[int(word) for word in g[name]] for name in ("longer", "shorter")]
    wide = whole(g["T"]) + 1
    inputs = [([1, *row] + [0] * wide)[:wide] for row in rows]
    targets = [([*row, 2] + [0] * wide)[:wide] for row in rows]
    return [inputs, targets]


def surprise_bars(g: Givens) -> list[Any]:
    bits = [float(one) for one in g["bits"]]
    worst = bits.index(max(bits))
    gone = [0.0 if at == worst else one for at, one in enumerate(bits)]
    return [worst, 1 / 2 ** bits[worst], 2 ** (sum(bits) / len(bits)), 2 ** (sum(gone) / len(gone))]


def free_running(g: Givens) -> list[Any]:
    a, w, truth, own = float(g["a"]), float(g["w"]), float(g["x0"]), float(g["x0"])
    forced, free = [], []
    for _ in range(whole(g["T"])):
        forced.append(w * truth - a * truth)
        truth, own = a * truth, w * own
        free.append(own - truth)
    return [forced, free, free[-1] / forced[-1]]


VALUES = {
    "sequence-probability": sequence_probability,
    "text-perplexity": text_perplexity,
    "token-loss": token_loss,
    "corpus-perplexity": corpus_perplexity,
    "nats-and-bits": nats_and_bits,
    "shifted-targets": shifted_targets,
    "surprise-bars": surprise_bars,
    "free-running": free_running,
}


@pytest.mark.parametrize("seed", SEEDS)
@pytest.mark.parametrize("name", VALUES)
def test_answers(name: str, seed: int | None) -> None:
    found = question(name, seed)
    wanted = VALUES[name](dict(found.givens))
    assert len(wanted) == len(found.parts)
    for part, value in zip(found.parts, wanted, strict=True):
        np.testing.assert_allclose(np.asarray(part.expected), value, rtol=1e-6, atol=1e-8)


BIGRAM = """\
def nll(ids, start, P):
    total = -log(start[ids[0]])
    for t in range(1, len(ids)):
        total = total - log(P[ids[t-1], ids[t]])
    return total / len(ids)
"""
GREEDY = """\
def generate(first, n, E, W_hh, W_hy):
    h = zeros(W_hh.shape[0])
    ids = []
    last = first
    for t in range(n):
        h = tanh(E[last] + W_hh @ h)
        last = argmax(W_hy @ h)
        ids.append(last)
    return ids
"""


@pytest.mark.parametrize("seed", SEEDS)
@pytest.mark.parametrize(
    ("name", "part", "text"), [("bigram-nll", "mean_loss", BIGRAM), ("greedy-decoding", "ids", GREEDY)]
)
def test_programs(name: str, part: str, text: str, seed: int | None) -> None:
    assert mark(question(name, seed), part, text).verdict == "right"


@pytest.mark.parametrize(
    ("name", "part", "text", "says"),
    [
        ("bigram-nll", "mean_loss", BIGRAM.replace("ids[t-1], ids[t]", "ids[t], ids[t-1]"), "Rows and columns"),
        ("bigram-nll", "mean_loss", BIGRAM.replace("total / len(ids)", "total"), "whole sequence"),
        ("bigram-nll", "mean_loss", BIGRAM.replace("range(1, len(ids))", "range(1, len(ids) - 1)"),
         "the loop stops one step too early."),
        ("greedy-decoding", "ids", GREEDY.replace("ids = []", "ids = [first]").replace("return ids", "return ids[:-1]"),
         "begins with the token that was given"),
        ("greedy-decoding", "ids",
         GREEDY.replace("last = argmax", "new = argmax").replace("append(last)", "append(new)"),
         "no line of the loop changes"),
    ],
)  # fmt: skip
def test_wrong_programs(name: str, part: str, text: str, says: str) -> None:
    verdict = mark(question(name), part, text)
    assert verdict.verdict == "wrong"
    assert says in verdict.says


def test_a_mistake_that_a_program_shows_by_chance_is_not_told() -> None:
    """With the numbers of the file the last pair has the probability that the first token has."""
    verdict = mark(question("bigram-nll"), "mean_loss", BIGRAM.replace("range(1, len(ids))", "range(1, len(ids) - 1)"))
    assert (verdict.line, "first token" in verdict.says) == (3, False)


def test_bigram_against_a_table() -> None:
    found = question("bigram-nll", 2)
    ids = [int(one) for one in found.givens["ids"]]
    p = [float(found.givens["start"][ids[0]])] + [float(found.givens["P"][a][b]) for a, b in itertools.pairwise(ids)]
    assert float(np.asarray(found.parts[0].expected)) == pytest.approx(-math.log(math.prod(p)) / len(p))


def test_what_is_claimed_of_free_running() -> None:
    """The example that the checklist points to: 10% too high each time, or more than twice too high in the end."""
    state, errors = 1.0, []
    for _ in range(8):
        state *= 1.1
        errors.append(state - 1)
    assert state > 2
    assert np.mean(np.square(errors)) > 20 * 0.1**2
    found = question("teacher-forcing-claims")
    assert float(found.graph.whole("free").number[-1]) == pytest.approx(state)


def test_the_gradient_is_bounded_by_the_root_of_two() -> None:
    """What the page says of p - y, for predictions as wrong as can be."""
    rng = np.random.default_rng(0)
    worst = 0.0
    for _ in range(200):
        z = rng.normal(0, 20, 5)
        p = np.exp(z - z.max()) / np.exp(z - z.max()).sum()
        worst = max(worst, *(float(np.linalg.norm(p - np.eye(5)[k])) for k in range(5)))
    assert 1.4 < worst <= math.sqrt(2) + 1e-12


def joined(words: dict[tuple[str, ...], int], pair: tuple[str, str]) -> dict[tuple[str, ...], int]:
    """The words with a pair of neighbours as one token."""
    found = {}
    for word, count in words.items():
        tokens = list(word)
        for k in reversed(range(len(tokens) - 1)):
            if (tokens[k], tokens[k + 1]) == pair:
                tokens[k : k + 2] = ["".join(pair)]
        found[tuple(tokens)] = count
    return found


def neighbours(words: dict[tuple[str, ...], int]) -> dict[tuple[str, str], int]:
    counts: dict[tuple[str, str], int] = {}
    for word, count in words.items():
        for pair in itertools.pairwise(word):
            counts[pair] = counts.get(pair, 0) + count
    return counts


@pytest.mark.parametrize("seed", SEEDS)
def test_bpe_and_bits(seed: int | None) -> None:
    """Byte pair encoding itself, on the words."""
    found = question("bpe-and-bits", seed)
    g = dict(found.givens)
    words = {tuple(word): int(n) for word, n in zip(("the", "then", "hen", "ten"), g["count"], strict=True)}
    chars = sum(len(word) * n for word, n in words.items())
    first = neighbours(words)
    assert max(first, key=first.__getitem__) == ("h", "e")
    words = joined(words, ("h", "e"))
    second = neighbours(words)
    words = joined(words, max(second, key=second.__getitem__))
    tokens = sum(len(word) * n for word, n in words.items())
    wanted = {
        "pairs": [first[pair] for pair in (("t", "h"), ("h", "e"), ("e", "n"), ("t", "e"))],
        "after": [second[pair] for pair in (("t", "he"), ("he", "n"), ("t", "e"), ("e", "n"))],
        "tokens": tokens,
        "bits": float(g["loss"]) * tokens / chars / math.log(2),
    }
    for name, value in wanted.items():
        np.testing.assert_allclose(np.asarray(found.part(name).expected), value, rtol=1e-9)
    assert found.part("unknown").expected == {2}
