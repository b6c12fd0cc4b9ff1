"""What is wrong with the files that a report was made of, so that no learner has 0 points in it without a reason."""

from collections.abc import Iterator, Sequence
from typing import NamedTuple

from rnn_tutor.progress.class_report import LearnerReport, Report
from rnn_tutor.tui.watching import words


class FileNote(NamedTuple):
    """What is wrong with a file. learner: "" where nobody knows whose it is; short: a few words for their row."""

    learner: str
    short: str
    says: str


def said_of_learner(learner: LearnerReport, notes: Sequence[FileNote]) -> str:
    """Return what else there is to say of a learner, what is wrong with their files first."""
    wrong = list(dict.fromkeys(note.short for note in notes if note.learner == learner.id))
    if wrong and not learner.cells:
        return "; ".join(wrong)
    return "; ".join(filter(None, (*wrong, words.said_of_learner(learner))))


def says_of(learner: str, notes: Sequence[FileNote]) -> str:
    """Return what is wrong with the files of a learner, in full sentences; "" for nothing."""
    return " ".join(note.says for note in notes if note.learner == learner)


def of_nobody(report: Report, notes: Sequence[FileNote]) -> Iterator[FileNote]:
    """Yield what is said of files whose learner is not in the report."""
    known = {learner.id for learner in report.learners}
    yield from (note for note in notes if note.learner not in known)
