"""Work that is shared out among processes gives the same as in one, in the same order."""

import os

import pytest

from rnn_tutor.exercises.lint import processes
from rnn_tutor.exercises.lint.processes import FEWEST, shared_out

JOBS = list(range(FEWEST + 3))


def doubled(start: int) -> int:
    return 2 * start


def added(opened: int, job: int) -> tuple[int, int]:
    return opened + job, os.getpid()


def test_one_process_does_it_here() -> None:
    assert shared_out(doubled, 5, added, JOBS, 1) == [(10 + job, os.getpid()) for job in JOBS]


def test_few_jobs_are_done_here() -> None:
    assert shared_out(doubled, 5, added, JOBS[:3], 8) == [(10 + job, os.getpid()) for job in JOBS[:3]]


@pytest.mark.parametrize("fault", [OSError("no semaphores"), NotImplementedError(), ImportError()])
def test_where_there_are_no_processes_it_is_done_here(monkeypatch: pytest.MonkeyPatch, fault: Exception) -> None:
    def none(*_: object) -> None:
        raise fault

    monkeypatch.setattr(processes, "ProcessPoolExecutor", none)
    assert shared_out(doubled, 5, added, JOBS, 8) == [(10 + job, os.getpid()) for job in JOBS]


@pytest.mark.long
def test_several_give_the_same_in_order() -> None:
    found = shared_out(doubled, 5, added, JOBS, 2)
    assert [value for value, _ in found] == [10 + job for job in JOBS]
    assert os.getpid() not in {process for _, process in found}


def killed(opened: int, job: int) -> tuple[int, int]:
    if os.environ.get("TEST_KILLED") != str(os.getpid()) and job == FEWEST:
        os._exit(1)
    return opened + job, os.getpid()


@pytest.mark.long
def test_what_a_killed_process_leaves_is_done_here(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TEST_KILLED", str(os.getpid()))
    found = shared_out(doubled, 5, killed, JOBS, 2)
    assert [value for value, _ in found] == [10 + job for job in JOBS]
