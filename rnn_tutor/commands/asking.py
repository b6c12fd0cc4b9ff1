"""What a terminal answers when it is asked: for `rnn-tutor doctor`, never for the tutor itself."""

import os
import re
import select
import time
from dataclasses import dataclass

_WAIT = 0.5  # seconds: a terminal on the far side of the world has answered by then
_BLOCK = "\u2593"  # in Latin-1 its three bytes are three characters, or none
_SYNC = re.compile(rb"\x1b\[\?2026;([0-4])\$y")
_PLACE = re.compile(rb"\x1b\[\d+;(\d+)R")
_KIND = re.compile(rb"\x1b\[\?[\d;]*c")


@dataclass(frozen=True)
class Answers:
    """What came back. None: it did not say; `cells` is how many a character of three UTF-8 bytes took."""

    answered: bool = False
    frames: bool | None = None
    cells: int | None = None


def ask(keyboard: int, screen: int, *, old: bool) -> Answers:
    """Ask the terminal behind two file descriptors; `old`: only what a VT100 knows. Nothing stays on the screen."""
    try:
        import termios  # late, both: not on every system
        import tty
    except ImportError:
        return Answers()
    try:
        settings = termios.tcgetattr(keyboard)
    except termios.error:
        return Answers()
    questions = "" if old else "\x1b[?2026$p"
    # The column after the character says how it was read; the last question is one that every terminal answers.
    text = f"\r{_BLOCK}\x1b[6n\r\x1b[K{questions}\x1b[c"
    try:
        tty.setcbreak(keyboard, termios.TCSAFLUSH)
        os.write(screen, text.encode())
        answered = _listen(keyboard)
    except OSError:
        return Answers()
    finally:
        termios.tcsetattr(keyboard, termios.TCSAFLUSH, settings)
    place, frames = _PLACE.search(answered), _SYNC.search(answered)
    return Answers(
        bool(_KIND.search(answered)),
        frames.group(1) in (b"1", b"2") if frames else None,
        int(place.group(1)) - 1 if place else None,
    )


def _listen(keyboard: int) -> bytes:
    answers = b""
    end = time.monotonic() + _WAIT
    while not _KIND.search(answers) and (seconds_left := end - time.monotonic()) > 0:
        if select.select([keyboard], [], [], seconds_left)[0]:
            data = os.read(keyboard, 1024)
            if not data:
                break
            answers += data
    return answers
