"""Answers on their way to the class server: in the background, in their order, each as often as it takes.

`deliver` sends all that waits, over a `Sink`. It knows nothing of a connection: an answer of the server that is lost
after it has kept the events is an answer that never came, and they are sent again. `Sender` does this in a thread of a
sitting. It is woken when something was saved, and waits longer after each failure. Nobody waits for it: the thread ends
with the program, wherever it is.
"""

import random
import threading
from collections.abc import Callable, Sequence
from contextlib import suppress
from datetime import timedelta
from pathlib import Path
from typing import Protocol, TypeAlias

from rnn_tutor.progress.clock import now
from rnn_tutor.progress.database import StoreError
from rnn_tutor.progress.events import Event
from rnn_tutor.progress.server.connection import ClassError
from rnn_tutor.progress.server.outbox import GONE, KEPT, REFUSED, Outbox

_TOGETHER = 0.3  # seconds in which what is saved goes together
_IDLE = 20.0  # seconds for which a connection without work is kept
_FIRST_WAIT, _MOST_WAIT = 2.0, 300.0  # seconds from one attempt to the next, while they fail
_JITTER = 0.5  # of them, by chance: two hundred learners do not all come back at once


class NotAnEventError(Exception):
    """The server does not take these events, and never will. Nothing of the batch was kept."""


class Sink(Protocol):
    """The server, as far as a learner's own rows go. Everything may be asked for twice, with the result of once."""

    def send(self, events: Sequence[Event]) -> set[str]:
        """Keep events, and return the uids that are done with: kept now or before, or erased.

        All are kept for good when this returns; where it raises ClassError, perhaps. Raises NotAnEventError.
        """

    def erase(self, uids: Sequence[str]) -> None:
        """Erase what has these uids, and never take them again, whether they were there or not. Raises ClassError."""

    def erase_exercise(self, exercise: str, ago: timedelta) -> None:
        """Erase what the server had of an exercise ("": of all) so long ago, and never take it again.

        No clock but the server's decides: that of a learner's machine may be wrong, and every machine has another one.
        """

    def erased(self) -> set[str]:
        """Return the uids that were erased, from whatever machine that was asked for. Raises ClassError."""

    def lost(self, uids: Sequence[str]) -> set[str]:
        """Return those of these uids, which it had kept, that the server has no more. Raises ClassError."""

    def close(self) -> None:
        """Let the connection go; never raises."""


Connect: TypeAlias = Callable[[], Sink]
"""Raises ClassError."""


def settle(outbox: Outbox, sink: Sink) -> int:
    """Have the server erase what was erased here, and erase here what was erased elsewhere; return how much that was.

    It comes before anything is sent: what was erased is never sent again. What the server has lost is sent again.
    Raises ClassError, and StoreError.
    """
    there, here = sink.erased(), outbox.erased()
    if missing := here - there:  # whatever it has said before: it may have been brought back from a backup
        sink.erase(sorted(missing))
    if uids := outbox.still_there(here):
        outbox.mark(uids, GONE)
    if wishes := outbox.wishes():
        for wish in wishes:
            sink.erase_exercise(wish.exercise, max(now() - wish.asked, timedelta()))
            outbox.granted(wish)
        there = sink.erased()
    if (last := outbox.last_sent()) and sink.lost(last):
        outbox.lost(sink.lost(outbox.all_sent()))
    gone = there - outbox.erased()
    if not gone:
        return 0
    from rnn_tutor.progress.erasing import erase_by_uid  # late: hardly ever

    count = erase_by_uid(outbox.progress, gone)
    outbox.mark(gone.intersection(outbox.still_there()), GONE)  # not what was erased here meanwhile
    return count


def deliver(outbox: Outbox, sink: Sink, *, go_on: Callable[[], bool] = lambda: True) -> int:
    """Send all that waits, the oldest first; return how many answers the server has now that it did not have before.

    go_on: asked right before each batch is sent. Raises ClassError where the server takes no more, and StoreError.
    """
    count = 0
    while (events := outbox.batch()) and go_on():
        uids = [str(event["uid"]) for event in events]
        try:
            kept = sink.send(events)
        except NotAnEventError:
            done = _one_by_one(outbox, sink, events)
        else:
            done = {uid for uid in uids if uid in kept}
            outbox.mark([uid for uid in uids if uid in kept], KEPT)
        count += len(done)
        if not done:
            raise ClassError("The class's server takes no answers.")
    return count


