import os
import re
import sqlite3
import stat
import threading
from contextlib import closing
from datetime import timedelta, timezone
from pathlib import Path, PureWindowsPath

import numpy as np
import pytest

from rnn_tutor.progress import database, store
from rnn_tutor.progress.attempt import bounded
from rnn_tutor.progress.database import connection, transaction
from rnn_tutor.progress.rows import add_row
from rnn_tutor.progress.store import Store, StoreError


@pytest.fixture
def path(tmp_path):
    return tmp_path / "data" / "progress.sqlite3"


def texts(store):
    return [one.text for one in store.attempts()]


def mode(path):
    return stat.S_IMODE(path.stat().st_mode)


def test_every_field_comes_back(path, made):
    first = made(seed=7, diagnosis="authored", verdict="wrong", score=0.5, hints=2, seconds=0.25, solution=True)
    second = made(seed=None, part="logp", parts=2, seconds=3.0)
    store = Store.open(path)
    store.add(first)
    store.add(second)
    assert list(store.attempts()) == [first, second]
    assert list(Store.open(path).attempts()) == [first, second]
    assert store.trouble == ""
    assert store.unsaved == 0


def test_times_are_kept_in_utc(path, made):
    attempt = made()
    store = Store.open(path)
    store.add(made(at=attempt.at.astimezone(timezone(timedelta(hours=9)))))
    (kept,) = store.attempts()
    assert kept.at == attempt.at
    assert kept.at.utcoffset() == timedelta(0)


def test_the_order_is_that_of_adding_whatever_the_clock_says(path, made):
    store = Store.open(path)
    for text, hours in (("a", 0), ("b", -1000), ("c", 5)):
        store.add(made(text=text, hours=hours))
    assert texts(store) == ["a", "b", "c"]


def test_one_exercise_and_what_is_solved(path, made):
    store = Store.open(path)
    store.add(made(exercise="gru-update", part="h", verdict="wrong"))
    store.add(made(exercise="sequence-probability", part="p", parts=2))
    store.add(made(exercise="sequence-probability", part="p", parts=2))
    store.add(made(exercise="sequence-probability", part="logp", parts=2, verdict="rounded"))
    store.add(made())
    assert [one.part for one in store.attempts("sequence-probability")] == ["p", "p", "logp"]
    assert list(store.attempts("no-such")) == []
    assert store.solved() == {"sequence-probability": {"p"}, "lstm-cell": {"c"}}


@pytest.mark.parametrize("name", [b"a b", b"50%?mode=ro#x", "\N{SNOWMAN}".encode(), b"\xff\xfe", b"~-_.&=+;:@,'[]"])
def test_an_address_is_that_of_the_path(tmp_path, name):
    path = tmp_path / os.fsdecode(name)
    assert database.address(path, "mode=rw") == f"{path.as_uri()}?mode=rw"


@pytest.mark.parametrize("name", ["C:/Users/a b/\N{SNOWMAN}.sqlite3", "//host/share/a.sqlite3"])
def test_an_address_on_windows_has_its_drive_as_sqlite_wants_it(name):
    path = PureWindowsPath(name)
    assert database._uri(path) == path.as_uri()


def test_nobody_else_can_read_it(path, made):
    old = os.umask(0)
    try:
        Store.open(path).add(made())
    finally:
        os.umask(old)
    assert mode(path.parent) == 0o700
    assert mode(path) == 0o600
    assert [one.name for one in path.parent.iterdir()] == ["progress.sqlite3"]


def test_a_folder_that_is_there_keeps_its_mode(path):
    path.parent.mkdir(mode=0o755)
    Store.open(path)
    assert mode(path.parent) == 0o755


@pytest.mark.parametrize(
    "text",
    [
        "'); DROP TABLE attempt; --",
        "\x1b]52;c;aGk=\x07[/red]",
        "a\0b",
        "h\u0303 \U0001f600 \u202e",
        "",
        "[1,\n 2]\r\n",
    ],
)
def test_text_is_data(path, made, text):
    store = Store.open(path)
    store.add(made(text=text))
    store.add(made())
    assert texts(store) == [text, "[0.95, 0]"]


def test_bytes_that_are_no_text_are_written_out(path, made):
    store = Store.open(path)
    store.add(made(text=b"1\xff".decode("utf-8", "surrogateescape")))
    assert texts(store) == [r"1\udcff"]


