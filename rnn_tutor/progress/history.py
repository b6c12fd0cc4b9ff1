"""What all that is kept amounts to, taken in row by row: a million rows need not be in memory for it. Pure."""

from collections.abc import Iterable

from rnn_tutor.progress.attempt import DRAFT, NOTE, Attempt
from rnn_tutor.progress.drafts import note
from rnn_tutor.progress.notes import Notes
from rnn_tutor.progress.review import Rounds
from rnn_tutor.progress.summary import Mistakes, Standing, count

MOST_KEPT = 20_000
"""Attempts that are kept as they are: more than anybody makes in years. A million would fill the memory."""


class History:
    """Standings, rounds, mistakes, drafts and notes, by all rows so far; `log`: the attempts, None where too many."""

    def __init__(self, rows: Iterable[Attempt] = ()) -> None:
        """Take rows in, in the order in which they were added."""
        self.count = 0
        self.log: list[Attempt] | None = []
        self.standings: dict[str, Standing] = {}
        self.rounds = Rounds()
        self.mistakes = Mistakes()
        self.notes = Notes()
        self.left: dict[str, dict[str, Attempt]] = {}
        for row in rows:
            self.add(row)

    def add(self, row: Attempt) -> None:
        """Take one more row in."""
        if row.verdict == NOTE:
            self.notes.add(row)
            return
        drafts = self.left.get(row.exercise)
        if drafts or row.verdict == DRAFT or row.scratch:
            note(self.left.setdefault(row.exercise, {}), row)
        if row.verdict == DRAFT:
            return
        self.count += 1
        if self.log is not None:
            self.log.append(row)
            if len(self.log) > MOST_KEPT:
                self.log = None
        count(self.standings, row)
        self.rounds.add(row)
        self.mistakes.add(row)

    @property
    def drafts(self) -> dict[str, dict[str, Attempt]]:
        """What is left to go on with, as `drafts.latest_drafts` gives it."""
        return {exercise: drafts for exercise, drafts in self.left.items() if drafts}
