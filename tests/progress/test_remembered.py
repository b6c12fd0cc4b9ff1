"""Of very many rows it is kept what they amount to: the same as all rows say, or it is not believed."""

import sqlite3
from contextlib import closing
from dataclasses import replace
from datetime import timedelta

import pytest

from rnn_tutor.progress import backup, history, remembered
from rnn_tutor.progress.database import connection
from rnn_tutor.progress.erasing import erase
from rnn_tutor.progress.history import History
from rnn_tutor.progress.merging import merge
from rnn_tutor.progress.record import note_of, rating_of
from rnn_tutor.progress.resets import reset, undo_reset
from rnn_tutor.progress.review import reviews
from rnn_tutor.progress.store import Store, bounded

from .test_history import BEGIN, rows

NOW = BEGIN + timedelta(days=60)


def told(found):
    """All that a history tells."""
    return (
        found.count, list(found.standings.items()), found.rounds.count, found.rounds.every, found.drafts, found.notes,
        found.mistakes.recurring, found.mistakes.made, reviews(found.rounds, NOW),
    )  # fmt: skip


def add(path, some):
    store = Store.open(path)
    some = list(some)
    store._unsaved = [bounded(row) for row in some[:-1]]
    store.add(some[-1])


def state(path):
    """What is kept of a file, None: nothing."""
    with closing(sqlite3.connect(path)) as con:
        if not con.execute("SELECT 1 FROM sqlite_master WHERE name = 'summary'").fetchone():
            return None
        return con.execute("SELECT * FROM summary").fetchone()


def recalled(path):
    """Whether what is kept is believed."""
    store = Store.open(path)
    with connection(path, 1.0) as con:
        return remembered.recall(con, lambda until: store._source(con, until), lambda u: store._rows_of(con, u))[1] > 0


def same(path):
    """Read what there is with what is kept, and without it."""
    found = told(Store.open(path).history())
    assert found == told(History(Store.open(path).kept()))
    return found


@pytest.fixture
def every():
    """120 answers, with scratchpads, drafts, ratings and notes, that go on for five days."""
    return [replace(row, scratch="a = 1") if at % 23 == 0 else row for at, row in enumerate(rows(120))]


@pytest.fixture
def path(tmp_path, monkeypatch, every):
    """A file of many rows, of which is kept what the first 90 amount to."""
    monkeypatch.setattr(history, "MOST_KEPT", 20)
    path = tmp_path / "progress.sqlite3"
    add(path, every[:90])
    assert state(path) is None
    same(path)
    assert state(path) is not None
    assert recalled(path)
    return path


def test_what_is_new_is_added_to_what_was_kept(path, every):
    for at in range(90, len(every), 10):  # rounds, drafts and pads go on; what is rated was answered before
        add(path, every[at : at + 10])
        assert recalled(path)
        same(path)
    add(path, [rating_of(every[-4], "easy"), note_of("way", text="debug")])
    same(path)


def test_only_what_is_new_is_read(path, every, monkeypatch):
    add(path, every[90:95])
    read = []
    monkeypatch.setattr(History, "add", lambda _self, row, add=History.add: (read.append(row), add(_self, row)))
    Store.open(path).history()
    assert len(read) == 5


def test_it_is_kept_anew_when_much_is_new(path, every):
    before = state(path)
    add(path, every[90:100])
    same(path)
    assert state(path) == before
    add(path, every[100:])
    same(path)
    assert state(path) != before
    assert recalled(path)


@pytest.mark.parametrize("column", ["made_of", "until", "digest", "state"])
def test_what_is_damaged_is_not_believed(path, column):
    with closing(sqlite3.connect(path)) as con:
        (value,) = con.execute(f"SELECT {column} FROM summary").fetchone()  # noqa: S608
        other = value + 1 if column == "until" else bytes([*value[:-1], value[-1] ^ 1]) if column == "state" else "x"
        con.execute(f"UPDATE summary SET {column} = ?", (other,))  # noqa: S608
        con.commit()
    assert not recalled(path)
    same(path)
    assert recalled(path)  # it was made anew


