"""New numbers for a given that are of the kind of its own: probabilities sum to 1, masks are masks, sizes stay.

What cannot be drawn so that it stays what it is (a symmetric matrix, one of zeros, one with rows of one 1) keeps its
numbers.
"""

import re
from dataclasses import dataclass

import numpy as np

from rnn_tutor.engine.functions import Array
from rnn_tutor.exercises.importing.uses import Role, Uses

MOST_ELEMENTS = 1_000  # of an array that is drawn
TINY, HUGE = 1e-6, 1e9  # numbers outside of them are what they are for a reason
MANY = 30  # elements: a condition on each of so many would hardly ever hold
_PROBABILITIES = re.compile(r"(?i)prob|^p$|^q$|^pi$|prior|posterior|weights?$|attn|attention|alpha|softmax|policy|dist")
_MASK = re.compile(r"(?i)mask|pad|valid|real|keep|active")
_GATE = re.compile(r"(?i)^[fiozr](?:_?(?:t|gate))?$|gate")
_LENGTHS = re.compile(r"(?i)len|lengths|^n$")
_SIGNED = re.compile(
    r"\b(?:"
    + "|".join(
        ("input", "(?:hidden|old|new|next|encoder|decoder|cell) state", "old cell", "states", "vector", "candidate",
         "score", "bias", "logit", "gradient", "embedding", "quer", r"keys?\b", r"values?\b", "pre-activation",
         "(?:input|recurrent|output) weight", "weights of")
    )
    + ")"
)  # fmt: skip
_SMALL = re.compile(r"(?i)(?:^|_)(?:eps|epsilon|tol|tiny|jitter)")
_NO_DRAW = re.compile(r"(?i)seed|max_iter|n_iter")


@dataclass(frozen=True, slots=True)
class Proposal:
    """How a given could be drawn: the `draw`, its `decimals`, conditions for it."""

    draw: str
    decimals: int = 2
    conditions: tuple[str, ...] = ()


def proposal(name: str, value: Array, means: str, role: Role, uses: Uses) -> Proposal | None:
    """Return how a given could be drawn, None where its numbers had better stay."""
    value = np.asarray(value, dtype=float)
    if uses.fixed or not value.size or value.size > MOST_ELEMENTS or not np.all(np.isfinite(value)):
        return None
    if not value.any() or not TINY < np.abs(value).max() < HUGE:
        return None
    if _SMALL.search(name) or _NO_DRAW.search(name):
        return None
    if not value.shape:
        return _of_number(name, float(value), role, whole=uses.whole)
    return _of_array(name, value, means, role, whole=uses.whole) or (
        _of_need(value, whole=uses.whole) if uses.needed else None
    )


def plain(name: str, value: Array, *, whole: bool = False, structured: bool = False) -> Proposal | None:
    """Return a draw within the range of some numbers, of which numbers that are all equal are no exception.

    A function is tried on what it draws: zeros and ones would hide mistakes. None where the numbers had better stay:
    sizes, masks, and, unless `structured`, whole numbers and matrices that are diagonal or the like.
    """
    value = np.asarray(value, dtype=float)
    if (whole and not structured) or not value.size or value.size > MOST_ELEMENTS or not np.all(np.isfinite(value)):
        return None
    low, high = float(value.min()), float(value.max())
    if whole:
        return Proposal(f"integers({int(low)}, {int(high) + 1})", 0) if value.ndim and low < high else None
    if _SMALL.search(name) or _NO_DRAW.search(name) or _MASK.search(name) or max(-low, high) > HUGE:
        return None
    if low == high:
        if value.ndim and value.shape[-1] > 1 and _PROBABILITIES.search(name) and low > 0 and _sums_to_one(value):
            return Proposal("simplex()")
        if not low:
            return Proposal("uniform(-1, 1)") if value.ndim else None
        low, high = sorted((low / 2, low * 2))
    elif not structured and _has_structure(value):
        return None
    return _uniform(low, high, _decimals(max(-low, high)))


