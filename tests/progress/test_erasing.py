"""What is forgotten is nowhere in the folder any more, and no older file brings it back."""

import json
import shutil
import sqlite3
from contextlib import closing

import pytest

from rnn_tutor.progress import database, resets
from rnn_tutor.progress.attempt import DRAFT
from rnn_tutor.progress.backup import read, written
from rnn_tutor.progress.erasing import copies, erase, present
from rnn_tutor.progress.merging import merge
from rnn_tutor.progress.store import Store, StoreError

WORDS = "mauve-giraffe"


@pytest.fixture
def path(tmp_path, made):
    file = tmp_path / "data" / "progress.sqlite3"
    store = Store.open(file)
    long = f"{WORDS} " * 500  # over several pages
    for exercise, text in (("lstm-cell", long), ("gru-update", "plain"), ("lstm-cell", WORDS)):
        store.add(made(exercise=exercise, text=text, scratch=text, givens=json.dumps({"g": text})))
    store.add(made(exercise="lstm-cell", text=f"{WORDS} half", verdict=DRAFT))
    return file


def where(folder, words):
    """The files that hold these words anywhere."""
    return {file.name for file in folder.iterdir() if words.encode() in file.read_bytes()}


def texts(path):
    return [one.text for one in Store.open(path).kept()]


def test_nothing_of_it_is_left_on_any_page(path):
    resets.reset(path, "lstm-cell")
    assert present(path) == {"lstm-cell": 2, "gru-update": 1}
    assert erase(path, "lstm-cell") == 4
    assert where(path.parent, WORDS) == set()
    assert where(path.parent, "lstm-cell") == set()
    assert texts(path) == ["plain"]
    assert [file.name for file in path.parent.iterdir()] == [path.name]


def test_pages_are_overwritten_before_the_file_is_made_anew(path, monkeypatch):
    """A session that ends in between leaves nothing on pages that are free."""
    connect = database.connect

    def without_vacuum(path, wait):
        con = connect(path, wait)
        con.set_authorizer(lambda action, *_: sqlite3.SQLITE_DENY if action == sqlite3.SQLITE_ATTACH else 0)
        return con

    monkeypatch.setattr(database, "connect", without_vacuum)  # VACUUM attaches what it writes into
    with pytest.raises(StoreError):
        erase(path, "lstm-cell")
    assert where(path.parent, WORDS) == set()


def test_all(path, made):
    erase(path, "")
    assert where(path.parent, WORDS) == where(path.parent, "plain") == where(path.parent, "gru-update") == set()
    store = Store.open(path)
    store.add(made(text="new"))
    assert texts(path) == ["new"]
    assert [tally.tries for tally in store.tallies()] == [1]


def test_attempts_are_only_ever_added_still(path):
    erase(path, "lstm-cell")
    with closing(sqlite3.connect(path)) as con, pytest.raises(sqlite3.IntegrityError, match="only ever added"):
        con.execute("DELETE FROM attempt")
    assert database_schema(path) == database.fresh_schema(len(database.STEPS))


def database_schema(path):
    with closing(sqlite3.connect(path)) as con:
        return database.schema_of(con)


def migrated(path, monkeypatch):
    """Have the file brought up to a later format, which leaves a copy beside it."""
    steps = (*database.STEPS, ("ALTER TABLE attempt ADD COLUMN note TEXT NOT NULL DEFAULT ''",))
    monkeypatch.setattr(database, "STEPS", steps)
    Store.open(path)
    (copy,) = copies(path)
    assert where(path.parent, WORDS) == {path.name, copy.name}
    return copy


def test_the_copies_of_older_formats_lose_it_too(path, monkeypatch):
    copy = migrated(path, monkeypatch)
    schema = database_schema(copy)
    erase(path, "lstm-cell")
    assert where(path.parent, WORDS) == set()
    assert where(path.parent, "plain") == {path.name, copy.name}
    assert database_schema(copy) == schema


def test_with_all_the_copies_go(path, monkeypatch):
    migrated(path, monkeypatch)
    erase(path, "")
    assert [file.name for file in path.parent.iterdir()] == [path.name]


def test_a_copy_that_cannot_be_changed_is_named(path, monkeypatch):
    copy = migrated(path, monkeypatch)
    copy.write_bytes(b"no database\n" * 400)
    with pytest.raises(StoreError, match=rf"{copy.name}.*remove it yourself\.$"):
        erase(path, "lstm-cell")
    assert where(path.parent, WORDS) == set()


def test_an_older_file_does_not_bring_it_back(path, tmp_path):
    old, backup = tmp_path / "old.sqlite3", tmp_path / "old.jsonl"
    shutil.copy(path, old)
    backup.write_text(written(path), "utf-8")
    erase(path, "lstm-cell")
    assert [merge(path, [read(file)]).forgotten for file in (old, backup)] == [3, 3]
    assert texts(path) == ["plain"]
    assert where(path.parent, WORDS) == set()


def test_the_marks_go_along_with_a_backup(path, tmp_path):
    old, new, third = tmp_path / "old.sqlite3", tmp_path / "new.jsonl", tmp_path / "third" / "progress.sqlite3"
    shutil.copy(path, old)
    erase(path, "lstm-cell")
    new.write_text(written(path), "utf-8")
    assert WORDS not in new.read_text() and "lstm-cell" not in new.read_text()
    merge(third, [read(new)])
    merge(third, [read(old)])
    assert texts(third) == ["plain"]


def test_what_is_here_stays_when_it_was_erased_in_a_file_that_is_merged(path, tmp_path):
    other = tmp_path / "other.sqlite3"
    shutil.copy(path, other)
    erase(other, "")
    merge(path, [read(other)])
    assert len(texts(path)) == 4


def test_a_file_that_is_held_is_left_as_it_is(path):
    with closing(sqlite3.connect(path, isolation_level=None)) as con:
        con.execute("BEGIN IMMEDIATE")
        with pytest.raises(StoreError, match="Another program is holding"):
            erase(path, "", wait=0.05)
    assert len(texts(path)) == 4
