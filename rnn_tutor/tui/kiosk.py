"""The tutor for an account that many share: who is there is asked first, and nothing but the tutor can be reached."""

from pathlib import Path
from typing import TYPE_CHECKING, Any, cast

from typing_extensions import override

from rnn_tutor.paths import SETTINGS, learner_file
from rnn_tutor.tui.app import Tutor
from rnn_tutor.tui.screens.course import CourseScreen
from rnn_tutor.tui.screens.learner import LearnerScreen

if TYPE_CHECKING:
    from textual.screen import Screen

    from rnn_tutor.tui.host import Reception


class Kiosk(Tutor):
    """The tutor without the terminal's clipboard, on the progress of one learner of many."""

    asked = """\
Who are you? Type the id that you were given, or choose one the first time, and press Enter.

Your answers are kept under this id. This is not a password: anyone who types your id continues your work.
"""

    def __init__(self, *args: Any, **options: Any) -> None:  # noqa: ANN401 - as Tutor is made
        super().__init__(*args, **options)
        assert self._store_path is not None  # noqa: S101 - who runs a kiosk says where progress is kept
        self._everyone = self._store_path
        self.learner = self.options.learner
        if self.learner is not None:
            self._store_path = self.file_of(self.learner)

    def file_of(self, learner: str) -> Path:
        """Return where the progress of a learner is kept. Raises PathError for what is no learner's id."""
        return learner_file(self._everyone, learner)

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

    def welcome(self, learner: str) -> None:
        """Go on to the course as this learner. Raises PathError for what is no learner's id."""
        self._store_path = path = self.file_of(learner)
        self.learner = path.parent.name
        self.settings.path = path.with_name(SETTINGS)
        self.take_settings()
        self._read_course()
        self.push_screen(CourseScreen())
        if self.welcomes:
            self.action_welcome()
        self.call_after_refresh(self._begin)


if TYPE_CHECKING:  # as in app

    def _as_reception(app: Kiosk) -> Reception:
        return app