def positive(value: Array) -> Proposal | None:
    """Return a draw for numbers that may have to stay positive; None where some of these are not."""
    value = np.asarray(value, dtype=float)
    if not value.shape or not value.size or value.min() < 0 or not value.any():
        return None
    low, high = float(value.min()), float(value.max())
    return _uniform(low / 2 if low else high / 20, high * 1.2, _decimals(high))


def _of_need(value: Array, *, whole: bool) -> Proposal | None:
    """Return a draw for an array of one number, or of whole numbers in order: only where a draw has to be had."""
    flat = value.reshape(-1)
    if np.all(flat == flat[0]) and flat[0] and not _has_structure(value):
        low, high = sorted((float(flat[0]) / 2, float(flat[0]) * 2))
        return _uniform(low, high, _decimals(abs(high)))
    if whole and value.ndim == 1 and np.any((flat != 0) & (flat != 1)):
        return Proposal(f"integers({int(flat.min())}, {int(flat.max()) + 1})", 0)
    return None


def _of_number(name: str, value: float, role: Role, *, whole: bool) -> Proposal | None:
    if whole and value == np.floor(value):
        if value < 0:
            return Proposal(f"integers({_number(2 * value)}, 0)", 0)
        if value <= 1 or value > 10_000:
            return None
        least = max(2, int(value // 2))
        return Proposal(f"integers({least}, {int(2 * value) + 1})", 0)
    if value == 0:
        return None
    if 0 < value < 1:
        near_one = value >= 0.95
        low, high = (1 - 3 * (1 - value), 1 - (1 - value) / 3) if near_one else (value / 2, min(0.95, 2 * value))
        decimals = _decimals(min(value, 1 - value)) if near_one or value < 0.1 else 2
        return _uniform(low, high, decimals)
    low, high = sorted((value / 2, 2 * value))
    return _uniform(low, high, _decimals(abs(value)))


def _of_array(name: str, value: Array, means: str, role: Role, *, whole: bool) -> Proposal | None:
    flat = value.reshape(-1)
    if np.all(flat == flat[0]) and value.size > 1:
        return None  # zeros, ones
    if np.all((flat == 0) | (flat == 1)) and (whole or _MASK.search(name) or not _signed(means)):
        return _of_bits(name, value, means)
    if _has_structure(value):
        if _orthogonal(value):
            return Proposal(f"orthogonal({_number(float(np.linalg.norm(value[:, 0])))})")
        return None
    gate = bool(_GATE.search(name) or "gate" in means)
    if np.all(flat >= 0) and _sums_to_one(value) and not gate:
        told = _PROBABILITIES.search(name) or re.search("probab|attention weights|prior|posterior", means)
        if told or (value.ndim > 1 and value.shape[0] > 1) or role.positive or means == "numbers":
            return Proposal("simplex()") if value.shape[-1] > 1 else None
    if whole and np.all(flat == np.floor(flat)):
        return _of_whole(name, value, role)
    return _of_decimals(name, value, means, role)


def _signed(means: str) -> bool:
    """Tell whether what this means may as well be negative."""
    return bool(_SIGNED.search(means)) and not re.search("gate|probab|weighted|attention weights|norm|variance", means)


def _of_bits(name: str, value: Array, means: str) -> Proposal | None:
    """Zeros and ones: a mask that pads, or labels; what has one 1 in each row, or is triangular, stays."""
    steps = value.shape[-1]
    padded = bool(np.all(np.diff(value, axis=-1) <= 0)) if steps > 1 else False
    if padded and value[..., -1].min() == 0 and np.all(value[..., 0] == 1) and steps > 2:
        if _MASK.search(name) or "mask" in means or "padding" in means:
            square = value.ndim == 2 and value.shape[0] == value.shape[1] and _has_structure(value)
            return None if square else Proposal(f"mask(1, {steps - 1})" if value.ndim == 1 else f"mask(1, {steps})", 0)
        return None
    if value.ndim > 1 or value.sum() <= 1 or _MASK.search(name):
        return None
    return Proposal("choice(0, 1)", 0, (f"0 < sum({name}) < {value.size}",))


def _has_structure(value: Array) -> bool:
    """Tell whether a square matrix is symmetric, triangular, diagonal or orthogonal."""
    if value.ndim != 2 or value.shape[0] != value.shape[1] or value.shape[0] < 2:
        return False
    upper, lower = np.triu(value, 1), np.tril(value, -1)
    return bool(np.allclose(value, value.T) or not upper.any() or not lower.any() or _orthogonal(value))


def _orthogonal(value: Array) -> bool:
    """Tell whether columns are orthogonal and of one length, and more than a permutation."""
    product = value.T @ value
    size = product[0, 0]
    plain = np.count_nonzero(value) == value.shape[0]
    symmetric = bool(np.allclose(value, value.T))
    return bool(size > 0 and np.allclose(product, size * np.eye(len(product)), atol=1e-6 * size)) and not (
        plain or symmetric
    )


def _sums_to_one(value: Array) -> bool:
    return bool(np.allclose(value.sum(axis=-1), 1, atol=1e-6))


def _of_whole(name: str, value: Array, role: Role) -> Proposal | None:
    """Whole numbers stay whole, and within those that are there: they may be ids, or lengths."""
    low, high = int(value.min()), int(value.max())
    if value.ndim == 1 and value.size > 2 and np.all(np.diff(value) > 0):
        return None  # places, times: they are in order
    if _LENGTHS.search(name) and low > 0:
        return Proposal(f"integers(1, {high + 1})", 0, (f"max({name}) == {high}",))
    if role.indexes or low >= 0:
        return Proposal(f"integers({min(low, 0 if role.indexes else low)}, {high + 1})", 0)
    far = max(abs(low), abs(high))
    return Proposal(f"integers({-far}, {far + 1})", 0)


def _of_decimals(name: str, value: Array, means: str, role: Role) -> Proposal:
    low, high = float(value.min()), float(value.max())
    far = max(abs(low), abs(high))
    few = value.size <= MANY
    if low >= 0 and _signed(means) and not role.positive and not (role.complement and low > 0 and high < 1):
        return _uniform(-far, far, _decimals(far))
    if role.within_one and far < 1:
        return Proposal("uniform(-0.9, 0.9)")
    if low > 0 and high < 1:
        about_half = (f"abs({name} - 0.5) > 0.05",) if role.complement and few else ()
        if _GATE.search(name) or "gate" in means or "probab" in means or high - low > 0.25 or role.positive:
            return Proposal("uniform(0.05, 0.95)", 2, about_half)
        return _uniform(low / 2, min(0.95, 2 * high), _decimals(high))
    if low >= 0:
        least = low / 2 if low > 0 else (far / 20 if role.positive else 0.0)
        return _uniform(least, high * 1.2, _decimals(far))
    if high < 0:
        return _uniform(low * 1.2, high / 2, _decimals(far))
    decimals = _decimals(far)
    away = (f"abs({name}) > {_number(far / 20)}",) if role.denominator and few else ()
    return _uniform(-far, far, decimals, away)


def _uniform(low: float, high: float, decimals: int, conditions: tuple[str, ...] = ()) -> Proposal:
    places = 10.0**decimals
    low, high = np.ceil(low * places - 1e-9) / places, np.floor(high * places + 1e-9) / places
    if low >= high:
        high = low + 5 / places
    return Proposal(f"uniform({_number(low)}, {_number(high)})", decimals, conditions)


def _decimals(size: float) -> int:
    """Return the decimals that leave two or three digits of numbers of this size."""
    return int(np.clip(1 - np.floor(np.log10(size)), 0, 8)) + (1 if size >= 1 and size < 10 else 0) if size > 0 else 2


def _number(value: float) -> str:
    return f"{value + 0.0:.6g}"
