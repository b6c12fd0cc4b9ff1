"""Array -> levels, scale and marks of a heatmap; no colour and no terminal here.

A level is a whole number from -count to count. Its sign is the value's sign, and only an exact zero has level
0, so a small value is never shown as none. The scale has 0 in it: with both signs it is symmetric, with one it
begins or ends at 0. It is that of the whole array, the same for each of its slices and for the window that happens
to be in view; pictures that are compared have one together.
What has no size has levels of its own: `NAN`, `PLUS_INFINITY`, `MINUS_INFINITY`.

Three styles say how a level becomes text, so that nothing depends on colour: `ascii` (printable ASCII), `blocks`
(shading characters), `colour` (the sign alone; the screen paints the level). The sign is shown as a sign and the size
as a second character; where nothing is below 0, both characters tell the size, and twice as many sizes. What is small
enough to print has its numbers in place of marks.
"""

import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Literal

import numpy as np

from rnn_tutor.engine.array_types import NDArray
from rnn_tutor.figures.numbers import brief

Values = NDArray[np.float64]
Levels = NDArray[np.int8]
Style = Literal["ascii", "blocks", "colour"]

STYLES: tuple[Style, ...] = ("ascii", "blocks", "colour")
NAN = 127
PLUS_INFINITY = 126
MINUS_INFINITY = -126
MOST_LEVELS = 100
COLOUR_LEVELS = 5
_COMPARED = 10.0  # pictures whose sizes are further apart than that would not be seen on one scale
_FILLED = 0.5  # of a range that is known: with less in it, the scale is that of the values

_RAMPS: dict[Style, str] = {"ascii": ".:*#@", "blocks": "░▒▓█", "colour": ""}
_ZEROS: dict[Style, str] = {"ascii": "0", "blocks": "·", "colour": "0"}
_SPECIAL = {NAN: "??", PLUS_INFINITY: "+!", MINUS_INFINITY: "-!"}


@dataclass(frozen=True)
class Scale:
    """What the levels of a picture stand for, from `low` to `high`.

    With both signs it is symmetric. Where nothing is below 0, or nothing above it, that end is 0.
    """

    low: float
    high: float

    @property
    def top(self) -> float:
        """The largest |value|."""
        return max(-self.low, self.high)

    @property
    def signed(self) -> bool:
        """Whether there is something below 0."""
        return self.low < 0


@dataclass(frozen=True, eq=False)
class Picture:
    """Something to look at: an array, with a name for it and for its rows and columns.

    `values` may have any number of dimensions; more than two are shown slice by slice. `rows` and `columns`
    name the lines of the last two axes (of a vector: its elements are columns); where they are empty, `axes`
    (a name for each axis, such as "time") and the index do. `scale`: where it is not that of the values alone.
    """

    title: str
    values: NDArray[np.float64]
    rows: tuple[str, ...] = ()
    columns: tuple[str, ...] = ()
    axes: tuple[str, ...] = ()
    scale: Scale | None = None

    @property
    def span(self) -> Scale:
        """What its levels stand for."""
        return span([self.values]) if self.scale is None else self.scale


@dataclass(frozen=True, eq=False)
class Plane:
    """One slice of a picture, as rows and columns.

    `axes` are the picture's axes that run down and across (None: it has no such axis); `at` says where the
    slice lies on the others, as (axis, index).
    """

    values: Values
    axes: tuple[int | None, int | None]
    at: tuple[tuple[int, int], ...] = ()


@dataclass(frozen=True)
class Mark:
    """An entry of the legend: a level, the text that stands for it, and what it means."""

    level: int
    text: str
    says: str


def scale(values: NDArray[np.float64]) -> float:
    """Return the largest finite |value|, or 0.0 where there is none."""
    array = np.asarray(values, dtype=np.float64)
    if array.size == 0:
        return 0.0
    with np.errstate(invalid="ignore"):
        sizes = np.where(np.isfinite(array), np.abs(array), 0.0)
    return float(sizes.max())


def span(arrays: Iterable[NDArray[np.float64]], within_one: bool = False) -> Scale:
    """Return the scale of arrays together.

    within_one: none of them can leave [0, 1], whatever the numbers are (a gate, a probability); then the scale ends at
    1, unless the values fill less than half of it.
    """
    low = high = 0.0
    for array in arrays:
        finite = array[np.isfinite(array)]
        if finite.size:
            low, high = min(low, float(finite.min())), max(high, float(finite.max()))
    if low < 0 < high:
        return Scale(-max(-low, high), max(-low, high))
    if within_one and _FILLED <= high <= 1:
        return Scale(0.0, 1.0)
    return Scale(low, high)


