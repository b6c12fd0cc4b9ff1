"""An assignment on the command line: the sitting that it makes, and what is done of it."""

import argparse
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

from rnn_tutor.exercises.assignment import Assigned, take
from rnn_tutor.exercises.load import ContentError, Library
from rnn_tutor.paths import PathError, assignment_file, progress_file
from rnn_tutor.progress.learner import id_of, keep_id
from rnn_tutor.progress.store import StoreError
from rnn_tutor.tui.session import Session

from .output import complain, say, say_json
from .source import UseError, library_of

if TYPE_CHECKING:
    from rnn_tutor.tui.assignment import Assignment

_UNKNOWN = "Name your id with --learner ID: your numbers follow from it."


def taken(options: argparse.Namespace, library: Library, ask: "Callable[[], str] | None" = None) -> Assigned:
    """Return the assignment that was named, as its learner has it, and keep the library to it.

    ask: asks for the learner's id where none was named or kept, for who works at it: then the id is kept. Who only
    reads may name anybody's. Raises UseError.
    """
    try:
        own = progress_file(options.data)
        learner = id_of(own, options.learner) or (ask() if ask is not None else None)
        if not learner:
            raise UseError(_UNKNOWN)
        assigned = take(Path(options.assignment), library, learner)
    except (ContentError, PathError) as error:
        raise UseError(str(error)) from None
    if ask is not None and (problem := keep_id(own, assigned.learner)):
        complain(problem)
    return assigned


def file_of(options: argparse.Namespace, assigned: Assigned) -> Path:
    """Return the file of what the learner did of an assignment. Raises PathError."""
    return assignment_file(progress_file(options.data), assigned.assignment.id, assigned.learner)


def progress(options: argparse.Namespace) -> int:
    """Print what is done of an assignment, and until when it is due."""
    try:
        library = library_of(options)
        assigned = taken(options, library)
        path = file_of(options, assigned)
        session = Session(library, assigned=assigned)
        if path.exists():
            session.open_store(path)
    except (UseError, StoreError) as error:
        return complain(str(error))
    if session.problem:
        return complain(session.problem)
    assert session.assignment is not None  # noqa: S101 - it was just handed over
    if options.json:
        say_json(as_json(session.assignment, assigned, library))
    else:
        _say(session.assignment, assigned, library)
    return 0


def _say(assignment: "Assignment", assigned: Assigned, library: Library) -> None:
    say(f"{assignment.title}, as {assigned.learner}: {assignment.summary()}.", "bold")
    if due := assignment.due():
        say(due)
    width = max(map(len, library.ids), default=0)
    for exercise in library.ids:
        work = assignment.work(exercise)
        most = assigned.points(exercise)
        points = f"{work.points(most):g} of {most} point{'s' * (most != 1)}"
        say(f"  {exercise:<{width}}  {assignment.word_of(exercise) or 'not begun'}, {points}")
    if how := assignment.to_hand_in():
        say(how)


def as_json(assignment: "Assignment", assigned: Assigned, library: Library) -> dict[str, object]:
    """Return what is done of an assignment as JSON."""
    until = assigned.until
    return {
        "assignment": assigned.assignment.id,
        "title": assignment.title,
        "learner": assigned.learner,
        "until": until.isoformat() if until is not None else None,
        "extended": assigned.extended,
        "exercises": [
            {
                "id": exercise,
                "seed": assigned.seed_of(exercise),
                "done": work.done,
                "right": sorted(work.right),
                "wrong": dict(sorted(work.wrong.items())),
                "late": work.late,
                "solution": sorted(work.looked_up),
                "repeated": work.repeated,
                "practice": work.practice,
                "right_no_try": work.no_try,
                "wrong_no_try": work.wrong_no_try,
                "points": work.points(assigned.points(exercise)),
                "of": assigned.points(exercise),
            }
            for exercise in library.ids
            for work in (assignment.work(exercise),)
        ],
    }
