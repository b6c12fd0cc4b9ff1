"""Exercises of the course by their names, for the tests that hold their answers against plain NumPy."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np

from rnn_tutor.exercises.drawing import ask
from rnn_tutor.exercises.question import Question
from rnn_tutor.exercises.read import load_exercise

CONTENT = Path(__file__).parents[2] / "content"
SEEDS = (None, 1, 2, 3)
Values = dict[str, "np.ndarray | float"]
Givens = dict[str, Any]


def drawn(name: str, seed: int | None = None) -> Question:
    """An exercise with the original numbers, or those of a seed."""
    (path,) = CONTENT.glob(f"*/{name}.yaml")
    return ask(load_exercise(path), seed)


def given(found: Question) -> dict[str, np.ndarray]:
    """Its givens, as floats."""
    return {name: np.asarray(value, dtype=float) for name, value in found.givens.items()}


def asked(name: str, seed: int | None) -> tuple[Question, dict[str, np.ndarray]]:
    """An exercise with its givens."""
    found = drawn(name, seed)
    return found, given(found)


def expected(found: Question, name: str) -> np.ndarray:
    """The right value of a part."""
    return np.asarray(found.part(name).expected, dtype=float)


def agrees(found: Question, wanted: Values) -> None:
    """Every part of it, and no other, has the value wanted."""
    assert {part.name for part in found.parts} == set(wanted)
    for part in found.parts:
        assert np.allclose(np.asarray(part.expected), wanted[part.name], rtol=1e-8, atol=1e-10), part.name


def has_values(found: Question, wanted: Values) -> None:
    """Every part of it that has numbers has the value wanted; its choices are not looked at."""
    assert {part.name for part in found.parts if isinstance(part.expected, np.ndarray)} == set(wanted)
    for name, value in wanted.items():
        assert np.allclose(expected(found, name), value, rtol=1e-8, atol=1e-10), name


def agrees_in_order(found: Question, worked_out: Callable[[Givens], list[Any]]) -> None:
    """Its parts have the values that a function of its givens lists in their order; None for a choice."""
    wanted = worked_out(dict(found.givens))
    assert len(wanted) == len(found.parts)
    for part, value in zip(found.parts, wanted, strict=True):
        if value is not None:
            np.testing.assert_allclose(np.asarray(part.expected), value, rtol=1e-6)
