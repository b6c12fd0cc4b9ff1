"""Whether a match is worth a word: how likely some wrong answer would fit one of many mistakes by mere chance.

Where dozens of wrong versions are known, "0.5" fits one of them too easily; "0.4869" does not. What counts are the
significant digits of those elements that differ from the right ones: an element that is right tells nothing.
"""

from collections.abc import Iterable, Sequence
from decimal import Decimal
from math import comb, exp, factorial, isfinite, log

import numpy as np

from rnn_tutor.engine.compare import significant, typed_numbers
from rnn_tutor.engine.expression import Expr, Number, walk
from rnn_tutor.engine.functions import Array
from rnn_tutor.engine.remember import remembered
from rnn_tutor.exercises.question import Part
from rnn_tutor.exercises.verdict import Reading

TOO_LIKELY = 0.25
TOO_CROWDED = 0.05  # near what was typed; most wrong answers are of the right one's size, as most wrong versions are
NEAR = 2.0
CALCULATED = 6  # digits that count for a number which was calculated and not typed
COMMON = (0.0, 1.0, -1.0, 0.5, 2.0)


def by_chance(  # noqa: PLR0917 - what was typed, what it may be
    part: Part,
    expr: Expr | None,
    value: Array,
    versions: Iterable[Array],
    crowd: float = TOO_CROWDED,
    within: float | None = None,
    *,
    as_one: bool = False,
) -> bool:
    """Tell whether a value would fit one of many wrong versions by chance too easily to say anything.

    versions: those that are as likely as the one that fits, or likelier. crowd: how many of them may be expected to lie
    within what was typed. within: how far, relative, the one that fits may have been off beside half of the last digit;
    by default as far as an answer may be. as_one: the numbers are in proportion, so that only one of them counts.
    """
    alike = _distinct([version for version in versions if version.shape == value.shape])
    flat, expected, typed, telling = _telling(part, expr, value)
    alike = alike[_right_where_this_is(part, flat, typed, telling, alike)]
    candidates = len(alike)
    telling = telling & ~_given_by_the_others(value, expected)
    if as_one:
        telling = _one_of(telling, flat, typed)
    whole = bool(np.all(expected == np.floor(expected)))
    counted: set[float] = set()
    chance = 1.0
    for number, own, tells in zip(flat, typed, telling, strict=True):
        size = round(abs(float(number)), 12)
        if tells and size not in counted:
            counted.add(size)
            chance *= _chance(float(number), own, whole)
    within = part.ask.rtol if within is None else within
    return candidates * chance > TOO_LIKELY or _crowded(flat, typed, telling, alike, crowd, within)


def is_likely(part: Part, reading: Reading, fits: Iterable[float], all_of: Iterable[float], within: float) -> bool:
    """Tell whether a single number is likely to be one of some mistakes, and no nonsense.

    By Bayes' rule. fits: the bits of the mistakes that give the number (how much rarer each is than others); all_of:
    those of all mistakes which may be made here. The share of wrong answers that are no known computation is
    `NONSENSE`. within: how far, relative, a mistake that fits may have been off beside half of the last digit.
    """
    made = sum(2.0**-bits for bits in fits) / sum(2.0**-bits for bits in all_of)
    if _is_negated(part, reading):
        made = max(made, NEGATED)
    return bool(made * (1 - NONSENSE) * (1 - SURE) >= _by_chance_alone(part, reading, within) * NONSENSE * SURE)


def are_both_likely(part: Part, reading: Reading, fits: Iterable[float], all_of: float) -> bool:
    """Tell the same of two mistakes that give a single number with all its digits, where no single one does.

    fits: the bits of the pairs that give it; all_of: how likely all pairs together are, on the scale of these.
    """
    if all_of <= 0:
        return False  # no two can be made together
    made = min(1.0, sum(2.0**-bits for bits in fits) / all_of)
    chance = _by_chance_alone(part, reading, _rounded_within(part, reading))
    return bool(made * TWO * (1 - SURE_OF_TWO) >= chance * NONSENSE * SURE_OF_TWO)


def _rounded_within(part: Part, reading: Reading) -> float:
    """Return how far, relative, one number may be rounded: who makes up a count types noughts at its end."""
    value, _, typed, _ = _of(part, reading)
    own = typed[0] if len(typed) == 1 else None
    return 0.0 if own is None else _unit(float(value[0]), without_places(own)) / 2 / abs(float(value[0]))


