"""The file of the settings: read so that nothing in it stops the program, changed so that what a user wrote stays.

Nothing here raises but `change`, whose SettingsError is one sentence that can be shown as it is.
"""

import os
import stat
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from rnn_tutor.paths import shown
from rnn_tutor.printable import plain as printable
from rnn_tutor.settings.table import BY_NAME, KEYS, Setting, Value

MOST_BYTES = 64 * 1024
_SHOWN = 40  # characters of what was found
_HEAD = "# Settings of rnn-tutor. What you write here stays; the program changes only the values that you choose.\n"


class SettingsError(Exception):
    """A setting cannot be written; the text is the sentence that says why."""


@dataclass
class Read:
    """What a file says: values by name, keys by the id of a binding; and in sentences what of it cannot be used."""

    values: dict[str, Value] = field(default_factory=dict)
    keys: dict[str, str] = field(default_factory=dict)
    problems: list[str] = field(default_factory=list)
    text: str = ""
    name: str = ""  # of the file, as sentences call it

    def at(self, section: str, name: str) -> str:
        """Return where a name stands, for a sentence: the file, the line, the name."""
        from rnn_tutor.settings import lines

        line = lines.place(self.text, section, name)
        return ", ".join([self.name, *([f"line {line}"] if line else []), printable(name[:_SHOWN])])


def read(path: Path | None, *, named: bool = True) -> Read:
    """Return what a file says, nothing where there is none; `named`: with its path in sentences."""
    if path is None:
        return Read()
    found = Read(name=shown(path) if named else path.name)
    try:
        found.text = _text(path)
    except FileNotFoundError:
        return found
    except SettingsError as error:
        found.problems.append(f"{found.name} is not read: {error}.")
        return found
    data = _data(found)
    for name, value in data.items():
        if name == KEYS:
            _read_keys(found, value)
        elif name not in BY_NAME:
            found.problems.append(f"{found.at('', name)}: there is no such setting.{_near(name)}")
        elif _fits(BY_NAME[name], value):
            found.values[name] = value
        else:
            found.problems.append(
                f"{found.at('', name)}: found {_said(value)}; expected {BY_NAME[name].expected}.{_like(name, value)}"
            )
    return found


def _text(path: Path) -> str:
    """Return the text of a file. Raises FileNotFoundError, and SettingsError with the reason why it cannot be read."""
    try:
        descriptor = os.open(path, os.O_RDONLY | os.O_NONBLOCK | os.O_CLOEXEC)  # a pipe would be waited for
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


def _data(found: Read) -> dict[str, Any]:
    from rnn_tutor.settings import lines  # late: most users have no file, and a start does not wait for what reads one

    data = lines.plain(found.text)
    if data is not None:
        return data
    import tomllib  # late: start-up time

    try:
        return tomllib.loads(found.text)
    except (ValueError, RecursionError):
        data, broken = lines.by_line(found.text)
        for one in broken:
            what = f"{found.name}, line {one.line}: found {_said(one.text.strip())}"
            found.problems.append(f"{what}; expected one name = value that is not there yet.")
        return data


def _read_keys(found: Read, section: object) -> None:
    if not isinstance(section, dict):
        found.problems.append(
            f'{found.at("", KEYS)}: found {_said(section)}; expected a section [keys] with lines such as hint = "f2,h".'
        )
        return
    for name, value in section.items():
        several = [value] if isinstance(value, str) else value
        if isinstance(several, list) and several and all(isinstance(one, str) and one for one in several):
            found.keys[name] = ",".join(several)
        else:
            found.problems.append(
                f'{found.at(KEYS, name)}: found {_said(value)}; expected keys in quotes, for example "f2,h".'
            )


def _fits(setting: Setting, value: object) -> bool:
    """Tell whether a value is one of the choices; True is no 1."""
    return any(type(one) is type(value) and one == value for one in setting.choices)


def _said(value: object) -> str:
    text = printable(value if isinstance(value, str) else repr(value))
    return text if len(text) <= _SHOWN else f"{text[:_SHOWN]}..."


def _like(name: str, value: object) -> str:
    from rnn_tutor.engine.errors import did_you_mean  # late: only a mistake needs it

    return did_you_mean(str(value), [str(one) for one in BY_NAME[name].choices])


def _near(name: str) -> str:
    from rnn_tutor.engine.errors import did_you_mean

    return did_you_mean(name, BY_NAME)


def change(path: Path, section: str, name: str, value: Value | None) -> None:
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
        _put(path.resolve() if path.is_symlink() else path, changed)
    except OSError as error:
        raise SettingsError(error.strerror or "an error of the system") from None


def _changed(text: str, section: str, name: str, value: Value | None) -> str:
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


def _put(path: Path, text: str) -> None:
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    unfinished = path.with_name(f".{path.name[:100]}.{os.getpid()}.part")
    try:
        made = os.open(unfinished, os.O_CREAT | os.O_EXCL | os.O_WRONLY | os.O_CLOEXEC, 0o600)
        with os.fdopen(made, "w", encoding="utf-8", newline="") as file:
            file.write(text)
            file.flush()
            os.fsync(file.fileno())
        if path.exists():
            unfinished.chmod(stat.S_IMODE(path.stat().st_mode))
        unfinished.replace(path)
    finally:
        unfinished.unlink(missing_ok=True)
