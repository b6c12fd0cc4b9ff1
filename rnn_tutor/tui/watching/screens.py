"""The screens of a class: a list of exercises, one of them, and the help."""

from collections.abc import Iterable
from textwrap import wrap
from typing import TYPE_CHECKING, ClassVar, Protocol, cast

from textual.binding import BindingType
from textual.containers import Horizontal
from textual.content import Content
from textual.widget import Widget
from textual.widgets import Static
from typing_extensions import override

from rnn_tutor.tui import keys
from rnn_tutor.tui.screens.frame import WIDE, FrameScreen, Items, Scroll
from rnn_tutor.tui.screens.help import table_of_keys
from rnn_tutor.tui.screens.text import TextScreen
from rnn_tutor.tui.watching.told import details, shown, table
from rnn_tutor.tui.watching.words import have, rules

if TYPE_CHECKING:
    from rnn_tutor.progress.class_report import ExerciseReport, Report

WAITING = "What the class has done is being read."
NOTHING = "Nobody has begun an exercise yet."
_COLUMNS = (
    ("exercise", "those of the assignment; without one, those that somebody has begun"),
    ("begun", "how many learners have answered it"),
    ("solved", "how many of them have all its parts right"),
    ("stuck", "how many of them are stuck at it"),
    ("mistake now", "the most frequent last mistake in parts that are not right yet, and how many made it"),
)


class Watching(Protocol):
    """The app, as far as these screens ask it."""

    report: "Report | None"
    trouble: str

    def open_exercise(self, exercise: str) -> None:
        """Show one exercise on a screen of its own."""


_SCROLL = keys.told(
    keys.CLASS,
    "scroll what is only read",
    ("line-up", "up", "line(-1)", "up"),
    ("line-down", "down", "line(1)", "down"),
    ("page-up", "pageup", "scroll(-1)", "a page up"),
    ("page-down", "pagedown", "scroll(1)", "a page down"),
)
_BACK = keys.told(keys.CLASS, "go back", ("back", "q", "back", "back"), ("back-escape", "escape", "back", "back"))
_HELP = keys.told(keys.CLASS, "these keys, and how it is counted", ("help", "f9,question_mark", "app.help", "help"))
_LEAVE = keys.untold(("leave", "ctrl+c", "app.quit", "leave"))


