"""Courses of others beside the own one."""

from rnn_tutor.exercises.load import Library

from ..conftest import burst, screen_text, type_in
from .conftest import COURSE, OTHER


def _lines(app):
    return [line.strip() for line in screen_text(app).splitlines()]


async def test_another_course_follows_under_its_title_and_what_is_wrong_with_it_is_listed(open_app, book, other):
    def both(folders):
        return Library([*folders, other])

    async with open_app((80, 30), folder=book, library=both) as (app, pilot):
        lines = _lines(app)
        at = next(at for at, line in enumerate(lines) if "Somebody else's course" in line)
        assert lines[at + 1].startswith("[!] course.yaml, line 8: units[0].exercises[0]: the id 'one' belongs")
        assert lines[at + 2].split() == ["-", "Other", "steps", "0/1"]
        assert "Number ten" in lines[at + 3]
        assert "0 of 5 done" in lines[0] and "A course" in lines[0]
        await burst(pilot, "end", "enter")
        assert app.screen.visit.question.exercise.id == "ten"
        await burst(pilot, "escape", "q", "end", "up", "up")
        assert app.screen.list.current.kind == "trouble"
        assert "already; expected a new one" in " ".join(lines[at:] + _lines(app)[-5:])
        await burst(pilot, "g")
        assert "glossary.yaml, line" in screen_text(app)  # the one that cannot be read
        assert len(app.screen.list.rows) == 3


async def test_a_draft_is_shown_as_one_and_does_not_open(open_app, book, other):
    file = other / "first" / "ten.yaml"
    file.write_text("status: draft\nneeds: [Steps]\n" + file.read_text())
    (other / "course.yaml").write_text(OTHER.replace("title: Number ten}", "title: Number ten, status: draft}"))

    def both(folders):
        return Library([*folders, other])

    async with open_app((80, 30), folder=book, library=both) as (app, pilot):
        line = next(line for line in _lines(app) if "Number ten" in line)
        assert line.split() == ["Number", "ten", "draft"]
        assert "0 of 4 done" in _lines(app)[0]
        await burst(pilot, "end", "enter")
        assert "ten is a draft, which is not finished, so it cannot be opened." in screen_text(app)
        assert app.screen.list.current.kind == "draft"


async def test_each_course_has_its_own_end_and_the_next_one_follows(open_app, book, other):
    (book / "course.yaml").write_text(COURSE + "closing: Thus ends the first.\n")
    (other / "course.yaml").write_text(OTHER + "closing: Thus ends the other.\n")

    def both(folders):
        return Library([*folders, other])

    async with open_app(folder=book, library=both, exercise="four") as (app, pilot):
        await type_in(pilot, "3")
        await burst(pilot, "enter")
        assert "That was the last one. F8 closes the course." in screen_text(app)
        await burst(pilot, "f8")
        text = screen_text(app)
        assert "Thus ends the first." in text and "Exercises solved: 1 of 4." in text
        assert "Enter  Somebody else's course" in text
        await burst(pilot, "enter")
        assert app.screen.visit.question.exercise.id == "ten"
        assert len(app.screen_stack) == 2
        await burst(pilot, "f8")
        text = screen_text(app)
        assert "Thus ends the other." in text and "Exercises solved: 0 of 1." in text
        assert "Enter" not in text
        await burst(pilot, "enter")
        assert "There is no other course." in screen_text(app)
