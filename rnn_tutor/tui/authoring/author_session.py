"""The sitting of an author: a course in which one file is another one, and of which nothing is kept."""

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from rnn_tutor.exercises.load import COURSE_FILE, Library
from rnn_tutor.exercises.model import Exercise, Unit
from rnn_tutor.exercises.pack import LABS
from rnn_tutor.tui.session import Following, Session

if TYPE_CHECKING:
    from rnn_tutor.exercises.labs.load import LoadedLab
    from rnn_tutor.exercises.model import Entry
    from rnn_tutor.progress.attempt import Attempt
    from rnn_tutor.tui.authoring.draft import Draft


def folders_around(path: Path, folders: Sequence[Path]) -> list[Path]:
    """Return the folders to learn from with, first of all, the course that a file lies in, if it lies in one."""
    home = path.resolve().parent
    home = home.parent if home.name == LABS else home
    course = next((folder for folder in (home.parent, home) if (folder / COURSE_FILE).is_file()), None)
    if course is None or course in {folder.resolve() for folder in folders}:
        return list(folders)
    return [course, *folders]


class DraftLibrary(Library):
    """A course, and one file of which the version that could be read last counts, whatever stands in it now."""

    def __init__(self, folders: Sequence[Path], path: Path) -> None:
        super().__init__(folders)
        self.draft: Draft | None = None
        self._file = path.resolve()
        self._alone: bool | None = None

    def alone(self, name: str) -> bool:
        """Tell whether an id is that of the file, but not of one that the course lists (it may list another one)."""
        if name != self._file.stem:
            return False
        if self._alone is None:
            homes = [shelf.path(name) for shelf in (self.exercises, self.labs) if name in shelf]
            self._alone = not any(home.resolve() == self._file for home in homes)
        return self._alone

    def own_unit(self) -> Unit:
        """Return the unit that the file is the page of, or one made up of the name of its folder."""
        for unit in self.course.units:
            if self.pages.path(unit.id).resolve() == self._file:
                return unit
        name = self._file.parent.name
        return Unit(id="unit", title=name[:1].upper() + name[1:].replace("-", " ") or "Unit", aim="")

    def exercise(self, exercise: str) -> Exercise:
        """Return the exercise that stands in the file; every other one is as it is in the course."""
        draft = self.draft
        if draft is not None and isinstance(draft.content, Exercise) and draft.content.id == exercise:
            return draft.content
        return super().exercise(exercise)

    def hash(self, exercise: str) -> str:
        """Return the hash of the file as it was read."""
        draft = self.draft
        return draft.hash if draft is not None and draft.path.stem == exercise else super().hash(exercise)

    def lab(self, lab: str) -> "LoadedLab":
        """Return the lab that stands in the file, or another one of the course."""
        from rnn_tutor.exercises.labs.load import LoadedLab
        from rnn_tutor.exercises.labs.model import Lab

        draft = self.draft
        if draft is not None and isinstance(draft.content, Lab) and draft.content.id == lab:
            return LoadedLab(draft.content, draft.lines, draft.hash)
        return super().lab(lab)

    def neighbours(self, exercise: str) -> tuple[str | None, str | None]:
        """Return the ids before and after; a file that the course does not list stands alone, and is its own."""
        return (exercise, exercise) if self.alone(exercise) else super().neighbours(exercise)


class AuthorSession(Session):
    """A sitting that remembers and stores no answer."""

    library: DraftLibrary

    def find_unreadable(self) -> bool:
        """Look into no other file: its author may be at work on it."""
        return False

    def position(self, exercise: str) -> "tuple[Unit, Entry, int, int] | None":
        """Return where an exercise stands among those of its folder, None for a file that is not listed there."""
        found = None if self.library.alone(exercise) else super().position(exercise)
        if found is None:
            return None
        unit, entry, _number, _count = found
        units = self.library.sections[self.section(unit)].units
        own = [entry.id for unit, entry in self.entries() if unit.id in units]
        return unit, entry, own.index(exercise) + 1, len(own)

    def unit_of(self, name: str) -> Unit | None:
        """Return the unit of an exercise or a lab, None for a file that is not listed in the course."""
        return None if self.library.alone(name) else super().unit_of(name)

    def is_new(self, unit: Unit) -> bool:
        """Tell an author nothing of that."""
        return False

    def following(self, exercise: str) -> Following:
        """Return what a learner would go on with; after a file that is not listed, nothing."""
        if self.library.alone(exercise):
            return Following("alone", "", "")
        return super().following(exercise)

    def save(self, attempt: "Attempt", left: "Attempt | None" = None) -> None:
        """Keep nothing: these are the answers of somebody who tries things out."""
