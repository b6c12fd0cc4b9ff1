"""What counts of the answers to an exercise of an assignment."""

from datetime import UTC, datetime, timedelta

import pytest

from rnn_tutor.progress.attempt import Attempt
from rnn_tutor.progress.work import work_of

OWN = 7
DUE = datetime(2026, 12, 11, tzinfo=UTC)


def answer(part, verdict="right", *, hours=-1, seed=OWN, solution=False, parts=2):
    return Attempt(
        exercise="e", content_hash="", seed=seed, givens="{}", part=part, text="1", verdict=verdict, score=1.0,
        diagnosis="", hints=0, seconds=1.0, at=DUE + timedelta(hours=hours), parts=parts, solution=solution,
    )  # fmt: skip


def test_only_answers_to_the_own_numbers_count():
    work = work_of([answer("a", seed=8), answer("a", seed=None), answer("b")], OWN)
    assert (sorted(work.right), work.practice, work.done) == (["b"], 2, False)


def test_a_part_is_late_repeated_or_looked_up():
    work = work_of(
        [answer("a"), answer("a", hours=1), answer("b", "wrong"), answer("b", hours=1, solution=True)], OWN, until=DUE
    )
    assert work.done
    assert (work.late, work.in_time, work.after, work.repeated) == (True, 1, 2, 1)
    assert (work.looked_up, work.wrong) == ({"b"}, {"b": 1})
    assert (work.points(4), work.points(4, late=True)) == (2.0, 4.0)


def test_after_the_last_try_nothing_counts_any_more():
    wrong = [answer("a", "wrong"), answer("a", "not_understood"), answer("a", "rounded"), answer("a", "wrong")]
    work = work_of([*wrong, answer("a"), answer("b")], OWN, tries=2)
    assert (sorted(work.right), work.left("a"), work.left("b")) == (["b"], 0, 2)
    assert work.over(["a", "b"])
    assert not work.done


def test_without_a_bound_or_a_day_nothing_is_over():
    work = work_of([answer("a", "wrong")] * 100, OWN)
    assert (work.left("a"), work.late, work.over(["a"]), work.begun) == (None, False, False, True)
    assert not work_of([], OWN).begun


@pytest.mark.parametrize("parts", [1, 3])
def test_points_never_exceed_what_there_is(parts):
    answers = [answer(name, parts=parts) for name in "abcd"]
    assert work_of(answers, OWN).points(2) == 2.0
