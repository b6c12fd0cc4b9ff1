"""The thread that reads the course, while the learner looks at the first frame."""

import contextlib
import threading
from collections.abc import Callable
from typing import TYPE_CHECKING

from rnn_tutor.tui.messages import Ready, Unreadable
from rnn_tutor.tui.terminal.failing import FailingApp

if TYPE_CHECKING:
    from rnn_tutor.tui.session import Session


class CourseReader:
    """Makes a sitting, and tells the app of it in the app's own thread."""

    def __init__(
        self, app: FailingApp, arrived: Callable[[Ready | Unreadable], None], learned: Callable[[], None]
    ) -> None:
        """Tell `arrived` of the sitting, or why there is none, and `learned` each time that more of it is known."""
        self._app = app
        self._arrived = arrived
        self._learned = learned

    def begin(self, sitting: "Callable[[], Session]") -> None:
        """Make the sitting; `sitting` raises ContentError or PathError for what cannot be read."""
        threading.Thread(target=self._read, args=(sitting,), name="rnn-tutor-course").start()

    def _read(self, sitting: "Callable[[], Session]") -> None:
        from rnn_tutor.exercises.load import ContentError
        from rnn_tutor.paths import PathError

        try:
            message: Ready | Unreadable = Ready(sitting())
        except (ContentError, PathError) as error:
            message = Unreadable(str(error))
        except Exception as error:  # noqa: BLE001 - it is written down and told
            message = Unreadable(f"The course cannot be read: rnn-tutor has a bug here ({type(error).__name__}).")
            self._app.failed(error, "reading the course")
        with contextlib.suppress(RuntimeError):  # the learner has left meanwhile
            self._app.call_later(self._arrived, message)
            if isinstance(message, Ready) and message.session.find_due():
                self._app.call_later(self._learned)
            if isinstance(message, Ready) and message.session.find_unreadable():
                self._app.call_later(self._learned)
