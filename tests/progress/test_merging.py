"""Files that are merged: each attempt once, at its place by time; what is not ours is refused as a whole."""

import json
import lzma
import os
import shutil
import sqlite3
from contextlib import closing
from dataclasses import fields
from itertools import permutations
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rnn_tutor.progress import backup as backups
from rnn_tutor.progress import database
from rnn_tutor.progress.attempt import COLUMNS, DRAFT, MOST_GIVENS, MOST_TEXT, Attempt
from rnn_tutor.progress.backup import ForeignError, read, written
from rnn_tutor.progress.merging import merge
from rnn_tutor.progress.resets import reset
from rnn_tutor.progress.store import Store

FROZEN = Path(__file__).with_name("frozen")


@pytest.fixture
def store_of(tmp_path, made):
    """Make a progress file of (text, hours) pairs."""

    def make(name, *answers):
        path = tmp_path / name / "progress.sqlite3"
        store = Store.open(path)
        for text, hours in answers:
            store.add(made(text=text, hours=hours))
        return path

    return make


@pytest.fixture
def backup_of(tmp_path):
    def make(path):
        file = tmp_path / f"{path.parent.name}.jsonl"
        file.write_text(written(path), "utf-8")
        return file

    return make


def texts(path):
    return [one.text for one in Store.open(path).kept()]


def test_every_field_goes_through_a_backup(tmp_path, made, backup_of):
    here, there = tmp_path / "here" / "progress.sqlite3", tmp_path / "there" / "progress.sqlite3"
    kept = [
        made(seed=2**63 - 1, verdict="wrong", score=0.1 + 0.2, diagnosis="d", hints=2, solution=True, rule="sign"),
        made(text="\x1b[2J\x7f\0\u202e\u2028 '\"", scratch="a = 1\n", part="\U0001f600", seconds=1e-9),
        made(text="half", verdict=DRAFT),
    ]
    for attempt in kept:
        Store.open(here).add(attempt)
    file = backup_of(here)
    merge(there, [read(file)])
    assert list(Store.open(there).kept()) == kept
    assert written(there) == file.read_text("utf-8")
    lines = [json.loads(line) for line in file.read_text("utf-8").rstrip("\n").split("\n")]
    assert lines[0] == {"rnn-tutor": "backup", "version": 1}
    assert set(lines[1]) == {"place", *COLUMNS} == {"place", *(field.name for field in fields(Attempt))}


def test_a_backup_on_a_screen_acts_on_nothing(store_of):
    path = store_of("here", ("\x1b[2J\x7f\x9b\u202eä", 0))
    assert all(char.isascii() and (char.isprintable() or char == "\n") for char in written(path, ascii_only=True))


def test_twice_is_once_in_either_form(store_of, backup_of):
    here, there = store_of("here", ("a", 1)), store_of("there", ("b", 0), ("c", 2))
    assert (merge(here, [read(there)]).new, merge(here, [read(backup_of(there))]).new) == (2, 0)
    assert merge(here, [read(there), read(backup_of(there)), read(here)]).known == 3
    assert texts(here) == ["b", "a", "c"]
    merge(there, [read(here)])
    assert texts(there) == ["b", "a", "c"]


def test_in_whatever_order_files_are_merged_they_give_the_same(store_of):
    parts = [
        store_of("one", ("a", 0), ("b", 9), ("clock set back", 3), ("c", 10)),
        store_of("two", ("d", 1), ("e", 8), ("f", 20)),
        store_of("three", ("g", -1), ("h", 7)),
    ]
    found = []
    for number, order in enumerate(permutations(parts)):
        path = store_of(f"merged {number}")
        for part in order:
            merge(path, [read(part)])
        found.append(texts(path))
    assert all(texts == found[0] for texts in found)
    assert [text for text in found[0] if text in "abc" or " " in text] == ["a", "b", "clock set back", "c"]
    assert [text for text in found[0] if text in "def"] == ["d", "e", "f"]


def test_of_two_at_the_same_moment_none_is_lost(store_of):
    here, there = store_of("here", ("a", 0), ("b", 0)), store_of("there", ("c", 0), ("d", 0))
    merge(here, [read(there)])
    assert sorted(texts(here)) == ["a", "b", "c", "d"]


