"""The end of a review: what was recalled, and when it comes back."""

from datetime import datetime
from typing import ClassVar

from textual.binding import BindingType
from textual.content import Content

from rnn_tutor.progress import clock
from rnn_tutor.tui import keys
from rnn_tutor.tui.review import coming_back, day_of
from rnn_tutor.tui.screens.frame import Items
from rnn_tutor.tui.screens.text import TextScreen


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
        rows = reviews.sum_up()
        if reviews.round is None:
            return Content()
        lines = [Content(f"{reviews.round.good} of {len(rows)} recalled at once."), Content()]
        titles = {entry.id: entry.title for _, entry in self.session.entries()}
        for exercise, went, due in rows:
            title = self.show(titles.get(exercise, exercise)).truncate(44, ellipsis=True, pad=True)
            back = f"back {_day(due)}" if due is not None else ""
            lines.append(Content.assemble("  ", title, f"  {went:<10} {back}"))
        key, left = keys.key_of(keys.REVIEW, self.tutor.keymap), reviews.left
        lines += [
            Content(),
            Content(f"{left} more are due today: {key} on the course." if left else coming_back(reviews)),
        ]
        return Content("\n").join(lines)

    def key_items(self) -> Items:
        """Return the keys of a page, and the one that leads back."""
        return [("done", "to the course"), ("page-up page-down", "scroll"), ("back", "back")]


def _day(moment: datetime) -> str:
    days = (day_of(moment) - clock.now().astimezone().date()).days
    return "today" if days <= 0 else "tomorrow" if days == 1 else f"in {days} days"
