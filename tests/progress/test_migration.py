import sqlite3
import stat
import threading
import time
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing

import pytest

from rnn_tutor.progress import database
from rnn_tutor.progress.attempt import COLUMNS, microseconds, to_row
from rnn_tutor.progress.store import Store, StoreError

RELEASED = len(database.STEPS)
NOTE = ("ALTER TABLE attempt ADD COLUMN note TEXT NOT NULL DEFAULT ''",)
UNTOLD = ("CREATE TABLE extra (id INTEGER)", "CREATE TABLE extra (id INTEGER)")  # the second fails


@pytest.fixture
def used(tmp_path, made):
    path = tmp_path / "progress.sqlite3"
    store = Store.open(path)
    for text in ("one", "two"):
        store.add(made(text=text))
    return path


def later(monkeypatch, *steps):
    """What a later version of the program is: the same steps and more."""
    monkeypatch.setattr(database, "STEPS", (*database.STEPS, *steps))


def texts(path):
    with closing(sqlite3.connect(path)) as con:
        return [text for (text,) in con.execute("SELECT text FROM attempt ORDER BY id")]


def version(path):
    with closing(sqlite3.connect(path)) as con:
        return con.execute("PRAGMA user_version").fetchone()[0]


def schema(path):
    with closing(sqlite3.connect(path)) as con:
        return con.execute("SELECT type, name, sql FROM sqlite_schema ORDER BY name").fetchall()


def copy_name(number):
    return f"progress-format-{RELEASED}-copy-{number}.sqlite3"


def names(path):
    return sorted(one.name for one in path.parent.iterdir())


def test_an_older_file_is_brought_up_to_date_and_kept_beside(used, made, monkeypatch):
    old = schema(used)
    later(monkeypatch, NOTE)
    store = Store.open(used)
    store.add(made(text="three"))
    assert [one.text for one in store.attempts()] == ["one", "two", "three"]
    assert version(used) == RELEASED + 1
    assert names(used) == [copy_name(1), "progress.sqlite3"]
    copy = used.with_name(copy_name(1))
    assert (version(copy), texts(copy), schema(copy)) == (RELEASED, ["one", "two"], old)
    assert stat.S_IMODE(copy.stat().st_mode) == 0o600


def test_a_file_made_new_is_like_one_brought_up_to_date(used, tmp_path, monkeypatch):
    later(monkeypatch, NOTE, ("CREATE TABLE extra (id INTEGER)",))
    Store.open(used)
    fresh = tmp_path / "fresh" / "progress.sqlite3"
    Store.open(fresh)
    assert schema(fresh) == schema(used)
    assert (version(fresh), version(used)) == (RELEASED + 2, RELEASED + 2)
    assert names(fresh) == ["progress.sqlite3"]


def test_two_sessions_that_both_find_it_old(used, monkeypatch):
    """The second waits for the first and then finds it done."""
    later(monkeypatch, NOTE)
    back_up = database._back_up
    begun = threading.Event()

    def slow(path, version, wait):
        begun.set()
        time.sleep(0.2)
        back_up(path, version, wait)

    monkeypatch.setattr(database, "_back_up", slow)
    with ThreadPoolExecutor() as pool:
        first = pool.submit(Store.open, used, wait=30)
        assert begun.wait(30)
        second = pool.submit(Store.open, used, wait=30)
        assert [one.text for one in first.result().attempts()] == ["one", "two"]
        assert [one.text for one in second.result().attempts()] == ["one", "two"]
    assert names(used) == [copy_name(1), "progress.sqlite3"]


def test_an_earlier_copy_is_never_overwritten(used, monkeypatch):
    used.with_name(copy_name(1)).write_text("precious")
    later(monkeypatch, NOTE)
    Store.open(used)
    assert used.with_name(copy_name(1)).read_text() == "precious"
    assert texts(used.with_name(copy_name(2))) == ["one", "two"]


def test_a_step_that_fails_changes_nothing(used, monkeypatch):
    before = used.read_bytes()
    with monkeypatch.context() as patched:
        later(patched, NOTE, UNTOLD)
        with pytest.raises(StoreError):
            Store.open(used)
    assert (version(used), texts(used)) == (RELEASED, ["one", "two"])
    assert used.read_bytes() == before
    assert [one.text for one in Store.open(used).attempts()] == ["one", "two"]


def test_without_a_copy_nothing_is_changed(used, monkeypatch):
    before = used.read_bytes()
    later(monkeypatch, NOTE)

    def refused(path):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(database, "_make_private", refused)
    with pytest.raises(StoreError, match="No space left on device"):
        Store.open(used)
    assert used.read_bytes() == before


def test_a_newer_file_is_refused_and_left_alone(used, made, monkeypatch):
    with monkeypatch.context() as patched:
        later(patched, NOTE)
        Store.open(used)
    before = used.read_bytes()
    says = r"^\S+progress.sqlite3 was written by a newer rnn-tutor .*: update rnn-tutor, or start it again .*\.$"
    with pytest.raises(StoreError, match=says):
        Store.open(used)
    session = Store(used)
    with pytest.raises(StoreError, match=says):
        session.add(made())
    assert session.unsaved == 1
    assert used.read_bytes() == before


