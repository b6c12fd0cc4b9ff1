"""The search line of the course, and what it finds: units and exercises that have all its words."""

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING

from textual.containers import Horizontal
from textual.widgets import Static

from rnn_tutor.tui.widgets.line import AnswerLine

if TYPE_CHECKING:
    from rnn_tutor.exercises.model import Course
    from rnn_tutor.tui.widgets.course import Row


class SearchLine(Horizontal):
    """One row at the bottom; hands on each change, and Enter."""

    def __init__(self, typed: Callable[[], None], submitted: Callable[[], None]) -> None:
        self.line = AnswerLine("search", placeholder="words of a title, an id, a unit or its aim")
        self.line.typed = lambda _: typed()
        self.line.submitted = lambda _: submitted()
        super().__init__(Static("Search: ", classes="name", markup=False), self.line, id="search")

    @property
    def words(self) -> list[str]:
        """What is looked for."""
        return self.line.value.casefold().split()


class Index:
    """A course as one searches in it: made once, so that a key costs one look at each title."""

    def __init__(self, course: "Course") -> None:
        self._units = [
            (
                unit,
                f"{unit.title} {unit.id} {unit.aim}".casefold(),
                [(entry, f"{entry.title} {entry.id}".casefold()) for entry in unit.exercises],
            )
            for unit in course.units
        ]

    def rows(self, words: Sequence[str]) -> "list[Row]":
        """Return the rows of a list: every exercise that has all the words, itself or in its unit, below its unit."""
        rows: list[Row] = []
        for unit, said, entries in self._units:
            left = [word for word in words if word not in said]
            found: list[Row] = [(unit, entry) for entry, text in entries if all(word in text for word in left)]
            if found or not words:
                rows.append((unit, None))
                rows += found
        return rows