def compared(arrays: Sequence[tuple[NDArray[np.float64], bool]]) -> list[Scale]:
    """Return a scale for each of the arrays that stand in one figure, each with whether it is within [0, 1].

    Those of one shape with the same signs have one together, as they stand there to be compared, as long as the
    smallest of them can still be seen on it.
    """
    own_scales = [span([array], within) for array, within in arrays]
    scales = list(own_scales)
    order = sorted((at for at, (array, _) in enumerate(arrays) if array.ndim), key=lambda at: -own_scales[at].top)
    while order:
        first = order[0]
        alike = [
            at for at in order if _alike(arrays[first][0], arrays[at][0]) and _near(own_scales[first], own_scales[at])
        ]
        together = span([arrays[at][0] for at in alike], all(arrays[at][1] for at in alike))
        for at in alike:
            scales[at] = together
        order = [at for at in order if at not in alike]
    return scales


def _alike(first: NDArray[np.float64], second: NDArray[np.float64]) -> bool:
    return first.shape == second.shape


def _near(first: Scale, second: Scale) -> bool:
    same_signs = (first.low < 0, first.high > 0) == (second.low < 0, second.high > 0)
    return first == second or (same_signs and second.top * _COMPARED >= first.top)


def levels(values: NDArray[np.float64], count: int, top: float | None = None) -> Levels:
    """Return the level of each value, an array of the same shape.

    Level k (1..count) holds |value| in ((k-1)/count, k/count] of `top`, by default the scale of these values;
    larger ones have level `count`. Raises ValueError when count is not 1..100 (int8 must keep room for the
    special levels).
    """
    if not 1 <= count <= MOST_LEVELS:
        raise ValueError(f"a heatmap has 1 to {MOST_LEVELS} levels, not {count}")
    array = np.asarray(values, dtype=np.float64)
    top = scale(array) if top is None else top
    with np.errstate(invalid="ignore", divide="ignore", over="ignore"):
        share = np.abs(array) / top if top > 0 else np.where(array == 0, 0.0, np.inf)
        size = np.clip(np.ceil(np.nan_to_num(share * count, posinf=count)), 1, count)
    signed = np.where(array == 0, 0, np.sign(np.nan_to_num(array)) * size).astype(np.int8)
    signed[np.isnan(array)] = NAN
    signed[np.isposinf(array)] = PLUS_INFINITY
    signed[np.isneginf(array)] = MINUS_INFINITY
    return signed


def level_count(style: Style, signed: bool = True) -> int:
    """Return how many sizes the marks of a style tell apart (colours can show more, if asked to)."""
    return len(_RAMPS[style]) * (1 if signed else 2) or COLOUR_LEVELS


