"""What an exercise's file says of the mistakes that it describes: a row of the class's server has only the kind."""

import time
from collections import defaultdict
from pathlib import Path
from typing import TYPE_CHECKING

from rnn_tutor.progress.attempt import Attempt

if TYPE_CHECKING:
    from rnn_tutor.commands.collecting.checking import Marker
    from rnn_tutor.progress.class_report import Terms

MOST_OF_ONE = 2.0  # seconds of CPU time for the answers of one learner: what they are, nobody has checked
MOST_SECONDS = 20.0  # for those of all; then mistakes are told by their kind
KIND = "authored"


class Naming:
    """Tells what is said of a mistake. The answers of a learner come in their order, and may come again from the first.

    Only a wrong answer of which the tutor said that the file describes it is marked again, and each once.
    """

    def __init__(self, folders: tuple[Path, ...], terms: "Terms", log: Path | None = None) -> None:
        """Take them from the course in these folders. log: of mistakes of rnn-tutor's own."""
        self._folders, self._terms, self._log = folders, terms, log
        self._marker: Marker | None = None
        self._said: dict[tuple[str, str], str] = {}  # by learner and uid
        self._at: dict[
            str, tuple[tuple[str, int | None], dict[str, str], set[str]]
        ] = {}  # of each learner: typed, right
        self._spent: defaultdict[str, float] = defaultdict(float)

    def __call__(self, learner: str, attempt: Attempt) -> str:
        """Return what the file says of a mistake, "" where it says nothing or nobody knows."""
        key = attempt.exercise, attempt.seed
        if learner not in self._at or self._at[learner][0] != key:
            self._at[learner] = key, {}, set()
        _, typed, right = self._at[learner]
        says = ""
        if attempt.verdict == "wrong" and attempt.diagnosis == KIND and not attempt.rule:
            known = learner, attempt.uid
            if known not in self._said and self._spent[learner] < MOST_OF_ONE and self._spent[""] < MOST_SECONDS:
                self._said[known] = self._timed(learner, attempt, typed, right)
            says = self._said.get(known, "")
        typed[attempt.part] = attempt.text
        if attempt.verdict == "right":
            right.add(attempt.part)
        return says

    def _timed(self, learner: str, attempt: Attempt, typed: dict[str, str], right: set[str]) -> str:
        if self._marker is None:
            from rnn_tutor.commands.collecting.checking import Marker, Source  # late: the engine

            self._marker = Marker(Source(self._folders, self._terms, self._log))
        began = time.thread_time()
        says = self._marker.says(attempt, typed, right)
        spent = time.thread_time() - began
        self._spent[learner] += spent
        self._spent[""] += spent  # no learner has this id
        return says
