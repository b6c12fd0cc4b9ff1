"""Which time it is: the one place that asks, for all that is kept, due or told by days.

What time is measured with is another thing, and in `engine.clocks`.
"""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from typing import TypeAlias

Clock: TypeAlias = Callable[[], datetime]


def _of_this_machine() -> datetime:
    return datetime.now(UTC)


_clocks: list[Clock] = [_of_this_machine]


def now() -> datetime:
    """Return the time, in UTC."""
    return _clocks[-1]()


@contextmanager
def passed_in(clock: Clock) -> Iterator[None]:
    """Have another clock asked in the body, for whoever plays days in a moment."""
    _clocks.append(clock)
    try:
        yield
    finally:
        _clocks.remove(clock)
