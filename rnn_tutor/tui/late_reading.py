"""What is found out about a course once it stands there: what is due again, and which files cannot be read.

It is read in a thread, begun in the first pause: scheduling is imported for it, and files of added folders are read.
"""

import contextlib
import threading
from collections.abc import Callable
from typing import TYPE_CHECKING

from rnn_tutor.tui.late_imports import short_turns
from rnn_tutor.tui.terminal.failing import FailingApp

if TYPE_CHECKING:
    from rnn_tutor.tui.session import Past, Session


class LateReader:
    """Reads what earlier sittings have left and looks at files; tells the app of it in the app's own thread."""

    def __init__(self, app: FailingApp, past_read: "Callable[[Past], None]", learned: Callable[[], None]) -> None:
        """Tell `past_read` of the attempts, and `learned` where files cannot be read."""
        self._app = app
        self._past_read = past_read
        self._learned = learned

    def begin(self, session: "Session") -> None:
        """Begin to read; who leaves meanwhile need not wait: nothing is written."""
        threading.Thread(target=self._read, args=(session,), name="rnn-tutor-late", daemon=True).start()

    def _read(self, session: "Session") -> None:
        try:
            with short_turns():
                if not session.past_is_read:
                    self._tell(self._past_read, session.read_past())
                if session.find_unreadable():
                    self._tell(self._learned)
        except Exception as error:  # noqa: BLE001 - it is written down and told
            self._app.failed(error, "reading past answers")

    def _tell(self, what: Callable[..., None], *about: object) -> None:
        with contextlib.suppress(RuntimeError):  # the learner has left meanwhile
            self._app.call_later(what, *about)
