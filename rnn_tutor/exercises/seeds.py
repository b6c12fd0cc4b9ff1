"""Seeds of an exercise's numbers: which the tutor draws by itself, and which a set of questions makes of its own.

A learner's own seeds in an assignment are others (see `assignment.seed_of`). So a seed tells whether it is practice.
"""

MOST_SEED = 100_000
"""Seeds that are drawn are below this: short enough to tell a neighbour."""
MOST_AGAIN = 20
"""How often a set of questions asks an exercise again at most, each time with other numbers."""
_BETWEEN = 1_000_003


def any_seed() -> int:
    """Return one of these seeds by chance."""
    from random import SystemRandom  # late: the first frame needs none

    return SystemRandom().randrange(MOST_SEED)


def seed_of(seed: int, again: int) -> int:
    """Return the seed of an exercise's numbers in a set with this seed."""
    return (seed + _BETWEEN * again) % 2**63


def is_drawn(seed: int) -> bool:
    """Tell whether the tutor may have drawn a seed by itself: for new numbers, a review, or a question of a set."""
    again, first = divmod(seed, _BETWEEN)
    return again <= MOST_AGAIN and first < MOST_SEED