def test_a_session_notices_that_a_newer_program_has_changed_the_file(used, made, monkeypatch):
    session = Store.open(used)
    with monkeypatch.context() as patched:
        later(patched, NOTE)
        Store.open(used)
    with pytest.raises(StoreError, match="newer rnn-tutor"):
        session.add(made(text="three"))
    assert texts(used) == ["one", "two"]
    assert session.unsaved == 1


def test_the_program_knows_the_released_format(used):
    """A released step never changes: a change to the first one is a second one."""
    assert version(used) == RELEASED == 4
    with closing(sqlite3.connect(used)) as con:
        columns = [(name, kind) for _, name, kind, *_ in con.execute("PRAGMA table_info(attempt)")]
    assert columns == [
        ("id", "INTEGER"),
        ("exercise", "TEXT"),
        ("content_hash", "TEXT"),
        ("seed", "INTEGER"),
        ("part", "TEXT"),
        ("verdict", "TEXT"),
        ("score", "REAL"),
        ("diagnosis", "TEXT"),
        ("hints", "INTEGER"),
        ("solution", "INTEGER"),
        ("seconds", "REAL"),
        ("parts", "INTEGER"),
        ("at", "TEXT"),
        ("text", "TEXT"),
        ("scratch", "TEXT"),
        ("givens", "TEXT"),
        ("rule", "TEXT"),
        ("uid", "TEXT"),
    ]


def file_of_format(path, number, attempts, monkeypatch):
    """A progress file as it was made when there were so many formats."""
    without = {1: ("rule", "uid"), 2: ("uid",)}[number]
    with monkeypatch.context() as patched:
        names = [name for name in COLUMNS if name not in without]
        patched.setattr(database, "STEPS", database.STEPS[:number])
        patched.setattr(database, "COLUMNS", names)
        with database.connection(path, 1.0) as con:
            for attempt in attempts:
                row = dict(zip(COLUMNS, to_row(attempt), strict=True))
                marks = ", ".join("?" * len(names))
                con.execute(f"INSERT INTO attempt ({', '.join(names)}) VALUES ({marks})", [row[name] for name in names])  # noqa: S608
    assert version(path) == number
    return path


def test_a_file_of_the_first_format_gets_the_rule_of_each_mistake(tmp_path, made, monkeypatch):
    path = file_of_format(tmp_path / "progress.sqlite3", 1, [made(text="old")], monkeypatch)
    store = Store.open(path)
    store.add(made(text="new", rule="sign"))
    assert [(one.text, one.rule) for one in store.attempts()] == [("old", ""), ("new", "sign")]
    copy = path.with_name("progress-format-1-copy-1.sqlite3")
    assert (version(path), version(copy), texts(copy)) == (RELEASED, 1, ["old"])


def test_the_third_format_knows_each_attempt_in_any_copy(tmp_path, made, monkeypatch):
    """Also those that say the same; and the order stays, whatever the clocks have said."""
    attempts = [made(text=text, hours=hours) for text, hours in (("a", 5), ("b", -1000), ("b", -1000), ("c", 6))]
    one = file_of_format(tmp_path / "one" / "progress.sqlite3", 2, attempts, monkeypatch)
    other = file_of_format(tmp_path / "other" / "progress.sqlite3", 2, attempts[:3], monkeypatch)
    kept = list(Store.open(one).attempts())
    assert [attempt.text for attempt in kept] == ["a", "b", "b", "c"]
    uids = [attempt.uid for attempt in kept]
    assert len(set(uids)) == 4
    assert [attempt.uid for attempt in Store.open(other).attempts()] == uids[:3]
    with closing(sqlite3.connect(one)) as con:
        ids = [number for (number,) in con.execute("SELECT id FROM attempt ORDER BY id")]
    assert ids == [microseconds(kept[0].at), ids[0] + 1, ids[0] + 2, microseconds(kept[3].at)]
    assert Store.open(one).tallies() == [("lstm-cell", "c", 1, 4, 4)]


def test_an_attempt_without_a_date_does_not_stop_it(tmp_path, made, monkeypatch):
    """It is told when attempts are read, as before; nothing is lost by then."""
    path = file_of_format(tmp_path / "progress.sqlite3", 2, [made(text="a"), made(text="b")], monkeypatch)
    with closing(sqlite3.connect(path)) as con, con:
        con.execute("CREATE TEMP TABLE late AS SELECT * FROM attempt LIMIT 1")
        con.execute("UPDATE late SET id = 7, at = 'yesterday', text = 'c'")
        con.execute("INSERT INTO attempt SELECT * FROM late")
    assert Store.open(path).tallies()
    assert (version(path), texts(path)) == (RELEASED, ["a", "b", "c"])
