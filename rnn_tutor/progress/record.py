"""How an `Attempt` is made: the only place, whatever was answered, on a screen or by a command.

What was asked and what was said of the answer come as the few things that are kept of them: progress knows no exercise.
"""

import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Protocol, TypeAlias

from rnn_tutor.progress.attempt import DRAFT, NOTE, RATED, Attempt
from rnn_tutor.progress.clock import now


class _Numbers(Protocol):
    def tolist(self) -> object: ...


class _Named(Protocol):
    @property
    def id(self) -> str: ...


class _Lab(_Named, Protocol):
    @property
    def predict(self) -> Sequence[object]: ...


Given: TypeAlias = "_Numbers | tuple[int, ...]"
"""An array, or a shape where only that is given."""


class _Question(Protocol):
    """An exercise with the numbers that it is asked with."""

    @property
    def exercise(self) -> _Named: ...
    @property
    def seed(self) -> int | None: ...
    @property
    def givens(self) -> Mapping[str, Given]: ...
    @property
    def parts(self) -> Sequence[object]: ...


class _Bench(Protocol):
    """A lab with the numbers that it is played with."""

    @property
    def lab(self) -> _Lab: ...
    @property
    def seed(self) -> int | None: ...
    @property
    def givens(self) -> Mapping[str, Given]: ...


class _Diagnosis(Protocol):
    @property
    def kind(self) -> str: ...
    @property
    def rule(self) -> str: ...


class _Verdict(Protocol):
    """What was said of an answer to one part."""

    @property
    def part(self) -> str: ...
    @property
    def verdict(self) -> str: ...
    @property
    def score(self) -> float: ...
    @property
    def diagnosis(self) -> _Diagnosis | None: ...


class _Outcome(Protocol):
    """What was said of a prediction."""

    @property
    def part(self) -> str: ...
    @property
    def text(self) -> str: ...
    @property
    def verdict(self) -> str: ...


@dataclass
class Run:
    """What a learner has done with one set of numbers: hints opened, solution seen, scratchpad, and since when.

    since: the time of the last answer, to whichever part; before the first one that of the opening. A copy made with
    `copied` stays as it is when the learner goes on.
    """

    hints: int = 0
    solution: bool = False
    scratch: str = ""
    since: float = field(default_factory=time.monotonic)

    def begin(self, seconds: float = 0.0) -> None:
        """Count the time from now on, after so many seconds: what was made beforehand begins when it is seen."""
        self.since = time.monotonic() - seconds

    def lap(self) -> float:
        """Return the seconds since the last answer, or since the beginning, and begin to count anew.

        Each second is one answer's: the seconds of all answers are the time that the exercise took.
        """
        now = time.monotonic()
        seconds, self.since = now - self.since, now
        return seconds

    def copied(self) -> "Run":
        """Return what was done so far."""
        return Run(self.hints, self.solution, self.scratch, self.since)


def attempt_of(question: _Question, content_hash: str, verdict: _Verdict, text: str, run: Run | None = None) -> Attempt:
    """Return the attempt that an answer was; run: None for a command, which is given an answer and sees no work."""
    return Attempt(
        exercise=question.exercise.id,
        content_hash=content_hash,
        seed=question.seed,
        givens=givens_json(question.givens),
        part=verdict.part,
        text=text,
        verdict=verdict.verdict,
        score=verdict.score,
        diagnosis=verdict.diagnosis.kind if verdict.diagnosis is not None else "",
        hints=run.hints if run is not None else 0,
        seconds=run.lap() if run is not None else 0.0,
        at=now(),
        parts=len(question.parts),
        solution=run is not None and run.solution,
        scratch=run.scratch if run is not None else "",
        rule=verdict.diagnosis.rule if verdict.diagnosis is not None else "",
    )


def attempt_of_prediction(
    bench: _Bench, content_hash: str, outcome: _Outcome, run: Run | None = None, *, looked_up: bool = False
) -> Attempt:
    """Return the attempt that a prediction was; `looked_up`: what comes was looked up first, as a solution is."""
    return Attempt(
        exercise=bench.lab.id,
        content_hash=content_hash,
        seed=bench.seed,
        givens=givens_json(bench.givens),
        part=outcome.part,
        text=outcome.text,
        verdict=outcome.verdict,
        score=float(outcome.verdict == "right"),
        diagnosis="",
        hints=0,
        seconds=run.lap() if run is not None else 0.0,
        at=now(),
        parts=len(bench.lab.predict),
        solution=looked_up,
    )


def draft_of(question: _Question, content_hash: str, part: str, text: str, run: Run) -> Attempt:
    """Return what is kept of a text that was not checked; see `drafts`. It holds for any numbers: none are kept."""
    return Attempt(
        exercise=question.exercise.id,
        content_hash=content_hash,
        seed=question.seed,
        givens="{}",
        part=part,
        text=text,
        verdict=DRAFT,
        score=0.0,
        diagnosis="",
        hints=run.hints,
        seconds=0.0,
        at=now(),
        parts=len(question.parts),
        solution=run.solution,
    )


def draft_of_lab(bench: _Bench, content_hash: str, part: str, text: str) -> Attempt:
    """Return what is kept of a lab that was left; see `drafts`."""
    return replace(mark_of(bench.lab.id, DRAFT, text), content_hash=content_hash, seed=bench.seed, part=part)


def mark_of(exercise: str, verdict: str, text: str = "") -> Attempt:
    """Return a row that is no attempt but says something of all before it; see `resets`."""
    return Attempt(
        exercise=exercise,
        content_hash="",
        seed=None,
        givens="{}",
        part="",
        text=text,
        verdict=verdict,
        score=0.0,
        diagnosis="",
        hints=0,
        seconds=0.0,
        at=now(),
        parts=1,
    )


def rating_of(last: Attempt, rating: str) -> Attempt:
    """Return the row that says how the learner rates a round; last: an answer of that round, whose numbers it has."""
    return replace(
        mark_of(last.exercise, RATED, rating),
        content_hash=last.content_hash,
        seed=last.seed,
        givens=last.givens,
        part=last.part,
        parts=last.parts,
    )


def note_of(kind: str, about: str = "", text: str = "") -> Attempt:
    """Return a note, which is no attempt: its kind, the unit that it is about ("": the course), and what it says."""
    return replace(mark_of(about, NOTE, text), part=kind)


def givens_json(givens: Mapping[str, Given]) -> str:
    """Return givens as JSON, as an attempt keeps them; {"shape": [...]} where only that is given."""
    import json  # late: the first frame needs none

    return json.dumps(
        {name: {"shape": list(value)} if isinstance(value, tuple) else value.tolist() for name, value in givens.items()}
    )
