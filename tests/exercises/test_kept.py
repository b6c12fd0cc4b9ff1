"""What a course file says is kept, and believed only where it is about that file and whole."""

import os
import pickle
import stat
import threading
from pathlib import Path

import msgspec
import pytest

from rnn_tutor.exercises import kept, pack
from rnn_tutor.exercises.kept import Kept, decoded, encoded
from rnn_tutor.exercises.load import Library
from rnn_tutor.exercises.model import Course, KeptEntries
from rnn_tutor.paths import content_folder
from rnn_tutor.tui.session import Session

COURSE = """\
format: 1
title: A course
closing: The end.
units:
  - id: one
    title: "One: the first"
    aim: To begin.
    labs: [{id: a-lab, title: A lab}]
    exercises: [{id: a, title: "A, and more", level: 2}, {id: b, title: B}]
  - id: two
    title: Two
    aim: ""
    needs: [one]
    exercises: [{id: c, title: C}]
welcome: You need nothing.
ways:
  - {id: short, title: The short way, about: Half of it., through: [a, two]}
"""
EXERCISE = "format: 1\nid: {id}\ntitle: T\nprompt: P\nask: [{{answer: x, as: scalar}}]\nsteps: [{{let: x = 1}}]\n"


def reads(monkeypatch):
    """The course files that are read as YAML from now on."""
    found = []
    real = pack._tree
    monkeypatch.setattr(pack, "_tree", lambda file, content: found.append(file) or real(file, content))
    return found


@pytest.fixture
def course(tmp_path):
    folder = tmp_path / "course"
    folder.mkdir()
    (folder / "course.yaml").write_text(COURSE, "utf-8")
    return folder


@pytest.fixture
def cache(tmp_path):
    return tmp_path / "cache" / "rnn-tutor"


def library(course, cache):
    keeping = Kept((), lambda: cache)
    found = Library([course], keeping)
    keeping.write()
    return found


def whole(library):
    return msgspec.to_builtins(library.course, enc_hook=list), library.sections, list(library.ids), library.findings


@pytest.mark.parametrize("name", ["own", "written"])
def test_it_is_the_course_that_the_file_says(course, cache, monkeypatch, name):
    folder = content_folder() if name == "own" else course
    fresh = library(folder, cache)
    read = reads(monkeypatch)
    again = library(folder, cache)
    assert read == []
    assert whole(again) == whole(fresh) == whole(Library([folder]))
    assert {one: again.exercises.path(one) for one in again.ids} == {
        one: fresh.exercises.path(one) for one in fresh.ids
    }


def test_entries_are_made_when_somebody_looks_at_one(course, cache):
    fresh, again = library(course, cache), library(course, cache)
    one = again.unit("one").exercises
    assert isinstance(one, KeptEntries)
    session = Session(again)
    assert (len(one), again.ids, session.next_open()) == (2, ["a", "b", "c"], "a")
    assert (session.tally(again.unit("one")), session.mastered(again.unit("one"))) == ((0, 2), 0)
    assert again.unit("one").longest_title == fresh.unit("one").longest_title == len("A, and more")
    assert one._made is None
    assert one == fresh.unit("one").exercises and [*one] == [one[0], one[1]] == one[:2]
    assert (one[0].id, one[0].title, one[0].level, one[0].status) == ("a", "A, and more", 2, None)
    assert one != fresh.unit("two").exercises


def test_the_lines_of_a_kept_course_are_there_when_they_are_asked_for(course, cache):
    fresh, again = library(course, cache), library(course, cache)
    for name in ("a", "b", "c"):
        place, kept_place = fresh.exercises.place(name), again.exercises.place(name)
        assert place is not None and kept_place is not None
        assert place.finding("level", "x") == kept_place.finding("level", "x")
    assert again.labs.place("a-lab").finding("", "x").line == 8


@pytest.mark.parametrize(
    "change",
    [
        lambda text: text.replace("title: Two", "title: Three"),
        lambda text: text + "\n",
        lambda text: text.replace("id: c", "id: d"),
    ],
)
def test_of_another_file_it_is_not_believed(course, cache, monkeypatch, change):
    library(course, cache)
    file = course / "course.yaml"
    before = file.stat()
    file.write_text(change(COURSE), "utf-8")
    os.utime(file, ns=(before.st_atime_ns, before.st_mtime_ns))
    read = reads(monkeypatch)
    assert whole(library(course, cache)) == whole(Library([course]))
    assert read


def test_a_file_with_something_wrong_is_not_kept(course, cache):
    (course / "course.yaml").write_text(COURSE.replace("level: 2", "level: 9"), "utf-8")
    for _ in range(2):
        assert [one.key for one in library(course, cache).findings] == ["units[0].exercises[0].level"]
    assert not cache.exists()


def test_what_is_wrong_beside_the_file_is_found_as_ever(course, cache, tmp_path):
    (course / "course.yaml").write_text(COURSE.replace("id: c", "id: a"), "utf-8")
    fresh, again = library(course, cache), library(course, cache)
    assert [str(one) for one in again.findings] == [str(one) for one in fresh.findings]
    assert len(again.findings) == 1
    assert again.findings[0].line == fresh.findings[0].line > 1


def test_pages_labs_and_unlisted_exercises_are_looked_for_each_time(course, cache):
    (course / "course.yaml").write_text(COURSE.replace("    exercises: [{id: c, title: C}]\n", ""), "utf-8")
    library(course, cache)
    (course / "two").mkdir()
    (course / "two" / "page.yaml").write_text("format: 1\ntext: x\n", "utf-8")
    (course / "two" / "late.yaml").write_text(EXERCISE.format(id="late"), "utf-8")
    again = library(course, cache)
    assert again.has_page("two")
    assert list(again.ids) == ["a", "b", "late"]


