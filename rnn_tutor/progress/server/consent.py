"""What a learner is told before anything is sent to a class server, and what they answered. Nothing is sent before.

The answer is kept beside the progress, for all machines that share its folder. It holds for one server: whoever joins
another class is asked again.
"""

import json
import os
from collections.abc import Sequence
from contextlib import suppress
from pathlib import Path
from typing import NamedTuple

from rnn_tutor.paths import flags, shown

_FILE = "class-consent.json"
NOT_ASKED = "Nothing is sent to your class yet: you were not asked."
NOT_SENT = "Your answers are not sent to your class: you said no."
_MOST = 10_000  # bytes that are read


class Server(NamedTuple):
    """Where answers would go, in words: the class, the machine, and the id that they are seen under.

    key: tells this server and learner from all others. shared: this is an account that many share, which has joined.
    """

    title: str
    host: str
    learner: str
    key: str
    shared: bool = False


def question(server: Server, count: int) -> list[tuple[str, str]]:
    """Return what is sent to whom, as headings with a paragraph each; count: of the answers that would be sent now."""
    earlier = {0: "", 1: " The answer that is kept here is sent too."}.get(
        count, f" The {count} answers that are kept here are sent too."
    )
    joined = f"This account belongs to {server.title}." if server.shared else f"Your class is {server.title}."
    ends = (
        "Your lecturer can erase what was sent."
        if server.shared
        else ("`rnn-tutor forget` erases answers here and on the server. `rnn-tutor class leave` ends all of it.")
    )
    return [
        (
            "To whom",
            f"{joined} Your answers are sent to its class server on {server.host}. Your lecturer sees them under the "
            f"id {server.learner}, and so does whoever runs that machine. Other learners do not.",
        ),
        (
            "What is sent",
            "Each answer that you checked: the exercise and its numbers, what you typed, and the lines of the "
            "scratchpad that your answer uses. Also what the tutor said, which hints and solution were open, how long "
            f"it took, and when.{earlier}",
        ),
        (
            "What is not sent",
            "What you typed and did not check, the rest of the scratchpad, your settings, and your files.",
        ),
        (
            "How it ends",
            f"{ends} If you say no, everything works as before, and nothing is sent. You can change your answer in the "
            "settings.",
        ),
    ]


def in_one_sentence(server: Server) -> str:
    """Return what is sent to whom, for a command that is no place for more."""
    return (
        f"Your checked answers are sent to the class server of {server.title} on {server.host}. "
        f"Your lecturer sees them under the id {server.learner}."
    )


def answered(progress: Path, server: Server) -> bool | None:
    """Return whether the learner agreed; None where they were not asked about this server yet."""
    try:
        with progress.with_name(_FILE).open("rb") as file:
            found = json.loads(file.read(_MOST))
    except (OSError, ValueError, RecursionError):
        return None
    if not isinstance(found, dict) or found.get("server") != server.key or not isinstance(found.get("send"), bool):
        return None
    return bool(found["send"])


def keep(progress: Path, server: Server, *, send: bool) -> str:
    """Keep the learner's answer; returns why that cannot be done, "" where it was."""
    path = progress.with_name(_FILE)
    new = path.with_name(f"{_FILE}.{os.urandom(4).hex()}.new")
    try:
        path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        how = os.O_WRONLY | os.O_CREAT | os.O_EXCL | flags("O_NOFOLLOW")
        with os.fdopen(os.open(new, how, 0o600), "w", encoding="utf-8") as file:
            json.dump({"server": server.key, "send": send}, file)
        new.replace(path)
    except OSError as error:
        with suppress(OSError):
            new.unlink(missing_ok=True)
        return f"Your answer cannot be kept in {shown(path)}: {error.strerror}. You will be asked again."
    return ""


def remove(progress: Path) -> None:
    """Keep no answer any more: the learner has left the class."""
    progress.with_name(_FILE).unlink(missing_ok=True)


def waiting(count: int, refused: int, trouble: str) -> str:
    """Return in one sentence how far sending is; count: answers that wait. trouble: why, "" for no reason."""
    if count:
        why = trouble.partition(" (")[0]  # without the words of the system
        sentence = f"{_answers(count)} not sent yet{f': {why}' if why else ''}."
    else:
        sentence = "All answers are sent to the class server."
    if refused:
        sentence += f" {_answers(refused)} stay{'s' if refused == 1 else ''} here: the server takes none that large."
    return sentence


def _answers(count: int) -> str:
    return "1 answer" if count == 1 else f"{count} answers"


def paragraphs(server: Server, count: int) -> Sequence[str]:
    """Return the same as `question`, line by line, for where there is no screen."""
    return [f"{heading}. {text}" for heading, text in question(server, count)]
