"""What is said to an answer: a word, the diagnosis, and which elements are right; never by colour alone."""

from collections.abc import Callable, Iterator
from typing import TYPE_CHECKING

from textual.content import Content

from rnn_tutor.exercises.verdict import RIGHT_AFTER, named_in_diagnosis, places_of
from rnn_tutor.tui.safe_content import plain, prose
from rnn_tutor.tui.widgets.said import lead

if TYPE_CHECKING:
    from rnn_tutor.exercises.question import Part
    from rnn_tutor.exercises.verdict import Verdict
    from rnn_tutor.tui.visits import Change

_LEADS = {
    "right": "Right.",
    "rounded": "Nearly.",
    "wrong": "Not yet.",
    "not_understood": "Not read, so not counted.",
}
_FEW = 8
_QUOTED = 40  # characters of an answer
_PICKED = ("choice", "checklist")


Key = Callable[[str], str]  # what the key of a binding is called, by its id


def verdict_text(
    part: "Part",
    verdict: "Verdict",
    ascii_only: bool,
    changed: "Change | None" = None,
    key: Key | None = None,
    *,
    looked_up: bool = False,
    reason_of: int | None = None,
) -> Content:
    """Return the verdict as text; where what it is about has `changed` since, it says so first and is dim.

    `key` names the keys for what is to be done next. looked_up: the solution was open before the answer was given.
    reason_of: of the reasons for each option, only that of this one, by its number.
    """
    words = RIGHT_AFTER if looked_up and verdict.verdict == "right" else _LEADS[verdict.verdict]
    if changed is None:
        said = Content.assemble(lead(verdict.verdict, words), _further(part, verdict, ascii_only, reason_of))
        return Content("\n").join([said, _next(verdict, ascii_only, key)]) if verdict.next else said
    if verdict.verdict == "not_understood":
        return Content()
    text = verdict.reading.text.strip()
    quoted = f' "{plain(text, ascii_only=ascii_only)}"' if len(text) <= _QUOTED and "\n" not in text else ""
    about = f"Your earlier answer{quoted}" if changed == "text" else "Before you changed another answer or the pad"
    return Content(f"{about}: {words}{_further(part, verdict, ascii_only, reason_of).plain}").stylize("dim")


def _next(verdict: "Verdict", ascii_only: bool, key: Key | None) -> Content:
    """Return what to do next, and with which keys."""
    text = prose(verdict.next, ascii_only=ascii_only)
    diagnosis = verdict.diagnosis
    ways = [("new-numbers", "those numbers")] if diagnosis is not None and diagnosis.differs is not None else []
    ways += [("step", "check it"), ("hint", "a hint")] if diagnosis is not None and diagnosis.step else []
    named = ", ".join(f"{key(name)}: {says}" for name, says in ways) if key is not None else ""
    return Content.assemble(text, (f" ({named})", "dim")) if named else text


def _further(part: "Part", verdict: "Verdict", ascii_only: bool, reason_of: int | None) -> Content:
    """Return what is said after the first words."""
    parts: list[Content | str | tuple[str, str]] = []
    # What could not be read says why in the line above already.
    if verdict.says and verdict.verdict != "not_understood":
        parts += [" ", prose(verdict.says, ascii_only=ascii_only)]
    fuller = verdict.fuller if part.kind != "program" else ""  # what it returns stands above
    if verdict.verdict == "right" and fuller and not verdict.reading.says.endswith(fuller):
        if part.kind in _PICKED:  # a line for the reason of each option
            lines = fuller.splitlines() if reason_of is None else list(_about(fuller, reason_of))
            parts += [piece for line in lines for piece in ("\n", prose(line, ascii_only=ascii_only))]
        else:
            parts += [" In full: ", prose(fuller, ascii_only=ascii_only)]
    if verdict.verdict == "wrong" and part.kind not in _PICKED and not named_in_diagnosis(verdict):
        name = plain(part.name, ascii_only=ascii_only)
        marks = axes(verdict.elements) if part.kind == "shape" else elements(name, verdict.elements)
        parts += ["\n", marks] if marks else []
    return Content.assemble(*parts)


def _about(reasons: str, option: int) -> Iterator[str]:
    """Give the lines of the reason for one option: each reason begins with its number, as `mark` has them."""
    number = ""
    for line in reasons.splitlines():
        head = line.removeprefix("Not ").partition(":")[0]
        number = head if head.isdecimal() else number
        if number == str(option):
            yield line


def axes(right: object) -> str:
    """Return which sizes of a shape are right, in words."""
    if not isinstance(right, list):
        return ""
    return "   ".join(f"axis {axis} {_word(is_right)}" for axis, is_right in enumerate(right))


def elements(name: str, right: object) -> str:
    """Return which elements are right: a few in words, a small matrix as a grid, else counted."""
    flat = list(_flat(right)) if isinstance(right, list) else []
    if not flat or not isinstance(right, list):
        return ""
    if not isinstance(right[0], list) and len(right) <= _FEW:
        return "   ".join(f"{name}[{place}] {_word(is_right)}" for place, is_right in enumerate(right))
    if isinstance(right[0], list) and len(right) <= _FEW and len(flat) <= _FEW * _FEW:
        rows = ["  ".join("ok" if is_right else "x " for is_right in _flat(row)).rstrip() for row in right]
        head = f"{name}  "
        return (
            "\n".join((head if place == 0 else " " * len(head)) + row for place, row in enumerate(rows))
            + "   (x: wrong)"
        )
    first = next((place for place, is_right in places_of(right) if not is_right), ())
    count = f"{sum(flat)} of {len(flat)} {'is' if sum(flat) == 1 else 'are'} right"
    return f"{count}; the first wrong one is {name}[{', '.join(map(str, first))}]"


def _flat(right: object) -> Iterator[bool]:
    if isinstance(right, list):
        for nested in right:
            yield from _flat(nested)
    else:
        yield bool(right)


def _word(right: bool) -> str:
    return "right" if right else "wrong"
