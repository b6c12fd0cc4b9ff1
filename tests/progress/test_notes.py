"""What is noted beside the answers counts as no answer, and goes wherever these go."""

import json
from datetime import timedelta

import pytest

from rnn_tutor.progress import resets
from rnn_tutor.progress.attempt import NOTE
from rnn_tutor.progress.backup import read, written
from rnn_tutor.progress.erasing import erase, present
from rnn_tutor.progress.merging import merge
from rnn_tutor.progress.notes import BEGUN, KNOWN, OVER, UNKNOWN, WAY, Begun, Notes, Over, deadline, encoded
from rnn_tutor.progress.record import note_of
from rnn_tutor.progress.review import Shown, reviews
from rnn_tutor.progress.store import Store
from rnn_tutor.progress.summary import next_open, standings

EXAM = Begun("exam", ["lstm"], 7, 5, 30, "a1")


@pytest.fixture
def path(tmp_path, made):
    file = tmp_path / "progress.sqlite3"
    store = Store.open(file)
    store.add(note_of(KNOWN, "lstm"))
    store.add(made())
    store.add(note_of(WAY, text="build"))
    store.add(note_of(BEGUN, text=encoded(EXAM)))
    return file


def notes(path):
    return Notes.of(Store.open(path).beginning().notes)


def test_a_note_is_no_answer(path):
    store = Store.open(path)
    assert [one.exercise for one in store.attempts()] == ["lstm-cell"]
    assert [one.exercise for one in store.tallies()] == ["lstm-cell"]
    assert [one.verdict for one in store.kept()].count(NOTE) == 3
    assert resets.counting(path) == {"lstm": 1, "lstm-cell": 1}  # a unit can be named; what is of the course cannot
    resets.undo_reset(path)
    resets.reset(path, "gru-update")
    resets.undo_reset(path)  # the tallies are made anew
    assert [one.exercise for one in store.tallies()] == ["lstm-cell"]


def test_of_several_on_the_same_the_last_holds(path):
    found = notes(path)
    assert (set(found.known), found.way, found.count) == ({"lstm"}, "build", 3)
    store = Store.open(path)
    store.add(note_of(UNKNOWN, "lstm"))
    store.add(note_of(WAY))
    assert (notes(path).known, notes(path).way) == ({}, "")


def test_what_was_begun_is_under_way_until_it_is_over(path):
    begun, at = notes(path).under_way("exam")
    assert begun == EXAM
    assert deadline(begun, at) == at + timedelta(minutes=30)
    assert notes(path).under_way("check") is None
    Store.open(path).add(note_of(OVER, text=encoded(Over("exam", ["lstm"], 4, 5, "a1"))))
    assert notes(path).under_way("exam") is None
    assert [(one.over.right, one.over.of) for one in notes(path).exams] == [(4, 5)]


def test_a_check_is_kept_by_its_unit(path):
    for right in (2, 4):
        Store.open(path).add(note_of(OVER, "lstm", encoded(Over("check", ["lstm"], right, 5, str(right)))))
    assert notes(path).checks["lstm"].over.right == 4


@pytest.mark.parametrize("text", ["", "[]", "{", '{"sort": "exam"}', encoded(EXAM).replace("30", "99999999999999")])
def test_what_no_tutor_has_written_says_nothing(path, text):
    Store.open(path).add(note_of(BEGUN, text=text.replace("a1", "b2")))
    assert notes(path).under_way("exam")[0] == EXAM


def test_a_reset_takes_a_unit_back_and_can_be_undone(path):
    resets.reset(path, "lstm")
    assert notes(path).known == {}
    resets.undo_reset(path)
    assert set(notes(path).known) == {"lstm"}
    resets.reset(path, "")
    assert notes(path).count == 0


def test_forgetting_a_unit_erases_its_notes(path):
    assert present(path) == {"lstm": 1, "lstm-cell": 1}
    assert erase(path, "lstm") == 1
    assert notes(path).known == {}
    assert notes(path).way == "build"
    erase(path, "")
    assert notes(path).count == 0


def test_a_backup_carries_them_and_merging_twice_is_once(path, tmp_path):
    file = tmp_path / "all.jsonl"
    file.write_text(written(path), encoding="utf-8")
    assert [json.loads(line).get("part") for line in file.read_text().splitlines()].count(KNOWN) == 1
    other = tmp_path / "other" / "progress.sqlite3"
    for _ in range(2):
        merge(other, [read(file)])
        merge(other, [read(path)])
    assert notes(other) == notes(path)
    assert [one.exercise for one in Store.open(other).tallies()] == ["lstm-cell"]


def test_a_file_of_before_has_no_notes_and_takes_them(tmp_path, made, monkeypatch):
    from rnn_tutor.progress import database

    file = tmp_path / "progress.sqlite3"
    with monkeypatch.context() as patched:
        patched.setattr(database, "STEPS", database.STEPS[:3])
        Store.open(file).add(made())
    assert notes(file).count == 0
    Store.open(file).add(note_of(KNOWN, "lstm"))
    assert set(notes(file).known) == {"lstm"}
    assert [one.exercise for one in Store.open(file).tallies()] == ["lstm-cell"]


def test_what_was_shown_is_as_good_as_a_round_without_a_mistake(made):
    at = made().at
    asked = reviews([made()], at, lambda _: ["forward/lstm"])
    (shown,) = reviews([], at, shown=[Shown("forward/lstm", "lstm-cell", at)])
    assert (shown.due, shown.exercises) == (asked[0].due, ("lstm-cell",))
    later = made(hours=200).at
    again = reviews([made()], later, lambda _: ["forward/lstm"], [Shown("forward/lstm", "lstm-cell", later)])
    assert again[0].rounds == 2
    assert again[0].due > shown.due


UNITS = [("one", [], ["a", "b"]), ("two", ["one"], ["c", "d"])]


def test_the_exercises_of_known_units_come_last(made):
    done = {name: standings([made(exercise=name)])[name] for name in "cd"}
    assert next_open(UNITS, {}, known={"one"}) == "c"
    assert next_open(UNITS, done, ["d"], known={"one"}) == "d"  # what is due is not passed over
    assert next_open(UNITS, done, known={"one"}) == "a"


def test_the_way_comes_first_then_the_rest_of_the_course(made):
    done = standings([made(exercise="d")])
    assert next_open(UNITS, {}, way=["d", "a"]) == "d"
    assert next_open(UNITS, done, way=["d", "a"]) == "a"
    done |= standings([made(exercise="a")])
    assert next_open(UNITS, done, way=["d", "a"]) == "b"
    assert next_open(UNITS, {}, way=["a", "d"], known={"one"}) == "d"
