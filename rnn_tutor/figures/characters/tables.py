"""A figure's arrays as plain numbers: vectors of one length beside each other, all else one below the other."""

from collections.abc import Iterator
from itertools import groupby

from rnn_tutor.figures import numbers
from rnn_tutor.figures.characters.canvas import BOLD, DIM, PLAIN, Line, shortened
from rnn_tutor.figures.chart import slices
from rnn_tutor.figures.figure import Figure, Item
from rnn_tutor.figures.heatmap import names, plane, plane_count
from rnn_tutor.figures.words import shape_with_axes
from rnn_tutor.printable import plain

_GAP = "  "
_MOST_SLICES = 16
_NAME = 24


def table(figure: Figure, width: int, height: int, ascii_only: bool) -> list[Line]:
    """Return a table as at most `height` lines; where rows are left out, the last line says how many there are."""
    lines: list[Line] = [[(plain(figure.title, ascii_only=ascii_only)[:width], BOLD)]] if figure.title else []
    for count, (kind, items) in enumerate(groupby(figure.items, _kind)):
        lines += [[]] if count else []
        room = max(2, height - len(lines))
        if kind == 0:
            lines += _numbers(list(items), width, ascii_only)
        elif kind == 1:
            for columns in _same_length(list(items)):
                lines += _beside(columns, width, room, ascii_only)
        else:
            for item in items:
                lines += _matrix(item, width, room, ascii_only)
    if len(lines) > height:
        lines = [*lines[: max(0, height - 1)], [("...", DIM)]]
    return lines


def _kind(item: Item) -> int:
    return min(2, item.values.ndim)


def _numbers(items: list[Item], width: int, ascii_only: bool) -> list[Line]:
    names = [plain(item.name, ascii_only=ascii_only) for item in items]
    wide = min(max(map(len, names)), max(_NAME, width // 2), width // 2)
    return [
        [(shortened(name, wide).ljust(wide), PLAIN), (_GAP + numbers.alone(float(item.values)), PLAIN)]
        for name, item in zip(names, items, strict=True)
    ]


def _same_length(items: list[Item]) -> Iterator[list[Item]]:
    for _, columns in groupby(items, lambda item: len(item.values)):
        yield list(columns)


def _beside(items: list[Item], width: int, room: int, ascii_only: bool) -> list[Line]:
    """Return vectors of one length as columns under their names, the index before them."""
    count = len(items[0].values)
    rows = count if count + 1 <= room else max(1, room - 2)
    axis = next((plain(item.axes[0], ascii_only=ascii_only) for item in items if item.axes and item.axes[0]), "")
    places = next((item.labelled(0) for item in items if item.labelled(0)), None) or tuple(map(str, range(rows)))
    index = [shortened(axis, _NAME), *(plain(place, ascii_only=ascii_only) for place in places[:rows])]
    gutter = max(map(len, index))
    blocks: list[list[list[str]]] = [[]]
    used = gutter
    for item in items:
        column = _column(item, rows, ascii_only)
        wide = len(column[0]) + len(_GAP)
        if blocks[-1] and used + wide > width:
            blocks.append([])
            used = gutter
        blocks[-1].append(column)
        used += wide
    lines: list[Line] = []
    for block in blocks:
        for row, name in enumerate(index):
            cells = _GAP + _GAP.join(column[row] for column in block)
            lines.append([(name.rjust(gutter), DIM), (cells, BOLD if row == 0 else PLAIN)])
    return [*lines, [(f"the first {rows} of {count}", DIM)]] if rows < count else lines


def _column(item: Item, rows: int, ascii_only: bool) -> list[str]:
    values = [float(value) for value in item.values[:rows]]
    places = numbers.decimals(values) if values else None
    cells = [
        shortened(plain(item.name, ascii_only=ascii_only), _NAME),
        *(numbers.fixed(value, places) for value in values),
    ]
    wide = max(map(len, cells))
    return [cell.rjust(wide) for cell in cells]


def _matrix(item: Item, width: int, room: int, ascii_only: bool) -> list[Line]:
    """Return an array of two axes or more: its name and shape, then its rows with their names."""
    axes = [plain(axis, ascii_only=ascii_only) for axis in item.axes]
    shape = shape_with_axes(item.values.shape, axes)
    name = plain(item.name, ascii_only=ascii_only)
    lines: list[Line] = [[(name, BOLD), (f" {shape}", PLAIN)]]
    count = plane_count(item.values) if item.values.size else 0
    shown_slices, left_out = slices(count, _MOST_SLICES)
    for index in range(shown_slices):
        cut = plane(item.values, 0, index)
        if count > 1:
            lines.append([(f"slice {index + 1} of {count}", DIM)])
        rows = names(item.picture, cut, False, range(min(len(cut.values), room)))
        row_names = [plain(row, ascii_only=ascii_only) for row in rows]
        gutter = max(map(len, row_names), default=0)
        grid = numbers.grid(cut.values, max(8, width - gutter - 2), room)
        lines += [
            [((row_names[row] if row < len(row_names) else "").rjust(gutter) + _GAP, DIM), (line, PLAIN)]
            for row, line in enumerate(grid)
        ]
    return [*lines, [(left_out, DIM)]] if left_out else lines
