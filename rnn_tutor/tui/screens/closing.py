"""The page after the last exercise of a course."""

from typing import ClassVar

from textual.binding import BindingType
from textual.content import Content

from rnn_tutor.tui import keys
from rnn_tutor.tui.screens.frame import Items
from rnn_tutor.tui.screens.text import TextScreen


class ClosingScreen(TextScreen):
    """The course's closing thought, and how far one has come; from there on to the course that follows, if any."""

    BINDINGS: ClassVar[list[BindingType]] = [
        *keys.told(
            keys.ELSEWHERE,
            "at the end of a course: go to the next one",
            ("on", "enter", "on", "on to the next course"),
            ("next", "f8", "on", "on to the next course"),
            ("next-letter", "right_square_bracket", "on", "on to the next course"),
        ),
    ]

    name_shown = "The end of the course"

    def __init__(self, number: int = 0) -> None:
        """Close the course of the library's folder of this number."""
        super().__init__()
        self.number = number

    def key_items(self) -> Items:
        """Return the keys of a page, and one more where something follows."""
        on = [("on", "on")] if self._following() else []
        return [*on, *super().key_items()]

    def text(self) -> Content:
        """Return the closing page."""
        section = self.session.library.sections[self.number]
        exercises = [entry.id for unit, entry in self.session.entries() if unit.id in section.units]
        done_count = sum(self.session.done(exercise) for exercise in exercises)
        solved = "all of them" if done_count == len(exercises) else f"{done_count} of {len(exercises)}"
        key = keys.key_of(keys.NEW_NUMBERS, self.tutor.keymap)
        tally = f"Exercises solved: {solved}. In any of them, {key} gives new numbers."
        parts = [self.show(section.title, style="bold"), Content()]
        if section.closing:
            parts += [self.prose(section.closing), Content()]
        parts.append(Content(tally))
        if how := self.session.to_hand_in():
            parts += [Content(), self.show(how)]
        if title := self._following():
            parts += [Content(), Content.assemble((f"{self.key('on')}  ", "bold"), self.show(title))]
        return Content("\n").join(parts)

    def _following(self) -> str:
        """Return the title of the course that follows, "" for none."""
        later_sections = self.session.library.sections[self.number + 1 :]
        return next(
            (
                section.title
                for section in later_sections
                if any(self.session.library.unit(unit).exercises for unit in section.units)
            ),
            "",
        )

    def action_on(self) -> None:
        """Go on to the first exercise of the course that follows, or to the page before it."""
        for section in self.session.library.sections[self.number + 1 :]:
            for unit in map(self.session.library.unit, section.units):
                if unit.exercises:
                    self.app.pop_screen()
                    if self.session.library.has_page(unit.id):
                        self.tutor.open_page(unit.id, instead=True)
                    else:
                        self.tutor.open_exercise(unit.exercises[0].id, instead=True)
                    return
        self.say("There is no other course.")
