"""The course: units and exercises, what is done, what is next."""

from collections.abc import Iterable
from typing import TYPE_CHECKING, ClassVar

from textual import on
from textual.binding import Binding, BindingType
from textual.content import Content
from textual.style import Style
from textual.widget import Widget
from textual.widgets import OptionList, Static
from textual.widgets.option_list import Option

from rnn_tutor.tui.messages import Ready, Unreadable
from rnn_tutor.tui.screens.frame import FrameScreen, Items

if TYPE_CHECKING:
    from rnn_tutor.exercises.model import Entry

_TITLE = 44


class Course(OptionList, inherit_bindings=False):
    """The list of exercises; units are lines between them that cannot be chosen."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("down", "cursor_down", "down", show=False),
        Binding("up", "cursor_up", "up", show=False),
        Binding("home", "first", "first", show=False),
        Binding("end", "last", "last", show=False),
        Binding("pagedown", "page_down", "a page down", show=False),
        Binding("pageup", "page_up", "a page up", show=False),
        Binding("enter,space", "select", "open", show=False),
    ]

    def get_visual_style(self, *component_classes: str, partial: bool = False) -> Style:
        """Return a style; the chosen line is reversed, which Textual 8.2 leaves out of what its stylesheets say."""
        style = super().get_visual_style(*component_classes, partial=partial)
        return style + Style(reverse=True) if "option-list--option-highlighted" in component_classes else style


class CourseScreen(FrameScreen):
    """The first screen."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("p", "app.progress", "progress", id="progress"),
        Binding("q", "app.quit", "quit", id="quit"),
        Binding("escape", "nothing", show=False),
    ]

    def body(self) -> Iterable[Widget]:
        """Return the list."""
        self.list = Course(id="course", markup=False)
        self.aim = Static(id="aim", markup=False)
        return (self.list, self.aim)

    def columns(self) -> Iterable[Widget]:
        """Return the list: it is what scrolls here."""
        return (self.list,)

    def on_mount(self) -> None:
        """Show the frame; the course follows when it has been read."""
        self.bar.left = Content.assemble(("rnn-tutor", "bold"))
        self.list.focus()

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
            self.refresh_course()

    def refresh_course(self) -> None:
        """Write the list anew, the cursor where it was, or on what is next."""
        session = self.session
        course = session.course
        following = session.next_open()
        last = self.tutor.last_opened
        here = last if last is not None and not session.done(last) else following or last
        done = 0
        options: list[Option] = []
        for unit in course.units:
            options.append(Option(self.show(unit.title, style="bold"), disabled=True))
            for entry in unit.exercises:
                done += session.done(entry.id)
                options.append(Option(self._row(entry, entry.id == following), id=entry.id))
        self.list.clear_options()
        self.list.add_options(options)
        self.bar.left = Content.assemble(("rnn-tutor", "bold"), "   ", self.show(course.title))
        self.bar.right = Content(f"{done} of {sum(len(unit.exercises) for unit in course.units)} done")
        if here is not None and session.position(here) is not None:
            self.list.highlighted = self.list.get_option_index(here)

    def _row(self, entry: "Entry", following: bool) -> Content:
        done, begun = self.session.done(entry.id), self.session.begun(entry.id)
        word = "next" if following else "done" if done else "begun" if begun else ""
        mark = "x" if done else "~" if begun else " "
        title = self.show(entry.title).truncate(_TITLE, pad=True)
        return Content.assemble(
            f"  [{mark}] ",
            title,
            f"  level {entry.level}   ",
            (word, "bold ansi_cyan" if following else ""),
        )

    @on(OptionList.OptionHighlighted)
    def _say_aim(self, event: OptionList.OptionHighlighted) -> None:
        """Say what the unit of this exercise is for."""
        where = self.session.position(event.option.id) if event.option.id is not None else None
        if where is not None:
            unit = where[0]
            self.aim.update(Content.assemble(self.show(unit.title, style="bold"), "  ", self.prose(unit.aim)))

    @on(OptionList.OptionSelected)
    def _open(self, event: OptionList.OptionSelected) -> None:
        if event.option.id is not None:
            self.tutor.open_exercise(event.option.id)

    def action_nothing(self) -> None:
        """Esc does not leave the program."""
