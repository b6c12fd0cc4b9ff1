"""A tree as a drawing, from left to right, with what stands behind its leaves."""

from rnn_tutor.figures.figure import Figure
from rnn_tutor.figures.tree import tree_chart

from .sketch import INK, QUIET, Sketch, width_of

_SIZE = 12.0
_ROW = 20.0
_GAP = 22.0
_TOP = 8.0
_MOST_ROWS = 60


def tree(figure: Figure) -> Sketch:
    """Return a tree as a drawing; what of it is left out is said."""
    chart = tree_chart(figure)
    sketch = Sketch()
    top = _TOP
    if chart.title:
        sketch.text(0, 12, chart.title, size=12.5, bold=True)
        top += 20.0
    if not chart.rows:
        sketch.text(0, top + 12, "empty", size=_SIZE)
        return sketch
    nodes = [node for node in chart.nodes if node.row < _MOST_ROWS]
    widths = [
        max((width_of(node.text, _SIZE, mono=True) for node in nodes if node.level == level), default=0.0)
        for level in range(chart.levels)
    ]
    left = [sum(widths[:level]) + level * _GAP for level in range(chart.levels + 1)]

    def line_of(row: int) -> float:
        return top + row * _ROW + 8

    for node in nodes:
        x, y = left[node.level], line_of(node.row)
        if node.above is not None:
            middle, start = x - _GAP / 2, x - _GAP + 3
            from_above = line_of(node.above)
            points = [(start, from_above), (middle, from_above), (middle, y), (x - 3, y)]
            sketch.path(points, QUIET)
        sketch.text(x, y + 4, node.text, size=_SIZE, mono=True)
    for row, end in enumerate(chart.ends[:_MOST_ROWS]):
        sketch.text(left[-1], line_of(row) + 4, end, size=_SIZE, bold=True)
    if chart.rows > _MOST_ROWS:
        sketch.text(0, line_of(_MOST_ROWS) + 4, f"{chart.rows - _MOST_ROWS} more rows", size=_SIZE, fill=INK)
    return sketch