class ClassScreen(FrameScreen, inherit_bindings=False):
    """A row for each exercise; on a wide screen, what there is to know of the one under the cursor stands beside."""

    BINDINGS: ClassVar[list[BindingType]] = [
        *keys.told(
            keys.CLASS, "choose an exercise", ("up", "up", "move(-1)", "up"), ("down", "down", "move(1)", "down")
        ),
        *keys.told(
            keys.CLASS,
            "a page of exercises",
            ("page-up", "pageup", "page(-1)", "a page up"),
            ("page-down", "pagedown", "page(1)", "a page down"),
        ),
        *keys.told(keys.CLASS, "who is stuck there, and the mistakes", ("open", "enter", "open", "open")),
        *keys.told(
            keys.CLASS, "where most are stuck comes first, or the order as it was", ("sort", "s", "sort", "stuck first")
        ),
        *keys.told(keys.CLASS, "leave", ("quit", "q", "app.quit", "quit")),
        *_HELP,
        *_LEAVE,
    ]

    scrolled_by = "up down"

    def __init__(self) -> None:
        super().__init__(id="_default")
        self._at = ""  # the id of the exercise under the cursor: rows may come above it
        self._stuck_first = False

    @property
    def _watched(self) -> Watching:
        return cast("Watching", self.app)

    @override
    def body(self) -> Iterable[Widget]:
        """Return the list, and beside it one exercise."""
        self._list, self._one = Static(markup=False), Static(markup=False)
        self._left, self._right = Scroll(self._list, id="left"), Scroll(self._one, id="right")
        return (Horizontal(self._left, self._right, id="columns"),)

    def on_mount(self) -> None:
        """Say what is known so far."""
        self.fill()

    def on_resize(self) -> None:
        """Lay the rows out anew."""
        self.fill()

    @override
    def columns(self) -> Iterable[Widget]:
        """Return the list: what stands beside it does not scroll, and is whole on a screen of its own."""
        return (self._left,)

    @override
    def key_items(self) -> Items:
        """Return the bottom row."""
        sort = "in order" if self._stuck_first else "stuck first"
        return [("up down", "choose"), ("open", "who and what"), ("sort", sort), ("help", "help"), ("quit", "quit")]

    def fill(self) -> None:
        """Show what is known now."""
        report = self._watched.report
        self.say(self._watched.trouble)
        if report is None:
            self.bar.left = Content.assemble("rnn-tutor   ", ("Class", "bold"))
            _put(self._list, Content("" if self._watched.trouble else WAITING))
            return
        begun = len(report.learners) - len(report.not_begun)
        self.bar.left = Content.assemble("rnn-tutor   ", self.show(report.terms.title, style="bold"))
        self.bar.right = Content(f"{begun} of {len(report.learners)} {have(begun)} begun, {len(report.stuck)} stuck")
        rows = self._rows()
        at = self._place(rows)
        width = max(1, (self.width // 2 if self.width >= WIDE else self.width) - 2)  # of a column
        _put(self._list, table(rows, at, width, self.show) if rows else Content(NOTHING))
        _put(self._one, details(report, rows[at], width, self.show) if rows else Content())
        self.tell_more_soon()

    def _rows(self) -> "list[ExerciseReport]":
        report = self._watched.report
        return shown(report, stuck_first=self._stuck_first) if report is not None else []

    def _place(self, rows: "list[ExerciseReport]") -> int:
        return next((at for at, one in enumerate(rows) if one.asked.id == self._at), 0)

    def action_move(self, by: int) -> None:
        """Go to another row."""
        rows = self._rows()
        if not rows:
            return
        at = min(len(rows) - 1, max(0, self._place(rows) + by))
        self._at = rows[at].asked.id
        self.fill()
        line, height, top = at + 1, self._left.size.height, round(self._left.scroll_y)
        if line < top + 1 or line >= top + height:
            self._left.scroll_to(y=at if line < top + 1 else line - height + 1, animate=False, immediate=True)

    def action_page(self, pages: int) -> None:
        """Go on by as many rows as are in view."""
        self.action_move(pages * max(1, self._left.size.height - 2))

    def action_sort(self) -> None:
        """Put those where most are stuck first, or back in order."""
        self._stuck_first = not self._stuck_first
        self.refresh_keys()
        self.action_move(0)

    def action_open(self) -> None:
        """Show the exercise under the cursor alone."""
        rows = self._rows()
        if rows:
            self._watched.open_exercise(rows[self._place(rows)].asked.id)


class OneScreen(FrameScreen, inherit_bindings=False):
    """What there is to know of one exercise."""

    BINDINGS: ClassVar[list[BindingType]] = [
        *_SCROLL,
        *_BACK,
        *_HELP,
        *_LEAVE,
    ]

    def __init__(self, exercise: str) -> None:
        super().__init__()
        self._exercise = exercise

    @override
    def body(self) -> Iterable[Widget]:
        """Return the column with the text."""
        self._text = Static(classes="page", markup=False)
        return (Scroll(self._text),)

    def on_mount(self) -> None:
        """Say what is known so far."""
        self.bar.left = Content.assemble("rnn-tutor   ", self.show(self._exercise, style="bold"))
        self.fill()

    @override
    def key_items(self) -> Items:
        """Return the bottom row."""
        return [("page-up page-down", "scroll"), ("help", "help"), ("back", "back")]

    def on_resize(self) -> None:
        """Lay the lines out anew."""
        self.fill()

    def fill(self) -> None:
        """Show what is known now."""
        watching = cast("Watching", self.app)
        self.say(watching.trouble)
        report = watching.report
        one = next((one for one in report.exercises if one.asked.id == self._exercise), None) if report else None
        if report is not None and one is not None:
            _put(self._text, details(report, one, self.width - 2, self.show))


class ClassHelp(TextScreen, inherit_bindings=False):
    """The keys of these screens, what the columns are, and the rules that are counted by."""

    name_shown = "Help"
    BINDINGS: ClassVar[list[BindingType]] = [*_SCROLL, *_BACK, *_LEAVE]

    @override
    def text(self) -> Content:
        """Return all three."""
        told = keys.sections((ClassScreen, OneScreen), self.tutor.keymap)
        lines = list(table_of_keys([*told, ("What the columns are", _COLUMNS)], self.width))
        report = cast("Watching", self.app).report
        if report is not None:
            lines.append(Content.styled("How it is counted", "bold"))
            for rule in rules(report):
                lines += map(Content, wrap(rule, self.width - 2, initial_indent="  ", subsequent_indent="    "))
        return Content("\n").join(lines)

    @override
    def key_items(self) -> Items:
        """Return the bottom row."""
        return [("page-up page-down", "scroll"), ("back", "back")]

    def on_resize(self) -> None:
        """Fold anew."""
        self.page.update(self.text())


def _put(static: Static, content: Content) -> None:
    """Show a text where it is another one: nothing is laid out or sent for the same."""
    if static.content != content:
        static.update(content)
