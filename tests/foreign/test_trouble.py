"""A host in trouble, with the real program: one clear sentence each, and the session goes on."""

import os
import shutil
import sqlite3
import subprocess
from contextlib import closing

import pytest

from .conftest import PROGRAM, done, offences, shows

pytestmark = pytest.mark.slow

CONTENT = "A course"


def answered(session):
    """Work on as if nothing were wrong."""
    session.send(b"\x1b[B\r")
    shows(session, "What is twice the vector")
    session.send(b"[4, 6]\r")
    shows(session, "Right.")
    assert offences(session.raw) == []


def left(session):
    """Leave; the status, and nothing but the screen was ever written."""
    for keys, text in ((b"\x1b", "q back"), (b"q", CONTENT)):
        session.send(keys)
        shows(session, text)
    session.send(b"q")
    status = done(session)
    assert session.restored() == []
    return status


def one_sentence(session, *words):
    """The sentence on the screen, in the notice under the bar."""
    for word in words:
        there = session.until(lambda one, word=word: word in " ".join(one.text.split()), 30)
        assert there, f"{word!r} is not shown, but:\n{session.text}"
    notice = " ".join(line.strip() for line in session.lines[2:5])
    assert "Error" not in notice
    assert "errno" not in notice.lower()


@pytest.fixture
def small_disk(tmp_path):
    """A file system of a few kB."""
    folder = tmp_path / "disk"
    folder.mkdir()
    mount = shutil.which("mount")
    words = [mount, "-t", "tmpfs", "-o", "size=96k", "tmpfs", folder]
    if mount is None or os.geteuid() != 0 or subprocess.run(words, capture_output=True, check=False).returncode != 0:
        pytest.skip("mounting a small file system takes root")
    yield folder
    subprocess.run(["umount", "-l", folder], check=True)


def fill(disk):
    """Leave no byte free."""
    with (disk / "ballast").open("ab", buffering=0) as ballast, pytest.raises(OSError, match="No space"):
        while True:
            ballast.write(b"x" * 512)


def test_a_full_disk(tutor, pack, small_disk):
    content = pack(CONTENT)
    (small_disk / "ballast").write_bytes(b"x")
    session = tutor("--only", "--content", content, "--data", small_disk)
    shows(session, "A plain one")
    fill(small_disk)
    answered(session)
    one_sentence(session, "The disk is full, so nothing is being saved")
    (small_disk / "ballast").unlink()  # what the sentence says
    session.send(b"\x1b")
    shows(session, "q back")
    session.send(b"q")
    shows(session, "[x] A plain one")
    session.send(b"q")
    assert done(session) == 0
    with closing(sqlite3.connect(small_disk / "progress.sqlite3")) as con:
        assert con.execute("SELECT text FROM attempt").fetchall() == [("[4, 6]",)]


def test_a_disk_that_is_full_from_the_start(tutor, pack, small_disk):
    content = pack(CONTENT)
    fill(small_disk)
    session = tutor("--only", "--content", content, "--data", small_disk)
    one_sentence(session, "full")
    answered(session)
    assert left(session) == 0


def test_a_home_that_can_only_be_read(tutor, pack, small_disk):
    content = pack(CONTENT)
    subprocess.run(["mount", "-o", "remount,ro", small_disk], check=True)
    session = tutor("--only", "--content", content, RNN_TUTOR_DATA=None, HOME=str(small_disk), XDG_DATA_HOME=None)
    one_sentence(session, "Nothing is being saved", "Read-only file system")
    answered(session)
    assert left(session) == 0


def test_no_home(tutor, pack):
    session = tutor("--only", "--content", pack(CONTENT), RNN_TUTOR_DATA=None, HOME="")
    one_sentence(session, "Nothing is being saved", "no home folder", "--data DIR")
    answered(session)
    assert left(session) == 0


def test_a_folder_that_cannot_be_made(tutor, pack):
    session = tutor("--only", "--content", pack(CONTENT), "--data", "/proc/nowhere/at/all")
    one_sentence(session, "Nothing is being saved", "/proc/nowhere")
    answered(session)
    assert left(session) == 0


def progress(tutor, content, data):
    assert done(tutor("answer", "plain", "[1, 6]", "--only", "--content", content, "--data", data)) == 1
    return data / "progress.sqlite3"


def damage(file):
    file.write_bytes(b"\x1b[31mnot a database\n" * 300)


def cut(file):
    file.write_bytes(file.read_bytes()[:5000])


def nothing(file):
    file.write_bytes(b"")


def newer(file):
    with closing(sqlite3.connect(file)) as con:
        con.execute("PRAGMA user_version = 99")


