"""The class of a sitting: what the learner agreed to, and the thread that sends. It begins after the first frame.

psycopg is imported in that thread, where a class was joined and the learner agreed, and when nothing else is imported:
two threads that import the same modules in another order can wait for each other.
"""

from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

from rnn_tutor.progress.server.joined import Joined, joined
from rnn_tutor.progress.server.membership import MembershipError
from rnn_tutor.tui.late_imports import import_alone, short_turns

if TYPE_CHECKING:
    from rnn_tutor.progress.server.sending import Sender

_PACKAGES = ("ssl", "psycopg")  # ssl is one of psycopg's own, and has a turn of its own


class Sending:
    """What is sent of this sitting, and whether."""

    def __init__(
        self,
        progress: Path,
        everyone: Path | None,
        learner: str | None,
        *,
        rest: Callable[[], None],
        failed: Callable[[Exception], None],
        erased: Callable[[], None] = lambda: None,
    ) -> None:
        """Look whether a class was joined. everyone, learner: as `joined` takes them. The others: as of `Sender`."""
        self.problem = ""
        self.joined: Joined | None = None
        self._rest = rest
        self._failed = failed
        self._erased = erased
        self._sender: Sender | None = None
        try:
            self.joined = joined(progress, everyone=everyone, learner=learner)
        except MembershipError as error:
            self.problem = str(error)

    @property
    def asks(self) -> bool:
        """Whether the learner is still to be asked."""
        return self.joined is not None and self.joined.agreed is None

    def begin(self) -> None:
        """Send from now on, if the learner agreed; or have the server erase what is still to be erased there."""
        if self.joined is not None and self._sender is None and (self.joined.agreed or self.joined.owes):
            self._sender = self.joined.sender(rest=self._ready, erased=self._erased, failed=self._failed)
            self._sender.begin()

    def answer(self, *, send: bool) -> str:
        """Keep what the learner answered, and go by it at once; returns why it cannot be kept, "" where it was."""
        if self.joined is None:
            return ""
        trouble = self.joined.answer(send=send)
        if not send and self._sender is not None:
            self._sender.stop()
            self._sender = None
        if send and not trouble:
            self.begin()
        return trouble

    def saved(self) -> None:
        """Say that something was saved; it costs nothing."""
        if self._sender is not None:
            self._sender.poke()

    def stop(self) -> None:
        """Begin nothing more: the learner leaves, and what is left goes out the next time."""
        if self._sender is not None:
            self._sender.stop()

    def state(self) -> str:
        """Return how far sending is, in one sentence; "" where no class was joined."""
        return self.problem if self.joined is None else self.joined.state()

    def _ready(self) -> None:
        """Wait, in the sender's thread, for a moment in which nobody waits for the program."""
        self._rest()
        with short_turns():
            for name in _PACKAGES:
                import_alone(name)
