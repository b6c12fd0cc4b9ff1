"""The course: units and exercises, what is done, what is next."""

from collections.abc import Iterable
from typing import TYPE_CHECKING, ClassVar

from textual import on
from textual.binding import Binding, BindingType
from textual.content import Content
from textual.widget import Widget
from textual.widgets import Static

from rnn_tutor.tui.messages import Chosen, Ready, Unreadable
from rnn_tutor.tui.screens.frame import FrameScreen, Items
from rnn_tutor.tui.widgets.course import CourseList, Row

if TYPE_CHECKING:
    from rnn_tutor.exercises.model import Entry, Unit

_TITLE = 44
_BESIDE = 25  # columns of a row that are not its title: tick, level, and a word on how far one is


class CourseScreen(FrameScreen):
    """The first screen."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("p", "app.progress", "progress", id="progress"),
        Binding("q", "app.quit", "quit", id="quit"),
        Binding("escape", "nothing", show=False),
    ]

    _following: str | None = None

    def body(self) -> Iterable[Widget]:
        """Return the list."""
        self.list = CourseList(self._row, self._say_aim)
        self.aim = Static(id="aim", markup=False)
        return (self.list, self.aim)

    def columns(self) -> Iterable[Widget]:
        """Return the list: it is what scrolls here."""
        return (self.list,)

    def on_mount(self) -> None:
        """Show the frame; the course follows when it has been read."""
        self.bar.left = Content.assemble(("rnn-tutor", "bold"))
        self.set_focus(self.list)

    def key_items(self) -> Items:
        """Return the keys of the course."""
        return [("Up Down", "choose"), ("Enter", "open"), ("p", "progress"), ("F9", "help"), ("q", "quit")]

    @on(Ready)
    def fill(self) -> None:
        """List the course and go to what is next."""
        self.refresh_course()
        if not self.session.course.units:
            self.say("There are no exercises here.")
        if self.tutor.saving_problem:
            self.say(self.tutor.saving_problem)

    @on(Unreadable)
    def _unreadable(self, message: Unreadable) -> None:
        self.say(message.says)

    def on_screen_resume(self) -> None:
        """Show what has been done since."""
        if self.is_mounted and self.tutor.ready:
            self.session.find_due()
            self.refresh_course()

    def refresh_course(self, *, stay: bool = False) -> None:
        """Write the list anew, the cursor on what is next, or (`stay`, if something was next) where it is."""
        session = self.session
        course = session.course
        following = session.next_open()
        last = self.tutor.last_opened
        here = last if last is not None and not session.done(last) else following or last
        row = self.list.current
        if stay and self._following is not None and row is not None and row[1] is not None:
            here = row[1].id
        self._following = following
        rows: list[Row] = []
        for unit in course.units:
            rows.append((unit, None))
            rows += [(unit, entry) for entry in unit.exercises]
        self.list.show(rows, here)
        done = sum(session.done(exercise) for exercise in session.standings if session.position(exercise))
        self.bar.left = Content.assemble(("rnn-tutor", "bold"), "   ", self.show(course.title))
        due = f", {len(session.due)} due again" if session.due else ""
        self.bar.right = Content(f"{done} of {sum(len(unit.exercises) for unit in course.units)} done{due}")

    def _row(self, unit: "Unit", entry: "Entry | None") -> Content:
        if entry is None:
            return self.show(unit.title, style="bold")
        following = entry.id == self._following
        done, begun = self.session.done(entry.id), self.session.begun(entry.id)
        due = entry.id in self.session.due
        word = "due again" if due else "next" if following else "done" if done else "begun" if begun else ""
        mark = "x" if done else "~" if begun else " "
        room = max(12, min(_TITLE, self.list.size.width - _BESIDE))
        title = self.show(entry.title).truncate(room, ellipsis=room < _TITLE, pad=True)
        return Content.assemble(
            f"  [{mark}] ",
            title,
            f"  level {entry.level}   ",
            (word, "bold ansi_cyan" if following else ""),
        )

    def _say_aim(self) -> None:
        """Say what the unit of this exercise is for."""
        row = self.list.current
        if row is not None:
            unit = row[0]
            self.aim.update(Content.assemble(self.show(unit.title, style="bold"), "  ", self.prose(unit.aim)))

    @on(Chosen)
    def _open(self, message: Chosen) -> None:
        self.tutor.open_exercise(message.exercise)

    def action_nothing(self) -> None:
        """Esc does not leave the program."""
