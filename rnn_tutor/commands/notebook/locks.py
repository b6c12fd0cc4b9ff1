"""What is expected -> a lock that a notebook checks an answer with (`checks`)."""

import base64
import hashlib
import json
import zlib
from collections.abc import Mapping, Sequence
from math import floor, log10
from typing import Any

import numpy as np

from rnn_tutor.engine.functions import Array
from rnn_tutor.engine.writing.script import Pieces
from rnn_tutor.exercises.model import Ask
from rnn_tutor.exercises.programs import signature
from rnn_tutor.exercises.question import Part, Question

from .checks import hidden_with, intervals_of, key_of

_ROOM = 5.0  # how many times wider than what counts as right an interval is, at the least
_LEAST = 1e-300  # where nothing but the number itself is right


def lock_of(part: Part, question: Question, others: Sequence[Question], pieces: Pieces) -> str:
    """Return the lock of a part as text. A program's has what it gives with other numbers too.

    pieces: how the notebook writes the givens.
    """
    salt = f"{question.exercise.id} {part.name} {question.seed}"
    lock: dict[str, Any] = {"kind": part.kind, "salt": salt}
    if not isinstance(part.expected, np.ndarray):
        lock["key"] = key_of(salt, numbers_of(part)).hex()
    elif signature(part.ask)[0]:
        lock |= _program(part, question, others, salt, pieces)
    else:
        lock |= {"kind": "value"} | _value(part, salt, typed=part.kind != "program")
    return base64.b85encode(zlib.compress(json.dumps(lock).encode(), 9)).decode()


def packed(values: Array) -> str:
    """Return the code for numbers that nobody should read at a glance: those of a picture that a question is about."""
    data = base64.b85encode(np.asarray(values, dtype="<f8").tobytes()).decode()
    return f'unpacked("{data}", {list(np.shape(values))})'


def numbers_of(part: Part) -> list[int]:
    """Return the whole numbers that are expected: sizes in order, or the numbers of options."""
    assert isinstance(part.expected, tuple | frozenset)  # noqa: S101 - all else are values
    return list(part.expected) if isinstance(part.expected, tuple) else sorted(part.expected)


def _program(part: Part, question: Question, others: Sequence[Question], salt: str, pieces: Pieces) -> dict[str, Any]:
    cases = []
    for at, draw in enumerate((question, *others)):
        cases.append([given_numbers(draw, pieces), _value(draw.part(part.name), f"{salt} {at}", typed=False)])
    return {"cases": cases, "arguments": [pieces.texts.get(name, name) for name in signature(part.ask)[1]]}


def given_numbers(question: Question, pieces: Pieces) -> dict[str, Any]:
    """Return the givens that have numbers, as they stand in a notebook: lists, and numbers of Python."""
    numbers = {name: value for name, value in question.givens.items() if isinstance(value, np.ndarray)}
    return {pieces.texts.get(name, name): _plain(value, name in pieces.whole) for name, value in numbers.items()}


def _plain(value: Array, whole: bool) -> object:
    if value.ndim:
        return value.astype(int).tolist() if whole else value.tolist()
    return int(value) if float(value).is_integer() and abs(float(value)) < 2**53 else float(value)


def rules_of(ask: Ask) -> dict[str, Any]:
    """Return what decides whether a value is right."""
    return {"digits": ask.digits, "rtol": ask.rtol, "atol": ask.atol}


def _value(part: Part, salt: str, *, typed: bool) -> dict[str, Any]:
    """Return the lock of a value. typed: roundings with enough digits are right too."""
    expected = np.asarray(part.expected, dtype=float)
    rules = rules_of(part.ask)
    flat = [float(number) if np.isfinite(number) else 0.0 for number in expected.reshape(-1)]
    widths = np.array([_rounded_up(max(_ROOM * _reach(number, rules, typed=typed), _LEAST)) for number in flat])
    places = np.array(flat) / widths if flat else np.zeros(0)
    shifts = np.array([abs(place - floor(place) - 0.5) > 0.25 for place in places], dtype=int)
    secret = [list(expected.shape), intervals_of(np.array(flat), widths, shifts)]
    data = expected.astype("<f8").tobytes()
    box = hidden_with(key_of(salt, secret), hashlib.sha256(data).digest()[:8] + data)
    hidden = base64.b85encode(box).decode()
    return {"salt": salt, "widths": widths.tolist(), "shifts": shifts.tolist(), "box": hidden, **rules}


def _reach(truth: float, rules: Mapping[str, Any], *, typed: bool) -> float:
    """Return how far from the truth an answer may be and still be right."""
    near = float(rules["atol"] + rules["rtol"] * abs(truth) + 8 * float(np.spacing(abs(truth))))
    if not typed or not truth:
        return near
    place = floor(log10(abs(truth)))
    unit = float(10.0 ** (place - rules["digits"] + 1))
    above = float(10.0 ** (place + 1)) - abs(truth)  # 9.996 may be typed as 10.0, which has digits for one place more
    return max(near, 0.5 * unit, above if above <= 5 * unit else 0.0)


def _rounded_up(width: float) -> float:
    """Return the next of ..., 0.1, 0.2, 0.5, 1, ...: a width tells no more of what is expected than its size."""
    power = float(10.0 ** floor(log10(width)))
    return next(step * power for step in (1.0, 2.0, 5.0, 10.0) if step * power >= width)