@pytest.mark.parametrize("other", [b"", b"\xc0", b"\x98\x01", None])
def test_what_is_nothing_of_ours_is_not_believed(path, other):
    with closing(sqlite3.connect(path)) as con:
        if other is None:  # as it is, but with an index that leads nowhere
            kept = remembered.msgspec.msgpack.decode(state(path)[3], type=remembered._State)
            other = remembered.msgspec.msgpack.encode(remembered.msgspec.structs.replace(kept, names=[]))
        con.execute("UPDATE summary SET state = ?, digest = ?", (other, remembered._digest(other)))
        con.commit()
    assert not recalled(path)
    same(path)


def test_what_another_program_worked_out_is_not_believed(path, monkeypatch):
    monkeypatch.setattr(remembered, "_program", lambda: "another")
    assert not recalled(path)
    monkeypatch.setattr(remembered, "_program", lambda: "")  # no text of it to be read: nothing is kept
    same(path)
    assert state(path) is None


def test_resets_erasing_and_merging_are_seen(path, every, tmp_path):
    reset(path, "e5")
    assert not recalled(path)
    reset_once = same(path)
    assert recalled(path)
    undo_reset(path)
    assert not recalled(path)
    assert same(path) != reset_once
    other = tmp_path / "other" / "progress.sqlite3"
    add(other, [replace(every[3], exercise="elsewhere", at=BEGIN + timedelta(minutes=5))])  # before all that is kept
    merge(path, [backup.read(other)])
    assert not recalled(path)
    assert "elsewhere" in dict(same(path)[1])
    assert recalled(path)
    erase(path, "elsewhere")
    assert state(path) is None
    assert b"elsewhere" not in path.read_bytes()
    same(path)


def test_a_file_that_keeps_it_can_be_merged(path, tmp_path):
    other = tmp_path / "other" / "progress.sqlite3"
    Store.open(other)
    assert merge(other, [backup.read(path)]).new == 90
    assert state(other) is None
    with closing(sqlite3.connect(path)) as con:  # but not one with another table of that name
        con.execute("ALTER TABLE summary ADD COLUMN more")
    assert not recalled(path)
    with pytest.raises(backup.ForeignError):
        backup.read(path)
    same(path)
    assert recalled(path)  # with a table as it is now


def test_no_text_of_anybody_is_in_it(path, every):
    add(path, [replace(every[0], text="something private", verdict="draft", part="z", givens='{"x": 12345}')] * 2)
    add(path, every[90:])
    drafts = Store.open(path).history().drafts
    assert any(row.text == "something private" for parts in drafts.values() for row in parts.values())
    assert recalled(path)
    same(path)
    assert b"private" not in state(path)[3]
    assert b"12345" not in state(path)[3]


def test_files_of_several_machines(tmp_path, monkeypatch, every):
    monkeypatch.setattr(history, "MOST_KEPT", 20)
    here, there = (tmp_path / f"progress-at-{name}.sqlite3" for name in ("a", "b"))
    add(here, every[:90:2])
    add(there, every[1:90:2])
    same(here)
    assert recalled(here)
    assert state(there) is None
    add(there, every[90:95])
    add(here, every[95:100])
    assert recalled(here)
    same(here)
    reset(there, "e7")
    assert not recalled(here)
    same(here)
    assert recalled(here)
    there.unlink()
    assert not recalled(here)
    same(here)


def test_a_row_that_stands_in_two_files_counts_once(tmp_path, monkeypatch, every):
    monkeypatch.setattr(history, "MOST_KEPT", 20)
    here, there = (tmp_path / f"progress-at-{name}.sqlite3" for name in ("a", "b"))
    uids = [replace(bounded(row), uid=f"{at:032x}") for at, row in enumerate(every)]
    add(here, uids[:90])
    add(there, [replace(uids[-1], at=BEGIN)])
    same(here)
    assert recalled(here)
    add(there, [replace(uids[7], at=NOW)])  # which is at its place in the other file
    same(here)


def test_what_is_saved_while_all_is_read_is_not_left_out(path, every, monkeypatch):
    add(path, every[90:])
    read = Store._saved

    def slowly(self, after):
        yield from read(self, after)
        add(path, [replace(every[0], exercise="meanwhile")])

    monkeypatch.setattr(Store, "_saved", slowly)
    before = state(path)
    Store.open(path).history()
    monkeypatch.undo()
    assert state(path) != before  # nothing is kept of what may not be all
    assert not recalled(path)
    assert "meanwhile" in dict(same(path)[1])
