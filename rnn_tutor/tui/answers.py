"""What exercises ask for: a number, a shape, a program. Known of files that were read, a few at a time."""

from collections.abc import Collection
from typing import TYPE_CHECKING

from rnn_tutor.exercises.files.finding import ContentError

if TYPE_CHECKING:
    from rnn_tutor.exercises.load import Library
    from rnn_tutor.exercises.model import Exercise

AT_ONCE = 8  # files: some 10 ms


class Answers:
    """The kinds of answers of a course's exercises."""

    def __init__(self, library: "Library") -> None:
        self._library = library
        self._known: dict[str, Collection[str]] = {}
        self._left = list(reversed(library.ids))

    @property
    def unread(self) -> int:
        """How many files are still to be read."""
        return len(self._left)

    def of(self, exercise: str) -> Collection[str]:
        """Return the kinds of answers that an exercise asks for, and "picture" where it asks about one; once read."""
        return self._known.get(exercise, ())

    def read_some(self, most: int = AT_ONCE) -> None:
        """Read some more files. One that cannot be read asks for nothing; that is told where it is opened."""
        for _ in range(min(most, len(self._left))):
            exercise = self._left.pop()
            try:
                self._known[exercise] = _kinds(self._library.exercise(exercise))
            except ContentError:
                self._known[exercise] = ()


def _kinds(exercise: "Exercise") -> Collection[str]:
    pictured = ["picture"] if exercise.picture is not None else []
    return frozenset([*(ask.as_ for ask in exercise.ask), *pictured])