@given(st.lists(st.tuples(st.sampled_from("ab"), st.integers(-5, 5)), max_size=8))
def test_what_was_in_one_order_stays_in_it(tmp_path_factory, answers):
    from .conftest import MONDAY

    folder = tmp_path_factory.mktemp("order")
    for number, (name, hours) in enumerate(answers):
        at = MONDAY.replace(hour=10 + hours)
        attempt = Attempt("e", "", None, "{}", "p", f"{name}{number}", "right", 1.0, "", 0, 0.0, at, 1)
        Store.open(folder / name / "progress.sqlite3").add(attempt)
    for name in "ab":
        Store.open(folder / name / "progress.sqlite3")
    merge(folder / "a" / "progress.sqlite3", [read(folder / "b" / "progress.sqlite3")])
    found = texts(folder / "a" / "progress.sqlite3")
    for name in "ab":
        assert [text for text in found if text[0] == name] == [
            f"{name}{number}" for number, (whose, _) in enumerate(answers) if whose == name
        ]


def test_a_file_of_an_older_format_is_read_and_left_as_it_is(tmp_path, made):
    old = tmp_path / "old.sqlite3"
    old.write_bytes(lzma.decompress((FROZEN / "progress.sqlite3.xz").read_bytes()))
    before = old.read_bytes()
    mine = tmp_path / "mine" / "progress.sqlite3"
    shutil.copy(old, tmp_path / "copy.sqlite3")
    count = len(list(Store.open(tmp_path / "copy.sqlite3").kept()))
    assert merge(mine, [read(old)]).new == count > 1000
    assert (merge(mine, [read(old)]).new, merge(mine, [read(tmp_path / "copy.sqlite3")]).new) == (0, 0)
    assert old.read_bytes() == before
    assert texts(mine) == texts(tmp_path / "copy.sqlite3")


def test_a_file_is_only_read(store_of):
    here, there = store_of("here"), store_of("there", ("a", 0))
    before = there.read_bytes()
    there.chmod(0o400)
    merge(here, [read(there)])
    assert there.read_bytes() == before
    assert [file.name for file in there.parent.iterdir()] == [there.name]


def test_a_place_beyond_all_times_leaves_places(store_of, backup_of, tmp_path, made):
    there = store_of("there", ("a", 0), ("b", 1))
    file = tmp_path / "late.jsonl"
    head, *lines = backup_of(there).read_text().splitlines()
    rows = [json.loads(line) | {"place": 2**63 - 1} for line in lines]
    file.write_text("\n".join([head, *map(json.dumps, rows)]) + "\n")
    here = store_of("here", ("c", 2))
    merge(here, [read(file)])
    Store.open(here).add(made(text="d"))
    assert texts(here)[0] == "c" and texts(here)[-1] == "d" and len(texts(here)) == 4
    assert len(read(backup_of(here)).rows) == 4


# what is refused

ROW = {
    "place": 5, "uid": "0" * 32, "exercise": "e", "content_hash": "", "seed": None, "part": "p", "verdict": "right",
    "score": 1.0, "diagnosis": "", "hints": 0, "solution": False, "seconds": 0.0, "parts": 1,
    "at": "2025-03-03T10:00:00+00:00", "rule": "", "text": "1", "scratch": "", "givens": "{}",
}  # fmt: skip
HEAD = '{"rnn-tutor": "backup", "version": 1}\n'


def line(**changed):
    return json.dumps(ROW | changed) + "\n"


