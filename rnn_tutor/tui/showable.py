"""Foreign text made showable: what a learner typed, what a file holds, what was stored earlier.

Nothing that is not printable reaches the terminal, and nothing is read as markup. Every place that shows foreign text
goes through `showable` or `prose`; a test holds that.
"""

import re

from textual.content import Content, Span

from rnn_tutor.tui.plain import MOST_CHARACTERS, plain

_NUMBERED = re.compile(r"[0-9]+[.)] ")  # an item of a list; a line may well begin with a number

__all__ = ["MOST_CHARACTERS", "plain", "prose", "showable"]


def showable(text: object, *, ascii_only: bool = False, lines: bool = False, style: str = "") -> Content:
    """Return foreign text as content to show, in one style, never read as markup.

    `lines` keeps line breaks (else each is shown as a space); `ascii_only` spells it in ASCII.
    """
    shown = plain(str(text), ascii_only=ascii_only, lines=lines)
    return Content(shown, [Span(0, len(shown), style)] if style and shown else None)


def prose(text: object, *, ascii_only: bool = False) -> Content:
    """Return foreign prose: lines of a paragraph joined, so that it wraps anew, and what is in `backticks` bold."""
    shown = _flowing(plain(str(text), ascii_only=ascii_only, lines=True))
    pieces = shown.split("`")
    if len(pieces) % 2 == 0:  # one is left over: it stands for itself
        return Content(shown)
    return Content.assemble(*((piece, "bold") if at % 2 else piece for at, piece in enumerate(pieces)))


def _flowing(text: str) -> str:
    """Join the lines of each paragraph; lines that are indented or begin a list keep their place."""
    out: list[str] = []
    flowing = False
    for line in text.strip().split("\n"):
        begins = not line.strip() or line.startswith((" ", "- ", "* ")) or _NUMBERED.match(line) is not None
        if flowing and not begins:
            out[-1] += " " + line.strip()
        else:
            out.append(line.rstrip())
        flowing = bool(line.strip()) and not line.startswith(" ")
    return "\n".join(out)
