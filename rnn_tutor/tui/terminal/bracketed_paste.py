"""What is pasted, within bounds: whatever is sent as one paste, so much of it is kept and the rest only counted."""

BEGIN, END = "\x1b[200~", "\x1b[201~"
MOST = 16_000  # characters: twice what the longest answer may have, so that too long a one is still told as too long


class Pasted:
    """One paste while it comes."""

    def __init__(self) -> None:
        self.dropped = 0  # characters beyond MOST
        self._texts: list[str] = []
        self._room = MOST

    def take(self, text: str) -> None:
        """Take in the next piece of it."""
        fitting = text[: self._room]
        self._texts.append(fitting)
        self._room -= len(fitting)
        self.dropped += len(text) - len(fitting)

    @property
    def text(self) -> str:
        """What is kept; no NUL, which no widget expects."""
        return "".join(self._texts).replace("\x00", "")


def begun(text: str, mark: str) -> int:
    """Return how many characters at the end of a text are the beginning of a mark."""
    return next((count for count in range(len(mark) - 1, 0, -1) if text.endswith(mark[:count])), 0)
