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
