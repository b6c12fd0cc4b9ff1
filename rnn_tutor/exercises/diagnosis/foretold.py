"""Two mistakes of several numbers that are not among the likeliest pairs: which of them come near is foretold.

What two mistakes give together is about what each gives alone, one change added to the other, or times the other. So
of hundreds of thousands of pairs a few hundred are near an answer of several numbers, and only these are computed.
"""

import numpy as np

from rnn_tutor.engine.functions import Array
from rnn_tutor.exercises.diagnosis.chance import are_in_proportion, by_chance, numbers_typed, to_the_digit
from rnn_tutor.exercises.diagnosis.fits import fits_closely, tells_a_part
from rnn_tutor.exercises.diagnosis.pairs import Tried, lowest, paired, tried
from rnn_tutor.exercises.diagnosis.search import Search, Version, verified
from rnn_tutor.exercises.question import Part, Question
from rnn_tutor.exercises.verdict import Reading

MOST_COMPUTED = 100  # pairs, the nearest
MOST_LOOKED_AT = 6  # elements of an answer
RAREST = 10.0  # bits of a pair
NEAR = 0.5  # relative: further off none is computed
BY_CHANCE = 0.02  # pairs that may be expected to fit by chance


def foretold(question: Question, part: Part, reading: Reading, engine: Search) -> list[Version]:
    """Return the pairs that give several numbers with all their digits, as far as chance cannot make them fit."""
    value, expected = reading.value, np.asarray(part.expected, dtype=float)
    assert isinstance(value, np.ndarray)  # noqa: S101 - a value part
    if value.shape != expected.shape or numbers_typed(part, reading) < SEVERAL or are_in_proportion(part, reading):
        return []
    if not to_the_digit(part, reading, value):
        return []
    known = tried(engine)
    near = _nearest(known, value, expected)
    if not len(near):
        return []
    both = [(known.mistakes[first], known.mistakes[second]) for first, second in near]
    with engine.alone_at_work():
        values = engine.together([(*one.slips, *other.slips) for one, other in both])
    found = [
        (paired(*mistakes, made), known.rarity[first] + known.rarity[second])
        for mistakes, made, (first, second) in zip(both, values, near, strict=True)
        if made is not None and made.shape == value.shape and to_the_digit(part, reading, made)
    ]
    found = [(one, bits) for one, bits in found if fits_closely(part, reading, one.value)]
    if not found:
        return []
    rarest = min(bits for _, bits in found)
    if by_chance(part, reading.expr, value, _as_likely(known, expected, rarest), BY_CHANCE, 0.0):
        return []
    fits = [one for one, bits in found if bits <= rarest + AS_RARE]
    return [one for one in fits if verified(question, part, one) and not tells_a_part(question, part, reading, one)]


SEVERAL = 2
AS_RARE = 1.5  # bits by which a pair may be rarer than another one that fits


def _nearest(known: Tried, value: Array, expected: Array) -> list[tuple[int, int]]:
    """Return the pairs, not yet tried, that are foretold to come nearest."""
    asked, right = value.reshape(-1), expected.reshape(-1)
    at = sorted({round(float(one)) for one in np.linspace(0, len(asked) - 1, MOST_LOOKED_AT)})
    alone = np.isfinite(known.values).all(axis=1)
    rarity = np.where(alone, known.rarity, np.inf).astype(np.float32)
    both = rarity[:, None] + rarity[None]
    firsts, seconds = np.nonzero(known.together & (both >= known.least) & (both <= RAREST))
    added, times = np.zeros((2, len(firsts)))
    with np.errstate(all="ignore"):
        for own, wanted, now in zip(known.values[:, at].T, asked[at], right[at], strict=True):
            size = max(abs(wanted), LEAST * float(np.abs(asked).max()))
            one, other = own[firsts], own[seconds]
            np.maximum(added, np.abs(one + other - (now + wanted)) / size, out=added)
            if now:
                np.maximum(times, np.abs(one * other / now - wanted) / size, out=times)
    off = np.fmin(added, times)
    near = np.flatnonzero(off < NEAR)
    if len(near) > MOST_COMPUTED:
        near = near[lowest(off[near], MOST_COMPUTED)]
    return [(int(firsts[which]), int(seconds[which])) for which in near]


LEAST = 0.02  # of the largest number of an answer, by which a small one may be off


def _as_likely(known: Tried, expected: Array, bits: float) -> Array:
    """Return what all pairs that are as likely as one are foretold to give."""
    firsts, seconds = np.nonzero(known.together & (known.rarity[:, None] + known.rarity[None] <= bits))
    right = expected.reshape(-1)
    return (known.values[firsts] + known.values[seconds] - right).reshape(-1, *expected.shape)
