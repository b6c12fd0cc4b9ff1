"""Exercises that are in no unit any more: nobody meets them, and whoever has done one still has it."""

import json
from pathlib import Path

import pytest

from rnn_tutor.cli import main
from rnn_tutor.exercises.kept import Kept
from rnn_tutor.exercises.lint import check
from rnn_tutor.exercises.load import Library
from rnn_tutor.exercises.pack import Pack
from rnn_tutor.paths import content_folder
from rnn_tutor.tui.rows import Index, course_rows
from tests.exercises.test_book import COURSE, EXERCISE, write


@pytest.fixture
def pack(tmp_path: Path) -> Path:
    files = {"course.yaml": COURSE, "first/one.yaml": EXERCISE.format(id="one")}
    files |= {"second/two.yaml": EXERCISE.format(id="two"), "retired/old.yaml": EXERCISE.format(id="old")}
    return write(tmp_path / "pack", files)


def test_it_is_in_no_list_and_opens_by_its_id(pack: Path) -> None:
    library = Library([pack])
    assert library.ids == ["one", "two"]
    assert library.retired == ["old"]
    assert [unit.id for unit in library.course.units] == ["first", "second"]
    assert library.exercise("old").id == "old" and library.hash("old")
    assert library.exercises.path("old") == pack / "retired" / "old.yaml"
    assert library.lists("one") and not library.lists("old")
    assert library.neighbours("old") == (None, None)
    rows = course_rows(library, {"first", "second"})
    index = Index(library, [], [])
    rows += [*index.rows(["add"]).rows, *index.rows(["old"]).rows]
    assert "old" not in {row.id for row in rows}


def test_without_a_course_file_it_is_no_unit_either(pack: Path) -> None:
    (pack / "course.yaml").unlink()
    library = Library([pack])
    assert [unit.id for unit in library.course.units] == ["first", "second"]
    assert library.retired == ["old"]


def test_its_id_is_taken_as_progress_hangs_on_it(pack: Path, tmp_path: Path) -> None:
    other = write(
        tmp_path / "other",
        {"course.yaml": COURSE.replace("id: one", "id: old"), "first/old.yaml": EXERCISE.format(id="old")},
    )
    assert Library([pack, other]).exercises.path("old") == pack / "retired" / "old.yaml"
    assert any("'old' belongs to" in finding.says for finding in Library([pack, other]).findings)
    (pack / "retired" / "one.yaml").write_text(EXERCISE.format(id="one"))
    library = Library([pack])
    assert library.exercises.path("one") == pack / "first" / "one.yaml"
    assert any("'one' belongs to" in finding.says for finding in library.findings)


def test_no_unit_can_be_called_so(pack: Path) -> None:
    (pack / "course.yaml").write_text(COURSE.replace("id: second", "id: retired"))
    assert any("'retired' is the folder of" in finding.says for finding in Library([pack]).findings)


def test_check_does_not_count_it_and_tells_only_what_keeps_it_from_opening(pack: Path) -> None:
    before = check(pack, 3)
    assert before.exercises == 2
    assert not [finding for finding in before.findings if "old" in finding.file.name]
    path = pack / "retired" / "old.yaml"
    path.write_text(path.read_text().replace("x + 1", "x + y"))
    told = [finding for finding in check(pack, 3).findings if finding.file == path]
    assert told and all(finding.severity == "error" for finding in told)


def test_a_course_that_was_kept_knows_it_too(pack: Path, tmp_path: Path) -> None:
    kept = Kept(folder=lambda: tmp_path / "kept")
    Library([pack], kept)
    kept.write()
    again = Library([pack], Kept(folder=lambda: tmp_path / "kept"))
    assert again.retired == ["old"] and again.exercise("old").id == "old"


def test_it_is_shown_answered_and_counted_by_itself(pack: Path, tmp_path: Path, capsys) -> None:
    where = ["--only", "--content", str(pack), "--data", str(tmp_path / "data")]
    assert main(["list", *where]) == 0
    assert "old" not in capsys.readouterr().out
    assert main(["show", "old", *where]) == 0
    assert "x  a number" in capsys.readouterr().out
    assert main(["answer", "old", "3", *where]) == 0
    assert main(["answer", "one", "3", *where]) == 0
    capsys.readouterr()
    assert main(["progress", *where]) == 0
    said = capsys.readouterr().out
    assert said.startswith("1 of 2 exercises done.")
    assert "old  done, 1 try, no longer in the course" in said
    assert said.endswith("Next: two\n")
    assert main(["progress", "--json", *where]) == 0
    exercises = json.loads(capsys.readouterr().out)["exercises"]
    assert [(one["exercise"], one["done"], one["retired"]) for one in exercises] == [
        ("one", True, False),
        ("old", True, True),
    ]
    assert main(["show", "olt", *where]) == 2
    assert "old" not in capsys.readouterr().err


def test_the_course_has_none_in_a_unit_and_all_of_them_can_be_opened() -> None:
    library = Library([content_folder()])
    assert {"both-directions", "deep-bidirectional-weights", "gru-count"} <= set(library.retired)
    assert not set(library.ids) & set(library.retired)
    for name in library.retired:
        assert library.exercise(name).id == name
    assert not Pack(content_folder()).findings
