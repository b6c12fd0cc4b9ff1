"""A store in trouble: one sentence that says what to do, nothing lost, nothing half-written."""

import os
import shutil
import sqlite3
import subprocess
import sys
import tempfile
import threading
from contextlib import closing, contextmanager
from pathlib import Path

import pytest

from rnn_tutor.progress import database
from rnn_tutor.progress.attempt import COLUMNS
from rnn_tutor.progress.store import Store, StoreError


@pytest.fixture
def path(tmp_path):
    return tmp_path / "progress.sqlite3"


@pytest.fixture
def used(path, made):
    """A file with three attempts."""
    store = Store.open(path)
    for text in ("one", "two", "three"):
        store.add(made(text=text))
    return path


def texts(store):
    return [one.text for one in store.attempts()]


@contextmanager
def told(*words):
    """The body raises a StoreError that is one sentence for a reader, with these words."""
    with pytest.raises(StoreError) as caught:
        yield
    says = str(caught.value)
    assert says.isprintable()
    assert len(says) <= 300
    assert says.endswith(".")
    assert "Error" not in says
    for word in words:
        assert word in says


def spoil_garbage(path):
    path.write_bytes(b"not a database at all\n" * 400)


def spoil_truncated(path):
    path.write_bytes(path.read_bytes()[:-5000])  # more than the last page: that one is of an index without rows


def spoil_short(path):
    path.write_bytes(path.read_bytes()[:50])


def spoil_empty(path):
    path.write_bytes(b"")


def spoil_middle(path):
    content = bytearray(path.read_bytes())
    content[4096 : 4096 + 64] = b"\xff" * 64
    path.write_bytes(content)


def spoil_schema(path):
    with closing(sqlite3.connect(path)) as con:
        con.execute("DROP TABLE attempt")


def spoil_columns(path):
    with closing(sqlite3.connect(path)) as con:
        con.execute("ALTER TABLE attempt RENAME COLUMN givens TO taken")


@pytest.mark.parametrize(
    "spoil",
    [spoil_garbage, spoil_truncated, spoil_short, spoil_empty, spoil_middle, spoil_schema, spoil_columns],
)
def test_a_damaged_file_is_left_as_it_is(used, made, spoil):
    spoil(used)
    before = used.read_bytes()
    with told("progress.sqlite3 is damaged", "move it aside"):
        Store.open(used)
    session = Store(used)
    with told("is damaged"):
        session.add(made())
    assert used.read_bytes() == before
    assert [one.name for one in used.parent.iterdir()] == [used.name]


def test_a_session_goes_on_without_its_file(used, made):
    spoil_garbage(used)
    session = Store(used)
    assert list(session.attempts()) == []
    for text in ("a", "b"):
        with told("is damaged"):
            session.add(made(text=text))
    assert texts(session) == ["a", "b"]
    assert session.solved() == {"lstm-cell": {"c"}}
    assert session.unsaved == 2
    assert "is damaged" in session.trouble
    with told("is damaged"):
        session.close()
    used.rename(used.with_name("aside"))  # what the sentence says
    session.add(made(text="c"))
    assert session.trouble == ""
    assert session.unsaved == 0
    assert texts(Store.open(used)) == ["a", "b", "c"]


def test_what_the_session_could_not_save_is_saved_when_it_closes(used, made):
    session = Store.open(used, wait=0)
    with closing(sqlite3.connect(used)) as other:
        other.execute("BEGIN IMMEDIATE")
        with told():
            session.add(made(text="four"))
    session.close()
    assert texts(Store.open(used)) == ["one", "two", "three", "four"]


def test_what_could_be_written_and_not_committed_is_kept_for_the_next_time(used, made):
    session = Store.open(used, wait=0)
    with closing(sqlite3.connect(used)) as reader:
        halfway = reader.execute("SELECT * FROM attempt")
        halfway.fetchone()  # who reads lets others write, but not commit
        saved = session.begin(made(text="four"))
        with told("is holding"):
            saved()
        halfway.close()
    assert "Another program is holding" in session.trouble
    assert (texts(session), session.unsaved) == (["one", "two", "three", "four"], 1)
    session.begin(made(text="five"))()
    assert texts(Store.open(used)) == ["one", "two", "three", "four", "five"]
    assert (session.trouble, session.unsaved) == ("", 0)