def _by_chance_alone(part: Part, reading: Reading, within: float) -> float:
    """Return how likely nonsense is a single number, or as near to it as what fits may be."""
    one = _as_one(part, reading)
    assert one is not None  # noqa: S101 - it is measured
    number, right, unit = one
    width = 2 * max(within, unit / 2 / abs(number))  # of what fits, on a logarithmic scale
    return _density(log(abs(number)) - log(abs(right))) * width * (OTHER_SIGN if number * right < 0 else 1.0)


def _is_negated(part: Part, reading: Reading) -> bool:
    """Tell whether a number is the right one but for its sign."""
    one = _as_one(part, reading)
    return one is not None and one[0] * one[1] < 0 and abs(one[0] + one[1]) <= HALF * one[2]


NONSENSE = 0.2  # the share of wrong answers that are no computation which is known
SURE = 0.955  # how likely it has to be that a mistake was made, for it to be named
TWO = 0.12  # the share that has two mistakes
SURE_OF_TWO = 0.93  # how likely two of them have to be: of random numbers with four digits 0.3% are told then
MEASURED = 3  # digits of a number that Bayes' rule judges alone: with two, mistakes that were not made fit too often
OTHER_SIGN = 0.2  # of numbers that nobody computed, one in ten has another sign than the right one: of 121 there were 5
NEGATED = 0.024  # the share of wrong numbers that are the right one with another sign: 20 of 822
SPREADS = (0.35, 1.2)  # of wrong numbers around the right one, on a logarithmic scale: half of them each


def is_measured(part: Part, reading: Reading) -> bool:
    """Tell whether an answer is one number that may be of any size: no count, no 0 and nothing infinite.

    Two numbers with the right middle are one number, too: how far they are from it.
    """
    one = _as_one(part, reading)
    if one is None:
        return False
    number, right, _ = one
    return number != 0 and right != 0 and isfinite(number) and isfinite(right) and not right.is_integer()


def is_counted(part: Part, reading: Reading) -> bool:
    """Tell whether an answer is one whole number, as the right one is, and neither is 0."""
    one = _as_one(part, reading)
    return one is not None and all(number and isfinite(number) and number.is_integer() for number in one[:2])


def _as_one(part: Part, reading: Reading) -> tuple[float, float, float] | None:
    """Return the number that an answer is, the right one, and what its last digit counts; None for several numbers."""
    value, expected, typed, _ = _of(part, reading)
    right = expected.reshape(-1)
    if value.size != right.size or not 1 <= value.size <= PAIR:
        return None
    units = _units(value, typed)
    if value.size == 1:
        return float(value[0]), float(right[0]), float(units[0])
    unit = float(units.max())
    if unit > units.min() * TENFOLD or abs(value.sum() - right.sum()) > unit * PAIR:
        return None
    return float(value[1] - value[0]) / 2, float(right[1] - right[0]) / 2, unit


PAIR = 2
TENFOLD = 10.0 + 1e-6  # by so much more the last digit of one number may count than that of the other


def has_digits(part: Part, reading: Reading) -> bool:
    """Tell whether all numbers of an answer have the digits that Bayes' rule needs by itself."""
    return all(one is None or significant(one) >= MEASURED for one in _of(part, reading)[2])


def _density(off: float) -> float:
    """Return how dense wrong numbers lie that nobody computed, so far from the right one; with both signs."""
    return sum(exp(-abs(off) / spread) / spread for spread in SPREADS) / len(SPREADS) / 2 / 2


def _one_of(telling: Array, flat: Array, typed: Sequence[Decimal | None]) -> Array:
    """Return of the numbers that tell something the one alone that was typed most precisely."""
    found = np.zeros(len(flat), dtype=bool)
    if telling.any():
        with np.errstate(all="ignore"):
            found[np.argmax(np.where(telling, np.abs(flat) / _units(flat, typed), -1.0))] = True
    return found


def are_in_proportion(part: Part, reading: Reading) -> bool:
    """Tell whether the numbers of an answer are the right ones times one number, or plus one: they say no more than it.

    A single number is, too.
    """
    value, expected, typed, _ = _of(part, reading)
    if len(value) != expected.size:
        return False
    right = expected.reshape(-1)
    there = right != 0
    if (value[~there] != 0).any() or not there.any():
        return False
    half = _units(value, typed)[there] / 2
    ratios, gaps = value[there] / right[there], value[there] - right[there]
    off = SEEN * (half / np.abs(right[there])).max(), SEEN * half.max()
    both = zip((ratios, gaps), off, strict=True)
    return any(bool(np.ptp(one) <= min(PROPORTION * np.abs(one).max(), seen)) for one, seen in both)


