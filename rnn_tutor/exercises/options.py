"""Options in another order: what is new in a question that has no numbers to draw."""

import re
from collections.abc import Sequence

from rnn_tutor.engine.draw import Bits
from rnn_tutor.exercises.model import Option

MOST_TRIES = 20
_LAST = re.compile(r"(?i)\s*(none|all|both|neither|any)( \w+)? of (them|these|those|the (above|others|options))\b")


def in_order_of(seed: int, options: Sequence[Sequence[Option]]) -> list[list[Option]]:
    """Return the options of each part in the order of a seed, the same on every machine.

    An option that speaks of the others ("none of them") keeps its place. Where another order gives the right ones other
    numbers, they have other numbers: who remembers 2 is wrong. Raises EngineError for a seed that is none.
    """
    bits = Bits(seed)
    return [_reordered(some, bits) for some in options]


def right(options: Sequence[Option]) -> frozenset[int]:
    """Return the numbers, from 1, of those that belong to the answer."""
    return frozenset(number for number, option in enumerate(options, start=1) if option.right)


def _reordered(options: Sequence[Option], bits: Bits) -> list[Option]:
    places = [place for place, option in enumerate(options) if _LAST.match(option.text) is None]
    order = list(options)
    for _ in range(MOST_TRIES if len(places) > 1 else 0):
        for place, source in zip(places, _shuffled(places, bits), strict=True):
            order[place] = options[source]
        if right(order) != right(options):
            break
    return order


def _shuffled(places: Sequence[int], bits: Bits) -> list[int]:
    """Return them in another order (Fisher and Yates)."""
    left, shuffled = list(places), list[int]()
    while left:
        shuffled.append(left.pop(int(bits.below(len(left), ()))))
    return shuffled
