"""Whether a match is worth a word: how likely some wrong answer would fit one of many mistakes by mere chance.

Where dozens of wrong versions are known, "0.5" fits one of them too easily; "0.4869" does not. What counts are the
significant digits of those elements that differ from the right ones: an element that is right tells nothing.
"""

from decimal import Decimal

import numpy as np

from rnn_tutor.engine.compare import significant, typed_numbers
from rnn_tutor.engine.expression import Expr
from rnn_tutor.engine.functions import Array
from rnn_tutor.exercises.diagnosis.visible import near
from rnn_tutor.exercises.question import Part

TOO_LIKELY = 0.25
CALCULATED = 6  # digits that count for a number which was calculated and not typed
COMMON = (0.0, 1.0, -1.0, 0.5, 2.0)


def by_chance(part: Part, expr: Expr | None, value: Array, candidates: int) -> bool:
    """Tell whether a value would fit one of so many candidates by chance too easily to say anything."""
    expected = part.expected
    typed = typed_numbers(expr) if expr is not None else []
    flat = value.reshape(-1)
    if len(typed) != flat.size:
        typed = [None] * flat.size
    telling = np.ones(flat.size, dtype=bool)
    if isinstance(expected, np.ndarray) and expected.shape == value.shape:
        telling = ~near(part, value, expected).reshape(-1)
    whole = isinstance(expected, np.ndarray) and bool(np.all(expected == np.floor(expected)))
    seen: set[float] = set()
    chance = 1.0
    for number, own, tells in zip(flat, typed, telling, strict=True):
        size = round(abs(float(number)), 12)
        if tells and size not in seen:
            seen.add(size)
            chance *= _chance(float(number), own, whole)
    return candidates * chance > TOO_LIKELY


def _chance(value: float, typed: Decimal | None, whole: bool) -> float:
    """Return how likely a wrong number is just this one: two signs, three powers of ten, nine first digits."""
    if value in COMMON:
        return 1 / 10
    if typed is None:
        digits = len(f"{abs(value):.{CALCULATED}g}".replace(".", "").strip("0").split("e")[0])
    else:
        digits = significant(typed.normalize())
    digits = max(1, min(digits, CALCULATED))
    if whole and value.is_integer():
        return 1 / (20 * 10.0 ** (digits - 1))
    return 1 / (54 * 10.0 ** (digits - 1))
