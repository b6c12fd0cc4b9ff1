"""The page of a unit: what it teaches, in a few paragraphs and formulas."""

from collections.abc import Iterable
from typing import TYPE_CHECKING, ClassVar

from textual.binding import BindingType
from textual.content import Content
from textual.widget import Widget
from textual.widgets import Static

from rnn_tutor.tui import keys
from rnn_tutor.tui.screens.frame import FrameScreen, Items, Scroll

if TYPE_CHECKING:
    from rnn_tutor.exercises.book import Page
    from rnn_tutor.exercises.model import Unit


class PageScreen(FrameScreen):
    """Aim, needs, text, sources; from here one goes on to the unit's exercises."""

    BINDINGS: ClassVar[list[BindingType]] = [
        *keys.told(
            keys.PAGE,
            "go to the first exercise that is not done",
            ("on", "enter", "on", "on to the exercises"),
            ("next", "f8", "on", "on to the exercises"),
            ("next-letter", "right_square_bracket", "on", "on to the exercises"),
        ),
        *keys.told(
            keys.PAGE,
            "the exercise before this unit",
            ("previous", "f7", "before", "the exercise before this unit"),
            ("previous-letter", "left_square_bracket", "before", "the exercise before this unit"),
        ),
        *keys.told(keys.PAGE, "the glossary: words and symbols", ("glossary", "g", "app.glossary", "glossary")),
        *keys.told(keys.PAGE, "scroll by a page", ("page-down", "space", "scroll(1)", "a page down")),
        *keys.told(
            keys.PAGE,
            "go to the beginning, to the end",
            ("first-line", "home", "edge(-1)", "the beginning"),
            ("last-line", "end", "edge(1)", "the end"),
        ),
    ]

    letters = True

    def __init__(self, unit: "Unit", page: "Page", *, beside: bool = False, paragraph: int = 0) -> None:
        """Show a page; `beside`: it was opened from an exercise or a lab, and going on means going back to that.

        paragraph: which one of its text is in view first.
        """
        super().__init__()
        self.unit = unit
        self.page = page
        self.beside = beside
        self._paragraph = paragraph

    def body(self) -> Iterable[Widget]:
        """Return the column with the text, no wider than is good to read."""
        self.column = Scroll(Static(self.text(), classes="page reading", markup=False))
        return (self.column,)

    def on_mount(self) -> None:
        """Say which unit it is of, and how much of that is done."""
        done_count, total = self.session.tally(self.unit)
        self.bar.left = Content.assemble("rnn-tutor   ", self.show(self.unit.title, style="bold"))
        self.bar.right = Content(f"{done_count}/{total} done" if total else "")
        self.session.met.add(self.unit.id)
        if self._paragraph:
            self.call_after_refresh(self._begin_at_paragraph)

    def _begin_at_paragraph(self) -> None:
        """Scroll to the paragraph that the page was opened for."""
        from rnn_tutor.exercises.stands_on import paragraphs_of

        above = "\n\n".join(paragraphs_of(self.page.text)[: self._paragraph])
        before = Content("\n").join([*self._head(), Content(), self.prose(above)])
        lines = len(before.wrap(max(1, self.column.children[0].content_size.width)))
        self.column.scroll_to(y=lines + 1, animate=False, immediate=True)

    def key_items(self) -> Items:
        """Return the keys of a page."""
        on = [("on", "go on")] if self.beside else [("on", "exercises"), ("previous-letter next-letter", "")]
        return [*on, ("page-up page-down", "scroll"), ("glossary", "glossary"), ("search", "search"), ("help", "help"),
                ("back", "back")]  # fmt: skip

    def text(self) -> Content:
        """Return the whole page."""
        parts = [*self._head(), Content(), self.prose(self.page.text)]
        if self.page.sources:
            parts += [Content(), Content.assemble(("Sources", "bold"))]
            parts += [Content.assemble("- ", self.prose(source)) for source in self.page.sources]
        if not self.beside and (following := self._following()):
            parts += [Content(), following]
        return Content("\n").join(parts)

    def _head(self) -> list[Content]:
        """Return what stands above the text: what the unit is for, and what it needs."""
        needed, better_first = self.session.needs(self.unit)
        parts = []
        if self.unit.aim.strip():
            parts.append(Content.assemble(("Aim  ", "bold"), self.prose(self.unit.aim)))
        if needed:
            parts.append(Content.assemble(("Needs  ", "bold"), self.show(", ".join(unit.title for unit in needed))))
        if better_first:
            names = ", ".join(unit.title for unit in better_first)
            parts.append(Content.assemble(("Best done first   ", "bold"), self.show(names)))
        return parts

    def _following(self) -> Content | None:
        """Return the line that says what the key opens."""
        exercise = self.session.first_open(self.unit)
        position = self.session.position(exercise) if exercise else None
        return Content.assemble((f"{self.key('on')}  ", "bold"), self.show(position[1].title)) if position else None

    def action_edge(self, to: int) -> None:
        """Go to the beginning or the end."""
        self.column.scroll_to(y=0 if to < 0 else self.column.max_scroll_y, animate=False, immediate=True)

    def action_on(self) -> None:
        """Go on to the first exercise of the unit that is not done, or back to the one that one came from."""
        exercise = self.session.first_open(self.unit)
        if self.beside:
            self.action_back()
        elif exercise is not None:
            self.tutor.open_exercise(exercise, instead=True)
        else:
            self.say("This unit has no exercises.")

    def action_before(self) -> None:
        """Go to the last exercise before this unit, or back to the one that one came from."""
        if self.beside:
            self.action_back()
            return
        exercise = None
        for unit in self.session.course.units:
            if unit.id == self.unit.id:
                break
            exercise = unit.exercises[-1].id if unit.exercises else exercise
        if exercise is None:
            self.say("This is the first unit.")
        else:
            self.tutor.open_exercise(exercise, instead=True, typing=False)
