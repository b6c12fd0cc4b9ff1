"""Arrays as texts of numbers, for tables on paper: what is too large for a page is cut, and says so."""

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np

from rnn_tutor.engine.functions import Array
from rnn_tutor.engine.graph.graph import as_numbers
from rnn_tutor.engine.shapes import in_words
from rnn_tutor.figures import numbers
from rnn_tutor.figures.heatmap import plane, plane_count

MOST_ROWS = 16
MOST_PLANES = 4
WIDTH = 64  # letters of a row
DOTS = "..."
_BETWEEN = 2
_SAMPLE = 1_000  # numbers that are looked at for how many decimals there are


@dataclass(frozen=True)
class Block:
    """Rows of numbers of equal length; `caption` says which slice of an array it is, "" where it is all of it."""

    rows: tuple[tuple[str, ...], ...]
    caption: str = ""


def blocks(value: Array) -> list[Block]:
    """Return an array as one block, or (with more than two axes) a block for each slice; of a vector, one row."""
    array = np.asarray(as_numbers(value), dtype=float)
    if not array.size:
        return [Block((("(empty)",),))]
    planes = list(_planes(array))
    planes_left = plane_count(array) - len(planes)
    return [*planes, Block(((DOTS,),), f"and {planes_left} more of {in_words(array.shape)}")] if planes_left else planes


def _planes(array: Array) -> Iterator[Block]:
    places = numbers.decimals([float(value) for value in array.ravel()[:_SAMPLE]])
    for index in range(min(plane_count(array), MOST_PLANES)):
        cut = plane(array, 0, index)
        caption = "".join(f"[{at}]" for _, at in cut.at)
        yield Block(tuple(_rows(cut.values, places)), caption)


def _rows(values: Array, places: int | None) -> Iterator[tuple[str, ...]]:
    wide = max(len(numbers.fixed(float(value), places)) for value in values[:MOST_ROWS, :WIDTH].ravel())
    fit = max(1, (WIDTH + _BETWEEN) // (wide + _BETWEEN))
    if len(values) == 1:  # a vector goes on in further rows
        for start in range(0, min(values.shape[1], MOST_ROWS * fit), fit):
            yield _row(values[0, start : start + fit], places)
        if values.shape[1] > MOST_ROWS * fit:
            yield (DOTS,)
        return
    cut = values.shape[1] > fit
    for row in values[:MOST_ROWS]:
        yield (*_row(row[: fit - 1 if cut else fit], places), *([DOTS] if cut else []))
    if len(values) > MOST_ROWS:
        yield (DOTS,) * min(values.shape[1], fit)


def _row(values: Array, places: int | None) -> tuple[str, ...]:
    return tuple(numbers.fixed(float(value), places) for value in values)
