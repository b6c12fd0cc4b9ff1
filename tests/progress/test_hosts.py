"""Machines that share a folder: each writes its own file, all read all, and nothing needs locks between them."""

import lzma
import os
import random
import shutil
import sqlite3
import time
from contextlib import closing
from pathlib import Path

import pytest

from rnn_tutor.paths import PROGRESS
from rnn_tutor.progress import database, erasing, hosts, resets
from rnn_tutor.progress.attempt import DRAFT
from rnn_tutor.progress.backup import read, written
from rnn_tutor.progress.erasing import erase, present
from rnn_tutor.progress.merging import merge
from rnn_tutor.progress.store import Store, StoreError

from .test_store_sessions import ADD, HALF, start

FROZEN = Path(__file__).with_name("frozen")
WORDS = "mauve-giraffe"


@pytest.fixture
def folder(tmp_path):
    return tmp_path / "data"


@pytest.fixture
def one(folder):
    return folder / "progress-at-one.sqlite3"


@pytest.fixture
def two(folder):
    return folder / "progress-at-two.sqlite3"


@pytest.fixture
def add(made):
    def call(path, *answers, exercise="lstm-cell", **given):
        store = Store.open(path)
        for text, hours in answers:
            store.add(made(exercise=exercise, text=text, hours=hours, **given))

    return call


def texts(path, exercise=None):
    return [attempt.text for attempt in Store.open(path).kept(exercise)]


def tries(path):
    found = {}
    for tally in Store.open(path).tallies():
        found[tally.exercise] = found.get(tally.exercise, 0) + tally.tries
    return found


def rest(monkeypatch):
    """Have every file count as one at rest."""
    monkeypatch.setattr(erasing, "REST", -1.0)


def where(folder, words):
    return {file.name for file in folder.iterdir() if words.encode() in file.read_bytes()}


def test_each_reads_all_and_writes_its_own(one, two, folder, add):
    add(one, ("a", 0))
    add(two, ("b", 1))
    add(one, ("c", 2))
    before = one.read_bytes()
    add(two, ("d", 3))
    add(folder / PROGRESS, ("e", 4))
    assert one.read_bytes() == before
    for path in (one, two, folder / PROGRESS):
        assert texts(path) == ["a", "b", "c", "d", "e"]
        assert texts(path, "lstm-cell") == ["a", "b", "c", "d", "e"]
        assert tries(path) == {"lstm-cell": 5}
    assert sorted(file.name for file in folder.iterdir()) == [one.name, two.name, PROGRESS]


def test_the_last_answer_is_the_last_wherever_it_was_given(one, two, add):
    add(one, ("a", 0), exercise="gru-update")
    add(two, ("b", 1), exercise="lstm-cell")
    add(one, ("c", 2), exercise="gru-update")
    for path in (one, two):
        assert [tally.exercise for tally in Store.open(path).tallies()][-1] == "gru-update"


def test_what_comes_after_a_reset_counts_whatever_the_clocks_say(one, two, add):
    add(one, ("a", 0))
    add(two, ("b", 1000))
    resets.reset(one, "lstm-cell")  # by the clock of today
    assert texts(one) == texts(two) == []
    assert tries(one) == tries(two) == {}
    add(two, ("c", -1000))  # by a clock that is behind
    assert texts(one) == texts(two) == ["c"]
    assert tries(one) == tries(two) == {"lstm-cell": 1}
    assert resets.counting(one) == resets.counting(two) == {"lstm-cell": 1}


def test_what_was_answered_by_a_clock_ahead_is_before_a_reset(one, two, add):
    add(two, ("a", 24 * 365 * 100))
    resets.reset(one, "")
    assert texts(one) == texts(two) == []
    add(one, ("b", 0))
    assert texts(one) == texts(two) == ["b"]


def test_a_reset_is_taken_back_from_another_machine(one, two, add):
    add(one, ("a", 0))
    resets.reset(one, "lstm-cell")
    add(two, ("b", 1), exercise="gru-update")
    undone = resets.undo_reset(two)
    assert undone is not None and undone.exercise == "lstm-cell"
    assert texts(one) == texts(two) == ["a", "b"]
    assert tries(one) == tries(two) == {"lstm-cell": 1, "gru-update": 1}
    assert resets.undo_reset(one) is None


