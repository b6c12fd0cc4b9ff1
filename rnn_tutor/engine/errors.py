"""The one error of the engine: what is wrong, where in the text, and what to write instead."""

from collections.abc import Iterable
from typing import Literal

ErrorKind = Literal["notation", "name", "shape", "limit", "value", "unknown"]

MESSAGE_LIMIT = 300


class EngineError(Exception):
    """Anything that the engine cannot do, said in words for the person who wrote the text.

    `says` is one or two sentences of at most 300 characters; `at` is the span of characters (start, end) in the
    text that was given, where there is one. The kind `unknown` says that a value hangs on something that could not be
    evaluated: that has been told of already, so there is nothing new in it.
    """

    def __init__(self, kind: ErrorKind, says: str, at: tuple[int, int] | None = None) -> None:
        if len(says) > MESSAGE_LIMIT:
            says = says[: MESSAGE_LIMIT - 3] + "..."
        super().__init__(says)
        self.kind: ErrorKind = kind
        self.says = says
        self.at = at

    def placed(self, at: tuple[int, int] | None) -> "EngineError":
        """Return the same error with a place, when it has none yet."""
        return self if self.at is not None else EngineError(self.kind, self.says, at)


def did_you_mean(word: str, known: Iterable[str]) -> str:
    """Return " Did you mean h_prev?" for a near miss of a known word, else ""."""
    known = list(known)
    by_letters = {name.lower().replace("_", ""): name for name in known}
    near = by_letters.get(word.lower().replace("_", ""))
    if near is None:
        from difflib import get_close_matches  # late: what is right needs none

        close = get_close_matches(word, known, n=1, cutoff=0.72)
        near = close[0] if close else None
    return f" Did you mean {near}?" if near else ""


def exact(number: float) -> str:
    """Return a number for a sentence, never rounded: as few digits as tell it from every other."""
    number = float(number)
    return str(int(number)) if number.is_integer() and abs(number) < 10**15 else repr(number)
