"""Where a report goes: to the terminal, or into a file, in the form that is asked for."""

import argparse
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from rnn_tutor.commands.output import say_beside, say_json
from rnn_tutor.commands.written import check_target, write
from rnn_tutor.exercises.assignment import extensions, read_assignment, seed_of, time_of
from rnn_tutor.paths import shown
from rnn_tutor.progress.class_report import Asked, Report, Terms
from rnn_tutor.tui.watching.words import NAMES

from .files import FileNote

if TYPE_CHECKING:
    from rnn_tutor.exercises.load import Library


def terms_of(library: "Library", assignment: Path | None) -> Terms:
    """Return what a report tells of: the exercises of an assignment, or of the whole course. Raises ContentError."""
    titles = {entry.id: (entry.title, unit.title) for unit in library.course.units for entry in unit.exercises}
    if assignment is None:
        asked = tuple(Asked(exercise, title, unit) for exercise, (title, unit) in titles.items())
        return Terms(library.course.title, asked, names=NAMES)
    told, exercises, _ = read_assignment(assignment, library)
    asked = tuple(
        Asked(
            exercise,
            titles[exercise][0],
            points=told.points.get(exercise, 1),
            parts=tuple(part.answer for part in library.exercise(exercise).ask),
        )
        for exercise in exercises
    )
    return Terms(
        told.title,
        asked,
        assignment=told.id,
        seed_of=seed_of,
        until=time_of(told.until) if told.until is not None else None,
        extended={learner: time_of(until) for learner, until in extensions(told).items()},
        tries=told.tries,
        names=NAMES,
    )


def check_forms(options: argparse.Namespace) -> None:
    """Raise UseError where the report cannot be written, before it is worked out."""
    if options.html is not None:
        check_target(options.html, force=options.force)


def tell(report: Report, options: argparse.Namespace, notes: Sequence[FileNote] = ()) -> None:
    """Tell a report in the form that was asked for: --json, --csv, --html FILE, or text. Raises UseError.

    notes: what is wrong with the files that it was made of.
    """
    if options.html is not None:
        from .page import as_html

        write(options.html, as_html(report, notes), force=options.force, private=True)
        if options.html != "-":
            say_beside(f"The report is in {shown(Path(options.html))}.", options.html)
        return
    if options.json or options.csv:
        from .table import as_csv, as_json

        if options.json:
            say_json(as_json(report))
        else:
            sys.stdout.write(as_csv(report, notes))
        return
    from .text import say_report

    say_report(report, notes)
