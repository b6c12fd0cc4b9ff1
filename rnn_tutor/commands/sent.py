"""What commands do about the class that was joined: they tell what is sent, send for a moment, and have it erased.

No command waits for a server for longer than a moment; what is left goes out the next time.
"""

import argparse
import sys
from typing import TYPE_CHECKING

from rnn_tutor.paths import MEMBERSHIP, PathError, progress_file

from .output import complain

if TYPE_CHECKING:
    from pathlib import Path

    from rnn_tutor.progress.server.joined import Joined

_MOMENT = 1.0  # seconds
ASK = "The tutor, `rnn-tutor practice --plain` and `rnn-tutor class join` ask you."


def class_at(progress: "Path | None") -> "Joined | None":
    """Return the class that was joined on an account, None where none was, or where its file cannot be read."""
    if progress is None or not progress.with_name(MEMBERSHIP).exists():
        return None
    from rnn_tutor.progress.server.joined import joined
    from rnn_tutor.progress.server.membership import MembershipError

    try:
        return joined(progress)
    except MembershipError as error:
        complain(str(error))
        return None


def class_of(options: argparse.Namespace) -> "Joined | None":
    """Return the class that was joined where progress is kept."""
    try:
        return class_at(progress_file(options.data))
    except PathError:  # told by whoever keeps something there
        return None


def state_of(options: argparse.Namespace) -> str:
    """Return how far sending is, in one sentence; "" where no class was joined."""
    here = class_of(options)
    return here.state() if here is not None else ""


def answer(options: argparse.Namespace) -> int:
    """Check an answer, and then send what was kept, for a moment at most."""
    from .exercise import answer as check

    status = check(options)
    if not options.no_save:
        sys.stdout.flush()
        send(options)
    return status


def send(options: argparse.Namespace) -> None:
    """Send what waits, for a moment; where the learner was not asked yet, say so, and send nothing."""
    here = class_of(options)
    if here is None:
        return
    if here.agreed is None:
        complain(f"Nothing is sent to {here.server.title}, because you were not asked yet. {ASK}")
    elif here.agreed and not here.failed_just_now():
        here.sender().send_now(_MOMENT)
