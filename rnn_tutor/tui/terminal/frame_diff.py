"""What stands on the terminal, cell by cell: only what is other than before is sent.

Textual repaints whole widgets: a step in a list or a heatmap, of which two rows differ, is 6 kB. Here each frame is
compared with what was sent before it, and the rest stays unsent: under 0.3 kB for the same step. Blank ends of lines
are erased, not painted, and colours that are the terminal's own are not named.

A cell is (text, sgr): the character with what combines with it, "" for the right half of a wide one, and the escape
parameters of its style. An unknown line (after a start, a resize, a pause) is sent whole.
"""

from collections.abc import Iterable
from functools import lru_cache

from rich.cells import cell_len
from rich.color import ColorSystem
from rich.console import Console
from rich.segment import Segment
from rich.style import Style
from textual._compositor import ChopsUpdate, CompositorUpdate, LayoutUpdate
from textual.strip import Strip

Cell = tuple[str, str]
Line = list[Cell | None]  # None: what stands there is not known

_BLANK: Cell = (" ", "")
_SHORT = 6  # so many cells that did not change are sent again sooner than a move over them
_GAPS = 12  # blanks between what stands on a line of which nothing is known: sooner is all of it erased first
_ERASE = 4  # so many blanks at the end of a line are erased sooner than sent


class Painted:
    """The terminal's cells as they were sent."""

    def __init__(self) -> None:
        self._lines: list[Line] = []
        self._width = 0

    @property
    def size(self) -> tuple[int, int]:
        """How many columns and rows are known."""
        return self._width, len(self._lines)

    def forget(self) -> None:
        """Know nothing any more: what comes next is sent whole."""
        self._lines = []

    def changes(self, update: CompositorUpdate, size: tuple[int, int], console: Console) -> str | None:
        """Return what turns the terminal (of columns x rows) into the update; None for a kind that is not known."""
        if isinstance(update, LayoutUpdate):
            x = update.region.x
            pieces = [(y, _row(x, strips)) for y, strips in enumerate(update.strips, update.region.y)]
        elif isinstance(update, ChopsUpdate):
            pieces = [(y, _span(update, y, start, end)) for y, start, end in update.spans]
        else:
            self.forget()
            return None
        width, height = size
        if self._width != width or len(self._lines) != height:
            self._width, self._lines = width, [[None] * width for _ in range(height)]
        out = _Out()
        system = console._color_system or ColorSystem.TRUECOLOR
        for y, strips in pieces:
            if 0 <= y < height:
                line = self._lines[y]
                fresh = line.copy()
                for x, strip in strips:
                    _put(fresh, x, strip, system)
                _send(out, y, line, fresh)
                self._lines[y] = fresh
        return out.text()


def _row(x: int, strips: Iterable[Strip]) -> list[tuple[int, Strip]]:
    """Give strips that stand side by side their places."""
    placed = []
    for strip in strips:
        placed.append((x, strip))
        x += strip.cell_length
    return placed


def _span(update: ChopsUpdate, y: int, start: int, end: int) -> list[tuple[int, Strip]]:
    """Return the strips that an update has for a part of a line."""
    placed = []
    for stop, (x, strip) in zip(update.chop_ends[y], update.chops[y].items(), strict=False):
        if strip is not None and x <= end and stop > start:
            placed.append((x, strip.crop(0, min(stop, end) - x)))
    return placed


def _put(line: Line, x: int, segments: Iterable[Segment], system: ColorSystem) -> None:
    """Write segments into a line's cells; what would stand beyond its end is left out."""
    width = len(line)
    if x >= width:
        return
    for text, style, control in segments:
        if control:
            continue
        sgr = _sgr(style, system) if style is not None else ""
        if not text.strip(" "):  # most of a screen: one cell for all of them, which is compared by being the same
            cells: list[Cell] = [(" ", sgr) if sgr else _BLANK] * len(text)
        elif text.isascii():
            cells = [(char, sgr) for char in text]
        else:
            cells = [(char, sgr) for char in _cells(text)]
        room = width - x
        line[x : x + len(cells)] = cells[:room]
        x += len(cells)
        if x >= width:
            return


