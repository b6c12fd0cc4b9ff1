"""A thread that works something out beforehand lets others go first, in the midst of it, unless they wait for it.

Python's threads share one interpreter: beside a thread that computes, a key takes twice as long to answer.
"""

import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager

_AGAIN = 0.01  # seconds after which one looks again whether others are busy


class _Own(threading.local):
    busy: Callable[[], bool] | None = None


class _Waiting:
    """Who waits for what a thread works out."""

    def __init__(self) -> None:
        self.any = threading.Event()
        self._lock = threading.Lock()
        self._count = 0

    def add(self, by: int) -> None:
        """Count one more, or one less."""
        with self._lock:
            self._count += by
            if self._count:
                self.any.set()
            else:
                self.any.clear()


_own = _Own()
_waiting = _Waiting()


@contextmanager
def giving_way(busy: Callable[[], bool]) -> Iterator[None]:
    """Have this thread wait at each `give_way` in here while others are busy."""
    before, _own.busy = _own.busy, busy
    try:
        yield
    finally:
        _own.busy = before


def give_way() -> None:
    """Let others go first who are busy: called often by what takes long, each time with some tenths of ms between."""
    busy = _own.busy
    if busy is not None:
        while busy() and not _waiting.any.wait(_AGAIN):
            pass


@contextmanager
def waited_for() -> Iterator[None]:
    """Wait in here for what another thread works out: it gives way to nobody meanwhile."""
    _waiting.add(1)
    try:
        yield
    finally:
        _waiting.add(-1)
