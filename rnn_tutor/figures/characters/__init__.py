"""Figures in characters, for terminals and plain text."""

from rnn_tutor.figures.characters.canvas import Line, fitted
from rnn_tutor.figures.figure import Figure


def draw(figure: Figure, width: int, height: int, *, ascii_only: bool) -> list[Line]:
    """Return lines, bars, a table or a tree as at most `height` lines of text, none wider than `width`.

    ascii_only: only ASCII is drawn with.
    """
    from rnn_tutor.figures.characters.bars import bars  # late: one kind needs nothing of the others
    from rnn_tutor.figures.characters.lines import lines
    from rnn_tutor.figures.characters.tables import table
    from rnn_tutor.figures.characters.trees import tree

    if width < 1 or height < 1:
        return []
    drawn_as = {"lines": lines, "bars": bars, "table": table, "tree": tree}[figure.kind]
    return fitted(drawn_as(figure, width, height, ascii_only), width, height)
