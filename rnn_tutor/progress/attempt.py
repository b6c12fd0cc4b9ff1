"""One attempt: what a learner typed to one part of a question, and what came of it."""

import math
import os
import re
from collections.abc import Sequence
from dataclasses import dataclass, field, fields, replace
from datetime import UTC, datetime, timedelta
from operator import itemgetter
from typing import Any

DRAFT = "draft"
"""The verdict of what was typed and not checked: no attempt, kept so that it is there again (see `drafts`)."""
RESET = "reset"
"""The verdict of a mark: what stands before it counts no more, of its exercise or, where that is "", of all."""
RATED = "rated"
"""The verdict of a row that is no answer: how the learner rates the round before it; its text is the rating."""
UNDO = "undo"
"""The verdict of a mark that takes a reset back: the one whose `uid` is its text."""
NOTE = "note"
"""The verdict of what is noted beside the answers: a unit that is known, a check, a way (see `notes`)."""
IN_A_SET = "#"
"""Stands before the part of a draft that was typed in a placement, a check or an exam: it has numbers of its own."""
MOST_TEXT = 8_000  # the longest answer there is (several lines)
MOST_GIVENS = 4 << 20  # 100,000 numbers written out in full are under 3 MB
_MOST_NAME = 2_000  # an expression may stand where a part's name does
_MOST_INTEGER = 2**63 - 1  # SQLite's
_UID = re.compile("[0-9a-f]{32}")
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


@dataclass(frozen=True, slots=True)
class Attempt:
    """One answer to one part, as it was marked. All of it is data, whatever a learner typed."""

    exercise: str
    content_hash: str
    """Of the exercise file, as `Library.hash` gives it."""
    seed: int | None
    """0 to 2**63 - 1; None for the original numbers."""
    givens: str
    """The numbers asked with, as JSON: marking again uses these, whatever the program would draw by then."""
    part: str
    text: str
    verdict: str
    score: float
    """0 to 1."""
    diagnosis: str
    """The kind of diagnosis, or "" where there was none."""
    hints: int
    """How many were open when the answer was given."""
    seconds: float
    """From seeing the question, or from the last answer to it, to this answer."""
    at: datetime
    """When, with a time zone. Not their order: that is the order in which they were added."""
    parts: int
    """How many parts the question has: with it, what is done can be told without the exercise files."""
    solution: bool = False
    """Whether the worked solution for these numbers was opened before the answer was given."""
    scratch: str = ""
    """What stood on the scratchpad, line by line."""
    rule: str = ""
    """The mistake that was named, by the id of its rule; "" for none. Two together are joined by +."""
    uid: str = field(default="", compare=False)
    """Which attempt this is, in whatever file it stands: 32 hexadecimal digits, "" until it is kept."""

    @property
    def numbers(self) -> tuple[str, int | None]:
        """What it was asked with: the numbers, and the seed, which orders the options where nothing is drawn."""
        return self.givens, self.seed

    @property
    def asked(self) -> tuple[int, int | None]:
        """The same in a few bytes, with a number for the givens: to tell rounds apart, in whatever process."""
        from zlib import adler32, crc32  # late: start-up time

        givens = self.givens.encode("utf-8", "surrogatepass")
        return crc32(givens) << 32 | adler32(givens), self.seed

    @property
    def counts(self) -> bool:
        """Whether it was a try: `rounded` and `not_understood` cost nothing and count nowhere."""
        return self.verdict in ("right", "wrong")


# The long ones last: SQLite reads a row from its start.
COLUMNS = (
    *("uid", "exercise", "content_hash", "seed", "part", "verdict", "score", "diagnosis", "hints", "solution"),
    *("seconds", "parts", "at", "rule", "text", "scratch", "givens"),
)


_NAMES = [one.name for one in fields(Attempt)]
_IN_ORDER = itemgetter(*map(COLUMNS.index, _NAMES))  # a row in the order of the fields
_AT, _SOLUTION = _NAMES.index("at"), _NAMES.index("solution")


def bounded(attempt: Attempt) -> Attempt:
    """Return the attempt as it can be kept: texts cut to their limits, numbers finite, the time in UTC.

    Raises ValueError where that would change what was asked: a seed or givens beyond all limits.
    """
    if attempt.seed is not None and not 0 <= attempt.seed <= _MOST_INTEGER:
        raise ValueError("its seed is not between 0 and 2**63 - 1")
    if len(attempt.givens) > MOST_GIVENS:
        raise ValueError("its numbers take more than 4 MB")
    return replace(
        attempt,
        exercise=_text(attempt.exercise, _MOST_NAME),
        content_hash=_text(attempt.content_hash, _MOST_NAME),
        seed=None if attempt.seed is None else int(attempt.seed),  # a NumPy integer is none of SQLite's
        givens=_text(attempt.givens, MOST_GIVENS),
        part=_text(attempt.part, _MOST_NAME),
        text=_text(attempt.text, MOST_TEXT),
        scratch=_text(attempt.scratch, MOST_TEXT),
        verdict=_text(attempt.verdict, _MOST_NAME),
        score=_number(attempt.score, 1.0),
        diagnosis=_text(attempt.diagnosis, _MOST_NAME),
        rule=_text(attempt.rule, _MOST_NAME),
        hints=max(0, int(attempt.hints)),
        seconds=_number(attempt.seconds, math.inf),
        at=attempt.at.astimezone(UTC),
        parts=max(1, int(attempt.parts)),
        uid=attempt.uid if is_uid(attempt.uid) else os.urandom(16).hex(),
    )


def is_uid(text: str) -> bool:
    """Tell whether a text can be the uid of an attempt."""
    return _UID.fullmatch(text) is not None


def microseconds(at: datetime) -> int:
    """Return a time as microseconds since 1970: where an attempt of that time stands in the order of a file."""
    return (at - _EPOCH) // timedelta(microseconds=1)


def to_row(attempt: Attempt) -> tuple[Any, ...]:
    """Return what is stored of a bounded attempt, in the order of COLUMNS."""
    values = {name: getattr(attempt, name) for name in COLUMNS}
    values["at"] = attempt.at.isoformat(timespec="microseconds")
    return tuple(values.values())


def from_row(row: Sequence[Any]) -> Attempt:
    """Return the attempt that a stored row tells of. Raises ValueError for a time that is none."""
    values = list(_IN_ORDER(row))
    at = datetime.fromisoformat(values[_AT])
    values[_AT] = at if at.tzinfo is UTC else at.astimezone(UTC)
    values[_SOLUTION] = bool(values[_SOLUTION])
    return Attempt(*values)


def _text(text: str, most: int) -> str:
    """Return text that SQLite can hold: cut at `most`; bytes that were never text are written out."""
    return text[:most].encode("utf-8", "backslashreplace").decode("utf-8")


def _number(value: float, most: float) -> float:
    """Return the value within 0 and `most`; SQLite would read NaN as missing and refuse the attempt."""
    return float(min(max(0.0, value), most)) if math.isfinite(value) else 0.0
