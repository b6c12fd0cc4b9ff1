"""The tutor at an assignment: who is there is asked once, as each learner has numbers of their own."""

from pathlib import Path
from typing import TYPE_CHECKING, Any

from typing_extensions import override

from rnn_tutor.paths import learner_id
from rnn_tutor.progress.learner import id_of, keep_id
from rnn_tutor.tui.reception import AskingTutor

if TYPE_CHECKING:
    from rnn_tutor.tui.host import Reception


class AssignedTutor(AskingTutor):
    """The tutor with the exercises of an assignment, on an account of one's own."""

    asked = """\
Under which id do you work in this class? Type the one that your lecturer knows you by, and press Enter.

Your numbers follow from it, and your work is handed in under it. You are asked only once.
"""

    def __init__(self, *args: Any, **options: Any) -> None:  # noqa: ANN401 - as Tutor is made
        super().__init__(*args, **options)
        named = self.options.learner
        if self._store_path is not None:
            self.learner = id_of(self._store_path, named)
        else:
            self.learner = learner_id(named) if named is not None else None

    def file_of(self, learner: str) -> Path | None:
        """Return None: nobody else's work is in this account. Raises PathError for what is no learner's id."""
        learner_id(learner)
        return None

    def welcome(self, learner: str) -> None:
        """Go on to the exercises as this learner. Raises PathError for what is no learner's id."""
        self.learner = learner_id(learner)
        self.go_in()

    @override
    def _begin(self) -> None:
        super()._begin()
        if self.learner is None or self._store_path is None:
            return
        if problem := keep_id(self._store_path, self.learner):
            self.say(problem)


if TYPE_CHECKING:  # as in app

    def _as_reception(app: AssignedTutor) -> Reception:
        return app
