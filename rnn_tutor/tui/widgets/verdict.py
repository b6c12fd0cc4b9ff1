"""What is said to an answer: a word, the diagnosis, and which elements are right; never by colour alone."""

from typing import TYPE_CHECKING

from textual.content import Content

from rnn_tutor.tui.showable import plain, prose

if TYPE_CHECKING:
    from rnn_tutor.exercises.mark import Verdict

LEADS = {
    "right": ("Right.", "bold ansi_green"),
    "rounded": ("Right, but rounded too far.", "bold"),
    "wrong": ("Not yet.", "bold ansi_yellow"),
}
_FEW = 8


def said(verdict: "Verdict", ascii_only: bool) -> Content:
    """Return the verdict as text."""
    if verdict.verdict == "not_understood":
        return _not_understood(verdict, ascii_only)
    word, style = LEADS[verdict.verdict]
    parts: list[Content | str | tuple[str, str]] = [(word, style)]
    if verdict.diagnosis is not None and verdict.diagnosis.says:
        parts += [" ", prose(verdict.diagnosis.says, ascii_only=ascii_only)]
    if verdict.verdict in ("right", "rounded") and verdict.fuller:
        parts.append(" In full: " + plain(verdict.fuller, ascii_only=ascii_only))
    marks = elements(plain(verdict.part, ascii_only=ascii_only), verdict.elements)
    if verdict.verdict == "wrong" and marks:
        parts += ["\n", marks]
    return Content.assemble(*parts)


def _not_understood(verdict: "Verdict", ascii_only: bool) -> Content:
    """Return what to say to a text that could not be read; what its reading says stands above it already."""
    error = verdict.reading.error
    says = verdict.diagnosis.says if verdict.diagnosis is not None else ""
    parts: list[Content | str | tuple[str, str]] = [("Not read, so not counted.", "bold")]
    if says and (error is None or says != error.says):
        parts += [" ", prose(says, ascii_only=ascii_only)]
    return Content.assemble(*parts)


def elements(name: str, right: object) -> str:
    """Return which elements are right, in words for a few, else as a grid of "ok" and "x"."""
    if not isinstance(right, list) or not right:
        return ""
    if not isinstance(right[0], list):
        if len(right) <= _FEW:
            return "   ".join(f"{name}[{at}] {_word(one)}" for at, one in enumerate(right))
        return f"{name}: wrong at " + ", ".join(str(at) for at, one in enumerate(right) if not one)
    if isinstance(right[0][0], list):
        return "\n".join(elements(f"{name}[{at}]", part) for at, part in enumerate(right))
    rows = ["  ".join("ok" if one else "x " for one in row) for row in right]
    head = f"{name}  "
    return "\n".join((head if at == 0 else " " * len(head)) + row.rstrip() for at, row in enumerate(rows)) + (
        "   (x: wrong)"
    )


def _word(right: bool) -> str:
    return "right" if right else "wrong"
