"""What a notebook checks answers with. Its text goes into each notebook, so it needs NumPy and Python alone.

A lock holds what is expected, and opens only for an answer that is about right: its key is made of the intervals that
the numbers of the answer lie in, which are wider than the tolerance. What is inside then decides, by the tutor's own
rules (`engine.compare`, whose text goes along). A program that tries all intervals finds the key of a short answer.
"""

import ast
import base64
import hashlib
import json
import zlib
from collections.abc import Callable, Iterator, Mapping
from decimal import Decimal, InvalidOperation
from typing import Any

import numpy as np

from rnn_tutor.engine.compare import compare
from rnn_tutor.engine.functions import Array

KEY_ROUNDS = 20_000  # so that trying all keys takes a while
KNOWN_LOCKS: dict[str, Any] = {}  # by the names of what they lock: a solution is checked by the lock of the answer
WANTED = {
    "shape": "A shape is asked for, such as (3, 4).",
    "choice": "Type the number of one option.",
    "checklist": "Type the numbers of the options in brackets, such as [1, 3].",
    "value": "A number or an array of numbers is asked for.",
}
NOT_YET = "Not right yet."


def check(name: str, answer: object, lock: str = "") -> None:
    """Say whether an answer is right, without saying what is. A lock is kept for the checks that follow."""
    if lock:
        KNOWN_LOCKS[name] = json.loads(zlib.decompress(base64.b85decode(lock)))
    if answer is ...:
        print(f"{name}: No answer yet.")  # noqa: T201 - the notebook shows it
    else:
        print(f"{name}: {verdict_on(name, answer, KNOWN_LOCKS[name]) or 'Right.'}")  # noqa: T201


def verdict_on(name: str, answer: object, lock: Mapping[str, Any]) -> str:
    """Return what is wrong with an answer, "" for nothing."""
    kind = lock["kind"]
    if kind == "program":
        return program_verdict(answer, lock)
    if kind in ("shape", "choice", "checklist"):
        picked = picked_numbers(answer, kind)
        if picked is None:
            return WANTED[kind]
        return "" if key_of(lock["salt"], picked).hex() == lock["key"] else NOT_YET
    value = as_value(answer)
    if value is None:
        return WANTED["value"]
    typed = typed_numbers_of(name, value)
    for shaped in possible_shapes(value, typed):
        expected = opened(lock, shaped)
        if expected is not None and is_right(shaped, expected, lock, typed):
            return ""
    return f"{NOT_YET} Numbers that you type need {lock['digits']} significant digits or more."


def is_expected(name: str, answer: object, kind: str, expected: object, rules: Mapping[str, Any]) -> bool:
    """Tell whether an answer is what is expected, by the same rules; nothing is locked here."""
    if kind == "program":
        return callable(answer) and all(
            is_expected("", result_of(answer, given, rules["arguments"]), "value", value, rules)
            for given, value in cases_of(expected)
        )
    if kind in ("shape", "choice", "checklist"):
        return picked_numbers(answer, kind) == list(np.array(expected, dtype=int))
    value, wanted = as_value(answer), np.array(expected, dtype=float)
    if value is None:
        return False
    typed = typed_numbers_of(name, value) if name else None
    return any(
        shaped.shape == wanted.shape and is_right(shaped, wanted, rules, typed)
        for shaped in possible_shapes(value, typed)
    )


def cases_of(expected: Any) -> Any:  # noqa: ANN401 - whatever stands in a notebook
    """Return the cases that a program is tried on: givens by their names, and what it has to give."""
    return [({key: as_given(value) for key, value in given.items()}, value) for given, value in expected]


def as_given(value: Any) -> Any:  # noqa: ANN401 - an array, or a number of Python
    """Return a given as the notebook has it: lists are arrays."""
    return np.array(value) if isinstance(value, list) else value


def is_right(value: Array, expected: Array, rules: Mapping[str, Any], typed: list[Decimal | None] | None) -> bool:
    """Tell whether a value of the expected shape is right: `typed` has its numbers as they were typed."""
    digits, rtol, atol = rules["digits"], rules["rtol"], rules["atol"]
    return compare(value, expected, digits=digits, rtol=rtol, atol=atol, typed=typed).verdict == "right"


def possible_shapes(value: Array, typed: list[Decimal | None] | None) -> list[Array]:
    """Return a value, and of one number that was typed also the list of it: it may stand for that."""
    return [value, value.reshape(1)] if typed is not None and value.shape == () else [value]


def as_value(answer: object) -> Array | None:
    """Return an answer as an array of float64, None for what has other things than numbers in it."""
    try:
        array = np.asarray(answer)
    except ValueError:  # lists of different lengths
        return None
    return array.astype(float) if array.dtype.kind in "biuf" else None


