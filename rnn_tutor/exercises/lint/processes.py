"""Work shared out among processes, with the results in the order of the jobs; in this process if there are no others.

A process opens what the work needs once. Everything that goes there and back is pickled: functions of modules, paths,
findings.
"""

from collections import deque
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import Future, ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from multiprocessing import get_context
from typing import Any, Generic, TypeVar

Source = TypeVar("Source")
Opened = TypeVar("Opened")
Job = TypeVar("Job")
Result = TypeVar("Result")

FEWEST = 12  # jobs that are worth starting processes for: each takes half a second to be there
AHEAD = 4  # jobs for each process that are under way or done and not taken: what comes back stays small


def shared_out(
    opened: Callable[[Source], Opened],
    source: Source,
    work: Callable[[Opened, Job], Result],
    jobs: Sequence[Job],
    workers: int,
) -> list[Result]:
    """Return work(opened(source), job) for each job; where processes cannot be had, the rest is done here."""
    return list(_in_order(opened, source, work, jobs, workers, ahead=len(jobs)))


def one_by_one(
    opened: Callable[[Source], Opened],
    source: Source,
    work: Callable[[Opened, Job], Result],
    jobs: Sequence[Job],
    workers: int,
) -> Iterator[Result]:
    """Yield what `shared_out` returns, one by one: only a few results are in memory at a time."""
    return _in_order(opened, source, work, jobs, workers, ahead=workers * AHEAD)


def _in_order(
    opened: Callable[[Source], Opened],
    source: Source,
    work: Callable[[Opened, Job], Result],
    jobs: Sequence[Job],
    workers: int,
    *,
    ahead: int,
) -> Iterator[Result]:
    """Yield the results with at most so many jobs under way, or done and not taken."""
    taken = 0
    if workers > 1 and len(jobs) >= FEWEST:
        try:
            for result in _from_pool(opened, source, work, jobs, min(workers, len(jobs)), ahead=ahead):
                taken += 1
                yield result
        except (OSError, ImportError, NotImplementedError, BrokenProcessPool):
            pass  # no semaphores, no memory for processes, a process killed: it takes longer, and nothing is left out
    if taken < len(jobs):
        here = opened(source)
        for job in jobs[taken:]:
            yield work(here, job)


def _from_pool(
    opened: Callable[[Source], Opened],
    source: Source,
    work: Callable[[Opened, Job], Result],
    jobs: Sequence[Job],
    workers: int,
    *,
    ahead: int,
) -> Iterator[Result]:
    # Started anew: a copy of this process could hold a lock of a thread that the copy does not have.
    with ProcessPoolExecutor(workers, get_context("spawn"), _Here.open, (opened, source)) as pool:
        under_way: deque[Future[Result]] = deque()
        try:
            for job in jobs:
                under_way.append(pool.submit(_Here(work), job))
                if len(under_way) >= ahead:
                    yield under_way.popleft().result()
            while under_way:
                yield under_way.popleft().result()
        finally:
            pool.shutdown(wait=False, cancel_futures=True)


class _Here(Generic[Opened, Job, Result]):
    """Work in one of the processes, with what it has opened."""

    opened: Any = None

    def __init__(self, work: Callable[[Opened, Job], Result]) -> None:
        self.work = work

    def __call__(self, job: Job) -> Result:
        return self.work(_Here.opened, job)

    @staticmethod
    def open(opened: Callable[[Source], Opened], source: Source) -> None:
        _Here.opened = opened(source)
