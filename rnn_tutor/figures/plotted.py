"""A figure as the code of matplotlib that draws it: a third renderer of the same charts, which decides nothing either.

The code has the numbers of the chart, to six digits. Foreign text stands in it as a literal only, and `$`, with which
matplotlib begins mathematics, is text too.
"""

from collections.abc import Callable, Iterator, Sequence

import numpy as np

from rnn_tutor.engine.functions import Array
from rnn_tutor.engine.writing.literals import numbers as literal_numbers
from rnn_tutor.figures import characters, heatmap
from rnn_tutor.figures.characters.canvas import text_of
from rnn_tutor.figures.chart import bar_chart, cell_numbers, line_chart, slices, window
from rnn_tutor.figures.figure import Figure, Item
from rnn_tutor.figures.tree import tree_chart
from rnn_tutor.printable import plain

NAMES = ("plt",)  # what the code calls its own
Numbers = Callable[[Array], str]

_DIGITS = 6
_MOST_POINTS = 60  # with a mark at each point
_MOST_ROWS, _MOST_COLUMNS, _MOST_PLANES = 48, 48, 4
_TABLE = 78, 60
_DARK = 0.6  # of the scale: numbers on more are light
_SHOW = "plt.show()"


def in_digits(values: Array) -> str:
    """Return numbers as lists, to six digits."""
    rounded = [float(f"{value:.{_DIGITS}g}") for value in np.asarray(values, dtype=float).reshape(-1)]
    return literal_numbers(np.array(rounded).reshape(np.shape(values)), "np", whole=True, indent=20)


def plotted(figure: Figure, numbers: Numbers = in_digits) -> list[str]:
    """Return the lines of code that draw a figure. numbers: how arrays are written."""
    if figure.kind == "lines":
        return list(_lines(figure, numbers))
    if figure.kind == "bars":
        return list(_bars(figure, numbers))
    if figure.kind == "tree":
        return list(_tree(figure))
    if figure.kind == "table":
        return list(_written(text_of(characters.draw(figure, *_TABLE, ascii_only=True))))
    return [line for item in figure.items for line in _heatmap(figure.title, item, numbers)]


def _text(text: str) -> str:
    return ascii(" ".join(plain(text).split()).replace("$", r"\$"))


def _flat(numbers: Numbers, values: Array) -> str:
    return numbers(np.asarray(values, dtype=float))


def _lines(figure: Figure, numbers: Numbers) -> Iterator[str]:
    chart = line_chart(figure)
    yield "plt.figure(figsize=(6.5, 3.2))"
    for line in chart.lines:
        y = 10.0**line.y if chart.log else line.y
        mark = ', marker="."' if chart.every_point(_MOST_POINTS) else ""
        yield f"plt.plot({_flat(numbers, line.x)}, {_flat(numbers, y)}{mark}, label={_text(line.name)})"
    if not np.isnan(chart.level):
        level = 10.0**chart.level if chart.log else chart.level
        yield f'plt.axhline({level:.{_DIGITS}g}, color="gray", linestyle="--", label={_text(chart.level_says)})'
    yield from _around(chart.title, chart.across, chart.log, "y")
    if chart.lines and chart.in_steps:
        yield 'plt.locator_params(axis="x", integer=True)'
    yield "plt.grid(alpha=0.3)"
    yield from (["plt.legend()"] if chart.lines else [])
    yield _SHOW


def _around(title: str, across: str, log: bool, axis: str) -> Iterator[str]:
    """Give what stands around a chart."""
    if title:
        yield f"plt.title({_text(title)})"
    if across:
        yield f"plt.xlabel({_text(across)})"
    if log:
        yield f'plt.{axis}scale("log")'


