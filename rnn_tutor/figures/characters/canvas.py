"""What figures in characters are drawn on: lines of (text, ink), and the adapter to uniplot, which draws lines.

What comes out is plain data, so that screens and commands can both show it. No line is wider than asked for, nothing
here fails for any finite or infinite numbers, and with `ascii_only` all is ASCII.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import TypeAlias

import numpy as np

from rnn_tutor.engine.array_types import NDArray
from rnn_tutor.figures.axes import Tick
from rnn_tutor.printable import plain

Line: TypeAlias = "list[tuple[str, int]]"
Cells: TypeAlias = NDArray[np.str_]
Span = tuple[float, float]

PLAIN, DIM, BOLD = -1, -2, -3  # inks; a number from 0 is that of a series
_GAP = "   "
_CUT = ".."
FINE = 2, 4  # dots across and down in a character of braille
BLOCKS = 2, 2
COARSE = 1, 1
_SETS = {COARSE: "ascii", BLOCKS: "block", FINE: "braille"}


@dataclass(frozen=True)
class Area:
    """The part of a plot in which something is drawn: its size in characters, and what its edges stand for.

    `dots`: how many dots there are in a character, across and down.
    """

    columns: int
    rows: int
    x: Span
    y: Span
    dots: tuple[int, int] = COARSE

    def column(self, x: NDArray[np.float64]) -> NDArray[np.intp]:
        """Return the columns of values within the area."""
        return _dot(x, self.x, self.columns * self.dots[0]) // self.dots[0]

    def row(self, y: NDArray[np.float64]) -> NDArray[np.intp]:
        """Return the rows of values within the area, counted from the top."""
        count = self.rows * self.dots[1]
        return (count - 1 - _dot(y, self.y, count)) // self.dots[1]

    def drawn(self, x: NDArray[np.float64], y: NDArray[np.float64], char: str = "") -> Cells:
        """Return lines through points (nan: a gap) as characters, " " where nothing is; `char` is drawn with alone.

        Without it characters are made of dots: braille, or quarters of a block, as `dots` says.
        """
        from rnn_tutor.figures.characters.uniplot_alone import plot_to_string  # late: no frame before a plot needs it

        present = ~(np.isnan(x) | np.isnan(y))
        if not present.any():
            return np.full((self.rows, self.columns), " ")
        plot = plot_to_string(
            [np.where(present, y, np.nan)], [np.where(present, x, np.nan)], lines=True,
            width=self.columns, height=self.rows, x_min=self.x[0], x_max=self.x[1], y_min=self.y[0], y_max=self.y[1],
            x_labels=False, y_labels=False, x_gridlines=[], y_gridlines=[], color=False,
            character_set=_SETS[self.dots], force_ascii_characters=[char or "#"],
        )  # fmt: skip
        rows = plot.split("\n")[1 : 1 + self.rows]  # within uniplot's frame
        return np.array([list(row[1 : 1 + self.columns].ljust(self.columns)) for row in rows])


def _dot(values: NDArray[np.float64], span: Span, count: int) -> NDArray[np.intp]:
    share = (values - span[0]) / (span[1] - span[0])
    return np.clip(np.rint(share * (count - 1)), 0, count - 1).astype(np.intp)


class Canvas:
    """Characters with their inks."""

    def __init__(self, rows: int, columns: int) -> None:
        self.cells = np.full((rows, columns), " ")
        self.inks = np.full((rows, columns), PLAIN)

    def put(self, cells: Cells, ink: int) -> None:
        """Lay characters over what is there; spaces cover nothing."""
        covered = cells != " "
        self.cells[covered], self.inks[covered] = cells[covered], ink

    def lines(self) -> list[Line]:
        """Return the rows, in pieces of one ink each."""
        rows: list[Line] = []
        for cells, inks in zip(self.cells.tolist(), self.inks, strict=True):
            cuts = [0, *(np.flatnonzero(np.diff(inks)) + 1).tolist(), len(inks)]
            rows.append([("".join(cells[a:b]), int(inks[a])) for a, b in pairwise(cuts)])
        return rows


def text_of(lines: Sequence[Line]) -> list[str]:
    """Return drawn lines as text alone."""
    return ["".join(text for text, _ in line).rstrip() for line in lines]


def fitted(lines: list[Line], width: int, height: int) -> list[Line]:
    """Return lines cut to a width and a height; dots stand at the end of one that is cut."""
    cut: list[Line] = []
    for line in lines[:height]:
        if sum(len(text) for text, _ in line) <= width:
            cut.append([piece for piece in line if piece[0]])
            continue
        room, kept_pieces = max(0, width - len(_CUT)), []
        for text, ink in line:
            kept_pieces.append((text[:room], ink))
            room -= len(kept_pieces[-1][0])
        cut.append([*(piece for piece in kept_pieces if piece[0]), (_CUT[:width], DIM)])
    return cut


def shortened(name: str, most: int) -> str:
    """Return a name of at most so many characters; where some are cut off, dots say so."""
    return name if len(name) <= most else (name[: max(0, most - len(_CUT))] + _CUT)[:most]


def heading(title: str, legend: Sequence[Line], notes: Sequence[str], width: int, ascii_only: bool) -> list[Line]:
    """Return the title, the legend and the notes, wrapped."""
    printable = plain(title, ascii_only=ascii_only)
    pieces = [*([[(printable, BOLD)]] if printable else []), *legend]
    pieces += [[(plain(note, ascii_only=ascii_only), DIM)] for note in notes]
    lines: list[Line] = []
    used = 0
    for piece in pieces:
        size = sum(len(text) for text, _ in piece)
        if lines and used + len(_GAP) + size <= width:
            lines[-1] += [(_GAP, PLAIN), *piece]
            used += len(_GAP) + size
        else:
            lines.append(piece)
            used = size
    return lines


def entry(mark: str, ink: int, name: str, ascii_only: bool) -> Line:
    """Return an entry of a legend: a mark with its name."""
    printable = plain(name, ascii_only=ascii_only)
    return [(f"{mark} ", ink), (printable, PLAIN)] if mark else [(printable, ink)]


def framed(canvas: Canvas, area: Area, left: Sequence[Tick], gutter: int, ascii_only: bool) -> list[Line]:
    """Return a canvas with the vertical axis before it."""
    labels = {int(area.row(np.array([tick.at]))[0]): tick.label for tick in left}
    plain_bar, with_tick = ("|", "+") if ascii_only else ("│", "┤")
    return [
        [(labels.get(row, "").rjust(gutter), PLAIN), (with_tick if row in labels else plain_bar, DIM), *line]
        for row, line in enumerate(canvas.lines())
    ]


def under(
    area: Area, below: Sequence[Tick], gutter: int, ascii_only: bool, name: str, *, indices: bool = True
) -> list[Line]:
    """Return the horizontal axis, its numbers, and among them the name of what runs along it, where there is room.

    indices: those that are left out for the name can be told from the others.
    """
    places = {int(area.column(np.array([tick.at]))[0]): tick.label for tick in below}
    corner, bar, tick = ("+", "-", "+") if ascii_only else ("└", "─", "┬")
    width = gutter + 1 + area.columns
    labels: list[tuple[int, str, int]] = []  # where it begins, what stands there, its column
    for place, tick_text in sorted(places.items()):
        start = min(max(0, gutter + 1 + place - len(tick_text) // 2), width - len(tick_text))
        if not labels or start > labels[-1][0] + len(labels[-1][1]) - (len(tick_text) == len(labels[-1][1]) == 1):
            labels.append((start, tick_text, place))
    words = [(start, tick_text) for start, tick_text, _ in labels]
    if name and labels and (at := _room_for(name, words, width, indices)) is not None:
        labels = [word for word in labels if word[0] + len(word[1]) + 1 < at or word[0] > at + len(name)]
        words = [*((start, tick_text) for start, tick_text, _ in labels), (at, name)]
    text = " " * width
    for start, tick_text in words:
        text = text[:start] + tick_text + text[start + len(tick_text) :]
    ticks_at = {place for _, _, place in labels}
    axis = "".join(tick if place in ticks_at else bar for place in range(area.columns))
    return [[(" " * gutter + corner + axis, DIM)], [(text, PLAIN)]]


def _room_for(name: str, words: Sequence[tuple[int, str]], width: int, instead: bool) -> int | None:
    """Return where a name begins: at the end, or before the last number, in place of others but the first."""
    first, last = words[0], words[-1]
    at = width - len(name)
    if at < last[0] + len(last[1]) + 2:
        if not instead:
            return None
        at = last[0] - 2 - len(name)
    return at if at >= first[0] + len(first[1]) + 2 else None
