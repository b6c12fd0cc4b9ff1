"""What a command works on: the library, an exercise by its id or its file, the store."""

import argparse
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from rnn_tutor.engine.errors import did_you_mean
from rnn_tutor.engine.training.corpus import plain_text
from rnn_tutor.engine.training.limits import MOST_BYTES, MOST_CHARACTERS
from rnn_tutor.exercises import words
from rnn_tutor.exercises.compiled import ExerciseError
from rnn_tutor.exercises.drawing import ask
from rnn_tutor.exercises.files.finding import told_once
from rnn_tutor.exercises.load import ContentError, Library
from rnn_tutor.exercises.model import Exercise
from rnn_tutor.exercises.question import Question
from rnn_tutor.exercises.read import load_exercise
from rnn_tutor.exercises.trouble import why_not
from rnn_tutor.paths import content_folders

from .output import complain, fitted

if TYPE_CHECKING:
    from rnn_tutor.progress.attempt import Attempt
    from rnn_tutor.progress.notes import Notes


class UseError(Exception):
    """A command that cannot be done as it was asked; the text is the sentence that says why."""


def library_of(options: argparse.Namespace, *, quiet: bool = False) -> Library:
    """Return the library of the course and of the folders named; what is wrong in it goes to stderr.

    quiet: somebody else says that. Raises PathError for a folder that is not there.
    """
    library = Library(content_folders(options.content, only=options.only))
    for finding in () if quiet else told_once(library.findings, of_all_files=True):
        complain(str(finding))
    return library


def exercise_of(options: argparse.Namespace) -> tuple[Exercise, str]:
    """Return the exercise that is meant and the hash of its file, "" for one that is not in the library."""
    name: str = options.exercise
    try:
        if name.endswith((".yaml", ".yml")):
            return load_exercise(Path(name)), ""
        library = library_of(options)
        if name not in library.exercises:
            near = did_you_mean(name, library.ids)
            raise UseError(f"There is no exercise {name}.{near} `rnn-tutor list` shows them all.")
        return library.exercise(name), library.hash(name)
    except ContentError as error:
        raise UseError(why_not("exercise", name, error, paths=True)) from None


def agreed(question: str, options: argparse.Namespace, *, otherwise: str = "Nothing was changed.") -> bool:
    """Ask, and tell whether the answer is yes; if not, say `otherwise`. Raises UseError where nobody can be asked."""
    if options.yes:
        return True
    if not sys.stdin.isatty():
        raise UseError("There is no terminal to ask you here: add --yes.")
    sys.stderr.write(f"{fitted(f'{question} Type yes:', sys.stderr)} ")
    sys.stderr.flush()
    if sys.stdin.readline().strip().lower() in ("yes", "y"):
        return True
    complain(otherwise)
    return False


def text_of(options: argparse.Namespace) -> str:
    """Return the text of the file that was named for networks to learn, "" for none. Raises UseError."""
    if not options.text:
        return ""
    path = Path(options.text)
    try:
        if not path.is_file():
            raise UseError(f"{path} is not a file that can be read as text.")
        with path.open("rb") as file:
            text = file.read(MOST_BYTES + 1).decode("utf-8", errors="replace")
    except OSError as error:
        raise UseError(f"{path} cannot be read: {error.strerror}.") from None
    if len(text) > MOST_CHARACTERS:
        raise UseError(f"{path} has more than {MOST_CHARACTERS:,} characters; use a part of it.")
    if not plain_text(text):
        raise UseError(f"{path} has no letter, digit or sign to train on.")
    return text


def question_of(options: argparse.Namespace) -> tuple[Question, str]:
    """Return the question that is meant, with the numbers of the seed given, and the hash of its file."""
    exercise, digest = exercise_of(options)
    return question_with_seed(exercise, options.seed), digest


def attempts_at(path: Path) -> "list[Attempt]":
    """Return all attempts; none where nothing was kept yet, and no file is made for that. Raises StoreError."""
    return past_at(path)[0]


def _kept_at(path: Path) -> "list[Attempt]":
    from rnn_tutor.progress.hosts import others
    from rnn_tutor.progress.store import Store

    try:
        path.stat()
    except FileNotFoundError:
        if not others(path):
            return []
    except OSError:
        pass  # the store says in its own words why it cannot be read
    store = Store.open(path)
    kept = list(store.kept())
    store.close()
    for sentence in sorted(store.missing):
        complain(f"{sentence} What is in it is left out here.")
    return kept


def past_at(path: Path) -> "tuple[list[Attempt], Notes]":
    """Return all attempts, and what is noted beside them; as `attempts_at` does. Raises StoreError."""
    from rnn_tutor.progress.notes import apart

    return apart(_kept_at(path))


def question_with_seed(exercise: Exercise, seed: int | None) -> Question:
    """Return an exercise with the numbers of a seed. Raises UseError."""
    try:
        return ask(exercise, seed)
    except ExerciseError as error:
        raise UseError(why_not("exercise", exercise.id, error)) from None


def answers(options: argparse.Namespace, names: Sequence[str]) -> list[tuple[str, str]]:
    """Return the answers given, each with its part: that of --part, or the parts from the first on, in order.

    Raises UseError where it is not clear which part is meant.
    """
    texts: list[str] = options.text
    several = words.enumerated(names)
    if options.part is not None and len(texts) > 1:
        raise UseError("--part takes one answer. Without it, give the answers of the parts in order.")
    if options.part is not None:
        return [(known_part(options.part, names), texts[0])]
    if len(texts) > len(names):
        count = "is one part" if len(names) == 1 else f"are {len(names)} parts"
        quote = " Put an answer with spaces in quotes." if len(names) == 1 else ""
        raise UseError(f"There {count} ({several}), and {len(texts)} answers were given.{quote}")
    if texts.count("-") > 1:
        raise UseError("Only one answer can be read from standard input.")
    return list(zip(names, texts, strict=False))


def known_part(name: str, names: Sequence[str]) -> str:
    """Return the name of a part. Raises UseError for that of none."""
    if name not in names:
        raise UseError(
            f"There is no part {name}; there {'is' if len(names) == 1 else 'are'} {words.enumerated(names)}."
        )
    return name


def status(verdicts: Sequence[str]) -> int:
    """Return the exit status of verdicts: 0 all right, 2 one not understood, else 1."""
    if "not_understood" in verdicts:
        return 2
    return 0 if all(verdict == "right" for verdict in verdicts) else 1


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
