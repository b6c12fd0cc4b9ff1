"""What was typed and not checked: kept among the attempts, and counted nowhere. Pure: rows in, texts out.

A draft is a row whose verdict is DRAFT; its part is "" for the scratchpad. It holds until the same part is answered,
or another draft of it comes; an empty one says that nothing is left. Of an answer the scratchpad is left.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from typing import Any

from rnn_tutor.progress.attempt import DRAFT, MOST_TEXT, NOTE, RATED, Attempt

PAD = ""
PLACE = "@"
"""The part of what is kept of an exercise as it was left: its numbers, hints, solution; its text has the answers."""
_IN_FRONT = 3  # numbers of what is in front in a lab


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


@dataclass(frozen=True)
class LabLeft:
    """How a lab was left: where its controls stood, what was guessed at which prediction, and what was looked up.

    `judged` has for each prediction that was made its verdict, what was predicted, and what came: to work that out once
    more, a network might have to be trained. `place`, `control` and `figure` are those in front.
    """

    settings: Mapping[str, int | str] = field(default_factory=dict)
    guesses: Mapping[int, str] = field(default_factory=dict)
    judged: Mapping[int, tuple[str, str, str]] = field(default_factory=dict)
    looked_up: frozenset[int] = frozenset()
    place: int = 0
    control: int = 0
    figure: int = 0

    @property
    def text(self) -> str:
        """What is kept of it; nothing of what is too long."""
        import json

        kept = json.dumps(
            {
                "controls": dict(self.settings),
                "guesses": {str(place): text for place, text in self.guesses.items()},
                "judged": {str(place): list(told) for place, told in self.judged.items()},
                "looked up": sorted(self.looked_up),
                "in front": [self.place, self.control, self.figure],
            },
            ensure_ascii=False,
        )
        return kept if len(kept) <= MOST_TEXT else "{}"


def left_lab(place: Attempt) -> LabLeft:
    """Return how a lab was left; as it begins, where the text that is kept is none of ours."""
    import json

    try:
        kept = json.loads(place.text)
    except (ValueError, RecursionError):  # what another program has written
        return LabLeft()
    if not isinstance(kept, dict):
        return LabLeft()
    settings, guesses, judged = (_table(kept.get(name)) for name in ("controls", "guesses", "judged"))
    front = _numbers(kept.get("in front"))
    return LabLeft(
        {name: one for name, one in settings.items() if type(one) in (int, str)},
        {int(at): text for at, text in guesses.items() if at.isdecimal() and isinstance(text, str)},
        {
            int(at): (told[0], told[1], told[2])
            for at, told in judged.items()
            if at.isdecimal() and isinstance(told, list) and [type(one) for one in told] == [str] * 3
            if told[0] in ("right", "wrong")
        },
        frozenset(_numbers(kept.get("looked up"))),
        *(front if len(front) == _IN_FRONT else ()),
    )


def _table(kept: object) -> dict[str, Any]:
    return kept if isinstance(kept, dict) else {}


def _numbers(kept: object) -> list[int]:
    return [one for one in kept if type(one) is int and one >= 0] if isinstance(kept, list) else []


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
        drafts[PAD] = draft_in(attempt)


def draft_in(row: Attempt) -> Attempt:
    """Return the draft that a row is, or leaves: of an answer the scratchpad."""
    return row if row.verdict == DRAFT else replace(row, part=PAD, text=row.scratch, verdict=DRAFT)
