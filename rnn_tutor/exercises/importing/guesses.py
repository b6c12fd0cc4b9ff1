"""What a given of a notebook probably means, what its axes are, and how new numbers for it could be drawn.

None of it is known: an author looks at it. What is proposed to be drawn is tried with `verified` before it is written.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

import numpy as np

from rnn_tutor.engine.functions import Array
from rnn_tutor.exercises.importing.draws import Proposal, positive, proposal
from rnn_tutor.exercises.importing.names import Kind, Sense, senses
from rnn_tutor.exercises.importing.prose import MOST_PROSE, comment_of, phrase_of
from rnn_tutor.exercises.importing.uses import Role, Uses, role

Source = Literal["text", "comment", "name", "shape"]

_SAID: dict[Source, str] = {
    "text": "a guess from the text",
    "comment": "a guess from a comment",
    "name": "a guess from its name",
    "shape": "its meaning is not known: say what it is",
}


@dataclass(frozen=True, slots=True)
class Guess:
    """What is guessed of a given. `axes` may be empty; `draw` is None where its numbers had better stay."""

    means: str
    source: Source
    axes: tuple[str, ...] = ()
    draw: str | None = None
    decimals: int = 2
    conditions: tuple[str, ...] = ()
    second: Proposal | None = None  # another draw, where this one does not hold

    @property
    def says(self) -> str:
        """A comment that marks it as a guess."""
        return _SAID[self.source]


def guess(name: str, value: Array, prose: str, uses: Uses) -> Guess:
    """Return what a given probably means, from its name, its value, the text around it and how it is used."""
    value = np.asarray(value, dtype=float)
    sense = _sense(name, value, prose)
    found = role(name, uses)
    means, source = _means(name, value, prose, uses, sense)
    drawn = proposal(name, value, f"{means}, {sense.means}" if sense else means, found, uses)
    axes = _axes(value, sense, found, uses, prose)
    if drawn is None:
        return Guess(means, source, axes)
    second = positive(value) if drawn.draw.startswith("uniform(-") else None
    return Guess(means, source, axes, drawn.draw, drawn.decimals, drawn.conditions, second)


def _means(name: str, value: Array, prose: str, uses: Uses, sense: Sense | None) -> tuple[str, Source]:
    comment = comment_of(uses.comment)
    if comment and comment.lower() != name.lower():
        return comment, "comment"
    phrase = phrase_of(name, prose)
    if phrase and phrase.lower() != name.lower():
        return phrase, "text"
    if sense is not None:
        return sense.means, "name"
    if not value.shape:
        return "a number", "shape"
    sizes = " x ".join(map(str, value.shape))
    return (f"{value.size} numbers" if value.ndim == 1 else f"{sizes} numbers"), "shape"


def _sense(name: str, value: Array, prose: str) -> Sense | None:
    """Return the first sense of a name that its value and the text allow."""
    text = prose[:MOST_PROSE].lower()
    for sense in senses(name):
        if _is_kind(sense.kind, value) and (not sense.words or re.search(sense.words, text)):
            return sense
    return None


def _is_kind(kind: Kind, value: Array) -> bool:
    flat = value.reshape(-1)
    match kind:
        case "array":
            return value.ndim > 0
        case "number":
            return value.ndim == 0
        case "whole":
            return value.ndim == 0 and bool(value == np.floor(value)) and float(value) > 0
        case "gate":
            return bool(flat.size) and bool(np.all((flat > 0) & (flat < 1)))
        case "probability":
            return bool(flat.size) and bool(np.all((flat >= 0) & (flat <= 1)))
        case "signed":
            return bool(np.any(flat < 0))
        case "any":
            return True


def _axes(value: Array, sense: Sense | None, found: Role, uses: Uses, prose: str) -> tuple[str, ...]:
    """Return a name for each axis, nothing where too little is known: by the name, a loop, and products."""
    count = value.ndim
    if not count:
        return ()
    named = sense.axes.get(count) if sense is not None else None
    if named is None and count == 2:
        named = _of_matrix(value, found, uses, prose)
    if named is None and count == 1:
        named = _of_vector(found, uses, prose)
    if named is None and uses.looped:
        named = {1: ("time",), 2: ("time", "feature"), 3: ("time", "batch", "feature")}.get(count)
    if named is not None and uses.looped and "time" not in named and named[0] in ("feature", "example", "element"):
        named = ("time", *named[1:])
    return named or ()


def _axis_of(other: str, uses: Uses, prose: str, place: int) -> str:
    """Return the name of an axis of another name in a product, "" where it is not known."""
    value = uses.values.get(other)
    if value is None:
        return ""
    sense = _sense(other, np.asarray(value), prose)
    axes = sense.axes.get(np.ndim(value)) if sense is not None else None
    return axes[place] if axes else ""


def _of_matrix(value: Array, found: Role, uses: Uses, prose: str) -> tuple[str, ...] | None:
    """Return the axes of a matrix by what it is multiplied with: W @ x has a unit for each row."""
    for other in found.left_of:
        inside = _axis_of(other, uses, prose, 0) or "feature"
        outside = "unit" if inside != "unit" else "output"
        return outside, inside
    for other in found.right_of:
        inside = _axis_of(other, uses, prose, -1) or "feature"
        return inside, "unit" if inside != "unit" else "output"
    return None


def _of_vector(found: Role, uses: Uses, prose: str) -> tuple[str, ...] | None:
    for others, place in ((found.right_of, -1), (found.left_of, 0)):
        for other in others:
            axis = _axis_of(other, uses, prose, place)
            if axis:
                return (axis,)
    if found.right_of:
        return ("feature",)
    for other in found.by_element:
        other_value = uses.values.get(other)
        if other_value is not None and np.ndim(other_value) == 1 and (axis := _axis_of(other, uses, prose, 0)):
            return (axis,)
    return None


def all_guesses(givens: Mapping[str, Array], prose: str, uses: Mapping[str, Uses]) -> dict[str, Guess]:
    """Return a guess for each given; conditions that name another given that is not drawn stay."""
    return {name: guess(name, value, prose, uses.get(name, Uses())) for name, value in givens.items()}