@lru_cache(4096)
def _cells(text: str) -> tuple[str, ...]:
    """Return a text by cells, "" after a wide character."""
    cells: list[str] = []
    for char in text:
        wide = cell_len(char)
        if wide == 0 and cells:
            at = len(cells) - 1
            while at and not cells[at]:
                at -= 1
            cells[at] += char
        elif wide:
            cells += [char, *[""] * (wide - 1)]
    if len(cells) != cell_len(text):  # characters that join into others: sent as one piece
        return (text, *[""] * (cell_len(text) - 1))
    return tuple(cells)


@lru_cache(2048)
def _sgr(style: Style, system: ColorSystem) -> str:
    """Return a style's escape parameters after a reset: without the terminal's own ink and ground."""
    codes = Strip.render_ansi(style, system).split(";")
    parameters: list[str] = []
    while codes and codes[0]:
        code = codes[0]
        length = 1 if code not in ("38", "48") else 3 if codes[1:2] == ["5"] else 5
        if code not in ("39", "49"):
            parameters += codes[:length]
        codes = codes[length:]
    return ";".join(parameters)


class _Out:
    """Escapes and text for a terminal, with as few escapes as do."""

    def __init__(self) -> None:
        self._parts: list[str] = ["\x1b[m"]
        self._sgr = ""

    def cells(self, x: int, y: int, cells: Iterable[Cell]) -> None:
        """Write cells at a place."""
        self._parts.append(f"\x1b[{y + 1};{x + 1}H")
        for text, sgr in cells:
            if sgr != self._sgr:
                self._style(sgr)
            self._parts.append(text)

    def erase(self, x: int | None, y: int) -> None:
        """Make the line blank from a place, None: from where the last cell was written."""
        if x is not None:
            self._parts.append(f"\x1b[{y + 1};{x + 1}H")
        self._style("")
        self._parts.append("\x1b[K")

    def _style(self, sgr: str) -> None:
        if sgr != self._sgr:
            # "0;" first takes off what is on; after plain cells there is nothing on.
            self._parts.append(f"\x1b[{sgr}m" if not self._sgr or not sgr else f"\x1b[0;{sgr}m")
            self._sgr = sgr

    def text(self) -> str:
        """Return it all, plain at its end; nothing where nothing was written."""
        if len(self._parts) == 1:
            return ""
        self._style("")
        return "".join(self._parts)


def _send(out: _Out, y: int, old: Line, new: Line) -> None:
    """Write what differs between two states of a line."""
    if old == new:
        return
    width = len(new)
    end = width  # from here on the line is blank
    while end and (new[end - 1] is _BLANK or new[end - 1] == _BLANK):
        end -= 1
    if old.count(None) == width and new[:end].count(_BLANK) > _GAPS:
        out.erase(0, y)
        old = [_BLANK] * width
    erase = width - end >= _ERASE and old[end:] != new[end:]
    stop = end if erase else width
    last = -1
    for first, after in _runs(old, new, stop):
        out.cells(first, y, [cell for cell in new[first:after] if cell is not None])
        last = after
    if erase:
        out.erase(None if last == end else end, y)


def _runs(old: Line, new: Line, stop: int) -> list[tuple[int, int]]:
    """Return where cells differ before `stop`, as (first, after the last); near ones are joined, wide ones whole."""
    runs: list[tuple[int, int]] = []
    for at in range(stop):
        cell = new[at]
        if cell is None or cell is old[at] or cell == old[at]:
            continue
        first, after = at, at + 1
        while first and new[first] is not None and not new[first][0]:  # type: ignore[index]
            first -= 1
        while after < len(new) and new[after] is not None and not new[after][0]:  # type: ignore[index]
            after += 1
        if runs and first - runs[-1][1] <= _SHORT and None not in new[runs[-1][1] : first]:
            first = runs.pop()[0]
        runs.append((first, after))
    return runs
