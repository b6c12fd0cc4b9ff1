"""Where a control stands: numbers and choices by their place (0, 1, ...), texts as what was typed.

A place is whole, so that a hundred steps forth and back end where they began.
"""

from dataclasses import dataclass
from decimal import Decimal
from typing import Literal, TypeAlias

import numpy as np

from rnn_tutor.engine.functions import Array
from rnn_tutor.exercises.labs.model import MOST_TEXT, Control

Setting: TypeAlias = "int | str"
Kind = Literal["number", "choice", "text"]

MOST_PLACES = 1_000
_BIG = 10  # a big step is about a tenth of the way


class SettingError(ValueError):
    """A control cannot stand there; the text says where it can."""


@dataclass(frozen=True)
class Typed:
    """What a typed text comes to: the `text` that is kept, and which characters were left out (each once)."""

    text: str
    dropped: str


@dataclass(frozen=True)
class Dial:
    """A control that can be moved. `last` is its highest place, 0 for a text."""

    control: Control
    kind: Kind
    start: Setting
    last: int

    @property
    def name(self) -> str:
        """The name that steps use."""
        return self.control.name

    @property
    def most(self) -> int:
        """How many characters a text may have."""
        return self.control.most or MOST_TEXT

    def value(self, setting: Setting) -> Array:
        """Return what steps see: a number, the place of a choice, the places of a text's characters."""
        if isinstance(setting, str):
            return np.array([self._alphabet.index(char) for char in setting[: self.most]], dtype=float)
        return np.array(self._number(setting) if self.kind == "number" else float(setting))

    def shown(self, setting: Setting) -> str:
        """Return where it stands, as one reads it: 0.90, tanh, the text."""
        if isinstance(setting, str):
            return setting
        if self.kind == "choice":
            return self.control.choices[setting]
        return f"{self._number(setting):.{self._decimals}f}"

    def moved(self, setting: Setting, by: int, big: bool = False) -> Setting:
        """Return where it stands after so many steps, or big steps; it stops at the ends. A text does not move."""
        if isinstance(setting, str):
            return setting
        return max(0, min(self.last, setting + by * (max(1, round(self.last / _BIG)) if big else 1)))

    def end(self, last: bool) -> Setting:
        """Return its first or last place; of a text, what stands there first."""
        return self.start if self.kind == "text" else self.last * last

    def typed(self, text: str) -> Typed:
        """Return what is kept of a text: small letters for large ones where only those are in the alphabet.

        The end of a line is a space.
        """
        characters: list[str] = []
        dropped: dict[str, None] = {}
        for typed_char in text:
            char = " " if typed_char in "\r\n\t" else typed_char
            fitting = next(
                (candidate for candidate in (char, char.lower(), char.upper()) if candidate in self._alphabet), None
            )
            if fitting is None or not fitting:
                dropped[char] = None
            else:
                characters.append(fitting)
        return Typed("".join(characters), "".join(dropped))

    def at(self, text: str) -> Setting:
        """Return the setting that an author writes: 1.1, tanh (or its place), a text. Raises SettingError."""
        if self.kind == "text":
            if not text or self.typed(text).text != text:
                raise SettingError(f"expected a text of these characters: {self._alphabet}")
            return text
        if self.kind == "choice":
            return self._choice(text)
        try:
            place = round((float(text) - self._least) / self._step)
        except (ValueError, OverflowError):
            raise SettingError(f"expected a number from {self.shown(0)} to {self.shown(self.last)}") from None
        if not 0 <= place <= self.last:
            raise SettingError(f"expected a number from {self.shown(0)} to {self.shown(self.last)}")
        if abs(self._number(place) - float(text)) > 1e-9:
            raise SettingError(f"arrow keys cannot reach this value; the nearest is {self.shown(place)}")
        return place

    def _choice(self, text: str) -> int:
        if text in self.control.choices:
            return self.control.choices.index(text)
        if text.isdecimal() and int(text) < len(self.control.choices):
            return int(text)
        raise SettingError(f"expected one of: {', '.join(self.control.choices)}")

    @property
    def _alphabet(self) -> str:
        return self.control.alphabet or ""

    @property
    def _least(self) -> float:
        return self.control.from_ or 0.0

    @property
    def _step(self) -> float:
        return self.control.step or 1.0

    @property
    def _decimals(self) -> int:
        """The decimals that tell its places apart."""
        exponents = [Decimal(repr(number)).normalize().as_tuple().exponent for number in (self._least, self._step)]
        return max(0, *(-exponent for exponent in exponents if isinstance(exponent, int)))

    def _number(self, place: int) -> float:
        return round(self._least + place * self._step, self._decimals) + 0.0


def dial(control: Control) -> Dial:
    """Return a control of a file that has no problems (see rules) as one that can be moved. Raises SettingError."""
    if control.choices:
        kind: Kind = "choice"
        last = len(control.choices) - 1
    elif control.text is not None:
        return Dial(control, "text", control.text, 0)
    else:
        kind = "number"
        last = places(control) - 1
    unset = Dial(control, kind, 0, last)
    return Dial(control, kind, 0 if control.start is None else unset.at(control.start), last)


def places(control: Control) -> int:
    """Return how many places a number has, both ends counted."""
    assert control.from_ is not None and control.to is not None and control.step  # noqa: S101 - see rules
    return int((control.to - control.from_) / control.step + 1e-9) + 1
