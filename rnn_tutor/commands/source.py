"""What a command works on: the library, an exercise by its id or its file, the store."""

import argparse
import sys
from pathlib import Path
from typing import TYPE_CHECKING

from rnn_tutor.engine.errors import did_you_mean
from rnn_tutor.exercises.compiled import ExerciseError
from rnn_tutor.exercises.drawing import ask
from rnn_tutor.exercises.files.finding import told_once
from rnn_tutor.exercises.load import ContentError, Library, load_exercise
from rnn_tutor.exercises.model import Exercise
from rnn_tutor.exercises.question import Question
from rnn_tutor.paths import content_folders

from .output import complain, printable

if TYPE_CHECKING:
    from rnn_tutor.progress.attempt import Attempt


class UseError(Exception):
    """A command that cannot be done as it was asked; the text is the sentence that says why."""


def library_of(options: argparse.Namespace, *, quiet: bool = False) -> Library:
    """Return the library of the course and of the folders named; what is wrong in it goes to stderr.

    quiet: somebody else says that. Raises PathError for a folder that is not there.
    """
    library = Library(content_folders(options.content, only=options.only))
    for finding in () if quiet else told_once(library.findings, of_all_files=True):
        sys.stderr.write(f"rnn-tutor: {printable(str(finding))}\n")
    return library


def exercise_of(options: argparse.Namespace) -> tuple[Exercise, str]:
    """Return the exercise that is meant and the hash of its file, "" for one that is not in the library."""
    wanted: str = options.exercise
    try:
        if wanted.endswith((".yaml", ".yml")):
            return load_exercise(Path(wanted)), ""
        library = library_of(options)
        if wanted not in library.ids:
            near = did_you_mean(wanted, library.ids)
            raise UseError(f"There is no exercise {wanted}.{near} `rnn-tutor list` shows them all.")
        return library.exercise(wanted), library.hash(wanted)
    except ContentError as error:
        raise UseError(" ".join(str(finding) for finding in error.told[:5])) from None


def question_of(options: argparse.Namespace) -> tuple[Question, str]:
    """Return the question that is meant, with the numbers of the seed given, and the hash of its file."""
    exercise, digest = exercise_of(options)
    try:
        return ask(exercise, options.seed), digest
    except ExerciseError as error:
        raise UseError(f"The exercise {exercise.id} cannot be asked: {error}") from None


def keep(options: argparse.Namespace, attempt: "Attempt") -> None:
    """Put an attempt where progress is kept; where that cannot be done, say so on stderr."""
    from rnn_tutor.paths import PathError, progress_file
    from rnn_tutor.progress.store import Store, StoreError

    try:
        store = Store.open(progress_file(options.data))
        store.add(attempt)
        store.close()
    except (StoreError, PathError) as error:
        complain(f"{error} This attempt is not kept.")