def _one_by_one(outbox: Outbox, sink: Sink, events: Sequence[Event]) -> set[str]:
    """Send a batch of which something is refused, and find out what; what is refused is done with."""
    done: set[str] = set()
    for event in events:
        uid = str(event["uid"])
        try:
            kept = uid in sink.send([event])
        except NotAnEventError:
            outbox.mark([uid], REFUSED)
        else:
            if not kept:
                break
            outbox.mark([uid], KEPT)
        done.add(uid)
    return done


class Sender:
    """Sends in a thread of its own, from `begin` to the end of the program, or until it is stopped."""

    def __init__(
        self,
        progress: Path,
        server: str,
        connect: Connect,
        *,
        agreed: Callable[[], bool] = lambda: True,
        rest: Callable[[], None] = lambda: None,
        erased: Callable[[], None] = lambda: None,
        failed: Callable[[Exception], None] | None = None,
    ) -> None:
        """Send the answers in the files at `progress` to a server, which `server` tells from all others.

        agreed: asked before each batch whether anything may be sent; what was erased is told to the server anyway.
        rest: waits, in the thread, until nobody is waiting for the program. erased: told, in the thread, where
        something was erased here that was forgotten elsewhere. failed: told of a mistake of the program.
        """
        self._outbox = Outbox(progress)
        self._server = server
        self._connect = connect
        self._rest = rest
        self._erased = erased
        self._agreed = agreed
        self._failed = failed
        self._work = threading.Event()
        self._stopped = threading.Event()
        self._tried = threading.Event()  # whether all that waits was sent once, or could not be
        self._settled = False
        self._patience = _FIRST_WAIT
        self._thread = threading.Thread(target=self._run, name="rnn-tutor-sending", daemon=True)

    def begin(self) -> None:
        """Begin with what earlier sittings have left."""
        self._work.set()
        self._thread.start()

    def poke(self) -> None:
        """Say that something was saved; nothing is waited for."""
        self._work.set()

    def send_now(self, seconds: float) -> None:
        """Begin, and wait so long, at most, until all is sent that waits, or cannot be."""
        self.begin()
        self._tried.wait(seconds)
        self.stop()

    def stop(self) -> None:
        """Begin nothing more. Nothing is waited for: what has begun ends by itself, or with the program."""
        self._stopped.set()
        self._work.set()

    def _run(self) -> None:
        while not self._stopped.is_set():
            try:
                self._work.wait()
                self._rest()
                self._send_as_it_comes()
            except (ClassError, StoreError) as error:
                with suppress(StoreError):  # it is told as soon as it can be written
                    self._outbox.note(_words(error))
                self._work.set()  # what could not be sent is still to be sent
                self._tried.set()
                self._stopped.wait(self._patience * (1 + _JITTER * random.random()))  # noqa: S311
                self._patience = min(2 * self._patience, _MOST_WAIT)
            except Exception as error:
                self._tried.set()
                if self._failed is None:
                    raise
                self._failed(error)
                return

    def _may_go_on(self) -> bool:
        return not self._stopped.is_set() and self._agreed()

    def _send_as_it_comes(self) -> None:
        """Connect, and send until there was nothing to do for a while, or nothing may be sent any more."""
        self._work.clear()
        agreed = self._agreed()
        if self._stopped.is_set() or not (agreed or self._outbox.server == self._server):
            return  # who has left the class is asked nothing, and nothing is remembered
        self._outbox.begin(self._server)
        if self._settled and not (agreed and any(self._outbox.waiting())):
            return  # it was no answer that was saved
        sink = self._connect()
        try:
            if settle(self._outbox, sink):
                self._erased()
            self._settled = True
            while True:
                deliver(self._outbox, sink, go_on=self._may_go_on)
                self._outbox.note("")
                self._patience = _FIRST_WAIT
                self._tried.set()
                if not self._may_go_on() or not self._work.wait(_IDLE):
                    return
                self._work.clear()
                self._stopped.wait(_TOGETHER)
                self._rest()
        finally:
            sink.close()


def _words(error: Exception) -> str:
    """Return why nothing was sent, as it stands behind a colon: the sender itself tries again."""
    text = str(error).rstrip(".").removesuffix(": try again later")
    return text[:1].lower() + text[1:]