def test_endless_text_is_cut(path, made):
    store = Store.open(path)
    store.add(made(text="1" * 1_000_000, part="p" * 1_000_000, diagnosis="d" * 1_000_000))
    (kept,) = store.attempts()
    assert (len(kept.text), len(kept.part), len(kept.diagnosis)) == (8_000, 2_000, 2_000)


@pytest.mark.parametrize(
    ("score", "seconds", "kept"),
    [
        (float("nan"), float("nan"), (0.0, 0.0)),
        (7.0, float("inf"), (1.0, 0.0)),
        (-1.0, -1.0, (0.0, 0.0)),
        (1, 2, (1.0, 2.0)),
    ],
)
def test_numbers_that_are_none_lose_no_attempt(path, made, score, seconds, kept):
    store = Store.open(path)
    store.add(made(score=score, seconds=seconds, hints=-1, parts=0))
    (found,) = store.attempts()
    assert (found.score, found.seconds) == kept
    assert (found.hints, found.parts) == (0, 1)


def test_numbers_as_the_engine_has_them(path, made):
    store = Store.open(path)
    store.add(made(seed=np.int64(7), score=np.float32(0.5), hints=np.int8(2), parts=np.int64(3), seconds=np.float64(2)))
    assert list(store.attempts()) == [made(seed=7, score=0.5, hints=2, parts=3, seconds=2.0)]


@pytest.mark.parametrize("given", [{"seed": 2**63}, {"seed": -1}, {"givens": "1" * (4 << 20) + "1"}])
def test_what_can_never_be_stored_stops_nothing(path, made, given):
    store = Store.open(path)
    with pytest.raises(StoreError, match=r"^This answer cannot be saved: its .*\.$"):
        store.add(made(**given))
    assert store.unsaved == 0
    store.add(made(seed=2**63 - 1))
    assert [one.seed for one in store.attempts()] == [2**63 - 1]


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE attempt SET verdict = 'right'",
        "DELETE FROM attempt",
        "INSERT OR REPLACE INTO attempt SELECT * FROM attempt",
        "REPLACE INTO attempt SELECT * FROM attempt LIMIT 1",
    ],
)
def test_attempts_are_only_ever_added(path, made, statement):
    Store.open(path).add(made(verdict="wrong"))
    with closing(sqlite3.connect(path)) as con, pytest.raises(sqlite3.IntegrityError, match="only ever added"):
        con.execute(statement)
    assert [one.verdict for one in Store.open(path).attempts()] == ["wrong"]


def test_reading_halfway_locks_nobody_out(path, made):
    store = Store.open(path)
    for _ in range(3):
        store.add(made())
    reading = store.attempts()
    next(reading)
    Store.open(path, wait=0).add(made())
    assert len(list(reading)) == 2


def test_many_threads(path, made):
    store = Store.open(path)
    threads = [threading.Thread(target=store.add, args=(made(text=str(number)),)) for number in range(8)]
    for one in threads:
        one.start()
    for one in threads:
        one.join()
    assert sorted(texts(store)) == [str(number) for number in range(8)]


def test_what_was_begun_is_seen_by_all_once_it_is_on_the_disk(path, made, monkeypatch):
    one = Store.open(path)
    one.add(made(text="one"))
    may_commit = threading.Event()
    commit = store._Commit._run
    monkeypatch.setattr(store._Commit, "_run", lambda self: (may_commit.wait(10), commit(self)))
    saved = one.begin(made(text="two"), made(text="three"))
    assert texts(Store.open(path)) == ["one"]  # nobody reads what may still be lost
    seen = []
    reader = threading.Thread(target=lambda: seen.extend(texts(one)))
    reader.start()
    reader.join(0.1)
    assert reader.is_alive()  # it waits for it
    may_commit.set()
    saved()
    assert texts(Store.open(path)) == ["one", "two", "three"]
    reader.join()
    assert seen == ["one", "two", "three"]


def test_nothing_is_held_where_something_can_never_be_stored(path, made):
    one = Store.open(path)
    with pytest.raises(StoreError, match="cannot be saved"):
        one.begin(made(seed=2**80))
    one.begin(made(text="two"))()
    assert texts(one) == ["two"]


def test_a_name_with_anything_in_it(tmp_path, made):
    path = tmp_path / "ä b?#%41&mode=memory" / "progress.sqlite3"
    Store.open(path).add(made())
    assert len(list(Store.open(path).attempts())) == 1
    assert path.is_file()


def test_a_name_within_the_current_folder(tmp_path, monkeypatch, made):
    monkeypatch.chdir(tmp_path)
    Store.open(tmp_path.__class__("progress.sqlite3")).add(made())
    assert (tmp_path / "progress.sqlite3").is_file()


