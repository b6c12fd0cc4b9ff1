"""What a question starts from: its picture and its givens; and, on a wide screen, what else there is to look at."""

from collections.abc import Sequence
from typing import TYPE_CHECKING

from textual.content import Content

from rnn_tutor.tui.terminal.capabilities import Drawn, Terminal
from rnn_tutor.tui.widgets import picture
from rnn_tutor.tui.widgets.figure import content
from rnn_tutor.tui.widgets.givens import givens
from rnn_tutor.tui.widgets.picture import view_of

if TYPE_CHECKING:
    from rnn_tutor.exercises.question import Question
    from rnn_tutor.figures.figure import Figure

LEAST, MOST = 7, 12  # lines of the picture among text
MOST_BESIDE = 20  # ... and beside it
_SMALL = 10  # lines of what else there is to look at
_ROWS = 6  # rows of a heatmap there


def material(question: "Question", width: int, room: int, terminal: Terminal, drawn: Drawn, *, beside: bool) -> Content:
    """Return the picture of a question and its givens; the numbers of what is in the picture are left out.

    room: the lines that the picture may take, within bounds of its own; beside: there is a column for it.
    """
    one = question.asked_with
    shown = set[str]() if one is None else {item.name for item in (*one.items, one.x, one.level) if item is not None}
    text = givens(question, width, terminal.ascii_only, shown)
    if one is None:
        return text
    drawing = content(one, width, _lines(one, room - 1, MOST_BESIDE if beside else MOST), terminal, drawn)
    apart = len(drawing.split("\n")) < room
    return Content("\n\n" if apart else "\n").join([drawing, text] if text else [drawing])


def _lines(figure: "Figure", room: int, most: int) -> int:
    """Return how many lines a picture gets: plots what there is room for, what has a line for each number as many."""
    if figure.kind in ("heatmap", "table"):
        return most
    bars = sum(len(series.values) for series in figure.series) if figure.kind == "bars" else most
    return most if bars <= most - 2 else max(LEAST, min(room, most))


def small(figures: "Sequence[Figure]", width: int, terminal: Terminal, drawn: Drawn) -> Content:
    """Return figures one below the other, each in a few lines; numbers alone are not worth a heatmap."""
    found: list[Content] = []
    for page in (page for one in figures for page in one.pages):
        if page.kind != "heatmap":
            found.append(content(page, width, _SMALL, terminal, drawn))
        elif page.items[0].values.size > 1:
            found.append(picture.small(view_of(page.items[0].picture, terminal, drawn), width, _ROWS))
    return Content("\n\n").join(found)
