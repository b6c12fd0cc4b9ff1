"""The settings: what there is to choose, and what holds in this sitting.

Whoever reads, shows or changes settings goes by the table here. Keys are not in it: they are the `keys` section of the
file, and their ids are those of the bindings (`tui/keymap`). What reads and writes the file (`settings_file`) is
imported where there is one: most users have none, and a start does not wait for it.
"""

import os
from collections.abc import Iterable
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Literal, TypeVar

if TYPE_CHECKING:
    from rnn_tutor.settings_file import Text

Value = str | int
"""What a setting can be: a word, or a whole number."""

AUTO = "auto"
_MOST_TOLD = 5  # choices in a sentence
KEYS = "keys"  # the section of the file that gives bindings other keys

TERMINAL = "terminal"
HIGH_CONTRAST = "high-contrast"
HIGH_CONTRAST_LIGHT = "high-contrast-light"
MONOCHROME = "monochrome"
# Those that Textual has under these names; a test compares them with the installed version.
TEXTUAL_THEMES = (
    "atom-one-dark", "atom-one-light", "catppuccin-frappe", "catppuccin-latte", "catppuccin-macchiato",
    "catppuccin-mocha", "dracula", "flexoki", "gruvbox", "monokai", "nord", "rose-pine", "rose-pine-dawn",
    "rose-pine-moon", "solarized-dark", "solarized-light", "textual-dark", "textual-light", "tokyo-night",
)  # fmt: skip


@dataclass(frozen=True)
class Setting:
    """One setting. The first of `choices` holds where nobody has chosen; `alone`: it is not for a shared account."""

    name: str
    choices: tuple[Value, ...]
    says: str
    alone: bool = False

    @property
    def default(self) -> Value:
        """What holds where nobody has chosen."""
        return self.choices[0]

    @property
    def expected(self) -> str:
        """What it can be, in words."""
        numbers = [one for one in self.choices if isinstance(one, int)]
        words = [one for one in self.choices if isinstance(one, str)]
        if numbers:
            return f"{', '.join(words)} or a number from {min(numbers)} to {max(numbers)}"
        if len(words) > _MOST_TOLD:
            return f"{', '.join(words[:_MOST_TOLD])} or one of {len(words) - _MOST_TOLD} more"
        return f"{', '.join(words[:-1])} or {words[-1]}"


SETTINGS = (
    Setting(
        "theme",
        (TERMINAL, HIGH_CONTRAST, HIGH_CONTRAST_LIGHT, MONOCHROME, *TEXTUAL_THEMES),
        "The colours of the screens; terminal means the colours of your terminal.",
    ),
    Setting(
        "pictures",
        (AUTO, "colour", "blocks", "ascii"),
        "How pictures are drawn at first: in colour, with blocks, or with ASCII marks.",
    ),
    Setting(
        "characters",
        (AUTO, "utf8", "ascii"),
        "Which characters the terminal shows; auto goes by the locale.",
    ),
    Setting(
        "colours",
        (AUTO, "16", "256", "24-bit"),
        "How many colours the terminal shows; auto goes by TERM and COLORTERM.",
    ),
    Setting(
        "digits",
        (AUTO, 3, 4, 5, 6, 7, 8, 9, 10),
        "How many digits computed numbers are shown with; marking stays the same.",
    ),
    Setting(
        "clipboard",
        (TERMINAL, "file"),
        "Where copied text goes: to the clipboard of your terminal, or into a file.",
        alone=True,
    ),
)
BY_NAME = {setting.name: setting for setting in SETTINGS}


def of(kiosk: bool) -> tuple[Setting, ...]:
    """Return the settings that there are on an account of one's own, or on a shared one."""
    return tuple(setting for setting in SETTINGS if not (kiosk and setting.alone))


Origin = Literal["default", "file", "sitting"]
"""Where a value is from: nobody has chosen, the file says it, or it was chosen in this sitting and is in no file."""


@dataclass
class Found:
    """What a file says: values by name, keys by the id of a binding; and in sentences what of it cannot be used."""

    values: dict[str, Value] = field(default_factory=dict)
    keys: dict[str, str] = field(default_factory=dict)
    problems: list[str] = field(default_factory=list)
    text: "Text | None" = None


Kept = TypeVar("Kept", Value, str | None)


