"""What was reset counts for nobody who reads attempts, stays in the file, and counts again when that is undone."""

import sqlite3
from contextlib import closing
from datetime import UTC, datetime, timedelta
from random import Random

import pytest

from rnn_tutor.progress import resets
from rnn_tutor.progress.attempt import DRAFT
from rnn_tutor.progress.backup import read, written
from rnn_tutor.progress.drafts import latest_drafts
from rnn_tutor.progress.erasing import erase
from rnn_tutor.progress.merging import merge
from rnn_tutor.progress.review import reviews
from rnn_tutor.progress.store import Store
from rnn_tutor.progress.summary import standings, standings_so_far


@pytest.fixture
def path(tmp_path, made):
    """Two exercises that were answered, and a text at one of them that was not checked."""
    file = tmp_path / "progress.sqlite3"
    store = Store.open(file)
    for exercise in ("lstm-cell", "gru-update"):
        store.add(made(exercise=exercise))
    store.add(made(exercise="lstm-cell", part="h", text="half", verdict=DRAFT))
    return file


def seen(path):
    """The exercises that each reader knows of."""
    store = Store.open(path)
    attempts = list(store.attempts())
    now = datetime(2027, 1, 1, tzinfo=UTC)
    return {
        "attempts": {one.exercise for one in attempts},
        "one by one": {name for name in ("lstm-cell", "gru-update") if list(store.attempts(name))},
        "tallies": {tally.exercise for tally in store.tallies()},
        "solved": set(store.solved()),
        "due": {one.skill for one in reviews(attempts, now)},
    }


def test_what_was_reset_counts_nowhere(path):
    assert set(map(frozenset, seen(path).values())) == {frozenset({"lstm-cell", "gru-update"})}
    resets.reset(path, "lstm-cell")
    assert set(map(frozenset, seen(path).values())) == {frozenset({"gru-update"})}
    assert latest_drafts(Store.open(path).kept()) == {}
    resets.reset(path, "")
    assert set(map(frozenset, seen(path).values())) == {frozenset()}
    with closing(sqlite3.connect(path)) as con:
        texts = [text for (text,) in con.execute("SELECT text FROM attempt WHERE verdict NOT IN ('reset', 'undo')")]
    assert texts == ["[0.95, 0]", "[0.95, 0]", "half"]


def test_each_reset_can_be_undone_the_last_one_first(path):
    before = list(Store.open(path).kept())
    resets.reset(path, "lstm-cell")
    resets.reset(path, "")
    assert resets.undo_reset(path).exercise == ""
    assert seen(path)["tallies"] == {"gru-update"}
    assert resets.undo_reset(path).exercise == "lstm-cell"
    assert resets.undo_reset(path) is None
    assert list(Store.open(path).kept()) == before
    assert seen(path)["tallies"] == {"lstm-cell", "gru-update"}


def test_what_is_answered_after_it_counts_also_by_a_clock_that_was_set_back(path, made):
    resets.reset(path, "lstm-cell")
    Store.open(path).add(made(exercise="lstm-cell", text="again", hours=-10_000))
    assert [one.text for one in Store.open(path).attempts("lstm-cell")] == ["again"]
    assert standings(Store.open(path).attempts())["lstm-cell"].tries == 1


def test_a_session_that_is_open_goes_on(path, made):
    session = Store.open(path)
    resets.reset(path, "lstm-cell")
    assert list(session.attempts("lstm-cell")) == []
    session.add(made(exercise="lstm-cell"))
    assert len(list(session.attempts("lstm-cell"))) == 1


def test_what_an_earlier_time_of_another_machine_brings_is_reset_too(path, tmp_path, made):
    other = tmp_path / "other" / "progress.sqlite3"
    now = datetime.now(UTC)
    for text, at in (("before", made().at), ("after", now + timedelta(days=1))):
        Store.open(other).add(made(exercise="lstm-cell", text=text, at=at))
    resets.reset(path, "lstm-cell")
    merge(path, [read(other)])
    assert [one.text for one in Store.open(path).attempts("lstm-cell")] == ["after"]
    assert standings_so_far(Store.open(path).tallies())["lstm-cell"].tries == 1


def test_what_resets_hides_is_counted_before_it_is_asked(path, made):
    assert resets.counting(path) == {"lstm-cell": 1, "gru-update": 1}
    resets.reset(path, "lstm-cell")
    assert resets.counting(path) == {"gru-update": 1}


def test_the_sums_are_those_of_the_attempts_whatever_is_done(tmp_path, made):
    chance = Random(11)  # noqa: S311
    path, other, file = (tmp_path / name / "progress.sqlite3" for name in ("one", "other", "file"))
    for _ in range(60):
        at = made().at + timedelta(minutes=chance.randrange(100_000))
        verdict = chance.choice(["right", "wrong", "rounded", "draft"])
        for place in (path, other):
            Store.open(place).add(made(exercise=chance.choice("abc"), part=chance.choice("xy"), verdict=verdict, at=at))
        match chance.randrange(5):
            case 0:
                resets.reset(path, chance.choice(["a", "b", ""]))
            case 1:
                resets.undo_reset(path)
            case 2:
                erase(path, chance.choice("abc"))
            case 3:
                file.parent.mkdir(exist_ok=True)
                file.write_text(written(other), "utf-8")
                merge(path, [read(file)])
        full, short = standings(Store.open(path).attempts()), standings_so_far(Store.open(path).tallies())
        assert list(short) == list(full)
        assert {name: (one.right, one.tries) for name, one in short.items()} == {
            name: (one.right, one.tries) for name, one in full.items()
        }
