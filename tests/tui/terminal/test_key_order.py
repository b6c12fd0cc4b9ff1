"""Keys that arrive faster than they are handled: each finds the screen as those before it have left it."""

import shutil
from pathlib import Path

import pytest

from rnn_tutor.tui.screens.course import CourseScreen
from rnn_tutor.tui.screens.exercise import ExerciseScreen
from rnn_tutor.tui.screens.look import LookScreen
from rnn_tutor.tui.screens.solution import SolutionScreen

from ..conftest import burst, settled

PROGRAM = Path(__file__).parents[2] / "exercises" / "programs" / "rnn-forward.yaml"


async def test_what_follows_enter_lands_on_the_next_part(open_app):
    async with open_app(exercise="sequence-probability") as (app, pilot):
        keys = [
            "0",
            "full_stop",
            "2",
            "4",
            "enter",
            "hyphen_minus",
            "1",
            "full_stop",
            "4",
            "2",
            "7",
            "1",
            "1",
            "6",
            "enter",
        ]
        await burst(pilot, *keys)
        assert [box.entry.value for box in app.screen.boxes] == ["0.24", "-1.427116"]
        assert app.screen.visit.solved


async def test_the_echo_of_the_last_key_is_there_with_the_verdict(open_app):
    async with open_app(exercise="sequence-probability") as (app, pilot):
        await burst(pilot, "0", "full_stop", "2", "4", "enter")
        assert app.screen.boxes[0]._echo.content.plain == "read as 0.24"


async def test_from_the_course_through_an_exercise_to_another(open_app):
    async with open_app() as (app, pilot):
        await burst(pilot, "down", "enter", "3", "f8", "2", "enter", "f8", "9")
        assert app.screen.visit.question.exercise.id == "wide"
        assert app.screen.boxes[0].entry.value == "9"
        assert app.session.exercises.visits["task-shapes"].texts == {"logits": "3"}
        assert app.session.exercises.visits["lstm-cell"].verdicts["c"].verdict == "wrong"


async def test_screens_that_are_opened_and_left_at_once(open_app):
    async with open_app(exercise="lstm-cell") as (app, pilot):
        await burst(pilot, "f3", "right", "g", "v", "right", "enter", "down", "enter", "q", "q")
        assert isinstance(app.screen, LookScreen)
        await burst(pilot, "q", "left", "left", "right")
        assert isinstance(app.screen, SolutionScreen)
        assert app.screen.number == 1


async def test_a_key_that_means_nothing_on_its_screen_does_nothing_on_the_next(open_app):
    async with open_app() as (app, pilot):
        await burst(pilot, "down", "f9", "enter", "f5", "enter", "escape")
        assert app.screen_stack == [app.screen]


@pytest.mark.parametrize("keys", [["space", "down", "down", "space"], ["1", "space", "3"]])
async def test_a_checklist_is_ticked_or_typed_and_checked_at_once(open_app, keys):
    async with open_app(exercise="debug-checklist") as (app, pilot):
        await burst(pilot, *keys, "enter")
        assert app.screen.visit.solved


@pytest.mark.parametrize("name", ["progress", "settings", "help"])
async def test_what_follows_an_action_that_is_chosen_by_its_name_is_for_what_it_opens(open_app, name):
    """Else the course takes it: there q leaves the tutor."""
    async with open_app() as (app, pilot):
        await burst(pilot, "colon", *name, "enter", "q")
        assert app.screen_stack == [app.screen] and isinstance(app.screen, CourseScreen)
        assert not app._exit
        await burst(pilot, "colon", *name, "enter")
        assert len(app.screen_stack) == 2


async def test_an_action_chosen_by_its_name_is_done_before_the_next_key(open_app):
    async with open_app(exercise="sequence-probability") as (app, pilot):
        await burst(pilot, "7", "escape", "colon", *"next", "space", *"exercise", "enter", "4")
        assert app.screen.visit.id == "task-shapes"
        assert app.session.exercises.visits["sequence-probability"].texts == {"p": "7"}
        await burst(pilot, "enter", "5")
        assert app.screen.boxes[0].entry.value.endswith("5")


async def test_what_is_typed_after_a_program_is_checked_is_not_in_what_is_run(open_app, tmp_path, monkeypatch):
    """However long it takes until the screen has said that it is run."""
    later = ExerciseScreen.call_after_refresh

    def slowly(screen, callback, *args):
        return bool(screen.set_timer(0.2, lambda: later(screen, callback, *args)))

    (tmp_path / "content" / "unit").mkdir(parents=True)
    shutil.copy(PROGRAM, tmp_path / "content" / "unit")
    async with open_app(folder=tmp_path / "content", exercise="rnn-forward") as (app, pilot):
        box = app.screen.boxes[0]
        text = box.text
        monkeypatch.setattr(ExerciseScreen, "call_after_refresh", slowly)
        await burst(pilot, "ctrl+r", "x", "y")
        while "xy" not in box.text:
            await pilot.pause(0.02)
        await settled(pilot)
        monkeypatch.undo()
        assert app.session.log[-1].text == text == box.text.replace("xy", "")
        assert next(iter(app.screen.visit.changed.values())) == "text"
