"""Drafts: exercise files with `status: draft`, which `check` and the course know and no learner meets."""

import json
from pathlib import Path

import pytest

from rnn_tutor.cli import main
from rnn_tutor.exercises.files.finding import ContentError
from rnn_tutor.exercises.kept import decoded, encoded
from rnn_tutor.exercises.lint import check
from rnn_tutor.exercises.load import Library
from rnn_tutor.exercises.pack import _LOOK_INTO
from rnn_tutor.tui.rows import count_rows, course_rows
from tests.exercises.test_book import EXERCISE, write

DRAFT = """\
format: 1
id: {id}
title: A draft
status: draft
needs:
  - The step for W_hh, which is not in the language.
  - Hints
"""
WITH_ASK = EXERCISE.replace("title:", "status: draft\nneeds: [Another number]\ntitle:")
COURSE = """\
format: 1
title: A course
units:
  - id: first
    title: First
    aim: a
    exercises: [{id: one, title: Add}, {id: two, title: A draft, status: draft}, {id: three, title: Add}]
  - {id: second, title: Second, aim: b, exercises: [{id: four, title: Add, status: draft}]}
ways: [{id: way, title: Way, through: [two, three, first]}]
"""


@pytest.fixture
def listed(tmp_path: Path) -> Path:
    files = {
        "course.yaml": COURSE,
        "first/one.yaml": EXERCISE.format(id="one"),
        "first/two.yaml": DRAFT.format(id="two"),
        "first/three.yaml": EXERCISE.format(id="three"),
        "second/four.yaml": WITH_ASK.format(id="four"),
    }
    return write(tmp_path / "pack", files)


@pytest.fixture(params=["listed", "found"])
def pack(request: pytest.FixtureRequest, listed: Path) -> Path:
    """The same course, with and without a course file."""
    if request.param == "found":
        (listed / "course.yaml").unlink()
    return listed


def test_a_course_has_it_apart_from_its_exercises(pack: Path) -> None:
    library = Library([pack])
    assert sorted(library.ids) == ["one", "three"]
    assert library.draft_ids == ["two", "four"]
    assert [entry.id for entry in library.drafts("first")] == ["two"]
    assert [(entry.id, entry.title) for entry in library.drafts("second")] == [("four", "Add")]
    assert [len(unit.exercises) for unit in library.course.units] == [2, 0]
    assert not library.lists("two") and library.neighbours("two") == (None, None)
    assert not library.findings and not library.look()


def test_nothing_can_get_at_it_as_an_exercise(pack: Path) -> None:
    library = Library([pack])
    with pytest.raises(ContentError) as caught:
        library.exercise("two")
    assert [finding.says for finding in caught.value.findings] == [
        "The step for W_hh, which is not in the language.",
        "Hints",
    ]
    assert not library.exercises.read_ahead("four")
    assert not library.findings  # a draft is no trouble


def test_no_way_leads_through_it(listed: Path) -> None:
    (way,) = Library([listed]).course.ways
    assert way.through == ["three", "one"]


def test_it_has_a_row_in_the_course(pack: Path) -> None:
    library = Library([pack])
    rows = course_rows(library, {"first", "second"})
    assert [row.id for row in rows if row.kind == "draft"] == ["two", "four"]
    assert count_rows(library, 100) == len(rows)


def test_among_more_files_than_are_read_for_their_titles_it_is_known_all_the_same(tmp_path: Path) -> None:
    files = {f"unit/a{number}.yaml": EXERCISE.format(id=f"a{number}") for number in range(_LOOK_INTO + 5)}
    files["unit/z.yaml"] = DRAFT.format(id="z")
    library = Library([write(tmp_path / "pack", files)])
    assert library.draft_ids == ["z"] and "z" not in library.ids


def test_what_is_kept_of_a_course_knows_it(listed: Path) -> None:
    from rnn_tutor.exercises.load import load_course
    from rnn_tutor.exercises.pack import Pack

    source = (listed / "course.yaml").read_bytes()
    course = Pack(listed).read_listed()
    assert course is not None
    assert decoded(encoded(source, course), source) == course
    assert [len(unit.exercises) for unit in load_course(listed).units] == [2, 0]


def test_check_tells_what_each_needs_and_finds_no_error_in_what_it_lacks(pack: Path) -> None:
    report = check(pack, 2)
    assert (report.exercises, report.drafts, report.errors) == (2, 2, 0)
    assert "2 exercises, 2 drafts, no errors" in report.total
    told = {(one.file.name, one.key, one.says) for one in report.findings if one.severity == "draft"}
    assert ("two.yaml", "needs[0]", "The step for W_hh, which is not in the language.") in told
    assert ("two.yaml", "needs[1]", "Hints") in told
    assert ("four.yaml", "needs[0]", "Another number") in told
    assert ("two.yaml", "ask", "there is no answer to ask for yet") in told
    assert ("two.yaml", "prompt", "there is no question yet") in told