def test_what_is_forgotten_is_erased_in_all_files(one, two, folder, add, monkeypatch):
    rest(monkeypatch)
    for path in (one, two, folder / PROGRESS):
        add(path, (WORDS * 300, 0), (f"{path.stem} plain", 1), scratch=WORDS)
        add(path, ("kept", 2), exercise="gru-update")
    assert present(one) == {"lstm-cell": 6, "gru-update": 3}
    assert erase(one, "lstm-cell") == 6
    assert where(folder, WORDS) == where(folder, "lstm-cell") == set()
    assert erasing.waiting(one) == []
    for path in (one, two, folder / PROGRESS):
        assert texts(path) == ["kept"] * 3
        assert tries(path) == {"gru-update": 3}
        with closing(sqlite3.connect(path)) as con:
            assert database.schema_of(con) == database.fresh_schema(len(database.STEPS))


def test_a_file_that_may_be_in_use_is_left_to_its_machine(one, two, folder, add):
    add(one, ("a", 0))
    add(two, (WORDS, 1), ("b", 2))
    add(two, ("c", 3), exercise="gru-update")
    before = two.read_bytes()
    erase(one, "lstm-cell")
    assert two.read_bytes() == before
    assert erasing.waiting(one) == ["two"]
    # It counts nowhere any more, and nothing can bring it back.
    assert tries(one) == {"gru-update": 1}
    assert [attempt.text for attempt in Store.open(one).kept()] == ["c"]
    assert present(one) == {"gru-update": 1}
    assert WORDS not in written(one)
    assert merge(one, [read(two)]).forgotten == 2
    # The machine whose file it is erases it when a tutor begins there.
    store = Store.open(two, look=False)
    store.look()
    assert where(folder, WORDS) == set()
    assert erasing.waiting(one) == []
    assert texts(two) == texts(one) == ["c"]
    assert tries(two) == {"gru-update": 1}


def test_rest_is_told_by_the_clock_of_the_folder(one, add):
    add(one, ("a", 0))
    assert not hosts.at_rest(one, 60)
    os.utime(one, (time.time() - 100,) * 2)
    assert hosts.at_rest(one, 60)
    assert not hosts.at_rest(one, 200)
    Path(f"{one}-journal").touch()
    assert not hosts.at_rest(one, 60)
    assert {file.name for file in one.parent.iterdir()} == {one.name, f"{one.name}-journal"}


def test_copies_of_older_formats_lose_it_in_all(one, two, folder, add, monkeypatch):
    rest(monkeypatch)
    add(one, ("a", 0))
    add(two, (WORDS, 0))
    shutil.copy(two, two.with_name("progress-at-two-format-3-copy-1.sqlite3"))
    assert texts(one) == ["a", WORDS]  # a copy is no file of a machine
    erase(one, "lstm-cell")
    assert where(folder, WORDS) == set()


def test_a_backup_has_all_and_a_merge_knows_all(one, two, tmp_path, add):
    add(one, ("a", 0))
    add(two, ("b", 1))
    add(two, ("half", 2), verdict=DRAFT)
    file, elsewhere = tmp_path / "all.jsonl", tmp_path / "elsewhere" / PROGRESS
    file.write_text(written(one), "utf-8")
    assert [attempt.text for _, attempt in read(file).rows] == ["a", "b", "half"]
    assert merge(two, [read(file)]) == (merged := merge(one, [read(file)]))
    assert (merged.new, merged.known) == (0, 3)
    assert merge(elsewhere, [read(file)]).new == 3


def test_what_was_merged_into_one_file_counts_once(one, two, folder, add, tmp_path):
    add(two, ("a", 0), ("b", 1))
    shutil.copy(two, tmp_path / "old.sqlite3")
    two.rename(tmp_path / "away")
    merge(one, [read(tmp_path / "old.sqlite3")])
    (tmp_path / "away").rename(two)
    assert texts(one) == texts(two) == ["a", "b"]


def test_a_machine_that_was_killed_in_a_commit_is_read_as_it_was_before_it(one, two, folder, add):
    add(one, ("mine", 2))
    with start(ADD, str(two), "a", "2") as session:
        session.communicate()
    with start(HALF, str(two)) as session:
        assert session.stdout.readline() == "written\n"
        during = sorted(texts(one))
        session.kill()
    before = {file.name: file.read_bytes() for file in folder.iterdir()}
    assert f"{two.name}-journal" in before
    assert during == sorted(texts(one)) == ["a 0", "a 1", "mine"]
    assert tries(one) == {"lstm-cell": 3}
    assert {file.name: file.read_bytes() for file in folder.iterdir()} == before
    assert sorted(texts(two)) == ["a 0", "a 1", "mine"]


