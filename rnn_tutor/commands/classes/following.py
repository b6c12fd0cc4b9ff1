"""Where `class watch` reads from: the class's server, by the lecturer's own rights."""

import time
from typing import TYPE_CHECKING

from rnn_tutor.progress.server.connection import ClassError, connect, said_plainly
from rnn_tutor.progress.server.reading import Following, Says, nothing
from rnn_tutor.progress.server.schema import check_version
from rnn_tutor.tui.watching.follow import LostError

if TYPE_CHECKING:
    from rnn_tutor.progress.class_report import Report, Terms
    from rnn_tutor.progress.server.membership import Membership

_LATER = ": try again later."
_LOOK = 15.0  # seconds without a notification after which it is seen whether the server is still there


class ServerSource:
    """A report that goes on, over one connection. Raises LostError wherever that does not work."""

    def __init__(self, me: "Membership", terms: "Terms", says: Says = nothing) -> None:
        self._me = me
        self._looked = time.monotonic()
        try:
            self._con = connect(me)
            try:
                with said_plainly(me):
                    check_version(self._con)
                    self._following = Following(self._con, terms, says)
            except ClassError:
                self._con.close()
                raise
        except ClassError as error:
            raise _lost(error) from error

    def report(self) -> "Report | None":
        """Read what is new."""
        self._looked = time.monotonic()
        try:
            with said_plainly(self._me):
                return self._following.report()
        except ClassError as error:
            raise _lost(error) from error

    def wait(self, seconds: float) -> bool:
        """Wait for a notification; now and then look without one: a connection may be gone without a word."""
        try:
            with said_plainly(self._me):
                notified = self._following.wait(seconds)
        except ClassError as error:
            raise _lost(error) from error
        return notified or time.monotonic() > self._looked + _LOOK

    def close(self) -> None:
        """Let go of the connection."""
        self._con.close()


def _lost(error: ClassError) -> LostError:
    """Return it as what is tried again, without the advice to do that."""
    text = str(error)
    return LostError(text.removesuffix(_LATER) + "." if text.endswith(_LATER) else text)
