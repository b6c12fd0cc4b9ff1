"""What the terminal can do, and whether to start on it at all."""

import os
import signal
import sys
from collections.abc import Mapping
from dataclasses import dataclass, replace
from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal, NamedTuple, Protocol

from rnn_tutor.printable import is_utf8
from rnn_tutor.settings import MONOCHROME

if TYPE_CHECKING:
    from rnn_tutor.settings import Settings

Characters = Literal["utf8", "ascii"]
Drawn = Literal["ascii", "blocks", "colour"]

TRUECOLOUR = 1 << 24
NO_SCREEN = ("", "dumb", "unknown")
ASCII_TERMS = ("linux", "vt100", "vt102", "vt220", "ansi")
# Frames a second, for Textual: of what a key brings about, all but the first frame waits for the next one. With
# Textual's own 60 that is up to 17 ms: a verdict's p95 is 25 ms with 250 for 46, the course is there at 1.32 of a
# bare app for 1.41.
FRAMES = 250
_COUNTS = {"16": 16, "256": 256, "24-bit": TRUECOLOUR}  # what can be chosen of colours


class Stream(Protocol):
    """The part of a text stream that is asked here."""

    encoding: str

    def isatty(self) -> bool:
        """Tell whether it is a terminal."""


@dataclass(frozen=True)
class Terminal:
    """What the terminal can do: `colours` is 0 (none wanted or had), 16, 256 or 2**24."""

    characters: Characters = "utf8"
    colours: int = 256

    @property
    def ascii_only(self) -> bool:
        """Whether only ASCII may be sent to it."""
        return self.characters == "ascii"

    @property
    def drawn(self) -> Drawn:
        """How heatmaps are drawn to begin with: the most that it can show well."""
        if self.colours >= 256:
            return "colour"
        return "ascii" if self.ascii_only else "blocks"


class Questions(NamedTuple):
    """A set of questions to begin with; 0 and None are for the usual number, no limit, and a seed that is drawn."""

    sort: Literal["placement", "exam"]
    units: tuple[str, ...] = ()
    seed: int | None = None
    questions: int = 0
    minutes: int = 0


@dataclass(frozen=True)
class Options:
    """What was asked for on the command line.

    exercise: the id of one to open at once, or of a lab or a unit ("": the exercise to go on with);
    seed: for the numbers that exercises open with (None: the original ones);
    kiosk: many share this account, and `learner` is who is there (None: asked for).
    author: the file that is being written (None: the course is to be learned from).
    log: the file of the program's own mistakes (None: there is no folder for it). review: begin with what is due.
    settings: what the user has chosen (None: nobody has).
    questions: begin with a placement or an exam. own_text: a text of the learner's that networks learn to write.
    assignment: a lecturer's file; the course is what it names, with the learner's own numbers.
    """

    characters: Characters | None = None
    exercise: str | None = None
    seed: int | None = None
    kiosk: bool = False
    learner: str | None = None
    author: Path | None = None
    log: Path | None = None
    review: bool = False
    settings: "Settings | None" = None
    questions: Questions | None = None
    own_text: str = ""
    assignment: Path | None = None


def terminal(environ: Mapping[str, str], encoding: str, options: Options | None = None) -> Terminal:
    """Return what a terminal can do, from TERM, COLORTERM, NO_COLOR, the locale's encoding and the options."""
    term = environ.get("TERM", "")
    characters: Characters = "utf8" if is_utf8(encoding, environ) and term not in ASCII_TERMS else "ascii"
    terminal = Terminal(characters, _colours(term, environ))
    if options is not None and options.characters is not None:
        terminal = replace(terminal, characters=options.characters)
    return terminal


def _colours(term: str, environ: Mapping[str, str]) -> int:
    if environ.get("NO_COLOR") or term.startswith("vt"):
        return 0
    if environ.get("COLORTERM", "").strip().lower() in ("truecolor", "24bit"):
        return TRUECOLOUR
    return 256 if "256color" in term or term.startswith(("xterm-kitty", "alacritty", "foot")) else 16


