"""Whether a match is worth a word: how likely some wrong answer would fit one of many mistakes by mere chance.

Where dozens of wrong versions are known, "0.5" fits one of them too easily; "0.4869" does not. What counts are the
significant digits of those elements that differ from the right ones: an element that is right tells nothing.
"""

from collections.abc import Iterable, Sequence
from decimal import Decimal

import numpy as np

from rnn_tutor.engine.compare import significant, typed_numbers
from rnn_tutor.engine.expression import Expr
from rnn_tutor.engine.functions import Array
from rnn_tutor.exercises.diagnosis.distinguishable import near
from rnn_tutor.exercises.question import Part

TOO_LIKELY = 0.25
TOO_CROWDED = 0.05  # near what was typed; most wrong answers are of the right one's size, as most wrong versions are
NEAR = 2.0
FEW = 8  # wrong versions near what was typed: so few are worth a word
CALCULATED = 6  # digits that count for a number which was calculated and not typed
COMMON = (0.0, 1.0, -1.0, 0.5, 2.0)


def by_chance(part: Part, expr: Expr | None, value: Array, versions: Iterable[Array]) -> bool:
    """Tell whether a value would fit one of many wrong versions by chance too easily to say anything."""
    alike = {version.round(9).tobytes(): version for version in versions if version.shape == value.shape}
    candidates = len(alike)
    expected = part.expected
    typed = typed_numbers(expr) if expr is not None else []
    flat = value.reshape(-1)
    if len(typed) != flat.size:
        typed = [None] * flat.size
    telling = np.ones(flat.size, dtype=bool)
    if isinstance(expected, np.ndarray) and expected.shape == value.shape:
        telling = ~near(part, value, expected).reshape(-1)
    whole = isinstance(expected, np.ndarray) and bool(np.all(expected == np.floor(expected)))
    counted: set[float] = set()
    chance = 1.0
    for number, own, tells in zip(flat, typed, telling, strict=True):
        size = round(abs(float(number)), 12)
        if tells and size not in counted:
            counted.add(size)
            chance *= _chance(float(number), own, whole)
    return candidates * chance > TOO_LIKELY or _crowded(part, flat, typed, list(alike.values()))


def _crowded(part: Part, flat: Array, typed: Sequence[Decimal | None], versions: Sequence[Array]) -> bool:
    """Tell whether so many wrong versions lie near a value that one that fits says little."""
    expected = part.expected
    units = np.array([_unit(float(number), own) for number, own in zip(flat, typed, strict=True)])
    apart = np.ones(flat.size, dtype=bool)
    if isinstance(expected, np.ndarray) and expected.size == flat.size:
        apart = np.abs(flat - expected.reshape(-1)) > np.maximum(units / 2, part.ask.rtol * np.abs(flat))
    apart &= flat != 0
    with np.errstate(all="ignore"):
        sizes = np.array([version.reshape(-1)[apart] for version in versions]).reshape(len(versions), -1) / flat[apart]
    crowd = int(np.all((sizes > 1 / NEAR) & (sizes < NEAR), axis=1).sum())
    shares = np.maximum(part.ask.rtol, units[apart] / 2 / np.abs(flat[apart])) / np.log(NEAR)
    return crowd > FEW and crowd * float(np.minimum(1.0, shares).prod()) > TOO_CROWDED


def _unit(value: float, typed: Decimal | None) -> float:
    """Return what the last digit of a number counts."""
    if value == 0:
        return 1.0
    digits = significant(typed) if typed is not None else CALCULATED
    return float(10.0 ** (np.floor(np.log10(abs(value))) - digits + 1))


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
