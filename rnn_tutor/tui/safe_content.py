"""Foreign text made showable: what a learner typed, what a file holds, what was stored earlier.

Nothing that is not printable reaches the terminal, and nothing is read as markup. Every place that shows foreign text
goes through `showable` or `prose`; a test holds that.
"""

from textual.content import Content, Span

from rnn_tutor.printable import MOST_CHARACTERS, flowing, plain

__all__ = ["MOST_CHARACTERS", "plain", "prose", "showable"]


def showable(text: object, *, ascii_only: bool = False, lines: bool = False, style: str = "") -> Content:
    """Return foreign text as content to show, in one style, never read as markup.

    `lines` keeps line breaks (else each is shown as a space); `ascii_only` spells it in ASCII.
    """
    printable = plain(str(text), ascii_only=ascii_only, lines=lines)
    return Content(printable, [Span(0, len(printable), style)] if style and printable else None)


def prose(text: object, *, ascii_only: bool = False) -> Content:
    """Return foreign prose: lines of a paragraph joined, so that it wraps anew, and what is in `backticks` bold."""
    printable = flowing(plain(str(text), ascii_only=ascii_only, lines=True))
    pieces = printable.split("`")
    if len(pieces) % 2 == 0:  # one is left over: it stands for itself
        return Content(printable)
    return Content.assemble(*((piece, "bold") if number % 2 else piece for number, piece in enumerate(pieces)))