def text(level: int, style: Style, count: int | None = None, width: int = 2, signed: bool = True) -> str:
    """Return the mark of a level: a sign, then a character for the size, repeated to `width` (at least 2).

    Not `signed`: a character for the size, and the same or the next larger one for the sizes between.
    """
    if level in _SPECIAL:
        return _SPECIAL[level].ljust(width)
    if level == 0:
        return _ZEROS[style].center(width) if style == "colour" else (" " + _ZEROS[style]).ljust(width)
    sign = "+" if level > 0 else "-"
    ramp = _RAMPS[style]
    if not ramp:
        return sign.center(width)
    count = count or level_count(style, signed)
    if not signed:
        step = math.ceil(abs(level) * 2 * len(ramp) / count) - 1
        return (" " + ramp)[step // 2 + step % 2] + ramp[step // 2] * (width - 1)
    step = math.ceil(abs(level) * len(ramp) / count) - 1
    return sign + ramp[step] * (width - 1)


def marks(
    values: NDArray[np.float64], style: Style, top: float | None = None, width: int = 2, signed: bool = True
) -> list[list[str]]:
    """Return the marks of a plane's values (rows of columns; give only the window that is visible)."""
    count = level_count(style, signed)
    mark_of_level: dict[int, str] = {}
    rows: list[list[str]] = []
    for row in levels(np.atleast_2d(values), count, top).tolist():
        rows.append([mark_of_level.setdefault(level, text(level, style, count, width, signed)) for level in row])
    return rows


def legend(
    values: NDArray[np.float64],
    style: Style,
    count: int | None = None,
    on: Scale | None = None,
    signed: bool | None = None,
) -> list[Mark]:
    """Return the marks of a picture from one end of its scale to the other; the special ones only where they occur.

    `says` is the largest value that a level holds (for negative ones, the smallest). on: the scale, where it is not
    that of the values; signed: whether marks have a sign, where that is not because something is below 0.
    """
    array = np.asarray(values, dtype=np.float64)
    on = span([array]) if on is None else on
    signed = on.signed if signed is None else signed
    count = count or level_count(style, signed)
    steps = range(-count if on.signed else 0, count + 1 if on.high > 0 else 1) if on.top > 0 else range(1)
    entries = [Mark(step, text(step, style, count, 2, signed), brief(on.top * step / count)) for step in steps]
    for level, places, meaning in (
        (NAN, np.isnan(array), "not a number"),
        (PLUS_INFINITY, np.isposinf(array), "infinite"),
        (MINUS_INFINITY, np.isneginf(array), "minus infinite"),
    ):
        if places.any():
            entries.append(Mark(level, text(level, style, count), meaning))
    return entries


class Legends:
    """Which pictures of several that stand together need a legend: the first of each scale, which the others name."""

    def __init__(self) -> None:
        self._first_of_scale: dict[tuple[Scale, bool], Picture] = {}

    def earlier(self, picture: Picture) -> str:
        """Return the title of the picture above whose legend holds for this one too; "" where it needs its own."""
        odd = not bool(np.isfinite(picture.values).all())
        first = self._first_of_scale.setdefault((picture.span, odd), picture)
        return "" if first is picture or odd or not picture.span.top else first.title


def plane_count(values: NDArray[np.float64], axis: int = 0) -> int:
    """Return how many slices an array has along `axis`; beyond three dimensions, all leading axes count."""
    if values.ndim <= 2:
        return 1
    return math.prod(np.moveaxis(values, axis, 0).shape[:-2])


def plane(values: NDArray[np.float64], axis: int = 0, index: int = 0) -> Plane:
    """Return one slice of an array: a scalar as 1 x 1, a vector as one row, more dimensions cut along `axis`.

    The array is never copied. Raises IndexError when `index` is not a slice of it.
    """
    if values.ndim == 0:
        return Plane(values.reshape(1, 1), (None, None))
    if values.ndim == 1:
        return Plane(values.reshape(1, -1), (None, 0))
    if values.ndim == 2:
        return Plane(values, (0, 1))
    if not 0 <= index < plane_count(values, axis):
        raise IndexError(f"there is no slice {index}")
    order = [axis, *(axis_left for axis_left in range(values.ndim) if axis_left != axis)]
    turned = values.transpose(order)
    slice_index = np.unravel_index(index, turned.shape[:-2])
    at = tuple((order[place], int(spot)) for place, spot in enumerate(slice_index))
    return Plane(turned[slice_index], (order[-2], order[-1]), at)


def blocks(values: Values, size: int) -> tuple[Values, NDArray[np.intp], NDArray[np.intp]]:
    """Return a plane seen from afar: of each block of size x size its entry of largest magnitude, and where that is.

    What is no number, or infinite, is larger than any number: nothing odd is lost by going away. The rows and columns
    of the entries have the shape of the blocks. Blocks at the end may be smaller.
    """
    rows, columns = values.shape
    high, wide = min(size, max(1, rows)), min(size, max(1, columns))
    down, across = -(-rows // high), -(-columns // wide)
    sizes = np.full((down * high, across * wide), -1.0)
    sizes[:rows, :columns] = np.where(np.isnan(values), np.inf, np.abs(values))
    by_block = sizes.reshape(down, high, across, wide).transpose(0, 2, 1, 3).reshape(down, across, high * wide)
    at = by_block.argmax(axis=2)
    row = at // wide + np.arange(down)[:, None] * high
    column = at % wide + np.arange(across) * wide
    return values[row, column], row, column


def names(picture: Picture, cut: Plane, across: bool, positions: range) -> list[str]:
    """Return the names of some of a plane's rows (or, `across`, columns)."""
    axis = cut.axes[1 if across else 0]
    if axis is None:
        return [""] * len(positions)
    last = picture.values.ndim - 1
    own_names = picture.columns if axis == last else picture.rows if axis == last - 1 else ()
    word = picture.axes[axis] if axis < len(picture.axes) else ""
    size = picture.values.shape[axis]
    if len(own_names) == size:
        return [own_names[spot] for spot in positions]
    return [f"{word} {spot}".strip() for spot in positions]


def column_names(picture: Picture, cut: Plane, positions: range) -> list[str]:
    """Return what stands above some of a plane's columns: without names of their own, the index alone."""
    above = names(picture, cut, True, positions)
    return above if picture.columns else [name.rsplit(" ", 1)[-1] for name in above]


def axis_name(picture: Picture, axis: int) -> str:
    """Return what an axis is called."""
    return (picture.axes[axis] if axis < len(picture.axes) else "") or f"axis {axis}"


def place(picture: Picture, cut: Plane, row: int, column: int) -> str:
    """Return where a cell of a plane is in the array, as it is indexed: "c[0, 2]"; a scalar is "c"."""
    spots = cell(cut, row, column)
    if not spots:
        return picture.title
    name = picture.title if picture.title.isidentifier() else f"({picture.title})"
    return f"{name}[{', '.join(map(str, spots))}]"


def cell(cut: Plane, row: int, column: int) -> tuple[int, ...]:
    """Return the index in the array of a cell of a plane."""
    spots = dict(cut.at)
    for axis, spot in zip(cut.axes, (row, column), strict=True):
        if axis is not None:
            spots[axis] = spot
    return tuple(spots[axis] for axis in sorted(spots))
