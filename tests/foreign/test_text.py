"""Markup and escape codes in content, answers, names, progress, messages: on every screen, by every command."""

import re
import sqlite3
import subprocess
from contextlib import closing
from dataclasses import replace

import pytest

from rnn_tutor.progress.attempt import DRAFT
from rnn_tutor.progress.store import Store

from .conftest import HOSTILE, MARKUP, PROGRAM, ROOT, done, environ, offences, shows

pytestmark = pytest.mark.slow

IN_ASCII = {"TERM": "vt100", "LC_ALL": "C"}
LOCALES = pytest.mark.parametrize("locale", [{}, IN_ASCII], ids=["utf8", "ascii"])
ASCII_IN_LONG = pytest.mark.parametrize(
    "locale", [pytest.param({}, id="utf8"), pytest.param(IN_ASCII, marks=pytest.mark.long, id="ascii")]
)


def test_the_bytes_are_looked_at():
    assert offences(b"\x1b[1;2Hplain \xe2\x94\x80\x1b[0m\x1b[?2026$p\r\n") == []
    for text in ("\x1b]52;c;aGk=\x07", "\x9b31m", "\u202e", "\x1bc", "\x1b[6n", "\x00"):
        assert offences(text.encode()) != []


def every_screen(session, title):
    """Go through all screens of the hostile exercise, with a hostile answer at each line."""
    typed = HOSTILE.encode()
    for keys, text in (
        (b"", title),
        (b"p", "Every answer is kept"),
        (b"q", title),
        (b"\r", "y = "),
        (b"\x1b[200~" + typed + b"\x1b[201~", "y = "),  # pasted
        (b"\r", "Not read"),
        (b"\x15" + MARKUP.encode()[:60] + b"\r", "y = a[/b]"),
        (b"\x15[6, 9]\r", "Not yet."),  # the mistake that the file names
        (b"\x15[4, 6]\r", "Right."),
        (b"1\r", "Not yet."),
        (b"\x1bOQ", "Hint 1 of 1"),
        (b"\x1bOR", "step 1 of"),
        (b"q", "Hint 1 of 1"),
        (b"\x1b[15~", "picture 1 of"),
        (b"q", "Hint 1 of 1"),
        (b"\x1b[20~", "While typing"),
        (b"q", "Hint 1 of 1"),
        (b"\x1b[19~", "What is twice"),
        (b"\x1b[19~", "The end of the course"),
        (b"q", title),
    ):
        session.send(keys)
        shows(session, text)
        session.settle(0.15)
        assert session.process.poll() is None
        assert offences(session.raw) == [], keys


@LOCALES
def test_every_screen(tutor, pack, locale):
    """Markup is what a file may hold; a paste may hold anything."""
    session = tutor("--only", "--content", pack(MARKUP), **locale)
    every_screen(session, "a[/b] [red]x[/]")
    assert session.process.poll() is None


@LOCALES
def test_a_course_that_acts_is_refused_and_told(tutor, pack, locale):
    folder = pack(HOSTILE)
    session = tutor("--only", "--content", folder, **locale)
    shows(session, "A plain one" if locale == {} else "plain")
    session.settle(0.3)
    assert offences(session.raw) == []
    for command in (["list"], ["list", "--json"], ["show", "sums"], ["solve", "sums"], ["answer", "sums", "1"]):
        told = tutor(*command, "--only", "--content", folder, **locale)
        done(told)
    told = tutor("check", folder, "--draws", "0", **locale)
    assert done(told) == 1


@ASCII_IN_LONG
def test_every_command(tutor, pack, tmp_path, locale):
    folder = pack(MARKUP)
    where = ("--only", "--content", folder, "--data", tmp_path / "data")
    for status, *command in (
        (0, "list", *where),
        (0, "list", "--json", *where),
        (0, "show", "sums", "--hints", "1", *where),
        (0, "show", "sums", "--json", *where),
        (2, "show", HOSTILE.replace("\0", ""), *where),
        (2, "show", HOSTILE + ".yaml", *where),
        (2, "answer", "sums", HOSTILE, "--part", "y", *where),
        (2, "answer", "sums", "1", "--part", HOSTILE, *where),
        (2, "answer", "sums", "1", "--part", "pick", f"--earlier={HOSTILE}", *where),
        (1, "answer", "sums", "[6, 9]", "--part", "y", *where),
        (1, "answer", "sums", "1", "--part", "pick", "--json", *where),
        (0, "solve", "sums", *where),
        (0, "solve", "sums", "--json", *where),
        (0, "progress", *where),
        (0, "progress", "--json", *where),
        (2, "check", tmp_path / HOSTILE.replace("/", "")),
        (2, "list", "--only", "--content", HOSTILE),
        (2, "progress", "--only", "--content", folder, "--data", f"/proc/{HOSTILE.replace('/', '')[:80]}"),
        (2, HOSTILE),
        (2, f"--{HOSTILE}"),
        (2, "--seed", HOSTILE),
        (2, "--kiosk", "--learner", HOSTILE),
    ):
        told = tutor(*command, **locale)
        assert done(told) in (status, 0 if command[0] == "progress" else status), command


