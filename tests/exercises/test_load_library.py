"""Folders -> a course and its exercises: lazily, and no bad file hides a good one."""

import hashlib
import shutil
import threading
import time
from operator import attrgetter
from pathlib import Path

import pytest

from rnn_tutor.exercises import load
from rnn_tutor.exercises import pack as packs
from rnn_tutor.exercises.files.finding import ContentError, Finding
from rnn_tutor.exercises.load import Library, load_course
from rnn_tutor.exercises.model import Entry
from rnn_tutor.exercises.read import load_exercise
from tests.files_for_tests import write

EXERCISE = """\
format: 1
id: {id}
title: {title}
level: 2
prompt: Compute a.
given:
  x: {{value: "2", means: a number}}
steps:
  - let: "a = x + 1"
    say: Add one.
ask:
  - {{answer: a, as: scalar}}
"""


def exercise(name: str, title: str = "A title") -> str:
    return EXERCISE.format(id=name, title=title)


COURSE = """\
format: 1
title: The course
closing: The end.
units:
  - id: first
    title: First unit
    aim: To begin.
    exercises:
      - {id: one, title: Number one, level: 1}
      - {id: two, title: Number two, level: 2}
  - id: second
    title: Second unit
    aim: To go on.
    exercises:
      - {id: three, title: Number three, level: 3}
"""


@pytest.fixture
def pack(tmp_path):
    files = {"course.yaml": COURSE, "first/one.yaml": exercise("one"), "first/two.yaml": exercise("two")}
    return write(tmp_path / "pack", {**files, "second/three.yaml": exercise("three")})


def test_the_course_is_what_course_yaml_lists(pack):
    course = load_course(pack)
    assert (course.title, course.closing) == ("The course", "The end.")
    assert [unit.title for unit in course.units] == ["First unit", "Second unit"]
    assert course.units[0].exercises[1] == Entry(id="two", title="Number two", level=2)


def test_the_course_opens_without_the_files(pack):
    shutil.rmtree(pack / "first")
    library = Library([pack])
    assert list(library.ids) == ["one", "two", "three"]
    assert library.findings == []
    with pytest.raises(ContentError, match="no such file"):
        library.exercise("one")
    assert [found.file for found in library.findings] == [pack / "first" / "one.yaml"]
    assert library.exercise("three").id == "three"


def test_an_exercise_is_read_once(pack):
    library = Library([pack])
    one = library.exercise("one")
    (pack / "first" / "one.yaml").unlink()
    assert library.exercise("one") is one
    assert library.hash("one") == hashlib.sha256(exercise("one").encode()).hexdigest()[:16]
    assert library.exercises.load("one").lines["steps[0].let"] == 9


def test_neighbours_cross_units(pack):
    library = Library([pack])
    assert library.neighbours("one") == (None, "two")
    assert library.neighbours("two") == ("one", "three")
    assert library.neighbours("three") == ("two", None)


@pytest.mark.parametrize("call", ["exercises.path", "exercises.load", "exercise", "hash", "neighbours"])
def test_an_unknown_id_is_a_key_error(pack, call):
    with pytest.raises(KeyError):
        attrgetter(call)(Library([pack]))("four")


def test_a_bad_file_is_told_once_and_hides_nothing(pack):
    (pack / "first" / "one.yaml").write_text("format: 1\nid: [\n")
    library = Library([pack])
    for _ in range(2):
        with pytest.raises(ContentError):
            library.exercise("one")
    assert len(library.findings) == 1
    assert library.exercise("two").id == "two"


@pytest.mark.parametrize("text", ["title: [", "format: 1\ntitle: c\n", "\0", ""])
def test_a_bad_course_file_is_told_and_the_files_speak_for_themselves(pack, text):
    (pack / "course.yaml").write_text(text)
    library = Library([pack])
    assert {found.file.name for found in library.findings} == {"course.yaml"}
    assert list(library.ids) == ["one", "two", "three"]
    assert library.exercise("one").id == "one"
    with pytest.raises(ContentError):
        load_course(pack)


def test_a_course_file_names_all_that_is_wrong_with_it(pack):
    text = (
        COURSE.replace("level: 3", "level: 9")
        .replace("aim: To begin.", "goal: To begin.")
        .replace("id: one", "id: One")
    )
    (pack / "course.yaml").write_text(text)
    with pytest.raises(ContentError) as error:
        load_course(pack)
    assert [(found.line, found.key) for found in error.value.findings] == [
        (5, "units[0].aim"),
        (7, "units[0].goal"),
        (9, "units[0].exercises[0].id"),
        (15, "units[1].exercises[0].level"),
    ]


def test_without_a_course_file_the_course_is_made_of_folders_and_files(pack):
    (pack / "course.yaml").unlink()
    write(
        pack,
        {"loose.yaml": exercise("loose", "Loose end"), ".hidden.yaml": "x", "_drafts/d.yaml": "x", "notes.txt": ""},
    )
    course = load_course(pack)
    assert course.title == "Pack"
    assert [(unit.id, [entry.id for entry in unit.exercises]) for unit in course.units] == [
        ("pack", ["loose"]),
        ("first", ["one", "two"]),
        ("second", ["three"]),
    ]
    assert course.units[0].exercises[0] == Entry(id="loose", title="Loose end", level=2)
    assert Library([pack]).exercise("loose").title == "Loose end"


