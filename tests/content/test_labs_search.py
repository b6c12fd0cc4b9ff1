"""The labs on scans, recall, CTC and beams, worked out again in plain NumPy; see test_labs."""

from itertools import groupby, product
from math import ceil, comb

import numpy as np
import pytest

from tests.content.labs import SEEDS, number, opened, option, seen

# a scan


def rounds(way):
    """For each round the pairs (place, earlier place) that combine: Hillis and Steele, or up and down a tree."""
    if way == "doubling":
        return [[(i, i - d) for i in range(d, 8)] for d in (1, 2, 4)]
    up = [[(i, i - d) for i in range(2 * d - 1, 8, 2 * d)] for d in (1, 2, 4)]
    down = [[(i, i - d) for i in range(3 * d - 1, 8, 2 * d)] for d in (2, 1)]
    return up + down


def scanned(way, x):
    """After each round: the stretch of inputs that a place has, and the state of that stretch."""
    have = [(i, i) for i in range(8)]
    history = [list(have)]
    for pairs in rounds(way):
        before = list(have)
        for place, earlier in pairs:
            assert before[earlier][1] == before[place][0] - 1, "the two stretches lie side by side"
            have[place] = before[earlier][0], before[place][1]
        history.append(list(have))
    history += [history[-1]] * (6 - len(history))
    state = [[sum(0.9 ** (last - k) * x[k] for k in range(first, last + 1)) for first, last in row] for row in history]
    return np.array([[last - first + 1 for first, last in row] for row in history]), np.array(state)


@pytest.mark.parametrize("seed", SEEDS)
@pytest.mark.parametrize("way", ["doubling", "up and down"])
@pytest.mark.parametrize("done", [0, 2, 5])
def test_scan(seed, way, done):
    bench = opened("scan", seed)
    value = seen(bench, way=way, round=done, processors=3)
    counts, states = scanned(way, bench.givens["x"])
    assert value("covers")[: done + 1] == pytest.approx(counts[: done + 1])
    assert not value("covers")[done + 1 :].any()
    assert value("so_far") == pytest.approx(states[done])
    assert value("h") == pytest.approx(states[5])  # all rounds make what the loop makes
    assert value("work") == sum(len(pairs) for pairs in rounds(way))
    assert value("time") == sum(ceil(len(pairs) / 3) for pairs in rounds(way))


def test_scan_predictions():
    bench = opened("scan")
    assert number(bench, 0) == 4
    assert [len(pairs) for pairs in rounds("doubling")] == [7, 6, 4]
    assert number(bench, 1) == 17
    combined = [len(pairs) for pairs in rounds("up and down")]
    assert (len(combined), sum(combined), sum(n % 2 for n in combined)) == (5, 11, 3)
    assert sum(ceil(n / 2) for n in combined) == 7
    assert sum(ceil(n / 4) for n in combined) == 5
    assert option(bench, 2) == "7 turns or more"
    assert 2**9 < 1000 <= 2**10  # "a thousand steps take only 10"


@pytest.mark.parametrize("n", [8, 64, 1024])
def test_the_work_of_doubling_grows_like_n_log_n(n):
    work = sum(n - d for d in 2 ** np.arange(int(np.log2(n))))
    assert work == n * np.log2(n) - n + 1


# recall


def recalled(bench, pairs, size, kind, query, sharp):
    raw = bench.givens["keys"][:, :size]
    K = [row / np.linalg.norm(row) for row in raw] if kind == "random" else [np.eye(size)[i % size] for i in range(10)]
    scores = np.array([K[i] @ K[query] for i in range(pairs)])
    weights = np.exp(sharp * scores) / np.exp(sharp * scores).sum()
    values = np.eye(10)
    sums, delta = np.zeros((10, size)), np.zeros((10, size))
    for i in range(pairs):
        sums += np.outer(values[i], K[i])
        delta += np.outer(values[i] - delta @ K[i], K[i])
    softmax = sum((w * values[i] for i, w in enumerate(weights)), np.zeros(10))
    return softmax, sums @ K[query], delta @ K[query]


@pytest.mark.parametrize("seed", SEEDS)
@pytest.mark.parametrize(
    ("pairs", "size", "kind", "query", "sharp"),
    [(4, 16, "random", 2, 8), (10, 4, "random", 9, 1), (9, 8, "orthogonal", 0, 8), (3, 12, "random", 7, 20)],
)
def test_recall(seed, pairs, size, kind, query, sharp):
    bench = opened("recall", seed)
    value = seen(bench, pairs=pairs, size=size, kind=kind, query=query, sharp=sharp)
    found = recalled(bench, pairs, size, kind, query, sharp)
    assert value("reads") == pytest.approx(np.array(found), abs=0.0051)
    newest = max(
        (i for i in range(pairs) if i == query or (kind == "orthogonal" and i % size == query % size)), default=-1
    )
    wanted = np.eye(10)[newest] if newest >= 0 else np.zeros(10)
    for name, read in zip(("softmax", "sum", "delta"), found, strict=True):
        assert value(f"{name}_error") == pytest.approx(np.linalg.norm(read - wanted))


