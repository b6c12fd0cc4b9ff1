"""Where copied text goes: to the clipboard of the terminal, or into a file; on the screens and in plain mode."""

import base64
from collections.abc import Mapping
from pathlib import Path
from typing import NamedTuple

from rnn_tutor.paths import shown
from rnn_tutor.settings_file import put
from rnn_tutor.tui.terminal.capabilities import has_clipboard

COPIED = "copied.txt"  # beside the log, where copies go into a file
MOST_COPIED = 56_000  # bytes: terminals take some 75,000 of what these become for OSC 52
FILE = "file"


class Clipboard(NamedTuple):
    """How a user wants copies. setting: the value of `clipboard`; environ: of the terminal; log: None for no folder."""

    setting: object
    environ: Mapping[str, str]
    log: Path | None

    @property
    def is_file(self) -> bool:
        """Whether copies go into a file: it was chosen, or the terminal has no clipboard."""
        return self.setting == FILE or not has_clipboard(self.environ)

    def into_file(self, text: str, name: str) -> str:
        """Write a text into the file, and return a sentence on it; `name`: what it is."""
        if self.log is None:
            return f"There is no folder to copy {name} into."
        path = self.log.with_name(COPIED)
        try:
            put(path, f"{text}\n")
        except OSError as error:
            return f"{shown(path)} cannot be written: {error.strerror}."
        return f"Copied {name} into {shown(path)}."


def too_long(text: str, name: str) -> str:
    """Return that a text is too long for the clipboard of a terminal, "" where it is not."""
    if len(text.encode("utf-8")) <= MOST_COPIED:
        return ""
    return f"{name} is too long for the clipboard of a terminal. Choose file for clipboard in the settings."


def sent(name: str) -> str:
    """Return what is said of a text that was sent to the terminal."""
    return f"Copied {name} to the terminal's clipboard. If nothing arrives there, choose file in the settings."


def sequence(text: str) -> str:
    """Return what makes a terminal put a text on its clipboard (OSC 52)."""
    return f"\x1b]52;c;{base64.b64encode(text.encode('utf-8')).decode('ascii')}\a"
