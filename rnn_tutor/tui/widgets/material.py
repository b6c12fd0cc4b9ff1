"""What a question starts from: its picture and its givens; and, on a wide screen, what else there is to look at."""

from collections.abc import Sequence
from typing import TYPE_CHECKING

from textual.content import Content

from rnn_tutor.figures.pages import lines_for, without_numbers
from rnn_tutor.tui.safe_content import showable
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


def material(
    question: "Question", width: int, room: int, terminal: Terminal, drawn: Drawn, *, beside: bool, look: str
) -> Content:
    """Return the picture of a question and its givens; the numbers of what is in the picture are left out.

    room: the lines that the picture may take, within bounds of its own; beside: there is a column for it. look: the
    key that shows what has no room here.
    """
    figure = question.asked_with
    pictured = (
        set[str]()
        if figure is None
        else {item.name for item in (*figure.items, figure.x, figure.level) if item is not None}
    )
    text = givens(question, width, terminal.ascii_only, pictured, look=look)
    if figure is None:
        return text
    most = MOST_BESIDE if beside else MOST
    lines = lines_for(figure, most, max(LEAST, min(room - 1, most)), lying=most)
    drawing = content(figure, width, lines, terminal, drawn)
    apart = len(drawing.split("\n")) < room
    return Content("\n\n" if apart else "\n").join([drawing, text] if text else [drawing])


def small(figures: "Sequence[Figure]", width: int, terminal: Terminal, drawn: Drawn) -> Content:
    """Return figures one below the other, each in a few lines; numbers that stand alone are written out."""
    drawings: list[Content] = []
    for figure in figures:
        drawable, note = without_numbers(figure)
        for page in drawable.pages if drawable else ():
            if page.kind != "heatmap":
                drawings.append(content(page, width, _SMALL, terminal, drawn))
            else:
                drawings.append(picture.small(view_of(page.items[0].picture, terminal, drawn), width, _ROWS))
        drawings += [showable(note, ascii_only=terminal.ascii_only, style="dim")] if note else []
    return Content("\n\n").join(drawings)