SEEN = 10.0  # half units of the last digit typed: by so much numbers differ that are in no proportion
PROPORTION = 0.02


def _right_where_this_is(
    part: Part, flat: Array, typed: Sequence[Decimal | None], telling: Array, versions: Array
) -> Array:
    """Tell which versions have right what is right in an answer: no other could have fitted, whatever chance did."""
    if (flat == flat[:1]).all():  # one number for all: which of them are right says nothing
        return np.ones(len(versions), dtype=bool)
    within = np.maximum(_units(flat, typed), part.ask.rtol * np.abs(flat)) + part.ask.atol
    gaps = np.abs(versions.reshape(len(versions), flat.size) - flat)
    return np.asarray((gaps <= within)[:, ~telling].all(axis=1))


def rounded_to(part: Part, reading: Reading) -> tuple[Array, Array]:
    """Return the lowest and the highest that each number of an answer may have been before it was rounded."""
    value, _, typed, _ = _of(part, reading)
    assert isinstance(reading.value, np.ndarray)  # noqa: S101 - a value part
    half = (_units(value, typed) * HALF).reshape(reading.value.shape)
    half = np.where(reading.value == 0, ZERO, half)
    return reading.value - half, reading.value + half


def as_typed_or_rounded(part: Part, reading: Reading) -> tuple[Array, Array]:
    """Return the same, but for numbers of one digit: who has 3.4 beside numbers of three digits types no 3."""
    value, _, typed, _ = _of(part, reading)
    low, high = rounded_to(part, reading)
    few = np.array([own is not None and significant(own) < MEASURED - 1 for own in typed]).reshape(low.shape)
    exact = AS_TYPED * np.abs(value).reshape(low.shape) + ZERO
    middle = value.reshape(low.shape)
    return np.where(few, middle - exact, low), np.where(few, middle + exact, high)


ZERO = 1e-9


def _given_by_the_others(value: Array, expected: Array) -> Array:
    """Tell which numbers the others leave no choice: of shares that sum to 1, as they should, the last of each row."""
    rest = np.zeros(value.shape, dtype=bool)
    if value.ndim and value.shape[-1] > 1 and value.shape == expected.shape:
        sums = np.array([value.sum(axis=-1), expected.sum(axis=-1)])
        rest[..., -1] = (np.abs(sums - 1) < SHARES).all()
    return rest.reshape(-1)


SHARES = 0.005  # so far a sum of shares may be off 1 that were rounded


def _distinct(versions: Sequence[Array]) -> Array:
    if not versions:
        return np.zeros(0)
    values = np.array(versions)
    if len(values) > MOST_COMPARED:
        return values  # they are distinct already
    with np.errstate(over="ignore"):  # rounding multiplies by 1e9
        rounded = values.round(9)
    rounded = np.where(np.isinf(rounded), values, rounded).reshape(len(values), -1)
    return values[np.unique(rounded, axis=0, return_index=True)[1]]


MOST_COMPARED = 5_000


def to_the_digit(part: Part, reading: Reading, candidate: Array) -> bool:
    """Tell whether many digits were typed and all are a candidate's: more than as near as an answer has to be."""
    flat, _, typed, telling = _of(part, reading)
    if _digits(flat, typed, telling) < (MANY_DIGITS if flat.size == 1 else MORE_DIGITS) or candidate.size != flat.size:
        return False
    return bool(np.all(np.abs(flat - candidate.reshape(-1)) <= _units(flat, typed) * HALF))


HALF = 0.5 + 1e-6


@remembered(8)
def are_whole(part: Part) -> bool:
    """Tell whether all numbers of the right answer are whole, as counts are: then each nought is one of its digits."""
    return isinstance(part.expected, np.ndarray) and bool((part.expected == np.round(part.expected)).all())


@remembered(8, lambda part, reading: (reading, are_whole(part)))  # hundreds of versions are asked about for each answer
def nearness(part: Part, reading: Reading) -> float | None:
    """Return how far, relative, a version may be off one number of many digits; None where this is not such an answer.

    Who types four digits of one number or more has them from somewhere: a unit of the last is what it may be off. Of
    several numbers each may be off by more, as they all have to fit. Digits beyond CALCULATED are those of a
    program, and depend on how it computes. Noughts that only hold the place are no digits of what is measured.
    """
    value = reading.value
    if not isinstance(value, np.ndarray) or value.size != 1 or reading.expr is None or not float(value.reshape(-1)[0]):
        return None
    typed = typed_numbers(reading.expr)
    if len(typed) != 1 or typed[0] is None or _claimed(typed[0]) < MANY_DIGITS:
        return None
    number = float(value.reshape(-1)[0])
    own = typed[0] if are_whole(part) else without_places(typed[0])
    return max(_unit(number, own), _unit(number, None)) / abs(number) * (1 + 1e-6)


