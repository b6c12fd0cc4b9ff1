"""The page after the last exercise."""

from textual.content import Content

from rnn_tutor.tui.screens.text import TextScreen


class ClosingScreen(TextScreen):
    """The course's closing thought, and how far one has come."""

    name_shown = "The end of the course"

    def text(self) -> Content:
        """Return the closing page."""
        course = self.session.course
        every = [entry.id for _, entry in self.session.entries()]
        done = sum(self.session.done(one) for one in every)
        came = "all of them" if done == len(every) else f"{done} of {len(every)}"
        tally = f"Exercises solved: {came}. F4 on any of them gives new numbers."
        parts = [self.show(course.title, style="bold"), Content()]
        if course.closing:
            parts += [self.prose(course.closing), Content()]
        return Content("\n").join([*parts, Content(tally)])