@pytest.mark.parametrize("spoiled", [b"", b"not a database at all\n" * 400], ids=["empty", "of another program"])
def test_a_file_that_cannot_be_read_is_told_and_stops_nobody(one, two, add, spoiled):
    add(one, ("a", 0))
    two.write_bytes(spoiled)
    store = Store.open(one, wait=0.1)
    assert [attempt.text for attempt in store.kept()] == ["a"]
    assert len(store.tallies()) == 1
    (sentence,) = store.missing
    assert two.name in sentence and sentence.endswith(".") and sentence.isprintable()
    assert store.trouble == ""
    for whole in (lambda: written(one, wait=0.1), lambda: erase(one, "", wait=0.1)):
        with pytest.raises(StoreError, match=two.name):
            whole()
    assert two.read_bytes() == spoiled


def test_a_file_of_an_older_format_is_read_as_it_is(one, two, folder, add):
    folder.mkdir()
    old = lzma.decompress((FROZEN / "progress.sqlite3.xz").read_bytes())
    two.write_bytes(old)
    add(one, ("a", 0))
    assert len(texts(one)) > 1000
    assert sum(tries(one).values()) > 500
    assert two.read_bytes() == old


def test_the_one_file_of_before_is_brought_up_to_date_once(one, folder, add):
    folder.mkdir()
    (folder / PROGRESS).write_bytes(lzma.decompress((FROZEN / "progress.sqlite3.xz").read_bytes()))
    add(one, ("a", 0))
    with closing(sqlite3.connect(folder / PROGRESS)) as con:
        assert database.version_of(con) == len(database.STEPS)
    (copy,) = (file.name for file in folder.iterdir() if "-copy-" in file.name)
    assert copy.startswith("progress-format-")
    assert len(texts(one)) > 1000


def test_files_of_other_names_are_none_of_a_machine(folder, add):
    names = (
        "progress-at-.sqlite3x", "progress-format-2-copy-1.sqlite3", "progress-at-two-format-3-copy-12.sqlite3",
        "old.sqlite3", "progress-at-two.sqlite3-journal", "progress-at-two.sqlite3.ab12.new",
    )  # fmt: skip
    add(folder / PROGRESS, ("a", 0))
    for name in names:
        (folder / name).touch()
    assert hosts.others(folder / PROGRESS) == []
    assert hosts.others(folder / "old.sqlite3") == []
    assert hosts.others(folder.with_name("none") / PROGRESS) == []


def without_locks(monkeypatch):
    """Have files of other machines read as over a network whose locks nobody else sees."""
    real = hosts._connect

    def connect(path, wait, mode):
        return real(path, wait, f"{mode}&vfs=unix-none")

    monkeypatch.setattr(hosts, "_connect", connect)


@pytest.mark.slow
@pytest.mark.long
def test_without_any_locks_nothing_is_lost_and_nothing_is_seen_half(one, folder, add, monkeypatch):
    """Two machines with two tutors each; tutors are killed and begin anew, while somebody reads all the time."""
    without_locks(monkeypatch)
    chance = random.Random(5)  # noqa: S311
    add(one, ("first", 0))
    sessions = [
        (path, name, start(ADD, str(path), name, "1000"))
        for path, name in ((one, "a"), (one, "b"), (folder / "progress-at-two.sqlite3", "c"))
    ]
    killed = 0
    end = time.monotonic() + 5
    seen: set[str] = set()
    reader = folder / "progress-at-three.sqlite3"
    while time.monotonic() < end:
        store = Store.open(reader)
        now = {attempt.text for attempt in store.kept()}
        assert not store.missing
        assert seen <= now, "an answer that was seen is not there"
        seen = now
        if chance.random() < 0.2:
            path, _, session = sessions.pop(chance.randrange(len(sessions)))
            session.kill()
            session.communicate()
            killed += 1
            sessions.append((path, f"n{killed}", start(ADD, str(path), f"n{killed}", "1000")))
    for _, _, session in sessions:
        session.kill()
        session.communicate()
    assert killed and len(seen) > 20
    for path in (one, folder / "progress-at-two.sqlite3"):
        final = texts(path)
        assert seen <= set(final)
        assert len(final) == len(set(final))
        by_session: dict[str, list[int]] = {}
        for name, number in (text.split() for text in final if text != "first"):
            by_session.setdefault(name, []).append(int(number))
        assert all(numbers == list(range(len(numbers))) for numbers in by_session.values())


def test_what_was_left_last_is_that_of_any_machine(one, two, add):
    add(one, ("a", 0), exercise="gru-update")
    add(two, ("b", 1), exercise="lstm-cell")
    assert Store.open(one).beginning().left == Store.open(two).beginning().left == "lstm-cell"
    resets.reset(one, "lstm-cell")
    assert Store.open(two).beginning().left is None
    assert not Store.open(one.with_name("progress-at-three.sqlite3")).beginning().empty
