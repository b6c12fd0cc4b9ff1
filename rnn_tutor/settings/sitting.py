"""The settings of one sitting: what the file says, what was changed since, and what could not be written."""

from pathlib import Path
from typing import Literal, TypeVar

from rnn_tutor.settings.file import Read, SettingsError, change, read
from rnn_tutor.settings.table import BY_NAME, KEYS, Setting, Value, of

Origin = Literal["default", "file", "sitting"]
"""Where a value is from: nobody has chosen, the file says it, or it was chosen in this sitting and is in no file."""


Kept = TypeVar("Kept", Value, str | None)


class Settings:
    """What holds in this sitting. `path`: the file (None: there is none, and what is chosen holds for this sitting)."""

    def __init__(self, path: Path | None = None, *, kiosk: bool = False) -> None:
        self.path = path
        self.kiosk = kiosk
        self.problems: list[str] = []
        self.changes = 0  # how often something was chosen
        self._found = Read()
        self._here: dict[str, Value] = {}
        self._keys_here: dict[str, str | None] = {}

    @property
    def there(self) -> tuple[Setting, ...]:
        """The settings that there are."""
        return of(self.kiosk)

    def read(self) -> None:
        """Read the file; what was chosen in this sitting and is in no file goes on holding."""
        self._found = read(self.path, named=not self.kiosk)
        self.problems = list(self._found.problems)

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
        """Return where the file gives a binding its keys, for a sentence."""
        return "" if name in self._keys_here else self._found.at(KEYS, name)

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
        try:
            change(self.path, section, name, written)
        except SettingsError as error:
            return f"This holds until you leave: {self._found.name or self.path.name} cannot be written, {error}."
        del here[name]
        self._found = read(self.path, named=not self.kiosk)
        return ""