LINES = {
    "another version": '{"rnn-tutor": "backup", "version": 2}\n',
    "no version": '{"rnn-tutor": "backup"}\n',
    "a version that is none": '{"rnn-tutor": "backup", "version": true}\n',
    "of another program": '{"a": 1}\n',
    "text": "Dear diary\n",
    "nothing": "",
    "no head": line(),
    "half a line": HEAD + line()[:-9],
    "a list": HEAD + "[1]\n",
    "deep": HEAD + '{"place": ' + "[" * 100_000 + "\n",
    "deep in a field that is none": HEAD + '{"x": ' + '{"x": ' * 100_000 + "\n",
    "no place": HEAD + json.dumps({name: value for name, value in ROW.items() if name != "place"}),
    "no place in the order": HEAD + line(place=-1),
    "a place that is none": HEAD + line(place=True),
    "too late a place": HEAD + line(place=2**63),
    "a field that is missing": HEAD + json.dumps({name: value for name, value in ROW.items() if name != "text"}),
    "a field that is unknown": HEAD + line(note="n"),
    "another type": HEAD + line(text=1),
    "no uid": HEAD + line(uid="x"),
    "no time": HEAD + line(at="yesterday"),
    "no zone": HEAD + line(at="2025-03-03T10:00:00"),
    "a time before all": HEAD + line(at="0001-01-01T00:00:00+23:00"),
    "a seed beyond all": HEAD + line(seed=2**63),
    "a long text": HEAD + line(text="1" * (MOST_TEXT + 1)),
    "long givens": HEAD + line(givens="1" * (MOST_GIVENS + 1)),
    "a score beyond all": HEAD + line(score=2.0),
    "an infinite number": HEAD + line().replace('"seconds": 0.0', '"seconds": 1e999'),
    "no number": HEAD + line().replace('"seconds": 0.0', '"seconds": NaN'),
    "no text": HEAD + line().replace('"text": "1"', '"text": "\\ud800"'),
    "a forgotten one that is none": HEAD + '{"forgotten": "x"}\n',
    "a forgotten one with more": HEAD + json.dumps({"forgotten": "0" * 32, "text": "x"}),
    "good lines before": HEAD + line() + "}\n",
}


def refused(path, file, words=""):
    """A file is refused in one sentence, whatever else is merged, and nothing is written."""
    before = path.read_bytes()
    with pytest.raises(ForeignError) as caught:
        merge(path, [read(path), read(file)])
    says = str(caught.value)
    assert says.isprintable() and says.endswith(".") and len(says) < 300 and "Error" not in says
    assert words in says
    assert path.read_bytes() == before


@pytest.mark.parametrize("text", LINES.values(), ids=LINES)
def test_a_backup_that_is_none(store_of, tmp_path, text):
    file = tmp_path / "bad.jsonl"
    file.write_text(text, "utf-8")
    refused(store_of("here", ("a", 0)), file)


def test_the_row_of_these_tests_is_taken_as_it_is(store_of, tmp_path):
    file = tmp_path / "good.jsonl"
    file.write_text(HEAD + line(), "utf-8")
    here = store_of("here")
    assert merge(here, [read(file)]).new == 1


def test_the_longest_attempt_there_is_can_be_merged(tmp_path, made, store_of, backup_of):
    path = tmp_path / "long" / "progress.sqlite3"
    Store.open(path).add(made(givens='"' * MOST_GIVENS, text="\x01" * MOST_TEXT, scratch="\x01" * MOST_TEXT))
    assert merge(store_of("here"), [read(backup_of(path))]).new == 1


@pytest.mark.parametrize("content", [b"\xff\xfe\0", b"{\xff", b"\x1f\x8b gz", b"SQLite format 3\0" + b"\xff" * 5000])
def test_bytes_that_are_no_text(store_of, tmp_path, content):
    file = tmp_path / "bytes"
    file.write_bytes(content)
    refused(store_of("here"), file)


def test_a_file_that_is_too_large_is_not_read(store_of, tmp_path):
    file = tmp_path / "large"
    with file.open("wb") as out:
        out.truncate(backups.MOST_FILE + 1)
    refused(store_of("here"), file, "at most 50")


def test_a_line_that_is_too_long_is_not_read_to_its_end(store_of, tmp_path):
    file = tmp_path / "long"
    file.write_text(HEAD + " " * (backups.MOST_LINE + 1), "utf-8")
    refused(store_of("here"), file, "longer than 10 MB")


@pytest.mark.parametrize("name", ["missing", "folder", "pipe", "a\0b", "\x1b[2J"])
def test_what_is_no_file(store_of, tmp_path, name):
    (tmp_path / "folder").mkdir()
    os.mkfifo(tmp_path / "pipe")
    refused(store_of("here"), tmp_path / name)


