"""What a question starts from: its picture and its givens; and, on a wide screen, what else there is to look at."""

from collections.abc import Sequence
from typing import TYPE_CHECKING

from textual.content import Content

from rnn_tutor.figures.pages import lines_for, packed, without_numbers
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
_LEAST_LOOK = 12  # lines of what else there is to look at, on a screen of any height
_HEAD = 2  # lines of a heatmap above its rows


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


def stacked(figures: "Sequence[Figure]", width: int, height: int, terminal: Terminal, drawn: Drawn) -> Content:
    """Return figures one below the other, each as large as the lines let it be; cells with numbers where they fit.

    Numbers that stand alone are written out; what has no room is named.
    """
    shown: list[Figure] = []
    notes: list[str] = []
    for figure in figures:
        drawable, note = without_numbers(figure)
        shown += drawable.pages if drawable else ()
        notes += [note] if note else []
    packing = packed(shown, max(_LEAST_LOOK, height - len(notes)))
    drawings: list[Content] = []
    for figure, lines in packing.figures:
        if figure.kind == "heatmap":
            view = view_of(figure.items[0].picture, terminal, drawn)
            drawings.append(picture.small(view, width, max(1, lines - _HEAD)))
        else:
            drawings.append(content(figure, width, min(lines, MOST_BESIDE), terminal, drawn))
    notes += [packing.left_out] if packing.left_out else []
    drawings += [showable(note, ascii_only=terminal.ascii_only, style="dim") for note in notes]
    return Content("\n\n").join(drawings)
