"""A learner rates a round otherwise: the schedule follows, through backup, merge, reset and erasure."""

from datetime import timedelta

import pytest

from rnn_tutor.progress.attempt import RATED
from rnn_tutor.progress.backup import read, written
from rnn_tutor.progress.drafts import latest_drafts
from rnn_tutor.progress.erasing import erase, present
from rnn_tutor.progress.merging import merge
from rnn_tutor.progress.record import rating_of
from rnn_tutor.progress.resets import counting, reset, undo_reset
from rnn_tutor.progress.review import RATINGS, rating, reviews
from rnn_tutor.progress.store import Store
from rnn_tutor.progress.summary import standings, standings_so_far, week

LATER = timedelta(days=200)


def back_after(attempts):
    """After how many days the one skill comes back."""
    (one,) = reviews(attempts, attempts[0].at + LATER)
    return (one.due - one.last).days


def test_each_rating_has_its_interval(made):
    answer = made()
    days = [back_after([answer, rating_of(answer, word)]) for word in RATINGS]
    assert days == sorted(days)
    assert days[0] < days[2] < days[3]
    assert days[2] == back_after([answer])


@pytest.mark.parametrize("word", RATINGS)
def test_the_last_one_counts_also_over_help(made, word):
    answer = made(hints=2)
    attempts = [answer, rating_of(answer, "again"), rating_of(answer, word)]
    assert rating(attempts, "lstm-cell").name.lower() == word


def test_it_is_of_the_round_with_its_numbers(made):
    first, second = made(), made(hours=48, givens='{"f": [1.0, 0.5]}')
    assert rating([first, second, rating_of(first, "again")], "lstm-cell").name == "Good"
    assert back_after([first, second, rating_of(first, "again")]) < back_after([first, second])


def test_an_open_round_and_a_word_that_is_no_rating_stay_as_they_were(made):
    open_one = made(parts=2)
    assert rating([open_one, rating_of(open_one, "easy")], "lstm-cell") is None
    answer = made()
    assert rating([answer, rating_of(answer, "brilliant")], "lstm-cell").name == "Good"
    assert reviews([rating_of(answer, "easy")], answer.at) == []  # its round was reset


def test_it_is_no_answer(made):
    answer = made(hints=1, seconds=30.0, scratch="a = 1")
    both = [answer, rating_of(answer, "easy")]
    assert standings(both) == standings([answer])
    now = answer.at + timedelta(hours=1)
    assert week(standings(both).values(), now) == week(standings([answer]).values(), now)
    assert latest_drafts(both) == latest_drafts([answer])


@pytest.fixture
def path(tmp_path, made):
    file = tmp_path / "progress.sqlite3"
    store = Store.open(file)
    store.add(made())
    store.add(rating_of(made(), "again"))
    return file


def kept(path):
    return list(Store.open(path).attempts())


def test_it_is_not_counted_as_an_answer(path):
    assert counting(path) == {"lstm-cell": 1}
    assert present(path) == {"lstm-cell": 1}
    assert standings_so_far(Store.open(path).tallies())["lstm-cell"].done


def test_it_goes_along_with_a_backup_and_a_progress_file(path, tmp_path):
    before = back_after(kept(path))
    backup = tmp_path / "backup.jsonl"
    backup.write_text(written(path), "utf-8")
    for source in (backup, path):
        target = tmp_path / source.stem / "other.sqlite3"
        assert merge(target, [read(source)]).new == 2
        assert merge(target, [read(source)]).new == 0
        assert back_after(kept(target)) == before
        assert [one.text for one in kept(target) if one.verdict == RATED] == ["again"]


def test_a_reset_takes_it_along_and_an_undo_brings_it_back(path):
    reset(path, "lstm-cell")
    assert kept(path) == []
    undo_reset(path)
    assert rating(kept(path), "lstm-cell").name == "Again"
    assert standings_so_far(Store.open(path).tallies())["lstm-cell"].done


def test_it_is_erased_with_its_exercise(path):
    assert erase(path, "lstm-cell") == 2
    assert kept(path) == []