class Settings:
    """What holds in this sitting. `path`: the file (None: there is none, and what is chosen holds for this sitting)."""

    def __init__(self, path: Path | None = None, *, kiosk: bool = False) -> None:
        self.path = path
        self.kiosk = kiosk
        self.problems: list[str] = []
        self.changes = 0  # how often something was chosen
        self._found = Found()
        self._here: dict[str, Value] = {}
        self._keys_here: dict[str, str | None] = {}

    @property
    def there(self) -> tuple[Setting, ...]:
        """The settings that there are."""
        return of(self.kiosk)

    def read(self) -> None:
        """Read the file; what was chosen in this sitting and is in no file goes on holding."""
        self._find()
        self.problems = list(self._found.problems)

    def _find(self) -> None:
        self._found = Found()
        if self.path is not None and os.path.lexists(self.path):
            from rnn_tutor.settings_file import read

            _understand(self._found, read(self.path, named=not self.kiosk))

    def value(self, name: str) -> Value:
        """Return what a setting is."""
        setting = BY_NAME[name]
        if self.kiosk and setting.alone:
            return setting.default
        value = self._here.get(name, self._found.values.get(name))
        return setting.default if value is None else value

    def origin(self, name: str) -> Origin:
        """Return where a value is from."""
        return "sitting" if name in self._here else "file" if name in self._found.values else "default"

    @property
    def keys(self) -> dict[str, str]:
        """The keys that were chosen: {id of a binding: keys with commas between}."""
        return {name: keys for name, keys in (self._found.keys | self._keys_here).items() if keys is not None}

    def where(self, name: str) -> str:
        """Return where the file gives a binding its keys, as a sentence begins; "" where it does not."""
        text = self._found.text
        return "" if name in self._keys_here or text is None else f"{text.at(KEYS, name)}: "

    def choose(self, name: str, value: Value) -> str:
        """Choose a value; a sentence is returned where it cannot be kept for the next sitting."""
        default = BY_NAME[name].default
        return self._keep("", name, value, None if value == default else value, self._here)

    def choose_keys(self, name: str, keys: str | None) -> str:
        """Choose the keys of a binding, None for its own; a sentence is returned as above."""
        return self._keep(KEYS, name, keys, keys, self._keys_here)

    def _keep(self, section: str, name: str, value: Kept, written: Value | None, here: dict[str, Kept]) -> str:
        here[name] = value
        self.changes += 1
        if self.path is None:
            return "This holds until you leave: there is no folder to keep settings in."
        from rnn_tutor.settings_file import SettingsError, change, name_of

        try:
            change(self.path, section, name, written)
        except SettingsError as error:
            file = name_of(self.path, named=not self.kiosk)
            return f"This holds until you leave: {file} cannot be written, {error}."
        del here[name]
        self._find()
        return ""


def _understand(found: Found, text: "Text") -> None:
    """Take what a file says for settings; what is none, or cannot be one, is told."""
    found.text = text
    found.problems = list(text.problems)
    for name, value in text.data.items():
        if name == KEYS:
            _understand_keys(found, text, value)
        elif name not in BY_NAME:
            found.problems.append(f"{text.at('', name)}: there is no such setting.{_near(name, BY_NAME)}")
        elif any(type(one) is type(value) and one == value for one in BY_NAME[name].choices):  # True is no 1
            found.values[name] = value
        else:
            setting = BY_NAME[name]
            near = _near(str(value), map(str, setting.choices))
            found.problems.append(f"{text.at('', name)}: found {text.said(value)}; expected {setting.expected}.{near}")


def _understand_keys(found: Found, text: "Text", section: object) -> None:
    if not isinstance(section, dict):
        found.problems.append(
            f'{text.at("", KEYS)}: found {text.said(section)}; expected a section [keys] with lines like hint = "f2,h".'
        )
        return
    for name, value in section.items():
        several = [value] if isinstance(value, str) else value
        if isinstance(several, list) and several and all(isinstance(one, str) and one for one in several):
            found.keys[name] = ",".join(several)
        else:
            found.problems.append(
                f'{text.at(KEYS, name)}: found {text.said(value)}; expected keys in quotes, for example "f2,h".'
            )


def _near(word: str, known: Iterable[str]) -> str:
    from rnn_tutor.engine.errors import did_you_mean  # late: only a mistake needs it

    return did_you_mean(word, known)
