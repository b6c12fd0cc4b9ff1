"""Ways through a course: what they lead through, and what is wrong with one."""

import pytest

from rnn_tutor.exercises.lint.book import book
from rnn_tutor.exercises.load import Library
from rnn_tutor.paths import content_folder

COURSE = """\
format: 1
title: A course
units:
  - {id: one, title: One, aim: To begin., exercises: [{id: a, title: A}, {id: b, title: B}]}
  - {id: two, title: Two, aim: To go on., exercises: [{id: c, title: C}]}
ways:
  - {id: short, title: Short, through: [c, one]}
  - {id: other, title: Other, about: The rest., through: [two]}
"""


def course(folder, text=COURSE):
    folder.mkdir(exist_ok=True)
    (folder / "course.yaml").write_text(text, "utf-8")
    return folder


def through(library):
    return {way.id: way.through for way in library.course.ways}


def test_a_way_leads_through_exercises_and_those_of_its_units(tmp_path):
    assert through(Library([course(tmp_path)])) == {"short": ["c", "a", "b"], "other": ["c"]}


def test_a_course_without_ways_has_none(tmp_path):
    assert Library([course(tmp_path, COURSE.partition("ways:")[0])]).course.ways == []


def test_of_two_courses_each_way_leads_through_its_own(tmp_path):
    second = COURSE.replace("id: a,", "id: a2,").replace("id: b,", "id: b2,").replace("id: c,", "id: c2,")
    second = second.replace("[c, one]", "[c2, one]").replace("id: short", "id: second")
    library = Library([course(tmp_path / "x"), course(tmp_path / "y", second)])
    assert through(library) == {"short": ["c", "a", "b"], "other": ["c"], "second": ["c2", "a2", "b2"]}


@pytest.mark.parametrize(
    ("was", "now", "line", "key", "words"),
    [
        ("[c, one]", "[c, on]", 7, "ways[0].through[1]", "there is no exercise, unit or lab 'on'. Did you mean one?"),
        ("id: other", "id: short", 8, "ways[1].id", "appears twice"),
    ],
)
def test_check_tells_what_is_wrong_with_a_way(tmp_path, was, now, line, key, words):
    library = Library([course(tmp_path, COURSE.replace(was, now))])
    (found,) = [finding for finding in book(library) if finding.key.startswith("ways")]
    assert (found.line, found.key, found.severity) == (line, key, "error")
    assert words in found.says
    assert through(library)["short"][0] == "c"  # what is right of it is there all the same


def test_each_way_of_the_course_meets_what_a_unit_needs_before_it():
    library = Library([content_folder()])
    unit_of = {entry.id: unit for unit in library.course.units for entry in unit.exercises}
    assert [way.id for way in library.course.ways] == ["build", "debug", "modern"]
    for way in library.course.ways:
        units = list(dict.fromkeys(unit_of[name].id for name in way.through))
        assert units == sorted(units, key=[unit.id for unit in library.course.units].index), way.id
        assert units[0] == "recurrence"


def test_a_lab_on_a_way_comes_after_the_exercise_before_it(tmp_path):
    text = COURSE.replace("title: B}]}", "title: B}], labs: [{id: play, title: Play}]}")
    library = Library([course(tmp_path, text.replace("[c, one]", "[c, play, one]"))])
    assert through(library)["short"] == ["c", "a", "b"]
    assert library.way_labs == {"short": {"c": "play"}}
    library = Library([course(tmp_path, text.replace("[c, one]", "[play, c]"))])
    (found,) = [finding for finding in book(library) if finding.key.startswith("ways")]
    assert (found.key, found.says.partition(";")[0]) == ("ways[0].through[0]", "the way begins with the lab 'play'")


def test_training_is_met_after_at_most_eight_exercises_of_the_first_way():
    library = Library([content_folder()])
    before = next(name for name, lab in library.way_labs["build"].items() if lab == "train-it")
    assert library.course.ways[0].id == "build"
    assert library.course.ways[0].through.index(before) < 8
