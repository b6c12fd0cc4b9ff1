"""What an exam is about, and how long it takes: asked before it begins."""

from collections.abc import Iterable
from typing import ClassVar

from textual.binding import BindingType
from textual.containers import Horizontal
from textual.content import Content
from textual.widget import Widget
from textual.widgets import Static

from rnn_tutor.progress.notes import MOST_MINUTES
from rnn_tutor.tui import keys
from rnn_tutor.tui.screens.frame import FrameScreen, Items, Scroll
from rnn_tutor.tui.sets import AskedFor
from rnn_tutor.tui.widgets.line import AnswerLine

_ABOUT = """\
An exam asks questions on units that you choose, with new numbers and without hints or solutions. It says nothing \
until you hand it in or the time is over. Then it marks all that you typed, and your answers are saved.
"""
_UNITS, _MINUTES = "units", "minutes"


class ExamScreen(FrameScreen):
    """Two lines: the units of an exam, by their ids, and its minutes."""

    BINDINGS: ClassVar[list[BindingType]] = [
        *keys.told(keys.TYPING, "leave the line, so that letters work as keys", ("leave", "escape", "leave", "leave")),
        *keys.untold(("other-line", "up,down,tab,shift+tab", "other_line", "the other line")),
    ]

    def __init__(self, unit: str = "") -> None:
        """Begin with a unit."""
        super().__init__()
        self._unit = unit

    def body(self) -> Iterable[Widget]:
        """Return what an exam is, the two lines, and the ids that there are."""
        self.units = AnswerLine(_UNITS, self._unit, "ids, such as lstm gru")
        self.minutes = AnswerLine(_MINUTES, "", "no limit")
        for line in (self.units, self.minutes):
            line.typed = self._typed
            line.submitted = self._begin
        ids = ", ".join(unit.id for unit in self.session.course.units if unit.exercises)
        yield Scroll(
            Static(Content(_ABOUT), classes="page", markup=False),
            *(
                Horizontal(
                    Static(Content.assemble((f"{name:<7}", "bold"), " = "), classes="name", markup=False),
                    line,
                    classes="typing",
                )
                for name, line in ((_UNITS, self.units), (_MINUTES, self.minutes))
            ),
            Static(Content.assemble("\nUnits: ", self.show(ids)), classes="page", markup=False),
        )

    def on_mount(self) -> None:
        """Put the cursor on the first line."""
        self.bar.left = Content.assemble("rnn-tutor   ", ("Exam", "bold"))
        self.set_focus(self.units)

    def key_items(self) -> Items:
        """Return the keys that there are."""
        return [("enter", "begin"), ("other-line", "the other line"), ("help", "help"), ("leave back", "back")]

    def _typed(self, _line: AnswerLine) -> None:
        self.hush()

    def _begin(self, _part: str) -> None:
        """Begin it, if both lines can be read."""
        units = self.units.value.replace(",", " ").split()
        minutes = self.minutes.value.strip()
        if not units:
            self.say("Type the ids of one or more units first.")
        elif minutes and not (minutes.isdecimal() and 1 <= int(minutes[:9]) <= MOST_MINUTES):
            self.say(f"Minutes are a whole number from 1 to {MOST_MINUTES}; leave the line empty for no limit.")
        else:
            self.tutor.open_set("exam", units, asked=AskedFor(minutes=int(minutes or 0)), instead=True)

    def action_other_line(self) -> None:
        """Go to the other line."""
        self.set_focus(self.minutes if self.focused is self.units else self.units)

    def action_leave(self) -> None:
        """Go back."""
        self.action_back()
