"""What stands beside the list of the course on a wide screen: how far one is, the aim, and the page of a unit."""

from collections.abc import Callable
from typing import TYPE_CHECKING

from textual.content import Content

from rnn_tutor.progress.summary import predicted
from rnn_tutor.tui.screens.progress import tally
from rnn_tutor.tui.visits import TroubleError

if TYPE_CHECKING:
    from rnn_tutor.exercises.model import Unit
    from rnn_tutor.tui.rows import Row
    from rnn_tutor.tui.session import Session

    Show = Callable[..., Content]


def overview(row: "Row", session: "Session", show: "Show", prose: "Callable[[object], Content]") -> Content:
    """Return what there is to say of a row of a unit: of itself, of its unit, and the unit's page."""
    assert row.unit is not None  # noqa: S101 - said of rows of units only
    unit = row.unit
    parts: list[Content] = []
    if row.entry is not None:
        parts += [show(row.entry.title, style="bold"), show(_progress(row, session)), Content()]
    parts += [show(unit.title, style="bold"), show(_done(unit, session))]
    if unit.aim.strip():
        parts += [Content(), Content.assemble(("Aim  ", "bold"), prose(unit.aim))]
    needed, better_first = session.needs(unit)
    if needed:
        parts.append(Content.assemble(("Needs  ", "bold"), show(", ".join(one.title for one in needed))))
    if better_first:
        parts.append(
            Content.assemble(("Best done first  ", "bold"), show(", ".join(one.title for one in better_first)))
        )
    if session.library.has_page(unit.id):
        try:
            parts += [Content(), prose(session.page(unit.id).text)]
        except TroubleError as error:
            parts += [Content(), show(error)]
    return Content("\n").join(parts)


def _progress(row: "Row", session: "Session") -> str:
    standing = session.standings.get(row.id)
    if row.kind == "lab":
        return f"lab, {predicted(standing)}" if standing is not None else "lab, not begun"
    if row.kind == "draft":
        return "a draft, which is not finished"
    level = f"level {getattr(row.entry, 'level', 1)}"
    how = " ".join(tally(standing, row.id in session.due).split()) if standing is not None else "not begun"
    return f"{level}, {how}"


def _done(unit: "Unit", session: "Session") -> str:
    done, total = session.tally(unit)
    if not total:
        return "no exercises"
    mastered, due = session.mastered(unit), session.due_in(unit)
    more = [f"{count} {word}" for count, word in ((mastered, "mastered"), (due, "due again")) if count]
    return ", ".join([f"{done} of {total} exercise{'s' * (total != 1)} done", *more])
