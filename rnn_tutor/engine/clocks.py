"""What time is measured with: the CPU time of a thread, and the wall clock.

A limit of time means CPU time of the thread that does the work: on a crowded machine the wall clock runs on while
others have the processor, and the CPU time of the process counts what its other threads do. The wall clock is a last
bound, far behind, for a host on which CPU time cannot be trusted.
"""

import gc
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Clocks:
    """Two clocks, each in seconds from a beginning of its own."""

    cpu: Callable[[], float] = time.thread_time
    wall: Callable[[], float] = time.monotonic


CLOCKS = Clocks()


@contextmanager
def garbage_left_for_later() -> Iterator[None]:
    """Look for no garbage meanwhile.

    For what is timed and then judged: else the look at all that a long process has made, a second of it, is counted as
    time of the one thing during which it came.
    """
    collecting = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if collecting:
            gc.enable()


class Allowance:
    """An amount of CPU time, and far more of the wall clock, counted from now on by the thread that makes it."""

    def __init__(self, cpu: float, wall: float, clocks: Clocks = CLOCKS) -> None:
        self._clocks = clocks
        self._began = clocks.cpu()
        self._cpu_end = self._began + cpu
        self._wall_end = clocks.wall() + wall

    @property
    def used(self) -> float:
        """CPU seconds since the beginning."""
        return self._clocks.cpu() - self._began

    @property
    def is_over(self) -> bool:
        """Tell whether either is used up."""
        return self._clocks.cpu() > self._cpu_end or self._clocks.wall() > self._wall_end
