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
from rnn_tutor.tui.widgets.course import CourseList
from rnn_tutor.tui.widgets.search import Index, SearchLine

if TYPE_CHECKING:
    from rnn_tutor.exercises.model import Entry, Unit

_TITLE = 44
_BESIDE = 25  # columns of a row that are not its title: tick, level, and a word on how far one is


class CourseScreen(FrameScreen):
    """The first screen."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("p", "app.progress", "progress", id="progress"),
        Binding("q", "app.quit", "quit", id="quit"),
        Binding("escape", "end_search", show=False),
        Binding("up", "list('move', -1)", "up", show=False),  # while one types what to search for
        Binding("down", "list('move', 1)", "down", show=False),
        Binding("pageup", "list('page', -1)", "a page up", show=False),
        Binding("pagedown", "list('page', 1)", "a page down", show=False),
        Binding("tab,shift+tab", "list('move', 0)", show=False),
    ]

    _following: str | None = None
    _index: Index | None = None

    def body(self) -> Iterable[Widget]:
        """Return the list, and the line to search with."""
        self.list = CourseList(self._row, self._say_aim)
        self.aim = Static(id="aim", markup=False)
        self.search = SearchLine(self._searched, self._open_found)
        return (self.list, self.aim, self.search)

    def columns(self) -> Iterable[Widget]:
        """Return the list: it is what scrolls here."""
        return (self.list,)

    def on_mount(self) -> None:
        """Show the frame; the course follows when it has been read."""
        self.bar.left = Content.assemble(("rnn-tutor", "bold"))
        self.set_focus(self.list)

    def key_items(self) -> Items:
        """Return the keys of the course."""
        some = [("Up Down", "choose"), ("Enter", "open")]
        if self.searching:
            return [*some, ("F9", "help"), ("Esc", "end the search")]
        return [*some, ("/", "search"), ("p", "progress"), ("F9", "help"), ("q", "quit")]

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
        if self._index is None:
            self._index = Index(course)
        self.list.show(self._index.rows(self.search.words), here)
        done = sum(session.done(exercise) for exercise in session.standings if session.position(exercise))
        self.bar.left = Content.assemble(("rnn-tutor", "bold"), "   ", self.show(course.title))
        due = f", {len(session.due)} due again" if session.due else ""
        who = f"{self.tutor.learner}   " if self.tutor.learner else ""
        self.bar.right = Content(f"{who}{done} of {sum(len(unit.exercises) for unit in course.units)} done{due}")

    def _row(self, unit: "Unit", entry: "Entry | None") -> Content:
        if entry is None:
            return self.show(unit.title, style="bold")
        following = entry.id == self._following
        done, begun = self.session.done(entry.id), self.session.begun(entry.id)
        bad = self.session.unreadable(entry.id)
        due = entry.id in self.session.due
        word = (
            "unreadable"
            if bad
            else "due again"
            if due
            else "next"
            if following
            else "done"
            if done
            else "begun"
            if begun
            else ""
        )
        mark = "!" if bad else "x" if done else "~" if begun else " "
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
        if row is None:
            self.aim.update("No exercise has all these words." if self.searching else "")
        else:
            unit = row[0]
            self.aim.update(Content.assemble(self.show(unit.title, style="bold"), "  ", self.prose(unit.aim)))

    @on(Chosen)
    def _open(self, message: Chosen) -> None:
        self.tutor.open_exercise(message.exercise)

    # searching

    @property
    def searching(self) -> bool:
        """Whether the search line is open."""
        return self.search.has_class("open")

    def begin_search(self) -> None:
        """Open the search line, or go back to it."""
        self.search.add_class("open")
        self.set_focus(self.search.line)
        self.hush()
        self.refresh_keys()

    def action_end_search(self) -> None:
        """Show the whole course again, the cursor where it is; Esc does not leave the program."""
        if self.searching:
            row = self.list.current
            self.search.remove_class("open")
            self.search.line.value = ""
            self.set_focus(self.list)
            self._find(row[1].id if row is not None and row[1] is not None else None)
            self.refresh_keys()

    def _searched(self) -> None:
        if self.searching:
            self._find(None)

    def _find(self, here: str | None) -> None:
        if self._index is not None:
            self.list.show(self._index.rows(self.search.words), here)

    def _open_found(self) -> None:
        row = self.list.current
        if row is not None and row[1] is not None:
            self.action_end_search()
            self.tutor.open_exercise(row[1].id)

    def action_list(self, what: str, by: int) -> None:
        """Move the cursor of the list while the search line has the focus."""
        if what == "page":
            self.list.action_page(by)
        elif by:
            self.list.action_move(by)