def _bars(figure: Figure, numbers: Numbers) -> Iterator[str]:
    chart = bar_chart(figure)
    yield "plt.figure(figsize=(6.5, 3.2))"
    wide = 0.8 / chart.beside
    for group, name in enumerate(chart.groups):
        own = [
            (at + (beside - (chart.beside - 1) / 2) * wide if len(place.bars) > 1 else at, bar.number)
            for at, place in enumerate(chart.places)
            for beside, bar in enumerate(place.bars)
            if bar.group == group and not np.isnan(bar.value)
        ]
        where, high = np.array([at for at, _ in own]), np.array([number for _, number in own])
        named = f", label={_text(name)}" if name and len(chart.groups) > 1 else ""
        yield f"plt.bar({_flat(numbers, where)}, {_flat(numbers, high)}, {wide:.3g}{named})"
    turned = ", rotation=45" if any(len(place.name) > 8 for place in chart.places) else ""
    every = -(-len(chart.places) // 24) or 1
    names = ", ".join(_text(place.name) for place in chart.places[::every])
    yield f"plt.xticks(range(0, {len(chart.places)}, {every}), [{names}]{turned})"
    title = chart.title or (chart.groups[0] if len(chart.groups) == 1 else "")
    yield from _around(title, chart.across, chart.log, "y")
    yield from (["plt.legend()"] if len([name for name in chart.groups if name]) > 1 else [])
    yield _SHOW


def _heatmap(title: str, item: Item, numbers: Numbers) -> Iterator[str]:
    if not item.values.size:
        return
    picture = item.picture
    span = picture.span
    low, high = (span.low, span.high) if span.top else (0.0, 1.0)
    colours = "PuOr_r" if span.signed and span.high > 0 else "Blues_r" if span.signed else "Oranges"
    shown, left_out = slices(heatmap.plane_count(picture.values), _MOST_PLANES)
    for index in range(shown):
        cut = heatmap.plane(picture.values, 0, index)
        part = window((len(cut.values), cut.values.shape[1]), _MOST_ROWS, _MOST_COLUMNS)
        values = cut.values[: part.rows, : part.columns]
        size = max(2.0, min(8.0, 0.55 * part.columns + 1.5)), max(1.2, min(8.0, 0.4 * part.rows + 0.9))
        yield f"plt.figure(figsize=({size[0]:.3g}, {size[1]:.3g}))"
        limits = f"vmin={low:.{_DIGITS}g}, vmax={high:.{_DIGITS}g}"
        yield f'plt.imshow({_flat(numbers, values)}, cmap="{colours}", {limits}, aspect="auto")'
        texts = cell_numbers(cut.values)
        if texts is not None and numbers is in_digits:
            yield from _cell_texts(texts, values, span.top)
        else:
            yield "plt.colorbar()"
        for axis, names in (
            ("x", heatmap.column_names(picture, cut, range(part.columns))),
            ("y", heatmap.names(picture, cut, False, range(part.rows))),
        ):
            yield _ticks(axis, names)
        where = [f"{heatmap.axis_name(picture, axis)} {at}" for axis, at in cut.at]
        notes = [*where, *filter(None, [part.note, left_out if index == shown - 1 else ""])]
        head = f"{title}: {picture.title}" if title and title != picture.title else picture.title
        yield f"plt.title({_text(', '.join([head, *notes]))})"
        yield _SHOW


def _cell_texts(texts: Sequence[Sequence[str]], values: Array, top: float) -> Iterator[str]:
    """Give the code that writes the numbers into the cells, light on dark."""
    for row, line in enumerate(texts[: len(values)]):
        for column, text in enumerate(line[: values.shape[1]]):
            size = abs(float(values[row, column]))
            ink = ', color="white"' if np.isfinite(size) and size > _DARK * top else ""
            yield f'plt.text({column}, {row}, {text.strip()!a}, ha="center", va="center"{ink})'


def _ticks(axis: str, names: Sequence[str]) -> str:
    every = -(-len(names) // 16) or 1
    shown = ", ".join(_text(name) for name in names[::every])
    return f"plt.{axis}ticks(range(0, {len(names)}, {every}), [{shown}])"


def _tree(figure: Figure) -> Iterator[str]:
    chart = tree_chart(figure)
    yield f"plt.figure(figsize=(6.5, {min(12.0, 0.3 * max(chart.rows, 4) + 0.6):.3g}))"
    for node in chart.nodes:
        if node.above is not None:
            yield f'plt.plot([{node.level - 1}, {node.level}], [{-node.above}, {-node.row}], color="gray", zorder=1)'
    for node in chart.nodes:
        box = 'bbox={"facecolor": "white", "edgecolor": "none"}'
        yield f'plt.text({node.level}, {-node.row}, {_text(node.text)}, ha="center", va="center", {box})'
    for row, end in enumerate(chart.ends):
        if end:
            yield f'plt.text({chart.levels - 0.6:.3g}, {-row}, {_text(end)}, weight="bold", va="center")'
    yield f"plt.xlim(-0.5, {chart.levels})"
    yield f"plt.ylim({0.5 - max(chart.rows, 1)}, 0.5)"
    yield 'plt.axis("off")'
    yield from _around(chart.title, "", False, "y")
    yield _SHOW


def _written(lines: Sequence[str]) -> Iterator[str]:
    """Give the code that writes lines as they stand."""
    yield f"plt.figure(figsize=(6.5, {0.22 * max(2, len(lines)):.3g}))"
    escaped = ", ".join(ascii(line.replace("$", r"\$")) for line in lines)
    yield f'plt.text(0, 1, "\\n".join([{escaped}]), family="monospace", va="top")'
    yield 'plt.axis("off")'
    yield _SHOW
