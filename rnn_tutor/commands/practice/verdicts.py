"""What is told of a verdict beside its words: which elements are wrong, how many parts are right, what can be typed."""

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING

from rnn_tutor.exercises import words
from rnn_tutor.exercises.verdict import named_in_diagnosis, places_of

if TYPE_CHECKING:
    from rnn_tutor.exercises.question import Part
    from rnn_tutor.exercises.verdict import Verdict

_MOST = 8  # wrong elements that are named


def elements(part: "Part", verdict: "Verdict") -> str:
    """Return which elements of a wrong answer are wrong, in words; "" where the verdict says it, or nothing does."""
    right = verdict.elements
    if verdict.verdict != "wrong" or not isinstance(right, list) or part.kind in ("choice", "checklist"):
        return ""
    places = list(places_of(right))
    if named_in_diagnosis(verdict):
        return ""
    wrong = [place for place, is_right in places if not is_right]
    named = [f"axis {place[0]}" if part.kind == "shape" else words.cell_name(part.name, place) for place in wrong]
    if len(wrong) == len(places):
        return "No element is right yet." if len(places) > 1 else ""
    more = f" and {len(named) - _MOST} more" if len(named) > _MOST else ""
    return f"{len(places) - len(wrong)} of {len(places)} are right. Wrong: {', '.join(named[:_MOST])}{more}."


def tally(parts: "Sequence[Part]", verdicts: "Mapping[str, Verdict]") -> str:
    """Return how many parts are right, and which are open."""
    still_open = [part.name for part in parts if part.name not in verdicts or verdicts[part.name].verdict != "right"]
    right = f"{len(parts) - len(still_open)} of {words.times(len(parts), 'part')} right."
    return f"{right} Open: {', '.join(still_open)}." if still_open else right


def ways(verdict: "Verdict") -> str:
    """Return what can be typed to do what a verdict says next."""
    diagnosis = verdict.diagnosis
    if diagnosis is None or not verdict.next:
        return ""
    numbers = [":new asks with those numbers"] if diagnosis.differs is not None else []
    return ", ".join([*numbers, *([":step checks it", ":hint opens a hint"] if diagnosis.step else [])])
