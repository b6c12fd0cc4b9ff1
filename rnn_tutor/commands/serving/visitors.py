"""Who is there: each visitor's token, the learner that they said they are, and their kiosk."""

import hmac
import secrets
import time
from collections.abc import Callable
from dataclasses import dataclass, field

from rnn_tutor.commands.serving.terminal import KioskTerminal

_BYTES = 16  # of a token: 128 bits
_TOKENS_EACH = 10  # tokens for each visitor that there may be: a browser that was closed has one too


@dataclass
class Visitor:
    """One browser. token: what its cookie has. learner: the id that was typed there, "" before."""

    token: str
    learner: str = ""
    terminal: KioskTerminal | None = None
    seen: float = field(default_factory=time.monotonic)

    @property
    def playing(self) -> bool:
        """Whether a kiosk of theirs is running."""
        return self.terminal is not None and self.terminal.running


class Visitors:
    """All visitors. most: kiosks that may run at once. idle: seconds without a key after which one ends."""

    def __init__(self, key: str, most: int, idle: float, clock: Callable[[], float] = time.monotonic) -> None:
        self._key = key
        self._most = most
        self._idle = idle
        self._clock = clock
        self._by_token: dict[str, Visitor] = {}

    def admitted(self, key: str) -> Visitor | None:
        """Return a new visitor, whose link has the right key; None for another key."""
        if not hmac.compare_digest(key.encode(), self._key.encode()):
            return None
        visitor = Visitor(secrets.token_urlsafe(_BYTES), seen=self._clock())
        self._by_token[visitor.token] = visitor
        self._drop_oldest()
        return visitor

    def of(self, token: str) -> Visitor | None:
        """Return the visitor with a token."""
        visitor = self._by_token.get(token)
        if visitor is not None:
            visitor.seen = self._clock()
        return visitor

    @property
    def full(self) -> bool:
        """Whether no more kiosk may be started."""
        return sum(visitor.playing for visitor in self._by_token.values()) >= self._most

    def idle(self) -> list[Visitor]:
        """Return those whose kiosk runs and who have not pressed a key for too long."""
        now = self._clock()
        return [one for one in self._by_token.values() if one.playing and now - one.seen > self._idle]

    def touched(self, visitor: Visitor) -> None:
        """Know that a visitor has pressed a key."""
        visitor.seen = self._clock()

    async def end_all(self) -> None:
        """End every kiosk."""
        for visitor in self._by_token.values():
            if visitor.terminal is not None:
                await visitor.terminal.end()

    def _drop_oldest(self) -> None:
        away = sorted((one for one in self._by_token.values() if not one.playing), key=lambda one: one.seen)
        for visitor in away[: max(0, len(self._by_token) - _TOKENS_EACH * self._most)]:
            del self._by_token[visitor.token]


def new_key() -> str:
    """Return a key for the link that is handed out: 128 bits."""
    return secrets.token_urlsafe(_BYTES)
