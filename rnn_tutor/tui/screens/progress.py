"""What has been done: for each exercise, how often and with what result."""

from typing import TYPE_CHECKING

from textual.content import Content

from rnn_tutor.progress.summary import predicted
from rnn_tutor.tui.screens.text import TextScreen

if TYPE_CHECKING:
    from datetime import datetime

    from rnn_tutor.progress.summary import Standing

_TITLE = 36


class ProgressScreen(TextScreen):
    """A table of the course's exercises, each with how it went."""

    name_shown = "Progress"

    def text(self) -> Content:
        """Return the table."""
        session = self.session
        every = [entry.id for _, entry in session.entries()]
        done = sum(session.done(one) for one in every)
        lines = [Content(f"{done} of {len(every)} exercises done. Every answer is kept."), Content()]
        session.find_due()
        if session.due:
            which = "one is" if len(session.due) == 1 else f"{len(session.due)} are"
            lines[1:1] = [Content(f"Of these {which} due: a good day to do them again, with new numbers (F4 there).")]
        if session.problem:
            lines[1:1] = [self.show(session.problem, style="bold")]
        for unit in session.course.units:
            lines.append(self.show(unit.title, style="bold"))
            for entry in unit.exercises:
                title = self.show(entry.title).truncate(_TITLE, pad=True)
                went = tally(session.standings.get(entry.id), entry.id in session.due)
                lines.append(Content.assemble("  ", title, f"  {went}"))
            for lab in unit.labs:
                standing = session.standings.get(lab.id)
                title = self.show(lab.title).truncate(_TITLE, pad=True)
                lines.append(
                    Content.assemble("  ", title, f"  lab    {predicted(standing) if standing else ''}".rstrip())
                )
            lines.append(Content())
        return Content("\n").join(lines)


def tally(standing: "Standing | None", due: bool = False) -> str:
    """Return a few words on how it went with an exercise."""
    if standing is None:
        return ""
    word = "done" if standing.done else "begun" if standing.tries else "seen"
    tries = f"{standing.tries} {'try' if standing.tries == 1 else 'tries'}"
    last = f"last {_day(standing.last)}" if standing.last else ""
    again = "  due" if due else ""
    return f"{word:<6} {tries:<9} {last}{again}".rstrip()


def _day(when: "datetime") -> str:
    """Return a day as it is called here; the very last day there is may not have a tomorrow."""
    try:
        return f"{when.astimezone():%Y-%m-%d}"
    except OverflowError:
        return f"{when:%Y-%m-%d}"