def test_a_unit_that_lists_nothing_has_the_files_of_its_folder(pack):
    (pack / "course.yaml").write_text(COURSE.partition("    exercises:\n      - {id: three")[0])
    library = Library([pack])
    assert (list(library.ids), library.findings) == (["one", "two", "three"], [])


def test_file_names_that_are_no_ids_are_told(pack):
    (pack / "course.yaml").unlink()
    write(pack, {"first/Upper.yaml": exercise("upper"), "first/two words.yaml": exercise("x")})
    library = Library([pack])
    assert sorted(found.file.name for found in library.findings) == ["Upper.yaml", "two words.yaml"]
    assert list(library.ids) == ["one", "two", "three"]


def test_an_id_belongs_to_one_exercise(pack, tmp_path):
    other = write(tmp_path / "other", {"extra/two.yaml": exercise("two"), "extra/four.yaml": exercise("four")})
    library = Library([pack, other])
    assert list(library.ids) == ["one", "two", "three", "four"]
    assert library.exercises.path("two") == pack / "first" / "two.yaml"
    (finding,) = library.findings
    assert finding.file == other / "extra" / "two.yaml"
    assert "belongs to" in finding.says
    assert library.exercise("four").id == "four"
    assert library.course.title == "The course"


def test_an_id_listed_twice_is_told_at_its_line(pack):
    (pack / "course.yaml").write_text(COURSE.replace("{id: three", "{id: one"))
    library = Library([pack])
    (finding,) = library.findings
    assert (finding.line, finding.key) == (15, "units[1].exercises[0]")


def test_the_units_of_another_folder_follow_whatever_their_ids(pack, tmp_path):
    course = COURSE.replace("The course", "Mine").replace("To go on.", "To go on.\n    needs: [first]")
    for old, new in (("one", "five"), ("two", "six"), ("three", "seven")):
        course = course.replace(f"id: {old},", f"id: {new},")
    files = {f"first/{name}.yaml": exercise(name) for name in ("five", "six")}
    other = write(tmp_path / "other", {**files, "second/seven.yaml": exercise("seven"), "course.yaml": course})
    library = Library([pack, other])
    assert library.findings == []
    assert [unit.id for unit in library.course.units] == ["first", "second", "first-2", "second-2"]
    assert list(library.ids) == ["one", "two", "three", "five", "six", "seven"]
    assert [(section.title, section.units) for section in library.sections] == [
        ("The course", ("first", "second")),
        ("Mine", ("first-2", "second-2")),
    ]
    assert library.unit("second-2").needs == ["first-2"]  # its own course's
    assert library.exercises.path("five") == other / "first" / "five.yaml"
    assert library.exercise("five").id == "five"


def test_a_unit_listed_twice_is_told(pack):
    (pack / "course.yaml").write_text(COURSE.replace("id: second", "id: first"))
    with pytest.raises(ContentError, match="'first' appears twice"):
        load_course(pack)


def test_a_folder_that_is_not_there_is_one_finding(pack, tmp_path):
    library = Library([tmp_path / "none", pack])
    assert [found.says for found in library.findings] == ["there is no such folder"]
    assert library.exercise("one").id == "one"
    assert Library([]).ids == []


def test_an_exercise_file_may_not_link_out_of_its_pack(pack, tmp_path):
    outside = write(tmp_path / "outside", {"two.yaml": exercise("two")})
    (pack / "first" / "two.yaml").unlink()
    (pack / "first" / "two.yaml").symlink_to(outside / "two.yaml")
    with pytest.raises(ContentError, match="outside its folder"):
        Library([pack]).exercise("two")


def test_the_id_is_the_name_of_the_file(tmp_path):
    write(tmp_path, {"one.yaml": exercise("two")})
    with pytest.raises(ContentError) as error:
        load_exercise(tmp_path / "one.yaml")
    (finding,) = error.value.findings
    assert (finding.line, finding.key) == (2, "id")
    assert (
        str(finding) == f"{tmp_path / 'one.yaml'}:2: id: found 'two' in a file named one.yaml; expected the file's name"
    )


def _nothing_is_read(monkeypatch):
    """Whoever reads an exercise, a page, a lab or a glossary fails."""
    for module in (load, packs):
        for name in ("read_exercise", "read_tree", "read_page", "read_glossary"):
            monkeypatch.setattr(module, name, None, raising=False)


