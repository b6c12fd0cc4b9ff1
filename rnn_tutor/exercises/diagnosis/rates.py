"""How often each mistake is made, beside the others that may be made in an answer: what the judge begins with.

What a version costs sets the order of the search, and was guessed. How often a rule is the truth, was counted.
"""

from collections.abc import Container
from dataclasses import replace

from rnn_tutor.engine.mutate.counted import COUNTED
from rnn_tutor.exercises.diagnosis.search import Version

BITS = 1.5  # in one of a cost: a version that costs one more is the truth 2**1.5 times less often
EARLIER = 1.25  # bits, beside what it costs, that a mistake is in a step that an earlier part is made from, too


def bits(version: Version, behind: Container[str] = ()) -> float:
    """Return how rare a version with one mistake is: with one bit more it is made half as often.

    behind: the steps that earlier parts are made from, too.
    """
    rule = version.rules[0]
    rarer = COUNTED[rule][0] if rule in COUNTED else 0.0
    earlier = not version.right and any(slip.step in behind for slip in version.slips)
    return BITS * version.cost + rarer + (EARLIER if earlier else 0.0)


def bits_of_both(version: Version, behind: Container[str] = ()) -> float:
    """Return how rare a version with two mistakes is among all that have two: each is made as often as it is alone."""
    both = version.both or [replace(version, slips=(slip,), cost=slip.edit.cost) for slip in version.slips]
    return sum(bits(one, behind) for one in both)