def test_a_damaged_one_is_never_believed():
    source = COURSE.encode()
    course = Course(format=1, title="T", units=[])
    good = encoded(source, course)
    assert decoded(good, source) == course
    for at in range(len(good)):
        assert decoded(good[:at], source) is None
        for bit in (1, 128):
            assert decoded(good[:at] + bytes([good[at] ^ bit]) + good[at + 1 :], source) is None
    assert decoded(good + b"x", source) is None


def forged(*units, title="T", ways=(), welcome=""):
    """A whole file, its checksum right, that says something that the model does not allow."""
    import zlib

    body = msgspec.msgpack.encode([b"source", title, "", welcome, list(units), list(ways)])
    return kept._HEAD + zlib.crc32(body).to_bytes(4, "big") + body


def unit(**more):
    fields = {"id": "u", "title": "T", "aim": "", "needs": [], "labs": [], "lab_titles": []}
    fields |= {"exercises": "a", "titles": "A", "levels": "1", "longest_title": 1, "drafts": [], **more}
    return list(fields.values())


@pytest.mark.parametrize(
    "bad",
    [
        forged(unit(exercises="../../etc/passwd")),
        forged(unit(exercises="a\nb")),
        forged(unit(exercises="A")),
        forged(unit(exercises="é")),
        forged(unit(exercises="-a")),
        forged(unit(exercises="a\n-b", titles="A\nB", levels="12")),
        forged(unit(exercises="a\n", titles="A\nB", levels="12")),
        forged(unit(exercises="a\r")),
        forged(unit(exercises="")),
        forged(unit(exercises="a" * 65)),
        forged(unit(exercises=7)),
        forged(unit(id="/")),
        forged(unit(needs=[".."])),
        forged(unit(labs=["/x"], lab_titles=["L"])),
        forged(unit(titles="two\nlines")),
        forged(unit(titles="")),
        forged(unit(exercises="a\nb", titles="A\n", levels="12")),
        forged(unit(titles="t" * 201)),
        forged(unit(levels="")),
        forged(unit(exercises="", levels="")),
        forged(unit(exercises="", titles="")),
        forged(unit(longest_title=-1)),
        forged(unit(longest_title=10**9)),
        forged(unit(longest_title="1")),
        forged(unit(exercises="a\nb"), unit(id="v", titles="A\nB", levels="12")),
        forged(unit(levels="4")),
        forged(unit(exercises="a\nb\nc", titles="A\nB\nC", levels="1x2")),
        forged(unit(levels="\u0661")),
        forged(unit(levels=[1])),
        forged(unit(drafts=[1])),
        forged(unit(aim="a" * 1001)),
        forged(unit(), title=""),
        forged([1]),
        forged(unit(), welcome="a" * 1001),
        forged(unit(), ways=[["w", "W", "", ["../x"]]]),
        forged(unit(), ways=[["W", "W", "", ["a"]]]),
        forged(unit(), ways=[["w", "two\nlines", "", ["a"]]]),
        forged(unit(), ways=[["w", "W", "a" * 1001, ["a"]]]),
        forged(unit(), ways=[["w", "W", "", []]]),
        forged(unit(), ways=[["w", "W", "", ["a"]]] * 10),
        kept._HEAD + pickle.dumps({"a": 1}),
        b"",
    ],
)
def test_nothing_that_the_model_does_not_allow_comes_out_of_it(bad):
    assert decoded(forged(unit(), ways=[["w", "W", "", ["a"]]]), b"source") is not None
    assert decoded(bad, b"source") is None


def test_who_writes_it_at_once_with_others_writes_it_whole(course, cache):
    threads = [threading.Thread(target=library, args=(course, cache)) for _ in range(8)]
    for one in threads:
        one.start()
    for one in threads:
        one.join()
    (file,) = cache.iterdir()
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    assert stat.S_IMODE(cache.stat().st_mode) == 0o700
    assert decoded(file.read_bytes(), COURSE.encode()) is not None


@pytest.mark.parametrize("what", ["a file", "a pipe", "a link", "a folder"])
def test_where_nothing_can_be_kept_everything_is_as_ever(course, cache, what):
    library(course, cache)
    (file,) = cache.iterdir()
    file.unlink()
    if what == "a file":
        file.parent.rmdir()
        file.parent.write_text("")
    elif what == "a pipe":
        os.mkfifo(file)
    elif what == "a link":
        file.symlink_to("/etc/passwd")
    else:
        file.mkdir()
    assert list(library(course, cache).ids) == ["a", "b", "c"]
    assert Path("/etc/passwd").stat().st_size


def test_two_folders_of_one_name_are_two(tmp_path, cache):
    for name, title in (("x", "First"), ("y", "Second")):
        folder = tmp_path / name / "course"
        folder.mkdir(parents=True)
        (folder / "course.yaml").write_text(COURSE.replace("A course", title), "utf-8")
        library(folder, cache)
    assert len(list(cache.iterdir())) == 2
    assert library(tmp_path / "x" / "course", cache).course.title == "First"


def test_without_a_folder_nothing_is_written(course, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    before = sorted(tmp_path.rglob("*"))
    keeping = Kept()
    Library([course], keeping)
    assert not keeping.unwritten
    keeping.write()
    assert sorted(tmp_path.rglob("*")) == before