def test_where_no_thread_can_begin_it_is_saved_all_the_same(used, made, monkeypatch):
    session = Store.open(used)
    with monkeypatch.context() as patch:

        def none_left(self):
            raise RuntimeError("can't start new thread")

        patch.setattr(threading.Thread, "start", none_left)
        session.begin(made(text="four"))()
    assert texts(Store.open(used)) == ["one", "two", "three", "four"]


def forge(path, column, value):
    """Put a copy of the first attempt in, with one column as no rnn-tutor writes it."""
    new = {"uid": "lower(hex(randomblob(16)))", column: value}
    values = ", ".join(new.get(name, name) for name in COLUMNS)
    with closing(sqlite3.connect(path)) as con, con:
        con.execute(f"INSERT INTO attempt ({', '.join(COLUMNS)}) SELECT {values} FROM attempt LIMIT 1")  # noqa: S608


@pytest.mark.parametrize(
    ("column", "value"), [("at", "'yesterday'"), ("at", "'0001-01-01T00:00+23:00'"), ("text", "CAST(x'ff1b' AS TEXT)")]
)
def test_an_attempt_that_makes_no_sense(used, column, value):
    forge(used, column, value)
    with told("is damaged"):
        Store.open(used).attempts()


def test_a_folder_in_its_place(path, made):
    path.mkdir()
    with told("progress.sqlite3 is not a file"):
        Store.open(path)


def test_a_pipe_in_its_place_is_not_waited_for(path):
    os.mkfifo(path)
    with told("progress.sqlite3 is not a file"):
        Store.open(path)


def test_a_link_to_nothing(path):
    path.symlink_to("nothing")
    with told("cannot be opened for writing"):
        Store.open(path)


def test_a_file_where_its_folder_should_be(path):
    path.write_text("")
    with told("Not a directory", "--data DIR"):
        Store.open(path / "progress.sqlite3")


def test_a_name_that_is_too_long_or_would_act_on_the_terminal(path):
    with told("File name too long"):
        Store.open(path / ("x" * 300) / "\x1b[2J.sqlite3")


def test_the_database_of_another_program(path, made):
    with closing(sqlite3.connect(path)) as con:
        con.execute("CREATE TABLE attempt (id)")
    before = path.read_bytes()
    with told("belongs to another program"):
        Store.open(path)
    with told("belongs to another program"):
        Store(path).add(made())
    assert path.read_bytes() == before


def test_another_session_that_holds_it(used, made):
    session = Store.open(used, wait=0.05)
    with closing(sqlite3.connect(used, isolation_level=None)) as other:
        other.execute("BEGIN EXCLUSIVE")
        with told("is holding"):
            session.add(made(text="four"))
        with told("is holding"):
            session.attempts()
        with told("is holding"):
            Store.open(used, wait=0.05)
    assert texts(session) == ["one", "two", "three", "four"]
    session.add(made(text="five"))
    assert texts(Store.open(used)) == ["one", "two", "three", "four", "five"]


def test_a_session_that_is_only_slow_is_waited_for(used, made):
    """Another process holds the lock and lets it go after a while."""
    holder = subprocess.Popen(
        [sys.executable, "-c", HOLD, str(used)], stdout=subprocess.PIPE, stdin=subprocess.DEVNULL, text=True
    )
    with holder:
        assert holder.stdout.readline() == "held\n"
        Store.open(used, wait=30).add(made(text="four"))
    assert texts(Store.open(used)) == ["one", "two", "three", "four"]


HOLD = """
import sqlite3, sys, time
con = sqlite3.connect(sys.argv[1], isolation_level=None)
con.execute("BEGIN EXCLUSIVE")
print("held", flush=True)
time.sleep(0.5)
con.execute("COMMIT")
"""