@pytest.mark.parametrize("seed", SEEDS)
def test_recall_predictions(seed):
    bench = opened("recall", seed)
    error = np.linalg.norm(recalled(bench, 8, 16, "random", 2, 8)[1] - np.eye(10)[2])
    assert option(bench, 0) == ("below 0.1" if error < 0.1 else "0.1 to 0.4" if error <= 0.4 else "above 0.4")
    softmax, sums, delta = recalled(bench, 9, 8, "orthogonal", 0, 8)
    assert softmax[0] == pytest.approx(softmax[8])
    assert (sums[0], sums[8]) == (pytest.approx(1), pytest.approx(1))
    assert (delta[0], delta[8]) == (pytest.approx(0), pytest.approx(1))  # only the delta rule overwrites
    assert option(bench, 1) == "as much of the old as of the new one"
    assert number(bench, 2) == pytest.approx(recalled(bench, 8, 16, "random", 2, 1)[0][2])
    exact = recalled(bench, 8, 8, "orthogonal", 5, 8)[1]
    assert exact == pytest.approx(np.eye(10)[5])  # a sum is exact for orthogonal keys


def test_random_keys_have_products_of_about_1_over_the_root_of_their_size():
    keys = np.random.default_rng(0).normal(size=(2000, 2, 16))
    keys /= np.linalg.norm(keys, axis=2, keepdims=True)
    products = (keys[:, 0] * keys[:, 1]).sum(axis=1)
    assert products.std() == pytest.approx(1 / 4, rel=0.1)
    assert np.e / (np.e + 7) == pytest.approx(0.28, abs=0.005)


# CTC

TEXTS = {"a": (1,), "ab": (1, 2), "aa": (1, 1), "aba": (1, 2, 1)}


def spellings(text, frames):
    """All sequences of symbols that read as a text, once repeats and then blanks are dropped."""
    every = product(range(3), repeat=frames)
    return [path for path in every if tuple(s for s, _ in groupby(path) if s) == text]


def outputs(bench, blank, sure):
    logits = sure * bench.givens["noise"] + blank * np.array([1, 0, 0])
    powers = np.exp(logits)
    return powers / powers.sum(axis=1, keepdims=True)


@pytest.mark.parametrize("seed", SEEDS)
@pytest.mark.parametrize(
    ("text", "frames", "blank", "sure"),
    [("ab", 6, 0, 1), ("aa", 2, 0, 1), ("aa", 5, 2, 3), ("aba", 6, -3, 0), ("a", 3, 1, 2)],
)
def test_ctc_table(seed, text, frames, blank, sure):
    bench = opened("ctc-table", seed)
    value = seen(bench, text=text, frames=frames, blank=blank, sure=sure)
    y, paths = outputs(bench, blank, sure), spellings(TEXTS[text], frames)
    chances = [np.prod([y[t, s] for t, s in enumerate(path)]) for path in paths]
    assert value("probability") == pytest.approx(sum(chances))
    assert value("paths") == len(paths)
    assert value("empty") == pytest.approx(np.prod(y[:frames, 0]))
    assert value("best") == pytest.approx(np.prod(y[:frames].max(axis=1)))
    if paths:
        credit = np.zeros((3, 6))
        for path, chance in zip(paths, chances, strict=True):
            for t, s in enumerate(path):
                credit[s, t] += chance / sum(chances)
        assert value("credit") == pytest.approx(credit)


def test_ctc_table_cells():
    """A cell adds up the beginnings that end in its row: all paths through the rows, one by one."""
    bench = opened("ctc-table")
    y, rows = outputs(bench, 0, 1), [0, 1, 0, 2, 0]
    table = np.zeros((7, 6))

    def walk(row, t, chance):
        chance *= y[t, rows[row]]
        table[row, t] += chance
        for down in (0, 1, 2):
            new = row + down
            if t + 1 < 6 and new < 5 and (down < 2 or (rows[new] and rows[new] != rows[row])):
                walk(new, t + 1, chance)

    walk(0, 0, 1.0)
    walk(1, 0, 1.0)
    assert seen(bench)("table") == pytest.approx(table)


@pytest.mark.parametrize("seed", SEEDS)
def test_ctc_table_predictions(seed):
    bench = opened("ctc-table", seed)
    assert (spellings((1, 1), 2), len(spellings((1, 1), 3))) == ([], 1)
    assert option(bench, 0) == "0"
    assert number(bench, 1) == len(spellings((1, 2), 5)) == comb(7, 4) == 35
    assert comb(5, 2) == 10
    y = outputs(bench, 1, 0)
    assert y[0, 0] == pytest.approx(0.58, abs=0.005)
    paths = spellings((1,), 4)
    assert len(paths) == 10
    assert sum(np.prod([y[t, s] for t, s in enumerate(path)]) for path in paths) > np.prod(y[:4, 0])
    assert option(bench, 2) == "the text a"