def test_of_a_file_too_and_the_status_is_0(listed: Path, capsys: pytest.CaptureFixture[str]) -> None:
    file = listed / "first" / "two.yaml"
    assert main(["check", str(file)]) == 0
    out = capsys.readouterr().out
    assert f"{file}:6: draft: needs[0]: The step for W_hh" in out
    assert "no exercises, 1 draft, no errors, no warnings" in out
    assert main(["check", "--json", str(listed)]) == 0
    found = json.loads(capsys.readouterr().out)
    assert (found["exercises"], found["drafts"]) == (2, 2)


def test_what_would_be_an_error_is_what_it_still_needs(tmp_path: Path) -> None:
    file = write(tmp_path, {"d.yaml": WITH_ASK.format(id="d").replace("x + 1", "x + y")}) / "d.yaml"
    report = check(file, 2)
    assert report.errors == 0
    assert [one.key for one in report.findings] == ["needs[0]", "steps[0].let"]
    assert {one.severity for one in report.findings} == {"draft"}


@pytest.mark.parametrize(
    ("old", "new", "key", "says"),
    [
        ("status: draft", "status: ready", "status", "found 'ready'; expected draft"),
        ("status: draft\n", "", "status", "the key is missing; expected the exercise is not finished"),
        ("needs:", "neds:", "neds", "did you mean 'needs'?"),
        ("id: d\n", "id: e\n", "id", "expected the file's name"),
        ("title: A draft\n", "", "title", "the key is missing"),
    ],
)
def test_what_is_wrong_with_what_is_there_is_an_error(tmp_path: Path, old: str, new: str, key: str, says: str) -> None:
    file = write(tmp_path, {"d.yaml": DRAFT.format(id="d").replace(old, new)}) / "d.yaml"
    report = check(file, 2)
    assert report.errors == 1
    (error,) = (one for one in report.findings if one.severity == "error")
    assert error.key == key and says in error.says


@pytest.mark.parametrize(
    ("file", "old", "new", "says"),
    [
        ("first/one.yaml", "title:", "status: draft\ntitle:", "the file itself is a draft; expected status: draft"),
        ("second/four.yaml", "status: draft\nneeds: [Another number]\n", "", "the file itself is not a draft"),
    ],
)
def test_the_course_file_has_to_say_the_same(listed: Path, file: str, old: str, new: str, says: str) -> None:
    path = listed / file
    path.write_text(path.read_text().replace(old, new))
    errors = [one for one in check(listed, 2).findings if one.severity == "error" and one.file.name == "course.yaml"]
    assert any(says in one.says and one.key.endswith(".status") for one in errors)


@pytest.mark.parametrize("command", ["show", "solve", "paper"])
def test_a_command_says_that_it_is_a_draft(
    listed: Path, command: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    words = ["sheet", "two", "--html", str(tmp_path / "x.html")] if command == "paper" else [command, "two"]
    assert main([*words, "--content", str(listed), "--only"]) == 2
    error = capsys.readouterr().err
    assert "two is a draft, which is not finished, so it cannot be opened." in error
    assert "It needs: The step for W_hh, which is not in the language; Hints." in error
    assert error.count("\n") == 1


def test_the_list_shows_it_to_who_asks_for_it(listed: Path, capsys: pytest.CaptureFixture[str]) -> None:
    course = ["--content", str(listed), "--only"]
    assert main(["list", *course]) == 0
    out, error = capsys.readouterr()
    assert "A draft" not in out and not error
    assert out.endswith("\n\n2 drafts are not shown: see `rnn-tutor list --drafts`.\n")
    assert main(["list", "--drafts", *course]) == 0
    assert capsys.readouterr().out.endswith(
        "\n\nDrafts, which are not finished and cannot be opened\n  two   A draft\n  four  Add\n"
    )
    assert main(["list", "--json", *course]) == 0
    units = json.loads(capsys.readouterr().out)["units"]
    assert [[one["id"] for one in unit["exercises"]] for unit in units] == [["one", "three"], []]
    assert [[one["id"] for one in unit["drafts"]] for unit in units] == [["two"], ["four"]]
    assert main(["list", "--level", "1", *course]) == 0
    assert "draft" not in capsys.readouterr().out


def test_its_author_sees_what_a_learner_would_as_far_as_there_is_something_to_answer(listed: Path) -> None:
    from rnn_tutor.tui.authoring.draft import read, visited

    draft = read(listed / "second" / "four.yaml")
    visit = visited(draft, None, None)
    assert draft.kind == "exercise" and visit is not None and visit.id == "four"
    with pytest.raises(ContentError) as caught:
        read(listed / "first" / "two.yaml")
    assert {finding.severity for finding in caught.value.findings} == {"draft"}


def test_it_is_never_next_nor_counted_nor_chosen(listed: Path) -> None:
    from rnn_tutor.exercises.choosing import mixed, placement
    from rnn_tutor.tui.session import Session

    library = Library([listed])
    session = Session(library)
    first = library.unit("first")
    assert session.tally(first) == (0, 2) and session.tally(library.unit("second")) == (0, 0)
    assert session.following("one").id == "three"
    assert session.first_open(library.unit("second")) is None
    assert session.position("two") is None and session.position("three")[2:] == (2, 2)  # type: ignore[index]
    for chosen in (
        mixed(library.course.units, 7, 20, library.exercise),
        placement(library.course.units, 7, library.exercise),
    ):
        assert {one.exercise for one in chosen} <= {"one", "three"} and chosen
