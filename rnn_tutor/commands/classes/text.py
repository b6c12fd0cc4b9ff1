"""A report of a class as lines of text, for 80 columns."""

import textwrap
from collections.abc import Iterable, Iterator, Sequence

from rnn_tutor.commands.output import page_width, say
from rnn_tutor.exercises.words import points
from rnn_tutor.printable import plain
from rnn_tutor.progress.class_report import ExerciseReport, LearnerReport, Report
from rnn_tutor.tui.watching import words

from .files import FileNote, said_of_learner

_MOST_LEARNERS = 200
_MOST_NAME = 34  # columns of an id


def say_report(report: Report, notes: Sequence[FileNote] = ()) -> None:
    """Print a report. notes: what is wrong with the files that it was made of."""
    for line in textwrap.wrap(plain(report.terms.title), page_width()):
        say(line, "bold")
    for sentence in words.begins(report):
        _folded(sentence, "")
    shown = [one for one in report.exercises if one.begun or report.terms.assignment]
    if shown:
        _headed("Exercises", _exercises(shown))
    made = [f"{words.said_of_made(one)}: {words.name_of(one.mistake)}" for one in report.mistakes]
    _headed("The commonest mistakes", _some(made, 12))
    stuck = [f"{one.learner}: {one.exercise}, {words.said_of_stuck(one)}" for one in report.stuck]
    _headed("Stuck", _some(stuck, words.MOST_LISTED))
    misleading = [
        f"{one.asked.id}, {words.said_of_misleading(why)}" for one in report.exercises for why in one.misleads
    ]
    _headed("Exercises that mislead", _some(misleading, words.MOST_LISTED))
    if report.learners:
        _headed("Learners", _learners(report, notes))
    _headed("How this is counted", words.rules(report))


def _headed(title: str, lines: Iterable[str]) -> None:
    """Print lines below a title; nothing where there are none. A line that is too long goes on below."""
    every = list(lines)
    if every:
        say()
        say(title, "name")
    for line in every:
        _folded(line, "  ")


def _folded(line: str, indent: str) -> None:
    aligned = plain(line).rstrip()
    if len(indent + aligned) <= page_width():
        say(indent + aligned)
        return
    say(
        textwrap.fill(
            aligned, page_width(), initial_indent=indent, subsequent_indent=f"{indent}  ", break_on_hyphens=False
        )
    )


def _some(lines: Sequence[str], most: int) -> list[str]:
    more = [f"and {len(lines) - most} more"] if len(lines) > most else []
    return [*lines[:most], *more]


def _exercises(shown: Sequence[ExerciseReport]) -> Iterator[str]:
    wide = _wide(one.asked.id for one in shown)
    yield f"{'':{wide}}  begun solved stuck late tries minutes"
    for one in shown:
        tries, minutes = words.number(one.median_tries), words.number(one.median_minutes)
        yield (
            f"{_cut(one.asked.id, wide):{wide}}  {one.begun:5} {one.solved:6} {len(one.stuck):5} {one.late:4} "
            f"{tries:>5} {minutes:>7}"
        )


def _learners(report: Report, notes: Sequence[FileNote]) -> Iterator[str]:
    learners = report.learners[:_MOST_LEARNERS]
    wide = _wide(one.id for one in learners)
    graded = bool(report.terms.assignment)
    yield f"{'':{wide}}  solved{f'  points of {report.most:g}' if graded else ''}"
    for one in learners:
        earned = _points(one) if graded else ""
        yield f"{_cut(one.id, wide):{wide}}  {one.solved:6}{earned}  {said_of_learner(one, notes)}"
    if len(report.learners) > len(learners):
        yield f"and {len(report.learners) - len(learners)} more; --csv has them all"


def _points(learner: LearnerReport) -> str:
    late = f" (+{points(learner.late_points)} late)" if learner.late_points else ""
    return f"  {points(learner.points):>6}{late}"


def _wide(names: Iterable[str]) -> int:
    return min(_MOST_NAME, max((len(plain(name)) for name in names), default=0))


def _cut(name: str, wide: int) -> str:
    shown = plain(name)
    return shown if len(shown) <= wide else f"{shown[: wide - 2]}.."
