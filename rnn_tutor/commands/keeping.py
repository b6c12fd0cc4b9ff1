"""reset, forget, backup, merge: what is kept of a learner's answers, and where.

None of these needs the course: an answer belongs to the id of its exercise, whether that can be read or not.
"""

import argparse
import sys
from pathlib import Path
from typing import TYPE_CHECKING

from rnn_tutor.engine.errors import did_you_mean
from rnn_tutor.exercises import words
from rnn_tutor.paths import progress_file, shown
from rnn_tutor.progress.database import StoreError
from rnn_tutor.progress.hosts import anything_kept

from .output import complain, say
from .sent import class_at, send
from .source import UseError, agreed
from .written import STANDARD, check_target, write

if TYPE_CHECKING:
    from rnn_tutor.progress.server.joined import Joined

_AT_CLASS = (
    "The class server erases yours there, those from your other machines too, and these machines erase their copies "
    "when they next reach it. To erase only here, first leave the class. "
)
NOTHING = "Nothing has been answered yet."


def reset(options: argparse.Namespace) -> int:
    """Have an exercise, or all, count as not begun; or take that back."""
    from rnn_tutor.progress import resets

    try:
        path = _kept_file(options)
        if options.undo:
            return _undo_reset(path, options)
        name = _meant(options)
        answers = _known(name, resets.counting(path))
        if not agreed(f"Count {_of(name)} as not begun? {_answers(answers)} no longer count.", options):
            return 1
        resets.reset(path, name)
    except (UseError, StoreError) as error:
        return complain(str(error))
    say(f"{_of(name, begin=True)} {'counts' if name else 'count'} as not begun. `rnn-tutor reset --undo` undoes this.")
    return 0


def _undo_reset(path: Path, options: argparse.Namespace) -> int:
    from rnn_tutor.progress import resets

    if options.exercise is not None or options.all:
        raise UseError("--undo undoes the last reset: do not name an exercise.")
    undone = resets.undo_reset(path)
    if undone is None:
        raise UseError("There is no reset to undo.")
    say(f"The reset of {_of(undone.exercise)} is undone: what was answered before it counts again.")
    return 0


def forget(options: argparse.Namespace) -> int:
    """Erase what was answered of an exercise, or all, for good."""
    from rnn_tutor.progress import erasing

    try:
        path = _kept_file(options)
        name = _meant(options)
        answers = _known(name, erasing.present(path))
        joined = class_at(path)
        there = _AT_CLASS if joined is not None and joined.may_erase else ""
        question = f"Erase {_answers(answers)} of {_of(name)} for good? {there}This cannot be undone."
        if not agreed(question, options):
            return 1
        at_class = joined is not None and joined.will_forget(name)  # before: whatever comes between, it is asked for
        erasing.erase(path, name)
        waiting = erasing.waiting(path)
    except (UseError, StoreError) as error:
        return complain(str(error))
    if waiting:
        say(f"{_answers(answers)} of {_of(name)} no longer {'counts' if answers == 1 else 'count'}.")
        say(f"To erase them on {', '.join(waiting)} too, start rnn-tutor there: it was in use a moment ago.")
    else:
        say(f"{_answers(answers)} of {_of(name)} {'is' if answers == 1 else 'are'} erased.")
    if joined is not None and at_class:
        _forget_at_class(joined)
    else:
        say("Your backups, and your other machines, still have their copies.")
    return 0


def _forget_at_class(joined: "Joined") -> None:
    """Have the server of the class erase it too, and say whether it has; if not, the tutor asks it again."""
    trouble = joined.forget_now()
    if trouble:
        say(f"The class server still has what was sent there. {trouble}")
        say("The tutor asks it again when you next open it.")
        say("Your other machines in this class erase their copies after that, when they next reach the server.")
    else:
        say("The class server has erased what was sent there.")
        say("Your other machines in this class erase their copies when they next reach it.")
    say("Your backups, and machines that are not in the class, still have theirs.")


def backup(options: argparse.Namespace) -> int:
    """Write all that is kept into a file."""
    from rnn_tutor.progress import backup as backups

    try:
        check_target(options.file, force=options.force)
        path = _kept_file(options)
        text = backups.written(path, ascii_only=options.file == STANDARD)
        write(options.file, text, force=options.force, private=True)
    except (UseError, StoreError) as error:
        return complain(str(error))
    if len(text) > backups.MOST_FILE and len(text.encode()) > backups.MOST_FILE:
        complain(f"This is over {backups.MOST_FILE >> 20} MB, more than `merge` reads: keep a copy of {shown(path)}.")
    if options.file != STANDARD:
        say(f"{words.times(text.count(chr(10)) - 1, 'line').capitalize()} written to {shown(Path(options.file))}.")
    return 0


def merge(options: argparse.Namespace) -> int:
    """Add what other files hold: all of it, or, where one of them cannot be taken, nothing."""
    from rnn_tutor.progress import merging
    from rnn_tutor.progress.backup import read

    try:
        others = [read(Path(name)) for name in options.files]
        merged = merging.merge(progress_file(options.data), others)
    except StoreError as error:
        return complain(f"{error} Nothing was merged.")
    say(f"{words.times(merged.new, 'line').capitalize()} added, {merged.known} already here.")
    if merged.forgotten:
        say(f"Left out, because you erased them: {merged.forgotten}.")
    if merged.new:
        sys.stdout.flush()
        send(options)
    return 0


def _kept_file(options: argparse.Namespace) -> Path:
    """Return the progress file. Raises UseError where there is none yet, so that none is made for this."""
    path = progress_file(options.data)
    if not anything_kept(path):
        raise UseError(NOTHING)
    return path


def _meant(options: argparse.Namespace) -> str:
    """Return the id that is named, or "" for --all. Raises UseError."""
    if options.all == (options.exercise is not None):
        raise UseError("Name one exercise or lab by its id, or --all for everything.")
    if options.exercise == "":
        raise UseError("An id cannot be empty; use --all for everything.")
    return options.exercise or ""


def _known(name: str, answers: dict[str, int]) -> int:
    """Return how many answers there are of an id, or of all. Raises UseError where nothing was answered of it."""
    if name and name not in answers:
        raise UseError(f"Nothing has been answered of {name}.{did_you_mean(name, answers)}")
    if not answers:
        raise UseError(NOTHING)
    return answers[name] if name else sum(answers.values())


def _of(name: str, *, begin: bool = False) -> str:
    return name or ("All exercises" if begin else "all exercises")


def _answers(count: int) -> str:
    return words.times(count, "answer")
