"""A hand-in: the answers of one learner as a file of JSON Lines, in which each line names the one before it.

The first line says which format it is, whose answers these are and to which assignment ("" for none). Then comes a line
for each answer (see `events`), and a last one with their number. `before` in a line is the SHA-256 of the bytes of the
line above it, without its end. So a line that was changed, put in or taken out shows; one who writes the whole file
anew can make it fit, and no file can show that.

A file that is read is foreign. It is read line by line within bounds, and nothing it says is believed but that.
"""

import hashlib
import os
import stat
from collections.abc import Iterable, Iterator
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import BinaryIO, Literal, NamedTuple, TypeAlias

from rnn_tutor.paths import PathError, flags, learner_id
from rnn_tutor.progress import events
from rnn_tutor.progress.attempt import Attempt

VERSION = 1
MOST_FILE = 50 << 20  # bytes
MOST_ANSWERS = 20_000
MOST_HEAD = 2_000  # bytes of the first line
FIRST_ANSWER = 2
"""The line of the first answer; each of the others has the next one."""
_HEAD, _END, _BEFORE = "rnn-tutor", "end", "before"
_MOST_NAME = 200  # characters of what the first line says

Kind: TypeAlias = Literal["damaged", "altered", "foreign", "refused"]


class Head(NamedTuple):
    """What the first line says: whose answers, to which assignment ("": none), and which rnn-tutor has written it."""

    learner: str
    assignment: str
    program: str


class Trouble(NamedTuple):
    """What is wrong with a file: its kind, and how, in words that follow the kind."""

    kind: Kind
    says: str


@dataclass
class Handed:
    """What a file holds, as far as it can be read; `head` is None where it is no hand-in at all."""

    head: Head | None = None
    attempts: list[Attempt] = field(default_factory=list)
    trouble: Trouble | None = None


class _WrongError(Exception):
    def __init__(self, kind: Kind, says: str) -> None:
        super().__init__(says)
        self.trouble = Trouble(kind, says)


def lines(head: Head, attempts: Iterable[Attempt]) -> Iterator[bytes]:
    """Yield the lines of a hand-in, each with its end. What is no answer is left out."""
    first = {_HEAD: "hand-in", "version": VERSION, **head._asdict()}
    line = events.written(first)
    yield line + b"\n"
    count = 0
    for attempt in attempts:
        if events.is_event(attempt):
            count += 1
            line = events.written({_BEFORE: _named(line), **events.as_event(attempt)})
            yield line + b"\n"
    yield events.written({_BEFORE: _named(line), _END: count}) + b"\n"


def head_of(path: Path) -> Head | None:
    """Return what the first line of a file says; None where it is no hand-in, or none that can be read."""
    try:
        with _opened(path) as file:
            return _head(file.readline(MOST_HEAD + 1))
    except (_WrongError, OSError, ValueError):
        return None


def read(path: Path) -> Handed:
    """Return what a hand-in holds, up to where something is wrong with it; never raises for what a file is."""
    handed = Handed()
    try:
        with _opened(path) as file:
            _read(file, handed)
    except _WrongError as error:
        handed.trouble = error.trouble
    except OSError as error:
        handed.trouble = Trouble("refused", f"it cannot be read: {error.strerror or type(error).__name__}")
    except ValueError:  # a null character in the name
        handed.trouble = Trouble("refused", "this is not the name of a file")
    return handed


def _opened(path: Path) -> BinaryIO:
    """Open a file; whatever else is there is not waited for."""
    descriptor = os.open(path, os.O_RDONLY | flags("O_NONBLOCK", "O_CLOEXEC", "O_BINARY"))
    try:
        status = os.fstat(descriptor)
        if not stat.S_ISREG(status.st_mode):
            raise _WrongError("refused", "it is not a file")
        if status.st_size > MOST_FILE:
            raise _WrongError("refused", f"it has {status.st_size >> 20} MB, more than {MOST_FILE >> 20}")
    except BaseException:
        os.close(descriptor)
        raise
    return os.fdopen(descriptor, "rb")


def _read(file: BinaryIO, handed: Handed) -> None:
    line = file.readline(MOST_HEAD + 1)
    handed.head = _head(line)
    left, number, uids = MOST_FILE, 1, set[str]()
    while True:
        before = _named(line.removesuffix(b"\n"))
        number += 1
        line = file.readline(min(events.MOST_LINE, left) + 1)
        left -= len(line)
        if not line.endswith(b"\n"):
            if len(line) > events.MOST_LINE:
                raise _WrongError("refused", f"line {number} is longer than {events.MOST_LINE >> 20} MB")
            raise _WrongError("damaged", f"it is cut off in line {number}" if line else "its end is missing")
        event = _data(line, number)
        if event.pop(_BEFORE, None) != before:
            raise _WrongError("altered", f"line {number} does not follow from the line before it")
        if _END in event:
            return _finish(file, handed, event, number)
        attempt = _answer(event, number)
        if attempt.uid in uids:
            raise _WrongError("altered", f"the answer of line {number} stands there twice")
        uids.add(attempt.uid)
        if len(uids) > MOST_ANSWERS:
            raise _WrongError("refused", f"it has more than {MOST_ANSWERS:,} answers")
        handed.attempts.append(attempt)


def _finish(file: BinaryIO, handed: Handed, event: events.Event, number: int) -> None:
    if event != {_END: len(handed.attempts)} or event[_END] is True:
        raise _WrongError("altered", f"line {number} counts other answers than there are")
    if file.read(1):
        raise _WrongError("altered", "there is something after its last line")


def _head(line: bytes) -> Head:
    """Return what a first line says. Raises _WrongError where it is that of no hand-in, or of a newer one."""
    try:
        data = events.read(line.removesuffix(b"\n"))
    except ValueError:
        raise _WrongError("foreign", "it is not a hand-in") from None
    version = data.get("version")
    if data.get(_HEAD) != "hand-in" or not isinstance(version, int) or isinstance(version, bool):
        raise _WrongError("foreign", "it is not a hand-in")
    if version != VERSION:
        raise _WrongError(
            "foreign", f"it is from another rnn-tutor (version {version} of the format, known: {VERSION})"
        )
    said = [data.get(name) for name in Head._fields]
    texts = [text for text in said if isinstance(text, str) and len(text) <= _MOST_NAME]
    if set(data) != {_HEAD, "version", *Head._fields} or len(texts) < len(said) or not line.endswith(b"\n"):
        raise _WrongError("damaged", "its first line is not whole")
    with suppress(PathError):
        if learner_id(texts[0]) == texts[0]:
            return Head(*texts)
    raise _WrongError("damaged", "its first line names no learner")


def _data(line: bytes, number: int) -> events.Event:
    try:
        return events.read(line.removesuffix(b"\n"))
    except ValueError as error:
        raise _WrongError("damaged", f"line {number}: {error}") from None


def _answer(event: events.Event, number: int) -> Attempt:
    try:
        return events.from_event(event)
    except ValueError as error:
        raise _WrongError("damaged", f"line {number}: {error}") from None


def _named(line: bytes) -> str:
    """Return what the next line calls this one."""
    return hashlib.sha256(line).hexdigest()
