"""The class that a learner has joined, as tutor and commands ask for it: agreed or not, how far, and the sender.

Where no class was joined, all of this costs one look whether there is a file.
"""

from collections.abc import Callable
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

from rnn_tutor.progress.database import StoreError
from rnn_tutor.progress.server import consent
from rnn_tutor.progress.server.connection import ClassError
from rnn_tutor.progress.server.membership import Membership, kept
from rnn_tutor.progress.server.outbox import Outbox, memories, send_again
from rnn_tutor.progress.server.sending import Sender, settle

if TYPE_CHECKING:
    from rnn_tutor.progress.server.sending import Sink

_MOMENT_AGO = 60.0  # seconds


class Standing(NamedTuple):
    """How far sending is: answers that wait, since when, and why; and how many the server will never take.

    since: when the first of them was answered. tried: when `why` was found out. owes: whether the server is still to
    erase something.
    """

    agreed: bool | None
    waiting: int = 0
    since: datetime | None = None
    why: str = ""
    tried: datetime | None = None
    refused: int = 0
    owes: bool = False


class Joined:
    """A class that was joined, for one learner."""

    def __init__(self, progress: Path, membership: Membership, learner: str | None = None) -> None:
        """Send what is in the files at `progress`; learner: who it is, where the membership is that of many."""
        self.progress = progress
        self._membership = membership
        self.server = _server_of(membership, learner)

    @property
    def agreed(self) -> bool | None:
        """Whether the learner agreed that answers are sent; None before they were asked."""
        return consent.answered(self.progress, self.server)

    def answer(self, *, send: bool) -> str:
        """Keep what the learner answered; returns why that cannot be done, "" where it was."""
        return consent.keep(self.progress, self.server, send=send)

    def count(self, *, anew: bool = False) -> int:
        """Return how many answers wait to be sent; none where they cannot be read, which is told elsewhere.

        anew: how many will when the class is joined: what was sent before is sent again then.
        """
        outbox = Outbox(self.progress)
        try:
            return outbox.count_all() if anew else outbox.count()
        except StoreError:
            return 0

    def question(self, *, anew: bool = False) -> list[tuple[str, str]]:
        """Return what is sent to whom, as headings with a paragraph each; anew: before the class is joined."""
        return consent.question(self.server, self.count(anew=anew))

    def state(self) -> str:
        """Return how far sending is, in one sentence. The server is not asked for it."""
        agreed = self.agreed
        if not agreed:
            return consent.NOT_ASKED if agreed is None else consent.NOT_SENT
        outbox = Outbox(self.progress)
        try:
            return consent.waiting(outbox.count(), outbox.refused(), outbox.trouble)
        except StoreError as error:
            return str(error)

    def standing(self) -> Standing:
        """Return how far sending is, without asking the server. Raises StoreError."""
        outbox = Outbox(self.progress)
        why = outbox.trouble
        return Standing(
            self.agreed,
            outbox.count(),
            outbox.oldest(),
            why,
            outbox.tried if why else None,
            outbox.refused(),
            self.owes,
        )

    def connect(self) -> "Sink":
        """Return the server. Raises ClassError."""
        from rnn_tutor.progress.server.sink import connected  # late: psycopg

        return connected(self._membership, self.server.learner)

    def sender(
        self,
        *,
        rest: Callable[[], None] = lambda: None,
        erased: Callable[[], None] = lambda: None,
        failed: Callable[[Exception], None] | None = None,
    ) -> Sender:
        """Return what sends in the background; see `Sender`."""
        return Sender(
            self.progress,
            self.server.key,
            self.connect,
            agreed=lambda: self.agreed is True,
            rest=rest,
            erased=erased,
            failed=failed,
        )

    @property
    def owes(self) -> bool:
        """Whether the server is still to erase something that it was sent once."""
        outbox = Outbox(self.progress)
        try:
            return outbox.server == self.server.key and bool(outbox.wishes() or outbox.still_there())
        except StoreError:
            return False

    def failed_just_now(self) -> bool:
        """Whether the server could not be had a moment ago: a command does not try again then."""
        try:
            return Outbox(self.progress).failed_within(_MOMENT_AGO)
        except StoreError:
            return True

    @property
    def may_erase(self) -> bool:
        """Whether the server is asked to erase: it may have something. Raises StoreError.

        It may where nothing was sent from here yet: from another machine. Who said no from the first is not connected.
        """
        return not self.server.shared and (self.agreed is True or Outbox(self.progress).server == self.server.key)

    def will_forget(self, exercise: str) -> bool:
        """Note that the server is to erase an exercise ("": all), and tell whether it is asked at all."""
        if not self.may_erase:
            return False
        outbox = Outbox(self.progress)
        outbox.begin(self.server.key)
        outbox.wish(exercise)
        return True

    def forget_now(self) -> str:
        """Have the server erase what was forgotten; returns why it has not, "" where it has."""
        outbox = Outbox(self.progress)
        try:
            sink = self.connect()
            try:
                settle(outbox, sink)
            finally:
                sink.close()
        except (ClassError, StoreError) as error:
            return str(error)
        return ""


def join_anew(progress: Path) -> None:
    """Remember nothing of what was sent: a server that was joined again may be a new one, or one from a backup."""
    for place in _places(progress):
        send_again(place)


def leave(progress: Path) -> None:
    """Remove what this account remembers of sending: the learner has left the class. What was sent stays there."""
    for place in _places(progress):
        consent.remove(place)
        for memory in memories(place):
            memory.unlink(missing_ok=True)


def _places(progress: Path) -> list[Path]:
    """Return where answers are kept on this account: its own, and those of all learners of a kiosk."""
    return [progress, *progress.parent.glob(f"learners/*/{progress.name}")]


def of_host(everyone: Path, membership: Membership) -> dict[str, Joined]:
    """Return the learners of a kiosk host by their ids, of those who have a folder on it."""
    places = sorted(everyone.parent.glob(f"learners/*/{everyone.name}"))
    return {place.parent.name: Joined(place, membership, place.parent.name) for place in places}


def joined(progress: Path, *, everyone: Path | None = None, learner: str | None = None) -> Joined | None:
    """Return the class that was joined, None where none was. Raises MembershipError for a file that is none.

    progress: the learner's main file. everyone: where many share an account, the file that would be the account's; it
    sends as a host then, for `learner`.
    """
    membership = kept(everyone or progress)
    wanted = "learner" if everyone is None else "host"
    if membership is None or membership.kind != wanted:
        return None
    return Joined(progress, membership, learner)


def _server_of(membership: Membership, learner: str | None) -> consent.Server:
    is_host = membership.kind == "host"
    name = learner if is_host and learner is not None else membership.name  # the server knows a learner by the role
    host = "this machine" if membership.is_local else membership.host
    key = f"{membership.class_name}@{membership.host}:{membership.port}/{membership.user}/{name}"
    return consent.Server(membership.class_name, host, name, key, shared=is_host)
