"""Several figures one below the other: which have room, how many lines each gets, and what is said of the others.

A figure is a page: of several heatmaps each is one. Numbers that stand alone are read out, and are no page.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace

from rnn_tutor.figures.chart import bar_chart
from rnn_tutor.figures.figure import Figure
from rnn_tutor.figures.numbers import read_out
from rnn_tutor.figures.tree import tree_chart

PLOT = 8, 18  # the least and the most lines of a plot
_AROUND = 2  # lines of a heatmap besides its rows: its name with the scale, and the names of the columns
_MOST_LYING = 12  # bars that lie, each on a line
LEAST_BESIDE = 36  # columns of a plot that stands beside another
GAP = 2  # columns between the two


@dataclass(frozen=True)
class Packed:
    """The figures that have room, in rows of one or of two, and what is said of the others ("" where there are none).

    rows: each with its lines.
    """

    rows: tuple[tuple[tuple[Figure, ...], int], ...]
    left_out: str = ""

    @property
    def figures(self) -> tuple[tuple[Figure, int], ...]:
        """The figures, each with its lines."""
        return tuple((figure, lines) for figures, lines in self.rows for figure in figures)


def is_readout(figure: Figure) -> bool:
    """Tell whether a figure is a table of numbers that stand alone."""
    return figure.kind == "table" and all(item.values.ndim == 0 for item in figure.items)


def pages(figures: Sequence[Figure]) -> list[Figure]:
    """Return what one turns through; what is read out is none of them."""
    return [page for figure in figures if not is_readout(figure) for page in figure.pages]


def packed(turned: Sequence[Figure], height: int, width: int = 0) -> Packed:
    """Return the figures that fit into a height, with a line between two; the first that is drawn in any case.

    Lines that have no room below others stand beside them, where `width` is enough for both.
    """
    rows: list[tuple[tuple[Figure, ...], int, int]] = []
    used = drawn = 0
    for figure in turned:
        least, most = lines_of(figure)
        apart = 1 if drawn else 0
        if drawn and used + apart + least > height:
            if not (figure.kind == "lines" and _takes_another(rows[-1][0], width)):
                break
            rows[-1] = ((*rows[-1][0], figure), *rows[-1][1:])
            continue
        rows.append(((figure,), least, most))
        used += least + apart
        drawn += not figure.instead
    spare, left = max(0, height - used), height
    shares: list[tuple[tuple[Figure, ...], int]] = []
    for at, (figures, least, most) in enumerate(rows):
        growing = sum(later[2] > later[1] for later in rows[at:])
        extra_lines = min(most - least, spare // growing) if most > least else 0
        spare -= extra_lines
        lines = max(1, min(least + extra_lines, left))
        left -= lines
        shares.append((figures, lines))
    names = ", ".join(name_of(figure) for figure in turned[sum(len(figures) for figures, _ in shares) :])
    return Packed(tuple(shares), f"no room for {names}" if names else "")


def _takes_another(row: tuple[Figure, ...], width: int) -> bool:
    """Tell whether a plot has room beside those of a row: one beside one, both of them lines that are drawn."""
    return len(row) == 1 and row[0].kind == "lines" and not row[0].instead and width >= 2 * LEAST_BESIDE + GAP


def name_of(figure: Figure) -> str:
    """Return what a page is called: its title, or what it shows."""
    names = ", ".join(item.name for item in figure.items)
    return names if figure.kind == "heatmap" else figure.title or names


def lines_of(figure: Figure) -> tuple[int, int]:
    """Return how many lines a page needs, and how many it can make use of."""
    if figure.instead:
        return 1, 1
    if figure.kind == "heatmap":
        values = figure.items[0].values
        rows = _AROUND + (values.shape[-2] if values.ndim > 1 else 1)
        return rows, rows
    if figure.kind == "bars":
        count = sum(len(series.values) for series in figure.series)
        if count <= _MOST_LYING:
            return count + 1, count + 1
    if figure.kind == "tree":
        rows = (1 if figure.title else 0) + max(1, tree_chart(figure).rows)
        return min(rows, PLOT[0]), rows
    if figure.kind == "table":
        rows = 2 + max(len(item.values) if item.values.ndim else 1 for item in figure.items)
        return min(rows, PLOT[0]), rows
    return PLOT


def lines_for(figure: Figure, room: int, plot: int, *, lying: int) -> int:
    """Return how many lines a figure gets by itself: tables and heatmaps `room`, lines `plot`.

    Bars get `lying` where each has a row of its own there, or `room` if they have names; else `plot`.
    """
    if figure.kind in ("heatmap", "table", "tree"):
        return room
    if figure.kind == "bars":
        chart = bar_chart(figure)
        for lines in (lying, room) if chart.named else (lying,):
            if chart.lie(lines - _AROUND):
                return lines
    return plot


def without_numbers(figure: Figure) -> tuple[Figure | None, str]:
    """Return a figure without the numbers that stand alone in a heatmap, and what is said of them.

    One number is no heatmap; it is written out. None: there was nothing else.
    """
    alone = [item for item in figure.items if item.values.size == 1] if figure.kind == "heatmap" else []
    if not alone:
        return figure, ""
    written = ", ".join(f"{item.name} = {read_out(float(item.values.item()))}" for item in alone)
    large = tuple(item for item in figure.items if item.values.size != 1)
    return (replace(figure, items=large) if large else None), f"numbers that stand alone: {written}"
