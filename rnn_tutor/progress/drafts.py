"""What was typed and not checked: kept among the attempts, and counted nowhere. Pure: rows in, texts out.

A draft is a row whose verdict is DRAFT; its part is "" for the scratchpad. It holds until the same part is answered,
or another draft of it comes; an empty one says that nothing is left. Of an answer the scratchpad is left.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace

from rnn_tutor.progress.attempt import DRAFT, MOST_TEXT, NOTE, RATED, Attempt

PAD = ""
PLACE = "@"
"""The part of what is kept of an exercise as it was left: its numbers, hints, solution; its text has the answers."""


@dataclass(frozen=True)
class Answers:
    """The answers that stood on the lines of an exercise when it was left, by part; which were looked up before."""

    texts: Mapping[str, str] = field(default_factory=dict)
    looked_up: frozenset[str] = frozenset()

    @property
    def text(self) -> str:
        """What is kept of them; without the answers, where there is no room for them."""
        import json  # late, here and below: the first frame knows of drafts

        kept = json.dumps({"answers": dict(self.texts), "looked up": sorted(self.looked_up)}, ensure_ascii=False)
        return kept if len(kept) <= MOST_TEXT else "{}"


def answers_of(place: Attempt) -> Answers:
    """Return the answers that are kept with a place; none where its text is none of ours."""
    import json

    try:
        kept = json.loads(place.text)
    except (ValueError, RecursionError):  # what another program has written
        return Answers()
    texts = kept.get("answers") if isinstance(kept, dict) else None
    looked_up = kept.get("looked up") if isinstance(kept, dict) else None
    return Answers(
        {part: text for part, text in texts.items() if isinstance(text, str)} if isinstance(texts, dict) else {},
        frozenset(part for part in looked_up if isinstance(part, str)) if isinstance(looked_up, list) else frozenset(),
    )


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