MANY_DIGITS = 4


def _crowded(  # noqa: PLR0917 - what was typed, what it may be
    flat: Array, typed: Sequence[Decimal | None], telling: Array, versions: Array, most: float, within: float
) -> bool:
    """Tell whether more than `most` of the wrong versions may be expected to fit what is typed at random there."""
    units = _units(flat, typed)
    apart = telling & (flat != 0)
    with np.errstate(all="ignore"):
        sizes = versions.reshape(len(versions), flat.size)[:, apart] / flat[apart]
    crowd = int(np.all((sizes > 1 / NEAR) & (sizes < NEAR), axis=1).sum())
    shares = np.maximum(within, units[apart] / 2 / np.abs(flat[apart])) / np.log(NEAR)
    return crowd * float(np.minimum(1.0, shares).prod()) > most


def short(part: Part, reading: Reading) -> bool:
    """Tell whether each number that is not right was typed with one or two digits: it was short, and not rounded."""
    _, _, typed, telling = _of(part, reading)
    own = [typed[at] for at in np.flatnonzero(telling)]
    return bool(own) and all(one is not None and significant(one.normalize()) < ENOUGH_DIGITS for one in own)


def gives_as_typed(part: Part, reading: Reading, candidate: Array) -> bool:
    """Tell whether the numbers that are not right are a candidate's as they were typed, with nothing rounded."""
    value, _, _, telling = _of(part, reading)
    off = np.abs(candidate.reshape(-1) - value)[telling]
    return candidate.size == value.size and bool((off <= AS_TYPED * np.abs(value[telling])).all())


AS_TYPED = 1e-9


def as_short_by_chance(part: Part, reading: Reading, versions: Iterable[Array], most: float) -> bool:
    """Tell whether a short answer that a version gives exactly is one of many that would be as short.

    Who has 0.3694 types three digits of it, so 0.4 is 0.4. What counts is how many versions are made of as few short
    numbers, and wrong in the same places, among all the answers that could be typed in this way.
    """
    value, expected, typed, telling = _of(part, reading)
    assert isinstance(reading.value, np.ndarray)  # noqa: S101 - a value part
    shape = reading.value.shape
    alike = _distinct([version for version in versions if version.shape == shape])
    sizes = sorted({abs(float(number)) for number in value[telling]})
    wrong, count = int(telling.sum()), 0
    right = expected.reshape(-1) if expected.size == value.size else np.full(value.size, np.nan)
    for version in alike.reshape(len(alike), -1):
        own = version[telling]
        places = (np.abs(version - right) > part.ask.rtol * np.abs(right) + part.ask.atol) | np.isnan(right)
        if not np.array_equal(places, telling) or not all(is_short(float(one)) for one in own):
            continue
        if len(sizes) < wrong:
            count += len({round(abs(float(one)), 12) for one in own}) <= len(sizes)
        else:
            with np.errstate(all="ignore"):
                ratio = np.where(own == value[telling], 1.0, np.abs(own / value[telling]))
            count += bool(((ratio > 1 / NEAR) & (ratio < NEAR)).all())
    one_for_all = len({abs(float(number)) for number in value}) == 1  # then it says nothing which of them are right
    possible = (1.0 if one_for_all else float(comb(value.size, wrong))) * _arrangements(wrong, len(sizes))
    for size in sizes:
        own_typed = next(one for one, number in zip(typed, value, strict=True) if abs(float(number)) == size)
        possible *= ZEROS if size == 0 else max(1.0, (NEAR - 1 / NEAR) * size / _unit(size, _normalized(own_typed)))
    return count / possible > most


ZEROS = 4.0  # a 0 is as likely as one of so few numbers


def _normalized(typed: Decimal | None) -> Decimal | None:
    return None if typed is None else abs(typed.normalize())


def is_short(value: float) -> bool:
    """Tell whether a number has two digits at most."""
    return value == 0 or abs(value - float(f"{value:.{ENOUGH_DIGITS - 1}g}")) <= 1e-9 * abs(value)