def test_a_full_disk_loses_nothing(used, made, monkeypatch):
    """SQLite refuses pages beyond a limit as it does when the disk has no more."""
    session = Store.open(used)
    connect = database.connect

    def full(path, wait):
        con = connect(path, wait)
        con.execute("PRAGMA max_page_count = 1")  # no more than there are
        return con

    with monkeypatch.context() as patched:
        patched.setattr(database, "connect", full)
        for text in ("4" * 8000, "5" * 8000):
            with told("The disk is full", "free some space"):
                session.add(made(text=text))
        assert "The disk is full" in session.trouble
        assert session.unsaved == 2
        assert texts(session) == ["one", "two", "three", "4" * 8000, "5" * 8000]
        assert texts(Store.open(used)) == ["one", "two", "three"]
    session.add(made(text="six"))
    assert texts(Store.open(used)) == ["one", "two", "three", "4" * 8000, "5" * 8000, "six"]


FILL = """
import resource, sys
from datetime import UTC, datetime
from pathlib import Path
from rnn_tutor.progress.store import Attempt, Store, StoreError
path = Path(sys.argv[1])
resource.setrlimit(resource.RLIMIT_FSIZE, (int(sys.argv[2]), int(sys.argv[2])))
saved = 0
try:
    store = Store.open(path)
    while True:
        store.add(Attempt("lstm-cell", "ab", None, "{}", "c", str(saved) * 5000, "right", 1.0, "", 0, 1.0,
                          datetime.now(UTC), 1))
        saved += 1
except StoreError as error:
    print(saved, error)
"""


def fill(path, most):
    found = subprocess.run(
        [sys.executable, "-c", FILL, str(path), str(most)], capture_output=True, text=True, check=True
    )
    assert found.stderr == ""
    saved, _, says = found.stdout.partition(" ")
    return int(saved), says


def test_a_quota_that_is_used_up(path):
    """The system itself refuses to write on: what add() returned from is there, and nothing is half-written."""
    saved, says = fill(path, 100_000)
    assert 0 < saved < 20
    assert "is your quota full?" in says
    assert [one[0] for one in texts(Store.open(path))] == [str(number)[0] for number in range(saved)]


def test_a_quota_that_is_used_up_from_the_start_leaves_nothing_behind(path):
    saved, says = fill(path, 1000)
    assert saved == 0
    assert "is your quota full?" in says
    assert list(path.parent.iterdir()) == []


@pytest.fixture
def plain_user():
    """A folder, and a way to be a user without a superuser's rights there."""
    folder = Path(tempfile.mkdtemp(prefix="rnn-tutor-"))
    superuser = os.geteuid() == 0
    if superuser:
        os.chown(folder, 65534, 65534)
        os.setresuid(65534, 65534, 0)
    yield folder
    if superuser:
        os.setresuid(0, 0, 0)
    folder.chmod(0o700)
    shutil.rmtree(folder)


def test_a_file_that_can_only_be_read_can_be_read(plain_user, made):
    path = plain_user / "progress.sqlite3"
    Store.open(path).add(made(text="one"))
    path.chmod(0o400)
    session = Store.open(path)
    assert "cannot be opened for writing" in session.trouble
    with told("progress.sqlite3 cannot be opened for writing", "writable"):
        session.add(made(text="two"))
    assert texts(session) == ["one", "two"]
    path.chmod(0o600)
    session.close()
    assert texts(Store.open(path)) == ["one", "two"]


def test_a_folder_that_can_only_be_read(plain_user, made):
    path = plain_user / "progress.sqlite3"
    Store.open(path).add(made(text="one"))
    plain_user.chmod(0o500)
    session = Store.open(path)
    assert "cannot be opened for writing" in session.trouble
    with told("progress.sqlite3 cannot be opened for writing", "its folder writable"):
        session.add(made(text="two"))
    assert texts(session) == ["one", "two"]


def test_a_home_that_cannot_be_written(plain_user):
    plain_user.chmod(0o500)
    with told("Permission denied", "--data DIR", "RNN_TUTOR_DATA"):
        Store.open(plain_user / ".local" / "share" / "rnn-tutor" / "progress.sqlite3")


def test_a_file_that_cannot_be_read(plain_user, made):
    path = plain_user / "progress.sqlite3"
    Store.open(path)
    path.chmod(0)
    with told("progress.sqlite3"):
        Store.open(path)
