"""What all that is kept amounts to, row by row, is what it amounts to as a whole; and it needs little memory."""

import tracemalloc
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from rnn_tutor.progress import history, review, store
from rnn_tutor.progress.attempt import DRAFT, Attempt
from rnn_tutor.progress.drafts import latest_drafts
from rnn_tutor.progress.history import History
from rnn_tutor.progress.notes import Notes
from rnn_tutor.progress.record import note_of, rating_of
from rnn_tutor.progress.resets import reset
from rnn_tutor.progress.review import Rounds, reviews
from rnn_tutor.progress.store import Store
from rnn_tutor.progress.summary import recurring, standings

BEGIN = datetime(2026, 1, 1, tzinfo=UTC)


def rows(count):
    """Answers to some exercises with ever new numbers, right and wrong, with drafts, notes and ratings between them."""
    for at in range(count):
        one = Attempt(
            exercise=f"e{at * 7 % 13}", content_hash="0", seed=at // 2, givens=f'{{"x": {at // 2}}}', part="p",
            text=f"{at}", verdict="right" if at % 2 else "wrong", score=0.0, diagnosis="", hints=at % 5 == 0,
            seconds=1.0, at=BEGIN + timedelta(hours=at), parts=1, rule="bias_left_out" if at % 4 == 0 else "",
        )  # fmt: skip
        yield one
        if at % 9 == 0:
            yield replace(one, verdict=DRAFT, part="q", rule="")
        if at % 11 == 1:
            yield rating_of(one, "easy")
        if at % 17 == 0:
            yield note_of("known", f"u{at}")


@pytest.fixture
def kept(tmp_path):
    """A store with such rows, of which some do not count any more."""
    path = tmp_path / "progress.sqlite3"
    there = Store.open(path)
    every = list(rows(120))
    there._unsaved = [store.bounded(row) for row in every[:-1]]
    there.add(every[-1])
    reset(path, "e5")
    return there


def test_in_slices_the_same_is_read(kept, monkeypatch):
    every = list(kept.kept())
    assert len({one.exercise for one in every}) > 10
    for size in (1, 7, len(every), 10_000):
        monkeypatch.setattr(store, "_OF_A_SLICE", size)
        assert list(kept.kept_in_slices()) == every
    assert not kept.touched()
    Store.open(kept._path).add(replace(every[0], uid=""))
    assert kept.touched()


def test_row_by_row_it_is_what_it_is_as_a_whole(kept, monkeypatch):
    every = list(kept.kept())
    log = list(kept.attempts())
    now = BEGIN + timedelta(days=40)
    for most in (history.MOST_KEPT, 5):
        monkeypatch.setattr(history, "MOST_KEPT", most)
        monkeypatch.setattr(review, "_MOST_OPEN", most)
        found = History(kept.kept_in_slices())
        assert found.log == (log if most > 5 else None)
        assert found.count == found.rounds.count == len(log)
        assert found.standings == standings(log)
        assert found.drafts == latest_drafts(every)
        assert found.notes == Notes.of(one for one in every if one.verdict == "note")
        assert found.mistakes.recurring == recurring(log) != []
        assert found.mistakes.made == {"bias_left_out"}
        assert reviews(found.rounds, now) == reviews(log, now)


def test_what_is_known_of_many_answers_takes_little_memory():
    tracemalloc.start()
    found = History(row for row in rows(60_000) if row.verdict != DRAFT)
    size, _ = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert found.log is None
    assert len(found.rounds.every) == 60_000
    assert len(found.rounds.latest) <= review._MOST_OPEN + 1
    assert size < 25e6, size  # with all answers kept it is four times as much


def test_rounds_are_told_apart_by_their_numbers():
    one, two = (replace(next(rows(1)), givens=givens) for givens in ('{"x": 1}', '{"x": 2}'))
    assert len(Rounds([one, two, one]).every) == 2
