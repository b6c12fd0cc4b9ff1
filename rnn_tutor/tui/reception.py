"""What the apps have alike that ask who is there before anything else."""

from typing import TYPE_CHECKING, cast

from typing_extensions import override

from rnn_tutor.tui.app import Tutor
from rnn_tutor.tui.screens.course import CourseScreen
from rnn_tutor.tui.screens.learner import LearnerScreen

if TYPE_CHECKING:
    from textual.screen import Screen


class AskingTutor(Tutor):
    """The tutor that begins with the question who is there, unless that is known."""

    @override
    def get_default_screen(self) -> "Screen[object]":
        """Begin with the course where the learner is known, else with the question who it is."""
        if self.learner is not None:
            return super().get_default_screen()
        return cast("Screen[object]", LearnerScreen(id="_default"))

    @override
    def _begin(self) -> None:
        if self.learner is not None:  # else this comes again when it is known
            super()._begin()

    def go_in(self) -> None:
        """Go on from the question to the course."""
        self._read_course()
        self.push_screen(CourseScreen())
        if self.welcomes:
            self.action_welcome()
        self.call_after_refresh(self._begin)
