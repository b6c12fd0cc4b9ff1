"""Drafts: exercise files with `status: draft`, which their authors are at work on and learners do not meet.

Whoever asks for the exercise of such a file gets an error that has the draft, as from a file that cannot be read; so
nothing can ask, draw or count a draft by mistake.
"""

from collections.abc import Mapping
from pathlib import Path

from rnn_tutor.exercises.files.finding import ContentError, Finding, line_of, shown
from rnn_tutor.exercises.model import DraftExercise


class DraftError(ContentError):
    """A file is a draft; `findings` has what it needs."""

    def __init__(self, file: Path, draft: DraftExercise, lines: Mapping[str, int], hash: str) -> None:
        self.draft = draft
        self.lines = lines
        self.hash = hash
        needs = [(f"needs[{place}]", text) for place, text in enumerate(draft.needs)]
        super().__init__(
            [
                Finding(file, line_of(lines, key), key, shown(" ".join(text.split()), 300), "draft")
                for key, text in needs or [("status", "this is a draft")]
            ]
        )

    @property
    def says(self) -> str:
        """What it needs, in sentences that follow "It is a draft"."""
        needs = [" ".join(need.split()).rstrip(".") for need in self.draft.needs]
        return f" It needs: {'; '.join(needs)}." if needs else ""