def foreign(file):
    file.unlink()
    with closing(sqlite3.connect(file)) as con:
        con.execute("CREATE TABLE bookmarks (url)")


def a_folder(file):
    file.unlink()
    file.mkdir()


@pytest.mark.parametrize(
    ("spoil", "word"),
    [
        (damage, "is damaged"),
        pytest.param(cut, "is damaged", marks=pytest.mark.long),
        pytest.param(nothing, "is damaged", marks=pytest.mark.long),
        (newer, "newer rnn-tutor"),
        (foreign, "belongs to another program"),
        (a_folder, "is not a file"),
    ],
)
def test_a_file_that_cannot_be_used(tutor, pack, tmp_path, spoil, word):
    content = pack(CONTENT)
    file = progress(tutor, content, tmp_path / "data")
    spoil(file)
    before = file.read_bytes() if file.is_file() else b""
    session = tutor("--only", "--content", content, "--data", tmp_path / "data")
    one_sentence(session, "Nothing is being saved", word)
    answered(session)
    assert left(session) == 0
    assert (file.read_bytes() if file.is_file() else b"") == before
    assert done(tutor("progress", "--only", "--content", content, "--data", tmp_path / "data")) == 2
    told = tutor("answer", "plain", "[4, 6]", "--only", "--content", content, "--data", tmp_path / "data")
    assert done(told) == 0
    assert "notkept" in "".join(told.text.split())


def test_a_file_that_is_damaged_while_it_is_used(tutor, pack, tmp_path):
    content = pack(CONTENT)
    file = progress(tutor, content, tmp_path / "data")
    session = tutor("--only", "--content", content, "--data", tmp_path / "data")
    shows(session, "A plain one")
    damage(file)
    answered(session)
    one_sentence(session, "Nothing is being saved", "is damaged")
    file.rename(file.with_name("aside"))  # what the sentence says
    assert left(session) == 0
    with closing(sqlite3.connect(file)) as con:
        assert con.execute("SELECT text FROM attempt").fetchall() == [("[4, 6]",)]


def test_a_file_that_another_program_holds(tutor, pack, tmp_path):
    content = pack(CONTENT)
    file = progress(tutor, content, tmp_path / "data")
    with closing(sqlite3.connect(file, isolation_level=None)) as other:
        other.execute("BEGIN EXCLUSIVE")
        session = tutor("--only", "--content", content, "--data", tmp_path / "data")
        shows(session, "A plain one")
        one_sentence(session, "Another program is holding")
        answered(session)
        other.execute("ROLLBACK")
    assert left(session) == 0
    with closing(sqlite3.connect(file)) as con:
        assert con.execute("SELECT text FROM attempt ORDER BY id").fetchall() == [("[1, 6]",), ("[4, 6]",)]


@pytest.mark.parametrize("when", ["2099-01-01T00:00:00.000000+00:00", "9999-12-31T23:59:59.999999+00:00"])
def test_a_clock_that_was_set_back(tutor, pack, tmp_path, when):
    """What was answered is dated later than now."""
    content = pack(CONTENT)
    file = progress(tutor, content, tmp_path / "data")
    with closing(sqlite3.connect(file)) as con, con:
        names = [row[1] for row in con.execute("PRAGMA table_info(attempt)") if row[1] != "id"]
        new = {"at": "?", "uid": "lower(hex(randomblob(16)))"}
        chosen = ", ".join(new.get(name, name) for name in names)
        con.execute(f"INSERT INTO attempt ({', '.join(names)}) SELECT {chosen} FROM attempt LIMIT 1", [when])  # noqa: S608
    session = tutor("--only", "--content", content, "--data", tmp_path / "data", TZ="Pacific/Kiritimati")
    shows(session, "A plain one")
    session.send(b"p")
    shows(session, "Every answer is kept")
    shows(session, "2 tries")
    session.send(b"q")
    shows(session, "[~] A plain one")
    answered(session)
    assert left(session) == 0
    assert done(tutor("progress", "--json", "--only", "--content", content, "--data", tmp_path / "data")) == 0
    with closing(sqlite3.connect(file)) as con:
        assert [row[0] for row in con.execute("SELECT text FROM attempt ORDER BY id")][-1] == "[4, 6]"


def test_a_current_folder_that_is_gone(tutor, pack, tmp_path):
    content = pack(CONTENT)
    (tmp_path / "gone").mkdir()
    session = tutor(program=("sh", "-c", f'cd {tmp_path}/gone && rmdir ../gone && exec "$@"', "sh", *PROGRAM,
                             "--only", "--content", str(content), "--data", str(tmp_path / "data")))  # fmt: skip
    shows(session, "A plain one")
    answered(session)
    assert left(session) == 0