def test_a_file_system_without_hard_links(path, made, monkeypatch):
    def refused(self, target):
        raise PermissionError(1, "Operation not permitted")

    monkeypatch.setattr(type(path), "hardlink_to", refused)
    Store.open(path).add(made())
    assert len(list(Store.open(path).attempts())) == 1
    assert [one.name for one in path.parent.iterdir()] == ["progress.sqlite3"]


def test_a_file_that_was_turned_to_wal_is_turned_back(path, made):
    Store.open(path).add(made())
    with closing(sqlite3.connect(path)) as con:
        con.execute("PRAGMA journal_mode = WAL")
    Store.open(path).add(made())
    with closing(sqlite3.connect(path)) as con:
        assert con.execute("PRAGMA journal_mode").fetchone() == ("delete",)


def test_a_file_that_is_deleted_meanwhile_is_made_again(path, made):
    store = Store.open(path)
    store.add(made(text="gone"))
    path.unlink()
    store.add(made(text="kept"))
    assert texts(Store.open(path)) == ["kept"]


def test_a_commit_is_on_the_disk_also_on_a_file_server(path):
    """DELETE works over NFS, and EXTRA (3) syncs the folder after the journal; neither is SQLite's own choice."""
    with connection(path, 0) as con:
        assert con.execute("PRAGMA synchronous").fetchone() == (3,)
        assert con.execute("PRAGMA journal_mode").fetchone() == ("delete",)


def steps_to_tell_what_is_done(path, monkeypatch):
    """How many instructions SQLite runs for what the first frame has to know."""
    taken = [0]
    connect = database.connect

    def counted(path, wait):
        con = connect(path, wait)

        def step():
            taken[0] += 1

        con.set_progress_handler(step, 1)
        return con

    with monkeypatch.context() as patched:
        patched.setattr(database, "connect", counted)
        store = Store.open(path, look=False)
        assert len(store.tallies()) == 6
    return taken[0]


def test_how_much_was_answered_is_nothing_to_the_first_frame(tmp_path, made, monkeypatch):
    """The same work for a hundred answers as for three thousand: `tally` has what they amount to."""
    few, many = tmp_path / "few.sqlite3", tmp_path / "many.sqlite3"
    for path, count in ((few, 100), (many, 3000)):
        Store.open(path)
        with connection(path, 1.0) as con, transaction(con):
            for number in range(count):
                add_row(con, bounded(made(exercise="abc"[number % 3], part="xy"[number % 2], verdict="wrong")))
    assert steps_to_tell_what_is_done(many, monkeypatch) <= 1.3 * steps_to_tell_what_is_done(few, monkeypatch)


def test_what_is_added_twice_is_there_once(path, made):
    """As after a commit of which the end was not told: the attempt is kept for the next time, and is there already."""
    store = Store.open(path)
    attempt = bounded(made(text="once"))
    store.add(attempt)
    store.add(attempt)
    assert texts(store) == ["once"]
    assert store.tallies()[0].tries == 1


def test_opening_costs_the_same_however_much_was_answered(tmp_path, made, monkeypatch):
    """Counted in the steps of SQLite's machine, and not in time: a hundred answers, and forty times as many."""
    steps = 0
    real = database.connect

    def connect(path, wait):
        con = real(path, wait)

        def count():
            nonlocal steps
            steps += 1

        con.set_progress_handler(count, 10)
        return con

    found = []
    for number in (100, 4000):
        store = Store(tmp_path / f"{number}.sqlite3")
        store._unsaved = [bounded(made(exercise=f"e{at % 20}", hours=at)) for at in range(number - 1)]
        store.add(made(verdict="note", exercise="e1"))
        monkeypatch.setattr(database, "connect", connect)
        steps = 0
        tallies, notes, empty, _left = Store.open(store._path, look=False).beginning()
        assert not empty
        monkeypatch.setattr(database, "connect", real)
        assert (sum(tally.tries for tally in tallies), len(notes)) == (number - 1, 1)
        found.append(steps)
    few, many = found
    assert 0 < many <= 1.3 * few


def test_no_query_has_numbered_places():
    """Python 3.12 warns of `?1` with a tuple of values, and 3.14 refuses it; 3.11 says nothing."""
    package = Path(store.__file__).parent
    queries = {path.name: re.findall(r"\?\d", path.read_text("utf-8")) for path in package.rglob("*.py")}
    assert len(queries) > 20
    assert {name: found for name, found in queries.items() if found} == {}