def _arrangements(places: int, sizes: int) -> float:
    """Return in how many ways several places can have so many different sizes (Stirling's number)."""
    signs = (1 if k % 2 == 0 else -1 for k in range(sizes + 1))
    ways = sum(sign * comb(sizes, k) * (sizes - k) ** places for k, sign in enumerate(signs))
    return max(1.0, float(ways) / factorial(sizes))


def worth_pairs(part: Part, reading: Reading) -> bool:
    """Tell whether the digits typed could tell one of hundreds of versions with two mistakes from the others."""
    value, expected, typed, telling = _of(part, reading)
    if not np.isfinite(value).all():
        return False  # of another shape too, what is not finite is none of them
    if (expected == np.round(expected)).all() and _digits(value, typed, telling) < MORE_DIGITS:
        return False
    apart = telling & (value != 0)
    units = _units(value, typed)[apart]
    shares = np.maximum(part.ask.rtol / 2, units / 2 / np.abs(value[apart])) / np.log(NEAR)
    return bool(FEWEST_PAIRS * float(np.minimum(1.0, shares).prod()) <= TOO_CROWDED)


def numbers_typed(part: Part, reading: Reading) -> int:
    """Return how many numbers tell something: those that are not right, each size once."""
    value, _, _, telling = _of(part, reading)
    return len({abs(float(number)) for number in value[telling]})


def few_digits(part: Part, reading: Reading) -> bool:
    """Tell whether too few digits were typed for more to be told than what is likely; right elements tell nothing."""
    value, _, typed, telling = _of(part, reading)
    if reading.expr is not None and not reading.uses and value.size == 1 and _written_in(reading.expr) < ENOUGH_DIGITS:
        return True
    return _digits(value, typed, telling) < ENOUGH_DIGITS


def _written_in(expr: Expr) -> int:
    """Return how many digits and operations an expression has: `log(3)` says no more than two digits, calculated."""
    return sum(
        significant(Decimal(part.text)) if isinstance(part, Number) and _is_plain(part.text) else 1
        for part in walk(expr)
    )


def _is_plain(text: str) -> bool:
    return text.replace(".", "", 1).isdigit()


def _of(part: Part, reading: Reading) -> tuple[Array, Array, list[Decimal | None], Array]:
    assert isinstance(reading.value, np.ndarray)  # noqa: S101 - a value part
    return _telling(part, reading.expr, reading.value)


def _telling(part: Part, expr: Expr | None, value: Array) -> tuple[Array, Array, list[Decimal | None], Array]:
    """Return the numbers in a row, what is expected, what was typed for each, and which of them are not right."""
    expected = part.expected
    assert isinstance(expected, np.ndarray)  # noqa: S101 - a value part
    typed = typed_numbers(expr) if expr is not None else []
    flat = value.reshape(-1)
    if len(typed) != flat.size:
        typed = [None] * flat.size
    telling = np.ones(flat.size, dtype=bool)
    if value.shape == expected.shape:
        telling = _apart(part, flat, expected.reshape(-1), typed)
    return flat, expected, typed, telling


def _digits(value: Array, typed: Sequence[Decimal | None], telling: Array) -> int:
    """Return how many digits tell: of the numbers that are not right, each once, without noughts at the end."""
    told: dict[float, int] = {}
    for number, own, tells in zip(value, typed, telling, strict=True):
        if tells:
            told[abs(float(number))] = CALCULATED if own is None else _claimed(own)
    return sum(told.values())


def _claimed(number: Decimal) -> int:
    """Return the digits of a number; noughts at the end of a whole one may only hold the place."""
    return significant(without_places(number))


def without_places(number: Decimal) -> Decimal:
    """Return a number without the noughts at its end that may only hold the place: of 318300 the digits 3183."""
    return number if int(number.as_tuple().exponent) < 0 else number.normalize()


ENOUGH_DIGITS = 3
MORE_DIGITS = 5
FEWEST_PAIRS = 40  # near what was typed


def _apart(part: Part, value: Array, expected: Array, typed: Sequence[Decimal | None]) -> Array:
    """Tell which elements differ from what is expected by more than they were rounded; a 0 is not rounded."""
    rounded = np.maximum(_units(value, typed) / 2, part.ask.rtol * np.abs(value))
    return np.asarray(np.abs(value - expected) > np.where(value == 0, max(ZERO, part.ask.atol), rounded))


def _units(value: Array, typed: Sequence[Decimal | None]) -> Array:
    return np.array([_unit(float(number), own) for number, own in zip(value, typed, strict=True)])


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
