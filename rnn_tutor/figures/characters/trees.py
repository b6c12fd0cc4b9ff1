"""A tree in characters, from left to right, with what stands behind its leaves."""

from rnn_tutor.figures.characters.canvas import BOLD, DIM, PLAIN, Line
from rnn_tutor.figures.figure import Figure
from rnn_tutor.figures.tree import Node, TreeChart, tree_chart
from rnn_tutor.printable import plain

_ASCII = str.maketrans("─│┬├└", "-|+++")
_BEHIND = "  "


def tree(figure: Figure, width: int, height: int, ascii_only: bool) -> list[Line]:
    """Return a tree as at most `height` lines; where rows are left out, the last line says how many there are."""
    chart = tree_chart(figure)
    lines: list[Line] = [[(plain(chart.title, ascii_only=ascii_only)[:width], BOLD)]] if chart.title else []
    if not chart.rows:
        return [*lines, [("empty", PLAIN)]]
    room = max(1, height - len(lines))
    shown = chart.rows if chart.rows <= room else max(1, room - 1)
    lines += [_row(chart, row, ascii_only) for row in range(shown)]
    if shown < chart.rows:
        gone = chart.rows - shown
        lines.append([(f"{gone} more row{'s' * (gone > 1)}", DIM)])
    return lines


def _row(chart: TreeChart, row: int, ascii_only: bool) -> Line:
    """Return a row: at each level what joins a node to its parent, and what is written at it."""
    at = {node.level: node for node in chart.nodes if node.row == row}
    line: Line = []
    for level in range(chart.levels):
        node = at.get(level)
        wide = max(len(other.text) for other in chart.nodes if other.level == level)
        if level:
            line.append((_drawn(_joint(chart, row, level, node), ascii_only), DIM))
        if node is None:
            line.append((" " * wide, PLAIN))
            continue
        line.append((node.text, PLAIN))
        line.append((_drawn(("─" if node.children else " ") * (wide - len(node.text)), ascii_only), DIM))
    return [*line, (_BEHIND + chart.ends[row], BOLD)] if chart.ends[row] else line


def _joint(chart: TreeChart, row: int, level: int, node: Node | None) -> str:
    """Return what stands before a node, or where a line passes by on its way down."""
    above = [other for other in chart.nodes if other.level == level - 1 and other.children]
    if node is None:
        return "│" if any(other.row < row < other.children[-1] for other in above) else " "
    if node.above != row:
        return "└" if node.last else "├"
    return "─" if node.last else "┬"


def _drawn(text: str, ascii_only: bool) -> str:
    return text.translate(_ASCII) if ascii_only else text
