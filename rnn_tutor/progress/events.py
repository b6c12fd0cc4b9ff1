"""An attempt as an event: what leaves a machine of it, as a line of JSON in a hand-in or a row of a class server.

What was typed and not checked, notes, resets and ratings are no events. Of the scratchpad an event has the lines whose
names the answer reads, for without them it says nothing; the others stay with the learner.

What comes in is foreign. A line is an event only if it is, to the last byte, what is written of the attempt that it
tells of.
"""

import json
import re
from collections.abc import Mapping
from dataclasses import fields
from typing import Any, TypeAlias

from rnn_tutor.progress.attempt import Attempt, bounded, is_uid

Event: TypeAlias = dict[str, str | int | float | bool | None]

VERDICTS = ("right", "rounded", "wrong", "not_understood")
MOST_LINE = 10 << 20  # bytes: givens of 4 MB with each quote escaped, and two long texts
MOST_LINES = 50  # of a scratchpad, as `exercises.scratch` reads them
MOST_COUNTED = 2**31  # hints and parts
MOST_SECONDS = 1e9
_FIELDS = tuple(field.name for field in fields(Attempt))
_NAME = re.compile(r"[^\W\d]\w*")
_ASSIGNS = re.compile(r"\s*(?:>>>|\.\.\.|In ?\[\d*\]:)?\s*([^\W\d]\w*)\s*=(?!=)")


def is_event(attempt: Attempt) -> bool:
    """Tell whether an attempt is an answer that was marked: no draft, note, mark or rating."""
    return attempt.verdict in VERDICTS


def as_event(attempt: Attempt) -> Event:
    """Return what leaves the machine of an answer. Raises ValueError for what is none, or beyond its bounds."""
    if not is_event(attempt):
        raise ValueError("it is not an answer")
    if not is_uid(attempt.uid):
        raise ValueError("it has not been kept yet")
    attempt = bounded(attempt)
    event = {name: getattr(attempt, name) for name in _FIELDS}
    event["at"] = attempt.at.isoformat(timespec="microseconds")
    event["scratch"] = "\n".join(lines_read(attempt.text, attempt.scratch))
    return event


def from_event(event: Mapping[str, Any]) -> Attempt:
    """Return the attempt that an event tells of. Raises ValueError, in a few words, for what is no event."""
    import msgspec  # late: start-up time

    missing, unknown = set(_FIELDS) - event.keys(), event.keys() - set(_FIELDS)
    if missing or unknown:
        raise ValueError(f"it has no {min(missing)}" if missing else "it has a field that no event has")
    try:
        attempt = msgspec.convert(dict(event), Attempt)
        whole = attempt.at.tzinfo is not None and bounded(attempt) == attempt and as_event(attempt) == event
    except (msgspec.ValidationError, OverflowError, RecursionError):
        raise ValueError("a field is of another type than it should be") from None
    if not whole or attempt.seconds > MOST_SECONDS or max(attempt.hints, attempt.parts) >= MOST_COUNTED:
        raise ValueError("a field is beyond its bounds")
    return bounded(attempt)


def written(data: Mapping[str, object]) -> bytes:
    """Return data as one line of JSON in UTF-8, without its end.

    What is not printable is escaped, so that nothing in it acts on a terminal. Of the same data it is the same line.
    """
    text = json.dumps(data, ensure_ascii=False, allow_nan=False, separators=(",", ":"))
    if not text.isprintable():
        text = "".join(char if char.isprintable() else _escaped(char) for char in text)
    return text.encode("utf-8")


def read(line: bytes) -> Event:
    """Return the data of a line that `written` has made. Raises ValueError for any other, however long or deep."""
    import msgspec

    if len(line) > MOST_LINE:
        raise ValueError(f"it is longer than {MOST_LINE >> 20} MB")
    try:
        data: Event = msgspec.json.decode(line, type=Event)  # no lists and no objects are made of it
        again = written(data)
    except (msgspec.DecodeError, UnicodeError, RecursionError, OverflowError, ValueError):
        raise ValueError("it is not a JSON object of texts and numbers") from None
    if again != line:
        raise ValueError("it is not written as rnn-tutor writes it")
    return data


def lines_read(text: str, scratch: str) -> list[str]:
    """Return the lines of a scratchpad that an answer reads by their names, and those that these read; in order."""
    if "=" not in scratch:
        return []
    wanted = set(_NAME.findall(text))
    kept: list[str] = []
    lines = [line for line in scratch.split("\n") if line.strip()][:MOST_LINES]
    for line in reversed(lines):
        assigned = _ASSIGNS.match(line)
        if assigned is not None and assigned[1] in wanted:
            kept.append(line)
            wanted |= set(_NAME.findall(line))
    return kept[::-1]


def _escaped(char: str) -> str:
    return json.dumps(char, ensure_ascii=True)[1:-1] if char != "\x7f" else "\\u007f"
