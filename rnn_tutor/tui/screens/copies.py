"""What can be copied of an exercise: a given, a value, all givens as code."""

from collections.abc import Iterable
from typing import TYPE_CHECKING

from textual import on
from textual.content import Content
from textual.widget import Widget
from textual.widgets import Static

from rnn_tutor.tui.copying import copies
from rnn_tutor.tui.messages import Chosen
from rnn_tutor.tui.rows import Row
from rnn_tutor.tui.screens.frame import FrameScreen, Items
from rnn_tutor.tui.widgets.course import CourseList

if TYPE_CHECKING:
    from rnn_tutor.tui.visits import ExerciseVisit

_NAME = 16  # columns
_SAYS = 26
_MOST = 200  # characters of a text that are shown


class CopiesScreen(FrameScreen):
    """A list of texts; Enter copies one."""

    scrolled_by = "rows-up rows-down"

    def __init__(self, visit: "ExerciseVisit") -> None:
        super().__init__()
        self._visit = visit

    def body(self) -> Iterable[Widget]:
        """Return the list."""
        self._copies = copies(self._visit)
        self.list = CourseList(self._row, self._say_more)
        self.more = Static(id="aim", markup=False)
        return (self.list, self.more)

    def columns(self) -> Iterable[Widget]:
        """Return the list: it is what scrolls here."""
        return (self.list,)

    def on_mount(self) -> None:
        """List what there is."""
        title = self.show(self._visit.source.title, style="bold")
        self.bar.left = Content.assemble("rnn-tutor   ", title, "   copy")
        self.set_focus(self.list)
        self.list.show([Row("copy", str(number)) for number in range(len(self._copies))], None)
        if not self._copies:
            self.call_after_refresh(self.say, "There are no numbers here to copy.")

    def key_items(self) -> Items:
        """Return the keys of this screen."""
        return [("row-up row-down", "choose"), ("open", "copy"), ("help", "help"), ("back", "back")]

    def _row(self, row: Row) -> Content:
        one = self._copies[int(row.id)]
        name = self.show(one.name, style="bold").truncate(_NAME, ellipsis=True, pad=True)
        says = self.show(one.says, style="dim").truncate(_SAYS, ellipsis=True, pad=True)
        return Content.assemble(name, "  ", says, "  ", self.show(one.text[:_MOST]))

    def _say_more(self) -> None:
        row = self.list.current
        if row is not None:
            self.more.update(self.show(self._copies[int(row.id)].text[:_MOST]), layout=False)

    @on(Chosen)
    def _chosen(self, message: Chosen) -> None:
        one = self._copies[int(message.row.id)]
        self.say(self.tutor.copy(one.text, one.name))
