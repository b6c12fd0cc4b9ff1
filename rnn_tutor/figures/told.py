"""A figure in words: its kind, its names, its numbers line by line; for who cannot see a picture, or has a bad line."""

from collections.abc import Iterator, Sequence

import numpy as np

from rnn_tutor.engine.functions import Array
from rnn_tutor.figures.chart import MOST_SERIES
from rnn_tutor.figures.figure import Figure, Item, Labels, Series
from rnn_tutor.figures.numbers import brief, short
from rnn_tutor.figures.tree import tree_chart
from rnn_tutor.figures.words import shape_with_axes

MOST = 24
"""Numbers of one line, and rows of one matrix, that are told unless fewer are asked for."""
_MOST_SLICES = 4
_KINDS = {"heatmap": "Heatmap", "lines": "Line plot", "bars": "Bars", "table": "Table", "tree": "Tree"}


def in_words(figure: Figure, most: int = MOST, *, whole: bool = True) -> list[str]:
    """Return what a figure shows as lines of words and numbers; what is left out is said.

    most: numbers of a line. whole: False tells of large arrays only where they are least and greatest.
    """
    kind = _KINDS[figure.kind]
    lines = [f"{kind}: {figure.title}." if figure.title else f"{kind}."]
    if figure.kind in ("heatmap", "table"):
        for item in figure.items:
            lines += _array(item, figure, most, whole)
        return lines
    if figure.kind == "tree":
        return [*lines, *_branches(figure, most)]
    if figure.log:
        lines.append("The values are on a logarithmic axis.")
    if figure.level is not None:
        lines.append(f"A line is drawn across at {figure.level.name} = {brief(float(figure.level.values))}.")
    shown = figure.series[:MOST_SERIES]
    for series in shown:
        lines += _series(series, figure, most)
    if len(figure.series) > len(shown):
        lines.append(f"{len(figure.series) - len(shown)} more are not told.")
    return lines


def _branches(figure: Figure, most: int) -> Iterator[str]:
    """Yield each way from a root to a leaf, and what stands behind it."""
    chart = tree_chart(figure)
    yield f"{chart.rows} lea{'ves' if chart.rows != 1 else 'f'}, each with the nodes from its root:"
    for path, end in zip(chart.leaves[:most], chart.ends, strict=False):
        yield f"  {', '.join(path)}{f': {end}' if end else ''}"
    if chart.rows > most:
        yield f"  {chart.rows - most} more are not told."


def _series(series: Series, figure: Figure, most: int) -> Iterator[str]:
    """Yield what a line or a group of bars is, where it is least and greatest, and its numbers."""
    values, places = series.values, _places(series)
    name = f"{series.name}: " if series.name else ""
    if not len(values):
        yield f"{name}no points."
        return
    number = short if figure.kind == "lines" else brief
    along = f" along {figure.across}" if figure.across else ""
    count = f"{len(values)} point{'s' * (len(values) != 1)}{along}"
    finite = np.flatnonzero(np.isfinite(values))
    span = ""
    if len(finite) > 1:
        low, high = finite[values[finite].argmin()], finite[values[finite].argmax()]
        span = f"; least {number(values[low])} at {places[low]}, greatest {number(values[high])} at {places[high]}"
    yield f"{name}{count}{span}."
    told = _spread(len(values), most)
    some = "" if len(told) == len(values) else f" ({len(told)} of {len(values)} points)"
    yield "  " + "; ".join(f"at {places[k]}: {number(values[k])}" for k in told) + some


def _places(series: Series) -> Sequence[str]:
    return series.places or [brief(float(place)) for place in series.x]


def _spread(count: int, most: int) -> list[int]:
    """Return at most so many places of a line, both ends among them, as evenly as can be."""
    if count <= most:
        return list(range(count))
    return sorted({round(k * (count - 1) / (most - 1)) for k in range(most)})


def _array(item: Item, figure: Figure, most: int, whole: bool) -> Iterator[str]:
    """Yield the name and the shape of an array and its extremes, then its numbers, a line for each row."""
    values = np.asarray(item.values)
    if values.ndim == 0:
        yield f"{item.name} = {brief(float(values))}"
        return
    large = values.size > most
    yield f"{item.name}, {shape_with_axes(values.shape, item.axes)}{_extremes(values) if large else ''}"
    if not values.size:
        yield "  empty"
    if not values.size or (large and not whole):
        return
    down = item.labelled(-2) or _labels(figure.y)
    along = item.labelled(-1) or _labels(figure.x)
    if len(along) == values.shape[-1]:
        yield f"  columns: {_cut(along, most)}"
    if values.ndim == 1:
        yield f"  {_row(values, most)}"
        return
    planes = values.reshape(-1, *values.shape[-2:])
    for place, plane in enumerate(planes[:_MOST_SLICES]):
        if len(planes) > 1:
            yield f"  at [{', '.join(map(str, np.unravel_index(place, values.shape[:-2])))}]"
        yield from _rows(plane, down, most)
    if len(planes) > _MOST_SLICES:
        yield f"  {len(planes) - _MOST_SLICES} more of {len(planes)} slices are not told."


def _extremes(values: Array) -> str:
    """Return where an array is least and greatest; "" where nothing in it is a number."""
    finite = np.isfinite(values)
    if not finite.any():
        return ""
    low = np.unravel_index(np.where(finite, values, np.inf).argmin(), values.shape)
    high = np.unravel_index(np.where(finite, values, -np.inf).argmax(), values.shape)
    told = ", ".join(
        f"{word} {brief(float(values[at]))} at [{', '.join(map(str, at))}]"
        for word, at in (("least", low), ("greatest", high))
    )
    return f": {told}"


def _rows(plane: Array, names: Labels, most: int) -> Iterator[str]:
    for row, values in enumerate(plane[:most]):
        name = f" ({names[row]})" if len(names) == len(plane) else ""
        yield f"  row {row}{name}: {_row(values, most)}"
    if len(plane) > most:
        yield f"  {len(plane) - most} more rows are not told."


def _row(values: Array, most: int) -> str:
    return _cut([brief(float(value)) for value in values], most)


def _labels(item: Item | None) -> Labels:
    return () if item is None else tuple(brief(float(value)) for value in item.values)


def _cut(words: Sequence[str], most: int) -> str:
    more = f", and {len(words) - most} more" if len(words) > most else ""
    return ", ".join(words[:most]) + more
