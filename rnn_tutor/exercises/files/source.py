"""A content file's bytes and its text, before anybody asks what it means; and what is the most that is read of it."""

import os
import stat
from dataclasses import dataclass
from pathlib import Path
from typing import NoReturn

from rnn_tutor.exercises.files.finding import UNSHOWABLE, ContentError, Finding, shown

MOST_FINDINGS = 50  # of one file: more would only be scrolled past


@dataclass(frozen=True, slots=True)
class Limits:
    """How large a file may be: bytes, parse events, nesting, characters of one scalar."""

    size: int = 256 * 1024
    events: int = 20_000
    depth: int = 12
    scalar: int = 20_000


EXERCISE_LIMITS = Limits()


def read_bytes(file: Path, inside: Path | None = None, most: int = EXERCISE_LIMITS.size) -> bytes:
    """Return what is in `file`: a regular file, at most `most` bytes, whose real place is within `inside`.

    `inside` defaults to the file's own folder. Links are followed as long as they stay within. Raises ContentError.
    """
    try:
        real = file.resolve(strict=True)
        if not real.is_relative_to((inside or file.parent).resolve(strict=True)):
            refuse(file, "a link to a file outside its folder; expected the file itself")
        # Without O_NONBLOCK the opening of a named pipe would wait for ever; what it is, is looked at once it is open.
        flags = os.O_RDONLY | getattr(os, "O_NONBLOCK", 0) | getattr(os, "O_BINARY", 0)
        with open(os.open(real, flags), "rb") as opened:  # noqa: PTH123  (of a descriptor, not of a path)
            status = os.fstat(opened.fileno())
            if not stat.S_ISREG(status.st_mode):
                refuse(file, "not a regular file")
            if status.st_size > most:
                refuse(file, f"the file has {status.st_size:,} bytes; at most {most:,} are read")
            content = opened.read(most + 1)
    except FileNotFoundError:
        refuse(file, "there is no such file")
    except (OSError, ValueError, RuntimeError) as error:  # ValueError: NUL in a name; RuntimeError: links in a circle
        reason = getattr(error, "strerror", None) or str(error)
        refuse(file, f"the file cannot be read: {shown(reason)}")
    if len(content) > most:  # it grew since
        refuse(file, f"the file has more than {most:,} bytes; at most that many are read")
    return content


def decode(content: bytes, file: Path) -> str:
    """Return the text of a file's bytes, line ends made LF; ContentError unless it is plain UTF-8 text."""
    if b"\0" in content:
        line = content[: content.index(b"\0")].count(b"\n") + 1
        refuse(file, "a NUL byte: the file is not text; expected YAML in UTF-8", line)
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = content[: error.start].count(b"\n") + 1
        byte = content[error.start]
        refuse(file, f"the byte 0x{byte:02X} is not UTF-8; expected the file to be saved as UTF-8", line)
    text = text.replace("\r\n", "\n").replace("\r", "\n")
    findings: dict[int, Finding] = {}
    for match in UNSHOWABLE.finditer(text):
        line = text.count("\n", 0, match.start()) + 1
        if len(findings) >= MOST_FINDINGS:
            break
        if match.group() == "\t":
            sentence = "a tab; expected spaces (YAML does not indent with tabs)"
        else:
            sentence = f"the invisible character U+{ord(match.group()):04X}; expected printable text"
        findings.setdefault(line, Finding(file, line, "", sentence))
    if findings:
        raise ContentError(list(findings.values()))
    return text


def refuse(file: Path, sentence: str, line: int = 1) -> NoReturn:
    """Say why a file cannot be used, and stop."""
    raise ContentError([Finding(file, line, "", sentence)])
