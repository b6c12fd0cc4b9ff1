"""A class server for tests, with all that can go wrong with one; and what checks that it has each answer once."""

import time
from datetime import UTC, datetime, timedelta

from rnn_tutor.progress.server.connection import ClassError
from rnn_tutor.progress.server.sending import NotAnEventError

LONG_AGO = datetime(2026, 1, 1, tzinfo=UTC)


class FakeServer:
    """Keeps events by their uids, in the order in which they came. `faults` are what goes wrong next, one a command."""

    def __init__(self):
        self.events = {}
        self.gone = set()
        self.received = {}  # by uid: when, by the server's clock
        self.ahead = timedelta()  # of that clock
        self.faults = []
        self.away = False
        self.never = set()  # texts that no rule lets in
        self.slow = 0.0
        self.commands = 0
        self.sent = []  # each uid as often as it was sent

    def connect(self):
        self._fault("connect")
        return FakeSink(self)

    def _fault(self, where):
        self.commands += 1
        time.sleep(self.slow)
        if self.away:
            raise ClassError("The class's server cannot be reached (refused): try again later.")
        fault = self.faults.pop(0) if self.faults else ""
        if fault == "full":
            raise ClassError("The class's server has no room for another connection: try again later.")
        if fault == where or fault == "restart":
            raise ClassError("The class's server cannot do that now (terminating): try again later.")
        return fault

    @property
    def now(self):
        return datetime.now(UTC) + self.ahead

    @property
    def texts(self):
        return [event["text"] for event in self.events.values()]


class FakeSink:
    def __init__(self, server):
        self.server = server
        self.closed = False

    def send(self, events):
        fault = self.server._fault("send")
        self.server.sent += [event["uid"] for event in events]
        if any(event["text"] in self.server.never for event in events):
            raise NotAnEventError("23514")
        for event in events:
            if event["uid"] not in self.server.gone:
                self.server.events.setdefault(event["uid"], event)
                self.server.received.setdefault(event["uid"], self.server.now)
        if fault == "reply":  # kept, and nobody is told
            raise ClassError("The class's server cannot do that now (connection lost): try again later.")
        return {event["uid"] for event in events}

    def erase(self, uids):
        self.server._fault("erase")
        self.server.gone |= set(uids)
        for uid in uids:
            self.server.events.pop(uid, None)

    def erase_exercise(self, exercise, ago):
        self.server._fault("erase")
        self.erase([
            uid for uid, event in self.server.events.items()
            if exercise in ("", event["exercise"]) and self.server.received.get(uid, LONG_AGO) <= self.server.now - ago
        ])  # fmt: skip

    def erased(self):
        self.server._fault("erased")
        return set(self.server.gone)

    def lost(self, uids):
        self.server._fault("lost")
        return set(uids) - self.server.events.keys() - self.server.gone

    def close(self):
        self.closed = True