HOSTILE = {
    "a view that never ends": (
        "PRAGMA writable_schema = ON",
        "DROP TABLE attempt",
        "CREATE VIEW attempt AS WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n) SELECT i FROM n",
    ),
    "a trigger more": ("CREATE TRIGGER more AFTER INSERT ON tally BEGIN DELETE FROM attempt; END",),
    "a table more": ("CREATE TABLE more (x)",),
    "a column more": ("ALTER TABLE attempt ADD COLUMN more TEXT",),
    "another program's": ("PRAGMA application_id = 1",),
    "a newer format": (f"PRAGMA user_version = {len(database.STEPS) + 1}",),
    "a format that is none": ("PRAGMA user_version = 0",),
    "an older format than it is": ("PRAGMA user_version = 1",),
    "no date": ("DROP TRIGGER attempt_stays", "UPDATE attempt SET at = 'yesterday'"),
    "no uid": ("DROP TRIGGER attempt_stays", "UPDATE attempt SET uid = 'x'", database.STEPS[0][2]),
    "a place that is none": ("DROP TRIGGER attempt_stays", "UPDATE attempt SET id = -1", database.STEPS[0][2]),
    "a long text": (
        "DROP TRIGGER attempt_stays", "UPDATE attempt SET text = hex(zeroblob(5000))", database.STEPS[0][2],
    ),
    "a text beyond all": (
        "DROP TRIGGER attempt_stays", "UPDATE attempt SET text = hex(zeroblob(6000000))", database.STEPS[0][2],
    ),
    "no text": (
        "DROP TRIGGER attempt_stays", "UPDATE attempt SET text = CAST(x'ff' AS TEXT)", database.STEPS[0][2],
    ),
    "a mark that is none": ("INSERT INTO forgotten VALUES ('x')",),
}  # fmt: skip


@pytest.mark.parametrize("statements", HOSTILE.values(), ids=HOSTILE)
def test_a_progress_file_that_is_none(store_of, statements):
    here, there = store_of("here"), store_of("there", ("a", 0))
    with closing(sqlite3.connect(there, isolation_level=None)) as con:
        for statement in statements:
            con.execute(statement)
    before = there.read_bytes()
    refused(here, there)
    assert there.read_bytes() == before


def test_a_progress_file_with_any_byte_spoiled_hangs_and_crashes_nothing(store_of):
    from random import Random

    chance = Random(3)  # noqa: S311
    here, there = store_of("here"), store_of("there", *((f"{number}" * 50, number) for number in range(40)))
    sound = there.read_bytes()
    taken = 0
    for _ in range(150):
        spoiled = bytearray(sound)
        for _ in range(chance.choice([1, 4, 30])):
            spoiled[chance.randrange(100, len(spoiled))] = chance.randrange(256)
        there.write_bytes(spoiled)
        try:
            merge(here, [read(there)])
            taken += 1
        except ForeignError as error:
            assert str(error).isprintable()
    assert taken < 150
    assert Store.open(here).tallies() is not None


def test_a_file_that_somebody_holds_is_not_waited_for_without_end(store_of):
    here, there = store_of("here"), store_of("there", ("a", 0))
    with closing(sqlite3.connect(there, isolation_level=None)) as con:
        con.execute("BEGIN EXCLUSIVE")
        refused(here, there, "locked")


def test_a_file_that_was_turned_to_wal(store_of):
    here, there = store_of("here"), store_of("there", ("a", 0))
    with closing(sqlite3.connect(there)) as con:
        con.execute("PRAGMA journal_mode = WAL")
        con.execute("SELECT * FROM attempt").fetchall()
        refused(here, there, "Another program is using")
    merge(here, [read(there)])
    assert texts(here) == ["a"]
    assert [file.name for file in there.parent.iterdir()] == [there.name]


def test_resets_come_along(store_of, backup_of):
    here, there = store_of("here"), store_of("there", ("a", 0))
    reset(there, "")
    merge(here, [read(backup_of(there))])
    assert texts(here) == []
