"""What is noted beside the answers: units that are known, checks and exams, the way through the course. Pure.

A note is a row among the attempts whose verdict is NOTE. Its part is the kind of note; its exercise is the unit that it
is about, "" for the course; its text is what is noted. It is added, merged, reset and erased as any other row, and of
several on the same thing the last one holds.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Annotated, Literal, NamedTuple, TypeVar

import msgspec
from msgspec import Meta

from rnn_tutor.progress.attempt import DRAFT, NOTE, Attempt

_Note = TypeVar("_Note", "Begun", "Over")
MOST_QUESTIONS = 200
MOST_MINUTES = 24 * 60
_Number = Annotated[int, Meta(ge=0, le=MOST_QUESTIONS)]
_Units = Annotated[list[Annotated[str, Meta(max_length=64)]], Meta(max_length=1_000)]
_Mark = Annotated[str, Meta(max_length=32)]
Sort = Literal["placement", "check", "exam"]
KNOWN, UNKNOWN = "known", "unknown"
"""A unit whose question of a placement was answered right, or not."""
WAY = "way"
"""The way through the course that was chosen, by its id; "" for none."""
WELCOMED = "welcomed"
"""The first screen was there, and was left."""
BEGUN, OVER = "begun", "over"
"""A placement, a check or an exam was begun, or is over."""


class Begun(msgspec.Struct, frozen=True):
    """A set of questions that was begun: all that is needed to ask the same ones again.

    seed: draws the questions and their numbers. minutes: how long there is (0: as long as one likes). mark: which one
    it is, in whatever file.
    """

    sort: Sort
    units: _Units
    seed: Annotated[int, Meta(ge=0, le=2**63 - 1)]
    questions: _Number
    minutes: Annotated[int, Meta(ge=0, le=MOST_MINUTES)]
    mark: _Mark


class Over(msgspec.Struct, frozen=True):
    """What came of a set of questions: how many were right, of how many."""

    sort: Sort
    units: _Units
    right: _Number
    of: _Number
    mark: _Mark


class Result(NamedTuple):
    """What came of a check or an exam, and when."""

    over: Over
    at: datetime


@dataclass
class Notes:
    """What the notes amount to."""

    known: dict[str, datetime] = field(default_factory=dict)
    """The units that are known, and when that was shown."""
    checks: dict[str, Result] = field(default_factory=dict)
    """The last check of each unit."""
    exams: list[Result] = field(default_factory=list)
    way: str = ""
    count: int = 0
    _begun: dict[str, tuple[Begun, datetime]] = field(default_factory=dict)

    @classmethod
    def of(cls, rows: Iterable[Attempt]) -> "Notes":
        """Return what notes amount to, in the order in which they were added."""
        notes = cls()
        for row in rows:
            notes.add(row)
        return notes

    def add(self, row: Attempt) -> None:
        """Take one more note; what no rnn-tutor has written says nothing."""
        self.count += 1
        if row.part == KNOWN:
            self.known[row.exercise] = row.at
        elif row.part == UNKNOWN:
            self.known.pop(row.exercise, None)
        elif row.part == WAY:
            self.way = row.text
        elif row.part == BEGUN and (begun := _decoded(row.text, Begun)) is not None:
            self._begun[begun.mark] = begun, row.at
        elif row.part == OVER and (over := _decoded(row.text, Over)) is not None:
            self._begun.pop(over.mark, None)
            if over.sort == "check":
                self.checks[row.exercise] = Result(over, row.at)
            elif over.sort == "exam":
                self.exams.append(Result(over, row.at))

    def under_way(self, sort: Sort) -> tuple[Begun, datetime] | None:
        """Return the last set of this sort that was begun and is not over, and when it was begun."""
        return next((one for one in reversed(self._begun.values()) if one[0].sort == sort), None)


def apart(kept: Sequence[Attempt]) -> tuple[list[Attempt], Notes]:
    """Return the attempts of what is kept, and what its notes amount to; drafts are neither."""
    log = [row for row in kept if row.verdict not in (DRAFT, NOTE)]
    return log, Notes.of(row for row in kept if row.verdict == NOTE)


def deadline(begun: Begun, at: datetime) -> datetime | None:
    """Return when a set of questions that was begun then is over, None where there is no limit."""
    return at + timedelta(minutes=begun.minutes) if begun.minutes > 0 else None


def encoded(what: Begun | Over) -> str:
    """Return what stands in the text of a note."""
    return msgspec.json.encode(what).decode()


def _decoded(text: str, kind: type[_Note]) -> _Note | None:
    try:
        return msgspec.json.decode(text, type=kind)
    except (msgspec.DecodeError, UnicodeError, RecursionError):
        return None
