"""What is opened for an id: `rnn-tutor practice ID` begins there."""

import pytest
from textual import events
from textual.keys import key_to_character

from rnn_tutor.exercises.load import Library
from rnn_tutor.tui.app import Tutor
from rnn_tutor.tui.screens.exercise import ExerciseScreen
from rnn_tutor.tui.screens.lab import LabScreen
from rnn_tutor.tui.screens.page import PageScreen
from rnn_tutor.tui.screens.question import QuestionScreen
from rnn_tutor.tui.session import Named, Session
from rnn_tutor.tui.terminal.capabilities import Questions
from tests.exercises.labs_for_tests import course_with_lab
from tests.files_for_tests import write

from .conftest import answered, flat, settled, stored


def test_an_id_is_an_exercise_a_lab_or_a_unit(content, tmp_path):
    session = Session(Library([content]))
    assert session.named("lstm-cell") == Named("exercise", "lstm-cell")
    assert session.named("gates") == Named("exercise", "lstm-cell"), "without a page, its first exercise"
    assert session.named("") == Named("exercise", "sequence-probability")
    assert session.named("nobody") is None
    labs = Session(Library([course_with_lab(tmp_path)]))
    assert labs.named("decay") == labs.named("memory") == Named("lab", "decay")
    assert labs.named("") is None
    write(tmp_path, {"memory/page.yaml": "format: 1\ntext: Of memory.\n"})
    assert Session(Library([tmp_path])).named("memory") == Named("page", "memory")


@pytest.mark.parametrize(("name", "opened"), [("gates", "lstm-cell"), ("wide", "wide"), ("", "sequence-probability")])
async def test_the_tutor_begins_at_an_exercise(open_app, name, opened):
    async with open_app(exercise=name) as (app, _):
        assert isinstance(app.screen, ExerciseScreen)
        assert app.screen.visit.id == opened


async def test_the_tutor_begins_at_a_lab_or_a_page(open_app, tmp_path):
    folder = course_with_lab(tmp_path / "labs")
    async with open_app(exercise="decay", folder=folder) as (app, pilot):
        await settled(pilot)
        assert isinstance(app.screen, LabScreen)
    write(folder, {"memory/page.yaml": "format: 1\ntext: Of memory.\n"})
    async with open_app(exercise="memory", folder=folder) as (app, pilot):
        await settled(pilot)
        assert isinstance(app.screen, PageScreen)


async def test_what_is_not_there_is_told_on_the_course(open_app):
    async with open_app(exercise="nobody") as (app, _):
        assert "There is no exercise, lab or unit nobody." in flat(app)


@pytest.fixture
def typed_ahead(monkeypatch):
    """Have keys and a paste arrive with the first frame, before that is opened which one came for."""
    begin, ahead = Tutor._begin, []

    def typed_first(app):
        for event in ahead:
            app.post_message(event)
        app.call_later(begin, app)

    monkeypatch.setattr(Tutor, "_begin", typed_first)

    def typed(*keys):
        for key in keys:
            character = {"enter": "\r"}.get(key) or key_to_character(key)
            ahead.append(events.Paste(key[1:]) if key.startswith("=") else events.Key(key, character))

    return typed


async def test_what_is_typed_before_the_named_exercise_is_there_is_typed_into_it(open_app, typed_ahead):
    typed_ahead("0", "full_stop", "2", "4", "enter", "=-1.427116")
    async with open_app(exercise="sequence-probability") as (app, _):
        assert app.screen.visit.question.exercise.id == "sequence-probability"
        assert [box.entry.value for box in app.screen.boxes] == ["0.24", "-1.427116"]
        assert app.screen.visit.verdicts["p"].verdict == "right"


async def test_what_is_typed_before_the_named_lab_is_there_moves_its_controls(open_app, typed_ahead, tmp_path):
    async with open_app(exercise="decay", folder=course_with_lab(tmp_path / "labs")) as (app, pilot):
        before = dict(app.screen.visit.settings)
        await pilot.press("right", "right", "down", "right")
        wanted = dict(app.screen.visit.settings)
        assert wanted != before
    (tmp_path / "progress.sqlite3").unlink()
    typed_ahead("right", "right", "down", "right")
    async with open_app(exercise="decay", folder=tmp_path / "labs") as (app, _):
        assert isinstance(app.screen, LabScreen)
        assert app.screen.visit.settings == wanted


async def test_what_is_typed_before_the_review_is_there_is_typed_into_it(open_app, typed_ahead, tmp_path):
    stored(tmp_path, answered("lstm-cell", 100, givens='{"old": 1}'))
    typed_ahead("=f * c_prev + i * cand", "enter")
    async with open_app(review=True) as (app, _):
        assert app.screen.visit.id == "lstm-cell"
        assert app.screen.visit.solved


async def test_what_is_typed_before_the_exam_is_there_is_typed_into_it(open_app, typed_ahead):
    typed_ahead("0", "full_stop", "5")
    async with open_app(questions=Questions("exam", ("sequences",), 7, 2)) as (app, _):
        assert isinstance(app.screen, QuestionScreen)
        assert app.screen.boxes[0].entry.value == "0.5"