# a beam


def model(bench, end):
    logits = bench.givens["logits"] + end * np.array([1, 0, 0, 0, 0])
    return logits - np.log(np.exp(logits).sum(axis=1, keepdims=True))


def chance(logp, text):
    """Log-probability of words, up to the end or as far as they go."""
    total, last = 0.0, 5
    for token in text:
        total += logp[last, token]
        last = token
        if token == 0:
            break
    return total


def beam(logp, width, alpha, steps=7):
    kept = [((), 0.0)]
    for _ in range(steps):
        longer = []
        for text, score in kept:
            if text and text[-1] == 0:
                longer.append((text, score))
            else:
                longer += [((*text, token), score + logp[text[-1] if text else 5, token]) for token in range(5)]
        kept = sorted(longer, key=lambda one: -one[1] / len(one[0]) ** alpha)[:width]
    return kept


def likeliest(logp):
    """Of all texts of at most seven tokens, found one by one."""
    best, words = -np.inf, 0
    for count in range(8):
        for text in product(range(1, 5), repeat=count):
            whole = (*text, 0) if count < 7 else text
            if chance(logp, whole) > best:
                best, words = chance(logp, whole), count
    return best, words


@pytest.mark.parametrize("seed", SEEDS)
@pytest.mark.parametrize(
    ("width", "end", "step", "alpha"), [(3, 0, 7, 0), (1, -2, 4, 0), (5, 1, 2, 1), (4, -1, 7, 0.5), (2, -1.5, 1, 0)]
)
def test_beam(seed, width, end, step, alpha):
    bench = opened("beam", seed)
    value = seen(bench, width=width, end=end, step=step, alpha=alpha)
    logp = model(bench, end)
    final = beam(logp, width, alpha)
    assert value("found") == pytest.approx(final[0][1])
    assert value("words") == sum(token > 0 for token in final[0][0])
    kept = beam(logp, width, alpha, step)
    assert value("texts").shape == (len(kept), step) == (width, step)
    for place, (_, score) in enumerate(kept):  # of two texts with the same score either may be left
        text = value("texts")[place].astype(int)
        path = [chance(logp, text[:t]) for t in range(step + 1)]
        assert value("paths")[:, place] == pytest.approx(path)
        assert path[-1] == pytest.approx(score)
    if step == 1:
        assert value("candidates")[0] == pytest.approx(np.exp(logp[5]))
        assert not value("candidates")[1:].any()
    else:
        before = beam(logp, width, alpha, step - 1)
        expected = [
            [np.exp(score + logp[text[-1], k]) if text[-1] else np.exp(score) * (k == 0) for k in range(5)]
            for text, score in before
        ]
        assert value("candidates").sum(axis=1) == pytest.approx(np.array(expected).sum(axis=1))


@pytest.mark.parametrize("seed", [None, 0])
@pytest.mark.parametrize(("width", "step"), [(3, 7), (5, 4), (1, 2)])
def test_beam_tree(seed, width, step):
    """Its leaves are the texts that are left, and the beginnings that were kept once and that nobody continued."""
    bench = opened("beam", seed)
    logp = model(bench, 0)
    kept = [dict(beam(logp, width, 0, t)) for t in range(1, step + 1)]
    every = {text: score for one in kept for text, score in one.items()}
    leaves = {text: score for text, score in every.items() if not any(o[: len(text)] == text != o for o in every)}
    value = seen(bench, width=width, step=step)
    parents, tokens, scores = (value(name) for name in ("kept", "tokens", "scores"))
    found = {}
    for level, place in np.argwhere(parents >= 0):
        text, at = [], place
        for up in range(level, -1, -1):
            text.insert(0, int(tokens[up, at]))
            at = int(parents[up, at])
        if level + 1 == step or place not in parents[level + 1]:
            found[tuple(text)] = scores[level, place]
    assert found == pytest.approx(leaves)


@pytest.mark.parametrize("seed", [None, 1])
def test_beam_predictions(seed):
    bench = opened("beam", seed)
    logp = model(bench, 0)
    best, words = likeliest(logp)
    assert seen(bench)("likeliest") == pytest.approx(best)
    assert seen(bench)("its_words") == words
    greedy = beam(logp, 1, 0)[0][1]
    assert option(bench, 0) == ("yes" if greedy > best - 1e-6 else "no, another text is likelier")
    wide = sum(token > 0 for token in beam(logp, 5, 0)[0][0])
    assert option(bench, 1) == ("0 to 2" if wide <= 2 else "3 to 5" if wide <= 5 else "6 or 7")
    mean = sum(token > 0 for token in beam(logp, 5, 1)[0][0])
    told = {1: "it has more words", 0: "it has as many words", -1: "it has fewer words"}
    assert option(bench, 2) == told[int(np.sign(mean - words))]
