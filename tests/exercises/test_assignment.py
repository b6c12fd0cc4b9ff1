"""Assignments: what their files may say, and the numbers of each learner."""

from datetime import UTC, datetime

import pytest

from rnn_tutor.exercises.assignment import SEEDS, Assigned, read_assignment, seed_of, take
from rnn_tutor.exercises.files.finding import ContentError
from rnn_tutor.exercises.lint.assignments import assignment, is_assignment
from rnn_tutor.exercises.load import Library
from rnn_tutor.paths import PathError, content_folder

TEXT = """\
format: 1
id: week-3
title: Gates by hand
exercises: [lstm-cell, gru, task-shapes]
tries: 3
until: 2026-12-11T23:59+01:00
extended: {Ada: 2026-12-14T12:00Z}
points: {lstm-cell: 2}
"""
NOW = datetime(2026, 12, 1, tzinfo=UTC)


@pytest.fixture
def file(tmp_path):
    def written(text=TEXT):
        path = tmp_path / "assignment.yaml"
        path.write_text(text, "utf-8")
        return path

    return written


@pytest.fixture
def library():
    return Library([content_folder()])


def test_a_seed_follows_from_the_three_ids_and_stays():
    # The first 8 bytes of SHA-256 of "ada\nweek-3\nlstm-cell\n", as sha256sum gives them, modulo ten million.
    assert seed_of("ada", "week-3", "lstm-cell") == 0x09B93BCFE3C9A6E1 % 10_000_000
    seeds = {seed_of(f"learner-{n}", "week-3", "lstm-cell") for n in range(200)}
    assert len(seeds) == 200
    assert all(0 <= seed < SEEDS for seed in seeds)
    assert seed_of("a", "b", "c") != seed_of("a", "c", "b")


def test_the_library_is_kept_to_what_it_names(file, library):
    gru = [entry.id for entry in library.unit("gru").exercises]
    assigned = take(file(), library, "Ada")
    assert assigned.learner == "ada"
    assert list(assigned.exercises) == ["lstm-cell", *gru, "task-shapes"] == list(library.ids)
    assert [unit.id for unit in library.course.units] == ["lstm", "gru", "shapes"]
    assert library.course.title == "Gates by hand"
    assert library.neighbours("lstm-cell") == (None, gru[0])
    assert not library.lists("lstm-count")
    assert library.exercise("lstm-cell").id == "lstm-cell"
    assert (assigned.points("lstm-cell"), assigned.points("task-shapes")) == (2, 1)
    assert assigned.seed_of("lstm-cell") == seed_of("ada", "week-3", "lstm-cell")
    assert assigned.seed_of("lstm-count") is None


def test_who_has_longer_has_longer(file, library):
    found = read_assignment(file(), library)[0]
    ada, bob = (Assigned(found, learner, ()) for learner in ("ada", "bob"))
    assert (ada.extended, bob.extended) == (True, False)
    assert bob.until == datetime(2026, 12, 11, 22, 59, tzinfo=UTC)
    assert ada.until == datetime(2026, 12, 14, 12, tzinfo=UTC)


@pytest.mark.parametrize(
    ("before", "after", "says"),
    [
        ("T23:59+01:00", "T23:59", "expected a time with its zone"),
        ("2026-12-11T23:59+01:00", "tomorrow", "expected a time with its zone"),
        ("{Ada:", "{../../etc:", "is not an id"),
        ("[lstm-cell, gru", "[lstm-cell, lstm-cell, gru", "stands there twice"),
        ("until: 2026-12-11T23:59+01:00\n", "", "nothing says until when the others have"),
        ("tries: 3", "tries: 0", "1"),
        ("tries: 3", "trys: 3", "tries"),
        ("lstm-cell, gru", "lstm-cell, grus", "no exercise and no unit 'grus'"),
        ("{lstm-cell: 2}", "{lstm-count: 2}", "is not among the exercises"),
        ("id: week-3", "id: ../x", "expected text (never changes"),
    ],
)
def test_what_is_wrong_is_told_with_its_line(file, library, before, after, says):
    path = file(TEXT.replace(before, after))
    assert path.read_text("utf-8") != TEXT
    findings, _ = assignment(path, library, NOW)
    assert any(says in str(finding) and finding.line > 1 for finding in findings), findings
    with pytest.raises(ContentError):
        take(path, library, "ada")


def test_all_that_is_wrong_is_told_at_once(file, library):
    """A key that nobody knows, or a time without a zone, hides nothing else, and nothing follows from another error."""
    text = TEXT.replace("lstm-cell, gru,", "lstm-cel, gru, grus-x,").replace("tries: 3", "trys: 3\nsolutions: often")
    text = text.replace("T23:59+01:00", "T23:59").replace(
        "{lstm-cell: 2}", "{lstm-cell: 2, nothere: 1, task-shapes: -1}"
    )
    findings, _ = assignment(file(text), library, NOW)
    assert sorted(finding.key for finding in findings) == [
        "exercises[0]", "exercises[2]", "points.nothere", "points.task-shapes", "solutions", "trys", "until",
    ]  # fmt: skip
    assert any("no unit 'lstm-cel'; did you mean 'lstm-cell'?" in finding.says for finding in findings)
    without = TEXT.replace("until: 2026-12-11T23:59+01:00", "until: 5").replace("gru", "nothere")
    assert [finding.key for finding in assignment(file(without), library, NOW)[0]] == ["exercises[1]", "until"]
    assert [finding.key for finding in assignment(file("exercises: lstm\n"), library, NOW)[0]]


def test_what_is_no_id_is_refused(file, library):
    with pytest.raises(PathError, match="An id has"):
        take(file(), library, "../ada")


def test_check_tells_what_a_lecturer_may_not_have_meant(file, library):
    assert assignment(file(), library, NOW) == ([], 2 + len(library.unit("gru").exercises))
    late, _ = assignment(file(), library, datetime(2027, 1, 1, tzinfo=UTC))
    assert [str(finding).partition(": ")[2] for finding in late] == ["warning: until: it was due before today"]


def test_an_assignment_is_told_from_other_files(file):
    assert is_assignment(file())
    assert is_assignment(file("exercises: [a]\n"))
    folder = content_folder()
    others = [
        folder / "course.yaml",
        folder / "glossary.yaml",
        folder / "lstm/page.yaml",
        folder / "lstm/lstm-cell.yaml",
    ]
    assert not any(map(is_assignment, [*others, *folder.glob("*/labs/*.yaml"), folder]))
