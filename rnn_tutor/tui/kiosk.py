"""The tutor for an account that many share: who is there is asked first, and nothing but the tutor can be reached."""

from pathlib import Path
from typing import TYPE_CHECKING, Any

from rnn_tutor.paths import SETTINGS, learner_file
from rnn_tutor.tui.reception import AskingTutor

if TYPE_CHECKING:
    from rnn_tutor.tui.host import Reception


class Kiosk(AskingTutor):
    """The tutor without the terminal's clipboard, on the progress of one learner of many."""

    asked = """\
Who are you? Type the id that you were given, or choose one the first time, and press Enter.

Your answers are kept under this id. This is not a password: anyone who types your id continues your work.
"""

    def __init__(self, *args: Any, **options: Any) -> None:  # noqa: ANN401 - as Tutor is made
        super().__init__(*args, **options)
        assert self._store_path is not None  # noqa: S101 - who runs a kiosk says where progress is kept
        self.shared_path = self._everyone = self._store_path
        self.learner = self.options.learner
        if self.learner is not None:
            self._store_path = self.file_of(self.learner)

    def file_of(self, learner: str) -> Path:
        """Return where the progress of a learner is kept. Raises PathError for what is no learner's id."""
        return learner_file(self._everyone, learner)

    def welcome(self, learner: str) -> None:
        """Go on to the course as this learner. Raises PathError for what is no learner's id."""
        self._store_path = path = self.file_of(learner)
        self.learner = path.parent.name
        self.settings.path = path.with_name(SETTINGS)
        self.take_settings()
        self.go_in()


if TYPE_CHECKING:  # as in app

    def _as_reception(app: Kiosk) -> Reception:
        return app
