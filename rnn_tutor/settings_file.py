"""The file of the settings: read so that nothing in it stops the program, changed so that what a user wrote stays.

Nothing here raises but `change`, whose SettingsError is one sentence that can be shown as it is.
"""

import os
import stat
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from rnn_tutor import settings_lines as lines
from rnn_tutor.paths import flags, shown
from rnn_tutor.printable import plain as printable

MOST_BYTES = 64 * 1024
_SHOWN = 40  # characters of what was found
_HEAD = "# Settings of rnn-tutor. What you write here stays; the program changes only the values that you choose.\n"


class SettingsError(Exception):
    """A setting cannot be written; the text is the sentence that says why."""


@dataclass
class Text:
    """The text of a file and what it says, as TOML has it; in sentences what of it cannot be read."""

    name: str  # of the file, as sentences call it
    text: str = ""
    data: dict[str, Any] = field(default_factory=dict)
    problems: list[str] = field(default_factory=list)

    def at(self, section: str, name: str) -> str:
        """Return where a name of a section ("": none) stands, for a sentence: the file, the line, the name."""
        line = lines.place(self.text, section, name)
        return ", ".join([self.name, *([f"line {line}"] if line else []), printable(name[:_SHOWN])])

    @staticmethod
    def said(value: object) -> str:
        """Return a value for a sentence."""
        text = printable(value if isinstance(value, str) else repr(value))
        return text if len(text) <= _SHOWN else f"{text[:_SHOWN]}..."


def name_of(path: Path, *, named: bool) -> str:
    """Return what a file is called in sentences: `named`, with its path."""
    return shown(path) if named else path.name


def read(path: Path, *, named: bool = True) -> Text:
    """Return what a file says; `named`: with its path in sentences."""
    found = Text(name_of(path, named=named))
    try:
        found.text = _text(path)
    except FileNotFoundError:
        return found
    except SettingsError as error:
        found.problems.append(f"{found.name} is not read: {error}.")
        return found
    data = lines.plain(found.text)
    found.data = _parsed(found) if data is None else data
    return found


def _text(path: Path) -> str:
    """Return the text of a file. Raises FileNotFoundError, and SettingsError with the reason why it cannot be read."""
    try:
        descriptor = os.open(path, os.O_RDONLY | flags("O_NONBLOCK", "O_CLOEXEC"))  # a pipe would be waited for
        with os.fdopen(descriptor, "rb") as file:
            if not stat.S_ISREG(os.fstat(descriptor).st_mode):
                raise SettingsError("it is not an ordinary file")
            data = file.read(MOST_BYTES + 1)
        if len(data) > MOST_BYTES:
            raise SettingsError(f"it has more than {MOST_BYTES // 1024} KiB")
        return data.decode("utf-8-sig")
    except FileNotFoundError:
        raise
    except OSError as error:
        raise SettingsError(error.strerror or "an error of the system") from None
    except UnicodeDecodeError as error:
        line = data.count(b"\n", 0, error.start) + 1
        raise SettingsError(f"line {line} is not UTF-8") from None


def _parsed(found: Text) -> dict[str, Any]:
    import tomllib  # late: start-up time

    try:
        return tomllib.loads(found.text)
    except (ValueError, RecursionError):
        data, broken = lines.by_line(found.text)
        for one in broken:
            what = f"{found.name}, line {one.line}: found {found.said(one.text.strip())}"
            found.problems.append(f"{what}; expected one name = value that is not there yet.")
        return data


def change(path: Path, section: str, name: str, value: str | int | None) -> None:
    """Write one value of a section ("": none); None takes it out. All else in the file stays as it is written.

    The file is put into its place when it is complete. Raises SettingsError, and then changes nothing.
    """
    try:
        text = _text(path)
    except FileNotFoundError:
        text = _HEAD
    except SettingsError as error:
        raise SettingsError(f"it cannot be read: {error}") from None
    changed = _changed(text, section, name, value)
    if len(changed.encode("utf-8")) > MOST_BYTES:
        raise SettingsError(f"it would have more than {MOST_BYTES // 1024} KiB")
    try:
        put(path.resolve() if path.is_symlink() else path, changed)
    except OSError as error:
        raise SettingsError(error.strerror or "an error of the system") from None


def _changed(text: str, section: str, name: str, value: str | int | None) -> str:
    import tomlkit  # late: only who changes a setting needs it
    from tomlkit.exceptions import TOMLKitError

    try:
        document = tomlkit.parse(text)
        table: Any = document
        if section:
            if section not in document:
                document[section] = tomlkit.table()
            table = document[section]
        if value is not None:
            table[name] = value
        elif name in table:
            del table[name]
        return tomlkit.dumps(document)
    except (TOMLKitError, ValueError, TypeError, KeyError, RecursionError):
        raise SettingsError("a line of it cannot be read; correct that first") from None


def put(path: Path, text: str) -> None:
    """Write a file that is for its owner's eyes, whole or not at all, with the folder that it is in. Raises OSError."""
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    unfinished = path.with_name(f".{path.name[:100]}.{os.getpid()}.part")
    try:
        made = os.open(unfinished, os.O_CREAT | os.O_EXCL | os.O_WRONLY | flags("O_CLOEXEC"), 0o600)
        with os.fdopen(made, "w", encoding="utf-8", newline="") as file:
            file.write(text)
            file.flush()
            os.fsync(file.fileno())
        if path.exists():
            unfinished.chmod(stat.S_IMODE(path.stat().st_mode))
        unfinished.replace(path)
    finally:
        unfinished.unlink(missing_ok=True)
