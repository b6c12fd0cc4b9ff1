"""Sessions that end anyhow, and two at once: what `add` has returned from is there."""

import signal
import subprocess
import sys
from pathlib import Path

import pytest

from rnn_tutor.progress.store import Store

ADD = """
import sys
from datetime import UTC, datetime
from pathlib import Path
from rnn_tutor.progress.store import Attempt, Store
store = Store.open(Path(sys.argv[1]), wait=30)
for number in range(int(sys.argv[3])):
    store.add(Attempt("lstm-cell", "ab", number, "{}", "c", f"{sys.argv[2]} {number}", "right", 1.0, "", 0, 1.0,
                      datetime.now(UTC), 1))
print("added", flush=True)
sys.stdin.read()
"""

HALF = """
import sqlite3, sys
con = sqlite3.connect(sys.argv[1], isolation_level=None)
con.execute("PRAGMA cache_size = 1")
con.execute("BEGIN IMMEDIATE")
for number in range(200):
    con.execute("INSERT INTO attempt SELECT NULL, exercise, content_hash, seed, part, verdict, score, diagnosis,"
                " hints, solution, seconds, parts, at, ?, scratch, givens, rule, lower(hex(randomblob(16)))"
                " FROM attempt WHERE id = (SELECT min(id) FROM attempt)",
                (str(number) * 2000,))
print("written", flush=True)
sys.stdin.read()
"""


@pytest.fixture
def path(tmp_path):
    return tmp_path / "data" / "progress.sqlite3"


def start(code, *arguments):
    return subprocess.Popen(
        [sys.executable, "-c", code, *arguments],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
        cwd=Path(__file__).parents[2],
    )


def texts(store):
    return [one.text for one in store.attempts()]


def test_a_killed_session_loses_nothing_that_was_answered(path):
    with start(ADD, str(path), "a", "2") as session:
        assert session.stdout.readline() == "added\n"
        session.kill()
    assert session.returncode == -signal.SIGKILL
    assert texts(Store.open(path)) == ["a 0", "a 1"]


def test_what_was_half_written_when_it_was_killed_is_not_there(path):
    with start(ADD, str(path), "a", "2") as session:
        session.communicate()
    with start(HALF, str(path)) as session:
        assert session.stdout.readline() == "written\n"
        session.kill()
    # The file holds pages of the unfinished transaction, and the journal what they replaced.
    assert path.stat().st_size > 100_000
    assert path.with_name("progress.sqlite3-journal").stat().st_size > 0
    assert texts(Store.open(path)) == ["a 0", "a 1"]


def test_two_sessions_of_one_learner_from_the_first_start_on(path):
    """Both find no file, both make one, one of them is used."""
    each = 15
    with start(ADD, str(path), "a", str(each)) as one, start(ADD, str(path), "b", str(each)) as other:
        one.communicate()
        other.communicate()
    assert (one.returncode, other.returncode) == (0, 0)
    found = texts(Store.open(path))
    for name in "ab":
        assert [text for text in found if text[0] == name] == [f"{name} {number}" for number in range(each)]
    assert len(found) == 2 * each
    assert [file.name for file in path.parent.iterdir()] == ["progress.sqlite3"]


MERGE = """
import sys
from pathlib import Path
from rnn_tutor.progress.backup import read, written
from rnn_tutor.progress.merging import merge
path, other, backup = map(Path, sys.argv[1:4])
for number in range(int(sys.argv[4])):
    merge(path, [read(other)], wait=30)
    backup.write_text(written(path, wait=30), "utf-8")
    merge(path, [read(backup)], wait=30)
print("merged", flush=True)
sys.stdin.read()
"""


def test_several_tutors_commands_and_merges_at_once_lose_nothing(path, tmp_path):
    """Four that answer, one that merges another file and a backup of this, again and again, from the first start on."""
    other = tmp_path / "other" / "progress.sqlite3"
    with start(ADD, str(other), "other", "10") as one:
        one.communicate()
    each = 8
    sessions = [start(ADD, str(path), name, str(each)) for name in "abcd"]
    sessions.append(start(MERGE, str(path), str(other), str(tmp_path / "backup.jsonl"), "4"))
    for session in sessions:
        with session:
            session.communicate()
    assert [session.returncode for session in sessions] == [0] * 5
    store = Store.open(path)
    found = texts(store)
    for name, count in (*((name, each) for name in "abcd"), ("other", 10)):
        assert [text for text in found if text.split()[0] == name] == [f"{name} {number}" for number in range(count)]
    assert len(found) == 4 * each + 10
    assert sum(tally.tries for tally in store.tallies()) == len(found)
    assert [file.name for file in path.parent.iterdir()] == ["progress.sqlite3"]


RESET = """
import sys
from pathlib import Path
from rnn_tutor.progress.erasing import erase
from rnn_tutor.progress.resets import reset, undo_reset
for number in range(int(sys.argv[2])):
    reset(Path(sys.argv[1]), "lstm-cell", wait=30)
    undo_reset(Path(sys.argv[1]), wait=30)
    erase(Path(sys.argv[1]), "gru-update", wait=30)
print("done", flush=True)
sys.stdin.read()
"""


def test_resets_and_erasing_while_tutors_answer_lose_nothing_else(path):
    Store.open(path)
    sessions = [start(ADD, str(path), name, "8") for name in "ab"] + [start(RESET, str(path), "5")]
    for session in sessions:
        with session:
            session.communicate()
    assert [session.returncode for session in sessions] == [0, 0, 0]
    found = texts(Store.open(path))
    assert sorted(found) == sorted(f"{name} {number}" for name in "ab" for number in range(8))
    assert sum(tally.tries for tally in Store.open(path).tallies()) == 16