def test_ten_thousand_listed_exercises_open_without_being_read(tmp_path, monkeypatch):
    units = []
    for unit in range(100):
        entries = [f"      - {{id: exercise-{unit}-{n}, title: Exercise number {n}, level: 1}}" for n in range(100)]
        units.append(
            "\n".join([f"  - id: unit-{unit}", f"    title: Unit {unit}", "    aim: a", "    exercises:", *entries])
        )
    write(tmp_path, {"course.yaml": "format: 1\ntitle: Large\nunits:\n" + "\n".join(units) + "\n"})
    _nothing_is_read(monkeypatch)
    started = time.process_time()
    library = Library([tmp_path])
    assert time.process_time() - started < 10
    assert (len(library.ids), library.findings) == (10_000, [])


def test_thousands_of_unlisted_files_are_taken_by_their_names(tmp_path, monkeypatch):
    folder = tmp_path / "pack" / "unit"
    folder.mkdir(parents=True)
    for number in range(3_000):
        (folder / f"number-{number:04}.yaml").touch()
    _nothing_is_read(monkeypatch)
    started = time.process_time()
    library = Library([tmp_path / "pack"])
    assert time.process_time() - started < 10
    assert len(library.ids) == 3_000
    assert library.course.units[0].exercises[7].title == "Number 0007"


def test_what_could_not_be_read_is_known_and_nothing_is_read_to_find_out(tmp_path):
    (tmp_path / "bad.yaml").write_text("format: 1\nid: bad\ntitel: x\n")
    library = Library([tmp_path])
    assert library.exercises.unreadable("bad")  # it was read for its title
    (tmp_path / "course.yaml").write_text(
        "format: 1\ntitle: T\nunits: [{id: u, title: U, aim: a, exercises: [{id: bad, title: B}]}]\n"
    )
    (tmp_path / "u").mkdir()
    (tmp_path / "bad.yaml").rename(tmp_path / "u" / "bad.yaml")
    library = Library([tmp_path])
    assert not library.exercises.unreadable("bad")
    with pytest.raises(ContentError):
        library.exercise("bad")
    assert library.exercises.unreadable("bad")


LOOKED_AT = {
    "course.yaml": "format: 1\ntitle: T\nunits: [{id: u, title: U, aim: a, labs: [{id: low, title: L}],"
    " exercises: [{id: bad, title: B}, {id: gone, title: G}, {id: good, title: O}]}]\n",
    "u/bad.yaml": "format: 1\nid: bad\ntitel: x\n",
    "u/good.yaml": exercise("good"),
    "u/labs/low.yaml": "format: 1\nid: low\n",
}


def test_a_look_finds_what_cannot_be_read_and_a_mended_file_opens(tmp_path):
    library = Library([write(tmp_path, LOOKED_AT)])
    assert {found.file.name for found in library.look()} == {"bad.yaml", "gone.yaml", "low.yaml"}
    assert [library.exercises.unreadable(name) for name in library.ids] == [True, True, False]
    assert library.labs.unreadable("low")
    write(tmp_path, {"u/bad.yaml": exercise("bad")})
    assert library.exercise("bad").id == "bad"
    assert not library.exercises.unreadable("bad")


def test_of_very_many_files_a_look_finds_those_that_are_not_there(tmp_path, monkeypatch):
    library = Library([write(tmp_path, LOOKED_AT)])
    assert library.look(but=tmp_path) == []
    _nothing_is_read(monkeypatch)
    assert [found.file.name for found in library.look(most=0)] == ["gone.yaml"]


# shelves


def test_a_shelf_knows_where_files_are_and_goes_through_them_in_the_order_of_the_course(pack):
    library = Library([pack])
    assert list(library.exercises) == list(library.ids) == ["one", "two", "three"]
    assert library.exercises.path("three") == pack / "second" / "three.yaml"
    assert library.exercises.inside("three") == pack
    assert (place := library.exercises.place("two")) is not None and place.key == "units[0].exercises[1]"
    assert ("three" in library.exercises, "four" in library.exercises, len(library.labs)) == (True, False, 0)


def test_a_file_is_read_once_however_many_threads_want_it_and_told_once(tmp_path):
    findings: list[Finding] = []
    reads = []

    def read(path: Path, inside: Path) -> str:
        reads.append(path)
        time.sleep(0.05)
        raise ContentError([Finding(path, 1, "", f"nothing within {inside.name}")])

    shelf = load.Shelf(read, findings)
    shelf.take({"one": tmp_path}, packs.Pack(tmp_path))
    raised = []

    def want() -> None:
        try:
            shelf.load("one")
        except ContentError as error:
            raised.append(error)

    threads = [threading.Thread(target=want) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert (reads, len(raised), len(findings)) == ([tmp_path / "one.yaml"], 4, 1)
    assert shelf.unreadable("one")


def test_of_two_folders_with_the_same_id_the_first_has_it(tmp_path):
    shelf = load.Shelf(lambda path, _: path.parent.name, [])
    for name in ("first", "second"):
        shelf.take({"one": tmp_path / name, name: tmp_path / name}, packs.Pack(tmp_path / name))
    assert [shelf.load(name) for name in shelf] == ["first", "first", "second"]
    assert shelf.inside("one") == tmp_path / "first"
