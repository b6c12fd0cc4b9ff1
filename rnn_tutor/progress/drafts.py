"""What was typed and not checked: kept among the attempts, and counted nowhere. Pure: rows in, texts out.

A draft is a row whose verdict is DRAFT; its part is "" for the scratchpad. It holds until the same part is answered,
or another draft of it comes; an empty one says that nothing is left. Of an answer the scratchpad is left.
"""

from collections.abc import Iterable
from dataclasses import replace

from rnn_tutor.progress.attempt import DRAFT, NOTE, RATED, Attempt

PAD = ""
IN_A_SET = "#"
"""Stands before the part of what is typed in a placement, a check or an exam: it has numbers of its own."""


def latest_drafts(attempts: Iterable[Attempt]) -> dict[str, dict[str, Attempt]]:
    """Return what is left to go on with: of each exercise, the draft of each part.

    attempts: in the order in which they were added, as `Store.kept` gives them.
    """
    by_exercise: dict[str, dict[str, Attempt]] = {}
    for attempt in attempts:
        if attempt.verdict == NOTE:
            continue
        note(by_exercise.setdefault(attempt.exercise, {}), attempt)
    return {exercise: drafts for exercise, drafts in by_exercise.items() if drafts}


def note(drafts: dict[str, Attempt], attempt: Attempt) -> None:
    """Note in what is left of one exercise that a row was added."""
    if attempt.verdict == RATED:
        return
    if attempt.verdict == DRAFT and attempt.text.strip():
        drafts[attempt.part] = attempt
    else:
        drafts.pop(attempt.part, None)
    if attempt.verdict != DRAFT and attempt.scratch.strip():
        drafts[PAD] = replace(attempt, part=PAD, text=attempt.scratch, verdict=DRAFT)