def suited(found: Terminal, options: Options, settings: "Settings") -> Terminal:
    """Return what the terminal is taken for where somebody has chosen; no colours, where none are had, stay none."""
    characters, colours = settings.value("characters"), settings.value("colours")
    suits = found
    if options.characters is None and characters in ("utf8", "ascii"):
        suits = replace(suits, characters="ascii" if characters == "ascii" else "utf8")
    if found.colours:
        suits = replace(suits, colours=_COUNTS.get(str(colours), found.colours))
        if settings.value("theme") == MONOCHROME:
            suits = replace(suits, colours=0)
    return suits


def drawn(can: Terminal, settings: "Settings") -> Drawn:
    """Return how pictures are drawn to begin with: as somebody has chosen, if this terminal can show it."""
    wanted = settings.value("pictures")
    if wanted == "ascii" or (wanted == "blocks" and can.ascii_only):
        return "ascii"
    if wanted == "blocks":
        return "blocks"
    return "colour" if wanted == "colour" and can.colours >= 16 else can.drawn


def has_clipboard(environ: Mapping[str, str]) -> bool:
    """Tell whether a terminal may know OSC 52; the consoles that have no clipboard do not."""
    return environ.get("TERM", "") not in (*NO_SCREEN, *ASCII_TERMS)


def has_screens() -> bool:
    """Tell whether this system has what keys are read with and a session is ended with: Windows has neither."""
    return all(find_spec(name) is not None for name in ("fcntl", "termios")) and hasattr(signal, "pthread_sigmask")


def why_not(stdin: Stream | None, stderr: Stream | None, environ: Mapping[str, str]) -> str | None:
    """Return why no screen can be shown here, as one sentence, or None.

    The keys come from stdin and the screen goes to stderr, so both have to be terminals.
    """
    if not has_screens():
        return "rnn-tutor's screens work on Linux and macOS. Here, `rnn-tutor practice --plain` works without a screen."
    if stdin is None or not stdin.isatty():
        return "rnn-tutor needs a keyboard: its standard input is not a terminal. Over ssh, use ssh -t."
    if stderr is None or not stderr.isatty():
        return "rnn-tutor draws its screens on standard error, which is not a terminal here."
    if environ.get("TERM", "") in NO_SCREEN:
        return (
            f"The terminal (TERM={environ.get('TERM', '')!r}) cannot show screens. "
            "`rnn-tutor list`, `show` and `answer` work on it."
        )
    return None


def prepare(environ: dict[str, str] | os._Environ[str]) -> None:
    """Set the environment of the process before textual and numpy are imported.

    Textual reads TEXTUAL and TEXTUAL_* (a driver to import, a file to log to, screenshots, keys to press), which on
    a shared account would give more than the tutor; OpenBLAS would start a thread per core for 2 x 2 matrices.
    How often Textual paints is set here: it reads that once, when it is imported.
    """
    for name in [name for name in environ if name == "BROWSER" or name.startswith("TEXTUAL")]:
        del environ[name]
    environ["OPENBLAS_NUM_THREADS"] = "1"
    environ["TEXTUAL_FPS"] = str(FRAMES)


def speak(can: Terminal) -> None:
    """Have what is painted sent in UTF-8 or in plain ASCII."""
    stream: Any = sys.__stderr__
    stream.reconfigure(encoding="ascii" if can.ascii_only else "utf-8", errors="replace")


def settle(found: Terminal, suits: Terminal, environ: dict[str, str] | os._Environ[str]) -> None:
    """Make what is painted arrive as it is meant: in UTF-8 or plain ASCII, and without colours where none are had.

    found: what the terminal can do; suits: what it is taken for, since a user has said so.
    """
    speak(suits)
    environ.pop("NO_COLOR", None)  # textual takes NO_COLOR="" for a wish, which it is not
    if found.colours == 0:
        environ["NO_COLOR"] = "1"
