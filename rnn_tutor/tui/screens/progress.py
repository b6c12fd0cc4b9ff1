"""What has been done: for each exercise, how often and with what result."""

from typing import TYPE_CHECKING

from textual.content import Content

from rnn_tutor.tui.screens.text import TextScreen

if TYPE_CHECKING:
    from rnn_tutor.progress.store import Attempt

_WORDS = {"done": "done", "begun": "begun", "new": ""}


class ProgressScreen(TextScreen):
    """A table of the course's exercises with the attempts at each."""

    name_shown = "Progress"

    def text(self) -> Content:
        """Return the table."""
        by_exercise: dict[str, list[Attempt]] = {}
        for attempt in self.session.attempts():
            by_exercise.setdefault(attempt.exercise, []).append(attempt)
        lines: list[Content] = []
        done = total = 0
        for unit in self.session.course.units:
            lines.append(self.show(unit.title, style="bold"))
            for entry in unit.exercises:
                standing = self.session.standing(entry.id)
                total += 1
                done += standing == "done"
                title = self.show(entry.title).truncate(38, pad=True)
                row = f"  {_WORDS[standing]:<7}{_tally(by_exercise.get(entry.id, []))}"
                lines.append(Content.assemble("  ", title, row.rstrip()))
            lines.append(Content())
        head = f"{done} of {total} exercises done. Everything that was answered is kept."
        return Content("\n").join([Content(head), Content(), *lines])


def _tally(attempts: "list[Attempt]") -> str:
    """Return a few words on the attempts at one exercise."""
    counted = [attempt for attempt in attempts if attempt.verdict in ("right", "wrong")]
    if not counted:
        return ""
    right = sum(attempt.verdict == "right" for attempt in counted)
    last = counted[-1].at.astimezone().strftime("%Y-%m-%d")
    return f"{right} right of {len(counted)}   last {last}"
