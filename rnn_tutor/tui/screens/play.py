"""What the screens of an exercise and of a lab have alike: the bar, numbers that can be others, what is typed."""

from abc import abstractmethod
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any, ClassVar, Generic, TypeVar

from textual.binding import BindingType
from textual.content import Content
from typing_extensions import override

from rnn_tutor.exercises import seeds
from rnn_tutor.tui import keys
from rnn_tutor.tui.screens.frame import FrameScreen
from rnn_tutor.tui.trail import UNDO
from rnn_tutor.tui.visits import Line, TroubleError, Visit

if TYPE_CHECKING:
    from rnn_tutor.exercises.model import Unit
    from rnn_tutor.tui.visits import Visits
    from rnn_tutor.tui.widgets.line import AnswerLine
    from rnn_tutor.tui.widgets.lines import Lines

V = TypeVar("V", bound="Visit[Any]")


class PlayScreen(FrameScreen, Generic[V]):
    """Something that is played with numbers, which its visit has. A subclass says what it is and what is typed on."""

    BINDINGS: ClassVar[list[BindingType]] = [
        *keys.told(keys.LETTERS, "the original numbers again", ("book", "b", "original", "the original numbers")),
        *keys.told(keys.LETTERS, "the page of this unit: what it is about", ("page", "u", "page", "the unit's page")),
        *keys.told(keys.LETTERS, "the glossary: words and symbols", ("glossary", "g", "app.glossary", "glossary")),
        *keys.told(
            keys.TYPING, "leave the line, so that letters work as keys", ("leave", "escape", "leave", "leave the line")
        ),
        *keys.told(keys.EVERYWHERE, "go back", ("back", "q", "back", "back")),
        *keys.told(
            keys.LETTERS,
            "bring back what you typed before you asked for new numbers",
            ("undo", UNDO, "bring_back(-1)", "bring back what was typed"),
            display="Ctrl+_",
        ),
        *keys.told(keys.LETTERS, "redo", ("redo", "ctrl+y", "bring_back(1)", "redo")),
    ]
    letters = True
    kind = ""  # what it is called in a sentence
    done_typing = False  # whether the line was left because all is right

    def __init__(self, visit: V, sentence: str = "") -> None:
        """Show a visit, and a sentence."""
        super().__init__()
        self.visit = visit
        self._first_sentence = sentence

    # what a subclass says

    @property
    @abstractmethod
    def visits(self) -> "Visits[V]":
        """The visits of which this is one."""

    @abstractmethod
    def about(self, numbers: str) -> Sequence[str]:
        """Return what stands at the right of the bar; "" takes no room."""

    @abstractmethod
    def again(self, fresh: V, sentence: str, *, typing: bool) -> "PlayScreen[V]":
        """Return a screen like this one for other numbers; `typing`: with a line active."""

    @abstractmethod
    def entries(self) -> "Sequence[AnswerLine | Lines]":
        """Return what is typed on, the first that is open in front."""

    def begin(self, *, typing: bool) -> None:
        """Open what was made before it is opened, with a line active or none."""

    # what they have alike

    def on_mount(self) -> None:
        """Fill the bar, and say what there is to say."""
        unit, title = self.unit, self.show(self.visit.source.title, style="bold")
        unit_title = Content.assemble(self.show(unit.title), " / ") if unit is not None else Content()
        self.bar.left = Content.assemble("rnn-tutor   ", unit_title, title)
        self.bar.brief = title
        self.fill_right()

    def fill_right(self) -> None:
        """Write what stands at the right of the bar."""
        self.bar.right = Content("   ".join(word for word in self.about(self.visit.asked_as) if word))

    @override
    def is_due(self) -> None:
        """Tell it in the bar."""
        self.fill_right()

    @override
    def opening_sentence(self) -> str:
        """Return what the screen was opened with."""
        return self._first_sentence

    @property
    def unit(self) -> "Unit | None":
        """The unit that it belongs to."""
        return self.session.unit_of(self.visit.id)

    def watch_focused(self) -> None:
        """Show the keys that work now: in the frame that shows where the focus is, not in one more.

        Of a widget that is only being mounted they are not known yet: that comes with its focus.
        """
        if self.is_mounted and (self.focused is None or self.focused.is_mounted):
            self.refresh_keys()

    @property
    def types(self) -> bool:
        """Whether the learner types on a line, or did until all was right: what is opened next has one active then."""
        return self.focused is not None or self.done_typing

    def action_leave(self) -> None:
        """Leave the line, so that the letters work; from there, go back.

        A line that was left because all is right is left once more: Esc and then q is what leads to the course.
        """
        if self.types:
            self.set_focus(None)
            self.done_typing = False
        else:
            self.action_back()

    def action_page(self) -> None:
        """Open the page of the unit; from there one comes back here."""
        if self.unit is not None:
            self.tutor.open_page(self.unit.id, beside=True)
        else:
            self.say(f"This {self.kind} is not part of a unit, so it has no page.")

    def page_beside(self, width: int, height: int) -> Content:
        """Return as much of the unit's page as has room, and how the whole of it is opened."""
        from rnn_tutor.tui.widgets.cut import cut  # late: a narrow screen has no page beside it

        unit = self.unit
        if unit is None or not self.session.library.has_page(unit.id):
            return Content()
        try:
            page = self.session.page(unit.id)
        except TroubleError:  # told where it is opened
            return Content()
        title = self.show(unit.title, style="bold")
        return cut(Content("\n").join([title, self.prose(page.text)]), width, height, f"{self.key('page')}: the page")

    def action_new_numbers(self, typing: bool = True) -> None:
        """Begin anew with other numbers; a letter (`typing` False) leaves the letters working."""
        if self.visit.draws:
            self._renew(seeds.any_seed(), typing=typing)
        else:
            self.say(f"This {self.kind} has no random numbers, so there are no new ones.")

    def action_original(self) -> None:
        """Begin anew with the original numbers."""
        as_written = self.session.as_written(self.visit.id)
        if self.visit.seed != as_written:
            self._renew(as_written, typing=False)
        elif as_written is not None:
            from rnn_tutor.tui.assignment import ARE_OWN

            self.say(ARE_OWN)
        else:
            self.say(self.visit.is_as_written if self.visit.draws else f"This {self.kind} has no other numbers.")

    def _renew(self, seed: int | None, *, typing: bool, sentence: str = "") -> None:
        lost = self.visit.lost()
        if not self._may_take(lost, f"the {self.visit.as_written}" if seed is None else self.visit.anew):
            return
        self.tutor.wait_to_mark()
        try:
            fresh = self.visits.renew(self.visit, seed)
        except TroubleError as error:
            self.say(error)
            return
        typing = typing and self.types
        sentence = f"{self.key('undo')} brings back what you typed." if lost else sentence
        self.app.switch_screen(self.again(fresh, sentence, typing=typing))

    def _may_take(self, lost: Mapping[Line, str], numbers: str) -> bool:
        """Tell whether other numbers may take texts away; it asks for the key again if there are any.

        lost: what is typed and not checked, by where it stands.
        """
        if not lost:
            return True
        unchecked = (
            "What you typed is not checked yet." if len(lost) == 1 else "Some of what you typed is not checked yet."
        )
        return self.confirmed(
            f"{unchecked} Press the key again for {numbers}; {self.key('undo')} then brings the text back."
        )

    def action_bring_back(self, by: int) -> None:
        """Bring back what new numbers have taken away, on every line; else what stood on the first open one."""
        entries = self.entries()
        taken_away = [entry for entry in entries if entry.trail.taken]
        for entry in (by < 0 and taken_away) or entries[:1]:
            entry.action_bring_back(by)
