"""settings: what is chosen, what could be, where it stands."""

import argparse

from rnn_tutor.paths import settings_file, shown
from rnn_tutor.settings import Settings

from .output import say, say_error

_NAME, _VALUE = 12, 20  # columns
_ORIGINS = {"default": "default", "file": "from the file", "sitting": ""}


def settings(_options: argparse.Namespace) -> int:
    """Print the settings; 1 where something in the file cannot be used."""
    from rnn_tutor.tui.keymap import usable  # late: it takes the screens along

    path = settings_file()
    chosen = Settings(path)
    chosen.read()
    lines = [f"file: {shown(path) if path is not None else 'none, as this account has no home folder'}", ""]
    for setting in chosen.there:
        value = str(chosen.value(setting.name))
        lines.append(f"{setting.name:<{_NAME}}{value:<{_VALUE}}{_ORIGINS[chosen.origin(setting.name)]}")
        lines += [f"{'':<{_NAME}}{setting.says}", f"{'':<{_NAME}}{', '.join(map(str, setting.choices))}"]
    keymap, refused = usable(chosen.keys)
    lines += [""] * bool(keymap)
    lines += [f"{f'keys.{name}':<{_NAME + _VALUE}}{keys.replace(',', ', ')}" for name, keys in keymap.items()]
    problems = [*chosen.problems, *(f"{chosen.where(error.name)}{error}" for error in refused)]
    say("\n".join(lines))
    for problem in problems:
        say_error(problem)
    return 1 if problems else 0
