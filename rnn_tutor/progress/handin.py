"""A hand-in: the answers of one learner as a file of JSON Lines, in which each line names the one before it.

The first line says which format it is, whose answers these are and to which assignment ("" for none). Then comes a line
for each answer (see `events`), and a last one with their number. `before` in a line is the SHA-256 of the bytes of the
line above it, without its end. So a line that was changed, put in or taken out shows; one who writes the whole file
anew can make it fit, and no file can show that.

Editors and mail programs change what no line holds: white space at its end, how it ends, blank lines, a mark at the
beginning of the file. No line that `lines` writes has any of it, so a file is read without it.

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
MOST_LINES = 5 * MOST_ANSWERS  # those with nothing in them count too
MOST_HEAD = 2_000  # bytes of the first line
_HEAD, _END, _BEFORE = "rnn-tutor", "end", "before"
_MOST_NAME = 200  # characters of what the first line says
_MARK = b"\xef\xbb\xbf"
_BLANKS = b" \t\r\n\f\v"

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
    """What a file holds, as far as it can be read; `head` is None where it is no hand-in at all.

    lines: the number of the line of each attempt. saved: whether white space is not as it was written.
    """

    head: Head | None = None
    attempts: list[Attempt] = field(default_factory=list)
    lines: list[int] = field(default_factory=list)
    saved: bool = False
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
            return _head(_first(_Lines(file)))
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
        handed.trouble = Trouble("refused", f"it cannot be opened ({error.strerror or type(error).__name__})")
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


class _Lines:
    """The lines of a file without the white space at their ends, and without those that have nothing else.

    number: that of the last line. ended: whether that had a line feed. saved: whether anything was left out.
    """

    def __init__(self, file: BinaryIO) -> None:
        self._file = file
        self._left = MOST_FILE
        self.number = 0
        self.ended = True
        self.saved = False

    def next(self, most: int) -> bytes:
        """Return the next line, b"" where there is none. Raises _WrongError where it has more than so many bytes."""
        while line := self._file.readline(min(most, self._left) + 1):
            self._left -= len(line)
            self.number += 1
            self.ended = line.endswith(b"\n")
            if self.number > MOST_LINES:
                raise _WrongError("refused", f"it has more than {MOST_LINES:,} lines")
            if not self.ended and len(line) > most:
                raise _WrongError("refused", f"line {self.number} is longer than {most >> 20} MB")
            bare = (line.removeprefix(_MARK) if self.number == 1 else line).rstrip(_BLANKS)
            self.saved = self.saved or not bare or bare + b"\n" != line
            if bare:
                return bare
        self.number += 1
        return b""


def _read(file: BinaryIO, handed: Handed) -> None:
    lines = _Lines(file)
    try:
        _read_lines(lines, handed)
    finally:
        handed.saved = lines.saved


def _read_lines(lines: _Lines, handed: Handed) -> None:
    line = _first(lines)
    handed.head = _head(line)
    uids = set[str]()
    while True:
        before = _named(line)
        line = lines.next(events.MOST_LINE)
        number = lines.number
        if not line:
            raise _WrongError("damaged", "its end is missing")
        try:
            event = _data(line, number)
        except _WrongError:
            if lines.ended:
                raise
            raise _WrongError("damaged", f"it is cut off in line {number}") from None
        if event.pop(_BEFORE, None) != before:
            raise _WrongError("altered", f"line {number} does not follow from the line before it")
        if _END in event:
            return _finish(lines, handed, event, number)
        attempt = _answer(event, number)
        if attempt.uid in uids:
            raise _WrongError("altered", f"the answer of line {number} stands there twice")
        uids.add(attempt.uid)
        if len(uids) > MOST_ANSWERS:
            raise _WrongError("refused", f"it has more than {MOST_ANSWERS:,} answers")
        handed.attempts.append(attempt)
        handed.lines.append(number)


def _finish(lines: _Lines, handed: Handed, event: events.Event, number: int) -> None:
    if event != {_END: len(handed.attempts)} or event[_END] is True:
        raise _WrongError("altered", f"line {number} counts other answers than there are")
    if lines.next(events.MOST_LINE):
        raise _WrongError("altered", "there is something after its last line")


def _first(lines: _Lines) -> bytes:
    """Return the first line. Raises _WrongError where it is too long to be that of a hand-in."""
    try:
        return lines.next(MOST_HEAD)
    except _WrongError:
        raise _WrongError("foreign", "it is not a hand-in") from None


def _head(line: bytes) -> Head:
    """Return what a first line says. Raises _WrongError where it is none of a hand-in, or of a newer one."""
    if not line:
        raise _WrongError("damaged", "it is empty")
    try:
        data = events.read(line)
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
    if set(data) != {_HEAD, "version", *Head._fields} or len(texts) < len(said):
        raise _WrongError("damaged", "its first line is not whole")
    with suppress(PathError):
        if learner_id(texts[0]) == texts[0]:
            return Head(*texts)
    raise _WrongError("damaged", "its first line names no learner")


def _data(line: bytes, number: int) -> events.Event:
    try:
        return events.read(line)
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
