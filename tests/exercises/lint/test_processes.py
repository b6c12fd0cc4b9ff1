"""Work that is shared out among processes gives the same as in one, in the same order."""

import os

import pytest

from rnn_tutor.exercises.lint import processes
from rnn_tutor.exercises.lint.processes import AHEAD, FEWEST, one_by_one, shared_out

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


def test_one_by_one_is_the_same_and_is_done_when_it_is_asked_for(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(processes, "ProcessPoolExecutor", None)
    done: list[int] = []

    def noted(opened: int, job: int) -> tuple[int, int]:
        done.append(job)
        return added(opened, job)

    results = one_by_one(doubled, 5, noted, JOBS, 1)
    assert next(results) == (10, os.getpid()) and done == [0]
    assert [value for value, _ in results] == [10 + job for job in JOBS[1:]]


@pytest.mark.parametrize("fault", [OSError("no semaphores"), NotImplementedError(), ImportError()])
def test_where_there_are_no_processes_they_come_from_here(monkeypatch: pytest.MonkeyPatch, fault: Exception) -> None:
    def none(*_: object) -> None:
        raise fault

    monkeypatch.setattr(processes, "ProcessPoolExecutor", none)
    assert list(one_by_one(doubled, 5, added, JOBS, 8)) == [(10 + job, os.getpid()) for job in JOBS]


@pytest.mark.long
def test_one_by_one_from_several_in_order_and_what_a_killed_one_leaves_from_here(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    many = list(range(2 * 2 * AHEAD + FEWEST))
    found = list(one_by_one(doubled, 5, added, many, 2))
    assert [value for value, _ in found] == [10 + job for job in many]
    assert os.getpid() not in {process for _, process in found}
    monkeypatch.setenv("TEST_KILLED", str(os.getpid()))
    assert [value for value, _ in one_by_one(doubled, 5, killed, many, 2)] == [10 + job for job in many]
