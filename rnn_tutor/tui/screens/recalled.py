"""The end of a review: what was recalled, and when it comes back."""

from datetime import datetime
from typing import ClassVar

from textual.binding import BindingType
from textual.content import Content

from rnn_tutor.tui import keys
from rnn_tutor.tui.review import coming_back, day_of
from rnn_tutor.tui.screens.frame import Items
from rnn_tutor.tui.screens.text import TextScreen

_RATED = {"good": "recalled", "hard": "with help", "again": "not yet", "": "not rated"}


class RecalledScreen(TextScreen):
    """What a review came to."""

    BINDINGS: ClassVar[list[BindingType]] = [
        *keys.told(
            keys.ELSEWHERE,
            "at the end of a review: back to the course",
            ("done", "enter", "back", "back to the course"),
        ),
    ]

    name_shown = "The review is done"

    def text(self) -> Content:
        """Return each exercise of the review with how it went and when it comes back."""
        reviews = self.session.reviews
        if reviews.round is None:
            return Content()
        comes: dict[str, datetime] = {}
        for due, exercises in reviews.coming():
            for exercise in exercises:
                comes.setdefault(exercise, due)
        rows = [(exercise, reviews.round.rated.get(exercise)) for exercise in reviews.round.exercises]
        recalled = sum(rated == "good" for _, rated in rows)
        lines = [Content(f"{recalled} of {len(rows)} recalled at once."), Content()]
        titles = {entry.id: entry.title for _, entry in self.session.entries()}
        for exercise, rated in rows:
            title = self.show(titles.get(exercise, exercise)).truncate(44, ellipsis=True, pad=True)
            went = _RATED[rated] if rated is not None else "left out"
            back = f"back {_day(comes[exercise])}" if exercise in comes else ""
            lines.append(Content.assemble("  ", title, f"  {went:<10} {back}"))
        reviews.find()
        key = keys.key_of(keys.REVIEW, self.tutor.keymap)
        left = len([exercise for exercise in reviews.due if exercise not in reviews.round.rated])
        lines += [
            Content(),
            Content(f"{left} more are due today: {key} on the course." if left else coming_back(reviews)),
        ]
        return Content("\n").join(lines)

    def key_items(self) -> Items:
        """Return the keys of a page, and the one that leads back."""
        return [("done", "to the course"), ("page-up page-down", "scroll"), ("back", "back")]


def _day(moment: datetime) -> str:
    days = (day_of(moment) - datetime.now().astimezone().date()).days
    return "today" if days <= 0 else "tomorrow" if days == 1 else f"in {days} days"
