"""How rows of the course, and what is said of them below the list, are written: one line each, in columns."""

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING

from textual.content import Content

from rnn_tutor.tui.widgets.frame import ACCENT

if TYPE_CHECKING:
    from rnn_tutor.exercises.model import Unit
    from rnn_tutor.progress.queue import Planned
    from rnn_tutor.tui.rows import Row
    from rnn_tutor.tui.session import Session

    Show = Callable[..., Content]

_TITLE = 44
BESIDE = 25  # columns of a row that are not its title: tick, level, and a word on how far one is
_SYMBOLS = 22
_PAGE = "Read this first"
_MARKS = {"": " ", "begun": "~", "done": "x", "mastered": "*"}
_FIRST = (": best done first", "bold")


def _titled(text: object, width: int, show: "Show", *, style: str = "", more: int = 0) -> Content:
    """Return a title, in a column as far as it fits there; longer ones are cut where there is no room beside them."""
    room = max(12, width - BESIDE)
    title = show(text, style=style)
    return title.truncate(max(min(_TITLE, room), min(room, title.cell_length)) + more, ellipsis=True, pad=True)


def due_line(planned: "Sequence[Planned]", width: int, key: str) -> Content:
    """Return the line of what is due: how many exercises, how long they take, and the key for it."""
    from rnn_tutor.progress.queue import MOST, time_of  # late: when it is known what is due, it is imported

    count = "1 exercise" if len(planned) == 1 else f"{len(planned)} exercises"
    first = f"the first {MOST} about" if len(planned) > MOST else "about"
    return Content(f"  Due for review: {count}, {first} {time_of(planned[:MOST])} ({key})").truncate(
        width, ellipsis=True
    )


def heading(row: "Row", width: int, show: "Show") -> Content:
    """Return the line above a group of rows: of what another folder brought (a rule across), or of what was found."""
    title = show(row.text, style="bold")
    if not row.across:
        return title
    dashes = max(0, width - title.cell_length - 4)
    return Content.assemble(("── ", "dim"), title, (" " + "─" * dashes, "dim"))


def unit_line(row: "Row", count: str, width: int, show: "Show", *, unfolded: bool, word: str = "") -> Content:
    """Return a unit's line: whether it is unfolded, its title, how much of it is done, and a word."""
    title = _titled(row.unit.title if row.unit else row.id, width, show, style="bold", more=4)
    style = f"bold {ACCENT}" if word.startswith("next") else ""
    return Content.assemble("- " if unfolded else "+ ", title, f"  {count:<10}", (word, style))


def noted(unit: "Unit", session: "Session") -> list[str]:
    """Return what is noted of a unit, in a few words: that it is known, and what came of its last check."""
    words = ["known"] if session.known(unit) else []
    if (check := session.notes.checks.get(unit.id)) is not None:
        words.append(f"check {check.over.right}/{check.over.of}")
    return words


def written(row: "Row", session: "Session", following: str | None, width: int, show: "Show") -> Content:
    """Return the line of an exercise, a draft, a page, a lab, a word of the glossary, or of what is wrong."""
    if row.kind == "trouble":
        return Content.assemble("  [!] ", show(row.text))
    if row.kind == "page":
        bad = session.library.pages.unreadable(row.id)
        title = _titled(row.unit.title if row.text and row.unit else _PAGE, width, show)
        return Content.assemble("  [!] " if bad else "      ", title, "  page      ", "unreadable" if bad else "")
    if row.kind == "draft":
        title = _titled(row.entry.title if row.entry else row.id, width, show, style="dim")
        return Content.assemble("      ", title, "  ", (f"{'draft':<10}", "dim"))
    if row.kind == "lab":
        return _lab(row, session, width, show)
    if row.kind == "term":
        return Content.assemble("      ", _titled(row.id, width, show), "  ", show(row.symbols))
    return _exercise(row, session, following, width, show)


def _lab(row: "Row", session: "Session", width: int, show: "Show") -> Content:
    """A lab is done when every question about it was answered, however."""
    standing = session.standings.get(row.id)
    bad = session.lab_unreadable(row.id)
    answered = len(standing.tried) if standing is not None else 0
    done = standing is not None and answered >= standing.parts
    mark, word = ("!", "unreadable") if bad else ("x", "done") if done else ("~", "begun") if answered else (" ", "")
    title = _titled(row.entry.title if row.entry else row.id, width, show)
    return Content.assemble(f"  [{mark}] ", title, f"  {'lab':<10}", word)


def _exercise(row: "Row", session: "Session", following: str | None, width: int, show: "Show") -> Content:
    state, bad = session.state(row.id), session.unreadable(row.id)
    words = ((bad, "unreadable"), (row.id in session.due, "due again"), (row.id == following, "next"))
    word = next((word for holds, word in words if holds), state)
    if session.assignment is not None and not bad:
        word = session.assignment.word_of(row.id) or word
    mark = "!" if bad else _MARKS[state]
    title = _titled(row.entry.title if row.entry else row.id, width, show)
    level = getattr(row.entry, "level", 1)
    style = f"bold {ACCENT}" if row.id == following else ""
    return Content.assemble(f"  [{mark}] ", title, f"  level {level}   ", (word, style))


def needs(unit: "Unit", session: "Session", show: "Show", prose: "Callable[[object], Content]") -> Content:
    """Return what a unit is for and what it needs, and which of that would be better done first."""
    needed, better_first = session.needs(unit)
    parts: list[Content | str | tuple[str, str]] = [show(unit.title, style="bold")]
    partly = 0 < len(better_first) < len(needed)
    told = [one for one in needed if one not in better_first] if partly else needed
    if told:
        parts += ["  needs ", show(", ".join(needed_unit.title for needed_unit in told))]
    if partly:
        parts += ["; ", ("do first: ", "bold"), show(", ".join(needed_unit.title for needed_unit in better_first))]
    elif better_first:
        parts += [_FIRST]
    return Content.assemble(*parts, "\n", prose(unit.aim))