def test_names_of_files_and_folders(tutor, pack, tmp_path):
    folder = pack(MARKUP)
    name = HOSTILE.replace("/", "")[:60]
    (folder / "unit" / f"{name}.yaml").write_text("format: 1\n")
    (folder / name).mkdir()
    (folder / name / "also.yaml").write_bytes(b"\xff\xfe\0")
    assert done(tutor("list", "--only", "--content", folder)) == 0
    assert done(tutor("check", folder, "--draws", "0")) == 1
    session = tutor("--only", "--content", folder, "--data", tmp_path / name)
    shows(session, "A plain one")
    session.settle(0.3)
    assert offences(session.raw) == []
    assert (tmp_path / name / "progress.sqlite3").exists()


def test_plain_mode(tutor, pack, tmp_path):
    """Hostile text in the course, in what is typed, and in what was typed in an earlier sitting."""
    folder, data = pack(MARKUP), tmp_path / "data"
    tampered(tutor, folder, data)
    store = Store.open(data / "progress.sqlite3")
    first = next(iter(store.attempts()))
    store.add(replace(first, uid="", exercise="sums", part="y", text=HOSTILE, scratch="", verdict=DRAFT))
    store.close()
    words = ("go", "part", "pad", "trace", "list", "look")
    typed = ["", HOSTILE, f":{HOSTILE}", *(f":{word} {HOSTILE}" for word in words),
             f":glossary {HOSTILE}", f":search {HOSTILE}", f":gradient {HOSTILE}", ":hint", ":solution all", ":look",
             ":draw", ":show", ":code", ":page", ":glossary", ":units", ":list", ":progress", "[4, 6]", "1", "2", "",
             "[4, 6]", "", ":review", ":quit"]  # fmt: skip
    lines = "".join(line.replace("\n", "") + "\n" for line in typed).encode()
    where = ("--only", "--content", str(folder), "--data", str(data))
    for encoding in ({}, {"LC_ALL": "C"}):
        ran = subprocess.run(
            [*PROGRAM, "practice", "sums", "--plain", *where], input=lines, capture_output=True, check=False,
            timeout=120, cwd=tmp_path, env=environ(tmp_path, PYTHONPATH=str(ROOT), **encoding),
        )  # fmt: skip
        assert ran.returncode == 0, ran.stderr
        assert offences(ran.stdout + ran.stderr) == []
        assert b"\x1b" not in ran.stdout
        assert b"Last time you typed this" in ran.stdout or encoding
        assert b"Solved." in ran.stdout
        assert b"Traceback" not in ran.stderr


def test_plain_mode_on_a_terminal_sends_colours_and_nothing_else(tutor, pack, tmp_path):
    session = tutor("practice", "sums", "--plain", "--only", "--content", pack(MARKUP), "--data", tmp_path / "data")
    shows(session, "y =")
    session.send(b"[1, 2]\r:hint\r:quit\r")
    assert done(session) == 0
    assert set(re.findall(rb"\x1b[^m]*m?", bytes(session.raw))) <= {
        f"\x1b[{code}m".encode() for code in (0, 1, 2, 31, 32, 36)
    }


def tampered(tutor, folder, data):
    """Make a progress file by an answer, and put hostile text into every column of it that holds text."""
    done(tutor("answer", "plain", "[4, 6]", "--only", "--content", folder, "--data", data))
    with closing(sqlite3.connect(data / "progress.sqlite3")) as con, con:
        names = [row[1] for row in con.execute("PRAGMA table_info(attempt)") if row[1] != "id"]
        kinds = {"exercise", "content_hash", "part", "verdict", "diagnosis", "text", "scratch", "givens"}
        for exercise in ("sums", "plain", HOSTILE):
            own = {"exercise": exercise, "uid": f"{HOSTILE} {exercise}"}
            values = [own.get(name, HOSTILE if name in kinds else None) for name in names]
            chosen = ", ".join(name if value is None else "?" for name, value in zip(names, values, strict=True))
            con.execute(
                f"INSERT INTO attempt ({', '.join(names)}) SELECT {chosen} FROM attempt LIMIT 1",  # noqa: S608
                [value for value in values if value is not None],
            )


@ASCII_IN_LONG
def test_stored_progress_that_was_tampered_with(tutor, pack, tmp_path, locale):
    folder, data = pack(MARKUP), tmp_path / "data"
    tampered(tutor, folder, data)
    for command in (["progress"], ["progress", "--json"], ["progress", "--transcript", "-"]):
        assert done(tutor(*command, "--only", "--content", folder, "--data", data, **locale)) == 0
    session = tutor("--only", "--content", folder, "--data", data, **locale)
    every_screen(session, "a[/b] [red]x[/]")


def test_a_damaged_file_whose_words_are_hostile(tutor, pack, tmp_path):
    """SQLite's own message carries text out of the file."""
    folder, data = pack(MARKUP), tmp_path / "data"
    done(tutor("answer", "plain", "[4, 6]", "--only", "--content", folder, "--data", data))
    with closing(sqlite3.connect(data / "progress.sqlite3")) as con, con:
        con.execute("PRAGMA writable_schema = ON")
        con.execute("UPDATE sqlite_master SET sql = ? WHERE name = 'attempt'", (f"CREATE TABLE {HOSTILE}",))
    told = tutor("progress", "--only", "--content", folder, "--data", data)
    assert done(told) == 2
    session = tutor("--only", "--content", folder, "--data", data)
    shows(session, "damaged")
    session.settle(0.2)
    assert offences(session.raw) == []
