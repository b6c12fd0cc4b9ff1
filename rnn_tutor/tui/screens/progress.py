"""What has been done: for each exercise, how often and with what result."""

from collections.abc import Iterator
from datetime import datetime
from typing import TYPE_CHECKING

from textual.content import Content

from rnn_tutor.progress.summary import LOOKED_UP, predicted
from rnn_tutor.tui import keys
from rnn_tutor.tui.review import due_now, how_far, this_week
from rnn_tutor.tui.screens.text import TextScreen
from rnn_tutor.tui.widgets.rows import noted

if TYPE_CHECKING:
    from rnn_tutor.exercises.model import Unit
    from rnn_tutor.progress.abilities import Ability
    from rnn_tutor.progress.summary import Standing

_MOST_MISTAKES = 5
_MOST_EXAMS = 3
_LEAST = 12  # columns of a title, however narrow the screen
_AROUND = 6  # columns of a row beside its title and how it went: margins, what it is indented by, a gap


class ProgressScreen(TextScreen):
    """A table of the course's exercises, each with how it went."""

    name_shown = "Progress"

    def text(self) -> Content:
        """Return the table; only a title that has no room beside how it went is cut."""
        session = self.session
        exercises = [entry.id for _, entry in session.entries()]
        done = sum(session.done(exercise) for exercise in exercises)
        lines = [Content(f"{done} of {len(exercises)} exercises done. Every answer is kept.")]
        if session.problem:
            lines.append(self.show(session.problem, style="bold"))
        if self.tutor.sending is not None:
            lines.append(self.show(self.tutor.sending.state()))
        session.find_due()
        if session.due:
            key, what = keys.key_of(keys.REVIEW, self.tutor.keymap), "it" if len(session.due) == 1 else "them"
            lines.append(Content(f"{due_now(len(session.due))} {key} on the course opens {what} with new numbers."))
        week = this_week(session.standings.values(), session.library.labs, session.reviews)
        lines += [*([Content(week)] if week else []), *self._exams(), *self._skills(), *self._recurring(), Content()]
        units = [(unit, list(self._rows(unit))) for unit in session.course.units]
        titles = [title.cell_length for _, rows in units for title, _ in rows]
        room = self.width - _AROUND - max((len(went) for _, rows in units for _, went in rows), default=0)
        wide = max(_LEAST, min(room, max(titles, default=0)))
        for unit, rows in units:
            words = ", ".join(noted(unit, session))
            lines.append(Content.assemble(self.show(unit.title, style="bold"), f"  {words}" if words else ""))
            for title, went in rows:
                cut = title.truncate(wide, ellipsis=True, pad=True)
                lines.append(Content.assemble("  ", cut, f"  {went}"))
            lines.append(Content())
        return Content("\n").join(lines)

    def _exams(self) -> list[Content]:
        """Return what came of the last exams."""
        titles = {unit.id: unit.title for unit in self.session.course.units}
        return [
            Content.assemble(
                f"Exam on {_day(at)}: {over.right} of {over.of} right. ",
                self.show(", ".join(titles.get(unit, unit) for unit in over.units), style="dim"),
            )
            for over, at in self.session.notes.exams[-_MOST_EXAMS:]
        ]

    def _skills(self) -> list[Content]:
        """Return what the learner can do and what is shaky, each with an exercise that trains it."""
        skills = self.session.reviews.skills()
        lines: list[Content] = []
        for shaky, title in ((False, "What you can do"), (True, "Shaky")):
            some = [ability for ability in skills if ability.shaky is shaky]
            if some:
                lines += [Content(), Content.styled(f"{title}: {len(some)} of {len(skills)} skills", "bold")]
            lines += map(self._skill, some[:_MOST_MISTAKES])
            if len(some) > _MOST_MISTAKES:
                lines.append(Content(f"  and {len(some) - _MOST_MISTAKES} more"))
        return lines

    def _skill(self, ability: "Ability") -> Content:
        name = self.show(self.session.reviews.name_of(ability.skill))
        trained_by = self._title(ability.train)
        how = f": {how_far(ability)}. Train it with "
        return Content.assemble("  ", name, how, trained_by)

    def _title(self, exercise: str) -> Content:
        position = self.session.position(exercise)
        return self.show(position[1].title if position is not None else exercise, style="dim")

    def _recurring(self) -> list[Content]:
        """Return which kinds of mistakes came back in other exercises, and where."""
        from rnn_tutor.engine.mutate.phrases import PHRASES
        from rnn_tutor.progress.abilities import trained_by

        session = self.session
        titles = {entry.id: entry.title for _, entry in session.entries()}
        lines = [Content.styled("Mistakes you made more than once", "bold")]
        known = [mistake for mistake in session.mistakes.recurring if mistake.rule in PHRASES]
        for mistake in known[:_MOST_MISTAKES]:
            what = self.prose(PHRASES[mistake.rule])
            where = self.show(", ".join(titles.get(name, name) for name in mistake.exercises), style="dim")
            exercise = trained_by(mistake, session.standings, titles)
            train = Content.assemble(". Train it with ", self._title(exercise)) if exercise else ""
            lines.append(Content.assemble("  ", what, f", in {len(mistake.exercises)} exercises: ", where, train))
        return [Content(), *lines] if len(lines) > 1 else []

    def _rows(self, unit: "Unit") -> "Iterator[tuple[Content, str]]":
        """Give the title of each exercise and lab of a unit, and how it went."""
        session = self.session
        for entry in unit.exercises:
            yield self.show(entry.title), tally(session.standings.get(entry.id), entry.id in session.due)
        for lab in unit.labs:
            standing = session.standings.get(lab.id)
            yield self.show(lab.title), f"lab    {predicted(standing) if standing else ''}".rstrip()

    def on_resize(self) -> None:
        """Lay the table out anew."""
        self.page.update(self.text())
        super().on_resize()


def tally(standing: "Standing | None", due: bool = False) -> str:
    """Return a few words on how it went with an exercise."""
    if standing is None:
        return ""
    word = standing.state
    tries = f"{standing.tries} {'try' if standing.tries == 1 else 'tries'}"
    last_day = f"last {_day(standing.last)}" if standing.last else ""
    looked_up = f"  {LOOKED_UP}" if standing.looked_up else ""
    due_word = "  due" if due else ""
    return f"{word:<8} {tries:<9} {last_day}{looked_up}{due_word}".rstrip()


def _day(moment: "datetime") -> str:
    """Return a day as it is called here; the very last day there is may not have a tomorrow."""
    try:
        return f"{moment.astimezone():%Y-%m-%d}"
    except OverflowError:
        return f"{moment:%Y-%m-%d}"