def picked_numbers(answer: object, kind: str) -> list[int] | None:
    """Return whole numbers: of a shape in order, of options each once. None for anything else."""
    value = as_value(list(answer) if isinstance(answer, set | frozenset) else answer)
    if value is None or value.ndim > 1 or not np.isfinite(value).all() or (value != np.floor(value)).any():
        return None
    numbers = [int(number) for number in value.reshape(-1)]
    if kind == "shape":
        return numbers
    numbers = sorted(set(numbers))
    return numbers if kind == "checklist" or len(numbers) == 1 else None


def typed_numbers_of(name: str, value: Array) -> list[Decimal | None] | None:
    """Return the numbers of an answer as they were typed, in order; None where something was calculated.

    IPython keeps the text of the cells that were run as `In`.
    """
    for source in reversed(globals().get("In", [])):
        try:
            statements = ast.parse(source).body
        except SyntaxError:  # a command of IPython
            continue
        for statement in reversed(statements):
            targets = statement.targets if isinstance(statement, ast.Assign) else []
            if any(isinstance(target, ast.Name) and target.id == name for target in targets):
                typed = list(typed_in(statement.value, source))
                numbers = [np.nan if number is None else float(number) for number in typed]
                return typed if np.array_equal(numbers, value.reshape(-1)) else None
    return None


def typed_in(tree: ast.expr, source: str) -> Iterator[Decimal | None]:
    """Yield the numbers of an expression as they were typed, in order; None for what is calculated."""
    if isinstance(tree, ast.List | ast.Tuple):
        for item in tree.elts:
            yield from typed_in(item, source)
    elif isinstance(tree, ast.Call) and tree.args and ast.unparse(tree.func).endswith("array"):
        yield from typed_in(tree.args[0], source)
    elif isinstance(tree, ast.UnaryOp) and isinstance(tree.op, ast.USub | ast.UAdd):
        for number in typed_in(tree.operand, source):
            yield -number if number is not None and isinstance(tree.op, ast.USub) else number
    else:
        try:
            yield Decimal(ast.get_source_segment(source, tree) or "")
        except InvalidOperation:
            yield None


def unpacked(data: str, shape: list[int]) -> Array:
    """Return the numbers of a picture, which nobody should read off its code."""
    return np.frombuffer(base64.b85decode(data), "<f8").reshape(shape)


def intervals_of(value: Array, widths: Array, shifts: Array) -> list[int]:
    """Return which interval each number lies in: intervals so wide, moved by half of that where the shift is 1."""
    with np.errstate(all="ignore"):
        places = np.floor(value.reshape(-1) / widths + shifts / 2)
    return [int(place) if np.isfinite(place) else 0 for place in places]


def key_of(salt: str, secret: object) -> bytes:
    """Return a key made of a secret, slowly."""
    key = hashlib.sha256(json.dumps([salt, secret]).encode()).digest()
    for _ in range(KEY_ROUNDS):
        key = hashlib.sha256(key).digest()
    return key


def hidden_with(key: bytes, data: bytes) -> bytes:
    """Return data hidden with a key, or what was hidden with it."""
    stream = b"".join(hashlib.sha256(key + at.to_bytes(8, "big")).digest() for at in range(len(data) // 32 + 1))
    return bytes(one ^ other for one, other in zip(data, stream, strict=False))


def opened(lock: Mapping[str, Any], value: Array) -> Array | None:
    """Return what a lock holds, None where the value does not open it."""
    widths, shifts = np.array(lock["widths"]), np.array(lock["shifts"])
    if value.size != widths.size:
        return None
    key = key_of(lock["salt"], [list(value.shape), intervals_of(value, widths, shifts)])
    data = hidden_with(key, base64.b85decode(lock["box"]))
    if hashlib.sha256(data[8:]).digest()[:8] != data[:8]:
        return None
    return np.frombuffer(data[8:], "<f8").reshape(value.shape)


def program_verdict(function: object, lock: Mapping[str, Any]) -> str:
    """Return what is wrong with a function, "" for nothing: it is called with the numbers shown, and with others."""
    if not callable(function):
        return "Define the function."
    for at, (given, case) in enumerate(cases_of(lock["cases"])):
        try:
            value = as_value(result_of(function, given, lock["arguments"]))
        except Exception as error:  # noqa: BLE001 - whatever a learner's function does is said
            return f"It stops with {type(error).__name__}: {error}"
        expected = None if value is None else opened(case, value)
        if value is None or expected is None or not is_right(value, expected, case, None):
            return "Right for the numbers shown, but not for others." if at else NOT_YET
    return ""


def result_of(function: Callable[..., object], given: Mapping[str, Any], arguments: list[str]) -> object:
    """Return what a function gives for the arguments; while it runs, the other givens have their numbers too."""
    names = globals()
    before = {key: names[key] for key in given if key in names}
    names.update(given)
    try:
        return function(*[np.copy(given[key]) if np.ndim(given[key]) else given[key] for key in arguments])
    finally:
        for key in given:
            names.pop(key, None)
        names.update(before)
