"""What stood in a line, or in several, before each change: so that nothing that was typed is ever lost; no widget."""

from typing import Literal

# Ctrl+_ sends 0x1f, as Ctrl+/ and Ctrl+- do; a terminal that tells keys apart (kitty's protocol) says which it was.
UNDO = "ctrl+underscore,ctrl+shift+minus,ctrl+shift+underscore,ctrl+minus,ctrl+slash"

Kind = Literal["typed", "deleted", "at once", "taken"]

_MOST = 200  # texts
_MOST_TOGETHER = 400_000  # characters of them all
_RUN = 20  # characters typed or deleted one by one that come back together


class Trail:
    """The texts that a text has been, the newest last, and those that were gone back from.

    It belongs to what is answered and not to the widget in which it is typed: it is still there when one comes back.
    """

    def __init__(self) -> None:
        self._before: list[str] = []
        self._after: list[str] = []
        self._last: tuple[Kind, int, str] | None = None  # of a run: its kind, its length, the text that it has led to

    @property
    def taken(self) -> bool:
        """Whether the newest change was that the text was taken away, by new numbers."""
        return self._last is not None and self._last[0] == "taken"

    def changed(self, old: str, new: str) -> None:
        """Note that a text has become another one; characters typed or deleted one after the other are one change."""
        if old == new:
            return
        kind = _kind(old, new)
        run = self._last
        self._after.clear()
        if run is not None and kind != "at once" and run[0] == kind and run[2] == old and run[1] < _RUN:
            self._last = (kind, run[1] + 1, new)
        else:
            self._keep(old)
            self._last = (kind, 1, new)

    def take(self, text: str) -> None:
        """Note that a text was taken away."""
        if text:
            self._after.clear()
            self._keep(text)
            self._last = ("taken", 1, "")

    def back(self, text: str) -> str | None:
        """Return what stood there before, None where nothing did; `text` is what stands there now."""
        return self._step(self._before, self._after, text)

    def forth(self, text: str) -> str | None:
        """Return what was gone back from, None where nothing was."""
        return self._step(self._after, self._before, text)

    def _step(self, source: list[str], target: list[str], text: str) -> str | None:
        self._last = None
        while source:
            text_before = source.pop()
            if text_before != text:
                target.append(text)
                return text_before
        return None

    def _keep(self, text: str) -> None:
        self._before.append(text)
        while len(self._before) > 1 and (len(self._before) > _MOST or sum(map(len, self._before)) > _MOST_TOGETHER):
            del self._before[0]


def _kind(old: str, new: str) -> Kind:
    longer, shorter = (new, old) if len(new) > len(old) else (old, new)
    if len(longer) - len(shorter) != 1 or (len(new) > len(old) and "\n" in new and new.count("\n") > old.count("\n")):
        return "at once"
    position = common(old, new)
    if longer[:position] + longer[position + 1 :] != shorter:
        return "at once"
    return "typed" if longer is new else "deleted"


def common(first: str, second: str) -> int:
    """Return how many characters two texts begin with in common."""
    most = min(len(first), len(second))
    return next((position for position in range(most) if first[position] != second[position]), most)


def place(old: str, new: str) -> int:
    """Return where the cursor goes in `new`, which comes in the place of `old`: behind what differs."""
    start = common(old, new)
    common_end = common(old[start:][::-1], new[start:][::-1])
    return len(new) - common_end
