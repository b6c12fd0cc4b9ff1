"""hand-in: a learner's answers as one file for the lecturer."""

import argparse
import sys
from pathlib import Path
from typing import TYPE_CHECKING

from rnn_tutor.crash_log import version_of
from rnn_tutor.exercises import words
from rnn_tutor.paths import progress_file, shown
from rnn_tutor.progress import events, handin
from rnn_tutor.progress.learner import id_of
from rnn_tutor.progress.store import StoreError

from .output import complain, say_beside
from .source import UseError, agreed, attempts_at, library_of
from .written import STANDARD, check_target, write

if TYPE_CHECKING:
    from rnn_tutor.progress.attempt import Attempt

_UNKNOWN = "Name your id with --learner ID: your lecturer knows your answers by it."


def hand_in(options: argparse.Namespace) -> int:
    """Write the answers to an assignment, or all answers, into a file."""

    try:
        learner, assignment, kept = _answers(options)
        answers = [attempt for attempt in kept if events.is_event(attempt)]
        if not answers:
            raise UseError("There is nothing to hand in yet: nothing has been answered.")
        head = handin.Head(learner, assignment, version_of("rnn-tutor"))
        target = options.file or "-".join(filter(None, ("hand-in", learner, assignment))) + ".jsonl"
        if target == STANDARD:
            _to_stdout(head, answers)
        elif not _into(target, head, answers, options):
            return 1
    except (UseError, StoreError) as error:
        return complain(str(error))
    if len(answers) > handin.MOST_ANSWERS:
        complain(f"These are over {handin.MOST_ANSWERS:,} answers, more than `collect` reads: name an assignment.")
    if target != STANDARD:
        count = words.times(len(answers), "answer").capitalize()
        say_beside(f"{count} written to {shown(Path(target))}. Give this file to your lecturer as it is.", target)
    return 0


def _answers(options: argparse.Namespace) -> "tuple[str, str, list[Attempt]]":
    """Return whose answers are handed in, to which assignment, and what was kept. Raises UseError, StoreError."""
    if options.assignment is not None:
        from .assignments import file_of, taken

        assigned = taken(options, library_of(options, quiet=True))
        return assigned.learner, assigned.assignment.id, attempts_at(file_of(options, assigned))
    path = progress_file(options.data)
    learner = id_of(path, options.learner)
    if not learner:
        raise UseError(_UNKNOWN)
    return learner, "", attempts_at(path)


def _into(target: str, head: handin.Head, answers: "list[Attempt]", options: argparse.Namespace) -> bool:
    """Write a file as a whole; one that is no hand-in of the same only if that is agreed. Raises UseError."""
    path = Path(target)
    before = handin.head_of(path)
    same = before is not None and before[:2] == head[:2]
    check_target(target, force=True)  # a folder, or no folder to write into
    if path.exists() and not same and not options.force:
        whose = f"the hand-in of {before.learner}" if before is not None else "no hand-in"
        there = f"{shown(path)} is there already and is {whose}"
        if not sys.stdin.isatty():
            raise UseError(f"{there}; --force writes over it.")
        options.yes = False
        if not agreed(f"{there}. Overwrite it?", options):
            return False
    write(target, b"".join(handin.lines(head, answers)), force=True, private=True)
    return True


def _to_stdout(head: handin.Head, answers: "list[Attempt]") -> None:
    """Write to standard output, as the bytes that the lines are chained by."""
    sys.stdout.flush()
    for line in handin.lines(head, answers):
        sys.stdout.buffer.write(line)
    sys.stdout.buffer.flush()
