"""Which two mistakes a single number is likely to come from: by Bayes' rule, as one mistake alone is judged.

How likely a pair is, is the product of how often each of its mistakes is made. Thousands of pairs are tried, and
some ten of them fit four digits by chance: nearly always one that nobody makes.
"""

from collections.abc import Sequence
from functools import partial

import numpy as np

from rnn_tutor.exercises.diagnosis.chance import are_both_likely, is_counted, is_measured, nearness, to_the_digit
from rnn_tutor.exercises.diagnosis.fits import (
    alike_elsewhere,
    fits_closely,
    likeliest,
    order_of_steps,
    tells_a_part,
)
from rnn_tutor.exercises.diagnosis.pairs import Pairs
from rnn_tutor.exercises.diagnosis.rates import bits_of_both
from rnn_tutor.exercises.diagnosis.search import Version, behind_earlier_parts, verified
from rnn_tutor.exercises.question import Part, Question
from rnn_tutor.exercises.verdict import Reading

MOST_FITS = 10  # pairs that give the same number, the likeliest
MOST_TOLD = 2  # pairs that other numbers tell apart
ONE_STORY = 0.5  # of the same for a count, which the likeliest pair has: 4 * (4 * H + 2) is 8 * (2 * H + 1), too
NEARLY_ALL = 0.85  # of the likelihood of those that fit, which the ones that are told have


def is_judged_alone(part: Part, reading: Reading) -> bool:
    """Tell whether an answer is a single number of which so many digits were typed that pairs may be told by Bayes."""
    return (
        part.kind != "program"
        and not reading.uses
        and nearness(part, reading) is not None
        and (is_measured(part, reading) or is_counted(part, reading))
    )


def likely_pairs(question: Question, part: Part, reading: Reading, two: Pairs, most: float | None) -> list[Version]:
    """Return the two mistakes that a number comes from, or two such pairs; none where that is not likely.

    most: what the cheapest of those that fit may cost, None for anything.
    """
    value = reading.value
    assert isinstance(value, np.ndarray)  # noqa: S101 - a value part
    near = [one for one in two.roughly(value) if fits_closely(part, reading, one.value)]
    fits = [one for one in near if to_the_digit(part, reading, one.value)]
    if not fits or (most is not None and all(one.cost > most for one in fits)):
        return []
    rarity = partial(bits_of_both, behind=behind_earlier_parts(question, part, reading.unsolved))
    fits = sorted(_each_once(fits), key=rarity)[:MOST_FITS]
    if not are_both_likely(part, reading, map(rarity, fits), two.likelihood):
        return []
    fits = [one for one in fits if verified(question, part, one) and not tells_a_part(question, part, reading, one)]
    if not are_both_likely(part, reading, map(rarity, fits), two.likelihood):
        return []
    groups = alike_elsewhere(question, part, fits, MOST_FITS)
    weights = {id(group): sum(2.0 ** -rarity(one) for one in group) for group in groups}
    groups = sorted(groups, key=lambda group: -weights[id(group)])
    needed, told = NEARLY_ALL * sum(weights.values()), list[Version]()
    if is_counted(part, reading) and 2.0 ** -rarity(fits[0]) < ONE_STORY * sum(weights.values()):
        return []
    for group in groups[:MOST_TOLD]:
        told.append(min(group, key=partial(likeliest, order_of_steps(question))))
        needed -= weights[id(group)]
        if needed <= 0:
            return told
    return []


def _each_once(fits: Sequence[Version]) -> list[Version]:
    """Return pairs with those left out that say the same: what is done to the result is tried in two ways."""
    found: dict[frozenset[tuple[str, str]], Version] = {}
    for one in fits:
        found.setdefault(frozenset(one.clauses), one)
    return list(found.values())
